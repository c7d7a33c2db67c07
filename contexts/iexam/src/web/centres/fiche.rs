//! The form that makes or changes a centre.

use ::web::components::{Checkbox, Field, Maybe, Select};
use ::web::{Conflit, Frame, Html, Page, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::super::pages::{Fiche, Formulaire, Saisie, conflit, histoire};
use super::{LISTE, lien, lire};
use crate::Iexam;
use crate::actions::centre_regler::{centre_vu, creer as creer_centre, modifier as modifier_centre};
use crate::actions::regler_fault::ReglageFault;
use crate::domain::centre::{Centre, fuseaux_usuels};

fn saisie(c: &Centre) -> Saisie {
    let oui = |vrai| if vrai { "oui" } else { "" }.to_owned();
    Saisie::nouvelle([
        ("code", c.code.clone()),
        ("nom", c.nom.clone()),
        ("adresse", c.adresse.clone()),
        ("code_postal", c.code_postal.clone()),
        ("ville", c.ville.clone()),
        ("pays", c.pays.clone()),
        ("fuseau", c.fuseau.clone()),
        ("contact_nom", c.contact_nom.clone()),
        ("contact_courriel", c.contact_courriel.clone()),
        ("contact_telephone", c.contact_telephone.clone()),
        ("surveillant", c.surveillant.clone()),
        ("capacite", c.capacite.map(|n| n.to_string()).unwrap_or_default()),
        ("accord_requis", oui(c.accord_requis)),
        ("actif", oui(c.actif)),
    ])
}

fn lire_saisie(s: &Saisie) -> Result<Centre, ReglageFault> {
    let texte = |nom: &str| s.texte(nom).to_owned();
    let capacite = s.nombre("capacite").map_err(|()| {
        ReglageFault::saisie(
            "capacite",
            "La capacité est un nombre de places, ou rien si elle n’est pas connue.",
        )
    })?;
    Ok(Centre {
        id: 0,
        code: texte("code"),
        nom: texte("nom"),
        adresse: texte("adresse"),
        code_postal: texte("code_postal"),
        ville: texte("ville"),
        pays: texte("pays"),
        fuseau: texte("fuseau"),
        contact_nom: texte("contact_nom"),
        contact_courriel: texte("contact_courriel"),
        contact_telephone: texte("contact_telephone"),
        surveillant: texte("surveillant"),
        capacite,
        accord_requis: s.coche("accord_requis"),
        actif: s.coche("actif"),
    })
}

/// Every zone of the list with the hour it shows now: « Pacific/Noumea, 23 h 05 ».
fn fuseau(iexam: &Iexam, s: &Saisie, faute: Option<&ReglageFault>) -> Select {
    let now = iexam.clock.now();
    let zones = fuseaux_usuels().into_iter().map(|tz| {
        let heure = kernel::heure_francaise(now.with_timezone(&tz).naive_local());
        (tz.name().to_owned(), format!("{}\u{a0}: {heure}", tz.name().replace('_', " ")))
    });
    Select::new("fuseau", "Fuseau horaire", zones)
        .selected(s.texte("fuseau"))
        .required()
        .help("Chacun avec l’heure qu’il y est maintenant\u{a0}: vérifiez qu’elle est celle du centre. Les premières lettres tapées y mènent.")
        .error(faute.and_then(|f| f.du_champ("fuseau")))
}

fn champs(
    iexam: &Iexam,
    form: Formulaire,
    s: &Saisie,
    faute: Option<&ReglageFault>,
    nouveau: bool,
) -> Formulaire {
    let champ = |nom: &str, libelle: &str, max| {
        Field::text(nom, libelle)
            .value(s.texte(nom))
            .maxlength(max)
            .error(faute.and_then(|f| f.du_champ(nom)))
    };
    let case = |nom: &str, libelle: &str, aide: &str| {
        let aide = faute.and_then(|f| f.du_champ(nom)).unwrap_or_else(|| aide.to_owned());
        Checkbox::new(nom, libelle).checked(s.coche(nom)).help(aide)
    };
    let form = form.champ(&champ("nom", "Nom", 160).required());
    let form = if nouveau {
        form.champ(
            &champ("code", "Code", 40)
                .required()
                .autocomplete("off")
                .help("Lettres minuscules, chiffres et tirets\u{a0}: il nomme le centre dans les adresses et les fichiers, et ne change plus."),
        )
    } else {
        form
    };
    form.champ(&champ("adresse", "Adresse", 300).lines(2))
        .champ(&champ("code_postal", "Code postal", 20))
        .champ(&champ("ville", "Ville", 160).required())
        .champ(&champ("pays", "Pays", 160).required())
        .champ(&fuseau(iexam, s, faute))
        .champ(
            &champ("capacite", "Capacité totale", 7)
                .kind("number")
                .help("Le nombre de candidats qu’il reçoit à la fois, si vous le connaissez."),
        )
        .champ(&champ("contact_nom", "Personne à joindre", 160))
        .champ(&champ("contact_courriel", "Courriel", 160).kind("email"))
        .champ(&champ("contact_telephone", "Téléphone", 40).kind("tel"))
        .champ(
            &champ("surveillant", "Surveillant désigné", 160)
                .help("La personne nommée au service pour surveiller."),
        )
        .bas(&case(
            "accord_requis",
            "Son accord est à demander pour chaque période",
            "Aucune inscription n’y est définitive avant qu’il accepte.",
        ))
        .bas(&case("actif", "Actif", "Un centre désactivé n’est plus proposé."))
}

fn page_nouveau(iexam: &Iexam, frame: Frame, s: &Saisie, faute: Option<&ReglageFault>) -> Fiche {
    let mut fiche = Fiche::new(frame.titled("Nouveau centre").crumb("Centres", LISTE));
    let form = Formulaire::new("nouveau", "Le centre", format!("{LISTE}/-/nouveau"), fiche.frame.csrf());
    let form = champs(iexam, form, s, faute, true).verbe("Créer le centre").sinon(LISTE);
    fiche.sections.push(Html::of(&form));
    fiche
}

pub(super) async fn nouveau(State(iexam): State<Iexam>, frame: Frame) -> Response {
    let oui = || "oui".to_owned();
    let s = Saisie::nouvelle([
        ("accord_requis", oui()),
        ("actif", oui()),
        ("pays", "France".to_owned()),
        ("fuseau", "Europe/Paris".to_owned()),
    ]);
    Page(page_nouveau(&iexam, frame, &s, None)).into_response()
}

pub(super) async fn creer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let fait = match lire_saisie(&s) {
        Ok(c) => creer_centre(&iexam, &c, &visitor.actor()).await,
        Err(faute) => Err(faute),
    };
    match fait {
        Ok(_) => {
            let to = Redirection::to(lien(s.texte("code").trim()));
            Ok(to.success("Le centre est créé\u{a0}; donnez-lui ses salles.").into_response())
        }
        Err(faute @ ReglageFault::Saisie(_)) => {
            Ok(Page(page_nouveau(&iexam, frame, &s, Some(&faute)))
                .with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(faute) => Err(faute.into()),
    }
}

async fn page_modifier(
    iexam: &Iexam,
    frame: Frame,
    c: &Centre,
    s: &Saisie,
    faute: Option<&ReglageFault>,
    conflit: Option<Conflit>,
) -> Result<Fiche, PageError> {
    let (_, derniere) = histoire(iexam, "centre_examen", c.id).await?;
    let mut fiche = Fiche::new(frame.titled("Modifier").crumb("Centres", LISTE).crumb(&c.nom, lien(&c.code)));
    fiche.conflit = Maybe(conflit);
    let form = Formulaire::new("modifier", &c.nom, format!("{}/modifier", lien(&c.code)), fiche.frame.csrf())
        .vu(centre_vu(c).after(derniere));
    let form = champs(iexam, form, s, faute, false).verbe("Enregistrer").sinon(lien(&c.code));
    fiche.sections.push(Html::of(&form));
    Ok(fiche)
}

pub(super) async fn modifier(
    State(iexam): State<Iexam>,
    frame: Frame,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let c = lire(&iexam, &code).await?;
    Ok(Page(page_modifier(&iexam, frame, &c, &saisie(&c), None, None).await?).into_response())
}

pub(super) async fn enregistrer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let c = lire(&iexam, &code).await?;
    let fait = match lire_saisie(&s) {
        Ok(voulu) => modifier_centre(&iexam, &code, &voulu, s.vu(), &visitor.actor()).await,
        Err(faute) => Err(faute),
    };
    match fait {
        Ok(()) => Ok(Redirection::to(lien(&code)).success("Le centre est enregistré.").into_response()),
        Err(ReglageFault::Change(_)) => {
            let conflit = conflit(&iexam, "centre_examen", c.id, s.texte("vu")).await?;
            let conflit = conflit.titled("Ce centre a changé depuis que vous l’avez ouvert");
            let c = lire(&iexam, &code).await?;
            let page = page_modifier(&iexam, frame, &c, &s, None, Some(conflit)).await?;
            Ok(Page(page).with_status(StatusCode::CONFLICT))
        }
        Err(faute @ ReglageFault::Saisie(_)) => {
            let page = page_modifier(&iexam, frame, &c, &s, Some(&faute), None).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(faute) => Err(faute.into()),
    }
}
