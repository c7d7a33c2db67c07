//! Parameters of every context: listed, changed, tried, taken back.

mod champ;
mod essai;

use ::web::components::{ActionForm, Alert, Badge, Button, Column, Diff, Empty, Maybe, Row, Table, Tone};
use ::web::{Conflit, Frame, Page, PageError, Redirection, RouteTable, Routes, Visitor, Vu};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use contracts::parametres::{Effet, OBJET, Origine, Parametre, ParametreFault, Parametres, Pose, Sorte};
use db::journal::{Line, history};
use kernel::Right;
use serde::Deserialize;
use serde_json::Value;

use self::champ::{Champ, champ};
use self::essai::{Essai, essai};
use super::le;
use crate::Administration;
use crate::domain::trace;

/// Most changes shown under a parameter; the journal has the rest.
const HISTOIRE: u32 = 20;

const LISTE: &str = "/administration/parametres";

#[derive(Template)]
#[template(path = "parametres/liste.html")]
struct Liste {
    frame: Frame,
    alerte: Maybe<Alert>,
    groupes: Vec<(String, Table)>,
}

fn origine(o: &Origine) -> String {
    match o {
        Origine::Installation(mots) => mots.clone(),
        Origine::Page { par, le: instant } => format!("réglé par {par}, {}", le(*instant)),
    }
}

/// Whether the value kept is not yet the one that the processes run with.
fn en_attente(p: &Parametre) -> bool {
    p.effet == Effet::Demarrage && p.faits.iter().any(|f| f.contains("en vigueur"))
}

async fn liste(frame: Frame, State(a): State<Administration>) -> Result<Page<Liste>, PageError> {
    let mut groupes = Vec::new();
    let mut attendent = 0;
    for source in &a.parametres {
        for groupe in source.groupes().await? {
            attendent += groupe.parametres.iter().filter(|p| en_attente(p)).count();
            let lignes = groupe.parametres.iter().map(|p| {
                let mut etats = Vec::new();
                // The year that the first collection found is nobody's choice.
                let automate = kernel::Actor::Planification.to_string();
                if matches!(&p.origine, Origine::Page { par, .. } if *par != automate) {
                    etats.push(Badge::new(Tone::Info, "Réglé ici"));
                }
                if en_attente(p) {
                    etats.push(Badge::new(Tone::Action, "Au prochain démarrage"));
                }
                Row::to(format!("{LISTE}/{}", p.cle))
                    .text(&p.libelle)
                    .text(p.dite())
                    .badges(etats)
                    .text(origine(&p.origine))
            });
            let table = Table::new(format!("groupe-{}", groupe.code), groupe.titre)
                .columns([
                    Column::text("parametre", "Paramètre"),
                    Column::text("valeur", "Valeur"),
                    Column::text("etat", "État"),
                    Column::text("origine", "D’où elle vient").optional(),
                ])
                .rows(lignes.collect::<Vec<_>>())
                .empty(Empty::new("Aucun paramètre", "Ce groupe est vide."));
            groupes.push((groupe.texte, table));
        }
    }
    let alerte = (attendent > 0).then(|| {
        let quoi = if attendent > 1 {
            format!("{attendent} paramètres enregistrés ne sont pas encore en vigueur.")
        } else {
            "Un paramètre enregistré n’est pas encore en vigueur.".to_owned()
        };
        Alert::new(Tone::Warning, quoi)
            .way_out("Redémarrez les services « telemaque serve » et « telemaque work » quand aucun travail n’est en cours.")
    });
    let frame = frame.titled("Paramètres").crumb("Administration", "/administration");
    Ok(Page(Liste { frame, alerte: Maybe(alerte), groupes }))
}

/// What the form sends.
#[derive(Debug, Deserialize)]
struct Envoi {
    vu: String,
    valeur: String,
    /// `enregistrer`, unless the other button was pressed.
    #[serde(default)]
    verbe: String,
}

/// What a button that takes a change back sends.
#[derive(Debug, Deserialize)]
struct Retour {
    vu: String,
    /// The value to come back to; none gives up the page's value.
    valeur: Option<String>,
}

#[derive(Template)]
#[template(path = "parametres/un.html")]
struct Un {
    frame: Frame,
    p: Parametre,
    dite: String,
    origine: String,
    vu: Vu,
    champ: Champ,
    essayer: Maybe<Button>,
    conflit: Maybe<Conflit>,
    refus: Maybe<Alert>,
    essai: Maybe<Essai>,
    abandonner: Maybe<ActionForm>,
    histoire: Vec<Trace>,
}

/// One change, and the way back to what was before it.
struct Trace {
    quand: String,
    par: String,
    diffs: Vec<Diff>,
    revenir: Maybe<ActionForm>,
}

