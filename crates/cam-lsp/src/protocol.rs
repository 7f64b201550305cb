//! The types of the language server protocol. No other file names the crates that they come from.

pub(crate) use gen_lsp_types::{
    Code, CodeAction, CodeActionKind, CodeActionOptions, CodeActionParams, CodeDescription, CompletionItem,
    CompletionItemKind, CompletionItemLabelDetails, CompletionItemTag, CompletionList, CompletionOptions,
    CompletionParams, CreateFile, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity,
    DiagnosticTag, DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DocumentChange, DocumentFormattingParams, DocumentLink, DocumentLinkOptions, DocumentLinkParams,
    DocumentSymbol, DocumentSymbolParams, Hover, HoverParams, InitializeResult, InsertTextFormat, Location,
    MarkupContent, MarkupKind, MessageType, OptionalVersionedTextDocumentIdentifier, Position,
    PositionEncodingKind, PublishDiagnosticsParams, Range, ServerCapabilities, ServerInfo, ShowMessageParams,
    SymbolKind, TextDocumentContentChangeEvent, TextDocumentEdit, TextDocumentIdentifier,
    TextDocumentPositionParams, TextDocumentSyncKind, TextDocumentSyncOptions, TextEdit, Uri, WorkspaceEdit,
};
/// A message of JSON-RPC.
pub use lsp_server::Message;
pub(crate) use lsp_server::{ErrorCode, Notification, Request, RequestId, Response};
