//! The objects and lists of a text, also of one that is broken: while somebody types, most texts are.
//!
//! One scanner reads JSON, JSON with comments, and HCL with policies in heredocs or `jsonencode`. It never fails, and uses no
//! recursion.

use std::ops::Range;

use cam_policy::text::Span;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    List,
    /// A string.
    Text,
    /// A word without quotation marks.
    Word,
}

/// The number of a node.
pub(crate) type Id = usize;

/// An object, a list, a string or a word.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// With brackets or quotation marks.
    pub(crate) span: Span,
    /// Without them.
    pub(crate) inner: Span,
    pub(crate) parent: Id,
    /// The key that stands before it.
    pub(crate) key: Option<Id>,
    /// Whether it is itself a key.
    pub(crate) is_key: bool,
    /// Whether keys are written as HCL has them: `effect = "allow"`.
    pub(crate) is_native: bool,
    /// Whether it ends as it should.
    pub(crate) is_closed: bool,
}

/// What may stand next in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Key,
    Colon,
    Value,
    After,
}

/// The place of which the tree was asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor {
    /// The innermost object or list.
    pub(crate) container: Id,
    /// The string or word that the place is in, or at the end of.
    pub(crate) token: Option<Id>,
    /// The key whose value may stand here; `None` where a key, or an item of a list, may stand.
    pub(crate) key: Option<Id>,
    /// Whether a value or an item may stand here, and not a key.
    pub(crate) wants_value: bool,
}

/// The nodes of a text, in the order of the text. The first one holds all others.
#[derive(Clone, Debug)]
pub(crate) struct Tree<'a> {
    pub(crate) text: &'a str,
    nodes: Vec<Node>,
    /// For each node, the number of the first one behind all that it holds.
    ends: Vec<Id>,
    pub(crate) cursor: Option<Cursor>,
}

struct Open {
    id: Id,
    state: State,
    key: Option<Id>,
}

struct Scanner<'a> {
    tree: Tree<'a>,
    stack: Vec<Open>,
    at: usize,
    end: usize,
    is_hcl: bool,
    /// Whether the next object stands in a heredoc.
    in_heredoc: bool,
}

impl<'a> Tree<'a> {
    /// Reads a part of a text, and remembers what may stand at `cursor`.
    pub(crate) fn read(text: &'a str, part: Range<usize>, is_hcl: bool, cursor: Option<usize>) -> Self {
        let root = Node {
            kind: Kind::Object,
            span: Span::new(part.start, part.end),
            inner: Span::new(part.start, part.end),
            parent: 0,
            key: None,
            is_key: false,
            is_native: is_hcl,
            is_closed: true,
        };
        let mut scanner = Scanner {
            tree: Tree { text, nodes: vec![root], ends: Vec::new(), cursor: None },
            stack: vec![Open { id: 0, state: State::Key, key: None }],
            at: part.start,
            end: part.end,
            is_hcl,
            in_heredoc: false,
        };
        while scanner.at < scanner.end {
            scanner.step(cursor);
        }
        scanner.look(cursor, None);
        let mut tree = scanner.tree;
        tree.ends = (1..=tree.nodes.len()).collect();
        for id in (1..tree.nodes.len()).rev() {
            let parent = tree.nodes[id].parent;
            tree.ends[parent] = tree.ends[parent].max(tree.ends[id]);
        }
        tree
    }

    pub(crate) fn node(&self, id: Id) -> &Node {
        &self.nodes[id]
    }

