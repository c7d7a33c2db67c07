//! The exams of a demonstration, made once by the actions of the pages: modalities, centres, the first period of the year before, closed,
//! and that of this year, whose registrations are open today and begun by some.

mod calendrier;
mod inscriptions;
mod lieux;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, NaiveTime, Utc};
use iexam::Iexam;
use iexam::actions::colis_suivre::colis_suivre;
use iexam::actions::modalite_offrir::offrir;
use iexam::actions::modalites_publier::publier;
use iexam::actions::periode_avancer::{Pas, avancer};
use iexam::actions::periode_ouvrir::{Copie, Ouverture, libelle_usuel, ouvrir};
use iexam::domain::centre::{Colis, Sens};
use iexam::domain::heure::instant_de_besancon;
use iexam::domain::periode::EtatPeriode;
use iexam::domain::periode_dates::Dates;
use iexam::store::offre::{Offerte, offre_list};
use iexam::store::periode::{periode_par_code, periode_read};
use kernel::{
    Actor, AnneeUniversitaire, CodeElement, CodeEtape, FixedClock, NumeroEtudiant, VersionEtape,
    heure_de_besancon,
};

use self::calendrier::{epreuves, heurter};
use self::lieux::{TARIFS, accords, centres, modalites, salles};
use crate::Failure;
use crate::accounts::DemoAccount;
use crate::assembly::House;

const ACTEUR: Actor = Actor::Commande;

/// Étapes of the offer whose exams are made besides those of the students who may sign in.
const AUTRES: u64 = 6;

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
    heurter(&alors, (id, annee), &preferes).await?;
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
    let p3 = ouverte(&alors, annee, ("P3", rattrapages), Some(id)).await?;
    publier(&alors, p3, true, &ACTEUR).await?;
    if !etapes.is_empty() {
        let comptes: BTreeSet<NumeroEtudiant> = accounts.iter().filter_map(|a| a.etudiant.clone()).collect();
        inscriptions::amenagements(&alors, &dates, accounts).await?;
        inscriptions::valider(iexam, (id, annee), &comptes).await?;
    }
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
