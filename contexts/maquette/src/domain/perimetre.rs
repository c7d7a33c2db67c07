//! Which rows of Apogée's structure belong to a year.
//!
//! Only diplomas and étapes are versioned in Apogée. A version of étape is in the year when one of its attachments recruits or still
//! delivers the diploma that year (students finish after recruitment stops), or when nothing says its years. Lists and
//! elements follow the étapes that lead to them; those under no étape at all stay, to be seen as orphans; those that only étapes of
//! another accreditation lead to are left out. A year then keeps its own picture, which later collections do not touch.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use contracts::apogee::{Fenetre, LienEtapeListe, Rattachement, Structure};
use kernel::AnneeUniversitaire;

use super::ecarte::{Ecarte, RegleEcart, fenetre};
use super::genre::Genre;

/// Attachments and étapes named in the detail of one rule.
const CITES: usize = 3;

/// What is not of the year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hors {
    /// How many rows of each kind.
    pub comptes: BTreeMap<String, u64>,
    /// Each object that has a code, with the rule that left it out.
    pub ecartes: Vec<Ecarte>,
}

/// Narrows `structure` to `annee`. Also says what was left out, and by which rule.
#[must_use]
pub fn restreindre(mut structure: Structure, annee: AnneeUniversitaire) -> (Structure, Hors) {
    let mut comptes = BTreeMap::new();
    let (garde, ecartes) = trier(&structure, annee);
    macro_rules! appliquer {
        ($($champ:ident: $nom:literal),+ $(,)?) => {$({
            let avant = structure.$champ.len();
            let mut gardees = garde.$champ.iter();
            structure.$champ.retain(|_| gardees.next().copied().unwrap_or(true));
            if structure.$champ.len() < avant {
                comptes.insert($nom.to_owned(), (avant - structure.$champ.len()) as u64);
            }
        })+};
    }
    appliquer! {
        diplomes: "diplomes",
        versions_diplome: "versions_diplome",
        rattachements: "rattachements",
        etapes: "etapes",
        versions_etape: "versions_etape",
        listes: "listes",
        elements: "elements",
        liens_etape: "liens_etape_liste",
        liens_liste: "liens_liste_element",
        liens_element: "liens_element_liste",
        heures: "heures",
    }
    (structure, Hors { comptes, ecartes })
}

/// For each row of each vector of the structure, whether it stays.
struct Garde {
    diplomes: Vec<bool>,
    versions_diplome: Vec<bool>,
    rattachements: Vec<bool>,
    etapes: Vec<bool>,
    versions_etape: Vec<bool>,
    listes: Vec<bool>,
    elements: Vec<bool>,
    liens_etape: Vec<bool>,
    liens_liste: Vec<bool>,
    liens_element: Vec<bool>,
    heures: Vec<bool>,
}

/// Which rows stay, and how each list and element was reached.
struct Tri<'s> {
    lignes: Garde,
    atteint: Atteint<'s>,
}

fn trier(s: &Structure, annee: AnneeUniversitaire) -> (Garde, Vec<Ecarte>) {
    let tri = garder(s, annee);
    let ecartes = tri.ecartes(s);
    (tri.lignes, ecartes)
}

