//! The access diff as Markdown, for a comment on a pull request.

use std::fmt::{Display, Write as _};

use cam_workspace::report::counted;

use crate::access::{AccessDiff, FileDiff, Presence};
use crate::change::{Change, Holder};
use crate::markdown::{code, html};
use crate::sides::{NotCompared, Renamed};

/// The first line, by which a bot finds its own comment. It is a comment of HTML, which nobody sees.
const MARKER: &str = "<!-- tencent-cam: access diff -->";

/// GitHub takes comments of 65,536 characters. The rest is for the last lines, which say what was left out.
const MOST_CHARACTERS: usize = 64_000;

/// The most actions, resources or names that a line shows.
const MOST_NAMES: usize = 10;

/// Returns the comment. `whole` is the name of what is compared, if it is no folder of files.
pub(crate) fn render(diff: &AccessDiff, whole: &str) -> String {
    let mut out = Bounded { text: String::new(), characters: 0 };
    out.push(&format!("{MARKER}\n## Access diff: {}\n", summary(diff)));
    let mut files: Vec<(&str, &FileDiff)> =
        diff.files.iter().map(|(path, file)| (path.as_str(), file)).filter(|(_, file)| file.says()).collect();
    // What is most dangerous comes first; the sort keeps the order of the names among equals.
    files.sort_by_key(|(_, file)| std::cmp::Reverse(file.danger()));
    let mut left_out = 0;
    for NotCompared { file, why, .. } in &diff.not_compared {
        let name = if file.is_empty() { whole } else { file };
        let said = out.push(&format!("\n**{} is not compared**: {}\n", code(name), code(why)));
        left_out += usize::from(!said);
    }
    for Renamed { from, to } in &diff.renamed {
        let said = out.push(&format!(
            "\n{} has the policies that {} had. If only the name changed, nobody gains or loses access by it.\n",
            code(to),
            code(from)
        ));
        left_out += usize::from(!said);
    }
    for (path, file) in files {
        left_out += push_file(&mut out, if path.is_empty() { whole } else { path }, file);
    }
    let mut text = out.text;
    if left_out > 0 {
        // Writing to a `String` cannot fail.
        let _ =
            write!(text, "\n{left_out} more do not fit into a comment. `tencent-cam compare` lists all.\n");
    }
    text
}

fn summary(diff: &AccessDiff) -> String {
    let (new, lost) = (diff.new_access().count(), diff.lost().count());
    let public = diff.new_access().filter(|change| change.public).count();
    let credentials = diff.new_access().filter(|change| !change.credentials.is_empty()).count();
    let all = [(public, "for anyone"), (credentials, "with credentials")];
    let told: Vec<String> =
        all.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let of_them = if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) };
    match (new, lost, diff.not_compared.len()) {
        (0, 0, 0) => "nobody gains or loses access".into(),
        (_, _, 0) => format!("{new} new{of_them}, {lost} lost"),
        (_, _, open) => format!("{new} new{of_them}, {lost} lost, {open} not compared"),
    }
}

impl FileDiff {
    fn says(&self) -> bool {
        !(self.new.is_empty() && self.lost.is_empty() && self.notes.is_empty())
    }

    /// Files with a higher number come first.
    fn danger(&self) -> u8 {
        if self.new.iter().any(|change| change.public) {
            3
        } else if self.new.iter().any(|change| !change.credentials.is_empty()) {
            2
        } else {
            u8::from(!self.new.is_empty())
        }
    }
}

/// The end of what a file says.
const END: &str = "\n</details>\n";

