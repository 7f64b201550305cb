//! What may stand at a place.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cam_policy::catalog::{Action, Granularity, Service};
use cam_policy::policy::{
    ActionPattern, Comparison, ConditionOperator, PrincipalKind, Qualifier, ValueKind, Variable,
};
use cam_policy::text::{Piece, Span, pieces};
use serde_json::json;

use crate::client::Client;
use crate::document::Document;
use crate::knowledge::Knowledge;
use crate::place::{Around, Part, Role, listed, part_at_cursor};
use crate::protocol::{
    CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionItemTag, CompletionList,
    InsertTextFormat, MarkupContent, MarkupKind, TextEdit,
};
use crate::tree::{Id, Kind, Tree};
use crate::words;

/// How many actions of all services are offered for a part of a name.
const MOST_BY_NAME: usize = 100;

/// Returns what may stand at a byte of a document.
pub(crate) fn complete(
    document: &Document,
    knowledge: &Knowledge,
    client: Client,
    at: usize,
) -> CompletionList {
    let empty = CompletionList { is_incomplete: false, ..CompletionList::default() };
    let Some(around) = Around::of(document, at) else { return empty };
    let (at, is_hcl) = (around.at, around.is_hcl);
    let tree = Tree::read(&around.text, around.part.clone(), is_hcl, Some(at));
    let (items, around) = (Vec::new(), &around);
    let mut offer =
        Offer { document, around, knowledge, client, tree: &tree, at, is_hcl, items, more: false };
    offer.part(part_at_cursor(&tree));
    CompletionList { is_incomplete: offer.more, items: offer.items, ..empty }
}

/// Adds the documentation of an action to its item.
pub(crate) fn resolve(mut item: CompletionItem, knowledge: &Knowledge, client: Client) -> CompletionItem {
    let action = item.data.as_ref().and_then(|data| data.get("action")?.as_str());
    if let Some(about) = action.and_then(|action| words::action_pattern(action, knowledge, client.language)) {
        item.documentation = Some(markdown(about).into());
    }
    item
}

pub(crate) fn markdown(value: String) -> MarkupContent {
    MarkupContent { kind: MarkupKind::Markdown, value }
}

struct Offer<'a> {
    document: &'a Document,
    around: &'a Around<'a>,
    knowledge: &'a Knowledge,
    client: Client,
    tree: &'a Tree<'a>,
    at: usize,
    is_hcl: bool,
    items: Vec<CompletionItem>,
    /// Whether there is more to offer once more is typed.
    more: bool,
}

/// What is written for an item: text for itself, and places to fill in.
#[derive(Clone, Debug)]
enum Bit {
    Text(String),
    /// A place to fill in, with an example or nothing.
    Hole(String),
    /// A place for something that has a name. An editor that cannot fill it in gets `<name>`, which no policy takes.
    Named(String),
    /// A place for one of these words.
    Choice(&'static [&'static str]),
}

fn plain(text: &str) -> Vec<Bit> {
    vec![Bit::Text(text.into())]
}

/// Builds the bits of a text in which `◆` is a hole.
fn with_holes(text: &str) -> Vec<Bit> {
    let mut bits = Vec::new();
    for (number, piece) in text.split('◆').enumerate() {
        if number > 0 {
            bits.push(Bit::Hole(String::new()));
        }
        bits.push(Bit::Text(piece.into()));
    }
    bits
}