fn garder(s: &Structure, annee: AnneeUniversitaire) -> Tri<'_> {
    let dans = |recrutement: Fenetre, validation: Fenetre| {
        recrutement.contient(annee) || (!validation.inconnue() && validation.contient(annee))
    };
    let mut vues: HashMap<(&str, &str), bool> = HashMap::new();
    for r in &s.rattachements {
        *vues.entry((r.etape.as_str(), r.version_etape.as_str())).or_default() |=
            dans(r.recrutement, r.validation);
    }
    let vet = |etape: &str, version: &str| vues.get(&(etape, version)).copied().unwrap_or(true);
    let liens_etape: Vec<bool> =
        s.liens_etape.iter().map(|l| vet(l.etape.as_str(), l.version.as_str())).collect();

    let atteint = atteindre(s, &liens_etape);
    let liste = |code: &str| atteint.listes.get(code).is_none_or(|a| a.dedans);
    let element = |code: &str| atteint.elements.get(code).is_none_or(|a| a.dedans);

    let vdi: Vec<bool> = s.versions_diplome.iter().map(|v| dans(v.recrutement, v.validation)).collect();
    let mut diplomes: HashMap<&str, bool> = HashMap::new();
    for (v, gardee) in s.versions_diplome.iter().zip(&vdi) {
        *diplomes.entry(v.diplome.as_str()).or_default() |= gardee;
    }
    let versions_etape: Vec<bool> =
        s.versions_etape.iter().map(|v| vet(v.etape.as_str(), v.version.as_str())).collect();
    let mut etapes: HashMap<&str, bool> = HashMap::new();
    for (v, gardee) in s.versions_etape.iter().zip(&versions_etape) {
        *etapes.entry(v.etape.as_str()).or_default() |= gardee;
    }
    let lignes = Garde {
        diplomes: s.diplomes.iter().map(|d| diplomes.get(d.code.as_str()).is_none_or(|g| *g)).collect(),
        versions_diplome: vdi,
        rattachements: s.rattachements.iter().map(|r| dans(r.recrutement, r.validation)).collect(),
        etapes: s.etapes.iter().map(|e| etapes.get(e.code.as_str()).is_none_or(|g| *g)).collect(),
        versions_etape,
        listes: s.listes.iter().map(|l| liste(l.code.as_str())).collect(),
        elements: s.elements.iter().map(|e| element(e.code.as_str())).collect(),
        liens_liste: s.liens_liste.iter().map(|l| liste(l.liste.as_str())).collect(),
        liens_element: s.liens_element.iter().map(|l| element(l.element.as_str())).collect(),
        heures: s.heures.iter().map(|h| h.annee == annee && element(h.element.as_str())).collect(),
        liens_etape,
    };
    Tri { lignes, atteint }
}

impl Tri<'_> {
    /// The rule that leaves out each object that has a code.
    fn ecartes(&self, s: &Structure) -> Vec<Ecarte> {
        let mut ecartes = Vec::new();
        let mut dire = |genre, cle: String, regle, detail| ecartes.push(Ecarte { genre, cle, regle, detail });
        let mut rattachements: HashMap<(&str, &str), Vec<&Rattachement>> = HashMap::new();
        for r in &s.rattachements {
            rattachements.entry((r.etape.as_str(), r.version_etape.as_str())).or_default().push(r);
        }
        for v in hors(&s.versions_etape, &self.lignes.versions_etape) {
            let siens = rattachements.get(&(v.etape.as_str(), v.version.as_str()));
            let detail = enumerer(siens.into_iter().flatten().map(|r| {
                let annees = annees(r.recrutement, r.validation);
                format!("diplôme {} version {} : {annees}", r.diplome, r.version_diplome)
            }));
            let cle = format!("{} · {}", v.etape, v.version);
            dire(Genre::VersionEtape, cle, RegleEcart::VersionEtapeHorsAnnee, detail);
        }
        for e in hors(&s.etapes, &self.lignes.etapes) {
            let versions = s.versions_etape.iter().filter(|v| v.etape == e.code);
            let detail = enumerer(versions.map(|v| format!("version {}", v.version)));
            dire(Genre::Etape, e.code.to_string(), RegleEcart::EtapeHorsAnnee, detail);
        }
        for v in hors(&s.versions_diplome, &self.lignes.versions_diplome) {
            let cle = format!("{} · {}", v.diplome, v.version);
            let detail = annees(v.recrutement, v.validation);
            dire(Genre::VersionDiplome, cle, RegleEcart::VersionDiplomeHorsAnnee, detail);
        }
        for d in hors(&s.diplomes, &self.lignes.diplomes) {
            let versions = s.versions_diplome.iter().filter(|v| v.diplome == d.code);
            let detail = enumerer(
                versions.map(|v| format!("version {} : {}", v.version, annees(v.recrutement, v.validation))),
            );
            dire(Genre::Diplome, d.code.to_string(), RegleEcart::DiplomeHorsAnnee, detail);
        }
        let depuis = |a: Option<&Venue<'_>>| {
            a.map(|a| format!("sous l’étape {} version {}", a.par.etape, a.par.version)).unwrap_or_default()
        };
        for l in hors(&s.listes, &self.lignes.listes) {
            let detail = depuis(self.atteint.listes.get(l.code.as_str()));
            dire(Genre::Liste, l.code.to_string(), RegleEcart::ListeHorsAnnee, detail);
        }
        for e in hors(&s.elements, &self.lignes.elements) {
            let detail = depuis(self.atteint.elements.get(e.code.as_str()));
            dire(Genre::Element, e.code.to_string(), RegleEcart::ElementHorsAnnee, detail);
        }
        ecartes
    }
}

