//! How old everything is: what API keeps of Apogée's answers, and what the other contexts say of their own data sets.

use chrono::Duration;
use contracts::fraicheur::JeuTenu;
use kernel::Source;

use crate::Api;
use crate::domain::copie::Jeu;

impl Api {
    /// Every data set, in the order of the sources; what was never read is left out for API's own.
    pub async fn jeux(&self) -> Vec<JeuTenu> {
        let mut jeux = Vec::new();
        for tenus in self.jeux_tenus.iter() {
            jeux.extend(tenus.jeux().await);
        }
        jeux.extend(self.copies_d_apogee().await);
        jeux.sort_by_key(|jeu| Source::ALL.iter().position(|s| *s == jeu.source));
        jeux
    }

    async fn copies_d_apogee(&self) -> Vec<JeuTenu> {
        let Some(lecteur) = &self.lecteur else { return Vec::new() };
        let etendues = lecteur.memoire.etendues().await.unwrap_or_else(|err| {
            tracing::error!(%err, "copies");
            Vec::new()
        });
        let trouver = |jeu: Jeu| etendues.iter().find(|e| e.jeu == jeu.code());
        let tenus = Jeu::ALL.into_iter().filter_map(|jeu| Some((jeu, trouver(jeu)?)));
        tenus
            .map(|(jeu, e)| JeuTenu {
                code: jeu.code().to_owned(),
                libelle: jeu.libelle().to_owned(),
                source: Source::Apogee,
                lignes: e.copies,
                obtenu_le: e.recente,
                plus_ancien: e.ancienne,
                essai_le: e.essai_le,
                echec: e.echec.clone(),
                attendue: Duration::days(if jeu.personnel() { 30 } else { 7 }),
            })
            .collect()
    }
}
