//! Rights shown, not guessed: what each role may do, and who may open each page.

use ::web::components::{Badge, Column, Empty, Field, Row, Table, Tone};
use ::web::{Frame, ListQuery, Page, PageError, RouteTable, Routes};
use askama::Template;
use axum::extract::State;
use kernel::{Right, Role, fold};

use crate::Administration;
use crate::domain::droit::{DROITS, detenteurs, libelle, portees, repond};
use crate::domain::manuel;

#[derive(Template)]
#[template(path = "droits/liste.html")]
struct Droits {
    frame: Frame,
    roles: Table,
    portees: Table,
    recherche: Field,
    pages: Table,
}

fn oui(tenu: bool) -> Badge {
    if tenu { Badge::new(Tone::Success, "Oui") } else { Badge::new(Tone::Neutral, "Non").icon("x") }
}

fn par_role() -> Table {
    let mut colonnes = vec![Column::text("droit", "Droit")];
    let cles = ["etudiant", "enseignant", "surveillant", "scolarite", "direction", "informatique"];
    colonnes.extend(cles.into_iter().zip(Role::ALL).map(|(cle, role)| Column::text(cle, role.libelle())));
    let lignes = DROITS.iter().map(|droit| {
        Role::ALL
            .iter()
            .fold(Row::new().text(libelle(*droit)), |ligne, role| ligne.badge(oui(droit.held_by(*role))))
    });
    Table::new("roles", "Droits de chaque rôle").columns(colonnes).rows(lignes.collect::<Vec<_>>())
}

fn par_portee() -> Table {
    let lignes = portees()
        .into_iter()
        .map(|portee| Row::new().code(portee).text(portee.libelle()).text(detenteurs(portee.right())));
    Table::new("portees", "Droits qu’un jeton peut porter")
        .columns([
            Column::text("portee", "Droit"),
            Column::text("sens", "Ce qu’il permet"),
            Column::text("roles", "Rôles qui lisent la même chose dans les pages"),
        ])
        .rows(lignes.collect::<Vec<_>>())
}

/// What a method does, for who does not read HTTP.
fn verbe(methode: &str) -> &'static str {
    match methode {
        "GET" => "Voir",
        "POST" => "Envoyer",
        "PUT" => "Remplacer",
        "DELETE" => "Supprimer",
        _ => "Appeler",
    }
}

async fn droits(
    frame: Frame,
    query: ListQuery,
    State(a): State<Administration>,
) -> Result<Page<Droits>, PageError> {
    let declarees = a.routes.get().map(Vec::as_slice).unwrap_or_default();
    let mots: Vec<String> = query.recherche.split_whitespace().map(fold).collect();
    let repond_a_tout = |chemin: &str, droit: Right| {
        let page = manuel::section(chemin).map(|s| s.titre).unwrap_or_default();
        let texte = fold(&format!("{chemin} {page}"));
        mots.iter().all(|mot| texte.contains(mot.as_str()) || repond(droit, mot))
    };
    let lignes: Vec<_> = declarees
        .iter()
        .filter(|d| repond_a_tout(&d.path, d.right))
        .map(|d| {
            let ligne = Row::new()
                .code(&d.path)
                .text(verbe(d.method))
                .text(libelle(d.right))
                .text(detenteurs(d.right));
            match manuel::section(&d.path).filter(|_| d.method == "GET") {
                Some(section) => ligne.link(section.titre, section.href),
                None => ligne.absent(),
            }
        })
        .collect();
    let pages = Table::new("pages", "Qui peut ouvrir quoi")
        .columns([
            Column::text("adresse", "Adresse"),
            Column::text("verbe", "Ce qu’on y fait"),
            Column::text("droit", "Droit demandé").optional(),
            Column::text("qui", "Qui le peut"),
            Column::text("aide", "Dans le manuel").optional(),
        ])
        .rows(lignes)
        .empty(
            Empty::new("Aucune page ne répond", format!("Rien ne répond à « {} ».", query.recherche))
                .action("Voir toutes les pages", "/administration/droits"),
        );
    let recherche = Field::text("recherche", "Qui peut voir…")
        .kind("search")
        .value(&query.recherche)
        .help("Une page, une adresse, un rôle ou un droit : « collectes », « /liens », « scolarité ».")
        .maxlength(200);
    let frame = frame.titled("Droits").crumb("Administration", "/administration");
    Ok(Page(Droits { frame, roles: par_role(), portees: par_portee(), recherche, pages }))
}

/// The routes.
pub(super) fn routes(a: &Administration) -> RouteTable {
    Routes::with_state(a.clone()).get("/administration/droits", Right::Administrer, droits).build()
}
