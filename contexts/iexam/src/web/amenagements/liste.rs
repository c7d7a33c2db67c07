//! The list of arrangements.

use ::web::components::{Badge, Button, Cell, Column, Empty, Filter, Liste, Look, Tab, Tabs, Tone};
use ::web::{Frame, Html, ListQuery, Listage, Page, PageError, Sens};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use db::{DbError, Paging};
use kernel::{NumeroEtudiant, Right, heure_de_besancon};

use super::super::pages::Fiche;
use super::formulaire::drapeaux;
use super::{LISTE, noms};
use crate::Iexam;
use crate::actions::amenager_fault::AmenagementFault;
use crate::domain::amenagement::TIERS;
use crate::store::amenagement::{AmenagementTenu, Filtre, amenagement_list};

/// Most students that a search narrows the list to.
const TROUVES: u64 = 500;

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
pub(super) async fn liste(
    frame: Frame,
    listage: Listage,
    State(iexam): State<Iexam>,
) -> Result<Response, PageError> {
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
