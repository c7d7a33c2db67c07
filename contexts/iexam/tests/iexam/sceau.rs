//! A closed period takes nothing but money and parcels, an archived one nothing at all: every verb is tried.

use std::collections::{BTreeMap, BTreeSet};

use crate::banc::{Banc, annee, banc, instant, jour, migrations, scolarite};
use contracts::maquette::ElementEvalue;
use db::sql::{count, select};
use db::{Db, DbError};
use iexam::actions::accorder::{Reponse, accorder, ajouter as accord_ajouter, retirer as accord_retirer};
use iexam::actions::amenager::ajouter as amenager;
use iexam::actions::annuler::{annuler, retablir};
use iexam::actions::colis_suivre::colis_suivre;
use iexam::actions::corriger::corriger;
use iexam::actions::demander::{Demandee, demander, retirer as demande_retirer};
use iexam::actions::deroger::{deroger, retirer as derogation_retirer};
use iexam::actions::encaisser::encaisser;
use iexam::actions::enregistrer::{Saisie as Brouillon, enregistrer};
use iexam::actions::epreuve_changer::{
    Saisie as SaisieEpreuve, Salles, ajouter as epreuve_ajouter, annuler as epreuve_annuler, decaler_jours,
    mettre_en_salle, modifier as epreuve_modifier, retarder,
};
use iexam::actions::epreuve_poser::fiches;
use iexam::actions::epreuves_creer::creer as epreuves_creer;
use iexam::actions::epreuves_importer::{abandonner, appliquer, deposer};
use iexam::actions::epreuves_repartir::repartir;
use iexam::actions::exonerer::{exonerer, exonerer_tout};
use iexam::actions::inscrire::{Relecture, valider};
use iexam::actions::modalite_offrir::offrir;
use iexam::actions::modalites_publier::publier;
use iexam::actions::payer_en_ligne::a_payer;
use iexam::actions::periode_avancer::{Pas, avancer};
use iexam::actions::periode_dater::dater;
use iexam::actions::rembourser::rembourser;
use iexam::actions::renvoyer::{relancer, renvoyer};
use iexam::actions::tenir::Saisie;
use iexam::actions::trancher::{Decide, accepter, refuser};
use iexam::actions::verifier::{reprendre, verifier};
use iexam::domain::amenagement_regles::Saisie as Arrangement;
use iexam::domain::centre::{Colis, EtatAccord, Sens};
use iexam::domain::demande::Voulu;
use iexam::domain::ecriture::Moyen;
use iexam::domain::epreuve::Nature;
use iexam::domain::horloge::Echeance;
use iexam::domain::inscription::Decision;
use iexam::domain::periode::EtatPeriode;
use iexam::domain::periode_dates::Dates;
use iexam::domain::sceau::Geste;
use iexam::store::offre::{Offerte, offre_list};
use iexam::store::periode::periode_read;
use kernel::{Actor, Cents, Fault, NumeroEtudiant};

const ACTEUR: Actor = Actor::Commande;

/// A period with something of everything in it; then its state is set by hand.
struct Decor {
    b: Banc,
    p: i64,
    m: i64,
    centre: i64,
    salle: i64,
    epreuve: i64,
    brouillon: NumeroEtudiant,
    validee: (NumeroEtudiant, i64),
    verifiee: i64,
    annulee: i64,
    demande: i64,
    ecriture: i64,
    import: i64,
}

