//! The configuration of a repository: `tencent-cam.toml`.

use std::fmt;

use cam_lint::{Confidence, Kind, Persona, Rule};
use cam_policy::text::{Lines, Position, Span, nearest, quoted};
use globset::{GlobBuilder, GlobMatcher};
use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The name of the file.
pub const FILE_NAME: &str = "tencent-cam.toml";

/// What a `tencent-cam.toml` says. Its paths and globs are relative to its folder.
///
/// ```
/// use cam_workspace::config::Config;
///
/// let config = Config::parse(r#"
/// persona = "pedantic"
///
/// [[kind]]
/// files = "trust/*.json"
/// kind = "trust"
///
/// [[ignore]]
/// file = "policies/old.json"
/// rule = "CAM101"
/// pointer = "/statement/0"
/// reason = "goes away with the old console"
/// expires = 2027-01-01
/// "#)?;
/// assert_eq!(config.kind_of("trust/app.json"), Some(cam_lint::Kind::Trust));
/// assert_eq!(config.ignores[0].rule.id, "CAM101");
/// # Ok::<(), cam_workspace::config::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Config {
    /// Who wants to see findings.
    pub persona: Option<Persona>,
    /// How sure a rule must be.
    pub min_confidence: Option<Confidence>,
    /// The file with the findings that are known.
    pub baseline: Option<String>,
    /// The files with further services of the catalog.
    pub catalogs: Vec<String>,
    /// The files that are not read from a folder.
    pub exclude: Vec<Files>,
    /// The kinds of the policies of some files. The last one that matches counts.
    pub kinds: Vec<(Files, Kind)>,
    /// The findings that are suppressed.
    pub ignores: Vec<Ignore>,
}

/// A pattern of files: `*` matches within a folder, `**` across folders.
#[derive(Clone, Debug)]
pub struct Files {
    /// The pattern as it was written.
    pub pattern: String,
    matcher: GlobMatcher,
}

impl Files {
    /// Whether a path, relative to the folder of the configuration and with `/`, matches.
    pub fn matches(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }

    /// Whether it names one file.
    ///
    /// ```
    /// use cam_workspace::config::Config;
    ///
    /// let config = Config::parse("exclude = [\"a.json\", \"vendor/**\"]")?;
    /// assert_eq!([config.exclude[0].is_one(), config.exclude[1].is_one()], [true, false]);
    /// # Ok::<(), cam_workspace::config::ConfigError>(())
    /// ```
    pub fn is_one(&self) -> bool {
        !self.pattern.contains(['*', '?', '[', '{'])
    }
}

/// A suppression of findings.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ignore {
    /// In which files.
    pub files: Files,
    /// Of which rule.
    pub rule: &'static Rule,
    /// Of which policy, by what the file calls it (its [label](crate::source::Embedded::label)); `None` for every policy of
    /// the file.
    pub policy: Option<String>,
    /// Of which part of the policy, or of the file if the file is JSON; `None` for the whole.
    pub pointer: Option<String>,
    /// Why.
    pub reason: String,
    /// The first day on which it no longer counts.
    pub expires: Option<Date>,
    /// Where it stands in the configuration.
    pub span: Span,
}

/// Everything that is wrong with a configuration; one fault a line.
///
/// ```
/// let error = cam_workspace::config::Config::parse("persona = \"regulr\"").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "1:11: \"regulr\" is no persona: write `regular`, `pedantic` or `auditor`\n"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    faults: Vec<(Position, String)>,
}

impl ConfigError {
    /// Returns each fault with its place.
    pub fn faults(&self) -> &[(Position, String)] {
        &self.faults
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.faults.iter().try_for_each(|(position, message)| writeln!(f, "{position}: {message}"))
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it: text that is not TOML, unknown keys, words and rules, missing values.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut reader = Reader { faults: Vec::new() };
        for error in &errors {
            reader.fault(error.span().map_or(0, |span| span.start), error.message());
        }
        let config = if errors.is_empty() { reader.config(table.get_ref()) } else { Self::default() };
        if reader.faults.is_empty() {
            return Ok(config);
        }
        reader.faults.sort();
        let mut lines = Lines::new(text);
        let faults = reader.faults.into_iter().map(|(at, message)| (lines.position(at), message));
        Err(ConfigError { faults: faults.collect() })
    }

