//! Results, in the structures of the pedagogical contract.

use apogee::wire::types::pedagogique::{
    EtatDelibDTO, MentionDTO, NatureResDTO, ResultatElpDTO3, ResultatVdiDTO, ResultatVetDTO, SessionDTO,
    TypResultatDTO,
};
use apogee::wire::{Decimal, Fault};
use kernel::Centi;

use super::demande::{incoherent, manquant, texte};
use crate::world::{Element, InscriptionPedagogique, ResultatElement, ResultatEtape, ResultatVdi, World};

/// Marks are out of twenty.
const BAREME: i64 = 20;

/// Which results to join to a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choix {
    source: Source,
    session: Option<u8>,
    terminees: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Aucun,
    Apogee,
}

impl Choix {
    /// Reads `_sourceRes`, `_etatDelib` and `_codSes`.
    pub(super) fn lit(
        source: &Option<String>,
        etat_delib: &Option<String>,
        session: &Option<String>,
    ) -> Result<Self, Box<Fault>> {
        let source = match source.as_deref() {
            None => return Err(manquant("sourceRes")),
            Some("Aucun") => Source::Aucun,
            Some("Apogee") => Source::Apogee,
            // The extraction of transcripts holds deliberated results only, and takes no state.
            Some("Apogee-extraction") if etat_delib.is_some() => return Err(incoherent("etatDelib")),
            Some("Apogee-extraction") => Source::Apogee,
            Some(_) => return Err(incoherent("sourceRes")),
        };
        if etat_delib
            .as_ref()
            .is_some_and(|e| e.is_empty() || !e.bytes().all(|b| matches!(b, b'A' | b'E' | b'T')))
        {
            return Err(incoherent("etatDelib"));
        }
        let session = match session.as_deref() {
            None => None,
            Some(t) if t.eq_ignore_ascii_case("toutes") => None,
            Some("0") => Some(0),
            Some("1") => Some(1),
            Some("2") => Some(2),
            Some(_) => return Err(incoherent("codSes")),
        };
        // Every result of the world is deliberated.
        let terminees = etat_delib.as_ref().is_none_or(|e| e.contains('T'));
        Ok(Self { source, session, terminees })
    }

    fn retient(&self, session: u8) -> bool {
        self.source == Source::Apogee && self.terminees && self.session.is_none_or(|s| s == session)
    }

    /// Whether marks are wanted at all.
    pub(super) fn avec_notes(&self) -> bool {
        self.source == Source::Apogee && self.terminees
    }

    /// The results of an element in a contract. What was kept from an earlier year says which one.
    pub(super) fn d_element(
        &self,
        world: &World,
        ip: &InscriptionPedagogique,
        element: &Element,
    ) -> Vec<ResultatElpDTO3> {
        if let Some(dispense) = &ip.dispense {
            return self.retient(0).then(|| acquis(dispense.note, element)).into_iter().collect();
        }
        let resultats = || world.resultats_elements_of(ip.etudiant).filter(|r| r.element == ip.element);
        let annee = if ip.prc {
            resultats().filter(|r| r.admis && r.annee < ip.annee).map(|r| r.annee).max()
        } else {
            Some(ip.annee)
        };
        let Some(annee) = annee else { return Vec::new() };
        resultats()
            .filter(|r| r.annee == annee && self.retient(r.session))
            .map(|r| ResultatElpDTO3 { cod_anu: ip.prc.then(|| annee.to_string()), ..d_element(r, element) })
            .collect()
    }

    /// The result of an étape.
    pub(super) fn d_etape(&self, r: &ResultatEtape, ects: Option<Centi>) -> Option<ResultatVetDTO> {
        self.retient(r.session).then(|| ResultatVetDTO {
            bar_not_vet: r.note.map(|_| BAREME),
            etat_delib: Some(terminee()),
            mention: r.note.filter(|_| r.admis).and_then(mention),
            nature_resultat: Some(admission()),
            nbr_crd_vet: ects.filter(|_| r.admis).map(Decimal::from),
            not_vet: r.note.map(note),
            session: Some(session(r.session)),
            typ_resultat: Some(verdict(r.admis)),
            ..Default::default()
        })
    }

