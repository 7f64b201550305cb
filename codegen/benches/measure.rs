//! Times contestants against each other on a machine that is busy with other things as well.

use std::env;
use std::process::Command;
use std::time::Instant;

/// Makes glibc keep what is freed.
const KEEP: (&str, &str) = (
    "GLIBC_TUNABLES",
    "glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=4294967296:glibc.malloc.top_pad=268435456",
);

/// Measures twice: as the system has it, and with freed memory kept.
///
/// glibc gives large blocks back as soon as they are free. TOML's parser takes two of more than 32 MB at 22,000
/// actions, and most of the growth from 11,000 is then the system's, which zeroes their pages anew each time.
pub(crate) fn twice(measure: fn()) {
    if !env::args().any(|arg| arg == "--bench") {
        println!("Measures under `cargo bench` only.");
        return;
    }
    measure();
    if env::var_os(KEEP.0).is_none() {
        println!("\nThe same with freed memory kept by the process:\n");
        let mut again = Command::new(env::current_exe().expect("a process has a path"));
        let status = again.arg("--bench").env(KEEP.0, KEEP.1).status();
        assert!(status.is_ok_and(|status| status.success()), "the second measurement failed");
    }
}

/// The least seconds each contestant took. They take turns, so that a busy moment strikes them all.
#[must_use]
pub(crate) fn least<const N: usize>(rounds: usize, contestants: [&dyn Fn(); N]) -> [f64; N] {
    let mut least = [f64::INFINITY; N];
    for _ in 0..rounds {
        for (contestant, least) in contestants.iter().zip(&mut least) {
            let start = Instant::now();
            contestant();
            *least = least.min(start.elapsed().as_secs_f64());
        }
    }
    least
}

/// Enough rounds for the least to be steady.
#[must_use]
pub(crate) fn rounds(actions: usize) -> usize {
    (300_000 / actions).clamp(15, 300)
}

/// By how much a cost grows when the size doubles, from the cost at two sizes.
#[must_use]
pub(crate) fn per_doubling((size, cost): (usize, f64), (larger, larger_cost): (usize, f64)) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
    let doublings = (larger as f64 / size as f64).log2();
    (larger_cost / cost).powf(1.0 / doublings)
}
