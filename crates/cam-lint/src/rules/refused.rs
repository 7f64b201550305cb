//! `CAM0xx`: CAM refuses the policy. One rule for each error code of `CreatePolicy` that a document can cause.
//!
//! The reader of the core finds most of this; `check` finds the rest.

use cam_policy::diagnostic::Element;
use cam_policy::policy::{Principal, PrincipalKind};
use cam_policy::text::{quoted, split_segments};

use crate::context::Context;
use crate::page;
use crate::rule::{Basis, Confidence, FixSafety, Kind, Rule, Severity, declare, text};

/// What the rules of this file have in common.
const REFUSED: Rule = Rule {
    severity: Severity::Error,
    good: GOOD,
    basis: page::ERROR_CODES,
    suppressible: false,
    ..Rule::BASE
};

/// Repeats a text ten times.
macro_rules! ten {
    ($text:expr) => {
        concat!($text, $text, $text, $text, $text, $text, $text, $text, $text, $text)
    };
}

/// A policy of more than 6,144 characters.
const TOO_LONG_EXAMPLE: &str = concat!(
    r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"],
      "condition": {"string_equal": {"trtc:room": [""#,
    ten!(ten!(ten!("room-1-"))),
    r#""]}}
    }
  ]
}"#
);

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
    NOT_JSON = Rule {
        id: "CAM001",
        name: "not-json",
        summary: text("The text of the policy is not JSON", "策略文本不是合法的 JSON"),
        why: text(
            "CAM reads policies as JSON (RFC 7159). Comments, trailing commas and typographic quotation marks make CAM refuse the whole policy.",
            "CAM 按 JSON（RFC 7159）读取策略。注释、多余的逗号、全角引号都会使整个策略被拒绝。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"],
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.PolicyDocumentError"),
        basis: page::SYNTAX,
        fix: FixSafety::Unsafe,
        ..REFUSED
    };
    WRONG_STRUCTURE = Rule {
        id: "CAM002",
        name: "wrong-structure",
        summary: text(
            "A key is unknown or repeated, or a value is of the wrong kind",
            "出现未知或重复的字段，或字段的值类型不正确",
        ),
        why: text(
            "CAM's grammar has `version`, `statement`, `principal`, `effect`, `action`, `resource` and `condition`, and no `notAction` or `notResource`. What CAM makes of other or repeated keys is not documented, so they are taken for errors here.",
            "CAM 语法只有 `version`、`statement`、`principal`、`effect`、`action`、`resource`、`condition`，没有 `notAction`、`notResource`。CAM 如何处理其他字段或重复字段未见文档说明，此处一律视为错误。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": "trtc:RemoveUser", "trtc:DismissRoom",
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.PolicyDocumentError"),
        basis: Basis::Assumption(text("CAM refuses keys that its grammar lacks, and keys that stand twice", "CAM 拒绝语法中没有的字段和重复的字段")),
        fix: FixSafety::Unsafe,
        ..REFUSED
    };
    WRAPPED = Rule {
        id: "CAM003",
        name: "wrapped-policy",
        summary: text(
            "The policy is wrapped in something else, such as an escaped string or a response of the API",
            "策略被包装在其他内容中，例如转义字符串或 API 响应",
        ),
        why: text(
            "`CreatePolicy` takes the policy itself. An escaped or URL-encoded text, or the whole response of `GetPolicy`, is another document.",
            "`CreatePolicy` 接收的是策略本身。转义文本、URL 编码文本或 `GetPolicy` 的整个响应都不是策略。",
        ),
        bad: r#"{"Response":{"PolicyDocument":"{\"version\":\"2.0\",\"statement\":[{\"effect\":\"allow\",\"action\":[\"*\"],\"resource\":[\"*\"]}]}"}}"#,
        cam_code: Some("InvalidParameter.PolicyDocumentError"),
        fix: FixSafety::Unsafe,
        ..REFUSED
    };
    TOO_LONG = Rule {
        id: "CAM004",
        name: "too-long",
        summary: text("The policy is longer than CAM accepts", "策略超过 CAM 的长度限制"),
        why: text(
            "A policy has at most 6,144 characters, whitespace not counted. `tencent-cam minimize` writes the same in fewer. `tencent-cam split` makes several policies of one for a user, a group or a role. A trust policy, a session policy and a boundary stand alone, so they cannot be split.",
            "策略最多 6144 个字符（不计空白字符）。`tencent-cam minimize` 可用更少的字符表达相同内容；`tencent-cam split` 可将用户、用户组或角色的策略拆成多条。信任策略、会话策略和权限边界只能有一条，无法拆分。",
        ),
        bad: TOO_LONG_EXAMPLE,
        cam_code: Some("InvalidParameter.PolicyDocumentLengthOverLimit"),
        ..REFUSED
    };
    WRONG_VERSION = Rule {
        id: "CAM005",
        name: "wrong-version",
        summary: text("The version is missing, or is not `2.0`", "缺少 version，或其值不是 `2.0`"),
        why: text(
            "CAM has one version of its policy language, `2.0`, and requires it.",
            "CAM 的策略语法只有 `2.0` 一个版本，且必须填写。",
        ),
        bad: r#"{
  "version": "2012-10-17",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.VersionError"),
        basis: page::ELEMENTS,
        fix: FixSafety::Unsafe,
        ..REFUSED
    };
    NO_STATEMENT = Rule {
        id: "CAM006",
        name: "no-statement",
        summary: text("The policy has no statement", "策略没有 statement"),
        why: text(
            "`statement` is an array of at least one statement.",
            "`statement` 是至少包含一条语句的数组。",
        ),
        bad: r#"{"version": "2.0", "statement": []}"#,
        cam_code: Some("InvalidParameter.StatementError"),
        basis: page::ELEMENTS,
        ..REFUSED
    };
    WRONG_EFFECT = Rule {
        id: "CAM007",
        name: "wrong-effect",
        summary: text("The effect is missing, or is neither `allow` nor `deny`", "缺少 effect，或其值既不是 `allow` 也不是 `deny`"),
        why: text("Each statement needs `allow` or `deny`.", "每条语句都必须填写 `allow` 或 `deny`。"),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": allow,
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.EffectError"),
        basis: page::ELEMENTS,
        fix: FixSafety::Unsafe,
        ..REFUSED
    };
    MALFORMED_ACTION = Rule {
        id: "CAM008",
        name: "malformed-action",
        summary: text("An action is not written as `service:Name`", "操作的写法不是 `service:Name`"),
        why: text(
            "An action is the product's abbreviation in CAM, a colon and the name of an API. Spaces inside it are a mistake that people copy from documentation.",
            "操作由产品在 CAM 中的简称、冒号和接口名组成。其中的空格多半是从文档复制而来的错误。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc: RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ActionError"),
        fix: FixSafety::Unsafe,
        ..REFUSED
    };
    NO_ACTION = Rule {
        id: "CAM009",
        name: "no-action",
        summary: text("A statement has no action", "语句没有 action"),
        why: text("Each statement needs at least one action.", "每条语句至少需要一个操作。"),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]}
  ]
}"#,
        cam_code: Some("InvalidParameter.ActionMiss"),
        ..REFUSED
    };
    UNKNOWN_ACTION = Rule {
        id: "CAM010",
        name: "unknown-action",
        summary: text(
            "The service has no such action, and the catalog lists all its actions",
            "该产品没有此操作，且目录已收录该产品的全部操作",
        ),
        why: text(
            "CAM checks that an action exists. This is an error only where the catalog has the whole list of a service: elsewhere most names that are missing from it are real.",
            "CAM 会检查操作是否存在。仅当目录收录了某产品的全部操作时才报告此错误；在其他产品中，未收录的名称大多是真实存在的。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:RemoveUsers"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ActionNotExist"),
        suppressible: true,
        ..REFUSED
    };
    UNKNOWN_SERVICE = Rule {
        id: "CAM011",
        name: "unknown-service",
        confidence: Confidence::Medium,
        summary: text("An action names a product of another cloud", "操作使用了其他云厂商的产品名"),
        why: text(
            "An action begins with the product's abbreviation in CAM. Names such as `s3` and `ec2` come from policies of other clouds.",
            "操作以产品在 CAM 中的简称开头。`s3`、`ec2` 等名称来自其他云厂商的策略。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": ["s3:GetObject"], "resource": ["*"]}
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": ["cos:GetObject"], "resource": ["*"]}
  ]
}"#,
        cam_code: Some("InvalidParameter.ActionServiceNotExist"),
        basis: Basis::Assumption(text("No product of Tencent Cloud has an abbreviation that is another cloud's", "腾讯云没有产品使用其他云厂商的简称")),
        suppressible: true,
        ..REFUSED
    };
    WRONG_RESOURCE = Rule {
        id: "CAM012",
        name: "wrong-resource",
        summary: text(
            "A resource is missing, or is neither `*` nor six segments",
            "缺少 resource，或其值既不是 `*` 也不是六段式",
        ),
        why: text(
            "A resource is `*`, or `qcs:project:service:region:account:resource` with an empty project.",
            "资源写作 `*`，或 `qcs:project:service:region:account:resource`，其中 project 留空。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": ["trtc:RemoveUser"], "resource": ["sdkappid/1400000001"]}
  ]
}"#,
        cam_code: Some("InvalidParameter.ResourceError"),
        basis: page::RESOURCES,
        ..REFUSED
    };
    RESOURCE_PREFIX = Rule {
        id: "CAM013",
        name: "resource-prefix",
        summary: text("The first segment of a resource is not `qcs`", "资源六段式的第一段不是 `qcs`"),
        why: text(
            "Resources of Tencent Cloud begin with `qcs`. `arn` and `acs` come from policies of other clouds.",
            "腾讯云的资源以 `qcs` 开头。`arn`、`acs` 来自其他云厂商的策略。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:RemoveUser"],
      "resource": ["arn::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ResourceQcsError"),
        basis: page::RESOURCES,
        ..REFUSED
    };
    PROJECT_SEGMENT = Rule {
        id: "CAM014",
        name: "project-segment",
        summary: text("The project segment of a resource is not empty", "资源六段式的 project 段不为空"),
        why: text(
            "CAM forbids the project segment today, and refuses a policy that fills it. It is assumed that an empty one matches every project, and that an old policy with a filled one matches requests of this project alone.",
            "CAM 目前禁止填写 project 段，填写后策略会被拒绝。此处假设：留空匹配所有项目；旧策略中已填写的只匹配该项目的请求。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs:id/1158313:trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ResourceProjectError"),
        basis: page::RESOURCES,
        suppressible: true,
        ..REFUSED
    };
    RESOURCE_SERVICE = Rule {
        id: "CAM015",
        name: "resource-service",
        summary: text("The service segment of a resource names no product", "资源六段式的产品段不是产品简称"),
        why: text(
            "The segment holds the product's abbreviation in CAM. An empty one means every product.",
            "该段填写产品在 CAM 中的简称；留空表示所有产品。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["qcs::对象存储:ap-guangzhou:uid/1250000000:photos-1250000000/*"]
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
        cam_code: Some("InvalidParameter.ResourceServiceNotExist"),
        basis: page::RESOURCES,
        suppressible: true,
        ..REFUSED
    };
    RESOURCE_REGION = Rule {
        id: "CAM016",
        name: "resource-region",
        summary: text("The region segment of a resource names no region", "资源六段式的地域段不是地域"),
        why: text(
            "The segment holds a region such as `ap-guangzhou`. An empty one means every region.",
            "该段填写地域，例如 `ap-guangzhou`；留空表示所有地域。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["qcs::cos:<region>:uid/1250000000:photos-1250000000/*"]
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
        cam_code: Some("InvalidParameter.ResourceRegionError"),
        basis: page::RESOURCES,
        suppressible: true,
        ..REFUSED
    };
    RESOURCE_ACCOUNT = Rule {
        id: "CAM017",
        name: "resource-account",
        summary: text("The account segment of a resource names no account", "资源六段式的账号段不是主账号"),
        why: text(
            "The segment holds `uin/` and the uin of the root account; COS has `uid/` and the APPID. An empty one means the root account of the policy's creator.",
            "该段填写 `uin/` 加主账号 ID；COS 填写 `uid/` 加 APPID。留空表示创建策略者所属的主账号。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs::trtc::100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ResourceUinError"),
        basis: page::RESOURCES,
        fix: FixSafety::Unsafe,
        suppressible: true,
        ..REFUSED
    };
    EMPTY_RESOURCE = Rule {
        id: "CAM018",
        name: "empty-resource",
        summary: text("The last segment of a resource is empty", "资源六段式的最后一段为空"),
        why: text(
            "The last segment says which resource is meant: `type/id`, `type/*` or `*`.",
            "最后一段说明具体资源：`type/id`、`type/*` 或 `*`。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": ["trtc:RemoveUser"], "resource": ["qcs::trtc::uin/100000000001:"]}
  ]
}"#,
        cam_code: Some("InvalidParameter.ResourceContentError"),
        basis: page::RESOURCES,
        ..REFUSED
    };
    MALFORMED_CONDITION = Rule {
        id: "CAM019",
        name: "malformed-condition",
        summary: text("A condition has not the form of one", "condition 的结构不正确"),
        why: text(
            "A condition is an object of operators, each an object of keys with their values.",
            "condition 是由操作符组成的对象，每个操作符的值是由条件键及其取值组成的对象。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["*"],
      "condition": {"ip_equal": "10.0.0.0/8"}
    }
  ]
}"#,
        good: CONDITION,
        cam_code: Some("InvalidParameter.ConditionError"),
        basis: page::CONDITIONS,
        ..REFUSED
    };
    CONDITION_OPERATOR = Rule {
        id: "CAM020",
        name: "condition-operator",
        summary: text("CAM has no such condition operator", "CAM 没有此条件操作符"),
        why: text(
            "CAM's operators are lower case with underscores: `string_equal`, `ip_equal`, `date_less_than`. `StringEquals` comes from policies of other clouds.",
            "CAM 的条件操作符为小写加下划线：`string_equal`、`ip_equal`、`date_less_than`。`StringEquals` 来自其他云厂商的策略。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["*"],
      "condition": {"IpAddress": {"qcs:ip": ["203.0.113.0/24"]}}
    }
  ]
}"#,
        good: CONDITION,
        cam_code: Some("InvalidParameter.ConditionTypeError"),
        basis: page::CONDITIONS,
        ..REFUSED
    };
    CONDITION_VALUE = Rule {
        id: "CAM021",
        name: "condition-value",
        summary: text("A value of a condition is neither a string nor a number", "条件的取值既不是字符串也不是数字"),
        why: text(
            "Values are strings and numbers. Booleans are the strings `\"true\"` and `\"false\"`.",
            "取值是字符串或数字；布尔值写作字符串 `\"true\"`、`\"false\"`。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["cos:GetObject"],
      "resource": ["*"],
      "condition": {"bool_equal": {"qcs:mfa": true}}
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
      "condition": {"bool_equal": {"qcs:mfa": "true"}}
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.ConditionContentError"),
        basis: page::CONDITIONS,
        ..REFUSED
    };
    WRONG_PRINCIPAL = Rule {
        id: "CAM022",
        name: "wrong-principal",
        summary: text(
            "A principal is missing, stands where none may be, or has not the form of one",
            "principal 缺失、出现在不允许的位置，或结构不正确",
        ),
        why: text(
            "Only the trust policy of a role and the policy of a COS bucket have principals, and both need them.",
            "只有角色的信任策略和 COS 存储桶策略可以并且必须有 principal。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "principal": {"qcs": ["qcs::cam::uin/100000000001:uin/100000000002"]},
      "action": ["trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}"#,
        cam_code: Some("InvalidParameter.PrincipalError"),
        basis: page::ELEMENTS,
        ..REFUSED
    };
    PRINCIPAL_FORM = Rule {
        id: "CAM023",
        name: "principal-form",
        summary: text("A principal has none of the documented forms", "principal 的写法不符合文档"),
        why: text(
            "A principal under `qcs` has six segments, such as `qcs::cam::uin/100000000001:uin/100000000002`.",
            "`qcs` 下的 principal 为六段式，例如 `qcs::cam::uin/100000000001:uin/100000000002`。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "principal": {"qcs": ["uin/100000000002"]},
      "action": ["sts:AssumeRole"]
    }
  ]
}"#,
        good: TRUST,
        kind: Kind::Trust,
        cam_code: Some("InvalidParameter.PrincipalQcsError"),
        suppressible: true,
        ..REFUSED
    };
    PRINCIPAL_ACCOUNT = Rule {
        id: "CAM024",
        name: "impossible-account",
        confidence: Confidence::Medium,
        summary: text("A principal names an account that cannot exist", "principal 指定的账号不可能存在"),
        why: text(
            "The uin of an account has at least five digits and does not begin with 0. CAM refuses principals that do not exist.",
            "账号 ID 至少有五位数字，且不以 0 开头。CAM 拒绝不存在的 principal。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "principal": {"qcs": ["qcs::cam::uin/000000000000:root"]},
      "action": ["sts:AssumeRole"]
    }
  ]
}"#,
        good: TRUST,
        kind: Kind::Trust,
        cam_code: Some("InvalidParameter.PrincipalQcsNotExist"),
        basis: Basis::Assumption(text("A uin has at least five digits and does not begin with 0", "账号 ID 至少有五位数字，且不以 0 开头")),
        suppressible: true,
        ..REFUSED
    };
    PRINCIPAL_SERVICE = Rule {
        id: "CAM025",
        name: "principal-service",
        confidence: Confidence::Medium,
        summary: text("A service principal is no host of Tencent Cloud", "service 类型的 principal 不是腾讯云的服务域名"),
        why: text(
            "A service principal is a host such as `cls.cloud.tencent.com` or `ccs.qcloud.com`. CAM refuses others.",
            "service 类型的 principal 是服务域名，例如 `cls.cloud.tencent.com`、`ccs.qcloud.com`。CAM 拒绝其他写法。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "principal": {"service": ["lambda.amazonaws.com"]},
      "action": ["sts:AssumeRole"]
    }
  ]
}"#,
        good: r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "principal": {"service": ["scf.qcloud.com"]},
      "action": ["sts:AssumeRole"]
    }
  ]
}"#,
        kind: Kind::Trust,
        cam_code: Some("InvalidParameter.PrincipalServiceNotExist"),
        basis: Basis::Assumption(text("The hosts of services end in `.qcloud.com`, `.tencent.com` or `.tencentcloudapi.com`", "服务域名以 `.qcloud.com`、`.tencent.com` 或 `.tencentcloudapi.com` 结尾")),
        suppressible: true,
        ..REFUSED
    };
    EMPTY_LIST = Rule {
        id: "CAM026",
        name: "empty-list",
        summary: text("A list is empty", "列表为空"),
        why: text(
            "An empty list of actions, resources, principals or values names nothing: the statement could match no request.",
            "操作、资源、principal 或取值的列表为空时不指代任何内容，语句无法匹配任何请求。",
        ),
        bad: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": ["trtc:RemoveUser"], "resource": []}
  ]
}"#,
        cam_code: Some("InvalidParameter.ResourceError"),
        basis: Basis::Assumption(text("CAM refuses an empty list, with the code of its element", "CAM 拒绝空列表，错误码为该元素的错误码")),
        ..REFUSED
    };
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

const TRUST: &str = r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "principal": {"qcs": ["qcs::cam::uin/100000000001:uin/100000000002"]},
      "action": ["sts:AssumeRole"]
    }
  ]
}"#;

/// Abbreviations of products that other clouds have and Tencent Cloud has not, and what is meant.
const FOREIGN_SERVICES: [(&str, &str); 17] = [
    ("actiontrail", "cloudaudit"),
    ("cloudfront", "cdn"),
    ("cloudwatch", "monitor"),
    ("dynamodb", "tcaplusdb"),
    ("ec2", "cvm"),
    ("elasticloadbalancing", "clb"),
    ("iam", "cam"),
    ("lambda", "scf"),
    ("oss", "cos"),
    ("ram", "cam"),
    ("rds", "cdb"),
    ("route53", "dnspod"),
    ("s3", "cos"),
    ("secretsmanager", "ssm"),
    ("slb", "clb"),
    ("sns", "tdmq"),
    ("sqs", "tdmq"),
];

/// Whether another cloud has a product of this abbreviation.
pub(crate) fn is_foreign_service(name: &str) -> bool {
    FOREIGN_SERVICES.iter().any(|(foreign, _)| *foreign == name)
}

/// The ends of the hosts of Tencent Cloud's services.
const HOSTS: [&str; 3] = [".qcloud.com", ".tencent.com", ".tencentcloudapi.com"];

/// Finds what the reader of the core lets pass.
pub(crate) fn check(context: &mut Context<'_>) {
    if let Some(principal) = context.policy().principal() {
        check_principal(context, Element::PrincipalName, principal);
    }
    for (at, statement) in context.statements() {
        if let Some(principal) = statement.principal() {
            check_principal(context, |of| Element::StatementPrincipalName(at, of), principal);
        }
        for (of, action) in statement.actions().iter().enumerate() {
            let foreign = |name: &str| FOREIGN_SERVICES.iter().find(|(foreign, _)| *foreign == name);
            let Some((name, meant)) = action.service().and_then(foreign) else { continue };
            if context.catalog().service(name).is_none() {
                let finding = context.report(&UNKNOWN_SERVICE, Element::Action(at, of), || {
                    format!("`{name}` is a product of another cloud")
                });
                finding.map(|finding| {
                    finding.with_help(format!("the product that is most like it is `{meant}`"))
                });
            }
        }
    }
}

/// Checks the names of a principal; `element` is the one of a name by its number.
fn check_principal(context: &mut Context<'_>, element: impl Fn(usize) -> Element, principal: &Principal) {
    for (of, (kind, name)) in principal.all_names().enumerate() {
        match kind {
            PrincipalKind::Qcs => {
                let Some([_, _, _, _, account, identity]) = split_segments(name) else { continue };
                if let Some(number) = [account, identity].into_iter().find(|text| is_impossible(text)) {
                    let finding = context.report(&PRINCIPAL_ACCOUNT, element(of), || {
                        format!("no account has the uin of `{number}`, which stands in {}", quoted(name))
                    });
                    finding.map(|finding| finding.with_help("write the uin, such as `uin/100000000001`"));
                }
            }
            PrincipalKind::Service if HOSTS.iter().all(|end| !name.ends_with(end)) => {
                let finding = context.report(&PRINCIPAL_SERVICE, element(of), || {
                    format!("{} is not the host of a service of Tencent Cloud", quoted(name))
                });
                finding.map(|finding| finding.with_help("write one like `cls.cloud.tencent.com`"));
            }
            _ => {}
        }
    }
}

/// Whether a part of a principal is a uin that no account can have.
fn is_impossible(part: &str) -> bool {
    let number = part.strip_prefix("uin/").filter(|number| !number.is_empty());
    number.is_some_and(|number| {
        number.bytes().all(|byte| byte.is_ascii_digit()) && (number.len() < 5 || number.starts_with('0'))
    })
}
