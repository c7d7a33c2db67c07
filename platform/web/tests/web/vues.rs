//! What a person keeps of a list: columns and views, theirs and shared, on both databases.

use axum::http::StatusCode;
use db::{Db, sql};
use kernel::Role;
use testkit::clock;
use web::MIGRATIONS;

use crate::support::{Answer, Browser, suite};

const LISTE: &str = "/composants/liste";

async fn save(browser: &mut Browser, nom: &str, parametres: &str) -> Answer {
    let csrf = browser.get("/compte").await.csrf();
    let fields = [
        ("_csrf", csrf.as_str()),
        ("liste", LISTE),
        ("page", LISTE),
        ("parametres", parametres),
        ("nom", nom),
    ];
    browser.post("/listes/vues", &fields).await
}

async fn change(browser: &mut Browser, id: &str, geste: &str, more: (&str, &str)) -> Answer {
    let csrf = browser.get("/compte").await.csrf();
    let fields = [("_csrf", csrf.as_str()), ("liste", LISTE), ("page", LISTE), ("geste", geste), more];
    browser.post(&format!("/listes/vues/{id}"), &fields).await
}

fn number(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.location().rsplit_once("vue=").expect("a view").1.to_owned()
}

async fn actions(db: &Db) -> Vec<String> {
    let text = "SELECT action FROM journal WHERE objet = 'vue' ORDER BY id";
    let rows =
        db.read(|c| async move { sql::select(&c, text, []).await }).await.expect("the journal is read");
    rows.iter().map(|row| row.try_get("", "action").expect("a text")).collect()
}

testkit::db_test!(columns_are_kept_for_a_person_and_a_list, MIGRATIONS, |db| async move {
    let web = suite(db.clone(), &clock());
    let mut browser = Browser::of(&web, Role::Informatique).await;
    let shown = browser.get(LISTE).await;
    assert!(
        shown.body.contains("data-colonne=\"ects\"") && !shown.body.contains("data-colonne=\"composante\"")
    );
    let once = browser.get(&format!("{LISTE}?colonnes=libelle,composante")).await;
    assert!(once.body.contains("data-colonne=\"code\"") && once.body.contains("data-colonne=\"composante\""));
    assert!(!once.body.contains("data-colonne=\"ects\""));

    let csrf = browser.get("/compte").await.csrf();
    let fields = [
        ("_csrf", csrf.as_str()),
        ("liste", LISTE),
        ("retour", "/composants/liste?nature=UE"),
        ("colonnes", "libelle"),
        ("colonnes", "composante"),
        ("colonnes", "'; DROP TABLE web_liste"),
    ];
    let kept = browser.post("/listes/colonnes", &fields).await;
    assert_eq!(kept.location(), "/composants/liste?nature=UE");
    let shown = browser.get(LISTE).await;
    assert!(
        shown.body.contains("data-colonne=\"composante\"") && !shown.body.contains("data-colonne=\"ects\"")
    );
    let file = browser.get(&format!("{LISTE}?export=csv&recherche=EL00020")).await;
    assert!(file.body.starts_with("\u{feff}Code;Libellé;Composante\r\nEL00020;"), "{}", file.body);

    let back =
        [("_csrf", csrf.as_str()), ("liste", LISTE), ("retour", "//ailleurs.example"), ("origine", "oui")];
    assert_eq!(browser.post("/listes/colonnes", &back).await.location(), "/");
    assert!(browser.get(LISTE).await.body.contains("data-colonne=\"ects\""));
    let unknown = browser.get(&format!("{LISTE}?colonnes=zzz")).await;
    assert!(unknown.body.contains("data-colonne=\"ects\""), "columns nobody knows change nothing");
});

