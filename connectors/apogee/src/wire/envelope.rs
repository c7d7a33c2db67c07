//! SOAP 1.1 envelopes, document/literal wrapped.

use super::decode::decode;
use super::dto::Dto;
use super::fault::Fault;
use super::node::{Node, XmlError};
use super::operation::{Answer, Operation};
use super::writer::{NilPolicy, XmlWriter};

/// An answer that is not the expected value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SoapError {
    /// The server answered with a fault.
    #[error("faute SOAP « {} »", .0.code())]
    Fault(Box<Fault>),
    /// The bytes are not such an answer.
    #[error(transparent)]
    Xml(#[from] XmlError),
}

/// What an envelope carries.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// A wrapper: a call or its answer.
    Wrapper(Node),
    /// A fault.
    Fault(Fault),
}

/// An envelope around what `content` writes.
pub fn envelope(policy: NilPolicy, content: impl FnOnce(&mut XmlWriter)) -> String {
    let mut w = XmlWriter::new(policy);
    w.raw(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"",
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>"
    ));
    content(&mut w);
    w.raw("</soapenv:Body></soapenv:Envelope>");
    w.finish()
}

fn wrapped(
    policy: NilPolicy,
    namespace: &str,
    wrapper: &str,
    content: impl FnOnce(&mut XmlWriter),
) -> String {
    envelope(policy, |w| {
        w.raw("<ns1:");
        w.raw(wrapper);
        w.raw(" xmlns:ns1=\"");
        w.raw(namespace);
        w.raw("\">");
        content(w);
        w.raw("</ns1:");
        w.raw(wrapper);
        w.raw(">");
    })
}

/// The envelope of a call. [`NilPolicy::Omit`] and [`NilPolicy::Empty`] are the two spellings of an unused parameter
/// found in released clients.
pub fn encode_request<O: Operation>(request: &O::Request, policy: NilPolicy) -> String {
    wrapped(policy, O::NAMESPACE, O::REQUEST_WRAPPER, |w| request.write(w))
}

/// The envelope of an answer.
pub fn encode_response<O: Operation>(response: &O::Response, policy: NilPolicy) -> String {
    wrapped(policy, O::NAMESPACE, O::RESPONSE_WRAPPER, |w| response.write(O::RETURN_ELEMENT, w))
}

/// Opens an envelope. `charset` is the one of the HTTP header.
///
/// # Errors
/// [`XmlError`] when the bytes are not a whole envelope with a body.
pub fn decode_body(octets: &[u8], charset: Option<&str>) -> Result<Body, XmlError> {
    let mut racine = Node::parse(&decode(octets, charset))?;
    if !racine.name.eq_ignore_ascii_case("Envelope") {
        return Err(XmlError::Inattendu(racine.name));
    }
    let corps = racine.children.iter_mut().find(|n| n.name.eq_ignore_ascii_case("Body"));
    let Some(corps) = corps else { return Err(XmlError::Inattendu("Envelope sans Body".into())) };
    if corps.children.is_empty() {
        return Err(XmlError::Inattendu("Body vide".into()));
    }
    let premier = corps.children.swap_remove(0);
    Ok(if premier.name.eq_ignore_ascii_case("Fault") {
        Body::Fault(Fault::read(&premier))
    } else {
        Body::Wrapper(premier)
    })
}

/// Reads the answer to a call of `O`.
///
/// # Errors
/// [`SoapError::Fault`] when the server says so, [`SoapError::Xml`] when the bytes are not an answer of `O`.
pub fn decode_response<O: Operation>(octets: &[u8], charset: Option<&str>) -> Result<O::Response, SoapError> {
    match decode_body(octets, charset)? {
        Body::Fault(fault) => Err(SoapError::Fault(Box::new(fault))),
        Body::Wrapper(n) if n.name.eq_ignore_ascii_case(O::RESPONSE_WRAPPER) => {
            Ok(O::Response::read(&n, O::RETURN_ELEMENT))
        }
        Body::Wrapper(n) => Err(XmlError::Inattendu(n.name).into()),
    }
}

/// Reads the parameters of a call from its wrapper.
#[must_use]
pub fn read_request<O: Operation>(wrapper: &Node) -> O::Request {
    O::Request::read(wrapper)
}
