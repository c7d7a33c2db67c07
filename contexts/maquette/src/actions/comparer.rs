//! Compares what was received with what is held, kind by kind, and says whether something fell.

use std::collections::BTreeMap;

use db::Db;
use kernel::AnneeUniversitaire;

use super::CollecteFault;
use crate::domain::anomalie::{Anomalie, Regle};
use crate::domain::chute::{Chute, chute};
use crate::domain::collecte::Bilan;
use crate::domain::correction::{self, Active, Dite, recouvrir};
use crate::domain::diff::{Changement, Doublon, comparer, premieres};
use crate::domain::genre::{GENRES, Genre};
use crate::domain::traduction::Recu;
use crate::domain::valeur::{cle_lisible, empreinte_ensemble};
use crate::domain::{Portee, Sorte, Valeur};
use crate::store::correction::{correction_actives, correction_version};
use crate::store::objet;

/// The outcome of a comparison.
#[derive(Debug, Default)]
pub struct Ecart {
    /// Changes, grouped by kind, in the order of [`GENRES`].
    pub changements: Vec<(Genre, Vec<Changement>)>,
    /// Counts by kind.
    pub bilans: BTreeMap<String, Bilan>,
    /// Identity of each kind once the changes are applied, for those that were compared row by row.
    pub ensembles: Vec<(Genre, String)>,
    /// Kinds that would lose too much.
    pub chutes: Vec<Chute>,
    /// Corrections laid over what was received, and how many times corrections had changed by then.
    pub corrections: Vec<Active>,
    /// See `corrections`.
    pub version: Option<String>,
    /// What the sources say of corrected fields.
    pub dites: Vec<Dite>,
}

impl Ecart {
    /// Rows that would be written, anomalies included.
    #[must_use]
    pub fn nombre(&self) -> usize {
        self.changements.iter().map(|(_, c)| c.len()).sum()
    }
}

/// Whether an anomaly of this rule is found by a collection of this scope: the others are none of its business, and stay.
fn concerne(portee: Portee, cle: &[Valeur]) -> bool {
    let regle = cle.first().and_then(Valeur::texte).and_then(Regle::of_code);
    match regle {
        Some(Regle::EnseignantDouble | Regle::InscriptionSansEtape) => portee.personnes(),
        Some(Regle::CorrectionDepassee | Regle::CorrectionInutile) => {
            let enseignant = cle.get(1).and_then(Valeur::texte) == Some(Genre::Enseignant.description().code);
            if enseignant { portee.personnes() } else { portee.offre() }
        }
        _ => portee.offre(),
    }
}

/// Compares. Corrections are laid over what was received first: the rest then sees only corrected rows. A kind whose whole is the same as last applied is not read row by row. Anomalies come last, because comparing may find some: the same key with two contents.
pub(super) async fn ecart(
    db: &Db,
    portee: Portee,
    annee: AnneeUniversitaire,
    mut recu: Recu,
    mut anomalies: Vec<Anomalie>,
    seuil: u8,
) -> Result<Ecart, CollecteFault> {
    let annee = annee.premiere();
    let (version, corrections) = db
        .read(|c| async move {
            // In this order: a correction set in between makes the version stale, which is seen when the changes are applied.
            Ok::<_, CollecteFault>((correction_version(&c).await?, correction_actives(&c, annee).await?))
        })
        .await?;
    let mut ecart = Ecart { corrections, version, ..Ecart::default() };
    for d in &GENRES {
        let genre = d.genre;
        let lignes = if genre == Genre::Anomalie {
            let mut lignes = std::mem::take(&mut anomalies);
            lignes.sort();
            lignes.dedup_by(|a, b| {
                (a.regle, a.objet, &a.cle, &a.champ) == (b.regle, b.objet, &b.cle, &b.champ)
            });
            lignes.into_iter().map(Into::into).collect()
        } else {
            match recu.remove(&genre) {
                Some(lignes) => lignes,
                None => continue,
            }
        };
        let (mut lignes, doublons) = premieres(lignes);
        anomalies.extend(doublons.iter().map(|double| contradiction(genre, double)));
        let dites = recouvrir(&ecart.corrections, genre, &mut lignes);
        anomalies.extend(dites.iter().filter_map(|dite| {
            let corrige = ecart.corrections.iter().find(|a| a.id == dite.correction)?;
            correction::ecart(corrige, dite)
        }));
        ecart.dites.extend(dites);
        // Anomalies are of two scopes in one table: their identity says nothing.
        let empreinte = (genre != Genre::Anomalie).then(|| empreinte_ensemble(&lignes));
        if let Some(empreinte) = &empreinte {
            let tenue = db.read(|c| async move { objet::ensemble_read(&c, genre, annee).await }).await?;
            if tenue.as_ref() == Some(empreinte) {
                let bilan = Bilan { inchanges: lignes.len() as u64, ..Bilan::default() };
                ecart.bilans.insert(d.pluriel.to_owned(), bilan);
                continue;
            }
        }
        let mut tenus = db.read(|c| async move { objet::objet_load(&c, genre, annee).await }).await?;
        if genre == Genre::Anomalie {
            tenus.retain(|cle, _| concerne(portee, cle));
        }
        let mut sortie = comparer(genre, tenus, lignes);
        ecart.ensembles.extend(empreinte.map(|e| (genre, e)));
        let ids: Vec<i64> = sortie.changements.iter().filter_map(|c| c.id).collect();
        if !ids.is_empty() {
            let ids = &ids;
            let mut avant = db.read(|c| async move { objet::objet_champs(&c, genre, ids).await }).await?;
            sortie.changements.iter_mut().for_each(|c| c.completer(&mut avant));
            let compares = sortie.changements.len();
            sortie.changements.retain(|c| !c.sans_effet());
            sortie.inchanges += (compares - sortie.changements.len()) as u64;
        }
        let compte = |sorte| sortie.changements.iter().filter(|c| c.sorte == sorte).count() as u64;
        let bilan = Bilan {
            ajoutes: compte(Sorte::Ajout),
            modifies: compte(Sorte::Modification),
            fermes: compte(Sorte::Fermeture),
            rouverts: compte(Sorte::Reouverture),
            inchanges: sortie.inchanges,
        };
        ecart.bilans.insert(d.pluriel.to_owned(), bilan);
        ecart.chutes.extend(chute(genre, sortie.ouverts, bilan.fermes, seuil));
        if !sortie.changements.is_empty() {
            ecart.changements.push((genre, sortie.changements));
        }
    }
    Ok(ecart)
}

/// Two rows of one key, whatever source they came from.
fn contradiction(genre: Genre, double: &Doublon) -> Anomalie {
    let d = genre.description();
    let differe = double.garde.iter().zip(&double.ecarte).position(|(a, b)| a != b);
    let valeur =
        |champs: &[Valeur]| differe.and_then(|i| champs.get(i)).map(ToString::to_string).unwrap_or_default();
    Anomalie {
        regle: if genre == Genre::Enseignant { Regle::EnseignantDouble } else { Regle::Conflit },
        objet: d.code,
        cle: cle_lisible(&double.cle),
        champ: differe.and_then(|i| d.champs.get(i)).map_or("", |c| c.nom).to_owned(),
        libelle: d.libelle.and_then(|i| double.garde.get(i)).map(ToString::to_string).unwrap_or_default(),
        source_a: "Ligne gardée",
        valeur_a: valeur(&double.garde),
        source_b: "Ligne écartée",
        valeur_b: valeur(&double.ecarte),
    }
}
