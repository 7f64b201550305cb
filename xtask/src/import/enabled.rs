//! Reads pages of the family "CAM-enabled API".

use std::collections::HashSet;

use cam_policy::catalog::{AccessLevel, IpRestriction, ServiceGranularity};

use super::block::{Block, Cell, End, Table};
use super::links::Link;
use super::page::{Layout, Page, Product, Row};
use super::pattern::patterns;
use super::reading::{Reading, columns, fitted, has_names, name};
use super::words::{self, Column, ProductColumn};

const REQUIRED: &[Column] = &[Column::Name, Column::Description, Column::Granularity, Column::Pattern];

/// The headings above a table.
enum Above {
    Nothing,
    Group(AccessLevel),
    Unknown(usize, String),
}

/// A heading that names a group.
struct Heading {
    at: usize,
    text: String,
    /// 1 for the highest. It is more than any heading has if the layout does not say it.
    level: usize,
    group: AccessLevel,
    has_table: bool,
}

const NO_LEVEL: usize = 7;

pub(super) fn read(blocks: &[Block], page: &mut Page, reading: &mut Reading<'_>) {
    let mut above = Above::Nothing;
    let mut headings: Vec<Heading> = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { at, level, text } => {
                let known = words::group(text).is_some();
                if page.title.is_none() && !known && !words::is_other_heading(text) {
                    page.title = Some(text.clone());
                }
                above = match headings.last().filter(|_| !known && !words::speaks_of_operations(text)) {
                    // A part of a group belongs to the group.
                    Some(group) if *level > group.level => Above::Group(group.group),
                    _ => heading(*at, *level, text, &mut headings),
                };
                if !known && !matches!(above, Above::Group(_)) {
                    if let Some(last) = headings.last_mut() {
                        last.level = NO_LEVEL;
                    }
                }
            }
            Block::Text { at, text, item: false, .. } => {
                above = match above {
                    _ if words::group(text).is_some() => heading(*at, NO_LEVEL, text, &mut headings),
                    // A sentence, or the name of a part, may stand between a heading and its table.
                    Above::Group(group) if is_prose(text) || !words::speaks_of_operations(text) => {
                        Above::Group(group)
                    }
                    Above::Unknown(at, unknown)
                        if is_prose(text) && words::speaks_of_operations(&unknown) =>
                    {
                        Above::Unknown(at, unknown)
                    }
                    _ if is_prose(text) => Above::Nothing,
                    _ => heading(*at, NO_LEVEL, text, &mut headings),
                };
            }
            Block::Text { .. } | Block::Stray { .. } => {}
            Block::Table(table) if is_product(table) => {
                product(table, page, reading);
                reading.account(table);
                above = Above::Nothing;
            }
            Block::Table(table) => {
                let states = |column| has_column(table, column);
                let of_apis = states(Column::Name) || states(Column::Granularity) || states(Column::Pattern);
                let level = match std::mem::replace(&mut above, Above::Nothing) {
                    _ if !of_apis && !has_names(table) => {
                        reading.pass_over(table, "it lists no APIs");
                        continue;
                    }
                    Above::Unknown(at, text) if !states(Column::Granularity) && !states(Column::Pattern) => {
                        reading.pass_over(
                            table,
                            &format!("it stands under `{text}` and states no authorization"),
                        );
                        above = Above::Unknown(at, text);
                        continue;
                    }
                    Above::Group(level) => {
                        if let Some(last) = headings.last_mut() {
                            last.has_table = true;
                        }
                        Some(level)
                    }
                    Above::Nothing => {
                        let message = "no group stands above this table: the access level of its actions is left unknown";
                        reading.note(table.at, message.to_owned());
                        None
                    }
                    Above::Unknown(at, text) => {
                        let message = format!(
                            "unknown heading `{text}`: the groups are write, read, list and other operations"
                        );
                        reading.error(at, message);
                        reading.account(table);
                        continue;
                    }
                };
                match table.end {
                    End::InHead => {
                        reading.ends(table.at, "within the head of a table");
                        continue;
                    }
                    End::BehindRow => reading.ends_behind(table),
                    End::Whole | End::InRow | End::Open => {}
                }
                if table.layout == Layout::Whitespace {
                    lines(table, level, page, reading);
                } else {
                    cells(table, level, page, reading);
                }
            }
        }
    }
    without_tables(&headings, blocks, reading);
    if page.product.is_none() && reading.errors.is_empty() {
        reading.note(0, "the page has no table of basic facts".to_owned());
    }
}

