//! The commands `tables` and `check`: they write and check the generated files of the repository.

use std::collections::BTreeSet;
use std::io::Write;
use std::ops::Range;

use cam_policy::catalog::Catalog;
use similar::TextDiff;
use tencent_cam_codegen::Arena;

use crate::arguments::no_value;
use crate::error::{Error, all_of, both};
use crate::fs::{CATALOG, Project};
use crate::page;
use crate::{coverage, diff, policy_schema, rules, schema};

const PAGES: &str = "docs/permissions";
const RULES: &str = "docs/rules";
const MANIFEST: &str = "Cargo.toml";
const README: &str = "README.md";

/// A generated file: its path below the root, and its whole text.
struct Generated {
    path: String,
    text: String,
}

/// `tables`
pub(crate) fn tables(project: &Project, args: lexopt::Parser, out: &mut dyn Write) -> Result<(), Error> {
    no_value(args)?;
    let arena = Arena::new();
    let (_, files) = generate(project, &arena)?;
    let mut failures = Vec::new();
    let mut changed = 0;
    for Generated { path, text } in &files {
        let written = project.bytes(path).and_then(|old| match old {
            Some(old) if old == text.as_bytes() => Ok(false),
            _ => project.write(path, text).map(|()| true),
        });
        match written {
            Ok(true) => {
                changed += 1;
                writeln!(out, "wrote    {path}")?;
            }
            Ok(false) => {}
            Err(failure) => failures.push(failure),
        }
    }
    for Extra { path, ours } in extras(project, &files)? {
        if !ours {
            writeln!(out, "kept     {path}, which this command did not write")?;
            continue;
        }
        match project.remove(&path) {
            Ok(()) => {
                changed += 1;
                writeln!(out, "deleted  {path}")?;
            }
            Err(failure) => failures.push(failure),
        }
    }
    if changed == 0 && failures.is_empty() {
        writeln!(out, "All {} generated files were current.", files.len())?;
    }
    all_of(&failures)
}

/// `check`
pub(crate) fn check(project: &Project, args: lexopt::Parser, out: &mut dyn Write) -> Result<(), Error> {
    no_value(args)?;
    let arena = Arena::new();
    let (catalog, files) = generate(project, &arena)?;
    let mut failures = Vec::new();
    let (mut stale, mut foreign) = (0, 0);
    for Generated { path, text } in &files {
        let old = match project.bytes(path) {
            Ok(Some(old)) => old,
            Ok(None) => {
                stale += 1;
                writeln!(out, "missing  {path}")?;
                continue;
            }
            Err(failure) => {
                failures.push(failure);
                continue;
            }
        };
        if old == text.as_bytes() {
            writeln!(out, "current  {path}")?;
            continue;
        }
        stale += 1;
        let old = String::from_utf8_lossy(&old);
        let diff = TextDiff::from_lines(old.as_ref(), text.as_str());
        let (left, right) = (format!("{path} as it is"), "as `cargo xtask tables` writes it".to_owned());
        let diff = diff.unified_diff().context_radius(2).header(&left, &right).to_string();
        writeln!(out, "stale    {path}\n\n{diff}")?;
    }
    for Extra { path, ours } in extras(project, &files)? {
        if ours {
            stale += 1;
            writeln!(out, "left     {path}, of a service that {CATALOG} does not have")?;
        } else {
            foreign += 1;
            writeln!(out, "unknown  {path}")?;
        }
    }
    if stale > 0 {
        failures.push(Error::wrong(format_args!(
            "{stale} of the generated files are not current; to mend them: cargo xtask tables"
        )));
    }
    if foreign > 0 {
        failures.push(Error::wrong(format_args!(
            "{PAGES} holds what `cargo xtask tables` did not write, see above: move it elsewhere"
        )));
    }
    if failures.is_empty() {
        let actions: usize = catalog.services.iter().map(|service| service.actions.len()).sum();
        writeln!(
            out,
            "{CATALOG} is valid ({} services, {actions} actions), and all {} generated files are current.",
            catalog.services.len(),
            files.len()
        )?;
    }
    all_of(&failures)
}

