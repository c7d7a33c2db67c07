//! A student confirms: the draft becomes a registration, holds its place, owes its fee and has its receipt, in one transaction.
//!
//! What the confirmation depends on (the window, the modality, the places, the épreuves) is read again inside the transaction, narrowed
//! to this student: some fifteen statements, whatever the size of the period. The receipt's PDF is not made here: it takes as long as all
//! the rest. Its contents are frozen here, and the document is made from them when the letter leaves, or when it is asked for.

use chrono::{DateTime, Utc};
use db::journal;
use kernel::{Actor, AnneeUniversitaire, NumeroEtudiant, heure_de_besancon};
use mail::Message;
use serde_json::json;

use super::dossier::{Dossier, Personne, place_de, relu};
use super::enregistrer::{ecrivable, nom_plein};
use super::inscrire_fault::InscrireFault;
use super::joindre::joindre_recu;
use super::recompter::recompter;
use crate::Iexam;
use crate::domain::cadre::Cadre;
use crate::domain::demande::Voulu;
use crate::domain::dossier::{Sujet, completer, decompte, sujets};
use crate::domain::periode::EtatPeriode;
use crate::domain::recu::{Confirmation, Recu};
use crate::domain::validation::{Obstacle, obstacles};
use crate::store::brouillon::{
    Confirmee, Identite, choix_tenus, choix_write, confirmee_write, inscription_prendre, reportes_de,
};
use crate::store::cadre::cadre_de_validation;
use crate::store::ecriture::dus_add;
use crate::store::etat::sans_salle_recompute;
use crate::store::inscription::Inscription;
use crate::store::periode::periodes_de_l_annee;
use crate::store::place::{place_prendre, place_rendre};
use crate::store::recu::{recu_add, recu_count};

/// What the page of confirmation sends.
#[derive(Clone, Debug, Default)]
pub struct Relecture {
    /// The revision that was read over.
    pub revision: i64,
    /// The fingerprint of what was read over.
    pub vu: String,
    /// That nothing is sat now, and that this is meant.
    pub tout_reporter: bool,
}

/// A confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validee {
    /// Number of the receipt.
    pub recu: String,
    /// It had been confirmed already by the same click: this is the same receipt.
    pub deja: bool,
}

/// Confirms what was read over.
///
/// # Errors
/// [`InscrireFault`]; nothing is then written, and the draft is as it was.
pub async fn valider(
    iexam: &Iexam,
    numero: &NumeroEtudiant,
    (annee, code): (AnneeUniversitaire, &str),
    relecture: &Relecture,
    acteur: &Actor,
) -> Result<Validee, InscrireFault> {
    let inconnue = || InscrireFault::PeriodeInconnue(format!("{code} {}", annee.libelle()));
    let personne = Personne::lire(iexam, annee, numero).await?;
    if personne.etudiant.is_none() {
        return Err(InscrireFault::EtudiantInconnu);
    }
    let codes = personne.codes();
    let (personne, codes, quand) = (&personne, &codes, iexam.clock.now());
    iexam
        .db
        .write(|tx| async move {
            let tx = &*tx;
            let mut periodes = periodes_de_l_annee(tx, annee).await?;
            periodes.retain(|p| p.etat != EtatPeriode::Preparation);
            let rattrapages = periodes.iter().find(|p| p.session >= 2).cloned();
            let periode = periodes.into_iter().find(|p| p.code == code).ok_or_else(inconnue)?;
            let prise = inscription_prendre(tx, periode.id, numero, None).await?;
            let Some((tenue, _)) = prise else {
                return Err(InscrireFault::Obstacles(vec![Obstacle::RienCoche]));
            };
            if tenue.etat.engagee() {
                return deja(&tenue, relecture);
            }
            let choisi = (tenue.modalite, tenue.centre);
            let mut cadre = cadre_de_validation(tx, periode, numero, codes, choisi).await?;
            if cadre.peut_reporter() {
                cadre.rattrapages = rattrapages;
            }
            ecrivable(&cadre, &tenue, quand)?;
            if tenue.revision != relecture.revision {
                return Err(InscrireFault::Conflit { le: tenue.modifiee_le, revision: tenue.revision });
            }
            let confirme = Confirme::lire(tx, &cadre, personne, &tenue, relecture, quand).await?;
            confirme.ecrire(tx, acteur, &iexam.publique).await
        })
        .await
}

/// The second of two clicks finds what the first did; another page is told that it comes too late.
fn deja(tenue: &Inscription, relecture: &Relecture) -> Result<Validee, InscrireFault> {
    let recu = tenue.recu.clone().unwrap_or_default();
    match tenue.revision == relecture.revision + 1 {
        true => Ok(Validee { recu, deja: true }),
        false => Err(InscrireFault::DejaValidee { recu, le: tenue.validee_le }),
    }
}

