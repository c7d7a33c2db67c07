//! One anomaly: its object, both values with their source and age, what each decision would do, its history, the one before and the
//! one after in the list it was opened from.

use ::web::components::{
    ActionForm, Alert, Button, Column, Field, Identity, Look, Maybe, Row, Select, Table, Tone,
};
use ::web::{Frame, ListQuery, Page, PageError, Visitor, Vu, Web};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use db::journal::{self, Line};
use kernel::{Right, date_francaise};

use super::liste::Voulu;
use super::{badge, badge_situation, lien, lien_anomalie, regle};
use crate::actions::arbitrer::{Choix, Effet, choix};
use crate::actions::corriger::{aujourd_hui, fin_proposee};
use crate::actions::{ArbitrageFault, Outils};
use crate::domain::anomalie::Regle;
use crate::domain::arbitrage::{Decision, Situation};
use crate::domain::correction::{MOTIF_MAX, dite};
use crate::store::anomalie::{AnomalieVue, anomalie_ids, anomalie_read};
use crate::web::{Maquette, dans_l_annee, le};

/// One way to settle, with what it would do.
pub(super) struct Voie {
    code: &'static str,
    titre: String,
    effet: String,
    choisie: bool,
    permise: bool,
}

/// What the person typed, when the page comes back with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Saisi {
    pub(super) decision: String,
    pub(super) valeur: String,
    pub(super) motif: String,
    pub(super) fin: String,
    pub(super) jusqu_au: String,
    pub(super) motif_ignorer: String,
    /// Which form was refused.
    pub(super) ignorer: bool,
}

/// The forms that decide.
pub(super) struct Formulaires {
    voies: Vec<Voie>,
    valeur: Option<Field>,
    motif: Field,
    fin: Option<Field>,
    a_qui: Select,
    moi: Option<ActionForm>,
    jusqu_au: Field,
    motif_ignorer: Field,
    rouvrir: Option<ActionForm>,
    chemin: String,
    suite: String,
    vu: Vu,
}

#[derive(Template)]
#[template(path = "anomalies/une.html")]
pub(super) struct Une {
    frame: Frame,
    identite: Identity,
    refus: Maybe<Alert>,
    alertes: Vec<Alert>,
    avant: Option<String>,
    apres: Option<String>,
    rang: Option<String>,
    valeurs: Table,
    formulaires: Option<Formulaires>,
    histoire: Maybe<Table>,
}

/// `/maquette/anomalies/{id}`.
pub(super) async fn une(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    Extension(web): Extension<Web>,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
) -> Result<Page<Une>, PageError> {
    montrer(&m, &web, frame, &visitor, &query, id, None).await
}

/// Logins of who may treat anomalies, with their names.
pub(super) async fn personnes(web: &Web) -> Result<Vec<(String, String)>, PageError> {
    let comptes = web.comptes().lister().await?;
    let qui = comptes.into_iter().filter(|c| c.actif && Right::AnomaliesTraiter.held_by(c.role));
    Ok(qui.map(|c| (c.identifiant.clone(), format!("{} ({})", c.nom, c.identifiant))).collect())
}

/// Numbers before and after, and « 3 sur 120 », in the list that the address keeps.
async fn voisines(
    m: &Maquette,
    visitor: &Visitor,
    query: &ListQuery,
    a: &AnomalieVue,
) -> Result<(Option<i64>, Option<i64>, Option<String>), PageError> {
    let voulu = Voulu::de(query, &visitor.identifiant);
    let (filtre, jour, annee) = (&voulu.filtre(), aujourd_hui(&m.outils), a.annee);
    let max = crate::actions::arbitrer::LOT_MAX;
    let ids = m.outils.db.read(|c| async move { anomalie_ids(&c, annee, filtre, jour, max).await }).await?;
    let Some(place) = ids.iter().position(|autre| *autre == a.id) else {
        return Ok((None, ids.first().copied(), None));
    };
    let avant = place.checked_sub(1).and_then(|p| ids.get(p)).copied();
    Ok((avant, ids.get(place + 1).copied(), Some(format!("{} sur {}", place + 1, ids.len()))))
}

