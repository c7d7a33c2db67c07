//! What of Maquette deserves an administrator's look.

use async_trait::async_trait;
use chrono::Duration;
use contracts::veille::{Signal, Veille};

use super::Outils;
use crate::store::correction_fin::correction_count_ending;

/// How far ahead « soon » goes.
const JOURS: i64 = 30;

/// Maquette's signals.
#[derive(Clone, Debug)]
pub struct VeilleMaquette(pub Outils);

#[async_trait]
impl Veille for VeilleMaquette {
    async fn signaux(&self) -> Vec<Signal> {
        let jour = kernel::heure_de_besancon(self.0.clock.now()).date();
        let fin = jour + Duration::days(JOURS);
        match self.0.db.read(|c| async move { correction_count_ending(&c, jour, fin).await }).await {
            Ok(nombre) => {
                vec![Signal {
                    libelle: format!("Corrections qui prennent fin sous {JOURS} jours"),
                    nombre,
                    href: "/maquette/corrections".to_owned(),
                    presse: true,
                }]
            }
            Err(err) => {
                tracing::warn!(%err, "corrections qui prennent fin");
                Vec::new()
            }
        }
    }
}
