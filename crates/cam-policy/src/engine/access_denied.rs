//! The texts with which CAM denies access to a caller.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use std::collections::HashSet;

use super::caller::Caller;
use super::least::least_pattern;
use super::request::Request;
use crate::catalog::{Catalog, Granularity};
use crate::policy::{
    ActionPattern, Condition, ConditionOperator, ConditionValue, Effect, PatternError, ResourcePattern,
    Statement,
};
use crate::text::{Shortened, debug_as_display, split_segments};
use crate::values::{Uin, is_app_id};

/// The words before the action.
const OPERATION: &str = "not authorized to perform operation";

/// The words after a resource.
const REFUSED: &str = "has no permission";

/// The word before the conditions.
const CONDITION: &str = "condition:";

/// The most bytes of a text that are read. The caller of this crate cuts a longer log down to CAM's own words.
const LONGEST: usize = 1 << 20;

/// The most bytes of an action's name. Each denial holds a copy of it: a long name before many resources would take
/// far more memory than the text.
const LONGEST_ACTION: usize = 256;

/// How many resources of one bracket get its conditions, the last ones if there are more.
const MOST_WITH_CONDITIONS: usize = 100;

/// Stands for the caller until the user of this crate names one.
const NOBODY: Uin = match Uin::new(1) {
    Ok(uin) => uin,
    Err(_) => unreachable!(),
};

/// A denial by CAM: the action, and the resource on which the caller may not do it.
///
/// # Accepted texts
///
/// The text holds these words, in upper or lower case, separated by whitespace or commas:
///
/// ```text
/// you are not authorized to perform operation (trtc:RemoveUser)
/// resource (qcs::trtc::uin/100000000001:sdkappid/1400000001) has no permission
/// ```
///
/// Around them may stand whatever an SDK, a console or a log writes: codes, `[request id:…]`, another language. A line
/// may begin with a bar of Terraform's box, with `>`, or with the time and level of a log, also inside of a sentence. Line
/// breaks, quotes and slashes may be escaped as in JSON, also more than once. Such texts were seen. The following
/// form was seen too, and nothing documents it:
///
/// ```text
/// … has no permission with or without condition:[{"condition":{"key":"qcs:resource_tag",
///   "value":["env&prod"],"ope":"for_any_value:string_equal"},"effect":"allow"}]
/// ```
///
/// This crate assumes that several `resource (…) has no permission` may follow one operation, that one bracket may list
/// several resources with commas between them, and that one text may hold several operations: [`AccessDenied::parse_all`] reads
/// them all. Conditions belong to the resources of the bracket before them. A text may have up to 1 MiB.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// use cam_policy::engine::{PolicySet, AccessDenied};
/// use cam_policy::policy::Policy;
/// use cam_policy::values::Uin;
///
/// let denied = AccessDenied::parse(
///     "[TencentCloudSDKException] code:UnauthorizedOperation.CamNoAuth message:[request id:0]you are not authorized \
///      to perform operation (cvm:StopInstances)\n\
///      resource (qcs::cvm:ap-guangzhou:uin/100000000001:instance/ins-1) has no permission\n requestId:0",
/// )?;
/// assert_eq!(denied.action(), "cvm:StopInstances");
/// assert_eq!(denied.resource(), "qcs::cvm:ap-guangzhou:uin/100000000001:instance/ins-1");
///
/// let repaired = Policy::new([denied.least_statement()])?;
/// let set = PolicySet::new(&CATALOG, [repaired], Uin::new(100000000001)?);
/// assert!(set.decide(&denied.request(Uin::new(100000000002)?)).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccessDenied {
    action: ActionPattern,
    resource: ResourcePattern,
    conditions: Arc<[(Effect, Condition)]>,
    /// The request with a stand-in caller. That it exists proves that [`Self::request`] cannot fail.
    request: Request,
}

impl fmt::Debug for AccessDenied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessDenied")
            .field("action", &self.action)
            .field("resource", &self.resource)
            .field("conditions", &self.conditions)
            .finish_non_exhaustive()
    }
}

