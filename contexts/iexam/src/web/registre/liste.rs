//! The list of registrations: worklists as tabs, filters in the address, export, several at once.

use ::web::components::{Alert, Bulk, Cell, Column, Empty, Filter, Liste, Maybe, Tab, Table, Tabs, Tone};
use ::web::{Frame, ListQuery, Listage, Page, PageError, Sens};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use db::DbError;
use kernel::Right;

use super::{badge, cle, comptes, lien, periodes};
use crate::Iexam;
use crate::domain::file::File;
use crate::domain::inscription::EtatInscription;
use crate::domain::periode::Periode;
use crate::store::registre::{Facettes, Filtre, Ligne, registre_list};

/// What the address asks of a period.
pub(super) fn filtre(query: &ListQuery, periode: i64) -> Filtre {
    let nombres = |nom: &str| query.valeurs(nom).iter().filter_map(|v| v.parse().ok()).collect();
    let file = query.filtre("file").and_then(File::of_code);
    // The oldest first is how one works; the name is how one looks for somebody.
    let usuel: &[&'static str] = if matches!(file, Some(File::AVerifier | File::Demandes)) {
        &["validee", "nom", "numero", "etat", "solde", "du", "modifiee"]
    } else {
        &["nom", "numero", "etat", "solde", "du", "validee", "modifiee"]
    };
    Filtre {
        periode,
        file,
        etats: query.valeurs("etat").iter().filter_map(|v| EtatInscription::of_code(v)).collect(),
        modalites: nombres("modalite"),
        centres: nombres("centre"),
        etapes: query.valeurs("etape").iter().map(|v| (*v).to_owned()).collect(),
        recherche: kernel::fold(&query.recherche),
        tri: query.tri_parmi(usuel),
        decroissant: query.sens == Sens::Decroissant,
    }
}

#[derive(Template)]
#[template(path = "registre/liste.html")]
struct PageDeListe {
    frame: Frame,
    onglets: Tabs,
    conseil: Maybe<Alert>,
    table: Table,
}

fn onglets(query: &ListQuery, comptes: &(std::collections::BTreeMap<File, u64>, u64, Facettes)) -> Tabs {
    let presente = query.filtre("file").and_then(File::of_code);
    let onglet = |titre: &str, file: Option<File>, n: u64| {
        let reste = query.sans_filtre("file").a_la_page(1);
        let vers = file.map_or_else(|| reste.clone(), |f| reste.avec("file", f.code()));
        Tab::new(titre, vers.url()).count(n).current(presente == file)
    };
    let mut tous = vec![onglet("Toutes", None, comptes.1)];
    tous.extend(
        File::ALL.into_iter().map(|f| onglet(f.libelle(), Some(f), comptes.0.get(&f).copied().unwrap_or(0))),
    );
    Tabs::new("Files de travail", tous)
}

fn filtres(f: &Facettes, toutes: &[Periode]) -> [Filter; 5] {
    let etats = f.etats.iter().fold(Filter::new("etat", "État"), |filtre, (etat, n)| {
        filtre.counted(etat.code(), etat.libelle(), *n)
    });
    let liste = |nom: &str, titre: &str, valeurs: &[(i64, String, u64)]| {
        valeurs.iter().fold(Filter::new(nom, titre), |filtre, (id, mot, n)| {
            filtre.counted(id.to_string(), mot.clone(), *n)
        })
    };
    let etapes = f.etapes.iter().fold(Filter::new("etape", "Étape"), |filtre, (mot, n)| {
        filtre.counted(mot.clone(), mot.clone(), *n)
    });
    let periodes =
        toutes.iter().fold(Filter::new("periode", "Période"), |filtre, p| filtre.option(cle(p), p.nom()));
    [
        periodes,
        etats,
        liste("modalite", "Modalité", &f.modalites),
        liste("centre", "Centre", &f.centres),
        etapes,
    ]
}