/// The page, with what was typed and why it was refused when it was.
pub(super) async fn montrer(
    m: &Maquette,
    web: &Web,
    frame: Frame,
    visitor: &Visitor,
    query: &ListQuery,
    id: i64,
    refuse: Option<(Saisi, &ArbitrageFault)>,
) -> Result<Page<Une>, PageError> {
    let jour = aujourd_hui(&m.outils);
    let a = m.outils.db.read(|c| async move { anomalie_read(&c, id, jour).await }).await?;
    let a = a.ok_or(ArbitrageFault::Inconnue(id))?;
    let (avant, apres, rang) = voisines(m, visitor, query, &a).await?;
    let tenue = &a;
    let (choix, histoire) = m
        .outils
        .db
        .read(|c| async move {
            let choix = choix(&c, tenue).await?;
            Ok::<_, db::DbError>((choix, journal::history(&c, "anomalie", &id.to_string(), 0, 50).await?))
        })
        .await?;
    let mut identite = Identity::new(regle(&a), &a.cle)
        .badge(badge(Regle::of_code(&a.regle)))
        .badge(badge_situation(a.situation))
        .fact(super::liste::nom_d_objet(&a.objet));
    if let Some(qui) = a.attribuee_a() {
        identite = identite.fact(format!("attribuée à {qui}"));
    }
    if let (_, Some(quand)) = a.collecte {
        identite =
            identite.source(format!("vue ainsi par la collecte n° {}, {}", a.collecte.0, m.age(quand)));
    }
    let titre = if a.libelle.is_empty() { regle(&a) } else { a.libelle.clone() };
    let vers = |id: i64| lien_anomalie(id, query);
    let formulaires = if visitor.may(Right::AnomaliesTraiter) && !a.fermee {
        let suite = apres.or(avant).map_or_else(String::new, |id| id.to_string());
        Some(formulaires(m, web, &frame, visitor, query, &a, choix.as_ref(), suite, &refuse).await?)
    } else {
        None
    };
    let refus = refuse.filter(|(_, f)| f.champ_du_formulaire().is_none()).map(|(_, f)| {
        use kernel::Fault;
        Alert::new(Tone::Danger, f.message()).titled("Rien n’a été enregistré").way_out(f.way_out())
    });
    let mut liste = ListQuery::clone(query).a_la_page(1);
    liste.path = "/maquette/anomalies".to_owned();
    Ok(Page(Une {
        frame: frame.titled(titre).crumb("Anomalies", liste.url()),
        identite,
        refus: Maybe(refus),
        alertes: alertes(&a, query),
        avant: avant.map(vers),
        apres: apres.map(vers),
        rang,
        valeurs: valeurs(&a, choix.as_ref()),
        formulaires,
        histoire: Maybe((!histoire.is_empty()).then(|| tableau_d_histoire(&histoire))),
    }))
}

