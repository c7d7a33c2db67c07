//! Centres: the list, the page of one, its rooms, its closures, its agreements, its parcels.

mod accord;
mod fiche;
mod parties;
mod un;

use ::web::components::{Badge, Button, Cell, Column, Empty, Filter, Liste, Look, Tone};
use ::web::{Frame, Html, ListQuery, Listage, Page, PageError, RouteTable, Routes, Sens, Tranche};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use db::{Db, DbError, Paging};
use kernel::Right;

use super::pages::Fiche;
use crate::Iexam;
use crate::domain::centre::{Centre, EtatAccord};
use crate::domain::periode::{Periode, courante};
use crate::store::centre::{CentreVu, Filtre, centre_list, centre_par_code, centre_pays};
use crate::store::modalite::modalite_list;
use crate::store::periode::periode_list;

pub(super) const LISTE: &str = "/iexam/centres";

/// The page of a centre.
pub(super) fn lien(code: &str) -> String {
    format!("{LISTE}/{code}")
}

/// The centre of an address.
async fn lire(iexam: &Iexam, code: &str) -> Result<Centre, PageError> {
    let c = iexam.db.read(|c| async move { centre_par_code(&c, code).await }).await?;
    c.ok_or_else(|| PageError::nothing(format!("Le centre «\u{a0}{code}\u{a0}» n’existe pas.")))
}

/// Where an agreement stands; said otherwise when none is needed.
pub(super) fn etat_accord(requis: bool, etat: EtatAccord) -> Vec<Badge> {
    vec![match etat {
        EtatAccord::Accepte => Badge::new(Tone::Success, "Accepté"),
        EtatAccord::Refuse => Badge::new(Tone::Danger, "Refusé"),
        _ if !requis => Badge::new(Tone::Neutral, "Sans accord à demander"),
        EtatAccord::Demande => Badge::new(Tone::Warning, "Demandé"),
        EtatAccord::ADemander => Badge::new(Tone::Action, "À demander"),
    }]
}

/// The period looked at: the one asked, else the one at work.
async fn periode(iexam: &Iexam, query: &ListQuery) -> Result<(Vec<Periode>, Option<Periode>), PageError> {
    let toutes = iexam.db.read(|c| async move { periode_list(&c).await }).await?;
    let voulue = match query.filtre("periode") {
        Some(id) => toutes.iter().find(|p| p.id.to_string() == id),
        None => courante(&toutes),
    };
    let voulue = voulue.cloned();
    Ok((toutes, voulue))
}

async fn lus(
    db: Db,
    query: ListQuery,
    periode: Option<i64>,
    paging: Paging,
) -> Result<db::Page<CentreVu>, DbError> {
    let mots = |nom: &str| query.valeurs(nom).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let filtre = Filtre {
        recherche: kernel::fold(&query.recherche),
        modalites: mots("modalite"),
        pays: mots("pays"),
        accords: mots("accord"),
        actif: query.filtre("etat").map(|e| e == "actif"),
        periode,
        tri: query.tri_parmi(&["nom", "ville", "pays", "code"]).to_owned(),
        decroissant: query.sens == Sens::Decroissant,
    };
    let filtre = &filtre;
    db.read(|c| async move { centre_list(&c, filtre, paging).await }).await
}

