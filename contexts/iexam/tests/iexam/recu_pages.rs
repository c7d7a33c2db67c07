//! The receipt over pages: whatever its length, what is left to know stands with the account, and no group is split.

use chrono::{TimeZone as _, Utc};
use iexam::domain::recu::{Epreuve, LigneDite, Recu};
use iexam::paper::recu::rendre;
use paper::Etablissement;

/// A receipt of so many épreuves, of names as long as they come.
fn recu(epreuves: usize) -> Recu {
    let libelle = |n: usize| match n % 3 {
        0 => format!("Droit des obligations et de la responsabilité civile contractuelle, partie {n}"),
        1 => format!("Histoire {n}"),
        _ => format!("Économie politique et comptabilité nationale {n}"),
    };
    Recu {
        numero: "2024-P1-000123-1".into(),
        periode: "P1 2024/2025".into(),
        periode_libelle: "Première période d’examens".into(),
        etudiant: "22000001".into(),
        nom: "Jeanne N'Guyen-Đặng".into(),
        etapes: vec!["Licence 1 Droit".into()],
        etabli_le: "lundi 2 décembre 2024 à 12 h 00".into(),
        modalite: Some("Centre d’examen à l’étranger".into()),
        centre: Some("Centre de Nouméa, Nouméa (Nouvelle-Calédonie)".into()),
        passees: (1..=epreuves)
            .map(|n| Epreuve {
                libelle: libelle(n),
                quand: "vendredi 10 janvier 2025 à 9 h 00".into(),
                la_bas: Some("vendredi 10 janvier 2025 à 19 h 00, heure locale de Nouméa".into()),
                duree: Some("3 h".into()),
            })
            .collect(),
        lignes: std::iter::once(LigneDite {
            libelle: "Centre d’examen à l’étranger, part fixe".into(),
            detail: String::new(),
            montant: "60,00 €".into(),
        })
        .chain((1..=epreuves).map(|n| LigneDite {
            libelle: libelle(n),
            detail: "3 h à 12,50 € l’heure".into(),
            montant: "37,50 €".into(),
        }))
        .collect(),
        total: "97,50 €".into(),
        total_cents: 9750,
        consignes: "Présentez une pièce d’identité en cours de validité. Les candidats sont attendus trente minutes avant le début de la première \
                    épreuve ; aucun retardataire n’est admis après l’ouverture des sujets."
            .into(),
        pieces: vec!["Copie d’une pièce d’identité".into(), "Accord du consulat".into()],
        ..Recu::default()
    }
}

#[tokio::test]
async fn what_is_left_to_know_is_never_alone_on_a_page() {
    let le = Utc.with_ymd_and_hms(2024, 12, 2, 11, 0, 0).unwrap();
    let etablissement = Etablissement { nom: "Service de formation à distance".into(), lignes: Vec::new() };
    for epreuves in [1, 3, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 60] {
        let pdf = rendre(&recu(epreuves), &etablissement, "https://telemaque.exemple.fr", le).await.unwrap();
        assert!(pdf.conforme, "{epreuves}");
        let mots = paper::essai::texte(&pdf.octets).unwrap();
        let pages: Vec<&str> = mots.trim_end_matches('\u{c}').split('\u{c}').collect();
        let derniere = pages.last().unwrap();
        for groupe in ["Total", "Documents à envoyer", "À savoir", "aucun retardataire", "Ce reçu dit"] {
            assert!(derniere.contains(groupe), "{epreuves} épreuves, « {groupe} » : {derniere}");
        }
        assert!(
            derniere.contains("37,50 €"),
            "{epreuves} épreuves: at least a line of the account is with its total\n{derniere}"
        );
        // The title of the account never stands at the foot of a page without one of its lines.
        let titre = pages.iter().find(|page| page.lines().any(|l| l.trim() == "Montant")).unwrap();
        assert!(titre.contains("part fixe"), "{epreuves} épreuves: {titre}");
        // Each épreuve is whole where it stands: its name, its date and its hour over there on one page.
        for page in &pages {
            assert_eq!(page.matches("(Besançon)").count(), page.matches("heure locale").count(), "{page}");
        }
    }
}
