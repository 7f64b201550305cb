//! The meaning of each kind of change: for the crate's version, for its users' code, and for policies in use.
//!
//! `docs/semver.md` is this table; the tests prove every row with a program that uses the crate.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::sync::LazyLock;

use cam_policy::catalog::{ActionFacts, Change, Facts, Service};

/// How much of a version a change forces, for a crate that has reached 1.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Only texts and addresses differ for a program.
    Patch,
    /// Programs compile as before. There is more to use, or a fact that they can select by differs.
    Minor,
    /// A correct program no longer compiles, or fails when it runs.
    Major,
}

impl Level {
    /// Returns the word of the value.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// How sure an effect on policies is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Tencent documents it.
    Documented,
    /// It follows from a documented mechanism, though no document says it.
    Derived,
    /// Nothing is documented: this project assumes it.
    Assumed,
}

impl Basis {
    /// Returns the word of the value.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Derived => "derived",
            Self::Assumed => "assumed",
        }
    }
}

/// The meaning of one kind of change.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The kind.
    pub kind: Kind,
    /// The name of the kind in JSON.
    pub id: &'static str,
    /// The name of the kind for people.
    pub title: Cow<'static, str>,
    /// The level that the change forces.
    pub level: Level,
    /// The reason for the level, in terms of the generated API.
    pub api: Cow<'static, str>,
    /// The effects on policies in use, and how sure each is; empty if there are none.
    pub policies: &'static [(Basis, &'static str)],
}

macro_rules! rules {
    ($($kind:ident $id:literal $title:literal $level:ident $api:literal [$($basis:ident $effect:literal)*])+) => {
        /// A kind of change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $title] $kind,)+
            /// The fact of a service with this key, which needs no rule of its own.
            ServiceFact(&'static str),
            /// The fact of an action with this key, which needs no rule of its own.
            ActionFact(&'static str),
        }

        /// The rules of the kinds that need one of their own.
        const SPECIAL: &[Rule] = &[$(Rule {
            kind: Kind::$kind,
            id: $id,
            title: Cow::Borrowed($title),
            level: Level::$level,
            api: Cow::Borrowed($api),
            policies: &[$((Basis::$basis, $effect)),*],
        },)+];
    };
}

/// Returns the rules, one per kind. The row of a fact yields its rule, unless the fact has a rule of its own.
#[must_use]
pub fn rules() -> &'static [Rule] {
    static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let mut rules = Vec::new();
        for rule in SPECIAL {
            rules.push(rule.clone());
            match rule.kind {
                Kind::ServiceGranularity => rules.extend(plain::<Service<'_>>(Kind::ServiceFact, |key| {
                    (format!("The value of `Service::facts().{key}` differs."), &[])
                })),
                Kind::IpUnstated => rules.extend(plain::<ActionFacts<'_>>(Kind::ActionFact, |key| {
                    let api = format!(
                        "The value that `{key}` returns differs: programs that select actions by it select others."
                    );
                    (api, SELECTED)
                })),
                _ => {}
            }
        }
        rules
    });
    &RULES
}

const SELECTED: &[(Basis, &str)] = &[(
    Basis::Derived,
    "None: CAM does not match by it. A program that selects actions by it writes other policies from now on.",
)];

/// Returns the rules of the facts that need none of their own.
fn plain<'c, I: Facts<'c>>(
    kind: fn(&'static str) -> Kind,
    meaning: impl Fn(&str) -> (String, &'static [(Basis, &'static str)]),
) -> Vec<Rule> {
    let facts = I::FACTS.iter().filter_map(|fact| match fact.change {
        Change::Minor => Some((fact.key, Level::Minor)),
        Change::Special => None,
    });
    let rule = |(key, level): (&'static str, Level)| {
        let (api, policies) = meaning(key);
        Rule {
            kind: kind(key),
            id: key,
            title: key.replace('_', " ").into(),
            level,
            api: api.into(),
            policies,
        }
    };
    facts.map(rule).collect()
}