impl Offer<'_> {
    fn part(&mut self, part: Part) {
        match part {
            Part::Key(role, object) => self.keys(role, object),
            Part::Version => self.value("2.0", "", CompletionItemKind::Constant, "0"),
            Part::Effect(_) => {
                for (word, about) in [("allow", ("allows", "允许")), ("deny", ("refuses", "拒绝"))] {
                    let about = self.client.language.pick(about.0, about.1);
                    self.value(word, about, CompletionItemKind::EnumMember, "0");
                }
            }
            Part::Statement => {
                let bits = self.statement();
                let item = Self::item("{…}", CompletionItemKind::Struct, "0");
                self.add(item, &bits, self.empty_span());
            }
            Part::Action(_) => self.actions(),
            Part::Resource(statement) => self.resources(statement),
            Part::Value(operator, key) => self.condition_values(operator, key),
            Part::Principal(key) => self.principals(key),
            Part::AnyPrincipal => {
                let bits =
                    with_holes(if self.is_native() { "{ qcs = [\"◆\"] }" } else { "{\"qcs\": [\"◆\"]}" });
                let item = Self::item("qcs", CompletionItemKind::Struct, "0");
                self.add(item, &bits, self.empty_span());
            }
            Part::Other => {}
        }
    }

    fn item(label: &str, kind: CompletionItemKind, rank: &str) -> CompletionItem {
        CompletionItem {
            label: label.into(),
            kind: Some(kind),
            sort_text: Some(format!("{rank}{label}")),
            ..CompletionItem::default()
        }
    }

    fn is_native(&self) -> bool {
        let container = self.tree.cursor.map_or(0, |cursor| cursor.container);
        self.tree.node(container).is_native
    }

    /// The string at the cursor: its number, and whether it has quotation marks.
    fn token(&self) -> Option<(Id, bool)> {
        let token = self.tree.cursor?.token?;
        Some((token, self.tree.node(token).kind == Kind::Text))
    }

    fn empty_span(&self) -> Span {
        match self.token() {
            Some((token, _)) => self.tree.node(token).span,
            None => Span::new(self.at, self.at),
        }
    }

    /// What stands between the beginning of the string and the cursor.
    fn typed(&self) -> &str {
        let token = self.token().map(|(token, _)| self.tree.node(token).inner);
        token.and_then(|inner| self.tree.text.get(inner.start()..self.at)).unwrap_or_default()
    }

    /// Adds an item that replaces `span` by `bits`.
    fn add(&mut self, mut item: CompletionItem, bits: &[Bit], span: Span) {
        // What cannot be replaced at once cannot be completed.
        let Some(span) = self.around.in_file(span) else { return };
        let written = |text: &str| self.around.written(text);
        let (mut text, mut holes) = (String::new(), 0);
        for bit in bits {
            let escaped = |text: &str| written(text).replace('\\', "\\\\").replace('$', "\\$");
            match bit {
                Bit::Text(plain) if self.client.snippets => text.push_str(&escaped(plain)),
                Bit::Text(plain) => text.push_str(&written(plain)),
                Bit::Hole(_) | Bit::Choice(_) if !self.client.snippets => {}
                Bit::Named(name) if !self.client.snippets => {
                    text.push_str(&written(&format!("<{name}>")));
                }
                // Writing to a `String` cannot fail.
                Bit::Hole(example) | Bit::Named(example) => {
                    holes += 1;
                    let _ = write!(text, "${{{holes}:{}}}", escaped(example).replace('}', "\\}"));
                }
                Bit::Choice(words) => {
                    holes += 1;
                    let _ = write!(text, "${{{holes}|{}|}}", words.join(","));
                }
            }
        }
        if holes == 0 && self.client.snippets {
            // Nothing has to be filled in, so nothing has to be escaped.
            text = bits
                .iter()
                .map(|bit| if let Bit::Text(text) = bit { written(text) } else { String::new() })
                .collect();
        }
        // Editors compare it with what stands in the file.
        let filter = item.filter_text.as_deref().unwrap_or(&item.label);
        let filter = Some(written(filter)).filter(|written| written != filter);
        item.filter_text = filter.or(item.filter_text);
        item.insert_text_format =
            Some(if holes > 0 { InsertTextFormat::Snippet } else { InsertTextFormat::PlainText });
        let range = self.document.lines.range(span);
        item.text_edit = Some(TextEdit { range, new_text: text }.into());
        self.items.push(item);
    }

    /// Adds an item for the contents of a string, with quotation marks if there are none yet.
    fn add_text(&mut self, mut item: CompletionItem, bits: &[Bit]) {
        let (span, quoted) = match self.token() {
            Some((token, true)) => {
                let node = self.tree.node(token);
                let end = if node.is_closed { node.inner.end() } else { self.at };
                (Span::new(node.inner.start(), end), true)
            }
            _ => (self.empty_span(), false),
        };
        if quoted {
            self.add(item, bits, span);
            return;
        }
        let quote = || Bit::Text("\"".into());
        item.filter_text = Some(format!("\"{}\"", item.label));
        let bits: Vec<Bit> = [quote()].into_iter().chain(bits.iter().cloned()).chain([quote()]).collect();
        self.add(item, &bits, span);
    }

    fn value(&mut self, text: &str, about: &str, kind: CompletionItemKind, rank: &str) {
        let mut item = Self::item(text, kind, rank);
        item.detail = (!about.is_empty()).then(|| about.to_owned());
        self.add_text(item, &plain(text));
    }

    /// Adds a key with its value.
    fn key(&mut self, mut item: CompletionItem, value: &[Bit]) {
        let name = item.label.clone();
        let is_native = self.is_native();
        let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let (span, has_quotes) = match self.token() {
            Some((token, has_quotes)) => {
                let node = self.tree.node(token);
                let end = if node.is_closed { node.span.end() } else { self.at };
                (Span::new(node.span.start(), end), has_quotes)
            }
            None => (Span::new(self.at, self.at), false),
        };
        let written = if is_native && is_word && !has_quotes { name.clone() } else { format!("\"{name}\"") };
        let rest = self.tree.text[span.end()..].trim_start_matches([' ', '\t']);
        let mut bits = plain(&written);
        if !rest.starts_with([':', '=']) {
            bits.push(Bit::Text(if is_native { " = " } else { ": " }.into()));
            bits.extend(value.iter().cloned());
        }
        item.filter_text = Some(if has_quotes { format!("\"{name}\"") } else { name });
        self.add(item, &bits, span);
    }

    fn statement(&self) -> Vec<Bit> {
        let effect = Bit::Choice(&["allow", "deny"]);
        let (before, after) = if self.is_native() {
            ("{\n  effect   = \"", "\"\n  action   = [\"◆\"]\n  resource = [\"◆\"]\n}")
        } else {
            ("{\n  \"effect\": \"", "\",\n  \"action\": [\"◆\"],\n  \"resource\": [\"◆\"]\n}")
        };
        [Bit::Text(before.into()), effect].into_iter().chain(with_holes(after)).collect()
    }

    fn keys(&mut self, role: Role, object: Id) {
        let own = self.token().map(|(token, _)| token);
        let present: Vec<String> = self
            .tree
            .keys(object)
            .filter(|key| Some(*key) != own)
            .map(|key| self.tree.contents(key).to_ascii_lowercase())
            .collect();
        match role {
            Role::Policy => {
                // A file of JSON with other keys is no policy that somebody begins to write.
                let of_a_policy = ["version", "statement", "principal", "id"];
                let has_statement = present.iter().any(|key| key == "statement");
                if !has_statement && present.iter().any(|key| !of_a_policy.contains(&key.as_str())) {
                    return;
                }
                let mut statement = plain("[");
                statement.extend(self.statement());
                statement.extend(plain("]"));
                self.element("version", &plain("\"2.0\""), &present, "0");
                self.element("statement", &statement, &present, "1");
                self.element("principal", &self.object_of("qcs"), &present, "2");
            }
            Role::Statement => {
                let effect = [plain("\""), vec![Bit::Choice(&["allow", "deny"])], plain("\"")].concat();
                self.element("effect", &effect, &present, "0");
                self.element("action", &with_holes("[\"◆\"]"), &present, "1");
                self.element("resource", &with_holes("[\"◆\"]"), &present, "2");
                self.element("condition", &with_holes("{◆}"), &present, "3");
                self.element("principal", &self.object_of("qcs"), &present, "4");
            }
            Role::Conditions(_) => self.operators(&present),
            Role::Operator(operator, statement) => self.condition_keys(operator, statement, &present),
            Role::Principal => {
                for kind in PrincipalKind::ALL {
                    self.element(kind.as_str(), &with_holes("[\"◆\"]"), &present, "0");
                }
            }
            Role::Other => {}
        }
    }

    fn object_of(&self, key: &str) -> Vec<Bit> {
        let (open, close) =
            if self.is_native() { (format!("{{ {key} = "), " }") } else { (format!("{{\"{key}\": "), "}") };
        [plain(&open), with_holes("[\"◆\"]"), plain(close)].concat()
    }

    fn element(&mut self, name: &str, value: &[Bit], present: &[String], rank: &str) {
        if !present.iter().any(|key| key == name) {
            let item = Self::item(name, CompletionItemKind::Property, rank);
            self.key(item, value);
        }
    }

    fn operators(&mut self, present: &[String]) {
        let all = Comparison::ALL.into_iter().map(ConditionOperator::from);
        let exist = Comparison::ALL
            .into_iter()
            .filter(|one| *one != Comparison::NullEqual)
            .map(|one| ConditionOperator::from(one).or_absent());
        let of_lists = [Qualifier::ForAnyValue, Qualifier::ForAllValue].into_iter().flat_map(|qualifier| {
            let texts = Comparison::ALL.into_iter().filter(|one| one.kind() == ValueKind::Text);
            texts.map(move |one| ConditionOperator::from(one).qualified(qualifier))
        });
        // Where a key stands already, operators of its type come first.
        let kind = self.kind_of_inner_key();
        let value = if self.is_native() { "{ \"◆\" = [\"◆\"] }" } else { "{\"◆\": [\"◆\"]}" };
        let groups = [("1", all.collect::<Vec<_>>()), ("2", exist.collect()), ("3", of_lists.collect())];
        for (rank, operators) in groups {
            for operator in operators {
                let name = operator.to_string();
                if present.contains(&name) {
                    continue;
                }
                let fits = kind.is_none_or(|kind| kind == operator.comparison.kind());
                let rank = if fits { rank } else { "9" };
                let mut item = Self::item(&name, CompletionItemKind::Operator, rank);
                item.detail = Some(words::operator(operator, self.client.language));
                self.key(item, &with_holes(value));
            }
        }
    }

    /// The kind of the key that stands under the operator at the cursor.
    fn kind_of_inner_key(&self) -> Option<ValueKind> {
        let (token, _) = self.token()?;
        let parent = self.tree.node(token).parent;
        let value = self.tree.children(parent).find(|child| self.tree.node(*child).key == Some(token))?;
        let key = self.tree.keys(value).next()?;
        kind_of(self.tree.contents(key))
    }

    /// Returns the services of the actions of a statement that the catalog has.
    fn services(&self, statement: Id) -> Vec<&'static Service<'static>> {
        let catalog = &self.knowledge.catalog;
        let mut ids: Vec<&str> = listed(self.tree, statement, "action")
            .into_iter()
            .filter_map(|action| action.strip_prefix("name/").unwrap_or(action).split_once(':'))
            .map(|(service, _)| service)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().filter_map(|id| catalog.service(id)).collect()
    }

    fn actions_of(&self, statement: Id) -> Vec<Action<'static>> {
        let catalog = self.knowledge.catalog;
        let patterns = listed(self.tree, statement, "action").into_iter();
        let patterns =
            patterns.filter(|text| *text != "*").filter_map(|text| ActionPattern::try_from(text).ok());
        patterns.flat_map(|pattern| pattern.actions(&catalog).collect::<Vec<_>>()).collect()
    }

    fn condition_keys(&mut self, operator: Id, statement: Id, present: &[String]) {
        let language = self.client.language;
        let compared = self.tree.contents(operator).parse::<ConditionOperator>().ok();
        let compared = compared.map(|operator| operator.comparison.kind());
        let compared = compared.filter(|kind| *kind != ValueKind::Presence);
        let rank = |kind: Option<ValueKind>, rank: &'static str| match (kind, compared) {
            (Some(kind), Some(compared)) if kind != compared => "9",
            _ => rank,
        };
        let mut keys: BTreeMap<String, (&str, String)> = BTreeMap::new();
        for service in self.services(statement) {
            let about = || {
                language.pick(
                    format!("named by the page of `{}`", service.id),
                    format!("`{}` 的文档列出该键", service.id),
                )
            };
            let listed = service.actions().flat_map(|action| action.condition_keys().iter());
            for key in service.all_request_keys.iter().chain(listed) {
                keys.entry((*key).to_owned()).or_insert_with(|| ("1", about()));
            }
        }
        for key in &words::GLOBAL_KEYS {
            let about = key.about(language);
            keys.insert(key.name.to_owned(), (rank(Some(key.kind), "2"), about));
        }
        for (key, (rank, about)) in keys {
            if present.contains(&key) {
                continue;
            }
            let mut item = Self::item(&key, CompletionItemKind::Field, rank);
            item.detail = Some(about);
            let example = example(compared.or_else(|| kind_of(&key)));
            let bits = [plain("[\""), example, plain("\"]")].concat();
            self.key(item, &bits);
        }
    }

    fn condition_values(&mut self, operator: Id, key: Id) {
        let compared = self.tree.contents(operator).parse::<ConditionOperator>().ok();
        let kind = compared.map(|operator| operator.comparison.kind());
        let kind = kind.or_else(|| kind_of(self.tree.contents(key)));
        if matches!(kind, Some(ValueKind::Bool | ValueKind::Presence)) {
            for word in ["true", "false"] {
                self.value(word, "", CompletionItemKind::Constant, "0");
            }
            return;
        }
        let is_of_tags = kind_of(self.tree.contents(key)).is_some()
            && self.tree.contents(key).contains("tag")
            && !self.tree.contents(key).contains('/');
        if is_of_tags {
            let item = Self::item("key&value", CompletionItemKind::Snippet, "0");
            let hole = |text: &str| vec![Bit::Named(text.into())];
            self.add_text(item, &[hole("key"), plain("&"), hole("value")].concat());
        } else if let Some([Bit::Hole(example)]) = kind.map(|kind| example(Some(kind))).as_deref()
            && !example.is_empty()
        {
            let item = Self::item(example, CompletionItemKind::Snippet, "0");
            self.add_text(item, &[Bit::Hole(example.clone())]);
        }
        if matches!(kind, None | Some(ValueKind::Text)) {
            self.variables("1");
        }
    }

    fn variables(&mut self, rank: &str) {
        for variable in Variable::ALL {
            let item = Self::item(variable.as_str(), CompletionItemKind::Variable, rank);
            // Terraform reads `${` as its own.
            let written = if self.is_hcl { format!("${variable}") } else { variable.as_str().to_owned() };
            self.add_text(item, &plain(&written));
        }
    }

    fn principals(&mut self, key: Id) {
        let forms: &[&str] = match self.tree.contents(key).to_ascii_lowercase().as_str() {
            "qcs" => &[
                "qcs::cam::uin/${root}:root",
                "qcs::cam::uin/${root}:uin/${uin}",
                "qcs::cam::uin/${root}:roleName/${name}",
            ],
            "service" => &["${service}.cloud.tencent.com", "${service}.qcloud.com"],
            "federated" => &["qcs::cam::uin/${root}:saml-provider/${name}"],
            _ => &[],
        };
        for form in forms {
            let bits = self.holes_of(form, None);
            let item = Self::item(&label_of(form), CompletionItemKind::Snippet, "0");
            self.add_text(item, &bits);
        }
    }

    /// Returns the bits of a form with placeholders. `account` is a uin of the same file, which is probably meant.
    fn holes_of(&self, form: &str, account: Option<&str>) -> Vec<Bit> {
        let Ok(pieces) = pieces(form) else { return plain(form) };
        let bits = pieces.into_iter().map(|(piece, _)| match (piece, account) {
            (Piece::Literal(text), _) => Bit::Text(text.into()),
            (Piece::Placeholder("uin"), Some(account)) if self.client.snippets => Bit::Hole(account.into()),
            (Piece::Placeholder("uin"), Some(account)) => Bit::Text(account.into()),
            (Piece::Placeholder(name), _) => Bit::Named(name.into()),
        });
        bits.collect()
    }

    fn actions(&mut self) {
        let typed = self.typed().to_owned();
        let (lead, typed) = match typed.strip_prefix("name/") {
            Some(rest) => ("name/", rest),
            None => ("", typed.as_str()),
        };
        match typed.split_once(':') {
            Some((service, _)) => self.actions_of_service(lead, service),
            None => self.services_and_names(lead, typed),
        }
    }

    fn actions_of_service(&mut self, lead: &str, id: &str) {
        let language = self.client.language;
        let service = self.knowledge.catalog.service(id);
        let all = format!("{lead}{id}:*");
        let about = language.pick("every action of the service, now and later", "该服务现有和将来的所有接口");
        let known = (self.knowledge.of)(id);
        if service.is_none() && known.is_empty() {
            return;
        }
        self.value(&all, about, CompletionItemKind::Module, "3");
        for action in service.into_iter().flat_map(|service| service.actions()) {
            self.action(lead, action, "1");
        }
        for name in known {
            if service.is_some_and(|service| service.action(name).is_some()) {
                continue;
            }
            let label = format!("{lead}{id}:{name}");
            let mut item = Self::item(&label, CompletionItemKind::Function, "2");
            item.label_details = Some(CompletionItemLabelDetails {
                detail: None,
                description: Some(language.pick("name only", "仅知道名称").into()),
            });
            item.data = Some(json!({ "action": label }));
            self.add_text(item, &plain(&label));
        }
    }

    fn action(&mut self, lead: &str, action: Action<'_>, rank: &str) {
        let language = self.client.language;
        let level = words::granularity(action.granularity(), language);
        let label = format!("{lead}{action}");
        let rank = if action.granularity() == Granularity::Undocumented { "2" } else { rank };
        let mut item = Self::item(&label, CompletionItemKind::Function, rank);
        item.label_details =
            Some(CompletionItemLabelDetails { detail: None, description: Some(level.into()) });
        item.detail = action.description().map(|text| language.pick(text.en, text.zh).to_owned());
        if action.removed().is_some() {
            item.tags = Some(vec![CompletionItemTag::Deprecated]);
        }
        item.data = Some(json!({ "action": action.as_str() }));
        self.add_text(item, &plain(&label));
    }

    fn services_and_names(&mut self, lead: &str, typed: &str) {
        let language = self.client.language;
        self.more = true;
        for id in self.knowledge.all_services() {
            let service = self.knowledge.catalog.service(id);
            let label = format!("{lead}{id}:");
            let mut item =
                Self::item(&label, CompletionItemKind::Module, if service.is_some() { "1" } else { "3" });
            item.detail = service.map(|service| language.pick(service.name.en, service.name.zh).to_owned());
            self.add_text(item, &plain(&label));
        }
        if typed.len() > 1 {
            let lower = typed.to_ascii_lowercase();
            let has = |action: &Action<'_>| action.name().to_ascii_lowercase().contains(&lower);
            let found: Vec<_> = self.knowledge.catalog.actions().filter(has).take(MOST_BY_NAME).collect();
            for action in found {
                self.action(lead, action, "2");
                // What is typed is the name, without its service.
                if let Some(item) = self.items.last_mut() {
                    item.filter_text = Some(action.name().into());
                }
            }
        }
    }

    fn resources(&mut self, statement: Id) {
        let language = self.client.language;
        let actions = self.actions_of(statement);
        let mut patterns = Vec::new();
        let mut add = |service: &'static Service<'static>, pattern| {
            if !patterns.contains(&(service, pattern)) {
                patterns.push((service, pattern));
            }
        };
        for action in &actions {
            for pattern in action.patterns() {
                add(action.service(), *pattern);
            }
        }
        if actions.is_empty() {
            // Without an action, the service that is typed says which resources there are.
            let typed = self.typed().to_owned();
            let service = typed.split(':').nth(2).and_then(|id| self.knowledge.catalog.service(id));
            for (service, pattern) in
                service.iter().flat_map(|one| one.patterns.iter().map(move |pattern| (one, pattern)))
            {
                add(service, pattern);
            }
        }
        let account = account_in(self.tree.text).map(str::to_owned);
        for (service, pattern) in patterns {
            for (form, rank) in [(pattern.single, "1"), (pattern.all, "2")] {
                if rank == "2" && pattern.all == pattern.single {
                    continue;
                }
                let bits = self.holes_of(form, account.as_deref());
                let mut item = Self::item(&label_of(form), CompletionItemKind::Value, rank);
                item.detail = pattern.description.map(|text| language.pick(text.en, text.zh).to_owned());
                item.documentation = Some(markdown(words::pattern(pattern, service, language)).into());
                self.add_text(item, &bits);
            }
        }
        let needs_all =
            actions.iter().filter(|action| action.granularity() == Granularity::Operation).count();
        let about = match needs_all {
            0 => language.pick("every resource", "所有资源").to_owned(),
            one_or_more => language.pick(
                format!("every resource, which the operation-level actions need: {one_or_more}"),
                format!("所有资源；其中 {one_or_more} 个接口为操作级，需要 `*`"),
            ),
        };
        // Where every action needs it, it is the only right answer.
        let rank = if needs_all > 0 && needs_all == actions.len() { "0" } else { "4" };
        self.value("*", &about, CompletionItemKind::Value, rank);
    }
}

