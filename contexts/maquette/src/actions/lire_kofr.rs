//! Reading Kofr: what it says of each element, by code. Each answer is kept: an unchanged one is not sent again, and on the day
//! Kofr does not answer, its last good copy is used, saying so.

use std::collections::HashMap;
use std::future::Future;

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use ::jobs::Progress;
use kernel::{AnneeUniversitaire, CodeElement, Outage, instant_francais};
use kofr::{Bloc, Demande, Element, EtapeDetaillee, Formation, Lecture, Maquette, Marque};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{CollecteFault, Outils};
use crate::domain::anomalie::{Anomalie, Regle};
use crate::domain::genre::Genre;
use crate::domain::offre::{ApportKofr, HeuresKofr, MaquetteDeclaree};
use crate::store::copie::{Copie, copie_read, copie_write};

const SOURCE: &str = "kofr";

/// What Kofr said.
#[derive(Debug, Default)]
pub(super) struct LuKofr {
    pub maquettes: Vec<MaquetteDeclaree>,
    pub apports: HashMap<CodeElement, ApportKofr>,
    pub ecarts: Vec<Anomalie>,
    pub appels: u64,
    pub avis: Vec<String>,
}

/// Reads the maquette that covers the year, falling back on the last good copy.
pub(super) async fn lire(
    outils: &Outils,
    kofr: &kofr::Client,
    annee: AnneeUniversitaire,
    progress: &Progress,
) -> Result<LuKofr, CollecteFault> {
    match lire_source(outils, kofr, annee, progress).await {
        Ok(lu) => Ok(lu),
        Err(CollecteFault::Panne(panne)) => repli(outils, annee, panne).await,
        Err(autre) => Err(autre),
    }
}

async fn lire_source(
    outils: &Outils,
    kofr: &kofr::Client,
    annee: AnneeUniversitaire,
    progress: &Progress,
) -> Result<LuKofr, CollecteFault> {
    let mut lu = LuKofr { appels: 1, ..LuKofr::default() };
    let maquettes: Vec<Maquette> = tenir(outils, "maquettes", |d| async move { kofr.lire_maquettes(&d).await }).await?;
    lu.maquettes = maquettes.iter().map(declaree).collect();
    let Some(debut) = maquette_de(&maquettes, annee) else {
        lu.avis.push(format!("Kofr ne déclare aucune maquette pour {}.", annee.libelle()));
        return Ok(lu);
    };
    let formations: Vec<Formation> =
        tenir(outils, &format!("formations/{debut}"), |d| async move { kofr.lire_formations(debut, &d).await }).await?;
    let etapes: Vec<String> = formations.into_iter().flat_map(|f| f.etapes).map(|e| e.id).collect();
    let total = etapes.len() as u64;
    lu.appels += 1 + total;
    let mut flux = stream::iter(etapes)
        .map(|id| async move {
            let cle = format!("etape/{debut}/{id}");
            let id = id.as_str();
            tenir::<EtapeDetaillee, _, _>(outils, &cle, |d| async move { kofr.lire_etape(debut, id, &d).await }).await
        })
        .buffer_unordered(outils.reglages.simultanees.max(1));
    let mut detaillees = Vec::new();
    while let Some(etape) = flux.try_next().await? {
        detaillees.push(etape);
        progress.advance(detaillees.len() as u64, total);
        if progress.cancelled() {
            return Err(CollecteFault::Annulee);
        }
    }
    drop(flux);
    // Answers arrive in any order; contributions must not depend on it.
    detaillees.sort_by(|a, b| a.etape.id.cmp(&b.etape.id));
    detaillees.iter().for_each(|e| apports(e, &mut lu));
    Ok(lu)
}

/// The last good copy of everything, when Kofr does not answer.
async fn repli(outils: &Outils, annee: AnneeUniversitaire, panne: Outage) -> Result<LuKofr, CollecteFault> {
    let mut lu = LuKofr::default();
    let constat = format!("Kofr : {} {}", panne.detail, panne.remede);
    let Some((maquettes, lue_le)) = copie::<Vec<Maquette>>(outils, "maquettes").await? else {
        lu.avis.push(format!("{constat} Aucune copie n'est gardée : la collecte se fait sans les ECTS ni les heures de Kofr."));
        return Ok(lu);
    };
    lu.maquettes = maquettes.iter().map(declaree).collect();
    if let Some(debut) = maquette_de(&maquettes, annee)
        && let Some((formations, _)) = copie::<Vec<Formation>>(outils, &format!("formations/{debut}")).await?
    {
        for etape in formations.into_iter().flat_map(|f| f.etapes) {
            match copie::<EtapeDetaillee>(outils, &format!("etape/{debut}/{}", etape.id)).await? {
                Some((detaillee, _)) => apports(&detaillee, &mut lu),
                None => return Err(panne.into()),
            }
        }
    }
    let heure = instant_francais(lue_le.naive_utc());
    lu.avis.push(format!("{constat} Ses ECTS et ses heures viennent de la dernière copie, lue {heure} (temps universel)."));
    Ok(lu)
}

