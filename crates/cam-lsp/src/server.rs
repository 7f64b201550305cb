//! Messages and their answers.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use cam_workspace::config::FILE_NAME;
use cam_workspace::formatted;
use cam_workspace::source::Source;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::actions::Ground;
use crate::client::Client;
use crate::document::Document;
use crate::host::Host;
use crate::knowledge::Knowledge;
use crate::lines::{Encoding, Lines};
use crate::protocol::{
    CodeAction, CodeActionKind, CodeActionOptions, CodeActionParams, CompletionItem, CompletionOptions,
    CompletionParams, DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DocumentFormattingParams, DocumentLinkOptions, DocumentLinkParams, DocumentSymbolParams, ErrorCode,
    HoverParams, InitializeResult, Message, MessageType, Notification, PositionEncodingKind,
    PublishDiagnosticsParams, Request, RequestId, Response, ServerCapabilities, ServerInfo,
    ShowMessageParams, TextDocumentContentChangeEvent, TextDocumentPositionParams, TextDocumentSyncKind,
    TextDocumentSyncOptions, TextEdit, Uri,
};
use crate::{completion, diagnostics, edits, hover, outline};

/// A language server: the open documents, and answers to the messages of one editor.
///
/// See [the crate](crate) for an example.
pub struct Server {
    knowledge: Knowledge,
    host: Box<dyn Host>,
    client: Client,
    phase: Phase,
    open: BTreeMap<String, Document>,
    /// Documents that are closed, whose findings the editor still shows.
    closed: Vec<String>,
    /// What the user was told about configurations.
    told: BTreeSet<String>,
    outbox: Vec<Message>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    New,
    Running,
    ShutDown,
    /// The editor is gone; whether it asked for the end before.
    Over(bool),
}

/// Why a request has no result.
struct Refusal {
    code: ErrorCode,
    message: String,
}

type Answer = Result<Value, Refusal>;

impl Server {
    /// Makes a server that knows `knowledge`, and has its configurations from `host`.
    ///
    /// See [the crate](crate) for an example.
    pub fn new(knowledge: Knowledge, host: impl Host + 'static) -> Self {
        Self {
            knowledge,
            host: Box::new(host),
            client: Client::default(),
            phase: Phase::New,
            open: BTreeMap::new(),
            closed: Vec::new(),
            told: BTreeSet::new(),
            outbox: Vec::new(),
        }
    }

