use std::borrow::Cow;
use std::io::Read as _;
use std::path::Path;

use encoding_rs::Encoding;
use kernel::{Outage, OutageKind};

use super::catalogue;
use super::copie::{self, BonneCopie};
use super::csv::{self, Lecteur, Malformation};
use super::doublons::{Conflit, Grille, departager};
use super::manifeste::{Manifeste, TableAnnoncee, hexadecimal};
use super::panne;
use super::rows::{Ligne, Rejet};
use super::tables::{
    Annee, Composante, Diplome, Element, Enregistrement, Etape, Heures, LienElementListe, LienEtapeListe,
    LienListeElement, Liste, Nature, Rattachement, VersionDEtape, VersionDeDiplome,
};

/// The offer, read from the held copy.
#[derive(Clone, Debug)]
pub struct Contenu {
    /// The manifest of the set.
    pub manifeste: Manifeste,
    /// Identity of the content: see [`Manifeste::empreinte`].
    pub empreinte: String,
    /// ANNEE_UNI.
    pub annees: Vec<Annee>,
    /// COMPOSANTE.
    pub composantes: Vec<Composante>,
    /// NATURE_ELP.
    pub natures: Vec<Nature>,
    /// DIPLOME.
    pub diplomes: Vec<Diplome>,
    /// VERSION_DIPLOME.
    pub versions_diplome: Vec<VersionDeDiplome>,
    /// ETAPE.
    pub etapes: Vec<Etape>,
    /// VERSION_ETAPE.
    pub versions_etape: Vec<VersionDEtape>,
    /// VDI_FRACTIONNER_VET.
    pub rattachements: Vec<Rattachement>,
    /// LISTE_ELP.
    pub listes: Vec<Liste>,
    /// ELEMENT_PEDAGOGI.
    pub elements: Vec<Element>,
    /// VET_REGROUPE_LSE.
    pub liens_etape: Vec<LienEtapeListe>,
    /// LSE_REGROUPE_ELP.
    pub liens_liste: Vec<LienListeElement>,
    /// ELP_REGROUPE_LSE.
    pub liens_element: Vec<LienElementListe>,
    /// ELP_CHG_TYP_HEU.
    pub heures: Vec<Heures>,
    /// What was read of each table.
    pub lues: Vec<Lue>,
    /// Rows set aside.
    pub rejets: Vec<Rejet>,
    /// Rows of one key that contradict each other.
    pub conflits: Vec<Conflit>,
}

/// What was read of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lue {
    /// Table.
    pub table: &'static str,
    /// Rows of the file.
    pub lignes: u64,
    /// Rows that repeat another exactly.
    pub identiques: u64,
}

/// What the reading gathers besides rows.
#[derive(Default)]
struct Constats {
    lues: Vec<Lue>,
    rejets: Vec<Rejet>,
    conflits: Vec<Conflit>,
}

impl Contenu {
    /// Reads the held copy, table by table. Blocking and heavy: call it from a thread made for that.
    ///
    /// # Errors
    /// When a file of the copy was altered since it was brought, lacks a key column, or is malformed.
    pub fn lire(bonne: &BonneCopie) -> Result<Self, Outage> {
        let a_lire = catalogue::a_lire(&bonne.manifeste)?;
        let mut constats = Constats::default();
        let c = &mut constats;
        Ok(Self {
            empreinte: bonne.manifeste.empreinte(&a_lire),
            annees: lire_table(bonne, c)?,
            composantes: lire_table(bonne, c)?,
            natures: lire_table(bonne, c)?,
            diplomes: lire_table(bonne, c)?,
            versions_diplome: lire_table(bonne, c)?,
            etapes: lire_table(bonne, c)?,
            versions_etape: lire_table(bonne, c)?,
            rattachements: lire_table(bonne, c)?,
            listes: lire_table(bonne, c)?,
            elements: lire_table(bonne, c)?,
            liens_etape: lire_table(bonne, c)?,
            liens_liste: lire_table(bonne, c)?,
            liens_element: lire_table(bonne, c)?,
            heures: lire_table(bonne, c)?,
            lues: constats.lues,
            rejets: constats.rejets,
            conflits: constats.conflits,
            manifeste: bonne.manifeste.clone(),
        })
    }

    /// Whether the set holds no link at all: a catalogue, shown flat.
    #[must_use]
    pub fn est_plat(&self) -> bool {
        !self.manifeste.tables.contains_key(LienEtapeListe::TABLE)
    }
}