rules! {
    DataVersion "data_version" "version of the data" Patch
        "`CATALOG.version` differs."
        []
    ServiceAdded "service_added" "service added" Minor
        "A module, a Cargo feature and a variant of `Service` and `Action` are new; both enums are \
         `#[non_exhaustive]`."
        []
    ServiceRemoved "service_removed" "service removed" Major
        "The module, the Cargo feature and the variants of `Service` and `Action` are gone; texts that named its \
         actions no longer parse."
        [Assumed "A statement about the service stays as it is, and matches only as long as CAM still knows it."]
    ServiceName "service_name" "product name" Patch
        "The text `Service::facts().name` differs."
        []
    ServiceGranularity "service_granularity" "granularity of the product" Minor
        "The value of `Service::facts().granularity` differs; no type depends on it."
        [Derived "None by itself: CAM matches by the granularity of each action."]
    TagAuthorization "tag_authorization" "authorization by tag" Minor
        "The value of `Service::facts().tag_authorization` differs."
        [Assumed "Where tags are supported no longer, a condition on `qcs:resource_tag` finds its key absent and is \
          false: the allow it limits grants nothing, the deny denies nothing. Where they are supported now, it \
          starts to match."]
    IpRestriction "ip_restriction" "IP restriction of the product" Minor
        "The value of `Service::facts().ip_restriction` differs."
        [Derived "None by itself: whether a condition on `qcs:ip` counts is a property of each action."]
    Source "source" "source" Patch
        "A text of `Service::facts().source` differs."
        []
    Category "category" "category title" Patch
        "The text that `category` returns for the actions of the category differs."
        []
    ConsolePage "console_page" "console page" Patch
        "A text or address that `console_pages` returns differs."
        []
    Reference "reference" "further documentation" Patch
        "What `references` returns differs."
        []
    RestrictionText "restriction_text" "words of a restriction" Patch
        "The text that `restriction` returns differs; its reason is the same."
        []
    PatternAdded "pattern_added" "pattern added" Minor
        "A resource type is new."
        []
    PatternRemoved "pattern_removed" "pattern removed" Major
        "The resource type is gone, and with it every `AppliesTo` of it."
        [Derived "A statement that names such a resource matches no request any more: its allow grants nothing, its \
          deny denies nothing. Statements on `*` keep working."]
    PatternRenamed "pattern_renamed" "pattern renamed" Major
        "The resource type has another name, and so have the enums of the pattern sets it is in."
        [Derived "None: policies hold the six segments, which are the same."]
    PatternParameters "pattern_parameters" "placeholders of a pattern" Major
        "The constructor, `id` or `all`, takes other parameters."
        [Derived "A resource written in the old form matches no request in the new one, unless only the kind of a \
          placeholder changed: the allow grants nothing, the deny denies nothing. Statements on `*` keep working."]
    PatternSingle "pattern_single" "pattern of a single resource" Major
        "The constructor `id` has the same signature and yields another text; `FromStr` and `Deserialize` refuse \
         the texts of the version before."
        [Derived "A statement that names a resource in the old form matches no request any more: its allow grants \
          nothing, its deny denies nothing. Statements on `*` keep working."
         Assumed "So it is even where the two forms differ in case only."]
    PatternAll "pattern_all" "pattern of all resources" Major
        "The constructor `all` has the same signature and yields another text; `FromStr` and `Deserialize` refuse \
         the texts of the version before."
        [Derived "A statement on all resources in the old form matches no request any more: its allow grants \
          nothing, its deny denies nothing. Statements on `*` keep working."
         Assumed "So it is even where the two forms differ in case only."]
    PlaceholderName "placeholder_name" "placeholder renamed" Patch
        "The texts `Pattern::single` and `Pattern::all` spell a placeholder otherwise; constructors take and yield \
         the same."
        [Derived "None: a policy holds the value, not the placeholder."]
    PatternText "pattern_text" "words about a pattern" Patch
        "The description or a note of a `Pattern` differs."
        []
    EnumAdded "enum_added" "enum of a pattern set added" Minor
        "An enum is new, and with it a variant of the service's `Action`, which is `#[non_exhaustive]`."
        []
    EnumRemoved "enum_removed" "enum of a pattern set removed" Major
        "No action has this set of patterns any more: the enum is gone, and with it a variant of the service's \
         `Action`."
        [Derived "None by itself: see the actions that were in it."]
    ActionAdded "action_added" "action added" Minor
        "A variant is new; every enum of actions is `#[non_exhaustive]`."
        [Documented "A statement whose action is a wildcard that matches the name, such as `trtc:*`, covers it \
          already."]
    ActionRemoved "action_removed" "action removed" Major
        "The variant is gone, and its name no longer parses."
        [Documented "CAM refuses to create a policy that names an action it does not know."
         Assumed "Policies that exist keep the name, which matches nothing."]
    ActionRenamed "action_renamed" "action renamed" Major
        "The variant has another name, and the old name no longer parses."
        [Documented "CAM refuses to create a policy that names an action it does not know."
         Assumed "Policies that exist keep the old name, which matches nothing: the allow does not grant the new \
          action, the deny does not deny it."]
    ActionDeprecated "action_deprecated" "action marked removed" Minor
        "The variant is `#[deprecated]` and stays for this release; the compiler warns where a program uses it."
        [Assumed "Policies that name it keep it until they are edited; what it matches is up to CAM."]
    ActionRestored "action_restored" "action no longer marked removed" Patch
        "The variant is no longer `#[deprecated]`."
        []
    Replacement "replacement" "replacement of a removed action" Patch
        "The note of `#[deprecated]` differs."
        []
    GranularityWidened "granularity_widened" "granularity widened to operation level" Major
        "The variant moves to `OperationAction`, which is not `ResourceLevel`: it cannot be limited to a resource."
        [Documented "CAM receives `*` for it: an allow that names a resource stops granting this action. Statements \
          on `*` keep working."
         Derived "A deny that names a resource stops denying it."]
    GranularityNarrowed "granularity_narrowed" "granularity narrowed to resource level" Major
        "The variant moves out of `OperationAction` to the enum of its patterns."
        [Documented "Statements on `*` keep working, and statements can now name a resource."
         Derived "A statement that names a resource did nothing for this action so far; now its allow grants it \
          there, its deny denies it there."]
    GranularityDocumented "granularity_documented" "granularity documented" Major
        "The variant moves out of the enum of the undocumented actions to that of its granularity."
        [Derived "None: what CAM does is the same, only known now. Statements on `*` are right at either level."]
    GranularityUndocumented "granularity_undocumented" "granularity documented no longer" Major
        "The variant moves to the enum of the undocumented actions, which cannot be limited to a resource."
        [Derived "None by itself. Statements on `*` are right at either level; whether one that names a resource \
          still matches is not known any more."]
    PatternsGained "patterns_gained" "pattern set widened" Major
        "The variant moves to the enum of the larger set."
        [Assumed "Statements that name a resource of the patterns it had keep working, and so do those on `*`; \
          whether a request that is about several resources needs each of them granted is not documented."
         Derived "Statements that name a resource of the new pattern start to match."]
    PatternsLost "patterns_lost" "pattern set narrowed" Major
        "The variant moves to the enum of the smaller set, which lacks an `AppliesTo`."
        [Derived "A statement that names a resource of the pattern that is gone matches this action no more: its \
          allow grants nothing, its deny denies nothing. The other patterns and `*` keep working."]
    PatternsReplaced "patterns_replaced" "pattern set changed" Major
        "The variant moves to the enum of the other set, which lacks an `AppliesTo`."
        [Derived "A statement that names a resource of a pattern that is gone matches this action no more: its allow \
          grants nothing, its deny denies nothing. One that names a resource of a new pattern starts to match. \
          Statements on `*` keep working."]
    IpGained "ip_gained" "IP condition supported" Minor
        "The value that `ip_condition` returns differs."
        [Derived "A condition on `qcs:ip` starts to count for this action."
         Assumed "So far it was false for want of the key: the allow it limits starts to grant, the deny to deny."]
    IpLost "ip_lost" "IP condition not supported" Major
        "`build` refuses a statement that limits the action by the caller's address. Where it was the last of its \
         enum that may heed one, the enum is not `HeedsIp` any more. The value that `ip_condition` returns differs."
        [Derived "A condition on `qcs:ip` counts no more for this action."
         Assumed "It is false for want of the key: the allow it limits grants nothing, the deny denies nothing. With \
          the suffix `_if_exist` it is true: the statement holds for every address."]
    IpUnstated "ip_unstated" "IP condition not stated any more" Minor
        "The value that `ip_condition` returns is `None`."
        [Derived "None by itself: whether a condition on `qcs:ip` counts for this action is not known any more."]
    ActionCategory "action_category" "category of an action" Patch
        "The text that `category` returns differs."
        []
    ActionConsolePages "action_console_pages" "console pages of an action" Patch
        "The list that `console_pages` returns differs."
        []
    Restriction "restriction" "restriction" Minor
        "The reason that `restriction` returns differs."
        [Derived "None: it explains the granularity and does not change it."]
    Alternative "alternative" "alternative" Minor
        "The action that `alternative` returns differs."
        []
    Link "link" "documentation link" Patch
        "The address that `doc_url` returns differs."
        []
    ActionReferences "action_references" "further documentation of an action" Patch
        "The list that `references` returns differs."
        []
    Description "description" "description" Patch
        "The text that `description` returns differs, and so does the variant's documentation."
        []
    Override "override" "override" Patch
        "Nothing differs: it tells the import which fact to leave as it is, and why."
        []
    Note "note" "note" Patch
        "A text that `notes` returns differs."
        []
}

