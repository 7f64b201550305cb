//! Writes the changes for the terminal, for a pull request, for the changelog and for programs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use tencent_cam_codegen::markdown::{code, escape};

use super::change::{Change, Changes, Item};
use super::rules::{Kind, Level, Rule, rules, sentence};
use crate::error::Error;
use crate::export;
use crate::markdown::Table;

/// The text for an absent fact.
const NOTHING: &str = "not stated";

impl Changes {
    /// Returns the report for a terminal. `before` and `after` name the two sides.
    #[must_use]
    pub fn text(&self, before: &str, after: &str) -> String {
        let mut out = format!("{before} → {after}: {}\n", self.headline());
        for (service, changes) in by_service(&self.list) {
            let _ = write!(out, "\n{}\n", printable(heading(service)));
            let mut last = None;
            for change in changes {
                if last.replace(&change.item) != Some(&change.item) {
                    let _ = writeln!(out, "  {}", printable(&subject(change)));
                }
                let level = change.kind.rule().level;
                let _ = write!(out, "    {level:<5}  {}", title(change));
                match (&change.before, &change.after) {
                    (None, None) => out.push('\n'),
                    (None, Some(only)) if change.fact.is_none() => {
                        let _ = writeln!(out, ": {}", printable(only));
                    }
                    (Some(only), None) if change.fact.is_none() => {
                        let _ = writeln!(out, ": {}", printable(only));
                    }
                    (old, new) => {
                        let old = printable(old.as_deref().unwrap_or(NOTHING));
                        let new = printable(new.as_deref().unwrap_or(NOTHING));
                        if old.chars().count() + new.chars().count() > 64 {
                            let _ = writeln!(out, "\n           - {old}\n           + {new}");
                        } else {
                            let _ = writeln!(out, ": {old} → {new}");
                        }
                    }
                }
                for (what, said) in [("error", &change.error), ("hint", &change.hint)] {
                    if let Some(said) = said {
                        let _ = writeln!(out, "           {what}: {}", printable(said));
                    }
                }
            }
        }
        self.breaks_as_text(&mut out);
        out
    }

    fn breaks_as_text(&self, out: &mut String) {
        if self.list.is_empty() {
            return;
        }
        out.push_str("\nWhat it breaks\n");
        for (rule, changes) in self.by_rule() {
            let _ = writeln!(out, "\n  {:<5}  {} ({})", rule.level, rule.title, changes.len());
            for (from, to) in changes.iter().filter_map(|change| change.api.as_ref()) {
                let _ = writeln!(out, "         {}", printable(&moved(from, to)));
            }
            wrapped(out, "API", &rule.api);
            for (basis, effect) in rule.policies {
                wrapped(out, "policies", &format!("{effect} ({})", basis.word()));
            }
        }
    }

    /// Returns the report as GitHub Markdown.
    #[must_use]
    pub fn markdown(&self, before: &str, after: &str) -> String {
        let mut out = format!("## Permissions: {} → {}\n\n", escape(before), escape(after));
        let _ = writeln!(out, "{}", escape(&sentence(&self.headline())));
        for (service, changes) in by_service(&self.list) {
            let rows = changes.iter().map(|change| {
                let cell = |value: &Option<String>, absent: &str| {
                    value.as_deref().map_or_else(|| absent.to_owned(), code)
                };
                let absent = if change.fact.is_some() { NOTHING } else { "" };
                let mut what = escape(&title(change));
                if change.error.is_some() {
                    what.push_str(" ⚠");
                }
                vec![
                    escape(&subject(change)),
                    what,
                    cell(&change.before, absent),
                    cell(&change.after, absent),
                    level_word(change.kind.rule().level).to_owned(),
                ]
            });
            let header = ["What", "Change", "Before", "After", "Forces"].map(str::to_owned).to_vec();
            let _ =
                write!(out, "\n### {}\n\n{}", code(heading(service)), Table { header, rows: rows.collect() });
        }
        let said: Vec<String> = self
            .list
            .iter()
            .flat_map(|change| {
                let name = change.full_name();
                let error = change.error.iter().map(|error| ("⚠ ", error));
                let said = error.chain(change.hint.iter().map(|hint| ("", hint)));
                let said: Vec<String> = said
                    .map(|(mark, said)| {
                        format!("- {mark}{}: {}\n", code(&name), tencent_cam_codegen::markdown::text(said))
                    })
                    .collect();
                said
            })
            .collect();
        if !said.is_empty() {
            let _ = write!(out, "\n### To look at\n\n{}", said.concat());
        }
        if !self.list.is_empty() {
            out.push_str("\n### What it breaks\n");
        }
        for (rule, changes) in self.by_rule() {
            let names: BTreeSet<String> = changes.iter().map(|change| code(&change.full_name())).collect();
            let names: Vec<String> = names.into_iter().collect();
            let _ = write!(
                out,
                "\n**{}** ({}): {}\n\n- API: {}\n",
                sentence(&rule.title),
                level_word(rule.level),
                names.join(", "),
                rule.api
            );
            for (from, to) in changes.iter().filter_map(|change| change.api.as_ref()) {
                let _ = writeln!(out, "  - {}", moved_as_markdown(from, to));
            }
            if rule.policies.is_empty() {
                out.push_str("- Policies in use: not affected.\n");
            }
            for (basis, effect) in rule.policies {
                let _ = writeln!(out, "- Policies in use: {effect} *({})*", basis.word());
            }
        }
        out
    }

