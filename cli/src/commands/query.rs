//! `query`: the facts of actions.

use std::fmt::Write as _;

use cam_policy::catalog::{AccessLevel, Action, Catalog, Granularity};
use cam_policy::policy::{ActionPattern, ResourcePattern};
use cam_policy::text::{nearest, quoted};
use cam_workspace::search::{Entry, Filter, Rank, UNKNOWN, Words, yes_or_no};
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use crate::exit::{Exit, Failure, Outcome};
use crate::names::{self, Bare};
use crate::print::{self, Format};

/// Lists the actions of the catalog that have all the properties asked for
///
/// A fact that no documentation states is `unknown`. It is never shown as `no`. Of many actions only the name is known, from
/// the public SDK: they stand at the end, unless a property is asked for.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Actions, or patterns such as `trtc:Describe*`
    #[arg(value_name = "ACTION")]
    actions: Vec<String>,
    /// Of this service
    #[arg(long, value_name = "SERVICE")]
    service: Vec<String>,
    /// With this access level
    #[arg(long, value_name = "LEVEL", value_parser = levels())]
    level: Vec<String>,
    /// Authorized at this granularity
    #[arg(long, value_name = "GRANULARITY", value_parser = words::<Granularity>())]
    granularity: Option<String>,
    /// That this resource can limit
    #[arg(long, value_name = "RESOURCE")]
    resource: Option<ResourcePattern>,
    /// With the resource pattern of this name
    #[arg(long, value_name = "NAME")]
    pattern: Option<String>,
    /// Whether a condition on the caller's address is honoured
    #[arg(long, value_name = "ANSWER", value_parser = ANSWERS)]
    ip: Option<String>,
    /// Whether the call returns a secret, a signature or a temporary key
    #[arg(long, value_name = "ANSWER", value_parser = ANSWERS)]
    credentials: Option<String>,
    /// With this text in the name or a description, in English or Chinese
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// Prints only the names
    #[arg(long)]
    names: bool,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  tencent-cam query trtc:GetUserList
  tencent-cam query --service ccc --level list --granularity resource
  tencent-cam query --resource qcs::trtc::uin/100000000001:sdkappid/1400000001 --names
  tencent-cam query --service ccc --credentials yes
  tencent-cam query cdn:Purge*";

const ANSWERS: [&str; 3] = ["yes", "no", UNKNOWN];

/// The access levels, and the word for an unknown one.
pub(crate) fn levels() -> PossibleValuesParser {
    PossibleValuesParser::new(AccessLevel::ALL.iter().map(|level| level.as_str()).chain([UNKNOWN]))
}

fn words<W: cam_policy::catalog::Word>() -> PossibleValuesParser {
    PossibleValuesParser::new(W::VOCABULARY.entries.iter().map(|entry| entry.word))
}

pub(crate) fn run(args: &Args, catalog: &Catalog<'static>) -> Outcome {
    let Selected { found, bare, unknown } = select(args, catalog)?;
    if found.is_empty() && bare.is_empty() {
        if let Some(failure) = unknown {
            return Err(failure);
        }
        if args.format == Format::Json {
            print::json(&Answer { actions: Vec::new(), names_only: Vec::new() })?;
        }
        print::note("the names are known, but no action has all these properties");
        return Ok(Exit::Found);
    }
    match args.format {
        Format::Json => {
            let actions = found.iter().map(|action| Facts::of(*action)).collect();
            print::json(&Answer {
                actions,
                names_only: bare.iter().map(|one| NameOnly::of(*one)).collect(),
            })?;
        }
        Format::Text if args.names => {
            let found = found.iter().map(ToString::to_string);
            print::lines(found.chain(bare.iter().map(ToString::to_string)))?;
        }
        Format::Text => {
            let known = match found.as_slice() {
                [] => String::new(),
                [one] => page(*one),
                many => table(many),
            };
            print::text(&(known + &names_only(&bare, !found.is_empty())))?;
        }
    }
    unknown.map_or(Ok(Exit::Clean), Err)
}

/// What a query found.
struct Selected {
    found: Vec<Action<'static>>,
    /// The actions of which only the name is known.
    bare: Vec<Bare>,
    /// Says which of the names nobody knows, if there are any.
    unknown: Option<Failure>,
}

