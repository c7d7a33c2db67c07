//! « Pourquoi absent ? », asked of the sources now, for one code or one student. A source that does not answer is shown as such.

use std::sync::Arc;

use contracts::apogee::{Dossier, InscriptionAdministrative, Structure};
use contracts::liens::EtatDesSources;
use db::DbError;
use futures::StreamExt;
use kernel::{AnneeUniversitaire, NumeroEtudiant, Outage, Source};

use super::absence::{Demande, Droits, etape_tenue};
use super::{Outils, Sources};
use crate::domain::absence::{Pas, Renvoi, Reponse};
use crate::domain::ecarte::{Ecarte, repli};
use crate::domain::perimetre;

/// What the sources say at this moment, one step each.
///
/// # Errors
/// Those of the database; a source that fails is an answer, not an error.
pub async fn interroger(
    outils: &Outils,
    sources: &Sources,
    etats: &dyn EtatDesSources,
    annee: AnneeUniversitaire,
    demande: &Demande,
    droits: Droits,
) -> Result<Vec<Pas>, DbError> {
    let mut pas = Vec::new();
    if demande.numero_etudiant() {
        if droits.etudiants {
            pas.extend(etudiant(outils, sources, etats, annee, &demande.code).await?);
        }
    } else {
        let (extraction, kofr) =
            tokio::join!(extraction(sources, etats, annee, demande), kofr(sources, etats, annee, demande));
        pas.extend(extraction);
        pas.extend(kofr);
        if droits.enseignants && demande.version.is_none() {
            pas.push(eve(sources, etats, annee, &demande.code).await);
        }
    }
    let quand = outils.clock.now();
    for p in &mut pas {
        p.date = Some(quand);
    }
    Ok(pas)
}

fn dit(source: Source, reponse: Reponse, texte: impl Into<String>) -> Pas {
    let titre = format!("{}, à l’instant", source.libelle());
    Pas { titre, reponse, texte: texte.into(), date: None, renvoi: None }
}

async fn panne(etats: &dyn EtatDesSources, source: Source, panne: &Outage) -> Pas {
    etats.constater(source, Some(panne)).await;
    let texte = format!(
        "Elle ne répond pas : personne ne peut dire ce qu’elle sait. {} {}",
        panne.detail, panne.remede
    );
    Pas { renvoi: Some(Renvoi::Liens), ..dit(source, Reponse::Inconnu, texte) }
}

async fn etudiant(
    outils: &Outils,
    sources: &Sources,
    etats: &dyn EtatDesSources,
    annee: AnneeUniversitaire,
    numero: &str,
) -> Result<Vec<Pas>, DbError> {
    let mut flux = sources.apogee.dossiers(annee, vec![NumeroEtudiant(numero.to_owned())]);
    let lu = flux.next().await;
    drop(flux);
    let dossier = match lu {
        Some(Err(outage)) => return Ok(vec![panne(etats, Source::Apogee, &outage).await]),
        Some(Ok((_, Some(dossier)))) => dossier,
        Some(Ok((_, None))) | None => {
            let texte = "Apogée ne connaît aucun étudiant de ce numéro.";
            return Ok(vec![dit(Source::Apogee, Reponse::Non, texte)]);
        }
    };
    let Dossier { inscriptions, .. } = dossier;
    if inscriptions.is_empty() {
        let texte = format!(
            "Apogée connaît cet étudiant, mais aucune inscription à une étape en {} : il n’est dans la liste des \
             inscrits d’aucune étape, et la collecte ne le lit donc pas.",
            annee.libelle()
        );
        return Ok(vec![dit(Source::Apogee, Reponse::Non, texte)]);
    }
    let mut pas = Vec::new();
    for i in &inscriptions {
        pas.push(inscription(outils, annee, i).await?);
    }
    Ok(pas)
}