    /// Returns the section of `CHANGELOG.md` about the catalog.
    #[must_use]
    pub fn changelog(&self) -> String {
        let mut out = "### Permission data\n".to_owned();
        for (level, title) in [
            (Level::Major, "Breaking"),
            (Level::Minor, "Added and changed"),
            (Level::Patch, "Texts and links"),
        ] {
            let lines: Vec<String> = by_service(&self.list)
                .into_iter()
                .flat_map(|(service, changes)| {
                    let changes = changes.into_iter().filter(|change| change.kind.rule().level == level);
                    changelog_lines(service, &changes.collect::<Vec<_>>())
                })
                .collect();
            if !lines.is_empty() {
                let _ = write!(out, "\n#### {title}\n\n{}", lines.concat());
            }
        }
        if self.list.is_empty() {
            out.push_str("\nNo permission changed.\n");
        }
        out
    }

    /// Returns the report as JSON.
    pub(crate) fn json(&self, before: &str, after: &str) -> Result<String, Error> {
        export::json(&Report::of(self, before, after))
    }

    fn headline(&self) -> String {
        let count = self.list.len();
        let plural = if count == 1 { "" } else { "s" };
        let (forces, before_one) = match self.level() {
            None => return "no permission changed".to_owned(),
            Some(Level::Major) => ("a major", "second"),
            Some(Level::Minor) => ("a minor", "third"),
            Some(Level::Patch) => ("a patch", "third"),
        };
        // If the verdict forces no version, the levels must not claim that they do.
        let forcing = if self.unreleased { "which after a release would force" } else { "forcing" };
        format!(
            "{count} change{plural}, {forcing} {forces} version (while it is 0.x, its {before_one} number)"
        )
    }

    /// Returns the changes by kind, the most severe first.
    fn by_rule(&self) -> Vec<(&'static Rule, Vec<&Change>)> {
        let mut kinds: BTreeMap<Kind, Vec<&Change>> = BTreeMap::new();
        for change in &self.list {
            kinds.entry(change.kind).or_default().push(change);
        }
        let mut rules: Vec<_> = kinds.into_iter().map(|(kind, changes)| (kind.rule(), changes)).collect();
        rules.sort_by_key(|(rule, _)| std::cmp::Reverse(rule.level));
        rules
    }
}

fn by_service(changes: &[Change]) -> BTreeMap<&str, Vec<&Change>> {
    let mut services: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        services.entry(&change.service).or_default().push(change);
    }
    services
}

/// Returns the heading for the changes of a service, or of the catalog itself.
fn heading(service: &str) -> &str {
    if service.is_empty() { "catalog" } else { service }
}

fn level_word(level: Level) -> &'static str {
    if level == Level::Major { "breaking" } else { level.word() }
}

fn subject(change: &Change) -> String {
    match &change.item {
        Item::Catalog => "catalog".to_owned(),
        Item::Service => "service".to_owned(),
        Item::Pattern(name) => format!("pattern {name}"),
        Item::Enum(name) => format!("enum {name}"),
        Item::Action(name) => name.clone(),
    }
}

