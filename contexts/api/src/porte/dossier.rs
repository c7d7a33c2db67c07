//! A student's file for one year: four operations, one story.

use apogee::client::Client;
use apogee::wire::temoin;
use apogee::wire::types::administratif::InsAdmEtpDTO3;
use apogee::wire::types::etudiant::{AdresseDTO2, CoordonneesDTO2, InfoAdmEtuDTO4};
use apogee::wire::types::pedagogique::ContratPedagogiqueResultatElpEprDTO5;
use contracts::apogee::{
    Adresse, CleEtape, Dossier, InscriptionAdministrative, InscriptionPedagogique, Resultat,
};
use futures::future::try_join_all;
use kernel::{AnneeUniversitaire, CodeElement, Ine, NumeroEtudiant, Outage, OutageKind};

/// Reads one file; `None` when nobody has this number.
pub(super) async fn lire(
    client: &Client,
    annee: AnneeUniversitaire,
    numero: &NumeroEtudiant,
) -> Resultat<Option<Dossier>> {
    let (infos, coordonnees, etapes) = tokio::try_join!(
        client.infos_adm(numero),
        adresses(client, annee, numero),
        client.ia_etapes(numero, Some(annee)),
    )?;
    let Some(infos) = infos else { return Ok(None) };
    let inscriptions = inscriptions(annee, etapes);
    let mut vivantes: Vec<&CleEtape> =
        inscriptions.iter().filter(|i| i.etat == "E").map(|i| &i.etape).collect();
    vivantes.dedup();
    let contrats = try_join_all(vivantes.into_iter().map(|cle| async move {
        let lignes = client.contrat(numero, annee, &cle.etape, &cle.version).await?;
        Ok::<_, Outage>(contrat(annee, cle, lignes))
    }))
    .await?;
    Ok(Some(dossier(numero, infos, coordonnees, inscriptions, contrats.concat())))
}

/// The addresses of the year, else the latest ones. A student without registration in the year has none of that year, which
/// Apogée says by a fault about a missing parameter: it is not a defect of the question.
async fn adresses(
    client: &Client,
    annee: AnneeUniversitaire,
    numero: &NumeroEtudiant,
) -> Resultat<Option<CoordonneesDTO2>> {
    for quand in [Some(annee), None] {
        match client.adresses(numero, quand).await {
            Ok(None) => {}
            Err(panne) if panne.kind == OutageKind::Demande && panne.detail.contains("nonpresentinput") => {}
            autre => return autre,
        }
    }
    Ok(None)
}

fn dossier(
    numero: &NumeroEtudiant,
    infos: InfoAdmEtuDTO4,
    coordonnees: Option<CoordonneesDTO2>,
    inscriptions: Vec<InscriptionAdministrative>,
    contrats: Vec<InscriptionPedagogique>,
) -> Dossier {
    let coordonnees = coordonnees.unwrap_or_default();
    let adresse = coordonnees.adresse_annuelle.or(coordonnees.adresse_fixe);
    let fixe = adresse.as_ref().and_then(|a| a.num_tel.clone());
    Dossier {
        numero: numero.clone(),
        ine: infos.numero_ine.map(Ine),
        nom: infos.nom_patronymique.unwrap_or_default(),
        nom_usage: infos.nom_usuel,
        prenom: infos.prenom1.unwrap_or_default(),
        naissance: infos.date_naissance.and_then(|d| d.date_locale()),
        nationalite: infos.nationalite.and_then(|n| n.lib_nationalite),
        handicap: infos.handicap.is_some(),
        email: coordonnees.email_annuaire.or(coordonnees.email),
        telephone: coordonnees.num_tel_portable.or(fixe),
        adresse: adresse.map(traduire_adresse),
        inscriptions,
        contrats,
    }
}

/// Country 100 is France; in France the town is the commune's, abroad it is a line of its own.
fn traduire_adresse(a: AdresseDTO2) -> Adresse {
    let etranger = a.pays.as_ref().map_or(a.commune.is_none() && a.lib_ade.is_some(), |p| {
        p.cod_pay.as_deref().is_some_and(|c| c.trim() != "100")
    });
    let commune = a.commune.unwrap_or_default();
    let pays = a.pays.filter(|_| etranger);
    Adresse {
        lignes: [a.lib_ad1, a.lib_ad2, a.lib_ad3].into_iter().flatten().collect(),
        code_postal: if etranger { None } else { commune.code_postal },
        ville: if etranger { a.lib_ade } else { commune.lib_ach.or(commune.nom_commune) },
        pays: pays.as_ref().and_then(|p| p.lib_pay.clone()),
        code_pays: pays.and_then(|p| p.cod_pay).map(|c| c.trim().to_owned()),
    }
}

