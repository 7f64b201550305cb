//! The command `sdk`: merges the names of the public SDK into the catalog's lists of names.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use cam_policy::catalog::{Granularity, Surface, Target};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lexopt::{Arg, ValueExt as _};
use serde::Deserialize;
use tencent_cam_codegen::draft::Draft;
use tencent_cam_codegen::{Arena, List, Listed, Lists, Status, lists, split};

use crate::error::Error;
use crate::fs::{CATALOG, Project, failed, listed};
use crate::import::patched;

/// The APIs of a service of the SDK, with the state of those that are not simply offered.
type Apis = BTreeMap<String, Option<Status>>;

/// What an unpacked SDK offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sdk {
    /// Package and version.
    source: String,
    /// The APIs, by the name of the service in the SDK.
    services: BTreeMap<String, Apis>,
}

/// The text of a catalog with the names of an SDK, and what changed.
#[derive(Clone, Debug)]
struct SdkMerge {
    /// The text of the catalog.
    text: String,
    /// The changes, one line each.
    changes: Vec<String>,
}

/// `sdk PATH [--read DAY] [--dry-run] [--allow-removals]`
pub(crate) fn run(project: &Project, mut args: lexopt::Parser, out: &mut dyn Write) -> Result<(), Error> {
    let (mut path, mut read, mut dry_run, mut allow_removals) = (None, None, false, false);
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("read") => read = Some(args.value()?.string()?),
            Arg::Long("dry-run") => dry_run = true,
            Arg::Long("allow-removals") => allow_removals = true,
            Arg::Value(given) if path.is_none() => path = Some(given),
            other => return Err(other.unexpected().into()),
        }
    }
    let path = path.ok_or_else(|| {
        Error::Usage("`sdk` needs the folder of the unpacked package: `cargo xtask sdk PATH`".to_owned())
    })?;
    let read = match read {
        Some(day) if day.parse::<jiff::civil::Date>().is_ok() => day,
        Some(day) => return Err(Error::Usage(format!("`--read {day}` is no day: write YYYY-MM-DD"))),
        None => Timestamp::now().to_zoned(TimeZone::UTC).date().to_string(),
    };
    let sdk = Sdk::read(Path::new(&path))?;
    let merge = || {
        let before = project.text(CATALOG)?;
        let merged = sdk.merge(&before, &read, allow_removals).map_err(Error::Wrong)?;
        if !dry_run && merged.text != before {
            project.write(CATALOG, &merged.text)?;
        }
        Ok(merged)
    };
    let merged = if dry_run { merge()? } else { project.alone(merge)? };
    for change in &merged.changes {
        writeln!(out, "{change}")?;
    }
    let apis: usize = sdk.services.values().map(BTreeMap::len).sum();
    writeln!(
        out,
        "{}: {} services, {apis} APIs, {} change{}",
        sdk.source,
        sdk.services.len(),
        merged.changes.len(),
        if merged.changes.len() == 1 { "" } else { "s" }
    )?;
    Ok(())
}

#[derive(Deserialize)]
struct Api {
    actions: BTreeMap<String, Action>,
}

#[derive(Deserialize)]
struct Action {
    #[serde(default)]
    status: String,
}

