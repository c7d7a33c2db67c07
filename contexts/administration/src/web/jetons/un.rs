//! A token's page: what it may read, what it did, what happened to it.

use ::web::components::{
    ActionForm, Badge, Button, Cell, Column, Dialog, Empty, Identity, KeyFigure, KeyFigures, Look, Maybe,
    Row, Table, Tone,
};
use ::web::jetons::{DELAI_DE_GRACE, EtatJeton, Jeton, JetonFault, NouveauJeton, Usage};
use ::web::{Conflit, Frame, Html, Page, PageError, Redirection, Visitor, Vu, diffs};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::Duration;
use db::{DbError, journal};
use kernel::{heure_de_besancon, nombre_francais};

use super::formulaire::{Champs, Erreur, Saisie, champ};
use super::graphique::{Graphique, JourUsage, par_jour, requetes};
use super::{LISTE, dire, etat, lien, nouveau};
use crate::Administration;
use crate::domain::trace;
use crate::web::le;

/// Days of usage shown, today included.
const JOURS: i64 = 30;
/// Lines of history shown.
const HISTOIRE: u32 = 50;

#[derive(Template)]
#[template(path = "jetons/un.html")]
struct Un {
    frame: Frame,
    identite: Identity,
    boutons: Vec<Html>,
    conflit: Maybe<Conflit>,
    chiffres: KeyFigures,
    graphique: Option<Html>,
    par_famille: Table,
    par_jour: Table,
    modifiable: bool,
    action: String,
    csrf: String,
    vu: Vu,
    champs: Champs,
    histoire: Table,
}

/// What the form holds when it is not what the token holds.
#[derive(Default)]
struct Saisi {
    sent: Option<Saisie>,
    wrong: Option<Erreur>,
    conflit: Option<Conflit>,
}

async fn page(a: &Administration, frame: Frame, jeton: &Jeton, saisi: Saisi) -> Result<Un, PageError> {
    let now = a.clock.now();
    let jetons = a.web.jetons();
    let today = jetons.aujourd_hui();
    let usage = jetons.usage(jeton, today - Duration::days(JOURS - 1)).await?;
    // Usage may just have been written, and the last use with it.
    let jeton = &jetons.lire(&jeton.nom).await?;
    let days = par_jour(&usage, today - Duration::days(JOURS - 1), today);
    let cle = jeton.nom.clone();
    let lines = a.db.read(|c| async move { journal::history(&c, "jeton", &cle, 0, HISTOIRE).await }).await?;
    let csrf = frame.csrf().to_owned();
    let lien = lien(&jeton.nom);
    let sent = saisi.sent.unwrap_or_else(|| Saisie::held(jeton));
    let mut identite = Identity::new("Jeton", &jeton.nom).badge(etat(jeton, now));
    for scope in &jeton.droits {
        identite = identite.badge(Badge::new(Tone::Info, scope.code()).icon("key"));
    }
    identite = identite.fact(format!("Secret {}…", jeton.prefixe));
    identite = identite.fact(format!("Créé par {} le {}", jeton.cree_par, le(jeton.cree_le)));
    if let (Some(quand), Some(qui)) = (jeton.revoque_le, &jeton.revoque_par) {
        identite = identite.fact(format!("Révoqué par {qui} le {}", le(quand)));
    }
    if let Some(fin) = jeton.ancien_jusqu_a.filter(|fin| *fin > now && jeton.revoque_le.is_none()) {
        identite = identite.fact(format!("Ancien secret accepté jusqu’au {}", le(fin)));
    }
    Ok(Un {
        identite,
        boutons: boutons(jeton, &csrf, &lien, &days, jeton.etat(now)),
        conflit: Maybe(saisi.conflit),
        chiffres: chiffres(jeton, &days),
        graphique: Graphique::new(&days).map(|drawn| Html::of(&drawn)),
        par_famille: par_famille(&usage),
        par_jour: jours(&days),
        modifiable: jeton.revoque_le.is_none(),
        action: format!("{lien}/modifier"),
        vu: Vu::of(jeton.valeurs()).after(lines.first().map_or(0, |line| line.id)),
        champs: Champs::new(&sent, saisi.wrong.as_ref()),
        histoire: histoire(&lines),
        csrf,
        frame: frame.titled(format!("Jeton {}", jeton.nom)).crumb("Jetons", LISTE),
    })
}

