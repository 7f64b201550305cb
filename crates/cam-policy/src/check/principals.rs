//! Checks principals for names that match nobody.

use crate::diagnostic::{Code, Diagnostics, Element};
use crate::policy::{Principal, PrincipalKind};
use crate::text::{quoted, split_segments};

/// Reports names that have none of the documented forms.
pub(super) fn check(principal: &Principal, element: Element, found: &mut Diagnostics) {
    for name in principal.names(PrincipalKind::Qcs).filter(|name| !has_known_form(name)) {
        found
            .add_to(Code::Principal, element, format_args!("{} names nobody in a documented form", quoted(name)))
            .with_help("write one like `qcs::cam::uin/12345678:uin/23456789`, or `qcs::cam::anyone:anyone` for everyone")
            .with_cam_code(Some("InvalidParameter.PrincipalError"));
    }
}

fn has_known_form(name: &str) -> bool {
    if name == "*" {
        return true;
    }
    let Some(["qcs", "", service, _, account, identity]) = split_segments(name) else { return false };
    let number =
        |text: &str| text == "*" || !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let numbered = |text: &str| text.strip_prefix("uin/").is_some_and(number);
    let stray = |character: char| character.is_whitespace() || "<>$".contains(character);
    if !matches!(service, "cam" | "sts" | "") || identity.is_empty() || identity.contains(stray) {
        return false;
    }
    let known = matches!(account, "" | "uin/" | "anyone" | "anonymous") || numbered(account);
    known && (!identity.starts_with("uin/") || numbered(identity))
}