async fn decor(db: &Db, etat: EtatPeriode) -> Decor {
    let b = banc(db);
    let p = b.periode("P1", "verification").await;
    let m = b.modalite(p, "presentiel", "centre", (3000, 1000), None).await;
    let centre = b.centre(p, m, "paris", "Europe/Paris", "accepte", None).await;
    b.centre(p, m, "lyon", "Europe/Paris", "a_demander", None).await;
    let salle = b.salle(centre, "A1", 30, false).await;
    let epreuve = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    let element = |code: &str| ElementEvalue {
        code: code.into(),
        libelle: format!("Offert {code}"),
        nature: "EC".into(),
        periode: None,
        ects: None,
        responsable: None,
        inscrits: 0,
        controles: Vec::new(),
    };
    for code in ["DROI1", "DROI2", "DROI3"] {
        b.offre.0.lock().unwrap().offre.push(("L1DROI".into(), "100".into(), element(code)));
    }
    let numero = |n: u32| b.etudiant(&format!("2200000{n}"), &["DROI1"]);
    let (n1, n2) = (numero(1), numero(2));
    let brouillon = b.posee(p, n1.as_str(), "brouillon", (m, Some(centre)), &[epreuve]).await;
    let validee = b.posee(p, n2.as_str(), "validee", (m, Some(centre)), &[epreuve]).await;
    let verifiee = b.posee(p, "22000003", "verifiee", (m, Some(centre)), &[epreuve]).await;
    let annulee = b.posee(p, "22000004", "annulee", (m, Some(centre)), &[epreuve]).await;
    assert!(brouillon > 0);
    let paye = Saisie { inscription: verifiee, montant: Cents(1000), vu: None, cle: None };
    let ecriture = encaisser(&b.iexam, paye, Moyen::Especes, "", false, &ACTEUR).await.unwrap().id;
    b.executer(
        "INSERT INTO iexam_demande (inscription, faite_le, voulu, motif, etat) VALUES (?, ?, ?, 'changement', 'en_attente')",
        vec![
            validee.into(),
            instant(2024, 12, 2, 9).into(),
            serde_json::to_string(&voulu(epreuve, m, centre)).unwrap().into(),
        ],
    )
    .await;
    b.executer("UPDATE iexam_inscription SET demande_en_attente = TRUE WHERE id = ?", vec![validee.into()])
        .await;
    let demande = b.nombre("SELECT MAX(id) FROM iexam_demande").await.try_into().unwrap();
    let csv = "Élément;Libellé;Durée (min)\nDROI1;Droit;120\n";
    let tableau = tableur::lire(csv.as_bytes(), "e.csv").unwrap();
    let import = deposer(&b.iexam, p, "e.csv", &tableau, &ACTEUR).await.unwrap().unwrap();
    b.executer("UPDATE iexam_periode SET etat = ? WHERE id = ?", vec![etat.code().into(), p.into()]).await;
    Decor {
        b,
        p,
        m,
        centre,
        salle,
        epreuve,
        brouillon: n1,
        validee: (n2, validee),
        verifiee,
        annulee,
        demande,
        ecriture,
        import,
    }
}

fn voulu(epreuve: i64, m: i64, centre: i64) -> Voulu {
    Voulu { choix: BTreeMap::from([(epreuve, Decision::Passe)]), modalite: Some(m), centre: Some(centre) }
}

/// What a verb answered: nothing, or the sentence of its refusal.
type Issue = Result<(), String>;

fn issue<T, F: Fault>(fait: Result<T, F>) -> Issue {
    fait.map(drop).map_err(|fault| fault.message())
}

