use kernel::{AnneeUniversitaire, Outage, OutageKind, Source, nombre_francais};

use crate::rest::{Demande, Echange, Lecture, Reglages, Ressource, VerificationLien, mesurer};
use crate::{Bloc, EtapeDetaillee, Formation, Maquette};

/// Reads Kofr.
#[derive(Clone, Debug)]
pub struct Client(Echange);

impl Client {
    /// A client with connections of its own.
    ///
    /// # Errors
    /// [`OutageKind::Demande`] when the address cannot be used.
    pub fn new(reglages: Reglages) -> Result<Self, Outage> {
        Echange::new(Source::Kofr, reglages, None).map(Self)
    }

    /// A client over connections shared with others.
    ///
    /// # Errors
    /// [`OutageKind::Demande`] when the address cannot be used.
    pub fn over(reglages: Reglages, http: reqwest::Client) -> Result<Self, Outage> {
        Echange::new(Source::Kofr, reglages, Some(http)).map(Self)
    }

    /// Every accreditation.
    ///
    /// # Errors
    /// An [`Outage`] when the list could not be read whole.
    pub async fn maquettes(&self) -> Result<Vec<Maquette>, Outage> {
        Ok(self.0.tout(&Ressource::new(&["maquettes"])).await?.0)
    }

    /// The accreditations, if they are not those of the mark.
    ///
    /// # Errors
    /// An [`Outage`] when the list could not be read whole.
    pub async fn lire_maquettes(&self, demande: &Demande) -> Result<Lecture<Vec<Maquette>>, Outage> {
        let ressource = Ressource::new(&["maquettes"]).depuis(demande.modifie_depuis);
        self.0.liste(&ressource, demande.marque.as_ref()).await
    }

    /// Every programme of the accreditation begun in `annee_debut`.
    ///
    /// # Errors
    /// An [`Outage`] when the list could not be read whole.
    pub async fn formations(&self, annee_debut: AnneeUniversitaire) -> Result<Vec<Formation>, Outage> {
        let annee = annee_debut.to_string();
        Ok(self.0.tout(&Ressource::new(&["maquettes", &annee, "formations"])).await?.0)
    }

    /// The programmes of an accreditation, narrowed by `demande`.
    ///
    /// # Errors
    /// An [`Outage`] when the list could not be read whole.
    pub async fn lire_formations(
        &self,
        annee_debut: AnneeUniversitaire,
        demande: &Demande,
    ) -> Result<Lecture<Vec<Formation>>, Outage> {
        let annee = annee_debut.to_string();
        let chemin = ["maquettes", &annee, "formations"];
        let ressource = Ressource::new(&chemin).depuis(demande.modifie_depuis);
        self.0.liste(&ressource, demande.marque.as_ref()).await
    }

    /// An étape with its whole tree.
    ///
    /// # Errors
    /// An [`Outage`] when it could not be read whole, or is unknown ([`OutageKind::Demande`]).
    pub async fn etape(&self, annee_debut: AnneeUniversitaire, id: &str) -> Result<EtapeDetaillee, Outage> {
        match self.lire_etape(annee_debut, id, &Demande::default()).await? {
            Lecture::Nouvelle { contenu, .. } => Ok(contenu),
            Lecture::Inchangee => Err(self.0.outage(
                &format!("GET /maquettes/{annee_debut}/etapes"),
                OutageKind::Illisible,
                "Kofr répond « inchangé » à une question sans condition.",
                "Signalez-le au responsable de Kofr.",
            )),
        }
    }

    /// An étape with its whole tree, if it is not the one of the mark.
    ///
    /// # Errors
    /// An [`Outage`] when it could not be read whole, or is unknown ([`OutageKind::Demande`]).
    pub async fn lire_etape(
        &self,
        annee_debut: AnneeUniversitaire,
        id: &str,
        demande: &Demande,
    ) -> Result<Lecture<EtapeDetaillee>, Outage> {
        let annee = annee_debut.to_string();
        let chemin = ["maquettes", &annee, "etapes", id];
        let lecture = self.0.document(&Ressource::new(&chemin), demande.marque.as_ref()).await?;
        match &lecture {
            Lecture::Nouvelle { contenu: EtapeDetaillee { etape, .. }, .. } if etape.id != id => {
                Err(self.0.outage(
                    &format!("GET /{}", chemin.join("/")),
                    OutageKind::Illisible,
                    format!("Kofr donne l'étape « {} » pour l'étape « {id} ».", etape.id),
                    "Signalez-le au responsable de Kofr.",
                ))
            }
            _ => Ok(lecture),
        }
    }

    /// Asks each endpoint once and says what it saw.
    pub async fn verifier(&self) -> Vec<VerificationLien> {
        let mut annee = None;
        let maquettes = mesurer("GET /maquettes", async {
            let (total, lues) = self.0.premiere_page::<Maquette>(&Ressource::new(&["maquettes"])).await?;
            annee = lues.iter().map(|m| m.annee_debut).max();
            Ok(compte(total, "maquette"))
        })
        .await;
        let absente = "aucune maquette : rien à y lire";
        let mut etape = None;
        let formations = mesurer("GET /maquettes/{annee_debut}/formations", async {
            let Some(annee) = annee else { return self.sans(&maquettes, absente) };
            let texte = annee.to_string();
            let chemin = ["maquettes", &texte, "formations"];
            let (total, lues) = self.0.premiere_page::<Formation>(&Ressource::new(&chemin)).await?;
            etape = lues.into_iter().flat_map(|f| f.etapes).map(|e| (texte.clone(), e.id)).next();
            Ok(format!("{} en {}", compte(total, "formation"), annee.libelle()))
        })
        .await;
        let detail = mesurer("GET /maquettes/{annee_debut}/etapes/{id}", async {
            let Some((annee, id)) = &etape else {
                return self.sans(&formations, "aucune étape : rien à y lire");
            };
            let chemin = ["maquettes", annee, "etapes", id];
            let lue: EtapeDetaillee = self.0.document_une_fois(&Ressource::new(&chemin)).await?;
            let elements: usize = lue.blocs.iter().map(Bloc::compte).sum();
            Ok(format!("« {} », {}", lue.etape.libelle, compte(elements as u64, "élément")))
        })
        .await;
        vec![maquettes, formations, detail]
    }

    /// What an endpoint is worth when the one that leads to it gave nothing: down with it, or nothing to see.
    fn sans(&self, precedente: &VerificationLien, rien: &str) -> Result<String, Outage> {
        match &precedente.vu {
            Ok(_) => Ok(rien.to_owned()),
            Err(outage) => Err(Outage {
                detail: format!("Non vérifié, car « {} » n'a pas répondu.", precedente.nom),
                ..outage.clone()
            }),
        }
    }
}

fn compte(n: u64, nom: &str) -> String {
    let nombre = nombre_francais(i64::try_from(n).unwrap_or(i64::MAX));
    let pluriel = if n > 1 { "s" } else { "" };
    format!("{nombre} {nom}{pluriel}")
}
