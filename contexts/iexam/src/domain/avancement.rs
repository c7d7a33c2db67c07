//! What must hold before a period moves to its next state, or comes back to the one before.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{date_francaise, heure_de_besancon, instant_francais};

use super::horloge::{Aiguille, Echeance};
use super::inscription::EtatInscription;
use super::periode::{EtatPeriode, Periode};
use super::periode_dates::Dates;

/// What a period holds, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constat {
    /// Épreuves that are not cancelled.
    pub epreuves: u64,
    /// Of those that are convoked, without a day.
    pub epreuves_sans_date: u64,
    /// Without a duration.
    pub epreuves_sans_duree: u64,
    /// On a day outside those of the period.
    pub epreuves_hors_dates: u64,
    /// When the first starts.
    pub premiere: Option<DateTime<Utc>>,
    /// When the last ends, extra time aside.
    pub derniere_fin: Option<DateTime<Utc>>,
    /// Labels of the modalities offered.
    pub offertes: Vec<String>,
    /// Of those without a tariff on the first day of the period.
    pub sans_tarif: Vec<String>,
    /// Of those that are sat in a centre and have none here.
    pub sans_centre: Vec<String>,
    /// Centres whose agreement is needed and not given.
    pub accords_attendus: u64,
    /// Registrations by state.
    pub inscriptions: BTreeMap<EtatInscription, u64>,
    /// Registrations that their student has confirmed at least once.
    pub validees_un_jour: u64,
    /// Final registrations with an épreuve that has no room.
    pub finales_sans_salle: u64,
    /// Final registrations whose centre has not agreed.
    pub finales_sans_accord: u64,
    /// Requests that wait for an answer.
    pub demandes: u64,
    /// Registrations that owe or are owed something.
    pub soldes: u64,
    /// Dates of the law that were answered for.
    pub derogations: Vec<Echeance>,
}

impl Constat {
    /// Registrations in one of these states.
    #[must_use]
    pub fn en(&self, etats: &[EtatInscription]) -> u64 {
        etats.iter().filter_map(|e| self.inscriptions.get(e)).sum()
    }

    /// The day of the first épreuve that is scheduled.
    #[must_use]
    pub fn premier_jour(&self) -> Option<NaiveDate> {
        self.premiere.map(|i| heure_de_besancon(i).date())
    }
}

/// How much a thing weighs on a change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Poids {
    /// It must be put right first.
    Bloque,
    /// It must be confirmed in so many words.
    Confirme,
    /// It is worth knowing.
    Avertit,
}

/// A thing to know before a change of state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frein {
    /// How much it weighs.
    pub poids: Poids,
    /// A French sentence.
    pub phrase: String,
}

fn frein(poids: Poids, phrase: impl Into<String>) -> Frein {
    Frein { poids, phrase: phrase.into() }
}

/// « 1 épreuve », « 3 épreuves ».
fn compte(n: u64, un: &str, plusieurs: &str) -> String {
    let n_dit = kernel::nombre_francais(i64::try_from(n).unwrap_or(i64::MAX));
    format!("{n_dit} {}", if n > 1 { plusieurs } else { un })
}

/// Gathers what holds, in the order in which it is said.
#[derive(Debug, Default)]
struct Freins(Vec<Frein>);

impl Freins {
    fn si(&mut self, vrai: bool, poids: Poids, phrase: impl FnOnce() -> String) {
        if vrai {
            self.0.push(frein(poids, phrase()));
        }
    }

    fn rendre(mut self) -> Vec<Frein> {
        self.0.sort_by_key(|f| f.poids);
        self.0
    }
}

