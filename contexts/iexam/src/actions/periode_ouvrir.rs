//! A period is opened, most often from another: what it takes of it is shown before, and counted.

use db::sea_orm::ConnectionTrait;
use db::{DbError, Tx, journal};
use kernel::{Actor, AnneeUniversitaire};
use serde_json::json;

use super::periode_dater::dates_json;
use super::regler_fault::{Refus, ReglageFault, sans_refus};
use crate::Iexam;
use crate::domain::periode::Periode;
use crate::domain::periode_dates::{Dates, annees_entre, decalage, decaler};
use crate::store::accord::{accord_add, accords_de_periode};
use crate::store::centre::centre_actifs;
use crate::store::epreuve_copie::{epreuves_compte, epreuves_copier};
use crate::store::offre::{Offerte, offre_list, offre_write};
use crate::store::periode::{periode_list, periode_par_code};
use crate::store::periode_ecrite::{Nouvelle, periode_add, periode_lock};

/// What is taken of the period it starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copie {
    /// Modalities offered, with their quotas and deadlines.
    pub modalites: bool,
    /// Centres with their places; each agreement starts again.
    pub centres: bool,
    /// Épreuves, without dates.
    pub epreuves: bool,
}

impl Copie {
    /// Everything but épreuves, which an étape gives better.
    pub const USUELLE: Self = Self { modalites: true, centres: true, epreuves: false };
}

/// A period to open.
#[derive(Clone, Debug)]
pub struct Ouverture {
    /// Year.
    pub annee: AnneeUniversitaire,
    /// `P1`.
    pub code: String,
    /// As pages write it.
    pub libelle: String,
    /// 1, or 2 for the resits.
    pub session: u8,
    /// Its dates.
    pub dates: Dates,
    /// The period whose settings it takes.
    pub source: Option<i64>,
    /// What it takes of it.
    pub copie: Copie,
}

/// What a copy brings, before it is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Apercu {
    /// The period it starts from.
    pub source: Option<Periode>,
    /// Modalities offered, with their shifted deadlines.
    pub modalites: Vec<Offerte>,
    /// Labels of modalities left out because they are no longer active.
    pub modalites_inactives: Vec<String>,
    /// Centres: row, name, places.
    pub centres: Vec<(i64, String, Option<i64>)>,
    /// Centres left out because they are no longer active.
    pub centres_inactifs: u64,
    /// Épreuves that are not cancelled.
    pub epreuves: u64,
}

/// The form of an opening, filled from the period chosen: its dates shifted to the year.
///
/// # Errors
/// Those of the database.
pub async fn proposer(
    iexam: &Iexam,
    source: Option<&Periode>,
    annee: AnneeUniversitaire,
) -> Result<Ouverture, ReglageFault> {
    let toutes = iexam.db.read(|c| async move { periode_list(&c).await }).await?;
    let prises: Vec<_> = toutes.iter().filter(|p| p.annee == annee).map(|p| p.code.as_str()).collect();
    let voulu = source.map(|p| p.code.clone()).filter(|code| !prises.contains(&code.as_str()));
    let libre = ["P1", "P2", "P3"].into_iter().find(|code| !prises.contains(code)).unwrap_or("P1");
    let code = voulu.unwrap_or_else(|| libre.to_owned());
    let meme = source.filter(|p| p.code == code);
    let libelle = meme.map_or_else(|| libelle_usuel(&code).to_owned(), |p| p.libelle.clone());
    let session = meme.map_or(if code == "P3" { 2 } else { 1 }, |p| p.session);
    let dates = source.map_or_else(
        || Dates::vraisemblables(annee),
        |p| Dates::de(p).decalees(annees_entre(p.annee, annee)),
    );
    Ok(Ouverture {
        annee,
        code,
        libelle,
        session,
        dates,
        source: source.map(|p| p.id),
        copie: Copie::USUELLE,
    })
}

/// « Rattrapages » of P3.
#[must_use]
pub fn libelle_usuel(code: &str) -> &'static str {
    match code {
        "P1" => "Première période d’examens",
        "P2" => "Deuxième période d’examens",
        "P3" => "Rattrapages",
        _ => "Période d’examens",
    }
}

fn verifier(o: &Ouverture) -> Result<(), ReglageFault> {
    let mut refus: Vec<Refus> = o.dates.fautes().into_iter().map(|f| Refus::new(f.champ, f.phrase)).collect();
    if !matches!(o.code.as_str(), "P1" | "P2" | "P3") {
        refus.push(Refus::new("code", "Une période s’appelle P1, P2 ou P3."));
    }
    if !(1..=2).contains(&o.session) {
        refus.push(Refus::new("session", "La session est la première, ou la seconde pour les rattrapages."));
    }
    let libelle = o.libelle.trim();
    if libelle.is_empty() || libelle.chars().count() > 120 {
        refus.push(Refus::new("libelle", "Donnez un libellé, de 120 caractères au plus."));
    }
    sans_refus(refus)
}

