//! `CAM137`, and more findings of `CAM103` and `CAM107`: the type of a resource, where the catalog does not know the
//! action.

use cam_policy::diagnostic::Element;
use cam_policy::text::split_segments;

use crate::context::{Context, Resource};
use crate::page;
use crate::rule::{Basis, Confidence, Rule, Severity, declare, policy, text};
use crate::rules::no_effect::{CASE, UNMATCHED_RESOURCE, is_misplaced};

declare! {
    NO_REGION = Rule {
        id: "CAM137",
        name: "region-of-global-resource",
        severity: Severity::Warning,
        confidence: Confidence::Medium,
        summary: text(
            "A resource names a region, and documentation writes resources of its type without one",
            "资源写了地域，而文档中该类型资源的地域段为空",
        ),
        why: text(
            "Roles, certificates and applications belong to an account, not to a region. The product is assumed to hand such resources to CAM without a region, and then a named region never matches.",
            "角色、证书、应用等资源属于账号，不属于某个地域。此处假设产品传给 CAM 的此类资源不带地域，因此写明的地域永远不会匹配。",
        ),
        bad: policy!("allow", r#""cam:GetRole""#, r#""qcs::cam:ap-guangzhou:uin/100000000001:roleName/reader""#),
        good: policy!("allow", r#""cam:GetRole""#, r#""qcs::cam::uin/100000000001:roleName/reader""#),
        cam_code: Some("InvalidParameter.ResourceRegionError"),
        basis: Basis::Assumption(text(
            "Where no documented form of a type has a region, no request names one",
            "某类型资源的文档写法均不带地域时，请求也不带地域",
        )),
        ..BASE
    };
}

/// What the rules of this file have in common.
const BASE: Rule = Rule { basis: page::RESOURCES, ..Rule::BASE };

/// The types of the resources of CAM itself. No permission page lists its actions.
const OF_CAM: [&str; 4] = ["groupid", "role", "roleName", "uin"];

/// Actions of services that no permission page lists, and the types of the resources that they take.
const TAKEN: [(&str, [&str; 2]); 2] =
    [("cam:PassRole", ["role", "roleName"]), ("sts:AssumeRole", ["role", "roleName"])];

/// What is documented of a type of resources.
struct Type<'c> {
    name: &'c str,
    has_region: bool,
}

/// Checks the types of all resources.
pub(crate) fn check(context: &mut Context<'_>) {
    // The core compares resources with the actions that it knows.
    let reported = context.found.iter();
    let reported =
        reported.filter(|one| *one.rule == CASE || *one.rule == UNMATCHED_RESOURCE || is_misplaced(one));
    let mut reported: Vec<Element> = reported.filter_map(|one| one.element).collect();
    reported.sort_unstable();
    for resource in context.resources {
        if reported.binary_search(&resource.element).is_err() {
            check_resource(context, resource);
        }
    }
}

fn check_resource(context: &mut Context<'_>, resource: &Resource<'_>) {
    let Resource { statement, element, segments: [qcs, project, service, region, account, last], .. } =
        *resource;
    let Some((named, id)) = last.split_once('/') else { return };
    let (mut known, mut in_case) = (None, None);
    for one in documented(context, service) {
        if one.name == named {
            let has_region = one.has_region;
            known = Some(one);
            if has_region {
                break;
            }
        } else if in_case.is_none() && one.name.eq_ignore_ascii_case(named) {
            in_case = Some(one);
        }
    }
    let Some(known) = known else {
        if let Some(meant) = in_case {
            let written = format!("{qcs}:{project}:{service}:{region}:{account}:{}/{id}", meant.name);
            let span = context.span(element);
            let finding = context.report(&CASE, element, || {
                format!(
                    "the type `{named}` differs from `{}` of `{service}` in upper and lower case; it is assumed that CAM \
                     compares names exactly, and then the resource matches nothing",
                    meant.name
                )
            });
            if let Some(finding) = finding {
                finding.with_help(format!("write `{written}`"));
                finding.with_string(span, &written);
            }
        }
        return;
    };
    if !matches!(region, "" | "*") && !known.has_region {
        let finding = context.report(&NO_REGION, element, || {
            format!(
                "documentation writes a `{named}` of `{service}` without a region, and this names `{region}`; it is \
                 assumed that no request has a region there, and then the resource matches nothing"
            )
        });
        finding
            .map(|finding| finding.with_help(format!("write `{qcs}:{project}:{service}::{account}:{last}`")));
    }
    let of_actions = |action: &str| TAKEN.iter().find(|(name, _)| *name == action).map(|(_, types)| types);
    let mut taken = statement.actions().iter().map(|action| of_actions(action.as_str()));
    if service == "cam" && taken.all(|types| types.is_some_and(|types| !types.contains(&named))) {
        let finding = context.report(&UNMATCHED_RESOURCE, element, || {
            let action = &statement.actions()[0];
            format!("`{last}` is no role, and `{action}` takes roles: it matches nothing")
        });
        finding.map(|finding| {
            finding.with_help("name a role, such as `qcs::cam::uin/12345678:roleName/reader`")
        });
    }
}

/// Returns the types of the resources of a service that are documented, some of them more than once.
fn documented<'a>(context: &Context<'a>, service: &'a str) -> impl Iterator<Item = Type<'a>> + use<'a> {
    let of_cam = if service == "cam" { &OF_CAM[..] } else { &[] };
    let of_cam = of_cam.iter().map(|name| Type { name, has_region: false });
    let of_catalog = context.catalog().service(service).filter(|_| service != "cam");
    let of_catalog = of_catalog.into_iter().flat_map(|one| one.patterns).filter_map(move |pattern| {
        let [_, _, of, region, _, last] = split_segments(pattern.single)?;
        let (name, _) = last.split_once('/').filter(|(name, _)| of == service && !name.contains('$'))?;
        Some(Type { name, has_region: !region.is_empty() })
    });
    of_cam.chain(of_catalog)
}
