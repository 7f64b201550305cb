//! Policies as a large company may have them, made up: wildcards, denies and conditions. They are the same in every run.

#![allow(dead_code, reason = "each test uses its own part of this module")]

use std::fmt::Write as _;

use super::catalog;

/// The account of the policies.
pub(crate) const OWNER: u64 = 100_000_000_001;

/// How many statements a policy has.
pub(crate) const STATEMENTS: usize = 5;

/// A generator of numbers (xorshift), so that every run has the same policies.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn list(&mut self, most: usize, mut item: impl FnMut(&mut Self) -> String) -> String {
        let items: Vec<String> = (0..=self.below(most)).map(|_| format!("{:?}", item(self))).collect();
        items.join(",")
    }

    fn action(&mut self, names: &[&str]) -> String {
        let verb = self.of(&["Describe", "Create", "Delete", "Modify", "Start", "Stop", "Update"]);
        match self.below(10) {
            0 => format!("{}:*", self.of(&["trtc", "ccc", "cos", "cvm", "vpc"])),
            1 => format!("{}:{verb}*", self.of(&["trtc", "ccc", "cos", "cvm", "vpc"])),
            2 => format!("{}:*{}*", self.of(&["trtc", "ccc", "cos"]), self.of(&["Room", "User", "Object"])),
            3 => format!("{}:{verb}{}", self.of(&["cos", "cvm", "vpc"]), self.of(&["Object", "Instance"])),
            _ => self.of(names).to_owned(),
        }
    }

    /// A deny of everything would leave nothing to compare.
    fn resource(&mut self, effect: &str) -> String {
        let number = self.below(200);
        let region = self.of(&["", "ap-guangzhou", "ap-*"]);
        match self.below(12) {
            0 if effect == "allow" => "*".to_owned(),
            1 => "qcs::trtc:::sdkappid/*".to_owned(),
            2 => format!("qcs::trtc::uin/{OWNER}:sdkappid/14{:02}*", number % 100),
            3 => format!("qcs::ccc:::SdkAppId/*{}", number % 10),
            4 => format!("qcs::ccc:{region}:uin/{OWNER}:SdkAppId/1400{number:06}"),
            5 => format!("qcs::cos:{region}:uid/1250000000:bucket-{number}-1250000000/*"),
            6 => format!("qcs::cos:::bucket-*/{}/${{uin}}/*", self.of(&["home", "log", "tmp"])),
            7 => format!("qcs::cvm:{region}::instance/ins-{number}"),
            _ => format!("qcs::trtc::uin/{OWNER}:sdkappid/1400{number:06}"),
        }
    }

    fn condition(&mut self) -> String {
        let number = self.below(20);
        let (operator, key, value) = match self.below(8) {
            0 => ("ip_equal", "qcs:ip", format!("10.{number}.0.0/16")),
            1 => ("ip_not_equal", "qcs:ip", "10.0.0.0/8".to_owned()),
            2 => ("date_less_than", "qcs:current_time", format!("20{}-01-01T00:00:00Z", 30 + number)),
            3 => ("date_greater_than", "qcs:current_time", format!("20{}-01-01T00:00:00Z", 10 + number)),
            4 => ("for_any_value:string_equal", "qcs:resource_tag", format!("team&{number}")),
            5 => ("string_like_if_exist", "qcs:request_tag", format!("env&{}*", number % 5)),
            6 => ("bool_equal", "qcs:mfa", "true".to_owned()),
            _ => ("numeric_less_than_equal", "cos:content-length", (number * 1024).to_string()),
        };
        format!(r#"{{"{operator}":{{"{key}":["{value}"]}}}}"#)
    }

    fn statement(&mut self, names: &[&str]) -> String {
        let effect = if self.one_in(5) { "deny" } else { "allow" };
        let actions = self.list(3, |random| random.action(names));
        let resources = self.list(3, |random| random.resource(effect));
        let mut text = format!(r#"{{"effect":"{effect}","action":[{actions}],"resource":[{resources}]"#);
        if self.below(5) < 2 {
            let condition = self.condition();
            write!(text, r#","condition":{condition}"#).unwrap();
        }
        text + "}"
    }

    /// The texts of some policies.
    pub(crate) fn policies(&mut self, count: usize) -> Vec<String> {
        let names: Vec<&str> = catalog().actions().map(|action| action.as_str()).collect();
        let policy = |random: &mut Self| {
            let statements: Vec<String> = (0..STATEMENTS).map(|_| random.statement(&names)).collect();
            format!(r#"{{"version":"2.0","statement":[{}]}}"#, statements.join(","))
        };
        (0..count).map(|_| policy(self)).collect()
    }
}

/// The same, each statement in as many as it has resources.
pub(crate) fn taken_apart(texts: &[String]) -> Vec<String> {
    let mut parts = Vec::new();
    for text in texts {
        let mut policy: serde_json::Value = text.parse().unwrap();
        let statements = policy["statement"].as_array().unwrap().iter().flat_map(|statement| {
            let resources = statement["resource"].as_array().unwrap();
            resources.iter().map(|resource| {
                let mut one = statement.clone();
                one["resource"] = serde_json::json!([resource]);
                one
            })
        });
        policy["statement"] = statements.collect();
        parts.push(policy.to_string());
    }
    parts.reverse();
    parts
}

/// The same, each statement without a condition in two: for callers inside of a network, and for the others.
pub(crate) fn by_network(texts: &[String]) -> Vec<String> {
    let mut parts = Vec::new();
    for text in texts {
        let mut policy: serde_json::Value = text.parse().unwrap();
        let statements = policy["statement"].as_array().unwrap().iter().flat_map(|statement| {
            if statement.get("condition").is_some() {
                return vec![statement.clone()];
            }
            let halves = ["ip_equal", "ip_not_equal_if_exist"].map(|operator| {
                let mut half = statement.clone();
                half["condition"] = serde_json::json!({ operator: { "qcs:ip": ["10.0.0.0/8"] } });
                half
            });
            halves.to_vec()
        });
        policy["statement"] = statements.collect();
        parts.push(policy.to_string());
    }
    parts
}
