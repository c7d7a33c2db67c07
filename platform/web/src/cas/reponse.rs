//! What a CAS server answers to a validation, read without trusting it: CAS protocol 3.0, section 2.5.2 and appendix A.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

/// Who CAS vouches for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Personne {
    /// As CAS writes it.
    pub(crate) utilisateur: String,
    /// Each attribute and its values, in order.
    pub(crate) attributs: BTreeMap<String, Vec<String>>,
}

/// A well-formed answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reponse {
    /// The ticket was good.
    Succes(Personne),
    /// It was not: code and text of CAS.
    Refus { code: String, texte: String },
}

const CAS: &str = "http://www.yale.edu/tp/cas";
/// Deeper than any answer.
const PROFONDEUR: usize = 8;
/// More values than any directory gives.
const VALEURS: usize = 500;

/// Where the reader is, by the names that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lieu {
    Racine,
    Reponse,
    Succes,
    Refus,
    Utilisateur,
    Attributs,
    Attribut,
    Ailleurs,
}

/// Reads an answer. An error is a short text for the log.
pub(crate) fn lire(xml: &str) -> Result<Reponse, String> {
    let mut reader = NsReader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut chemin: Vec<Lieu> = vec![Lieu::Racine];
    let mut texte = String::new();
    let mut attribut = String::new();
    let mut lu = Lu::default();
    loop {
        let (ns, event) = reader.read_resolved_event().map_err(|err| format!("XML : {err}"))?;
        let ours = matches!(ns, ResolveResult::Bound(ns) if ns.0 == CAS);
        match event {
            Event::Start(start) => {
                if chemin.len() > PROFONDEUR {
                    return Err("trop profond".to_owned());
                }
                let name = start.local_name().as_ref().to_owned();
                let parent = chemin.last().copied().unwrap_or(Lieu::Ailleurs);
                let lieu = if ours { suivant(parent, &name) } else { Lieu::Ailleurs };
                if parent == Lieu::Racine && lieu != Lieu::Reponse {
                    return Err(format!("racine « {name} »"));
                }
                lu.entrer(lieu, &start)?;
                if matches!(lieu, Lieu::Utilisateur | Lieu::Attribut | Lieu::Refus) {
                    texte.clear();
                    attribut = name;
                }
                chemin.push(lieu);
            }
            Event::End(_) => {
                let lieu = chemin.pop().unwrap_or(Lieu::Ailleurs);
                lu.sortir(lieu, &attribut, texte.trim())?;
            }
            Event::Text(bytes) => texte.push_str(&bytes.xml10_content()),
            Event::CData(bytes) => texte.push_str(&bytes),
            Event::GeneralRef(reference) => texte.push(entite(&reference)?),
            // Nothing of CAS needs one, and what they can hide is endless.
            Event::DocType(_) => return Err("DOCTYPE".to_owned()),
            Event::Eof => break,
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if chemin.len() != 1 {
        return Err("réponse coupée".to_owned());
    }
    lu.finir()
}

fn suivant(parent: Lieu, name: &str) -> Lieu {
    match (parent, name) {
        (Lieu::Racine, "serviceResponse") => Lieu::Reponse,
        (Lieu::Reponse, "authenticationSuccess") => Lieu::Succes,
        (Lieu::Reponse, "authenticationFailure") => Lieu::Refus,
        (Lieu::Succes, "user") => Lieu::Utilisateur,
        (Lieu::Succes, "attributes") => Lieu::Attributs,
        (Lieu::Attributs, _) => Lieu::Attribut,
        _ => Lieu::Ailleurs,
    }
}

/// The five entities of XML, and characters by their number.
fn entite(reference: &quick_xml::events::BytesRef<'_>) -> Result<char, String> {
    if let Some(c) = reference.resolve_char_ref().map_err(|err| err.to_string())? {
        return Ok(c);
    }
    match reference.as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        other => Err(format!("entité « {} »", other)),
    }
}

/// What has been read so far.
#[derive(Debug, Default)]
struct Lu {
    utilisateurs: Vec<String>,
    attributs: BTreeMap<String, Vec<String>>,
    valeurs: usize,
    succes: usize,
    refus: Vec<(String, String)>,
}

impl Lu {
    fn entrer(&mut self, lieu: Lieu, start: &BytesStart<'_>) -> Result<(), String> {
        match lieu {
            Lieu::Succes => self.succes += 1,
            Lieu::Refus => {
                let code = start.try_get_attribute("code").map_err(|err| err.to_string())?;
                let code = code.map(|code| code.value.into_owned());
                self.refus.push((code.unwrap_or_default(), String::new()));
            }
            _ => {}
        }
        Ok(())
    }

    fn sortir(&mut self, lieu: Lieu, attribut: &str, texte: &str) -> Result<(), String> {
        match lieu {
            Lieu::Utilisateur => self.utilisateurs.push(texte.to_owned()),
            Lieu::Attribut => {
                self.valeurs += 1;
                if self.valeurs > VALEURS {
                    return Err("trop d'attributs".to_owned());
                }
                self.attributs.entry(attribut.to_owned()).or_default().push(texte.to_owned());
            }
            Lieu::Refus => {
                if let Some((_, held)) = self.refus.last_mut() {
                    texte.clone_into(held);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// One success with one user, or one refusal: an answer that says two things says nothing.
    fn finir(mut self) -> Result<Reponse, String> {
        match (self.succes, self.utilisateurs.len(), self.refus.len()) {
            (1, 1, 0) => {
                let utilisateur = self.utilisateurs.pop().unwrap_or_default();
                if utilisateur.is_empty() {
                    return Err("utilisateur vide".to_owned());
                }
                Ok(Reponse::Succes(Personne { utilisateur, attributs: self.attributs }))
            }
            (0, 0, 1) => {
                let (code, texte) = self.refus.pop().unwrap_or_default();
                Ok(Reponse::Refus { code, texte })
            }
            (succes, utilisateurs, refus) => {
                Err(format!("{succes} succès, {utilisateurs} utilisateurs, {refus} refus"))
            }
        }
    }
}

/// The ticket of a session that CAS asks to end: `SessionIndex` of a SAML logout request, CAS protocol 3.0, appendix C.
pub(crate) fn ticket_a_fermer(xml: &str) -> Option<String> {
    let mut reader = NsReader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let (mut depth, mut inside, mut found) = (0_usize, false, Vec::new());
    let mut texte = String::new();
    loop {
        let (ns, event) = reader.read_resolved_event().ok()?;
        let saml = matches!(ns, ResolveResult::Bound(ns) if ns.0 == "urn:oasis:names:tc:SAML:2.0:protocol");
        match event {
            Event::Start(start) => {
                depth += 1;
                let name = start.local_name();
                if depth == 1 && !(saml && name.as_ref() == "LogoutRequest") || depth > PROFONDEUR {
                    return None;
                }
                inside = depth == 2 && saml && name.as_ref() == "SessionIndex";
                texte.clear();
            }
            Event::End(_) => {
                if inside {
                    found.push(texte.trim().to_owned());
                    inside = false;
                }
                depth = depth.checked_sub(1)?;
            }
            Event::Text(bytes) if inside => texte.push_str(&bytes.xml10_content()),
            Event::DocType(_) => return None,
            Event::Eof => break,
            _ => {}
        }
    }
    let one = found.pop().filter(|_| depth == 0 && found.is_empty())?;
    super::ticket_plausible(&one).then_some(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reponse(inside: &str) -> String {
        format!(
            "<cas:serviceResponse xmlns:cas=\"http://www.yale.edu/tp/cas\">{inside}</cas:serviceResponse>"
        )
    }

    /// Appendix A of the protocol, version 3.0.
    const SUCCES: &str = r#"<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">
  <cas:authenticationSuccess>
    <cas:user>username</cas:user>
    <cas:attributes>
      <cas:firstname>John</cas:firstname>
      <cas:lastname>Doe</cas:lastname>
      <cas:title>Mr.</cas:title>
      <cas:email>jdoe@example.org</cas:email>
      <cas:affiliation>staff</cas:affiliation>
      <cas:affiliation>faculty</cas:affiliation>
    </cas:attributes>
    <cas:proxyGrantingTicket>PGTIOU-84678-8a9d...</cas:proxyGrantingTicket>
  </cas:authenticationSuccess>
</cas:serviceResponse>"#;

    #[test]
    fn a_success_of_the_specification_with_its_attributes() {
        let Ok(Reponse::Succes(personne)) = lire(SUCCES) else { panic!("{:?}", lire(SUCCES)) };
        assert_eq!(personne.utilisateur, "username");
        assert_eq!(personne.attributs["affiliation"], ["staff", "faculty"]);
        assert_eq!(personne.attributs["firstname"], ["John"]);
        assert!(!personne.attributs.contains_key("proxyGrantingTicket"));
    }

    #[test]
    fn a_success_without_attributes_of_version_two_and_with_another_prefix() {
        let xml = "<?xml version=\"1.0\"?>\n<serviceResponse xmlns=\"http://www.yale.edu/tp/cas\"><authenticationSuccess><user>é&amp;l&#233;a</user></authenticationSuccess></serviceResponse>";
        let Ok(Reponse::Succes(personne)) = lire(xml) else { panic!("{:?}", lire(xml)) };
        assert_eq!(personne.utilisateur, "é&léa");
    }

    #[test]
    fn failures_of_the_specification_keep_their_code() {
        for code in [
            "INVALID_REQUEST",
            "INVALID_TICKET_SPEC",
            "UNAUTHORIZED_SERVICE",
            "INVALID_SERVICE",
            "INTERNAL_ERROR",
        ] {
            let xml = reponse(&format!(
                "<cas:authenticationFailure code=\"{code}\">\n  Ticket ST-1856339-aA5Yuvrxzpv8Tau1cYQ7 not recognized\n</cas:authenticationFailure>"
            ));
            let Ok(Reponse::Refus { code: held, texte }) = lire(&xml) else { panic!("{:?}", lire(&xml)) };
            assert_eq!(held, code);
            assert!(texte.starts_with("Ticket ST-"));
        }
    }

    #[test]
    fn a_user_is_only_where_the_protocol_puts_it() {
        let hostile = [
            // Another user, within an attribute, before or after.
            "<cas:authenticationSuccess><cas:attributes><cas:user>admin</cas:user></cas:attributes></cas:authenticationSuccess>",
            "<cas:authenticationSuccess><cas:user>a</cas:user><cas:user>admin</cas:user></cas:authenticationSuccess>",
            "<cas:authenticationSuccess><cas:user></cas:user></cas:authenticationSuccess>",
            "<cas:user>admin</cas:user>",
            "<cas:authenticationSuccess xmlns:cas=\"http://ailleurs.example\"><cas:user>admin</cas:user></cas:authenticationSuccess>",
            // An answer that says both.
            "<cas:authenticationFailure code=\"X\"/><cas:authenticationSuccess><cas:user>admin</cas:user></cas:authenticationSuccess>",
            "",
        ];
        for inside in hostile {
            assert!(lire(&reponse(inside)).is_err(), "{inside}");
        }
        // What a comment cuts is one name, not its beginning.
        let cut = reponse(
            "<cas:authenticationSuccess><cas:user>admin<!-- x -->istrateur</cas:user></cas:authenticationSuccess>",
        );
        let Ok(Reponse::Succes(personne)) = lire(&cut) else { panic!("{:?}", lire(&cut)) };
        assert_eq!(personne.utilisateur, "administrateur");
    }

    #[test]
    fn hostile_documents_are_refused_at_once() {
        let bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><cas:serviceResponse xmlns:cas=\"http://www.yale.edu/tp/cas\"><cas:authenticationSuccess><cas:user>&b;</cas:user></cas:authenticationSuccess></cas:serviceResponse>";
        assert_eq!(lire(bomb), Err("DOCTYPE".to_owned()));
        let entity =
            reponse("<cas:authenticationSuccess><cas:user>&externe;</cas:user></cas:authenticationSuccess>");
        assert!(lire(&entity).is_err());
        assert!(lire(&reponse(&"<cas:a>".repeat(5_000))).is_err());
        let many = "<cas:x>1</cas:x>".repeat(2_000);
        let many = reponse(&format!(
            "<cas:authenticationSuccess><cas:user>a</cas:user><cas:attributes>{many}</cas:attributes></cas:authenticationSuccess>"
        ));
        assert!(lire(&many).is_err());
        for text in
            ["", "<html><body>Connexion</body></html>", "{\"user\":\"a\"}", SUCCES.get(..200).unwrap()]
        {
            assert!(lire(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_logout_request_of_the_specification_gives_its_ticket() {
        let request = |index: &str| {
            format!(
                "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"LR-1\" Version=\"2.0\" IssueInstant=\"2024-04-02T07:00:00Z\"><saml:NameID>@NOT_USED@</saml:NameID>{index}</samlp:LogoutRequest>"
            )
        };
        let one = "<samlp:SessionIndex>ST-1856339-aA5Yuvrxzpv8Tau1cYQ7</samlp:SessionIndex>";
        assert_eq!(ticket_a_fermer(&request(one)).as_deref(), Some("ST-1856339-aA5Yuvrxzpv8Tau1cYQ7"));
        for bad in ["", "<samlp:SessionIndex>' OR 1=1</samlp:SessionIndex>", &one.repeat(2)] {
            assert_eq!(ticket_a_fermer(&request(bad)), None, "{bad}");
        }
        assert_eq!(ticket_a_fermer("n’importe quoi"), None);
        assert_eq!(ticket_a_fermer(&format!("<!DOCTYPE x>{}", request(one))), None);
    }
}
