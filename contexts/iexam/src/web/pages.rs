//! The parts that the pages of settings share: a page of sections, a form, what a form sends, the history of a thing.

use ::web::components::{Alert, Button, Cell, Column, Empty, Icon, Identity, Look, Maybe, Row, Table};
use ::web::{Conflit, Frame, Html, PageError, Vu, diffs};
use askama::Template;
use chrono::NaiveDate;
use db::{DbError, journal};
use serde::Deserialize;
use serde_json::Value;

use crate::Iexam;

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

/// What a form sent, field by field: the forms of settings have fields whose names depend on rows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Saisie(Vec<(String, String)>);

impl Saisie {
    pub(super) fn nouvelle(champs: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self(champs.into_iter().map(|(nom, valeur)| (nom.to_owned(), valeur)).collect())
    }

    /// With more fields.
    pub(super) fn avec(mut self, champs: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        self.0.extend(champs.into_iter().map(|(nom, valeur)| (nom.to_owned(), valeur)));
        self
    }

    /// Every field, as it was sent.
    pub(super) fn champs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(nom, valeur)| (nom.as_str(), valeur.as_str()))
    }

    pub(super) fn texte(&self, nom: &str) -> &str {
        self.0.iter().find(|(n, _)| n == nom).map_or("", |(_, v)| v.as_str())
    }

    pub(super) fn coche(&self, nom: &str) -> bool {
        self.texte(nom) == "oui"
    }

    pub(super) fn tous(&self, nom: &str) -> Vec<&str> {
        self.0.iter().filter(|(n, _)| n == nom).map(|(_, v)| v.as_str()).collect()
    }

    pub(super) fn jour(&self, nom: &str) -> Option<NaiveDate> {
        self.texte(nom).trim().parse().ok()
    }

    /// A number; `Err` when something else was typed; nothing when nothing was.
    pub(super) fn nombre(&self, nom: &str) -> Result<Option<i64>, ()> {
        let texte: String = self.texte(nom).chars().filter(|c| !c.is_whitespace()).collect();
        if texte.is_empty() { Ok(None) } else { texte.parse().map(Some).map_err(|_| ()) }
    }

    /// What the form was filled on.
    pub(super) fn vu(&self) -> Option<&str> {
        Some(self.texte("vu")).filter(|vu| !vu.is_empty())
    }
}

/// Lines of history shown.
const HISTOIRE: u32 = 30;

/// The history of a thing, and the last line known of it: what its forms carry.
pub(super) async fn histoire(iexam: &Iexam, objet: &'static str, id: i64) -> Result<(Table, i64), PageError> {
    let cle = id.to_string();
    let lignes =
        iexam.db.read(|c| async move { journal::history(&c, objet, &cle, 0, HISTOIRE).await }).await?;
    let derniere = lignes.first().map_or(0, |l| l.id);
    let rows = lignes.iter().map(|ligne| {
        Row::new()
            .cell(Cell::instant(ligne.quand))
            .text(&ligne.acteur)
            .text(verbe(&ligne.action))
            .cell(change(ligne))
    });
    let table = Table::new("histoire", "Historique")
        .columns([
            Column::text("quand", "Quand"),
            Column::text("qui", "Qui").optional(),
            Column::text("quoi", "Action"),
            Column::text("change", "Changement"),
        ])
        .rows(rows.collect::<Vec<_>>())
        .empty(Empty::new("Aucun historique", "Rien n’a encore été changé."));
    Ok((table, derniere))
}

/// What a line changed; of what it made, the values alone.
fn change(ligne: &journal::Line) -> Cell {
    if ligne.avant.is_some() {
        return Cell::Html(Html::all(&diffs(ligne, dire)));
    }
    let dits: Vec<_> = ligne
        .changes()
        .into_iter()
        .filter_map(|(champ, _, neuf)| dire(&champ, &neuf?))
        .filter(|(_, texte)| !texte.is_empty())
        .map(|(libelle, texte)| format!("{libelle}\u{a0}: {texte}"))
        .collect();
    if dits.is_empty() { Cell::Absent } else { Cell::text(dits.join("\u{a0}; ")) }
}

