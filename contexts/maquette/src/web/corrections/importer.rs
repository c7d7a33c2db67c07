//! A file of corrections is sent: what it must hold, its model, and what is wrong with it as a whole.

use ::web::components::{Alert, Button, Cell, Column, FileField, Look, Maybe, Row, Table, Tone, UploadForm};
use ::web::televersement::{self, Televersement};
use ::web::{Frame, ListQuery, Page, PageError, Redirection, Visitor};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{AnneeUniversitaire, Centi, Fault, FaultKind};
use tableur::Defaut;

use crate::actions::ImportFault;
use crate::actions::corriger::fin_proposee;
use crate::actions::importer::deposer;
use crate::actions::importer_lire::COLONNES;
use crate::web::Maquette;

/// Most cells in error shown at once.
const DEFAUTS_MONTRES: usize = 200;

#[derive(Template)]
#[template(path = "corrections/importer.html")]
struct Importer {
    frame: Frame,
    refus: Maybe<Alert>,
    defauts: Maybe<Table>,
    formulaire: UploadForm,
    modele: Button,
    fin: String,
    annee: String,
}

/// Cells in error, each with what to do.
pub(super) fn tableau(defauts: &[Defaut]) -> Option<Table> {
    let lignes = defauts.iter().take(DEFAUTS_MONTRES).map(|d| Row::new().code(&d.adresse).text(&d.phrase));
    let titre = match defauts.len() {
        0 => return None,
        1 => "Cellule à reprendre".to_owned(),
        n if n > DEFAUTS_MONTRES => format!("Cellules à reprendre : les {DEFAUTS_MONTRES} premières sur {n}"),
        _ => "Cellules à reprendre".to_owned(),
    };
    let colonnes = [Column::text("cellule", "Cellule"), Column::text("quoi", "Ce qui ne va pas")];
    Some(Table::new("defauts", titre).columns(colonnes).rows(lignes))
}

/// The form that sends a file, for a year.
pub(super) fn formulaire(frame: &Frame, annee: AnneeUniversitaire, erreur: Option<String>) -> UploadForm {
    let champ = FileField::new("fichier", "Fichier de corrections")
        .accept(".xlsx,.ods,.csv")
        .help("XLSX, ODS ou CSV, de 5 Mo au plus.")
        .error(erreur);
    let bouton = Button::submit("Vérifier le fichier").look(Look::Primary).icon("upload");
    UploadForm::new("/maquette/corrections/importer", frame.csrf(), champ, bouton)
        .sending("annee", annee.premiere().to_string())
}

/// What is wrong with the file as a whole.
enum Refus {
    Fichier(String),
    Colonnes(Vec<Defaut>),
}

async fn page(
    m: &Maquette,
    frame: Frame,
    annee: AnneeUniversitaire,
    refus: Option<Refus>,
) -> Result<Response, PageError> {
    let outils = m.outils.a_jour().await?;
    let (erreur, defauts) = match refus {
        None => (None, Vec::new()),
        Some(Refus::Fichier(phrase)) => (Some(phrase), Vec::new()),
        Some(Refus::Colonnes(defauts)) => (None, defauts),
    };
    let refuse = erreur.is_some() || !defauts.is_empty();
    let alerte = refuse.then(|| {
        let phrase = erreur
            .clone()
            .unwrap_or_else(|| "Les en-têtes de ce fichier ne permettent pas de le lire.".to_owned());
        Alert::new(Tone::Danger, phrase).titled("Le fichier n’a pas été lu").way_out("Rien n’a été écrit.")
    });
    let frame = frame.titled("Importer des corrections").crumb("Corrections", "/maquette/corrections");
    let page = Page(Importer {
        refus: Maybe(alerte),
        defauts: Maybe(tableau(&defauts)),
        formulaire: formulaire(&frame, annee, erreur),
        modele: Button::link("Télécharger le modèle", "/maquette/corrections/importer/modele")
            .icon("download")
            .look(Look::Quiet),
        fin: fin_proposee(&outils).format("%d/%m/%Y").to_string(),
        annee: annee.libelle(),
        frame,
    });
    Ok(if refuse { page.with_status(StatusCode::UNPROCESSABLE_ENTITY) } else { page.into_response() })
}

/// `/maquette/corrections/importer`.
pub(super) async fn importer(
    frame: Frame,
    query: ListQuery,
    State(m): State<Maquette>,
) -> Result<Response, PageError> {
    let annee = m.annee(&query).await?;
    page(&m, frame, annee, None).await
}

/// `/maquette/corrections/importer/modele`.
pub(super) async fn modele(State(m): State<Maquette>) -> Result<Response, PageError> {
    let outils = m.outils.a_jour().await?;
    let annee = m.annee(&ListQuery::parse("/maquette/corrections/importer", "")).await?;
    let motif = "La fiche de Kofr date de l’an dernier";
    let exemple = |genre: &str, code: &str, champ: &str, valeur: Cell| {
        let texte = |t: &str| Cell::text(t);
        let fin = Cell::date(fin_proposee(&outils));
        vec![texte(genre), Cell::code(code), texte(champ), valeur, texte(motif), fin, texte(&annee.libelle())]
    };
    let exemples = [exemple("Éléments", "DR1E1", "ECTS", Cell::centi(Centi(650)))];
    televersement::modele("Corrections à importer", COLONNES.iter().map(tableur::Attendue::nom), &exemples)
        .await
}

/// `POST /maquette/corrections/importer`.
pub(super) async fn recevoir(
    frame: Frame,
    visitor: Visitor,
    State(m): State<Maquette>,
    envoi: Televersement,
) -> Result<Response, PageError> {
    let annee = match envoi.champ("annee").parse() {
        Ok(annee) => annee,
        Err(_) => m.annee(&ListQuery::parse("/maquette/corrections/importer", "")).await?,
    };
    let phrase = |fault: &dyn Fault| Refus::Fichier(format!("{} {}", fault.message(), fault.way_out()));
    let fichier = match envoi.fichier("fichier") {
        Ok(fichier) => fichier,
        Err(refus) => return page(&m, frame, annee, Some(phrase(&refus))).await,
    };
    let (octets, nom) = (fichier.octets.clone(), fichier.nom.clone());
    // Some tenths of a second for the largest: not on a thread that answers everybody.
    let lu = tokio::task::spawn_blocking(move || tableur::lire(&octets, &nom)).await;
    let lu = lu.map_err(|err| db::DbError::Value(err.to_string()))?.map_err(ImportFault::from);
    let depose = match lu {
        Ok(tableau) => deposer(&m.outils, &fichier.nom, &tableau, annee, &visitor.actor()).await,
        Err(fault) => Err(fault),
    };
    match depose {
        Ok(Ok(id)) => Ok(Redirection::to(format!("/maquette/corrections/importer/{id}")).into_response()),
        Ok(Err(defauts)) => page(&m, frame, annee, Some(Refus::Colonnes(defauts))).await,
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            page(&m, frame, annee, Some(phrase(&fault))).await
        }
        Err(fault) => Err(fault.into()),
    }
}
