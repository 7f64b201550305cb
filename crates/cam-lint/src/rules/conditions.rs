//! `CAM13x` and `CAM21x`: conditions that no request can meet, or that say less or more than they seem.

use std::net::IpAddr;

use cam_policy::diagnostic::Element;
use cam_policy::key;
use cam_policy::policy::{Comparison, Condition, Effect, Qualifier, Statement, ValueKind};
use cam_policy::text::nearest;

use crate::access::can_be_met;
use crate::context::Context;
use crate::edits::remove_item;
use crate::page;
use crate::rule::{Basis, Confidence, FixSafety, Persona, Rule, Severity, declare, policy, text};

/// What the rules of this file have in common.
const CONDITION: Rule = Rule { persona: Persona::Pedantic, basis: page::CONDITIONS, ..Rule::BASE };

declare! {
    FOREIGN_KEY = Rule {
        id: "CAM136",
        name: "foreign-key",
        severity: Severity::Error,
        persona: Persona::Regular,
        confidence: Confidence::Medium,
        summary: text("A condition compares a key of another cloud", "条件使用了其他云厂商的条件键"),
        why: text(
            "Keys such as `aws:SourceIp` come from policies of other clouds. It is assumed that no request to Tencent Cloud has them. Then the condition is never true, or with `_if_exist` always.",
            "`aws:SourceIp` 等条件键来自其他云厂商的策略。此处假设腾讯云的请求不带这些键，则条件永远不成立；带 `_if_exist` 时则永远成立。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""ip_equal": {"aws:SourceIp": ["203.0.113.0/24"]}"#),
        good: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""ip_equal": {"qcs:ip": ["203.0.113.0/24"]}"#),
        basis: Basis::Assumption(text(
            "No request has a condition key of another cloud",
            "请求不会带有其他云厂商的条件键",
        )),
        ..CONDITION
    };
    IMPOSSIBLE = Rule {
        id: "CAM130",
        name: "impossible-condition",
        severity: Severity::Error,
        persona: Persona::Regular,
        summary: text("No request can meet the conditions of a statement", "没有请求能同时满足语句的条件"),
        why: text(
            "All conditions of a statement must be true. Two that exclude each other make the statement do nothing.",
            "语句的所有条件必须同时成立。互相排斥的条件会使语句不起作用。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""date_greater_than": {"qcs:current_time": ["2027-06-01T00:00:00Z"]}, "date_less_than": {"qcs:current_time": ["2027-01-01T00:00:00Z"]}"#),
        good: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""date_greater_than": {"qcs:current_time": ["2027-01-01T00:00:00Z"]}, "date_less_than": {"qcs:current_time": ["2027-06-01T00:00:00Z"]}"#),
        ..CONDITION
    };
    OPEN_NETWORK = Rule {
        id: "CAM131",
        name: "open-network",
        persona: Persona::Regular,
        summary: text("A condition on the caller's address lets every IPv4 or every IPv6 address pass", "IP 条件允许所有 IPv4 或所有 IPv6 地址"),
        why: text(
            "`0.0.0.0/0` holds every IPv4 address, and `::/0` every IPv6 address, so the condition limits nobody who calls from such an address. A call from an address of the other kind does not meet it.",
            "`0.0.0.0/0` 包含所有 IPv4 地址，`::/0` 包含所有 IPv6 地址，因此该条件不限制使用此类地址的调用者；使用另一类地址的调用不满足该条件。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""ip_equal": {"qcs:ip": ["0.0.0.0/0"]}"#),
        good: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""ip_equal": {"qcs:ip": ["203.0.113.0/24"]}"#),
        ..CONDITION
    };
    NEGATED_VALUES = Rule {
        id: "CAM210",
        name: "negated-values",
        severity: Severity::Note,
        confidence: Confidence::Medium,
        summary: text("A negated operator has several values", "否定操作符有多个取值"),
        why: text(
            "The values of a key are alternatives. What that means under `…_not_…` is not documented: here it means none of them. Two conditions that say so each leave no doubt.",
            "一个键的多个取值是“或”的关系。在 `…_not_…` 下的含义未见文档说明，此处理解为“都不是”。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""string_not_equal": {"vpc:region": ["ap-beijing", "ap-shanghai"]}"#),
        good: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""string_not_equal": {"vpc:region": ["ap-beijing"]}"#),
        basis: Basis::Assumption(text("Several values of a negated operator mean none of them", "否定操作符的多个取值表示“都不是”")),
        ..CONDITION
    };
    FOR_ALL_ABSENT = Rule {
        id: "CAM211",
        name: "for-all-absent",
        confidence: Confidence::Medium,
        summary: text(
            "An allow has a `for_all_value` condition, which a request without the key meets too",
            "allow 语句使用了 `for_all_value`，不带该键的请求也满足条件",
        ),
        why: text(
            "Each of no values satisfies everything. A request without the key is then allowed, unless another condition asks for the key: `null_equal` with `false`.",
            "没有取值时，“每个取值”的条件总是成立。除非另有条件要求该键存在（`null_equal` 为 `false`），不带该键的请求会被允许。",
        ),
        bad: policy!("allow", r#""cvm:RunInstances""#, r#""*""#, if r#""for_all_value:string_equal": {"qcs:request_tag": ["env&test"]}"#),
        good: policy!("allow", r#""cvm:RunInstances""#, r#""*""#, if r#""for_all_value:string_equal": {"qcs:request_tag": ["env&test"]}, "null_equal": {"qcs:request_tag": ["false"]}"#),
        basis: Basis::Assumption(text("A `for_all_value` condition is true of a key without values", "键没有取值时，`for_all_value` 条件成立")),
        ..CONDITION
    };
    IF_EXIST_ALLOW = Rule {
        id: "CAM212",
        name: "if-exist-allow",
        confidence: Confidence::Medium,
        summary: text(
            "An allow has a condition on who calls from where, and a request without the key meets it too",
            "allow 语句的安全条件带有 `_if_exist`，不带该键的请求也满足条件",
        ),
        why: text(
            "`_if_exist` is true for a request that lacks the key. On an allow by address, VPC or second factor it lets those pass who do not state any.",
            "请求不带该键时，`_if_exist` 条件成立。用于按 IP、VPC 或多因素认证授权的 allow 时，未提供这些信息的请求也会通过。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""ip_equal_if_exist": {"qcs:ip": ["203.0.113.0/24"]}"#),
        good: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""ip_equal": {"qcs:ip": ["203.0.113.0/24"]}"#),
        ..CONDITION
    };
    HOST_BITS = Rule {
        id: "CAM213",
        name: "host-bits",
        severity: Severity::Note,
        summary: text("A network is written with host bits", "网段中带有主机位"),
        why: text(
            "`10.217.182.3/24` means the whole network `10.217.182.0/24`, not one address of it.",
            "`10.217.182.3/24` 表示整个网段 `10.217.182.0/24`，而不是其中的一个地址。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""ip_equal": {"qcs:ip": ["203.0.113.7/24"]}"#),
        good: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""ip_equal": {"qcs:ip": ["203.0.113.0/24"]}"#),
        fix: FixSafety::Safe,
        ..CONDITION
    };
    PRIVATE_SOURCE = Rule {
        id: "CAM214",
        name: "private-source",
        confidence: Confidence::Low,
        summary: text("An allow takes private addresses only", "allow 语句只允许内网地址"),
        why: text(
            "A call over the internet has a public address, whatever the address of the machine. A private one is seen only on calls from inside of Tencent Cloud's network.",
            "经公网的调用使用公网地址，与机器自身地址无关。只有来自腾讯云内网的调用才会显示内网地址。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""ip_equal": {"qcs:ip": ["192.168.0.0/16"]}"#),
        good: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""ip_equal": {"qcs:ip": ["203.0.113.0/24", "192.168.0.0/16"]}"#),
        basis: Basis::Assumption(text("CAM compares the address from which the call reaches Tencent Cloud", "CAM 比较的是调用到达腾讯云时的源地址")),
        ..CONDITION
    };
    LITERAL_STAR = Rule {
        id: "CAM215",
        name: "literal-star",
        persona: Persona::Regular,
        summary: text("A `*` stands in a value that is compared literally", "按字面比较的取值中含有 `*`"),
        why: text(
            "Only `string_like` and `string_not_like` take `*` for any characters. With `string_equal` the value must hold a `*`.",
            "只有 `string_like`、`string_not_like` 将 `*` 视为通配符。使用 `string_equal` 时，取值本身必须含有 `*`。",
        ),
        bad: policy!("allow", r#""cos:GetBucket""#, r#""*""#, if r#""string_equal": {"cos:prefix": ["photos/*"]}"#),
        good: policy!("allow", r#""cos:GetBucket""#, r#""*""#, if r#""string_like": {"cos:prefix": ["photos/*"]}"#),
        ..CONDITION
    };
    OLD_TAG_KEY = Rule {
        id: "CAM216",
        name: "old-tag-key",
        severity: Severity::Note,
        summary: text("`qcs:tag` is the old name of `qcs:resource_tag`", "`qcs:tag` 是 `qcs:resource_tag` 的旧名称"),
        why: text(
            "Both are the same key. The new name says that the tags of the resource are meant, not those of the request.",
            "两者是同一个键。新名称明确指资源的标签，而不是请求中的标签。",
        ),
        bad: policy!("allow", r#""cvm:StopInstances""#, r#""*""#, if r#""for_any_value:string_equal": {"qcs:tag": ["env&test"]}"#),
        good: policy!("allow", r#""cvm:StopInstances""#, r#""*""#, if r#""for_any_value:string_equal": {"qcs:resource_tag": ["env&test"]}"#),
        fix: FixSafety::Safe,
        ..CONDITION
    };
    DUPLICATE_VALUE = Rule {
        id: "CAM217",
        name: "duplicate-value",
        severity: Severity::Note,
        summary: text("A condition lists a value twice", "条件中有重复的取值"),
        why: text(
            "The values are alternatives, so the second one changes nothing. Mostly another value was meant.",
            "取值是“或”的关系，重复的取值不起作用，多半原本想写其他取值。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""ip_equal": {"qcs:ip": ["203.0.113.7", "203.0.113.7"]}"#),
        good: policy!("allow", r#""cos:GetObject""#, r#""*""#, if r#""ip_equal": {"qcs:ip": ["203.0.113.7", "203.0.113.8"]}"#),
        fix: FixSafety::Safe,
        ..CONDITION
    };
    UNDOCUMENTED_KEY = Rule {
        id: "CAM218",
        name: "undocumented-key",
        severity: Severity::Note,
        confidence: Confidence::Low,
        persona: Persona::Auditor,
        summary: text(
            "No documentation names a condition key for the actions of a statement",
            "语句中的操作均未记载支持该条件键",
        ),
        why: text(
            "The catalog holds the documented condition keys of these actions, and this one is not among them. If their requests lack it, the condition is never true. Documentation lists few keys, so it may be right.",
            "目录收录了这些操作已记载的条件键，其中没有该键。若请求不带该键，条件永远不成立。文档列出的键很少，因此也可能没有问题。",
        ),
        bad: policy!("allow", r#""cvm:TerminateInstances""#, r#""*""#, if r#""string_equal": {"cvm:instance_colour": ["blue"]}"#),
        good: policy!("allow", r#""cvm:TerminateInstances""#, r#""*""#, if r#""string_equal": {"cvm:instance_type": ["S5.SMALL1"]}"#),
        basis: Basis::Assumption(text(
            "A key that no documentation of an action names is not in its requests",
            "文档未提及的条件键不会出现在该操作的请求中",
        )),
        ..CONDITION
    };
}

/// How condition keys of other clouds begin.
const FOREIGN_PREFIXES: [&str; 5] = ["acs:", "aws:", "ec2:", "iam:", "s3:"];

/// What keys of other clouds are about, and the key of CAM that is most like them.
const FOREIGN_KEYS: [(&str, &str); 7] = [
    ("currenttime", "qcs:current_time"),
    ("mfapresent", "qcs:mfa"),
    ("multifactorauthpresent", "qcs:mfa"),
    ("requesttag", "qcs:request_tag"),
    ("resourcetag", "qcs:resource_tag"),
    ("securetransport", "cos:secure-transport"),
    ("sourceip", "qcs:ip"),
];

/// The global keys that official texts name.
const GLOBAL_KEYS: [&str; 10] = [
    "qcs:create_uin",
    "qcs:current_time",
    "qcs:ip",
    "qcs:mfa",
    "qcs:owner_uin",
    "qcs:request_tag",
    "qcs:resource_tag",
    "qcs:tag",
    "qcs:uin",
    "qcs:vpc",
];

/// Reports keys of other clouds, and global keys that no official text names.
fn unknown_key(context: &mut Context<'_>, element: Element, key: &str) {
    if let Some(prefix) = FOREIGN_PREFIXES.into_iter().find(|prefix| key.starts_with(prefix)) {
        let about = key[prefix.len()..].split('/').next().unwrap_or_default().to_ascii_lowercase();
        let meant = FOREIGN_KEYS.iter().find(|(foreign, _)| *foreign == about);
        let finding = context.report(&FOREIGN_KEY, element, || {
            format!("`{key}` is a condition key of another cloud; it is assumed that no request has it")
        });
        if let Some(finding) = finding {
            finding.with_help(match meant {
                Some((_, meant)) => format!("the key that is most like it is `{meant}`"),
                None => "write a key of CAM or of the product, such as `qcs:ip`".into(),
            });
        }
        return;
    }
    let name = key.split('/').next().unwrap_or_default();
    // The core reports whitespace and differences in upper and lower case.
    let is_known = |known: &&str| known.eq_ignore_ascii_case(name);
    if key.starts_with("qcs:") && !key.contains(char::is_whitespace) && !GLOBAL_KEYS.iter().any(is_known) {
        let finding = context.report(&UNDOCUMENTED_KEY, element, || {
            format!("no documentation names the key `{key}`; it may be right")
        });
        if let (Some(finding), Some(near)) = (finding, nearest(key, GLOBAL_KEYS.into_iter()).first()) {
            finding.with_help(format!("did you mean `{near}`?"));
        }
    }
}

/// The keys that say from where, and how surely, somebody calls.
const SECURITY_KEYS: [&str; 5] = ["qcs:ip", "qcs:mfa", "vpc:requester_vpc", "qcs:vpc", "cos:tls-version"];

/// Checks the conditions of every statement.
pub(crate) fn check(context: &mut Context<'_>) {
    for (at, statement) in context.statements() {
        if statement.conditions().is_empty() {
            continue;
        }
        impossible(context, statement, at);
        if context.wants(&UNDOCUMENTED_KEY) {
            undocumented(context, statement, at);
        }
        for (of, condition) in statement.conditions().iter().enumerate() {
            unknown_key(context, Element::Key(at, of), condition.key());
            check_one(context, statement, at, of, condition);
            values(context, statement, at, of, condition);
        }
    }
}

/// Up to how many values of a key the engine is asked whether a request can meet all conditions on it. Its time grows
/// with their product.
const MOST_VALUES: usize = 32;

/// Asks the engine about keys that several conditions compare.
fn impossible(context: &mut Context<'_>, statement: &Statement, at: usize) {
    let conditions = statement.conditions();
    for (of, condition) in conditions.iter().enumerate() {
        let same = |other: &&Condition| name(other.key()) == name(condition.key());
        let first = conditions[..of].iter().position(|one| same(&one));
        let last = conditions[of + 1..].iter().all(|other| !same(&other));
        let (Some(first), true) = (first, last) else { continue };
        let values: usize = conditions.iter().filter(same).map(|one| one.values().len()).sum();
        if values <= MOST_VALUES && can_be_met(conditions.iter().filter(same)) == Some(false) {
            let related = context.span(Element::Key(at, first));
            let does = if statement.effect() == Effect::Allow { "grants" } else { "denies" };
            let finding = context.report(&IMPOSSIBLE, Element::Key(at, of), || {
                format!(
                    "no request can meet all conditions of this statement on `{}`, so it {does} nothing",
                    condition.key()
                )
            });
            if let Some(finding) = finding {
                finding
                    .with_help("remove one of them, or make two statements of them, which are alternatives");
                finding.with_related(related, "the first condition on it");
            }
        }
    }
}

/// Reports keys of products that the catalog does not have for any action of the statement, if it has keys of each.
fn undocumented(context: &mut Context<'_>, statement: &Statement, at: usize) {
    let mut documented: Vec<&str> = Vec::new();
    for action in statement.actions() {
        let action = context.catalog().action(action.as_str());
        let Some(action) = action.filter(|action| !action.condition_keys().is_empty()) else { return };
        documented.extend(action.condition_keys());
        documented.extend(action.service().all_request_keys);
    }
    for (of, condition) in statement.conditions().iter().enumerate() {
        let key = condition.key();
        let is_foreign = FOREIGN_PREFIXES.iter().any(|prefix| key.starts_with(prefix));
        if key.starts_with("qcs:") || is_foreign || documented.contains(&key) {
            continue;
        }
        let near = nearest(key, documented.iter().copied()).first().copied();
        let finding = context.report(&UNDOCUMENTED_KEY, Element::Key(at, of), || {
            format!("the documentation names `{key}` for no action of this statement; it may be right")
        });
        if let (Some(finding), Some(near)) = (finding, near) {
            finding.with_help(format!("did you mean `{near}`?"));
        }
    }
}

/// The key under the name that CAM has today.
fn name(key: &str) -> &str {
    if key == "qcs:tag" { "qcs:resource_tag" } else { key }
}

fn check_one(context: &mut Context<'_>, statement: &Statement, at: usize, of: usize, condition: &Condition) {
    let (operator, key) = (condition.operator(), condition.key());
    let allow = statement.effect() == Effect::Allow;
    if operator.comparison.is_negated() && condition.values().len() > 1 {
        let finding = context.report(&NEGATED_VALUES, Element::Operator(at, of), || {
            format!(
                "`{operator}` has {} values; what CAM makes of them is not documented, and it is assumed to be none of \
                 them",
                condition.values().len()
            )
        });
        finding.map(|finding| finding.with_help("make sure that none of them is what you mean"));
    }
    let asked_for = |conditions: &[Condition]| {
        conditions.iter().any(|other| {
            let absent = other.operator().comparison == Comparison::NullEqual
                && other.values().iter().any(|value| value.as_str() == "true");
            name(other.key()) == name(key)
                && !other.operator().if_exist
                && other.operator().qualifier != Some(Qualifier::ForAllValue)
                && !absent
        })
    };
    if allow && operator.qualifier == Some(Qualifier::ForAllValue) && !asked_for(statement.conditions()) {
        let finding = context.report(&FOR_ALL_ABSENT, Element::Operator(at, of), || {
            format!("a request without `{key}` meets `{operator}` too, so this allow is of it as well")
        });
        finding.map(|finding| {
            finding.with_help(format!("add `\"null_equal\": {{\"{key}\": [\"false\"]}}` to ask for the key"))
        });
    } else if allow && operator.if_exist && SECURITY_KEYS.contains(&key) && !asked_for(statement.conditions())
    {
        let finding = context.report(&IF_EXIST_ALLOW, Element::Operator(at, of), || {
            format!("a request without `{key}` meets `{operator}` too, so this allow is of it as well")
        });
        finding.map(|finding| {
            let plain = operator.to_string();
            finding.with_help(format!("write `{}`", plain.trim_end_matches("_if_exist")))
        });
    }
    if key == "qcs:tag" {
        let span = context.span(Element::Key(at, of));
        let finding = context.report(&OLD_TAG_KEY, Element::Key(at, of), || {
            "`qcs:tag` is the old name of `qcs:resource_tag`".into()
        });
        finding.map(|finding| {
            finding.with_help("write `qcs:resource_tag`").with_string(span, "qcs:resource_tag")
        });
    }
}

fn values(context: &mut Context<'_>, statement: &Statement, at: usize, of: usize, condition: &Condition) {
    let operator = condition.operator();
    let kind = operator.comparison.kind();
    let literal = matches!(
        operator.comparison,
        Comparison::StringEqual
            | Comparison::StringNotEqual
            | Comparison::StringEqualIgnoreCase
            | Comparison::StringNotEqualIgnoreCase
    );
    let mut private = 0;
    for (number, value) in condition.values().iter().enumerate() {
        let (element, text) = (Element::Value(at, of, number), value.as_str());
        if context.wants(&DUPLICATE_VALUE) && condition.values()[..number].contains(value) {
            duplicate(context, at, of, number, condition);
        }
        if literal && text.contains('*') {
            let finding = context.report(&LITERAL_STAR, element, || {
                format!("`{operator}` takes the `*` of `{text}` literally")
            });
            finding.map(|finding| {
                let like = if operator.comparison.is_negated() { "string_not_like" } else { "string_like" };
                finding.with_help(format!("write `{like}` if the `*` stands for any characters"))
            });
        }
        if kind != ValueKind::Ip {
            continue;
        }
        let Ok(network) = key::network(text) else { continue };
        private += usize::from(is_private(network.network()));
        // CAM113 reports a key with whitespace, which no request has: that condition limits every caller.
        let is_sound = !condition.key().contains(char::is_whitespace);
        if is_sound && network.prefix_len() == 0 && operator.comparison == Comparison::IpEqual {
            let finding = context.report(&OPEN_NETWORK, element, || {
                let kind = if network.addr().is_ipv4() { "IPv4" } else { "IPv6" };
                format!("`{text}` holds every {kind} address, so this condition limits no caller who has one")
            });
            finding.map(|finding| {
                finding.with_help("write the networks that are meant, or remove the condition")
            });
        }
        if context.wants(&HOST_BITS) && network.addr() != network.network() {
            let (span, meant) = (context.span(element), network.trunc().to_string());
            let finding = context.report(&HOST_BITS, element, || {
                format!("`{text}` has host bits and means the whole network `{meant}`")
            });
            finding.map(|finding| {
                let help = format!("write `{meant}`, or `{}` for the one address", network.addr());
                finding.with_help(help).with_string(span, &meant)
            });
        }
    }
    let only = private > 0 && private == condition.values().len();
    if only
        && condition.key() == "qcs:ip"
        && operator.comparison == Comparison::IpEqual
        && statement.effect() == Effect::Allow
    {
        let finding = context.report(&PRIVATE_SOURCE, Element::Key(at, of), || {
            "all these addresses are private, and a call over the internet has a public one".into()
        });
        finding.map(|finding| finding.with_help("add the public addresses of your network"));
    }
}

fn duplicate(context: &mut Context<'_>, at: usize, of: usize, number: usize, condition: &Condition) {
    let span = |value: usize| context.span(Element::Value(at, of, value));
    let spans: Vec<_> = (0..condition.values().len()).map(span).collect();
    let edit = remove_item(context.text, &spans, number);
    let first = condition.values().iter().position(|value| *value == condition.values()[number]);
    let finding = context.report(&DUPLICATE_VALUE, Element::Value(at, of, number), || {
        format!("`{}` stands twice in this condition", condition.values()[number].as_str())
    });
    if let Some(finding) = finding {
        finding.with_help("remove it, or write the value that is meant");
        finding.with_edits("remove it", edit);
        finding.related.extend(first.map(|first| (spans[first], "the first one".to_owned())));
    }
}

/// Whether an address is one of the private networks of RFC 1918 or RFC 4193, or of the machine itself.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private() || address.is_loopback(),
        IpAddr::V6(address) => address.is_unique_local() || address.is_loopback(),
    }
}
