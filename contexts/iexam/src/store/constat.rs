//! What a period holds, counted: a few statements, whatever its size.

use chrono::{DateTime, Duration, Utc};
use db::DbError;
use db::sea_orm::ConnectionTrait;
use db::sql::{count, select};
use kernel::heure_de_besancon;

use super::inconnu;
use super::periode_ecrite::derogation_list;
use crate::domain::avancement::Constat;
use crate::domain::inscription::EtatInscription;
use crate::domain::periode::Periode;

/// Counts what a period holds.
///
/// # Errors
/// Those of the database.
pub async fn constat_read<C: ConnectionTrait>(conn: &C, p: &Periode) -> Result<Constat, DbError> {
    let mut c = Constat::default();
    epreuves(conn, p, &mut c).await?;
    modalites(conn, p, &mut c).await?;
    inscriptions(conn, p, &mut c).await?;
    let sql = "SELECT COUNT(*) FROM iexam_accord a JOIN iexam_centre c ON c.id = a.centre
        WHERE a.periode = ? AND c.actif AND c.accord_requis AND a.etat IN ('a_demander', 'demande')";
    c.accords_attendus = count(conn, sql, [p.id.into()]).await?;
    c.derogations = derogation_list(conn, p.id).await?.into_iter().map(|d| d.echeance).collect();
    Ok(c)
}

async fn epreuves<C: ConnectionTrait>(conn: &C, p: &Periode, c: &mut Constat) -> Result<(), DbError> {
    let sql = "SELECT debut, duree_min, nature FROM iexam_epreuve WHERE periode = ? AND annulee_le IS NULL";
    for row in select(conn, sql, [p.id.into()]).await? {
        let debut: Option<DateTime<Utc>> = row.try_get_by_index(0)?;
        let duree: Option<i64> = row.try_get_by_index(1)?;
        let convoquee = row.try_get_by_index::<String>(2)? != "dossier";
        c.epreuves += 1;
        c.epreuves_sans_date += u64::from(convoquee && debut.is_none());
        c.epreuves_sans_duree += u64::from(convoquee && duree.is_none());
        if let Some(debut) = debut {
            let jour = heure_de_besancon(debut).date();
            c.epreuves_hors_dates += u64::from(jour < p.epreuves_debut || jour > p.epreuves_fin);
            let fin = debut + Duration::minutes(duree.unwrap_or(0));
            c.premiere = Some(c.premiere.map_or(debut, |i| i.min(debut)));
            c.derniere_fin = Some(c.derniere_fin.map_or(fin, |i| i.max(fin)));
        }
    }
    Ok(())
}

async fn modalites<C: ConnectionTrait>(conn: &C, p: &Periode, c: &mut Constat) -> Result<(), DbError> {
    let sql = "SELECT m.libelle,
            EXISTS (SELECT 1 FROM iexam_tarif t WHERE t.modalite = m.id AND t.valide_du <= ?),
            (m.lieu <> 'centre' OR EXISTS (SELECT 1 FROM iexam_modalite_centre mc JOIN iexam_centre ce ON ce.id = mc.centre
                LEFT JOIN iexam_accord a ON a.centre = ce.id AND a.periode = o.periode
                WHERE mc.modalite = m.id AND ce.actif AND (NOT ce.accord_requis OR a.id IS NOT NULL)
                  AND COALESCE(a.etat, '') <> 'refuse'))
        FROM iexam_offre o JOIN iexam_modalite m ON m.id = o.modalite
        WHERE o.periode = ? AND o.active AND m.active ORDER BY m.rang, m.id";
    for row in select(conn, sql, [p.epreuves_debut.into(), p.id.into()]).await? {
        let libelle: String = row.try_get_by_index(0)?;
        let (tarif, centre): (bool, bool) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        if !tarif {
            c.sans_tarif.push(libelle.clone());
        }
        if !centre {
            c.sans_centre.push(libelle.clone());
        }
        c.offertes.push(libelle);
    }
    Ok(())
}

async fn inscriptions<C: ConnectionTrait>(conn: &C, p: &Periode, c: &mut Constat) -> Result<(), DbError> {
    let sql = "SELECT i.etat, COUNT(*),
            COUNT(CASE WHEN i.validee_le IS NOT NULL THEN 1 END),
            COUNT(CASE WHEN i.etat = 'finalisee' AND i.sans_salle THEN 1 END),
            COUNT(CASE WHEN i.etat = 'finalisee' AND ce.accord_requis AND COALESCE(a.etat, '') <> 'accepte' THEN 1 END),
            COUNT(CASE WHEN i.demande_en_attente THEN 1 END),
            COUNT(CASE WHEN i.etat <> 'brouillon' AND i.solde_cents <> 0 THEN 1 END)
        FROM iexam_inscription i LEFT JOIN iexam_centre ce ON ce.id = i.centre
        LEFT JOIN iexam_accord a ON a.periode = i.periode AND a.centre = i.centre
        WHERE i.periode = ? GROUP BY i.etat";
    for row in select(conn, sql, [p.id.into()]).await? {
        let etat = EtatInscription::of_code(&row.try_get_by_index::<String>(0)?);
        let nombre = |i| row.try_get_by_index::<i64>(i).map(i64::unsigned_abs);
        c.inscriptions.insert(etat.ok_or_else(|| inconnu("iexam_inscription.etat"))?, nombre(1)?);
        c.validees_un_jour += nombre(2)?;
        c.finales_sans_salle += nombre(3)?;
        c.finales_sans_accord += nombre(4)?;
        c.demandes += nombre(5)?;
        c.soldes += nombre(6)?;
    }
    Ok(())
}
