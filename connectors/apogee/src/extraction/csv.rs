//! RFC 4180 with `;`, read strictly: what a lenient reader would guess at is refused with its line and column, because a
//! guess here would become a label or a closed link in Maquette.

use std::borrow::Cow;
use std::fmt;

use encoding_rs::Encoding;

/// A place where the file is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformation {
    /// File.
    pub fichier: String,
    /// Line in the file, from 1.
    pub ligne: u64,
    /// Column of the table, from 1.
    pub colonne: usize,
    /// Name of that column, when the header was read.
    pub nom_colonne: Option<String>,
    /// Why, without a full stop.
    pub raison: String,
}

impl fmt::Display for Malformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, ligne {}, colonne {}", self.fichier, self.ligne, self.colonne)?;
        if let Some(nom) = &self.nom_colonne {
            write!(f, " ({nom})")?;
        }
        write!(f, " : {}", self.raison)
    }
}

/// The text of a table, its byte-order mark removed.
///
/// # Errors
/// The line and column of the first byte that is not of the encoding.
pub fn decoder<'a>(
    fichier: &str,
    octets: &'a [u8],
    encodage: &'static Encoding,
) -> Result<Cow<'a, str>, Malformation> {
    let octets = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    if encodage != encoding_rs::UTF_8 {
        let (texte, _) = encodage.decode_without_bom_handling(octets);
        return Ok(texte);
    }
    std::str::from_utf8(octets).map(Cow::Borrowed).map_err(|e| {
        let avant = octets.get(..e.valid_up_to()).unwrap_or_default();
        let debut = avant.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        let sur_la_ligne = avant.get(debut..).unwrap_or_default();
        Malformation {
            fichier: fichier.to_owned(),
            ligne: compte(avant, b'\n') + 1,
            colonne: usize::try_from(compte(sur_la_ligne, b';')).unwrap_or_default() + 1,
            nom_colonne: None,
            raison:
                "un octet n'est pas de l'UTF-8 ; si le fichier est en ISO-8859-15, le manifeste doit le dire \
                     (« \"encodage\": \"iso-8859-15\" »)"
                    .into(),
        }
    })
}

fn compte(octets: &[u8], octet: u8) -> u64 {
    octets.iter().filter(|b| **b == octet).count() as u64
}

/// Reads records one after the other.
#[derive(Debug)]
pub struct Lecteur<'a> {
    fichier: &'a str,
    texte: &'a str,
    position: usize,
    ligne: u64,
    entete: Vec<String>,
}

/// How a field ended.
enum Fin {
    Champ,
    Enregistrement,
}

impl<'a> Lecteur<'a> {
    /// Reads the header.
    ///
    /// # Errors
    /// When the file is empty, a column has no name, or two have the same.
    pub fn ouvrir(fichier: &'a str, texte: &'a str) -> Result<Self, Malformation> {
        let mut lecteur = Self { fichier, texte, position: 0, ligne: 1, entete: Vec::new() };
        let mut champs = Vec::new();
        if lecteur.enregistrement(&mut champs)?.is_none() {
            return Err(lecteur.faute(1, 1, "le fichier est vide : la ligne des noms de colonnes manque"));
        }
        let mut entete = Vec::with_capacity(champs.len());
        for (i, champ) in champs.iter().enumerate() {
            let nom = champ.trim().to_ascii_uppercase();
            if nom.is_empty() {
                return Err(lecteur.faute(1, i + 1, "la colonne n'a pas de nom"));
            }
            if entete.contains(&nom) {
                return Err(lecteur.faute(1, i + 1, format!("la colonne {nom} est donnée deux fois")));
            }
            entete.push(nom);
        }
        lecteur.entete = entete;
        Ok(lecteur)
    }

    /// Names of the columns, in upper case.
    #[must_use]
    pub fn entete(&self) -> &[String] {
        &self.entete
    }

    /// Reads the next record into `champs`, and gives the line it begins on; `None` at the end.
    ///
    /// # Errors
    /// When the record is malformed or has another number of columns than the header.
    pub fn suivant(&mut self, champs: &mut Vec<Cow<'a, str>>) -> Result<Option<u64>, Malformation> {
        let Some(ligne) = self.enregistrement(champs)? else { return Ok(None) };
        let (attendues, trouvees) = (self.entete.len(), champs.len());
        if attendues != trouvees {
            let colonne = attendues.min(trouvees).max(1);
            return Err(self.faute(
                ligne,
                colonne,
                format!("{attendues} colonnes attendues, {trouvees} trouvées"),
            ));
        }
        Ok(Some(ligne))
    }

