//! Checks resources for mistakes of published policies: such a resource matches nothing, whatever the action.

use alloc::format;
use alloc::string::{String, ToString};

use crate::diagnostic::{Code, Diagnostics, Element};
use crate::policy::{Account, ResourcePattern};
use crate::text::{SEGMENTS, Shortened, all_bytes, quoted, split_segments};
use crate::values::{Region, bucket_owner, is_region};

/// Whether a resource can match at all, before it is compared with the patterns of a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// It matches nothing, and is most likely meant as this.
    Dead(Option<String>),
    /// It may match.
    Sound,
}

/// Checks the content and the place of each of the six segments.
///
/// `segments` are those of the resource. `narrows`: if the statement begins to match, it takes access away.
pub(super) fn check(
    resource: &ResourcePattern,
    segments: Option<[&str; 6]>,
    element: Element,
    narrows: bool,
    found: &mut Diagnostics,
) -> Form {
    if resource.is_all() {
        return Form::Sound;
    }
    let mut report = Report { element, narrows, found, form: Form::Sound, has_fix: false };
    match segments {
        None => report.five_segments(resource.as_str()),
        Some(segments) => report.six_segments(resource.as_str(), segments),
    }
    report.form
}

struct Report<'d> {
    element: Element,
    narrows: bool,
    found: &'d mut Diagnostics,
    form: Form,
    /// Whether there is a fix of the resource. Another one would be for the text that the first one makes.
    has_fix: bool,
}

