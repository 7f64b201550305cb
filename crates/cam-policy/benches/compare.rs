//! How long `compare` and `grants` take on random policies: `cargo bench -p cam-policy --all-features --bench compare`.
//!
//! Arguments are the numbers of policies, `10 20 40 80 160 200` without any, and a column, all without any: with
//! `160 'cut by a network'` a profiler sees this column alone. The policies are the same in every run. The time is that which
//! the thread had a processor.

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../tests/common/timing.rs"]
mod timing;

use std::fmt::Write as _;

use cam_policy::engine::PolicySet;
use cam_policy::policy::Policy;
use cam_policy::values::Uin;

use common::company::{OWNER, Random, STATEMENTS, by_network, taken_apart};
use timing::timed;

const COLUMNS: [&str; 6] =
    ["with itself", "taken apart", "cut by a network", "one policy less", "with others", "grants"];
const CALLER: u64 = 100_000_000_002;

fn set(texts: &[String]) -> PolicySet<'static> {
    let policies: Vec<Policy> = texts.iter().map(|text| text.parse().unwrap()).collect();
    common::policy_set(policies, Uin::new(OWNER).unwrap())
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let counts: Vec<usize> = arguments.iter().filter_map(|text| text.parse().ok()).collect();
    let asked: Vec<&str> =
        COLUMNS.into_iter().filter(|name| arguments.iter().any(|text| text == name)).collect();
    let columns = if asked.is_empty() { COLUMNS.to_vec() } else { asked };
    let counts = if counts.is_empty() { vec![10, 20, 40, 80, 160, 200] } else { counts };
    let caller = Uin::new(CALLER).unwrap();
    println!("Each policy has {STATEMENTS} statements. Milliseconds, and in brackets the answers.\n");
    println!("| policies | {} |", columns.join(" | "));
    println!("|---:|{}", "---:|".repeat(columns.len()));
    for count in counts {
        let texts = Random(0x9e37_79b9_7f4a_7c15).policies(count);
        let one = set(&texts);
        let sets = [
            one.clone(),
            set(&taken_apart(&texts)),
            set(&by_network(&texts)),
            set(&texts[1..]),
            set(&Random(0x2545_f491_4f6c_dd1d).policies(count)),
        ];
        let mut row = format!("| {count} |");
        let mut cell = |column: usize, run: &mut dyn FnMut() -> usize| {
            if !columns.contains(&COLUMNS[column]) {
                return;
            }
            let (took, answers) = timed(run);
            write!(row, " {:.2} ({answers}) |", took.as_secs_f64() * 1e3).unwrap();
        };
        for (column, other) in sets.iter().enumerate() {
            cell(column, &mut || {
                let difference = one.compare(other, caller).map_err(|error| error.to_string());
                difference.map_or(usize::MAX, |difference| difference.gained.len() + difference.lost.len())
            });
        }
        cell(sets.len(), &mut || one.grants(caller).map_or(usize::MAX, |grants| grants.len()));
        println!("{row}");
    }
}
