//! A new correction: which field, what it shows, what it will show instead, why, until when.

use ::web::components::{Alert, Checkbox, Column, Empty, Field, Identity, Maybe, Row, Select, Table, Tone};
use ::web::{Frame, Page, PageError, Redirection, Visitor, Vu};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{AnneeUniversitaire, Fault, FaultKind};
use serde::Deserialize;

use super::{lien_corriger, lien_objet};
use crate::actions::CorrectionFault;
use crate::actions::corriger::{self, Pose, aujourd_hui, fin_proposee, valeur_saisie, vu_de};
use crate::actions::demander::annee_courante;
use crate::domain::Valeur;
use crate::domain::correction::{self, MOTIF_MAX, champs_corrigeables, cle_de_json, dite, ecrite};
use crate::domain::genre::{Colonne, Genre, SorteColonne};
use crate::domain::valeur::cle_lisible;
use crate::store::correction::{LigneTenue, objet_par_cle};
use crate::store::correction_lue::correction_de_l_objet;
use crate::store::element::{HeuresVues, element_heures};
use crate::web::Maquette;

/// What is corrected, and what was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Envoi {
    genre: String,
    cle: String,
    champ: String,
    annee: String,
    toutes: Option<String>,
    valeur: String,
    sans_valeur: Option<String>,
    motif: String,
    fin: String,
    vu: String,
}

/// The row that the address names.
struct Sujet {
    annee: AnneeUniversitaire,
    genre: Genre,
    cle: Box<[Valeur]>,
}

impl Sujet {
    async fn de(m: &Maquette, envoi: &Envoi) -> Result<Self, PageError> {
        let illisible = || {
            PageError::invalid(
                "L’adresse ne dit pas quel objet corriger.",
                "Partez de la page de l’objet et utilisez son bouton « Corriger… ».",
            )
        };
        let genre = Genre::of_code(&envoi.genre).ok_or_else(illisible)?;
        let cle = cle_de_json(genre, &envoi.cle).ok_or_else(illisible)?;
        let annee = match envoi.annee.parse() {
            Ok(annee) => annee,
            Err(_) => annee_courante(&m.outils).await?,
        };
        Ok(Self { annee, genre, cle })
    }

    fn identite(&self) -> Identity {
        Identity::new(self.genre.description().titre, cle_lisible(&self.cle)).fact(self.annee.libelle())
    }

    fn lien(&self) -> Option<String> {
        let parties: Vec<String> = self.cle.iter().map(ToString::to_string).collect();
        lien_objet(self.genre.description().code, &parties).map(|href| format!("{href}?annee={}", self.annee))
    }

    fn cadre(&self, frame: Frame, titre: String) -> Frame {
        let frame = frame.titled(titre).crumb("Corrections", "/maquette/corrections");
        match self.lien() {
            Some(href) => frame.crumb(cle_lisible(&self.cle), href),
            None => frame,
        }
    }
}

#[derive(Template)]
#[template(path = "corrections/champs.html")]
struct Champs {
    frame: Frame,
    identite: Identity,
    table: Table,
    autres: Maybe<Table>,
}

/// Rows that make the same object for a reader: an element's hours, the étape of a version, the versions of a diploma.
async fn autres(m: &Maquette, sujet: &Sujet) -> Result<Option<Table>, PageError> {
    let (annee, code) = (sujet.annee, sujet.cle.first().cloned().unwrap_or(Valeur::Absent));
    let a = annee.premiere();
    let lignes: Vec<(String, Option<String>, String)> = match sujet.genre {
        Genre::Element => {
            let element = code.to_string();
            let heures = m.outils.db.read(|c| async move { element_heures(&c, a, &element).await }).await?;
            let vers = |h: &HeuresVues| {
                let cle = [code.clone(), h.type_heure.as_str().into()];
                lien_corriger(annee, Genre::Heures, &cle, None)
            };
            heures
                .iter()
                .map(|h| (format!("Heures {}", h.type_heure), h.heures.map(|n| n.to_string()), vers(h)))
                .collect()
        }
        Genre::VersionEtape => {
            vec![(
                "Étape, commune à ses versions".to_owned(),
                None,
                lien_corriger(annee, Genre::Etape, &[code], None),
            )]
        }
        Genre::VersionDiplome => {
            vec![(
                "Diplôme, commun à ses versions".to_owned(),
                None,
                lien_corriger(annee, Genre::Diplome, &[code], None),
            )]
        }
        _ => Vec::new(),
    };
    Ok((!lignes.is_empty()).then(|| {
        Table::new("autres", "Autres champs liés")
            .columns([Column::text("quoi", "Quoi"), Column::text("valeur", "Valeur affichée")])
            .rows(lignes.into_iter().map(|(quoi, valeur, href)| Row::to(href).text(quoi).text_opt(valeur)))
    }))
}

