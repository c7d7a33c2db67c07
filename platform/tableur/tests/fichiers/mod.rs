//! Workbooks made by hand: what no spreadsheet would write.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A compressed folder.
pub fn zip(fichiers: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (nom, octets) in fichiers {
        archive.start_file(*nom, SimpleFileOptions::default()).unwrap();
        archive.write_all(octets).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A cell of text, for [`ods`].
pub fn cellule(texte: &str) -> String {
    format!("<table:table-cell office:value-type=\"string\"><text:p>{texte}</text:p></table:table-cell>")
}

/// A sheet of LibreOffice.
pub fn ods(corps: &str) -> Vec<u8> {
    let contenu = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content><office:body><office:spreadsheet>\
         <table:table table:name=\"Feuille1\"><table:table-column/>{corps}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", contenu.as_bytes()),
    ])
}

/// A sheet of Excel.
pub fn xlsx(donnees: &str) -> Vec<u8> {
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let feuille = format!("<worksheet><sheetData>{donnees}</sheetData></worksheet>");
    let classeur = format!(
        "<workbook xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"F\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let liens = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let racine = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", racine.as_bytes()),
        ("xl/workbook.xml", classeur.as_bytes()),
        ("xl/_rels/workbook.xml.rels", liens.as_bytes()),
        ("xl/worksheets/sheet1.xml", feuille.as_bytes()),
    ])
}
