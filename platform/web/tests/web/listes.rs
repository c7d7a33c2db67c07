//! The list of the gallery, sixty thousand rows with the worst labels first: searched, narrowed, paged, exported and opened again.

use std::io::Cursor;

use axum::http::StatusCode;
use calamine::{Data, DataType, Reader, Xlsx};
use db::{Db, sql};
use kernel::Role;
use testkit::{Base, clock};
use web::MIGRATIONS;

use crate::support::{Answer, Browser, suite};

const LISTE: &str = "/composants/liste";

/// What people and machines type where they should not.
const HOSTILES: [&str; 18] = [
    "'",
    "\"",
    "%",
    "_",
    "!",
    "\\",
    "`",
    "%%%",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "🙈🇫🇷",
    "\u{202e}abc",
    "zéro\u{200b}largeur",
    "nul\0",
    "a\r\nSet-Cookie: x=1",
    "٣٤",
    "../../etc/passwd",
];

async fn opened(base: &Base) -> Browser {
    let web = suite(base.db(), &clock());
    Browser::of(&web, Role::Informatique).await
}

async fn base() -> Base {
    Base::sqlite(MIGRATIONS).await
}

fn with(name: &str, value: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
    format!("{LISTE}?{query}")
}

/// Heads, then rows.
fn sheet(answer: &Answer) -> Vec<Vec<Data>> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(answer.bytes.clone())).expect("a workbook");
    let names = workbook.sheet_names();
    let range = workbook.worksheet_range(names.first().expect("a sheet")).expect("its cells");
    assert!(
        workbook.worksheet_formula(names.first().expect("a sheet")).expect("formulas").is_empty(),
        "no formula"
    );
    range.rows().map(<[Data]>::to_vec).collect()
}

fn records(answer: &Answer) -> Vec<csv::StringRecord> {
    let text = answer.body.strip_prefix('\u{feff}').expect("its mark");
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.expect("a record")).collect()
}

async fn exports(db: &Db) -> Vec<String> {
    let rows = db
        .read(|c| async move {
            sql::select(&c, "SELECT apres FROM journal WHERE action = 'export' ORDER BY id", []).await
        })
        .await
        .expect("the journal is read");
    rows.iter().map(|row| row.try_get("", "apres").expect("a text")).collect()
}