fn boutons(jeton: &Jeton, csrf: &str, lien: &str, days: &[JourUsage], etat: EtatJeton) -> Vec<Html> {
    let form = |verb: &str, button: Button| ActionForm::new(format!("{lien}/{verb}"), csrf, button);
    let day =
        jeton.jusqu_au().filter(|_| etat == EtatJeton::Actif).map(|day| day.to_string()).unwrap_or_default();
    let renew = |id: &str, opener: &str, grace: bool| {
        let button = Button::submit("Remplacer le secret").look(Look::Primary);
        let form = form("renouveler", button)
            .sending("jusqu_au", &day)
            .sending("delai", if grace { "oui" } else { "non" });
        Dialog::new(id, opener, format!("Remplacer le secret de « {} »", jeton.nom), form).icon("refresh")
    };
    let shown = "Le nouveau secret s’affiche une fois, à copier dans les réglages de l’application.";
    let mut out = Vec::new();
    if etat == EtatJeton::Revoque {
        let dialog = renew("renouveler", "Remettre en service…", false)
            .consequence(
                "Le jeton sert de nouveau, avec les mêmes droits et les mêmes quotas, sans échéance.",
            )
            .consequence("Les secrets d’avant restent refusés.")
            .consequence(shown);
        return vec![Html::of(&dialog)];
    }
    let hours = DELAI_DE_GRACE.num_hours();
    let dialog = renew("renouveler", "Remplacer le secret…", true)
        .consequence(format!(
            "L’ancien secret est accepté encore {hours} heures : le temps de changer l’application."
        ))
        .consequence(shown);
    let dialog = if etat == EtatJeton::Expire {
        dialog.consequence("L’échéance passée est retirée : redonnez-en une ensuite si vous le voulez.")
    } else {
        dialog
    };
    out.push(Html::of(&dialog));
    let now = renew("remplacer", "Secret divulgué…", false)
        .consequence("L’ancien secret est refusé tout de suite : l’application s’arrête de lire jusqu’à ce qu’elle ait le nouveau.")
        .consequence(shown);
    out.push(Html::of(&now));
    let lately: i64 = days.iter().rev().take(7).map(|day| day.requetes).sum();
    let form = form("revoquer", Button::submit("Révoquer").look(Look::Danger));
    let dialog = Dialog::new("revoquer", "Révoquer…", format!("Révoquer le jeton « {} »", jeton.nom), form)
        .look(Look::Danger)
        .icon("lock")
        .consequence(match lately {
            0 => "Aucune requête ces sept derniers jours : rien ne semble s’en servir.".to_owned(),
            n => format!("L’application qui s’en sert ({} ces sept derniers jours) ne peut plus rien lire.", requetes(n)),
        })
        .consequence("Le refus est immédiat ici, et prend cinq secondes au plus si la suite tourne en plusieurs processus.")
        .consequence("Son usage et son historique restent ; il peut être remis en service avec un autre secret.");
    out.push(Html::of(&dialog));
    out
}

