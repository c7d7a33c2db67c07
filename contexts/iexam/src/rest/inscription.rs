//! `/api/v1/iexam/inscriptions/{id}`: one registration, its choices, its account, what is asked of it.

use ::web::PageError;
use ::web::rest::Probleme;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use db::DbError;
use kernel::{Cents, Scope};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

use super::demande::{Demande, absente};
use super::epreuves::a_besancon;
use super::inscriptions::Inscription;
use crate::Iexam;
use crate::actions::lot::vu;
use crate::domain::demande::EtatDemande;
use crate::domain::ecriture::Nature;
use crate::store::demande::{Demande as Demandee, demandes_de};
use crate::store::inscription_lue::{
    ChoixLu, Codes, Objet, choix_lus, codes, compte_lu, inscription_lue_read,
};

/// Une inscription, ses choix et son compte.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InscriptionComplete {
    /// L’inscription.
    #[serde(flatten)]
    inscription: Inscription,
    /// Ce qui a été décidé de chaque épreuve.
    choix: Vec<Choix>,
    /// Ce que dit son compte. Les écritures sont dans `/api/v1/iexam/paiements`.
    compte: Compte,
    /// Les changements demandés après validation, le plus récent d’abord. Absent sans le droit `etudiants:lire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    demandes: Option<Vec<DemandeChangement>>,
    /// Empreinte de ce qui est lu ici : renvoyée dans « vu », elle fait refuser l’action si l’inscription a changé entre-temps.
    #[schema(example = "9f2c4a11d0b38e77.0")]
    vu: String,
}

/// Ce qui a été décidé d’une épreuve.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Choix {
    /// Numéro de l’épreuve.
    epreuve: i64,
    /// COD_ELP.
    #[schema(example = "DRO101")]
    element: String,
    /// Distingue les épreuves d’un même élément.
    rang: i64,
    /// Libellé.
    libelle: String,
    /// L’instant où elle commence.
    debut: Option<DateTime<Utc>>,
    /// Le même instant à l’heure de Besançon.
    #[schema(example = "2025-01-13T09:00:00+01:00")]
    debut_besancon: Option<String>,
    /// Durée, hors temps majoré.
    duree_minutes: Option<i64>,
    /// L’épreuve est annulée.
    annulee: bool,
    /// `passe`, `report`, ou `indecis` dans un brouillon.
    #[schema(example = "passe")]
    decision: String,
}

/// Le compte d’une inscription, en centimes : `solde` est ce qui reste des autres.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CompteInscription)]
pub struct Compte {
    /// Ce qui est demandé.
    #[schema(example = 8625)]
    du_cents: i64,
    /// Ce qui n’est pas demandé, par exonération.
    exonere_cents: i64,
    /// Ce qui a été payé.
    #[schema(example = 8625)]
    paye_cents: i64,
    /// Ce qui a été rendu.
    rembourse_cents: i64,
    /// Ce qui reste à payer ; négatif quand trop a été payé.
    #[schema(example = 0)]
    solde_cents: i64,
}

/// Un changement demandé par l’étudiant après sa validation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DemandeChangement {
    /// Son numéro.
    id: i64,
    /// Quand il a été demandé.
    faite_le: DateTime<Utc>,
    /// `en_attente`, `acceptee`, `refusee`, `retiree`.
    #[schema(example = "en_attente")]
    etat: &'static str,
    /// Pourquoi.
    motif: String,
    /// Code de la modalité voulue ; `null` quand rien ne serait passé.
    #[schema(example = "tele_examen")]
    modalite: Option<String>,
    /// Code du centre voulu.
    centre: Option<String>,
    /// Ce qui est voulu de chaque épreuve, par son numéro.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"318": "report"}))]
    choix: BTreeMap<String, &'static str>,
    /// Quand la scolarité a décidé.
    traitee_le: Option<DateTime<Utc>>,
    /// Ce qu’elle a répondu.
    reponse: String,
}

impl From<ChoixLu> for Choix {
    fn from(c: ChoixLu) -> Self {
        Self {
            epreuve: c.epreuve,
            element: c.element,
            rang: c.rang,
            libelle: c.libelle,
            debut: c.debut,
            debut_besancon: c.debut.map(a_besancon),
            duree_minutes: c.duree_min,
            annulee: c.annulee,
            decision: c.decision,
        }
    }
}

impl DemandeChangement {
    /// `codes` are those of modalities, then of centres.
    pub(super) fn de(d: Demandee, (modalites, centres): (&Codes, &Codes)) -> Self {
        Self {
            id: d.id,
            faite_le: d.faite_le,
            etat: EtatDemande::code(d.etat),
            motif: d.motif,
            modalite: d.voulu.modalite.and_then(|id| modalites.get(&id).cloned()),
            centre: d.voulu.centre.and_then(|id| centres.get(&id).cloned()),
            choix: d.voulu.choix.iter().map(|(id, decision)| (id.to_string(), decision.code())).collect(),
            traitee_le: d.traitee_le,
            reponse: d.reponse,
        }
    }
}

fn compte(par_nature: &BTreeMap<Nature, Cents>) -> Compte {
    let de = |nature: Nature| nature.signe(par_nature.get(&nature).copied().unwrap_or(Cents::ZERO)).0;
    Compte {
        du_cents: de(Nature::Du),
        exonere_cents: de(Nature::Exoneration),
        paye_cents: de(Nature::Paiement),
        rembourse_cents: de(Nature::Remboursement),
        solde_cents: par_nature.values().map(|c| c.0).sum(),
    }
}

/// Une inscription, ce que l’étudiant a choisi, et son compte.
#[utoipa::path(
    get,
    path = "/api/v1/iexam/inscriptions/{id}",
    tag = "Examens",
    params(("id" = i64, Path, description = "Numéro de l’inscription.", example = 5120)),
    responses(
        (status = 200, description = "L’inscription.", body = InscriptionComplete),
        (status = 404, description = "Cette inscription n’existe pas.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["examens:lire"]))
)]
pub(super) async fn une(
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
    demande: Demande,
) -> Result<Response, PageError> {
    demande.seulement_un(&[])?;
    let noms = demande.peut(Scope::EtudiantsLire);
    let lue = iexam
        .db
        .read(|c| async move {
            let Some(lue) = inscription_lue_read(&c, id).await? else { return Ok(None) };
            let demandes = if noms { Some(demandes_de(&c, id).await?) } else { None };
            let (modalites, centres) = match demandes.as_deref() {
                Some([_, ..]) => (codes(&c, Objet::Modalite).await?, codes(&c, Objet::Centre).await?),
                _ => (Codes::new(), Codes::new()),
            };
            let dire = |d| DemandeChangement::de(d, (&modalites, &centres));
            let demandes = demandes.map(|toutes| toutes.into_iter().map(dire).collect());
            Ok::<_, DbError>(Some((lue, choix_lus(&c, id).await?, compte_lu(&c, id).await?, demandes)))
        })
        .await;
    let (lue, choix, par_nature, demandes) = absente(lue, || format!("L’inscription n° {id} n’existe pas."))?;
    let vu = vu(&lue.inscription).value();
    demande.repondre(&InscriptionComplete {
        inscription: Inscription::de(lue, &demande),
        choix: choix.into_iter().map(Choix::from).collect(),
        compte: compte(&par_nature),
        demandes,
        vu,
    })
}