fn alertes(a: &AnomalieVue, query: &ListQuery) -> Vec<Alert> {
    let mut alertes = Vec::new();
    if a.fermee {
        alertes.push(Alert::new(
            Tone::Success,
            "Cette anomalie n’est plus dans les sources : il n’y a plus rien à décider.",
        ));
    }
    if let Some(r) = Regle::of_code(&a.regle) {
        let mut conseil = Alert::new(Tone::Info, r.conseil()).titled("Que faire");
        if let Some(href) = lien(a) {
            conseil = conseil.link("Ouvrir l’objet", dans_l_annee(href, query));
        }
        if matches!(r, Regle::CorrectionDepassee | Regle::CorrectionInutile) {
            let cle = super::super::lien::segment(&a.cle);
            conseil = conseil.link("Voir la correction", format!("/maquette/corrections?recherche={cle}"));
        }
        alertes.push(conseil);
    }
    if let Some(t) = &a.arbitrage {
        let quand = le(t.le);
        let motif = t.motif.as_deref().unwrap_or_default();
        let decision = match (a.situation, t.decision, t.jusqu_au) {
            (Situation::Revenue, ..) => Some((
                Tone::Warning,
                match &t.correction {
                    Some((_, true)) => {
                        "Elle était réglée par une correction locale, qui a pris fin.".to_owned()
                    }
                    _ if (t.valeurs.0.as_str(), t.valeurs.1.as_str()) != (a.a.1.as_str(), a.b.1.as_str()) => {
                        format!(
                            "Une source a changé depuis la décision de {}, {quand} : {} « {} », {} « {} ».",
                            t.par, a.a.0, t.valeurs.0, a.b.0, t.valeurs.1
                        )
                    }
                    _ => "Le jour jusqu’auquel elle était ignorée est passé.".to_owned(),
                },
                "Elle est revenue",
            )),
            (Situation::Reglee, Some(d), _) => Some((
                Tone::Success,
                format!("{} Par {}, {quand} : {motif}", phrase(d, a, t.valeur_locale.as_deref()), t.par),
                "Elle est réglée",
            )),
            (Situation::Ignoree, _, Some(jour)) => Some((
                Tone::Neutral,
                format!("Jusqu’au {}. Par {}, {quand} : {motif}", date_francaise(jour), t.par),
                "Elle est ignorée",
            )),
            _ => None,
        };
        if let Some((ton, texte, titre)) = decision {
            let mut alerte = Alert::new(ton, texte).titled(titre);
            if let Some((id, _)) = t.correction {
                alerte =
                    alerte.link(format!("Voir la correction n° {id}"), format!("/maquette/corrections/{id}"));
            }
            alertes.push(alerte);
        }
    }
    alertes
}

fn phrase(d: Decision, a: &AnomalieVue, valeur: Option<&str>) -> String {
    let valeur = valeur.unwrap_or_default();
    match d {
        Decision::SourceA => format!("{} a raison : « {valeur} ».", a.a.0),
        Decision::SourceB => format!("{} a raison : « {valeur} ».", a.b.0),
        Decision::Locale => format!("Valeur locale : « {valeur} »."),
        Decision::Normal => "C’est normal, on garde.".to_owned(),
    }
}

fn valeurs(a: &AnomalieVue, choix: Option<&Choix>) -> Table {
    let mut lignes = vec![
        Row::new().text(&a.a.0).text(if a.a.1.is_empty() { "rien" } else { &a.a.1 }),
        Row::new().text(&a.b.0).text(if a.b.1.is_empty() { "rien" } else { &a.b.1 }),
    ];
    if let Some(c) = choix {
        lignes.push(Row::new().text("Valeur affichée aujourd’hui").text(dite(c.colonne, &c.presente)));
    }
    Table::new("valeurs", "Ce qui est dit")
        .columns([Column::text("source", "Qui"), Column::text("valeur", "Valeur")])
        .rows(lignes)
}

