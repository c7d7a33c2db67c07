//! Countries: Apogée codes them as INSEE does (Code officiel géographique), the bank as ISO 3166-1 does, in figures.

/// Country of INSEE, country of ISO 3166-1, in the order of the first. What INSEE gathers under one code and ISO does not is the state on
/// which it depends, or the only part of it where people live; a state that is no more is the one that followed it, when there is one.
/// Overseas France has no country in the COG: its départements and collectivities are here under their own numbers.
///
/// Not here, because ISO has nothing that could be said of them: Kosovo (157), Tchécoslovaquie (115), Corée before it was two (237).
#[rustfmt::skip]
const PAYS: &[(u16, u16)] = &[
    (100, 250), // France
    (101, 208), // Danemark
    (102, 352), // Islande
    (103, 578), // Norvège
    (104, 752), // Suède
    (105, 246), // Finlande
    (106, 233), // Estonie
    (107, 428), // Lettonie
    (108, 440), // Lituanie
    (109, 276), // Allemagne
    (110, 40), // Autriche
    (111, 100), // Bulgarie
    (112, 348), // Hongrie
    (113, 438), // Liechtenstein
    (114, 642), // Roumanie
    (116, 203), // Tchéquie
    (117, 703), // Slovaquie
    (118, 70), // Bosnie-Herzégovine
    (119, 191), // Croatie
    (120, 499), // Monténégro
    (121, 688), // Serbie
    (122, 616), // Pologne
    (123, 643), // Russie
    (124, 792), // Turquie d’Europe
    (125, 8), // Albanie
    (126, 300), // Grèce
    (127, 380), // Italie
    (128, 674), // Saint-Marin
    (129, 336), // Vatican
    (130, 20), // Andorre
    (131, 56), // Belgique
    (132, 826), // Royaume-Uni
    (133, 292), // Gibraltar
    (134, 724), // Espagne
    (135, 528), // Pays-Bas
    (136, 372), // Irlande
    (137, 442), // Luxembourg
    (138, 492), // Monaco
    (139, 620), // Portugal
    (140, 756), // Suisse
    (141, 276), // Allemagne de l’Est
    (142, 276), // Allemagne de l’Ouest
    (143, 196), // Chypre, avant 1994
    (144, 470), // Malte
    (145, 705), // Slovénie
    (148, 112), // Biélorussie
    (151, 498), // Moldavie
    (155, 804), // Ukraine
    (156, 807), // Macédoine du Nord
    (158, 234), // Féroé
    (159, 744), // Svalbard et Jan Mayen
    (160, 248), // Åland
    (161, 826), // Man, Jersey, Guernesey
    (162, 724), // Île des Faisans
    (201, 682), // Arabie saoudite
    (202, 887), // Yémen du Nord
    (203, 368), // Irak
    (204, 364), // Iran
    (205, 422), // Liban
    (206, 760), // Syrie
    (207, 376), // Israël
    (208, 792), // Turquie
    (209, 643), // Sibérie
    (210, 643), // Turkestan russe
    (211, 643), // Kamtchatka
    (212, 4), // Afghanistan
    (213, 586), // Pakistan
    (214, 64), // Bhoutan
    (215, 524), // Népal
    (216, 156), // Chine
    (217, 392), // Japon
    (218, 156), // Mandchoukouo
    (219, 764), // Thaïlande
    (220, 608), // Philippines
    (221, 784), // États de la Trêve
    (222, 400), // Jordanie
    (223, 356), // Inde
    (224, 104), // Birmanie
    (225, 96), // Brunei
    (226, 702), // Singapour
    (227, 458), // Malaisie
    (228, 458), // États malais non fédérés
    (229, 462), // Maldives
    (230, 344), // Hong Kong
    (231, 360), // Indonésie
    (232, 446), // Macao
    (233, 887), // Yémen du Sud
    (234, 116), // Cambodge
    (235, 144), // Sri Lanka
    (236, 158), // Taïwan
    (238, 408), // Corée du Nord
    (239, 410), // Corée du Sud
    (240, 414), // Koweït
    (241, 418), // Laos
    (242, 496), // Mongolie
    (243, 704), // Vietnam
    (244, 704), // Vietnam du Nord
    (245, 704), // Vietnam du Sud
    (246, 50), // Bangladesh
    (247, 784), // Émirats arabes unis
    (248, 634), // Qatar
    (249, 48), // Bahreïn
    (250, 512), // Oman
    (251, 887), // Yémen
    (252, 51), // Arménie
    (253, 31), // Azerbaïdjan
    (254, 196), // Chypre
    (255, 268), // Géorgie
    (256, 398), // Kazakhstan
    (257, 417), // Kirghizstan
    (258, 860), // Ouzbékistan
    (259, 762), // Tadjikistan
    (260, 795), // Turkménistan
    (261, 275), // Palestine
    (262, 626), // Timor oriental
    (263, 887), // Arabie du Sud
    (264, 360), // Nouvelle-Guinée néerlandaise
    (265, 36), // Territoires australiens de l’océan Indien
    (301, 818), // Égypte
    (302, 430), // Libéria
    (303, 710), // Afrique du Sud
    (304, 270), // Gambie
    (305, 120), // Cameroun britannique
    (306, 654), // Sainte-Hélène, Ascension, Tristan da Cunha
    (307, 404), // Kenya, avant 1963
    (308, 86), // Territoire britannique de l’océan Indien
    (309, 834), // Tanzanie
    (310, 716), // Zimbabwe
    (311, 516), // Namibie
    (312, 180), // République démocratique du Congo
    (313, 724), // Ceuta, Melilla, Canaries
    (314, 226), // Guinée équatoriale
    (315, 231), // Éthiopie
    (316, 434), // Libye
    (317, 232), // Érythrée
    (318, 706), // Somalie
    (319, 620), // Açores, Madère
    (320, 508), // Mozambique, avant 1975
    (321, 108), // Burundi
    (322, 120), // Cameroun
    (323, 140), // Centrafrique
    (324, 178), // Congo
    (325, 504), // Tanger
    (326, 384), // Côte d’Ivoire
    (327, 204), // Bénin
    (328, 266), // Gabon
    (329, 288), // Ghana
    (330, 324), // Guinée
    (331, 854), // Burkina
    (332, 404), // Kenya
    (333, 450), // Madagascar
    (334, 454), // Malawi
    (335, 466), // Mali
    (336, 478), // Mauritanie
    (337, 562), // Niger
    (338, 566), // Nigéria
    (339, 800), // Ouganda
    (340, 646), // Rwanda
    (341, 686), // Sénégal
    (342, 694), // Sierra Leone
    (343, 729), // Soudan
    (344, 148), // Tchad
    (345, 768), // Togo
    (346, 894), // Zambie
    (347, 72), // Botswana
    (348, 426), // Lesotho
    (349, 728), // Soudan du Sud
    (350, 504), // Maroc
    (351, 788), // Tunisie
    (352, 12), // Algérie
    (362, 834), // Zanzibar
    (363, 74), // Bouvet et terres australes norvégiennes
    (389, 732), // Sahara occidental
    (390, 480), // Maurice
    (391, 748), // Eswatini
    (392, 624), // Guinée-Bissao
    (393, 508), // Mozambique
    (394, 678), // Sao Tomé-et-Principe
    (395, 24), // Angola
    (396, 132), // Cap-Vert
    (397, 174), // Comores
    (398, 690), // Seychelles
    (399, 262), // Djibouti
    (401, 124), // Canada
    (402, 124), // Terre-Neuve
    (403, 124), // Labrador
    (404, 840), // États-Unis
    (405, 484), // Mexique
    (406, 188), // Costa Rica
    (407, 192), // Cuba
    (408, 214), // République dominicaine
    (409, 320), // Guatémala
    (410, 332), // Haïti
    (411, 340), // Honduras
    (412, 558), // Nicaragua
    (413, 591), // Panama
    (414, 222), // Salvador
    (415, 32), // Argentine
    (416, 76), // Brésil
    (417, 152), // Chili
    (418, 68), // Bolivie
    (419, 170), // Colombie
    (420, 218), // Équateur
    (421, 600), // Paraguay
    (422, 604), // Pérou
    (423, 858), // Uruguay
    (424, 862), // Vénézuéla
    (425, 826), // Territoires britanniques des Antilles, Bermudes
    (426, 388), // Jamaïque
    (427, 238), // Malouines et Géorgie du Sud
    (428, 328), // Guyana
    (429, 84), // Bélize
    (430, 304), // Groenland
    (431, 533), // Aruba
    (432, 840), // Porto Rico et îles Vierges des États-Unis
    (433, 780), // Trinité-et-Tobago
    (434, 52), // Barbade
    (435, 308), // Grenade
    (436, 44), // Bahamas
    (437, 740), // Suriname
    (438, 212), // Dominique
    (439, 662), // Sainte-Lucie
    (440, 670), // Saint-Vincent-et-les-Grenadines
    (441, 28), // Antigua-et-Barbuda
    (442, 659), // Saint-Christophe-et-Niévès
    (443, 535), // Bonaire, Saint-Eustache, Saba
    (444, 531), // Curaçao
    (445, 534), // Saint-Martin (partie néerlandaise)
    (446, 32), // Territoire antarctique argentin
    (447, 152), // Territoire antarctique chilien
    (501, 36), // Australie
    (502, 554), // Nouvelle-Zélande
    (503, 612), // Pitcairn
    (504, 840), // Hawaï
    (505, 840), // Territoires des États-Unis en Océanie
    (506, 882), // Samoa
    (507, 520), // Nauru
    (508, 242), // Fidji
    (509, 776), // Tonga
    (510, 598), // Papouasie-Nouvelle-Guinée
    (511, 798), // Tuvalu
    (512, 90), // Salomon
    (513, 296), // Kiribati
    (514, 548), // Vanuatu
    (515, 584), // Marshall
    (516, 583), // Micronésie
    (517, 585), // Palaos
    (519, 772), // Tokelau
    (520, 184), // Cook
    (521, 570), // Niue
    (522, 574), // Norfolk
    (699, 10), // Antarctique
    (971, 312), // Guadeloupe
    (972, 474), // Martinique
    (973, 254), // Guyane
    (974, 638), // La Réunion
    (975, 666), // Saint-Pierre-et-Miquelon
    (976, 175), // Mayotte
    (977, 652), // Saint-Barthélemy
    (978, 663), // Saint-Martin
    (984, 260), // Terres australes et antarctiques françaises
    (986, 876), // Wallis-et-Futuna
    (987, 258), // Polynésie française
    (988, 540), // Nouvelle-Calédonie
];