impl Report<'_> {
    /// Reports a resource that matches nothing, and what to write instead if there is only one choice.
    fn dead(&mut self, code: Code, message: &str, meant: Option<&str>, help: &str) {
        self.form = Form::Dead(meant.map(String::from));
        let diagnostic = self
            .found
            .add_to(code, self.element, format_args!("{message}: it matches nothing"))
            .with_no_effect();
        match meant {
            None => {
                diagnostic.with_help(help);
            }
            Some(meant) => {
                let more = if help.is_empty() { String::new() } else { format!("; {help}") };
                diagnostic.with_help(format_args!("write `{}`{more}", Shortened(meant)));
                if !core::mem::replace(&mut self.has_fix, true) {
                    diagnostic.with_replacement(meant, self.narrows);
                }
            }
        }
    }

    /// Reports what else is wrong with a resource once its segments stand where they belong.
    fn as_meant(&mut self, text: &str) {
        let Form::Dead(Some(meant)) = core::mem::replace(&mut self.form, Form::Dead(None)) else { return };
        let segments = split_segments(&meant).filter(|_| meant != text);
        self.form = Form::Sound;
        if let Some(segments) = segments {
            self.six_segments(&meant, segments);
        }
        if self.form == Form::Sound {
            self.form = Form::Dead(Some(meant));
        }
    }

    fn five_segments(&mut self, text: &str) {
        let parts: [&str; 5] = {
            let mut parts = text.splitn(5, ':');
            core::array::from_fn(|_| parts.next().unwrap_or_default())
        };
        let [_, project, service, place, resource] = parts;
        let (named, why) = with_kind(place, if project.is_empty() { service } else { project }, resource);
        let meant = match place {
            _ if !project.is_empty() && is_account(place) => {
                Some((format!("qcs::{project}:{service}:{named}:{resource}"), "the project segment is empty"))
            }
            _ if is_account(place) => Some((
                format!("qcs::{service}::{named}:{resource}"),
                "an empty region is every region; name one to have it alone",
            )),
            _ if project.is_empty() && is_region(place) => Some((
                format!("qcs::{service}:{place}::{resource}"),
                "an empty account is the root account of the policy's creator",
            )),
            _ => None,
        };
        let message = format!("{} has five segments, a resource has six", quoted(text));
        match meant {
            Some((meant, help)) => {
                let why = if is_account(place) { why } else { "" };
                self.dead(Code::MissingSegment, &message, Some(&meant), &joined(why, help));
                self.as_meant(text);
            }
            None => self.dead(
                Code::MissingSegment,
                &message,
                None,
                "write `qcs::service:region:account:resource`, where region and account may be empty",
            ),
        }
    }

    fn six_segments(&mut self, text: &str, segments: [&str; 6]) {
        let of_cos = is_of_cos(segments[2]);
        let several = is_several(segments[5]);
        if several {
            let message = format!("{} looks like more than one resource", quoted(text));
            self.found
                .add_to(Code::Resource, self.element, message)
                .with_help("write each as a string of its own")
                .with_cam_code(None);
        }
        // The key of an object may hold whitespace, also at its end.
        let stray = |at: usize| {
            let segment = segments[at];
            let whole = at < 5 || !of_cos;
            // Other checks report these.
            !(segment.contains('<') || several && at == 5)
                && (segment.starts_with(char::is_whitespace)
                    || whole && segment.contains(char::is_whitespace))
        };
        // Nearly no resource has whitespace or a placeholder in it.
        let has_space = !all_bytes(text, |byte| byte.is_ascii_graphic());
        let may_have_placeholder = !all_bytes(text, |byte| byte != b'<');
        if let Some(at) = (1..6).find(|at| has_space && stray(*at)) {
            let mended: [String; 6] = core::array::from_fn(|of| match stray(of) {
                false => segments[of].into(),
                true if of == 5 && of_cos => segments[of].trim_start().into(),
                true => segments[of].chars().filter(|character| !character.is_whitespace()).collect(),
            });
            let message = format!("the {} segment of {} has whitespace in it", SEGMENTS[at], quoted(text));
            let mended = mended.join(":");
            self.dead(Code::Whitespace, &message, Some(&mended), "");
            self.as_meant(text);
            return;
        }
        if self.swapped(text, segments) {
            self.as_meant(text);
            return;
        }
        let [_, project, service, region, account, resource] = segments;
        if !project.is_empty() {
            let meant = format!("qcs::{service}:{region}:{account}:{resource}");
            self.found
                .add_to(
                    Code::Project,
                    self.element,
                    format_args!(
                        "{} names the project `{project}`, and policies must leave that segment empty today; it is \
                         assumed that an old policy with it matches requests of this project alone",
                        quoted(text)
                    ),
                )
                .with_help(format_args!(
                    "`{}` means the resource; it is assumed that an empty project matches every project",
                    Shortened(&meant)
                ));
        }
        // Nearly all services and regions have no other characters, and need no further check.
        if ![service, region].iter().all(|one| one.bytes().all(is_of_region)) {
            let (in_lower, region_in_lower) = (service.to_ascii_lowercase(), region.to_ascii_lowercase());
            let lower = format!("qcs:{project}:{in_lower}:{region_in_lower}:{account}:{resource}");
            self.service(text, service, &lower);
            self.region(text, region, &lower);
        }
        self.account(text, segments);
        if let Some(placeholder) = may_have_placeholder.then(|| placeholder(resource)).flatten() {
            self.found
                .add_to(
                    Code::Placeholder,
                    self.element,
                    format_args!(
                        "`{}` looks like a placeholder of a documentation page",
                        Shortened(placeholder)
                    ),
                )
                .with_help("fill it in");
        }
    }

    /// Reports segments that stand in each other's place.
    fn swapped(&mut self, text: &str, [_, project, service, region, account, resource]: [&str; 6]) -> bool {
        let by_service = is_region(service) && !region.is_empty() && !is_region(region);
        let by_account = is_region(account) && region.is_empty();
        if !is_account(region) && !by_service && !by_account {
            return false;
        }
        let text = quoted(text);
        if is_account(region) {
            if account.contains('/') && !is_account(account) {
                // What stands in the place of the account is the beginning of the resource.
                let (named, why) = with_kind(region, service, account);
                let meant = format!("qcs:{project}:{service}::{named}:{account}:{resource}");
                let message = format!("{text} has the account in the place of the region");
                let help = joined(why, "an empty region is every region");
                self.dead(Code::MissingSegment, &message, Some(&meant), &help);
            } else {
                let other = if is_account(account) { "" } else { account };
                let (service, place, what) = match other {
                    "" => (service, other, "the account in the place of the region"),
                    _ if is_region(service) && !is_region(other) => {
                        (other, service, "service, region and account in each other's place")
                    }
                    _ => (service, other, "account and region in each other's place"),
                };
                let (named, why) = with_kind(region, service, resource);
                let meant = format!("qcs:{project}:{service}:{place}:{named}:{resource}");
                let message = format!("{text} has {what}");
                self.dead(Code::SwappedSegments, &message, Some(&meant), why);
            }
        } else if by_service {
            let message = format!("{text} has region and service in each other's place");
            let meant = format!("qcs:{project}:{region}:{service}:{account}:{resource}");
            self.dead(Code::SwappedSegments, &message, Some(&meant), "");
        } else {
            let message = format!("{text} has the region in the place of the account");
            let meant = format!("qcs:{project}:{service}:{account}::{resource}");
            let help = "an empty account is the root account of the policy's creator";
            self.dead(Code::SwappedSegments, &message, Some(&meant), help);
        }
        true
    }

    /// `lower` is the resource with service and region in lower case.
    fn service(&mut self, text: &str, service: &str, lower: &str) {
        if !service.chars().all(is_of_abbreviation) {
            let message = format!("{} names the service {}, which is none", quoted(text), quoted(service));
            self.dead(
                Code::Service,
                &message,
                None,
                "write the product's abbreviation in CAM, such as `trtc`",
            );
        } else if service.contains(|character: char| character.is_ascii_uppercase()) {
            let message =
                format!("{} names the service `{service}`, and abbreviations are lower case", quoted(text));
            self.dead(Code::Case, &message, None, &format!("write `{}`", Shortened(lower)));
        }
    }

    fn region(&mut self, text: &str, region: &str, lower: &str) {
        if region.bytes().all(is_of_region) {
            return;
        }
        let stem = region.replace('*', "");
        let (code, help) = match Region::new(&stem.to_ascii_lowercase()) {
            Ok(_) => (Code::Case, format!("write `{}`", Shortened(lower))),
            Err(_) => (Code::Region, "write a region, such as `ap-guangzhou`".to_string()),
        };
        let message = format!("{} names the region {}, which is none", quoted(text), quoted(region));
        self.dead(code, &message, None, &help);
    }

    fn account(&mut self, text: &str, segments: [&str; 6]) {
        let [_, project, service, region, account, resource] = segments;
        let (Account::Other(_) | Account::AppId(_)) = Account::read(account) else { return };
        let (kind, number) = account.split_once('/').unwrap_or(("", account));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if kind == "uid" && is_of_cos(service) && digits(number) {
            return;
        }
        let text = quoted(text);
        // A service that is none may be meant as COS.
        let unclear = service.contains('*') || !service.chars().all(is_of_abbreviation);
        // Products that keep objects as COS does also name them as COS does.
        let bucket = resource.split('/').next().and_then(|bucket| bucket.rsplit_once('-'));
        let in_bucket = resource.starts_with("prefix//") || bucket.is_some_and(|(_, owner)| owner == number);
        let documented = is_of_cos(service) || matches!(service, "" | "cas") || unclear;
        match kind {
            "uid" if !documented && in_bucket && digits(number) => {
                self.found
                    .add_to(
                        Code::Account,
                        self.element,
                        format_args!(
                            "{text} names the account by its APPID, which is documented for COS and CAS only; it is assumed \
                             that `{service}`, which names a bucket as COS does, takes it, too"
                        ),
                    )
                    .with_help(
                        "if requests are refused, name the root account by its uin, such as `uin/12345678`",
                    )
                    .with_cam_code(None);
            }
            "uid" if !(documented || in_bucket) && (digits(number) || number.contains('*')) => {
                let message = format!(
                    "{text} names the account by its APPID, which is documented for COS and CAS only; it is assumed that \
                     in `{service}` nobody has that name"
                );
                self.dead(
                    Code::Account,
                    &message,
                    None,
                    "name the root account by its uin, such as `uin/12345678`",
                );
            }
            "uid" if digits(number) => {}
            "uin" | "uid" if number == "*" => {}
            "uin" | "uid"
                if number.contains('*')
                    && number.bytes().all(|byte| byte == b'*' || byte.is_ascii_digit()) =>
            {
                self.found
                    .add_to(
                        Code::Account,
                        self.element,
                        format_args!("the account of {text} has a `*` within its number, as texts have it that hide one"),
                    )
                    .with_help("write the whole number; it is assumed that a `*` stands for any digits here");
            }
            "uin" | "uid" => {
                let what = if kind == "uin" { "uin" } else { "APPID" };
                let message = format!("{text} names the account {}, which is no {what}", quoted(account));
                let example = if kind == "uin" { "uin/12345678" } else { "uid/1250000000" };
                self.dead(Code::Account, &message, None, &format!("write one like `{example}`"));
            }
            "" if digits(number) => {
                let (named, why) = with_kind(account, service, resource);
                let meant = format!("qcs:{project}:{service}:{region}:{named}:{resource}");
                let form = if is_of_cos(service) { "uid/" } else { "uin/" };
                let message = format!("{text} names the account without its `{form}`");
                self.dead(Code::Account, &message, Some(&meant), why);
            }
            "" => {
                let message = format!("{text} names the account {}, which is none", quoted(account));
                self.dead(Code::Account, &message, None, "write the root account, such as `uin/12345678`");
            }
            _ => {
                let message = format!("{text} has {} in the place of the account", quoted(account));
                let help = format!(
                    "the account comes before the resource: write `qcs:{project}:{service}:{region}:uin/12345678:…` with \
                     the uin of the root account"
                );
                self.dead(Code::Account, &message, None, &help);
            }
        }
    }
}

