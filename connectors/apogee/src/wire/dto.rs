//! One declaration per structure of the contract: the Rust type, its ordered writing, its tolerant reading and its schema.
//!
//! To add a structure, list its fields in the order of the XSD with [`dto!`]:
//!
//! | kind | declaration in the XSD | Rust |
//! |---|---|---|
//! | `Text` | nillable string | `Option<String>` |
//! | `Requis` | string, not nillable | `String`, written even when empty |
//! | `Param` | parameter of a request, not nillable | `Option<String>`, left out or empty |
//! | `Int` | nillable int, integer | `Option<i64>` |
//! | `Dec` | nillable decimal | `Option<Decimal>` |
//! | `Instant` | nillable dateTime | `Option<DateHeure>` |
//! | `One<T>` | nillable structure | `Option<T>` |
//! | `Critere<T>` | structure, not nillable | `T` |
//! | `Items<T>("Tableau…")` | nillable array of `<item>`; a second name when it is another | `Vec<T>` |
//! | `Repete` | repeated string, 0..n | `Vec<String>` |
//!
//! Reading takes fields in any order and case, ignores the others, and makes no difference between nil, empty and absent.

use super::node::Node;
use super::value::{DateHeure, Decimal};
use super::writer::XmlWriter;

/// A structure of the contract.
pub trait Dto: Default + Clone + PartialEq + std::fmt::Debug {
    /// What the XSD says of it.
    const SCHEMA: Schema;
    /// Writes the fields, in the order of the XSD, without the enclosing element.
    fn write(&self, w: &mut XmlWriter);
    /// Reads the fields of an element.
    fn read(node: &Node) -> Self;
}

/// A structure, as the XSD declares it.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Local name of the type.
    pub name: &'static str,
    /// Family in the namespace: `recupererse.offreformation`; empty for a request, whose type has no name.
    pub family: &'static str,
    /// Fields, in order.
    pub fields: &'static [Field],
}

impl Schema {
    /// `{Name}.{family}.dto.transverse.commun.apogee.education.gouv`
    #[must_use]
    pub fn namespace(&self) -> String {
        format!("{}.{}.dto.transverse.commun.apogee.education.gouv", self.name, self.family)
    }
}

/// One field of a structure.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Element name.
    pub name: &'static str,
    /// Type.
    pub kind: Kind,
}

/// Type of a field. Structures are named through a function because one of them contains itself.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A value of this XSD type, nillable or not.
    Simple(&'static str, bool),
    /// A structure, nillable or not.
    Structure(fn() -> Schema, bool),
    /// An array type of this name, whose inner elements have this name and structure.
    Tableau(&'static str, &'static str, fn() -> Schema),
    /// A string, from none to many times.
    Repete,
}

/// Finds the children of an element by name; documents written in the order of the XSD are read in one pass.
#[derive(Debug)]
pub struct Fields<'a> {
    node: &'a Node,
    next: usize,
}

impl<'a> Fields<'a> {
    /// The fields of `node`; none when it is nil.
    #[must_use]
    pub fn of(node: &'a Node) -> Self {
        Self { node, next: 0 }
    }

