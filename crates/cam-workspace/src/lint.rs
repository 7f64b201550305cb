//! Findings in files.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher as _;

use cam_lint::{Finding, Kind, LintOptions, Persona, Proof, Rule, Unverified, prove, unverified};
use cam_policy::document::{Document, Element};
use cam_policy::text::Span;
use fnv::FnvHasher;
use jiff::civil::Date;
use serde::Serialize;

use crate::baseline::{Baseline, Known};
use crate::comments::{self, Comment};
use crate::config::{Config, FILE_NAME};
use crate::map::Edit;
use crate::pointer::{Pointers, covers};
use crate::source::{Embedded, Source, Unchecked, Unreadable};
use crate::tidy;

/// How files are linted.
///
/// See [`lint_file`] for an example.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// How policies are linted. What the configuration says is already in it.
    pub options: LintOptions<'a>,
    /// The kind of all policies, whatever the configuration and the files say.
    pub kind: Option<Kind>,
    /// The configuration of the file.
    pub config: &'a Config,
    /// The findings that are known.
    pub baseline: Option<&'a Baseline>,
    /// The day, for suppressions that expire.
    pub today: Date,
}

/// What was found in one file.
///
/// See [`lint_file`] for an example.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FileReport {
    /// The file, as the caller names it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its policies.
    pub policies: Vec<Policy>,
    /// The findings, by place and then by rule, without those that are suppressed or known.
    pub findings: Vec<Found>,
    /// How many findings comments and the configuration suppress.
    pub suppressed: usize,
    /// How many findings the baseline has.
    pub known: usize,
    /// How many more findings other personas would see.
    pub more: More,
    /// The actions that no rule can check, because too little is known of them.
    pub unverified: BTreeMap<String, Unverified>,
    /// What may be a policy and was not checked.
    pub unchecked: Vec<Unchecked>,
    /// The entries of [`Config::ignores`] that suppressed something.
    pub used: BTreeSet<usize>,
    /// All findings that a baseline may have, with their fingerprints.
    pub for_baseline: Vec<(String, Known)>,
}

/// How many more findings a file has for other personas than for the one that asks.
///
/// ```
/// use cam_lint::LintOptions;
/// use cam_policy::example::CATALOG;
/// use cam_workspace::config::Config;
/// use cam_workspace::lint::{Settings, lint_file};
///
/// let config = Config::default();
/// let settings = Settings {
///     options: LintOptions::new(CATALOG),
///     kind: None,
///     config: &config,
///     baseline: None,
///     today: "2026-11-27".parse()?,
/// };
/// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:*"],"resource":["*"]}]}"#;
/// let report = lint_file("a.json", "a.json", text, &settings);
/// assert!(report.findings.is_empty() && report.more.pedantic > 0);
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct More {
    /// So many for [`Persona::Pedantic`].
    pub pedantic: usize,
    /// So many for [`Persona::Auditor`], who sees those of the pedantic persona, too.
    pub auditor: usize,
}

impl More {
    fn count(&mut self, rule: &Rule) {
        self.pedantic += usize::from(rule.persona <= Persona::Pedantic);
        self.auditor += 1;
    }
}

/// A policy of a file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Policy {
    /// What it is and where it stands.
    pub source: Embedded,
    /// The kind that it was linted as.
    pub kind: Kind,
}

/// A finding in a file.
///
/// See [`lint_file`] for an example.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Found {
    /// The rule.
    pub rule: &'static Rule,
    /// The number of the policy in [`FileReport::policies`]; `None` if it is about the file.
    pub policy: Option<usize>,
    /// The bytes of the file.
    pub span: Span,
    /// The JSON pointer into the policy, or into the file if the file is JSON.
    pub pointer: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Other places of the file that have to do with it.
    pub related: Vec<(Span, String)>,
    /// A change of the file that resolves it.
    pub fix: Option<Fix>,
    /// A text that stays the same when other parts of the file change.
    pub fingerprint: String,
    /// Whether the policy cannot be read because of it.
    unreadable: bool,
}

