//! Compares the engine with the simple evaluator of `tests/oracle`, on random policies, requests and catalogs.

mod common;
mod oracle;

use cam_policy::catalog::{Action, Catalog, Granularity, Pattern};
use cam_policy::document::Document;
use cam_policy::engine::{Caller, PolicySet, Request};
use common::LAYERS;
use oracle::{Case, Verdict, Who};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::{Map, Value, json};

const OWNER: &str = "100000000001";
const OTHER_OWNER: &str = "100000000009";
const CALLER: &str = "100000000002";
const OTHER_CALLER: &str = "100000000012";

/// The source of a case: each number answers one question; after the last number every answer is 0. Fewer and smaller
/// numbers make a simpler case, and proptest shrinks to those.
struct Choices<'a> {
    numbers: std::slice::Iter<'a, u16>,
    catalog: Catalog<'static>,
}

impl Choices<'_> {
    fn below(&mut self, end: usize) -> usize {
        usize::from(*self.numbers.next().unwrap_or(&0)) % end
    }

    /// Returns true in so many of a hundred cases; false after the last number.
    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// A case, prepared for both evaluators.
#[derive(Debug)]
struct Made {
    catalog: Catalog<'static>,
    layers: [Option<Vec<Value>>; 7],
    who: Who<'static>,
    account: Option<&'static str>,
    groups: Vec<String>,
    app_id: Option<&'static str>,
    action: String,
    resource: String,
    context: Vec<(String, Vec<String>)>,
}

/// A condition in the form that a statement holds.
struct Compared {
    operator: String,
    key: &'static str,
    values: Vec<Value>,
}

/// A statement before it is written.
struct Drawn {
    allow: bool,
    principal: Option<Value>,
    actions: Vec<String>,
    resources: Vec<String>,
    conditions: Vec<Compared>,
}

/// The actions that most cases use, so that statements often match: each granularity, each pattern, one outside the
/// catalog.
const ACTIONS: [&str; 10] = [
    "trtc:RemoveUser",
    "trtc:RemoveUserByStrRoomId",
    "trtc:GetUserList",
    "ccc:CreateStaff",
    "ccc:CreateIVR",
    "ccc:DescribeActiveCarrierPrivilegeNumber",
    "ccc:DestroyNumberResource",
    "cos:GetObject",
    "cvm:RunInstances",
    "trtc:NotInTheCatalog",
];

fn action(of: &mut Choices<'_>) -> String {
    if of.percent(80) {
        // Picks the first ones more often than the last.
        let end = 1 + of.below(ACTIONS.len());
        return of.one(&ACTIONS[..end]).to_owned();
    }
    let services: Vec<_> = of.catalog.services.iter().filter(|one| !one.actions.is_empty()).collect();
    if services.is_empty() {
        return of.one(&ACTIONS).to_owned();
    }
    let actions: Vec<Action<'_>> = of.one(&services).actions().collect();
    of.one(&actions).as_str().to_owned()
}

fn action_pattern(of: &mut Choices<'_>) -> String {
    let action = action(of);
    let (service, name) = action.split_once(':').unwrap();
    let some = of.below(name.len() + 1);
    let more = some + of.below(name.len() + 1 - some);
    let pattern = match of.below(14) {
        0..5 => action.clone(),
        5 => format!("{service}:*"),
        6 => format!("{service}:{}*", &name[..some]),
        7 => format!("{service}:*{}", &name[some..]),
        8 => format!("{service}:*{}*", &name[some..more]),
        9 => format!("{service}:{}*{}", &name[..some], &name[more..]),
        10 => format!("*:{}*", &name[..some]),
        11 => of.one(&["*", "*:*"]).to_owned(),
        12 => of.one(&["permid/280649", "trtc:?emoveUser", "trtc:removeuser", "cos:**Object"]).to_owned(),
        _ => format!("{service}:{}**{}*", &name[..some], &name[some..more]),
    };
    if of.percent(15) { format!("name/{pattern}") } else { pattern }
}

