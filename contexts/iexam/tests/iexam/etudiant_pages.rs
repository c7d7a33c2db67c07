//! The student's pages, as a browser without scripts goes through them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::banc::{Banc, banc, instant};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use db::{Db, Migration};
use kernel::{Actor, FixedClock, NumeroEtudiant, Role};
use tower::ServiceExt as _;
use web::comptes::NouveauCompte;
use web::{Shell, Web};

const MOT_DE_PASSE: &str = "quatre chevaux bruns";

fn migrations() -> Vec<Migration> {
    [jobs::MIGRATIONS, mail::MIGRATIONS, web::MIGRATIONS, iexam::MIGRATIONS].concat()
}

struct Navigateur {
    router: Router,
    cookies: BTreeMap<String, String>,
    csrf: String,
}

fn champ(page: &str, nom: &str) -> String {
    let apres = page.split(&format!("name=\"{nom}\"")).nth(1).unwrap_or_else(|| panic!("{nom} in {page}"));
    apres.split("value=\"").nth(1).and_then(|reste| reste.split('"').next()).unwrap().to_owned()
}

impl Navigateur {
    /// Signs in as a new student account; without a number when `numero` is none.
    async fn entrer(b: &Banc, identifiant: &str, numero: Option<&NumeroEtudiant>) -> Self {
        let clock = Arc::<FixedClock>::clone(&b.clock);
        let web = Web::new(b.db.clone(), clock, web::Settings::default(), Shell::default());
        let nouveau = NouveauCompte {
            identifiant: identifiant.into(),
            nom: "Étudiante".into(),
            role: Role::Etudiant,
            mot_de_passe: MOT_DE_PASSE.into(),
        };
        web.comptes().creer(&Actor::Commande, nouveau).await.unwrap();
        if let Some(numero) = numero {
            b.executer(
                "UPDATE web_compte SET etudiant = ? WHERE identifiant = ?",
                vec![numero.as_str().into(), identifiant.into()],
            )
            .await;
        }
        let router = web.serve(iexam::web::routes(&b.iexam));
        let mut n = Self { router, cookies: BTreeMap::new(), csrf: String::new() };
        let (_, page) = n.voir("/connexion").await;
        n.csrf = champ(&page, "_csrf");
        let (statut, _, _) =
            n.poster("/connexion", &[("identifiant", identifiant), ("mot_de_passe", MOT_DE_PASSE)]).await;
        assert_eq!(statut, StatusCode::SEE_OTHER);
        let (_, page) = n.voir("/compte").await;
        n.csrf = champ(&page, "_csrf");
        n
    }

    async fn voir(&mut self, chemin: &str) -> (StatusCode, String) {
        let (statut, _, corps) = self.appeler("GET", chemin, String::new(), false).await;
        (statut, String::from_utf8_lossy(&corps).into_owned())
    }

    async fn poster(&mut self, chemin: &str, champs: &[(&str, &str)]) -> (StatusCode, String, String) {
        self.envoyer(chemin, champs, false).await
    }

    async fn envoyer(
        &mut self,
        chemin: &str,
        champs: &[(&str, &str)],
        htmx: bool,
    ) -> (StatusCode, String, String) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("_csrf", &self.csrf).extend_pairs(champs);
        let (statut, vers, corps) = self.appeler("POST", chemin, form.finish(), htmx).await;
        (statut, vers, String::from_utf8_lossy(&corps).into_owned())
    }

    async fn appeler(
        &mut self,
        methode: &str,
        chemin: &str,
        corps: String,
        htmx: bool,
    ) -> (StatusCode, String, Vec<u8>) {
        let cookies: Vec<_> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let mut demande = Request::builder()
            .method(methode)
            .uri(chemin)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if htmx {
            demande = demande.header("hx-request", "true");
        }
        let reponse = self.router.clone().oneshot(demande.body(Body::from(corps)).unwrap()).await.unwrap();
        for pose in reponse.headers().get_all(header::SET_COOKIE) {
            let paire = pose.to_str().unwrap().split(';').next().unwrap().to_owned();
            let (nom, valeur) = paire.split_once('=').unwrap();
            self.cookies.insert(nom.to_owned(), valeur.to_owned());
        }
        let statut = reponse.status();
        let vers = reponse.headers().get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned());
        let corps = axum::body::to_bytes(reponse.into_body(), 1 << 24).await.unwrap().to_vec();
        (statut, vers.unwrap_or_default(), corps)
    }
}

async fn decor(db: &Db) -> (Banc, NumeroEtudiant, i64, [i64; 2]) {
    let b = banc(db);
    let p = b.periode("P1", "inscriptions").await;
    let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
    let e1 = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    let e2 = b.epreuve(p, "DROI2", Some(instant(2025, 1, 11, 8)), Some(120)).await;
    let n = b.etudiant("22000001", &["DROI1", "DROI2"]);
    (b, n, m, [e1, e2])
}

