//! Runs the reader of policies on every file of a folder.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use cam_policy::catalog::Catalog;
use cam_policy::diagnostic::{Diagnostic, Element};
use cam_policy::document::{Document, ReadOptions, Verdict};
use cam_policy::engine::{Caller, PolicySet, Request, Scope};
use cam_policy::policy::{Account, ActionPattern, Condition, Effect, Policy, ResourcePattern, Statement};
use cam_policy::values::Uin;

use crate::error::Error;
use crate::fs::failed;

/// Returns every `.json` file of the folder, by name; there is at least one.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let path = folder.display().to_string();
    let cannot = |error: &std::io::Error| failed("read", &path, error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| cannot(&error))? {
        let file = entry.map_err(|error| cannot(&error))?.path();
        if file.extension().is_some_and(|extension| extension == "json") {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Error::wrong(format_args!("there is no `.json` file in {path}")));
    }
    Ok(files)
}

/// Says of every `.json` file of the folder whether the reader accepts it, warns of it or refuses it, and why.
///
/// Fails if the reader accepts a policy although, for the evaluator, an action, a resource or the conditions of a
/// statement match nothing, and no warning is about that element.
pub(super) fn policies(catalog: &Catalog<'_>, folder: &Path, out: &mut dyn Write) -> Result<(), Error> {
    let files = files(folder)?;
    let (mut counts, mut silent) = ([0_usize; 3], 0_usize);
    for file in &files {
        let bytes = fs::read(file).map_err(|error| failed("read", &file.display().to_string(), &error))?;
        let text = String::from_utf8_lossy(&bytes);
        let options = ReadOptions::new().with_catalog(catalog).unwrapping();
        let verdict = Document::judge(&text, options);
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        counts[match verdict {
            Verdict::Read => 0,
            Verdict::Warned(_) => 1,
            Verdict::Refused(_) => 2,
        }] += 1;
        writeln!(out, "{name}: {verdict}")?;
        for diagnostic in verdict.diagnostics() {
            writeln!(out, "  {}: {diagnostic}", diagnostic.code())?;
        }
        let Ok(document) = Document::read(&text, options) else { continue };
        let warned: Vec<Element> = document.warnings().iter().filter_map(Diagnostic::element).collect();
        for dead in dead(document.policy(), catalog, &warned) {
            silent += 1;
            writeln!(out, "  SILENT: the evaluator lets {dead} match nothing")?;
        }
    }
    let [read, warned, refused] = counts;
    writeln!(out, "{} policies: {read} read, {warned} warned, {refused} refused", files.len())?;
    if silent > 0 {
        return Err(Error::wrong(format_args!(
            "{silent} parts of policies match nothing, and nobody is told"
        )));
    }
    Ok(())
}

/// Returns the parts of a policy that match nothing and have no warning.
fn dead(policy: &Policy, catalog: &Catalog<'_>, warned: &[Element]) -> Vec<String> {
    let mut dead = Vec::new();
    for (at, statement) in policy.statements().iter().enumerate() {
        let resources = statement.resources();
        for (of, resource) in resources.iter().enumerate() {
            if !warned.contains(&Element::Resource(at, of)) && !matches_something(resource) {
                dead.push(resource.to_string());
            }
        }
        // One warning about the resources may be the reason of every action.
        let of_resources = |element: &Element| matches!(element, Element::Resource(of, _) if *of == at);
        let told = warned.iter().any(of_resources);
        let resources = if resources.is_empty() { &[ResourcePattern::ALL] } else { resources };
        for (of, action) in statement.actions().iter().enumerate() {
            let lives = || exists(action, catalog) && allows_something(catalog, action, resources, &[]);
            if !(told || warned.contains(&Element::Action(at, of)) || lives()) {
                dead.push(action.to_string());
            }
        }
        let of_conditions = |element: &Element| match element {
            Element::Operator(of, _) | Element::Key(of, _) | Element::Value(of, _, _) => *of == at,
            _ => false,
        };
        let (every, conditions) = ([ResourcePattern::ALL], statement.conditions());
        if !warned.iter().any(of_conditions)
            && !allows_something(&Catalog::EMPTY, &ActionPattern::ALL, &every, conditions)
        {
            let texts: Vec<String> = conditions.iter().map(ToString::to_string).collect();
            dead.push(texts.join(" and "));
        }
    }
    dead
}

