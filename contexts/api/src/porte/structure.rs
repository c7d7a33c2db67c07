//! From Apogée's tables to the contract's words. Strings are moved, not copied: an offer has hundreds of thousands of them.

use apogee::extraction::tables::{self as tables};
use apogee::extraction::{self, Contenu};
use contracts::apogee::{
    Annee, Composante, Conflit, Diplome, Element, Etape, Fenetre, Heures, LienElementListe, LienEtapeListe,
    LienListeElement, Liste, Lues, Nature, Rattachement, Rejet, Structure, VersionDEtape, VersionDeDiplome,
};
use kernel::AnneeUniversitaire;

pub(super) fn traduire(lu: Contenu) -> Structure {
    let mut rejets: Vec<Rejet> = lu.rejets.into_iter().map(rejet).collect();
    let mut annees = Vec::new();
    for ligne in lu.annees {
        match AnneeUniversitaire::new(ligne.annee) {
            Some(annee) => annees.push(Annee {
                annee,
                libelle: ligne.libelle.unwrap_or_else(|| annee.libelle()),
                etat: ligne.etat_iae.unwrap_or_default(),
            }),
            None => rejets.push(annee_hors_calendrier("ANNEE_UNI", ligne.annee)),
        }
    }
    let mut heures = Vec::with_capacity(lu.heures.len());
    for ligne in lu.heures {
        match AnneeUniversitaire::new(ligne.annee) {
            Some(annee) => heures.push(Heures {
                annee,
                element: ligne.element,
                type_heure: ligne.type_heure,
                heures: ligne.heures,
            }),
            None => rejets.push(annee_hors_calendrier("ELP_CHG_TYP_HEU", ligne.annee)),
        }
    }
    Structure {
        etablissement: lu.manifeste.etablissement,
        extrait_le: lu.manifeste.extrait_le,
        empreinte: lu.empreinte,
        annees,
        composantes: lu.composantes.into_iter().map(composante).collect(),
        natures: lu.natures.into_iter().map(nature).collect(),
        diplomes: lu.diplomes.into_iter().map(diplome).collect(),
        versions_diplome: lu.versions_diplome.into_iter().map(version_de_diplome).collect(),
        etapes: lu.etapes.into_iter().map(etape).collect(),
        versions_etape: lu.versions_etape.into_iter().map(version_d_etape).collect(),
        rattachements: lu.rattachements.into_iter().map(rattachement).collect(),
        listes: lu.listes.into_iter().map(liste).collect(),
        elements: lu.elements.into_iter().map(element).collect(),
        liens_etape: lu.liens_etape.into_iter().map(lien_etape).collect(),
        liens_liste: lu.liens_liste.into_iter().map(lien_liste).collect(),
        liens_element: lu.liens_element.into_iter().map(lien_element).collect(),
        heures,
        lues: lu.lues.iter().filter_map(|l| Some((champ(l.table)?, lues(l)))).collect(),
        rejets,
        conflits: lu.conflits.into_iter().map(conflit).collect(),
    }
}

/// The field of [`Structure`] that a table fills.
fn champ(table: &str) -> Option<&'static str> {
    Some(match table {
        "ANNEE_UNI" => "annees",
        "COMPOSANTE" => "composantes",
        "NATURE_ELP" => "natures",
        "DIPLOME" => "diplomes",
        "VERSION_DIPLOME" => "versions_diplome",
        "ETAPE" => "etapes",
        "VERSION_ETAPE" => "versions_etape",
        "VDI_FRACTIONNER_VET" => "rattachements",
        "LISTE_ELP" => "listes",
        "ELEMENT_PEDAGOGI" => "elements",
        "VET_REGROUPE_LSE" => "liens_etape",
        "LSE_REGROUPE_ELP" => "liens_liste",
        "ELP_REGROUPE_LSE" => "liens_element",
        "ELP_CHG_TYP_HEU" => "heures",
        _ => return None,
    })
}

fn lues(l: &extraction::Lue) -> Lues {
    Lues { lignes: l.lignes, repetees: l.identiques }
}

/// A label is never a reason to lose a row: the short one, else the code, stand for it.
fn libelle(long: Option<String>, court: Option<&String>, code: &str) -> String {
    long.or_else(|| court.cloned()).unwrap_or_else(|| code.to_owned())
}

