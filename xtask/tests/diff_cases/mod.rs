//! Changes made by hand, each a small edit of one catalog: what `diff` must say of them, and programs that prove it.

// Each test file uses a part of it.
#![allow(dead_code)]

use cam_policy::catalog::Catalog;
use tencent_cam_codegen::Arena;
use xtask::diff::{Change, Item, Kind, Level};

/// The catalog before every change.
pub(crate) const BEFORE: &str = include_str!("before.toml");

/// A program that uses all of the API that `BEFORE` makes: what is not breaking must not break it.
pub(crate) const USER: &str = include_str!("user.rs");

/// A change.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// What to replace, wherever it stands, by what.
    pub(crate) edits: &'static [(&'static str, &'static str)],
    /// A line a change: level, kind, item, key; before → after.
    pub(crate) says: &'static [&'static str],
    /// For each breaking kind that this case proves: the body of a function that was right, and why it is wrong now.
    pub(crate) breaks: &'static [Proof],
}

/// A body of a function that was right before the change.
pub(crate) struct Proof {
    pub(crate) kind: Kind,
    pub(crate) body: &'static str,
    pub(crate) fails: Fails,
}

/// How a program that was right fails.
#[derive(Clone, Copy)]
pub(crate) enum Fails {
    /// It does not compile: the compiler's code, and a word of its message.
    ToCompile(&'static str, &'static str),
    /// It compiles, and panics when it runs.
    ToRun,
}

/// The catalog after the edits.
pub(crate) fn after(edits: &[(&str, &str)]) -> String {
    edited(BEFORE, edits)
}

/// A text after the edits.
pub(crate) fn edited(text: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "`{old}` does not stand in the catalog");
        text.replace(old, new)
    })
}

/// A catalog that must be right. It stays until the test ends.
pub(crate) fn parse(text: &str) -> Catalog<'static> {
    let arena: &'static Arena = Box::leak(Box::new(Arena::new()));
    tencent_cam_codegen::parse(arena, "catalog.toml", text).unwrap_or_else(|report| panic!("{report}"))
}

/// A change on one line.
pub(crate) fn line(change: &Change) -> String {
    let rule = change.kind.rule();
    let item = match &change.item {
        Item::Catalog | Item::Service => String::new(),
        Item::Pattern(name) => format!("pattern {name}"),
        Item::Enum(name) => format!("enum {name}"),
        Item::Action(name) => name.clone(),
    };
    let fact = change.fact.as_deref().unwrap_or("");
    let values = [&change.before, &change.after].map(|value| value.as_deref().unwrap_or("-"));
    let words: Vec<&str> = [rule.level.word(), rule.id, &change.service, &item, fact]
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    format!("{}: {} → {}", words.join(" "), values[0], values[1])
}

/// The kinds of the changes a case makes.
pub(crate) fn kinds(case: &Case) -> Vec<Kind> {
    kinds_of(&parse(&after(case.edits)))
}

/// The kinds of the changes from `BEFORE` to a catalog.
pub(crate) fn kinds_of(catalog: &Catalog<'_>) -> Vec<Kind> {
    xtask::diff::report(&parse(BEFORE), catalog).list.iter().map(|change| change.kind).collect()
}

/// Whether any of its changes is breaking.
pub(crate) fn breaking(case: &Case) -> bool {
    kinds(case).iter().any(|kind| kind.rule().level == Level::Major)
}

macro_rules! cases {
    ($($name:literal [$(($old:expr, $new:expr)),* $(,)?] says [$($line:literal)*]
       $(breaks $kind:ident $body:literal $fails:ident($($why:literal),*))*;)+) => {
        /// The changes.
        pub(crate) const CASES: &[Case] = &[$(Case {
            name: $name,
            edits: &[$(($old, $new)),*],
            says: &[$($line),*],
            breaks: &[$(Proof { kind: Kind::$kind, body: $body, fails: cases!(@ $fails $($why)*) }),*],
        },)+];
    };
    (@ compile $code:literal $word:literal) => { Fails::ToCompile($code, $word) };
    (@ run) => { Fails::ToRun };
}

