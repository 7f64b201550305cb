//! What CAM tells a caller whom it refuses.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Request;
use crate::facts::Granularity;
use crate::policy::{
    ActionPattern, Condition, ConditionOperator, ConditionValue, Effect, ResourcePattern, Shortened,
    Statement,
};
use crate::services::Action;
use crate::values::Uin;

/// What stands before the action.
const OPERATION: &str = "not authorized to perform operation";

/// What stands behind a resource.
const REFUSED: &str = "has no permission";

/// What stands before the conditions.
const CONDITION: &str = "condition:";

/// Who asks, as long as that is not told.
const NOBODY: Uin = match Uin::new(1) {
    Ok(uin) => uin,
    Err(_) => unreachable!(),
};

/// A refusal of CAM: the action and the resource a caller lacked the permission for.
///
/// # The texts it is read from
///
/// The core, upper or lower case, its parts separated by blanks, line breaks or commas:
///
/// ```text
/// you are not authorized to perform operation (trtc:RemoveUser)
/// resource (qcs::trtc::uin/100000000001:sdkappid/1400000001) has no permission
/// ```
///
/// around it whatever an SDK, a console or a log writes: codes, `[request id:…]`, another language. With line breaks,
/// quotes and slashes escaped as in JSON, also more than once. These were seen. So was, though documented nowhere,
///
/// ```text
/// … has no permission with or without condition:[{"condition":{"key":"qcs:resource_tag",
///   "value":["env&prod"],"ope":"for_any_value:string_equal"},"effect":"allow"}]
/// ```
///
/// It is assumed that several `resource (…) has no permission` may follow one operation, and that several operations may
/// stand in one text: [`Refusal::parse_all`] reads them all.
///
/// ```
/// use tencent_cam::{Policy, PolicySet, Refusal, Uin};
///
/// let refusal = Refusal::parse(
///     "[TencentCloudSDKException] code:UnauthorizedOperation.CamNoAuth message:[request id:0]you are not authorized \
///      to perform operation (cvm:StopInstances)\n\
///      resource (qcs::cvm:ap-guangzhou:uin/100000000001:instance/ins-1) has no permission\n requestId:0",
/// )?;
/// assert_eq!(refusal.action(), "cvm:StopInstances");
/// assert_eq!(refusal.resource(), "qcs::cvm:ap-guangzhou:uin/100000000001:instance/ins-1");
///
/// let repaired = Policy::builder().statement(refusal.least_statement()).build()?;
/// let set = PolicySet::new([repaired], Uin::new(100000000001)?);
/// assert!(set.decide(&refusal.request(Uin::new(100000000002)?)).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Refusal {
    action: ActionPattern,
    resource: ResourcePattern,
    conditions: Vec<(Effect, Condition)>,
    /// The request without its caller: it proves that one can be made.
    request: Request,
}

impl Refusal {
    /// Reads a text that holds one refusal, be it once or several times.
    ///
    /// # Errors
    ///
    /// [`RefusalError`] says what the text lacks, or that it holds several.
    ///
    /// ```
    /// use tencent_cam::Refusal;
    ///
    /// let error = Refusal::parse("[request id:0]system policy not verify").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the text names no operation: it lacks `you are not authorized to perform operation (service:Name)`"
    /// );
    /// ```
    pub fn parse(text: &str) -> Result<Self, RefusalError> {
        let mut all = Self::parse_all(text)?;
        match (all.pop(), all.len()) {
            (Some(only), 0) => Ok(only),
            (_, others) => Err(RefusalError(Lack::Several { found: others + 1 })),
        }
    }

    /// Reads every refusal of a text, in order, each once; never none.
    ///
    /// # Errors
    ///
    /// [`RefusalError`] says what the text, or one of its refusals, lacks.
    ///
    /// ```
    /// use tencent_cam::Refusal;
    ///
    /// let log = "you are not authorized to perform operation (trtc:GetUserList)\nresource (*) has no permission\n\
    ///            you are not authorized to perform operation (trtc:RemoveUser)\n\
    ///            resource (qcs::trtc::uin/1:sdkappid/2) has no permission\n";
    /// let actions: Vec<_> = Refusal::parse_all(log)?.iter().map(|one| one.action().to_owned()).collect();
    /// assert_eq!(actions, ["trtc:GetUserList", "trtc:RemoveUser"]);
    /// # Ok::<(), tencent_cam::RefusalError>(())
    /// ```
    pub fn parse_all(text: &str) -> Result<Vec<Self>, RefusalError> {
        let text = unescaped(text);
        // Of the same length as the text, so that places are the same.
        let lower = text.to_ascii_lowercase();
        let starts: Vec<usize> = lower.match_indices(OPERATION).map(|(at, _)| at + OPERATION.len()).collect();
        let mut found: Vec<Self> = Vec::new();
        let mut seen = alloc::collections::BTreeSet::new();
        for (at, start) in starts.iter().enumerate() {
            let end = starts.get(at + 1).copied().unwrap_or(text.len());
            for one in read(&text[*start..end], &lower[*start..end])? {
                if seen.insert((one.action.clone(), one.resource.clone())) {
                    found.push(one);
                }
            }
        }
        if found.is_empty() { Err(RefusalError(Lack::Operation)) } else { Ok(found) }
    }