testkit::db_test!(
    a_student_goes_from_the_list_to_the_receipt_without_scripts,
    &migrations(),
    |db| async move {
        let (b, n, m, [e1, e2]) = decor(&db).await;
        let mut nav = Navigateur::entrer(&b, "jeanne", Some(&n)).await;
        let (statut, page) = nav.voir("/examens").await;
        assert!(
            statut == StatusCode::OK && page.contains("S’inscrire") && page.contains("/examens/2024/P1"),
            "{page}"
        );
        let (_, page) = nav.voir("/examens/2024/P1").await;
        assert!(
            page.contains("Élément DROI1") && page.contains("30,00\u{a0}€ + 10,00\u{a0}€ par heure"),
            "{page}"
        );
        let (onglet, revision) = (champ(&page, "onglet"), champ(&page, "revision"));
        let (e1, e2, m) = (format!("e-{e1}"), format!("e-{e2}"), m.to_string());
        let (statut, vers, _) = nav
            .poster(
                "/examens/2024/P1",
                &[
                    ("onglet", &onglet),
                    ("revision", &revision),
                    (&e1, "passe"),
                    (&e2, "report"),
                    ("modalite", &m),
                    ("suite", "relire"),
                ],
            )
            .await;
        assert_eq!((statut, vers.as_str()), (StatusCode::SEE_OTHER, "/examens/2024/P1/relire"));
        let (_, page) = nav.voir(&vers).await;
        assert!(page.contains("60,00\u{a0}€") && page.contains("sans seconde chance"), "{page}");
        let relu = [("revision", champ(&page, "revision")), ("vu", champ(&page, "vu"))];
        let relu: Vec<_> = relu.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let (statut, recu, _) = nav.poster("/examens/2024/P1/valider", &relu).await;
        assert_eq!(statut, StatusCode::SEE_OTHER);
        let (_, encore, _) = nav.poster("/examens/2024/P1/valider", &relu).await;
        assert_eq!(recu, encore, "the second click leads to the same receipt");
        let (statut, page) = nav.voir(&recu).await;
        assert!(
            statut == StatusCode::OK && page.contains("est validée") && page.contains("60,00\u{a0}€"),
            "{page}"
        );
        let (statut, _, pdf) = nav.appeler("GET", &format!("{recu}/pdf"), String::new(), false).await;
        assert!(statut == StatusCode::OK && pdf.starts_with(b"%PDF"));
        let (_, page) = nav.voir("/examens/2024/P1").await;
        assert!(
            page.contains("Demander une modification") && page.contains("La scolarité vérifie"),
            "{page}"
        );
        // Somebody else's receipt does not exist.
        let autre = b.etudiant("22000002", &["DROI1"]);
        let mut voisin = Navigateur::entrer(&b, "voisin", Some(&autre)).await;
        assert_eq!(voisin.voir(&recu).await.0, StatusCode::NOT_FOUND);
        assert_eq!(voisin.voir(&format!("{recu}/pdf")).await.0, StatusCode::NOT_FOUND);
    }
);

testkit::db_test!(a_second_tab_is_answered_and_htmx_is_shown_the_refusal, &migrations(), |db| async move {
    let (b, n, m, [e1, _]) = decor(&db).await;
    let mut nav = Navigateur::entrer(&b, "jeanne", Some(&n)).await;
    let (e1, m) = (format!("e-{e1}"), m.to_string());
    let un = [("onglet", "a"), ("revision", "0"), (e1.as_str(), "passe"), ("modalite", m.as_str())];
    let deux = [("onglet", "b"), ("revision", "0"), (e1.as_str(), "report")];
    let (statut, _, page) = nav.envoyer("/examens/2024/P1", &un, true).await;
    assert!(statut == StatusCode::OK && page.contains("Brouillon enregistré à 12\u{a0}h\u{a0}00"), "{page}");
    let (statut, _, page) = nav.poster("/examens/2024/P1", &deux).await;
    assert_eq!(statut, StatusCode::CONFLICT);
    assert!(
        page.contains("autre page ou un autre appareil") && page.contains("Reprendre ce qui est enregistré"),
        "{page}"
    );
    assert_eq!(champ(&page, "revision"), "1", "going on is then a choice");
    let (statut, _, page) = nav.envoyer("/examens/2024/P1", &deux, true).await;
    assert!(statut == StatusCode::OK && page.contains("Reprendre ce qui est enregistré"), "{page}");
});

testkit::db_test!(an_account_without_a_number_is_told_whom_to_write_to, &migrations(), |db| async move {
    let (b, ..) = decor(&db).await;
    let mut nav = Navigateur::entrer(&b, "sans", None).await;
    for chemin in ["/examens", "/examens/2024/P1"] {
        let (statut, page) = nav.voir(chemin).await;
        assert_eq!(statut, StatusCode::FORBIDDEN);
        assert!(page.contains("numéro d’étudiant") && page.contains("service informatique"), "{page}");
    }
});
