//! Diagnostics of the core become findings of rules.

use cam_policy::catalog::Catalog;
use cam_policy::diagnostic::{Code, Diagnostic, Element, Severity};
use cam_policy::document::Document;
use cam_policy::policy::{Condition, Effect, ValueKind};
use cam_policy::text::{Span, split_segments};

use crate::finding::{Edit, Finding, Fix};
use crate::repair;
use crate::rule::Rule;
use crate::rules::{bookkeeping, no_effect, refused, spelling};

/// Makes a finding of a diagnostic. `document` is there if the text could be read.
pub(crate) fn finding(
    diagnostic: &Diagnostic,
    text: &str,
    document: Option<&Document>,
    catalog: &Catalog<'_>,
) -> Finding {
    let span = diagnostic.span().unwrap_or(Span::new(0, 0));
    let rule = match diagnostic.severity() {
        Severity::Error => refusal(diagnostic, text),
        _ => warning(diagnostic, document),
    };
    let mut finding = Finding::new(rule, span, diagnostic.element(), diagnostic.message().into());
    finding.unreadable = diagnostic.severity() == Severity::Error;
    finding.help = diagnostic.help().map(Into::into);
    finding.fix = match diagnostic.change() {
        Some(fix) => Some(Fix {
            title: title(diagnostic, &fix.replacement),
            edits: vec![Edit { span: fix.span, replacement: (*fix.replacement).into() }],
        }),
        None => repair::fix(rule, diagnostic, text, document, catalog),
    };
    finding
}

/// Says as a command what the change of a diagnostic does.
fn title(diagnostic: &Diagnostic, replacement: &str) -> String {
    match diagnostic.help() {
        _ if replacement.is_empty() => "remove it".into(),
        // Help with more than one sentence explains, too.
        Some(help) if help.starts_with("write `") && !help.contains("; ") => help.into(),
        _ if replacement.len() < 200 => format!("write `{replacement}`"),
        _ => "rewrite it".into(),
    }
}

/// Returns the rule of an error. CAM's code tells most of them apart.
fn refusal(diagnostic: &Diagnostic, text: &str) -> &'static Rule {
    let code = diagnostic.code();
    let rest = diagnostic.span().map_or("", |span| &text[span.start()..]);
    let is_empty_list = rest.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(']'));
    match code {
        Code::Syntax => return &refused::NOT_JSON,
        Code::Wrapped => return &refused::WRAPPED,
        Code::Limit if diagnostic.cam_code().is_none() => return &bookkeeping::NOT_LISTED,
        Code::Action | Code::Resource | Code::Principal | Code::Condition if is_empty_list => {
            return &refused::EMPTY_LIST;
        }
        // The place of what is missing is the beginning of its statement.
        Code::Action if rest.starts_with('{') => return &refused::NO_ACTION,
        _ => {}
    }
    match diagnostic.cam_code() {
        Some("InvalidParameter.PolicyDocumentLengthOverLimit") => &refused::TOO_LONG,
        Some("InvalidParameter.VersionError") => &refused::WRONG_VERSION,
        Some("InvalidParameter.StatementError") => &refused::NO_STATEMENT,
        Some("InvalidParameter.EffectError") => &refused::WRONG_EFFECT,
        Some("InvalidParameter.ActionError") => &refused::MALFORMED_ACTION,
        Some("InvalidParameter.ResourceError") => &refused::WRONG_RESOURCE,
        Some("InvalidParameter.ResourceQcsError") => &refused::RESOURCE_PREFIX,
        Some("InvalidParameter.ResourceProjectError") => &refused::PROJECT_SEGMENT,
        Some("InvalidParameter.ResourceServiceNotExist") => &refused::RESOURCE_SERVICE,
        Some("InvalidParameter.ResourceRegionError") => &refused::RESOURCE_REGION,
        Some("InvalidParameter.ResourceUinError") => &refused::RESOURCE_ACCOUNT,
        Some("InvalidParameter.ResourceContentError") => &refused::EMPTY_RESOURCE,
        Some("InvalidParameter.ConditionTypeError") => &refused::CONDITION_OPERATOR,
        Some("InvalidParameter.ConditionContentError") => &refused::CONDITION_VALUE,
        Some("InvalidParameter.ConditionError") => &refused::MALFORMED_CONDITION,
        Some("InvalidParameter.PrincipalError") => &refused::WRONG_PRINCIPAL,
        _ => match code {
            Code::Action => &refused::MALFORMED_ACTION,
            Code::Resource => &refused::WRONG_RESOURCE,
            Code::Condition => &refused::MALFORMED_CONDITION,
            Code::Principal => &refused::WRONG_PRINCIPAL,
            Code::Effect => &refused::WRONG_EFFECT,
            Code::Version => &refused::WRONG_VERSION,
            _ => &refused::WRONG_STRUCTURE,
        },
    }
}

