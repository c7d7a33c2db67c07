//! The tables and sentences of a registration's page.

use ::web::components::{Alert, Badge, Button, Cell, Column, Diff, Empty, Look, Row, Table, Tone};
use ::web::{Html, diffs};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use contracts::verbes;
use db::journal;
use kernel::{Cents, Right, date_francaise, heure_de_besancon, instant_francais};

use super::dire::dire;
use crate::actions::corriger::incorrigible;
use crate::domain::amenagement::{Amenagement, duree_majoree};
use crate::domain::cloture::Ecriture;
use crate::domain::demande::Voulu;
use crate::domain::ecriture::Moyen;
use crate::domain::inscription::{Decision, EtatInscription};
use crate::domain::periode::Periode;
use crate::store::fiche::{CentreChoisi, EpreuveChoisie};
use crate::store::inscription::Inscription;
use crate::store::voulu::{EpreuveBreve, Examine};

/// « 13/01/2025 9 h 00 » where the candidate sits, when the centre is elsewhere.
fn sur_place(instant: DateTime<Utc>, centre: Option<&CentreChoisi>) -> Option<String> {
    let fuseau: Tz = centre?.fuseau.parse().ok()?;
    let local = instant.with_timezone(&fuseau).naive_local();
    let ici = heure_de_besancon(instant);
    (local != ici).then(|| local.format("%d/%m/%Y %H:%M").to_string())
}

pub(super) fn epreuves(lues: &[EpreuveChoisie], i: &Inscription, centre: Option<&CentreChoisi>) -> Table {
    let rows = lues.iter().map(|e| {
        let decision = match e.decision {
            _ if e.annulee => Badge::new(Tone::Neutral, "Épreuve annulée"),
            Decision::Passe => Badge::new(Tone::Success, "Passée"),
            Decision::Report => Badge::new(Tone::Info, "Reportée"),
            Decision::Indecis => Badge::new(Tone::Warning, "Non décidée"),
        };
        let duree = e.duree_min.map(|n| match duree_majoree(n, i.majoration) {
            majoree if majoree != n => format!("{majoree} min (temps majoré, {n} min sinon)"),
            _ => format!("{n} min"),
        });
        Row::new()
            .text(&e.libelle)
            .code(&e.element)
            .badge(decision)
            .cell(Cell::instant(e.debut))
            .text_opt(e.debut.and_then(|d| sur_place(d, centre)))
            .text_opt(duree)
            .muted(e.annulee)
    });
    Table::new("epreuves", "Épreuves")
        .columns([
            Column::text("libelle", "Épreuve"),
            Column::text("element", "Élément").optional(),
            Column::text("decision", "Décision"),
            Column::text("debut", "Heure de Besançon"),
            Column::text("local", "Heure du centre").optional(),
            Column::text("duree", "Durée").optional(),
        ])
        .rows(rows)
        .empty(Empty::new("Aucune épreuve", "L’étudiant n’a encore rien choisi."))
}

/// The account, with what is left after each row.
pub(super) fn compte(ecritures: &[Ecriture], i: &Inscription, tient: bool) -> Table {
    let corrigees: Vec<_> = ecritures.iter().filter_map(|e| e.corrige).collect();
    let mut reste = Cents::ZERO;
    let rows = ecritures.iter().map(|e| {
        reste += e.montant;
        let corrigee = corrigees.contains(&e.id);
        let mut row = Row::new()
            .cell(Cell::Count(e.id))
            .cell(Cell::date(e.jour))
            .text(e.nature.libelle())
            .text(libelle(e))
            .cell(Cell::Number(e.montant.to_string()))
            .cell(Cell::Number(reste.to_string()));
        if tient {
            row = if !corrigee && incorrigible(e).is_none() {
                let vers = format!("/iexam/inscriptions/{}/ecritures/{}/corriger", i.id, e.id);
                row.component(&Button::link(format!("Corriger l’écriture {}", e.id), vers).look(Look::Quiet))
            } else {
                row.absent()
            };
        }
        row.muted(corrigee || e.corrige.is_some())
    });
    let rows: Vec<_> = rows.collect();
    let mut columns = vec![
        Column::number("id", "N°"),
        Column::text("jour", "Journée"),
        Column::text("nature", "Nature"),
        Column::text("libelle", "Libellé"),
        Column::number("montant", "Montant"),
        Column::number("reste", "Reste à payer"),
    ];
    if tient {
        columns.push(Column::text("corriger", "Corriger"));
    }
    Table::new("compte", "Compte")
        .columns(columns)
        .rows(rows)
        .empty(Empty::new("Compte vide", "Rien n’est dû et rien n’a été payé : un brouillon ne doit rien."))
}

