//! A Kofr that speaks of the first element of the small offer.

use serde_json::json;

use super::{Banc, liste};

/// Kofr gives that element these ECTS and this label.
pub fn kofr(banc: &Banc, ects: &str, libelle: &str) {
    let etape =
        json!({ "id": "k1", "code_etape": "L1DRO", "version_etape": "1", "libelle": "L1 Droit", "rang": 1 });
    let mut detail = etape.clone();
    detail["blocs"] = json!([{ "id": "b1", "libelle": "UE", "type": "O", "elements": [
        { "id": "e1", "code_elp": "E000", "nature": "UE", "libelle": libelle, "rang": 1, "ects": ects,
          "heures": { "cm": "12.00" }, "groupes": {}, "langue": "fr", "mccc": [], "blocs": [] },
    ] }]);
    let maquettes =
        json!([{ "annee_debut": 2019, "annee_fin": 2023, "libelle": "2019–2024", "etat": "active" }]);
    let formations = json!([{ "id": "f1", "libelle": "Licence Droit", "regimes": [], "etapes": [etape] }]);
    banc.rest.lock().unwrap().extend([
        ("api/v1/maquettes".to_owned(), liste(maquettes)),
        ("api/v1/maquettes/2019/formations".to_owned(), liste(formations)),
        ("api/v1/maquettes/2019/etapes/k1".to_owned(), Some(detail)),
    ]);
}
