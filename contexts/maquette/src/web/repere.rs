//! The year and the maquette that the top bar shows on every page.

use ::web::{Repere, RepereSource, Visitor};
use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::AnneeUniversitaire;

use crate::actions::Outils;
use crate::store::{maquette, parametre};

/// Tells the frame which year and maquette a page shows.
#[derive(Clone, Debug)]
pub struct Reperes(pub Outils);

impl RepereSource for Reperes {
    fn repere<'a>(
        &'a self,
        _: &'a Visitor,
        annee: Option<AnneeUniversitaire>,
    ) -> BoxFuture<'a, Option<Repere>> {
        async move {
            let courante = self
                .0
                .db
                .read(|c| async move { parametre::parametre_read(&c, "annee_courante").await })
                .await
                .ok()
                .flatten()?
                .parse::<AnneeUniversitaire>()
                .ok()?;
            let annee = annee.unwrap_or(courante);
            let maquette = nom_maquette(&self.0, annee).await;
            Some(Repere {
                annee,
                maquette: maquette.unwrap_or_else(|| "non déclarée".to_owned()),
                courant: annee == courante,
                href: (annee != courante).then(|| "/".to_owned()),
            })
        }
        .boxed()
    }
}

/// « 2019–2024 »: the maquette that covers a year, by its first and last civil years.
pub(super) async fn nom_maquette(outils: &Outils, annee: AnneeUniversitaire) -> Option<String> {
    let (debut, fin) =
        outils.db.read(|c| async move { maquette::maquette_of(&c, annee.premiere()).await }).await.ok()??;
    Some(format!("{debut}–{}", fin + 1))
}
