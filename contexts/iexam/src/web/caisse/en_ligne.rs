//! Payments online: attempts, and what the bank said of them.

use ::web::components::{Badge, Cell, Column, Empty, Filter, Liste, Table, Tabs, Tone};
use ::web::{Frame, Listage, Page, PageError};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use db::DbError;

use super::onglets;
use crate::Iexam;
use crate::domain::paiement::{EtatPaiement, Verdict};
use crate::store::paiement::{Notification, PaiementVu, notification_list, paiement_list};

#[derive(Template)]
#[template(path = "caisse/liste.html")]
struct PageDeListe {
    frame: Frame,
    onglets: Tabs,
    table: Table,
}

fn etat(e: EtatPaiement) -> Badge {
    let ton = match e {
        EtatPaiement::Accepte => Tone::Success,
        EtatPaiement::EnAttente => Tone::Warning,
        EtatPaiement::Refuse => Tone::Danger,
        EtatPaiement::Commence | EtatPaiement::Abandonne => Tone::Neutral,
    };
    Badge::new(ton, e.libelle())
}

fn verdict(v: Verdict) -> Badge {
    let ton = match v {
        Verdict::Accepte => Tone::Success,
        Verdict::Rejoue | Verdict::RefusBanque => Tone::Neutral,
        Verdict::Tardif | Verdict::Origine | Verdict::Scellee | Verdict::Illisible | Verdict::Reference => {
            Tone::Warning
        }
        Verdict::Signature | Verdict::Montant => Tone::Danger,
    };
    Badge::new(ton, v.libelle())
}

/// `/iexam/paiements/en-ligne`.
pub(super) async fn paiements(
    frame: Frame,
    listage: Listage,
    State(iexam): State<Iexam>,
) -> Result<Response, PageError> {
    let etats: Vec<_> = listage.valeurs("etat").iter().filter_map(|v| EtatPaiement::of_code(v)).collect();
    let recherche = kernel::fold(&listage.recherche);
    let filtre = EtatPaiement::ALL
        .into_iter()
        .fold(Filter::new("etat", "État"), |f, e| f.option(e.code(), e.libelle()));
    let liste = Liste::<PaiementVu>::new("en-ligne", "Paiements en ligne")
        .column(Column::text("reference", "Référence"), |p| Cell::code(&p.paiement.reference))
        .column(Column::text("nom", "Étudiant"), |p| Cell::text(&p.nom))
        .column(Column::text("numero", "Numéro").optional(), |p| Cell::code(&p.etudiant))
        .column(Column::number("montant", "Montant"), |p| Cell::Number(p.paiement.montant.to_string()))
        .exported_as(|p| Cell::centi(kernel::Centi(p.paiement.montant.0)))
        .column(Column::text("etat", "État"), |p| etat(p.paiement.etat).into())
        .column(Column::text("commence", "Commencé le"), |p| Cell::instant(p.paiement.commence_le))
        .column(Column::text("regle", "Réglé le").optional(), |p| Cell::instant(p.paiement.regle_le))
        .column(Column::text("transaction", "Transaction"), |p| {
            Cell::text_opt(p.paiement.transaction.as_ref())
        })
        .column(Column::text("autorisation", "Autorisation").hidden(), |p| {
            Cell::text(&p.paiement.autorisation)
        })
        .column(Column::text("detail", "Détail").optional(), |p| Cell::text(&p.paiement.detail))
        .opens(|p| format!("/iexam/inscriptions/{}", p.paiement.inscription))
        .searching("Nom, numéro ou référence")
        .filters([filtre])
        .journaled("paiements_en_ligne")
        .empty(Empty::new(
            "Aucun paiement en ligne",
            "Aucun étudiant n’a encore ouvert la page de paiement.",
        ));
    if listage.export().is_some() {
        let iexam = iexam.clone();
        return liste
            .export(&listage, move |tranche| {
                let (iexam, etats, recherche) = (iexam.clone(), etats.clone(), recherche.clone());
                async move {
                    let (etats, recherche, paging) = (&etats, &recherche, tranche.paging());
                    let lire = |c| async move { paiement_list(&c, etats, recherche, paging).await };
                    Ok::<_, DbError>(iexam.db.read(lire).await?.elements)
                }
            })
            .await;
    }
    let (etats, recherche) = (&etats, &recherche);
    let lire = |paging| {
        let iexam = &iexam;
        async move { iexam.db.read(|c| async move { paiement_list(&c, etats, recherche, paging).await }).await }
    };
    let page = listage.read(lire).await?;
    Ok(Page(PageDeListe {
        frame: frame
            .titled("Paiements en ligne")
            .crumb("Examens", "/iexam")
            .crumb("Paiements", "/iexam/paiements"),
        onglets: onglets("/iexam/paiements/en-ligne"),
        table: liste.table(&listage, &page),
    })
    .into_response())
}

/// `/iexam/paiements/notifications`.
pub(super) async fn notifications(
    frame: Frame,
    listage: Listage,
    State(iexam): State<Iexam>,
) -> Result<Response, PageError> {
    let verdicts: Vec<_> = listage.valeurs("verdict").iter().filter_map(|v| Verdict::of_code(v)).collect();
    let filtre = Verdict::ALL
        .into_iter()
        .fold(Filter::new("verdict", "Verdict"), |f, v| f.option(v.code(), v.libelle()));
    let liste = Liste::<Notification>::new("notifications", "Notifications de la banque")
        .column(Column::text("recue", "Reçue le"), |n| Cell::instant(n.recue_le))
        .column(Column::text("verdict", "Verdict"), |n| verdict(n.verdict).into())
        .column(Column::text("reference", "Référence"), |n| match n.reference.as_str() {
            "" => Cell::Absent,
            r => Cell::code(r),
        })
        .column(Column::number("montant", "Montant"), |n| {
            n.montant.map_or(Cell::Absent, |m| Cell::Number(m.to_string()))
        })
        .column(Column::text("detail", "Détail"), |n| Cell::text(&n.detail))
        .column(Column::text("empreinte", "Empreinte").hidden(), |n| Cell::code(&n.empreinte))
        .filters([filtre])
        .empty(Empty::new("Aucune notification", "La banque n’a encore rien notifié."))
        .not_exported();
    let verdicts = &verdicts;
    let lire = |paging| {
        let iexam = &iexam;
        async move { iexam.db.read(|c| async move { notification_list(&c, verdicts, paging).await }).await }
    };
    let page = listage.read(lire).await?;
    Ok(Page(PageDeListe {
        frame: frame
            .titled("Notifications de la banque")
            .crumb("Examens", "/iexam")
            .crumb("Paiements", "/iexam/paiements"),
        onglets: onglets("/iexam/paiements/notifications"),
        table: liste.table(&listage, &page),
    })
    .into_response())
}
