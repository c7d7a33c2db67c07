//! The components pages are made of. Each is a type: fields decided by the page, HTML decided here, once.
//!
//! All are written `{{ component }}` in a template: they are HTML, and what they hold is escaped.

mod badge;
mod bulk;
mod cell;
mod changes;
mod filter;
mod form;
mod identity;
mod list_tools;
mod liste;
mod navigation;
mod pager;
mod progress;
mod suggestions;
mod table;
mod tree;
mod upload;

use askama::Template;
use askama::filters::HtmlSafe;

pub use badge::{Alert, Badge, Empty, Icon, Tone};
pub use bulk::{Bulk, Selection};
pub use cell::{Cell, Row};
pub use changes::{ChangeGroup, Changes, Diff};
pub use filter::{Filter, FilterChips};
pub use form::{ActionForm, Button, Checkbox, Dialog, Field, Look, Select};
pub use identity::{Identity, KeyFigure, KeyFigures};
pub use liste::Liste;
pub use navigation::{Breadcrumbs, Tab, Tabs};
pub use pager::{Pager, SortHeader};
pub use progress::{Outcome, Phase, PhaseState, Progress};
pub use suggestions::Suggestions;
pub use table::{Align, Column, Table};
pub use tree::{Quantity, Tree, TreeRow};
pub use upload::{FileField, UploadForm};

/// A component that may be absent, in a template: `{{ maybe(alert) }}`.
#[derive(Clone, Debug)]
pub struct Maybe<T>(pub Option<T>);

impl<T: Template> std::fmt::Display for Maybe<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.as_ref().map_or(Ok(()), |component| write!(f, "{component}"))
    }
}

impl<T: Template> HtmlSafe for Maybe<T> {}

use bulk::BulkBar;
use list_tools::{ColumnsMenu, ExportMenu, ViewsMenu};

macro_rules! html_safe {
    ($($component:ty),+ $(,)?) => { $(impl HtmlSafe for $component {})+ };
}

html_safe! {
    ActionForm, Alert, Badge, BulkBar, ColumnsMenu, ExportMenu, ViewsMenu, Breadcrumbs, Button, Changes, Checkbox, Dialog, Diff, Empty, Field, FileField, FilterChips, Icon, Identity,
    KeyFigures, Pager, Progress, Quantity, Select, SortHeader, Suggestions, Table, Tabs, Tree, UploadForm,
}
