use std::collections::HashMap;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::envoi::{Dit, notification};
use super::{Etat, Mode, Paiement, Paybox};
use crate::rest::Probleme;

/// Mode, payments and what was sent.
pub async fn etat(State(paybox): State<Paybox>) -> Json<Value> {
    let etat = paybox.etat();
    let paiements: Vec<_> = etat
        .paiements
        .iter()
        .map(|p| json!({ "reference": p.champ("PBX_CMD"), "centimes": p.centimes(), "erreur": p.erreur }))
        .collect();
    Json(json!({
        "mode": etat.mode,
        "retenues": etat.retenues.len(),
        "paiements": paiements,
        "envois": etat.envois,
    }))
}

/// Carries an order out and tells what was sent because of it.
pub async fn ordonner(
    State(paybox): State<Paybox>,
    Path(ordre): Path<String>,
    corps: Result<Json<HashMap<String, Value>>, JsonRejection>,
) -> Result<Json<Value>, Probleme> {
    let Json(champs) = corps.map_err(|_| {
        Probleme::demande("Le corps doit être un objet JSON, annoncé par Content-Type: application/json.")
    })?;
    let deja = paybox.etat().envois.len();
    paybox.executer(&ordre, &champs).await?;
    let etat = paybox.etat();
    Ok(Json(json!({ "envois": etat.envois.get(deja..).unwrap_or_default() })))
}

impl Paybox {
    async fn executer(&self, ordre: &str, champs: &HashMap<String, Value>) -> Result<(), Probleme> {
        let texte = |nom: &str| champs.get(nom).and_then(Value::as_str);
        let centimes = || {
            let lus = champs.get("centimes").and_then(Value::as_i64).filter(|n| *n >= 0);
            lus.ok_or_else(|| Probleme::demande("Indiquez les centimes, un nombre entier."))
        };
        match ordre {
            "mode" => {
                let mode = match texte("mode") {
                    Some("normale") => Mode::Normale,
                    Some("differee") => Mode::Differee,
                    Some("absente") => Mode::Absente,
                    Some("double") => Mode::Double,
                    Some("falsifiee") => Mode::Falsifiee,
                    Some("montant") => Mode::Montant(centimes()?),
                    _ => {
                        return Err(Probleme::demande(
                            "Indiquez le mode : normale, differee, absente, double, falsifiee ou montant.",
                        ));
                    }
                };
                self.etat().mode = mode;
            }
            "effacer" => *self.etat() = Etat::default(),
            "envoyer" => {
                let retenues = std::mem::take(&mut self.etat().retenues);
                for (numero, url) in retenues {
                    let p = self.etat().paiements.iter().find(|p| p.numero == numero).cloned();
                    if let Some(p) = p {
                        self.envoyer(&p, "differee", &url).await;
                    }
                }
            }
            "rejouer" | "double" => {
                let p = self.vise(texte("reference"))?;
                let url = p.derniere.clone().ok_or_else(|| {
                    Probleme::conflit("Aucune notification n'est encore partie pour ce paiement.")
                })?;
                if ordre == "rejouer" {
                    self.envoyer(&p, "rejouee", &url).await;
                } else {
                    tokio::join!(self.envoyer(&p, "double", &url), self.envoyer(&p, "double", &url));
                }
            }
            "falsifier" => {
                let p = self.vise(texte("reference"))?;
                let dit = Dit { erreur: "00000", centimes: p.centimes(), faux: true };
                self.dire(&p, "falsifiee", &dit).await?;
            }
            "montant" => {
                let p = self.vise(texte("reference"))?;
                let dit = Dit { erreur: "00000", centimes: centimes()?, faux: false };
                self.dire(&p, "montant", &dit).await?;
            }
            _ => return Err(Probleme::inconnu(format!("« {ordre} » n'est pas un ordre de Paybox."))),
        }
        Ok(())
    }

    async fn dire(&self, p: &Paiement, nature: &'static str, dit: &Dit<'_>) -> Result<(), Probleme> {
        let url = notification(p, dit)
            .ok_or_else(|| Probleme::conflit("Ce paiement n'a pas d'adresse de notification."))?;
        self.envoyer(p, nature, &url).await;
        Ok(())
    }

    fn vise(&self, reference: Option<&str>) -> Result<Paiement, Probleme> {
        let etat = self.etat();
        let mut vus = etat.paiements.iter().rev();
        let vu = match reference {
            Some(reference) => vus.find(|p| p.champ("PBX_CMD") == reference),
            None => vus.next(),
        };
        vu.cloned()
            .ok_or_else(|| Probleme::inconnu("Aucune page de paiement n'a été ouverte sous cette référence."))
    }
}
