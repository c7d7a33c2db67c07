//! Lookup tables over the rows of a [`World`](super::World): hash maps from keys to positions, and grouped positions for the
//! « one to many » questions. Hash maps are only ever looked up, never walked, so that their order leaks nowhere.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};

use super::World;

/// Rows grouped by a dense key: the rows of key `k` are `rows[starts[k]..starts[k + 1]]`, in table order.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Groups {
    /// Groups row positions by key; a row whose key is `None` or out of range is in no group.
    pub(super) fn new<F: Fn(usize) -> Option<u32>>(keys: usize, len: usize, key: F) -> Self {
        let mut starts = vec![0_u32; keys + 1];
        let in_range = |row| key(row).map(|k| k as usize).filter(|k| *k < keys);
        for k in (0..len).filter_map(&in_range) {
            if let Some(slot) = starts.get_mut(k + 1) {
                *slot += 1;
            }
        }
        let mut total = 0;
        for slot in &mut starts {
            total += *slot;
            *slot = total;
        }
        let mut next = starts.clone();
        let mut rows = vec![0_u32; total as usize];
        for row in 0..len {
            if let Some(k) = in_range(row)
                && let Some(cursor) = next.get_mut(k)
                && let Some(slot) = rows.get_mut(*cursor as usize)
            {
                *slot = position(row);
                *cursor += 1;
            }
        }
        Self { starts, rows }
    }

    /// The rows of a key.
    pub(super) fn of(&self, key: u32) -> &[u32] {
        let start = self.starts.get(key as usize).copied().unwrap_or_default() as usize;
        let end = self.starts.get(key as usize + 1).copied().unwrap_or_default() as usize;
        self.rows.get(start..end).unwrap_or_default()
    }
}

/// A row number as stored: no table of the sandbox approaches four thousand million rows.
pub(super) fn position(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

/// First position of each key: where a table holds a key twice, the first row answers, as a database would after sorting.
fn first<K: Eq + Hash, T, S: BuildHasher + Default>(rows: &[T], key: impl Fn(&T) -> K) -> HashMap<K, u32, S> {
    let mut map = HashMap::with_capacity_and_hasher(rows.len(), S::default());
    for (i, row) in rows.iter().enumerate() {
        map.entry(key(row)).or_insert_with(|| position(i));
    }
    map
}

/// Every lookup of a world. Rebuilt whole after each change: a change is rare, a question is not.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    pub(super) etudiant_numero: HashMap<String, u32>,
    pub(super) etudiant_ine: HashMap<String, u32>,
    pub(super) etudiant_ind: HashMap<u32, u32>,
    pub(super) diplome: HashMap<String, u32>,
    pub(super) etape: HashMap<String, u32>,
    pub(super) liste: HashMap<String, u32>,
    pub(super) element: HashMap<String, u32>,
    pub(super) epreuve: HashMap<String, u32>,
    pub(super) vdi_by_diplome: Groups,
    pub(super) vet_by_etape: Groups,
    pub(super) vdi_vet_by_vet: Groups,
    pub(super) vdi_vet_by_diplome: Groups,
    pub(super) vet_lse_by_vet: Groups,
    pub(super) vet_lse_by_liste: Groups,
    pub(super) lse_elp_by_liste: Groups,
    pub(super) lse_elp_by_element: Groups,
    pub(super) elp_lse_by_element: Groups,
    pub(super) elp_lse_by_liste: Groups,
    pub(super) heure_by_element: Groups,
    pub(super) epreuve_by_element: Groups,
    pub(super) iaa_by_etudiant: Groups,
    pub(super) iae_by_etudiant: Groups,
    pub(super) iae_by_vet: Groups,
    pub(super) ip_by_etudiant: Groups,
    pub(super) ip_by_element: Groups,
    pub(super) resultat_elp_by_etudiant: Groups,
    pub(super) resultat_vet_by_etudiant: Groups,
    pub(super) resultat_vdi_by_etudiant: Groups,
    pub(super) service_by_enseignant: HashMap<String, Vec<u32>>,
}