    /// The child `name`, unless it is nil or absent.
    pub fn get(&mut self, name: &str) -> Option<&'a Node> {
        let enfants = &self.node.children;
        let depuis = enfants.get(self.next..).unwrap_or_default();
        let trouve = |n: &Node| n.name.eq_ignore_ascii_case(name);
        let position = match depuis.iter().position(trouve) {
            Some(p) => self.next + p,
            None => enfants.iter().position(trouve)?,
        };
        self.next = position + 1;
        enfants.get(position).filter(|n| !n.nil)
    }

    /// Text.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.get(name).and_then(Node::value).map(str::to_owned)
    }

    /// A whole number; text that is not one is no number.
    pub fn int(&mut self, name: &str) -> Option<i64> {
        self.get(name).and_then(Node::value).and_then(|t| t.trim().parse().ok())
    }

    /// A decimal.
    pub fn dec(&mut self, name: &str) -> Option<Decimal> {
        self.get(name)
            .and_then(Node::value)
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(|t| Decimal(t.to_owned()))
    }

    /// A dateTime.
    pub fn instant(&mut self, name: &str) -> Option<DateHeure> {
        self.get(name)
            .and_then(Node::value)
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(|t| DateHeure(t.to_owned()))
    }

    /// A structure; one in which nothing is filled is no structure.
    pub fn one<T: Dto>(&mut self, name: &str) -> Option<T> {
        self.get(name).and_then(filled)
    }

    /// The structures of an array.
    pub fn items<T: Dto>(&mut self, name: &str, item: &str) -> Vec<T> {
        self.get(name).map(|n| n.all(item).filter_map(filled).collect()).unwrap_or_default()
    }

    /// A repeated text.
    pub fn repeated(&self, name: &str) -> Vec<String> {
        self.node.all(name).filter_map(Node::value).map(str::to_owned).collect()
    }
}

/// The structure of an element, unless it is nil or empty.
pub fn filled<T: Dto>(node: &Node) -> Option<T> {
    if node.nil || node.children.is_empty() {
        return None;
    }
    Some(T::read(node)).filter(|lu| *lu != T::default())
}

impl XmlWriter {
    /// An optional structure.
    pub fn one<T: Dto>(&mut self, name: &str, value: Option<&T>) {
        match value {
            Some(value) => self.structure(name, value),
            None => self.absent(name),
        }
    }

    /// A structure.
    pub fn structure<T: Dto>(&mut self, name: &str, value: &T) {
        self.open(name);
        value.write(self);
        self.close(name);
    }

    /// An array.
    pub fn items<T: Dto>(&mut self, name: &str, item: &str, values: &[T]) {
        if values.is_empty() {
            self.absent(name);
            return;
        }
        self.open(name);
        for value in values {
            self.structure(item, value);
        }
        self.close(name);
    }
}

