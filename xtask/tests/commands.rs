//! Each command on a project of its own: what it prints, what it writes, how it exits.

mod common;

use std::fs;

use common::{CATALOG, Copy, MANIFEST, edit};

#[test]
fn help_explains_the_commands_and_the_exit_codes() {
    let copy = Copy::new();
    for args in [&["help"][..], &["--help"], &["-h"], &["export", "--help"]] {
        let outcome = copy.run(args);
        assert_eq!((outcome.code, outcome.err.as_str()), (0, ""), "{args:?}");
        for word in ["tables", "check", "export", "schema", "expand", "Exit codes", "  2  "] {
            assert!(outcome.out.contains(word), "{args:?} does not say {word}");
        }
    }
    let help = copy.run(&["help"]).out;
    let nothing = copy.run(&[]);
    assert_eq!((nothing.code, nothing.out.as_str(), nothing.err), (2, "", help));
}

#[test]
fn wrong_command_lines() {
    let copy = Copy::new();
    for (args, says) in [
        (&["tabels"][..], "no command `tabels`; did you mean `tables`?"),
        (&["frobnicate"], "no command `frobnicate`; there is `tables`, `check`, `export`"),
        (&["--verbose"], "invalid option '--verbose'"),
        (&["tables", "all"], "unexpected argument \"all\""),
        (&["check", "--fix"], "invalid option '--fix'"),
        (&["export", "file.json"], "unexpected argument \"file.json\""),
        (&["export", "--output"], "missing argument for option '--output'"),
        (&["schema", "exports"], "no schema `exports`; did you mean `export`?"),
        (&["schema", "export", "catalog"], "unexpected argument \"catalog\""),
        (&["expand", "alhpa"], "no service `alhpa`; did you mean `alpha`?"),
        (&["expand", "nothing"], "no service `nothing`; there is `alpha`, `live`"),
    ] {
        let outcome = copy.run(args);
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{args:?}");
        assert!(outcome.err.contains(says), "{args:?}: {}", outcome.err);
        assert!(outcome.err.contains("cargo xtask help"), "{args:?}: {}", outcome.err);
    }
    assert_eq!(copy.files(), ["Cargo.toml", "catalog.toml"], "a wrong command line writes nothing");
}

#[test]
fn tables_writes_everything_once() {
    let copy = Copy::new();
    let first = copy.run(&["tables"]);
    assert_eq!((first.code, first.err.as_str()), (0, ""));
    assert_eq!(
        copy.files(),
        [
            "Cargo.toml",
            "catalog.toml",
            "docs/catalog.schema.json",
            "docs/coverage.md",
            "docs/diff.schema.json",
            "docs/export.schema.json",
            "docs/permissions/README.md",
            "docs/permissions/alpha.en.md",
            "docs/permissions/alpha.zh.md",
            "docs/permissions/live.en.md",
            "docs/permissions/live.zh.md",
            "docs/policy.schema.json",
            "docs/rules/README.md",
            "docs/rules/en.md",
            "docs/rules/zh.md",
            "docs/semver.md",
        ]
    );
    for file in copy.files().iter().filter(|file| *file != "catalog.toml") {
        assert!(first.out.contains(&format!("wrote    {file}\n")), "{file}");
    }
    let times = |copy: &Copy| -> Vec<_> {
        copy.files().iter().map(|file| fs::metadata(copy.path(file)).unwrap().modified().unwrap()).collect()
    };
    let before = times(&copy);
    let second = copy.run(&["tables"]);
    assert_eq!((second.code, second.out.as_str()), (0, "All 15 generated files were current.\n"));
    assert_eq!(before, times(&copy), "a current file is not touched");
}

#[test]
fn the_manifest_has_a_feature_a_service() {
    let copy = Copy::generated();
    let expected = edit(
        MANIFEST,
        "# end",
        "default = [\"alpha\", \"live\"]\nall-services = [\"alpha\", \"live\"]\nalpha = []\nlive = []\n# end",
    );
    assert_eq!(copy.read("Cargo.toml"), expected);

    copy.write("catalog.toml", &without_live());
    assert_eq!(copy.run(&["tables"]).code, 0);
    let expected =
        edit(MANIFEST, "# end", "default = [\"alpha\"]\nall-services = [\"alpha\"]\nalpha = []\n# end");
    assert_eq!(copy.read("Cargo.toml"), expected);
}