fn heading(at: usize, level: usize, text: &str, headings: &mut Vec<Heading>) -> Above {
    match words::group(text) {
        Some(group) => {
            headings.push(Heading { at, text: text.to_owned(), level, group, has_table: false });
            Above::Group(group)
        }
        None if words::is_other_heading(text) || words::is_footer(text) => Above::Nothing,
        None => Above::Unknown(at, text.to_owned()),
    }
}

/// Reports the groups whose tables the page lacks.
fn without_tables(headings: &[Heading], blocks: &[Block], reading: &mut Reading<'_>) {
    let with: HashSet<AccessLevel> =
        headings.iter().filter(|heading| heading.has_table).map(|heading| heading.group).collect();
    // A table of contents also names groups.
    for heading in headings.iter().filter(|heading| !heading.has_table && !with.contains(&heading.group)) {
        let last = blocks.iter().rev().find(|block| match block {
            Block::Text { text, .. } => !words::is_footer(text),
            _ => true,
        });
        if last.is_some_and(|last| last.at() == heading.at) {
            reading.ends(heading.at, &format!("behind the heading `{}`", heading.text));
        } else if reading.cut.is_none() && !words::is_bare_group(&heading.text) {
            reading.error(heading.at, format!("no table stands under the heading `{}`", heading.text));
        }
    }
}

fn is_prose(line: &str) -> bool {
    words::is_sentence(line)
        || line.ends_with([':', '：']) && !words::speaks_of_operations(line)
        || words::is_prose(line) && line.chars().count() > 24
        || words::is_footer(line)
}

fn is_product(table: &Table) -> bool {
    table.header.first().is_some_and(|cell| words::is_product_line(&cell.text))
        || table
            .header
            .iter()
            .any(|cell| words::product_column(&cell.text) == Some(ProductColumn::Abbreviation))
}

fn has_column(table: &Table, column: Column) -> bool {
    table.header.iter().any(|cell| words::column(&cell.text) == Some(column))
        || table.header.first().is_some_and(|cell| words::columns_of_line(&cell.text).0.contains(&column))
}

fn product(table: &Table, page: &mut Page, reading: &mut Reading<'_>) {
    let Some(row) = table.rows.first() else {
        if table.end == End::Whole {
            reading.error(table.at, "the table of basic facts has no row".to_owned());
        } else {
            reading.ends(table.at, "within the basic facts");
        }
        return;
    };
    if table.ends_within(0) && row.len() < table.header.len() {
        reading.ends(table.at, "within the basic facts");
        return;
    }
    if let Some(second) = table.rows.get(1) {
        reading.error(second[0].at, "the table of basic facts has a second row".to_owned());
    }
    let mut split = Vec::new();
    let mut product = Product::default();
    let known: Vec<(ProductColumn, &Cell)> = if table.layout == Layout::Whitespace {
        let (columns, rest) = words::product_columns_of_line(&table.header[0].text);
        if !rest.is_empty() {
            reading.error(table.at, format!("unknown heading `{rest}` of the basic facts"));
            return;
        }
        let Some(texts) = product_line(&row[0].text, columns.len()) else {
            reading.error(
                row[0].at,
                "the row of basic facts is not understood: it has too few cells".to_owned(),
            );
            return;
        };
        split.extend(texts.into_iter().map(|text| Cell::plain(row[0].at, &text)));
        columns.into_iter().zip(&split).collect()
    } else {
        let mut known = Vec::new();
        for (at, cell) in table.header.iter().enumerate() {
            match (words::product_column(&cell.text), row.get(at)) {
                (Some(column), Some(found)) => known.push((column, found)),
                (Some(_), None) => {
                    reading.error(cell.at, format!("the basic facts have nothing under `{}`", cell.line()));
                }
                (None, _) => {
                    reading.error(cell.at, format!("unknown heading `{}` of the basic facts", cell.line()));
                }
            }
        }
        known
    };
    for (column, cell) in known {
        let text = cell.line();
        let mut support = || {
            let found = words::support(&text);
            if found.is_none() && !is_dash(&text) {
                reading.error(cell.at, format!("`{text}` is neither supported nor not supported"));
            }
            found
        };
        match column {
            ProductColumn::Name => product.name = text,
            ProductColumn::Abbreviation => product.abbreviation = text,
            ProductColumn::Console => {
                product.console_access = support().map(|found| found != IpRestriction::Unsupported);
            }
            ProductColumn::Tag => {
                product.tag_authorization = support().map(|found| found != IpRestriction::Unsupported);
            }
            ProductColumn::Ip => product.ip_restriction = support(),
            ProductColumn::Granularity => {
                product.granularity = words::granularity(&text);
                if product.granularity.is_none() {
                    reading.error(cell.at, format!("`{text}` is no granularity"));
                }
            }
        }
    }
    page.product = Some(product);
}