async fn lire_apercu<C: ConnectionTrait>(conn: &C, o: &Ouverture) -> Result<Apercu, DbError> {
    let Some(source) = o.source else { return Ok(Apercu::default()) };
    let source = periode_list(conn).await?.into_iter().find(|p| p.id == source);
    let Some(source) = source else { return Ok(Apercu::default()) };
    let pas = decalage(annees_entre(source.annee, o.annee));
    let (actives, inactives): (Vec<_>, Vec<_>) =
        offre_list(conn, source.id).await?.into_iter().filter(|m| m.offerte).partition(|m| m.modalite_active);
    let echeance = |m: Offerte| {
        // A deadline that the new window makes useless is not kept.
        let echeance = m.echeance.map(|e| decaler(e, pas));
        let utile = echeance.filter(|e| *e > o.dates.inscriptions_debut && *e < o.dates.inscriptions_fin);
        Offerte { echeance: utile, prises: 0, ..m }
    };
    let actifs = centre_actifs(conn).await?;
    let accords = accords_de_periode(conn, source.id).await?;
    let total = accords.len() as u64;
    let centres: Vec<_> = actifs
        .into_iter()
        .filter_map(|c| accords.iter().find(|a| a.centre == c.id).map(|a| (c.id, c.nom, a.places)))
        .collect();
    Ok(Apercu {
        centres_inactifs: total.saturating_sub(centres.len() as u64),
        epreuves: epreuves_compte(conn, source.id).await?,
        source: Some(source),
        modalites: actives.into_iter().map(echeance).collect(),
        modalites_inactives: inactives.into_iter().map(|m| m.libelle).collect(),
        centres,
    })
}

/// What would be copied. Nothing is written.
///
/// # Errors
/// [`ReglageFault`]: what was typed, a period that the year already has.
pub async fn apercevoir(iexam: &Iexam, o: &Ouverture) -> Result<Apercu, ReglageFault> {
    verifier(o)?;
    iexam
        .db
        .read(|c| async move {
            libre(&c, o).await?;
            Ok(lire_apercu(&c, o).await?)
        })
        .await
}

async fn libre<C: ConnectionTrait>(conn: &C, o: &Ouverture) -> Result<(), ReglageFault> {
    match periode_par_code(conn, o.annee, &o.code).await? {
        Some(p) => Err(ReglageFault::saisie("code", format!("La période {} existe déjà.", p.nom()))),
        None => Ok(()),
    }
}

/// Opens a period in preparation; gives what was copied with its row.
///
/// # Errors
/// [`ReglageFault`].
pub async fn ouvrir(iexam: &Iexam, o: &Ouverture, acteur: &Actor) -> Result<(i64, Apercu), ReglageFault> {
    verifier(o)?;
    let quand = iexam.clock.now();
    let ecrire = |tx: Tx| async move {
        libre(&*tx, o).await?;
        if let Some(source) = o.source {
            periode_lock(&*tx, source).await?;
        }
        let apercu = lire_apercu(&*tx, o).await?;
        let nouvelle = Nouvelle {
            annee: o.annee,
            code: &o.code,
            libelle: o.libelle.trim(),
            session: o.session,
            dates: o.dates,
            copiee_de: apercu.source.as_ref().map(|p| p.id),
        };
        let id = match periode_add(&*tx, &nouvelle).await {
            Err(DbError::Unique(_)) => {
                let nom = format!("{} {}", o.code, o.annee.libelle());
                return Err(ReglageFault::saisie("code", format!("La période {nom} existe déjà.")));
            }
            id => id?,
        };
        if o.copie.modalites {
            for m in &apercu.modalites {
                offre_write(&*tx, id, m).await?;
            }
        }
        if o.copie.centres {
            for (centre, _, places) in &apercu.centres {
                accord_add(&*tx, id, *centre, *places).await?;
            }
        }
        let mut epreuves = 0;
        if let (true, Some(source)) = (o.copie.epreuves, &apercu.source) {
            epreuves = epreuves_copier(&*tx, source.id, id).await?;
        }
        let mut apres = dates_json(o.libelle.trim(), &o.dates);
        if let Some(apres) = apres.as_object_mut() {
            apres.insert("etat".into(), "preparation".into());
            apres.insert("copiee_de".into(), apercu.source.as_ref().map(Periode::nom).into());
            apres.insert(
                "modalites".into(),
                json!(if o.copie.modalites { apercu.modalites.len() } else { 0 }),
            );
            apres.insert("centres".into(), json!(if o.copie.centres { apercu.centres.len() } else { 0 }));
            apres.insert("epreuves".into(), json!(epreuves));
        }
        journal::write(
            &*tx,
            journal::Entry {
                quand,
                acteur,
                action: "periode_examen.ouvrir",
                objet: "periode_examen",
                cle: &id.to_string(),
                avant: None,
                apres: Some(apres),
            },
        )
        .await?;
        Ok((id, apercu))
    };
    iexam.db.write(ecrire).await
}