#[tokio::test]
async fn the_whole_list_is_a_workbook_that_opens_again() {
    let base = base().await;
    let mut browser = opened(&base).await;
    let answer = browser.get(&format!("{LISTE}?vu_au=2024-02-29&export=xlsx")).await;
    let rows = sheet(&answer);
    assert_eq!(rows.len(), 12_451);
    let head: Vec<_> = rows.first().expect("a head").iter().map(ToString::to_string).collect();
    assert_eq!(head, ["Code", "Nature", "Libellé", "ECTS", "Vu le", "État"]);
    let texts: Vec<_> =
        rows.iter().skip(1).take(15).map(|row| row.get(2).expect("a label").clone()).collect();
    for text in &texts {
        assert!(matches!(text, Data::String(_)), "a label is a text: {text:?}");
    }
    let text = |n: usize| texts.get(n).map(ToString::to_string).unwrap_or_default();
    assert_eq!(text(1), "=cmd|' /C calc'!A0");
    assert_eq!(text(3), "-3", "words stay words");
    assert_eq!(text(11), "ligne un\nligne deux\tet demie");
    assert_eq!(text(12), "nul et cloche");
    let last = rows.last().expect("a row");
    assert_eq!(last.first(), Some(&Data::String("EL59682".into())));
    assert!(last.get(3).is_some_and(DataType::is_float), "{last:?}");
    assert!(last.get(4).is_some_and(DataType::is_datetime), "{last:?}");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"elements_2024-04-02_au_29_02_2024.xlsx\"; filename*=UTF-8''%C3%89l%C3%A9ments%202024-04-02%20au%2029%2002%202024.xlsx"
    );
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert!(answer.header("content-encoding").is_empty(), "a workbook is compressed already");
    let lines = exports(&base.db()).await;
    assert_eq!(lines, [r#"{"filtres":1,"format":"xlsx","lignes":12450,"recherche":false}"#]);
    base.close().await;
}

#[tokio::test]
async fn the_whole_list_is_a_csv_that_no_spreadsheet_runs() {
    let base = base().await;
    let mut browser = opened(&base).await;
    let answer =
        browser.get(&format!("{LISTE}?export=csv&colonnes=code,libelle,ects&nature=UE&nature=EC")).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let rows = records(&answer);
    assert_eq!(rows.len(), 30_001);
    let head: Vec<_> = rows.first().expect("a head").iter().collect();
    assert_eq!(head, ["Code", "Libellé", "ECTS"]);
    for row in rows.iter().skip(1) {
        assert_eq!(row.len(), 3);
        let label = row.get(1).unwrap_or_default();
        assert!(!label.starts_with(['=', '+', '@', '\t', '\r']), "{label:?}");
        assert!(!label.contains('\0'));
    }
    let label = |n: usize| rows.get(n).and_then(|row| row.get(1)).unwrap_or_default().to_owned();
    assert_eq!(label(2), "'=cmd|' /C calc'!A0");
    assert!(answer.header("content-disposition").contains("Unit%C3%A9"));
    assert_eq!(
        exports(&base.db()).await,
        [r#"{"filtres":2,"format":"csv","lignes":30000,"recherche":false}"#]
    );
    base.close().await;
}

#[tokio::test]
async fn whatever_is_typed_is_searched_as_it_is_and_nothing_of_it_is_run() {
    let base = base().await;
    let mut browser = opened(&base).await;
    let names = [
        "recherche",
        "nature",
        "tri",
        "sens",
        "page",
        "taille",
        "vu_du",
        "ects_min",
        "colonnes",
        "export",
        "vue",
    ];
    for hostile in HOSTILES.into_iter().chain([&*"long ".repeat(800)]) {
        let asked = |names: &[&str]| {
            let pairs = names.iter().map(|name| (name, hostile));
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            format!("{LISTE}?{query}&taille=25")
        };
        for names in [&names[..], &["recherche"]] {
            let answer = browser.get(&asked(names)).await;
            assert_eq!(answer.status, StatusCode::OK, "{names:?}={hostile:?}: {}", answer.body);
            assert!(!answer.body.contains("<script>alert"), "{names:?}={hostile:?}");
            assert!(!answer.body.contains('\0'));
            assert!(!answer.header("set-cookie").contains("x=1"));
        }
        let answer = browser.get(&format!("{}&export=csv", asked(&["recherche"]))).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.headers.get("content-disposition").expect("a name").as_bytes().is_ascii());
        records(&answer);
    }
    // A pattern is not a pattern: one row holds « 100 % _ ».
    let answer = browser.get(&with("recherche", "100 % _ !")).await;
    assert!(answer.body.contains("1 à 1 sur 1"), "{}", answer.body);
    assert!(browser.get(&with("recherche", "<script>")).await.body.contains("&#60;script&#62;alert"));
    base.close().await;
}

#[tokio::test]
async fn a_page_too_far_is_the_last_one() {
    let base = base().await;
    let mut browser = opened(&base).await;
    let answer = browser.get(&format!("{LISTE}?page=1000000000&taille=200")).await;
    assert!(answer.body.contains("59\u{202f}801 à 60\u{202f}000 sur 60\u{202f}000"));
    assert!(answer.body.contains("EL59999"));
    let alone = browser.get(&format!("{LISTE}?recherche=EL00007&page=99999999999999999999")).await;
    assert!(alone.body.contains("1 à 1 sur 1"));
    base.close().await;
}

#[tokio::test]
async fn filters_combine_and_those_that_find_nothing_can_be_taken_off_one_by_one() {
    let base = base().await;
    let mut browser = opened(&base).await;
    let both = browser
        .get(&format!(
            "{LISTE}?nature=UE&nature=EC&etat=ferme&ects_min=2,5&vu_du=2024-01-01&vu_au=2024-02-01"
        ))
        .await;
    for chip in [
        "Nature : <strong>Unité d’enseignement",
        "ECTS : <strong>au moins 2,5",
        "Vu le : <strong>du 01/01/2024",
    ] {
        assert!(both.body.contains(chip), "{chip}");
    }
    let none = browser.get(&format!("{LISTE}?recherche=zzzz&nature=UE&etat=ferme")).await.body;
    assert!(none.contains("Rien ne répond à « zzzz » avec ces filtres."), "{none}");
    for way in [
        "href=\"/composants/liste?nature=UE&#38;etat=ferme\">Retirer la recherche",
        "href=\"/composants/liste?recherche=zzzz&#38;etat=ferme\">Retirer « Nature : Unité d’enseignement »",
        "href=\"/composants/liste?recherche=zzzz&#38;nature=UE\">Retirer « État : Fermé »",
        "href=\"/composants/liste\">Tout afficher",
    ] {
        assert!(none.contains(way), "{way}");
    }
    assert!(none.contains("role=\"status\">Éléments : Aucune ligne pour « zzzz ».</p>"));
    base.close().await;
}

#[tokio::test]
async fn chosen_rows_or_the_whole_list_reach_the_action() {
    let base = base().await;
    let mut browser = opened(&base).await;
    let list = browser.get(&format!("{LISTE}?nature=UE")).await;
    let csrf = list
        .body
        .split("id=\"elements-lot\"")
        .nth(1)
        .and_then(|rest| rest.split("value=\"").nth(1))
        .and_then(|rest| rest.split('"').next())
        .expect("a token")
        .to_owned();
    assert!(list.body.contains("name=\"choix\" value=\"EL00000\" form=\"elements-lot\""));
    let origine = "/composants/liste?nature=UE";
    let some = browser
        .post(
            "/composants/lot",
            &[("_csrf", &csrf), ("origine", origine), ("choix", "EL00000"), ("choix", "EL00004")],
        )
        .await;
    assert!(some.body.contains("Assigner 2 lignes"), "{}", some.body);
    let all = browser
        .post(
            "/composants/lot",
            &[("_csrf", &csrf), ("origine", origine), ("portee", "liste"), ("total", "15000")],
        )
        .await;
    assert!(all.body.contains("Assigner 15\u{202f}000 lignes"));
    assert!(all.body.contains("name=\"portee\" value=\"liste\"") && !all.body.contains("name=\"choix\""));
    let none = browser.post("/composants/lot", &[("_csrf", &csrf), ("origine", origine)]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.body.contains("Aucune ligne n’est sélectionnée"));
    let forged = browser.post("/composants/lot", &[("choix", "EL00000")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    base.close().await;
}