const LAST_SEGMENTS: [&str; 28] = [
    "sdkappid/1400000001",
    "sdkappid/*",
    "SdkAppId/1400000001",
    "SdkAppId/*",
    "*",
    "sdkappid/14*",
    "*/14*1",
    "*1*0*1*",
    "bucket/${uin}/*",
    "bucket/${uin}",
    "*${uin}*",
    "*/${owner_uin}*${uin}/*",
    "prefix//${app_id}/bucket/*",
    "*${app_id}",
    "${uin}${owner_uin}",
    "*00${uin}",
    "a:b:*/c:*",
    "${uin",
    "$${uin}}*",
    "图片/*/片",
    "**",
    "bucket/**${uin}**x",
    "b-1250000000/*",
    "prefix//1250000000/b/*",
    "prefix//1250000000/*",
    "b-${app_id}/*",
    "*-1250000000/a",
    "prefix//*/b/x:y",
];

fn resource_pattern(of: &mut Choices<'_>) -> String {
    if of.percent(25) {
        return "*".to_owned();
    }
    let project = if of.percent(6) { of.one(&["id/0", "id/1158313", "id/*", "id/1*"]) } else { "" };
    let service = of.one(&["trtc", "ccc", "cos", "", "*", "t*", "trtc", "ccc"]);
    let region = of.one(&["", "", "", "*", "ap-guangzhou", "ap-*", "*-guangzhou", "gz"]);
    let account = match of.below(12) {
        0..4 => format!("uin/{OWNER}"),
        4..6 => String::new(),
        6 => "uin/".to_owned(),
        7 => "*".to_owned(),
        8 => format!("uin/{OTHER_OWNER}"),
        9 => "uin/10*1".to_owned(),
        10 => of.one(&["uid/1250000000", "uid/1250000001", "uid/*"]).to_owned(),
        _ => "u*".to_owned(),
    };
    let last = of.one(&LAST_SEGMENTS);
    format!("qcs:{project}:{service}:{region}:{account}:{last}")
}

/// The keys that conditions use. A key without a documented type may have every operator.
const KEYS: [&str; 12] = [
    "cos:content-length",
    "vpc:region",
    "qcs:ip",
    "qcs:current_time",
    "qcs:resource_tag",
    "qcs:tag",
    "qcs:tag/env",
    "qcs:resource_tag/env",
    "qcs:request_tag",
    "qcs:request_tag/team",
    "qcs:mfa",
    "qcs:ip ",
];

