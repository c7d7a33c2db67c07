//! The student's own writes: a registration taken, what was decided of each épreuve, what a confirmation leaves.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{execute, select};
use db::{DbError, insert_rows};
use kernel::{AnneeUniversitaire, Cents, CodeElement, NumeroEtudiant};

use super::inscription::{COLONNES, Inscription, LARGEUR, lire};
use super::{inconnu, marques};
use crate::domain::demande::Voulu;
use crate::domain::inscription::{Decision, EtatInscription};

/// What was decided of an épreuve, with what it is today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoixTenu {
    /// Row of the épreuve.
    pub epreuve: i64,
    /// What was decided.
    pub decision: Decision,
    /// Its label.
    pub libelle: String,
    /// It was cancelled.
    pub annulee: bool,
}

fn choix(row: &QueryResult, premier: usize) -> Result<Option<ChoixTenu>, DbError> {
    let Some(epreuve) = row.try_get_by_index::<Option<i64>>(premier)? else { return Ok(None) };
    let decision: String = row.try_get_by_index(premier + 1)?;
    let annulee: Option<DateTime<Utc>> = row.try_get_by_index(premier + 3)?;
    Ok(Some(ChoixTenu {
        epreuve,
        decision: Decision::of_code(&decision).ok_or_else(|| inconnu("iexam_choix.decision"))?,
        libelle: row.try_get_by_index(premier + 2)?,
        annulee: annulee.is_some(),
    }))
}

/// The registration of a student to a period, the name of the page that last wrote it, and what was decided: one query.
///
/// # Errors
/// Those of the database.
pub async fn brouillon_read<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    etudiant: &NumeroEtudiant,
) -> Result<Option<(Inscription, String, Vec<ChoixTenu>)>, DbError> {
    let sql = format!(
        "SELECT {COLONNES}, i.onglet, x.epreuve, x.decision, e.libelle, e.annulee_le FROM iexam_inscription i
         LEFT JOIN iexam_choix x ON x.inscription = i.id LEFT JOIN iexam_epreuve e ON e.id = x.epreuve
         WHERE i.periode = ? AND i.etudiant = ? ORDER BY x.epreuve"
    );
    let rows = select(conn, &sql, [periode.into(), etudiant.as_str().into()]).await?;
    let Some(premiere) = rows.first() else { return Ok(None) };
    let mut tenus = Vec::with_capacity(rows.len());
    for row in &rows {
        tenus.extend(choix(row, LARGEUR + 1)?);
    }
    Ok(Some((lire(premiere)?, premiere.try_get_by_index(LARGEUR)?, tenus)))
}

/// What was decided, with what each épreuve is today.
///
/// # Errors
/// Those of the database.
pub async fn choix_tenus<C: ConnectionTrait>(conn: &C, inscription: i64) -> Result<Vec<ChoixTenu>, DbError> {
    let sql = "SELECT x.epreuve, x.decision, e.libelle, e.annulee_le FROM iexam_choix x JOIN iexam_epreuve e ON e.id = x.epreuve
        WHERE x.inscription = ? ORDER BY x.epreuve";
    let mut tenus = Vec::new();
    for row in select(conn, sql, [inscription.into()]).await? {
        tenus.extend(choix(&row, 0)?);
    }
    Ok(tenus)
}

/// [`inscription_prendre`] for the registrations that these students have in a period. None is begun.
///
/// # Errors
/// Those of the database.
pub async fn inscriptions_prendre<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    etudiants: &[NumeroEtudiant],
) -> Result<BTreeMap<NumeroEtudiant, Inscription>, DbError> {
    let colonnes = COLONNES.replace("i.", "");
    let sql = format!(
        "UPDATE iexam_inscription SET revision = revision WHERE periode = ? AND etudiant IN ({}) RETURNING {colonnes}",
        marques(etudiants.len())
    );
    let valeurs = etudiants.iter().map(|e| Value::from(e.as_str()));
    let rows = select(conn, &sql, std::iter::once(periode.into()).chain(valeurs)).await?;
    rows.iter().map(|row| lire(row).map(|i| (i.etudiant.clone(), i))).collect()
}

