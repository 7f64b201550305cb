//! `test`: whether policies decide as expected.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

use cam_policy::catalog::Catalog;
use cam_policy::engine::{Decision, Explanation, PolicySet, Request, Scope};
use cam_policy::values::Uin;
use serde::{Deserialize, Serialize};

use crate::exit::{Exit, Failure, Outcome};
use crate::input;
use crate::names;
use crate::print::{self, Format};
use crate::request::{self, Stated, Text, Texts};
use crate::set::{LayerArgs, Policies};

/// Decides the requests of a file, and compares the decisions with those that the file expects
///
/// For CI: a failed expectation ends with exit code 1, and the answer says why the decision is another one. An expectation also
/// fails if it holds only because it does not give an address, a time or an APPID on which the decision depends.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files with expectations, as TOML or JSON
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  tencent-cam test expectations.toml

A file of expectations; paths are relative to it:
  policies = [\"support.json\"]     # also: boundary, session, trust, scp = [\"root=guard.json\"], owner

  [[expect]]
  name = \"support removes users from its application\"
  decision = \"allowed\"            # or: denied, explicitly denied, implicitly denied
  action = \"trtc:RemoveUser\"      # one, or a list
  resource = \"qcs::trtc::uin/100000000001:sdkappid/1400000001\"
  caller = \"100000000002\"         # also: account, groups, app_id
  context = { \"qcs:ip\" = \"10.0.0.1\" }

  [[expect]]
  decision = \"never allowed\"      # whatever the context; actions and resources may be patterns
  action = \"trtc:Modify*\"";

/// A file of expectations.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    policies: Vec<PathBuf>,
    #[serde(default)]
    boundary: Vec<PathBuf>,
    #[serde(default)]
    session: Vec<PathBuf>,
    #[serde(default)]
    trust: Vec<PathBuf>,
    #[serde(default)]
    scp: Vec<String>,
    owner: Option<Uin>,
    #[serde(default)]
    expect: Vec<Expectation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    name: Option<String>,
    decision: Wanted,
    action: Texts,
    #[serde(default = "every")]
    resource: Texts,
    caller: Option<Text>,
    account: Option<Uin>,
    #[serde(default)]
    groups: Vec<u64>,
    app_id: Option<u64>,
    #[serde(default)]
    context: BTreeMap<String, Texts>,
}

fn every() -> Texts {
    Texts::One(Text::Words("*".into()))
}

#[derive(Clone, Copy, Deserialize)]
enum Wanted {
    #[serde(rename = "allowed")]
    Allowed,
    #[serde(rename = "denied")]
    Denied,
    #[serde(rename = "explicitly denied")]
    ExplicitlyDenied,
    #[serde(rename = "implicitly denied")]
    ImplicitlyDenied,
    #[serde(rename = "never allowed")]
    Never,
}

impl Wanted {
    fn holds(self, decision: Decision) -> bool {
        match self {
            Self::Allowed => decision == Decision::Allowed,
            Self::Denied | Self::Never => decision != Decision::Allowed,
            Self::ExplicitlyDenied => decision == Decision::ExplicitlyDenied,
            Self::ImplicitlyDenied => decision == Decision::ImplicitlyDenied,
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::ExplicitlyDenied => "explicitly denied",
            Self::ImplicitlyDenied => "implicitly denied",
            Self::Never => "never allowed",
        })
    }
}

/// What became of one request of an expectation.
#[derive(Serialize)]
struct Tested {
    file: String,
    /// The name of the expectation, or its number.
    name: String,
    request: String,
    expected: String,
    actual: String,
    passed: bool,
    /// Why the decision is another one, line by line.
    why: Vec<String>,
}

pub(crate) fn run(args: &Args, catalog: &Catalog<'static>) -> Outcome {
    let mut tested = Vec::new();
    for file in &args.files {
        test(file, catalog, &mut tested)?;
    }
    let failed = tested.iter().filter(|one| !one.passed).count();
    let passed = tested.len() - failed;
    match args.format {
        Format::Json => print::json(&Answer { passed, failed, tests: &tested })?,
        Format::Text => {
            let mut out = String::new();
            for one in tested.iter().filter(|one| !one.passed) {
                let Tested { file, name, request, expected, actual, why, .. } = one;
                let _ = writeln!(
                    out,
                    "failed: {file}: {name}\n  {request}\n  expected: {expected}\n  actual:   {actual}"
                );
                for line in why {
                    let _ = writeln!(out, "    {line}");
                }
            }
            let _ = writeln!(out, "{passed} passed, {failed} failed");
            print::text(&out)?;
        }
    }
    Ok(if failed == 0 { Exit::Clean } else { Exit::Found })
}

#[derive(Serialize)]
struct Answer<'a> {
    passed: usize,
    failed: usize,
    tests: &'a [Tested],
}

