//! The page of a period: its state as a line of steps, what may be done next, the clock of the law, what it offers.

use ::web::components::{
    ActionForm, Alert, Badge, Button, Cell, Column, Empty, Identity, KeyFigure, KeyFigures, Maybe, Row,
    Table, Tone,
};
use ::web::{Frame, Html, Page, PageError};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::{Right, date_francaise};

use super::super::centres::etat_accord;
use super::super::pages::{Bloc, Colonnes, Fiche, Rangee, Replie, Saisie, histoire};
use super::loi::horloge;
use super::suite::{etapes, pas};
use super::{LISTE, etat, fait, lien, lire};
use crate::Iexam;
use crate::actions::periode_avancer::{Pas, Situation, situation};
use crate::actions::regler_fault::ReglageFault;
use crate::domain::horloge::Feu;
use crate::domain::inscription::EtatInscription;
use crate::domain::periode::{EtatPeriode, Periode};
use crate::store::accord::accords_de_periode;
use crate::store::centre::centre_actifs;
use crate::store::offre::{Offerte, offre_list};
use crate::store::periode_ecrite::derogation_list;

fn dates(p: &Periode) -> Table {
    let le = super::super::le;
    Table::new("dates", "Dates")
        .columns([Column::text("quoi", "Étape"), Column::text("quand", "Quand")])
        .rows([
            fait("Début des enseignements", date_francaise(p.enseignement_debut)),
            fait("Début des inscriptions", le(p.inscriptions_debut)),
            fait("Fin des inscriptions", le(p.inscriptions_fin)),
            fait("Fin de la vérification", date_francaise(p.verification_fin)),
            fait("Envoi des convocations", date_francaise(p.convocations_le)),
            fait(
                "Épreuves",
                format!("du {} au {}", date_francaise(p.epreuves_debut), date_francaise(p.epreuves_fin)),
            ),
            fait("Clôture", date_francaise(p.fermeture_le)),
            fait("Écart minimal entre deux épreuves", format!("{} minutes", p.ecart_min)),
        ])
}

fn offres(p: &Periode, offres: &[Offerte], peut: bool) -> Vec<Html> {
    let rows = offres.iter().filter(|o| o.offerte).map(|o| {
        let quota = o.quota.map_or_else(|| "sans limite".to_owned(), |q| q.to_string());
        let echeance = o.echeance.map_or_else(|| "fin des inscriptions".to_owned(), super::super::le);
        let plein = o.quota.is_some_and(|q| o.prises >= q);
        let mut badges = Vec::new();
        if !o.modalite_active {
            badges.push(Badge::new(Tone::Warning, "Désactivée"));
        }
        if plein {
            badges.push(Badge::new(Tone::Action, "Complète"));
        }
        Row::to(format!("/iexam/modalites/{}", o.code))
            .text(&o.libelle)
            .cell(Cell::Count(o.prises))
            .text(quota)
            .text(echeance)
            .badges(badges)
    });
    let vide = Empty::new("Aucune modalité offerte", "Sans modalité, personne ne peut s’inscrire.");
    let vide =
        if peut { vide.action("Choisir les modalités", format!("{}/modalites", lien(p))) } else { vide };
    let table = Table::new("offres", "Modalités offertes")
        .columns([
            Column::text("modalite", "Modalité"),
            Column::number("prises", "Places prises"),
            Column::text("quota", "Quota"),
            Column::text("jusqu", "Jusqu’au").optional(),
            Column::text("etat", "État"),
        ])
        .rows(rows.collect::<Vec<_>>())
        .empty(vide);
    vec![Html::of(&table)]
}

async fn centres(iexam: &Iexam, p: &Periode, peut: bool, csrf: &str) -> Result<Vec<Html>, PageError> {
    let id = p.id;
    let (actifs, accords) = iexam
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((centre_actifs(&c).await?, accords_de_periode(&c, id).await?))
        })
        .await?;
    let mut rows = Vec::new();
    for c in &actifs {
        let Some(a) = accords.iter().find(|a| a.centre == c.id) else { continue };
        rows.push(
            Row::to(format!("/iexam/centres/{}/accords/{}/{}", c.code, p.annee.premiere(), p.code))
                .text(&c.nom)
                .text(c.lieu())
                .badges(etat_accord(c.accord_requis, a.etat))
                .cell(Cell::Count(a.prises))
                .text(a.places.map_or_else(|| "non comptées".to_owned(), |n| n.to_string())),
        );
    }
    let absents = actifs.len().saturating_sub(rows.len());
    let table = Table::new("centres", "Centres")
        .columns([
            Column::text("centre", "Centre"),
            Column::text("lieu", "Lieu").optional(),
            Column::text("accord", "Accord"),
            Column::number("prises", "Places prises"),
            Column::text("places", "Places").optional(),
        ])
        .rows(rows)
        .empty(Empty::new("Aucun centre", "Aucun centre n’est encore dans cette période."));
    let mut out = vec![Html::of(&table)];
    if peut && absents > 0 && p.etat < EtatPeriode::Cloturee {
        let mots = if absents > 1 {
            format!("Ajouter les {absents} autres centres actifs")
        } else {
            "Ajouter l’autre centre actif".to_owned()
        };
        let form = ActionForm::new(format!("{}/centres", lien(p)), csrf, Button::submit(mots).icon("plus"));
        out.push(Html::of(&Rangee { contenu: vec![Html::of(&form)] }));
    }
    Ok(out)
}

