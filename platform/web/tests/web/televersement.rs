//! Files that people send: held to the session's token, kept within bounds, refused in words.

use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode, header};
use futures::stream;
use kernel::{Fault, Right, Role};
use testkit::{clock, db_test};
use tower::ServiceExt;
use web::televersement::{Televersement, modele};
use web::{MIGRATIONS, PageError, Routes};

use crate::support::{Answer, Browser, MOT_DE_PASSE, compte, suite};

const KIND: &str = "multipart/form-data; boundary=----essai";

fn part(head: &str, body: &str) -> String {
    format!("------essai\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
}

fn form(parts: &[(&str, &str)]) -> String {
    let parts: String = parts.iter().map(|(head, body)| part(head, body)).collect();
    format!("{parts}------essai--\r\n")
}

fn routes() -> web::RouteTable {
    let say = async |envoi: Televersement<1000>| match envoi.fichier("fichier") {
        Ok(fichier) => format!("{}|{}|{}", fichier.nom, fichier.octets.len(), envoi.champ("annee")),
        Err(refus) => format!("{} {}", refus.message(), refus.way_out()),
    };
    let template = async || {
        let cells =
            vec![web::components::Cell::code("=E1"), web::components::Cell::centi(kernel::Centi(650))];
        modele("Épreuves à importer", ["Code", "ECTS"], &[cells]).await
    };
    Routes::new()
        .post("/essai/envoi", Right::MaquetteLire, say)
        .get("/essai/modele", Right::MaquetteLire, template)
        .post("/essai/ordinaire", Right::MaquetteLire, async |_: Bytes| Ok::<_, PageError>("lu"))
        .build()
}

async fn send(browser: &mut Browser, body: &str) -> Answer {
    browser.send(Method::POST, "/essai/envoi", KIND, body).await
}

async fn signed_in(db: db::Db) -> (Browser, String) {
    let web = suite(db, &clock());
    let mut browser = Browser::over(web.serve(crate::support::routes().merge(routes())));
    compte(&web, Role::Scolarite).await;
    browser.sign_in(Role::Scolarite.code(), MOT_DE_PASSE, "").await;
    let csrf = browser.get("/compte").await.csrf();
    (browser, csrf)
}

db_test!(a_file_comes_with_its_fields, MIGRATIONS, |db| async move {
    let (mut browser, csrf) = signed_in(db).await;
    let body = form(&[
        ("name=\"_csrf\"", &csrf),
        ("name=\"annee\"", "2024 « é »"),
        ("name=\"fichier\"; filename=\"C:\\Users\\Anne\\épreuves.xlsx\"", &"x".repeat(1000)),
    ]);
    let answer = send(&mut browser, &body).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "épreuves.xlsx|1000|2024 « é »"));
});

db_test!(none_or_too_large_is_said, MIGRATIONS, |db| async move {
    let (mut browser, csrf) = signed_in(db).await;
    let token = ("name=\"_csrf\"", csrf.as_str());
    let none = send(&mut browser, &form(&[token, ("name=\"fichier\"; filename=\"\"", "")])).await;
    assert!(none.body.starts_with("Aucun fichier n’a été choisi."), "{}", none.body);
    let long =
        send(&mut browser, &form(&[token, ("name=\"fichier\"; filename=\"a\"", &"x".repeat(1001))])).await;
    assert!(long.body.starts_with("Ce fichier dépasse"), "{}", long.body);
    // Beyond what is read to its end, nothing is kept either.
    let endless =
        send(&mut browser, &form(&[token, ("name=\"fichier\"; filename=\"a\"", &"x".repeat(20_000))])).await;
    assert_eq!(endless.status, StatusCode::BAD_REQUEST);
    assert!(endless.body.contains("Rien n’a été enregistré"), "{}", endless.body);
    let cut = form(&[token, ("name=\"fichier\"; filename=\"a\"", "abc")]);
    let cut = send(&mut browser, cut.split("abc").next().unwrap_or_default()).await;
    assert_eq!(cut.status, StatusCode::BAD_REQUEST);
    assert!(cut.body.contains("s’est interrompu"), "{}", cut.body);
});

db_test!(a_file_without_its_token_is_not_taken, MIGRATIONS, |db| async move {
    let (mut browser, csrf) = signed_in(db).await;
    let file = ("name=\"fichier\"; filename=\"a\"", "abc");
    for parts in [
        vec![file],
        vec![("name=\"_csrf\"", "autre"), file],
        // Afterwards is too late: the file would have been taken already.
        vec![file, ("name=\"_csrf\"", csrf.as_str())],
        vec![("name=\"_csrf\"; filename=\"x\"", csrf.as_str()), file],
    ] {
        let answer = send(&mut browser, &form(&parts)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{parts:?}");
        assert!(answer.body.contains("rien n’a été enregistré"), "{}", answer.body);
    }
    browser.cookies.clear();
    let stranger = send(&mut browser, &form(&[("name=\"_csrf\"", &csrf), file])).await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN);
});

db_test!(a_body_that_is_refused_is_not_read, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    let router = web.serve(routes());
    // A body without end: an answer comes all the same.
    let head = form(&[("name=\"_csrf\"", "faux")]);
    let endless =
        stream::iter(std::iter::once(Bytes::from(head)).chain(std::iter::repeat(Bytes::from_static(b"x"))));
    let endless = futures::StreamExt::map(endless, Ok::<_, std::convert::Infallible>);
    let request = Request::post("/essai/envoi")
        .header(header::CONTENT_TYPE, KIND)
        .header(header::COOKIE, "telemaque_avant=x")
        .body(Body::from_stream(endless))
        .expect("request");
    let response = router.oneshot(request).await.expect("answer");
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
});

db_test!(other_routes_keep_their_limit, MIGRATIONS, |db| async move {
    let (mut browser, csrf) = signed_in(db).await;
    let large = "x".repeat(3 * 1024 * 1024);
    let body = form(&[("name=\"_csrf\"", &csrf), ("name=\"fichier\"; filename=\"a\"", &large)]);
    let answer = browser.send(Method::POST, "/essai/ordinaire", KIND, &body).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
});

db_test!(a_model_is_a_workbook_with_headers_and_an_example, MIGRATIONS, |db| async move {
    use calamine::{Data, Reader, Xlsx};
    let (mut browser, _) = signed_in(db).await;
    let answer = browser.get("/essai/modele").await;
    assert!(answer.header("content-disposition").contains(".xlsx"), "{answer:?}");
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(answer.bytes)).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("cells");
    let rows: Vec<Vec<Data>> = sheet.rows().map(<[Data]>::to_vec).collect();
    let text = |t: &str| Data::String(t.to_owned());
    assert_eq!(rows, [vec![text("Code"), text("ECTS")], vec![text("=E1"), Data::Float(6.5)]]);
});
