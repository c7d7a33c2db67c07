//! Where exams are sat in a demonstration, what that costs, and what each centre answers.

use chrono::{Datelike as _, NaiveDate};
use iexam::Iexam;
use iexam::actions::accorder::{Reponse, accorder};
use iexam::actions::centre_regler::creer as centre_creer;
use iexam::actions::centre_salle::salle_regler;
use iexam::actions::modalite_regler::{creer_usuelles, rattacher};
use iexam::actions::modalite_tarifer::tarifer;
use iexam::domain::centre::{Centre, EtatAccord, Salle};
use iexam::domain::modalite::Tarif;
use iexam::store::centre::{centre_actifs, centre_par_code, salle_list};
use kernel::Cents;

use super::ACTEUR;
use crate::Failure;

/// A centre of the demonstration: code, name, address, post code, town, country, zone, contact, invigilator, rooms (name, seats, apart),
/// modality, agreement (none: none is needed).
struct Lieu {
    code: &'static str,
    nom: &'static str,
    adresse: [&'static str; 4],
    fuseau: &'static str,
    contact: [&'static str; 2],
    surveillant: &'static str,
    salles: &'static [(&'static str, i64, bool)],
    modalite: &'static str,
    accord: Option<(EtatAccord, Option<i64>, &'static str)>,
}

const LIEUX: &[Lieu] = &[
    Lieu {
        code: "besancon",
        nom: "Université, campus de la Bouloie",
        adresse: ["45 D avenue de l’Observatoire", "25000", "Besançon", "France"],
        fuseau: "Europe/Paris",
        contact: ["Bureau des examens", "examens@univ.exemple.fr"],
        surveillant: "",
        salles: &[("Amphi Cournot", 220, false), ("Salle 108", 60, false), ("Salle 112", 12, true)],
        modalite: "presentiel_besancon",
        accord: None,
    },
    Lieu {
        code: "autun",
        nom: "Campus connecté d’Autun",
        adresse: ["7 bis rue de l’Arquebuse", "71400", "Autun", "France"],
        fuseau: "Europe/Paris",
        contact: ["Mme Lucie Perrin", "campus@autun.exemple.fr"],
        surveillant: "Lucie Perrin",
        salles: &[("Salle des examens", 18, false), ("Bureau 2", 2, true)],
        modalite: "campus_connecte",
        accord: Some((
            EtatAccord::Accepte,
            Some(18),
            "D’accord pour toute la période, aux heures d’ouverture.",
        )),
    },
    Lieu {
        code: "le-vigan",
        nom: "Campus connecté du Vigan",
        adresse: ["Maison de pays, place Triaire", "30120", "Le Vigan", "France"],
        fuseau: "Europe/Paris",
        contact: ["M. Yanis Faure", "campus@levigan.exemple.fr"],
        surveillant: "Yanis Faure",
        salles: &[("Espace tutorat", 12, false)],
        modalite: "campus_connecte",
        accord: Some((EtatAccord::Demande, Some(12), "")),
    },
    Lieu {
        code: "noumea",
        nom: "Université de la Nouvelle-Calédonie",
        adresse: ["145 avenue James-Cook", "98800", "Nouméa", "Nouvelle-Calédonie"],
        fuseau: "Pacific/Noumea",
        contact: ["Mme Maeva Wamytan", "examens@unc.exemple.nc"],
        surveillant: "Maeva Wamytan",
        salles: &[("Amphi 80", 80, false), ("Salle B12", 6, true)],
        modalite: "centre_etranger",
        accord: Some((
            EtatAccord::Accepte,
            Some(20),
            "Accord de la présidence ; épreuves en soirée, gardien prévenu.",
        )),
    },
    Lieu {
        code: "cayenne",
        nom: "Université de Guyane",
        adresse: ["Campus de Troubiran", "97337", "Cayenne", "Guyane"],
        fuseau: "America/Cayenne",
        contact: ["M. Jean-Marc Alexandre", "scolarite@ug.exemple.fr"],
        surveillant: "Jean-Marc Alexandre",
        salles: &[("Salle C2", 30, false)],
        modalite: "centre_etranger",
        accord: Some((EtatAccord::Accepte, Some(15), "D’accord pour quinze candidats.")),
    },
    Lieu {
        code: "pondichery",
        nom: "Lycée français international de Pondichéry",
        adresse: ["12 rue Victor-Simonel", "605001", "Pondichéry", "Inde"],
        fuseau: "Asia/Kolkata",
        contact: ["Mme Anjali Krishnan", "examens@lfip.exemple.in"],
        surveillant: "Anjali Krishnan",
        salles: &[("Salle de permanence", 25, false)],
        modalite: "centre_etranger",
        accord: Some((EtatAccord::Demande, Some(10), "")),
    },
    Lieu {
        code: "montreal",
        nom: "Collège Stanislas",
        adresse: ["780 boulevard Dollard", "H2V 3G5", "Montréal", "Canada"],
        fuseau: "America/Toronto",
        contact: ["M. Étienne Gagnon", "examens@stanislas.exemple.ca"],
        surveillant: "",
        salles: &[("Local 204", 24, false)],
        modalite: "centre_etranger",
        accord: Some((EtatAccord::ADemander, None, "")),
    },
    Lieu {
        code: "dakar",
        nom: "Institut français de Dakar",
        adresse: ["89 rue Joseph-Gomis", "BP 2003", "Dakar", "Sénégal"],
        fuseau: "Africa/Dakar",
        contact: ["Mme Aïssatou Ndiaye", "examens@ifdakar.exemple.sn"],
        surveillant: "Aïssatou Ndiaye",
        salles: &[("Salle polyvalente", 40, false)],
        modalite: "centre_etranger",
        accord: Some((EtatAccord::Refuse, Some(0), "L’institut est en travaux jusqu’au printemps.")),
    },
];

/// Code, fixed cents, cents an hour, quota.
pub(super) const TARIFS: [(&str, i64, i64, Option<i64>); 4] = [
    ("presentiel_besancon", 0, 0, None),
    ("campus_connecte", 2_000, 350, Some(60)),
    ("centre_etranger", 6_000, 900, Some(40)),
    ("tele_examen", 3_500, 1_250, Some(120)),
];

pub(super) async fn modalites(iexam: &Iexam, aujourd_hui: NaiveDate) -> Result<(), Failure> {
    if creer_usuelles(iexam, &ACTEUR).await? == 0 {
        return Ok(());
    }
    // Long enough ago for the period of the year before.
    let valide_du = NaiveDate::from_ymd_opt(aujourd_hui.year() - 3, 9, 1).unwrap_or(aujourd_hui);
    for (code, fixe, horaire, _) in TARIFS {
        let tarif =
            Tarif { valide_du, fixe: Cents(fixe), horaire: Cents(horaire), majoration_facturee: false };
        tarifer(iexam, code, &tarif, &ACTEUR).await?;
    }
    Ok(())
}

pub(super) async fn centres(iexam: &Iexam) -> Result<(), Failure> {
    for lieu in LIEUX {
        if iexam.db.read(|c| async move { centre_par_code(&c, lieu.code).await }).await?.is_some() {
            continue;
        }
        let [adresse, code_postal, ville, pays] = lieu.adresse.map(str::to_owned);
        let [contact_nom, contact_courriel] = lieu.contact.map(str::to_owned);
        let centre = Centre {
            id: 0,
            code: lieu.code.to_owned(),
            nom: lieu.nom.to_owned(),
            adresse,
            code_postal,
            ville,
            pays,
            fuseau: lieu.fuseau.to_owned(),
            contact_nom,
            contact_courriel,
            contact_telephone: String::new(),
            surveillant: lieu.surveillant.to_owned(),
            capacite: None,
            accord_requis: lieu.accord.is_some(),
            actif: true,
        };
        centre_creer(iexam, &centre, &ACTEUR).await?;
        for ((nom, capacite, a_part), rang) in lieu.salles.iter().zip(1..) {
            let equipement = if *a_part { "Poste informatique" } else { "" }.to_owned();
            let salle = Salle {
                id: 0,
                nom: (*nom).to_owned(),
                capacite: *capacite,
                equipement,
                a_part: *a_part,
                rang,
                active: true,
            };
            salle_regler(iexam, lieu.code, &salle, None, &ACTEUR).await?;
        }
    }
    let tenus = iexam.db.read(|c| async move { centre_actifs(&c).await }).await?;
    for (modalite, ..) in TARIFS {
        let siens = LIEUX.iter().filter(|l| l.modalite == modalite);
        let ids: Vec<i64> =
            siens.filter_map(|l| tenus.iter().find(|c| c.code == l.code)).map(|c| c.id).collect();
        if !ids.is_empty() {
            rattacher(iexam, modalite, &ids, &ACTEUR).await?;
        }
    }
    Ok(())
}

/// The answers of the centres: all agree the year before.
pub(super) async fn accords(iexam: &Iexam, periode: i64, tous: bool) -> Result<(), Failure> {
    for lieu in LIEUX {
        let Some((etat, places, reponse)) = lieu.accord else { continue };
        let reponse = if tous {
            Reponse { etat: EtatAccord::Accepte, places: Some(30), reponse: "D’accord.".to_owned() }
        } else {
            Reponse { etat, places, reponse: reponse.to_owned() }
        };
        accorder(iexam, periode, lieu.code, &reponse, None, &ACTEUR).await?;
    }
    Ok(())
}

/// The rooms of every centre.
pub(super) async fn salles(iexam: &Iexam) -> Result<Vec<i64>, Failure> {
    let mut ids = Vec::new();
    for centre in iexam.db.read(|c| async move { centre_actifs(&c).await }).await? {
        let salles = iexam.db.read(|c| async move { salle_list(&c, centre.id).await }).await?;
        ids.extend(salles.into_iter().filter(|s| s.active).map(|s| s.id));
    }
    Ok(ids)
}
