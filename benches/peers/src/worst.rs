//! Policies that are slow on purpose.

use std::hint::black_box;

use tencent_cam::{Request, Uin};

use peers::policies::{CALLER, OWNER, ours, parsed};
use peers::timing::{medians, ns};

fn statement(action: &str, resources: &[String], condition: &str) -> String {
    let resources: Vec<String> =
        resources.iter().map(|last| format!("qcs::trtc::uin/{OWNER}:{last}")).collect();
    format!(r#"{{"effect":"allow","action":["{action}"],"resource":{resources:?}{condition}}}"#)
}

fn policy(statements: &[String]) -> String {
    format!(r#"{{"version":"2.0","statement":[{}]}}"#, statements.join(","))
}

/// One policy each: no text of more than a mebibyte is read.
fn separate(statements: impl IntoIterator<Item = String>) -> Vec<String> {
    statements.into_iter().map(|statement| policy(&[statement])).collect()
}

struct Case {
    what: &'static str,
    policies: Vec<String>,
    /// The last segment that is asked for.
    resource: String,
    allowed: bool,
}

fn cases() -> Vec<Case> {
    let one = |resources: &[String]| vec![policy(&[statement("trtc:RemoveUser", resources, "")])];
    let many = |resource: &dyn Fn(usize) -> String, condition: &dyn Fn(usize) -> String, count: usize| {
        separate((0..count).map(|at| statement("trtc:RemoveUser", &[resource(at)], &condition(at))))
    };
    let none = |_: usize| String::new();
    let plain = |_: usize| "sdkappid/1400000001".to_owned();
    let network = |at: usize| {
        format!(
            r#","condition":{{"ip_equal":{{"qcs:ip":["172.{}.{}.0/24"]}}}}"#,
            16 + at / 256 % 16,
            at % 256
        )
    };
    let long = "a".repeat(5_000);
    vec![
        Case {
            what: "one pattern, plain, to compare with",
            policies: one(&["sdkappid/1400000001".to_owned()]),
            resource: "sdkappid/1400000001".to_owned(),
            allowed: true,
        },
        Case {
            what: "a pattern of 5,000 `*` and a resource of 5,000 characters",
            policies: one(&[format!("{}b", "*".repeat(5_000))]),
            resource: long.clone(),
            allowed: false,
        },
        Case {
            what: "a pattern of 2,500 `a*` and a resource of 5,000 characters",
            policies: one(&[format!("{}b", "a*".repeat(2_500))]),
            resource: long.clone(),
            allowed: false,
        },
        Case {
            what: "a pattern of `*`, 2,500 characters, `b*`, and a resource of 5,000 characters",
            policies: one(&[format!("*{}b*", "a".repeat(2_500))]),
            resource: long,
            allowed: false,
        },
        Case {
            what: "1,000 patterns `sdkappid/14…*`, prefixes of one length",
            policies: many(&|at| format!("sdkappid/1400{at:04}*"), &none, 1_000),
            resource: "sdkappid/1400099999".to_owned(),
            allowed: true,
        },
        Case {
            what: "1,000 patterns `aaa…*`, prefixes of 1,000 lengths, the longest of which fits",
            policies: many(&|at| format!("{}b*", "a".repeat(at)), &none, 1_000),
            resource: format!("{}bc", "a".repeat(999)),
            allowed: true,
        },
        Case {
            what: "one statement of 5,000 resources, the last of which fits",
            policies: one(&(0..5_000).map(|at| format!("sdkappid/{}", 1400000000 + at)).collect::<Vec<_>>()),
            resource: "sdkappid/1400004999".to_owned(),
            allowed: true,
        },
        Case {
            what: "1,000 statements that fit but for their own IP condition",
            policies: many(&plain, &network, 1_000),
            resource: "sdkappid/1400000001".to_owned(),
            allowed: false,
        },
        Case {
            what: "10,000 statements that fit but for their own IP condition",
            policies: many(&plain, &network, 10_000),
            resource: "sdkappid/1400000001".to_owned(),
            allowed: false,
        },
    ]
}

/// Prints what a decision takes.
pub fn measure() {
    println!("\n| policies | ns a decision |");
    println!("|---|---:|");
    for Case { what, policies, resource, allowed } in cases() {
        let set = ours(parsed(&policies));
        let resource = format!("qcs::trtc::uin/{OWNER}:{resource}");
        let request = Request::new(Uin::new(CALLER).unwrap(), "trtc:RemoveUser", &resource).unwrap();
        let request = request.with_ip("10.1.2.3".parse().unwrap());
        assert_eq!(set.decide(&request).is_allowed(), allowed, "{what}");
        let [took] = medians([&|_| {
            black_box(set.decide(black_box(&request)).decision());
        }]);
        println!("| {what} | {} |", ns(took));
    }
}
