//! Jobs: waiting, running, done, failed; asked to stop, asked again.

use ::web::components::{
    ActionForm, Alert, Badge, Button, Cell, Column, Dialog, Empty, Filter, Identity, Liste, Look, Maybe,
    Progress, Row, Table, Tone,
};
use ::web::{Frame, Listage, Page, PageError, Redirection, RouteTable, Routes, Visitor};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jobs::{Etat, Job, JobId};
use kernel::Right;

use super::le;
use crate::Administration;
use crate::actions::relancer::{TravailFault, arreter as arreter_travail, relancer as relancer_travail};
use crate::domain::trace;

const TRAVAUX: &str = "/administration/travaux";

/// A kind of job: what it is called, the field of its payload that names what it works on, and where that is shown.
struct Nature {
    code: &'static str,
    libelle: &'static str,
    champ: &'static str,
    page: &'static str,
}

const NATURES: [Nature; 2] = [
    Nature {
        code: "maquette.collecte",
        libelle: "Collecte",
        champ: "collecte",
        page: "/maquette/collectes/",
    },
    Nature {
        code: "maquette.annulation",
        libelle: "Annulation d’une collecte",
        champ: "collecte",
        page: "/maquette/collectes/",
    },
];

fn nature(code: &str) -> String {
    let connue = NATURES.iter().find(|n| n.code == code);
    connue.map_or_else(|| trace::action(code), |n| n.libelle.to_owned())
}

/// The page of what the job works on.
fn objet(job: &Job) -> Option<(String, String)> {
    let nature = NATURES.iter().find(|n| n.code == job.nature)?;
    let numero = job.charge.get(nature.champ)?.as_i64()?;
    Some((format!("{} n° {numero}", nature.libelle), format!("{}{numero}", nature.page)))
}

fn badge(job: &Job) -> Badge {
    if job.annulation_demandee && !job.etat.is_final() {
        return Badge::new(Tone::Warning, "Arrêt demandé");
    }
    let ton = match job.etat {
        Etat::EnAttente | Etat::Annule => Tone::Neutral,
        Etat::EnCours => Tone::Info,
        Etat::Termine => Tone::Success,
        Etat::Echoue => Tone::Danger,
    };
    Badge::new(ton, job.etat.libelle())
}

/// What it does now, or what became of it.
fn constat(job: &Job) -> Option<String> {
    match job.etat {
        Etat::EnCours if job.avancement.texte.is_empty() => Some("Préparation".to_owned()),
        Etat::EnCours if job.avancement.total > 0 => {
            let n = |n: u64| kernel::nombre_francais(i64::try_from(n).unwrap_or(i64::MAX));
            Some(format!(
                "{} ({} sur {})",
                job.avancement.texte,
                n(job.avancement.fait),
                n(job.avancement.total)
            ))
        }
        Etat::EnCours => Some(job.avancement.texte.clone()),
        _ => job.erreur.clone(),
    }
}

#[derive(Template)]
#[template(path = "travaux/liste.html")]
struct ListePage {
    frame: Frame,
    avis: Maybe<Alert>,
    table: Table,
    planification: Table,
}

