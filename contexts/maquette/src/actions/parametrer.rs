//! Parameters of Maquette: what is set from a page goes over the settings of the installation, from the next use on.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use contracts::parametres::{
    Effet, Groupe, OBJET, Origine, Parametre, ParametreFault, Parametres, Pose, Sorte, etat_tenu,
};
use db::{DbError, MaybeDb, journal};
use kernel::{Actor, AnneeUniversitaire};
use serde_json::json;

use super::{Outils, Reglages};
use crate::store::generation::parametres_advance;
use crate::store::maquette::{MAQUETTE_LOCALE, annees_tenues, maquettes_declarees};
use crate::store::parametre::{ParametreTenu, parametre_all, parametre_forget, parametre_write};

/// Name of the parameter that says which year is current.
pub const ANNEE_COURANTE: &str = "annee_courante";

/// What comes before each name in the keys of the suite.
const PREFIXE: &str = "maquette.";

impl Outils {
    /// The same, with the settings as they stand now: those of the installation, under what was set from a page. Every action that
    /// decides by a setting begins by this.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn a_jour(&self) -> Result<Self, DbError> {
        let poses = self.db.read(|c| async move { parametre_all(&c).await }).await?;
        Ok(Self { reglages: self.reglages.sous(&poses), ..self.clone() })
    }
}

impl Reglages {
    /// These settings under the values that pages set. A value that can no longer be read is as good as none.
    fn sous(&self, poses: &BTreeMap<String, ParametreTenu>) -> Self {
        let mut out = self.clone();
        for (nom, pose) in poses {
            out.poser(nom, &pose.valeur);
        }
        out
    }

    fn poser(&mut self, nom: &str, valeur: &str) {
        match nom {
            "seuil_chute" => self.seuil_chute = valeur.parse().unwrap_or(self.seuil_chute),
            "reprise_heures" => self.reprise_heures = valeur.parse().unwrap_or(self.reprise_heures),
            "simultanees" => self.simultanees = valeur.parse().unwrap_or(self.simultanees),
            "correction_max_jours" => {
                self.correction_max_jours = valeur.parse().unwrap_or(self.correction_max_jours)
            }
            "natures_semestre" => {
                self.natures_semestre =
                    valeur.split(',').map(|m| m.trim().to_owned()).filter(|m| !m.is_empty()).collect();
            }
            _ => {}
        }
    }

    fn valeur(&self, nom: &str) -> String {
        match nom {
            "seuil_chute" => self.seuil_chute.to_string(),
            "reprise_heures" => self.reprise_heures.to_string(),
            "simultanees" => self.simultanees.to_string(),
            "correction_max_jours" => self.correction_max_jours.to_string(),
            "natures_semestre" => self.natures_semestre.join(", "),
            _ => String::new(),
        }
    }
}

/// Maquette's parameters.
#[derive(Clone, Debug)]
pub struct ParametresMaquette {
    /// Database, clock, settings of the installation.
    pub outils: Outils,
    /// Where each of those settings comes from, by key.
    pub origines: Arc<BTreeMap<String, String>>,
}

/// What a parameter is, apart from its value.
struct Description {
    nom: &'static str,
    libelle: &'static str,
    aide: &'static str,
    sorte: Sorte,
    consequences: &'static [&'static str],
}

/// What the descriptions depend on.
#[derive(Clone, Debug, Default)]
struct Contexte {
    annees: Vec<AnneeUniversitaire>,
    declarees: Vec<String>,
    poses: BTreeMap<String, ParametreTenu>,
}

fn annee(annees: &[AnneeUniversitaire]) -> [Description; 2] {
    [
        Description {
            nom: ANNEE_COURANTE,
            libelle: "Année universitaire en cours",
            aide: "L’année que montrent les pages et que répond l’interface de programmation quand on n’en demande pas une autre. Seules les années dont l’offre a été collectée peuvent être choisies.",
            sorte: Sorte::Annee(annees.to_vec()),
            consequences: &[
                "Les pages, les recherches et l’interface de programmation montrent aussitôt l’offre, les étudiants et les anomalies de l’année choisie.",
                "Une collecte demandée sans année porte désormais sur elle.",
                "Rien n’est effacé : l’année quittée reste consultable par le filtre « Année », et l’on revient en arrière d’un clic, ci-dessous.",
            ],
        },
        Description {
            nom: MAQUETTE_LOCALE,
            libelle: "Maquette déclarée ici",
            aide: "Première et dernière années de l’accréditation (« 2024-2028 »), pour les années que Kofr ne déclare pas. Dès que Kofr déclare une maquette, la sienne l’emporte.",
            sorte: Sorte::Periode,
            consequences: &[
                "Le bandeau des pages nomme cette maquette pour les années qu’elle couvre et que Kofr ne déclare pas.",
            ],
        },
    ]
}

