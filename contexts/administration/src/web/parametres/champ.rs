//! The field by which a value is typed, by what it holds.

use ::web::components::{Field, Select};
use contracts::parametres::{Parametre, Sorte};

/// A field of text, or a choice.
pub(super) enum Champ {
    /// Typed.
    Texte(Field),
    /// Chosen.
    Choix(Select),
}

/// The field of a parameter, with what was typed when it comes back, and what is wrong with it.
pub(super) fn champ(p: &Parametre, saisi: Option<&str>, erreur: Option<&str>) -> Champ {
    let valeur = saisi.unwrap_or(&p.valeur);
    let texte = |label: &str| Field::text("valeur", label).value(valeur).error(erreur).autocomplete("off");
    match &p.sorte {
        Sorte::Annee(annees) => {
            let connue = annees.iter().any(|a| a.to_string() == p.valeur);
            let tenue = (!connue).then(|| (p.valeur.clone(), format!("{} (non collectée)", p.dite())));
            let options = annees.iter().map(|a| (a.to_string(), a.libelle()));
            Champ::Choix(
                Select::new("valeur", "Nouvelle valeur", options.chain(tenue)).selected(valeur).error(erreur),
            )
        }
        Sorte::Entier { min, max, unite } => Champ::Texte(
            texte("Nouvelle valeur")
                .help(format!("Un nombre entier entre {min} et {max} ({unite})."))
                .maxlength(20)
                .required(),
        ),
        Sorte::Secret => Champ::Texte(
            Field::password("valeur", "Nouvelle valeur")
                .help("L’ancienne ne s’affiche pas ; celle-ci la remplacera.")
                .error(erreur)
                .autocomplete("new-password")
                .maxlength(500)
                .required(),
        ),
        Sorte::Periode => Champ::Texte(
            texte("Nouvelle valeur")
                .help("Par exemple « 2024-2028 » ; vide si elle n’est pas déclarée.")
                .maxlength(20),
        ),
        Sorte::Mots => Champ::Texte(
            texte("Nouvelle valeur").help("Des codes séparés par des virgules.").maxlength(200).required(),
        ),
        Sorte::Adresse => Champ::Texte(
            texte("Nouvelle valeur")
                .help("Une adresse entière, qui commence par « https:// ».")
                .maxlength(500),
        ),
        Sorte::Lieu => Champ::Texte(
            texte("Nouvelle valeur").help("Un dossier du serveur, ou une adresse.").maxlength(500),
        ),
        Sorte::Texte(max) => {
            Champ::Texte(texte("Nouvelle valeur").maxlength(u32::try_from(*max).unwrap_or(500)))
        }
    }
}
