//! Questions a server asks of a world, each answered in the size of its result.

use kernel::AnneeUniversitaire;

use super::index::{Groups, Index};
use super::{
    Annee, Diplome, Element, ElpLse, EpreuveElement, Etape, EtatAnnee, Etudiant, Heure, InscriptionAnnuelle,
    InscriptionEtape, InscriptionPedagogique, Liste, LseElp, Maquette, ResultatElement, ResultatEtape,
    ResultatVdi, Service, VdiVet, VersionDiplomeRow, VersionEtapeRow, VetLse, World,
};

/// The rows of one key of a group, in table order.
fn rows<'w, T>(table: &'w [T], groups: &'w Groups, key: u32) -> impl Iterator<Item = &'w T> + Clone {
    groups.of(key).iter().filter_map(|row| table.get(*row as usize))
}

impl World {
    /// Rebuilds the lookups and moves the generation: the end of every change, for those who put rows in by hand too.
    pub fn touch(&mut self) {
        let mut index = Index::default();
        index.of_offer(self);
        // The lookups of people go through those of the offer.
        self.index = index.clone();
        index.of_people(self);
        self.index = index;
        self.generation += 1;
    }

    /// The year in state `O`.
    #[must_use]
    pub fn annee_courante(&self) -> Option<AnneeUniversitaire> {
        let ouverte = |a: &&Annee| a.etat_iae == EtatAnnee::Ouverte;
        self.annees.iter().find(ouverte).map(|a| a.annee)
    }

    /// A student by number (COD_ETU), with their position.
    #[must_use]
    pub fn etudiant(&self, numero: &str) -> Option<(u32, &Etudiant)> {
        let at = *self.index.etudiant_numero.get(numero)?;
        Some((at, self.etudiants.get(at as usize)?))
    }

    /// A student by INE, 11 characters in upper case.
    #[must_use]
    pub fn etudiant_par_ine(&self, ine: &str) -> Option<(u32, &Etudiant)> {
        let at = *self.index.etudiant_ine.get(ine)?;
        Some((at, self.etudiants.get(at as usize)?))
    }

    /// A student by COD_IND.
    #[must_use]
    pub fn etudiant_par_ind(&self, cod_ind: u32) -> Option<(u32, &Etudiant)> {
        let at = *self.index.etudiant_ind.get(&cod_ind)?;
        Some((at, self.etudiants.get(at as usize)?))
    }

    /// A diploma by code.
    #[must_use]
    pub fn diplome(&self, code: &str) -> Option<&Diplome> {
        self.diplomes.get(*self.index.diplome.get(code)? as usize)
    }

    /// The versions of a diploma.
    pub fn versions_de(&self, diplome: &str) -> impl Iterator<Item = &VersionDiplomeRow> + Clone {
        let key = self.index.diplome.get(diplome).copied().unwrap_or(u32::MAX);
        rows(&self.versions_diplome, &self.index.vdi_by_diplome, key)
    }

    /// One version of a diploma.
    #[must_use]
    pub fn vdi(&self, diplome: &str, version: &str) -> Option<&VersionDiplomeRow> {
        self.versions_de(diplome).find(|v| v.version.0 == version)
    }

    /// An étape by code.
    #[must_use]
    pub fn etape(&self, code: &str) -> Option<&Etape> {
        self.etapes.get(*self.index.etape.get(code)? as usize)
    }

    /// The versions of an étape, with their positions.
    pub fn vets_de(&self, etape: &str) -> impl Iterator<Item = (u32, &VersionEtapeRow)> + Clone {
        let key = self.index.etape.get(etape).copied().unwrap_or(u32::MAX);
        self.index
            .vet_by_etape
            .of(key)
            .iter()
            .filter_map(|at| Some((*at, self.versions_etape.get(*at as usize)?)))
    }

    /// Position of a VET in [`World::versions_etape`].
    #[must_use]
    pub fn vet_position(&self, etape: &str, version: &str) -> Option<u32> {
        self.vets_de(etape).find(|(_, v)| v.version.0 == version).map(|(at, _)| at)
    }

    /// A VET by its two codes.
    #[must_use]
    pub fn vet(&self, etape: &str, version: &str) -> Option<&VersionEtapeRow> {
        self.vets_de(etape).find(|(_, v)| v.version.0 == version).map(|(_, v)| v)
    }

    /// An element by code, with its position.
    #[must_use]
    pub fn element(&self, code: &str) -> Option<(u32, &Element)> {
        let at = *self.index.element.get(code)?;
        Some((at, self.elements.get(at as usize)?))
    }

    /// A list by code, with its position.
    #[must_use]
    pub fn liste(&self, code: &str) -> Option<(u32, &Liste)> {
        let at = *self.index.liste.get(code)?;
        Some((at, self.listes.get(at as usize)?))
    }

    /// The diplomas that a VET belongs to: none, one or several.
    pub fn vdi_vet_of_vet(&self, vet: u32) -> impl Iterator<Item = &VdiVet> + Clone {
        rows(&self.vdi_vet, &self.index.vdi_vet_by_vet, vet)
    }