    /// The action, as `service:Name`.
    ///
    /// ```
    /// # use tencent_cam::Refusal;
    /// let refusal = Refusal::parse(
    ///     "You are not authorized to perform operation (name/sms:SendSms), resource (*) has no permission",
    /// )?;
    /// assert_eq!(refusal.action(), "sms:SendSms");
    /// # Ok::<(), tencent_cam::RefusalError>(())
    /// ```
    pub fn action(&self) -> &str {
        self.action.as_str()
    }

    /// The resource that CAM was handed: `*` or six segments.
    ///
    /// ```
    /// # use tencent_cam::Refusal;
    /// let refusal = Refusal::parse(
    ///     "you are not authorized to perform operation (sms:SendSms)\nresource (*) has no permission",
    /// )?;
    /// assert_eq!(refusal.resource(), "*");
    /// # Ok::<(), tencent_cam::RefusalError>(())
    /// ```
    pub fn resource(&self) -> &str {
        self.resource.as_str()
    }

    /// The conditions that CAM tells of, each with the effect of its statement; mostly none.
    ///
    /// It is assumed that they stand in policies of the caller whose statement would match if they were true. Those that
    /// cannot be read are left out.
    ///
    /// ```
    /// # use tencent_cam::Refusal;
    /// let refusal = Refusal::parse(
    ///     "you are not authorized to perform operation (tke:DeleteCluster)\n\
    ///      resource (qcs::tke:gz::cluster/cls-1) has no permission with or without condition:[{\"condition\":\
    ///      {\"key\":\"qcs:resource_tag\",\"value\":[\"env&prod\"],\"ope\":\"for_any_value:string_equal\"},\
    ///      \"effect\":\"allow\"}]",
    /// )?;
    /// let told: Vec<_> = refusal.conditions().map(|(_, condition)| condition.to_string()).collect();
    /// assert_eq!(told, ["for_any_value:string_equal of qcs:resource_tag with env&prod"]);
    /// # Ok::<(), tencent_cam::RefusalError>(())
    /// ```
    pub fn conditions(&self) -> impl ExactSizeIterator<Item = (Effect, &Condition)> {
        self.conditions.iter().map(|(effect, condition)| (*effect, condition))
    }

    /// The request that was refused, as this caller made it. Its context is not in the text.
    ///
    /// ```
    /// # use tencent_cam::{Refusal, Uin};
    /// let refusal = Refusal::parse(
    ///     "you are not authorized to perform operation (sms:SendSms)\nresource (*) has no permission",
    /// )?;
    /// assert_eq!(refusal.request(Uin::new(100000000002)?).action(), "sms:SendSms");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn request(&self, principal: Uin) -> Request {
        let mut request = self.request.clone();
        request.principal = principal;
        request
    }

    /// The least statement that allows what was refused.
    ///
    /// On `*` if the catalog says that the action is operation-level, else on the resource that CAM was handed; where that
    /// ends in `*`, as CAM writes for what is still to be made, it names all of the kind. Without condition: those of the
    /// text are what a policy asked for, not what the request had.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// # use tencent_cam::Refusal;
    /// let refusal = Refusal::parse(
    ///     "you are not authorized to perform operation (trtc:RemoveUser)\n\
    ///      resource (qcs::trtc::uin/100000000001:sdkappid/1400000001) has no permission",
    /// ).unwrap();
    /// let statement = refusal.least_statement();
    /// assert_eq!(statement.resources()[0].as_str(), "qcs::trtc::uin/100000000001:sdkappid/1400000001");
    /// # }
    /// ```
    pub fn least_statement(&self) -> Statement {
        let known: Option<Action> = self.action().parse().ok();
        let everywhere = known.is_some_and(|action| action.granularity() == Granularity::Operation);
        let resource = if everywhere { ResourcePattern::EVERY } else { self.resource.clone() };
        Statement::new(Effect::Allow, [self.action.clone()], [resource])
    }
}

