//! Reads pages of the family "Manageable resources and actions".

use std::collections::{HashMap, HashSet};

use cam_policy::catalog::{ServiceGranularity, Surface};

use super::block::{Block, Cell, End, Table};
use super::page::{Form, Page, PageLink, Product, Row};
use super::pattern::{all_form, names_one, normal, patterns, shape};
use super::reading::{Reading, columns, fitted, has_names, name};
use super::text::one_line;
use super::words::{self, Column};

/// The name of a row, and the text that may name its alternative.
type Restricted = (String, String);

/// A heading of a section of APIs, and whether a table of them followed.
struct Heading {
    at: usize,
    text: String,
    of: (Option<bool>, Option<Surface>),
    has_table: bool,
}

/// What the headings above say about a table.
#[derive(Default)]
struct Above {
    supported: Option<bool>,
    /// The levels of the headings of the section and of the surface.
    section_level: usize,
    surface: Option<Surface>,
    surface_level: usize,
    unknown: Option<(usize, String)>,
    headings: Vec<Heading>,
}

const NO_LEVEL: usize = 7;

impl Above {
    /// Reads a heading. Returns false if it says nothing about APIs.
    fn heading(&mut self, at: usize, level: usize, text: &str) -> bool {
        if let Some(found) = words::section(text) {
            (self.supported, self.surface, self.unknown) = (Some(found), words::surface(text), None);
            (self.section_level, self.surface_level) = (level, level);
        } else if let (Some(found), false) = (words::surface(text), words::is_section(text)) {
            (self.surface, self.unknown) = (Some(found), None);
            self.surface_level = level;
        } else {
            return false;
        }
        let of = (self.supported, self.surface);
        self.headings.push(Heading { at, text: text.to_owned(), of, has_table: false });
        true
    }

    /// Ends the sections that an unknown heading may end.
    fn other(&mut self, at: usize, level: usize, text: &str) {
        let part = level > self.surface_level && self.surface.is_some() && level < NO_LEVEL;
        if part && !words::speaks_of_apis(text) {
            return;
        }
        if level <= self.section_level || words::is_section(text) || words::negates(text) {
            self.supported = None;
        }
        self.surface = None;
        self.unknown = Some((at, text.to_owned()));
    }

    fn table(&mut self) {
        let of = (self.supported, self.surface);
        for heading in &mut self.headings {
            heading.has_table |= heading.of == of || heading.of == (of.0, None);
        }
    }
}

pub(super) fn read(blocks: &[Block], page: &mut Page, reading: &mut Reading<'_>) {
    let mut above = Above::default();
    let mut forms = Forms::default();
    let mut restricted: Vec<Restricted> = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { at, level, text } => {
                if above.heading(*at, *level, text) {
                    continue;
                }
                if words::is_overview_heading(text) && !words::negates(text) {
                    above = Above { headings: std::mem::take(&mut above.headings), ..Above::default() };
                } else {
                    above.other(*at, *level, text);
                }
            }
            Block::Text { at, text, item, links } => {
                if !item && is_heading(text) && !above.heading(*at, NO_LEVEL, text) {
                    above.other(*at, NO_LEVEL, text);
                }
                if above.supported == Some(true) {
                    let below = page.rows.iter().any(|row| row.resource_level);
                    forms.read(*at, text, below, reading);
                }
                let links = links.iter().filter(|link| link.url.starts_with("https://"));
                page.links
                    .extend(links.map(|link| PageLink { title: link.title.clone(), url: link.url.clone() }));
            }
            Block::Stray { .. } => {}
            Block::Table(table) => read_table_under(table, &mut above, page, reading, &mut restricted),
        }
    }
    without_tables(&above, blocks, reading);
    forms.put(page, reading);
    alternatives(page, &restricted);
    page.product = Some(Product {
        console_access: page.rows.iter().any(|row| row.surface == Some(Surface::Console)).then_some(true),
        granularity: page.rows.iter().any(|row| row.resource_level).then_some(ServiceGranularity::Resource),
        ..Product::default()
    });
}

/// Whether a line of text is a heading by its words. Some layouts do not mark headings.
fn is_heading(text: &str) -> bool {
    let short = text.chars().count() <= 60 && !words::is_sentence(text) && !text.contains("qcs:");
    short && !text.ends_with([':', '：']) && (words::is_section(text) || words::surface(text).is_some())
}

