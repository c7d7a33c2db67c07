//! The handbook: which section each page is explained in, and its pages read from the files of `docs/manuel`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kernel::fold;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use rust_embed::RustEmbed;

/// Where a page is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// Address of the pages it explains: the longest that an address begins with wins. `/` is the home page alone.
    pub prefixe: &'static str,
    /// Its address in the handbook.
    pub href: &'static str,
    /// What it is called.
    pub titre: &'static str,
}

const fn section_de(prefixe: &'static str, href: &'static str, titre: &'static str) -> Section {
    Section { prefixe, href, titre }
}

/// Every page of the suite with its section: the one place where they are put together. A test holds it to the declared routes.
pub const SECTIONS: &[Section] = &[
    section_de("/", "/aide/accueil", "L’accueil"),
    section_de("/administration", "/aide/administration", "L’administration"),
    section_de("/administration/comptes", "/aide/comptes", "Les comptes"),
    section_de("/administration/courriels", "/aide/administration#les-courriels", "Les courriels"),
    section_de("/administration/droits", "/aide/administration#les-droits", "Les droits"),
    section_de("/administration/jetons", "/aide/jetons", "Les jetons"),
    section_de("/administration/journal", "/aide/administration#le-journal", "Le journal"),
    section_de("/administration/parametres", "/aide/administration#les-parametres", "Les paramètres"),
    section_de("/administration/travaux", "/aide/administration#les-travaux", "Les travaux"),
    section_de("/aide", "/aide/index", "Le manuel"),
    section_de("/api", "/aide/api", "L’interface de programmation"),
    section_de("/composants", "/aide/administration#les-composants", "Les composants"),
    section_de("/compte", "/aide/connexion", "Se connecter, son compte"),
    section_de("/connexion", "/aide/connexion", "Se connecter, son compte"),
    section_de("/deconnexion", "/aide/connexion", "Se connecter, son compte"),
    section_de("/examens", "/aide/examens-etudiant", "Vos examens"),
    section_de("/fraicheur", "/aide/fraicheur", "La fraîcheur des données"),
    section_de("/iexam", "/aide/examens-scolarite", "Les inscriptions aux examens"),
    section_de("/iexam/amenagements", "/aide/examens-amenagements", "Les aménagements"),
    section_de("/iexam/centres", "/aide/examens-centres", "Les centres d’examen"),
    section_de("/iexam/epreuves", "/aide/examens-epreuves", "Les épreuves"),
    section_de("/iexam/epreuves/conflits", "/aide/examens-epreuves#les-conflits", "Les conflits"),
    section_de(
        "/iexam/epreuves/importer",
        "/aide/examens-epreuves#importer-un-tableur",
        "Importer un tableur",
    ),
    section_de(
        "/iexam/inscriptions",
        "/aide/examens-scolarite#les-inscriptions",
        "Les inscriptions aux examens",
    ),
    section_de("/iexam/modalites", "/aide/examens-modalites", "Les modalités et leurs tarifs"),
    section_de("/iexam/paiements", "/aide/examens-paiements", "Les paiements des examens"),
    section_de("/iexam/paybox", "/aide/examens-paiements#le-paiement-en-ligne", "Le paiement en ligne"),
    section_de("/iexam/periodes", "/aide/examens-periodes", "Les périodes d’examens"),
    section_de("/liens", "/aide/liens", "Les liens"),
    section_de("/listes", "/aide/listes", "Les listes"),
    section_de("/maquette", "/aide/offre", "L’offre"),
    section_de("/maquette/absence", "/aide/absence", "Pourquoi absent ?"),
    section_de("/maquette/absent", "/aide/absence", "Pourquoi absent ?"),
    section_de("/maquette/anomalies", "/aide/anomalies", "Les anomalies"),
    section_de("/maquette/collectes", "/aide/collectes", "Les collectes"),
    section_de("/maquette/corrections", "/aide/corrections", "Les corrections"),
    section_de("/maquette/diplomes", "/aide/offre", "L’offre"),
    section_de("/maquette/elements", "/aide/offre", "L’offre"),
    section_de("/maquette/enseignants", "/aide/personnes", "Étudiants et enseignants"),
    section_de("/maquette/etapes", "/aide/offre", "L’offre"),
    section_de("/maquette/etudiants", "/aide/personnes", "Étudiants et enseignants"),
    section_de("/maquette/historique", "/aide/offre", "L’offre"),
    section_de("/maquette/recherche", "/aide/recherche", "La recherche"),
    section_de("/pourquoi-absent", "/aide/absence", "Pourquoi absent ?"),
    section_de("/recherche", "/aide/recherche", "La recherche"),
];