impl Found {
    /// Whether it is reported in any case: neither a suppression nor a baseline makes a policy clean that cannot be
    /// read.
    ///
    /// ```
    /// use cam_lint::LintOptions;
    /// use cam_policy::example::CATALOG;
    /// use cam_workspace::config::Config;
    /// use cam_workspace::lint::{Settings, lint_file};
    ///
    /// let config = Config::default();
    /// let settings = Settings {
    ///     options: LintOptions::new(CATALOG),
    ///     kind: None,
    ///     config: &config,
    ///     baseline: None,
    ///     today: "2026-11-27".parse()?,
    /// };
    /// let text = r#"{"version":"2.0","statement":[{"effect":"permit","action":["*"],"resource":["*"]}]}"#;
    /// assert!(lint_file("a.json", "a.json", text, &settings).findings[0].is_firm());
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn is_firm(&self) -> bool {
        self.unreadable || !self.rule.suppressible
    }
}

/// A change of a file that resolves a finding.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fix {
    /// What it does, as a command.
    pub title: String,
    /// The edits of the file.
    pub edits: Vec<Edit>,
    /// The text of the policy as it becomes.
    pub(crate) after: String,
}

impl FileReport {
    fn new(name: &str, text: &str) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            policies: Vec::new(),
            findings: Vec::new(),
            suppressed: 0,
            known: 0,
            more: More::default(),
            unverified: BTreeMap::new(),
            unchecked: Vec::new(),
            used: BTreeSet::new(),
            for_baseline: Vec::new(),
        }
    }

    /// Tells what the fix of a finding does to access, as far as that can be proved.
    pub fn proof(&self, found: &Found, fix: &Fix, settings: &Settings<'_>) -> Proof {
        let Some(policy) = found.policy.and_then(|at| self.policies.get(at)) else {
            return Proof::Unproven("the fix is not about a policy".into());
        };
        prove_policy(policy, &fix.after, settings)
    }
}

pub(crate) fn prove_policy(policy: &Policy, after: &str, settings: &Settings<'_>) -> Proof {
    if !policy.source.unknown.is_empty() {
        return Proof::Unproven("the policy has parts that only Terraform knows".into());
    }
    prove(&settings.options.kind(policy.kind), &policy.source.text, after)
}

