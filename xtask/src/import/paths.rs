//! Reads pages of the family "API | resource path": a product's APIs, each with the resources that it can be limited to.
//!
//! The tables of these pages have many headings, and some headings are wrong. So the cells decide what a column holds: the
//! column of names is the one that has names of APIs, the column of resources the one that has `qcs:`.

use std::collections::HashMap;

use super::block::{Block, Cell, End, Table};
use super::page::{Form, Layout, Page, Product, Row};
use super::paths_cell::{Stated, conditions, name_of, resources};
use super::paths_words::{self as heads, Head, support};
use super::pattern::{all_form, names_one, normal, resource, shape};
use super::reading::{Reading, fitted};
use super::words;

/// Whether the page is of this family: one of its tables lists APIs, some table or line has a resource, and no table has a
/// column that only the other families have.
pub(super) fn is_family(blocks: &[Block]) -> bool {
    let tables = || {
        blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    };
    let others = |cell: &Cell| {
        use words::Column::{Category, Console, Granularity, Ip, Restriction};
        let of_others = |column| matches!(column, Some(Category | Console | Granularity | Ip | Restriction));
        words::columns_within(&cell.text).any(of_others)
    };
    if tables().any(|table| table.header.iter().any(others)) {
        return false;
    }
    let has_resource = |block: &Block| match block {
        Block::Table(table) => table.rows.iter().flatten().any(|cell| cell.text.contains("qcs:")),
        Block::Text { text, .. } => text.contains("qcs:"),
        _ => false,
    };
    tables().any(|table| Columns::of(table).is_some_and(|columns| columns.knows_levels()))
        || blocks.iter().any(has_resource) && tables().any(|table| Columns::of(table).is_some())
}

pub(super) fn read(blocks: &[Block], page: &mut Page, reading: &mut Reading<'_>) {
    let mut above = Above::default();
    let mut found = Found::default();
    for block in blocks {
        match block {
            Block::Heading { at, level, text } => above.heading(*at, *level, text),
            Block::Text { at, text, .. } => {
                above.label(*at, text);
                found.prose(*at, text);
            }
            // `strays` in `read` reports them.
            Block::Stray { .. } => {}
            Block::Table(table) => {
                if table.layout == Layout::Whitespace {
                    found.words_table(table, reading);
                    continue;
                }
                found.head(table, reading);
                match Columns::of(table) {
                    Some(columns) => found.table(table, &columns, &above, reading),
                    None => found.other_table(table, reading),
                }
            }
        }
    }
    found.put(page, reading);
}

/// What the headings above say about a table.
#[derive(Default)]
struct Above {
    /// Whether its APIs can be limited to resources, and the level of the heading that says so.
    supported: Option<(bool, usize)>,
    /// The place of that heading.
    at: usize,
}

/// The level of a line of prose that is a heading by its words.
const LABEL: usize = 7;

impl Above {
    fn heading(&mut self, at: usize, level: usize, text: &str) {
        if let Some(found) = support(text) {
            (self.supported, self.at) = (Some((found, level)), at);
        } else if self.supported.is_some_and(|(_, of)| level <= of) {
            self.supported = None;
        }
    }

    fn label(&mut self, at: usize, text: &str) {
        if text.chars().count() > 90 || text.ends_with(['.', '。', '>']) || text.starts_with(['>', '!', '?'])
        {
            return;
        }
        if let Some(found) = support(text) {
            (self.supported, self.at) = (Some((found, LABEL)), at);
        }
    }
}

/// The columns of a table of APIs.
struct Columns {
    width: usize,
    name: usize,
    resource: Option<usize>,
    /// Whether an API can be limited to resources, in `Yes` or `No`.
    level: Option<usize>,
    condition: Option<usize>,
    /// Whether an empty cell of the column of resources means that CAM is handed no resource.
    empty_is_none: bool,
    /// A column that seems to have resources, where no column has any.
    barren: Option<usize>,
}

