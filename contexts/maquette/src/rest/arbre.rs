//! `/api/v1/maquette/etapes/{code}/{version}/arbre`.

use std::iter::Peekable;
use std::slice::Iter;

use ::web::PageError;
use ::web::rest::{self, Probleme};
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::Source;
use serde::Serialize;
use utoipa::ToSchema;

use super::demande::Demande;
use super::etapes::{inconnue, version_demandee};
use super::lecteur::{Lecteur, dater};
use super::nombre::{Decimal, Intervalle, ParType};
use super::provenance::Reponse;
use crate::domain::Portee;
use crate::domain::arbre::{Graphe, Lien, Objet, Rang, Somme, Sommes, deplier};
use crate::store::arbre_lu::CleArbre;
use crate::store::etape_lu::EtapeLue;

/// Lignes au-delà desquelles un arbre est coupé : les éléments partagés se déplient à chacun de leurs usages.
const LIGNES: usize = 5_000;

/// L’arbre d’une étape : listes et éléments alternent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Arbre {
    /// COD_ETP, tel que la source l’écrit.
    #[schema(example = "L1DRO")]
    etape: String,
    /// COD_VRS_VET ; `null` quand le catalogue n’a pas de versions.
    #[schema(example = "1")]
    version: Option<String>,
    /// Libellé.
    libelle: String,
    /// Avec ce qui est fermé ou suspendu (`fermes=oui`).
    fermes: bool,
    /// L’arbre se déplie en trop de lignes : seules les premières sont là.
    tronque: bool,
    /// ECTS de l’étape.
    ects: Option<Intervalle>,
    /// Heures de l’étape, par type.
    heures: ParType<Intervalle>,
    /// Listes rattachées à l’étape.
    listes: Vec<ListeArbre>,
}

/// Une liste, et combien de ses éléments sont pris.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ListeArbre {
    /// COD_LSE.
    #[schema(example = "LDRO1")]
    code: String,
    /// Libellé.
    libelle: String,
    /// `O` tous ses éléments, `X` entre `min` et `max`, `F` jusqu’à `max`.
    #[serde(rename = "type")]
    #[schema(example = "X")]
    sorte: String,
    /// Éléments pris, au moins.
    min: usize,
    /// Éléments pris, au plus.
    max: usize,
    /// Liste ou lien fermé.
    ferme: bool,
    /// ECTS de ce qui y est pris.
    ects: Option<Intervalle>,
    /// Heures de ce qui y est pris.
    heures: ParType<Intervalle>,
    /// Ses éléments.
    #[schema(no_recursion)]
    elements: Vec<ElementArbre>,
}

/// Un élément de l’arbre.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ElementArbre {
    /// COD_ELP, tel que la source l’écrit, espaces compris.
    #[schema(example = "DRO101")]
    code: String,
    /// Libellé.
    libelle: String,
    /// COD_NEL.
    #[schema(example = "UE")]
    nature: String,
    /// ECTS de l’élément même.
    ects: Option<Decimal>,
    /// Heures de l’élément même.
    heures: ParType<Decimal>,
    /// ECTS retenus : ceux de l’élément, sinon ceux de ce qu’il contient.
    total_ects: Option<Intervalle>,
    /// Heures de l’élément et de ce qu’il contient.
    total_heures: ParType<Intervalle>,
    /// Listes ouvertes qui le contiennent, dans toute l’offre de l’année : plus d’une s’il est partagé.
    usages: u32,
    /// Fermé, suspendu, ou sous quelque chose qui l’est.
    ferme: bool,
    /// D’une nature que l’on ne montre pas aux lecteurs.
    fictif: bool,
    /// Déjà rencontré plus haut : une boucle dans la source, qui n’est pas suivie.
    boucle: bool,
    /// Trop profond : ce qu’il contient n’est pas déplié.
    coupe: bool,
    /// Listes sous l’élément.
    #[schema(no_recursion)]
    listes: Vec<ListeArbre>,
}

/// The tree as it is answered.
pub(super) fn en_mots(etape: &EtapeLue, graphe: &Graphe, liens: &[Lien], complet: bool) -> Arbre {
    let rangs = deplier(graphe, liens, LIGNES);
    let tronque = rangs.len() >= LIGNES;
    let montres: Vec<Rang> = rangs.into_iter().filter(|r| complet || !r.ferme).collect();
    let somme = Sommes::new(graphe).sous(liens);
    Arbre {
        etape: etape.code.clone(),
        version: etape.version.clone(),
        libelle: etape.libelle.clone(),
        fermes: complet,
        tronque,
        ects: somme.ects.map(Into::into),
        heures: heures(&somme),
        listes: listes(graphe, &mut montres.iter().peekable(), 1),
    }
}

