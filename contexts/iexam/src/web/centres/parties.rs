//! Rooms, closures and parcels of a centre: their forms.

use ::web::components::{Alert, Checkbox, Field, Maybe, Select, Tone};
use ::web::{Frame, Html, Page, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::Fault as _;

use super::super::pages::{Fiche, Formulaire, Saisie};
use super::un::{choix_periode, page as page_du_centre};
use super::{LISTE, lien, lire};
use crate::Iexam;
use crate::actions::centre_regler::{fermer as fermer_centre, rouvrir as rouvrir_centre};
use crate::actions::centre_salle::{salle_regler, salle_vu};
use crate::actions::colis_suivre::{colis_suivre, colis_vu};
use crate::actions::regler_fault::ReglageFault;
use crate::domain::centre::{Centre, Colis, Fermeture, Salle, Sens};
use crate::domain::periode::Periode;
use crate::store::accord::colis_du_centre;
use crate::store::centre::salle_list;
use crate::store::periode::periode_list;

fn oui(vrai: bool) -> String {
    if vrai { "oui" } else { "" }.to_owned()
}

/// A fault said above its form.
fn dire(fiche: &mut Fiche, faute: Option<&ReglageFault>) {
    if let Some(faute) = faute {
        fiche.alertes.push(Alert::new(Tone::Danger, faute.message()).way_out(faute.way_out()));
    }
}

fn statut(faute: &ReglageFault) -> StatusCode {
    if matches!(faute, ReglageFault::Change(_)) {
        StatusCode::CONFLICT
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

async fn salle_tenue(iexam: &Iexam, c: &Centre, salle: &str) -> Result<Option<Salle>, PageError> {
    if salle == "nouvelle" {
        return Ok(None);
    }
    let id = c.id;
    let tenues = iexam.db.read(|conn| async move { salle_list(&conn, id).await }).await?;
    let tenue = tenues.into_iter().find(|s| s.id.to_string() == salle);
    tenue.map(Some).ok_or_else(|| PageError::nothing("Cette salle n’existe pas dans ce centre."))
}

fn page_salle(
    frame: Frame,
    c: &Centre,
    tenue: Option<&Salle>,
    s: &Saisie,
    faute: Option<&ReglageFault>,
) -> Fiche {
    let titre = tenue.map_or_else(|| "Nouvelle salle".to_owned(), |s| s.nom.clone());
    let mut fiche = Fiche::new(frame.titled(&titre).crumb("Centres", LISTE).crumb(&c.nom, lien(&c.code)));
    let ou = tenue.map_or_else(|| "nouvelle".to_owned(), |s| s.id.to_string());
    let champ = |nom: &str, libelle: &str| {
        Field::text(nom, libelle).value(s.texte(nom)).error(faute.and_then(|f| f.du_champ(nom)))
    };
    let case = |nom: &str, libelle: &str, aide: &str| {
        let aide = faute.and_then(|f| f.du_champ(nom)).unwrap_or_else(|| aide.to_owned());
        Checkbox::new(nom, libelle).checked(s.coche(nom)).help(aide)
    };
    let form = Formulaire::new("salle", titre, format!("{}/salles/{ou}", lien(&c.code)), fiche.frame.csrf())
        .champ(&champ("nom", "Nom").required().maxlength(80))
        .champ(&champ("capacite", "Places").kind("number").required())
        .champ(
            &champ("equipement", "Équipement")
                .maxlength(300)
                .help("Postes informatiques, prises, accès de plain-pied…"),
        )
        .champ(&champ("rang", "Rang").kind("number").help("L’ordre dans les pages."))
        .bas(&case("a_part", "Salle à part", "Réservée aux candidats qui ont besoin d’une salle à part."))
        .bas(&case("active", "Active", "Une salle désactivée ne reçoit plus d’épreuve."));
    let form = match tenue {
        Some(tenue) => form.vu(salle_vu(tenue)).verbe("Enregistrer"),
        None => form.verbe("Ajouter la salle"),
    };
    fiche.sections.push(Html::of(&form.sinon(lien(&c.code))));
    dire(&mut fiche, faute);
    fiche
}

pub(super) async fn salle(
    State(iexam): State<Iexam>,
    frame: Frame,
    Path((code, salle)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let c = lire(&iexam, &code).await?;
    let tenue = salle_tenue(&iexam, &c, &salle).await?;
    let s = match &tenue {
        Some(t) => Saisie::nouvelle([
            ("nom", t.nom.clone()),
            ("capacite", t.capacite.to_string()),
            ("equipement", t.equipement.clone()),
            ("rang", t.rang.to_string()),
            ("a_part", oui(t.a_part)),
            ("active", oui(t.active)),
        ]),
        None => Saisie::nouvelle([("active", oui(true)), ("rang", "0".to_owned())]),
    };
    Ok(Page(page_salle(frame, &c, tenue.as_ref(), &s, None)).into_response())
}

pub(super) async fn salle_enregistrer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path((code, salle)): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let c = lire(&iexam, &code).await?;
    let tenue = salle_tenue(&iexam, &c, &salle).await?;
    let voulue = Salle {
        id: tenue.as_ref().map_or(0, |t| t.id),
        nom: s.texte("nom").to_owned(),
        capacite: s.nombre("capacite").ok().flatten().unwrap_or(0),
        equipement: s.texte("equipement").to_owned(),
        a_part: s.coche("a_part"),
        rang: s.nombre("rang").ok().flatten().unwrap_or(0),
        active: s.coche("active"),
    };
    match salle_regler(&iexam, &code, &voulue, s.vu(), &visitor.actor()).await {
        Ok(_) => Ok(Redirection::to(lien(&code)).success("La salle est enregistrée.").into_response()),
        Err(faute @ (ReglageFault::Saisie(_) | ReglageFault::Change(_))) => {
            let tenue = salle_tenue(&iexam, &c, &salle).await?;
            let page = page_salle(frame, &c, tenue.as_ref(), &s, Some(&faute));
            Ok(Page(page).with_status(statut(&faute)))
        }
        Err(faute) => Err(faute.into()),
    }
}

pub(super) async fn fermer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let fait = match (s.jour("du"), s.jour("au")) {
        (Some(du), Some(au)) => {
            let f = Fermeture { id: 0, du, au, motif: s.texte("motif").to_owned() };
            fermer_centre(&iexam, &code, &f, &visitor.actor()).await
        }
        (du, _) => Err(ReglageFault::saisie(if du.is_none() { "du" } else { "au" }, "Donnez un jour.")),
    };
    match fait {
        Ok(()) => Ok(Redirection::to(lien(&code)).success("La fermeture est annoncée.").into_response()),
        Err(faute @ ReglageFault::Saisie(_)) => {
            let c = lire(&iexam, &code).await?;
            let mut fiche = page_du_centre(&iexam, frame, &c, Some((&s, &faute))).await?;
            dire(&mut fiche, Some(&faute));
            Ok(Page(fiche).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(faute) => Err(faute.into()),
    }
}

pub(super) async fn rouvrir(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(s): Form<Saisie>,
) -> Result<Redirection, PageError> {
    let id = s.nombre("fermeture").ok().flatten().unwrap_or(0);
    rouvrir_centre(&iexam, &code, id, &visitor.actor()).await?;
    Ok(Redirection::to(lien(&code)).success("La fermeture est retirée."))
}

async fn colis_tenu(
    iexam: &Iexam,
    c: &Centre,
    colis: &str,
) -> Result<(Option<Colis>, Vec<Periode>), PageError> {
    let id = c.id;
    let (tenus, periodes) = iexam
        .db
        .read(|conn| async move {
            Ok::<_, db::DbError>((colis_du_centre(&conn, id).await?, periode_list(&conn).await?))
        })
        .await?;
    if colis == "nouveau" {
        return Ok((None, periodes));
    }
    let tenu = tenus.into_iter().find(|x| x.id.to_string() == colis);
    match tenu {
        Some(tenu) => Ok((Some(tenu), periodes)),
        None => Err(PageError::nothing("Ce colis n’existe pas dans ce centre.")),
    }
}

fn page_colis(
    frame: Frame,
    c: &Centre,
    (tenu, periodes): (Option<&Colis>, &[Periode]),
    s: &Saisie,
    faute: Option<&ReglageFault>,
) -> Fiche {
    let titre = if tenu.is_some() { "Colis" } else { "Nouveau colis" };
    let mut fiche = Fiche::new(frame.titled(titre).crumb("Centres", LISTE).crumb(&c.nom, lien(&c.code)));
    fiche.identite = Maybe(None);
    let ou = tenu.map_or_else(|| "nouveau".to_owned(), |x| x.id.to_string());
    let champ = |nom: &str, libelle: &str| {
        Field::text(nom, libelle).value(s.texte(nom)).error(faute.and_then(|f| f.du_champ(nom)))
    };
    let sens = Select::new("sens", "Sens", Sens::ALL.map(|s| (s.code(), s.libelle())))
        .selected(s.texte("sens"))
        .required();
    let form = Formulaire::new("colis", titre, format!("{}/colis/{ou}", lien(&c.code)), fiche.frame.csrf())
        .champ(&choix_periode(periodes, s.texte("periode")))
        .champ(&sens)
        .champ(&champ("transporteur", "Transporteur").required().maxlength(80))
        .champ(&champ("suivi", "Numéro de suivi").maxlength(80))
        .champ(&champ("copies", "Exemplaires envoyés").kind("number").required())
        .champ(&champ("expedie_le", "Parti le").kind("date"))
        .champ(&champ("recu_le", "Reçu le").kind("date"))
        .champ(&champ("copies_recues", "Exemplaires reçus").kind("number").help("Comptés à l’arrivée."))
        .bas(&champ("note", "Note").lines(2).maxlength(500));
    let form = match tenu {
        Some(tenu) => form.vu(colis_vu(tenu)),
        None => form,
    };
    fiche.sections.push(Html::of(&form.verbe("Enregistrer").sinon(lien(&c.code))));
    dire(&mut fiche, faute);
    fiche
}

pub(super) async fn colis(
    State(iexam): State<Iexam>,
    frame: Frame,
    Path((code, colis)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let c = lire(&iexam, &code).await?;
    let (tenu, periodes) = colis_tenu(&iexam, &c, &colis).await?;
    let jour = |j: Option<chrono::NaiveDate>| j.map(|j| j.to_string()).unwrap_or_default();
    let s = match &tenu {
        Some(x) => Saisie::nouvelle([
            ("periode", x.periode.to_string()),
            ("sens", x.sens.code().to_owned()),
            ("transporteur", x.transporteur.clone()),
            ("suivi", x.suivi.clone()),
            ("copies", x.copies.to_string()),
            ("expedie_le", jour(x.expedie_le)),
            ("recu_le", jour(x.recu_le)),
            ("copies_recues", x.copies_recues.map(|n| n.to_string()).unwrap_or_default()),
            ("note", x.note.clone()),
        ]),
        None => Saisie::nouvelle([("sens", "aller".to_owned())]),
    };
    Ok(Page(page_colis(frame, &c, (tenu.as_ref(), &periodes), &s, None)).into_response())
}

fn lire_colis(s: &Saisie, id: i64) -> Result<Colis, ReglageFault> {
    let nombre = |champ: &'static str| {
        s.nombre(champ).map_err(|()| ReglageFault::saisie(champ, "Donnez un nombre d’exemplaires."))
    };
    let jour = |champ: &'static str| match (s.texte(champ).trim().is_empty(), s.jour(champ)) {
        (true, _) => Ok(None),
        (false, Some(jour)) => Ok(Some(jour)),
        (false, None) => Err(ReglageFault::saisie(champ, "Ce n’est pas un jour.")),
    };
    let copies = nombre("copies")?;
    Ok(Colis {
        id,
        periode: s.texte("periode").parse().unwrap_or(0),
        centre: 0,
        sens: Sens::of_code(s.texte("sens")).unwrap_or(Sens::Aller),
        transporteur: s.texte("transporteur").to_owned(),
        suivi: s.texte("suivi").to_owned(),
        copies: copies.ok_or_else(|| ReglageFault::saisie("copies", "Donnez un nombre d’exemplaires."))?,
        expedie_le: jour("expedie_le")?,
        recu_le: jour("recu_le")?,
        copies_recues: nombre("copies_recues")?,
        note: s.texte("note").to_owned(),
    })
}

pub(super) async fn colis_enregistrer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path((code, colis)): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let c = lire(&iexam, &code).await?;
    let (tenu, periodes) = colis_tenu(&iexam, &c, &colis).await?;
    let fait = match lire_colis(&s, tenu.as_ref().map_or(0, |x| x.id)) {
        Ok(x) => colis_suivre(&iexam, &code, &x, s.vu(), &visitor.actor()).await,
        Err(faute) => Err(faute),
    };
    match fait {
        Ok(_) => Ok(Redirection::to(lien(&code)).success("Le colis est enregistré.").into_response()),
        Err(faute @ (ReglageFault::Saisie(_) | ReglageFault::Change(_))) => {
            let (tenu, _) = colis_tenu(&iexam, &c, &colis).await?;
            let page = page_colis(frame, &c, (tenu.as_ref(), &periodes), &s, Some(&faute));
            Ok(Page(page).with_status(statut(&faute)))
        }
        Err(faute) => Err(faute.into()),
    }
}