async fn liste(frame: Frame, listage: Listage, State(iexam): State<Iexam>) -> Result<Response, PageError> {
    let (periodes, vue) = periode(&iexam, &listage).await?;
    let now = iexam.clock.now();
    let (pays, modalites) = iexam
        .db
        .read(|c| async move { Ok::<_, DbError>((centre_pays(&c).await?, modalite_list(&c).await?)) })
        .await?;
    let filtre_pays = pays.iter().fold(Filter::new("pays", "Pays"), |f, (nom, n)| f.counted(nom, nom, *n));
    let filtre_modalite =
        modalites.iter().fold(Filter::new("modalite", "Modalité"), |f, m| f.option(&m.code, &m.libelle));
    let filtre_accord = EtatAccord::ALL
        .iter()
        .fold(Filter::new("accord", "Accord"), |f, e| f.option(e.code(), e.libelle()))
        .option("hors_periode", "Hors de la période");
    let filtre_periode =
        periodes.iter().fold(Filter::new("periode", "Période"), |f, p| f.option(p.id.to_string(), p.nom()));
    let accord = vue.as_ref().map_or_else(|| "Accord".to_owned(), |p| format!("Accord pour {}", p.nom()));
    let peut = frame.visitor().is_some_and(|v| v.may(Right::ExamensRegler));
    let vide = Empty::new(
        "Aucun centre",
        "Un centre est un lieu où l’on passe les examens\u{a0}: ses salles, son fuseau horaire, son accord.",
    );
    let table = Liste::<CentreVu>::new("centres", "Centres d’examen")
        .column(Column::text("nom", "Centre").sortable(), |v| Cell::text(&v.centre.nom))
        .column(Column::text("code", "Code").sortable().hidden(), |v| Cell::code(&v.centre.code))
        .column(Column::text("ville", "Ville").sortable(), |v| Cell::text(&v.centre.ville))
        .column(Column::text("pays", "Pays").sortable().optional(), |v| Cell::text(&v.centre.pays))
        .column(Column::text("heure", "Heure locale").optional(), move |v| {
            let la = now.with_timezone(&v.centre.tz()).naive_local();
            Cell::text(kernel::heure_francaise(la))
        })
        .column(Column::text("surveillant", "Surveillant désigné").optional(), |v| {
            if v.centre.surveillant.is_empty() { Cell::Absent } else { Cell::text(&v.centre.surveillant) }
        })
        .column(Column::number("salles", "Salles").optional(), |v| Cell::Count(v.salles))
        .column(Column::number("sieges", "Places assises"), |v| Cell::Count(v.sieges))
        .column(Column::text("accord", accord), |v| match &v.accord {
            Some((etat, ..)) => Cell::badges(
                EtatAccord::of_code(etat).map(|e| etat_accord(v.centre.accord_requis, e)).unwrap_or_default(),
            ),
            None => Cell::text("hors de la période"),
        })
        .column(Column::number("prises", "Places prises").optional(), |v| match &v.accord {
            Some((_, Some(places), prises)) => Cell::Number(format!("{prises} / {places}")),
            Some((_, None, prises)) => Cell::Count(*prises),
            None => Cell::Absent,
        })
        .opens(|v| lien(&v.centre.code))
        .muted(|v| !v.centre.actif)
        .searching("Nom, ville, pays ou surveillant")
        .filters([
            filtre_periode,
            filtre_accord,
            filtre_modalite,
            filtre_pays,
            Filter::new("etat", "État").option("actif", "Actif").option("inactif", "Désactivé"),
        ])
        .empty(if peut { vide.action("Nouveau centre", format!("{LISTE}/-/nouveau")) } else { vide });
    let periode = vue.map(|p| p.id);
    if listage.export().is_some() {
        let (db, query) = (iexam.db.clone(), listage.query().clone());
        let fetch = move |tranche: Tranche| {
            let (db, query) = (db.clone(), query.clone());
            async move { Ok::<_, DbError>(lus(db, query, periode, tranche.paging()).await?.elements) }
        };
        return table.export(&listage, fetch).await;
    }
    let page = listage.read(|paging| lus(iexam.db.clone(), listage.query().clone(), periode, paging)).await?;
    let table = table.table(&listage, &page);
    let mut out = Fiche::new(frame.titled("Centres d’examen"));
    if peut {
        let bouton =
            Button::link("Nouveau centre", format!("{LISTE}/-/nouveau")).icon("plus").look(Look::Primary);
        out.actions.push(Html::of(&bouton));
    }
    out.sections.push(Html::of(&table));
    Ok(Page(out).into_response())
}

pub(super) fn routes(iexam: &Iexam) -> RouteTable {
    Routes::with_state(iexam.clone())
        .get(LISTE, Right::ExamensLire, liste)
        .get("/iexam/centres/-/nouveau", Right::ExamensRegler, fiche::nouveau)
        .post("/iexam/centres/-/nouveau", Right::ExamensRegler, fiche::creer)
        .get("/iexam/centres/{code}", Right::ExamensLire, un::voir)
        .get("/iexam/centres/{code}/modifier", Right::ExamensRegler, fiche::modifier)
        .post("/iexam/centres/{code}/modifier", Right::ExamensRegler, fiche::enregistrer)
        .get("/iexam/centres/{code}/salles/{salle}", Right::ExamensRegler, parties::salle)
        .post("/iexam/centres/{code}/salles/{salle}", Right::ExamensRegler, parties::salle_enregistrer)
        .post("/iexam/centres/{code}/fermetures", Right::ExamensRegler, parties::fermer)
        .post("/iexam/centres/{code}/fermetures/retirer", Right::ExamensRegler, parties::rouvrir)
        .get("/iexam/centres/{code}/colis/{colis}", Right::ExamensRegler, parties::colis)
        .post("/iexam/centres/{code}/colis/{colis}", Right::ExamensRegler, parties::colis_enregistrer)
        .post("/iexam/centres/{code}/accords", Right::ExamensRegler, accord::ajouter)
        .get("/iexam/centres/{code}/accords/{annee}/{periode}", Right::ExamensLire, accord::voir)
        .post("/iexam/centres/{code}/accords/{annee}/{periode}", Right::ExamensRegler, accord::enregistrer)
        .post(
            "/iexam/centres/{code}/accords/{annee}/{periode}/retirer",
            Right::ExamensRegler,
            accord::retirer,
        )
        .build()
}