    /// Takes a message, and returns what to send: the response of a request, and messages to the user. Findings are
    /// [`news`](Self::news).
    ///
    /// ```
    /// use cam_lsp::{Disk, Knowledge, Message, Server};
    /// use cam_policy::example::CATALOG;
    ///
    /// let mut server = Server::new(Knowledge::new(CATALOG), Disk);
    /// let message: Message = serde_json::from_str(r#"{"id": 1, "method": "textDocument/hover"}"#)?;
    /// assert!(matches!(&server.answer(message)[..], [Message::Response(_)]));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn answer(&mut self, message: Message) -> Vec<Message> {
        match message {
            Message::Request(request) => {
                let id = request.id.clone();
                let answer = catch_unwind(AssertUnwindSafe(|| self.request(request)));
                let answer = answer.unwrap_or_else(|_| Err(internal()));
                self.outbox.push(response(id, answer).into());
            }
            Message::Notification(notification) => {
                // A notification has no answer, not even that it failed. The panic itself is on standard error.
                let _ = catch_unwind(AssertUnwindSafe(|| self.notification(notification)));
            }
            Message::Response(_) => {}
        }
        std::mem::take(&mut self.outbox)
    }

    /// Whether there is something that the editor should be told without asking.
    ///
    /// See [`Server::news`] for an example.
    pub fn has_news(&self) -> bool {
        !self.closed.is_empty() || self.open.values().any(|document| document.is_new)
    }

    /// Returns the findings of the documents that changed. Lint when nobody waits for an answer.
    ///
    /// ```
    /// use cam_lsp::{Disk, Knowledge, Server};
    /// use cam_policy::example::CATALOG;
    ///
    /// let mut server = Server::new(Knowledge::new(CATALOG), Disk);
    /// assert!(!server.has_news());
    /// assert!(server.news().is_empty());
    /// ```
    pub fn news(&mut self) -> Vec<Message> {
        for uri in std::mem::take(&mut self.closed) {
            self.publish(&uri, None, Vec::new());
        }
        let new = self.open.values().filter(|document| document.is_new);
        let new: Vec<String> = new.map(|document| document.uri.clone()).collect();
        for uri in new {
            let Some(document) = self.open.get_mut(&uri) else { continue };
            document.is_new = false;
            let version = document.version;
            if let Ok(found) = catch_unwind(AssertUnwindSafe(|| self.found(&uri))) {
                self.publish(&uri, version, found);
            }
        }
        std::mem::take(&mut self.outbox)
    }

    /// Whether the editor is gone.
    ///
    /// ```
    /// use cam_lsp::{Disk, Knowledge, Message, Server};
    /// use cam_policy::example::CATALOG;
    ///
    /// let mut server = Server::new(Knowledge::new(CATALOG), Disk);
    /// server.answer(serde_json::from_str(r#"{"method": "exit"}"#)?);
    /// assert!(server.is_over() && !server.was_shut_down());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over(_))
    }

    /// Whether the editor asked for the end before it went.
    ///
    /// See [`Server::is_over`] for an example.
    pub fn was_shut_down(&self) -> bool {
        matches!(self.phase, Phase::ShutDown | Phase::Over(true))
    }

    /// What is wrong with a document.
    fn found(&mut self, uri: &str) -> Vec<crate::protocol::Diagnostic> {
        let (knowledge, language) = (self.knowledge, self.client.language);
        let of_configuration = self.open.get(uri).and_then(|document| {
            let others = &self.open.values();
            diagnostics::of_configuration(document, others, &knowledge, self.host.as_ref(), language)
        });
        if let Some(found) = of_configuration {
            return found;
        }
        self.lint(uri);
        let Some(document) = self.open.get(uri) else { return Vec::new() };
        document.report().map_or_else(Vec::new, |report| diagnostics::of_report(report, document, language))
    }

    fn publish(&mut self, uri: &str, version: Option<i32>, diagnostics: Vec<crate::protocol::Diagnostic>) {
        let params = PublishDiagnosticsParams { uri: Uri(uri.into()), version, diagnostics };
        self.notify("textDocument/publishDiagnostics", &params);
    }

    fn notify(&mut self, method: &str, params: &impl Serialize) {
        // Every type of the protocol can be written as JSON.
        let params = serde_json::to_value(params).unwrap_or_default();
        self.outbox.push(Notification { method: method.into(), params }.into());
    }

    fn request(&mut self, request: Request) -> Answer {
        let Request { method, params, .. } = request;
        match (self.phase, method.as_str()) {
            (Phase::New, "initialize") => return self.initialize(&params),
            (Phase::New, _) => {
                let message = "the first request must be `initialize`".into();
                return Err(Refusal { code: ErrorCode::ServerNotInitialized, message });
            }
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                return Ok(Value::Null);
            }
            (Phase::Running, _) if method != "initialize" => {}
            _ => {
                let message = format!("`{method}` cannot be asked now");
                return Err(Refusal { code: ErrorCode::InvalidRequest, message });
            }
        }
        let (knowledge, client) = (self.knowledge, self.client);
        match method.as_str() {
            "textDocument/completion" => {
                let params: CompletionParams = read(params)?;
                let place = params.text_document_position_params;
                let Some((document, at)) = self.at(&place) else { return Ok(Value::Null) };
                written(&completion::complete(document, &knowledge, client, at))
            }
            "completionItem/resolve" => {
                let item: CompletionItem = read(params)?;
                written(&completion::resolve(item, &knowledge, client))
            }
            "textDocument/hover" => {
                let params: HoverParams = read(params)?;
                let place = params.text_document_position_params;
                self.lint(&place.text_document.uri.0);
                let Some((document, at)) = self.at(&place) else { return Ok(Value::Null) };
                written(&hover::hover(document, &knowledge, client.language, at))
            }
            "textDocument/codeAction" => {
                let params: CodeActionParams = read(params)?;
                let uri = params.text_document.uri.0.clone();
                let actions = self.ground(&uri).map(|ground| ground.actions(&params));
                written(&actions.unwrap_or_default())
            }
            "codeAction/resolve" => {
                let mut action: CodeAction = read(params)?;
                if let Some(data) = action.data.take().filter(|_| action.edit.is_none()) {
                    let uri = data.get("uri").and_then(Value::as_str).unwrap_or_default();
                    action.edit = self.ground(uri).and_then(|ground| ground.edit_of(&data));
                }
                written(&action)
            }
            "textDocument/documentSymbol" => {
                let params: DocumentSymbolParams = read(params)?;
                self.lint(&params.text_document.uri.0);
                let document = self.open.get(&params.text_document.uri.0);
                written(&document.map(|document| outline::symbols(document, client.language)))
            }
            "textDocument/documentLink" => {
                let params: DocumentLinkParams = read(params)?;
                let document = self.open.get(&params.text_document.uri.0);
                written(&document.map(|document| outline::links(document, client.language)))
            }
            "textDocument/formatting" => {
                let params: DocumentFormattingParams = read(params)?;
                let document = self.open.get(&params.text_document.uri.0);
                written(&document.and_then(format))
            }
            _ => {
                let message = format!("the server has no method `{method}`");
                Err(Refusal { code: ErrorCode::MethodNotFound, message })
            }
        }
    }

    fn initialize(&mut self, params: &Value) -> Answer {
        self.client = Client::of(params);
        self.phase = Phase::Running;
        let encoding = match self.client.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        };
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(true.into()),
            ..TextDocumentSyncOptions::default()
        };
        let characters = ["\"", ":", "/", "{", "["];
        written(&InitializeResult {
            capabilities: ServerCapabilities {
                position_encoding: Some(encoding),
                text_document_sync: Some(sync.into()),
                completion_provider: Some(CompletionOptions {
                    trigger_characters: Some(characters.map(str::to_owned).to_vec()),
                    resolve_provider: Some(true),
                    ..CompletionOptions::default()
                }),
                hover_provider: Some(true.into()),
                code_action_provider: Some(
                    CodeActionOptions {
                        code_action_kinds: Some(vec![CodeActionKind::QuickFix, CodeActionKind::SourceFixAll]),
                        resolve_provider: Some(true),
                        ..CodeActionOptions::default()
                    }
                    .into(),
                ),
                document_symbol_provider: Some(true.into()),
                document_link_provider: Some(DocumentLinkOptions::default()),
                document_formatting_provider: Some(true.into()),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: "tencent-cam".into(),
                version: Some(env!("CARGO_PKG_VERSION").into()),
            }),
        })
    }

    fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match (self.phase, method.as_str()) {
            (phase, "exit") => self.phase = Phase::Over(phase == Phase::ShutDown),
            (Phase::Running, "initialized") => self.watch(),
            (Phase::Running, "textDocument/didOpen") => {
                let Ok(params) = serde_json::from_value::<DidOpenTextDocumentParams>(params) else { return };
                let opened = params.text_document;
                let lines = Lines::new(opened.text, self.client.encoding);
                let language = opened.language_id.to_string();
                let document = Document::new(&opened.uri.0, &language, Some(opened.version), lines);
                self.open.insert(opened.uri.0.clone(), document);
                self.configure(&opened.uri.0);
            }
            (Phase::Running, "textDocument/didChange") => self.change(params),
            (Phase::Running, "textDocument/didClose") => {
                let Ok(params) = serde_json::from_value::<DidCloseTextDocumentParams>(params) else { return };
                if self.open.remove(&params.text_document.uri.0).is_some() {
                    self.closed.push(params.text_document.uri.0);
                }
            }
            (Phase::Running, "textDocument/didSave") => {
                let is_configuration = |uri: &str| uri.ends_with(FILE_NAME);
                if params["textDocument"]["uri"].as_str().is_some_and(is_configuration) {
                    self.configure_all();
                } else {
                    // A suppression may be of no use now.
                    let configurations = self.open.values_mut().filter(|one| is_configuration(&one.uri));
                    configurations.for_each(Document::changed);
                }
            }
            // The server watches configurations, the baselines that they name, and nothing else.
            (Phase::Running, "workspace/didChangeWatchedFiles") => self.configure_all(),
            _ => {}
        }
    }

    /// Asks the editor to watch configurations and baselines.
    fn watch(&mut self) {
        if !self.client.watches {
            return;
        }
        let globs = [format!("**/{FILE_NAME}"), "**/*.baseline.json".to_owned()];
        let watchers: Vec<Value> = globs.iter().map(|glob| json!({ "globPattern": glob })).collect();
        let registration = json!({
            "id": "configurations",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": { "watchers": watchers },
        });
        let params = json!({ "registrations": [registration] });
        let id = RequestId::from("watch".to_owned());
        self.outbox.push(Request::new(id, "client/registerCapability".into(), params).into());
    }

    fn change(&mut self, params: Value) {
        let Ok(params) = serde_json::from_value::<DidChangeTextDocumentParams>(params) else { return };
        let identifier = params.text_document.text_document_identifier;
        let Some(document) = self.open.get_mut(&identifier.uri.0) else { return };
        document.version = Some(params.text_document.version);
        for change in params.content_changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    document.lines.replace(part.range, &part.text);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    document.lines = Lines::new(whole.text, self.client.encoding);
                }
            }
        }
        document.changed();
    }

    fn configure_all(&mut self) {
        self.told.clear();
        let all: Vec<String> = self.open.keys().cloned().collect();
        for uri in &all {
            self.configure(uri);
        }
    }

    /// Reads the configuration of a document. One that cannot be used is shown to the user once.
    fn configure(&mut self, uri: &str) {
        let Some(document) = self.open.get_mut(uri) else { return };
        if let Err(error) = document.configure(self.host.as_ref())
            && self.told.insert(error.to_string())
        {
            let params = ShowMessageParams { kind: MessageType::Error, message: error.to_string() };
            self.notify("window/showMessage", &params);
        }
    }

    fn at(&self, place: &TextDocumentPositionParams) -> Option<(&Document, usize)> {
        let document = self.open.get(&place.text_document.uri.0)?;
        Some((document, document.lines.byte(place.position)))
    }

    fn lint(&mut self, uri: &str) {
        if let Some(document) = self.open.get_mut(uri) {
            document.lint(&self.knowledge, self.host.as_ref());
        }
    }

    fn ground(&mut self, uri: &str) -> Option<Ground<'_>> {
        self.lint(uri);
        let document = self.open.get(uri)?;
        let configuration = document.configured().place.file.as_ref();
        Some(Ground {
            document,
            report: document.report()?,
            configuration: configuration.and_then(|file| self.open.values().find(|open| open.is_of(file))),
            knowledge: &self.knowledge,
            host: self.host.as_ref(),
            client: self.client,
        })
    }
}

/// Returns the edits that give a document the layout of `tencent-cam fmt`; `None` if it has none, or cannot be read.
fn format(document: &Document) -> Option<Vec<TextEdit>> {
    let text = &document.lines.text;
    let new = formatted(text, &Source::read(document.name(), text)).ok()??;
    if new == *text {
        return Some(Vec::new());
    }
    Some(edits::text_edits(&[edits::replacement(text, &new)], &document.lines))
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, Refusal> {
    serde_json::from_value(params).map_err(|error| Refusal {
        code: ErrorCode::InvalidParams,
        message: format!("the parameters are wrong: {error}"),
    })
}

fn written(result: &impl Serialize) -> Answer {
    serde_json::to_value(result)
        .map_err(|error| Refusal { code: ErrorCode::InternalError, message: error.to_string() })
}

fn internal() -> Refusal {
    let message = "the server has a mistake: its standard error says where".into();
    Refusal { code: ErrorCode::InternalError, message }
}

fn response(id: RequestId, answer: Answer) -> Response {
    match answer {
        Ok(result) => Response::new_ok(id, result),
        Err(Refusal { code, message }) => Response::new_err(id, code as i32, message),
    }
}
