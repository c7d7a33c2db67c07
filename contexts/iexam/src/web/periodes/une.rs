//! The page of a period: its state as a line of steps, what may be done next, the clock of the law, what it offers.

use ::web::components::{
    ActionForm, Alert, Badge, Button, Cell, Checkbox, Column, Dialog, Empty, Field, Identity, KeyFigure,
    KeyFigures, Look, Maybe, Row, Table, Tone,
};
use ::web::{Frame, Html, Page, PageError, Redirection, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Fault as _, Right, date_francaise};

use super::super::centres::etat_accord;
use super::super::pages::{Bloc, Colonnes, Etapes, Fiche, Formulaire, Rangee, Replie, Saisie, histoire};
use super::{LISTE, etat, fait, feu, lien, lire};
use crate::Iexam;
use crate::actions::accorder::ajouter;
use crate::actions::deroger::{deroger as signer, retirer};
use crate::actions::modalites_publier::publier as publier_modalites;
use crate::actions::periode_avancer::{Pas, Situation, avancer as bouger, situation};
use crate::actions::regler_fault::ReglageFault;
use crate::domain::avancement::{Frein, Poids};
use crate::domain::horloge::{Aiguille, Echeance, Feu, MOTIF_MIN};
use crate::domain::inscription::EtatInscription;
use crate::domain::periode::{EtatPeriode, Periode};
use crate::store::accord::accords_de_periode;
use crate::store::centre::centre_actifs;
use crate::store::offre::{Offerte, offre_list};
use crate::store::periode_ecrite::{Derogation, derogation_list};

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
fn pas(s: &Situation, pas: Pas, now: chrono::DateTime<chrono::Utc>, csrf: &str) -> Vec<Html> {
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

fn etapes(courant: EtatPeriode) -> Etapes {
    let sorte = |e: EtatPeriode| match e.cmp(&courant) {
        std::cmp::Ordering::Less => "fait",
        std::cmp::Ordering::Equal => "ici",
        std::cmp::Ordering::Greater => "reste",
    };
    Etapes { pas: EtatPeriode::ALL.into_iter().map(|e| (e.libelle(), sorte(e))).collect() }
}

/// The clock of the law: each date, its light, what can be done about it.
fn horloge(
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

async fn page(
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

/// A refusal of an action that has no field: the page again, with what happened.
async fn refuser(
    iexam: &Iexam,
    frame: Frame,
    p: Periode,
    faute: ReglageFault,
) -> Result<Response, PageError> {
    if matches!(faute, ReglageFault::Base(_) | ReglageFault::Inconnu(..)) {
        return Err(faute.into());
    }
    let mut fiche = page(iexam, frame, p, None).await?;
    fiche.alertes.insert(0, Alert::new(Tone::Danger, faute.message()).way_out(faute.way_out()));
    Ok(Page(fiche).with_status(StatusCode::CONFLICT))
}

async fn bouge(
    iexam: Iexam,
    frame: Frame,
    visitor: Visitor,
    (annee, code): (String, String),
    s: Saisie,
    pas: Pas,
) -> Result<Response, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    let de = EtatPeriode::of_code(s.texte("de")).unwrap_or(p.etat);
    match bouger(&iexam, p.id, pas, de, s.coche("confirme"), &visitor.actor()).await {
        Ok(vers) => {
            let phrase = format!("{} est maintenant à l’étape «\u{a0}{}\u{a0}».", p.nom(), vers.libelle());
            Ok(Redirection::to(lien(&p)).success(phrase).into_response())
        }
        Err(faute) => {
            let p = lire(&iexam, &annee, &code).await?;
            refuser(&iexam, frame, p, faute).await
        }
    }
}

pub(super) async fn avancer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(cle): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    bouge(iexam, frame, visitor, cle, s, Pas::Avant).await
}

pub(super) async fn reculer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(cle): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    bouge(iexam, frame, visitor, cle, s, Pas::Arriere).await
}

pub(super) async fn publier(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path((annee, code)): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    let voulu = s.coche("publier");
    match publier_modalites(&iexam, p.id, voulu, &visitor.actor()).await {
        Ok(()) => {
            let phrase = if voulu {
                "Les modalités sont publiées."
            } else {
                "La publication des modalités est retirée."
            };
            Ok(Redirection::to(lien(&p)).success(phrase).into_response())
        }
        Err(faute) => refuser(&iexam, frame, p, faute).await,
    }
}

pub(super) async fn deroger(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path((annee, code)): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    let Some(echeance) = Echeance::of_code(s.texte("echeance")) else {
        return Err(PageError::invalid("Cette échéance n’existe pas.", "Rechargez la page de la période."));
    };
    let signature = (s.coche("signe"), visitor.nom.as_str());
    match signer(&iexam, p.id, echeance, s.texte("motif"), signature, &visitor.actor()).await {
        Ok(()) => Ok(Redirection::to(lien(&p)).success("La dérogation est signée.").into_response()),
        Err(faute @ ReglageFault::Saisie(_)) => {
            let mut fiche = page(&iexam, frame, p, Some((&s, &faute))).await?;
            fiche.alertes.insert(0, Alert::new(Tone::Danger, faute.message()).way_out(faute.way_out()));
            Ok(Page(fiche).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(faute) => refuser(&iexam, frame, p, faute).await,
    }
}

pub(super) async fn retirer_derogation(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path((annee, code)): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Redirection, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    if let Some(echeance) = Echeance::of_code(s.texte("echeance")) {
        retirer(&iexam, p.id, echeance, &visitor.actor()).await?;
    }
    Ok(Redirection::to(lien(&p)).success("La dérogation est retirée."))
}

pub(super) async fn ajouter_centres(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path((annee, code)): Path<(String, String)>,
) -> Result<Redirection, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    let n = ajouter(&iexam, p.id, None, &visitor.actor()).await?;
    let phrase = match n {
        0 => "Tous les centres actifs y étaient déjà.".to_owned(),
        1 => "Un centre est ajouté\u{a0}; son accord est à demander.".to_owned(),
        n => format!("{n} centres sont ajoutés\u{a0}; leurs accords sont à demander."),
    };
    Ok(Redirection::to(lien(&p)).success(phrase))
}
