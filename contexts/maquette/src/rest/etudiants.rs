//! `/api/v1/maquette/etudiants`, and one of them. `etudiants:lire` gives number, names and registrations; what identifies or reaches a
//! student is neither read, searched nor sent without `etudiants:identite`.

use ::web::PageError;
use ::web::rest::{Liste, ParametresListe, Probleme};
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use kernel::{AnneeUniversitaire, Scope, Source};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::demande::Demande;
use super::lecteur::Lecteur;
use super::provenance::Reponse;
use crate::domain::Portee;
use crate::store::etudiant_lu::{
    EtudiantLu, FiltreEtudiant, IdentiteLue, InscriptionLue, PedagogiqueLue, etudiant_lu_list,
    etudiant_lu_read, pedagogiques_lues,
};

/// Un étudiant et ses inscriptions administratives.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Etudiant {
    /// COD_ETU.
    #[schema(example = "21903456")]
    numero: String,
    /// Nom de naissance.
    nom: Option<String>,
    /// Nom d’usage.
    nom_usage: Option<String>,
    /// Prénom.
    prenom: Option<String>,
    /// Ce qui l’identifie ou permet de le joindre. Absent sans le droit `etudiants:identite`.
    #[serde(skip_serializing_if = "Option::is_none")]
    identite: Option<Identite>,
    /// Toutes ses inscriptions administratives, la plus récente année d’abord, puis la première de l’année.
    inscriptions: Vec<Inscription>,
}

/// Un étudiant, ses inscriptions de toutes les années tenues, aux étapes et aux éléments.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EtudiantComplet {
    /// L’étudiant.
    #[serde(flatten)]
    etudiant: Etudiant,
    /// N’est plus dans la source.
    disparu: bool,
    /// Ses inscriptions pédagogiques.
    inscriptions_pedagogiques: Vec<Pedagogique>,
}

/// Ce qui identifie ou permet de joindre un étudiant.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Identite {
    /// INE.
    ine: Option<String>,
    /// Date de naissance.
    naissance: Option<NaiveDate>,
    /// Nationalité.
    nationalite: Option<String>,
    /// A un aménagement.
    amenagement: Option<bool>,
    /// Courriel.
    email: Option<String>,
    /// Téléphone.
    telephone: Option<String>,
    /// Rue.
    adresse: Option<String>,
    /// Code postal.
    code_postal: Option<String>,
    /// Ville.
    ville: Option<String>,
    /// Pays.
    pays: Option<String>,
}

/// Une inscription administrative (IA).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Inscription {
    /// Année universitaire, par sa première année civile.
    #[schema(example = 2024)]
    annee: i64,
    /// COD_ETP.
    #[schema(example = "L1DRO")]
    etape: String,
    /// COD_VRS_VET.
    #[schema(example = "1")]
    version: String,
    /// Libellé de l’étape.
    libelle: Option<String>,
    /// COD_DIP.
    diplome: Option<String>,
    /// COD_VRS_VDI.
    version_diplome: Option<String>,
    /// `E` en cours, `A` annulée, `R` résiliée.
    #[schema(example = "E")]
    etat: Option<String>,
    /// Régime.
    regime: Option<String>,
    /// Première inscription de l’année.
    premiere: Option<bool>,
    /// Date.
    date: Option<NaiveDate>,
}

/// Une inscription pédagogique (IP).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Pedagogique {
    /// Année universitaire.
    annee: i64,
    /// COD_ETP.
    etape: String,
    /// COD_VRS_VET.
    version: String,
    /// COD_ELP.
    element: String,
    /// Libellé de l’élément.
    libelle: Option<String>,
    /// Élément qui le contient.
    element_superieur: Option<String>,
    /// Acquis d’une année antérieure.
    acquis: Option<bool>,
}

impl From<IdentiteLue> for Identite {
    fn from(i: IdentiteLue) -> Self {
        let [adresse, code_postal, ville, pays] = i.adresse;
        Self {
            ine: i.ine,
            naissance: i.naissance,
            nationalite: i.nationalite,
            amenagement: i.amenagement,
            email: i.email,
            telephone: i.telephone,
            adresse,
            code_postal,
            ville,
            pays,
        }
    }
}

impl From<InscriptionLue> for Inscription {
    fn from(i: InscriptionLue) -> Self {
        Self {
            annee: i.annee,
            etape: i.etape,
            version: i.version,
            libelle: i.libelle,
            diplome: i.diplome,
            version_diplome: i.version_diplome,
            etat: i.etat,
            regime: i.regime,
            premiere: i.premiere,
            date: i.date,
        }
    }
}

impl From<PedagogiqueLue> for Pedagogique {
    fn from(p: PedagogiqueLue) -> Self {
        Self {
            annee: p.annee,
            etape: p.etape,
            version: p.version,
            element: p.element,
            libelle: p.libelle,
            element_superieur: p.element_superieur,
            acquis: p.acquis,
        }
    }
}

impl From<EtudiantLu> for Etudiant {
    fn from(e: EtudiantLu) -> Self {
        Self {
            numero: e.numero,
            nom: e.nom,
            nom_usage: e.nom_usage,
            prenom: e.prenom,
            identite: e.identite.map(Identite::from),
            inscriptions: e.inscriptions.into_iter().map(Inscription::from).collect(),
        }
    }
}

