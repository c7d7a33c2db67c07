//! What the structure of a year must satisfy, checked after each collection. Each failure is an [`Anomalie`].

use std::collections::{HashMap, HashSet};

use contracts::apogee::{CleEtape, Structure};
use kernel::Centi;

use super::anomalie::{Anomalie, Regle};
use super::arbre::{Graphe, Intervalle, Lien, NoeudElement, NoeudListe, PROFONDEUR_MAX, Sommes};
use super::genre::Genre;
use super::offre::Offre;

/// Local choices of a university that the checks depend on.
#[derive(Clone, Debug)]
pub struct Usages {
    /// Natures that are semesters.
    pub natures_semestre: Vec<String>,
    /// ECTS corrected here, by element: sums are made of what is shown.
    pub ects_corriges: HashMap<String, Option<Centi>>,
}

impl Default for Usages {
    fn default() -> Self {
        Self { natures_semestre: vec!["SEM".to_owned()], ects_corriges: HashMap::new() }
    }
}

const APOGEE: &str = "Apogée";
const REGLE: &str = "Règle";

/// A structural anomaly: one source against a rule.
fn anomalie(
    regle: Regle,
    genre: Genre,
    cle: &str,
    champ: &str,
    libelle: &str,
    valeur: String,
    attendu: &str,
) -> Anomalie {
    Anomalie {
        regle,
        objet: genre.description().code,
        cle: cle.to_owned(),
        champ: champ.to_owned(),
        libelle: libelle.to_owned(),
        source_a: APOGEE,
        valeur_a: valeur,
        source_b: REGLE,
        valeur_b: attendu.to_owned(),
    }
}

/// The graph of an offer, ECTS and hours decided, and what each étape version leads to.
#[derive(Debug, Default)]
struct Indexe {
    graphe: Graphe,
    etapes: HashMap<CleEtape, Vec<Lien>>,
}

/// Checks one year's offer.
#[must_use]
pub fn controler(offre: &Offre, usages: &Usages) -> Vec<Anomalie> {
    let s = &offre.structure;
    let mut trouvees = Vec::new();
    codes(s, &mut trouvees);
    lignes(s, &mut trouvees);
    if s.versions_etape.is_empty() && s.listes.is_empty() {
        // A flat catalogue: nothing hangs anywhere, and saying so ten thousand times would hide the rest.
        return trouvees;
    }
    let indexe = indexer(offre, usages, &mut trouvees);
    etapes(s, &indexe, &mut trouvees);
    listes(s, &indexe, &mut trouvees);
    boucles(&indexe, &mut trouvees);
    ects(s, &indexe, usages, &mut trouvees);
    trouvees.sort();
    trouvees.dedup_by(|a, b| (a.regle, a.objet, &a.cle, &a.champ) == (b.regle, b.objet, &b.cle, &b.champ));
    trouvees
}

fn codes(s: &Structure, trouvees: &mut Vec<Anomalie>) {
    let mut voir = |genre: Genre, code: &str, libelle: &str| {
        if code.chars().any(char::is_whitespace) {
            let montre = code.replace('\u{a0}', "⍽").replace(' ', "␣");
            trouvees.push(anomalie(
                Regle::CodeEspace,
                genre,
                code,
                "code",
                libelle,
                montre,
                "un code sans espace",
            ));
        }
    };
    s.diplomes.iter().for_each(|d| voir(Genre::Diplome, d.code.as_str(), &d.libelle));
    s.etapes.iter().for_each(|e| voir(Genre::Etape, e.code.as_str(), &e.libelle));
    s.listes.iter().for_each(|l| voir(Genre::Liste, l.code.as_str(), &l.libelle));
    s.elements.iter().for_each(|e| voir(Genre::Element, e.code.as_str(), &e.libelle));
}

/// Rejected and contradictory rows, as the reader reported them.
fn lignes(s: &Structure, trouvees: &mut Vec<Anomalie>) {
    trouvees.extend(s.rejets.iter().map(|r| Anomalie {
        regle: Regle::Rejet,
        objet: "fichier",
        cle: format!("{} · ligne {}", r.table, r.ligne),
        champ: r.colonne.clone(),
        libelle: String::new(),
        source_a: APOGEE,
        valeur_a: r.valeur.clone(),
        source_b: REGLE,
        valeur_b: r.raison.clone(),
    }));
    trouvees.extend(s.conflits.iter().map(|c| Anomalie {
        regle: Regle::Conflit,
        objet: "fichier",
        cle: format!("{} · {}", c.table, c.cle),
        champ: format!("{} (ligne {})", c.colonne, c.lignes.1),
        libelle: String::new(),
        source_a: "Ligne gardée",
        valeur_a: c.gardee.clone(),
        source_b: "Ligne écartée",
        valeur_b: c.ecartee.clone(),
    }));
}

