//! The words permission pages use for the facts, in the languages Tencent publishes.
//!
//! Chinese and English words of both families, the Japanese and Korean ones of the manageable family, and the Indonesian ones
//! of its pages without a column of restrictions were seen on pages. The other words of these languages and some synonyms
//! follow how Tencent translates elsewhere: a page that uses another word is refused with the place of the word, which is
//! then added here.

use cam_policy::catalog::{AccessLevel, IpRestriction, RestrictionReason, ServiceGranularity, Surface};

use super::page::Language;

/// A column of a table of APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Name,
    Description,
    Granularity,
    Pattern,
    Ip,
    Category,
    Console,
    Restriction,
}

impl Column {
    /// Returns the name of the column in messages.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Name => "API",
            Self::Description => "API Description",
            Self::Granularity => "Authorization Granularity",
            Self::Pattern => "Six-segment Resource Description",
            Self::Ip => "IP Restriction",
            Self::Category => "Category",
            Self::Console => "Console",
            Self::Restriction => "Restriction",
        }
    }
}

/// A column of the table of basic facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProductColumn {
    Name,
    Abbreviation,
    Console,
    Tag,
    Granularity,
    Ip,
}

/// The heading of the column on IP conditions, in tables of actions and of products.
const IP: &[&str] = &[
    "iprestriction",
    "iprestrictions",
    "ipcondition",
    "ipconditions",
    "iplimit",
    "ip限制",
    "ip制限",
    "ip제한",
];

const COLUMNS: &[(Column, &[&str])] = &[
    (
        Column::Name,
        &[
            "api",
            "apiname",
            "apinames",
            "interface",
            "interfacename",
            "action",
            "apioperation",
            "api操作",
            "接口名",
            "接口名称",
            "api名称",
            "接口",
            "インターフェース名",
            "インターフェース",
            "api名",
            "인터페이스이름",
            "인터페이스명",
            "인터페이스",
            "api이름",
            "namaapi",
        ],
    ),
    (
        Column::Description,
        &[
            "apidescription",
            "description",
            "接口描述",
            "功能描述",
            "描述",
            "接口说明",
            "功能说明",
            "機能の説明",
            "機能説明",
            "説明",
            "インターフェースの説明",
            "기능설명",
            "설명",
            "api설명",
            "인터페이스설명",
            "deskripsiapi",
            "deskripsi",
            "deskripsifitur",
            "deskripsifungsi",
        ],
    ),
    (
        Column::Granularity,
        &[
            "authorizationgranularity",
            "granularity",
            "授权粒度",
            "承認の粒度",
            "承認粒度",
            "권한부여단위",
            "권한부여세분성",
        ],
    ),
    (
        Column::Pattern,
        &[
            "six-segmentresourcedescription",
            "sixsegmentresourcedescription",
            "six-segmentresource",
            "resource",
            "resourcedescription",
            "资源六段式",
            "资源六段式描述",
            "六段式",
            "リソースの6セグメント式",
            "リソース6セグメント",
            "리소스6단식",
            "리소스6세그먼트",
            "deskripsisumberdayaenamsegmen",
        ],
    ),
    (Column::Ip, IP),
    (
        Column::Category,
        &[
            "category",
            "apicategory",
            "接口分类",
            "接口类别",
            "分类",
            "インターフェースの分類",
            "カテゴリー",
            "カテゴリ",
            "인터페이스분류",
            "api분류",
            "카테고리",
            "분류",
            "kategori",
            "kategoriapi",
        ],
    ),
    (
        Column::Console,
        &[
            "console",
            "consolepage",
            "module",
            "使用模块",
            "使用モジュール",
            "コンソール",
            "사용모듈",
            "콘솔",
            "usagemodule",
            "modul",
            "modulpenggunaan",
            "modulyangberlaku",
            "konsol",
        ],
    ),
    (
        Column::Restriction,
        &[
            "restriction",
            "restrictions",
            "specialrestriction",
            "specialrestrictions",
            "特殊限制说明",
            "限制说明",
            "特殊な制限の説明",
            "制限の説明",
            "特別な制限の説明",
            "특수제한설명",
            "특별제한설명",
            "제한설명",
            "특수제한",
            "특수제한사항",
            "특별제한사항",
            "deskripsibatasan",
            "batasan",
            "batasankhusus",
            "deskripsibatasankhusus",
        ],
    ),
];

