//! `/api/v1/maquette/elements`, and one of them with where it is used.

use ::web::PageError;
use ::web::rest::{Liste, ParametresListe, Probleme};
use axum::extract::{Path, State};
use axum::response::Response;
use db::{Db, DbError};
use kernel::{Scope, Source};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::demande::Demande;
use super::lecteur::Lecteur;
use super::nombre::Decimal;
use super::provenance::Reponse;
use crate::domain::Portee;
use crate::store::chercher::{Cherche, Trouves, element_chercher};
use crate::store::controle::controle_read;
use crate::store::element::{HeuresVues, element_heures};
use crate::store::element_lu::{ElementLu, FiltreElement, element_lu_list, element_lu_read};
use crate::store::usage::{UsageVu, element_etapes, element_listes};

/// Un élément pédagogique (ELP).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Element {
    /// COD_ELP, tel que la source l’écrit, espaces compris.
    #[schema(example = "DRO101")]
    code: String,
    /// Libellé.
    libelle: Option<String>,
    /// Libellé court.
    libelle_court: Option<String>,
    /// COD_NEL.
    #[schema(example = "UE")]
    nature: Option<String>,
    /// Libellé de la nature.
    nature_libelle: Option<String>,
    /// Code de la composante.
    composante: Option<String>,
    /// Période : S1, S2, AN…
    periode: Option<String>,
    /// ECTS retenus ; zéro est une valeur, `null` n’est pas zéro.
    ects: Option<Decimal>,
    /// Volume selon Apogée.
    volume: Option<Decimal>,
    /// Unité du volume.
    unite_volume: Option<String>,
    /// `ouvert`, `suspendu`, `ferme` à la source, ou `disparu` d’elle.
    #[schema(example = "ouvert")]
    etat: &'static str,
    /// Pourquoi il est suspendu.
    motif_suspension: Option<String>,
    /// Langue.
    langue: Option<String>,
    /// Listes ouvertes qui le contiennent : plus d’une s’il est partagé.
    usages: u64,
}

/// Un élément avec ses heures, ce que dit chaque source, et où il est employé.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ElementComplet {
    /// L’élément.
    #[serde(flatten)]
    element: Element,
    /// ECTS selon Apogée.
    ects_apogee: Option<Decimal>,
    /// ECTS selon Kofr.
    ects_kofr: Option<Decimal>,
    /// Heures, par type.
    heures: Vec<Heures>,
    /// Modalités de contrôle (MCCC) selon Kofr, par session ; vide si Kofr n’en dit rien.
    controles: Vec<Controle>,
    /// Responsable. Absent si le jeton ne lit pas les enseignants.
    #[serde(skip_serializing_if = "Option::is_none")]
    responsable: Option<Option<String>>,
    /// Description.
    description: Option<String>,
    /// Prérequis.
    prerequis: Option<String>,
    /// Listes qui le contiennent.
    listes: Vec<ListeDElement>,
    /// Versions d’étape qui y mènent, à quelque profondeur que ce soit.
    etapes: Vec<EtapeDElement>,
}

/// Heures d’un type.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Heures {
    /// CM, TD, TP, EAD…
    #[serde(rename = "type")]
    #[schema(example = "CM")]
    sorte: String,
    /// Heures retenues ; zéro est une valeur.
    heures: Option<Decimal>,
    /// Heures selon Apogée.
    apogee: Option<Decimal>,
    /// Heures selon Kofr.
    kofr: Option<Decimal>,
    /// Groupes.
    groupes: Option<i64>,
}

/// Une épreuve d’une session.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Controle {
    /// 1, ou 2 pour les rattrapages.
    #[schema(example = 1)]
    session: u8,
    /// Nature, telle que Kofr l’écrit.
    #[schema(example = "écrit")]
    nature: Option<String>,
    /// Durée en minutes ; zéro est une valeur.
    #[schema(example = 120)]
    duree_minutes: Option<u32>,
    /// Coefficient dans la note de l’élément.
    coefficient: Option<Decimal>,
}