async fn inscription(
    outils: &Outils,
    annee: AnneeUniversitaire,
    i: &InscriptionAdministrative,
) -> Result<Pas, DbError> {
    let (etape, version) = (i.etape.etape.as_str(), i.etape.version.as_str());
    let premiere = annee.premiere();
    let (tenue, raison) =
        outils.db.read(|c| async move { etape_tenue(&c, premiere, etape, version).await }).await?;
    let etat = match i.etat.as_str() {
        "E" => "en cours",
        "A" => "annulée",
        "R" => "résiliée",
        autre => autre,
    };
    let debut = format!("Inscription {etat} à l’étape {etape} version {version}");
    Ok(if !tenue {
        let raison = raison.unwrap_or_else(|| "Cette étape n’est pas dans l’offre de l’année.".to_owned());
        let texte = format!(
            "{debut}. La collecte ne lit que les inscrits des étapes de l’année, et celle-ci n’en est pas : {raison}"
        );
        let renvoi = Some(Renvoi::Code(format!("{etape}/{version}")));
        Pas { renvoi, ..dit(Source::Apogee, Reponse::Non, texte) }
    } else if i.etat == "E" {
        let texte = format!("{debut}, qui est dans l’offre : la prochaine collecte des personnes le lira.");
        dit(Source::Apogee, Reponse::Oui, texte)
    } else {
        let texte = format!("{debut} : l’étudiant n’y est plus compté parmi les inscrits.");
        dit(Source::Apogee, Reponse::Reserve, texte)
    })
}

/// What the extraction holds of a code.
#[derive(Debug, Default)]
struct Lu {
    /// « l’élément », « la version d’étape 101 »…
    noms: Vec<String>,
    /// The rules that leave them out.
    ecartes: Vec<Ecarte>,
    /// Codes that look the same.
    semblables: Vec<String>,
    extrait_le: String,
}

fn chercher(structure: Structure, annee: AnneeUniversitaire, demande: &Demande) -> Lu {
    let code = demande.code.as_str();
    let version = |v: &str| demande.version.as_deref().is_none_or(|voulue| voulue == v);
    let seul = demande.version.is_none();
    let mut lu = Lu {
        extrait_le: structure
            .extrait_le
            .map(|le| kernel::instant_francais(le.naive_local()))
            .map(|le| format!(" (extraction du {le})"))
            .unwrap_or_default(),
        ..Lu::default()
    };
    let voulu = repli(code);
    let mut voir = |vu: &str, compte: bool, nom: String| {
        if vu == code {
            if compte {
                lu.noms.push(nom);
            }
        } else if repli(vu) == voulu {
            lu.semblables.push(vu.to_owned());
        }
    };
    let s = &structure;
    s.diplomes.iter().for_each(|d| voir(d.code.as_str(), seul, format!("le diplôme « {} »", d.libelle)));
    for v in &s.versions_diplome {
        let v_ = v.version.as_str();
        voir(v.diplome.as_str(), version(v_), format!("la version de diplôme {v_}"));
    }
    s.etapes.iter().for_each(|e| voir(e.code.as_str(), seul, format!("l’étape « {} »", e.libelle)));
    for v in &s.versions_etape {
        let v_ = v.version.as_str();
        voir(v.etape.as_str(), version(v_), format!("la version d’étape {v_}"));
    }
    s.listes.iter().for_each(|l| voir(l.code.as_str(), seul, format!("la liste « {} »", l.libelle)));
    s.elements.iter().for_each(|e| voir(e.code.as_str(), seul, format!("l’élément « {} »", e.libelle)));
    lu.semblables.sort();
    lu.semblables.dedup();
    lu.ecartes.extend(s.rejets.iter().filter(|r| r.cle == code).map(Into::into));
    let (_, hors) = perimetre::restreindre(structure, annee);
    lu.ecartes.extend(
        hors.ecartes
            .into_iter()
            .filter(|e| e.code() == code && (seul || e.cle.split(" · ").nth(1).is_some_and(version))),
    );
    lu
}