/// A confirmation that nothing prevents, about to be written.
struct Confirme<'a> {
    cadre: &'a Cadre,
    tenue: &'a Inscription,
    sujets: Vec<Sujet>,
    stocke: Voulu,
    voulu: Voulu,
    identite: Identite,
    libelles: Vec<String>,
    quand: DateTime<Utc>,
}

impl<'a> Confirme<'a> {
    async fn lire(
        tx: &db::sea_orm::DatabaseTransaction,
        cadre: &'a Cadre,
        personne: &Personne,
        tenue: &'a Inscription,
        relecture: &Relecture,
        quand: DateTime<Utc>,
    ) -> Result<Self, InscrireFault> {
        let decidees = choix_tenus(tx, tenue.id).await?;
        let reportes = match cadre.peut_reporter() {
            true => Default::default(),
            false => reportes_de(tx, cadre.periode.annee, &tenue.etudiant).await?,
        };
        let arranges = cadre.amenagements.get(&tenue.etudiant).map(Vec::as_slice).unwrap_or_default();
        let sujets = sujets(cadre, &personne.elements, arranges, &reportes);
        let stocke = Voulu {
            modalite: tenue.modalite,
            centre: tenue.centre,
            choix: decidees.iter().map(|c| (c.epreuve, c.decision)).collect(),
        };
        let mut voulu = completer(cadre, &sujets, &stocke);
        let manques = obstacles(cadre, &sujets, &voulu, place_de(tenue), relecture.tout_reporter, quand);
        if !manques.is_empty() {
            return Err(InscrireFault::Obstacles(manques));
        }
        if !relu(cadre, &sujets, &voulu).is(&relecture.vu) {
            return Err(InscrireFault::Change);
        }
        if crate::domain::dossier::passees(&sujets, &voulu).is_empty() {
            // Nothing is sat: no place is needed.
            (voulu.modalite, voulu.centre) = (None, None);
        }
        let libelles = personne.etapes.iter().map(|e| e.libelle.clone()).collect();
        Ok(Self { cadre, tenue, sujets, stocke, voulu, identite: personne.identite(), libelles, quand })
    }

    async fn ecrire(
        &self,
        tx: &db::sea_orm::DatabaseTransaction,
        acteur: &Actor,
        publique: &str,
    ) -> Result<Validee, InscrireFault> {
        let (cadre, tenue, quand) = (self.cadre, self.tenue, self.quand);
        let rang = match &tenue.recu {
            None => 1,
            Some(_) => recu_count(tx, tenue.id).await? + 1,
        };
        let p = &cadre.periode;
        let numero = format!("{}-{}-{:06}-{rang}", p.annee, p.code, tenue.id);
        let compte = decompte(cadre, &self.sujets, &self.voulu);
        let confirmation = Confirmation {
            numero: &numero,
            remplace: tenue.recu.as_deref(),
            etudiant: tenue.etudiant.as_str(),
            nom: &self.identite.nom,
            etapes: &self.libelles,
            quand,
        };
        let recu = Recu::etablir(confirmation, cadre, &self.sujets, &self.voulu, &compte);
        let passees = crate::domain::dossier::passees(&self.sujets, &self.voulu);
        if self.voulu.choix != self.stocke.choix {
            choix_write(tx, tenue.id, &self.voulu.choix).await?;
        }
        let confirmee = Confirmee {
            id: tenue.id,
            identite: &self.identite,
            voulu: &self.voulu,
            recu: &numero,
            du: compte.total(),
            majoration: passees.iter().map(|e| e.majoration).max().unwrap_or(0),
            quand,
        };
        confirmee_write(tx, &tenue.etudiant, &confirmee).await?;
        if tenue.validee_le.is_none() {
            // Never confirmed: the ledger is empty, and the account is the whole of what is written in it.
            let lignes: Vec<_> = compte.lignes.iter().map(|l| (tenue.id, l.clone())).collect();
            if !lignes.is_empty() {
                dus_add(tx, &lignes, heure_de_besancon(quand).date(), quand, acteur).await?;
            }
        } else {
            recompter(tx, &[tenue.id], quand, acteur).await?;
        }
        if self.voulu.centre.is_some() || tenue.sans_salle {
            sans_salle_recompute(tx, p.id, Some(tenue.id)).await?;
        }
        recu_add(tx, tenue.id, tenue.revision + 1, quand, &recu).await?;
        self.prevenir(tx, &recu, publique).await?;
        let entree = journal::Entry {
            quand,
            acteur,
            action: "inscription_examen.valider",
            objet: "inscription_examen",
            cle: &tenue.id.to_string(),
            avant: Some(json!({ "etat": tenue.etat.code(), "recu": tenue.recu })),
            apres: Some(json!({
                "etat": "validee", "recu": numero, "modalite": recu.modalite, "centre": recu.centre,
                "passees": recu.passees.len(), "reportees": recu.reportees.len(), "total": recu.total,
            })),
        };
        journal::write(tx, entree).await?;
        // Last: everybody who chooses the same modality waits for this row until the transaction ends.
        self.placer(tx).await?;
        Ok(Validee { recu: numero, deja: false })
    }

