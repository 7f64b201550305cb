//! The access diff: what a change of policies newly allows, and what it takes, file by file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use cam_lint::Kind;
use cam_policy::catalog::Catalog;
use cam_policy::engine::{
    AccessError, Caller, Difference, Grant, GrantPart, Identity, Layer, Level, PolicySet, Scope, StatementId,
};
use cam_policy::policy::{
    ActionPattern, Effect, Policy, Principal, PrincipalKind, ResourcePattern, Statement,
};
use cam_policy::values::Uin;
use cam_workspace::configured::{Configured, Place};
use cam_workspace::source::Format;
use serde::Serialize;

use crate::exit::Failure;
use crate::grant::{IF_STAR_MATCHES, Shown, Witness};
use crate::input::{self, OfText, Source};
use crate::inputs::{Inputs, folder_of, is_terraform};
use crate::names;
use crate::print;
use crate::request::CallerArgs;
use crate::revision::{File, Side};
use crate::set::{self, Account, Policies};
use crate::texts::{How, Texts};

/// How the sides are compared.
pub(crate) struct Comparison<'a> {
    pub catalog: &'a Catalog<'static>,
    pub owner: Option<Uin>,
    pub caller: &'a CallerArgs,
    /// Whether all policies of a side are those of one user.
    pub together: bool,
}

/// What differs between two sides.
#[derive(Default)]
pub(crate) struct AccessDiff {
    /// The files in which something differs or has to be told, by their path within the sides. The path is empty if the sides
    /// are single files or are compared whole.
    pub files: BTreeMap<String, FileDiff>,
    /// Files that are gone, while a new file has the same policies.
    pub renamed: Vec<Renamed>,
    /// What could not be compared.
    pub not_compared: Vec<NotCompared>,
}

/// What differs in a file.
#[derive(Default)]
pub(crate) struct FileDiff {
    pub presence: Presence,
    pub new: Vec<Change>,
    pub lost: Vec<Change>,
    /// What a reader has to know of the comparison.
    pub notes: Vec<String>,
}

/// On which sides a file stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Presence {
    #[default]
    Both,
    After,
    Before,
}

