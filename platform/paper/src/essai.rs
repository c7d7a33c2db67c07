//! The test bench of documents: a folder `template.typ`, `sample.json`, `expected.txt`, `expected.png`.
//!
//! `expected.txt` is every word, where it stands on the page; `expected.png` every page, one under the other. Both are committed and
//! looked at: `TELEMAQUE_ACCEPTER_DOCUMENTS=1 cargo nextest run …` writes them again. Needs `pdftotext` and `pdftoppm` (poppler-utils).

use std::io::{BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{Paper, Pdf, Pieces, Template};

/// Dots an inch of the accepted picture: enough to see that a block has moved, few enough to be committed.
const POINTS: &str = "60";

/// Grey levels that may differ without anybody seeing it.
const ECART: u8 = 64;

/// Share of the dots that may differ, in ten-thousandths: two versions of the same fonts' renderer.
const DIFFERENTS: usize = 30;

/// Renders the sample of a folder and compares it with what was accepted; the document itself, for further looks at it.
///
/// # Errors
/// A sentence that says what differs, or what is missing.
pub fn verifier(dossier: &Path, template: &Template, pieces: &Pieces) -> Result<Pdf, String> {
    let lu = |nom: &str| {
        std::fs::read_to_string(dossier.join(nom))
            .map_err(|err| format!("{}/{nom} : {err}", dossier.display()))
    };
    let data: Value =
        serde_json::from_str(&lu("sample.json")?).map_err(|err| format!("sample.json : {err}"))?;
    let pdf = Paper::get().render(template, &data, pieces).map_err(|err| err.to_string())?;
    if !pdf.conforme {
        return Err("le document ne garde pas les normes PDF/A-2a et PDF/UA-1".to_owned());
    }
    let mots = texte(&pdf.octets)?;
    let vue = image(&pdf.octets)?;
    if std::env::vars_os().any(|(nom, _)| nom == "TELEMAQUE_ACCEPTER_DOCUMENTS") {
        let ecrit = |nom: &str, octets: &[u8]| {
            std::fs::write(dossier.join(nom), octets).map_err(|err| format!("{nom} : {err}"))
        };
        ecrit("expected.txt", mots.as_bytes())?;
        ecrit("expected.png", &vue.png()?)?;
        return Ok(pdf);
    }
    let accepte = lu("expected.txt")?;
    if accepte != mots {
        let (ligne, avant, apres) = premiere_difference(&accepte, &mots);
        return Err(format!(
            "{} : les mots ont changé, ligne {ligne} : « {avant} » devient « {apres} »",
            dossier.display()
        ));
    }
    let acceptee = Image::lire(&dossier.join("expected.png"))?;
    let differents = vue.differents(&acceptee)?;
    if differents > DIFFERENTS {
        return Err(format!("{} : l’image a changé ({differents} points sur 10 000)", dossier.display()));
    }
    Ok(pdf)
}

/// The words of a document, laid out as on its pages.
///
/// # Errors
/// When `pdftotext` is not there or refuses.
pub fn texte(pdf: &[u8]) -> Result<String, String> {
    let sortie = filtrer("pdftotext", &["-layout", "-enc", "UTF-8", "-", "-"], pdf)?;
    String::from_utf8(sortie).map_err(|err| err.to_string())
}

fn premiere_difference<'a>(accepte: &'a str, obtenu: &'a str) -> (usize, &'a str, &'a str) {
    let (mut avant, mut apres) = (accepte.lines(), obtenu.lines());
    let mut n = 1;
    loop {
        match (avant.next(), apres.next()) {
            (Some(a), Some(b)) if a == b => n += 1,
            (a, b) => return (n, a.unwrap_or_default().trim(), b.unwrap_or_default().trim()),
        }
    }
}

fn filtrer(commande: &str, options: &[&str], entree: &[u8]) -> Result<Vec<u8>, String> {
    let absent = |err| format!("{commande} (Debian : poppler-utils) : {err}");
    let mut enfant = Command::new(commande)
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(absent)?;
    // Poppler reads the whole file before it writes: nothing can wait for the other here.
    if let Some(mut stdin) = enfant.stdin.take() {
        stdin.write_all(entree).map_err(absent)?;
    }
    let fini = enfant.wait_with_output().map_err(absent)?;
    if fini.status.success() {
        Ok(fini.stdout)
    } else {
        Err(format!("{commande} : {}", String::from_utf8_lossy(&fini.stderr)))
    }
}

/// Pages in grey, one under the other.
#[derive(Debug, PartialEq, Eq)]
pub struct Image {
    /// Width in dots.
    pub largeur: usize,
    /// One byte a dot, line by line.
    pub gris: Vec<u8>,
}

/// The pages of a document as a picture of 60 dots an inch.
///
/// # Errors
/// When `pdftoppm` is not there or refuses.
pub fn image(pdf: &[u8]) -> Result<Image, String> {
    image_a(pdf, POINTS)
}