impl Change {
    /// Returns service and item as one name.
    pub(super) fn full_name(&self) -> String {
        let service = &self.service;
        match &self.item {
            Item::Catalog => "catalog".to_owned(),
            Item::Service => service.clone(),
            Item::Pattern(name) => format!("{service} pattern {name}"),
            Item::Enum(name) => format!("{service} enum {name}"),
            Item::Action(name) => format!("{service}:{name}"),
        }
    }
}

/// Returns what changed, with the key if the kind alone does not say it.
fn title(change: &Change) -> String {
    let title = &*change.kind.rule().title;
    match &change.fact {
        Some(fact) if fact.starts_with(title) => printable(fact),
        Some(fact) if fact.contains('.') || change.kind == Kind::PatternParameters => {
            format!("{title}, {}", printable(fact))
        }
        _ => title.to_owned(),
    }
}

fn moved(from: &str, to: &str) -> String {
    match (from, to) {
        ("", new) => format!("new: {new}"),
        (old, "") => format!("gone: {old}"),
        (old, new) if old == new => old.to_owned(),
        (old, new) => format!("{old} → {new}"),
    }
}

fn moved_as_markdown(from: &str, to: &str) -> String {
    match (from, to) {
        ("", new) => format!("new: {}", code(new)),
        (old, "") => format!("gone: {}", code(old)),
        (old, new) if old == new => code(old),
        (old, new) => format!("{} → {}", code(old), code(new)),
    }
}

/// Returns the text without characters that move the terminal's cursor.
fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{FFFD}' } else { character }).collect()
}

/// Writes a paragraph beside a label, in lines that fit a terminal.
fn wrapped(out: &mut String, label: &str, text: &str) {
    const WIDTH: usize = 86;
    let mut line = String::new();
    let mut label = label;
    for word in text.split(' ') {
        if !line.is_empty() && line.chars().count() + word.chars().count() >= WIDTH {
            let _ = writeln!(out, "         {label:<8}  {line}");
            label = "";
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(out, "         {label:<8}  {line}");
}

/// The kinds of which the name of the item says everything.
fn by_name(kind: Kind) -> bool {
    match kind {
        Kind::DataVersion => false,
        Kind::ActionAdded | Kind::EnumAdded | Kind::EnumRemoved => true,
        other => other.rule().level == Level::Patch,
    }
}

fn changelog_lines(service: &str, changes: &[&Change]) -> Vec<String> {
    let mut lines = Vec::new();
    for rule in rules() {
        let changes: Vec<&&Change> = changes.iter().filter(|change| change.kind == rule.kind).collect();
        if changes.is_empty() {
            continue;
        }
        let service = code(heading(service));
        if by_name(rule.kind) {
            let names: BTreeSet<String> = changes
                .iter()
                .filter_map(|change| match &change.item {
                    Item::Catalog | Item::Service => change.fact.as_deref().map(code),
                    Item::Pattern(name) | Item::Enum(name) | Item::Action(name) => Some(code(name)),
                })
                .collect();
            let names: Vec<String> = names.into_iter().collect();
            lines.push(format!("- {service}: {}: {}.\n", rule.title, names.join(", ")));
            continue;
        }
        for change in changes {
            let item = match &change.item {
                Item::Catalog | Item::Service => String::new(),
                Item::Pattern(name) | Item::Enum(name) | Item::Action(name) => format!(" {}", code(name)),
            };
            let value = |value: &Option<String>| value.as_deref().map_or_else(|| NOTHING.to_owned(), code);
            let facts = match (&change.before, &change.after, &change.fact) {
                (None, Some(only), None) | (Some(only), None, None) => format!(" ({})", code(only)),
                (before, after, _) => format!(", {} → {}", value(before), value(after)),
            };
            lines.push(format!("- {service}{item}: {}{facts}.\n", rule.title));
        }
    }
    lines
}

/// The changes between two catalogs, and what they break.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(crate) struct Report<'c> {
    /// The name of the older side.
    before: &'c str,
    /// The name of the newer side.
    after: &'c str,
    /// The highest level that a change forces on the crate; null if nothing changed.
    #[schemars(with = "Option<LevelWord>")]
    level: Option<&'static str>,
    /// The changes, by service. Within a service: the service itself, patterns, enums of pattern sets, actions.
    changes: Vec<ReportedChange<'c>>,
}

/// The part of the version that a change forces, for a crate that has reached 1.0.
#[derive(JsonSchema)]
#[schemars(rename = "Level", rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
enum LevelWord {
    /// Breaking: a program no longer compiles, or fails when it runs. Forces the second number of 0.x.
    Major,
    /// Every program compiles. There is more to use, or a fact that programs select by differs.
    Minor,
    /// Every program compiles. Only texts and addresses differ.
    Patch,
}

/// How sure an effect on policies is.
#[derive(JsonSchema)]
#[schemars(rename = "Basis", rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
enum BasisWord {
    /// Tencent documents it.
    Documented,
    /// It follows from a documented mechanism.
    Derived,
    /// Nothing is documented.
    Assumed,
}

/// One change.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Change")]
struct ReportedChange<'c> {
    /// The kind of the change: a heading of docs/semver.md.
    kind: &'static str,
    /// The abbreviation of the service; null for a change of the catalog itself.
    service: Option<&'c str>,
    /// The name of the changed action, the old one if it was renamed; null if the change is about no action.
    action: Option<&'c str>,
    /// The name of the changed pattern, the old one if it was renamed; null if the change is about no pattern.
    pattern: Option<&'c str>,
    /// The name of the changed enum; null if the change is about no enum.
    #[serde(rename = "enum")]
    enumeration: Option<&'c str>,
    /// The key of the fact in the catalog; null if the item was added, removed or renamed.
    fact: Option<&'c str>,
    /// The old value; null if there was none.
    before: Option<&'c str>,
    /// The new value; null if there is none.
    after: Option<&'c str>,
    /// The level that the change forces.
    #[schemars(with = "LevelWord")]
    level: &'static str,
    /// The reason for the level, in terms of the generated API.
    api: Api<'c>,
    /// The effects on policies in use; empty if there are none.
    policies: Vec<Effect>,
    /// The reason why the change is not allowed as it is; null if it is allowed.
    error: Option<&'c str>,
    /// A hint for the reviewer; null if there is none.
    hint: Option<&'c str>,
}