impl Presence {
    fn of(before: Option<&File>, after: Option<&File>) -> Self {
        match (before, after) {
            (None, Some(_)) => Self::After,
            (Some(_), None) => Self::Before,
            _ => Self::Both,
        }
    }
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

/// A new file with the policies of one that is gone.
#[derive(Serialize)]
pub(crate) struct Renamed {
    pub from: String,
    pub to: String,
}

/// Policies that could not be compared.
#[derive(Serialize)]
pub(crate) struct NotCompared {
    pub file: String,
    pub why: String,
    #[serde(skip)]
    pub help: Option<&'static str>,
}

/// The policies that are compared with each other.
#[derive(Default)]
struct Pair {
    before: Vec<Source>,
    after: Vec<Source>,
    /// The file that the reader of the answer looks into.
    file: String,
    /// The folder of Terraform of a policy with values that only Terraform knows, and whether they are guessed.
    open: Option<(String, bool)>,
}

/// What helps where only Terraform knows a value.
const PLANS: &str = "compare the plans, which have the values: `terraform show -json PLAN`";

/// What a change says if no allow of the policies grants it.
const IF_ALLOWED: &str = "if another policy allows it";

/// The name of the policy that stands for what other policies allow.
const ANOTHER: &str = "another policy";

/// How the policies of a pair belong together: the file or the folder, what the file calls them, and their layer.
type Key = (String, String, Layer);

impl AccessDiff {
    /// Compares two sides.
    pub(crate) fn of(before: &Side, after: &Side, how: &Comparison<'_>) -> Result<Self, Failure> {
        let mut diff = Self::default();
        let mut read = ReadSides::default();
        let mut texts = Texts::default();
        if !after.is_one_file && !after.files.is_empty() {
            let excluded: Result<Vec<bool>, Failure> =
                after.files.values().map(|file| texts.excludes(&file.at)).collect();
            if excluded?.into_iter().all(|is_excluded| is_excluded) {
                return Err(Failure::new("tencent-cam.toml excludes every file that may hold a policy"));
            }
        }
        let inputs = Inputs::of(before, after);
        // What only Terraform knows as a whole, by file.
        let mut open: [Vec<(&str, String)>; 2] = [Vec::new(), Vec::new()];
        for why in before.unreadable.iter().chain(&after.unreadable) {
            diff.not_compared.push(NotCompared { file: String::new(), why: why.clone(), help: None });
        }
        diff.not_compared.extend(hidden_by_links(before, after));
        for (path, before_file, after_file) in both(before, after) {
            let is_untouched = before_file.zip(after_file).is_some_and(|(one, other)| one.is_same_as(other));
            if is_untouched && after_file.is_some_and(File::is_none) {
                continue;
            }
            let is_same = is_untouched && !how.together && !after.is_one_file;
            // What a file of Terraform says can change in another one.
            let may_change = is_terraform(path) && inputs.of_folder(folder_of(path), true).is_some();
            if is_same && !may_change {
                continue;
            }
            let mut policies = |side: &Side, file| policies(&mut texts, file, side.is_one_file, before);
            let read_before = before_file.map(|file| policies(before, file)).transpose()?;
            let read_after = after_file.map(|file| policies(after, file)).transpose()?;
            if let Some(broken) = broken(path, after_file, read_before.as_ref(), read_after.as_ref()) {
                diff.not_compared.push(broken);
                continue;
            }
            if let Some(OfText { policies: sources, errors, open: unknown }) = read_after {
                open[1].extend(unknown.into_iter().map(|why| (path, why)));
                match errors {
                    // The change does not touch it.
                    Some(_) if is_same => {}
                    Some(errors) if after.is_one_file || how.together => return Err(Failure::new(errors)),
                    Some(why) => {
                        diff.not_compared.push(NotCompared { file: path.into(), why, help: None });
                        continue;
                    }
                    None => read.add(path, sources, true),
                }
            }
            if let Some(OfText { policies: sources, errors, open: unknown }) = read_before {
                open[0].extend(unknown.into_iter().map(|why| (path, why)));
                match errors {
                    Some(_) if is_same => {}
                    Some(errors) if before.is_one_file || how.together => return Err(Failure::new(errors)),
                    // What CAM cannot read grants nothing.
                    Some(errors) => diff.file(path).notes.push(format!(
                        "the version before cannot be read, so what it grants counts as nothing: {errors}"
                    )),
                    None => {}
                }
                read.add(path, sources, false);
            }
        }
        let is_empty = read.count == (0, 0)
            && open.iter().all(Vec::is_empty)
            && diff.not_compared.is_empty()
            && diff.files.is_empty();
        if is_empty {
            check_input(&mut texts, before, after)?;
        }
        let [known, open] = open;
        for (path, why) in open {
            let stays = known.iter().any(|(other, one)| of_module(other) == of_module(path) && *one == why);
            // A plan says the same of every value that it does not know.
            let changed = if !stays || !is_terraform(path) {
                String::new()
            } else if let Some(changed) = inputs.of_folder(folder_of(path), true) {
                format!(", and {changed} differs")
            } else {
                continue;
            };
            let name = after.files.get(path).map_or(path, |file| file.name.as_str());
            let why = format!("{name} cannot be compared: {why}{changed}");
            diff.not_compared.push(NotCompared { file: path.into(), why, help: Some(PLANS) });
        }
        if !how.together {
            diff.renamed = read.renamed();
        }
        let are_single = before.is_one_file && after.is_one_file && read.count == (1, 1);
        for ((.., layer), pair) in read.pairs(how.together, are_single) {
            diff.compare(&pair, layer, how, &inputs)?;
        }
        for (path, before_file, after_file) in both(before, after) {
            if let Some(file) = diff.files.get_mut(path) {
                file.presence = Presence::of(before_file, after_file);
            }
        }
        Ok(diff)
    }

