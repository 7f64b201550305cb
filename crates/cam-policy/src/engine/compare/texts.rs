//! The rules of the evaluator as sets of texts.

use super::automaton::{Class, Texts};
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