impl Columns {
    /// Returns nothing if the table lists no APIs.
    fn of(table: &Table) -> Option<Self> {
        let heads: Vec<Option<Head>> = table.header.iter().map(|cell| heads::head(&cell.text)).collect();
        let share = |column: usize, holds: &dyn Fn(&Cell) -> bool| {
            let cells =
                || table.rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.text.is_empty());
            (cells().filter(|cell| holds(cell)).count(), cells().count())
        };
        // Also those that are no patterns, such as `qcs : :`: they are reported.
        let paths = |column: usize| share(column, &|cell| cell.text.contains("qcs")).0;
        let names = |column: &usize| {
            let (names, all) =
                share(*column, &|cell| name_of(cell).is_some() || heads::continues(&cell.line()));
            all > 0 && names * 2 > all && paths(*column) == 0
        };
        let all = || 0..table.header.len();
        let is = |column: usize, head: Head| heads[column] == Some(head);
        let says_api = heads.contains(&Some(Head::Name));
        let resource = all()
            .filter(|column| paths(*column) > 0)
            .max_by_key(|column| (paths(*column), heads[*column] == Some(Head::Resource)))
            .or_else(|| {
                all().find(|column| {
                    let (stars, all) = share(*column, &|cell| heads::is_star(&cell.text));
                    all > 0 && stars == all
                })
            });
        if !says_api && resource.is_none_or(|column| paths(column) == 0) {
            return None;
        }
        // Words that begin with a capital may be names, those with a capital within them are.
        let sure = |column: &usize| {
            let (names, all) = share(*column, &|cell| words::looks_like_name(&cell.line()));
            all > 0 && names * 2 > all
        };
        let headed = || all().filter(|column| is(*column, Head::Name)).filter(names);
        let others = || {
            all().filter(|column| {
                !matches!(heads[*column], Some(Head::Name | Head::Type | Head::Level | Head::Condition))
            })
        };
        let mut candidates: Vec<usize> = headed().collect();
        if candidates.len() > 1 {
            candidates.retain(sure);
        } else if candidates.is_empty() {
            candidates.extend(others().filter(names));
        }
        // Where two columns have names, either may be the one.
        let [name] = candidates.as_slice() else { return None };
        let name = *name;
        if others().any(|column| column != name && sure(&column)) {
            return None;
        }
        let level = all().find(|column| is(*column, Head::Level));
        let keys = |column: &usize| {
            let cells = || {
                let cells = table.rows.iter().filter_map(|row| row.get(*column));
                cells.filter(|cell| !heads::is_empty(&cell.line()))
            };
            *column != name
                && Some(*column) != resource
                && cells().filter(|cell| has_only_keys(cell)).count() * 2 > cells().count()
        };
        let condition = all().find(|column| is(*column, Head::Condition)).or_else(|| all().find(keys));
        let barren = all()
            .filter(|column| resource.is_none() && *column != name)
            .find(|column| share(*column, &|cell| heads::resembles_a_path(&cell.text)).0 > 0);
        let empty_is_none = resource.is_some_and(|column| heads::empty_is_none(&table.header[column].text));
        Some(Self { width: table.header.len(), name, resource, level, condition, empty_is_none, barren })
    }

    fn knows_levels(&self) -> bool {
        self.resource.is_some() || self.level.is_some()
    }
}

/// Whether a cell has condition keys and nothing else.
fn has_only_keys(cell: &Cell) -> bool {
    let is_key = |key: &String| {
        key.split_once(':').is_some_and(|(_, key)| key.starts_with(|first: char| first.is_ascii_lowercase()))
    };
    let (keys, rest) = conditions(cell);
    !keys.is_empty() && rest.is_empty() && keys.iter().all(is_key)
}

/// What a row says of the granularity of its API.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Says {
    Operation,
    Resources(Stated),
    /// Its page states the resources for all of its APIs.
    OfPage,
}

struct Read {
    row: Row,
    says: Says,
    /// Whether the row repeats the API above, in a merged cell or by a dash.
    continues: bool,
}