/// Lints the policies of a file.
///
/// `name` is how the caller names the file; it also tells the format. `path` is the file relative to the folder of the
/// configuration, with `/`: globs and fingerprints use it.
///
/// ```
/// use cam_lint::LintOptions;
/// use cam_policy::example::CATALOG;
/// use cam_workspace::config::Config;
/// use cam_workspace::lint::{Settings, lint_file};
///
/// let text = r#"
/// resource "tencentcloud_cam_policy" "rooms" {
///   name     = "rooms"
///   document = <<EOF
/// {"version": "2.0", "statement": [{"effect": "deny", "action": ["trtc:GetUserList"],
///   "resource": ["qcs::trtc:::sdkappid/1400000001"]}]}
/// EOF
/// }
/// "#;
/// let config = Config::default();
/// let settings = Settings {
///     options: LintOptions::new(CATALOG),
///     kind: None,
///     config: &config,
///     baseline: None,
///     today: "2026-11-27".parse()?,
/// };
/// let report = lint_file("main.tf", "main.tf", text, &settings);
/// let found = &report.findings[0];
/// assert_eq!(found.rule.id, "CAM102");
/// assert_eq!(&text[found.span.range()], "trtc:GetUserList");
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn lint_file(name: &str, path: &str, text: &str, settings: &Settings<'_>) -> FileReport {
    let source = Source::read(name, text);
    let comments = comments::read(text, &source);
    let lines = Lines::new(text, comments.is_empty());
    let mut report = FileReport { unchecked: source.unchecked, ..FileReport::new(name, text) };
    if let Some(Unreadable { span, message }) = source.unreadable {
        report.findings.extend(bookkeeping("CAM903", span, message));
    }
    let mut used_comments = vec![false; comments.len()];
    for embedded in source.policies {
        let asked = settings.kind.or_else(|| settings.config.kind_of(path)).or(embedded.kind);
        let options = asked.map_or(settings.options, |kind| settings.options.kind(kind));
        // What other personas would see is counted.
        let options = options.persona(Persona::Auditor);
        let linted = cam_lint::lint(&embedded.text, &options);
        if let Some(document) = &linted.document {
            let all = unverified(document.policy(), &options);
            report.unverified.extend(all.map(|(action, how)| (action.as_str().to_owned(), how)));
        }
        let policy = Policy { source: embedded, kind: linted.kind };
        let findings = certain(linted.findings, &policy, &options);
        if !policy.source.unknown.is_empty() {
            report.unchecked.extend(policy.source.unknown.iter().map(|unknown| Unchecked {
                span: unknown.span,
                reason: format!("`{}` is a value that only Terraform knows", unknown.expression),
            }));
        }
        let number = report.policies.len();
        let pointers = (!findings.is_empty()).then(|| Pointers::new(&policy.source.text));
        let statements = if comments.is_empty() {
            Vec::new()
        } else {
            statements(linted.document.as_ref(), &policy.source, &lines)
        };
        for finding in findings {
            let inner = pointers.as_ref().and_then(|pointers| pointers.of(finding.span));
            let found = in_file(finding, number, &policy, inner, text);
            let places = Places { lines: &lines, policy: &policy.source, statements: &statements };
            let mut suppressed = false;
            let firm = found.is_firm();
            for (comment, used) in comments.iter().zip(&mut used_comments) {
                if counts(comment, &found, settings.today) && places.covers(comment.line, &found) {
                    (suppressed, *used) = (true, true);
                }
            }
            for (at, ignore) in settings.config.ignores.iter().enumerate() {
                let here = ignore
                    .pointer
                    .as_ref()
                    .is_none_or(|outer| found.pointer.as_ref().is_some_and(|pointer| covers(outer, pointer)));
                let lasts = ignore.expires.is_none_or(|day| settings.today < day);
                let of_policy = ignore.policy.as_ref().is_none_or(|label| *label == policy.source.label);
                if here && of_policy && lasts && *ignore.rule == *found.rule && ignore.files.matches(path) {
                    suppressed = true;
                    report.used.insert(at);
                }
            }
            if suppressed && !firm {
                report.suppressed += usize::from(settings.options.wants(found.rule));
            } else {
                report.findings.push(found);
            }
        }
        report.policies.push(policy);
    }
    for (comment, used) in comments.into_iter().zip(used_comments) {
        report.findings.extend(of_comment(&comment, used, settings));
    }
    report.findings.sort_by(|one, other| {
        (one.span, one.rule.id, &one.message).cmp(&(other.span, other.rule.id, &other.message))
    });
    fingerprints(&mut report, path, &settings.options);
    let FileReport { findings, known, more, .. } = &mut report;
    findings.retain(|found| {
        let is_new = found.is_firm() || !settings.baseline.is_some_and(|one| one.has(&found.fingerprint));
        let is_wanted = settings.options.wants(found.rule);
        match (is_new, is_wanted) {
            (true, false) => more.count(found.rule),
            (false, true) => *known += 1,
            _ => {}
        }
        is_new && is_wanted
    });
    report
}

/// Which files of a configuration were linted.
///
/// See [`lint_config`] for an example.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// The entries of [`Config::ignores`] that suppressed something: what the reports of the files [say](FileReport::used).
    pub used: BTreeSet<usize>,
    /// The files, relative to the folder of the configuration.
    pub linted: BTreeSet<String>,
    /// Whether these are all files of that folder.
    pub all: bool,
}

