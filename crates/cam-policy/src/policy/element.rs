//! The elements of a policy.

/// An element of a policy. Statements, and what they list, are counted from 0.
///
/// ```
/// # use cam_policy::{document::Document, policy::Element};
/// let text = r#"{"version":"2.0","statement":[{"effect":"deny","action":["*"],"resource":["*"]}]}"#;
/// let document = Document::parse(text)?;
/// assert_eq!(document.span(Element::Policy).unwrap().range(), 0..text.len());
/// # Ok::<(), cam_policy::document::DocumentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Element {
    /// The whole policy.
    Policy,
    /// The principal beside the statements.
    Principal,
    /// A statement.
    Statement(usize),
    /// The effect of a statement.
    Effect(usize),
    /// The principal of a statement.
    StatementPrincipal(usize),
    /// An action of a statement.
    Action(usize, usize),
    /// A resource of a statement.
    Resource(usize, usize),
    /// The operator of a condition of a statement.
    Operator(usize, usize),
    /// The key of a condition of a statement.
    Key(usize, usize),
    /// A value of a condition of a statement.
    Value(usize, usize, usize),
}
