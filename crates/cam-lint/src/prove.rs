//! Proves what a change of a policy does to access.

use cam_policy::document::{Document, ReadOptions};
use cam_policy::engine::{Grant, PolicySet};
use cam_policy::policy::Policy;
use cam_policy::values::Uin;

use crate::options::LintOptions;
use crate::rule::Kind;

/// What a change of a policy does to access.
///
/// ```
/// use cam_lint::{LintOptions, Proof, prove};
/// use cam_policy::example::CATALOG;
///
/// let options = LintOptions::new(CATALOG);
/// let policy = |actions: &str| {
///     format!(r#"{{"version":"2.0","statement":[{{"effect":"allow","action":[{actions}],"resource":["*"]}}]}}"#)
/// };
/// let wide = policy(r#""trtc:*","trtc:RemoveUser""#);
/// assert_eq!(prove(&options, &wide, &policy(r#""trtc:*""#)), Proof::Same);
/// let Proof::Differs { gives, takes } = prove(&options, &wide, &policy(r#""trtc:RemoveUser""#)) else { panic!() };
/// assert!(gives.is_empty());
/// assert!(takes[0].witness.contains("trtc:"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Both policies allow exactly the same: a search over all requests found no difference.
    Same,
    /// They differ.
    Differs {
        /// What only the new one allows.
        gives: Vec<Access>,
        /// What only the old one allows.
        takes: Vec<Access>,
    },
    /// Nobody can tell, for this reason.
    Unproven(String),
}

impl Proof {
    /// Whether the change is safe: it is proved that access stays the same.
    ///
    /// ```
    /// assert!(cam_lint::Proof::Same.is_safe());
    /// assert!(!cam_lint::Proof::Unproven("the text is not JSON".into()).is_safe());
    /// ```
    pub fn is_safe(&self) -> bool {
        *self == Self::Same
    }
}

/// Access that a change gives or takes.
///
/// See [`Proof`] for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// What the statements allow of which something is given or taken.
    pub what: String,
    /// One request of it.
    pub witness: String,
}

/// Compares what two texts of a policy allow, as policies of the kind of the options, or else of the kind that the
/// old text has.
///
/// See [`Proof`] for an example.
pub fn prove(options: &LintOptions<'_>, before: &str, after: &str) -> Proof {
    let read = |text: &str, what: &str, kind: Option<Kind>| {
        let reading = kind.map_or(ReadOptions::new(), |kind| ReadOptions::new().as_kind(kind.grammar()));
        Document::read(text, reading).map_err(|error| {
            let first = error.diagnostics().first().map_or("it is empty", |diagnostic| diagnostic.message());
            Proof::Unproven(format!("{what} cannot be read: {first}"))
        })
    };
    let old = match read(before, "the policy as it is", options.kind) {
        Ok(document) => document,
        Err(unproven) => return unproven,
    };
    let kind = options.kind.unwrap_or_else(|| old.kind().into());
    let new = match read(after, "the changed policy", Some(kind)) {
        Ok(document) => document,
        Err(unproven) => return unproven,
    };
    compare(options, kind, old.into_policy(), new.into_policy(), &[before, after])
}

/// Compares what two policies allow. A policy that only limits others lets through what it would allow on its own.
pub(crate) fn compare(
    options: &LintOptions<'_>,
    kind: Kind,
    old: Policy,
    new: Policy,
    texts: &[&str],
) -> Proof {
    let Some(owner) = unnamed(100_000_000_001, texts).and_then(|number| Uin::new(number).ok()) else {
        return Proof::Unproven("the policy names too many accounts".into());
    };
    let set = |policy: Policy| match kind {
        Kind::Trust => PolicySet::trust(&options.catalog, [policy], owner),
        _ => PolicySet::new(&options.catalog, [policy], owner),
    };
    match set(old).compare_for_all(&set(new), unnamed(1_200_000_001, texts)) {
        Ok(difference) if difference.is_empty() => Proof::Same,
        Ok(difference) => {
            Proof::Differs { gives: accesses(&difference.gained), takes: accesses(&difference.lost) }
        }
        Err(error) => Proof::Unproven(error.to_string()),
    }
}

fn accesses(grants: &[Grant]) -> Vec<Access> {
    let access = |grant: &Grant| Access { what: grant.to_string(), witness: grant.witness.to_string() };
    grants.iter().map(access).collect()
}

/// Returns a number from `first` on that stands in none of the texts: an account that the policy does not name, so
/// that its own account is none of those.
fn unnamed(first: u64, texts: &[&str]) -> Option<u64> {
    let mut numbers = first..first + 1000;
    numbers.find(|number| {
        let number = number.to_string();
        texts.iter().all(|text| !text.contains(&number))
    })
}