impl Index {
    pub(super) fn of_offer(&mut self, w: &World) {
        self.diplome = first(&w.diplomes, |d| d.code.0.clone());
        self.etape = first(&w.etapes, |e| e.code.0.clone());
        self.liste = first(&w.listes, |l| l.code.0.clone());
        self.element = first(&w.elements, |e| e.code.0.clone());
        self.epreuve = first(&w.epreuves, |e| e.code.clone());
        let (diplomes, etapes) = (w.diplomes.len(), w.etapes.len());
        let diplome = |code: &str| self.diplome.get(code).copied();
        let etape = |code: &str| self.etape.get(code).copied();
        let liste = |code: &str| self.liste.get(code).copied();
        let element = |code: &str| self.element.get(code).copied();
        self.vdi_by_diplome = by(diplomes, &w.versions_diplome, |r| diplome(r.diplome.as_str()));
        self.vet_by_etape = by(etapes, &w.versions_etape, |r| etape(r.etape.as_str()));
        let vets = &self.vet_by_etape;
        let vet = |etp: &str, version: &str| {
            let found = vets.of(etape(etp)?);
            found
                .iter()
                .copied()
                .find(|v| w.versions_etape.get(*v as usize).is_some_and(|r| r.version.0 == version))
        };
        let n = w.versions_etape.len();
        self.vdi_vet_by_vet = by(n, &w.vdi_vet, |r| vet(r.etape.as_str(), r.version_etape.as_str()));
        self.vdi_vet_by_diplome = by(diplomes, &w.vdi_vet, |r| diplome(r.diplome.as_str()));
        self.vet_lse_by_vet = by(n, &w.vet_lse, |r| vet(r.etape.as_str(), r.version.as_str()));
        self.vet_lse_by_liste = by(w.listes.len(), &w.vet_lse, |r| liste(r.liste.as_str()));
        self.lse_elp_by_liste = by(w.listes.len(), &w.lse_elp, |r| liste(r.liste.as_str()));
        self.lse_elp_by_element = by(w.elements.len(), &w.lse_elp, |r| element(r.element.as_str()));
        self.elp_lse_by_element = by(w.elements.len(), &w.elp_lse, |r| element(r.element.as_str()));
        self.elp_lse_by_liste = by(w.listes.len(), &w.elp_lse, |r| liste(r.liste.as_str()));
        self.heure_by_element = by(w.elements.len(), &w.heures, |r| element(r.element.as_str()));
        self.epreuve_by_element = by(w.elements.len(), &w.epreuves_elements, |r| element(r.element.as_str()));
    }

    pub(super) fn of_people(&mut self, w: &World) {
        let etudiants = w.etudiants.len();
        self.etudiant_numero = first(&w.etudiants, |e| e.numero.0.clone());
        self.etudiant_ine = w
            .etudiants
            .iter()
            .enumerate()
            .filter_map(|(i, e)| Some((e.ine.as_ref()?.0.clone(), position(i))))
            .collect();
        self.etudiant_ind = first(&w.etudiants, |e| e.cod_ind);
        self.iaa_by_etudiant = by(etudiants, &w.ia_annuelles, |r| Some(r.etudiant));
        self.iae_by_etudiant = by(etudiants, &w.ia_etapes, |r| Some(r.etudiant));
        let vet_of_iae = by(w.versions_etape.len(), &w.ia_etapes, |r| {
            w.vet_position(r.etape.as_str(), r.version.as_str())
        });
        self.iae_by_vet = vet_of_iae;
        self.ip_by_etudiant = by(etudiants, &w.ip, |r| Some(r.etudiant));
        self.ip_by_element = by(w.elements.len(), &w.ip, |r| Some(r.element));
        self.resultat_elp_by_etudiant = by(etudiants, &w.resultats_elements, |r| Some(r.etudiant));
        self.resultat_vet_by_etudiant = by(etudiants, &w.resultats_etapes, |r| Some(r.etudiant));
        self.resultat_vdi_by_etudiant = by(etudiants, &w.resultats_vdi, |r| Some(r.etudiant));
        self.service_by_enseignant = HashMap::new();
        for (i, service) in w.services.iter().enumerate() {
            self.service_by_enseignant.entry(service.enseignant.0.clone()).or_default().push(position(i));
        }
    }
}

fn by<T>(keys: usize, rows: &[T], key: impl Fn(&T) -> Option<u32>) -> Groups {
    Groups::new(keys, rows.len(), |row| rows.get(row).and_then(&key))
}
