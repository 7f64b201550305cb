//! Proves what a change of the text of a policy does to access.

use cam_policy::document::{Document, ReadOptions};

use crate::access::{Proof, compare};
use crate::options::LintOptions;
use crate::rule::Kind;

/// Compares what two texts of a policy allow, as policies of the kind of the options, or else of the kind that the
/// old text has.
///
/// Other policies may stand beside an identity, bucket or service control policy. What its denies take from them counts.
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
    compare(options, kind, old.policy(), new.policy())
}
