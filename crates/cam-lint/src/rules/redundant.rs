//! `CAM22x`: parts of a policy that change nothing beside others.

use std::collections::HashMap;

use cam_policy::diagnostic::Element;
use cam_policy::policy::{ActionPattern, Effect, Policy, Principal, ResourcePattern, Statement};
use cam_policy::text::{Span, glob, split_segments};

use crate::access::Proof;
use crate::context::Context;
use crate::edits::remove_item;
use crate::page;
use crate::rule::{Family, FixSafety, Kind, Persona, Rule, Severity, declare, policy, text};

/// What the rules of this file have in common.
const REDUNDANT: Rule = Rule {
    severity: Severity::Note,
    persona: Persona::Pedantic,
    good: GOOD,
    fix: FixSafety::Safe,
    basis: page::EVALUATION,
    ..Rule::BASE
};

const GOOD: &str = policy!(
    "allow",
    r#""trtc:Remove*", "trtc:DismissRoom""#,
    r#""qcs::trtc::uin/100000000001:sdkappid/1400000001""#
);

declare! {
    DUPLICATE_ACTION = Rule {
        id: "CAM220",
        name: "duplicate-action",
        summary: text("A statement lists an action twice", "语句中重复列出同一操作"),
        why: text(
            "The second one changes nothing. Mostly another action was meant.",
            "重复的操作不起作用，多半原本想写其他操作。",
        ),
        bad: policy!("allow", r#""trtc:RemoveUser", "trtc:RemoveUser""#, r#""qcs::trtc::uin/100000000001:sdkappid/1400000001""#),
        ..REDUNDANT
    };
    COVERED_ACTION = Rule {
        id: "CAM221",
        name: "covered-action",
        summary: text("An action is covered by another one of its statement", "操作已被同一语句中的其他操作覆盖"),
        why: text(
            "The wider pattern names it already. The list looks more selective than it is.",
            "范围更大的写法已包含该操作，列表看起来比实际更严格。",
        ),
        bad: policy!("allow", r#""trtc:Remove*", "trtc:RemoveUser""#, r#""qcs::trtc::uin/100000000001:sdkappid/1400000001""#),
        ..REDUNDANT
    };
    DUPLICATE_RESOURCE = Rule {
        id: "CAM222",
        name: "duplicate-resource",
        summary: text("A statement lists a resource twice", "语句中重复列出同一资源"),
        why: text(
            "The second one changes nothing. Mostly another resource was meant.",
            "重复的资源不起作用，多半原本想写其他资源。",
        ),
        bad: policy!("allow", r#""trtc:RemoveUser""#, r#""qcs::trtc::uin/100000000001:sdkappid/1400000001", "qcs::trtc::uin/100000000001:sdkappid/1400000001""#),
        ..REDUNDANT
    };
    COVERED_RESOURCE = Rule {
        id: "CAM223",
        name: "covered-resource",
        summary: text("A resource is covered by another one of its statement", "资源已被同一语句中的其他资源覆盖"),
        why: text(
            "The wider pattern names it already. The list looks more selective than it is.",
            "范围更大的写法已包含该资源，列表看起来比实际更严格。",
        ),
        bad: policy!("allow", r#""trtc:RemoveUser""#, r#""qcs::trtc::uin/100000000001:sdkappid/*", "qcs::trtc::uin/100000000001:sdkappid/1400000001""#),
        ..REDUNDANT
    };
    DUPLICATE_STATEMENT = Rule {
        id: "CAM224",
        name: "duplicate-statement",
        summary: text("A statement stands twice", "语句重复"),
        why: text(
            "The second one changes nothing. Whoever edits one of them and not the other is misled.",
            "重复的语句不起作用。只修改其中一条会产生误导。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": ["trtc:RemoveUser"], "resource": ["*"]},
    {"effect": "allow", "action": ["trtc:RemoveUser"], "resource": ["*"]}
  ]
}"#,
        ..REDUNDANT
    };
    SUBSUMED_STATEMENT = Rule {
        id: "CAM225",
        name: "subsumed-statement",
        summary: text("A statement says nothing that another one does not say", "语句的内容已完全包含在另一条语句中"),
        why: text(
            "Another statement of the same effect has all its actions on all its resources, on no more conditions.",
            "另一条效力相同的语句已包含其全部操作和资源，且条件不多于它。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": ["trtc:*"], "resource": ["*"]},
    {"effect": "allow", "action": ["trtc:RemoveUser"], "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]}
  ]
}"#,
        ..REDUNDANT
    };
    SHADOWED_ALLOW = Rule {
        id: "CAM226",
        name: "shadowed-allow",
        severity: Severity::Warning,
        persona: Persona::Regular,
        summary: text("A deny takes back all that an allow grants", "deny 语句收回了 allow 语句授予的全部权限"),
        why: text(
            "A deny that matches wins over every allow. This allow grants nothing as long as the deny stands.",
            "匹配的 deny 优先于所有 allow。只要该 deny 存在，此 allow 就不授予任何权限。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": ["trtc:RemoveUser"], "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]},
    {"effect": "deny", "action": ["trtc:Remove*"], "resource": ["*"]}
  ]
}"#,
        ..REDUNDANT
    };
    DEAD_DENY = Rule {
        id: "CAM227",
        name: "dead-deny",
        summary: text(
            "A deny denies nothing that its policy allows, in a policy that lets through only what it allows",
            "在只放行自身允许内容的策略中，deny 语句没有拒绝任何已允许的请求",
        ),
        why: text(
            "A boundary, a session policy and the trust policy of a role deny what they do not allow. A deny of something else changes nothing. Mostly the deny, or an allow, has a slip in it.",
            "权限边界、会话策略和角色信任策略会拒绝未被其允许的请求。拒绝其他内容的 deny 不起作用，多半是 deny 或 allow 写错了。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": ["cvm:*"], "resource": ["*"]},
    {"effect": "deny", "action": ["cos:DeleteObject"], "resource": ["*"]}
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": ["cvm:*", "cos:*"], "resource": ["*"]},
    {"effect": "deny", "action": ["cos:DeleteObject"], "resource": ["*"]}
  ]
}"#,
        kind: Kind::Boundary,
        ..REDUNDANT
    };
}