    /// All new access.
    pub(crate) fn new_access(&self) -> impl Iterator<Item = &Change> {
        self.files.values().flat_map(|file| &file.new)
    }

    /// All lost access.
    pub(crate) fn lost(&self) -> impl Iterator<Item = &Change> {
        self.files.values().flat_map(|file| &file.lost)
    }

    /// The failure for what could not be compared, if there is any.
    pub(crate) fn failure(&self) -> Option<Failure> {
        let whys: Vec<&str> = self.not_compared.iter().map(|one| one.why.as_str()).collect();
        let mut helps: Vec<&str> = self.not_compared.iter().filter_map(|one| one.help).collect();
        helps.dedup();
        (!whys.is_empty()).then(|| helps.iter().fold(Failure::new(whys.join("\n")), Failure::with_help))
    }

    fn file(&mut self, path: &str) -> &mut FileDiff {
        self.files.entry(path.into()).or_default()
    }

    /// Whether one side of a pair has no limit, which lets everything through. The error says why a limit cannot be compared.
    fn is_unlimited(&self, pair: &Pair, layer: Layer, words: &str) -> Result<bool, String> {
        if !pair.before.is_empty() && !pair.after.is_empty() {
            return Ok(false);
        }
        // The only note so far says that the version before cannot be read. What it let through is not known.
        if pair.before.is_empty() && self.files.get(&pair.file).is_some_and(|file| !file.notes.is_empty()) {
            return Err("the version before, which limits access, cannot be read".into());
        }
        if !matches!(layer, Layer::ServiceControl(_)) {
            return Ok(true);
        }
        let mut statements =
            pair.before.iter().chain(&pair.after).flat_map(|source| source.policy.statements());
        if statements.all(|one| one.effect() == Effect::Deny) {
            return Ok(false);
        }
        Err(format!(
            "only one side has it, and whether the {words} limits or opens access depends on the others of its level"
        ))
    }

