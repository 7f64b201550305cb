//! The page that describes `tencent-cam.toml` says what the program takes.

use cam_lint::{Confidence, Kind, Persona};
use cam_workspace::config::Config;

const PAGE: &str = include_str!("../../../docs/configuration.md");

/// Returns the keys of a part of a configuration, from the message about a key that it does not have.
fn keys(of: &str) -> Vec<String> {
    let error = Config::parse(&format!("{of}\nzzzzzzzz = 1\n")).unwrap_err().to_string();
    let line = error.lines().find(|line| line.contains("zzzzzzzz")).unwrap();
    let (_, listed) = line.split_once(" has ").unwrap();
    listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The part of the page below a title.
fn section(title: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(&format!("\n## {title}\n")).unwrap();
    rest.split("\n## ").next().unwrap()
}

#[test]
fn the_examples_are_configurations_with_every_key() {
    let examples: Vec<&str> =
        PAGE.split("```toml\n").skip(1).map(|part| part.split("```").next().unwrap()).collect();
    for example in &examples {
        Config::parse(example).unwrap_or_else(|error| panic!("{error}\n{example}"));
    }
    let config = Config::parse(examples[0]).unwrap();
    assert!(config.persona.is_some() && config.min_confidence.is_some() && config.baseline.is_some());
    assert!(!config.catalogs.is_empty() && !config.exclude.is_empty() && !config.kinds.is_empty());
    let ignore = &config.ignores[0];
    assert!(ignore.policy.is_some() && ignore.pointer.is_some() && ignore.expires.is_some());
}

#[test]
fn the_tables_have_every_key_and_no_other() {
    for (of, title) in [("", "Keys"), ("[[kind]]", "`[[kind]]`"), ("[[ignore]]", "`[[ignore]]`")] {
        let rows = section(title).lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        let mut told: Vec<&str> = rows.map(|key| key.trim_matches(['[', ']'])).collect();
        let mut known = keys(of);
        told.sort_unstable();
        known.sort_unstable();
        assert_eq!(told, known, "{title}");
    }
}

#[test]
fn every_word_is_told() {
    let personas = Persona::ALL.iter().map(|one| (section("Keys"), one.to_string()));
    let confidences = Confidence::ALL.iter().map(|one| (section("Keys"), one.to_string()));
    let kinds = Kind::ALL.iter().map(|one| (section("`[[kind]]`"), one.to_string()));
    for (section, word) in personas.chain(confidences).chain(kinds) {
        assert!(section.contains(&format!("\"{word}\"")), "{word}");
    }
}
