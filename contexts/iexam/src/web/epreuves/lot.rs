//! Several épreuves at once: what will be done is said before it is done, and the list is asked again in between.

use ::web::components::{Field, Select, Selection, Tone};
use ::web::{Frame, Html, Page, PageError, Redirection, Visitor};
use askama::Template;
use axum::extract::State;
use kernel::{Fault as _, FaultKind};

use super::dire::{court, epreuves, fini};
use super::formulaire::salles as cases_salles;
use super::liste::filtre;
use super::{periode, periode_de};
use crate::Iexam;
use crate::actions::epreuve_changer::{self as changer, LOT_MAX, Salles};
use crate::actions::epreuve_fault::EpreuveFault;
use crate::actions::relever_conflits::conflits;
use crate::domain::epreuve::Epreuve;
use crate::domain::periode::Periode;
use crate::store::epreuve::{epreuve_ids, epreuves_read};
use crate::store::epreuve_salle::salles_connues;

/// Épreuves shown before the rest is only counted.
const APERCU: usize = 12;

#[derive(Template)]
#[template(path = "epreuves/lot.html")]
pub(super) struct Lot {
    frame: Frame,
    consequences: Vec<&'static str>,
    apercu: Vec<String>,
    reste: Option<String>,
    caches: Vec<(String, String)>,
    action: &'static str,
    bouton: String,
    retour: String,
    champs: Vec<Html>,
}

/// The period and the rows of what was chosen, as they stand now.
async fn choisies(iexam: &Iexam, s: &Selection) -> Result<(Periode, Vec<i64>), PageError> {
    let Some(liste) = &s.liste else {
        let ids: Vec<i64> = s.lignes.iter().filter_map(|id| id.parse().ok()).collect();
        let premiere = ids.first().copied().ok_or(EpreuveFault::Rien)?;
        let p = periode_de(iexam, changer::periode_de(iexam, premiere).await?).await?;
        return Ok((p, ids));
    };
    if s.total > LOT_MAX {
        return Err(PageError::invalid(
            format!(
                "Cette liste compte {} ; on ne change pas plus de mille épreuves à la fois. Rien n’a été modifié.",
                s.mots()
            ),
            "Restreignez-la par un filtre, puis recommencez.",
        ));
    }
    let p = periode(iexam, liste).await?;
    let f = &filtre(iexam, liste, &p, &*conflits(iexam, &p).await?).await?;
    let id = p.id;
    let ids = iexam.db.read(|c| async move { epreuve_ids(&c, id, f, LOT_MAX).await }).await?;
    Ok((p, ids))
}

struct Prepare {
    n: usize,
    apercu: Vec<String>,
    reste: Option<String>,
    caches: Vec<(String, String)>,
}

async fn preparer(iexam: &Iexam, frame: &Frame, s: &Selection) -> Result<Prepare, PageError> {
    let (_, ids) = choisies(iexam, s).await?;
    let ids = &ids;
    let lues: Vec<Epreuve> = iexam.db.read(|c| async move { epreuves_read(&c, ids).await }).await?;
    if lues.is_empty() {
        return Err(EpreuveFault::Rien.into());
    }
    let dite = |e: &Epreuve| match e.debut {
        Some(debut) => format!("{} {}, {}", e.element, e.libelle, court(debut)),
        None => format!("{} {}, sans date", e.element, e.libelle),
    };
    let mut caches = s.hidden();
    // What is confirmed is the list of now, not of when it was shown.
    caches.retain(|(nom, _)| nom != "total");
    caches.push(("total".to_owned(), lues.len().to_string()));
    caches.push(("_csrf".to_owned(), frame.csrf().to_owned()));
    let reste = lues.len().saturating_sub(APERCU);
    Ok(Prepare {
        n: lues.len(),
        apercu: lues.iter().take(APERCU).map(dite).collect(),
        reste: (reste > 0).then(|| format!("et {} de plus", epreuves(reste))),
        caches,
    })
}

fn page(
    frame: Frame,
    s: &Selection,
    prepare: Prepare,
    verbe: &str,
    (consequences, action): (Vec<&'static str>, &'static str),
    champs: Vec<Html>,
) -> Page<Lot> {
    let titre = format!("{verbe} {}", epreuves(prepare.n));
    Page(Lot {
        consequences,
        apercu: prepare.apercu,
        reste: prepare.reste,
        caches: prepare.caches,
        action,
        bouton: titre.clone(),
        retour: s.retour().to_owned(),
        champs,
        frame: frame.titled(titre).crumb("Épreuves", s.retour()),
    })
}

