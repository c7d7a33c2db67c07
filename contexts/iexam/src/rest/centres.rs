//! `/api/v1/iexam/centres`: where exams are sat, with rooms and agreements.

use ::web::PageError;
use ::web::rest::Liste;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use db::Paging;
use kernel::Scope;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::demande::{Demande, referer};
use crate::Iexam;
use crate::actions::centre_regler::centre_vu;
use crate::domain::centre::{Centre as Tenu, Fermeture as FermetureTenue, Salle as SalleTenue};
use crate::store::centre::{Filtre, centre_list};
use crate::store::centre_lu::{AccordLu, accords_des, fermetures_des, modalites_des, salles_des};

/// Un lieu d’examen.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CentreExamens)]
pub struct Centre {
    /// Code.
    #[schema(example = "noumea")]
    code: String,
    /// Nom.
    nom: String,
    /// Rue.
    adresse: String,
    /// Code postal.
    code_postal: String,
    /// Ville.
    ville: String,
    /// Pays.
    pays: String,
    /// Fuseau horaire, par son nom IANA.
    #[schema(example = "Pacific/Noumea")]
    fuseau: String,
    /// À qui écrire, et qui surveille. Absent sans le droit `examens:ecrire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Contact>,
    /// Personnes au plus à la fois, quand on le sait.
    capacite: Option<i64>,
    /// Il doit donner son accord avant que quelqu’un y soit envoyé.
    accord_requis: bool,
    /// Des périodes peuvent l’utiliser.
    actif: bool,
    /// Codes des modalités qui y envoient.
    modalites: Vec<String>,
    /// Ses salles, celles en service d’abord.
    salles: Vec<Salle>,
    /// Son accord à chaque période, la plus récente d’abord ; à celle demandée seulement, quand il y en a une.
    accords: Vec<Accord>,
    /// Les jours où il ne reçoit personne.
    fermetures: Vec<Fermeture>,
    /// Empreinte de ses réglages, à renvoyer en le modifiant. Absente sans le droit `examens:ecrire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    vu: Option<String>,
}

/// Des jours où un centre ne reçoit personne.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FermetureCentre)]
pub struct Fermeture {
    /// Son numéro.
    id: i64,
    /// Premier jour.
    du: NaiveDate,
    /// Dernier jour, compris.
    au: NaiveDate,
    /// Pourquoi.
    motif: String,
}

/// Qui répond d’un centre.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ContactCentre)]
pub struct Contact {
    /// À qui l’on écrit.
    nom: String,
    /// Son courriel.
    courriel: String,
    /// Son téléphone.
    telephone: String,
    /// La personne désignée pour surveiller.
    surveillant: String,
}

/// Une salle d’un centre.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SalleExamens)]
pub struct Salle {
    /// Son numéro.
    id: i64,
    /// Nom.
    nom: String,
    /// Places assises.
    capacite: i64,
    /// Ce qu’elle a.
    equipement: String,
    /// Réservée aux aménagements.
    a_part: bool,
    /// En service.
    active: bool,
}

/// Ce qu’un centre a répondu pour une période.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AccordCentre)]
pub struct Accord {
    /// La période.
    #[schema(example = "2024-P1")]
    periode: String,
    /// `a_demander`, `demande`, `accepte`, `refuse`.
    #[schema(example = "accepte")]
    etat: String,
    /// Places données ; `null` quand elles ne sont pas limitées.
    places: Option<i64>,
    /// Places tenues par des inscriptions.
    prises: i64,
    /// Quand l’accord a été demandé.
    demande_le: Option<DateTime<Utc>>,
    /// Quand le centre a répondu.
    repondu_le: Option<DateTime<Utc>>,
}

impl From<SalleTenue> for Salle {
    fn from(s: SalleTenue) -> Self {
        Self {
            id: s.id,
            nom: s.nom,
            capacite: s.capacite,
            equipement: s.equipement,
            a_part: s.a_part,
            active: s.active,
        }
    }
}

impl From<FermetureTenue> for Fermeture {
    fn from(f: FermetureTenue) -> Self {
        Self { id: f.id, du: f.du, au: f.au, motif: f.motif }
    }
}

