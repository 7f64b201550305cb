//! The linter, the evaluator and the catalog for the browser.
//!
//! A page asks with one JSON text and gets another: [`answer`] is the whole interface. Nothing leaves the browser, and
//! nothing is kept between two questions.
//!
//! ```
//! let answer = cam_web::answer(r#"{"ask": "search", "text": "trtc:RemoveUser", "limit": 1}"#);
//! assert!(answer.contains(r#""action":"trtc:RemoveUser""#));
//! ```
//!
//! # Layers
//!
//! A file uses only files above it in this list. The test `layers` checks it.
//!
//! 1. `failure`: why a question has no answer
//! 2. `matrix`: the search in all actions
//! 3. `details`: the facts of one action
//! 4. `policies`: the policies of a text, and the account that they are of
//! 5. `lint`: findings and fixes
//! 6. `decide`: a request, decided and explained
//! 7. `compare`: what two texts allow
//! 8. `rewrite`: a policy in other forms
//! 9. `refusal`: the error messages of CAM
//! 10. `question`: the questions and their answers

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod compare;
mod decide;
mod details;
mod failure;
mod lint;
mod matrix;
mod policies;
mod question;
mod refusal;
mod rewrite;

use wasm_bindgen::prelude::wasm_bindgen;

/// Answers a question.
///
/// A question is a JSON object. Its member `ask` names what is asked for, and the other members say about what: the
/// variants of `Question` in `question.rs` list them. The answer is JSON, too. Where there is none, it is
/// `{"error": …, "help": […]}` in words for people.
///
/// ```
/// assert!(cam_web::answer("{}").starts_with(r#"{"error":"#));
/// ```
#[wasm_bindgen]
#[must_use]
pub fn answer(question: &str) -> String {
    question::answer(question)
}
