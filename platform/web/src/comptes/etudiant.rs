//! Whose file a student's account opens: the number (COD_ETU) that it carries, set by the IT service, the command line or CAS.

use db::DbError;
use db::Tx;
use db::sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use kernel::{Actor, NumeroEtudiant, Role};
use serde_json::json;

use super::gerer::{journaliser, tenir};
use super::store::{self, compte as table};
use super::{CompteFault, Comptes, NouveauCompte, normalise};

/// Most digits of a number.
const CHIFFRES_MAX: usize = 8;

/// A number as one types it; none when nothing is typed.
///
/// # Errors
/// [`CompteFault::Numero`].
pub fn numero_etudiant(texte: &str) -> Result<Option<NumeroEtudiant>, CompteFault> {
    let texte = texte.trim();
    match texte.len() {
        0 => Ok(None),
        1..=CHIFFRES_MAX if texte.bytes().all(|b| b.is_ascii_digit()) => Ok(Some(texte.into())),
        _ => Err(CompteFault::Numero),
    }
}

/// Whether the account `identifiant`, of this role, may carry this number: a student's alone, and nobody else's.
pub(super) async fn permis(
    tx: &Tx,
    identifiant: &str,
    role: Role,
    numero: Option<&NumeroEtudiant>,
) -> Result<(), CompteFault> {
    let Some(numero) = numero else { return Ok(()) };
    if role != Role::Etudiant {
        return Err(CompteFault::PasEtudiant);
    }
    let autre = table::Entity::find()
        .filter(table::Column::Etudiant.eq(numero.as_str()))
        .filter(table::Column::Identifiant.ne(identifiant))
        .one(&**tx)
        .await
        .map_err(DbError::from)?;
    match autre {
        Some(autre) => {
            Err(CompteFault::EtudiantPris { numero: numero.clone(), identifiant: autre.identifiant })
        }
        None => Ok(()),
    }
}

impl Comptes {
    /// Makes the account of a student, with a password that is known.
    ///
    /// # Errors
    /// As [`Comptes::creer`]; another role than a student's, a number that another account carries.
    pub async fn creer_etudiant(
        &self,
        acteur: &Actor,
        nouveau: NouveauCompte,
        numero: NumeroEtudiant,
    ) -> Result<i64, CompteFault> {
        self.creer_avec(acteur, nouveau, Some(numero)).await
    }

    /// Gives an account the number of its student, or takes it away. Says whether anything changed.
    ///
    /// # Errors
    /// An unknown login, another role than a student's, a number that another account carries.
    pub async fn rattacher(
        &self,
        acteur: &Actor,
        identifiant: &str,
        numero: Option<NumeroEtudiant>,
    ) -> Result<bool, CompteFault> {
        let identifiant = normalise(identifiant).ok_or(CompteFault::Identifiant)?;
        let now = self.clock.now();
        self.db
            .write(|tx| {
                let (acteur, identifiant, numero) = (acteur.clone(), identifiant.clone(), numero.clone());
                async move {
                    let row = tenir(&tx, &identifiant).await?;
                    let voulu = numero.as_ref().map(|n| n.0.clone());
                    if row.etudiant == voulu {
                        return Ok(false);
                    }
                    let role = row.role.parse().map_err(|_| CompteFault::PasEtudiant)?;
                    permis(&tx, &identifiant, role, numero.as_ref()).await?;
                    let recherche = store::recherche(&row.nom, &identifiant, voulu.as_deref());
                    table::Entity::update_many()
                        .col_expr(table::Column::Etudiant, Expr::value(voulu.clone()))
                        .col_expr(table::Column::Recherche, Expr::value(recherche))
                        .filter(table::Column::Id.eq(row.id))
                        .exec(&*tx)
                        .await
                        .map_err(DbError::from)?;
                    let (avant, apres) = (json!({ "etudiant": row.etudiant }), json!({ "etudiant": voulu }));
                    journaliser(&tx, now, &acteur, "compte.modifier", &identifiant, Some(avant), Some(apres))
                        .await?;
                    Ok(true)
                }
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits_and_nothing_is_none() {
        assert_eq!(numero_etudiant("  21000123 ").expect("read"), Some("21000123".into()));
        assert_eq!(numero_etudiant(" ").expect("read"), None);
        for faux in ["2100 0123", "210001234", "E2100012", "٢١", "-1"] {
            assert!(matches!(numero_etudiant(faux), Err(CompteFault::Numero)), "{faux}");
        }
    }
}
