//! What the server knows of Tencent Cloud.

use cam_lint::LintOptions;
use cam_policy::catalog::Catalog;
use cam_policy::policy::ActionPattern;

/// What the server knows: the facts of a catalog, and names of actions of which nothing else is known.
///
/// ```
/// use cam_lsp::Knowledge;
/// use cam_policy::example::CATALOG;
///
/// let knowledge = Knowledge::new(CATALOG).names(
///     |action| action.as_str() == "tke:CreateCluster",
///     |service| if service == "tke" { vec!["CreateCluster"] } else { Vec::new() },
///     || vec!["tke"],
/// );
/// assert!(format!("{knowledge:?}").contains("trtc"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Knowledge {
    pub(crate) catalog: Catalog<'static>,
    pub(crate) matches: fn(&ActionPattern) -> bool,
    pub(crate) of: fn(&str) -> Vec<&'static str>,
    pub(crate) services: fn() -> Vec<&'static str>,
}

impl Knowledge {
    /// Knows this catalog, and no other names.
    ///
    /// See [`Knowledge`] for an example.
    pub const fn new(catalog: Catalog<'static>) -> Self {
        Self { catalog, matches: |_| false, of: |_| Vec::new(), services: Vec::new }
    }

    /// Knows names of actions, too: `matches` says whether a pattern matches one, `of` returns the names of a service, and
    /// `services` the services that have names.
    ///
    /// See [`Knowledge`] for an example.
    #[must_use]
    pub const fn names(
        self,
        matches: fn(&ActionPattern) -> bool,
        of: fn(service: &str) -> Vec<&'static str>,
        services: fn() -> Vec<&'static str>,
    ) -> Self {
        Self { matches, of, services, ..self }
    }

    pub(crate) fn lint_options(&self) -> LintOptions<'static> {
        LintOptions::new(self.catalog).names(self.matches, self.of).services(self.services)
    }

    /// The services of the catalog, and those of which only names are known, sorted.
    pub(crate) fn all_services(&self) -> Vec<&'static str> {
        let mut all: Vec<&str> = self.catalog.services.iter().map(|service| service.id).collect();
        all.extend((self.services)());
        all.sort_unstable();
        all.dedup();
        all
    }
}
