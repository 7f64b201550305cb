//! Policies as Rust: what is written for the documents of `tests/documents` is compiled here, and builds them again.

// The code is typed where a service is on: it is checked in as it is written with all of them.
#![cfg(all(
    feature = "ccc",
    feature = "cos",
    feature = "cvm",
    feature = "engine",
    feature = "trtc",
    feature = "vpc"
))]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tencent_cam::policy::{Account, Comparison, Condition, ConditionOperator, ConditionValue, Problem};
use tencent_cam::{
    ActionPattern, Document, Effect, Policy, PolicyBuilder, Region, ResourcePattern, Statement, Uin, cos,
    trtc,
};

/// The code written for every document, as it is checked in.
#[allow(
    clippy::all,
    clippy::pedantic,
    unreachable_pub,
    reason = "written by the library, to be read by people who then own it"
)]
mod generated {
    include!("documents/generated.rs");
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents")
}

/// Name and policy of each document.
fn documents() -> Vec<(String, Policy)> {
    let mut found: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let document = Document::parse(&fs::read_to_string(&path).unwrap());
            (name.clone(), document.unwrap_or_else(|error| panic!("{name}: {error}")).into_policy())
        })
        .collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

fn written() -> String {
    let mut text = String::from(
        "// What `to_rust` writes for the documents beside this file. Renewed by `BLESS=1`.\n\n\
         type Built = Result<tencent_cam::Policy, Box<dyn std::error::Error>>;\n\n\
         pub const ALL: &[(&str, fn() -> Built)] = &[\n",
    );
    let documents = documents();
    for (name, _) in &documents {
        writeln!(text, "    ({name:?}, {name}::policy),").unwrap();
    }
    text.push_str("];\n");
    for (name, policy) in &documents {
        let code = tencent_cam::to_rust(policy).unwrap_or_else(|error| panic!("{name}: {error}"));
        let lines: String = code
            .lines()
            .map(|line| if line.is_empty() { "\n".into() } else { format!("    {line}\n") })
            .collect();
        write!(text, "\npub mod {name} {{\n{lines}}}\n").unwrap();
    }
    text
}

#[test]
fn the_code_of_the_documents_is_reviewed() {
    let path = folder().join("generated.rs");
    let written = written();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &written).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == written,
        "tests/documents/generated.rs is not what is written now: BLESS=1 cargo test --all-features --test rust_code"
    );
}

#[test]
fn the_code_builds_the_policies_it_was_written_for() {
    let documents = documents();
    assert!(documents.len() > 30);
    assert_eq!(documents.len(), generated::ALL.len());
    for ((name, policy), (module, build)) in documents.iter().zip(generated::ALL) {
        assert_eq!(name, module);
        let built = build().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(built.to_string(), policy.to_string(), "{name}");
        assert_eq!(&built, policy, "{name}");
    }
}

#[test]
fn typed_statements_come_back_as_they_were_written() {
    let owner = Uin::new(12345678).unwrap();
    let policy = PolicyBuilder::new()
        .allow(
            trtc::Application::id(owner, 1400000001),
            [trtc::Action::RemoveUser, trtc::Action::DismissRoom],
        )
        .deny(trtc::Application::all(owner), [trtc::Action::DismissRoom])
        .allow_everywhere([trtc::Action::DescribeDetailEvent, trtc::Action::GetUserList])
        .build()
        .unwrap();
    insta::assert_snapshot!(tencent_cam::to_rust(&policy).unwrap());
}

#[test]
fn long_policies_stay_within_what_the_compiler_bears() {
    let everything = |_| Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
    let policy = (0..120).map(everything).fold(PolicyBuilder::new(), |builder, one| builder.statement(one));
    let code = tencent_cam::to_rust(&policy.build().unwrap()).unwrap();
    assert_eq!(code.matches(".statement(").count(), 120);
    assert_eq!(code.matches("let builder = ").count(), 2);
    let many: Vec<_> = (1..=300).map(|id| trtc::Application::id(Uin::new(1).unwrap(), id)).collect();
    let policy = PolicyBuilder::new().allow(many, trtc::Action::RemoveUser).build().unwrap();
    assert!(
        tencent_cam::to_rust(&policy).unwrap().contains("            vec![\n"),
        "no array of more than 256 is a list"
    );
}

#[test]
fn operators_that_no_text_can_name_are_written_by_their_parts() {
    let odd = ConditionOperator { qualifier: None, comparison: Comparison::NullEqual, if_exist: true };
    let condition = Condition::unchecked(odd, "qcs:mfa", [ConditionValue::Text("true".into())]);
    let statement =
        Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]).with_condition(condition);
    let code = tencent_cam::to_rust(&PolicyBuilder::new().statement(statement).build().unwrap()).unwrap();
    assert!(code.contains("ConditionOperator {") && code.contains("if_exist: true"), "{code}");
}

#[test]
fn what_the_builder_refuses_has_no_code() {
    let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"],
        "condition":{"string_equal":{"a:b":["c"]}}}]}"#;
    let policy = Document::parse(text).unwrap().into_policy();
    assert!(tencent_cam::to_rust(&policy).is_ok());
    let long = ResourcePattern::new("cos", "", Account::Creator, &"a".repeat(6000)).unwrap();
    let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [long]);
    assert!(tencent_cam::to_rust(&PolicyBuilder::new().statement(statement).build().unwrap()).is_ok());
}

#[test]
fn a_principal_beside_the_statements_stands_for_the_resources_too() {
    let statement = || {
        let action: ActionPattern = "sts:AssumeRole".parse().unwrap();
        Statement::new(Effect::Allow, [action], Vec::<ResourcePattern>::new())
    };
    let error = PolicyBuilder::new().statement(statement()).build().unwrap_err();
    assert!(matches!(error.problems(), [Problem::NoResource { statement: 0 }]));
    let with = PolicyBuilder::new()
        .statement(statement())
        .principal(tencent_cam::policy::Principal::All)
        .build()
        .unwrap();
    assert_eq!(with.to_string().parse::<Policy>().unwrap(), with);
    assert!(tencent_cam::to_rust(&with).unwrap().contains(".principal(Principal::All)"));
}

#[test]
fn a_resource_that_no_constructor_makes_is_written_as_a_pattern() {
    let objects = cos::Object::prefix(1250000000, Region::every(), "photos", "user-7/").unwrap();
    let policy = PolicyBuilder::new().allow(objects, cos::ObjectAction::UPLOAD).build().unwrap();
    let code = tencent_cam::to_rust(&policy).unwrap();
    assert!(
        code.contains(r#""qcs::cos::uid/1250000000:photos-1250000000/user-7/*".parse::<ResourcePattern>()?"#),
        "{code}"
    );
}