/// Whether an action can have the name, and is in the catalog if that lists all actions of the service.
fn exists(action: &ActionPattern, catalog: &Catalog<'_>) -> bool {
    let ascii = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte));
    let lower = |text: &str| !text.bytes().any(|byte| byte.is_ascii_uppercase());
    let listed = action.service().and_then(|service| catalog.service(service));
    !action.is_operation_set()
        && (listed.is_none_or(|service| service.complete != Some(true))
            || action.actions(catalog).next().is_some())
        && action.operation().is_some_and(ascii)
        && action.service().is_none_or(|service| ascii(service) && lower(service))
}

/// Whether an allow of the action on the resources, under the conditions, allows any request.
fn allows_something(
    catalog: &Catalog<'_>,
    action: &ActionPattern,
    resources: &[ResourcePattern],
    conditions: &[Condition],
) -> bool {
    let uins = resources.iter().filter_map(|one| match one.segments()?.account {
        Account::Uin(uin) => Some(uin),
        _ => None,
    });
    let owners = uins.chain([Uin::literal(100000000001)]);
    let statement = Statement::new(Effect::Allow, [action.clone()], resources.to_vec());
    let statement = conditions.iter().cloned().fold(statement, Statement::with_condition);
    let Ok(policy) = Policy::new([statement]) else { return false };
    owners.into_iter().any(|owner| {
        let set = PolicySet::new(catalog, [policy.clone()], owner);
        let caller = Caller::new(Uin::literal(100000000002)).with_app_id(1250000000);
        // What cannot be told may match.
        set.find_allowed(caller, &Scope::action(ActionPattern::ALL)).map_or(true, |found| found.is_some())
    })
}

