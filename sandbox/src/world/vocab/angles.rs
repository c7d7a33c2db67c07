/// The way a family of disciplines cuts a subject into courses.
#[derive(Clone, Copy, Debug)]
pub(in crate::world) enum Famille {
    Juridique,
    Litteraire,
    Langues,
    Humaines,
    Sciences,
    Economie,
}

const JURIDIQUE: &[&str] = &[
    "notions fondamentales",
    "sources et principes",
    "théorie générale",
    "régime juridique",
    "contentieux",
    "jurisprudence commentée",
    "cas pratiques",
    "approche comparée",
    "réformes récentes",
    "perspective européenne",
    "pratique des actes",
    "dissertation et commentaire",
    "acteurs et institutions",
    "sanctions et garanties",
];
const LITTERAIRE: &[&str] = &[
    "auteurs et œuvres",
    "genres et formes",
    "lecture critique",
    "histoire des idées",
    "étude de textes",
    "écriture et atelier",
    "esthétique",
    "réception",
    "poétique",
    "commentaire composé",
    "corpus et méthodes",
    "approches contemporaines",
    "édition et transmission",
    "dissertation",
];
const LANGUES: &[&str] = &[
    "version",
    "thème",
    "grammaire appliquée",
    "phonétique",
    "compréhension orale",
    "expression écrite",
    "presse et médias",
    "étude de documents",
    "laboratoire",
    "cinéma et société",
    "culture et institutions",
    "traduction littéraire",
    "linguistique",
    "expression orale",
];
const HUMAINES: &[&str] = &[
    "concepts et auteurs",
    "introduction",
    "enquête de terrain",
    "méthodes qualitatives",
    "méthodes quantitatives",
    "études de cas",
    "débats contemporains",
    "histoire de la discipline",
    "lecture de textes",
    "travaux dirigés",
    "commentaire de documents",
    "approche critique",
    "recherche documentaire",
    "applications",
];
const SCIENCES: &[&str] = &[
    "cours",
    "exercices et problèmes",
    "travaux pratiques",
    "modélisation",
    "méthodes numériques",
    "fondements",
    "compléments",
    "applications",
    "projet",
    "simulation",
    "théorie",
    "outils logiciels",
    "mise à niveau",
    "approfondissement",
];
const ECONOMIE: &[&str] = &[
    "principes",
    "outils d'analyse",
    "études de cas",
    "politiques publiques",
    "approche internationale",
    "décision et stratégie",
    "exercices corrigés",
    "données et tableurs",
    "théories",
    "mise en situation",
    "environnement de l'entreprise",
    "enjeux contemporains",
    "diagnostic",
    "synthèse",
];

/// The angles of a family.
pub(in crate::world) fn angles(famille: Famille) -> &'static [&'static str] {
    match famille {
        Famille::Juridique => JURIDIQUE,
        Famille::Litteraire => LITTERAIRE,
        Famille::Langues => LANGUES,
        Famille::Humaines => HUMAINES,
        Famille::Sciences => SCIENCES,
        Famille::Economie => ECONOMIE,
    }
}
