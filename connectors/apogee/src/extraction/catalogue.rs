use super::manifeste::Manifeste;
use super::panne;
use kernel::{Outage, OutageKind};

/// What the absence of a table means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Categorie {
    /// Always needed.
    Requise,
    /// The tree: all of them or none. A catalogue without links is legal and shown flat.
    Structurelle,
    /// Used when present.
    Facultative,
}

/// A table that the reader knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableConnue {
    /// Apogée's name.
    pub nom: &'static str,
    /// What its absence means.
    pub categorie: Categorie,
}

const fn table(nom: &'static str, categorie: Categorie) -> TableConnue {
    TableConnue { nom, categorie }
}

/// Every table that is fetched and checked, in the order of reading. Others are ignored. Those that nothing reads yet are kept
/// with the rest, so that the held copy is the whole set.
pub const TABLES: [TableConnue; 20] = [
    table("ANNEE_UNI", Categorie::Requise),
    table("COMPOSANTE", Categorie::Facultative),
    table("NATURE_ELP", Categorie::Requise),
    table("PERIODE_ELP", Categorie::Facultative),
    table("DIPLOME", Categorie::Requise),
    table("VERSION_DIPLOME", Categorie::Structurelle),
    table("ETAPE", Categorie::Requise),
    table("VERSION_ETAPE", Categorie::Structurelle),
    table("VDI_FRACTIONNER_VET", Categorie::Structurelle),
    table("LISTE_ELP", Categorie::Structurelle),
    table("ELEMENT_PEDAGOGI", Categorie::Requise),
    table("VET_REGROUPE_LSE", Categorie::Structurelle),
    table("LSE_REGROUPE_ELP", Categorie::Structurelle),
    table("ELP_REGROUPE_LSE", Categorie::Structurelle),
    table("ELP_CHG_TYP_HEU", Categorie::Facultative),
    table("ELP_CORRESPOND_ELP", Categorie::Facultative),
    table("ELP_PORTEUR_PORTE", Categorie::Facultative),
    table("EPREUVE", Categorie::Facultative),
    table("EPR_SANCTIONNE_ELP", Categorie::Facultative),
    table("SIGNATAIRE", Categorie::Facultative),
];

/// The tables of TABLES that the manifest announces.
///
/// # Errors
/// [`OutageKind::Incoherente`] when a needed table is missing, or when the tree is there in part; the missing ones are named.
pub(super) fn a_lire(manifeste: &Manifeste) -> Result<Vec<&'static str>, Outage> {
    let absentes = |categorie: Categorie| {
        TABLES
            .iter()
            .filter(|t| t.categorie == categorie && !manifeste.tables.contains_key(t.nom))
            .map(|t| t.nom)
            .collect::<Vec<_>>()
    };
    let mut manquantes = absentes(Categorie::Requise);
    let structurelles = absentes(Categorie::Structurelle);
    let toutes = TABLES.iter().filter(|t| t.categorie == Categorie::Structurelle).count();
    if structurelles.len() < toutes {
        manquantes.extend(structurelles);
    }
    if !manquantes.is_empty() {
        let (sujet, verbe) =
            if manquantes.len() == 1 { ("La table", "manque") } else { ("Les tables", "manquent") };
        return Err(panne(
            manquantes.join(", "),
            OutageKind::Incoherente,
            format!(
                "{sujet} {} {verbe} au manifeste de l'extraction : le jeu entier est refusé.",
                manquantes.join(", ")
            ),
            "Complétez le script d'extraction avec ces tables, relancez-le, puis recommencez la collecte.",
        ));
    }
    Ok(TABLES.iter().map(|t| t.nom).filter(|nom| manifeste.tables.contains_key(*nom)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifeste(noms: &[&str]) -> Manifeste {
        let tables: Vec<_> =
            noms.iter().map(|n| format!(r#""{n}":{{"lignes":0,"sha256":"{}"}}"#, "0".repeat(64))).collect();
        Manifeste::lire(format!(r#"{{"tables":{{{}}}}}"#, tables.join(",")).as_bytes()).unwrap()
    }

    const PLAT: [&str; 5] = ["ANNEE_UNI", "DIPLOME", "ETAPE", "ELEMENT_PEDAGOGI", "NATURE_ELP"];

    #[test]
    fn a_flat_catalogue_is_legal() {
        assert_eq!(a_lire(&manifeste(&PLAT)).unwrap().len(), 5);
    }

    #[test]
    fn missing_tables_are_all_named() {
        let refus = a_lire(&manifeste(&["ANNEE_UNI", "DIPLOME", "ETAPE"])).unwrap_err();
        assert_eq!(refus.quoi, "NATURE_ELP, ELEMENT_PEDAGOGI");
        assert_eq!(refus.kind, OutageKind::Incoherente);
    }

    #[test]
    fn half_a_tree_is_refused_and_names_the_other_half() {
        let mut noms = PLAT.to_vec();
        noms.extend([
            "VERSION_DIPLOME",
            "VERSION_ETAPE",
            "VDI_FRACTIONNER_VET",
            "LISTE_ELP",
            "VET_REGROUPE_LSE",
        ]);
        let refus = a_lire(&manifeste(&noms)).unwrap_err();
        assert_eq!(refus.quoi, "LSE_REGROUPE_ELP, ELP_REGROUPE_LSE");
        assert!(refus.detail.contains("manquent"), "{}", refus.detail);
    }

    #[test]
    fn unknown_tables_are_ignored() {
        let mut noms = PLAT.to_vec();
        noms.push("RESULTAT_ELP");
        assert!(!a_lire(&manifeste(&noms)).unwrap().contains(&"RESULTAT_ELP"));
    }
}
