use askama::Template;
use kernel::Centi;

use super::{Badge, Icon};

/// A quantity of a node: its own, and the sum of what is under it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Template)]
#[template(path = "composants/quantite.html")]
pub struct Quantity {
    /// What the source says of the node itself.
    pub own: Option<Centi>,
    /// Sum of the level below, when there is one: at least and at most, because a choice leaves a choice.
    pub sum: Option<(Centi, Centi)>,
}

impl Quantity {
    /// A leaf's.
    #[must_use]
    pub fn own(n: Option<Centi>) -> Self {
        Self { own: n, sum: None }
    }

    /// A node's.
    #[must_use]
    pub fn with_sum(own: Option<Centi>, sum: Option<Centi>) -> Self {
        Self { own, sum: sum.map(|sum| (sum, sum)) }
    }

    /// A node's, when what is under it lies between two sums.
    #[must_use]
    pub fn with_range(own: Option<Centi>, sum: Option<(Centi, Centi)>) -> Self {
        Self { own, sum }
    }

    /// Whether the node and what is under it disagree: its own value cannot be reached.
    fn differs(self) -> Option<(Centi, String)> {
        match (self.own, self.sum) {
            (Some(own), Some((min, max))) if own < min || max < own => Some((own, range(min, max))),
            _ => None,
        }
    }

    fn sum_words(self) -> Option<String> {
        self.sum.map(|(min, max)| range(min, max))
    }
}

/// « 60 », or « 54–60 ».
fn range(min: Centi, max: Centi) -> String {
    if min == max { min.to_string() } else { format!("{min}–{max}") }
}

/// One row of a tree.
#[derive(Clone, Debug)]
pub struct TreeRow {
    depth: u8,
    kind: String,
    kind_full: String,
    code: String,
    label: String,
    href: Option<String>,
    detail: Option<String>,
    ects: Quantity,
    cm: Quantity,
    td: Quantity,
    tp: Quantity,
    ead: Quantity,
    shared: Option<(u64, String)>,
    badges: Vec<Badge>,
    closed: bool,
}

impl TreeRow {
    /// Levels that have an indentation of their own: ten of elements, with the lists between them.
    const DEEPEST: u8 = 22;

    /// `depth` is 1 at the top. `kind` is short (« UE »), `kind_full` is what a screen reader says (« unité d'enseignement »).
    #[must_use]
    pub fn new(
        depth: u8,
        kind: impl Into<String>,
        kind_full: impl Into<String>,
        code: impl ToString,
        label: impl Into<String>,
    ) -> Self {
        Self {
            depth: depth.clamp(1, Self::DEEPEST),
            kind: kind.into(),
            kind_full: kind_full.into(),
            code: code.to_string(),
            label: label.into(),
            href: None,
            detail: None,
            ects: Quantity::default(),
            cm: Quantity::default(),
            td: Quantity::default(),
            tp: Quantity::default(),
            ead: Quantity::default(),
            shared: None,
            badges: Vec::new(),
            closed: false,
        }
    }

    /// Its page.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// A few words after the label: « 2 à 3 au choix ».
    #[must_use]
    pub fn detail(mut self, text: impl Into<String>) -> Self {
        self.detail = Some(text.into());
        self
    }

    /// ECTS.
    #[must_use]
    pub fn ects(mut self, quantity: Quantity) -> Self {
        self.ects = quantity;
        self
    }

    /// Hours of lectures, tutorials and practical work.
    #[must_use]
    pub fn heures(mut self, cm: Quantity, td: Quantity, tp: Quantity) -> Self {
        (self.cm, self.td, self.tp) = (cm, td, tp);
        self
    }

    /// Hours taught at a distance.
    #[must_use]
    pub fn ead(mut self, quantity: Quantity) -> Self {
        self.ead = quantity;
        self
    }

    /// It hangs under `count` places in all, listed at `href`.
    #[must_use]
    pub fn shared(mut self, count: u64, href: impl Into<String>) -> Self {
        self.shared = (count > 1).then(|| (count, href.into()));
        self
    }

    /// Its states.
    #[must_use]
    pub fn badge(mut self, badge: Badge) -> Self {
        self.badges.push(badge);
        self
    }

    /// Closed: history, not offer.
    #[must_use]
    pub fn closed(mut self, closed: bool) -> Self {
        self.closed = closed;
        self
    }
}

