//! One registration: what it holds, what it owes, what happened to it, what can be done.

use std::collections::BTreeMap;

use ::web::components::{Alert, Diff, Field, Identity, Maybe, Table, Tone};
use ::web::{Conflit, Frame, ListQuery, Page, PageError, Visitor, Vu};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::journal;
use kernel::{Fault, Right};

use super::decision::{Decider, decider};
use super::entete::{fiche, identite};
use super::guichet::{Caisse, caisse};
use super::liste::filtre;
use super::vue::{
    avertissements, compte, difference_de_prix, differences, epreuves, histoire, le, situation, tient,
};
use super::{LISTE, cle, dire, lien, periodes};
use crate::Iexam;
use crate::actions::lot::vu;
use crate::actions::registre_fault::RegistreFault;
use crate::actions::rembourser::paye;
use crate::domain::demande::EtatDemande;
use crate::store::caisse::ecriture_list;
use crate::store::calcul::amenagements_de;
use crate::store::demande::demandes_de;
use crate::store::fiche::{epreuves_choisies, lieu_choisi};
use crate::store::inscription::{Inscription, inscription_read};
use crate::store::periode::periode_read;
use crate::store::registre::registre_ids;
use crate::store::voulu::{epreuves_breves, examiner};

/// Registrations among which the previous and the next are looked for.
const VOISINES: i64 = 5_000;

/// Lines of history shown.
const HISTOIRE: u32 = 60;

/// What a form sent, and why it was refused.
pub(super) struct Refus {
    pub(super) envoi: Envoi,
    pub(super) champ: Option<&'static str>,
    pub(super) message: String,
    pub(super) way_out: String,
    pub(super) conflit: bool,
}

/// The fields of a form of this page.
pub(super) type Envoi = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "registre/une.html")]
struct Une {
    frame: Frame,
    identite: Identity,
    avant: Option<String>,
    apres: Option<String>,
    rang: Option<String>,
    refus: Maybe<Alert>,
    conflit: Maybe<Conflit>,
    situation: Alert,
    avertissements: Vec<String>,
    fiche: Vec<(&'static str, String)>,
    pieces: Vec<String>,
    epreuves: Table,
    compte: Table,
    demande: Option<Demandee>,
    passees: Vec<String>,
    decider: Option<Decider>,
    caisse: Option<Caisse>,
    histoire: Table,
    vu: Vu,
    csrf: String,
    suite: String,
    tapes: Vec<String>,
}

impl Une {
    /// Whether the form of that field was sent and came back.
    fn tape(&self, champ: &str) -> bool {
        self.tapes.iter().any(|tape| tape == champ)
    }