/// All that the page states.
#[derive(Default)]
struct Found {
    rows: Vec<Read>,
    /// The resources that stand in no row of an API, with the place.
    of_page: Vec<(usize, String)>,
    /// Those of the prose. They count only if no table has any.
    of_prose: Vec<(usize, String)>,
    /// The resources of examples.
    examples: Vec<String>,
    /// What is wrong with the resources that stand in no row of an API.
    faults: Vec<(usize, String)>,
    /// The names in rows and tables that are not understood, with the place.
    refused: HashMap<String, usize>,
    service: Option<String>,
    /// The headings of which a table has a column of resources.
    with_resources: Vec<usize>,
    /// The API within whose rows the page ends.
    ends: Option<String>,
}

impl Found {
    fn prose(&mut self, at: usize, text: &str) {
        // A pattern within a sentence is an example. One that stands alone is what the sentence above describes.
        let alone = text.trim_matches(['`', '"', ',', ' ']);
        let stated = resources(&Cell::plain(at, alone)).patterns;
        match stated.as_slice() {
            [pattern] if pattern == alone && !text.contains('"') => self.of_prose.push((at, pattern.clone())),
            _ => self.examples.extend(stated),
        }
    }

    /// Reports a table of APIs without borders: only the other families show by a level where a cell ends.
    fn words_table(&mut self, table: &Table, reading: &mut Reading<'_>) {
        if !table.header.iter().any(|cell| words::is_header_line(&cell.text)) {
            return;
        }
        let message = "whitespace stands between the cells of this table: write `|` between them";
        reading.error(table.at, message.to_owned());
        for cell in table.rows.iter().flatten() {
            let name = cell.text.split_whitespace().next().unwrap_or_default();
            if words::looks_like_name(name) {
                self.refused.insert(name.to_owned(), table.at);
            }
        }
    }

    /// Reports a row in the place of the head: a table without headings may have been saved so.
    fn head(&mut self, table: &Table, reading: &mut Reading<'_>) {
        let name = table.header.iter().enumerate().find_map(|(column, cell)| {
            Some((column, name_of(cell).filter(|name| words::looks_like_name(name))?))
        });
        let Some((column, name)) = name else { return };
        let is_heading = |cell: &Cell| matches!(heads::head(&cell.text), Some(Head::Name | Head::Resource));
        let mut others =
            table.header.iter().enumerate().filter(|(at, _)| *at != column).map(|(_, cell)| cell);
        if table.header.iter().any(|cell| cell.text.contains("qcs")) || !others.any(is_heading) {
            let message = format!("the row of `{name}` stands in the place of the headings of its table");
            reading.error(table.at, message);
            self.refused.insert(name, table.at);
        }
    }

    /// Reads a table that lists no APIs: it may describe the types of resources.
    fn other_table(&mut self, table: &Table, reading: &mut Reading<'_>) {
        reading.account(table);
        let has = |head: Head| table.header.iter().any(|cell| heads::head(&cell.text) == Some(head));
        let of_types = has(Head::Type) && !has(Head::Name);
        let named = table.rows.iter().flatten().filter_map(|cell| {
            let name = cell.text.lines().find_map(heads::first_name)?;
            Some((cell.at, name.to_owned()))
        });
        let named: Vec<(usize, String)> = named.collect();
        // A type of resources may be called like an API, but hardly three of them.
        let few = of_types && named.len() < 3;
        if let Some((at, name)) = named.first().filter(|_| !few) {
            let at = if *at == 0 { table.at } else { *at };
            self.refused.extend(named.iter().map(|(_, name)| (name.clone(), at)));
            reading.error(
                at,
                format!("this table has `{name}`, which looks like an API, and it is not clear which columns hold names and resources"),
            );
        }
        let cells = table.rows.iter().flatten();
        for cell in cells.filter(|cell| cell.text.contains("qcs")) {
            let stated = resources(cell);
            self.of_page.extend(stated.patterns.into_iter().map(|pattern| (cell.at, pattern)));
            self.faults.extend(stated.fault.map(|fault| (cell.at, fault)));
        }
    }