impl AccessDenied {
    /// Reads a text that holds one denial; the text may repeat it.
    ///
    /// # Errors
    ///
    /// [`AccessDeniedError`] says what is missing in the text, or that the text holds several denials.
    ///
    /// ```
    /// use cam_policy::engine::AccessDenied;
    ///
    /// let error = AccessDenied::parse("Your account has insufficient balance").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the text names no operation: it lacks `you are not authorized to perform operation (service:Name)`"
    /// );
    /// ```
    pub fn parse(text: &str) -> Result<Self, AccessDeniedError> {
        let mut all = Self::parse_all(text)?;
        match (all.pop(), all.len()) {
            (Some(only), 0) => Ok(only),
            (_, others) => Err(AccessDeniedError(Lack::Several { found: others + 1 })),
        }
    }

    /// Reads every denial of a text, in order, each once; the list is never empty. Two denials that differ in their
    /// conditions count as two.
    ///
    /// # Errors
    ///
    /// [`AccessDeniedError`] says what is missing in the text, or in one of its denials.
    ///
    /// ```
    /// use cam_policy::engine::AccessDenied;
    ///
    /// let log = "you are not authorized to perform operation (trtc:GetUserList)\nresource (*) has no permission\n\
    ///            you are not authorized to perform operation (trtc:RemoveUser)\n\
    ///            resource (qcs::trtc::uin/1:sdkappid/2) has no permission\n";
    /// let actions: Vec<_> = AccessDenied::parse_all(log)?.iter().map(|one| one.action().to_owned()).collect();
    /// assert_eq!(actions, ["trtc:GetUserList", "trtc:RemoveUser"]);
    /// # Ok::<(), cam_policy::engine::AccessDeniedError>(())
    /// ```
    pub fn parse_all(text: &str) -> Result<Vec<Self>, AccessDeniedError> {
        if text.len() > LONGEST {
            return Err(AccessDeniedError(Lack::Length { found: text.len() }));
        }
        let text = in_one_line(&unescaped(text));
        // It is as long as the text, so that places are the same in both.
        let lower = text.to_ascii_lowercase();
        let starts: Vec<usize> = lower.match_indices(OPERATION).map(|(at, _)| at + OPERATION.len()).collect();
        let mut found: Vec<Self> = Vec::new();
        for (at, start) in starts.iter().enumerate() {
            let end = starts.get(at + 1).copied().unwrap_or(text.len());
            read(&text[*start..end], &lower[*start..end], &mut found)?;
        }
        if found.is_empty() {
            let other = OtherRefusal::read(&lower).map(Lack::Other);
            let lack = other.or_else(|| of_cos(&text, &lower));
            return Err(AccessDeniedError(lack.unwrap_or(Lack::Operation)));
        }
        let mut seen = HashSet::new();
        let first: Vec<bool> = found.iter().map(|one| seen.insert(one)).collect();
        let mut first = first.into_iter();
        found.retain(|_| first.next().unwrap_or(true));
        Ok(found)
    }

    /// Returns the action, as `service:Name`.
    ///
    /// ```
    /// # use cam_policy::engine::AccessDenied;
    /// let denied = AccessDenied::parse(
    ///     "You are not authorized to perform operation (name/sms:SendSms), resource (*) has no permission",
    /// )?;
    /// assert_eq!(denied.action(), "sms:SendSms");
    /// # Ok::<(), cam_policy::engine::AccessDeniedError>(())
    /// ```
    pub fn action(&self) -> &str {
        self.action.as_str()
    }

    /// Returns the resource that CAM received: `*` or six segments.
    ///
    /// ```
    /// # use cam_policy::engine::AccessDenied;
    /// let denied = AccessDenied::parse(
    ///     "you are not authorized to perform operation (sms:SendSms)\nresource (*) has no permission",
    /// )?;
    /// assert_eq!(denied.resource(), "*");
    /// # Ok::<(), cam_policy::engine::AccessDeniedError>(())
    /// ```
    pub fn resource(&self) -> &str {
        self.resource.as_str()
    }

