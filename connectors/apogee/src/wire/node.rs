//! A light tree of an XML document, and how bytes become one.
//!
//! Servers disagree on prefixes, order, case and encodings, so the tree keeps little: local names, text, nil.

use quick_xml::NsReader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

/// Deeper documents are refused: the contract's deepest answer has fewer than thirty levels.
const PROFONDEUR_MAX: usize = 128;

/// One element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Local name, as written.
    pub name: String,
    /// Namespace, empty when the element is in none.
    pub namespace: String,
    /// `xsi:nil="true"`.
    pub nil: bool,
    /// Character data, references resolved; only meaningful for an element without children.
    pub text: String,
    /// Child elements, in document order.
    pub children: Vec<Node>,
}

/// Why bytes are not a document that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// The document stops before its end.
    #[error("le document XML s'arrête avant sa fin")]
    Tronque,
    /// Not well-formed.
    #[error("le document n'est pas du XML bien formé ({0})")]
    MalForme(String),
    /// A document type declaration, which SOAP forbids and which is how entity bombs arrive.
    #[error("le document contient une déclaration de type (DOCTYPE), interdite en SOAP")]
    Doctype,
    /// Too many levels.
    #[error("le document XML a plus de {PROFONDEUR_MAX} niveaux")]
    TropProfond,
    /// Well-formed, and not the expected SOAP document.
    #[error("le document reçu n'est pas la réponse SOAP attendue (élément « {0} »)")]
    Inattendu(String),
}

impl Node {
    /// Parses a whole document.
    ///
    /// # Errors
    /// [`XmlError`] when the text is not one well-formed element.
    pub fn parse(texte: &str) -> Result<Self, XmlError> {
        let mut lecteur = NsReader::from_str(texte);
        lecteur.config_mut().expand_empty_elements = true;
        let mut pile: Vec<Node> = Vec::new();
        let mut racine = None;
        loop {
            let evenement = match lecteur.read_event() {
                Ok(evenement) => evenement,
                Err(e) => return Err(classer(&e, texte, lecteur.error_position())),
            };
            let (espace, evenement) = lecteur.resolver().resolve_event(evenement);
            match evenement {
                Event::Start(debut) => {
                    if pile.len() >= PROFONDEUR_MAX {
                        return Err(XmlError::TropProfond);
                    }
                    if racine.is_some() {
                        return Err(XmlError::MalForme("plusieurs éléments racines".into()));
                    }
                    pile.push(ouvrir(&debut, &espace)?);
                }
                Event::End(_) => {
                    let Some(ferme) = pile.pop() else { continue };
                    match pile.last_mut() {
                        Some(parent) => parent.children.push(ferme),
                        None => racine = Some(ferme),
                    }
                }
                Event::Text(t) => {
                    if let Some(courant) = pile.last_mut() {
                        courant.text.push_str(&t.xml10_content());
                    } else if !t.trim_start_matches('\u{feff}').trim().is_empty() {
                        return Err(XmlError::MalForme("texte hors de l'élément racine".into()));
                    }
                }
                Event::CData(t) => {
                    if let Some(courant) = pile.last_mut() {
                        courant.text.push_str(&t.xml10_content());
                    }
                }
                Event::GeneralRef(r) => {
                    if let Some(courant) = pile.last_mut() {
                        courant.text.push(caractere(&r)?);
                    }
                }
                Event::DocType(_) => return Err(XmlError::Doctype),
                Event::Eof => break,
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
        if !pile.is_empty() {
            return Err(XmlError::Tronque);
        }
        racine.ok_or(XmlError::Tronque)
    }

    /// The first child whose local name is `name`, whatever the case.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|n| n.name.eq_ignore_ascii_case(name))
    }

    /// The children whose local name is `name`, whatever the case.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |n| n.name.eq_ignore_ascii_case(name))
    }

    /// The text, or nothing when nil, empty or made of elements. Never trimmed: codes may hold spaces.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        (!self.nil && self.children.is_empty() && !self.text.is_empty()).then_some(self.text.as_str())
    }

    /// The text of the child `name`.
    #[must_use]
    pub fn child_value(&self, name: &str) -> Option<&str> {
        self.child(name).and_then(Node::value)
    }
}

/// A document cut short and a document that is wrong call for different remedies, so they are told apart: every
/// syntax error of the parser means « the end was not found ».
fn classer(erreur: &Error, texte: &str, position: u64) -> XmlError {
    let reste = usize::try_from(position).ok().and_then(|p| texte.get(p..)).unwrap_or_default();
    match erreur {
        Error::Syntax(SyntaxError::InvalidBangMarkup) if reste.len() > 2 => {
            XmlError::MalForme(erreur.to_string())
        }
        Error::Syntax(_) => XmlError::Tronque,
        Error::IllFormed(IllFormedError::UnclosedReference) if !reste.contains('<') => XmlError::Tronque,
        _ => XmlError::MalForme(erreur.to_string()),
    }
}

fn ouvrir(debut: &BytesStart<'_>, espace: &ResolveResult<'_>) -> Result<Node, XmlError> {
    let mut nil = false;
    for attribut in debut.attributes() {
        let attribut = attribut.map_err(|e| XmlError::MalForme(e.to_string()))?;
        if attribut.key.prefix().is_some() && attribut.key.local_name().as_ref() == "nil" {
            nil = matches!(attribut.value.trim(), "true" | "1");
        }
    }
    let namespace = match espace {
        ResolveResult::Bound(ns) => ns.as_ref().to_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(prefixe) => {
            return Err(XmlError::MalForme(format!("préfixe « {prefixe} » non déclaré")));
        }
    };
    Ok(Node { name: debut.local_name().as_ref().to_owned(), namespace, nil, ..Node::default() })
}

/// The five entities of XML and character references; nothing else exists without a DTD.
fn caractere(reference: &quick_xml::events::BytesRef<'_>) -> Result<char, XmlError> {
    if let Some(c) = reference.resolve_char_ref().map_err(|e| XmlError::MalForme(e.to_string()))? {
        return Ok(c);
    }
    match reference.as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        autre => Err(XmlError::MalForme(format!("entité « {autre} » inconnue"))),
    }
}
