//! How old each data set is, and how the questions to Apogée were answered.

use askama::Template;
use axum::extract::State;
use chrono::{DateTime, Duration, Utc};
use contracts::fraicheur::JeuTenu;
use kernel::{duree_francaise, heure_de_besancon, instant_francais};
use web::components::{Badge, Column, Empty, KeyFigure, KeyFigures, Maybe, Row, Table, Tone};
use web::{Frame, Page, PageError};

use crate::Api;

/// Every data set, in the order of the sources.
#[derive(Template)]
#[template(path = "fraicheur/liste.html")]
pub(super) struct Liste {
    frame: Frame,
    chiffres: Maybe<KeyFigures>,
    table: Table,
}

/// `/fraicheur`.
pub(super) async fn liste(frame: Frame, State(api): State<Api>) -> Result<Page<Liste>, PageError> {
    let maintenant = api.clock.now();
    let jeux = api.jeux().await;
    let table = Table::new("fraicheur", "Jeux de données")
        .columns([
            Column::text("source", "Source"),
            Column::text("jeu", "Données"),
            Column::text("etat", "État"),
            Column::number("lignes", "Lignes"),
            Column::text("obtenu", "Lu à la source"),
            Column::text("ancien", "Le plus ancien").optional(),
            Column::text("echec", "Dernier échec").optional(),
        ])
        .rows(jeux.iter().map(|jeu| ligne(jeu, maintenant)))
        .empty(
            Empty::new("Aucune donnée tenue", "Rien n’a encore été lu dans Apogée, Kofr ou Eve.")
                .action("Voir les collectes", "/maquette/collectes"),
        );
    let c = api.compteurs();
    let posees = c.source + c.copie + c.secours + c.refus;
    let chiffres = (posees > 0).then(|| {
        KeyFigures::new([
            KeyFigure::count(posees, "Questions à Apogée").detail("depuis le démarrage de ce serveur"),
            KeyFigure::count(c.source, "Posées à Apogée"),
            KeyFigure::count(c.copie, "Servies d’une copie récente"),
            KeyFigure::count(c.secours, "Servies en secours").detail("Apogée ne répondait pas"),
            KeyFigure::count(c.refus, "Sans réponse").detail("aucune copie n’était tenue"),
        ])
    });
    let frame = frame.titled("Fraîcheur des données");
    Ok(Page(Liste { frame, chiffres: Maybe(chiffres), table }))
}

fn ligne(jeu: &JeuTenu, maintenant: DateTime<Utc>) -> Row {
    Row::new()
        .text(jeu.source.libelle())
        .text(&jeu.libelle)
        .badge(etat(jeu, maintenant))
        .count(jeu.lignes)
        .text_opt(jeu.obtenu_le.map(|le| age(le, maintenant)))
        .text_opt(jeu.plus_ancien.filter(|le| Some(*le) != jeu.obtenu_le).map(|le| age(le, maintenant)))
        .text_opt(jeu.echec.as_ref())
}

fn etat(jeu: &JeuTenu, maintenant: DateTime<Utc>) -> Badge {
    match (jeu.obtenu_le, &jeu.echec) {
        (None, None) => Badge::new(Tone::Neutral, "Jamais lu"),
        (None, Some(_)) => Badge::new(Tone::Danger, "Jamais lu, source en panne"),
        (Some(_), Some(_)) => Badge::new(Tone::Warning, "Dernière bonne copie"),
        (Some(le), None) if maintenant - le > jeu.attendue => Badge::new(Tone::Warning, "Vieillit"),
        (Some(_), None) => Badge::new(Tone::Success, "À jour"),
    }
}

/// « il y a 3 min », « lundi 13 janvier 2025 à 9 h 00 ».
fn age(le: DateTime<Utc>, maintenant: DateTime<Utc>) -> String {
    let age = maintenant - le;
    if age < Duration::minutes(1) {
        "à l’instant".to_owned()
    } else if age < Duration::hours(12) {
        format!("il y a {}", duree_francaise(age))
    } else {
        instant_francais(heure_de_besancon(le))
    }
}
