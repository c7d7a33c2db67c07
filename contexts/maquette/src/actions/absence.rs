//! « Pourquoi absent ? »: finds everything that the path of a code is made of.

use contracts::liens::EtatDesSources;
use db::DbError;
use db::sea_orm::ConnectionTrait;
use kernel::{AnneeUniversitaire, Source};

use super::Outils;
use crate::domain::absence::{Chemin, Derniere, Ecartee, SourceConnue, Tenue, Trouve, chemin};
use crate::domain::ecarte::RegleEcart;
use crate::domain::{Genre, Portee};
use crate::store::absence::{CHERCHES, anomalies, completer, semblables, tenues};
use crate::store::collecte::collecte_fin;
use crate::store::ecarte::ecarte_find;
use crate::store::maquette::annees_tenues;

/// Rows of the year whose reasons are looked for.
const DETAILLEES: usize = 12;

/// Into what the person who asks may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Droits {
    /// Students.
    pub etudiants: bool,
    /// Teachers.
    pub enseignants: bool,
}

impl Droits {
    /// Everything: who has the server has the data.
    pub const TOUT: Self = Self { etudiants: true, enseignants: true };

    fn permet(self, genre: Genre) -> bool {
        match genre {
            Genre::Etudiant => self.etudiants,
            Genre::Enseignant => self.enseignants,
            _ => true,
        }
    }
}

/// What was typed: a code, and a version when one follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demande {
    /// The code, as typed but for the spaces around it.
    pub code: String,
    /// Its version.
    pub version: Option<String>,
}

impl Demande {
    /// Reads `5UFER1`, `5UFER1/101` or `5UFER1 · 101`. Spaces within a code are part of it.
    #[must_use]
    pub fn lire(texte: &str) -> Self {
        let texte = texte.trim_matches([' ', '\t', '\n', '\r']);
        for separateur in [" · ", "/"] {
            if let Some((code, version)) = texte.split_once(separateur)
                && !code.is_empty()
                && !version.is_empty()
            {
                return Self { code: code.to_owned(), version: Some(version.to_owned()) };
            }
        }
        Self { code: texte.to_owned(), version: None }
    }

    /// Whether it is written as student numbers are.
    #[must_use]
    pub fn numero_etudiant(&self) -> bool {
        self.version.is_none() && self.code.len() == 8 && self.code.bytes().all(|b| b.is_ascii_digit())
    }

    /// As one would type it again.
    #[must_use]
    pub fn texte(&self) -> String {
        match &self.version {
            Some(version) => format!("{}/{version}", self.code),
            None => self.code.clone(),
        }
    }
}

/// The path of a code, out of what is held and of what the last collection left out. No source is asked.
///
/// # Errors
/// Those of the database.
pub async fn chercher(
    outils: &Outils,
    etats: &dyn EtatDesSources,
    annee: AnneeUniversitaire,
    demande: &Demande,
    droits: Droits,
) -> Result<Chemin, DbError> {
    let mut trouve = outils.db.read(|c| async move { trouver(&c, annee, demande, droits).await }).await?;
    let etats = etats.etats().await;
    let voulues = voulues(&trouve, demande);
    trouve.sources = etats
        .into_iter()
        .filter(|e| voulues.contains(&e.source))
        .map(|e| SourceConnue {
            nom: e.source.libelle(),
            en_marche: e.en_marche,
            detail: e.detail,
            le: e.verifie_le,
        })
        .collect();
    Ok(chemin(&demande.texte(), annee, &trouve))
}

/// Kinds found, whether held or left out.
fn genres(t: &Trouve) -> impl Iterator<Item = Genre> + '_ {
    t.tenues.iter().map(|l| l.genre).chain(t.ecartees.iter().map(|e| e.ecarte.genre))
}

/// The sources that could say something of the code.
fn voulues(t: &Trouve, demande: &Demande) -> Vec<Source> {
    let mut voulues: Vec<Source> = genres(t).map(|g| g.description().source).collect();
    let de_kofr = |e: &Ecartee| matches!(e.ecarte.regle, RegleEcart::CodeInconnu | RegleEcart::SansCode);
    if t.ecartees.iter().any(de_kofr) {
        voulues.push(Source::Kofr);
    }
    if voulues.is_empty() {
        voulues = if demande.numero_etudiant() {
            vec![Source::Apogee]
        } else {
            vec![Source::Extraction, Source::Kofr, Source::Eve]
        };
    }
    voulues
}