impl Decor {
    fn saisie(&self, inscription: i64, montant: i64) -> Saisie<'static> {
        Saisie { inscription, montant: Cents(montant), vu: None, cle: None }
    }

    async fn offerte(&self) -> Offerte {
        let p = self.p;
        self.b.db.read(|c| async move { offre_list(&c, p).await }).await.unwrap().pop().unwrap()
    }

    /// Every verb that may change something in a period: `file::verb`, what it is about, and what it answers here.
    async fn tout_essayer(&self) -> Vec<(&'static str, Geste, Issue)> {
        use Geste::{Argent, Colis as Parcel, Epreuve, Inscription, Registre, Reglage};
        let Self { b, p, m, centre, salle, epreuve, verifiee, annulee, demande, ecriture, import, .. } = self;
        let (x, p, m, centre, e) = (&b.iexam, *p, *m, *centre, *epreuve);
        let (verifiee, annulee, demande, ecriture, import) =
            (*verifiee, *annulee, *demande, *ecriture, *import);
        let (n, validee) = (&self.validee.0, self.validee.1);
        let quoi = (annee(), "P1");
        let mut t = Vec::new();

        // Settings.
        let offerte = self.offerte().await;
        let offre = [Offerte { quota: Some(99), ..offerte }];
        t.push(("modalite_offrir::offrir", Reglage, issue(offrir(x, p, &offre, None, &ACTEUR).await)));
        t.push(("modalites_publier::publier", Reglage, issue(publier(x, p, false, &ACTEUR).await)));
        let periode = b.db.read(|c| async move { periode_read(&c, p).await }).await.unwrap().unwrap();
        let dates = Dates { epreuves_fin: jour(2025, 1, 19), ..Dates::de(&periode) };
        t.push((
            "periode_dater::dater",
            Reglage,
            issue(dater(x, p, "Autre libellé", &dates, None, &ACTEUR).await),
        ));
        let motif = "Le calendrier a été refait après la grève de décembre, sur décision du conseil.";
        let signee = deroger(x, p, Echeance::Convocations, motif, (true, "Anne"), &ACTEUR).await;
        t.push(("deroger::deroger", Reglage, issue(signee)));
        t.push((
            "deroger::retirer",
            Reglage,
            issue(derogation_retirer(x, p, Echeance::Modalites, &ACTEUR).await),
        ));
        t.push(("accorder::ajouter", Reglage, issue(accord_ajouter(x, p, None, &ACTEUR).await)));
        let reponse = Reponse { etat: EtatAccord::Accepte, places: Some(12), reponse: "oui".into() };
        t.push((
            "accorder::accorder",
            Reglage,
            issue(accorder(x, p, "paris", &reponse, None, &ACTEUR).await),
        ));
        t.push(("accorder::retirer", Reglage, issue(accord_retirer(x, p, "lyon", &ACTEUR).await)));

        // Épreuves.
        let saisie = SaisieEpreuve {
            libelle: "Autre".into(),
            nature: Nature::Ecrit,
            debut: Some(instant(2025, 1, 11, 8)),
            duree_min: Some(60),
            documents: String::new(),
            sujet_par: String::new(),
            surveillee: true,
            salles: vec![*salle],
        };
        t.push((
            "epreuve_changer::ajouter",
            Epreuve,
            issue(epreuve_ajouter(x, p, (&"DROI2".into(), 1), &saisie, &ACTEUR).await),
        ));
        let fiche = b.db.read(|c| async move { fiches(&c, &[e]).await }).await.unwrap().pop().unwrap();
        let vu = fiche.vu().value();
        t.push((
            "epreuve_changer::modifier",
            Epreuve,
            issue(epreuve_modifier(x, e, &saisie, &vu, &ACTEUR).await),
        ));
        let salles = Salles::Remplacer(vec![*salle]);
        t.push((
            "epreuve_changer::mettre_en_salle",
            Epreuve,
            issue(mettre_en_salle(x, p, &[e], &salles, &ACTEUR).await),
        ));
        t.push((
            "epreuve_changer::decaler_jours",
            Epreuve,
            issue(decaler_jours(x, p, &[e], 1, &ACTEUR).await),
        ));
        t.push((
            "epreuve_changer::annuler",
            Epreuve,
            issue(epreuve_annuler(x, p, &[e], Some("sujet perdu"), &ACTEUR).await),
        ));
        let retards = BTreeMap::from([(centre, 10)]);
        t.push(("epreuve_changer::retarder", Epreuve, issue(retarder(x, e, &retards, &ACTEUR).await)));
        let etape = (&"L1DROI".into(), &"100".into());
        t.push((
            "epreuves_creer::creer",
            Epreuve,
            match epreuves_creer(x, p, etape.0, etape.1, None, &ACTEUR).await {
                // Elements without an exam in their MCCC make none: then nothing is written either.
                Ok(faites) if faites.is_empty() => {
                    issue(epreuve_ajouter(x, p, (&"DROI3".into(), 1), &saisie, &ACTEUR).await)
                }
                fait => issue(fait),
            },
        ));
        let elements = ["DROI2".into(), "DROI3".into()];
        t.push((
            "epreuves_repartir::repartir",
            Epreuve,
            issue(repartir(x, p, etape, (&elements, &[]), &ACTEUR).await),
        ));
        let tableau = tableur::lire("Élément;Durée (min)\nDROI1;90\n".as_bytes(), "f.csv").unwrap();
        t.push((
            "epreuves_importer::deposer",
            Epreuve,
            issue(deposer(x, p, "f.csv", &tableau, &ACTEUR).await),
        ));
        t.push((
            "epreuves_importer::appliquer",
            Epreuve,
            issue(appliquer(x, import, "", true, &ACTEUR).await),
        ));
        t.push(("epreuves_importer::abandonner", Epreuve, issue(abandonner(x, import, &ACTEUR).await)));

        // What students do.
        let choix = voulu(e, m, centre);
        let envoi =
            Brouillon { revision: 0, onglet: "a".into(), voulu: Voulu { modalite: None, ..choix.clone() } };
        t.push((
            "enregistrer::enregistrer",
            Inscription,
            issue(enregistrer(x, &self.brouillon, quoi, &envoi, &ACTEUR).await),
        ));
        let relecture = Relecture { revision: 0, vu: String::new(), tout_reporter: false };
        t.push((
            "inscrire::valider",
            Inscription,
            issue(valider(x, &self.brouillon, quoi, &relecture, &ACTEUR).await),
        ));
        let demandee =
            Demandee { revision: 0, voulu: choix, motif: "déménagement".into(), tout_reporter: true };
        t.push(("demander::demander", Inscription, issue(demander(x, n, quoi, &demandee, &ACTEUR).await)));
        t.push(("demander::retirer", Inscription, issue(demande_retirer(x, n, quoi, &ACTEUR).await)));

        // What the registry decides.
        let d = Decide { inscription: validee, demande, reponse: "vu avec le centre", vu: None };
        t.push(("trancher::accepter", Registre, issue(accepter(x, d, &ACTEUR).await)));
        t.push(("trancher::refuser", Registre, issue(refuser(x, d, &ACTEUR).await)));
        t.push(("verifier::verifier", Registre, issue(verifier(x, &[validee], None, &ACTEUR).await)));
        t.push(("verifier::reprendre", Registre, issue(reprendre(x, &[verifiee], None, &ACTEUR).await)));
        t.push((
            "renvoyer::renvoyer",
            Registre,
            issue(renvoyer(x, &[verifiee], "pièce illisible", None, &ACTEUR).await),
        ));
        let brouillon = b.nombre("SELECT MIN(id) FROM iexam_inscription").await.try_into().unwrap();
        t.push(("renvoyer::relancer", Registre, issue(relancer(x, &[brouillon], &ACTEUR).await)));
        t.push((
            "annuler::annuler",
            Registre,
            issue(annuler(x, &[verifiee], "désistement", None, &ACTEUR).await),
        ));
        t.push(("annuler::retablir", Registre, issue(retablir(x, annulee, None, &ACTEUR).await)));

        // What comes back late.
        let colis = Colis {
            id: 0,
            periode: p,
            centre,
            sens: Sens::Retour,
            transporteur: "Chronopost".into(),
            suivi: "X1".into(),
            copies: 3,
            expedie_le: None,
            recu_le: None,
            copies_recues: None,
            note: String::new(),
        };
        t.push((
            "colis_suivre::colis_suivre",
            Parcel,
            issue(colis_suivre(x, "paris", &colis, None, &ACTEUR).await),
        ));

        // Money.
        let especes = Moyen::Especes;
        t.push((
            "encaisser::encaisser",
            Argent,
            issue(encaisser(x, self.saisie(verifiee, 500), especes, "", false, &ACTEUR).await),
        ));
        t.push((
            "rembourser::rembourser",
            Argent,
            issue(rembourser(x, self.saisie(verifiee, 200), especes, "", true, &ACTEUR).await),
        ));
        t.push((
            "corriger::corriger",
            Argent,
            issue(corriger(x, verifiee, ecriture, "saisie deux fois", None, &ACTEUR).await),
        ));
        t.push((
            "exonerer::exonerer",
            Argent,
            issue(exonerer(x, self.saisie(verifiee, 100), "boursière", &ACTEUR).await),
        ));
        let lot = exonerer_tout(x, &[verifiee], "boursiers", &ACTEUR).await.unwrap();
        t.push((
            "exonerer::exonerer_tout",
            Argent,
            match lot.ecartees.first() {
                Some((_, ecart)) => Err(ecart.phrase().to_owned()),
                None => Ok(()),
            },
        ));
        t
    }

    /// Rows of every table of exams, what they sum to, lines of the journal, letters.
    async fn empreinte(&self) -> Vec<String> {
        let lire = |c: db::sea_orm::DatabaseConnection| async move {
            let mut dit = Vec::new();
            for table in [
                "iexam_periode",
                "iexam_derogation",
                "iexam_offre",
                "iexam_accord",
                "iexam_colis",
                "iexam_epreuve",
                "iexam_epreuve_salle",
                "iexam_retard",
                "iexam_import_epreuves",
                "iexam_inscription",
                "iexam_choix",
                "iexam_recu",
                "iexam_demande",
                "iexam_ecriture",
                "iexam_paiement",
                "journal",
                "mail_message",
            ] {
                dit.push(format!(
                    "{table} {}",
                    count(&c, &format!("SELECT COUNT(*) FROM {table}"), []).await?
                ));
            }
            let sql = "SELECT etudiant || ' ' || etat || ' ' || CAST(revision AS TEXT) || ' ' || CAST(solde_cents AS TEXT) || ' ' || motif
                || ' ' || CAST(COALESCE(centre, 0) AS TEXT) FROM iexam_inscription ORDER BY id";
            for row in select(&c, sql, []).await? {
                dit.push(row.try_get_by_index::<String>(0)?);
            }
            Ok::<_, DbError>(dit)
        };
        self.b.db.read(lire).await.unwrap()
    }
}

