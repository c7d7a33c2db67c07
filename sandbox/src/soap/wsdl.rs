//! The description of a service, made from the wire types: just the operations served, so that a client generated from it
//! never calls into the void.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use apogee::wire::dto::{Field, Kind, Schema};
use apogee::wire::{Description, Service, Shape, escape, operations};

use super::EXCEPTION;

/// The WSDL of `service` at `adresse`.
pub(super) fn describe(service: Service, adresse: &str) -> String {
    let services: Vec<_> = operations::ALL.iter().filter(|op| op.service == service).collect();
    let mut types = Types::default();
    let elements: String = services.iter().map(|op| wrappers(op, &mut types)).collect();
    let espaces = types.prefixes();
    let mut w = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wsdl:definitions name=\"{nom}\" targetNamespace=\"{ns}\" \
         xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" \
         xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:intf=\"{ns}\" xmlns:exc=\"{EXCEPTION}\"{espaces}>\n<wsdl:types>\n",
        nom = service.endpoint(),
        ns = service.namespace(),
    );
    w.push_str(&types.schemas());
    w.push_str(&exception());
    let _ = writeln!(
        w,
        "<xsd:schema targetNamespace=\"{}\" elementFormDefault=\"unqualified\">\n{}<xsd:import namespace=\"{EXCEPTION}\"/>\n\
         {elements}<xsd:element name=\"fault\" type=\"exc:WebBaseException\"/>\n</xsd:schema>\n</wsdl:types>",
        service.namespace(),
        types.imports(None),
    );
    messages(&services, &mut w);
    bindings(service, &services, adresse, &mut w);
    w.push_str("</wsdl:definitions>\n");
    w
}

/// Named types by namespace, found by walking down from the operations.
#[derive(Default)]
struct Types {
    espaces: BTreeMap<String, Espace>,
}

#[derive(Default)]
struct Espace {
    numero: usize,
    types: BTreeMap<&'static str, String>,
    importe: Vec<String>,
}

impl Types {
    /// The qualified name of a structure, declared on the way.
    fn structure(&mut self, schema: &Schema) -> String {
        let espace = schema.namespace();
        let numero = self.numero(&espace);
        let nom = format!("t{numero}:{}", schema.name);
        if self.espaces.get(&espace).is_some_and(|e| e.types.contains_key(schema.name)) {
            return nom;
        }
        // Entered before its fields are: one structure contains itself.
        self.declare(&espace, schema.name, String::new());
        let mut corps = String::new();
        for champ in schema.fields {
            let declaration = self.champ(champ, &espace);
            corps.push_str(&declaration);
        }
        self.declare(&espace, schema.name, sequence(schema.name, &corps));
        nom
    }

    fn champ(&mut self, champ: &Field, espace: &str) -> String {
        let (type_, attributs) = match champ.kind {
            Kind::Simple(type_, nil) => (format!("xsd:{type_}"), nillable(nil)),
            Kind::Structure(schema, nil) => (self.importe(&schema(), espace), nillable(nil)),
            Kind::Repete => {
                ("xsd:string".to_owned(), " nillable=\"true\" minOccurs=\"0\" maxOccurs=\"unbounded\"")
            }
            Kind::Tableau(tableau, item, schema) => {
                let interne = self.importe(&schema(), espace);
                let corps = element(item, &interne, " minOccurs=\"0\" maxOccurs=\"unbounded\"");
                self.declare(espace, tableau, sequence(tableau, &corps));
                (format!("t{}:{tableau}", self.numero(espace)), nillable(true))
            }
        };
        element(champ.name, &type_, attributs)
    }

    /// A structure used from another namespace.
    fn importe(&mut self, schema: &Schema, depuis: &str) -> String {
        let nom = self.structure(schema);
        let espace = schema.namespace();
        if espace != depuis
            && let Some(e) = self.espaces.get_mut(depuis)
            && !e.importe.contains(&espace)
        {
            e.importe.push(espace);
        }
        nom
    }

    fn numero(&mut self, espace: &str) -> usize {
        let suivant = self.espaces.len() + 1;
        let entree = self.espaces.entry(espace.to_owned());
        entree.or_insert_with(|| Espace { numero: suivant, ..Espace::default() }).numero
    }

    fn declare(&mut self, espace: &str, nom: &'static str, declaration: String) {
        self.numero(espace);
        if let Some(e) = self.espaces.get_mut(espace) {
            e.types.insert(nom, declaration);
        }
    }

    fn prefixes(&self) -> String {
        self.espaces.iter().map(|(espace, e)| format!(" xmlns:t{}=\"{espace}\"", e.numero)).collect()
    }

    /// The imports of one schema, or those of the schema that names them all.
    fn imports(&self, de: Option<&Espace>) -> String {
        let un = |espace: &String| format!("<xsd:import namespace=\"{espace}\"/>\n");
        match de {
            Some(e) => e.importe.iter().map(un).collect(),
            None => self.espaces.keys().map(un).collect(),
        }
    }

