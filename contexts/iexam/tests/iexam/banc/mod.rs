//! The bench of exams' tests: an offer in memory, a stopped clock, and rows put straight into the tables.

pub mod boutique;
mod registre;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};
use contracts::apogee::Adresse;
use contracts::maquette::{
    ElementEvalue, EtapeBreve, Etudiant, Indisponible, InscriptionElement, InscriptionEtape, Inscrit, Offre,
};
use db::sea_orm::Value;
use db::sql::{execute, returning_id};
use db::{Db, DbError, Migration};
use iexam::Iexam;
use kernel::{Actor, AnneeUniversitaire, CodeElement, CodeEtape, FixedClock, NumeroEtudiant, VersionEtape};

pub fn migrations() -> Vec<Migration> {
    [mail::MIGRATIONS, iexam::MIGRATIONS].concat()
}

pub fn scolarite() -> Actor {
    Actor::Commande
}

pub fn jour(annee: i32, mois: u32, jour: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(annee, mois, jour).unwrap()
}

pub fn instant(annee: i32, mois: u32, jour: u32, heure: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(annee, mois, jour, heure, 0, 0).unwrap()
}

/// What Maquette would answer.
#[derive(Clone, Debug, Default)]
pub struct Faits {
    pub etudiants: Vec<Etudiant>,
    pub etapes: Vec<(NumeroEtudiant, InscriptionEtape)>,
    pub domiciles: Vec<(NumeroEtudiant, Adresse)>,
    pub elements: Vec<(NumeroEtudiant, InscriptionElement)>,
    pub offre: Vec<(CodeEtape, VersionEtape, ElementEvalue)>,
    pub muette: bool,
}

#[derive(Debug, Default)]
pub struct OffreTenue(pub Mutex<Faits>);

impl OffreTenue {
    fn lire<T>(&self, f: impl FnOnce(&Faits) -> T) -> Result<T, Indisponible> {
        let faits = self.0.lock().unwrap();
        if faits.muette { Err(Indisponible("essai".into())) } else { Ok(f(&faits)) }
    }
}

pub const ANNEE: u16 = 2024;

pub fn annee() -> AnneeUniversitaire {
    AnneeUniversitaire::new(ANNEE).unwrap()
}

#[async_trait]
impl Offre for OffreTenue {
    async fn annee_courante(&self) -> Result<Option<AnneeUniversitaire>, Indisponible> {
        self.lire(|_| Some(annee()))
    }

    async fn etudiants(
        &self,
        _: AnneeUniversitaire,
        numeros: &[NumeroEtudiant],
    ) -> Result<Vec<Etudiant>, Indisponible> {
        self.lire(|f| f.etudiants.iter().filter(|e| numeros.contains(&e.numero)).cloned().collect())
    }

