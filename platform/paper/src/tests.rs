//! The renderer, on the document of the house style.

use std::path::Path;

use chrono::{DateTime, TimeZone as _, Utc};
use kernel::Fault as _;
use serde_json::{Value, json};

use crate::{Paper, PaperFault, Pieces, Template, essai};

const EXEMPLE: Template =
    Template { nom: "exemple", source: include_str!("../documents/exemple/template.typ") };

const COURT: Template = Template {
    nom: "court",
    source: "#import \"/etablissement.typ\": *\n#show: feuille.with(titre: \"Court\")\n= Court\n#json(\"/data.json\").nom",
};

fn le() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2024, 12, 16, 9, 0, 0).unwrap()
}

fn codes() -> Vec<String> {
    (1..=6).map(|n| format!("https://telemaque.exemple.fr/e/2024-P1-{n:06}-7f3k2m9x")).collect()
}

fn pieces() -> Pieces {
    codes().into_iter().fold(Pieces::du(le()), Pieces::qr)
}

fn dossier() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/documents/exemple"))
}

fn exemple() -> Value {
    serde_json::from_str(include_str!("../documents/exemple/sample.json")).unwrap()
}

#[test]
fn the_house_style_is_as_accepted() {
    let pdf = essai::verifier(dossier(), &EXEMPLE, &pieces()).unwrap();
    assert!(pdf.conforme);
    assert_eq!(pdf.pages, 2);
    // The two ideographs of an épreuve.
    assert_eq!(pdf.remplaces, 2);
}

#[test]
fn what_people_type_is_never_markup() {
    let pdf = Paper::get().render(&EXEMPLE, &exemple(), &pieces()).unwrap();
    let mots = essai::texte(&pdf.octets).unwrap();
    for tel_quel in
        ["#import *gras* _souligné_ $x$ @renvoi", "appartement #3 *au fond*", "N'Guyen-Đặng D’Épinay Łukasz"]
    {
        assert!(mots.contains(tel_quel), "{tel_quel}\n{mots}");
    }
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let une = Paper::get().render(&EXEMPLE, &exemple(), &pieces()).unwrap();
    let deux = Paper::get().render(&EXEMPLE, &exemple(), &pieces()).unwrap();
    assert_eq!(une.octets, deux.octets);
    let texte = String::from_utf8_lossy(&une.octets);
    assert!(
        texte.contains("20241216090000") || texte.contains("2024-12-16T09:00:00"),
        "the date given is the date told"
    );
}

#[test]
fn a_copied_sheet_is_still_scanned() {
    let pdf = Paper::get().render(&EXEMPLE, &exemple(), &pieces()).unwrap();
    // An office copier’s everyday setting.
    let image = essai::image_a(&pdf.octets, "200").unwrap();
    let (largeur, hauteur) = (image.largeur, image.hauteur());
    // One presents one code at a time to a reader: a band of the sheet as high as one row of its table and a half.
    let (bande, pas) = (340, 50);
    let mut lus = std::collections::BTreeSet::new();
    for haut in (0..hauteur.saturating_sub(bande)).step_by(pas) {
        let point = |x: usize, y: usize| image.gris[(haut + y) * largeur + x];
        let mut vue = rqrr::PreparedImage::prepare_from_greyscale(largeur, bande, point);
        lus.extend(vue.detect_grids().iter().filter_map(|grille| grille.decode().ok()).map(|(_, lu)| lu));
    }
    let lus: Vec<String> = lus.into_iter().collect();
    assert_eq!(lus, codes());
}

#[test]
fn no_name_fails_a_document() {
    let noms = [
        "N'Guyen-Đặng",
        "D’Épinay",
        "Łukasz",
        "Nguyễn Thị Mỹ Lệ",
        "محمد بن سلمان",
        "דוד בן-גוריון",
        "Ὀδυσσεύς",
        "Дмитрий",
        "O",
        "漢字",
        "한글",
        "नमस्ते",
        "ไทย",
        "🎓👩‍🎓",
        "a\u{202e}b",
        "q\u{323}\u{307}\u{31b}",
        "x\u{0}y",
        "\u{e000}",
        "ﷺ",
        "e\u{301}",
        "ǅ",
        "ﬁn",
        "\u{1d49e}",
        "\u{feff}B",
        "\u{fffd}",
        "𞤀𞤁",
    ];
    for nom in noms {
        let pdf = Paper::get().render(&COURT, &json!({ "nom": nom }), &Pieces::du(le())).unwrap();
        assert!(pdf.conforme, "{nom:?}");
    }
    let arabe = Paper::get().render(&COURT, &json!({ "nom": "محمد" }), &Pieces::du(le())).unwrap();
    assert_eq!(arabe.remplaces, 0);
    let han = Paper::get().render(&COURT, &json!({ "nom": "李 小龍" }), &Pieces::du(le())).unwrap();
    assert_eq!(han.remplaces, 3);
}

#[test]
fn a_template_that_does_not_fit_says_where() {
    let refus = Paper::get().render(&COURT, &json!({ "prenom": "x" }), &Pieces::du(le())).unwrap_err();
    let texte = refus.to_string();
    assert!(
        texte.contains("court") && texte.contains("template.typ, ligne 4") && texte.contains("nom"),
        "{texte}"
    );
    assert_eq!(refus.slug(), "document-impossible");
    // The sentence of the page quotes no data.
    assert!(!refus.message().contains("prenom"));
    // And the next document is as good as ever.
    assert!(Paper::get().render(&COURT, &json!({ "nom": "x" }), &Pieces::du(le())).is_ok());
}

#[test]
fn a_template_sees_nothing_of_the_machine() {
    for source in [
        "#read(\"/etc/passwd\")",
        "#read(\"../../../../etc/passwd\")",
        "#import \"@preview/cetz:0.2.0\": *",
        "#image(\"https://exemple.fr/a.png\")",
    ] {
        let curieux = Template { nom: "curieux", source };
        let refus = Paper::get().render(&curieux, &json!({}), &Pieces::du(le())).unwrap_err();
        assert!(matches!(refus, PaperFault::Modele { .. }), "{source} {refus}");
    }
}

#[test]
fn a_code_is_never_printed_too_small_nor_too_full() {
    const PETIT: Template = Template {
        nom: "petit",
        source: "#import \"/etablissement.typ\": *\n#show: feuille.with(titre: \"Petit\")\n#qr(0, alt: \"x\", taille: 21mm)",
    };
    let refus = Paper::get().render(&PETIT, &json!({}), &Pieces::du(le()).qr("x")).unwrap_err();
    assert!(refus.to_string().contains("22 mm"), "{refus}");
    let refus = Paper::get()
        .render(&COURT, &json!({ "nom": "" }), &Pieces::du(le()).qr("x".repeat(4000)))
        .unwrap_err();
    assert!(matches!(refus, PaperFault::Qr { rang: 0, .. }));
}

#[tokio::test]
async fn async_code_waits_without_holding_its_thread() {
    let paper = Paper::get();
    let rendus = (0..6).map(|n| {
        let paper = paper.clone();
        tokio::spawn(async move {
            paper.rendre(&COURT, &json!({ "nom": format!("n° {n}") }), Pieces::du(le())).await
        })
    });
    for rendu in rendus.collect::<Vec<_>>() {
        assert_eq!(rendu.await.unwrap().unwrap().pages, 1);
    }
}
