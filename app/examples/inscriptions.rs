//! Fills an installation with registrations for `make bench`: a period, 60 épreuves, so many registrations in every state, five choices and
//! three rows of the ledger each.
//!
//! ```text
//! inscriptions URL_OF_THE_DATABASE 20000
//! ```
//!
//! Prints the period: `2024-P1`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks on its terminal")]

use std::process::ExitCode;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use db::sea_orm::Value;
use db::sql::{execute, returning_id};
use db::{Db, DbError, Options, Tx, insert_rows};

const ETATS: [&str; 10] = [
    "validee",
    "validee",
    "a_corriger",
    "verifiee",
    "verifiee",
    "payee",
    "finalisee",
    "finalisee",
    "brouillon",
    "annulee",
];
const NOMS: [&str; 8] =
    ["N’Guyen-Đặng", "D’Épinay", "Łukasz", "Martin", "Bernard", "de la Tour", "O", "Fernandes-Carvalho"];
const ETAPES: [&str; 6] =
    ["L1 Droit", "L2 Droit", "L3 Histoire", "M1 Sciences de l’éducation", "DAEU A", "L1 Psychologie"];
const EPREUVES: i64 = 60;

async fn remplir(tx: &Tx, nombre: i64) -> Result<(), DbError> {
    let conn = &**tx;
    let jour = |a, m, j| NaiveDate::from_ymd_opt(a, m, j).unwrap_or_default();
    let quand = jour(2024, 12, 2).and_hms_opt(9, 0, 0).unwrap_or_default().and_utc();
    let heures = |n: i64| quand + Duration::hours(n);
    let sql = "INSERT INTO iexam_periode (annee, code, libelle, session, etat, enseignement_debut, modalites_publiees_le,
        inscriptions_debut, inscriptions_fin, verification_fin, convocations_le, epreuves_debut, epreuves_fin, fermeture_le)
        VALUES (2024, 'P1', 'Première période', 1, 'verification', ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
    let dates: [Value; 9] = [
        jour(2024, 9, 16).into(),
        heures(-1_500).into(),
        heures(-720).into(),
        heures(-24).into(),
        jour(2024, 12, 18).into(),
        jour(2024, 12, 20).into(),
        jour(2025, 1, 8).into(),
        jour(2025, 1, 18).into(),
        jour(2025, 2, 1).into(),
    ];
    let periode = returning_id(conn, sql, dates).await?;
    let (modalites, centres) = lieux(conn, periode).await?;
    let salle = returning_id(
        conn,
        "INSERT INTO iexam_salle (centre, nom, capacite, active) VALUES (?, 'Amphi', 400, TRUE) RETURNING id",
        [centres.first().copied().unwrap_or_default().into()],
    )
    .await?;
    let mut epreuves = Vec::new();
    for n in 0..EPREUVES {
        let sql = "INSERT INTO iexam_epreuve (periode, element, libelle, nature, debut, duree_min) VALUES (?, ?, ?, 'ecrit', ?, 120) RETURNING id";
        let debut =
            jour(2025, 1, 8).and_hms_opt(8, 0, 0).unwrap_or_default().and_utc() + Duration::hours(3 * n);
        let valeurs: [Value; 4] =
            [periode.into(), format!("ELP{n:03}").into(), format!("Élément {n}").into(), debut.into()];
        let id = returning_id(conn, sql, valeurs).await?;
        execute(
            conn,
            "INSERT INTO iexam_epreuve_salle (epreuve, salle) VALUES (?, ?)",
            [id.into(), salle.into()],
        )
        .await?;
        epreuves.push(id);
    }
    inscriptions(conn, (periode, nombre), (&modalites, &centres), heures).await?;
    let premiere =
        db::sql::count(conn, "SELECT MIN(id) FROM iexam_inscription WHERE periode = ?", [periode.into()])
            .await?;
    let rangs = premiere.cast_signed()..premiere.cast_signed() + nombre;
    let choix = rangs.clone().flat_map(|id| {
        let epreuve = move |k: i64| usize::try_from((id * 7 + k * 11) % EPREUVES).unwrap_or(0);
        (0..5).map(move |k| (id, epreuve(k), if k == 4 { "report" } else { "passe" }))
    });
    let rows = choix.map(|(id, n, decision)| {
        vec![Value::from(id), epreuves.get(n).copied().unwrap_or_default().into(), decision.into()]
    });
    insert_rows(conn, "iexam_choix", &["inscription", "epreuve", "decision"], rows.collect::<Vec<_>>())
        .await?;
    let colonnes = [
        "inscription",
        "nature",
        "moyen",
        "montant_cents",
        "libelle",
        "poste",
        "jour",
        "ecrite_le",
        "ecrite_par",
    ];
    let rows = rangs.flat_map(|id| {
        let jour = jour(2024, 11, 4) + Duration::days(id % 28);
        let ecriture = move |nature: &str, moyen: Option<&str>, cents: i64, poste: Option<&str>| {
            vec![
                Value::from(id),
                nature.into(),
                moyen.into(),
                cents.into(),
                "Écriture".into(),
                poste.into(),
                jour.into(),
                quand.into(),
                "mesure".into(),
            ]
        };
        [
            ecriture("du", None, 3_000, Some("fixe")),
            ecriture("du", None, 9_600, Some("epreuves")),
            ecriture("paiement", Some("cheque"), -3_000, None),
        ]
    });
    insert_rows(conn, "iexam_ecriture", &colonnes, rows.collect::<Vec<_>>()).await?;
    Ok(())
}

