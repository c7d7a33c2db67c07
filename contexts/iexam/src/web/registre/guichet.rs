//! The forms that write in the ledger of a registration: cash, refund, exempt.

use ::web::components::{Checkbox, Field, Select};
use ::web::{Frame, Vu};

use super::une::Envoi;
use crate::Iexam;
use crate::domain::ecriture::Moyen;
use crate::store::inscription::Inscription;

/// The ledger's forms.
pub(super) struct Caisse {
    pub(super) encaisser: Option<(Field, Select, Field, Checkbox, String)>,
    pub(super) rembourser: Option<(Field, Select, Field, Checkbox, String)>,
    pub(super) exonerer: Option<(Field, Field, String)>,
}

/// A key of this form alone, so that it is written once however often it is sent.
pub(super) fn cle_unique(iexam: &Iexam, frame: &Frame, quoi: &str, id: i64) -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static RANG: AtomicU64 = AtomicU64::new(0);
    let rang = RANG.fetch_add(1, Ordering::Relaxed).to_string();
    let instant = iexam.clock.now().timestamp_nanos_opt().unwrap_or_default().to_string();
    let marque = Vu::of([frame.csrf(), quoi, &id.to_string(), &rang, &instant]).value();
    marque.trim_end_matches(".0").to_owned()
}

pub(super) fn caisse(
    iexam: &Iexam,
    frame: &Frame,
    i: &Inscription,
    paye: i64,
    envoi: &Envoi,
    faute: &impl Fn(&str) -> Option<String>,
) -> Caisse {
    let tape = |nom: &str, sinon: String| envoi.get(nom).cloned().unwrap_or(sinon);
    let montant = |nom: &'static str, sinon: kernel::Cents| {
        let sinon = if sinon.0 > 0 { sinon.saisie() } else { String::new() };
        Field::text(nom, "Montant en euros")
            .value(tape(nom, sinon))
            .maxlength(14)
            .autocomplete("off")
            .required()
            .error(faute(nom))
    };
    let moyens = |nom: &'static str, en_ligne: bool| {
        let connus = Moyen::ALL.into_iter().filter(|m| en_ligne || *m != Moyen::EnLigne);
        let options = connus.map(|m| {
            let mot = if m == Moyen::EnLigne {
                "Recrédit de la carte, fait sur le site de la banque"
            } else {
                m.libelle()
            };
            (m.code(), mot)
        });
        Select::new(nom, "Moyen", options)
            .selected(tape(nom, Moyen::Cheque.code().to_owned()))
            .error(faute(nom))
    };
    let reference = |nom: &'static str| {
        Field::text(nom, "Numéro du chèque ou référence")
            .value(tape(nom, String::new()))
            .maxlength(60)
            .autocomplete("off")
            .error(faute(nom))
    };
    let coche = |nom: &'static str, mot: &str| {
        Checkbox::new(nom, mot).checked(envoi.get(nom).is_some_and(|v| v == "oui"))
    };
    let cle = |quoi: &str, nom: &str| {
        envoi.get(nom).cloned().unwrap_or_else(|| cle_unique(iexam, frame, quoi, i.id))
    };
    let du = i.etat != crate::domain::inscription::EtatInscription::Brouillon;
    Caisse {
        encaisser: du.then(|| {
            (
                montant("paiement_montant", i.solde),
                moyens("paiement_moyen", false),
                reference("paiement_reference"),
                coche("paiement_au_dela", "J’ai bien reçu plus que le reste à payer"),
                cle("encaisser", "paiement_cle"),
            )
        }),
        rembourser: (paye > 0).then(|| {
            (
                montant("remboursement_montant", -i.solde),
                moyens("remboursement_moyen", true),
                reference("remboursement_reference"),
                coche("remboursement_au_dela", "Je rembourse plus que le trop perçu"),
                cle("rembourser", "remboursement_cle"),
            )
        }),
        exonerer: (i.solde.0 > 0).then(|| {
            (
                montant("exoneration_montant", i.solde),
                Field::text("exoneration_motif", "Motif de l’exonération")
                    .value(tape("exoneration_motif", String::new()))
                    .maxlength(500)
                    .required()
                    .error(faute("exoneration_motif")),
                cle("exonerer", "exoneration_cle"),
            )
        }),
    }
}