fn definition(query: &ListQuery) -> Liste<'static, Ligne> {
    let vers = query.clone();
    let file = query.filtre("file").and_then(File::of_code);
    let traiter = Right::InscriptionsTraiter;
    let mut lot = Bulk::new();
    if matches!(file, None | Some(File::AVerifier)) {
        lot = lot.action(traiter, "/iexam/inscriptions/lot/verifier", "Vérifier…");
    }
    if !matches!(file, Some(File::Brouillons | File::ACorriger | File::Annulees)) {
        lot = lot.action(traiter, "/iexam/inscriptions/lot/renvoyer", "Renvoyer…");
    }
    if matches!(file, None | Some(File::Brouillons | File::ACorriger)) {
        lot = lot.action(traiter, "/iexam/inscriptions/lot/relancer", "Relancer…");
    }
    if matches!(file, None | Some(File::APayer)) {
        lot = lot.action(Right::PaiementsTenir, "/iexam/inscriptions/lot/exonerer", "Exonérer…");
    }
    if file != Some(File::Annulees) {
        lot = lot.action(traiter, "/iexam/inscriptions/lot/annuler", "Annuler…");
    }
    Liste::new("inscriptions", "Inscriptions aux examens")
        .column(Column::text("nom", "Étudiant").sortable(), |l: &Ligne| {
            Cell::text(&l.inscription.nom_classe)
        })
        .column(Column::text("numero", "Numéro").sortable(), |l| Cell::code(&l.inscription.etudiant))
        .column(Column::text("etat", "État").sortable(), |l| badge(l.inscription.etat).into())
        // Most modalities have one centre, or none: one of the two says where, and rows stay low.
        .column(Column::text("lieu", "Lieu").optional(), |l| {
            Cell::text_opt(l.centre.as_ref().or(l.modalite.as_ref()))
        })
        .column(Column::text("modalite", "Modalité").hidden(), |l| Cell::text_opt(l.modalite.as_ref()))
        .column(Column::text("centre", "Centre").hidden(), |l| Cell::text_opt(l.centre.as_ref()))
        .column(Column::text("etapes", "Étapes").optional(), |l| Cell::text(abrege(&l.inscription.etapes)))
        .exported_as(|l| Cell::text(&l.inscription.etapes))
        .column(Column::number("passees", "Passées"), |l| Cell::Count(l.inscription.passees))
        .column(Column::number("reportees", "Reportées").optional(), |l| {
            Cell::Count(l.inscription.reportees)
        })
        .column(Column::number("solde", "Reste à payer").sortable(), |l| {
            Cell::Number(l.inscription.solde.to_string())
        })
        .column(Column::text("validee", "Validée le").sortable().optional(), |l| {
            Cell::instant(l.inscription.validee_le)
        })
        .column(Column::number("du", "Dû").sortable().hidden(), |l| {
            Cell::Number(l.inscription.du.to_string())
        })
        .column(Column::text("recu", "Reçu").hidden(), |l| Cell::text_opt(l.inscription.recu.as_ref()))
        .column(Column::text("courriel", "Courriel").hidden(), |l| Cell::text(&l.inscription.courriel))
        .column(Column::text("temps", "Temps majoré").hidden(), |l| match l.inscription.majoration {
            0 => Cell::Absent,
            n => Cell::text(format!("{n} min par heure")),
        })
        .column(Column::text("motif", "Motif").hidden(), |l| Cell::text(&l.inscription.motif))
        .column(Column::text("modifiee", "Modifiée le").sortable().hidden(), |l| {
            Cell::instant(l.inscription.modifiee_le)
        })
        .opens(move |l| lien(l.inscription.id, &vers))
        .muted(|l| l.inscription.etat == EtatInscription::Annulee)
        .searching("Nom ou numéro d’étudiant")
        .journaled("inscriptions_examen")
        .bulk(lot, |l| l.inscription.id.to_string())
}

/// The beginning of the names of several étapes: a row stays a row.
fn abrege(etapes: &str) -> String {
    const ASSEZ: usize = 48;
    match etapes.char_indices().nth(ASSEZ).and_then(|(fin, _)| etapes.get(..fin)) {
        Some(debut) => format!("{}…", debut.trim_end()),
        None => etapes.to_owned(),
    }
}

/// `/iexam/inscriptions`.
pub(super) async fn liste(
    frame: Frame,
    listage: Listage,
    State(iexam): State<Iexam>,
) -> Result<Response, PageError> {
    let query = listage.query().clone();
    let (toutes, choisie) = periodes(&iexam, &query).await?;
    let periode = choisie.as_ref().map_or(0, |p| p.id);
    let liste = definition(&query);
    if listage.export().is_some() {
        let (iexam, query) = (iexam.clone(), query.clone());
        return liste
            .export(&listage, move |tranche| {
                let (iexam, filtre) = (iexam.clone(), filtre(&query, periode));
                async move {
                    let (filtre, paging) = (&filtre, tranche.paging());
                    let lire = |c| async move { registre_list(&c, filtre, paging).await };
                    Ok::<_, DbError>(iexam.db.read(lire).await?.elements)
                }
            })
            .await;
    }
    let comptes = comptes(&iexam, periode).await?;
    let voulu = &filtre(&query, periode);
    let lire = |paging| {
        let iexam = &iexam;
        async move { iexam.db.read(|c| async move { registre_list(&c, voulu, paging).await }).await }
    };
    let page = listage.read(lire).await?;
    let file = voulu.file;
    let empty = match (file, &choisie) {
        (_, None) => Empty::new("Aucune période d’examens", "Ouvrez d’abord une période.")
            .action("Voir les périodes", "/iexam/periodes"),
        (Some(file), _) => Empty::new(format!("Rien dans « {} »", file.libelle()), file.vide()),
        (None, Some(p)) => Empty::new(
            "Aucune inscription",
            format!("Aucun étudiant n’a encore commencé d’inscription pour {}.", p.nom()),
        ),
    };
    let conseil = file.filter(|_| page.total > 0).map(|f| Alert::new(Tone::Neutral, f.conseil()));
    let table = liste.filters(filtres(&comptes.2, &toutes)).empty(empty).table(&listage, &page);
    let titre =
        choisie.as_ref().map_or_else(|| "Inscriptions".to_owned(), |p| format!("Inscriptions, {}", p.nom()));
    let vers = choisie.as_ref().map_or_else(|| "/iexam".to_owned(), |p| format!("/iexam?periode={}", cle(p)));
    Ok(Page(PageDeListe {
        frame: frame.titled(titre).crumb("Examens", vers),
        onglets: onglets(&query, &comptes),
        conseil: Maybe(conseil),
        table,
    })
    .into_response())
}