/// The registrations of the year, ranked among those of the same étape: by date, then state, because the order in which they
/// come is not promised. The unpaid ones are kept, and say so.
fn inscriptions(annee: AnneeUniversitaire, lignes: Vec<InsAdmEtpDTO3>) -> Vec<InscriptionAdministrative> {
    let annee = annee.to_string();
    let mut lues: Vec<InscriptionAdministrative> = lignes
        .into_iter()
        .filter(|l| l.annee_iae.as_deref().is_none_or(|a| a.trim() == annee))
        .filter_map(inscription)
        .collect();
    lues.sort_by(|a, b| {
        (&a.etape, a.date, &a.etat, &a.diplome, &a.version_diplome, &a.regime).cmp(&(
            &b.etape,
            b.date,
            &b.etat,
            &b.diplome,
            &b.version_diplome,
            &b.regime,
        ))
    });
    let mut precedente: Option<CleEtape> = None;
    let mut rang = 0;
    for lue in &mut lues {
        rang = if precedente.as_ref() == Some(&lue.etape) { rang + 1 } else { 1 };
        lue.occurrence = rang;
        precedente = Some(lue.etape.clone());
    }
    lues
}

fn inscription(l: InsAdmEtpDTO3) -> Option<InscriptionAdministrative> {
    let etape = l.etape.unwrap_or_default();
    let (Some(code), Some(version)) = (etape.code_etp, etape.version_etp) else {
        tracing::warn!("Apogée a donné une inscription sans étape : elle est laissée");
        return None;
    };
    let diplome = l.diplome.unwrap_or_default();
    let etat = l.etat_iae.and_then(|e| e.code_etat_iae).or_else(|| l.etat_iaa.and_then(|e| e.code_etat_iaa));
    Some(InscriptionAdministrative {
        etape: CleEtape { etape: code.into(), version: version.into() },
        occurrence: 1,
        diplome: diplome.code_diplome.map(Into::into),
        version_diplome: diplome.version_diplome.map(Into::into),
        etat: etat.unwrap_or_default().trim().to_owned(),
        regime: l.regime_ins.and_then(|r| r.cod_rgi),
        premiere: temoin(l.etape_premiere.as_deref()),
        payee: l.code_inscription_payee.as_deref().is_some_and(|p| p.trim() == "P"),
        date: l.date_iae.and_then(|d| d.date_locale()),
    })
}