/// Every generated file, and the catalog from which they are generated.
fn generate<'a>(project: &Project, arena: &'a Arena) -> Result<(Catalog<'a>, Vec<Generated>), Error> {
    let manifest = project.text(MANIFEST).and_then(|text| Ok((region(&text)?, text)));
    let (catalog, (region, manifest)) = both(project.catalog(arena), manifest)?;
    let lists = project.lists()?;
    let mut files = vec![
        Generated { path: MANIFEST.to_owned(), text: features(&catalog, &manifest, region)? },
        Generated { path: "docs/catalog.schema.json".to_owned(), text: schema::of_catalog()? },
        Generated { path: "docs/export.schema.json".to_owned(), text: schema::of_export()? },
        Generated { path: "docs/coverage.md".to_owned(), text: coverage::page(&catalog, &lists) },
        Generated { path: "docs/diff.schema.json".to_owned(), text: diff::schema()? },
        Generated { path: "docs/policy.schema.json".to_owned(), text: policy_schema::of_policy(&catalog)? },
        Generated { path: "docs/semver.md".to_owned(), text: diff::page() },
    ];
    let rules = rules::pages().into_iter();
    files.extend(rules.map(|(name, text)| Generated { path: format!("{RULES}/{name}"), text }));
    if let Some(readme) = project.bytes(README)?.and_then(|bytes| String::from_utf8(bytes).ok()) {
        if let Some(text) = with_summary(&readme, &coverage::summary(&catalog, &lists)) {
            files.push(Generated { path: README.to_owned(), text });
        }
    }
    let pages = page::pages(&catalog).into_iter();
    files.extend(pages.map(|(name, text)| Generated { path: format!("{PAGES}/{name}"), text }));
    Ok((catalog, files))
}

/// A file in the folder of the pages that is not one of them.
struct Extra {
    path: String,
    /// Whether an earlier `tables` wrote it.
    ours: bool,
}

fn extras(project: &Project, files: &[Generated]) -> Result<Vec<Extra>, Error> {
    let known: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let paths = project.names(PAGES)?.into_iter().map(|name| format!("{PAGES}/{name}"));
    let extras = paths.filter(|path| !known.contains(path.as_str())).map(|path| {
        // Something that cannot be read, such as a directory, is not a page.
        let bytes = project.bytes(&path).ok().flatten().unwrap_or_default();
        Extra { ours: bytes.starts_with(page::MARK.as_bytes()), path }
    });
    Ok(extras.collect())
}

/// Returns the README with the numbers between its marks; `None`: it has no marks.
fn with_summary(readme: &str, summary: &str) -> Option<String> {
    const BEGIN: &str = "<!-- begin what is known: written by `cargo xtask tables` -->\n";
    const END: &str = "<!-- end what is known -->";
    let (before, rest) = readme.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{summary}\n{END}{after}"))
}

const BEGIN: &str = "# begin services";
const END: &str = "# end services";

/// Returns the lines between the markers of the root manifest.
fn region(manifest: &str) -> Result<Range<usize>, Error> {
    let (begin, end) = both(marker(manifest, BEGIN), marker(manifest, END))?;
    if begin.end > end.start {
        return Err(Error::wrong(format_args!("{MANIFEST}: `{END}` stands before `{BEGIN}`")));
    }
    Ok(begin.end..end.start)
}

/// Returns the only line that starts with `marker`.
fn marker(manifest: &str, marker: &str) -> Result<Range<usize>, Error> {
    let mut end = 0;
    let lines = manifest.split_inclusive('\n').map(|line| {
        let start = end;
        end += line.len();
        (line, start..end)
    });
    let mut found = lines.filter(|(line, _)| line.starts_with(marker));
    let number = match (found.next(), found.next()) {
        (Some((_, place)), None) => return Ok(place),
        (None, _) => "no line",
        _ => "more than one line",
    };
    Err(Error::wrong(format_args!(
        "{MANIFEST} has {number} that starts with `{marker}`; under [features], the services' features stand \
         between `{BEGIN}` and `{END}`"
    )))
}

/// Returns the services that are on by default. The maintainers choose them in the manifest; without a choice, all are on.
fn defaults<'c>(manifest: &str, region: &Range<usize>, ids: &[&'c str]) -> Vec<&'c str> {
    let chosen = toml::de::DeTable::parse(&manifest[region.clone()]).ok();
    let chosen = chosen.as_ref().and_then(|table| table.get_ref().get("default")?.get_ref().as_array());
    let Some(chosen) = chosen else { return ids.to_vec() };
    let is_chosen = |id: &str| chosen.iter().any(|one| one.get_ref().as_str() == Some(id));
    ids.iter().copied().filter(|id| is_chosen(id)).collect()
}

/// Returns the manifest with one feature per service, and one for all of them, which the command line needs.
fn features(catalog: &Catalog<'_>, manifest: &str, region: Range<usize>) -> Result<String, Error> {
    let ids: Vec<&str> = catalog.services.iter().map(|service| service.id).collect();
    let of = |feature: &str, ids: &[&str]| {
        let quoted: Vec<String> = ids.iter().map(|id| format!("{id:?}")).collect();
        format!("{feature} = [{}]\n", quoted.join(", "))
    };
    let groups = [of("default", &defaults(manifest, &region, &ids)), of("all-services", &ids)];
    let each = ids.iter().map(|id| format!("{id} = []\n"));
    let lines: String = groups.into_iter().chain(each).collect();
    let mut text = manifest.to_owned();
    text.replace_range(region, &lines);
    // If cargo could not read the manifest, `cargo xtask` could not run to repair it.
    match toml::de::DeTable::parse(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Error::wrong(format_args!(
            "{MANIFEST} would not be valid with the features of the services in it: {}",
            error.message()
        ))),
    }
}