fn read_table_under(
    table: &Table,
    above: &mut Above,
    page: &mut Page,
    reading: &mut Reading<'_>,
    restricted: &mut Vec<Restricted>,
) {
    let facts =
        [Column::Description, Column::Category, Column::Console, Column::Restriction, Column::Pattern];
    let states = |column| table.header.iter().any(|cell| words::column(&cell.text) == Some(column));
    let of_apis = facts.into_iter().any(states);
    // A heading about resource-level authorization has a table that counts, whatever its columns say.
    let passes = |text: &str| !of_apis && !words::is_section(text);
    if let Some((_, text)) = above.unknown.as_ref().filter(|(_, text)| passes(text)) {
        return reading.pass_over(table, &format!("it stands under `{text}` and states nothing of APIs"));
    }
    if !of_apis && !states(Column::Name) && !has_names(table) {
        return reading.pass_over(table, "it lists no APIs");
    }
    let (Some(supported), Some(surface), None) = (above.supported, above.surface, &above.unknown) else {
        match &above.unknown {
            Some((at, text)) => reading.error(
                *at,
                format!("unknown heading `{text}` above a table: it must say server or console API"),
            ),
            None => reading.error(
                table.at,
                "no heading above this table says whether its APIs support resource-level authorization, \
                 and whether they are server or console APIs"
                    .to_owned(),
            ),
        }
        return reading.account(table);
    };
    above.table();
    match table.end {
        End::InHead => return reading.ends(table.at, "within the head of a table"),
        End::BehindRow => reading.ends_behind(table),
        End::Whole | End::InRow | End::Open => {}
    }
    if supported && states(Column::Restriction) {
        reading.error(
            table.at,
            "this table states why its APIs cannot be limited to resources, yet it stands under a heading that says they can"
                .to_owned(),
        );
        return reading.account(table);
    }
    let links_to_console = |cell: &Cell| cell.links.iter().any(|link| link.url.contains("//console."));
    if surface == Surface::Server
        && states(Column::Console)
        && table.rows.iter().flatten().any(links_to_console)
    {
        reading.error(
            table.at,
            "this table links to pages of the console, yet it stands under a heading of server APIs"
                .to_owned(),
        );
        return reading.account(table);
    }
    let rows = page.rows.len();
    read_table(table, supported, surface, page, reading, restricted);
    if page.rows.len() == rows && reading.errors.is_empty() && reading.cut.is_none() {
        reading.error(table.at, "this table has no row".to_owned());
    }
}

/// Reports the headings whose tables the page lacks.
fn without_tables(above: &Above, blocks: &[Block], reading: &mut Reading<'_>) {
    let has_table = |of| above.headings.iter().any(|heading| heading.of == of && heading.has_table);
    for heading in above.headings.iter().filter(|heading| !has_table(heading.of)) {
        let following = blocks.iter().filter(|block| block.at() > heading.at);
        // A page may end within the prose between a heading and its table.
        let ends = !following.clone().any(|block| matches!(block, Block::Table(_) | Block::Heading { .. }));
        if ends {
            reading.ends(heading.at, &format!("behind the heading `{}`", heading.text));
        } else if heading.of.1.is_some() {
            reading.error(heading.at, format!("no table stands under the heading `{}`", heading.text));
        } else {
            reading.note(heading.at, format!("no table stands under the heading `{}`", heading.text));
        }
    }
}

/// Whether a line states a pattern: it has nothing else, or a colon before the pattern, and it gives no example.
fn is_stated(before: &str, behind: &str) -> bool {
    let quotes: &[char] = &[' ', '`', '"', '\'', '*', '“', '”'];
    let before = before.trim_end_matches(quotes);
    let behind = behind.trim_matches(quotes).trim_matches(['.', '。', ',', '，', ';', '；']);
    (before.is_empty() || before.ends_with([':', '：'])) && behind.is_empty() && !words::gives_example(before)
}

/// Reads the patterns that the page states for all its resource-level APIs.
#[derive(Default)]
struct Forms {
    singles: Vec<Single>,
    alls: Vec<String>,
    wrong: bool,
}

/// A pattern of one resource.
struct Single {
    at: usize,
    pattern: String,
    /// Whether the words before it say that it names one resource.
    is_said: bool,
}

impl Single {
    fn service(&self) -> Option<&str> {
        self.pattern.split(':').nth(2)
    }
}