fn lire_table<T: Enregistrement>(bonne: &BonneCopie, constats: &mut Constats) -> Result<Vec<T>, Outage> {
    let Some(annoncee) = bonne.manifeste.tables.get(T::TABLE) else { return Ok(Vec::new()) };
    let octets = contenu_verifie(&bonne.fichier(T::TABLE), T::TABLE, annoncee)?;
    lire_lignes(T::TABLE, &octets, bonne.manifeste.encodage()?, constats)
}

fn lire_lignes<T: Enregistrement>(
    table: &'static str,
    octets: &[u8],
    encodage: &'static Encoding,
    constats: &mut Constats,
) -> Result<Vec<T>, Outage> {
    let fichier = format!("{table}.csv");
    let texte = csv::decoder(&fichier, octets, encodage).map_err(|m| malforme(table, &m))?;
    let mut lecteur = Lecteur::ouvrir(&fichier, &texte).map_err(|m| malforme(table, &m))?;
    let places: Vec<Option<usize>> =
        T::COLONNES.iter().map(|colonne| lecteur.entete().iter().position(|c| c == colonne)).collect();
    let sans_cle: Vec<&str> = std::iter::zip(T::COLONNES, &places)
        .take(T::CLE)
        .filter_map(|(colonne, place)| place.is_none().then_some(*colonne))
        .collect();
    if !sans_cle.is_empty() {
        return Err(panne(
            table,
            OutageKind::Incoherente,
            format!(
                "La table {table} n'a pas de colonne {} (ligne 1 : {}).",
                sans_cle.join(", "),
                lecteur.entete().join(";")
            ),
            "Ajoutez cette colonne au script d'extraction et relancez-le.",
        ));
    }
    let mut grille =
        Grille { largeur: T::COLONNES.len(), cle: T::CLE, cellules: Vec::new(), numeros: Vec::new() };
    let mut champs = Vec::new();
    while let Some(numero) = lecteur.suivant(&mut champs).map_err(|m| malforme(table, &m))? {
        grille.numeros.push(numero);
        for place in &places {
            let cellule = place.and_then(|i| champs.get_mut(i)).map(std::mem::take);
            grille.cellules.push(cellule.unwrap_or(Cow::Borrowed("")));
        }
    }
    let doublons = departager(T::TABLE, T::COLONNES, &mut grille);
    let mut ecartees = doublons.ecartees.iter().copied().peekable();
    let mut lignes = Vec::with_capacity(grille.numeros.len());
    for (rang, numero) in grille.numeros.iter().enumerate() {
        if ecartees.next_if_eq(&rang).is_some() {
            continue;
        }
        match T::lire(&mut Ligne::new(T::TABLE, T::COLONNES, grille.ligne(rang), *numero)) {
            Ok(ligne) => lignes.push(ligne),
            Err(rejet) => constats.rejets.push(*rejet),
        }
    }
    constats.lues.push(Lue {
        table: T::TABLE,
        lignes: grille.numeros.len() as u64,
        identiques: doublons.identiques,
    });
    constats.conflits.extend(doublons.conflits);
    Ok(lignes)
}

/// The refusal of a malformed file.
pub(super) fn malforme(table: &str, malformation: &Malformation) -> Outage {
    panne(
        table,
        OutageKind::Incoherente,
        format!("Le fichier est malformé : {malformation}. Le jeu entier est refusé."),
        "Corrigez cette ligne dans le script d'extraction ou à la source, puis relancez l'extraction.",
    )
}

/// The bytes of a file of the held copy, decompressed, once they proved to be those that the manifest announced.
pub(super) fn contenu_verifie(
    chemin: &Path,
    table: &str,
    annoncee: &TableAnnoncee,
) -> Result<Vec<u8>, Outage> {
    let bruts = std::fs::read(chemin).map_err(|e| copie::echec(chemin, &e))?;
    let trouvee = empreinte(&bruts);
    let conforme = trouvee.eq_ignore_ascii_case(&annoncee.sha256);
    let octets = decompresser(bruts).map_err(|e| copie::echec(chemin, &e))?;
    if conforme || empreinte(&octets).eq_ignore_ascii_case(&annoncee.sha256) {
        return Ok(octets);
    }
    Err(panne(
        table,
        OutageKind::Incoherente,
        format!(
            "La copie locale de la table {table} a été modifiée depuis son rapatriement : empreinte attendue {}, \
             trouvée {trouvee}.",
            annoncee.sha256
        ),
        "Supprimez le dossier de copie de l'extraction ; il sera reconstitué à la prochaine collecte.",
    ))
}