async fn trouver<C: ConnectionTrait>(
    conn: &C,
    annee: AnneeUniversitaire,
    demande: &Demande,
    droits: Droits,
) -> Result<Trouve, DbError> {
    let mut t = Trouve::default();
    let mut annees = annees_tenues(conn).await?;
    if !annees.contains(&annee.premiere()) {
        annees.push(annee.premiere());
    }
    let (code, version) = (demande.code.as_str(), demande.version.as_deref());
    for genre in CHERCHES.into_iter().filter(|g| droits.permet(*g)) {
        if version.is_none() || genre.description().cle.len() > 1 {
            t.tenues.extend(tenues(conn, genre, &annees, code, version).await?);
        }
    }
    t.tenues.sort_by(|a, b| b.annee.cmp(&a.annee).then_with(|| a.genre.cmp(&b.genre)));
    let ici = annee.premiere();
    for l in t.tenues.iter_mut().filter(|l| l.annee == ici).take(DETAILLEES) {
        completer(conn, l).await?;
    }
    // What is open comes first: an étape is held even when one of its versions is gone.
    t.tenues.sort_by_key(|l| (l.annee != ici, l.ferme_le.is_some()));
    let mut autres = Vec::new();
    for e in ecarte_find(conn, ici, code).await? {
        // A rejected row is known by its first cell alone.
        let exact = e.ecarte.code() == code
            && version.is_none_or(|v| {
                e.ecarte.regle == RegleEcart::LigneRejetee || e.ecarte.cle.split(" · ").nth(1) == Some(v)
            });
        if !droits.permet(e.ecarte.genre) {
            continue;
        }
        if exact {
            t.ecartees.push(Ecartee { ecarte: e.ecarte, collecte: e.collecte });
        } else if e.ecarte.code() != code {
            autres.push(e.ecarte.code().to_owned());
        }
    }
    // The most particular rule first: that of the object itself before those of its versions.
    t.ecartees.sort_by_key(|e| (e.ecarte.regle == RegleEcart::LigneContradictoire, e.ecarte.genre));
    if !t.tenues.iter().any(|l| l.annee == ici && l.ferme_le.is_none()) {
        for genre in CHERCHES.into_iter().filter(|g| droits.permet(*g)) {
            t.semblables.extend(semblables(conn, genre, ici, code).await?);
        }
        t.semblables.extend(autres);
        t.semblables.sort();
        t.semblables.dedup();
    }
    if let Some(l) = t.tenues.first().filter(|l| l.annee == ici) {
        t.anomalies = anomalies(conn, ici, l.genre, &l.cle_lisible()).await?;
    }
    t.dernieres = dernieres(conn, annee, &t, demande).await?;
    if !droits.etudiants && demande.numero_etudiant() {
        t.interdits.push("les étudiants");
    }
    if !droits.enseignants && t.tenues.is_empty() && t.ecartees.is_empty() && !demande.numero_etudiant() {
        t.interdits.push("les enseignants");
    }
    Ok(t)
}

async fn dernieres<C: ConnectionTrait>(
    conn: &C,
    annee: AnneeUniversitaire,
    t: &Trouve,
    demande: &Demande,
) -> Result<Vec<Derniere>, DbError> {
    let personne = |g: Genre| matches!(g, Genre::Etudiant | Genre::Enseignant);
    let trouves: Vec<Genre> = genres(t).collect();
    let rien = trouves.is_empty();
    let offre = trouves.iter().any(|g| !personne(*g)) || (rien && !demande.numero_etudiant());
    let personnes = trouves.iter().any(|g| personne(*g)) || rien;
    let mut dernieres = Vec::new();
    for (voulue, partie, quoi) in
        [(offre, Portee::Offre, "L’offre"), (personnes, Portee::Personnes, "Les personnes")]
    {
        if voulue {
            dernieres.push(Derniere { quoi, le: collecte_fin(conn, partie, annee).await? });
        }
    }
    Ok(dernieres)
}

/// Whether a version of étape is held, open, in a year; and if not, the rule that left it out.
///
/// # Errors
/// Those of the database.
pub(super) async fn etape_tenue<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    etape: &str,
    version: &str,
) -> Result<(bool, Option<String>), DbError> {
    let tenues: Vec<Tenue> = tenues(conn, Genre::VersionEtape, &[annee], etape, Some(version)).await?;
    if tenues.iter().any(|l| l.ferme_le.is_none()) {
        return Ok((true, None));
    }
    let cle = format!("{etape} · {version}");
    let ecartees = ecarte_find(conn, annee, etape).await?;
    let raison = ecartees.into_iter().find(|e| e.ecarte.cle == cle).map(|e| e.ecarte.phrase());
    Ok((false, raison))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read_without_losing_a_space() {
        let lire = |t: &str| {
            let d = Demande::lire(t);
            (d.code, d.version)
        };
        assert_eq!(lire(" 5UFER1/101 "), ("5UFER1".into(), Some("101".into())));
        assert_eq!(lire("5UFER1 · 101"), ("5UFER1".into(), Some("101".into())));
        assert_eq!(lire("IFD\u{a0}E01"), ("IFD\u{a0}E01".into(), None));
        assert_eq!(lire("IFD E02"), ("IFD E02".into(), None));
        assert_eq!(lire("/101"), ("/101".into(), None));
        assert!(Demande::lire("21900001").numero_etudiant());
        assert!(!Demande::lire("2190000A").numero_etudiant());
    }
}
