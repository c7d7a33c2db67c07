//! A password, typed or read.

use std::io::{BufRead as _, IsTerminal as _};

use crate::Failure;

/// From the standard input, or asked twice at the terminal.
pub(super) fn mot_de_passe(stdin: bool) -> Result<String, Failure> {
    if stdin { from_stdin() } else { from_terminal() }
}

fn from_stdin() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|err| Failure::new(format!("Le mot de passe ne peut pas être lu : {err}.")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn from_terminal() -> Result<String, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(
            "Il n'y a pas de terminal où demander le mot de passe : donnez-le sur l'entrée standard avec --mot-de-passe-stdin, ou demandez un mot de passe provisoire avec --provisoire.",
        ));
    }
    let ask = |question: &str| {
        eprint!("{question} : ");
        console::Term::stderr()
            .read_secure_line()
            .map_err(|err| Failure::new(format!("Le mot de passe ne peut pas être lu : {err}.")))
    };
    let first = ask("Mot de passe (12 caractères au moins)")?;
    if ask("Le même, encore une fois")? != first {
        return Err(Failure::new("Les deux saisies diffèrent. Rien n'a changé : recommencez."));
    }
    Ok(first)
}
