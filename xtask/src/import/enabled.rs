//! Pages of the family "CAM-enabled API".

use std::collections::HashMap;

use tencent_cam_codegen::model::{AccessLevel, IpRestriction, ServiceGranularity};

use super::document::{Block, Cell, Layout, PageLink, Table};
use super::page::{Page, Product, Reading, Row, columns, name, patterns};
use super::words::{self, Column, ProductColumn};

/// What stands above a table.
enum Above {
    Nothing,
    Group(AccessLevel),
    Unknown(usize, String),
}

const REQUIRED: &[Column] =
    &[Column::Name, Column::Description, Column::Granularity, Column::Pattern, Column::Ip];

pub(super) fn read(blocks: &[Block], page: &mut Page, reading: &mut Reading<'_>) {
    let mut above = Above::Nothing;
    for block in blocks {
        match block {
            Block::Heading { at, text } => {
                if page.title.is_none() && words::group(text).is_none() && !words::is_other_heading(text) {
                    page.title = Some(text.clone());
                }
                above = heading(*at, text);
            }
            Block::Text { lines, .. } => {
                if let Some((at, line)) = lines.last() {
                    above =
                        if words::is_prose(line) && words::group(line).is_none() && line.chars().count() > 24
                            || ends_a_sentence(line)
                        {
                            match above {
                                // A sentence may stand between a heading and its table.
                                Above::Group(level) => Above::Group(level),
                                Above::Nothing | Above::Unknown(..) => Above::Nothing,
                            }
                        } else {
                            heading(*at, line)
                        };
                }
            }
            Block::Table(table) if is_product(table) => {
                product(table, page, reading);
                above = Above::Nothing;
            }
            Block::Table(table) => {
                let level = match std::mem::replace(&mut above, Above::Nothing) {
                    Above::Group(level) => Some(level),
                    Above::Nothing => {
                        let message = "no group stands above this table: the access level of its actions is left unknown";
                        reading.remark(table.at, message.to_owned());
                        None
                    }
                    Above::Unknown(at, text) => {
                        let message = format!(
                            "unknown heading `{text}`: the groups are write, read, list and other operations"
                        );
                        reading.fault(at, message);
                        continue;
                    }
                };
                if page.layout == Layout::Blanks {
                    lines(table, level, page, reading);
                } else {
                    cells(table, level, page, reading);
                }
            }
        }
    }
    if page.product.is_none() && reading.faults.is_empty() {
        reading.remark(0, "the page has no table of basic facts".to_owned());
    }
}

fn heading(at: usize, text: &str) -> Above {
    match words::group(text) {
        Some(level) => Above::Group(level),
        None if words::is_other_heading(text) => Above::Nothing,
        None => Above::Unknown(at, text.to_owned()),
    }
}

fn ends_a_sentence(line: &str) -> bool {
    line.ends_with(['.', '。', '?', '？', '!', '！', ';', '；'])
}

fn is_product(table: &Table) -> bool {
    table.header.first().is_some_and(|cell| words::is_product_line(&cell.text))
        || table
            .header
            .iter()
            .any(|cell| words::product_column(&cell.text) == Some(ProductColumn::Abbreviation))
}

fn product(table: &Table, page: &mut Page, reading: &mut Reading<'_>) {
    let Some(row) = table.rows.first() else {
        reading.fault(table.at, "the table of basic facts has no row".to_owned());
        return;
    };
    if let Some(second) = table.rows.get(1) {
        reading.fault(second[0].at, "the table of basic facts has a second row".to_owned());
    }
    let mut split = Vec::new();
    let mut product = Product::default();
    let known: Vec<(ProductColumn, &Cell)> = if page.layout == Layout::Blanks {
        let (columns, rest) = words::product_columns_of_line(&table.header[0].text);
        if !rest.is_empty() {
            reading.fault(table.at, format!("unknown heading `{rest}` of the basic facts"));
            return;
        }
        let Some(texts) = product_line(&row[0].text, columns.len()) else {
            reading.fault(
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
                    reading.fault(cell.at, format!("the basic facts have nothing under `{}`", cell.line()));
                }
                (None, _) => {
                    reading.fault(cell.at, format!("unknown heading `{}` of the basic facts", cell.line()));
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
                reading.fault(cell.at, format!("`{text}` is neither supported nor not supported"));
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
                    reading.fault(cell.at, format!("`{text}` is no granularity"));
                }
            }
        }
    }
    page.product = Some(product);
}

/// The cells of a line of basic facts: only the name may hold blanks that no word for a fact explains.
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

/// A row's cells, before they are understood.
struct Raw {
    at: usize,
    name: String,
    description: String,
    granularity: String,
    patterns: Vec<String>,
    ip: String,
    doc_url: Option<String>,
    references: Vec<PageLink>,
}

fn cells(table: &Table, level: Option<AccessLevel>, page: &mut Page, reading: &mut Reading<'_>) {
    let Some(columns) = columns(table, REQUIRED, reading) else { return };
    let places: HashMap<Column, usize> = columns.into_iter().map(|(at, column)| (column, at)).collect();
    let cell = |row: &[Cell], column: Column| {
        places.get(&column).and_then(|at| row.get(*at)).cloned().unwrap_or_default()
    };
    for (number, row) in table.rows.iter().enumerate() {
        let at = row[0].at;
        let ip = cell(row, Column::Ip);
        let last = table.cut && number + 1 == table.rows.len();
        if last && (row.len() < table.header.len() || words::support(&ip.text).is_none()) {
            reading.cut(at, &row[0].line());
            continue;
        }
        if row.len() != table.header.len() {
            reading.width(row, table.header.len());
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
            ip: ip.line(),
            doc_url: named.links.first().map(|link| link.url.clone()),
            references: description.links,
        };
        understand(raw, level, page, reading);
    }
}

