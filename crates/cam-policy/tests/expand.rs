//! Patterns of actions written out, and actions written as patterns.

use cam_policy::catalog::{ActionFacts, Catalog, Lookup, Service, Tables};
use cam_policy::policy::{ActionPattern, expand, shrink};
use proptest::prelude::*;
use proptest::sample::subsequence;

/// A catalog with one service `demo`, of which it lists every action, and one service `open`, of which it does not.
fn catalog(names: &[String]) -> Catalog<'static> {
    let names: &[&'static str] = names.iter().map(|name| &*name.clone().leak()).collect::<Vec<_>>().leak();
    let service = |id: &'static str, complete| {
        let facts = |name: &&'static str| ActionFacts {
            name,
            qualified_name: format!("{id}:{name}").leak(),
            ..ActionFacts::UNSTATED
        };
        let actions: Vec<ActionFacts<'static>> = names.iter().map(facts).collect();
        let tables = Tables::of(names);
        let lookup = Lookup {
            seed: tables.seed,
            displacements: tables.displacements.leak(),
            slots: tables.slots.leak(),
        };
        Service { id, actions: actions.leak(), lookup, complete, ..Service::UNSTATED }
    };
    Catalog { version: 1, services: vec![service("demo", Some(true)), service("open", None)].leak() }
}

fn names() -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set("[AB][ab]{0,2}([AB][ab]{0,1}){0,3}", 1..20)
        .prop_map(|names| names.into_iter().collect())
}

fn patterns(texts: &[&str]) -> Vec<ActionPattern> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn shrunk(all: &[&str], wanted: &[&str]) -> Vec<String> {
    let names: Vec<String> = all.iter().map(|name| (*name).into()).collect();
    let wanted: Vec<ActionPattern> =
        wanted.iter().map(|name| format!("demo:{name}").parse().unwrap()).collect();
    shrink(&catalog(&names), &wanted).actions.iter().map(|action| action.to_string()).collect()
}

proptest! {
    #[test]
    fn what_is_shrunk_expands_to_the_same(
        (names, wanted) in names().prop_flat_map(|names| {
            let length = names.len();
            (Just(names.clone()), subsequence(names, 0..=length))
        })
    ) {
        let catalog = catalog(&names);
        let wanted: Vec<ActionPattern> = wanted.iter().map(|name| format!("demo:{name}").parse().unwrap()).collect();
        let short = shrink(&catalog, &wanted);
        prop_assert!(short.kept.is_empty());
        prop_assert!(short.actions.len() <= wanted.len());
        let again = expand(&catalog, &short.actions);
        prop_assert_eq!(&again.actions, &wanted);
        // No pattern can be joined with another one or with an action: it is the fewest prefixes.
        prop_assert_eq!(&shrink(&catalog, &short.actions).actions, &short.actions);
        prop_assert_eq!(short.actions.len(), fewest(&names, &wanted));
    }

    #[test]
    fn any_patterns_mean_the_same_after_both(
        names in names(),
        texts in prop::collection::vec("(demo|open|none):[AB*][ab*]{0,2}[AB*]?", 0..6),
    ) {
        let catalog = catalog(&names);
        let given: Vec<ActionPattern> = texts.iter().map(|text| text.parse().unwrap()).collect();
        let long = expand(&catalog, &given);
        let short = shrink(&catalog, &given);
        prop_assert_eq!(&expand(&catalog, &short.actions).actions, &long.actions);
        for name in &names {
            for id in ["demo", "open"] {
                let action = format!("{id}:{name}");
                let is_in = |patterns: &[ActionPattern]| patterns.iter().any(|one| one.matches(&action));
                prop_assert_eq!(is_in(&given), is_in(&long.actions));
                prop_assert_eq!(is_in(&given), is_in(&short.actions));
            }
        }
    }
}

/// The fewest prefixes and names that cover the wanted actions, found by looking at every prefix.
fn fewest(names: &[String], wanted: &[ActionPattern]) -> usize {
    let is_wanted = |name: &str| wanted.iter().any(|one| one.operation() == Some(name));
    let mut count = 0;
    let mut covered: Vec<&str> = Vec::new();
    for name in names.iter().filter(|name| is_wanted(name)) {
        if covered.contains(&name.as_str()) {
            continue;
        }
        count += 1;
        // The shortest prefix of which all names are wanted covers the most.
        let of = |length: usize| names.iter().filter(move |other| other.starts_with(&name[..length]));
        let length = (0..=name.len()).find(|length| of(*length).all(|other| is_wanted(other)));
        match length {
            Some(length) => covered.extend(of(length).map(String::as_str)),
            None => covered.push(name),
        }
    }
    count
}

#[test]
fn a_pattern_ends_with_a_word_where_it_can() {
    let all = ["GetRoom", "StartCall", "StartCancel", "StopCall"];
    assert_eq!(shrunk(&all, &["StartCall", "StartCancel"]), ["demo:Start*"]);
    let all = ["StartCall", "StartCancel", "StartRoom"];
    assert_eq!(shrunk(&all, &["StartCall", "StartCancel"]), ["demo:StartCa*"]);
    assert_eq!(shrunk(&all, &all), ["demo:*"]);
    assert_eq!(shrunk(&all, &["StartRoom"]), ["demo:StartRoom"]);
    assert_eq!(shrunk(&["Get", "GetA", "GetB"], &["GetA", "GetB"]), ["demo:GetA", "demo:GetB"]);
}

#[test]
fn services_of_which_not_all_actions_are_known_stay() {
    let catalog = catalog(&["GetA".into(), "GetB".into()]);
    let given = patterns(&["open:Get*", "none:*", "*", "*:Get*", "demo:Put*", "demo:Get*"]);
    let long = expand(&catalog, &given);
    assert_eq!(long.kept, patterns(&["*", "*:Get*", "demo:Put*", "none:*", "open:Get*"]));
    assert_eq!(long.actions[..2], patterns(&["demo:GetA", "demo:GetB"]));
    let given = patterns(&["open:GetA", "open:GetB", "demo:PutA"]);
    let short = shrink(&catalog, &given);
    assert_eq!(short.kept, patterns(&["demo:PutA", "open:GetA", "open:GetB"]));
    assert_eq!(short.actions, short.kept);
}