/// Returns the cells of a line of basic facts. Only the name may contain whitespace that is not within a word for a fact.
fn product_line(line: &str, count: usize) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut rest = line;
    for _ in 2..count {
        let trimmed = rest.trim_end();
        let found = words::support_at_end(trimmed)
            .map(|(before, _)| before)
            .or_else(|| words::granularity_at_end(trimmed).map(|(before, _)| before))
            .or_else(|| trimmed.rfind(char::is_whitespace).map(|at| &trimmed[..at]))?;
        cells.push(trimmed[found.len()..].trim().to_owned());
        rest = found;
    }
    let (name, abbreviation) = rest.trim_end().rsplit_once(char::is_whitespace)?;
    cells.push(abbreviation.to_owned());
    cells.push(name.trim().to_owned());
    cells.reverse();
    Some(cells)
}

fn is_dash(text: &str) -> bool {
    matches!(text, "-" | "--" | "—" | "/" | "")
}

/// The cells of a row, as text.
struct Raw {
    at: usize,
    name: String,
    description: String,
    granularity: String,
    patterns: Vec<String>,
    /// `None` if the table has no such column.
    ip: Option<String>,
    doc_url: Option<String>,
    references: Vec<Link>,
}

fn cells(table: &Table, level: Option<AccessLevel>, page: &mut Page, reading: &mut Reading<'_>) {
    let Some(places) = columns(table, REQUIRED, &[Column::Ip], reading) else {
        reading.account(table);
        return;
    };
    let width = table.header.len();
    let cell = |row: &[Cell], column: Column| {
        places.get(&column).and_then(|at| row.get(*at)).cloned().unwrap_or_default()
    };
    let has_ip = places.contains_key(&Column::Ip);
    let before = page.rows.len();
    if table.rows.is_empty() {
        reading.error(table.at, "this table has no row".to_owned());
    }
    for (number, row) in table.rows.iter().enumerate() {
        let row = fitted(row, width);
        let at = row[0].at;
        let ip = has_ip.then(|| cell(row, Column::Ip).line());
        if table.ends_within(number) {
            let others = || table.rows[..number].iter().map(|row| cell(row, Column::Ip).line());
            let last = ip.as_ref().filter(|_| places.get(&Column::Ip) == Some(&(width - 1)));
            if row.len() < width || last.is_none_or(|ip| may_go_on(ip, others())) {
                reading.cut(at, &row[0].line());
                continue;
            }
            if table.end == End::InRow {
                reading.ends_behind(table);
            }
        }
        if row.len() != width {
            reading.width(row, width);
        }
        if table.layout == Layout::CellLines {
            let fits = |column, is: fn(&str) -> bool| is(&cell(row, column).line());
            let aligned = row.len() == width
                && fits(Column::Name, words::is_name)
                && fits(Column::Pattern, |text| text == "*" || text.starts_with("qcs:") || is_dash(text))
                && (!has_ip
                    || fits(Column::Ip, |text| {
                        words::support(text).is_some() || !text.is_empty() && is_dash(text)
                    }));
            if !aligned && has_ip {
                return unaligned(&table.rows[number..], reading);
            }
            if !aligned {
                // The head may be the row that lacks a cell.
                page.rows.truncate(before);
                return unaligned(&table.rows, reading);
            }
        }
        if row.len() != width {
            continue;
        }
        let (named, description) = (cell(row, Column::Name), cell(row, Column::Description));
        let pattern = cell(row, Column::Pattern);
        let literal = if pattern.literal.is_empty() { &pattern.text } else { &pattern.literal };
        let raw = Raw {
            at,
            name: named.line(),
            description: description.line(),
            granularity: cell(row, Column::Granularity).line(),
            patterns: patterns(literal),
            ip,
            doc_url: named.links.first().map(|link| link.url.clone()),
            references: description.links,
        };
        understand(raw, level, page, reading);
    }
}