    /// The result of a diploma.
    pub(super) fn de_diplome(&self, r: &ResultatVdi, ects: Option<Centi>) -> Option<ResultatVdiDTO> {
        self.retient(0).then(|| ResultatVdiDTO {
            bar_not_vdi: r.note.map(|_| BAREME),
            etat_delib: Some(terminee()),
            mention: r.note.filter(|_| r.admis).and_then(mention),
            nature_resultat: Some(admission()),
            nbr_crd_vdi: ects.filter(|_| r.admis).map(Decimal::from),
            not_vdi: r.note.map(note),
            session: Some(session(0)),
            typ_resultat: Some(verdict(r.admis)),
            ..Default::default()
        })
    }
}

fn d_element(r: &ResultatElement, element: &Element) -> ResultatElpDTO3 {
    ResultatElpDTO3 {
        bar_not_elp: r.note.map(|_| BAREME),
        etat_delib: Some(terminee()),
        nature_resultat: Some(admission()),
        nbr_crd_elp: element.ects.filter(|_| r.admis).map(Decimal::from),
        not_elp: r.note.map(note).or_else(|| r.defaillant.then(|| "DEF".into())),
        session: Some(session(r.session)),
        typ_resultat: Some(if r.defaillant { defaillant() } else { verdict(r.admis) }),
        ..Default::default()
    }
}

/// An element granted by validation of experience.
fn acquis(obtenue: Option<Centi>, element: &Element) -> ResultatElpDTO3 {
    ResultatElpDTO3 {
        bar_not_elp: obtenue.map(|_| BAREME),
        etat_delib: Some(terminee()),
        nature_resultat: Some(admission()),
        nbr_crd_elp: element.ects.map(Decimal::from),
        not_elp: obtenue.map(note),
        session: Some(session(0)),
        typ_resultat: Some(TypResultatDTO {
            cod_neg_tre: texte("1"),
            cod_tre: texte("VAC"),
            lib_tre: texte("Validation d'acquis"),
        }),
        ..Default::default()
    }
}

/// `12.5`, `8`: Apogée writes marks as text, with a point.
fn note(valeur: Centi) -> String {
    Decimal::from(valeur).0
}

fn session(code: u8) -> SessionDTO {
    let libelle = match code {
        0 => "Session unique",
        1 => "Session 1",
        _ => "Session 2",
    };
    SessionDTO { cod_ses: Some(code.to_string()), lib_ses: texte(libelle) }
}

fn terminee() -> EtatDelibDTO {
    EtatDelibDTO { cod_eta_avc: texte("T"), lib_eta_avc: texte("Terminé") }
}

fn admission() -> NatureResDTO {
    NatureResDTO { cod_adm: texte("1"), lib_adm: texte("Admission") }
}

fn verdict(admis: bool) -> TypResultatDTO {
    let (code, libelle, positif) = if admis { ("ADM", "Admis", "1") } else { ("AJ", "Ajourné", "0") };
    TypResultatDTO { cod_neg_tre: texte(positif), cod_tre: texte(code), lib_tre: texte(libelle) }
}

fn defaillant() -> TypResultatDTO {
    TypResultatDTO { cod_neg_tre: texte("0"), cod_tre: texte("DEF"), lib_tre: texte("Défaillant") }
}

fn mention(note: Centi) -> Option<MentionDTO> {
    let (code, libelle) = match note {
        n if n >= Centi::unites(16) => ("TB", "Très bien"),
        n if n >= Centi::unites(14) => ("B", "Bien"),
        n if n >= Centi::unites(12) => ("AB", "Assez bien"),
        n if n >= Centi::unites(10) => ("P", "Passable"),
        _ => return None,
    };
    Some(MentionDTO { cod_men: texte(code), lib_men: texte(libelle) })
}