fn indexer(offre: &Offre, usages: &Usages, trouvees: &mut Vec<Anomalie>) -> Indexe {
    let s = &offre.structure;
    let mut graphe = Graphe::default();
    let mut pos_liste = HashMap::new();
    for l in &s.listes {
        pos_liste.entry(l.code.as_str()).or_insert(graphe.listes.len());
        graphe.listes.push(NoeudListe {
            code: l.code.0.clone(),
            type_liste: l.type_liste.clone(),
            libelle: l.libelle.clone(),
            fermee: l.etat.as_deref() == Some("F"),
            contenu: Vec::new(),
        });
    }
    let mut pos_element = HashMap::new();
    for e in &s.elements {
        pos_element.entry(e.code.as_str()).or_insert(graphe.elements.len());
        graphe.elements.push(NoeudElement {
            code: e.code.0.clone(),
            libelle: e.libelle.clone(),
            nature: e.nature.0.clone(),
            ects: match usages.ects_corriges.get(e.code.as_str()) {
                Some(corriges) => *corriges,
                None => offre.kofr.get(&e.code).and_then(|k| k.ects).or(e.ects),
            },
            ferme: e.etat.as_deref() == Some("F"),
            suspendu: e.suspendu,
            ..NoeudElement::default()
        });
    }
    let mut rompu = |genre: Genre, cle: String, manque: &str| {
        trouvees.push(anomalie(
            Regle::LienRompu,
            genre,
            &cle,
            manque,
            "",
            manque.to_owned(),
            "un code existant",
        ));
    };
    for l in &s.liens_liste {
        match (pos_liste.get(l.liste.as_str()), pos_element.get(l.element.as_str())) {
            (Some(liste), Some(element)) => {
                if let Some(noeud) = graphe.listes.get_mut(*liste) {
                    noeud.contenu.push(*element);
                    if !noeud.fermee
                        && let Some(e) = graphe.elements.get_mut(*element)
                    {
                        e.usages += 1;
                    }
                }
            }
            (None, _) => {
                rompu(Genre::LienListeElement, format!("{} · {}", l.liste, l.element), l.liste.as_str())
            }
            (_, None) => {
                rompu(Genre::LienListeElement, format!("{} · {}", l.liste, l.element), l.element.as_str())
            }
        }
    }
    for l in &s.liens_element {
        match (pos_element.get(l.element.as_str()), pos_liste.get(l.liste.as_str())) {
            (Some(element), Some(liste)) => {
                if let Some(e) = graphe.elements.get_mut(*element) {
                    e.sous.push(Lien {
                        liste: *liste,
                        min: l.min,
                        max: l.max,
                        ordre: l.ordre.unwrap_or_default(),
                        ferme_le: l.ferme_le,
                    });
                }
            }
            (None, _) => {
                rompu(Genre::LienElementListe, format!("{} · {}", l.element, l.liste), l.element.as_str())
            }
            (_, None) => {
                rompu(Genre::LienElementListe, format!("{} · {}", l.element, l.liste), l.liste.as_str())
            }
        }
    }
    let connues: HashSet<CleEtape> = s
        .versions_etape
        .iter()
        .map(|v| CleEtape { etape: v.etape.clone(), version: v.version.clone() })
        .collect();
    let mut etapes: HashMap<CleEtape, Vec<Lien>> = HashMap::new();
    for l in &s.liens_etape {
        let cle = CleEtape { etape: l.etape.clone(), version: l.version.clone() };
        let lisible = || format!("{} · {} · {}", l.etape, l.version, l.liste);
        if !connues.contains(&cle) {
            rompu(Genre::LienEtapeListe, lisible(), l.etape.as_str());
        }
        match pos_liste.get(l.liste.as_str()) {
            Some(liste) => etapes.entry(cle).or_default().push(Lien {
                liste: *liste,
                min: l.min,
                max: l.max,
                ordre: 0,
                ferme_le: l.ferme_le,
            }),
            None => rompu(Genre::LienEtapeListe, lisible(), l.liste.as_str()),
        }
    }
    Indexe { graphe, etapes }
}

