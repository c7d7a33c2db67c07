//! What trying a value gave, link by link.

use ::web::components::{Alert, Badge, Column, Row, Table, Tone};
use askama::Template;
use contracts::liens::Verification;

/// What trying a value gave.
#[derive(Template)]
#[template(path = "parametres/essai.html")]
pub(super) struct Essai {
    bilan: Alert,
    table: Table,
}

impl std::fmt::Debug for Essai {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Essai").finish_non_exhaustive()
    }
}

impl askama::filters::HtmlSafe for Essai {}

/// The outcome of a trial; nothing was kept.
pub(super) fn essai(liens: &[Verification]) -> Essai {
    let fautifs = liens.iter().filter(|l| l.resultat.is_err()).count();
    let bilan = match (liens.len(), fautifs) {
        (0, _) => Alert::new(Tone::Warning, "Aucun lien ne dépend de cette valeur : rien n’a été essayé."),
        (_, 0) => Alert::new(
            Tone::Success,
            "Tous les liens répondent avec cette valeur. Elle n’est pas encore enregistrée.",
        ),
        (tous, n) if tous == n => {
            Alert::new(Tone::Danger, "Aucun lien ne répond avec cette valeur. Elle n’est pas enregistrée.")
        }
        (_, 1) => {
            Alert::new(Tone::Warning, "Un lien ne répond pas avec cette valeur. Elle n’est pas enregistrée.")
        }
        (_, n) => Alert::new(
            Tone::Warning,
            format!("{n} liens ne répondent pas avec cette valeur. Elle n’est pas enregistrée."),
        ),
    };
    let lignes = liens.iter().map(|l| {
        let ligne = Row::new().code(&l.lien);
        match &l.resultat {
            Ok(vu) => ligne.badge(Badge::new(Tone::Success, "Répond")).text(vu),
            Err(panne) => ligne
                .badge(Badge::new(Tone::Danger, "Ne répond pas"))
                .text(format!("{} {}", panne.detail, panne.remede)),
        }
    });
    let table = Table::new("essai", "Essai de la valeur")
        .columns([
            Column::text("lien", "Lien"),
            Column::text("etat", "État"),
            Column::text("constat", "Ce qui a été vu"),
        ])
        .rows(lignes.collect::<Vec<_>>());
    Essai { bilan, table }
}
