use std::time::Duration;

use askama::Template;
use axum::extract::State;
use chrono::{DateTime, NaiveDateTime, Utc};
use kernel::{Source, duree_francaise, instant_francais};
use web::components::{ActionForm, Alert, Badge, Button, Cell, Column, Empty, Look, Maybe, Row, Table, Tone};
use web::{Frame, Page, PageError, Redirection, Visitor};

use crate::domain::lien::{Etat, Lien, depuis};
use crate::{Api, ApiFault};

/// Every link, by source.
#[derive(Template)]
#[template(path = "liens/liste.html")]
pub(super) struct Liste {
    frame: Frame,
    verifier: ActionForm,
    en_cours: bool,
    alerte: Maybe<Alert>,
    sources: Vec<Bloc>,
    vide: Maybe<Empty>,
}

/// One source.
struct Bloc {
    nom: &'static str,
    id: &'static str,
    etat: Badge,
    faits: Vec<String>,
    table: Table,
}

/// The server's local time: an installation runs at its university's.
fn local(instant: DateTime<Utc>) -> NaiveDateTime {
    kernel::heure_de_besancon(instant)
}

pub(super) async fn liste(frame: Frame, State(api): State<Api>) -> Result<Page<Liste>, PageError> {
    let liens = api.liens().await?;
    let maintenant = api.clock.now();
    let en_cours = api.verification_en_cours();
    let mut sources = Vec::new();
    for source in Source::ALL {
        let de_la_source: Vec<&Lien> = liens.iter().filter(|l| l.source == source).collect();
        if !de_la_source.is_empty() {
            let copie = api.copie_obtenue_le(source).await;
            sources.push(bloc(source, &de_la_source, copie, maintenant));
        }
    }
    let vide = sources.is_empty().then(|| {
        Empty::new(
            "Aucun lien vérifié",
            "Les liens vers Apogée, Kofr et Eve n’ont pas encore été essayés. Vérifiez-les maintenant.",
        )
        .icon("plug-connected")
    });
    let bouton = Button::submit("Vérifier maintenant").icon("refresh").look(Look::Primary);
    let verifier = ActionForm::new("/liens/verifier", frame.csrf(), bouton);
    let mut frame = frame.titled("Liens");
    if en_cours {
        frame = frame.refreshing(2);
    }
    let alerte = alerte(&liens, en_cours);
    Ok(Page(Liste { frame, verifier, en_cours, alerte: Maybe(alerte), sources, vide: Maybe(vide) }))
}

/// Tries every link. The answer waits a little, so that sources in good health are shown at once; slow ones go on by themselves and
/// the page follows them.
pub(super) async fn verifier(visiteur: Visitor, State(api): State<Api>) -> Result<Redirection, PageError> {
    if api.verification_en_cours() {
        return Err(ApiFault::VerificationEnCours.into());
    }
    let acteur = visiteur.actor();
    let travail = tokio::spawn(async move { api.verifier_liens(&acteur).await });
    let vers = Redirection::to("/liens");
    match tokio::time::timeout(Duration::from_secs(4), travail).await {
        Err(_) => Ok(vers.saying(Tone::Info, "La vérification est lancée ; son résultat s’affichera ici.")),
        Ok(Err(_)) => Ok(vers.saying(Tone::Danger, "La vérification s’est interrompue. Recommencez.")),
        Ok(Ok(liens)) => Ok(match en_panne(&liens?) {
            0 => vers.success("La vérification est terminée : tous les liens répondent."),
            1 => vers.saying(Tone::Warning, "La vérification est terminée : un lien ne répond pas."),
            n => vers
                .saying(Tone::Warning, format!("La vérification est terminée : {n} liens ne répondent pas.")),
        }),
    }
}

fn en_panne(liens: &[Lien]) -> usize {
    liens.iter().filter(|l| l.etat != Etat::Repond).count()
}

