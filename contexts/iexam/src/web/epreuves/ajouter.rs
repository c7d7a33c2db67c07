//! How one épreuve is added by hand.

use ::web::components::Field;
use ::web::{Frame, Html, ListQuery, Page, PageError, Visitor};
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{CodeElement, Fault as _};

use super::dire::fini;
use super::formulaire::{Fautes, champs, lire};
use super::{LISTE, lien, periode, voisin};
use crate::Iexam;
use crate::actions::epreuve_changer as changer;
use crate::actions::epreuve_fault::EpreuveFault;
use crate::domain::periode::Periode;
use crate::store::epreuve_salle::salles_connues;
use crate::web::pages::{Fiche, Formulaire, Saisie};

async fn page_nouvelle(
    iexam: &Iexam,
    frame: Frame,
    p: &Periode,
    s: &Saisie,
    fautes: &Fautes,
) -> Result<Fiche, PageError> {
    let connues = iexam.db.read(|c| async move { salles_connues(&c).await }).await?;
    let erreur = |champ: &str| fautes.get(champ).cloned();
    let form = Formulaire::new("nouvelle", "Épreuve", voisin("nouvelle", p), frame.csrf())
        .champ(
            &Field::text("element", "Code de l’élément")
                .value(s.texte("element"))
                .required()
                .autocomplete("off")
                .help("Comme dans l’offre de Maquette.")
                .error(erreur("element")),
        )
        .champ(
            &Field::text("rang", "Rang")
                .kind("number")
                .value(s.texte("rang"))
                .help("2 pour un oral qui s’ajoute à un écrit.")
                .error(erreur("rang")),
        );
    let mut fiche = Fiche::new(frame.titled("Ajouter une épreuve").crumb("Épreuves", lien(p)));
    fiche
        .sections
        .push(Html::of(&champs(form, s, fautes, &connues).verbe("Ajouter l’épreuve").sinon(lien(p))));
    Ok(fiche)
}

/// `/iexam/epreuves/nouvelle`.
pub(super) async fn nouvelle(
    State(iexam): State<Iexam>,
    frame: Frame,
    query: ListQuery,
) -> Result<Response, PageError> {
    let p = periode(&iexam, &query).await?;
    let vide = Saisie::nouvelle([
        ("rang", "1".to_owned()),
        ("nature", "ecrit".to_owned()),
        ("surveillee", "oui".to_owned()),
    ]);
    Ok(Page(page_nouvelle(&iexam, frame, &p, &vide, &Fautes::new()).await?).into_response())
}

/// `POST /iexam/epreuves/nouvelle`.
pub(super) async fn ajouter(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let p = periode(&iexam, &query).await?;
    let element = CodeElement(s.texte("element").trim().to_owned());
    let fautes = match (lire(&s), s.nombre("rang")) {
        (Err(fautes), _) => fautes,
        (_, Err(())) => Fautes::from([("rang", "Donnez un nombre.".to_owned())]),
        (Ok(voulue), Ok(rang)) => {
            let rang = rang.unwrap_or(1);
            match changer::ajouter(&iexam, p.id, (&element, rang), &voulue, &visitor.actor()).await {
                Ok(suites) => {
                    let vers =
                        suites.pose.creees.first().map_or_else(|| lien(&p), |id| format!("{LISTE}/{id}"));
                    return Ok(fini(&iexam, vers, "L’épreuve est créée.", &suites).await?.into_response());
                }
                Err(EpreuveFault::Champ(champ, phrase)) => Fautes::from([(champ, phrase)]),
                Err(fault @ EpreuveFault::Existe(..)) => {
                    Fautes::from([("rang", format!("{} {}", fault.message(), fault.way_out()))])
                }
                Err(fault) => return Err(fault.into()),
            }
        }
    };
    Ok(Page(page_nouvelle(&iexam, frame, &p, &s, &fautes).await?)
        .with_status(StatusCode::UNPROCESSABLE_ENTITY))
}
