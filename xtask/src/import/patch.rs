//! Writes a changed catalog into the text of the old one. The parts that did not change stay byte for byte.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

/// A table of the catalog's text.
struct Chunk {
    path: String,
    /// The comments and empty lines that belong to the header.
    leading: String,
    header: String,
    entries: Vec<Entry>,
    /// The comments behind the last entry.
    tail: String,
}

/// A key with its value.
struct Entry {
    path: String,
    /// The comments above the key.
    lead: String,
    text: String,
    /// The comment behind the value.
    comment: String,
    /// The value, in any spelling.
    value: String,
}

/// Returns `old` with the facts of `new`, which is in the canonical layout. Both are catalogs without errors.
pub(super) fn patch(old: &str, new: &str) -> Result<String, String> {
    let mut known: HashMap<String, Chunk> = HashMap::new();
    for chunk in chunks(old)? {
        known.insert(chunk.path.clone(), chunk);
    }
    let mut out = String::with_capacity(new.len() + new.len() / 8);
    for table in tables(new) {
        if let Some(before) = known.remove(path(table)) {
            out.push_str(&before.leading);
            out.push_str(&before.header);
            if before.is(table) {
                for entry in &before.entries {
                    out.push_str(&entry.lead);
                    out.push_str(&entry.text);
                }
                out.push_str(&before.tail);
            } else {
                // Parse only the tables that differ: most tables of a large catalog stay as they are.
                let after = chunks(table)?.pop().map(|chunk| chunk.entries).unwrap_or_default();
                entries(&mut out, before, after);
            }
        } else {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(table);
        }
    }
    Ok(out)
}

/// Returns the text before the first table and then the tables of a text in the canonical layout. No line within a table
/// begins with `[`.
fn tables(canonical: &str) -> Vec<&str> {
    let mut found = Vec::new();
    if canonical.starts_with('[') {
        found.push("");
    }
    let mut from = 0;
    while let Some(at) = canonical[from..].find("\n\n[") {
        found.push(&canonical[from..=from + at]);
        from += at + 2;
    }
    found.push(&canonical[from..]);
    found
}

/// Returns the path of a table in the canonical layout, where keys have no quotes; `None` for the text before the tables.
fn path(table: &str) -> &str {
    table.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or_default()
}

impl Chunk {
    /// Whether the text is that of `table`, except for comments above keys.
    fn is(&self, table: &str) -> bool {
        let mut rest = table.strip_prefix(self.header.as_str());
        for entry in &self.entries {
            rest = rest.and_then(|rest| rest.strip_prefix(entry.text.as_str()));
        }
        rest == Some("")
    }
}

fn entries(out: &mut String, mut before: Chunk, after: Vec<Entry>) {
    let kept: HashSet<&str> = after.iter().map(|entry| entry.path.as_str()).collect();
    // The key below inherits the comment above a removed key.
    let mut orphan = String::new();
    let mut old: HashMap<String, Entry> = HashMap::new();
    for mut entry in before.entries.drain(..) {
        if kept.contains(entry.path.as_str()) {
            entry.lead.insert_str(0, &std::mem::take(&mut orphan));
            old.insert(entry.path.clone(), entry);
        } else {
            orphan.push_str(&entry.lead);
        }
    }
    for entry in after {
        match old.remove(&entry.path) {
            Some(same) if same.value == entry.value => {
                out.push_str(&same.lead);
                out.push_str(&same.text);
            }
            Some(changed) => {
                out.push_str(&changed.lead);
                out.push_str(entry.text.trim_end());
                if !changed.comment.is_empty() {
                    out.push(' ');
                    out.push_str(&changed.comment);
                }
                out.push('\n');
            }
            None => out.push_str(&entry.text),
        }
    }
    out.push_str(&orphan);
    out.push_str(&before.tail);
}

/// A place in the text: the header of a table, or an entry.
enum Mark {
    Header(String, Range<usize>),
    Entry(String, Range<usize>, String),
}

impl Mark {
    fn span(&self) -> &Range<usize> {
        match self {
            Self::Header(_, span) | Self::Entry(_, span, _) => span,
        }
    }
}