    /// Returns the conditions that CAM printed, each with the effect of its statement; the list is mostly empty.
    ///
    /// This crate assumes that they stand in the caller's policies, in statements that would match if the conditions
    /// were true. It leaves out conditions that it cannot read.
    ///
    /// ```
    /// # use cam_policy::engine::AccessDenied;
    /// let denied = AccessDenied::parse(
    ///     "you are not authorized to perform operation (tke:DeleteCluster)\n\
    ///      resource (qcs::tke:gz::cluster/cls-1) has no permission with or without condition:[{\"condition\":\
    ///      {\"key\":\"qcs:resource_tag\",\"value\":[\"env&prod\"],\"ope\":\"for_any_value:string_equal\"},\
    ///      \"effect\":\"allow\"}]",
    /// )?;
    /// let told: Vec<_> = denied.conditions().map(|(_, condition)| condition.to_string()).collect();
    /// assert_eq!(told, ["for_any_value:string_equal of qcs:resource_tag with env&prod"]);
    /// # Ok::<(), cam_policy::engine::AccessDeniedError>(())
    /// ```
    pub fn conditions(&self) -> impl ExactSizeIterator<Item = (Effect, &Condition)> {
        self.conditions.iter().map(|(effect, condition)| (*effect, condition))
    }

    /// Returns the request that CAM denied, made by this caller. The text does not hold the context of the request.
    ///
    /// ```
    /// # use cam_policy::engine::AccessDenied;
    /// # use cam_policy::values::Uin;
    /// let denied = AccessDenied::parse(
    ///     "you are not authorized to perform operation (sms:SendSms)\nresource (*) has no permission",
    /// )?;
    /// assert_eq!(denied.request(Uin::new(100000000002)?).action(), "sms:SendSms");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn request(&self, caller: impl Into<Caller>) -> Request {
        self.request.clone().by(caller.into())
    }

    /// Returns the narrowest statement that grants what CAM denied.
    ///
    /// Its resource is the one that CAM printed, without the default project `id/0`, because policies must leave the
    /// project empty. CAM writes a resource that ends in `*` for something that does not exist yet; the statement
    /// then names all of the kind. It has no condition: the conditions of the text are those of a policy, not values
    /// of the request.
    ///
    /// The text of CAM is better evidence than the catalog. If the catalog calls the action operation-level although
    /// CAM named a resource, [`catalog_differs`](Self::catalog_differs) says so, and the statement names that
    /// resource anyway. If it does not help, try [`ResourcePattern::ALL`] next. A [`PolicySet`](super::PolicySet) of
    /// this statement denies [`request`](Self::request) in that case, because the set follows the catalog. In every
    /// other case it allows the request.
    ///
    /// ```
    /// # use cam_policy::engine::AccessDenied;
    /// let denied = AccessDenied::parse(
    ///     "you are not authorized to perform operation (trtc:RemoveUser)\n\
    ///      resource (qcs::trtc::uin/100000000001:sdkappid/1400000001) has no permission",
    /// ).unwrap();
    /// let statement = denied.least_statement();
    /// assert_eq!(statement.resources()[0].as_str(), "qcs::trtc::uin/100000000001:sdkappid/1400000001");
    /// ```
    pub fn least_statement(&self) -> Statement {
        let resource = least_pattern(self.resource.as_str()).unwrap_or_else(|| self.resource.clone());
        Statement::new(Effect::Allow, [self.action.clone()], [resource])
    }

    /// Returns the granularity that the catalog states for the action, if CAM's text contradicts it: a resource for
    /// an operation-level action, or `*` for a resource-level one.
    ///
    /// Then either the permission page is out of date, or CAM did not write the text. A
    /// [`PolicySet`](super::PolicySet) follows the catalog, see
    /// [`ResourceNormalization`](super::ResourceNormalization).
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::catalog::Granularity;
    /// # use cam_policy::engine::AccessDenied;
    /// let denied = AccessDenied::parse(
    ///     "you are not authorized to perform operation (trtc:GetUserList)\n\
    ///      resource (qcs::trtc::uin/100000000001:sdkappid/1400000001) has no permission",
    /// ).unwrap();
    /// assert_eq!(denied.catalog_differs(&CATALOG), Some(Granularity::Operation));
    /// ```
    pub fn catalog_differs(&self, catalog: &Catalog<'_>) -> Option<Granularity> {
        let granularity = catalog.action(self.action())?.granularity();
        let differs = match granularity {
            Granularity::Operation => !self.resource.is_all(),
            Granularity::Resource => self.resource.is_all(),
            _ => false,
        };
        differs.then_some(granularity)
    }
}

impl fmt::Display for AccessDenied {
    /// `trtc:RemoveUser on qcs::trtc::uin/…`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.action, self.resource)
    }
}

