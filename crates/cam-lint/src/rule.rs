//! What a rule is: everything that the linter, its documentation and its reports say about it.

use std::fmt;

use cam_policy::policy::PolicyKind;

/// A rule, declared once. Its documentation, the texts of reports and the tests of its examples come from here.
///
/// ```
/// let rule = cam_lint::rule("CAM102").unwrap();
/// assert_eq!(rule.name, "operation-level-deny");
/// assert_eq!(rule.severity, cam_lint::Severity::Error);
/// assert!(rule.summary.en.contains("operation-level"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The stable id: `CAM101`. An id is never used again for another rule.
    pub id: &'static str,
    /// The name, for people: `operation-level-allow`.
    pub name: &'static str,
    /// How bad a finding is.
    pub severity: Severity,
    /// How sure it is that a finding is a mistake.
    pub confidence: Confidence,
    /// Who wants to see it.
    pub persona: Persona,
    /// What the rule reports, in one sentence.
    pub summary: Text,
    /// Why it matters, and what to do.
    pub why: Text,
    /// A policy that the rule reports. For a rule of the files around policies, it is empty.
    pub bad: &'static str,
    /// The same policy as it should be: the rule does not report it.
    pub good: &'static str,
    /// The kind of policy that both examples are.
    pub kind: Kind,
    /// The error code with which CAM's `CreatePolicy` refuses such a policy; `None` where CAM accepts it, or documents
    /// no code.
    pub cam_code: Option<&'static str>,
    /// What the rule rests on.
    pub basis: Basis,
    /// Whether its findings have a fix, and of which kind.
    pub fix: FixSafety,
    /// Whether a finding may be suppressed.
    pub suppressible: bool,
}

impl Rule {
    /// What the rules of every family start from, so that a family states only what is its own. Empty texts are for the rules to fill.
    pub(crate) const BASE: Self = Self {
        id: "",
        name: "",
        severity: Severity::Warning,
        confidence: Confidence::High,
        persona: Persona::Regular,
        summary: text("", ""),
        why: text("", ""),
        bad: "",
        good: "",
        kind: Kind::Identity,
        cam_code: None,
        basis: Basis::Documented(""),
        fix: FixSafety::None,
        suppressible: true,
    };

    /// Returns the family of the rule, which is the first digit of its id.
    ///
    /// ```
    /// assert_eq!(cam_lint::rule("CAM001").unwrap().family(), cam_lint::Family::Refused);
    /// ```
    pub fn family(&self) -> Family {
        match self.id.as_bytes().get(3) {
            Some(b'0') => Family::Refused,
            Some(b'1') => Family::NoEffect,
            Some(b'2') => Family::Meaning,
            Some(b'3') => Family::Broad,
            _ => Family::Bookkeeping,
        }
    }

    /// Returns the address of its documentation, in `en` or `zh`.
    ///
    /// ```
    /// let rule = cam_lint::rule("CAM001").unwrap();
    /// assert!(rule.url("en").ends_with("/docs/rules/en.md#cam001"));
    /// ```
    pub fn url(&self, language: &str) -> String {
        let repository = env!("CARGO_PKG_REPOSITORY");
        format!("{repository}/blob/main/docs/rules/{language}.md#{}", self.id.to_ascii_lowercase())
    }
}

/// Two rules are equal if they have the same id.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.id, self.name)
    }
}

/// A text in English and Chinese.
///
/// ```
/// assert_eq!(cam_lint::rule("CAM001").unwrap().summary.zh, "策略文本不是合法的 JSON");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

macro_rules! words {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $vdoc:literal])* $variant:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[doc = $vdoc])* $variant,)+
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the word that command lines, configurations and reports use.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Finds the one with this word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words! {
    /// How bad a finding is; the worst is the greatest.
    ///
    /// ```
    /// assert!(cam_lint::Severity::Note < cam_lint::Severity::Error);
    /// ```
    Severity {
        /// Good to know.
        Note = "note",
        /// CAM takes the policy, but it probably does not do what its author wants.
        Warning = "warning",
        /// CAM refuses the policy, or a part of it does nothing.
        Error = "error",
    }
}

words! {
    /// How sure it is that a finding is a mistake; the surest is the greatest.
    ///
    /// ```
    /// assert!(cam_lint::Confidence::Low < cam_lint::Confidence::High);
    /// ```
    Confidence {
        /// It may well be right as it is.
        Low = "low",
        /// It is mostly a mistake.
        Medium = "medium",
        /// It is a mistake.
        High = "high",
    }
}

words! {
    /// Who wants to see the findings of a rule. Each persona sees what the ones before it see.
    ///
    /// ```
    /// assert!(cam_lint::Persona::Regular < cam_lint::Persona::Auditor);
    /// ```
    Persona {
        /// Everybody: a finding is a mistake, and false alarms are errors of this crate.
        Regular = "regular",
        /// Who wants tidy policies too: a finding may be of no consequence.
        Pedantic = "pedantic",
        /// Who reviews a policy: a finding may be wrong, and is worth a look.
        Auditor = "auditor",
    }
}

