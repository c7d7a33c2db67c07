//! What an operation is, so that client and server are written once.

use super::dto::{Dto, Schema, filled};
use super::node::Node;
use super::writer::XmlWriter;

/// A service of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// Structure of the offer.
    OffreFormation,
    /// Civil status, addresses, lists of students.
    Etudiant,
    /// Administrative registrations.
    Administratif,
    /// Pedagogical contracts.
    Pedagogique,
    /// Reference tables.
    Referentiel,
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 5] =
        [Self::OffreFormation, Self::Etudiant, Self::Administratif, Self::Pedagogique, Self::Referentiel];

    /// Last segment of its address: never carries the date that some namespaces end with.
    #[must_use]
    pub const fn endpoint(self) -> &'static str {
        match self {
            Self::OffreFormation => "OffreFormationMetier",
            Self::Etudiant => "EtudiantMetier",
            Self::Administratif => "AdministratifMetier",
            Self::Pedagogique => "PedagogiqueMetier",
            Self::Referentiel => "ReferentielMetier",
        }
    }

    /// Namespace of its wrappers.
    #[must_use]
    pub const fn namespace(self) -> &'static str {
        match self {
            Self::OffreFormation => "gouv.education.apogee.commun.servicesmetiers.OffreFormationMetier",
            Self::Etudiant => "gouv.education.apogee.commun.servicesmetiers.EtudiantMetier",
            Self::Administratif => "gouv.education.apogee.commun.servicesmetiers.AdministratifMetier",
            Self::Pedagogique => "gouv.education.apogee.commun.servicesmetiers.PedagogiqueMetier",
            Self::Referentiel => "gouv.education.apogee.commun.servicesmetiers.ReferentielMetier_21062012",
        }
    }

    /// The service at this last segment of an address.
    #[must_use]
    pub fn at(endpoint: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.endpoint() == endpoint)
    }
}

/// One operation: names, parameters, answer.
pub trait Operation {
    /// `recupererSE_v4`
    const NAME: &'static str;
    /// Where it is served.
    const SERVICE: Service;
    /// Namespace of both wrappers.
    const NAMESPACE: &'static str = Self::SERVICE.namespace();
    /// Element around the parameters.
    const REQUEST_WRAPPER: &'static str = Self::NAME;
    /// Element around the answer: irregular in places.
    const RESPONSE_WRAPPER: &'static str;
    /// Element of each returned value: irregular in places.
    const RETURN_ELEMENT: &'static str;
    /// Parameters.
    type Request: Dto + Send + Sync;
    /// `Vec<T>` when the element repeats, `Option<T>` when it comes once.
    type Response: Answer;
}

/// A returned value.
pub trait Answer: Sized + Clone + PartialEq + std::fmt::Debug + Send {
    /// What the XSD says of it.
    const SHAPE: Shape;
    /// Writes the elements named `element`.
    fn write(&self, element: &str, w: &mut XmlWriter);
    /// Reads them from the response wrapper.
    fn read(wrapper: &Node, element: &str) -> Self;
}

/// Shape of a returned value.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// One structure.
    One(fn() -> Schema),
    /// At least one structure.
    Many(fn() -> Schema),
    /// At least one text.
    Texts,
}

impl<T: Dto + Send> Answer for Vec<T> {
    const SHAPE: Shape = Shape::Many(|| T::SCHEMA);

    fn write(&self, element: &str, w: &mut XmlWriter) {
        for value in self {
            w.structure(element, value);
        }
    }

    fn read(wrapper: &Node, element: &str) -> Self {
        wrapper.all(element).filter_map(filled).collect()
    }
}

impl Answer for Vec<String> {
    const SHAPE: Shape = Shape::Texts;

    fn write(&self, element: &str, w: &mut XmlWriter) {
        for value in self {
            w.text(element, value);
        }
    }

    fn read(wrapper: &Node, element: &str) -> Self {
        wrapper.all(element).filter_map(Node::value).map(str::to_owned).collect()
    }
}

impl<T: Dto + Send> Answer for Option<T> {
    const SHAPE: Shape = Shape::One(|| T::SCHEMA);

    fn write(&self, element: &str, w: &mut XmlWriter) {
        if let Some(value) = self {
            w.structure(element, value);
        }
    }

    fn read(wrapper: &Node, element: &str) -> Self {
        wrapper.child(element).and_then(filled)
    }
}

/// An operation as data, for whoever describes a service.
#[derive(Clone, Copy, Debug)]
pub struct Description {
    /// Its name.
    pub name: &'static str,
    /// Where it is served.
    pub service: Service,
    /// Element around the parameters.
    pub request_wrapper: &'static str,
    /// Element around the answer.
    pub response_wrapper: &'static str,
    /// Element of each returned value.
    pub return_element: &'static str,
    /// Parameters.
    pub request: Schema,
    /// Answer.
    pub response: Shape,
}

impl Description {
    /// The description of `O`.
    #[must_use]
    pub const fn of<O: Operation>() -> Self {
        Self {
            name: O::NAME,
            service: O::SERVICE,
            request_wrapper: O::REQUEST_WRAPPER,
            response_wrapper: O::RESPONSE_WRAPPER,
            return_element: O::RETURN_ELEMENT,
            request: <O::Request as Dto>::SCHEMA,
            response: <O::Response as Answer>::SHAPE,
        }
    }
}
