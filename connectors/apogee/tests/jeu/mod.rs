//! A small extraction written to a folder, that tests then break.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

pub struct Jeu {
    dossier: tempfile::TempDir,
    tables: BTreeMap<String, serde_json::Value>,
    encodage: Option<String>,
}

impl Jeu {
    /// One diploma, one étape whose code has a no-break and a last space, one list, two elements.
    pub fn arbre() -> Self {
        let mut jeu = Self { dossier: tempfile::tempdir().unwrap(), tables: BTreeMap::new(), encodage: None };
        for (nom, texte) in [
            ("ANNEE_UNI", "COD_ANU;LIB_ANU;ETA_ANU_IAE\r\n2024;2024/2025;O\r\n"),
            ("NATURE_ELP", "COD_NEL;LIB_NEL;TEM_FICTIF\nUE;UE;N\n"),
            ("DIPLOME", "COD_DIP;LIB_DIP\nD1;Licence\n"),
            ("VERSION_DIPLOME", "COD_DIP;COD_VRS_VDI;DAA_DEB_RCT_VDI;DAA_FIN_RCT_VDI\nD1;100;2019;9999\n"),
            ("ETAPE", "COD_ETP;LIB_ETP\nL1\u{a0}D ;Licence 1\n"),
            ("VERSION_ETAPE", "COD_ETP;COD_VRS_VET;TEM_TLS_VET\nL1\u{a0}D ;100;O\n"),
            ("VDI_FRACTIONNER_VET", "COD_DIP;COD_VRS_VDI;COD_ETP;COD_VRS_VET\nD1;100;L1\u{a0}D ;100\n"),
            ("LISTE_ELP", "COD_LSE;COD_TYP_LSE;ETA_LSE;LIB_LSE\nA;O;O;Obligatoires\n"),
            ("ELEMENT_PEDAGOGI", "COD_ELP;LIB_ELP;COD_NEL;NBR_CRD_ELP\nE1;Droit;UE;\nE2;Obligations;UE;0\n"),
            ("VET_REGROUPE_LSE", "COD_ETP;COD_VRS_VET;COD_LSE\nL1\u{a0}D ;100;A\n"),
            ("LSE_REGROUPE_ELP", "COD_LSE;COD_ELP\nA;E1\nA;E2\n"),
            ("ELP_REGROUPE_LSE", "COD_ELP;COD_LSE;NUM_ORD_ERL\n"),
        ] {
            jeu.table(nom, texte);
        }
        jeu
    }

    pub fn dossier(&self) -> &Path {
        self.dossier.path()
    }

    /// Writes a table and announces it as it is.
    pub fn table(&mut self, nom: &str, texte: &str) {
        self.table_octets(nom, texte.as_bytes());
    }

    pub fn table_octets(&mut self, nom: &str, octets: &[u8]) {
        self.ecrire(&format!("{nom}.csv"), octets);
        let lignes = octets.iter().filter(|b| **b == b'\n').count().saturating_sub(1);
        self.annoncer(nom, lignes, octets);
    }

    fn annoncer(&mut self, nom: &str, lignes: usize, octets: &[u8]) {
        let sha256: String = Sha256::digest(octets).iter().map(|b| format!("{b:02x}")).collect();
        self.tables.insert(nom.to_owned(), serde_json::json!({ "lignes": lignes, "sha256": sha256 }));
        self.manifeste();
    }

    /// Removes a table from the manifest, and its file.
    pub fn retirer(&mut self, nom: &str) {
        self.tables.remove(nom);
        self.supprimer(&format!("{nom}.csv"));
        self.manifeste();
    }

    /// Writes a file without changing what the manifest announces.
    pub fn ecrire(&mut self, fichier: &str, octets: &[u8]) {
        std::fs::write(self.dossier().join(fichier), octets).unwrap();
    }

    pub fn supprimer(&mut self, fichier: &str) {
        std::fs::remove_file(self.dossier().join(fichier)).unwrap();
    }

    pub fn encodage(&mut self, nom: &str) {
        self.encodage = Some(nom.to_owned());
        self.manifeste();
    }

    /// Replaces `TABLE.csv` by `TABLE.csv.gz`; the manifest keeps the SHA-256 of the text.
    pub fn compresser(&mut self, nom: &str) {
        let simple = self.dossier().join(format!("{nom}.csv"));
        let octets = std::fs::read(&simple).unwrap();
        std::fs::remove_file(simple).unwrap();
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(&octets).unwrap();
        self.ecrire(&format!("{nom}.csv.gz"), &gz.finish().unwrap());
    }

    /// Cuts a compressed table and announces another content, so that it is asked again.
    pub fn tronquer_gz(&mut self, nom: &str) {
        let chemin = self.dossier().join(format!("{nom}.csv.gz"));
        let octets = std::fs::read(&chemin).unwrap();
        std::fs::write(&chemin, &octets[..octets.len() / 2]).unwrap();
        self.annoncer(nom, 3, b"another");
    }

    fn manifeste(&self) {
        let manifeste = serde_json::json!({
            "etablissement": "Université d'essai",
            "extrait_le": "2026-09-01T03:00:00+02:00",
            "encodage": self.encodage,
            "tables": self.tables,
        });
        std::fs::write(self.dossier().join("manifest.json"), manifeste.to_string()).unwrap();
    }
}

/// Real catalogues beside the workspace; a test skips, and says so, when they are absent.
pub fn donnees() -> Option<PathBuf> {
    let dossier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if dossier.is_dir() {
        return Some(dossier);
    }
    let _ = writeln!(std::io::stderr(), "skipped: no real catalogue beside the workspace");
    None
}
