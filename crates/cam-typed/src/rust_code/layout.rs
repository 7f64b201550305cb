//! Lays out expressions: on one line if it fits, else one item per line.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use cam_policy::policy::Qualifier;

use crate::list::LONGEST_ARRAY;

/// The longest line that the layout writes, unless a single text is longer.
pub(super) const WIDTH: usize = 100;

pub(super) enum Code {
    Text(String),
    /// A call, array or tuple.
    List {
        open: String,
        items: Vec<Code>,
        close: String,
    },
    /// A value and the calls of its methods, each with its dot.
    Chain {
        head: Box<Code>,
        calls: Vec<Code>,
    },
}

impl Code {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn call(function: &str, arguments: impl IntoIterator<Item = Self>) -> Self {
        let open = alloc::format!("{function}(");
        Self::List { open, items: arguments.into_iter().collect(), close: ")".into() }
    }

    /// Makes an array, or a `Vec` if the list is too long for an array.
    pub(super) fn list(items: Vec<Self>) -> Self {
        let open = if items.len() > LONGEST_ARRAY { "vec![" } else { "[" };
        Self::List { open: open.into(), items, close: "]".into() }
    }

    pub(super) fn chain(head: Self, calls: Vec<Self>) -> Self {
        if calls.is_empty() { head } else { Self::Chain { head: Box::new(head), calls } }
    }

    /// Appends a text to the code.
    pub(super) fn then(mut self, text: &str) -> Self {
        match &mut self {
            Self::Text(end) | Self::List { close: end, .. } => end.push_str(text),
            Self::Chain { calls, .. } => calls.push(Self::text(text)),
        }
        self
    }

    /// Appends the code to the last line of `out`. `indent` is the indentation of that line, and `after` more characters must
    /// fit behind the code.
    pub(super) fn write(&self, out: &mut String, indent: usize, after: usize) {
        let line = out.len() - out.rfind('\n').map_or(0, |at| at + 1);
        let mut flat = String::new();
        if self.flat(&mut flat, WIDTH.saturating_sub(line + after)) {
            out.push_str(&flat);
            return;
        }
        match self {
            Self::Text(text) => out.push_str(text),
            Self::List { open, items, close } => {
                out.push_str(open.trim_end());
                if let [only @ Self::List { .. }] = items.as_slice() {
                    only.write(out, indent, close.len() + after);
                    out.push_str(close);
                    return;
                }
                for item in items {
                    begin(out, indent + 4);
                    item.write(out, indent + 4, 1);
                    out.push(',');
                }
                begin(out, indent);
                out.push_str(close.trim_start());
            }
            Self::Chain { head, calls } => {
                let start = out.len();
                head.write(out, indent, 0);
                // A head of several lines ends with a bracket: the calls stand below it, else one step to the right.
                let indent = if out[start..].contains('\n') { indent } else { indent + 4 };
                for call in calls {
                    begin(out, indent);
                    call.write(out, indent, after);
                }
            }
        }
    }

    /// Writes the code on one line. Returns false if it is longer than `room`, or a chain of more than two calls.
    fn flat(&self, out: &mut String, room: usize) -> bool {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::List { open, items, close } => {
                out.push_str(open);
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    if !item.flat(out, room) {
                        return false;
                    }
                }
                out.push_str(close);
            }
            Self::Chain { head, calls } => {
                if !head.flat(out, room) || calls.len() > 2 || !calls.iter().all(|call| call.flat(out, room))
                {
                    return false;
                }
            }
        }
        out.len() <= room
    }
}

fn begin(out: &mut String, indent: usize) {
    out.push('\n');
    out.extend(core::iter::repeat_n(' ', indent));
}

/// Returns the path of a qualifier, as the code names it.
pub(super) fn qualifier_path(qualifier: Qualifier) -> &'static str {
    match qualifier {
        Qualifier::ForAnyValue => "Qualifier::ForAnyValue",
        _ => "Qualifier::ForAllValue",
    }
}
