//! Finds the statement that comes nearest to matching a request, and the reason why it does not match.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::explanation::{NearestMiss, ResourceMiss, StatementExplanation};
use super::spelling::misspelt;
use crate::catalog::Granularity;
use crate::engine::caller::Identity;
use crate::engine::decide::{ResourceNormalization, Response};
use crate::engine::layer::{Layer, StatementId};
use crate::engine::rules::Asked;
use crate::engine::set::PolicySet;
use crate::policy::{
    ActionPattern, Condition, ConditionKey, ConditionValue, Element, Principal, PrincipalKind, ValueKind,
    Variable,
};
use crate::text::{SEGMENTS, glob};

impl PolicySet<'_> {
    /// Returns how far a statement is from matching: the fewer parts differ, the nearer it is. `None`: it is about
    /// something else.
    pub(super) fn distance(&self, one: &StatementExplanation, asked: &Asked<'_>) -> Option<(usize, usize)> {
        let action = match one.action {
            Some(_) => 0,
            None => {
                self.near_action(one.id, asked)?;
                1
            }
        };
        let (resource, left) = match &one.resource {
            Ok(_) => (0, 0),
            Err(Some(miss)) => {
                let at = SEGMENTS.iter().position(|segment| *segment == miss.segment).unwrap_or(0);
                (1, SEGMENTS.len() - at)
            }
            Err(None) => return None,
        };
        let conditions = one.conditions.iter().filter(|condition| !condition.holds).count();
        Some((action + resource + conditions + usize::from(!one.principal), left))
    }

    /// Returns the action of a statement that misspells the request's action, and how.
    fn near_action(&self, id: StatementId, asked: &Asked<'_>) -> Option<(usize, &'static str)> {
        let mut actions = self.statement(id)?.actions().iter().enumerate();
        let near = |named: &ActionPattern| {
            let how = misspelt(&self.catalog(), named.as_str(), asked.request.action())?;
            (!self.is_named(named.as_str())).then_some(how)
        };
        actions.find_map(|(at, action)| Some((at, near(action)?)))
    }

    /// Returns the principals that a statement is for.
    pub(super) fn principal_of(&self, id: StatementId) -> Option<&Principal> {
        self.statement(id)?.principal().or_else(|| self.policies(id.layer)?.get(id.policy)?.principal())
    }

    /// Returns the parts of a statement that do not match.
    pub(super) fn misses(
        &self,
        one: &StatementExplanation,
        response: &Response<'_>,
        asked: &Asked<'_>,
    ) -> Vec<NearestMiss> {
        let Some(statement) = self.statement(one.id) else { return Vec::new() };
        let at = one.id.statement;
        let mut misses: Vec<(Element, String)> = Vec::new();
        if !one.principal {
            let element = if statement.principal().is_some() || self.principal_of(one.id).is_none() {
                Element::StatementPrincipal(at)
            } else {
                Element::Principal
            };
            misses.push((element, self.principal_miss(one.id, asked)));
        }
        if let (None, Some((near, how))) = (one.action, self.near_action(one.id, asked)) {
            let text = alloc::format!(
                "`{}` is named, the request is for `{}`{how}",
                statement.actions()[near],
                asked.request.action()
            );
            misses.push((Element::Action(at, near), text));
        }
        if let Err(Some(miss)) = &one.resource {
            misses.push((Element::Resource(at, miss.pattern), self.resource_miss(miss, response, asked)));
        }
        let conditions = statement.conditions().iter().zip(&one.conditions).enumerate();
        for (number, (condition, state)) in conditions.filter(|(_, (_, state))| !state.holds) {
            let values: Vec<&str> = state.found.iter().map(|value| &**value).collect();
            misses.push((Element::Key(at, number), condition_miss(condition, &values, asked)));
        }
        let miss = |(element, text): (Element, String)| NearestMiss {
            id: one.id,
            label: one.label.clone(),
            element,
            text: text.into(),
        };
        misses.into_iter().map(miss).collect()
    }

    fn principal_miss(&self, id: StatementId, asked: &Asked<'_>) -> String {
        let caller = asked.request.caller();
        let Some(principal) = self.principal_of(id) else {
            return match id.layer {
                Layer::Trust => "it names no principal, and trusts nobody".into(),
                _ => {
                    "it names no principal, and a request without signature has no policies of its own".into()
                }
            };
        };
        let mut text = String::from("the caller is not among its principals");
        let account = alloc::format!("uin/{}", caller.account().unwrap_or(self.owner));
        let names_root = |name: &str| {
            name.strip_prefix("qcs::cam::").and_then(|rest| rest.strip_suffix(":root")) == Some(&account)
        };
        let names_root = principal.names(PrincipalKind::Qcs).any(names_root);
        if names_root && id.layer == Layer::Trust && matches!(caller.identity(), Identity::Role { .. }) {
            text.push_str(
                "; it is assumed that trust in `:root` includes the users of the account, not its roles",
            );
        } else if names_root && caller.uin().is_some() {
            text.push_str("; it is assumed that `:root` names the root account alone, not its users");
        }
        let names_group = |name: &str| name.contains(":groupid/");
        if caller.uin().is_some()
            && caller.groups().is_empty()
            && principal.names(PrincipalKind::Qcs).any(names_group)
        {
            text.push_str("; the groups of the caller are not given");
        }
        text
    }

    fn resource_miss(&self, miss: &ResourceMiss, response: &Response<'_>, asked: &Asked<'_>) -> String {
        let (named, found) = (&*miss.named, &*miss.asked);
        match (miss.segment, asked.known.map(|action| action.granularity())) {
            ("all", Some(Granularity::Operation)) => {
                "operation-level: the statement names a resource, CAM sends `*`, which only `*` matches"
                    .into()
            }
            ("all", _) => alloc::format!("`{named}` is named, the request is for `*`"),
            ("resource", _) if response.normalization == Some(ResourceNormalization::AllResources) => {
                alloc::format!("`{named}` is named, the request is for all of them, `{found}`")
            }
            ("resource", _) => {
                let case = named != found && named.eq_ignore_ascii_case(found);
                alloc::format!(
                    "`{named}` is named, the request is for `{found}`{}{}",
                    if case { "; it is assumed that upper and lower case differ" } else { "" },
                    lacking([named], asked)
                )
            }
            (segment, _) => {
                let own = alloc::format!(
                    "the {segment} segment {}, {}",
                    match (segment, named) {
                        ("account", "" | "uin/") =>
                            alloc::format!("names nobody, which is the creator's account `{}`", self.account),
                        (_, named) => alloc::format!("names `{named}`"),
                    },
                    match found {
                        "" => "the request has none there".into(),
                        found => alloc::format!("the request has `{found}` there"),
                    }
                );
                let more = match segment {
                    "region" if is_old_name(named, found) || is_old_name(found, named) => {
                        "; one may be the old name of the other, and it is assumed that CAM takes them for two regions"
                    }
                    "account" if found.starts_with("uid/") && asked.owner.app_id.is_none() => {
                        "; the APPID of the account is not given"
                    }
                    "project" => "; today the project of a policy must be empty",
                    _ => "",
                };
                own + more
            }
        }
    }
}

