//! A registration as it stands: its state, what comes next, what was chosen, what is due, its receipts, the change that was asked.

use ::web::components::{ActionForm, Alert, Badge, Button, Dialog, Look, Maybe, Tone};
use ::web::{Frame, Page, PageError};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use kernel::{Cents, date_francaise, heure_de_besancon, instant_francais};

use super::compte::Compte;
use super::lien;
use super::vue::{EpreuveVue, epreuve};
use crate::Iexam;
use crate::actions::demander::demandable;
use crate::actions::dossier::Dossier;
use crate::domain::cadre::{Cadre, Fenetre};
use crate::domain::demande::EtatDemande;
use crate::domain::inscription::{Decision, EtatInscription};
use crate::store::demande::{Demande, demandes_de};
use crate::store::inscription::Inscription;
use crate::store::recu::recu_list;

/// One step of the path of a registration.
struct Etape {
    mot: &'static str,
    faite: bool,
    courante: bool,
}

/// A receipt, as a link.
struct RecuVu {
    numero: String,
    le: String,
    dernier: bool,
}

/// A request of change.
struct DemandeVue {
    etat: Badge,
    le: String,
    motif: String,
    reponse: String,
}

#[derive(Template)]
#[template(path = "etudiant/fiche.html")]
struct Fiche {
    frame: Frame,
    alertes: Vec<Alert>,
    etat: Badge,
    suite: String,
    etapes: Vec<Etape>,
    payer: Option<String>,
    ecrire: Option<String>,
    modifier: Option<String>,
    retirer: Maybe<Dialog>,
    passees: Vec<EpreuveVue>,
    reportees: Vec<EpreuveVue>,
    reporter_a: String,
    modalite: Option<String>,
    centre: Option<String>,
    compte: Option<Compte>,
    paye: Option<String>,
    solde: Option<(String, String)>,
    recus: Vec<RecuVu>,
    demandes: Vec<DemandeVue>,
}

/// The badge of a state, as everybody sees it.
pub(super) fn pastille(etat: EtatInscription) -> Badge {
    use EtatInscription as E;
    let ton = match etat {
        E::Brouillon => Tone::Neutral,
        E::Validee | E::Payee => Tone::Info,
        E::ACorriger | E::Verifiee => Tone::Action,
        E::Finalisee => Tone::Success,
        E::Annulee => Tone::Danger,
    };
    Badge::new(ton, etat.libelle())
}

fn le(instant: DateTime<Utc>) -> String {
    instant_francais(heure_de_besancon(instant))
}

/// That registrations are over: the registry may have closed them before their hour.
fn fermees(fin: DateTime<Utc>, maintenant: DateTime<Utc>) -> String {
    if fin <= maintenant {
        format!("Les inscriptions ont fermé le {}", le(fin))
    } else {
        "Les inscriptions sont fermées".to_owned()
    }
}

/// What comes next, and whose turn it is.
pub(super) fn suite(cadre: &Cadre, inscription: Option<&Inscription>, maintenant: DateTime<Utc>) -> String {
    use EtatInscription as E;
    let p = &cadre.periode;
    let etat = inscription.map_or(E::Brouillon, |i| i.etat);
    let solde = inscription.map_or(Cents::ZERO, |i| i.solde);
    match etat {
        E::Brouillon => match cadre.fenetre(etat, maintenant) {
            Fenetre::Ouverte => {
                format!("À vous : choisissez vos épreuves et validez avant le {}.", le(p.inscriptions_fin))
            }
            Fenetre::PasEncore(debut) => format!("Les inscriptions ouvrent le {}.", le(debut)),
            _ if inscription.is_some() => format!(
                "{}, et votre brouillon n’a pas été validé : vous n’êtes pas inscrit. Écrivez à la scolarité pour exposer votre situation.",
                fermees(p.inscriptions_fin, maintenant)
            ),
            _ => format!(
                "{}. Vous n’êtes pas inscrit à cette période.",
                fermees(p.inscriptions_fin, maintenant)
            ),
        },
        E::Validee => {
            "La scolarité vérifie votre inscription. Vous n’avez rien à faire ; elle vous écrira.".to_owned()
        }
        E::ACorriger => "À vous : corrigez ce que la scolarité demande, puis validez de nouveau.".to_owned(),
        E::Verifiee if solde > Cents::ZERO => {
            format!("À vous : réglez {solde} pour que votre inscription soit définitive.")
        }
        E::Verifiee => "La scolarité a vérifié votre inscription.".to_owned(),
        E::Payee => "Tout est réglé. Votre centre doit encore donner son accord ; la scolarité s’en occupe."
            .to_owned(),
        E::Finalisee => format!(
            "Votre inscription est définitive. Votre convocation vous sera envoyée ; le départ des convocations est prévu le {}.",
            date_francaise(p.convocations_le)
        ),
        E::Annulee if solde < Cents::ZERO => {
            format!("Votre inscription est annulée. {} vous seront remboursés.", -solde)
        }
        E::Annulee => "Votre inscription est annulée.".to_owned(),
    }
}