async fn extraction(
    sources: &Sources,
    etats: &dyn EtatDesSources,
    annee: AnneeUniversitaire,
    demande: &Demande,
) -> Vec<Pas> {
    let structure = match sources.apogee.structure(Arc::new(|_, _, _| ())).await {
        Ok(structure) => structure,
        Err(outage) => return vec![panne(etats, Source::Extraction, &outage).await],
    };
    etats.constater(Source::Extraction, None).await;
    let voulue = demande.clone();
    let Ok(lu) = tokio::task::spawn_blocking(move || chercher(structure, annee, &voulue)).await else {
        return vec![dit(Source::Extraction, Reponse::Inconnu, "La recherche dans l’extraction a échoué.")];
    };
    let mut pas = Vec::new();
    if lu.noms.is_empty() {
        let texte = format!("L’extraction ne contient pas ce code{}.", lu.extrait_le);
        pas.push(dit(Source::Extraction, Reponse::Non, texte));
    } else {
        let texte = format!("L’extraction contient {}{}.", lu.noms.join(", "), lu.extrait_le);
        pas.push(dit(Source::Extraction, Reponse::Oui, texte));
    }
    for e in &lu.ecartes {
        let texte = format!("« {} ». {}", e.cle, e.phrase());
        pas.push(dit(Source::Extraction, Reponse::Non, texte));
    }
    if lu.noms.is_empty() {
        for semblable in &lu.semblables {
            let texte = format!(
                "Elle contient « {} », qui lui ressemble.",
                crate::domain::absence::visible(semblable)
            );
            let renvoi = Some(Renvoi::Code(semblable.clone()));
            pas.push(Pas { renvoi, ..dit(Source::Extraction, Reponse::Reserve, texte) });
        }
    }
    pas
}

/// Kofr answers étape by étape: the list of its programmes says which étapes and diplomas it describes.
async fn kofr(
    sources: &Sources,
    etats: &dyn EtatDesSources,
    annee: AnneeUniversitaire,
    demande: &Demande,
) -> Vec<Pas> {
    let lu = async {
        let maquettes = sources.kofr.maquettes().await?;
        let debut = maquettes
            .iter()
            .filter(|m| (m.annee_debut..=m.annee_fin).contains(&annee))
            .map(|m| m.annee_debut)
            .max();
        match debut {
            Some(debut) => sources.kofr.formations(debut).await.map(Some),
            None => Ok(None),
        }
    };
    let formations = match lu.await {
        Ok(formations) => formations,
        Err(outage) => return vec![panne(etats, Source::Kofr, &outage).await],
    };
    etats.constater(Source::Kofr, None).await;
    let Some(formations) = formations else {
        let texte = format!("Kofr ne déclare aucune maquette pour {}.", annee.libelle());
        return vec![dit(Source::Kofr, Reponse::Non, texte)];
    };
    let code = demande.code.as_str();
    let mut pas = Vec::new();
    for f in &formations {
        if f.code_diplome.as_ref().is_some_and(|c| c.as_str() == code) {
            pas.push(dit(Source::Kofr, Reponse::Oui, format!("Kofr décrit le diplôme « {} ».", f.libelle)));
        }
        for e in f.etapes.iter().filter(|e| e.code_etape.as_ref().is_some_and(|c| c.as_str() == code)) {
            let texte = format!("Kofr décrit l’étape « {} », dans « {} ».", e.libelle, f.libelle);
            pas.push(dit(Source::Kofr, Reponse::Oui, texte));
        }
    }
    if pas.is_empty() {
        let texte = "Kofr ne décrit aucun diplôme ni aucune étape sous ce code ; il ne se laisse pas interroger par \
                     code d’élément.";
        pas.push(dit(Source::Kofr, Reponse::Inconnu, texte));
    }
    pas
}

async fn eve(sources: &Sources, etats: &dyn EtatDesSources, annee: AnneeUniversitaire, code: &str) -> Pas {
    match sources.eve.enseignants(annee).await {
        Err(outage) => panne(etats, Source::Eve, &outage).await,
        Ok(lus) => {
            etats.constater(Source::Eve, None).await;
            match lus.iter().find(|e| e.numero.as_str() == code) {
                Some(_) => dit(Source::Eve, Reponse::Oui, "Eve connaît un enseignant de ce numéro."),
                None => dit(Source::Eve, Reponse::Non, "Eve ne connaît aucun enseignant de ce numéro."),
            }
        }
    }
}