impl Sdk {
    /// Reads the folder of an unpacked package `tccli`.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or is not what the package has.
    pub(crate) fn read(root: &Path) -> Result<Self, Error> {
        let shown = root.to_string_lossy();
        let package = names(root)?
            .into_iter()
            .find_map(|name| name.strip_suffix(".dist-info").map(|name| name.replacen('-', " ", 1)))
            .ok_or_else(|| {
                Error::wrong(format_args!("{shown} has no `.dist-info`: is it an unpacked wheel?"))
            })?;
        let name = package.split(' ').next().unwrap_or_default();
        let services = root.join(name).join("services");
        let mut sdk = Self { source: package.clone(), services: BTreeMap::new() };
        for service in names(&services)? {
            let folder = services.join(&service);
            if !folder.is_dir() {
                continue;
            }
            let mut apis = Apis::new();
            for version in names(&folder)? {
                let file = folder.join(&version).join("api.json");
                if !file.is_file() {
                    continue;
                }
                let shown = file.to_string_lossy().into_owned();
                let text = std::fs::read_to_string(&file).map_err(|error| failed("read", &shown, &error))?;
                let api: Api = serde_json::from_str(&text)
                    .map_err(|error| Error::wrong(format_args!("{shown} is not understood: {error}")))?;
                for (name, action) in api.actions {
                    let status = match action.status.as_str() {
                        "" | "online" => None,
                        "deprecated" => Some(Status::Deprecated),
                        "offline" => Some(Status::Offline),
                        other => {
                            return Err(Error::wrong(format_args!(
                                "{shown}: `{name}` has the unknown status `{other}`"
                            )));
                        }
                    };
                    // Of several versions, the one that offers it counts.
                    apis.entry(name).and_modify(|known| *known = (*known).min(status)).or_insert(status);
                }
            }
            if !apis.is_empty() {
                sdk.services.insert(service, apis);
            }
        }
        Ok(sdk)
    }

    /// Merges the names into the text of a catalog.
    ///
    /// # Errors
    ///
    /// What is wrong with the catalog, or with the package: it lacks more than Tencent removes at a time.
    fn merge(&self, catalog: &str, day: &str, allow_removals: bool) -> Result<SdkMerge, String> {
        let mut lists = lists(catalog).map_err(|wrong| listed(&wrong))?;
        let (head, _) = split(catalog);
        let arena = Arena::new();
        let parsed =
            tencent_cam_codegen::parse(&arena, CATALOG, head).map_err(|report| report.to_string())?;
        let mut draft = Draft::of(&parsed);
        let mut changes = Vec::new();
        let first = lists.services.values().all(|list| list.names.is_empty());
        let mut offered: BTreeMap<String, Apis> = BTreeMap::new();
        for (service, apis) in &self.services {
            let id = home(&lists, service);
            if !lists.services.contains_key(&id) {
                changes.push(format!("new service  `{id}`: assumed to be called as in the SDK"));
                let list = List { sdk: BTreeSet::from([service.clone()]), ..List::default() };
                lists.services.insert(id.clone(), list);
            }
            let of = offered.entry(id).or_default();
            for (name, status) in apis {
                of.entry(name.clone()).and_modify(|known| *known = (*known).min(*status)).or_insert(*status);
            }
        }
        if !allow_removals {
            self.check_whole(&lists, &offered)?;
        }
        for (id, list) in &mut lists.services {
            let none = Apis::new();
            let apis = offered.get(id).unwrap_or(&none);
            let stated = draft.services.get(id).map(|service| service.items(Target::Action));
            let has_table = |name: &str| stated.is_some_and(|actions| actions.contains_key(name));
            names_of(id, list, apis, &has_table, (!first).then_some(day), day, &mut changes);
        }
        marks(&mut draft, &lists, &offered, &mut changes);
        if lists.source != self.source {
            changes.push(format!("source       `{}`", self.source));
        }
        if !changes.is_empty() {
            lists.source.clone_from(&self.source);
            day.clone_into(&mut lists.read);
        }
        let head = patched(head, &draft)?;
        Ok(SdkMerge { text: format!("{}\n\n{}", head.trim_end(), lists.to_toml()), changes })
    }