/// The rows that do not stay.
fn hors<'a, T>(lignes: &'a [T], gardees: &'a [bool]) -> impl Iterator<Item = &'a T> {
    lignes.iter().zip(gardees).filter(|(_, gardee)| !**gardee).map(|(l, _)| l)
}

fn annees(recrutement: Fenetre, validation: Fenetre) -> String {
    let mut annees = fenetre("recrutement", recrutement);
    if !validation.inconnue() {
        annees.push_str(", ");
        annees.push_str(&fenetre("validation", validation));
    }
    annees
}

/// The first of them, and how many others.
fn enumerer(tous: impl Iterator<Item = String>) -> String {
    let mut tous: Vec<String> = tous.collect();
    let autres = tous.len().saturating_sub(CITES);
    tous.truncate(CITES);
    let texte = tous.join(" ; ");
    match autres {
        0 => texte,
        1 => texte + " ; et un autre",
        n => format!("{texte} ; et {n} autres"),
    }
}

/// Lists and elements that some étape leads to, and whether an étape of the year does.
struct Atteint<'s> {
    listes: HashMap<&'s str, Venue<'s>>,
    elements: HashMap<&'s str, Venue<'s>>,
}

/// From where a list or an element was first reached.
#[derive(Clone, Copy)]
struct Venue<'s> {
    /// From an étape of the year.
    dedans: bool,
    /// The link of the étape.
    par: &'s LienEtapeListe,
}

fn atteindre<'s>(s: &'s Structure, de_l_annee: &[bool]) -> Atteint<'s> {
    let mut contenu: HashMap<&str, Vec<&str>> = HashMap::new();
    for l in &s.liens_liste {
        contenu.entry(l.liste.as_str()).or_default().push(l.element.as_str());
    }
    let mut sous: HashMap<&str, Vec<&str>> = HashMap::new();
    for l in &s.liens_element {
        sous.entry(l.element.as_str()).or_default().push(l.liste.as_str());
    }
    let mut atteint = Atteint { listes: HashMap::new(), elements: HashMap::new() };
    // First from the étapes of the year, then from the others: what was reached first stays so.
    for dedans in [true, false] {
        let departs = s.liens_etape.iter().zip(de_l_annee).filter(|(_, d)| **d == dedans);
        let mut file: Vec<(&str, Venue<'s>)> =
            departs.map(|(par, _)| (par.liste.as_str(), Venue { dedans, par })).collect();
        while let Some((liste, venue)) = file.pop() {
            if let Entry::Vacant(place) = atteint.listes.entry(liste) {
                place.insert(venue);
                for element in contenu.get(liste).into_iter().flatten() {
                    if let Entry::Vacant(place) = atteint.elements.entry(element) {
                        place.insert(venue);
                        file.extend(sous.get(element).into_iter().flatten().map(|l| (*l, venue)));
                    }
                }
            }
        }
    }
    atteint
}

#[cfg(test)]
mod tests {
    use contracts::apogee::{Element, LienEtapeListe, LienListeElement, Liste, Rattachement, VersionDEtape};

    use kernel::CodeListe;

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
        assert_eq!(hors.comptes.get("elements"), Some(&1));
        assert_eq!(hors.comptes.get("versions_etape"), Some(&1));
        let dites: Vec<_> =
            hors.ecartes.iter().map(|e| (e.regle, e.cle.as_str(), e.detail.as_str())).collect();
        let version = "diplôme D version 1 : recrutement 2019–2023, validation 2019–2024";
        assert_eq!(
            dites,
            [
                (RegleEcart::VersionEtapeHorsAnnee, "VIEUX · 1", version),
                (RegleEcart::ListeHorsAnnee, "LVIEUX", "sous l’étape VIEUX version 1"),
                (RegleEcart::ElementHorsAnnee, "A", "sous l’étape VIEUX version 1"),
            ]
        );
    }
}
