//! Periods opened, dated, moved from state to state. An override of the law is signed by a person: it has no
//! address here.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::AnneeUniversitaire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::demande::{couper, referer};
use super::ecriture::{Ecriture, Reponse, oui};
use super::idempotence::Refus;
use crate::Iexam;
use crate::actions::modalites_publier::publier;
use crate::actions::periode_avancer::{Pas, avancer};
use crate::actions::periode_dater::dater;
use crate::actions::periode_ouvrir::{Copie, ouvrir, proposer};
use crate::actions::regler_fault::ReglageFault;
use crate::domain::periode::{EtatPeriode, Periode};
use crate::domain::periode_dates::Dates;
use crate::store::periode::{periode_par_code, periode_read};

/// Les dates d’une période.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DatesPeriode {
    /// Début de l’enseignement.
    enseignement_debut: NaiveDate,
    /// Les étudiants s’inscrivent à partir de cet instant…
    inscriptions_debut: DateTime<Utc>,
    /// … et jusqu’à celui-ci, non compris.
    inscriptions_fin: DateTime<Utc>,
    /// Dernier jour de la vérification.
    verification_fin: NaiveDate,
    /// Jour d’envoi des convocations.
    convocations_le: NaiveDate,
    /// Premier jour d’épreuves.
    epreuves_debut: NaiveDate,
    /// Dernier jour d’épreuves.
    epreuves_fin: NaiveDate,
    /// Jour de la clôture.
    fermeture_le: NaiveDate,
    /// Minutes voulues entre deux épreuves d’un même étudiant.
    ecart_minutes: i64,
}

impl From<DatesPeriode> for Dates {
    fn from(d: DatesPeriode) -> Self {
        Self {
            enseignement_debut: d.enseignement_debut,
            inscriptions_debut: d.inscriptions_debut,
            inscriptions_fin: d.inscriptions_fin,
            verification_fin: d.verification_fin,
            convocations_le: d.convocations_le,
            epreuves_debut: d.epreuves_debut,
            epreuves_fin: d.epreuves_fin,
            fermeture_le: d.fermeture_le,
            ecart_min: d.ecart_minutes,
        }
    }
}

/// Une période à ouvrir.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodeAOuvrir {
    /// Année universitaire, par sa première année civile.
    #[schema(example = 2025)]
    annee: u16,
    /// `P1`, `P2` ou `P3`.
    #[schema(example = "P1")]
    code: String,
    /// Libellé ; celui d’usage par défaut.
    #[serde(default)]
    libelle: Option<String>,
    /// La période dont elle reprend les réglages, ses dates décalées d’autant d’années.
    #[serde(default)]
    #[schema(example = "2024-P1")]
    source: Option<String>,
    /// Ses dates ; celles de la source décalées par défaut, ou des dates vraisemblables.
    #[serde(default)]
    dates: Option<DatesPeriode>,
    /// Reprend les modalités proposées, leurs quotas et leurs échéances. Oui par défaut.
    #[serde(default = "oui")]
    modalites: bool,
    /// Reprend les centres et leurs places ; chaque accord est à redemander. Oui par défaut.
    #[serde(default = "oui")]
    centres: bool,
    /// Reprend les épreuves, sans leurs dates. Non par défaut.
    #[serde(default)]
    epreuves: bool,
}

/// Les dates et le libellé voulus.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodeADater {
    /// Libellé.
    libelle: String,
    /// Toutes ses dates.
    dates: DatesPeriode,
    /// L’empreinte « vu » lue avec la période : refusé si ses dates ont changé depuis.
    #[serde(default)]
    vu: Option<String>,
}

/// Le pas voulu.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasPeriode {
    /// L’état d’où part la période, tel que vous l’avez lu.
    #[schema(example = "preparation")]
    de: String,
    /// Ce qui demande une confirmation est confirmé.
    #[serde(default)]
    confirme: bool,
}

