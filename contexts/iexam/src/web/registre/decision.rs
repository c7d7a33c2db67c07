//! What the registry may decide of a registration, as its state allows.

use ::web::components::Field;

use super::une::Envoi;
use crate::domain::periode::Periode;
use crate::domain::registre::Verbe;
use crate::store::inscription::Inscription;

/// The registry's verbs that its state allows.
pub(super) struct Decider {
    pub(super) verifier: bool,
    pub(super) reprendre: bool,
    pub(super) renvoi: Option<Field>,
    pub(super) annulation: Option<Field>,
    pub(super) retablir: bool,
    pub(super) suivante: String,
}

pub(super) fn decider(
    i: &Inscription,
    p: &Periode,
    envoi: &Envoi,
    faute: &impl Fn(&str) -> Option<String>,
    suivante: String,
) -> Decider {
    let permis = |v: Verbe| v.permis(i.etat, p.etat).is_ok();
    let motif = |nom: &'static str, aide: &str| {
        Field::text(nom, "Motif")
            .lines(2)
            .help(aide)
            .maxlength(500)
            .required()
            .value(envoi.get(nom).cloned().unwrap_or_default())
            .error(faute(nom))
    };
    Decider {
        verifier: permis(Verbe::Verifier) && !i.demande_en_attente,
        reprendre: permis(Verbe::Reprendre),
        renvoi: permis(Verbe::Renvoyer)
            .then(|| motif("renvoi", "L’étudiant le lira dans un courriel ; sa place est gardée.")),
        annulation: permis(Verbe::Annuler).then(|| {
            motif(
                "annulation",
                "La place est rendue, et ce qui a été payé devient un trop perçu, à rembourser.",
            )
        }),
        retablir: permis(Verbe::Retablir),
        suivante,
    }
}
