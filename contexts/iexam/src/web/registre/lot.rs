//! Several registrations at once: what will be done and what is left out, with why, is said before anything is done.

use std::collections::BTreeMap;

use ::web::components::{Field, Selection, Tone};
use ::web::{Frame, Page, PageError, Redirection, Visitor};
use askama::Template;
use axum::extract::State;
use kernel::{Cents, nombre_francais};

use super::liste::filtre;
use super::{inscriptions, periodes};
use crate::Iexam;
use crate::actions::lot::{LOT_MAX, Lot, trier};
use crate::actions::registre_fault::RegistreFault;
use crate::actions::{
    annuler as annulation, exonerer as exoneration, renvoyer as renvoi, verifier as verification,
};
use crate::domain::registre::{Ecart, Verbe};
use crate::store::inscription::Inscription;
use crate::store::registre::registre_ids;

/// Registrations named before the rest is only counted.
const APERCU: usize = 10;

#[derive(Template)]
#[template(path = "registre/lot.html")]
pub(super) struct PageDeLot {
    frame: Frame,
    consequences: Vec<String>,
    apercu: Vec<(String, String)>,
    reste: Option<String>,
    ecartees: Vec<(String, Vec<String>)>,
    caches: Vec<(String, String)>,
    action: String,
    bouton: String,
    danger: bool,
    retour: String,
    motif: Option<Field>,
}

/// The registrations that were chosen, as they stand now.
async fn choisies(iexam: &Iexam, s: &Selection) -> Result<Vec<i64>, PageError> {
    let Some(liste) = &s.liste else {
        return Ok(s.lignes.iter().filter_map(|id| id.parse().ok()).collect());
    };
    if s.total > LOT_MAX {
        return Err(PageError::invalid(
            format!(
                "Cette liste compte {} ; on n’en traite pas plus de {} à la fois. Rien n’a été modifié.",
                s.mots(),
                nombre_francais(i64::try_from(LOT_MAX).unwrap_or(i64::MAX))
            ),
            "Restreignez-la par une modalité ou un centre, puis recommencez.",
        ));
    }
    let (_, periode) = periodes(iexam, liste).await?;
    let filtre = &filtre(liste, periode.map_or(0, |p| p.id));
    let max = i64::try_from(LOT_MAX).unwrap_or(i64::MAX);
    Ok(iexam.db.read(|c| async move { registre_ids(&c, filtre, max).await }).await?)
}

struct Propose {
    verbe: Verbe,
    nom: &'static str,
    infinitif: &'static str,
    consequences: Vec<String>,
    motif: Option<&'static str>,
    danger: bool,
}

async fn proposer(
    iexam: &Iexam,
    frame: Frame,
    s: &Selection,
    p: Propose,
) -> Result<Page<PageDeLot>, PageError> {
    let ids = &choisies(iexam, s).await?;
    let lot = iexam.db.read(|c| async move { trier(&c, p.verbe, ids).await }).await?;
    if lot.faites.is_empty() {
        let raison = lot.ecartees.first().map_or("", |(_, ecart)| ecart.phrase());
        return Err(PageError::invalid(
            format!("Aucune des inscriptions choisies ne le permet ({raison}). Rien n’a été modifié."),
            "Revenez à la liste et choisissez-en d’autres.",
        ));
    }
    let n = lot.faites.len();
    let mut consequences = p.consequences;
    if p.verbe == Verbe::Exonerer {
        let somme: Cents = lot.faites.iter().map(|i| i.solde).sum();
        consequences.insert(0, format!("{somme} ne seront pas demandés, en tout."));
    }
    let muettes = lot.faites.iter().filter(|i| i.courriel.is_empty()).count();
    if muettes > 0 && matches!(p.verbe, Verbe::Renvoyer | Verbe::Annuler) {
        consequences.push(format!(
            "{} sans adresse électronique : prévenez ces étudiants autrement.",
            inscriptions(muettes)
        ));
    }
    let mut caches = s.hidden();
    // What is confirmed is the list of now, not of when it was shown.
    caches.retain(|(nom, _)| nom != "total");
    caches.push(("total".to_owned(), ids.len().to_string()));
    caches.push(("_csrf".to_owned(), frame.csrf().to_owned()));
    let bouton = format!("{} {}", p.infinitif, inscriptions(n));
    Ok(Page(PageDeLot {
        consequences,
        apercu: lot.faites.iter().take(APERCU).map(nomme).collect(),
        reste: n.checked_sub(APERCU).filter(|r| *r > 0).map(|r| format!("et {} de plus", inscriptions(r))),
        ecartees: ecartees(&lot),
        caches,
        action: format!("/iexam/inscriptions/lot/{}/appliquer", p.nom),
        danger: p.danger,
        retour: s.retour().to_owned(),
        motif: p.motif.map(|aide| {
            Field::text("motif", "Motif").lines(2).help(aide).maxlength(500).autocomplete("off").required()
        }),
        frame: frame.titled(&bouton).crumb("Examens", "/iexam").crumb("Inscriptions", s.retour()),
        bouton,
    }))
}

