//! Exam periods, and the épreuves planned in them.

use apogee::wire::Fault;
use apogee::wire::requests::{RecupererEpreuvesRequest, RecupererPeriodeExamenRequest};
use apogee::wire::types::epreuves::{
    CalendrierExamenDTO2, EpreuveDTO5, EpreuvesDTO, PeriodeExaDTO3, SalleDTO2,
};
use apogee::wire::types::referentiel::PeriodeExaDTO;
use kernel::AnneeUniversitaire;

use super::demande::{annee, aucune, en_service, jour, lit_jour, o_n, requis, texte};
use super::referentiel::ou_aucune;
use crate::world::{Epreuve, World};

pub(super) fn periodes(
    world: &World,
    d: &RecupererPeriodeExamenRequest,
) -> Result<Vec<PeriodeExaDTO>, Box<Fault>> {
    let temoin = en_service(&d.temoin_en_service)?;
    let date = d.date.as_deref().map(|t| lit_jour(t, "date")).transpose()?;
    let lignes = world
        .periodes_examen
        .iter()
        .filter(|p| d.cod_periode_exam.as_ref().is_none_or(|code| *code == p.code))
        .filter(|p| d.cod_ctre_incomp.as_ref().is_none_or(|code| *code == p.centre_incompatibilite))
        .filter(|p| date.is_none_or(|jour| (p.debut..=p.fin).contains(&jour)))
        .filter(|p| temoin.is_none_or(|t| t == p.en_service))
        .map(|p| PeriodeExaDTO {
            cod_ctre_incomp: texte(&p.centre_incompatibilite),
            cod_periode_exam: texte(&p.code),
            dat_deb_periode_exam: Some(jour(p.debut)),
            dat_fin_periode_exam: Some(jour(p.fin)),
            lib_periode_exam: texte(&p.libelle),
        })
        .collect();
    ou_aucune(lignes, "periodeExamen")
}

pub(super) fn epreuves(
    world: &World,
    d: &RecupererEpreuvesRequest,
) -> Result<Option<EpreuvesDTO>, Box<Fault>> {
    let annee = annee(requis(&d.cod_anu, "codAnu")?, "codAnu")?;
    let code = requis(&d.cod_pxa, "codPxa")?;
    let periode = world
        .periodes_examen
        .iter()
        .find(|p| p.annee == annee && p.code == code)
        .ok_or_else(|| aucune("periodeExamen"))?;
    // The world keeps one calendar per period, of the same code; épreuves are planned for the current year only.
    let calendrier = d.cod_cln.as_ref().is_none_or(|voulu| *voulu == periode.code);
    let prevues: Vec<_> = world
        .epreuves
        .iter()
        .filter(|e| calendrier && world.annee_courante() == Some(annee) && e.periode.as_deref() == Some(code))
        .map(|e| epreuve(world, e, annee, periode.session))
        .collect();
    let prevues = ou_aucune(prevues, "epreuve")?;
    Ok(Some(EpreuvesDTO {
        annee: Some(annee.to_string()),
        periode_examen: Some(PeriodeExaDTO3 {
            cod_periode: texte(&periode.code),
            date_debut_periode: Some(jour(periode.debut)),
            date_fin_periode: Some(jour(periode.fin)),
            lib_periode: texte(&periode.libelle),
            list_calendriers_examen: vec![CalendrierExamenDTO2 {
                cod_calendrier: texte(&periode.code),
                lib_calendrier: texte(&periode.libelle),
                list_epreuves: prevues,
            }],
        }),
    }))
}

fn epreuve(world: &World, e: &Epreuve, annee: AnneeUniversitaire, session: u8) -> EpreuveDTO5 {
    let inscrits: usize = world
        .epreuves_elements
        .iter()
        .filter(|lien| lien.epreuve == e.code && lien.session == session && !lien.suspendue)
        .filter_map(|lien| world.element(lien.element.as_str()))
        .map(|(element, _)| {
            let prises = world.ip_of_element(element);
            prises.filter(|ip| ip.annee == annee && !ip.prc && ip.dispense.is_none()).count()
        })
        .sum();
    EpreuveDTO5 {
        cod_epreuve: texte(&e.code),
        desc_docs_auto: e.documents.clone(),
        duree: Some(e.duree.to_string()),
        lib_court_epreuve: texte(&e.libelle_court),
        lib_long_epreuve: texte(&e.libelle),
        nb_etu_inscrits: Some(inscrits.to_string()),
        // The contract gives day and time with the room only.
        list_salles: e
            .jour
            .map(|le| SalleDTO2 {
                date_examen: Some(jour(le)),
                heure_debut: e.heure.map(|h| h.format("%H:%M").to_string()),
                ..Default::default()
            })
            .into_iter()
            .collect(),
        type_exercice: texte(if e.nature == "O" { "Oral" } else { "Écrit" }),
        tem_ie_web: o_n(false),
        ..Default::default()
    }
}