fn chunks(text: &str) -> Result<Vec<Chunk>, String> {
    let document = Document::parse(text).map_err(|error| error.to_string())?;
    let mut marks = Vec::new();
    collect(document.as_table(), "", "", &mut marks);
    marks.sort_by_key(|mark| mark.span().start);
    let mut chunks = vec![Chunk {
        path: String::new(),
        leading: String::new(),
        header: String::new(),
        entries: Vec::new(),
        tail: String::new(),
    }];
    let mut at = 0;
    for mark in marks {
        let span = mark.span();
        let start = text[..span.start].rfind('\n').map_or(0, |found| found + 1).max(at);
        let end = text[span.end..].find('\n').map_or(text.len(), |found| span.end + found + 1);
        let gap = &text[at..start];
        let last = chunks.len() - 1;
        match &mark {
            Mark::Header(path, _) => {
                // The text above the first table belongs to the file, the text behind the last line of a table to the table.
                let split = if last == 0 { last_empty_line(gap) } else { first_empty_line(gap) };
                chunks[last].tail.push_str(&gap[..split]);
                chunks.push(Chunk {
                    path: path.clone(),
                    leading: gap[split..].to_owned(),
                    header: text[start..end].to_owned(),
                    entries: Vec::new(),
                    tail: String::new(),
                });
            }
            Mark::Entry(path, span, value) => {
                let behind = text[span.end..end].trim();
                chunks[last].entries.push(Entry {
                    path: path.clone(),
                    lead: gap.to_owned(),
                    text: text[start..end].to_owned(),
                    comment: behind.to_owned(),
                    value: value.clone(),
                });
            }
        }
        at = end;
    }
    if let Some(last) = chunks.last_mut() {
        last.tail.push_str(&text[at..]);
    }
    Ok(chunks)
}

fn first_empty_line(gap: &str) -> usize {
    let mut at = 0;
    for line in gap.split_inclusive('\n') {
        if line.trim().is_empty() {
            break;
        }
        at += line.len();
    }
    at
}

fn last_empty_line(gap: &str) -> usize {
    let mut at = 0;
    let mut split = 0;
    for line in gap.split_inclusive('\n') {
        if line.trim().is_empty() {
            split = at;
        }
        at += line.len();
    }
    split
}

fn collect(table: &dyn TableLike, path: &str, within: &str, marks: &mut Vec<Mark>) {
    for (key, item) in table.iter() {
        let join = |before: &str| if before.is_empty() { key.to_owned() } else { format!("{before}.{key}") };
        let (path, within) = (join(path), join(within));
        match item {
            Item::Table(inner) if inner.is_dotted() => collect(inner, &path, &within, marks),
            Item::Table(inner) => {
                if let Some(span) = inner.span().filter(|_| !inner.is_implicit()) {
                    marks.push(Mark::Header(path.clone(), span));
                }
                collect(inner, &path, "", marks);
            }
            Item::Value(value) => {
                if let Value::InlineTable(inner) = value {
                    if inner.is_dotted() {
                        collect(inner, &path, &within, marks);
                        continue;
                    }
                }
                let start = table.get_key_value(key).and_then(|(key, _)| key.span());
                if let (Some(start), Some(end)) = (start, value.span()) {
                    marks.push(Mark::Entry(within, start.start..end.end, written(value)));
                }
            }
            Item::None | Item::ArrayOfTables(_) => {}
        }
    }
}

/// Returns a value in one canonical spelling.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", text.value()),
        Value::Integer(number) => number.value().to_string(),
        Value::Float(number) => number.value().to_string(),
        Value::Boolean(flag) => flag.value().to_string(),
        Value::Datetime(day) => day.value().to_string(),
        Value::Array(values) => format!("[{}]", values.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::InlineTable(table) => {
            let entries: Vec<String> =
                table.iter().map(|(key, value)| format!("{key} = {}", written(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "\
# head
#:schema

# of a
[t.a]
  x = 1 # one
  # about y
  y.en = 'two'
  y.zh = \"zwei\"
  # end of a

# of c
[t.c]
  x = [
    \"p\", # inner
  ]
# end
";

    #[test]
    fn nothing_changes_nothing() {
        assert_eq!(patch(OLD, "[t.a]\nx=1\ny.en=\"two\"\ny.zh=\"zwei\"\n\n[t.c]\nx=[\"p\"]\n").unwrap(), OLD);
    }

    #[test]
    fn what_changes_is_replaced_and_its_comments_stay() {
        let new = "[t.a]\n  x = 2\n  y.zh = \"zwei\"\n  z = true\n\n[t.b]\n  x = 1\n\n[t.c]\n  x = [\"p\"]\n";
        let patched = patch(OLD, new).unwrap();
        assert_eq!(
            patched,
            "\
# head
#:schema

# of a
[t.a]
  x = 2 # one
  # about y
  y.zh = \"zwei\"
  z = true
  # end of a

[t.b]
  x = 1

# of c
[t.c]
  x = [
    \"p\", # inner
  ]
# end
"
        );
    }

    #[test]
    fn a_table_that_goes_takes_its_comments_along_and_leaves_the_head() {
        assert_eq!(patch(OLD, "[t.d]\n  x = 1\n").unwrap(), "# head\n#:schema\n\n[t.d]\n  x = 1\n");
    }
}
