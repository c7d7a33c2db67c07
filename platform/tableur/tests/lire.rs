//! Files as people have them: those of spreadsheets, and those that are not what they say.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod fichiers;

use chrono::{NaiveDate, NaiveTime};
use fichiers::{cellule, ods, xlsx, zip};
use kernel::{Centi, Fault};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use tableur::{Attendue, Contenu, Illisible, LIGNES_MAX, Tableau, lire};

fn csv(texte: &str) -> Tableau {
    lire(texte.as_bytes(), "essai.csv").unwrap()
}

fn textes(tableau: &Tableau) -> Vec<Vec<String>> {
    let ligne = |l: &tableur::Ligne| {
        (0..tableau.entetes.len()).map(|c| l.cellule(c).texte().unwrap()).collect::<Vec<_>>()
    };
    tableau.lignes.iter().map(ligne).collect()
}

#[test]
fn a_csv_is_read_whatever_parts_its_cells() {
    for separateur in [";", ",", "\t"] {
        let texte =
            format!("Code{separateur}Libellé\r\nA1{separateur}\"Droit{separateur} \"\"public\"\"\"\r\n");
        assert_eq!(textes(&csv(&texte)), [["A1".to_owned(), format!("Droit{separateur} \"public\"")]]);
    }
    assert_eq!(textes(&csv("sep=,\nA,B;C\n1,2\n")), [["1", "2"]], "Excel's own line is not a row");
}