impl From<contracts::maquette::Controle> for Controle {
    fn from(c: contracts::maquette::Controle) -> Self {
        Self {
            session: c.session,
            nature: Some(c.nature).filter(|n| !n.is_empty()),
            duree_minutes: c.duree_min,
            coefficient: c.coefficient.map(Decimal),
        }
    }
}

/// Une liste qui contient l’élément.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ListeDElement {
    /// COD_LSE.
    code: String,
    /// Libellé.
    libelle: String,
    /// `O`, `X` ou `F`.
    #[serde(rename = "type")]
    sorte: String,
}

/// Une version d’étape qui mène à l’élément.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EtapeDElement {
    /// COD_ETP.
    code: String,
    /// COD_VRS_VET.
    version: String,
    /// Libellé.
    libelle: String,
}

impl From<ElementLu> for Element {
    fn from(e: ElementLu) -> Self {
        let [ects, ..] = e.ects;
        Self {
            etat: match (e.disparu, e.ferme, e.suspendu) {
                (true, ..) => "disparu",
                (_, true, _) => "ferme",
                (_, _, true) => "suspendu",
                _ => "ouvert",
            },
            code: e.code,
            libelle: e.libelle,
            libelle_court: e.libelle_court,
            nature: e.nature,
            nature_libelle: e.nature_libelle,
            composante: e.composante,
            periode: e.periode,
            ects: ects.map(Decimal),
            volume: e.volume.0.map(Decimal),
            unite_volume: e.volume.1,
            motif_suspension: e.motif_suspension,
            langue: e.langue,
            usages: e.usages,
        }
    }
}

impl From<HeuresVues> for Heures {
    fn from(h: HeuresVues) -> Self {
        Self {
            sorte: h.type_heure,
            heures: h.heures.map(Decimal),
            apogee: h.apogee.map(Decimal),
            kofr: h.kofr.map(Decimal),
            groupes: h.groupes,
        }
    }
}

impl From<UsageVu> for EtapeDElement {
    fn from(u: UsageVu) -> Self {
        Self { code: u.etape, version: u.version, libelle: u.libelle }
    }
}

/// What narrows the list, for the document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the document only")]
pub(super) struct Filtres {
    /// COD_NEL ; donnez-le plusieurs fois pour plusieurs natures.
    nature: Option<Vec<String>>,
    /// Code d’une composante.
    composante: Option<String>,
    /// Période : S1, S2, AN…
    periode: Option<String>,
    /// `ouvert`, `suspendu`, `ferme`, `disparu`, `partage` ou `tous`. Par défaut, ceux que la source n’a pas fermés.
    #[param(example = "ouvert")]
    etat: Option<String>,
}

/// Les éléments d’une année, par code.
#[utoipa::path(
    get,
    path = "/api/v1/maquette/elements",
    tag = "Offre",
    params(ParametresListe, Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Reponse<Liste<Element>>)),
    security(("jeton" = ["maquette:lire"]))
)]
pub(super) async fn liste(State(l): State<Lecteur>, demande: Demande) -> Result<Response, PageError> {
    let q = &demande.query;
    q.seulement(&["nature", "composante", "periode", "etat"])?;
    let recherche = kernel::fold(&q.recherche);
    let natures = demande.tous("nature");
    let filtre = &FiltreElement {
        recherche: &recherche,
        trouves: None,
        natures: &natures,
        composante: q.autre("composante"),
        periode: q.autre("periode"),
        etat: demande.parmi("etat", &["ouvert", "suspendu", "ferme", "disparu", "partage", "tous"])?,
    };
    l.lister(&demande, Portee::Offre, Source::Extraction, |s| {
        let (l, a, mut fenetre) = (&l, s.a(), s.fenetre(q));
        async move {
            let trouves = trouver(l.db(), a, filtre).await?;
            // Being shared is not held in memory: only the database counts those.
            if filtre.etat != Some("partage") {
                fenetre.total = fenetre.total.or(trouves.as_ref().map(|t| t.total));
            }
            let ids = trouves.as_ref().and_then(|t| t.ids.as_deref());
            let filtre = &FiltreElement { trouves: ids, ..filtre.clone() };
            let lus = l.db().read(|c| async move { element_lu_list(&c, a, filtre, fenetre).await }).await?;
            Ok((lus.0, lus.1.into_iter().map(Element::from).collect()))
        }
    })
    .await
}

