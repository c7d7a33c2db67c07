//! The history of a thing, and what changed since a form was opened.

use ::web::components::{Cell, Column, Empty, Row, Table};
use ::web::{Conflit, Html, PageError, diffs};
use contracts::verbes;
use db::{DbError, journal};

use super::dire::dire;
use crate::Iexam;

/// Lines of history shown.
const HISTOIRE: u32 = 30;

/// The history of a thing, and the last line known of it: what its forms carry.
pub(in crate::web) async fn histoire(
    iexam: &Iexam,
    objet: &'static str,
    id: i64,
) -> Result<(Table, i64), PageError> {
    let cle = id.to_string();
    let lignes =
        iexam.db.read(|c| async move { journal::history(&c, objet, &cle, 0, HISTOIRE).await }).await?;
    let derniere = lignes.first().map_or(0, |l| l.id);
    let rows = lignes.iter().map(|ligne| {
        Row::new()
            .cell(Cell::instant(ligne.quand))
            .text(&ligne.acteur)
            .text(verbes::court(&ligne.action))
            .cell(change(ligne))
    });
    let table = Table::new("histoire", "Historique")
        .columns([
            Column::text("quand", "Quand"),
            Column::text("qui", "Qui").optional(),
            Column::text("quoi", "Action"),
            Column::text("change", "Changement"),
        ])
        .rows(rows.collect::<Vec<_>>())
        .empty(Empty::new("Aucun historique", "Rien n’a encore été changé."));
    Ok((table, derniere))
}

/// What a line changed; of what it made, the values alone.
fn change(ligne: &journal::Line) -> Cell {
    if ligne.avant.is_some() {
        return Cell::Html(Html::all(&diffs(ligne, dire)));
    }
    let dits: Vec<_> = ligne
        .changes()
        .into_iter()
        .filter_map(|(champ, _, neuf)| dire(&champ, &neuf?))
        .filter(|(_, texte)| !texte.is_empty())
        .map(|(libelle, texte)| format!("{libelle}\u{a0}: {texte}"))
        .collect();
    if dits.is_empty() { Cell::Absent } else { Cell::text(dits.join("\u{a0}; ")) }
}

/// What changed since a form was opened.
pub(in crate::web) async fn conflit(
    iexam: &Iexam,
    objet: &'static str,
    id: i64,
    vu: &str,
) -> Result<Conflit, DbError> {
    let cle = id.to_string();
    let cle = cle.as_str();
    iexam.db.read(|c| async move { Conflit::read(&c, objet, cle, vu, dire).await }).await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use contracts::verbes;

    #[test]
    fn every_verb_that_the_actions_write_is_named_and_no_other() {
        let dossier = concat!(env!("CARGO_MANIFEST_DIR"), "/src/actions");
        let objets: BTreeSet<&str> = verbes::codes().filter_map(|c| c.split('.').next()).collect();
        let mut ecrits = BTreeSet::new();
        for fichier in std::fs::read_dir(dossier).expect("actions") {
            let source = std::fs::read_to_string(fichier.expect("entry").path()).expect("text");
            let mots = source.split('"').filter(|mot| {
                mot.split_once('.').is_some_and(|(objet, verbe)| objets.contains(objet) && !verbe.is_empty())
            });
            ecrits.extend(mots.filter(|mot| !mot.contains(' ')).map(str::to_owned));
        }
        let nommes: BTreeSet<String> = verbes::codes().map(str::to_owned).collect();
        assert_eq!(ecrits, nommes);
        assert!(nommes.iter().all(|code| verbes::court(code).chars().next().is_some_and(char::is_uppercase)));
    }
}