    fn compare(
        &mut self,
        pair: &Pair,
        layer: Layer,
        how: &Comparison<'_>,
        inputs: &Inputs<'_>,
    ) -> Result<(), Failure> {
        if let Some(expression) = pair.unknown_in_one() {
            let name = pair.after.first().map_or("", |source| source.name.as_str());
            self.not_compared.push(NotCompared {
                file: pair.file.clone(),
                why: format!(
                    "{name} cannot be compared: the value of `{expression}` is known to Terraform alone, and it is not in both"
                ),
                help: Some(PLANS),
            });
            return Ok(());
        }
        if let Some((folder, guessed)) = pair.open.as_ref().filter(|_| !pair.before.is_empty())
            && let Some(changed) = inputs.of_folder(folder, *guessed)
        {
            let open =
                pair.after.iter().find_map(|one| one.unknown.first().map(|unknown| (&one.name, unknown)));
            let (name, expression) = open.map_or(("the policy", "…"), |(name, unknown)| (name, unknown));
            self.not_compared.push(NotCompared {
                file: pair.file.clone(),
                why: format!(
                    "{name} cannot be compared: the value of `{expression}` is known to Terraform alone, and {changed} \
                     differs, which may change it"
                ),
                help: Some(PLANS),
            });
            return Ok(());
        }
        if pair.before.iter().map(|one| &one.policy).eq(pair.after.iter().map(|one| &one.policy)) {
            return Ok(());
        }
        let all = || pair.before.iter().chain(&pair.after);
        let policies: Vec<&Policy> = all().map(|source| &source.policy).collect();
        let name = all().last().map_or("", |source| source.name.as_str());
        let accounts = match set::accounts((how.owner, how.caller.app_id), &policies, &[]) {
            Ok(accounts) => accounts,
            Err(failure) => {
                let why = format!("{name} cannot be compared: {}", failure.message());
                let help = Some("say which is the account of the policies: --owner UIN --app-id NUMBER");
                self.not_compared.push(NotCompared { file: pair.file.clone(), why, help });
                return Ok(());
            }
        };
        let limit = limit_of(layer);
        let unlimited = match limit.map(|words| self.is_unlimited(pair, layer, words)).transpose() {
            Ok(unlimited) => unlimited.unwrap_or_default(),
            Err(why) => {
                let why = format!("{name} cannot be compared: {why}");
                self.not_compared.push(NotCompared { file: pair.file.clone(), why, help: None });
                return Ok(());
            }
        };
        let mut sides = [pair.before.clone(), pair.after.clone()];
        if unlimited {
            sides.iter_mut().filter(|side| side.is_empty()).for_each(|side| *side = with_another(&[]));
        }
        let mut found = Found::default();
        for (sides, supposed) in readings(sides) {
            for account in &accounts.all {
                let compared = Compared { pair, layer, limit, unlimited, supposed, how, account: *account };
                if let Err(error) = compared.add_to(&sides, &mut found) {
                    if error == AccessError::AppId {
                        return Err(Failure::access(&error));
                    }
                    let why = format!("{name} cannot be compared: {error}");
                    self.not_compared.push(NotCompared { file: pair.file.clone(), why, help: None });
                    return Ok(());
                }
            }
        }
        for (_, change) in found.gained.iter_mut().chain(&mut found.lost) {
            change.assumed_owner = accounts.assumed;
        }
        let file = self.file(&pair.file);
        file.new.extend(found.gained.into_iter().map(|(_, change)| change));
        file.lost.extend(found.lost.into_iter().map(|(_, change)| change));
        for source in &pair.after {
            if let Some(first) = source.unknown.first() {
                file.notes.push(format!(
                    "{}: the value of `{first}` is known to Terraform alone, so this holds for one possible value",
                    source.name
                ));
            }
        }
        if file.new.is_empty() && file.lost.is_empty() {
            file.notes.clear();
        }
        Ok(())
    }
}

/// What differs, each with the grant that it tells.
#[derive(Default)]
struct Found {
    gained: Vec<(Grant, Change)>,
    lost: Vec<(Grant, Change)>,
}

/// How the policies of a pair are compared in one account.
struct Compared<'a> {
    pair: &'a Pair,
    layer: Layer,
    /// What the policies are called, if they grant nothing and only limit others.
    limit: Option<&'static str>,
    /// Whether the side that has no such limit allows everything.
    unlimited: bool,
    /// Whether a `*` inside a principal is supposed to match.
    supposed: bool,
    how: &'a Comparison<'a>,
    account: Account,
}

