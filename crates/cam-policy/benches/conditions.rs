//! How long a decision takes on a condition of very many values, for requests with many values of the key:
//! `cargo bench -p cam-policy --all-features --bench conditions`.
//!
//! No value is equal, so nothing ends a search early. If each value were compared with each of the request, the time of
//! the last row would be a hundred thousand times that of the first; here it grows as the values of the request do.

#[path = "../tests/common/timing.rs"]
mod timing;

use std::fmt::Write as _;
use std::hint::black_box;

use cam_policy::catalog::Catalog;
use cam_policy::engine::{PolicySet, Request};
use cam_policy::policy::{
    ActionPattern, Condition, ConditionOperator, ConditionValue, Effect, Policy, ResourcePattern, Statement,
};
use cam_policy::values::Uin;

use timing::timed;

const OPERATORS: [&str; 7] = [
    "string_equal",
    "string_equal_ignore_case",
    "string_like",
    "for_all_value:string_not_equal",
    "numeric_equal",
    "date_equal",
    "ip_equal",
];

fn value(operator: &str, n: usize) -> String {
    match operator {
        "ip_equal" => format!("10.{}.{}.{}", n / 62_500, n / 250 % 250, n % 250),
        "date_equal" => format!("1970-01-01T00:00:00.{n:09}Z"),
        _ => n.to_string(),
    }
}

fn found(operator: &str, n: usize) -> String {
    match operator {
        "ip_equal" => format!("192.0.2.{n}"),
        "date_equal" => format!("2026-01-01T00:{:02}:{:02}Z", n / 60, n % 60),
        _ => format!("9{n:07}"),
    }
}

fn set(operator: &str, values: usize) -> PolicySet<'static> {
    let key = if operator == "ip_equal" { "a:ip" } else { "a:k" };
    let values = (0..values).map(|n| ConditionValue::Text(value(operator, n).into()));
    let condition = Condition::unchecked(operator.parse::<ConditionOperator>().unwrap(), key, values);
    let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
    let policy = Policy::new([statement.with_condition(condition)]).unwrap();
    PolicySet::new(&Catalog::EMPTY, [policy], Uin::new(100000000001).unwrap())
}

fn main() {
    println!("Microseconds for one decision.\n");
    println!("| values | of the request | {} |", OPERATORS.join(" | "));
    println!("|---:|---:|{}", "---:|".repeat(OPERATORS.len()));
    for values in [100, 1_000, 10_000, 100_000] {
        let sets = OPERATORS.map(|operator| set(operator, values));
        for count in [1, 10, 100] {
            let mut row = format!("| {values} | {count} |");
            for (operator, set) in OPERATORS.iter().zip(&sets) {
                let key = if *operator == "ip_equal" { "a:ip" } else { "a:k" };
                let found: Vec<String> = (0..count).map(|n| found(operator, n)).collect();
                let request = Request::new(Uin::new(100000000002).unwrap(), "a:B", "*").unwrap();
                let request = request.with_key(key, found.iter().map(|value| &**value));
                let (took, _) = timed(|| usize::from(black_box(set.decide(&request)).is_allowed()));
                write!(row, " {:.2} |", took.as_secs_f64() * 1e6).unwrap();
            }
            println!("{row}");
        }
    }
}