/// Whether the resource matches a request that the evaluator accepts: one for the resource itself, with a text in place of
/// each `*` and each variable.
fn matches_something(resource: &ResourcePattern) -> bool {
    let caller = Uin::literal(100000000002);
    let Some(segments) = resource.segments() else { return resource.is_all() };
    let written: Vec<&str> = resource.as_str().splitn(6, ':').collect();
    let (owner, account) = match segments.account {
        Account::Uin(uin) => (uin, format!("uin/{uin}")),
        Account::AppId(id) => (Uin::literal(100000000001), format!("uid/{id}")),
        _ if written[4].starts_with("uid/") => (Uin::literal(100000000001), written[4].replace('*', "1")),
        _ => (Uin::literal(100000000001), "uin/100000000001".to_owned()),
    };
    let owner_uin = owner.to_string();
    let filled = |text: &str, star: &str| {
        text.replace("${uin}", &caller.to_string())
            .replace("${owner_uin}", &owner_uin)
            .replace("${app_id}", "1250000000")
            .replace('*', star)
    };
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { filled(text, "x") };
    let asked = format!(
        "qcs::{}:{}:{account}:{}",
        or(written[2], "cvm"),
        filled(written[3], "x"),
        filled(written[5], "1")
    );
    let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [resource.clone()]);
    let Ok(policy) = Policy::new([statement]) else { return false };
    let set = PolicySet::new(&Catalog::EMPTY, [policy], owner);
    let request = Request::new(Caller::new(caller).with_app_id(1250000000), "cvm:X", &asked);
    request.is_ok_and(|request| set.decide(&request).is_allowed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::Project;
    use tencent_cam_codegen::Arena;

    #[test]
    fn every_policy_of_a_folder_gets_a_verdict() {
        let folder = tempfile::tempdir().unwrap();
        let policy = |resource: &str| {
            format!(
                r#"{{"version":"2.0","statement":[{{"effect":"allow","action":["cvm:*"],"resource":["{resource}"]}}]}}"#
            )
        };
        let sound = policy("qcs::cvm:ap-guangzhou:uin/12345678:instance/${uin}/*");
        let files = [
            ("a.json", sound.clone()),
            ("b.json", policy("qcs::cvm:uin/12345678:ap-guangzhou:instance/*")),
            ("c.json", "{".to_owned()),
            ("d.json", format!("{{\"PolicyDocument\":{sound}}}")),
            ("notes.txt", "no policy".to_owned()),
        ];
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let mut out = Vec::new();
        policies(&Catalog::EMPTY, folder.path(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let verdicts: Vec<&str> = out.lines().filter(|line| !line.starts_with(' ')).collect();
        assert_eq!(
            verdicts,
            [
                "a.json: read",
                "b.json: warned",
                "c.json: refused",
                "d.json: read",
                "4 policies: 2 read, 1 warned, 1 refused"
            ]
        );
        assert!(out.contains("  swapped_segments: 1:81: "), "{out}");
        assert!(policies(&Catalog::EMPTY, &folder.path().join("none"), &mut Vec::new()).is_err());
    }

    #[test]
    fn parts_that_match_nothing_without_a_warning_are_found() {
        let arena = Arena::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let catalog = Project::new(root).catalog(&arena).unwrap();
        let read = |action: &str, resource: &str, condition: &str| -> Policy {
            format!(
                r#"{{"version":"2.0","statement":[{{"effect":"deny","action":["{action}"],"resource":["{resource}"],"condition":{condition}}}]}}"#
            )
            .parse()
            .unwrap()
        };
        for (action, resource, condition, expected) in [
            ("trtc:RemoveUser", "qcs::trtc::uin/7:sdkappid/1", "{}", &[][..]),
            ("cvm:Describe*", "*", r#"{"ip_equal":{"qcs:ip":"10.0.0.0/8"}}"#, &[]),
            ("trtc:RemoveUsr", "*", "{}", &["trtc:RemoveUsr"]),
            ("trtc:Erase*", "*", "{}", &["trtc:Erase*"]),
            ("trtc:CreateTrtcApp", "qcs::trtc:::sdkappid/1", "{}", &["trtc:CreateTrtcApp"]),
            ("CVM:RunInstances", "*", "{}", &["CVM:RunInstances"]),
            ("cvm:Describe?", "*", "{}", &["cvm:Describe?"]),
            ("permid/1", "*", "{}", &["permid/1"]),
            (
                "*",
                "*",
                r#"{"string_equal":{"qcs:ip":"10.0.0.1"}}"#,
                &["string_equal of qcs:ip with 10.0.0.1"],
            ),
            ("*", "*", r#"{"numeric_equal":{"a:b":"x"}}"#, &["numeric_equal of a:b with x"]),
        ] {
            let policy = read(action, resource, condition);
            assert_eq!(dead(&policy, &catalog, &[]), expected, "{action} {resource} {condition}");
            let warned: Vec<Element> =
                policy.check(&catalog).iter().filter_map(Diagnostic::element).collect();
            assert_eq!(dead(&policy, &catalog, &warned), [""; 0], "{action} {resource} {condition}");
        }
    }

    #[test]
    fn what_matches_nothing_is_found() {
        let read = |text: &str| ResourcePattern::as_published(text).unwrap();
        for text in
            ["*", "qcs:::::*", "qcs::cos:ap-*:uid/1250000000:b/*", "qcs::cam::uin/:roleName/x", "qcs::a::*:b"]
        {
            assert!(matches_something(&read(text)), "{text}");
        }
        for text in
            ["qcs::cvm::12345678:a/1", "qcs::cat:uin/1:TaskId/a", "qcs:id/0:cvm:::a/1", "qcs::cvm::uin/x:a/1"]
        {
            assert!(!matches_something(&read(text)), "{text}");
        }
    }
}
