//! What `app` gives the frame: the entries of the rail, the year and maquette in sight, whom to write to.

use std::sync::Arc;

use futures::future::BoxFuture;
use kernel::{AnneeUniversitaire, Right, Role};

use crate::Visitor;

/// One entry of the rail.
#[derive(Clone, Debug)]
pub struct NavEntry {
    /// A noun: « Étapes ».
    pub label: &'static str,
    /// Path.
    pub href: &'static str,
    /// Name in the icon sprite.
    pub icon: &'static str,
    /// Who sees it: the right of its route.
    pub right: Right,
}

/// An application of the suite and its entries.
#[derive(Clone, Debug)]
pub struct NavGroup {
    /// « Maquette », « Administration ».
    pub label: &'static str,
    /// Its entries, the first being its home.
    pub entries: Vec<NavEntry>,
}

/// The year and maquette that a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repere {
    /// Academic year looked at.
    pub annee: AnneeUniversitaire,
    /// Name of the maquette: « 2024–2029 ».
    pub maquette: String,
    /// Whether both are the current ones; amber otherwise.
    pub courant: bool,
    /// Where to come back to the current ones, or change them.
    pub href: Option<String>,
    /// The page where others are chosen: the year itself leads there.
    pub choix: Option<String>,
}

/// Who knows the year and the maquette: Maquette, through `app`.
pub trait RepereSource: Send + Sync {
    /// What `visitor` looks at on a page whose address asks for `annee`, or for the maquette that begins in `maquette`. `None` while
    /// nothing was ever collected.
    fn repere<'a>(
        &'a self,
        visitor: &'a Visitor,
        annee: Option<AnneeUniversitaire>,
        maquette: Option<AnneeUniversitaire>,
    ) -> BoxFuture<'a, Option<Repere>>;
}

/// Whom error pages tell to write to.
#[derive(Clone, Debug)]
pub struct Contact {
    /// « le service informatique ».
    pub nom: String,
    /// An address, when there is one.
    pub courriel: Option<String>,
}

/// The frame's unchanging part.
#[derive(Clone)]
pub struct Shell {
    /// Name of the establishment, under the title.
    pub etablissement: String,
    /// The rail.
    pub nav: Vec<NavGroup>,
    /// Paths of the entries that a phone shows first, the most asked before the others; each person has the first ones that they may
    /// open. The rail's own order for what is not named.
    pub pouce: &'static [&'static str],
    /// Path of the page that searches everything, when there is one: it is asked `?recherche=`, and, while one types,
    /// `?recherche=…&apercu=oui`, which it answers with [`crate::components::Suggestions`].
    pub recherche: Option<&'static str>,
    /// Whom to write to.
    pub contact: Contact,
    /// The year and maquette.
    pub repere: Option<Arc<dyn RepereSource>>,
    /// Address of the section of the handbook that explains the page at a path, when there is one.
    pub aide: Option<fn(&str) -> Option<&'static str>>,
    /// Whether this installation runs on invented data, which the frame then says on every page.
    pub demonstration: bool,
}

impl Default for Shell {
    fn default() -> Self {
        Self {
            etablissement: String::new(),
            nav: Vec::new(),
            pouce: &[],
            recherche: None,
            contact: Contact { nom: "le service informatique".to_owned(), courriel: None },
            repere: None,
            aide: None,
            demonstration: false,
        }
    }
}

impl std::fmt::Debug for Shell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shell")
            .field("nav", &self.nav)
            .field("contact", &self.contact)
            .finish_non_exhaustive()
    }
}

impl Shell {
    /// The entries of these groups as a phone shows them: those of [`Shell::pouce`] in its order, then the others in theirs.
    pub(crate) fn au_pouce<'g>(
        &self,
        groups: &'g [NavGroup],
    ) -> impl Iterator<Item = &'g NavEntry> + use<'g> {
        let rang = |href| self.pouce.iter().position(|p| *p == href).unwrap_or(self.pouce.len());
        let mut entries: Vec<_> = groups.iter().flat_map(|group| &group.entries).collect();
        entries.sort_by_key(|entry| rang(entry.href));
        entries.into_iter()
    }

    /// The groups and entries that `role` may open.
    pub(crate) fn nav_for(&self, role: Role) -> Vec<NavGroup> {
        let groups = self.nav.iter().map(|group| NavGroup {
            label: group.label,
            entries: group.entries.iter().filter(|entry| entry.right.held_by(role)).cloned().collect(),
        });
        groups.filter(|group| !group.entries.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_shows_first_what_is_asked_most() {
        let entry = |href| NavEntry { label: href, href, icon: "home", right: Right::Connecte };
        let groups = [
            NavGroup {
                label: "Maquette",
                entries: vec![entry("/etapes"), entry("/elements"), entry("/etudiants")],
            },
            NavGroup { label: "Examens", entries: vec![entry("/inscriptions"), entry("/paiements")] },
        ];
        let shell = Shell { pouce: &["/inscriptions", "/examens", "/etudiants"], ..Shell::default() };
        let vues: Vec<_> = shell.au_pouce(&groups).map(|e| e.href).collect();
        assert_eq!(vues, ["/inscriptions", "/etudiants", "/etapes", "/elements", "/paiements"]);
    }
}
