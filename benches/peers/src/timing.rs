//! Times contestants who take turns, so that a busy moment of the machine strikes them all, by the processor time of
//! the thread: on a busy machine a long decision is interrupted and a short one is not, which would favour the short.

use std::hint::black_box;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

const TURN: Duration = Duration::from_millis(10);
const TURNS: usize = 21;

/// The median nanoseconds of one call of each contestant, which is given the number of the call. At least five turns,
/// and no new one after 20 seconds.
pub fn medians<const N: usize>(contestants: [&dyn Fn(usize); N]) -> [f64; N] {
    let sizes = contestants.map(|contestant| {
        contestant(0);
        let mut size = 1;
        loop {
            let took = turn(contestant, size);
            if took * 2 > TURN || size > 1 << 30 {
                break (size as f64 * TURN.as_secs_f64() / took.as_secs_f64()).ceil() as usize;
            }
            size *= 2;
        }
    });
    let mut measured = [(); N].map(|()| Vec::new());
    let start = Instant::now();
    for at in 0..TURNS {
        if at >= 5 && start.elapsed() > Duration::from_secs(20) {
            break;
        }
        for ((contestant, size), measured) in contestants.iter().zip(sizes).zip(&mut measured) {
            measured.push(turn(contestant, size).as_secs_f64() * 1e9 / size as f64);
        }
    }
    measured.map(median)
}

/// The middle one.
pub fn median(mut measured: Vec<f64>) -> f64 {
    measured.sort_by(f64::total_cmp);
    measured[measured.len() / 2]
}

fn turn(contestant: &dyn Fn(usize), calls: usize) -> Duration {
    let start = ThreadTime::now();
    for call in 0..calls {
        contestant(black_box(call));
    }
    start.elapsed()
}

/// Nanoseconds with three digits that count.
pub fn ns(nanoseconds: f64) -> String {
    let digits = match nanoseconds {
        below if below < 10.0 => 2,
        below if below < 100.0 => 1,
        _ => 0,
    };
    grouped(&format!("{nanoseconds:.digits$}"))
}

/// A number with its thousands apart.
fn grouped(number: &str) -> String {
    let (whole, fraction) =
        number.split_once('.').map_or((number, String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text + &fraction
}
