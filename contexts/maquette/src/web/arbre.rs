//! The tree of an étape as rows: lists and elements, sums of each level, what is shared, what is closed.

use ::web::ListQuery;
use ::web::components::{Alert, Badge, Quantity, Tone, Tree, TreeRow};
use kernel::{Centi, nombre_francais};

use super::dans_l_annee;
use super::lien::lien_element;
use crate::domain::arbre::{Graphe, Intervalle, Lien, Objet, Rang, deplier};

/// Rows of a tree beyond which it is cut, saying so: shared elements unfold without limit.
const RANGS: usize = 3_000;

/// The tree under an étape, and what must be said of it; no tree when nothing hangs there.
pub(super) fn arbre(
    etape: &str,
    graphe: &Graphe,
    liens: &[Lien],
    query: &ListQuery,
) -> (Option<Tree>, Vec<Alert>) {
    let rangs = deplier(graphe, liens, RANGS);
    let avec_fermes = query.filtre("fermes").is_some();
    let fermes = rangs.iter().filter(|r| r.ferme).count();
    let mut alertes = Vec::new();
    if rangs.len() >= RANGS {
        alertes.push(Alert::new(
            Tone::Warning,
            format!(
                "L’arbre se déplie en plus de {} lignes : seules les premières sont affichées.",
                nombre_francais(RANGS as i64)
            ),
        ));
    }
    if rangs.is_empty() {
        alertes.push(
            Alert::new(
                Tone::Info,
                "Apogée ne rattache aucune liste à cette étape : elle n’a pas de structure à montrer.",
            )
            .titled("Étape sans structure"),
        );
        return (None, alertes);
    }
    let mut arbre = Tree::new("arbre", format!("Structure de l’étape {etape}"))
        .rows(rangs.iter().filter(|r| avec_fermes || !r.ferme).map(|r| rang(graphe, r, query)))
        .open_to(5);
    if avec_fermes {
        arbre = arbre.closed_link("Masquer ce qui est fermé", query.sans("fermes", "oui").url());
    } else if fermes > 0 {
        arbre = arbre.closed_link(
            format!("Afficher aussi ce qui est fermé ({})", nombre_francais(fermes as i64)),
            query.avec("fermes", "oui").url(),
        );
        if fermes == rangs.len() {
            alertes.push(Alert::new(Tone::Info, "Tout ce que cette étape contient est fermé à la source."));
        }
    }
    (Some(arbre), alertes)
}

/// Bounds of a sum, as the tree shows them.
fn bornes(i: Option<Intervalle>) -> Option<(Centi, Centi)> {
    i.map(|i| (i.min, i.max))
}

fn rang(graphe: &Graphe, r: &Rang, query: &ListQuery) -> TreeRow {
    let profondeur = u8::try_from(r.niveau).unwrap_or(u8::MAX);
    let heures = |i: usize| r.somme.heures.get(i).copied().flatten();
    let somme = |i: Option<Intervalle>| Quantity::with_range(None, bornes(i));
    match &r.objet {
        Objet::Liste { liste, min, max } => {
            let Some(l) = graphe.listes.get(*liste) else {
                return TreeRow::new(profondeur, "", "", "", "");
            };
            let (court, long) = match l.type_liste.as_str() {
                "X" => ("Choix", "liste à choix"),
                "F" => ("Fac.", "liste facultative"),
                _ => ("Liste", "liste obligatoire"),
            };
            let mut ligne = TreeRow::new(profondeur, court, long, &l.code, &l.libelle)
                .ects(somme(r.somme.ects))
                .heures(somme(heures(0)), somme(heures(1)), somme(heures(2)))
                .ead(somme(heures(3)))
                .closed(r.ferme);
            match l.type_liste.as_str() {
                "X" if min == max => ligne = ligne.detail(format!("{min} au choix")),
                "X" => ligne = ligne.detail(format!("{min} à {max} au choix")),
                "F" => ligne = ligne.detail(format!("jusqu’à {max}, facultatif")),
                _ => {}
            }
            if l.contenu.is_empty() {
                ligne = ligne.badge(Badge::new(Tone::Warning, "Vide"));
            }
            if r.ferme {
                ligne = ligne.badge(Badge::new(Tone::Neutral, "Fermée"));
            }
            ligne
        }
        Objet::Element(position) => {
            let Some(e) = graphe.elements.get(*position) else {
                return TreeRow::new(profondeur, "", "", "", "");
            };
            let feuille = e.sous.is_empty();
            // ECTS of a node are said once, for it or below it; hours of a node add to those below it.
            let ects = if feuille {
                Quantity::own(e.ects)
            } else {
                Quantity::with_range(e.ects, bornes(r.dessous.ects))
            };
            let heure = |i: usize| {
                if feuille { Quantity::own(e.heures.get(i).copied().flatten()) } else { somme(heures(i)) }
            };
            let mut ligne = TreeRow::new(profondeur, &e.nature, &e.nature, &e.code, &e.libelle)
                .href(dans_l_annee(lien_element(&e.code), query))
                .ects(ects)
                .heures(heure(0), heure(1), heure(2))
                .ead(heure(3))
                .shared(u64::from(e.usages), dans_l_annee(lien_element(&e.code), query))
                .closed(r.ferme);
            if r.boucle {
                ligne = ligne.badge(Badge::new(Tone::Danger, "Boucle, non suivie"));
            }
            if r.coupe {
                ligne = ligne.badge(Badge::new(Tone::Warning, "Trop profond"));
            }
            if e.suspendu {
                ligne = ligne.badge(Badge::new(Tone::Warning, "Suspendu"));
            } else if e.ferme {
                ligne = ligne.badge(Badge::new(Tone::Neutral, "Fermé"));
            }
            if e.fictif {
                ligne = ligne.badge(Badge::new(Tone::Neutral, "Fictif"));
            }
            ligne
        }
    }
}
