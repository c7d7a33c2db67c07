//! Puts a real catalogue into a world, so that the web services answer over it. It has no students: the extraction holds
//! none, and inventing registrations into a real offer would look like data.

use apogee::extraction::Contenu;
use apogee::extraction::tables;
use chrono::NaiveDate;
use kernel::AnneeUniversitaire;

use crate::world::{
    Annee, Composante, Diplome, Element, ElpLse, Etape, EtatAnnee, Heure, Liste, LseElp, Nature, Options,
    TypeHeure, TypeListe, VdiVet, VersionDiplomeRow, VersionEtapeRow, VetLse, World,
};

/// A world with its nomenclatures and teachers, without offer, students or designs.
pub fn without_offer(options: &Options) -> World {
    // The smallest sizes that the generator makes: everything that refers to its offer is emptied below.
    let mut world =
        World::generate(&Options { etudiants: 0, etapes: 0, elements: 0, liens: None, ..options.clone() });
    world.diplomes.clear();
    world.versions_diplome.clear();
    world.etapes.clear();
    world.versions_etape.clear();
    world.vdi_vet.clear();
    world.listes.clear();
    world.elements.clear();
    world.vet_lse.clear();
    world.lse_elp.clear();
    world.elp_lse.clear();
    world.heures.clear();
    world.correspondances.clear();
    world.portages.clear();
    world.epreuves.clear();
    world.epreuves_elements.clear();
    world.etudiants.clear();
    world.ia_annuelles.clear();
    world.ia_etapes.clear();
    world.ip.clear();
    world.resultats_elements.clear();
    world.resultats_etapes.clear();
    world.resultats_vdi.clear();
    world.services.clear();
    world.maquettes.clear();
    world.verite.clear();
    world
}

/// Puts the offer of `contenu` into `world`.
pub fn fill(world: &mut World, contenu: Contenu) {
    world.etablissement = contenu.manifeste.etablissement;
    let annees: Vec<Annee> = contenu.annees.iter().filter_map(annee).collect();
    if !annees.is_empty() {
        // The day follows the catalogue: the spring of the year that it has open.
        let ouverte = annees.iter().find(|a| a.etat_iae == EtatAnnee::Ouverte);
        let printemps = ouverte.map(|a| i32::from(a.annee.suivante().premiere()));
        world.date = printemps.and_then(|annee| NaiveDate::from_ymd_opt(annee, 4, 2)).unwrap_or(world.date);
        world.annees = annees;
    }
    if !contenu.composantes.is_empty() {
        world.composantes = contenu.composantes.into_iter().map(composante).collect();
    }
    if !contenu.natures.is_empty() {
        world.natures = contenu.natures.into_iter().map(nature).collect();
    }
    let jour = world.date;
    world.diplomes = contenu.diplomes.into_iter().map(diplome).collect();
    world.versions_diplome = contenu.versions_diplome.into_iter().map(version_diplome).collect();
    world.etapes = contenu.etapes.into_iter().map(etape).collect();
    world.versions_etape = contenu.versions_etape.into_iter().map(version_etape).collect();
    world.vdi_vet = contenu.rattachements.into_iter().map(rattachement).collect();
    world.listes = contenu.listes.into_iter().map(liste).collect();
    world.elements = contenu.elements.into_iter().map(|e| element(e, jour)).collect();
    world.vet_lse = contenu.liens_etape.into_iter().map(|l| lien_etape(l, jour)).collect();
    world.lse_elp =
        contenu.liens_liste.into_iter().map(|l| LseElp { liste: l.liste, element: l.element }).collect();
    world.elp_lse = contenu.liens_element.into_iter().map(|l| lien_element(l, jour)).collect();
    world.heures = contenu.heures.into_iter().filter_map(heure).collect();
}

/// Rebuilds the lookups after [`fill`].
pub fn settle(world: &mut World) {
    let date = world.date;
    world.advance_to(date);
}

fn court(court: Option<String>, long: &str) -> String {
    court.unwrap_or_else(|| long.chars().take(25).collect())
}

fn cycle(texte: Option<String>) -> u8 {
    texte.and_then(|t| t.parse().ok()).unwrap_or_default()
}

fn borne(n: Option<i64>) -> Option<u8> {
    n.and_then(|n| u8::try_from(n).ok())
}

fn annee(a: &tables::Annee) -> Option<Annee> {
    let etat = match a.etat_iae.as_deref() {
        Some("O") => EtatAnnee::Ouverte,
        Some("I") => EtatAnnee::Inscriptions,
        _ => EtatAnnee::Fermee,
    };
    Some(Annee { annee: AnneeUniversitaire::new(a.annee)?, etat_iae: etat, etat_ipe: etat, etat_res: etat })
}

fn composante(c: tables::Composante) -> Composante {
    let libelle = c.libelle.unwrap_or_default();
    Composante {
        libelle_court: c.libelle_court.unwrap_or_else(|| libelle.chars().take(10).collect()),
        libelle_web: libelle.clone(),
        libelle,
        code: c.code,
        parent: None,
        rne: None,
        type_code: "UFR".into(),
        type_libelle: "Unité de formation et de recherche".into(),
        signataire: None,
        adresse: String::new(),
        code_postal: String::new(),
        code_commune: String::new(),
        en_service: c.en_service.unwrap_or(true),
    }
}

