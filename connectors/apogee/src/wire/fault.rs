//! Faults: how Apogée says "none", "wrong question" and "out of order".

use super::node::Node;
use super::writer::{NilPolicy, XmlWriter};

/// A SOAP fault with Apogée's own detail, which may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// `soapenv:Server`, as written.
    pub faultcode: String,
    /// `technical.data.nullretrieve.etudiant`, as written: some servers leave a space after it.
    pub faultstring: String,
    /// `data`
    pub domaine: Option<String>,
    /// `etudiant`
    pub element: Option<String>,
    /// Free messages.
    pub messages: Vec<String>,
    /// `nullretrieve`
    pub nature: Option<String>,
    /// `technical`
    pub type_: Option<String>,
    /// Usually the fault string again.
    pub last_error_msg: Option<String>,
}

/// What a fault means for who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultClass {
    /// The question is right and the answer is "none".
    AucuneDonnee,
    /// The number given cannot be a student's, or is unknown: nobody, or a bad request.
    Personne,
    /// The server does not know this operation: an older version may exist.
    OperationInconnue,
    /// A parameter is missing or makes no sense: a defect of the caller.
    Demande,
    /// The source refuses the caller itself (credentials of its own connection).
    Refus,
    /// Apogée or its database is away: asking later may succeed.
    Indisponible,
    /// Anything else.
    Autre,
}

impl Fault {
    /// The fault of code `type.domaine.nature.element`, its parts spelled in the detail too.
    #[must_use]
    pub fn apogee(code: &str) -> Self {
        let mut parties = code.splitn(4, '.').map(|p| Some(p.to_owned()));
        Self {
            faultcode: "soapenv:Server".into(),
            faultstring: code.to_owned(),
            type_: parties.next().flatten(),
            domaine: parties.next().flatten(),
            nature: parties.next().flatten(),
            element: parties.next().flatten(),
            messages: Vec::new(),
            last_error_msg: Some(code.to_owned()),
        }
    }

    /// A fault of the SOAP engine itself, without Apogée's detail.
    #[must_use]
    pub fn moteur(faultcode: &str, faultstring: &str) -> Self {
        Self { faultcode: faultcode.into(), faultstring: faultstring.into(), ..Self::default() }
    }

    /// The code without the spaces that some servers leave around it.
    #[must_use]
    pub fn code(&self) -> &str {
        self.faultstring.trim()
    }

    /// What it means.
    #[must_use]
    pub fn class(&self) -> FaultClass {
        let texte = format!("{} {}", self.faultstring, self.last_error_msg.as_deref().unwrap_or_default())
            .to_ascii_lowercase();
        let contient = |motifs: &[&str]| motifs.iter().any(|m| texte.contains(m));
        // The order matters: an outage may quote the code that it interrupted.
        if contient(&["transaction.connexion", "remoteerror", "invocationtargetexception"]) {
            FaultClass::Indisponible
        } else if self.code().to_ascii_lowercase().contains("nullretrieve")
            || self.nature.as_deref().is_some_and(|n| n.trim().eq_ignore_ascii_case("nullretrieve"))
        {
            FaultClass::AucuneDonnee
        } else if contient(&[
            "noncoherentinput.codetu",
            "noncoherentinput.invaliduser",
            "security.invaliduser",
        ]) {
            FaultClass::Personne
        } else if contient(&["noncoherentinput", "nonpresentinput"]) {
            FaultClass::Demande
        } else if contient(&[
            "no such operation",
            "operation not found",
            "was not recognized",
            "cannot find dispatch method",
            "unexpected wrapper element",
            "unknown operation",
        ]) {
            FaultClass::OperationInconnue
        } else if contient(&["technical.security", "not authorized", "unauthorized", "authentication"]) {
            FaultClass::Refus
        } else {
            FaultClass::Autre
        }
    }

    /// Whether the answer is "none".
    #[must_use]
    pub fn is_no_data(&self) -> bool {
        self.class() == FaultClass::AucuneDonnee
    }

    /// Reads a `Fault` element. The detail is looked for and never required.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        let texte = |nom: &str| node.child_value(nom).unwrap_or_default().to_owned();
        let mut fault =
            Self { faultcode: texte("faultcode"), faultstring: texte("faultstring"), ..Self::default() };
        if fault.faultstring.is_empty() {
            // SOAP 1.2 engines behind a proxy: code and reason under other names.
            fault.faultstring =
                node.child("Reason").and_then(|r| r.child_value("Text")).unwrap_or_default().to_owned();
        }
        let detail = node.child("detail").and_then(|d| {
            d.children.iter().find(|n| n.name.eq_ignore_ascii_case("fault") || n.child("nature").is_some())
        });
        if let Some(detail) = detail {
            let champ = |nom: &str| detail.child_value(nom).map(str::to_owned);
            fault.domaine = champ("domaine");
            fault.element = champ("element");
            fault.nature = champ("nature");
            fault.type_ = champ("type");
            fault.last_error_msg = champ("lastErrorMsg");
            fault.messages = detail
                .child("messages")
                .map(|m| m.all("item").filter_map(Node::value).map(str::to_owned).collect())
                .unwrap_or_default();
        }
        if fault.faultstring.trim().is_empty()
            && let Some(message) = &fault.last_error_msg
        {
            fault.faultstring.clone_from(message);
        }
        fault
    }

    /// Writes the `Fault` element; the detail belongs to the namespace of the called service.
    pub(crate) fn write(&self, namespace: &str, w: &mut XmlWriter) {
        w.open("soapenv:Fault");
        w.text("faultcode", &self.faultcode);
        w.text("faultstring", &self.faultstring);
        if self.nature.is_some() || self.domaine.is_some() {
            w.open("detail");
            w.raw("<ns1:fault xmlns:ns1=\"");
            w.raw(namespace);
            w.raw("\">");
            w.optional("domaine", self.domaine.as_deref());
            w.optional("element", self.element.as_deref());
            if self.messages.is_empty() {
                w.absent("messages");
            } else {
                w.open("messages");
                for message in &self.messages {
                    w.text("item", message);
                }
                w.close("messages");
            }
            w.optional("nature", self.nature.as_deref());
            w.optional("type", self.type_.as_deref());
            w.optional("lastErrorMsg", self.last_error_msg.as_deref());
            w.close("ns1:fault");
            w.close("detail");
        }
        w.close("soapenv:Fault");
    }

    /// The whole envelope.
    #[must_use]
    pub fn encode(&self, namespace: &str, policy: NilPolicy) -> String {
        super::envelope::envelope(policy, |w| self.write(namespace, w))
    }
}
