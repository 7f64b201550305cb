//! What the values of a Terraform module come from.

use std::collections::BTreeMap;

use hcl_edit::Span as _;
use serde_json::Value;

use super::hcl::kind_of;
use super::read::Format;

/// Returns the text of each part of a Terraform file that may decide a value elsewhere in its folder: each local, variable,
/// data source, module and resource by its name. The policy of a resource is left out, and so is what only configures
/// Terraform.
///
/// A file that is not Terraform, or cannot be read, has none.
///
/// ```
/// use cam_workspace::source::inputs;
///
/// let parts = inputs("main.tf", "locals {\n  app = \"1400000001\"\n}\n");
/// assert_eq!(parts["local.app"], "\"1400000001\"");
/// ```
#[must_use]
pub fn inputs(name: &str, text: &str) -> BTreeMap<String, String> {
    match Format::of_name(name) {
        Some(Format::Hcl) => of_hcl(text),
        Some(Format::TerraformJson) => of_json(text),
        _ => BTreeMap::new(),
    }
}

fn of_hcl(text: &str) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::new();
    let Ok(body) = hcl_edit::parser::parse_body(text) else { return parts };
    let part = |range: Option<std::ops::Range<usize>>| {
        range.and_then(|range| text.get(range)).unwrap_or_default().trim().to_owned()
    };
    for block in body.blocks() {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        let name = labels.join(".");
        let kind = labels.first().copied().unwrap_or_default();
        match block.ident.as_str() {
            "locals" => {
                let locals = block.body.attributes();
                parts.extend(
                    locals.map(|one| (format!("local.{}", one.key.as_str()), part(one.value.span()))),
                );
            }
            "variable" => {
                parts.insert(format!("var.{name}"), part(block.span()));
            }
            "resource" if block.body.attributes().any(|one| kind_of(kind, one.key.as_str()).is_some()) => {
                let repeats =
                    block.body.attributes().filter(|one| matches!(one.key.as_str(), "for_each" | "count"));
                parts.extend(
                    repeats.map(|one| (format!("{name}.{}", one.key.as_str()), part(one.value.span()))),
                );
            }
            "resource" => {
                parts.insert(name, part(block.span()));
            }
            // The blocks of such a data source are compared as a policy.
            "data" if kind.ends_with("policy_document") => {}
            ident @ ("data" | "module") => {
                parts.insert(format!("{ident}.{name}"), part(block.span()));
            }
            _ => {}
        }
    }
    parts
}

fn of_json(text: &str) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::new();
    let Ok(Value::Object(file)) = serde_json::from_str(text) else { return parts };
    for (prefix, key) in [("local", "locals"), ("var", "variable"), ("data", "data"), ("module", "module")] {
        if let Some(Value::Object(members)) = file.get(key) {
            parts.extend(members.iter().map(|(name, value)| (format!("{prefix}.{name}"), value.to_string())));
        }
    }
    parts
}