fn chiffres(jeton: &Jeton, days: &[JourUsage]) -> KeyFigures {
    let total: i64 = days.iter().map(|day| day.requetes).sum();
    let refused: i64 = days.iter().map(|day| day.refusees).sum();
    let today = days.last().map_or(0, |day| day.requetes);
    let quota = |n: Option<i64>, per: &str| n.map(|n| format!("Quota : {} par {per}", nombre_francais(n)));
    let short = |quand| heure_de_besancon(quand).format("%d/%m/%Y %H:%M").to_string();
    let seen = jeton.vu_le.map_or_else(|| "Jamais".to_owned(), short);
    let figure = |figure: KeyFigure, detail: Option<String>| match detail {
        Some(detail) => figure.detail(detail),
        None => figure,
    };
    KeyFigures::new([
        figure(
            KeyFigure::count(today.unsigned_abs(), "requêtes aujourd’hui"),
            quota(jeton.quota_jour, "jour").or_else(|| quota(jeton.quota_minute, "minute")),
        ),
        KeyFigure::count(total.unsigned_abs(), "requêtes en 30 jours"),
        KeyFigure::count(refused.unsigned_abs(), "refusées en 30 jours").tone(if refused > 0 {
            Tone::Warning
        } else {
            Tone::Neutral
        }),
        KeyFigure::text(seen, "dernière utilisation"),
        KeyFigure::text(
            jeton
                .jusqu_au()
                .map_or_else(|| "Sans échéance".to_owned(), |jour| jour.format("%d/%m/%Y").to_string()),
            "dernier jour",
        ),
    ])
}

fn par_famille(usage: &[Usage]) -> Table {
    let mut families: Vec<(&str, i64, i64, i64)> = Vec::new();
    for line in usage {
        match families.iter_mut().find(|(famille, ..)| *famille == line.famille) {
            Some((_, requetes, refusees, octets)) => {
                *requetes += line.requetes;
                *refusees += line.refusees;
                *octets = octets.saturating_add(line.octets);
            }
            None => families.push((&line.famille, line.requetes, line.refusees, line.octets)),
        }
    }
    families.sort_by_key(|(_, requetes, ..)| std::cmp::Reverse(*requetes));
    let rows = families.into_iter().map(|(famille, requetes, refusees, octets)| {
        Row::new()
            .code(famille)
            .count(requetes.unsigned_abs())
            .count(refusees.unsigned_abs())
            .text(taille(octets))
    });
    Table::new("familles", "Adresses lues en 30 jours")
        .columns([
            Column::text("famille", "Adresses"),
            Column::number("requetes", "Requêtes"),
            Column::number("refusees", "Refusées"),
            Column::number("octets", "Volume"),
        ])
        .rows(rows)
        .empty(Empty::new("Aucune requête", "Ce jeton n’a rien demandé ces trente derniers jours."))
}

fn jours(days: &[JourUsage]) -> Table {
    let rows = days.iter().rev().filter(|day| day.requetes > 0).map(|day| {
        Row::new()
            .cell(Cell::date(day.jour))
            .count(day.requetes.unsigned_abs())
            .count(day.refusees.unsigned_abs())
            .text(taille(day.octets))
    });
    Table::new("jours", "Jour par jour")
        .columns([
            Column::text("jour", "Jour"),
            Column::number("requetes", "Requêtes"),
            Column::number("refusees", "Refusées"),
            Column::number("octets", "Volume"),
        ])
        .rows(rows)
        .empty(Empty::new("Aucune requête", "Ce jeton n’a rien demandé ces trente derniers jours."))
}

/// « 12 ko », « 3,4 Mo ».
fn taille(octets: i64) -> String {
    match octets {
        ..=999 => format!("{octets}\u{a0}o"),
        1_000..1_000_000 => format!("{}\u{a0}ko", octets / 1_000),
        1_000_000..1_000_000_000 => {
            format!("{},{}\u{a0}Mo", octets / 1_000_000, octets % 1_000_000 / 100_000)
        }
        _ => format!(
            "{},{}\u{a0}Go",
            nombre_francais(octets / 1_000_000_000),
            octets % 1_000_000_000 / 100_000_000
        ),
    }
}

fn histoire(lines: &[journal::Line]) -> Table {
    let rows = lines.iter().map(|line| {
        Row::new()
            .cell(Cell::instant(line.quand))
            .text(&line.acteur)
            .text(trace::action(&line.action))
            .cell(Cell::Html(Html::all(&diffs(line, dire))))
    });
    Table::new("histoire", "Historique")
        .columns([
            Column::text("quand", "Quand"),
            Column::text("qui", "Qui"),
            Column::text("quoi", "Action"),
            Column::text("change", "Changement"),
        ])
        .rows(rows)
        .empty(Empty::new("Aucun historique", "Le journal n’a rien sur ce jeton."))
}