impl Forms {
    /// Reads a line. Below a table of the APIs, a pattern is an example.
    fn read(&mut self, at: usize, line: &str, below: bool, reading: &mut Reading<'_>) {
        for (start, _) in line.match_indices("qcs:") {
            let ends = |character: char| !character.is_ascii_graphic() || "`\"'()<>[]|,;".contains(character);
            let end = line[start..].find(ends).map_or(line.len(), |end| start + end);
            let text = line[start..end].trim_end_matches('.');
            if below || !is_stated(&line[..start], &line[start + text.len()..]) {
                let place = if below { "below the APIs" } else { "within a sentence" };
                reading.note(at, format!("`{text}` is passed over: it stands {place}, as an example does"));
                continue;
            }
            match normal(text) {
                Ok(pattern) if names_one(&pattern) => {
                    if pattern != text {
                        reading.note(at, format!("the pattern `{text}` of the page is read as `{pattern}`"));
                    }
                    let is_said = words::says_which_resources(&line[..start]);
                    match self.singles.iter_mut().find(|known| shape(&known.pattern) == shape(&pattern)) {
                        Some(known) => known.is_said |= is_said,
                        None => self.singles.push(Single { at, pattern, is_said }),
                    }
                }
                Ok(pattern) if pattern.ends_with('*') => self.alls.push(pattern),
                Ok(_) => reading.note(at, format!("`{text}` is passed over: it is an example")),
                Err(reason) if reason.starts_with("is of the one account") => {
                    reading.note(at, format!("`{text}` is passed over: it {reason}"));
                }
                Err(reason) => {
                    reading
                        .error(at, format!("the pattern of the page is not understood: `{text}` {reason}"));
                    self.wrong = true;
                }
            }
        }
    }

    /// Reports patterns of which the page does not say that they are those of its APIs. One of another service may be
    /// described beside them.
    fn check(&mut self, reading: &mut Reading<'_>) {
        let Some(sure) = self.singles.iter().find(|single| single.is_said).or(self.singles.first()) else {
            return;
        };
        let doubt = |message| format!("it is not clear which APIs the pattern of the page is for: {message}");
        let of_one = |single: &&Single| single.service() == sure.service();
        if let Some(other) = self.singles.iter().filter(of_one).find(|single| single.pattern != sure.pattern)
        {
            let message = format!("`{}` and `{}` name different resources", sure.pattern, other.pattern);
            reading.error(other.at, doubt(message));
            self.wrong = true;
        } else if !sure.is_said {
            let message =
                format!("the words before `{}` say neither all resources nor one of them", sure.pattern);
            reading.error(sure.at, doubt(message));
            self.wrong = true;
        }
    }

    /// Adds the patterns to the page, and removes the rows that have none.
    fn put(mut self, page: &mut Page, reading: &mut Reading<'_>) {
        self.check(reading);
        if self.wrong || self.singles.is_empty() {
            page.rows.retain(|row| {
                let kept = !row.resource_level || !row.patterns.is_empty();
                if !kept {
                    let message = format!("`{}` is resource level, and the page states no pattern, `qcs::…`, that names one resource", row.name);
                    reading.errors.push(super::page::Message { place: row.place, message });
                }
                kept
            });
            return;
        }
        let alls = self.alls;
        let form = |Single { at, pattern: single, .. }: Single| {
            let all = alls.iter().find(|all| single.starts_with(all.trim_end_matches('*'))).cloned();
            Form { place: reading.place(at), all: all.unwrap_or_else(|| all_form(&single)), single }
        };
        page.forms = self.singles.into_iter().map(form).collect();
        for row in page.rows.iter_mut().filter(|row| row.resource_level && row.patterns.is_empty()) {
            row.patterns = page.forms.iter().map(|form| form.single.clone()).collect();
        }
    }
}

fn read_table(
    table: &Table,
    supported: bool,
    surface: Surface,
    page: &mut Page,
    reading: &mut Reading<'_>,
    restricted: &mut Vec<Restricted>,
) {
    let states = |column| table.header.iter().any(|cell| words::column(&cell.text) == Some(column));
    // Some pages name the part of the console where others name the category.
    let part = if surface == Surface::Server && (states(Column::Category) || !states(Column::Console)) {
        Column::Category
    } else {
        Column::Console
    };
    let mut required = vec![Column::Name, Column::Description, part];
    let mut headless = None;
    if !supported {
        let has = states(Column::Restriction);
        let wider = table.rows.iter().all(|row| row.len() == table.header.len() + 1);
        let stray = table.stray.iter().any(|text| words::column(text) == Some(Column::Restriction));
        if !has && wider && stray {
            reading.note(
                table.at,
                "the heading of the last column stands outside the table: it is read as `Restriction`"
                    .to_owned(),
            );
            headless = Some(table.header.len());
        } else {
            required.push(Column::Restriction);
        }
    }
    let Some(mut places) = columns(table, &required, &[Column::Pattern], reading) else {
        return reading.account(table);
    };
    if let Some(at) = headless {
        places.insert(Column::Restriction, at);
    }
    let width = table.header.len() + usize::from(headless.is_some());
    for (number, row) in table.rows.iter().enumerate() {
        if table.ends_within(number) {
            // The last cell may be cut off.
            reading.cut(row[0].at, &row[0].line());
            continue;
        }
        read_row(fitted(row, width), width, &places, (supported, surface), page, reading, restricted);
    }
}

