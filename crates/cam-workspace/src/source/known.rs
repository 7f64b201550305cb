//! The values that a file of Terraform states itself: literals of `locals`, and the defaults of variables.

use std::collections::BTreeMap;

use serde_json::Value;

/// A value with how sure it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    value: Value,
    /// Whether it is a default, which whoever runs Terraform may replace.
    pub(super) is_default: bool,
}

/// The values by the references to them, as `local.app`.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    by_reference: BTreeMap<String, Known>,
}

impl Values {
    /// Adds a literal of `locals`.
    pub(super) fn local(&mut self, name: &str, value: Option<Value>) {
        self.add(format!("local.{name}"), value, false);
    }

    /// Adds the default of a variable.
    pub(super) fn variable(&mut self, name: &str, default: Option<Value>) {
        self.add(format!("var.{name}"), default, true);
    }

    fn add(&mut self, reference: String, value: Option<Value>, is_default: bool) {
        if let Some(value) = value.filter(is_simple) {
            self.by_reference.insert(reference, Known { value, is_default });
        }
    }

    /// Returns the value of an expression and its text, where the expression is no more than a reference. `in_string`: it
    /// stands within a string.
    pub(super) fn get(&self, expression: &str, in_string: bool) -> Option<(&Known, String)> {
        let Some(inner) = expression.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else {
            // An expression of its own, whose value is encoded with what is around it.
            let known = self.by_reference.get(expression.trim())?;
            return (!in_string).then(|| (known, known.value.to_string()));
        };
        let inner = inner.trim_start_matches('~').trim_end_matches('~').trim();
        let encoded = inner.strip_prefix("jsonencode(").and_then(|rest| rest.strip_suffix(')'));
        let known = self.by_reference.get(encoded.unwrap_or(inner).trim())?;
        let text = match (&known.value, encoded) {
            (value, Some(_)) if !in_string => value.to_string(),
            (Value::String(text), None) => text.clone(),
            (Value::Number(_) | Value::Bool(_), None) => known.value.to_string(),
            _ => return None,
        };
        Some((known, text))
    }
}

/// Whether a value is the same text in HCL, in JSON and in a template: no escape and no template of its own.
fn is_simple(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            !text.contains(|one: char| matches!(one, '"' | '\\' | '$' | '%') || one.is_control())
        }
        Value::Array(items) => items.iter().all(|item| !item.is_array() && is_simple(item)),
        Value::Number(_) | Value::Bool(_) => true,
        Value::Null | Value::Object(_) => false,
    }
}
