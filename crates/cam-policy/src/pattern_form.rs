//! Resources that follow a pattern of the catalog: functions to fill in, read and check them.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt::{self, Write as _};

use crate::catalog::{Pattern, PlaceholderKind};
use crate::text::{Piece, debug_as_display, each_piece, pieces};
use crate::values::{Region, Uin};

/// Error from filling in a pattern, or from reading a resource that should follow it.
///
/// ```
/// use cam_policy::pattern_form::{ResourceError, fill_checked};
///
/// let error = fill_checked("qcs::demo:::room/${RoomId}", &[("RoomId", 0_u64.into())]).unwrap_err();
/// assert!(matches!(error, ResourceError::NotANumber { placeholder: "RoomId", .. }));
/// assert_eq!(error.to_string(), "RoomId cannot be \"0\": a positive whole number is needed");
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResourceError {
    /// The value is not a positive number in digits, without leading zero.
    NotANumber {
        /// The placeholder.
        placeholder: &'static str,
        /// The value that was given.
        value: Box<str>,
    },
    /// The account segment holds no account uin.
    NotAUin {
        /// The value that was given.
        value: Box<str>,
    },
    /// The region segment holds no region.
    NotARegion {
        /// The value that was given.
        value: Box<str>,
    },
    /// The value is not an identifier. An identifier is not empty, and has no `*`, `:`, `/`, `$`, whitespace or
    /// control characters: with these it would name other resources than the one meant.
    NotAnIdentifier {
        /// The placeholder.
        placeholder: &'static str,
        /// The value that was given.
        value: Box<str>,
    },
    /// The value is not a path. A path is not empty, and has no `*`, `$` or control characters: with these it would name
    /// other resources than the one meant.
    NotAPath {
        /// The placeholder.
        placeholder: &'static str,
        /// The value that was given.
        value: Box<str>,
    },
    /// The name of a bucket ends with another APPID than the one that was given.
    OtherAppId {
        /// The placeholder.
        placeholder: &'static str,
        /// The name that was given.
        value: Box<str>,
        /// The APPID that was given.
        app_id: u64,
    },
    /// The text follows neither form of the pattern.
    Shape {
        /// The pattern.
        pattern: &'static Pattern<'static>,
        /// The text that was given.
        value: Box<str>,
    },
}

impl fmt::Display for ResourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber { placeholder, value } => {
                write!(f, "{placeholder} cannot be {value:?}: a positive whole number is needed")
            }
            Self::NotAUin { value } => {
                write!(f, "the account cannot be {value:?}: the root account's uin is needed")
            }
            Self::NotARegion { value } => {
                write!(f, "the region cannot be {value:?}: one like `ap-guangzhou`, or nothing, is needed")
            }
            Self::NotAnIdentifier { placeholder, value } => write!(
                f,
                "{placeholder} cannot be {value:?}: an identifier without `*`, `:`, `/`, `$` and whitespace is needed"
            ),
            Self::NotAPath { placeholder, value } => {
                write!(f, "{placeholder} cannot be {value:?}: a path without `*` and `$` is needed")
            }
            Self::OtherAppId { placeholder, value, app_id } => {
                write!(f, "{placeholder} cannot be {value:?}: it ends with another APPID than {app_id}")
            }
            Self::Shape { pattern, value } if pattern.single == pattern.all => {
                write!(
                    f,
                    "{value:?} is no `{}`: write `{}`, with the placeholders filled in",
                    pattern.name, pattern.all
                )
            }
            Self::Shape { pattern, value } => write!(
                f,
                "{value:?} is no `{}`: write `{}`, or `{}` for all of them, with the placeholders filled in",
                pattern.name, pattern.single, pattern.all
            ),
        }
    }
}

debug_as_display!(ResourceError);

impl core::error::Error for ResourceError {}

