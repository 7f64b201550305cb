//! Changes of files for editors.

use cam_policy::text::Span;
use cam_workspace::map::Edit;

use crate::client::Client;
use crate::document::Document;
use crate::lines::Lines;
use crate::protocol::{
    DocumentChange, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier,
    TextEdit, Uri, WorkspaceEdit,
};

/// Returns edits of the text of a document.
pub(crate) fn text_edits(edits: &[Edit], lines: &Lines) -> Vec<TextEdit> {
    let edit = |edit: &Edit| TextEdit { range: lines.range(edit.span), new_text: edit.replacement.clone() };
    edits.iter().map(edit).collect()
}

/// Returns the edit that makes one text of another: what both begin and end with stays.
pub(crate) fn replacement(old: &str, new: &str) -> Edit {
    let same = old.char_indices().zip(new.chars()).find(|((_, one), other)| one != other);
    let start = same.map_or(old.len().min(new.len()), |((at, _), _)| at);
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let common = old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(|(one, other)| one == other);
    let end: usize = common.map(|(one, _)| one.len_utf8()).sum();
    Edit { span: Span::new(start, old.len() - end), replacement: new_rest[..new_rest.len() - end].to_owned() }
}

/// Returns the change of one open document.
pub(crate) fn of_document(document: &Document, edits: &[Edit], client: Client) -> WorkspaceEdit {
    of(&document.uri, document.version, text_edits(edits, &document.lines), client)
}

/// Returns the change of one file, in the form that the editor takes.
pub(crate) fn of(uri: &str, version: Option<i32>, edits: Vec<TextEdit>, client: Client) -> WorkspaceEdit {
    if client.document_changes {
        let changes = vec![of_file(uri, version, edits)];
        return WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let changes = [(Uri(uri.into()), edits)].into();
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}

/// Returns the change of a file as one of several.
pub(crate) fn of_file(uri: &str, version: Option<i32>, edits: Vec<TextEdit>) -> DocumentChange {
    TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier {
            version,
            text_document_identifier: TextDocumentIdentifier { uri: Uri(uri.into()) },
        },
        edits: edits.into_iter().map(Into::into).collect(),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replacement_keeps_what_is_the_same() {
        for (old, new) in [("abcd", "abXcd"), ("", "a"), ("aaa", "aa"), ("策略", "策划"), ("same", "same")]
        {
            let edit = replacement(old, new);
            assert_eq!(Edit::apply_all(old, &[edit]), new);
        }
        assert_eq!(replacement("abcd", "abXd"), Edit { span: Span::new(2, 3), replacement: "X".into() });
    }
}
