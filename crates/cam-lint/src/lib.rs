//! Lint rules for the policies of Tencent Cloud Access Management (CAM).
//!
//! [`lint`] takes the text of one policy and a catalog, and returns findings with their places in the text. It knows no
//! files and no terminal. [`rules`] returns every rule, with its documentation. [`prove`] tells what a change of a
//! policy gives and takes. `cam_workspace::fix` makes the fixes that are proved to change no access.
//!
//! ```
//! use cam_lint::{LintOptions, lint};
//! use cam_policy::example::CATALOG;
//!
//! let text = r#"{"version":"2.0","statement":[{"effect":"deny","action":["trtc:GetUserList"],
//!     "resource":["qcs::trtc:::sdkappid/1400000001"]}]}"#;
//! let report = lint(text, &LintOptions::new(CATALOG));
//! let finding = &report.findings[0];
//! assert_eq!(finding.rule.to_string(), "CAM102 operation-level-deny");
//! assert!(finding.message.contains("operation-level"));
//! ```
//!
//! # Layers
//!
//! A file uses only files above it in this list:
//!
//! 1. `rule`: what a rule is
//! 2. `finding`: what the linter finds
//! 3. `page`: the documentation that rules rest on
//! 4. `edits`: changes of lists and objects in a text
//! 5. `options`: how the linter is asked
//! 6. `unverified`: the actions that no rule can check
//! 7. `places`: in which accounts, and for which callers, a proof searches
//! 8. `access`: questions to the engine
//! 9. `context`: what the check of a rule sees
//! 10. `rules`: the rules, one file a family, and the registry
//! 11. `repair`: fixes for diagnostics of the core
//! 12. `diagnostics`: which rule reports a diagnostic of the core
//! 13. `suppose`: other values in the place of what cannot be read
//! 14. `check`: reads a policy and runs the rules
//! 15. `prove`: what a change of the text does to access

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod access;
mod check;
mod context;
mod diagnostics;
mod edits;
mod finding;
mod options;
mod page;
mod places;
mod prove;
mod repair;
mod rule;
mod rules;
mod suppose;
mod unverified;

pub use access::{Access, Proof, others_allow};
pub use check::lint;
pub use finding::{Edit, Finding, Fix, Report};
pub use options::{FixMode, LintOptions};
pub use prove::prove;
pub use rule::{Basis, Confidence, Family, FixSafety, Kind, Persona, Rule, Severity, Text};
pub use rules::{SEEN_SERVICES, nearest_rules, rule, rules};
pub use unverified::{Unverified, unverified};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