    /// Returns every node but the root.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (Id, &Node)> {
        self.nodes.iter().enumerate().skip(1)
    }

    /// Returns the contents of a string or a word, as they are written.
    pub(crate) fn contents(&self, id: Id) -> &'a str {
        self.text.get(self.nodes[id].inner.range()).unwrap_or_default()
    }

    /// Returns the members of an object, or the items of a list.
    pub(crate) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        self.held(id).filter(|child| !self.nodes[*child].is_key)
    }

    /// Returns the keys of an object, also those without a value.
    pub(crate) fn keys(&self, id: Id) -> impl Iterator<Item = Id> {
        self.held(id).filter(|child| self.nodes[*child].is_key)
    }

    fn held(&self, id: Id) -> impl Iterator<Item = Id> {
        let end = self.ends[id];
        let first = Some(id + 1).filter(|first| *first < end);
        std::iter::successors(first, move |child| Some(self.ends[*child]).filter(|next| *next < end))
    }

    /// Returns the value of the member of an object with this key, in any case.
    pub(crate) fn member(&self, id: Id, name: &str) -> Option<Id> {
        self.children(id).find(|child| {
            self.nodes[*child].key.is_some_and(|key| self.contents(key).eq_ignore_ascii_case(name))
        })
    }

    /// Returns the key under which a node stands, alone or in a list.
    pub(crate) fn key_of(&self, id: Id) -> Option<Id> {
        let mut id = id;
        while id != 0 {
            let node = &self.nodes[id];
            if node.key.is_some() {
                return node.key;
            }
            if self.nodes[node.parent].kind != Kind::List {
                return None;
            }
            id = node.parent;
        }
        None
    }

    /// Returns the object that holds a node, alone or in a list.
    pub(crate) fn object_of(&self, id: Id) -> Id {
        let mut parent = self.nodes[id].parent;
        while parent != 0 && self.nodes[parent].kind == Kind::List {
            parent = self.nodes[parent].parent;
        }
        parent
    }

    /// Returns the strings of a value: itself, or the items of a list.
    pub(crate) fn texts(&self, id: Id) -> Vec<Id> {
        let is_text = |id: &Id| self.nodes[*id].kind == Kind::Text;
        match self.nodes[id].kind {
            Kind::List => self.children(id).filter(is_text).collect(),
            Kind::Text => vec![id],
            _ => Vec::new(),
        }
    }
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        &self.tree.text[self.at..self.end]
    }

    /// Remembers what may stand at the cursor, once it is reached.
    fn look(&mut self, cursor: Option<usize>, token: Option<Id>) {
        let Some(at) = cursor else { return };
        let reached = token.is_some() || self.at >= at;
        if self.tree.cursor.is_some() || !reached {
            return;
        }
        let Some(open) = self.stack.last() else { return };
        let in_list = self.tree.nodes[open.id].kind == Kind::List;
        let (mut key, mut wants_value) = (open.key, in_list || open.state == State::Value);
        if let Some(token) = token {
            let node = &self.tree.nodes[token];
            (key, wants_value) = (node.key, !node.is_key);
        } else if !wants_value {
            key = None;
        }
        self.tree.cursor = Some(Cursor { container: open.id, token, key, wants_value });
    }

    fn step(&mut self, cursor: Option<usize>) {
        self.look(cursor, None);
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            self.at = self.end;
            return;
        };
        // Searched only where a line counts: a policy may be one long line.
        let line = |rest: &str| rest.find('\n').unwrap_or(rest.len());
        match first {
            '"' => {
                let start = self.at;
                let (inner, is_closed) = self.string();
                let end = self.at;
                self.token(Kind::Text, start..end, inner, is_closed, cursor);
            }
            '{' => self.open(Kind::Object),
            '[' => self.open(Kind::List),
            '}' => self.close(Kind::Object),
            ']' => self.close(Kind::List),
            ':' | '=' => {
                if let Some(open) = self.stack.last_mut() {
                    open.state = if open.key.is_some() { State::Value } else { open.state };
                    if first == '=' {
                        self.tree.nodes[open.id].is_native = true;
                    }
                }
                self.at += 1;
            }
            ',' => {
                if let Some(open) = self.stack.last_mut() {
                    (open.state, open.key) = (State::Key, None);
                }
                self.at += 1;
            }
            '#' => self.at += line(rest),
            '/' if rest.starts_with("//") => self.at += line(rest),
            '/' if rest.starts_with("/*") => {
                self.at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            }
            '<' if self.is_hcl && rest.starts_with("<<") => {
                self.at += line(rest);
                self.in_heredoc = true;
            }
            first if is_of_word(first) => {
                let start = self.at;
                let length = rest.find(|other| !is_of_word(other)).unwrap_or(rest.len());
                self.at += length;
                let word = start..self.at;
                self.token(Kind::Word, word.clone(), word, true, cursor);
            }
            other => self.at += other.len_utf8(),
        }
    }

    /// Reads a string, which ends at the end of its line at the latest.
    fn string(&mut self) -> (Range<usize>, bool) {
        let start = self.at + 1;
        let bytes = self.tree.text.as_bytes();
        let (mut at, mut braces) = (start, 0_usize);
        while at < self.end {
            match bytes[at] {
                b'\n' | b'\r' => break,
                b'\\' => at += 1,
                b'$' if self.is_hcl && !self.in_json() && bytes.get(at + 1) == Some(&b'{') => {
                    braces += 1;
                    at += 1;
                }
                b'}' => braces = braces.saturating_sub(1),
                b'"' if braces == 0 => {
                    self.at = at + 1;
                    return (start..at, true);
                }
                _ => {}
            }
            at += 1;
        }
        // An escape may have been the last character of the part, or stand before the end of the line.
        let mut end = at.min(self.end);
        while !self.tree.text.is_char_boundary(end) {
            end += 1;
        }
        self.at = end;
        (start.min(end)..end, false)
    }

    /// Whether the innermost object stands in a heredoc.
    fn in_json(&self) -> bool {
        self.stack.last().is_some_and(|open| !self.tree.nodes[open.id].is_native)
    }

    fn token(
        &mut self,
        kind: Kind,
        whole: Range<usize>,
        inner: Range<usize>,
        is_closed: bool,
        cursor: Option<usize>,
    ) {
        let id = self.tree.nodes.len();
        let Some(open) = self.stack.last_mut() else { return };
        let container = &self.tree.nodes[open.id];
        let in_list = container.kind == Kind::List;
        let is_key = !in_list && open.state != State::Value;
        let key = open.key.filter(|_| !in_list && !is_key);
        let is_native = container.is_native;
        if is_key {
            (open.state, open.key) = (State::Colon, Some(id));
        } else if !in_list {
            open.state = State::After;
        }
        let parent = open.id;
        let (span, contents) = (Span::new(whole.start, whole.end), Span::new(inner.start, inner.end));
        self.tree.nodes.push(Node { kind, span, inner: contents, parent, key, is_key, is_native, is_closed });
        if cursor.is_some_and(|at| whole.start < at && at <= inner.end) {
            self.look(cursor, Some(id));
        }
    }

    fn open(&mut self, kind: Kind) {
        let id = self.tree.nodes.len();
        let Some(open) = self.stack.last_mut() else { return };
        let container = &self.tree.nodes[open.id];
        let in_list = container.kind == Kind::List;
        let is_native = container.is_native && !self.in_heredoc;
        self.in_heredoc = false;
        open.state = State::After;
        let (parent, key) = (open.id, open.key.filter(|_| !in_list));
        let span = Span::new(self.at, self.end);
        let inner = Span::new(self.at + 1, self.end);
        self.tree.nodes.push(Node {
            kind,
            span,
            inner,
            parent,
            key,
            is_key: false,
            is_native,
            is_closed: false,
        });
        self.stack.push(Open { id, state: State::Key, key: None });
        self.at += 1;
    }

    fn close(&mut self, kind: Kind) {
        let at = self.at;
        self.at += 1;
        let is_open = |open: &Open| open.id != 0 && self.tree.nodes[open.id].kind == kind;
        let Some(depth) = self.stack.iter().rposition(is_open) else { return };
        for (number, open) in self.stack.drain(depth..).enumerate() {
            let node = &mut self.tree.nodes[open.id];
            let is_own = number == 0;
            node.span = Span::new(node.span.start(), if is_own { at + 1 } else { at });
            node.inner = Span::new(node.inner.start(), at.max(node.inner.start()));
            node.is_closed = is_own;
        }
    }
}

