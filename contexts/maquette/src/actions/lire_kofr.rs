//! Reading Kofr: what it says of each element, by code. Each answer is kept: an unchanged one is not sent again, and on the day
//! Kofr does not answer, its last good copy is used, saying so.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;

use ::jobs::Progress;
use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{AnneeUniversitaire, CodeElement, Outage, heure_de_besancon, instant_francais};
use kofr::{Bloc, Demande, Element, EtapeDetaillee, Formation, Lecture, Maquette, Marque, Mccc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{CollecteFault, Outils};
use crate::domain::anomalie::{Anomalie, Regle};
use crate::domain::genre::Genre;
use crate::domain::offre::{ApportKofr, ControleKofr, HeuresKofr, MaquetteDeclaree};
use crate::store::copie::{Copie, copies_read, copies_write};

const SOURCE: &str = "kofr";

/// Étapes read, kept and forgotten together: enough for one statement to be worth it, few enough to stay small.
const LOT: usize = 100;

/// What Kofr said.
#[derive(Debug, Default)]
pub(super) struct LuKofr {
    pub maquettes: Vec<MaquetteDeclaree>,
    pub apports: HashMap<CodeElement, ApportKofr>,
    pub ecarts: Vec<Anomalie>,
    pub appels: u64,
    pub avis: Vec<String>,
    /// Why the last copy stands for it.
    pub panne: Option<Outage>,
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
    let maquettes: Vec<Maquette> =
        tenir(outils, "maquettes", |d| async move { kofr.lire_maquettes(&d).await }).await?;
    lu.maquettes = maquettes.iter().map(declaree).collect();
    let Some(debut) = maquette_de(&maquettes, annee) else {
        lu.avis.push(format!("Kofr ne déclare aucune maquette pour {}.", annee.libelle()));
        return Ok(lu);
    };
    let formations: Vec<Formation> =
        tenir(
            outils,
            &format!("formations/{debut}"),
            |d| async move { kofr.lire_formations(debut, &d).await },
        )
        .await?;
    let etapes = etapes(formations);
    let total = etapes.len() as u64;
    lu.appels += 1 + total;
    for lot in etapes.chunks(LOT) {
        let cles: Vec<String> = lot.iter().map(|id| cle_etape(debut, id)).collect();
        let mut tenues = copies(outils, &cles).await?;
        let mut flux = stream::iter(lot.iter().zip(&cles))
            .map(|(id, cle)| {
                let tenue = tenues.remove(cle);
                async move {
                    let demande = Demande { modifie_depuis: None, marque: tenue.as_ref().and_then(marque) };
                    Ok::<_, Outage>((cle, tenue, kofr.lire_etape(debut, id, &demande).await?))
                }
            })
            .buffer_unordered(outils.reglages.simultanees.max(1));
        let mut lues: Vec<EtapeDetaillee> = Vec::with_capacity(lot.len());
        let mut neuves = Vec::new();
        while let Some((cle, tenue, lecture)) = flux.try_next().await? {
            lues.push(recue(outils, cle, tenue, lecture, &mut neuves)?);
        }
        drop(flux);
        // Answers arrive in any order; contributions must not depend on it.
        lues.sort_by(|a, b| a.etape.id.cmp(&b.etape.id));
        lues.into_iter().for_each(|e| apports(e, &mut lu));
        garder(outils, &neuves).await?;
        progress.advance(progress.present().fait + lot.len() as u64, total);
        if progress.cancelled() {
            return Err(CollecteFault::Annulee);
        }
    }
    Ok(lu)
}

/// Étapes of a maquette, in an order of their own.
fn etapes(formations: Vec<Formation>) -> Vec<String> {
    let mut etapes: Vec<String> = formations.into_iter().flat_map(|f| f.etapes).map(|e| e.id).collect();
    etapes.sort();
    etapes.dedup();
    etapes
}

fn cle_etape(debut: AnneeUniversitaire, id: &str) -> String {
    format!("etape/{debut}/{id}")
}

/// The last good copy of everything, when Kofr does not answer.
async fn repli(outils: &Outils, annee: AnneeUniversitaire, panne: Outage) -> Result<LuKofr, CollecteFault> {
    let mut lu = LuKofr { panne: Some(panne.clone()), ..LuKofr::default() };
    let constat = format!("Kofr : {} {}", panne.detail, panne.remede);
    let Some((maquettes, lue_le)) = copie::<Vec<Maquette>>(outils, "maquettes").await? else {
        lu.avis.push(format!(
            "{constat} Aucune copie n’est gardée : la collecte se fait sans les ECTS ni les heures de Kofr."
        ));
        return Ok(lu);
    };
    lu.maquettes = maquettes.iter().map(declaree).collect();
    if let Some(debut) = maquette_de(&maquettes, annee)
        && let Some((formations, _)) = copie::<Vec<Formation>>(outils, &format!("formations/{debut}")).await?
    {
        for lot in etapes(formations).chunks(LOT) {
            let cles: Vec<String> = lot.iter().map(|id| cle_etape(debut, id)).collect();
            let tenues = copies(outils, &cles).await?;
            for cle in &cles {
                // A half copy would take ECTS and hours away from what it lacks.
                let detaillee =
                    tenues.get(cle).and_then(contenu::<EtapeDetaillee>).ok_or_else(|| panne.clone())?;
                apports(detaillee, &mut lu);
            }
        }
    }
    let heure = instant_francais(heure_de_besancon(lue_le));
    lu.avis.push(format!("{constat} Ses ECTS et ses heures viennent de la dernière copie, lue {heure}."));
    Ok(lu)
}

async fn copies(outils: &Outils, cles: &[String]) -> Result<HashMap<String, Copie>, CollecteFault> {
    Ok(outils.db.read(|c| async move { copies_read(&c, SOURCE, cles).await }).await?)
}

async fn garder(outils: &Outils, neuves: &[(String, Copie)]) -> Result<(), CollecteFault> {
    if !neuves.is_empty() {
        outils.db.write(|tx| async move { copies_write(&*tx, SOURCE, neuves).await }).await?;
    }
    Ok(())
}

async fn copie<T: DeserializeOwned>(
    outils: &Outils,
    cle: &str,
) -> Result<Option<(T, DateTime<Utc>)>, CollecteFault> {
    let tenues = copies(outils, &[cle.to_owned()]).await?;
    Ok(tenues.get(cle).and_then(|c| Some((contenu(c)?, c.lue_le))))
}

fn contenu<T: DeserializeOwned>(copie: &Copie) -> Option<T> {
    serde_json::from_str(&copie.contenu).ok()
}

/// What to show Kofr so that it says « unchanged »; nothing when the copy could not be read back.
fn marque(copie: &Copie) -> Option<Marque> {
    serde_json::from_str(copie.etiquette.as_deref()?).ok()
}

/// What was read, whether it came now or was held; what came now is to be kept.
fn recue<T: Serialize + DeserializeOwned>(
    outils: &Outils,
    cle: &str,
    tenue: Option<Copie>,
    lecture: Lecture<T>,
    neuves: &mut Vec<(String, Copie)>,
) -> Result<T, CollecteFault> {
    match lecture {
        Lecture::Nouvelle { contenu, marque } => {
            let copie = Copie {
                contenu: serde_json::to_string(&contenu).unwrap_or_default(),
                etiquette: marque.and_then(|m| serde_json::to_string(&m).ok()),
                lue_le: outils.clock.now(),
            };
            neuves.push((cle.to_owned(), copie));
            Ok(contenu)
        }
        Lecture::Inchangee => {
            let illisible = || db::DbError::Value(format!("copie de Kofr « {cle} »")).into();
            tenue.as_ref().and_then(contenu).ok_or_else(illisible)
        }
    }
}

/// Asks for one thing that may have changed; keeps what is new, gives back what is held when nothing is.
async fn tenir<T, F, Fut>(outils: &Outils, cle: &str, lire: F) -> Result<T, CollecteFault>
where
    T: Serialize + DeserializeOwned,
    F: Fn(Demande) -> Fut,
    Fut: Future<Output = Result<Lecture<T>, Outage>>,
{
    let tenue = copies(outils, &[cle.to_owned()]).await?.remove(cle);
    let lecture = lire(Demande { modifie_depuis: None, marque: tenue.as_ref().and_then(marque) }).await?;
    let mut neuves = Vec::new();
    let contenu = recue(outils, cle, tenue, lecture, &mut neuves)?;
    garder(outils, &neuves).await?;
    Ok(contenu)
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
fn apports(etape: EtapeDetaillee, lu: &mut LuKofr) {
    let EtapeDetaillee { etape, blocs } = etape;
    if etape.code_etape.is_none() {
        lu.ecarts.push(manquant(Genre::Etape, &etape.id, &etape.libelle, "étape"));
    }
    let mut pile: Vec<Bloc> = blocs;
    while let Some(bloc) = pile.pop() {
        for mut element in bloc.elements {
            pile.append(&mut element.blocs);
            match element.code_elp.take() {
                // A shared element is described under each étape; the first description stands.
                Some(code) => {
                    if let Entry::Vacant(place) = lu.apports.entry(code) {
                        let rejetes = element.mccc.iter().filter(|m| session(m).is_none());
                        lu.ecarts.extend(rejetes.map(|m| rejete(place.key(), &element.libelle, m)));
                        place.insert(apport(element));
                    }
                }
                // Elements of an étape that is not poured yet are told once, by the étape.
                None if etape.code_etape.is_some() => {
                    lu.ecarts.push(manquant(Genre::Element, &element.id, &element.libelle, &etape.libelle));
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

/// The first session or the second: there is no other, and a mistyped one must not become an exam.
fn session(m: &Mccc) -> Option<u8> {
    m.session.trim().parse().ok().filter(|s| matches!(s, 1..=2))
}

/// A test whose session is neither is not kept, and said.
fn rejete(code: &CodeElement, libelle: &str, m: &Mccc) -> Anomalie {
    Anomalie {
        regle: Regle::Rejet,
        objet: Genre::Controle.description().code,
        cle: code.to_string(),
        champ: "session".to_owned(),
        libelle: libelle.to_owned(),
        source_a: "Kofr",
        valeur_a: m.session.chars().take(60).collect(),
        source_b: "Règle",
        valeur_b: "1 ou 2".to_owned(),
    }
}

fn controle(m: Mccc) -> Option<ControleKofr> {
    let session = session(&m)?;
    let nature = m.nature.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
    Some(ControleKofr { session, nature, duree: m.duree_minutes, coefficient: m.coefficient })
}

fn apport(e: Element) -> ApportKofr {
    let groupes = [("CM", e.groupes.cm), ("TD", e.groupes.td), ("TP", e.groupes.tp), ("EAD", None)];
    let heures = [e.heures.cm, e.heures.td, e.heures.tp, e.heures.ead];
    let heures = groupes
        .into_iter()
        .zip(heures)
        .filter_map(|((type_heure, groupes), heures)| {
            Some(HeuresKofr {
                type_heure: type_heure.to_owned(),
                heures: heures?,
                groupes: groupes.map(i64::from),
            })
        })
        .collect();
    let responsable =
        e.responsable.map(|r| [r.prenom, r.nom].into_iter().flatten().collect::<Vec<_>>().join(" "));
    ApportKofr {
        libelle: e.libelle,
        ects: e.ects,
        heures,
        controles: e.mccc.into_iter().filter_map(controle).collect(),
        langue: e.langue,
        responsable: responsable.filter(|r| !r.is_empty()),
        description: e.description,
        prerequis: e.prerequis,
    }
}
