/// A French commune.
#[derive(Debug)]
pub(in crate::world) struct Commune {
    /// Postcode.
    pub code_postal: &'static str,
    /// INSEE code.
    pub insee: &'static str,
    /// Name, upper case, as in Apogée.
    pub nom: &'static str,
    /// How often it is drawn.
    pub poids: u32,
}

const fn c(code_postal: &'static str, insee: &'static str, nom: &'static str, poids: u32) -> Commune {
    Commune { code_postal, insee, nom, poids }
}

/// Where the university is.
pub(in crate::world) const BESANCON: Commune = c("25000", "25056", "BESANCON", 30);

pub(in crate::world) const COMMUNES: &[Commune] = &[
    BESANCON,
    c("25200", "25388", "MONTBELIARD", 8),
    c("25300", "25462", "PONTARLIER", 5),
    c("90000", "90010", "BELFORT", 7),
    c("39100", "39198", "DOLE", 6),
    c("39000", "39300", "LONS LE SAUNIER", 5),
    c("70000", "70550", "VESOUL", 5),
    c("21000", "21231", "DIJON", 8),
    c("71000", "71270", "MACON", 2),
    c("58000", "58194", "NEVERS", 2),
    c("75013", "75113", "PARIS 13", 6),
    c("69003", "69383", "LYON 03", 6),
    c("13001", "13201", "MARSEILLE 01", 4),
    c("67000", "67482", "STRASBOURG", 5),
    c("68100", "68224", "MULHOUSE", 4),
    c("54000", "54395", "NANCY", 3),
    c("31000", "31555", "TOULOUSE", 4),
    c("44000", "44109", "NANTES", 3),
    c("35000", "35238", "RENNES", 3),
    c("59000", "59350", "LILLE", 4),
    c("33000", "33063", "BORDEAUX", 3),
    c("34000", "34172", "MONTPELLIER", 3),
    c("06000", "06088", "NICE", 3),
    c("20000", "2A004", "AJACCIO", 1),
    c("97300", "97302", "CAYENNE", 2),
    c("97400", "97411", "SAINT DENIS", 3),
    c("97200", "97209", "FORT DE FRANCE", 2),
    c("97110", "97120", "POINTE A PITRE", 2),
    c("98800", "98818", "NOUMEA", 2),
    c("98714", "98735", "PAPEETE", 1),
];

/// Label of a department, for those that the sandbox uses.
pub(in crate::world) fn departement(insee: &str) -> (String, String) {
    let code = match insee.get(..2) {
        Some("97" | "98") => insee.get(..3).unwrap_or(insee).to_owned(),
        Some(deux) => format!("0{deux}"),
        None => String::from("099"),
    };
    let libelle = match code.as_str() {
        "025" => "DOUBS",
        "039" => "JURA",
        "070" => "HAUTE-SAONE",
        "090" => "TERRITOIRE DE BELFORT",
        "021" => "COTE-D'OR",
        "071" => "SAONE-ET-LOIRE",
        "058" => "NIEVRE",
        "075" => "PARIS",
        "069" => "RHONE",
        "013" => "BOUCHES-DU-RHONE",
        "067" => "BAS-RHIN",
        "068" => "HAUT-RHIN",
        "054" => "MEURTHE-ET-MOSELLE",
        "031" => "HAUTE-GARONNE",
        "044" => "LOIRE-ATLANTIQUE",
        "035" => "ILLE-ET-VILAINE",
        "059" => "NORD",
        "033" => "GIRONDE",
        "034" => "HERAULT",
        "006" => "ALPES-MARITIMES",
        "02A" => "CORSE-DU-SUD",
        "973" => "GUYANE",
        "974" => "LA REUNION",
        "972" => "MARTINIQUE",
        "971" => "GUADELOUPE",
        "988" => "NOUVELLE-CALEDONIE",
        "987" => "POLYNESIE FRANCAISE",
        _ => "INCONNU",
    };
    (code, libelle.to_owned())
}

/// A foreign country, with its INSEE code as Apogée holds it.
#[derive(Debug)]
pub(in crate::world) struct Pays {
    /// COD_PAY.
    pub code: &'static str,
    /// LIB_PAY.
    pub nom: &'static str,
    /// LIB_NAT.
    pub nationalite: &'static str,
    /// A line « city » of an address there.
    pub ville: &'static str,
    /// A street there.
    pub rue: &'static str,
    /// How often it is drawn.
    pub poids: u32,
}

const fn p(
    code: &'static str,
    nom: &'static str,
    nationalite: &'static str,
    ville: &'static str,
    rue: &'static str,
    poids: u32,
) -> Pays {
    Pays { code, nom, nationalite, ville, rue, poids }
}

/// The neighbour.
pub(in crate::world) const SUISSE: Pays =
    p("140", "SUISSE", "SUISSE", "2300 LA CHAUX-DE-FONDS", "RUE DE LA SERRE", 8);

