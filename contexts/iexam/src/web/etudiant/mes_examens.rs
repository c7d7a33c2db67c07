//! « Mes examens »: every period of the student, where each stands, what to do next.

use ::web::components::{Badge, Empty};
use ::web::{Frame, Page, PageError, Visitor};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use kernel::Cents;

use super::fiche::{pastille, suite};
use super::{etudiant, lien};
use crate::Iexam;
use crate::domain::cadre::{Cadre, Fenetre};
use crate::domain::inscription::EtatInscription;
use crate::domain::periode::Periode;
use crate::store::cadre::periodes_recentes;
use crate::store::inscription::{Inscription, inscriptions_de};

/// A period as a card.
struct Carte {
    titre: String,
    libelle: String,
    etat: Badge,
    suite: String,
    href: String,
    geste: &'static str,
    presse: bool,
    recu: Option<String>,
    faits: Vec<String>,
}

#[derive(Template)]
#[template(path = "etudiant/mes_examens.html")]
struct MesExamens {
    frame: Frame,
    vide: Empty,
    cartes: Vec<Carte>,
    passees: Vec<Carte>,
}

fn faits(i: &Inscription) -> Vec<String> {
    let mut faits = Vec::new();
    match (i.passees, i.reportees) {
        (0, 0) => {}
        (1, 0) => faits.push("1 épreuve à passer".to_owned()),
        (n, 0) => faits.push(format!("{n} épreuves à passer")),
        (n, 1) => faits.push(format!("{n} à passer, 1 reportée")),
        (n, r) => faits.push(format!("{n} à passer, {r} reportées")),
    }
    if i.solde > Cents::ZERO {
        faits.push(format!("reste à régler : {}", i.solde));
    } else if i.solde < Cents::ZERO {
        faits.push(format!("à vous rembourser : {}", -i.solde));
    } else if i.etat.engagee() && i.du > Cents::ZERO {
        faits.push("tout est réglé".to_owned());
    }
    if i.demande_en_attente {
        faits.push("demande de modification en attente".to_owned());
    }
    faits
}

fn carte(iexam: &Iexam, periode: &Periode, inscription: Option<&Inscription>) -> Carte {
    let maintenant = iexam.clock.now();
    // The words depend on the period alone: what it offers is not read for a list.
    let cadre = Cadre {
        periode: periode.clone(),
        rattrapages: None,
        modalites: Vec::new(),
        epreuves: Default::default(),
        amenagements: Default::default(),
    };
    let etat = inscription.map_or(EtatInscription::Brouillon, |i| i.etat);
    let ouverte = cadre.fenetre(etat, maintenant) == Fenetre::Ouverte;
    let (geste, presse) = match (etat, inscription) {
        (EtatInscription::Brouillon, None) if ouverte => ("S’inscrire", true),
        (EtatInscription::Brouillon, Some(_)) if ouverte => ("Continuer mon inscription", true),
        (EtatInscription::ACorriger, _) if ouverte => ("Corriger mon inscription", true),
        (EtatInscription::Verifiee, Some(i)) if i.solde > Cents::ZERO => ("Voir et régler", true),
        _ => ("Voir mon inscription", false),
    };
    Carte {
        titre: periode.nom(),
        libelle: periode.libelle.clone(),
        etat: match inscription {
            Some(i) => pastille(i.etat),
            None => Badge::new(Default::default(), "Pas d’inscription"),
        },
        suite: suite(&cadre, inscription, maintenant),
        href: lien(periode.annee, &periode.code),
        geste,
        presse,
        recu: inscription.and_then(|i| i.recu.clone()),
        faits: inscription.map(faits).unwrap_or_default(),
    }
}

pub(super) async fn liste(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let numero = &etudiant(&visitor)?;
    let periodes = periodes_recentes(&iexam.db).await?;
    let tenues = iexam.db.read(|c| async move { inscriptions_de(&c, numero).await }).await?;
    let de = |p: &Periode| tenues.iter().find(|i| i.periode == p.id);
    let derniere = periodes.iter().map(|p| p.annee).max();
    let (presentes, anciennes): (Vec<_>, Vec<_>) = periodes.iter().partition(|p| Some(p.annee) == derniere);
    let cartes: Vec<_> = presentes.into_iter().map(|p| carte(&iexam, p, de(p))).collect();
    let passees = anciennes.into_iter().filter_map(|p| Some(carte(&iexam, p, Some(de(p)?)))).collect();
    let vide = Empty::new(
        "Aucune période d’examens n’est ouverte",
        "La scolarité vous écrira à l’ouverture des inscriptions ; elles s’afficheront ici.",
    );
    Ok(Page(MesExamens {
        vide: vide.icon("calendar-event"),
        cartes,
        passees,
        frame: frame.titled("Mes examens"),
    })
    .into_response())
}
