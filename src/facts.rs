//! The tables of actions, from the short form in which the generated code states them.
//!
//! rustc's time grows with the expressions that it checks, so the generated code writes what several actions share once.

use cam_policy::catalog::{ActionFact, ActionFacts, Text};

/// Actions that share every fact which their rows do not state.
pub(crate) struct Group {
    pub(crate) shared: &'static [ActionFact<'static>],
    pub(crate) actions: &'static [Row],
}

/// The number of an action, its name, the action as policies write it, its description in English and in Chinese, and the
/// address of its documentation. An empty text is one that the catalog does not state.
pub(crate) type Row = (u16, &'static str, &'static str, &'static str, &'static str, &'static str);

/// Returns the facts of the actions of a service, by number.
///
/// # Panics
///
/// If the rows do not have each number up to `N`. The compiler evaluates this, so it does not compile then.
pub(crate) const fn table<const N: usize>(groups: &[Group]) -> [ActionFacts<'static>; N] {
    let mut all = [ActionFacts::UNSTATED; N];
    let mut left = N;
    let mut at = 0;
    while at < groups.len() {
        let Group { shared, actions } = &groups[at];
        let mut common = ActionFacts::UNSTATED;
        let mut fact = 0;
        while fact < shared.len() {
            common = common.with(shared[fact]);
            fact += 1;
        }
        let mut row = 0;
        while row < actions.len() {
            let (number, name, qualified_name, en, zh, doc_url) = actions[row];
            let facts = &mut all[number as usize];
            assert!(facts.name.is_empty(), "two rows have the same number");
            *facts = common;
            facts.name = name;
            facts.qualified_name = qualified_name;
            if !en.is_empty() {
                facts.description = Some(Text { en, zh });
            }
            if !doc_url.is_empty() {
                facts.doc_url = Some(doc_url);
            }
            left -= 1;
            row += 1;
        }
        at += 1;
    }
    assert!(left == 0, "an action has no row");
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARED: &[ActionFact<'static>] = &[ActionFact::ip_condition(true)];
    const GROUPS: &[Group] = &[
        Group {
            shared: SHARED,
            actions: &[(1, "Open", "demo:Open", "Opens.", "打开。", "https://example.com")],
        },
        Group { shared: &[], actions: &[(0, "Close", "demo:Close", "", "", "")] },
    ];

    #[test]
    fn a_row_adds_to_what_its_group_shares() {
        static TABLE: [ActionFacts<'static>; 2] = table(GROUPS);
        let close = ActionFacts { name: "Close", qualified_name: "demo:Close", ..ActionFacts::UNSTATED };
        let open = ActionFacts {
            name: "Open",
            qualified_name: "demo:Open",
            description: Some(Text { en: "Opens.", zh: "打开。" }),
            doc_url: Some("https://example.com"),
            ip_condition: Some(true),
            ..ActionFacts::UNSTATED
        };
        assert_eq!(TABLE, [close, open]);
    }

    #[test]
    #[should_panic(expected = "an action has no row")]
    fn every_action_has_a_row() {
        let _: [ActionFacts<'static>; 3] = table(GROUPS);
    }

    #[test]
    #[should_panic(expected = "two rows have the same number")]
    fn a_number_stands_once() {
        let twice = [Group {
            shared: SHARED,
            actions: &[(0, "Close", "demo:Close", "", "", ""), (0, "Close", "demo:Close", "", "", "")],
        }];
        let _: [ActionFacts<'static>; 2] = table(&twice);
    }
}
