//! Reading the offer: Apogée's structure and Kofr's contributions, at the same time.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use ::jobs::Progress;
use contracts::apogee::{Lues, Structure};
use kernel::{AnneeUniversitaire, Centi, nombre_francais};

use super::lire_kofr::{self, LuKofr};
use super::{CollecteFault, Outils, Sources};
use crate::domain::anomalie::{Anomalie, Regle};
use crate::domain::collecte::{AttenteSource, REJETS_GARDES, Rapport};
use crate::domain::controles::Usages;
use crate::domain::genre::Genre;
use crate::domain::{Offre, controles, desaccords, ecarte, perimetre};
use crate::store::correction::correction_actives;

/// Reads everything that says the offer of a year, and checks it. `annee` is the year asked; absent, the open one.
pub(super) async fn lire(
    outils: &Outils,
    sources: &Sources,
    annee: Option<AnneeUniversitaire>,
    sinon: AnneeUniversitaire,
    progress: &Progress,
    rapport: &mut Rapport,
) -> Result<(Offre, Vec<Anomalie>), CollecteFault> {
    let debut = Instant::now();
    progress.step("Lecture de l'extraction d'Apogée");
    let suivi = {
        let progress = progress.clone();
        Arc::new(move |quoi: &str, fait: u64, total: u64| {
            let texte = format!("Lecture de l'extraction d'Apogée : {quoi}");
            if progress.present().texte != texte {
                progress.step(texte);
            }
            progress.advance(fait, total);
        })
    };
    let structure = sources.apogee.structure(suivi).await?;
    let lu_en = debut.elapsed();
    compter(&structure, rapport);
    rapport.rejets += structure.rejets.len() as u64;
    rapport.lignes_rejetees.extend(structure.rejets.iter().take(REJETS_GARDES).cloned());
    rapport.attentes.push(AttenteSource {
        source: "Apogée (extraction)".into(),
        appels: 1,
        lecture_ms: ms(lu_en),
        attente_ms: ms(lu_en),
        occupation: 100,
        ..AttenteSource::default()
    });
    let ouverte = structure.annees.iter().find(|a| a.etat == "O").map(|a| a.annee);
    let annee = annee.or(ouverte).unwrap_or(sinon);

    let debut = Instant::now();
    progress.step("Lecture de Kofr");
    let LuKofr { maquettes, apports, ecarts, appels, avis, panne } =
        lire_kofr::lire(outils, &sources.kofr, annee, progress).await?;
    rapport.avis.extend(avis);
    rapport.replis.extend(panne);
    rapport.lus.insert("elements_kofr".into(), apports.len() as u64);
    if appels > 0 {
        rapport.lus.insert("maquettes".into(), maquettes.len() as u64);
        let attente_ms = ms(debut.elapsed());
        rapport.attentes.push(AttenteSource {
            source: "Kofr".into(),
            appels,
            lecture_ms: attente_ms,
            attente_ms,
            occupation: 100,
            ..AttenteSource::default()
        });
    }

    progress.step("Contrôle de la structure");
    let usages = Usages {
        natures_semestre: outils.reglages.natures_semestre.clone(),
        ects_corriges: ects_corriges(outils, annee).await?,
    };
    let connus: HashSet<_> = structure.elements.iter().map(|e| e.code.clone()).collect();
    let travail = tokio::task::spawn_blocking(move || {
        let inconnus = apports.keys().filter(|c| !connus.contains(*c)).map(|code| Anomalie {
            regle: Regle::CodeInconnu,
            objet: Genre::Element.description().code,
            cle: code.0.clone(),
            champ: "code".into(),
            libelle: apports.get(code).map(|a| a.libelle.clone()).unwrap_or_default(),
            source_a: "Kofr",
            valeur_a: code.0.clone(),
            source_b: "Apogée",
            valeur_b: "code inconnu".into(),
        });
        let ecarts_kofr: Vec<Anomalie> = ecarts.into_iter().chain(inconnus).collect();
        let (structure, mut hors) = perimetre::restreindre(structure, annee);
        hors.ecartes.extend(structure.rejets.iter().filter(|r| !r.cle.is_empty()).map(Into::into));
        hors.ecartes.extend(structure.conflits.iter().map(Into::into));
        hors.ecartes.extend(ecarts_kofr.iter().filter_map(ecarte::de_kofr));
        let offre = Offre { annee, structure, kofr: apports, maquettes, ecarts_kofr };
        let mut anomalies = controles::controler(&offre, &usages);
        anomalies.extend(desaccords::comparer(&offre));
        (offre, anomalies, hors)
    });
    let (offre, anomalies, hors) = travail.await.map_err(|err| db::DbError::Value(err.to_string()))?;
    let perimetre::Hors { comptes: hors, ecartes } = hors;
    rapport.ecartes = Arc::new(ecartes);
    if !hors.is_empty() {
        let elements = hors.get("elements").copied().unwrap_or_default();
        let etapes = hors.get("versions_etape").copied().unwrap_or_default();
        if elements + etapes > 0 {
            rapport.avis.push(format!(
                "Hors de {} : {} et {}, qui appartiennent à d’autres années.",
                annee.libelle(),
                compte(etapes, "version d’étape", "versions d’étape"),
                compte(elements, "élément", "éléments"),
            ));
        }
    }
    rapport.hors_annee.extend(hors);
    rapport.annee = Some(annee);
    Ok((offre, anomalies))
}