fn collecte() -> [Description; 5] {
    [
        Description {
            nom: "seuil_chute",
            libelle: "Chute acceptée sans demander",
            aide: "Part des lignes d’un genre (étapes, éléments, étudiants…) qu’une collecte peut fermer sans s’arrêter pour demander. À 0, toute fermeture est soumise.",
            sorte: Sorte::Entier { min: 0, max: 100, unite: "%" },
            consequences: &["La prochaine collecte s’arrête à « À confirmer » au-delà de ce seuil."],
        },
        Description {
            nom: "reprise_heures",
            libelle: "Durée de reprise d’une collecte interrompue",
            aide: "Pendant ce temps, ce qu’une collecte interrompue a déjà lu sert à la suivante. À 0, tout est relu.",
            sorte: Sorte::Entier { min: 0, max: 168, unite: "heures" },
            consequences: &["La prochaine collecte applique cette durée."],
        },
        Description {
            nom: "simultanees",
            libelle: "Demandes simultanées",
            aide: "Étapes demandées à Kofr, ou listes d’inscrits à Apogée, à la fois. Baissez ce nombre si une source peine.",
            sorte: Sorte::Entier { min: 1, max: 32, unite: "demandes" },
            consequences: &[
                "La prochaine collecte applique ce nombre ; celle qui est en cours garde le sien.",
            ],
        },
        Description {
            nom: "natures_semestre",
            libelle: "Natures qui sont des semestres",
            aide: "Codes de nature d’éléments, séparés par des virgules, dont les ECTS doivent faire 30.",
            sorte: Sorte::Mots,
            consequences: &[
                "La prochaine collecte contrôle les semestres de ces natures : des anomalies peuvent apparaître ou disparaître.",
            ],
        },
        Description {
            nom: "correction_max_jours",
            libelle: "Durée la plus longue d’une correction",
            aide: "Une correction locale prend fin au plus tard après ce nombre de jours ; elle peut être reconduite.",
            sorte: Sorte::Entier { min: 1, max: 1_830, unite: "jours" },
            consequences: &["Les corrections déjà posées gardent leur date de fin."],
        },
    ]
}

impl ParametresMaquette {
    async fn contexte(&self) -> Result<Contexte, ParametreFault> {
        let lire = self.outils.db.read(|c| async move {
            Ok::<_, DbError>((
                annees_tenues(&c).await?,
                maquettes_declarees(&c).await?,
                parametre_all(&c).await?,
            ))
        });
        let (annees, declarees, poses) = lire.await.map_err(ParametreFault::autre)?;
        Ok(Contexte {
            annees: annees.into_iter().filter_map(AnneeUniversitaire::new).collect(),
            declarees,
            poses,
        })
    }

    fn parametre(&self, d: Description, contexte: &Contexte) -> Parametre {
        let sans_page = match d.nom {
            ANNEE_COURANTE => AnneeUniversitaire::du_jour(self.outils.clock.now().date_naive()).to_string(),
            nom => self.outils.reglages.valeur(nom),
        };
        let origine_sans_page = match d.nom {
            ANNEE_COURANTE => "année du calendrier".to_owned(),
            MAQUETTE_LOCALE => "valeur par défaut".to_owned(),
            nom => {
                let cle = format!("{PREFIXE}{nom}");
                self.origines.get(&cle).cloned().unwrap_or_else(|| "valeur par défaut".to_owned())
            }
        };
        let pose = contexte.poses.get(d.nom);
        let origine = match pose {
            Some(p) => Origine::Page { par: p.par.clone(), le: p.le },
            None => Origine::Installation(origine_sans_page.clone()),
        };
        Parametre {
            cle: format!("{PREFIXE}{}", d.nom),
            libelle: d.libelle.to_owned(),
            aide: d.aide.to_owned(),
            valeur: pose.map_or_else(|| sans_page.clone(), |p| p.valeur.clone()),
            sans_page,
            origine,
            origine_sans_page,
            effet: Effet::Immediat,
            consequences: d.consequences.iter().map(|&c| c.to_owned()).collect(),
            faits: faits(d.nom, contexte),
            essayable: false,
            // Once known, the year is chosen: the calendar's may not even be collected.
            retirable: d.nom != ANNEE_COURANTE,
            sorte: d.sorte,
        }
    }

