//! The page of a modality: what it is, what it costs and from when, its centres; and the form that makes or changes it.

use ::web::components::{
    ActionForm, Alert, Badge, Button, Cell, Checkbox, Column, Empty, Field, Identity, Maybe, Row, Select,
    Table, Tone,
};
use ::web::{Conflit, Frame, Html, Page, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Cents, Fault as _, Right, date_francaise, heure_de_besancon};

use super::super::pages::{Colonnes, Fiche, Formulaire, Replie, Saisie, conflit, histoire};
use super::{LISTE, lien};
use crate::Iexam;
use crate::actions::modalite_regler::{
    creer as creer_modalite, modalite_vu, modifier as modifier_modalite, rattacher as rattacher_centres,
};
use crate::actions::modalite_tarifer::{retirer, tarifer as ajouter_tarif};
use crate::actions::regler_fault::{Refus, ReglageFault};
use crate::domain::modalite::{Lieu, Modalite, Tarif, tarif_du};
use crate::store::calcul::tarif_list;
use crate::store::modalite::{modalite_centres, modalite_list, modalite_par_code, modalite_periodes};

async fn lire(iexam: &Iexam, code: &str) -> Result<Modalite, PageError> {
    let m = iexam.db.read(|c| async move { modalite_par_code(&c, code).await }).await?;
    m.ok_or_else(|| PageError::nothing(format!("La modalité «\u{a0}{code}\u{a0}» n’existe pas.")))
}

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

fn tarifs(m: &Modalite, tenus: &[Tarif], aujourd_hui: chrono::NaiveDate, peut: bool, csrf: &str) -> Table {
    let courant = tarif_du(tenus, aujourd_hui);
    let rows = tenus.iter().rev().map(|t| {
        let badge = if Some(*t) == courant {
            Badge::new(Tone::Success, "En vigueur")
        } else if t.valide_du > aujourd_hui {
            Badge::new(Tone::Info, "À venir")
        } else {
            Badge::new(Tone::Neutral, "Passé")
        };
        let row = Row::new()
            .text(date_francaise(t.valide_du))
            .cell(Cell::Number(t.fixe.to_string()))
            .cell(Cell::Number(t.horaire.to_string()))
            .text(if t.majoration_facturee { "oui" } else { "non" })
            .badge(badge)
            .muted(t.valide_du <= aujourd_hui && Some(*t) != courant);
        if peut {
            let bouton = Button::submit("Retirer").look(::web::components::Look::Quiet);
            let form = ActionForm::new(format!("{}/tarifs/retirer", lien(&m.code)), csrf, bouton)
                .sending("valide_du", t.valide_du.to_string());
            row.component(&form)
        } else {
            row
        }
    });
    let mut colonnes = vec![
        Column::text("du", "À partir du"),
        Column::number("fixe", "Part fixe"),
        Column::number("horaire", "Par heure"),
        Column::text("tiers", "Tiers-temps facturé").optional(),
        Column::text("etat", "État"),
    ];
    if peut {
        colonnes.push(Column::text("retirer", "Retirer"));
    }
    Table::new("tarifs", "Tarifs").columns(colonnes).rows(rows.collect::<Vec<_>>()).empty(Empty::new(
        "Aucun tarif",
        "Sans tarif, la modalité ne peut pas être offerte à des inscriptions.",
    ))
}

