//! The command `import`.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use cam_policy::catalog::Catalog;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lexopt::{Arg, ValueExt as _};
use tencent_cam_codegen::{Arena, parse};

use super::merge::Options;
use super::page::{Family, Layout, Page};
use super::{Import, import, import_partly, report};
use crate::error::Error;
use crate::fs::{CATALOG, Project, failed};

/// `import PAGE --service ID [--dry-run] [--keep-going] [--allow-truncated] [--allow-removals] [--read DAY] [--dated DAY]
/// [--title TITLE] [--url URL] [--name-en NAME] [--name-zh NAME]`
pub(crate) fn run(project: &Project, mut args: lexopt::Parser, out: &mut dyn Write) -> Result<(), Error> {
    let (mut path, mut service, mut read): (Option<OsString>, Option<String>, Option<String>) =
        (None, None, None);
    let (mut url, mut name_en, mut name_zh, mut title, mut dated) = (None, None, None, None, None);
    let (mut dry_run, mut allow_truncated, mut allow_removals, mut keep_going) = (false, false, false, false);
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("service") => service = Some(args.value()?.string()?),
            Arg::Long("read") => read = Some(args.value()?.string()?),
            Arg::Long("title") => title = Some(args.value()?.string()?),
            Arg::Long("dated") => dated = Some(day_of("dated", args.value()?.string()?)?),
            Arg::Long("url") => url = Some(args.value()?.string()?),
            Arg::Long("name-en") => name_en = Some(args.value()?.string()?),
            Arg::Long("name-zh") => name_zh = Some(args.value()?.string()?),
            Arg::Long("dry-run") => dry_run = true,
            Arg::Long("allow-truncated") => allow_truncated = true,
            Arg::Long("keep-going") => keep_going = true,
            Arg::Long("allow-removals") => allow_removals = true,
            Arg::Value(given) if path.is_none() => path = Some(given),
            other => return Err(other.unexpected().into()),
        }
    }
    let usage =
        |what: &str| Error::Usage(format!("`import` needs {what}: `cargo xtask import PAGE --service ID`"));
    let path = path.ok_or_else(|| usage("the file of a page"))?;
    let service = service.ok_or_else(|| usage("the service's abbreviation in CAM"))?;
    let read = read.map_or_else(|| Ok(today()), |day| day_of("read", day))?;
    let shown = path.to_string_lossy().into_owned();
    let text = text_of(Path::new(&path), &shown)?;
    let options = Options { service, name_en, name_zh, read, title, dated, url, allow_removals };
    let merge = || {
        let catalog = project.bytes(CATALOG)?.map_or_else(|| Ok(String::new()), |_| project.text(CATALOG))?;
        let merged = if keep_going {
            import_partly(&catalog, &shown, &text, &options)
        } else {
            import(&catalog, &shown, &text, &options)
        };
        let import = merged.map_err(Error::Wrong)?;
        if !dry_run && import.text != catalog {
            project.write(CATALOG, &import.text)?;
        }
        Ok((catalog, import))
    };
    let (catalog, import) = if dry_run { merge()? } else { project.alone(merge)? };

    out.write_all(told(&shown, &import).as_bytes())?;
    if dry_run {
        out.write_all(review(&catalog, &import.text).as_bytes())?;
        writeln!(out, "\nNothing was written: this was a dry run.")?;
    } else if import.text == catalog {
        writeln!(out, "\n{CATALOG} is as it was.")?;
    } else {
        writeln!(out, "\nwrote {CATALOG}: read `git diff`, then run `cargo xtask tables`")?;
    }
    if !import.page.errors.is_empty() {
        let errors = report(&shown, "error", &import.page.errors);
        return Err(Error::Truncated(format!(
            "{errors}The other rows count, and nothing is marked as removed. These are left for you to write."
        )));
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

/// Reads the text of a page's file.
pub(super) fn text_of(path: &Path, shown: &str) -> Result<String, Error> {
    let bytes = std::fs::read(path).map_err(|error| failed("read", shown, &error))?;
    String::from_utf8(bytes).map_err(|error| {
        Error::wrong(format_args!(
            "{shown} is no page: it is not UTF-8, see byte {}",
            error.utf8_error().valid_up_to()
        ))
    })
}

/// Returns the report: what the page is, what the import did, and what is left to do.
fn told(path: &str, import: &Import) -> String {
    let page = &import.page;
    let mut text = format!("{path}: {}\n", kind(page));
    let _ = writeln!(text, "{} whole row{}", page.rows.len(), if page.rows.len() == 1 { "" } else { "s" });
    text.push_str(&report(path, "note", &page.notes));
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

/// Returns the kind of the page in words.
pub(super) fn kind(page: &Page) -> String {
    let family = match page.family {
        Family::CamEnabled => "CAM-enabled API",
        Family::Manageable => "Manageable resources and actions",
        Family::ResourcePath => "API | resource path",
    };
    let layout = match page.layout {
        Layout::Markdown => "Markdown or HTML tables",
        Layout::CellLines => "one cell a line",
        Layout::Whitespace => "rows with whitespace between the cells",
    };
    format!("a page of the family \"{family}\", {:?}, {layout}", page.language)
}

/// Returns the review report of the changes. Only this function of the importer calls `diff`.
fn review(before: &str, after: &str) -> String {
    let arena = Arena::new();
    let read = |text: &str| match text.trim() {
        "" => Ok(Catalog::EMPTY),
        _ => parse(&arena, CATALOG, text),
    };
    match (read(before), read(after)) {
        (Ok(before), Ok(after)) => {
            format!("\n{}", crate::diff::report(&before, &after).text(CATALOG, "after the import"))
        }
        (Err(report), _) | (_, Err(report)) => report.to_string(),
    }
}

/// Returns the day of an option, or the error that it is none.
fn day_of(option: &str, day: String) -> Result<String, Error> {
    if is_day(&day) {
        Ok(day)
    } else {
        Err(Error::Usage(format!("`--{option} {day}` is no day: write YYYY-MM-DD")))
    }
}

/// Whether the text is a day of the calendar, `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    text.parse::<Date>().is_ok_and(|day| day.to_string() == text)
}

/// Returns today's date in UTC.
fn today() -> String {
    Timestamp::now().to_zoned(TimeZone::UTC).date().to_string()
}
