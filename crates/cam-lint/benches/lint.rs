//! How fast policies are linted and fixes are proved, and how the time grows with the statements.
//!
//! `cargo bench -p cam-lint --bench lint`

#![allow(clippy::cast_precision_loss, reason = "counts of a bench are small")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use cam_lint::{LintOptions, Persona, lint, prove};
use cam_policy::catalog::Catalog;
use cam_policy::document::{Document, ReadOptions};
use tencent_cam_codegen::{Arena, parse};

/// A generator of numbers (xorshift), so that every run has the same policies.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap_or_default()
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn statement(&mut self, text: &mut String) {
        let effect = if self.below(5) == 0 { "deny" } else { "allow" };
        let _ = write!(text, r#"{{"effect":"{effect}","action":["#);
        let actions = 1 + self.below(4);
        for at in 0..actions {
            let action = self.of(&[
                "trtc:RemoveUser",
                "trtc:DismissRoom",
                "trtc:GetUserList",
                "ccc:CreateStaff",
                "ccc:Describe*",
                "cos:GetObject",
                "cos:PutObject",
                "cos:Get*",
                "cvm:StopInstances",
                "cvm:Describe*",
                "vpc:*",
            ]);
            let _ = write!(text, "{}\"{action}\"", if at > 0 { "," } else { "" });
        }
        let number = self.below(1_000_000);
        let resource = match self.below(4) {
            0 => "*".to_owned(),
            1 => format!("qcs::trtc::uin/100000000001:sdkappid/14{number:08}"),
            2 => format!("qcs::cos:ap-guangzhou:uid/1250000000:b{number}-1250000000/*"),
            _ => format!("qcs::cvm:ap-guangzhou:uin/100000000001:instance/ins-{number}"),
        };
        let _ = write!(text, r#"],"resource":["{resource}"]"#);
        if self.below(4) == 0 {
            let _ = write!(
                text,
                r#","condition":{{"ip_equal":{{"qcs:ip":["203.0.{}.0/24"]}}}}"#,
                self.below(256)
            );
        }
        text.push('}');
    }

    fn policy(&mut self, statements: usize) -> String {
        let mut text = String::from(r#"{"version":"2.0","statement":["#);
        for at in 0..statements {
            text.push_str(if at > 0 { "," } else { "" });
            self.statement(&mut text);
        }
        text.push_str("]}");
        text
    }
}

/// The shortest of several runs.
fn shortest(mut run: impl FnMut() -> usize) -> Duration {
    let time = |_: usize| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    };
    (0..10).map(time).min().unwrap_or_default()
}

fn policies_a_second(what: &str, policies: &[String], found: impl Fn(&String) -> usize) {
    let time = shortest(|| policies.iter().map(&found).sum());
    let findings: usize = policies.iter().map(&found).sum();
    let bytes: usize = policies.iter().map(String::len).sum();
    println!(
        "{what}: {:.0} policies a second, {:.0} bytes and {:.1} findings each",
        policies.len() as f64 / time.as_secs_f64(),
        bytes as f64 / policies.len() as f64,
        findings as f64 / policies.len() as f64
    );
}

/// Proves each fix of each policy, as the JSON report does.
fn proofs_a_second(what: &str, policies: &[String], options: &LintOptions<'_>) {
    let mut changes = Vec::new();
    for policy in policies {
        let fixes = lint(policy, options).findings.into_iter().filter_map(|finding| finding.fix);
        changes.extend(fixes.map(|fix| (policy, fix.apply(policy))));
    }
    let safe = || changes.iter().filter(|(before, after)| prove(options, before, after).is_safe()).count();
    let time = shortest(safe);
    println!(
        "{what}: {:.0} proofs a second, {} of {} fixes are safe",
        changes.len() as f64 / time.as_secs_f64(),
        safe(),
        changes.len()
    );
}

fn main() {
    let arena = Arena::new();
    let catalog =
        parse(&arena, "catalog.toml", include_str!("../../../catalog.toml")).unwrap_or(Catalog::EMPTY);
    let options = LintOptions::new(catalog);
    let mut random = Random(20_261_127);
    let policies: Vec<String> = (0..1000).map(|at| random.policy(1 + at % 5)).collect();
    let (clean, faulty): (Vec<String>, Vec<String>) =
        policies.iter().cloned().partition(|policy| lint(policy, &options).findings.is_empty());
    let found = |policy: &String| lint(policy, &options).findings.len();
    let for_auditors = |policy: &String| lint(policy, &options.persona(Persona::Auditor)).findings.len();
    let read = |policy: &String| {
        let reading = ReadOptions::new().with_catalog(&catalog);
        Document::read(policy, reading).map_or(0, |document| document.warnings().len())
    };
    policies_a_second("1,000 policies of 1 to 5 statements", &policies, found);
    policies_a_second("the same, only read and checked by the core", &policies, read);
    policies_a_second("the same, for auditors", &policies, for_auditors);
    policies_a_second("those without a finding", &clean, found);
    policies_a_second("those, only read and checked by the core", &clean, read);
    policies_a_second("policies with findings", &faulty, found);
    policies_a_second("those, only read and checked by the core", &faulty, read);
    proofs_a_second("the fixes of all", &policies, &options);
    proofs_a_second("the same, for auditors", &policies, &options.persona(Persona::Auditor));
    for statements in [500, 1000, 2000, 3000, 4000, 5000] {
        let policy = random.policy(statements);
        let options = options.persona(Persona::Auditor);
        let time = shortest(|| lint(&policy, &options).findings.len());
        println!(
            "{statements} statements, for auditors: {:.1} ms, {:.1} µs a statement",
            time.as_secs_f64() * 1e3,
            time.as_secs_f64() * 1e6 / statements as f64
        );
    }
}