impl Compared<'_> {
    /// Compares the sides and adds what differs.
    fn add_to(&self, sides: &[Vec<Source>; 2], found: &mut Found) -> Result<(), AccessError> {
        let Self { pair, layer, how, account, supposed, .. } = self;
        // What a limit lets through is found as what an identity policy allows.
        let layer = if self.limit.is_some() { Layer::Identity } else { *layer };
        let of = |sources: &[Source]| Policies::of(layer, sources.to_vec(), None);
        let joined = of(&sides.concat());
        let keys = joined.keys_of_every_request();
        let set = |sources: &[Source]| of(sources).searched(how.catalog, account.owner, &keys);
        let [old, young] = [&sides[0], &sides[1]].map(|sources| set(sources));
        let difference = for_callers(&old, &young, *account, &joined, how)?;
        let public = if self.limit.is_some() {
            Difference::default()
        } else {
            for_anyone(&old, &young, *account, &joined, how, *supposed)?
        };
        let add = |known: &mut Vec<(Grant, Change)>, found: Vec<Grant>, public: &[Grant], sets| {
            let (own, other): (&PolicySet<'_>, &PolicySet<'_>) = sets;
            for grant in found {
                let public = public.iter().find(|one| one.is_same_access(&grant));
                let change = self.told(Change::new(&pair.file, (own, other), &grant, public, how));
                let same = |(one, _): &&(Grant, Change)| one.is_same_access(&grant);
                let is_certain = |(_, known): &(Grant, Change)| !known.supposed && known.says(&change);
                // What is certain already needs no supposition.
                if change.supposed && known.iter().filter(same).any(is_certain) {
                    continue;
                }
                let alike = known
                    .iter_mut()
                    .find(|(one, known)| one.is_same_access(&grant) && known.supposed == change.supposed);
                match alike {
                    Some((_, known)) => known.add(change),
                    None => known.push((grant, change)),
                }
            }
        };
        add(&mut found.gained, difference.gained, &public.gained, (&young, &old));
        add(&mut found.lost, difference.lost, &public.lost, (&old, &young));
        // All policies of the user are here, a role has no others, or a user has one boundary.
        let is_alone = match self.layer {
            Layer::Identity => how.together,
            Layer::ServiceControl(_) => false,
            _ => true,
        };
        if is_alone || pair.have_same_denies() {
            return Ok(());
        }
        let [old, young] = [&sides[0], &sides[1]].map(|sources| set(&with_another(sources)));
        let difference = for_callers(&old, &young, *account, &joined, how)?;
        let add = |known: &mut Vec<(Grant, Change)>, found: Vec<Grant>, own: usize, sets| {
            for grant in found {
                let is_told = known.iter().any(|(one, _)| tells_denies(one, &grant));
                if grant.parts.iter().all(|part| part.statement.policy == own) && !is_told {
                    let change = self.told(Change::of_denies(&pair.file, sets, &grant, how));
                    known.push((grant, change));
                }
            }
        };
        add(&mut found.gained, difference.gained, sides[1].len(), [&young, &old]);
        add(&mut found.lost, difference.lost, sides[0].len(), [&old, &young]);
        Ok(())
    }

    /// Adds to a change what it holds for.
    fn told(&self, mut change: Change) -> Change {
        change.supposed = self.supposed;
        if self.supposed {
            for holder in change.who.iter_mut().filter(|one| **one == Holder::Anyone) {
                *holder = Holder::AnyUser;
            }
        }
        if self.limit.is_some() {
            change.limit = self.limit;
            change.if_another_policy_allows = true;
            let names = self.pair.after.last().or(self.pair.before.last()).map(|one| one.name.clone());
            change.who = names.into_iter().map(Holder::Attached).collect();
            if self.unlimited {
                // What stands for a missing limit is no policy of the user.
                let of = format!(" of {ANOTHER}");
                change.grant.parts.retain(|part| !part.statement.ends_with(&of));
            }
        }
        change
    }
}

/// What policies of a layer are called that grant nothing and only limit others.
fn limit_of(layer: Layer) -> Option<&'static str> {
    let kind = match layer {
        Layer::Boundary => Kind::Boundary,
        Layer::Session => Kind::Session,
        Layer::ServiceControl(_) => Kind::Scp,
        _ => return None,
    };
    Some(set::words(kind))
}

