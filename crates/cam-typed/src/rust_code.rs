//! Writes the Rust code that builds a policy.

mod layout;
#[cfg(feature = "engine")]
mod typed;

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};

use cam_policy::catalog::{Action, Catalog, Granularity, Pattern, PlaceholderKind};
use cam_policy::pattern_form::{read, walk};
use cam_policy::policy::{
    ActionPattern, BuildError, Condition, ConditionOperator, ConditionValue, Effect, PatternError, Policy,
    Principal, ResourcePattern, Statement, build,
};
use cam_policy::text::placeholders;
use cam_policy::values::{Region, Uin};

use self::layout::{Code, WIDTH, qualifier_path};

/// The most statements in one expression. rustc's stack does not hold an expression of any length.
const CHAIN: usize = 50;

/// The length of the longest tuple that can be a list.
const LONGEST_TUPLE: usize = 12;

/// Returns the path of the enum that lists an action, as Rust code writes it.
type EnumPath = fn(Action<'static>) -> &'static str;

/// Returns Rust code that builds the policy: a whole function `policy`, with its imports.
///
/// `catalog` is the one of the `tencent-cam` that will compile the code, and `enum_path` returns the path of the enum there
/// that lists an action, such as `trtc::ApplicationAction`.
///
/// # Errors
///
/// [`RustCodeError`] if the builder would refuse the policy.
///
/// ```
/// use cam_policy::catalog::Catalog;
/// use cam_policy::policy::Policy;
///
/// let policy: Policy =
///     r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:Get*"],"resource":["*"]}]}"#.parse()?;
/// let code = cam_typed::to_rust(&policy, &Catalog::EMPTY, |_| unreachable!("the catalog has no action"))?;
/// assert!(code.contains(r#"["cos:Get*".parse::<ActionPattern>()?]"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_rust(
    policy: &Policy,
    catalog: &'static Catalog<'static>,
    enum_path: EnumPath,
) -> Result<String, RustCodeError> {
    build(catalog, policy.principal().cloned(), policy.statements().to_vec(), Vec::new())
        .map_err(|error| RustCodeError(Why::Build(error)))?;

    let mut writer = Writer::new(catalog, enum_path);
    writer.name("Policy");
    writer.name("PolicyBuilder");
    let mut calls: Vec<Code> = Vec::new();
    if let Some(principal) = policy.principal() {
        let principal = writer.principal(principal);
        calls.push(Code::call(".principal", [principal]));
    }
    for statement in policy.statements() {
        calls.push(match writer.typed(statement) {
            Some(typed) => typed,
            None => {
                let statement =
                    writer.patterns(statement).map_err(|error| RustCodeError(Why::Text(error)))?;
                Code::call(".statement", [statement])
            }
        });
    }
    let useless: Vec<String> = policy.check(catalog).iter().map(ToString::to_string).collect();
    let refused = policy.clone().checked(catalog).is_err();
    if refused {
        calls.push(Code::text(".keep_without_effect()"));
    }
    let id = policy.id().map(|id| Code::call(".with_id", [Code::Text(format!("{id:?}"))]));
    Ok(writer.function(calls, id, &useless))
}

/// Returns the Rust expression that names an action. `path` is the path of the enum that lists it.
///
/// ```
/// use cam_policy::example::CATALOG;
///
/// let action = CATALOG.action("trtc:RemoveUser").unwrap();
/// assert_eq!(cam_typed::rust_path(action, "trtc::ApplicationAction"), "trtc::Action::RemoveUser");
/// ```
pub fn rust_path(action: Action<'_>, path: &str) -> String {
    let module = path.split("::").next().unwrap_or(path);
    let variant = action.name();
    let spelt = variant.starts_with(|first: char| first.is_ascii_uppercase()) && !variant.contains('_');
    // The variant is spelt differently, or the enum has a constant of this name.
    if !spelt || ["ALL", "GRANULARITY", "PATTERNS", "SERVICE"].contains(&variant) {
        return format!("{:?}.parse::<{path}>()?", action.as_str());
    }
    format!("{module}::Action::{variant}")
}

