//! Collections: started, watched, reported.

use ::web::components::{
    ActionForm, Alert, Badge, Button, Changes, Checkbox, Column, Dialog, Empty, Field, Identity, KeyFigures,
    Look, Maybe, Progress, Row, Select, Table, Tone,
};
use ::web::{Frame, ListQuery, Page, PageError, Redirection, RouteTable, Routes, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use jobs::JobId;
use kernel::Right;
use serde::Deserialize;

use super::rapport::{self, n, phrase_chute};
use super::{Maquette, changements, le};
use crate::actions::CollecteFault;
use crate::actions::demander::{
    annee_courante, confirmer as confirmer_collecte, demander, renoncer as renoncer_collecte,
};
use crate::domain::{Demande, EtatCollecte, Portee, Rapport};
use crate::store::collecte::{self, Collecte};

/// State of a collection, in a word, a colour and a shape.
pub(super) fn badge_etat(c: &Collecte) -> Badge {
    let ton = match c.etat {
        EtatCollecte::EnAttente => Tone::Neutral,
        EtatCollecte::EnCours => Tone::Info,
        EtatCollecte::Terminee => Tone::Success,
        EtatCollecte::AConfirmer => Tone::Action,
        EtatCollecte::Interrompue => Tone::Danger,
        EtatCollecte::Annulee => Tone::Neutral,
    };
    Badge::new(
        ton,
        if c.simulation && c.etat == EtatCollecte::Terminee { "Simulée" } else { c.etat.libelle() },
    )
}

/// « Collecte n° 12 », « Annulation n° 13 ».
pub(super) fn titre(c: &Collecte) -> String {
    match (c.annule, c.portee) {
        (Some(_), _) => format!("Annulation n° {}", c.id),
        (None, Portee::Correction) => format!("Correction n° {}", c.id),
        (None, _) => format!("Collecte n° {}", c.id),
    }
}

/// What it is about: a scope, or the set that it undoes.
pub(super) fn contenu(c: &Collecte) -> String {
    match c.annule {
        Some(annulee) => format!("Annulation du n° {annulee}"),
        None => c.portee.libelle().to_owned(),
    }
}

/// What a collection did, in one line.
pub(super) fn resume(c: &Collecte) -> String {
    let Some(r) = &c.rapport else { return String::new() };
    if let Some(panne) = &r.panne {
        return format!("{} : {}", panne.source_.libelle(), panne.detail);
    }
    if c.etat == EtatCollecte::Interrompue {
        return r.avis.first().cloned().unwrap_or_default();
    }
    if !c.etat.finale() || c.etat == EtatCollecte::Annulee {
        return String::new();
    }
    let changes = r.ajoutes + r.modifies + r.fermes + r.rouverts;
    if changes == 0 {
        return "rien n’a changé".to_owned();
    }
    let dire = |quoi: &str, n: u64| (n > 0).then(|| format!("{} {quoi}", self::n(n)));
    let parts = [
        dire(if r.ajoutes > 1 { "ajoutés" } else { "ajouté" }, r.ajoutes),
        dire(if r.modifies > 1 { "modifiés" } else { "modifié" }, r.modifies),
        dire(if r.fermes > 1 { "fermés" } else { "fermé" }, r.fermes),
        dire(if r.rouverts > 1 { "rouverts" } else { "rouvert" }, r.rouverts),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[derive(Template)]
#[template(path = "collectes/liste.html")]
pub(super) struct Liste {
    frame: Frame,
    formulaire: Option<Formulaire>,
    table: Table,
}

pub(super) struct Formulaire {
    portee: Select,
    annee: Field,
    simulation: Checkbox,
    bouton: Button,
}

/// `/maquette/collectes`.
pub(super) async fn liste(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    State(m): State<Maquette>,
) -> Result<Page<Liste>, PageError> {
    let paging = query.paging();
    let page = m.outils.db.read(|c| async move { collecte::collecte_list(&c, paging).await }).await?;
    let annee = annee_courante(&m.outils).await?;
    let formulaire = visitor.may(Right::MaquetteCollecter).then(|| Formulaire {
        portee: Select::new(
            "portee",
            "Que collecter",
            [Portee::Tout, Portee::Offre, Portee::Personnes].map(|p| (p.code(), p.libelle())),
        ),
        annee: Field::text("annee", "Année universitaire").value(annee.libelle()).maxlength(9).required(),
        simulation: Checkbox::new("simulation", "Simuler : comparer sans rien écrire"),
        bouton: Button::submit("Collecter").look(Look::Primary),
    });
    let lignes = page.elements.iter().map(|c| {
        let duree = c.debutee_le.zip(c.finie_le).map(|(d, f)| kernel::duree_francaise(f - d));
        Row::to(format!("/maquette/collectes/{}", c.id))
            .text(format!("N° {}", c.id))
            .text(contenu(c))
            .text(c.annee.libelle())
            .badge(badge_etat(c))
            .text(m.age(c.demandee_le))
            .text_opt(duree)
            .text(&c.acteur)
            .text(resume(c))
    });
    let table = Table::new("collectes", "Collectes")
        .columns([
            Column::text("id", "Collecte"),
            Column::text("portee", "Contenu"),
            Column::text("annee", "Année"),
            Column::text("etat", "État"),
            Column::text("date", "Demandée"),
            Column::number("duree", "Durée").optional(),
            Column::text("acteur", "Par").optional(),
            Column::text("resume", "Résultat").optional(),
        ])
        .listing(&query, page.total)
        .rows(lignes)
        .empty(Empty::new(
            "Aucune collecte",
            "La première collecte fera venir l’offre, les étudiants et les enseignants.",
        ));
    Ok(Page(Liste { frame: frame.titled("Collectes"), formulaire, table }))
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(super) struct Envoi {
    portee: String,
    annee: String,
    simulation: Option<String>,
}

/// Starts a collection.
pub(super) async fn lancer(
    visitor: Visitor,
    State(m): State<Maquette>,
    Form(envoi): Form<Envoi>,
) -> Result<Redirection, PageError> {
    let reprise = "Revenez à la page des collectes et corrigez le formulaire. Rien n’a été lancé.";
    let portee = envoi.portee.parse().map_err(|phrase: String| PageError::invalid(phrase, reprise))?;
    let annee = envoi.annee.parse().map_err(|phrase: String| PageError::invalid(phrase, reprise))?;
    let demande =
        Demande { portee, annee: Some(annee), simulation: envoi.simulation.is_some(), accepter_chute: false };
    let (id, _) = demander(&m.outils, &m.queue, &demande, &visitor.actor()).await?;
    Ok(Redirection::to(format!("/maquette/collectes/{id}")))
}

async fn lire(m: &Maquette, id: i64) -> Result<Collecte, PageError> {
    let tenue = m.outils.db.read(|c| async move { collecte::collecte_read(&c, id).await }).await?;
    Ok(tenue.ok_or(CollecteFault::Inconnue(id))?)
}

/// Asks a collection in course to stop.
pub(super) async fn annuler(
    State(m): State<Maquette>,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    let tenue = lire(&m, id).await?;
    let mut demandee = false;
    if let Some(job) = tenue.job_id {
        demandee = m.queue.cancel(JobId(job)).await?;
    }
    if demandee && tenue.etat == EtatCollecte::EnAttente {
        m.outils
            .db
            .write(|tx| async move {
                let suite = collecte::Suite { etat: Some(EtatCollecte::Annulee), ..Default::default() };
                collecte::collecte_update(&*tx, id, suite).await
            })
            .await?;
    }
    let retour = Redirection::to(format!("/maquette/collectes/{id}"));
    Ok(if demandee {
        retour.success("L’arrêt est demandé : rien ne sera appliqué.")
    } else {
        retour.saying(Tone::Info, "Cette collecte était déjà finie.")
    })
}

/// Applies a collection in spite of its fall.
pub(super) async fn confirmer(
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    let (suivante, _) = confirmer_collecte(&m.outils, &m.queue, id, &visitor.actor()).await?;
    Ok(Redirection::to(format!("/maquette/collectes/{suivante}")))
}

/// Sets aside a collection that stopped.
pub(super) async fn renoncer(
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    renoncer_collecte(&m.outils, id, &visitor.actor()).await?;
    Ok(Redirection::to(format!("/maquette/collectes/{id}"))
        .success("La collecte est abandonnée ; rien n’a été modifié."))
}

#[derive(Template)]
#[template(path = "collectes/une.html")]
pub(super) struct Une {
    frame: Frame,
    identite: Identity,
    annuler: Maybe<Button>,
    actions: Vec<Dialog>,
    avancement: Maybe<Progress>,
    alertes: Vec<Alert>,
    chiffres: Maybe<KeyFigures>,
    changements: Maybe<Changes>,
    bilan: Maybe<Table>,
    attentes: Maybe<Table>,
    rejets: Maybe<Table>,
}

/// `/maquette/collectes/{id}`: progress, then report.
pub(super) async fn une(
    frame: Frame,
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
) -> Result<Page<Une>, PageError> {
    let c = lire(&m, id).await?;
    let mut identite =
        Identity::new(if c.annule.is_some() { "Annulation" } else { "Collecte" }, format!("N° {id}"))
            .badge(badge_etat(&c))
            .fact(format!("{} {}", contenu(&c), c.annee.libelle()))
            .fact(format!("demandée le {} ({})", le(c.demandee_le), c.acteur));
    if c.simulation {
        identite = identite.fact("simulation : rien n’est écrit");
    }
    let frame = frame.titled(titre(&c)).crumb("Collectes", "/maquette/collectes");
    let peut = visitor.may(Right::MaquetteCollecter);
    if !c.etat.finale() {
        let frame = frame.refreshing(2);
        let avancement = avancement(&m, &c, frame.csrf(), peut).await?;
        return Ok(Page(Une {
            frame,
            identite,
            annuler: Maybe(None),
            actions: Vec::new(),
            avancement: Maybe(Some(avancement)),
            alertes: Vec::new(),
            chiffres: Maybe(None),
            changements: Maybe(None),
            bilan: Maybe(None),
            attentes: Maybe(None),
            rejets: Maybe(None),
        }));
    }
    let rapport = c.rapport.clone().unwrap_or_default();
    let actions = if peut && c.etat == EtatCollecte::AConfirmer {
        arbitrage(&c, &rapport, frame.csrf())
    } else {
        Vec::new()
    };
    let changements = changements::resume(&m, &c).await?;
    let mut alertes = rapport::alertes(&c, &rapport);
    let par = super::annulation::annulee_par(&m, &c).await?;
    alertes.splice(0..0, par.map(|par| super::annulation::alerte_annulee(&c, par)));
    let annulable = peut && par.is_none() && changements.is_some() && super::annulation::annulable(&c);
    let annuler = annulable.then(|| {
        let mot =
            if c.annule.is_some() { "Annuler cette annulation…" } else { "Annuler cette collecte…" };
        Button::link(mot, format!("/maquette/collectes/{id}/annulation")).icon("arrow-back-up")
    });
    Ok(Page(Une {
        frame,
        identite,
        annuler: Maybe(annuler),
        actions,
        avancement: Maybe(None),
        alertes,
        // A collection that did not reach its end has nothing to count: nine zeros would look like an answer.
        chiffres: Maybe(
            matches!(c.etat, EtatCollecte::Terminee | EtatCollecte::AConfirmer)
                .then(|| rapport::chiffres(&c, &rapport)),
        ),
        changements: Maybe(changements),
        bilan: Maybe((!rapport.par_genre.is_empty()).then(|| rapport::bilan(&rapport))),
        attentes: Maybe((!rapport.attentes.is_empty()).then(|| rapport::attentes(&rapport))),
        rejets: Maybe((!rapport.lignes_rejetees.is_empty()).then(|| rapport::rejets(&rapport))),
    }))
}

async fn avancement(m: &Maquette, c: &Collecte, csrf: &str, peut: bool) -> Result<Progress, PageError> {
    let present = match c.job_id {
        Some(job) => m.queue.progress(JobId(job)).await?,
        None => None,
    };
    let present = present.unwrap_or_default();
    let texte = if c.etat == EtatCollecte::EnAttente {
        match autre_en_cours(m, c).await? {
            Some(autre) => format!(
                "En attente : {} n° {} ({}, lancée par {}) est en cours ; celle-ci commencera ensuite",
                if autre.annule.is_some() { "l’annulation" } else { "la collecte" },
                autre.id,
                autre.portee.libelle(),
                autre.acteur
            ),
            None => "En attente".to_owned(),
        }
    } else if present.texte.is_empty() {
        "Préparation".to_owned()
    } else {
        present.texte
    };
    let page = format!("/maquette/collectes/{}", c.id);
    let total = (present.total > 0).then_some(present.total);
    let mut avancement = Progress::new("avancement", &page, texte).counting(present.fait, total);
    if let Some(debut) = c.debutee_le {
        avancement = avancement.elapsed(m.outils.clock.now() - debut);
    }
    if peut {
        let quoi = if c.annule.is_some() { "Arrêter l’annulation" } else { "Arrêter la collecte" };
        let form = ActionForm::new(format!("{page}/annuler"), csrf, Button::submit(quoi).look(Look::Danger));
        let mut arreter = Dialog::new("arreter", "Arrêter", quoi, form)
            .consequence("Rien n’est appliqué : l’offre et les personnes restent telles qu’elles sont.");
        if c.annule.is_none() {
            arreter = arreter.consequence("Ce qui a déjà été lu est gardé pour la prochaine collecte.");
        }
        avancement = avancement.cancel(arreter);
    }
    Ok(avancement)
}

async fn autre_en_cours(m: &Maquette, c: &Collecte) -> Result<Option<Collecte>, PageError> {
    let encours = m
        .outils
        .db
        .read(|conn| async move { collecte::collecte_last(&conn, None, None, EtatCollecte::EnCours).await })
        .await?;
    Ok(encours.filter(|autre| autre.id != c.id))
}

/// What one may do with a collection that stopped.
fn arbitrage(c: &Collecte, rapport: &Rapport, csrf: &str) -> Vec<Dialog> {
    let page = format!("/maquette/collectes/{}", c.id);
    let oui = ActionForm::new(
        format!("{page}/confirmer"),
        csrf,
        Button::submit("Appliquer quand même").look(Look::Danger),
    );
    let non =
        ActionForm::new(format!("{page}/renoncer"), csrf, Button::submit("Abandonner").look(Look::Secondary));
    let mut appliquer = Dialog::new("appliquer", "Appliquer quand même", "Appliquer malgré la chute", oui)
        .text("Les sources seront relues, puis ce qu’elles disent sera appliqué :")
        .look(Look::Danger);
    for chute in &rapport.chutes {
        appliquer = appliquer.consequence(phrase_chute(chute));
    }
    vec![
        Dialog::new("abandonner", "Abandonner", "Abandonner cette collecte", non)
            .consequence("Rien n’a été modifié et rien ne le sera."),
        appliquer,
    ]
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/maquette/collectes", Right::MaquetteLire, liste)
        .post("/maquette/collectes", Right::MaquetteCollecter, lancer)
        .get("/maquette/collectes/{id}", Right::MaquetteLire, une)
        .post("/maquette/collectes/{id}/annuler", Right::MaquetteCollecter, annuler)
        .post("/maquette/collectes/{id}/confirmer", Right::MaquetteCollecter, confirmer)
        .post("/maquette/collectes/{id}/renoncer", Right::MaquetteCollecter, renoncer)
        .build()
}