fn annee_hors_calendrier(table: &str, annee: u16) -> Rejet {
    Rejet {
        table: table.to_owned(),
        ligne: 0,
        colonne: "COD_ANU".to_owned(),
        valeur: annee.to_string(),
        raison: "Ce n’est pas une année universitaire (1900 à 2199).".to_owned(),
        cle: String::new(),
    }
}

fn composante(l: tables::Composante) -> Composante {
    Composante {
        libelle: libelle(l.libelle, l.libelle_court.as_ref(), l.code.as_str()),
        code: l.code,
        en_service: l.en_service.unwrap_or(true),
    }
}

fn nature(l: tables::Nature) -> Nature {
    Nature {
        libelle: libelle(l.libelle, None, l.code.as_str()),
        code: l.code,
        fictive: l.fictive.unwrap_or(false),
    }
}

fn diplome(l: tables::Diplome) -> Diplome {
    Diplome {
        libelle: libelle(l.libelle, l.libelle_court.as_ref(), l.code.as_str()),
        code: l.code,
        libelle_court: l.libelle_court,
        cycle: l.cycle,
        type_diplome: l.type_diplome,
    }
}

fn version_de_diplome(l: tables::VersionDeDiplome) -> VersionDeDiplome {
    VersionDeDiplome {
        diplome: l.diplome,
        version: l.version,
        libelle: l.libelle_web.or(l.libelle_court),
        recrutement: Fenetre { debut: l.debut_recrutement, fin: l.fin_recrutement },
        validation: Fenetre { debut: l.debut_validation, fin: l.fin_validation },
        composante: l.composante,
    }
}

fn etape(l: tables::Etape) -> Etape {
    Etape {
        libelle: libelle(l.libelle, l.libelle_court.as_ref(), l.code.as_str()),
        code: l.code,
        libelle_court: l.libelle_court,
        cycle: l.cycle,
    }
}

fn version_d_etape(l: tables::VersionDEtape) -> VersionDEtape {
    VersionDEtape {
        etape: l.etape,
        version: l.version,
        libelle: l.libelle_web,
        composante: l.composante,
        a_distance: l.tele_enseignement.unwrap_or(false),
    }
}

fn rattachement(l: tables::Rattachement) -> Rattachement {
    Rattachement {
        diplome: l.diplome,
        version_diplome: l.version_diplome,
        etape: l.etape,
        version_etape: l.version_etape,
        recrutement: Fenetre { debut: l.debut_recrutement, fin: l.fin_recrutement },
        validation: Fenetre { debut: l.debut_validation, fin: l.fin_validation },
        rang: l.rang,
    }
}

fn liste(l: tables::Liste) -> Liste {
    Liste {
        libelle: libelle(l.libelle, l.libelle_court.as_ref(), l.code.as_str()),
        code: l.code,
        type_liste: l.type_liste,
        etat: l.etat,
    }
}

fn element(l: tables::Element) -> Element {
    Element {
        libelle: libelle(l.libelle, l.libelle_court.as_ref(), l.code.as_str()),
        code: l.code,
        libelle_court: l.libelle_court,
        nature: l.nature.unwrap_or_default(),
        composante: l.composante,
        periode: l.periode,
        ects: l.ects,
        volume: l.volume,
        unite_volume: l.unite_volume,
        etat: l.etat,
        suspendu: l.suspendu.unwrap_or(false),
        motif_suspension: l.motif_suspension,
    }
}

fn lien_etape(l: tables::LienEtapeListe) -> LienEtapeListe {
    LienEtapeListe {
        etape: l.etape,
        version: l.version,
        liste: l.liste,
        min: l.min,
        max: l.max,
        ferme_le: l.ferme_le,
    }
}

fn lien_liste(l: tables::LienListeElement) -> LienListeElement {
    LienListeElement { liste: l.liste, element: l.element }
}

fn lien_element(l: tables::LienElementListe) -> LienElementListe {
    LienElementListe {
        element: l.element,
        liste: l.liste,
        min: l.min,
        max: l.max,
        ordre: l.ordre,
        ferme_le: l.ferme_le,
    }
}

fn rejet(r: extraction::Rejet) -> Rejet {
    Rejet {
        table: r.table,
        ligne: r.ligne,
        colonne: r.colonne,
        valeur: r.valeur,
        raison: r.raison,
        cle: r.cle,
    }
}

fn conflit(c: extraction::Conflit) -> Conflit {
    Conflit {
        table: c.table,
        cle: c.cle,
        colonne: c.colonne,
        gardee: c.gardee,
        ecartee: c.ecartee,
        lignes: c.lignes,
    }
}