const PRODUCT_COLUMNS: &[(ProductColumn, &[&str])] = &[
    (
        ProductColumn::Name,
        &[
            "product",
            "productname",
            "productnameincam",
            "cam中产品名",
            "产品名",
            "产品名称",
            "产品",
            "製品名",
            "製品",
            "제품",
            "제품명",
        ],
    ),
    (
        ProductColumn::Abbreviation,
        &[
            "abbreviationincam",
            "abbreviation",
            "camabbreviation",
            "cam中简称",
            "cam简称",
            "简称",
            "cam略称",
            "camの略称",
            "略称",
            "cam약칭",
            "약칭",
        ],
    ),
    (
        ProductColumn::Console,
        &[
            "console",
            "consoleaccess",
            "控制台访问",
            "控制台",
            "コンソール",
            "コンソールアクセス",
            "콘솔",
            "콘솔액세스",
        ],
    ),
    (
        ProductColumn::Tag,
        &[
            "authorizationbytag",
            "tag",
            "tagauthorization",
            "按标签授权",
            "标签授权",
            "标签",
            "タグ",
            "タグによる承認",
            "태그",
            "태그별권한부여",
        ],
    ),
    (
        ProductColumn::Granularity,
        &[
            "authorizationgranularity",
            "granularity",
            "授权粒度",
            "粒度",
            "承認の粒度",
            "承認粒度",
            "권한부여단위",
            "권한부여세분성",
        ],
    ),
    (ProductColumn::Ip, IP),
];

const GROUPS: &[(AccessLevel, &[&str])] = &[
    (
        AccessLevel::Write,
        &[
            "writeoperations",
            "writeoperation",
            "write",
            "写操作",
            "書き込み操作",
            "書き込み",
            "쓰기작업",
            "쓰기",
        ],
    ),
    (
        AccessLevel::Read,
        &[
            "readoperations",
            "readoperation",
            "read",
            "读操作",
            "読み取り操作",
            "読み取り",
            "읽기작업",
            "읽기",
        ],
    ),
    (
        AccessLevel::List,
        &[
            "listoperations",
            "listoperation",
            "list",
            "列表操作",
            "リスト操作",
            "一覧操作",
            "리스트작업",
            "목록작업",
            "목록",
        ],
    ),
    (
        AccessLevel::Other,
        &[
            "otheroperations",
            "otheroperation",
            "other",
            "others",
            "其他操作",
            "其它操作",
            "その他の操作",
            "その他",
            "기타작업",
            "기타",
        ],
    ),
];

const GRANULARITIES: &[(ServiceGranularity, &[&str])] = &[
    (
        ServiceGranularity::Resource,
        &[
            "resourcelevel",
            "resource-level",
            "资源级",
            "資源級",
            "リソースレベル",
            "リソース級",
            "리소스수준",
            "리소스레벨",
            "리소스급",
        ],
    ),
    (
        ServiceGranularity::Operation,
        &[
            "接口级",
            "api级",
            "apilevel",
            "api-level",
            "interfacelevel",
            "operationlevel",
            "operation-level",
            "操作级",
            "操作級",
            "操作レベル",
            "オペレーションレベル",
            "작업수준",
            "작업레벨",
            "작업급",
        ],
    ),
    (
        ServiceGranularity::Service,
        &[
            "servicelevel",
            "service-level",
            "服务级",
            "サービスレベル",
            "サービス級",
            "서비스수준",
            "서비스레벨",
            "서비스급",
        ],
    ),
];

const SUPPORT: &[(IpRestriction, &[&str])] = &[
    (
        IpRestriction::Unsupported,
        &[
            "notsupported",
            "unsupported",
            "notsupport",
            "no",
            "不支持",
            "サポートしていません",
            "サポートしない",
            "非サポート",
            "サポート対象外",
            "지원하지않음",
            "미지원",
            "지원안함",
        ],
    ),
    (
        IpRestriction::Partial,
        &[
            "partiallysupported",
            "partialsupport",
            "部分支持",
            "一部サポート",
            "部分的にサポート",
            "일부지원",
            "부분지원",
        ],
    ),
    (
        IpRestriction::Supported,
        &[
            "supported",
            "support",
            "yes",
            "支持",
            "サポート",
            "サポートあり",
            "サポートしています",
            "지원",
            "지원함",
        ],
    ),
];

