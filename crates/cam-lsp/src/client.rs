//! What the editor can do.

use serde_json::Value;

use crate::language::Language;
use crate::lines::Encoding;

/// What the editor can do, and in which language it speaks.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the protocol has a flag for each of these")]
pub(crate) struct Client {
    pub(crate) language: Language,
    pub(crate) encoding: Encoding,
    /// It fills in placeholders.
    pub(crate) snippets: bool,
    /// It asks for the edit of a code action only when somebody chooses it.
    pub(crate) resolves: bool,
    /// It takes edits with the version of the document.
    pub(crate) document_changes: bool,
    /// It creates files.
    pub(crate) creates: bool,
    /// It watches files for the server.
    pub(crate) watches: bool,
}

impl Client {
    /// Reads the parameters of `initialize`. Only what counts is read, so that a mistake elsewhere costs nothing.
    pub(crate) fn of(params: &Value) -> Self {
        let is_true = |pointer: &str| params.pointer(pointer) == Some(&Value::Bool(true));
        let lists = |pointer: &str, word: &str| {
            let all = params.pointer(pointer).and_then(Value::as_array);
            all.is_some_and(|all| all.iter().any(|one| one == word))
        };
        let locale = params.get("locale").and_then(Value::as_str);
        let is_utf8 = lists("/capabilities/general/positionEncodings", "utf-8");
        Self {
            language: locale.map_or(Language::English, Language::of_locale),
            encoding: if is_utf8 { Encoding::Utf8 } else { Encoding::Utf16 },
            snippets: is_true("/capabilities/textDocument/completion/completionItem/snippetSupport"),
            resolves: lists("/capabilities/textDocument/codeAction/resolveSupport/properties", "edit"),
            document_changes: is_true("/capabilities/workspace/workspaceEdit/documentChanges"),
            creates: lists("/capabilities/workspace/workspaceEdit/resourceOperations", "create"),
            watches: is_true("/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration"),
        }
    }
}
