//! A period is opened: from which, with what dates; then what is copied, counted, before it is confirmed.

use ::web::components::{Alert, Button, Checkbox, Column, Empty, Field, Look, Row, Select, Table, Tone};
use ::web::{Frame, Html, ListQuery, Page, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{AnneeUniversitaire, Fault as _, heure_de_besancon};

use super::super::pages::{Fiche, Formulaire, Saisie};
use super::dater::{champs, lire_dates, saisie};
use super::{LISTE, lien};
use crate::Iexam;
use crate::actions::periode_ouvrir::{Apercu, Copie, Ouverture, apercevoir, ouvrir, proposer};
use crate::actions::regler_fault::ReglageFault;
use crate::domain::periode::Periode;
use crate::store::periode::{periode_list, periode_read};

async fn toutes(iexam: &Iexam) -> Result<Vec<Periode>, PageError> {
    Ok(iexam.db.read(|c| async move { periode_list(&c).await }).await?)
}

/// The current year, else that of today.
async fn annee_courante(iexam: &Iexam) -> AnneeUniversitaire {
    let aujourd_hui = heure_de_besancon(iexam.clock.now()).date();
    let dite = iexam.offre.annee_courante().await.ok().flatten();
    dite.unwrap_or_else(|| AnneeUniversitaire::du_jour(aujourd_hui))
}

fn oui(vrai: bool) -> String {
    if vrai { "oui" } else { "" }.to_owned()
}

fn saisie_de(o: &Ouverture) -> Saisie {
    saisie(&o.libelle, &o.dates).avec([
        ("annee", o.annee.to_string()),
        ("code", o.code.clone()),
        ("session", o.session.to_string()),
        ("source", o.source.map(|id| id.to_string()).unwrap_or_default()),
        ("copier_modalites", oui(o.copie.modalites)),
        ("copier_centres", oui(o.copie.centres)),
        ("copier_epreuves", oui(o.copie.epreuves)),
    ])
}

fn lire_ouverture(s: &Saisie) -> Result<Ouverture, ReglageFault> {
    let dates = lire_dates(s)?;
    let annee = s.texte("annee").parse().map_err(|phrase| ReglageFault::saisie("annee", phrase))?;
    Ok(Ouverture {
        annee,
        code: s.texte("code").to_owned(),
        libelle: s.texte("libelle").to_owned(),
        session: s.texte("session").parse().unwrap_or(0),
        dates,
        source: s.texte("source").parse().ok(),
        copie: Copie {
            modalites: s.coche("copier_modalites"),
            centres: s.coche("copier_centres"),
            epreuves: s.coche("copier_epreuves"),
        },
    })
}

async fn page(
    iexam: &Iexam,
    frame: Frame,
    s: &Saisie,
    faute: Option<&ReglageFault>,
) -> Result<Fiche, PageError> {
    let periodes = toutes(iexam).await?;
    let erreur = |champ: &str| faute.and_then(|f| f.du_champ(champ));
    let depuis = std::iter::once((String::new(), "Aucune\u{a0}: tout est à remplir".to_owned()))
        .chain(periodes.iter().map(|p| (p.id.to_string(), format!("{} ({})", p.nom(), p.libelle))));
    let depuis = Select::new("source", "À partir de", depuis)
        .selected(s.texte("source"))
        .help("Ses dates sont décalées à l’année choisie, en semaines entières.");
    let annee = Field::text("annee", "Année universitaire")
        .value(s.texte("annee"))
        .required()
        .maxlength(9)
        .help("2026 pour 2026/2027.")
        .error(erreur("annee"));
    let mut fiche = Fiche::new(frame.titled("Ouvrir une période").crumb("Périodes", LISTE));
    if !periodes.is_empty() {
        let choix = super::super::pages::Choix {
            action: format!("{LISTE}/-/ouvrir"),
            champs: vec![Html::of(&depuis), Html::of(&annee)],
            bouton: Html::of(&Button::submit("Reprendre ses dates").icon("refresh")),
        };
        fiche.sections.push(Html::of(&choix));
    }
    let codes = ["P1", "P2", "P3"].map(|c| (c, if c == "P3" { "P3 (rattrapages)" } else { c }));
    let form = Formulaire::new("ouvrir", "La période", format!("{LISTE}/-/apercu"), fiche.frame.csrf())
        .cache("source", s.texte("source"));
    let form = if periodes.is_empty() {
        form.champ(&annee)
    } else {
        let dite = s
            .texte("annee")
            .parse::<AnneeUniversitaire>()
            .map_or_else(|_| String::new(), AnneeUniversitaire::libelle);
        form.cache("annee", s.texte("annee")).texte(format!("Année {dite}."))
    };
    let form = form
        .champ(
            &Select::new("code", "Période", codes).selected(s.texte("code")).required().error(erreur("code")),
        )
        .champ(
            &Select::new(
                "session",
                "Session",
                [("1", "Première session"), ("2", "Seconde session (rattrapages)")],
            )
            .selected(s.texte("session"))
            .error(erreur("session")),
        );
    let mut form = champs(form, s, faute);
    if !s.texte("source").is_empty() {
        form = form
            .bas(
                &Checkbox::new("copier_modalites", "Copier les modalités offertes")
                    .checked(s.coche("copier_modalites"))
                    .help("Avec leur quota et leur échéance, décalée."),
            )
            .bas(
                &Checkbox::new("copier_centres", "Copier les centres")
                    .checked(s.coche("copier_centres"))
                    .help("Avec leurs places\u{a0}; chaque accord est à redemander."),
            )
            .bas(
                &Checkbox::new("copier_epreuves", "Copier les épreuves")
                    .checked(s.coche("copier_epreuves"))
                    .help("Sans leurs dates. Pour partir plutôt de l’offre de l’année, créez-les depuis les étapes."),
            );
    }
    let form = form.verbe("Voir ce qui sera copié").sinon(LISTE);
    fiche.sections.push(Html::of(&form));
    Ok(fiche)
}

pub(super) async fn voir(
    State(iexam): State<Iexam>,
    frame: Frame,
    query: ListQuery,
) -> Result<Response, PageError> {
    let periodes = toutes(&iexam).await?;
    let source = match query.filtre("source") {
        Some(id) => periodes.iter().find(|p| p.id.to_string() == id),
        None => periodes.first(),
    };
    let annee = query.filtre("annee").and_then(|a| a.parse().ok());
    let annee = match annee {
        Some(annee) => annee,
        None => annee_courante(&iexam).await,
    };
    let o = proposer(&iexam, source, annee).await?;
    Ok(Page(page(&iexam, frame, &saisie_de(&o), None).await?).into_response())
}

pub(super) async fn apercu(
    State(iexam): State<Iexam>,
    frame: Frame,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let vu = match lire_ouverture(&s) {
        Ok(o) => apercevoir(&iexam, &o).await.map(|a| (o, a)),
        Err(faute) => Err(faute),
    };
    match vu {
        Ok((o, a)) => Ok(Page(montrer(frame, &s, &o, &a)).into_response()),
        Err(faute @ ReglageFault::Saisie(_)) => {
            Ok(Page(page(&iexam, frame, &s, Some(&faute)).await?)
                .with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(faute) => Err(faute.into()),
    }
}

/// What will be copied, with counts, and the button that does it.
fn montrer(frame: Frame, s: &Saisie, o: &Ouverture, a: &Apercu) -> Fiche {
    let nom = format!("{} {}", o.code, o.annee.libelle());
    let frame = frame
        .titled(format!("Ouvrir {nom}"))
        .crumb("Périodes", LISTE)
        .crumb("Ouvrir une période", format!("{LISTE}/-/ouvrir"));
    let mut fiche = Fiche::new(frame);
    let depuis = a.source.as_ref().map(Periode::nom);
    let nombre =
        |n: usize, un: &str, des: &str| if n > 1 { format!("{n} {des}") } else { format!("{n} {un}") };
    let n_epreuves = usize::try_from(a.epreuves).unwrap_or(usize::MAX);
    let ligne = |quoi: &str, copie: bool, combien: String, comment: &str| {
        let (combien, comment) = if copie { (combien, comment) } else { ("rien".to_owned(), "Non coché.") };
        Row::new().text(quoi).text(combien).text(comment)
    };
    let mut lignes = Vec::new();
    if a.source.is_some() {
        lignes.push(ligne(
            "Modalités offertes",
            o.copie.modalites,
            nombre(a.modalites.len(), "modalité", "modalités"),
            "Quota gardé, échéance décalée\u{a0}; aucune place n’est prise.",
        ));
        lignes.push(ligne(
            "Centres",
            o.copie.centres,
            nombre(a.centres.len(), "centre", "centres"),
            "Places gardées\u{a0}; chaque accord repart à «\u{a0}À demander\u{a0}».",
        ));
        lignes.push(ligne(
            "Épreuves",
            o.copie.epreuves,
            nombre(n_epreuves, "épreuve", "épreuves"),
            "Nature, durée et documents gardés\u{a0}; sans date ni salle.",
        ));
        lignes.push(
            Row::new()
                .text("Écart entre deux épreuves")
                .text(format!("{} minutes", o.dates.ecart_min))
                .text(""),
        );
    }
    let table = Table::new("copie", "Ce qui est copié")
        .columns([
            Column::text("quoi", "Quoi"),
            Column::text("combien", "Combien"),
            Column::text("comment", "Comment"),
        ])
        .rows(lignes)
        .empty(Empty::new(
            "Rien n’est copié",
            "La période naît vide\u{a0}: vous lui donnerez ses modalités, ses centres et ses épreuves.",
        ));
    if let Some(phrase) = o.dates.hors_annee(o.annee) {
        fiche.alertes.push(Alert::new(Tone::Warning, phrase).way_out("Vérifiez l’année et les dates."));
    }
    if !a.modalites_inactives.is_empty() {
        let noms = a.modalites_inactives.join(", ");
        fiche.alertes.push(Alert::new(
            Tone::Info,
            format!("Laissées de côté parce qu’elles sont désactivées\u{a0}: {noms}."),
        ));
    }
    if a.centres_inactifs > 0 {
        let n = usize::try_from(a.centres_inactifs).unwrap_or(usize::MAX);
        let phrase = format!(
            "{} de côté\u{a0}: désactivés depuis.",
            nombre(n, "centre est laissé", "centres sont laissés")
        );
        fiche.alertes.push(Alert::new(Tone::Info, phrase));
    }
    fiche.sections.push(Html::of(&table));
    if o.copie.modalites && !a.modalites.is_empty() {
        let rows = a.modalites.iter().map(|m| {
            let quota = m.quota.map_or_else(|| "sans limite".to_owned(), |q| q.to_string());
            let echeance = m.echeance.map_or_else(|| "fin des inscriptions".to_owned(), super::super::le);
            Row::new().text(&m.libelle).text(quota).text(echeance)
        });
        let table = Table::new("copie-modalites", "Modalités copiées")
            .columns([
                Column::text("m", "Modalité"),
                Column::text("q", "Quota"),
                Column::text("e", "Jusqu’au"),
            ])
            .rows(rows);
        fiche.sections.push(Html::of(&table));
    }
    if o.copie.centres && !a.centres.is_empty() {
        let rows = a.centres.iter().map(|(_, nom, places)| {
            Row::new()
                .text(nom)
                .text(places.map_or_else(|| "non comptées".to_owned(), |n| n.to_string()))
                .text("À demander")
        });
        let table = Table::new("copie-centres", "Centres copiés")
            .columns([Column::text("c", "Centre"), Column::text("p", "Places"), Column::text("a", "Accord")])
            .rows(rows);
        fiche.sections.push(Html::of(&table));
    }
    let d = &o.dates;
    let jour = kernel::date_francaise;
    let mut form = Formulaire::new("confirmer", format!("Ouvrir {nom}"), format!("{LISTE}/-/ouvrir"), fiche.frame.csrf())
        .texte(match depuis {
            Some(depuis) => format!("«\u{a0}{}\u{a0}», à partir de {depuis}.", o.libelle),
            None => format!("«\u{a0}{}\u{a0}».", o.libelle),
        })
        .texte(format!(
            "Inscriptions du {} au {}\u{a0}; épreuves du {} au {}. La période naît en préparation\u{a0}: aucun étudiant ne la voit avant que vous ouvriez les inscriptions.",
            super::super::le(d.inscriptions_debut),
            super::super::le(d.inscriptions_fin),
            jour(d.epreuves_debut),
            jour(d.epreuves_fin)
        ));
    for (nom, valeur) in s.champs() {
        if nom != "_csrf" {
            form = form.cache(nom, valeur);
        }
    }
    let form = form.verbe(&format!("Ouvrir {nom}"));
    fiche.sections.push(Html::of(&form));
    let retour = Button::link(
        "Changer les dates",
        format!("{LISTE}/-/ouvrir?annee={}&source={}", o.annee, s.texte("source")),
    );
    fiche.actions.push(Html::of(&retour.look(Look::Secondary)));
    fiche
}

pub(super) async fn creer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let fait = match lire_ouverture(&s) {
        Ok(o) => ouvrir(&iexam, &o, &visitor.actor()).await,
        Err(faute) => Err(faute),
    };
    match fait {
        Ok((id, _)) => {
            let p = iexam.db.read(|c| async move { periode_read(&c, id).await }).await?;
            let to = p.as_ref().map_or_else(|| LISTE.to_owned(), lien);
            let nom = p.map(|p| p.nom()).unwrap_or_default();
            Ok(Redirection::to(to)
                .success(format!("La période {nom} est ouverte, en préparation."))
                .into_response())
        }
        Err(faute @ ReglageFault::Saisie(_)) => {
            let mut fiche = page(&iexam, frame, &s, Some(&faute)).await?;
            fiche.alertes.push(Alert::new(Tone::Danger, faute.message()).way_out(faute.way_out()));
            Ok(Page(fiche).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(faute) => Err(faute.into()),
    }
}