fn voies(a: &AnomalieVue, choix: Option<&Choix>, corrige: bool, choisie: &str) -> Vec<Voie> {
    let mut voies = Vec::new();
    if let Some(c) = choix {
        let presente = dite(c.colonne, &c.presente);
        let voie = |e: &Effet| {
            let (source, dit) = if e.decision == Decision::SourceA { &a.a } else { &a.b };
            let effet = if !e.corrige {
                "C’est déjà la valeur affichée : rien ne change, l’anomalie est réglée.".to_owned()
            } else if let (true, Some(id)) = (corrige, c.correction) {
                format!(
                    "La correction n° {id} sera levée, et « {} » sera affiché à la place de « {presente} ».",
                    e.dite
                )
            } else if corrige {
                format!(
                    "Une correction locale remplacera « {presente} » par « {} », jusqu’au jour que vous donnez.",
                    e.dite
                )
            } else {
                "Demande une correction locale : le service informatique peut la poser.".to_owned()
            };
            Voie {
                code: e.decision.code(),
                titre: format!("{source} a raison : {dit}"),
                effet,
                choisie: choisie == e.decision.code(),
                permise: corrige || !e.corrige,
            }
        };
        voies.extend(c.effets.iter().map(voie));
        if corrige {
            voies.push(Voie {
                code: Decision::Locale.code(),
                titre: "Ni l’une ni l’autre : une valeur locale".to_owned(),
                effet: format!(
                    "Une correction locale remplacera « {presente} » par la valeur que vous saisissez."
                ),
                choisie: choisie == Decision::Locale.code(),
                permise: true,
            });
        }
    }
    voies.push(Voie {
        code: Decision::Normal.code(),
        titre: "C’est normal, on garde".to_owned(),
        effet: "Rien ne change. L’anomalie ne reviendra que si une source change.".to_owned(),
        choisie: choisie == Decision::Normal.code() || choix.is_none(),
        permise: true,
    });
    voies
}

#[expect(clippy::too_many_arguments, reason = "everything that the forms of one page depend on")]
async fn formulaires(
    m: &Maquette,
    web: &Web,
    frame: &Frame,
    visitor: &Visitor,
    query: &ListQuery,
    a: &AnomalieVue,
    choix: Option<&Choix>,
    suite: String,
    refuse: &Option<(Saisi, &ArbitrageFault)>,
) -> Result<Formulaires, PageError> {
    let outils: Outils = m.outils.a_jour().await?;
    let corrige = visitor.may(Right::MaquetteCorriger);
    let (saisi, faute) = match refuse {
        Some((saisi, fault)) => {
            (saisi.clone(), fault.champ_du_formulaire().map(|c| (c, kernel::Fault::message(*fault))))
        }
        None => (Saisi::default(), None),
    };
    let erreur = |champ: &str, ignorer: bool| {
        faute
            .as_ref()
            .filter(|(c, _)| *c == champ && saisi.ignorer == ignorer)
            .map(|(_, texte)| texte.clone())
    };
    let ou = |saisie: &str, sinon: String| if saisie.is_empty() { sinon } else { saisie.to_owned() };
    let avec_valeur = choix.is_some() && corrige;
    let chemin = format!("/maquette/anomalies/{}", a.id);
    let retour = query.a_la_page(1).url();
    let retour = retour.split_once('?').map_or("", |(_, suite)| suite);
    let action =
        |verbe: &str| format!("{chemin}/{verbe}{}{retour}", if retour.is_empty() { "" } else { "?" });
    let vu = Vu::of(a.vues());
    let personnes = personnes(web).await?;
    let mut options = vec![(String::new(), "Personne".to_owned())];
    options.extend(personnes);
    let a_moi = a.attribuee_a() == Some(visitor.identifiant.as_str());
    let moi = (!a_moi).then(|| {
        ActionForm::new(action("attribuer"), frame.csrf(), Button::submit("Me l’attribuer").icon("user"))
            .sending("a", visitor.identifiant.clone())
    });
    let defaite = !a.situation.ouverte() || a.situation == Situation::Revenue;
    let rouvrir = (defaite && a.arbitrage.is_some()).then(|| {
        ActionForm::new(
            action("rouvrir"),
            frame.csrf(),
            Button::submit("Remettre à traiter").look(Look::Secondary),
        )
        .sending("vu", vu.value())
    });
    let dans_un_mois = aujourd_hui(&m.outils) + chrono::Duration::days(30);
    Ok(Formulaires {
        voies: voies(a, choix, corrige, &saisi.decision),
        valeur: avec_valeur.then(|| {
            Field::text("valeur", "Valeur locale")
                .value(&saisi.valeur)
                .error(erreur("valeur", false))
                .help("Seulement si vous avez choisi une valeur locale.")
                .autocomplete("off")
        }),
        motif: Field::text("motif", "Motif")
            .value(&saisi.motif)
            .error(erreur("motif", false))
            .maxlength(u32::try_from(MOTIF_MAX).unwrap_or(500))
            .autocomplete("off")
            .required(),
        fin: avec_valeur.then(|| {
            Field::text("fin", "Dernier jour de la correction, s’il en faut une")
                .kind("date")
                .value(ou(&saisi.fin, fin_proposee(&outils).to_string()))
                .error(erreur("fin", false))
                .help("Après ce jour, la valeur de la source revient d’elle-même et l’anomalie aussi.")
        }),
        a_qui: Select::new("a", "Attribuer à", options).selected(a.attribuee_a().unwrap_or_default()),
        moi,
        jusqu_au: Field::text("jusqu_au", "Ignorer jusqu’au")
            .kind("date")
            .value(ou(&saisi.jusqu_au, dans_un_mois.to_string()))
            .error(erreur("jusqu_au", true))
            .required(),
        motif_ignorer: Field::text("motif_ignorer", "Motif")
            .value(&saisi.motif_ignorer)
            .error(erreur("motif", true))
            .maxlength(u32::try_from(MOTIF_MAX).unwrap_or(500))
            .autocomplete("off")
            .required(),
        rouvrir,
        chemin,
        suite: format!("{suite}|{retour}"),
        vu,
    })
}