const LOCK_SAFE: &str =
    "[service.vault.action.LockSafe]\n  granularity = \"resource\"\n  patterns = [\"safe\"]";
const MARK_KEY: &str = "[service.vault.action.MarkKey]\n  granularity = \"resource\"\n  patterns = [\"key\"]";
const BURN_KEY: &str = "[service.vault.action.BurnKey]\n  granularity = \"resource\"\n  patterns = [\"key\"]";
const BURN_KEY_SAFE: &str = "[service.vault.action.BurnKey]\n  granularity = \"resource\"\n  patterns = [\n    \"key\",\n    \"safe\",\n  ]";
const ATTACH_KEY: &str = "[service.vault.action.AttachKey]\n  granularity = \"resource\"\n  patterns = [\n    \"key\",\n    \"safe\",\n  ]";
const BIND_KEY: &str = "[service.vault.action.BindKey]\n  granularity = \"resource\"\n  patterns = [\n    \"key\",\n    \"safe\",\n  ]";
const WHOLE_MARK_KEY: &str = "[service.vault.action.MarkKey]
  granularity = \"resource\"
  patterns = [\"key\"]
  access_level = \"write\"
  ip_condition = false
  description.en = \"Marks a key.\"
  description.zh = \"标记钥匙。\"

";
const WHOLE_RUST_KEY: &str = "[service.vault.action.RustKey]
  removed = 2026-01-02
  replaced_by = \"BurnKey\"
  granularity = \"resource\"
  patterns = [\"key\"]
  access_level = \"write\"
  description.en = \"Lets a key rust.\"
  description.zh = \"让钥匙生锈。\"

";
const RUST_KEY: &str = "  access_level = \"write\"\n  description.en = \"Lets a key";
const OPEN_SAFE_LINK: &str = "  doc_url = \"https://example.com/open\"\n";
const OPEN_SAFE_WITHOUT_IP: &str = "  doc_url = \"https://example.com/open\"\n  ip_condition = false\n";
const NEW_SERVICE: &str = "[service.attic]
  name.en = \"Attic\"
  name.zh = \"阁楼\"
  granularity = \"operation\"
  source.title = \"Attic and CAM\"
  source.read = 2026-01-05

[service.attic.action.Climb]
  granularity = \"operation\"
  description.en = \"Climbs up.\"
  description.zh = \"爬上去。\"

[service.room]
";
const SHELF: &str = "[service.vault.pattern.shelf]
  single = \"qcs::vault::uin/${uin}:shelf/${ShelfId}\"
  all = \"qcs::vault::uin/${uin}:shelf/*\"
  placeholder.ShelfId = \"number\"
  description.en = \"A shelf.\"
  description.zh = \"一个架子。\"

[service.vault.action.AddShelf]
  granularity = \"resource\"
  patterns = [\"shelf\"]
  access_level = \"write\"
  description.en = \"Adds a shelf.\"
  description.zh = \"加一个架子。\"

[service.vault.action.AttachKey]";

cases! {
    "description in English" [("Opens a safe.", "Opens a safe with a key.")]
        says [
            "patch description vault OpenSafe description.en: Opens a safe. → Opens a safe with a key."
        ];
    "description in Chinese" [("打开保险箱。", "用钥匙打开保险箱。")]
        says [
            "patch description vault OpenSafe description.zh: 打开保险箱。 → 用钥匙打开保险箱。"
        ];
    "note on an action" [("  description.zh = \"打开保险箱。\"\n", "  description.zh = \"打开保险箱。\"\n  note.granularity.en = \"Contradicted elsewhere.\"\n  note.granularity.zh = \"别处说法不一。\"\n")]
        says [
            "patch note vault OpenSafe note.granularity.en: - → Contradicted elsewhere."
            "patch note vault OpenSafe note.granularity.zh: - → 别处说法不一。"
        ];
    "link changed" [("https://example.com/open", "https://example.com/open-safe")]
        says [
            "patch link vault OpenSafe doc_url: https://example.com/open → https://example.com/open-safe"
        ];
    "link lost" [("  doc_url = \"https://example.com/open\"\n", "")]
        says [
            "patch link vault OpenSafe doc_url: https://example.com/open → -"
        ];
    "IP condition gained" [("  ip_condition = false\n", "  ip_condition = true\n")]
        says [
            "minor ip_gained vault MarkKey ip_condition: false → true"
        ];
    "IP condition lost" [("  ip_condition = true\n", "  ip_condition = false\n")]
        says [
            "major ip_lost vault LockSafe ip_condition: true → false"
        ]
        breaks IpLost "let office = Condition::unchecked(Comparison::IpEqual.into(), \"qcs:ip\", [ConditionValue::Text(\"10.0.0.0/8\".into())]); let safe = vault::Safe::id(Uin::new(1).unwrap(), 7).unwrap(); PolicyBuilder::new().allow_if(safe, [vault::SafeAction::LockSafe], office).build().unwrap();"
            run();
    "IP condition lost by the last of an enum" [
        ("  ip_condition = true\n", "  ip_condition = false\n"),
        (OPEN_SAFE_LINK, OPEN_SAFE_WITHOUT_IP)
    ]
        says [
            "major ip_lost vault LockSafe ip_condition: true → false"
            "major ip_lost vault OpenSafe ip_condition: - → false"
        ]
        breaks IpLost "fn limited<A: HeedsIp>(_: A) {} limited(vault::SafeAction::OpenSafe);"
            compile("E0277", "do not heed a condition on the caller's address");
    "IP condition not stated any more" [("  ip_condition = true\n", "")]
        says [
            "minor ip_unstated vault LockSafe ip_condition: true → -"
        ];
    "access level" [(RUST_KEY, "  access_level = \"list\"\n  description.en = \"Lets a key")]
        says [
            "minor access_level vault RustKey access_level: write → list"
        ];
    "credentials" [(RUST_KEY, "  access_level = \"write\"\n  exposes_credentials = true\n  description.en = \"Lets a key")]
        says [
            "minor exposes_credentials vault RustKey exposes_credentials: - → true"
        ];
    "condition keys" [(RUST_KEY, "  access_level = \"write\"\n  condition_keys = [\"vault:door\"]\n  description.en = \"Lets a key")]
        says [
            "minor condition_keys vault RustKey condition_keys: - → vault:door"
        ];
    "not in the SDK" [(RUST_KEY, "  access_level = \"write\"\n  in_sdk = false\n  description.en = \"Lets a key")]
        says [
            "minor in_sdk vault RustKey in_sdk: - → false"
        ];
    "a malformed pattern" [("  patterns = [\"room\"]\n  surface = \"server\"\n  description.en = \"Joins", "  patterns = [\"room\"]\n  printed_patterns = [\"qcs::room\"]\n  surface = \"server\"\n  description.en = \"Joins")]
        says [
            "minor printed_patterns room JoinRoom printed_patterns: - → qcs::room"
        ];
    "surface" [("  patterns = [\"room\"]\n  surface = \"server\"\n  description.en = \"Joins", "  patterns = [\"room\"]\n  surface = \"console\"\n  description.en = \"Joins")]
        says [
            "minor surface room JoinRoom surface: server → console"
        ];
    "category of an action" [("  category = \"guests\"\n  doc", "  category = \"doors\"\n  doc"), ("[service.room.category.guests]\n  en = \"Guests\"\n  zh = \"来宾\"\n\n", "")]
        says [
            "patch action_category room GreetGuest category: guests → doors"
        ];
    "category renamed in the catalog only" [("category.guests]", "category.visitors]"), ("\"guests\"", "\"visitors\"")]
        says [];
    "category title" [("  en = \"Doors\"", "  en = \"Doors and windows\"")]
        says [
            "patch category room category.doors.en: Doors → Doors and windows"
        ];
    "console pages of an action" [("  console_pages = [\"usage\"]\n  restriction = \"business", "  console_pages = [\"overview\"]\n  restriction = \"business")]
        says [
            "patch action_console_pages room ShowBill console_pages: usage → overview"
        ];
    "console page moved" [("https://example.com/console/usage", "https://example.com/usage")]
        says [
            "patch console_page room console_page.usage.url: https://example.com/console/usage → https://example.com/usage"
        ];
    "reference" [("https://example.com/guide", "https://example.com/guide2")]
        says [
            "patch reference room reference.guide.url: https://example.com/guide → https://example.com/guide2"
        ];
    "references of an action" [("  references = [\"guide\"]\n", "  references = [\"terms\"]\n")]
        says [
            "patch action_references room GreetGuest references: guide → terms"
        ];
    "restriction" [("  restriction = \"no_resource_parameter\"\n  description.en = \"Shows v", "  restriction = \"business_reasons\"\n  description.en = \"Shows v")]
        says [
            "minor restriction room ShowVisits restriction: no_resource_parameter → business_reasons"
        ];
    "words of a restriction" [("The request names no room.", "No room is named.")]
        says [
            "patch restriction_text room restriction.no_resource_parameter.en: The request names no room. → No room is named."
        ];
    "alternative" [("  alternative = \"CloseRoom\"", "  alternative = \"PaintRoom\"")]
        says [
            "minor alternative room ShowUsage alternative: CloseRoom → PaintRoom"
        ];
    "product name" [("name.en = \"Vault\"", "name.en = \"Vaults\"")]
        says [
            "patch service_name vault name.en: Vault → Vaults"
        ];
    "granularity of the product" [("  name.zh = \"房间\"\n  granularity = \"resource\"", "  name.zh = \"房间\"\n  granularity = \"operation\"\n"), ("  source.read = 2026-01-05\n\n[service.room.pattern.room]", "  source.read = 2026-01-05\n  note.granularity.en = \"Its actions say otherwise.\"\n  note.granularity.zh = \"与其接口不符。\"\n\n[service.room.pattern.room]")]
        says [
            "minor service_granularity room granularity: resource → operation"
            "patch note room note.granularity.en: - → Its actions say otherwise."
            "patch note room note.granularity.zh: - → 与其接口不符。"
        ];
    "console access" [("  console_access = true", "  console_access = false")]
        says [
            "minor console_access room console_access: true → false"
        ];
    "grouping" [("  name.zh = \"动物园\"\n  granularity = \"operation\"\n  grouped_by = \"access_level\"", "  name.zh = \"动物园\"\n  granularity = \"operation\"\n  grouped_by = \"surface\"")]
        says [
            "minor grouped_by zoo grouped_by: access_level → surface"
        ];
    "complete list" [("  source.title = \"Zoo and CAM\"", "  complete = true\n  source.title = \"Zoo and CAM\"")]
        says [
            "minor complete zoo complete: - → true"
        ];
    "keys of all requests" [("  source.title = \"Zoo and CAM\"", "  all_request_keys = [\"zoo:door\"]\n  source.title = \"Zoo and CAM\"")]
        says [
            "minor all_request_keys zoo all_request_keys: - → zoo:door"
        ];
    "authorization by tag" [("  tag_authorization = false\n", "  tag_authorization = true\n")]
        says [
            "minor tag_authorization room tag_authorization: false → true"
        ];
    "IP restriction of the product" [("  ip_restriction = \"partial\"\n", "")]
        says [
            "minor ip_restriction vault ip_restriction: partial → -"
        ];
    "source read again" [("2026-01-05", "2026-02-06")]
        says [
            "patch source room source.read: 2026-01-05 → 2026-02-06"
            "patch source vault source.read: 2026-01-05 → 2026-02-06"
        ];
    "words about a pattern" [("A key of a region.", "A key, kept in a region.")]
        says [
            "patch pattern_text vault pattern key description.en: A key of a region. → A key, kept in a region."
        ];
    "placeholder renamed" [("${SafeId}", "${SafeNo}"), ("placeholder.SafeId", "placeholder.SafeNo")]
        says [
            "patch placeholder_name vault pattern safe single: qcs::vault::uin/${uin}:safe/${SafeId} → qcs::vault::uin/${uin}:safe/${SafeNo}"
        ];
    "action added" [("[service.vault.action.SearchSafes]", "[service.vault.action.CountSafes]\n  granularity = \"operation\"\n  access_level = \"list\"\n  description.en = \"Counts safes.\"\n  description.zh = \"统计保险箱。\"\n\n[service.vault.action.SearchSafes]")]
        says [
            "minor action_added vault CountSafes: - → operation"
        ];
    "pattern added" [("[service.vault.action.AttachKey]", SHELF)]
        says [
            "minor pattern_added vault pattern shelf: - → qcs::vault::uin/${uin}:shelf/${ShelfId}"
            "minor enum_added vault enum ShelfAction: - → AddShelf"
            "minor action_added vault AddShelf: - → resource, qcs::vault::uin/${uin}:shelf/${ShelfId}"
        ];
    "service added" [("[service.room]\n", NEW_SERVICE)]
        says [
            "minor service_added attic: - → Attic, 1 action"
        ];
    "resource to operation level" [(LOCK_SAFE, "[service.vault.action.LockSafe]\n  granularity = \"operation\"")]
        says [
            "major granularity_widened vault LockSafe granularity: resource, qcs::vault::uin/${uin}:safe/${SafeId} → operation"
        ]
        breaks GranularityWidened "let owner = Uin::new(1).unwrap(); let _ = PolicyBuilder::new().allow(vault::Safe::all(owner), [vault::SafeAction::LockSafe]);" compile("E0599", "LockSafe");
    "operation to resource level" [("[service.vault.action.SearchSafes]\n  granularity = \"operation\"", "[service.vault.action.SearchSafes]\n  granularity = \"resource\"\n  patterns = [\"safe\"]")]
        says [
            "major granularity_narrowed vault SearchSafes granularity: operation → resource, qcs::vault::uin/${uin}:safe/${SafeId}"
        ]
        breaks GranularityNarrowed "let _ = PolicyBuilder::new().allow_everywhere([vault::OperationAction::SearchSafes]);" compile("E0599", "SearchSafes");
    "pattern set widened" [(BURN_KEY, BURN_KEY_SAFE)]
        says [
            "major patterns_gained vault BurnKey patterns: key → key, safe"
        ]
        breaks PatternsGained "let _ = vault::KeyAction::BurnKey.doc_url();" compile("E0599", "BurnKey");
    "pattern set narrowed" [(ATTACH_KEY, "[service.vault.action.AttachKey]\n  granularity = \"resource\"\n  patterns = [\"key\"]")]
        says [
            "major patterns_lost vault AttachKey patterns: key, safe → key"
        ]
        breaks PatternsLost "let owner = Uin::new(1).unwrap(); let _ = PolicyBuilder::new().allow(vault::Safe::all(owner), [vault::KeySafeAction::AttachKey]);" compile("E0599", "AttachKey");
    "pattern set changed" [(BURN_KEY, "[service.vault.action.BurnKey]\n  granularity = \"resource\"\n  patterns = [\"safe\"]")]
        says [
            "major patterns_replaced vault BurnKey patterns: key → safe"
        ]
        breaks PatternsReplaced "let _ = vault::KeyAction::BurnKey.name();" compile("E0599", "BurnKey");
    "enum of a pattern set removed" [(ATTACH_KEY, "[service.vault.action.AttachKey]\n  granularity = \"resource\"\n  patterns = [\"key\"]"), (BIND_KEY, "[service.vault.action.BindKey]\n  granularity = \"resource\"\n  patterns = [\"key\"]")]
        says [
            "major enum_removed vault enum KeySafeAction: AttachKey, BindKey → -"
            "major patterns_lost vault AttachKey patterns: key, safe → key"
            "major patterns_lost vault BindKey patterns: key, safe → key"
        ]
        breaks EnumRemoved "let _ = vault::KeySafeAction::ALL;" compile("E0433", "KeySafeAction");
    "pattern removed" [("[service.room.pattern.seat]\n  single = \"qcs::room::uin/${uin}:seat/${SeatId}\"\n  all = \"qcs::room::uin/${uin}:seat/*\"\n  placeholder.SeatId = \"text\"\n  description.en = \"A seat.\"\n  description.zh = \"一个座位。\"\n\n", ""), ("  patterns = [\"seat\"]", "  patterns = [\"room\"]")]
        says [
            "major pattern_removed room pattern seat: qcs::room::uin/${uin}:seat/${SeatId} → -"
            "major enum_removed room enum SeatAction: TakeSeat → -"
            "major patterns_replaced room TakeSeat patterns: seat → room"
        ]
        breaks PatternRemoved "let owner = Uin::new(1).unwrap(); let _ = room::Seat::all(owner);" compile("E0433", "Seat");
    "pattern renamed" [("pattern.key]", "pattern.keys]"), ("\"key\"", "\"keys\"")]
        says [
            "major pattern_renamed vault pattern key: key → keys"
        ]
        breaks PatternRenamed "let _ = vault::Key::all(Uin::new(1).unwrap(), Region::every());" compile("E0433", "Key");
    "placeholder of another kind" [("placeholder.KeyId = \"text\"", "placeholder.KeyId = \"number\"")]
        says [
            "major pattern_parameters vault pattern key single: Uin, Region, &str → Uin, Region, u64"
        ]
        breaks PatternParameters "let _ = vault::Key::id(Uin::new(1).unwrap(), Region::every(), \"k\");" compile("E0308", "u64");
    "placeholder gone" [("qcs::vault:${region}:", "qcs::vault::")]
        says [
            "major pattern_parameters vault pattern key single: qcs::vault:${region}:uin/${uin}:key/${KeyId} → qcs::vault::uin/${uin}:key/${KeyId}"
            "major pattern_parameters vault pattern key all: qcs::vault:${region}:uin/${uin}:key/* → qcs::vault::uin/${uin}:key/*"
        ];
    "pattern spelt otherwise" [("safe/${SafeId}", "Safe/${SafeId}"), ("safe/*", "Safe/*")]
        says [
            "major pattern_single vault pattern safe single: qcs::vault::uin/${uin}:safe/${SafeId} → qcs::vault::uin/${uin}:Safe/${SafeId}"
            "major pattern_all vault pattern safe all: qcs::vault::uin/${uin}:safe/* → qcs::vault::uin/${uin}:Safe/*"
        ]
        breaks PatternSingle "\"qcs::vault::uin/1:safe/7\".parse::<Resource<vault::Safe>>().unwrap();" run()
        breaks PatternAll "\"qcs::vault::uin/1:safe/*\".parse::<Resource<vault::Safe>>().unwrap();" run();
    "pattern of another service" [("qcs::room::uin/${uin}:seat/${SeatId}", "qcs::hall::uin/${uin}:seat/${SeatId}"), ("qcs::room::uin/${uin}:seat/*\"\n  placeholder.SeatId = \"text\"", "qcs::hall::uin/${uin}:seat/*\"\n  placeholder.SeatId = \"text\"\n  service_segment = \"hall\"")]
        says [
            "major pattern_single room pattern seat single: qcs::room::uin/${uin}:seat/${SeatId} → qcs::hall::uin/${uin}:seat/${SeatId}"
            "major pattern_all room pattern seat all: qcs::room::uin/${uin}:seat/* → qcs::hall::uin/${uin}:seat/*"
        ];
    "action removed" [(WHOLE_MARK_KEY, "")]
        says [
            "major action_removed vault MarkKey: resource, qcs::vault:${region}:uin/${uin}:key/${KeyId} → -"
        ]
        breaks ActionRemoved "let _ = vault::KeyAction::MarkKey;" compile("E0599", "MarkKey");
    "action renamed" [("action.MarkKey]", "action.MarkKeys]")]
        says [
            "major action_renamed vault MarkKey: MarkKey → MarkKeys"
        ]
        breaks ActionRenamed "let _ = vault::KeyAction::MarkKey;" compile("E0599", "MarkKey");
    "not a rename: the facts differ" [(MARK_KEY, "[service.vault.action.MarkKeys]\n  granularity = \"resource\"\n  patterns = [\"safe\"]")]
        says [
            "major action_removed vault MarkKey: resource, qcs::vault:${region}:uin/${uin}:key/${KeyId} → -"
            "minor action_added vault MarkKeys: - → resource, qcs::vault::uin/${uin}:safe/${SafeId}"
        ];
    "not a rename: the names are far apart" [("action.MarkKey]", "action.LogIn]\n")]
        says [
            "minor action_added vault LogIn: - → resource, qcs::vault:${region}:uin/${uin}:key/${KeyId}"
            "major action_removed vault MarkKey: resource, qcs::vault:${region}:uin/${uin}:key/${KeyId} → -"
        ];
    "service removed" [("[service.room", "[service.hall"), ("qcs::room:", "qcs::hall:")]
        says [
            "minor service_added hall: - → Rooms, 8 actions"
            "major service_removed room: Rooms, 8 actions → -"
        ]
        breaks ServiceRemoved "let _ = room::Action::ALL;" compile("E0433", "room");
    "version of the data" [("version = 3", "version = 4")]
        says [
            "patch data_version version: 3 → 4"
        ];
    "correction by hand" [("  description.zh = \"打开保险箱。\"\n", "  description.zh = \"打开保险箱。\"\n  override.access_level.upstream = \"read\"\n  override.access_level.reason.en = \"It writes.\"\n  override.access_level.reason.zh = \"它会写入。\"\n")]
        says [
            "patch override vault OpenSafe override.access_level.upstream: - → read"
            "patch override vault OpenSafe override.access_level.reason.en: - → It writes."
            "patch override vault OpenSafe override.access_level.reason.zh: - → 它会写入。"
        ];
    "marked removed" [(MARK_KEY, "[service.vault.action.MarkKey]\n  removed = 2026-02-06\n  granularity = \"resource\"\n  patterns = [\"key\"]")]
        says [
            "minor action_deprecated vault MarkKey removed: - → removed 2026-02-06"
        ];
    "marked removed, with a replacement" [(MARK_KEY, "[service.vault.action.MarkKey]\n  removed = 2026-02-06\n  replaced_by = \"BurnKey\"\n  granularity = \"resource\"\n  patterns = [\"key\"]")]
        says [
            "minor action_deprecated vault MarkKey removed: - → removed 2026-02-06, use BurnKey"
        ];
    "another replacement" [("  replaced_by = \"BurnKey\"", "  replaced_by = \"MarkKey\"")]
        says [
            "patch replacement vault RustKey replaced_by: BurnKey → MarkKey"
        ];
    "no longer marked removed" [("  removed = 2026-01-02\n  replaced_by = \"BurnKey\"\n", "")]
        says [
            "patch action_restored vault RustKey removed: removed 2026-01-02 → -"
        ];
    "removed after it was marked" [(WHOLE_RUST_KEY, "")]
        says [
            "major action_removed vault RustKey: resource, qcs::vault:${region}:uin/${uin}:key/${KeyId} → -"
        ];
    "granularity documented" [("[service.vault.action.TipSafe]\n  granularity = \"undocumented\"", "[service.vault.action.TipSafe]\n  granularity = \"operation\"")]
        says [
            "major granularity_documented vault TipSafe granularity: undocumented → operation"
        ]
        breaks GranularityDocumented "let _ = vault::UndocumentedAction::TipSafe;" compile("E0599", "TipSafe");
    "granularity documented no longer" [("[service.vault.action.SearchSafes]\n  granularity = \"operation\"\n  access_level = \"list\"", "[service.vault.action.SearchSafes]\n  granularity = \"undocumented\"")]
        says [
            "major granularity_undocumented vault SearchSafes granularity: operation → undocumented"
            "minor access_level vault SearchSafes access_level: list → -"
        ]
        breaks GranularityUndocumented "let _ = vault::OperationAction::SearchSafes;" compile("E0599", "SearchSafes");
    "comments and order" [("# Two invented", "# Three invented"), ("[service.room.action.ShowBill]", "\n[service.room.action.ShowBill] # the bill")]
        says [];
}