/// The parameter of that key, and who owns it.
async fn trouver<'a>(a: &'a Administration, cle: &str) -> Result<(Parametre, &'a dyn Parametres), PageError> {
    for source in &a.parametres {
        let groupes = source.groupes().await?;
        let mut tous = groupes.into_iter().flat_map(|groupe| groupe.parametres);
        if let Some(p) = tous.find(|p| p.cle == cle) {
            return Ok((p, source.as_ref()));
        }
    }
    Err(ParametreFault::Inconnu(cle.to_owned()).into())
}

/// What happened between the form and its page.
#[derive(Debug, Default)]
struct Suite {
    /// What was typed, to be shown again.
    saisi: Option<String>,
    erreur: Option<String>,
    conflit: Option<Conflit>,
    essai: Option<Essai>,
}

async fn page(a: &Administration, frame: Frame, p: Parametre, suite: Suite) -> Result<Un, PageError> {
    let cle = p.cle.clone();
    let lignes = {
        let cle = cle.as_str();
        a.db.read(|c| async move { history(&c, OBJET, cle, 0, HISTOIRE).await }).await?
    };
    let vu = Vu::of([p.etat()]).after(lignes.first().map_or(0, |ligne| ligne.id));
    let adresse = format!("{LISTE}/{cle}");
    let csrf = frame.csrf().to_owned();
    let revenir = |valeur: Option<&str>, verbe: String| {
        let bouton = Button::submit(verbe).icon("arrow-back-up");
        let form = ActionForm::new(format!("{adresse}/revenir"), &csrf, bouton).sending("vu", vu.value());
        match valeur {
            Some(valeur) => form.sending("valeur", valeur),
            None => form,
        }
    };
    let trace = |ligne: &Line| {
        let avant = ligne.avant.as_ref();
        let texte = |champ: &str| avant.and_then(|v| v.get(champ)).and_then(Value::as_str);
        let (valeur, de_page) = (texte("valeur").unwrap_or_default(), texte("origine") == Some("page"));
        let present = if de_page {
            matches!(p.origine, Origine::Page { .. }) && p.valeur == valeur
        } else {
            matches!(p.origine, Origine::Installation(_))
        };
        // A secret is not in the journal: there is nothing to come back to but the installation's own.
        let possible = !present && if de_page { p.sorte != Sorte::Secret } else { p.retirable };
        let verbe = format!(
            "Revenir à {}",
            if de_page {
                p.sorte.dire(valeur)
            } else {
                format!("{} ({})", p.sorte.dire(valeur), texte("origine").unwrap_or("installation"))
            }
        );
        Trace {
            quand: le(ligne.quand),
            par: ligne.acteur.clone(),
            diffs: ::web::diffs(ligne, |champ, valeur| dire(&p.sorte, champ, valeur)),
            revenir: Maybe(possible.then(|| revenir(de_page.then_some(valeur), verbe))),
        }
    };
    let histoire = lignes.iter().map(trace).collect();
    let abandonner = (p.retirable && matches!(p.origine, Origine::Page { .. })).then(|| {
        let quoi = if p.sorte == Sorte::Secret {
            String::new()
        } else {
            format!(" : {}", p.sorte.dire(&p.sans_page))
        };
        revenir(None, format!("Reprendre la valeur de l’installation ({}){quoi}", p.origine_sans_page))
    });
    let refus = suite
        .erreur
        .as_ref()
        .map(|_| Alert::new(Tone::Danger, "La valeur n’est pas acceptée. Rien n’a été enregistré."));
    let champ = champ(&p, suite.saisi.as_deref(), suite.erreur.as_deref());
    let essayer =
        p.essayable.then(|| Button::submit("Essayer").icon("plug-connected").sending("verbe", "essayer"));
    let frame =
        frame.titled(p.libelle.clone()).crumb("Administration", "/administration").crumb("Paramètres", LISTE);
    Ok(Un {
        frame,
        dite: if p.sorte == Sorte::Secret { "jamais affichée".to_owned() } else { p.dite() },
        origine: origine(&p.origine),
        vu,
        champ,
        essayer: Maybe(essayer),
        conflit: Maybe(suite.conflit),
        refus: Maybe(refus),
        essai: Maybe(suite.essai),
        abandonner: Maybe(abandonner),
        histoire,
        p,
    })
}

fn dire(sorte: &Sorte, champ: &str, valeur: &Value) -> Option<(String, String)> {
    let texte = valeur.as_str()?;
    Some((trace::champ(champ), if champ == "valeur" { sorte.dire(texte) } else { texte.to_owned() }))
}

