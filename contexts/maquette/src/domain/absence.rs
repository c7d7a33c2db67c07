//! « Pourquoi absent ? »: the path of a code or a number from its source to the screen, step by step. Pure: it orders what was found.

use chrono::{DateTime, Utc};
use kernel::AnneeUniversitaire;

use super::ecarte::{Ecarte, RegleEcart};
use super::genre::Genre;

/// Where a step leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renvoi {
    /// The page of an object, in a year.
    Objet(Genre, Vec<String>, u16),
    /// The report of a collection.
    Collecte(i64),
    /// The same question about another code.
    Code(String),
    /// The state of the links.
    Liens,
}

/// What a step answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reponse {
    /// It is there.
    Oui,
    /// It stops here.
    Non,
    /// It is there, with a restriction.
    Reserve,
    /// Nobody can say.
    Inconnu,
}

/// One step of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pas {
    /// Which step.
    pub titre: String,
    /// Its answer.
    pub reponse: Reponse,
    /// The answer, as French sentences.
    pub texte: String,
    /// When this was true.
    pub date: Option<DateTime<Utc>>,
    /// Where to look.
    pub renvoi: Option<Renvoi>,
}

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Held, open, seen by default.
    Visible,
    /// Held, but lists or trees hide it by default.
    Masque,
    /// It was held, and disappeared from its source.
    Parti,
    /// Read by the last collection, left out by a rule.
    Ecarte(RegleEcart),
    /// Only another year has it.
    AutreAnnee,
    /// Nothing of that spelling, but something that looks the same.
    Ressemble,
    /// Nothing.
    JamaisVu,
}

/// The whole path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chemin {
    /// What was asked, as typed.
    pub code: String,
    /// In which year.
    pub annee: AnneeUniversitaire,
    /// How it ends.
    pub verdict: Verdict,
    /// The answer, in one sentence.
    pub conclusion: String,
    /// What to do about it.
    pub conseil: String,
    /// The steps, from the source to the screen.
    pub pas: Vec<Pas>,
}

/// A row that is held under the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenue {
    /// Its kind.
    pub genre: Genre,
    /// Its year.
    pub annee: u16,
    /// Its key.
    pub cle: Vec<String>,
    /// Its label.
    pub libelle: Option<String>,
    /// Since when it is gone from its source.
    pub ferme_le: Option<DateTime<Utc>>,
    /// The set that last touched it.
    pub collecte: i64,
    /// Whether that set is an undo.
    pub annulation: bool,
    /// When it was last seen, for a row that is gone.
    pub vue_le: Option<DateTime<Utc>>,
    /// Why a reader may not see it, as French sentences.
    pub reserves: Vec<String>,
}

impl Tenue {
    /// « L1DRO · 100 ».
    #[must_use]
    pub fn cle_lisible(&self) -> String {
        self.cle.join(" · ")
    }
}

/// A row left out, and the collection that did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ecartee {
    /// What, and why.
    pub ecarte: Ecarte,
    /// The collection that first left it out so.
    pub collecte: i64,
}

/// The last collection of what could hold the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derniere {
    /// « L’offre », « Les personnes ».
    pub quoi: &'static str,
    /// When it ended, if there ever was one.
    pub le: Option<DateTime<Utc>>,
}

/// A source, as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceConnue {
    /// « Apogée (extraction) ».
    pub nom: &'static str,
    /// Whether it answered.
    pub en_marche: Option<bool>,
    /// What is wrong.
    pub detail: Option<String>,
    /// When that was tried.
    pub le: Option<DateTime<Utc>>,
}

/// Everything that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trouve {
    /// Rows held under exactly this code, the latest year first.
    pub tenues: Vec<Tenue>,
    /// Rows left out under exactly this code, in this year.
    pub ecartees: Vec<Ecartee>,
    /// Codes that look the same, held or left out.
    pub semblables: Vec<String>,
    /// Open anomalies of the object, as French labels.
    pub anomalies: Vec<String>,
    /// Last collections.
    pub dernieres: Vec<Derniere>,
    /// State of the sources.
    pub sources: Vec<SourceConnue>,
    /// Kinds that the reader may not look into, as French words.
    pub interdits: Vec<&'static str>,
}

