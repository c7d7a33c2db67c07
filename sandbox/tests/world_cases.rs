//! Every hard case is in the world at every size, where the catalogue says.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what is wrong by failing"
)]

use std::collections::HashSet;

use kernel::Centi;
use sandbox::world::{EtatAnnee, EtatIa, EtatService, Options, TypeListe, World, cases};

struct Look<'w> {
    w: &'w World,
    ou: String,
}

impl Look<'_> {
    /// The codes that the catalogue gives for a kind: « élément », « liste »…
    fn all(&self, kind: &str) -> Vec<String> {
        let parts = self.ou.split(" · ").filter_map(|p| p.strip_prefix(kind)?.strip_prefix(' '));
        parts.map(str::to_owned).collect()
    }

    fn one(&self, kind: &str) -> String {
        self.all(kind).into_iter().next().unwrap_or_else(|| panic!("{kind} in {}", self.ou))
    }

    fn element(&self) -> &sandbox::world::Element {
        self.w.element(&self.one("élément")).unwrap().1
    }

    fn at(&self, code: &str) -> u32 {
        self.w.element(code).unwrap().0
    }

    fn liste(&self) -> (u32, &sandbox::world::Liste) {
        self.w.liste(&self.one("liste")).unwrap()
    }

    fn vets(&self) -> Vec<(String, String)> {
        self.all("étape")
            .iter()
            .map(|c| c.split_once('/').map(|(e, v)| (e.to_owned(), v.to_owned())).unwrap())
            .collect()
    }

    fn vet(&self) -> u32 {
        let (e, v) = self.vets().remove(0);
        self.w.vet_position(&e, &v).unwrap()
    }

    fn etudiant(&self) -> (u32, &sandbox::world::Etudiant) {
        self.w.etudiant(&self.one("étudiant")).unwrap()
    }

    fn kofr(&self, code: &str) -> Option<&sandbox::world::ElementKofr> {
        self.w
            .maquette(2019)
            .unwrap()
            .elements
            .iter()
            .find(|e| e.code_elp.as_ref().is_some_and(|c| c.as_str() == code))
    }

    fn states(&self, annee: u16) -> Vec<(EtatIa, bool)> {
        let (at, _) = self.etudiant();
        self.w.iae_of(at).filter(|i| i.annee.premiere() == annee).map(|i| (i.etat, i.payee)).collect()
    }
}