async fn lieux(
    conn: &impl db::sea_orm::ConnectionTrait,
    periode: i64,
) -> Result<(Vec<i64>, Vec<i64>), DbError> {
    let mut modalites = Vec::new();
    for (code, lieu) in [("mesure_centre", "centre"), ("mesure_domicile", "domicile")] {
        let sql = "INSERT INTO iexam_modalite (code, libelle, lieu, surveillee, rang, active) VALUES (?, ?, ?, TRUE, 9, TRUE) RETURNING id";
        let id = returning_id(conn, sql, [code.into(), code.into(), lieu.into()]).await?;
        execute(
            conn,
            "INSERT INTO iexam_offre (periode, modalite, active) VALUES (?, ?, TRUE)",
            [periode.into(), id.into()],
        )
        .await?;
        modalites.push(id);
    }
    let mut centres = Vec::new();
    for n in 0..40_i64 {
        let sql = "INSERT INTO iexam_centre (code, nom, ville, pays, fuseau, accord_requis, actif, recherche)
            VALUES (?, ?, 'Ville', 'Pays', 'Europe/Paris', TRUE, TRUE, '') RETURNING id";
        let code = format!("mesure{n}");
        let id = returning_id(conn, sql, [code.as_str().into(), format!("Centre {n}").into()]).await?;
        let etat = if n % 3 == 0 { "demande" } else { "accepte" };
        execute(
            conn,
            "INSERT INTO iexam_accord (periode, centre, etat) VALUES (?, ?, ?)",
            [periode.into(), id.into(), etat.into()],
        )
        .await?;
        centres.push(id);
    }
    Ok((modalites, centres))
}

async fn inscriptions(
    conn: &impl db::sea_orm::ConnectionTrait,
    (periode, nombre): (i64, i64),
    (modalites, centres): (&[i64], &[i64]),
    heures: impl Fn(i64) -> DateTime<Utc>,
) -> Result<(), DbError> {
    let colonnes = [
        "periode",
        "etudiant",
        "nom",
        "etapes",
        "etat",
        "modalite",
        "centre",
        "du_cents",
        "solde_cents",
        "passees",
        "reportees",
        "majoration",
        "sans_salle",
        "demande_en_attente",
        "tient_place",
        "creee_le",
        "modifiee_le",
        "validee_le",
        "recherche",
        "nom_classe",
        "classement",
    ];
    // A cycle prime to the number of states: each state has every name, étape and centre.
    let un_de = |liste: &[&'static str], n: i64| {
        let longueur = i64::try_from(liste.len()).unwrap_or(1);
        liste.get(usize::try_from(n % longueur).unwrap_or(0)).copied().unwrap_or_default()
    };
    let rows = (0..nombre).map(|n| {
        let etat = un_de(&ETATS, n);
        let (prenom, nom) = (format!("Prénom{}", n / 7 % 400), un_de(&NOMS, n / 3));
        let (nom, classe) = (format!("{prenom} {nom}"), format!("{nom} {prenom}"));
        let etudiant = format!("{}", 24_000_000 + n);
        let dehors = n % 5 == 0;
        let centre = dehors.then(|| centres.get(usize::try_from(n / 5 % 40).unwrap_or(0)).copied()).flatten();
        let modalite = modalites.get(usize::from(!dehors)).copied();
        let recherche = kernel::fold(&format!("{etudiant} {nom}"));
        vec![
            periode.into(),
            etudiant.into(),
            nom.into(),
            un_de(&ETAPES, n / 11).into(),
            etat.into(),
            modalite.into(),
            centre.into(),
            12_600_i64.into(),
            (if matches!(etat, "payee" | "finalisee") { 0_i64 } else { 9_600 }).into(),
            4_i64.into(),
            1_i64.into(),
            (if n % 23 == 0 { 20_i64 } else { 0 }).into(),
            (n % 31 == 0).into(),
            (n % 41 == 0).into(),
            (!matches!(etat, "brouillon" | "annulee")).into(),
            heures(-n % 600).into(),
            heures(-n % 600).into(),
            (etat != "brouillon").then(|| heures(-n % 500)).into(),
            recherche.into(),
            classe.as_str().into(),
            kernel::fold(&classe).into(),
        ]
    });
    insert_rows(conn, "iexam_inscription", &colonnes, rows.collect::<Vec<_>>()).await?;
    Ok(())
}

async fn faire(url: &str, nombre: i64) -> Result<(), DbError> {
    let db = Db::open(&Options::new(url)).await?;
    db.write(|tx: Tx| async move { remplir(&tx, nombre).await }).await?;
    db.settle().await?;
    db.close().await;
    println!("2024-P1");
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(url), Some(nombre)) = (args.next(), args.next().and_then(|n| n.parse().ok())) else {
        eprintln!("inscriptions URL NOMBRE");
        return ExitCode::FAILURE;
    };
    match faire(&url, nombre).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("{err}");
            ExitCode::FAILURE
        }
    }
}