    async fn placer(&self, tx: &db::sea_orm::DatabaseTransaction) -> Result<(), InscrireFault> {
        let (tenue, voulu) = (self.tenue, &self.voulu);
        if tenue.tient_place {
            if (tenue.modalite, tenue.centre) == (voulu.modalite, voulu.centre) {
                return Ok(());
            }
            place_rendre(tx, tenue.periode, tenue.modalite, tenue.centre).await?;
        }
        let prise = place_prendre(tx, tenue.periode, voulu.modalite, voulu.centre).await?;
        prise.map_err(|plein| InscrireFault::Complet(nom_plein(self.cadre, voulu, plein)))
    }

    /// The message that carries the receipt. A student without an address is told on the page; nothing is refused for that.
    async fn prevenir(
        &self,
        tx: &db::sea_orm::DatabaseTransaction,
        recu: &Recu,
        publique: &str,
    ) -> Result<(), InscrireFault> {
        let sujet = format!("Votre inscription aux examens {} est validée", recu.periode);
        let Ok(message) = Message::new(&self.identite.courriel, &sujet, lettre(recu, publique)) else {
            return Ok(());
        };
        let message = message.nomme(&self.identite.nom).objet("iexam.inscription", self.tenue.id);
        let message = joindre_recu(message, &recu.numero);
        mail::enqueue(tx, &message, self.quand).await?;
        Ok(())
    }
}

/// The receipt as a letter in plain text.
#[must_use]
pub fn lettre(recu: &Recu, publique: &str) -> String {
    let mut lignes = vec![
        format!("Bonjour {},", recu.nom),
        String::new(),
        format!(
            "Votre inscription aux examens {} est validée depuis le {} (heure de Besançon).",
            recu.periode, recu.etabli_le
        ),
        format!("Reçu : {}", recu.numero),
        String::new(),
    ];
    if recu.passees.is_empty() {
        lignes.push("Vous ne passez aucune épreuve dans cette période.".to_owned());
    } else {
        lignes.push("Vous passez :".to_owned());
        for e in &recu.passees {
            let duree = e.duree.as_ref().map(|d| format!(", {d}")).unwrap_or_default();
            let la_bas = e.la_bas.as_ref().map(|l| format!(" ({l})")).unwrap_or_default();
            lignes.push(format!("– {} : {}{la_bas}{duree}", e.libelle, e.quand));
        }
    }
    if !recu.reportees.is_empty() {
        lignes.push(String::new());
        lignes.push(format!(
            "Vous reportez à {}, où vous les passerez une seule fois, sans autre session cette année :",
            recu.reportees_a
        ));
        lignes.extend(recu.reportees.iter().map(|l| format!("– {l}")));
    }
    lignes.push(String::new());
    if let Some(modalite) = &recu.modalite {
        let centre = recu.centre.as_ref().map(|c| format!(", {c}")).unwrap_or_default();
        lignes.push(format!("Comment : {modalite}{centre}"));
    }
    lignes.extend(recu.lignes.iter().map(|l| format!("{} : {}", l.libelle, l.montant)));
    lignes.push(format!("Total : {}", recu.total));
    if !recu.pieces.is_empty() {
        lignes.push(String::new());
        lignes.push("Documents à envoyer à la scolarité :".to_owned());
        lignes.extend(recu.pieces.iter().map(|p| format!("– {p}")));
    }
    lignes.push(String::new());
    lignes.push("La scolarité vérifie maintenant votre inscription ; elle vous écrira si quelque chose est à corriger. Vous paierez ensuite.".to_owned());
    lignes.push(format!(
        "Votre reçu est joint à ce courriel. Il se retrouve ici : {publique}/examens/recus/{}",
        recu.numero
    ));
    lignes.join("\n")
}

/// Whether a student may read over a draft: what would prevent it from being confirmed.
#[must_use]
pub fn manques(dossier: &Dossier, tout_reporter: bool, maintenant: DateTime<Utc>) -> Vec<Obstacle> {
    dossier.obstacles(&dossier.complet(), tout_reporter, maintenant)
}
