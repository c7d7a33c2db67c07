/// What kind of object a row of the truth table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objet {
    /// A diploma with its version: codes are written `COD_DIP/COD_VRS_VDI`.
    Diplome,
    /// An étape with its version: codes are written `COD_ETP/COD_VRS_VET`.
    Etape,
    /// An element: codes are COD_ELP.
    Element,
}

/// What the change of accreditation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NatureDevenir {
    /// The same thing under another code or version.
    Conserve,
    /// Another label.
    Renomme,
    /// Other credits.
    EctsModifies,
    /// Other hours.
    HeuresModifiees,
    /// Another semester.
    Deplace,
    /// One became several.
    Scinde,
    /// Several became one.
    Fusionne,
    /// No longer offered.
    Supprime,
    /// Did not exist.
    Nouveau,
}

/// A row of the truth table of the change of accreditation: what became of what. The suite never reads it: tests compare what it
/// finds with this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Devenir {
    /// What it is about.
    pub objet: Objet,
    /// What happened.
    pub nature: NatureDevenir,
    /// Kofr's identifiers before.
    pub anciens_kofr: Vec<String>,
    /// Kofr's identifiers after.
    pub nouveaux_kofr: Vec<String>,
    /// Apogée's codes before.
    pub anciens: Vec<String>,
    /// Apogée's codes after: empty until the new accreditation is poured.
    pub nouveaux: Vec<String>,
}
