//! Outgoing mail: what waits, what left, what was given up, and why.

use ::web::components::{
    ActionForm, Alert, Badge, Button, Cell, Column, Dialog, Empty, Field, Filter, Identity, Liste, Look,
    Maybe, Row, Table, Tone,
};
use ::web::{Frame, Listage, Page, PageError, Redirection, RouteTable, Routes, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Fault as _, Right, nombre_francais};
use mail::{Courriel, Critere, Etat, Ligne, MailFault, Reglages};
use serde::Deserialize;

use super::le;
use crate::Administration;
use crate::actions::courriels as actions;

const COURRIELS: &str = "/administration/courriels";

fn badge(etat: Etat, essais: i64) -> Badge {
    match etat {
        Etat::AEnvoyer if essais > 0 => Badge::new(Tone::Warning, "Nouvel essai prévu"),
        Etat::AEnvoyer => Badge::new(Tone::Info, etat.libelle()),
        Etat::Envoye => Badge::new(Tone::Success, etat.libelle()),
        Etat::Echec => Badge::new(Tone::Danger, etat.libelle()),
    }
}

/// What holds for every message at the moment.
fn avis(reglages: &Reglages, attente: u64) -> Option<Alert> {
    if let Some(phrase) = reglages.empechement() {
        let sort = match attente {
            0 => "Les prochains courriels attendront".to_owned(),
            1 => "Un courriel attend".to_owned(),
            n => format!("{} courriels attendent", nombre_francais(i64::try_from(n).unwrap_or(i64::MAX))),
        };
        return Some(
            Alert::new(Tone::Warning, format!("{phrase} {sort} ; rien n’est perdu."))
                .link("Régler l’envoi des courriels", "/administration/parametres#courriel"),
        );
    }
    let essai = reglages.redirection.trim();
    (!essai.is_empty()).then(|| {
        Alert::new(
            Tone::Warning,
            format!("Site d’essai : tous les courriels partent à {essai}, aucun à son destinataire."),
        )
        .link("Régler l’envoi des courriels", "/administration/parametres#courriel")
    })
}

#[derive(Template)]
#[template(path = "courriels/liste.html")]
struct ListePage {
    frame: Frame,
    avis: Maybe<Alert>,
    actions: Vec<Dialog>,
    essai: Button,
    table: Table,
}