fn libelle(e: &Ecriture) -> String {
    let par = if e.moyen == Some(Moyen::EnLigne) && e.corrige.is_none() { "" } else { e.ecrite_par.as_str() };
    let mut dit = e.libelle.clone();
    if !e.reference.is_empty() {
        dit.push_str(&format!(", n° {}", e.reference));
    }
    if e.moyen.is_some() && !par.is_empty() {
        dit.push_str(&format!(" ({par})"));
    }
    dit
}

/// What to look at before verifying.
pub(super) fn avertissements(
    i: &Inscription,
    p: &Periode,
    epreuves: &[EpreuveChoisie],
    centre: Option<&CentreChoisi>,
) -> Vec<String> {
    let mut dits = Vec::new();
    if i.courriel.is_empty() {
        dits.push(
            "Aucune adresse électronique : l’étudiant ne recevra ni courriel ni convocation.".to_owned(),
        );
    }
    match centre.map(|c| (c.accord_requis, c.accord.as_deref())) {
        Some((_, Some("refuse"))) => {
            dits.push("Le centre a refusé de recevoir des candidats pour cette période.".to_owned());
        }
        Some((true, accord)) if accord != Some("accepte") => {
            dits.push("Le centre n’a pas encore donné son accord.".to_owned());
        }
        _ => {}
    }
    if i.sans_salle {
        dits.push("Une épreuve au moins n’a pas de salle dans ce centre.".to_owned());
    }
    if i.passees == 0 && i.etat != EtatInscription::Brouillon {
        dits.push("L’étudiant ne passe aucune épreuve dans cette période : tout est reporté.".to_owned());
    }
    let passees: Vec<_> = epreuves.iter().filter(|e| e.decision == Decision::Passe && !e.annulee).collect();
    if passees.iter().any(|e| e.debut.is_none()) {
        dits.push("Une épreuve au moins n’a pas encore de date.".to_owned());
    }
    let fin = |e: &EpreuveChoisie| {
        let minutes = duree_majoree(e.duree_min.unwrap_or(0), i.majoration);
        e.debut.map(|d| d + chrono::Duration::minutes(minutes))
    };
    let mut datees: Vec<_> = passees.iter().filter(|e| e.debut.is_some()).collect();
    datees.sort_by_key(|e| e.debut);
    for paire in datees.windows(2) {
        let [avant, apres] = paire else { continue };
        let (Some(fin), Some(debut)) = (fin(avant), apres.debut) else { continue };
        let ecart = (debut - fin).num_minutes();
        if ecart < 0 {
            dits.push(format!("« {} » et « {} » se chevauchent.", avant.libelle, apres.libelle));
        } else if ecart < p.ecart_min {
            dits.push(format!(
                "{ecart} min seulement entre « {} » et « {} » (au moins {} min attendues).",
                avant.libelle, apres.libelle, p.ecart_min
            ));
        }
    }
    dits
}

/// An arrangement in one sentence.
pub(super) fn amenagement(a: &Amenagement) -> String {
    let mut quoi = Vec::new();
    if a.majoration > 0 {
        quoi.push(if a.majoration == crate::domain::amenagement::TIERS {
            "temps majoré d’un tiers".to_owned()
        } else {
            format!("temps majoré de {} min par heure", a.majoration)
        });
    }
    for (tenu, mot) in
        [(a.salle_a_part, "salle à part"), (a.ordinateur, "ordinateur"), (a.secretaire, "secrétaire")]
    {
        if tenu {
            quoi.push(mot.to_owned());
        }
    }
    if !a.autre.is_empty() {
        quoi.push(a.autre.clone());
    }
    format!("{}, du {} au {}", quoi.join(", "), date_francaise(a.valide_du), date_francaise(a.valide_au))
}

