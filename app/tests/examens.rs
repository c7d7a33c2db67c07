//! What the command line says and does of exams: `telemaque periode …`, and what `telemaque doctor` says of the ledger.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what is wrong by failing")]

use std::path::Path;
use std::process::{Command, Output, Stdio};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use db::sea_orm::Value as Valeur;
use db::sql::execute;
use db::{Db, DbError, Options};
use kernel::{Clock as _, SystemClock};
use serde_json::Value;

fn output(args: &[&str], data: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_telemaque"));
    command.args(args).arg("--data").arg(data).env_remove("DATABASE_URL").stdin(Stdio::null());
    command.output().unwrap()
}

fn stdout(args: &[&str], data: &Path) -> String {
    let output = output(args, data);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(args: &[&str], data: &Path) -> Value {
    let dit = stdout(args, data);
    serde_json::from_str(dit.trim()).unwrap_or_else(|err| panic!("{err}: {dit}"))
}

/// The sentence of a refusal: one line on the error output, nothing on the other, code 1.
fn refus(args: &[&str], data: &Path) -> String {
    let output = output(args, data);
    let dit = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{args:?}: {dit}");
    assert_eq!(dit.lines().count(), 1, "{dit}");
    dit
}

async fn base(data: &Path) -> Db {
    let url = format!("sqlite:{}", data.join("telemaque.db").display());
    Db::open(&Options::new(&url)).await.unwrap()
}

async fn executer(db: &Db, sql: &'static str, valeurs: Vec<Valeur>) {
    let valeurs = &valeurs;
    let faire = |tx: db::Tx| async move { execute(&*tx, sql, valeurs.clone()).await.map(|_| ()) };
    db.write::<_, DbError, _, _>(faire).await.unwrap();
}

/// A period of this year that only lacks an épreuve for its registrations to open.
async fn periode(db: &Db, annee: i64) {
    let maintenant: DateTime<Utc> = SystemClock.now();
    let jour = |n: i64| -> NaiveDate { (maintenant + Duration::days(n)).date_naive() };
    executer(
        db,
        "INSERT INTO iexam_periode (annee, code, libelle, session, etat, enseignement_debut, modalites_publiees_le, inscriptions_debut,
            inscriptions_fin, verification_fin, convocations_le, epreuves_debut, epreuves_fin, fermeture_le)
         VALUES (?, 'P1', 'Première période d’examens', 1, 'preparation', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        vec![
            annee.into(),
            jour(-20).into(),
            (maintenant - Duration::days(10)).into(),
            (maintenant - Duration::days(2)).into(),
            (maintenant + Duration::days(14)).into(),
            jour(18).into(),
            jour(20).into(),
            jour(45).into(),
            jour(55).into(),
            jour(80).into(),
        ],
    )
    .await;
    executer(
        db,
        "INSERT INTO iexam_modalite (code, libelle, lieu, surveillee, rang, active) VALUES ('tele', 'Télé-examen', 'domicile', TRUE, 1, TRUE)",
        vec![],
    )
    .await;
    executer(
        db,
        "INSERT INTO iexam_tarif (modalite, valide_du, fixe_cents, horaire_cents) VALUES (1, ?, 3000, 1000)",
        vec![jour(-400).into()],
    )
    .await;
    executer(db, "INSERT INTO iexam_offre (periode, modalite, active) VALUES (1, 1, TRUE)", vec![]).await;
}

#[tokio::test]
async fn periods_are_listed_shown_opened_and_moved_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    stdout(&["migrer"], data);
    assert_eq!(
        stdout(&["periode", "lister"], data).trim(),
        "Aucune période. Ouvrez la première depuis la page « Périodes »."
    );
    assert_eq!(stdout(&["periode", "lister", "--json"], data), "");
    let absente = refus(&["periode", "montrer", "2026", "p1"], data);
    assert!(
        absente.contains("La période P1 2026/2027 n'existe pas") && absente.contains("periode lister"),
        "{absente}"
    );

    let db = base(data).await;
    periode(&db, 2026).await;
    let montree = stdout(&["periode", "montrer", "2026", "p1"], data);
    assert!(montree.starts_with("P1 2026/2027 : Première période d’examens (En préparation)"), "{montree}");
    assert!(montree.contains("[à régler] Aucune épreuve n’existe encore"), "{montree}");
    let bloquee = refus(&["periode", "avancer", "2026", "P1"], data);
    assert!(
        bloquee.contains("Aucune épreuve n’existe encore") && bloquee.contains("Rien n’a été écrit"),
        "{bloquee}"
    );

    executer(
        &db,
        "INSERT INTO iexam_epreuve (periode, element, libelle, nature, duree_min) VALUES (1, 'DROI1', 'Droit', 'ecrit', 120)",
        vec![],
    )
    .await;
    assert_eq!(
        stdout(&["periode", "avancer", "2026", "P1"], data).trim(),
        "P1 2026/2027 : En préparation → Inscriptions ouvertes."
    );
    let presque = refus(&["periode", "avancer", "2026", "P1", "--json"], data);
    assert!(presque.contains("annoncées jusqu’au") && presque.contains("--confirmer"), "{presque}");
    let avancee = json(&["periode", "avancer", "2026", "P1", "--confirmer", "--json"], data);
    assert_eq!(
        (avancee["etat_avant"].as_str(), avancee["etat"].as_str()),
        (Some("inscriptions"), Some("verification"))
    );
    assert!(
        stdout(&["periode", "reculer", "2026", "p1"], data).contains("Vérification → Inscriptions ouvertes")
    );

    let montree = json(&["periode", "montrer", "2026", "P1", "--json"], data);
    assert_eq!((montree["epreuves"].as_u64(), montree["suivant"].as_str()), (Some(1), Some("verification")));
    assert_eq!(montree["modalites"][0], "Télé-examen");
    assert_eq!(montree["avant_la_suite"][0]["poids"], "confirme");
    assert!(montree["horloge"].as_array().is_some_and(|h| h.len() == 2), "{montree}");

    let sans = refus(&["periode", "ouvrir", "2026", "P2"], data);
    assert!(
        sans.contains("P2 2025/2026") && sans.contains("--depuis"),
        "the period of the same code, the year before: {sans}"
    );
    let mal = refus(&["periode", "ouvrir", "2026", "P2", "--depuis", "P1"], data);
    assert!(mal.contains("« P1 » ne nomme pas une période") && mal.contains("2025/P1"), "{mal}");
    let ouverte = stdout(&["periode", "ouvrir", "2027", "P1", "--epreuves"], data);
    assert!(
        ouverte.contains("La période P1 2027/2028 est ouverte, en préparation, à partir de P1 2026/2027"),
        "{ouverte}"
    );
    let deja = refus(&["periode", "ouvrir", "2027", "P1"], data);
    assert!(deja.contains("P1"), "{deja}");
    let autre = json(&["periode", "ouvrir", "2027", "P2", "--depuis", "2026/p1", "--json"], data);
    assert_eq!(
        (autre["etat"].as_str(), autre["copiee_de"].as_str()),
        (Some("preparation"), Some("P1 2026/2027"))
    );
    assert_eq!((autre["modalites"].as_u64(), autre["epreuves"].as_u64()), (Some(1), Some(0)));

    let listees = stdout(&["periode", "lister", "--json"], data);
    let listees: Vec<Value> = listees.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let noms: Vec<_> = listees.iter().map(|p| format!("{} {}", p["annee"], p["code"])).collect();
    assert_eq!(noms, ["2027 \"P1\"", "2027 \"P2\"", "2026 \"P1\""]);
    db.close().await;
}