/// The keys that documented operators use; most conditions have them.
fn key(of: &mut Choices<'_>, operator: &str) -> &'static str {
    if of.percent(60) {
        return of.one(&KEYS[..2]);
    }
    match operator.split('_').next() {
        Some("ip") if of.percent(80) => KEYS[2],
        Some("date") if of.percent(80) => KEYS[3],
        Some("string" | "null") if of.percent(80) => of.one(&KEYS[4..10]),
        _ => of.one(&KEYS),
    }
}

const TEXTS: [&str; 18] = [
    "ap-guangzhou",
    "AP-Guangzhou",
    "ap-*",
    "*",
    "",
    "env&prod",
    "env&*d",
    "prod",
    "team&a",
    "a",
    "${uin}",
    "u/${uin}/*",
    "${app_id}",
    "${owner_uin}x",
    "straße",
    "STRASSE",
    "Ärger",
    "ärger",
];
const NUMBERS: [&str; 20] = [
    "1",
    "1.0",
    "01",
    "1.50",
    "1.5",
    "0",
    "-0",
    "-1.5",
    "-2",
    "10",
    "1e3",
    "",
    "many",
    "123456789012345678901",
    "1000",
    "1.5e0",
    "-15E-1",
    "0.01e+2",
    "1e309",
    "1e",
];
const TIMES: [&str; 12] = [
    "2026-06-01T00:00:00Z",
    "2026-06-01T08:00:00+08:00",
    "2026-06-01T00:00:00.5Z",
    "2026-05-31T23:59:59Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-12:00",
    "0000-01-01T00:00:00+12:00",
    "2026-06-01T 00:00:00Z",
    "2026-06-01",
    "2026-06-01T00:00:00",
    "2026-06-01T00:00:00Z[UTC]",
    "never",
];
const NETWORKS: [&str; 19] = [
    "10.0.0.0/8",
    "10.217.182.3/24",
    "10.217.182.3",
    "10.217.182.200",
    "0.0.0.0/0",
    "::/0",
    "2001:db8::/32",
    "2001:db8::1",
    "::ffff:10.217.182.3",
    "::ffff:10.0.0.0/104",
    "10.0.0.1/32",
    "10.0.0.1/33",
    "10.0.0.1/",
    "10.0.0.1/+8",
    "10.0.0.1/08",
    "010.0.0.1",
    "010.0.0.0/8",
    "10.0.0",
    "",
];
const WORDS: [&str; 5] = ["true", "false", "True", "yes", "YWJj"];

/// The operators, each with the values that it may have.
const OPERATORS: [(&str, &[&str]); 23] = [
    ("string_equal", &TEXTS),
    ("string_not_equal", &TEXTS),
    ("string_equal_ignore_case", &TEXTS),
    ("string_not_equal_ignore_case", &TEXTS),
    ("string_like", &TEXTS),
    ("string_not_like", &TEXTS),
    ("numeric_equal", &NUMBERS),
    ("numeric_not_equal", &NUMBERS),
    ("numeric_less_than", &NUMBERS),
    ("numeric_less_than_equal", &NUMBERS),
    ("numeric_greater_than", &NUMBERS),
    ("numeric_greater_than_equal", &NUMBERS),
    ("date_equal", &TIMES),
    ("date_not_equal", &TIMES),
    ("date_less_than", &TIMES),
    ("date_less_than_equal", &TIMES),
    ("date_greater_than", &TIMES),
    ("date_greater_than_equal", &TIMES),
    ("bool_equal", &WORDS),
    ("binary_equal", &WORDS),
    ("ip_equal", &NETWORKS),
    ("ip_not_equal", &NETWORKS),
    ("null_equal", &WORDS),
];

fn condition(of: &mut Choices<'_>) -> Compared {
    let (word, values) = of.one(&OPERATORS);
    let qualifier = of.one(&["", "", "", "for_any_value:", "for_all_value:"]);
    let if_exist = if word != "null_equal" && of.percent(20) { "_if_exist" } else { "" };
    let value = |of: &mut Choices<'_>| {
        if word.starts_with("numeric_") && of.percent(25) {
            return of.one(&[&json!(1), &json!(-2), &json!(1.5), &json!(10)]).clone();
        }
        json!(of.one(values))
    };
    let count = of.one(&[1, 1, 2, 3]);
    Compared {
        operator: format!("{qualifier}{word}{if_exist}"),
        key: key(of, word),
        values: (0..count).map(|_| value(of)).collect(),
    }
}

const HOST: &str = "cls.cloud.tencent.com";
const PROVIDER: &str = "qcs::cam::uin/100000000001:saml-provider/corp";

fn principal(of: &mut Choices<'_>) -> Value {
    let name = |of: &mut Choices<'_>| {
        let owner = of.one(&[OWNER, OWNER, OWNER, OTHER_OWNER]);
        json!(match of.below(16) {
            0..3 => format!("qcs::cam::uin/{OWNER}:uin/{CALLER}"),
            3 => format!("qcs::cam::uin/{OWNER}:uin/{OTHER_CALLER}"),
            4 => format!("qcs::cam::uin/{OTHER_OWNER}:uin/{CALLER}"),
            5 => format!("qcs::cam::uin/{CALLER}:root"),
            6 => format!("qcs::cam::uin/{owner}:root"),
            7 => format!("qcs::cam::uin/{owner}:uin/{owner}"),
            8 => format!("qcs::cam::uin/{owner}:groupid/7"),
            9 => format!("qcs::cam::uin/{owner}:roleName/reader"),
            10 => format!("qcs::cam::uin/{owner}:role/46"),
            11 => format!("qcs::cam::uin/{owner}:role/tencentcloudServiceRoleName/reader"),
            12 => "qcs::cam::anyone:anyone".to_owned(),
            13 => "qcs::cam::anonymous:anonymous".to_owned(),
            14 => HOST.to_owned(),
            _ => "*".to_owned(),
        })
    };
    match of.below(7) {
        0 => json!("*"),
        1 => json!({ "qcs": [name(of), name(of)] }),
        2 => json!({ "service": HOST }),
        3 => json!({ "service": [HOST], "qcs": name(of) }),
        4 => json!({ "federated": ["other", PROVIDER] }),
        _ => json!({ "qcs": name(of) }),
    }
}