/// What narrows the list, for the document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the document only")]
pub(super) struct Filtres {
    /// Numéro exact.
    numero: Option<String>,
    /// Inscrits à cette étape (COD_ETP)…
    etape: Option<String>,
    /// … dans cette version (COD_VRS_VET).
    version: Option<String>,
    /// Inscrits dans ce diplôme (COD_DIP).
    diplome: Option<String>,
    /// Qui ont une inscription dans cet état : `E`, `A` ou `R`.
    etat: Option<String>,
    /// Inscrits à cet élément (COD_ELP).
    element: Option<String>,
    /// INE exact. Demande le droit `etudiants:identite`.
    ine: Option<String>,
    /// Date de naissance, `2003-04-17`. Demande le droit `etudiants:identite`.
    naissance: Option<String>,
}

/// Les étudiants d’une année, par numéro, avec leurs inscriptions de cette année.
///
/// La recherche porte sur le numéro et les noms ; avec le droit `etudiants:identite`, sur l’INE aussi.
#[utoipa::path(
    get,
    path = "/api/v1/maquette/etudiants",
    tag = "Personnes",
    params(ParametresListe, Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Reponse<Liste<Etudiant>>)),
    security(("jeton" = ["etudiants:lire"]))
)]
pub(super) async fn liste(State(l): State<Lecteur>, demande: Demande) -> Result<Response, PageError> {
    let q = &demande.query;
    q.seulement(&["numero", "etape", "version", "diplome", "etat", "element", "ine", "naissance"])?;
    let identite = demande.peut(Scope::EtudiantsIdentite);
    if !identite && (q.autre("ine").is_some() || q.autre("naissance").is_some()) {
        return Err(PageError::forbidden());
    }
    let naissance = q.autre("naissance").map(|jour| {
        jour.parse::<NaiveDate>().map_err(|_| {
            PageError::unreadable(
                "Le paramètre « naissance » est une date.",
                "Écrivez-la ainsi : 2003-04-17.",
            )
        })
    });
    let recherche = kernel::fold(&q.recherche);
    let filtre = &FiltreEtudiant {
        recherche: &recherche,
        numero: q.autre("numero"),
        etape: q.autre("etape"),
        version: q.autre("version"),
        diplome: q.autre("diplome"),
        etat: demande.parmi("etat", &["E", "A", "R"])?,
        element: q.autre("element"),
        identite,
        ine: q.autre("ine"),
        naissance: naissance.transpose()?,
    };
    l.lister(&demande, Portee::Personnes, Source::Apogee, |s| {
        let (l, a, fenetre) = (&l, s.a(), s.fenetre(q));
        async move {
            let lus = l.db().read(|c| async move { etudiant_lu_list(&c, a, filtre, fenetre).await }).await?;
            Ok((lus.0, lus.1.into_iter().map(Etudiant::from).collect()))
        }
    })
    .await
}

/// Un étudiant, avec toutes ses inscriptions de toutes les années tenues.
///
/// Sans `annee`, la réponse porte sur l’année courante, ou sur la dernière où l’étudiant est connu. Un redoublant, une personne inscrite à
/// trois étapes ou dont une inscription est annulée ont toutes leurs inscriptions : aucune n’est choisie.
#[utoipa::path(
    get,
    path = "/api/v1/maquette/etudiants/{numero}",
    tag = "Personnes",
    params(
        ("numero" = String, Path, description = "COD_ETU.", example = "21903456"),
        ("annee" = Option<String>, Query, description = "Année universitaire, par sa première année civile.", example = "2024"),
        ("maquette" = Option<String>, Query, description = "Maquette, par sa première année.", example = "2024"),
    ),
    responses(
        (status = 200, description = "L’étudiant.", body = Reponse<EtudiantComplet>),
        (status = 404, description = "Cet étudiant n’est pas connu.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["etudiants:lire"]))
)]
pub(super) async fn un(
    State(l): State<Lecteur>,
    Path(numero): Path<String>,
    demande: Demande,
) -> Result<Response, PageError> {
    demande.query.seulement(&[])?;
    let identite = demande.peut(Scope::EtudiantsIdentite);
    let numero = numero.as_str();
    let mut situation = l.situer(&demande.query).await?;
    let precise = demande.query.annee.is_some() || demande.query.maquette.is_some();
    let a = situation.a();
    let tenues = situation.etat.annees.clone();
    let annees = if precise { vec![a] } else { tenues.clone() };
    let (annees, tenues) = (annees.as_slice(), tenues.as_slice());
    let lu = l
        .db()
        .read(|c| async move { etudiant_lu_read(&c, a, annees, tenues, numero, identite).await })
        .await?;
    let lu = lu.ok_or_else(|| {
        PageError::nothing(if precise {
            format!("L’étudiant {numero} n’est pas connu en {}.", situation.annee.libelle())
        } else {
            format!("L’étudiant {numero} n’est pas connu.")
        })
    })?;
    if let Some(annee) = u16::try_from(lu.annee).ok().and_then(AnneeUniversitaire::new) {
        situation.annee = annee;
    }
    l.repondre_de(&demande, situation, Portee::Personnes, Source::Apogee, |_| {
        let l = &l;
        async move {
            let ip = l.db().read(|c| async move { pedagogiques_lues(&c, tenues, numero).await }).await?;
            Ok(EtudiantComplet {
                disparu: lu.disparu,
                etudiant: lu.into(),
                inscriptions_pedagogiques: ip.into_iter().map(Pedagogique::from).collect(),
            })
        }
    })
    .await
}
