//! The menus at the head of a list: columns, views, export.

use askama::Template;

use super::Icon;
use crate::export::Format;
use crate::listage::Listage;
use crate::listing::ListQuery;
use crate::vues;

/// Which columns are shown: a form that keeps the choice.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/colonnes.html")]
pub(super) struct ColumnsMenu {
    list: String,
    key: String,
    csrf: String,
    back: String,
    /// Name, label, whether it is shown.
    columns: Vec<(String, String, bool)>,
    /// Whether it differs from what the list shows of itself.
    chosen: bool,
}

impl ColumnsMenu {
    pub(super) fn new(
        list: &str,
        listage: &Listage,
        query: &ListQuery,
        columns: Vec<(String, String, bool)>,
        chosen: bool,
    ) -> Self {
        let mut bare = query.clone();
        bare.colonnes.clear();
        Self {
            list: list.to_owned(),
            key: listage.liste.clone(),
            csrf: listage.visitor.csrf().to_owned(),
            back: bare.url(),
            columns,
            chosen,
        }
    }
}

/// A view, as the menu shows it.
#[derive(Clone, Debug)]
struct Entry {
    name: String,
    href: String,
    owner: Option<String>,
    current: bool,
    first: bool,
}

/// Saved views of a list: those one may use, a name for what is shown, the way to manage them.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/vues.html")]
pub(super) struct ViewsMenu {
    list: String,
    key: String,
    csrf: String,
    path: String,
    parametres: String,
    entries: Vec<Entry>,
    whole: Option<String>,
    current: Option<String>,
}

impl ViewsMenu {
    pub(super) fn new(list: &str, listage: &Listage, query: &ListQuery) -> Self {
        let entries: Vec<_> = listage
            .vues
            .iter()
            .map(|vue| Entry {
                name: vue.nom.clone(),
                href: vue.url(&query.path),
                owner: (vue.compte != listage.visitor.compte).then(|| vue.proprietaire.clone()),
                current: vue.shows(query),
                first: listage.garde.vue == Some(vue.id),
            })
            .collect();
        let current = entries.iter().find(|entry| entry.current).map(|entry| entry.name.clone());
        Self {
            list: list.to_owned(),
            key: listage.liste.clone(),
            csrf: listage.visitor.csrf().to_owned(),
            path: query.path.clone(),
            parametres: vues::parametres(query),
            whole: listage.garde.vue.map(|_| format!("{}?vue=0", query.path)),
            entries,
            current,
        }
    }

    fn manage(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("liste", &self.key).append_pair("page", &self.path);
        format!("/listes/vues?{}", query.finish())
    }
}

/// The whole list as a file.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/export.html")]
pub(super) struct ExportMenu {
    said: String,
    formats: Vec<(&'static str, String)>,
}

impl ExportMenu {
    pub(super) fn new(query: &ListQuery, total: u64) -> Self {
        let formats = Format::ALL.map(|format| (format.libelle(), query.export_url(format)));
        Self { said: super::bulk::lignes(total), formats: formats.into() }
    }
}