fn who(of: &mut Choices<'_>) -> Who<'static> {
    if !of.percent(20) {
        return Who::User(if of.percent(4) {
            OWNER
        } else {
            of.one(&[CALLER, CALLER, CALLER, CALLER, OTHER_CALLER, OTHER_OWNER])
        });
    }
    match of.below(6) {
        0 => Who::Role("reader", None),
        1 => Who::Role("reader", Some("46")),
        2 => Who::Role("writer", None),
        3 => Who::Service(HOST),
        4 => Who::Federated(PROVIDER),
        _ => Who::Anonymous,
    }
}

fn statement(of: &mut Choices<'_>, beside_principal: bool, trust: bool) -> Drawn {
    let principal = of.percent(if trust { 85 } else { 9 }).then(|| principal(of));
    // The index searches a long list; a short one is compared one by one.
    let count = |of: &mut Choices<'_>| if of.percent(5) { 9 + of.below(4) } else { 1 + of.below(2) };
    let actions = (0..count(of)).map(|_| action_pattern(of)).collect();
    let none = (principal.is_some() || beside_principal) && of.percent(if trust { 70 } else { 10 });
    let resources = (0..if none { 0 } else { count(of) }).map(|_| resource_pattern(of)).collect();
    let mut conditions: Vec<Compared> = Vec::new();
    for _ in 0..of.one(&[0, 0, 0, 0, 1, 1, 2, 3]) {
        let new = condition(of);
        // JSON cannot hold both.
        if !conditions.iter().any(|one| (&one.operator, one.key) == (&new.operator, new.key)) {
            conditions.push(new);
        }
    }
    Drawn { allow: !of.percent(30), principal, actions, resources, conditions }
}

/// Writes a list as people may: one value can stand without its array.
fn list(of: &mut Choices<'_>, mut values: Vec<Value>) -> Value {
    if values.len() == 1 && of.percent(40) { values.remove(0) } else { Value::Array(values) }
}

fn written(of: &mut Choices<'_>, drawn: &Drawn) -> Value {
    let capitals = of.percent(15);
    let key =
        |name: &str| if capitals { name[..1].to_ascii_uppercase() + &name[1..] } else { name.to_owned() };
    let mut object = Map::new();
    let effect = if drawn.allow { "allow" } else { "deny" };
    object.insert(key("effect"), json!(key(effect)));
    if let Some(principal) = &drawn.principal {
        object.insert(key("principal"), principal.clone());
    }
    let texts = |texts: &[String]| texts.iter().map(|text| json!(text)).collect();
    object.insert(key("action"), list(of, texts(&drawn.actions)));
    if !drawn.resources.is_empty() {
        object.insert(key("resource"), list(of, texts(&drawn.resources)));
    }
    if !drawn.conditions.is_empty() {
        let mut operators = Map::new();
        for one in &drawn.conditions {
            let keys = operators.entry(one.operator.clone()).or_insert_with(|| json!({}));
            keys[one.key] = list(of, one.values.clone());
        }
        object.insert(key("condition"), Value::Object(operators));
    }
    Value::Object(object)
}

/// Makes a text that a pattern probably matches.
fn concrete(of: &mut Choices<'_>, pattern: &str, star: &[&str], app_id: Option<&str>) -> String {
    let mut text = pattern
        .replace("${uin}", CALLER)
        .replace("${owner_uin}", OWNER)
        .replace("${app_id}", app_id.unwrap_or("1250000000"));
    while let Some(at) = text.find('*') {
        let run = of.one(star);
        text.replace_range(at..=at, run);
    }
    text
}

/// Makes a text that may differ in one place.
fn blurred(of: &mut Choices<'_>, text: String) -> String {
    let (at, character) = (of.below(text.len() + 1), of.one(&["0", "x", "a", "*", "/", "é"]));
    match of.below(24) {
        20 if text.is_char_boundary(at) => format!("{}{character}{}", &text[..at], &text[at..]),
        21 => text + character,
        22 => text.to_uppercase(),
        23 => text.chars().skip(1).collect(),
        _ => text,
    }
}

fn requested_action(of: &mut Choices<'_>, pattern: &str) -> String {
    let pattern = pattern.strip_prefix("name/").unwrap_or(pattern);
    let parsed: cam_policy::policy::ActionPattern = pattern.parse().unwrap();
    let known: Vec<Action<'_>> = parsed.actions(&of.catalog).collect();
    if !known.is_empty() && of.percent(85) {
        return of.one(&known).as_str().to_owned();
    }
    let Some((service, name)) = pattern.split_once(':') else { return action(of) };
    let service = if service == "*" { "cvm" } else { service };
    let name = concrete(of, name, &["", "User", "x"], None);
    let name = blurred(of, name).replace(['*', '/', ':'], "");
    format!("{service}:{}", if name.is_empty() { "Any" } else { &name })
}

/// Makes a resource that follows one of the patterns.
fn followed(of: &mut Choices<'_>, patterns: &[&Pattern<'_>]) -> String {
    let single = of.one(patterns).single;
    let mut text = single.replace("${uin}", OWNER);
    text = text.replace("${region}", of.one(&["", "ap-guangzhou", "gz"]));
    while let Some(start) = text.find("${") {
        let end = start + text[start..].find('}').unwrap();
        text.replace_range(start..=end, of.one(&["1400000001", "1", "x", "14"]));
    }
    text
}