fn nouveau_tarif(m: &Modalite, csrf: &str, sent: Option<(&Saisie, &ReglageFault)>) -> Html {
    let valeur = |nom: &str| sent.map(|(s, _)| s.texte(nom).to_owned()).unwrap_or_default();
    let erreur = |nom: &str| sent.and_then(|(_, f)| f.du_champ(nom));
    let form = Formulaire::new("tarif", "Nouveau tarif", format!("{}/tarifs", lien(&m.code)), csrf)
        .texte("Le tarif d’une inscription est celui du premier jour d’épreuves de sa période. Un tarif qui a servi ne change plus\u{a0}: on en ajoute un autre.")
        .champ(&Field::text("valide_du", "À partir du").kind("date").value(valeur("valide_du")).required().error(erreur("valide_du")))
        .champ(&Field::text("fixe", "Part fixe, en euros").value(valeur("fixe")).required().maxlength(12).help("30 ou 30,50. 0 si elle est gratuite.").error(erreur("fixe")))
        .champ(&Field::text("horaire", "Par heure surveillée, en euros").value(valeur("horaire")).required().maxlength(12).help("0 si les heures ne sont pas facturées.").error(erreur("horaire")))
        .bas(
            &Checkbox::new("majoration_facturee", "Facturer aussi le tiers-temps")
                .checked(sent.is_some_and(|(s, _)| s.coche("majoration_facturee")))
                .help("Un aménagement est un droit\u{a0}: ne cochez que si l’université l’a décidé."),
        )
        .verbe_discret("Ajouter le tarif");
    Html::of(&Replie {
        titre: "Ajouter un tarif".to_owned(),
        ouvert: sent.is_some(),
        contenu: vec![Html::of(&form)],
    })
}

async fn page(
    iexam: &Iexam,
    frame: Frame,
    m: &Modalite,
    sent: Option<(&Saisie, &ReglageFault)>,
) -> Result<Fiche, PageError> {
    let id = m.id;
    let (tous, centres, periodes) = iexam
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((
                tarif_list(&c).await?,
                modalite_centres(&c, id).await?,
                modalite_periodes(&c).await?,
            ))
        })
        .await?;
    let peut = frame.visitor().is_some_and(|v| v.may(Right::ExamensRegler));
    let csrf = frame.csrf().to_owned();
    let aujourd_hui = heure_de_besancon(iexam.clock.now()).date();
    let tenus = tous.get(&m.id).cloned().unwrap_or_default();
    let offertes = periodes.get(&m.id).cloned().unwrap_or_default();
    let (histoire, _) = histoire(iexam, "modalite_examen", m.id).await?;
    let mut fiche = Fiche::new(frame.titled(&m.libelle).crumb("Modalités", LISTE));
    let badge = if m.active {
        Badge::new(Tone::Success, "Active")
    } else {
        Badge::new(Tone::Neutral, "Désactivée")
    };
    let identite = Identity::new("Modalité", &m.code)
        .badge(badge)
        .fact(if m.lieu == Lieu::Centre { "dans un centre" } else { "chez soi" })
        .fact(if m.surveillee { "heures surveillées" } else { "heures non surveillées" });
    fiche.identite = Maybe(Some(match offertes.is_empty() {
        true => identite.fact("offerte dans aucune période en cours"),
        false => identite.fact(format!("offerte dans {}", offertes.join(", "))),
    }));
    if peut {
        fiche
            .actions
            .push(Html::of(&Button::link("Modifier", format!("{}/modifier", lien(&m.code))).icon("pencil")));
    }
    if !m.active && !offertes.is_empty() {
        let phrase = format!("Cette modalité est désactivée, mais {} l’offre encore.", offertes.join(", "));
        fiche.alertes.push(
            Alert::new(Tone::Warning, phrase)
                .way_out("Retirez-la de l’offre de la période, ou réactivez-la."),
        );
    }
    let mut gauche = vec![Html::of(&tarifs(m, &tenus, aujourd_hui, peut, &csrf))];
    if peut {
        gauche.push(nouveau_tarif(m, &csrf, sent));
    }
    let dit = |texte: &str| if texte.is_empty() { "—".to_owned() } else { texte.to_owned() };
    let presentation = Table::new("presentation", "Ce que lit l’étudiant")
        .columns([Column::text("quoi", "Rubrique"), Column::text("texte", "Texte")])
        .rows([
            Row::new().text("Consignes").text(dit(&m.consignes)),
            Row::new().text("Pièces demandées").text(dit(&m.pieces.replace('\n', "\u{a0}; "))),
        ]);
    let mut droite = vec![Html::of(&presentation)];
    if m.lieu == Lieu::Centre {
        droite.push(centres_de(m, &centres, peut, &csrf));
    }
    fiche.sections.push(Html::of(&Colonnes { gauche, droite }));
    fiche.sections.push(Html::of(&histoire));
    Ok(fiche)
}