testkit::db_test!(nothing_changes_in_an_archived_period_whatever_is_tried, &migrations(), |db| async move {
    let d = decor(&db, EtatPeriode::Archivee).await;
    let avant = d.empreinte().await;
    for (verbe, _, issue) in d.tout_essayer().await {
        let phrase = issue.err().unwrap_or_else(|| panic!("{verbe} wrote in an archived period"));
        assert!(phrase.contains("archivée"), "{verbe}: {phrase}");
    }
    for pas in [Pas::Avant, Pas::Arriere] {
        let fait = avancer(&d.b.iexam, d.p, pas, EtatPeriode::Archivee, true, &scolarite()).await;
        assert!(fait.is_err(), "{pas:?}");
    }
    let (p, id) = (d.p, d.verifiee);
    let periode = d.b.db.read(|c| async move { periode_read(&c, p).await }).await.unwrap().unwrap();
    assert!(a_payer(&d.b.iexam, &periode, &d.b.lue(id).await).is_err());
    assert_eq!(d.empreinte().await, avant);
});

testkit::db_test!(
    a_closed_period_takes_money_and_parcels_and_says_so_of_the_rest,
    &migrations(),
    |db| async move {
        let d = decor(&db, EtatPeriode::Cloturee).await;
        for (verbe, geste, issue) in d.tout_essayer().await {
            if geste.permis(EtatPeriode::Cloturee) {
                // Money may still be refused for what it is (the row was corrected by then), never for the period.
                if let Err(phrase) = issue {
                    assert!(!phrase.contains("clôturée"), "{verbe}: {phrase}");
                }
            } else {
                let phrase = issue.err().unwrap_or_else(|| panic!("{verbe} wrote in a closed period"));
                assert!(phrase.contains("clôturée"), "{verbe}: {phrase}");
            }
        }
        let ecrites = d.b.nombre("SELECT COUNT(*) FROM iexam_ecriture WHERE nature <> 'du'").await;
        assert!(ecrites >= 4, "a payment, a refund, a correction and an exemption were taken: {ecrites}");
        assert_eq!(d.b.nombre("SELECT COUNT(*) FROM iexam_colis").await, 1);
    }
);

