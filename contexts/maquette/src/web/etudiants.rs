//! Students: the list.

use ::web::components::{Badge, Cell, Column, Empty, Filter, Liste, Tone};
use ::web::{Frame, ListQuery, Listage, PageError, RouteTable, Routes, Sens};
use axum::extract::State;
use axum::response::Response;
use db::{Db, DbError, Paging};
use kernel::Right;

use super::lien::lien_etudiant;
use super::liste::montrer;
use super::{Maquette, dans_l_annee, etudiant, facette};
use crate::store::etudiant::{EtudiantVu, Filtre, etudiant_facettes, etudiant_list};

/// An INE typed whole: eleven signs, or ten and a key; it is then looked for exactly.
fn ine(texte: &str) -> Option<String> {
    let ine: String = texte.chars().filter(|c| !c.is_whitespace()).collect();
    let complet = matches!(ine.len(), 10 | 11) && ine.bytes().all(|b| b.is_ascii_alphanumeric());
    (complet
        && ine.bytes().any(|b| b.is_ascii_alphabetic())
        && ine.bytes().filter(u8::is_ascii_digit).count() > 5)
        .then(|| ine.to_uppercase())
}

async fn lire(db: Db, annee: u16, query: ListQuery, paging: Paging) -> Result<db::Page<EtudiantVu>, DbError> {
    let ine = ine(&query.recherche);
    let recherche = if ine.is_some() { String::new() } else { kernel::fold(&query.recherche) };
    let (etapes, diplomes) = (query.valeurs("etape"), query.valeurs("diplome"));
    let (regimes, etats) = (query.valeurs("regime"), query.valeurs("inscription"));
    let situations = query.valeurs("situation");
    let filtre = Filtre {
        recherche: &recherche,
        ine: ine.as_deref(),
        etapes: &etapes,
        diplomes: &diplomes,
        regimes: &regimes,
        etats: &etats,
        situations: &situations,
        tri: query.tri_parmi(&["nom", "numero"]),
        decroissant: query.sens == Sens::Decroissant,
    };
    let filtre = &filtre;
    db.read(|c| async move { etudiant_list(&c, annee, filtre, paging).await }).await
}

/// What stands out in a student's year.
fn situation(e: &EtudiantVu) -> Vec<Badge> {
    let mut badges = Vec::new();
    if e.disparu {
        badges.push(Badge::new(Tone::Neutral, "Disparu de la source"));
    }
    if e.redouble() {
        badges.push(Badge::new(Tone::Info, "Redoublant"));
    }
    if e.en_cours() > 1 {
        badges.push(Badge::new(Tone::Info, format!("{} étapes", e.en_cours())));
    }
    if e.annulee() {
        badges.push(Badge::new(Tone::Warning, "Inscription annulée"));
    }
    if e.en_cours() == 0 && !e.annulee() {
        badges.push(Badge::new(Tone::Neutral, "Sans inscription en cours"));
    }
    badges
}

fn etapes(e: &EtudiantVu) -> String {
    let en_cours = e.inscriptions.iter().filter(|i| i.etat == "E" || e.en_cours() == 0);
    en_cours.map(|i| format!("{} · {}", i.etape, i.version)).collect::<Vec<_>>().join(", ")
}

/// The states of a registration that the list is narrowed by, in words.
fn etat(code: &str) -> &str {
    match code {
        "E" => "En cours",
        "A" => "Annulée",
        "R" => "Résiliée",
        autre => autre,
    }
}

/// `/maquette/etudiants`.
async fn liste(frame: Frame, listage: Listage, State(m): State<Maquette>) -> Result<Response, PageError> {
    let annee = m.annee(&listage).await?;
    let a = annee.premiere();
    let f = m.outils.db.read(|c| async move { etudiant_facettes(&c, a).await }).await?;
    let etats = f.etats.into_iter().map(|(code, _, n)| (code.clone(), etat(&code).to_owned(), n)).collect();
    let situations = Filter::new("situation", "Situation")
        .option("redoublant", "Redoublant")
        .option("plusieurs", "Plusieurs étapes")
        .option("sans", "Sans inscription en cours")
        .option("disparu", "Disparu de la source");
    let query = listage.query().clone();
    let liste = Liste::<EtudiantVu>::new("etudiants", "Étudiants")
        .journaled("etudiants")
        .column(Column::text("nom", "Nom").sortable(), |e| Cell::text(&e.nom))
        .column(Column::text("usage", "Nom d’usage").optional(), |e| Cell::text_opt(e.nom_usage.as_deref()))
        .column(Column::text("prenom", "Prénom"), |e| Cell::text_opt(e.prenom.as_deref()))
        .column(Column::text("numero", "Numéro").sortable(), |e| Cell::code(&e.numero))
        .column(Column::text("etapes", "Étapes"), |e| Cell::text(etapes(e)))
        .column(Column::text("regime", "Régime").optional(), |e| {
            Cell::text_opt(e.inscriptions.first().and_then(|i| i.regime.as_deref()))
        })
        .column(Column::text("situation", "Situation").optional(), |e| Cell::badges(situation(e)))
        .column(Column::text("ine", "INE").hidden(), |e| Cell::text_opt(e.ine.as_deref()))
        .opens(|e| dans_l_annee(lien_etudiant(&e.numero), &query))
        .muted(|e| e.disparu || e.en_cours() == 0)
        .searching("Nom, numéro ou INE")
        .filters(
            [
                facette("etape", "Étape", f.etapes),
                facette("diplome", "Diplôme", f.diplomes),
                facette("regime", "Régime", f.regimes),
                facette("inscription", "Inscription", etats),
                situations,
            ]
            .into_iter()
            .chain(m.filtre_annee().await?),
        )
        .empty(
            Empty::new(
                "Aucun étudiant",
                format!("Les étudiants de {} n’ont pas encore été collectés.", annee.libelle()),
            )
            .action("Voir les collectes", "/maquette/collectes"),
        );
    let (db, query) = (m.outils.db.clone(), listage.query().clone());
    montrer(frame.titled("Étudiants"), &listage, liste, move |p| lire(db.clone(), a, query.clone(), p)).await
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/maquette/etudiants", Right::EtudiantsLire, liste)
        .get("/maquette/etudiants/{numero}", Right::EtudiantsLire, etudiant::un)
        .build()
}

#[cfg(test)]
mod tests {
    use super::ine;

    #[test]
    fn an_ine_is_told_from_a_name_and_from_a_number() {
        assert_eq!(ine("770791814ap").as_deref(), Some("770791814AP"));
        assert_eq!(ine(" 0123 456 789H ").as_deref(), Some("0123456789H"));
        for autre in ["21800106", "Dupont-Gris", "Constantin", "2180010621", ""] {
            assert_eq!(ine(autre), None, "{autre}");
        }
    }
}
