//! Policy sets over the compiled catalog.

use alloc::boxed::Box;
use core::ops::Deref;

use cam_policy::engine::{self, Layer};
use cam_policy::policy::Policy;
use cam_policy::values::Uin;

use crate::services::CATALOG;

/// Policies that CAM evaluates together, with the facts of the compiled [`CATALOG`].
///
/// It dereferences to [`cam_policy::engine::PolicySet`], which decides, explains and compares. That type also takes another
/// catalog.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{PolicyBuilder, PolicySet, Request, Uin, trtc};
///
/// let owner = Uin::new(100000000001)?;
/// let policy = PolicyBuilder::new().allow_everywhere(trtc::Action::GetUserList).build()?;
/// let set = PolicySet::new([policy], owner);
/// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
/// assert!(set.decide(&request).is_allowed());
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct PolicySet(engine::PolicySet<'static>);

impl PolicySet {
    /// Creates a set of the caller's identity policies, for resources of the root account `owner`.
    pub fn new(policies: impl IntoIterator<Item = Policy>, owner: Uin) -> Self {
        Self(engine::PolicySet::new(CATALOG, policies, owner))
    }

    /// Creates a set of the caller's identity policies, each with a name by which explanations call it: "statement 2 of
    /// support.json".
    ///
    /// ```
    /// use tencent_cam::{Policy, PolicySet, Request, Uin};
    ///
    /// let policy: Policy = r#"{"version":"2.0","statement":[{"effect":"deny","action":["*"],"resource":["*"]}]}"#.parse()?;
    /// let set = PolicySet::named([("support.json", policy)], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert!(set.decide(&request).to_string().contains("statement 0 of support.json"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn named<N: Into<Box<str>>>(policies: impl IntoIterator<Item = (N, Policy)>, owner: Uin) -> Self {
        Self(engine::PolicySet::named(CATALOG, policies, owner))
    }

    /// Creates a set of the trust policies of a role, which say who may assume it: see [`cam_policy::engine::PolicySet::trust`].
    pub fn trust(policies: impl IntoIterator<Item = Policy>, owner: Uin) -> Self {
        Self(engine::PolicySet::trust(CATALOG, policies, owner))
    }

    /// Adds the policies of another layer to the set, each with a name.
    pub fn with_named_layer<N: Into<Box<str>>>(
        self,
        layer: Layer,
        policies: impl IntoIterator<Item = (N, Policy)>,
    ) -> Self {
        Self(self.0.with_named_layer(layer, policies))
    }

    /// Adds the policies of another layer to the set.
    pub fn with_layer(self, layer: Layer, policies: impl IntoIterator<Item = Policy>) -> Self {
        Self(self.0.with_layer(layer, policies))
    }
}

impl Deref for PolicySet {
    type Target = engine::PolicySet<'static>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