/// An arrangement that covers the days of a period in that state moves nothing in it.
async fn amenager_sans_effet(db: &Db, etat: EtatPeriode) {
    let d = decor(db, etat).await;
    let inscriptions = || async {
        let tout = d.empreinte().await;
        tout.into_iter()
            .filter(|l| l.starts_with("22") || l.starts_with("iexam_ecriture"))
            .collect::<Vec<_>>()
    };
    let avant = inscriptions().await;
    let saisie = Arrangement {
        etudiant: d.validee.0.clone(),
        valide_du: jour(2024, 9, 1),
        valide_au: jour(2025, 8, 31),
        majoration: 20,
        salle_a_part: true,
        ordinateur: false,
        secretaire: false,
        autre: String::new(),
        exception: String::new(),
    };
    amenager(&d.b.iexam, &saisie, &scolarite()).await.unwrap();
    assert_eq!(inscriptions().await, avant);
}

testkit::db_test!(an_arrangement_leaves_an_archived_period_as_it_was, &migrations(), |db| async move {
    amenager_sans_effet(&db, EtatPeriode::Archivee).await;
});

testkit::db_test!(an_arrangement_leaves_a_closed_period_as_it_was, &migrations(), |db| async move {
    amenager_sans_effet(&db, EtatPeriode::Cloturee).await;
});