fn select(args: &Args, catalog: &Catalog<'static>) -> Result<Selected, Failure> {
    let filter = args.filter();
    let mut bare = bare(args, &filter, catalog);
    let mut named: Vec<Action<'static>> = Vec::new();
    let mut unknown: Vec<Failure> = Vec::new();
    for text in &args.actions {
        match names::named(catalog, text) {
            Ok(found) => named.extend(found),
            // That the catalog lacks a name is no error where the SDK has it.
            Err(failure) if !is_pattern_of_any(text, &bare) => unknown.push(failure),
            Err(_) => {}
        }
    }
    for id in &args.service {
        if bare.iter().all(|one| one.service != id) {
            names::service(catalog, id)?;
        }
    }
    let mut found = documented(args, &filter, catalog, named)?;
    if let Some(text) = &args.text {
        let (words, product) = (Words::whole(text), Entry::product(None));
        let has = |entry: Entry<'_>| entry.rank(&words).is_some_and(|rank| rank <= Rank::Description);
        bare.retain(|one| has(Entry::of_name(&one.to_string(), &product)));
        found.retain(|action| has(Entry::of(*action, &product)));
    }
    let unknown = match unknown.as_slice() {
        [] | [_] => unknown.pop(),
        all => {
            let lines: Vec<String> = all.iter().map(Failure::in_one_line).collect();
            Some(Failure::new(lines.join("\n")))
        }
    };
    Ok(Selected { found, bare, unknown })
}

/// Returns the actions of which only the name is known, of the actions and services asked for. There are none where a
/// property is asked for: nobody knows whether they have it.
fn bare(args: &Args, filter: &Filter, catalog: &Catalog<'static>) -> Vec<Bare> {
    let by_property = filter.has_facts() || args.resource.is_some() || args.pattern.is_some();
    let patterns: Vec<ActionPattern> = args.actions.iter().filter_map(|text| text.parse().ok()).collect();
    let is_asked_for = |one: &Bare| {
        filter.takes(one.service, None)
            && (args.actions.is_empty() || patterns.iter().any(|pattern| pattern.matches(&one.to_string())))
    };
    // Without a question, the answer is what is documented.
    if by_property || (args.service.is_empty() && args.actions.is_empty() && args.text.is_none()) {
        return Vec::new();
    }
    names::bare(catalog).filter(is_asked_for).collect()
}

fn is_pattern_of_any(text: &str, bare: &[Bare]) -> bool {
    let pattern = text.parse::<ActionPattern>();
    pattern.is_ok_and(|pattern| bare.iter().any(|one| pattern.matches(&one.to_string())))
}

impl Args {
    fn filter(&self) -> Filter {
        Filter {
            services: self.service.clone(),
            levels: self.level.clone(),
            granularity: self.granularity.clone(),
            ip: self.ip.clone(),
            credentials: self.credentials.clone(),
        }
    }
}

/// Returns the actions of the catalog with every property asked for.
fn documented(
    args: &Args,
    filter: &Filter,
    catalog: &Catalog<'static>,
    named: Vec<Action<'static>>,
) -> Result<Vec<Action<'static>>, Failure> {
    let mut found = if args.actions.is_empty() { catalog.actions().collect() } else { named };
    found.sort_unstable();
    found.dedup();
    found.retain(|action| filter.takes(action.service().id, Some(*action)));
    if let Some(name) = &args.pattern {
        let all = || catalog.services.iter().flat_map(|service| service.patterns).map(|pattern| pattern.name);
        if !all().any(|one| one == name) {
            let mut known: Vec<&str> = all().collect();
            known.sort_unstable();
            known.dedup();
            let failure = Failure::new(format_args!("the catalog has no resource pattern {}", quoted(name)));
            return Err(match nearest(name, known.into_iter()).as_slice() {
                [] => {
                    failure.with_help("`tencent-cam query --service SERVICE` shows the patterns of a service")
                }
                near => failure.with_help(names::is_near(near)),
            });
        }
    }
    if let Some(name) = &args.pattern {
        found.retain(|action| action.patterns().iter().any(|pattern| pattern.name == name));
    }
    if let Some(resource) = &args.resource {
        found.retain(|action| resource.meets(*action) == Some(true));
    }
    Ok(found)
}

