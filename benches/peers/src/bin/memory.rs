//! What is allocated: by a decision nothing, and how much by a set of policies.
//!
//! A program of its own, because the allocator that counts slows down those who allocate, and so the peers.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml --bin memory`

use std::hint::black_box;

use allocation_counter::measure;
use peers::policies::{Question, Shape, aws, cam, cedar, iam, ours, parsed, questions};

fn main() {
    println!("| policies | tencent-cam, bytes a policy | of it the parsed policy | iam-rs | Cedar |");
    println!("|---|---:|---:|---:|---:|");
    for (shape, name) in [(Shape::Applications, "(a)"), (Shape::Actions, "(b)")] {
        for count in [10, 100, 1_000, 10_000] {
            let (cam, aws, cedar) = (cam(shape, count), aws(shape, count), cedar(shape, count));
            let set = ours(parsed(&cam));
            for (what, questions, _) in questions(shape, count) {
                let requests: Vec<_> = questions.iter().map(Question::cam).collect();
                let info = measure(|| {
                    for request in &requests {
                        black_box(set.decide(request).decision());
                    }
                });
                assert_eq!(info.count_total, 0, "{what}");
            }
            if count < 1_000 {
                continue;
            }
            let each = |bytes: i64| bytes / count as i64;
            let all = each(held(|| ours(parsed(&cam))));
            let policies = each(held(|| parsed(&cam)));
            let iam = each(held(|| iam(&aws)));
            let cedar = each(held(|| cedar.parse::<cedar_policy::PolicySet>().unwrap()));
            println!("| {count}, {name} | {all} | {policies} | {iam} | {cedar} |");
        }
    }
    println!("\nAllocations by decisions, at 10 to 10,000 policies: none.");
}

/// The bytes that a value keeps allocated.
fn held<T>(make: impl FnOnce() -> T) -> i64 {
    let mut made = None;
    let info = measure(|| made = Some(make()));
    drop(made);
    info.bytes_current
}