fn is_of_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.' | '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text whose cursor is `|`.
    fn cursor(marked: &str, is_hcl: bool) -> String {
        let at = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        let tree = Tree::read(&text, 0..text.len(), is_hcl, Some(at));
        let cursor = tree.cursor.unwrap();
        let key = cursor.key.or_else(|| tree.key_of(cursor.container)).map(|key| tree.contents(key));
        let token = cursor.token.map(|token| tree.contents(token));
        let what = if cursor.wants_value { "value" } else { "key" };
        format!("{what} of {} in {}", key.unwrap_or("nothing"), token.unwrap_or("nothing"))
    }

    #[test]
    fn the_cursor_is_found_in_texts_that_are_not_finished() {
        assert_eq!(cursor(r#"{"statement": [{"ac|"#, false), "key of statement in ac");
        assert_eq!(cursor(r#"{"statement": [{"action": ["trtc:|"#, false), "value of action in trtc:");
        assert_eq!(cursor("{\"action\": [\"a\", |\n]}", false), "value of action in nothing");
        assert_eq!(cursor("{\"effect\": \"|\n, \"action\": 1}", false), "value of effect in ");
        assert_eq!(cursor(r#"{"effect": | "action": []}"#, false), "value of effect in nothing");
        assert_eq!(cursor(r#"{"a": {"b": 1}, |}"#, false), "key of nothing in nothing");
        let native =
            "resource \"x\" \"y\" {\n  document = jsonencode({\n    statement = [{\n effect = \"a|\"\n";
        assert_eq!(cursor(native, true), "value of effect in a");
        let heredoc = "resource \"x\" \"y\" {\n  document = <<EOF\n{\"statement\": {\"eff|\nEOF\n}\n";
        assert_eq!(cursor(heredoc, true), "key of statement in eff");
    }

    #[test]
    fn every_part_of_a_text_is_read() {
        let texts = [
            "{\"a\\",
            "腾{“a”: \"云",
            "]}{[\"\\u0000\"}]:=,,#\n//\n/*",
            "<<EOF\n{\nEOF\n}\"${a(\"x\")}\"",
            "{\"a\": \"\\\n\"}",
        ];
        for text in texts {
            for end in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                for is_hcl in [false, true] {
                    let tree = Tree::read(&text[..end], 0..end, is_hcl, Some(end));
                    assert!(tree.cursor.is_some());
                    for (id, node) in tree.nodes() {
                        assert!(text.get(node.span.range()).is_some(), "{node:?} of {text}");
                        assert!(text.get(node.inner.range()).is_some(), "{node:?} of {text}");
                        assert!(node.parent < id);
                    }
                }
            }
        }
    }

    #[test]
    fn deep_nesting_is_read() {
        let text = "[{".repeat(100_000);
        let tree = Tree::read(&text, 0..text.len(), false, Some(text.len()));
        assert_eq!(tree.nodes().count(), 200_000);
    }
}
