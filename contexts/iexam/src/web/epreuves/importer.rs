//! A spreadsheet of épreuves is sent: what it may hold, its model, and what is wrong with it as a whole.

use ::web::components::{Alert, Button, Cell, Column, FileField, Look, Maybe, Row, Table, Tone, UploadForm};
use ::web::televersement::{self, Televersement};
use ::web::{Frame, ListQuery, Page, PageError, Redirection, Visitor};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, FaultKind};
use tableur::Defaut;

use super::{LISTE, code, lien, periode, periodes};
use crate::Iexam;
use crate::actions::epreuves_importer::deposer;
use crate::actions::import_epreuves_fault::ImportFault;
use crate::domain::epreuve_fichier::COLONNES;
use crate::domain::periode::Periode;

/// Most cells in error shown at once.
const DEFAUTS_MONTRES: usize = 200;

#[derive(Template)]
#[template(path = "epreuves/importer.html")]
struct Importer {
    frame: Frame,
    refus: Maybe<Alert>,
    defauts: Maybe<Table>,
    formulaire: UploadForm,
    modele: Button,
    periode: String,
    jours: String,
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
    Some(Table::new("defauts", titre).columns(colonnes).rows(lignes.collect::<Vec<_>>()))
}

/// What is wrong with the file as a whole.
enum Refus {
    Fichier(String),
    Colonnes(Vec<Defaut>),
}

fn page(frame: Frame, p: &Periode, refus: Option<Refus>) -> Response {
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
    let champ = FileField::new("fichier", "Fichier des épreuves")
        .accept(".xlsx,.ods,.csv")
        .help("XLSX, ODS ou CSV, de 5 Mo au plus.")
        .error(erreur);
    let bouton = Button::submit("Vérifier le fichier").look(Look::Primary).icon("upload");
    let formulaire =
        UploadForm::new(format!("{LISTE}/importer"), frame.csrf(), champ, bouton).sending("periode", code(p));
    let page = Page(Importer {
        refus: Maybe(alerte),
        defauts: Maybe(tableau(&defauts)),
        formulaire,
        modele: Button::link("Télécharger le modèle", format!("{LISTE}/importer/modele?periode={}", code(p)))
            .icon("download")
            .look(Look::Quiet),
        periode: p.nom(),
        jours: format!(
            "du {} au {}",
            kernel::date_francaise(p.epreuves_debut),
            kernel::date_francaise(p.epreuves_fin)
        ),
        frame: frame.titled("Épreuves depuis un tableur").crumb("Épreuves", lien(p)),
    });
    if refuse { page.with_status(StatusCode::UNPROCESSABLE_ENTITY) } else { page.into_response() }
}

/// `/iexam/epreuves/importer`.
pub(super) async fn voir(
    frame: Frame,
    query: ListQuery,
    State(iexam): State<Iexam>,
) -> Result<Response, PageError> {
    let p = periode(&iexam, &query).await?;
    Ok(page(frame, &p, None))
}

/// `/iexam/epreuves/importer/modele`.
pub(super) async fn modele(query: ListQuery, State(iexam): State<Iexam>) -> Result<Response, PageError> {
    let p = periode(&iexam, &query).await?;
    let texte = |t: &str| Cell::text(t);
    let exemple = vec![
        texte("DR1E1"),
        Cell::count(1),
        texte("Introduction au droit"),
        texte("Écrit"),
        Cell::date(p.epreuves_debut),
        texte("09:00"),
        Cell::count(180),
        texte("Code civil"),
        texte("C. Bernard"),
        texte("oui"),
        texte("N101, N102"),
    ];
    televersement::modele("Épreuves à importer", COLONNES.iter().map(tableur::Attendue::nom), &[exemple])
        .await
}

/// `POST /iexam/epreuves/importer`.
pub(super) async fn recevoir(
    frame: Frame,
    visitor: Visitor,
    State(iexam): State<Iexam>,
    envoi: Televersement,
) -> Result<Response, PageError> {
    let (p, _) = periodes(&iexam, Some(envoi.champ("periode"))).await?;
    let phrase = |fault: &dyn Fault| Refus::Fichier(format!("{} {}", fault.message(), fault.way_out()));
    let fichier = match envoi.fichier("fichier") {
        Ok(fichier) => fichier,
        Err(refus) => return Ok(page(frame, &p, Some(phrase(&refus)))),
    };
    let (octets, nom) = (fichier.octets.clone(), fichier.nom.clone());
    // Some tenths of a second for the largest: not on a thread that answers everybody.
    let lu = tokio::task::spawn_blocking(move || tableur::lire(&octets, &nom)).await;
    let lu = lu.map_err(|err| db::DbError::Value(err.to_string()))?.map_err(ImportFault::from);
    let depose = match lu {
        Ok(tableau) => deposer(&iexam, p.id, &fichier.nom, &tableau, &visitor.actor()).await,
        Err(fault) => Err(fault),
    };
    match depose {
        Ok(Ok(id)) => Ok(Redirection::to(format!("{LISTE}/importer/{id}")).into_response()),
        Ok(Err(defauts)) => Ok(page(frame, &p, Some(Refus::Colonnes(defauts)))),
        Err(fault) if fault.kind() == FaultKind::Invalid => Ok(page(frame, &p, Some(phrase(&fault)))),
        Err(fault) => Err(fault.into()),
    }
}
