//! The published samples: what they say, and that writing them again says the same.

use apogee::wire::operations::*;
use apogee::wire::{
    Body, Dto, NilPolicy, Node, Operation, decode_body, decode_response, encode_request, encode_response,
    read_request,
};

use super::{publie, sens};

fn reponse<O: Operation>() -> Option<O::Response> {
    let octets = publie(&format!("samples/res-{}.xml", O::NAME))?;
    let lue = decode_response::<O>(&octets, None).unwrap();
    let attendu = sens(&Node::parse(std::str::from_utf8(&octets).unwrap()).unwrap());
    for policy in [NilPolicy::Nil, NilPolicy::Omit, NilPolicy::Empty] {
        let ecrite = encode_response::<O>(&lue, policy);
        assert_eq!(sens(&Node::parse(&ecrite).unwrap()), attendu, "{} {policy:?}", O::NAME);
        assert_eq!(decode_response::<O>(ecrite.as_bytes(), None).unwrap(), lue);
    }
    Some(lue)
}

fn demande<O: Operation>() -> Option<O::Request> {
    let octets = publie(&format!("samples/req-{}.xml", O::NAME))?;
    let Body::Wrapper(appel) = decode_body(&octets, None).unwrap() else { panic!("une faute") };
    assert_eq!((appel.name.as_str(), appel.namespace.as_str()), (O::REQUEST_WRAPPER, O::NAMESPACE));
    let lue = read_request::<O>(&appel);
    let attendu = sens(&Node::parse(std::str::from_utf8(&octets).unwrap()).unwrap());
    for policy in [NilPolicy::Nil, NilPolicy::Omit, NilPolicy::Empty] {
        let ecrite = encode_request::<O>(&lue, policy);
        assert_eq!(sens(&Node::parse(&ecrite).unwrap()), attendu, "{} {policy:?}", O::NAME);
    }
    Some(lue)
}

#[test]
fn se_v4() {
    let Some(diplomes) = reponse::<RecupererSEV4>() else { return };
    let diplome = &diplomes[0];
    assert_eq!(diplome.cod_dip.as_deref(), Some("3LPSY"));
    let vdi = &diplome.list_version_diplome[0];
    assert_eq!((vdi.cod_vrs_vdi, vdi.credits.as_ref().unwrap().centi().unwrap().0), (Some(101), 18000));
    let offre = vdi.offre_formation.as_ref().unwrap();
    assert_eq!(offre.habilitation.as_ref().unwrap().annee_fin_recrut.as_deref(), Some("2025"));
    let vet = &offre.list_etape[0].list_version_etape[0];
    assert_eq!(vet.cod_vrs_vet, Some(101));
    assert!(vet.list_liste_element_pedagogi.iter().all(|l| !l.list_element_pedagogi.is_empty()));
    assert!(!vet.list_liste_element_pedagogi.is_empty());
    assert!(vdi.list_histo_rncp.is_empty() && vdi.comue.is_none());
}

#[test]
fn ia_etapes() {
    let Some(ia) = reponse::<RecupererIAEtapesV3>() else { return };
    assert_eq!(ia[0].annee_iae.as_deref(), Some("2024"));
    assert_eq!(ia[0].etape.as_ref().unwrap().version_etp.as_deref(), Some("101"));
    assert_eq!(ia[0].etape_premiere.as_deref(), Some("oui"));
    assert_eq!(ia[0].code_inscription_payee.as_deref(), Some("P"));
    assert_eq!(ia[0].bourse, None, "une structure où rien n'est rempli n'est pas une structure");
}

#[test]
fn ia_annuelles() {
    let Some(ia) = reponse::<RecupererIAAnnuellesV2>() else { return };
    assert_eq!(ia[0].etat_iaa.as_ref().unwrap().code_etat_iaa.as_deref(), Some("E"));
    assert_eq!(ia[0].date_iaa.as_ref().unwrap().date_locale().unwrap().to_string(), "2024-09-02");
}

#[test]
fn annees_ia() {
    let Some(annees) = reponse::<RecupererAnneesIa>() else { return };
    assert_eq!(annees, ["2023", "2024"]);
}

#[test]
fn contrat_elements() {
    let Some(lignes) = reponse::<RecupererContratPedagogiqueResultatElpEprV6>() else { return };
    let (haut, dessous) = (&lignes[0], &lignes[1]);
    assert_eq!((haut.cod_elp_sup.as_deref(), haut.rng_elp), (None, Some(1)));
    assert_eq!(dessous.cod_elp_sup, haut.elp.as_ref().unwrap().cod_elp);
    let elp = haut.elp.as_ref().unwrap();
    assert_eq!(elp.nbr_crd_elp.as_ref().unwrap().centi().unwrap().0, 3000);
    assert_eq!(elp.nature_elp.as_ref().unwrap().tem_semestre.as_deref(), Some("O"));
}

#[test]
fn identite() {
    if let Some(Some(numeros)) = reponse::<RecupererIdentifiantsEtudiantV2>() {
        assert_eq!((numeros.cod_etu, numeros.cod_ind), (Some(21_912_345), Some(187_654)));
        assert_eq!(numeros.numero_ine.as_deref(), Some("0ABCDE12345"));
    }
    if let Some(Some(infos)) = reponse::<RecupererInfosAdmEtuV4>() {
        assert_eq!(infos.liste_bacs[0].cod_bac.as_deref(), Some("S"));
        let naissance = infos.date_naissance.unwrap();
        assert_eq!(naissance.date_locale().unwrap().to_string(), "2001-03-14");
        assert_eq!(infos.nom_usuel, None);
    }
    if let Some(Some(coordonnees)) = reponse::<RecupererAdressesEtudiantV2>() {
        let adresse = coordonnees.adresse_annuelle.unwrap();
        assert_eq!(adresse.commune.unwrap().code_insee.as_deref(), Some("25056"));
        assert_eq!((adresse.lib_ade, adresse.pays.unwrap().cod_pay.as_deref()), (None, Some("100")));
    }
    if let Some(liste) = reponse::<RecupererListeEtudiants>() {
        assert_eq!(liste[0].nom.as_deref(), Some("MARTIN"));
    }
}

