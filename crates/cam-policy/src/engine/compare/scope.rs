//! Which requests are asked about.

use crate::policy::{ActionPattern, ResourcePattern};

/// Which requests are asked about: some actions, on some resources.
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
    /// The requests of one action, or of those that a pattern matches, on any resource.
    ///
    /// ```
    /// # use cam_policy::engine::Scope;
    /// assert!(Scope::action("trtc:RemoveUser".parse()?).resources().is_all());
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn action(actions: ActionPattern) -> Self {
        Self { actions, resources: ResourcePattern::ALL }
    }

    /// The requests of any action on a resource, or on those that a pattern matches. `*` is every request.
    ///
    /// ```
    /// # use cam_policy::engine::Scope;
    /// assert_eq!(Scope::resource("qcs::trtc:::sdkappid/1".parse()?).actions().as_str(), "*");
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn resource(resources: ResourcePattern) -> Self {
        Self { actions: ActionPattern::ALL, resources }
    }

    /// The same actions on these resources alone. An operation-level action that is named without `*` stays: it is asked
    /// on `*` whatever the resource.
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

    /// The actions.
    pub fn actions(&self) -> &ActionPattern {
        &self.actions
    }

    /// The resources.
    pub fn resources(&self) -> &ResourcePattern {
        &self.resources
    }
}