/// Collects the imports and variables that the statements need.
struct Writer {
    catalog: &'static Catalog<'static>,
    enum_path: EnumPath,
    names: BTreeSet<&'static str>,
    owners: Vec<Uin>,
    /// Whether the code names an action that its source no longer lists.
    removed: bool,
}

impl Writer {
    fn new(catalog: &'static Catalog<'static>, enum_path: EnumPath) -> Self {
        Self { catalog, enum_path, names: BTreeSet::new(), owners: Vec::new(), removed: false }
    }

    fn name(&mut self, name: &'static str) -> &'static str {
        self.names.insert(name);
        name
    }

    /// Writes the function. Each line of `useless` is a warning about a statement without effect.
    fn function(&self, calls: Vec<Code>, mut id: Option<Code>, useless: &[String]) -> String {
        let mut out = String::new();
        let (parts, root): (Vec<&str>, Vec<&str>) = self.names.iter().partition(|name| PARTS.contains(name));
        if !parts.is_empty() {
            out.push_str(&import("tencent_cam::policy", &parts));
            out.push('\n');
        }
        out.push_str(&import("tencent_cam", &root));
        out.push_str("\n\n/// The policy, as `to_rust` wrote it.\n");
        if self.removed {
            out.push_str("#[allow(deprecated, reason = \"the policy names actions that their source lists no more\")]\n");
        }
        out.push_str("pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {\n");
        for (at, owner) in self.owners.iter().enumerate() {
            let _ = writeln!(out, "    let {} = Uin::new({owner})?;", owner_name(at));
        }
        for line in useless {
            comment(&mut out, line);
        }
        let mut calls = calls.into_iter().peekable();
        let mut head = "PolicyBuilder::new()";
        loop {
            let mut part: Vec<Code> = calls.by_ref().take(CHAIN).collect();
            let last = calls.peek().is_none();
            let name = if last { "policy" } else { "builder" };
            if last {
                part.push(Code::text(".build()?"));
                part.extend(id.take());
            }
            let _ = write!(out, "    let {name} = ");
            Code::chain(Code::text(head), part).write(&mut out, 4, 1);
            out.push_str(";\n");
            head = "builder";
            if last {
                break;
            }
        }
        out.push_str("    Ok(policy)\n}\n");
        out
    }

    /// Returns the statement as a call of a typed method of the builder, if there is one for it.
    fn typed(&mut self, statement: &Statement) -> Option<Code> {
        if statement.principal().is_some() || statement.sid().is_some() {
            return None;
        }
        let actions: Vec<Action<'static>> = statement
            .actions()
            .iter()
            .map(|pattern| self.catalog.action(pattern.as_str()))
            .collect::<Option<_>>()?;
        let first = actions.first()?;
        let path = (self.enum_path)(*first);
        let of_one_enum = actions.iter().all(|action| (self.enum_path)(*action) == path);
        let (method, resources) = match statement.resources() {
            [all] if all.is_all() => ("_everywhere", None),
            resources => {
                if !of_one_enum || first.granularity() != Granularity::Resource {
                    return None;
                }
                ("", Some(self.resources(*first, resources)?))
            }
        };
        let effect = match statement.effect() {
            Effect::Allow => "allow",
            Effect::Deny => "deny",
        };
        let conditional = if statement.conditions().is_empty() { "" } else { "_if" };
        let mut arguments: Vec<Code> = resources.into_iter().collect();
        arguments.push(self.actions(&actions, of_one_enum));
        if !conditional.is_empty() {
            arguments.push(self.conditions(statement.conditions()));
        }
        Some(Code::call(&format!(".{effect}{method}{conditional}"), arguments))
    }

    /// Returns the actions as a list. Actions of several enums become a tuple, or values of the enum over them all if there
    /// are too many for a tuple.
    fn actions(&mut self, actions: &[Action<'static>], of_one_enum: bool) -> Code {
        let of_one_service = actions.iter().all(|one| one.service().id == actions[0].service().id);
        let is_tuple = !of_one_enum && actions.len() <= LONGEST_TUPLE;
        let mut list = Vec::new();
        for &action in actions {
            self.removed |= action.removed().is_some();
            let path = (self.enum_path)(action);
            let module = path.split("::").next().unwrap_or(path);
            self.name(module);
            let one = rust_path(action, path);
            list.push(Code::Text(match (of_one_enum || is_tuple, of_one_service) {
                (true, _) => one,
                (false, true) => format!("{module}::Action::from({one})"),
                (false, false) => format!("{}::from({one})", self.name("Action")),
            }));
        }
        if is_tuple {
            return Code::List { open: "(".into(), items: list, close: ")".into() };
        }
        Code::list(list)
    }

    /// Returns the resources as values of the first type that the action lists and that fits them all.
    fn resources(&mut self, action: Action<'static>, resources: &[ResourcePattern]) -> Option<Code> {
        let path = (self.enum_path)(action);
        let module = path.split("::").next().unwrap_or(path);
        let (pattern, values) = action.patterns().iter().find_map(|pattern| {
            let values: Option<Vec<_>> = resources.iter().map(|one| values(pattern, one.as_str())).collect();
            Some((*pattern, values?))
        })?;
        // `id` returns a `Result`, `all` does not: a list of both needs a `?` after each `id`.
        let mixed = values.iter().any(|(id, _)| *id) && values.iter().any(|(id, _)| !*id);
        self.name(module);
        let mut list = Vec::new();
        for (id, values) in values {
            let of_name =
                |wanted: &&str| values.iter().find(|(name, _)| name == wanted).map(|(_, value)| *value);
            let arguments: Vec<Code> = parameters(if id { pattern.single } else { pattern.all })
                .into_iter()
                .map(|name| Some(self.value(pattern, name, of_name(&name)?)))
                .collect::<Option<_>>()?;
            let function = if id { "id" } else { "all" };
            let call = Code::call(&format!("{module}::{}::{function}", type_name(pattern)), arguments);
            list.push(if mixed && id { call.then("?") } else { call });
        }
        Some(if list.len() == 1 { list.remove(0) } else { Code::list(list) })
    }

    fn value(&mut self, pattern: &Pattern<'_>, name: &str, value: &str) -> Code {
        Code::Text(match name {
            "uin" => match value.parse() {
                Ok(uin) => self.owner(uin),
                Err(_) => String::from(value),
            },
            "region" if value.is_empty() => format!("{}::every()", self.name("Region")),
            "region" => format!("{}::new({value:?})?", self.name("Region")),
            _ if takes_number(pattern, name) => String::from(value),
            _ => format!("{value:?}"),
        })
    }

    /// Returns the variable that holds the account.
    fn owner(&mut self, uin: Uin) -> String {
        self.name("Uin");
        let known = self.owners.iter().position(|owner| *owner == uin);
        owner_name(known.unwrap_or_else(|| {
            self.owners.push(uin);
            self.owners.len() - 1
        }))
    }

    fn conditions(&mut self, conditions: &[Condition]) -> Code {
        let mut list: Vec<Code> = conditions.iter().map(|condition| self.condition(condition)).collect();
        match list.len() {
            1 => list.remove(0),
            2..=LONGEST_TUPLE => Code::List { open: "(".into(), items: list, close: ")".into() },
            _ => {
                self.name("Condition");
                Code::list(list.into_iter().map(|one| Code::call("Condition::from", [one])).collect())
            }
        }
    }

    fn condition(&mut self, condition: &Condition) -> Code {
        #[cfg(feature = "engine")]
        if let Some(typed) = typed::condition(condition) {
            self.name("key");
            if condition.operator().qualifier.is_some() && !typed.names_qualifier {
                self.name("Qualifier");
            }
            return typed.code;
        }
        self.name("Condition");
        self.name("ConditionValue");
        let values = condition.values().iter().map(|value| {
            Code::Text(match value {
                ConditionValue::Text(text) => format!("ConditionValue::Text({text:?}.into())"),
                ConditionValue::Number(digits) => format!("ConditionValue::Number({digits:?}.into())"),
            })
        });
        let values = values.collect();
        let operator = self.operator(condition.operator());
        let key = Code::Text(format!("{:?}", condition.key()));
        Code::call("Condition::unchecked", [operator, key, Code::list(values)])
    }

    fn operator(&mut self, operator: ConditionOperator) -> Code {
        self.name("Comparison");
        let comparison = format!("Comparison::{:?}", operator.comparison);
        if operator == operator.comparison.into() {
            return Code::Text(format!("{comparison}.into()"));
        }
        self.name("ConditionOperator");
        let qualifier = match operator.qualifier {
            None => String::from("None"),
            Some(qualifier) => {
                self.name("Qualifier");
                format!("Some({})", qualifier_path(qualifier))
            }
        };
        let parts = [
            format!("qualifier: {qualifier}"),
            format!("comparison: {comparison}"),
            format!("if_exist: {}", operator.if_exist),
        ];
        Code::List {
            open: "ConditionOperator { ".into(),
            items: parts.into_iter().map(Code::Text).collect(),
            close: " }".into(),
        }
    }

    fn principal(&mut self, principal: &Principal) -> Code {
        self.name("Principal");
        let Principal::Named(named) = principal else { return Code::text("Principal::All") };
        if !named.is_empty() {
            self.name("PrincipalKind");
        }
        let quoted = |names: &[Box<str>]| names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>();
        if let [(kind, names)] = named.as_slice() {
            if !names.is_empty() {
                let names = quoted(names).into_iter().map(Code::Text).collect();
                return Code::call(
                    "Principal::new",
                    [Code::Text(format!("PrincipalKind::{kind:?}")), Code::list(names)],
                );
            }
        }
        let named = named.iter().map(|(kind, names)| {
            let names = quoted(names).into_iter().map(|name| Code::Text(format!("{name}.into()"))).collect();
            let names = Code::List { open: "vec![".into(), items: names, close: "]".into() };
            Code::List {
                open: "(".into(),
                items: Vec::from([Code::Text(format!("PrincipalKind::{kind:?}")), names]),
                close: ")".into(),
            }
        });
        let named = Code::List { open: "vec![".into(), items: named.collect(), close: "]".into() };
        Code::call("Principal::Named", [named])
    }

    /// Returns the statement as one of patterns, or an error if a pattern cannot be read back.
    fn patterns(&mut self, statement: &Statement) -> Result<Code, PatternError> {
        self.name("Statement");
        self.name("Effect");
        let mut actions = Vec::new();
        for action in statement.actions() {
            action.as_str().parse::<ActionPattern>()?;
            self.name("ActionPattern");
            actions.push(Code::Text(match action.as_str() {
                "*" => "ActionPattern::ALL".into(),
                text => format!("{text:?}.parse::<ActionPattern>()?"),
            }));
        }
        let mut resources = Vec::new();
        for resource in statement.resources() {
            ResourcePattern::as_published(resource.as_str())?;
            resources.push(Code::Text(match resource.as_str() {
                "*" => "ResourcePattern::ALL".into(),
                text if text.parse::<ResourcePattern>().is_ok() => {
                    format!("{text:?}.parse::<ResourcePattern>()?")
                }
                text => format!("ResourcePattern::as_published({text:?})?"),
            }));
        }
        self.name("ResourcePattern");
        let resources = match resources.len() {
            0 => Code::text("Vec::<ResourcePattern>::new()"),
            _ => Code::list(resources),
        };
        let effect = Code::Text(format!("Effect::{:?}", statement.effect()));
        let new = Code::call("Statement::new", [effect, Code::list(actions), resources]);
        let mut calls = Vec::new();
        if let Some(sid) = statement.sid() {
            calls.push(Code::call(".with_sid", [Code::Text(format!("{sid:?}"))]));
        }
        if let Some(principal) = statement.principal() {
            let principal = self.principal(principal);
            calls.push(Code::call(".for_principal", [principal]));
        }
        for condition in statement.conditions() {
            let condition = self.condition(condition);
            calls.push(Code::call(".with_condition", [condition]));
        }
        Ok(Code::chain(new, calls))
    }
}

/// The names that the module `policy` exports.
const PARTS: [&str; 7] = [
    "Comparison",
    "Condition",
    "ConditionOperator",
    "ConditionValue",
    "Principal",
    "PrincipalKind",
    "Qualifier",
];

/// Writes a text as a comment, in as many lines as it needs.
fn comment(out: &mut String, text: &str) {
    let mut width = WIDTH;
    for word in text.split_whitespace() {
        if width + word.len() + 1 > WIDTH {
            if !out.ends_with('\n') {
                out.push('\n');
            }
            out.push_str("    //");
            width = 6;
        }
        out.push(' ');
        out.push_str(word);
        width += word.len() + 1;
    }
    out.push('\n');
}

/// Imports names of a module, in as many lines as they need.
fn import(module: &str, names: &[&str]) -> String {
    if let [only] = names {
        return format!("use {module}::{only};");
    }
    let one_line = format!("use {module}::{{{}}};", names.join(", "));
    if one_line.len() <= WIDTH {
        return one_line;
    }
    let mut text = format!("use {module}::{{");
    let mut width = WIDTH;
    for name in names {
        if width + name.len() + 2 > WIDTH {
            text.truncate(text.trim_end().len());
            text.push_str("\n    ");
            width = 4;
        }
        text.push_str(name);
        text.push_str(", ");
        width += name.len() + 2;
    }
    text.truncate(text.trim_end().len());
    text.push_str("\n};");
    text
}

/// Returns the type of the resources of a pattern, as the code generator names it.
fn type_name(pattern: &Pattern<'_>) -> String {
    let mut name = String::new();
    for word in pattern.name.split('_') {
        let mut characters = word.chars();
        name.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(characters.as_str());
    }
    name
}

/// Returns the placeholders of a form in the order of the constructor's parameters: the owner, then the others in the order
/// of the text.
fn parameters(form: &str) -> Vec<&str> {
    let mut names = placeholders(form);
    names.sort_by_key(|name| *name != "uin");
    names
}

fn takes_number(pattern: &Pattern<'_>, name: &str) -> bool {
    pattern.placeholders.iter().any(|placeholder| {
        placeholder.name == name
            && matches!(placeholder.kind, PlaceholderKind::Number | PlaceholderKind::AppId)
    })
}

/// Returns whether a text names one resource of the pattern and not all, and the values of its placeholders.
#[allow(clippy::type_complexity, reason = "a pair of names and values, used once")]
fn values<'t>(
    pattern: &'static Pattern<'static>,
    text: &'t str,
) -> Option<(bool, Vec<(&'static str, &'t str)>)> {
    read(pattern, text).ok()?;
    let forms = [(true, pattern.single), (false, pattern.all)];
    // A pattern without a form for a single one has the constructor `all` only.
    let forms = if pattern.single == pattern.all { &forms[1..] } else { &forms };
    forms.iter().find_map(|(id, form)| {
        let (id, form) = (*id, *form);
        let mut values = Vec::new();
        walk(form, text, |name, value| values.push((name, value)))?;
        // A constructor refuses `*`, which stands for all of a pattern and ends the beginning of a path. A region may be empty.
        let sound = values.iter().all(|(name, value)| match *name {
            "region" => value.parse::<Region>().is_ok(),
            _ => !value.contains('*'),
        });
        sound.then_some((id, values))
    })
}

fn owner_name(at: usize) -> String {
    if at == 0 { "owner".into() } else { format!("owner_{}", at + 1) }
}

/// Error from [`to_rust`]: the builder would refuse the policy.
///
/// ```
/// use cam_policy::catalog::Catalog;
/// use cam_policy::policy::Policy;
/// use cam_typed::{RustCodeError, to_rust};
///
/// fn show(policy: &Policy) -> Result<(), RustCodeError> {
///     println!("{}", to_rust(policy, &Catalog::EMPTY, |_| unreachable!("the catalog has no action"))?);
///     Ok(())
/// }
///
/// let policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#.parse()?;
/// show(&policy)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RustCodeError(Why);

#[derive(Clone, PartialEq, Eq)]
enum Why {
    Build(BuildError),
    Text(PatternError),
}

impl fmt::Display for RustCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Why::Build(error) => write!(f, "no code can build this policy: {}", error.to_string().trim()),
            Why::Text(error) => write!(f, "no code can build this policy: {error}"),
        }
    }
}

impl fmt::Debug for RustCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for RustCodeError {}