    /// The VETs of all versions of a diploma.
    pub fn vdi_vet_of_diplome(&self, diplome: &str) -> impl Iterator<Item = &VdiVet> + Clone {
        let key = self.index.diplome.get(diplome).copied().unwrap_or(u32::MAX);
        rows(&self.vdi_vet, &self.index.vdi_vet_by_diplome, key)
    }

    /// The links of a VET to its lists, closed ones included.
    pub fn vet_lse_of(&self, vet: u32) -> impl Iterator<Item = &VetLse> + Clone {
        rows(&self.vet_lse, &self.index.vet_lse_by_vet, vet)
    }

    /// The links by which a list hangs under VETs.
    pub fn vet_lse_of_liste(&self, liste: u32) -> impl Iterator<Item = &VetLse> + Clone {
        rows(&self.vet_lse, &self.index.vet_lse_by_liste, liste)
    }

    /// The content of a list.
    pub fn lse_elp_of(&self, liste: u32) -> impl Iterator<Item = &LseElp> + Clone {
        rows(&self.lse_elp, &self.index.lse_elp_by_liste, liste)
    }

    /// The lists that hold an element.
    pub fn lse_elp_of_element(&self, element: u32) -> impl Iterator<Item = &LseElp> + Clone {
        rows(&self.lse_elp, &self.index.lse_elp_by_element, element)
    }

    /// The lists below an element, closed links included.
    pub fn elp_lse_of(&self, element: u32) -> impl Iterator<Item = &ElpLse> + Clone {
        rows(&self.elp_lse, &self.index.elp_lse_by_element, element)
    }

    /// The links by which a list hangs under elements.
    pub fn elp_lse_of_liste(&self, liste: u32) -> impl Iterator<Item = &ElpLse> + Clone {
        rows(&self.elp_lse, &self.index.elp_lse_by_liste, liste)
    }

    /// The hours of an element, every year and type.
    pub fn heures_of(&self, element: u32) -> impl Iterator<Item = &Heure> + Clone {
        rows(&self.heures, &self.index.heure_by_element, element)
    }

    /// The papers of an element.
    pub fn epreuves_of(&self, element: u32) -> impl Iterator<Item = &EpreuveElement> + Clone {
        rows(&self.epreuves_elements, &self.index.epreuve_by_element, element)
    }

    /// A paper by code.
    #[must_use]
    pub fn epreuve(&self, code: &str) -> Option<&super::Epreuve> {
        self.epreuves.get(*self.index.epreuve.get(code)? as usize)
    }

    /// The yearly registrations of a student.
    pub fn iaa_of(&self, etudiant: u32) -> impl Iterator<Item = &InscriptionAnnuelle> + Clone {
        rows(&self.ia_annuelles, &self.index.iaa_by_etudiant, etudiant)
    }

    /// The étape registrations of a student, all years and states.
    pub fn iae_of(&self, etudiant: u32) -> impl Iterator<Item = &InscriptionEtape> + Clone {
        rows(&self.ia_etapes, &self.index.iae_by_etudiant, etudiant)
    }

    /// The registrations to a VET, all years and states.
    pub fn iae_of_vet(&self, vet: u32) -> impl Iterator<Item = &InscriptionEtape> + Clone {
        rows(&self.ia_etapes, &self.index.iae_by_vet, vet)
    }

    /// The pedagogical registrations of a student, in tree order within each étape and year.
    pub fn ip_of(&self, etudiant: u32) -> impl Iterator<Item = &InscriptionPedagogique> + Clone {
        rows(&self.ip, &self.index.ip_by_etudiant, etudiant)
    }

    /// Who takes an element, all years.
    pub fn ip_of_element(&self, element: u32) -> impl Iterator<Item = &InscriptionPedagogique> + Clone {
        rows(&self.ip, &self.index.ip_by_element, element)
    }

    /// The results by element of a student.
    pub fn resultats_elements_of(&self, etudiant: u32) -> impl Iterator<Item = &ResultatElement> + Clone {
        rows(&self.resultats_elements, &self.index.resultat_elp_by_etudiant, etudiant)
    }

    /// The results by étape of a student.
    pub fn resultats_etapes_of(&self, etudiant: u32) -> impl Iterator<Item = &ResultatEtape> + Clone {
        rows(&self.resultats_etapes, &self.index.resultat_vet_by_etudiant, etudiant)
    }

    /// The diplomas of a student.
    pub fn resultats_vdi_of(&self, etudiant: u32) -> impl Iterator<Item = &ResultatVdi> + Clone {
        rows(&self.resultats_vdi, &self.index.resultat_vdi_by_etudiant, etudiant)
    }

    /// The hours that a teacher declared, all years.
    pub fn services_of(&self, enseignant: &str) -> impl Iterator<Item = &Service> + Clone {
        let found = self.index.service_by_enseignant.get(enseignant).map(Vec::as_slice).unwrap_or_default();
        found.iter().filter_map(|row| self.services.get(*row as usize))
    }

    /// A design of Kofr by its first year.
    #[must_use]
    pub fn maquette(&self, annee_debut: u16) -> Option<&Maquette> {
        self.maquettes.iter().find(|m| m.annee_debut == annee_debut)
    }
}
