//! The requests that a search looks at.

use crate::policy::{ActionPattern, ResourcePattern};

/// The requests that a search looks at: some actions, on some resources.
///
/// ```
/// use cam_policy::engine::Scope;
///
/// let scope = Scope::action("trtc:Remove*".parse()?).on("qcs::trtc:::sdkappid/1400000001".parse()?);
/// assert_eq!(scope.actions().as_str(), "trtc:Remove*");
/// # Ok::<(), cam_policy::policy::PatternError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    actions: ActionPattern,
    resources: ResourcePattern,
}

impl Scope {
    /// Makes the scope of one action, or of the actions that a pattern matches, on any resource.
    ///
    /// ```
    /// # use cam_policy::engine::Scope;
    /// assert!(Scope::action("trtc:RemoveUser".parse()?).resources().is_all());
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn action(actions: ActionPattern) -> Self {
        Self { actions, resources: ResourcePattern::ALL }
    }

    /// Makes the scope of any action on a resource, or on the resources that a pattern matches. `*` is every request.
    ///
    /// ```
    /// # use cam_policy::engine::Scope;
    /// assert_eq!(Scope::resource("qcs::trtc:::sdkappid/1".parse()?).actions().as_str(), "*");
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn resource(resources: ResourcePattern) -> Self {
        Self { actions: ActionPattern::ALL, resources }
    }

    /// Limits the scope to these resources. An operation-level action that the scope names without `*` stays, because its
    /// requests are on `*`, whatever the resource.
    ///
    /// ```
    /// # use cam_policy::engine::Scope;
    /// let scope = Scope::action("trtc:RemoveUser".parse()?).on("qcs::trtc:::sdkappid/1".parse()?);
    /// assert_eq!(scope.resources().as_str(), "qcs::trtc:::sdkappid/1");
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    #[must_use]
    pub fn on(self, resources: ResourcePattern) -> Self {
        Self { resources, ..self }
    }

    /// Returns the actions.
    pub fn actions(&self) -> &ActionPattern {
        &self.actions
    }

    /// Returns the resources.
    pub fn resources(&self) -> &ResourcePattern {
        &self.resources
    }
}