/// SHA-256 in hexadecimal.
pub(super) fn empreinte(octets: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    hexadecimal(&Sha256::digest(octets))
}

/// A table above this size is not one: it stops a compressed file from filling the memory.
const TAILLE_MAX: u64 = 1 << 30;

/// The content of a gzip file, told by its first bytes rather than by its name; anything else as it is.
pub(super) fn decompresser(octets: Vec<u8>) -> std::io::Result<Vec<u8>> {
    if !octets.starts_with(&[0x1f, 0x8b]) {
        return Ok(octets);
    }
    let mut clairs = Vec::with_capacity(octets.len() * 4);
    let lus =
        flate2::read::MultiGzDecoder::new(octets.as_slice()).take(TAILLE_MAX).read_to_end(&mut clairs)?;
    if lus as u64 == TAILLE_MAX {
        return Err(std::io::Error::other("le fichier décompressé dépasse 1 Gio"));
    }
    Ok(clairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lire<T: Enregistrement>(texte: &str) -> (Result<Vec<T>, Outage>, Constats) {
        let mut constats = Constats::default();
        let lignes = lire_lignes(T::TABLE, texte.as_bytes(), encoding_rs::UTF_8, &mut constats);
        (lignes, constats)
    }

    #[test]
    fn columns_come_in_any_order_and_unknown_ones_are_ignored() {
        let (lignes, _) = lire::<Element>(
            "NBR_CRD_ELP;X;LIB_ELP;COD_ELP;TEM_SUS_ELP\n6,5;?;Droit;E\u{a0}1;N\n0;;Rien;E2;O\n",
        );
        let lignes = lignes.unwrap();
        assert_eq!(lignes[0].code, CodeElementTest::from("E\u{a0}1"));
        assert_eq!(lignes[0].ects, Some(kernel::Centi(650)));
        assert_eq!(lignes[1].ects, Some(kernel::Centi::ZERO));
        assert_eq!((lignes[1].suspendu, lignes[1].nature.clone()), (Some(true), None));
    }
    use kernel::CodeElement as CodeElementTest;

    #[test]
    fn one_bad_value_sets_one_row_aside() {
        let (lignes, constats) = lire::<LienEtapeListe>(
            "COD_ETP;COD_VRS_VET;COD_LSE;NBR_MIN_ELP_OBL_CHX_VET;DAT_FRM_REL_LSE_VET\n\
             L1;100;A;1;\nL1;100;B;un;\nL1;100;C;;31/02/2024\nL1;;D;;\n",
        );
        assert_eq!(lignes.unwrap().len(), 1);
        let vus: Vec<_> =
            constats.rejets.iter().map(|r| (r.ligne, r.colonne.as_str(), r.valeur.as_str())).collect();
        assert_eq!(
            vus,
            [
                (3, "NBR_MIN_ELP_OBL_CHX_VET", "un"),
                (4, "DAT_FRM_REL_LSE_VET", "31/02/2024"),
                (5, "COD_VRS_VET", "")
            ]
        );
    }

    #[test]
    fn a_missing_key_column_refuses_the_table_and_shows_its_header() {
        let (lignes, _) = lire::<Etape>("LIB_ETP\nDroit\n");
        let refus = lignes.unwrap_err();
        assert!(refus.detail.contains("COD_ETP") && refus.detail.contains("LIB_ETP"), "{}", refus.detail);
    }

    #[test]
    fn a_malformed_line_is_named() {
        let (lignes, _) = lire::<Etape>("COD_ETP;LIB_ETP\nA;Droit\nB;Chimie;trop\n");
        assert!(lignes.unwrap_err().detail.contains("ETAPE.csv, ligne 3, colonne 2 (LIB_ETP)"));
    }

    #[test]
    fn gzip_is_known_by_its_bytes_and_a_cut_one_is_an_error() {
        use std::io::Write as _;
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(b"COD_ETP\nA\n").unwrap();
        let gz = gz.finish().unwrap();
        assert_eq!(decompresser(gz.clone()).unwrap(), b"COD_ETP\nA\n");
        assert!(decompresser(gz[..gz.len() - 4].to_vec()).is_err());
        assert_eq!(decompresser(b"A;B".to_vec()).unwrap(), b"A;B");
    }
}
