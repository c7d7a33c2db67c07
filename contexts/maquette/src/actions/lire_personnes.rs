//! Reading people: Eve's teachers, and Apogée's students, étape by étape then file by file. What has been read is kept as it
//! arrives, so that a process killed half-way goes on from there.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Instant;

use ::jobs::Progress;
use contracts::apogee::{CleEtape, Dossier, Rejet};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{AnneeUniversitaire, NumeroEtudiant};

use super::lire_offre::ms;
use super::{CollecteFault, Outils, Sources};
use crate::domain::anomalie::{Anomalie, Regle};
use crate::domain::collecte::{AttenteSource, REJETS_GARDES, Rapport};
use crate::domain::ecarte::{Ecarte, RegleEcart};
use crate::domain::genre::Genre;
use crate::domain::traduction::{self, Recu};
use crate::domain::valeur::Ligne;
use crate::store::lecture;

/// Files kept at once: a kill loses at most this many readings.
const LOT: usize = 200;

/// Reads everybody of a year.
pub(super) async fn lire(
    outils: &Outils,
    sources: &Sources,
    collecte: i64,
    annee: AnneeUniversitaire,
    etapes: Vec<CleEtape>,
    progress: &Progress,
    rapport: &mut Rapport,
) -> Result<(Recu, Vec<Anomalie>), CollecteFault> {
    let mut recu = Recu::new();
    let mut anomalies = Vec::new();
    enseignants(sources, annee, progress, rapport, &mut recu, &mut anomalies).await?;

    let debut = Instant::now();
    let avant = sources.apogee.attente();
    let numeros = etudiants(outils, sources, annee, &etapes, progress).await?;
    for genre in [Genre::Etudiant, Genre::InscriptionAdministrative, Genre::InscriptionPedagogique] {
        recu.entry(genre).or_default();
    }
    let mut sans_etape: BTreeSet<CleEtape> = BTreeSet::new();
    let connues: HashSet<&CleEtape> = etapes.iter().collect();
    let prendre = |dossier: Dossier| {
        sans_etape.extend(
            dossier.inscriptions.iter().filter(|i| !connues.contains(&i.etape)).map(|i| i.etape.clone()),
        );
        traduction::dossier(&mut recu, dossier);
    };
    dossiers(outils, sources, collecte, annee, numeros, progress, rapport, prendre).await?;
    let apres = sources.apogee.attente();
    let lecture_ms = ms(debut.elapsed());
    let occupee_ms = apres.occupee_ms.saturating_sub(avant.occupee_ms);
    rapport.attentes.push(AttenteSource {
        source: "Apogée (services web)".into(),
        appels: apres.appels.saturating_sub(avant.appels),
        reprises: apres.reprises.saturating_sub(avant.reprises),
        lecture_ms,
        attente_ms: apres.attente_ms.saturating_sub(avant.attente_ms),
        occupation: occupee_ms.saturating_mul(100).checked_div(lecture_ms).unwrap_or(0).min(100),
    });
    anomalies.extend(sans_etape.into_iter().map(|cle| Anomalie {
        regle: Regle::InscriptionSansEtape,
        objet: Genre::VersionEtape.description().code,
        cle: format!("{} · {}", cle.etape, cle.version),
        champ: "inscription".into(),
        libelle: String::new(),
        source_a: "Apogée",
        valeur_a: "des étudiants y sont inscrits".into(),
        source_b: "Offre",
        valeur_b: "étape absente de l’année".into(),
    }));
    for (genre, lignes) in &recu {
        rapport.lus.insert(genre.description().pluriel.to_owned(), lignes.len() as u64);
    }
    Ok((recu, anomalies))
}

async fn enseignants(
    sources: &Sources,
    annee: AnneeUniversitaire,
    progress: &Progress,
    rapport: &mut Rapport,
    recu: &mut Recu,
    anomalies: &mut Vec<Anomalie>,
) -> Result<(), CollecteFault> {
    progress.step("Lecture des enseignants d'Eve");
    let debut = Instant::now();
    let lus = sources.eve.enseignants(annee).await?;
    let attente_ms = ms(debut.elapsed());
    rapport.attentes.push(AttenteSource {
        source: "Eve".into(),
        appels: 1,
        lecture_ms: attente_ms,
        attente_ms,
        occupation: 100,
        ..AttenteSource::default()
    });
    let mut personnes: std::collections::HashMap<String, String> = std::collections::HashMap::new();
    for e in &lus {
        // Two numbers for one person: the same mail, or the same folded names when there is none.
        let qui = e.email.clone().unwrap_or_else(|| {
            kernel::fold(&format!("{} {}", e.nom, e.prenom.as_deref().unwrap_or_default()))
        });
        if let Some(premier) = personnes.get(&qui) {
            if *premier != e.numero.0 {
                anomalies.push(Anomalie {
                    regle: Regle::EnseignantDouble,
                    objet: Genre::Enseignant.description().code,
                    cle: e.numero.0.clone(),
                    champ: "numero".into(),
                    libelle: format!("{} {}", e.prenom.as_deref().unwrap_or_default(), e.nom)
                        .trim()
                        .to_owned(),
                    source_a: "Eve",
                    valeur_a: e.numero.0.clone(),
                    source_b: "Eve",
                    valeur_b: premier.clone(),
                });
            }
        } else {
            personnes.insert(qui, e.numero.0.clone());
        }
    }
    let lignes = lus.into_iter().map(|e| {
        Ligne::new(
            [e.numero.into()],
            [
                e.nom.into(),
                e.nom_usage.into(),
                e.prenom.into(),
                e.civilite.into(),
                e.email.into(),
                e.corps.map(|c| c.libelle.unwrap_or(c.code)).into(),
                e.statut.into(),
                e.composante.into(),
                e.section_cnu.into(),
                e.service_statutaire.into(),
            ],
        )
    });
    recu.insert(Genre::Enseignant, lignes.collect());
    Ok(())
}