impl Kind {
    /// Returns the rule of the kind.
    ///
    /// # Panics
    ///
    /// Panics if no fact without a rule of its own has the key of the kind.
    #[must_use]
    pub fn rule(self) -> &'static Rule {
        let rule = rules().iter().find(|rule| rule.kind == self);
        rule.expect("every kind has a rule")
    }
}

/// Returns the rules as a page of the documentation.
#[must_use]
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for (level, title, means) in LEVELS {
        let _ = write!(page, "\n## {title}\n\n{means}\n");
        for rule in rules().iter().filter(|rule| rule.level == *level) {
            let _ = write!(page, "\n### {}\n\n`{}`. {}\n", sentence(&rule.title), rule.id, rule.api);
            if rule.policies.is_empty() {
                page.push_str("\nPolicies in use: not affected.\n");
                continue;
            }
            page.push_str("\nPolicies in use:\n\n");
            for (basis, effect) in rule.policies {
                let _ = writeln!(page, "- {effect} *({})*", basis.word());
            }
        }
    }
    page
}

/// Returns the text with a capital letter at its beginning.
pub(crate) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

const LEVELS: &[(Level, &str, &str)] = &[
    (
        Level::Major,
        "Breaking",
        "A program that was right with the release before does not compile, or fails when it runs.",
    ),
    (
        Level::Minor,
        "Minor",
        "Every program compiles as before. There is more to use, or a fact that programs can select actions by \
         has another value.",
    ),
    (
        Level::Patch,
        "Patch",
        "Every program compiles as before. Only texts, addresses and lists of them differ.",
    ),
];

