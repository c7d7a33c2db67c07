//! The frame of a page: rail, top bar, breadcrumbs, title, message left by the last action.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use kernel::{AnneeUniversitaire, Role};

use askama::Template;

use crate::components::{Alert, Breadcrumbs, Icon, Tone};
use crate::html::Html;
use crate::shell::{NavGroup, Repere, Shell};
use crate::{PageError, Visitor, Web, assets, cookie};

/// Colours asked for on this device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    Systeme,
    /// Light.
    Clair,
    /// Dark.
    Sombre,
}

impl Theme {
    /// Every choice, in the order shown.
    pub const ALL: [Self; 3] = [Self::Systeme, Self::Clair, Self::Sombre];

    /// As the cookie carries it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Systeme => "systeme",
            Self::Clair => "clair",
            Self::Sombre => "sombre",
        }
    }

    /// Reads the cookie; anything else is the system's choice.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.code() == text).unwrap_or_default()
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Systeme => "Comme l’appareil",
            Self::Clair => "Clair",
            Self::Sombre => "Sombre",
        }
    }
}

/// What the last action says at the top of the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    /// Success, most often.
    pub tone: Tone,
    /// One sentence.
    pub text: String,
}

/// The frame around one page. An extractor; templates that extend `layout.html` hold it as `frame`.
#[derive(Clone, Debug)]
pub struct Frame {
    titre: String,
    fil: Vec<(String, Option<String>)>,
    shell: Shell,
    visitor: Option<Visitor>,
    path: String,
    repere: Option<Repere>,
    theme: Theme,
    flash: Option<Flash>,
    recherche: String,
    refresh: Option<u32>,
}

impl Frame {
    /// Names the page: its only `h1`, the browser's title, and the last breadcrumb. A noun.
    #[must_use]
    pub fn titled(mut self, titre: impl Into<String>) -> Self {
        self.titre = titre.into();
        self
    }

    /// Adds a breadcrumb that leads somewhere; the page itself comes last by itself.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.fil.push((label.into(), Some(href.into())));
        self
    }

    /// Shows `texte` in the search box of everything.
    #[must_use]
    pub fn searched(mut self, texte: impl Into<String>) -> Self {
        self.recherche = texte.into();
        self
    }

    /// Without JavaScript, loads the page again every `seconds`: for pages that show work in progress.
    #[must_use]
    pub fn refreshing(mut self, seconds: u32) -> Self {
        self.refresh = Some(seconds);
        self
    }

    /// Shows another year and maquette than what the shell said.
    #[must_use]
    pub fn at(mut self, repere: Repere) -> Self {
        self.repere = Some(repere);
        self
    }

    /// The person, when signed in.
    #[must_use]
    pub fn visitor(&self) -> Option<&Visitor> {
        self.visitor.as_ref()
    }

    /// The year and maquette shown in the top bar.
    #[must_use]
    pub fn repere(&self) -> Option<&Repere> {
        self.repere.as_ref()
    }

    /// Path of the page, without its parameters.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The title.
    #[must_use]
    pub fn titre(&self) -> &str {
        &self.titre
    }

    /// The token that forms carry; empty when nobody is signed in.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.visitor.as_ref().map(Visitor::csrf).unwrap_or_default()
    }

    /// Theme of this device.
    #[must_use]
    pub fn theme(&self) -> Theme {
        self.theme
    }

    /// A frame for tests of templates: `role` signed in, nothing in the rail.
    #[must_use]
    pub fn sample(role: Role) -> Self {
        Self::bare(Shell::default(), Some(Visitor::sample(role)), "/", Theme::Systeme)
    }

    pub(crate) fn bare(shell: Shell, visitor: Option<Visitor>, path: &str, theme: Theme) -> Self {
        Self {
            titre: String::new(),
            fil: Vec::new(),
            shell,
            visitor,
            path: path.to_owned(),
            repere: None,
            theme,
            flash: None,
            recherche: String::new(),
            refresh: None,
        }
    }

    pub(crate) async fn of_request(
        web: &Web,
        visitor: Option<Visitor>,
        path: &str,
        query: &str,
        theme: Theme,
    ) -> Self {
        let mut frame = Self::bare(web.shell().clone(), visitor, path, theme);
        if let (Some(source), Some(visitor)) = (web.shell().repere.as_ref(), frame.visitor.as_ref()) {
            let demandee = |nom: &str| {
                let value = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == nom);
                value.and_then(|(_, value)| value.parse::<AnneeUniversitaire>().ok())
            };
            frame.repere = source.repere(visitor, demandee("annee"), demandee("maquette")).await;
        }
        frame
    }
}

/// The pieces that `layout.html` puts together. They are rendered here, once, rather than in every page's template: a page
/// compiles in a fraction of the time.
impl Frame {
    /// `data-bs-theme`, when the person chose.
    #[must_use]
    pub fn theme_attribute(&self) -> Html {
        Html::fixed(match self.theme {
            Theme::Systeme => "",
            Theme::Clair => " data-bs-theme=\"light\"",
            Theme::Sombre => " data-bs-theme=\"dark\"",
        })
    }

