//! Reads the text of a page.

use std::collections::{HashMap, HashSet};

use super::block::{Block, Cell, End, Table};
use super::page::{Family, Layout, Message, Page, Place, Row};
use super::reading::Reading;
use super::words::{self, Column};
use super::{document, enabled, html, manageable, paths, text};

/// Reads a page, or reports everything that is wrong with it.
///
/// # Errors
///
/// Every row that it does not understand and every heading that is unknown or missing, each with its place, in the order of
/// the page.
pub fn read(text: &str) -> Result<Page, Vec<Message>> {
    let page = read_partly(text);
    if page.errors.is_empty() { Ok(page) } else { Err(page.errors) }
}

/// Reads the rows that it understands. The errors of the page list the rest.
#[must_use]
pub fn read_partly(text: &str) -> Page {
    let text = text::normal(text);
    let mut blocks = document::read(&text);
    let mut reading = Reading::new(&text);
    repeat_above(&mut blocks, &mut reading);
    let by_path = paths::is_family(&blocks);
    let tables = || {
        blocks.iter().filter_map(|block| match block {
            Block::Table(table) if is_api_table(table) => Some(table),
            _ => None,
        })
    };
    let header: String = blocks
        .iter()
        .find_map(|block| match block {
            Block::Table(table) if by_path || is_api_table(table) => Some(table),
            _ => None,
        })
        .map(|table| table.header.iter().map(|cell| cell.text.as_str()).collect())
        .unwrap_or_default();
    let mut page = Page {
        family: if by_path {
            Family::ResourcePath
        } else if is_manageable(&blocks, tables()) {
            Family::Manageable
        } else {
            Family::CamEnabled
        },
        layout: tables().next().map_or(Layout::Markdown, |table| table.layout),
        language: words::language(&header),
        title: None,
        product: None,
        rows: Vec::new(),
        forms: Vec::new(),
        links: Vec::new(),
        notes: Vec::new(),
        errors: Vec::new(),
        lost: 0,
        cut: None,
    };
    if let Some(Block::Heading { at, text, .. }) = blocks.last() {
        if !words::is_footer(text) {
            reading.ends(*at, &format!("behind the heading `{text}`"));
        }
    }
    let stray = if header.is_empty() { HashSet::new() } else { strays(&blocks, by_path, &mut reading) };
    if header.is_empty() {
        reading.error(
            0,
            "this is no permission page: it has no table of APIs, whose headings begin with `API` or `接口名`".to_owned(),
        );
    } else if by_path {
        paths::read(&blocks, &mut page, &mut reading);
    } else if page.family == Family::Manageable {
        manageable::read(&blocks, &mut page, &mut reading);
    } else {
        enabled::read(&blocks, &mut page, &mut reading);
    }
    if by_path {
        // A row that stands in no table may add to what was read of its API.
        page.rows.retain(|row| {
            let kept = !stray.contains(&row.name);
            if !kept {
                let message =
                    format!("`{}` is left out: it stands also in a line outside of the tables", row.name);
                reading.errors.push(Message { place: row.place, message });
            }
            kept
        });
    }
    match blocks.last() {
        // Also a table that is passed over may be the beginning of another one.
        Some(Block::Table(table))
            if table.layout != Layout::Whitespace
                && matches!(table.end, End::InHead | End::InRow | End::BehindRow) =>
        {
            reading.ends(table.at, "within a table");
        }
        Some(Block::Stray { at, .. }) => reading.ends(*at, "within a line of a table"),
        _ => {}
    }
    if let Some((at, what)) = reading.open {
        reading.ends(at, &format!("within {what}"));
    }
    reading.tell_left_out();
    let told = reading.errors.len();
    if !header.is_empty() {
        lost(&text, &page, &mut reading);
    }
    page.lost = reading.errors.len() - told;
    duplicates(&mut page.rows, &mut reading);
    if page.rows.is_empty() && reading.errors.is_empty() {
        reading.error(0, "the page has no whole row".to_owned());
        reading.errors.extend(reading.cut.clone());
    }
    reading.notes.sort_by_key(|note| note.place);
    reading.errors.sort_by_key(|error| error.place);
    page.notes = reading.notes;
    page.cut = reading.cut;
    page.errors = reading.errors;
    page
}

