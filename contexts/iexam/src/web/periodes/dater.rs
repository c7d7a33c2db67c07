//! The form of the dates, alone or in the opening of a period.

use ::web::components::{Field, Maybe};
use ::web::{Conflit, Frame, Html, Page, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::super::pages::{Fiche, Formulaire, Saisie, conflit, histoire};
use super::{LISTE, lien, lire};
use crate::Iexam;
use crate::actions::periode_dater::{dater, dates_vu};
use crate::actions::regler_fault::{Refus, ReglageFault};
use crate::domain::heure::{lire_heure, saisir_heure};
use crate::domain::periode::Periode;
use crate::domain::periode_dates::Dates;

/// The fields as dates fill them.
pub(super) fn saisie(libelle: &str, d: &Dates) -> Saisie {
    Saisie::nouvelle([
        ("libelle", libelle.to_owned()),
        ("enseignement_debut", d.enseignement_debut.to_string()),
        ("inscriptions_debut", saisir_heure(d.inscriptions_debut)),
        ("inscriptions_fin", saisir_heure(d.inscriptions_fin)),
        ("verification_fin", d.verification_fin.to_string()),
        ("convocations_le", d.convocations_le.to_string()),
        ("epreuves_debut", d.epreuves_debut.to_string()),
        ("epreuves_fin", d.epreuves_fin.to_string()),
        ("fermeture_le", d.fermeture_le.to_string()),
        ("ecart_min", d.ecart_min.to_string()),
    ])
}

/// The dates that a form sends; each that cannot be read is said.
pub(super) fn lire_dates(s: &Saisie) -> Result<Dates, ReglageFault> {
    let mut refus = Vec::new();
    let mut jour = |champ: &'static str| {
        let jour = s.jour(champ);
        if jour.is_none() {
            refus.push(Refus::new(champ, "Donnez un jour."));
        }
        jour.unwrap_or_default()
    };
    let (enseignement_debut, verification_fin) = (jour("enseignement_debut"), jour("verification_fin"));
    let (convocations_le, fermeture_le) = (jour("convocations_le"), jour("fermeture_le"));
    let (epreuves_debut, epreuves_fin) = (jour("epreuves_debut"), jour("epreuves_fin"));
    let mut heure = |champ: &'static str| {
        let heure = lire_heure(s.texte(champ));
        if heure.is_none() {
            refus.push(Refus::new(champ, "Donnez un jour et une heure."));
        }
        heure.unwrap_or_default()
    };
    let (inscriptions_debut, inscriptions_fin) = (heure("inscriptions_debut"), heure("inscriptions_fin"));
    let ecart_min = s.nombre("ecart_min").ok().flatten();
    if ecart_min.is_none() {
        refus.push(Refus::new(
            "ecart_min",
            "Donnez un nombre de minutes\u{a0}; 0 si aucun écart n’est demandé.",
        ));
    }
    if !refus.is_empty() {
        return Err(ReglageFault::Saisie(refus));
    }
    Ok(Dates {
        enseignement_debut,
        inscriptions_debut,
        inscriptions_fin,
        verification_fin,
        convocations_le,
        epreuves_debut,
        epreuves_fin,
        fermeture_le,
        ecart_min: ecart_min.unwrap_or_default(),
    })
}

/// Adds the fields of the dates to a form, with what is wrong with each.
pub(super) fn champs(form: Formulaire, s: &Saisie, faute: Option<&ReglageFault>) -> Formulaire {
    let champ = |nom: &str, libelle: &str, sorte| {
        Field::text(nom, libelle)
            .kind(sorte)
            .value(s.texte(nom))
            .required()
            .error(faute.and_then(|f| f.du_champ(nom)))
    };
    form.champ(&champ("libelle", "Libellé", "text").maxlength(120))
        .champ(
            &champ("enseignement_debut", "Début des enseignements", "date")
                .help("La loi compte un mois à partir de ce jour pour publier les modalités."),
        )
        .champ(
            &champ("inscriptions_debut", "Début des inscriptions", "datetime-local")
                .help("Heure de Besançon."),
        )
        .champ(
            &champ("inscriptions_fin", "Fin des inscriptions", "datetime-local")
                .help("Heure de Besançon\u{a0}; à cet instant, c’est fermé."),
        )
        .champ(&champ("verification_fin", "Dernier jour de vérification", "date"))
        .champ(
            &champ("convocations_le", "Envoi des convocations", "date")
                .help("Au moins quinze jours avant la première épreuve."),
        )
        .champ(
            &champ("epreuves_debut", "Premier jour d’épreuves", "date")
                .help("C’est le tarif de ce jour qui s’applique."),
        )
        .champ(&champ("epreuves_fin", "Dernier jour d’épreuves", "date"))
        .champ(&champ("fermeture_le", "Clôture", "date"))
        .champ(
            &champ("ecart_min", "Écart minimal entre deux épreuves", "number")
                .help("En minutes, pour un même étudiant."),
        )
}

async fn page(
    iexam: &Iexam,
    frame: Frame,
    p: &Periode,
    s: &Saisie,
    faute: Option<&ReglageFault>,
    conflit: Option<Conflit>,
) -> Result<Fiche, PageError> {
    let (_, derniere) = histoire(iexam, "periode_examen", p.id).await?;
    let form = Formulaire::new("dates", "Dates de la période", format!("{}/dates", lien(p)), frame.csrf())
        .texte("Les comptes des étudiants inscrits sont recalculés si le premier jour d’épreuves change de tarif.")
        .vu(dates_vu(p).after(derniere));
    let form = champs(form, s, faute).verbe("Enregistrer").sinon(lien(p));
    let mut fiche = Fiche::new(
        frame.titled(format!("Dates de {}", p.nom())).crumb("Périodes", LISTE).crumb(p.nom(), lien(p)),
    );
    fiche.conflit = Maybe(conflit);
    fiche.sections.push(Html::of(&form));
    Ok(fiche)
}

pub(super) async fn voir(
    State(iexam): State<Iexam>,
    frame: Frame,
    Path((annee, code)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    let s = saisie(&p.libelle, &Dates::de(&p));
    Ok(Page(page(&iexam, frame, &p, &s, None, None).await?).into_response())
}

pub(super) async fn enregistrer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path((annee, code)): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    let fait = match lire_dates(&s) {
        Ok(dates) => dater(&iexam, p.id, s.texte("libelle"), &dates, s.vu(), &visitor.actor()).await,
        Err(faute) => Err(faute),
    };
    match fait {
        Ok(()) => Ok(Redirection::to(lien(&p)).success("Les dates sont enregistrées.").into_response()),
        Err(ReglageFault::Change(_)) => {
            let conflit = conflit(&iexam, "periode_examen", p.id, s.texte("vu")).await?;
            let conflit = conflit.titled("Cette période a changé depuis que vous l’avez ouverte");
            let p = lire(&iexam, &annee, &code).await?;
            Ok(Page(page(&iexam, frame, &p, &s, None, Some(conflit)).await?)
                .with_status(StatusCode::CONFLICT))
        }
        Err(faute @ ReglageFault::Saisie(_)) => {
            Ok(Page(page(&iexam, frame, &p, &s, Some(&faute), None).await?)
                .with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(faute) => Err(faute.into()),
    }
}
