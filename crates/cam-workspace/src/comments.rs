//! Suppressions in the comments of a file.

use cam_lint::Rule;
use cam_policy::text::Span;
use jiff::civil::Date;

use crate::config::unknown_rule;
use crate::source::Source;

/// What a comment begins with.
const MARK: &str = "tencent-cam:";

/// A suppression in a comment.
#[derive(Clone, Debug)]
pub(crate) struct Comment {
    /// Where it stands, from the mark on.
    pub(crate) span: Span,
    /// The line of the file, counted from 0, whose findings it suppresses.
    pub(crate) line: usize,
    pub(crate) rules: Vec<&'static Rule>,
    pub(crate) reason: String,
    pub(crate) expires: Option<Date>,
    /// Why it suppresses nothing.
    pub(crate) fault: Option<String>,
}

/// Finds the comments of a file.
///
/// A comment in a line of its own is for the next line that has something else; another one is for its own line.
pub(crate) fn read(text: &str, source: &Source) -> Vec<Comment> {
    if !source.format.has_comments() || !text.contains(MARK) {
        return Vec::new();
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (mut found, mut start) = (Vec::new(), 0);
    for (number, line) in lines.iter().enumerate() {
        if let Some(at) = line.find(MARK) {
            let before = line[..at].trim_end();
            let opener = ["<!--", "//", "/*", "#"].into_iter().find(|opener| before.ends_with(opener));
            if let Some(opener) = opener.filter(|_| !in_text(start + at, source)) {
                let alone = before[..before.len() - opener.len()].trim().is_empty();
                let next = || {
                    let more = lines.iter().enumerate().skip(number + 1);
                    let mut code = more.filter(|(_, line)| !line.trim().is_empty() && !is_comment(line));
                    code.next().map_or(number, |(next, _)| next)
                };
                let rest = line[at + MARK.len()..].trim_end();
                let rest =
                    rest.strip_suffix("-->").or_else(|| rest.strip_suffix("*/")).unwrap_or(rest).trim();
                let end = start + line.trim_end().len();
                let mut comment = parse(rest);
                comment.span = Span::new(start + at, end);
                comment.line = if alone { next() } else { number };
                found.push(comment);
            }
        }
        start += line.len();
    }
    found
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["<!--", "//", "/*", "#"].into_iter().any(|opener| line.starts_with(opener)) && line.contains(MARK)
}

/// Whether a byte is a part of a policy's text, as in a heredoc.
fn in_text(byte: usize, source: &Source) -> bool {
    source.policies.iter().any(|policy| policy.map.holds(byte))
}

/// Reads `ignore CAM101[, CAM102] [until 2027-01-01] reason`.
fn parse(text: &str) -> Comment {
    let mut comment = Comment {
        span: Span::new(0, 0),
        line: 0,
        rules: Vec::new(),
        reason: String::new(),
        expires: None,
        fault: None,
    };
    let form = "write `tencent-cam: ignore CAM101 because …`";
    let Some(rest) = text.strip_prefix("ignore").filter(|rest| rest.starts_with(char::is_whitespace)) else {
        comment.fault = Some(format!("the comment has no `ignore`: {form}"));
        return comment;
    };
    let mut rest = rest.trim_start();
    loop {
        let end = rest.find([' ', '\t', ',', ':']).unwrap_or(rest.len());
        let (name, more) = rest.split_at(end);
        match cam_lint::rule(name) {
            Some(rule) if rule.suppressible => comment.rules.push(rule),
            Some(rule) => comment.fault = Some(format!("{rule} cannot be suppressed")),
            None => comment.fault = Some(unknown_rule(name)),
        }
        rest = more.trim_start_matches([' ', '\t', ':']);
        match rest.strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None => break,
        }
    }
    if let Some(until) = rest.strip_prefix("until ") {
        let end = until.find(char::is_whitespace).unwrap_or(until.len());
        match until[..end].trim_end_matches(':').parse() {
            Ok(day) => comment.expires = Some(day),
            Err(_) => comment.fault = Some("write a day after `until`: `until 2027-01-01`".into()),
        }
        rest = until[end..].trim_start();
    }
    if rest.is_empty() && comment.fault.is_none() {
        comment.fault = Some(format!("the comment gives no reason: {form}"));
    }
    comment.reason = rest.into();
    comment
}
