//! The dashboard: what waits, in the period at work.

use ::web::components::{Alert, Button, Empty, KeyFigure, KeyFigures, Maybe, Tab, Tabs, Tone};
use ::web::{Frame, ListQuery, Page, PageError, Visitor};
use askama::Template;
use axum::extract::State;
use kernel::{Right, date_francaise, heure_de_besancon};

use super::{LISTE, cle, comptes, periodes};
use crate::Iexam;
use crate::domain::file::File;
use crate::domain::paiement::Verdict;
use crate::domain::periode::Periode;
use crate::store::caisse::jours_a_clore;
use crate::store::paiement::notifications_depuis;

/// Periods offered at the top.
const PERIODES: usize = 6;

#[derive(Template)]
#[template(path = "registre/accueil.html")]
pub(super) struct Accueil {
    frame: Frame,
    onglets: Maybe<Tabs>,
    alertes: Vec<Alert>,
    vide: Maybe<Empty>,
    titre: String,
    etat: String,
    travail: Vec<Travail>,
    chiffres: Maybe<KeyFigures>,
    boutons: Vec<Button>,
}

/// A worklist on the dashboard.
struct Travail {
    href: String,
    nombre: String,
    libelle: &'static str,
    conseil: &'static str,
    attend: bool,
}

/// `/iexam`.
pub(super) async fn accueil(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    State(iexam): State<Iexam>,
) -> Result<Page<Accueil>, PageError> {
    let (toutes, choisie) = periodes(&iexam, &query).await?;
    let mut alertes = if visitor.may(Right::PaiementsTenir) { alertes(&iexam).await? } else { Vec::new() };
    alertes.extend(crate::web::periodes::alertes_legales(&iexam).await?);
    let frame = frame.titled("Tableau de bord").crumb("Examens", "/iexam");
    let Some(periode) = choisie else {
        let vide = Empty::new(
            "Aucune période d’examens",
            "Les inscriptions apparaîtront ici dès qu’une période sera ouverte.",
        )
        .action("Voir les périodes", "/iexam/periodes");
        return Ok(Page(Accueil {
            frame,
            onglets: Maybe(None),
            alertes,
            vide: Maybe(Some(vide)),
            titre: String::new(),
            etat: String::new(),
            travail: Vec::new(),
            chiffres: Maybe(None),
            boutons: Vec::new(),
        }));
    };
    let comptes = comptes(&iexam, periode.id).await?;
    let (files, total, facettes) = &*comptes;
    let travail = File::ALL.into_iter().filter(|f| *f != File::Annulees).map(|file| {
        let n = files.get(&file).copied().unwrap_or(0);
        Travail {
            href: format!("{LISTE}?periode={}&file={}", cle(&periode), file.code()),
            nombre: kernel::nombre_francais(i64::try_from(n).unwrap_or(i64::MAX)),
            libelle: file.libelle(),
            conseil: if n == 0 { file.vide() } else { file.conseil() },
            attend: n > 0 && matches!(file, File::AVerifier | File::Demandes | File::TropPercu),
        }
    });
    let chiffres = facettes.etats.iter().map(|(etat, n)| {
        KeyFigure::count(*n, etat.libelle()).href(format!(
            "{LISTE}?periode={}&etat={}",
            cle(&periode),
            etat.code()
        ))
    });
    let tout =
        KeyFigure::count(*total, "Inscriptions en tout").href(format!("{LISTE}?periode={}", cle(&periode)));
    let chiffres = KeyFigures::new(std::iter::once(tout).chain(chiffres));
    Ok(Page(Accueil {
        onglets: Maybe(onglets(&toutes, &periode)),
        alertes,
        vide: Maybe(None),
        titre: periode.libelle.clone(),
        etat: phrase(&periode, heure_de_besancon(iexam.clock.now()).date()),
        travail: travail.collect(),
        chiffres: Maybe(Some(chiffres)),
        boutons: vec![
            Button::link(
                "Voir la période",
                format!("/iexam/periodes/{}/{}", periode.annee.premiere(), periode.code),
            ),
            Button::link("Paiements", "/iexam/paiements"),
        ],
        frame,
    }))
}

fn onglets(toutes: &[Periode], choisie: &Periode) -> Option<Tabs> {
    let onglet =
        |p: &Periode| Tab::new(p.nom(), format!("/iexam?periode={}", cle(p))).current(p.id == choisie.id);
    (toutes.len() > 1)
        .then(|| Tabs::new("Périodes", toutes.iter().take(PERIODES).map(onglet).collect::<Vec<_>>()))
}

fn phrase(p: &Periode, jour: chrono::NaiveDate) -> String {
    let reste = (p.epreuves_debut - jour).num_days();
    let quand = match reste {
        n if n > 1 => format!("première épreuve le {}, dans {n} jours", date_francaise(p.epreuves_debut)),
        1 => "première épreuve demain".to_owned(),
        0 => "première épreuve aujourd’hui".to_owned(),
        _ => {
            format!("épreuves du {} au {}", date_francaise(p.epreuves_debut), date_francaise(p.epreuves_fin))
        }
    };
    format!("{} · {quand}", p.etat.libelle())
}

async fn alertes(iexam: &Iexam) -> Result<Vec<Alert>, PageError> {
    let maintenant = iexam.clock.now();
    let jour = heure_de_besancon(maintenant).date();
    let depuis = maintenant - chrono::Duration::days(7);
    let (jours, tardives, montants) = iexam
        .db
        .read(|c| async move {
            let jours = jours_a_clore(&c).await?;
            let tardives = notifications_depuis(&c, Verdict::Tardif, depuis).await?;
            let montants = notifications_depuis(&c, Verdict::Montant, depuis).await?
                + notifications_depuis(&c, Verdict::Reference, depuis).await?
                + notifications_depuis(&c, Verdict::Origine, depuis).await?
                + notifications_depuis(&c, Verdict::Scellee, depuis).await?;
            Ok::<_, db::DbError>((jours, tardives, montants))
        })
        .await?;
    let mut alertes = Vec::new();
    let passes: Vec<_> = jours.iter().filter(|(j, _)| *j < jour).collect();
    if let Some((premier, _)) = passes.first() {
        let dit = if passes.len() > 1 {
            format!(
                "{} journées de caisse ne sont pas closes, la première du {}.",
                passes.len(),
                date_francaise(*premier)
            )
        } else {
            format!("La journée de caisse du {} n’est pas close.", date_francaise(*premier))
        };
        alertes.push(Alert::new(Tone::Warning, dit).link("Clore", "/iexam/paiements/clotures"));
    }
    if tardives + montants > 0 {
        let n = tardives + montants;
        let dit = if n > 1 {
            format!("{n} notifications de la banque sont à regarder depuis une semaine.")
        } else {
            "Une notification de la banque est à regarder depuis une semaine.".to_owned()
        };
        let vers = "/iexam/paiements/notifications?verdict=tardif&verdict=montant&verdict=reference";
        alertes.push(Alert::new(Tone::Warning, dit).link("Les voir", vers));
    }
    Ok(alertes)
}
