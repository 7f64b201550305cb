//! Actions that the linter cannot check, because too little is known of them.

use cam_policy::catalog::Granularity;
use cam_policy::policy::{ActionPattern, Policy};

use crate::options::LintOptions;

/// How little is known of an action.
///
/// See [`unverified`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unverified {
    /// Its name, and not which resources a statement can name for it.
    NameOnly,
    /// Not even its name.
    Unknown,
}

/// Returns the actions of a policy that no rule can check. Without a finding about them, nobody knows whether they are right.
///
/// An action known by its name alone counts only where a statement names resources: on `*`, nothing else is to be checked.
///
/// ```
/// use cam_lint::{LintOptions, Unverified, unverified};
/// use cam_policy::example::CATALOG;
/// use cam_policy::policy::Policy;
///
/// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["tke:CreateCluster","trtc:RemoveUser"],
///     "resource":["*"]}]}"#;
/// let policy: Policy = text.parse()?;
/// let options = LintOptions::new(CATALOG);
/// let all: Vec<_> = unverified(&policy, &options).map(|(action, how)| (action.as_str(), how)).collect();
/// assert_eq!(all, [("tke:CreateCluster", Unverified::Unknown)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn unverified<'p>(
    policy: &'p Policy,
    options: &LintOptions<'_>,
) -> impl Iterator<Item = (&'p ActionPattern, Unverified)> {
    policy.statements().iter().flat_map(move |statement| {
        let names_resources = statement.resources().iter().any(|resource| !resource.is_all());
        statement.actions().iter().filter_map(move |action| {
            let how = how_little(action, options)?;
            (how == Unverified::Unknown || names_resources).then_some((action, how))
        })
    })
}

/// `None`: enough is known of an action to check it.
fn how_little(action: &ActionPattern, options: &LintOptions<'_>) -> Option<Unverified> {
    let service = options.catalog.service(action.service()?);
    let is_misspelt = |name: &str| {
        service.is_some_and(|service| service.actions().any(|one| one.name().eq_ignore_ascii_case(name)))
    };
    let mut known = action.actions(&options.catalog).peekable();
    let is_listed = known.peek().is_some();
    if known.any(|one| one.granularity() != Granularity::Undocumented) {
        None
    } else if is_listed || (options.names.matches)(action) {
        Some(Unverified::NameOnly)
    } else if service.is_some_and(|service| service.complete == Some(true)) {
        // A rule reports what is missing in a list that is complete.
        None
    } else if action.operation().is_some_and(is_misspelt) {
        // A rule reports its upper and lower case.
        None
    } else {
        Some(Unverified::Unknown)
    }
}
