//! A student, their épreuves, and what their pages send.

use contracts::maquette::InscriptionElement;
use db::{Db, Migration};
use iexam::actions::dossier::{Dossier, relu};
use iexam::actions::enregistrer::{Enregistre, Saisie, enregistrer};
use iexam::actions::inscrire::{Relecture, Validee, valider};
use iexam::actions::inscrire_fault::InscrireFault;
use iexam::domain::demande::Voulu;
use iexam::domain::inscription::Decision;
use iexam::store::inscription::Inscription;
use kernel::{Actor, NumeroEtudiant};

use crate::banc::{Banc, annee, banc, instant};

pub fn migrations() -> Vec<Migration> {
    [mail::MIGRATIONS, iexam::MIGRATIONS].concat()
}

pub const ACTEUR: Actor = Actor::Planification;

pub fn voulu(choix: &[(i64, Decision)], modalite: Option<i64>, centre: Option<i64>) -> Voulu {
    Voulu { choix: choix.iter().copied().collect(), modalite, centre }
}

impl Banc {
    pub async fn dossier(&self, n: &NumeroEtudiant, code: &str) -> Dossier {
        Dossier::lire(&self.iexam, annee(), code, n).await.unwrap()
    }

    pub async fn brouillon(&self, n: &NumeroEtudiant, voulu: Voulu) -> Result<Enregistre, InscrireFault> {
        self.depuis(n, "P1", "onglet-a", voulu).await
    }

    pub async fn depuis(
        &self,
        n: &NumeroEtudiant,
        code: &str,
        onglet: &str,
        voulu: Voulu,
    ) -> Result<Enregistre, InscrireFault> {
        let revision = self.dossier(n, code).await.inscription.map_or(0, |i| i.revision);
        let saisie = Saisie { revision, onglet: onglet.into(), voulu };
        enregistrer(&self.iexam, n, (annee(), code), &saisie, &ACTEUR).await
    }

    /// What the page of confirmation of that moment would send.
    pub async fn relecture(&self, n: &NumeroEtudiant, code: &str) -> Relecture {
        let d = self.dossier(n, code).await;
        let vu = relu(&d.cadre, &d.sujets, &d.complet()).value();
        Relecture { revision: d.inscription.map_or(0, |i| i.revision), vu, tout_reporter: false }
    }

    pub async fn valider(&self, n: &NumeroEtudiant, code: &str) -> Result<Validee, InscrireFault> {
        let relecture = self.relecture(n, code).await;
        valider(&self.iexam, n, (annee(), code), &relecture, &ACTEUR).await
    }

    pub async fn inscription(&self, n: &NumeroEtudiant, code: &str) -> Inscription {
        self.dossier(n, code).await.inscription.unwrap()
    }
}

/// A period with two épreuves of three hours and of two, a modality at home, and a student registered to both.
pub struct Decor {
    pub b: Banc,
    pub n: NumeroEtudiant,
    pub p: i64,
    pub m: i64,
    pub e: [i64; 2],
}

pub async fn decor(db: &Db) -> Decor {
    let b = banc(db);
    let p = b.periode("P1", "inscriptions").await;
    let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
    let e1 = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    let e2 = b.epreuve(p, "DROI2", Some(instant(2025, 1, 11, 8)), Some(120)).await;
    let n = b.etudiant("22000001", &["DROI1", "DROI2"]);
    Decor { b, n, p, m, e: [e1, e2] }
}

pub fn element(code: &str, etape: &str) -> InscriptionElement {
    InscriptionElement {
        element: code.into(),
        libelle: format!("Élément {code}"),
        nature: "EC".into(),
        ects: Some(kernel::Centi::unites(6)),
        etape: etape.into(),
        version: "100".into(),
        periode: Some("S1".into()),
    }
}
