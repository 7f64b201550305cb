//! Checks that a policy has what its kind needs, and nothing that its kind forbids.

use super::reader::Reader;
use crate::diagnostic::Code;
use crate::policy::{Policy, PolicyKind};
use crate::text::Span;

impl Reader<'_> {
    /// What each kind of policy needs and forbids.
    pub(super) fn check_kind(&mut self, policy: &Policy, known: Option<PolicyKind>) {
        let top = self.places.principal.is_some();
        self.check_identifiers(known);
        if let (Some(PolicyKind::Identity | PolicyKind::Session), Some(span)) = (known, self.places.principal)
        {
            self.forbidden(span, "principal", known);
        }
        for at in 0..self.places.statements.len().min(policy.statements().len()) {
            let places = &self.places.statements[at];
            let (principal, whole) = (places.principal, places.whole.unwrap_or(Span::new(0, 0)));
            let places_torn = places.torn;
            let resource = self.places.named[places.resources.clone()].first().copied();
            let has_principal = principal.is_some() || top;
            match known {
                Some(PolicyKind::Identity | PolicyKind::Session) => {
                    if let Some(span) = principal {
                        self.forbidden(span, "principal", known);
                    }
                }
                Some(PolicyKind::Trust) => {
                    if let Some(span) = resource {
                        self.forbidden(span, "resource", known);
                    }
                }
                Some(PolicyKind::Bucket) | None => {}
            }
            let span = Span::new(whole.start(), whole.start() + 1);
            if places_torn {
                continue;
            }
            if !has_principal && matches!(known, Some(PolicyKind::Trust | PolicyKind::Bucket)) {
                self.places.statements[at].sound = false;
                self.error(Code::Principal, span, "the statement has no `principal`")
                    .with_help("say for whom it is");
            }
            let free = match known {
                Some(kind) => kind == PolicyKind::Trust,
                None => has_principal,
            };
            if resource.is_none() && !free {
                self.places.statements[at].sound = false;
                self.error(Code::Resource, span, "the statement has no `resource`")
                    .with_help("add `\"resource\": [\"*\"]`, or what it is for");
            }
        }
    }

    /// COS adds `Sid` to the statements of bucket policies and keeps `Id`; no other policy has them.
    fn check_identifiers(&mut self, known: Option<PolicyKind>) {
        let statements = &self.places.statements;
        let principal =
            self.places.principal.is_some() || statements.iter().any(|one| one.principal.is_some());
        let resource = statements.iter().any(|one| !one.resources.is_empty());
        let of_bucket = known.map_or(principal && resource, |kind| kind == PolicyKind::Bucket);
        for (name, span) in core::mem::take(&mut self.identifiers) {
            if of_bucket {
                self.warnings
                    .add(
                        Code::Identifier,
                        span,
                        format_args!(
                            "`{name}` is no element of CAM's grammar; COS keeps it in the policy of a bucket"
                        ),
                    )
                    .with_help("it changes nothing and may be removed");
            } else {
                self.error(
                    Code::Structure,
                    span,
                    format_args!("`{name}` stands only in the policy of a COS bucket, which has principals and resources"),
                )
                .with_help("what CAM makes of other keys is not documented; remove it");
            }
        }
    }

    fn forbidden(&mut self, span: Span, element: &str, kind: Option<PolicyKind>) {
        let code = if element == "principal" { Code::Principal } else { Code::Resource };
        let kind = kind.unwrap_or(PolicyKind::Identity);
        let article = if kind == PolicyKind::Identity { "an" } else { "a" };
        self.error(code, span, format_args!("{article} {kind} has no `{element}`")).with_help("remove it");
    }
}