/// Before the next state. Nothing when there is none.
#[must_use]
pub fn avancer(p: &Periode, c: &Constat, horloge: &[Aiguille], now: DateTime<Utc>) -> Vec<Frein> {
    use EtatInscription as I;
    use Poids::{Avertit, Bloque, Confirme};
    let mut f = Freins::default();
    let aujourd_hui = heure_de_besancon(now).date();
    match p.etat {
        EtatPeriode::Preparation => {
            f.si(c.epreuves == 0, Bloque, || {
                "Aucune épreuve n’existe encore\u{a0}: les étudiants n’auraient rien à choisir.".into()
            });
            f.si(c.offertes.is_empty(), Bloque, || {
                "Aucune modalité n’est offerte pour cette période.".into()
            });
            for libelle in &c.sans_tarif {
                f.si(true, Bloque, || {
                    format!(
                        "La modalité «\u{a0}{libelle}\u{a0}» n’a pas de tarif au {}.",
                        date_francaise(p.epreuves_debut)
                    )
                });
            }
            for libelle in &c.sans_centre {
                f.si(true, Bloque, || {
                    format!("La modalité «\u{a0}{libelle}\u{a0}» se passe dans un centre, et n’en a aucun pour cette période.")
                });
            }
            for faute in Dates::de(p).fautes() {
                f.si(true, Bloque, || faute.phrase);
            }
            f.si(p.inscriptions_fin <= now, Bloque, || {
                format!(
                    "Les inscriptions sont datées jusqu’au {}\u{a0}: c’est déjà passé.",
                    le(p.inscriptions_fin)
                )
            });
            if let Some(phrase) = Dates::de(p).hors_annee(p.annee) {
                f.si(true, Avertit, || phrase);
            }
            derogation(&mut f, horloge, Echeance::Modalites, "l’ouverture des inscriptions");
            f.si(
                p.modalites_publiees_le.is_none() && !manquee(horloge, Echeance::Modalites),
                Avertit,
                || "Les modalités ne sont pas encore publiées.".into(),
            );
            f.si(now < p.inscriptions_debut, Avertit, || {
                format!("Les étudiants ne pourront s’inscrire qu’à partir du {}.", le(p.inscriptions_debut))
            });
            f.si(c.epreuves_sans_date > 0, Avertit, || {
                format!(
                    "{} sans date.",
                    compte(c.epreuves_sans_date, "épreuve est encore", "épreuves sont encore")
                )
            });
            f.si(c.epreuves_sans_duree > 0, Avertit, || {
                let mots = compte(c.epreuves_sans_duree, "épreuve est encore", "épreuves sont encore");
                format!("{mots} sans durée\u{a0}: rien n’est facturé à l’heure avant qu’elle soit connue.")
            });
            hors_dates(&mut f, c);
            f.si(c.accords_attendus > 0, Avertit, || {
                format!("{} pas encore répondu.", compte(c.accords_attendus, "centre n’a", "centres n’ont"))
            });
        }
        EtatPeriode::Inscriptions => {
            f.si(now < p.inscriptions_fin, Confirme, || {
                format!(
                    "Les inscriptions sont annoncées jusqu’au {}\u{a0}: les fermer maintenant prive les étudiants de ce délai.",
                    le(p.inscriptions_fin)
                )
            });
            let brouillons = c.en(&[I::Brouillon]);
            f.si(brouillons > 0, Avertit, || {
                let un = "brouillon ne pourra plus être validé par son étudiant.";
                compte(brouillons, un, "brouillons ne pourront plus être validés par leurs étudiants.")
            });
        }
        EtatPeriode::Verification => {
            let a_verifier = c.en(&[I::Validee]);
            f.si(a_verifier > 0, Bloque, || {
                format!("{} à vérifier.", compte(a_verifier, "inscription reste", "inscriptions restent"))
            });
            let a_corriger = c.en(&[I::ACorriger]);
            f.si(a_corriger > 0, Bloque, || {
                format!(
                    "{} à corriger par l’étudiant.",
                    compte(a_corriger, "inscription reste", "inscriptions restent")
                )
            });
            f.si(c.finales_sans_salle > 0, Bloque, || {
                let un = "inscription définitive a une épreuve sans salle.";
                compte(c.finales_sans_salle, un, "inscriptions définitives ont une épreuve sans salle.")
            });
            f.si(c.finales_sans_accord > 0, Bloque, || {
                format!(
                    "{} un centre qui n’a pas donné son accord.",
                    compte(c.finales_sans_accord, "inscription définitive a", "inscriptions définitives ont")
                )
            });
            f.si(c.epreuves_sans_date > 0, Bloque, || {
                format!(
                    "{} sans date\u{a0}: on ne peut y convoquer personne.",
                    compte(c.epreuves_sans_date, "épreuve est", "épreuves sont")
                )
            });
            derogation(&mut f, horloge, Echeance::Convocations, "l’envoi des convocations");
            f.si(c.demandes > 0, Confirme, || {
                format!(
                    "{} sans réponse.",
                    compte(c.demandes, "demande de changement est", "demandes de changement sont")
                )
            });
            let impayees = c.en(&[I::Verifiee]);
            f.si(impayees > 0, Confirme, || {
                let un = "inscription vérifiée n’est pas payée en entier\u{a0}: elle ne sera pas convoquée.";
                let n = "inscriptions vérifiées ne sont pas payées en entier\u{a0}: elles ne seront pas convoquées.";
                compte(impayees, un, n)
            });
            let sans_centre = c.en(&[I::Payee]);
            f.si(sans_centre > 0, Confirme, || {
                format!(
                    "{} l’accord d’un centre.",
                    compte(sans_centre, "inscription payée attend", "inscriptions payées attendent")
                )
            });
            f.si(aujourd_hui < p.verification_fin, Avertit, || {
                format!("La vérification est prévue jusqu’au {}.", date_francaise(p.verification_fin))
            });
            hors_dates(&mut f, c);
        }
        EtatPeriode::Convocations => {
            let premiere = c.premier_jour().unwrap_or(p.epreuves_debut);
            f.si(aujourd_hui < premiere, Confirme, || {
                format!("La première épreuve n’a lieu que le {}.", date_francaise(premiere))
            });
        }
        EtatPeriode::Epreuves => {
            let fin = c.derniere_fin.filter(|fin| *fin > now);
            if let Some(fin) = fin {
                f.si(true, Bloque, || format!("La dernière épreuve finit le {}.", le(fin)));
            }
            f.si(fin.is_none() && aujourd_hui < p.fermeture_le, Confirme, || {
                format!("La clôture est annoncée pour le {}.", date_francaise(p.fermeture_le))
            });
            f.si(c.soldes > 0, Avertit, || {
                format!(
                    "{} un solde à encaisser ou à rembourser.",
                    compte(c.soldes, "inscription a", "inscriptions ont")
                )
            });
        }
        EtatPeriode::Cloturee => {
            f.si(c.soldes > 0, Bloque, || {
                format!(
                    "{} un solde à encaisser ou à rembourser\u{a0}: réglez-le ou exonérez-le d’abord.",
                    compte(c.soldes, "inscription a", "inscriptions ont")
                )
            });
            f.si(true, Confirme, || {
                "Une période archivée ne change plus, et ne revient pas en arrière.".into()
            });
        }
        EtatPeriode::Archivee => {}
    }
    f.rendre()
}

