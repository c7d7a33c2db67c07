//! The page of a centre.

use ::web::components::{
    ActionForm, Alert, Badge, Button, Cell, Column, Empty, Field, Identity, KeyFigure, KeyFigures, Look,
    Maybe, Row, Select, Table, Tone,
};
use ::web::{Frame, Html, Page, PageError};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use kernel::{Right, date_francaise, heure_de_besancon, instant_francais};

use super::super::pages::{Colonnes, Fiche, Formulaire, Rangee, Replie, Saisie, histoire};
use super::{LISTE, etat_accord, lien, lire};
use crate::Iexam;
use crate::actions::regler_fault::ReglageFault;
use crate::domain::centre::{Accord, Centre, Colis, Fermeture, Salle};
use crate::domain::periode::{EtatPeriode, Periode};
use crate::store::accord::{accords_du_centre, colis_du_centre};
use crate::store::centre::{fermeture_list, salle_list};
use crate::store::modalite::centre_modalites;
use crate::store::periode::periode_list;

struct Vue<'a> {
    c: &'a Centre,
    peut: bool,
    csrf: String,
    now: DateTime<Utc>,
    periodes: Vec<Periode>,
}

impl Vue<'_> {
    fn periode(&self, id: i64) -> Option<&Periode> {
        self.periodes.iter().find(|p| p.id == id)
    }

    fn vivantes(&self) -> impl Iterator<Item = &Periode> {
        self.periodes.iter().filter(|p| p.etat < EtatPeriode::Cloturee)
    }

    fn salles(&self, salles: &[Salle]) -> Vec<Html> {
        let rows = salles.iter().map(|s| {
            let mut badges = Vec::new();
            if s.a_part {
                badges.push(Badge::new(Tone::Info, "À part"));
            }
            if !s.active {
                badges.push(Badge::new(Tone::Neutral, "Désactivée"));
            }
            let row = if self.peut {
                Row::to(format!("{}/salles/{}", lien(&self.c.code), s.id))
            } else {
                Row::new()
            };
            row.text(&s.nom).cell(Cell::Count(s.capacite)).text(&s.equipement).badges(badges).muted(!s.active)
        });
        let vide = Empty::new("Aucune salle", "Sans salle, les épreuves ne peuvent être placées ici.");
        let nouvelle = format!("{}/salles/nouvelle", lien(&self.c.code));
        let table = Table::new("salles", "Salles")
            .columns([
                Column::text("nom", "Salle"),
                Column::number("capacite", "Places"),
                Column::text("equipement", "Équipement").optional(),
                Column::text("etat", "État"),
            ])
            .rows(rows.collect::<Vec<_>>())
            .empty(if self.peut { vide.action("Ajouter une salle", &nouvelle) } else { vide });
        let mut out = vec![Html::of(&table)];
        if self.peut && !salles.is_empty() {
            let bouton = Button::link("Ajouter une salle", nouvelle).icon("plus");
            out.push(Html::of(&Rangee { contenu: vec![Html::of(&bouton)] }));
        }
        out
    }

    fn accords(&self, accords: &[Accord]) -> Vec<Html> {
        let rows = accords.iter().filter_map(|a| {
            let p = self.periode(a.periode)?;
            let places = a.places.map_or_else(|| format!("{}", a.prises), |n| format!("{} / {n}", a.prises));
            Some(
                Row::to(format!("{}/accords/{}/{}", lien(&self.c.code), p.annee.premiere(), p.code))
                    .text(p.nom())
                    .badges(etat_accord(self.c.accord_requis, a.etat))
                    .cell(Cell::Number(places))
                    .cell(Cell::instant(a.demande_le))
                    .cell(Cell::instant(a.repondu_le))
                    .muted(p.etat >= EtatPeriode::Cloturee),
            )
        });
        let table = Table::new("accords", "Périodes")
            .columns([
                Column::text("periode", "Période"),
                Column::text("accord", "Accord"),
                Column::number("places", "Places prises"),
                Column::text("demande", "Demandé le").optional(),
                Column::text("reponse", "Répondu le").optional(),
            ])
            .rows(rows.collect::<Vec<_>>())
            .empty(Empty::new(
                "Dans aucune période",
                "Ajoutez-le à une période pour que des étudiants puissent le choisir.",
            ));
        let mut out = vec![Html::of(&table)];
        if self.peut && self.c.actif {
            let boutons: Vec<Html> = self
                .vivantes()
                .filter(|p| accords.iter().all(|a| a.periode != p.id))
                .map(|p| {
                    let bouton = Button::submit(format!("Ajouter à {}", p.nom())).icon("plus");
                    let form = ActionForm::new(format!("{}/accords", lien(&self.c.code)), &self.csrf, bouton);
                    Html::of(&form.sending("periode", p.id.to_string()))
                })
                .collect();
            if !boutons.is_empty() {
                out.push(Html::of(&Rangee { contenu: boutons }));
            }
        }
        out
    }

    fn fermetures(&self, fermetures: &[Fermeture], sent: Option<(&Saisie, &ReglageFault)>) -> Vec<Html> {
        let aujourd_hui = heure_de_besancon(self.now).date();
        let rows = fermetures.iter().map(|f| {
            let row = Row::new()
                .text(format!("{} au {}", date_francaise(f.du), date_francaise(f.au)))
                .text(&f.motif);
            let row = row.muted(f.au < aujourd_hui);
            if !self.peut {
                return row;
            }
            let bouton = Button::submit("Retirer").look(Look::Quiet);
            let form =
                ActionForm::new(format!("{}/fermetures/retirer", lien(&self.c.code)), &self.csrf, bouton);
            row.component(&form.sending("fermeture", f.id.to_string()))
        });
        let mut colonnes = vec![Column::text("jours", "Jours"), Column::text("motif", "Motif")];
        if self.peut {
            colonnes.push(Column::text("retirer", "Retirer"));
        }
        let table = Table::new("fermetures", "Fermetures")
            .columns(colonnes)
            .rows(rows.collect::<Vec<_>>())
            .empty(Empty::new("Aucune fermeture", "Le centre n’a annoncé aucun jour de fermeture."));
        let mut out = vec![Html::of(&table)];
        if self.peut {
            let valeur = |nom: &str| sent.map(|(s, _)| s.texte(nom).to_owned()).unwrap_or_default();
            let erreur = |nom: &str| sent.and_then(|(_, f)| f.du_champ(nom));
            let form = Formulaire::new(
                "fermeture",
                "Nouvelle fermeture",
                format!("{}/fermetures", lien(&self.c.code)),
                &self.csrf,
            )
            .champ(&Field::text("du", "Du").kind("date").value(valeur("du")).required().error(erreur("du")))
            .champ(
                &Field::text("au", "Au")
                    .kind("date")
                    .value(valeur("au"))
                    .required()
                    .help("Ce jour compris.")
                    .error(erreur("au")),
            )
            .champ(
                &Field::text("motif", "Motif")
                    .value(valeur("motif"))
                    .required()
                    .maxlength(200)
                    .error(erreur("motif")),
            )
            .verbe_discret("Annoncer la fermeture");
            let contenu = vec![Html::of(&form)];
            out.push(Html::of(&Replie {
                titre: "Annoncer une fermeture".to_owned(),
                ouvert: sent.is_some(),
                contenu,
            }));
        }
        out
    }

    fn colis(&self, colis: &[Colis]) -> Vec<Html> {
        let rows = colis.iter().filter_map(|x| {
            let p = self.periode(x.periode)?;
            let etat = match (x.ecart(), x.expedie_le) {
                (Some(0), _) => Badge::new(Tone::Success, "Reçu"),
                (Some(n), _) if n < 0 => Badge::new(
                    Tone::Warning,
                    if n == -1 { "Manque 1 copie".to_owned() } else { format!("Manque {} copies", -n) },
                ),
                (Some(n), _) => Badge::new(
                    Tone::Warning,
                    if n == 1 { "1 copie de trop".to_owned() } else { format!("{n} copies de trop") },
                ),
                (None, Some(_)) => Badge::new(Tone::Info, "En route"),
                (None, None) => Badge::new(Tone::Action, "À expédier"),
            };
            let row = if self.peut {
                Row::to(format!("{}/colis/{}", lien(&self.c.code), x.id))
            } else {
                Row::new()
            };
            Some(
                row.text(p.nom())
                    .text(x.sens.libelle())
                    .text(format!("{} {}", x.transporteur, x.suivi))
                    .cell(Cell::Count(x.copies))
                    .cell(x.copies_recues.map_or(Cell::Absent, Cell::Count))
                    .badge(etat)
                    .muted(p.etat >= EtatPeriode::Cloturee),
            )
        });
        let table = Table::new("colis", "Colis")
            .columns([
                Column::text("periode", "Période"),
                Column::text("sens", "Sens"),
                Column::text("suivi", "Suivi").optional(),
                Column::number("copies", "Envoyées"),
                Column::number("recues", "Reçues"),
                Column::text("etat", "État"),
            ])
            .rows(rows.collect::<Vec<_>>())
            .empty(Empty::new("Aucun colis", "Ni sujets envoyés, ni copies attendues."));
        let mut out = vec![Html::of(&table)];
        if self.peut && self.vivantes().next().is_some() {
            let bouton =
                Button::link("Nouveau colis", format!("{}/colis/nouveau", lien(&self.c.code))).icon("plus");
            out.push(Html::of(&Rangee { contenu: vec![Html::of(&bouton)] }));
        }
        out
    }

    fn contact(&self) -> Table {
        let c = self.c;
        let dit = |texte: &str| if texte.is_empty() { "—".to_owned() } else { texte.to_owned() };
        let adresse = [
            c.adresse.replace('\n', ", "),
            format!("{} {}", c.code_postal, c.ville).trim().to_owned(),
            c.pays.clone(),
        ];
        let adresse: Vec<_> = adresse.into_iter().filter(|l| !l.is_empty()).collect();
        Table::new("contact", "Coordonnées")
            .columns([Column::text("quoi", "Rubrique"), Column::text("valeur", "Valeur")])
            .rows([
                Row::new().text("Adresse").text(adresse.join(", ")),
                Row::new().text("Personne à joindre").text(dit(&c.contact_nom)),
                Row::new().text("Courriel").text(dit(&c.contact_courriel)),
                Row::new().text("Téléphone").text(dit(&c.contact_telephone)),
                Row::new().text("Surveillant désigné").text(dit(&c.surveillant)),
                Row::new().text("Fuseau horaire").text(c.fuseau.replace('_', " ")),
            ])
    }
}

