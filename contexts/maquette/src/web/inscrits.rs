//! Who is registered to an étape or an element: one part of their pages.

use ::web::components::{Badge, Column, Empty, Row, Table, Tone};
use ::web::{Html, ListQuery, PageError};

use super::lien::{lien_etape, lien_etudiant};
use super::{Maquette, dans_l_annee};
use crate::store::inscription::{Cible, Inscrit, inscription_list};

/// State of an administrative registration, in words.
pub(super) fn badge_inscription(etat: &str) -> Badge {
    match etat {
        "E" => Badge::new(Tone::Success, "En cours"),
        "A" => Badge::new(Tone::Neutral, "Annulée"),
        "R" => Badge::new(Tone::Warning, "Résiliée"),
        autre => Badge::new(Tone::Neutral, if autre.is_empty() { "Non renseigné" } else { autre }),
    }
}

/// The registered, by name, searched and paged.
pub(super) async fn inscrits(
    m: &Maquette,
    query: &ListQuery,
    annee: u16,
    cible: Cible<'_>,
) -> Result<Html, PageError> {
    let (recherche, paging) = (kernel::fold(&query.recherche), query.paging());
    let texte = recherche.as_str();
    let page =
        m.outils.db.read(|c| async move { inscription_list(&c, annee, cible, texte, paging).await }).await?;
    let element = matches!(cible, Cible::Element(_));
    let ligne = |i: &Inscrit| {
        let row = Row::to(dans_l_annee(lien_etudiant(&i.numero), query))
            .text(match &i.nom_usage {
                _ if i.nom.is_empty() => "—".to_owned(),
                Some(usage) => format!("{} ({usage})", i.nom),
                None => i.nom.clone(),
            })
            .text_opt(i.prenom.as_deref())
            .code(&i.numero);
        let (etape, version) = &i.etape;
        let row = if element {
            row.link(format!("{etape} · {version}"), dans_l_annee(lien_etape(etape, Some(version)), query))
        } else {
            row.text_opt(i.regime.as_deref())
        };
        if element {
            row.badge(if i.acquis {
                Badge::new(Tone::Info, "Acquis d’une année antérieure")
            } else {
                Badge::new(Tone::Success, "Inscrit")
            })
        } else {
            row.badge(badge_inscription(&i.etat)).muted(i.etat != "E")
        }
    };
    let table = Table::new("inscrits", "Inscrits")
        .columns([
            Column::text("nom", "Nom"),
            Column::text("prenom", "Prénom"),
            Column::text("numero", "Numéro"),
            if element {
                Column::text("etape", "Par l’étape")
            } else {
                Column::text("regime", "Régime").optional()
            },
            Column::text("etat", "Inscription"),
        ])
        .listing(query, page.total)
        .searching("Nom ou numéro")
        .rows(page.elements.iter().map(ligne))
        .empty(
            Empty::new("Aucun inscrit", "Aucun étudiant collecté n’y est inscrit cette année.").icon("users"),
        );
    Ok(Html::of(&table))
}