    fn table(&mut self, table: &Table, columns: &Columns, above: &Above, reading: &mut Reading<'_>) {
        match table.end {
            End::InHead => return reading.ends(table.at, "within the head of a table"),
            End::BehindRow => reading.ends_behind(table),
            End::Whole | End::InRow | End::Open => {}
        }
        let supported = above.supported.map(|(supported, _)| supported);
        if supported.is_none() && !columns.knows_levels() {
            reading.error(
                table.at,
                "no row of this table names a resource, and no heading above it says whether its APIs can be limited \
                 to resources"
                    .to_owned(),
            );
            let names = table.rows.iter().filter_map(|row| name_of(row.get(columns.name)?));
            self.refused.extend(names.map(|name| (name, table.at)));
            return reading.account(table);
        }
        if columns.resource.is_some() {
            self.with_resources.push(above.at);
        } else if supported == Some(true)
            && columns.level.is_none()
            && self.with_resources.contains(&above.at)
        {
            reading.error(
                table.at,
                "this table has no column of resources, and another one below the same heading has: a heading may be \
                 missing between them"
                    .to_owned(),
            );
            let names = table.rows.iter().filter_map(|row| name_of(row.get(columns.name)?));
            self.refused.extend(names.map(|name| (bare(name), table.at)));
            return reading.account(table);
        }
        if let Some(cell) = columns.barren.and_then(|column| table.header.get(column)) {
            let message = format!("the resources under `{}` do not begin with `qcs::`", cell.line());
            reading.error(cell.at, message);
            let names = table.rows.iter().filter_map(|row| name_of(row.get(columns.name)?));
            self.refused.extend(names.map(|name| (bare(name), table.at)));
            return reading.account(table);
        }
        // Each row is read or reported: none of its lines is lost.
        reading.account(table);
        for (number, row) in table.rows.iter().enumerate() {
            if table.ends_within(number) {
                reading.cut(row[0].at, &row[0].line());
                // A name that the page ends in may have been that of the API above.
                let name = row.get(columns.name).filter(|cell| !heads::continues(&cell.line()));
                let name = name.and_then(name_of).map(bare);
                let is_whole = |name: &String| {
                    row.len() > columns.name + 1
                        || self.rows.last().is_some_and(|last| last.row.name == *name)
                };
                self.ends = name.filter(is_whole).or_else(|| self.last_name());
                continue;
            }
            if row.iter().all(|cell| cell.text.is_empty()) {
                continue;
            }
            self.row(row, columns, supported, reading);
        }
        if table.end == End::BehindRow {
            self.ends = self.last_name();
        }
    }

    /// Returns the API of the last row, which a row that is cut off may continue.
    fn last_name(&self) -> Option<String> {
        self.rows.last().map(|last| last.row.name.clone())
    }

    fn row(&mut self, row: &[Cell], columns: &Columns, supported: Option<bool>, reading: &mut Reading<'_>) {
        let row = fitted(row, columns.width);
        let Some(cell) = row.get(columns.name).filter(|_| row.len() == columns.width) else {
            let names = row.iter().filter_map(name_of).filter(|name| words::looks_like_name(name));
            self.refused.extend(names.map(|name| (name, row[0].at)));
            return reading.width(row, columns.width);
        };
        let mut continues = heads::continues(&cell.line());
        let at = if cell.at == 0 { row[0].at } else { cell.at };
        let named = match (name_of(cell), self.rows.last()) {
            (Some(named), _) => named,
            (None, Some(last)) if continues => last.row.name.clone(),
            _ => {
                let text = cell.line();
                let message = if text.is_empty() {
                    "the row is not understood: it has no name".to_owned()
                } else {
                    format!("the row is not understood: `{text}` is no name of one API")
                };
                return reading.error(at, message);
            }
        };
        let name = match named.split_once(':') {
            Some((service, name)) => {
                let before = self.service.get_or_insert_with(|| service.to_owned()).clone();
                if before != service {
                    let message = format!(
                        "the row of `{name}` is of service `{service}`, those above are of `{before}`"
                    );
                    return reading.error(at, message);
                }
                name.to_owned()
            }
            None => named,
        };
        // A cell over several rows is the same cell in each.
        continues |= self
            .rows
            .last()
            .is_some_and(|last| last.row.name == name && cell.at != 0 && last.row.place == reading.place(at));
        let Some(says) = says(row, columns, supported, &name, at, reading) else {
            self.refused.insert(name, at);
            return;
        };
        let mut condition_keys = Vec::new();
        if let Some(cell) = columns.condition.and_then(|column| row.get(column)) {
            let (keys, rest) = conditions(cell);
            condition_keys = keys;
            if rest.contains(':') {
                let message = format!("the row of `{name}` is not understood: `{rest}` is no condition key");
                self.refused.insert(name, at);
                return reading.error(at, message);
            }
            if !rest.is_empty() {
                reading.note(at, format!("`{rest}` in the condition keys of `{name}` is passed over"));
            }
        }
        let doc_url = reading
            .links(at, &name, &cell.links, words::language(&cell.text))
            .into_iter()
            .next()
            .map(|link| link.url);
        let row = Row { place: reading.place(at), name, doc_url, condition_keys, ..Row::default() };
        self.rows.push(Read { row, says, continues });
    }

