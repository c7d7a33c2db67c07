//! Which rows of Apogée's structure belong to a year.
//!
//! Only diplomas and étapes are versioned in Apogée. A version of étape is in the year when one of its attachments recruits or still
//! delivers the diploma that year (students finish after recruitment stops), or when nothing says its years. Lists and
//! elements follow the étapes that lead to them; those under no étape at all stay, to be seen as orphans; those that only étapes of
//! another accreditation lead to are left out. A year then keeps its own picture, which later collections do not touch.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use contracts::apogee::{CleEtape, Fenetre, Structure};
use kernel::{AnneeUniversitaire, CodeElement, CodeListe};

/// Narrows `structure` to `annee`. Also says how many rows of each kind were left out.
#[must_use]
pub fn restreindre(mut structure: Structure, annee: AnneeUniversitaire) -> (Structure, BTreeMap<String, u64>) {
    let mut hors = BTreeMap::new();
    let mut compter = |nom: &str, avant: usize, apres: usize| {
        if avant > apres {
            hors.insert(nom.to_owned(), (avant - apres) as u64);
        }
    };

    let dans = |recrutement: Fenetre, validation: Fenetre| {
        recrutement.contient(annee) || (!validation.inconnue() && validation.contient(annee))
    };
    let mut vues: HashMap<CleEtape, bool> = HashMap::new();
    for r in &structure.rattachements {
        let cle = CleEtape { etape: r.etape.clone(), version: r.version_etape.clone() };
        *vues.entry(cle).or_default() |= dans(r.recrutement, r.validation);
    }
    let vet_dans = |etape: &kernel::CodeEtape, version: &kernel::VersionEtape| {
        vues.get(&CleEtape { etape: etape.clone(), version: version.clone() }).copied().unwrap_or(true)
    };

    let (listes, elements, atteints) = portee(&structure, &vet_dans);

    macro_rules! garder {
        ($champ:ident, $nom:literal, $garde:expr) => {{
            let avant = structure.$champ.len();
            structure.$champ.retain($garde);
            compter($nom, avant, structure.$champ.len());
        }};
    }
    let versionnes: HashSet<_> = structure.versions_diplome.iter().map(|v| v.diplome.clone()).collect();
    garder!(versions_diplome, "versions_diplome", |v| dans(v.recrutement, v.validation));
    let presents: HashSet<_> = structure.versions_diplome.iter().map(|v| v.diplome.clone()).collect();
    garder!(diplomes, "diplomes", |d| presents.contains(&d.code) || !versionnes.contains(&d.code));
    garder!(rattachements, "rattachements", |r| dans(r.recrutement, r.validation));
    let toutes: HashSet<_> = structure.versions_etape.iter().map(|v| v.etape.clone()).collect();
    garder!(versions_etape, "versions_etape", |v| vet_dans(&v.etape, &v.version));
    let gardees: HashSet<_> = structure.versions_etape.iter().map(|v| v.etape.clone()).collect();
    garder!(etapes, "etapes", |e| gardees.contains(&e.code) || !toutes.contains(&e.code));
    garder!(liens_etape, "liens_etape_liste", |l| vet_dans(&l.etape, &l.version));
    garder!(listes, "listes", |l| listes.contains(&l.code) || !atteints.listes.contains(&l.code));
    garder!(elements, "elements", |e| elements.contains(&e.code) || !atteints.elements.contains(&e.code));
    garder!(liens_liste, "liens_liste_element", |l| {
        listes.contains(&l.liste) || !atteints.listes.contains(&l.liste)
    });
    garder!(liens_element, "liens_element_liste", |l| {
        elements.contains(&l.element) || !atteints.elements.contains(&l.element)
    });
    garder!(heures, "heures", |h| {
        h.annee == annee && (elements.contains(&h.element) || !atteints.elements.contains(&h.element))
    });
    (structure, hors)
}

/// Lists and elements that any étape leads to.
struct Atteints {
    listes: HashSet<CodeListe>,
    elements: HashSet<CodeElement>,
}

