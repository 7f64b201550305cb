//! Finding an action by name: this crate, strum's `EnumString` and `phf_map!` on the same names. Prints the table
//! of `benches/README.md`.
//!
//! `cargo run --release --manifest-path benches/lookup/Cargo.toml`

use std::hint::black_box;
use std::time::Instant;

use tencent_cam::{Action, ActionEnum, CATALOG, ccc, trtc};

mod names {
    include!(concat!(env!("OUT_DIR"), "/names.rs"));
}

const ROUNDS: usize = 300;
const KEYS: usize = 8_192;

type Find<'a> = &'a dyn Fn(&[String]) -> usize;

fn main() {
    println!("| names | keys | tencent-cam ns | phf ns | strum ns |");
    println!("|---|---|---:|---:|---:|");
    // A macro, so that each look-up is compiled into its own loop and none goes through a pointer.
    macro_rules! compare {
        ($what:literal, $names:ident, $ours:expr $(, $strum:ty)?) => {
            let ours: Find = &|keys| count(keys, |key| $ours(key).is_some());
            let phf: Find = &|keys| count(keys, |key| names::$names::PHF.get(key).is_some());
            table($what, names::$names::NAMES, &[ours, phf $(, &|keys| count(keys, |key| key.parse::<$strum>().is_ok()))?]);
        };
    }
    compare!("both services, `service:Name`", all, |name| Action::from_action(CATALOG.action(name)?), names::all::Strum);
    compare!("ccc", ccc, |name| ccc::Action::from_action(ccc::Action::SERVICE.action(name)?), names::ccc::Strum);
    compare!("trtc", trtc, |name| trtc::Action::from_action(trtc::Action::SERVICE.action(name)?), names::trtc::Strum);
    compare!("the whole cloud, `service:Name`", cloud, |name| tencent_cam::names::lookup(name));
    compare!("a made-up service", large, |name| {
        use synthetic::svc000::Action;
        <Action as synthetic::ActionEnum>::from_action(Action::SERVICE.action(name)?)
    });
}

#[inline(always)]
fn count(keys: &[String], found: impl Fn(&str) -> bool) -> usize {
    keys.iter().filter(|key| black_box(found(black_box(key.as_str())))).count()
}

fn table(what: &str, names: &[&str], contestants: &[Find]) {
    let hits: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let near: Vec<String> = names.iter().map(|name| misspelt(name)).collect();
    let far: Vec<String> = names.iter().map(|name| reversed(name)).collect();
    for (kind, keys, expected) in [("hit", hits, KEYS), ("near miss", near, 0), ("far miss", far, 0)] {
        let keys = shuffled(&keys);
        let mut least = vec![f64::INFINITY; contestants.len()];
        for _ in 0..ROUNDS {
            for (find, least) in contestants.iter().zip(&mut least) {
                let start = Instant::now();
                let found = find(&keys);
                *least = least.min(start.elapsed().as_secs_f64() * 1e9 / keys.len() as f64);
                assert_eq!(found, expected, "{what}, {kind}");
            }
        }
        let mut cells: Vec<String> = least.iter().map(|ns| format!("{ns:.1}")).collect();
        cells.resize(3, String::new());
        println!("| {} of {what} | {kind} | {} |", names.len(), cells.join(" | "));
    }
}

/// Changes a character in the middle. The service and the length stay.
fn misspelt(name: &str) -> String {
    let start = name.find(':').map_or(0, |at| at + 1);
    let middle = start + (name.len() - start) / 2;
    format!("{}#{}", &name[..middle], &name[middle + 1..])
}

fn reversed(name: &str) -> String {
    let start = name.find(':').map_or(0, |at| at + 1);
    name[..start].chars().chain(name[start..].chars().rev()).collect()
}

/// Keys in no order, each in a place of its own, so that neither is guessed ahead.
fn shuffled(keys: &[String]) -> Vec<String> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    (0..KEYS).map(|_| keys[next() % keys.len()].clone()).collect()
}