async fn liste(
    frame: Frame,
    listage: Listage,
    State(a): State<Administration>,
) -> Result<Response, PageError> {
    let etats = Etat::ALL.into_iter().filter(|etat| listage.valeurs("etat").contains(&etat.code())).collect();
    let filtre =
        jobs::Filter { etats, nature: listage.filtre("nature").map(str::to_owned), finis_depuis: None };
    let par_etat = a.queue.count_by_state().await?;
    let menu = par_etat
        .iter()
        .fold(Filter::new("etat", "État"), |f, (etat, n)| f.counted(etat.code(), etat.libelle(), *n));
    let natures = NATURES.iter().fold(Filter::new("nature", "Travail"), |f, n| f.option(n.code, n.libelle));
    let maintenant = a.clock.now();
    let liste = Liste::<Job>::new("travaux", "Travaux")
        .column(Column::number("numero", "Numéro"), |j: &Job| Cell::count(j.id.0.unsigned_abs()))
        .column(Column::text("nature", "Travail"), |j: &Job| match objet(j) {
            Some((mots, href)) => Cell::Link(mots, href),
            None => Cell::text(nature(&j.nature)),
        })
        .column(Column::text("etat", "État"), |j: &Job| Cell::Badge(badge(j)))
        .column(Column::text("constat", "Où il en est"), |j: &Job| Cell::text_opt(constat(j)))
        .column(Column::text("acteur", "Demandé par").optional(), |j: &Job| Cell::text(&j.acteur))
        .column(Column::text("cree", "Demandé le").optional(), |j: &Job| Cell::instant(j.cree_le))
        .column(Column::number("duree", "Durée").optional(), move |j: &Job| {
            let fin = j.fini_le.unwrap_or(maintenant);
            Cell::text_opt(j.demarre_le.map(|debut| kernel::duree_francaise(fin - debut)))
        })
        .column(Column::number("tentatives", "Essais").hidden(), |j: &Job| {
            Cell::count(j.tentatives.unsigned_abs())
        })
        .opens(|j| format!("{TRAVAUX}/{}", j.id))
        .filters([menu, natures])
        .empty(Empty::new("Aucun travail", "Les collectes et les autres travaux longs apparaîtront ici."));
    let (queue, filtre) = (&a.queue, &filtre);
    if listage.export().is_some() {
        let (queue, filtre) = (queue.clone(), filtre.clone());
        return liste
            .export(&listage, move |tranche| {
                let (queue, filtre) = (queue.clone(), filtre.clone());
                async move { Ok::<_, db::DbError>(queue.page(&filtre, tranche.paging()).await?.elements) }
            })
            .await;
    }
    let page = listage.read(|paging| queue.page(filtre, paging)).await?;
    let actifs = par_etat.iter().any(|(etat, n)| *n > 0 && !etat.is_final());
    let mut frame = frame.titled("Travaux").crumb("Administration", "/administration");
    if actifs {
        frame = frame.refreshing(5);
    }
    let avis = arretes(&par_etat, &page.elements, maintenant);
    let table = liste.table(&listage, &page);
    let planification = planification(&a).await;
    Ok(Page(ListePage { frame, avis: Maybe(avis), table, planification }).into_response())
}

/// Work that waits while nothing runs, for some minutes: nobody is there to do it.
fn arretes(
    par_etat: &[(Etat, u64)],
    jobs: &[Job],
    maintenant: chrono::DateTime<chrono::Utc>,
) -> Option<Alert> {
    let n = |voulu: Etat| par_etat.iter().find(|(etat, _)| *etat == voulu).map_or(0, |(_, n)| *n);
    let vieux = |j: &Job| j.etat == Etat::EnAttente && maintenant - j.cree_le > chrono::Duration::minutes(2);
    (n(Etat::EnCours) == 0 && jobs.iter().any(vieux)).then(|| {
        Alert::new(
            Tone::Warning,
            "Un travail attend depuis plus de deux minutes alors qu’aucun n’est en cours.",
        )
        .way_out("Vérifiez que le service « telemaque work » tourne ; rien n’est perdu, le travail attend.")
    })
}

async fn planification(a: &Administration) -> Table {
    let etats = a.sources.etats().await;
    let derniere = etats.iter().filter_map(|e| e.verifie_le).max();
    let lignes = a.planification.iter().map(|p| {
        let ligne = Row::new().text(p.libelle).text(&p.rythme);
        let ligne = match p.lien {
            Some((_, "/liens")) => ligne.text_opt(derniere.map(le)),
            _ => ligne.absent(),
        };
        match p.lien {
            Some((mots, href)) => ligne.link(mots, href),
            None => ligne.absent(),
        }
    });
    Table::new("planification", "Ce qui revient de soi-même")
        .columns([
            Column::text("travail", "Travail"),
            Column::text("rythme", "Rythme"),
            Column::text("derniere", "Dernière fois").optional(),
            Column::text("lien", "Où le voir"),
        ])
        .rows(lignes.collect::<Vec<_>>())
        .empty(Empty::new("Rien de planifié", "Aucun travail ne revient de soi-même."))
}