impl From<AccordLu> for Accord {
    fn from(a: AccordLu) -> Self {
        Self {
            periode: referer(a.annee, &a.code),
            etat: a.etat,
            places: a.places,
            prises: a.prises,
            demande_le: a.demande_le,
            repondu_le: a.repondu_le,
        }
    }
}

fn centre(c: Tenu, ecrit: bool) -> Centre {
    let vu = ecrit.then(|| centre_vu(&c).value());
    let contact = ecrit.then_some(Contact {
        nom: c.contact_nom,
        courriel: c.contact_courriel,
        telephone: c.contact_telephone,
        surveillant: c.surveillant,
    });
    Centre {
        code: c.code,
        nom: c.nom,
        adresse: c.adresse,
        code_postal: c.code_postal,
        ville: c.ville,
        pays: c.pays,
        fuseau: c.fuseau,
        contact,
        capacite: c.capacite,
        accord_requis: c.accord_requis,
        actif: c.actif,
        modalites: Vec::new(),
        salles: Vec::new(),
        accords: Vec::new(),
        fermetures: Vec::new(),
        vu,
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
    /// Texte cherché dans les codes, les noms, les villes et les pays.
    #[param(example = "nouméa")]
    recherche: Option<String>,
    /// L’accord à cette période seulement.
    #[param(example = "2024-P1")]
    periode: Option<String>,
    /// Les centres de cette modalité. Peut être donné plusieurs fois.
    #[param(example = "centre_etranger")]
    modalite: Option<String>,
    /// Les centres de ce pays. Peut être donné plusieurs fois.
    #[param(example = "France")]
    pays: Option<String>,
    /// Les centres actifs seulement, ou les autres.
    #[param(example = "oui")]
    actif: Option<String>,
}

/// Les centres, par nom, avec leurs salles et leurs accords.
#[utoipa::path(
    get,
    path = "/api/v1/iexam/centres",
    tag = "Examens",
    params(Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Liste<Centre>)),
    security(("jeton" = ["examens:lire"]))
)]
pub(super) async fn liste(State(iexam): State<Iexam>, demande: Demande) -> Result<Response, PageError> {
    demande.seulement(&["recherche", "periode", "modalite", "pays", "actif"])?;
    let periode = demande.periode(&iexam.db).await?.map(|p| p.id);
    let filtre = &Filtre {
        recherche: kernel::fold(&demande.query.recherche),
        modalites: demande.tous("modalite").map(str::to_owned).collect(),
        pays: demande.tous("pays").map(str::to_owned).collect(),
        actif: demande.query.vrai("actif")?,
        periode,
        ..Filtre::default()
    };
    let paging = Paging::new(demande.query.page, demande.query.taille);
    let (page, mut salles, mut accords, mut modalites, mut fermetures) = iexam
        .db
        .read(|c| async move {
            let page = centre_list(&c, filtre, paging).await?;
            let ids: Vec<i64> = page.elements.iter().map(|vu| vu.centre.id).collect();
            let salles = salles_des(&c, &ids).await?;
            let accords = accords_des(&c, &ids, periode).await?;
            let modalites = modalites_des(&c, &ids).await?;
            Ok::<_, db::DbError>((page, salles, accords, modalites, fermetures_des(&c, &ids).await?))
        })
        .await?;
    let ecrit = demande.peut(Scope::ExamensEcrire);
    let lus = page.elements.into_iter().map(|vu| {
        let id = vu.centre.id;
        Centre {
            modalites: modalites.remove(&id).unwrap_or_default(),
            salles: salles.remove(&id).unwrap_or_default().into_iter().map(Salle::from).collect(),
            accords: accords.remove(&id).unwrap_or_default().into_iter().map(Accord::from).collect(),
            fermetures: fermetures.remove(&id).unwrap_or_default().into_iter().map(Fermeture::from).collect(),
            ..centre(vu.centre, ecrit)
        }
    });
    let lus = lus.collect();
    demande.lister(page.total, lus)
}