/// Before the state before.
#[must_use]
pub fn reculer(p: &Periode, c: &Constat, now: DateTime<Utc>) -> Vec<Frein> {
    use EtatInscription as I;
    use Poids::{Avertit, Bloque, Confirme};
    let mut f = Freins::default();
    match p.etat {
        EtatPeriode::Preparation => {}
        EtatPeriode::Inscriptions => {
            f.si(c.validees_un_jour > 0, Bloque, || {
                let mots = compte(
                    c.validees_un_jour,
                    "inscription a déjà été validée par son étudiant",
                    "inscriptions ont déjà été validées par leurs étudiants",
                );
                format!("{mots}\u{a0}: la période ne peut plus être cachée. Fermez les inscriptions si elles doivent s’arrêter.")
            });
            let brouillons = c.en(&[I::Brouillon]);
            f.si(brouillons > 0, Avertit, || {
                let un = "brouillon sera caché à son étudiant, et gardé.";
                compte(brouillons, un, "brouillons seront cachés à leurs étudiants, et gardés.")
            });
        }
        EtatPeriode::Verification => {
            f.si(p.inscriptions_fin <= now, Avertit, || {
                format!(
                    "La fenêtre d’inscription est finie depuis le {}\u{a0}: changez aussi sa fin pour que les étudiants puissent s’inscrire.",
                    le(p.inscriptions_fin)
                )
            });
            let faites = c.en(&[I::Verifiee, I::Payee, I::Finalisee]);
            f.si(faites > 0, Confirme, || {
                let un = "inscription est déjà vérifiée, et le reste.";
                compte(faites, un, "inscriptions sont déjà vérifiées, et le restent.")
            });
        }
        EtatPeriode::Convocations => {
            let finales = c.en(&[I::Finalisee]);
            f.si(finales > 0, Confirme, || {
                format!(
                    "{}\u{a0}: ce qui a déjà été envoyé n’est pas rappelé.",
                    compte(finales, "étudiant a pu être convoqué", "étudiants ont pu être convoqués")
                )
            });
        }
        EtatPeriode::Epreuves => {
            if let Some(premiere) = c.premiere.filter(|i| *i <= now) {
                f.si(true, Bloque, || {
                    format!(
                        "La première épreuve a commencé le {}\u{a0}: on ne revient plus avant elle.",
                        le(premiere)
                    )
                });
            }
        }
        EtatPeriode::Cloturee => {
            f.si(true, Confirme, || {
                "La période redevient modifiable\u{a0}; ce qui y changera sera au journal.".into()
            });
        }
        EtatPeriode::Archivee => {
            f.si(true, Bloque, || "Une période archivée est scellée\u{a0}: rien n’y change plus.".into());
        }
    }
    f.rendre()
}