    fn enregistrement(&mut self, champs: &mut Vec<Cow<'a, str>>) -> Result<Option<u64>, Malformation> {
        champs.clear();
        let reste = self.texte.as_bytes().get(self.position..).unwrap_or_default();
        // Blank lines are tolerated after the last record only.
        if reste.iter().all(|b| matches!(b, b'\r' | b'\n')) {
            return Ok(None);
        }
        let ligne = self.ligne;
        loop {
            let (champ, fin) = self.champ(champs.len() + 1)?;
            champs.push(champ);
            if matches!(fin, Fin::Enregistrement) {
                return Ok(Some(ligne));
            }
        }
    }

    fn champ(&mut self, colonne: usize) -> Result<(Cow<'a, str>, Fin), Malformation> {
        let octets = self.texte.as_bytes();
        if octets.get(self.position) == Some(&b'"') {
            return self.champ_entre_guillemets(colonne);
        }
        let debut = self.position;
        let reste = octets.get(debut..).unwrap_or_default();
        let longueur =
            reste.iter().position(|b| matches!(b, b';' | b'\n' | b'\r' | b'"')).unwrap_or(reste.len());
        let fin = debut + longueur;
        if octets.get(fin) == Some(&b'"') {
            return Err(self.faute(
                self.ligne,
                colonne,
                "un guillemet au milieu d'un champ qui n'est pas entre guillemets",
            ));
        }
        self.position = fin;
        let champ = self.texte.get(debut..fin).unwrap_or_default();
        Ok((Cow::Borrowed(champ), self.fin_de_champ(colonne)?))
    }

    fn champ_entre_guillemets(&mut self, colonne: usize) -> Result<(Cow<'a, str>, Fin), Malformation> {
        let octets = self.texte.as_bytes();
        let ouverture = self.ligne;
        let mut debut = self.position + 1;
        let mut morceaux: Cow<'a, str> = Cow::Borrowed("");
        loop {
            let reste = octets.get(debut..).unwrap_or_default();
            let Some(longueur) = reste.iter().position(|b| *b == b'"') else {
                return Err(self.faute(ouverture, colonne, "un guillemet est ouvert et n'est jamais fermé"));
            };
            let fin = debut + longueur;
            let morceau = self.texte.get(debut..fin).unwrap_or_default();
            self.ligne += compte(morceau.as_bytes(), b'\n');
            if octets.get(fin + 1) == Some(&b'"') {
                morceaux.to_mut().push_str(morceau);
                morceaux.to_mut().push('"');
                debut = fin + 2;
                continue;
            }
            if morceaux.is_empty() {
                morceaux = Cow::Borrowed(morceau);
            } else {
                morceaux.to_mut().push_str(morceau);
            }
            self.position = fin + 1;
            return Ok((morceaux, self.fin_de_champ(colonne)?));
        }
    }

    /// Eats the separator or the end of line that must follow a field.
    fn fin_de_champ(&mut self, colonne: usize) -> Result<Fin, Malformation> {
        let octets = self.texte.as_bytes();
        match (octets.get(self.position), octets.get(self.position + 1)) {
            (Some(b';'), _) => {
                self.position += 1;
                Ok(Fin::Champ)
            }
            (Some(b'\n'), _) => {
                self.position += 1;
                self.ligne += 1;
                Ok(Fin::Enregistrement)
            }
            (Some(b'\r'), Some(b'\n')) => {
                self.position += 2;
                self.ligne += 1;
                Ok(Fin::Enregistrement)
            }
            (None, _) | (Some(b'\r'), None) => {
                self.position = octets.len();
                Ok(Fin::Enregistrement)
            }
            (Some(b'\r'), Some(_)) => {
                Err(self.faute(self.ligne, colonne, "un retour chariot seul, hors des guillemets"))
            }
            (Some(_), _) => {
                Err(self.faute(self.ligne, colonne, "du texte suit le guillemet qui ferme le champ"))
            }
        }
    }

    fn faute(&self, ligne: u64, colonne: usize, raison: impl Into<String>) -> Malformation {
        Malformation {
            fichier: self.fichier.to_owned(),
            ligne,
            colonne,
            nom_colonne: self.entete.get(colonne.saturating_sub(1)).cloned(),
            raison: raison.into(),
        }
    }
}