    /// Reports the APIs whose resources the page states for all of them: the part that is cut off may state more.
    fn without_rest(&mut self, reading: &mut Reading<'_>) {
        self.rows.retain(|read| {
            let kept = read.says != Says::OfPage;
            if !kept {
                let message = format!(
                    "the row of `{}` is left out: the page states its resources elsewhere, and ends before its end",
                    read.row.name
                );
                reading.errors.push(super::page::Message { place: read.row.place, message });
            }
            kept
        });
    }

    /// Joins the rows of one API, and adds them to the page.
    fn put(mut self, page: &mut Page, reading: &mut Reading<'_>) {
        if let Some(name) = self.ends.take() {
            let row = self.rows.iter().find(|read| read.row.name == name);
            reading.left_out = row.map(|read| super::page::Message {
                place: read.row.place,
                message: format!("the row of `{name}` is left out: the missing part may continue it"),
            });
            self.rows.retain(|read| read.row.name != name);
        }
        if reading.cut.is_some() || reading.open.is_some() {
            self.without_rest(reading);
        }
        let of_page = if self.of_page.is_empty() { self.of_prose } else { self.of_page };
        let needed = self.rows.iter().any(|read| read.says == Says::OfPage);
        let general = if needed { general(&of_page, &self.examples, reading) } else { Stated::default() };
        for (at, fault) in self.faults.into_iter().filter(|_| needed) {
            reading.error(at, format!("the resources of the page are not understood: {fault}"));
        }
        let mut stars: Vec<String> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut joined: Vec<(Row, Vec<Says>)> = Vec::new();
        for Read { row, says, continues } in self.rows {
            match places.get(&row.name) {
                Some(at) => {
                    let (first, before) = &mut joined[*at];
                    if !continues {
                        let same = before.contains(&says);
                        let what = if same { "says the same" } else { "adds to it" };
                        let message = format!(
                            "`{}` stands twice: the first is at {}, and this one {what}",
                            row.name, first.place
                        );
                        reading.notes.push(super::page::Message { place: row.place, message });
                    }
                    for key in row.condition_keys {
                        if !first.condition_keys.contains(&key) {
                            first.condition_keys.push(key);
                        }
                    }
                    before.push(says);
                }
                None => {
                    places.insert(row.name.clone(), joined.len());
                    joined.push((row, vec![says]));
                }
            }
        }
        for (mut row, says) in joined {
            if let Some(table) = self.refused.get(&row.name) {
                let message = format!(
                    "`{}` is left out: it stands also at {}, which is not understood",
                    row.name,
                    reading.place(*table)
                );
                reading.errors.push(super::page::Message { place: row.place, message });
                continue;
            }
            row.condition_keys.sort();
            let operation = says.contains(&Says::Operation);
            row.resource_level = says.iter().any(|says| *says != Says::Operation);
            if operation && row.resource_level {
                let message = format!(
                    "the page lists `{}` both as an API that can be limited to resources and as one that cannot: noted, and \
                     its granularity is not documented",
                    row.name
                );
                reading.notes.push(super::page::Message { place: row.place, message });
                row.contradicts = true;
            }
            for says in says {
                match says {
                    Says::Operation => {}
                    Says::Resources(stated) => gather(&stated, &mut row, &mut stars),
                    Says::OfPage => gather(&general, &mut row, &mut stars),
                }
            }
            if row.resource_level && row.patterns.is_empty() && row.printed.is_empty() {
                let message = format!(
                    "`{}` is resource level, and the page states no pattern, `qcs::…`, that names its resources",
                    row.name
                );
                reading.errors.push(super::page::Message { place: row.place, message });
                continue;
            }
            absorb(&mut row.patterns);
            page.rows.push(row);
        }
        let place = page.rows.first().map_or(reading.place(0), |row| row.place);
        let mut singles: Vec<&String> = page.rows.iter().flat_map(|row| &row.patterns).collect();
        singles.sort();
        singles.dedup();
        let forms = singles.into_iter().filter(|single| stars.contains(&all_form(single)));
        page.forms =
            forms.map(|single| Form { place, single: single.clone(), all: all_form(single) }).collect();
        page.product = Some(Product { abbreviation: self.service.unwrap_or_default(), ..Product::default() });
    }
}

