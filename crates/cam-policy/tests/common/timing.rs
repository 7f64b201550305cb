//! Measures how long a function takes.

use std::time::{Duration, Instant};

/// How long this thread has had a processor, as far as the system tells; otherwise the time of day.
fn clock(start: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ran = told.and_then(|text| text.split_whitespace().next()?.parse().ok());
    ran.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// How long a run takes, and how many answers there are: the least mean of three turns of at least 30 ms.
pub(crate) fn timed(mut run: impl FnMut() -> usize) -> (Duration, usize) {
    let start = Instant::now();
    let mut answers = 0;
    let mut turn = || {
        let from = clock(start);
        let (mut runs, mut batch) = (0, 1);
        loop {
            for _ in 0..batch {
                answers = run();
            }
            runs += batch;
            let took = clock(start).saturating_sub(from);
            if took > Duration::from_millis(30) {
                return took / runs;
            }
            // To read the clock takes some microseconds, which many a run does not: it is read ever more seldom.
            batch = runs;
        }
    };
    let least = turn().min(turn()).min(turn());
    (least, answers)
}