/// Counts the records of a text, and says where it stops being one.
pub(super) fn compter(fichier: &str, texte: &str) -> (u64, Option<Malformation>) {
    let mut lecteur = match Lecteur::ouvrir(fichier, texte) {
        Ok(lecteur) => lecteur,
        Err(faute) => return (0, Some(faute)),
    };
    let mut champs = Vec::new();
    let mut lignes = 0;
    loop {
        match lecteur.suivant(&mut champs) {
            Ok(Some(_)) => lignes += 1,
            Ok(None) => return (lignes, None),
            Err(faute) => return (lignes, Some(faute)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tout(texte: &str) -> Result<Vec<(u64, Vec<String>)>, Malformation> {
        let mut lecteur = Lecteur::ouvrir("ETAPE.csv", texte)?;
        let mut champs = Vec::new();
        let mut lues = Vec::new();
        while let Some(ligne) = lecteur.suivant(&mut champs)? {
            lues.push((ligne, champs.iter().map(|c| c.to_string()).collect()));
        }
        Ok(lues)
    }

    #[test]
    fn reads_quotes_newlines_and_both_line_ends() {
        let lues = tout("A;B\r\n1;\"a;\"\"b\"\"\r\nc\"\r\n 2\u{a0};\n\"\";x").unwrap();
        assert_eq!(lues[0], (2, vec!["1".into(), "a;\"b\"\r\nc".into()]));
        assert_eq!(lues[1], (4, vec![" 2\u{a0}".into(), String::new()]), "keys are never trimmed");
        assert_eq!(lues[2], (5, vec![String::new(), "x".into()]));
    }

    #[test]
    fn faults_name_file_line_and_column() {
        let faute = tout("COD_ETP;LIB_ETP\n1;ok\n2;\"jamais\nfermé").unwrap_err();
        assert_eq!(
            faute.to_string(),
            "ETAPE.csv, ligne 3, colonne 2 (LIB_ETP) : un guillemet est ouvert et n'est jamais fermé"
        );
        assert_eq!(
            tout("A;B;C\n1;2;3\n1;2\n").unwrap_err().to_string(),
            "ETAPE.csv, ligne 3, colonne 2 (B) : 3 colonnes attendues, 2 trouvées"
        );
        assert_eq!(tout("A;B\n1;2;3").unwrap_err().colonne, 2);
        assert_eq!(tout("A;B\n1;\"x\"y\n").unwrap_err().ligne, 2);
        assert!(tout("A;B\n1;x\"y\n").unwrap_err().raison.contains("milieu"));
        assert!(tout("A;B\n1;x\ry\n").unwrap_err().raison.contains("retour chariot"));
        assert!(tout("A;B\n\n1;2\n").is_err(), "a blank line in the middle hides a cut");
    }

    #[test]
    fn headers_must_be_names_given_once() {
        assert!(tout("").unwrap_err().raison.contains("vide"));
        assert!(tout("A;;C\n").unwrap_err().raison.contains("pas de nom"));
        assert!(tout("A;a\n").unwrap_err().raison.contains("deux fois"));
    }

    #[test]
    fn trailing_blank_lines_are_not_records() {
        assert_eq!(tout("A;B\n1;2\n\r\n\n").unwrap().len(), 1);
        assert_eq!(compter("X", "A;B\n1;2\n\n"), (1, None));
    }

    #[test]
    fn decodes_what_the_manifest_says_and_points_at_what_it_does_not() {
        assert_eq!(decoder("X", b"\xef\xbb\xbfA;B", encoding_rs::UTF_8).unwrap(), "A;B");
        assert_eq!(decoder("X", b"\xbd\xa4", encoding_rs::ISO_8859_15).unwrap(), "œ€");
        let faute = decoder("X", b"A;B\n1;caf\xe9\n", encoding_rs::UTF_8).unwrap_err();
        assert_eq!((faute.ligne, faute.colonne), (2, 2));
        assert!(faute.raison.contains("iso-8859-15"));
    }

    #[test]
    fn whatever_a_label_holds_survives_a_round_trip() {
        // Every label of awkward shape, quoted as RFC 4180 says.
        for label in ["\"", "\"\"", "a\"b", ";", "\r", "\n", "\r\n", "\u{feff}", "\0", "ﷺ", "=1+1", " "] {
            let texte = format!("A;B\n1;\"{}\"\n", label.replace('"', "\"\""));
            assert_eq!(tout(&texte).unwrap()[0].1[1], label, "{label:?}");
        }
    }
}
