//! What CAM documents about condition keys: their other names, and the kind of their values.

use core::fmt;

use super::condition::ValueKind;

/// A condition key in the form that is compared: its old and new names become one.
///
/// `qcs:tag` is the old name of `qcs:resource_tag`. `qcs:tag/<key>` and `qcs:request_tag/<key>` stand for the value
/// of one tag. This crate assumes the same for `qcs:resource_tag/<key>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ConditionKey<'k> {
    pub(crate) name: &'k str,
    /// The key of the tag, in the forms that name one tag.
    pub(crate) tag: Option<&'k str>,
}

const TAGS: [&str; 2] = ["qcs:resource_tag", "qcs:request_tag"];

impl<'k> ConditionKey<'k> {
    pub(crate) fn read(text: &'k str) -> Self {
        let one_name = |name: &'k str| if name == "qcs:tag" { TAGS[0] } else { name };
        match text.split_once('/') {
            Some((name, tag)) if TAGS.contains(&one_name(name)) => {
                Self { name: one_name(name), tag: Some(tag) }
            }
            _ => Self { name: one_name(text), tag: None },
        }
    }

    /// Whether its values are tags, or the values of one tag.
    pub(crate) fn is_of_tags(self) -> bool {
        TAGS.contains(&self.name)
    }

    /// Returns the kind of its values, if CAM's documentation states the operators of the key.
    pub(crate) fn documented_kind(self) -> Option<ValueKind> {
        match self.name {
            "qcs:ip" => Some(ValueKind::Ip),
            "qcs:current_time" => Some(ValueKind::Time),
            _ => self.is_of_tags().then_some(ValueKind::Text),
        }
    }
}

impl fmt::Display for ConditionKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        self.tag.map_or(Ok(()), |tag| write!(f, "/{tag}"))
    }
}