/// The same, at another number of dots an inch.
///
/// # Errors
/// Those of [`image`].
pub fn image_a(pdf: &[u8], points: &str) -> Result<Image, String> {
    let pages = filtrer("pdftoppm", &["-gray", "-r", points, "-"], pdf)?;
    let mut image = Image { largeur: 0, gris: Vec::new() };
    let mut reste = pages.as_slice();
    while !reste.is_empty() {
        let (largeur, page, suite) = pgm(reste).ok_or("pdftoppm : image illisible")?;
        if image.largeur != 0 && image.largeur != largeur {
            return Err("les pages n’ont pas toutes la même largeur".to_owned());
        }
        image.largeur = largeur;
        image.gris.extend_from_slice(page);
        reste = suite;
    }
    Ok(image)
}

/// The first picture of a PGM stream: `P5 largeur hauteur 255`, a blank, the dots.
fn pgm(flux: &[u8]) -> Option<(usize, &[u8], &[u8])> {
    let (mut mots, mut rang) = (Vec::new(), 0);
    while mots.len() < 4 {
        let mot: Vec<u8> =
            flux.get(rang..)?.iter().copied().take_while(|b| !b.is_ascii_whitespace()).collect();
        rang += mot.len() + 1;
        mots.push(String::from_utf8(mot).ok()?);
    }
    let nombre = |n: usize| mots.get(n)?.parse::<usize>().ok();
    let (largeur, hauteur) = (nombre(1)?, nombre(2)?);
    if mots.first()? != "P5" || nombre(3)? != 255 {
        return None;
    }
    let corps = flux.get(rang..)?;
    Some((largeur, corps.get(..largeur * hauteur)?, corps.get(largeur * hauteur..)?))
}

impl Image {
    /// Height in dots.
    #[must_use]
    pub fn hauteur(&self) -> usize {
        self.gris.len().checked_div(self.largeur).unwrap_or_default()
    }

    fn png(&self) -> Result<Vec<u8>, String> {
        let cote = |n: usize| u32::try_from(n).map_err(|err| err.to_string());
        let mut out = Vec::new();
        let mut encodeur = png::Encoder::new(&mut out, cote(self.largeur)?, cote(self.hauteur())?);
        encodeur.set_color(png::ColorType::Grayscale);
        encodeur.set_compression(png::Compression::High);
        let mut ecrivain = encodeur.write_header().map_err(|err| err.to_string())?;
        ecrivain.write_image_data(&self.gris).map_err(|err| err.to_string())?;
        ecrivain.finish().map_err(|err| err.to_string())?;
        Ok(out)
    }

    fn lire(chemin: &Path) -> Result<Self, String> {
        let refus = |err: String| format!("{} : {err}", chemin.display());
        let fichier = std::fs::File::open(chemin).map_err(|err| refus(err.to_string()))?;
        let mut lecteur =
            png::Decoder::new(BufReader::new(fichier)).read_info().map_err(|err| refus(err.to_string()))?;
        let taille = lecteur.output_buffer_size().ok_or_else(|| refus("image trop grande".to_owned()))?;
        let mut gris = vec![0; taille];
        let infos = lecteur.next_frame(&mut gris).map_err(|err| refus(err.to_string()))?;
        if infos.color_type != png::ColorType::Grayscale {
            return Err(refus("image en couleurs".to_owned()));
        }
        gris.truncate(infos.buffer_size());
        Ok(Self { largeur: infos.width as usize, gris })
    }

    /// Dots that differ visibly, in ten-thousandths.
    fn differents(&self, autre: &Self) -> Result<usize, String> {
        if (self.largeur, self.gris.len()) != (autre.largeur, autre.gris.len()) {
            return Err("l’image n’a plus les mêmes dimensions : une page de plus ou de moins".to_owned());
        }
        let n = self.gris.iter().zip(&autre.gris).filter(|(a, b)| a.abs_diff(**b) > ECART).count();
        Ok(n * 10_000 / self.gris.len().max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_of_pictures_is_read_one_after_the_other() {
        let flux = b"P5\n2 1\n255\n\x00\x0aP5\n2 1\n255\n\x01\x02";
        let (largeur, page, suite) = pgm(flux).unwrap();
        assert_eq!((largeur, page), (2, &[0_u8, 10][..]));
        assert_eq!(pgm(suite).unwrap().1, [1, 2]);
        assert!(pgm(b"P6\n2 1\n255\n").is_none() && pgm(b"P5\n2 2\n255\n\x00").is_none());
    }

    #[test]
    fn a_moved_block_is_seen_and_a_shade_is_not() {
        let blanc = Image { largeur: 10, gris: vec![255; 1000] };
        let mut nuance = Image { largeur: 10, gris: vec![230; 1000] };
        assert_eq!(blanc.differents(&nuance), Ok(0));
        nuance.gris[..100].fill(0);
        assert_eq!(blanc.differents(&nuance), Ok(1000));
        assert!(blanc.differents(&Image { largeur: 10, gris: vec![255; 500] }).is_err());
    }

    #[test]
    fn the_first_changed_line_is_shown() {
        assert_eq!(premiere_difference("a\nb\nc", "a\n x\nc"), (2, "b", "x"));
        assert_eq!(premiere_difference("a", "a\nb"), (2, "", "b"));
    }
}
