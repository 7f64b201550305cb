//! The registry: every rule, by id.

pub(crate) mod bookkeeping;
mod broad;
mod buckets;
mod conditions;
mod kinds;
mod matching;
pub(crate) mod no_effect;
mod redundant;
pub(crate) mod refused;
mod regions;
pub(crate) mod spelling;
mod types;
mod wildcards;

use cam_policy::text::nearest;

pub use self::matching::SEEN_SERVICES;

use crate::context::Context;
use crate::rule::Rule;

const FILES: &[&[&Rule]] = &[
    refused::RULES,
    no_effect::RULES,
    matching::RULES,
    regions::RULES,
    types::RULES,
    wildcards::RULES,
    buckets::RULES,
    conditions::RULES,
    kinds::RULES,
    spelling::RULES,
    redundant::RULES,
    broad::RULES,
    bookkeeping::RULES,
];

/// Runs every check on a policy, or on what could be read of it.
pub(crate) fn check(context: &mut Context<'_>) {
    refused::check(context);
    matching::check(context);
    regions::check(context);
    types::check(context);
    wildcards::check(context);
    buckets::check(context);
    conditions::check(context);
    kinds::check(context);
    redundant::check(context);
    broad::check(context);
}

const COUNT: usize = {
    let (mut count, mut file) = (0, 0);
    while file < FILES.len() {
        count += FILES[file].len();
        file += 1;
    }
    count
};

static ALL: [&Rule; COUNT] = {
    let mut all = [FILES[0][0]; COUNT];
    let (mut at, mut file) = (0, 0);
    while file < FILES.len() {
        let mut of = 0;
        while of < FILES[file].len() {
            all[at] = FILES[file][of];
            at += 1;
            of += 1;
        }
        file += 1;
    }
    sorted(all)
};

/// Sorts the rules by id.
const fn sorted(mut all: [&'static Rule; COUNT]) -> [&'static Rule; COUNT] {
    let mut end = all.len();
    while end > 1 {
        let mut at = 1;
        while at < end {
            if number(all[at - 1].id) > number(all[at].id) {
                (all[at - 1], all[at]) = (all[at], all[at - 1]);
            }
            at += 1;
        }
        end -= 1;
    }
    all
}

/// Reads the three digits of an id.
const fn number(id: &str) -> usize {
    let (digits, mut at, mut number) = (id.as_bytes(), "CAM".len(), 0);
    while at < digits.len() {
        number = number * 10 + (digits[at] - b'0') as usize;
        at += 1;
    }
    number
}

/// Returns every rule, by id.
///
/// ```
/// let errors = cam_lint::rules().iter().filter(|rule| rule.severity == cam_lint::Severity::Error);
/// assert!(errors.count() > 20);
/// ```
pub fn rules() -> &'static [&'static Rule] {
    &ALL
}

/// Finds a rule by its id or its name; upper and lower case of the id do not matter.
///
/// ```
/// assert_eq!(cam_lint::rule("cam101"), cam_lint::rule("operation-level-allow"));
/// assert_eq!(cam_lint::rule("CAM000"), None);
/// ```
pub fn rule(id_or_name: &str) -> Option<&'static Rule> {
    let is = |rule: &&Rule| rule.id.eq_ignore_ascii_case(id_or_name) || rule.name == id_or_name;
    ALL.iter().copied().find(|rule| is(rule))
}

/// Returns up to three rules whose id or name is spelt most like this text.
///
/// ```
/// assert_eq!(cam_lint::nearest_rules("operation-level-alow")[0].id, "CAM101");
/// ```
pub fn nearest_rules(id_or_name: &str) -> Vec<&'static Rule> {
    let words = ALL.iter().flat_map(|rule| [rule.id, rule.name]);
    nearest(id_or_name, words).into_iter().filter_map(rule).collect()
}