#[test]
fn a_mistyped_period_is_told_in_french() {
    let folder = tempfile::tempdir().unwrap();
    for (args, mot) in [
        (&["periode"][..], "Il manque une commande"),
        (&["periode", "montrer", "2026"], "Il manque"),
        (&["periode", "montrer", "vingt", "P1"], "vingt"),
        (&["periode", "fermer", "2026", "P1"], "« fermer » n'est pas une commande"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_telemaque"));
        let output = command.args(args).current_dir(folder.path()).stdin(Stdio::null()).output().unwrap();
        let dit = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {dit}");
        assert!(dit.contains(mot) && dit.trim().lines().count() == 1, "{args:?}: {dit}");
    }
}

#[tokio::test]
async fn doctor_says_which_closed_day_was_touched_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    stdout(&["migrer"], data);
    let caisse = || {
        let dit = String::from_utf8(output(&["doctor"], data).stdout).unwrap();
        let lignes: Vec<_> = dit.lines().filter(|l| l.contains("caisse")).map(str::to_owned).collect();
        (lignes, dit)
    };
    assert_eq!(caisse().0, ["✓ caisse : aucune journée close"]);

    // Two days closed by the verb of the page, on rows put in the table.
    let db = base(data).await;
    periode(&db, 2024).await;
    let quand: DateTime<Utc> = "2024-12-03T10:00:00Z".parse().unwrap();
    executer(
        &db,
        "INSERT INTO iexam_inscription (periode, etudiant, nom, etat, creee_le, modifiee_le) VALUES (1, '22000001', 'N', 'verifiee', ?, ?)",
        vec![quand.into(), quand.into()],
    )
    .await;
    let iexam = iexam(&db);
    for jour in [2, 3] {
        let jour = NaiveDate::from_ymd_opt(2024, 12, jour).unwrap();
        executer(
            &db,
            "INSERT INTO iexam_ecriture (inscription, nature, moyen, montant_cents, libelle, jour, ecrite_le, ecrite_par)
             VALUES (1, 'paiement', 'cheque', -6000, 'Chèque', ?, ?, 'anne')",
            vec![jour.into(), quand.into()],
        )
        .await;
        iexam::actions::clore::clore(&iexam, jour, None, &kernel::Actor::Commande).await.unwrap();
    }
    assert_eq!(
        caisse().0,
        ["✓ caisse : 2 journées closes, inchangées (la dernière est celle du mardi 3 décembre 2024)"]
    );

    executer(&db, "UPDATE iexam_ecriture SET montant_cents = -5000 WHERE id = 1", vec![]).await;
    db.close().await;
    let (lignes, dit) = caisse();
    assert_eq!(
        lignes,
        ["✗ caisse : Les totaux de la journée du lundi 2 décembre 2024 ne sont plus ceux de sa clôture."]
    );
    assert!(dit.contains("arrêtez les clôtures") && dit.contains("l'agent comptable"), "{dit}");
}

/// What the verbs of exams are given, without an offer: the ledger asks nothing of it.
fn iexam(db: &Db) -> iexam::Iexam {
    iexam::Iexam {
        db: db.clone(),
        clock: std::sync::Arc::new(SystemClock),
        offre: std::sync::Arc::new(maquette::actions::offrir::OffreMaquette::new(db)),
        paybox: None,
        publique: "https://telemaque.exemple.fr".into(),
        etablissement: iexam::Etablissement::default(),
    }
}