/// Si les modalités sont publiées.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// Oui pour les publier, non pour retirer leur publication.
    publiees: bool,
}

/// Une période après l’écriture.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PeriodeEcrite {
    /// La période.
    #[schema(example = "2025-P1")]
    periode: String,
    /// Où elle en est.
    #[schema(example = "preparation")]
    etat: &'static str,
    /// Où la relire.
    #[schema(example = "/api/v1/iexam/periodes/2025/P1")]
    lien: String,
}

/// Which period an address names.
pub(super) async fn designee(iexam: &Iexam, annee: u16, code: &str) -> Result<Periode, Refus> {
    let inconnue = || ReglageFault::Inconnu("La période", referer(i64::from(annee), code));
    let annee = AnneeUniversitaire::new(annee).ok_or_else(inconnue)?;
    let lue = iexam.db.read(|c| async move { periode_par_code(&c, annee, code).await }).await?;
    Ok(lue.ok_or_else(inconnue)?)
}

pub(super) async fn relue(
    iexam: &Iexam,
    id: i64,
    statut: StatusCode,
) -> Result<(StatusCode, PeriodeEcrite), Refus> {
    let lue = iexam.db.read(|c| async move { periode_read(&c, id).await }).await?;
    let p = lue.ok_or_else(|| ReglageFault::Inconnu("La période", id.to_string()))?;
    let annee = p.annee.premiere();
    Ok((
        statut,
        PeriodeEcrite {
            periode: referer(i64::from(annee), &p.code),
            etat: p.etat.code(),
            lien: format!("/api/v1/iexam/periodes/{annee}/{}", p.code),
        },
    ))
}

/// Ouvrir une période
///
/// En préparation : personne ne la voit encore. Elle reprend ce qui est demandé d’une autre.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/periodes",
    tag = "Examens",
    request_body = PeriodeAOuvrir,
    responses(
        (status = 201, description = "La période est ouverte.", body = PeriodeEcrite),
        (status = 422, description = "Des dates se contredisent, la période existe déjà, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn ouverture(e: Ecriture<(), PeriodeAOuvrir>) -> Reponse {
    e.faire(|iexam, par, (), c| async move {
        let annee = AnneeUniversitaire::new(c.annee)
            .ok_or_else(|| ReglageFault::saisie("annee", "Cette année universitaire n’en est pas une."))?;
        let source = match c.source.as_deref() {
            None => None,
            Some(dite) => {
                let inconnue = || ReglageFault::Inconnu("La période", dite.to_owned());
                let (annee, code) = couper(dite).ok_or_else(inconnue)?;
                Some(designee(&iexam, annee.premiere(), code).await?)
            }
        };
        let mut o = proposer(&iexam, source.as_ref(), annee).await?;
        if o.code != c.code {
            o.libelle = crate::actions::periode_ouvrir::libelle_usuel(&c.code).to_owned();
            o.session = if c.code == "P3" { 2 } else { 1 };
        }
        o.code = c.code;
        if let Some(libelle) = c.libelle {
            o.libelle = libelle;
        }
        if let Some(dates) = c.dates {
            o.dates = dates.into();
        }
        o.copie = Copie { modalites: c.modalites, centres: c.centres, epreuves: c.epreuves };
        let (id, _) = ouvrir(&iexam, &o, &par.acteur).await?;
        relue(&iexam, id, StatusCode::CREATED).await
    })
    .await
}

/// Fixer les dates d’une période
///
/// Le premier jour d’épreuves décide du tarif : quand il change, les comptes sont recalculés.
#[utoipa::path(
    put,
    path = "/api/v1/iexam/periodes/{annee}/{code}",
    tag = "Examens",
    params(
        ("annee" = u16, Path, description = "Année universitaire, par sa première année civile.", example = 2024),
        ("code" = String, Path, description = "Code de la période.", example = "P1"),
    ),
    request_body = PeriodeADater,
    responses(
        (status = 200, description = "Les dates sont fixées.", body = PeriodeEcrite),
        (status = 409, description = "La période est close, ou a changé."),
        (status = 422, description = "Des dates se contredisent, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn dates(e: Ecriture<(u16, String), PeriodeADater>) -> Reponse {
    e.faire(|iexam, par, (annee, code), c| async move {
        let id = designee(&iexam, annee, &code).await?.id;
        dater(&iexam, id, &c.libelle, &c.dates.into(), c.vu.as_deref(), &par.acteur).await?;
        relue(&iexam, id, StatusCode::OK).await
    })
    .await
}

async fn passer(e: Ecriture<(u16, String), PasPeriode>, pas: Pas) -> Reponse {
    e.faire(move |iexam, par, (annee, code), c| async move {
        let id = designee(&iexam, annee, &code).await?.id;
        let de = EtatPeriode::of_code(&c.de).ok_or_else(|| {
            let connus = EtatPeriode::ALL.map(EtatPeriode::code).join(", ");
            ReglageFault::saisie("de", format!("L’état « de » est l’un de : {connus}."))
        })?;
        avancer(&iexam, id, pas, de, c.confirme, &par.acteur).await?;
        relue(&iexam, id, StatusCode::OK).await
    })
    .await
}

/// Faire avancer une période
///
/// À l’état suivant. Ce qui s’y oppose est dit ; ce qui demande une confirmation aussi : redemandez alors, avec une clé nouvelle et
/// « confirme ».
#[utoipa::path(
    post,
    path = "/api/v1/iexam/periodes/{annee}/{code}/avance",
    tag = "Examens",
    params(
        ("annee" = u16, Path, description = "Année universitaire, par sa première année civile.", example = 2024),
        ("code" = String, Path, description = "Code de la période.", example = "P1"),
    ),
    request_body = PasPeriode,
    responses(
        (status = 200, description = "La période a avancé.", body = PeriodeEcrite),
        (status = 409, description = "Quelque chose s’y oppose, ou est à confirmer, ou l’état a changé.")
    )
)]
pub(super) async fn avance(e: Ecriture<(u16, String), PasPeriode>) -> Reponse {
    passer(e, Pas::Avant).await
}

