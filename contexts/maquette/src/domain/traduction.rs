//! From what the sources say to rows. Here is decided which source is believed for each field.

use std::collections::{BTreeMap, HashMap, HashSet};

use contracts::apogee::{CleEtape, Dossier, Element};
use kernel::{Centi, CodeElement};

use super::genre::Genre;
use super::offre::{ApportKofr, Offre};
use super::valeur::{Ligne, Valeur};

/// Rows received, by kind.
pub type Recu = BTreeMap<Genre, Vec<Ligne>>;

/// Whether a list state, an element state or a link date means closed.
fn ferme(etat: Option<&str>) -> bool {
    etat == Some("F")
}

/// The offer as rows.
#[must_use]
pub fn offre(offre: Offre) -> Recu {
    let Offre { annee, structure: s, mut kofr, maquettes, .. } = offre;
    let mut ouvertes: HashMap<CleEtape, bool> = HashMap::new();
    for r in &s.rattachements {
        let cle = CleEtape { etape: r.etape.clone(), version: r.version_etape.clone() };
        *ouvertes.entry(cle).or_default() |= r.recrutement.contient(annee);
    }
    let heures = heures(&s.heures, &s.elements, &kofr);
    let controles = controles(&s.elements, &mut kofr);

    let mut recu = Recu::new();
    recu.insert(
        Genre::Maquette,
        maquettes
            .into_iter()
            .map(|m| {
                Ligne::new([m.annee_debut.into()], [m.annee_fin.into(), m.libelle.into(), m.etat.into()])
            })
            .collect(),
    );
    recu.insert(
        Genre::Annee,
        s.annees
            .into_iter()
            .map(|a| Ligne::new([a.annee.premiere().into()], [a.libelle.into(), a.etat.into()]))
            .collect(),
    );
    recu.insert(
        Genre::Composante,
        s.composantes
            .into_iter()
            .map(|c| Ligne::new([c.code.into()], [c.libelle.into(), c.en_service.into()]))
            .collect(),
    );
    recu.insert(
        Genre::Nature,
        s.natures
            .into_iter()
            .map(|n| Ligne::new([n.code.into()], [n.libelle.into(), n.fictive.into()]))
            .collect(),
    );
    recu.insert(
        Genre::Diplome,
        s.diplomes
            .into_iter()
            .map(|d| {
                Ligne::new(
                    [d.code.into()],
                    [d.libelle.into(), d.libelle_court.into(), d.cycle.into(), d.type_diplome.into()],
                )
            })
            .collect(),
    );
    recu.insert(
        Genre::VersionDiplome,
        s.versions_diplome
            .into_iter()
            .map(|v| {
                Ligne::new(
                    [v.diplome.into(), v.version.into()],
                    [
                        v.libelle.into(),
                        v.recrutement.debut.into(),
                        v.recrutement.fin.into(),
                        v.validation.debut.into(),
                        v.validation.fin.into(),
                        v.composante.into(),
                    ],
                )
            })
            .collect(),
    );
    recu.insert(
        Genre::Etape,
        s.etapes
            .into_iter()
            .map(|e| Ligne::new([e.code.into()], [e.libelle.into(), e.libelle_court.into(), e.cycle.into()]))
            .collect(),
    );
    recu.insert(
        Genre::VersionEtape,
        s.versions_etape
            .into_iter()
            .map(|v| {
                let cle = CleEtape { etape: v.etape.clone(), version: v.version.clone() };
                // An étape whose years nobody says is open: it would otherwise vanish from every list.
                let ouverte = ouvertes.get(&cle).copied().unwrap_or(true);
                Ligne::new(
                    [v.etape.into(), v.version.into()],
                    [v.libelle.into(), v.composante.into(), v.a_distance.into(), ouverte.into()],
                )
            })
            .collect(),
    );
    recu.insert(
        Genre::Rattachement,
        s.rattachements
            .into_iter()
            .map(|r| {
                Ligne::new(
                    [r.diplome.into(), r.version_diplome.into(), r.etape.into(), r.version_etape.into()],
                    [
                        r.recrutement.debut.into(),
                        r.recrutement.fin.into(),
                        r.validation.debut.into(),
                        r.validation.fin.into(),
                        r.rang.into(),
                    ],
                )
            })
            .collect(),
    );
    recu.insert(
        Genre::Liste,
        s.listes
            .into_iter()
            .map(|l| {
                let fermee = ferme(l.etat.as_deref());
                Ligne::new([l.code.into()], [l.type_liste.into(), fermee.into(), l.libelle.into()])
            })
            .collect(),
    );
    recu.insert(Genre::Element, s.elements.into_iter().map(|e| element(e, &mut kofr)).collect());
    drop(kofr);
    recu.insert(
        Genre::LienEtapeListe,
        s.liens_etape
            .into_iter()
            .map(|l| {
                Ligne::new(
                    [l.etape.into(), l.version.into(), l.liste.into()],
                    [l.min.into(), l.max.into(), l.ferme_le.into()],
                )
            })
            .collect(),
    );
    recu.insert(
        Genre::LienListeElement,
        s.liens_liste.into_iter().map(|l| Ligne::new([l.liste.into(), l.element.into()], [])).collect(),
    );
    recu.insert(
        Genre::LienElementListe,
        s.liens_element
            .into_iter()
            .map(|l| {
                Ligne::new(
                    [l.element.into(), l.liste.into()],
                    [l.min.into(), l.max.into(), l.ordre.into(), l.ferme_le.into()],
                )
            })
            .collect(),
    );
    recu.insert(Genre::Heures, heures);
    recu.insert(Genre::Controle, controles);
    recu
}

