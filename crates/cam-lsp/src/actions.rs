//! Fixes and suppressions.

use cam_lint::{Access, FixMode, Proof};
use cam_policy::text::Span;
use cam_workspace::config::FILE_NAME;
use cam_workspace::fix::{fix_file, prove_fix};
use cam_workspace::lint::{FileReport, Found, Settings, lint_file};
use cam_workspace::map::Edit;
use cam_workspace::source::Format;
use serde_json::{Value, json};

use crate::client::Client;
use crate::diagnostics;
use crate::document::{Document, uri_of};
use crate::edits;
use crate::host::Host;
use crate::knowledge::Knowledge;
use crate::language::Language;
use crate::lines::Lines;
use crate::protocol::{
    CodeAction, CodeActionKind, CodeActionParams, CreateFile, TextEdit, Uri, WorkspaceEdit,
};

/// For how many findings of a selection actions are offered.
const MOST_FINDINGS: usize = 20;

/// What code actions need to know.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) document: &'a Document,
    pub(crate) report: &'a FileReport,
    /// The configuration, if the editor has it open.
    pub(crate) configuration: Option<&'a Document>,
    pub(crate) knowledge: &'a Knowledge,
    pub(crate) host: &'a dyn Host,
    pub(crate) client: Client,
}

impl Ground<'_> {
    fn settings(&self) -> Settings<'_> {
        self.document.settings(self.knowledge, self.host)
    }

    /// Returns what can be done about the findings of a range.
    pub(crate) fn actions(&self, params: &CodeActionParams) -> Vec<CodeAction> {
        let lines = &self.document.lines;
        let span = lines.span(params.range);
        let touches = |found: &&Found| found.span.start() <= span.end() && span.start() <= found.span.end();
        let wanted = |kinds: &[CodeActionKind]| {
            params.context.only.as_ref().is_none_or(|only| only.iter().any(|one| kinds.contains(one)))
        };
        let mut actions = Vec::new();
        if wanted(&[CodeActionKind::QuickFix, CodeActionKind::Empty]) {
            let here = self.report.findings.iter().filter(touches).take(MOST_FINDINGS);
            let here: Vec<&Found> = here.collect();
            actions.extend(here.iter().filter_map(|found| self.fix(found)));
            for found in here {
                actions.extend(self.suppressions(found));
            }
        }
        if wanted(&[CodeActionKind::SourceFixAll, CodeActionKind::Source, CodeActionKind::Empty])
            && self.report.findings.iter().any(|found| found.fix.is_some())
        {
            let title = self
                .client
                .language
                .pick("Make all fixes that keep access the same", "应用所有不改变权限的修复");
            let kind = CodeActionKind::SourceFixAll;
            actions.extend(self.lazy(title.into(), kind, json!({ "fixAll": true }), None));
        }
        actions
    }

    /// Returns an action whose edit is made when it is chosen, if the editor can ask for it then.
    fn lazy(
        &self,
        title: String,
        kind: CodeActionKind,
        data: Value,
        found: Option<&Found>,
    ) -> Option<CodeAction> {
        let mut data = data;
        data["uri"] = self.document.uri.clone().into();
        let mut action = CodeAction {
            title,
            kind: Some(kind),
            diagnostics: found.map(|found| vec![self.diagnostic(found)]),
            data: Some(data),
            ..CodeAction::default()
        };
        if !self.client.resolves {
            action.edit = Some(self.edit_of(action.data.as_ref()?)?);
            action.data = None;
        }
        Some(action)
    }

    fn diagnostic(&self, found: &Found) -> crate::protocol::Diagnostic {
        diagnostics::of_finding(found, self.document, self.client.language)
    }

    /// Returns the edit of an action that was offered without one; `None` if the document has changed too much since.
    pub(crate) fn edit_of(&self, data: &Value) -> Option<WorkspaceEdit> {
        if data.get("fixAll").is_some() {
            return self.fix_all();
        }
        let fingerprint = data.get("finding")?.as_str()?;
        let found = self.report.findings.iter().find(|found| found.fingerprint == fingerprint)?;
        match data.get("suppress")?.as_str()? {
            "here" => self.suppress_here(found),
            _ => Some(self.suppress_in_configuration(found)),
        }
    }

    /// Returns the fix of a finding. What it gives or takes stands in its title.
    fn fix(&self, found: &Found) -> Option<CodeAction> {
        let fix = found.fix.as_ref()?;
        let settings = self.settings();
        let proved = prove_fix(self.report, found, self.document.path(), &settings)?;
        let language = self.client.language;
        Some(CodeAction {
            title: format!("{}{}", capital(&fix.title), effect(&proved.proof, language)),
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![self.diagnostic(found)]),
            is_preferred: proved.proof.is_safe().then_some(true),
            edit: Some(self.edit(&fix.edits)),
            ..CodeAction::default()
        })
    }

    fn edit(&self, changes: &[Edit]) -> WorkspaceEdit {
        edits::of_document(self.document, changes, self.client)
    }

    fn fix_all(&self) -> Option<WorkspaceEdit> {
        let (name, path, text) = (self.document.name(), self.document.path(), &self.document.lines.text);
        let fixed = fix_file(name, path, text, &self.settings(), FixMode::Safe);
        (fixed.text != *text).then(|| self.edit(&[edits::replacement(text, &fixed.text)]))
    }

    fn suppressions(&self, found: &Found) -> Vec<CodeAction> {
        if found.is_firm() || found.policy.is_none() {
            return Vec::new();
        }
        let (language, id) = (self.client.language, found.rule.id);
        let has_comments = self.document.format().is_some_and(Format::has_comments);
        let here = language.pick(format!("Suppress {id} here"), format!("在此处忽略 {id}"));
        let in_file =
            language.pick(format!("Suppress {id} in {FILE_NAME}"), format!("在 {FILE_NAME} 中忽略 {id}"));
        // A document that is no file has no folder whose configuration counts for it.
        let can_write = self.document.is_file()
            && (self.document.configured().place.file.is_some()
                || self.client.creates && self.client.document_changes);
        let offered = [(here, "here", has_comments), (in_file, "configuration", can_write)];
        let offered = offered.into_iter().filter(|(_, _, is_possible)| *is_possible);
        let actions = offered.filter_map(|(title, place, _)| {
            let data = json!({ "finding": found.fingerprint, "suppress": place });
            self.lazy(title, CodeActionKind::QuickFix, data, Some(found))
        });
        actions.collect()
    }

    /// Returns the edit that suppresses a finding by a comment: before its line or, where this is no comment, as in a
    /// heredoc, before its policy.
    fn suppress_here(&self, found: &Found) -> Option<WorkspaceEdit> {
        let lines = &self.document.lines;
        let policy = self.report.policies.get(found.policy?)?;
        let (open, close) = match self.document.format()? {
            Format::Hcl => ("# ", ""),
            Format::Markdown => ("<!-- ", " -->"),
            _ => ("// ", ""),
        };
        let reason = self.reason();
        let settings = self.settings();
        for at in [found.span.start(), policy.source.whole.start()] {
            let start = lines.line_start(at);
            let line = &lines.text[start..];
            let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
            let id = found.rule.id;
            let replacement = format!("{indent}{open}tencent-cam: ignore {id} {reason}{close}\n");
            let edit = Edit { span: Span::new(start, start), replacement };
            let text = Edit::apply_all(&lines.text, std::slice::from_ref(&edit));
            let report = lint_file(self.document.name(), self.document.path(), &text, &settings);
            if report.suppressed > self.report.suppressed
                && report.findings.len() < self.report.findings.len()
            {
                return Some(self.edit(&[edit]));
            }
        }
        None
    }

    /// What stands in the place of the reason, which only the user knows.
    fn reason(&self) -> &'static str {
        self.client.language.pick("write the reason here", "请在此写明原因")
    }

    fn suppress_in_configuration(&self, found: &Found) -> WorkspaceEdit {
        let place = &self.document.configured().place;
        let pointer = found.pointer.as_ref().filter(|pointer| !pointer.is_empty());
        let pointer =
            pointer.map_or_else(String::new, |pointer| format!("pointer = {}\n", toml_string(pointer)));
        // A pointer into a file that is not JSON is the same in each of its policies.
        let policies = &self.report.policies;
        let policy = found.policy.filter(|_| policies.len() > 1).and_then(|number| policies.get(number));
        let policy = policy.map(|policy| &policy.source.label).filter(|label| !label.is_empty());
        let policy = policy.map_or_else(String::new, |label| format!("policy = {}\n", toml_string(label)));
        let entry = format!(
            "[[ignore]]\nfile = {}\nrule = \"{}\"\n{policy}{pointer}reason = \"{}\"\n",
            toml_string(self.document.path()),
            found.rule.id,
            self.reason()
        );
        let at = |lines: &Lines, new_text: String| {
            let end = lines.position(lines.text.len());
            vec![TextEdit { range: crate::protocol::Range { start: end, end }, new_text }]
        };
        let Some(file) = &place.file else {
            let uri = uri_of(&place.folder.join(FILE_NAME));
            let create = CreateFile::new(Uri(uri.clone()), None, None);
            let empty = Lines::new(String::new(), self.client.encoding);
            let changes = vec![create.into(), edits::of_file(&uri, None, at(&empty, entry))];
            return WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() };
        };
        let on_disk = || Lines::new(self.document.configured().text.clone(), self.client.encoding);
        let lines = self.configuration.map_or_else(on_disk, |document| document.lines.clone());
        let gap = match lines.text.as_str() {
            "" => "",
            text if text.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        let uri = self.configuration.map_or_else(|| uri_of(file), |document| document.uri.clone());
        let version = self.configuration.and_then(|document| document.version);
        edits::of(&uri, version, at(&lines, format!("{gap}{entry}")), self.client)
    }
}

/// Writes a string for TOML, which takes every string of JSON.
fn toml_string(text: &str) -> Value {
    text.into()
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Says what a fix does to access.
fn effect(proof: &Proof, language: Language) -> String {
    match proof {
        Proof::Same => language.pick(" (access stays the same)", "（权限不变）").into(),
        Proof::Unproven(why) => {
            language.pick(format!(" (not proved: {why})"), format!("（未能证明：{why}）"))
        }
        Proof::Differs { gives, takes } => {
            let all = |all: &[Access]| {
                let (first, more) =
                    (all.first().map_or("", |access| access.what.as_str()), all.len().saturating_sub(1));
                match more {
                    0 => first.into(),
                    _ => language
                        .pick(format!("{first}, and {more} more"), format!("{first} 等 {} 项", more + 1)),
                }
            };
            let mut parts = Vec::new();
            if !gives.is_empty() {
                parts.push(format!("{}{}", language.pick("gives: ", "新增："), all(gives)));
            }
            if !takes.is_empty() {
                parts.push(format!("{}{}", language.pick("takes: ", "收回："), all(takes)));
            }
            let parts = parts.join(language.pick("; ", "；"));
            language.pick(format!(" ({parts})"), format!("（{parts}）"))
        }
    }
}