fn heures(somme: &Somme) -> ParType<Intervalle> {
    ParType::de(somme.heures, Intervalle::from)
}

/// The lists that follow at this level, each with its elements.
fn listes(graphe: &Graphe, rangs: &mut Peekable<Iter<'_, Rang>>, niveau: usize) -> Vec<ListeArbre> {
    let mut lues = Vec::new();
    while let Some(rang) = rangs.next_if(|r| r.niveau == niveau && matches!(r.objet, Objet::Liste { .. })) {
        let Objet::Liste { liste, min, max } = rang.objet else { continue };
        let elements = elements(graphe, rangs, niveau + 1);
        let Some(noeud) = graphe.listes.get(liste) else { continue };
        lues.push(ListeArbre {
            code: noeud.code.clone(),
            libelle: noeud.libelle.clone(),
            sorte: noeud.type_liste.clone(),
            min,
            max,
            ferme: rang.ferme,
            ects: rang.somme.ects.map(Into::into),
            heures: heures(&rang.somme),
            elements,
        });
    }
    lues
}

fn elements(graphe: &Graphe, rangs: &mut Peekable<Iter<'_, Rang>>, niveau: usize) -> Vec<ElementArbre> {
    let mut lus = Vec::new();
    while let Some(rang) = rangs.next_if(|r| r.niveau == niveau && matches!(r.objet, Objet::Element(_))) {
        let Objet::Element(position) = rang.objet else { continue };
        let listes = listes(graphe, rangs, niveau + 1);
        let Some(noeud) = graphe.elements.get(position) else { continue };
        lus.push(ElementArbre {
            code: noeud.code.clone(),
            libelle: noeud.libelle.clone(),
            nature: noeud.nature.clone(),
            ects: noeud.ects.map(Decimal),
            heures: ParType::de(noeud.heures, Decimal),
            total_ects: rang.somme.ects.map(Into::into),
            total_heures: heures(&rang.somme),
            usages: noeud.usages,
            ferme: rang.ferme,
            fictif: noeud.fictif,
            boucle: rang.boucle,
            coupe: rang.coupe,
            listes,
        });
    }
    lus
}

/// L’arbre d’une étape, avec les ECTS et les heures sommés à chaque niveau.
///
/// Ce qui est fermé ou suspendu est absent, sauf avec `fermes=oui`. Un élément partagé apparaît à chacun de ses usages.
#[utoipa::path(
    get,
    path = "/api/v1/maquette/etapes/{code}/{version}/arbre",
    tag = "Offre",
    params(
        ("code" = String, Path, description = "COD_ETP, encodé pour une adresse.", example = "L1DRO"),
        ("version" = String, Path, description = "COD_VRS_VET ; « - » quand le catalogue n’a pas de versions.", example = "1"),
        ("annee" = Option<String>, Query, description = "Année universitaire, par sa première année civile. La courante par défaut.", example = "2024"),
        ("maquette" = Option<String>, Query, description = "Maquette, par sa première année.", example = "2024"),
        ("fermes" = Option<bool>, Query, description = "Avec ce qui est fermé ou suspendu : « oui » ou « non »."),
    ),
    responses(
        (status = 200, description = "L’arbre.", body = Reponse<Arbre>),
        (status = 404, description = "Cette étape n’existe pas dans l’offre de l’année.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["maquette:lire"]))
)]
pub(super) async fn arbre(
    State(l): State<Lecteur>,
    Path((code, version)): Path<(String, String)>,
    demande: Demande,
) -> Result<Response, PageError> {
    demande.query.seulement(&["fermes"])?;
    let complet = demande.query.vrai("fermes")?.unwrap_or_default();
    let situation = l.situer(&demande.query).await?;
    let provenance = situation.provenance(Portee::Offre, Source::Extraction);
    let generation = situation.etat.generations.offre;
    let voulue = version_demandee(&version);
    let cle = CleArbre {
        annee: situation.a(),
        etape: code,
        version: voulue.unwrap_or_default().to_owned(),
        complet,
    };
    if let Some(etag) = l.arbres().version(&cle, generation, &provenance)
        && demande.conditions.tiennent(&etag)
    {
        return Ok(dater(rest::inchange(&etag), &provenance));
    }
    let lu = l.arbres().lire(&cle, generation, &provenance).await?;
    let (etag, arbre) = lu.ok_or_else(|| inconnue(&cle.etape, voulue, situation.annee))?;
    let reponse = if demande.conditions.tiennent(&etag) {
        rest::inchange(&etag)
    } else {
        rest::octets(&etag, provenance.preceder(&arbre.contenu))
    };
    Ok(dater(reponse, &provenance))
}