/// The facts of one action.
fn page(action: Action<'_>) -> String {
    let facts = Facts::of(action);
    let mut out = format!("{action}\n");
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(out, "  {name:<14} {value}");
    };
    if let Some(description) = &facts.description {
        line("description", description.en);
        line("", description.zh);
    }
    line("granularity", facts.granularity);
    for resource in &facts.resources {
        line("resource", resource);
    }
    line("access level", facts.access_level.unwrap_or(UNKNOWN));
    line("IP condition", yes_or_no(facts.ip_condition));
    line("credentials", yes_or_no(facts.exposes_credentials));
    if let Some(day) = facts.removed {
        line("removed", day);
    }
    if let Some(other) = facts.alternative {
        line("alternative", other);
    }
    if let Some(url) = facts.doc_url {
        line("page", url);
    }
    out
}

fn table(actions: &[Action<'_>]) -> String {
    let width = actions.iter().map(|action| action.as_str().len()).max().unwrap_or_default();
    let mut out = format!("{:<width$}  granularity   level    IP       credentials  resources\n", "action");
    for action in actions {
        let patterns: Vec<&str> = action.patterns().iter().map(|pattern| pattern.name).collect();
        let line = format!(
            "{:<width$}  {:<12}  {:<7}  {:<7}  {:<11}  {}",
            action.as_str(),
            action.granularity().as_str(),
            action.access_level().map_or(UNKNOWN, |level| level.as_str()),
            yes_or_no(action.ip_condition()),
            yes_or_no(action.exposes_credentials()),
            patterns.join(" ")
        );
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The actions of which only the name is known, below others or alone.
fn names_only(bare: &[Bare], below: bool) -> String {
    let mut out = String::new();
    if bare.is_empty() {
        return out;
    }
    if below {
        out.push('\n');
    }
    out.push_str("only the name is known, from the public SDK:\n");
    for one in bare {
        let _ = write!(out, "  {one}");
        if let Some(status) = one.name.status() {
            let _ = write!(out, " ({status})");
        }
        if let Some(day) = one.name.gone() {
            let _ = write!(out, " (gone from the SDK, found on {day})");
        }
        out.push('\n');
    }
    out
}

#[derive(Serialize)]
struct Answer<'a> {
    actions: Vec<Facts<'a>>,
    names_only: Vec<NameOnly>,
}

/// An action of which only the name is known.
#[derive(Serialize)]
struct NameOnly {
    action: String,
    status: Option<&'static str>,
    since: Option<&'static str>,
    gone: Option<&'static str>,
}

impl NameOnly {
    fn of(one: Bare) -> Self {
        let Bare { name, .. } = one;
        Self { action: one.to_string(), status: name.status(), since: name.since(), gone: name.gone() }
    }
}

#[derive(Serialize)]
struct Facts<'a> {
    action: &'a str,
    granularity: &'static str,
    access_level: Option<&'static str>,
    resources: Vec<&'a str>,
    ip_condition: Option<bool>,
    exposes_credentials: Option<bool>,
    removed: Option<&'a str>,
    alternative: Option<&'a str>,
    doc_url: Option<&'a str>,
    description: Option<Description<'a>>,
}

/// A text in both languages.
#[derive(Serialize)]
struct Description<'a> {
    en: &'a str,
    zh: &'a str,
}

impl<'a> Facts<'a> {
    fn of(action: Action<'a>) -> Self {
        Self {
            action: action.as_str(),
            granularity: action.granularity().as_str(),
            access_level: action.access_level().map(|level| level.as_str()),
            resources: action.patterns().iter().map(|pattern| pattern.single).collect(),
            ip_condition: action.ip_condition(),
            exposes_credentials: action.exposes_credentials(),
            removed: action.removed(),
            alternative: action.alternative().map(Action::as_str),
            doc_url: action.doc_url(),
            description: action.description().map(|text| Description { en: text.en, zh: text.zh }),
        }
    }
}