/// Returns the text with its escapes resolved, however often it was escaped.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        while characters.next_if_eq(&'\\').is_some() {}
        match characters.next() {
            Some('n' | 'r') => out.push('\n'),
            Some('t') => out.push('\t'),
            // The character before a colour, as Python prints it.
            Some('x') if characters.clone().take(2).collect::<String>().eq_ignore_ascii_case("1b") => {
                out.push(ESCAPE);
                characters.nth(1);
            }
            Some('u') => {
                let ahead: String = characters.clone().take(4).collect();
                match u32::from_str_radix(&ahead, 16).ok().and_then(char::from_u32) {
                    Some(decoded) if ahead.len() == 4 => {
                        out.push(decoded);
                        characters.nth(3);
                    }
                    _ => out.push('u'),
                }
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    Cow::Owned(out)
}

/// Begins a colour of a terminal.
const ESCAPE: char = '\u{1b}';

/// Returns the text in one line, without what programs put around and before CAM's words: colours, the bars of
/// Terraform's box, the `>` of quoted mail, and the time and level of a line of a log. Each of them may stand inside of a
/// sentence that was wrapped.
fn in_one_line(text: &str) -> String {
    let text = without_colours(text);
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let line = without_prefix(line);
        if !out.is_empty() && !line.is_empty() {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

fn without_colours(text: &str) -> Cow<'_, str> {
    if !text.contains(ESCAPE) {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split(ESCAPE);
    let mut out = String::from(parts.next().unwrap_or_default());
    for part in parts {
        let sequence = part.strip_prefix('[').and_then(|rest| {
            let end = rest.find(|one: char| !one.is_ascii_digit() && one != ';')?;
            rest.get(end + 1..)
        });
        out.push_str(sequence.unwrap_or(part));
    }
    Cow::Owned(out)
}

/// Returns a line of a log without the bars, times and levels at its beginning.
fn without_prefix(line: &str) -> &str {
    let is_bar = |one: char| one.is_whitespace() || "\u{2577}\u{2502}\u{2575}\u{2503}|>".contains(one);
    let mut rest = line.trim_end();
    let mut is_log = false;
    loop {
        let bare = rest.trim_start_matches(is_bar);
        let end = bare.find(char::is_whitespace).unwrap_or(bare.len());
        let (word, behind) = bare.split_at(end);
        let inner = word.trim_matches(|one: char| "[]():".contains(one));
        // Only times stand before levels: a sentence may begin with such a word.
        let is_prefix =
            is_time(inner) || is_log && LEVELS.iter().any(|level| level.eq_ignore_ascii_case(inner));
        // Docker Compose writes the name of the container before a bar.
        let is_container = !is_log && behind.trim_start().starts_with("| ") && !word.contains('(');
        if !is_prefix && !is_container {
            return bare;
        }
        is_log = true;
        rest = behind;
    }
}

/// What logs write between the time and the text. `F` and `P` are those of containers.
const LEVELS: [&str; 11] =
    ["debug", "error", "fatal", "info", "trace", "warn", "warning", "stderr", "stdout", "f", "p"];

/// Whether a word is a day, a time, or both: it has digits, and all else is what stands between them.
fn is_time(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let between = word.bytes().filter(|one| b"-/:".contains(one)).count();
    digits >= 4 && between >= 2 && word.bytes().all(|one| one.is_ascii_digit() || b"-/:.,+TZ".contains(&one))
}

/// What a refusal by COS names of an object; empty where it does not say.
#[derive(Default)]
struct Object<'t> {
    region: &'t str,
    /// With its APPID.
    bucket: &'t str,
    key: &'t str,
}

/// Returns what is missing in a refusal by COS, which never names the operation. What the text does not name of the resource
/// stands in capitals.
///
/// Whether COS ever writes the resource as an address, `https://…`, is not known.
fn of_cos(text: &str, lower: &str) -> Option<Lack> {
    let is_of_cos = ["<error>", "myqcloud.com", "cosserviceerror"].iter().any(|word| lower.contains(word));
    if !lower.contains("accessdenied") || !is_of_cos {
        return None;
    }
    let named = lower.find("<resource>").map(|at| at + "<resource>".len()).and_then(|start| {
        let end = lower[start..].find("</resource>")?;
        Some(text[start..start + end].trim())
    });
    let named = named.unwrap_or_default();
    let (object, unread) = match named.split_once("://") {
        Some((scheme, address)) if ["http", "https"].iter().any(|one| scheme.eq_ignore_ascii_case(one)) => {
            match of_address(address) {
                Some(object) => (object, None),
                None => (Object::default(), Some(named.into())),
            }
        }
        _ => (of_name(named.trim_start_matches('/')), None),
    };
    let app_id = app_id_of(object.bucket).unwrap_or_default();
    let parts =
        [(object.region, "REGION"), (app_id, "APPID"), (object.bucket, "BUCKET-APPID"), (object.key, "KEY")];
    let [region, app_id, bucket, key] =
        parts.map(|(named, capitals)| if named.is_empty() { capitals } else { named });
    let resource = ["qcs::cos:", region, ":uid/", app_id, ":", bucket, "/", key].concat().into();
    Some(Lack::Cos { resource, unread })
}

/// Reads `BUCKET-APPID/KEY`, with or without the domain of COS behind the bucket, or the key alone.
fn of_name(named: &str) -> Object<'_> {
    let (host, key) = named.split_once('/').unwrap_or((named, ""));
    let (bucket, domain) = host.split_once('.').unwrap_or((host, ""));
    if app_id_of(bucket).is_none() {
        return Object { key: named, ..Object::default() };
    }
    let region = domain.strip_prefix("cos.").and_then(|rest| rest.split('.').next());
    Object { region: region_of(region.unwrap_or_default()), bucket, key }
}

/// Reads what stands behind the `https://` of an address.
fn of_address(address: &str) -> Option<Object<'_>> {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let (host, key) = address.split_once('/').unwrap_or((address, ""));
    let (bucket, region) = host.strip_suffix(".myqcloud.com")?.split_once(".cos.")?;
    if app_id_of(bucket).is_none() || region.is_empty() || region.contains('.') {
        return None;
    }
    // An address writes a key with `%` otherwise than a policy does.
    let key = if key.contains('%') { "" } else { key };
    Some(Object { region: region_of(region), bucket, key })
}

