//! Whatever is written is read back, and nothing received makes reading panic.

use apogee::wire::types::administratif::{CatOuiSiDTO2, DiplomeDTO, InsAdmEtpDTO3, SpecialitesDTO};
use apogee::wire::types::etudiant::{EtudiantCritereDTO, EtudiantCritereListeDTO};
use apogee::wire::types::offre::CapaciteElpDTO;
use apogee::wire::types::offre_v4::{ElementPedagogiDTO3, ListeElementPedagogiDTO3};
use apogee::wire::{DateHeure, Decimal, Dto, NilPolicy, Node, decode_body};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

fn texte() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~\u{a0}-\u{24f}œ€]{1,20}",
        "[<>&\"' \t\n\r\u{a0}]{1,6}",
        Just("N'Guyen-Đặng".to_owned()),
        Just("ﻡﺮﻳﻡ".to_owned()),
    ]
}

fn politique() -> impl Strategy<Value = NilPolicy> {
    prop_oneof![Just(NilPolicy::Nil), Just(NilPolicy::Omit), Just(NilPolicy::Empty)]
}

prop_compose! {
    fn element()(
        cod_elp in texte(), lib_elp in of(texte()), credits in of(0i64..100_000), cap in of(any::<i32>()),
        volume in of(-500i64..500),
    ) -> ElementPedagogiDTO3 {
        ElementPedagogiDTO3 {
            cod_elp: Some(cod_elp),
            lib_elp,
            credits: credits.map(|c| Decimal::from(kernel::Centi(c))),
            volume: volume.map(|c| Decimal::from(kernel::Centi(c))),
            capacite_elp: cap.map(|c| CapaciteElpDTO { cap_int_elp: Some(c.into()), cap_max_elp: None }),
            ..Default::default()
        }
    }
}

prop_compose! {
    fn inscription()(
        annee in texte(), etat in of(texte()), codes in vec(texte(), 0..4), requis in of((texte(), texte())),
        jour in of(0i32..40_000),
    ) -> InsAdmEtpDTO3 {
        let jour = jour.and_then(|j| chrono::NaiveDate::from_num_days_from_ce_opt(700_000 + j));
        InsAdmEtpDTO3 {
            annee_iae: Some(annee),
            code_inscription_payee: etat.clone(),
            diplome: etat.map(|code| DiplomeDTO { code_diplome: Some(code), ..Default::default() }),
            liste_specialite_sise: codes
                .into_iter()
                .map(|c| SpecialitesDTO { code_specialite: Some(c), ..Default::default() })
                .collect(),
            cat_oui_si: requis.map(|(cod_cat, lib_cat)| CatOuiSiDTO2 { cod_cat, lib_cat, mtf_cat: None }),
            date_iae: jour.map(|j| DateHeure::minuit(j, "+01:00")),
            ..Default::default()
        }
    }
}

fn aller_retour<T: Dto>(valeur: &T, policy: NilPolicy) -> Result<(), TestCaseError> {
    let lu = T::read(&Node::parse(&super::ecrit(valeur, policy)).unwrap());
    prop_assert_eq!(&lu, valeur);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn liste_et_elements(code in texte(), elements in vec(element(), 0..5), policy in politique()) {
        let liste = ListeElementPedagogiDTO3 {
            cod_list_elp: Some(code),
            list_element_pedagogi: elements,
            ..Default::default()
        };
        aller_retour(&liste, policy)?;
    }

    #[test]
    fn inscriptions(ia in inscription(), policy in politique()) {
        aller_retour(&ia, policy)?;
    }

    #[test]
    fn criteres(elps in vec(texte(), 0..4), code in texte(), versions in vec(texte(), 0..3), policy in politique()) {
        let critere = EtudiantCritereDTO {
            list_elp: elps,
            list_etapes: vec![EtudiantCritereListeDTO { code: Some(code), list_version: versions }],
            ..Default::default()
        };
        aller_retour(&critere, policy)?;
    }

    #[test]
    fn des_octets_quelconques_ne_font_jamais_paniquer(octets in vec(any::<u8>(), 0..200)) {
        let _ = decode_body(&octets, None);
    }

    #[test]
    fn du_presque_xml_ne_fait_jamais_paniquer(texte in "(<|>|/|!|\\?|&|;|a|:|\\[|\\]|-|=|\"|'| |é){0,60}") {
        let _ = decode_body(texte.as_bytes(), None);
    }

    #[test]
    fn un_caractere_interdit_ne_rend_pas_la_reponse_illisible(code in "[\\x00-\\x1f\u{fffe}\u{ffff}a]{1,10}") {
        let element = ElementPedagogiDTO3 { cod_elp: Some(code), ..Default::default() };
        prop_assert!(Node::parse(&super::ecrit(&element, NilPolicy::Nil)).is_ok());
    }
}
