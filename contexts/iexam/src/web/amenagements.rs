//! Arrangements: the list, the page of one, how one is added.

mod formulaire;

use std::collections::BTreeMap;

use ::web::components::{
    ActionForm, Alert, Badge, Button, Cell, Column, Empty, Field, Filter, Identity, Liste, Look, Maybe, Row,
    Tab, Table, Tabs, Tone,
};
use ::web::{
    Conflit, Frame, Html, ListQuery, Listage, Page, PageError, Redirection, RouteTable, Routes, Sens, Visitor,
};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::{DbError, Paging};
use kernel::{NumeroEtudiant, Right, heure_de_besancon};

use self::formulaire::{champs, drapeaux, lire, remplie};
use super::pages::{Choix, Fiche, Formulaire, Saisie, conflit, histoire};
use crate::Iexam;
use crate::actions::amenager::{self, Effets, vu};
use crate::actions::amenager_fault::AmenagementFault;
use crate::domain::amenagement::TIERS;
use crate::domain::amenagement_regles::majoration_dite;
use crate::store::amenagement::{AmenagementTenu, Filtre, amenagement_list, amenagement_read};

const LISTE: &str = "/iexam/amenagements";
/// Most students that a search narrows the list to.
const TROUVES: u64 = 500;
/// Most students proposed when one is added.
const PROPOSES: u64 = 20;

/// Names of these students, from the offer; none when it does not answer.
async fn noms(iexam: &Iexam, numeros: &[NumeroEtudiant]) -> BTreeMap<NumeroEtudiant, String> {
    let lus = match iexam.offre.annee_courante().await {
        Ok(Some(annee)) => iexam.offre.etudiants(annee, numeros).await,
        Ok(None) => Ok(Vec::new()),
        Err(err) => Err(err),
    };
    match lus {
        Ok(lus) => lus.into_iter().map(|e| (e.numero.clone(), e.nom_classe())).collect(),
        Err(err) => {
            tracing::warn!(%err, "arrangements are shown without names");
            BTreeMap::new()
        }
    }
}

struct Vue {
    tenu: AmenagementTenu,
    nom: Option<String>,
    present: bool,
}

async fn filtre(iexam: &Iexam, query: &ListQuery) -> Result<Filtre, PageError> {
    let etudiants = match query.recherche.trim() {
        "" => None,
        recherche => {
            let annee = iexam.offre.annee_courante().await.map_err(AmenagementFault::from)?;
            let trouves = match annee {
                Some(annee) => iexam
                    .offre
                    .etudiants_chercher(annee, recherche, TROUVES)
                    .await
                    .map_err(AmenagementFault::from)?,
                None => Vec::new(),
            };
            Some(trouves.into_iter().map(|e| e.numero).collect())
        }
    };
    let aujourd_hui = heure_de_besancon(iexam.clock.now()).date();
    Ok(Filtre {
        etudiants,
        le: query.filtre("voir").is_none().then_some(aujourd_hui),
        quoi: query.valeurs("quoi").into_iter().map(str::to_owned).collect(),
        retires: query.filtre("voir") == Some("retires"),
        tri: match query.tri_parmi(&["etudiant", "du", "au", "majoration"]) {
            "du" => "du",
            "au" => "au",
            "majoration" => "majoration",
            _ => "etudiant",
        },
        decroissant: query.sens == Sens::Decroissant,
    })
}

async fn tranche(iexam: &Iexam, f: &Filtre, paging: Paging) -> Result<db::Page<Vue>, DbError> {
    let page = iexam.db.read(|c| async move { amenagement_list(&c, f, paging).await }).await?;
    let numeros: Vec<NumeroEtudiant> = page.elements.iter().map(|t| t.amenagement.etudiant.clone()).collect();
    let noms = noms(iexam, &numeros).await;
    let jour = heure_de_besancon(iexam.clock.now()).date();
    Ok(page.map(|tenu| Vue {
        nom: noms.get(&tenu.amenagement.etudiant).cloned(),
        present: tenu.retire_le.is_none()
            && tenu.amenagement.valide_du <= jour
            && jour <= tenu.amenagement.valide_au,
        tenu,
    }))
}

