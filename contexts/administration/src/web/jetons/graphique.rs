//! Requests by day, drawn here: a bar a day, what was refused on top. The table beside says the same in figures.

use ::web::jetons::Usage;
use askama::Template;
use chrono::{Datelike as _, Duration, NaiveDate};
use kernel::{date_francaise, nombre_francais};

const LARGEUR: f64 = 720.0;
const HAUTEUR: f64 = 150.0;
/// Room for the figures of the scale, at the left, and for the days, below.
const GAUCHE: f64 = 72.0;
/// Half of the last day's name.
const DROITE: f64 = 20.0;
const BAS: f64 = 18.0;
const HAUT: f64 = 8.0;

/// What a token did on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct JourUsage {
    pub(super) jour: NaiveDate,
    pub(super) requetes: i64,
    pub(super) refusees: i64,
    pub(super) octets: i64,
}

/// Every day from `depuis` to `fin`, those without a request included.
pub(super) fn par_jour(usage: &[Usage], depuis: NaiveDate, fin: NaiveDate) -> Vec<JourUsage> {
    let days = std::iter::successors(Some(depuis), |jour| jour.succ_opt()).take_while(|jour| *jour <= fin);
    days.map(|jour| {
        let mut out = JourUsage { jour, requetes: 0, refusees: 0, octets: 0 };
        for line in usage.iter().filter(|line| line.jour == jour) {
            out.requetes += line.requetes;
            out.refusees += line.refusees;
            out.octets = out.octets.saturating_add(line.octets);
        }
        out
    })
    .collect()
}

/// Requests by day.
#[derive(Clone, Debug, Template)]
#[template(path = "jetons/graphique.html")]
pub(super) struct Graphique {
    resume: String,
    barres: Vec<Barre>,
    echelle: Vec<Repere>,
    jours: Vec<Repere>,
}

#[derive(Clone, Debug)]
struct Barre {
    x: f64,
    largeur: f64,
    repond_y: f64,
    repond_h: f64,
    refuse_y: f64,
    refuse_h: f64,
    dit: String,
}

/// A figure of the scale, or a day under the bars.
#[derive(Clone, Debug)]
struct Repere {
    at: f64,
    dit: String,
}

impl Graphique {
    /// None when there is nothing to draw.
    #[expect(clippy::cast_precision_loss, reason = "a drawing, to the tenth of a point")]
    pub(super) fn new(jours: &[JourUsage]) -> Option<Self> {
        let most = jours.iter().map(|jour| jour.requetes).max().filter(|most| *most > 0)?;
        let top = rond(most);
        let (wide, high) = (LARGEUR - GAUCHE - DROITE, HAUTEUR - BAS - HAUT);
        let step = wide / jours.len() as f64;
        let tall = |n: i64| arrondi(n as f64 / top as f64 * high);
        let ground = HAUTEUR - BAS;
        let barres = jours.iter().enumerate().map(|(n, jour)| {
            let (all, refused) = (tall(jour.requetes), tall(jour.refusees));
            let dit = format!(
                "{} : {} ({} refusées)",
                date_francaise(jour.jour),
                requetes(jour.requetes),
                nombre_francais(jour.refusees)
            );
            Barre {
                x: arrondi(GAUCHE + step * n as f64 + step * 0.12),
                largeur: arrondi(step * 0.76),
                repond_y: arrondi(ground - all + refused),
                repond_h: arrondi(all - refused),
                refuse_y: arrondi(ground - all),
                refuse_h: refused,
                dit: if jour.refusees == 0 { dit.replace(" (0 refusées)", "") } else { dit },
            }
        });
        let echelle = [top, top / 2]
            .into_iter()
            .filter(|n| *n > 0)
            .map(|n| Repere { at: arrondi(ground - tall(n)), dit: nombre_francais(n) });
        let every = Duration::days(7);
        let marked = jours.iter().enumerate().filter(|(_, jour)| {
            jours.last().is_some_and(|last| (last.jour - jour.jour).num_days() % every.num_days() == 0)
        });
        let marked = marked.map(|(n, jour)| Repere {
            at: arrondi(GAUCHE + step * (n as f64 + 0.5)),
            dit: format!("{}/{:02}", jour.jour.day(), jour.jour.month()),
        });
        let total: i64 = jours.iter().map(|jour| jour.requetes).sum();
        Some(Self {
            resume: format!(
                "{} en {} jours, {} au plus en un jour. Le tableau qui suit donne les nombres.",
                requetes(total),
                jours.len(),
                nombre_francais(most)
            ),
            barres: barres.collect(),
            echelle: echelle.collect(),
            jours: marked.collect(),
        })
    }
}

/// « 1 requête », « 12 requêtes ».
pub(super) fn requetes(n: i64) -> String {
    format!("{} requête{}", nombre_francais(n), if n > 1 { "s" } else { "" })
}

/// The next of 1, 2, 5, 10, 20, 50… so that half of it is a round figure as well.
fn rond(n: i64) -> i64 {
    let mut power = 1_i64;
    loop {
        for factor in [2, 4, 10] {
            if let Some(top) = power.checked_mul(factor).filter(|top| *top >= n) {
                return top;
            }
        }
        match power.checked_mul(10) {
            Some(next) => power = next,
            None => return n,
        }
    }
}

fn arrondi(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_bar_a_day_and_nothing_when_there_is_nothing() {
        let line = |jour: &str, famille: &str, requetes, refusees| Usage {
            jour: day(jour),
            famille: famille.to_owned(),
            requetes,
            refusees,
            octets: 10,
        };
        let usage =
            [line("2024-04-01", "a", 3, 1), line("2024-04-01", "b", 1, 0), line("2024-04-03", "a", 1, 0)];
        let days = par_jour(&usage, day("2024-04-01"), day("2024-04-03"));
        let seen: Vec<_> = days.iter().map(|d| (d.requetes, d.refusees, d.octets)).collect();
        assert_eq!(seen, [(4, 1, 20), (0, 0, 0), (1, 0, 10)]);
        let drawn = Graphique::new(&days).unwrap().to_string();
        assert_eq!(
            drawn.matches("<rect class=\"repond\"").count(),
            2,
            "a day without a request has no bar: {drawn}"
        );
        assert_eq!(drawn.matches("<rect class=\"refuse\"").count(), 1);
        assert!(drawn.contains("5 requêtes en 3 jours") && !drawn.contains("style="), "{drawn}");
        assert!(Graphique::new(&par_jour(&[], day("2024-04-01"), day("2024-04-03"))).is_none());
    }

    #[test]
    fn the_scale_ends_on_a_round_figure() {
        assert_eq!([1, 2, 3, 5, 11, 21, 41, 999].map(rond), [2, 2, 4, 10, 20, 40, 100, 1000]);
        assert_eq!(rond(i64::MAX), i64::MAX);
    }
}
