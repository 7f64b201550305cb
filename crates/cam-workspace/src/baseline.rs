//! Findings that were there before: a team begins to lint without mending everything first.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The number of the form of the file.
const SCHEMA: u32 = 1;

/// The findings that are known, by their fingerprints.
///
/// ```
/// use cam_workspace::baseline::{Baseline, Known};
///
/// let known = Known { file: "a.json".into(), rule: "CAM101".into(), message: "…".into() };
/// let baseline = Baseline::new([("0f".to_owned(), known)]);
/// assert_eq!(Baseline::parse(&baseline.to_string())?, baseline);
/// assert!(baseline.has("0f"));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    schema: u32,
    findings: BTreeMap<String, Known>,
}

/// A finding that is known. The fingerprint alone counts; this tells people what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The file, relative to the folder of the configuration or else of the repository.
    pub file: String,
    /// The id of the rule.
    pub rule: String,
    /// What the finding said.
    pub message: String,
}

impl Baseline {
    /// Makes a baseline of these findings.
    pub fn new(findings: impl IntoIterator<Item = (String, Known)>) -> Self {
        Self { schema: SCHEMA, findings: findings.into_iter().collect() }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let baseline: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if baseline.schema == SCHEMA {
            return Ok(baseline);
        }
        Err(format!(
            "it has the form {}, and this program reads {SCHEMA}: write it again with `--baseline-write`",
            baseline.schema
        ))
    }

    /// Adds the findings of `older` in files of which `is_replaced` is not true.
    ///
    /// ```
    /// use cam_workspace::baseline::{Baseline, Known};
    ///
    /// let known = |file: &str| Known { file: file.into(), rule: "CAM101".into(), message: "…".into() };
    /// let older = Baseline::new([("0a".to_owned(), known("a.json")), ("0b".to_owned(), known("b.json"))]);
    /// let merged = Baseline::new([]).merged(&older, |file| file == "a.json");
    /// assert!(!merged.has("0a") && merged.has("0b"));
    /// ```
    #[must_use]
    pub fn merged(mut self, older: &Self, is_replaced: impl Fn(&str) -> bool) -> Self {
        for (fingerprint, known) in &older.findings {
            if !is_replaced(&known.file) {
                self.findings.entry(fingerprint.clone()).or_insert_with(|| known.clone());
            }
        }
        self
    }

    /// Whether a finding with this fingerprint is known.
    pub fn has(&self, fingerprint: &str) -> bool {
        self.findings.contains_key(fingerprint)
    }

    /// Returns the findings that are known, each with its fingerprint.
    ///
    /// ```
    /// use cam_workspace::baseline::{Baseline, Known};
    ///
    /// let known = Known { file: "a.json".into(), rule: "CAM101".into(), message: "…".into() };
    /// let baseline = Baseline::new([("0f".to_owned(), known.clone())]);
    /// assert_eq!(baseline.entries().collect::<Vec<_>>(), [("0f", &known)]);
    /// ```
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Known)> {
        self.findings.iter().map(|(fingerprint, known)| (fingerprint.as_str(), known))
    }

    /// Returns how many findings are known.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether no finding is known.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }
}

impl std::fmt::Display for Baseline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = serde_json::to_string_pretty(self).map_err(|_| std::fmt::Error)?;
        writeln!(f, "{text}")
    }
}