/// The domain of global acceleration is that of every region.
fn region_of(domain: &str) -> &str {
    if domain == "accelerate" { "" } else { domain }
}

/// Returns the APPID at the end of the name of a bucket.
fn app_id_of(bucket: &str) -> Option<&str> {
    bucket.rsplit_once('-').map(|(_, app_id)| app_id).filter(|app_id| is_app_id(app_id))
}

/// The brackets around an action and a resource. Chat programs make full-width ones of them.
const OPENS: [char; 2] = ['(', '\u{ff08}'];
const CLOSES: [char; 2] = [')', '\u{ff09}'];

/// Reads what follows the words before one operation.
fn read(text: &str, lower: &str, found: &mut Vec<AccessDenied>) -> Result<(), AccessDeniedError> {
    let fail = |lack| Err(AccessDeniedError(lack));
    let gap = |character: char| character.is_whitespace() || ",，;；:：".contains(character);
    // Without an action, the words are a title or an explanation.
    let Some(name) = text.trim_start_matches(gap).strip_prefix(OPENS) else { return Ok(()) };
    let Some((name, _)) = name.split_once(CLOSES) else { return fail(Lack::Operation) };
    let name = name.trim();
    if name.len() > LONGEST_ACTION {
        return fail(Lack::Name { text: name.into() });
    }
    let Ok(action) = name.parse::<ActionPattern>() else {
        return fail(Lack::Action { text: name.into() });
    };
    let before = found.len();
    // The resources of one bracket have the same conditions.
    let mut latest = before;
    let mut at = 0;
    // Where the text after the last resource begins.
    let mut behind = 0;
    while let Some(word) = lower[at..].find("resource").map(|start| at + start) {
        at = word + "resource".len();
        let Some(resource) = text[at..].trim_start_matches(gap).strip_prefix(OPENS) else { continue };
        let start = text.len() - resource.len();
        // A resource may hold a `)`: the words after it show where it ends.
        let Some(end) = refused(&lower[start..]).map(|end| start + end) else { break };
        with_conditions(&mut found[latest..], &text[behind..word], &lower[behind..word]);
        latest = found.len();
        for resource in listed(text[start..end].trim()) {
            found.push(denied(&action, resource)?);
        }
        at = end;
        behind = end;
    }
    if found.len() == before {
        return fail(Lack::Resource { action: action.as_str().into() });
    }
    with_conditions(&mut found[latest..], &text[behind..], &lower[behind..]);
    Ok(())
}