const INTRODUCTION: &str = "\
<!-- Written by `cargo xtask tables` from xtask/src/diff/rules.rs. Edit that, not this page. -->

# What a change of the catalog breaks

Every change of `catalog.toml` forces a level on the version of the crate. `cargo xtask diff` says which, and
`cargo xtask diff --check` holds the version and the changelog to it. Each rule below is proved by a program that
is built against the crate as it was and as it is (`xtask/tests/semver.rs`).

| Level    | From 1.0 on | While the crate is 0.x |
| -------- | ----------- | ---------------------- |
| breaking | 1.2.3 → 2.0.0 | 0.1.2 → 0.2.0 |
| minor    | 1.2.3 → 1.3.0 | 0.1.2 → 0.1.3 |
| patch    | 1.2.3 → 1.2.4 | 0.1.2 → 0.1.3 |

While the crate is 0.x, Cargo takes a change of the second number for a breaking one and a change of the third for a
compatible one: a breaking change forces the second, everything else the third.

The *value* of a fact is no part of the API's shape. A program that asserts one, such as
`const _: () = assert!(action.doc_url().is_some());`, chose to fail when it changes.

An action that is gone is first marked `removed` in the catalog and stays for one release as a `#[deprecated]`
variant; to drop it without that release is an error that `--check` reports.

What a change does to policies that are in use does not depend on the version anyone builds with: it happens when
Tencent changes the service. Each effect says how sure it is: *documented* by Tencent; *derived*, which follows from
the documented mechanism; *assumed*, for what is documented nowhere.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_own_rule() {
        for rule in rules() {
            assert_eq!(rule.kind.rule().id, rule.id);
        }
        let mut ids: Vec<&str> = rules().iter().flat_map(|rule| [rule.id, &rule.title]).collect();
        ids.sort_unstable();
        ids.dedup();
        let same = rules().iter().filter(|rule| rule.id == rule.title).count();
        assert_eq!(ids.len() + same, rules().len() * 2);
    }
}