/// ECTS of elements under a local correction.
async fn ects_corriges(
    outils: &Outils,
    annee: AnneeUniversitaire,
) -> Result<HashMap<String, Option<Centi>>, CollecteFault> {
    let actives = outils.db.read(|c| async move { correction_actives(&c, annee.premiere()).await }).await?;
    let ects = Genre::Element.champs().iter().position(|c| c.nom == "ects");
    let celles = actives.iter().filter(|a| a.genre == Genre::Element && Some(a.champ) == ects);
    Ok(celles
        .filter_map(|a| Some((a.cle.first()?.texte()?.to_owned(), a.valeur.entier().map(Centi))))
        .collect())
}

pub(super) fn ms(duree: std::time::Duration) -> u64 {
    u64::try_from(duree.as_millis()).unwrap_or(u64::MAX)
}

/// Rows given by the source, by kind: what its manifest counts, repetitions and rejected rows included.
fn compter(s: &Structure, rapport: &mut Rapport) {
    let mut repetees = 0;
    let mut dire = |genre: Genre, champ: &str, n: usize| {
        let lues = s.lues.get(champ).copied().unwrap_or(Lues { lignes: n as u64, repetees: 0 });
        repetees += lues.repetees;
        rapport.lus.insert(genre.description().pluriel.to_owned(), lues.lignes);
    };
    dire(Genre::Annee, "annees", s.annees.len());
    dire(Genre::Composante, "composantes", s.composantes.len());
    dire(Genre::Nature, "natures", s.natures.len());
    dire(Genre::Diplome, "diplomes", s.diplomes.len());
    dire(Genre::VersionDiplome, "versions_diplome", s.versions_diplome.len());
    dire(Genre::Etape, "etapes", s.etapes.len());
    dire(Genre::VersionEtape, "versions_etape", s.versions_etape.len());
    dire(Genre::Rattachement, "rattachements", s.rattachements.len());
    dire(Genre::Liste, "listes", s.listes.len());
    dire(Genre::Element, "elements", s.elements.len());
    dire(Genre::LienEtapeListe, "liens_etape", s.liens_etape.len());
    dire(Genre::LienListeElement, "liens_liste", s.liens_liste.len());
    dire(Genre::LienElementListe, "liens_element", s.liens_element.len());
    dire(Genre::Heures, "heures", s.heures.len());
    if repetees > 0 {
        let lignes = compte(repetees, "ligne", "lignes");
        rapport
            .avis
            .push(format!("L’extraction répète à l’identique {lignes} : chacune est comptée une fois."));
    }
}

/// « 1 ligne », « 168 lignes ».
fn compte(n: u64, singulier: &str, pluriel: &str) -> String {
    let mot = if n > 1 { pluriel } else { singulier };
    format!("{} {mot}", nombre_francais(i64::try_from(n).unwrap_or(i64::MAX)))
}