/// Gives denials the conditions that stand in a text.
fn with_conditions(denials: &mut [AccessDenied], text: &str, lower: &str) {
    if !denials.is_empty() {
        let conditions: Arc<[_]> = conditions(text, lower).into();
        // Comparing many denials that each have many conditions would take far longer than reading the text.
        let first = denials.len().saturating_sub(MOST_WITH_CONDITIONS);
        denials[first..].iter_mut().for_each(|one| one.conditions = Arc::clone(&conditions));
    }
}

/// The resources of one bracket. A comma may also be a part of a resource: it stands between two only if each of them has six
/// segments.
fn listed(text: &str) -> Vec<&str> {
    let is_whole = |one: &str| {
        split_segments(one).is_some_and(|segments| segments[0] == "qcs" && !segments[5].is_empty())
    };
    let commas = text.match_indices([',', ';', '\u{ff0c}', '\u{ff1b}']);
    let mut all = Vec::new();
    let mut from = 0;
    for (at, comma) in commas {
        let (one, rest) = (text[from..at].trim(), &text[at + comma.len()..]);
        if rest.trim_start().starts_with("qcs:") && is_whole(one) {
            all.push(one);
            from = at + comma.len();
        }
    }
    all.push(text[from..].trim());
    if all.iter().all(|one| is_whole(one)) { all } else { Vec::from([text]) }
}

/// Returns the denial of an action on a resource.
fn denied(action: &ActionPattern, resource: &str) -> Result<AccessDenied, AccessDeniedError> {
    let fail = |lack| Err(AccessDeniedError(lack));
    if Request::new(NOBODY, action.as_str(), "*").is_err() {
        return fail(Lack::Action { text: action.as_str().into() });
    }
    let six_segments =
        split_segments(resource).is_some_and(|segments| segments[0] == "qcs" && !segments[5].is_empty());
    if resource != "*" && !six_segments {
        return fail(Lack::Pattern { text: resource.into() });
    }
    // In a policy, a `${…}` of the resource would be a variable: it would stand for its value, not for itself.
    if resource.split_once("${").is_some_and(|(_, rest)| rest.contains('}')) {
        return fail(Lack::Variable { text: resource.into() });
    }
    match resource.parse::<ResourcePattern>() {
        Ok(pattern) => match Request::new(NOBODY, action.as_str(), resource) {
            Ok(request) => Ok(AccessDenied {
                action: action.clone(),
                resource: pattern,
                conditions: Arc::default(),
                request,
            }),
            Err(_) => fail(Lack::Pattern { text: resource.into() }),
        },
        Err(error) => fail(Lack::Unnamed { error }),
    }
}

/// Returns the place of the `)` that ends a resource.
fn refused(lower: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let end = at + lower[at..].find(REFUSED)?;
        let before = lower[..end].trim_end();
        if let Some(resource) = before.strip_suffix(CLOSES) {
            return Some(resource.len());
        }
        at = end + REFUSED.len();
    }
}