/// The section that explains the page at `chemin`, when one does.
#[must_use]
pub fn section(chemin: &str) -> Option<&'static Section> {
    let dedans = |s: &&Section| {
        chemin == s.prefixe
            || (s.prefixe != "/"
                && chemin.strip_prefix(s.prefixe).is_some_and(|reste| reste.starts_with('/')))
    };
    SECTIONS.iter().filter(dedans).max_by_key(|s| s.prefixe.len())
}

/// Address of the section that explains the page at `chemin`: for the frame's link « Aide ».
#[must_use]
pub fn aide(chemin: &str) -> Option<&'static str> {
    section(chemin).map(|s| s.href)
}

#[derive(RustEmbed)]
#[folder = "../../docs/manuel/"]
struct Fichiers;

/// A page of the handbook.
#[derive(Clone, Debug)]
pub struct PageManuel {
    /// Name in its address: the file's, without its ending.
    pub nom: String,
    /// Its title.
    pub titre: String,
    /// Its text as HTML, without the title.
    pub corps: String,
    /// Headings of second level: anchor, words.
    pub sommaire: Vec<(String, String)>,
    /// Every anchor.
    pub ancres: Vec<String>,
    /// Where its links lead, as written in the file.
    pub liens: Vec<String>,
    /// Pictures that it shows.
    pub images: Vec<String>,
    /// HTML written in the file, which is not shown.
    pub balises: Vec<String>,
    passages: Vec<Passage>,
}

/// What stands under one heading.
#[derive(Clone, Debug, Default)]
struct Passage {
    ancre: String,
    titre: String,
    texte: String,
}

/// A passage that answers a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouve {
    /// Title of its page.
    pub page: String,
    /// Its heading.
    pub titre: String,
    /// Its address.
    pub href: String,
    /// A few words around what was found.
    pub extrait: String,
}

/// The handbook, read once.
static PAGES: LazyLock<BTreeMap<String, PageManuel>> = LazyLock::new(|| {
    let lire = |fichier: std::borrow::Cow<'static, str>| {
        let nom = fichier.strip_suffix(".md")?.to_owned();
        let texte = String::from_utf8(Fichiers::get(&fichier)?.data.into_owned()).ok()?;
        Some((nom.clone(), lire_page(&nom, &texte)))
    };
    Fichiers::iter().filter_map(lire).collect()
});

/// Every page, by name.
#[must_use]
pub fn pages() -> &'static BTreeMap<String, PageManuel> {
    &PAGES
}

/// An anchor out of a heading: `les-parametres`.
fn ancre(titre: &str) -> String {
    let mots: String = fold(titre).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    mots.split_whitespace().collect::<Vec<_>>().join("-")
}

/// A link of a file as an address of the suite: `collectes.md#x` is `/aide/collectes#x`.
fn adresse(lien: &str) -> String {
    let (fichier, ancre) = lien.split_once('#').map_or((lien, None), |(f, a)| (f, Some(a)));
    let Some(nom) = fichier.strip_suffix(".md").filter(|nom| !nom.contains('/')) else {
        return lien.to_owned();
    };
    match ancre {
        Some(ancre) => format!("/aide/{nom}#{ancre}"),
        None => format!("/aide/{nom}"),
    }
}

/// The words of the events up to the end of a heading.
fn mots(evenements: &[Event<'_>]) -> String {
    let texte = |e: &Event<'_>| match e {
        Event::Text(t) | Event::Code(t) => Some(t.to_string()),
        _ => None,
    };
    evenements.iter().take_while(|e| !matches!(e, Event::End(TagEnd::Heading(_)))).filter_map(texte).collect()
}

