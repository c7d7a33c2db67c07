//! The sandbox of a demonstration: the same world from one start to the next.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use ::sandbox::server::{self, EnMarche, Erreur, Reglages};

use super::Args;
use crate::Failure;
use crate::accounts::random_words;
use crate::commands::sandbox::Sizes;
use crate::settings::{DemoSection, Settings};

/// The sandbox, started, and how to reach it.
pub(super) struct World {
    pub(super) sandbox: EnMarche,
    pub(super) url: String,
    pub(super) courriel: String,
    pub(super) basic: (String, String),
    pub(super) jeton: String,
    pub(super) demo: DemoSection,
}

/// Starts the world that `args` describe, or the one that the folder already holds.
pub(super) async fn start(args: &Args, held: &Settings) -> Result<World, Failure> {
    let mut demo = described(args, held.demo.as_ref())?;
    let basic = match (&held.apogee.identifiant, &held.apogee.mot_de_passe, &held.demo) {
        (Some(name), Some(password), Some(_)) => (name.clone(), password.0.clone()),
        _ => ("apogee".to_owned(), random_words()?),
    };
    let jeton = match (&held.kofr.jeton, &held.demo) {
        (Some(jeton), Some(_)) => jeton.0.clone(),
        _ => random_words()?,
    };
    let sizes = Sizes { seed: demo.seed, etudiants: demo.etudiants.map(|n| n as u64), ..Sizes::default() };
    let reglages = |port| Reglages {
        adresse: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        options: sizes.options(),
        extraction: demo.extraction.as_deref().map(Into::into),
        controle: true,
        basic: Some(basic.clone()),
        jeton: Some(jeton.clone()),
    };
    let sandbox = match server::start(reglages(demo.port)).await {
        // The port of last time belongs to somebody else today.
        Err(Erreur::Ecoute(..)) if demo.port != 0 => server::start(reglages(0)).await?,
        started => started?,
    };
    demo.port = sandbox.adresse.port();
    let url = sandbox.url("");
    let courriel = sandbox.courriels.as_ref().map(::sandbox::courriels::Serveur::url).unwrap_or_default();
    Ok(World { sandbox, url, courriel, basic, jeton, demo })
}

/// What to play: what is asked, else what was played, which must not be contradicted: its data are in the database.
fn described(args: &Args, held: Option<&DemoSection>) -> Result<DemoSection, Failure> {
    let extraction = args.extraction.as_deref().map(absolute).transpose()?;
    let etudiants = args.etudiants.and_then(|n| usize::try_from(n).ok());
    let Some(held) = held else {
        return Ok(DemoSection { port: 0, seed: args.seed, etudiants, extraction });
    };
    let other = (args.seed.is_some() && args.seed != held.seed)
        || (etudiants.is_some() && etudiants != held.etudiants)
        || (extraction.is_some() && extraction != held.extraction);
    if other {
        return Err(Failure::new(format!(
            "Le dossier « {} » garde la démonstration d'une autre université ({}). Relancez sans --seed, --etudiants ni \
             --extraction pour la retrouver, ou donnez un autre dossier avec --data.",
            args.data.display(),
            named(held)
        )));
    }
    Ok(held.clone())
}

fn named(demo: &DemoSection) -> String {
    let mut parts = Vec::new();
    parts.extend(demo.seed.map(|n| format!("graine {n}")));
    parts.extend(demo.etudiants.map(|n| format!("{n} étudiants")));
    parts.extend(demo.extraction.as_deref().map(|folder| format!("extraction {folder}")));
    if parts.is_empty() { "celle par défaut".to_owned() } else { parts.join(", ") }
}

fn absolute(folder: &Path) -> Result<String, Failure> {
    let found = folder.canonicalize().map_err(|err| {
        Failure::new(format!("Le dossier d'extraction « {} » ne s'ouvre pas : {err}.", folder.display()))
    })?;
    Ok(found.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(seed: Option<u64>, etudiants: Option<u64>) -> Args {
        Args { data: "./data".into(), port: 0, seed, etudiants, extraction: None, json: false }
    }

    #[test]
    fn a_folder_keeps_its_world() {
        let first = described(&args(Some(7), Some(60)), None).unwrap();
        assert_eq!((first.seed, first.etudiants), (Some(7), Some(60)));
        assert_eq!(described(&args(None, None), Some(&first)).unwrap(), first);
        assert_eq!(described(&args(Some(7), None), Some(&first)).unwrap(), first);
        let refusal = described(&args(Some(8), None), Some(&first)).unwrap_err();
        assert!(refusal.message.contains("graine 7, 60 étudiants"), "{refusal}");
    }
}
