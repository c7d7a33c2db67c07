//! The components' pages on their own, for looking at them: `cargo run -p web --example galerie -- [port]`.
//! One account, « informatique », password « galerie de composants ».

use std::sync::Arc;

use db::{Db, Options};
use futures::future::BoxFuture;
use kernel::{Actor, AnneeUniversitaire, Clock, Right, Role, SystemClock};
use web::comptes::NouveauCompte;
use web::{MIGRATIONS, NavEntry, NavGroup, Repere, RepereSource, RouteTable, Settings, Shell, Visitor, Web};

struct Essai;

impl RepereSource for Essai {
    fn repere<'a>(
        &'a self,
        _: &'a Visitor,
        annee: Option<AnneeUniversitaire>,
        _: Option<AnneeUniversitaire>,
    ) -> BoxFuture<'a, Option<Repere>> {
        Box::pin(async move {
            let courante = AnneeUniversitaire::new(2024)?;
            let annee = annee.unwrap_or(courante);
            let href = (annee != courante).then(|| "/composants".to_owned());
            Some(Repere {
                annee,
                maquette: "2024–2029".to_owned(),
                courant: annee == courante,
                href,
                choix: None,
            })
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::args().nth(1).map_or(Ok(8099), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let db = Db::open(&Options::creating(format!("sqlite:{}/galerie.db", folder.path().display()))).await?;
    let clock = Arc::new(SystemClock);
    let migrations: Vec<_> = db::journal::MIGRATIONS.iter().chain(MIGRATIONS).copied().collect();
    db.migrate(&migrations, clock.now()).await?;

    let entry = |label, href, icon| NavEntry { label, href, icon, right: Right::LiensVoir };
    let shell = Shell {
        etablissement: "Université d’essai".to_owned(),
        recherche: Some("/composants/liste"),
        repere: Some(Arc::new(Essai)),
        demonstration: true,
        nav: vec![
            NavGroup {
                label: "Maquette",
                entries: vec![
                    entry("Accueil", "/", "home"),
                    entry("Étapes", "/composants/arbre", "list-tree"),
                    entry("Éléments", "/composants/liste", "stack-2"),
                    entry("Collectes", "/composants/avancement", "database-import"),
                ],
            },
            NavGroup {
                label: "Administration",
                entries: vec![entry("Composants", "/composants", "components")],
            },
        ],
        ..Shell::default()
    };
    let web = Web::new(db, clock, Settings::default(), shell);
    let compte = NouveauCompte {
        identifiant: "informatique".to_owned(),
        nom: "Solène N’Guyen-Đặng de la Tour d’Épinay".to_owned(),
        role: Role::Informatique,
        mot_de_passe: "galerie de composants".to_owned(),
    };
    web.comptes().creer(&Actor::Commande, compte).await?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, web.serve(RouteTable::default())).await?;
    Ok(())
}