/// Says why a condition does not hold.
fn condition_miss(condition: &Condition, found: &[&str], asked: &Asked<'_>) -> String {
    let key = condition.key();
    let mut text = condition.to_string();
    // Writing to a `String` cannot fail.
    let _ = match found {
        [] => write!(text, ": the request has no `{key}`"),
        found => write!(text, ": the request has `{}`", found.join("`, `")),
    };
    if let Some(meant) = meant_key(key) {
        let _ = write!(text, "; CAM's key is `{meant}`, and `{key}` is another one");
    }
    let operator = condition.operator();
    let kind = operator.comparison.kind();
    let wanted = condition.values().iter().map(ConditionValue::as_str);
    match ConditionKey::read(key).documented_kind() {
        Some(own) if own != kind && kind != ValueKind::Presence => {
            let (what, _) = own.example();
            let comparison = operator.comparison;
            let _ =
                write!(text, "; `{key}` holds {what}, and nothing documents that `{comparison}` matches it");
        }
        _ => {
            let compared = if kind == ValueKind::Presence { &[] } else { found };
            let unread = wanted.clone().chain(compared.iter().copied()).filter(|value| !kind.reads(value));
            for value in unread {
                let (what, _) = kind.example();
                let _ = write!(text, "; `{value}` is not {what}, and is assumed to satisfy nothing");
            }
        }
    }
    if kind == ValueKind::Text {
        text.push_str(lacking(wanted, asked));
    }
    text
}

/// Says which variable of a policy's texts the request does not define.
fn lacking<'t>(texts: impl IntoIterator<Item = &'t str>, asked: &Asked<'_>) -> &'static str {
    let lacks = |variable: Variable| asked.variables.value(variable).is_none();
    for text in texts {
        if text.contains(Variable::AppId.as_str()) && lacks(Variable::AppId) {
            return "; the APPID of the caller, which `${app_id}` stands for, is not given";
        }
        if text.contains(Variable::Uin.as_str()) && lacks(Variable::Uin) {
            return "; the caller has no uin, which `${uin}` stands for";
        }
    }
    ""
}

/// The keys that CAM's documentation states.
const KEYS: [&str; 9] = [
    "qcs:ip",
    "qcs:current_time",
    "qcs:resource_tag",
    "qcs:request_tag",
    "qcs:tag",
    "qcs:uin",
    "qcs:owner_uin",
    "qcs:create_uin",
    "qcs:mfa",
];

/// Returns the documented key that differs from this key only in whitespace or case.
pub(super) fn meant_key(key: &str) -> Option<&'static str> {
    let meant = |known: &&str| known.eq_ignore_ascii_case(key.trim());
    KEYS.into_iter().find(meant).filter(|known| *known != key)
}

/// Old names of regions, each with the place name that today's names use.
const OLD_REGIONS: [(&str, &str); 22] = [
    ("gz", "guangzhou"),
    ("gzopen", "guangzhou-open"),
    ("sh", "shanghai"),
    ("shjr", "shanghai-fsi"),
    ("szjr", "shenzhen-fsi"),
    ("bj", "beijing"),
    ("tj", "beijing-1"),
    ("cd", "chengdu"),
    ("cq", "chongqing"),
    ("nj", "nanjing"),
    ("tpe", "taipei"),
    ("hk", "hongkong"),
    ("sg", "singapore"),
    ("sgp", "singapore"),
    ("kr", "seoul"),
    ("jp", "tokyo"),
    ("in", "mumbai"),
    ("th", "bangkok"),
    ("ca", "toronto"),
    ("usw", "siliconvalley"),
    ("use", "ashburn"),
    ("de", "frankfurt"),
];

/// Whether a region, or one that a pattern such as `ap-*` matches, has the old name.
fn is_old_name(old: &str, region: &str) -> bool {
    let place = region.split_once('-').map(|(_, place)| place);
    OLD_REGIONS.iter().any(|(name, of)| *name == old && place.is_some_and(|place| glob(place, of)))
}