    fn schemas(&self) -> String {
        let mut schemas = String::new();
        for (espace, e) in &self.espaces {
            let types: String = e.types.values().map(String::as_str).collect();
            let _ = writeln!(
                schemas,
                "<xsd:schema targetNamespace=\"{espace}\" elementFormDefault=\"unqualified\">\n{}{types}</xsd:schema>",
                self.imports(Some(e)),
            );
        }
        schemas
    }
}

fn nillable(oui: bool) -> &'static str {
    if oui { " nillable=\"true\"" } else { "" }
}

fn element(nom: &str, type_: &str, attributs: &str) -> String {
    format!("<xsd:element name=\"{nom}\" type=\"{type_}\"{attributs}/>\n")
}

fn sequence(nom: &str, corps: &str) -> String {
    format!("<xsd:complexType name=\"{nom}\"><xsd:sequence>\n{corps}</xsd:sequence></xsd:complexType>\n")
}

fn wrappers(op: &Description, types: &mut Types) -> String {
    let mut parametres = String::new();
    for champ in op.request.fields {
        let type_ = match champ.kind {
            Kind::Structure(schema, _) => types.structure(&schema()),
            Kind::Simple(..) | Kind::Tableau(..) | Kind::Repete => "xsd:string".to_owned(),
        };
        parametres.push_str(&element(champ.name, &type_, ""));
    }
    let plusieurs = " maxOccurs=\"unbounded\"";
    let retour = match op.response {
        Shape::One(schema) => element(op.return_element, &types.structure(&schema()), ""),
        Shape::Many(schema) => element(op.return_element, &types.structure(&schema()), plusieurs),
        Shape::Texts => element(op.return_element, "xsd:string", plusieurs),
    };
    [(op.request_wrapper, &parametres), (op.response_wrapper, &retour)]
        .map(|(nom, corps)| {
            format!(
                "<xsd:element name=\"{nom}\"><xsd:complexType><xsd:sequence>\n{corps}</xsd:sequence></xsd:complexType></xsd:element>\n"
            )
        })
        .concat()
}

fn exception() -> String {
    let texte = |nom: &str| element(nom, "xsd:string", nillable(true));
    let champs = [
        texte("domaine"),
        texte("element"),
        element("messages", "exc:TableauString", nillable(true)),
        texte("nature"),
        texte("type"),
        texte("lastErrorMsg"),
    ]
    .concat();
    let messages = element("item", "xsd:string", " minOccurs=\"0\" maxOccurs=\"unbounded\"");
    format!(
        "<xsd:schema targetNamespace=\"{EXCEPTION}\" elementFormDefault=\"unqualified\">\n{}{}</xsd:schema>\n",
        sequence("TableauString", &messages),
        sequence("WebBaseException", &champs),
    )
}

fn messages(services: &[&Description], w: &mut String) {
    for op in services {
        for (message, wrapper) in [
            (format!("{}Request", op.name), op.request_wrapper),
            (format!("{}Response", op.name), op.response_wrapper),
        ] {
            let _ = writeln!(
                w,
                "<wsdl:message name=\"{message}\"><wsdl:part name=\"parameters\" element=\"intf:{wrapper}\"/></wsdl:message>"
            );
        }
    }
    w.push_str(
        "<wsdl:message name=\"WebBaseException\"><wsdl:part name=\"fault\" element=\"intf:fault\"/></wsdl:message>\n",
    );
}

fn bindings(service: Service, services: &[&Description], adresse: &str, w: &mut String) {
    let nom = service.endpoint();
    let _ = writeln!(w, "<wsdl:portType name=\"{nom}ServiceInterface\">");
    for op in services {
        let _ = writeln!(
            w,
            "<wsdl:operation name=\"{0}\"><wsdl:input name=\"{0}Request\" message=\"intf:{0}Request\"/>\
             <wsdl:output name=\"{0}Response\" message=\"intf:{0}Response\"/>\
             <wsdl:fault name=\"WebBaseException\" message=\"intf:WebBaseException\"/></wsdl:operation>",
            op.name
        );
    }
    let _ = writeln!(
        w,
        "</wsdl:portType>\n<wsdl:binding name=\"{nom}SoapBinding\" type=\"intf:{nom}ServiceInterface\">\n\
         <soap:binding style=\"document\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>"
    );
    for op in services {
        let _ = writeln!(
            w,
            "<wsdl:operation name=\"{0}\"><soap:operation soapAction=\"\"/>\
             <wsdl:input name=\"{0}Request\"><soap:body use=\"literal\"/></wsdl:input>\
             <wsdl:output name=\"{0}Response\"><soap:body use=\"literal\"/></wsdl:output>\
             <wsdl:fault name=\"WebBaseException\"><soap:fault name=\"WebBaseException\" use=\"literal\"/></wsdl:fault></wsdl:operation>",
            op.name
        );
    }
    let mut echappee = String::new();
    escape(adresse, &mut echappee);
    let _ = writeln!(
        w,
        "</wsdl:binding>\n<wsdl:service name=\"{nom}ServiceInterfaceService\"><wsdl:port name=\"{nom}\" \
         binding=\"intf:{nom}SoapBinding\"><soap:address location=\"{echappee}\"/></wsdl:port></wsdl:service>"
    );
}
