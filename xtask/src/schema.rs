//! Writes the JSON Schemas of the catalog and of the export, and the one that is asked for.
//!
//! The schemas of the catalog and of the export follow from the rows of the facts.

#![expect(clippy::needless_pass_by_value, reason = "schemas are put together from parts made in place")]

use std::io::Write;

use cam_policy::catalog::{
    ActionFacts, Fact, Facts, Kind, Pattern, PlaceholderKind, Presence, RestrictionReason, Service, Target,
    Vocabulary, Word,
};
use serde_json::{Map, Value, json};
use tencent_cam_codegen::Arena;

use crate::arguments::one_value;
use crate::diff;
use crate::error::{Error, did_you_mean};
use crate::export::{self, exported};
use crate::fs::Project;
use crate::parts::{add, described, reference};
use crate::policy_schema::of_policy;

/// `schema [catalog|export|diff|policy]`
pub(crate) fn schema(project: &Project, args: lexopt::Parser, out: &mut dyn Write) -> Result<(), Error> {
    let text = match one_value(args)?.as_deref() {
        None | Some("catalog") => of_catalog()?,
        Some("export") => of_export()?,
        Some("diff") => diff::schema()?,
        Some("policy") => of_policy(&project.catalog(&Arena::new())?)?,
        Some(other) => {
            let hint = did_you_mean(other, &["catalog", "export", "diff", "policy"]);
            return Err(Error::Usage(format!("no schema `{other}`{hint}")));
        }
    };
    // Most schemas do not depend on the catalog, but every command refuses a broken one.
    project.catalog(&Arena::new())?;
    Ok(out.write_all(text.as_bytes())?)
}

