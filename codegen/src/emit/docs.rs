//! Writes the texts of doc comments.

use std::fmt::Write as _;

use cam_policy::catalog::{Action, Granularity, Pattern, PlaceholderKind, Service, Text};
use cam_policy::text::placeholders;

use super::plan::{Plan, Set};
use crate::markdown::text as markdown;
use crate::names::{camel, module, parameter};

pub(super) fn of_service(service: &Service<'_>) -> String {
    let (en, zh) = (markdown(service.name.en), markdown(service.name.zh));
    let title = markdown(service.source.title);
    let source = service.source.url.map_or_else(|| title.clone(), |url| format!("[{title}]({url})"));
    let mut doc =
        format!("{en} ({zh}): `{}`.\n\nRead from {source} on {}.\n", service.id, service.source.read);
    let _ = writeln!(doc, "Granularity of the product, as stated there: {}.", service.granularity);
    for note in service.notes {
        let _ = writeln!(doc, "\nNote on `{}`: {}", note.about, markdown(note.text.en));
    }
    doc
}

pub(super) fn of_set(plan: &Plan<'_>, set: &Set<'_>) -> String {
    let mut doc = match set.granularity {
        Granularity::Resource if set.patterns.is_empty() => {
            "Resource-level actions whose source prints no pattern that a policy can name: grant them on every resource.\n"
                .to_owned()
        }
        Granularity::Resource => {
            let types: Vec<String> = set.patterns.iter().map(|one| format!("[`{}`]", camel(one.name))).collect();
            format!("Resource-level actions: a grant can be limited to {}.\n", types.join(" or "))
        }
        Granularity::Operation => {
            "Operation-level actions: a grant covers every resource, or none.\n".to_owned()
        }
        _ => "Actions whose granularity is not documented: grant them on every resource, which is right at any \
              level.\n\n\
              They are part of the public API, and no permission page lists them. Whether they can be limited to a \
              resource is not known.\n"
            .to_owned(),
    };
    let path = format!("tencent_cam::{}::{}::{}", plan.module, set.name, plan.variant_of(set.actions[0]));
    let _ = write!(doc, "\n```\nassert_eq!({path}.facts().as_str(), {:?});\n```", set.actions[0].as_str());
    doc
}

pub(super) fn of_action(plan: &Plan<'_>, action: Action<'_>) -> String {
    let mut doc = String::new();
    description(&mut doc, action.description());
    let _ = write!(doc, "- Granularity: {}", action.granularity());
    for pattern in action.patterns() {
        let _ = write!(doc, ", `{}`", pattern.single);
    }
    for printed in action.printed_patterns() {
        let _ = write!(doc, ", `{printed}` (malformed in the source)");
    }
    if let Some(day) = action.removed() {
        let _ = write!(doc, "\n- Removed: the source was found not to list it any more on {day}.");
    }
    let access_level = action.access_level().map_or("unknown", |level| level.as_str());
    let ip_condition = match action.ip_condition() {
        Some(true) => "honoured",
        Some(false) => "not honoured",
        None => "unknown",
    };
    let _ = writeln!(doc, "\n- Access level: {access_level}\n- IP condition: {ip_condition}");
    if !action.condition_keys().is_empty() {
        let _ = writeln!(doc, "- Condition keys: `{}`", action.condition_keys().join("`, `"));
    }
    if action.in_sdk() == Some(false) {
        doc.push_str("- The public SDK has no API of this name.\n");
    }
    if action.exposes_credentials() == Some(true) {
        doc.push_str("- Exposes credentials: the call hands out a secret, a signature or a temporary key.\n");
    }
    if let Some(surface) = action.surface() {
        let _ = writeln!(doc, "- Surface: {surface} API");
    }
    if let Some(restriction) = action.restriction() {
        let _ = write!(doc, "- Restriction: {}", markdown(restriction.text.en));
        if let Some(other) = action.alternative() {
            let (name, set) = (other.name(), &plan.set(other).name);
            let _ =
                write!(doc, " Its documentation points to [`{name}`]({set}::{}).", plan.variant_of(other));
        }
        doc.push('\n');
    }
    if let Some(url) = action.doc_url() {
        let _ = writeln!(doc, "- [Documentation]({url})");
    }
    for link in action.references() {
        let _ = writeln!(doc, "- [{}]({})", markdown(link.title.en), link.url);
    }
    for note in action.notes() {
        let _ = writeln!(doc, "- Note on `{}`: {}", note.about, markdown(note.text.en));
    }
    doc
}

/// Returns the doc comment of the constant of an action in the enum over its service.
pub(super) fn of_constant(plan: &Plan<'_>, action: Action<'_>) -> String {
    let link = format!("[`{}::{}`]", plan.set(action).name, plan.variant_of(action));
    match action.description() {
        Some(text) => format!("{link}: {}", markdown(text.en)),
        None => format!("{link}."),
    }
}

/// Returns the note of `#[deprecated]` for a removed action.
pub(super) fn of_removal(action: Action<'_>, day: &str) -> String {
    let gone = format!("the source was found not to list it any more on {day}");
    action.replaced_by().map_or_else(|| gone.clone(), |other| format!("use `{}`; {gone}", other.name()))
}