/// Which field: each with what it shows.
async fn champs(m: &Maquette, frame: Frame, sujet: &Sujet) -> Result<Response, PageError> {
    let (genre, cle, annee) = (sujet.genre, &sujet.cle, sujet.annee.premiere());
    let (lignes, corriges) = m
        .outils
        .db
        .read(|c| async move {
            let lignes = objet_par_cle(&c, genre, Some(annee), cle).await?;
            Ok::<_, db::DbError>((lignes, correction_de_l_objet(&c, annee, genre, cle).await?))
        })
        .await?;
    let ligne: LigneTenue = match lignes.into_iter().next() {
        Some(ligne) if !ligne.fermee => ligne,
        Some(_) => return Err(CorrectionFault::ObjetFerme(genre, cle_lisible(cle)).into()),
        None => return Err(CorrectionFault::ObjetInconnu(genre, cle_lisible(cle)).into()),
    };
    let lignes = champs_corrigeables(genre).map(|(place, colonne)| {
        let valeur = ligne.champs.get(place).cloned().unwrap_or(Valeur::Absent);
        let tenue = corriges.iter().find(|c| c.champ.nom == colonne.nom);
        let href = match tenue {
            Some(c) => format!("/maquette/corrections/{}", c.id),
            None => lien_corriger(sujet.annee, genre, cle, Some(colonne.nom)),
        };
        let row = Row::to(href).text(colonne.libelle).text_opt(ecrite(colonne, &valeur));
        match tenue {
            Some(c) => row.text(format!("corrigé par {} jusqu’au {}", c.posee_par, c.fin.format("%d/%m/%Y"))),
            None => row.absent(),
        }
    });
    let table = Table::new("champs", "Champs")
        .columns([
            Column::text("champ", "Champ"),
            Column::text("valeur", "Valeur affichée"),
            Column::text("correction", "Correction"),
        ])
        .rows(lignes)
        .empty(Empty::new("Aucun champ", "Ces lignes ne portent aucun champ qui se corrige ici."));
    let frame = sujet.cadre(frame, "Quel champ corriger".to_owned());
    let autres = Maybe(autres(m, sujet).await?);
    Ok(Page(Champs { frame, identite: sujet.identite(), table, autres }).into_response())
}

enum Saisie {
    Champ(Field),
    Choix(Select),
}