/// Reads a file. Whatever HTML it holds is left out.
#[must_use]
pub fn lire_page(nom: &str, texte: &str) -> PageManuel {
    let evenements: Vec<Event<'_>> = Parser::new_ext(texte, Options::ENABLE_TABLES).collect();
    let mut page = PageManuel {
        nom: nom.to_owned(),
        titre: nom.to_owned(),
        corps: String::new(),
        sommaire: Vec::new(),
        ancres: Vec::new(),
        liens: Vec::new(),
        images: Vec::new(),
        balises: Vec::new(),
        passages: vec![Passage::default()],
    };
    let mut sortie = Vec::with_capacity(evenements.len());
    let mut dans_le_titre = false;
    for (rang, evenement) in evenements.iter().enumerate() {
        let suite = evenements.get(rang + 1..).unwrap_or_default();
        match evenement {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
                page.titre = mots(suite);
                dans_le_titre = true;
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => dans_le_titre = false,
            _ if dans_le_titre => {}
            Event::Start(Tag::Heading { level, .. }) => {
                let (titre, id) = (mots(suite), ancre(&mots(suite)));
                if *level == HeadingLevel::H2 {
                    page.sommaire.push((id.clone(), titre.clone()));
                }
                page.ancres.push(id.clone());
                page.passages.push(Passage { ancre: id.clone(), titre, texte: String::new() });
                let (classes, attrs) = (Vec::new(), Vec::new());
                sortie.push(Event::Start(Tag::Heading {
                    level: *level,
                    id: Some(id.into()),
                    classes,
                    attrs,
                }));
            }
            Event::Html(t) | Event::InlineHtml(t) => page.balises.push(t.to_string()),
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                page.liens.push(dest_url.to_string());
                let dest_url = CowStr::from(adresse(dest_url));
                let (link_type, title, id) = (*link_type, title.clone(), id.clone());
                sortie.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                page.images.push(dest_url.to_string());
                sortie.push(evenement.clone());
            }
            Event::Start(Tag::Table(_)) => {
                // A wide table scrolls by itself, and a keyboard can scroll it.
                let cadre =
                    "<div class=\"manuel-table\" role=\"group\" tabindex=\"0\" aria-label=\"Tableau\">";
                sortie.push(Event::Html(cadre.into()));
                sortie.push(evenement.clone());
            }
            Event::End(TagEnd::Table) => {
                sortie.push(evenement.clone());
                sortie.push(Event::Html("</div>".into()));
            }
            autre => {
                noter(&mut page.passages, autre);
                sortie.push(autre.clone());
            }
        }
    }
    html::push_html(&mut page.corps, sortie.into_iter());
    if let Some(premier) = page.passages.first_mut() {
        premier.titre.clone_from(&page.titre);
    }
    page
}

/// Adds the words of an event to the passage under way.
fn noter(passages: &mut [Passage], evenement: &Event<'_>) {
    let Some(passage) = passages.last_mut() else { return };
    match evenement {
        Event::Text(t) | Event::Code(t) => passage.texte.push_str(t),
        Event::SoftBreak | Event::HardBreak | Event::End(_) => passage.texte.push(' '),
        _ => {}
    }
}

/// Passages that hold every word sought, those whose heading holds one first.
#[must_use]
pub fn chercher(texte: &str, au_plus: usize) -> Vec<Trouve> {
    let cherches: Vec<String> = fold(texte).split_whitespace().map(str::to_owned).collect();
    let Some(premier) = cherches.first() else { return Vec::new() };
    let mut trouves = Vec::new();
    for page in pages().values() {
        for passage in &page.passages {
            let (titre, corps) = (fold(&format!("{} {}", page.titre, passage.titre)), fold(&passage.texte));
            if !cherches.iter().all(|mot| titre.contains(mot.as_str()) || corps.contains(mot.as_str())) {
                continue;
            }
            let rang = usize::from(!cherches.iter().any(|mot| fold(&passage.titre).contains(mot.as_str())));
            let ancre = if passage.ancre.is_empty() { String::new() } else { format!("#{}", passage.ancre) };
            trouves.push((
                rang,
                Trouve {
                    page: page.titre.clone(),
                    titre: passage.titre.clone(),
                    href: format!("/aide/{}{ancre}", page.nom),
                    extrait: extrait(&passage.texte, premier),
                },
            ));
        }
    }
    trouves.sort_by_key(|(rang, _)| *rang);
    trouves.into_iter().map(|(_, trouve)| trouve).take(au_plus).collect()
}

