//! Runs the importer on every page of a folder.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use super::command::{kind, text_of};
use super::read::read_partly;
use super::report;
use crate::error::Error;
use crate::fs::failed;

/// Prints for every page of the folder what the importer reads and what it refuses.
///
/// Fails if the importer neither reads nor refuses a line that looks like a row.
pub(crate) fn pages(folder: &Path, out: &mut dyn Write) -> Result<(), Error> {
    let shown = folder.to_string_lossy();
    let list = |error| failed("list", &shown, &error);
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(list)? {
        let path = entry.map_err(list)?.path();
        if path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    let (mut rows, mut reported, mut lost) = (0, 0, 0);
    for path in &paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let page = match text_of(path, &name) {
            Ok(text) => read_partly(&text),
            Err(error) => {
                reported += 1;
                out.write_all(format!("{error}\n").as_bytes())?;
                continue;
            }
        };
        let mut text = format!("{name}: {}\n", kind(&page));
        let count =
            |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
        let _ = writeln!(
            text,
            "  {} read, {} reported, {} lost",
            count(page.rows.len(), "row"),
            count(page.errors.len() - page.lost, "error"),
            count(page.lost, "line")
        );
        text.push_str(&report(&name, "  error", &page.errors));
        text.push_str(&report(&name, "  warning", page.cut.as_slice()));
        out.write_all(text.as_bytes())?;
        rows += page.rows.len();
        reported += page.errors.len() - page.lost;
        lost += page.lost;
    }
    writeln!(out, "{} pages: {rows} rows read, {reported} errors reported, {lost} lines lost", paths.len())?;
    if lost > 0 {
        return Err(Error::wrong(format_args!("{lost} lines look like rows, and no table holds them")));
    }
    Ok(())
}