/// Finds what changes nothing.
pub(crate) fn check(context: &mut Context<'_>) {
    // A statement that could not be read may be the one that makes another one count.
    if !context.is_whole() {
        return;
    }
    if context.wants(&DUPLICATE_ACTION) {
        for (at, statement) in context.statements() {
            actions(context, at, statement.actions());
            resources(context, at, statement.resources());
        }
    }
    statements(context);
    if matches!(context.kind, Kind::Boundary | Kind::Session | Kind::Trust) && context.wants(&DEAD_DENY) {
        dead_denies(context);
    }
}

/// Up to how many statements the engine is asked about each deny.
const FEW: usize = 32;

/// Asks the engine whether a policy allows the same without one of its denies.
fn dead_denies(context: &mut Context<'_>) {
    let policy = context.policy();
    let all = policy.statements();
    let allows = all.iter().any(|one| one.effect() == Effect::Allow);
    if all.len() > FEW || !allows || policy.principal().is_some() {
        return;
    }
    for (at, statement) in all.iter().enumerate() {
        let reported = |context: &Context<'_>| {
            let start = context.span(Element::Statement(at)).start();
            context.found.iter().any(|one| one.span.start() == start && one.rule.family() == Family::Meaning)
        };
        if statement.effect() == Effect::Allow || reported(context) {
            continue;
        }
        let others = all.iter().enumerate().filter(|(of, _)| *of != at).map(|(_, one)| one.clone());
        let Ok(without) = Policy::new(others) else { continue };
        if context.compare(policy, &without) != Proof::Same {
            continue;
        }
        let finding = context.report(&DEAD_DENY, Element::Statement(at), || {
            "this deny denies nothing that the policy allows, and what it does not allow it denies anyway"
                .into()
        });
        if let Some(finding) = finding {
            finding.with_help("remove it, or correct it");
            remove(context, at, all.len());
        }
    }
}