fn nature(n: tables::Nature) -> Nature {
    let libelle = n.libelle.unwrap_or_default();
    Nature {
        libelle_court: libelle.chars().take(10).collect(),
        libelle,
        en_service: n.en_service.unwrap_or(true),
        fictif: n.fictive.unwrap_or(false),
        semestre: n.code.as_str() == "SEM",
        ue: n.code.as_str() == "UE",
        code: n.code,
    }
}

fn diplome(d: tables::Diplome) -> Diplome {
    let libelle = d.libelle.unwrap_or_default();
    Diplome {
        code: d.code,
        libelle_court: court(d.libelle_court, &libelle),
        libelle,
        cycle: cycle(d.cycle),
        type_diplome: d.type_diplome.unwrap_or_default(),
        nature: String::new(),
    }
}

fn version_diplome(v: tables::VersionDeDiplome) -> VersionDiplomeRow {
    let libelle = v.libelle_web.unwrap_or_default();
    VersionDiplomeRow {
        diplome: v.diplome,
        version: v.version,
        libelle_court: court(v.libelle_court, &libelle),
        mention: libelle.clone(),
        libelle_web: libelle,
        recrutement_debut: v.debut_recrutement.unwrap_or_default(),
        recrutement_fin: v.fin_recrutement.unwrap_or(9999),
        validation_debut: v.debut_validation.unwrap_or_default(),
        validation_fin: v.fin_validation.unwrap_or(9999),
        composante: v.composante.unwrap_or_default(),
        ects: None,
    }
}

fn etape(e: tables::Etape) -> Etape {
    let libelle = e.libelle.unwrap_or_default();
    Etape {
        code: e.code,
        libelle_court: court(e.libelle_court, &libelle),
        libelle,
        cycle: cycle(e.cycle),
        cursus: None,
    }
}

fn version_etape(v: tables::VersionDEtape) -> VersionEtapeRow {
    VersionEtapeRow {
        etape: v.etape,
        version: v.version,
        libelle_web: v.libelle_web.unwrap_or_default(),
        commentaire: None,
        composante: v.composante.unwrap_or_default(),
        duree: "1A".into(),
        ects: None,
        tele_enseignement: v.tele_enseignement.unwrap_or(false),
        regimes: Vec::new(),
    }
}

fn rattachement(r: tables::Rattachement) -> VdiVet {
    VdiVet {
        diplome: r.diplome,
        version_diplome: r.version_diplome,
        etape: r.etape,
        version_etape: r.version_etape,
        recrutement_debut: r.debut_recrutement.unwrap_or_default(),
        recrutement_fin: r.fin_recrutement.unwrap_or(9999),
        validation_debut: r.debut_validation.unwrap_or_default(),
        validation_fin: r.fin_validation.unwrap_or(9999),
        rang: borne(r.rang).unwrap_or(1),
    }
}

fn liste(l: tables::Liste) -> Liste {
    let libelle = l.libelle.unwrap_or_default();
    Liste {
        code: l.code,
        type_liste: match l.type_liste.as_str() {
            "X" => TypeListe::AuChoix,
            "F" => TypeListe::Facultative,
            _ => TypeListe::Obligatoire,
        },
        ouverte: l.etat.as_deref() != Some("F"),
        libelle_court: court(l.libelle_court, &libelle),
        libelle,
    }
}

fn element(e: tables::Element, jour: NaiveDate) -> Element {
    let libelle = e.libelle.unwrap_or_default();
    Element {
        code: e.code,
        libelle_court: court(e.libelle_court, &libelle),
        libelle,
        nature: e.nature.unwrap_or_default(),
        composante: e.composante.unwrap_or_default(),
        periode: e.periode,
        ects: e.ects,
        volume: e.volume,
        unite_volume: e.unite_volume,
        ouvert: e.etat.as_deref() != Some("F"),
        suspendu: e.suspendu.unwrap_or(false),
        motif_suspension: e.motif_suspension,
        a_distance: false,
        cree_le: jour,
        modifie_le: None,
    }
}

fn lien_etape(l: tables::LienEtapeListe, jour: NaiveDate) -> VetLse {
    VetLse {
        etape: l.etape,
        version: l.version,
        liste: l.liste,
        min: borne(l.min),
        max: borne(l.max),
        cree_le: jour,
        ferme_le: l.ferme_le,
    }
}

fn lien_element(l: tables::LienElementListe, jour: NaiveDate) -> ElpLse {
    ElpLse {
        element: l.element,
        liste: l.liste,
        min: borne(l.min),
        max: borne(l.max),
        ordre: l.ordre.and_then(|n| u16::try_from(n).ok()).unwrap_or_default(),
        cree_le: jour,
        ferme_le: l.ferme_le,
    }
}

fn heure(h: tables::Heures) -> Option<Heure> {
    let type_heure = match h.type_heure.as_str() {
        "CM" => TypeHeure::Cm,
        "TD" => TypeHeure::Td,
        "TP" => TypeHeure::Tp,
        "EAD" => TypeHeure::Ead,
        _ => return None,
    };
    Some(Heure { annee: AnneeUniversitaire::new(h.annee)?, element: h.element, type_heure, heures: h.heures })
}