/// The sides as decisions take them, and, where a principal may be everybody, as they are if CAM matches `*` inside a principal:
/// whether it does is not documented.
fn readings(sides: [Vec<Source>; 2]) -> Vec<([Vec<Source>; 2], bool)> {
    let mut supposed = sides.clone();
    let is_other = set::suppose(supposed.iter_mut().flatten());
    [(sides, false)].into_iter().chain(is_other.then_some((supposed, true))).collect()
}

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

    fn new(
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
            // A deny that names principals held for them alone.
            None if !grant.denied.is_empty() && grant.denied.iter().all(named) => {
                who(other, &grant.denied, &grant.callers)
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
    fn of_denies(file: &str, [set, other]: [&PolicySet<'_>; 2], grant: &Grant, how: &Comparison<'_>) -> Self {
        let mut change = Self::new(file, (set, other), grant, None, how);
        change.who = who(other, &grant.denied, &grant.callers);
        change.if_another_policy_allows = true;
        change.grant.parts.clear();
        change
    }

    /// Whether it names everybody whom the other one names.
    fn says(&self, other: &Self) -> bool {
        (self.public || !other.public) && other.who.iter().all(|one| self.who.contains(one))
    }

    /// Adds who has the same access if the policies are of another account.
    fn add(&mut self, other: Self) {
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

/// What differs for anyone. `supposed`: a `*` inside a principal is supposed to match.
fn for_anyone(
    old: &PolicySet<'static>,
    young: &PolicySet<'static>,
    account: Account,
    joined: &Policies,
    how: &Comparison<'_>,
    supposed: bool,
) -> Result<Difference, AccessError> {
    let mut public = Difference::default();
    let mut strangers = strangers(joined, account, how)?;
    // A `*` in the place of a uin is for users at most.
    strangers.retain(|caller| !supposed || *caller.identity() != Identity::Anonymous);
    for caller in strangers {
        let found = old.compare(young, caller)?;
        public.gained.extend(found.gained.into_iter().filter(|grant| names_principals(young, grant)));
        public.lost.extend(found.lost.into_iter().filter(|grant| names_principals(old, grant)));
    }
    Ok(public)
}

/// Whether the statements of a grant say whom they are for. The others are for users of the account.
fn names_principals(set: &PolicySet<'_>, grant: &Grant) -> bool {
    grant.parts.iter().all(|part| names_principal(set, part.statement))
}

/// Whether a statement, or its policy, says whom it is for.
fn names_principal(set: &PolicySet<'_>, id: StatementId) -> bool {
    let policy = set.policies(id.layer).and_then(|policies| policies.get(id.policy));
    let own = set.statement(id).and_then(|one| one.principal());
    own.or_else(|| policy?.principal()).is_some()
}

/// What differs for the callers that are asked for.
fn for_callers(
    old: &PolicySet<'static>,
    young: &PolicySet<'static>,
    account: Account,
    joined: &Policies,
    how: &Comparison<'_>,
) -> Result<Difference, AccessError> {
    let CallerArgs { caller: given, account: of, app_id, .. } = how.caller;
    if given.is_none() {
        return old.compare_for_all(young, account.app_id);
    }
    let caller = how.caller.caller(account.owner, joined.stranger(account.owner));
    // The APPID of another account is not that of the policies.
    let is_own = of.is_none_or(|of| of == account.owner);
    let app_id = account.app_id.filter(|_| is_own && app_id.is_none());
    old.compare(young, app_id.into_iter().fold(caller, Caller::with_app_id))
}

/// Some policies, and behind them one that allows everything.
fn with_another(sources: &[Source]) -> Vec<Source> {
    let everything = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
    let another = Policy::new([everything]).ok().map(|policy| Source::made(ANOTHER, policy));
    sources.iter().cloned().chain(another).collect()
}

/// Whether a grant says already which actions and resources the denies of another one are about.
fn tells_denies(known: &Grant, grant: &Grant) -> bool {
    let tells = |part: &GrantPart| {
        known.denied.iter().any(|own| {
            own.statement == part.statement && part.resources.iter().all(|one| own.resources.contains(one))
        })
    };
    grant.actions.iter().all(|one| known.actions.contains(one)) && grant.denied.iter().all(tells)
}

/// The callers of whom no policy knows anything: one without signature, who assumes no role, and a user of another account.
fn strangers(joined: &Policies, account: Account, how: &Comparison<'_>) -> Result<Vec<Caller>, AccessError> {
    let set = joined.set(how.catalog, account.owner);
    let is_named = set::is_named(&set);
    let mut callers = set.callers(account.app_id)?;
    let is_role = set.policies(Layer::Trust).is_some();
    callers.retain(|caller| match caller.identity() {
        Identity::Anonymous => !is_role,
        Identity::User(_) => caller.groups().is_empty() && caller.account().is_some_and(|of| !is_named(of)),
        _ => false,
    });
    callers.sort_by_key(|caller| *caller.identity() != Identity::Anonymous);
    Ok(callers)
}

/// The files of both sides by their paths.
fn both<'a>(before: &'a Side, after: &'a Side) -> Vec<(&'a str, Option<&'a File>, Option<&'a File>)> {
    let mut all: BTreeMap<&str, (Option<&File>, Option<&File>)> = BTreeMap::new();
    for (path, file) in &before.files {
        all.entry(path).or_default().0 = Some(file);
    }
    for (path, file) in &after.files {
        all.entry(path).or_default().1 = Some(file);
    }
    all.into_iter().map(|(path, (before, after))| (path, before, after)).collect()
}

/// Tells of a file that lost its policies because its text is broken, not because somebody removed them from it.
fn broken(
    path: &str,
    file: Option<&File>,
    before: Option<&OfText>,
    after: Option<&OfText>,
) -> Option<NotCompared> {
    let (file, held, now) = (file?, &before?.policies, after?);
    let holds = !now.policies.is_empty() || now.errors.is_some() || !now.open.is_empty();
    let is_json = matches!(Format::of_name(path), Some(Format::Json | Format::Jsonc | Format::TerraformJson));
    let is_whole = held.iter().any(|source| source.label.is_empty());
    let is_text =
        || file.read().is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
    let is_broken = is_json && !holds && !held.is_empty() && (is_whole || !is_text());
    is_broken.then(|| NotCompared {
        file: path.into(),
        why: format!("{} cannot be compared: it held a policy before, and now it holds none", file.name),
        help: Some("if the policy is to go, remove the file"),
    })
}

/// Folders that became links, which hide what is in them.
fn hidden_by_links(before: &Side, after: &Side) -> Vec<NotCompared> {
    let links = after.inputs.iter().filter(|(_, file)| file.is_none()).filter_map(|(path, link)| {
        let is_below = |file: &String| file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        let why = link.read().err().filter(|_| before.files.keys().any(is_below))?.message().to_owned();
        Some(NotCompared { file: path.clone(), why, help: None })
    });
    links.collect()
}

/// Tells if no side holds a policy. A repository without policies is nothing unusual; a folder that is named and has none is.
fn check_input(texts: &mut Texts, before: &Side, after: &Side) -> Result<(), Failure> {
    if holds_policies(texts, before)? || holds_policies(texts, after)? {
        return Ok(());
    }
    if before.is_repository() || after.is_repository() {
        print::note("neither side holds a policy");
        return Ok(());
    }
    Err(Failure::new("neither side holds a policy")
        .with_help("name the files or folders that hold the policies"))
}

/// Whether a side may hold a policy.
fn holds_policies(texts: &mut Texts, side: &Side) -> Result<bool, Failure> {
    if let Some(says) = side.says("statement") {
        return Ok(says);
    }
    for file in side.files.values() {
        let OfText { policies, errors, open } = policies(texts, file, false, side)?;
        if !policies.is_empty() || errors.is_some() || !open.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The policies of a file, and what is wrong with it. A file that the configuration excludes has none, if it is excluded
/// `before`, too.
fn policies(texts: &mut Texts, file: &File, must_hold: bool, before: &Side) -> Result<OfText, Failure> {
    let fail = |why: String| OfText { errors: Some(why), ..OfText::default() };
    let text = match file.read() {
        Ok(text) => text.to_owned(),
        Err(failure) => return Ok(fail(failure.message().to_owned())),
    };
    texts.add(&file.at, file.name.clone(), text, must_hold, None, How::default())?;
    if let Some(text) = texts.all.pop() {
        return Ok(input::of_text(texts, &text));
    }
    // A change must not hide what it changes.
    let excluding = texts.configured.iter().find(|one| one.place == Place::of(&file.at, None));
    if let Some(Configured { place, text, .. }) = excluding
        && place.file.as_ref().is_some_and(|at| !before.has(at, text))
    {
        return Ok(fail(format!(
            "{} is excluded by a tencent-cam.toml that the change itself brings, so it is not read",
            file.name
        )));
    }
    Ok(OfText::default())
}

/// The policies of both sides that may differ.
#[derive(Default)]
struct ReadSides {
    /// The path of the file, the policy, and whether it is of the side after.
    sources: Vec<(String, Source, bool)>,
    /// How many policies there are before and after.
    count: (usize, usize),
}

impl ReadSides {
    fn add(&mut self, path: &str, sources: Vec<Source>, is_after: bool) {
        *(if is_after { &mut self.count.1 } else { &mut self.count.0 }) += sources.len();
        self.sources.extend(sources.into_iter().map(|source| (path.to_owned(), source, is_after)));
    }

    /// Files that hold exactly the policies of a file that is gone.
    fn renamed(&self) -> Vec<Renamed> {
        let mut sides = [BTreeMap::<&str, Vec<_>>::new(), BTreeMap::new()];
        for (path, source, is_after) in &self.sources {
            sides[usize::from(*is_after)].entry(path).or_default().push((&source.label, &source.policy));
        }
        let [mut before, mut after] = sides;
        let stay: Vec<&str> = before.keys().filter(|path| after.contains_key(*path)).copied().collect();
        for path in stay {
            before.remove(path);
            after.remove(path);
        }
        let mut renamed = Vec::new();
        for (from, policies) in before {
            let to = after.iter().find(|(_, others)| **others == policies).map(|(to, _)| *to);
            if let Some(to) = to {
                after.remove(to);
                renamed.push(Renamed { from: from.into(), to: to.into() });
            }
        }
        renamed
    }

    fn pairs(self, together: bool, are_single: bool) -> BTreeMap<Key, Pair> {
        let mut pairs: BTreeMap<Key, Pair> = BTreeMap::new();
        for (path, source, is_after) in self.sources {
            let path_of = path.clone();
            let layer = match source.kind {
                Kind::Trust => Layer::Trust,
                Kind::Boundary => Layer::Boundary,
                Kind::Session => Layer::Session,
                // Whatever its level is.
                Kind::Scp => Layer::ServiceControl(Level::Account),
                _ => Layer::Identity,
            };
            let is_whole = are_single || together && layer == Layer::Identity;
            let (place, file) = if is_whole {
                ((String::new(), String::new()), String::new())
            } else {
                ((of_module(&path).to_owned(), source.label.clone()), path)
            };
            let pair = pairs.entry((place.0, place.1, layer)).or_default();
            // A reader looks into the files of the side after.
            if is_after || pair.file.is_empty() {
                pair.file = file;
            }
            if is_terraform(&path_of) && !source.unknown.is_empty() {
                let guessed = source.guessed || pair.open.as_ref().is_some_and(|(_, guessed)| *guessed);
                pair.open = Some((folder_of(&path_of).to_owned(), guessed));
            }
            if is_after { pair.after.push(source) } else { pair.before.push(source) }
        }
        pairs
    }
}

/// The folder of a file of Terraform, for which it does not matter in which file of the folder a resource stands; every
/// other file itself.
fn of_module(path: &str) -> &str {
    if is_terraform(path) { folder_of(path) } else { path }
}

impl Pair {
    /// Whether both sides deny by the same statements.
    fn have_same_denies(&self) -> bool {
        let denies = |sources: &[Source]| -> Vec<Statement> {
            let all = sources.iter().flat_map(|source| source.policy.statements());
            all.filter(|one| one.effect() == Effect::Deny).cloned().collect()
        };
        denies(&self.before) == denies(&self.after)
    }

    /// An expression of Terraform that only one side has: whether both have the same value is not known.
    fn unknown_in_one(&self) -> Option<String> {
        let unknown = |side: &[Source]| side.iter().flat_map(|one| one.unknown.clone()).collect::<Vec<_>>();
        let (before, after) = (unknown(&self.before), unknown(&self.after));
        if self.before.is_empty() || self.after.is_empty() || before == after {
            return None;
        }
        let is_new = |one: &&String| !before.contains(one);
        after.iter().find(is_new).or(before.first()).or(after.first()).cloned()
    }
}