/// The contract of one étape. The same element may be under two étapes, and is then in both; under one étape it is there once.
fn contrat(
    annee: AnneeUniversitaire,
    etape: &CleEtape,
    lignes: Vec<ContratPedagogiqueResultatElpEprDTO5>,
) -> Vec<InscriptionPedagogique> {
    let annee = annee.to_string();
    let mut vus = std::collections::HashSet::new();
    lignes
        .into_iter()
        .filter_map(|l| {
            let code = CodeElement(l.elp?.cod_elp?);
            let anterieur = |a: &str| a.trim() != annee;
            // A result that carries an earlier year was kept from it.
            let acquis = l.resultats_elp.iter().any(|r| r.cod_anu.as_deref().is_some_and(anterieur));
            vus.insert(code.clone()).then_some(InscriptionPedagogique {
                etape: etape.clone(),
                element: code,
                element_superieur: l.cod_elp_sup.map(CodeElement),
                rang: l.rng_elp.unwrap_or(1),
                acquis,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use apogee::wire::DateHeure;
    use apogee::wire::types::administratif::{EtapeDTO, EtatIAEDTO};
    use apogee::wire::types::etudiant::{CommuneDTO2, PaysDTO};
    use apogee::wire::types::pedagogique::{ElementPedagogiDTO5, ResultatElpDTO3};

    fn oui(texte: &str) -> Option<String> {
        Some(texte.to_owned())
    }

    fn annee() -> AnneeUniversitaire {
        "2024".parse().unwrap()
    }

    fn ia(etape: &str, etat: &str, date: &str) -> InsAdmEtpDTO3 {
        InsAdmEtpDTO3 {
            annee_iae: oui("2024"),
            etape: Some(EtapeDTO { code_etp: oui(etape), version_etp: oui("100"), ..Default::default() }),
            etat_iae: Some(EtatIAEDTO { code_etat_iae: oui(etat), ..Default::default() }),
            date_iae: Some(DateHeure(date.into())),
            ..Default::default()
        }
    }

    #[test]
    fn an_annulled_registration_stays_beside_the_live_one() {
        let lues = inscriptions(
            annee(),
            vec![
                ia("L2", "E", "2024-09-02T00:00:00+02:00"),
                ia("L1", "E", "2024-09-10T00:00:00+02:00"),
                ia("L1", "A", "2024-07-01T00:00:00+02:00"),
                InsAdmEtpDTO3 { annee_iae: oui("2023"), ..ia("L1", "E", "2023-07-01T00:00:00+02:00") },
            ],
        );
        let vues: Vec<_> =
            lues.iter().map(|i| (i.etape.etape.as_str(), i.etat.as_str(), i.occurrence)).collect();
        assert_eq!(vues, [("L1", "A", 1), ("L1", "E", 2), ("L2", "E", 1)]);
    }

    #[test]
    fn witnesses_payment_and_midnight() {
        let lue = inscription(InsAdmEtpDTO3 {
            etape_premiere: oui("oui"),
            code_inscription_payee: oui("P "),
            ..ia("L1", "E", "2001-03-14T00:00:00+01:00")
        })
        .unwrap();
        assert!(lue.premiere && lue.payee);
        assert_eq!(lue.date.unwrap().to_string(), "2001-03-14", "no day is lost through UTC");
        let lue = inscription(ia("L1", "R", "")).unwrap();
        assert!(!lue.premiere && !lue.payee);
        assert_eq!((lue.date, lue.etat.as_str()), (None, "R"));
    }

    #[test]
    fn towns_at_home_and_abroad() {
        let france = traduire_adresse(AdresseDTO2 {
            lib_ad1: oui("1 rue du Lac"),
            lib_ad3: oui("Bât. B"),
            commune: Some(CommuneDTO2 {
                code_postal: oui("25000"),
                lib_ach: oui("BESANCON"),
                ..Default::default()
            }),
            pays: Some(PaysDTO { cod_pay: oui("100"), lib_pay: oui("FRANCE") }),
            ..Default::default()
        });
        assert_eq!(france.lignes, ["1 rue du Lac", "Bât. B"]);
        assert_eq!((france.ville.as_deref(), france.pays, france.code_pays), (Some("BESANCON"), None, None));
        let ailleurs = traduire_adresse(AdresseDTO2 {
            lib_ad1: oui("12 Main St"),
            lib_ade: oui("NOUMEA 98800"),
            pays: Some(PaysDTO { cod_pay: oui("508"), lib_pay: oui("NOUVELLE-CALÉDONIE") }),
            ..Default::default()
        });
        assert_eq!((ailleurs.ville.as_deref(), ailleurs.code_postal), (Some("NOUMEA 98800"), None));
        assert_eq!(ailleurs.pays.as_deref(), Some("NOUVELLE-CALÉDONIE"));
        assert_eq!(ailleurs.code_pays.as_deref(), Some("508"));
    }

    #[test]
    fn a_contract_holds_each_element_once_and_knows_what_was_kept() {
        let ligne = |code: &str, sup: Option<&str>, an: Option<&str>| ContratPedagogiqueResultatElpEprDTO5 {
            elp: Some(ElementPedagogiDTO5 { cod_elp: oui(code), ..Default::default() }),
            cod_elp_sup: sup.map(Into::into),
            rng_elp: Some(2),
            resultats_elp: vec![ResultatElpDTO3 { cod_anu: an.map(Into::into), ..Default::default() }],
            ..Default::default()
        };
        let etape = CleEtape { etape: "L1".into(), version: "100".into() };
        let lues = contrat(
            annee(),
            &etape,
            vec![
                ligne("S1", None, None),
                ligne("UE1", Some("S1"), Some("2022")),
                ligne("UE1", Some("S2"), None),
                ligne("UE2", Some("S1"), Some("2024")),
                ContratPedagogiqueResultatElpEprDTO5::default(),
            ],
        );
        let vues: Vec<_> = lues.iter().map(|i| (i.element.as_str(), i.acquis)).collect();
        assert_eq!(vues, [("S1", false), ("UE1", true), ("UE2", false)]);
    }
}