/// Returns the kind of a key of CAM.
fn kind_of(key: &str) -> Option<ValueKind> {
    let base = key.split_once('/').map_or(key, |(name, _)| name);
    words::GLOBAL_KEYS.iter().find(|global| global.name == base).map(|global| global.kind)
}

/// Returns the place for a value of a kind, with an example.
fn example(kind: Option<ValueKind>) -> Vec<Bit> {
    vec![match kind {
        Some(ValueKind::Ip) => Bit::Hole("10.0.0.0/8".into()),
        Some(ValueKind::Time) => Bit::Hole("2027-01-01T00:00:00Z".into()),
        Some(ValueKind::Number) => Bit::Hole("1024".into()),
        Some(ValueKind::Bool | ValueKind::Presence) => Bit::Choice(&["true", "false"]),
        _ => Bit::Hole(String::new()),
    }]
}

/// Returns a form as a label. Its `${uin}` would look like a variable of policies.
fn label_of(form: &str) -> String {
    let Ok(pieces) = pieces(form) else { return form.into() };
    let shown = pieces.into_iter().map(|(piece, _)| match piece {
        Piece::Literal(text) => text.to_owned(),
        Piece::Placeholder(name) => format!("<{name}>"),
    });
    shown.collect()
}

/// Returns the first uin of a root account that a text names.
fn account_in(text: &str) -> Option<&str> {
    let digits = |rest: &str| rest.bytes().take_while(u8::is_ascii_digit).count();
    let found = text.match_indices("uin/").map(|(at, found)| &text[at + found.len()..]);
    found.into_iter().find(|rest| digits(rest) > 4).map(|rest| &rest[..digits(rest)])
}