fn definition() -> Liste<'static, Vue> {
    Liste::new("amenagements", "Aménagements")
        .column(Column::text("nom", "Étudiant"), |v: &Vue| Cell::text_opt(v.nom.as_ref()))
        .column(Column::text("etudiant", "Numéro").sortable(), |v| Cell::code(&v.tenu.amenagement.etudiant))
        .column(Column::text("majoration", "Temps majoré").sortable(), |v| {
            match v.tenu.amenagement.majoration {
                0 => Cell::Absent,
                m => Badge::new(
                    if m > TIERS { Tone::Action } else { Tone::Info },
                    if m == TIERS { "Tiers-temps".to_owned() } else { format!("{m} min/h") },
                )
                .into(),
            }
        })
        .column(Column::text("quoi", "Autres aménagements"), |v| {
            Cell::text_opt(Some(drapeaux(&v.tenu.amenagement)).filter(|t| !t.is_empty()))
        })
        .column(Column::text("du", "Du").sortable(), |v| Cell::date(v.tenu.amenagement.valide_du))
        .column(Column::text("au", "Au").sortable(), |v| Cell::date(v.tenu.amenagement.valide_au))
        .column(Column::text("exception", "Exception").hidden(), |v| {
            Cell::text(&v.tenu.amenagement.exception)
        })
        .opens(|v| format!("{LISTE}/{}", v.tenu.amenagement.id))
        .muted(|v| !v.present)
        .journaled("amenagements")
        .searching("Nom ou numéro d’étudiant")
}

/// `/iexam/amenagements`.
async fn liste(frame: Frame, listage: Listage, State(iexam): State<Iexam>) -> Result<Response, PageError> {
    let query = listage.query().clone();
    let f = filtre(&iexam, &query).await?;
    let liste = definition();
    if listage.export().is_some() {
        return liste
            .export(&listage, move |t| {
                let (iexam, f) = (iexam.clone(), f.clone());
                async move { Ok::<_, DbError>(tranche(&iexam, &f, t.paging()).await?.elements) }
            })
            .await;
    }
    let page = listage.read(|paging| tranche(&iexam, &f, paging)).await?;
    let present = query.filtre("voir");
    let onglet = |titre: &str, code: Option<&str>| {
        let reste = query.sans_filtre("voir");
        Tab::new(titre, code.map_or_else(|| reste.clone(), |c| reste.avec("voir", c)).url())
            .current(present == code)
    };
    let onglets = Tabs::new(
        "Aménagements",
        [onglet("Aujourd’hui", None), onglet("Tous", Some("tous")), onglet("Retirés", Some("retires"))],
    );
    let peut = frame.visitor().is_some_and(|v| v.may(Right::ExamensRegler));
    let vide =
        Empty::new("Aucun aménagement", "Aucun étudiant n’a d’aménagement qui réponde à cette recherche.");
    let quoi = Filter::new("quoi", "Aménagement")
        .option("majoration", "Temps majoré")
        .option("exception", "Au-delà d’un tiers")
        .option("salle", "Salle à part")
        .option("ordinateur", "Ordinateur")
        .option("secretaire", "Secrétaire");
    let table = liste.filters([quoi]).empty(vide).table(&listage, &page);
    let mut fiche = Fiche::new(frame.titled("Aménagements"));
    if peut {
        let bouton = Button::link("Ajouter un aménagement", format!("{LISTE}/nouveau"))
            .icon("plus")
            .look(Look::Primary);
        fiche.actions.push(Html::of(&bouton));
    }
    fiche.sections.extend([Html::of(&onglets), Html::of(&table)]);
    Ok(Page(fiche).into_response())
}

/// What saving did, in words.
fn fini(dit: &str, effets: &Effets) -> Redirection {
    let mut phrase = format!("{dit} {}", effets.phrase());
    for (du, au) in &effets.communs {
        phrase.push_str(&format!(
            " Un autre aménagement de cet étudiant vaut aussi du {} au {} : c’est le dernier commencé qui s’applique ces jours-là.",
            du.format("%d/%m/%Y"),
            au.format("%d/%m/%Y")
        ));
    }
    let ton = if effets.communs.is_empty() { Tone::Success } else { Tone::Warning };
    Redirection::to(format!("{LISTE}/{}", effets.id)).saying(ton, phrase)
}