#[test]
fn a_csv_is_read_in_the_encodings_of_french_spreadsheets() {
    let attendu = [["Été", "5 €", "œuvre"]];
    let texte = "a;b;c\nÉté;5 €;œuvre\n";
    assert_eq!(textes(&csv(texte)), attendu);
    assert_eq!(textes(&csv(&format!("\u{feff}{texte}"))), attendu);
    let windows = encoding_rs::WINDOWS_1252.encode(texte).0;
    assert_eq!(textes(&lire(&windows, "x.csv").unwrap()), attendu);
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(texte.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(textes(&lire(&utf16, "x.txt").unwrap()), attendu);
}

#[test]
fn cells_are_where_the_spreadsheet_shows_them() {
    // An empty line is a row; a line break within quotes is not.
    let tableau = csv("\nA;B\n\n\"un\nsur deux\";x\n;\nderniere;y");
    assert_eq!(tableau.ligne_des_entetes, 2);
    assert_eq!(tableau.entetes[1].adresse, "B2");
    let adresses: Vec<String> = tableau.lignes.iter().map(|l| l.cellule(1).adresse()).collect();
    assert_eq!(adresses, ["B4", "B6"]);
    assert_eq!(tableau.lignes[0].cellule(0).texte().unwrap(), "un\nsur deux");
    assert_eq!(tableau.lignes[0].cellule(27).adresse(), "AB4", "beyond what is written, cells are empty");
    assert!(tableau.lignes[0].cellule(27).est_vide());
}

#[test]
fn a_workbook_of_excel_gives_its_dates_hours_and_numbers() {
    let mut classeur = Workbook::new();
    let feuille = classeur.add_worksheet();
    feuille.set_name("Épreuves").unwrap();
    for (i, nom) in ["Jour", "Heure", "Places", "ECTS", "Code", "Oui"].iter().enumerate() {
        feuille.write(2, u16::try_from(i).unwrap(), *nom).unwrap();
    }
    let jour = Format::new().set_num_format("dd/mm/yyyy");
    let heure = Format::new().set_num_format("hh:mm");
    feuille.write_datetime_with_format(4, 0, ExcelDateTime::from_ymd(2025, 1, 13).unwrap(), &jour).unwrap();
    feuille.write_datetime_with_format(4, 1, ExcelDateTime::from_hms(9, 0, 0).unwrap(), &heure).unwrap();
    feuille.write(4, 2, 42).unwrap();
    feuille.write(4, 3, 6.5).unwrap();
    feuille.write(4, 4, " =1+1 ").unwrap();
    feuille.write(4, 5, true).unwrap();
    // A cell at the very end of the sheet's rows.
    feuille.write(1_048_575, 0, "fin").unwrap();
    classeur.add_worksheet();
    let tableau = lire(&classeur.save_to_buffer().unwrap(), "epreuves.xlsx").unwrap();
    assert_eq!((tableau.feuille.as_deref(), tableau.autres_feuilles), (Some("Épreuves"), 1));
    let ligne = &tableau.lignes[0];
    assert_eq!(ligne.numero(), 5);
    assert_eq!(ligne.cellule(0).date().unwrap(), NaiveDate::from_ymd_opt(2025, 1, 13).unwrap());
    assert_eq!(ligne.cellule(0).texte().unwrap(), "13/01/2025");
    assert_eq!(ligne.cellule(1).heure().unwrap(), NaiveTime::from_hms_opt(9, 0, 0).unwrap());
    assert_eq!(ligne.cellule(2).entier().unwrap(), 42);
    assert_eq!(ligne.cellule(3).decimal().unwrap(), Centi(650));
    assert_eq!(
        ligne.cellule(4).texte().unwrap(),
        " =1+1 ",
        "spaces are part of a code; a formula typed is a text"
    );
    assert!(ligne.cellule(5).oui().unwrap());
    assert_eq!(tableau.lignes[1].cellule(0).adresse(), "A1048576");
}

#[test]
fn a_sheet_of_libreoffice_gives_the_same() {
    let corps = format!(
        "<table:table-row>{}{}{}{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>\
         <table:table-row>\
         <table:table-cell office:value-type=\"date\" office:date-value=\"2025-01-13\"><text:p>13 janv.</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"time\" office:time-value=\"PT09H00M00S\"><text:p>09:00</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"float\" office:value=\"6.5\"><text:p>6,5</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"string\"><office:annotation><text:p>une note</text:p></office:annotation>\
         <text:p>a &amp; b<text:s text:c=\"2\"/>c</text:p><text:p>suite &#233;</text:p></table:table-cell>\
         </table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
        cellule("Jour"),
        cellule("Heure"),
        cellule("ECTS"),
        cellule("Libellé")
    );
    let tableau = lire(&ods(&corps), "x.ods").unwrap();
    assert_eq!((tableau.feuille.as_deref(), tableau.autres_feuilles), (Some("Feuille1"), 0));
    let [ligne] = &tableau.lignes[..] else { panic!("{:?}", tableau.lignes) };
    assert_eq!(ligne.cellule(0).adresse(), "A5");
    assert_eq!(ligne.cellule(0).date().unwrap(), NaiveDate::from_ymd_opt(2025, 1, 13).unwrap());
    assert_eq!(ligne.cellule(1).heure().unwrap(), NaiveTime::from_hms_opt(9, 0, 0).unwrap());
    assert_eq!(ligne.cellule(2).decimal().unwrap(), Centi(650));
    assert_eq!(ligne.cellule(3).texte().unwrap(), "a & b  c\nsuite é");
}

const COLONNES: &[Attendue] = &[
    Attendue::requise("Code", &["code apogée"]),
    Attendue::requise("Dernier jour", &["jusqu'au"]),
    Attendue::facultative("Motif", &[]),
];

#[test]
fn headers_are_matched_by_what_they_say() {
    let tableau = csv("Remarque;JUSQU’AU *; Code  Apogee;\nx;13/01/2025;A1;\n");
    let colonnes = tableau.associer(COLONNES).unwrap();
    assert_eq!(colonnes.cellule(&tableau.lignes[0], 0).texte().unwrap(), "A1");
    assert_eq!(colonnes.cellule(&tableau.lignes[0], 1).adresse(), "B2");
    assert!(!colonnes.a(2) && colonnes.cellule(&tableau.lignes[0], 2).est_vide());
    let inconnues: Vec<_> =
        colonnes.inconnues().iter().map(|e| (e.texte.as_str(), e.adresse.as_str())).collect();
    assert_eq!(inconnues, [("Remarque", "A1")]);
}

#[test]
fn missing_and_double_columns_are_named() {
    let defauts = csv("Code;Libellé;CODE APOGÉE\nA1;x;A2\n").associer(COLONNES).unwrap_err();
    assert_eq!(defauts.len(), 2);
    assert_eq!(defauts[0].adresse, "C1");
    assert_eq!(
        defauts[0].phrase,
        "La colonne « Code » est là deux fois, en A1 (« Code ») et en C1 (« CODE APOGÉE ») : gardez-en une."
    );
    assert_eq!(
        defauts[1].phrase,
        "La colonne « Dernier jour » manque. En-têtes lus : « Code », « Libellé », « CODE APOGÉE »."
    );
}

#[test]
fn a_refusal_names_the_cell_what_was_read_and_what_is_expected() {
    let tableau = csv("a;b;c;d;e\nsix;14 janvier;9;;=1+1\n");
    let c = |i| tableau.lignes[0].cellule(i);
    assert_eq!(c(0).entier().unwrap_err().adresse, "A2");
    assert_eq!(
        c(0).entier().unwrap_err().phrase,
        "« six » n’est pas un nombre entier : un nombre entier est attendu, par exemple 42."
    );
    assert_eq!(
        c(1).date().unwrap_err().phrase,
        "« 14 janvier » n’est pas une date : une date est attendue, par exemple 13/01/2025."
    );
    assert!(c(2).heure().unwrap_err().phrase.starts_with("« 9 » n’est pas une heure"));
    assert_eq!(
        c(3).entier().unwrap_err().phrase,
        "La cellule est vide : un nombre entier est attendu, par exemple 42."
    );
    assert_eq!(c(3).si_remplie(|c| c.entier()), Ok(None));
    assert!(c(4).decimal().is_err(), "nothing is computed");
}

#[test]
fn a_formula_in_error_is_not_a_value() {
    let erreur = "<c r=\"A2\" t=\"e\"><v>#N/A</v></c>";
    let tableau = lire(
        &xlsx(&format!(
            "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>Code</v></c></row><row r=\"2\">{erreur}</row>"
        )),
        "x",
    )
    .unwrap();
    assert_eq!(tableau.lignes[0].cellule(0).contenu(), &Contenu::Erreur("#N/A".to_owned()));
    assert!(tableau.lignes[0].cellule(0).texte().unwrap_err().phrase.contains("« #N/A »"));
}

fn refus(octets: &[u8]) -> Illisible {
    let refus = lire(octets, "envoi.xlsx").unwrap_err();
    assert!(refus.message().ends_with('.') && refus.way_out().ends_with('.'), "{refus:?}");
    refus
}

#[test]
fn files_that_cannot_be_read_say_why() {
    assert_eq!(refus(b""), Illisible::Vide);
    assert_eq!(refus(b" ;\n;;\n"), Illisible::Vide);
    assert_eq!(refus(b"Code;Motif\n\n"), Illisible::SansLigne);
    assert_eq!(refus(&vec![b'a'; tableur::TAILLE_MAX + 1]), Illisible::TropGros);
    assert_eq!(refus(b"a;b\n1;\"ouvert\n2;3\n"), Illisible::Guillemet(2));
    let ole = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    assert_eq!(refus(&ole), Illisible::AncienXls);
    let ferme: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refus(&[&ole[..], &ferme].concat()), Illisible::Protege);
    assert_eq!(refus(b"PK\x03\x04 and nothing more"), Illisible::Abime);
    for autre in [
        &b"%PDF-1.7 x"[..],
        b"<!DOCTYPE html><table>",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"GIF89a\x01\x02\x03\x04",
    ] {
        assert_eq!(refus(autre), Illisible::Autre("envoi.xlsx".to_owned()));
    }
    assert_eq!(refus(&zip(&[("photo.jpg", b"x")])), Illisible::Autre("envoi.xlsx".to_owned()));
    let protege =
        zip(&[("META-INF/manifest.xml", b"<manifest:encryption-data/>"), ("content.xml", b"\x01\x02")]);
    assert_eq!(refus(&protege), Illisible::Protege);
}

