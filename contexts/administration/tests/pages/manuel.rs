//! The handbook and the page of rights.

use axum::http::StatusCode;

use crate::banc::{Navigateur, banc, migrations};

testkit::db_test!(the_handbook_is_read_and_searched_by_everyone, &migrations(), |db| async move {
    let banc = banc(&db).await;
    let mut clerc = Navigateur::entrer(&banc, "scolarite").await;
    let (status, index) = clerc.voir("/aide").await;
    assert!(status == StatusCode::OK && index.contains("href=\"/aide/accueil\""), "{index}");
    let (_, page) = clerc.voir("/aide/administration").await;
    assert!(page.contains("<h2 id=\"les-parametres\">") && page.contains("<table>"), "{page}");
    assert!(
        page.contains("class=\"haut-aide\" href=\"/aide/index\""),
        "the frame leads to the section of the page"
    );
    let (_, trouve) = clerc.voir("/aide?recherche=Fra%C3%AEcheur").await;
    assert!(trouve.contains("href=\"/aide/fraicheur\""), "{trouve}");
    let (status, rien) = clerc.voir("/aide?recherche=%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert!(
        status == StatusCode::OK && !rien.contains("<script>alert") && rien.contains("Rien ne répond"),
        "{rien}"
    );
    for inconnu in ["/aide/rien", "/aide/..%2FCargo", "/aide/index.md", "/aide/%00"] {
        assert_eq!(clerc.voir(inconnu).await.0, StatusCode::NOT_FOUND, "{inconnu}");
    }
});

testkit::db_test!(who_may_open_what_is_the_table_that_is_served, &migrations(), |db| async move {
    let banc = banc(&db).await;
    let mut anne = Navigateur::entrer(&banc, "informatique").await;
    let (_, page) = anne.voir("/administration/droits").await;
    assert!(
        page.contains("<code class=\"code\">/administration/journal</code>")
            && page.contains("Service informatique"),
        "{page}"
    );
    let (_, page) = anne.voir("/administration/droits?recherche=journal").await;
    assert!(
        page.contains("/administration/journal</code>") && !page.contains("/administration/travaux</code>"),
        "{page}"
    );
    let (_, page) = anne.voir("/administration/droits?recherche=%22%3E%3Cimg+src%3Dx%3E").await;
    assert!(page.contains("Aucune page ne répond") && !page.contains("<img src=x>"), "{page}");
});
