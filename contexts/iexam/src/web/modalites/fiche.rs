//! The form that makes a modality, or changes it.

use ::web::components::{Checkbox, Field, Maybe, Select};
use ::web::{Conflit, Frame, Html, Page, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::super::pages::{Fiche, Formulaire, Saisie, conflit, histoire};
use super::une::lire;
use super::{LISTE, lien};
use crate::Iexam;
use crate::actions::modalite_regler::{creer as creer_modalite, modalite_vu, modifier as modifier_modalite};
use crate::actions::regler_fault::ReglageFault;
use crate::domain::modalite::{Lieu, Modalite};
use crate::store::modalite::modalite_list;

fn saisie(m: &Modalite) -> Saisie {
    let oui = |vrai| if vrai { "oui" } else { "" }.to_owned();
    Saisie::nouvelle([
        ("code", m.code.clone()),
        ("libelle", m.libelle.clone()),
        ("lieu", m.lieu.code().to_owned()),
        ("surveillee", oui(m.surveillee)),
        ("consignes", m.consignes.clone()),
        ("pieces", m.pieces.clone()),
        ("rang", m.rang.to_string()),
        ("active", oui(m.active)),
    ])
}

fn lire_saisie(s: &Saisie) -> Result<Modalite, ReglageFault> {
    let lieu = Lieu::of_code(s.texte("lieu"));
    let rang = s.nombre("rang").ok().flatten();
    let (Some(lieu), Some(rang)) = (lieu, rang) else {
        let champ = if lieu.is_none() { "lieu" } else { "rang" };
        let phrase = if lieu.is_none() { "Dites où elle se passe." } else { "Donnez un rang, de 0 à 999." };
        return Err(ReglageFault::saisie(champ, phrase));
    };
    Ok(Modalite {
        id: 0,
        code: s.texte("code").to_owned(),
        libelle: s.texte("libelle").to_owned(),
        lieu,
        surveillee: s.coche("surveillee"),
        consignes: s.texte("consignes").to_owned(),
        pieces: s.texte("pieces").to_owned(),
        rang,
        active: s.coche("active"),
    })
}

fn formulaire(form: Formulaire, s: &Saisie, faute: Option<&ReglageFault>) -> Formulaire {
    let erreur = |champ: &str| faute.and_then(|f| f.du_champ(champ));
    let champ = |nom: &str, libelle: &str| Field::text(nom, libelle).value(s.texte(nom)).error(erreur(nom));
    let case = |nom: &str, libelle: &str, aide: &str| {
        let case = Checkbox::new(nom, libelle).checked(s.coche(nom));
        case.help(erreur(nom).unwrap_or_else(|| aide.to_owned()))
    };
    form.champ(&champ("libelle", "Libellé").required().maxlength(120))
        .champ(
            &champ("code", "Code")
                .required()
                .maxlength(40)
                .autocomplete("off")
                .help("Lettres minuscules, chiffres et tirets. Il ne change plus dès qu’une période l’offre."),
        )
        .champ(
            &Select::new("lieu", "Où", [("centre", "Dans un centre, que l’étudiant choisit"), ("domicile", "Chez soi")])
                .selected(s.texte("lieu"))
                .required()
                .error(erreur("lieu")),
        )
        .champ(&champ("rang", "Rang").kind("number").required().help("L’ordre dans les pages."))
        .bas(&champ("consignes", "Consignes").lines(4).help("Ce que l’étudiant doit savoir avant de la choisir."))
        .bas(&champ("pieces", "Pièces demandées").lines(3).help("Une par ligne."))
        .bas(&case("surveillee", "Heures surveillées", "Elles sont facturées au tarif horaire."))
        .bas(&case("active", "Active", "Une modalité désactivée n’est plus proposée aux nouvelles périodes\u{a0}; celles qui l’offrent la gardent."))
}

pub(super) async fn nouvelle(State(iexam): State<Iexam>, frame: Frame) -> Result<Response, PageError> {
    let rang = iexam.db.read(|c| async move { modalite_list(&c).await }).await?.iter().map(|m| m.rang).max();
    let s = Saisie::nouvelle([
        ("lieu", "centre".to_owned()),
        ("surveillee", "oui".to_owned()),
        ("active", "oui".to_owned()),
        ("rang", (rang.unwrap_or(0) + 1).to_string()),
    ]);
    Ok(Page(page_nouvelle(frame, &s, None)).into_response())
}

fn page_nouvelle(frame: Frame, s: &Saisie, faute: Option<&ReglageFault>) -> Fiche {
    let mut fiche = Fiche::new(frame.titled("Nouvelle modalité").crumb("Modalités", LISTE));
    let form = Formulaire::new("nouvelle", "La modalité", format!("{LISTE}/-/nouvelle"), fiche.frame.csrf());
    let form = formulaire(form, s, faute).verbe("Créer la modalité").sinon(LISTE);
    fiche.sections.push(Html::of(&form));
    fiche
}

pub(super) async fn creer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let fait = match lire_saisie(&s) {
        Ok(m) => creer_modalite(&iexam, &m, &visitor.actor()).await,
        Err(faute) => Err(faute),
    };
    match fait {
        Ok(_) => {
            let to = lien(s.texte("code").trim());
            Ok(Redirection::to(to)
                .success("La modalité est créée\u{a0}; donnez-lui un tarif.")
                .into_response())
        }
        Err(faute @ ReglageFault::Saisie(_)) => {
            Ok(Page(page_nouvelle(frame, &s, Some(&faute))).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(faute) => Err(faute.into()),
    }
}

async fn page_modifier(
    iexam: &Iexam,
    frame: Frame,
    m: &Modalite,
    s: &Saisie,
    faute: Option<&ReglageFault>,
    conflit: Option<Conflit>,
) -> Result<Fiche, PageError> {
    let (_, derniere) = histoire(iexam, "modalite_examen", m.id).await?;
    let frame = frame.titled("Modifier").crumb("Modalités", LISTE).crumb(&m.libelle, lien(&m.code));
    let mut fiche = Fiche::new(frame);
    fiche.conflit = Maybe(conflit);
    let form =
        Formulaire::new("modifier", &m.libelle, format!("{}/modifier", lien(&m.code)), fiche.frame.csrf())
            .vu(modalite_vu(m).after(derniere));
    let form = formulaire(form, s, faute).verbe("Enregistrer").sinon(lien(&m.code));
    fiche.sections.push(Html::of(&form));
    Ok(fiche)
}

pub(super) async fn modifier(
    State(iexam): State<Iexam>,
    frame: Frame,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let m = lire(&iexam, &code).await?;
    Ok(Page(page_modifier(&iexam, frame, &m, &saisie(&m), None, None).await?).into_response())
}

pub(super) async fn enregistrer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let m = lire(&iexam, &code).await?;
    let fait = match lire_saisie(&s) {
        Ok(voulue) => modifier_modalite(&iexam, &code, &voulue, s.vu(), &visitor.actor()).await,
        Err(faute) => Err(faute),
    };
    match fait {
        Ok(()) => {
            let to = lien(s.texte("code").trim());
            Ok(Redirection::to(to).success("La modalité est enregistrée.").into_response())
        }
        Err(ReglageFault::Change(_)) => {
            let conflit = conflit(&iexam, "modalite_examen", m.id, s.texte("vu")).await?;
            let conflit = conflit.titled("Cette modalité a changé depuis que vous l’avez ouverte");
            let m = lire(&iexam, &code).await?;
            let page = page_modifier(&iexam, frame, &m, &s, None, Some(conflit)).await?;
            Ok(Page(page).with_status(StatusCode::CONFLICT))
        }
        Err(faute @ ReglageFault::Saisie(_)) => {
            let page = page_modifier(&iexam, frame, &m, &s, Some(&faute), None).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(faute) => Err(faute.into()),
    }
}