#[test]
fn a_table_too_large_is_refused_before_it_takes_memory() {
    let lignes = "x\n".repeat(LIGNES_MAX + 1);
    assert_eq!(refus(format!("a\n{lignes}").as_bytes()), Illisible::TropDeLignes);
    assert_eq!(
        lire(format!("a\n{}", "x\n".repeat(LIGNES_MAX)).as_bytes(), "x").unwrap().lignes.len(),
        LIGNES_MAX
    );
    assert_eq!(
        refus(format!("a{}\n", ";b".repeat(100)).as_bytes()),
        Illisible::TropDeColonnes("CW1".to_owned())
    );
    // Sixteen thousand columns and a million rows, in a few words.
    let loin = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    assert_eq!(refus(&xlsx(loin)), Illisible::TropDeColonnes("XFD1048576".to_owned()));
    let repete = format!(
        "<table:table-row table:number-rows-repeated=\"1048576\">{}</table:table-row>",
        cellule("a").replace("<table:table-cell ", "<table:table-cell table:number-columns-repeated=\"50\" ")
    );
    assert_eq!(refus(&ods(&repete)), Illisible::TropDeLignes);
    let long = format!(
        "<table:table-row table:number-rows-repeated=\"10000\">{}</table:table-row>",
        cellule(&"é".repeat(15_000))
    );
    assert_eq!(refus(&ods(&long)), Illisible::TropDeplie, "a long text repeated is a bomb as well");
    let bombe = zip(&[("content.xml", &vec![b' '; tableur::DEPLIE_MAX + 1])]);
    assert!(bombe.len() < 200_000);
    assert_eq!(refus(&bombe), Illisible::TropDeplie);
}

