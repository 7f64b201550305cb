//! Pages of the family "Manageable resources and actions".

use std::collections::{HashMap, HashSet};

use tencent_cam_codegen::model::{ServiceGranularity, Surface};

use super::document::{Block, Cell, PageLink, Table, one_line};
use super::page::{Page, Product, Reading, Row, columns, name, patterns};
use super::words::{self, Column};

/// A row and the text its alternative may be named in.
type Restricted = (usize, String);

pub(super) fn read(blocks: &[Block], page: &mut Page, reading: &mut Reading<'_>) {
    let mut supported: Option<bool> = None;
    let mut surface: Option<Surface> = None;
    let mut unknown: Option<(usize, String)> = None;
    let mut stated: Vec<String> = Vec::new();
    let mut restricted: Vec<Restricted> = Vec::new();
    let forms = forms(blocks, reading);
    for block in blocks {
        match block {
            Block::Heading { at, text } => {
                unknown = None;
                if let Some(found) = words::section(text) {
                    supported = Some(found);
                    surface = None;
                } else if let Some(found) = words::surface(text) {
                    surface = Some(found);
                } else if words::is_overview_heading(text) {
                    page.title.get_or_insert_with(|| text.clone());
                    (supported, surface) = (None, None);
                } else {
                    unknown = Some((*at, text.clone()));
                }
            }
            Block::Text { links, .. } => {
                stated.extend(links.iter().map(|link| link.url.clone()));
                page.links.extend(links.iter().filter(|link| link.url.starts_with("https://")).cloned());
            }
            Block::Table(table) => {
                let (Some(supported), Some(surface), None) = (supported, surface, &unknown) else {
                    match &unknown {
                        Some((at, text)) => reading.fault(
                            *at,
                            format!("unknown heading `{text}` above a table: it must say server or console API"),
                        ),
                        None => reading.fault(
                            table.at,
                            "no heading above this table says whether its APIs support resource-level authorization, \
                             and whether they are server or console APIs"
                                .to_owned(),
                        ),
                    }
                    continue;
                };
                let rows = page.rows.len();
                read_table(table, supported, surface, &forms, page, reading, &mut restricted);
                if page.rows.len() == rows && reading.faults.is_empty() && reading.cut.is_none() {
                    reading.fault(table.at, "this table has no row".to_owned());
                }
            }
        }
    }
    if page.title.as_ref().is_some_and(|title| words::is_overview_heading(title)) {
        page.title = None;
    }
    alternatives(page, &restricted);
    page.all_forms = forms;
    page.product = Some(Product {
        console_access: page.rows.iter().any(|row| row.surface == Some(Surface::Console)).then_some(true),
        granularity: page.rows.iter().any(|row| row.resource_level).then_some(ServiceGranularity::Resource),
        ..Product::default()
    });
}

/// The patterns the page states for all its resource-level APIs: one resource, all resources.
fn forms(blocks: &[Block], reading: &mut Reading<'_>) -> Vec<(String, String)> {
    let mut singles: Vec<String> = Vec::new();
    let mut alls: Vec<String> = Vec::new();
    for block in blocks {
        let Block::Text { lines, .. } = block else { continue };
        for (at, line) in lines {
            for (start, _) in line.match_indices("qcs:") {
                let end = line[start..].find(|letter: char| !letter.is_ascii_graphic() || letter == '`');
                let text = &line[start..end.map_or(line.len(), |end| start + end)];
                let Some(pattern) = patterns(text).into_iter().next() else { continue };
                let Some(pattern) =
                    reading.pattern(*at, "the page", pattern.trim_end_matches(['.', ',', ')']))
                else {
                    continue;
                };
                let list = if pattern.ends_with('*') { &mut alls } else { &mut singles };
                if !list.contains(&pattern) {
                    list.push(pattern);
                }
            }
        }
    }
    if singles.is_empty() {
        singles.clone_from(&alls);
    }
    singles
        .into_iter()
        .map(|single| {
            let all = alls.iter().find(|all| single.starts_with(all.trim_end_matches('*'))).cloned();
            let all = all.unwrap_or_else(|| super::merge::all_form(&single));
            (single, all)
        })
        .collect()
}

