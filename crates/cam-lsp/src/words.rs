//! Facts in Markdown, in English and Chinese.

use std::fmt::Write as _;

use cam_lint::Rule;
use cam_policy::catalog::{Action, ActionFacts, Entry, Facts as _, Granularity, Pattern, Service, Word as _};
use cam_policy::policy::{ActionPattern, ConditionOperator, Qualifier, ValueKind};

use crate::knowledge::Knowledge;
use crate::language::Language;

/// Returns the label of a word of the catalog.
fn label(entry: &Entry, language: Language) -> &'static str {
    language.pick(entry.label.0, entry.label.1)
}

pub(crate) fn granularity(granularity: Granularity, language: Language) -> &'static str {
    label(granularity.entry(), language)
}

/// Returns the label of a fact of actions.
fn fact(key: &str, language: Language) -> &'static str {
    ActionFacts::fact(key).map_or("", |fact| language.pick(fact.label.0, fact.label.1))
}

/// What stands between a name and what it is.
fn colon(language: Language) -> &'static str {
    language.pick(": ", "：")
}

/// Returns everything that the catalog has of an action.
pub(crate) fn action(action: Action<'_>, language: Language) -> String {
    let mut out = format!("**{action}**\n\n");
    // Writing to a `String` cannot fail.
    if let Some(text) = action.description() {
        let _ = write!(out, "{}\n\n", language.pick(text.en, text.zh));
    }
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(out, "- {}{}{value}", fact(key, language), colon(language));
    };
    line("granularity", granularity(action.granularity(), language));
    for pattern in action.patterns() {
        line("patterns", &format!("`{}`", pattern.single));
    }
    for printed in action.printed_patterns() {
        line("printed_patterns", &format!("`{printed}`"));
    }
    if let Some(level) = action.access_level() {
        line("access_level", label(level.entry(), language));
    }
    if let Some(restriction) = action.restriction() {
        line("restriction", language.pick(restriction.text.en, restriction.text.zh));
    }
    for (key, other) in [("alternative", action.alternative()), ("replaced_by", action.replaced_by())] {
        if let Some(other) = other {
            line(key, &format!("`{other}`"));
        }
    }
    if let Some(day) = action.removed() {
        line("removed", day);
    }
    if !action.condition_keys().is_empty() {
        let keys: Vec<String> = action.condition_keys().iter().map(|key| format!("`{key}`")).collect();
        line("condition_keys", &keys.join(", "));
    }
    for (key, flag) in
        [("ip_condition", action.ip_condition()), ("exposes_credentials", action.exposes_credentials())]
    {
        if let Some(flag) = flag {
            line(key, if flag { language.pick("yes", "是") } else { language.pick("no", "否") });
        }
    }
    if let Some(url) = action.doc_url() {
        line("doc_url", &format!("<{url}>"));
    }
    for note in action.facts().notes {
        line("note", language.pick(note.text.en, note.text.zh));
    }
    out.push('\n');
    out.push_str(&source(action.service(), language));
    out
}

/// Returns the source of a service's facts, with its date.
fn source(service: &Service<'_>, language: Language) -> String {
    let source = service.source;
    let title = source.url.map_or_else(|| source.title.into(), |url| format!("[{}]({url})", source.title));
    let read = source.read;
    match source.dated {
        Some(dated) => language.pick(
            format!("Source: {title}, version of {dated}, read on {read}"),
            format!("来源：{title}，{dated} 版本，读取于 {read}"),
        ),
        None => {
            language.pick(format!("Source: {title}, read on {read}"), format!("来源：{title}，读取于 {read}"))
        }
    }
}