proptest! {
    /// Anything is read or refused in words; nothing panics.
    #[test]
    fn whatever_is_sent_is_answered(octets in proptest::collection::vec(any::<u8>(), 0..400), tete in 0_usize..4) {
        let tetes: [&[u8]; 4] = [b"", b"PK\x03\x04", b"\xff\xfe", b"a;b\n"];
        if let Err(refus) = lire(&[tetes[tete], &octets].concat(), "x") {
            prop_assert!(!refus.message().is_empty());
        }
    }

    /// A workbook that the network damaged, anywhere.
    #[test]
    fn a_damaged_workbook_is_answered(place in 0_usize..3_000, octet in any::<u8>(), coupe in any::<bool>()) {
        let mut octets = ods(&format!("<table:table-row>{}</table:table-row>", cellule("a")));
        let place = place % octets.len();
        if coupe { octets.truncate(place) } else { octets[place] = octet }
        let _ = lire(&octets, "x");
        let mut octets = xlsx("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>");
        let place = place % octets.len();
        if coupe { octets.truncate(place) } else { octets[place] = octet }
        let _ = lire(&octets, "x");
    }

    /// What is written in the cells of a CSV comes back as it was.
    #[test]
    fn texts_come_back_as_they_were(cellules in proptest::collection::vec("[^\u{0}-\u{8}\u{b}-\u{1f}\u{7f}\r]{1,12}", 4), s in 0_usize..3) {
        let separateur = [";", "\t", ","][s];
        let ecrite = |c: &String| format!("\"{}\"", c.replace('"', "\"\""));
        let rangee: Vec<String> = cellules.iter().map(ecrite).collect();
        let texte = format!("a{separateur}b{separateur}c{separateur}d\nx\n{}\n", rangee.join(separateur));
        let tableau = csv(&texte);
        if cellules.iter().any(|c| !c.trim().is_empty()) {
            prop_assert_eq!(&textes(&tableau)[1], &cellules);
        }
        // Naughty or not: read as anything, or refused with its address.
        for ligne in &tableau.lignes {
            for i in 0..4 {
                let c = ligne.cellule(i);
                let refus = [c.entier().err(), c.decimal().err(), c.date().err(), c.heure().err(), c.oui().err()];
                prop_assert!(refus.into_iter().flatten().all(|d| d.adresse == c.adresse()));
            }
        }
    }
}
