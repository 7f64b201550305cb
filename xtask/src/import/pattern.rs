//! Reads the six-segment patterns of a page.

use std::collections::{BTreeMap, HashMap};

use cam_policy::catalog::PlaceholderKind;

use super::words;

/// What the placeholder `name` of the resource stands for, and none if it is the root account; `before` is what
/// precedes it in the resource.
fn kind(name: &str, before: &str) -> Option<PlaceholderKind> {
    let is_uin = name == OWNER;
    let name = plain(name);
    let piece = plain(before.trim_end_matches(['/', ':']).rsplit(['/', ':']).next().unwrap_or_default());
    let is_sub = |word: &str| {
        word.starts_with("sub") && ["uin", "account", "accountid"].iter().any(|end| word.ends_with(end))
    };
    let behind_sub =
        is_sub(&piece) && (piece.ends_with("uin") || name.ends_with("uin") || name.ends_with("id"));
    if is_sub(&name) || behind_sub || is_owner(&name) && piece == "uin" {
        Some(PlaceholderKind::SubAccount)
    } else if name == "appid" {
        Some(PlaceholderKind::AppId)
    } else if is_uin {
        None
    } else if name.ends_with("appid") {
        Some(PlaceholderKind::Number)
    } else {
        Some(PlaceholderKind::Text)
    }
}

/// Returns the placeholders of a [`normal`] pattern that have a kind, each once, with the kind.
pub(super) fn placeholders(pattern: &str) -> BTreeMap<&str, PlaceholderKind> {
    each(pattern).filter_map(|(name, kind)| Some((name, kind?))).filter(|(name, _)| *name != OWNER).collect()
}

/// The placeholder of the root account in every pattern. It has no kind.
const OWNER: &str = "uin";

/// Returns every placeholder of the account and of the resource with its kind; `None` for the root account.
fn each(pattern: &str) -> impl Iterator<Item = (&str, Option<PlaceholderKind>)> {
    let of_account = pattern.split(':').nth(4).and_then(|account| {
        let (scheme, id) = account.split_once('/')?;
        let kind = if scheme == "uid" { PlaceholderKind::AppId } else { PlaceholderKind::SubAccount };
        placeholder(id).map(|name| (name, (name != OWNER).then_some(kind)))
    });
    let resource = resource(pattern);
    let of_resource = resource.match_indices("${").map(|(start, _)| {
        let name = resource[start + 2..].split('}').next().unwrap_or_default();
        (name, kind(name, &resource[..start]))
    });
    of_account.into_iter().chain(of_resource)
}

fn plain(word: &str) -> String {
    word.chars()
        .filter(|character| *character != '_' && *character != '-')
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_owner(name: &str) -> bool {
    name.ends_with("uin") && !name.starts_with("sub")
        || matches!(name, "account" | "accountid" | "owner" | "ownerid")
}

/// Returns the patterns of a cell: one per line, or with whitespace or commas between them.
pub(super) fn patterns(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let text = text.replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n");
    for token in text.split(|character: char| character.is_whitespace() || ",;，；、".contains(character))
    {
        let token = token.trim_matches('`').trim_end_matches(['。', '.']);
        let mut rest = token;
        while let Some(next) = rest.get(1..).and_then(|tail| tail.find("qcs:")).map(|at| at + 1) {
            found.push(rest[..next].to_owned());
            rest = &rest[next..];
        }
        if !rest.is_empty() {
            found.push(rest.to_owned());
        }
    }
    found
}

/// Returns a pattern of one resource, as the catalog writes it.
pub(super) fn single(text: &str) -> Result<String, String> {
    let pattern = normal(text)?;
    if !resource(&pattern).contains("${") {
        return Err("names no single resource: no `${Name}` stands for its identifier".to_owned());
    }
    if !names_one(&pattern) {
        return Err("names its resource by `${uin}` alone, which stands for the owner".to_owned());
    }
    Ok(pattern)
}

/// Whether the resource of a [`normal`] pattern has a placeholder other than the owner's.
pub(super) fn names_one(pattern: &str) -> bool {
    placeholder_names(resource(pattern)).any(|name| name != OWNER)
}

fn placeholder_names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("${").map(|(start, _)| text[start + 2..].split('}').next().unwrap_or_default())
}