/// The periods that one may send a parcel for.
pub(super) fn choix_periode(periodes: &[Periode], choisie: &str) -> Select {
    let vivantes = periodes.iter().filter(|p| p.etat < EtatPeriode::Archivee);
    Select::new("periode", "Période", vivantes.map(|p| (p.id.to_string(), p.nom())))
        .selected(choisie)
        .required()
}

pub(super) async fn page(
    iexam: &Iexam,
    frame: Frame,
    c: &Centre,
    sent: Option<(&Saisie, &ReglageFault)>,
) -> Result<Fiche, PageError> {
    let id = c.id;
    let (salles, fermetures, accords, colis, modalites, periodes) = iexam
        .db
        .read(|conn| async move {
            Ok::<_, db::DbError>((
                salle_list(&conn, id).await?,
                fermeture_list(&conn, id).await?,
                accords_du_centre(&conn, id).await?,
                colis_du_centre(&conn, id).await?,
                centre_modalites(&conn, id).await?,
                periode_list(&conn).await?,
            ))
        })
        .await?;
    let (histoire, _) = histoire(iexam, "centre_examen", c.id).await?;
    let now = iexam.clock.now();
    let vue = Vue {
        c,
        peut: frame.visitor().is_some_and(|v| v.may(Right::ExamensRegler)),
        csrf: frame.csrf().to_owned(),
        now,
        periodes,
    };
    let mut fiche = Fiche::new(frame.titled(&c.nom).crumb("Centres", LISTE));
    let la = now.with_timezone(&c.tz()).naive_local();
    let mut identite = Identity::new("Centre", &c.code)
        .badge(if c.actif {
            Badge::new(Tone::Success, "Actif")
        } else {
            Badge::new(Tone::Neutral, "Désactivé")
        })
        .fact(c.lieu());
    if !c.accord_requis {
        identite = identite.fact("sans accord à demander");
    }
    for (_, _, libelle) in &modalites {
        identite = identite.fact(libelle.clone());
    }
    fiche.identite = Maybe(Some(identite));
    if vue.peut {
        fiche
            .actions
            .push(Html::of(&Button::link("Modifier", format!("{}/modifier", lien(&c.code))).icon("pencil")));
    }
    if modalites.is_empty() {
        let alerte = Alert::new(
            Tone::Info,
            "Ce centre n’est rattaché à aucune modalité\u{a0}: les étudiants ne peuvent pas le choisir.",
        );
        fiche.alertes.push(alerte.link("Voir les modalités", "/iexam/modalites"));
    }
    let actives = salles.iter().filter(|s| s.active);
    let sieges: i64 = actives.clone().map(|s| s.capacite).sum();
    let places = KeyFigure::count(sieges.unsigned_abs(), "Places assises")
        .detail(format!("dans {} salles", actives.count()));
    fiche.sections.push(Html::of(&KeyFigures::new([
        KeyFigure::text(kernel::heure_francaise(la), "Heure locale")
            .detail(instant_francais(la).split(" à ").next().unwrap_or_default()),
        match c.capacite {
            Some(n) if sieges > n => places.tone(Tone::Warning),
            _ => places,
        },
        match c.capacite {
            Some(n) => KeyFigure::count(n.unsigned_abs(), "Capacité totale"),
            None => KeyFigure::text("—", "Capacité totale").detail("non connue"),
        },
    ])));
    fiche.sections.extend(vue.accords(&accords));
    fiche
        .sections
        .push(Html::of(&Colonnes { gauche: vue.salles(&salles), droite: vec![Html::of(&vue.contact())] }));
    fiche
        .sections
        .push(Html::of(&Colonnes { gauche: vue.colis(&colis), droite: vue.fermetures(&fermetures, sent) }));
    fiche.sections.push(Html::of(&histoire));
    Ok(fiche)
}

pub(super) async fn voir(
    State(iexam): State<Iexam>,
    frame: Frame,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let c = lire(&iexam, &code).await?;
    Ok(Page(page(&iexam, frame, &c, None).await?).into_response())
}