/// Whether the last segment has the end of one resource and the beginning of the next.
fn is_several(segment: &str) -> bool {
    // Nearly no segment has a `:`.
    segment.contains(':')
        && segment.match_indices("qcs:").any(|(at, _)| {
            segment[..at].ends_with(|before: char| before.is_whitespace() || ",;|，、；".contains(before))
        })
}

/// Whether the service is COS, or a product that names resources as COS does.
fn is_of_cos(service: &str) -> bool {
    service.starts_with("cos") || service == "ci"
}

/// Whether the service segment of a resource can have the character.
fn is_of_abbreviation(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-_*".contains(character)
}

/// Whether the region segment of a resource can have the character; a service segment can, too.
fn is_of_region(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'*')
}

fn is_account(segment: &str) -> bool {
    let digits = segment.len() > 4 && segment.bytes().all(|byte| byte.is_ascii_digit());
    digits || segment.starts_with("uin/") || segment.starts_with("uid/")
}

/// Returns an account with the `uin/` or the `uid/` that it lacks, and why it is another one, if it is: a bucket of COS states
/// the APPID of its owner, and COS knows no account by its uin.
fn with_kind(account: &str, service: &str, resource: &str) -> (String, &'static str) {
    let owner = bucket_owner(resource).filter(|_| is_of_cos(service));
    let (kind, number) = account.split_once('/').unwrap_or(("", account));
    match (kind, owner) {
        ("" | "uin", Some(owner)) if owner != number => {
            (format!("uid/{owner}"), "the name of the bucket has the APPID of its owner")
        }
        ("", _) if is_of_cos(service) => (format!("uid/{account}"), ""),
        ("", _) => (format!("uin/{account}"), ""),
        _ => (account.into(), ""),
    }
}

/// Joins two helps, of which the first may be empty.
fn joined(one: &str, other: &str) -> String {
    if one.is_empty() { other.into() } else { format!("{one}; {other}") }
}

/// Returns the first `<…>` of a text.
fn placeholder(text: &str) -> Option<&str> {
    let start = text.find('<')?;
    let end = text[start..].find('>')? + start;
    (end > start + 1).then(|| &text[start..=end])
}
