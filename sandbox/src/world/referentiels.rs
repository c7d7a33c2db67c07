//! Nomenclatures of the establishment: components, natures, periods, regimes, signatories, centres.

use kernel::{AnneeUniversitaire, CodeComposante};

use super::{Annee, Centre, Composante, EtatAnnee, Libelle, Nature, Signataire, TypeDiplome};

fn libelle(code: &str, long: &str, court: &str, en_service: bool) -> Libelle {
    Libelle { code: code.to_owned(), libelle: long.to_owned(), libelle_court: court.to_owned(), en_service }
}

/// Years from `premiere` to `derniere`, before any state is decided.
pub(super) fn annees(premiere: u16, derniere: u16) -> Vec<Annee> {
    let ferme = EtatAnnee::Fermee;
    let annees = (premiere..=derniere).filter_map(AnneeUniversitaire::new);
    annees.map(|annee| Annee { annee, etat_iae: ferme, etat_ipe: ferme, etat_res: ferme }).collect()
}

/// Code, label, short label, parent, type with its label, address, in service.
type ComposanteRow = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    &'static str,
    &'static str,
    bool,
);

pub(super) fn composantes() -> Vec<Composante> {
    let rows: &[ComposanteRow] = &[
        ("UFC", "Université de Franche-Comté", "UFC", None, "UNI", "Université", "1 RUE GOUDIMEL", true),
        (
            "SED",
            "SUP-FC, formation continue et à distance",
            "SUP-FC",
            Some("UFC"),
            "SER",
            "Service commun",
            "36A AVENUE DE L OBSERVATOIRE",
            true,
        ),
        (
            "CTU",
            "Centre de télé-enseignement universitaire",
            "CTU",
            Some("SED"),
            "SER",
            "Service commun",
            "36A AVENUE DE L OBSERVATOIRE",
            true,
        ),
        (
            "DRO",
            "UFR Sciences juridiques, économiques, politiques et de gestion",
            "SJEPG",
            Some("UFC"),
            "UFR",
            "UFR",
            "45D AVENUE DE L OBSERVATOIRE",
            true,
        ),
        (
            "LET",
            "UFR Sciences du langage, de l'homme et de la société",
            "SLHS",
            Some("UFC"),
            "UFR",
            "UFR",
            "30 RUE MEGEVAND",
            true,
        ),
        ("SCT", "UFR Sciences et techniques", "ST", Some("UFC"), "UFR", "UFR", "16 ROUTE DE GRAY", true),
        (
            "IAE",
            "IAE Franche-Comté",
            "IAE",
            Some("UFC"),
            "INS",
            "Institut",
            "45D AVENUE DE L OBSERVATOIRE",
            true,
        ),
        (
            "ESP",
            "Institut national supérieur du professorat et de l'éducation",
            "INSPE",
            Some("UFC"),
            "INS",
            "Institut",
            "57 AVENUE DE MONTJOUX",
            true,
        ),
        (
            "IPA",
            "Institut de préparation à l'administration",
            "IPAG",
            Some("DRO"),
            "INS",
            "Institut",
            "45D AVENUE DE L OBSERVATOIRE",
            false,
        ),
    ];
    let composante = |r: &ComposanteRow| Composante {
        code: CodeComposante::from(r.0),
        libelle: r.1.to_owned(),
        libelle_court: r.2.to_owned(),
        libelle_web: r.1.to_owned(),
        parent: r.3.map(CodeComposante::from),
        rne: (r.0 == "UFC").then(|| String::from("0251215K")),
        type_code: r.4.to_owned(),
        type_libelle: r.5.to_owned(),
        signataire: Some(String::from(if matches!(r.0, "SED" | "CTU") { "DIRSED" } else { "PRESID" })),
        adresse: r.6.to_owned(),
        code_postal: String::from("25000"),
        code_commune: String::from("25056"),
        en_service: r.7,
    };
    rows.iter().map(composante).collect()
}

