//! Two people at one form: what one saw, and what another changed meanwhile.
//!
//! ```ignore
//! // Showing: what is held, and the last line of the journal about it, go with the form.
//! let vu = Vu::of([&compte.nom, compte.role.code()]).after(history.first().map_or(0, |line| line.id));
//! html! { {{ vu }} }                                    // a hidden field named `vu`
//!
//! // Saving, in the transaction, after reading the row again:
//! if !Vu::of([&held.nom, held.role.code()]).is(&sent.vu) { return Err(Fault::Perime); }
//!
//! // Refused: nothing was written; the form comes back with what was typed, under what happened.
//! let conflit = Conflit::read(&c, "compte", &cle, &sent.vu, |field, value| …).await?;
//! Page(Formulaire { conflit: Maybe(Some(conflit)), … }).with_status(StatusCode::CONFLICT)
//! ```
//!
//! The form that comes back holds the new [`Vu`]: saving again is then a choice made knowingly.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use db::sea_orm::ConnectionTrait;
use db::{DbError, journal};
use kernel::{heure_de_besancon, instant_francais};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::components::{Diff, Icon};
use crate::hex;

/// What a form showed when it was opened: a fingerprint of the values, and how far the journal of the object went. Written
/// `{{ vu }}` in a form, it is a hidden field of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vu {
    mark: String,
    after: i64,
}

impl Vu {
    /// The fingerprint of values, in an order that the page keeps.
    #[must_use]
    pub fn of<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> Self {
        let mut hash = Sha256::new();
        for value in values {
            let value = value.as_ref();
            // With their length, so that « ab », « c » is not « a », « bc ».
            hash.update((value.len() as u64).to_be_bytes());
            hash.update(value.as_bytes());
        }
        let mark = hash.finalize().iter().take(8).copied().collect::<Vec<_>>();
        Self { mark: hex::encode(&mark), after: 0 }
    }

    /// With the last line of the journal that the page knew: a conflict then shows all that came later, and nothing older.
    #[must_use]
    pub fn after(mut self, line: i64) -> Self {
        self.after = line;
        self
    }

    /// Whether a form that sends `sent` was filled on these very values.
    #[must_use]
    pub fn is(&self, sent: &str) -> bool {
        split(sent).0 == self.mark
    }

    /// The value that the form sends.
    #[must_use]
    pub fn value(&self) -> String {
        format!("{}.{}", self.mark, self.after)
    }
}

/// Mark and last known line of what a form sent; anything else is a mark that matches nothing.
fn split(sent: &str) -> (&str, Option<i64>) {
    match sent.split_once('.') {
        Some((mark, after)) => (mark, after.parse().ok().filter(|line| *line > 0)),
        None => (sent, None),
    }
}

impl fmt::Display for Vu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<input type=\"hidden\" name=\"vu\" value=\"{}\">", self.value())
    }
}

impl HtmlSafe for Vu {}

/// One action of somebody else, between the form and its sending.
#[derive(Clone, Debug)]
struct Meanwhile {
    who: String,
    when: String,
    diffs: Vec<Diff>,
}

/// Nothing was saved, because the object has changed since the form was opened: who changed what, when, old → new.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/conflit.html")]
pub struct Conflit {
    title: String,
    lines: Vec<Meanwhile>,
}

/// Most lines shown: beyond, the history of the page has the rest.
const MOST: u32 = 10;

impl Conflit {
    /// What the journal says of the object since the form that sent `vu` was opened. `say` names a field and writes its value as the
    /// page does; a field for which it gives nothing is not shown.
    ///
    /// # Errors
    /// The database's.
    pub async fn read<C: ConnectionTrait>(
        conn: &C,
        objet: &str,
        cle: &str,
        vu: &str,
        say: impl Fn(&str, &Value) -> Option<(String, String)>,
    ) -> Result<Self, DbError> {
        let lines = match split(vu).1 {
            Some(after) => journal::history(conn, objet, cle, after, MOST).await?,
            // The form did not say what it knew: the last change is the likeliest.
            None => journal::history(conn, objet, cle, 0, 1).await?,
        };
        Ok(Self::of(lines, say))
    }

    /// The same out of lines already read, the latest first.
    #[must_use]
    pub fn of(lines: Vec<journal::Line>, say: impl Fn(&str, &Value) -> Option<(String, String)>) -> Self {
        let lines = lines.into_iter().map(|line| Meanwhile {
            diffs: diffs(&line, &say),
            who: line.acteur,
            when: instant_francais(heure_de_besancon(line.quand)),
        });
        Self { title: "Quelqu’un d’autre a enregistré avant vous".to_owned(), lines: lines.collect() }
    }

    /// With another title: « Ce compte a changé entre-temps ».
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }
}

/// The changes of one line as pages show them: for histories as well.
pub fn diffs(line: &journal::Line, say: impl Fn(&str, &Value) -> Option<(String, String)>) -> Vec<Diff> {
    let one = |(field, old, new): (String, Option<Value>, Option<Value>)| {
        let (old, new) = (old.and_then(|v| say(&field, &v)), new.and_then(|v| say(&field, &v)));
        let label = old.as_ref().or(new.as_ref()).map(|(label, _)| label.clone())?;
        Some(Diff::new(label, old.map(|(_, text)| text), new.map(|(_, text)| text)))
    };
    line.changes().into_iter().filter_map(one).collect()
}

impl HtmlSafe for Conflit {}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_seen_is_recognised_whatever_the_journal_did() {
        let vu = Vu::of(["Anne", "direction"]);
        assert!(vu.is(&vu.clone().after(12).value()) && vu.is(&vu.value()));
        assert!(!Vu::of(["Ann", "edirection"]).is(&vu.value()), "where a value ends matters");
        for forged in ["", ".", "x.12", "é", "0.0.0"] {
            assert!(!vu.is(forged), "{forged}");
        }
        assert_eq!(split("ab.-3"), ("ab", None));
    }

    #[test]
    fn a_conflict_says_who_when_and_old_to_new() {
        let line = journal::Line {
            id: 3,
            quand: DateTime::from_timestamp(1_712_041_200, 0).unwrap(),
            acteur: "anne".to_owned(),
            action: "compte.modifier".to_owned(),
            avant: Some(json!({"nom": "<b>A</b>", "role": "direction", "rien": 1})),
            apres: Some(json!({"nom": "B", "role": "direction", "rien": 2})),
        };
        let say = |field: &str, value: &Value| {
            (field == "nom").then(|| ("Nom".to_owned(), value.as_str().unwrap_or_default().to_owned()))
        };
        let html = Conflit::of(vec![line], say).to_string();
        assert!(html.contains("anne") && html.contains("2 avril 2024"), "{html}");
        assert!(html.contains("&#60;b&#62;A&#60;/b&#62;</del>") && html.contains("B</ins>"), "{html}");
        assert!(!html.contains("rien\""), "{html}");
    }
}
