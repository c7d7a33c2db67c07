//! One student: numbers, civil status, addresses.

use apogee::wire::requests::{
    RecupererAdressesEtudiantV2Request, RecupererIdentifiantsEtudiantV2Request, RecupererInfosAdmEtuV4Request,
};
use apogee::wire::types::etudiant::{
    AdresseDTO2, CommuneDTO2, CoordonneesDTO2, DepartementCourtDTO, DepartementDTO, IdentifiantsEtudiantDTO2,
    IndBacDTO2, InfoAdmEtuDTO4, MentionNivBacDTO, NationaliteDTO, PaysDTO, SitFamCourtDTO,
    TypHandicapCourtDTO, TypeHebergementCourtDTO,
};
use apogee::wire::{DateHeure, Fault};
use chrono::{Datelike, NaiveDate, Weekday};

use super::demande::{Annees, aucune, etudiant, incoherent, lit_jour, manquant, o_n, oui_non, texte};
use crate::world::{Adresse, Bac, Etudiant, World};

pub(super) fn identifiants(
    world: &World,
    d: &RecupererIdentifiantsEtudiantV2Request,
) -> Result<Option<IdentifiantsEtudiantDTO2>, Box<Fault>> {
    let e = cherche(world, d)?;
    let annuaire = annuaire(&d.temoin_recup_annu);
    Ok(Some(IdentifiantsEtudiantDTO2 {
        cod_etu: e.numero.0.parse().ok(),
        cod_ind: Some(e.cod_ind.into()),
        email_annuaire: e.email_annuaire.clone().filter(|_| annuaire),
        login_annuaire: e.login.clone().filter(|_| annuaire),
        num_boursier: e.numero_boursier.clone(),
        numero_ine: e.ine.as_ref().map(|ine| ine.0.clone()),
    }))
}

/// The first criterion given wins, in the order of the parameters.
fn cherche<'w>(
    world: &'w World,
    d: &RecupererIdentifiantsEtudiantV2Request,
) -> Result<&'w Etudiant, Box<Fault>> {
    let connu =
        |trouve: Option<(u32, &'w Etudiant)>| trouve.map(|(_, e)| e).ok_or_else(|| aucune("etudiant"));
    if d.cod_etu.is_some() {
        return etudiant(world, &d.cod_etu).map(|(_, e)| e);
    }
    if let Some(cod_ind) = &d.cod_ind {
        let cod_ind = cod_ind.parse().map_err(|_| incoherent("codInd"))?;
        return connu(world.etudiant_par_ind(cod_ind));
    }
    if let Some(ine) = &d.num_ine {
        return connu(world.etudiant_par_ine(ine));
    }
    if let Some(numero) = &d.num_boursier {
        return unique(world.etudiants.iter().filter(|e| e.numero_boursier.as_ref() == Some(numero)));
    }
    if d.cod_opi.is_some() {
        // Everyone in the world is registered: nobody is left in the pre-registration tables.
        return Err(aucune("etudiant"));
    }
    let (Some(nom), Some(prenom), Some(naissance)) = (&d.nom, &d.prenom, &d.date_naiss) else {
        return Err(manquant("etudiant"));
    };
    let naissance = lit_jour(naissance, "dateNaiss")?;
    unique(world.etudiants.iter().filter(|e| {
        e.naissance == naissance
            && e.prenom.eq_ignore_ascii_case(prenom)
            && (e.nom_patronymique.eq_ignore_ascii_case(nom)
                || e.nom_usuel.as_ref().is_some_and(|usuel| usuel.eq_ignore_ascii_case(nom)))
    }))
}

/// Two people of that description are no answer: nobody is handed another's file.
fn unique<'w>(mut trouves: impl Iterator<Item = &'w Etudiant>) -> Result<&'w Etudiant, Box<Fault>> {
    match (trouves.next(), trouves.next()) {
        (Some(e), None) => Ok(e),
        (None, _) => Err(aucune("etudiant")),
        (Some(_), Some(_)) => Err(incoherent("etudiant")),
    }
}

/// `O` asks the directory too; `TOUS` is seen in released configurations.
fn annuaire(temoin: &Option<String>) -> bool {
    matches!(temoin.as_deref(), Some("O" | "TOUS"))
}

pub(super) fn infos(
    world: &World,
    d: &RecupererInfosAdmEtuV4Request,
) -> Result<Option<InfoAdmEtuDTO4>, Box<Fault>> {
    let (_, e) = etudiant(world, &d.cod_etu)?;
    Ok(Some(InfoAdmEtuDTO4 {
        annee_premiere_insc_ens_sup: Some(e.annee_premiere_sup.to_string()),
        annee_premiere_insc_etb: Some(e.annee_premiere_etb.to_string()),
        annee_premiere_insc_univ: Some(e.annee_premiere_sup.to_string()),
        liste_bacs: e.bac.iter().map(bac).collect(),
        date_naissance: Some(DateHeure::minuit(e.naissance, decalage(e.naissance))),
        departement_naissance: e.departement_naissance.as_ref().map(|(code, libelle)| DepartementDTO {
            code_dept: texte(code),
            lib_dept: texte(libelle),
            tem_en_sve_dept: o_n(true),
        }),
        handicap: e.handicap.as_ref().map(|(code, libelle)| TypHandicapCourtDTO {
            code_handicap: texte(code),
            lib_handicap: texte(libelle),
            lib_thp: texte(libelle),
        }),
        lib_ville_naissance: texte(&e.ville_naissance),
        nationalite: Some(NationaliteDTO {
            code_nationalite: texte(&e.nationalite.0),
            lib_nationalite: texte(&e.nationalite.1),
        }),
        nom_patronymique: texte(&e.nom_patronymique),
        nom_usuel: e.nom_usuel.clone(),
        num_boursier: e.numero_boursier.clone(),
        num_etu: e.numero.0.parse().ok(),
        numero_ine: e.ine.as_ref().map(|ine| ine.0.clone()),
        // Nil means « born in France ».
        pays_naissance: e
            .pays_naissance
            .as_ref()
            .map(|(code, libelle)| PaysDTO { cod_pay: texte(code), lib_pay: texte(libelle) }),
        prenom1: texte(&e.prenom),
        prenom2: e.prenom2.clone(),
        prenom3: e.prenom3.clone(),
        prenom_etat_civil: e.prenom_etat_civil.clone(),
        sexe: texte(e.sexe.lettre()),
        sex_etat_civil: texte(e.sexe_etat_civil.lettre()),
        situation_familiale: e.situation_familiale.as_ref().map(|(code, libelle)| SitFamCourtDTO {
            code_fam: texte(code),
            lib_fam: texte(libelle),
            lib_long_fam: texte(libelle),
        }),
        temoin_date_naiss_estimee: oui_non(e.naissance_estimee),
        temoin_sit_mil_en_regle: oui_non(true),
        ..Default::default()
    }))
}