    async fn domicile(
        &self,
        _: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Result<Option<Adresse>, Indisponible> {
        self.lire(|f| f.domiciles.iter().find(|(n, _)| n == numero).map(|(_, d)| d.clone()))
    }

    async fn etudiants_chercher(
        &self,
        _: AnneeUniversitaire,
        recherche: &str,
        limite: u64,
    ) -> Result<Vec<Etudiant>, Indisponible> {
        let mot = kernel::fold(recherche);
        let trouve =
            |e: &&Etudiant| kernel::fold(&format!("{} {}", e.numero, e.nom_complet())).contains(&mot);
        self.lire(|f| f.etudiants.iter().filter(trouve).take(limite as usize).cloned().collect())
    }

    async fn etapes_de(
        &self,
        _: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Result<Vec<InscriptionEtape>, Indisponible> {
        self.lire(|f| f.etapes.iter().filter(|(n, _)| n == numero).map(|(_, e)| e.clone()).collect())
    }

    async fn elements_de(
        &self,
        _: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Result<Vec<InscriptionElement>, Indisponible> {
        self.lire(|f| f.elements.iter().filter(|(n, _)| n == numero).map(|(_, e)| e.clone()).collect())
    }

    async fn inscrits(
        &self,
        _: AnneeUniversitaire,
        elements: &[CodeElement],
    ) -> Result<Vec<Inscrit>, Indisponible> {
        self.lire(|f| {
            let des = f.elements.iter().filter(|(_, e)| elements.contains(&e.element));
            let mut inscrits: Vec<_> =
                des.map(|(n, e)| Inscrit { etudiant: n.clone(), element: e.element.clone() }).collect();
            inscrits.sort();
            inscrits.dedup();
            inscrits
        })
    }

    async fn etapes_chercher(
        &self,
        _: AnneeUniversitaire,
        _: &str,
        _: u64,
    ) -> Result<Vec<EtapeBreve>, Indisponible> {
        self.lire(|f| {
            let mut etapes: Vec<EtapeBreve> = Vec::new();
            for (code, version, _) in &f.offre {
                if etapes.iter().all(|e| e.code != *code || e.version != *version) {
                    let libelle = format!("Étape {code}");
                    etapes.push(EtapeBreve {
                        code: code.clone(),
                        version: version.clone(),
                        libelle,
                        inscrits: 0,
                    });
                }
            }
            etapes
        })
    }

    async fn elements_evalues(
        &self,
        _: AnneeUniversitaire,
        etape: &CodeEtape,
        version: &VersionEtape,
    ) -> Result<Vec<ElementEvalue>, Indisponible> {
        self.lire(|f| {
            let de = f.offre.iter().filter(|(e, v, _)| e == etape && v == version);
            de.map(|(_, _, element)| element.clone()).collect()
        })
    }

    async fn elements(
        &self,
        _: AnneeUniversitaire,
        codes: &[CodeElement],
    ) -> Result<Vec<ElementEvalue>, Indisponible> {
        self.lire(|f| {
            f.offre.iter().filter(|(_, _, e)| codes.contains(&e.code)).map(|(_, _, e)| e.clone()).collect()
        })
    }
}

pub struct Banc {
    pub db: Db,
    pub clock: Arc<FixedClock>,
    pub offre: Arc<OffreTenue>,
    pub iexam: Iexam,
}

/// Monday 2 December 2024, noon in Besançon.
pub fn banc(db: &Db) -> Banc {
    let clock = Arc::new(FixedClock::at(instant(2024, 12, 2, 11)));
    let offre = Arc::new(OffreTenue::default());
    let iexam = Iexam {
        db: db.clone(),
        clock: clock.clone(),
        offre: offre.clone(),
        paybox: None,
        publique: "https://telemaque.exemple.fr".into(),
        etablissement: iexam::Etablissement::default(),
    };
    Banc { db: db.clone(), clock, offre, iexam }
}

impl Banc {
    /// A student registered to these elements of `L1DROI/100`.
    pub fn etudiant(&self, numero: &str, elements: &[&str]) -> NumeroEtudiant {
        let mut faits = self.offre.0.lock().unwrap();
        let numero = NumeroEtudiant::from(numero);
        faits.etudiants.push(Etudiant {
            numero: numero.clone(),
            nom: format!("Nom{numero}"),
            nom_usage: None,
            prenom: "Prénom".into(),
            courriel: Some(format!("{numero}@etu.example.org")),
            handicap: false,
        });
        let etape = InscriptionEtape {
            etape: "L1DROI".into(),
            version: "100".into(),
            libelle: "Licence 1 Droit".into(),
            regime: None,
            premiere: true,
        };
        faits.etapes.push((numero.clone(), etape));
        for element in elements {
            let element = InscriptionElement {
                element: (*element).into(),
                libelle: format!("Élément {element}"),
                nature: "EC".into(),
                ects: Some(kernel::Centi::unites(6)),
                etape: "L1DROI".into(),
                version: "100".into(),
                periode: Some("S1".into()),
            };
            faits.elements.push((numero.clone(), element));
        }
        numero
    }

    async fn inserer(&self, sql: &'static str, valeurs: Vec<Value>) -> i64 {
        let valeurs = &valeurs;
        let inserer = |tx: db::Tx| async move { returning_id(&*tx, sql, valeurs.clone()).await };
        self.db.write(inserer).await.unwrap()
    }

    pub async fn executer(&self, sql: &'static str, valeurs: Vec<Value>) {
        let valeurs = &valeurs;
        let executer = |tx: db::Tx| async move { execute(&*tx, sql, valeurs.clone()).await.map(|_| ()) };
        self.db.write::<_, DbError, _, _>(executer).await.unwrap();
    }

    /// A period of January 2025 whose registrations are open from 1 to 15 December 2024 (noon UTC).
    pub async fn periode(&self, code: &str, etat: &str) -> i64 {
        let session = i64::from(if code == "P3" { 2 } else { 1 });
        self.inserer(
            "INSERT INTO iexam_periode (annee, code, libelle, session, etat, enseignement_debut, modalites_publiees_le,
                inscriptions_debut, inscriptions_fin, verification_fin, convocations_le, epreuves_debut, epreuves_fin, fermeture_le)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            vec![
                i64::from(ANNEE).into(),
                code.into(),
                format!("Période {code}").into(),
                session.into(),
                etat.into(),
                jour(2024, 9, 16).into(),
                instant(2024, 10, 1, 8).into(),
                instant(2024, 12, 1, 12).into(),
                instant(2024, 12, 15, 12).into(),
                jour(2024, 12, 18).into(),
                jour(2024, 12, 20).into(),
                jour(2025, 1, 8).into(),
                jour(2025, 1, 18).into(),
                jour(2025, 2, 1).into(),
            ],
        )
        .await
    }

    /// A modality offered in a period, with its tariff; `lieu` is `centre` or `domicile`.
    pub async fn modalite(
        &self,
        periode: i64,
        code: &str,
        lieu: &str,
        tarif: (i64, i64),
        quota: Option<i64>,
    ) -> i64 {
        let id = self
            .inserer(
                "INSERT INTO iexam_modalite (code, libelle, lieu, surveillee, rang, active) VALUES (?, ?, ?, ?, 1, TRUE) RETURNING id",
                vec![code.into(), format!("Modalité {code}").into(), lieu.into(), true.into()],
            )
            .await;
        let tarif = vec![id.into(), jour(2020, 1, 1).into(), tarif.0.into(), tarif.1.into()];
        self.inserer(
            "INSERT INTO iexam_tarif (modalite, valide_du, fixe_cents, horaire_cents) VALUES (?, ?, ?, ?) RETURNING id",
            tarif,
        )
        .await;
        self.inserer(
            "INSERT INTO iexam_offre (periode, modalite, quota, active) VALUES (?, ?, ?, TRUE) RETURNING id",
            vec![periode.into(), id.into(), quota.into()],
        )
        .await;
        id
    }

    /// A centre of a modality, with its agreement in a period (`accepte`, `demande`…) and its places.
    pub async fn centre(
        &self,
        periode: i64,
        modalite: i64,
        code: &str,
        fuseau: &str,
        accord: &str,
        places: Option<i64>,
    ) -> i64 {
        let id = self
            .inserer(
                "INSERT INTO iexam_centre (code, nom, ville, pays, fuseau, accord_requis, actif) VALUES (?, ?, ?, ?, ?, TRUE, TRUE)
                 RETURNING id",
                vec![code.into(), format!("Centre {code}").into(), "Ville".into(), "Pays".into(), fuseau.into()],
            )
            .await;
        self.executer(
            "INSERT INTO iexam_modalite_centre (modalite, centre) VALUES (?, ?)",
            vec![modalite.into(), id.into()],
        )
        .await;
        self.inserer(
            "INSERT INTO iexam_accord (periode, centre, etat, places) VALUES (?, ?, ?, ?) RETURNING id",
            vec![periode.into(), id.into(), accord.into(), places.into()],
        )
        .await;
        id
    }

    pub async fn salle(&self, centre: i64, nom: &str, capacite: i64, a_part: bool) -> i64 {
        self.inserer(
            "INSERT INTO iexam_salle (centre, nom, capacite, a_part, active) VALUES (?, ?, ?, ?, TRUE) RETURNING id",
            vec![centre.into(), nom.into(), capacite.into(), a_part.into()],
        )
        .await
    }

    pub async fn epreuve(
        &self,
        periode: i64,
        element: &str,
        debut: Option<DateTime<Utc>>,
        duree_min: Option<i64>,
    ) -> i64 {
        self.inserer(
            "INSERT INTO iexam_epreuve (periode, element, libelle, nature, debut, duree_min) VALUES (?, ?, ?, 'ecrit', ?, ?) RETURNING id",
            vec![
                periode.into(),
                element.into(),
                format!("Élément {element}").into(),
                debut.into(),
                duree_min.into(),
            ],
        )
        .await
    }
}
