//! Reading what servers bend: nil, order, case, prefixes, encodings, truncation.

use apogee::wire::types::administratif::InsAdmEtpDTO3;
use apogee::wire::types::etudiant::{EtudiantDTO2, InfoAdmEtuDTO4};
use apogee::wire::types::offre_v4::{ListeElementPedagogiDTO3, VersionEtapeDTO4};
use apogee::wire::{DateHeure, Decimal, Dto, Node, XmlError, charset, date_texte, decode, temoin};
use chrono::NaiveDate;
use kernel::Centi;

fn lit<T: Dto>(champs: &str) -> T {
    let xml =
        format!("<x xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:p=\"urn:p\">{champs}</x>");
    T::read(&Node::parse(&xml).unwrap())
}

#[test]
fn nil_vide_et_absent_se_valent() {
    let rien = InfoAdmEtuDTO4::default();
    for champs in [
        "",
        "<nomUsuel/><listeBacs/><paysNaissance/><numEtu/><dateNaissance/>",
        "<nomUsuel xsi:nil=\"true\"/><listeBacs xsi:nil=\"1\"/><paysNaissance xsi:nil=\"true\"/><numEtu xsi:nil=\"true\"/>",
        "<nomUsuel></nomUsuel><listeBacs><item xsi:nil=\"true\"/></listeBacs><paysNaissance><codPay/></paysNaissance>",
        "<listeBacs>\n  </listeBacs><paysNaissance>\n</paysNaissance><numEtu> </numEtu>",
    ] {
        assert_eq!(lit::<InfoAdmEtuDTO4>(champs), rien, "{champs}");
    }
    // Zero is a value.
    assert_eq!(lit::<VersionEtapeDTO4>("<volume>0</volume><credits>0</credits>").volume, Some(0));
}

#[test]
fn ordre_casse_prefixes_et_champs_inconnus() {
    let droit: EtudiantDTO2 = lit("<codEtu>1</codEtu><nom>N'GUYEN</nom><prenom>A</prenom>");
    let tordu: EtudiantDTO2 = lit(
        "<p:PRENOM>A</p:PRENOM><nouveau><codEtu>9</codEtu></nouveau><NOM>N&apos;<![CDATA[GUYEN]]></NOM><!-- - --><CodEtu>&#49;</CodEtu>",
    );
    assert_eq!(tordu, droit);
}

#[test]
fn les_codes_gardent_leurs_espaces() {
    let liste: ListeElementPedagogiDTO3 = lit(
        "<codListElp> L1 </codListElp><listElementPedagogi><item><codElp>UE\u{a0}1</codElp></item></listElementPedagogi>",
    );
    assert_eq!(liste.cod_list_elp.as_deref(), Some(" L1 "));
    assert_eq!(liste.list_element_pedagogi[0].cod_elp.as_deref(), Some("UE\u{a0}1"));
}

#[test]
fn deux_inscriptions_gardent_chacune_la_leur() {
    let ia: InsAdmEtpDTO3 =
        lit("<etatIaa><codeEtatIAA>A</codeEtatIAA></etatIaa><etatIae><codeEtatIAE>E</codeEtatIAE></etatIae>");
    assert_eq!(ia.etat_iaa.unwrap().code_etat_iaa.as_deref(), Some("A"));
    assert_eq!(ia.etat_iae.unwrap().code_etat_iae.as_deref(), Some("E"));
}

#[test]
fn une_date_de_naissance_ne_recule_pas_d_un_jour() {
    let attendue = NaiveDate::from_ymd_opt(2001, 3, 14);
    for texte in [
        "2001-03-14T00:00:00+01:00",
        "2001-03-14T00:00:00.000+02:00",
        "2001-03-14T00:00:00",
        "2001-03-14T23:30:00-04:00",
        "2001-03-14Z",
    ] {
        assert_eq!(DateHeure(texte.into()).date_locale(), attendue, "{texte}");
    }
    assert_eq!(DateHeure("le 14".into()).date_locale(), None);
    assert_eq!(date_texte("14/03/2001"), attendue);
    assert_eq!(date_texte("2001-03-14"), attendue);
    assert_eq!(date_texte("14/03/2001 10:15"), attendue);
    assert_eq!(date_texte("ééééééé"), None);
}

#[test]
fn temoins_et_decimaux() {
    assert!(["O", "oui", "OUI", "true", "1"].iter().all(|t| temoin(Some(t))));
    assert!(!temoin(None) && !temoin(Some("N")) && !temoin(Some("non")) && !temoin(Some("")));
    assert_eq!(Decimal::from(Centi(18000)).0, "180");
    assert_eq!(Decimal::from(Centi(450)).0, "4.5");
    assert_eq!(Decimal::from(Centi(0)).0, "0");
    assert_eq!(Decimal("4,50".into()).centi(), Ok(Centi(450)));
    assert!(Decimal("4.505".into()).centi().is_err());
}

#[test]
fn encodages() {
    let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><a>\xc9t\xe9 \xa4</a>";
    assert!(decode(latin, None).ends_with("<a>Été €</a>"));
    // The header wins over the declaration.
    let menteur = "<?xml version='1.0' encoding='ISO-8859-15'?><a>Été</a>";
    assert!(decode(menteur.as_bytes(), Some("utf-8")).ends_with("<a>Été</a>"));
    // A few Latin bytes in a document that says UTF-8.
    assert_eq!(decode(b"<a>\xc3\x89t\xe9</a>", None), "<a>Été</a>");
    assert_eq!(decode(b"\xef\xbb\xbf<a/>", Some("iso-8859-1")), "<a/>");
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(decode(&utf16, None), "<a>é</a>");
    assert_eq!(
        decode(b"<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>", None),
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>"
    );
    assert_eq!(charset("text/xml; charset=\"ISO-8859-15\""), Some("ISO-8859-15"));
    assert_eq!(charset("text/xml;Charset=utf-8;x=y"), Some("utf-8"));
    assert_eq!(charset("text/xml"), None);
}

#[test]
fn coupe_n_importe_ou_un_document_est_tronque() {
    let entier = "<?xml version=\"1.0\"?><!-- c --><a xmlns:n='u' b=\"1 > 0\"><n:c>x &amp; é</n:c><![CDATA[ ] ]]><d/></a>";
    assert!(Node::parse(entier).is_ok());
    for fin in (0..entier.len()).filter(|i| entier.is_char_boundary(*i)) {
        assert_eq!(Node::parse(&entier[..fin]), Err(XmlError::Tronque), "{}", &entier[..fin]);
    }
}

#[test]
fn ce_qui_n_est_pas_du_xml_est_dit_mal_forme() {
    for texte in
        ["<a></b>", "<a>&inconnue;</a>", "<a/><b/>", "texte<a/>", "<a x='1' x='2'/>", "<p:a/>", "<a>&#0;</a>"]
    {
        assert!(matches!(Node::parse(texte), Err(XmlError::MalForme(_))), "{texte} {:?}", Node::parse(texte));
    }
    let profond = format!("{}{}", "<a>".repeat(5000), "</a>".repeat(5000));
    assert_eq!(Node::parse(&profond), Err(XmlError::TropProfond));
    let bombe = "<!DOCTYPE a [<!ENTITY b \"bb\">]><a>&b;</a>";
    assert_eq!(Node::parse(bombe), Err(XmlError::Doctype));
}
