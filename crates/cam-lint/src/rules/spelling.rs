//! `CAM20x`: forms that CAM or its products accept, and that say something else, or nothing more, than the usual form.

use crate::page;
use crate::rule::{Basis, FixSafety, Kind, Persona, Rule, Severity, declare, text};

/// What the rules of this file have in common.
const FORM: Rule = Rule {
    severity: Severity::Note,
    persona: Persona::Pedantic,
    good: GOOD,
    basis: page::SYNTAX,
    ..Rule::BASE
};

const GOOD: &str = r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#;

declare! {
    UNKNOWN_VERSION = Rule {
        id: "CAM201",
        name: "version-3",
        severity: Severity::Warning,
        persona: Persona::Regular,
        summary: text(
            "The version is `3.0`, whose meaning is not known here",
            "version 为 `3.0`，本工具不了解其含义",
        ),
        why: text(
            "The reference of the elements has version `2.0` only. Tencent's console lets `3.0` pass, and the page of its policy analyzer names a guide to it, which we could not read. The rest of the policy is checked as if it were `2.0`; that is an assumption, and no such policy is clean.",
            "元素参考只规定了 `2.0`。控制台允许 `3.0`，策略分析器的文档提到了 3.0 的使用指引，但我们未能读到。其余内容按 `2.0` 检查，这只是假设，此类策略不会被视为没有问题。",
        ),
        bad: r#"{
  "version": "3.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.VersionError"),
        basis: Basis::Assumption(text("Version `3.0` means what `2.0` means", "`3.0` 与 `2.0` 含义相同")),
        suppressible: false,
        fix: FixSafety::Unsafe,
        ..FORM
    };
    OPERATION_SET = Rule {
        id: "CAM202",
        name: "operation-set",
        severity: Severity::Warning,
        persona: Persona::Regular,
        summary: text(
            "An action is the number of an operation set, which is obsolete",
            "操作写成了操作集编号（permid），该写法已废弃",
        ),
        why: text(
            "`permid/280649` stands for a set of operations that no documentation lists. Nobody can tell what the statement does.",
            "`permid/280649` 代表一组操作，没有文档列出其内容，无法判断该语句的作用。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": ["permid/280649"], "resource": ["*"]}
  ]
}"#,
        basis: page::ELEMENTS,
        ..FORM
    };
    SINGLE_STATEMENT = Rule {
        id: "CAM203",
        name: "single-statement",
        summary: text("`statement` is an object instead of an array", "`statement` 是对象而不是数组"),
        why: text(
            "CAM's grammar has an array. Tencent prints single statements without one, so CAM seems to take them.",
            "CAM 语法要求数组。腾讯云的示例中也有不带数组的单条语句，看来 CAM 可以接受。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": {
    "effect": "allow",
    "action": ["trtc:RemoveUser"],
    "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
  }
}"#,
        cam_code: Some("InvalidParameter.StatementError"),
        fix: FixSafety::Safe,
        ..FORM
    };
    CAPITALS = Rule {
        id: "CAM204",
        name: "capitals",
        summary: text("A key or an effect is written with capitals", "字段名或 effect 使用了大写字母"),
        why: text(
            "CAM's elements are lower case. COS prints bucket policies with capitals, so it takes them.",
            "CAM 的元素均为小写。COS 的存储桶策略示例中有大写写法，可见 COS 可以接受。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "Allow",
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        basis: page::ELEMENTS,
        fix: FixSafety::Safe,
        ..FORM
    };
    IDENTIFIER = Rule {
        id: "CAM205",
        name: "sid",
        summary: text("`Sid` or `Id` stands in a bucket policy", "存储桶策略中有 `Sid` 或 `Id`"),
        why: text(
            "CAM's grammar has neither. COS adds `Sid` to what it returns. It changes nothing.",
            "CAM 语法中没有这两个字段。COS 会在返回内容中添加 `Sid`，不影响策略效果。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "Sid": "readers",
      "principal": {"qcs": ["qcs::cam::uin/100000000001:uin/100000000002"]},
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*"]
    }
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {
      "principal": {"qcs": ["qcs::cam::uin/100000000001:uin/100000000002"]},
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*"]
    }
  ]
}"#,
        kind: Kind::Bucket,
        fix: FixSafety::Safe,
        ..FORM
    };
}
