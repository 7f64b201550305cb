//! Which of two names is misspelt: that of the request, that of a statement, or neither.

use alloc::string::String;

use crate::catalog::Catalog;
use crate::text::nearest;

/// The longest name that is compared. No API has a longer one, and comparing takes time in proportion to the product
/// of the lengths.
const LONGEST: usize = 100;

/// Says what the catalog knows about an action that it does not have; `None` if it has the action, or knows nothing
/// about the service.
pub(super) fn unknown(catalog: &Catalog<'_>, action: &str) -> Option<String> {
    let (id, name) = action.split_once(':')?;
    let Some(service) = catalog.service(id) else {
        // Looks for the same name in a service with a similar spelling.
        let services = catalog.services.iter().map(|service| service.id);
        let mut near = nearest(id, services.filter(|_| id.len() <= LONGEST)).into_iter();
        let meant = near.find_map(|service| catalog.action(&alloc::format!("{service}:{name}")))?;
        return Some(alloc::format!("the catalog has no service `{id}`: did you mean `{meant}`?"));
    };
    if service.action(name).is_some() {
        return None;
    }
    let complete = is_complete(catalog, id);
    let names = service.actions().map(|action| action.name());
    let meant = nearest(name, names.filter(|_| name.len() <= LONGEST));
    // Most names that an incomplete list lacks are real, and many of them are near another one.
    let meant = meant.into_iter().find(|near| complete || is_one_slip(near, name));
    let meant = meant.map(|name| alloc::format!("did you mean `{id}:{name}`?"));
    Some(if complete {
        let meant = meant.map(|meant| alloc::format!(": {meant}")).unwrap_or_default();
        alloc::format!(
            "there is no action `{action}` in the catalog, which lists all actions of `{id}`{meant}"
        )
    } else {
        let meant = meant.map(|meant| alloc::format!("; {meant}")).unwrap_or_default();
        alloc::format!("the catalog has no action `{action}`, and may not list all actions of `{id}`{meant}")
    })
}

/// Whether an action does not exist.
pub(super) fn does_not_exist(catalog: &Catalog<'_>, action: &str) -> bool {
    action.split_once(':').is_some_and(|(id, _)| is_complete(catalog, id)) && catalog.action(action).is_none()
}

fn is_complete(catalog: &Catalog<'_>, service: &str) -> bool {
    catalog.service(service).is_some_and(|service| service.complete == Some(true))
}

/// Says how `named`, an action that a statement names, misspells `asked`; `None` if nothing shows that it does.
///
/// An action of the catalog is never a misspelling: two real actions may differ in one character.
pub(super) fn misspelt(catalog: &Catalog<'_>, named: &str, asked: &str) -> Option<&'static str> {
    let ((of, name), (asked_of, asked_name)) = (named.split_once(':')?, asked.split_once(':')?);
    if name.contains('*') || !of.eq_ignore_ascii_case(asked_of) || name.len().max(asked_name.len()) > LONGEST
    {
        return None;
    }
    let (knows_named, knows_asked) = (catalog.action(named).is_some(), catalog.action(asked).is_some());
    if knows_named {
        return None;
    }
    if named.eq_ignore_ascii_case(asked) {
        // COS documents that the names of its actions are compared exactly.
        let documented = asked_of == "cos" && of == asked_of;
        return Some(if documented { "" } else { "; it is assumed that upper and lower case differ" });
    }
    if !knows_asked {
        // Without a catalog of the service, two names that differ in more than one character are two actions.
        let knows_service = catalog.service(asked_of).is_some();
        return (!knows_service && is_one_slip(name, asked_name)).then_some("");
    }
    let service = catalog.service(asked_of)?;
    if !is_complete(catalog, asked_of) {
        return is_one_slip(name, asked_name).then_some(", and the catalog does not have the first name");
    }
    let names = service.actions().map(|action| action.name());
    let is_meant = nearest(name, names).first() == Some(&asked_name);
    is_meant.then_some(", and there is no action of the first name")
}

/// Whether one inserted, deleted or replaced character, or two swapped ones, turn one text into the other.
fn is_one_slip(one: &str, other: &str) -> bool {
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let rest = |text: &str, skipped: usize| text.chars().skip(same + skipped).collect::<String>();
    let exchanged = |text: &str| {
        let mut characters = text.chars().skip(same);
        let (first, second) = (characters.next(), characters.next());
        second.into_iter().chain(first).chain(characters).collect::<String>()
    };
    rest(one, 1) == rest(other, 1)
        || rest(one, 0) == rest(other, 1)
        || rest(one, 1) == rest(other, 0)
        || exchanged(one) == rest(other, 0)
}
