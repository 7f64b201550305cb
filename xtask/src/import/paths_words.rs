//! The words of the family "API | resource path".

use super::words::{self, squash};

/// What a heading of a table says that its column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// Names of APIs.
    Name,
    /// Resources.
    Resource,
    /// The types of the resources.
    Type,
    /// Whether an API can be limited to resources.
    Level,
    /// Condition keys.
    Condition,
    /// Something else.
    Other,
}

/// Returns what a heading says. A cell over two lines has a heading for each.
pub(super) fn head(text: &str) -> Option<Head> {
    let first = text.lines().next().unwrap_or_default().replace(['`', '*'], "");
    let word = squash(&first);
    if word.is_empty() {
        return None;
    }
    let has = |words: &[&str]| words.iter().any(|found| word.contains(found));
    let speaks_of_level = has(&["resource-level", "resourcelevel", "资源级"])
        || has(&["associatedwithresource", "关联资源", "是否支持资源", "支持资源", "是否关联"]);
    Some(if has(&["condition", "条件"]) {
        Head::Condition
    } else if speaks_of_level {
        Head::Level
    } else if has(&["console", "控制台"]) {
        Head::Other
    } else if has(&["six-segment", "sixsegment", "六段"]) {
        Head::Resource
    } else if has(&[
        "resourcetype",
        "typeofresource",
        "资源类型",
        "リソースのタイプ",
        "リソースタイプ",
        "リソースの種類",
        "리소스유형",
    ]) {
        Head::Type
    } else if has(&["resource", "资源", "リソース", "리소스", "鉴权参数", "authenticationparameter"])
    {
        Head::Resource
    } else if has(&["api", "接口", "action", "interface", "インターフェース", "인터페이스"])
        || has(&["operation", "操作"])
    {
        let describes = has(&[
            "descri",
            "deskripsi",
            "描述",
            "说明",
            "介绍",
            "功能",
            "説明",
            "機能",
            "설명",
            "기능",
            "权限",
        ]);
        if describes && !has(&["name", "名", "이름", "명칭", "andde", "及描述", "接口接口"]) {
            Head::Other
        } else {
            Head::Name
        }
    } else {
        Head::Other
    })
}

/// Whether an empty cell under this heading means that CAM is handed no resource.
pub(super) fn empty_is_none(heading: &str) -> bool {
    matches!(squash(heading).as_str(), "鉴权参数" | "authenticationparameter" | "authenticationparameters")
}

/// Returns whether a heading lists APIs that can be limited to resources, or APIs that cannot; `None`: neither.
pub(super) fn support(heading: &str) -> Option<bool> {
    if let Some(found) = words::section(heading) {
        return Some(found);
    }
    let heading = squash(heading);
    let has = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    if has(&["非资源级", "non-resource-level"]) && !has(&["不支持", "not"]) {
        return Some(false);
    }
    let supports = has(&["support", "支持"]);
    let unsure = has(&["listed", "listedin", "表中", "未列出", "except", "部分", "some", "whether", "是否"]);
    if !supports || unsure {
        return None;
    }
    let negated = has(&["not", "unsupport", "don't", "不支持", "cannot"]);
    if has(&[
        "api-level",
        "apilevel",
        "action-level",
        "actionlevel",
        "operation-level",
        "接口级",
        "api级",
        "操作级",
    ]) && !has(&["resource-level", "resourcelevel", "资源级"])
    {
        return (!negated).then_some(false);
    }
    let of_operations = has(&["operation", "action", "接口", "操作", "api"]);
    let of_resources =
        has(&["resource-level", "resourcelevel", "atresourcelevel", "resourcelevel", "资源级", "资源粒度"]);
    (of_operations && of_resources).then_some(!negated)
}

/// Whether a cell in the column of names continues the API above.
pub(super) fn continues(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| "-—–―ー".contains(character))
}

/// Returns the name at the beginning of a line, if it may be the name of an API. Policies that Tencent presets are called
/// `Qcloud…`.
pub(super) fn first_name(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['`', ' ']);
    let is_service = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let line = match line.trim_start_matches("name/").split_once(':') {
        Some((service, name)) if is_service(service) => name,
        _ => line,
    };
    let end = line.find(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    let word = &line[..end.unwrap_or(line.len())];
    let first = word.starts_with(|first: char| first.is_ascii_uppercase());
    // Prose goes on with a small letter: `TencentDB for …`.
    let rest = line[word.len()..].trim_start();
    let first = first && !rest.starts_with(|next: char| next.is_ascii_lowercase());
    (first && words::looks_like_name(word) && !word.starts_with("Qcloud")).then_some(word)
}