/// Lints a configuration: it reports the suppressions that expired, and those that suppressed nothing although the files
/// that they are for were linted.
///
/// ```
/// use cam_lint::LintOptions;
/// use cam_policy::example::CATALOG;
/// use cam_workspace::config::Config;
/// use cam_workspace::lint::{Coverage, Settings, lint_config};
///
/// let text = "[[ignore]]\nfile = \"a.json\"\nrule = \"CAM101\"\nreason = \"old\"\n";
/// let config = Config::parse(text)?;
/// let settings = Settings {
///     options: LintOptions::new(CATALOG),
///     kind: None,
///     config: &config,
///     baseline: None,
///     today: "2026-11-27".parse()?,
/// };
/// let coverage = Coverage { linted: ["a.json".to_owned()].into(), ..Coverage::default() };
/// let report = lint_config("tencent-cam.toml", text, &settings, &coverage);
/// assert_eq!(report.findings[0].rule.id, "CAM901");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn lint_config(name: &str, text: &str, settings: &Settings<'_>, coverage: &Coverage) -> FileReport {
    let (config, today) = (settings.config, settings.today);
    let mut report = FileReport::new(name, text);
    for (at, ignore) in config.ignores.iter().enumerate() {
        let one = ignore.files.is_one() && coverage.linted.contains(&ignore.files.pattern);
        // Nobody looked for the findings of a rule that this run does not have.
        let decided = (coverage.all || one) && settings.options.wants(ignore.rule);
        if coverage.used.contains(&at) || !decided {
            continue;
        }
        let (rule, files) = (ignore.rule, &ignore.files.pattern);
        let (id, message) = match ignore.expires {
            Some(day) if day <= today => {
                ("CAM902", format!("the suppression of {rule} in `{files}` expired on {day}"))
            }
            _ => ("CAM901", format!("no finding of {rule} in `{files}` needs this suppression")),
        };
        report.findings.extend(bookkeeping(id, ignore.span, message));
    }
    fingerprints(&mut report, FILE_NAME, &settings.options);
    report
}

/// Keeps the findings that do not depend on what only Terraform knows.
fn certain(findings: Vec<Finding>, policy: &Policy, options: &LintOptions<'_>) -> Vec<Finding> {
    let Some((text, map)) = &policy.source.alternative else { return findings };
    let other = cam_lint::lint(text, options).findings;
    let others: BTreeSet<(&str, Span)> =
        other.iter().map(|finding| (finding.rule.id, map.origin(finding.span))).collect();
    let mut kept = findings;
    kept.retain(|finding| {
        let span = policy.source.map.origin(finding.span);
        let inside = policy
            .source
            .unknown
            .iter()
            .any(|unknown| unknown.value.start() <= span.start() && span.end() <= unknown.value.end());
        !inside && others.contains(&(finding.rule.id, span))
    });
    kept
}

/// Moves a finding to the file.
fn in_file(finding: Finding, number: usize, policy: &Policy, inner: Option<String>, file: &str) -> Found {
    let source = &policy.source;
    let fix = finding.fix.as_ref().filter(|fix| source.editable && !fix.edits.is_empty()).and_then(|fix| {
        let edits = tidy::edits(source, file, &fix.edits)?;
        let touches = |edit: &Edit| {
            source.unknown.iter().any(|unknown| {
                edit.span.start() < unknown.value.end() && unknown.value.start() < edit.span.end()
            })
        };
        (!edits.iter().any(touches)).then(|| Fix {
            title: fix.title.clone(),
            edits,
            after: fix.apply(&source.text),
        })
    });
    Found {
        rule: finding.rule,
        policy: Some(number),
        span: source.map.origin(finding.span),
        pointer: inner.map(|inner| format!("{}{inner}", source.pointer)),
        message: finding.message,
        help: finding.help,
        related: finding.related.into_iter().map(|(span, what)| (source.map.origin(span), what)).collect(),
        fix,
        fingerprint: String::new(),
        unreadable: finding.unreadable,
    }
}

/// A finding about a file; every rule that is named here exists.
fn bookkeeping(id: &str, span: Span, message: String) -> Option<Found> {
    Some(Found {
        rule: cam_lint::rule(id)?,
        policy: None,
        span,
        pointer: None,
        message,
        help: None,
        related: Vec::new(),
        fix: None,
        fingerprint: String::new(),
        unreadable: false,
    })
}