/// Some thirty words around the first place where `mot` stands.
fn extrait(texte: &str, mot: &str) -> String {
    let mots: Vec<&str> = texte.split_whitespace().collect();
    let ou = mots.iter().position(|m| fold(m).contains(mot)).unwrap_or_default();
    let debut = ou.saturating_sub(8);
    let pris: Vec<&str> = mots.iter().skip(debut).take(32).copied().collect();
    let (avant, apres) = (if debut > 0 { "… " } else { "" }, if debut + 32 < mots.len() { " …" } else { "" });
    format!("{avant}{}{apres}", pris.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_explains_a_page() {
        assert_eq!(aide("/"), Some("/aide/accueil"));
        assert_eq!(aide("/maquette/etapes/L1DRO/911"), Some("/aide/offre"));
        assert_eq!(
            aide("/administration/parametres/maquette.seuil_chute"),
            Some("/aide/administration#les-parametres")
        );
        assert_eq!(aide("/maquettes"), None, "a prefix ends at a slash");
        assert_eq!(aide("/inconnu"), None);
    }

    #[test]
    fn a_file_becomes_a_page_without_its_html() {
        let texte = "# Titre <b>gras</b>\n\nMot [ailleurs](collectes.md#lire), [dehors](https://exemple.fr).\n\n## Régler l’année\n\n<script>alert(1)</script>\n\n| a | b |\n|---|---|\n| 1 | `<i>` |\n";
        let page = lire_page("essai", texte);
        assert_eq!(page.titre, "Titre gras");
        assert_eq!(page.sommaire, [("regler-l-annee".to_owned(), "Régler l’année".to_owned())]);
        assert!(
            page.corps.contains("<h2 id=\"regler-l-annee\">")
                && page.corps.contains("href=\"/aide/collectes#lire\""),
            "{}",
            page.corps
        );
        assert!(
            !page.corps.contains("<script")
                && !page.corps.contains("<h1")
                && page.corps.contains("&lt;i&gt;"),
            "{}",
            page.corps
        );
        assert!(!page.balises.is_empty() && page.liens.len() == 2);
    }

    #[test]
    fn a_search_bears_anything_and_finds_by_heading_first() {
        for cherche in ["", " ", "%", "<script>", "'; DROP TABLE", "\u{202e}", "🦀🦀🦀"] {
            let _ = chercher(cherche, 10);
        }
        let trouves = chercher("parametres", 5);
        assert!(trouves.iter().any(|t| t.href == "/aide/administration#les-parametres"), "{trouves:?}");
        assert_eq!(chercher("PARAMÈTRES", 5), trouves, "neither case nor accents matter");
    }

    #[test]
    fn every_section_exists_and_no_link_is_dead() {
        let existe = |adresse: &str| {
            let (nom, ancre) = adresse.split_once('#').map_or((adresse, None), |(n, a)| (n, Some(a)));
            let page = pages().get(nom.strip_prefix("/aide/").unwrap_or("?"));
            page.is_some_and(|page| ancre.is_none_or(|ancre| page.ancres.iter().any(|a| a == ancre)))
        };
        let mut fautes: Vec<String> = SECTIONS
            .iter()
            .filter(|s| !existe(s.href))
            .map(|s| format!("{} : {} n’existe pas", s.prefixe, s.href))
            .collect();
        for page in pages().values() {
            for lien in &page.liens {
                let interne = match lien.strip_prefix('#') {
                    Some(ancre) => format!("/aide/{}#{ancre}", page.nom),
                    None => adresse(lien),
                };
                let bon = if interne.starts_with("/aide/") {
                    existe(&interne)
                } else {
                    interne.starts_with('/') || interne.starts_with("https://")
                };
                if !bon {
                    fautes.push(format!("{}.md : le lien « {lien} » ne mène nulle part", page.nom));
                }
            }
            fautes.extend(
                page.images.iter().map(|i| format!("{}.md : l’image « {i} » n’est pas servie", page.nom)),
            );
            fautes.extend(page.balises.iter().map(|b| format!("{}.md : « {b} » est du HTML", page.nom)));
            let mut vues = std::collections::BTreeSet::new();
            fautes.extend(
                page.ancres
                    .iter()
                    .filter(|a| !vues.insert(*a))
                    .map(|a| format!("{}.md : deux titres « {a} »", page.nom)),
            );
        }
        assert!(fautes.is_empty(), "{}", fautes.join("\n"));
    }
}