/// What the étapes of the year lead to, and what any étape leads to.
fn portee(
    structure: &Structure,
    vet_dans: &impl Fn(&kernel::CodeEtape, &kernel::VersionEtape) -> bool,
) -> (HashSet<CodeListe>, HashSet<CodeElement>, Atteints) {
    let mut contenu: HashMap<&CodeListe, Vec<&CodeElement>> = HashMap::new();
    for l in &structure.liens_liste {
        contenu.entry(&l.liste).or_default().push(&l.element);
    }
    let mut sous: HashMap<&CodeElement, Vec<&CodeListe>> = HashMap::new();
    for l in &structure.liens_element {
        sous.entry(&l.element).or_default().push(&l.liste);
    }
    let parcourir = |depart: Vec<&CodeListe>| {
        let (mut listes, mut elements) = (HashSet::new(), HashSet::new());
        let mut file: VecDeque<&CodeListe> = depart.into();
        while let Some(liste) = file.pop_front() {
            if !listes.insert(liste.clone()) {
                continue;
            }
            for element in contenu.get(liste).into_iter().flatten() {
                if elements.insert((*element).clone()) {
                    file.extend(sous.get(element).into_iter().flatten());
                }
            }
        }
        (listes, elements)
    };
    let de_l_annee =
        structure.liens_etape.iter().filter(|l| vet_dans(&l.etape, &l.version)).map(|l| &l.liste).collect();
    let (listes, elements) = parcourir(de_l_annee);
    let (toutes_listes, tous_elements) = parcourir(structure.liens_etape.iter().map(|l| &l.liste).collect());
    (listes, elements, Atteints { listes: toutes_listes, elements: tous_elements })
}

#[cfg(test)]
mod tests {
    use contracts::apogee::{Element, LienEtapeListe, LienListeElement, Liste, Rattachement, VersionDEtape};

    use super::*;

    fn annee(a: u16) -> AnneeUniversitaire {
        AnneeUniversitaire::new(a).unwrap()
    }

    fn etape(s: &mut Structure, code: &str, debut: u16, fin: u16, element: &str) {
        let fenetre = Fenetre { debut: Some(debut), fin: Some(fin) };
        s.versions_etape.push(VersionDEtape {
            etape: code.into(),
            version: "1".into(),
            libelle: None,
            composante: None,
            a_distance: true,
        });
        s.rattachements.push(Rattachement {
            diplome: "D".into(),
            version_diplome: "1".into(),
            etape: code.into(),
            version_etape: "1".into(),
            recrutement: fenetre,
            validation: Fenetre { debut: Some(debut), fin: Some(fin + 1) },
            rang: Some(1),
        });
        let liste = CodeListe(format!("L{code}"));
        s.listes.push(Liste { code: liste.clone(), type_liste: "O".into(), etat: None, libelle: "x".into() });
        s.liens_etape.push(LienEtapeListe {
            etape: code.into(),
            version: "1".into(),
            liste: liste.clone(),
            min: None,
            max: None,
            ferme_le: None,
        });
        s.liens_liste.push(LienListeElement { liste, element: element.into() });
        if !s.elements.iter().any(|e| e.code.0 == element) {
            s.elements.push(un_element(element));
        }
    }

    fn un_element(code: &str) -> Element {
        Element {
            code: code.into(),
            libelle: code.into(),
            libelle_court: None,
            nature: "UE".into(),
            composante: None,
            periode: None,
            ects: None,
            volume: None,
            unite_volume: None,
            etat: None,
            suspendu: false,
            motif_suspension: None,
        }
    }

    #[test]
    fn two_accreditations_stand_apart_and_orphans_stay() {
        let mut s = Structure::default();
        etape(&mut s, "VIEUX", 2019, 2023, "A");
        etape(&mut s, "NEUF", 2024, 2028, "B");
        etape(&mut s, "PONT", 2019, 2028, "C");
        s.elements.push(un_element("SEUL"));
        let codes = |a| {
            let (s, _) = restreindre(s.clone(), annee(a));
            let mut e: Vec<_> = s.elements.iter().map(|e| e.code.0.clone()).collect();
            e.sort();
            e
        };
        assert_eq!(codes(2023), ["A", "C", "SEUL"]);
        assert_eq!(codes(2024), ["A", "B", "C", "SEUL"], "2024 still delivers the old diploma");
        assert_eq!(codes(2026), ["B", "C", "SEUL"]);
        let (_, hors) = restreindre(s, annee(2026));
        assert_eq!(hors.get("elements"), Some(&1));
        assert_eq!(hors.get("versions_etape"), Some(&1));
    }
}
