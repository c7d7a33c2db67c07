//! How every address answers: which year, what is known already, the answer and its version.

use std::future::Future;
use std::sync::Arc;

use ::web::PageError;
use ::web::rest::{self, Etag, Liste, ListeQuery};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use chrono::NaiveDate;
use db::{Db, DbError};
use kernel::{AnneeUniversitaire, Source};
use serde::Serialize;

use super::arbres::Arbres;
use super::demande::Demande;
use super::provenance::{Provenance, ecrire};
use crate::domain::Portee;
use crate::store::memoire::Memoire;
use crate::store::page_lue::Fenetre;
use crate::store::present::{Etat, Present};
use crate::web::Maquette;

/// When the data of an answer were last confirmed.
pub(super) const OBTENU_LE: HeaderName = HeaderName::from_static("obtenu-le");

/// Versions and totals kept: an address is some hundred bytes.
const PLACE: usize = 20_000;

/// What every handler of this interface is given.
#[derive(Clone, Debug)]
pub(super) struct Lecteur(Arc<Interieur>);

#[derive(Debug)]
struct Interieur {
    m: Maquette,
    present: Present,
    versions: Memoire<String, Etag>,
    totaux: Memoire<String, u64>,
    arbres: Arbres,
}

/// What a request is about, once its year is known.
#[derive(Clone, Debug)]
pub(super) struct Situation {
    /// What is true now.
    pub etat: Arc<Etat>,
    /// The year asked, else the current one.
    pub annee: AnneeUniversitaire,
    /// How many rows the list has, when it was counted since the last change.
    pub total: Option<u64>,
}

impl Situation {
    /// The year, as the store takes it.
    pub(super) fn a(&self) -> u16 {
        self.annee.premiere()
    }

    /// The rows that a list is asked.
    pub(super) fn fenetre(&self, query: &ListeQuery) -> Fenetre {
        Fenetre { offset: query.offset(), taille: query.taille, total: self.total }
    }

    /// Where what is said of this year comes from.
    pub(super) fn provenance(&self, partie: Portee, source: Source) -> Provenance {
        Provenance {
            annee: self.annee,
            maquette: self.etat.maquette(self.annee),
            source,
            obtenu_le: self.etat.obtenu_le(partie, self.annee),
        }
    }
}

impl Lecteur {
    /// On Maquette's database.
    pub(super) fn new(m: Maquette) -> Self {
        let present = Present::de(&m.outils.db);
        Self(Arc::new(Interieur {
            arbres: Arbres::new(present.clone()),
            m,
            present,
            versions: Memoire::new(PLACE),
            totaux: Memoire::new(PLACE),
        }))
    }

    /// The database.
    pub(super) fn db(&self) -> &Db {
        self.0.present.db()
    }

    /// The present day in Besançon.
    pub(super) fn aujourd_hui(&self) -> NaiveDate {
        kernel::heure_de_besancon(self.0.m.outils.clock.now()).date()
    }

    /// What is true now.
    pub(super) async fn etat(&self) -> Result<Arc<Etat>, DbError> {
        self.0.present.etat().await
    }

    /// The trees.
    pub(super) fn arbres(&self) -> &Arbres {
        &self.0.arbres
    }

    /// Which year is asked: `annee`, else a year of `maquette` (the current one if it is within, else its latest that is held), else the
    /// current one.
    ///
    /// # Errors
    /// 400 for a year or a maquette that is not held, with those that are.
    pub(super) async fn situer(&self, query: &ListeQuery) -> Result<Situation, PageError> {
        let etat = self.etat().await?;
        let courante = etat
            .courante
            .unwrap_or_else(|| AnneeUniversitaire::du_jour(self.0.m.outils.clock.now().date_naive()));
        let annee = match (query.annee, query.maquette) {
            (None, None) => courante,
            (annee, Some(maquette)) => dans_la_maquette(&etat, maquette, annee, courante)?,
            (Some(annee), None) => tenue(&etat, annee)?,
        };
        Ok(Situation { etat, annee, total: None })
    }

    /// Answers about a year: 304 without asking anything when the caller holds the version of the present generation, else what `f` reads.
    pub(super) async fn repondre<T, F, Fut>(
        &self,
        demande: &Demande,
        partie: Portee,
        source: Source,
        f: F,
    ) -> Result<Response, PageError>
    where
        T: Serialize,
        F: FnOnce(Situation) -> Fut,
        Fut: Future<Output = Result<T, PageError>>,
    {
        let situation = self.situer(&demande.query).await?;
        self.repondre_de(demande, situation, partie, source, f).await
    }