#[derive(Template)]
#[template(path = "travaux/un.html")]
struct Un {
    frame: Frame,
    identite: Identity,
    actions: Vec<Dialog>,
    avancement: Maybe<Progress>,
    erreur: Maybe<Alert>,
    faits: Vec<(&'static str, String)>,
    objet: Option<(String, String)>,
    resultat: Vec<(String, String)>,
}

async fn un(
    frame: Frame,
    State(a): State<Administration>,
    Path(id): Path<i64>,
) -> Result<Page<Un>, PageError> {
    let job = a.queue.read(JobId(id)).await?.ok_or(TravailFault::Inconnu(id))?;
    let page = format!("{TRAVAUX}/{id}");
    let titre = nature(&job.nature);
    let mut frame = frame
        .titled(format!("{titre}, travail n° {id}"))
        .crumb("Administration", "/administration")
        .crumb("Travaux", TRAVAUX);
    let actif = !job.etat.is_final();
    if actif {
        frame = frame.refreshing(2);
    }
    let csrf = frame.csrf().to_owned();
    let arret = || {
        // What the job works on has its own way to stop, which also says it on its page.
        let action = match objet(&job) {
            Some((_, href)) => format!("{href}/annuler"),
            _ => format!("{page}/arreter"),
        };
        let form = ActionForm::new(action, &csrf, Button::submit("Arrêter le travail").look(Look::Danger));
        Dialog::new("arreter", "Arrêter", "Arrêter ce travail", form)
            .consequence("Il s’arrête à sa prochaine étape ; ce qu’il préparait n’est pas appliqué.")
    };
    let mut actions = Vec::new();
    let mut avancement = None;
    if actif {
        let texte = match job.etat {
            Etat::EnAttente => "En attente".to_owned(),
            _ => constat(&job).unwrap_or_default(),
        };
        let total = (job.avancement.total > 0).then_some(job.avancement.total);
        let mut p = Progress::new("avancement", &page, texte).counting(job.avancement.fait, total);
        if let Some(debut) = job.demarre_le {
            p = p.elapsed(a.clock.now() - debut);
        }
        if !job.annulation_demandee {
            p = p.cancel(arret());
        }
        avancement = Some(p);
    } else if matches!(job.etat, Etat::Echoue | Etat::Annule) {
        let form = ActionForm::new(
            format!("{page}/relancer"),
            &csrf,
            Button::submit("Relancer").look(Look::Primary),
        );
        actions.push(
            Dialog::new("relancer", "Relancer", "Relancer ce travail", form)
                .icon("refresh")
                .consequence("Il repart avec la même demande, comme s’il venait d’être lancé ; ce qu’il avait lu peut resservir."),
        );
    }
    let mut faits = vec![("Demandé par", job.acteur.to_string()), ("Demandé le", le(job.cree_le))];
    faits.extend(job.demarre_le.map(|d| ("Commencé le", le(d))));
    faits.extend(job.fini_le.map(|d| ("Fini le", le(d))));
    faits.extend(job.demarre_le.zip(job.fini_le).map(|(d, f)| ("Durée", kernel::duree_francaise(f - d))));
    faits.push(("Essais", job.tentatives.to_string()));
    faits.extend(job.proprietaire.clone().filter(|_| actif).map(|p| ("Mené par", p)));
    let erreur = job
        .erreur
        .as_ref()
        .map(|phrase| Alert::new(Tone::Danger, phrase.clone()).titled("Ce travail a échoué"));
    // What it works on has its own page, which says what came of it.
    let resultat = job.resultat.as_ref().filter(|_| objet(&job).is_none());
    let resultat = trace::champs(None, resultat);
    let resultat = resultat
        .into_iter()
        .filter_map(|c| Some((c.libelle, c.apres?)))
        .filter(|(_, v)| !v.is_empty() && v.chars().count() < 300);
    Ok(Page(Un {
        frame,
        identite: Identity::new("Travail", format!("N° {id}")).badge(badge(&job)),
        actions,
        avancement: Maybe(avancement),
        erreur: Maybe(erreur),
        faits,
        objet: objet(&job),
        resultat: resultat.take(12).collect(),
    }))
}

async fn relancer(
    visiteur: Visitor,
    State(a): State<Administration>,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    relancer_travail(&a.db, a.clock.as_ref(), &a.queue, id, &visiteur.actor()).await?;
    Ok(Redirection::to(format!("{TRAVAUX}/{id}")).success("Le travail est relancé."))
}

async fn arreter(
    visiteur: Visitor,
    State(a): State<Administration>,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    arreter_travail(&a.db, a.clock.as_ref(), &a.queue, id, &visiteur.actor()).await?;
    Ok(Redirection::to(format!("{TRAVAUX}/{id}"))
        .success("L’arrêt est demandé : le travail s’arrêtera à sa prochaine étape."))
}

/// The routes.
pub(super) fn routes(a: &Administration) -> RouteTable {
    Routes::with_state(a.clone())
        .get(TRAVAUX, Right::Administrer, liste)
        .get("/administration/travaux/{id}", Right::Administrer, un)
        .post("/administration/travaux/{id}/arreter", Right::Administrer, arreter)
        .post("/administration/travaux/{id}/relancer", Right::Administrer, relancer)
        .build()
}
