//! What a statement takes as a pattern.

/// A pattern `P`, or what converts into one: an action or a resource of a catalog.
///
/// It is implemented for everything that is `Into<P>`. It exists for its error message.
///
/// ```
/// use cam_policy::policy::{ActionPattern, IntoPattern};
///
/// fn print(pattern: impl IntoPattern<ActionPattern>) -> String {
///     pattern.into().to_string()
/// }
/// assert_eq!(print(ActionPattern::ALL), "*");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `{P}`",
    label = "neither a pattern nor an item of the catalog",
    note = "read a text with `\"…\".parse::<{P}>()?`",
    note = "`ActionPattern::ALL` and `ResourcePattern::ALL` are `*`"
)]
pub trait IntoPattern<P>: Into<P> {}

#[diagnostic::do_not_recommend]
impl<P, T: Into<P>> IntoPattern<P> for T {}
