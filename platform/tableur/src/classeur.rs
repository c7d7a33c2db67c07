//! Workbooks are compressed folders: what they hold is weighed before it is read.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::{Brut, DEPLIE_MAX, Illisible, ods, xlsx};

/// Most files in a workbook.
const FICHIERS_MAX: usize = 2_000;

/// A workbook of before 2007, or one that a password closes: both are the same kind of container.
pub(crate) fn ancien(octets: &[u8]) -> Illisible {
    // Names in the container are UTF-16.
    let nom: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if octets.windows(nom.len()).any(|f| f == nom) { Illisible::Protege } else { Illisible::AncienXls }
}

/// Reads an XLSX or an ODS.
pub(crate) fn lire(octets: &[u8], nom: &str) -> Result<Brut, Illisible> {
    let mut archive = ZipArchive::new(Cursor::new(octets)).map_err(|_| Illisible::Abime)?;
    peser(&mut archive)?;
    let a = |archive: &ZipArchive<Cursor<&[u8]>>, fichier: &str| archive.index_for_name(fichier).is_some();
    if a(&archive, "content.xml") {
        ods::lire(&mut archive)
    } else if a(&archive, "[Content_Types].xml") && !a(&archive, "word/document.xml") {
        xlsx::lire(octets)
    } else {
        Err(Illisible::Autre(nom.chars().take(80).collect()))
    }
}

/// Unfolds everything without keeping it: the size that a compressed file says it has may be a lie.
fn peser(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), Illisible> {
    if archive.len() > FICHIERS_MAX {
        return Err(Illisible::TropDeplie);
    }
    let mut reste = DEPLIE_MAX as u64;
    for i in 0..archive.len() {
        let fichier = archive.by_index(i).map_err(refus)?;
        let lus = std::io::copy(&mut fichier.take(reste + 1), &mut std::io::sink())
            .map_err(|_| Illisible::Abime)?;
        reste = reste.checked_sub(lus).ok_or(Illisible::TropDeplie)?;
    }
    Ok(())
}

/// A file of the folder, whole: its weight is known.
pub(crate) fn fichier(archive: &mut ZipArchive<Cursor<&[u8]>>, nom: &str) -> Result<String, Illisible> {
    let mut texte = String::new();
    let fichier = archive.by_name(nom).map_err(refus)?;
    fichier.take(DEPLIE_MAX as u64).read_to_string(&mut texte).map_err(|_| Illisible::Abime)?;
    Ok(texte)
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that map_err asks for")]
fn refus(err: ZipError) -> Illisible {
    match err {
        ZipError::InvalidPassword | ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            Illisible::Protege
        }
        _ => Illisible::Abime,
    }
}