/// Whether every action that `narrow` matches, `wide` matches too. A `*` of `narrow` is found only by one of `wide`, so
/// the answer is never wrong; it may miss a case such as `a**` in `a*`.
fn covers_action(wide: &ActionPattern, narrow: &ActionPattern) -> bool {
    if wide.as_str() == "*" {
        return !narrow.is_operation_set();
    }
    let (Some(wide_name), Some(name)) = (wide.operation(), narrow.operation()) else {
        return wide == narrow;
    };
    let service = wide.service().is_none_or(|service| narrow.service() == Some(service));
    service && (wide_name == "*" || glob(wide_name, name))
}

/// Whether every resource that `narrow` matches, `wide` matches too, and never wrongly: see [`covers_action`].
fn covers_resource(wide: &ResourcePattern, narrow: &ResourcePattern) -> bool {
    if wide.is_all() || wide == narrow {
        return true;
    }
    let (Some(wide), Some(narrow)) = (split_segments(wide.as_str()), split_segments(narrow.as_str())) else {
        return false;
    };
    let nobody = |account: &str| matches!(account, "" | "uin/");
    (wide[1].is_empty() || wide[1] == narrow[1])
        && (2..4).all(|at| wide[at].is_empty() || glob(wide[at], narrow[at]) && !narrow[at].is_empty())
        && (wide[4] == "*"
            || nobody(wide[4]) && nobody(narrow[4])
            || !nobody(narrow[4]) && glob(wide[4], narrow[4]))
        && glob(wide[5], narrow[5])
}

/// How many items of a list are compared with each other.
const MOST_ITEMS: usize = 200;

/// Calls `report` for each item that another item covers: with its number, the number of the other, and whether they
/// are equal. Of items that cover each other, the first stays.
fn covered<T: PartialEq>(
    items: &[T],
    is_wide: impl Fn(&T) -> bool,
    covers: impl Fn(&T, &T) -> bool,
    mut report: impl FnMut(usize, usize, bool),
) {
    if items.len() < 2 {
        return;
    }
    let items = &items[..items.len().min(MOST_ITEMS)];
    for (at, item) in items.iter().enumerate() {
        let by = |(of, other): &(usize, &T)| {
            *of != at
                && (*other == item && *of < at || *other != item && is_wide(other) && covers(other, item))
                && (*of < at || !covers(item, other))
        };
        if let Some((of, other)) = items.iter().enumerate().find(by) {
            report(at, of, other == item);
        }
    }
}

fn actions(context: &mut Context<'_>, at: usize, actions: &[ActionPattern]) {
    let is_wide = |action: &ActionPattern| action.as_str().contains('*');
    covered(actions, is_wide, covers_action, |of, by, equal| {
        let rule = if equal { &DUPLICATE_ACTION } else { &COVERED_ACTION };
        let spans: Vec<Span> = (0..actions.len()).map(|one| context.span(Element::Action(at, one))).collect();
        item(context, rule, Element::Action(at, of), [&actions[of], &actions[by]], &spans, of, by);
    });
}

fn resources(context: &mut Context<'_>, at: usize, resources: &[ResourcePattern]) {
    let is_wide =
        |resource: &ResourcePattern| resource.as_str().contains('*') || resource.as_str().contains("::");
    covered(resources, is_wide, covers_resource, |of, by, equal| {
        let rule = if equal { &DUPLICATE_RESOURCE } else { &COVERED_RESOURCE };
        let spans: Vec<Span> =
            (0..resources.len()).map(|one| context.span(Element::Resource(at, one))).collect();
        item(context, rule, Element::Resource(at, of), [&resources[of], &resources[by]], &spans, of, by);
    });
}

