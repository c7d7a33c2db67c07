/// Languages offered to everyone.
pub(in crate::world) const LANGUES: &[&str] = &["Anglais", "Allemand", "Espagnol"];

/// Digital skills, by semester.
pub(in crate::world) const NUMERIQUE: &[&str] = &[
    "Compétences numériques : environnement de travail",
    "Compétences numériques : recherche d'information",
    "Compétences numériques : tableur et données",
    "Compétences numériques : documents longs",
    "Compétences numériques : travail collaboratif",
    "Compétences numériques : certification Pix",
    "Outils numériques de la recherche",
    "Gestion de références bibliographiques",
    "Données ouvertes et science ouverte",
    "Diffusion des travaux de recherche",
];

/// Career guidance, by semester.
pub(in crate::world) const PROJET: &[&str] = &[
    "Méthodologie du travail universitaire",
    "Projet professionnel personnalisé",
    "Connaissance des métiers",
    "Techniques de recherche d'emploi",
    "Projet tutoré",
    "Stage et rapport de stage",
    "Méthodologie de la recherche",
    "Séminaire de recherche",
    "Communication scientifique",
    "Mémoire et soutenance",
];

/// Aims of a programme; `{}` is the discipline.
pub(in crate::world) const OBJECTIFS: &[&str] = &[
    "Acquérir à distance les bases solides et les méthodes de la discipline : {}.",
    "Former des généralistes autonomes, capables d'analyser, de rédiger et d'argumenter en {}.",
    "Préparer à la poursuite d'études et aux concours, avec un accompagnement à distance en {}.",
    "Permettre à des publics en emploi ou éloignés d'obtenir un diplôme national en {}.",
];

/// Careers.
pub(in crate::world) const DEBOUCHES: &[&str] = &[
    "Enseignement, fonction publique, poursuite d'études en master.",
    "Métiers de l'administration, des associations et des collectivités.",
    "Cadres intermédiaires des entreprises, chargés d'études, consultants.",
    "Recherche, ingénierie, formation, médiation scientifique et culturelle.",
];

/// Beginnings of titles for reading lists; the subject follows.
pub(in crate::world) const OUVRAGES: &[&str] =
    &["Manuel de", "Introduction à l'étude :", "Précis :", "Leçons choisies :", "Exercices commentés :"];