/// Reports the rest of a table in which a cell is missing or one too many: each later cell may belong to another column.
fn unaligned(rows: &[Vec<Cell>], reading: &mut Reading<'_>) {
    let first = rows[0][0].line();
    for (number, cell) in rows.iter().flatten().enumerate() {
        if number == 0 {
            reading.error(
                cell.at,
                format!("from `{first}` on, the cells of this table do not fit its headings: one is missing, or one too many"),
            );
        }
        let within = cell.text.split_whitespace().skip(usize::from(number == 0));
        for name in within.filter(|word| words::looks_like_name(word)) {
            reading.error(cell.at, format!("`{name}` is not read: the cells do not fit from `{first}` on"));
        }
    }
}

/// Whether the last word of a page may be the beginning of another one: `no` of `not supported`, unless the page
/// writes so.
fn may_go_on(ip: &str, mut others: impl Iterator<Item = String>) -> bool {
    words::support(ip).is_none() || words::is_ambiguous_support(ip) && !others.any(|other| other == ip)
}

fn lines(table: &Table, level: Option<AccessLevel>, page: &mut Page, reading: &mut Reading<'_>) {
    let (columns, rest) = words::columns_of_line(&table.header[0].text);
    let before = reading.errors.len();
    if !rest.is_empty() {
        reading.error(table.at, format!("unknown heading `{rest}` of a table"));
    }
    for column in REQUIRED.iter().filter(|column| !columns.contains(column)) {
        reading.error(table.at, format!("the table has no column `{}`", column.title()));
    }
    let has_ip = columns.len() == REQUIRED.len() + 1 && columns.last() == Some(&Column::Ip);
    if reading.errors.len() == before && !(has_ip && columns.starts_with(REQUIRED) || columns == REQUIRED) {
        reading.error(
            table.at,
            "the columns stand in another order, which rows without separators cannot follow".to_owned(),
        );
    }
    if reading.errors.len() > before {
        reading.account(table);
        return;
    }
    let rows = joined(table, has_ip);
    let mut spelled: Vec<String> = Vec::new();
    for (number, (at, line)) in rows.iter().enumerate() {
        let last = table.end == End::InRow && number + 1 == rows.len();
        match split(*at, line, has_ip) {
            Ok(raw) => {
                let ip = raw.ip.clone().unwrap_or_default();
                if last && has_ip && may_go_on(&ip, spelled.iter().cloned()) {
                    reading.cut(*at, line);
                    continue;
                }
                spelled.push(ip);
                understand(raw, level, page, reading);
            }
            Err(_) if last && is_beginning(line) => reading.cut(*at, line),
            Err(reason) => {
                let shown = line.split_whitespace().next().unwrap_or_default();
                reading.error(*at, format!("the row of `{shown}` is not understood: {reason}"));
            }
        }
    }
    if table.end == End::InRow && !has_ip && reading.cut.is_none() {
        // Without a known last word, the last pattern may be cut off.
        reading.ends_behind(table);
    }
}

/// Joins lines into rows. A row may have several lines.
fn joined(table: &Table, has_ip: bool) -> Vec<(usize, String)> {
    let mut rows: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for row in &table.rows {
        let (at, line) = (row[0].at, row[0].text.as_str());
        let first = line.split_whitespace().next().unwrap_or_default();
        let last = rows.last_mut().filter(|_| open && !words::looks_like_name(first));
        match last {
            Some((_, text)) => {
                text.push(' ');
                text.push_str(line);
            }
            None => rows.push((at, line.to_owned())),
        }
        open = rows.last().is_some_and(|(at, text)| split(*at, text, has_ip).is_err());
    }
    rows
}

/// Whether a line that is no row may be the beginning of one.
fn is_beginning(line: &str) -> bool {
    let mut words = line.split_whitespace();
    if !words.next().is_some_and(words::is_name) {
        return false;
    }
    let is_pattern = |word: &&str| word.starts_with("qcs:") || *word == "*";
    let mut behind: Vec<&str> = line.split_whitespace().rev().take_while(|word| !is_pattern(word)).collect();
    behind.reverse();
    let has_pattern = words.any(|word| is_pattern(&word));
    // Behind a pattern, only the beginning of a word for support can follow.
    !has_pattern || behind.is_empty() || words::begins_support(&behind.concat())
}

