//! The registry: every rule, by id.

pub(crate) mod bookkeeping;
pub(crate) mod no_effect;
pub(crate) mod refused;
pub(crate) mod spelling;

use cam_policy::text::nearest;

use crate::rule::Rule;

/// The families, in the order of their ids.
const FAMILIES: &[&[&Rule]] = &[refused::RULES, no_effect::RULES, spelling::RULES, bookkeeping::RULES];

const COUNT: usize = {
    let (mut count, mut family) = (0, 0);
    while family < FAMILIES.len() {
        count += FAMILIES[family].len();
        family += 1;
    }
    count
};

static ALL: [&Rule; COUNT] = {
    let mut all = [FAMILIES[0][0]; COUNT];
    let (mut at, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut of = 0;
        while of < FAMILIES[family].len() {
            all[at] = FAMILIES[family][of];
            at += 1;
            of += 1;
        }
        family += 1;
    }
    all
};

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