pub(super) fn of_resource(module: &str, pattern: &Pattern<'_>) -> String {
    let mut doc = String::new();
    description(&mut doc, pattern.description);
    if pattern.single == pattern.all {
        let _ = writeln!(doc, "- All: `{}`. A request never names a single one.", pattern.all);
    } else {
        let _ = writeln!(doc, "- One: `{}`\n- All: `{}`", pattern.single, pattern.all);
    }
    for note in pattern.notes {
        let _ = writeln!(
            doc,
            "- Note on `{}`: {} {}",
            note.about,
            markdown(note.text.en),
            markdown(note.text.zh)
        );
    }
    doc.push_str(&resource_example(module, pattern));
    doc
}

/// The link to the error of the constructors, as the code of a service names it.
const RESOURCE_ERROR: &str = "[`ResourceError`](resource::ResourceError)";

/// The doc comment of the constructor of one resource.
pub(super) fn of_one(pattern: &Pattern<'_>) -> String {
    let mut doc = format!(
        "Returns one resource, by its identifiers.\n\n# Errors\n\n\
         {RESOURCE_ERROR} if a number is 0, or an identifier is empty or contains\n\
         `*`, `:`, `/`, `$` or whitespace. The policy builder also takes the `Result`.",
    );
    for path in pattern.placeholders.iter().filter(|known| known.kind == PlaceholderKind::Path) {
        let _ = write!(doc, "\n`{}` is a path, which may contain `/`.", parameter(path.name));
    }
    doc
}

/// The doc comment of the constructor of all resources.
pub(super) fn of_all(pattern: &Pattern<'_>) -> String {
    let mut doc = String::from("Returns the resource that names all resources of the kind.");
    if is_checked(pattern.all) {
        let _ = write!(doc, "\n\n# Errors\n\n{RESOURCE_ERROR} if an identifier cannot stand in a resource.");
    }
    doc
}

fn description(doc: &mut String, text: Option<Text<'_>>) {
    if let Some(text) = text {
        let _ = write!(doc, "{}\n\n{}\n\n", markdown(text.en), markdown(text.zh));
    }
}

/// Returns a doc example that makes a resource, prints it and reads it back.
fn resource_example(module: &str, pattern: &Pattern<'_>) -> String {
    let name = camel(pattern.name);
    let mut values = Vec::new();
    let mut made = pattern.single.to_owned();
    for placeholder in parameter_order(pattern.single) {
        let (value, text) = match (placeholder, kind(pattern, placeholder)) {
            ("uin", _) => ("Uin::new(12345678)?", "12345678"),
            ("region", _) => ("Region::new(\"ap-guangzhou\")?", "ap-guangzhou"),
            (_, PlaceholderKind::Number | PlaceholderKind::AppId) => ("1400000001", "1400000001"),
            (_, PlaceholderKind::SubAccount) => ("Uin::new(12345679)?", "12345679"),
            _ => ("\"example\"", "example"),
        };
        values.push(value);
        made = made.replace(&format!("${{{placeholder}}}"), text);
    }
    let values = values.join(", ");
    let mut imports = module.to_owned();
    for import in ["Uin", "Region"].iter().filter(|import| values.contains(**import)) {
        imports = format!("{import}, {imports}");
    }
    let imports = if imports.contains(',') { format!("{{{imports}}}") } else { imports };
    let call = if pattern.single != pattern.all {
        format!("id({values})?")
    } else if is_checked(pattern.all) {
        format!("all({values})?")
    } else {
        format!("all({values})")
    };
    format!(
        "\n```\nuse tencent_cam::{imports};\n\nlet one = {module}::{name}::{call};\n\
         assert_eq!(one.to_string(), {made:?});\nassert_eq!(one, {made:?}.parse()?);\n\
         # Ok::<(), Box<dyn std::error::Error>>(())\n```\n"
    )
}

/// Whether the values of the placeholders of a form need a check: those of its types cannot be wrong.
pub(super) fn is_checked(form: &str) -> bool {
    placeholders(form).iter().any(|name| !matches!(*name, "uin" | "region"))
}

/// Returns the placeholders of a form in the order of the constructor's parameters: the owner, then the others in the order
/// of the text.
pub(super) fn parameter_order(form: &str) -> Vec<&str> {
    let (mut names, others) = placeholders(form).into_iter().partition::<Vec<_>, _>(|name| *name == "uin");
    names.extend(others);
    names
}

/// Returns the kind of a placeholder other than `uin` and `region`.
pub(super) fn kind(pattern: &Pattern<'_>, placeholder: &str) -> PlaceholderKind {
    let declared = pattern.placeholders.iter().find(|known| known.name == placeholder);
    declared.map_or(PlaceholderKind::Text, |found| found.kind)
}

pub(super) fn of_services_variant(service: &Service<'_>) -> String {
    format!("{} ({}).", markdown(service.name.en), markdown(service.name.zh))
}

pub(super) fn of_whole(service: &Service<'_>) -> String {
    format!(
        "An action of {}, of any granularity.\n\n\
         Its constants name each action: `allow(&resource, [{module}::Action::…])`.\n\n\
         ```\nuse tencent_cam::{module}::Action;\n\n\
         assert!(Action::ALL.iter().all(|action| action.facts().as_str().parse() == Ok(*action)));\n```",
        markdown(service.name.en),
        module = module(service.id),
    )
}