/// The country of ISO 3166-1, in figures, of a country as Apogée codes it: « 100 » is 250. The codes of communes (« 99100 ») are read too.
/// Nothing for a code that says no country (« 990 », « 999 »), that ISO does not know, or that is none.
#[must_use]
pub fn pays_iso(insee: &str) -> Option<u16> {
    let code = insee.trim();
    let code = code.strip_prefix("99").filter(|reste| reste.len() == 3).unwrap_or(code);
    if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let code: u16 = code.parse().ok()?;
    let rang = PAYS.binary_search_by_key(&code, |(insee, _)| *insee).ok()?;
    PAYS.get(rang).map(|(_, iso)| *iso)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every number of ISO 3166-1.
    #[rustfmt::skip]
    const ISO: &[u16] = &[
        4, 8, 10, 12, 16, 20, 24, 28, 31, 32, 36, 40, 44, 48, 50, 51, 52, 56, 60, 64, 68, 70, 72, 74, 76, 84, 86, 90,
        92, 96, 100, 104, 108, 112, 116, 120, 124, 132, 136, 140, 144, 148, 152, 156, 158, 162, 166, 170, 174, 175,
        178, 180, 184, 188, 191, 192, 196, 203, 204, 208, 212, 214, 218, 222, 226, 231, 232, 233, 234, 238, 239, 242,
        246, 248, 250, 254, 258, 260, 262, 266, 268, 270, 275, 276, 288, 292, 296, 300, 304, 308, 312, 316, 320, 324,
        328, 332, 334, 336, 340, 344, 348, 352, 356, 360, 364, 368, 372, 376, 380, 384, 388, 392, 398, 400, 404, 408,
        410, 414, 417, 418, 422, 426, 428, 430, 434, 438, 440, 442, 446, 450, 454, 458, 462, 466, 470, 474, 478, 480,
        484, 492, 496, 498, 499, 500, 504, 508, 512, 516, 520, 524, 528, 531, 533, 534, 535, 540, 548, 554, 558, 562,
        566, 570, 574, 578, 580, 581, 583, 584, 585, 586, 591, 598, 600, 604, 608, 612, 616, 620, 624, 626, 630, 634,
        638, 642, 643, 646, 652, 654, 659, 660, 662, 663, 666, 670, 674, 678, 682, 686, 688, 690, 694, 702, 703, 704,
        705, 706, 710, 716, 724, 728, 729, 732, 740, 744, 748, 752, 756, 760, 762, 764, 768, 772, 776, 780, 784, 788,
        792, 795, 796, 798, 800, 804, 807, 818, 826, 831, 832, 833, 834, 840, 850, 854, 858, 860, 862, 876, 882, 887,
        894,
    ];

    /// The codes of countries and territories that the COG has in force, as ranges; the gaps are those of the COG.
    const EN_VIGUEUR: &[std::ops::RangeInclusive<u16>] = &[
        100..=114,
        116..=123,
        125..=140,
        144..=145,
        148..=148,
        151..=151,
        155..=162,
        201..=201,
        203..=208,
        212..=217,
        219..=220,
        222..=227,
        229..=232,
        234..=236,
        238..=243,
        246..=262,
        265..=265,
        301..=304,
        306..=306,
        308..=319,
        321..=324,
        326..=352,
        363..=363,
        389..=399,
        401..=401,
        404..=447,
        501..=503,
        505..=517,
        519..=522,
        699..=699,
    ];

    #[test]
    fn every_country_of_insee_has_its_number_but_the_one_that_iso_does_not_know() {
        let sans: Vec<u16> =
            EN_VIGUEUR.iter().cloned().flatten().filter(|c| pays_iso(&c.to_string()).is_none()).collect();
        assert_eq!(sans, [157]);
        assert_eq!(EN_VIGUEUR.iter().cloned().flatten().count(), 229);
    }

    #[test]
    fn the_table_is_in_order_and_only_says_what_iso_says() {
        assert!(PAYS.windows(2).all(|w| w[0].0 < w[1].0));
        assert_eq!(ISO.len(), 249);
        for (insee, iso) in PAYS {
            assert!(ISO.contains(iso), "{insee} : {iso}");
        }
    }

    #[test]
    fn countries_of_iso_that_nobody_is_billed_in_are_the_only_ones_missing() {
        // Those that INSEE gathers with others under one code.
        let gathered =
            [16, 60, 86, 92, 136, 162, 166, 239, 316, 334, 500, 580, 581, 630, 660, 796, 831, 832, 833, 850];
        let sans: Vec<u16> = ISO.iter().copied().filter(|iso| PAYS.iter().all(|(_, i)| i != iso)).collect();
        let attendus: Vec<u16> = gathered.into_iter().filter(|iso| *iso != 86).collect();
        assert_eq!(sans, attendus);
    }

    #[test]
    fn well_known_countries() {
        for (insee, iso) in [
            ("100", 250),
            ("99100", 250),
            (" 109 ", 276),
            ("140", 756),
            ("243", 704),
            ("350", 504),
            ("352", 12),
            ("404", 840),
            ("508", 242),
            ("988", 540),
        ] {
            assert_eq!(pays_iso(insee), Some(iso), "{insee}");
        }
    }

    #[test]
    fn what_is_no_country_says_nothing() {
        for code in
            ["", "0", "999", "990", "157", "115", "237", "FR", "1OO", "+10", "10", "1000", "99999", "100é"]
        {
            assert_eq!(pays_iso(code), None, "{code}");
        }
    }
}