fn chiffres(s: &Situation) -> KeyFigures {
    let (p, c) = (&s.periode, &s.constat);
    let cle = format!("periode={}-{}", p.annee.premiere(), p.code);
    let engagees: u64 = c.inscriptions.iter().filter(|(e, _)| e.tient_place()).map(|(_, n)| *n).sum();
    let epreuves = KeyFigure::count(c.epreuves, "Épreuves").href(format!("/iexam/epreuves?{cle}"));
    let epreuves = match c.epreuves_sans_date {
        0 => epreuves,
        n => epreuves.detail(format!("{n} sans date")).tone(Tone::Warning),
    };
    let accords = KeyFigure::count(c.accords_attendus, "Accords attendus");
    KeyFigures::new([
        epreuves,
        KeyFigure::count(engagees, "Inscriptions")
            .detail(format!("{} en brouillon", c.en(&[EtatInscription::Brouillon])))
            .href(format!("/iexam/inscriptions?{cle}")),
        KeyFigure::count(c.en(&[EtatInscription::Finalisee]), "Définitives"),
        if c.accords_attendus > 0 { accords.tone(Tone::Action) } else { accords },
    ])
}

pub(super) async fn page(
    iexam: &Iexam,
    frame: Frame,
    p: Periode,
    sent: Option<(&Saisie, &ReglageFault)>,
) -> Result<Fiche, PageError> {
    let now = iexam.clock.now();
    let id = p.id;
    let (offertes, derogations) =
        iexam
            .db
            .read(|c| async move {
                Ok::<_, db::DbError>((offre_list(&c, id).await?, derogation_list(&c, id).await?))
            })
            .await?;
    let s = situation(iexam, p).await?;
    let p = &s.periode;
    let peut = frame.visitor().is_some_and(|v| v.may(Right::ExamensRegler));
    let nom = frame.visitor().map(|v| v.nom.clone()).unwrap_or_default();
    let csrf = frame.csrf().to_owned();
    let (histoire, _) = histoire(iexam, "periode_examen", p.id).await?;

    let mut fiche = Fiche::new(frame.titled(p.nom()).crumb("Périodes", LISTE));
    fiche.identite = Maybe(Some(
        Identity::new("Période", &p.code).badge(etat(p.etat)).fact(&p.libelle).fact(if p.session == 2 {
            "seconde session"
        } else {
            "première session"
        }),
    ));
    if peut && p.etat < EtatPeriode::Cloturee {
        let bouton = |mot: &str, ou: &str, icone| {
            Html::of(&Button::link(mot, format!("{}/{ou}", lien(p))).icon(icone))
        };
        fiche.actions.push(bouton("Dates", "dates", "calendar"));
        fiche.actions.push(bouton("Modalités offertes", "modalites", "pencil"));
    }
    for a in s
        .horloge
        .iter()
        .filter(|a| p.etat < EtatPeriode::Epreuves && matches!(a.feu, Feu::Rouge | Feu::Orange))
    {
        let ton = if a.manquee() { Tone::Danger } else { Tone::Warning };
        let alerte = Alert::new(ton, a.phrase()).titled(a.echeance.libelle());
        fiche.alertes.push(alerte.link("Voir l’horloge légale", "#horloge-titre"));
    }
    fiche.sections.push(Html::of(&etapes(p.etat)));
    fiche.sections.push(Html::of(&chiffres(&s)));
    if peut {
        let mut contenu = pas(&s, Pas::Avant, now, &csrf);
        let arriere = pas(&s, Pas::Arriere, now, &csrf);
        if !arriere.is_empty() {
            contenu.push(Html::of(&Replie {
                titre: "Revenir en arrière".to_owned(),
                ouvert: false,
                contenu: arriere,
            }));
        }
        if !contenu.is_empty() {
            let titre = match p.etat.suivant() {
                Some(vers) => format!("Étape suivante\u{a0}: {}", vers.libelle().to_lowercase()),
                None => "Étapes".to_owned(),
            };
            fiche.sections.push(Html::of(&Bloc { id: "suite", titre, textes: Vec::new(), contenu }));
        }
    }
    let loi = horloge(&s, &derogations, peut, &csrf, &nom, sent);
    fiche
        .sections
        .push(Html::of(&Colonnes { gauche: offres(p, &offertes, peut), droite: vec![Html::of(&dates(p))] }));
    fiche.sections.push(Html::of(&loi));
    fiche.sections.extend(centres(iexam, p, peut, &csrf).await?);
    fiche.sections.push(Html::of(&histoire));
    Ok(fiche)
}

pub(super) async fn voir(
    State(iexam): State<Iexam>,
    frame: Frame,
    Path((annee, code)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    Ok(Page(page(&iexam, frame, p, None).await?).into_response())
}