/// Whether the world holds what a case announces.
fn holds(slug: &str, l: &Look<'_>) -> bool {
    let w = l.w;
    let live = (EtatIa::EnCours, true);
    match slug {
        "element-partage" => {
            let (at, _) = l.liste();
            let etapes: HashSet<_> = w.vet_lse_of_liste(at).map(|x| &x.etape).collect();
            etapes.len() == 12 && w.lse_elp_of(at).any(|x| x.element == l.element().code)
        }
        "liste-partagee" => {
            let bounds: HashSet<_> =
                w.elp_lse_of_liste(l.liste().0).map(|x| (x.element.as_str(), x.min, x.max)).collect();
            bounds == HashSet::from([("IFD1U04", Some(2), Some(2)), ("IFD1U05", Some(1), Some(1))])
                && w.lse_elp_of(l.liste().0).count() == 5
        }
        "liste-obligatoire" => l.liste().1.type_liste == TypeListe::Obligatoire,
        "liste-au-choix" => l.liste().1.type_liste == TypeListe::AuChoix,
        "liste-facultative" => l.liste().1.type_liste == TypeListe::Facultative,
        "element-suspendu" => {
            l.element().suspendu && l.element().ouvert && l.element().motif_suspension.is_some()
        }
        "element-ferme" => !l.element().ouvert,
        "lien-ferme" => {
            w.elp_lse_of(l.at(&l.one("élément"))).any(|x| x.liste == l.liste().1.code && x.ferme_le.is_some())
        }
        "lien-etape-ferme" => {
            w.vet_lse_of(l.vet()).any(|x| x.liste == l.liste().1.code && x.ferme_le.is_some())
        }
        "liste-fermee" => {
            !l.liste().1.ouverte && w.elp_lse_of_liste(l.liste().0).all(|x| x.ferme_le.is_none())
        }
        "boucle" => {
            let codes = l.all("élément");
            let child = |a: &str, b: &str| {
                w.elp_lse_of(l.at(a)).any(|x| {
                    let (liste, _) = w.liste(x.liste.as_str()).unwrap();
                    x.ferme_le.is_none() && w.lse_elp_of(liste).any(|y| y.element.as_str() == b)
                })
            };
            child(&codes[0], &codes[1]) && child(&codes[1], &codes[0])
        }
        "code-insecable" => l.element().code.as_str().contains('\u{a0}'),
        "code-espace" => l.element().code.as_str().contains(' '),
        "liste-vide" => {
            w.lse_elp_of(l.liste().0).next().is_none() && w.elp_lse_of_liste(l.liste().0).next().is_some()
        }
        "vet-deux-vdi" => {
            let got: HashSet<_> =
                w.vdi_vet_of_vet(l.vet()).map(|x| format!("{}/{}", x.diplome, x.version_diplome)).collect();
            got == l.all("diplôme").into_iter().collect()
        }
        "vet-fermee" => w
            .vdi_vet_of_vet(l.vet())
            .all(|x| !x.ouverte_en(w.annee_courante().unwrap()) && x.validation_fin > 2023),
        "versions-etape" => l.vets().iter().all(|(e, v)| w.vet(e, v).is_some()),
        "etape-sans-diplome" => w.vdi_vet_of_vet(l.vet()).next().is_none(),
        "profondeur-neuf" => depth(w, l.vet(), &l.one("élément")) == Some(9),
        "nature-fictive" => w.natures.iter().any(|n| n.code == l.element().nature && n.fictif),
        "zero-ects" => l.element().ects == Some(Centi::ZERO),
        "ects-vides" => l.element().ects.is_none(),
        "zero-heure" => {
            let mut heures = w.heures_of(l.at(&l.one("élément"))).peekable();
            heures.peek().is_some()
                && heures.all(|h| h.heures == Centi::ZERO)
                && l.element().volume == Some(Centi::ZERO)
        }
        "element-orphelin" => w.lse_elp_of_element(l.at(&l.one("élément"))).next().is_none(),
        "choix-impossible" => {
            let n = w.lse_elp_of(l.liste().0).count();
            w.elp_lse_of_liste(l.liste().0).any(|x| x.min.is_some_and(|m| usize::from(m) > n))
        }
        "somme-ects" => l.element().ects == Some(Centi::unites(27)),
        "libelle-80" => {
            let (e, v) = l.vets().remove(0);
            w.vet(&e, &v).unwrap().libelle_web.chars().count() == 80
                && l.kofr(&l.one("élément")).unwrap().libelle.chars().count() == 80
                && l.element().libelle.chars().count() == 60
        }
        "libelle-droite-gauche" => l.element().libelle.contains("اللغة"),
        "libelle-ponctue" => ["«", "\"", ";", "&", "<"].iter().all(|s| l.element().libelle.contains(s)),
        "porteur-porte" => {
            w.portages.iter().any(|p| l.all("élément") == [p.porte.0.clone(), p.porteur.0.clone()])
        }
        "correspondance" => {
            w.correspondances.iter().any(|c| l.all("élément") == [c.source.0.clone(), c.cible.0.clone()])
        }
        "ects-differents" => l.kofr(&l.one("élément")).unwrap().ects != l.element().ects,
        "libelle-different" => l.kofr(&l.one("élément")).unwrap().libelle != l.element().libelle,
        "heures-differentes" => {
            let ead =
                w.heures_of(l.at(&l.one("élément"))).find(|h| h.type_heure.code() == "EAD").unwrap().heures;
            l.kofr(&l.one("élément")).unwrap().heures.ead == ead + Centi::unites(5)
        }
        "code-inconnu" => w.element(&l.one("élément")).is_none() && l.kofr(&l.one("élément")).is_some(),
        "code-manquant" => w.element(&l.one("élément")).is_some() && l.kofr(&l.one("élément")).is_none(),
        "annees-o-i" => {
            let of = |a: &str| w.annees.iter().find(|x| x.annee.to_string() == a).unwrap().etat_iae;
            l.all("année").iter().map(|a| of(a)).eq([EtatAnnee::Ouverte, EtatAnnee::Inscriptions])
        }
        "accreditation-a-venir" => {
            let m = w.maquette(l.one("maquette").parse().unwrap()).unwrap();
            m.elements.iter().all(|e| e.code_elp.is_none()) && !m.elements.is_empty()
        }
        "nom-vietnamien" => l.etudiant().1.nom_patronymique == "N'Guyen-Đặng",
        "nom-apostrophe" => l.etudiant().1.nom_patronymique == "D’Épinay",
        "nom-polonais" => l.etudiant().1.prenom == "Łukasz",
        "nom-une-lettre" => l.etudiant().1.nom_patronymique.chars().count() == 1,
        "nom-droite-gauche" => l.etudiant().1.nom_patronymique.starts_with('ا'),
        "nom-particule" => l.etudiant().1.nom_patronymique.starts_with("de la"),
        "nom-trente" => l.etudiant().1.nom_patronymique.chars().count() == 30,
        "ia-annulee-et-active" => {
            let rows: Vec<_> =
                w.iae_of(l.etudiant().0).map(|i| (i.etape.clone(), i.occurrence, i.etat)).collect();
            matches!(rows.as_slice(), [(a, 1, EtatIa::Annulee), (b, 2, EtatIa::EnCours)] if a == b)
        }
        "trois-vet" => {
            let vets: HashSet<_> = w.iae_of(l.etudiant().0).map(|i| (&i.etape, &i.version)).collect();
            vets.len() == 3
                && l.states(2023) == [live; 3]
                && w.iae_of(l.etudiant().0).filter(|i| i.premiere).count() == 1
        }
        "redoublant" => {
            let rows: Vec<_> =
                w.iae_of(l.etudiant().0).map(|i| (i.annee.premiere(), &i.etape, &i.version)).collect();
            matches!(rows.as_slice(), [(2022, a, v), (2023, b, x)] if a == b && v == x)
        }
        "ia-impayee" => l.states(2023) == [(EtatIa::EnCours, false)],
        "prc" => w.ip_of(l.etudiant().0).filter(|i| i.prc).count() == 3,
        "vac" => {
            let notes: Vec<_> =
                w.ip_of(l.etudiant().0).filter_map(|i| i.dispense).map(|d| d.note.is_some()).collect();
            notes == [true, false, false]
        }
        "regimes-fc" => {
            let at = l.etudiant().0;
            let annual: Vec<_> = w.iaa_of(at).map(|i| i.regime.as_str()).collect();
            let etapes: Vec<_> = w.iae_of(at).map(|i| i.regime.as_str()).collect();
            annual == ["5", "2"] && etapes == ["5", "4"]
        }
        "adresse-etranger" => {
            let a = &l.etudiant().1.adresse_annuelle;
            a.pays == "217" && a.commune.is_none() && a.ville_etrangere.is_some()
        }
        "adresse-noumea" => l.etudiant().1.adresse_annuelle.code_postal.as_deref() == Some("98800"),
        "nom-usuel-vide" => l.etudiant().1.nom_usuel.is_none(),
        "nom-usuel" => {
            l.etudiant().1.nom_usuel.as_ref().is_some_and(|n| *n != l.etudiant().1.nom_patronymique)
        }
        "ia-resiliee" => l.states(2023).first().is_some_and(|s| s.0 == EtatIa::Resiliee),
        "ia-sans-ip" => l.states(2023) == [live] && w.ip_of(l.etudiant().0).next().is_none(),
        "sans-ia" => w.iaa_of(l.etudiant().0).next().is_none() && w.iae_of(l.etudiant().0).next().is_none(),
        "sans-ine" => l.etudiant().1.ine.is_none(),
        "prenom-usage" => {
            let e = l.etudiant().1;
            e.prenom_etat_civil.as_ref().is_some_and(|p| *p != e.prenom) && e.sexe != e.sexe_etat_civil
        }
        "personne-de-test" => l.etudiant().1.prenom == "DOUBLONS",
        "naissance-estimee" => l.etudiant().1.naissance_estimee && l.etudiant().1.pays_naissance.is_some(),
        "ip-suspendue" => {
            let element = l.at(&l.one("élément"));
            l.element().suspendu && w.ip_of(l.etudiant().0).any(|i| i.element == element)
        }
        "amenagement" => l.etudiant().1.handicap.is_some(),
        "fc-impayee" => {
            l.states(2023) == [(EtatIa::EnCours, false)] && w.iae_of(l.etudiant().0).all(|i| i.regime == "2")
        }
        "iaa-sans-iae" => {
            w.iaa_of(l.etudiant().0).next().is_some() && w.iae_of(l.etudiant().0).next().is_none()
        }
        "inscrit-deux-vdi" => {
            let (e, v) = l.vets().remove(0);
            w.iae_of(l.etudiant().0).any(|i| i.etape.as_str() == e && i.version.as_str() == v)
                && w.vdi_vet_of_vet(l.vet()).count() == 2
        }
        "versions-successives" => {
            let rows: Vec<_> =
                w.iae_of(l.etudiant().0).map(|i| (i.etape.0.clone(), i.version.0.clone())).collect();
            rows == l.vets()
        }
        "enseignant-double" => {
            let emails: HashSet<_> = l
                .all("enseignant")
                .iter()
                .flat_map(|n| w.enseignants.iter().filter(move |e| e.numero.as_str() == n))
                .map(|e| &e.email)
                .collect();
            l.all("enseignant").iter().all(|n| w.enseignants.iter().any(|e| e.numero.as_str() == n))
                && emails.len() == 1
        }
        "heures-payees-deux-fois" => {
            let element = l.one("élément");
            l.all("enseignant").iter().all(|n| {
                w.services_of(n).any(|s| {
                    s.element.as_ref().is_some_and(|e| e.as_str() == element)
                        && s.etat == EtatService::Paye
                        && s.heures == Centi(1050)
                })
            })
        }
        "tiers-heures" => w.services_of(&l.one("enseignant")).filter(|s| s.heures == Centi(33)).count() == 40,
        _ => panic!("case « {slug} » has no check"),
    }
}