/// Reports an item of a list that another item covers.
fn item(
    context: &mut Context<'_>,
    rule: &'static Rule,
    element: Element,
    [narrow, wide]: [&dyn std::fmt::Display; 2],
    spans: &[Span],
    of: usize,
    by: usize,
) {
    let edit = remove_item(context.text, spans, of);
    let finding = context.report(rule, element, || match rule.id {
        "CAM220" | "CAM222" => format!("`{narrow}` stands twice in this statement"),
        _ => format!("`{narrow}` is covered by `{wide}`"),
    });
    if let Some(finding) = finding {
        finding.with_help("remove it");
        finding.with_edits("remove it", edit);
        finding.with_related(spans[by], "the one that covers it");
    }
}

/// Whether a statement matches all that another one matches.
fn covers(wide: &Statement, narrow: &Statement) -> bool {
    let principals = match (wide.principal(), narrow.principal()) {
        (Some(Principal::All), Some(_)) => true,
        (wide, narrow) => wide == narrow,
    };
    let covered = |one: &ResourcePattern| wide.resources().iter().any(|other| covers_resource(other, one));
    principals
        && narrow.resources().is_empty() == wide.resources().is_empty()
        && (wide.conditions().is_empty() || wide.conditions() == narrow.conditions())
        && narrow.actions().iter().all(|one| wide.actions().iter().any(|other| covers_action(other, one)))
        && narrow.resources().iter().all(covered)
}

/// From how many statements on an index pays.
const MANY: usize = 12;

/// How many statements a statement is compared with at most, which keeps the time linear.
const MOST_COMPARED: usize = 64;

/// Compares the statements with each other.
fn statements(context: &mut Context<'_>) {
    let all = context.policy().statements();
    if all.len() < 2 || !context.wants(&SHADOWED_ALLOW) {
        return;
    }
    let redundant = context.wants(&SUBSUMED_STATEMENT);
    if !redundant && all.iter().all(|one| one.effect() == Effect::Allow) {
        return;
    }
    let index = (all.len() >= MANY).then(|| Index::new(all));
    for (at, statement) in all.iter().enumerate() {
        let by = |effect: Effect| {
            let covering = |of: &usize| {
                let other = &all[*of];
                *of != at
                    && other.effect() == effect
                    && covers(other, statement)
                    && (effect != statement.effect() || *of < at || !covers(statement, other))
            };
            match &index {
                Some(index) => index.candidates(statement, effect).into_iter().find(covering),
                None => (0..all.len()).find(covering),
            }
        };
        let shadowed = if statement.effect() == Effect::Allow { by(Effect::Deny) } else { None };
        if let Some(of) = shadowed {
            let effect = context.span(Element::Effect(of));
            let finding = context.report(&SHADOWED_ALLOW, Element::Statement(at), || {
                format!("statement {of} denies all that this one allows, so it grants nothing")
            });
            if let Some(finding) = finding {
                finding.with_help("remove it, or narrow the deny");
                finding.with_related(effect, "the deny");
            }
            remove(context, at, all.len());
        } else if redundant {
            if let Some(of) = by(statement.effect()) {
                subsumed(context, at, of, all.len());
            }
        }
    }
}

fn subsumed(context: &mut Context<'_>, at: usize, of: usize, count: usize) {
    let all = context.policy().statements();
    let rule = if all[at] == all[of] { &DUPLICATE_STATEMENT } else { &SUBSUMED_STATEMENT };
    let does = if all[at].effect() == Effect::Allow { "allows" } else { "denies" };
    let related = context.span(Element::Statement(of));
    let related = Span::new(related.start(), related.start() + 1);
    let finding = context
        .report(rule, Element::Statement(at), || format!("statement {of} {does} all that this one {does}"));
    if let Some(finding) = finding {
        finding.with_help("remove it");
        finding.with_related(related, "the other statement");
        remove(context, at, count);
    }
}