impl Formulaires {
    /// Where a form goes; the list that the page was opened from goes with it.
    fn action(&self, verbe: &str) -> String {
        match self.suite.split_once('|') {
            Some((_, retour)) if !retour.is_empty() => format!("{}/{verbe}?{retour}", self.chemin),
            _ => format!("{}/{verbe}", self.chemin),
        }
    }

    /// The anomaly that comes next.
    fn suivante(&self) -> &str {
        self.suite.split_once('|').map_or("", |(id, _)| id)
    }
}

/// A field of the journal, in words.
pub(super) fn dire(champ: &str, valeur: &serde_json::Value) -> Option<(String, String)> {
    let texte = valeur.as_str().unwrap_or_default();
    let jour = |t: &str| t.parse::<chrono::NaiveDate>().map_or_else(|_| t.to_owned(), date_francaise);
    Some(match champ {
        "etat" => (
            "État".to_owned(),
            Situation::of_code(texte).map_or_else(|| texte.to_owned(), |s| s.libelle().to_owned()),
        ),
        "attribuee_a" => ("Attribuée à".to_owned(), texte.to_owned()),
        "decision" => (
            "Décision".to_owned(),
            match Decision::of_code(texte)? {
                Decision::SourceA => "première source".to_owned(),
                Decision::SourceB => "seconde source".to_owned(),
                Decision::Locale => "valeur locale".to_owned(),
                Decision::Normal => "normal, on garde".to_owned(),
            },
        ),
        "motif" => ("Motif".to_owned(), texte.to_owned()),
        "jusqu_au" => ("Ignorée jusqu’au".to_owned(), jour(texte)),
        "valeur" => ("Valeur".to_owned(), texte.to_owned()),
        _ => return None,
    })
}

fn tableau_d_histoire(lignes: &[Line]) -> Table {
    let lignes = lignes.iter().map(|l| {
        let quoi = match l.action.as_str() {
            "anomalie.attribuer" => "Attribution",
            "anomalie.ignorer" => "Mise de côté",
            "anomalie.regler" => "Règlement",
            "anomalie.rouvrir" => "Remise à traiter",
            _ => "Décision",
        };
        let diffs = ::web::diffs(l, dire);
        Row::new()
            .text(le(l.quand))
            .text(&l.acteur)
            .text(quoi)
            .cell(::web::components::Cell::Html(::web::Html::all(&diffs)))
    });
    Table::new("histoire", "Historique")
        .columns([
            Column::text("quand", "Quand"),
            Column::text("qui", "Qui"),
            Column::text("quoi", "Quoi"),
            Column::text("detail", "Ancien → nouveau"),
        ])
        .rows(lignes)
}
