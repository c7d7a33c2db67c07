//! « Pourquoi absent ? »: the path of a code or a number from its source to the screen.

use ::web::components::{ActionForm, Alert, Badge, Button, Field, Look, Tone};
use ::web::{Frame, ListQuery, Page, PageError, RouteTable, Routes, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::State;
use kernel::{AnneeUniversitaire, Right};
use serde::Deserialize;

use super::lien::{lien_absence, lien_objet};
use super::{Maquette, le};
use crate::actions::absence::{Demande, Droits, chercher};
use crate::actions::absence_demander::interroger;
use crate::actions::demander::annee_courante;
use crate::domain::absence::{Chemin, Pas, Renvoi, Reponse, Verdict};

#[derive(Template)]
#[template(path = "absence.html")]
struct Absence {
    frame: Frame,
    champ: Field,
    annee: Field,
    bouton: Button,
    reponse: Option<Vue>,
}

struct Vue {
    conclusion: Alert,
    pas: Vec<PasVu>,
    demander: Option<ActionForm>,
}

struct PasVu {
    badge: Badge,
    titre: String,
    date: Option<String>,
    texte: String,
    lien: Option<(String, String)>,
}

fn droits(visitor: &Visitor) -> Droits {
    Droits { etudiants: visitor.may(Right::EtudiantsLire), enseignants: visitor.may(Right::EnseignantsLire) }
}

fn badge(reponse: Reponse) -> Badge {
    match reponse {
        Reponse::Oui => Badge::new(Tone::Success, "Oui"),
        Reponse::Non => Badge::new(Tone::Danger, "Non"),
        Reponse::Reserve => Badge::new(Tone::Warning, "À savoir"),
        Reponse::Inconnu => Badge::new(Tone::Neutral, "Inconnu"),
    }
}

fn lien(renvoi: &Renvoi, courante: AnneeUniversitaire) -> Option<(String, String)> {
    Some(match renvoi {
        Renvoi::Objet(genre, cle, annee) => {
            let href = lien_objet(genre.description().code, cle)?;
            let autre = *annee != 0 && *annee != courante.premiere();
            ("Ouvrir".to_owned(), if autre { format!("{href}?annee={annee}") } else { href })
        }
        Renvoi::Collecte(id) => (format!("Voir le n° {id}"), format!("/maquette/collectes/{id}")),
        Renvoi::Code(code) => ("Chercher ce code".to_owned(), lien_absence(code)),
        Renvoi::Liens => ("État des liens".to_owned(), "/liens".to_owned()),
    })
}

fn conclusion(chemin: &Chemin) -> Alert {
    let (ton, titre) = match chemin.verdict {
        Verdict::Visible => (Tone::Success, "Il est là"),
        Verdict::Masque => (Tone::Warning, "Il est là, mais ne se voit pas partout"),
        Verdict::Parti => (Tone::Warning, "Il n’y est plus"),
        Verdict::Ecarte(_) => (Tone::Warning, "Il a été écarté"),
        Verdict::AutreAnnee => (Tone::Info, "Il est dans une autre année"),
        Verdict::Ressemble => (Tone::Info, "Un autre code lui ressemble"),
        Verdict::JamaisVu => (Tone::Danger, "Il n’a jamais été vu"),
    };
    Alert::new(ton, &chemin.conclusion).titled(titre).way_out(&chemin.conseil)
}

fn vue(p: &Pas, courante: AnneeUniversitaire) -> PasVu {
    PasVu {
        badge: badge(p.reponse),
        titre: p.titre.clone(),
        date: p.date.map(le),
        texte: p.texte.clone(),
        lien: p.renvoi.as_ref().and_then(|r| lien(r, courante)),
    }
}

/// The page, with an answer when something was asked, and what the sources say now when they were.
async fn page(
    m: &Maquette,
    frame: Frame,
    visitor: &Visitor,
    code: &str,
    annee: AnneeUniversitaire,
    maintenant: Option<Vec<Pas>>,
) -> Result<Page<Absence>, PageError> {
    let demande = Demande::lire(code);
    let courante = annee_courante(&m.outils).await?;
    let reponse = if demande.code.is_empty() {
        None
    } else {
        let droits = droits(visitor);
        let chemin = chercher(&m.outils, &*m.sources, annee, &demande, droits).await?;
        let permis = droits.etudiants || !demande.numero_etudiant();
        let demander = (permis && maintenant.is_none()).then(|| {
            let bouton = Button::submit("Demander à la source").look(Look::Primary);
            ActionForm::new("/maquette/absence", frame.csrf(), bouton)
                .sending("code", code)
                .sending("annee", annee.to_string())
        });
        let pas = maintenant.iter().flatten().chain(&chemin.pas);
        Some(Vue { conclusion: conclusion(&chemin), pas: pas.map(|p| vue(p, courante)).collect(), demander })
    };
    Ok(Page(Absence {
        frame: frame.titled("Pourquoi absent\u{a0}?"),
        champ: Field::text("code", "Code ou numéro d’étudiant")
            .help("Diplôme, étape, version (5UIFD1/101), liste, élément, enseignant ou étudiant.")
            .value(code)
            .maxlength(60)
            .autocomplete("off")
            .required(),
        annee: Field::text("annee", "Année universitaire").value(annee.libelle()).maxlength(9),
        bouton: Button::submit("Chercher").look(Look::Primary).icon("search"),
        reponse,
    }))
}

/// `/maquette/absence?code=…`.
async fn montrer(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    State(m): State<Maquette>,
) -> Result<Page<Absence>, PageError> {
    let annee = m.annee(&query).await?;
    let code = query.filtre("code").unwrap_or_default().to_owned();
    page(&m, frame, &visitor, &code, annee, None).await
}

#[derive(Debug, Deserialize)]
struct Envoi {
    code: String,
    annee: String,
}

/// The same, the sources being asked now.
async fn demander(
    frame: Frame,
    visitor: Visitor,
    State(m): State<Maquette>,
    Form(envoi): Form<Envoi>,
) -> Result<Page<Absence>, PageError> {
    let annee = match envoi.annee.parse() {
        Ok(annee) => annee,
        Err(_) => annee_courante(&m.outils).await?,
    };
    let demande = Demande::lire(&envoi.code);
    let pas = interroger(&m.outils, &m.lectures, &*m.sources, annee, &demande, droits(&visitor)).await?;
    page(&m, frame, &visitor, &envoi.code, annee, Some(pas)).await
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/maquette/absence", Right::MaquetteLire, montrer)
        .post("/maquette/absence", Right::MaquetteLire, demander)
        .build()
}
