//! The exams of a demonstration, made once by the actions of the pages: modalities, centres, the first period of the year before, closed,
//! and that of this year, whose registrations are open today.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, NaiveTime, Utc};
use iexam::Iexam;
use iexam::actions::accorder::{Reponse, accorder};
use iexam::actions::centre_regler::creer as centre_creer;
use iexam::actions::centre_salle::salle_regler;
use iexam::actions::colis_suivre::colis_suivre;
use iexam::actions::epreuves_repartir::repartir;
use iexam::actions::modalite_offrir::offrir;
use iexam::actions::modalite_regler::{creer_usuelles, rattacher};
use iexam::actions::modalite_tarifer::tarifer;
use iexam::actions::modalites_publier::publier;
use iexam::actions::periode_avancer::{Pas, avancer};
use iexam::actions::periode_ouvrir::{Copie, Ouverture, libelle_usuel, ouvrir};
use iexam::domain::centre::{Centre, Colis, EtatAccord, Salle, Sens};
use iexam::domain::heure::instant_de_besancon;
use iexam::domain::modalite::Tarif;
use iexam::domain::periode::EtatPeriode;
use iexam::domain::periode_dates::Dates;
use iexam::store::centre::{centre_actifs, centre_par_code, salle_list};
use iexam::store::offre::{Offerte, offre_list};
use iexam::store::periode::{periode_par_code, periode_read};
use kernel::{
    Actor, AnneeUniversitaire, Cents, CodeElement, CodeEtape, FixedClock, VersionEtape, heure_de_besancon,
};

use crate::Failure;
use crate::accounts::DemoAccount;
use crate::assembly::House;

const ACTEUR: Actor = Actor::Commande;

/// Étapes of the offer whose exams are made besides those of the students who may sign in.
const AUTRES: u64 = 6;

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
const TARIFS: [(&str, i64, i64, Option<i64>); 4] = [
    ("presentiel_besancon", 0, 0, None),
    ("campus_connecte", 2_000, 350, Some(60)),
    ("centre_etranger", 6_000, 900, Some(40)),
    ("tele_examen", 3_500, 1_250, Some(120)),
];

/// Makes what is missing. Nothing when no collection has brought an offer.
pub(super) async fn ensure(house: &House, accounts: &[DemoAccount]) -> Result<(), Failure> {
    let iexam = &house.iexam;
    let Ok(Some(annee)) = iexam.offre.annee_courante().await else { return Ok(()) };
    let aujourd_hui = heure_de_besancon(iexam.clock.now()).date();
    let present = connue(iexam, annee, "P1").await?;
    if present {
        return Ok(());
    }
    modalites(iexam, aujourd_hui).await?;
    centres(iexam).await?;
    // A day of a year ago, at which the period of the year before lives again.
    passee(iexam, annee.precedente(), aujourd_hui - Duration::weeks(52)).await?;
    presente(iexam, annee, aujourd_hui, accounts).await
}

async fn connue(iexam: &Iexam, annee: AnneeUniversitaire, code: &str) -> Result<bool, Failure> {
    Ok(iexam.db.read(|c| async move { periode_par_code(&c, annee, code).await }).await?.is_some())
}

