//! Settings: the later place wins, each value knows where it came from, mistakes are named.
#![expect(clippy::panic, reason = "a test says what is wrong by failing")]

use std::path::Path;

use telemaque::settings::{Env, Loaded, Place, load};

fn place(data: &Path, env: &[(&str, &str)]) -> Place {
    Place { data: data.to_owned(), file: None, env: Env::of(env), options: Vec::new() }
}

fn origin(loaded: &Loaded, key: &str) -> (String, String) {
    let lines = loaded.lines();
    let line = lines.iter().find(|line| line.key == key).unwrap_or_else(|| panic!("{key} in {lines:#?}"));
    (line.value.clone(), line.origin.clone())
}

#[test]
fn the_later_place_wins_and_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let loaded = load(&place(data, &[])).unwrap();
    assert_eq!(loaded.settings.base.url.0, format!("sqlite:{}/telemaque.db", data.display()));
    assert_eq!(loaded.settings.extraction.copie, data.join("extraction"));
    assert_eq!(origin(&loaded, "web.adresse"), ("127.0.0.1:8080".into(), "valeur par défaut".into()));
    assert_eq!(origin(&loaded, "base.url").1, "dossier des données (--data)");

    let file = data.join("telemaque.toml");
    std::fs::write(&file, "[web]\nadresse = \"127.0.0.1:9000\"\n[base]\nurl = \"sqlite:/srv/base.db\"\n[kofr]\nurl = \"http://kofr.example\"\n")
        .unwrap();
    let loaded = load(&place(data, &[])).unwrap();
    let from_file = format!("fichier {}", file.display());
    assert_eq!(origin(&loaded, "web.adresse"), ("127.0.0.1:9000".into(), from_file.clone()));
    assert_eq!(origin(&loaded, "base.url"), ("sqlite:/srv/base.db".into(), from_file.clone()));

    let env = [
        ("TELEMAQUE_WEB__ADRESSE", "127.0.0.1:9001"),
        ("TELEMAQUE_APOGEE__MOT_DE_PASSE", "123456"),
        ("TELEMAQUE_APOGEE__SIMULTANEES", "3"),
        ("TELEMAQUE_WEB__HTTPS", "true"),
        ("TELEMAQUE_TEST_POSTGRES", "not a setting"),
        ("DATABASE_URL", "postgres://moi:secret@serveur/base"),
    ];
    let mut place = place(data, &env);
    let loaded = load(&place).unwrap();
    assert_eq!(
        origin(&loaded, "web.adresse"),
        ("127.0.0.1:9001".into(), "variable TELEMAQUE_WEB__ADRESSE".into())
    );
    assert_eq!(loaded.settings.base.url.0, "postgres://moi:secret@serveur/base");
    assert_eq!(
        origin(&loaded, "base.url"),
        ("postgres://moi@serveur/base".into(), "variable DATABASE_URL".into())
    );
    assert_eq!(loaded.settings.apogee.mot_de_passe.as_ref().unwrap().0, "123456", "digits stay a text");
    assert_eq!((loaded.settings.apogee.simultanees, loaded.settings.web.https), (3, true));
    assert_eq!(origin(&loaded, "kofr.url").1, from_file);

    place.options.push(("web.adresse".into(), "127.0.0.1:9002".into()));
    let loaded = load(&place).unwrap();
    assert_eq!(origin(&loaded, "web.adresse"), ("127.0.0.1:9002".into(), "ligne de commande".into()));
}

#[test]
fn secrets_are_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let env = [("TELEMAQUE_APOGEE__MOT_DE_PASSE", "motsecret"), ("TELEMAQUE_KOFR__JETON", "jetonsecret")];
    let loaded = load(&place(folder.path(), &env)).unwrap();
    assert_eq!(loaded.settings.kofr.jeton.as_ref().unwrap().0, "jetonsecret");
    assert_eq!(origin(&loaded, "kofr.jeton").0, "•••");
    let shown = format!("{:?} {:?}", loaded.settings, loaded.lines());
    assert!(!shown.contains("motsecret") && !shown.contains("jetonsecret"), "{shown}");
}

#[test]
fn an_empty_variable_is_as_good_as_none() {
    let folder = tempfile::tempdir().unwrap();
    let loaded =
        load(&place(folder.path(), &[("DATABASE_URL", ""), ("TELEMAQUE_WEB__ADRESSE", "")])).unwrap();
    assert!(loaded.settings.base.url.0.starts_with("sqlite:"));
}

#[test]
fn mistakes_are_named_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("telemaque.toml");
    let refusal = |text: &str| {
        std::fs::write(&file, text).unwrap();
        load(&place(folder.path(), &[])).unwrap_err().message
    };
    let unknown = refusal("[web]\nadress = \"127.0.0.1:1\"\n");
    assert!(
        unknown.contains("« adress » n'est pas un paramètre connu") && unknown.contains("telemaque.toml"),
        "{unknown}"
    );
    let wrong = refusal("[apogee]\nsimultanees = \"beaucoup\"\n");
    assert!(wrong.contains("apogee.simultanees") && wrong.contains("telemaque.toml"), "{wrong}");
    let broken = refusal("[web\n");
    assert!(broken.contains("ne se lit pas"), "{broken}");
    std::fs::remove_file(&file).unwrap();
    let by_env = load(&place(folder.path(), &[("TELEMAQUE_WEB__ADRESSE", "chez moi")])).unwrap_err().message;
    assert!(by_env.contains("TELEMAQUE_WEB__ADRESSE"), "{by_env}");
    let mut absent = place(folder.path(), &[]);
    absent.file = Some(folder.path().join("absent.toml"));
    assert!(load(&absent).unwrap_err().message.contains("n'existe pas"));
}
