//! Several anomalies at once: what will be done is said before it is done, and the list is asked again in between.

use ::web::components::{Field, Select, Selection, Tone};
use ::web::{Frame, Page, PageError, Redirection, Visitor, Web};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use kernel::nombre_francais;

use super::liste::Voulu;
use super::regler::connu;
use super::une::personnes;
use crate::actions::ArbitrageFault;
use crate::actions::arbitrer::{self, LOT_MAX};
use crate::actions::corriger::aujourd_hui;
use crate::domain::correction::{self, MOTIF_MAX};
use crate::store::anomalie::{AnomalieVue, anomalie_ids, anomalie_lot};
use crate::web::Maquette;

/// Anomalies shown before the rest is only counted.
const APERCU: usize = 10;

#[derive(Template)]
#[template(path = "anomalies/lot.html")]
pub(super) struct Lot {
    frame: Frame,
    consequences: Vec<String>,
    apercu: Vec<AnomalieVue>,
    reste: Option<String>,
    caches: Vec<(String, String)>,
    action: &'static str,
    bouton: String,
    retour: String,
    qui: Option<Select>,
    jusqu_au: Option<Field>,
    motif: Option<Field>,
}

/// « 1 anomalie », « 12 anomalies ».
fn anomalies(n: usize) -> String {
    let dit = nombre_francais(i64::try_from(n).unwrap_or(i64::MAX));
    if n > 1 { format!("{dit} anomalies") } else { format!("{dit} anomalie") }
}

/// The anomalies that were chosen, as they stand now.
async fn choisies(m: &Maquette, visitor: &Visitor, s: &Selection) -> Result<Vec<i64>, PageError> {
    let Some(liste) = &s.liste else {
        return Ok(s.lignes.iter().filter_map(|id| id.parse().ok()).collect());
    };
    if s.total > LOT_MAX {
        return Err(PageError::invalid(
            format!(
                "Cette liste compte {} ; on ne décide pas de plus de {} à la fois. Rien n’a été modifié.",
                s.mots(),
                nombre_francais(i64::try_from(LOT_MAX).unwrap_or(i64::MAX))
            ),
            "Restreignez-la par une règle ou une composante, puis recommencez.",
        ));
    }
    let annee = m.annee(liste).await?.premiere();
    let voulu = Voulu::de(liste, &visitor.identifiant);
    let (filtre, jour) = (&voulu.filtre(), aujourd_hui(&m.outils));
    Ok(m.outils.db.read(|c| async move { anomalie_ids(&c, annee, filtre, jour, LOT_MAX).await }).await?)
}

async fn preparer(
    m: &Maquette,
    visitor: &Visitor,
    s: &Selection,
) -> Result<(usize, Vec<AnomalieVue>, Option<String>), PageError> {
    let ids = choisies(m, visitor, s).await?;
    let jour = aujourd_hui(&m.outils);
    let tete: &Vec<i64> = &ids.iter().take(APERCU).copied().collect();
    let apercu = m.outils.db.read(|c| async move { anomalie_lot(&c, tete, jour).await }).await?;
    if apercu.is_empty() {
        return Err(ArbitrageFault::Vide.into());
    }
    let reste = ids.len().saturating_sub(apercu.len());
    Ok((ids.len(), apercu, (reste > 0).then(|| format!("et {} de plus", anomalies(reste)))))
}

fn caches(frame: &Frame, s: &Selection, n: usize) -> Vec<(String, String)> {
    let mut caches = s.hidden();
    // What is confirmed is the list of now, not of when it was shown.
    caches.retain(|(nom, _)| nom != "total");
    caches.push(("total".to_owned(), n.to_string()));
    caches.push(("_csrf".to_owned(), frame.csrf().to_owned()));
    caches
}

/// `POST /maquette/anomalies/lot/attribuer`: asks to whom.
pub(super) async fn attribuer(
    frame: Frame,
    visitor: Visitor,
    Extension(web): Extension<Web>,
    State(m): State<Maquette>,
    s: Selection,
) -> Result<Page<Lot>, PageError> {
    let (n, apercu, reste) = preparer(&m, &visitor, &s).await?;
    let mut options = vec![(String::new(), "Personne : les remettre à traiter".to_owned())];
    options.extend(personnes(&web).await?);
    Ok(Page(Lot {
        caches: caches(&frame, &s, n),
        consequences: vec![
            "Elles passeront à l’état « Attribuée », et la personne les trouvera sous « À moi ».".to_owned(),
            "Celles qui étaient réglées ou ignorées redeviennent à traiter.".to_owned(),
            "Aucune valeur ne change.".to_owned(),
        ],
        apercu,
        reste,
        action: "/maquette/anomalies/lot/attribuer/appliquer",
        bouton: format!("Attribuer {}", anomalies(n)),
        retour: s.retour().to_owned(),
        qui: Some(Select::new("a", "Attribuer à", options).selected(visitor.identifiant.clone())),
        jusqu_au: None,
        motif: None,
        frame: frame.titled(format!("Attribuer {}", anomalies(n))).crumb("Anomalies", s.retour()),
    }))
}

