//! The registration while it is being written: épreuves, place, price, on one page that saves itself.

use std::sync::atomic::{AtomicU64, Ordering};

use ::web::components::{Alert, Maybe, Tone};
use ::web::{Conflit, Frame, Page, PageError, Redirection, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use db::DbError;
use kernel::{Fault as _, heure_de_besancon, heure_francaise, instant_francais};
use serde_json::Value;

use super::compte::Compte;
use super::saisie::Saisi;
use super::vue::{Groupe, ModaliteVue, groupes, modalites};
use super::{annee, etudiant, fiche, lien};
use crate::Iexam;
use crate::actions::dossier::Dossier;
use crate::actions::enregistrer::{Saisie, enregistrer as ecrire, propre};
use crate::actions::inscrire_fault::InscrireFault;
use crate::domain::cadre::Fenetre;
use crate::domain::demande::Voulu;
use crate::domain::dossier::{Ecarts, passees};
use crate::domain::inscription::{Decision, EtatInscription};
use crate::domain::validation::Obstacle;

#[derive(Template)]
#[template(path = "etudiant/formulaire.html")]
struct Formulaire {
    frame: Frame,
    alertes: Vec<Alert>,
    conflit: Maybe<Conflit>,
    action: String,
    csrf: String,
    revision: i64,
    onglet: String,
    peut_reporter: bool,
    reporter_a: String,
    groupes: Vec<Groupe>,
    indecises: usize,
    reste_a_dire: String,
    modalites: Vec<ModaliteVue>,
    sans_place: bool,
    compte: Compte,
    enregistre: String,
    fermeture: String,
    reprendre: bool,
}

/// What a page shows that is not what is stored.
#[derive(Default)]
pub(super) struct Refuse {
    voulu: Option<Voulu>,
    onglet: String,
    alerte: Option<Alert>,
    conflit: Option<Conflit>,
    revision: Option<i64>,
}

/// A name that no other page bears: two pages opened by one person are told apart by it.
fn onglet_neuf(iexam: &Iexam) -> String {
    static RANG: AtomicU64 = AtomicU64::new(0);
    let rang = RANG.fetch_add(1, Ordering::Relaxed);
    format!("{:x}-{rang:x}-{:x}", iexam.clock.now().timestamp_micros(), std::process::id())
}

pub(super) fn alerte(fault: &InscrireFault) -> Alert {
    Alert::new(Tone::Danger, fault.message()).way_out(fault.way_out())
}

fn restent(n: usize) -> String {
    match n {
        0 => String::new(),
        1 => "Il reste 1 épreuve à décider.".to_owned(),
        n => format!("Il reste {n} épreuves à décider."),
    }
}

/// What is still to be said of the place.
fn reste_du_lieu(obstacles: &[Obstacle]) -> String {
    let dit = obstacles.iter().find_map(|o| match o {
        Obstacle::SansModalite => Some("Il reste à dire comment vous les passez."),
        Obstacle::SansCentre(_) => Some("Il reste à choisir votre centre."),
        _ => None,
    });
    dit.unwrap_or_default().to_owned()
}

/// What moved under the draft, said before anything is confirmed.
pub(super) fn alerte_des_ecarts(ecarts: &Ecarts) -> Option<Alert> {
    let noms = |libelles: &[String]| {
        libelles.iter().map(|l| format!("«\u{a0}{l}\u{a0}»")).collect::<Vec<_>>().join(", ")
    };
    let phrase = |libelles: &[String], une: &str, plusieurs: &str| match libelles {
        [] => None,
        [_] => Some(format!("{une} : {}.", noms(libelles))),
        _ => Some(format!("{plusieurs} : {}.", noms(libelles))),
    };
    let phrases = [
        phrase(&ecarts.ajoutees, "Une épreuve a été ajoutée", "Des épreuves ont été ajoutées"),
        phrase(
            &ecarts.retirees,
            "Vous n’êtes plus inscrit à une épreuve, qui sort de votre brouillon",
            "Vous n’êtes plus inscrit à des épreuves, qui sortent de votre brouillon",
        ),
        phrase(&ecarts.annulees, "Une épreuve est annulée", "Des épreuves sont annulées"),
    ];
    let texte: Vec<_> = phrases.into_iter().flatten().collect();
    (!texte.is_empty()).then(|| {
        Alert::new(Tone::Warning, texte.join(" "))
            .titled("Vos épreuves ont changé depuis votre dernier passage")
    })
}

fn page(iexam: &Iexam, frame: Frame, dossier: &Dossier, refuse: Refuse) -> Formulaire {
    let maintenant = iexam.clock.now();
    let cadre = &dossier.cadre;
    let voulu = match &refuse.voulu {
        Some(voulu) => propre(cadre, &dossier.sujets, voulu),
        None => propre(cadre, &dossier.sujets, &dossier.tenu()),
    };
    let retenues = passees(&dossier.sujets, &voulu).len();
    let indecises = voulu.choix.values().filter(|d| **d == Decision::Indecis).count();
    let reportees = voulu.choix.values().filter(|d| **d == Decision::Report).count();
    let mut alertes: Vec<_> = refuse.alerte.into_iter().collect();
    if let Some(i) = dossier.inscription.as_ref().filter(|i| i.etat == EtatInscription::ACorriger) {
        let renvoi = Alert::new(Tone::Warning, format!("La scolarité demande : {}", i.motif));
        let issue = "Corrigez, puis validez de nouveau. Votre place est gardée.";
        alertes.push(renvoi.titled("Votre inscription est à corriger").way_out(issue));
    }
    if let Some(i) = dossier.inscription.as_ref().filter(|i| i.etat == EtatInscription::Annulee) {
        let annulation = Alert::new(Tone::Warning, format!("La scolarité a écrit : {}", i.motif));
        let issue = "Vous n’êtes plus inscrit. Pour l’être de nouveau, validez cette page ; ce que vous aviez payé reste à votre compte.";
        alertes.push(annulation.titled("Votre inscription a été annulée").way_out(issue));
    }
    alertes.extend(alerte_des_ecarts(&dossier.ecarts()));
    let decompte = dossier.decompte(&voulu);
    let tenue = dossier.inscription.as_ref().filter(|i| i.revision > 0);
    let enregistre = tenue.map_or_else(
        || "Chaque choix est enregistré dès que vous le faites.".to_owned(),
        |i| {
            let (quand, jour) = (heure_de_besancon(i.modifiee_le), heure_de_besancon(maintenant).date());
            match quand.date() == jour {
                true => format!("Brouillon enregistré à {}", heure_francaise(quand)),
                false => format!("Brouillon enregistré le {}", instant_francais(quand)),
            }
        },
    );
    let p = &cadre.periode;
    Formulaire {
        alertes,
        action: lien(p.annee, &p.code),
        csrf: frame.csrf().to_owned(),
        revision: refuse.revision.or(dossier.inscription.as_ref().map(|i| i.revision)).unwrap_or(0),
        onglet: if refuse.onglet.is_empty() { onglet_neuf(iexam) } else { refuse.onglet },
        peut_reporter: cadre.peut_reporter(),
        reporter_a: cadre.rattrapages.as_ref().map_or_else(|| "P3".to_owned(), |r| r.code.clone()),
        groupes: groupes(dossier, &voulu),
        indecises,
        reste_a_dire: match indecises {
            0 => reste_du_lieu(&dossier.obstacles(&voulu, false, maintenant)),
            n => restent(n),
        },
        modalites: modalites(cadre, &voulu, dossier.place(), maintenant),
        sans_place: cadre.peut_reporter() && indecises == 0 && retenues == 0 && reportees > 0,
        compte: Compte::de(cadre, &voulu, &decompte, retenues),
        enregistre,
        fermeture: match dossier.etat() {
            EtatInscription::ACorriger => String::new(),
            _ => format!("à valider avant le {}", instant_francais(heure_de_besancon(p.inscriptions_fin))),
        },
        reprendre: refuse.conflit.is_some(),
        conflit: Maybe(refuse.conflit),
        frame: frame.titled(format!("Inscription à {}", p.nom())).crumb("Mes examens", super::LISTE),
    }
}

/// Whether the student writes on this page; otherwise they read where it stands.
fn s_ecrit(iexam: &Iexam, dossier: &Dossier) -> bool {
    !dossier.etat().engagee()
        && dossier.fenetre(iexam.clock.now()) == Fenetre::Ouverte
        && dossier.muette.is_none()
        && dossier.personne.etudiant.is_some()
        && !dossier.sujets.is_empty()
}

pub(super) async fn montrer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path((an, code)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let numero = etudiant(&visitor)?;
    let dossier = Dossier::lire(&iexam, annee(&an, &code)?, &code, &numero).await?;
    if s_ecrit(&iexam, &dossier) {
        return Ok(Page(page(&iexam, frame, &dossier, Refuse::default())).into_response());
    }
    fiche::page(&iexam, frame, &dossier, None, StatusCode::OK).await
}

pub(super) async fn enregistrer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    headers: HeaderMap,
    Path((an, code)): Path<(String, String)>,
    Form(paires): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let numero = etudiant(&visitor)?;
    let annee = annee(&an, &code)?;
    let saisi = Saisi::lire(paires);
    let par_htmx = headers.contains_key("hx-request");
    let dossier = Dossier::lire(&iexam, annee, &code, &numero).await?;
    let voulu = saisi.voulu(&dossier.sujets, dossier.cadre.peut_reporter());
    let saisie = Saisie {
        revision: saisi.entier("revision").unwrap_or(0),
        onglet: saisi.champ("onglet").chars().take(80).collect(),
        voulu: voulu.clone(),
    };
    let fait = ecrire(&iexam, &numero, (annee, &code), &saisie, &visitor.actor()).await;
    match fait {
        Ok(_) if par_htmx => {
            let dossier = Dossier::lire(&iexam, annee, &code, &numero).await?;
            let suite = Refuse { onglet: saisie.onglet, ..Refuse::default() };
            Ok(Page(page(&iexam, frame, &dossier, suite)).into_response())
        }
        Ok(_) if saisi.champ("suite") == "relire" => {
            Ok(Redirection::to(format!("{}/relire", lien(annee, &code))).into_response())
        }
        // Everything is sat: what comes next is where, below all the épreuves.
        Ok(_) if saisi.champ("suite") == "tout" => {
            Ok(Redirection::to(format!("{}#section-lieu", lien(annee, &code))).into_response())
        }
        Ok(_) => Ok(Redirection::to(lien(annee, &code)).into_response()),
        Err(fault) => refuser(&iexam, frame, &numero, (annee, &code), (saisie, fault), par_htmx).await,
    }
}