fn etapes(s: &Structure, indexe: &Indexe, trouvees: &mut Vec<Anomalie>) {
    let rattachees: HashSet<_> =
        s.rattachements.iter().map(|r| (r.etape.as_str(), r.version_etape.as_str())).collect();
    for v in &s.versions_etape {
        let cle = CleEtape { etape: v.etape.clone(), version: v.version.clone() };
        let lisible = format!("{} · {}", v.etape, v.version);
        let libelle = v.libelle.as_deref().unwrap_or_default();
        if !rattachees.contains(&(v.etape.as_str(), v.version.as_str())) {
            trouvees.push(anomalie(
                Regle::EtapeSansDiplome,
                Genre::VersionEtape,
                &lisible,
                "rattachement",
                libelle,
                "aucun rattachement".into(),
                "au moins une version de diplôme",
            ));
        }
        let ouvertes = indexe.etapes.get(&cle).into_iter().flatten().filter(|l| l.ferme_le.is_none()).count();
        if ouvertes == 0 {
            trouvees.push(anomalie(
                Regle::EtapeSansContenu,
                Genre::VersionEtape,
                &lisible,
                "liste",
                libelle,
                "aucune liste ouverte".into(),
                "au moins une liste",
            ));
        }
    }
}

fn listes(s: &Structure, indexe: &Indexe, trouvees: &mut Vec<Anomalie>) {
    let g = &indexe.graphe;
    let mut parents: Vec<Vec<(String, Lien)>> = vec![Vec::new(); g.listes.len()];
    let mut tenir = |parent: String, lien: &Lien| {
        if let Some(place) = parents.get_mut(lien.liste) {
            place.push((parent, *lien));
        }
    };
    for (cle, liens) in &indexe.etapes {
        liens.iter().for_each(|l| tenir(format!("{}-{}", cle.etape, cle.version), l));
    }
    for e in &g.elements {
        e.sous.iter().for_each(|l| tenir(e.code.clone(), l));
    }
    for (liste, parents) in g.listes.iter().zip(&parents).filter(|(l, _)| !l.fermee) {
        let ouverts = liste.contenu.iter().filter(|e| g.est_ouvert(**e)).count();
        let faute = |regle, champ: &str, valeur: String, attendu: &str| {
            anomalie(regle, Genre::Liste, &liste.code, champ, &liste.libelle, valeur, attendu)
        };
        if ouverts == 0 {
            let vu = match liste.contenu.len() {
                0 => "aucun élément".to_owned(),
                n => format!("aucun élément ouvert sur {n}"),
            };
            trouvees.push(faute(Regle::ListeVide, "contenu", vu, "au moins un élément ouvert"));
        }
        if parents.is_empty() {
            trouvees.push(faute(Regle::ListeOrpheline, "parent", "sous rien".into(), "au moins un parent"));
        }
        for (parent, lien) in parents.iter().filter(|(_, l)| l.ferme_le.is_none() && liste.type_liste != "O")
        {
            let min = lien.min.unwrap_or_default();
            if usize::try_from(min).is_ok_and(|min| min > ouverts) && ouverts > 0 {
                trouvees.push(faute(
                    Regle::ChoixImpossible,
                    parent,
                    format!("{min} à choisir sur {ouverts} ({parent})"),
                    "un minimum possible",
                ));
            }
        }
    }
    let dans_une_liste: HashSet<usize> = g.listes.iter().flat_map(|l| l.contenu.iter().copied()).collect();
    if s.liens_liste.is_empty() {
        return;
    }
    for (i, e) in g.elements.iter().enumerate().filter(|(i, _)| g.est_ouvert(*i)) {
        if !dans_une_liste.contains(&i) {
            trouvees.push(anomalie(
                Regle::ElementOrphelin,
                Genre::Element,
                &e.code,
                "liste",
                &e.libelle,
                "dans aucune liste".into(),
                "au moins une liste",
            ));
        }
    }
}

