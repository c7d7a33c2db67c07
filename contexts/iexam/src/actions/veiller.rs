//! What of exams waits for the registry, on the home page of the suite.

use async_trait::async_trait;
use contracts::veille::{Signal, Veille};
use db::DbError;

use crate::Iexam;
use crate::domain::file::File;
use crate::domain::periode::{Periode, courante};
use crate::store::caisse::jours_a_clore;
use crate::store::periode::periode_list;
use crate::store::registre::files_count;

/// Exams' signals.
#[derive(Clone, Debug)]
pub struct VeilleIexam(pub Iexam);

/// Worklists that wait for the registry rather than for somebody else.
const FILES: [(File, &str); 4] = [
    (File::AVerifier, "Inscriptions aux examens à vérifier"),
    (File::Demandes, "Demandes de modification à trancher"),
    (File::TropPercu, "Trop perçus à rembourser"),
    (File::SansAccord, "Inscriptions sans l’accord de leur centre"),
];

impl VeilleIexam {
    async fn lire(&self) -> Result<Vec<Signal>, DbError> {
        let aujourd_hui = kernel::heure_de_besancon(self.0.clock.now()).date();
        let lire = |c: db::sea_orm::DatabaseConnection| async move {
            let periodes = periode_list(&c).await?;
            let periode: Option<Periode> = courante(&periodes).cloned();
            let files = match &periode {
                Some(p) => files_count(&c, p.id).await?.0,
                None => Default::default(),
            };
            Ok::<_, DbError>((periode, files, jours_a_clore(&c).await?))
        };
        let (periode, files, jours) = self.0.db.read(lire).await?;
        let mut signaux = Vec::new();
        if let Some(p) = periode {
            for (file, libelle) in FILES {
                signaux.push(Signal {
                    libelle: format!("{libelle}, {}", p.nom()),
                    nombre: files.get(&file).copied().unwrap_or(0),
                    href: format!(
                        "/iexam/inscriptions?periode={}-{}&file={}",
                        p.annee.premiere(),
                        p.code,
                        file.code()
                    ),
                    presse: true,
                });
            }
        }
        // The day is not over: what it holds is not late.
        let passes = jours.iter().filter(|(jour, _)| *jour < aujourd_hui).count();
        signaux.push(Signal {
            libelle: "Journées de caisse à clore".to_owned(),
            nombre: passes as u64,
            href: "/iexam/paiements/clotures".to_owned(),
            presse: true,
        });
        Ok(signaux)
    }
}

#[async_trait]
impl Veille for VeilleIexam {
    async fn signaux(&self) -> Vec<Signal> {
        match self.lire().await {
            Ok(signaux) => signaux,
            Err(err) => {
                tracing::warn!(%err, "what waits in exams");
                Vec::new()
            }
        }
    }
}