/// The headings that have no table of APIs.
const OTHER_HEADINGS: &[&str] = &[
    "基本信息",
    "说明",
    "注意",
    "接口授权粒度",
    "basicinformation",
    "basicinfo",
    "note",
    "notes",
    "apiauthorizationgranularity",
    "基本情報",
    "説明",
    "注意事項",
    "apiの承認粒度",
    "apiの承認の粒度",
    "기본정보",
    "설명",
    "api권한부여단위",
    "api권한부여세분성",
];

/// Returns the text without whitespace, in lower case, and without a colon at its end.
pub(super) fn squash(text: &str) -> String {
    let squashed: String =
        text.chars().filter(|character| !character.is_whitespace()).flat_map(char::to_lowercase).collect();
    squashed.trim_end_matches([':', '：']).to_owned()
}

/// Returns the text without the number at its beginning: `1. Write operations`, `一、写操作`.
fn unnumbered(text: &str) -> &str {
    let rest = text.trim_start_matches(|character: char| {
        character.is_ascii_digit() || "一二三四五六七八九十.（()".contains(character)
    });
    let marked = rest.len() < text.len()
        && (text[..text.len() - rest.len()].ends_with('.') || rest.starts_with(['、', ' ', ')', '）', '．']));
    if marked { rest.trim_start_matches(['、', ' ', ')', '）', '．']) } else { text }
}

fn find<T: Copy>(table: &[(T, &[&str])], text: &str) -> Option<T> {
    let word = squash(text);
    table.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(value, _)| *value)
}

pub(super) fn column(text: &str) -> Option<Column> {
    find(COLUMNS, text).or_else(|| {
        // A heading in two languages.
        let mut parts = columns_within(text);
        let first = parts.next()??;
        parts.all(|part| part == Some(first)).then_some(first)
    })
}

/// Returns what each part of a heading says, where a heading may stand in two languages.
pub(super) fn columns_within(text: &str) -> impl Iterator<Item = Option<Column>> {
    text.split(['/', '／', '\n', '(', '（', ')', '）'])
        .filter(|part| !part.trim().is_empty())
        .map(|part| find(COLUMNS, part))
}

pub(super) fn product_column(text: &str) -> Option<ProductColumn> {
    find(PRODUCT_COLUMNS, text)
}

pub(super) fn group(text: &str) -> Option<AccessLevel> {
    find(GROUPS, unnumbered(text))
}

/// Whether the name of a group is a word that pages also use in other places.
pub(super) fn is_bare_group(text: &str) -> bool {
    let text = squash(text);
    text.is_ascii() && text.len() <= 6
}

/// Whether a text that names no known group speaks of operations, as the name of an unknown group would.
pub(super) fn speaks_of_operations(text: &str) -> bool {
    let text = squash(text);
    let text =
        GRANULARITIES.iter().flat_map(|(_, words)| *words).fold(text, |text, word| text.replace(word, ""));
    ["操作", "operation", "작업", "書き込み", "読み取り", "リスト", "쓰기", "읽기", "operasi"]
        .iter()
        .any(|word| text.contains(word))
}

pub(super) fn granularity(text: &str) -> Option<ServiceGranularity> {
    find(GRANULARITIES, text)
}

/// Whether a text contains a word for a granularity.
pub(super) fn has_granularity(text: &str) -> bool {
    let text = squash(text);
    GRANULARITIES.iter().flat_map(|(_, words)| *words).any(|word| text.contains(word))
}

/// Whether a text contains the facts of a row: two rows may have become one.
pub(super) fn holds_a_row(text: &str) -> bool {
    text.contains("qcs:") || has_granularity(text) && text.split_whitespace().any(|word| word == "*")
}

pub(super) fn support(text: &str) -> Option<IpRestriction> {
    find(SUPPORT, text)
}