struct Refusee {
    saisie: Saisie,
    faute: Option<(&'static str, String)>,
    conflit: Option<Conflit>,
}

async fn page(iexam: &Iexam, frame: Frame, id: i64, refusee: Option<Refusee>) -> Result<Fiche, PageError> {
    let tenu = iexam
        .db
        .read(|c| async move { amenagement_read(&c, id).await })
        .await?
        .ok_or(AmenagementFault::Inconnu)?;
    let a = &tenu.amenagement;
    let (table, derniere) = histoire(iexam, "amenagement", id).await?;
    let nom = noms(iexam, std::slice::from_ref(&a.etudiant)).await.remove(&a.etudiant);
    let titre = nom.unwrap_or_else(|| format!("Étudiant n° {}", a.etudiant));
    let peut = frame.visitor().is_some_and(|v| v.may(Right::ExamensRegler));
    let csrf = frame.csrf().to_owned();
    let mut fiche = Fiche::new(frame.titled(titre).crumb("Aménagements", LISTE));
    let mut identite = Identity::new("Aménagement", a.etudiant.to_string())
        .fact(format!(
            "Du {} au {}",
            kernel::date_francaise(a.valide_du),
            kernel::date_francaise(a.valide_au)
        ))
        .fact(format!("Majoration : {}", majoration_dite(a.majoration)));
    if tenu.retire_le.is_some() {
        identite = identite.badge(Badge::new(Tone::Neutral, "Retiré"));
    }
    if a.majoration > TIERS {
        identite = identite.badge(Badge::new(Tone::Action, "Exception motivée"));
    }
    fiche.identite = Maybe(Some(identite));
    if peut {
        let (verbe, mot) =
            if tenu.retire_le.is_none() { ("retirer", "Retirer") } else { ("rendre", "Remettre en vigueur") };
        let bouton = Button::submit(mot).icon(if verbe == "retirer" { "x" } else { "arrow-back-up" });
        fiche.actions.push(Html::of(&ActionForm::new(format!("{LISTE}/{id}/{verbe}"), &csrf, bouton)));
    }
    if peut && tenu.retire_le.is_none() {
        let (saisie, faute) = match &refusee {
            Some(r) => (r.saisie.clone(), r.faute.clone()),
            None => (remplie(a), None),
        };
        let form = Formulaire::new("modifier", "Modifier", format!("{LISTE}/{id}"), &csrf)
            .texte("Les heures de fin et les comptes des inscriptions en cours suivent aussitôt.")
            .vu(vu(&tenu).after(derniere));
        fiche.sections.push(Html::of(&champs(form, &saisie, faute.as_ref()).verbe("Enregistrer")));
    } else {
        let ligne = |mot: &str, texte: &str| {
            let row = Row::new().text(mot);
            if texte.is_empty() { row.absent() } else { row.text(texte) }
        };
        let lecture = Table::new("amenagement", "L’aménagement")
            .columns([Column::text("quoi", "Champ"), Column::text("valeur", "Valeur")])
            .rows([ligne("Autres aménagements", &drapeaux(a)), ligne("Exception motivée", &a.exception)]);
        fiche.sections.push(Html::of(&lecture));
    }
    fiche.conflit = Maybe(refusee.and_then(|r| r.conflit));
    fiche.sections.push(Html::of(&table));
    Ok(fiche)
}

async fn voir(State(iexam): State<Iexam>, frame: Frame, Path(id): Path<i64>) -> Result<Response, PageError> {
    Ok(Page(page(&iexam, frame, id, None).await?).into_response())
}

async fn modifier(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(id): Path<i64>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let tenu = iexam
        .db
        .read(|c| async move { amenagement_read(&c, id).await })
        .await?
        .ok_or(AmenagementFault::Inconnu)?;
    let faute = match lire(&s, tenu.amenagement.etudiant) {
        Err(faute) => faute,
        Ok(voulue) => {
            match amenager::modifier(&iexam, id, &voulue, s.vu().unwrap_or_default(), &visitor.actor()).await
            {
                Ok(effets) => return Ok(fini("L’aménagement est enregistré.", &effets).into_response()),
                Err(AmenagementFault::Champ(champ, phrase)) => (champ, phrase),
                Err(AmenagementFault::Perime) => {
                    let conflit = conflit(&iexam, "amenagement", id, s.vu().unwrap_or_default()).await?;
                    let conflit =
                        Some(conflit.titled("Cet aménagement a changé depuis que vous l’avez ouvert"));
                    let refusee = Refusee { saisie: s, faute: None, conflit };
                    return Ok(
                        Page(page(&iexam, frame, id, Some(refusee)).await?).with_status(StatusCode::CONFLICT)
                    );
                }
                Err(fault) => return Err(fault.into()),
            }
        }
    };
    let refusee = Refusee { saisie: s, faute: Some(faute), conflit: None };
    Ok(Page(page(&iexam, frame, id, Some(refusee)).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

async fn retirer(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    let effets = amenager::retirer(&iexam, id, false, &visitor.actor()).await?;
    Ok(fini("L’aménagement est retiré.", &effets))
}

async fn rendre(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    let effets = amenager::retirer(&iexam, id, true, &visitor.actor()).await?;
    Ok(fini("L’aménagement est de nouveau en vigueur.", &effets))
}

/// The student is searched for first; the form comes once one is chosen.
async fn page_nouveau(
    iexam: &Iexam,
    frame: Frame,
    query: &ListQuery,
    refusee: Option<(Saisie, (&'static str, String))>,
) -> Result<Fiche, PageError> {
    let annee = iexam.offre.annee_courante().await.map_err(AmenagementFault::from)?;
    let csrf = frame.csrf().to_owned();
    let mut fiche = Fiche::new(frame.titled("Ajouter un aménagement").crumb("Aménagements", LISTE));
    let choisi = query.filtre("etudiant").map(NumeroEtudiant::from);
    let Some(annee) = annee else {
        fiche.alertes.push(Alert::new(
            Tone::Warning,
            "Aucune année n’est connue : l’offre n’a pas encore été collectée.",
        ));
        return Ok(fiche);
    };
    if let Some(numero) = choisi {
        let lu = iexam
            .offre
            .etudiants(annee, std::slice::from_ref(&numero))
            .await
            .map_err(AmenagementFault::from)?;
        let nom = lu
            .first()
            .map(contracts::maquette::Etudiant::nom_complet)
            .ok_or(AmenagementFault::EtudiantInconnu(numero.clone()))?;
        let (saisie, faute) = match refusee {
            Some((saisie, faute)) => (saisie, Some(faute)),
            None => (formulaire::vide(annee), None),
        };
        let form = Formulaire::new("nouveau", nom, format!("{LISTE}/nouveau?etudiant={numero}"), &csrf)
            .texte(format!("Étudiant n° {numero}. Les heures de fin et les comptes de ses inscriptions en cours suivent aussitôt."));
        fiche.sections.push(Html::of(
            &champs(form, &saisie, faute.as_ref()).verbe("Ajouter l’aménagement").sinon(LISTE),
        ));
        return Ok(fiche);
    }
    fiche.sections.push(Html::of(&Choix {
        action: format!("{LISTE}/nouveau"),
        champs: vec![Html::of(
            &Field::text("recherche", "Étudiant")
                .kind("search")
                .value(query.recherche.clone())
                .help("Par son nom ou son numéro."),
        )],
        bouton: Html::of(&Button::submit("Chercher").icon("search").look(Look::Primary)),
    }));
    if !query.recherche.trim().is_empty() {
        let trouves = iexam
            .offre
            .etudiants_chercher(annee, &query.recherche, PROPOSES)
            .await
            .map_err(AmenagementFault::from)?;
        let rows = trouves.into_iter().map(|e| {
            let row = Row::to(format!("{LISTE}/nouveau?etudiant={}", e.numero))
                .text(e.nom_classe())
                .code(&e.numero);
            if e.handicap { row.badge(Badge::new(Tone::Info, "Signalé dans Apogée")) } else { row.absent() }
        });
        let table = Table::new("trouves", "Étudiants trouvés")
            .columns([
                Column::text("nom", "Nom"),
                Column::text("numero", "Numéro"),
                Column::text("handicap", "Handicap"),
            ])
            .rows(rows.collect::<Vec<_>>())
            .empty(Empty::new("Aucun étudiant", "Aucun étudiant de l’année ne répond à cette recherche."));
        fiche.sections.push(Html::of(&table));
    }
    Ok(fiche)
}

async fn nouveau(State(iexam): State<Iexam>, frame: Frame, query: ListQuery) -> Result<Response, PageError> {
    Ok(Page(page_nouveau(&iexam, frame, &query, None).await?).into_response())
}

async fn ajouter(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let numero = NumeroEtudiant::from(query.filtre("etudiant").unwrap_or_default());
    let faute = match lire(&s, numero) {
        Err(faute) => faute,
        Ok(voulue) => match amenager::ajouter(&iexam, &voulue, &visitor.actor()).await {
            Ok(effets) => return Ok(fini("L’aménagement est ajouté.", &effets).into_response()),
            Err(AmenagementFault::Champ(champ, phrase)) => (champ, phrase),
            Err(fault) => return Err(fault.into()),
        },
    };
    let page = page_nouveau(&iexam, frame, &query, Some((s, faute))).await?;
    Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

pub(super) fn routes(iexam: &Iexam) -> RouteTable {
    let (lire, regler) = (Right::ExamensLire, Right::ExamensRegler);
    Routes::with_state(iexam.clone())
        .get(LISTE, lire, liste)
        .get("/iexam/amenagements/nouveau", regler, nouveau)
        .post("/iexam/amenagements/nouveau", regler, ajouter)
        .get("/iexam/amenagements/{id}", lire, voir)
        .post("/iexam/amenagements/{id}", regler, modifier)
        .post("/iexam/amenagements/{id}/retirer", regler, retirer)
        .post("/iexam/amenagements/{id}/rendre", regler, rendre)
        .build()
}