async fn liste(
    frame: Frame,
    listage: Listage,
    State(a): State<Administration>,
) -> Result<Response, PageError> {
    let etats = Etat::ALL.into_iter().filter(|etat| listage.valeurs("etat").contains(&etat.code())).collect();
    let recherche = Some(listage.recherche.clone()).filter(|texte| !texte.is_empty());
    let critere = &Critere { etats, recherche };
    let par_etat = a.db.read(|c| async move { mail::courriel_count_by_state(&c).await }).await?;
    let menu = par_etat
        .iter()
        .fold(Filter::new("etat", "État"), |f, (etat, n)| f.counted(etat.code(), etat.libelle(), *n));
    let liste = Liste::<Ligne>::new("courriels", "Courriels")
        .column(Column::number("numero", "Numéro").optional(), |l: &Ligne| Cell::count(l.id.unsigned_abs()))
        .column(Column::text("destinataire", "Destinataire"), |l: &Ligne| Cell::text(&l.destinataire))
        .column(Column::text("nom", "Nom").hidden(), |l: &Ligne| Cell::text(&l.nom))
        .column(Column::text("sujet", "Sujet"), |l: &Ligne| Cell::text(&l.sujet))
        .column(Column::text("objet", "Concerne").optional(), |l: &Ligne| Cell::code(&l.objet))
        .column(Column::text("etat", "État"), |l: &Ligne| Cell::Badge(badge(l.etat, l.essais)))
        .column(Column::text("cree", "Écrit le").optional(), |l: &Ligne| Cell::instant(l.cree_le))
        .column(Column::text("envoye", "Parti le").optional(), |l: &Ligne| Cell::instant(l.envoye_le))
        .column(Column::number("essais", "Essais").hidden(), |l: &Ligne| Cell::count(l.essais.unsigned_abs()))
        .column(Column::text("erreur", "Pourquoi il n’est pas parti").hidden(), |l: &Ligne| {
            Cell::text_opt(l.erreur.clone())
        })
        .opens(|l| format!("{COURRIELS}/{}", l.id))
        .searching("Adresse, nom, sujet ou objet")
        .filters([menu])
        .journaled("courriels")
        .empty(Empty::new(
            "Aucun courriel",
            "Les courriels que la suite envoie apparaîtront ici, avec ce qu’ils sont devenus.",
        ));
    if listage.export().is_some() {
        let (db, critere) = (a.db.clone(), critere.clone());
        return liste
            .export(&listage, move |tranche| {
                let (db, critere) = (db.clone(), critere.clone());
                async move {
                    let lue =
                        db.read(|c| async move { mail::courriel_list(&c, &critere, tranche.paging()).await });
                    Ok::<_, db::DbError>(lue.await?.elements)
                }
            })
            .await;
    }
    let db = &a.db;
    let page = listage
        .read(|paging| async move {
            db.read(|c| async move { mail::courriel_list(&c, critere, paging).await }).await
        })
        .await?;
    let n = |voulu: Etat| par_etat.iter().find(|(etat, _)| *etat == voulu).map_or(0, |(_, n)| *n);
    let reglages = a.facteur.reglages().await?;
    let mut frame = frame.titled("Courriels").crumb("Administration", "/administration");
    if n(Etat::AEnvoyer) > 0 && reglages.empechement().is_none() {
        frame = frame.refreshing(10);
    }
    let echecs = n(Etat::Echec);
    let tous = (echecs > 0).then(|| {
        let form = ActionForm::new(
            format!("{COURRIELS}/renvoyer-echecs"),
            frame.csrf(),
            Button::submit("Renvoyer").look(Look::Primary),
        );
        let texte = match echecs {
            1 => "Le courriel en échec repart dans les secondes qui suivent.".to_owned(),
            n => format!(
                "Les {} courriels en échec repartent dans les secondes qui suivent.",
                nombre_francais(i64::try_from(n).unwrap_or(i64::MAX))
            ),
        };
        Dialog::new("renvoyer-echecs", "Renvoyer les échecs", "Renvoyer les courriels en échec", form)
            .icon("refresh")
            .consequence(texte)
            .consequence("Une adresse que le serveur a refusée le sera de nouveau : corrigez-la d’abord à sa source. Un courriel dont le texte n’est plus gardé reste en échec.")
    });
    let avis = avis(&reglages, n(Etat::AEnvoyer));
    let table = liste.table(&listage, &page);
    let actions = tous.into_iter().collect();
    let essai = Button::link("Courriel d’essai", format!("{COURRIELS}/essai")).icon("mail");
    Ok(Page(ListePage { frame, avis: Maybe(avis), actions, essai, table }).into_response())
}