/// Faire reculer une période
///
/// À l’état d’avant, tant que rien d’irréversible n’a eu lieu.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/periodes/{annee}/{code}/recul",
    tag = "Examens",
    params(
        ("annee" = u16, Path, description = "Année universitaire, par sa première année civile.", example = 2024),
        ("code" = String, Path, description = "Code de la période.", example = "P1"),
    ),
    request_body = PasPeriode,
    responses(
        (status = 200, description = "La période a reculé.", body = PeriodeEcrite),
        (status = 409, description = "Quelque chose s’y oppose, ou est à confirmer, ou l’état a changé.")
    )
)]
pub(super) async fn recul(e: Ecriture<(u16, String), PasPeriode>) -> Reponse {
    passer(e, Pas::Arriere).await
}

/// Publier les modalités d’une période
///
/// La loi en fixe la date. La publication se retire tant que la période est en préparation.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/periodes/{annee}/{code}/publication",
    tag = "Examens",
    params(
        ("annee" = u16, Path, description = "Année universitaire, par sa première année civile.", example = 2024),
        ("code" = String, Path, description = "Code de la période.", example = "P1"),
    ),
    request_body = Publication,
    responses(
        (status = 200, description = "Les modalités sont publiées, ou ne le sont plus.", body = PeriodeEcrite),
        (status = 409, description = "Une modalité n’a pas de tarif, ou les inscriptions ont été ouvertes.")
    )
)]
pub(super) async fn publication(e: Ecriture<(u16, String), Publication>) -> Reponse {
    e.faire(|iexam, par, (annee, code), c| async move {
        let id = designee(&iexam, annee, &code).await?.id;
        publier(&iexam, id, c.publiees, &par.acteur).await?;
        relue(&iexam, id, StatusCode::OK).await
    })
    .await
}
