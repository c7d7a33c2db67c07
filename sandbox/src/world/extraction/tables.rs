//! The columns of each table, in CONTRACT order, as a site's SQL script selects them.

use super::super::World;
use super::csv::Csv;

/// A name and what writes it.
type Table = (&'static str, fn(&World) -> Vec<u8>);

/// Every table, needed ones first.
pub(super) const TABLES: [Table; 20] = [
    ("ANNEE_UNI", annee_uni),
    ("DIPLOME", diplome),
    ("VERSION_DIPLOME", version_diplome),
    ("ETAPE", etape),
    ("VERSION_ETAPE", version_etape),
    ("VDI_FRACTIONNER_VET", vdi_fractionner_vet),
    ("LISTE_ELP", liste_elp),
    ("ELEMENT_PEDAGOGI", element_pedagogi),
    ("NATURE_ELP", nature_elp),
    ("VET_REGROUPE_LSE", vet_regroupe_lse),
    ("LSE_REGROUPE_ELP", lse_regroupe_elp),
    ("ELP_REGROUPE_LSE", elp_regroupe_lse),
    ("COMPOSANTE", composante),
    ("PERIODE_ELP", periode_elp),
    ("ELP_CHG_TYP_HEU", elp_chg_typ_heu),
    ("ELP_CORRESPOND_ELP", elp_correspond_elp),
    ("ELP_PORTEUR_PORTE", elp_porteur_porte),
    ("EPREUVE", epreuve),
    ("EPR_SANCTIONNE_ELP", epr_sanctionne_elp),
    ("SIGNATAIRE", signataire),
];

fn annee_uni(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_ANU LIB_ANU LIC_ANU ETA_ANU_IAE ETA_ANU_IPE ETA_ANU_RES");
    for r in &w.annees {
        t.number(r.annee);
        t.text(&format!("Année universitaire {}", r.annee.libelle()));
        t.text(&r.annee.libelle());
        t.text(r.etat_iae.lettre());
        t.text(r.etat_ipe.lettre());
        t.text(r.etat_res.lettre());
        t.end();
    }
    t.finish()
}

fn diplome(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_DIP LIB_DIP LIC_DIP COD_CYC COD_TPD_ETB COD_NDI");
    for r in &w.diplomes {
        t.text(r.code.as_str());
        t.text(&r.libelle);
        t.text(&r.libelle_court);
        t.number(r.cycle);
        t.text(&r.type_diplome);
        t.text(&r.nature);
        t.end();
    }
    t.finish()
}

fn version_diplome(w: &World) -> Vec<u8> {
    let mut t = Csv::new(
        "COD_DIP COD_VRS_VDI LIC_VDI LIB_WEB_VDI DAA_DEB_RCT_VDI DAA_FIN_RCT_VDI DAA_DEB_VAL_VDI DAA_FIN_VAL_VDI COD_CMP",
    );
    for r in &w.versions_diplome {
        t.text(r.diplome.as_str());
        t.text(r.version.as_str());
        t.text(&r.libelle_court);
        t.text(&r.libelle_web);
        t.number(r.recrutement_debut);
        t.number(r.recrutement_fin);
        t.number(r.validation_debut);
        t.number(r.validation_fin);
        t.text(r.composante.as_str());
        t.end();
    }
    t.finish()
}

fn etape(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_ETP LIB_ETP LIC_ETP COD_CYC COD_CUR");
    for r in &w.etapes {
        t.text(r.code.as_str());
        t.text(&r.libelle);
        t.text(&r.libelle_court);
        t.number(r.cycle);
        t.option(r.cursus.as_deref());
        t.end();
    }
    t.finish()
}

fn version_etape(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_ETP COD_VRS_VET LIB_WEB_VET LIB_CMT_VET COD_CMP COD_DUE TEM_TLS_VET");
    for r in &w.versions_etape {
        t.text(r.etape.as_str());
        t.text(r.version.as_str());
        t.text(&r.libelle_web);
        t.option(r.commentaire.as_deref());
        t.text(r.composante.as_str());
        t.text(&r.duree);
        t.witness(r.tele_enseignement);
        t.end();
    }
    t.finish()
}

fn vdi_fractionner_vet(w: &World) -> Vec<u8> {
    let mut t = Csv::new(
        "COD_DIP COD_VRS_VDI COD_ETP COD_VRS_VET DAA_DEB_RCT_VET DAA_FIN_RCT_VET DAA_DEB_VAL_VET DAA_FIN_VAL_VET COD_SIS_DAA_MIN",
    );
    for r in &w.vdi_vet {
        t.text(r.diplome.as_str());
        t.text(r.version_diplome.as_str());
        t.text(r.etape.as_str());
        t.text(r.version_etape.as_str());
        t.number(r.recrutement_debut);
        t.number(r.recrutement_fin);
        t.number(r.validation_debut);
        t.number(r.validation_fin);
        t.number(r.rang);
        t.end();
    }
    t.finish()
}

fn liste_elp(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_LSE COD_TYP_LSE ETA_LSE LIC_LSE LIB_LSE");
    for r in &w.listes {
        t.text(r.code.as_str());
        t.text(r.type_liste.lettre());
        t.text(if r.ouverte { "O" } else { "F" });
        t.text(&r.libelle_court);
        t.text(&r.libelle);
        t.end();
    }
    t.finish()
}

fn element_pedagogi(w: &World) -> Vec<u8> {
    let mut t = Csv::new(
        "COD_ELP LIB_ELP LIC_ELP COD_NEL COD_CMP COD_PEL NBR_CRD_ELP NBR_VOL_ELP COD_VOL_ELP ETA_ELP TEM_SUS_ELP LIB_SUS_ELP \
         TEM_A_DIS_ELP DAT_CRE_ELP DAT_MOD_ELP",
    );
    for r in &w.elements {
        t.text(r.code.as_str());
        t.text(&r.libelle);
        t.text(&r.libelle_court);
        t.text(r.nature.as_str());
        t.text(r.composante.as_str());
        t.option(r.periode.as_deref());
        t.centi(r.ects);
        t.centi(r.volume);
        t.option(r.unite_volume.as_deref());
        t.text(if r.ouvert { "O" } else { "F" });
        t.witness(r.suspendu);
        t.option(r.motif_suspension.as_deref());
        t.witness(r.a_distance);
        t.day(Some(r.cree_le));
        t.day(r.modifie_le);
        t.end();
    }
    t.finish()
}

fn nature_elp(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_NEL LIB_NEL LIC_NEL TEM_EN_SVE_NEL TEM_FICTIF");
    for r in &w.natures {
        t.text(r.code.as_str());
        t.text(&r.libelle);
        t.text(&r.libelle_court);
        t.witness(r.en_service);
        t.witness(r.fictif);
        t.end();
    }
    t.finish()
}

fn vet_regroupe_lse(w: &World) -> Vec<u8> {
    let mut t = Csv::new(
        "COD_ETP COD_VRS_VET COD_LSE NBR_MIN_ELP_OBL_CHX_VET NBR_MAX_ELP_OBL_CHX_VET DAT_CRE_REL_LSE_VET DAT_FRM_REL_LSE_VET",
    );
    for r in &w.vet_lse {
        t.text(r.etape.as_str());
        t.text(r.version.as_str());
        t.text(r.liste.as_str());
        t.bound(r.min);
        t.bound(r.max);
        t.day(Some(r.cree_le));
        t.day(r.ferme_le);
        t.end();
    }
    t.finish()
}

fn lse_regroupe_elp(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_LSE COD_ELP");
    for r in &w.lse_elp {
        t.text(r.liste.as_str());
        t.text(r.element.as_str());
        t.end();
    }
    t.finish()
}

fn elp_regroupe_lse(w: &World) -> Vec<u8> {
    let mut t = Csv::new(
        "COD_ELP COD_LSE NBR_MIN_ELP_OBL_CHX NBR_MAX_ELP_OBL_CHX NUM_ORD_ERL DAT_CRE_REL_LSE_ELP DAT_FRM_REL_LSE_ELP",
    );
    for r in &w.elp_lse {
        t.text(r.element.as_str());
        t.text(r.liste.as_str());
        t.bound(r.min);
        t.bound(r.max);
        t.number(r.ordre);
        t.day(Some(r.cree_le));
        t.day(r.ferme_le);
        t.end();
    }
    t.finish()
}

fn composante(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_CMP LIB_CMP LIC_CMP LIB_WEB_CMP COD_TPC TEM_EN_SVE_CMP");
    for r in &w.composantes {
        t.text(r.code.as_str());
        t.text(&r.libelle);
        t.text(&r.libelle_court);
        t.text(&r.libelle_web);
        t.text(&r.type_code);
        t.witness(r.en_service);
        t.end();
    }
    t.finish()
}

fn periode_elp(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_PEL LIB_PEL LIC_PEL TEM_EN_SVE_PEL");
    for r in &w.periodes {
        t.text(&r.code);
        t.text(&r.libelle);
        t.text(&r.libelle_court);
        t.witness(r.en_service);
        t.end();
    }
    t.finish()
}

fn elp_chg_typ_heu(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_ANU COD_ELP COD_TYP_HEU NBR_HEU_ELP");
    for r in &w.heures {
        t.number(r.annee);
        t.text(r.element.as_str());
        t.text(r.type_heure.code());
        t.centi(Some(r.heures));
        t.end();
    }
    t.finish()
}

fn elp_correspond_elp(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_ELP_S1 COD_ELP_C DAT_CRE_LCC");
    for r in &w.correspondances {
        t.text(r.source.as_str());
        t.text(r.cible.as_str());
        t.day(Some(r.cree_le));
        t.end();
    }
    t.finish()
}

fn elp_porteur_porte(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_ANU COD_ELP_PORTEUR COD_ELP_PORTE");
    for r in &w.portages {
        t.number(r.annee);
        t.text(r.porteur.as_str());
        t.text(r.porte.as_str());
        t.end();
    }
    t.finish()
}

fn epreuve(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_EPR LIB_EPR LIC_EPR COD_NEP COD_TEP");
    for r in &w.epreuves {
        t.text(&r.code);
        t.text(&r.libelle);
        t.text(&r.libelle_court);
        t.text(&r.nature);
        t.text(&r.type_epreuve);
        t.end();
    }
    t.finish()
}

fn epr_sanctionne_elp(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_ELP COD_EPR COD_SES TEM_SUS_EPR_SES");
    for r in &w.epreuves_elements {
        t.text(r.element.as_str());
        t.text(&r.epreuve);
        t.number(r.session);
        t.witness(r.suspendue);
        t.end();
    }
    t.finish()
}

fn signataire(w: &World) -> Vec<u8> {
    let mut t = Csv::new("COD_SIG NOM_SIG QUA_SIG TEM_EN_SVE_SIG");
    for r in &w.signataires {
        t.text(&r.code);
        t.text(&r.nom);
        t.text(&r.qualite);
        t.witness(r.en_service);
        t.end();
    }
    t.finish()
}