#[test]
fn bad_markers_are_told_and_nothing_is_written() {
    let default = edit(MANIFEST, "extra = []", "default = []");
    for (manifest, says) in [
        (MANIFEST.replace("# begin", "#"), &["no line that starts with `# begin services`"][..]),
        (MANIFEST.replace("# end", "#"), &["no line that starts with `# end services`"]),
        (
            "[features]\n".to_owned(),
            &["no line that starts with `# begin services`", "no line that starts with `# end services`"],
        ),
        (format!("{MANIFEST}# end services\n"), &["more than one line that starts with `# end services`"]),
        (
            "[features]\n# end services\n# begin services\n".to_owned(),
            &["`# end services` stands before `# begin services`"],
        ),
        (default, &["Cargo.toml would not be valid", "duplicate key"]),
    ] {
        let copy = Copy::new();
        copy.write("Cargo.toml", &manifest);
        for command in ["tables", "check"] {
            let outcome = copy.run(&[command]);
            assert_eq!(outcome.code, 1, "{manifest}");
            for say in says {
                assert!(outcome.err.contains(say), "{say}:\n{}", outcome.err);
            }
        }
        assert_eq!(copy.files(), ["Cargo.toml", "catalog.toml"]);
        assert_eq!(copy.read("Cargo.toml"), manifest);
    }
}

#[test]
fn every_command_reports_a_broken_catalog() {
    let copy = Copy::generated();
    let broken = edit(
        &edit(CATALOG, "ip_condition = false", "ip_condition = 1"),
        "access_level = \"list\"",
        "access_level = \"lst\"",
    );
    copy.write("catalog.toml", &broken);
    copy.write("Cargo.toml", "");
    for args in [
        &["tables"][..],
        &["check"],
        &["export"],
        &["schema"],
        &["schema", "export"],
        &["expand"],
        &["expand", "alpha"],
    ] {
        let outcome = copy.run(args);
        assert_eq!((outcome.code, outcome.out.as_str()), (1, ""), "{args:?}");
        for word in ["catalog.toml:", "ip_condition", "lst", "2 errors"] {
            assert!(outcome.err.contains(word), "{args:?} does not say {word}:\n{}", outcome.err);
        }
        let markers = outcome.err.contains("# begin services");
        assert_eq!(markers, ["tables", "check"].contains(&args[0]), "everything in one run: {args:?}");
    }
}

#[test]
fn a_catalog_that_cannot_be_read() {
    let copy = Copy::new();
    fs::write(copy.path("catalog.toml"), b"# \xff").unwrap();
    let outcome = copy.run(&["check"]);
    assert_eq!((outcome.code, outcome.err.as_str()), (1, "error: catalog.toml is not UTF-8: see byte 2\n"));
    fs::remove_file(copy.path("catalog.toml")).unwrap();
    let outcome = copy.run(&["export"]);
    assert_eq!((outcome.code, outcome.err.as_str()), (1, "error: catalog.toml does not exist\n"));
}

#[test]
fn check_is_green_when_everything_is_current() {
    let copy = Copy::generated();
    let outcome = copy.run(&["check"]);
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""));
    let lines: Vec<&str> = outcome.out.lines().collect();
    let (last, files) = lines.split_last().unwrap();
    assert_eq!(files.len(), 15);
    assert!(files.iter().all(|line| line.starts_with("current  ")), "{}", outcome.out);
    assert_eq!(
        *last,
        "catalog.toml is valid (2 services, 6 actions), and all 15 generated files are current."
    );
}

