//! The commands about accounts, on a base and nothing else: no Apogée, no settings file.
#![expect(clippy::expect_used, reason = "a test says what is wrong by failing")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs `telemaque compte …` and gives whether it ended well, and all it said.
fn compte(data: &Path, args: &[&str], stdin: &str) -> (bool, String) {
    run(data, &[&["compte"], args].concat(), stdin)
}

fn run(data: &Path, args: &[&str], stdin: &str) -> (bool, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_telemaque"))
        .args(args)
        .arg("--data")
        .arg(data)
        .env_remove("DATABASE_URL")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("command");
    // A command that refuses before reading closes its end: what it says is what is looked at.
    let _ = child.stdin.take().expect("stdin").write_all(stdin.as_bytes());
    let output = child.wait_with_output().expect("end");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).expect("UTF-8"))
}

#[test]
fn accounts_are_kept_from_the_command_line_before_anything_else_is_configured() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path();
    assert!(run(data, &["migrer"], "").0);
    let ok = |args: &[&str], stdin: &str| {
        let (done, said) = compte(data, args, stdin);
        assert!(done, "{args:?}: {said}");
        said
    };
    let refused = |args: &[&str], stdin: &str| {
        let (done, said) = compte(data, args, stdin);
        assert!(!done, "{args:?}: {said}");
        said
    };

    assert!(ok(&["lister"], "").contains("Aucun compte"));
    ok(&["creer", "Admin", "--role", "informatique", "--mot-de-passe-stdin"], "quatre chevaux bruns\n");
    assert!(refused(&["creer", "admin", "--role", "direction", "--provisoire"], "").contains("déjà pris"));
    assert!(refused(&["creer", "b", "--role", "direction", "--provisoire"], "").contains("de 2 à 64"));
    assert!(
        refused(&["creer", "bref", "--role", "direction", "--mot-de-passe-stdin"], "court\n").contains("12")
    );
    assert!(
        refused(&["creer", "cc", "--role", "direction"], "").contains("--provisoire"),
        "no terminal here"
    );
    let said = ok(&["creer", "claire", "--role", "scolarite", "--nom", "Claire Dupont", "--provisoire"], "");
    assert!(said.contains("Mot de passe provisoire : "), "{said}");
    assert!(ok(&["creer", "paul", "--role", "direction", "--cas"], "").contains("par le CAS"));
    assert!(
        refused(&["creer", "x2", "--role", "direction", "--cas", "--mot-de-passe-stdin"], "")
            .contains("--cas")
    );

    let listed = ok(&["lister"], "");
    for part in ["admin", "Claire Dupont  (mot de passe provisoire)", "paul  (CAS seulement)"] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    assert_eq!(ok(&["lister", "--role", "direction", "--json"], "").lines().count(), 1);

    assert!(refused(&["mot-de-passe", "paul", "--provisoire"], "").contains("CAS seulement"));
    let said = ok(&["modifier", "paul", "--connexion", "tous", "--nom", "Paul Martin"], "");
    assert!(said.contains("n'a pas de mot de passe"), "{said}");
    assert!(
        ok(&["mot-de-passe", "paul", "--mot-de-passe-stdin"], "une phrase assez longue\n")
            .contains("est changé")
    );
    assert!(refused(&["modifier", "paul"], "").contains("Rien à modifier"));
    assert!(refused(&["modifier", "paul", "--connexion", "magie"], "").contains("magie"));

    assert!(refused(&["desactiver", "admin"], "").contains("dernier compte actif du service informatique"));
    assert!(refused(&["modifier", "admin", "--role", "direction"], "").contains("dernier compte"));
    ok(&["desactiver", "claire"], "");
    assert!(ok(&["lister"], "").contains("désactivé"));
    ok(&["activer", "claire"], "");
    assert!(ok(&["debloquer", "claire"], "").contains("n'était pas bloqué"));
    assert!(ok(&["sessions", "claire"], "").contains("n'a pas de session"));
    assert!(ok(&["sessions", "claire", "--fermer"], "").contains("n'avait pas de session"));
    for verb in ["activer", "desactiver", "debloquer", "sessions"] {
        assert!(refused(&[verb, "personne"], "").contains("pas de compte «\u{a0}personne\u{a0}»"), "{verb}");
    }
}

#[test]
fn the_number_of_a_student_is_given_moved_and_refused_from_the_command_line() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path();
    assert!(run(data, &["migrer"], "").0);
    let creer = |qui: &str, role: &str, numero: &str| {
        compte(data, &["creer", qui, "--role", role, "--provisoire", "--etudiant", numero], "")
    };
    assert!(creer("anne", "etudiant", "21000123").0);
    let (done, said) = creer("paul", "etudiant", "21000123");
    assert!(!done && said.contains("anne"), "{said}");
    let (done, said) = creer("chef", "direction", "21000124");
    assert!(!done && said.contains("Seul un compte d’étudiant"), "{said}");
    let (done, said) = creer("paul", "etudiant", "E21");
    assert!(!done && said.contains("huit au plus"), "{said}");
    assert!(creer("paul", "etudiant", "21000124").0);
    let modifier = |args: &[&str]| compte(data, &[&["modifier"], args].concat(), "");
    assert!(!modifier(&["paul", "--etudiant", "21000123"]).0);
    assert!(modifier(&["anne", "--etudiant", ""]).0, "taken away");
    assert!(modifier(&["paul", "--etudiant", "21000123"]).0, "and given to another");
    assert!(modifier(&["paul", "--role", "direction"]).0, "who is no longer a student has none");
    let (_, said) = compte(data, &["lister", "--json"], "");
    assert!(!said.contains("21000123"), "{said}");
    assert!(modifier(&["anne", "--etudiant", "21000123"]).0);
    let (_, said) = compte(data, &["lister", "--json", "--role", "etudiant"], "");
    assert!(said.contains("\"etudiant\":\"21000123\""), "{said}");
}