/// Depth-first search in three colours, without recursion: trees may be as deep as the source is wrong.
fn boucles(indexe: &Indexe, trouvees: &mut Vec<Anomalie>) {
    let g = &indexe.graphe;
    let suivants = |e: usize| -> Vec<usize> {
        g.elements
            .get(e)
            .into_iter()
            .flat_map(|n| n.sous.iter().filter(|l| l.ferme_le.is_none()))
            .filter_map(|l| g.listes.get(l.liste))
            .flat_map(|l| l.contenu.iter().copied())
            .collect()
    };
    let mut couleur = vec![0_u8; g.elements.len()];
    for depart in 0..g.elements.len() {
        if couleur.get(depart) != Some(&0) {
            continue;
        }
        let mut pile: Vec<(usize, std::vec::IntoIter<usize>)> = vec![(depart, suivants(depart).into_iter())];
        let marquer = |couleur: &mut Vec<u8>, e: usize, c: u8| {
            if let Some(place) = couleur.get_mut(e) {
                *place = c;
            }
        };
        marquer(&mut couleur, depart, 1);
        while let Some((sommet, reste)) = pile.last_mut() {
            let sommet = *sommet;
            match reste.next() {
                Some(e) if couleur.get(e) == Some(&1) => {
                    let debut = pile.iter().position(|(x, _)| *x == e).unwrap_or_default();
                    let code = |x: usize| g.elements.get(x).map(|n| n.code.as_str()).unwrap_or_default();
                    let mut chemin: Vec<&str> = pile.iter().skip(debut).map(|(x, _)| code(*x)).collect();
                    chemin.push(code(e));
                    let libelle = g.elements.get(e).map(|n| n.libelle.as_str()).unwrap_or_default();
                    trouvees.push(anomalie(
                        Regle::Boucle,
                        Genre::Element,
                        code(e),
                        code(sommet),
                        libelle,
                        chemin.join(" → "),
                        "un arbre sans retour",
                    ));
                }
                Some(e) if couleur.get(e) == Some(&0) => {
                    marquer(&mut couleur, e, 1);
                    if pile.len() == PROFONDEUR_MAX
                        && let Some(n) = g.elements.get(e)
                    {
                        trouvees.push(anomalie(
                            Regle::TropProfond,
                            Genre::Element,
                            &n.code,
                            "niveau",
                            &n.libelle,
                            format!("niveau {}", pile.len() + 1),
                            "dix niveaux au plus",
                        ));
                    }
                    pile.push((e, suivants(e).into_iter()));
                }
                Some(_) => {}
                None => {
                    marquer(&mut couleur, sommet, 2);
                    pile.pop();
                }
            }
        }
    }
}

/// 30 ECTS a semester, 60 a year, wherever ECTS are given at all: neither a DAEU nor a capacité has any.
fn ects(s: &Structure, indexe: &Indexe, usages: &Usages, trouvees: &mut Vec<Anomalie>) {
    let g = &indexe.graphe;
    let mut sommes = Sommes::new(g);
    let trente = Centi::unites(30);
    let semestre = |e: &NoeudElement| usages.natures_semestre.contains(&e.nature);
    let ouverts = g.elements.iter().enumerate().filter(|(i, _)| g.est_ouvert(*i)).map(|(_, e)| e);
    for e in ouverts.filter(|e| semestre(e)) {
        let dessous = sommes.sous(&e.sous).ects;
        let propre = e.ects.map(Intervalle::juste);
        let fautif = [dessous, propre].into_iter().flatten().find(|total| !total.contient(trente));
        if let Some(total) = fautif {
            let valeur = format!("{total} ECTS");
            trouvees.push(anomalie(
                Regle::EctsSemestre,
                Genre::Element,
                &e.code,
                "ects",
                &e.libelle,
                valeur,
                "30 ECTS",
            ));
        }
    }
    let soixante = Centi::unites(60);
    for v in &s.versions_etape {
        let cle = CleEtape { etape: v.etape.clone(), version: v.version.clone() };
        let Some(liens) = indexe.etapes.get(&cle) else { continue };
        let a_un_semestre = liens.iter().filter(|l| l.ferme_le.is_none()).any(|l| {
            g.listes
                .get(l.liste)
                .is_some_and(|l| l.contenu.iter().any(|e| g.elements.get(*e).is_some_and(semestre)))
        });
        let Some(total) = sommes.sous(liens).ects else { continue };
        if a_un_semestre && !total.contient(soixante) {
            trouvees.push(anomalie(
                Regle::EctsAnnee,
                Genre::VersionEtape,
                &format!("{} · {}", v.etape, v.version),
                "ects",
                v.libelle.as_deref().unwrap_or_default(),
                format!("{total} ECTS"),
                "60 ECTS",
            ));
        }
    }
}