/// What a request would change, and what it would cost.
pub(super) fn differences(
    i: &Inscription,
    tenues: &[EpreuveChoisie],
    tenu: (Option<&str>, Option<&str>),
    voulu: &Voulu,
    nouvelles: &[EpreuveBreve],
    examine: &Examine,
) -> Vec<Diff> {
    let mut changes = Vec::new();
    let mut change = |quoi: &str, avant: Option<String>, apres: Option<String>| {
        if avant != apres {
            changes.push(Diff::new(quoi.to_owned(), avant, apres));
        }
    };
    change("Modalité", tenu.0.map(str::to_owned), examine.modalite.clone());
    change("Centre", tenu.1.map(str::to_owned), examine.centre.clone());
    let dit = |d: Decision| match d {
        Decision::Passe => "passée",
        Decision::Report => "reportée",
        Decision::Indecis => "non décidée",
    };
    for e in tenues {
        let apres = voulu.choix.get(&e.id).map(|d| dit(*d).to_owned());
        change(&e.libelle, Some(dit(e.decision).to_owned()), apres);
    }
    for e in nouvelles.iter().filter(|e| tenues.iter().all(|t| t.id != e.id)) {
        change(&e.libelle, None, voulu.choix.get(&e.id).map(|d| dit(*d).to_owned()));
    }
    change("Dû", Some(i.du.to_string()), Some(examine.decompte.total().to_string()));
    changes
}

/// « 12,50 € de plus à payer. »
pub(super) fn difference_de_prix(i: &Inscription, examine: &Examine) -> String {
    let ecart = examine.decompte.total() - i.du;
    let solde = i.solde + ecart;
    let du = match ecart.0 {
        0 => "Le montant dû ne change pas".to_owned(),
        n if n > 0 => format!("{ecart} de plus à payer"),
        _ => format!("{} de moins à payer", -ecart),
    };
    let reste = match solde.0 {
        0 => "il ne restera rien à payer".to_owned(),
        n if n > 0 => format!("il restera {solde} à payer"),
        _ => format!("{} seront à rembourser", -solde),
    };
    format!("{du} : {reste}.")
}

pub(super) fn histoire(lignes: &[journal::Line]) -> Table {
    let rows = lignes.iter().map(|l| {
        Row::new()
            .cell(Cell::instant(l.quand))
            .text(if l.acteur == "planification" { "Télémaque" } else { l.acteur.as_str() })
            .text(verbes::court(&l.action))
            .cell(Cell::Html(Html::all(&diffs(l, dire))))
    });
    Table::new("histoire", "Historique")
        .columns([
            Column::text("quand", "Quand"),
            Column::text("qui", "Qui"),
            Column::text("quoi", "Action"),
            Column::text("change", "Changement"),
        ])
        .rows(rows)
        .empty(Empty::new("Aucun historique", "Rien n’a encore été fait de cette inscription."))
}

/// The sentence that says where the registration stands.
pub(super) fn situation(i: &Inscription) -> Alert {
    let reste = i.solde;
    let (ton, dit) = match i.etat {
        EtatInscription::Brouillon => {
            (Tone::Neutral, "L’étudiant n’a pas validé son inscription : il n’est pas inscrit.".to_owned())
        }
        EtatInscription::Validee => {
            (Tone::Warning, "Validée par l’étudiant, elle attend d’être vérifiée.".to_owned())
        }
        EtatInscription::ACorriger => {
            (Tone::Warning, format!("Renvoyée à l’étudiant, qui doit la corriger. Motif : {}", i.motif))
        }
        EtatInscription::Verifiee => (Tone::Info, format!("Vérifiée : il reste {reste} à payer.")),
        EtatInscription::Payee => {
            (Tone::Info, "Vérifiée et payée : elle attend l’accord de son centre.".to_owned())
        }
        EtatInscription::Finalisee => {
            (Tone::Success, "Rien n’y manque : l’étudiant sera convoqué.".to_owned())
        }
        EtatInscription::Annulee => (Tone::Neutral, format!("Annulée. Motif : {}", i.motif)),
    };
    let mut alerte = Alert::new(if reste.0 < 0 { Tone::Warning } else { ton }, dit);
    if reste.0 < 0 {
        alerte = alerte.way_out(format!("{} ont été perçus en trop : remboursez-les.", -reste));
    }
    alerte
}

/// « lundi 13 janvier 2025 à 9 h 00 ».
pub(super) fn le(instant: DateTime<Utc>) -> String {
    instant_francais(heure_de_besancon(instant))
}

/// Whether somebody may write in the ledger.
pub(super) fn tient(visitor: &::web::Visitor) -> bool {
    visitor.may(Right::PaiementsTenir)
}
