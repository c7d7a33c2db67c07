//! The clock of the law: each date, its light, what can be done about it.

use ::web::Html;
use ::web::components::{ActionForm, Alert, Button, Checkbox, Column, Field, Row, Table, Tone};

use super::super::pages::{Bloc, Formulaire, Rangee, Replie, Saisie};
use super::{feu, lien};
use crate::actions::periode_avancer::Situation;
use crate::actions::regler_fault::ReglageFault;
use crate::domain::horloge::{Aiguille, Echeance, MOTIF_MIN};
use crate::domain::periode::{EtatPeriode, Periode};
use crate::store::periode_ecrite::Derogation;

/// The clock of the law: each date, its light, what can be done about it.
pub(super) fn horloge(
    s: &Situation,
    derogations: &[Derogation],
    peut: bool,
    csrf: &str,
    nom: &str,
    sent: Option<(&Saisie, &ReglageFault)>,
) -> Bloc {
    let p = &s.periode;
    let rows = s.horloge.iter().map(|a| {
        Row::new().text(a.echeance.libelle()).badge(feu(a)).text(a.phrase()).text(a.echeance.regle())
    });
    let table = Table::new("loi", "Échéances").level(3).columns([
        Column::text("quoi", "Échéance"),
        Column::text("feu", "Où l’on en est"),
        Column::text("quand", "Date"),
        Column::text("regle", "Règle").optional(),
    ]);
    let mut contenu = vec![Html::of(&table.rows(rows.collect::<Vec<_>>()))];
    for d in derogations {
        let mots = format!(
            "Dérogation pour «\u{a0}{}\u{a0}», signée par {} le {}\u{a0}: {}",
            d.echeance.libelle(),
            d.signee_par,
            super::super::le(d.signee_le),
            d.motif
        );
        contenu.push(Html::of(&Alert::new(Tone::Neutral, mots)));
    }
    if peut && p.etat < EtatPeriode::Cloturee {
        let mut boutons = Vec::new();
        let action = format!("{}/publier", lien(p));
        if p.modalites_publiees_le.is_none() {
            let bouton = Button::submit("Publier les modalités").icon("check");
            boutons.push(Html::of(&ActionForm::new(&action, csrf, bouton).sending("publier", "oui")));
        } else if p.etat == EtatPeriode::Preparation {
            let bouton = Button::submit("Retirer la publication").icon("arrow-back-up");
            boutons.push(Html::of(&ActionForm::new(&action, csrf, bouton).sending("publier", "non")));
        }
        for d in derogations {
            let bouton =
                Button::submit(format!("Retirer la dérogation «\u{a0}{}\u{a0}»", d.echeance.libelle()))
                    .icon("x");
            let form = ActionForm::new(format!("{}/derogation", lien(p)), csrf, bouton)
                .sending("echeance", d.echeance.code());
            boutons.push(Html::of(&form));
        }
        if !boutons.is_empty() {
            contenu.push(Html::of(&Rangee { contenu: boutons }));
        }
        for a in s.horloge.iter().filter(|a| a.manquee()) {
            contenu.push(derogation(p, a, csrf, nom, sent));
        }
    }
    Bloc { id: "horloge", titre: "Horloge légale".to_owned(), textes: Vec::new(), contenu }
}

fn derogation(
    p: &Periode,
    a: &Aiguille,
    csrf: &str,
    nom: &str,
    sent: Option<(&Saisie, &ReglageFault)>,
) -> Html {
    let id = if a.echeance == Echeance::Modalites { "deroger-modalites" } else { "deroger-convocations" };
    let sent = sent.filter(|(s, _)| s.texte("echeance") == a.echeance.code());
    let motif = Field::text("motif", "Motif")
        .lines(3)
        .value(sent.map(|(s, _)| s.texte("motif")).unwrap_or_default())
        .required()
        .help(format!("{MOTIF_MIN} caractères au moins. Il reste au journal avec votre nom."))
        .error(sent.and_then(|(_, f)| f.du_champ("motif")));
    let signe = Checkbox::new("signe", format!("Je signe\u{a0}: {nom}"));
    let signe = match sent.and_then(|(_, f)| f.du_champ("signe")) {
        Some(phrase) => signe.help(phrase),
        None => signe,
    };
    let form = Formulaire::new(
        id,
        format!("Déroger à «\u{a0}{}\u{a0}»", a.echeance.libelle()),
        format!("{}/deroger", lien(p)),
        csrf,
    )
    .texte("L’échéance est dépassée. Ce qui en dépend attend un motif signé.")
    .cache("echeance", a.echeance.code())
    .bas(&motif)
    .bas(&signe)
    .verbe_discret("Signer la dérogation");
    Html::of(&Replie {
        titre: "Signer une dérogation".to_owned(),
        ouvert: sent.is_some(),
        contenu: vec![Html::of(&form)],
    })
}