fn counts(comment: &Comment, found: &Found, today: Date) -> bool {
    comment.fault.is_none()
        && comment.expires.is_none_or(|day| today < day)
        && comment.rules.iter().any(|rule| **rule == *found.rule)
}

fn of_comment(comment: &Comment, used: bool, settings: &Settings<'_>) -> Option<Found> {
    // Nobody looked for the findings of a rule that this run does not have.
    let unused = !used && comment.rules.iter().all(|rule| settings.options.wants(rule));
    let rules: Vec<String> = comment.rules.iter().map(|rule| rule.to_string()).collect();
    let rules = rules.join(", ");
    match (&comment.fault, comment.expires) {
        (Some(fault), _) => bookkeeping("CAM901", comment.span, format!("this suppresses nothing: {fault}")),
        (None, Some(day)) if day <= settings.today => {
            bookkeeping("CAM902", comment.span, format!("the suppression of {rules} expired on {day}"))
        }
        (None, _) if unused => {
            bookkeeping("CAM901", comment.span, format!("no finding of {rules} needs this suppression"))
        }
        (None, _) => None,
    }
}

/// Where lines begin.
struct Lines(Vec<usize>);

impl Lines {
    /// `unused`: nobody will ask.
    fn new(text: &str, unused: bool) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1).filter(|_| !unused);
        Self(std::iter::once(0).chain(ends).collect())
    }

    fn of(&self, byte: usize) -> usize {
        self.0.partition_point(|start| *start <= byte) - 1
    }
}

/// The places that a comment covers as a whole.
struct Places<'a> {
    lines: &'a Lines,
    policy: &'a Embedded,
    /// The line of each statement, and its bytes.
    statements: &'a [(usize, Span)],
}

impl Places<'_> {
    /// Whether a comment for a line is for a finding: it begins in this line, or it is in a statement or a policy that
    /// begins there.
    fn covers(&self, line: usize, found: &Found) -> bool {
        let text = self.policy.map.origin(Span::new(0, self.policy.text.len()));
        let heads = self.lines.of(self.policy.whole.start())..=self.lines.of(text.start());
        let in_statement = |(begins, span): &(usize, Span)| {
            *begins == line && span.start() <= found.span.start() && found.span.end() <= span.end()
        };
        self.lines.of(found.span.start()) == line
            || heads.contains(&line)
            || self.statements.iter().any(in_statement)
    }
}

fn statements(document: Option<&Document>, policy: &Embedded, lines: &Lines) -> Vec<(usize, Span)> {
    let Some(document) = document else { return Vec::new() };
    let spans = (0..).map_while(|at| document.span(Element::Statement(at)));
    spans
        .map(|span| {
            let span = policy.map.origin(span);
            (lines.of(span.start()), span)
        })
        .collect()
}

/// Gives each finding a text that other changes of the file leave as it is.
fn fingerprints(report: &mut FileReport, path: &str, options: &LintOptions<'_>) {
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    for found in &mut report.findings {
        let label = found.policy.map_or("", |at| report.policies[at].source.label.as_str());
        let mut hasher = FnvHasher::default();
        // The label of a block of Markdown is its line, which moves.
        let label = if label.starts_with("block at line") { "" } else { label };
        for part in [found.rule.id, path, label] {
            hasher.write(part.as_bytes());
            hasher.write_u8(0);
        }
        let bytes = report.text.get(found.span.range()).unwrap_or_default().bytes();
        for byte in bytes.filter(|byte| !byte.is_ascii_whitespace()) {
            hasher.write_u8(byte);
        }
        let hash = hasher.finish();
        let count = seen.entry(hash).or_default();
        *count += 1;
        found.fingerprint = format!("{hash:016x}:{count}");
        if !found.is_firm() && options.wants(found.rule) {
            let known =
                Known { file: path.into(), rule: found.rule.id.into(), message: found.message.clone() };
            report.for_baseline.push((found.fingerprint.clone(), known));
        }
    }
}
