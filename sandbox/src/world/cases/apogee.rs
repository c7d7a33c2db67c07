//! Hard cases that only one system holds: what is done to Apogée's tables, and to Kofr's design, once the design is poured.

use chrono::NaiveDate;
use kernel::{AnneeUniversitaire, Centi};

use super::super::{
    Correspondance, Diplome, Element, ElementKofr, ElpLse, Liste, LseElp, Portage, TypeListe, VdiVet,
    VersionDiplomeRow, VetLse, World,
};
use super::offer::LIBELLE_80;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
}

/// Makes Apogée and Kofr disagree where the catalogue of cases says so.
pub(in crate::world) fn disturb(world: &mut World) {
    states(world);
    closed_links(world);
    loop_of_elements(world);
    versions(world);
    disagreements(world);
    if let Some(annee) = AnneeUniversitaire::new(2023) {
        world.portages.push(Portage { annee, porteur: "IFD1E32".into(), porte: "IFD1E31".into() });
    }
    world.correspondances.push(Correspondance {
        source: "IFD1E03".into(),
        cible: "IFD1E10".into(),
        cree_le: day(2021, 9, 1),
    });
}

fn element<'w>(world: &'w mut World, code: &str) -> Option<&'w mut Element> {
    world.elements.iter_mut().find(|e| e.code.as_str() == code)
}

fn kofr<'w>(world: &'w mut World, code: &str) -> Option<&'w mut ElementKofr> {
    let design = world.maquettes.first_mut()?;
    design.elements.iter_mut().find(|e| e.code_elp.as_ref().is_some_and(|c| c.as_str() == code))
}

fn states(world: &mut World) {
    if let Some(e) = element(world, "IFD1E21") {
        e.suspendu = true;
        e.motif_suspension = Some(String::from("Enseignant en congé pour recherches"));
    }
    if let Some(e) = element(world, "IFD1E24") {
        e.ouvert = false;
    }
    if let Some(liste) = world.listes.iter_mut().find(|l| l.code.as_str() == "LIFDCLOS") {
        liste.ouverte = false;
    }
    if let Some(vet) = world.versions_etape.iter_mut().find(|v| v.etape.as_str() == "5UIFD1") {
        LIBELLE_80.clone_into(&mut vet.libelle_web);
    }
    world.lse_elp.retain(|l| l.element.as_str() != "IFDORPH");
}

fn closed_links(world: &mut World) {
    let ferme_le = Some(day(2021, 8, 31));
    if let Some(lien) = world.elp_lse.iter_mut().find(|l| l.liste.as_str() == "LIFDFERM") {
        lien.ferme_le = ferme_le;
    }
    world.vet_lse.push(VetLse {
        etape: "5UIFD1".into(),
        version: "101".into(),
        liste: "LIFDFERM".into(),
        min: None,
        max: None,
        cree_le: day(2019, 3, 1),
        ferme_le,
    });
    // Kofr designs what will be taught: history is not in it.
    for element in world.maquettes.iter_mut().flat_map(|m| &mut m.elements) {
        let history = |code: &str| matches!(code, "LIFDFERM" | "LIFDCLOS");
        element.blocs.retain(|b| !b.code_liste.as_ref().is_some_and(|c| history(c.as_str())));
    }
}

fn loop_of_elements(world: &mut World) {
    world.listes.push(Liste {
        code: "LBCLBCL".into(),
        type_liste: TypeListe::Facultative,
        ouverte: true,
        libelle: String::from("Retour à l'unité"),
        libelle_court: String::from("Retour à l'unité"),
    });
    world.lse_elp.push(LseElp { liste: "LBCLBCL".into(), element: "BCL1U01".into() });
    world.elp_lse.push(ElpLse {
        element: "BCL1E01".into(),
        liste: "LBCLBCL".into(),
        min: Some(0),
        max: Some(1),
        ordre: 1,
        cree_le: day(2019, 3, 1),
        ferme_le: None,
    });
}

fn versions(world: &mut World) {
    // An étape that no diploma holds.
    world.vdi_vet.retain(|l| l.etape.as_str() != "5UORP1");
    // A VET under two diplomas.
    world.diplomes.push(Diplome {
        code: "5DUFLE".into(),
        libelle: String::from("DU Enseigner le français aux migrants"),
        libelle_court: String::from("DU Enseigner le français"),
        cycle: 1,
        type_diplome: String::from("DU"),
        nature: String::from("90"),
    });
    if let Some(vdi) = world.versions_diplome.iter().find(|v| v.diplome.as_str() == "5DULNG").cloned() {
        world.versions_diplome.push(VersionDiplomeRow {
            diplome: "5DUFLE".into(),
            libelle_court: String::from("DU Enseigner le français"),
            libelle_web: String::from("DU Enseigner le français aux migrants"),
            ..vdi
        });
    }
    if let Some(lien) = world.vdi_vet.iter().find(|l| l.etape.as_str() == "5ULNG1").cloned() {
        world.vdi_vet.push(VdiVet { diplome: "5DUFLE".into(), ..lien });
    }
    // Closed to registrations since 2022; degrees may still be awarded.
    for lien in world.vdi_vet.iter_mut().filter(|l| l.etape.as_str() == "5UFER1") {
        lien.recrutement_fin = 2021;
    }
    // Three versions of one étape, whose years overlap.
    let windows = [("101", 2019, 2021), ("102", 2020, 2022), ("103", 2022, 2023)];
    let vet = world.versions_etape.iter().find(|v| v.etape.as_str() == "5UVRS1").cloned();
    let lien = world.vdi_vet.iter().find(|l| l.etape.as_str() == "5UVRS1").cloned();
    let liste = world.vet_lse.iter().find(|l| l.etape.as_str() == "5UVRS1").cloned();
    let (Some(vet), Some(lien), Some(liste)) = (vet, lien, liste) else { return };
    world.vdi_vet.retain(|l| l.etape.as_str() != "5UVRS1");
    for (version, debut, fin) in windows {
        if version != "101" {
            world.versions_etape.push(super::super::VersionEtapeRow {
                version: version.into(),
                libelle_web: format!("{} (version {version})", vet.libelle_web),
                ..vet.clone()
            });
            world.vet_lse.push(VetLse { version: version.into(), ..liste.clone() });
        }
        world.vdi_vet.push(VdiVet {
            version_etape: version.into(),
            recrutement_debut: debut,
            recrutement_fin: fin,
            ..lien.clone()
        });
    }
    let etapes =
        world.maquettes.iter_mut().take(1).flat_map(|m| &mut m.formations).flat_map(|f| &mut f.etapes);
    for etape in etapes.filter(|e| e.code_etape.as_ref().is_some_and(|c| c.as_str() == "5UVRS1")) {
        etape.version_etape = Some("103".into());
    }
}

fn disagreements(world: &mut World) {
    if let Some(e) = kofr(world, "IFD1E10") {
        e.ects = Some(Centi::unites(4));
    }
    if let Some(e) = kofr(world, "IFD1E11") {
        e.libelle = String::from("Animer une communauté d'apprentissage");
    }
    if let Some(e) = kofr(world, "IFD1E13") {
        e.heures.ead = e.heures.ead + Centi::unites(5);
    }
    if let Some(e) = kofr(world, "IFD1E12") {
        e.code_elp = Some("IFD1E99".into());
    }
    if let Some(e) = kofr(world, "IFD1E32") {
        e.code_elp = None;
    }
}
