//! What a modality costs and from when, and where it is sat: the parts of its page that are changed there.

use ::web::components::{
    ActionForm, Alert, Badge, Button, Cell, Checkbox, Column, Empty, Field, Row, Table, Tone,
};
use ::web::{Frame, Html, Page, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Cents, Fault as _, date_francaise};

use super::super::pages::{Formulaire, Replie, Saisie};
use super::lien;
use super::une::{lire, page};
use crate::Iexam;
use crate::actions::modalite_regler::rattacher as rattacher_centres;
use crate::actions::modalite_tarifer::{retirer, tarifer as ajouter_tarif};
use crate::actions::regler_fault::{Refus, ReglageFault};
use crate::domain::modalite::{Modalite, Tarif, tarif_du};

pub(super) fn tarifs(
    m: &Modalite,
    tenus: &[Tarif],
    aujourd_hui: chrono::NaiveDate,
    peut: bool,
    csrf: &str,
) -> Table {
    let courant = tarif_du(tenus, aujourd_hui);
    let rows = tenus.iter().rev().map(|t| {
        let badge = if Some(*t) == courant {
            Badge::new(Tone::Success, "En vigueur")
        } else if t.valide_du > aujourd_hui {
            Badge::new(Tone::Info, "À venir")
        } else {
            Badge::new(Tone::Neutral, "Passé")
        };
        let row = Row::new()
            .text(date_francaise(t.valide_du))
            .cell(Cell::Number(t.fixe.to_string()))
            .cell(Cell::Number(t.horaire.to_string()))
            .text(if t.majoration_facturee { "oui" } else { "non" })
            .badge(badge)
            .muted(t.valide_du <= aujourd_hui && Some(*t) != courant);
        if peut {
            let bouton = Button::submit("Retirer").look(::web::components::Look::Quiet);
            let form = ActionForm::new(format!("{}/tarifs/retirer", lien(&m.code)), csrf, bouton)
                .sending("valide_du", t.valide_du.to_string());
            row.component(&form)
        } else {
            row
        }
    });
    let mut colonnes = vec![
        Column::text("du", "À partir du"),
        Column::number("fixe", "Part fixe"),
        Column::number("horaire", "Par heure"),
        Column::text("tiers", "Tiers-temps facturé").optional(),
        Column::text("etat", "État"),
    ];
    if peut {
        colonnes.push(Column::text("retirer", "Retirer"));
    }
    Table::new("tarifs", "Tarifs").columns(colonnes).rows(rows.collect::<Vec<_>>()).empty(Empty::new(
        "Aucun tarif",
        "Sans tarif, la modalité ne peut pas être offerte à des inscriptions.",
    ))
}

pub(super) fn nouveau_tarif(m: &Modalite, csrf: &str, sent: Option<(&Saisie, &ReglageFault)>) -> Html {
    let valeur = |nom: &str| sent.map(|(s, _)| s.texte(nom).to_owned()).unwrap_or_default();
    let erreur = |nom: &str| sent.and_then(|(_, f)| f.du_champ(nom));
    let form = Formulaire::new("tarif", "Nouveau tarif", format!("{}/tarifs", lien(&m.code)), csrf)
        .texte("Le tarif d’une inscription est celui du premier jour d’épreuves de sa période. Un tarif qui a servi ne change plus\u{a0}: on en ajoute un autre.")
        .champ(&Field::text("valide_du", "À partir du").kind("date").value(valeur("valide_du")).required().error(erreur("valide_du")))
        .champ(&Field::text("fixe", "Part fixe, en euros").value(valeur("fixe")).required().maxlength(12).help("30 ou 30,50. 0 si elle est gratuite.").error(erreur("fixe")))
        .champ(&Field::text("horaire", "Par heure surveillée, en euros").value(valeur("horaire")).required().maxlength(12).help("0 si les heures ne sont pas facturées.").error(erreur("horaire")))
        .bas(
            &Checkbox::new("majoration_facturee", "Facturer aussi le tiers-temps")
                .checked(sent.is_some_and(|(s, _)| s.coche("majoration_facturee")))
                .help("Un aménagement est un droit\u{a0}: ne cochez que si l’université l’a décidé."),
        )
        .verbe_discret("Ajouter le tarif");
    Html::of(&Replie {
        titre: "Ajouter un tarif".to_owned(),
        ouvert: sent.is_some(),
        contenu: vec![Html::of(&form)],
    })
}

fn lire_tarif(s: &Saisie) -> Result<Tarif, ReglageFault> {
    let mut refus = Vec::new();
    let valide_du = s.jour("valide_du");
    if valide_du.is_none() {
        refus.push(Refus::new("valide_du", "Donnez le premier jour."));
    }
    let mut montant = |champ: &'static str| {
        Cents::parse(s.texte(champ)).unwrap_or_else(|err| {
            refus.push(Refus::new(champ, format!("{err}.")));
            Cents::ZERO
        })
    };
    let (fixe, horaire) = (montant("fixe"), montant("horaire"));
    match valide_du {
        Some(valide_du) if refus.is_empty() => {
            Ok(Tarif { valide_du, fixe, horaire, majoration_facturee: s.coche("majoration_facturee") })
        }
        _ => Err(ReglageFault::Saisie(refus)),
    }
}

async fn rendre(
    iexam: &Iexam,
    frame: Frame,
    code: &str,
    s: Option<&Saisie>,
    fait: Result<(), ReglageFault>,
    bien: &str,
) -> Result<Response, PageError> {
    let faute = match fait {
        Ok(()) => return Ok(Redirection::to(lien(code)).success(bien).into_response()),
        Err(faute @ (ReglageFault::Saisie(_) | ReglageFault::Empeche(_))) => faute,
        Err(faute) => return Err(faute.into()),
    };
    let m = lire(iexam, code).await?;
    let mut fiche = page(iexam, frame, &m, s.map(|s| (s, &faute))).await?;
    fiche.alertes.insert(0, Alert::new(Tone::Danger, faute.message()).way_out(faute.way_out()));
    Ok(Page(fiche).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

pub(super) async fn tarifer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let fait = match lire_tarif(&s) {
        Ok(tarif) => ajouter_tarif(&iexam, &code, &tarif, &visitor.actor()).await,
        Err(faute) => Err(faute),
    };
    rendre(&iexam, frame, &code, Some(&s), fait, "Le tarif est ajouté.").await
}

pub(super) async fn retirer_tarif(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let fait = match s.jour("valide_du") {
        Some(du) => retirer(&iexam, &code, du, &visitor.actor()).await,
        None => Err(ReglageFault::saisie("valide_du", "Ce tarif n’existe pas.")),
    };
    rendre(&iexam, frame, &code, None, fait, "Le tarif est retiré.").await
}

pub(super) async fn rattacher(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let centres: Vec<i64> = s.tous("centre").into_iter().filter_map(|id| id.parse().ok()).collect();
    let fait = rattacher_centres(&iexam, &code, &centres, &visitor.actor()).await;
    rendre(&iexam, frame, &code, None, fait, "Les centres de la modalité sont enregistrés.").await
}
