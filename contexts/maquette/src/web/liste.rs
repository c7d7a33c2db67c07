//! A list of the offer or of people, as a page or as the file that was asked of it.

use ::web::components::{Liste, Table};
use ::web::{Frame, Listage, Page, PageError, Tranche};
use askama::Template;
use axum::response::{IntoResponse, Response};
use db::{DbError, Paging};

#[derive(Template)]
#[template(path = "liste.html")]
struct PageDeListe {
    frame: Frame,
    table: Table,
}

/// Shows a list, or sends it whole when a file is asked. `lire` answers one page of it, or one chunk.
pub(super) async fn montrer<T, F, Fut>(
    frame: Frame,
    listage: &Listage,
    liste: Liste<'_, T>,
    lire: F,
) -> Result<Response, PageError>
where
    T: Send + 'static,
    F: Fn(Paging) -> Fut + Send + 'static,
    Fut: Future<Output = Result<db::Page<T>, DbError>> + Send + 'static,
{
    if listage.export().is_some() {
        let tranche = move |t: Tranche| {
            let page = lire(t.paging());
            async move { Ok::<_, DbError>(page.await?.elements) }
        };
        return liste.export(listage, tranche).await;
    }
    let page = listage.read(lire).await?;
    let table = liste.table(listage, &page);
    Ok(Page(PageDeListe { frame, table }).into_response())
}