fn nom(genre: Genre) -> &'static str {
    match genre {
        Genre::Diplome => "le diplôme",
        Genre::VersionDiplome => "la version de diplôme",
        Genre::Etape => "l’étape",
        Genre::VersionEtape => "la version d’étape",
        Genre::Liste => "la liste",
        Genre::Element => "l’élément",
        Genre::Enseignant => "l’enseignant",
        Genre::Etudiant => "l’étudiant",
        Genre::Composante => "la composante",
        Genre::Nature => "la nature",
        Genre::Annee => "l’année",
        Genre::Maquette => "la maquette",
        _ => "l’objet",
    }
}

fn majuscule(texte: &str) -> String {
    let mut lettres = texte.chars();
    lettres.next().map(|l| l.to_uppercase().chain(lettres).collect()).unwrap_or_default()
}

fn pas(titre: &str, reponse: Reponse, texte: impl Into<String>) -> Pas {
    Pas { titre: titre.to_owned(), reponse, texte: texte.into(), date: None, renvoi: None }
}

/// The path of `code`, out of what was found.
#[must_use]
pub fn chemin(code: &str, annee: AnneeUniversitaire, t: &Trouve) -> Chemin {
    let ici: Vec<&Tenue> = t.tenues.iter().filter(|l| l.annee == annee.premiere() || l.annee == 0).collect();
    let ouvertes: Vec<&Tenue> = ici.iter().copied().filter(|l| l.ferme_le.is_none()).collect();
    let mut chemin = Chemin {
        code: code.to_owned(),
        annee,
        verdict: Verdict::JamaisVu,
        conclusion: String::new(),
        conseil: String::new(),
        pas: Vec::new(),
    };
    conclure(&mut chemin, t, &ici, &ouvertes);
    sources(&mut chemin.pas, t);
    lecture(&mut chemin.pas, t, &ouvertes);
    perimetre(&mut chemin.pas, annee, t, &ouvertes);
    base(&mut chemin.pas, &ici);
    ecran(&mut chemin.pas, t, &ouvertes);
    ailleurs(&mut chemin.pas, annee, t);
    chemin
}

fn conclure(chemin: &mut Chemin, t: &Trouve, ici: &[&Tenue], ouvertes: &[&Tenue]) {
    let (code, annee) = (chemin.code.clone(), chemin.annee.libelle());
    let ecartee = t.ecartees.iter().find(|e| e.ecarte.regle != RegleEcart::LigneContradictoire);
    let (verdict, conclusion, conseil) = if let Some(tenue) = ouvertes.first() {
        let qui = format!("{} « {} »", majuscule(nom(tenue.genre)), tenue.cle_lisible());
        match tenue.reserves.first() {
            None => (
                Verdict::Visible,
                format!("{qui} est en base pour {annee}, et visible."),
                "Suivez le lien de l’étape « Écran » ; s’il manque à une liste, regardez les filtres de celle-ci."
                    .to_owned(),
            ),
            Some(reserve) => (
                Verdict::Masque,
                format!("{qui} est en base pour {annee}, mais ne se voit pas partout. {reserve}"),
                "Ouvrez sa page, ou montrez dans la liste ce qui est fermé.".to_owned(),
            ),
        }
    } else if let Some(e) = ecartee {
        (
            Verdict::Ecarte(e.ecarte.regle),
            format!(
                "« {code} » a été lu par la dernière collecte, mais écarté. {}",
                e.ecarte.regle.libelle()
            ),
            e.ecarte.regle.conseil().to_owned(),
        )
    } else if let Some(tenue) = ici.first() {
        let qui = format!("{} « {} »", majuscule(nom(tenue.genre)), tenue.cle_lisible());
        if tenue.annulation {
            (
                Verdict::Parti,
                format!("{qui} ne figure plus en {annee}, depuis l’annulation n° {}.", tenue.collecte),
                "La prochaine collecte le ramènera si la source le donne ; ou annulez cette annulation."
                    .to_owned(),
            )
        } else {
            (
                Verdict::Parti,
                format!("{qui} a existé en {annee}, puis a disparu de sa source."),
                format!(
                    "Vérifiez-le à la source. Si la disparition est une erreur, corrigez la source et collectez de \
                     nouveau, ou annulez la collecte n° {}.",
                    tenue.collecte
                ),
            )
        }
    } else if let Some(tenue) = t.tenues.first() {
        let autre = AnneeUniversitaire::new(tenue.annee).map(AnneeUniversitaire::libelle).unwrap_or_default();
        (
            Verdict::AutreAnnee,
            format!("« {code} » n’existe pas en {annee}, mais en {autre}."),
            "Regardez-le dans cette autre année ; s’il doit exister aussi cette année, vérifiez à la source ses années."
                .to_owned(),
        )
    } else if let Some(semblable) = t.semblables.first() {
        (
            Verdict::Ressemble,
            format!(
                "Rien ne porte exactement le code « {code} », mais « {} » lui ressemble.",
                visible(semblable)
            ),
            "Une espace, une casse ou une lettre prise pour un chiffre suffit à distinguer deux codes."
                .to_owned(),
        )
    } else {
        (
            Verdict::JamaisVu,
            format!("« {code} » n’a jamais été vu, ni en base ni dans la dernière collecte de {annee}."),
            "Demandez-le à la source : vous saurez si elle le connaît aujourd’hui.".to_owned(),
        )
    };
    (chemin.verdict, chemin.conclusion, chemin.conseil) = (verdict, conclusion, conseil);
}