/// What changed since a form was opened.
pub(super) async fn conflit(
    iexam: &Iexam,
    objet: &'static str,
    id: i64,
    vu: &str,
) -> Result<Conflit, DbError> {
    let cle = id.to_string();
    let cle = cle.as_str();
    iexam.db.read(|c| async move { Conflit::read(&c, objet, cle, vu, dire).await }).await
}

const VERBES: &[(&str, &str)] = &[
    ("ouvrir", "Ouverture"),
    ("dater", "Dates changées"),
    ("avancer", "Étape suivante"),
    ("reculer", "Retour en arrière"),
    ("publier", "Modalités publiées"),
    ("depublier", "Publication retirée"),
    ("deroger", "Dérogation signée"),
    ("retirer_derogation", "Dérogation retirée"),
    ("offrir", "Offre changée"),
    ("creer", "Création"),
    ("modifier", "Modification"),
    ("tarifer", "Tarif ajouté"),
    ("retirer_tarif", "Tarif retiré"),
    ("rattacher", "Centres changés"),
    ("fermer", "Fermeture annoncée"),
    ("rouvrir", "Fermeture retirée"),
    ("ajouter", "Ajouté à une période"),
    ("accorder", "Accord"),
    ("retirer", "Retiré d’une période"),
    ("expedier", "Colis expédié"),
    ("suivre_colis", "Colis suivi"),
    ("poser", "Ajout"),
    ("rendre", "Remis en vigueur"),
    ("annuler", "Annulation"),
    ("retablir", "Rétablissement"),
    ("decaler", "Décalage"),
    ("repartir", "Date et salles réparties"),
    ("mettre-en-salle", "Salles changées"),
    ("retarder", "Retard signalé"),
];

fn verbe(action: &str) -> String {
    let verbe = action.rsplit('.').next().unwrap_or(action);
    VERBES
        .iter()
        .find(|(code, _)| *code == verbe)
        .map_or_else(|| verbe.replace('_', " "), |(_, mot)| (*mot).to_owned())
}

const CHAMPS: &[(&str, &str)] = &[
    ("libelle", "Libellé"),
    ("etat", "État"),
    ("enseignement_debut", "Début des enseignements"),
    ("inscriptions_debut", "Début des inscriptions"),
    ("inscriptions_fin", "Fin des inscriptions"),
    ("verification_fin", "Fin de la vérification"),
    ("convocations_le", "Envoi des convocations"),
    ("epreuves_debut", "Première épreuve"),
    ("epreuves_fin", "Dernière épreuve"),
    ("fermeture_le", "Clôture"),
    ("ecart_min", "Écart minimal (minutes)"),
    ("modalites_publiees_le", "Modalités publiées le"),
    ("copiee_de", "Copiée de"),
    ("modalites", "Modalités copiées"),
    ("epreuves", "Épreuves copiées"),
    ("confirme", "Confirmé"),
    ("echeance", "Échéance"),
    ("motif", "Motif"),
    ("signee_par", "Signée par"),
    ("offerte", "Offerte"),
    ("quota", "Quota"),
    ("code", "Code"),
    ("lieu", "Lieu"),
    ("surveillee", "Surveillée"),
    ("consignes", "Consignes"),
    ("pieces", "Pièces demandées"),
    ("rang", "Rang"),
    ("active", "Active"),
    ("valide_du", "À partir du"),
    ("fixe_cents", "Part fixe"),
    ("horaire_cents", "Par heure"),
    ("majoration_facturee", "Tiers-temps facturé"),
    ("centres", "Centres"),
    ("nom", "Nom"),
    ("adresse", "Adresse"),
    ("code_postal", "Code postal"),
    ("ville", "Ville"),
    ("pays", "Pays"),
    ("fuseau", "Fuseau horaire"),
    ("contact_nom", "Contact"),
    ("contact_courriel", "Courriel"),
    ("contact_telephone", "Téléphone"),
    ("surveillant", "Surveillant désigné"),
    ("capacite", "Capacité"),
    ("accord_requis", "Accord requis"),
    ("actif", "Actif"),
    ("periode", "Période"),
    ("places", "Places"),
    ("demande_le", "Demandé le"),
    ("repondu_le", "Répondu le"),
    ("reponse", "Réponse"),
    ("du", "Du"),
    ("au", "Au"),
    ("sens", "Sens"),
    ("transporteur", "Transporteur"),
    ("suivi", "Suivi"),
    ("copies", "Copies envoyées"),
    ("copies_recues", "Copies reçues"),
    ("expedie_le", "Expédié le"),
    ("recu_le", "Reçu le"),
    ("note", "Note"),
    ("duree_min", "Durée (min)"),
    ("sujet_par", "Responsable du sujet"),
    ("salle_a_part", "Salle à part"),
    ("secretaire", "Secrétaire"),
    ("valide_au", "Dernier jour"),
    ("majoration", "Minutes par heure"),
    ("etudiant", "Étudiant"),
    ("element", "Élément"),
    ("annulee", "Annulée"),
    ("retire", "Retiré"),
    ("debut", "Début"),
    ("nature", "Nature"),
    ("documents", "Documents autorisés"),
    ("salles", "Salles"),
    ("etape", "Étape"),
    ("retards", "Retards (minutes)"),
    ("ordinateur", "Ordinateur"),
    ("autre", "Autre"),
    ("exception", "Exception motivée"),
];

