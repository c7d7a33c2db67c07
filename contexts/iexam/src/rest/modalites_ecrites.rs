//! Modalities made and changed, their tariffs, their centres.

use axum::http::StatusCode;
use chrono::NaiveDate;
use kernel::Cents;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ecriture::{Ecriture, Reponse, Rien, oui};
use super::idempotence::Refus;
use crate::actions::modalite_regler::{creer, modifier, rattacher};
use crate::actions::modalite_tarifer::{retirer, tarifer};
use crate::actions::regler_fault::ReglageFault;
use crate::domain::modalite::{Lieu, Modalite, Tarif};
use crate::store::inscription_lue::{Objet, rang_de};

/// Une modalité à créer, ou telle qu’elle doit devenir.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModaliteAEcrire {
    /// Code ; il ne change plus quand une période l’a proposée.
    #[schema(example = "tele_examen")]
    code: String,
    /// Libellé.
    libelle: String,
    /// `centre` ou `domicile`.
    #[schema(example = "domicile")]
    lieu: String,
    /// Ses heures sont surveillées, et facturées à l’heure.
    surveillee: bool,
    /// Ce qu’il faut savoir avant de la choisir.
    #[serde(default)]
    consignes: String,
    /// Les pièces à envoyer.
    #[serde(default)]
    pieces: Vec<String>,
    /// Ordre d’affichage, de 0 à 999.
    #[serde(default)]
    rang: i64,
    /// Des périodes peuvent la proposer. Oui par défaut.
    #[serde(default = "oui")]
    active: bool,
    /// L’empreinte « vu » lue avec la modalité : refusé si elle a changé depuis. Inutile pour créer.
    #[serde(default)]
    vu: Option<String>,
}

/// Un tarif à ajouter.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TarifAEcrire {
    /// Premier jour.
    valide_du: NaiveDate,
    /// Part fixe d’une inscription, en centimes.
    #[schema(example = 3000)]
    fixe_cents: i64,
    /// Par heure surveillée, en centimes.
    #[schema(example = 1250)]
    horaire_cents: i64,
    /// Le temps majoré est facturé comme du temps surveillé. Non par défaut : un aménagement est un droit.
    #[serde(default)]
    majoration_facturee: bool,
}

/// Les centres d’une modalité : ceux-ci et aucun autre.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CentresDeModalite {
    /// Codes.
    #[schema(example = json!(["noumea", "cayenne"]))]
    centres: Vec<String>,
}

/// Ce qui a été écrit, par son code.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReglageEcrit {
    /// Code.
    #[schema(example = "tele_examen")]
    code: String,
    /// Où le relire.
    #[schema(example = "/api/v1/iexam/modalites")]
    lien: String,
}

fn ecrite(statut: StatusCode, code: String) -> Result<(StatusCode, ReglageEcrit), Refus> {
    Ok((statut, ReglageEcrit { code, lien: "/api/v1/iexam/modalites".to_owned() }))
}

impl ModaliteAEcrire {
    fn voulue(&self) -> Result<Modalite, ReglageFault> {
        let lieu = Lieu::of_code(&self.lieu)
            .ok_or_else(|| ReglageFault::saisie("lieu", "Le lieu est « centre » ou « domicile »."))?;
        Ok(Modalite {
            id: 0,
            code: self.code.clone(),
            libelle: self.libelle.clone(),
            lieu,
            surveillee: self.surveillee,
            consignes: self.consignes.clone(),
            pieces: self.pieces.join("\n"),
            rang: self.rang,
            active: self.active,
        })
    }
}