/// Adds a file, and returns how many of its changes did not fit.
fn push_file(out: &mut Bounded, name: &str, file: &FileDiff) -> usize {
    let count = file.new.len() + file.lost.len();
    let presence = match file.presence {
        Presence::Both => "",
        Presence::After => ", a new file",
        Presence::Before => ", a removed file",
    };
    let (new, lost) = (file.new.len(), file.lost.len());
    let open = if file.new.is_empty() { "" } else { " open" };
    let head = format!(
        "\n<details{open}>\n<summary><code>{}</code>{presence}: {new} new, {lost} lost</summary>\n",
        html(name)
    );
    if !out.push_with(&head, END) {
        return count.max(1);
    }
    for note in &file.notes {
        out.push_with(&format!("\nNote: {}\n", code(note)), END);
    }
    let mut shown = 0;
    let (before, now) = ("before denied by", "now denied by");
    for (title, changes, when) in [("New access", &file.new, before), ("Lost access", &file.lost, now)] {
        for (at, change) in changes.iter().enumerate() {
            let mut entry = if at == 0 { format!("\n**{title}**\n\n") } else { String::new() };
            entry.push_str(&told(change, when));
            if !out.push_with(&entry, END) {
                break;
            }
            shown += 1;
        }
    }
    out.push(END);
    count - shown
}

/// One change, as an item of a list. `when` says when the denies of the other side hold.
fn told(change: &Change, when: &str) -> String {
    let grant = &change.grant;
    let mut out = format!("- {}: something of {}", who(&change.who), list(&grant.actions, "actions"));
    // Writing to a `String` cannot fail.
    for (at, resources) in grant.resources.iter().enumerate() {
        let word = if at == 0 { " on" } else { " and" };
        let _ = write!(out, "{word} {}", list(resources, "resources"));
    }
    out.push('\n');
    let mut line = |text: String| {
        let _ = writeln!(out, "  - {text}");
    };
    if !change.credentials.is_empty() {
        line(format!("**hands out credentials**: {}", list(&change.credentials, "actions")));
    }
    if !change.credentials_unknown.is_empty() {
        let open = list(&change.credentials_unknown, "actions");
        line(format!(
            "neither the catalog nor the public SDK states whether these hand out credentials: {open}"
        ));
    }
    let statements: Vec<&str> = grant.parts.iter().map(|part| part.statement.as_str()).collect();
    if !statements.is_empty() {
        line(format!("by {}", list(&statements, "statements")));
    }
    change.provisos().into_iter().for_each(&mut line);
    if !grant.conditions.is_empty() {
        line(format!("if {}", list(&grant.conditions, "conditions")));
    }
    if !grant.except.is_empty() {
        line(format!("except what is denied by {}", list(&grant.except, "statements")));
    }
    if !grant.denied.is_empty() {
        line(format!("{when} {}", list(&grant.denied, "statements")));
    }
    line(format!("for example {}", code(&grant.witness.to_string())));
    grant.notes.iter().for_each(|note| line(format!("note: {}", code(note))));
    out
}

fn who(holders: &[Holder]) -> String {
    let shown = holders.iter().take(MOST_NAMES).map(|holder| match holder {
        Holder::Anyone | Holder::AnyUser => format!("**{holder}**"),
        Holder::Attached(name) => format!("whoever {} is attached to", code(name)),
        Holder::Named(name) => code(name),
    });
    let all = shown.collect::<Vec<_>>().join(", ");
    if holders.len() > MOST_NAMES { format!("{all}, … ({} principals)", holders.len()) } else { all }
}

/// The first of some names, and how many there are.
fn list<T: Display>(items: &[T], what: &str) -> String {
    let named: Vec<String> = items.iter().take(MOST_NAMES).map(|item| code(&item.to_string())).collect();
    let all = named.join(", ");
    if items.len() > MOST_NAMES {
        format!("{all}, … ({})", counted(items.len(), what.trim_end_matches('s')))
    } else {
        all
    }
}

/// A text that stays short enough for a comment.
struct Bounded {
    text: String,
    characters: usize,
}

impl Bounded {
    /// Adds a part unless it does not fit, and returns whether it did.
    fn push(&mut self, part: &str) -> bool {
        self.push_with(part, "")
    }

    /// Adds a part unless it does not fit together with what must follow it.
    fn push_with(&mut self, part: &str, end: &str) -> bool {
        let count = part.chars().count();
        if self.characters + count + end.chars().count() > MOST_CHARACTERS {
            return false;
        }
        self.text.push_str(part);
        self.characters += count;
        true
    }
}