#[allow(clippy::too_many_arguments)]
fn read_table(
    table: &Table,
    supported: bool,
    surface: Surface,
    forms: &[(String, String)],
    page: &mut Page,
    reading: &mut Reading<'_>,
    restricted: &mut Vec<Restricted>,
) {
    let mut required = vec![Column::Name, Column::Description];
    required.push(if surface == Surface::Server { Column::Category } else { Column::Console });
    let mut headless = None;
    if !supported {
        let has = table.header.iter().any(|cell| words::column(&cell.text) == Some(Column::Restriction));
        let wider = table.rows.iter().all(|row| row.len() == table.header.len() + 1);
        let stray = table.stray.iter().any(|text| words::column(text) == Some(Column::Restriction));
        if !has && wider && stray {
            reading.remark(
                table.at,
                "the heading of the last column stands outside the table: it is read as `Restriction`"
                    .to_owned(),
            );
            headless = Some(table.header.len());
        } else {
            required.push(Column::Restriction);
        }
    }
    let Some(mut known) = columns(table, &required, reading) else { return };
    if let Some(at) = headless {
        known.insert(at, Column::Restriction);
    }
    let width = table.header.len() + usize::from(headless.is_some());
    let places: HashMap<Column, usize> = known.into_iter().map(|(at, column)| (column, at)).collect();
    for (number, row) in table.rows.iter().enumerate() {
        if table.cut && number + 1 == table.rows.len() {
            reading.cut(row[0].at, &row[0].line());
            continue;
        }
        read_row(row, width, &places, (supported, surface), forms, page, reading, restricted);
    }
}

#[allow(clippy::too_many_arguments)]
fn read_row(
    row: &[Cell],
    width: usize,
    places: &HashMap<Column, usize>,
    (supported, surface): (bool, Surface),
    forms: &[(String, String)],
    page: &mut Page,
    reading: &mut Reading<'_>,
    restricted: &mut Vec<Restricted>,
) {
    let at = row[0].at;
    let before = reading.faults.len();
    if row.len() != width {
        reading.width(row, width);
        return;
    }
    let cell = |column: Column| places.get(&column).and_then(|at| row.get(*at));
    let Some(named) = cell(Column::Name) else { return };
    let Some(name) = name(at, &named.line(), reading) else { return };
    let url = |url: &str, reading: &mut Reading<'_>| reading.url(at, &name, url, page.language);
    let links = |cell: Option<&Cell>, reading: &mut Reading<'_>| -> Vec<PageLink> {
        let links = cell.map(|cell| cell.links.as_slice()).unwrap_or_default();
        links
            .iter()
            .filter(|link| !link.url.starts_with('#'))
            .filter_map(|link| Some(PageLink { title: link.title.clone(), url: url(&link.url, reading)? }))
            .collect()
    };
    let console_pages = links(cell(Column::Console), reading);
    let references = links(cell(Column::Description), reading);
    let doc_url = links(Some(named), reading).into_iter().next().map(|link| link.url);
    if surface == Surface::Console && console_pages.is_empty() {
        let text = cell(Column::Console).map(Cell::line).unwrap_or_default();
        reading
            .fault(at, format!("the row of `{name}` is not understood: `{text}` links to no console page"));
    }
    let mut found = Vec::new();
    if supported {
        match cell(Column::Pattern) {
            Some(cell) => {
                for pattern in patterns(&cell.literal) {
                    found.extend(reading.pattern(at, &name, &pattern));
                }
            }
            None => found.extend(forms.iter().map(|(single, _)| single.clone())),
        }
        if found.is_empty() {
            reading
                .fault(at, format!("`{name}` is resource level, and the page states no pattern, `qcs::…`"));
        }
    }
    let mut restriction = None;
    if let Some(text) =
        cell(Column::Restriction).map(Cell::line).filter(|text| !text.is_empty() && !supported)
    {
        match words::reason(&text) {
            Some(reason) => restriction = Some((reason, text)),
            None => reading.fault(
                at,
                format!("the row of `{name}` is not understood: `{text}` is no known kind of restriction"),
            ),
        }
    }
    if reading.faults.len() > before {
        return;
    }
    if let Some((_, text)) = &restriction {
        restricted.push((page.rows.len(), text.clone()));
    }
    page.rows.push(Row {
        place: reading.place(at),
        name,
        description: cell(Column::Description).map(|cell| one_line(&cell.text)).unwrap_or_default(),
        resource_level: supported,
        patterns: found,
        access_level: None,
        ip_condition: None,
        surface: Some(surface),
        category: cell(Column::Category).map(Cell::line).filter(|text| !text.is_empty()),
        console_pages,
        doc_url,
        restriction,
        alternative: None,
        references,
    });
}

/// A restriction that names another API of the page recommends it.
fn alternatives(page: &mut Page, restricted: &[Restricted]) {
    let names: HashSet<&str> = page.rows.iter().map(|row| row.name.as_str()).collect();
    let mut found = Vec::new();
    for (at, text) in restricted {
        let own = page.rows[*at].name.as_str();
        let word = text
            .split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
            .find(|word| *word != own && names.contains(word));
        found.extend(word.map(|word| (*at, word.to_owned())));
    }
    for (at, name) in found {
        page.rows[at].alternative = Some(name);
    }
}
