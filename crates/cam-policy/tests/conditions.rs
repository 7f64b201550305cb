//! Tests how long conditions of very many values take.

use std::time::Instant;

use cam_policy::catalog::Catalog;
use cam_policy::engine::{PolicySet, Request};
use cam_policy::values::Uin;

/// What is compared for equality is searched, and so are networks: many values times many of a request are not tried each
/// with each.
#[test]
fn many_values_are_not_compared_with_each_of_many() {
    let owner = Uin::new(100000000001).unwrap();
    for operator in [
        "string_equal",
        "string_like",
        "string_not_equal_ignore_case",
        "numeric_equal",
        "date_less_than",
        "ip_equal",
    ] {
        let value = |n: usize| match operator {
            "ip_equal" => format!("10.{}.{}.{}", n / 62_500, n / 250 % 250, n % 250),
            "date_less_than" => format!("1970-01-01T00:00:00.{n:09}Z"),
            _ => n.to_string(),
        };
        let key = if operator == "ip_equal" { "a:ip" } else { "a:k" };
        let found: Vec<String> = (0..100)
            .map(|n| match operator {
                "ip_equal" => format!("192.0.2.{n}"),
                "date_less_than" => format!("2026-01-01T00:00:{:02}Z", n % 60),
                _ => format!("9{n:07}"),
            })
            .collect();
        let request = Request::new(Uin::new(100000000002).unwrap(), "a:B", "*").unwrap();
        let request = request.with_key(key, found.iter().map(|value| &**value));
        let decides = |count: usize| {
            let values: Vec<String> = (0..count).map(|n| format!("{:?}", value(n))).collect();
            let text = format!(
                r#"{{"version":"2.0","statement":[{{"effect":"allow","action":"a:B","resource":"*","condition":{{"{operator}":{{"{key}":[{}]}}}}}}]}}"#,
                values.join(",")
            );
            let set = PolicySet::new(&Catalog::EMPTY, [text.parse().unwrap()], owner);
            let allowed = set.decide(&request).is_allowed();
            assert_eq!(allowed, operator.contains("not"), "{operator}");
            let turn = |_| {
                let from = Instant::now();
                (0..20).for_each(|_| assert_eq!(set.decide(&request).is_allowed(), allowed));
                from.elapsed()
            };
            (0..5).map(turn).min().unwrap()
        };
        let (few, many) = (decides(50), decides(20_000));
        // One by one it would be 400 times.
        assert!(many < few * 30, "{operator}: {few:?} for 50, {many:?} for 20,000");
    }
}
