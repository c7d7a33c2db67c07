//! The form of an arrangement.

use ::web::components::{Checkbox, Field};
use chrono::NaiveDate;
use kernel::{AnneeUniversitaire, NumeroEtudiant};

use crate::domain::amenagement::{Amenagement, TIERS};
use crate::domain::amenagement_regles::Saisie as Voulue;
use crate::web::pages::{Formulaire, Saisie};

const DRAPEAUX: [(&str, &str); 3] =
    [("salle_a_part", "Salle à part"), ("ordinateur", "Ordinateur"), ("secretaire", "Secrétaire")];

/// « salle à part, ordinateur, écran agrandi ».
pub(super) fn drapeaux(a: &Amenagement) -> String {
    let dits = [(a.salle_a_part, "salle à part"), (a.ordinateur, "ordinateur"), (a.secretaire, "secrétaire")];
    let mut dits: Vec<&str> = dits.into_iter().filter(|(vrai, _)| *vrai).map(|(_, mot)| mot).collect();
    if !a.autre.is_empty() {
        dits.push(&a.autre);
    }
    dits.join(", ")
}

fn oui(vrai: bool) -> String {
    if vrai { "oui" } else { "" }.to_owned()
}

/// The form as an arrangement fills it.
pub(super) fn remplie(a: &Amenagement) -> Saisie {
    Saisie::nouvelle([
        ("valide_du", a.valide_du.to_string()),
        ("valide_au", a.valide_au.to_string()),
        ("majoration", a.majoration.to_string()),
        ("salle_a_part", oui(a.salle_a_part)),
        ("ordinateur", oui(a.ordinateur)),
        ("secretaire", oui(a.secretaire)),
        ("autre", a.autre.clone()),
        ("exception", a.exception.clone()),
    ])
}

/// A new one: one third, over the academic year.
pub(super) fn vide(annee: AnneeUniversitaire) -> Saisie {
    let premiere = i32::from(annee.premiere());
    let jour = |annee, mois, jour| NaiveDate::from_ymd_opt(annee, mois, jour).unwrap_or_default().to_string();
    Saisie::nouvelle([
        ("valide_du", jour(premiere, 9, 1)),
        ("valide_au", jour(premiere + 1, 8, 31)),
        ("majoration", TIERS.to_string()),
    ])
}

/// What a form asks for; or the first field that cannot be read.
pub(super) fn lire(s: &Saisie, etudiant: NumeroEtudiant) -> Result<Voulue, (&'static str, String)> {
    let jour = |champ: &'static str| s.jour(champ).ok_or((champ, "Donnez un jour.".to_owned()));
    Ok(Voulue {
        etudiant,
        valide_du: jour("valide_du")?,
        valide_au: jour("valide_au")?,
        majoration: s
            .nombre("majoration")
            .map_err(|()| ("majoration", "Donnez un nombre de minutes par heure.".to_owned()))?
            .unwrap_or(0),
        salle_a_part: s.coche("salle_a_part"),
        ordinateur: s.coche("ordinateur"),
        secretaire: s.coche("secretaire"),
        autre: s.texte("autre").to_owned(),
        exception: s.texte("exception").to_owned(),
    })
}

/// Adds the fields of an arrangement to a form.
pub(super) fn champs(form: Formulaire, s: &Saisie, faute: Option<&(&'static str, String)>) -> Formulaire {
    let erreur = |nom: &str| faute.filter(|(champ, _)| *champ == nom).map(|(_, phrase)| phrase.clone());
    let champ = |nom: &'static str, mot: &str| Field::text(nom, mot).value(s.texte(nom)).error(erreur(nom));
    let form = form
        .champ(&champ("valide_du", "Premier jour").kind("date").required())
        .champ(&champ("valide_au", "Dernier jour").kind("date").required())
        .champ(
            &champ("majoration", "Temps majoré")
                .kind("number")
                .help("En minutes par heure : 20 pour un tiers-temps, le maximum sans exception motivée ; 0 pour aucun."),
        )
        .champ(&champ("autre", "Autre aménagement").maxlength(300).help("Sujet agrandi, pauses, mobilier…"));
    let form = DRAPEAUX
        .iter()
        .fold(form, |form, (nom, mot)| form.bas(&Checkbox::new(*nom, *mot).checked(s.coche(nom))));
    form.bas(
        &champ("exception", "Exception motivée")
            .lines(3)
            .maxlength(1000)
            .help("Seulement au-delà d’un tiers : l’avis du médecin, sa date, ce qu’il décide. N’écrivez rien de la santé de l’étudiant."),
    )
}
