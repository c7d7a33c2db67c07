//! `/composants`: every component with samples, the longest names, the empty and the broken. For whoever builds a page, and for tests.

use askama::Template;
use axum::extract::State;
use chrono::Duration;
use kernel::{Centi, Right};

use crate::components::{
    ActionForm, Alert, Badge, Button, ChangeGroup, Changes, Checkbox, Column, Dialog, Diff, Empty, Field,
    FileField, Identity, KeyFigure, KeyFigures, Look, Outcome, Phase, PhaseState, Progress, Quantity, Row,
    Select, Tab, Table, Tabs, Tone, Tree, TreeRow, UploadForm,
};
use crate::{Frame, Html, Page, RouteTable, Routes, Web};

mod liste;

/// A label of eighty characters, as the sources hold.
const LONG: &str = "Approches pluridisciplinaires de l’économétrie des œuvres et du droit de l’art (2)";

pub(crate) fn routes(web: Web) -> RouteTable {
    Routes::with_state(web)
        .get("/composants", Right::LiensVoir, composants)
        .get("/composants/liste", Right::LiensVoir, liste::liste)
        .post("/composants/lot", Right::LiensVoir, liste::lot)
        .get("/composants/arbre", Right::LiensVoir, arbre)
        .get("/composants/avancement", Right::LiensVoir, avancement)
        .build()
}