testkit::db_test!(
    a_view_is_named_shown_first_shared_renamed_deleted_and_brought_back,
    MIGRATIONS,
    |db| async move {
        let web = suite(db.clone(), &clock());
        let mut browser = Browser::of(&web, Role::Informatique).await;
        let saved = save(
            &mut browser,
            "  Fermés\0  sans ECTS ",
            "etat=ferme&colonnes=code,libelle&page=7&taille=200&export=xlsx",
        )
        .await;
        let id = number(&saved);
        assert_eq!(
            saved.location(),
            format!("/composants/liste?etat=ferme&colonnes=code%2Clibelle&vue={id}")
        );
        let page = browser.get(saved.location()).await;
        assert!(page.body.contains("La vue « Fermés sans ECTS » est enregistrée."), "{}", page.body);
        assert!(page.body.contains("<span class=\"visually-hidden\">Vue : </span>Fermés sans ECTS"));

        let twice = save(&mut browser, "fermes SANS ects", "etat=ouvert").await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        assert!(twice.body.contains("value=\"fermes SANS ects\""), "what was typed is kept");
        assert_eq!(save(&mut browser, " \u{7} ", "").await.status, StatusCode::UNPROCESSABLE_ENTITY);

        change(&mut browser, &id, "premiere", ("nom", "")).await;
        let bare = browser.get(LISTE).await;
        assert!(bare.body.contains("État : <strong>Fermé"), "the bare address shows the view chosen first");
        assert!(bare.body.contains("href=\"/composants/liste?vue=0\""));
        assert!(!browser.get(&format!("{LISTE}?vue=0")).await.body.contains("État : <strong>Fermé"));
        change(&mut browser, &id, "pas-premiere", ("nom", "")).await;
        assert!(!browser.get(LISTE).await.body.contains("État : <strong>Fermé"));

        change(&mut browser, &id, "renommer", ("nom", "<b>Fermés</b>")).await;
        change(&mut browser, &id, "supprimer", ("nom", "")).await;
        let manage = browser.get(&format!("/listes/vues?liste={LISTE}&page={LISTE}")).await;
        assert!(manage.body.contains("value=\"retablir\"") && !manage.body.contains("<b>Fermés"));
        assert!(!browser.get(LISTE).await.body.contains("Fermés&#60;/b&#62;"));
        change(&mut browser, &id, "retablir", ("nom", "")).await;
        assert!(browser.get(LISTE).await.body.contains("Fermés&#60;/b&#62;"));
        let did = ["vue.enregistrer", "vue.renommer", "vue.supprimer", "vue.retablir"];
        assert_eq!(actions(&db).await, did);
    }
);

testkit::db_test!(a_view_is_its_owner_s_and_shared_with_one_role, MIGRATIONS, |db| async move {
    let web = suite(db.clone(), &clock());
    let mut clerk = Browser::of(&web, Role::Scolarite).await;
    let mut other = Browser::of(&web, Role::Informatique).await;
    let mut director = Browser::of(&web, Role::Direction).await;
    let id = number(&save(&mut clerk, "Mienne", "etat=ferme").await);

    // Not shared: nobody else sees, uses, changes or deletes it.
    assert!(!other.get(LISTE).await.body.contains("Mienne"));
    for geste in ["renommer", "partager", "supprimer", "premiere"] {
        for browser in [&mut other, &mut director] {
            assert_eq!(
                change(browser, &id, geste, ("nom", "X")).await.status,
                StatusCode::NOT_FOUND,
                "{geste}"
            );
        }
    }
    change(&mut clerk, &id, "partager", ("role", "informatique")).await;
    let seen = other.get(LISTE).await;
    assert!(
        seen.body.contains("Mienne") && seen.body.contains("partagée par Compte Scolarité"),
        "{}",
        seen.body
    );
    // Shared: who has the role may show it first; who administers may withdraw it; the others still see nothing.
    assert_eq!(change(&mut other, &id, "premiere", ("nom", "")).await.status, StatusCode::SEE_OTHER);
    assert!(other.get(LISTE).await.body.contains("État : <strong>Fermé"));
    let manage = format!("/listes/vues?liste={LISTE}&page={LISTE}");
    assert!(!director.get(&manage).await.body.contains("Mienne"));
    assert_eq!(change(&mut director, &id, "supprimer", ("nom", "")).await.status, StatusCode::NOT_FOUND);
    // Withdrawn, it is no longer anybody's first view.
    change(&mut clerk, &id, "partager", ("role", "")).await;
    assert!(!other.get(LISTE).await.body.contains("État : <strong>Fermé"));
    // A forged form changes nothing.
    let forged = clerk
        .post(&format!("/listes/vues/{id}"), &[("geste", "supprimer"), ("liste", LISTE), ("page", LISTE)])
        .await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    for elsewhere in ["//ailleurs.example", "javascript:alert(1)", "/a?b", "/\u{a}"] {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("liste", LISTE)
            .append_pair("page", elsewhere)
            .finish();
        assert_eq!(
            clerk.get(&format!("/listes/vues?{query}")).await.status,
            StatusCode::NOT_FOUND,
            "{elsewhere}"
        );
    }
});