    /// Returns the kind that the configuration gives the policies of a file.
    ///
    /// See [`Config`] for an example.
    pub fn kind_of(&self, path: &str) -> Option<Kind> {
        self.kinds.iter().rev().find(|(files, _)| files.matches(path)).map(|(_, kind)| *kind)
    }

    /// Whether the configuration excludes a file.
    pub fn excludes(&self, path: &str) -> bool {
        self.exclude.iter().any(|files| files.matches(path))
    }
}

struct Reader {
    faults: Vec<(usize, String)>,
}

type Value<'a> = Spanned<DeValue<'a>>;

/// The keys of a table that have been read.
struct Members<'t, 'a> {
    table: &'t DeTable<'a>,
    at: usize,
}

impl<'t, 'a> Members<'t, 'a> {
    fn get(&self, key: &str) -> Option<&'t Value<'a>> {
        self.table.get(key)
    }
}

impl Reader {
    fn fault(&mut self, at: usize, message: impl fmt::Display) {
        self.faults.push((at, message.to_string()));
    }

    fn known(&mut self, table: &DeTable<'_>, keys: &[&str], of: &str) {
        for key in table.keys() {
            let name: &str = key.get_ref();
            if keys.contains(&name) {
                continue;
            }
            let near = nearest(name, keys.iter().copied());
            let help = match near.first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("{of} has `{}`", keys.join("`, `")),
            };
            self.fault(key.span().start, format_args!("{} is no key of {of}: {help}", quoted(name)));
        }
    }

    fn config(&mut self, table: &DeTable<'_>) -> Config {
        self.known(
            table,
            &["persona", "min-confidence", "baseline", "catalog", "exclude", "kind", "ignore"],
            "the configuration",
        );
        let mut config = Config::default();
        if let Some(value) = table.get("persona") {
            config.persona = self.word(value, "persona", Persona::from_word, &words(Persona::ALL));
        }
        if let Some(value) = table.get("min-confidence") {
            config.min_confidence =
                self.word(value, "confidence", Confidence::from_word, &words(Confidence::ALL));
        }
        config.baseline = table.get("baseline").and_then(|value| self.text(value));
        if let Some(value) = table.get("catalog") {
            match value.get_ref() {
                DeValue::Array(items) => {
                    config.catalogs = items.iter().filter_map(|item| self.text(item)).collect();
                }
                _ => self.fault(value.span().start, "write an array of files: `[\"company.toml\"]`"),
            }
        }
        if let Some(value) = table.get("exclude") {
            match value.get_ref() {
                DeValue::Array(items) => {
                    config.exclude = items.iter().filter_map(|item| self.files(item)).collect();
                }
                _ => self.fault(value.span().start, "write an array of patterns: `[\"vendor/**\"]`"),
            }
        }
        for entry in self.tables(table, "kind") {
            self.known(entry.table, &["files", "kind"], "an entry of `kind`");
            let files = self.needed(&entry, "files").and_then(|value| self.files(value));
            let kind = self.needed(&entry, "kind");
            let kind = kind.and_then(|value| self.word(value, "kind", Kind::from_word, &words(Kind::ALL)));
            config.kinds.extend(files.zip(kind));
        }
        for entry in self.tables(table, "ignore") {
            config.ignores.extend(self.ignore(&entry));
        }
        config
    }

    fn ignore(&mut self, entry: &Members<'_, '_>) -> Option<Ignore> {
        self.known(
            entry.table,
            &["file", "rule", "policy", "pointer", "reason", "expires"],
            "an entry of `ignore`",
        );
        let files = self.needed(entry, "file").and_then(|value| self.files(value));
        let rule = self.needed(entry, "rule").and_then(|value| self.rule(value));
        let reason = self.needed(entry, "reason").and_then(|value| self.text(value));
        if let (Some(reason), Some(value)) = (&reason, entry.get("reason"))
            && reason.trim().is_empty()
        {
            self.fault(value.span().start, "the reason is empty: say why the finding may stay");
        }
        let policy = entry.get("policy").and_then(|value| self.text(value));
        let pointer = entry.get("pointer").and_then(|value| {
            let pointer = self.text(value)?;
            if pointer.is_empty() || pointer.starts_with('/') {
                return Some(pointer);
            }
            self.fault(value.span().start, "a JSON pointer begins with `/`: `/statement/0/action/1`");
            None
        });
        let expires = entry.get("expires").and_then(|value| self.day(value));
        let span = Span::new(entry.at, entry.at + "[[ignore]]".len());
        Some(Ignore { files: files?, rule: rule?, policy, pointer, reason: reason?, expires, span })
    }

    fn rule(&mut self, value: &Value<'_>) -> Option<&'static Rule> {
        let name = self.text(value)?;
        let Some(rule) = cam_lint::rule(&name) else {
            self.fault(value.span().start, unknown_rule(&name));
            return None;
        };
        if !rule.suppressible {
            self.fault(value.span().start, format_args!("{rule} cannot be suppressed"));
            return None;
        }
        Some(rule)
    }

    fn tables<'t, 'a>(&mut self, table: &'t DeTable<'a>, key: &str) -> Vec<Members<'t, 'a>> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.fault(value.span().start, format_args!("write each entry as `[[{key}]]`"));
            return Vec::new();
        };
        let mut all = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => all.push(Members { table, at: item.span().start }),
                _ => self.fault(item.span().start, format_args!("write each entry as `[[{key}]]`")),
            }
        }
        all
    }

    fn needed<'t, 'a>(&mut self, entry: &Members<'t, 'a>, key: &str) -> Option<&'t Value<'a>> {
        let value = entry.get(key);
        if value.is_none() {
            self.fault(entry.at, format_args!("the entry has no `{key}`"));
        }
        value
    }

    fn text(&mut self, value: &Value<'_>) -> Option<String> {
        if let DeValue::String(text) = value.get_ref() {
            return Some(text.to_string());
        }
        self.fault(value.span().start, "write a string");
        None
    }

    fn files(&mut self, value: &Value<'_>) -> Option<Files> {
        let pattern = self.text(value)?;
        match GlobBuilder::new(&pattern).literal_separator(true).build() {
            Ok(glob) => Some(Files { pattern, matcher: glob.compile_matcher() }),
            Err(error) => {
                let message = format!("{} is no pattern of files: {}", quoted(&pattern), error.kind());
                self.fault(value.span().start, message);
                None
            }
        }
    }

    fn word<T>(
        &mut self,
        value: &Value<'_>,
        what: &str,
        find: impl Fn(&str) -> Option<T>,
        words: &str,
    ) -> Option<T> {
        let text = self.text(value)?;
        let found = find(&text);
        if found.is_none() {
            let message = format!("{} is no {what}: write {words}", quoted(&text));
            self.fault(value.span().start, message);
        }
        found
    }

    fn day(&mut self, value: &Value<'_>) -> Option<Date> {
        let text = match value.get_ref() {
            DeValue::Datetime(day) => day.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        let day = text.parse().ok();
        if day.is_none() {
            self.fault(value.span().start, "write a day: `2027-01-01`");
        }
        day
    }
}

/// What to say about a rule that does not exist.
pub(crate) fn unknown_rule(name: &str) -> String {
    let near = cam_lint::nearest_rules(name);
    let near: Vec<String> = near.iter().map(|rule| format!("`{rule}`")).collect();
    let help = if near.is_empty() {
        "`tencent-cam rule` lists all".into()
    } else {
        format!("near it are {}", near.join(", "))
    };
    format!("there is no rule {}: {help}", quoted(name))
}

fn words<T: fmt::Display>(all: &[T]) -> String {
    let all: Vec<String> = all.iter().map(|one| format!("`{one}`")).collect();
    match &all[..] {
        [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
        _ => all.join(""),
    }
}
