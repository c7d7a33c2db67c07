//! The end of the change: codes cleared, identifiers given, and what became of what written down.

use std::collections::HashMap;

use super::super::index::position;
use super::super::{Bloc, Devenir, ElementKofr, EtapeKofr, Formation, Maquette, NatureDevenir, Objet};
use super::Evolution;

impl Evolution<'_> {
    /// Compacts the design, clears every code, gives new identifiers and writes the truth table.
    pub(super) fn finish(self, old: &Maquette) -> (Maquette, Vec<Devenir>) {
        let alive = self.reachable();
        let prefix = self.atelier.maquette.annee_debut % 100;
        let mut maquette = self.atelier.maquette;
        let mut new_position = vec![None; alive.len()];
        let mut kept = Vec::new();
        for (i, element) in std::mem::take(&mut maquette.elements).into_iter().enumerate() {
            if alive.get(i) == Some(&true)
                && let Some(slot) = new_position.get_mut(i)
            {
                *slot = Some(position(kept.len()));
                kept.push((i, element));
            }
        }
        let clear = |bloc: &mut Bloc| {
            bloc.code_liste = None;
            bloc.id = bloc.id.replacen(&format!("B{}-", old.annee_debut % 100), &format!("B{prefix}-"), 1);
            bloc.elements = bloc
                .elements
                .iter()
                .filter_map(|at| new_position.get(*at as usize).copied().flatten())
                .collect();
        };
        let mut truth = Vec::new();
        let mut became: HashMap<u32, Vec<u32>> = HashMap::new();
        for (new, (i, element)) in (0..).zip(&mut kept) {
            element.id = format!("E{prefix}-{:06}", new + 1);
            element.code_elp = None;
            element.blocs.iter_mut().for_each(clear);
            for origin in self.origins.get(*i).into_iter().flatten() {
                became.entry(*origin).or_default().push(new);
            }
        }
        for (i, formation) in maquette.formations.iter_mut().enumerate() {
            let from = self.formations.get(i).copied().flatten().and_then(|at| old.formations.get(at));
            formation.id = format!("F{prefix}-{:04}", i + 1);
            // One diploma in four keeps its code and takes a new version; the others get new codes.
            let keeps = i % 4 == 0 && from.is_some();
            formation.code_diplome = formation.code_diplome.take().filter(|_| keeps);
            formation.version_diplome =
                formation.version_diplome.take().filter(|_| keeps).map(|v| bump(&v.0).into());
            push_truth(&mut truth, Objet::Diplome, from.map(diplome_key), Some(&formation.id));
            for (j, etape) in formation.etapes.iter_mut().enumerate() {
                let before = from.and_then(|f| f.etapes.get(j));
                etape.id = format!("T{prefix}-{:04}{}", i + 1, j + 1);
                etape.code_etape = etape.code_etape.take().filter(|_| keeps);
                etape.version_etape = etape.version_etape.take().filter(|_| keeps).map(|v| bump(&v.0).into());
                etape.blocs.iter_mut().for_each(clear);
                push_truth(&mut truth, Objet::Etape, before.map(etape_key), Some(&etape.id));
            }
        }
        for (_, formation) in
            old.formations.iter().enumerate().filter(|(at, _)| self.formations.get(*at) == Some(&None))
        {
            push_truth(&mut truth, Objet::Diplome, Some(diplome_key(formation)), None);
            formation
                .etapes
                .iter()
                .for_each(|e| push_truth(&mut truth, Objet::Etape, Some(etape_key(e)), None));
        }
        let row = |anciens: Vec<&ElementKofr>, nouveaux: Vec<&ElementKofr>, nature| Devenir {
            objet: Objet::Element,
            nature,
            anciens_kofr: anciens.iter().map(|e| e.id.clone()).collect(),
            nouveaux_kofr: nouveaux.iter().map(|e| e.id.clone()).collect(),
            anciens: anciens.iter().filter_map(|e| e.code_elp.as_ref()).map(|c| c.0.clone()).collect(),
            nouveaux: Vec::new(),
        };
        for (new, (i, element)) in (0_u32..).zip(&kept) {
            let origins = self.origins.get(*i).map(Vec::as_slice).unwrap_or_default();
            let anciens: Vec<&ElementKofr> =
                origins.iter().filter_map(|o| old.elements.get(*o as usize)).collect();
            let siblings = origins.first().and_then(|o| became.get(o)).map(Vec::as_slice).unwrap_or_default();
            match (anciens.as_slice(), siblings) {
                ([], _) => truth.push(row(vec![], vec![element], NatureDevenir::Nouveau)),
                ([_, _, ..], _) => truth.push(row(anciens, vec![element], NatureDevenir::Fusionne)),
                ([_], [first, _, ..]) if *first == new => {
                    let halves =
                        siblings.iter().filter_map(|s| kept.get(*s as usize)).map(|(_, e)| e).collect();
                    truth.push(row(anciens, halves, NatureDevenir::Scinde));
                }
                ([_], [_, _, ..]) => {}
                ([before], _) => {
                    let nature = compare(before, element, self.moved.get(*i) == Some(&true));
                    truth.push(row(vec![before], vec![element], nature));
                }
            }
        }
        for (_, element) in (0_u32..).zip(&old.elements).filter(|(at, _)| !became.contains_key(at)) {
            truth.push(row(vec![element], vec![], NatureDevenir::Supprime));
        }
        maquette.elements = kept.into_iter().map(|(_, e)| e).collect();
        (maquette, truth)
    }
}