fn lines(table: &Table, level: Option<AccessLevel>, page: &mut Page, reading: &mut Reading<'_>) {
    let (columns, rest) = words::columns_of_line(&table.header[0].text);
    let before = reading.faults.len();
    if !rest.is_empty() {
        reading.fault(table.at, format!("unknown heading `{rest}` of a table"));
    }
    for column in REQUIRED.iter().filter(|column| !columns.contains(column)) {
        reading.fault(table.at, format!("the table has no column `{}`", column.title()));
    }
    if reading.faults.len() == before && columns != REQUIRED {
        reading.fault(
            table.at,
            "the columns stand in another order, which rows without separators cannot follow".to_owned(),
        );
    }
    if reading.faults.len() > before {
        return;
    }
    for (number, row) in table.rows.iter().enumerate() {
        let (at, line) = (row[0].at, row[0].text.as_str());
        let last = table.cut && number + 1 == table.rows.len();
        match split(at, line) {
            Ok(raw) => understand(raw, level, page, reading),
            Err(_) if last && is_beginning(line) => reading.cut(at, line),
            Err(reason) => {
                let shown = line.split_whitespace().next().unwrap_or_default();
                reading.fault(at, format!("the row of `{shown}` is not understood: {reason}"));
            }
        }
    }
}

/// Whether a line that is no row may be the beginning of one.
fn is_beginning(line: &str) -> bool {
    let name = line.split_whitespace().next().unwrap_or_default();
    if !words::is_name(name) {
        return false;
    }
    // With a pattern in it, what follows must be the beginning of a word for support.
    let mut tail = line.split_whitespace().rev().take_while(|word| !word.starts_with("qcs:") && *word != "*");
    let has_pattern = line.split_whitespace().skip(1).any(|word| word.starts_with("qcs:") || word == "*");
    let behind: Vec<&str> = tail.by_ref().collect();
    !has_pattern || behind.iter().rev().copied().collect::<String>().is_empty() || {
        let text: String = behind.iter().rev().copied().collect();
        words::begins_support(&text)
    }
}

/// Takes a line apart from its end: only the description may hold blanks.
fn split(at: usize, line: &str) -> Result<Raw, &'static str> {
    let line = line.replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n");
    let (name, rest) =
        line.split_once(char::is_whitespace).ok_or("it has no granularity, pattern and IP restriction")?;
    let (rest, _) = words::support_at_end(rest).ok_or("it does not end in an IP restriction")?;
    let ip = line[name.len() + 1 + rest.len()..].trim().to_owned();
    let mut head = rest.trim_end();
    let mut found = Vec::new();
    loop {
        let start = head
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + head[at..].chars().next().map_or(1, char::len_utf8));
        let word = &head[start..];
        let separator = matches!(word, "," | ";" | "，" | "；" | "、");
        if !(word == "*" || word.starts_with("qcs:") || separator) {
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
        description: super::document::one_line(description),
        granularity,
        patterns: patterns(&found.join("\n")),
        ip,
        doc_url: None,
        references: Vec::new(),
    })
}

fn understand(raw: Raw, access_level: Option<AccessLevel>, page: &mut Page, reading: &mut Reading<'_>) {
    let before = reading.faults.len();
    let Some(name) = name(raw.at, &raw.name, reading) else { return };
    let mut wrong =
        |reason: String| reading.fault(raw.at, format!("the row of `{name}` is not understood: {reason}"));
    let level = match words::granularity(&raw.granularity) {
        Some(ServiceGranularity::Resource) => Some(true),
        Some(ServiceGranularity::Operation) => Some(false),
        Some(ServiceGranularity::Service) => {
            wrong("an API is not authorised at service level".to_owned());
            None
        }
        None => {
            wrong(format!("`{}` is no granularity", raw.granularity));
            None
        }
    };
    let ip_condition = match words::support(&raw.ip) {
        Some(IpRestriction::Supported) => Some(true),
        Some(IpRestriction::Unsupported) => Some(false),
        Some(IpRestriction::Partial) => {
            wrong("one API cannot support an IP restriction partially".to_owned());
            None
        }
        None if is_dash(&raw.ip) => None,
        None => {
            wrong(format!("`{}` is no IP restriction", raw.ip));
            None
        }
    };
    let star = raw.patterns.iter().any(|pattern| pattern == "*");
    match level {
        Some(true) if raw.patterns.is_empty() => wrong("it is resource level and has no pattern".to_owned()),
        Some(true) if star => wrong("it is resource level, yet its resource is `*`".to_owned()),
        Some(false) if raw.patterns.iter().any(|pattern| pattern != "*") => {
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
    let doc_url = raw.doc_url.and_then(|url| reading.url(raw.at, &name, &url, page.language));
    let mut references = Vec::new();
    for link in raw.references {
        if let Some(url) = reading.url(raw.at, &name, &link.url, page.language) {
            references.push(PageLink { title: link.title, url });
        }
    }
    if reading.faults.len() > before {
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
    });
}