/// Returns the rule of a warning.
fn warning(diagnostic: &Diagnostic, document: Option<&Document>) -> &'static Rule {
    let element = diagnostic.element();
    let statement = || document?.policy().statements().get(element?.statement()?);
    match diagnostic.code() {
        Code::Effect => &spelling::CAPITALS,
        Code::Structure if diagnostic.change().is_some() => &spelling::CAPITALS,
        Code::Structure => &spelling::SINGLE_STATEMENT,
        Code::Identifier => &spelling::IDENTIFIER,
        Code::OperationSet => &spelling::OPERATION_SET,
        Code::Limit if diagnostic.cam_code().is_none() && is_of_list(diagnostic) => &bookkeeping::NOT_LISTED,
        Code::Limit => &refused::TOO_LONG,
        Code::Action => &refused::MALFORMED_ACTION,
        Code::UnknownAction => &refused::UNKNOWN_ACTION,
        Code::Principal => &refused::PRINCIPAL_FORM,
        Code::Project => &refused::PROJECT_SEGMENT,
        Code::Service => &refused::RESOURCE_SERVICE,
        Code::Region => &refused::RESOURCE_REGION,
        Code::QuestionMark => &no_effect::QUESTION_MARK,
        Code::UnmatchedWildcard => &no_effect::UNMATCHED_WILDCARD,
        Code::OperationLevel => match statement().map(|statement| statement.effect()) {
            Some(Effect::Allow) => &no_effect::OPERATION_LEVEL_ALLOW,
            _ => &no_effect::OPERATION_LEVEL_DENY,
        },
        Code::Case => &no_effect::CASE,
        Code::UnmatchedResource => &no_effect::UNMATCHED_RESOURCE,
        Code::Slash => &no_effect::SLASH,
        Code::MissingSegment => &no_effect::MISSING_SEGMENT,
        Code::SwappedSegments => &no_effect::SWAPPED_SEGMENTS,
        Code::Whitespace if matches!(element, Some(Element::Key(..))) => &no_effect::KEY_WHITESPACE,
        Code::Whitespace => &no_effect::WHITESPACE,
        Code::Placeholder => &no_effect::PLACEHOLDER,
        Code::Account => {
            let resource = match element {
                Some(Element::Resource(_, of)) => statement().and_then(|one| one.resources().get(of)),
                _ => None,
            };
            match resource.and_then(|resource| split_segments(resource.as_str())) {
                Some([.., account, _]) if !diagnostic.has_no_effect() && !account.contains('*') => {
                    &no_effect::APPID_ASSUMED
                }
                _ if !diagnostic.has_no_effect() => &no_effect::MASKED_ACCOUNT,
                Some([_, _, service, _, account, _])
                    if is_app_id(account)
                        && !service.starts_with("cos")
                        && !matches!(service, "ci" | "cas") =>
                {
                    &no_effect::APPID_ACCOUNT
                }
                _ => &refused::RESOURCE_ACCOUNT,
            }
        }
        Code::OperatorType => &no_effect::OPERATOR_TYPE,
        Code::ConditionValue => {
            let condition = match element {
                Some(Element::Value(_, of, _)) => statement().and_then(|one| one.conditions().get(of)),
                _ => None,
            };
            let is_time = |condition: &Condition| {
                condition.operator().comparison.kind() == ValueKind::Time
                    || condition.key().trim().eq_ignore_ascii_case("qcs:current_time")
            };
            if condition.is_some_and(is_time) { &no_effect::MALFORMED_DATE } else { &no_effect::UNREAD_VALUE }
        }
        Code::Tag => &no_effect::TAG_VALUE,
        _ => &refused::WRONG_STRUCTURE,
    }
}

/// Whether an account has the form of an APPID. Digits may be hidden.
fn is_app_id(account: &str) -> bool {
    let digits = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*');
    account.strip_prefix("uid/").is_some_and(digits)
}

/// Whether a diagnostic of the limit counts what is not listed. The other kind says that the policy is too long.
fn is_of_list(diagnostic: &Diagnostic) -> bool {
    diagnostic.message().ends_with("are not listed")
}