/// Every kind of fact the catalog can state.
#[test]
fn check_is_red_after_any_one_fact_edit() {
    let copy = Copy::generated();
    for (old, new) in [
        ("name.en = \"Live Demo\"", "name.en = \"Live\""),
        ("name.zh = \"直播演示\"", "name.zh = \"直播\""),
        (
            "granularity = \"operation\"\n  grouped_by = \"access_level\"\n  console",
            "granularity = \"resource\"\n  grouped_by = \"access_level\"\n  console",
        ),
        ("console_access = true", "console_access = false"),
        ("console_access = true\n", ""),
        ("tag_authorization = false\n", ""),
        ("ip_restriction = \"partial\"\n", ""),
        ("source.title = \"Alpha [draft]\"", "source.title = \"Alpha\""),
        ("source.read = 2025-06-30", "source.read = 2025-07-31"),
        ("source.url = \"https://example.com/live\"\n", ""),
        ("The head says", "The foot says"),
        ("all = \"qcs::alpha::uin/${uin}:project/*\"", "all = \"qcs::alpha::uin/${uin}:*\""),
        (
            "room/${RoomId}\"\n  all = \"qcs::live::uin/${uin}:room/*\"\n  placeholder.RoomId",
            "room/${Id}\"\n  all = \"qcs::live::uin/${uin}:room/*\"\n  placeholder.Id",
        ),
        ("placeholder.DiskId = \"text\"", "placeholder.DiskId = \"number\""),
        ("description.en = \"A disk of a region.\"", "description.en = \"A disk.\""),
        ("note.description.en = \"Disks move", "note.description.en = \"Disks go"),
        ("note.all.zh = \"由", "note.all.zh = \"可由"),
        (
            "ListDisks]\n  granularity = \"operation\"",
            "ListDisks]\n  granularity = \"resource\"\n  patterns = [\"disk\"]",
        ),
        ("access_level = \"list\"", "access_level = \"read\""),
        ("access_level = \"list\"\n", ""),
        ("doc_url = \"https://example.com/close\"", "doc_url = \"https://example.com/shut\""),
        ("doc_url = \"https://example.com/close\"\n", ""),
        ("ip_condition = false", "ip_condition = true"),
        ("ip_condition = false\n", ""),
        ("description.zh = \"新建云盘。\"", "description.zh = \"创建云盘。\""),
        ("says_nothing_", "says_little_"),
        ("surface = \"console\"", "surface = \"server\""),
        ("en = \"Room management\"", "en = \"Rooms\""),
        ("title.zh = \"统计 > 用量\"", "title.zh = \"用量\""),
        ("url = \"https://example.com/console/usage\"", "url = \"https://example.com/usage\""),
        ("url = \"https://example.com/guide\"", "url = \"https://example.com/manual\""),
        ("en = \"The request names no room.\"", "en = \"No room is named.\""),
        ("alternative = \"CloseRoom\"", "alternative = \"OpenRoom\""),
        ("alternative = \"CloseRoom\"\n", ""),
        ("console_pages = [\"overview\", \"usage\"]", "console_pages = [\"usage\", \"overview\"]"),
        ("action.ShowUsage]", "action.ShowStatistics]"),
    ] {
        let text = edit(CATALOG, old, new);
        if let Err(report) =
            tencent_cam_codegen::parse(&tencent_cam_codegen::Arena::new(), "catalog.toml", &text)
        {
            panic!("the edit must leave the catalog valid:\n{report}");
        }
        copy.write("catalog.toml", &text);
        let red = copy.run(&["check"]);
        assert_eq!(red.code, 1, "{old} → {new}");
        assert!(red.out.contains("stale    docs/permissions/"), "{old} → {new}: {}", red.out);
        assert!(red.err.contains("cargo xtask tables"), "{old} → {new}: {}", red.err);
        assert_eq!(copy.run(&["tables"]).code, 0);
        assert_eq!(copy.run(&["check"]).code, 0, "{old} → {new}");
        copy.write("catalog.toml", CATALOG);
        assert_eq!(copy.run(&["tables"]).code, 0);
    }
}

#[test]
fn check_shows_what_is_stale() {
    let copy = Copy::generated();
    copy.write("catalog.toml", &edit(CATALOG, "\"Lists disks.\"", "\"Lists the disks.\""));
    fs::remove_file(copy.path("docs/export.schema.json")).unwrap();
    insta::assert_snapshot!("check_red", {
        let outcome = copy.run(&["check"]);
        assert_eq!(outcome.code, 1);
        format!("{}{}", outcome.out, outcome.err)
    });
}

