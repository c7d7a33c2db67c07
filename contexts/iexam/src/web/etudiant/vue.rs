//! Épreuves, modalities and centres as the form shows them: every word decided here.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use kernel::{Cents, CodeEtape, heure_de_besancon, instant_francais};

use crate::actions::dossier::Dossier;
use crate::domain::amenagement::duree_majoree;
use crate::domain::cadre::{Cadre, CentreOffert, ModaliteOfferte};
use crate::domain::demande::Voulu;
use crate::domain::dossier::Sujet;
use crate::domain::horaire;
use crate::domain::inscription::Decision;
use crate::domain::validation::Place;

/// The épreuves of an étape.
pub(super) struct Groupe {
    pub(super) titre: String,
    pub(super) epreuves: Vec<EpreuveVue>,
}

/// An épreuve and what is decided of it.
pub(super) struct EpreuveVue {
    pub(super) id: i64,
    pub(super) libelle: String,
    pub(super) quand: String,
    pub(super) la_bas: Option<String>,
    pub(super) faits: String,
    pub(super) aussi: Option<String>,
    pub(super) reportee_de: Option<String>,
    /// Another épreuve that cannot be sat as well.
    pub(super) en_meme_temps: Option<String>,
    pub(super) annulee: bool,
    pub(super) passe: bool,
    pub(super) report: bool,
}

/// Where a choice would be sat: the hours there are shown beside those of Besançon.
fn centre_choisi<'a>(cadre: &'a Cadre, voulu: &Voulu) -> Option<&'a CentreOffert> {
    voulu.modalite.and_then(|id| cadre.modalite(id)).zip(voulu.centre).and_then(|(m, id)| m.centre(id))
}

pub(super) fn epreuve(
    sujet: &Sujet,
    voulu: &Voulu,
    centre: Option<&CentreOffert>,
    aussi: Option<String>,
) -> EpreuveVue {
    let e = &sujet.epreuve;
    let decision = voulu.choix.get(&e.id).copied().unwrap_or(Decision::Indecis);
    let faits = [horaire::duree_dite(e, sujet.majoration), Some(e.nature.libelle().to_owned())];
    EpreuveVue {
        id: e.id,
        libelle: e.libelle.clone(),
        quand: horaire::quand(e),
        la_bas: centre.and_then(|c| horaire::quand_la_bas(e, &c.fuseau, &c.ville)),
        faits: faits.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        aussi,
        reportee_de: sujet.reportee_de.clone(),
        en_meme_temps: None,
        annulee: e.annulee,
        passe: decision == Decision::Passe,
        report: decision == Decision::Report,
    }
}

/// For each épreuve that is not deferred, the others that overlap it and are not deferred either.
pub(super) fn chevauchements(sujets: &[Sujet], voulu: &Voulu) -> BTreeMap<i64, String> {
    let moment = |s: &Sujet| {
        let debut = s.epreuve.debut?;
        let minutes = duree_majoree(s.epreuve.duree_min.unwrap_or(1).max(1), s.majoration);
        Some((debut, debut + Duration::minutes(minutes)))
    };
    let retenue =
        |s: &&Sujet| !s.epreuve.annulee && voulu.choix.get(&s.epreuve.id) != Some(&Decision::Report);
    let retenus: Vec<_> = sujets.iter().filter(retenue).filter_map(|s| Some((s, moment(s)?))).collect();
    let dit = |(s, (debut, fin)): &(&Sujet, (DateTime<Utc>, DateTime<Utc>))| {
        let heurtes =
            retenus.iter().filter(|(autre, (d, f))| autre.epreuve.id != s.epreuve.id && d < fin && debut < f);
        let noms: Vec<_> = heurtes.map(|(a, _)| format!("«\u{a0}{}\u{a0}»", a.epreuve.libelle)).collect();
        (!noms.is_empty()).then(|| {
            let phrase = format!(
                "En même temps que {}\u{a0}: reportez-en une, ou écrivez à la scolarité.",
                noms.join(", ")
            );
            (s.epreuve.id, phrase)
        })
    };
    retenus.iter().filter_map(dit).collect()
}

/// The épreuves of a student by étape; with one étape its name is not said.
pub(super) fn groupes(dossier: &Dossier, voulu: &Voulu) -> Vec<Groupe> {
    let libelle = |code: &CodeEtape| {
        let connue = dossier.personne.etapes.iter().find(|e| e.etape == *code);
        connue.map_or_else(|| code.to_string(), |e| e.libelle.clone())
    };
    let centre = centre_choisi(&dossier.cadre, voulu);
    let mut heurtes = chevauchements(&dossier.sujets, voulu);
    let mut groupes: Vec<(Option<&CodeEtape>, Groupe)> = Vec::new();
    for sujet in &dossier.sujets {
        let premiere = sujet.etapes.first();
        let autres: Vec<_> = sujet.etapes.iter().skip(1).map(libelle).collect();
        let aussi = (!autres.is_empty()).then(|| format!("Compte aussi pour {}", autres.join(", ")));
        let mut vue = epreuve(sujet, voulu, centre, aussi);
        vue.en_meme_temps = heurtes.remove(&vue.id);
        match groupes.iter_mut().find(|(code, _)| *code == premiere) {
            Some((_, groupe)) => groupe.epreuves.push(vue),
            None => {
                let titre = premiere.map(libelle).unwrap_or_default();
                groupes.push((premiere, Groupe { titre, epreuves: vec![vue] }));
            }
        }
    }
    let seul = groupes.len() == 1;
    let nommes = groupes.into_iter().map(|(_, mut groupe)| {
        if seul {
            groupe.titre.clear();
        }
        groupe
    });
    nommes.collect()
}

