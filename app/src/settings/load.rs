use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Map, Num, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::Settings;
use crate::Failure;

/// The environment, captured once: tests give theirs.
#[derive(Clone, Debug, Default)]
pub struct Env(BTreeMap<String, String>);

impl Env {
    /// That of the process. A variable that is not Unicode is none of ours.
    #[must_use]
    pub fn of_process() -> Self {
        let pairs = std::env::vars_os();
        Self(pairs.filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))).collect())
    }

    /// These variables.
    #[must_use]
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    /// The value of a variable; an empty one is as good as none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// Where an installation keeps what is its own.
#[derive(Clone, Debug)]
pub struct Place {
    /// Folder of data.
    pub data: PathBuf,
    /// Settings file, when it is not the folder's `telemaque.toml`.
    pub file: Option<PathBuf>,
    /// The environment.
    pub env: Env,
    /// Settings given on the command line, by key: `("web.adresse", "127.0.0.1:9000")`.
    pub options: Vec<(String, String)>,
}

impl Place {
    /// The settings file.
    #[must_use]
    pub fn settings_file(&self) -> PathBuf {
        self.file.clone().unwrap_or_else(|| self.data.join("telemaque.toml"))
    }

    /// The embedded database of the folder.
    #[must_use]
    pub fn sqlite_url(&self) -> String {
        sqlite_url(&self.data.join("telemaque.db"))
    }
}

/// A path as a SQLite address: what an address gives a meaning to is escaped.
fn sqlite_url(path: &Path) -> String {
    let path = path.display().to_string().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite:{path}")
}

/// Settings, and where each value came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The values.
    pub settings: Settings,
    figment: Figment,
}

/// One value and its provenance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `web.adresse`.
    pub key: String,
    /// The value; `•••` for a secret.
    pub value: String,
    /// « valeur par défaut », « variable DATABASE_URL », a file.
    pub origin: String,
}

/// One value from one named place.
struct One {
    origin: String,
    key: String,
    value: Value,
}

impl Provider for One {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut value = self.value.clone();
        let mut keys = self.key.rsplit('.');
        let last = keys.next().unwrap_or_default().to_owned();
        let mut dict = Dict::from([(last, value)]);
        for key in keys {
            value = Value::from(dict);
            dict = Dict::from([(key.to_owned(), value)]);
        }
        Ok(Map::from([(Profile::Default, dict)]))
    }
}

const DEFAULT: &str = "valeur par défaut";

/// Reads the settings of `place`.
///
/// # Errors
/// A file that is not TOML, a name that means nothing, a value of the wrong kind: the sentence says which and where.
pub fn load(place: &Place) -> Result<Loaded, Failure> {
    let defaults = Figment::from(Serialized::defaults(Settings::default()));
    let one = |origin: String, key: &str, text: &str| {
        let value = value_like(defaults.find_value(key).ok().as_ref(), text);
        One { origin, key: key.to_owned(), value }
    };
    let folder = || "dossier des données (--data)".to_owned();
    let copie = place.data.join("extraction").display().to_string();
    let mut figment = defaults.clone().merge(one(folder(), "base.url", &place.sqlite_url())).merge(one(
        folder(),
        "extraction.copie",
        &copie,
    ));
    let file = place.settings_file();
    if place.file.is_some() && !file.exists() {
        return Err(Failure::new(format!(
            "Le fichier de paramètres « {} » n'existe pas. Vérifiez le chemin donné par --parametres.",
            file.display()
        )));
    }
    if file.exists() {
        figment = figment.merge(Toml::file_exact(&file));
    }
    for (name, text) in &place.env.0 {
        // A lone underscore is part of a name: sections are set apart by two.
        let key = name.strip_prefix("TELEMAQUE_").filter(|rest| rest.contains("__"));
        if let Some(key) = key.filter(|_| !text.is_empty()) {
            let key = key.to_lowercase().replace("__", ".");
            figment = figment.merge(one(format!("variable {name}"), &key, text));
        }
    }
    if let Some(url) = place.env.get("DATABASE_URL") {
        figment = figment.merge(one("variable DATABASE_URL".to_owned(), "base.url", url));
    }
    for (key, text) in &place.options {
        figment = figment.merge(one("ligne de commande".to_owned(), key, text));
    }
    let settings = figment.extract().map_err(|err| refused(&err, &file))?;
    let mut loaded = Loaded { settings, figment };
    loaded.settings.origines = loaded.lines().into_iter().map(|line| (line.key, line.origin)).collect();
    Ok(loaded)
}

/// A typed text as the kind of value that its place holds: a password of digits stays a text.
fn value_like(place: Option<&Value>, text: &str) -> Value {
    match place {
        Some(Value::Num(..) | Value::Bool(..)) => text.parse().unwrap_or_else(|_| Value::from(text)),
        _ => Value::from(text),
    }
}

fn number(n: Num) -> String {
    match (n.to_u128(), n.to_i128(), n.to_f64()) {
        (Some(n), ..) => n.to_string(),
        (_, Some(n), _) => n.to_string(),
        (.., Some(n)) => n.to_string(),
        _ => String::new(),
    }
}

fn refused(err: &figment::Error, file: &Path) -> Failure {
    use figment::error::Kind;
    let key = err.path.join(".");
    let place = err.metadata.as_ref().map_or_else(
        || file.display().to_string(),
        |m| {
            m.source
                .as_ref()
                .and_then(|s| s.file_path())
                .map_or(m.name.to_string(), |f| f.display().to_string())
        },
    );
    let what = match &err.kind {
        Kind::UnknownField(name, known) => {
            format!(
                "« {name} » n'est pas un paramètre connu ; ceux de cette section sont : {}",
                known.join(", ")
            )
        }
        Kind::MissingField(name) => format!("le paramètre « {name} » manque"),
        Kind::InvalidType(given, wanted) | Kind::InvalidValue(given, wanted) => {
            format!("« {key} » vaut {given} alors qu'il faut {wanted}")
        }
        Kind::Message(text) if key.is_empty() => format!("le fichier ne se lit pas : {}", text.trim_end()),
        _ => format!("« {key} » : {err}"),
    };
    Failure::new(format!("Paramètres refusés ({place}) : {what}. Corrigez, puis relancez la commande."))
}

impl Loaded {
    /// Every value with its provenance, by key; what has no value is left out.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        if let Ok(Value::Dict(_, dict)) = Value::serialize(&self.settings) {
            self.walk("", &dict, &mut lines);
        }
        lines
    }

    fn walk(&self, prefix: &str, dict: &Dict, lines: &mut Vec<Line>) {
        for (name, value) in dict {
            let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            let text = match value {
                Value::Dict(_, inner) => {
                    self.walk(&key, inner, lines);
                    continue;
                }
                Value::Empty(..) => continue,
                Value::String(_, text) => text.clone(),
                Value::Num(_, n) => number(*n),
                Value::Bool(_, b) => b.to_string(),
                Value::Array(_, values) => {
                    let texts: Vec<_> = values.iter().filter_map(Value::as_str).collect();
                    texts.join(", ")
                }
                other => format!("{other:?}"),
            };
            lines.push(Line { origin: self.origin(&key), key, value: text });
        }
    }

    fn origin(&self, key: &str) -> String {
        let Some(metadata) = self.figment.find_metadata(key) else { return DEFAULT.to_owned() };
        match metadata.source.as_ref().and_then(|source| source.file_path()) {
            Some(path) => format!("fichier {}", path.display()),
            None if metadata.source.is_some() => DEFAULT.to_owned(),
            None => metadata.name.to_string(),
        }
    }
}
