//! What of Maquette deserves an administrator's look.

use async_trait::async_trait;
use chrono::Duration;
use contracts::veille::{Signal, Veille};

use super::demander::annee_courante;
use super::{CollecteFault, Outils};
use crate::store::correction_lue::correction_counts;

/// How far ahead « soon » goes.
const JOURS: i64 = 30;

/// Maquette's signals.
#[derive(Clone, Debug)]
pub struct VeilleMaquette(pub Outils);

#[async_trait]
impl Veille for VeilleMaquette {
    async fn signaux(&self) -> Vec<Signal> {
        let bientot = kernel::heure_de_besancon(self.0.clock.now()).date() + Duration::days(JOURS);
        let comptes = async {
            let annee = annee_courante(&self.0).await?.premiere();
            let lire = self.0.db.read(|c| async move { correction_counts(&c, annee, bientot).await });
            Ok::<_, CollecteFault>(lire.await?)
        };
        match comptes.await {
            // The count of the tab it leads to: a number is always that of its list.
            Ok(comptes) => vec![Signal {
                libelle: format!("Corrections qui prennent fin sous {JOURS} jours"),
                nombre: comptes.bientot,
                href: "/maquette/corrections?etat=bientot".to_owned(),
                presse: true,
            }],
            Err(err) => {
                tracing::warn!(%err, "corrections qui prennent fin");
                Vec::new()
            }
        }
    }
}
