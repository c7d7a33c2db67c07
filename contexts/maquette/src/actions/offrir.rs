//! The backbone, as the other applications see it: [`contracts::maquette::Offre`], answered from what was collected.
//!
//! What concerns one student is asked by each of their pages: it is read once after each change, and kept. The rest is asked by the
//! registry, in bulk, and read each time.

use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use contracts::apogee::Adresse;
use contracts::maquette::{
    ElementEvalue, EtapeBreve, Etudiant, Indisponible, InscriptionElement, InscriptionEtape, Inscrit, Offre,
};
use db::{Db, DbError};
use kernel::{AnneeUniversitaire, CodeElement, CodeEtape, Fault as _, NumeroEtudiant, VersionEtape, fold};

use crate::store::dossier::domicile_read;
use crate::store::evalue::{evalue_list, evalue_tree};
use crate::store::examen::{
    examen_elements, examen_etapes, examen_etapes_search, examen_etudiants, examen_etudiants_search,
    examen_inscrits,
};
use crate::store::memoire::Memoire;
use crate::store::present::Present;

/// Students kept: those of a whole service, of two years at once. Some two kilobytes each.
const ETUDIANTS: usize = 5_000;

/// What is kept of each student.
#[derive(Debug)]
struct Tenus {
    identites: Parc<Option<Etudiant>>,
    etapes: Parc<Arc<[InscriptionEtape]>>,
    elements: Parc<Arc<[InscriptionElement]>>,
}

type Parc<T> = Memoire<(u16, NumeroEtudiant), T>;

impl Default for Tenus {
    fn default() -> Self {
        Self {
            identites: Memoire::new(ETUDIANTS),
            etapes: Memoire::new(ETUDIANTS),
            elements: Memoire::new(ETUDIANTS),
        }
    }
}

/// What Maquette holds, answered to the other applications. Clones share what is kept.
#[derive(Clone, Debug)]
pub struct OffreMaquette {
    db: Db,
    present: Present,
    tenus: Arc<Tenus>,
}

impl OffreMaquette {
    /// On a database whose tables of [`crate::MIGRATIONS`] exist.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        Self { db: db.clone(), present: Present::de(db), tenus: db.shared(Tenus::default) }
    }

    /// What is kept of a student, or what `lire` says and is kept from then on.
    async fn tenu<T, F, Fut>(
        &self,
        parc: &Parc<T>,
        annee: AnneeUniversitaire,
        numero: &NumeroEtudiant,
        lire: F,
    ) -> Result<T, Indisponible>
    where
        T: Clone,
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, DbError>>,
    {
        let generation = self.present.etat().await.map_err(|err| indisponible(&err))?.generations.fil;
        let cle = (annee.premiere(), numero.clone());
        if let Some(valeur) = parc.lire(generation, &cle) {
            return Ok(valeur);
        }
        let valeur = lire().await.map_err(|err| indisponible(&err))?;
        parc.garder(generation, cle, valeur.clone());
        Ok(valeur)
    }
}

fn indisponible(err: &DbError) -> Indisponible {
    tracing::error!(%err, "offre");
    Indisponible(err.message())
}

#[async_trait]
impl Offre for OffreMaquette {
    async fn annee_courante(&self) -> Result<Option<AnneeUniversitaire>, Indisponible> {
        Ok(self.present.etat().await.map_err(|err| indisponible(&err))?.courante)
    }

    async fn etudiants(
        &self,
        annee: AnneeUniversitaire,
        numeros: &[NumeroEtudiant],
    ) -> Result<Vec<Etudiant>, Indisponible> {
        let a = annee.premiere();
        let lire = || self.db.read(|c| async move { examen_etudiants(&c, a, numeros).await });
        match numeros {
            [seul] => {
                let premier = || async { Ok(lire().await?.pop()) };
                let lu = self.tenu(&self.tenus.identites, annee, seul, premier).await?;
                Ok(lu.into_iter().collect())
            }
            _ => lire().await.map_err(|err| indisponible(&err)),
        }
    }

    async fn domicile(
        &self,
        annee: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Result<Option<Adresse>, Indisponible> {
        let a = annee.premiere();
        let lu = self.db.read(|c| async move { domicile_read(&c, a, numero).await }).await;
        lu.map_err(|err| indisponible(&err))
    }

    async fn etudiants_chercher(
        &self,
        annee: AnneeUniversitaire,
        recherche: &str,
        limite: u64,
    ) -> Result<Vec<Etudiant>, Indisponible> {
        let (a, texte) = (annee.premiere(), fold(recherche));
        let texte = texte.as_str();
        let lus = self.db.read(|c| async move { examen_etudiants_search(&c, a, texte, limite).await }).await;
        lus.map_err(|err| indisponible(&err))
    }

    async fn etapes_de(
        &self,
        annee: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Result<Vec<InscriptionEtape>, Indisponible> {
        let (a, n) = (annee.premiere(), numero.as_str());
        let lire =
            || async { Ok(self.db.read(|c| async move { examen_etapes(&c, a, n).await }).await?.into()) };
        Ok(self.tenu(&self.tenus.etapes, annee, numero, lire).await?.to_vec())
    }

    async fn elements_de(
        &self,
        annee: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Result<Vec<InscriptionElement>, Indisponible> {
        let (a, n) = (annee.premiere(), numero.as_str());
        let lire =
            || async { Ok(self.db.read(|c| async move { examen_elements(&c, a, n).await }).await?.into()) };
        Ok(self.tenu(&self.tenus.elements, annee, numero, lire).await?.to_vec())
    }

    async fn inscrits(
        &self,
        annee: AnneeUniversitaire,
        elements: &[CodeElement],
    ) -> Result<Vec<Inscrit>, Indisponible> {
        let a = annee.premiere();
        let lus = self.db.read(|c| async move { examen_inscrits(&c, a, elements).await }).await;
        lus.map_err(|err| indisponible(&err))
    }

    async fn etapes_chercher(
        &self,
        annee: AnneeUniversitaire,
        recherche: &str,
        limite: u64,
    ) -> Result<Vec<EtapeBreve>, Indisponible> {
        let (a, texte) = (annee.premiere(), fold(recherche));
        let texte = texte.as_str();
        let lues = self.db.read(|c| async move { examen_etapes_search(&c, a, texte, limite).await }).await;
        lues.map_err(|err| indisponible(&err))
    }

    async fn elements_evalues(
        &self,
        annee: AnneeUniversitaire,
        etape: &CodeEtape,
        version: &VersionEtape,
    ) -> Result<Vec<ElementEvalue>, Indisponible> {
        let (a, etape, version) = (annee.premiere(), etape.as_str(), version.as_str());
        let lus = self.db.read(|c| async move { evalue_tree(&c, a, etape, version).await }).await;
        lus.map_err(|err| indisponible(&err))
    }

    async fn elements(
        &self,
        annee: AnneeUniversitaire,
        codes: &[CodeElement],
    ) -> Result<Vec<ElementEvalue>, Indisponible> {
        let a = annee.premiere();
        let codes: Vec<&str> = codes.iter().map(CodeElement::as_str).collect();
        let codes = codes.as_slice();
        let lus = self.db.read(|c| async move { evalue_list(&c, a, codes).await }).await;
        lus.map_err(|err| indisponible(&err))
    }
}