/// How many elements are on the way from a VET to an element.
fn depth(w: &World, vet: u32, wanted: &str) -> Option<usize> {
    fn below(w: &World, liste: &str, wanted: &str, level: usize) -> Option<usize> {
        let (at, _) = w.liste(liste)?;
        w.lse_elp_of(at).find_map(|l| {
            if l.element.as_str() == wanted {
                return Some(level);
            }
            let (e, _) = w.element(l.element.as_str())?;
            if level > 12 {
                None
            } else {
                w.elp_lse_of(e).find_map(|x| below(w, x.liste.as_str(), wanted, level + 1))
            }
        })
    }
    w.vet_lse_of(vet).find_map(|l| below(w, l.liste.as_str(), wanted, 1))
}

fn assert_all(world: &World) {
    for case in cases() {
        let look = Look { w: world, ou: case.ou.clone() };
        assert!(holds(&case.slug, &look), "« {} » is not at {}", case.nom, case.ou);
    }
}

#[test]
fn cases_are_named_once_and_described_in_french() {
    let all = cases();
    let slugs: HashSet<_> = all.iter().map(|c| &c.slug).collect();
    let noms: HashSet<_> = all.iter().map(|c| &c.nom).collect();
    assert_eq!((slugs.len(), noms.len()), (all.len(), all.len()));
    assert!(all.len() > 60);
    assert!(all.iter().all(|c| c.quoi.ends_with('.') && !c.ou.is_empty()));
    assert!(
        all.iter().all(|c| c.slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
    );
}

#[test]
fn every_case_is_in_the_smallest_world() {
    assert_all(&World::generate(Options {
        etudiants: 0,
        etapes: 0,
        elements: 0,
        enseignants: 0,
        seed: 7,
        ..Options::default()
    }));
}

#[test]
fn every_case_is_in_a_larger_world() {
    assert_all(&World::generate(Options {
        etudiants: 200,
        elements: 1200,
        etapes: 50,
        ..Options::default()
    }));
}

#[test]
fn cases_of_the_offer_outlive_changes_at_the_source() {
    let mut world =
        World::generate(Options { etudiants: 60, etapes: 30, elements: 700, ..Options::default() });
    world.change_share(3, Centi::unites(30));
    assert_all(&world);
}