/// `POST /maquette/anomalies/lot/ignorer`: asks until when and why.
pub(super) async fn ignorer(
    frame: Frame,
    visitor: Visitor,
    State(m): State<Maquette>,
    s: Selection,
) -> Result<Page<Lot>, PageError> {
    let (n, apercu, reste) = preparer(&m, &visitor, &s).await?;
    let dans_un_mois = aujourd_hui(&m.outils) + chrono::Duration::days(30);
    Ok(Page(Lot {
        caches: caches(&frame, &s, n),
        consequences: vec![
            "Elles passeront à l’état « Ignorée » et ne compteront plus parmi celles en cours.".to_owned(),
            "Chacune reviendra après ce jour, ou plus tôt si une source change de valeur.".to_owned(),
            "Aucune valeur ne change.".to_owned(),
        ],
        apercu,
        reste,
        action: "/maquette/anomalies/lot/ignorer/appliquer",
        bouton: format!("Ignorer {}", anomalies(n)),
        retour: s.retour().to_owned(),
        qui: None,
        jusqu_au: Some(
            Field::text("jusqu_au", "Ignorer jusqu’au")
                .kind("date")
                .value(dans_un_mois.to_string())
                .required(),
        ),
        motif: Some(
            Field::text("motif", "Motif")
                .maxlength(u32::try_from(MOTIF_MAX).unwrap_or(500))
                .autocomplete("off")
                .required(),
        ),
        frame: frame.titled(format!("Ignorer {}", anomalies(n))).crumb("Anomalies", s.retour()),
    }))
}

/// The anomalies to decide of, unless the list is no longer the one that was confirmed.
async fn confirmees(
    m: &Maquette,
    visitor: &Visitor,
    s: &Selection,
) -> Result<Result<Vec<i64>, Redirection>, PageError> {
    let ids = choisies(m, visitor, s).await?;
    if s.liste.is_some() && ids.len() as u64 != s.total {
        let dit = format!(
            "La liste a changé entre-temps : {} au lieu de {}. Rien n’a été modifié.",
            anomalies(ids.len()),
            anomalies(usize::try_from(s.total).unwrap_or(usize::MAX))
        );
        return Ok(Err(Redirection::to(s.retour()).saying(Tone::Warning, dit)));
    }
    Ok(Ok(ids))
}

/// `POST /maquette/anomalies/lot/attribuer/appliquer`.
pub(super) async fn attribuer_appliquer(
    visitor: Visitor,
    Extension(web): Extension<Web>,
    State(m): State<Maquette>,
    s: Selection,
) -> Result<Redirection, PageError> {
    let login = s.champ("a").unwrap_or_default();
    connu(&web, login).await?;
    let ids = match confirmees(&m, &visitor, &s).await? {
        Ok(ids) => ids,
        Err(retour) => return Ok(retour),
    };
    let n = arbitrer::attribuer(&m.outils, &ids, login, &visitor.actor()).await?;
    let (pluriel, qui) = (n > 1, if login.is_empty() { "personne".to_owned() } else { login.to_owned() });
    let verbe = match (login.is_empty(), pluriel) {
        (true, true) => "ne sont plus attribuées à",
        (true, false) => "n’est plus attribuée à",
        (false, true) => "sont attribuées à",
        (false, false) => "est attribuée à",
    };
    Ok(Redirection::to(s.retour()).success(format!("{} {verbe} {qui}.", anomalies(n))))
}

/// `POST /maquette/anomalies/lot/ignorer/appliquer`.
pub(super) async fn ignorer_appliquer(
    visitor: Visitor,
    State(m): State<Maquette>,
    s: Selection,
) -> Result<Redirection, PageError> {
    let jour = s.champ("jusqu_au").and_then(correction::jour).ok_or(ArbitrageFault::SansJour)?;
    let motif = s.champ("motif").unwrap_or_default();
    let ids = match confirmees(&m, &visitor, &s).await? {
        Ok(ids) => ids,
        Err(retour) => return Ok(retour),
    };
    let n = arbitrer::ignorer(&m.outils, &ids, jour, motif, None, &visitor.actor()).await?;
    let verbe = if n > 1 { "sont ignorées" } else { "est ignorée" };
    Ok(Redirection::to(s.retour()).success(format!(
        "{} {verbe} jusqu’au {}.",
        anomalies(n),
        jour.format("%d/%m/%Y")
    )))
}