pub(in crate::world) const PAYS: &[Pays] = &[
    SUISSE,
    p("109", "ALLEMAGNE", "ALLEMAND(E)", "79098 FREIBURG", "SCHWARZWALDSTRASSE", 5),
    p("131", "BELGIQUE", "BELGE", "4000 LIEGE", "RUE SAINT-GILLES", 4),
    p("137", "LUXEMBOURG", "LUXEMBOURGEOIS(E)", "1219 LUXEMBOURG", "RUE BEAUMONT", 2),
    p("350", "MAROC", "MAROCAIN(E)", "10000 RABAT", "AVENUE MOHAMMED V", 6),
    p("352", "ALGERIE", "ALGERIEN(NE)", "16000 ALGER", "RUE DIDOUCHE MOURAD", 4),
    p("351", "TUNISIE", "TUNISIEN(NE)", "1000 TUNIS", "AVENUE HABIB BOURGUIBA", 4),
    p("341", "SENEGAL", "SENEGALAIS(E)", "DAKAR", "RUE MOUSSE DIOP", 4),
    p("326", "COTE D'IVOIRE", "IVOIRIEN(NE)", "ABIDJAN", "BOULEVARD LATRILLE", 3),
    p("322", "CAMEROUN", "CAMEROUNAIS(E)", "YAOUNDE", "AVENUE KENNEDY", 3),
    p("333", "MADAGASCAR", "MALGACHE", "ANTANANARIVO", "RUE RAINITOVO", 2),
    p("301", "EGYPTE", "EGYPTIEN(NE)", "LE CAIRE", "SHARIA TALAAT HARB", 2),
    p("205", "LIBAN", "LIBANAIS(E)", "BEYROUTH", "RUE MONNOT", 3),
    p("207", "ISRAEL", "ISRAELIEN(NE)", "TEL AVIV", "DIZENGOFF STREET", 1),
    p("243", "VIET NAM", "VIETNAMIEN(NE)", "HANOI", "PHO TRANG TIEN", 3),
    p("216", "CHINE", "CHINOIS(E)", "SHANGHAI 200031", "HUAIHAI ZHONG LU", 3),
    p("217", "JAPON", "JAPONAIS(E)", "TOKYO 162-0825", "KAGURAZAKA", 2),
    p("223", "INDE", "INDIEN(NE)", "PONDICHERY 605001", "RUE DUMAS", 2),
    p("404", "ETATS-UNIS", "AMERICAIN(E)", "PORTLAND, OR 97205", "SW TAYLOR STREET", 2),
    p("401", "CANADA", "CANADIEN(NE)", "MONTREAL QC H2J 2B3", "RUE RACHEL EST", 3),
    p("416", "BRESIL", "BRESILIEN(NE)", "SAO PAULO 01310-200", "AVENIDA PAULISTA", 2),
    p("134", "ESPAGNE", "ESPAGNOL(E)", "08002 BARCELONA", "CARRER DE FERRAN", 3),
    p("127", "ITALIE", "ITALIEN(NE)", "10123 TORINO", "VIA PO", 3),
    p("139", "PORTUGAL", "PORTUGAIS(E)", "1200-109 LISBOA", "RUA GARRETT", 2),
    p("132", "ROYAUME-UNI", "BRITANNIQUE", "LONDON SW7 2DG", "QUEENSBERRY PLACE", 3),
    p("122", "POLOGNE", "POLONAIS(E)", "30-059 KRAKOW", "ULICA REYMONTA", 2),
    p("208", "TURQUIE", "TURC(QUE)", "34433 ISTANBUL", "ISTIKLAL CADDESI", 2),
    p("501", "AUSTRALIE", "AUSTRALIEN(NE)", "SYDNEY NSW 2000", "KENT STREET", 1),
    p("247", "EMIRATS ARABES UNIS", "EMIRIEN(NE)", "DUBAI", "AL WASL ROAD", 1),
];

/// Streets.
pub(in crate::world) const VOIES: &[&str] = &[
    "RUE DES GRANGES",
    "AVENUE DE L OBSERVATOIRE",
    "RUE DE BELFORT",
    "GRANDE RUE",
    "RUE MEGEVAND",
    "CHEMIN DES VIGNES",
    "RUE DU GENERAL DE GAULLE",
    "AVENUE JEAN JAURES",
    "PLACE DE LA MAIRIE",
    "RUE VICTOR HUGO",
    "RUE PASTEUR",
    "BOULEVARD DIDEROT",
    "ALLEE DES TILLEULS",
    "IMPASSE DU MOULIN",
    "RUE DE LA REPUBLIQUE",
    "RUE DES ECOLES",
    "ROUTE DE DOLE",
    "QUAI VAUBAN",
    "RUE PROUDHON",
    "RUE DE L EGLISE",
    "CHEMIN DE LA CROIX",
    "RUE LOUIS PERGAUD",
    "RUE DES LILAS",
    "AVENUE FOCH",
];