fn requested_resource(
    of: &mut Choices<'_>,
    pattern: Option<&str>,
    action: &str,
    app_id: Option<&str>,
) -> String {
    let known = of.catalog.action(action);
    let level = known.map(|action| action.granularity());
    let star = match level {
        Some(Granularity::Operation) => 85,
        Some(Granularity::Resource) => 12,
        _ => 25,
    };
    if of.percent(star) {
        return "*".to_owned();
    }
    if let Some(patterns) = known.map(|action| action.patterns()).filter(|patterns| !patterns.is_empty()) {
        if of.percent(40) {
            return followed(of, patterns);
        }
    }
    let typed = format!("qcs::trtc::uin/{OWNER}:sdkappid/1400000001");
    let pattern = pattern.filter(|pattern| *pattern != "*").unwrap_or(&typed);
    let [_, project, service, region, account, last] =
        pattern.splitn(6, ':').collect::<Vec<_>>().try_into().unwrap();
    let of_bucket = last.contains("125") || last.contains("app_id");
    let service = if matches!(service, "" | "*") { if of_bucket { "cos" } else { "trtc" } } else { service };
    let service = concrete(of, service, &["rtc", ""], app_id);
    let region = if region.is_empty() { of.one(&["", "ap-guangzhou"]) } else { region };
    let region = concrete(of, region, &["ap-guangzhou", "guangzhou", ""], app_id);
    let account = match account {
        "" | "uin/" => of.one(&["", "uin/", "uin/100000000001", "uid/1250000000"]),
        "*" | "u*" => of.one(&["uin/100000000009", "", "uin/100000000001", "uid/1250000000"]),
        text => text,
    };
    let account = concrete(of, account, &["0000000000", "0", ""], app_id);
    let last = concrete(of, last, &["1400000001", "", "a/b", "sdkappid/1400000001", "x:y"], app_id);
    let last = match last.strip_prefix("prefix//1250000000/b/") {
        Some(object) if of.percent(50) => format!("b-1250000000/{object}"),
        _ if last.starts_with("b-1250000000/") && of.percent(50) => {
            last.replacen("b-1250000000/", "prefix//1250000000/b/", 1)
        }
        _ => last,
    };
    let last = blurred(of, last);
    let last = if last.is_empty() { "x" } else { &last };
    let project = concrete(of, project, &["", "5", "0"], app_id);
    let project = if of.percent(8) { "id/0" } else { &project };
    format!("qcs:{project}:{service}:{region}:{account}:{last}")
}

fn requested_values(of: &mut Choices<'_>, condition: &Compared, app_id: Option<&str>) -> Vec<String> {
    let word = condition.operator.split(':').next_back().unwrap();
    let family = word.split('_').next().unwrap();
    let (_, others) = OPERATORS.iter().find(|(operator, _)| operator.starts_with(family)).unwrap();
    let count = of.one(&[1, 1, 1, 2, 2, 3, 0]);
    let value = |of: &mut Choices<'_>| {
        if of.percent(30) {
            return of.one(others).to_owned();
        }
        let value = of.one(&condition.values.iter().collect::<Vec<_>>());
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let text = concrete(of, &text, &["guangzhou", "", "x"], app_id);
        blurred(of, text)
    };
    (0..count).map(|_| value(of)).collect()
}

