//! The access diff: what a change of policies newly allows, and what it takes, file by file.

use std::collections::BTreeMap;

use cam_lint::Kind;
use cam_policy::engine::{AccessError, Layer};
use cam_policy::policy::{Effect, Policy};

use crate::change::{Change, Comparison};
use crate::compared::{Compared, Found, limit_of, readings, with_another};
use crate::exit::Failure;
use crate::input::OfText;
use crate::inputs::{Inputs, folder_of, is_terraform};
use crate::revision::{File, Side};
use crate::set;
use crate::sides::{
    NotCompared, Pair, ReadSides, Renamed, both, broken, check_input, hidden_by_links, of_module, policies,
};
use crate::texts::Texts;

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

/// What helps where only Terraform knows a value.
const PLANS: &str = "compare the plans, which have the values: `terraform show -json PLAN`";

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
        let given = (how.owner, how.caller.app_id);
        let accounts = match set::accounts(given, &policies, &[], how.caller.uins()) {
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
            sides
                .iter_mut()
                .filter(|side| side.is_empty())
                .for_each(|side| *side = with_another(&[], Kind::Identity));
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
