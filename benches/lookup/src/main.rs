//! Nanoseconds to find an action by `service:Name`, beside strum and phf on the same names.
//!
//! `cargo run --release --manifest-path benches/lookup/Cargo.toml`

use std::hint::black_box;
use std::time::Instant;

use tencent_cam::Action;

include!(concat!(env!("OUT_DIR"), "/peers.rs"));

const ROUNDS: usize = 60;
const DRAWS: usize = 20_000;

/// Names drawn at random, too many in a row for a branch predictor to learn, the same in every run.
fn drawn(names: &[String]) -> Vec<String> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % names.len() as u64).expect("an index")
    };
    (0..DRAWS).map(|_| names[draw()].clone()).collect()
}

fn pass(keys: &[String], find: impl Fn(&str) -> bool) -> f64 {
    let start = Instant::now();
    let mut found = 0_usize;
    for key in keys {
        found += usize::from(find(black_box(key)));
    }
    black_box(found);
    start.elapsed().as_nanos() as f64 / keys.len() as f64
}

fn main() {
    let names: Vec<String> = NAMES.iter().map(|&name| name.to_owned()).collect();
    let hits = drawn(&names);
    let near: Vec<String> = names.iter().map(|name| format!("{}x", &name[..name.len() - 1])).collect();
    let misses = drawn(&near);
    let contestants: [(&str, fn(&str) -> bool); 3] = [
        ("tencent-cam, `Action::lookup`", |key| Action::lookup(key).is_some()),
        ("phf, `phf_map!`", |key| PHF.get(key).is_some()),
        ("strum, `EnumString`", |key| key.parse::<Strum>().is_ok()),
    ];
    for (_, find) in contestants {
        assert!(hits.iter().all(|key| find(key)) && !misses.iter().any(|key| find(key)));
    }
    let mut best = [[f64::INFINITY; 2]; 3];
    for _ in 0..ROUNDS {
        for (at, (_, find)) in contestants.iter().enumerate() {
            best[at][0] = best[at][0].min(pass(&hits, find));
            best[at][1] = best[at][1].min(pass(&misses, find));
        }
    }
    println!("| {} names | hit ns | miss ns |\n|---|---:|---:|", NAMES.len());
    for ((name, _), [hit, miss]) in contestants.iter().zip(best) {
        println!("| {name} | {hit:.0} | {miss:.0} |");
    }
}