    async fn un(&self, cle: &str) -> Result<(Parametre, &'static str), ParametreFault> {
        let contexte = self.contexte().await?;
        let nom = cle.strip_prefix(PREFIXE);
        let mut toutes = annee(&contexte.annees).into_iter().chain(collecte());
        match toutes.find(|d| Some(d.nom) == nom) {
            Some(d) => {
                let nom = d.nom;
                Ok((self.parametre(d, &contexte), nom))
            }
            None => Err(ParametreFault::Inconnu(cle.to_owned())),
        }
    }
}

/// What else there is to know of a parameter.
fn faits(nom: &str, contexte: &Contexte) -> Vec<String> {
    match nom {
        ANNEE_COURANTE if contexte.annees.is_empty() => {
            vec!["Aucune année n’a encore été collectée : la première collecte de l’offre dira l’année en cours.".to_owned()]
        }
        ANNEE_COURANTE => {
            let annees: Vec<_> = contexte.annees.iter().map(|a| a.libelle()).collect();
            vec![format!("Années collectées : {}.", annees.join(", "))]
        }
        MAQUETTE_LOCALE if contexte.declarees.is_empty() => {
            vec!["Kofr ne déclare aucune maquette pour l’instant.".to_owned()]
        }
        MAQUETTE_LOCALE => {
            let dites: Vec<_> = contexte.declarees.iter().map(|m| Sorte::Periode.dire(m)).collect();
            vec![format!("Maquettes que Kofr déclare : {}.", dites.join(", "))]
        }
        _ => Vec::new(),
    }
}

#[async_trait]
impl Parametres for ParametresMaquette {
    async fn groupes(&self) -> Result<Vec<Groupe>, ParametreFault> {
        let contexte = self.contexte().await?;
        let tous = |descriptions: Vec<Description>| {
            descriptions.into_iter().map(|d| self.parametre(d, &contexte)).collect::<Vec<_>>()
        };
        Ok(vec![
            Groupe {
                code: "annee",
                titre: "Année et maquette",
                texte: "Ce que montrent les pages quand on ne choisit pas une autre année.".to_owned(),
                parametres: tous(annee(&contexte.annees).into()),
            },
            Groupe {
                code: "collectes",
                titre: "Collectes et corrections",
                texte: "Ce qu’une collecte accepte sans demander, et comment elle lit.".to_owned(),
                parametres: tous(collecte().into()),
            },
        ])
    }

    async fn poser(&self, pose: Pose<'_>, acteur: &Actor) -> Result<(), ParametreFault> {
        let (parametre, nom) = self.un(pose.cle).await?;
        let nouvelle =
            pose.valeur.map(|v| parametre.sorte.lire(v)).transpose().map_err(ParametreFault::Invalide)?;
        if nouvelle.is_none() && !parametre.retirable {
            return Err(ParametreFault::Invalide(format!(
                "« {} » ne se retire pas : choisissez une valeur.",
                parametre.libelle
            )));
        }
        let quand = self.outils.clock.now();
        let (parametre, nouvelle) = (&parametre, nouvelle.as_deref());
        let ecrite = self.outils.db.write(|tx| async move {
            // Read again under the writer's turn: between the form and now, somebody may have written.
            let tenu = parametre_all(&*tx).await?.remove(nom);
            let etat = tenu.as_ref().map(|t| etat_tenu(t.le, &t.valeur)).unwrap_or_default();
            if !(pose.inchange)(&etat) {
                return Err(Refus::Perime);
            }
            match nouvelle {
                Some(valeur) => parametre_write(&*tx, nom, valeur, quand, acteur).await?,
                None => parametre_forget(&*tx, nom).await?,
            }
            if matches!(nom, ANNEE_COURANTE | MAQUETTE_LOCALE) {
                parametres_advance(&*tx).await?;
            }
            let dire = |valeur: Option<&str>| match valeur {
                Some(valeur) => json!({ "valeur": valeur, "origine": "page" }),
                None => json!({ "valeur": parametre.sans_page, "origine": parametre.origine_sans_page }),
            };
            let entree = journal::Entry {
                quand,
                acteur,
                action: "parametre.modifier",
                objet: OBJET,
                cle: pose.cle,
                avant: Some(dire(tenu.as_ref().map(|t| t.valeur.as_str()))),
                apres: Some(dire(nouvelle)),
            };
            journal::write(&*tx, entree).await?;
            Ok(())
        });
        ecrite.await.map_err(|refus| match refus {
            Refus::Perime => ParametreFault::Perime,
            Refus::Base(err) => ParametreFault::autre(err),
        })
    }
}

/// Why the transaction wrote nothing.
#[derive(Debug, thiserror::Error)]
enum Refus {
    #[error("périmé")]
    Perime,
    #[error(transparent)]
    Base(#[from] DbError),
}

impl MaybeDb for Refus {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            Self::Perime => None,
        }
    }
}