pub(super) fn natures() -> Vec<Nature> {
    let rows: &[(&str, &str, &str, bool, bool)] = &[
        ("SEM", "Semestre", "Semestre", true, false),
        ("UE", "Unité d'enseignement", "UE", true, false),
        ("EC", "Élément constitutif", "EC", true, false),
        ("MOD", "Module annuel", "Module", true, false),
        ("BLOC", "Bloc de compétences", "Bloc", true, false),
        ("OPT", "Option", "Option", true, false),
        ("STAG", "Stage", "Stage", true, false),
        ("FICM", "Fictif mutualisé", "Fictif mut", true, true),
        ("CHOI", "Élément à choix", "Choix", false, true),
    ];
    let nature = |(code, libelle, court, en_service, fictif): &(&str, &str, &str, bool, bool)| Nature {
        code: (*code).into(),
        libelle: (*libelle).to_owned(),
        libelle_court: (*court).to_owned(),
        en_service: *en_service,
        fictif: *fictif,
        semestre: *code == "SEM",
        ue: *code == "UE",
    };
    rows.iter().map(nature).collect()
}

pub(super) fn periodes() -> Vec<Libelle> {
    let mut rows: Vec<Libelle> = (1..=10)
        .map(|n| libelle(&format!("S{n}"), &format!("Semestre {n}"), &format!("S{n}"), true))
        .collect();
    if let Some(last) = rows.last_mut() {
        // COD_PEL holds two characters: the tenth semester is written without its letter.
        last.code = String::from("10");
    }
    rows.push(libelle("AN", "Enseignement toute l'année", "Année", true));
    rows
}

pub(super) fn types_diplome() -> Vec<TypeDiplome> {
    let rows = [
        ("XB", "Licence"),
        ("XA", "Master"),
        ("AC", "Diplôme d'accès aux études universitaires"),
        ("CA", "Capacité en droit"),
        ("DU", "Diplôme d'université"),
    ];
    rows.iter().map(|(c, l)| TypeDiplome { code: (*c).to_owned(), libelle: (*l).to_owned() }).collect()
}

pub(super) fn regimes() -> Vec<Libelle> {
    vec![
        libelle("1", "Formation initiale hors apprentissage", "Form. initiale", true),
        libelle("2", "Formation continue diplômante financée", "FC financée", true),
        libelle("3", "Reprise d'études non financée sans convention", "Reprise études", true),
        libelle("4", "Contrat d'apprentissage", "Apprentissage", true),
        libelle("5", "Formation continue hors contrat de professionnalisation", "FC hors contrat", true),
        libelle("6", "Contrat de professionnalisation", "Contrat pro", true),
        libelle("9", "NE PLUS UTILISER", "NE PLUS UTIL.", false),
    ]
}

pub(super) fn signataires() -> Vec<Signataire> {
    let rows = [
        ("DIRSED", "Madame Anne-Laure VIENNET", "La directrice de SUP-FC", true),
        ("PRESID", "Monsieur Étienne MARCHAND", "Le président de l'université", true),
        ("ANCDIR", "Monsieur Paul GROSJEAN", "Le directeur du SEDI", false),
    ];
    let signataire = |(code, nom, qualite, en_service): &(&str, &str, &str, bool)| Signataire {
        code: (*code).to_owned(),
        nom: (*nom).to_owned(),
        qualite: (*qualite).to_owned(),
        en_service: *en_service,
    };
    rows.iter().map(signataire).collect()
}

pub(super) fn centres() -> Vec<Centre> {
    let rows = [
        ("SED", "SUP-FC", true),
        ("CTU", "Centre de télé-enseignement", true),
        ("ANC", "Ancien centre", false),
    ];
    rows.iter()
        .map(|(c, l, s)| Centre { code: (*c).to_owned(), libelle: (*l).to_owned(), en_service: *s })
        .collect()
}
