//! Every template rendered with samples: what it holds is escaped, icons exist, nothing is inline, and its HTML is reviewed as a snapshot.

use std::path::{Path, PathBuf};

use crate::support::{Browser, suite, without_hashes};
use axum::http::StatusCode;
use kernel::{Centi, Role};
use testkit::{Base, clock};
use web::components::{
    ActionForm, Alert, Badge, Breadcrumbs, Button, ChangeGroup, Changes, Checkbox, Column, Dialog, Diff,
    Empty, Field, Filter, Identity, KeyFigure, KeyFigures, Look, Outcome, Pager, Phase, PhaseState, Progress,
    Quantity, Row, Select, Suggestions, Tab, Table, Tabs, Tone, Tree, TreeRow,
};
use web::{ListQuery, MIGRATIONS};

/// One of each, holding `texte` wherever a text goes.
fn one_of_each(texte: &str) -> Vec<(&'static str, String)> {
    let query = ListQuery::parse("/etapes", "nature=UE&page=2&tri=code");
    let query = query.cherchant(texte).a_la_page(2);
    let form = || {
        ActionForm::new("/action", texte, Button::submit(texte).sending("nom", texte)).sending("champ", texte)
    };
    let dialog = || {
        Dialog::new("d1", texte, texte, form())
            .text(texte)
            .consequence(texte)
            .look(Look::Danger)
            .icon("trash")
    };
    let filter = || Filter::new("nature", texte).counted("UE", texte, 3).option("EC", texte);
    let table = Table::new("etapes", texte)
        .columns([
            Column::text("code", texte).sortable(),
            Column::text("libelle", texte),
            Column::number("ects", "ECTS"),
        ])
        .listing(&query, 120)
        .searching(texte)
        .filters([filter()])
        .export("/etapes.csv")
        .rows([
            Row::to("/etapes/1").code(texte).text(texte).centi(Centi(450)),
            Row::new().link(texte, "/x").badges(vec![Badge::new(Tone::Info, texte)]).absent().muted(true),
        ]);
    let suggestions = Suggestions::new(texte, "/recherche?recherche=x")
        .group(texte)
        .item(texte, texte, "/e/1")
        .detail(texte)
        .badge(Badge::new(Tone::Neutral, texte))
        .more(12, "/e?recherche=x")
        .group("Vide");
    let progress = Progress::new("p", "/collectes/1", texte)
        .counting(3, Some(10))
        .elapsed(chrono::Duration::seconds(12))
        .remaining(Some(chrono::Duration::seconds(30)))
        .phases([Phase::new(texte, PhaseState::Running).counting(3, Some(10)).note(texte)])
        .cancel(dialog());
    let ended = Progress::new("p", "/collectes/1", texte)
        .elapsed(chrono::Duration::seconds(12))
        .ended(Outcome::new(Alert::new(Tone::Success, texte)));
    let tree = Tree::new("arbre", texte)
        .rows([
            TreeRow::new(1, texte, texte, texte, texte)
                .ects(Quantity::with_sum(Some(Centi(600)), Some(Centi(500))))
                .detail(texte),
            TreeRow::new(2, "EC", texte, texte, texte)
                .href("/e")
                .shared(12, "/p")
                .badge(Badge::new(Tone::Warning, texte))
                .closed(true),
        ])
        .open_to(1)
        .closed_link(texte, "/arbre");
    let changes = Changes::new([ChangeGroup::new(Tone::Info, texte, texte)
        .line(
            texte,
            texte,
            Some("/e".into()),
            [Diff::new(texte, Some(texte), None::<String>), Diff::new("ECTS", None::<String>, Some("3"))],
        )
        .more(texte, "/suite")]);
    let figure = KeyFigure::text(texte, texte).unit(texte).detail(texte).href("/liste").tone(Tone::Action);
    vec![
        ("pastille", Badge::new(Tone::Success, texte).to_string()),
        (
            "message",
            Alert::new(Tone::Danger, texte).titled(texte).way_out(texte).link(texte, "/x").to_string(),
        ),
        ("vide", Empty::new(texte, texte).action(texte, "/x").to_string()),
        (
            "champ",
            Field::text("code", texte).value(texte).help(texte).error(Some(texte)).required().to_string(),
        ),
        ("lignes", Field::text("motif", texte).lines(3).value(texte).to_string()),
        ("secret", Field::password("secret", texte).value(texte).to_string()),
        (
            "choix",
            Select::new("annee", texte, [("2024", texte)])
                .selected("2024")
                .help(texte)
                .error(Some(texte))
                .to_string(),
        ),
        ("case", Checkbox::new("oui", texte).value(texte).help(texte).to_string()),
        ("bouton", Button::link(texte, "/x").look(Look::Primary).icon("check").to_string()),
        ("action", form().to_string()),
        ("dialogue", dialog().to_string()),
        ("pages", Pager::new(&query, 500).to_string()),
        (
            "fil",
            Breadcrumbs::new([(texte.to_owned(), Some("/".to_owned())), (texte.to_owned(), None)])
                .to_string(),
        ),
        (
            "onglets",
            Tabs::new(texte, [Tab::new(texte, "/x").count(3).current(true), Tab::new(texte, "/y")])
                .to_string(),
        ),
        (
            "identite",
            Identity::new(texte, texte)
                .badge(Badge::new(Tone::Info, texte))
                .fact(texte)
                .source(texte)
                .to_string(),
        ),
        ("chiffres", KeyFigures::new([figure]).to_string()),
        ("table", table.to_string()),
        ("avancement", progress.to_string()),
        ("avancement-fini", ended.to_string()),
        ("changements", changes.to_string()),
        ("arbre", tree.to_string()),
        ("apercu", suggestions.to_string()),
    ]
}