/// Whether the text may be the beginning of a word for support that was cut off.
pub(super) fn begins_support(text: &str) -> bool {
    let word = squash(text);
    SUPPORT.iter().flat_map(|(_, words)| *words).any(|known| known.starts_with(&word) && *known != word)
}

/// Whether the text is a word for support, and also the beginning of a word with another meaning.
pub(super) fn is_ambiguous_support(text: &str) -> bool {
    let word = squash(text);
    let Some(meaning) = support(text) else { return false };
    // A page that is cut off may end with `no` of `not supported`.
    SUPPORT.iter().any(|(other, words)| {
        words
            .iter()
            .any(|known| *known != word && known.starts_with(&word) && (*other != meaning || word == "no"))
    })
}

pub(super) fn is_other_heading(text: &str) -> bool {
    OTHER_HEADINGS.contains(&squash(text).as_str())
}

/// Returns a value and the text before it, if the text ends with a word for the value.
fn suffix<'t, T: Copy>(table: &[(T, &[&str])], text: &'t str) -> Option<(&'t str, T)> {
    let text = text.trim_end();
    let mut starts: Vec<usize> = text
        .char_indices()
        .filter(|(at, character)| {
            !character.is_whitespace() && text[..*at].chars().next_back().is_none_or(char::is_whitespace)
        })
        .map(|(at, _)| at)
        .rev()
        .take(3)
        .collect();
    starts.reverse();
    starts.into_iter().find_map(|at| Some((&text[..at], find(table, &text[at..])?)))
}

pub(super) fn support_at_end(text: &str) -> Option<(&str, IpRestriction)> {
    suffix(SUPPORT, text)
}

pub(super) fn granularity_at_end(text: &str) -> Option<(&str, ServiceGranularity)> {
    suffix(GRANULARITIES, text)
}

/// The length of the longest heading in bytes, with whitespace. Most lines of a page are longer, and so no headings.
const LONGEST_HEADING: usize = 96;

/// Returns the headings at the beginning of a line, and the rest of the line.
fn headings<'t, T: Copy + PartialEq>(table: &[(T, &[&str])], line: &'t str) -> (Vec<T>, &'t str) {
    let mut found = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let ends: Vec<usize> = rest
            .char_indices()
            .filter(|(_, character)| character.is_whitespace())
            .map(|(at, _)| at)
            .take(4)
            .chain(std::iter::once(rest.len()))
            .take_while(|end| *end <= LONGEST_HEADING)
            .collect();
        let next = ends.iter().rev().find_map(|end| Some((*end, find(table, &rest[..*end])?)));
        let Some((end, column)) = next else { break };
        found.push(column);
        rest = rest[end..].trim_start();
    }
    (found, rest)
}

/// Returns the columns that a line of whitespace-separated headings names, and the rest of the line.
pub(super) fn columns_of_line(line: &str) -> (Vec<Column>, &str) {
    headings(COLUMNS, line)
}

/// Returns the columns that a line of whitespace-separated headings of the basic facts names, and the rest of the line.
pub(super) fn product_columns_of_line(line: &str) -> (Vec<ProductColumn>, &str) {
    headings(PRODUCT_COLUMNS, line)
}

pub(super) fn is_header_line(line: &str) -> bool {
    let (columns, _) = columns_of_line(line);
    columns.len() >= 3 && columns[0] == Column::Name
}

pub(super) fn is_product_line(line: &str) -> bool {
    let (columns, _) = product_columns_of_line(line);
    columns.len() >= 3 && columns[0] == ProductColumn::Name
}

/// Whether a line cannot be a part of a table.
pub(super) fn is_prose(line: &str) -> bool {
    let starts_as_row = line.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_');
    let has_fact = line.contains("qcs:")
        || support(line).is_some()
        || line.split_whitespace().any(|word| granularity(word).is_some());
    !has_fact && (is_sentence(line) || line.ends_with([':', '：']) || !starts_as_row)
}