macro_rules! dto {
    ($(
        $(#[$doc:meta])*
        $name:ident ($family:literal) {
            $( $wire:literal $field:ident : $kind:ident $(<$inner:ident>)? $(($($arg:literal),+))? ),* $(,)?
        }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {$(
            #[doc = concat!("`", $wire, "`")]
            pub $field: $crate::wire::dto::rust_type!($kind $($inner)?),
        )*}

        impl $crate::wire::dto::Dto for $name {
            const SCHEMA: $crate::wire::dto::Schema = $crate::wire::dto::Schema {
                name: stringify!($name),
                family: $family,
                fields: &[$(
                    $crate::wire::dto::Field {
                        name: $wire,
                        kind: $crate::wire::dto::schema_kind!($kind $($inner)? $($($arg),+)?),
                    },
                )*],
            };

            fn write(&self, w: &mut $crate::wire::XmlWriter) {
                $( $crate::wire::dto::write_field!(w, $wire, self.$field, $kind $($($arg),+)?); )*
            }

            fn read(node: &$crate::wire::Node) -> Self {
                let mut champs = $crate::wire::dto::Fields::of(node);
                Self {$(
                    $field: $crate::wire::dto::read_field!(champs, $wire, $kind $($($arg),+)?),
                )*}
            }
        }
    )+};
}

macro_rules! rust_type {
    (Text) => { Option<String> };
    (Requis) => { String };
    (Param) => { Option<String> };
    (Int) => { Option<i64> };
    (Dec) => { Option<$crate::wire::Decimal> };
    (Instant) => { Option<$crate::wire::DateHeure> };
    (One $inner:ident) => { Option<$inner> };
    (Critere $inner:ident) => { $inner };
    (Items $inner:ident) => { Vec<$inner> };
    (Repete) => { Vec<String> };
}

macro_rules! schema_kind {
    (Text) => { $crate::wire::dto::Kind::Simple("string", true) };
    (Requis) => { $crate::wire::dto::Kind::Simple("string", false) };
    (Param) => { $crate::wire::dto::Kind::Simple("string", false) };
    (Int) => { $crate::wire::dto::Kind::Simple("int", true) };
    (Dec) => { $crate::wire::dto::Kind::Simple("decimal", true) };
    (Instant) => { $crate::wire::dto::Kind::Simple("dateTime", true) };
    (One $inner:ident) => {
        $crate::wire::dto::Kind::Structure(|| <$inner as $crate::wire::dto::Dto>::SCHEMA, true)
    };
    (Critere $inner:ident) => {
        $crate::wire::dto::Kind::Structure(|| <$inner as $crate::wire::dto::Dto>::SCHEMA, false)
    };
    (Items $inner:ident $tableau:literal) => {
        $crate::wire::dto::schema_kind!(Items $inner $tableau, "item")
    };
    (Items $inner:ident $tableau:literal, $item:literal) => {
        $crate::wire::dto::Kind::Tableau($tableau, $item, || <$inner as $crate::wire::dto::Dto>::SCHEMA)
    };
    (Repete) => { $crate::wire::dto::Kind::Repete };
}

macro_rules! write_field {
    ($w:ident, $wire:literal, $v:expr, Text) => {
        $w.optional($wire, $v.as_deref())
    };
    ($w:ident, $wire:literal, $v:expr, Requis) => {
        $w.text($wire, &$v)
    };
    ($w:ident, $wire:literal, $v:expr, Param) => {
        $w.parameter($wire, $v.as_deref())
    };
    ($w:ident, $wire:literal, $v:expr, Int) => {
        $w.optional($wire, $v.map(|n| n.to_string()).as_deref())
    };
    ($w:ident, $wire:literal, $v:expr, Dec) => {
        $w.optional($wire, $v.as_ref().map(|d| d.0.as_str()))
    };
    ($w:ident, $wire:literal, $v:expr, Instant) => {
        $w.optional($wire, $v.as_ref().map(|d| d.0.as_str()))
    };
    ($w:ident, $wire:literal, $v:expr, One) => {
        $w.one($wire, $v.as_ref())
    };
    ($w:ident, $wire:literal, $v:expr, Critere) => {
        $w.structure($wire, &$v)
    };
    ($w:ident, $wire:literal, $v:expr, Items $tableau:literal) => {
        $w.items($wire, "item", &$v)
    };
    ($w:ident, $wire:literal, $v:expr, Items $tableau:literal, $item:literal) => {
        $w.items($wire, $item, &$v)
    };
    ($w:ident, $wire:literal, $v:expr, Repete) => {
        for texte in &$v {
            $w.text($wire, texte);
        }
    };
}

macro_rules! read_field {
    ($f:ident, $wire:literal, Text) => {
        $f.text($wire)
    };
    ($f:ident, $wire:literal, Requis) => {
        $f.text($wire).unwrap_or_default()
    };
    ($f:ident, $wire:literal, Param) => {
        $f.text($wire)
    };
    ($f:ident, $wire:literal, Int) => {
        $f.int($wire)
    };
    ($f:ident, $wire:literal, Dec) => {
        $f.dec($wire)
    };
    ($f:ident, $wire:literal, Instant) => {
        $f.instant($wire)
    };
    ($f:ident, $wire:literal, One) => {
        $f.one($wire)
    };
    ($f:ident, $wire:literal, Critere) => {
        $f.one($wire).unwrap_or_default()
    };
    ($f:ident, $wire:literal, Items $tableau:literal) => {
        $f.items($wire, "item")
    };
    ($f:ident, $wire:literal, Items $tableau:literal, $item:literal) => {
        $f.items($wire, $item)
    };
    ($f:ident, $wire:literal, Repete) => {
        $f.repeated($wire)
    };
}

pub(crate) use {dto, read_field, rust_type, schema_kind, write_field};