/// Puts the cell above in the place of each cell that says that it is the same.
fn repeat_above(blocks: &mut [Block], reading: &mut Reading<'_>) {
    let tables = blocks.iter_mut().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    for table in tables {
        for row in 1..table.rows.len() {
            let (above, below) = table.rows.split_at_mut(row);
            let above = &above[row - 1];
            // Of rows of another length, the cells need not be those of the same column.
            if below[0].len() != above.len() {
                continue;
            }
            for (cell, above) in below[0].iter_mut().zip(above) {
                let text = cell.line();
                if words::is_ditto(&text) {
                    reading.note(cell.at, format!("`{text}` is read as the cell above, `{}`", above.line()));
                    *cell = Cell { at: cell.at, ..above.clone() };
                }
            }
        }
    }
}

fn is_manageable<'b>(blocks: &[Block], mut tables: impl Iterator<Item = &'b Table> + Clone) -> bool {
    let any = |table: &Table, of: &[Column]| {
        table.header.iter().any(|cell| words::column(&cell.text).is_some_and(|column| of.contains(&column)))
    };
    if tables.clone().any(|table| any(table, &[Column::Category, Column::Console, Column::Restriction])) {
        return true;
    }
    let headed = blocks.iter().any(|block| match block {
        Block::Heading { text, .. } => words::section(text).is_some() || words::surface(text).is_some(),
        _ => false,
    });
    headed && !tables.any(|table| any(table, &[Column::Granularity]))
}

fn is_api_table(table: &Table) -> bool {
    let Some(first) = table.header.first() else { return false };
    words::column(&first.text) == Some(Column::Name)
        || words::is_header_line(&first.text)
        || table.header.iter().filter(|cell| words::column(&cell.text).is_some()).count() >= 3
            && table
                .header
                .iter()
                .all(|cell| words::product_column(&cell.text) != Some(words::ProductColumn::Abbreviation))
}

/// Reports lines outside of tables that look like rows, and returns the names in their cells.
fn strays(blocks: &[Block], by_path: bool, reading: &mut Reading<'_>) -> HashSet<String> {
    let mut names = HashSet::new();
    // On a page by resource path, prose speaks of products whose names look like those of APIs.
    let is_row = |text: &str| {
        by_path && has_path_cells(text) || is_row(text) && !(by_path && words::is_sentence(text.trim()))
    };
    // Beside rows with whitespace between the cells, a line that begins with a name is a row whatever else it has.
    let in_words = blocks.iter().any(|block| matches!(block, Block::Text { text, .. } if is_row(text)));
    let begins_row = |text: &str| {
        in_words
            && words::looks_like_name(first_word(text))
            && text.contains(char::is_whitespace)
            && !words::is_sentence(text.trim())
    };
    let is_row = |text: &str| is_row(text) || begins_row(text);
    // The head of a table with one cell a line that has no borders.
    let begins_head = |number: usize, text: &str| {
        words::column(text) == Some(Column::Name)
            && matches!(blocks.get(number + 1), Some(Block::Text { text, .. }) if words::column(text).is_some())
    };
    let mut beside = false;
    for (number, block) in blocks.iter().enumerate() {
        let (at, text) = match block {
            Block::Stray { at, text } => (at, text),
            Block::Text { at, text, .. } if is_row(text) => (at, text),
            Block::Text { at, text, .. } if begins_head(number, text) => {
                let message =
                    format!("`{text}` is the head of a table without borders: write `|` between its cells");
                reading.error(*at, message);
                continue;
            }
            _ => {
                beside = matches!(block, Block::Table(_));
                continue;
            }
        };
        let cells: Vec<&str> = text.split('|').map(str::trim).collect();
        let last = blocks[number + 1..].is_empty();
        if last && cells.iter().any(|cell| words::column(cell).is_some()) {
            reading.ends(*at, "within the head of a table");
        } else if beside || is_row(text) {
            reading.error(*at, format!("this line stands in no table: `{}`", shortened(text)));
            let found = cells.iter().map(|cell| first_word(cell)).filter(|word| words::looks_like_name(word));
            names.extend(found.map(str::to_owned));
            // Those that follow it are beside it.
            beside = true;
        }
    }
    names
}