/// Whether a text announces an example.
pub(super) fn gives_example(text: &str) -> bool {
    let text = squash(text);
    let words = [
        "example",
        "e.g.",
        "suchas",
        "例如",
        "比如",
        "示例",
        "举例",
        "例えば",
        "예를들",
        "예시",
        "contoh",
        "misalnya",
    ];
    words.iter().any(|word| text.contains(word)) || text.ends_with(['如', '例'])
}

/// Whether the words before a pattern say for which resources it stands: for all, or for one. It may have no words.
pub(super) fn says_which_resources(label: &str) -> bool {
    const PARTS: &[&str] = &[
        "所有",
        "全部",
        "全量",
        "单个",
        "单一",
        "指定",
        "特定",
        "某个",
        "一个",
        "每个",
        "すべて",
        "全ての",
        "単一",
        "特定",
        "各",
        "전체",
        "모든",
        "개별",
        "단일",
        "특정",
        "각",
    ];
    const WORDS: &[&str] = &[
        "all",
        "any",
        "one",
        "single",
        "each",
        "every",
        "specific",
        "specified",
        "individual",
        "particular",
        "semua",
        "satu",
        "tertentu",
        "tunggal",
    ];
    const OLD: &[&str] = &[
        "旧", "原", "历史", "废弃", "下线", "停用", "以前", "廃止", "이전", "기존", "폐지", "deprecat",
        "obsolete", "former", "previous", "legacy", "lama",
    ];
    let lower = label.to_lowercase();
    let mut words =
        lower.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    if words.clone().next().is_none() {
        return true;
    }
    let squashed = squash(label);
    let is_old = contains(&squashed, OLD) || words.clone().any(|word| word == "old") || negates(label);
    !is_old && (contains(&squashed, PARTS) || words.any(|word| WORDS.contains(&word)))
}

/// Whether a cell says that it is the same as the one above.
pub(super) fn is_ditto(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "同上",
        "同上。",
        "ditto",
        "sameasabove",
        "asabove",
        "\"",
        "″",
        "〃",
        "同じ",
        "同上記",
        "위와같음",
        "상동",
        "samasepertidiatas",
    ];
    WORDS.contains(&squash(text).as_str())
}

/// Whether a line ends like a sentence.
pub(super) fn is_sentence(line: &str) -> bool {
    line.ends_with(['.', '。', '?', '？', '!', '！', ';', '；'])
}

/// Whether a line ends like a row with whitespace between the cells.
pub(super) fn ends_row(line: &str) -> bool {
    support_at_end(line).is_some()
}

/// The texts that sites print below their pages.
pub(super) fn is_footer(line: &str) -> bool {
    const FOOTERS: &[&str] = &[
        "wasthispagehelpful",
        "isthispagehelpful",
        "wasthisarticlehelpful",
        "feedback",
        "helpfulnot",
        "yesno",
        "contactus",
        "lastupdated",
        "文档内容是否对您有帮助",
        "本页内容是否解决了您的问题",
        "此页面对您是否有帮助",
        "有帮助没帮助",
        "文档反馈",
        "上一篇",
        "下一篇",
        "最近更新时间",
        "このページはお役に立ちましたか",
        "ご意見",
        "도움이되었습니까",
        "문의하기",
        "apakahhalamaninimembantu",
    ];
    let line = squash(line);
    FOOTERS.iter().any(|footer| line.starts_with(footer))
}

/// Whether the word looks like the name of an API: `DescribeThings`, `SMS_Get`.
pub(super) fn looks_like_name(text: &str) -> bool {
    let humps =
        text.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    text.len() >= 5 && is_name(text) && humps
}

pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Returns the language of a text, as far as its characters and a few words show it.
pub(super) fn language(text: &str) -> Language {
    let any = |ranges: &[(char, char)]| {
        text.chars().any(|character| ranges.iter().any(|(from, to)| (*from..=*to).contains(&character)))
    };
    if any(&[('\u{AC00}', '\u{D7AF}'), ('\u{1100}', '\u{11FF}')]) {
        Language::Korean
    } else if any(&[('\u{3041}', '\u{30FF}')]) {
        Language::Japanese
    } else if any(&[('\u{4E00}', '\u{9FFF}')]) {
        Language::Chinese
    } else if ["deskripsi", "kategori", "namaapi", "konsol"].iter().any(|word| squash(text).contains(word)) {
        Language::Indonesian
    } else {
        Language::English
    }
}

