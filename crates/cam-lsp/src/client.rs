//! What the editor can do.

use crate::language::Language;
use crate::lines::Encoding;
use crate::protocol::{InitializeParams, PositionEncodingKind, ResourceOperationKind};

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
    pub(crate) fn of(params: &InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let text = capabilities.text_document.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let edit = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
        let encodings = capabilities.general.as_ref().and_then(|general| general.position_encodings.as_ref());
        let is_utf8 = encodings.is_some_and(|all| all.contains(&PositionEncodingKind::UTF8));
        let completion = text.and_then(|text| text.completion.as_ref()?.completion_item.as_ref());
        let action = text.and_then(|text| text.code_action.as_ref()?.resolve_support.as_ref());
        let operations = edit.and_then(|edit| edit.resource_operations.as_ref());
        let watching = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
        Self {
            language: params.locale.as_deref().map_or(Language::English, Language::of_locale),
            encoding: if is_utf8 { Encoding::Utf8 } else { Encoding::Utf16 },
            snippets: completion.and_then(|completion| completion.snippet_support) == Some(true),
            resolves: action.is_some_and(|support| support.properties.iter().any(|name| name == "edit")),
            document_changes: edit.and_then(|edit| edit.document_changes) == Some(true),
            creates: operations.is_some_and(|all| all.contains(&ResourceOperationKind::Create)),
            watches: watching.and_then(|watching| watching.dynamic_registration) == Some(true),
        }
    }
}
