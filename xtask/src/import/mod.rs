//! `import`: a permission page as Tencent publishes it, merged into the catalog.
//!
//! Page text → [`Page`] ([`read`]), page and catalog → catalog ([`merge`]), catalog → text ([`import`]). All of
//! it is pure but the command itself.

mod document;
mod enabled;
mod manageable;
mod merge;
mod page;
mod weave;
mod words;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use lexopt::{Arg, ValueExt as _};
use tencent_cam_codegen::Arena;
use tencent_cam_codegen::model::Catalog;

pub use document::{Layout, PageLink};
pub use merge::{Merged, Options, TO_BE_WRITTEN_EN, TO_BE_WRITTEN_ZH, merge};
pub use page::{Family, Language, Page, Place, Product, Remark, Row, read};

use crate::error::Error;
use crate::fs::{CATALOG, Project, failed};

/// A catalog's text with a page's facts in it, and what to tell about them.
#[derive(Clone, Debug)]
pub struct Import {
    /// The text of the catalog.
    pub text: String,
    /// The catalog it was before.
    pub before: Catalog,
    /// The page.
    pub page: Page,
    /// The catalog, and the report.
    pub merged: Merged,
}

/// Merges a page into the text of a catalog, which may be empty. `path` is what reports call the page.
///
/// # Errors
///
/// Everything that is wrong with the catalog, with the page, or with the catalog that would come out.
pub fn import(catalog: &str, path: &str, page: &str, options: &Options) -> Result<Import, String> {
    let page = read(page).map_err(|faults| report(path, "error", &faults));
    match (parsed(catalog), page) {
        (Ok(before), Ok(page)) => put(catalog, before, path, page, options),
        (Err(catalog), Err(page)) => Err(format!("{catalog}\n{page}")),
        (Err(one), Ok(_)) | (Ok(_), Err(one)) => Err(one),
    }
}

/// [`import`] of a page that was [`read`].
///
/// # Errors
///
/// As those of [`import`].
pub fn import_page(catalog: &str, path: &str, page: Page, options: &Options) -> Result<Import, String> {
    put(catalog, parsed(catalog)?, path, page, options)
}

fn parsed(catalog: &str) -> Result<Catalog, String> {
    if catalog.trim().is_empty() {
        return Ok(Catalog::default());
    }
    tencent_cam_codegen::model::parse(CATALOG, catalog).map_err(|report| report.to_string())
}

fn put(catalog: &str, before: Catalog, path: &str, page: Page, options: &Options) -> Result<Import, String> {
    let merged = merge(&before, &page, options).map_err(|faults| report(path, "error", &faults))?;
    let text = weave::weave(catalog, &merged.catalog.to_toml())?;
    let after = if text == catalog {
        None
    } else {
        let after = tencent_cam_codegen::model::parse("the catalog that would come out", &text);
        Some(after.map_err(|report| format!("{report}error: nothing was written\n"))?)
    };
    if *after.as_ref().unwrap_or(&before) != merged.catalog {
        return Err("error: the catalog that would come out is not what the page says; nothing was written"
            .to_owned());
    }
    Ok(Import { text, before, page, merged })
}

fn report(path: &str, kind: &str, remarks: &[Remark]) -> String {
    let lines: Vec<String> = remarks
        .iter()
        .map(|remark| format!("{kind}: {path}:{}: {}\n", remark.place, remark.message))
        .collect();
    lines.concat()
}

