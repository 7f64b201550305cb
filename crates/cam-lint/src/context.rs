//! What a check of a rule sees, and how it reports.

use cam_policy::catalog::Catalog;
use cam_policy::diagnostic::Element;
use cam_policy::document::Document;
use cam_policy::policy::{Policy, Statement};
use cam_policy::text::{Span, json_contents, split_segments};

use crate::access::{Proof, compare};
use crate::finding::{Edit, Finding, Fix};
use crate::options::{LintOptions, Names};
use crate::rule::{Kind, Rule};

/// How much of a policy could be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    Whole,
    /// Some of its statements. Nobody knows what the others say.
    Part,
}

/// A resource of a statement that is more than `*`.
#[derive(Clone, Copy)]
pub(crate) struct Resource<'a> {
    pub(crate) statement: &'a Statement,
    pub(crate) element: Element,
    pub(crate) text: &'a str,
    /// See [`split_segments`].
    pub(crate) segments: [&'a str; 6],
}

impl<'a> Resource<'a> {
    /// Returns the resources of a policy that have six segments.
    pub(crate) fn all(policy: &'a Policy) -> Vec<Self> {
        let mut all = Vec::with_capacity(policy.statements().len());
        for (at, statement) in policy.statements().iter().enumerate() {
            for (of, resource) in statement.resources().iter().enumerate() {
                let text = resource.as_str();
                let element = Element::Resource(at, of);
                all.extend(split_segments(text).map(|segments| Self { statement, element, text, segments }));
            }
        }
        all
    }
}

/// A policy that was read, and what was found in it.
pub(crate) struct Context<'a> {
    options: &'a LintOptions<'a>,
    pub(crate) text: &'a str,
    document: &'a Document,
    /// What several rules look at: split once for all of them.
    pub(crate) resources: &'a [Resource<'a>],
    pub(crate) kind: Kind,
    extent: Extent,
    pub(crate) found: Vec<Finding>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        text: &'a str,
        document: &'a Document,
        resources: &'a [Resource<'a>],
        options: &'a LintOptions<'a>,
        kind: Kind,
        extent: Extent,
        found: Vec<Finding>,
    ) -> Self {
        Self { options, text, document, resources, kind, extent, found }
    }

    pub(crate) fn catalog(&self) -> &'a Catalog<'a> {
        &self.options.catalog
    }

    pub(crate) fn names(&self) -> Names {
        self.options.names
    }

    pub(crate) fn policy(&self) -> &'a Policy {
        self.document.policy()
    }

    pub(crate) fn statements(&self) -> impl Iterator<Item = (usize, &'a Statement)> + use<'a> {
        self.document.policy().statements().iter().enumerate()
    }

    pub(crate) fn wants(&self, rule: &Rule) -> bool {
        self.options.wants(rule)
    }

    /// Whether every statement of the policy could be read.
    pub(crate) fn is_whole(&self) -> bool {
        self.extent == Extent::Whole
    }

    /// Whether the kind of the policy was given, not inferred.
    pub(crate) fn knows_kind(&self) -> bool {
        self.options.kind.is_some()
    }

    /// Compares what two versions of the policy allow.
    pub(crate) fn compare(&self, old: &Policy, new: &Policy) -> Proof {
        compare(self.options, self.kind, old, new)
    }

    /// Returns where an element stands, without its quotation marks; the whole policy if the text has no place for it.
    pub(crate) fn span(&self, element: Element) -> Span {
        let span = self.document.span(element).or_else(|| self.document.span(Element::Policy));
        span.unwrap_or(Span::new(0, 0))
    }

    /// Adds a finding, if anybody wants to see it. `message` is called only then.
    pub(crate) fn report(
        &mut self,
        rule: &'static Rule,
        element: Element,
        message: impl FnOnce() -> String,
    ) -> Option<&mut Finding> {
        if !self.wants(rule) {
            return None;
        }
        let span = self.span(element);
        self.found.push(Finding::new(rule, span, Some(element), message()));
        self.found.last_mut()
    }
}

impl Finding {
    pub(crate) fn new(rule: &'static Rule, span: Span, element: Option<Element>, message: String) -> Self {
        Self { rule, span, element, message, help: None, related: Vec::new(), fix: None, unreadable: false }
    }

    pub(crate) fn with_help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn with_related(&mut self, span: Span, what: impl Into<String>) -> &mut Self {
        self.related.push((span, what.into()));
        self
    }

    /// Offers to write `replacement` in place of the string at `span`, which is without its quotation marks.
    pub(crate) fn with_string(&mut self, span: Span, replacement: &str) -> &mut Self {
        let title = format!("write `{replacement}`");
        self.with_edits(title, [Edit { span, replacement: json_contents(replacement) }])
    }

    pub(crate) fn with_edits(
        &mut self,
        title: impl Into<String>,
        edits: impl IntoIterator<Item = Edit>,
    ) -> &mut Self {
        self.fix = Some(Fix { title: title.into(), edits: edits.into_iter().collect() });
        self
    }
}