    /// The token, for the requests htmx makes.
    #[must_use]
    pub fn body_attributes(&self) -> Html {
        Html::of(&BodyAttributes { csrf: self.csrf() })
    }

    /// Title, styles, script.
    #[must_use]
    pub fn head(&self) -> Html {
        Html::of(&Head { frame: self })
    }

    /// The left rail.
    #[must_use]
    pub fn rail(&self) -> Html {
        Html::of(&Rail { frame: self, groups: self.groups() })
    }

    /// The top bar.
    #[must_use]
    pub fn top(&self) -> Html {
        Html::of(&Top { frame: self })
    }

    /// The bar at the bottom of a phone.
    #[must_use]
    pub fn bottom(&self) -> Html {
        Html::of(&Bottom { frame: self, groups: self.groups() })
    }

    /// Breadcrumbs, when the page is not at the top.
    #[must_use]
    pub fn breadcrumbs(&self) -> Html {
        if self.fil.is_empty() {
            return Html::default();
        }
        let mut crumbs = self.fil.clone();
        crumbs.push((self.titre.clone(), None));
        Html::of(&Breadcrumbs::new(crumbs))
    }

    /// What the last action left to say.
    #[must_use]
    pub fn flash(&self) -> Html {
        self.flash
            .as_ref()
            .map_or_else(Html::default, |flash| Html::of(&Alert::new(flash.tone, flash.text.clone())))
    }

    /// The entry of the rail that the page belongs to: the longest that its path begins with.
    fn current(&self) -> Option<&'static str> {
        let entries = self.shell.nav.iter().flat_map(|group| &group.entries);
        let inside = |href: &str| {
            self.path == href
                || (href != "/" && self.path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
        };
        entries.map(|entry| entry.href).filter(|href| inside(href)).max_by_key(|href| href.len())
    }

    /// The section of the handbook that explains this page.
    fn aide(&self) -> Option<&'static str> {
        self.shell.aide.and_then(|aide| aide(&self.path))
    }

    /// The year looked at, when it is not the current one: what leaves the page keeps it.
    fn other_year(&self) -> Option<AnneeUniversitaire> {
        self.repere.as_ref().filter(|repere| !repere.courant).map(|repere| repere.annee)
    }

    /// Where an entry of the rail leads: while another year is looked at, the pages that show a year stay in it.
    fn entry_href(&self, href: &str) -> String {
        match self.other_year() {
            Some(annee) if href == "/" || href.starts_with("/maquette/") => format!("{href}?annee={annee}"),
            _ => href.to_owned(),
        }
    }

    fn is_current(&self, href: &&'static str) -> bool {
        self.current() == Some(*href)
    }

    fn groups(&self) -> Vec<NavGroup> {
        self.visitor.as_ref().map(|visitor| self.shell.nav_for(visitor.role)).unwrap_or_default()
    }

    fn document_title(&self) -> String {
        if self.titre.is_empty() {
            "Télémaque".to_owned()
        } else {
            format!("{} · Télémaque", self.titre)
        }
    }
}

#[derive(Template)]
#[template(path = "cadre/corps.html")]
struct BodyAttributes<'a> {
    csrf: &'a str,
}

#[derive(Template)]
#[template(path = "cadre/tete.html")]
struct Head<'a> {
    frame: &'a Frame,
}

impl Head<'_> {
    fn asset(&self, name: &str) -> String {
        assets::url(name)
    }
}

#[derive(Template)]
#[template(path = "cadre/rail.html")]
struct Rail<'a> {
    frame: &'a Frame,
    groups: Vec<NavGroup>,
}

#[derive(Template)]
#[template(path = "cadre/haut.html")]
struct Top<'a> {
    frame: &'a Frame,
}

#[derive(Template)]
#[template(path = "cadre/bas.html")]
struct Bottom<'a> {
    frame: &'a Frame,
    groups: Vec<NavGroup>,
}

impl Bottom<'_> {
    /// Entries that fit beside « Menu »: four targets of a thumb's width on the narrowest phone.
    fn first(&self) -> impl Iterator<Item = &crate::NavEntry> {
        self.frame.shell.au_pouce(&self.groups).take(4)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Frame {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let Some(web) = parts.extensions.get::<Web>().cloned() else {
            let fault = PageError::internal("cadre", None, None);
            tracing::error!(reference = fault.reference, "a page was served outside Web::serve");
            return Err(fault);
        };
        let mut visitor = parts.extensions.get::<Visitor>().cloned();
        let flash = visitor.as_mut().and_then(|v| v.flash.take());
        // A fragment asked by the script would take the message and not show it.
        let flash = flash.filter(|_| !parts.headers.contains_key("hx-request"));
        let theme = Theme::parse(cookie::read(&parts.headers, cookie::THEME).unwrap_or_default());
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let path = parts.uri.path().to_owned();
        let mut frame = Self::of_request(&web, visitor, &path, &query, theme).await;
        frame.flash = flash;
        Ok(frame)
    }
}

/// Icons of the frame.
impl Frame {
    fn icon(&self, name: &'static str) -> Icon {
        Icon::new(name)
    }
}
