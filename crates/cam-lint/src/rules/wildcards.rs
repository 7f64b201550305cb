//! `CAM134` and `CAM135`: a wildcard on named resources also covers operation-level actions.

use cam_policy::catalog::{Action, Granularity};
use cam_policy::diagnostic::Element;
use cam_policy::policy::{ActionPattern, Effect, Statement};

use crate::context::Context;
use crate::page;
use crate::rule::{Kind, Persona, Rule, declare, policy, text};

/// What the rules of this file have in common. A wildcard that covers operation-level actions alone is CAM101's and
/// CAM102's, which are for everybody.
const WILDCARD: Rule = Rule { persona: Persona::Pedantic, basis: page::RESOURCES, ..Rule::BASE };

declare! {
    WILDCARD_ALLOW = Rule {
        id: "CAM134",
        name: "wildcard-operation-level-allow",
        summary: text(
            "A wildcard of an allow on named resources also covers operation-level actions, which it does not grant",
            "allow 语句在指定资源上使用的通配符也涵盖接口级操作，但不会授予这些操作",
        ),
        why: text(
            "For an operation-level API the product hands `*` to CAM, and a named resource never matches `*`. `trtc:*` on one application reads as if it allowed everything of it. If the operation-level actions are meant, name them in a second statement with `\"resource\": [\"*\"]`, which allows them on every resource.",
            "对于接口级 API，产品传给 CAM 的资源是 `*`，而指定的资源永远不会匹配 `*`。在一个应用上授予 `trtc:*` 看似允许全部操作，实则不然。如果需要接口级操作，请写入另一条 `\"resource\": [\"*\"]` 的语句，该语句对所有资源生效。",
        ),
        bad: policy!("allow", r#""trtc:*""#, r#""qcs::trtc::uin/100000000001:sdkappid/1400000001""#),
        good: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:*"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    },
    {"effect": "allow", "action": ["trtc:GetUserList"], "resource": ["*"]}
  ]
}"#,
        ..WILDCARD
    };
    WILDCARD_DENY = Rule {
        id: "CAM135",
        name: "wildcard-operation-level-deny",
        summary: text(
            "A wildcard of a deny on named resources also covers operation-level actions, which it does not deny",
            "deny 语句在指定资源上使用的通配符也涵盖接口级操作，但不会拒绝这些操作",
        ),
        why: text(
            "For an operation-level API the product hands `*` to CAM, and a named resource never matches `*`. Such calls pass the deny. If they must be denied, name them in a second statement with `\"resource\": [\"*\"]`, which denies them on every resource.",
            "对于接口级 API，产品传给 CAM 的资源是 `*`，而指定的资源永远不会匹配 `*`，因此这些调用不会被拒绝。如需拒绝，请写入另一条 `\"resource\": [\"*\"]` 的语句，该语句对所有资源生效。",
        ),
        bad: policy!("deny", r#""trtc:*""#, r#""qcs::trtc::uin/100000000001:sdkappid/1400000001""#),
        good: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "deny",
      "action": ["trtc:*"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    },
    {"effect": "deny", "action": ["trtc:GetUserList"], "resource": ["*"]}
  ]
}"#,
        ..WILDCARD
    };
}

/// Checks the wildcards of every statement.
pub(crate) fn check(context: &mut Context<'_>) {
    // A statement that could not be read may name the actions on `*`. The policy of a bucket is about that bucket alone.
    if !context.wants(&WILDCARD_ALLOW) || !context.is_whole() || context.kind == Kind::Bucket {
        return;
    }
    for (at, statement) in context.statements() {
        if statement.resources().is_empty() || statement.resources().iter().any(|resource| resource.is_all())
        {
            continue;
        }
        for (of, pattern) in statement.actions().iter().enumerate() {
            // What `*` on a resource means in every service, nobody can say by a catalog.
            let is_wildcard = pattern.operation().is_some_and(|operation| operation.contains('*'));
            if is_wildcard && pattern.service().is_some() {
                check_wildcard(context, Element::Action(at, of), statement, pattern);
            }
        }
    }
}

fn check_wildcard(
    context: &mut Context<'_>,
    element: Element,
    statement: &Statement,
    pattern: &ActionPattern,
) {
    let effect = statement.effect();
    // CAM101 and CAM102 report a wildcard that covers nothing else.
    let is_reported = |one: &crate::finding::Finding| {
        one.element == Some(element) && matches!(one.rule.id, "CAM101" | "CAM102" | "CAM128")
    };
    if context.found.iter().any(is_reported) {
        return;
    }
    let is_covered = |action: &Action<'_>| {
        context.statements().any(|(_, other)| {
            other.effect() == effect
                && other.resources().iter().any(|resource| resource.is_all())
                && other.actions().iter().any(|one| one.matches(action.as_str()))
        })
    };
    let lost: Vec<Action<'_>> = pattern
        .actions(context.catalog())
        .filter(|action| action.granularity() == Granularity::Operation && action.removed().is_none())
        .filter(|action| !is_covered(action))
        .collect();
    let [first, more @ ..] = lost.as_slice() else { return };
    let (rule, does_not, does) = match effect {
        Effect::Allow => (&WILDCARD_ALLOW, "this allow does not grant", "allows"),
        Effect::Deny => (&WILDCARD_DENY, "this deny does not deny", "denies"),
    };
    let finding = context.report(rule, element, || {
        let (count, them) = match more.len() {
            0 => (format!("`{first}`, which is operation-level"), "it"),
            more => (format!("{} operation-level actions, such as `{first}`", more + 1), "them"),
        };
        format!("`{pattern}` covers {count}; no named resource matches those calls, so {does_not} {them}")
    });
    if let Some(finding) = finding {
        let (it, them) = if more.is_empty() { ("it is", "it") } else { ("they are", "them") };
        finding.with_help(format!(
            "if {it} meant, name {them} in a second statement with `\"resource\": [\"*\"]`, which {does} {them} on every \
             resource"
        ));
    }
}