/// A value that fills a placeholder.
///
/// ```
/// use cam_policy::pattern_form::Value;
///
/// assert_eq!(Value::from(1400000001).to_string(), "1400000001");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// The uin of a root account.
    Uin(Uin),
    /// A region, or every region.
    Region(Region),
    /// A number.
    Number(u64),
    /// An identifier.
    Text(&'a str),
    /// A path, which may contain `/`.
    Path(&'a str),
}

impl From<Uin> for Value<'_> {
    fn from(uin: Uin) -> Self {
        Self::Uin(uin)
    }
}

impl From<Region> for Value<'_> {
    fn from(region: Region) -> Self {
        Self::Region(region)
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uin(uin) => uin.fmt(f),
            Self::Region(region) => region.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) | Self::Path(text) => f.write_str(text),
        }
    }
}

/// Fills the placeholders of a form of a pattern, without checking the values. A placeholder without value becomes
/// empty.
///
/// ```
/// use cam_policy::pattern_form::fill;
/// use cam_policy::values::Uin;
///
/// let all = fill("qcs::demo::uin/${uin}:room/*", &[("uin", Uin::new(12345678)?.into())]);
/// assert_eq!(&*all, "qcs::demo::uin/12345678:room/*");
/// # Ok::<(), cam_policy::values::UinError>(())
/// ```
pub fn fill(form: &str, values: &[(&str, Value<'_>)]) -> Box<str> {
    let mut filled = String::with_capacity(form.len());
    fill_into(&mut filled, form, values);
    filled.into_boxed_str()
}

/// Works like [`fill`], and adds the result to a text.
pub(crate) fn fill_into(filled: &mut String, form: &str, values: &[(&str, Value<'_>)]) {
    let start = filled.len();
    for piece in each_piece(form) {
        match piece {
            Ok((Piece::Literal(text), _)) => filled.push_str(text),
            Ok((Piece::Placeholder(wanted), _)) => {
                for (_, value) in values.iter().filter(|(name, _)| *name == wanted) {
                    match value {
                        Value::Text(text) | Value::Path(text) => filled.push_str(text),
                        // Writing to a `String` cannot fail.
                        other => drop(write!(filled, "{other}")),
                    }
                }
            }
            Err(_) => return filled.truncate(start),
        }
    }
}

/// Checks the values, then fills the placeholders of a form with them.
///
/// # Errors
///
/// [`ResourceError::NotANumber`] for the number 0, and [`ResourceError::NotAnIdentifier`] for a text that would name
/// more than one resource, or another one.
///
/// See [`ResourceError`] for an example.
pub fn fill_checked(form: &str, values: &[(&'static str, Value<'_>)]) -> Result<Box<str>, ResourceError> {
    for (placeholder, value) in values {
        match value {
            Value::Number(0) => return Err(ResourceError::NotANumber { placeholder, value: "0".into() }),
            Value::Text(text) => identifier(placeholder, text)?,
            Value::Path(text) => path(placeholder, text)?,
            Value::Uin(_) | Value::Region(_) | Value::Number(_) => {}
        }
    }
    Ok(fill(form, values))
}

fn identifier(placeholder: &'static str, text: &str) -> Result<(), ResourceError> {
    let stray = |character: char| {
        "*:/$\"\\".contains(character) || character.is_whitespace() || character.is_control()
    };
    if text.is_empty() || text.contains(stray) {
        return Err(ResourceError::NotAnIdentifier { placeholder, value: text.into() });
    }
    Ok(())
}

/// A path stands at the end of a resource, so that `:` and `/` in it end nothing.
fn path(placeholder: &'static str, text: &str) -> Result<(), ResourceError> {
    if text.is_empty() || text.contains(|character: char| "*$".contains(character) || character.is_control())
    {
        return Err(ResourceError::NotAPath { placeholder, value: text.into() });
    }
    Ok(())
}

/// Reads a resource in the "single" or the "all" form of `pattern`, and checks its values. A path may end with `*`: the
/// resources whose paths begin so.
///
/// # Errors
///
/// [`ResourceError`] says which value is wrong, or that the text follows neither form.
///
/// ```
/// use cam_policy::catalog::Pattern;
/// use cam_policy::pattern_form::read;
///
/// static ROOM: Pattern<'static> = Pattern {
///     name: "room",
///     single: "qcs::demo::uin/${uin}:room/${RoomId}",
///     all: "qcs::demo::uin/${uin}:room/*",
///     ..Pattern::UNSTATED
/// };
/// assert!(read(&ROOM, "qcs::demo::uin/12345678:room/*").is_ok());
/// assert!(read(&ROOM, "qcs::demo::uin/12345678:Room/1").is_err());
/// ```
pub fn read(pattern: &'static Pattern<'static>, text: &str) -> Result<Box<str>, ResourceError> {
    let single = check_form(pattern.single, pattern, text);
    if matches!(single, Some(Ok(()))) || matches!(check_form(pattern.all, pattern, text), Some(Ok(()))) {
        return Ok(text.into());
    }
    match single {
        Some(Err(error)) => Err(error),
        _ => Err(ResourceError::Shape { pattern, value: text.into() }),
    }
}

/// Checks the values of a text that has the shape of `form`; `None`: it has another shape.
fn check_form(
    form: &str,
    pattern: &'static Pattern<'static>,
    text: &str,
) -> Option<Result<(), ResourceError>> {
    let mut verdict = Ok(());
    walk(form, text, |name, value| {
        if verdict.is_ok() {
            verdict = check(name, pattern, value);
        }
    })?;
    Some(verdict)
}

/// Calls `each` with every placeholder of `form` and its value in `text`. `None`: the text has another shape.
///
/// ```
/// let mut found = Vec::new();
/// cam_policy::pattern_form::walk("room/${RoomId}/user/${UserId}", "room/1/user/a", |name, value| {
///     found.push((name, value));
/// });
/// assert_eq!(found, [("RoomId", "1"), ("UserId", "a")]);
/// ```
pub fn walk<'f, 't>(form: &'f str, text: &'t str, mut each: impl FnMut(&'f str, &'t str)) -> Option<()> {
    let mut rest = text;
    let pieces = pieces(form).ok()?;
    for (at, (piece, _)) in pieces.iter().enumerate() {
        match piece {
            Piece::Literal(literal) => rest = rest.strip_prefix(literal)?,
            Piece::Placeholder(name) => {
                // A value ends where the next literal begins, because no value can hold a `:` or a `/`.
                let end = match pieces.get(at + 1) {
                    Some((Piece::Literal(next), _)) => rest.find(next.chars().next()?)?,
                    _ => rest.len(),
                };
                let (value, after) = rest.split_at(end);
                rest = after;
                each(name, value);
            }
        }
    }
    rest.is_empty().then_some(())
}

fn check(name: &str, pattern: &'static Pattern<'static>, value: &str) -> Result<(), ResourceError> {
    match name {
        "uin" if value.parse::<Uin>().is_err() => Err(ResourceError::NotAUin { value: value.into() }),
        "region" if value.parse::<Region>().is_err() => {
            Err(ResourceError::NotARegion { value: value.into() })
        }
        "uin" | "region" => Ok(()),
        _ => match pattern.placeholders.iter().find(|placeholder| placeholder.name == name) {
            None => Ok(()),
            Some(placeholder) => match placeholder.kind {
                PlaceholderKind::Text | PlaceholderKind::Name => identifier(placeholder.name, value),
                PlaceholderKind::Path if value == "*" => Ok(()),
                PlaceholderKind::Path => path(placeholder.name, value.strip_suffix('*').unwrap_or(value)),
                PlaceholderKind::Number | PlaceholderKind::AppId | PlaceholderKind::SubAccount => {
                    match crate::values::number(value) {
                        Some(_) => Ok(()),
                        None => Err(ResourceError::NotANumber {
                            placeholder: placeholder.name,
                            value: value.into(),
                        }),
                    }
                }
            },
        },
    }
}
