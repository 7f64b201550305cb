//! What each kind of file holds, and what of it only Terraform knows.

use cam_workspace::source::Source;

/// What is found in a file, one line each.
fn found(name: &str, text: &str) -> String {
    let source = Source::read(name, text);
    let mut lines = Vec::new();
    for policy in &source.policies {
        let kind = policy.kind.map_or("?", |kind| kind.as_str());
        lines.push(format!(
            "{} ({kind}): {}",
            policy.label,
            policy.text.split_whitespace().collect::<Vec<_>>().join(" ")
        ));
        for unknown in &policy.unknown {
            lines.push(format!("  unknown: {}, in {}", unknown.expression, &text[unknown.value.range()]));
        }
        if let Some((other, _)) = policy.alternative.as_ref().filter(|_| policy.unknown.len() < 5) {
            lines.push(format!("  or: {}", other.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    for unchecked in &source.unchecked {
        lines.push(format!("not checked: {} at {:?}", unchecked.reason, &text[unchecked.span.range()]));
    }
    if let Some(unreadable) = &source.unreadable {
        lines.push(format!("unreadable at byte {}: {}", unreadable.span.start(), unreadable.message));
    }
    lines.join("\n")
}

const POLICY: &str = r#"{"version":"2.0","statement":[{"effect":"allow","action":"trtc:*","resource":"*"}]}"#;

#[test]
fn interpolations_are_unknown_and_their_place_tells_what_they_may_be() {
    insta::assert_snapshot!(found(
        "main.tf",
        r#"
resource "tencentcloud_cam_policy" "a" {
  document = <<EOF
{"version": "2.0", "statement": [{"effect": "${var.effect}", "action": ["${var.service}:Describe*", "cos:${var.action}"],
  "resource": ["qcs::cos:${var.region}:uid/${var.appid}:b-${var.appid}/*", "${local.all}/x"]}]}
EOF
}

resource "tencentcloud_cam_role" "b" {
  document = jsonencode({
    version   = "2.0"
    statement = concat([], var.more)
  })
}

resource "tencentcloud_cam_policy" "c" {
  document = jsonencode({
    version   = "2.0",
    statement = [var.first, {
      effect    = "deny",
      action    = local.actions,
      resource  = [for id in var.ids : "qcs::trtc:::sdkappid/${id}"],
      condition = { ip_equal = { "qcs:ip" = [var.office, "10.0.0.0/8"] } }
    }]
  })
}
"#
    ));
}

#[test]
fn what_is_no_text_is_named_as_not_checked() {
    insta::assert_snapshot!(found(
        "main.tf",
        r#"
resource "tencentcloud_cam_policy" "a" {
  document = file("${path.module}/a.json")
}
resource "tencentcloud_cam_policy" "b" {
  document = data.example_policy_document.c.json
}
resource "tencentcloud_cam_policy" "d" {
  document = jsonencode(local.d)
}
resource "tencentcloud_cam_policy" "e" {
  document = <<EOF
{"version": "2.0", "statement": [
%{ for a in var.actions ~}
{"effect": "allow", "action": "${a}", "resource": "*"}
%{ endfor ~}
]}
EOF
}
locals {
  d = { version = "2.0", statement = [{ effect = "allow", action = "trtc:*", resource = "*" }] }
  other = { statement = "no policy" }
}
data "example_policy_document" "c" {
  statement {
    effect    = "allow"
    actions   = ["sts:AssumeRole"]
    principals {
      type        = "service"
      identifiers = ["cvm.qcloud.com"]
    }
    condition {
      test     = "string_equal"
      variable = "qcs:a"
      values   = ["b"]
    }
    condition {
      test     = "string_equal"
      variable = "qcs:c"
      values   = [var.d]
    }
  }
}
"#
    ));
}

#[test]
fn hcl_that_cannot_be_read_is_told_with_its_place() {
    insta::assert_snapshot!(found("main.tf", "resource \"a\" \"b\" {\n  c = [\n"));
}

#[test]
fn a_plan_has_what_will_be() {
    let document = serde_json::to_string(POLICY).unwrap();
    let plan = format!(
        r#"{{"format_version":"1.2","prior_state":{{"values":{{"document":{document}}}}},"resource_changes":[
{{"address":"module.a.tencentcloud_cam_policy.x[0]","type":"tencentcloud_cam_policy","change":{{"before":{{"document":{document}}},
"after":{{"document":{document}}},"after_unknown":{{"id":true}}}}}},
{{"address":"tencentcloud_cam_role.y","type":"tencentcloud_cam_role","change":{{"after":{{"name":"y"}},"after_unknown":{{"document":true}}}}}},
{{"address":"tencentcloud_cam_role.z","type":"tencentcloud_cam_role","change":{{"before":{{"document":{document}}},"after":null}}}}]}}"#
    );
    insta::assert_snapshot!(found("plan.json", &plan));
}

#[test]
fn a_response_with_several_policies_has_them_all() {
    let document = serde_json::to_string(POLICY).unwrap();
    let text = format!(
        r#"{{"Response":{{"List":[{{"PolicyDocument":{document}}},{{"strategyInfo":{POLICY}}},{{"a/b":{document}}}]}}}}"#
    );
    insta::assert_snapshot!(found("response.json", &text));
}

#[test]
fn what_is_of_another_cloud_is_not_checked() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    insta::assert_snapshot!(found("aws.json", text));
    let of_cam = text.replace("s3:*", "cos:*").replace("\"*\"", "\"qcs::cos:::b/*\"");
    assert_eq!(Source::read("cam.json", &of_cam).policies.len(), 1, "its author mixed two clouds up");
    // No other cloud has this version.
    let copied = r#"{"version":"2.0","statement":[{"effect":"allow","action":"trtc:RemoveUser","resource":"arn:aws:s3:::b/*"}]}"#;
    assert_eq!(Source::read("copied.json", copied).policies.len(), 1);
}

