//! What moves: the change of accreditation, the calendar, a week of changes at the source, and the extraction that shows them.

use std::collections::{BTreeMap, HashSet};

use kernel::{AnneeUniversitaire, Centi};
use sandbox::world::{EtatAnnee, Extraction, NatureDevenir, Objet, Options, World, extraction};
use sha2::{Digest, Sha256};

fn world() -> World {
    World::generate(Options {
        etudiants: 80,
        etapes: 40,
        elements: 1500,
        enseignants: 20,
        ..Options::default()
    })
}

#[test]
fn pouring_names_the_new_design_and_the_truth_table_says_what_became_of_what() {
    let mut world = world();
    let before = world.clone();
    assert!(!world.accreditation_versee());
    assert!(world.verite.iter().all(|d| d.nouveaux.is_empty()));
    assert!(world.pour_new_accreditation());
    assert!(world.accreditation_versee() && world.generation > before.generation);
    assert!(!world.pour_new_accreditation(), "a second pour does nothing");

    let design = world.maquette(2024).unwrap();
    assert!(design.elements.iter().all(|e| world.element(e.code_elp.as_ref().unwrap().as_str()).is_some()));
    assert!(design.formations.iter().all(|f| f.code_diplome.is_some() && f.version_diplome.is_some()));
    let etapes: Vec<_> = design.formations.iter().flat_map(|f| &f.etapes).collect();
    for etape in &etapes {
        let (code, version) = (etape.code_etape.as_ref().unwrap(), etape.version_etape.as_ref().unwrap());
        let at = world.vet_position(code.as_str(), version.as_str()).unwrap();
        assert!(world.vdi_vet_of_vet(at).any(|l| l.recrutement_debut == 2024 && l.recrutement_fin == 2028));
        assert!(before.vet_position(code.as_str(), version.as_str()).is_none(), "{code}/{version} is new");
    }
    assert_eq!(world.elements.len(), before.elements.len() + design.elements.len());
    assert_eq!(world.versions_etape.len(), before.versions_etape.len() + etapes.len());
    // Some diplomas keep their code under a new version, others have new codes.
    let kept = design
        .formations
        .iter()
        .filter(|f| before.diplome(f.code_diplome.as_ref().unwrap().as_str()).is_some())
        .count();
    assert!(kept > 0 && kept < design.formations.len());

    let mut natures: BTreeMap<NatureDevenir, usize> = BTreeMap::new();
    let (mut olds, mut news) = (HashSet::new(), HashSet::new());
    for row in world.verite.iter().filter(|d| d.objet == Objet::Element) {
        *natures.entry(row.nature).or_default() += 1;
        let shape = (row.anciens.len(), row.nouveaux.len());
        assert!(
            match row.nature {
                NatureDevenir::Nouveau => shape == (0, 1),
                NatureDevenir::Supprime => shape == (1, 0),
                NatureDevenir::Scinde => shape.0 == 1 && shape.1 >= 2,
                NatureDevenir::Fusionne => shape.0 >= 2 && shape.1 == 1,
                _ => shape == (1, 1),
            },
            "{row:?}"
        );
        assert!(row.anciens.iter().all(|c| before.element(c).is_some()), "{row:?}");
        assert!(
            row.nouveaux.iter().all(|c| world.element(c).is_some() && before.element(c).is_none()),
            "{row:?}"
        );
        assert!(row.anciens.iter().all(|c| olds.insert(c.clone())), "twice: {row:?}");
        assert!(row.nouveaux.iter().all(|c| news.insert(c.clone())), "twice: {row:?}");
    }
    assert_eq!((olds.len(), news.len()), (before.elements.len(), design.elements.len()));
    for nature in [
        NatureDevenir::Conserve,
        NatureDevenir::Renomme,
        NatureDevenir::EctsModifies,
        NatureDevenir::HeuresModifiees,
        NatureDevenir::Deplace,
        NatureDevenir::Scinde,
        NatureDevenir::Fusionne,
        NatureDevenir::Supprime,
        NatureDevenir::Nouveau,
    ] {
        assert!(natures.get(&nature).is_some_and(|n| *n > 0), "{nature:?} in {natures:?}");
    }
    // Split credits are those of what was split, merged ones the sum.
    let ects = |w: &World, codes: &[String]| {
        codes.iter().map(|c| w.element(c).unwrap().1.ects.unwrap()).sum::<Centi>()
    };
    for row in world.verite.iter().filter(|d| matches!(d.nature, NatureDevenir::Fusionne)) {
        assert_eq!(ects(&world, &row.anciens), ects(&world, &row.nouveaux), "{row:?}");
    }
    for row in world.verite.iter().filter(|d| d.objet == Objet::Etape && d.nature == NatureDevenir::Conserve)
    {
        let vet = |w: &World, c: &str| c.split_once('/').is_some_and(|(e, v)| w.vet(e, v).is_some());
        assert!(vet(&before, &row.anciens[0]) && vet(&world, &row.nouveaux[0]), "{row:?}");
    }
}

