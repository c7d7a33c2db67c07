//! At what hours an épreuve begins in each centre, which begin late, and from when one may leave.

use ::web::Html;
use ::web::components::{Alert, Column, Empty, Field, Row, Table, Tone};
use kernel::{date_francaise, heure_francaise};

use super::LISTE;
use super::dire::court;
use super::une::Lue;
use crate::domain::simultaneite::{HeureLocale, heure_locale, sortie_au_plus_tot};
use crate::web::pages::{Bloc, Formulaire};

fn heure_dite(h: &HeureLocale) -> String {
    let jour = match h.jours {
        0 => String::new(),
        _ => format!("{}, ", date_francaise(h.debut.date())),
    };
    let fin = h.fin.map(|f| format!(" → {}", heure_francaise(f))).unwrap_or_default();
    format!("{jour}{}{fin}", heure_francaise(h.debut))
}

/// Hours of every centre that has candidates or a room of it, in its own time; the earliest moment to leave.
pub(super) fn simultaneite(lue: &Lue, peut: bool, csrf: &str) -> Option<(Bloc, Vec<Alert>)> {
    let e = &lue.tenue.epreuve;
    let debut = e.debut?;
    let des_salles =
        lue.salles.iter().filter(|s| lue.tenue.salles.contains(&s.salle.id)).map(|s| s.salle.centre);
    let mut ids: Vec<i64> = lue.par_centre.keys().filter_map(|c| *c).chain(des_salles).collect();
    ids.sort_unstable();
    ids.dedup();
    let siens = lue.lieux.iter().filter(|(l, ..)| ids.contains(&l.id));
    let (mut rows, mut nuits, mut champs) = (Vec::new(), Vec::new(), Vec::new());
    for (lieu, nom, ville) in siens {
        let retard = lue.retards.get(&lieu.id).copied().unwrap_or(0);
        let h = heure_locale(debut, e.duree_min, lieu.fuseau, retard);
        if h.hors_journee {
            nuits.push(format!("{ville} ({})", heure_dite(&h)));
        }
        let n = lue.par_centre.get(&Some(lieu.id)).copied().unwrap_or(0);
        let mut row = Row::new().text(format!("{nom}, {ville}")).text(heure_dite(&h)).count(n);
        row = if retard > 0 { row.text(format!("{retard}\u{a0}min")) } else { row.absent() };
        rows.push(row);
        champs.push(
            Field::text(format!("retard-{}", lieu.id), format!("Retard à {ville}"))
                .kind("number")
                .value(if retard > 0 { retard.to_string() } else { String::new() }),
        );
    }
    let chez_soi = lue.par_centre.get(&None).copied().unwrap_or(0);
    if chez_soi > 0 {
        rows.push(Row::new().text("Chez soi").text("À l’heure de Besançon").count(chez_soi).absent());
    }
    let table = Table::new("centres", "Heures locales")
        .level(3)
        .columns([
            Column::text("centre", "Centre"),
            Column::text("heure", "Heure locale"),
            Column::number("candidats", "Candidats"),
            Column::text("retard", "Retard").optional(),
        ])
        .rows(rows)
        .empty(Empty::new("Aucun centre", "Aucun candidat et aucune salle pour le moment."));
    let sortie =
        sortie_au_plus_tot(debut, lue.retards.iter().filter(|(c, _)| ids.contains(c)).map(|(_, m)| *m));
    let mut contenu = vec![Html::of(&table)];
    if peut && !champs.is_empty() {
        let form = champs.iter().fold(
            Formulaire::new(
                "retards",
                "Un centre commence en retard",
                format!("{LISTE}/{}/retards", e.id),
                csrf,
            )
            .texte("En minutes. Personne ne peut sortir avant que le dernier centre ait commencé."),
            |form, champ| form.champ(champ),
        );
        contenu.push(Html::of(&crate::web::pages::Replie {
            titre: "Signaler un retard".to_owned(),
            ouvert: false,
            contenu: vec![Html::of(&form.verbe_discret("Enregistrer les retards"))],
        }));
    }
    let bloc = Bloc {
        id: "simultaneite",
        titre: "Simultanéité".to_owned(),
        textes: vec![format!(
            "Tous les centres commencent au même instant : {}. Personne ne sort avant {} (heure de Besançon), quand le dernier centre a commencé.",
            court(debut),
            heure_francaise(kernel::heure_de_besancon(sortie))
        )],
        contenu,
    };
    let alertes = (!nuits.is_empty()).then(|| {
        Alert::new(Tone::Warning, format!("{}.", nuits.join(", ")))
            .titled("L’épreuve a lieu avant 7 h ou après 22 h, heure locale")
    });
    Some((bloc, alertes.into_iter().collect()))
}
