//! What a finished collection reports: alerts, figures, counts by kind, waits, rejected rows.

use ::web::components::{Alert, Column, KeyFigure, KeyFigures, Row, Table, Tone};
use kernel::nombre_francais;

use crate::domain::genre::GENRES;
use crate::domain::{EtatCollecte, Genre, Rapport};
use crate::store::collecte::Collecte;

/// A count, as French writes it.
pub(super) fn n(n: u64) -> String {
    nombre_francais(i64::try_from(n).unwrap_or(i64::MAX))
}

pub(super) fn phrase_chute(chute: &crate::domain::chute::Chute) -> String {
    let titre = Genre::of_code(&chute.genre).map_or(chute.genre.as_str(), |g| g.description().titre);
    format!("{titre} : {} fermetures sur {} lignes.", n(chute.fermetures), n(chute.ouverts))
}

pub(super) fn alertes(c: &Collecte, r: &Rapport) -> Vec<Alert> {
    let mut alertes = Vec::new();
    if let Some(panne) = &r.panne {
        alertes.push(
            Alert::new(
                Tone::Danger,
                format!(
                    "{} : {} Rien n’a été modifié ; ce qui a été lu est gardé.",
                    panne.source_.libelle(),
                    panne.detail
                ),
            )
            .titled("Collecte interrompue")
            .way_out(panne.remede.clone())
            .link("Voir l’état des liens", "/liens"),
        );
    }
    if c.etat == EtatCollecte::AConfirmer {
        let quoi: Vec<String> = r.chutes.iter().map(phrase_chute).collect();
        alertes.push(
            Alert::new(
                Tone::Action,
                format!("Une source a perdu plus de lignes qu’il n’est vraisemblable. {} Rien n’a été modifié.", quoi.join(" ")),
            )
            .titled("À confirmer")
            .way_out("Vérifiez la source. Si la baisse est voulue, appliquez ; sinon, abandonnez et collectez de nouveau plus tard."),
        );
    }
    if c.etat == EtatCollecte::Annulee {
        alertes.push(Alert::new(
            Tone::Info,
            "Cette collecte a été arrêtée ou remplacée. Rien n’a été modifié par elle.",
        ));
    }
    let fini = c.etat == EtatCollecte::Terminee;
    if fini && r.ajoutes + r.modifies + r.fermes + r.rouverts == 0 {
        alertes.push(Alert::new(
            Tone::Success,
            format!(
                "Tout est à jour : {} lignes comparées, aucune n’a changé, rien n’a été écrit.",
                n(r.inchanges)
            ),
        ));
    }
    alertes.extend(r.avis.iter().map(|avis| Alert::new(Tone::Info, avis.clone())));
    alertes
}

pub(super) fn chiffres(c: &Collecte, r: &Rapport) -> KeyFigures {
    if c.annule.is_some() {
        // An undo reads nothing and compares nothing.
        return KeyFigures::new([
            KeyFigure::count(r.modifies, "Modifiées"),
            KeyFigure::count(r.fermes, "Fermées"),
            KeyFigure::count(r.rouverts, "Rouvertes"),
            KeyFigure::count(r.anomalies, "Anomalies").href("/maquette/anomalies"),
            duree(r),
        ]);
    }
    let lus: u64 = r.lus.values().sum();
    KeyFigures::new([
        KeyFigure::count(lus, "Lignes lues"),
        KeyFigure::count(r.ajoutes, "Ajoutées"),
        KeyFigure::count(r.modifies, "Modifiées"),
        KeyFigure::count(r.fermes, "Fermées"),
        KeyFigure::count(r.rouverts, "Rouvertes"),
        KeyFigure::count(r.inchanges, "Inchangées"),
        KeyFigure::count(r.anomalies, "Anomalies").href("/maquette/anomalies"),
        KeyFigure::count(r.rejets, "Rejetées").tone(if r.rejets > 0 { Tone::Warning } else { Tone::Neutral }),
        duree(r),
    ])
}

fn duree(r: &Rapport) -> KeyFigure {
    let duree = chrono::Duration::milliseconds(i64::try_from(r.duree_ms).unwrap_or(0));
    KeyFigure::text(kernel::duree_francaise(duree), "Durée")
}

pub(super) fn bilan(r: &Rapport) -> Table {
    let lignes = GENRES.iter().filter_map(|d| {
        let b = r.par_genre.get(d.pluriel)?;
        let lus = r.lus.get(d.pluriel);
        Some(
            Row::new()
                .text(d.titre)
                .text_opt(lus.map(|l| n(*l)))
                .count(b.ajoutes)
                .count(b.modifies)
                .count(b.fermes)
                .count(b.rouverts)
                .count(b.inchanges)
                .text_opt(r.hors_annee.get(d.pluriel).map(|h| n(*h))),
        )
    });
    Table::new("bilan", "Bilan par genre")
        .columns([
            Column::text("genre", "Genre"),
            Column::number("lus", "Lues"),
            Column::number("ajoutes", "Ajoutées"),
            Column::number("modifies", "Modifiées"),
            Column::number("fermes", "Fermées"),
            Column::number("rouverts", "Rouvertes").optional(),
            Column::number("inchanges", "Inchangées"),
            Column::number("hors", "Hors de l’année").optional(),
        ])
        .rows(lignes)
}

pub(super) fn attentes(r: &Rapport) -> Table {
    let ms =
        |ms: u64| kernel::duree_francaise(chrono::Duration::milliseconds(i64::try_from(ms).unwrap_or(0)));
    let lignes = r.attentes.iter().map(|a| {
        Row::new()
            .text(&a.source)
            .count(a.appels)
            .count(a.reprises)
            .text(ms(a.lecture_ms))
            .text(ms(a.attente_ms))
            .text(format!("{}\u{a0}%", a.occupation))
    });
    Table::new("attentes", "Attente des sources")
        .columns([
            Column::text("source", "Source"),
            Column::number("appels", "Appels"),
            Column::number("reprises", "Reprises"),
            Column::number("lecture", "Lecture"),
            Column::number("attente", "Attente cumulée").optional(),
            Column::number("occupation", "Occupation").optional(),
        ])
        .rows(lignes)
}

pub(super) fn rejets(r: &Rapport) -> Table {
    let lignes = r.lignes_rejetees.iter().map(|l| {
        Row::new()
            .code(&l.table)
            .text_opt((l.ligne > 0).then_some(l.ligne))
            .code(&l.colonne)
            .text(&l.valeur)
            .text(&l.raison)
    });
    Table::new("rejets", "Lignes rejetées")
        .columns([
            Column::text("table", "Table"),
            Column::number("ligne", "Ligne"),
            Column::text("colonne", "Colonne"),
            Column::text("valeur", "Valeur"),
            Column::text("raison", "Raison"),
        ])
        .rows(lignes)
}