/// `import PAGE --service ID [--dry-run] [--allow-truncated] [--allow-removals] [--read DAY] [--url URL]`
pub(crate) fn command(project: &Project, mut args: lexopt::Parser, out: &mut dyn Write) -> Result<(), Error> {
    let (mut path, mut service, mut read, mut url): (
        Option<OsString>,
        Option<String>,
        Option<String>,
        Option<String>,
    ) = (None, None, None, None);
    let (mut dry_run, mut allow_truncated, mut allow_removals) = (false, false, false);
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("service") => service = Some(args.value()?.string()?),
            Arg::Long("read") => read = Some(args.value()?.string()?),
            Arg::Long("url") => url = Some(args.value()?.string()?),
            Arg::Long("dry-run") => dry_run = true,
            Arg::Long("allow-truncated") => allow_truncated = true,
            Arg::Long("allow-removals") => allow_removals = true,
            Arg::Value(given) if path.is_none() => path = Some(given),
            other => return Err(other.unexpected().into()),
        }
    }
    let usage =
        |what: &str| Error::Usage(format!("`import` needs {what}: `cargo xtask import PAGE --service ID`"));
    let path = path.ok_or_else(|| usage("the file of a page"))?;
    let service = service.ok_or_else(|| usage("the service's abbreviation in CAM"))?;
    let read = read.map_or_else(
        || Ok(today()),
        |day| {
            if is_day(&day) {
                Ok(day)
            } else {
                Err(Error::Usage(format!("`--read {day}` is no day: write YYYY-MM-DD")))
            }
        },
    )?;
    let shown = path.to_string_lossy().into_owned();
    let bytes = std::fs::read(Path::new(&path)).map_err(|error| failed("read", &shown, &error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        Error::wrong(format_args!(
            "{shown} is no page: it is not UTF-8, see byte {}",
            error.utf8_error().valid_up_to()
        ))
    })?;
    let catalog = project.bytes(CATALOG)?.map_or_else(|| Ok(String::new()), |_| project.text(CATALOG))?;
    let options = Options { service, read, url, allow_removals };
    let import = import(&catalog, &shown, &text, &options).map_err(Error::Wrong)?;

    out.write_all(told(&shown, &import).as_bytes())?;
    if dry_run {
        out.write_all(review(&import.before, &import.merged.catalog).as_bytes())?;
        writeln!(out, "\nNothing was written: this was a dry run.")?;
    } else if import.text == catalog {
        writeln!(out, "\n{CATALOG} is as it was.")?;
    } else {
        project.write(CATALOG, &import.text)?;
        writeln!(out, "\nwrote {CATALOG}: read `git diff`, then run `cargo xtask tables`")?;
    }
    match (&import.page.cut, &import.merged.incomplete) {
        _ if allow_truncated => Ok(()),
        (Some(cut), _) => Err(Error::Truncated(format!(
            "error: {shown}:{}: {}\nThe whole rows count, and nothing is marked as removed. `--allow-truncated` says that this is known.",
            cut.place, cut.message
        ))),
        (None, Some(lacks)) => Err(Error::Truncated(format!(
            "error: {shown}: {lacks}\nIts rows count, and nothing is marked as removed. `--allow-removals` says that the actions are gone, \
             `--allow-truncated` that the page is known to be incomplete."
        ))),
        (None, None) => Ok(()),
    }
}

/// What was detected, done, and left to do.
fn told(path: &str, import: &Import) -> String {
    let page = &import.page;
    let family = match page.family {
        Family::CamEnabled => "CAM-enabled API",
        Family::Manageable => "Manageable resources and actions",
    };
    let layout = match page.layout {
        Layout::Markdown => "Markdown or HTML tables",
        Layout::CellLines => "one cell a line",
        Layout::Blanks => "rows with blanks between the cells",
    };
    let mut text = format!("{path}: a page of the family \"{family}\", {:?}, {layout}\n", page.language);
    let _ = writeln!(text, "{} whole rows", page.rows.len());
    text.push_str(&report(path, "note", &page.remarks));
    if let Some(cut) = &page.cut {
        let _ = writeln!(text, "warning: {path}:{}: {}", cut.place, cut.message);
    }
    for line in &import.merged.report {
        let _ = writeln!(text, "{line}");
    }
    if !import.merged.to_be_written.is_empty() {
        text.push_str("\nTo be written by hand:\n");
        for line in &import.merged.to_be_written {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}

/// The review report of what would change. The one place where `diff` is called from here.
fn review(before: &Catalog, after: &Catalog) -> String {
    let arena = Arena::new();
    let parsed = |catalog: &Catalog| tencent_cam_codegen::parse(&arena, CATALOG, &catalog.to_toml());
    match (parsed(before), parsed(after)) {
        (Ok(before), Ok(after)) => {
            format!("\n{}", crate::diff::report(&before, &after).text(CATALOG, "after the import"))
        }
        (Err(report), _) | (_, Err(report)) => report.to_string(),
    }
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |at: usize, length: usize| {
        parts
            .get(at)
            .filter(|part| part.len() == length && part.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|part| part.parse::<u32>().ok())
    };
    parts.len() == 3
        && number(0, 4).is_some()
        && number(1, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(2, 2).is_some_and(|day| (1..=31).contains(&day))
}

/// The day in UTC.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    // Days to civil date, counted in eras of 400 years that begin in March.
    let days = i64::try_from(seconds / 86_400).unwrap_or(0) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