#[derive(Template)]
#[template(path = "galerie/composants.html")]
struct Composants {
    frame: Frame,
    sections: Vec<(&'static str, Vec<Html>)>,
}

#[derive(Template)]
#[template(path = "galerie/un.html")]
struct Un {
    frame: Frame,
    identity: Html,
    tabs: Html,
    body: Html,
}

async fn composants(frame: Frame) -> Page<Composants> {
    let csrf = frame.csrf().to_owned();
    let sections = vec![
        ("Pastilles", badges()),
        ("Messages", alerts()),
        ("Chiffres", vec![figures()]),
        ("Champs", fields()),
        ("Envoi d’un fichier", uploads(&csrf)),
        ("Boutons et dialogues", buttons(&csrf)),
        ("Changements", vec![changes()]),
        ("Avancement", vec![Html::of(&progress(37, 60)), Html::of(&ended())]),
        ("Liste d’une ligne", vec![Html::of(&short_table())]),
        (
            "Rien à afficher",
            vec![Html::of(
                &Empty::new(
                    "Aucune étape",
                    "La collecte de l’offre n’a pas encore eu lieu pour l’année 2024/2025.",
                )
                .icon("database-import")
                .action("Lancer une collecte", "/composants/avancement"),
            )],
        ),
    ];
    Page(Composants { frame: frame.titled("Composants"), sections })
}

fn badges() -> Vec<Html> {
    let words = ["Fermée", "À savoir", "Ouverte", "À vérifier", "En panne", "À corriger"];
    Tone::ALL.into_iter().zip(words).map(|(tone, word)| Html::of(&Badge::new(tone, word))).collect()
}

fn alerts() -> Vec<Html> {
    let outage = Alert::new(
        Tone::Danger,
        "Apogée ne répond pas depuis 14 h 02. Les données affichées datent d’hier 23 h 10. Rien n’est perdu ; la collecte reprendra seule.",
    );
    let warning = Alert::new(Tone::Warning, "12 étapes n’ont pas de version de diplôme.")
        .titled("Offre incomplète")
        .way_out("Rattachez-les dans Apogée, ou signalez-les à la composante.")
        .link("Voir les 12 étapes", "/composants/liste?nature=UE");
    let done = Alert::new(Tone::Success, "La collecte est terminée : rien n’a changé depuis hier.");
    vec![
        Html::of(&outage),
        Html::of(&warning),
        Html::of(&done),
        Html::of(&Alert::new(Tone::Info, "Une phrase à savoir.")),
    ]
}

fn figures() -> Html {
    Html::of(&KeyFigures::new([
        KeyFigure::count(4_012, "Étapes").href("/composants/liste"),
        KeyFigure::count(60_184, "Éléments pédagogiques").detail("dont 1 204 partagés"),
        KeyFigure::text("59", "Total de l’année").unit("ECTS").tone(Tone::Warning).detail("60 attendus"),
        KeyFigure::count(137, "Anomalies à traiter").tone(Tone::Action).href("/composants/liste"),
        KeyFigure::text("0", "Lignes rejetées").tone(Tone::Success),
    ]))
}

fn fields() -> Vec<Html> {
    vec![
        Html::of(
            &Field::text("code", "Code de l’étape")
                .help("Six caractères au plus, comme dans Apogée.")
                .value("L1DRO"),
        ),
        Html::of(
            &Field::text("ects", "ECTS")
                .required()
                .value("dix")
                .error(Some("« dix » n’est pas un nombre : écrivez par exemple 10,5.")),
        ),
        Html::of(&Field::text("motif", "Motif").lines(3).value("Une remarque\nsur deux lignes")),
        Html::of(
            &Select::new("annee", "Année universitaire", [("2024", "2024/2025"), ("2023", "2023/2024")])
                .selected("2024"),
        ),
        Html::of(
            &Checkbox::new("fermes", "Montrer aussi ce qui est fermé")
                .help("Éléments suspendus compris.")
                .checked(true),
        ),
    ]
}

fn uploads(csrf: &str) -> Vec<Html> {
    let form = |name: &str, error: Option<&str>| {
        let field = FileField::new(name, "Fichier des épreuves")
            .accept(".xlsx,.ods,.csv")
            .help("XLSX, ODS ou CSV, de 5 Mo au plus.")
            .error(error);
        let button = Button::submit("Vérifier le fichier").look(Look::Primary).icon("upload");
        Html::of(&UploadForm::new("/compte/theme", csrf, field, button).sending("session", "1"))
    };
    let error = "Ce fichier est protégé par un mot de passe et ne peut pas être ouvert. Retirez-le dans votre tableur.";
    vec![form("epreuves", None), form("salles", Some(error))]
}

fn buttons(csrf: &str) -> Vec<Html> {
    let confirm =
        ActionForm::new("/compte/theme", csrf, Button::submit("Fermer 12 étapes").look(Look::Danger))
            .sending("theme", "systeme");
    let dialog = Dialog::new("fermeture", "Fermer…", "Fermer 12 étapes de la licence Droit", confirm)
        .look(Look::Danger)
        .text("Ces étapes ne seront plus proposées pour 2025/2026.")
        .consequence("184 éléments qui n’appartiennent qu’à elles seront fermés aussi.")
        .consequence("Les inscriptions existantes restent visibles et ne changent pas.")
        .consequence("Vous pourrez les rouvrir une par une.");
    vec![
        Html::of(&Button::link("Vérifier", "/composants").look(Look::Primary).icon("check")),
        Html::of(&Button::link("Renvoyer pour correction", "/composants").icon("arrow-back-up")),
        Html::of(&Button::link("Détail", "/composants").look(Look::Quiet)),
        Html::of(&dialog),
    ]
}

fn changes() -> Html {
    let changed = ChangeGroup::new(Tone::Info, "Modifiés", "2 éléments changent de libellé ou d’ECTS")
        .line(
            "DR1A\u{a0}01",
            LONG,
            Some("/composants/arbre".to_owned()),
            [Diff::new("ECTS", Some("6"), Some("3")), Diff::new("TD", Some("24 h"), None::<String>)],
        )
        .line(
            "UE 12",
            "Droit des obligations",
            None,
            [Diff::new("Libellé", Some("Obligations"), Some("Droit des obligations"))],
        )
        .open(true);
    let added = ChangeGroup::new(Tone::Success, "Ajoutés", "340 éléments apparaissent")
        .line("L2DRO", "Licence 2 Droit", Some("/composants/arbre".to_owned()), [])
        .more("Voir les 339 autres", "/composants/liste");
    let closed = ChangeGroup::new(Tone::Warning, "Fermés", "1 liste disparaît de la source").line(
        "LX1",
        LONG,
        None,
        [],
    );
    Html::of(&Changes::new([changed, added, closed]))
}

fn short_table() -> Table {
    Table::new("courte", "Composantes")
        .columns([
            Column::text("code", "Code"),
            Column::text("libelle", "Libellé"),
            Column::number("n", "Étapes"),
        ])
        .rows([Row::to("/composants/liste")
            .code("D")
            .text("UFR Sciences juridiques, économiques, politiques et de gestion")
            .count(214)])
}

async fn arbre(frame: Frame) -> Page<Un> {
    un(frame, LONG, &sample_tree())
}

async fn avancement(State(web): State<Web>, frame: Frame) -> Page<Un> {
    // A minute of invented work, again and again.
    let second = u64::try_from(web.clock().now().timestamp().rem_euclid(66)).unwrap_or_default();
    let shown = if second > 60 { ended() } else { progress(second, 60) };
    un(frame.refreshing(3), "Collecte de l’offre 2024/2025", &shown)
}

fn un(frame: Frame, title: &str, body: &impl Template) -> Page<Un> {
    let identity = Identity::new("Étape", "L1DRO-9")
        .badge(Badge::new(Tone::Success, "Ouverte"))
        .fact("60 ECTS")
        .source("Apogée (extraction), hier à 23 h 10");
    let tab = |label: &str, path: &'static str, here: &str| Tab::new(label, path).current(here == path);
    let here = frame.path().to_owned();
    let tabs = Tabs::new(
        "Pages d’essai",
        [
            tab("Arbre", "/composants/arbre", &here),
            tab("Liste", "/composants/liste", &here).count(60_000),
            tab("Avancement", "/composants/avancement", &here),
        ],
    );
    let frame = frame.titled(title).crumb("Composants", "/composants");
    Page(Un { frame, identity: Html::of(&identity), tabs: Html::of(&tabs), body: Html::of(body) })
}

fn progress(done: u64, total: u64) -> Progress {
    let state = |from: u64, to: u64| match done {
        d if d < from => PhaseState::Waiting,
        d if d < to => PhaseState::Running,
        _ => PhaseState::Done,
    };
    let elapsed = Duration::seconds(i64::try_from(done).unwrap_or_default());
    let remaining = Duration::seconds(i64::try_from(total - done).unwrap_or_default());
    let stop = ActionForm::new("/compte/theme", "", Button::submit("Arrêter la collecte").look(Look::Danger));
    let cancel = Dialog::new("arret", "Arrêter…", "Arrêter la collecte de l’offre", stop)
        .consequence("Rien de ce qui a été lu ne sera appliqué : la maquette reste ce qu’elle était.");
    Progress::new("avancement", "/composants/avancement", "Lecture des éléments pédagogiques chez Apogée")
        .counting(done * 1000, Some(total * 1000))
        .elapsed(elapsed)
        .remaining((done > 5).then_some(remaining))
        .phases([
            Phase::new("Diplômes et étapes", state(0, 10)).counting(4_012.min(done * 401), Some(4_012)),
            Phase::new("Listes et éléments", state(10, 50))
                .counting(done.saturating_sub(10) * 1504, Some(60_184))
                .note("Apogée répond en 2,1 s : la collecte attend son tour."),
            Phase::new("Comparaison et application", state(50, 60)),
        ])
        .cancel(cancel)
}

fn ended() -> Progress {
    let report =
        Alert::new(Tone::Success, "La collecte est terminée : 12 ajouts, 3 modifications, aucune perte.")
            .link("Voir les changements", "/composants#changements");
    Progress::new("fin", "/composants/avancement", "Collecte de l’offre 2024/2025")
        .counting(60_184, Some(60_184))
        .elapsed(Duration::seconds(66))
        .phases([
            Phase::new("Diplômes et étapes", PhaseState::Done).counting(4_012, Some(4_012)),
            Phase::new("Listes et éléments", PhaseState::Done).counting(60_184, Some(60_184)),
            Phase::new("Enseignants (Eve)", PhaseState::Failed)
                .note("Eve n’a pas répondu ; la copie d’hier reste en place."),
        ])
        .ended(Outcome::new(report))
}

/// Two semesters as they are met: a choice list, an element shared by twelve étapes, a sum that disagrees, a closed branch, a depth of nine.
fn sample_tree() -> Tree {
    let e = |n: i64| Some(Centi::unites(n));
    let q = Quantity::own;
    let row = TreeRow::new;
    let ue = "Unité d’enseignement";
    let ec = "Élément constitutif";
    let page = "/composants/arbre";
    let mut rows = vec![
        row(1, "SEM", "Semestre", "DR1S1", "Semestre 1").ects(Quantity::with_sum(e(30), e(30))).heures(
            Quantity::with_sum(None, e(180)),
            Quantity::with_sum(None, e(72)),
            Quantity::with_sum(None, Some(Centi::ZERO)),
        ),
        row(2, "Liste", "Liste obligatoire", "DR1L1", "Enseignements fondamentaux")
            .detail("tout est obligatoire"),
        row(3, "UE", ue, "DR1U1", "Droit civil").href(page).ects(Quantity::with_sum(e(12), e(12))).heures(
            Quantity::with_sum(None, e(72)),
            Quantity::with_sum(None, e(36)),
            q(None),
        ),
        row(4, "EC", ec, "DR1E1", "Introduction au droit").href(page).ects(q(e(6))).heures(
            q(e(36)),
            q(e(18)),
            q(None),
        ),
        row(4, "EC", ec, "DR1\u{a0}E2", LONG)
            .href(page)
            .ects(q(e(6)))
            .heures(q(e(36)), q(Some(Centi(1_850))), q(Some(Centi::ZERO)))
            .shared(12, "/composants/liste"),
        row(3, "UE", ue, "DR1U2", "Droit constitutionnel")
            .href(page)
            .ects(Quantity::with_sum(e(12), Some(Centi(1_050))))
            .badge(Badge::new(Tone::Warning, "À vérifier")),
        row(4, "EC", ec, "DR1E3", "Théorie de l’État").href(page).ects(q(Some(Centi(1_050)))).heures(
            q(e(36)),
            q(None),
            q(None),
        ),
        row(2, "Liste", "Liste à choix", "DR1L2", "Ouverture").detail("2 à 3 au choix parmi 4"),
        row(3, "OPT", "Option", "DR1O1", "Sociologie").href(page).ects(q(e(3))).heures(
            q(e(18)),
            q(None),
            q(None),
        ),
        row(3, "OPT", "Option", "DR1O2", "Économie politique")
            .href(page)
            .ects(q(e(3)))
            .heures(q(e(18)), q(None), q(None))
            .shared(2, "/composants/liste"),
        row(3, "OPT", "Option", "DR1O3", "Histoire des institutions")
            .href(page)
            .ects(q(e(3)))
            .closed(true)
            .badge(Badge::new(Tone::Neutral, "Fermée")),
        row(1, "SEM", "Semestre", "DR1S2", "Semestre 2").ects(Quantity::with_sum(e(30), e(29))),
        row(2, "Liste", "Liste vide", "DR1L3", "Enseignements complémentaires")
            .badge(Badge::new(Tone::Warning, "Liste vide")),
    ];
    rows.extend((2..=9).map(|depth| {
        let label = format!("Niveau {depth} d’une structure très profonde");
        TreeRow::new(depth, "UE", ue, format!("PROF{depth}"), label).href(page).ects(q(e(30)))
    }));
    Tree::new("structure", "Structure de l’étape L1DRO-9")
        .rows(rows)
        .open_to(4)
        .closed_link("Masquer les éléments fermés", page)
}
