use std::fmt::Write as _;
use std::path::Path;

use sandbox::paybox as bac;

use crate::Failure;

/// What `telemaque demo` writes, so that the other commands meet the same suite.
#[derive(Clone, Debug)]
pub struct Written<'a> {
    /// Address of the database.
    pub base: &'a str,
    /// Where the pages are.
    pub adresse: std::net::SocketAddr,
    /// Address of the sandbox: `http://127.0.0.1:8090`.
    pub bac_a_sable: &'a str,
    /// The sandbox's mail server: `smtp://127.0.0.1:2525`.
    pub courriel: &'a str,
    /// HTTP Basic of Apogée and of the extraction.
    pub basic: (&'a str, &'a str),
    /// Bearer token of Kofr and Eve.
    pub jeton: &'a str,
    /// What the next run must play again.
    pub demo: &'a super::DemoSection,
}

/// Writes the file whole, for its owner alone, in one rename.
///
/// # Errors
/// When the folder cannot be written to.
pub fn write(path: &Path, written: &Written<'_>) -> Result<(), Failure> {
    let refused = |err: std::io::Error| {
        Failure::new(format!(
            "Le fichier « {} » ne peut pas être écrit : {err}. Vérifiez les droits du dossier des données.",
            path.display()
        ))
    };
    let draft = path.with_extension("toml.ecriture");
    write_private(&draft, &text(written)).map_err(refused)?;
    std::fs::rename(&draft, path).map_err(refused)
}

/// Writes a file that only its owner reads, whatever was there before.
///
/// # Errors
/// Those of the file system.
pub(crate) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn text(w: &Written<'_>) -> String {
    let url = w.bac_a_sable;
    let mut out = String::from("# Écrit par « telemaque demo », et récrit à chacun de ses démarrages.\n");
    let mut section = |name: &str, pairs: &[(&str, String)]| {
        let _ = writeln!(out, "\n[{name}]");
        for (key, value) in pairs {
            let _ = writeln!(out, "{key} = {value}");
        }
    };
    let (user, password) = w.basic;
    section("base", &[("url", quoted(w.base))]);
    section("web", &[("adresse", quoted(&w.adresse.to_string()))]);
    section(
        "apogee",
        &[("url", quoted(url)), ("identifiant", quoted(user)), ("mot_de_passe", quoted(password))],
    );
    let lieu = format!("{url}/extraction");
    section(
        "extraction",
        &[("lieu", quoted(&lieu)), ("identifiant", quoted(user)), ("mot_de_passe", quoted(password))],
    );
    section("kofr", &[("url", quoted(&format!("{url}/kofr"))), ("jeton", quoted(w.jeton))]);
    section("eve", &[("url", quoted(&format!("{url}/eve"))), ("jeton", quoted(w.jeton))]);
    let de = "Scolarité à distance <scolarite@exemple.fr>";
    section("courriel", &[("serveur", quoted(w.courriel)), ("expediteur", quoted(de))]);
    section(
        "paybox",
        &[
            ("site", quoted(bac::SITE)),
            ("rang", quoted(bac::RANG)),
            ("identifiant", quoted(bac::IDENTIFIANT)),
            ("cle_hmac", quoted(bac::CLE_HMAC)),
            ("adresse", quoted(&format!("{url}{}", bac::PAGE))),
            ("cle_publique", quoted(bac::CLE_PUBLIQUE)),
        ],
    );
    let d = w.demo;
    let mut demo = vec![("port", d.port.to_string())];
    demo.extend(d.seed.map(|n| ("seed", n.to_string())));
    demo.extend(d.etudiants.map(|n| ("etudiants", n.to_string())));
    demo.extend(d.extraction.as_deref().map(|dir| ("extraction", quoted(dir))));
    section("demo", &demo);
    out
}

/// A TOML string: JSON's escapes are among TOML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