/// The same page with what was sent, under what happened. Under htmx it is answered as a success, for what is not one is not shown.
async fn refuser(
    iexam: &Iexam,
    frame: Frame,
    numero: &kernel::NumeroEtudiant,
    (annee, code): (kernel::AnneeUniversitaire, &str),
    (saisie, fault): (Saisie, InscrireFault),
    par_htmx: bool,
) -> Result<Response, PageError> {
    if matches!(fault, InscrireFault::Base(_) | InscrireFault::Courriel(_)) {
        return Err(fault.into());
    }
    let statut = match (par_htmx, PageError::from(InscrireFault::Change).status()) {
        (true, _) => StatusCode::OK,
        (false, conflit) if fault.kind() == kernel::FaultKind::Conflict => conflit,
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let dossier = Dossier::lire(iexam, annee, code, numero).await?;
    if !s_ecrit(iexam, &dossier) {
        return fiche::page(iexam, frame, &dossier, Some(alerte(&fault)), statut).await;
    }
    let mut refuse = Refuse {
        voulu: Some(saisie.voulu),
        onglet: saisie.onglet,
        alerte: Some(alerte(&fault)),
        ..Refuse::default()
    };
    if let (InscrireFault::Conflit { revision, .. }, Some(i)) = (&fault, &dossier.inscription) {
        let cle = i.id.to_string();
        let lire = |c| async move { Conflit::read(&c, "inscription_examen", &cle, "", dire).await };
        let conflit: Result<_, DbError> = iexam.db.read(lire).await;
        refuse.conflit = Some(conflit?.titled("Ce que l’autre page a enregistré"));
        refuse.revision = Some(*revision);
        let issue = "Reprenez ce qui est enregistré, ou continuez ici : c’est alors ce que vous voyez ici qui sera gardé.";
        refuse.alerte = Some(Alert::new(Tone::Danger, fault.message()).way_out(issue));
    }
    Ok(Page(page(iexam, frame, &dossier, refuse)).with_status(statut))
}

/// A field of the journal as students read it.
pub(super) fn dire(champ: &str, valeur: &Value) -> Option<(String, String)> {
    let nom = match champ {
        "modalite" => "Modalité",
        "centre" => "Centre",
        "passees" => "Je passe",
        "reportees" => "Je reporte",
        _ => return None,
    };
    Some((nom.to_owned(), abrege(valeur.as_str()?)))
}

/// The beginning of a long list: who has twenty épreuves knows them.
fn abrege(texte: &str) -> String {
    const ASSEZ: usize = 80;
    match texte.char_indices().nth(ASSEZ).and_then(|(fin, _)| texte.get(..fin)) {
        Some(debut) => format!("{}…", debut.trim_end_matches(|c: char| !c.is_whitespace()).trim_end()),
        None => texte.to_owned(),
    }
}
