//! `/api/v1/iexam/inscriptions`. Numbers, choices and amounts come with `examens:lire`; names with `etudiants:lire`; the address to write
//! to and extra time with `etudiants:identite`. What may not be read is absent.

use ::web::PageError;
use ::web::rest::Liste;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use kernel::Scope;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::demande::{Demande, referer};
use crate::Iexam;
use crate::domain::inscription::EtatInscription;
use crate::store::inscription_lue::{Filtre, InscriptionLue, Objet, inscription_lue_list};

/// L’inscription d’un étudiant à une période.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = InscriptionExamens)]
pub struct Inscription {
    /// Son numéro.
    #[schema(example = 5120)]
    id: i64,
    /// La période.
    #[schema(example = "2024-P1")]
    periode: String,
    /// COD_ETU.
    #[schema(example = "21903456")]
    etudiant: String,
    /// Prénom et nom. Absent sans le droit `etudiants:lire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    nom: Option<String>,
    /// Courriel. Absent sans le droit `etudiants:identite`.
    #[serde(skip_serializing_if = "Option::is_none")]
    courriel: Option<String>,
    /// Temps majoré, en minutes par heure : 20 est un tiers. Absent sans le droit `etudiants:identite`.
    #[serde(skip_serializing_if = "Option::is_none")]
    majoration: Option<i64>,
    /// Ses étapes.
    #[schema(example = "L1 Droit")]
    etapes: String,
    /// `brouillon`, `validee`, `a_corriger`, `verifiee`, `payee`, `finalisee`, `annulee`.
    #[schema(example = "validee")]
    etat: &'static str,
    /// Pourquoi elle a été renvoyée ou annulée. Absent sans le droit `etudiants:lire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    motif: Option<String>,
    /// Code de la modalité.
    #[schema(example = "tele_examen")]
    modalite: Option<String>,
    /// Code du centre.
    centre: Option<String>,
    /// Grandit à chaque changement de ce que l’étudiant a choisi.
    revision: i64,
    /// Numéro du dernier reçu.
    recu: Option<String>,
    /// Ce qui est demandé, en centimes.
    #[schema(example = 8625)]
    du_cents: i64,
    /// Ce qui reste à payer, en centimes ; négatif quand trop a été payé.
    #[schema(example = 0)]
    solde_cents: i64,
    /// Épreuves passées.
    passees: i64,
    /// Épreuves reportées aux rattrapages.
    reportees: i64,
    /// Une épreuve n’a pas de salle dans son centre.
    sans_salle: bool,
    /// Un changement est demandé et attend une décision.
    demande_en_attente: bool,
    /// Quand elle a été commencée.
    creee_le: DateTime<Utc>,
    /// Quand elle a changé pour la dernière fois.
    modifiee_le: DateTime<Utc>,
    /// Quand l’étudiant l’a validée pour la dernière fois.
    validee_le: Option<DateTime<Utc>>,
}

impl Inscription {
    /// With what `demande` may read.
    pub(super) fn de(lue: InscriptionLue, demande: &Demande) -> Self {
        let InscriptionLue { inscription: i, annee, periode, modalite, centre } = lue;
        let noms = demande.peut(Scope::EtudiantsLire);
        let identite = demande.peut(Scope::EtudiantsIdentite);
        Self {
            id: i.id,
            periode: referer(annee, &periode),
            etudiant: i.etudiant.to_string(),
            nom: noms.then_some(i.nom),
            courriel: identite.then_some(i.courriel),
            majoration: identite.then_some(i.majoration),
            etapes: i.etapes,
            etat: i.etat.code(),
            motif: noms.then_some(i.motif),
            modalite,
            centre,
            revision: i.revision,
            recu: i.recu,
            du_cents: i.du.0,
            solde_cents: i.solde.0,
            passees: i.passees,
            reportees: i.reportees,
            sans_salle: i.sans_salle,
            demande_en_attente: i.demande_en_attente,
            creee_le: i.creee_le,
            modifiee_le: i.modifiee_le,
            validee_le: i.validee_le,
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
    /// Texte cherché dans les numéros et les noms. Demande le droit `etudiants:lire`.
    recherche: Option<String>,
    /// La période. Nécessaire, sauf pour les inscriptions d’un seul étudiant.
    #[param(example = "2024-P1")]
    periode: Option<String>,
    /// Dans cet état. Peut être donné plusieurs fois.
    #[param(example = "validee")]
    etat: Option<String>,
    /// De cette modalité, par son code.
    #[param(example = "tele_examen")]
    modalite: Option<String>,
    /// Dans ce centre, par son code.
    #[param(example = "noumea")]
    centre: Option<String>,
    /// De cet étudiant (COD_ETU).
    #[param(example = "21903456")]
    etudiant: Option<String>,
}

/// Les inscriptions d’une période, par numéro d’étudiant.
///
/// Les brouillons en sont : filtrez par `etat` pour n’avoir que ce que les étudiants ont validé.
#[utoipa::path(
    get,
    path = "/api/v1/iexam/inscriptions",
    tag = "Examens",
    params(Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Liste<Inscription>)),
    security(("jeton" = ["examens:lire"]))
)]
pub(super) async fn liste(State(iexam): State<Iexam>, demande: Demande) -> Result<Response, PageError> {
    demande.seulement(&["recherche", "periode", "etat", "modalite", "centre", "etudiant"])?;
    let periode = demande.periode(&iexam.db).await?.map(|p| p.id);
    let etudiant = demande.query.autre("etudiant").map(str::to_owned);
    if periode.is_none() && etudiant.is_none() {
        return Err(PageError::unreadable(
            "Le paramètre « periode » manque.",
            "Donnez une période, periode=2024-P1, ou un étudiant, etudiant=21903456.",
        ));
    }
    let filtre = &Filtre {
        periode,
        etudiant,
        etats: etats(&demande)?,
        modalite: demande.rang(&iexam.db, "modalite", Objet::Modalite).await?,
        centre: demande.rang(&iexam.db, "centre", Objet::Centre).await?,
        recherche: demande.noms_cherches()?,
    };
    let fenetre = demande.fenetre();
    let (total, lues) =
        iexam.db.read(|c| async move { inscription_lue_list(&c, filtre, fenetre).await }).await?;
    demande.lister(total, lues.into_iter().map(|lue| Inscription::de(lue, &demande)).collect())
}

fn etats(demande: &Demande) -> Result<Vec<EtatInscription>, PageError> {
    let lire = |dit: &str| {
        EtatInscription::of_code(dit).ok_or_else(|| {
            PageError::unreadable(
                "Le paramètre « etat » ne prend pas cette valeur.",
                format!("Valeurs connues : {}.", EtatInscription::ALL.map(EtatInscription::code).join(", ")),
            )
        })
    };
    demande.tous("etat").map(lire).collect()
}