fn compare(before: &ElementKofr, after: &ElementKofr, moved: bool) -> NatureDevenir {
    if moved {
        NatureDevenir::Deplace
    } else if before.ects != after.ects {
        NatureDevenir::EctsModifies
    } else if before.libelle != after.libelle {
        NatureDevenir::Renomme
    } else if before.heures != after.heures {
        NatureDevenir::HeuresModifiees
    } else {
        NatureDevenir::Conserve
    }
}

/// Identifier and codes of what was.
type Key<'o> = (&'o str, Option<String>);

fn diplome_key(formation: &Formation) -> Key<'_> {
    let code = formation.code_diplome.as_ref().zip(formation.version_diplome.as_ref());
    (&formation.id, code.map(|(c, v)| format!("{c}/{v}")))
}

fn etape_key(etape: &EtapeKofr) -> Key<'_> {
    let code = etape.code_etape.as_ref().zip(etape.version_etape.as_ref());
    (&etape.id, code.map(|(c, v)| format!("{c}/{v}")))
}

fn push_truth(truth: &mut Vec<Devenir>, objet: Objet, ancien: Option<Key<'_>>, nouveau: Option<&str>) {
    let nature = match (&ancien, nouveau) {
        (Some(_), Some(_)) => NatureDevenir::Conserve,
        (None, _) => NatureDevenir::Nouveau,
        (Some(_), None) => NatureDevenir::Supprime,
    };
    truth.push(Devenir {
        objet,
        nature,
        anciens_kofr: ancien.iter().map(|(id, _)| (*id).to_owned()).collect(),
        nouveaux_kofr: nouveau.map(str::to_owned).into_iter().collect(),
        anciens: ancien.into_iter().filter_map(|(_, code)| code).collect(),
        nouveaux: Vec::new(),
    });
}

/// Writes in the truth table the codes that pouring gave.
pub(in crate::world) fn name_truth(truth: &mut [Devenir], new: &Maquette) {
    let mut codes: HashMap<&str, String> = HashMap::new();
    for formation in &new.formations {
        codes.extend(diplome_key(formation).1.map(|c| (formation.id.as_str(), c)));
        codes.extend(formation.etapes.iter().filter_map(|e| Some((e.id.as_str(), etape_key(e).1?))));
    }
    codes.extend(new.elements.iter().filter_map(|e| Some((e.id.as_str(), e.code_elp.as_ref()?.0.clone()))));
    for row in truth {
        row.nouveaux = row.nouveaux_kofr.iter().filter_map(|id| codes.get(id.as_str()).cloned()).collect();
    }
}

/// The version after this one: `101` gives `102`.
fn bump(version: &str) -> String {
    version.parse::<u16>().map_or_else(|_| version.to_owned(), |v| (v + 1).to_string())
}
