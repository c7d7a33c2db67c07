//! Changed, tried, disputed, taken back.

use axum::http::StatusCode;

use crate::banc::{Navigateur, banc, champ, migrations};

const JOURS: &str = "/administration/parametres/travaux.conserver_jours";
const URL: &str = "/administration/parametres/kofr.url";
const JETON: &str = "/administration/parametres/kofr.jeton";

testkit::db_test!(a_setting_is_changed_seen_in_the_journal_and_taken_back, &migrations(), |db| async move {
    let banc = banc(&db).await;
    let mut anne = Navigateur::entrer(&banc, "informatique").await;
    let (_, page) = anne.voir(JOURS).await;
    assert!(page.contains("90\u{a0}jours") && page.contains("fichier telemaque.toml"), "{page}");
    let vu = champ(&page, "vu");
    let (status, _) = anne.poster(JOURS, &[("vu", &vu), ("valeur", "30"), ("verbe", "enregistrer")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = anne.voir(JOURS).await;
    assert!(page.contains("vaut désormais 30\u{a0}jours (avant : 90\u{a0}jours)"), "{page}");
    assert!(
        page.contains("réglé par informatique")
            && page.contains("Revenir à 90\u{a0}jours (fichier telemaque.toml)"),
        "{page}"
    );
    let (_, journal) = anne.voir("/administration/journal?objet=parametre").await;
    assert!(
        journal.contains("Paramètre modifié")
            && journal.contains("<del><span class=\"visually-hidden\">était </span>90</del>"),
        "{journal}"
    );
    assert!(journal.contains(&format!("href=\"{JOURS}\"")));

    let (_, page) = anne.voir(JOURS).await;
    let (status, _) = anne.poster(&format!("{JOURS}/revenir"), &[("vu", &champ(&page, "vu"))]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = anne.voir(JOURS).await;
    assert!(page.contains("<dd>90\u{a0}jours</dd>") && page.contains("Revenir à 30\u{a0}jours"), "{page}");
});

testkit::db_test!(the_second_administrator_is_told_what_changed, &migrations(), |db| async move {
    let banc = banc(&db).await;
    let mut anne = Navigateur::entrer(&banc, "informatique").await;
    let mut paul = Navigateur::entrer(&banc, "informatique-bis").await;
    let vu_anne = champ(&anne.voir(JOURS).await.1, "vu");
    let vu_paul = champ(&paul.voir(JOURS).await.1, "vu");
    anne.poster(JOURS, &[("vu", &vu_anne), ("valeur", "30")]).await;
    let (status, page) = paul.poster(JOURS, &[("vu", &vu_paul), ("valeur", "45")]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        page.contains("Ce paramètre a changé depuis") && page.contains("<strong>informatique</strong>"),
        "{page}"
    );
    assert!(
        page.contains("était </span>90\u{a0}jours</del>")
            && page.contains("devient </span>30\u{a0}jours</ins>"),
        "{page}"
    );
    assert!(page.contains("value=\"45\""), "what was typed is kept");
    // Knowingly, this time.
    let (status, _) = paul.poster(JOURS, &[("vu", &champ(&page, "vu")), ("valeur", "45")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    for forged in ["", "0", "../../", "\u{0}"] {
        let (status, _) = paul.poster(JOURS, &[("vu", forged), ("valeur", "1")]).await;
        assert_eq!(status, StatusCode::CONFLICT, "{forged:?}");
    }
});

testkit::db_test!(a_value_is_tried_before_it_is_kept, &migrations(), |db| async move {
    let banc = banc(&db).await;
    let mut anne = Navigateur::entrer(&banc, "informatique").await;
    let vu = champ(&anne.voir(URL).await.1, "vu");
    let essayer = |adresse: &'static str, vu: String| (vec![("valeur", adresse), ("verbe", "essayer")], vu);
    for (adresse, dit) in [
        ("https://panne.exemple.fr", "Aucun lien ne répond avec cette valeur"),
        ("https://neuf.exemple.fr", "Tous les liens répondent avec cette valeur"),
    ] {
        let (mut champs, vu) = essayer(adresse, vu.clone());
        champs.push(("vu", &vu));
        let (status, page) = anne.poster(URL, &champs).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains(dit) && page.contains(&format!("value=\"{adresse}\"")), "{page}");
    }
    let (_, page) = anne.voir(URL).await;
    assert!(page.contains("<dd>https://kofr.exemple.fr</dd>"), "nothing was kept");

    let (status, _) = anne.poster(URL, &[("vu", &vu), ("valeur", "https://neuf.exemple.fr")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = anne.voir(URL).await;
    assert!(page.contains("Encore en vigueur : https://kofr.exemple.fr"), "{page}");
    let (_, liste) = anne.voir("/administration/parametres").await;
    assert!(liste.contains("Un paramètre enregistré n’est pas encore en vigueur"), "{liste}");

    let vu = champ(&page, "vu");
    for (faux, phrase) in [
        ("kofr.exemple.fr", "qui commence par"),
        ("https://refuse.exemple.fr", "empêcherait la suite de démarrer"),
        ("https://a:b@c", "identifiant"),
    ] {
        let (status, page) = anne.poster(URL, &[("vu", &vu), ("valeur", faux)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{faux}");
        assert!(page.contains(phrase), "{page}");
    }
});

testkit::db_test!(a_secret_is_replaced_and_never_shown, &migrations(), |db| async move {
    let banc = banc(&db).await;
    let mut anne = Navigateur::entrer(&banc, "informatique").await;
    let (_, page) = anne.voir(JETON).await;
    assert!(!page.contains("jeton-du-fichier") && page.contains("elle ne s’affiche jamais"), "{page}");
    let vu = champ(&page, "vu");
    let (status, _) = anne.poster(JETON, &[("vu", &vu), ("valeur", "nouveau-secret-42")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let chemins = [
        JETON,
        "/administration/parametres",
        "/administration/journal",
        "/administration/journal?recherche=secret-42",
        "/administration/journal?export=csv",
        "/administration",
    ];
    for chemin in chemins {
        let (status, page) = anne.voir(chemin).await;
        assert_eq!(status, StatusCode::OK, "{chemin}");
        let page = page
            .replace("recherche=secret-42", "")
            .replace("value=\"secret-42\"", "")
            .replace("«\u{a0}secret-42\u{a0}»", "")
            .replace("« secret-42 »", "");
        assert!(!page.contains("nouveau-secret-42") && !page.contains("jeton-du-fichier"), "{chemin}");
    }
    let poses = administration::actions::regler::poses(&banc.db).await.unwrap();
    assert_eq!(poses["kofr.jeton"], "nouveau-secret-42");
});

testkit::db_test!(naughty_strings_neither_break_the_page_nor_run_in_it, &migrations(), |db| async move {
    let banc = banc(&db).await;
    let mut anne = Navigateur::entrer(&banc, "informatique").await;
    let vu = champ(&anne.voir(URL).await.1, "vu");
    for saisi in [
        "<script>alert(1)</script>",
        "'; DROP TABLE journal; --",
        "\u{202e}https://x",
        "%s%n{{7*7}}",
        "é".repeat(3000).as_str(),
        "\u{0}\u{7}",
    ] {
        let (status, page) = anne.poster(URL, &[("vu", &vu), ("valeur", saisi)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{saisi}");
        assert!(!page.contains("<script>alert"), "{page}");
    }
    for chemin in [
        "/administration/parametres/%27%3B--",
        "/administration/parametres/..%2f..",
        "/administration/parametres/rien",
    ] {
        assert_eq!(anne.voir(chemin).await.0, StatusCode::NOT_FOUND, "{chemin}");
    }
    let mut clerc = Navigateur::entrer(&banc, "scolarite").await;
    for chemin in [
        URL,
        "/administration",
        "/administration/journal",
        "/administration/droits",
        "/administration/travaux",
    ] {
        assert_eq!(clerc.voir(chemin).await.0, StatusCode::FORBIDDEN, "{chemin}");
    }
    assert_eq!(clerc.poster(URL, &[("vu", &vu), ("valeur", "https://x.fr")]).await.0, StatusCode::FORBIDDEN);
});