#[test]
fn a_service_that_is_gone_takes_its_pages_along() {
    let copy = Copy::generated();
    copy.write("catalog.toml", &without_live());
    copy.write("docs/permissions/notes.md", "mine\n");
    let red = copy.run(&["check"]);
    assert_eq!(red.code, 1);
    for line in ["left     docs/permissions/live.en.md", "unknown  docs/permissions/notes.md"] {
        assert!(red.out.contains(line), "{line}: {}", red.out);
    }
    assert!(red.err.contains("cargo xtask tables") && red.err.contains("move it elsewhere"), "{}", red.err);

    let tables = copy.run(&["tables"]);
    assert_eq!(tables.code, 0);
    assert!(
        tables.out.contains("deleted  docs/permissions/live.en.md\ndeleted  docs/permissions/live.zh.md\n")
    );
    assert!(tables.out.contains("kept     docs/permissions/notes.md"));
    assert!(!copy.path("docs/permissions/live.en.md").exists());
    assert_eq!(copy.read("docs/permissions/notes.md"), "mine\n");

    let red = copy.run(&["check"]);
    assert_eq!(red.code, 1, "what is not generated does not belong there");
    fs::remove_file(copy.path("docs/permissions/notes.md")).unwrap();
    assert_eq!(copy.run(&["check"]).code, 0);
}

#[test]
fn one_file_that_cannot_be_written_does_not_keep_the_others() {
    let copy = Copy::new();
    fs::create_dir_all(copy.path("docs/export.schema.json/sub")).unwrap();
    fs::create_dir_all(copy.path("docs/permissions/live.en.md")).unwrap();
    let outcome = copy.run(&["tables"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.contains("docs/export.schema.json: "), "{}", outcome.err);
    assert!(outcome.err.contains("docs/permissions/live.en.md: "), "{}", outcome.err);
    assert!(copy.path("docs/permissions/live.zh.md").is_file());
    assert!(copy.files().iter().all(|file| !file.contains(".tmp")), "{:?}", copy.files());
}

#[test]
fn export_prints_the_documented_shape() {
    let copy = Copy::new();
    let outcome = copy.run(&["export"]);
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""));
    insta::assert_snapshot!("export", outcome.out);
}

#[test]
fn export_writes_to_a_file() {
    let copy = Copy::new();
    let printed = copy.run(&["export"]).out;
    let path = copy.path("made/for/it/export.json");
    let outcome = copy.run(&["export", "--output", &path.to_string_lossy()]);
    assert_eq!((outcome.code, outcome.out.as_str(), outcome.err.as_str()), (0, "", ""));
    assert_eq!(fs::read_to_string(&path).unwrap(), printed);

    let outcome = copy.run(&["export", "-o", &copy.path("made").to_string_lossy()]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.starts_with("error: cannot write "), "{}", outcome.err);
}

#[test]
fn expand_prints_all_or_one() {
    let copy = Copy::new();
    let all = copy.run(&["expand"]);
    assert_eq!((all.code, all.err.as_str()), (0, ""));
    assert!(all.out.starts_with("// services/"), "{}", all.out);
    for service in ["alpha", "live"] {
        let one = copy.run(&["expand", service]);
        assert_eq!((one.code, one.err.as_str()), (0, ""));
        assert!(!one.out.is_empty() && all.out.contains(&one.out));
        assert!(all.out.contains(&format!("// services/{service}.rs\n{}", one.out)));
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    struct Closed(std::io::ErrorKind);
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let copy = Copy::new();
    let project = xtask::Project::new(copy.path(""));
    for (kind, code, says) in [
        (std::io::ErrorKind::BrokenPipe, 0, ""),
        (std::io::ErrorKind::StorageFull, 1, "error: cannot print: "),
    ] {
        let mut err = Vec::new();
        assert_eq!(xtask::run(&project, ["export".into()], &mut Closed(kind), &mut err), code);
        assert!(String::from_utf8_lossy(&err).starts_with(says));
        assert_eq!(err.is_empty(), says.is_empty());
        let code = xtask::run(&project, ["check".into()], &mut Closed(kind), &mut Vec::new());
        assert_eq!(code, 1, "a red check stays red, seen or not");
        let code = xtask::run(&project, ["tables".into()], &mut Closed(kind), &mut Vec::new());
        assert_eq!(code, u8::from(kind != std::io::ErrorKind::BrokenPipe));
        assert_eq!(copy.run(&["check"]).code, 0, "everything was written all the same");
        fs::remove_dir_all(copy.path("docs")).unwrap();
    }
}

fn without_live() -> String {
    let at = CATALOG.find("[service.live]").expect("the fixture has it");
    CATALOG[..at].trim_end().to_owned() + "\n"
}