/// Créer une modalité
#[utoipa::path(
    post,
    path = "/api/v1/iexam/modalites",
    tag = "Examens",
    request_body = ModaliteAEcrire,
    responses(
        (status = 201, description = "La modalité est créée.", body = ReglageEcrit),
        (status = 422, description = "Ce qui est donné est refusé, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn creation(e: Ecriture<(), ModaliteAEcrire>) -> Reponse {
    e.faire(|iexam, par, (), c| async move {
        creer(&iexam, &c.voulue()?, &par.acteur).await?;
        ecrite(StatusCode::CREATED, c.code)
    })
    .await
}

/// Modifier une modalité
///
/// Tout est donné, ce qui change et ce qui reste. Ce dont des inscriptions dépendent ne change plus.
#[utoipa::path(
    put,
    path = "/api/v1/iexam/modalites/{code}",
    tag = "Examens",
    params(
        ("code" = String, Path, description = "Code de la modalité.", example = "tele_examen"),
    ),
    request_body = ModaliteAEcrire,
    responses(
        (status = 200, description = "La modalité est modifiée.", body = ReglageEcrit),
        (status = 409, description = "Elle a changé depuis que vous l’avez lue."),
        (status = 422, description = "Ce qui est donné est refusé, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn modification(e: Ecriture<String, ModaliteAEcrire>) -> Reponse {
    e.faire(|iexam, par, code, c| async move {
        modifier(&iexam, &code, &c.voulue()?, c.vu.as_deref(), &par.acteur).await?;
        ecrite(StatusCode::OK, c.code)
    })
    .await
}

/// Choisir les centres d’une modalité
///
/// Ceux qui sont donnés et aucun autre. Un centre où quelqu’un a une place ne peut pas être retiré.
#[utoipa::path(
    put,
    path = "/api/v1/iexam/modalites/{code}/centres",
    tag = "Examens",
    params(
        ("code" = String, Path, description = "Code de la modalité.", example = "centre_etranger"),
    ),
    request_body = CentresDeModalite,
    responses(
        (status = 200, description = "Les centres sont ceux-là.", body = ReglageEcrit),
        (status = 404, description = "Un centre n’existe pas."),
        (status = 409, description = "Un centre retiré a des inscriptions, ou la modalité se passe chez soi.")
    )
)]
pub(super) async fn centres(e: Ecriture<String, CentresDeModalite>) -> Reponse {
    e.faire(|iexam, par, code, c| async move {
        let mut rangs = Vec::new();
        for nom in &c.centres {
            let rang = iexam.db.read(|conn| async move { rang_de(&conn, Objet::Centre, nom).await }).await?;
            rangs.push(rang.ok_or_else(|| ReglageFault::Inconnu("Le centre", nom.clone()))?);
        }
        rattacher(&iexam, &code, &rangs, &par.acteur).await?;
        ecrite(StatusCode::OK, code)
    })
    .await
}

/// Ajouter un tarif à une modalité
///
/// À partir d’un jour. Il ne doit pas changer ce que doivent des étudiants qui ont déjà validé.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/modalites/{code}/tarifs",
    tag = "Examens",
    params(
        ("code" = String, Path, description = "Code de la modalité.", example = "tele_examen"),
    ),
    request_body = TarifAEcrire,
    responses(
        (status = 201, description = "Le tarif est ajouté.", body = ReglageEcrit),
        (status = 422, description = "Des inscriptions en dépendent, un montant est refusé, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn tarif(e: Ecriture<String, TarifAEcrire>) -> Reponse {
    e.faire(|iexam, par, code, c| async move {
        let tarif = Tarif {
            valide_du: c.valide_du,
            fixe: Cents(c.fixe_cents),
            horaire: Cents(c.horaire_cents),
            majoration_facturee: c.majoration_facturee,
        };
        tarifer(&iexam, &code, &tarif, &par.acteur).await?;
        ecrite(StatusCode::CREATED, code)
    })
    .await
}

/// Retirer un tarif qui ne sert à personne
#[utoipa::path(
    delete,
    path = "/api/v1/iexam/modalites/{code}/tarifs/{jour}",
    tag = "Examens",
    params(
        ("code" = String, Path, description = "Code de la modalité.", example = "tele_examen"),
        ("jour" = NaiveDate, Path, description = "Premier jour du tarif.", example = "2025-09-01"),
    ),
    responses(
        (status = 200, description = "Le tarif est retiré.", body = ReglageEcrit),
        (status = 422, description = "Des inscriptions en dépendent, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn tarif_retrait(e: Ecriture<(String, NaiveDate), Rien>) -> Reponse {
    e.faire(|iexam, par, (code, jour), Rien {}| async move {
        retirer(&iexam, &code, jour, &par.acteur).await?;
        ecrite(StatusCode::OK, code)
    })
    .await
}