/// A modality, choosable or not.
pub(super) struct ModaliteVue {
    pub(super) id: i64,
    pub(super) libelle: String,
    pub(super) prix: String,
    pub(super) faits: Vec<String>,
    pub(super) refus: Option<String>,
    pub(super) choisie: bool,
    pub(super) consignes: Vec<String>,
    pub(super) pieces: Vec<String>,
    pub(super) centres: Vec<CentreVue>,
    pub(super) en_liste: bool,
    pub(super) a_centre: bool,
}

/// A centre, choosable or not.
pub(super) struct CentreVue {
    pub(super) id: i64,
    pub(super) nom: String,
    pub(super) lieu: String,
    pub(super) fait: Option<String>,
    pub(super) refus: Option<String>,
    pub(super) choisi: bool,
}

/// Beyond so many centres they are a list to unfold rather than cards.
const EN_CARTES: usize = 6;

fn restent(n: i64) -> String {
    match n {
        1 => "il reste 1 place".to_owned(),
        n => format!("il reste {n} places"),
    }
}

fn prix(m: &ModaliteOfferte) -> String {
    match m.tarif {
        None => "tarif à venir".to_owned(),
        Some(t) if t.fixe == Cents::ZERO && (t.horaire == Cents::ZERO || !m.modalite.surveillee) => {
            "gratuit".to_owned()
        }
        Some(t) if t.horaire == Cents::ZERO || !m.modalite.surveillee => t.fixe.to_string(),
        Some(t) if t.fixe == Cents::ZERO => format!("{} par heure d’épreuve", t.horaire),
        Some(t) => format!("{} + {} par heure d’épreuve", t.fixe, t.horaire),
    }
}

fn centre(c: &CentreOffert, voulu: &Voulu, tenue: Place) -> CentreVue {
    let refus = c.refus(tenue.centre == Some(c.id)).map(|r| r.phrase());
    let fait = match (c.en_attente(), c.restantes()) {
        (true, Some(n)) => Some(format!("{}, sous réserve de l’accord du centre", restent(n))),
        (true, None) => Some("sous réserve de l’accord du centre".to_owned()),
        (false, restantes) => restantes.map(restent),
    };
    CentreVue {
        id: c.id,
        nom: c.nom.clone(),
        lieu: format!("{}, {}", c.ville, c.pays),
        fait: if refus.is_some() { None } else { fait },
        refus,
        choisi: voulu.centre == Some(c.id),
    }
}

fn lignes(texte: &str) -> Vec<String> {
    texte.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()
}

/// The modalities of a period: those that can be chosen first.
pub(super) fn modalites(
    cadre: &Cadre,
    voulu: &Voulu,
    tenue: Place,
    maintenant: DateTime<Utc>,
) -> Vec<ModaliteVue> {
    let vue = |m: &ModaliteOfferte| {
        let choisie = voulu.modalite == Some(m.modalite.id);
        let refus = m.refus(maintenant, tenue.modalite == Some(m.modalite.id));
        let mut faits = Vec::new();
        if refus.is_none() {
            faits.extend(
                m.echeance
                    .map(|le| format!("à choisir avant le {}", instant_francais(heure_de_besancon(le)))),
            );
            faits.extend(m.restantes().map(restent));
        }
        ModaliteVue {
            id: m.modalite.id,
            libelle: m.modalite.libelle.clone(),
            prix: prix(m),
            faits,
            refus: refus.map(|r| r.phrase()),
            choisie,
            consignes: lignes(&m.modalite.consignes),
            pieces: lignes(&m.modalite.pieces),
            centres: m.centres.iter().map(|c| centre(c, voulu, tenue)).collect(),
            en_liste: m.centres.len() > EN_CARTES,
            a_centre: m.a_centre(),
        }
    };
    // What the period no longer offers is only shown to who had chosen it.
    let montrees = cadre
        .modalites
        .iter()
        .filter(|m| (m.offerte && m.modalite.active) || voulu.modalite == Some(m.modalite.id));
    let mut vues: Vec<_> = montrees.map(vue).collect();
    vues.sort_by_key(|m| m.refus.is_some());
    vues
}