fn etapes(etat: EtatInscription) -> Vec<Etape> {
    use EtatInscription as E;
    let rang = match etat {
        E::Brouillon | E::ACorriger => 0,
        E::Validee => 1,
        E::Verifiee => 2,
        E::Payee => 3,
        E::Finalisee => 4,
        E::Annulee => return Vec::new(),
    };
    let mots = ["Validée", "Vérifiée", "Réglée", "Définitive"];
    let etape = |(i, mot)| Etape { mot, faite: i < rang, courante: i == rang };
    mots.into_iter().enumerate().map(etape).collect()
}

fn demandes(lues: &[Demande]) -> Vec<DemandeVue> {
    let ton = |etat| match etat {
        EtatDemande::EnAttente => Tone::Action,
        EtatDemande::Acceptee => Tone::Success,
        EtatDemande::Refusee => Tone::Danger,
        EtatDemande::Retiree => Tone::Neutral,
    };
    let vue = |d: &Demande| DemandeVue {
        etat: Badge::new(ton(d.etat), d.etat.libelle()),
        le: le(d.faite_le),
        motif: d.motif.clone(),
        reponse: d.reponse.clone(),
    };
    lues.iter().map(vue).collect()
}

/// Why the student does not write here, when that is not plain from the state.
fn empechement(dossier: &Dossier) -> Option<Alert> {
    if let Some(muette) = &dossier.muette {
        tracing::debug!(%muette, "offre");
        let texte = "Vos inscriptions pédagogiques ne peuvent pas être lues en ce moment. Ce que vous aviez choisi est gardé et se lit ci-dessous.";
        let issue = "Réessayez dans quelques minutes. Si la date limite approche, écrivez à la scolarité.";
        return Some(Alert::new(Tone::Warning, texte).way_out(issue));
    }
    if dossier.personne.etudiant.is_none() {
        let texte = "Aucune inscription administrative n’est connue pour vous cette année : vos épreuves ne peuvent pas être retrouvées.";
        return Some(
            Alert::new(Tone::Warning, texte)
                .way_out("Écrivez à la scolarité si vous êtes bien inscrit cette année."),
        );
    }
    if dossier.sujets.is_empty() && !dossier.etat().engagee() {
        let texte = "Aucune épreuve de cette période ne correspond à votre inscription pédagogique : vous n’avez rien à faire ici.";
        return Some(
            Alert::new(Tone::Info, texte).way_out("Si vous en attendiez une, écrivez à la scolarité."),
        );
    }
    None
}

/// An épreuve that came since the confirmation is not in it.
fn ajoutee_depuis(dossier: &Dossier) -> Option<Alert> {
    if !dossier.etat().engagee() || dossier.decidees.is_empty() {
        return None;
    }
    let ecarts = dossier.ecarts();
    super::formulaire::alerte_des_ecarts(&ecarts).map(|a| {
        a.way_out(
            "Votre inscription n’en tient pas compte : demandez une modification si cela vous concerne.",
        )
    })
}

