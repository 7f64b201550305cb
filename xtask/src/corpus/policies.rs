//! Runs the reader of policies on every file of a folder.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use cam_policy::catalog::Catalog;
use cam_policy::document::{Document, ReadOptions, Verdict};
use cam_policy::engine::{PolicySet, Request};
use cam_policy::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
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
/// Fails if the reader accepts a policy without a warning although, for the evaluator, one of its resources matches nothing.
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
        let warned = |element| document.warnings().iter().any(|warning| warning.element() == Some(element));
        for (at, statement) in document.policy().statements().iter().enumerate() {
            for (of, resource) in statement.resources().iter().enumerate() {
                let element = cam_policy::document::Element::Resource(at, of);
                if !warned(element) && !matches_something(resource) {
                    silent += 1;
                    writeln!(out, "  SILENT: the evaluator lets {resource} match nothing")?;
                }
            }
        }
    }
    let [read, warned, refused] = counts;
    writeln!(out, "{} policies: {read} read, {warned} warned, {refused} refused", files.len())?;
    if silent > 0 {
        return Err(Error::wrong(format_args!("{silent} resources match nothing, and nobody is told")));
    }
    Ok(())
}

/// Whether the resource matches a request that the evaluator accepts: one for the resource itself, with a text in place of
/// each `*` and each variable.
fn matches_something(resource: &ResourcePattern) -> bool {
    let caller = Uin::literal(100000000002);
    let Some(segments) = resource.segments() else { return resource.is_all() };
    let written: Vec<&str> = resource.as_str().splitn(6, ':').collect();
    let (owner, account) = match segments.account {
        cam_policy::policy::Account::Uin(uin) => (uin, format!("uin/{uin}")),
        cam_policy::policy::Account::AppId(id) => (Uin::literal(100000000001), format!("uid/{id}")),
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
    let request =
        Request::new(cam_policy::engine::Caller::new(caller).with_app_id(1250000000), "cvm:X", &asked);
    request.is_ok_and(|request| set.decide(&request).is_allowed())
}

#[cfg(test)]
mod tests {
    use super::*;

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