fn read_row(
    row: &[Cell],
    width: usize,
    places: &HashMap<Column, usize>,
    (supported, surface): (bool, Surface),
    page: &mut Page,
    reading: &mut Reading<'_>,
    restricted: &mut Vec<Restricted>,
) {
    let at = row[0].at;
    let before = reading.errors.len();
    if row.len() != width {
        reading.width(row, width);
        return;
    }
    let cell = |column: Column| places.get(&column).and_then(|at| row.get(*at));
    let Some(named) = cell(Column::Name) else { return };
    let Some(name) = name(at, &named.line(), reading) else { return };
    let language = page.language;
    let links = |cell: Option<&Cell>, reading: &mut Reading<'_>| {
        reading.links(at, &name, cell.map(|cell| cell.links.as_slice()).unwrap_or_default(), language)
    };
    let mut console_pages = Vec::new();
    if surface == Surface::Console {
        let found = cell(Column::Console).map(|cell| cell.links.clone()).unwrap_or_default();
        for link in found {
            // The path within the console stands behind the link.
            let url = reading.url(at, &name, &link.url, language);
            console_pages.extend(url.map(|url| PageLink { title: link.path, url }));
        }
    }
    let references = links(cell(Column::Description), reading);
    let doc_url = links(Some(named), reading).into_iter().next().map(|link| link.url);
    if surface == Surface::Console && console_pages.is_empty() {
        let text = cell(Column::Console).map(Cell::line).unwrap_or_default();
        reading
            .error(at, format!("the row of `{name}` is not understood: `{text}` links to no console page"));
    }
    let mut found = Vec::new();
    if let Some(cell) = cell(Column::Pattern).filter(|_| supported) {
        for pattern in patterns(&cell.literal) {
            found.extend(reading.pattern(at, &name, &pattern));
        }
    }
    let mut restriction = None;
    if let Some(text) =
        cell(Column::Restriction).map(Cell::line).filter(|text| !text.is_empty() && !supported)
    {
        match words::reason(&text) {
            Some(reason) => restriction = Some((reason, text)),
            // The text says no more than that the action cannot be limited.
            None if words::says_unsupported(&text) => {}
            None => reading.error(
                at,
                format!("the row of `{name}` is not understood: `{text}` is no known kind of restriction"),
            ),
        }
    }
    if reading.errors.len() > before {
        return;
    }
    if let Some((_, text)) = &restriction {
        restricted.push((name.clone(), text.clone()));
    }
    let stated = cell(Column::Category)
        .or_else(|| cell(Column::Console).filter(|_| surface == Surface::Server))
        .map(Cell::line);
    if stated.as_ref().is_some_and(String::is_empty) {
        // In a merged cell, the fact stands in a row above.
        reading.note(at, format!("the cell of the category of `{name}` is empty: it is left unknown"));
    }
    let category = stated.filter(|text| !text.is_empty());
    page.rows.push(Row {
        place: reading.place(at),
        name,
        description: cell(Column::Description).map(|cell| one_line(&cell.text)).unwrap_or_default(),
        resource_level: supported,
        patterns: found,
        access_level: None,
        ip_condition: None,
        surface: Some(surface),
        category,
        console_pages,
        doc_url,
        restriction,
        alternative: None,
        references,
        ..Row::default()
    });
}

/// Finds the alternative: a restriction that names another API of the page recommends it.
fn alternatives(page: &mut Page, restricted: &[Restricted]) {
    let names: HashSet<String> = page.rows.iter().map(|row| row.name.clone()).collect();
    let texts: HashMap<&str, &str> =
        restricted.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    for row in &mut page.rows {
        let Some(text) = texts.get(row.name.as_str()) else { continue };
        row.alternative = text
            .split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
            .find(|word| *word != row.name && names.contains(*word))
            .map(str::to_owned);
    }
}