#[test]
fn september_closes_a_year_and_opens_the_next() {
    let mut world = world();
    let state = |w: &World, a: u16| w.annees.iter().find(|x| x.annee.premiere() == a).unwrap().etat_iae;
    assert_eq!((state(&world, 2023), state(&world, 2024)), (EtatAnnee::Ouverte, EtatAnnee::Inscriptions));
    let generation = world.generation;
    world.advance_to(chrono::NaiveDate::from_ymd_opt(2024, 9, 1).unwrap());
    assert_eq!((state(&world, 2023), state(&world, 2024)), (EtatAnnee::Fermee, EtatAnnee::Ouverte));
    assert_eq!(world.annee_courante(), AnneeUniversitaire::new(2024));
    assert!(world.generation > generation);
    assert!(world.periodes_examen.iter().any(|p| p.annee.premiere() == 2024));
    world.advance_to(chrono::NaiveDate::from_ymd_opt(2027, 6, 1).unwrap());
    assert_eq!((state(&world, 2026), state(&world, 2027)), (EtatAnnee::Ouverte, EtatAnnee::Inscriptions));
}

#[test]
fn a_share_of_the_rows_changes_and_the_report_counts_them() {
    let mut world = world();
    let before = world.clone();
    let done = world.change_share(5, Centi::unites(2));
    let differ = |a: &[u8], b: &[u8]| {
        let lines = |x: &[u8]| x.split(|c| *c == b'\n').map(<[u8]>::to_vec).collect::<HashSet<_>>();
        lines(a).symmetric_difference(&lines(b)).count()
    };
    let (a, b) = (extraction(&before), extraction(&world));
    let touched: usize = a.tables.iter().zip(&b.tables).map(|(x, y)| differ(&x.1, &y.1)).sum();
    // A changed row differs twice, before and after; a suspension or a link may take others with it.
    assert!(done.total() > 20 && touched >= done.total(), "{touched} {done}");
    let rows = before.elements.len() + before.elp_lse.len() + before.listes.len() + before.heures.len();
    assert!((rows / 100..rows / 20).contains(&done.total()), "{} of {rows}", done.total());
    assert!(done.elements_ajoutes > 0 && done.elements_retires > 0 && done.libelles > 0 && done.heures > 0);
    assert_eq!(world.elements.len(), before.elements.len() + done.elements_ajoutes - done.elements_retires);
    for (ip, was) in world.ip.iter().zip(&before.ip) {
        assert_eq!(world.elements[ip.element as usize].code, before.elements[was.element as usize].code);
    }
    // The same seed on the same world, the same changes; nothing asked, nothing changed.
    let mut again = before.clone();
    assert_eq!(again.change_share(5, Centi::unites(2)), done);
    assert_eq!(extraction(&again), b);
    let mut still = before.clone();
    assert_eq!(still.change_share(5, Centi::ZERO).total(), 0);
    assert_eq!(extraction(&still), a);
}

#[test]
fn the_manifest_counts_and_hashes_what_is_served() {
    let Extraction { tables, manifest } = extraction(&world());
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["extrait_le"], "2024-04-02T03:00:00+02:00");
    assert_eq!(manifest["tables"].as_object().unwrap().len(), tables.len());
    for (name, csv) in &tables {
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(csv.as_slice());
        let columns = reader.headers().unwrap().len();
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert!(records.iter().all(|r| r.len() == columns), "{name}");
        let hash: String = Sha256::digest(csv).iter().map(|b| format!("{b:02x}")).collect();
        let row = &manifest["tables"][name];
        assert_eq!(
            (row["lignes"].as_u64(), row["sha256"].as_str()),
            (Some(records.len() as u64), Some(hash.as_str())),
            "{name}"
        );
    }
    let needed = "ANNEE_UNI DIPLOME VERSION_DIPLOME ETAPE VERSION_ETAPE VDI_FRACTIONNER_VET LISTE_ELP ELEMENT_PEDAGOGI NATURE_ELP \
                  VET_REGROUPE_LSE LSE_REGROUPE_ELP ELP_REGROUPE_LSE COMPOSANTE PERIODE_ELP ELP_CHG_TYP_HEU ELP_CORRESPOND_ELP \
                  ELP_PORTEUR_PORTE EPREUVE EPR_SANCTIONNE_ELP SIGNATAIRE";
    let names: HashSet<_> = tables.iter().map(|(n, _)| n.as_str()).collect();
    assert!(needed.split_whitespace().all(|n| names.contains(n)));
}

#[test]
fn winter_extractions_carry_winter_time() {
    let world = World::generate(Options {
        date: chrono::NaiveDate::from_ymd_opt(2024, 1, 15).unwrap(),
        etudiants: 0,
        etapes: 0,
        elements: 0,
        ..Options::default()
    });
    let manifest: serde_json::Value = serde_json::from_slice(&extraction(&world).manifest).unwrap();
    assert_eq!(manifest["extrait_le"], "2024-01-15T03:00:00+01:00");
}
