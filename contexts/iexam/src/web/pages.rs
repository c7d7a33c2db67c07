//! The parts that the pages of settings share: a page of sections, a form, what a form sends, the history of a thing.

mod dire;
mod histoire;
mod saisie;

use ::web::components::{Alert, Button, Icon, Identity, Look, Maybe};
use ::web::{Conflit, Frame, Html, Vu};
use askama::Template;

pub(super) use self::histoire::{conflit, histoire};
pub(super) use self::saisie::Saisie;

/// A page of sections.
#[derive(Template)]
#[template(path = "reglages/page.html")]
pub(super) struct Fiche {
    pub(super) frame: Frame,
    pub(super) identite: Maybe<Identity>,
    pub(super) actions: Vec<Html>,
    pub(super) conflit: Maybe<Conflit>,
    pub(super) alertes: Vec<Alert>,
    pub(super) sections: Vec<Html>,
}

impl Fiche {
    pub(super) fn new(frame: Frame) -> Self {
        Self {
            frame,
            identite: Maybe(None),
            actions: Vec::new(),
            conflit: Maybe(None),
            alertes: Vec::new(),
            sections: Vec::new(),
        }
    }
}

/// A form in a card.
#[derive(Template)]
#[template(path = "reglages/formulaire.html")]
pub(super) struct Formulaire {
    pub(super) id: &'static str,
    pub(super) titre: String,
    pub(super) textes: Vec<String>,
    pub(super) action: String,
    pub(super) csrf: String,
    pub(super) vu: Option<Vu>,
    pub(super) caches: Vec<(String, String)>,
    pub(super) hauts: Vec<Html>,
    pub(super) champs: Vec<Html>,
    pub(super) bas: Vec<Html>,
    pub(super) boutons: Vec<Html>,
}

impl Formulaire {
    pub(super) fn new(
        id: &'static str,
        titre: impl Into<String>,
        action: impl Into<String>,
        csrf: &str,
    ) -> Self {
        Self {
            id,
            titre: titre.into(),
            textes: Vec::new(),
            action: action.into(),
            csrf: csrf.to_owned(),
            vu: None,
            caches: Vec::new(),
            hauts: Vec::new(),
            champs: Vec::new(),
            bas: Vec::new(),
            boutons: Vec::new(),
        }
    }

    pub(super) fn texte(mut self, texte: impl Into<String>) -> Self {
        self.textes.push(texte.into());
        self
    }

    pub(super) fn champ<T: Template>(mut self, champ: &T) -> Self {
        self.champs.push(Html::of(champ));
        self
    }

    pub(super) fn bas<T: Template>(mut self, champ: &T) -> Self {
        self.bas.push(Html::of(champ));
        self
    }

    pub(super) fn vu(mut self, vu: Vu) -> Self {
        self.vu = Some(vu);
        self
    }

    pub(super) fn cache(mut self, nom: impl Into<String>, valeur: impl Into<String>) -> Self {
        self.caches.push((nom.into(), valeur.into()));
        self
    }

    /// The verb of the form.
    pub(super) fn verbe(mut self, verbe: &str) -> Self {
        let look = if self.boutons.is_empty() { Look::Primary } else { Look::Secondary };
        self.boutons.push(Html::of(&Button::submit(verbe).look(look)));
        self
    }

    /// The same, said less loudly: beside a row of other things.
    pub(super) fn verbe_discret(mut self, verbe: &str) -> Self {
        self.boutons.push(Html::of(&Button::submit(verbe)));
        self
    }

    /// A way out without writing anything.
    pub(super) fn sinon(mut self, href: impl Into<String>) -> Self {
        self.boutons.push(Html::of(&Button::link("Ne rien faire", href)));
        self
    }
}

/// A card with anything in it.
#[derive(Template)]
#[template(path = "reglages/bloc.html")]
pub(super) struct Bloc {
    pub(super) id: &'static str,
    pub(super) titre: String,
    pub(super) textes: Vec<String>,
    pub(super) contenu: Vec<Html>,
}

/// What is folded until it is wanted.
#[derive(Template)]
#[template(path = "reglages/replie.html")]
pub(super) struct Replie {
    pub(super) titre: String,
    pub(super) ouvert: bool,
    pub(super) contenu: Vec<Html>,
}

/// Two columns on a desk, one on a phone.
#[derive(Template)]
#[template(path = "reglages/colonnes.html")]
pub(super) struct Colonnes {
    pub(super) gauche: Vec<Html>,
    pub(super) droite: Vec<Html>,
}

/// Buttons beside one another.
#[derive(Template)]
#[template(path = "reglages/rangee.html")]
pub(super) struct Rangee {
    pub(super) contenu: Vec<Html>,
}

/// A form that only looks: it changes the address.
#[derive(Template)]
#[template(path = "reglages/choix.html")]
pub(super) struct Choix {
    pub(super) action: String,
    pub(super) champs: Vec<Html>,
    pub(super) bouton: Html,
}

/// Icons of the steps of a period, by what each is.
#[derive(Template)]
#[template(path = "reglages/etapes.html")]
pub(super) struct Etapes {
    pub(super) pas: Vec<(&'static str, &'static str)>,
}

impl Etapes {
    fn icone(&self, sorte: &str) -> Icon {
        Icon::new(match sorte {
            "fait" => "circle-check",
            "ici" => "circle-dot",
            _ => "circle",
        })
    }
}
