//! The steps of a period: where it stands, what must hold before the next, its button.

use ::web::Html;
use ::web::components::{ActionForm, Badge, Button, Dialog, Look, Tone};
use askama::Template;

use super::super::pages::{Etapes, Rangee};
use super::lien;
use crate::actions::periode_avancer::{Pas, Situation};
use crate::domain::avancement::{Frein, Poids};
use crate::domain::periode::EtatPeriode;

/// What one may do, in the words of the state it leads to.
fn verbe(pas: Pas, vers: EtatPeriode) -> &'static str {
    match (pas, vers) {
        (Pas::Avant, EtatPeriode::Inscriptions) => "Ouvrir les inscriptions",
        (Pas::Avant, EtatPeriode::Verification) => "Fermer les inscriptions",
        (Pas::Avant, EtatPeriode::Convocations) => "Passer aux convocations",
        (Pas::Avant, EtatPeriode::Epreuves) => "Commencer les épreuves",
        (Pas::Avant, EtatPeriode::Cloturee) => "Clôturer la période",
        (Pas::Avant, _) => "Archiver la période",
        (Pas::Arriere, EtatPeriode::Preparation) => "Revenir à la préparation",
        (Pas::Arriere, EtatPeriode::Inscriptions) => "Rouvrir les inscriptions",
        (Pas::Arriere, EtatPeriode::Verification) => "Revenir à la vérification",
        (Pas::Arriere, EtatPeriode::Convocations) => "Revenir aux convocations",
        (Pas::Arriere, _) => "Rouvrir la période",
    }
}

#[derive(Template)]
#[template(path = "reglages/freins.html")]
struct Lignes {
    lignes: Vec<(Badge, String)>,
}

fn freins_dits(freins: &[Frein]) -> Option<Html> {
    let badge = |poids| match poids {
        Poids::Bloque => Badge::new(Tone::Danger, "À régler"),
        Poids::Confirme => Badge::new(Tone::Warning, "À confirmer"),
        Poids::Avertit => Badge::new(Tone::Info, "À savoir"),
    };
    let lignes: Vec<_> = freins.iter().map(|f| (badge(f.poids), f.phrase.clone())).collect();
    (!lignes.is_empty()).then(|| Html::of(&Lignes { lignes }))
}

/// What must hold before a step, and its button when nothing stands in the way.
pub(super) fn pas(s: &Situation, pas: Pas, now: chrono::DateTime<chrono::Utc>, csrf: &str) -> Vec<Html> {
    let p = &s.periode;
    let Some(vers) = pas.vers(p.etat) else { return Vec::new() };
    let freins = s.freins(pas, now);
    let mut out: Vec<Html> = freins_dits(&freins).into_iter().collect();
    if freins.iter().any(|f| f.poids == Poids::Bloque) {
        return out;
    }
    let (nom, action) = match pas {
        Pas::Avant => ("avancer", format!("{}/avancer", lien(p))),
        Pas::Arriere => ("reculer", format!("{}/reculer", lien(p))),
    };
    let look = if pas == Pas::Avant { Look::Primary } else { Look::Secondary };
    let verbe = verbe(pas, vers);
    let form =
        |look| ActionForm::new(&action, csrf, Button::submit(verbe).look(look)).sending("de", p.etat.code());
    let confirmes: Vec<_> = freins.iter().filter(|f| f.poids == Poids::Confirme).collect();
    if confirmes.is_empty() {
        out.push(Html::of(&Rangee { contenu: vec![Html::of(&form(look))] }));
    } else {
        let dialog =
            Dialog::new(nom, format!("{verbe}…"), verbe, form(Look::Primary).sending("confirme", "oui"));
        let dialog = confirmes.iter().fold(dialog.look(look), |d, f| d.consequence(&f.phrase));
        out.push(Html::of(&Rangee { contenu: vec![Html::of(&dialog)] }));
    }
    out
}

pub(super) fn etapes(courant: EtatPeriode) -> Etapes {
    let sorte = |e: EtatPeriode| match e.cmp(&courant) {
        std::cmp::Ordering::Less => "fait",
        std::cmp::Ordering::Equal => "ici",
        std::cmp::Ordering::Greater => "reste",
    };
    Etapes { pas: EtatPeriode::ALL.into_iter().map(|e| (e.libelle(), sorte(e))).collect() }
}