async fn copie<T: DeserializeOwned>(outils: &Outils, cle: &str) -> Result<Option<(T, DateTime<Utc>)>, CollecteFault> {
    let tenue = outils.db.read(|c| async move { copie_read(&c, SOURCE, cle).await }).await?;
    Ok(tenue.and_then(|c| Some((serde_json::from_str(&c.contenu).ok()?, c.lue_le))))
}

/// Asks for what may have changed; keeps what is new, gives back what is held when nothing is.
async fn tenir<T, F, Fut>(outils: &Outils, cle: &str, lire: F) -> Result<T, CollecteFault>
where
    T: Serialize + DeserializeOwned,
    F: Fn(Demande) -> Fut,
    Fut: Future<Output = Result<Lecture<T>, Outage>>,
{
    let tenue = outils.db.read(|c| async move { copie_read(&c, SOURCE, cle).await }).await?;
    let contenu = tenue.as_ref().and_then(|c| serde_json::from_str::<T>(&c.contenu).ok());
    let marque = contenu
        .is_some()
        .then(|| tenue.as_ref().and_then(|c| c.etiquette.as_deref()))
        .flatten()
        .and_then(|e| serde_json::from_str::<Marque>(e).ok());
    match lire(Demande { modifie_depuis: None, marque }).await? {
        Lecture::Nouvelle { contenu, marque } => {
            let copie = Copie {
                contenu: serde_json::to_string(&contenu).unwrap_or_default(),
                etiquette: marque.and_then(|m| serde_json::to_string(&m).ok()),
                lue_le: outils.clock.now(),
            };
            let copie = &copie;
            outils.db.write(|tx| async move { copie_write(&*tx, SOURCE, cle, copie).await }).await?;
            Ok(contenu)
        }
        Lecture::Inchangee => match contenu {
            Some(contenu) => Ok(contenu),
            // Asked without a mark, the connector never answers « unchanged ».
            None => Err(db::DbError::Value(format!("copie de Kofr « {cle} »")).into()),
        },
    }
}

fn declaree(m: &Maquette) -> MaquetteDeclaree {
    MaquetteDeclaree {
        annee_debut: m.annee_debut.premiere(),
        annee_fin: m.annee_fin.premiere(),
        libelle: m.libelle.clone(),
        etat: m.etat.clone().unwrap_or_default(),
    }
}

fn maquette_de(maquettes: &[Maquette], annee: AnneeUniversitaire) -> Option<AnneeUniversitaire> {
    maquettes.iter().filter(|m| (m.annee_debut..=m.annee_fin).contains(&annee)).map(|m| m.annee_debut).max()
}

/// What one étape brings: contributions of its coded elements, and what has no code yet.
fn apports(etape: &EtapeDetaillee, lu: &mut LuKofr) {
    let ou = &etape.etape.libelle;
    if etape.etape.code_etape.is_none() {
        lu.ecarts.push(manquant(Genre::Etape, &etape.etape.id, ou, "étape"));
    }
    let mut pile: Vec<&Bloc> = etape.blocs.iter().collect();
    while let Some(bloc) = pile.pop() {
        for element in &bloc.elements {
            pile.extend(&element.blocs);
            match &element.code_elp {
                // A shared element is described under each étape; the first description stands.
                Some(code) => {
                    lu.apports.entry(code.clone()).or_insert_with(|| apport(element));
                }
                // Elements of an étape that is not poured yet are told once, by the étape.
                None if etape.etape.code_etape.is_some() => {
                    lu.ecarts.push(manquant(Genre::Element, &element.id, &element.libelle, ou));
                }
                None => {}
            }
        }
    }
}

fn manquant(genre: Genre, id: &str, libelle: &str, ou: &str) -> Anomalie {
    Anomalie {
        regle: Regle::CodeManquant,
        objet: genre.description().code,
        cle: format!("Kofr {id}"),
        champ: "code".to_owned(),
        libelle: libelle.to_owned(),
        source_a: "Kofr",
        valeur_a: format!("sans code ({ou})"),
        source_b: "Apogée",
        valeur_b: "—".to_owned(),
    }
}

fn apport(e: &Element) -> ApportKofr {
    let groupes = [("CM", e.groupes.cm), ("TD", e.groupes.td), ("TP", e.groupes.tp), ("EAD", None)];
    let heures = [e.heures.cm, e.heures.td, e.heures.tp, e.heures.ead];
    let heures = groupes
        .into_iter()
        .zip(heures)
        .filter_map(|((type_heure, groupes), heures)| {
            Some(HeuresKofr { type_heure: type_heure.to_owned(), heures: heures?, groupes: groupes.map(i64::from) })
        })
        .collect();
    let responsable = e.responsable.as_ref().map(|r| {
        [r.prenom.as_deref(), r.nom.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    ApportKofr {
        libelle: e.libelle.clone(),
        ects: e.ects,
        heures,
        langue: e.langue.clone(),
        responsable: responsable.filter(|r| !r.is_empty()),
        description: e.description.clone(),
        prerequis: e.prerequis.clone(),
    }
}