    fn action(&self, verbe: &str) -> String {
        self.suite.replacen("{}", verbe, 1)
    }
}

/// A request that waits.
struct Demandee {
    id: i64,
    quand: String,
    motif: String,
    changes: Vec<Diff>,
    prix: String,
    empechement: Option<String>,
    reponse: Option<Field>,
}

/// `/iexam/inscriptions/{id}`.
pub(super) async fn une(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    montrer(&iexam, frame, &visitor, &query, id, None).await
}

/// Before and after in the list that the address keeps, and « 3 sur 120 ».
async fn voisines(
    iexam: &Iexam,
    query: &ListQuery,
    i: &Inscription,
) -> Result<(Option<i64>, Option<i64>, Option<String>), PageError> {
    let (_, periode) = periodes(iexam, query).await?;
    let filtre = &filtre(query, periode.map_or(i.periode, |p| p.id));
    let ids = iexam.db.read(|c| async move { registre_ids(&c, filtre, VOISINES).await }).await?;
    let Some(place) = ids.iter().position(|autre| *autre == i.id) else {
        // It has left the worklist: the first of what remains comes next.
        return Ok((None, ids.first().copied(), None));
    };
    let avant = place.checked_sub(1).and_then(|p| ids.get(p)).copied();
    Ok((avant, ids.get(place + 1).copied(), Some(format!("{} sur {}", place + 1, ids.len()))))
}

/// The page, with what was typed and why it was refused when it was.
pub(super) async fn montrer(
    iexam: &Iexam,
    frame: Frame,
    visitor: &Visitor,
    query: &ListQuery,
    id: i64,
    refuse: Option<Refus>,
) -> Result<Response, PageError> {
    let lues = iexam
        .db
        .read(|c| async move {
            let i = inscription_read(&c, id).await?.ok_or(RegistreFault::Inconnue(id))?;
            let p = periode_read(&c, i.periode).await?.ok_or(RegistreFault::Inconnue(id))?;
            let lieu = lieu_choisi(&c, &i).await?;
            let epreuves = epreuves_choisies(&c, id).await?;
            let ecritures = ecriture_list(&c, id).await?;
            let demandes = demandes_de(&c, id).await?;
            let amenagements = amenagements_de(&c, std::slice::from_ref(&i.etudiant)).await?;
            let lignes = journal::history(&c, "inscription_examen", &id.to_string(), 0, HISTOIRE).await?;
            let attend = demandes.iter().rfind(|d| d.etat == EtatDemande::EnAttente);
            let examinee = match attend {
                Some(d) => {
                    let ids: Vec<_> = d.voulu.choix.keys().copied().collect();
                    let breves = epreuves_breves(&c, i.periode, &ids).await?;
                    Some((d.clone(), examiner(&c, &i, p.epreuves_debut, &d.voulu).await?, breves))
                }
                None => None,
            };
            Ok::<_, RegistreFault>((
                i,
                p,
                lieu,
                epreuves,
                ecritures,
                demandes,
                amenagements,
                lignes,
                examinee,
            ))
        })
        .await?;
    let (i, p, (modalite, centre), choisies, ecritures, demandes, amenagements, lignes, examinee) = lues;
    let (avant, apres, rang) = voisines(iexam, query, &i).await?;
    let decide = visitor.may(Right::InscriptionsTraiter);
    let envoi = refuse.as_ref().map(|r| r.envoi.clone()).unwrap_or_default();
    let faute = |champ: &str| {
        refuse.as_ref().filter(|r| r.champ == Some(champ)).map(|r| format!("{} {}", r.message, r.way_out))
    };
    let tenu = (modalite.as_ref().map(|m| m.libelle.as_str()), centre.as_ref().map(|c| c.nom.as_str()));
    let demande = examinee.map(|(d, examine, breves)| Demandee {
        id: d.id,
        quand: le(d.faite_le),
        changes: differences(&i, &choisies, tenu, &d.voulu, &breves, &examine),
        prix: difference_de_prix(&i, &examine),
        empechement: examine.empechement.map(|e| format!("Elle ne peut plus être acceptée : {e}.")),
        motif: d.motif,
        reponse: decide.then(|| {
            Field::text("reponse", "Réponse à l’étudiant")
                .lines(2)
                .help("Facultative pour accepter, obligatoire pour refuser.")
                .maxlength(500)
                .value(envoi.get("reponse").cloned().unwrap_or_default())
                .error(faute("reponse"))
        }),
    });
    let conflit = match &refuse {
        Some(r) if r.conflit => {
            let (sent, cle) = (envoi.get("vu").cloned().unwrap_or_default(), id.to_string());
            let lire =
                |c| async move { Conflit::read(&c, "inscription_examen", &cle, &sent, dire::dire).await };
            let conflit = iexam.db.read::<_, db::DbError, _, _>(lire).await?;
            Some(conflit.titled("Cette inscription a changé depuis que vous l’avez ouverte"))
        }
        _ => None,
    };
    let statut = match &refuse {
        None => StatusCode::OK,
        Some(r) if r.conflit => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let refus = refuse.as_ref().filter(|r| r.champ.is_none()).map(|r| {
        Alert::new(Tone::Danger, r.message.clone())
            .titled("Rien n’a été enregistré")
            .way_out(r.way_out.clone())
    });
    let mut liste = query.a_la_page(query.page);
    liste.path = LISTE.to_owned();
    let suivante = apres.or(avant).map_or_else(String::new, |id| id.to_string());
    let mut modele = query.clone();
    modele.path = format!("{LISTE}/{id}/{{}}");
    let page = Une {
        identite: identite(&i, &p),
        avant: avant.map(|id| lien(id, query)),
        apres: apres.map(|id| lien(id, query)),
        rang,
        refus: Maybe(refus),
        conflit: Maybe(conflit),
        situation: situation(&i),
        avertissements: avertissements(&i, &p, &choisies, centre.as_ref()),
        fiche: fiche(&i, &p, tenu.0, centre.as_ref(), &amenagements),
        pieces: modalite
            .as_ref()
            .map(|m| m.pieces.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect())
            .unwrap_or_default(),
        epreuves: epreuves(&choisies, &i, centre.as_ref()),
        compte: compte(&ecritures, &i, tient(visitor)),
        demande,
        passees: demandes
            .iter()
            .filter(|d| d.etat != EtatDemande::EnAttente)
            .map(|d| {
                let reponse = if d.reponse.is_empty() { String::new() } else { format!(" : {}", d.reponse) };
                format!("{}, {}{reponse}", le(d.faite_le), d.etat.libelle().to_lowercase())
            })
            .collect(),
        decider: decide.then(|| decider(&i, &p, &envoi, &faute, suivante)),
        caisse: tient(visitor).then(|| caisse(iexam, &frame, &i, paye(&ecritures).0, &envoi, &faute)),
        histoire: histoire(&lignes),
        vu: vu(&i).after(lignes.first().map_or(0, |l| l.id)),
        csrf: frame.csrf().to_owned(),
        suite: modele.url(),
        tapes: envoi.into_keys().collect(),
        frame: frame
            .titled(&i.nom)
            .crumb("Examens", format!("/iexam?periode={}", cle(&p)))
            .crumb("Inscriptions", liste.url()),
    };
    Ok(if statut == StatusCode::OK { Page(page).into_response() } else { Page(page).with_status(statut) })
}

/// A refusal of a verb, as the page shows it again. `champ` names the form's own field.
pub(super) fn refus<F: Fault>(fault: &F, envoi: Envoi, champ: Option<&'static str>) -> Refus {
    Refus {
        envoi,
        champ,
        message: fault.message(),
        way_out: fault.way_out(),
        conflit: matches!(fault.slug(), "inscription-changee" | "compte-change"),
    }
}