fn sources(suite: &mut Vec<Pas>, t: &Trouve) {
    for s in &t.sources {
        let (reponse, texte) = match (s.en_marche, &s.detail) {
            (Some(true), _) => (Reponse::Oui, "Elle répond.".to_owned()),
            (Some(false), Some(detail)) => (Reponse::Non, format!("Elle ne répond pas. {detail}")),
            (Some(false), None) => (Reponse::Non, "Elle ne répond pas.".to_owned()),
            (None, _) => (Reponse::Inconnu, "Son état n’a pas encore été vérifié.".to_owned()),
        };
        let renvoi = (s.en_marche != Some(true)).then_some(Renvoi::Liens);
        suite.push(Pas { date: s.le, renvoi, ..pas(&format!("Source : {}", s.nom), reponse, texte) });
    }
}

fn lecture(suite: &mut Vec<Pas>, t: &Trouve, ouvertes: &[&Tenue]) {
    let lu = !ouvertes.is_empty() || !t.ecartees.is_empty();
    for d in &t.dernieres {
        let (reponse, texte) = match d.le {
            None => (Reponse::Non, format!("{} : rien n’a encore été collecté pour cette année.", d.quoi)),
            Some(_) if lu => (Reponse::Oui, format!("{} : la dernière collecte a lu ce code.", d.quoi)),
            Some(_) => {
                (Reponse::Non, format!("{} : la dernière collecte n’a pas rencontré ce code.", d.quoi))
            }
        };
        suite.push(Pas { date: d.le, ..pas("Lecture", reponse, texte) });
    }
    for e in &t.ecartees {
        let reponse = match e.ecarte.regle {
            RegleEcart::LigneContradictoire => Reponse::Reserve,
            RegleEcart::LigneRejetee
            | RegleEcart::CodeInconnu
            | RegleEcart::SansCode
            | RegleEcart::DossierInconnu => Reponse::Non,
            _ => continue,
        };
        suite.push(Pas {
            renvoi: Some(Renvoi::Collecte(e.collecte)),
            ..ecarte("Lecture", reponse, &e.ecarte)
        });
    }
}

fn ecarte(titre: &str, reponse: Reponse, e: &Ecarte) -> Pas {
    let phrase = e.phrase();
    let mut lettres = phrase.chars();
    let debut: String = lettres.next().into_iter().flat_map(char::to_lowercase).collect();
    // A name keeps its capital: « Kofr décrit… », « Apogée cite… ».
    let suite = if phrase.starts_with("Kofr") || phrase.starts_with("Apogée") {
        phrase.clone()
    } else {
        format!("{debut}{}", lettres.as_str())
    };
    pas(titre, reponse, format!("{} « {} » : {suite}", majuscule(nom(e.genre)), e.cle))
}