/// Returns a name without its service.
fn bare(name: String) -> String {
    name.split_once(':').map(|(_, name)| name.to_owned()).unwrap_or(name)
}

/// Returns what a row says of the granularity of its API.
fn says(
    row: &[Cell],
    columns: &Columns,
    supported: Option<bool>,
    name: &str,
    at: usize,
    reading: &mut Reading<'_>,
) -> Option<Says> {
    let level = match columns.level.and_then(|column| row.get(column)) {
        None => None,
        Some(cell) => match heads::yes(&cell.line()) {
            Some(level) => Some(level),
            None => {
                reading.error(
                    at,
                    format!("the row of `{name}` is not understood: `{}` is neither yes nor no", cell.line()),
                );
                return None;
            }
        },
    };
    if level == Some(true) && supported == Some(false) {
        let message =
            format!("the row of `{name}` is said to be resource level, and the heading above says it is not");
        reading.error(at, message);
        return None;
    }
    let level = level.or(supported);
    let Some(column) = columns.resource else {
        return match level {
            Some(true) => Some(Says::OfPage),
            Some(false) => Some(Says::Operation),
            None => {
                reading.error(at, format!("nothing says whether `{name}` can be limited to resources"));
                None
            }
        };
    };
    let Some(cell) = row.get(column) else {
        reading.width(row, column + 1);
        return None;
    };
    let stated = resources(cell);
    for words in &stated.beside {
        reading.note(at, format!("the words `{words}` beside the resources of `{name}` are passed over"));
    }
    let has_patterns = !stated.patterns.is_empty();
    let starred = (stated.star && has_patterns).then(|| "it names resources, and `*` beside them".to_owned());
    if let Some(fault) = stated.fault.as_ref().or(starred.as_ref()) {
        reading.error(at, format!("the row of `{name}` is not understood: {fault}"));
        return None;
    }
    if has_patterns && level == Some(false) {
        let message = format!("the row of `{name}` names a resource, and is said not to be resource level");
        reading.error(at, message);
        return None;
    }
    if has_patterns {
        let mut checked = Stated::default();
        for text in stated.patterns {
            pattern(&text, at, &format!("of `{name}`"), &mut checked, reading);
        }
        return Some(Says::Resources(checked));
    }
    if stated.star || level == Some(false) {
        if level == Some(true) && columns.level.is_some() {
            reading.error(at, format!("the row of `{name}` has only `*`, and is said to be resource level"));
            return None;
        }
        return Some(Says::Operation);
    }
    if columns.empty_is_none && cell.line().trim_matches('-').is_empty() {
        return Some(Says::Operation);
    }
    if level == Some(true) && cell.text.is_empty() {
        return Some(Says::OfPage);
    }
    reading.error(at, format!("the row of `{name}` is not understood: `{}` is no resource", cell.line()));
    None
}