/// How each element is checked, as Kofr says it: only Kofr does. The tests of one session are numbered as Kofr orders them.
fn controles(elements: &[Element], kofr: &mut HashMap<CodeElement, ApportKofr>) -> Vec<Ligne> {
    let mut lignes = Vec::new();
    for e in elements {
        let dits = kofr.get_mut(&e.code).map(|k| std::mem::take(&mut k.controles)).unwrap_or_default();
        let mut rangs = [0_i64; 2];
        for c in dits {
            let Some(rang) = rangs.get_mut(usize::from(c.session.saturating_sub(1))) else { continue };
            *rang += 1;
            lignes.push(Ligne::new(
                [e.code.clone().into(), i64::from(c.session).into(), (*rang).into()],
                [c.nature.into(), c.duree.map(i64::from).into(), c.coefficient.into()],
            ));
        }
    }
    lignes
}

/// An element: code, label and structure from Apogée; ECTS and texts from Kofr where Kofr speaks.
fn element(e: Element, kofr: &mut HashMap<CodeElement, ApportKofr>) -> Ligne {
    let k = kofr.remove(&e.code).unwrap_or_default();
    let ferme = ferme(e.etat.as_deref());
    Ligne::new(
        [e.code.into()],
        [
            e.libelle.into(),
            e.libelle_court.into(),
            e.nature.into(),
            e.composante.into(),
            e.periode.into(),
            k.ects.or(e.ects).into(),
            e.ects.into(),
            k.ects.into(),
            e.volume.into(),
            e.unite_volume.into(),
            ferme.into(),
            e.suspendu.into(),
            e.motif_suspension.into(),
            k.langue.into(),
            k.responsable.into(),
            k.description.into(),
            k.prerequis.into(),
        ],
    )
}

/// Hours by element and type: Kofr's where Kofr speaks of the element at all, Apogée's otherwise.
fn heures(
    apogee: &[contracts::apogee::Heures],
    elements: &[Element],
    kofr: &HashMap<CodeElement, ApportKofr>,
) -> Vec<Ligne> {
    #[derive(Default)]
    struct Dites {
        apogee: Option<Centi>,
        kofr: Option<Centi>,
        groupes: Option<i64>,
    }
    let connus: HashSet<_> = elements.iter().map(|e| &e.code).collect();
    let mut toutes: BTreeMap<(&CodeElement, &str), Dites> = BTreeMap::new();
    for h in apogee {
        toutes.entry((&h.element, &h.type_heure)).or_default().apogee = Some(h.heures);
    }
    for (code, apport) in kofr.iter().filter(|(code, _)| connus.contains(code)) {
        for h in &apport.heures {
            let dites = toutes.entry((code, &h.type_heure)).or_default();
            (dites.kofr, dites.groupes) = (Some(h.heures), h.groupes);
        }
    }
    let ligne = |((element, type_heure), d): ((&CodeElement, &str), Dites)| {
        Ligne::new(
            [element.clone().into(), type_heure.into()],
            [d.kofr.or(d.apogee).into(), d.apogee.into(), d.kofr.into(), d.groupes.into()],
        )
    };
    toutes.into_iter().map(ligne).collect()
}

/// A student's file as rows. Parts that repeat on each registration are shared, not copied.
pub fn dossier(recu: &mut Recu, d: Dossier) {
    let adresse = d.adresse.unwrap_or_default();
    let lignes = (!adresse.lignes.is_empty()).then(|| adresse.lignes.join("\n"));
    let numero: Valeur = d.numero.into();
    recu.entry(Genre::Etudiant).or_default().push(Ligne::new(
        [numero.clone()],
        [
            d.nom.into(),
            d.nom_usage.into(),
            d.prenom.into(),
            d.ine.into(),
            d.naissance.into(),
            d.nationalite.into(),
            d.handicap.into(),
            d.email.into(),
            d.telephone.into(),
            lignes.into(),
            adresse.code_postal.into(),
            adresse.ville.into(),
            adresse.pays.into(),
            adresse.code_pays.into(),
        ],
    ));
    recu.entry(Genre::InscriptionAdministrative).or_default().extend(d.inscriptions.into_iter().map(|i| {
        Ligne::new(
            [numero.clone(), i.etape.etape.into(), i.etape.version.into(), i.occurrence.into()],
            [
                i.diplome.into(),
                i.version_diplome.into(),
                i.etat.into(),
                i.regime.into(),
                i.premiere.into(),
                i.payee.into(),
                i.date.into(),
            ],
        )
    }));
    let contrats = recu.entry(Genre::InscriptionPedagogique).or_default();
    let mut vet: Option<(CleEtape, Valeur, Valeur)> = None;
    for c in d.contrats {
        let (etape, version) = match &vet {
            Some((cle, etape, version)) if *cle == c.etape => (etape.clone(), version.clone()),
            _ => {
                let (etape, version): (Valeur, Valeur) =
                    (c.etape.etape.clone().into(), c.etape.version.clone().into());
                vet = Some((c.etape, etape.clone(), version.clone()));
                (etape, version)
            }
        };
        contrats.push(Ligne::new(
            [numero.clone(), etape, version, c.element.into()],
            [c.element_superieur.into(), c.rang.into(), c.acquis.into()],
        ));
    }
}