fn perimetre(suite: &mut Vec<Pas>, annee: AnneeUniversitaire, t: &Trouve, ouvertes: &[&Tenue]) {
    let avant = suite.len();
    for e in &t.ecartees {
        if matches!(
            e.ecarte.regle,
            RegleEcart::VersionEtapeHorsAnnee
                | RegleEcart::EtapeHorsAnnee
                | RegleEcart::VersionDiplomeHorsAnnee
                | RegleEcart::DiplomeHorsAnnee
                | RegleEcart::ListeHorsAnnee
                | RegleEcart::ElementHorsAnnee
        ) {
            let renvoi = Some(Renvoi::Collecte(e.collecte));
            suite.push(Pas { renvoi, ..ecarte("Année", Reponse::Non, &e.ecarte) });
        }
    }
    if suite.len() == avant && !ouvertes.is_empty() {
        suite.push(pas("Année", Reponse::Oui, format!("Ce code appartient à {}.", annee.libelle())));
    }
}

fn base(suite: &mut Vec<Pas>, ici: &[&Tenue]) {
    for l in ici {
        let qui = format!("{} « {} »", majuscule(nom(l.genre)), l.cle_lisible());
        let fait = if l.annulation { "l’annulation" } else { "la collecte" };
        let (reponse, texte) = match l.ferme_le {
            None => (Reponse::Oui, format!("{qui} est en base. Dernier changement : n° {}.", l.collecte)),
            Some(_) => {
                (Reponse::Non, format!("{qui} ne figure plus en base, depuis {fait} n° {}.", l.collecte))
            }
        };
        let renvoi = Some(Renvoi::Collecte(l.collecte));
        suite.push(Pas { date: l.ferme_le, renvoi, ..pas("Base", reponse, texte) });
        if l.ferme_le.is_some() && l.vue_le.is_some() {
            let texte = "La source le donnait encore à cette date.";
            suite.push(Pas { date: l.vue_le, ..pas("Vu pour la dernière fois", Reponse::Reserve, texte) });
        }
    }
    if ici.is_empty() {
        suite.push(pas("Base", Reponse::Non, "Rien n’est enregistré sous ce code pour cette année."));
    }
}

fn ecran(suite: &mut Vec<Pas>, t: &Trouve, ouvertes: &[&Tenue]) {
    for l in ouvertes {
        let qui = format!("{} « {} »", majuscule(nom(l.genre)), l.cle_lisible());
        let libelle = l.libelle.as_deref().map(|l| format!(", {l}")).unwrap_or_default();
        let renvoi = Some(Renvoi::Objet(l.genre, l.cle.clone(), l.annee));
        let p = if l.reserves.is_empty() {
            pas("Écran", Reponse::Oui, format!("{qui}{libelle} : visible."))
        } else {
            pas("Écran", Reponse::Reserve, format!("{qui}{libelle}. {}", l.reserves.join(" ")))
        };
        suite.push(Pas { renvoi, ..p });
    }
    if !t.anomalies.is_empty() {
        suite.push(pas("Anomalies", Reponse::Reserve, format!("{}.", t.anomalies.join(" ; "))));
    }
}

fn ailleurs(suite: &mut Vec<Pas>, annee: AnneeUniversitaire, t: &Trouve) {
    for l in t.tenues.iter().filter(|l| l.annee != annee.premiere() && l.annee != 0) {
        let autre = AnneeUniversitaire::new(l.annee).map(AnneeUniversitaire::libelle).unwrap_or_default();
        let etat = if l.ferme_le.is_some() { ", mais y a disparu de sa source" } else { "" };
        suite.push(Pas {
            date: l.ferme_le,
            renvoi: Some(Renvoi::Objet(l.genre, l.cle.clone(), l.annee)),
            ..pas(
                "Autre année",
                Reponse::Reserve,
                format!("{} « {} » existe en {autre}{etat}.", majuscule(nom(l.genre)), l.cle_lisible()),
            )
        });
    }
    for semblable in &t.semblables {
        let texte = format!("« {} » ressemble à ce code.", visible(semblable));
        let renvoi = Some(Renvoi::Code(semblable.clone()));
        suite.push(Pas { renvoi, ..pas("Code semblable", Reponse::Reserve, texte) });
    }
    for quoi in &t.interdits {
        let texte = format!("Vos droits ne permettent pas de chercher parmi {quoi}.");
        suite.push(pas("Non cherché", Reponse::Inconnu, texte));
    }
}

/// A code whose spaces can be seen.
#[must_use]
pub fn visible(code: &str) -> String {
    code.replace('\u{a0}', "⍽").replace(' ', "␣")
}