/// A field of the journal and its value, as pages write them.
pub(super) fn dire(champ: &str, valeur: &Value) -> Option<(String, String)> {
    let libelle = CHAMPS.iter().find(|(c, _)| *c == champ).map_or(champ, |(_, l)| l).to_owned();
    Some((libelle, valeur_dite(champ, valeur)?))
}

fn valeur_dite(champ: &str, valeur: &Value) -> Option<String> {
    use crate::domain::centre::{EtatAccord, Sens};
    use crate::domain::horloge::Echeance;
    use crate::domain::periode::EtatPeriode;
    Some(match valeur {
        Value::Null => return None,
        Value::Bool(vrai) => if *vrai { "oui" } else { "non" }.to_owned(),
        Value::Number(n) if champ.ends_with("_cents") => kernel::Cents(n.as_i64()?).to_string(),
        Value::String(texte) => match champ {
            "etat" => EtatPeriode::of_code(texte)
                .map(EtatPeriode::libelle)
                .or_else(|| EtatAccord::of_code(texte).map(EtatAccord::libelle))
                .map_or_else(|| texte.clone(), str::to_owned),
            "echeance" if Echeance::of_code(texte).is_some() => {
                Echeance::of_code(texte).map(|e| e.libelle().to_owned())?
            }
            "sens" => Sens::of_code(texte).map_or_else(|| texte.clone(), |s| s.libelle().to_owned()),
            "lieu" => if texte == "domicile" { "chez soi" } else { "dans un centre" }.to_owned(),
            _ => match (texte.parse::<NaiveDate>(), texte.parse::<chrono::DateTime<chrono::Utc>>()) {
                (Ok(jour), _) => kernel::date_francaise(jour),
                (_, Ok(instant)) => super::le(instant),
                _ => texte.clone(),
            },
        },
        Value::Array(lignes) => {
            let lignes: Vec<_> = lignes.iter().filter_map(|l| valeur_dite("", l)).collect();
            if lignes.is_empty() { return None } else { lignes.join(", ") }
        }
        Value::Object(champs) => {
            let dits: Vec<_> = champs
                .iter()
                .filter_map(|(nom, v)| dire(nom, v).map(|(l, t)| format!("{}\u{a0}: {t}", l.to_lowercase())))
                .collect();
            if dits.is_empty() { return None } else { dits.join(", ") }
        }
        autre => autre.to_string(),
    })
}