async fn un(
    frame: Frame,
    State(a): State<Administration>,
    Path(cle): Path<String>,
) -> Result<Page<Un>, PageError> {
    let (p, _) = trouver(&a, &cle).await?;
    Ok(Page(page(&a, frame, p, Suite::default()).await?))
}

async fn enregistrer(
    frame: Frame,
    visiteur: Visitor,
    State(a): State<Administration>,
    Path(cle): Path<String>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    let (p, source) = trouver(&a, &cle).await?;
    if envoi.verbe == "essayer" && p.essayable {
        return essayer(&a, frame, p, source, envoi.valeur).await;
    }
    let inchange = |etat: &str| Vu::of([etat]).is(&envoi.vu);
    let pose = Pose { cle: &cle, valeur: Some(&envoi.valeur), inchange: &inchange };
    match source.poser(pose, &visiteur.actor()).await {
        Ok(()) => {
            let (nouveau, _) = trouver(&a, &cle).await?;
            Ok(Redirection::to(format!("{LISTE}/{cle}")).success(fait(&p, &nouveau)).into_response())
        }
        Err(ParametreFault::Invalide(phrase)) => {
            let suite = Suite { saisi: Some(envoi.valeur), erreur: Some(phrase), ..Suite::default() };
            Ok(Page(page(&a, frame, p, suite).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(ParametreFault::Perime) => perime(&a, frame, &cle, &envoi.vu, Some(envoi.valeur)).await,
        Err(autre) => Err(autre.into()),
    }
}

/// What was done, with what it was before.
fn fait(avant: &Parametre, apres: &Parametre) -> String {
    let quand = match apres.effet {
        Effet::Immediat => "La nouvelle valeur est en vigueur.",
        Effet::Demarrage => "Elle sera en vigueur au prochain démarrage des services.",
    };
    if apres.sorte == Sorte::Secret {
        return format!("« {} » est remplacé. {quand}", apres.libelle);
    }
    format!("« {} » vaut désormais {} (avant : {}). {quand}", apres.libelle, apres.dite(), avant.dite())
}

async fn perime(
    a: &Administration,
    frame: Frame,
    cle: &str,
    vu: &str,
    saisi: Option<String>,
) -> Result<Response, PageError> {
    let (p, _) = trouver(a, cle).await?;
    let sorte = &p.sorte;
    let conflit =
        a.db.read(|c| async move {
            Conflit::read(&c, OBJET, cle, vu, |champ, valeur| dire(sorte, champ, valeur)).await
        })
        .await
        .map(|c| c.titled("Ce paramètre a changé depuis l’ouverture de la page"))?;
    let suite = Suite { saisi, conflit: Some(conflit), ..Suite::default() };
    Ok(Page(page(a, frame, p, suite).await?).with_status(StatusCode::CONFLICT))
}

async fn essayer(
    a: &Administration,
    frame: Frame,
    p: Parametre,
    source: &dyn Parametres,
    valeur: String,
) -> Result<Response, PageError> {
    let (suite, status) = match source.essayer(&p.cle, &valeur).await {
        Ok(liens) => {
            (Suite { saisi: Some(valeur), essai: Some(essai(&liens)), ..Suite::default() }, StatusCode::OK)
        }
        Err(ParametreFault::Invalide(phrase)) => (
            Suite { saisi: Some(valeur), erreur: Some(phrase), ..Suite::default() },
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Err(autre) => return Err(autre.into()),
    };
    Ok(Page(page(a, frame, p, suite).await?).with_status(status))
}

async fn revenir(
    frame: Frame,
    visiteur: Visitor,
    State(a): State<Administration>,
    Path(cle): Path<String>,
    Form(retour): Form<Retour>,
) -> Result<Response, PageError> {
    let (p, source) = trouver(&a, &cle).await?;
    let inchange = |etat: &str| Vu::of([etat]).is(&retour.vu);
    let pose = Pose { cle: &cle, valeur: retour.valeur.as_deref(), inchange: &inchange };
    match source.poser(pose, &visiteur.actor()).await {
        Ok(()) => {
            let (nouveau, _) = trouver(&a, &cle).await?;
            Ok(Redirection::to(format!("{LISTE}/{cle}")).success(fait(&p, &nouveau)).into_response())
        }
        Err(ParametreFault::Perime) => perime(&a, frame, &cle, &retour.vu, None).await,
        Err(autre) => Err(autre.into()),
    }
}

/// The routes.
pub(super) fn routes(a: &Administration) -> RouteTable {
    Routes::with_state(a.clone())
        .get(LISTE, Right::Administrer, liste)
        .get("/administration/parametres/{cle}", Right::Administrer, un)
        .post("/administration/parametres/{cle}", Right::Administrer, enregistrer)
        .post("/administration/parametres/{cle}/revenir", Right::Administrer, revenir)
        .build()
}