struct PieceVue {
    nom: String,
    detail: String,
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "courriels/un.html")]
struct Un {
    frame: Frame,
    identite: Identity,
    actions: Vec<Dialog>,
    avis: Maybe<Alert>,
    faits: Vec<(&'static str, String)>,
    texte: Option<String>,
    pieces: Vec<PieceVue>,
    essais: Table,
}

async fn un(
    frame: Frame,
    State(a): State<Administration>,
    Path(id): Path<i64>,
) -> Result<Page<Un>, PageError> {
    let lu = a.db.read(|c| async move { mail::courriel_read(&c, id).await }).await?;
    let courriel = lu.ok_or(MailFault::Inconnu(id))?;
    let reglages = a.facteur.reglages().await?;
    let l = &courriel.ligne;
    let mut frame = frame
        .titled(if l.sujet.is_empty() { "Courriel sans sujet" } else { l.sujet.as_str() })
        .crumb("Administration", "/administration")
        .crumb("Courriels", COURRIELS);
    if l.etat == Etat::AEnvoyer && l.essais == 0 && reglages.empechement().is_none() {
        frame = frame.refreshing(3);
    }
    let mut actions = Vec::new();
    if l.etat != Etat::AEnvoyer && courriel.texte.is_some() {
        let form = ActionForm::new(
            format!("{COURRIELS}/{id}/renvoyer"),
            frame.csrf(),
            Button::submit("Renvoyer").look(Look::Primary),
        );
        let deja = match l.etat {
            Etat::Envoye => "Son destinataire l’a sans doute déjà reçu : il le recevra une deuxième fois.",
            _ => {
                "Il repart dans les secondes qui suivent, et sera de nouveau essayé plusieurs fois s’il le faut."
            }
        };
        let titre = "Renvoyer ce courriel";
        actions.push(Dialog::new("renvoyer", "Renvoyer", titre, form).icon("refresh").consequence(deja));
    }
    let identite = Identity::new("Courriel", format!("N° {id}")).badge(badge(l.etat, l.essais));
    let (faits, pieces, essais) = (faits(&courriel), pieces(&courriel), essais(&courriel));
    let avis = Maybe(sort(&courriel).or_else(|| avis(&reglages, 1).filter(|_| l.etat == Etat::AEnvoyer)));
    Ok(Page(Un { frame, identite, actions, avis, faits, texte: courriel.texte, pieces, essais }))
}

/// Why it has not left.
fn sort(courriel: &Courriel) -> Option<Alert> {
    let l = &courriel.ligne;
    let phrase = l.erreur.clone()?;
    Some(match l.prochain_essai {
        Some(quand) => Alert::new(Tone::Warning, phrase)
            .titled("Ce courriel n’est pas encore parti")
            .way_out(format!("Nouvel essai {}. Rien n’est à faire.", le(quand))),
        None => Alert::new(Tone::Danger, phrase)
            .titled("Ce courriel n’est pas parti")
            .way_out("Corrigez ce qui l’empêche (l’adresse, le serveur d’envoi), puis renvoyez-le."),
    })
}

fn faits(courriel: &Courriel) -> Vec<(&'static str, String)> {
    let l = &courriel.ligne;
    let mut faits = vec![("Destinataire", l.destinataire.clone())];
    faits.extend(Some(l.nom.clone()).filter(|nom| !nom.is_empty()).map(|nom| ("Nom", nom)));
    faits.extend(Some(l.objet.clone()).filter(|objet| !objet.is_empty()).map(|objet| ("Concerne", objet)));
    faits.push(("Écrit le", le(l.cree_le)));
    faits.extend(l.envoye_le.map(|quand| ("Parti le", le(quand))));
    faits.extend(courriel.efface_le.map(|quand| ("Texte effacé le", le(quand))));
    if courriel.relances > 0 {
        faits.push(("Renvois demandés", courriel.relances.to_string()));
    }
    faits
}

fn poids(taille: u64) -> String {
    match taille {
        n if n < 1024 => format!("{n} octets"),
        n => format!("{} Ko", nombre_francais(i64::try_from(n.div_ceil(1024)).unwrap_or(i64::MAX))),
    }
}

fn pieces(courriel: &Courriel) -> Vec<PieceVue> {
    let id = courriel.ligne.id;
    let vue = |p: &mail::PieceJointe| PieceVue {
        nom: p.nom.clone(),
        detail: match p.taille {
            _ if p.a_faire => "faite au moment de l’envoi".to_owned(),
            n => format!("{}{}", poids(n), if p.gardee { "" } else { ", plus gardée" }),
        },
        href: p.gardee.then(|| format!("{COURRIELS}/{id}/pieces/{}", p.id)),
    };
    courriel.pieces.iter().map(vue).collect()
}

fn essais(courriel: &Courriel) -> Table {
    let lignes = courriel.essais.iter().rev().map(|essai| {
        let ce_qui_suit = match essai.etat {
            Etat::Envoye => Badge::new(Tone::Success, "Parti"),
            Etat::AEnvoyer => Badge::new(Tone::Warning, "Reporté"),
            Etat::Echec => Badge::new(Tone::Danger, "Abandonné"),
        };
        Row::new().text(le(essai.quand)).badge(ce_qui_suit).text_opt(essai.erreur.clone())
    });
    Table::new("essais", "Essais")
        .columns([
            Column::text("quand", "Quand"),
            Column::text("issue", "Issue"),
            Column::text("reponse", "Ce qui l’a empêché"),
        ])
        .rows(lignes.collect::<Vec<_>>())
        .empty(Empty::new("Aucun essai", "Ce courriel n’a pas encore été présenté au serveur d’envoi."))
}

async fn piece(
    State(a): State<Administration>,
    Path((id, numero)): Path<(i64, i64)>,
) -> Result<Response, PageError> {
    let lue = a.db.read(|c| async move { mail::piece_read(&c, id, numero).await }).await?;
    let piece = lue.ok_or(MailFault::Efface(id))?;
    // Whatever the message says it is, it is a file to be kept, never a page of ours.
    let entetes = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{}", pourcent(&piece.nom))),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((entetes, piece.octets).into_response())
}

/// A file name as headers take it.
fn pourcent(nom: &str) -> String {
    let un = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    nom.bytes().map(un).collect()
}

#[derive(Template)]
#[template(path = "courriels/essai.html")]
struct EssaiPage {
    frame: Frame,
    avis: Maybe<Alert>,
    adresse: Field,
}

#[derive(Deserialize)]
struct Saisie {
    #[serde(default)]
    adresse: String,
}

async fn page_essai(
    frame: Frame,
    a: &Administration,
    adresse: &str,
    refus: Option<String>,
) -> Result<Page<EssaiPage>, PageError> {
    let reglages = a.facteur.reglages().await?;
    Ok(Page(EssaiPage {
        frame: frame
            .titled("Courriel d’essai")
            .crumb("Administration", "/administration")
            .crumb("Courriels", COURRIELS),
        avis: Maybe(avis(&reglages, 0)),
        adresse: Field::text("adresse", "Adresse")
            .kind("email")
            .value(adresse)
            .required()
            .maxlength(254)
            .autocomplete("email")
            .help("La vôtre, par exemple. Le courriel dit seulement que l’envoi fonctionne.")
            .error(refus),
    }))
}

async fn essai(frame: Frame, State(a): State<Administration>) -> Result<Page<EssaiPage>, PageError> {
    page_essai(frame, &a, "", None).await
}

async fn essayer(
    State(a): State<Administration>,
    frame: Frame,
    visiteur: Visitor,
    Form(saisie): Form<Saisie>,
) -> Result<Response, PageError> {
    match actions::essayer(&a.db, a.clock.as_ref(), &saisie.adresse, &visiteur.actor()).await {
        Ok(id) => Ok(Redirection::to(format!("{COURRIELS}/{id}"))
            .success("Le courriel d’essai est écrit : cette page dira ce qu’il devient.")
            .into_response()),
        Err(fault @ MailFault::Adresse) => {
            let refus = format!("{} {}", fault.message(), fault.way_out());
            let page = page_essai(frame, &a, &saisie.adresse, Some(refus)).await?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn renvoyer(
    visiteur: Visitor,
    State(a): State<Administration>,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    actions::renvoyer(&a.db, a.clock.as_ref(), id, &visiteur.actor()).await?;
    Ok(Redirection::to(format!("{COURRIELS}/{id}")).success("Le courriel va repartir."))
}

async fn renvoyer_echecs(
    visiteur: Visitor,
    State(a): State<Administration>,
) -> Result<Redirection, PageError> {
    let n = actions::renvoyer_echecs(&a.db, a.clock.as_ref(), &visiteur.actor()).await?;
    let phrase = match n {
        0 => "Aucun courriel n’était à renvoyer.".to_owned(),
        1 => "Un courriel va repartir.".to_owned(),
        n => format!("{} courriels vont repartir.", nombre_francais(i64::try_from(n).unwrap_or(i64::MAX))),
    };
    Ok(Redirection::to(COURRIELS).success(phrase))
}

/// The routes.
pub(super) fn routes(a: &Administration) -> RouteTable {
    Routes::with_state(a.clone())
        .get(COURRIELS, Right::Administrer, liste)
        .get("/administration/courriels/{id}", Right::Administrer, un)
        .get("/administration/courriels/{id}/pieces/{piece}", Right::Administrer, piece)
        .get("/administration/courriels/essai", Right::Administrer, essai)
        .post("/administration/courriels/essai", Right::Administrer, essayer)
        .post("/administration/courriels/renvoyer-echecs", Right::Administrer, renvoyer_echecs)
        .post("/administration/courriels/{id}/renvoyer", Right::Administrer, renvoyer)
        .build()
}