async fn modalites(iexam: &Iexam, aujourd_hui: NaiveDate) -> Result<(), Failure> {
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

async fn centres(iexam: &Iexam) -> Result<(), Failure> {
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

fn a(jour: NaiveDate, heure: u32) -> DateTime<Utc> {
    instant_de_besancon(jour.and_time(NaiveTime::from_hms_opt(heure, 0, 0).unwrap_or_default()))
}

/// Registrations began ten days ago; exams begin on a Monday, six weeks from now.
fn dates(aujourd_hui: NaiveDate) -> Dates {
    let lundi = i64::from(aujourd_hui.weekday().num_days_from_monday());
    let epreuves_debut = aujourd_hui + Duration::days(49 - lundi);
    Dates {
        enseignement_debut: aujourd_hui - Duration::days(70),
        inscriptions_debut: a(aujourd_hui - Duration::days(10), 8),
        inscriptions_fin: a(aujourd_hui + Duration::days(14), 23),
        verification_fin: aujourd_hui + Duration::days(19),
        convocations_le: aujourd_hui + Duration::days(21),
        epreuves_debut,
        epreuves_fin: epreuves_debut + Duration::days(12),
        fermeture_le: epreuves_debut + Duration::days(40),
        ecart_min: 30,
    }
}

/// The period, with its modalities and its centres. Its row.
async fn ouverte(
    iexam: &Iexam,
    annee: AnneeUniversitaire,
    (code, dates): (&str, Dates),
    source: Option<i64>,
) -> Result<i64, Failure> {
    let ouverture = Ouverture {
        annee,
        code: code.to_owned(),
        libelle: libelle_usuel(code).to_owned(),
        session: if code == "P3" { 2 } else { 1 },
        dates,
        source,
        copie: Copie::USUELLE,
    };
    let (id, _) = ouvrir(iexam, &ouverture, &ACTEUR).await?;
    if source.is_none() {
        let tenues = iexam.db.read(|c| async move { offre_list(&c, id).await }).await?;
        let voulues = tenues.into_iter().map(|o| {
            let quota = TARIFS.iter().find(|t| t.0 == o.code).and_then(|t| t.3);
            Offerte { offerte: true, quota, ..o }
        });
        offrir(iexam, id, &voulues.collect::<Vec<_>>(), None, &ACTEUR).await?;
        iexam::actions::accorder::ajouter(iexam, id, None, &ACTEUR).await?;
    }
    Ok(id)
}

/// The answers of the centres: all agree the year before.
async fn accords(iexam: &Iexam, periode: i64, tous: bool) -> Result<(), Failure> {
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
async fn salles(iexam: &Iexam) -> Result<Vec<i64>, Failure> {
    let mut ids = Vec::new();
    for centre in iexam.db.read(|c| async move { centre_actifs(&c).await }).await? {
        let salles = iexam.db.read(|c| async move { salle_list(&c, centre.id).await }).await?;
        ids.extend(salles.into_iter().filter(|s| s.active).map(|s| s.id));
    }
    Ok(ids)
}

/// Épreuves of an étape, each at its hour: five of its odd semester and four of the other, those that students who may sign in take first.
async fn epreuves(
    iexam: &Iexam,
    (periode, annee): (i64, AnneeUniversitaire),
    (etape, version): (&CodeEtape, &VersionEtape),
    (preferes, salles): (&BTreeSet<CodeElement>, &[i64]),
) -> Result<(), Failure> {
    let lus = iexam.offre.elements_evalues(annee, etape, version).await;
    let mut lus = lus.map_err(|err| Failure::new(err.to_string()))?;
    lus.retain(|e| {
        e.inscrits > 0 && e.controles.iter().any(|c| c.session == 1 && !c.nature.starts_with("dossier"))
    });
    lus.sort_by_key(|e| (!preferes.contains(&e.code), std::cmp::Reverse(e.inscrits)));
    let impair = |e: &&contracts::maquette::ElementEvalue| {
        let chiffres = e.periode.as_deref().unwrap_or_default().trim_start_matches('S');
        chiffres.parse::<u32>().is_ok_and(|n| n % 2 == 1)
    };
    let premiers = lus.iter().filter(|e| impair(e)).take(5);
    let seconds = lus.iter().filter(|e| !impair(e)).take(4);
    let elements: Vec<CodeElement> = premiers.chain(seconds).map(|e| e.code.clone()).collect();
    if !elements.is_empty() {
        repartir(iexam, periode, (etape, version), (&elements, salles), &ACTEUR).await?;
    }
    Ok(())
}

/// The period of the year before: lived through at its own dates, and closed.
async fn passee(iexam: &Iexam, annee: AnneeUniversitaire, jour: NaiveDate) -> Result<(), Failure> {
    if connue(iexam, annee, "P1").await? {
        return Ok(());
    }
    let dates = dates(jour);
    let le = |instant| Iexam { clock: Arc::new(FixedClock::at(instant)), ..iexam.clone() };
    let alors = le(a(dates.enseignement_debut + Duration::days(20), 9));
    let id = ouverte(&alors, annee, ("P1", dates), None).await?;
    publier(&alors, id, true, &ACTEUR).await?;
    accords(&alors, id, true).await?;
    let salles = salles(iexam).await?;
    let etapes =
        iexam.offre.etapes_chercher(annee, "", 2).await.map_err(|err| Failure::new(err.to_string()))?;
    for etape in &etapes {
        epreuves(&alors, (id, annee), (&etape.code, &etape.version), (&BTreeSet::new(), &salles)).await?;
    }
    let pas = [
        (EtatPeriode::Preparation, dates.inscriptions_debut),
        (EtatPeriode::Inscriptions, dates.inscriptions_fin),
        (EtatPeriode::Verification, a(dates.convocations_le, 9)),
        (EtatPeriode::Convocations, a(dates.epreuves_debut, 7)),
        (EtatPeriode::Epreuves, a(dates.fermeture_le, 9)),
    ];
    if !etapes.is_empty() {
        for (de, instant) in pas {
            avancer(&le(instant), id, Pas::Avant, de, true, &ACTEUR).await?;
        }
    }
    let colis = Colis {
        id: 0,
        periode: id,
        centre: 0,
        sens: Sens::Retour,
        transporteur: "Chronopost".to_owned(),
        suivi: "XY472910385FR".to_owned(),
        copies: 14,
        expedie_le: Some(dates.epreuves_fin),
        recu_le: Some(dates.epreuves_fin + Duration::days(9)),
        copies_recues: Some(13),
        note: "Une copie manquait à l’ouverture ; retrouvée par le centre, réexpédiée.".to_owned(),
    };
    colis_suivre(&le(a(dates.fermeture_le, 9)), "noumea", &colis, None, &ACTEUR).await?;
    Ok(())
}

/// The period of this year: students register today.
async fn presente(
    iexam: &Iexam,
    annee: AnneeUniversitaire,
    aujourd_hui: NaiveDate,
    accounts: &[DemoAccount],
) -> Result<(), Failure> {
    let dates = dates(aujourd_hui);
    let le = |instant| Iexam { clock: Arc::new(FixedClock::at(instant)), ..iexam.clone() };
    let alors = le(a(dates.enseignement_debut + Duration::days(22), 10));
    let id = ouverte(&alors, annee, ("P1", dates), None).await?;
    publier(&alors, id, true, &ACTEUR).await?;
    accords(&le(dates.inscriptions_debut), id, false).await?;
    let salles = salles(iexam).await?;
    let mut etapes: BTreeSet<(CodeEtape, VersionEtape)> = BTreeSet::new();
    let mut preferes: BTreeSet<CodeElement> = BTreeSet::new();
    for numero in accounts.iter().filter_map(|account| account.etudiant.as_ref()) {
        let siennes =
            iexam.offre.etapes_de(annee, numero).await.map_err(|err| Failure::new(err.to_string()))?;
        etapes.extend(siennes.into_iter().map(|e| (e.etape, e.version)));
        let siens =
            iexam.offre.elements_de(annee, numero).await.map_err(|err| Failure::new(err.to_string()))?;
        preferes.extend(siens.into_iter().map(|e| e.element));
    }
    let autres =
        iexam.offre.etapes_chercher(annee, "", AUTRES).await.map_err(|err| Failure::new(err.to_string()))?;
    etapes.extend(autres.into_iter().map(|e| (e.code, e.version)));
    for (etape, version) in &etapes {
        epreuves(&alors, (id, annee), (etape, version), (&preferes, &salles)).await?;
    }
    let ouverture = le(dates.inscriptions_debut);
    // Without any épreuve, it stays in preparation.
    if !etapes.is_empty() {
        avancer(&ouverture, id, Pas::Avant, EtatPeriode::Preparation, true, &ACTEUR).await?;
    }
    let p = iexam.db.read(|c| async move { periode_read(&c, id).await }).await?;
    let rattrapages = p.map_or(dates, |p| {
        let dates = Dates::de(&p);
        let pas = Duration::weeks(22);
        Dates {
            enseignement_debut: dates.enseignement_debut,
            inscriptions_debut: dates.inscriptions_debut + pas,
            inscriptions_fin: dates.inscriptions_fin + pas,
            verification_fin: dates.verification_fin + pas,
            convocations_le: dates.convocations_le + pas,
            epreuves_debut: dates.epreuves_debut + pas,
            epreuves_fin: dates.epreuves_fin + pas,
            fermeture_le: dates.fermeture_le + pas,
            ecart_min: dates.ecart_min,
        }
    });
    ouverte(&alors, annee, ("P3", rattrapages), Some(id)).await?;
    let colis = Colis {
        id: 0,
        periode: id,
        centre: 0,
        sens: Sens::Aller,
        transporteur: "DHL Express".to_owned(),
        suivi: "JD014600006281".to_owned(),
        copies: 20,
        expedie_le: Some(aujourd_hui - Duration::days(1)),
        recu_le: None,
        copies_recues: None,
        note: String::new(),
    };
    colis_suivre(iexam, "noumea", &colis, None, &ACTEUR).await?;
    Ok(())
}