/// `POST /iexam/epreuves/lot/salles`.
pub(super) async fn salles(
    frame: Frame,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Page<Lot>, PageError> {
    let prepare = preparer(&iexam, &frame, &s).await?;
    let connues = iexam.db.read(|c| async move { salles_connues(&c).await }).await?;
    let comment = Select::new(
        "comment",
        "Comment",
        [("ajouter", "En plus de leurs salles"), ("remplacer", "À la place de leurs salles")],
    );
    let champs = vec![cases_salles(&connues), Html::of(&comment)];
    let consequences = vec![
        "Les inscriptions sans salle sont relevées de nouveau.",
        "Les conflits que cela crée ou résout sont dits ensuite.",
    ];
    Ok(page(
        frame,
        &s,
        prepare,
        "Donner des salles à",
        (consequences, "/iexam/epreuves/lot/salles/appliquer"),
        champs,
    ))
}

/// `POST /iexam/epreuves/lot/decaler`.
pub(super) async fn decaler(
    frame: Frame,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Page<Lot>, PageError> {
    let prepare = preparer(&iexam, &frame, &s).await?;
    let jours = Field::text("jours", "Nombre de jours")
        .kind("number")
        .value("1")
        .required()
        .help("Négatif pour avancer.");
    let consequences = vec![
        "Chaque épreuve garde son heure de Besançon, changement d’heure compris.",
        "Celles qui n’ont pas de date restent ainsi.",
        "Si l’une sortait de la période, aucune n’est décalée.",
    ];
    Ok(page(
        frame,
        &s,
        prepare,
        "Décaler",
        (consequences, "/iexam/epreuves/lot/decaler/appliquer"),
        vec![Html::of(&jours)],
    ))
}

/// `POST /iexam/epreuves/lot/annuler`.
pub(super) async fn annuler(
    frame: Frame,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Page<Lot>, PageError> {
    let prepare = preparer(&iexam, &frame, &s).await?;
    let motif = Field::text("motif", "Motif").maxlength(300).required();
    let consequences = vec![
        "Plus personne ne les passe ; ce qui a été facturé pour elles est repris.",
        "Les inscriptions déjà payées sont à rembourser.",
        "Elles pourront être rétablies, une par une.",
    ];
    Ok(page(
        frame,
        &s,
        prepare,
        "Annuler",
        (consequences, "/iexam/epreuves/lot/annuler/appliquer"),
        vec![Html::of(&motif)],
    ))
}

/// The épreuves to change, unless the list is no longer the one that was confirmed.
async fn confirmees(
    iexam: &Iexam,
    s: &Selection,
) -> Result<Result<(Periode, Vec<i64>), Redirection>, PageError> {
    let (p, ids) = choisies(iexam, s).await?;
    if s.liste.is_some() && ids.len() as u64 != s.total {
        let dit = format!(
            "La liste a changé entre-temps : {} au lieu de {}. Rien n’a été modifié.",
            epreuves(ids.len()),
            epreuves(usize::try_from(s.total).unwrap_or(usize::MAX))
        );
        return Ok(Err(Redirection::to(s.retour()).saying(Tone::Warning, dit)));
    }
    Ok(Ok((p, ids)))
}

/// What was refused is said over the list that one comes from, which is still as it was narrowed.
fn refuse(s: &Selection, fault: EpreuveFault) -> Result<Redirection, PageError> {
    if fault.kind() == FaultKind::Invalid {
        let dit = format!("{} {}", fault.message(), fault.way_out());
        return Ok(Redirection::to(s.retour()).saying(Tone::Warning, dit));
    }
    Err(fault.into())
}

/// `POST /iexam/epreuves/lot/salles/appliquer`.
pub(super) async fn salles_appliquer(
    visitor: Visitor,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Redirection, PageError> {
    let (p, ids) = match confirmees(&iexam, &s).await? {
        Ok(choisies) => choisies,
        Err(retour) => return Ok(retour),
    };
    let salles: Vec<i64> = s.tous("salles").into_iter().filter_map(|id| id.parse().ok()).collect();
    let remplacer = s.champ("comment") == Some("remplacer");
    let salles = if remplacer { Salles::Remplacer(salles) } else { Salles::Ajouter(salles) };
    let suites = match changer::mettre_en_salle(&iexam, p.id, &ids, &salles, &visitor.actor()).await {
        Ok(suites) => suites,
        Err(fault) => return refuse(&s, fault),
    };
    let n = suites.pose.changees.len();
    let dit = if n > 1 {
        format!("{} ont changé de salles.", epreuves(n))
    } else {
        "Une épreuve a changé de salles.".to_owned()
    };
    fini(&iexam, s.retour(), dit, &suites).await
}

/// `POST /iexam/epreuves/lot/decaler/appliquer`.
pub(super) async fn decaler_appliquer(
    visitor: Visitor,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Redirection, PageError> {
    let Ok(jours) = s.champ("jours").unwrap_or_default().parse::<i64>() else {
        return refuse(&s, EpreuveFault::Champ("jours", "Donnez un nombre de jours.".to_owned()));
    };
    let (p, ids) = match confirmees(&iexam, &s).await? {
        Ok(choisies) => choisies,
        Err(retour) => return Ok(retour),
    };
    let suites = match changer::decaler_jours(&iexam, p.id, &ids, jours, &visitor.actor()).await {
        Ok(suites) => suites,
        Err(fault) => return refuse(&s, fault),
    };
    let n = suites.pose.changees.len();
    let dit = if n > 1 {
        format!("{} sont décalées.", epreuves(n))
    } else {
        "Une épreuve est décalée.".to_owned()
    };
    fini(&iexam, s.retour(), dit, &suites).await
}

/// `POST /iexam/epreuves/lot/annuler/appliquer`.
pub(super) async fn annuler_appliquer(
    visitor: Visitor,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Redirection, PageError> {
    let (p, ids) = match confirmees(&iexam, &s).await? {
        Ok(choisies) => choisies,
        Err(retour) => return Ok(retour),
    };
    let motif = s.champ("motif").unwrap_or_default();
    let suites = match changer::annuler(&iexam, p.id, &ids, Some(motif), &visitor.actor()).await {
        Ok(suites) => suites,
        Err(fault) => return refuse(&s, fault),
    };
    let n = suites.pose.changees.len();
    let dit = if n > 1 {
        format!("{} sont annulées.", epreuves(n))
    } else {
        "Une épreuve est annulée.".to_owned()
    };
    fini(&iexam, s.retour(), dit, &suites).await
}
