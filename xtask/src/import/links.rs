//! Reads the links of a cell or a line.

use super::text::one_line;

/// A link of a cell or a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// The title that the page prints.
    pub(super) title: String,
    /// The title and the words right behind the link: the path to a page of the console.
    pub(super) path: String,
    pub(super) url: String,
}

/// Returns links with their titles, from the text and the places of the links.
pub(super) fn titled(text: &str, places: Vec<(usize, usize, String)>) -> Vec<Link> {
    let mut starts: Vec<usize> = places.iter().skip(1).map(|(from, ..)| *from).collect();
    starts.push(text.len());
    let links = places.into_iter().zip(starts);
    links
        .map(|((from, to, url), next)| {
            let title = one_line(&text[from..to]);
            let behind = text.get(to..next).unwrap_or_default();
            let behind = one_line(behind.split('\n').next().unwrap_or_default());
            Link { title: title.clone(), path: path(&title, &behind), url }
        })
        .collect()
}

/// Returns the title of a link together with the path behind it: `[Console](…) Applications > Settings`.
fn path(title: &str, behind: &str) -> String {
    let behind = behind.trim_matches(|character: char| " ,;，；、/.。()（）".contains(character));
    let behind = behind.trim_end_matches([' ', '>']);
    let joins = matches!(
        behind,
        "" | "and" | "or" | "和" | "或" | "与" | "及" | "以及" | "と" | "および" | "및" | "dan"
    );
    if joins { title.to_owned() } else { format!("{title} {behind}") }
}
