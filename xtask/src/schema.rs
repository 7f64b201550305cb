//! The JSON Schemas of the catalog, of the export and of the diff.

use std::io::Write;

use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};
use tencent_cam_codegen::model::{Catalog, RestrictionReason};

use crate::diff;
use crate::error::{Error, did_you_mean};
use crate::export::{self, Export};
use crate::fs::Project;
use crate::one_value;

/// `schema [catalog|export|diff]`
pub(crate) fn schema(project: &Project, args: lexopt::Parser, out: &mut dyn Write) -> Result<(), Error> {
    let text = match one_value(args)?.as_deref() {
        None | Some("catalog") => of_catalog()?,
        Some("export") => of_export()?,
        Some("diff") => diff::schema()?,
        Some(other) => {
            let hint = did_you_mean(other, &["catalog", "export", "diff"]);
            return Err(Error::Usage(format!("no schema `{other}`{hint}")));
        }
    };
    // The schema does not depend on it, but no command passes over a broken catalog.
    project.catalog()?;
    Ok(out.write_all(text.as_bytes())?)
}

/// What editors complete `catalog.toml` from.
pub(crate) fn of_catalog() -> Result<String, Error> {
    let settings = SchemaSettings::draft07().for_deserialize().with_transform(without_null);
    let mut schema = generate::<Catalog>(settings, "catalog.toml of tencent-cam");
    let reasons: Map<String, Value> = RestrictionReason::ALL
        .iter()
        .map(|reason| (reason.word().to_owned(), json!({ "$ref": "#/definitions/Text" })))
        .collect();
    if let Some(restriction) = schema.pointer_mut("/definitions/Service/properties/restriction") {
        // schemars does not see that the keys of this map are the words of an enum.
        restriction["properties"] = Value::Object(reasons);
        restriction["additionalProperties"] = Value::Bool(false);
    }
    export::json(&schema)
}

/// What readers of the export can rely on.
pub(crate) fn of_export() -> Result<String, Error> {
    let settings = SchemaSettings::draft07().for_serialize();
    export::json(&generate::<Export>(settings, "What `cargo xtask export` prints"))
}

fn generate<T: JsonSchema>(settings: SchemaSettings, title: &str) -> Schema {
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema
}

/// TOML has no null: a key is there or not.
fn without_null(schema: &mut Schema) {
    if let Some(types) = schema.get_mut("type") {
        if let Some(only) = types.as_array().and_then(|types| types.iter().find(|name| *name != "null")) {
            *types = only.clone();
        }
    }
    if let Some(Value::Array(options)) = schema.get_mut("anyOf") {
        options.retain(|option| option["type"] != "null");
    }
    transform_subschemas(&mut without_null, schema);
}