/// Numbers of everybody registered to one of the étapes.
async fn etudiants(
    outils: &Outils,
    sources: &Sources,
    annee: AnneeUniversitaire,
    etapes: &[CleEtape],
    progress: &Progress,
) -> Result<BTreeSet<NumeroEtudiant>, CollecteFault> {
    progress.step("Lecture des inscrits de chaque étape");
    let total = etapes.len() as u64;
    let mut flux = stream::iter(etapes)
        .map(|etape| sources.apogee.etudiants(annee, etape))
        .buffer_unordered(outils.reglages.simultanees.max(1));
    let mut numeros = BTreeSet::new();
    let mut faites = 0;
    while let Some(lus) = flux.try_next().await? {
        numeros.extend(lus);
        faites += 1;
        progress.advance(faites, total);
        if progress.cancelled() {
            return Err(CollecteFault::Annulee);
        }
    }
    Ok(numeros)
}

/// The file of each student, from what was kept or from the source, given to `prendre` as it comes.
#[expect(clippy::too_many_arguments, reason = "one reading, its source, its progress and its destination")]
async fn dossiers(
    outils: &Outils,
    sources: &Sources,
    collecte: i64,
    annee: AnneeUniversitaire,
    mut numeros: BTreeSet<NumeroEtudiant>,
    progress: &Progress,
    rapport: &mut Rapport,
    mut prendre: impl FnMut(Dossier),
) -> Result<(), CollecteFault> {
    let total = numeros.len() as u64;
    progress.step("Lecture des dossiers d'étudiants");
    let gardees = outils.db.read(|c| async move { lecture::lecture_load(&c, collecte).await }).await?;
    for (cle, contenu) in gardees {
        if let Ok(dossier) = serde_json::from_str::<Dossier>(&contenu)
            && numeros.remove(&NumeroEtudiant(cle))
        {
            prendre(dossier);
            rapport.repris += 1;
        }
    }
    let mut faits = rapport.repris;
    progress.advance(faits, total);
    let mut flux = sources.apogee.dossiers(annee, numeros.into_iter().collect());
    let mut lot = Vec::with_capacity(LOT);
    let panne = loop {
        match flux.next().await {
            Some(Ok((_, Some(dossier)))) => {
                lot.push((dossier.numero.0.clone(), serde_json::to_string(&dossier).unwrap_or_default()));
                prendre(dossier);
            }
            Some(Ok((numero, None))) => {
                rapport.rejets += 1;
                Arc::make_mut(&mut rapport.ecartes).push(Ecarte {
                    genre: Genre::Etudiant,
                    cle: numero.0.clone(),
                    regle: RegleEcart::DossierInconnu,
                    detail: String::new(),
                });
                if rapport.lignes_rejetees.len() < REJETS_GARDES {
                    rapport.lignes_rejetees.push(Rejet {
                        table: "recupererInfosAdmEtu_v4".into(),
                        ligne: 0,
                        colonne: "codEtu".into(),
                        cle: numero.0.clone(),
                        valeur: numero.0,
                        raison:
                            "Apogée cite cet étudiant parmi les inscrits, mais ne connaît pas son dossier."
                                .into(),
                    });
                }
            }
            Some(Err(panne)) => break Some(CollecteFault::from(panne)),
            None => break None,
        }
        faits += 1;
        progress.advance(faits, total);
        if lot.len() >= LOT {
            garder(outils, collecte, &mut lot).await?;
        }
        if progress.cancelled() {
            break Some(CollecteFault::Annulee);
        }
    };
    match panne {
        Some(panne) => {
            garder(outils, collecte, &mut lot).await?;
            Err(panne)
        }
        None => Ok(()),
    }
}

async fn garder(
    outils: &Outils,
    collecte: i64,
    lot: &mut Vec<(String, String)>,
) -> Result<(), CollecteFault> {
    if !lot.is_empty() {
        let lectures = &*lot;
        outils.db.write(|tx| async move { lecture::lecture_add(&*tx, collecte, lectures).await }).await?;
        lot.clear();
    }
    Ok(())
}