#[test]
fn files_without_a_policy_have_none() {
    for (name, text) in [
        ("package.json", r#"{"name": "a", "version": "2.0.1", "dependencies": {}}"#),
        ("empty.json", ""),
        ("list.json", "[1, 2, {\"statement\": \"a text\"}]"),
        ("main.tf", "locals {\n  statement = \"a statement\"\n}\n"),
        ("README.md", "```json\n{\"a\": 1}\n```\n\n    {\"statement\": []}\n"),
        ("a.json", "{ broken"),
        ("tsconfig.json", "{ // of the build\n  \"sideEffects\": false, \"effect\": 1 }"),
    ] {
        assert!(Source::read(name, text).policies.is_empty(), "{name}");
    }
}

#[test]
fn broken_policies_are_policies() {
    for (name, text) in [
        ("a.json", r#"{"version": "2.0" "statement": []}"#),
        ("a.json", r#"{"version": "2.0"}"#),
        ("a.json", r#"{"effect": "allow", "action": "*", "resource": "*"}"#),
        ("a.json", "// why\n{\"version\": \"2.0\", \"statement\": []}"),
        ("a.md", "```json\n{\"version\": \"2.0\", \"statement\": [}\n```\n"),
    ] {
        let source = Source::read(name, text);
        assert_eq!(source.policies.len(), 1, "{text}");
        assert!(source.policies[0].text.parse::<cam_policy::policy::Policy>().is_err());
    }
}

#[test]
fn blocks_of_markdown_are_read_by_their_language() {
    insta::assert_snapshot!(found(
        "README.md",
        &format!(
            "```json\n{POLICY}\n```\n\n~~~jsonc\n{POLICY} // why\n~~~\n\n```tf\nresource \"tencentcloud_cam_policy\" \"a\" {{\n  document = <<E\n{POLICY}\nE\n}}\n```\n\n```\n{POLICY}\n```\n\n```sh\necho '{POLICY}'\n```\n\n```hcl\nstatement ...\n```\n"
        )
    ));
}

#[test]
fn deep_nesting_is_no_crash() {
    let deep = "[".repeat(20_000);
    let braces = "{\"a\":".repeat(20_000);
    for name in ["a.json", "a.jsonc", "a.tf", "a.md", "a.tf.json"] {
        for text in [
            &deep,
            &braces,
            &format!("a = {deep}"),
            &format!("```json\n{braces}\n```"),
            &format!("{}```", ">".repeat(20_000)),
        ] {
            let _ = Source::read(name, text);
        }
    }
}

#[test]
fn what_only_looks_like_a_policy_is_none() {
    let holds = |name: &str, text: &str| !Source::read(name, text).policies.is_empty();
    for text in [
        r#"{"version":"2.0","logging":{"level":"none"}}"#,
        r#"{"version":"3.0","services":{}}"#,
        r#"{"statement":[{"date":"2026-01-01","amount":1}]}"#,
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:*","Resource":"acs:oss:*:*:b"}]}"#,
        r#"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b"}]}"#,
    ] {
        assert!(!holds("a.json", text), "{text}");
    }
    assert!(holds("a.json", r#"{"version":"2.0"}"#), "a policy that has no statement yet");
    assert!(holds("a.json", r#"{"version":"2.0","statement":[]}"#));
    let foreign = "resource \"aws_iam_policy\" \"a\" {\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", \
                   Action = \"s3:*\", Resource = \"*\" }] })\n}\n";
    let read = Source::read("a.tf", foreign);
    assert!(read.policies.is_empty());
    assert_eq!(read.unchecked[0].reason, "`aws_iam_policy.a` belongs to another cloud");
}
