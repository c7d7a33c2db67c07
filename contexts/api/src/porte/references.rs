//! One student, one list: what the REST interface asks of the web services, in the house's words.

use apogee::wire::temoin;
use contracts::apogee::{CleEtape, Dossier, PorteApogee as _, Resultat};
use kernel::{AnneeUniversitaire, NumeroEtudiant};

use super::{Porte, dossier};
use crate::domain::copie::Jeu;
use crate::domain::reference::Reference;

fn service(temoin_: Option<&str>) -> Option<bool> {
    temoin_.map(|t| temoin(Some(t)))
}

impl Porte {
    /// The file of a student for a year; `None` when nobody has this number.
    pub(crate) async fn dossier(
        &self,
        annee: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Resultat<Option<Dossier>> {
        dossier::lire(&self.client, annee, numero).await
    }

    /// The years in which a student registered, in order.
    pub(crate) async fn annees(&self, numero: &NumeroEtudiant) -> Resultat<Vec<u16>> {
        let lues = self.client.annees_ia(numero).await?;
        let mut annees: Vec<u16> = lues
            .iter()
            .filter_map(|a| a.trim().parse::<AnneeUniversitaire>().ok())
            .map(|a| a.premiere())
            .collect();
        annees.sort_unstable();
        annees.dedup();
        Ok(annees)
    }

    /// The students of an étape version.
    pub(crate) async fn inscrits(
        &self,
        annee: AnneeUniversitaire,
        etape: &CleEtape,
    ) -> Resultat<Vec<NumeroEtudiant>> {
        let mut numeros = self.etudiants(annee, etape).await?;
        numeros.sort_unstable();
        Ok(numeros)
    }

    /// A reference list; empty for the data sets that are not one.
    pub(crate) async fn references(&self, jeu: Jeu) -> Resultat<Vec<Reference>> {
        let mut liste = match jeu {
            Jeu::Composantes => self.composantes().await?,
            Jeu::Regimes => self.regimes().await?,
            Jeu::Signataires => self.signataires().await?,
            Jeu::PeriodesExamen => self.periodes().await?,
            Jeu::Dossiers | Jeu::Annees | Jeu::Inscrits => Vec::new(),
        };
        liste.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(liste)
    }

    async fn composantes(&self) -> Resultat<Vec<Reference>> {
        let lues = self.client.composantes(None).await?.into_iter();
        Ok(lues
            .filter_map(|c| {
                Some(Reference {
                    code: c.cod_cmp?,
                    libelle: c.lib_web_cmp.or(c.lib_cmp).unwrap_or_default(),
                    precision: c.type_composante.and_then(|t| t.lib_typ_cmp),
                    en_service: service(c.tem_en_sve_cmp.as_deref()),
                })
            })
            .collect())
    }

    async fn regimes(&self) -> Resultat<Vec<Reference>> {
        let lues = self.client.regimes().await?.into_iter();
        Ok(lues
            .filter_map(|r| {
                Some(Reference {
                    code: r.cod_reg_ins?,
                    libelle: r.lib_reg_ins.or(r.lic_reg_ins).unwrap_or_default(),
                    precision: None,
                    en_service: service(r.tem_en_sve.as_deref()),
                })
            })
            .collect())
    }

    async fn signataires(&self) -> Resultat<Vec<Reference>> {
        let lues = self.client.signataires().await?.into_iter();
        Ok(lues
            .filter_map(|s| {
                Some(Reference {
                    code: s.cod_sig?,
                    libelle: s.nom_sig.unwrap_or_default(),
                    precision: s.qua_sig,
                    en_service: service(s.tem_en_sve_sig.as_deref()),
                })
            })
            .collect())
    }

    async fn periodes(&self) -> Resultat<Vec<Reference>> {
        let lues = self.client.periodes_examen().await?.into_iter();
        Ok(lues
            .filter_map(|p| {
                let jours = match (p.dat_deb_periode_exam, p.dat_fin_periode_exam) {
                    (Some(debut), Some(fin)) => Some(format!("du {debut} au {fin}")),
                    (Some(jour), None) | (None, Some(jour)) => Some(jour),
                    (None, None) => None,
                };
                Some(Reference {
                    code: p.cod_periode_exam?,
                    libelle: p.lib_periode_exam.unwrap_or_default(),
                    precision: jours,
                    en_service: None,
                })
            })
            .collect())
    }
}
