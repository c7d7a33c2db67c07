//! Plays Kofr over the world's designs, with the connector's own types, so that what is written is what is read.

use std::sync::Arc;

use ::kofr as contrat;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use kernel::AnneeUniversitaire;

use crate::rest::{self, Parametres, Probleme};
use crate::state::Sandbox;
use crate::world::{
    Bloc, ElementKofr, EtapeKofr, Formation, Groupes, HeuresKofr, Maquette, Mccc, ResponsableKofr, TypeListe,
};

/// Programmes in one page.
const TAILLE: usize = 25;

/// The endpoints of Kofr, to be mounted at `/kofr/api/v1`.
pub fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/maquettes", get(maquettes))
        .route("/maquettes/{annee_debut}/formations", get(formations))
        .route("/maquettes/{annee_debut}/etapes/{id}", get(etape))
        .fallback(rest::inconnu)
        .layer(middleware::from_fn_with_state(sandbox.clone(), rest::jeton))
        .with_state(sandbox)
}

type Demande = (State<Arc<Sandbox>>, Query<Parametres>, HeaderMap);

async fn maquettes((State(sandbox), Query(parametres), entetes): Demande) -> Result<Response, Probleme> {
    rest::page(&entetes, &parametres, TAILLE, &sandbox.world().maquettes, |m| contrat::Maquette {
        annee_debut: annee(m.annee_debut),
        annee_fin: annee(m.annee_fin),
        libelle: m.libelle.clone(),
        etat: Some(m.etat.clone()),
    })
}

async fn formations(
    Path(annee_debut): Path<String>,
    (State(sandbox), Query(parametres), entetes): Demande,
) -> Result<Response, Probleme> {
    let world = sandbox.world();
    let depuis = parametres.modifie_depuis()?;
    let maquette = lire_maquette(&world.maquettes, &annee_debut)?;
    let lues: Vec<&Formation> =
        maquette.formations.iter().filter(|f| depuis.is_none_or(|instant| f.modifie_le >= instant)).collect();
    rest::page(&entetes, &parametres, TAILLE, &lues, |f| formation(f))
}

async fn etape(
    Path((annee_debut, id)): Path<(String, String)>,
    (State(sandbox), _, entetes): Demande,
) -> Result<Response, Probleme> {
    let world = sandbox.world();
    let maquette = lire_maquette(&world.maquettes, &annee_debut)?;
    let lue = maquette.formations.iter().flat_map(|f| &f.etapes).find(|e| e.id == id);
    let lue =
        lue.ok_or_else(|| Probleme::inconnu(format!("La maquette {annee_debut} n'a pas d'étape « {id} ».")))?;
    let blocs = lue.blocs.iter().map(|b| bloc(maquette, b, &mut Vec::new())).collect();
    rest::document(&entetes, &contrat::EtapeDetaillee { etape: resume(lue), blocs })
}

fn lire_maquette<'w>(maquettes: &'w [Maquette], annee_debut: &str) -> Result<&'w Maquette, Probleme> {
    maquettes
        .iter()
        .find(|m| m.annee_debut.to_string() == annee_debut)
        .ok_or_else(|| Probleme::inconnu(format!("Aucune maquette ne commence en « {annee_debut} ».")))
}

/// The world holds plain years; those that it generates are always academic years.
fn annee(premiere: u16) -> AnneeUniversitaire {
    AnneeUniversitaire::new(premiere).unwrap_or(AnneeUniversitaire::du_jour(chrono::NaiveDate::MIN))
}

fn formation(f: &Formation) -> contrat::Formation {
    contrat::Formation {
        id: f.id.clone(),
        code_diplome: f.code_diplome.clone(),
        version_diplome: f.version_diplome.clone(),
        libelle: f.libelle.clone(),
        mention: Some(f.mention.clone()),
        domaine: Some(f.domaine.clone()),
        type_diplome: Some(f.type_diplome.clone()),
        composante: Some(f.composante.0.clone()),
        responsable: f.responsable.as_ref().map(responsable),
        regimes: f.regimes.clone(),
        objectifs: Some(f.objectifs.clone()),
        debouches: Some(f.debouches.clone()),
        modifie_le: Some(f.modifie_le),
        etapes: f.etapes.iter().map(resume).collect(),
    }
}

fn resume(e: &EtapeKofr) -> contrat::Etape {
    contrat::Etape {
        id: e.id.clone(),
        code_etape: e.code_etape.clone(),
        version_etape: e.version_etape.clone(),
        libelle: e.libelle.clone(),
        rang: Some(e.rang.into()),
        ects: e.ects,
    }
}

/// `chemin` holds the elements above: a tree written in full cannot hold an element under itself.
fn bloc(maquette: &Maquette, b: &Bloc, chemin: &mut Vec<u32>) -> contrat::Bloc {
    let mut elements = Vec::new();
    for position in &b.elements {
        if !chemin.contains(position)
            && let Some(lu) = maquette.elements.get(*position as usize)
        {
            chemin.push(*position);
            elements.push(element(maquette, lu, chemin));
            chemin.pop();
        }
    }
    contrat::Bloc {
        id: b.id.clone(),
        code_liste: b.code_liste.clone(),
        libelle: b.libelle.clone(),
        type_bloc: match b.type_bloc {
            TypeListe::Obligatoire => contrat::TypeBloc::Obligatoire,
            TypeListe::AuChoix => contrat::TypeBloc::AChoix,
            TypeListe::Facultative => contrat::TypeBloc::Facultatif,
        },
        min: b.min.map(u32::from),
        max: b.max.map(u32::from),
        elements,
    }
}

fn element(maquette: &Maquette, e: &ElementKofr, chemin: &mut Vec<u32>) -> contrat::Element {
    contrat::Element {
        id: e.id.clone(),
        code_elp: e.code_elp.clone(),
        nature: Some(e.nature.0.clone()),
        libelle: e.libelle.clone(),
        libelle_court: Some(e.libelle_court.clone()),
        rang: Some(e.rang.into()),
        ects: e.ects,
        heures: heures(e.heures),
        groupes: groupes(e.groupes),
        langue: Some(e.langue.clone()),
        responsable: e.responsable.as_ref().map(responsable),
        mccc: e.mccc.iter().map(mccc).collect(),
        description: e.description.clone(),
        prerequis: e.prerequis.clone(),
        bibliographie: e.bibliographie.clone(),
        blocs: e.blocs.iter().map(|b| bloc(maquette, b, chemin)).collect(),
    }
}

fn heures(h: HeuresKofr) -> contrat::Heures {
    contrat::Heures {
        cm: Some(h.cm),
        td: Some(h.td),
        tp: Some(h.tp),
        ead: Some(h.ead),
        travail_personnel: Some(h.travail_personnel),
    }
}

fn groupes(g: Groupes) -> contrat::Groupes {
    contrat::Groupes { cm: Some(g.cm.into()), td: Some(g.td.into()), tp: Some(g.tp.into()) }
}

fn responsable(r: &ResponsableKofr) -> contrat::Responsable {
    contrat::Responsable {
        numero: Some(r.numero.clone()),
        nom: Some(r.nom.clone()),
        prenom: Some(r.prenom.clone()),
    }
}

fn mccc(m: &Mccc) -> contrat::Mccc {
    contrat::Mccc {
        session: m.session.to_string(),
        nature: Some(m.nature.clone()),
        duree_minutes: m.duree_minutes.map(u32::from),
        coefficient: Some(m.coefficient),
    }
}
