//! What Maquette holds, told to others: how old each data set is, and a student's file for the day when Apogée is closed.

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use contracts::apogee::{Dossier, DossiersTenus};
use contracts::fraicheur::{JeuTenu, JeuxTenus};
use db::DbError;
use kernel::{AnneeUniversitaire, NumeroEtudiant, Source};

use super::demander::annee_courante;
use super::verifier::DonneesCollectees;
use crate::domain::genre::Genre;
use crate::domain::{EtatCollecte, Portee};
use crate::store::collecte::{Collecte, collecte_fin, collecte_last};
use crate::store::dossier::{copies_etendue, dossier_read, effectifs};

/// The data sets of a collection, each with the kinds it is made of. Nights without a collection are usual at week-ends.
const JEUX: [(&str, &str, Source, Portee, &[Genre]); 5] = [
    (
        "offre",
        "Offre : diplômes, étapes, éléments",
        Source::Extraction,
        Portee::Offre,
        &[Genre::Diplome, Genre::VersionEtape, Genre::Element],
    ),
    (
        "structure",
        "Structure : listes et liens",
        Source::Extraction,
        Portee::Offre,
        &[Genre::Liste, Genre::LienEtapeListe, Genre::LienListeElement, Genre::LienElementListe],
    ),
    ("etudiants", "Étudiants", Source::Apogee, Portee::Personnes, &[Genre::Etudiant]),
    (
        "inscriptions",
        "Inscriptions administratives et pédagogiques",
        Source::Apogee,
        Portee::Personnes,
        &[Genre::InscriptionAdministrative, Genre::InscriptionPedagogique],
    ),
    ("enseignants", "Enseignants", Source::Eve, Portee::Personnes, &[Genre::Enseignant]),
];
const ATTENDUE: Duration = Duration::days(3);

#[async_trait]
impl JeuxTenus for DonneesCollectees {
    async fn jeux(&self) -> Vec<JeuTenu> {
        self.tenus().await.unwrap_or_else(|err| {
            tracing::error!(%err, "jeux de données");
            Vec::new()
        })
    }
}

impl DonneesCollectees {
    async fn tenus(&self) -> Result<Vec<JeuTenu>, DbError> {
        let Ok(annee) = annee_courante(&self.0).await else { return Ok(Vec::new()) };
        self.0
            .db
            .read(|c| async move {
                let mut jeux = Vec::with_capacity(JEUX.len() + 1);
                for (code, libelle, source, portee, genres) in JEUX {
                    let echec = dernier_echec(&c, portee, annee, source).await?;
                    let obtenu_le = collecte_fin(&c, portee, annee).await?;
                    let echec = echec.filter(|(quand, _)| obtenu_le.is_none_or(|le| *quand >= le));
                    jeux.push(JeuTenu {
                        code: code.to_owned(),
                        libelle: libelle.to_owned(),
                        source,
                        lignes: effectifs(&c, annee.premiere(), genres).await?,
                        obtenu_le,
                        plus_ancien: None,
                        essai_le: echec.as_ref().map(|(quand, _)| *quand).or(obtenu_le),
                        echec: echec.map(|(_, detail)| detail),
                        attendue: ATTENDUE,
                    });
                }
                let (lignes, obtenu_le, plus_ancien) = copies_etendue(&c, Source::Kofr.code()).await?;
                jeux.push(JeuTenu {
                    code: "kofr".to_owned(),
                    libelle: "Conception des formations : ECTS, heures, textes".to_owned(),
                    source: Source::Kofr,
                    lignes,
                    obtenu_le,
                    plus_ancien,
                    essai_le: obtenu_le,
                    echec: None,
                    attendue: ATTENDUE,
                });
                Ok(jeux)
            })
            .await
    }
}

/// The last collection of that scope that a source stopped, when it is that source.
async fn dernier_echec<C: db::sea_orm::ConnectionTrait>(
    conn: &C,
    partie: Portee,
    annee: AnneeUniversitaire,
    source: Source,
) -> Result<Option<(DateTime<Utc>, String)>, DbError> {
    let mut dernier: Option<Collecte> = None;
    for portee in [partie, Portee::Tout] {
        let trouvee = collecte_last(conn, Some(portee), Some(annee), EtatCollecte::Interrompue).await?;
        if trouvee.as_ref().map(|c| c.id) > dernier.as_ref().map(|c| c.id) {
            dernier = trouvee;
        }
    }
    Ok(dernier.and_then(|c| {
        let panne = c.rapport?.panne.filter(|panne| panne.source_ == source)?;
        Some((c.finie_le.unwrap_or(c.demandee_le), panne.detail))
    }))
}

#[async_trait]
impl DossiersTenus for DonneesCollectees {
    async fn dossier(
        &self,
        annee: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Option<(Dossier, DateTime<Utc>)> {
        let lu = self
            .0
            .db
            .read(|c| async move {
                let dossier = dossier_read(&c, annee.premiere(), numero).await?;
                Ok::<_, DbError>((dossier, collecte_fin(&c, Portee::Personnes, annee).await?))
            })
            .await;
        match lu {
            Ok((Some(dossier), Some(quand))) => Some((dossier, quand)),
            Ok(_) => None,
            Err(err) => {
                tracing::error!(%err, "dossier tenu");
                None
            }
        }
    }

    async fn annee_courante(&self) -> Option<AnneeUniversitaire> {
        annee_courante(&self.0).await.ok()
    }
}