fn le(instant: DateTime<Utc>) -> String {
    instant_francais(heure_de_besancon(instant))
}

fn manquee(horloge: &[Aiguille], echeance: Echeance) -> bool {
    horloge.iter().any(|a| a.echeance == echeance && a.manquee())
}

fn derogation(f: &mut Freins, horloge: &[Aiguille], echeance: Echeance, quoi: &str) {
    for a in horloge.iter().filter(|a| a.echeance == echeance && a.manquee()) {
        f.si(true, Poids::Bloque, || {
            format!("{} Motivez et signez une dérogation avant {quoi}.", a.phrase())
        });
    }
}

fn hors_dates(f: &mut Freins, c: &Constat) {
    f.si(c.epreuves_hors_dates > 0, Poids::Avertit, || {
        format!(
            "{} en dehors des jours de la période.",
            compte(c.epreuves_hors_dates, "épreuve est prévue", "épreuves sont prévues")
        )
    });
}

#[cfg(test)]
mod tests {
    use chrono::{Duration, TimeZone as _};
    use kernel::AnneeUniversitaire;

    use super::super::horloge::horloge;
    use super::*;

    fn jour(a: i32, m: u32, j: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(a, m, j).unwrap()
    }

    fn instant(m: u32, j: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(if m < 9 { 2025 } else { 2024 }, m, j, 11, 0, 0).unwrap()
    }

    fn periode(etat: EtatPeriode) -> Periode {
        Periode {
            id: 1,
            annee: AnneeUniversitaire::new(2024).unwrap(),
            code: "P1".into(),
            libelle: "Première période".into(),
            session: 1,
            etat,
            enseignement_debut: jour(2024, 9, 16),
            modalites_publiees_le: Some(instant(10, 1)),
            inscriptions_debut: instant(12, 1),
            inscriptions_fin: instant(12, 15),
            verification_fin: jour(2024, 12, 18),
            convocations_le: jour(2024, 12, 20),
            epreuves_debut: jour(2025, 1, 8),
            epreuves_fin: jour(2025, 1, 18),
            fermeture_le: jour(2025, 2, 1),
            ecart_min: 30,
            convoquee_le: None,
        }
    }

    fn complet() -> Constat {
        Constat {
            epreuves: 3,
            premiere: Some(instant(1, 8)),
            derniere_fin: Some(instant(1, 17)),
            offertes: vec!["Télé-examen".into()],
            ..Constat::default()
        }
    }

    fn bloquees(etat: EtatPeriode, c: &Constat, now: DateTime<Utc>) -> Vec<String> {
        let p = periode(etat);
        let h = horloge(&p, c.premier_jour(), &c.derogations, heure_de_besancon(now).date());
        let bloque = |f: &Frein| f.poids == Poids::Bloque;
        avancer(&p, c, &h, now).into_iter().filter(bloque).map(|f| f.phrase).collect()
    }