/// Whether a line looks like the row of an API, or like its beginning.
fn is_row(line: &str) -> bool {
    let first = first_word(line);
    if line.contains('|') {
        let mut cells = line.split('|').map(str::trim);
        let fact = |cell: &str| {
            words::granularity(cell).is_some() || cell.trim_start_matches('`').starts_with("qcs:")
        };
        return words::looks_like_name(first) || words::is_name(first) && first != "qcs" && cells.any(fact);
    }
    if html::has_cells(line) || !words::looks_like_name(first) {
        return words::looks_like_name(first);
    }
    // Of an operation-level API, many pages state a `*` and nothing else.
    let last = line.split_whitespace().next_back();
    let ends_in_star = last.is_some_and(|word| word.trim_matches(['\\', '`']) == "*");
    ends_in_star
        || (words::has_granularity(line) || line.contains("qcs:"))
            && (words::ends_row(line)
                || line.split_whitespace().any(|word| word == "*" || word.starts_with("qcs:")))
}

/// Whether the cells of a line have a resource, or the name of an API in any place.
fn has_path_cells(line: &str) -> bool {
    let has_name = |cell: &str| words::looks_like_name(first_word(cell.trim()));
    line.contains('|') && (line.contains("qcs:") || line.split('|').skip(1).any(has_name))
}

/// Returns the first word of a row, without markup.
fn first_word(line: &str) -> &str {
    let mut rest = line.trim_start_matches([' ', '>', '|', '[', '`', '*']);
    while let Some((_, behind)) = rest.strip_prefix('<').and_then(|tag| tag.split_once('>')) {
        rest = behind.trim_start_matches([' ', '[', '`']);
    }
    let end = rest.find(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
    &rest[..end.unwrap_or(rest.len())]
}

/// Reports every line that looks like a row and that no message is about yet. So even a page in an unknown layout loses no
/// row in silence.
fn lost(text: &str, page: &Page, reading: &mut Reading<'_>) {
    let names: HashSet<&str> = page.rows.iter().map(|row| row.name.as_str()).collect();
    let told = reading.errors.iter().chain(&reading.notes).chain(&reading.cut);
    let mut lines: HashSet<usize> = told.map(|message| message.place.line).collect();
    lines.extend(page.rows.iter().map(|row| row.place.line));
    lines.extend(&reading.accounted);
    let by_cell = page.layout == Layout::CellLines;
    for (number, (at, line)) in text::lines(text).enumerate() {
        let first = first_word(line);
        // With one cell a line, any line may be a description.
        if page.family == Family::ResourcePath && words::is_sentence(line.trim()) {
            continue;
        }
        let by_path = page.family == Family::ResourcePath && line.contains("qcs:") && has_path_cells(line);
        if !(is_row(line) || by_path) || names.contains(first) || lines.contains(&(number + 1)) {
            continue;
        }
        if by_cell && line.matches('|').count() == 1 {
            continue;
        }
        reading.error(at, format!("this line looks like a row and was not read: `{}`", shortened(line)));
    }
}

fn shortened(line: &str) -> String {
    let line = text::one_line(line);
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// Removes all rows that share their name with another row, because none of them is sure to be right.
fn duplicates(rows: &mut Vec<Row>, reading: &mut Reading<'_>) {
    let mut first: HashMap<String, Place> = HashMap::new();
    let mut twice: HashSet<String> = HashSet::new();
    for row in rows.iter() {
        if let Some(first) = first.get(row.name.as_str()) {
            let message = format!("`{}` stands twice on the page: the first is at {first}", row.name);
            reading.errors.push(Message { place: row.place, message });
            twice.insert(row.name.clone());
        } else {
            first.insert(row.name.clone(), row.place);
        }
    }
    rows.retain(|row| !twice.contains(&row.name));
}
