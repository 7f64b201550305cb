//! `CAM3xx`: a policy allows more than is good.

use cam_policy::catalog::{AccessLevel, Action, Granularity};
use cam_policy::diagnostic::Element;
use cam_policy::policy::{Effect, Principal, Statement};

use crate::context::Context;
use crate::page;
use crate::rule::{Basis, Confidence, Kind, Persona, Rule, Severity, declare, policy, text};

/// What the rules of this file have in common.
const BROAD: Rule = Rule { persona: Persona::Pedantic, basis: page::EVALUATION, ..Rule::BASE };

declare! {
    EVERYTHING = Rule {
        id: "CAM301",
        name: "allow-everything",
        persona: Persona::Regular,
        summary: text("A statement allows every action on every resource", "语句允许对所有资源执行所有操作"),
        why: text(
            "Whoever has the policy may do everything, also give others every right and delete every resource. Name the services that are needed.",
            "拥有此策略者可以执行任何操作，包括授予他人全部权限、删除所有资源。请写明所需的产品。",
        ),
        bad: policy!("allow", r#""*""#, r#""*""#),
        good: policy!("allow", r#""trtc:*", "ccc:Describe*""#, r#""*""#),
        ..BROAD
    };
    WHOLE_SERVICE = Rule {
        id: "CAM302",
        name: "whole-service",
        summary: text("A statement allows every action of a service on every resource", "语句允许对所有资源执行某产品的所有操作"),
        why: text(
            "Actions that the service gets later are allowed too. Name what is needed, or a wildcard such as `Describe*`.",
            "产品以后新增的操作也会被允许。请写明所需操作，或使用 `Describe*` 一类的通配符。",
        ),
        bad: policy!("allow", r#""trtc:*""#, r#""*""#),
        good: policy!("allow", r#""trtc:Describe*""#, r#""*""#),
        ..BROAD
    };
    WRITE_EVERYWHERE = Rule {
        id: "CAM303",
        name: "write-everywhere",
        summary: text(
            "A statement allows a write action on every resource, though one could be named",
            "写操作支持资源级授权，语句却允许对所有资源执行",
        ),
        why: text(
            "The action is resource-level: a policy can limit it to the resources that are meant.",
            "该操作支持资源级授权，可以限制到所需的资源。",
        ),
        bad: policy!("allow", r#""cvm:TerminateInstances""#, r#""*""#),
        good: policy!("allow", r#""cvm:TerminateInstances""#, r#""qcs::cvm:ap-guangzhou:uin/100000000001:instance/ins-1""#),
        ..BROAD
    };
    CREDENTIALS_BY_WILDCARD = Rule {
        id: "CAM304",
        name: "credentials-by-wildcard",
        summary: text("A wildcard allows actions that hand out credentials", "通配符允许了会返回凭证的操作"),
        why: text(
            "The wildcard holds calls that return a secret, a signature or a temporary key. Who wrote it may have thought of reading only.",
            "通配符包含会返回密钥、签名或临时密钥的接口，编写者可能只想授予读取权限。",
        ),
        bad: policy!("allow", r#""ccc:Create*""#, r#""*""#),
        good: policy!("allow", r#""ccc:CreateStaff""#, r#""*""#),
        ..BROAD
    };
    CREDENTIALS = Rule {
        id: "CAM305",
        name: "exposes-credentials",
        severity: Severity::Note,
        persona: Persona::Auditor,
        summary: text("A statement allows an action that hands out credentials", "语句允许了会返回凭证的操作"),
        why: text(
            "The call returns a secret, a signature or a temporary key. Review who has the policy.",
            "该接口会返回密钥、签名或临时密钥。请确认谁拥有此策略。",
        ),
        bad: policy!("allow", r#""ccc:CreateSDKLoginToken""#, r#""*""#),
        good: policy!("allow", r#""ccc:CreateStaff""#, r#""*""#),
        ..BROAD
    };
    PUBLIC_BUCKET = Rule {
        id: "CAM306",
        name: "public-bucket",
        persona: Persona::Regular,
        summary: text("A bucket policy lets everybody in", "存储桶策略向所有人开放"),
        why: text(
            "`*`, `qcs::cam::anyone:anyone` and `qcs::cam::anonymous:anonymous` are everybody, with or without an account. Without a condition the bucket is public.",
            "`*`、`qcs::cam::anyone:anyone`、`qcs::cam::anonymous:anonymous` 表示所有人，无论是否有账号。没有条件时存储桶即为公开。",
        ),
        bad: policy!(for r#"{"qcs": ["qcs::cam::anyone:anyone"]}"#, r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*""#),
        good: policy!(for r#"{"qcs": ["qcs::cam::uin/100000000001:uin/100000000002"]}"#, r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*""#),
        kind: Kind::Bucket,
        ..BROAD
    };
    PUBLIC_ROLE = Rule {
        id: "CAM307",
        name: "public-role",
        severity: Severity::Error,
        persona: Persona::Regular,
        summary: text("Anybody may assume a role", "任何人都可以扮演该角色"),
        why: text(
            "A trust policy for everybody lets any account that knows the role take it over with all its rights.",
            "面向所有人的信任策略使任何知道该角色的账号都能扮演它并获得全部权限。",
        ),
        bad: policy!(for r#""*""#, r#""sts:AssumeRole""#),
        good: policy!(for r#"{"qcs": ["qcs::cam::uin/100000000001:root"]}"#, r#""sts:AssumeRole""#),
        kind: Kind::Trust,
        ..BROAD
    };
    PASS_ROLE = Rule {
        id: "CAM308",
        name: "pass-any-role",
        summary: text("A statement allows to pass every role", "语句允许传递任意角色（PassRole）"),
        why: text(
            "Who may pass a role to a service gets what the role may do. Name the roles that are meant.",
            "能够向服务传递角色的人可以获得该角色的权限。请写明所需的角色。",
        ),
        bad: policy!("allow", r#""cam:PassRole""#, r#""*""#),
        good: policy!("allow", r#""cam:PassRole""#, r#""qcs::cam::uin/100000000001:roleName/reader""#),
        ..BROAD
    };
    ESCALATION = Rule {
        id: "CAM309",
        name: "privilege-escalation",
        severity: Severity::Note,
        confidence: Confidence::Medium,
        persona: Persona::Auditor,
        summary: text("A statement allows to give oneself more rights", "语句允许给自己授予更多权限"),
        why: text(
            "Who may attach or change policies, or make keys for others, can get every right of the account.",
            "能够关联或修改策略、或为他人创建密钥的人，可以获得账号的全部权限。",
        ),
        bad: policy!("allow", r#""cam:AttachUserPolicy""#, r#""*""#),
        good: policy!("allow", r#""cam:ListUsers""#, r#""*""#),
        basis: Basis::Assumption(text("These actions of CAM are authorised under their API names", "CAM 的这些操作以 API 名称鉴权")),
        ..BROAD
    };
}

/// Actions of CAM by which somebody gets more rights.
const ESCALATING: [&str; 12] = [
    "cam:AddUserToGroup",
    "cam:AttachGroupPolicy",
    "cam:AttachRolePolicy",
    "cam:AttachUserPolicies",
    "cam:AttachUserPolicy",
    "cam:CreateAccessKey",
    "cam:CreatePolicyVersion",
    "cam:DeleteRolePermissionsBoundary",
    "cam:DeleteUserPermissionsBoundary",
    "cam:SetDefaultPolicyVersion",
    "cam:UpdateAssumeRolePolicy",
    "cam:UpdatePolicy",
];

/// Checks what the statements allow.
pub(crate) fn check(context: &mut Context<'_>) {
    let top = context.policy().principal();
    for (at, statement) in context.statements() {
        if statement.effect() != Effect::Allow || !statement.conditions().is_empty() {
            continue;
        }
        match context.kind {
            Kind::Bucket | Kind::Trust => {
                let Some((number, name)) = statement.principal().or(top).and_then(Principal::everybody)
                else {
                    continue;
                };
                let element = match (statement.principal(), number) {
                    (Some(_), Some(of)) => Element::StatementPrincipalName(at, of),
                    (Some(_), None) => Element::StatementPrincipal(at),
                    (None, Some(of)) => Element::PrincipalName(of),
                    (None, None) => Element::Principal,
                };
                public(context, element, name);
            }
            Kind::Identity => allowed(context, statement, at),
            // What these allow is only let through.
            Kind::Session | Kind::Boundary | Kind::Scp => {}
        }
    }
}

fn public(context: &mut Context<'_>, element: Element, everybody: &str) {
    let (rule, what, help) = match context.kind {
        Kind::Trust => {
            (&PUBLIC_ROLE, "any account may assume the role", "name the accounts or the service that may")
        }
        _ => (
            &PUBLIC_BUCKET,
            "what this statement allows is public",
            "name the accounts that may, or add a condition",
        ),
    };
    let finding = context.report(rule, element, || format!("`{everybody}` is everybody, so {what}"));
    finding.map(|finding| finding.with_help(help));
}

fn allowed(context: &mut Context<'_>, statement: &Statement, at: usize) {
    let everywhere = statement.resources().iter().any(|resource| resource.is_all());
    for (of, action) in statement.actions().iter().enumerate() {
        let element = Element::Action(at, of);
        let operation = action.operation().unwrap_or_default();
        if action.service().is_none() && operation == "*" {
            if everywhere {
                let finding = context
                    .report(&EVERYTHING, element, || "this allows every action on every resource".into());
                finding
                    .map(|finding| finding.with_help("name the services and the resources that are needed"));
            }
            continue;
        }
        if everywhere && operation == "*" {
            let finding = context.report(&WHOLE_SERVICE, element, || {
                format!("`{action}` on `*` allows all that the service has, now and later")
            });
            finding.map(|finding| finding.with_help("name the actions that are needed"));
        }
        if everywhere && action.matches("cam:PassRole") {
            let finding = context.report(&PASS_ROLE, element, || {
                format!("`{action}` on `*` allows to pass every role of the account to a service")
            });
            finding.map(|finding| {
                finding.with_help("name the roles, such as `qcs::cam::uin/12345678:roleName/reader`")
            });
        }
        if context.wants(&ESCALATION) {
            if let Some(escalating) = ESCALATING.iter().find(|one| action.matches(one)) {
                context.report(&ESCALATION, element, || {
                    format!("`{escalating}` lets its caller get more rights")
                });
            }
        }
        if context.wants(&WRITE_EVERYWHERE) {
            of_catalog(context, action.as_str(), element, everywhere);
        }
    }
}

/// Checks an action by what the catalog knows of it.
fn of_catalog(context: &mut Context<'_>, text: &str, element: Element, everywhere: bool) {
    if let Some(action) = context.catalog().action(text) {
        if everywhere && action.access_level() == Some(AccessLevel::Write) && takes_resources(action) {
            let finding = context.report(&WRITE_EVERYWHERE, element, || {
                format!(
                    "`{text}` writes, and is allowed here on every resource, though it can be limited to some"
                )
            });
            finding.map(|finding| finding.with_help("name the resources that are meant"));
        }
        if action.exposes_credentials() == Some(true) {
            context.report(&CREDENTIALS, element, || format!("`{text}` hands out credentials"));
        }
        return;
    }
    let Some((service, operation)) = text.split_once(':') else { return };
    let Some(service) = context.catalog().service(service).filter(|_| operation.contains('*')) else {
        return;
    };
    let mut exposing = service.actions().filter(|action| {
        action.exposes_credentials() == Some(true) && cam_policy::text::glob(operation, action.name())
    });
    if let Some(first) = exposing.next() {
        let more = exposing.count();
        let finding = context.report(&CREDENTIALS_BY_WILDCARD, element, || match more {
            0 => format!("`{text}` allows `{first}`, which hands out credentials"),
            _ => format!("`{text}` allows `{first}` and {more} more actions that hand out credentials"),
        });
        finding.map(|finding| finding.with_help("name the actions that are needed"));
    }
}

fn takes_resources(action: Action<'_>) -> bool {
    action.granularity() == Granularity::Resource && !action.patterns().is_empty()
}