fn centres_de(m: &Modalite, centres: &[(i64, String, String, bool)], peut: bool, csrf: &str) -> Html {
    if !peut || centres.is_empty() {
        let rows = centres
            .iter()
            .filter(|c| c.3)
            .map(|(_, code, nom, _)| Row::to(format!("/iexam/centres/{code}")).text(nom));
        let table = Table::new("centres", "Centres")
            .columns([Column::text("nom", "Centre")])
            .rows(rows.collect::<Vec<_>>())
            .empty(
                Empty::new("Aucun centre", "Créez les centres, puis cochez ici ceux de cette modalité.")
                    .action("Voir les centres", "/iexam/centres"),
            );
        return Html::of(&table);
    }
    let n = centres.iter().filter(|c| c.3).count();
    let mut form =
        Formulaire::new("centres", format!("Centres ({n})"), format!("{}/centres", lien(&m.code)), csrf)
            .texte("Ceux que l’étudiant peut choisir.");
    for (id, _, nom, est) in centres {
        form = form.champ(&Checkbox::new("centre", nom).value(id.to_string()).checked(*est));
    }
    Html::of(&form.verbe_discret("Enregistrer les centres"))
}

pub(super) async fn voir(
    State(iexam): State<Iexam>,
    frame: Frame,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let m = lire(&iexam, &code).await?;
    Ok(Page(page(&iexam, frame, &m, None).await?).into_response())
}

fn lire_tarif(s: &Saisie) -> Result<Tarif, ReglageFault> {
    let mut refus = Vec::new();
    let valide_du = s.jour("valide_du");
    if valide_du.is_none() {
        refus.push(Refus::new("valide_du", "Donnez le premier jour."));
    }
    let mut montant = |champ: &'static str| {
        Cents::parse(s.texte(champ)).unwrap_or_else(|err| {
            refus.push(Refus::new(champ, format!("{err}.")));
            Cents::ZERO
        })
    };
    let (fixe, horaire) = (montant("fixe"), montant("horaire"));
    match valide_du {
        Some(valide_du) if refus.is_empty() => {
            Ok(Tarif { valide_du, fixe, horaire, majoration_facturee: s.coche("majoration_facturee") })
        }
        _ => Err(ReglageFault::Saisie(refus)),
    }
}

async fn rendre(
    iexam: &Iexam,
    frame: Frame,
    code: &str,
    s: Option<&Saisie>,
    fait: Result<(), ReglageFault>,
    bien: &str,
) -> Result<Response, PageError> {
    let faute = match fait {
        Ok(()) => return Ok(Redirection::to(lien(code)).success(bien).into_response()),
        Err(faute @ (ReglageFault::Saisie(_) | ReglageFault::Empeche(_))) => faute,
        Err(faute) => return Err(faute.into()),
    };
    let m = lire(iexam, code).await?;
    let mut fiche = page(iexam, frame, &m, s.map(|s| (s, &faute))).await?;
    fiche.alertes.insert(0, Alert::new(Tone::Danger, faute.message()).way_out(faute.way_out()));
    Ok(Page(fiche).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

pub(super) async fn tarifer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let fait = match lire_tarif(&s) {
        Ok(tarif) => ajouter_tarif(&iexam, &code, &tarif, &visitor.actor()).await,
        Err(faute) => Err(faute),
    };
    rendre(&iexam, frame, &code, Some(&s), fait, "Le tarif est ajouté.").await
}

pub(super) async fn retirer_tarif(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let fait = match s.jour("valide_du") {
        Some(du) => retirer(&iexam, &code, du, &visitor.actor()).await,
        None => Err(ReglageFault::saisie("valide_du", "Ce tarif n’existe pas.")),
    };
    rendre(&iexam, frame, &code, None, fait, "Le tarif est retiré.").await
}

pub(super) async fn rattacher(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let centres: Vec<i64> = s.tous("centre").into_iter().filter_map(|id| id.parse().ok()).collect();
    let fait = rattacher_centres(&iexam, &code, &centres, &visitor.actor()).await;
    rendre(&iexam, frame, &code, None, fait, "Les centres de la modalité sont enregistrés.").await
}