/// `$name` → `${name}`; the account's and the region's placeholders under the names the catalog gives them.
pub(super) fn normal(text: &str) -> Result<String, String> {
    if !text.starts_with("qcs:") {
        return Err("does not begin with `qcs:`".to_owned());
    }
    let braced = braced(text)?;
    let mut parts: Vec<String> = braced.splitn(6, ':').map(str::to_owned).collect();
    if parts.len() < 6 {
        return Err("has fewer than six segments".to_owned());
    }
    if !parts[1].is_empty() {
        return Err("has a project, which must be empty".to_owned());
    }
    if parts[2].is_empty() {
        return Err("names no service".to_owned());
    }
    if !parts[2]
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
    {
        return Err(format!("has `{}` for its service, which is no abbreviation of one", parts[2]));
    }
    if let Some(name) = placeholder(&parts[3]) {
        if !plain(name).contains("region") {
            return Err(format!("has `${{{name}}}` for its region, which is not known to be one"));
        }
        "${region}".clone_into(&mut parts[3]);
    }
    let stated = parts[4].clone();
    parts[4] = account(&stated)?;
    if parts[5].is_empty() {
        return Err("names no resource".to_owned());
    }
    if parts[4] == "uin/${uin}" {
        // The account's placeholder, wherever it stands: also where it would be a sub-account's, which is refused below.
        parts[5] = parts[5].replace(stated.trim_start_matches("uin/"), "${uin}");
    }
    let pattern = parts.join(":");
    told_apart(&pattern)?;
    Ok(pattern)
}

/// Refuses a placeholder with two meanings.
fn told_apart(pattern: &str) -> Result<(), String> {
    let mut kinds = HashMap::from([(OWNER, None)]);
    for (name, kind) in each(pattern) {
        if *kinds.entry(name).or_insert(kind) != kind {
            let what = match kind {
                Some(PlaceholderKind::SubAccount) => "a sub-account",
                Some(PlaceholderKind::AppId) => "the APPID",
                _ => "an identifier",
            };
            return Err(format!("names {what} by `${{{name}}}`, which stands for something else, too"));
        }
    }
    Ok(())
}

/// Returns the account of a pattern, as the catalog writes it.
fn account(text: &str) -> Result<String, String> {
    let (scheme, id) = text.split_once('/').unwrap_or(("", text));
    let Some(name) = placeholder(id) else {
        return match (scheme, id) {
            ("" | "uin" | "uid", "") => Ok(text.to_owned()),
            (_, id) if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) => {
                Err(format!("is of the one account `{id}`"))
            }
            _ => Err(format!("has `{text}` for its account, which is not understood")),
        };
    };
    let plain = plain(name);
    let is_app_id = plain.ends_with("appid");
    match scheme {
        "uid" if is_app_id || plain == "uid" => Ok(text.to_owned()),
        "uid" if is_owner(&plain) => {
            Err(format!("names the APPID by `${{{name}}}`, which stands for the root account's uin"))
        }
        "" | "uin" if is_app_id => Err(format!(
            "names the APPID by `{text}`, where the account's uin belongs: an APPID stands behind `uid/`"
        )),
        "" | "uin" if is_owner(&plain) => Ok("uin/${uin}".to_owned()),
        "uin" if plain.starts_with("sub") && plain.ends_with("uin") => Ok(text.to_owned()),
        _ => Err(format!("has `{text}` for its account, which is not understood")),
    }
}

fn placeholder(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}').filter(|name| words::is_name(name))
}

fn braced(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len() + 2);
    let mut rest = text;
    loop {
        let at = rest.find('$');
        let literal = &rest[..at.unwrap_or(rest.len())];
        if let Some(stray) = literal.chars().find(|character| "{}<>[]()".contains(*character)) {
            return Err(format!(
                "has a `{stray}` that belongs to no placeholder, which is written `${{Name}}`"
            ));
        }
        out.push_str(literal);
        let Some(at) = at else { return Ok(out) };
        rest = &rest[at + 1..];
        let (name, after) = if let Some(inner) = rest.strip_prefix('{') {
            inner.split_once('}').ok_or("has a placeholder that is not closed")?
        } else {
            rest.split_at(
                rest.find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
                    .unwrap_or(rest.len()),
            )
        };
        if !words::is_name(name) {
            return Err("has a `$` that begins no placeholder".to_owned());
        }
        out.push_str("${");
        out.push_str(name);
        out.push('}');
        rest = after;
    }
}

/// Returns the service that a pattern names.
pub(super) fn service_segment(pattern: &str) -> Option<&str> {
    pattern.split(':').nth(2)
}

/// Returns the last segment of a pattern.
pub(super) fn resource(pattern: &str) -> &str {
    pattern.splitn(6, ':').nth(5).unwrap_or_default()
}

/// Returns the pattern for all resources of the kind of which `single` names one.
pub(super) fn all_form(single: &str) -> String {
    let resource = single.len() - resource(single).len();
    match single[resource..].find("${") {
        Some(at) => format!("{}*", &single[..resource + at]),
        None if single.ends_with('*') => single.to_owned(),
        None => format!("{}*", &single[..resource]),
    }
}

/// Returns a pattern with nothing in the place of its placeholders' names.
pub(super) fn shape(pattern: &str) -> String {
    let mut shape = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once("${") {
        shape.push_str(before);
        shape.push_str("${}");
        rest = behind.split_once('}').map_or("", |(_, after)| after);
    }
    shape.push_str(rest);
    shape
}