/// What the searched text leads to, in memory.
async fn trouver(db: &Db, annee: u16, f: &FiltreElement<'_>) -> Result<Option<Trouves>, DbError> {
    let parmi = [f.natures, f.composante.as_slice(), f.periode.as_slice()];
    element_chercher(db, annee, Cherche { recherche: f.recherche, parmi }, |e| match f.etat {
        Some("tous") => true,
        Some("disparu") => e.disparu,
        Some("ferme") => !e.disparu && e.ferme,
        Some("suspendu") => !e.disparu && e.suspendu,
        Some("ouvert") => !e.disparu && !e.ferme && !e.suspendu,
        _ => !e.disparu && !e.ferme,
    })
    .await
}

/// Un élément, ses heures, et où il est employé.
#[utoipa::path(
    get,
    path = "/api/v1/maquette/elements/{code}",
    tag = "Offre",
    params(
        ("code" = String, Path, description = "COD_ELP, encodé pour une adresse : espaces, barres obliques et espaces insécables compris.", example = "DRO101"),
        ("annee" = Option<String>, Query, description = "Année universitaire, par sa première année civile. La courante par défaut.", example = "2024"),
        ("maquette" = Option<String>, Query, description = "Maquette, par sa première année.", example = "2024"),
    ),
    responses(
        (status = 200, description = "L’élément.", body = Reponse<ElementComplet>),
        (status = 404, description = "Cet élément n’existe pas dans l’offre de l’année.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["maquette:lire"]))
)]
pub(super) async fn un(
    State(l): State<Lecteur>,
    Path(code): Path<String>,
    demande: Demande,
) -> Result<Response, PageError> {
    demande.query.seulement(&[])?;
    let avec_responsable = demande.peut(Scope::EnseignantsLire);
    let code = code.as_str();
    l.repondre(&demande, Portee::Offre, Source::Extraction, |s| {
        let l = &l;
        async move {
            let a = s.a();
            let lu = l
                .db()
                .read(|c| async move {
                    let Some(element) = element_lu_read(&c, a, code).await? else { return Ok(None) };
                    Ok::<_, db::DbError>(Some((
                        element,
                        element_heures(&c, a, code).await?,
                        controle_read(&c, a, code).await?,
                        element_listes(&c, a, code).await?,
                        element_etapes(&c, a, code).await?,
                    )))
                })
                .await?;
            let (lu, heures, controles, listes, etapes) = lu.ok_or_else(|| {
                PageError::nothing(format!(
                    "L’élément {code} n’existe pas dans l’offre de {}.",
                    s.annee.libelle()
                ))
            })?;
            let [_, apogee, kofr] = lu.ects;
            Ok(ElementComplet {
                ects_apogee: apogee.map(Decimal),
                ects_kofr: kofr.map(Decimal),
                heures: heures.into_iter().map(Heures::from).collect(),
                controles: controles.into_iter().map(Controle::from).collect(),
                responsable: avec_responsable.then(|| lu.responsable.clone()),
                description: lu.description.clone(),
                prerequis: lu.prerequis.clone(),
                listes: listes
                    .into_iter()
                    .map(|(code, libelle, sorte)| ListeDElement { code, libelle, sorte })
                    .collect(),
                etapes: etapes.into_iter().map(EtapeDElement::from).collect(),
                element: lu.into(),
            })
        }
    })
    .await
}
