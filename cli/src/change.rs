//! Access that is new or lost, and who has it.

use std::collections::BTreeSet;
use std::fmt;

use cam_policy::catalog::Catalog;
use cam_policy::engine::{Caller, Grant, GrantPart, Identity, PolicySet, Scope, StatementId};
use cam_policy::policy::{ActionPattern, Principal, PrincipalKind, Statement};
use cam_policy::values::Uin;
use serde::Serialize;

use crate::grant::{IF_STAR_MATCHES, Shown, Witness};
use crate::names;
use crate::request::CallerArgs;

/// How the sides are compared.
pub(crate) struct Comparison<'a> {
    pub catalog: &'a Catalog<'static>,
    pub owner: Option<Uin>,
    pub caller: &'a CallerArgs,
    /// Whether all policies of a side are those of one user.
    pub together: bool,
}

/// Access that is new or lost.
#[derive(Serialize)]
pub(crate) struct Change {
    /// The path of the file within the sides.
    pub file: String,
    /// The one account that the policies name, which is taken as theirs because none is given.
    pub assumed_owner: Option<Uin>,
    pub who: Vec<Holder>,
    /// Whether this is a deny that only one side has, of actions that no allow of the policies grants: whoever has another
    /// policy that allows them is affected.
    pub if_another_policy_allows: bool,
    /// What the policies are called, if they grant nothing and only limit what others grant.
    pub limit: Option<&'static str>,
    /// Whether this holds only if CAM matches `*` inside a principal.
    pub supposed: bool,
    /// Whether anyone has it, of any account or without signature.
    pub public: bool,
    /// The actions that hand out credentials, as far as the catalog and the public SDK state it.
    pub credentials: Vec<ActionPattern>,
    /// The other actions of services whose facts the catalog does not hold: whether they hand out credentials is not known.
    pub credentials_unknown: Vec<ActionPattern>,
    #[serde(flatten)]
    pub grant: Shown,
}

