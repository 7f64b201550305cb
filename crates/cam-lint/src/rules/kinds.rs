//! `CAM14x` and `CAM23x`: what a policy of a kind may hold, beyond what its grammar says.

use cam_policy::diagnostic::Element;
use cam_policy::policy::Effect;
use cam_policy::text::split_segments;

use crate::context::Context;
use crate::page;
use crate::rule::{Basis, Confidence, Kind, Rule, Severity, declare, policy, text};

/// What the rules of this file have in common.
const OF_KIND: Rule = Rule { severity: Severity::Error, basis: page::ELEMENTS, ..Rule::BASE };

declare! {
    TRUST_ACTION = Rule {
        id: "CAM140",
        name: "trust-action",
        summary: text(
            "The trust policy of a role names an action that assumes no role",
            "角色信任策略中的操作不是扮演角色的操作",
        ),
        why: text(
            "CAM asks a trust policy about `sts:AssumeRole` and its variants only. What the role may do stands in its identity policies.",
            "CAM 只用信任策略判断 `sts:AssumeRole` 及其变体。角色能做什么由其身份策略决定。",
        ),
        bad: policy!(for r#"{"service": ["cls.cloud.tencent.com"]}"#, r#""cos:PutObject""#),
        good: policy!(for r#"{"service": ["cls.cloud.tencent.com"]}"#, r#""sts:AssumeRole""#),
        kind: Kind::Trust,
        ..OF_KIND
    };
    BUCKET_SERVICE = Rule {
        id: "CAM141",
        name: "bucket-service",
        summary: text(
            "A bucket policy names actions or resources of another service",
            "存储桶策略中写了其他产品的操作或资源",
        ),
        why: text(
            "COS asks the policy of a bucket about its own actions on that bucket only.",
            "COS 只用存储桶策略判断对该存储桶的 COS 操作。",
        ),
        bad: policy!(for r#"{"qcs": ["qcs::cam::uin/100000000001:uin/100000000002"]}"#, r#""cvm:StopInstances""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*""#),
        good: policy!(for r#"{"qcs": ["qcs::cam::uin/100000000001:uin/100000000002"]}"#, r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*""#),
        kind: Kind::Bucket,
        ..OF_KIND
    };
    BUCKET_SERVICE_ACTION = Rule {
        id: "CAM142",
        name: "bucket-service-action",
        severity: Severity::Warning,
        confidence: Confidence::Medium,
        summary: text(
            "A bucket policy names an action that is about no bucket that exists",
            "存储桶策略中写了不针对现有存储桶的操作",
        ),
        why: text(
            "`GetService` lists all buckets of an account and `PutBucket` makes a new one. COS documents that CAM policies grant them, not bucket policies.",
            "`GetService` 列出账号的全部存储桶，`PutBucket` 创建新的存储桶。COS 文档说明它们须通过 CAM 策略授权，而不是存储桶策略。",
        ),
        bad: policy!(for r#"{"qcs": ["qcs::cam::uin/100000000001:uin/100000000002"]}"#, r#""cos:GetService""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*""#),
        good: policy!(for r#"{"qcs": ["qcs::cam::uin/100000000001:uin/100000000002"]}"#, r#""cos:GetBucket""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*""#),
        kind: Kind::Bucket,
        basis: Basis::Documented("https://cloud.tencent.com/document/product/436/12473"),
        ..OF_KIND
    };
    LIMIT_WITHOUT_ALLOW = Rule {
        id: "CAM230",
        name: "limit-without-allow",
        severity: Severity::Warning,
        summary: text(
            "A boundary, a session policy or a service control policy allows nothing",
            "权限边界、会话策略或服务管控策略没有任何 allow",
        ),
        why: text(
            "Such a policy limits: what it does not allow is denied. With denies alone it lets nothing through, unless another policy of the same level allows it.",
            "此类策略用于限制：未允许的均被拒绝。只有 deny 时什么都不放行，除非同级的其他策略允许。",
        ),
        bad: policy!("deny", r#""cam:*""#, r#""*""#),
        good: r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": ["*"], "resource": ["*"]},
    {"effect": "deny", "action": ["cam:*"], "resource": ["*"]}
  ]
}"#,
        kind: Kind::Boundary,
        basis: page::EVALUATION,
        ..OF_KIND
    };
}

/// The start of every action that assumes a role.
const ASSUME: &str = "AssumeRole";

/// Checks what the kind of the policy asks for.
pub(crate) fn check(context: &mut Context<'_>) {
    match context.kind {
        Kind::Trust => trust(context),
        Kind::Bucket => bucket(context),
        Kind::Session | Kind::Boundary | Kind::Scp => limit(context),
        Kind::Identity => {}
    }
}

fn trust(context: &mut Context<'_>) {
    for (at, statement) in context.statements() {
        for (of, action) in statement.actions().iter().enumerate() {
            // A wildcard of any service or operation may match.
            let service = action.service().is_none_or(|service| service == "sts");
            let operation = action.operation().is_none_or(|operation| {
                let start = operation.split('*').next().unwrap_or_default();
                operation.starts_with(ASSUME) || operation.contains('*') && ASSUME.starts_with(start)
            });
            if service && operation || action.is_operation_set() {
                continue;
            }
            let finding = context.report(&TRUST_ACTION, Element::Action(at, of), || {
                format!("`{action}` assumes no role, so the trust policy does nothing by it")
            });
            finding.map(|finding| {
                finding
                    .with_help("write `sts:AssumeRole`; what the role may do belongs into its own policies")
            });
        }
    }
}

fn bucket(context: &mut Context<'_>) {
    for (at, statement) in context.statements() {
        for (of, action) in statement.actions().iter().enumerate() {
            if matches!(action.as_str(), "cos:GetService" | "cos:PutBucket") {
                let finding = context.report(&BUCKET_SERVICE_ACTION, Element::Action(at, of), || {
                    format!("`{action}` is about no bucket that exists, so no policy of a bucket grants it")
                });
                finding.map(|finding| finding.with_help("name it in a policy of a user, a group or a role"));
            }
        }
    }
    // Documentation shows policies with principals and resources of other services. Only who says that a policy is a
    // bucket's knows that those are a mistake.
    if context.knows_kind() {
        other_services(context);
    }
}

/// Whether a service stands for COS, one of its products, or several services.
fn is_of_cos(service: &str) -> bool {
    // The core reports a service that is not written in lower case.
    let lower = service.trim().to_ascii_lowercase();
    lower.is_empty() || lower.starts_with("cos") || lower == "ci" || lower.contains('*')
}

/// Reports what a bucket policy names of other services.
fn other_services(context: &mut Context<'_>) {
    for (at, statement) in context.statements() {
        for (of, action) in statement.actions().iter().enumerate() {
            if !is_of_cos(action.service().unwrap_or_default()) && !action.is_operation_set() {
                let finding = context.report(&BUCKET_SERVICE, Element::Action(at, of), || {
                    format!("`{action}` is no action of COS, so the policy of a bucket does nothing by it")
                });
                finding.map(|finding| finding.with_help("name it in a policy of a user, a group or a role"));
            }
        }
        for (of, resource) in statement.resources().iter().enumerate() {
            let service = split_segments(resource.as_str()).map(|segments| segments[2]);
            let Some(service) = service.filter(|service| !is_of_cos(service)) else { continue };
            let finding = context.report(&BUCKET_SERVICE, Element::Resource(at, of), || {
                format!("a resource of `{service}` stands in the policy of a bucket and matches nothing")
            });
            finding.map(|finding| {
                finding.with_help(
                    "name the bucket, such as `qcs::cos:ap-guangzhou:uid/1250000000:name-1250000000/*`",
                )
            });
        }
    }
}

fn limit(context: &mut Context<'_>) {
    if !context.is_whole() || context.statements().any(|(_, statement)| statement.effect() == Effect::Allow) {
        return;
    }
    let what = match context.kind {
        Kind::Scp => "a service control policy",
        Kind::Boundary => "a boundary",
        _ => "a session policy",
    };
    let finding = context.report(&LIMIT_WITHOUT_ALLOW, Element::Effect(0), || {
        format!("{what} lets through only what it allows, and this one allows nothing")
    });
    finding
        .map(|finding| finding.with_help("add a statement that allows what may be done, such as `*` on `*`"));
}
