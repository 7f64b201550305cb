//! Checks principals for names that match nobody.

use crate::diagnostic::{Code, Diagnostics, Element};
use crate::policy::{Principal, PrincipalKind};
use crate::text::{quoted, split_segments};

/// Reports names that have none of the documented forms. `element` is the one of a name by its number.
pub(super) fn check(principal: &Principal, element: impl Fn(usize) -> Element, found: &mut Diagnostics) {
    for (of, (kind, name)) in principal.all_names().enumerate() {
        if kind != PrincipalKind::Qcs || has_known_form(name) {
            continue;
        }
        let message = alloc::format!("{} has none of the documented forms of a principal", quoted(name));
        found
            .add_to(Code::Principal, element(of), message)
            .with_help("write one like `qcs::cam::uin/12345678:uin/23456789`, or `qcs::cam::anyone:anyone` for everyone")
            .with_cam_code(Some("InvalidParameter.PrincipalError"));
    }
}

/// Whether a name has a form that the documentation states; in no other one the evaluator finds anybody.
fn has_known_form(name: &str) -> bool {
    if matches!(name, "*" | "qcs::cam::anyone:anyone" | "qcs::cam::anonymous:anonymous") {
        return true;
    }
    let Some(["qcs", "", "cam", "", account, identity]) = split_segments(name) else { return false };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = |text: &str| {
        !text.is_empty()
            && !text.contains(|character: char| character.is_whitespace() || "<>$*".contains(character))
    };
    let known_account = account.is_empty()
        || account.strip_prefix("uin/").is_some_and(|number| number.is_empty() || is_number(number));
    known_account
        && match identity.split_once('/') {
            None => identity == "root",
            Some(("uin" | "groupid", number)) => is_number(number),
            Some(("roleName" | "role", name)) => is_name(name),
            Some(_) => false,
        }
}