/// Returns what is known of what a policy writes as an action: one action, or a pattern. `None` if it is neither.
pub(crate) fn action_pattern(text: &str, knowledge: &Knowledge, language: Language) -> Option<String> {
    if let Some(known) = knowledge.catalog.action(text) {
        return Some(action(known, language));
    }
    let pattern = ActionPattern::try_from(text).ok()?;
    let matched: Vec<Action<'_>> = pattern.actions(&knowledge.catalog).collect();
    let mut out = format!("**{pattern}**\n\n");
    if matched.is_empty() {
        out.push_str(if (knowledge.matches)(&pattern) {
            language.pick(
                "Only the name is known: the public SDK has the action, and no permission page lists it.",
                "仅知道名称：公开 SDK 中有此接口，没有权限页面列出它。",
            )
        } else {
            language.pick(
                "Neither the catalog nor the public SDK has such an action.",
                "目录和公开 SDK 中均没有此接口。",
            )
        });
        return Some(out);
    }
    let count = matched.len();
    let counted = |level: Granularity| matched.iter().filter(|action| action.granularity() == level).count();
    let levels: Vec<String> = Granularity::ALL
        .iter()
        .filter(|level| counted(**level) > 0)
        .map(|level| format!("{} {}", counted(*level), granularity(*level, language)))
        .collect();
    let levels = levels.join(language.pick(", ", "，"));
    let _ = writeln!(
        out,
        "{}",
        language.pick(
            format!("Matches {count} actions of the catalog: {levels}."),
            format!("匹配目录中的 {count} 个接口：{levels}。"),
        )
    );
    for action in matched.iter().take(MOST_LISTED) {
        let _ =
            write!(out, "\n- `{action}`{}{}", colon(language), granularity(action.granularity(), language));
    }
    if count > MOST_LISTED {
        out.push_str("\n- …");
    }
    Some(out)
}

/// How many actions of a pattern are listed.
const MOST_LISTED: usize = 12;

/// Returns what a resource pattern of the catalog denotes.
pub(crate) fn pattern(pattern: &Pattern<'_>, service: &Service<'_>, language: Language) -> String {
    let mut out = format!("`{}`\n\n", pattern.single);
    if let Some(text) = pattern.description {
        let _ = write!(out, "{}\n\n", language.pick(text.en, text.zh));
    }
    for placeholder in pattern.placeholders {
        let what = label(placeholder.kind.entry(), language);
        let _ = writeln!(out, "- `{}`{}{what}", placeholder.name, colon(language));
    }
    for note in pattern.notes {
        let _ = writeln!(out, "- {}", language.pick(note.text.en, note.text.zh));
    }
    let users = service.actions().filter(|action| action.patterns().contains(&pattern)).count();
    let _ = write!(
        out,
        "\n{}\n\n{}",
        language.pick(
            format!("{users} actions of `{}` can be limited to it.", service.id),
            format!("`{}` 有 {users} 个接口可限定到该资源。", service.id),
        ),
        source(service, language)
    );
    out
}

/// Returns what a value of a kind is. In Chinese, a space comes before what is not Chinese.
fn values(kind: ValueKind, language: Language) -> &'static str {
    match kind {
        ValueKind::Text => language.pick("texts", "文本"),
        ValueKind::Number => language.pick("numbers", "数字"),
        ValueKind::Time => language.pick("instants", "时间"),
        ValueKind::Bool => language.pick("`true` and `false`", " `true` 和 `false`"),
        ValueKind::Ip => language.pick("addresses and networks", " IP 地址和网段"),
        ValueKind::Binary => language.pick("bytes in base64", " base64 编码的字节"),
        _ => language.pick("whether the request has the key", "请求中是否有该键"),
    }
}

/// Returns what a condition operator does, in one line.
pub(crate) fn operator(operator: ConditionOperator, language: Language) -> String {
    let kind = values(operator.comparison.kind(), language);
    let mut out = language.pick(format!("Compares {kind}."), format!("比较{kind}。"));
    if operator.comparison.is_negated() {
        out.push_str(language.pick(
            " True if the request has none of the values; for several values this is an assumption.",
            "请求的值不是所列的任何一个时为真；有多个值时这是假设。",
        ));
    }
    match operator.qualifier {
        Some(Qualifier::ForAnyValue) => {
            out.push_str(
                language.pick(
                    " One of the values of the request must satisfy it.",
                    "请求的值中须有一个满足条件。",
                ),
            );
        }
        Some(_) => {
            out.push_str(
                language.pick(
                    " Each of the values of the request must satisfy it.",
                    "请求的每个值都须满足条件。",
                ),
            );
        }
        None => {}
    }
    if operator.if_exist {
        out.push_str(language.pick(" Also true for a request without the key.", "请求中没有该键时也为真。"));
    }
    out
}