impl fmt::Display for Refusal {
    /// `trtc:RemoveUser on qcs::trtc::uin/…`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.action, self.resource)
    }
}

/// The text with escapes undone, however often it was escaped.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        while letters.next_if_eq(&'\\').is_some() {}
        match letters.next() {
            Some('n' | 'r') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('u') => {
                let ahead: String = letters.clone().take(4).collect();
                match u32::from_str_radix(&ahead, 16).ok().and_then(char::from_u32) {
                    Some(told) if ahead.len() == 4 => {
                        out.push(told);
                        letters.nth(3);
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

/// Reads what follows the words before one operation.
fn read(text: &str, lower: &str) -> Result<Vec<Refusal>, RefusalError> {
    let fail = |lack| Err(RefusalError(lack));
    let gap = |letter: char| letter.is_whitespace() || ",，;；:：".contains(letter);
    // The words alone are a title or an explanation.
    let Some(name) = text.trim_start_matches(gap).strip_prefix('(') else { return Ok(Vec::new()) };
    let Some((name, _)) = name.split_once(')') else { return fail(Lack::Operation) };
    let name = name.trim();
    let Ok(action) = name.parse::<ActionPattern>() else {
        return fail(Lack::Action { text: name.into() });
    };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = lower[at..].find("resource").map(|start| at + start + "resource".len()) {
        at = start;
        let Some(resource) = text[start..].trim_start_matches(gap).strip_prefix('(') else { continue };
        let start = text.len() - resource.len();
        // A resource may hold a `)`: its end is told by the words behind it.
        let Some(end) = refused(&lower[start..]).map(|end| start + end) else { break };
        let resource = text[start..end].trim();
        let (Ok(pattern), Ok(request)) =
            (resource.parse::<ResourcePattern>(), Request::new(NOBODY, action.as_str(), resource))
        else {
            if Request::new(NOBODY, action.as_str(), "*").is_err() {
                return fail(Lack::Action { text: name.into() });
            }
            return fail(Lack::Pattern { text: resource.into() });
        };
        found.push(Refusal { action: action.clone(), resource: pattern, conditions: Vec::new(), request });
        at = end;
    }
    if found.is_empty() {
        return fail(Lack::Resource { action: action.as_str().into() });
    }
    if let Some(start) = lower.find(CONDITION) {
        let told = conditions(&text[start + CONDITION.len()..]);
        for one in &mut found {
            one.conditions.clone_from(&told);
        }
    }
    Ok(found)
}

/// The place of the `)` that ends a resource.
fn refused(lower: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let end = at + lower[at..].find(REFUSED)?;
        let before = lower[..end].trim_end();
        if before.ends_with(')') {
            return Some(before.len() - 1);
        }
        at = end + REFUSED.len();
    }
}

/// The conditions of a list `[{"condition":{"key":…,"value":[…],"ope":…},"effect":…},…]`, read word by word: the JSON
/// may be cut short.
fn conditions(text: &str) -> Vec<(Effect, Condition)> {
    let mut found = Vec::new();
    let (mut key, mut operator, mut effect) = (None, None, None);
    let mut values: Vec<ConditionValue> = Vec::new();
    let mut member = "";
    let mut depth = 0_usize;
    let mut rest = text.trim_start();
    if !rest.starts_with('[') {
        return found;
    }
    while let Some(letter) = rest.chars().next() {
        let mut next = letter.len_utf8();
        match letter {
            '[' | '{' => depth += 1,
            ']' | '}' => {
                depth -= 1;
                // The end of one of the list, which is one deep.
                if depth == 1 && letter == '}' {
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

/// What a text lacks to be a refusal of CAM.
///
/// ```
/// use tencent_cam::Refusal;
///
/// let error = Refusal::parse("you are not authorized to perform operation (asr:CreateRecTask)").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the text refuses `asr:CreateRecTask` but names no resource: it lacks `resource (…) has no permission`"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalError(Lack);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Lack {
    Operation,
    Action { text: Box<str> },
    Resource { action: Box<str> },
    Pattern { text: Box<str> },
    Several { found: usize },
}

impl fmt::Display for RefusalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Lack::Operation => {
                write!(f, "the text names no operation: it lacks `you are {OPERATION} (service:Name)`")
            }
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
            Lack::Several { found } => {
                write!(f, "the text holds {found} refusals: read them with `Refusal::parse_all`")
            }
        }
    }
}

impl core::error::Error for RefusalError {}