/// Who has access.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holder {
    /// Everybody, also without signature.
    Anyone,
    /// Every user of every account.
    AnyUser,
    /// Whoever the policy of this name is attached to.
    Attached(String),
    /// A principal.
    Named(String),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anyone => f.write_str("anyone, also without signature"),
            Self::AnyUser => f.write_str("any user of any account"),
            Self::Attached(name) => write!(f, "whoever {name} is attached to"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

impl Serialize for Holder {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a change says if no allow of the policies grants it.
const IF_ALLOWED: &str = "if another policy allows it";

impl Change {
    /// What has to hold beside what the grant says.
    pub(crate) fn provisos(&self) -> Vec<String> {
        let mut all = Vec::new();
        if let Some(limit) = self.limit {
            all.push(format!("{IF_ALLOWED}: a {limit} grants nothing by itself"));
        } else if self.if_another_policy_allows {
            all.push(IF_ALLOWED.into());
        }
        if self.supposed {
            all.push(IF_STAR_MATCHES.into());
        }
        all
    }

    pub(crate) fn new(
        file: &str,
        (set, other): (&PolicySet<'_>, &PolicySet<'_>),
        grant: &Grant,
        public: Option<&Grant>,
        how: &Comparison<'_>,
    ) -> Self {
        let mut shown = Shown::new(set, Some(other), grant);
        let mut credentials: Vec<ActionPattern> = Vec::new();
        for pattern in &grant.actions {
            if names::exposes_credentials(how.catalog, pattern.as_str()) == Some(true) {
                credentials.push(pattern.clone());
            } else if pattern.as_str().contains('*') {
                credentials.extend(exposing(pattern, set, grant));
            }
        }
        // Of a wide allow under which a deny is lifted, what is new is what that deny took.
        if !grant.denied.is_empty() {
            let statements: Vec<&Statement> =
                grant.denied.iter().filter_map(|part| other.statement(part.statement)).collect();
            credentials.retain(|action| {
                statements
                    .iter()
                    .any(|one| one.actions().iter().any(|pattern| pattern.matches(action.as_str())))
            });
        }
        let is_open = |pattern: &&ActionPattern| {
            let service = pattern.service().and_then(|service| how.catalog.service(service));
            service.is_none_or(|service| service.actions().len() == 0) && !credentials.contains(pattern)
        };
        let credentials_unknown = grant.actions.iter().filter(is_open).cloned().collect();
        if let (Some(public), None) = (public, &how.caller.caller) {
            shown.witness = Witness::of(&public.witness, &public.actions, how.catalog);
        }
        let named = |part: &GrantPart| names_principal(other, part.statement);
        let who = match public {
            // A deny that names principals held for them alone; one for everybody says less than the allow.
            None if !grant.denied.is_empty() && grant.denied.iter().all(named) => {
                let is_wide = |part: &GrantPart| is_for_everybody(other, part.statement);
                if grant.denied.iter().any(is_wide) {
                    who(set, &grant.parts, &grant.callers)
                } else {
                    who(other, &grant.denied, &grant.callers)
                }
            }
            None => who(set, &grant.parts, &grant.callers),
            Some(grant) if *grant.witness.caller().identity() == Identity::Anonymous => vec![Holder::Anyone],
            Some(_) => vec![Holder::AnyUser],
        };
        let (file, public) = (file.into(), public.is_some());
        Self {
            file,
            assumed_owner: None,
            who,
            if_another_policy_allows: false,
            limit: None,
            supposed: false,
            public,
            credentials,
            credentials_unknown,
            grant: shown,
        }
    }

    /// What denies take away that the other side does not have. The grant is one of a policy that allows everything.
    pub(crate) fn of_denies(
        file: &str,
        [set, other]: [&PolicySet<'_>; 2],
        grant: &Grant,
        how: &Comparison<'_>,
    ) -> Self {
        let mut change = Self::new(file, (set, other), grant, None, how);
        change.who = who(other, &grant.denied, &grant.callers);
        change.if_another_policy_allows = true;
        change.grant.parts.clear();
        change
    }

    /// Whether it holds for everybody for whom the other one holds. Policies without principals are attached to the same users.
    pub(crate) fn holds_for(&self, other: &Self) -> bool {
        let is_attached = |one: &Holder| matches!(one, Holder::Attached(_));
        let holds =
            |one: &Holder| self.who.contains(one) || is_attached(one) && self.who.iter().any(is_attached);
        self.public || self.who.contains(&Holder::AnyUser) || other.who.iter().all(holds)
    }

    /// Whether it names everybody whom the other one names.
    pub(crate) fn says(&self, other: &Self) -> bool {
        (self.public || !other.public) && other.who.iter().all(|one| self.who.contains(one))
    }

    /// Adds who has the same access if the policies are of another account.
    pub(crate) fn add(&mut self, other: Self) {
        if other.public && !self.public {
            *self = Self { assumed_owner: self.assumed_owner, ..other };
        } else if other.public == self.public {
            let new: Vec<Holder> = other.who.into_iter().filter(|one| !self.who.contains(one)).collect();
            self.who.extend(new);
        }
    }
}

/// The actions that a pattern of a grant matches and that hand out credentials. One that the caller may do in some other
/// way counts, too.
fn exposing(pattern: &ActionPattern, set: &PolicySet<'_>, grant: &Grant) -> Vec<ActionPattern> {
    let actions = names::exposing(pattern).into_iter().filter_map(|name| name.parse::<ActionPattern>().ok());
    let may = |action: &ActionPattern| {
        let found = set.find_allowed(grant.witness.caller(), &Scope::action(action.clone()));
        !matches!(found, Ok(None))
    };
    actions.filter(may).collect()
}

/// Who has the access of a grant: those principals of its statements that name one of its callers, or whoever the policies are
/// attached to.
fn who(set: &PolicySet<'_>, parts: &[GrantPart], callers: &[Caller]) -> Vec<Holder> {
    let mut who = Vec::new();
    for part in parts {
        let id = part.statement;
        let policy = set.policies(id.layer).and_then(|policies| policies.get(id.policy));
        let principal = set.statement(id).and_then(|one| one.principal());
        match principal.or_else(|| policy?.principal()) {
            None => {
                let name = set.policy_name(id.layer, id.policy).unwrap_or("the policy");
                who.push(Holder::Attached(name.into()));
            }
            Some(Principal::All) => who.push(Holder::AnyUser),
            Some(_) => {
                who.extend(set.names_for(id, callers).into_iter().map(|(kind, name)| {
                    Holder::Named(match kind {
                        PrincipalKind::Service => format!("service {name}"),
                        PrincipalKind::Federated => format!("users of {name}"),
                        _ => name.into(),
                    })
                }));
            }
        }
    }
    let mut seen = BTreeSet::new();
    who.retain(|one| seen.insert(one.clone()));
    who
}

/// Whether the statements of a grant say whom they are for. The others are for users of the account.
pub(crate) fn names_principals(set: &PolicySet<'_>, grant: &Grant) -> bool {
    grant.parts.iter().all(|part| names_principal(set, part.statement))
}

/// Whether a statement, or its policy, says whom it is for.
fn names_principal(set: &PolicySet<'_>, id: StatementId) -> bool {
    let policy = set.policies(id.layer).and_then(|policies| policies.get(id.policy));
    let own = set.statement(id).and_then(|one| one.principal());
    own.or_else(|| policy?.principal()).is_some()
}

/// Whether a statement says that it is for everybody.
fn is_for_everybody(set: &PolicySet<'_>, id: StatementId) -> bool {
    let policy = set.policies(id.layer).and_then(|policies| policies.get(id.policy));
    let principal = set.statement(id).and_then(|one| one.principal()).or_else(|| policy?.principal());
    principal == Some(&Principal::All) || !set.names_for(id, &[Caller::anonymous()]).is_empty()
}
