//! The form of an épreuve: what it shows, what it sends, what is wrong.

use std::collections::BTreeMap;

use ::web::Html;
use ::web::components::{Checkbox, Field, Select};
use askama::Template;
use chrono::NaiveDateTime;

use crate::actions::epreuve_changer::Saisie as Voulue;
use crate::actions::epreuve_poser::Fiche;
use crate::domain::epreuve::Nature;
use crate::domain::heure::saisir_heure;
use crate::domain::simultaneite::{HeureRefusee, Passage, instant_dit, passage};
use crate::store::epreuve_salle::SalleConnue;
use crate::web::pages::{Formulaire, Saisie};

/// What is wrong with a form, by field.
pub(super) type Fautes = BTreeMap<&'static str, String>;

#[derive(Template)]
#[template(path = "epreuves/salles.html")]
pub(super) struct Salles {
    erreur: Option<String>,
    centres: Vec<Centre>,
}

struct Centre {
    nom: String,
    ouvert: bool,
    cochees: usize,
    salles: Vec<Case>,
}

struct Case {
    id: i64,
    mot: String,
    cochee: bool,
}

impl Salles {
    /// Rooms by centre: those out of use are left out, unless they are checked. The centre of Besançon and those with a room checked are
    /// unfolded.
    pub(super) fn nouvelle(connues: &[SalleConnue], cochees: &[i64], erreur: Option<String>) -> Self {
        let mut centres: Vec<Centre> = Vec::new();
        for s in connues {
            let cochee = cochees.contains(&s.salle.id);
            if !s.salle.active && !cochee {
                continue;
            }
            let nom = format!("{}, {}", s.centre_nom, s.ville);
            if centres.last().is_none_or(|c| c.nom != nom) {
                centres.push(Centre {
                    ouvert: kernel::fold(&s.ville) == "besancon",
                    nom,
                    cochees: 0,
                    salles: Vec::new(),
                });
            }
            let mut mot = format!("{} ({} places)", s.salle.nom, s.salle.capacite);
            if s.salle.a_part {
                mot.push_str(", à part");
            }
            if !s.salle.active {
                mot.push_str(", hors d’usage");
            }
            if let Some(centre) = centres.last_mut() {
                centre.cochees += usize::from(cochee);
                centre.ouvert |= cochee;
                centre.salles.push(Case { id: s.salle.id, mot, cochee });
            }
        }
        Self { erreur, centres }
    }
}

/// The fields as an épreuve fills them.
pub(super) fn remplie(f: &Fiche) -> Saisie {
    let e = &f.epreuve;
    let salles = f.salles.iter().map(|s| ("salles", s.to_string()));
    let lequel = match e.debut.map(passage) {
        Some(Passage::Premier) => "premier",
        Some(Passage::Second) => "second",
        _ => "",
    };
    Saisie::nouvelle([
        ("libelle", e.libelle.clone()),
        ("nature", e.nature.code().to_owned()),
        ("debut", e.debut.map(saisir_heure).unwrap_or_default()),
        ("passage", lequel.to_owned()),
        ("duree", e.duree_min.map(|d| d.to_string()).unwrap_or_default()),
        ("documents", e.documents.clone()),
        ("sujet_par", e.sujet_par.clone()),
        ("surveillee", if e.surveillee { "oui" } else { "" }.to_owned()),
    ])
    .avec(salles)
}

/// What a form asks for; or what cannot be read in it.
pub(super) fn lire(s: &Saisie) -> Result<Voulue, Fautes> {
    let mut fautes = Fautes::new();
    let nature = Nature::of_code(s.texte("nature"));
    if nature.is_none() {
        fautes.insert("nature", "Choisissez la nature de l’épreuve.".to_owned());
    }
    let debut = match s.texte("debut").trim() {
        "" => None,
        texte => match NaiveDateTime::parse_from_str(texte.get(..16).unwrap_or(texte), "%Y-%m-%dT%H:%M") {
            Err(_) => {
                fautes.insert("debut", "Donnez un jour et une heure, ou laissez vide.".to_owned());
                None
            }
            Ok(heure) => match instant_dit(heure, Passage::of_code(s.texte("passage"))) {
                Ok(debut) => Some(debut),
                Err(refus) => {
                    let champ = if matches!(refus, HeureRefusee::Ambigue(_)) { "passage" } else { "debut" };
                    fautes.insert(champ, refus.phrase());
                    None
                }
            },
        },
    };
    let duree_min = s.nombre("duree").unwrap_or_else(|()| {
        fautes.insert("duree", "Donnez un nombre de minutes, ou laissez vide.".to_owned());
        None
    });
    match nature {
        Some(nature) if fautes.is_empty() => Ok(Voulue {
            libelle: s.texte("libelle").to_owned(),
            nature,
            debut,
            duree_min,
            documents: s.texte("documents").to_owned(),
            sujet_par: s.texte("sujet_par").to_owned(),
            surveillee: s.coche("surveillee"),
            salles: s.tous("salles").into_iter().filter_map(|id| id.parse().ok()).collect(),
        }),
        _ => Err(fautes),
    }
}

/// Adds the fields of an épreuve to a form.
pub(super) fn champs(form: Formulaire, s: &Saisie, fautes: &Fautes, connues: &[SalleConnue]) -> Formulaire {
    let erreur = |champ: &str| fautes.get(champ).cloned();
    let champ = |nom: &'static str, mot: &str| Field::text(nom, mot).value(s.texte(nom)).error(erreur(nom));
    let cochees: Vec<i64> = s.tous("salles").into_iter().filter_map(|id| id.parse().ok()).collect();
    let mut form = form
        .champ(&champ("libelle", "Libellé").maxlength(300).required())
        .champ(
            &Select::new("nature", "Nature", Nature::ALL.map(|n| (n.code(), n.libelle())))
                .selected(s.texte("nature"))
                .error(erreur("nature"))
                .help("Pour un dossier, personne n’est convoqué."),
        )
        .champ(
            &champ("debut", "Début")
                .kind("datetime-local")
                .help("Jour et heure de Besançon : tous les centres commencent au même instant."),
        );
    if fautes.contains_key("passage") || !s.texte("passage").is_empty() {
        let options = [
            ("", "À choisir"),
            ("premier", "La première, heure d’été"),
            ("second", "La seconde, heure d’hiver"),
        ];
        form = form.champ(
            &Select::new("passage", "Cette heure existe deux fois", options)
                .selected(s.texte("passage"))
                .error(erreur("passage")),
        );
    }
    form.champ(&champ("duree", "Durée").kind("number").help("En minutes, sans temps majoré."))
        .champ(
            &champ("documents", "Documents autorisés").maxlength(300).help("Laissez vide si aucun ne l’est."),
        )
        .champ(&champ("sujet_par", "Responsable du sujet").maxlength(300))
        .bas(
            &Checkbox::new("surveillee", "Épreuve surveillée")
                .checked(s.coche("surveillee"))
                .help("Ses heures comptent alors dans le prix."),
        )
        .bas(&Salles::nouvelle(connues, &cochees, erreur("salles")))
}

/// Rooms alone, as a part of a form.
pub(super) fn salles(connues: &[SalleConnue]) -> Html {
    Html::of(&Salles::nouvelle(connues, &[], None))
}