/// The policies of a layer, and their statements.
fn policies(of: &mut Choices<'_>, most: usize, trust: bool) -> (Vec<Value>, Vec<Drawn>) {
    let (mut policies, mut all) = (Vec::new(), Vec::new());
    for _ in 0..=of.below(most) {
        let beside = of.percent(4).then(|| principal(of));
        let drawn: Vec<Drawn> = (0..=of.below(4)).map(|_| statement(of, beside.is_some(), trust)).collect();
        let mut statements: Vec<Value> = drawn.iter().map(|one| written(of, one)).collect();
        let mut policy = json!({ "version": "2.0" });
        if let Some(principal) = beside {
            policy["principal"] = principal;
        }
        let capital = if of.percent(10) { "Statement" } else { "statement" };
        policy[capital] = if statements.len() == 1 && of.percent(20) {
            statements.remove(0)
        } else {
            Value::Array(statements)
        };
        policies.push(policy);
        all.extend(drawn);
    }
    (policies, all)
}

fn make(numbers: &[u16]) -> Made {
    let mut of = Choices { numbers: numbers.iter(), catalog: *common::catalog() };
    if of.percent(60) {
        of.catalog = common::random::catalog(&mut |end| of.below(end));
    }
    let of = &mut of;
    let trust_alone = of.percent(6);
    let (first, mut statements) = policies(of, if trust_alone { 2 } else { 7 }, trust_alone);
    let mut layers = [const { None }; 7];
    layers[if trust_alone { 6 } else { 0 }] = Some(first);
    for (at, layer) in layers.iter_mut().enumerate().skip(1) {
        if !trust_alone && of.percent(6) {
            let (policies, more) = if of.percent(15) { Default::default() } else { policies(of, 2, at == 6) };
            *layer = Some(policies);
            // Requests ask about narrowing policies as often as about granting ones.
            statements.extend(more);
        }
    }
    let app_id = of.percent(70).then_some("1250000000");
    let about = &statements[of.below(statements.len())];
    let pattern = &about.actions[of.below(about.actions.len())];
    let action = if of.percent(92) { requested_action(of, pattern) } else { action(of) };
    let pattern = about.resources.get(of.below(about.resources.len().max(1)));
    let resource = requested_resource(of, pattern.map(|pattern| &**pattern), &action, app_id);
    let mut context: Vec<(String, Vec<String>)> = Vec::new();
    for condition in &about.conditions {
        if context.iter().all(|(key, _)| key != condition.key) && of.percent(85) {
            context.push((condition.key.to_owned(), requested_values(of, condition, app_id)));
        }
    }
    if of.percent(30) {
        let other = condition(of);
        if context.iter().all(|(key, _)| key != other.key) {
            context.push((other.key.to_owned(), requested_values(of, &other, app_id)));
        }
    }
    let who = who(of);
    let account = of.percent(8).then(|| of.one(&[OWNER, OTHER_OWNER, OTHER_OWNER]));
    let groups = if of.percent(25) { vec!["3".to_owned(), "7".to_owned()] } else { Vec::new() };
    Made { catalog: of.catalog, layers, who, account, groups, app_id, action, resource, context }
}

fn by_the_oracle(made: &Made) -> Verdict {
    oracle::decide(&Case {
        catalog: made.catalog,
        owner: OWNER,
        layers: made.layers.each_ref().map(Option::as_deref),
        who: made.who.clone(),
        account: made.account,
        groups: &made.groups,
        app_id: made.app_id,
        action: &made.action,
        resource: &made.resource,
        context: &made.context,
    })
}