/// What was decided in each of these registrations.
///
/// # Errors
/// Those of the database.
pub async fn choix_de<C: ConnectionTrait>(
    conn: &C,
    inscriptions: &[i64],
) -> Result<BTreeMap<i64, BTreeMap<i64, Decision>>, DbError> {
    let mut tenus: BTreeMap<i64, BTreeMap<i64, Decision>> = BTreeMap::new();
    if inscriptions.is_empty() {
        return Ok(tenus);
    }
    let sql = format!(
        "SELECT epreuve, decision, inscription FROM iexam_choix WHERE inscription IN ({})",
        marques(inscriptions.len())
    );
    for row in select(conn, &sql, inscriptions.iter().map(|id| Value::from(*id))).await? {
        let decision: String = row.try_get_by_index(1)?;
        let decision = Decision::of_code(&decision).ok_or_else(|| inconnu("iexam_choix.decision"))?;
        tenus.entry(row.try_get_by_index(2)?).or_default().insert(row.try_get_by_index(0)?, decision);
    }
    Ok(tenus)
}

/// The registration of a student, taken out of the hands of other writers and read in one statement; begun when there is none and
/// `commencer` says by whom.
///
/// # Errors
/// Those of the database.
pub async fn inscription_prendre<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    etudiant: &NumeroEtudiant,
    commencer: Option<DateTime<Utc>>,
) -> Result<Option<(Inscription, String)>, DbError> {
    let colonnes = COLONNES.replace("i.", "");
    let qui = [Value::from(periode), etudiant.as_str().into()];
    let sql = format!(
        "UPDATE iexam_inscription SET revision = revision WHERE periode = ? AND etudiant = ? RETURNING {colonnes}, onglet"
    );
    let mut rows = select(conn, &sql, qui.clone()).await?;
    if let Some(quand) = commencer.filter(|_| rows.is_empty()) {
        // Two pages may begin at once: the second finds what the first began.
        let sql = format!(
            "INSERT INTO iexam_inscription (periode, etudiant, nom, etat, creee_le, modifiee_le) VALUES (?, ?, '', ?, ?, ?)
             ON CONFLICT (periode, etudiant) DO UPDATE SET revision = iexam_inscription.revision RETURNING {colonnes}, onglet"
        );
        let suite = [EtatInscription::Brouillon.code().into(), quand.into(), quand.into()];
        rows = select(conn, &sql, qui.into_iter().chain(suite)).await?;
    }
    rows.first().map(|row| Ok((lire(row)?, row.try_get_by_index(LARGEUR)?))).transpose()
}

/// Who a registration belongs to, as of the last change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identite {
    /// « Prénom Nom ».
    pub nom: String,
    /// « Nom Prénom ».
    pub classe: String,
    /// Where one writes; may be empty.
    pub courriel: String,
    /// Labels of their étapes, with commas.
    pub etapes: String,
}

/// What a draft becomes.
#[derive(Clone, Debug)]
pub struct Brouillon<'a> {
    /// Registration.
    pub id: i64,
    /// State: a cancelled one begins again as a draft.
    pub etat: EtatInscription,
    /// Who.
    pub identite: &'a Identite,
    /// What is chosen.
    pub voulu: &'a Voulu,
    /// The page that writes.
    pub onglet: &'a str,
    /// The instant.
    pub quand: DateTime<Utc>,
}

fn comptes(voulu: &Voulu) -> (i64, i64) {
    let combien = |d: Decision| i64::try_from(voulu.choix.values().filter(|c| **c == d).count()).unwrap_or(0);
    (combien(Decision::Passe), combien(Decision::Report))
}

fn recherche(identite: &Identite, etudiant: &NumeroEtudiant) -> String {
    kernel::fold(&format!("{} {etudiant} {}", identite.nom, identite.courriel))
}

/// Writes a draft, its choices included; its revision grows.
///
/// # Errors
/// Those of the database.
pub async fn brouillon_write<C: ConnectionTrait>(
    conn: &C,
    etudiant: &NumeroEtudiant,
    b: &Brouillon<'_>,
) -> Result<(), DbError> {
    let sql = "UPDATE iexam_inscription SET etat = ?, nom = ?, nom_classe = ?, classement = ?, courriel = ?, etapes = ?, modalite = ?, centre = ?, onglet = ?,
        passees = ?, reportees = ?, recherche = ?, modifiee_le = ?, revision = revision + 1 WHERE id = ?";
    let (passees, reportees) = comptes(b.voulu);
    let valeurs: [Value; 14] = [
        b.etat.code().into(),
        b.identite.nom.as_str().into(),
        b.identite.classe.as_str().into(),
        kernel::fold(&b.identite.classe).into(),
        b.identite.courriel.as_str().into(),
        b.identite.etapes.as_str().into(),
        b.voulu.modalite.into(),
        b.voulu.centre.into(),
        b.onglet.into(),
        passees.into(),
        reportees.into(),
        recherche(b.identite, etudiant).into(),
        b.quand.into(),
        b.id.into(),
    ];
    execute(conn, sql, valeurs).await?;
    choix_write(conn, b.id, &b.voulu.choix).await
}

