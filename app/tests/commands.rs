//! The commands, as one types them: a whole demonstration on its own folder and port.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

fn telemaque(args: &[&str], data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_telemaque"));
    // DATABASE_URL of whoever runs the tests is not theirs to share.
    command.args(args).arg("--data").arg(data).env_remove("DATABASE_URL").stdin(Stdio::null());
    command
}

fn output(args: &[&str], data: &Path) -> Output {
    telemaque(args, data).output().expect("command")
}

fn stdout(args: &[&str], data: &Path) -> String {
    let output = output(args, data);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A running demonstration; dropped, it is killed.
struct Demo {
    child: Child,
    said: Value,
}

impl Demo {
    fn start(data: &Path, options: &[&str]) -> Self {
        let mut command = telemaque(&["demo", "--port", "0", "--json"], data);
        let mut child = command.args(options).stdout(Stdio::piped()).spawn().expect("demo");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("a line");
        let said = serde_json::from_str(&line).unwrap_or_else(|err| panic!("{err}: {line}"));
        Self { child, said }
    }

    fn get(&self, path: &str) -> (u16, String) {
        let address =
            self.said["adresse"].as_str().expect("adresse").trim_start_matches("http://").to_owned();
        let mut stream = TcpStream::connect(&address).expect("connection");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
            .expect("request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answer");
        let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("status");
        (status, answer.split("\r\n\r\n").nth(1).unwrap_or_default().to_owned())
    }

    fn signal(mut self, name: &str) -> Option<i32> {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
        self.child.wait().expect("end").code()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Already ended when the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_demonstration_starts_collects_serves_stops_and_comes_back() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path();
    let demo = Demo::start(data, &["--etudiants", "30", "--seed", "7"]);
    let (status, sante) = demo.get("/sante");
    let sante: Value = serde_json::from_str(&sante).unwrap_or_else(|err| panic!("{err}: {sante}"));
    assert_eq!(
        (status, sante["etat"].as_str(), sante["base"]["moteur"].as_str()),
        (200, Some("pret"), Some("sqlite"))
    );
    assert_eq!(sante["sources"].as_array().map(Vec::len), Some(4));
    // One account a role, and nine more students of different sorts.
    assert_eq!(demo.said["comptes"].as_array().map(Vec::len), Some(15));

    let liens = stdout(&["liens", "--json"], data);
    let liens: Vec<Value> = liens.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(liens.len() > 30 && liens.iter().all(|lien| lien["etat"] == "repond"), "{liens:#?}");

    let report: Value =
        serde_json::from_str(&stdout(&["collecte", "tout", "--json"], data)).expect("one object");
    for figure in ["ajoutes", "modifies", "fermes", "rouverts"] {
        assert_eq!(report[figure], 0, "a second collection writes nothing: {report:#}");
    }
    assert!(
        report["inchanges"].as_u64() > Some(1000) && report["lus"]["elements"].as_u64() > Some(100),
        "{report:#}"
    );

    // Killed without a word: nothing is lost, and it comes back as it was.
    let (accounts, sandbox) = (demo.said["comptes"].clone(), demo.said["bac_a_sable"].clone());
    assert_eq!(demo.signal("-KILL"), None);
    let down = output(&["liens"], data);
    assert_eq!(down.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&down.stdout).contains('✗'));
    let demo = Demo::start(data, &[]);
    assert_eq!((&demo.said["comptes"], &demo.said["bac_a_sable"]), (&accounts, &sandbox));
    assert_eq!(demo.signal("-TERM"), Some(0));

    let other = output(&["demo", "--port", "0", "--seed", "8"], data);
    assert_eq!(other.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&other.stderr).contains("graine 7"));
}

#[test]
fn an_installation_is_prepared_by_commands() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path();
    let before = output(&["compte", "lister"], data);
    assert_eq!(before.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&before.stderr).contains("telemaque migrer"));
    assert!(!data.join("telemaque.db").exists(), "a command that reads makes no database");

    assert!(stdout(&["migrer"], data).contains("migrations appliquées"));
    assert!(stdout(&["migrer"], data).contains("est à jour."));
    let mut creer =
        telemaque(&["compte", "creer", "alice", "--role", "scolarite", "--mot-de-passe-stdin"], data);
    let mut child = creer.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("command");
    child.stdin.take().expect("stdin").write_all(b"quatre chevaux bruns\n").expect("password");
    assert!(child.wait().expect("end").success());
    let listed: Value =
        serde_json::from_str(stdout(&["compte", "lister", "--json"], data).trim()).expect("JSON");
    assert_eq!((listed["identifiant"].as_str(), listed["role"].as_str()), (Some("alice"), Some("scolarite")));

    let doctor = output(&["doctor"], data);
    let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert_eq!(doctor.status.code(), Some(1), "no source is set");
    assert!(
        said.contains("✓ migrations") && said.contains("✗") && said.contains("valeur par défaut"),
        "{said}"
    );
}

#[test]
fn a_port_that_is_taken_is_said_in_one_sentence() {
    let folder = tempfile::tempdir().expect("folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("listener");
    let port = taken.local_addr().expect("address").port().to_string();
    let refused = output(&["demo", "--port", &port], folder.path());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        said.contains(&format!("Le port {port} est déjà pris")) && said.trim().lines().count() == 1,
        "{said}"
    );
    assert!(!folder.path().join("telemaque.db").exists());
}

#[test]
fn the_hard_cases_are_listed_by_name() {
    let listed =
        Command::new(env!("CARGO_BIN_EXE_telemaque")).args(["sandbox", "--cas"]).output().expect("command");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("élément suspendu") && listed.contains("code-insecable"), "{listed}");
}
