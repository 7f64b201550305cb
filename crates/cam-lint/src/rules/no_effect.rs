//! `CAM10x` to `CAM12x`: an action, a resource or a condition silently does nothing. The check of the core finds these.

use crate::finding::Finding;
use crate::page;
use crate::rule::{Basis, Confidence, FixSafety, Persona, Rule, Severity, declare, text};

/// What the rules of this file have in common.
const SILENT: Rule = Rule { good: GOOD, basis: page::RESOURCES, ..Rule::BASE };

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
    OPERATION_LEVEL_ALLOW = Rule {
        id: "CAM101",
        name: "operation-level-allow",
        severity: Severity::Error,
        summary: text(
            "An allow names an operation-level action with named resources only, and so does not grant it",
            "allow 语句将接口级操作与指定资源写在一起，因而不会授予该操作",
        ),
        why: text(
            "For an operation-level API the product hands `*` to CAM, and a named resource never matches `*`. The allow grants nothing, and nobody says so. Name the action in a statement with `\"resource\": [\"*\"]`.",
            "对于接口级 API，产品传给 CAM 的资源是 `*`，而指定的资源永远不会匹配 `*`。该 allow 不授予任何权限，也没有任何提示。请将该操作写入 `\"resource\": [\"*\"]` 的语句。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:GetUserList"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": ["trtc:GetUserList"], "resource": ["*"]}
  ]
}"#,
        fix: FixSafety::Unsafe,
        ..SILENT
    };
    OPERATION_LEVEL_DENY = Rule {
        id: "CAM102",
        name: "operation-level-deny",
        severity: Severity::Error,
        summary: text(
            "A deny names an operation-level action with named resources only, and so does not deny it",
            "deny 语句将接口级操作与指定资源写在一起，因而不会拒绝该操作",
        ),
        why: text(
            "For an operation-level API the product hands `*` to CAM, and a named resource never matches `*`. That the deny then denies nothing follows from this mechanism. Whoever relies on it is not protected.",
            "对于接口级 API，产品传给 CAM 的资源是 `*`，而指定的资源永远不会匹配 `*`。由此可知该 deny 不会拒绝任何请求，依赖它的人并未受到保护。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "deny",
      "action": ["trtc:GetUserList"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "deny", "action": ["trtc:GetUserList"], "resource": ["*"]}
  ]
}"#,
        fix: FixSafety::Unsafe,
        ..SILENT
    };
    UNMATCHED_RESOURCE = Rule {
        id: "CAM103",
        name: "unmatched-resource",
        severity: Severity::Error,
        summary: text(
            "A resource is none that the actions of its statement take",
            "资源不属于该语句中任何操作可授权的资源",
        ),
        why: text(
            "The product hands CAM resources of the action's own patterns. A resource of another service, type, region or account form never matches them.",
            "产品传给 CAM 的资源符合该操作自身的六段式。其他产品、类型、地域或账号形式的资源永远不会匹配。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:room/1400000001"]
    }
  ]
}"#,
        ..SILENT
    };
    MISSING_SEGMENT = Rule {
        id: "CAM104",
        name: "missing-segment",
        severity: Severity::Error,
        summary: text("A resource has five segments instead of six", "资源只有五段，而不是六段"),
        why: text(
            "With a segment missing, every later one stands in the wrong place, and the resource matches nothing.",
            "缺少一段时，其后的各段都会错位，该资源不会匹配任何内容。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs::trtc:uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ResourceError"),
        fix: FixSafety::Unsafe,
        ..SILENT
    };
    SWAPPED_SEGMENTS = Rule {
        id: "CAM105",
        name: "swapped-segments",
        severity: Severity::Error,
        summary: text("Two segments of a resource stand in each other's place", "资源六段式中有两段位置互换"),
        why: text(
            "The order is service, region, account. A region in the account's place matches nothing.",
            "顺序为产品、地域、账号。地域写在账号的位置上不会匹配任何资源。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["qcs::cos:uid/1250000000:ap-guangzhou:photos-1250000000/*"]
    }
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ResourceError"),
        fix: FixSafety::Unsafe,
        ..SILENT
    };
    WHITESPACE = Rule {
        id: "CAM106",
        name: "resource-whitespace",
        severity: Severity::Error,
        summary: text("A segment of a resource has whitespace in it", "资源六段式的某一段中有空白字符"),
        why: text(
            "Nothing that a product hands to CAM has whitespace there, so the resource matches nothing.",
            "产品传给 CAM 的内容在此处没有空白字符，因此该资源不会匹配任何内容。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/ 1400000001"]
    }
  ]
}"#,
        basis: Basis::Assumption(text("CAM compares segments exactly, whitespace too", "CAM 精确比较六段式的各段，包括空白字符")),
        fix: FixSafety::Unsafe,
        ..SILENT
    };
    CASE = Rule {
        id: "CAM107",
        name: "wrong-case",
        confidence: Confidence::Medium,
        summary: text(
            "A name differs from a known one only in upper and lower case",
            "名称与已知名称仅大小写不同",
        ),
        why: text(
            "COS compares action names exactly, and CAM condition keys too. For other names it is assumed that CAM does the same: then the statement matches nothing by this name.",
            "COS 的操作名和 CAM 的条件键区分大小写。其他名称假设同样如此，则语句不会通过该名称匹配任何内容。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:removeuser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        basis: Basis::Assumption(text("CAM compares the names of actions and resources exactly, upper and lower case too", "CAM 精确比较操作和资源的名称，区分大小写")),
        fix: FixSafety::Unsafe,
        ..SILENT
    };
    UNMATCHED_WILDCARD = Rule {
        id: "CAM108",
        name: "unmatched-wildcard",
        severity: Severity::Error,
        summary: text(
            "A wildcard matches no action of the service, whose actions the catalog lists in full",
            "通配符不匹配该产品的任何操作，且目录已收录该产品的全部操作",
        ),
        why: text(
            "The statement does nothing by this pattern. Mostly a part of the name is misspelt.",
            "语句不会通过该写法匹配任何操作，多半是名称中有拼写错误。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:Kick*"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:Remove*"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ActionNotExist"),
        ..SILENT
    };
    QUESTION_MARK = Rule {
        id: "CAM109",
        name: "question-mark",
        severity: Severity::Error,
        summary: text("`?` is no wildcard", "`?` 不是通配符"),
        why: text(
            "`*` is CAM's only wildcard. No action has a `?` in its name, so the pattern matches nothing.",
            "`*` 是 CAM 唯一的通配符。没有操作的名称中含有 `?`，因此不会匹配任何操作。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:Remove????"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ActionError"),
        basis: page::ELEMENTS,
        ..SILENT
    };
    PLACEHOLDER = Rule {
        id: "CAM110",
        name: "placeholder",
        summary: text(
            "A placeholder of a documentation page was not filled in",
            "文档中的占位符没有替换为实际值",
        ),
        why: text(
            "`<AppId>` stands in documentation for a value to fill in. CAM takes it literally, and no resource has that name.",
            "`<AppId>` 在文档中表示需要填写的值。CAM 按字面处理，没有资源叫这个名称。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["qcs::cos:ap-guangzhou:uid/1250000000:<BucketName-APPID>/*"]
    }
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ResourceContentError"),
        ..SILENT
    };
    MASKED_ACCOUNT = Rule {
        id: "CAM111",
        name: "masked-account",
        confidence: Confidence::Medium,
        summary: text("The number of an account has a `*` in it", "账号数字中含有 `*`"),
        why: text(
            "Texts hide account numbers as `10*****8`. It is assumed that CAM takes the `*` for any characters: the resource may then be another account's too.",
            "文章常以 `10*****8` 隐去账号。此处假设 CAM 将 `*` 视为任意字符，则该资源可能也指向其他账号。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/1000*****001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ResourceUinError"),
        basis: Basis::Assumption(text("A `*` inside of an account number stands for any digits", "账号数字中的 `*` 代表任意数字")),
        ..SILENT
    };
    APPID_ACCOUNT = Rule {
        id: "CAM112",
        name: "appid-account",
        severity: Severity::Error,
        summary: text(
            "A resource names its account by APPID, which only COS and CAS do",
            "资源用 APPID 表示账号，而只有 COS 和 CAS 使用这种写法",
        ),
        why: text(
            "Other products hand `uin/` and the uin of the root account to CAM. It is assumed that `uid/` never matches there.",
            "其他产品传给 CAM 的是 `uin/` 加主账号 ID。此处假设 `uid/` 在这些产品中永远不会匹配。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cvm:StopInstances"],
      "resource": ["qcs::cvm:ap-guangzhou:uid/1250000000:instance/*"]
    }
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cvm:StopInstances"],
      "resource": ["qcs::cvm:ap-guangzhou:uin/100000000001:instance/*"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ResourceUinError"),
        ..SILENT
    };
    APPID_ASSUMED = Rule {
        id: "CAM118",
        name: "appid-assumed",
        severity: Severity::Note,
        confidence: Confidence::Low,
        persona: Persona::Auditor,
        summary: text(
            "A resource of a product that names buckets as COS does names its account by APPID",
            "命名存储桶的方式与 COS 相同的产品，其资源用 APPID 表示账号",
        ),
        why: text(
            "`uid/` and the APPID are documented for COS and CAS only. Tencent's documentation of products that keep objects in buckets has policies that write it, too. It is assumed that CAM matches it there.",
            "文档只说明 COS 和 CAS 使用 `uid/` 加 APPID。把对象存放在存储桶中的产品，其文档中的策略也有这种写法。此处假设 CAM 在这些产品中也会匹配它。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["vod:GetBucket"],
      "resource": ["qcs::vod:ap-beijing:uid/1250000000:prefix//1250000000/videos/*"]
    }
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["vod:GetBucket"],
      "resource": ["qcs::vod:ap-beijing:uin/100000000001:prefix//1250000000/videos/*"]
    }
  ]
}"#,
        basis: Basis::Assumption(text(
            "A product that names buckets as COS does takes an APPID as the account",
            "命名存储桶的方式与 COS 相同的产品接受以 APPID 表示的账号",
        )),
        ..SILENT
    };
    SLASH = Rule {
        id: "CAM119",
        name: "slash-in-identifier",
        confidence: Confidence::Low,
        persona: Persona::Auditor,
        summary: text(
            "The resources fit an action only if an identifier has a `/` in it",
            "只有标识符中含有 `/` 时，资源才符合操作的资源格式",
        ),
        why: text(
            "The pattern of the action has fewer parts than the resource, so they agree only if one identifier holds a `/`. The documentation does not say which identifiers can. Mostly the resource belongs to another action of the statement, and this action gets nothing.",
            "操作的资源格式所含的层级比资源少，只有某个标识符含有 `/` 时两者才相符。文档没有说明哪些标识符可以含有 `/`。多数情况下，该资源属于语句中的其他操作，而此操作不会匹配任何请求。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cvm:StopInstances"],
      "resource": ["qcs::cvm:ap-guangzhou:uin/100000000001:instance/ins-12345678/disk/disk-1"]
    }
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cvm:StopInstances"],
      "resource": ["qcs::cvm:ap-guangzhou:uin/100000000001:instance/ins-12345678"]
    }
  ]
}"#,
        basis: Basis::Assumption(text("No identifier has a `/` in it", "标识符中不含 `/`")),
        ..SILENT
    };
    KEY_WHITESPACE = Rule {
        id: "CAM113",
        name: "key-whitespace",
        severity: Severity::Error,
        summary: text("A condition key has whitespace in it", "条件键中有空白字符"),
        why: text(
            "CAM compares keys exactly, so `\"qcs:ip \"` is another key than `qcs:ip`, which no request has. The documentation itself prints such keys, and people copy them.",
            "CAM 精确比较条件键，因此 `\"qcs:ip \"` 与 `qcs:ip` 不是同一个键，任何请求都没有前者。官方文档中也有这样的写法，常被复制。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["*"],
      "condition": {"ip_equal": {"qcs:ip ": ["203.0.113.0/24"]}}
    }
  ]
}"#,
        good: CONDITION,
        basis: page::CONDITIONS,
        fix: FixSafety::Unsafe,
        ..SILENT
    };
    OPERATOR_TYPE = Rule {
        id: "CAM114",
        name: "operator-type",
        severity: Severity::Error,
        summary: text(
            "An operator compares values of another type than the key has",
            "条件操作符的类型与条件键的取值类型不符",
        ),
        why: text(
            "CAM documents the operators of its own keys: `ip_*` for `qcs:ip`, `date_*` for `qcs:current_time`, `string_*` for tags. It is assumed that others are never true.",
            "CAM 文档规定了自有条件键的操作符：`qcs:ip` 用 `ip_*`，`qcs:current_time` 用 `date_*`，标签用 `string_*`。此处假设其他组合永远不成立。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["*"],
      "condition": {"string_equal": {"qcs:ip": ["203.0.113.7"]}}
    }
  ]
}"#,
        good: CONDITION,
        cam_code: Some("InvalidParameter.ConditionTypeError"),
        basis: Basis::Assumption(text("An operator of another type than the key's is never true", "类型与条件键不符的操作符永远不成立")),
        ..SILENT
    };
    UNREAD_VALUE = Rule {
        id: "CAM115",
        name: "unread-value",
        severity: Severity::Error,
        summary: text("An operator cannot read a value", "条件操作符无法解析取值"),
        why: text(
            "`ip_equal` needs an address or a network, `numeric_*` a number, `bool_equal` `true` or `false`. It is assumed that another value satisfies nothing, in a deny too.",
            "`ip_equal` 需要 IP 地址或网段，`numeric_*` 需要数字，`bool_equal` 需要 `true` 或 `false`。此处假设其他取值不满足任何条件，在 deny 中也是如此。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["*"],
      "condition": {"ip_equal": {"qcs:ip": ["203.0.113.*"]}}
    }
  ]
}"#,
        good: CONDITION,
        cam_code: Some("InvalidParameter.ConditionContentError"),
        basis: Basis::Assumption(text("A value that the operator cannot read satisfies nothing", "操作符无法解析的取值不满足任何条件")),
        ..SILENT
    };
    MALFORMED_DATE = Rule {
        id: "CAM116",
        name: "malformed-date",
        severity: Severity::Error,
        summary: text("A date is not ISO 8601 with its offset from UTC", "日期不是带时区的 ISO 8601 格式"),
        why: text(
            "A date is written `2027-01-01T00:00:00Z`. The documentation itself prints malformed ones. It is assumed that they satisfy nothing.",
            "日期写作 `2027-01-01T00:00:00Z`。官方文档中也有格式错误的日期。此处假设它们不满足任何条件。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["*"],
      "condition": {"date_less_than": {"qcs:current_time": ["2027-01-01T 00:00:00Z"]}}
    }
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["*"],
      "condition": {"date_less_than": {"qcs:current_time": ["2027-01-01T00:00:00Z"]}}
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ConditionContentError"),
        basis: Basis::Assumption(text("A date that cannot be read satisfies nothing", "无法解析的日期不满足任何条件")),
        ..SILENT
    };
    TAG_VALUE = Rule {
        id: "CAM117",
        name: "tag-value",
        severity: Severity::Error,
        summary: text(
            "A value that is compared with tags has no `&` between key and value",
            "与标签比较的取值缺少键与值之间的 `&`",
        ),
        why: text(
            "`qcs:resource_tag` and `qcs:request_tag` hold `key&value`. A value without `&` equals no tag.",
            "`qcs:resource_tag`、`qcs:request_tag` 的取值为 `键&值`。没有 `&` 的取值不等于任何标签。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cvm:StopInstances"],
      "resource": ["*"],
      "condition": {"for_any_value:string_equal": {"qcs:resource_tag": ["env=test"]}}
    }
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cvm:StopInstances"],
      "resource": ["*"],
      "condition": {"for_any_value:string_equal": {"qcs:resource_tag": ["env&test"]}}
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ConditionContentError"),
        basis: page::CONDITIONS,
        ..SILENT
    };
}

/// Whether a finding says where each segment of a resource goes. What stands in a wrong place is not judged as what it is none of.
pub(crate) fn is_misplaced(finding: &Finding) -> bool {
    *finding.rule == SWAPPED_SEGMENTS || *finding.rule == MISSING_SEGMENT
}

const CONDITION: &str = r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["*"],
      "condition": {"ip_equal": {"qcs:ip": ["203.0.113.0/24"]}}
    }
  ]
}"#;