    /// Refuses a package that lacks more than a fifth of the names: it was probably not unpacked whole.
    fn check_whole(&self, lists: &Lists, offered: &BTreeMap<String, Apis>) -> Result<(), String> {
        let (mut known, mut lacks) = (0, 0);
        for (id, list) in &lists.services {
            let apis = offered.get(id);
            for (name, _) in list.names.iter().filter(|(_, listed)| listed.gone.is_none()) {
                known += 1;
                lacks += usize::from(apis.is_none_or(|apis| !apis.contains_key(name)));
            }
        }
        if lacks > 4 && lacks * 5 > known {
            return Err(format!(
                "{} lacks {lacks} of the {known} names of the catalog: is the wheel unpacked whole? `--allow-removals` says that \
                 they are gone",
                self.source
            ));
        }
        Ok(())
    }
}

/// Returns the abbreviation of a service of the SDK: the one that the catalog states, or its name.
fn home(lists: &Lists, service: &str) -> String {
    let stated = lists.services.iter().find(|(_, list)| list.sdk.contains(service));
    stated.map_or_else(|| service.to_owned(), |(id, _)| id.clone())
}

/// Merges the names of one service. `since` is the day of names that are new, unless all are.
fn names_of(
    id: &str,
    list: &mut List,
    apis: &Apis,
    has_table: &dyn Fn(&str) -> bool,
    since: Option<&str>,
    day: &str,
    changes: &mut Vec<String>,
) {
    list.names.retain(|name, listed| {
        let moved = has_table(name);
        if moved {
            let lost =
                if listed.exposes_credentials { ", which must state `exposes_credentials`" } else { "" };
            changes.push(format!("documented   `{id}:{name}`: it has a table of its own{lost}"));
        }
        !moved
    });
    let is_first = list.names.is_empty();
    for (name, status) in apis.iter().filter(|(name, _)| !has_table(name)) {
        let Some(known) = list.names.get_mut(name) else {
            if !is_first {
                changes.push(format!("new          `{id}:{name}`"));
            }
            let listed = Listed { status: *status, since: since.map(str::to_owned), ..Listed::default() };
            list.names.insert(name.clone(), listed);
            continue;
        };
        if known.gone.take().is_some() {
            changes.push(format!("returned     `{id}:{name}`"));
        }
        if known.status != *status {
            let word = status.map_or("offered", Status::as_str);
            changes.push(format!("changed      `{id}:{name}`: {word}"));
            known.status = *status;
        }
    }
    if is_first && !list.names.is_empty() {
        changes.push(format!("new list     `{id}`: {} names", list.names.len()));
    }
    for (name, known) in &mut list.names {
        if !apis.contains_key(name) && known.gone.is_none() {
            changes.push(format!("gone         `{id}:{name}`: kept, with the day"));
            known.gone = Some(day.to_owned());
        }
    }
}

/// Marks the documented server APIs that the SDK does not have, where the page is an old one.
fn marks(draft: &mut Draft, lists: &Lists, offered: &BTreeMap<String, Apis>, changes: &mut Vec<String>) {
    for (id, service) in &mut draft.services {
        let Some(apis) = lists.services.get(id).and_then(|_| offered.get(id)) else { continue };
        // A page without a date may be newer than the SDK.
        if !service.facts.states("source.dated") {
            continue;
        }
        for (name, action) in service.items_mut(Target::Action) {
            let documented = action.word::<Granularity>("granularity") != Some(Granularity::Undocumented);
            let console = action.word::<Surface>("surface") == Some(Surface::Console);
            let lacks = documented && !console && !action.states("removed") && !apis.contains_key(name);
            if lacks == (action.flag("in_sdk") == Some(false)) {
                continue;
            }
            if lacks {
                changes.push(format!("not in SDK   `{id}:{name}`"));
                action.set("in_sdk", false);
            } else {
                changes.push(format!("in SDK again `{id}:{name}`"));
                action.remove("in_sdk");
            }
        }
    }
}

/// Returns the names in a folder, sorted.
fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let shown = folder.to_string_lossy().into_owned();
    let list = |error| failed("list", &shown, &error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(list)? {
        found.push(entry.map_err(list)?.file_name().to_string_lossy().into_owned());
    }
    found.sort();
    Ok(found)
}
