//! Writes explanations in words.

use core::fmt;

use super::explanation::{Change, Explanation, NearestMiss, StatementExplanation};
use crate::engine::decide::Decision;
use crate::engine::layer::Layer;
use crate::policy::Effect;

impl fmt::Display for NearestMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.label, self.text)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Replace { label, with, .. } => write!(f, "make {label} {with}"),
            Self::Remove { label, .. } => write!(f, "remove {label}"),
            Self::Add(Layer::Identity, statement) => write!(f, "add {statement}"),
            Self::Add(layer, statement) => write!(f, "add to the {layer} {statement}"),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.decision, self.request)?;
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        if self.root {
            writeln!(f, "because: the root account is not subject to policies")?;
        }
        let decisive = match self.decision {
            Decision::Allowed => Some(Effect::Allow),
            Decision::ExplicitlyDenied => Some(Effect::Deny),
            Decision::ImplicitlyDenied => None,
        };
        for one in &self.statements {
            if !self.root && Some(one.effect) == decisive && one.matches() {
                writeln!(
                    f,
                    "because: {} {}",
                    one.label,
                    if one.effect == Effect::Allow { "allows it" } else { "denies it" }
                )?;
            }
        }
        for layer in &self.refused_by {
            if !self.identity_alone {
                writeln!(f, "because: no statement of the {layer} allows it")?;
            } else if self.nearest.is_empty() && self.decision == Decision::ImplicitlyDenied {
                writeln!(f, "because: no statement allows it")?;
            }
        }
        for miss in &self.nearest {
            writeln!(f, "nearest: {miss}")?;
        }
        let several = self.changes.len() > 1;
        match self.changes.len() {
            0 | 1 => {}
            2 => writeln!(f, "to allow it, if that is intended, make both changes:")?,
            count => writeln!(f, "to allow it, if that is intended, make all {count} changes:")?,
        }
        for (change, opens) in self.changes.iter().zip(&self.opens) {
            if several {
                writeln!(f, "  - {change}")?;
            } else {
                writeln!(f, "to allow it, if that is intended: {change}")?;
            }
            if let Some(opens) = opens {
                writeln!(f, "{}  but: {opens}", if several { "  " } else { "" })?;
            }
        }
        if f.alternate() {
            for one in &self.statements {
                writeln!(f, "{one}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for StatementExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |holds: bool| if holds { "yes" } else { "no" };
        write!(f, "{}, {}: action {}", self.label, self.effect, word(self.action.is_some()))?;
        match &self.resource {
            Ok(_) => f.write_str(", resource yes")?,
            Err(None) => f.write_str(", resource no: it names none")?,
            Err(Some(miss)) if miss.segment == "all" => {
                write!(f, ", resource no: `{}` is named, `*` asked for", miss.named)?;
            }
            Err(Some(miss)) => write!(
                f,
                ", resource no: in the {} segment `{}` is named, `{}` asked for",
                miss.segment, miss.named, miss.asked
            )?,
        }
        for (at, condition) in self.conditions.iter().enumerate() {
            write!(f, ", condition {at} {}", word(condition.holds))?;
            match condition.found.as_slice() {
                [] => f.write_str(" (key absent)")?,
                found => write!(f, " ({})", found.join(", "))?,
            }
        }
        if !self.principal {
            f.write_str(", principal no")?;
        }
        Ok(())
    }
}
