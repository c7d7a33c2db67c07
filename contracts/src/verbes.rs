//! What each verb that exams write in the journal is called: one list, read by the pages of the journal and by the history of each
//! thing. A test of exams holds it to what their actions write.

/// Code in the journal, what is said where any object may be meant, what is said on the page of the object itself.
const EXAMENS: &[(&str, &str, &str)] = &[
    ("amenagement.modifier", "Aménagement modifié", "Modification"),
    ("amenagement.poser", "Aménagement ajouté", "Ajout"),
    ("amenagement.rendre", "Aménagement remis en vigueur", "Remis en vigueur"),
    ("amenagement.retirer", "Aménagement retiré", "Retrait"),
    ("centre_examen.accorder", "Accord d’un centre enregistré", "Accord"),
    ("centre_examen.ajouter", "Centre ajouté à une période", "Ajouté à une période"),
    ("centre_examen.creer", "Centre créé", "Création"),
    ("centre_examen.expedier", "Colis expédié", "Colis expédié"),
    ("centre_examen.fermer", "Fermeture d’un centre annoncée", "Fermeture annoncée"),
    ("centre_examen.modifier", "Centre modifié", "Modification"),
    ("centre_examen.retirer", "Centre retiré d’une période", "Retiré d’une période"),
    ("centre_examen.rouvrir", "Fermeture d’un centre retirée", "Fermeture retirée"),
    ("centre_examen.suivre_colis", "Colis suivi", "Colis suivi"),
    ("cloture_examen.clore", "Journée de caisse close", "Journée de caisse close"),
    ("epreuve.annuler", "Épreuve annulée", "Annulation"),
    ("epreuve.creer", "Épreuve créée", "Création"),
    ("epreuve.decaler", "Épreuve décalée", "Décalage"),
    ("epreuve.mettre-en-salle", "Salles d’une épreuve changées", "Salles changées"),
    ("epreuve.modifier", "Épreuve modifiée", "Modification"),
    ("epreuve.retablir", "Épreuve rétablie", "Rétablissement"),
    ("epreuve.retarder", "Retard d’un centre signalé", "Retard signalé"),
    ("import_epreuves.abandonner", "Fichier d’épreuves oublié", "Fichier d’épreuves oublié"),
    ("import_epreuves.appliquer", "Épreuves importées d’un fichier", "Épreuves importées d’un fichier"),
    ("import_epreuves.deposer", "Fichier d’épreuves envoyé", "Fichier d’épreuves envoyé"),
    ("inscription_examen.accepter", "Changement d’inscription accepté", "Demande acceptée"),
    ("inscription_examen.annuler", "Inscription aux examens annulée", "Annulée"),
    ("inscription_examen.demander", "Modification d’inscription demandée", "Changement demandé"),
    ("inscription_examen.enregistrer", "Brouillon d’inscription enregistré", "Brouillon enregistré"),
    ("inscription_examen.refuser", "Changement d’inscription refusé", "Demande refusée"),
    ("inscription_examen.relancer", "Étudiant relancé", "Étudiant relancé"),
    ("inscription_examen.renvoyer", "Inscription aux examens renvoyée", "Renvoyée pour correction"),
    ("inscription_examen.reprendre", "Vérification reprise", "Vérification reprise"),
    ("inscription_examen.retablir", "Inscription aux examens rétablie", "Rétablie"),
    ("inscription_examen.retirer_demande", "Demande de modification retirée", "Demande retirée"),
    (
        "inscription_examen.suivre",
        "Inscription aux examens mise à jour par son compte",
        "État mis à jour par le paiement",
    ),
    ("inscription_examen.valider", "Inscription aux examens validée", "Validée par l’étudiant"),
    ("inscription_examen.verifier", "Inscription aux examens vérifiée", "Vérifiée"),
    ("modalite_examen.creer", "Modalité créée", "Création"),
    ("modalite_examen.modifier", "Modalité modifiée", "Modification"),
    ("modalite_examen.rattacher", "Centres d’une modalité changés", "Centres changés"),
    ("modalite_examen.retirer_tarif", "Tarif retiré", "Tarif retiré"),
    ("modalite_examen.tarifer", "Tarif ajouté", "Tarif ajouté"),
    ("paiement_examen.commencer", "Paiement en ligne commencé", "Paiement en ligne commencé"),
    ("paiement_examen.corriger", "Écriture corrigée", "Écriture corrigée"),
    ("paiement_examen.encaisser", "Paiement encaissé", "Paiement enregistré"),
    ("paiement_examen.exonerer", "Exonération", "Exonération"),
    ("paiement_examen.notifier", "Paiement notifié par la banque", "Paiement notifié par la banque"),
    ("paiement_examen.rembourser", "Remboursement", "Remboursement enregistré"),
    ("periode_examen.avancer", "Période passée à l’étape suivante", "Étape suivante"),
    ("periode_examen.dater", "Dates d’une période changées", "Dates changées"),
    ("periode_examen.depublier", "Publication des modalités retirée", "Publication retirée"),
    ("periode_examen.deroger", "Dérogation signée", "Dérogation signée"),
    ("periode_examen.offrir", "Offre d’une période changée", "Offre changée"),
    ("periode_examen.ouvrir", "Période d’examens ouverte", "Ouverture"),
    ("periode_examen.publier", "Modalités publiées", "Modalités publiées"),
    ("periode_examen.reculer", "Période ramenée à l’étape précédente", "Retour en arrière"),
    ("periode_examen.retirer_derogation", "Dérogation retirée", "Dérogation retirée"),
    ("salle_examen.creer", "Salle créée", "Salle créée"),
    ("salle_examen.modifier", "Salle modifiée", "Salle modifiée"),
];

/// Every code of the list.
pub fn codes() -> impl Iterator<Item = &'static str> {
    EXAMENS.iter().map(|(code, ..)| *code)
}

/// The verb where any object may be meant: « Épreuve annulée ».
#[must_use]
pub fn dit(code: &str) -> Option<&'static str> {
    EXAMENS.iter().find(|(c, ..)| *c == code).map(|(_, dit, _)| *dit)
}

/// The verb on the page of its object: « Annulation ». A code that is not listed is shown as it is written, never hidden.
#[must_use]
pub fn court(code: &str) -> String {
    let listee = EXAMENS.iter().find(|(c, ..)| *c == code).map(|(.., court)| (*court).to_owned());
    listee.unwrap_or_else(|| code.rsplit('.').next().unwrap_or(code).replace(['_', '-'], " "))
}