/// The reason why a change forces its level.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Api<'c> {
    /// The rule.
    why: &'static str,
    /// The old path in the API; null if there was none, or if it did not change.
    before: Option<&'c str>,
    /// The new path in the API; null if there is none, or if it did not change.
    after: Option<&'c str>,
}

/// One effect on policies in use.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Effect {
    /// How sure it is.
    #[schemars(with = "BasisWord")]
    basis: &'static str,
    /// The effect.
    effect: &'static str,
}

impl<'c> Report<'c> {
    fn of(changes: &'c Changes, before: &'c str, after: &'c str) -> Self {
        Self {
            before,
            after,
            level: changes.level().map(Level::word),
            changes: changes.list.iter().map(ReportedChange::of).collect(),
        }
    }
}

impl<'c> ReportedChange<'c> {
    fn of(change: &'c Change) -> Self {
        let rule = change.kind.rule();
        let (from, to) = change.api.as_ref().map_or(("", ""), |(from, to)| (from, to));
        let named = |name: &'c str| Some(name).filter(|name| !name.is_empty());
        let (mut action, mut pattern, mut enumeration) = (None, None, None);
        match &change.item {
            Item::Catalog | Item::Service => {}
            Item::Pattern(name) => pattern = Some(name.as_str()),
            Item::Enum(name) => enumeration = Some(name.as_str()),
            Item::Action(name) => action = Some(name.as_str()),
        }
        Self {
            kind: rule.id,
            service: named(&change.service),
            action,
            pattern,
            enumeration,
            fact: change.fact.as_deref(),
            before: change.before.as_deref(),
            after: change.after.as_deref(),
            level: rule.level.word(),
            api: Api { why: &rule.api, before: named(from), after: named(to) },
            policies: rule
                .policies
                .iter()
                .map(|(basis, effect)| Effect { basis: basis.word(), effect })
                .collect(),
            error: change.error.as_deref(),
            hint: change.hint.as_deref(),
        }
    }
}

/// Returns the schema of the JSON.
pub(crate) fn schema() -> Result<String, Error> {
    let settings = schemars::generate::SchemaSettings::draft07().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Report<'_>>();
    schema.insert("title".to_owned(), "What `cargo xtask diff --format json` prints".into());
    export::json(&schema)
}