pub(super) async fn voir(
    State(a): State<Administration>,
    frame: Frame,
    Path(nom): Path<String>,
) -> Result<Page<impl Template>, PageError> {
    let jeton = a.web.jetons().lire(&nom).await?;
    Ok(Page(page(&a, frame, &jeton, Saisi::default()).await?))
}

pub(super) async fn modifier(
    State(a): State<Administration>,
    frame: Frame,
    visitor: Visitor,
    Path(nom): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let jetons = a.web.jetons();
    let jeton = jetons.lire(&nom).await?;
    let sent = Saisie { nom: jeton.nom.clone(), ..Saisie::of(pairs) };
    let wrong = match sent.lue() {
        Err(wrong) => wrong,
        Ok(voulu) => {
            let voulu = NouveauJeton { nom: jeton.nom.clone(), ..voulu };
            match jetons.modifier(&visitor.actor(), voulu, Some(&sent.vu)).await {
                Ok(_) => {
                    let to = Redirection::to(lien(&jeton.nom)).success("Le jeton est enregistré.");
                    return Ok(to.into_response());
                }
                Err(JetonFault::Perime(_)) => return conflit(&a, frame, &nom, sent).await,
                Err(fault) => champ(&fault).ok_or(fault)?,
            }
        }
    };
    let saisi = Saisi { sent: Some(sent), wrong: Some(wrong), conflit: None };
    Ok(Page(page(&a, frame, &jeton, saisi).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

/// Somebody saved meanwhile: who, what; the form keeps what was typed, on what is held now.
async fn conflit(a: &Administration, frame: Frame, nom: &str, sent: Saisie) -> Result<Response, PageError> {
    let jeton = a.web.jetons().lire(nom).await?;
    let (cle, vu) = (jeton.nom.clone(), sent.vu.clone());
    let read = |c| async move { Conflit::read(&c, "jeton", &cle, &vu, dire).await };
    let conflit: Result<_, DbError> = a.db.read(read).await;
    let conflit = conflit?.titled("Ce jeton a changé depuis que vous l’avez ouvert");
    let saisi = Saisi { sent: Some(sent), wrong: None, conflit: Some(conflit) };
    Ok(Page(page(a, frame, &jeton, saisi).await?).with_status(StatusCode::CONFLICT))
}

pub(super) async fn renouveler(
    State(a): State<Administration>,
    frame: Frame,
    visitor: Visitor,
    headers: HeaderMap,
    Path(nom): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let given = |name: &str| {
        pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let day = super::formulaire::jour(given("jusqu_au"))
        .map_err(|(_, text)| PageError::invalid("Cette échéance ne se lit pas : rien n’a changé.", text))?;
    let grace = (given("delai") == "oui").then_some(DELAI_DE_GRACE);
    let (jeton, secret) = a.web.jetons().renouveler(&visitor.actor(), &nom, day, grace).await?;
    Ok(nouveau::remettre(frame, &headers, &jeton, &secret, "Secret remplacé"))
}

pub(super) async fn revoquer(
    State(a): State<Administration>,
    visitor: Visitor,
    Path(nom): Path<String>,
) -> Result<Redirection, PageError> {
    let jeton = a.web.jetons().revoquer(&visitor.actor(), &nom).await?;
    let done =
        format!("Le jeton « {} » est révoqué : plus aucune requête n’est acceptée avec lui.", jeton.nom);
    Ok(Redirection::to(lien(&jeton.nom)).success(done))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_read_as_french() {
        assert_eq!(taille(0), "0\u{a0}o");
        assert_eq!(taille(12_345), "12\u{a0}ko");
        assert_eq!(taille(3_456_789), "3,4\u{a0}Mo");
        assert_eq!(taille(1_250_000_000), "1,2\u{a0}Go");
    }
}