fn test(file: &Path, catalog: &Catalog<'static>, tested: &mut Vec<Tested>) -> Result<(), Failure> {
    let name = file.display().to_string();
    let stated: File = request::parse(&input::text(file)?)?;
    if stated.expect.is_empty() {
        return Err(Failure::new(format_args!("{name} has no expectation")).with_help("add an [[expect]]"));
    }
    let folder = file.parent().unwrap_or(Path::new(""));
    let within = |paths: &[PathBuf]| -> Vec<PathBuf> { paths.iter().map(|path| folder.join(path)).collect() };
    let mut layers = LayerArgs {
        boundary: within(&stated.boundary),
        session: within(&stated.session),
        trust: within(&stated.trust),
        scp: Vec::new(),
        owner: stated.owner,
    };
    for scp in &stated.scp {
        let at = |why: String| Failure::new(format_args!("{name}: `scp`: {why}"));
        layers.scp.push(scp.parse::<crate::set::Scp>().map_err(at)?.within(folder));
    }
    if stated.policies.is_empty() && stated.trust.is_empty() {
        return Err(
            Failure::new(format_args!("{name} names no policy")).with_help("add `policies = [\"FILE\"]`")
        );
    }
    let policies = Policies::read(&within(&stated.policies), &layers)?;
    let resources: Vec<String> = stated.expect.iter().flat_map(|one| one.resource.as_texts()).collect();
    let callers = stated.expect.iter().flat_map(|one| {
        let own = one.caller.as_ref().and_then(|caller| caller.as_text().parse().ok());
        own.into_iter().chain(one.account)
    });
    let owner = policies.owner(resources.iter().map(String::as_str), callers)?;
    let set = policies.set(catalog, owner);
    let mut errors = Vec::new();
    for (at, expectation) in stated.expect.iter().enumerate() {
        let label = expectation.name.clone().unwrap_or_else(|| format!("expectation {}", at + 1));
        for action in expectation.action.as_texts() {
            for resource in expectation.resource.as_texts() {
                let asked = Stated {
                    action: action.clone(),
                    resource,
                    caller: expectation.caller.clone(),
                    account: expectation.account,
                    groups: expectation.groups.clone(),
                    app_id: expectation.app_id,
                    context: expectation.context.clone(),
                };
                match one(&set, &asked, expectation.decision, &policies, catalog, owner) {
                    Ok((request, actual, why)) => tested.push(Tested {
                        file: name.clone(),
                        name: label.clone(),
                        request,
                        expected: expectation.decision.to_string(),
                        passed: why.is_none(),
                        actual,
                        why: why.iter().flat_map(|why| why.lines()).map(str::to_owned).collect(),
                    }),
                    Err(failure) => errors.push(format!("{name}: {label}: {}", failure.in_one_line())),
                }
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure::new(errors.join("\n"))) }
}

/// Decides a request. Returns it in words, the decision, and why the decision is another one than the wanted.
fn one(
    set: &PolicySet<'static>,
    asked: &Stated,
    wanted: Wanted,
    policies: &Policies,
    catalog: &Catalog<'static>,
    owner: Uin,
) -> Result<(String, String, Option<String>), Failure> {
    let caller = policies.caller(&asked.caller()?, owner);
    if matches!(wanted, Wanted::Never) {
        if !asked.context.is_empty() {
            return Err(Failure::new("`never allowed` holds for every context: leave `context` out"));
        }
        let actions = asked.action.parse().map_err(Failure::new)?;
        names::check_action(catalog, &actions)?.iter().for_each(print::note);
        let resources = asked.resource.parse().map_err(Failure::new)?;
        names::check_resource(catalog, &resources)?;
        let scope = Scope::action(actions).on(resources);
        let shown = format!("{caller}: {} on {}", asked.action, asked.resource);
        let searched = policies.searched(catalog, owner, &policies.keys_of_every_request());
        return Ok(match searched.find_allowed(caller, &scope).map_err(|error| Failure::access(&error))? {
            None => (shown, "never allowed".into(), None),
            Some(witness) => (shown, "allowed at times".into(), Some(format!("{}", set.explain(&witness)))),
        });
    }
    let (request, doubt) = request::request(catalog, caller, &asked.action, &asked.resource)?;
    doubt.iter().for_each(print::note);
    let request = asked.add_to(request);
    let response = set.decide(&request);
    let explanation = set.explain(&request);
    let mut actual = response.to_string();
    if !wanted.holds(response.decision()) {
        return Ok((request.to_string(), actual, Some(explanation.to_string())));
    }
    let decides_otherwise = |app_id: &u64| {
        let caller = request.caller().clone().with_app_id(*app_id);
        let request = Request::new(caller, request.action(), request.resource());
        request.is_ok_and(|request| !wanted.holds(set.decide(&asked.add_to(request)).decision()))
    };
    let (facts, helps) =
        not_given(&explanation, wanted, explanation.wanted_app_id().filter(decides_otherwise));
    if facts.is_empty() {
        return Ok((request.to_string(), actual, None));
    }
    let _ =
        write!(actual, ", but that depends on {}, which the expectation does not give", facts.join(" and "));
    Ok((request.to_string(), actual, Some(format!("{explanation}{}", helps.concat()))))
}

/// What the decision depends on and the expectation does not give: an expectation that holds only for want of it proves nothing.
/// For each, also how to give it.
fn not_given(explanation: &Explanation, wanted: Wanted, app_id: Option<u64>) -> (Vec<String>, Vec<String>) {
    let of_key = |key: &str| {
        let help = format!("help: give it in the expectation: `context = {{ \"{key}\" = \"…\" }}`\n");
        (format!("`{key}`"), help)
    };
    let of_app_id = app_id.map(|app_id| {
        let help = format!(
            "help: if that is the account's APPID, give it in the expectation: `app_id = {app_id}`\n"
        );
        ("the APPID".to_owned(), help)
    });
    let of_denial = match wanted {
        Wanted::ExplicitlyDenied | Wanted::ImplicitlyDenied => explanation.keys_of_denial(),
        Wanted::Allowed | Wanted::Denied | Wanted::Never => &[],
    };
    let keys = explanation.missing_keys().iter().chain(of_denial);
    keys.map(|key| of_key(key)).chain(of_app_id).unzip()
}
