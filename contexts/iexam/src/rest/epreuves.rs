//! `/api/v1/iexam/epreuves`: the exams of a period, with their instant, their rooms and how many sit them.

use ::web::PageError;
use ::web::rest::Liste;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use kernel::Scope;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::demande::{Demande, reference};
use crate::Iexam;
use crate::actions::epreuve_poser::Fiche;
use crate::domain::epreuve::{Epreuve as Tenue, Nature};
use crate::store::epreuve_lue::{EpreuveLue, Filtre, epreuve_lue_list};

/// L’examen d’un élément dans une période.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = EpreuveExamens)]
pub struct Epreuve {
    /// Son numéro.
    #[schema(example = 318)]
    id: i64,
    /// La période.
    #[schema(example = "2024-P1")]
    periode: String,
    /// COD_ELP.
    #[schema(example = "DRO101")]
    element: String,
    /// Distingue les épreuves d’un même élément.
    rang: i64,
    /// Libellé de l’élément, le jour où l’épreuve a été créée.
    libelle: String,
    /// `ecrit`, `oral`, `pratique`, `dossier`.
    #[schema(example = "ecrit")]
    nature: String,
    /// L’instant où elle commence, partout au monde ; `null` tant qu’elle n’est pas programmée.
    debut: Option<DateTime<Utc>>,
    /// Le même instant à l’heure de Besançon.
    #[schema(example = "2025-01-13T09:00:00+01:00")]
    debut_besancon: Option<String>,
    /// Durée, hors temps majoré ; `null` tant qu’elle n’est pas fixée.
    #[schema(example = 180)]
    duree_minutes: Option<i64>,
    /// L’instant où elle finit, hors temps majoré.
    fin: Option<DateTime<Utc>>,
    /// Documents autorisés.
    documents: String,
    /// Qui fait le sujet. Absent sans le droit `enseignants:lire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    sujet_par: Option<String>,
    /// Ses heures comptent comme surveillées.
    surveillee: bool,
    /// Depuis quand elle est annulée.
    annulee_le: Option<DateTime<Utc>>,
    /// Ses salles.
    salles: Vec<SalleEpreuve>,
    /// Inscriptions, ni brouillons ni annulées, qui la passent.
    passent: i64,
    /// Inscriptions qui la reportent aux rattrapages.
    reportent: i64,
    /// Empreinte de ce qui est réglé, à renvoyer en la modifiant. Absente sans le droit `examens:ecrire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    vu: Option<String>,
}

/// Une salle d’une épreuve.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SalleEpreuve {
    /// Son numéro.
    id: i64,
    /// Code du centre.
    #[schema(example = "besancon")]
    centre: String,
    /// Nom de la salle.
    nom: String,
    /// Places assises.
    capacite: i64,
}

/// The hour that Besançon's clocks show, with its distance from UTC.
pub(super) fn a_besancon(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&chrono_tz::Europe::Paris).to_rfc3339_opts(SecondsFormat::Secs, false)
}

impl Epreuve {
    fn de(e: EpreuveLue, periode: String, sujet: bool, ecrit: bool) -> Self {
        let fin = e.debut.zip(e.duree_min);
        Self {
            vu: ecrit.then(|| fiche(&e)).flatten().map(|f| f.vu().value()),
            id: e.id,
            periode,
            element: e.element,
            rang: e.rang,
            libelle: e.libelle,
            nature: e.nature,
            debut: e.debut,
            debut_besancon: e.debut.map(a_besancon),
            duree_minutes: e.duree_min,
            fin: fin.and_then(|(debut, minutes)| debut.checked_add_signed(Duration::try_minutes(minutes)?)),
            documents: e.documents,
            sujet_par: sujet.then_some(e.sujet_par),
            surveillee: e.surveillee,
            annulee_le: e.annulee_le,
            salles: e
                .salles
                .into_iter()
                .map(|(id, centre, nom, capacite)| SalleEpreuve { id, centre, nom, capacite })
                .collect(),
            passent: e.passent,
            reportent: e.reportent,
        }
    }
}

/// What an action holds of an épreuve that was read.
fn fiche(e: &EpreuveLue) -> Option<Fiche> {
    let epreuve = Tenue {
        id: e.id,
        periode: 0,
        element: e.element.as_str().into(),
        rang: e.rang,
        libelle: e.libelle.clone(),
        nature: Nature::ALL.into_iter().find(|n| n.code() == e.nature)?,
        debut: e.debut,
        duree_min: e.duree_min,
        documents: e.documents.clone(),
        sujet_par: e.sujet_par.clone(),
        surveillee: e.surveillee,
        annulee: e.annulee_le.is_some(),
    };
    Some(Fiche { epreuve, salles: e.salles.iter().map(|(id, ..)| *id).collect() })
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
    /// Texte cherché dans les codes et les libellés.
    recherche: Option<String>,
    /// La période. Nécessaire.
    #[param(example = "2024-P1", required = true)]
    periode: String,
    /// Les épreuves de cet élément (COD_ELP).
    #[param(example = "DRO101")]
    element: Option<String>,
    /// De cette nature.
    #[param(example = "ecrit")]
    nature: Option<String>,
    /// Les épreuves annulées seulement, ou les autres.
    #[param(example = "non")]
    annulee: Option<String>,
}

/// Les épreuves d’une période, par élément.
#[utoipa::path(
    get,
    path = "/api/v1/iexam/epreuves",
    tag = "Examens",
    params(Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Liste<Epreuve>)),
    security(("jeton" = ["examens:lire"]))
)]
pub(super) async fn liste(State(iexam): State<Iexam>, demande: Demande) -> Result<Response, PageError> {
    demande.seulement(&["recherche", "periode", "element", "nature", "annulee"])?;
    let periode = demande.periode(&iexam.db).await?.ok_or_else(|| {
        PageError::unreadable(
            "Le paramètre « periode » manque.",
            "Donnez une période : periode=2024-P1. /api/v1/iexam/periodes les liste.",
        )
    })?;
    let recherche = kernel::fold(&demande.query.recherche);
    let filtre = Filtre {
        periode: periode.id,
        element: demande.query.autre("element"),
        nature: demande.parmi("nature", Nature::ALL.map(Nature::code))?,
        annulee: demande.query.vrai("annulee")?,
        recherche: &recherche,
    };
    let fenetre = demande.fenetre();
    let (total, lues) = iexam.db.read(|c| async move { epreuve_lue_list(&c, filtre, fenetre).await }).await?;
    let sujet = demande.peut(Scope::EnseignantsLire);
    let ecrit = demande.peut(Scope::ExamensEcrire);
    let nom = reference(&periode);
    demande.lister(total, lues.into_iter().map(|e| Epreuve::de(e, nom.clone(), sujet, ecrit)).collect())
}
