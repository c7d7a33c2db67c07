//! `/api/v1/iexam/modalites`: how exams are sat and what it costs; of a period, how many places are left.

use ::web::PageError;
use ::web::rest::Liste;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Scope;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

use super::demande::Demande;
use crate::Iexam;
use crate::actions::modalite_regler::modalite_vu;
use crate::domain::modalite::{Modalite as Tenue, Tarif as TarifTenu, tarif_du};
use crate::store::calcul::tarif_list;
use crate::store::centre_lu::centres_des_modalites;
use crate::store::modalite::modalite_list;
use crate::store::offre::{Offerte, offre_list};

/// Une façon de passer les examens.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ModaliteExamens)]
pub struct Modalite {
    /// Code.
    #[schema(example = "tele_examen")]
    code: String,
    /// Libellé.
    libelle: String,
    /// `centre` quand un de ses centres se choisit, `domicile` quand on compose chez soi.
    #[schema(example = "domicile")]
    lieu: &'static str,
    /// Ses heures sont surveillées, et facturées à l’heure.
    surveillee: bool,
    /// Ce qu’il faut savoir avant de la choisir.
    consignes: String,
    /// Les pièces à envoyer.
    pieces: Vec<String>,
    /// Ordre d’affichage.
    rang: i64,
    /// Des périodes peuvent la proposer.
    active: bool,
    /// Codes de ses centres ouverts.
    centres: Vec<String>,
    /// Ses tarifs, du plus ancien au plus récent. Celui d’une inscription est celui du premier jour d’épreuves de sa période.
    tarifs: Vec<Tarif>,
    /// Ce que la période demandée en propose ; absent quand aucune n’est demandée.
    #[serde(skip_serializing_if = "Option::is_none")]
    offre: Option<Offre>,
    /// Empreinte de ses réglages, à renvoyer en la modifiant. Absente sans le droit `examens:ecrire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    vu: Option<String>,
}

/// Un tarif, depuis un jour.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TarifExamens)]
pub struct Tarif {
    /// Premier jour.
    valide_du: NaiveDate,
    /// Part fixe d’une inscription, en centimes.
    #[schema(example = 3000)]
    fixe_cents: i64,
    /// Par heure surveillée, en centimes.
    #[schema(example = 1250)]
    horaire_cents: i64,
    /// Le temps majoré est facturé comme du temps surveillé.
    majoration_facturee: bool,
}

/// Une modalité dans une période.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OffreExamens)]
pub struct Offre {
    /// La période la propose.
    offerte: bool,
    /// Nombre de places ; `null` quand il n’est pas limité.
    quota: Option<i64>,
    /// Places tenues par des inscriptions.
    prises: i64,
    /// Places qui restent ; `null` quand elles ne sont pas limitées.
    restantes: Option<i64>,
    /// Quand elle cesse d’être proposée, si c’est avant la fin des inscriptions.
    echeance: Option<DateTime<Utc>>,
    /// Le tarif de la période ; `null` quand aucun n’est fixé pour ce jour.
    tarif: Option<Tarif>,
}

impl From<&TarifTenu> for Tarif {
    fn from(t: &TarifTenu) -> Self {
        Self {
            valide_du: t.valide_du,
            fixe_cents: t.fixe.0,
            horaire_cents: t.horaire.0,
            majoration_facturee: t.majoration_facturee,
        }
    }
}

fn modalite(m: Tenue, tarifs: &[TarifTenu], centres: Vec<String>, ecrit: bool) -> Modalite {
    Modalite {
        vu: ecrit.then(|| modalite_vu(&m).value()),
        code: m.code,
        libelle: m.libelle,
        lieu: m.lieu.code(),
        surveillee: m.surveillee,
        consignes: m.consignes,
        pieces: m.pieces.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect(),
        rang: m.rang,
        active: m.active,
        centres,
        tarifs: tarifs.iter().map(Tarif::from).collect(),
        offre: None,
    }
}

fn offre(o: Option<&Offerte>, tarif: Option<&TarifTenu>) -> Offre {
    let quota = o.and_then(|o| o.quota);
    let prises = o.map_or(0, |o| o.prises);
    Offre {
        offerte: o.is_some_and(|o| o.offerte && o.modalite_active),
        quota,
        prises,
        restantes: quota.map(|q| (q - prises).max(0)),
        echeance: o.and_then(|o| o.echeance),
        tarif: tarif.map(Tarif::from),
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
    /// Ajoute ce que cette période propose : quota, places, échéance, tarif.
    #[param(example = "2024-P1")]
    periode: Option<String>,
    /// Les modalités actives seulement, ou les autres.
    #[param(example = "oui")]
    active: Option<String>,
}

/// Les modalités, dans l’ordre où elles sont montrées, avec leurs tarifs datés.
#[utoipa::path(
    get,
    path = "/api/v1/iexam/modalites",
    tag = "Examens",
    params(Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Liste<Modalite>)),
    security(("jeton" = ["examens:lire"]))
)]
pub(super) async fn liste(State(iexam): State<Iexam>, demande: Demande) -> Result<Response, PageError> {
    demande.seulement(&["periode", "active"])?;
    let active = demande.query.vrai("active")?;
    let periode = demande.periode(&iexam.db).await?;
    let id = periode.as_ref().map(|p| p.id);
    let (toutes, tarifs, mut centres, offertes) = iexam
        .db
        .read(|c| async move {
            let offertes = match id {
                Some(id) => offre_list(&c, id).await?,
                None => Vec::new(),
            };
            Ok::<_, db::DbError>((
                modalite_list(&c).await?,
                tarif_list(&c).await?,
                centres_des_modalites(&c).await?,
                offertes,
            ))
        })
        .await?;
    let offertes: BTreeMap<i64, Offerte> = offertes.into_iter().map(|o| (o.modalite, o)).collect();
    let ecrit = demande.peut(Scope::ExamensEcrire);
    let choisies = toutes.into_iter().filter(|m| active.is_none_or(|a| a == m.active)).map(|m| {
        let id = m.id;
        let tarifs = tarifs.get(&id).map_or(&[][..], Vec::as_slice);
        let mut lue = modalite(m, tarifs, centres.remove(&id).unwrap_or_default(), ecrit);
        lue.offre = periode.as_ref().map(|p| {
            let du_jour = tarif_du(tarifs, p.epreuves_debut);
            offre(offertes.get(&id), du_jour.as_ref())
        });
        lue
    });
    let choisies = choisies.collect();
    demande.lister_tout(choisies)
}