/// A row with what its neighbours say of it.
struct Placed<'t> {
    row: &'t TreeRow,
    parent: bool,
    position: usize,
    siblings: usize,
    open: bool,
    /// Under a row that is folded at first: hidden once the script is there to unfold it.
    folded: bool,
}

/// A tree as indented rows, in the order of a walk that goes down first. All rows are in the page: without JavaScript it is simply open.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/arbre.html")]
pub struct Tree {
    id: String,
    label: String,
    rows: Vec<TreeRow>,
    open_depth: u8,
    closed: Option<(String, String)>,
    hours: bool,
}

impl Tree {
    /// `label` names it: « Structure de l'étape L1DRO-9 ».
    #[must_use]
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            rows: Vec::new(),
            open_depth: 3,
            closed: None,
            hours: true,
        }
    }

    /// Its rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = TreeRow>) -> Self {
        self.rows = rows.into_iter().collect();
        self
    }

    /// How many levels are unfolded at first.
    #[must_use]
    pub fn open_to(mut self, depth: u8) -> Self {
        self.open_depth = depth;
        self
    }

    /// The link that shows or hides what is closed: « Afficher les 12 éléments fermés », path.
    #[must_use]
    pub fn closed_link(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.closed = Some((label.into(), href.into()));
        self
    }

    /// Without the columns of hours.
    #[must_use]
    pub fn without_hours(mut self) -> Self {
        self.hours = false;
        self
    }

    fn placed(&self) -> Vec<Placed<'_>> {
        let mut out: Vec<Placed<'_>> = Vec::with_capacity(self.rows.len());
        // For each depth, the rows of the brotherhood being walked.
        let mut levels: Vec<Vec<usize>> = Vec::new();
        let close = |out: &mut Vec<Placed<'_>>, brothers: Vec<usize>| {
            let siblings = brothers.len();
            for (position, index) in brothers.into_iter().enumerate() {
                if let Some(placed) = out.get_mut(index) {
                    (placed.position, placed.siblings) = (position + 1, siblings);
                }
            }
        };
        for (index, row) in self.rows.iter().enumerate() {
            let depth = usize::from(row.depth);
            while levels.len() > depth {
                let brothers = levels.pop().unwrap_or_default();
                close(&mut out, brothers);
            }
            while levels.len() < depth {
                levels.push(Vec::new());
            }
            if let Some(brothers) = levels.last_mut() {
                brothers.push(index);
            }
            let parent = self.rows.get(index + 1).is_some_and(|next| next.depth > row.depth);
            let open = row.depth < self.open_depth;
            let folded = row.depth > self.open_depth;
            out.push(Placed { row, parent, position: 1, siblings: 1, open, folded });
        }
        while let Some(brothers) = levels.pop() {
            close(&mut out, brothers);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(depth: u8, code: &str) -> TreeRow {
        TreeRow::new(depth, "UE", "unité d'enseignement", code, "Libellé")
    }

    #[test]
    fn each_row_knows_its_place_among_its_brothers() {
        let tree =
            Tree::new("t", "T").rows([row(1, "A"), row(2, "A1"), row(3, "A1a"), row(2, "A2"), row(1, "B")]);
        let places: Vec<_> =
            tree.placed().iter().map(|p| (p.row.code.clone(), p.position, p.siblings, p.parent)).collect();
        let expected = [
            ("A", 1, 2, true),
            ("A1", 1, 2, true),
            ("A1a", 1, 1, false),
            ("A2", 2, 2, false),
            ("B", 2, 2, false),
        ];
        assert_eq!(places, expected.map(|(code, p, s, parent)| (code.to_owned(), p, s, parent)));
    }

    #[test]
    fn a_sum_that_disagrees_is_said() {
        let q = Quantity::with_sum(Some(Centi(600)), Some(Centi(500))).to_string();
        assert!(q.contains("6") && q.contains("5") && q.contains("différente"), "{q}");
        assert!(!Quantity::with_sum(Some(Centi(600)), Some(Centi(600))).to_string().contains("différente"));
        assert!(Quantity::own(Some(Centi::ZERO)).to_string().contains('0'), "zero is a value");
        assert!(Quantity::own(None).to_string().contains("non renseigné"));
    }
}