/// Reads the conditions after a resource from the list `[{"condition":{"key":…,"value":[…],"ope":…},"effect":…},…]`.
/// It reads word by word, because the JSON may be cut short.
fn conditions(text: &str, lower: &str) -> Vec<(Effect, Condition)> {
    let mut found = Vec::new();
    let Some(start) = lower.find(CONDITION) else { return found };
    let (mut key, mut operator, mut effect) = (None, None, None);
    let mut values: Vec<ConditionValue> = Vec::new();
    let mut member = "";
    let mut depth = 0_usize;
    let mut rest = text[start + CONDITION.len()..].trim_start();
    if !rest.starts_with('[') {
        return found;
    }
    while let Some(character) = rest.chars().next() {
        let mut next = character.len_utf8();
        match character {
            '[' | '{' => depth += 1,
            ']' | '}' => {
                depth -= 1;
                // The end of one condition: they stand one level deep in the list.
                if depth == 1 && character == '}' {
                    if let (Some(key), Some(operator)) = (key.take(), operator.take()) {
                        let condition = Condition::unchecked(operator, key, values.drain(..));
                        found.push((effect.take().unwrap_or(Effect::Allow), condition));
                    }
                    values.clear();
                }
                if depth == 0 {
                    break;
                }
            }
            '"' => {
                let Some(end) = rest[1..].find('"') else { break };
                let word = &rest[1..=end];
                next = end + 2;
                if rest[next..].trim_start().starts_with(':') {
                    member = word;
                } else {
                    match member {
                        "key" => key = Some(word),
                        "ope" => operator = word.parse::<ConditionOperator>().ok(),
                        "value" => values.push(ConditionValue::Text(word.into())),
                        "effect" => effect = Some(if word == "deny" { Effect::Deny } else { Effect::Allow }),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        rest = &rest[next..];
    }
    found
}

/// What is missing in a text that should be a denial by CAM.
///
/// ```
/// use cam_policy::engine::AccessDenied;
///
/// let error = AccessDenied::parse("you are not authorized to perform operation (asr:CreateRecTask)").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the text refuses `asr:CreateRecTask` but names no resource: it lacks `resource (…) has no permission`"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct AccessDeniedError(Lack);

impl AccessDeniedError {
    /// Returns the other kind of refusal that the text holds, if there is one: no policy can change it.
    ///
    /// ```
    /// use cam_policy::engine::{AccessDenied, OtherRefusal};
    ///
    /// let error = AccessDenied::parse("[request id:0]system policy not verify").unwrap_err();
    /// assert_eq!(error.other_refusal(), Some(OtherRefusal::SystemPolicy));
    /// ```
    pub fn other_refusal(&self) -> Option<OtherRefusal> {
        match self.0 {
            Lack::Other(other) => Some(other),
            _ => None,
        }
    }

    /// Returns the resource that a refusal by COS names, if the text is one. COS never names the operation, so the caller of
    /// this crate has to. What the text does not name stands in capitals, such as `REGION`.
    ///
    /// ```
    /// use cam_policy::engine::AccessDenied;
    ///
    /// let text = "<Error><Code>AccessDenied</Code><Resource>/photos-1250000000/a.jpg</Resource></Error>";
    /// let error = AccessDenied::parse(text).unwrap_err();
    /// assert_eq!(error.cos_resource(), Some("qcs::cos:REGION:uid/1250000000:photos-1250000000/a.jpg"));
    /// ```
    pub fn cos_resource(&self) -> Option<&str> {
        match &self.0 {
            Lack::Cos { resource, .. } => Some(resource),
            _ => None,
        }
    }
}

/// A refusal that does not depend on the caller's policies, so that no statement helps.
///
/// Words that were seen in such texts identify it; none of them is documented. A text that names an operation and a
/// resource still counts as a denial by policies.
///
/// ```
/// use cam_policy::engine::{AccessDenied, OtherRefusal};
///
/// let text = r#"nodes is forbidden: User "100000000002-1" cannot list resource "nodes" in API group """#;
/// let error = AccessDenied::parse(text).unwrap_err();
/// assert_eq!(error.other_refusal(), Some(OtherRefusal::KubernetesRole));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum OtherRefusal {
    /// `system policy not verify`: a rule of Tencent Cloud's own. It was seen for root accounts too.
    SystemPolicy,
    /// The product has an allowlist, and the account is not on it.
    Allowlist,
    /// Code 4102 of the former API, in a text that does not name the operation.
    FormerApi,
    /// The role-based access control inside a cluster of TKE.
    KubernetesRole,
}

impl OtherRefusal {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::SystemPolicy, Self::Allowlist, Self::FormerApi, Self::KubernetesRole];

    /// Finds the words of one kind in a lower-case text.
    fn read(lower: &str) -> Option<Self> {
        let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        let allowlists =
            ["whitelist", "white list", "white-list", "allowlist", "allow list", "\u{767d}\u{540d}\u{5355}"];
        if has(&["system policy not verify", "system policy not verified"]) {
            Some(Self::SystemPolicy)
        } else if has(&["in api group", "rbacforbidden", "rbac_forbidden"])
            || has(&["rbac"]) && has(&["forbidden", "not allowed", "denied", "permission"])
            || has(&["is forbidden: user "])
        {
            Some(Self::KubernetesRole)
        } else if has(&allowlists) {
            Some(Self::Allowlist)
        } else if is_4102(lower) {
            Some(Self::FormerApi)
        } else {
            None
        }
    }
}

/// Whether the number 4102 stands in the place of an error code.
fn is_4102(lower: &str) -> bool {
    lower.match_indices("4102").any(|(at, code)| {
        let digit = |character: char| character.is_ascii_digit();
        let alone = !lower[..at].ends_with(digit) && !lower[at + code.len()..].starts_with(digit);
        let before = lower[..at].trim_end_matches(|character: char| {
            character.is_whitespace() || "\"'=:(\u{ff1a}\u{ff08}[".contains(character)
        });
        let bracketed = lower[..at].ends_with(['(', '[', '\u{ff08}'])
            && lower[at + code.len()..].starts_with([')', ']', '\u{ff09}']);
        // The last word is Chinese for an error code.
        let named = ["code", "error", "\u{9519}\u{8bef}\u{7801}"].iter().any(|word| before.ends_with(word));
        alone && (named || bracketed || lower.contains("secretidnotauth"))
    })
}

impl fmt::Display for OtherRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SystemPolicy => {
                "`system policy not verify` means that a rule of Tencent Cloud itself refuses the request, for example because \
                 the account is limited; root accounts have received it too, which no policy limits: ask Tencent Cloud's support"
            }
            Self::Allowlist => {
                "the account is not on the allowlist of the product or of the feature: apply for it at the product"
            }
            Self::FormerApi => {
                "code 4102 is of the former API, which refuses a whole resource and does not say by which operation: find \
                 the operation in the product's documentation, or call API 3.0, which names it"
            }
            Self::KubernetesRole => {
                "the role-based access control (RBAC) inside the cluster refuses: bind a role of the cluster to the user, in \
                 the console of TKE"
            }
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Lack {
    Other(OtherRefusal),
    Length {
        found: usize,
    },
    Operation,
    /// A refusal by COS. `unread` is the text of a resource that could not be read.
    Cos {
        resource: Box<str>,
        unread: Option<Box<str>>,
    },
    Name {
        text: Box<str>,
    },
    Action {
        text: Box<str>,
    },
    Resource {
        action: Box<str>,
    },
    Pattern {
        text: Box<str>,
    },
    Variable {
        text: Box<str>,
    },
    Unnamed {
        error: PatternError,
    },
    Several {
        found: usize,
    },
}

impl fmt::Display for AccessDeniedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Lack::Other(other) => write!(f, "no policy changes this refusal: {other}"),
            Lack::Operation => {
                write!(f, "the text names no operation: it lacks `you are {OPERATION} (service:Name)`")
            }
            Lack::Cos { resource, unread } => {
                write!(
                    f,
                    "this is a refusal by COS, which never names the operation: name the action that was called, such as \
                     `cos:GetObject`, and its resource, `{}`",
                    Shortened(resource)
                )?;
                match unread {
                    Some(text) => write!(
                        f,
                        "; the text refuses the resource {:?}, which cannot be read: its host is not \
                         `BUCKET-APPID.cos.REGION.myqcloud.com`",
                        Shortened(text)
                    ),
                    None => Ok(()),
                }
            }
            Lack::Length { found } => write!(
                f,
                "the text is {found} bytes long, and no more than {LONGEST} are read: cut a log down to the lines from \
                 `{OPERATION}` to `{REFUSED}`"
            ),
            Lack::Name { text } => write!(
                f,
                "the text refuses {:?}, which is longer than the {LONGEST_ACTION} bytes that are read of an action",
                Shortened(text)
            ),
            Lack::Action { text } => {
                write!(f, "the text refuses {:?}, which is not one action `service:Name`", Shortened(text))
            }
            Lack::Resource { action } => write!(
                f,
                "the text refuses `{}` but names no resource: it lacks `resource (…) {REFUSED}`",
                Shortened(action)
            ),
            Lack::Pattern { text } => write!(
                f,
                "the text refuses the resource {:?}, which is neither `*` nor six segments `qcs:…`",
                Shortened(text)
            ),
            Lack::Variable { text } => write!(
                f,
                "the text refuses the resource {:?}, which holds a `${{…}}`: CAM prints values, so put the value in its \
                 place",
                Shortened(text)
            ),
            Lack::Unnamed { error } => {
                write!(f, "the text refuses a resource that no policy can name: {error}")
            }
            Lack::Several { found } => {
                write!(f, "the text holds {found} refusals: read them with `AccessDenied::parse_all`")
            }
        }
    }
}

debug_as_display!(AccessDeniedError);

impl core::error::Error for AccessDeniedError {}