fn nomme(i: &Inscription) -> (String, String) {
    (i.etudiant.to_string(), i.nom_classe.clone())
}

/// Those left out, by reason.
fn ecartees(lot: &Lot) -> Vec<(String, Vec<String>)> {
    let mut par: BTreeMap<Ecart, Vec<String>> = BTreeMap::new();
    for (i, ecart) in &lot.ecartees {
        par.entry(*ecart).or_default().push(format!("{} ({})", i.nom_classe, i.etudiant));
    }
    let mut dites = Vec::new();
    for (ecart, noms) in par {
        let n = noms.len();
        let mut tete: Vec<_> = noms.into_iter().take(APERCU).collect();
        if n > APERCU {
            tete.push(format!("et {} de plus", inscriptions(n - APERCU)));
        }
        dites.push((format!("{} : {}", inscriptions(n), ecart.phrase()), tete));
    }
    dites
}

/// `POST …/lot/verifier`.
pub(super) async fn verifier(
    frame: Frame,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Page<PageDeLot>, PageError> {
    let p = Propose {
        verbe: Verbe::Verifier,
        nom: "verifier",
        infinitif: "Vérifier",
        consequences: vec![
            "Celles où il reste à payer passeront à l’état « Vérifiée », et l’étudiant pourra payer."
                .to_owned(),
            "Celles où il ne reste rien à payer se finaliseront seules.".to_owned(),
            "Chaque étudiant en sera prévenu par courriel.".to_owned(),
        ],
        motif: None,
        danger: false,
    };
    proposer(&iexam, frame, &s, p).await
}

/// `POST …/lot/renvoyer`.
pub(super) async fn renvoyer(
    frame: Frame,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Page<PageDeLot>, PageError> {
    let p = Propose {
        verbe: Verbe::Renvoyer,
        nom: "renvoyer",
        infinitif: "Renvoyer",
        consequences: vec![
            "Elles passeront à l’état « À corriger » : l’étudiant doit corriger puis valider de nouveau."
                .to_owned(),
            "Leur place dans la modalité et le centre est gardée.".to_owned(),
            "Chaque étudiant reçoit un courriel avec le motif.".to_owned(),
        ],
        motif: Some("Le même pour toutes. L’étudiant le lira."),
        danger: false,
    };
    proposer(&iexam, frame, &s, p).await
}

/// `POST …/lot/annuler`.
pub(super) async fn annuler(
    frame: Frame,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Page<PageDeLot>, PageError> {
    let p = Propose {
        verbe: Verbe::Annuler,
        nom: "annuler",
        infinitif: "Annuler",
        consequences: vec![
            "Leurs places sont rendues, et d’autres étudiants peuvent les prendre.".to_owned(),
            "Ce qui était dû est repris : ce qui a été payé devient un trop perçu, à rembourser.".to_owned(),
            "Chaque étudiant reçoit un courriel avec le motif.".to_owned(),
            "Chacune peut être rétablie tant qu’il reste des places.".to_owned(),
        ],
        motif: Some("Le même pour toutes. L’étudiant le lira."),
        danger: true,
    };
    proposer(&iexam, frame, &s, p).await
}

/// `POST …/lot/relancer`.
pub(super) async fn relancer(
    frame: Frame,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Page<PageDeLot>, PageError> {
    let p = Propose {
        verbe: Verbe::Relancer,
        nom: "relancer",
        infinitif: "Relancer",
        consequences: vec![
            "Chaque étudiant reçoit un courriel : son inscription n’est pas terminée.".to_owned(),
            "Rien d’autre ne change.".to_owned(),
        ],
        motif: None,
        danger: false,
    };
    proposer(&iexam, frame, &s, p).await
}

/// `POST …/lot/exonerer`.
pub(super) async fn exonerer(
    frame: Frame,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Page<PageDeLot>, PageError> {
    let p = Propose {
        verbe: Verbe::Exonerer,
        nom: "exonerer",
        infinitif: "Exonérer",
        consequences: vec![
            "Tout ce qui reste à payer de chacune est exonéré, par une écriture dans son compte.".to_owned(),
            "Celles qui sont vérifiées se finaliseront seules.".to_owned(),
        ],
        motif: Some("Le même pour toutes. Il reste dans chaque compte."),
        danger: false,
    };
    proposer(&iexam, frame, &s, p).await
}

/// The registrations to treat, unless the list is no longer the one that was confirmed.
async fn confirmees(iexam: &Iexam, s: &Selection) -> Result<Result<Vec<i64>, Redirection>, PageError> {
    let ids = choisies(iexam, s).await?;
    if s.liste.is_some() && ids.len() as u64 != s.total {
        let dit = format!(
            "La liste a changé entre-temps : {} au lieu de {}. Rien n’a été modifié.",
            inscriptions(ids.len()),
            inscriptions(usize::try_from(s.total).unwrap_or(usize::MAX))
        );
        return Ok(Err(Redirection::to(s.retour()).saying(Tone::Warning, dit)));
    }
    Ok(Ok(ids))
}

/// « 12 inscriptions sont vérifiées, 2 laissées de côté. »
fn fini(s: &Selection, lot: &Lot, muettes: usize, (une, plusieurs): (&str, &str)) -> Redirection {
    let n = lot.faites.len();
    let mut dit = format!("{} {}", inscriptions(n), if n > 1 { plusieurs } else { une });
    match lot.ecartees.len() {
        0 => {}
        1 => dit.push_str(", 1 laissée de côté"),
        k => dit.push_str(&format!(", {k} laissées de côté")),
    }
    dit.push('.');
    if muettes > 0 {
        dit.push_str(&format!(" Aucun courriel n’a pu partir pour {}.", inscriptions(muettes)));
    }
    Redirection::to(s.retour()).success(dit)
}

/// `POST …/lot/verifier/appliquer`.
pub(super) async fn verifier_appliquer(
    visitor: Visitor,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Redirection, PageError> {
    let ids = match confirmees(&iexam, &s).await? {
        Ok(ids) => ids,
        Err(retour) => return Ok(retour),
    };
    let lot = verification::verifier(&iexam, &ids, None, &visitor.actor()).await?;
    Ok(fini(&s, &lot, 0, ("est vérifiée", "sont vérifiées")))
}

/// `POST …/lot/renvoyer/appliquer`.
pub(super) async fn renvoyer_appliquer(
    visitor: Visitor,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Redirection, PageError> {
    let ids = match confirmees(&iexam, &s).await? {
        Ok(ids) => ids,
        Err(retour) => return Ok(retour),
    };
    let motif = s.champ("motif").unwrap_or_default();
    let (lot, muettes) = renvoi::renvoyer(&iexam, &ids, motif, None, &visitor.actor()).await?;
    Ok(fini(&s, &lot, muettes, ("est renvoyée à l’étudiant", "sont renvoyées aux étudiants")))
}

/// `POST …/lot/annuler/appliquer`.
pub(super) async fn annuler_appliquer(
    visitor: Visitor,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Redirection, PageError> {
    let ids = match confirmees(&iexam, &s).await? {
        Ok(ids) => ids,
        Err(retour) => return Ok(retour),
    };
    let motif = s.champ("motif").unwrap_or_default();
    let (lot, muettes) = annulation::annuler(&iexam, &ids, motif, None, &visitor.actor()).await?;
    Ok(fini(&s, &lot, muettes, ("est annulée", "sont annulées")))
}

/// `POST …/lot/relancer/appliquer`.
pub(super) async fn relancer_appliquer(
    visitor: Visitor,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Redirection, PageError> {
    let ids = match confirmees(&iexam, &s).await? {
        Ok(ids) => ids,
        Err(retour) => return Ok(retour),
    };
    let (lot, muettes) = renvoi::relancer(&iexam, &ids, &visitor.actor()).await?;
    Ok(fini(&s, &lot, muettes, ("est relancée", "sont relancées")))
}

/// `POST …/lot/exonerer/appliquer`.
pub(super) async fn exonerer_appliquer(
    visitor: Visitor,
    State(iexam): State<Iexam>,
    s: Selection,
) -> Result<Redirection, PageError> {
    let ids = match confirmees(&iexam, &s).await? {
        Ok(ids) => ids,
        Err(retour) => return Ok(retour),
    };
    let motif = s.champ("motif").unwrap_or_default();
    let lot = exoneration::exonerer_tout(&iexam, &ids, motif, &visitor.actor()).await?;
    if lot.faites.is_empty() {
        return Err(RegistreFault::Vide.into());
    }
    Ok(fini(&s, &lot, 0, ("est exonérée", "sont exonérées")))
}
