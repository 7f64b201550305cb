//! The command `sdk` on a small package of our own making.

mod common;

use std::fs;
use std::path::Path;

use common::{CATALOG, Copy};
use tempfile::TempDir;

/// A package with the services `alpha`, in two versions, and `other`.
fn package(version: &str, alpha: &str, newer: &str, other: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    };
    write(&format!("tccli-{version}.dist-info/METADATA"), "Name: tccli\n");
    write("tccli/services/__init__.py", "");
    write(
        "tccli/services/alpha/v20200101/api.json",
        &format!("{{\"actions\": {{{alpha}}}, \"objects\": {{}}}}"),
    );
    write("tccli/services/alpha/v20240101/api.json", &format!("{{\"actions\": {{{newer}}}}}"));
    write("tccli/services/other/v20200101/api.json", &format!("{{\"actions\": {{{other}}}}}"));
    folder
}

fn run(copy: &Copy, package: &Path, day: &str) -> String {
    let outcome = copy.run(&["sdk", package.to_str().expect("a path in UTF-8"), "--read", day]);
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""), "{outcome:?}");
    outcome.out
}

#[test]
fn names_come_go_and_return_and_nothing_else_changes() {
    let copy = Copy::new();
    let first = package(
        "1.0",
        r#""Stop": {"status": "deprecated"}, "Zap": {"status": "online"}"#,
        r#""Stop": {"status": "online"}"#,
        r#""Ping": {"status": "offline", "input": "PingRequest"}, "Pong": {}"#,
    );
    insta::assert_snapshot!("first", run(&copy, first.path(), "2026-11-27"));
    let after = copy.read("catalog.toml");
    let (services, lists) = after.split_once("\n[names]").expect("the lists stand behind the services");
    assert_eq!(services, CATALOG, "the services stay byte for byte");
    insta::assert_snapshot!("lists", format!("[names]{lists}"));
    assert_eq!(run(&copy, first.path(), "2026-12-04"), "tccli 1.0: 2 services, 4 APIs, 0 changes\n");
    assert_eq!(copy.read("catalog.toml"), after);

    let second = package("1.1", "", r#""Stop": {}, "Zip": {}"#, r#""Pong": {"status": "deprecated"}"#);
    insta::assert_snapshot!("second", run(&copy, second.path(), "2026-12-04"));
    let third = package("1.2", r#""Zap": {}"#, r#""Stop": {}, "Zip": {}"#, r#""Ping": {}, "Pong": {}"#);
    insta::assert_snapshot!("third", run(&copy, third.path(), "2026-12-11"));
    let (_, lists) =
        copy.read("catalog.toml").split_once("\n[names]").map(|(a, b)| (a.len(), b.to_owned())).unwrap();
    insta::assert_snapshot!("lists_in_the_end", format!("[names]{lists}"));
    assert_eq!(copy.run(&["tables"]).code, 0);
    assert_eq!(copy.run(&["check"]).code, 0);
}

/// Half of a wheel must not mark the other half as gone.
#[test]
fn a_package_that_lacks_much_is_refused() {
    let copy = Copy::new();
    let apis =
        |names: &[&str]| names.iter().map(|name| format!("\"{name}\": {{}}")).collect::<Vec<_>>().join(", ");
    let whole = package("1.0", &apis(&["Stop", "Zap", "Zip", "Zop", "Zup", "Zyp"]), "", &apis(&["Ping"]));
    run(&copy, whole.path(), "2026-11-27");
    let before = copy.read("catalog.toml");
    let half = package("1.1", &apis(&["Stop"]), "", &apis(&["Ping"]));
    let path = half.path().to_str().expect("a path in UTF-8");
    let refused = copy.run(&["sdk", path, "--read", "2026-12-04"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("tccli 1.1 lacks 5 of the 7 names of the catalog"), "{}", refused.err);
    assert_eq!(copy.read("catalog.toml"), before);
    let allowed = copy.run(&["sdk", path, "--read", "2026-12-04", "--allow-removals"]);
    assert_eq!(allowed.code, 0, "{allowed:?}");
    assert_eq!(allowed.out.matches("gone  ").count(), 5, "{}", allowed.out);
}

#[test]
fn diff_tells_the_names_in_a_few_lines() {
    let copy = Copy::new();
    let first = package("1.0", r#""Stop": {}, "Zap": {}"#, "", r#""Ping": {}"#);
    let second =
        package("1.1", r#""Stop": {}, "Zip": {}, "Zup": {}"#, "", r#""Ping": {"status": "offline"}"#);
    run(&copy, first.path(), "2026-11-27");
    let before = copy.read("catalog.toml");
    run(&copy, second.path(), "2026-12-04");
    let after = copy.read("catalog.toml");
    let folder = tempfile::tempdir().expect("a temporary directory");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("it can be written");
        path.to_str().expect("a path in UTF-8").to_owned()
    };
    let files = [file("none.toml", CATALOG), file("before.toml", &before), file("after.toml", &after)];
    let told = |old: usize, new: usize| {
        let outcome = copy.run(&["diff", &files[old], &files[new]]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        // The first line has the paths of the files.
        outcome.out.split_once('\n').map_or(String::new(), |(_, rest)| rest.to_owned())
    };
    insta::assert_snapshot!("diff", [told(0, 1), told(1, 2), told(2, 2)].join("--\n"));
}

#[test]
fn the_abbreviation_that_the_catalog_states_counts() {
    let stated = format!(
        "{CATALOG}\n[names]\n  source = \"none\"\n  read = 2026-11-01\n\n[names.al]\n  sdk = [\"alpha\"]\n  \
         abbreviation_from = \"a list\"\n  granularity = \"operation\"\n  tag_authorization = false\n  list = '''\n'''\n"
    );
    let copy = Copy::of(&stated);
    let sdk = package("1.0", r#""Stop": {}"#, r#""Zip": {}"#, r#""Ping": {}"#);
    let out = run(&copy, sdk.path(), "2026-11-27");
    assert!(out.contains("new list     `al`: 2 names"), "{out}");
    assert!(out.contains("new service  `other`: assumed to be called as in the SDK"), "{out}");
    let facts =
        "abbreviation_from = \"a list\"\n  granularity = \"operation\"\n  tag_authorization = false\n";
    assert!(copy.read("catalog.toml").contains(facts));
    assert_eq!(copy.run(&["tables"]).code, 0);
    let row = copy.read("docs/coverage.md");
    let row = row.lines().find(|line| line.starts_with("| `al`")).expect("its row");
    let cells: Vec<&str> = row.split('|').map(str::trim).collect();
    assert_eq!(cells[4..8], ["a list", "operation level / 操作级", "", "no / 否"]);
}

#[test]
fn facts_of_a_product_need_their_document() {
    let copy = Copy::of(&format!(
        "{CATALOG}\n[names]\n  source = \"none\"\n  read = 2026-11-01\n\n[names.al]\n  sdk = [\"alpha\"]\n  \
         granularity = \"fine\"\n  console_access = true\n  tag_authorization = \"yes\"\n  list = '''\n'''\n"
    ));
    let sdk = package("1.0", "", "", "");
    let outcome = copy.run(&["sdk", sdk.path().to_str().expect("a path in UTF-8")]);
    assert_eq!(outcome.code, 1);
    for wrong in [
        "`fine` is no granularity of a product",
        "`tag_authorization` is none of",
        "`al` has facts of its product, so it needs `abbreviation_from`",
    ] {
        assert!(outcome.err.contains(wrong), "{}", outcome.err);
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let wrong = format!(
        "{CATALOG}\n[names]\n  source = \"none\"\n\n[names.al]\n  sdk = [\"alpha\"]\n  list = '''\nStop\nPing\nPong maybe\n2go\n'''\n"
    );
    let copy = Copy::of(&wrong);
    let sdk = package("1.0", "", "", "");
    let outcome = copy.run(&["sdk", sdk.path().to_str().expect("a path in UTF-8")]);
    assert_eq!(outcome.code, 1);
    insta::assert_snapshot!("wrong", outcome.err);
    let empty = tempfile::tempdir().expect("a temporary directory");
    let outcome = Copy::new().run(&["sdk", empty.path().to_str().expect("a path in UTF-8")]);
    assert!(outcome.err.contains("is it an unpacked wheel?"), "{}", outcome.err);
}
