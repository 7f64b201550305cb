//! The rules of the evaluator as sets of texts.

use alloc::vec::Vec;

use super::automaton::{Class, Texts, Union};
use crate::engine::matching::{TextRule, Variables, parts};

/// The texts that follow a rule, `*` standing for characters of a class; `None` if it has a variable of which nothing is
/// known.
pub(super) fn texts(rule: TextRule<'_>, variables: Variables<'_>, class: Class) -> Option<Texts> {
    match rule {
        TextRule::Any => Some(Texts::run(class)),
        TextRule::Literal(text) | TextRule::OneOf(text, _) => Some(Texts::literal(text)),
        TextRule::Value(value) => with_variables(Texts::default(), value, variables, false),
        TextRule::ValueIgnoringCase(value) => with_variables(Texts::default(), value, variables, true),
        TextRule::Glob(pattern) => {
            let mut pieces = pattern.split('*');
            let first = Texts::literal(pieces.next().unwrap_or_default());
            Some(pieces.fold(first, |texts, piece| texts.then_run(class).then(piece)))
        }
        TextRule::Pattern(pattern) => {
            let mut texts = Texts::default();
            for (at, piece) in pattern.split('*').enumerate() {
                if at > 0 {
                    texts = texts.then_run(class);
                }
                texts = with_variables(texts, piece, variables, false)?;
            }
            Some(texts)
        }
    }
}

fn with_variables(mut texts: Texts, text: &str, variables: Variables<'_>, folded: bool) -> Option<Texts> {
    for part in parts(text, variables) {
        texts = if folded { texts.then_folded(part?) } else { texts.then(part?) };
    }
    Some(texts)
}

/// How the old spelling of a COS bucket begins: `prefix//APPID/bucket/object` for `bucket-APPID/object`.
pub(super) const OLD_SPELLING: &str = "prefix//";

/// The texts in the new spelling of a COS bucket that a pattern in the old one matches; `None` if it is not in the old one,
/// or leaves open which part of it is the APPID.
pub(super) fn respelt(pattern: &str, variables: Variables<'_>) -> Option<Union> {
    let (app_id, rest) = pattern.strip_prefix(OLD_SPELLING)?.split_once('/')?;
    crate::values::number(app_id)?;
    let part = |text: &str, class| texts(TextRule::Pattern(text), variables, class);
    let bucket_of = |text: &str| match text.trim_matches('*') {
        // A bucket has a name.
        "" if text.is_empty() => None,
        "" => Some(Texts::default().then_some(Class::Identifier)),
        _ => part(text, Class::Identifier),
    };
    let spelt = |bucket: Texts, object: Texts| bucket.then("-").then(app_id).then("/").followed_by(object);
    let mut all = Vec::new();
    let (bucket, object) =
        rest.split_once('/').map_or((rest, None), |(bucket, object)| (bucket, Some(object)));
    if let Some(object) = object {
        if let Some(name) = bucket_of(bucket) {
            all.push(spelt(name, part(object, Class::Any)?));
        }
    }
    // The bucket may end within what a `*` of its name matches.
    for (at, _) in bucket.match_indices('*') {
        let name = bucket_of(&bucket[..=at])?;
        let mut object_of = Texts::run(Class::Any).followed_by(part(&bucket[at + 1..], Class::Any)?);
        if let Some(object) = object {
            object_of = object_of.then("/").followed_by(part(object, Class::Any)?);
        }
        all.push(spelt(name, object_of));
    }
    Some(Union(all))
}