/// A condition key that CAM itself defines.
pub(crate) struct GlobalKey {
    pub(crate) name: &'static str,
    pub(crate) kind: ValueKind,
    english: &'static str,
    chinese: &'static str,
}

impl GlobalKey {
    const fn new(name: &'static str, kind: ValueKind, english: &'static str, chinese: &'static str) -> Self {
        Self { name, kind, english, chinese }
    }

    pub(crate) fn about(&self, language: Language) -> String {
        let kind = values(self.kind, language);
        language
            .pick(format!("{} Its values are {kind}.", self.english), format!("{}值为{kind}。", self.chinese))
    }
}

/// The condition keys of CAM.
pub(crate) const GLOBAL_KEYS: [GlobalKey; 9] = [
    GlobalKey::new("qcs:ip", ValueKind::Ip, "The address of the caller.", "调用方的 IP 地址，"),
    GlobalKey::new("qcs:current_time", ValueKind::Time, "The time of the request.", "请求的时间，"),
    GlobalKey::new(
        "qcs:resource_tag",
        ValueKind::Text,
        "The tags of the resource, each as `key&value`.",
        "资源的标签，写作 `键&值`，",
    ),
    GlobalKey::new(
        "qcs:request_tag",
        ValueKind::Text,
        "The tags that the request names, each as `key&value`.",
        "请求中的标签，写作 `键&值`，",
    ),
    GlobalKey::new(
        "qcs:tag",
        ValueKind::Text,
        "The old name of `qcs:resource_tag`.",
        "`qcs:resource_tag` 的旧名称，",
    ),
    GlobalKey::new("qcs:uin", ValueKind::Text, "The uin of the caller.", "调用方的 uin，"),
    GlobalKey::new(
        "qcs:owner_uin",
        ValueKind::Text,
        "The uin of the caller's root account.",
        "调用方主账号的 uin，",
    ),
    GlobalKey::new(
        "qcs:create_uin",
        ValueKind::Text,
        "The uin of the creator of the resource.",
        "资源创建者的 uin，",
    ),
    GlobalKey::new("qcs:mfa", ValueKind::Bool, "Whether the caller used MFA.", "调用方是否使用了 MFA，"),
];

/// Returns what is known of a condition key: what CAM says, and which of these services' pages list it.
pub(crate) fn condition_key(key: &str, services: &[&Service<'_>], language: Language) -> String {
    let mut out = format!("**{key}**\n\n");
    let base = key.split_once('/').map_or(key, |(name, _)| name);
    if let Some(global) = GLOBAL_KEYS.iter().find(|global| global.name == base) {
        let _ = write!(out, "{}\n\n", global.about(language));
    }
    for service in services {
        let listed = service.actions().filter(|action| action.condition_keys().contains(&key)).count();
        if listed > 0 {
            let line = language.pick(
                format!("The page of `{}` lists it beside {listed} actions.", service.id),
                format!("`{}` 的文档在 {listed} 个接口旁列出该键。", service.id),
            );
            let _ = write!(out, "{line}\n\n");
        }
        if service.all_request_keys.contains(&key) {
            let line = language.pick(
                format!("The documentation of `{}` names it for its requests.", service.id),
                format!("`{}` 的文档称其请求带有该键。", service.id),
            );
            let _ = write!(out, "{line}\n\n");
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Returns the documentation of a rule.
pub(crate) fn rule(rule: &Rule, language: Language) -> String {
    let pick = |text: cam_lint::Text| language.pick(text.en, text.zh);
    let url = rule.url(language.pick("en", "zh"));
    format!("[{rule}]({url})\n\n{}\n\n{}", pick(rule.summary), pick(rule.why))
}