/// Returns the schema of `catalog.toml`, for editors.
pub(crate) fn of_catalog() -> Result<String, Error> {
    let mut made = Definitions::default();
    made.define("Service", "One product.", of_toml::<Service<'_>>);
    made.define("Names", "The names of the public SDK.", |made| {
        made.define("List", "The names of one service.", |_| {
            let sdk = "The names of the service in the SDK.";
            let from = "The document that states the abbreviation; absent: it is assumed to be the name in the SDK.";
            let list = "The names, one a line and sorted; behind one, as far as they apply, `deprecated` or `offline`, \
                        `since` and `gone` with the day, and `exposes_credentials` if a secret, a signature or a temporary \
                        key is in its answer.";
            let properties = json!({
                "sdk": described(sdk, array_of(json!({ "type": "string" }))),
                "abbreviation_from": described(from, json!({ "type": "string" })),
                "granularity": described(
                    "The finest level at which the product is authorised, by the document of `abbreviation_from`.",
                    reference("ServiceGranularity"),
                ),
                "console_access": described(
                    "Whether the product has a console that CAM authorises, by the same document.",
                    json!({ "type": "boolean" }),
                ),
                "tag_authorization": described(
                    "Whether the product can be authorised by tag, by the same document.",
                    json!({ "type": "boolean" }),
                ),
                "list": described(list, json!({ "type": "string" })),
            });
            object(properties, &["sdk", "list"])
        });
        let source = "Package and version of the SDK.";
        let read = "Day it was read, `YYYY-MM-DD` (a TOML date).";
        let properties = json!({
            "source": described(source, json!({ "type": "string" })),
            "read": described(read, json!({ "type": "string" })),
        });
        let mut body = object(properties, &["source", "read"]);
        add(&mut body, json!({ "additionalProperties": reference("List") }));
        body
    });
    let version = "The catalog's own version, raised with every release of the data; absent: never released.";
    let names = "The names of actions of which nothing else is known, keyed and sorted by the abbreviation of the service.";
    let services = "The services, keyed and sorted by their abbreviation in CAM.";
    let properties = json!({
        "version": { "description": version, "type": "integer", "minimum": 1, "maximum": u32::MAX },
        "service": described(services, map_of("Service")),
        "names": described(names, reference("Names")),
    });
    let body = object(properties, &["service"]);
    made.root("catalog.toml of tencent-cam", "Everything `catalog.toml` states.", body)
}

/// Returns the schema of the export.
pub(crate) fn of_export() -> Result<String, Error> {
    let mut made = Definitions::default();
    made.define("Service", "One product.", |made| {
        let id = described("Abbreviation in CAM: `trtc`.", json!({ "type": "string" }));
        let read = described("Day its source was read, `YYYY-MM-DD`.", json!({ "type": "string" }));
        let mut properties = vec![("id", id), ("read", read)];
        properties.extend(exported::<Service<'_>>().map(|fact| (fact.key, made.exported(fact))));
        made.define("Action", "One API of a product.", |made| {
            let name = described("Exact name in CAM.", json!({ "type": "string" }));
            let facts = exported::<ActionFacts<'_>>();
            let facts = facts.map(|fact| (fact.key, made.exported(fact)));
            all_required([("name", name)].into_iter().chain(facts).collect())
        });
        let actions = "The actions, by group as on the source page, and sorted within each group.";
        properties.push(("actions", described(actions, array_of(reference("Action")))));
        all_required(properties)
    });
    let version = "The catalog's own version, raised with every release of the data; 0: never released.";
    let version = json!({ "description": version, "type": "integer", "minimum": 0, "maximum": u32::MAX });
    let services = described("The services, sorted by abbreviation.", array_of(reference("Service")));
    let body = all_required(vec![("version", version), ("services", services)]);
    let about = "Every permission the catalog states, in the catalog's order.";
    made.root("What `cargo xtask export` prints", about, body)
}

/// The definitions that schemas refer to, in the order of their first use.
#[derive(Default)]
struct Definitions(Map<String, Value>);

impl Definitions {
    /// Adds a definition, and then those that it needs.
    fn define(&mut self, name: &str, about: &str, body: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.0.contains_key(name) {
            self.0.insert(name.to_owned(), Value::Null);
            let body = body(self);
            self.0.insert(name.to_owned(), described(about, body));
        }
        reference(name)
    }

    fn root(self, title: &str, about: &str, body: Value) -> Result<String, Error> {
        let mut schema = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "title": title });
        add(&mut schema, described(about, body));
        add(&mut schema, json!({ "definitions": self.0 }));
        export::json(&schema)
    }

    fn words(&mut self, set: &'static Vocabulary) -> Value {
        self.define(set.name, &paragraph(set.doc, "absent"), |_| {
            let words = set.entries.iter().map(|entry| {
                json!({ "description": paragraph(entry.doc, "absent"), "type": "string", "const": entry.word })
            });
            json!({ "oneOf": words.collect::<Vec<_>>() })
        })
    }

    fn text(&mut self) -> Value {
        self.define("Text", "A text in both languages of the documentation.", |_| {
            all_required(vec![
                ("en", described("English.", json!({ "type": "string" }))),
                (
                    "zh",
                    described("Simplified Chinese, in the terms Tencent uses.", json!({ "type": "string" })),
                ),
            ])
        })
    }

    /// Returns the schema of a fact in `catalog.toml`.
    fn in_toml(&mut self, fact: &Fact) -> Value {
        match fact.kind {
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::Text => self.text(),
            Kind::Word(set) => self.words(set),
            Kind::Name(Target::Restriction) => self.words(RestrictionReason::VOCABULARY),
            Kind::Day | Kind::Url | Kind::String | Kind::Name(_) => json!({ "type": "string" }),
            Kind::Names(_) | Kind::Strings => array_of(json!({ "type": "string" })),
            Kind::Source => self.source(),
            Kind::Placeholders => {
                let kind = self.words(PlaceholderKind::VOCABULARY);
                json!({ "type": "object", "additionalProperties": kind })
            }
            Kind::Overrides => {
                self.correction();
                map_of("Override")
            }
            Kind::Notes => {
                self.text();
                map_of("Text")
            }
            Kind::Tables(target) => self.tables(target),
            other => unreachable!("no schema of `{}` is defined: {other:?}", fact.key),
        }
    }

    fn source(&mut self) -> Value {
        self.define("Source", "Where and when a service's facts were read.", |_| {
            let properties = json!({
                "title": { "description": "Title of the page.", "type": "string" },
                "url": { "description": "Address of the page; absent: unknown.", "type": "string" },
                "dated": {
                    "description": "Day of the version of the page that was read, `YYYY-MM-DD` (a TOML date); absent: unknown.",
                    "type": "string",
                },
                "read": { "description": "Day it was read, `YYYY-MM-DD` (a TOML date).", "type": "string" },
            });
            object(properties, &["title", "read"])
        })
    }

    fn correction(&mut self) -> Value {
        self.define("Override", "A correction made by hand, which an import keeps.", |made| {
            let upstream = made.define("Stated", "A fact as a source states it.", |_| {
                json!({ "anyOf": [
                    { "description": "A word, a name or an address.", "type": "string" },
                    { "description": "Yes or no.", "type": "boolean" },
                    described("Several names, or six-segment patterns.", array_of(json!({ "type": "string" }))),
                ] })
            });
            let upstream = described("What the source states instead; absent: nothing.", upstream);
            let reason = described("Why the catalog differs.", made.text());
            object(json!({ "upstream": upstream, "reason": reason }), &["reason"])
        })
    }

    /// Returns the schema of the named tables of a service.
    fn tables(&mut self, target: Target) -> Value {
        match target {
            Target::Action => {
                self.define("Action", "One API of a service.", of_toml::<ActionFacts<'_>>);
                map_of("Action")
            }
            Target::Pattern => {
                self.define("Pattern", "One resource an action can be limited to.", of_toml::<Pattern<'_>>);
                map_of("Pattern")
            }
            Target::Category => {
                self.text();
                map_of("Text")
            }
            Target::ConsolePage | Target::Reference => {
                self.define("Link", "A titled address.", |made| {
                    let title = described("The source's own wording.", made.text());
                    let url = described("Address, https.", json!({ "type": "string" }));
                    all_required(vec![("title", title), ("url", url)])
                });
                map_of("Link")
            }
            Target::Restriction => {
                let text = self.text();
                let reasons = RestrictionReason::ALL.iter();
                let reasons: Map<String, Value> =
                    reasons.map(|reason| (reason.as_str().to_owned(), text.clone())).collect();
                json!({ "type": "object", "properties": reasons, "additionalProperties": false })
            }
        }
    }

    /// Returns the schema of a fact in the export, where unknown is null.
    fn exported(&mut self, fact: &Fact) -> Value {
        let form = match (fact.key, fact.kind) {
            ("patterns", _) => {
                let about = "The resources it can be limited to: the form that names a single one, as the source \
                             writes it, with its placeholders. Only `*` for an operation-level action, and where the \
                             level is not documented.";
                return described(about, array_of(json!({ "type": "string" })));
            }
            ("restriction", _) => {
                let about = "Why an action cannot be limited to a resource, and the way round.";
                self.define("Restriction", about, |made| {
                    let reason = described("The reason.", made.words(RestrictionReason::VOCABULARY));
                    let alternative = "Name of the action the source recommends instead; null: none.";
                    let alternative = described(alternative, json!({ "type": ["string", "null"] }));
                    all_required(vec![("reason", reason), ("alternative", alternative)])
                })
            }
            (_, Kind::Flag) => json!({ "type": "boolean" }),
            (_, Kind::Text) => self.text(),
            (_, Kind::Word(set)) => self.words(set),
            (_, Kind::Names(Target::ConsolePage | Target::Reference)) => {
                array_of(self.define("Page", "A page with its English title.", |_| {
                    let title = described("English title.", json!({ "type": "string" }));
                    let url = described("Address.", json!({ "type": "string" }));
                    all_required(vec![("title", title), ("url", url)])
                }))
            }
            (_, Kind::Strings) => array_of(json!({ "type": "string" })),
            // A name, a date, an address, or the English title of a category.
            _ => json!({ "type": "string" }),
        };
        let form = match fact.presence {
            Presence::Optional => nullable(form),
            Presence::Required | Presence::Defaulted | Presence::List => form,
        };
        described(&paragraph(fact.doc, "null"), form)
    }
}

/// Returns the schema of the table of an item in `catalog.toml`, from the rows of its facts.
fn of_toml<'c, I: Facts<'c>>(made: &mut Definitions) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for fact in I::FACTS {
        properties.insert(fact.key.to_owned(), described(&paragraph(fact.doc, "absent"), made.in_toml(fact)));
        if fact.presence == Presence::Required {
            required.push(fact.key);
        }
    }
    object(Value::Object(properties), &required)
}

/// Returns the first paragraph of a doc comment, with the word of the format for Rust's `None`.
fn paragraph(doc: &[&str], absent: &str) -> String {
    let lines: Vec<&str> = doc.iter().map(|line| line.trim()).take_while(|line| !line.is_empty()).collect();
    lines.join(" ").replace("`None`", absent)
}

fn map_of(name: &str) -> Value {
    json!({ "type": "object", "additionalProperties": reference(name) })
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "schemas are put together from parts that are made in place"
)]
fn array_of(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// Returns a schema that also allows null.
fn nullable(mut form: Value) -> Value {
    match form.get_mut("type") {
        Some(only) => {
            *only = json!([only.take(), "null"]);
            form
        }
        None => json!({ "anyOf": [form, { "type": "null" }] }),
    }
}

fn object(properties: Value, required: &[&str]) -> Value {
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// Returns the schema of an object with all these keys.
fn all_required(properties: Vec<(&str, Value)>) -> Value {
    let required: Vec<&str> = properties.iter().map(|(key, _)| *key).collect();
    let properties = properties.iter().map(|(key, form)| ((*key).to_owned(), form.clone())).collect();
    object(Value::Object(properties), &required)
}