fn bac(b: &Bac) -> IndBacDTO2 {
    IndBacDTO2 {
        libelle_bac: texte(&b.libelle),
        annee_obtention_bac: Some(b.annee.to_string()),
        cod_bac: texte(&b.code),
        departement_bac: b
            .departement
            .as_ref()
            .map(|(code, libelle)| DepartementCourtDTO { code_dept: texte(code), lib_dept: texte(libelle) }),
        mention_bac: b.mention.as_ref().map(|(code, libelle)| MentionNivBacDTO {
            cod_mention: texte(code),
            lib_mention: texte(libelle),
        }),
        ..Default::default()
    }
}

pub(super) fn adresses(
    world: &World,
    d: &RecupererAdressesEtudiantV2Request,
) -> Result<Option<CoordonneesDTO2>, Box<Fault>> {
    let (position, e) = etudiant(world, &d.cod_etu)?;
    // Without year, the current one: a student who did not register this year has no address then, which is why
    // clients ask again with the year of a registration.
    let annees = Annees::lit(world, &d.annee, "annee")?;
    let annee = world
        .iaa_of(position)
        .map(|ia| ia.annee)
        .filter(|annee| annees.contient(*annee))
        .max()
        .ok_or_else(|| aucune("findIAA"))?;
    let annuaire = annuaire(&d.recup_annuaire);
    Ok(Some(CoordonneesDTO2 {
        type_hebergement: Some(TypeHebergementCourtDTO {
            cod_type_hebergement: texte(&e.hebergement.0),
            lib_type_hebergement: texte(&e.hebergement.1),
            lib_web_type_hebergement: texte(&e.hebergement.1),
        }),
        adresse_annuelle: Some(adresse(&e.adresse_annuelle)),
        adresse_fixe: Some(adresse(&e.adresse_fixe)),
        email: e.email.clone(),
        email_annuaire: e.email_annuaire.clone().filter(|_| annuaire),
        login_annuaire: e.login.clone().filter(|_| annuaire),
        num_tel_portable: e.portable.clone(),
        annee: Some(annee.to_string()),
    }))
}

fn adresse(a: &Adresse) -> AdresseDTO2 {
    let commune = a.code_insee.is_some() || a.code_postal.is_some();
    AdresseDTO2 {
        commune: commune.then(|| CommuneDTO2 {
            code_insee: a.code_insee.clone(),
            code_postal: a.code_postal.clone(),
            nom_commune: a.commune.clone(),
            lib_ach: a.commune.clone(),
        }),
        lib_ad1: texte(&a.ligne1),
        lib_ad2: a.ligne2.clone(),
        lib_ad3: a.ligne3.clone(),
        lib_ade: a.ville_etrangere.clone(),
        num_tel: a.telephone.clone(),
        pays: Some(PaysDTO { cod_pay: texte(&a.pays), lib_pay: texte(&a.pays_libelle) }),
    }
}

/// The offset of French legal time at midnight: the server writes a day of birth with the one of that day, summer
/// included, which is how clients that convert to UTC lose a day.
fn decalage(jour: NaiveDate) -> &'static str {
    let annee = jour.year();
    let dernier_dimanche = |mois: u32| {
        NaiveDate::from_ymd_opt(annee, mois + 1, 1)
            .and_then(|suivant| suivant.pred_opt())
            .map(|fin| fin.week(Weekday::Sun).first_day())
    };
    // Summer time ended in September until 1995, in October since.
    let fin = if annee < 1996 { 9 } else { 10 };
    let ete = annee >= 1977
        && dernier_dimanche(3)
            .zip(dernier_dimanche(fin))
            .is_some_and(|(debut, fin)| debut < jour && jour <= fin);
    if ete { "+02:00" } else { "+01:00" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_follow_the_summer() {
        let le = |a, m, j| decalage(NaiveDate::from_ymd_opt(a, m, j).unwrap());
        assert_eq!(le(2001, 3, 14), "+01:00");
        assert_eq!(le(2001, 7, 1), "+02:00");
        // 31 March 2024: midnight is still winter, the next one is summer.
        assert_eq!((le(2024, 3, 31), le(2024, 4, 1)), ("+01:00", "+02:00"));
        assert_eq!((le(2024, 10, 27), le(2024, 10, 28)), ("+02:00", "+01:00"));
        assert_eq!((le(1985, 10, 1), le(1985, 9, 1)), ("+01:00", "+02:00"));
        assert_eq!(le(1960, 7, 1), "+01:00");
    }
}