#[derive(Template)]
#[template(path = "corrections/nouvelle.html")]
struct Nouvelle {
    frame: Frame,
    identite: Identity,
    refus: Maybe<Alert>,
    presente: String,
    caches: Vec<(&'static str, String)>,
    vu: Vu,
    saisie: Saisie,
    sans_valeur: Option<Checkbox>,
    toutes: Checkbox,
    motif: Field,
    fin: Field,
    retour: Option<String>,
}

fn saisie(colonne: &Colonne, envoi: &Envoi, erreur: Option<String>) -> Saisie {
    let champ = Field::text("valeur", "Nouvelle valeur")
        .value(&envoi.valeur)
        .error(erreur.clone())
        .autocomplete("off");
    match colonne.sorte {
        SorteColonne::Oui => Saisie::Choix(
            Select::new("valeur", "Nouvelle valeur", [("", "Choisir…"), ("oui", "Oui"), ("non", "Non")])
                .selected(&envoi.valeur)
                .error(erreur),
        ),
        SorteColonne::Jour => Saisie::Champ(champ.kind("date")),
        SorteColonne::Centi => Saisie::Champ(champ.help("Par exemple 6 ou 6,5.")),
        SorteColonne::Entier => Saisie::Champ(champ.help("Un nombre entier.")),
        SorteColonne::Texte if matches!(colonne.nom, "description" | "prerequis") => {
            Saisie::Champ(champ.lines(6))
        }
        SorteColonne::Texte => Saisie::Champ(champ),
    }
}

async fn formulaire(
    m: &Maquette,
    frame: Frame,
    sujet: &Sujet,
    envoi: &Envoi,
    fault: Option<&CorrectionFault>,
) -> Result<Response, PageError> {
    let outils = m.outils.a_jour().await?;
    let (colonne, _, presente) =
        corriger::presente(&outils, sujet.annee, sujet.genre, &sujet.cle, &envoi.champ).await?;
    let refus = match fault {
        Some(CorrectionFault::Refus(refus)) => Some((refus.champ_du_formulaire(), refus.phrase())),
        _ => None,
    };
    let erreur =
        |nom: &str| refus.as_ref().filter(|(champ, _)| *champ == nom).map(|(_, phrase)| phrase.clone());
    let alerte = fault.filter(|f| !matches!(f, CorrectionFault::Refus(_))).map(|f| {
        let alerte =
            Alert::new(Tone::Danger, f.message()).titled("Rien n’a été enregistré").way_out(f.way_out());
        match f {
            CorrectionFault::DejaCorrige(c) => {
                alerte.link("Voir cette correction", format!("/maquette/corrections/{}", c.id))
            }
            _ => alerte,
        }
    });
    let fin = if envoi.fin.is_empty() { fin_proposee(&outils).to_string() } else { envoi.fin.clone() };
    let max = outils.reglages.correction_max_jours;
    let page = Page(Nouvelle {
        identite: sujet.identite(),
        refus: Maybe(alerte),
        presente: dite(colonne, &presente),
        caches: vec![
            ("genre", envoi.genre.clone()),
            ("cle", envoi.cle.clone()),
            ("champ", envoi.champ.clone()),
            ("annee", sujet.annee.premiere().to_string()),
            ("_csrf", frame.csrf().to_owned()),
        ],
        vu: vu_de(&presente),
        saisie: saisie(colonne, envoi, erreur("valeur")),
        // A yes or no, like a label, is never « nothing » by choice.
        sans_valeur: (colonne.sorte != SorteColonne::Oui && colonne.nom != "libelle").then(|| {
            Checkbox::new("sans_valeur", "Aucune valeur : le champ restera vide").checked(envoi.sans_valeur.is_some())
        }),
        toutes: Checkbox::new("toutes", "Pour toutes les années, présentes et à venir")
            .checked(envoi.toutes.is_some())
            .help(format!("Sinon, seulement pour {}.", sujet.annee.libelle())),
        motif: Field::text("motif", "Motif")
            .value(&envoi.motif)
            .error(erreur("motif"))
            .help("Pourquoi la source se trompe, et qui l’a confirmé.")
            .maxlength(u32::try_from(MOTIF_MAX).unwrap_or(500))
            .lines(2)
            .required(),
        fin: Field::text("fin", "Dernier jour")
            .kind("date")
            .value(fin)
            .error(erreur("fin"))
            .help(format!(
                "Après ce jour, la valeur de la source revient d’elle-même. Au plus {max} jours à compter du {}.",
                aujourd_hui(&outils).format("%d/%m/%Y")
            ))
            .required(),
        retour: sujet.lien(),
        frame: sujet.cadre(frame, format!("Corriger « {} »", colonne.libelle)),
    });
    Ok(match fault.map(Fault::kind) {
        None => page.into_response(),
        Some(FaultKind::Conflict) => page.with_status(StatusCode::CONFLICT),
        Some(_) => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

impl Nouvelle {
    fn champ(&self) -> Maybe<Field> {
        Maybe(match &self.saisie {
            Saisie::Champ(champ) => Some(champ.clone()),
            Saisie::Choix(_) => None,
        })
    }

    fn choix(&self) -> Maybe<Select> {
        Maybe(match &self.saisie {
            Saisie::Choix(choix) => Some(choix.clone()),
            Saisie::Champ(_) => None,
        })
    }
}

/// `/maquette/corrections/nouvelle`.
pub(super) async fn nouvelle(
    frame: Frame,
    State(m): State<Maquette>,
    Query(envoi): Query<Envoi>,
) -> Result<Response, PageError> {
    let sujet = Sujet::de(&m, &envoi).await?;
    if envoi.champ.is_empty() {
        return champs(&m, frame, &sujet).await;
    }
    formulaire(&m, frame, &sujet, &envoi, None).await
}

/// `POST /maquette/corrections`.
pub(super) async fn poser(
    frame: Frame,
    visitor: Visitor,
    State(m): State<Maquette>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    let sujet = Sujet::de(&m, &envoi).await?;
    match essayer(&m, &visitor, &sujet, &envoi).await {
        Ok(id) => {
            let dit = "La correction est posée et visible dès maintenant. Les collectes la respecteront.";
            Ok(Redirection::to(format!("/maquette/corrections/{id}")).success(dit).into_response())
        }
        Err(fault) if matches!(fault.kind(), FaultKind::Invalid | FaultKind::Conflict) => {
            formulaire(&m, frame, &sujet, &envoi, Some(&fault)).await
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn essayer(
    m: &Maquette,
    visitor: &Visitor,
    sujet: &Sujet,
    envoi: &Envoi,
) -> Result<i64, CorrectionFault> {
    let (_, colonne) = correction::champ_corrigeable(sujet.genre, &envoi.champ)?;
    let valeur = valeur_saisie(colonne, &envoi.valeur, envoi.sans_valeur.is_some())?;
    let fin = correction::jour(&envoi.fin)
        .ok_or_else(|| correction::Refus::Fin(envoi.fin.chars().take(40).collect()))?;
    let pose = Pose {
        annee: envoi.toutes.is_none().then_some(sujet.annee),
        genre: sujet.genre,
        cle: sujet.cle.clone(),
        champ: envoi.champ.clone(),
        valeur,
        motif: envoi.motif.clone(),
        fin,
    };
    corriger::poser(&m.outils, &pose, Some(&envoi.vu), &visitor.actor()).await
}
