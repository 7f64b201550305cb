//! `CAM12x`: an action or a resource that looks right and matches nothing, by facts of the catalog and of COS.

use std::collections::BTreeSet;

use cam_policy::catalog::{Action, ActionFacts, IpRestriction, ServiceGranularity};
use cam_policy::diagnostic::Element;
use cam_policy::policy::{ActionPattern, Statement, ValueKind};
use cam_policy::text::{glob, nearest};
use cam_policy::values::is_app_id;

use crate::context::Context;
use crate::page;
use crate::rule::{Basis, Confidence, Persona, Rule, Severity, declare, policy, text};
use crate::rules::refused::is_foreign_service;

/// What the rules of this file have in common.
const MATCHING: Rule = Rule { basis: page::RESOURCES, ..Rule::BASE };

declare! {
    IP_CONDITION = Rule {
        id: "CAM120",
        name: "ip-condition-ignored",
        summary: text(
            "A condition on the caller's address stands on an action that does not honour it",
            "对不支持 IP 限制的操作设置了 IP 条件",
        ),
        why: text(
            "Whether an API honours a condition on `qcs:ip` is a fact of the API. Where it does not, the address protects nothing. Put such an action into a statement without the condition, so that nobody relies on it.",
            "API 是否支持 `qcs:ip` 条件由该 API 决定。不支持时，IP 限制不起任何保护作用。请将此类操作写入不带该条件的语句，以免有人依赖它。",
        ),
        bad: policy!("allow", r#""cls:SearchLog""#, r#""*""#, if r#""ip_equal": {"qcs:ip": ["203.0.113.0/24"]}"#),
        good: policy!("allow", r#""cls:SearchLog""#, r#""*""#),
        cam_code: None,
        basis: Basis::Documented("https://cloud.tencent.com/document/product/598/10588"),
        ..MATCHING
    };
    BUCKET_OWNER = Rule {
        id: "CAM121",
        name: "bucket-owner",
        severity: Severity::Error,
        summary: text(
            "A bucket belongs to another account than the resource names",
            "存储桶名称中的 APPID 与资源的账号段不一致",
        ),
        why: text(
            "The name of a COS bucket ends in the APPID of its owner. A resource that names another APPID matches nothing.",
            "COS 存储桶名称以所有者的 APPID 结尾。账号段写成其他 APPID 时不会匹配任何资源。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000001:photos-1250000000/*""#),
        good: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*""#),
        basis: Basis::Documented("https://cloud.tencent.com/document/product/436/12473"),
        ..MATCHING
    };
    BUCKET_DOMAIN = Rule {
        id: "CAM122",
        name: "bucket-domain",
        confidence: Confidence::Medium,
        persona: Persona::Pedantic,
        summary: text("A resource names the domain of a bucket instead of the bucket", "资源写成了存储桶域名而不是存储桶名称"),
        why: text(
            "A bucket is named `name-APPID` in a resource. Old pages print its domain there. It is assumed that CAM compares the name, and then the resource matches nothing.",
            "资源中的存储桶写作 `名称-APPID`。旧文档中写的是域名。此处假设 CAM 比较的是名称，则该资源不会匹配任何内容。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000.ap-guangzhou.myqcloud.com/*""#),
        good: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*""#),
        basis: Basis::Assumption(text("COS hands CAM the name of the bucket, never its domain", "COS 传给 CAM 的是存储桶名称，而不是域名")),
        ..MATCHING
    };
    CALLER_FOR_OWNER = Rule {
        id: "CAM123",
        name: "caller-for-owner",
        confidence: Confidence::Medium,
        summary: text(
            "`${uin}` stands where the owner's account is meant",
            "在应填写主账号的位置使用了 `${uin}`",
        ),
        why: text(
            "In a policy `${uin}` is the uin of the caller. A bucket's name ends in the APPID of its owner, and `qcs:owner_uin` is the root account: a user's own uin never equals either. Documentation pages write `${uin}` for the root account, which is another thing.",
            "在策略中 `${uin}` 是调用者自己的 uin。存储桶名称以所有者的 APPID 结尾，`qcs:owner_uin` 是主账号：子用户的 uin 与两者都不相等。文档页面用 `${uin}` 表示主账号，含义不同。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou::photos-${uin}/*""#),
        good: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou::photos-${app_id}/*""#),
        basis: Basis::Assumption(text("No caller's uin is an APPID", "调用者的 uin 不会等于 APPID")),
        ..MATCHING
    };
    OLD_SERVICE = Rule {
        id: "CAM124",
        name: "old-service",
        severity: Severity::Note,
        confidence: Confidence::Medium,
        persona: Persona::Pedantic,
        summary: text("An action names a product by its old abbreviation", "操作使用了产品的旧简称"),
        why: text(
            "`cns`, `ccs` and `ccr` are now `dnspod`, `tke` and `tcr`. The APIs of today ask CAM about the new names, so the old ones do not cover them. Whether the old APIs still run is not documented.",
            "`cns`、`ccs`、`ccr` 现为 `dnspod`、`tke`、`tcr`。现行 API 以新简称鉴权，旧简称不能覆盖。旧 API 是否仍可用未见文档说明。",
        ),
        bad: policy!("allow", r#""cns:RecordList""#, r#""*""#),
        good: policy!("allow", r#""dnspod:DescribeRecordList""#, r#""*""#),
        basis: Basis::Assumption(text("A product's current APIs are authorised under its current abbreviation only", "产品的现行 API 只以现行简称鉴权")),
        ..MATCHING
    };
    REMOVED_ACTION = Rule {
        id: "CAM125",
        name: "removed-action",
        severity: Severity::Note,
        confidence: Confidence::Medium,
        persona: Persona::Pedantic,
        summary: text("The documentation of the service does not list the action any more", "该产品的文档已不再列出此操作"),
        why: text(
            "The API may be gone, or live on undocumented. The catalog names the action that takes its place, where one is known.",
            "该 API 可能已下线，也可能仍可用但不再列出。目录会给出已知的接替操作。",
        ),
        bad: policy!("allow", r#""cls:CreateLogset2""#, r#""*""#),
        good: policy!("allow", r#""cls:CreateLogset""#, r#""*""#),
        basis: Basis::Assumption(text("What a permission page does not list any more is retired", "权限页面不再列出的操作已下线")),
        ..MATCHING
    };
    NEAR_MISS = Rule {
        id: "CAM126",
        name: "near-miss",
        severity: Severity::Note,
        confidence: Confidence::Low,
        persona: Persona::Auditor,
        summary: text(
            "The catalog knows no such action, but one that is spelt much the same, or none that a wildcard matches",
            "目录中没有此操作，但有拼写相近的操作；或者没有通配符所匹配的操作",
        ),
        why: text(
            "The catalog does not hold all actions of the service. Of the actions in published policies that catalogs lack, nearly all are real. So this is no more than a hint for a reviewer.",
            "目录没有收录该产品的全部操作。公开策略中未被收录的操作大多真实存在，因此这只是给审阅者的提示。",
        ),
        bad: policy!("allow", r#""cvm:StopInstance""#, r#""*""#),
        good: policy!("allow", r#""cvm:StopInstances""#, r#""*""#),
        basis: Basis::Assumption(text("A name close to a known one may be a slip", "与已知名称相近的名称可能是笔误")),
        ..MATCHING
    };
    MISSPELT_SERVICE = Rule {
        id: "CAM138",
        name: "misspelt-service",
        confidence: Confidence::Medium,
        summary: text(
            "The service of an action is most likely misspelt",
            "操作中的产品缩写很可能拼写有误",
        ),
        why: text(
            "Neither the catalog nor the public SDK has the service, and it differs from a known one by two swapped characters, or by one character of at least five. An action of no service matches nothing: an allow grants nothing, and a deny denies nothing. The lists may lack a service.",
            "目录和公开 SDK 中都没有此产品，它与某个已知产品只差两个字符的顺序，或在至少五个字符中只差一个字符。不存在的产品的操作不会匹配任何请求：allow 不授予任何权限，deny 不拒绝任何请求。列表可能不完整。",
        ),
        bad: policy!("deny", r#""cmv:TerminateInstances""#, r#""*""#),
        good: policy!("deny", r#""cvm:TerminateInstances""#, r#""*""#),
        cam_code: Some("InvalidParameter.ActionServiceNotExist"),
        basis: Basis::Assumption(text(
            "A service that no list has and that is spelt nearly like a known one is a slip",
            "列表中没有、且与已知产品拼写几乎相同的产品缩写是笔误",
        )),
        ..MATCHING
    };
    UNLISTED_SERVICE = Rule {
        id: "CAM139",
        name: "unlisted-service",
        severity: Severity::Note,
        confidence: Confidence::Low,
        persona: Persona::Auditor,
        summary: text("No list that is known here has the service of an action", "已知的列表中没有操作所属的产品"),
        why: text(
            "Neither the catalog nor the public SDK has the service. It may be new, retired or misspelt. Of the services in published policies that the lists lack, most are real.",
            "目录和公开 SDK 中都没有此产品。它可能是新产品、已下线的产品，也可能是笔误。公开策略中未被收录的产品大多真实存在。",
        ),
        bad: policy!("allow", r#""httpdnz:DescribeDomains""#, r#""*""#),
        good: policy!("allow", r#""cvm:DescribeInstances""#, r#""*""#),
        cam_code: Some("InvalidParameter.ActionServiceNotExist"),
        basis: Basis::Assumption(text("A service that no list has may be misspelt", "列表中没有的产品缩写可能是笔误")),
        ..MATCHING
    };
    SERVICE_LEVEL = Rule {
        id: "CAM128",
        name: "service-level",
        severity: Severity::Error,
        summary: text(
            "A statement names resources of a product that is authorised as a whole only",
            "对只能按产品整体授权的产品指定了资源",
        ),
        why: text(
            "For a product of service granularity, `resource` is `*`. Named resources match nothing.",
            "对于服务级授权的产品，resource 需填 `*`。指定资源不会匹配任何内容。",
        ),
        bad: policy!("allow", r#""mps:ProcessMedia""#, r#""qcs::mps::uin/100000000001:task/1""#),
        good: policy!("allow", r#""mps:ProcessMedia""#, r#""*""#),
        ..MATCHING
    };
    EVERY_SERVICE = Rule {
        id: "CAM129",
        name: "every-service",
        severity: Severity::Note,
        confidence: Confidence::Medium,
        persona: Persona::Pedantic,
        summary: text("An action names operations of every service", "操作跨越所有产品"),
        why: text(
            "`*:Describe*` is neither documented nor seen in published policies. It is assumed that it matches across services; CAM may take it for no action.",
            "`*:Describe*` 既无文档说明，也未见于公开策略。此处假设它匹配所有产品；CAM 可能不认可。",
        ),
        bad: policy!("allow", r#""*:Describe*""#, r#""*""#),
        good: policy!("allow", r#""cvm:Describe*", "vpc:Describe*""#, r#""*""#),
        basis: Basis::Assumption(text("`*:Name*` matches the operations of every service", "`*:Name*` 匹配所有产品的操作")),
        ..MATCHING
    };
}

/// The old abbreviations of products, and the new ones.
const OLD_SERVICES: [(&str, &str); 3] = [("ccr", "tcr"), ("ccs", "tke"), ("cns", "dnspod")];

/// Services of published policies that neither the catalog nor the public SDK has. They are no slips, whatever is near them.
///
/// ```
/// assert!(cam_lint::SEEN_SERVICES.contains(&"cas"));
/// ```
pub const SEEN_SERVICES: [&str; 9] =
    ["cas", "cdcs", "cmqtopic", "csg", "finance", "gpm", "httpdns", "mgobe", "sls"];

/// Checks the actions and resources of every statement.
pub(crate) fn check(context: &mut Context<'_>) {
    for (at, statement) in context.statements() {
        for (of, action) in statement.actions().iter().enumerate() {
            check_action(context, statement, at, of, action);
        }
        check_ip(context, statement, at);
        check_owner_key(context, statement, at);
    }
    for resource in context.resources {
        check_resource(context, resource.element, resource.segments);
    }
}

fn check_action(
    context: &mut Context<'_>,
    statement: &Statement,
    at: usize,
    of: usize,
    action: &ActionPattern,
) {
    let element = Element::Action(at, of);
    let Some(name) = action.service() else {
        if action.as_str().starts_with("*:") && action.operation() != Some("*") {
            context.report(&EVERY_SERVICE, element, || {
                format!("`{action}` names operations of every service; it is assumed that CAM matches it so")
            });
        }
        return;
    };
    if context.is_whole() && context.wants(&OLD_SERVICE) {
        let new = OLD_SERVICES.iter().find(|(old, _)| *old == name).map(|(_, new)| *new);
        if let Some(new) = new.filter(|new| !names_service(context, new)) {
            let finding = context.report(&OLD_SERVICE, element, || {
                format!(
                    "`{name}` is the old abbreviation of `{new}`, and no action of the policy names `{new}`"
                )
            });
            finding.map(|finding| finding.with_help(format!("add the actions of `{new}` that are needed")));
        }
    }
    let Some(service) = context.catalog().service(name) else {
        unlisted_service(context, element, name);
        if let Some(operation) = action.operation().filter(|_| context.wants(&NEAR_MISS)) {
            near_miss(context, element, action, operation, &[]);
        }
        return;
    };
    if service.granularity == ServiceGranularity::Service
        && !statement.resources().is_empty()
        && statement.resources().iter().all(|resource| !resource.is_all())
        && service.patterns.is_empty()
    {
        let finding = context.report(&SERVICE_LEVEL, element, || {
            format!(
                "`{name}` is authorised as a whole only, so `{action}` matches none of the named resources"
            )
        });
        finding.map(|finding| finding.with_help("name it in a statement with `\"resource\": [\"*\"]`"));
    }
    if !context.wants(&REMOVED_ACTION) && !context.wants(&NEAR_MISS) {
        return;
    }
    let Some(operation) = action.operation() else { return };
    let may_be_missing = context.wants(&NEAR_MISS) && service.complete != Some(true);
    if operation.contains('*') {
        if may_be_missing {
            unmatched_wildcard(context, element, action, operation, service.actions);
        }
        return;
    }
    match service.action(operation) {
        Some(known) => removed(context, element, known),
        None if may_be_missing => near_miss(context, element, action, operation, service.actions),
        None => {}
    }
}

fn removed(context: &mut Context<'_>, element: Element, action: Action<'_>) {
    if action.removed().is_none() {
        return;
    }
    let finding = context.report(&REMOVED_ACTION, element, || {
        format!("the documentation of `{}` does not list `{action}` any more", action.service().id)
    });
    if let (Some(finding), Some(new)) = (finding, action.replaced_by()) {
        finding.with_help(format!("`{new}` takes its place"));
    }
}

/// Whether an action of the policy names the service.
fn names_service(context: &Context<'_>, name: &str) -> bool {
    context.statements().any(|(_, statement)| {
        statement.actions().iter().any(|action| action.service().is_none_or(|service| service == name))
    })
}

fn near_miss(
    context: &mut Context<'_>,
    element: Element,
    action: &ActionPattern,
    operation: &str,
    known: &[ActionFacts<'_>],
) {
    let Some(service) = action.service() else { return };
    // No API has a longer name, and comparing takes time in proportion to the product of the lengths.
    if operation.len() > 100 || operation.contains('*') || (context.names().matches)(action) {
        return;
    }
    let listed = (context.names().of)(service);
    let near = nearest(operation, known.iter().map(|action| action.name).chain(listed.iter().copied()));
    // The core reports a name that differs from one of the catalog in case only.
    let is_reported =
        |near: &str| near.eq_ignore_ascii_case(operation) && known.iter().any(|action| action.name == near);
    let close = |near: &&&str| {
        (is_slip(near, operation) || near.eq_ignore_ascii_case(operation)) && !is_reported(near)
    };
    let Some(near) = near.iter().find(close) else { return };
    let finding = context.report(&NEAR_MISS, element, || {
        format!("the catalog does not know `{action}`, which may be real; it knows `{service}:{near}`")
    });
    finding.map(|finding| finding.with_help(format!("check the name; did you mean `{service}:{near}`?")));
}

/// Reports a wildcard that matches no action whose name is known.
fn unmatched_wildcard(
    context: &mut Context<'_>,
    element: Element,
    action: &ActionPattern,
    operation: &str,
    known: &[ActionFacts<'_>],
) {
    let Some(service) = action.service() else { return };
    if operation.len() > 100 || (context.names().matches)(action) {
        return;
    }
    // The core reports a wildcard that matches but for upper and lower case.
    let folded = operation.to_ascii_lowercase();
    if known.iter().any(|action| glob(&folded, &action.name.to_ascii_lowercase())) {
        return;
    }
    let listed = (context.names().of)(service);
    let names: Vec<&str> = known.iter().map(|action| action.name).chain(listed.iter().copied()).collect();
    if names.is_empty() {
        return;
    }
    let finding = context.report(&NEAR_MISS, element, || {
        format!("`{action}` matches no action of `{service}` whose name is known; it may be real, because the list is not complete")
    });
    let Some(finding) = finding else { return };
    // A wildcard mostly has the first words of names.
    let meant = operation.strip_suffix('*').filter(|bare| !bare.contains('*')).and_then(|bare| {
        let beginnings: BTreeSet<&str> = names.iter().flat_map(|name| beginnings(name)).collect();
        nearest(bare, beginnings.into_iter()).first().copied()
    });
    match meant {
        Some(meant) => finding.with_help(format!("check the name; did you mean `{service}:{meant}*`?")),
        None => finding.with_help(format!(
            "check the name; `tencent-cam query --service {service}` lists those that are known"
        )),
    };
}

/// Returns the first word of a name, its first two words, and so on.
fn beginnings(name: &str) -> impl Iterator<Item = &str> {
    let starts = name.char_indices().skip(1).filter(|(_, one)| one.is_ascii_uppercase()).map(|(at, _)| at);
    starts.chain([name.len()]).map(|end| &name[..end])
}

/// Reports a service that no list has. The rule of other clouds' services reports its own.
fn unlisted_service(context: &mut Context<'_>, element: Element, name: &str) {
    if OLD_SERVICES.iter().any(|(old, _)| *old == name)
        || is_foreign_service(name)
        // The core reports capitals.
        || name.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b'*')
        || !(context.wants(&MISSPELT_SERVICE) || context.wants(&UNLISTED_SERVICE))
        || !(context.names().of)(name).is_empty()
    {
        return;
    }
    let listed = (context.names().services)();
    let services = context.catalog().services.iter().map(|service| service.id).chain(listed);
    let near: Vec<&str> = if name.len() > 30 { Vec::new() } else { nearest(name, services) };
    let meant = near
        .first()
        .copied()
        .filter(|meant| has_swapped(meant, name) || name.len() >= 5 && is_one_off(meant, name));
    if let Some(meant) = meant.filter(|_| !SEEN_SERVICES.contains(&name)) {
        let finding = context.report(&MISSPELT_SERVICE, element, || {
            format!("neither the catalog nor the public SDK has a service `{name}`; it is assumed that its actions match nothing")
        });
        finding.map(|finding| finding.with_help(format!("did you mean `{meant}`?")));
        return;
    }
    let finding = context.report(&UNLISTED_SERVICE, element, || {
        format!("neither the catalog nor the public SDK has a service `{name}`; it may be real")
    });
    finding.map(|finding| match near.first() {
        Some(near) => finding.with_help(format!("check the name; did you mean `{near}`?")),
        None => finding.with_help("check the name on the page of the product"),
    });
}

/// Whether two names have the same characters, of which two neighbours are swapped.
fn has_swapped(one: &str, other: &str) -> bool {
    let differ: Vec<usize> = one
        .bytes()
        .zip(other.bytes())
        .enumerate()
        .filter(|(_, (one, other))| one != other)
        .map(|(at, _)| at)
        .collect();
    let (one, other) = (one.as_bytes(), other.as_bytes());
    match differ[..] {
        [at, next] => {
            one.len() == other.len() && next == at + 1 && one[at] == other[next] && one[next] == other[at]
        }
        _ => false,
    }
}

/// Whether one character is inserted, left out or replaced.
fn is_one_off(one: &str, other: &str) -> bool {
    let same = |(one, other): &(u8, u8)| one == other;
    let start = one.bytes().zip(other.bytes()).take_while(same).count();
    let end = one.bytes().rev().zip(other.bytes().rev()).take_while(same).count();
    start + end + 1 >= one.len().max(other.len()) && one.len().abs_diff(other.len()) <= 1
}

/// Whether two names differ in one place, by at most two characters.
fn is_slip(one: &str, other: &str) -> bool {
    let same = |(one, other): &(u8, u8)| one == other;
    let start = one.bytes().zip(other.bytes()).take_while(same).count();
    let end = one.bytes().rev().zip(other.bytes().rev()).take_while(same).count();
    start + end + 2 >= one.len().max(other.len())
}

fn check_resource(context: &mut Context<'_>, element: Element, segments: [&str; 6]) {
    let [_, _, service, _, account, last] = segments;
    if service != "cos" {
        return;
    }
    let old = last.strip_prefix("prefix//");
    let bucket = match old {
        Some(rest) => rest.split('/').next().unwrap_or_default(),
        None => last.split('/').next().unwrap_or_default(),
    };
    if let Some(variable) = ["${uin}", "${owner_uin}"].into_iter().find(|one| bucket.ends_with(one)) {
        let finding = context.report(&CALLER_FOR_OWNER, element, || {
            let whose = if variable == "${uin}" { "the caller" } else { "the root account" };
            format!(
                "the name of a bucket ends in the APPID of its owner, and `{variable}` is the uin of {whose}"
            )
        });
        finding.map(|finding| finding.with_help("write `${app_id}`, or the APPID"));
        return;
    }
    let bucket = match bucket.split_once('.') {
        Some((name, domain)) if domain.ends_with(".myqcloud.com") => {
            let finding = context.report(&BUCKET_DOMAIN, element, || {
                format!("`{bucket}` is the domain of a bucket; it is assumed that CAM compares its name")
            });
            finding.map(|finding| finding.with_help(format!("write `{name}`")));
            name
        }
        _ => bucket,
    };
    let owner = match old {
        Some(_) => Some(bucket),
        None => bucket.rsplit_once('-').map(|(_, owner)| owner),
    };
    let (owner, account) = (owner.filter(|one| is_app_id(one)), account.strip_prefix("uid/"));
    let (Some(owner), Some(account)) = (owner, account.filter(|one| is_app_id(one))) else {
        return;
    };
    if owner != account {
        let finding = context.report(&BUCKET_OWNER, element, || {
            format!("the bucket belongs to the APPID {owner}, and the resource names {account}: it matches nothing")
        });
        finding.map(|finding| finding.with_help(format!("write `uid/{owner}`, or the right bucket")));
    }
}

/// Reports actions that ignore a condition on the caller's address.
fn check_ip(context: &mut Context<'_>, statement: &Statement, at: usize) {
    let of_ip = statement.conditions().iter().position(|condition| {
        condition.key() == "qcs:ip" && condition.operator().comparison.kind() == ValueKind::Ip
    });
    let Some(condition) = of_ip else { return };
    for (of, pattern) in statement.actions().iter().enumerate() {
        let ignores = |action: Action<'_>| match action.ip_condition() {
            Some(honours) => !honours,
            None => action.service().ip_restriction == Some(IpRestriction::Unsupported),
        };
        let exact = pattern.operation().is_some_and(|operation| !operation.contains('*'));
        let ignored = if exact {
            context.catalog().action(pattern.as_str()).is_some_and(ignores)
        } else if pattern.service().is_some() {
            let mut matched = pattern.actions(context.catalog()).peekable();
            matched.peek().is_some() && matched.all(ignores)
        } else {
            false
        };
        if ignored {
            let related = context.span(Element::Key(at, condition));
            let finding = context.report(&IP_CONDITION, Element::Action(at, of), || {
                format!(
                    "`{pattern}` does not honour a condition on the caller's address, by its documentation"
                )
            });
            if let Some(finding) = finding {
                finding.with_help("put it into a statement without that condition");
                finding.with_related(related, "the condition");
            }
        }
    }
}

/// Reports `qcs:owner_uin` compared with the caller's uin.
fn check_owner_key(context: &mut Context<'_>, statement: &Statement, at: usize) {
    for (of, condition) in statement.conditions().iter().enumerate() {
        if condition.key() != "qcs:owner_uin" {
            continue;
        }
        if let Some(value) = condition.values().iter().position(|value| value.as_str() == "${uin}") {
            let finding = context.report(&CALLER_FOR_OWNER, Element::Value(at, of, value), || {
                "`qcs:owner_uin` is the root account, and `${uin}` is the uin of the caller".into()
            });
            finding.map(|finding| finding.with_help("write `${owner_uin}`, or the uin of the root account"));
        }
    }
}
