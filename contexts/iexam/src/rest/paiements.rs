//! `/api/v1/iexam/paiements`: the ledger, row by row.

use ::web::PageError;
use ::web::rest::Liste;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::demande::{Demande, referer};
use crate::Iexam;
use crate::domain::ecriture::{Moyen, Nature};
use crate::store::paiement_lu::{Filtre, PaiementLu, paiement_lu_list};

/// Une écriture du registre des paiements. Elle ne change jamais : une erreur est corrigée par une autre, qui la nomme.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = EcriturePaiement)]
pub struct Paiement {
    /// Son numéro.
    #[schema(example = 9041)]
    id: i64,
    /// Numéro de l’inscription.
    inscription: i64,
    /// COD_ETU.
    #[schema(example = "21903456")]
    etudiant: String,
    /// La période de l’inscription.
    #[schema(example = "2024-P1")]
    periode: String,
    /// `du`, `exoneration`, `paiement`, `remboursement`.
    #[schema(example = "paiement")]
    nature: String,
    /// `cheque`, `virement`, `carte_guichet`, `especes`, `en_ligne` ; `null` quand aucune somme n’a circulé.
    #[schema(example = "cheque")]
    moyen: Option<String>,
    /// Ce que l’écriture ajoute à ce qui reste à payer, en centimes : un paiement est négatif, un remboursement positif.
    #[schema(example = -8625)]
    montant_cents: i64,
    /// Comme le compte la montre.
    libelle: String,
    /// Ce pour quoi une somme est due : `fixe`, `epreuve:318`.
    poste: Option<String>,
    /// Numéro du chèque, du virement, de la transaction.
    reference: String,
    /// Le jour pour lequel elle compte.
    jour: NaiveDate,
    /// Quand elle a été écrite.
    ecrite_le: DateTime<Utc>,
    /// Par qui.
    ecrite_par: String,
    /// L’écriture qu’elle corrige.
    corrige: Option<i64>,
    /// Sa journée est close.
    close: bool,
    /// Numéro de la clôture de sa journée.
    cloture: Option<i64>,
}

impl From<PaiementLu> for Paiement {
    fn from(p: PaiementLu) -> Self {
        Self {
            id: p.id,
            inscription: p.inscription,
            etudiant: p.etudiant,
            periode: referer(p.annee, &p.periode),
            nature: p.nature,
            moyen: p.moyen,
            montant_cents: p.montant_cents,
            libelle: p.libelle,
            poste: p.poste,
            reference: p.reference,
            jour: p.jour,
            ecrite_le: p.ecrite_le,
            ecrite_par: p.ecrite_par,
            corrige: p.corrige,
            close: p.cloture.is_some(),
            cloture: p.cloture,
        }
    }
}

/// What narrows the list, for the document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the document only")]
pub(super) struct Filtres {
    /// Numéro de page, à partir de 1.
    #[param(minimum = 1, default = 1)]
    page: Option<u64>,
    /// Lignes par page, de 1 à 500.
    #[param(minimum = 1, maximum = 500, default = 50)]
    taille: Option<u64>,
    /// À partir de ce jour.
    #[param(example = "2025-01-01")]
    du: Option<String>,
    /// Jusqu’à ce jour, compris.
    #[param(example = "2025-01-31")]
    au: Option<String>,
    /// D’une inscription, par son numéro.
    inscription: Option<i64>,
    /// Des inscriptions d’une période.
    #[param(example = "2024-P1")]
    periode: Option<String>,
    /// De cette nature.
    #[param(example = "paiement")]
    nature: Option<String>,
    /// Par ce moyen.
    #[param(example = "cheque")]
    moyen: Option<String>,
    /// D’une journée close, par le numéro de sa clôture.
    cloture: Option<i64>,
}

/// Les écritures du registre des paiements, par jour.
#[utoipa::path(
    get,
    path = "/api/v1/iexam/paiements",
    tag = "Paiements des examens",
    params(Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Liste<Paiement>)),
    security(("jeton" = ["paiements:lire"]))
)]
pub(super) async fn liste(State(iexam): State<Iexam>, demande: Demande) -> Result<Response, PageError> {
    demande.seulement(&["du", "au", "inscription", "periode", "nature", "moyen", "cloture"])?;
    let filtre = Filtre {
        du: demande.jour("du")?,
        au: demande.jour("au")?,
        inscription: demande.nombre("inscription")?,
        periode: demande.periode(&iexam.db).await?.map(|p| p.id),
        nature: demande.parmi("nature", Nature::ALL.map(Nature::code))?,
        moyen: demande.parmi("moyen", Moyen::ALL.map(Moyen::code))?,
        cloture: demande.nombre("cloture")?,
    };
    let fenetre = demande.fenetre();
    let (total, lus) = iexam.db.read(|c| async move { paiement_lu_list(&c, filtre, fenetre).await }).await?;
    demande.lister(total, lus.into_iter().map(Paiement::from).collect())
}