fn alerte(liens: &[Lien], en_cours: bool) -> Option<Alert> {
    if en_cours {
        return Some(Alert::new(Tone::Info, "Une vérification est en cours. La page suit son avancement."));
    }
    let fautifs: Vec<&Lien> = liens.iter().filter(|l| l.etat == Etat::EnPanne).collect();
    let premier = fautifs.first()?;
    let texte = match fautifs.len() {
        1 => format!("{} : {} ne répond pas. {}", premier.source.libelle(), premier.nom, premier.detail),
        n => format!(
            "{n} liens ne répondent pas. Le premier est {}, {}. {}",
            premier.nom,
            de(premier.source.libelle()),
            premier.detail
        ),
    };
    let alerte = Alert::new(Tone::Danger, format!("{texte} Rien de ce qui est déjà collecté n’est perdu."));
    Some(match &premier.remede {
        Some(remede) => alerte.way_out(remede),
        None => alerte,
    })
}

fn bloc(source: Source, liens: &[&Lien], copie: Option<DateTime<Utc>>, maintenant: DateTime<Utc>) -> Bloc {
    let en_panne = liens.iter().filter(|l| l.etat != Etat::Repond).count();
    let etat = match en_panne {
        0 => Badge::new(Tone::Success, "Répond").icon("plug-connected"),
        n if n == liens.len() => Badge::new(Tone::Danger, "Ne répond pas").icon("plug-connected-x"),
        1 => Badge::new(Tone::Warning, "Un lien ne répond pas"),
        n => Badge::new(Tone::Warning, format!("{n} liens ne répondent pas")),
    };
    let mut faits = Vec::new();
    if let Some(le) = liens.iter().map(|l| l.verifie_le).max() {
        faits.push(format!("Vérifié {}", quand(le, maintenant)));
    }
    faits.push(match copie {
        Some(le) => format!(
            "Dernière bonne copie : {} (il y a {})",
            instant_francais(local(le)),
            duree_francaise(maintenant - le)
        ),
        None => "Aucune copie n’est encore tenue".to_owned(),
    });
    // What to do and since when matter when something is wrong; otherwise their columns only take the room of what was seen.
    let fautif = en_panne > 0;
    let mut colonnes = vec![
        Column::text("lien", "Lien"),
        Column::text("etat", "État"),
        Column::number("latence", "Temps de réponse").optional(),
        Column::text("constat", "Ce qui a été vu"),
    ];
    if fautif {
        colonnes.push(Column::text("remede", "Que faire"));
        colonnes.push(Column::text("bon", "Dernière bonne réponse").optional());
    }
    let table = Table::new(format!("liens-{}", source.code()), format!("Liens {}", de(source.libelle())))
        .level(3)
        .columns(colonnes)
        .rows(liens.iter().map(|lien| ligne(lien, fautif, maintenant)));
    Bloc { nom: source.libelle(), id: source.code(), etat, faits, table }
}

fn ligne(lien: &Lien, fautif: bool, maintenant: DateTime<Utc>) -> Row {
    let (ton, mot) = match lien.etat {
        Etat::Repond => (Tone::Success, "Répond".to_owned()),
        Etat::EnPanne => (Tone::Danger, majuscule(&lien.constat(maintenant, local))),
        Etat::NonVerifie => (Tone::Warning, majuscule(&lien.constat(maintenant, local))),
    };
    let latence = match lien.latence_ms {
        ms @ 0..1000 => format!("{ms}\u{a0}ms"),
        ms => duree_francaise(chrono::Duration::milliseconds(ms)),
    };
    let ligne =
        Row::new().code(&lien.nom).badge(Badge::new(ton, mot)).cell(Cell::Number(latence)).text(&lien.detail);
    if !fautif {
        return ligne;
    }
    ligne.text_opt(lien.remede.as_ref()).text_opt(lien.dernier_bon.map(|le| quand(le, maintenant)))
}

/// « à 14 h 02 », « hier à 14 h 02 », « le lundi 5 janvier à 9 h 00 ».
fn quand(instant: DateTime<Utc>, maintenant: DateTime<Utc>) -> String {
    let dit = depuis(local(instant), local(maintenant));
    if dit.starts_with("le ") || dit.starts_with("hier ") { dit } else { format!("à {dit}") }
}

/// « d’Apogée », « de Kofr ».
fn de(nom: &str) -> String {
    if nom.starts_with(['A', 'E', 'É', 'I', 'O', 'U']) { format!("d’{nom}") } else { format!("de {nom}") }
}

fn majuscule(phrase: &str) -> String {
    let mut lettres = phrase.chars();
    lettres.next().map(|c| c.to_uppercase().chain(lettres).collect()).unwrap_or_default()
}