/// Whether a cell states nothing.
pub(super) fn is_empty(text: &str) -> bool {
    text.is_empty() || continues(text) || matches!(squash(text).as_str(), "/" | "none" | "n/a" | "无")
}

/// Whether a text has `qcs` in other characters than a resource: in capitals or in full width.
pub(super) fn resembles_a_path(text: &str) -> bool {
    let half = |character: char| match u32::from(character) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(character),
        _ => character,
    };
    let plain: String = text.chars().map(|character| half(character).to_ascii_lowercase()).collect();
    plain.contains("qcs:")
}

/// Whether a text says that the resource is `*`, with or without a reason.
pub(super) fn is_star(text: &str) -> bool {
    let text = text.replace('\\', "");
    !text.contains("qcs")
        && text
            .split(|character: char| character.is_whitespace() || "`\"“”‘’'（）()，。,.".contains(character))
            .any(|word| word == "*")
}

/// Returns what a cell of yes or no says.
pub(super) fn yes(text: &str) -> Option<bool> {
    match squash(text).as_str() {
        "yes" | "y" | "true" | "√" | "✓" | "是" | "支持" | "supported" => Some(true),
        "no" | "n" | "false" | "×" | "否" | "不支持" | "notsupported" | "unsupported" => Some(false),
        _ => None,
    }
}

/// The names that pages print in words for placeholders, in the spelling of the catalog.
const NAMES: &[(&str, &str)] = &[
    ("root account uin", "uin"),
    ("主账号uin", "uin"),
    ("主账号 uin", "uin"),
    ("creator uin", "creatorUin"),
    ("创建者uin", "creatorUin"),
    ("queue name", "queueName"),
    ("队列名字", "queueName"),
    ("队列名", "queueName"),
    ("topic name", "topicName"),
    ("主题名字", "topicName"),
    ("主题名", "topicName"),
];

/// Returns a pattern with its placeholders as CAM's documentation mostly spells them: `{topic name}` → `${topicName}`,
/// `${sets.name}` → `${name}`, and `region` and `account` for the placeholders of these names.
///
/// A `\` before a `*` is Markdown's, also where HTML or code prints it.
pub(super) fn spelt(text: &str) -> String {
    let text = text.replace('\\', "");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else { break };
        let inner = rest[start + 1..start + length].trim();
        out.push_str(rest[..start].trim_end_matches('$'));
        let known = NAMES.iter().find(|(words, _)| inner.to_lowercase() == *words);
        let name = known.map_or_else(|| joined(inner), |(_, name)| (*name).to_owned());
        out.push_str("${");
        out.push_str(&name);
        out.push('}');
        rest = &rest[start + length + 1..];
    }
    out.push_str(rest);
    let mut parts: Vec<String> = out.splitn(6, ':').map(str::to_owned).collect();
    if parts.len() == 6 {
        if parts[3] == "region" {
            "${region}".clone_into(&mut parts[3]);
        }
        if parts[4] == "account" {
            "${account}".clone_into(&mut parts[4]);
        }
    }
    parts.join(":")
}

/// Joins the words of a placeholder: `disk id` → `diskId`.
fn joined(words: &str) -> String {
    let last = words.rsplit('.').next().unwrap_or(words);
    let mut name = String::new();
    for (number, word) in last.split([' ', '-']).filter(|word| !word.is_empty()).enumerate() {
        let mut characters = word.chars();
        match characters.next() {
            Some(first) if number > 0 => name.extend(first.to_uppercase()),
            Some(first) => name.push(first),
            None => {}
        }
        name.push_str(characters.as_str());
    }
    name
}

/// Returns a pattern of an example with the placeholder of the account in the place of the account's number.
pub(super) fn own_account(text: &str) -> String {
    let mut parts: Vec<&str> = text.splitn(6, ':').collect();
    let is_number = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() == 6 && parts[4].strip_prefix("uin/").is_some_and(is_number) {
        parts[4] = "uin/${uin}";
    }
    parts.join(":")
}