#[test]
fn every_verb_that_writes_is_tried_or_is_of_no_period() {
    // Of no period, or only of those that are neither closed nor archived (which their own tests say).
    let ailleurs: BTreeSet<&str> = BTreeSet::from([
        "amenager",
        "centre_regler",
        "centre_salle",
        "clore",
        "modalite_regler",
        "modalite_tarifer",
        "periode_avancer",
        "periode_ouvrir",
        "notifier",
        "payer_en_ligne",
    ]);
    let dossier = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/actions");
    let essayes = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/iexam/sceau.rs"),
    )
    .unwrap();
    let mut oublies = Vec::new();
    for fichier in std::fs::read_dir(dossier).unwrap() {
        let chemin = fichier.unwrap().path();
        let nom = chemin.file_stem().unwrap().to_str().unwrap().to_owned();
        let source = std::fs::read_to_string(&chemin).unwrap();
        if ailleurs.contains(nom.as_str()) || !source.contains(".write(") {
            continue;
        }
        for verbe in source.split("pub async fn ").skip(1) {
            let verbe = verbe.split(['(', '<']).next().unwrap();
            let prend_un_acteur = source.split(&format!("pub async fn {verbe}")).nth(1).unwrap();
            let signature = prend_un_acteur.split('{').next().unwrap();
            if signature.contains("acteur: &Actor") && !essayes.contains(&format!("\"{nom}::{verbe}\"")) {
                // `poser` and its like are given a transaction: their callers are tried.
                if signature.contains("iexam: &Iexam") {
                    oublies.push(format!("{nom}::{verbe}"));
                }
            }
        }
    }
    assert!(oublies.is_empty(), "{oublies:?}");
}