    #[test]
    fn registrations_open_on_something_to_choose_and_to_pay() {
        use EtatPeriode::Preparation;
        assert_eq!(bloquees(Preparation, &complet(), instant(12, 2)), [] as [String; 0]);
        assert_eq!(
            bloquees(Preparation, &Constat::default(), instant(12, 2)).len(),
            2,
            "no épreuve, no modality"
        );
        let sans =
            Constat { sans_tarif: vec!["Télé".into()], sans_centre: vec!["Campus".into()], ..complet() };
        assert_eq!(bloquees(Preparation, &sans, instant(12, 2)).len(), 2);
        let passee = bloquees(Preparation, &complet(), instant(12, 16));
        assert!(passee[0].contains("déjà passé"), "{passee:?}");
    }

    #[test]
    fn a_missed_date_of_the_law_asks_for_a_signature() {
        let c = complet();
        let tard = instant(12, 26);
        let refus = bloquees(EtatPeriode::Verification, &c, tard);
        assert!(refus.len() == 1 && refus[0].contains("signez une dérogation"), "{refus:?}");
        let signee = Constat { derogations: vec![Echeance::Convocations], ..c };
        assert_eq!(bloquees(EtatPeriode::Verification, &signee, tard), [] as [String; 0]);
    }

    #[test]
    fn nobody_is_convoked_before_each_is_verified_placed_and_agreed() {
        use EtatInscription as I;
        let now = instant(12, 19);
        for (etat, bloque) in
            [(I::Validee, 1), (I::ACorriger, 1), (I::Verifiee, 0), (I::Payee, 0), (I::Annulee, 0)]
        {
            let c = Constat { inscriptions: [(etat, 2)].into(), ..complet() };
            assert_eq!(bloquees(EtatPeriode::Verification, &c, now).len(), bloque, "{etat:?}");
        }
        let c = Constat { finales_sans_salle: 1, finales_sans_accord: 1, ..complet() };
        assert_eq!(bloquees(EtatPeriode::Verification, &c, now).len(), 2);
    }

    #[test]
    fn closing_registrations_early_is_said_and_confirmed() {
        let p = periode(EtatPeriode::Inscriptions);
        let freins = |now| avancer(&p, &complet(), &[], now);
        assert_eq!(freins(instant(12, 10)).first().map(|f| f.poids), Some(Poids::Confirme));
        assert_eq!(freins(p.inscriptions_fin), [], "the end itself is not included");
    }

    #[test]
    fn the_way_back_closes_once_something_real_happened() {
        let bloque =
            |etat, c: &Constat, now| reculer(&periode(etat), c, now).iter().any(|f| f.poids == Poids::Bloque);
        let validee = Constat { validees_un_jour: 1, ..complet() };
        assert!(!bloque(EtatPeriode::Inscriptions, &complet(), instant(12, 2)));
        assert!(bloque(EtatPeriode::Inscriptions, &validee, instant(12, 2)));
        assert!(!bloque(EtatPeriode::Verification, &validee, instant(12, 16)));
        assert!(!bloque(EtatPeriode::Epreuves, &complet(), instant(1, 8) - Duration::seconds(1)));
        assert!(bloque(EtatPeriode::Epreuves, &complet(), instant(1, 8)));
        assert!(!bloque(EtatPeriode::Cloturee, &complet(), instant(2, 1)));
        assert!(bloque(EtatPeriode::Archivee, &complet(), instant(2, 1)));
    }

    #[test]
    fn a_period_is_closed_after_its_last_exam_and_archived_once_settled() {
        assert_eq!(
            bloquees(EtatPeriode::Epreuves, &complet(), instant(1, 17) - Duration::seconds(1)).len(),
            1
        );
        assert_eq!(bloquees(EtatPeriode::Epreuves, &complet(), instant(1, 17)).len(), 0);
        let doit = Constat { soldes: 1, ..complet() };
        assert_eq!(bloquees(EtatPeriode::Cloturee, &doit, instant(2, 2)).len(), 1);
    }
}