words! {
    /// The kind of a policy, which decides what it may hold and how it acts.
    ///
    /// ```
    /// assert_eq!(cam_lint::Kind::from_word("scp"), Some(cam_lint::Kind::Scp));
    /// ```
    Kind {
        /// Attached to a user, a group or a role.
        Identity = "identity",
        /// Of a role: who may assume it.
        Trust = "trust",
        /// Of a session: what of the role's rights the session keeps.
        Session = "session",
        /// Of a COS bucket.
        Bucket = "bucket",
        /// A permission boundary: the most that a user or a role may do.
        Boundary = "boundary",
        /// A service control policy of an organisation.
        Scp = "scp",
    }
}

impl Kind {
    /// Returns the kind by whose grammar the policy is read.
    ///
    /// ```
    /// assert_eq!(cam_lint::Kind::Boundary.grammar(), cam_policy::policy::PolicyKind::Identity);
    /// ```
    pub const fn grammar(self) -> PolicyKind {
        match self {
            Self::Identity | Self::Boundary | Self::Scp => PolicyKind::Identity,
            Self::Trust => PolicyKind::Trust,
            Self::Session => PolicyKind::Session,
            Self::Bucket => PolicyKind::Bucket,
        }
    }

    /// Whether the policy only limits what other policies allow.
    ///
    /// ```
    /// assert!(cam_lint::Kind::Session.limits() && !cam_lint::Kind::Identity.limits());
    /// ```
    pub const fn limits(self) -> bool {
        matches!(self, Self::Session | Self::Boundary | Self::Scp)
    }
}

impl From<PolicyKind> for Kind {
    fn from(kind: PolicyKind) -> Self {
        match kind {
            PolicyKind::Trust => Self::Trust,
            PolicyKind::Bucket => Self::Bucket,
            PolicyKind::Session => Self::Session,
            _ => Self::Identity,
        }
    }
}

words! {
    /// The families of rules.
    ///
    /// ```
    /// assert_eq!(cam_lint::Family::NoEffect.as_str(), "no-effect");
    /// ```
    Family {
        /// CAM refuses the policy: `CAM0xx`.
        Refused = "refused",
        /// A part of it silently does nothing: `CAM1xx`.
        NoEffect = "no-effect",
        /// It says less or more than it seems: `CAM2xx`.
        Meaning = "meaning",
        /// It allows more than is good: `CAM3xx`.
        Broad = "broad",
        /// What the tools around the linter report: `CAM9xx`.
        Bookkeeping = "bookkeeping",
    }
}

/// What a rule rests on.
///
/// ```
/// use cam_lint::Basis;
///
/// assert!(matches!(cam_lint::rule("CAM101").unwrap().basis, Basis::Documented(_)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Tencent's documentation says so, on this page.
    Documented(&'static str),
    /// No documentation says so: what is assumed.
    Assumption(Text),
}

words! {
    /// Whether the findings of a rule have fixes.
    ///
    /// Each fix is [proved](crate::prove) when it is shown or applied. This says what to expect.
    ///
    /// ```
    /// assert_eq!(cam_lint::rule("CAM204").unwrap().fix, cam_lint::FixSafety::Safe);
    /// ```
    FixSafety {
        /// None has one.
        None = "none",
        /// A fix changes no access.
        Safe = "safe",
        /// A fix changes access, or nobody can tell.
        Unsafe = "unsafe",
        /// It depends on the policy.
        Either = "either",
    }
}

/// Declares the rules of a family: a static for each, and the list of all.
macro_rules! declare {
    ($($name:ident = $rule:expr;)+) => {
        $(pub(crate) static $name: Rule = $rule;)+

        /// The rules of this family, by id.
        pub(crate) static RULES: &[&Rule] = &[$(&$name),+];
    };
}
pub(crate) use declare;

/// Makes a [`Text`].
pub(crate) const fn text(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

/// Writes an example: a policy of one statement. Actions, resources and conditions are given as JSON.
macro_rules! policy {
    ($effect:literal, $actions:literal, $resources:literal $(, if $conditions:literal)?) => {
        concat!(
            "{\n  \"version\": \"2.0\",\n  \"statement\": [\n    {\n      \"effect\": \"", $effect,
            "\",\n      \"action\": [", $actions, "],\n      \"resource\": [", $resources, "]",
            $(",\n      \"condition\": {", $conditions, "}",)?
            "\n    }\n  ]\n}"
        )
    };
    (for $principal:literal, $actions:literal $(, $resources:literal)?) => {
        concat!(
            "{\n  \"version\": \"2.0\",\n  \"statement\": [\n    {\n      \"effect\": \"allow\",\n      \"principal\": ",
            $principal, ",\n      \"action\": [", $actions, "]",
            $(",\n      \"resource\": [", $resources, "]",)?
            "\n    }\n  ]\n}"
        )
    };
}
pub(crate) use policy;
