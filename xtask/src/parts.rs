//! Parts of JSON Schemas.

use serde_json::{Value, json};

/// Returns a reference to a definition of the schema.
pub(crate) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// Adds a description to a schema. It wraps a `$ref`, because readers ignore the keys beside one.
pub(crate) fn described(about: &str, form: Value) -> Value {
    let mut schema = json!({ "description": about });
    let form = if form.get("$ref").is_some() { json!({ "allOf": [form] }) } else { form };
    add(&mut schema, form);
    schema
}

/// Adds the keys of one object to another.
pub(crate) fn add(schema: &mut Value, more: Value) {
    if let (Value::Object(schema), Value::Object(more)) = (schema, more) {
        schema.extend(more);
    }
}