fn by_the_engine(made: &Made) -> Verdict {
    let policies = |layer: &[Value]| {
        let texts: Vec<String> = layer.iter().map(ToString::to_string).collect();
        texts
            .into_iter()
            .map(|text| {
                Document::parse(&text).unwrap_or_else(|error| panic!("{text}\n{error}")).into_policy()
            })
            .collect::<Vec<_>>()
    };
    // A set has the policies of an identity or the trust policy of a role: the first layer is always there.
    let owner = OWNER.parse().unwrap();
    let mut set = match &made.layers[0] {
        Some(_) => PolicySet::new(&made.catalog, [], owner),
        None => PolicySet::trust(&made.catalog, [], owner),
    };
    for ((_, layer), written) in LAYERS.into_iter().zip(&made.layers) {
        if let Some(written) = written {
            set = set.with_layer(layer, policies(written));
        }
    }
    let mut caller = match made.who {
        Who::User(uin) => Caller::new(uin.parse().unwrap()),
        Who::Role(name, None) => Caller::role(name),
        Who::Role(name, Some(number)) => Caller::role(name).with_role_id(number.parse().unwrap()),
        Who::Service(host) => Caller::service(host),
        Who::Federated(provider) => Caller::federated(provider),
        Who::Anonymous => Caller::anonymous(),
    };
    caller = caller.in_groups(made.groups.iter().map(|group| group.parse().unwrap()));
    if let Some(account) = made.account {
        caller = caller.of_account(account.parse().unwrap());
    }
    if let Some(app_id) = made.app_id {
        caller = caller.with_app_id(app_id.parse().unwrap());
    }
    let mut request = Request::new(caller, &made.action, &made.resource).unwrap();
    for (key, values) in &made.context {
        request = request.with_key(key, values.iter().map(|value| &**value));
    }
    let response = set.decide(&request);
    let decision = response.decision().to_string();
    let decisions = ["allowed", "explicitly denied", "implicitly denied"];
    Verdict {
        decision: decisions.into_iter().find(|word| *word == decision).unwrap(),
        by: response
            .statements()
            .iter()
            .map(|id| {
                let layer = LAYERS.iter().position(|(_, layer)| *layer == id.layer).unwrap();
                (layer, id.policy, id.statement)
            })
            .collect(),
        corrected: response.normalization().map(|_| response.resource().to_owned()),
        root: response.is_root(),
    }
}

/// The same cases in every run. `PROPTEST_CASES` sets their number.
fn config() -> ProptestConfig {
    let set = std::env::var("PROPTEST_CASES").ok().and_then(|number| number.parse().ok());
    ProptestConfig {
        cases: set.unwrap_or(2_000),
        rng_seed: RngSeed::Fixed(20_261_122),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn numbers() -> impl Strategy<Value = Vec<u16>> {
    vec(any::<u16>(), 60..1200)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_engine_agrees_with_the_oracle(numbers in numbers()) {
        let made = make(&numbers);
        prop_assert_eq!(by_the_engine(&made), by_the_oracle(&made), "{:#?}", made);
    }
}

#[test]
fn the_cases_are_of_every_kind() {
    const CASES: usize = 2_000;
    let mut runner = TestRunner::new(config());
    let mut seen: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for _ in 0..CASES {
        let made = make(&numbers().new_tree(&mut runner).unwrap().current());
        let verdict = by_the_oracle(&made);
        let kinds = [
            (verdict.decision, true),
            ("of several statements", verdict.by.len() > 1),
            ("of several layers", verdict.by.iter().any(|(layer, ..)| *layer > 0)),
            ("corrected", verdict.corrected.is_some()),
            ("root", verdict.root),
            ("with context", !made.context.is_empty()),
            ("with tags", made.context.iter().any(|(key, _)| key.contains("tag"))),
            ("by no user", !matches!(made.who, Who::User(_))),
            ("by a trust policy", verdict.by.iter().any(|(layer, ..)| *layer == 6)),
            ("by a level alone", verdict.decision == "explicitly denied" && verdict.by.is_empty()),
            ("on a bucket in two spellings", made.resource.contains("1250000000/")),
            ("on the default project", made.resource.starts_with("qcs:id/0:")),
        ];
        for (kind, is) in kinds {
            *seen.entry(kind).or_default() += usize::from(is);
        }
    }
    for (kind, percent) in [
        ("allowed", 10),
        ("explicitly denied", 10),
        ("implicitly denied", 10),
        ("of several statements", 10),
        ("of several layers", 2),
        ("corrected", 3),
        ("root", 1),
        ("with context", 25),
        ("with tags", 5),
        ("by no user", 10),
        ("by a trust policy", 1),
        ("by a level alone", 2),
        ("on a bucket in two spellings", 3),
        ("on the default project", 2),
    ] {
        assert!(seen[kind] * 100 >= CASES * percent, "{kind}: {seen:?}");
    }
}