/// Reads a pattern as the page prints it. Of a malformed one, only its text is kept.
fn pattern(text: &str, at: usize, of: &str, stated: &mut Stated, reading: &mut Reading<'_>) {
    let text = heads::spelt(text);
    let printed = |reason: String, stated: &mut Stated, reading: &mut Reading<'_>| {
        reading
            .note(at, format!("`{text}` {of} {reason}: it is kept as printed, and names no resource here"));
        stated.printed.push(text.clone());
    };
    let pattern = match normal(&text) {
        Ok(pattern) => pattern,
        Err(reason) => return printed(reason, stated, reading),
    };
    let stem = resource(&pattern).strip_suffix('*');
    if resource(&pattern).matches('*').count() > usize::from(stem.is_some()) {
        return printed("has a `*` that is not at its end".to_owned(), stated, reading);
    }
    if stem.is_none() && !names_one(&pattern) {
        let what = if resource(&pattern).contains("${") {
            "names its resource by `${uin}` alone, which stands for the owner"
        } else {
            "names one single resource of somebody's"
        };
        return printed(what.to_owned(), stated, reading);
    }
    if stem.is_some_and(|stem| !stem.is_empty() && !stem.ends_with('/')) {
        return printed("has a `*` that follows no `/`".to_owned(), stated, reading);
    }
    if !stated.patterns.contains(&pattern) {
        stated.patterns.push(pattern);
    }
}

/// Returns the resources that the page states for all its APIs.
///
/// Where it prints only `kind/*`, and an example has `kind/1500000000`, one resource can be named: `kind/${id}`.
fn general(of_page: &[(usize, String)], examples: &[String], reading: &mut Reading<'_>) -> Stated {
    let mut stated = Stated::default();
    for (at, text) in of_page {
        // The account of an example stands for the reader's own.
        let text = heads::own_account(text);
        pattern(&text, *at, "of the page", &mut stated, reading);
    }
    let singles = stated.patterns.iter().filter(|one| !one.ends_with('*'));
    let singles: Vec<String> = singles.map(|single| shape(single)).collect();
    for star in &mut stated.patterns {
        let Some(stem) = star.strip_suffix("/*").map(|stem| format!("{stem}/")) else { continue };
        if singles.iter().any(|single| single.starts_with(&shape(&stem))) {
            continue;
        }
        let mut examples = examples.iter().map(|text| heads::own_account(text));
        let id = |text: String| {
            let id = text.strip_prefix(&stem)?.to_owned();
            (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
                .then_some(id)
        };
        let Some(example) = examples.find_map(id) else { continue };
        let single = format!("{stem}${{id}}");
        let at = of_page.first().map_or(0, |(at, _)| *at);
        reading.note(
            at,
            format!("an example of the page has `{example}` in place of the `*` of `{star}`: `{single}` stands for one"),
        );
        *star = single;
    }
    let kinds = |text: &String| text.split(':').next_back().is_none_or(|last| last != "*");
    stated.printed.clear();
    stated.patterns.retain(kinds);
    stated
}

fn gather(stated: &Stated, row: &mut Row, stars: &mut Vec<String>) {
    for pattern in &stated.patterns {
        if pattern.ends_with('*') {
            stars.push(pattern.clone());
        }
        if !row.patterns.contains(pattern) {
            row.patterns.push(pattern.clone());
        }
    }
    for printed in &stated.printed {
        if !row.printed.contains(printed) {
            row.printed.push(printed.clone());
        }
    }
}

/// Removes the patterns with `*` that cover a pattern of one resource: they are another way to write it.
fn absorb(patterns: &mut Vec<String>) {
    let singles: Vec<String> = patterns.iter().filter(|one| !one.ends_with('*')).cloned().collect();
    patterns.retain(|one| match one.strip_suffix('*') {
        None => true,
        Some(stem) => !singles.iter().any(|single| covers(stem, single)),
    });
}

/// Whether the text before the `*` begins the pattern, whatever the placeholders are called.
fn covers(stem: &str, single: &str) -> bool {
    shape(single).starts_with(&shape(stem))
}