/// Replaces what was decided.
///
/// # Errors
/// Those of the database.
pub async fn choix_write<C: ConnectionTrait>(
    conn: &C,
    inscription: i64,
    choix: &BTreeMap<i64, Decision>,
) -> Result<(), DbError> {
    execute(conn, "DELETE FROM iexam_choix WHERE inscription = ?", [inscription.into()]).await?;
    let rows = choix.iter().map(|(epreuve, d)| vec![inscription.into(), (*epreuve).into(), d.code().into()]);
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        insert_rows(conn, "iexam_choix", &["inscription", "epreuve", "decision"], rows).await?;
    }
    Ok(())
}

/// What a confirmation leaves in the row.
#[derive(Clone, Debug)]
pub struct Confirmee<'a> {
    /// Registration.
    pub id: i64,
    /// COD_ETU.
    pub etudiant: &'a NumeroEtudiant,
    /// Who.
    pub identite: &'a Identite,
    /// What is chosen.
    pub voulu: &'a Voulu,
    /// Number of the receipt.
    pub recu: &'a str,
    /// What is due.
    pub du: Cents,
    /// Most extra minutes per hour.
    pub majoration: i64,
    /// The instant.
    pub quand: DateTime<Utc>,
}

/// Puts registrations in « validée », each with the place it holds and what it owes; their revisions grow.
///
/// # Errors
/// Those of the database.
pub async fn confirmees_write<C: ConnectionTrait>(
    conn: &C,
    confirmees: &[Confirmee<'_>],
) -> Result<(), DbError> {
    /// What one row gives: as many values as the statement names `v.columnN`, the name that both engines give to the columns of VALUES.
    const VALEURS: usize = 15;
    for tranche in confirmees.chunks(100) {
        let ligne = format!("({})", marques(VALEURS));
        let sql = format!(
            "UPDATE iexam_inscription SET etat = 'validee', motif = '', tient_place = ?, nom = v.column2, courriel = v.column3,
                etapes = v.column4, modalite = v.column5, centre = v.column6, recu = v.column7, du_cents = v.column8,
                solde_cents = v.column8, passees = v.column9, reportees = v.column10, majoration = v.column11,
                recherche = v.column12, nom_classe = v.column14, classement = v.column15, validee_le = v.column13, modifiee_le = v.column13, revision = revision + 1
             FROM (VALUES {}) AS v WHERE iexam_inscription.id = v.column1",
            vec![ligne; tranche.len()].join(", ")
        );
        let valeurs = tranche.iter().flat_map(|c| -> [Value; VALEURS] {
            let (passees, reportees) = comptes(c.voulu);
            [
                c.id.into(),
                c.identite.nom.as_str().into(),
                c.identite.courriel.as_str().into(),
                c.identite.etapes.as_str().into(),
                c.voulu.modalite.into(),
                c.voulu.centre.into(),
                c.recu.into(),
                c.du.0.into(),
                passees.into(),
                reportees.into(),
                c.majoration.into(),
                recherche(c.identite, c.etudiant).into(),
                c.quand.into(),
                c.identite.classe.as_str().into(),
                kernel::fold(&c.identite.classe).into(),
            ]
        });
        execute(conn, &sql, std::iter::once(true.into()).chain(valeurs)).await?;
    }
    Ok(())
}

/// The elements that a student deferred in the first session of a year, each with the period it was deferred from.
///
/// # Errors
/// Those of the database.
pub async fn reportes_de<C: ConnectionTrait>(
    conn: &C,
    annee: AnneeUniversitaire,
    etudiant: &NumeroEtudiant,
) -> Result<BTreeMap<CodeElement, String>, DbError> {
    let sql = "SELECT e.element, p.code FROM iexam_inscription i JOIN iexam_periode p ON p.id = i.periode
        JOIN iexam_choix x ON x.inscription = i.id JOIN iexam_epreuve e ON e.id = x.epreuve
        WHERE i.etudiant = ? AND p.annee = ? AND p.session < 2 AND x.decision = 'report'
          AND i.etat NOT IN ('brouillon', 'annulee') ORDER BY p.code";
    let mut reportes = BTreeMap::new();
    for row in select(conn, sql, [etudiant.as_str().into(), i64::from(annee.premiere()).into()]).await? {
        reportes.insert(CodeElement(row.try_get_by_index(0)?), row.try_get_by_index(1)?);
    }
    Ok(reportes)
}