/// Splits a line into cells, from its end: only the description may contain whitespace.
fn split(at: usize, line: &str, has_ip: bool) -> Result<Raw, &'static str> {
    let line = line.replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n");
    let (name, rest) =
        line.split_once(char::is_whitespace).ok_or("it has no granularity, pattern and IP restriction")?;
    let (rest, ip) = if has_ip {
        let (before, _) = words::support_at_end(rest).ok_or("it does not end in an IP restriction")?;
        (before, Some(rest[before.len()..].trim().to_owned()))
    } else {
        (rest, None)
    };
    let mut head = rest.trim_end();
    let mut found = Vec::new();
    loop {
        let start = head
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + head[at..].chars().next().map_or(1, char::len_utf8));
        let word = &head[start..];
        let separator = matches!(word, "," | ";" | "，" | "；" | "、");
        let nothing = !has_ip && found.is_empty() && is_dash(word) && !word.is_empty();
        if !(word == "*" || nothing || word.starts_with("qcs:") || separator) {
            break;
        }
        if !separator {
            found.push(word.to_owned());
        }
        head = head[..start].trim_end();
    }
    found.reverse();
    if found.is_empty() {
        return Err("it has no pattern, `*` or six segments, before the IP restriction");
    }
    let (description, _) =
        words::granularity_at_end(head).ok_or("it has no granularity before the pattern")?;
    let granularity = head[description.len()..].to_owned();
    Ok(Raw {
        at,
        name: name.to_owned(),
        description: super::text::one_line(description),
        granularity,
        patterns: patterns(&found.join("\n")),
        ip,
        doc_url: None,
        references: Vec::new(),
    })
}

fn understand(raw: Raw, access_level: Option<AccessLevel>, page: &mut Page, reading: &mut Reading<'_>) {
    let before = reading.errors.len();
    let Some(name) = name(raw.at, &raw.name, reading) else { return };
    let mut wrong =
        |reason: String| reading.error(raw.at, format!("the row of `{name}` is not understood: {reason}"));
    let level = match words::granularity(&raw.granularity) {
        Some(ServiceGranularity::Resource) => Some(true),
        Some(ServiceGranularity::Operation) => Some(false),
        Some(_) => {
            wrong("an API is not authorised at service level".to_owned());
            None
        }
        None => {
            wrong(format!("`{}` is no granularity", raw.granularity));
            None
        }
    };
    let mut is_empty = false;
    let stated = raw.ip.as_deref().unwrap_or_default();
    let ip_condition = match words::support(stated) {
        Some(IpRestriction::Supported) => Some(true),
        Some(IpRestriction::Unsupported) => Some(false),
        Some(_) => {
            wrong("one API cannot support an IP restriction partially".to_owned());
            None
        }
        None if is_dash(stated) => {
            // In a merged cell, the fact stands in a row above.
            is_empty = raw.ip.as_ref().is_some_and(String::is_empty);
            None
        }
        None => {
            wrong(format!("`{stated}` is no IP restriction"));
            None
        }
    };
    if words::holds_a_row(&raw.description) {
        wrong("its description holds another row".to_owned());
    }
    let star = raw.patterns.iter().any(|pattern| pattern == "*");
    match level {
        Some(true) if raw.patterns.is_empty() => wrong("it is resource level and has no pattern".to_owned()),
        Some(true) if star => wrong("it is resource level, yet its resource is `*`".to_owned()),
        Some(false) if raw.patterns.iter().any(|pattern| pattern != "*" && !is_dash(pattern)) => {
            wrong(format!("it is operation level, yet its resource is `{}`", raw.patterns.join(" ")));
        }
        _ => {}
    }
    let resource_level = level == Some(true);
    let mut patterns = Vec::new();
    if resource_level && !star {
        for pattern in &raw.patterns {
            if let Some(pattern) = reading.pattern(raw.at, &name, pattern) {
                if !patterns.contains(&pattern) {
                    patterns.push(pattern);
                }
            }
        }
    }
    if is_empty {
        reading
            .note(raw.at, format!("the cell of the IP restriction of `{name}` is empty: it is left unknown"));
    }
    let doc_url = raw.doc_url.and_then(|url| reading.url(raw.at, &name, &url, page.language));
    let references = reading.links(raw.at, &name, &raw.references, page.language);
    if reading.errors.len() > before {
        return;
    }
    page.rows.push(Row {
        place: reading.place(raw.at),
        name,
        description: raw.description,
        resource_level,
        patterns,
        access_level,
        ip_condition,
        surface: None,
        category: None,
        console_pages: Vec::new(),
        doc_url,
        restriction: None,
        alternative: None,
        references,
        ..Row::default()
    });
}