/// Offers to remove a statement, in the last finding; points the finding at its opening bracket.
fn remove(context: &mut Context<'_>, at: usize, count: usize) {
    let span = |of: usize| context.span(Element::Statement(of));
    // The neighbours alone decide what goes.
    let first = at.saturating_sub(1);
    let spans: Vec<Span> = (first..count.min(at + 2)).map(span).collect();
    let (edit, own) = (remove_item(context.text, &spans, at - first), span(at));
    if let Some(finding) = context.found.last_mut() {
        finding.with_edits("remove the statement", edit);
        finding.span = Span::new(own.start(), own.start() + 1);
    }
}

/// Finds the statements that may cover a statement: those that share the rarest of its patterns.
struct Index<'a> {
    groups: HashMap<(Effect, Part<'a>), Vec<usize>>,
    /// The lengths of the literal beginnings of patterns with a `*`, ascending.
    lengths: Vec<usize>,
}

/// What an index looks for. A pattern with `*` is found by its text before the first `*`, a resource by its last
/// segment.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Part<'a> {
    Action(&'a str),
    ActionPrefix(&'a str),
    Resource(&'a str),
    ResourcePrefix(&'a str),
}

impl<'a> Index<'a> {
    fn new(statements: &'a [Statement]) -> Self {
        let mut index = Self { groups: HashMap::new(), lengths: Vec::new() };
        for (at, statement) in statements.iter().enumerate() {
            for part in parts(statement) {
                if let Part::ActionPrefix(prefix) | Part::ResourcePrefix(prefix) = part {
                    if !index.lengths.contains(&prefix.len()) {
                        index.lengths.push(prefix.len());
                    }
                }
                let group = index.groups.entry((statement.effect(), part)).or_default();
                if group.last() != Some(&at) {
                    group.push(at);
                }
            }
        }
        index.lengths.sort_unstable();
        index
    }

    /// Returns the first statements of an effect that may cover this one.
    fn candidates(&self, statement: &Statement, effect: Effect) -> Vec<usize> {
        let count = |part: &Part<'_>| self.groups(*part, effect).map(<[usize]>::len).sum::<usize>();
        let rarest = parts(statement).min_by_key(count);
        let groups = rarest.into_iter().flat_map(|part| self.groups(part, effect));
        let mut found: Vec<usize> =
            groups.flat_map(|group| group.iter().copied().take(MOST_COMPARED + 1)).collect();
        found.sort_unstable();
        found.dedup();
        found.truncate(MOST_COMPARED + 1);
        found
    }

    /// Returns the groups of the patterns that may cover one.
    fn groups<'s>(&'s self, part: Part<'s>, effect: Effect) -> impl Iterator<Item = &'s [usize]> {
        let prefixes = self.lengths.iter().filter_map(move |length| {
            Some(match part {
                Part::Action(text) | Part::ActionPrefix(text) => Part::ActionPrefix(text.get(..*length)?),
                Part::Resource(text) | Part::ResourcePrefix(text) => {
                    Part::ResourcePrefix(text.get(..*length)?)
                }
            })
        });
        let exact = matches!(part, Part::Action(_) | Part::Resource(_)).then_some(part);
        exact.into_iter().chain(prefixes).filter_map(move |part| {
            let group: Option<&Vec<usize>> = self.groups.get(&(effect, part));
            group.map(Vec::as_slice)
        })
    }
}

fn parts(statement: &Statement) -> impl Iterator<Item = Part<'_>> {
    let actions = statement.actions().iter().map(|action| {
        let text = action.as_str();
        text.find('*').map_or(Part::Action(text), |end| Part::ActionPrefix(&text[..end]))
    });
    let resources = statement.resources().iter().map(|resource| {
        let text = split_segments(resource.as_str()).map_or(resource.as_str(), |segments| segments[5]);
        text.find('*').map_or(Part::Resource(text), |end| Part::ResourcePrefix(&text[..end]))
    });
    actions.chain(resources)
}