pub(super) async fn page(
    iexam: &Iexam,
    frame: Frame,
    dossier: &Dossier,
    alerte: Option<Alert>,
    statut: StatusCode,
) -> Result<Response, PageError> {
    let (cadre, maintenant) = (&dossier.cadre, iexam.clock.now());
    let p = &cadre.periode;
    let chemin = lien(p.annee, &p.code);
    let (recus, lues) = match &dossier.inscription {
        Some(i) if i.revision > 0 => {
            let id = i.id;
            let lire = |c| async move {
                Ok::<_, db::DbError>((recu_list(&c, id).await?, demandes_de(&c, id).await?))
            };
            iexam.db.read(lire).await?
        }
        _ => Default::default(),
    };
    let etat = dossier.etat();
    let tenu = dossier.tenu();
    let modalite = tenu.modalite.and_then(|id| cadre.modalite(id));
    let centre = modalite.zip(tenu.centre).and_then(|(m, id)| m.centre(id));
    let decides = dossier.sujets_decides();
    let vues = |d: Decision| {
        let retenus = decides.iter().filter(|s| tenu.choix.get(&s.epreuve.id) == Some(&d));
        retenus.map(|s| epreuve(s, &tenu, centre, None)).collect::<Vec<_>>()
    };
    let inscription = dossier.inscription.as_ref();
    let engagee = etat.engagee();
    let solde = inscription.map_or(Cents::ZERO, |i| i.solde);
    let regle = inscription.map_or(Cents::ZERO, |i| i.du - i.solde);
    let attend = lues.iter().any(|d| d.etat == EtatDemande::EnAttente);
    let csrf = frame.csrf().to_owned();
    let retirer = || {
        let form = ActionForm::new(
            format!("{chemin}/demande/retirer"),
            &csrf,
            Button::submit("Retirer ma demande").look(Look::Primary),
        );
        Dialog::new("retirer-demande", "Retirer ma demande…", "Retirer votre demande de modification", form)
            .consequence("La scolarité ne la traitera pas.")
            .consequence("Votre inscription reste telle qu’elle est ; vous pourrez faire une autre demande.")
    };
    let ouverte = cadre.fenetre(etat, maintenant) == Fenetre::Ouverte;
    let mut alertes: Vec<_> = alerte.into_iter().collect();
    alertes.extend(empechement(dossier));
    alertes.extend(ajoutee_depuis(dossier));
    if let Some(i) = inscription.filter(|i| {
        !i.motif.is_empty() && matches!(i.etat, EtatInscription::ACorriger | EtatInscription::Annulee)
    }) {
        alertes.push(Alert::new(Tone::Warning, format!("La scolarité a écrit : {}", i.motif)));
    }
    let fiche = Fiche {
        alertes,
        etat: pastille(etat),
        suite: suite(cadre, inscription, maintenant),
        etapes: if engagee { etapes(etat) } else { Vec::new() },
        payer: (etat == EtatInscription::Verifiee && solde > Cents::ZERO)
            .then(|| format!("{chemin}/paiement")),
        // Reached with an open window only when something else prevents writing; a cancelled registration may begin again.
        ecrire: (etat == EtatInscription::Annulee && ouverte).then(|| chemin.clone()),
        modifier: (engagee && !attend && demandable(p.etat) && dossier.muette.is_none())
            .then(|| format!("{chemin}/modifier")),
        retirer: Maybe(attend.then(retirer)),
        passees: vues(Decision::Passe),
        reportees: if cadre.peut_reporter() { vues(Decision::Report) } else { Vec::new() },
        reporter_a: cadre.rattrapages.as_ref().map_or_else(|| "P3".to_owned(), |r| r.code.clone()),
        modalite: modalite.map(|m| m.modalite.libelle.clone()),
        centre: centre.map(|c| format!("{}, {} ({})", c.nom, c.ville, c.pays)),
        compte: engagee.then(|| {
            let compte = crate::domain::dossier::decompte(cadre, &decides, &tenu);
            let horaire = modalite.and_then(|m| m.tarif).map(|t| t.horaire);
            Compte::lu(crate::domain::recu::lignes_dites(&compte, horaire), compte.total())
        }),
        paye: (regle != Cents::ZERO).then(|| regle.to_string()),
        solde: (engagee || solde != Cents::ZERO).then(|| match solde.0 {
            ..0 => ("Trop-perçu, à vous rembourser".to_owned(), (-solde).to_string()),
            _ => ("Reste à régler".to_owned(), solde.to_string()),
        }),
        recus: recus
            .iter()
            .enumerate()
            .map(|(i, r)| RecuVu {
                numero: r.contenu.numero.clone(),
                le: r.contenu.etabli_le.clone(),
                dernier: i == 0,
            })
            .collect(),
        demandes: demandes(&lues),
        frame: frame.titled(format!("Inscription à {}", p.nom())).crumb("Mes examens", super::LISTE),
    };
    Ok(match statut {
        StatusCode::OK => Page(fiche).into_response(),
        autre => Page(fiche).with_status(autre),
    })
}