// Other words that may turn a heading into its opposite.
const NEGATIONS: &[&str] = &[
    "n't",
    "n’t",
    "unable",
    "unsup",
    "without",
    "cannot",
    "lack",
    "exclud",
    "不",
    "无",
    "無",
    "未",
    "非",
    "没",
    "免",
    "否",
    "ない",
    "ません",
    "対象外",
    "않",
    "미지",
    "불가",
    "없",
    "못",
    "비지",
    "tidak",
    "bukan",
    "tanpa",
];
const NEGATING_WORDS: &[&str] = &["no", "not", "non", "none", "never", "nor", "neither"];

/// Whether a heading speaks of APIs that can, or cannot, be limited to resources.
pub(super) fn is_section(heading: &str) -> bool {
    let heading = squash(heading);
    contains(
        &heading,
        &[
            "resource-level",
            "resourcelevel",
            "资源级",
            "資源級",
            "リソースレベル",
            "リソース級",
            "리소스레벨",
            "리소스수준",
            "리소스급",
            "리소스권한",
            "tingkatsumberdaya",
        ],
    ) && contains(&heading, &["api", "接口", "インターフェース", "인터페이스"])
}

/// Whether a heading may be about APIs.
pub(super) fn speaks_of_apis(heading: &str) -> bool {
    is_section(heading)
        || negates(heading)
        || contains(
            &squash(heading),
            &["api", "接口", "インターフェース", "인터페이스", "授权", "权限", "authoriz", "permission"],
        )
}

/// Whether a text contains a negation.
pub(super) fn negates(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|character: char| !character.is_alphanumeric());
    contains(&squash(text), NEGATIONS) || words.any(|word| NEGATING_WORDS.contains(&word))
}