    /// The same, of a year that is known.
    pub(super) async fn repondre_de<T, F, Fut>(
        &self,
        demande: &Demande,
        situation: Situation,
        partie: Portee,
        source: Source,
        f: F,
    ) -> Result<Response, PageError>
    where
        T: Serialize,
        F: FnOnce(Situation) -> Fut,
        Fut: Future<Output = Result<T, PageError>>,
    {
        let provenance = situation.provenance(partie, source);
        let generation = situation.etat.generations.fil;
        let cle = format!("{:x} {}", demande.droits(), demande.adresse);
        if let Some(etag) = self.0.versions.lire(generation, cle.as_str())
            && demande.conditions.tiennent(&etag)
        {
            return Ok(dater(rest::inchange(&etag), &provenance));
        }
        let contenu = ecrire(&f(situation).await?)?;
        let etag = Etag::de(&[&provenance.stable(), &contenu]);
        self.0.versions.garder(generation, cle, etag.clone());
        Ok(dater(
            if demande.conditions.tiennent(&etag) {
                rest::inchange(&etag)
            } else {
                rest::octets(&etag, provenance.preceder(&contenu))
            },
            &provenance,
        ))
    }

    /// Answers with one page of a list: `f` is told how many rows it has when that is known, and says how many it found.
    pub(super) async fn lister<T, F, Fut>(
        &self,
        demande: &Demande,
        partie: Portee,
        source: Source,
        f: F,
    ) -> Result<Response, PageError>
    where
        T: Serialize,
        F: FnOnce(Situation) -> Fut,
        Fut: Future<Output = Result<(u64, Vec<T>), PageError>>,
    {
        self.repondre(demande, partie, source, |mut situation| async move {
            let generation = situation.etat.generations.fil;
            let q = &demande.query;
            let cle = format!(
                "{:x} {} {} {} {:?}",
                demande.droits(),
                demande.chemin,
                situation.annee,
                q.recherche,
                q.autres
            );
            situation.total = self.0.totaux.lire(generation, cle.as_str());
            let connu = situation.total.is_some();
            let (total, elements) = match situation.total {
                Some(total) if q.au_dela(total) => (total, Vec::new()),
                _ => f(situation).await?,
            };
            if !connu {
                self.0.totaux.garder(generation, cle, total);
            }
            Ok(Liste::new(q, total, elements))
        })
        .await
    }
}

/// Says in a header when the data were last confirmed.
pub(super) fn dater(mut reponse: Response, provenance: &Provenance) -> Response {
    if let Some(valeur) = provenance.instant().and_then(|i| HeaderValue::try_from(i).ok()) {
        reponse.headers_mut().insert(OBTENU_LE, valeur);
    }
    reponse
}

fn tenue(etat: &Etat, annee: AnneeUniversitaire) -> Result<AnneeUniversitaire, PageError> {
    if etat.annees.contains(&annee.premiere()) || Some(annee) == etat.courante {
        return Ok(annee);
    }
    let tenues = enumerer(etat.annees.iter().map(u16::to_string));
    Err(PageError::unreadable(
        format!("L’année {} n’a pas été collectée.", annee.libelle()),
        tenues.map_or_else(
            || "Aucune année ne l’a été : attendez la première collecte.".to_owned(),
            |tenues| format!("Demandez une année tenue ({tenues}), ou faites collecter celle-ci."),
        ),
    ))
}

/// A year of that maquette.
fn dans_la_maquette(
    etat: &Etat,
    maquette: AnneeUniversitaire,
    annee: Option<AnneeUniversitaire>,
    courante: AnneeUniversitaire,
) -> Result<AnneeUniversitaire, PageError> {
    let debut = i64::from(maquette.premiere());
    if !etat.maquettes.iter().any(|(d, _)| *d == debut) {
        let connues = enumerer(etat.maquettes.iter().map(|(d, _)| d.to_string()));
        return Err(PageError::unreadable(
            format!("Aucune maquette ne commence en {maquette}."),
            connues.map_or_else(
                || "Aucune maquette n’est déclarée : demandez une année par « annee ».".to_owned(),
                |connues| format!("Maquettes connues, par leur première année : {connues}."),
            ),
        ));
    }
    let dedans = |a: AnneeUniversitaire| etat.maquette(a) == Some(debut);
    if let Some(annee) = annee {
        if dedans(annee) {
            return tenue(etat, annee);
        }
        return Err(PageError::unreadable(
            format!("L’année {} n’est pas de la maquette {maquette}.", annee.libelle()),
            "Demandez l’une ou l’autre, ou une année de cette maquette.",
        ));
    }
    let tenues = etat.annees.iter().filter_map(|a| AnneeUniversitaire::new(*a));
    let choisie = std::iter::once(courante).chain(tenues).find(|a| dedans(*a));
    choisie.ok_or_else(|| {
        PageError::unreadable(
            format!("Aucune année de la maquette {maquette} n’a été collectée."),
            enumerer(etat.annees.iter().map(u16::to_string)).map_or_else(
                || "Attendez la première collecte.".to_owned(),
                |tenues| format!("Années tenues : {tenues}."),
            ),
        )
    })
}

fn enumerer(valeurs: impl Iterator<Item = String>) -> Option<String> {
    let toutes: Vec<String> = valeurs.collect();
    (!toutes.is_empty()).then(|| toutes.join(", "))
}
