//! Fixes of files with comments: a comment stays where it is, unless what it is about goes.

use std::fmt::Write as _;

use cam_lint::{FixMode, LintOptions, Persona};
use cam_policy::example::CATALOG;
use cam_workspace::config::Config;
use cam_workspace::fix::{FixedFile, fix_file};
use cam_workspace::lint::Settings;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

fn fixed(name: &str, text: &str, mode: FixMode) -> FixedFile {
    let settings = Settings {
        options: LintOptions::new(CATALOG).persona(Persona::Pedantic),
        kind: None,
        config: &Config::default(),
        baseline: None,
        today: "2026-11-27".parse().unwrap(),
    };
    fix_file(name, name, text, &settings, mode)
}

const TERRAFORM: &str = r#"resource "tencentcloud_cam_policy" "rooms" {
  document = jsonencode({
    version = "2.0" # the only version
    statement = [
      # readers
      {
        effect = "Allow" # who may
        action = [
          "cos:Get*", # all reads
          # one read
          "cos:GetObject", # goes
          # about writes
          "cos:PutObject", # one write
          "cos:PutObject", # goes
          "cos:HeadObject", "cos:HeadObject", # head
          # at the end
        ]
        resource = ["*"]
      }, # end of readers
      # rooms
      {
        effect = "allow"
        action = [
          # lists
          "trtc:GetUserList", # goes to another statement
          # kicks
          "trtc:RemoveUser", # kick
        ]
        # which
        resource = ["qcs::trtc::uin/100000000001:sdkappid/1400000001"] # one
      }, # end of rooms
      # the same again
      {
        effect = "allow" # goes
        # goes
        action = ["cos:GetObject"] # goes
        resource = ["*"]
      } # goes
    ]
  })
}
"#;

#[test]
fn comments_of_terraform_stay_where_they_are() {
    insta::assert_snapshot!(fixed("main.tf", TERRAFORM, FixMode::Unsafe).text);
}

const JSONC: &str = r#"{
  "version": "2.0", // the only version
  /* who may
     read */
  "statement": [
    {
      "effect": "Allow", // who may
      "action": [ /* reads */ "cos:Get*", "cos:GetObject" /* goes */, "cos:PutObject" ],
      "resource": ["*"] // everywhere
    }, // end of readers
    // rooms
    {
      "effect": "allow",
      "action": [
        "trtc:RemoveUser", // kick
        "trtc:GetUserList" // goes to another statement
      ],
      "resource": [
        "qcs::trtc::uin/100000000001:sdkappid/1400000001" // one
      ]
    } // end of rooms
  ]
}
"#;

#[test]
fn comments_of_json_stay_where_they_are() {
    insta::assert_snapshot!(fixed("policy.jsonc", JSONC, FixMode::Unsafe).text);
}

/// The actions of one statement, each with a comment above and one behind that name it.
fn with_comments(actions: &[&str], terraform: bool, last_comma: bool) -> String {
    let mark = if terraform { "#" } else { "//" };
    let mut lines = String::new();
    for (at, action) in actions.iter().enumerate() {
        let comma = if last_comma || at + 1 < actions.len() { "," } else { "" };
        writeln!(lines, "        {mark} above {at}\n        \"{action}\"{comma} {mark} behind {action}")
            .unwrap();
    }
    if terraform {
        format!(
            "resource \"tencentcloud_cam_policy\" \"a\" {{\n  document = jsonencode({{\n    version = \"2.0\"\n    statement = [{{\n      effect = \"allow\"\n      action = [\n{lines}      ]\n      resource = [\"*\"]\n    }}]\n  }})\n}}\n"
        )
    } else {
        format!(
            "{{\n  \"version\": \"2.0\",\n  \"statement\": [{{\n      \"effect\": \"allow\",\n      \"action\": [\n{lines}      ],\n      \"resource\": [\"*\"]\n  }}]\n}}\n"
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn each_action_that_stays_keeps_its_comments(
        actions in vec(select(vec!["cos:Get*", "cos:GetObject", "cos:PutObject", "cos:Put*", "cos:HeadObject"]), 2..9),
        terraform: bool,
        last_comma: bool,
    ) {
        let (name, mark) = if terraform { ("main.tf", "#") } else { ("policy.jsonc", "//") };
        let text = with_comments(&actions, terraform, last_comma);
        let fixed = fixed(name, &text, FixMode::Safe);
        prop_assert!(fixed.report.findings.is_empty(), "{:?}", fixed.report.findings);
        let above = |text: &str| -> Vec<String> {
            text.lines().filter(|line| line.contains("above")).map(str::to_owned).collect()
        };
        prop_assert_eq!(above(&fixed.text), above(&text), "{}", fixed.text);
        for line in fixed.text.lines() {
            if let Some((_, rest)) = line.split_once("        \"cos:") {
                let action = rest.split('"').next().unwrap();
                let end = format!(" {mark} behind cos:{action}");
                prop_assert!(line.ends_with(&end), "{line:?} in\n{}", fixed.text);
            } else {
                prop_assert!(!line.contains("behind"), "{line:?} in\n{}", fixed.text);
                prop_assert!(!line.trim().is_empty(), "{}", fixed.text);
            }
            prop_assert_eq!(line, line.trim_end());
        }
    }
}