fn contains(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Returns which APIs the section of a heading lists: those that can be limited to resources, or those that cannot. Returns
/// nothing for a heading that may mean either.
pub(super) fn section(heading: &str) -> Option<bool> {
    const UNSURE: &[&str] = &[
        "otherthan",
        "除",
        "部分",
        "仅",
        "只",
        "是否",
        "以外",
        "一部",
        "제외",
        "일부",
        "여부",
        "kecuali",
        "sebagian",
    ];
    const UNSURE_WORDS: &[&str] =
        &["except", "only", "partial", "partially", "some", "both", "whether", "and", "or"];
    const NEVER: &[&str] = &[
        "notsupport",
        "unsupport",
        "nosupport",
        "withoutsupport",
        "without",
        "unable",
        "cannot",
        "can'tbe",
        "can’tbe",
        "don'tsupport",
        "don’tsupport",
        "不支持",
        "无法",
        "不能",
        "不可",
        "未支持",
        "無法",
        "サポートしない",
        "サポートしていない",
        "サポートされていない",
        "サポート対象外",
        "非サポート",
        "できない",
        "지원하지않",
        "미지원",
        "지원불가",
        "지원되지않",
        "불가능",
        "할수없",
        "tidakmendukung",
    ];
    const ALWAYS: &[&str] = &["support", "支持", "可进行", "サポート", "지원", "mendukung", "可授权"];
    if !is_section(heading) {
        return None;
    }
    let lower = heading.to_lowercase();
    let words = || lower.split(|character: char| !character.is_alphanumeric());
    let heading = squash(heading);
    if contains(&heading, UNSURE) || words().any(|word| UNSURE_WORDS.contains(&word)) {
        return None;
    }
    let negating = words().filter(|word| NEGATING_WORDS.contains(word)).count();
    let found = NEVER.iter().find(|word| heading.contains(*word));
    if let Some(found) = found {
        // The meaning of a double negation is not certain.
        let rest = heading.replacen(found, "", 1);
        return (!contains(&rest, NEGATIONS) && negating < 2).then_some(false);
    }
    (contains(&heading, ALWAYS) && !contains(&heading, NEGATIONS) && negating == 0).then_some(true)
}

pub(super) fn surface(heading: &str) -> Option<Surface> {
    const CONSOLE: &[&str] = &[
        "consoleapi",
        "控制台api",
        "コンソールapi",
        "콘솔api",
        "控制台接口",
        "コンソールのapi",
        "apikonsol",
    ];
    const SERVER: &[&str] = &[
        "serverapi",
        "server-sideapi",
        "服务端api",
        "サーバーapi",
        "サーバーサイドapi",
        "서버api",
        "服务端接口",
        "サーバapi",
        "서버사이드api",
        "서버측api",
        "apiserver",
        "apisisiserver",
    ];
    let heading = squash(heading);
    if contains(&heading, &["non-", "not", "except", "otherthan", "非", "不", "除", "以外", "제외", "bukan"])
    {
        return None;
    }
    match (contains(&heading, SERVER), contains(&heading, CONSOLE)) {
        (true, false) => Some(Surface::Server),
        (false, true) => Some(Surface::Console),
        _ => None,
    }
}

/// Returns the kind of reason that a text gives for an action that is not resource-level.
pub(super) fn reason(text: &str) -> Option<RestrictionReason> {
    const REASONS: &[(RestrictionReason, &[&str])] = &[
        (
            RestrictionReason::CreatesResource,
            &[
                "aftercreat",
                "generatedafter",
                "aftertheapplicationiscreated",
                "afterapplicationcreation",
                "创建应用之后",
                "创建之后",
                "创建后",
                "作成後",
                "作成の後",
                "생성후",
                "생성한후",
                "생성된후",
                "생성이후",
                "생성되어야",
                "생성해야",
                "setelahdibuat",
                "setelahmembuat",
            ],
        ),
        (RestrictionReason::SharedByAccount, &["sharedby", "共享", "共有", "공유", "digunakanbersama"]),
        (
            RestrictionReason::CoversAllResources,
            &[
                "statisticsofall",
                "ofall`sdkappid",
                "ofallsdkappid",
                "全量",
                "完全なsdkappid",
                "すべてのsdkappid",
                "전체sdkappid",
                "전량의sdkappid",
                "모든sdkappid",
                "전체`sdkappid",
                "모든`sdkappid",
            ],
        ),
        (
            RestrictionReason::BusinessReasons,
            &[
                "businessreason",
                "业务原因",
                "業務上",
                "業務の理由",
                "ビジネス上",
                "비즈니스",
                "업무상",
                "업무사유",
                "alasanbisnis",
            ],
        ),
        (
            RestrictionReason::NoResourceParameter,
            &[
                "notinclude",
                "notcontain",
                "no`sdkappid",
                "nosdkappid",
                "无sdkappid",
                "没有sdkappid",
                "不包含",
                "不含",
                "sdkappidがない",
                "sdkappidがありません",
                "sdkappidが含まれ",
                "sdkappid가없",
                "sdkappid이없",
                "sdkappid가포함",
                "sdkappid없",
                "sdkappid가존재하지않",
                "sdkappid이존재하지않",
                "tidakmenyertakan",
                "tidakmemuat",
                "tidakmengandung",
            ],
        ),
    ];
    let text = squash(text).replace('`', "");
    let plain = |word: &str| text.contains(&word.replace('`', ""));
    REASONS.iter().find(|(_, words)| words.iter().any(|word| plain(word))).map(|(reason, _)| *reason)
}

/// Whether a text says only that there is no resource-level authorization.
pub(super) fn says_unsupported(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "리소스수준권한부여미지원",
        "不支持资源级授权",
        "无法进行资源级授权",
        "resource-levelauthorizationnotsupported",
        "notsupportresource-levelauthorization",
        "doesnotsupportresource-levelauthorization",
    ];
    WORDS.contains(&squash(text).trim_end_matches(['.', '。']))
}

/// Other headings of the pages about manageable resources and actions.
pub(super) fn is_overview_heading(heading: &str) -> bool {
    let heading = squash(heading);
    [
        "manageableresource",
        "resourcetype",
        "typeofresource",
        "typesofresource",
        "资源类型",
        "リソースタイプ",
        "リソースの種類",
        "리소스유형",
        "resourcetypesthatcan",
        "jenissumberdaya",
        "tipesumberdaya",
    ]
    .iter()
    .any(|word| heading.contains(word))
}