#[test]
fn what_a_component_holds_is_escaped() {
    for (name, html) in one_of_each("<script>alert(1)</script>\"'><img src=x onerror=y>") {
        assert!(!html.contains("<script") && !html.contains("<img"), "{name}: {html}");
        assert!(!html.contains("\"'>"), "{name}: an attribute was left: {html}");
    }
}

#[test]
fn a_password_is_never_in_the_page() {
    let html = Field::password("secret", "Mot de passe").value("sesame").to_string();
    assert!(!html.contains("sesame"));
}

#[test]
fn components_are_as_reviewed() {
    for (name, html) in one_of_each("Économétrie & œuvres") {
        insta::assert_snapshot!(name, without_hashes(&html));
    }
}

#[test]
fn an_empty_table_says_why() {
    let table = |query: &str| {
        Table::new("t", "Étapes")
            .listing(&ListQuery::parse("/e", query), 0)
            .empty(Empty::new("Aucune étape", "Jamais collecté."))
    };
    assert!(table("").to_string().contains("Jamais collecté."));
    assert!(table("recherche=zzz").to_string().contains("Rien ne répond à « zzz »."));
    assert!(table("nature=UE").to_string().contains("Aucune ligne ne répond à ce filtre."));
}

#[tokio::test]
async fn the_gallery_shows_everything_to_the_it_service() {
    let base = Base::sqlite(MIGRATIONS).await;
    let web = suite(base.db(), &clock());
    let mut browser = Browser::of(&web, Role::Informatique).await;
    let all = browser.get("/composants").await;
    assert_eq!(all.status, StatusCode::OK);
    for mark in [
        "pastille ton-action",
        "message ton-danger",
        "<dialog",
        "<progress",
        "chiffre-valeur",
        "difference",
        "class=\"vide\"",
    ] {
        assert!(all.body.contains(mark), "{mark}");
    }
    let liste = browser.get("/composants/liste?recherche=obligations&taille=25&page=3").await;
    assert_eq!(
        liste.body.matches("<tr data-ouvre").count()
            + liste.body.matches("<tr class=\"histoire\" data-ouvre").count(),
        25
    );
    assert_eq!(browser.cookies.get("telemaque_taille").map(String::as_str), Some("25"));
    let kept = browser.get("/composants/liste").await;
    assert!(kept.body.contains("1 à 25 sur"), "the page size is kept");
    assert!(browser.get("/composants/liste?recherche=zzzz").await.body.contains("Aucun résultat"));
    assert!(browser.get("/composants/arbre").await.body.contains("aria-level=\"9\""));
    assert!(
        browser.get("/composants/avancement").await.body.contains("<noscript><meta http-equiv=\"refresh\"")
    );
    base.close().await;
}

/// Files under `root` whose name ends so.
fn files(root: &Path, extension: &str, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(root).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
            files(&path, extension, out);
        } else if path.extension().is_some_and(|found| found == extension) {
            out.push(path);
        }
    }
}

fn house(extension: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut paths = Vec::new();
    for folder in ["contexts", "platform/web/src", "platform/web/templates", "app/src"] {
        files(&root.join(folder), extension, &mut paths);
    }
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).expect("readable"))).collect()
}

#[test]
fn no_template_of_the_house_holds_anything_inline() {
    let templates = house("html");
    assert!(templates.len() > 30, "templates are found");
    for (path, text) in templates {
        for forbidden in
            [" style=", " onclick=", " onchange=", " onsubmit=", "<style", "<script>", "|safe", "javascript:"]
        {
            assert!(!text.contains(forbidden), "{}: {forbidden}", path.display());
        }
    }
}

#[test]
fn every_icon_named_is_in_the_sprite() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/src/icons.mjs");
    let known = std::fs::read_to_string(list).expect("icons.mjs");
    let mut named = 0;
    let texts = house("rs").into_iter().chain(house("html"));
    for (path, text) in texts {
        for opener in ["Icon::new(\"", "Icon::named(\"", ".icon(\"", "icon: \""] {
            for rest in text.split(opener).skip(1) {
                let name = rest.split('"').next().unwrap_or_default();
                named += 1;
                assert!(
                    known.contains(&format!("'{name}'")),
                    "{}: icon « {name} » is not in icons.mjs",
                    path.display()
                );
            }
        }
    }
    assert!(named > 30, "icons are found");
}
