//! Planned épreuves, as `recupererEpreuves` returns them.

use crate::wire::dto::dto;

dto! {
    /// The épreuves of a year.
    EpreuvesDTO ("recupererepreuves.offreformation") {
        "annee" annee: Text,
        "periodeExamen" periode_examen: One<PeriodeExaDTO3>,
    }

    /// An exam period with its calendars.
    PeriodeExaDTO3 ("pedagogique") {
        "codPeriode" cod_periode: Text,
        "dateDebutPeriode" date_debut_periode: Text,
        "dateFinPeriode" date_fin_periode: Text,
        "libPeriode" lib_periode: Text,
        "listCalendriersExamen" list_calendriers_examen: Items<CalendrierExamenDTO2>("TableauCalendrierExamenDTO2"),
    }

    /// An exam calendar with its épreuves.
    CalendrierExamenDTO2 ("pedagogique") {
        "codCalendrier" cod_calendrier: Text,
        "libCalendrier" lib_calendrier: Text,
        "listEpreuves" list_epreuves: Items<EpreuveDTO5>("tableauEpreuveDTO5"),
    }

    /// A planned épreuve.
    EpreuveDTO5 ("pedagogique") {
        "codEpreuve" cod_epreuve: Text,
        "descDocsAuto" desc_docs_auto: Text,
        "duree" duree: Text,
        "libCourtEpreuve" lib_court_epreuve: Text,
        "libLongEpreuve" lib_long_epreuve: Text,
        "nbEtuInscrits" nb_etu_inscrits: Text,
        "listCaracTech" list_carac_tech: Items<CaracTechDTO>("TableauCaracTechDTO"),
        "listEnsResp" list_ens_resp: Items<PersonnelDTO3>("TableauPersonnelDTO3"),
        "listSalles" list_salles: Items<SalleDTO2>("TableauSalleDTO2"),
        "typeExercice" type_exercice: Text,
        "temIEWeb" tem_ie_web: Text,
    }

    /// A technical feature.
    CaracTechDTO ("pedagogique") {
        "code" code: Text,
        "libelle" libelle: Text,
    }

    /// A member of staff.
    PersonnelDTO3 ("administratif") {
        "civilite" civilite: Text,
        "code" code: Text,
        "nom" nom: Text,
        "prenom" prenom: Text,
    }

    /// A room in which an épreuve is sat.
    SalleDTO2 ("pedagogique") {
        "codBat" cod_bat: Text,
        "codSalle" cod_salle: Text,
        "codTypeSalle" cod_type_salle: Text,
        "dateExamen" date_examen: Text,
        "heureDebut" heure_debut: Text,
        "libBat" lib_bat: Text,
        "libSalle" lib_salle: Text,
        "libType" lib_type: Text,
        "listCaracTechSalle" list_carac_tech_salle: Items<CaracTechDTO>("TableauCaracTechDTO"),
        "listEnsAff" list_ens_aff: Items<PersonnelDTO3>("TableauPersonnelDTO3"),
        "localisationBat" localisation_bat: Text,
        "capaciteEns" capacite_ens: Text,
        "nbEtuAffecte" nb_etu_affecte: Text,
        "capaciteExa" capacite_exa: Text,
        "nbPlacesLibre" nb_places_libre: Text,
        "temHandicap" tem_handicap: Text,
        "numTelProche" num_tel_proche: Text,
        "numEtage" num_etage: Text,
        "numDepartPlaces" num_depart_places: Text,
    }
}