#[test]
fn referentiels() {
    if let Some(composantes) = reponse::<RecupererComposanteV2>() {
        assert_eq!(composantes[0].cod_cmp.as_deref(), Some("SED"));
        assert!(composantes[0].lib_web_cmp.as_deref().unwrap().contains("pédagogie et formation"));
        assert!(composantes[0].liste_composante_fils.is_empty());
    }
    if let Some(regimes) = reponse::<RecupererRegimeInscription>() {
        assert_eq!(regimes.len(), 6);
        assert_eq!(regimes[1].tem_en_sve.as_deref(), Some("N"));
    }
}

#[test]
fn demandes() {
    if let Some(se) = demande::<RecupererSEV4>() {
        assert!(se.se_critere.cod_dip.is_some());
    }
    if let Some(liste) = demande::<RecupererListeEtudiants>() {
        assert_eq!(liste.parametres.list_etapes.len(), 1);
    }
    if let Some(ia) = demande::<RecupererIAEtapesV3>() {
        assert!(ia.cod_etu.is_some());
    }
    if let Some(numeros) = demande::<RecupererIdentifiantsEtudiantV2>() {
        assert!(numeros != Default::default());
    }
    if let Some(contrat) = demande::<RecupererContratPedagogiqueResultatElpEprV6>() {
        assert_eq!(contrat.source_res.as_deref(), Some("Apogee"));
    }
    if let Some(composante) = demande::<RecupererComposanteV2>() {
        assert_eq!((composante.cod_cmp, composante.sens), (None, None), "vide veut dire absent");
    }
    let lus = [
        demande::<RecupererAdressesEtudiantV2>().map(|d| d.cod_etu),
        demande::<RecupererAnneesIPResultat>().map(|d| d.cod_etu),
        demande::<RecupererAnneesIa>().map(|d| d.cod_etu),
        demande::<RecupererContratPedagogiqueResultatVdiVetV2>().map(|d| d.cod_etu),
        demande::<RecupererIAAnnuellesV2>().map(|d| d.cod_etu),
        demande::<RecupererInfosAdmEtuV4>().map(|d| d.cod_etu),
    ];
    for numero in lus.into_iter().flatten() {
        assert_eq!(numero.as_deref(), Some("21912345"));
    }
    let _ = demande::<RecupererRegimeInscription>();
}

#[test]
fn chaque_champ_ecrit_est_relu_au_meme_endroit() {
    // A structure filled by its own schema: whatever is declared must be written and read, in the same order.
    fn echantillon(schema: apogee::wire::dto::Schema, profondeur: usize) -> String {
        use apogee::wire::dto::Kind;
        schema
            .fields
            .iter()
            .enumerate()
            .map(|(i, f)| match f.kind {
                Kind::Simple("string", _) => format!("<{0}>{0} n°{i}</{0}>", f.name),
                Kind::Simple("dateTime", _) => format!("<{0}>2001-03-14T00:00:00+01:00</{0}>", f.name),
                Kind::Simple(..) => format!("<{0}>{i}</{0}>", f.name),
                Kind::Repete => format!("<{0}>a</{0}><{0}>b</{0}>", f.name),
                Kind::Structure(interne, _) => {
                    format!("<{0}>{1}</{0}>", f.name, echantillon(interne(), profondeur + 1))
                }
                Kind::Tableau(..) if profondeur > 8 => String::new(),
                Kind::Tableau(_, item, interne) => {
                    let dedans = format!("<{item}>{}</{item}>", echantillon(interne(), profondeur + 1));
                    // Twice at the top only: one structure holds two lists of itself.
                    format!("<{0}>{1}</{0}>", f.name, dedans.repeat(if profondeur == 0 { 2 } else { 1 }))
                }
            })
            .collect()
    }
    fn verifie<T: Dto>() {
        let xml = format!("<x>{}</x>", echantillon(T::SCHEMA, 0));
        let lu = T::read(&Node::parse(&xml).unwrap());
        let ecrit = super::ecrit(&lu, NilPolicy::Nil);
        assert_eq!(
            sens(&Node::parse(&ecrit).unwrap()),
            sens(&Node::parse(&xml).unwrap()),
            "{}",
            T::SCHEMA.name
        );
    }
    use apogee::wire::types::*;
    verifie::<administratif::InsAdmAnuDTO2>();
    verifie::<administratif::InsAdmEtpDTO3>();
    verifie::<epreuves::EpreuvesDTO>();
    verifie::<etudiant::InfoAdmEtuDTO4>();
    verifie::<etudiant::CoordonneesDTO2>();
    verifie::<etudiant::EtudiantCritereDTO>();
    verifie::<offre_v3::ElementPedagogiDTO2>();
    verifie::<offre_v3::DiplomeDTO3>();
    verifie::<offre_v4::DiplomeDTO4>();
    verifie::<pedagogique::ContratPedagogiqueResultatElpEprDTO5>();
    verifie::<pedagogique::ContratPedagogiqueResultatVdiVetDTO2>();
    verifie::<referentiel::ComposanteDTO3>();
}
