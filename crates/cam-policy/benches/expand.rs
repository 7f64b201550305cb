//! How long `expand` and `shrink` take: `cargo bench -p cam-policy --bench expand`.
//!
//! The service has 800 actions in the words that services use, and the catalog lists them all.

#[path = "../tests/common/timing.rs"]
mod timing;

use cam_policy::catalog::{ActionFacts, Catalog, Lookup, Service, Tables};
use cam_policy::policy::{ActionPattern, expand, shrink};
use timing::timed;

const VERBS: [&str; 8] = ["Create", "Delete", "Describe", "Get", "List", "Modify", "Start", "Stop"];
const NOUNS: [&str; 10] =
    ["Account", "Bucket", "Cluster", "Disk", "Image", "Instance", "Network", "Room", "Route", "User"];
const ENDS: [&str; 10] =
    ["", "Attributes", "Config", "Info", "List", "Policies", "Quota", "Status", "Tags", "Users"];

/// A catalog with one service. It lives as long as the run.
fn catalog() -> Catalog<'static> {
    let mut names: Vec<&'static str> = Vec::new();
    for verb in VERBS {
        for noun in NOUNS {
            names.extend(ENDS.map(|end| &*format!("{verb}{noun}{end}").leak()));
        }
    }
    names.sort_unstable();
    let tables = Tables::of(&names);
    let lookup =
        Lookup { seed: tables.seed, displacements: tables.displacements.leak(), slots: tables.slots.leak() };
    let facts = |name: &&'static str| ActionFacts {
        name,
        qualified_name: format!("demo:{name}").leak(),
        ..ActionFacts::UNSTATED
    };
    let actions: Vec<ActionFacts<'static>> = names.iter().map(facts).collect();
    let service =
        Service { id: "demo", actions: actions.leak(), lookup, complete: Some(true), ..Service::UNSTATED };
    Catalog { version: 1, services: vec![service].leak() }
}

fn main() {
    let catalog = catalog();
    let all: Vec<ActionPattern> = catalog.actions().map(ActionPattern::of).collect();
    println!("| what | in | out | microseconds | a second |\n|---|---:|---:|---:|---:|");
    let row = |what: &str, given: usize, run: &mut dyn FnMut() -> usize| {
        let (took, out) = timed(run);
        let seconds = took.as_secs_f64();
        println!("| {what} | {given} | {out} | {:.1} | {:.0} |", seconds * 1e6, 1.0 / seconds);
    };
    for text in ["demo:*", "demo:Describe*", "demo:*Instance*", "demo:DescribeInstanceStatus*"] {
        let pattern: [ActionPattern; 1] = [text.parse().unwrap()];
        row(&format!("the actions of `{text}`"), 1, &mut || pattern[0].actions(&catalog).count());
        row(&format!("expand `{text}`"), 1, &mut || expand(&catalog, &pattern).actions.len());
    }
    for step in [4, 2, 1] {
        let some: Vec<ActionPattern> = all.iter().step_by(step).cloned().collect();
        row(&format!("shrink one of {step}"), some.len(), &mut || shrink(&catalog, &some).actions.len());
    }
    let runs: Vec<ActionPattern> = all.chunks(40).flat_map(|chunk| &chunk[..10]).cloned().collect();
    row("shrink runs of ten", runs.len(), &mut || shrink(&catalog, &runs).actions.len());
}
