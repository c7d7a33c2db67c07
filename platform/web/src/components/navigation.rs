use askama::Template;

/// Where a page stands: each label leads somewhere, but the last.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/fil.html")]
pub struct Breadcrumbs {
    crumbs: Vec<(String, Option<String>)>,
}

impl Breadcrumbs {
    /// Labels and paths, from the top.
    #[must_use]
    pub fn new(crumbs: impl IntoIterator<Item = (String, Option<String>)>) -> Self {
        Self { crumbs: crumbs.into_iter().collect() }
    }
}

/// One tab: a page of its own.
#[derive(Clone, Debug)]
pub struct Tab {
    label: String,
    href: String,
    count: Option<String>,
    current: bool,
}

impl Tab {
    /// A tab that leads to `href`.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), count: None, current: false }
    }

    /// How many things are behind it.
    #[must_use]
    pub fn count(mut self, n: u64) -> Self {
        self.count = Some(kernel::nombre_francais(i64::try_from(n).unwrap_or(i64::MAX)));
        self
    }

    /// Whether it is the one shown.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

/// The parts of an object page. Links, so that each can be kept, sent and opened in another tab of the browser.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/onglets.html")]
pub struct Tabs {
    label: String,
    tabs: Vec<Tab>,
}

impl Tabs {
    /// `label` names the set for a screen reader: « Étape L1DRO ».
    #[must_use]
    pub fn new(label: impl Into<String>, tabs: impl IntoIterator<Item = Tab>) -> Self {
        Self { label: label.into(), tabs: tabs.into_iter().collect() }
    }
}
