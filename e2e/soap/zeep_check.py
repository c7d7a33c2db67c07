#!/usr/bin/env python3
"""Holds a running sandbox against Apogée's own WSDL and XSD.

    zeep_check.py http://127.0.0.1:PORT path/to/wsdl

Every operation served is called through a SOAP library that read the official description, and every answer and fault is
validated against the official schemas. The sandbox's own ?wsdl is then given to the same library, and used.
"""

import pathlib
import re
import shutil
import sys
import tempfile

import requests
import zeep
from lxml import etree
from zeep.plugins import HistoryPlugin

SERVICES = {
    "OffreFormationMetier": "OffreFormationMetier",
    "EtudiantMetier": "EtudiantMetier",
    "AdministratifMetier": "AdministratifMetier",
    "PedagogiqueMetier": "PedagogiqueMetier",
    "ReferentielMetier": "ReferentielMetier_21062012",
}
XSD = "{http://www.w3.org/2001/XMLSchema}"
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
SE = ("codDip", "codVrsVdi", "codEtp", "codVrsVet", "codElp")


class Compte:
    """Passed and failed checks, said as they come."""

    def __init__(self):
        self.passes, self.echecs = 0, 0

    def verifie(self, quoi, vrai, detail=""):
        if vrai:
            self.passes += 1
        else:
            self.echecs += 1
            print(f"FAILED {quoi} {detail}".rstrip())
        return vrai


class Service:
    """One service, called through its official description."""

    def __init__(self, base, dossier, nom, compte):
        fichier = SERVICES[nom]
        self.nom, self.compte = nom, compte
        self.adresse = f"{base}/services/{nom}"
        self.historique = HistoryPlugin()
        client = self.client = zeep.Client(
            str(dossier / f"{fichier}_Impl.wsdl"), plugins=[self.historique], settings=zeep.Settings(strict=True)
        )
        liaison = next(iter(client.wsdl.bindings))
        self.proxy = client.create_service(liaison, self.adresse)
        self.schema = schema_officiel(dossier, fichier)

    def corps(self):
        return self.historique.last_received["envelope"].find(f"{SOAP}Body")[0]

    def appelle(self, operation, attendu=None, **parametres):
        """Calls, validates, and returns the value; `attendu` is the fault that must come instead."""
        valeurs = ", ".join(f"{k}={v!r}" for k, v in parametres.items() if v not in ("", zeep.xsd.SkipValue))
        quoi = f"{self.nom}.{operation}({valeurs})"
        try:
            reponse = getattr(self.proxy, operation)(**parametres)
        except zeep.exceptions.Fault as faute:
            if self.compte.verifie(quoi, attendu == faute.message, f"fault {faute.message!r}, expected {attendu!r}"):
                detail = self.corps().find("detail")
                self.valide(f"{quoi} fault detail", detail[0] if detail is not None and len(detail) else None)
            return None
        except Exception as erreur:  # the library refused the answer: that is what is being looked for
            self.compte.verifie(quoi, False, f"{type(erreur).__name__}: {erreur}")
            return None
        self.compte.verifie(quoi, attendu is None, f"answered, expected fault {attendu!r}")
        self.valide(f"{quoi} answer", self.corps())
        return reponse

    def valide(self, quoi, element):
        if element is None:
            self.compte.verifie(quoi, False, "nothing to validate")
            return
        # Copied through text, so that the schema sees the document as sent.
        document = etree.fromstring(etree.tostring(element))
        bon = self.schema.validate(document)
        self.compte.verifie(f"{quoi} against the XSD", bon, str(self.schema.error_log.last_error))


def schema_officiel(dossier, fichier):
    """The schema written inside a WSDL, compiled with all that it imports."""
    with tempfile.TemporaryDirectory() as copie:
        copie = pathlib.Path(copie) / "wsdl"
        shutil.copytree(dossier, copie)
        wsdl = etree.parse(str(copie / "abstract" / f"{fichier}.wsdl"))
        schema = wsdl.find(f".//{XSD}schema")
        (copie / "abstract" / f"{fichier}.xsd").write_bytes(etree.tostring(schema))
        return etree.XMLSchema(etree.parse(str(copie / "abstract" / f"{fichier}.xsd")))


def critere(dip="aucun", vdi="aucun", etp="aucun", vet="aucun", elp="aucun", **autres):
    return dict(zip(SE, (dip, vdi, etp, vet, elp))) | autres


def elements(tableau):
    """The content of an array, which may be nil."""
    if tableau is None:
        return []
    return tableau["item"] if "item" in tableau else tableau["composante"]


def vets(diplomes):
    for diplome in diplomes or []:
        for vdi in elements(diplome.listVersionDiplome):
            for etape in elements(vdi.offreFormation and vdi.offreFormation.listEtape):
                for vet in elements(etape.listVersionEtape):
                    yield diplome.codDip, vdi.codVrsVdi, etape.codEtp, vet.codVrsVet


def offre(service, compte):
    nodata = "technical.data.nullretrieve.recupererse"
    trouvees = []
    for operation in ("recupererSE_v4", "recupererSE_v3"):
        se = lambda attendu=None, **c: service.appelle(operation, attendu, _seCritere=critere(**c))  # noqa: E731
        tout = se(dip="tous", vdi="tous", etp="tous", vet="tous")
        trouvees = list(vets(tout))
        if not compte.verifie(f"{operation} finds étapes", bool(trouvees)):
            continue
        ouvertes = se(etp="tous", vet="tous", temOuvertRecrutement="O")
        compte.verifie(f"{operation} open étapes", set(vets(ouvertes)) <= set(trouvees))
        dip, vdi, etp, vet = trouvees[0]
        un = se(dip=dip, vdi=str(vdi))
        compte.verifie(f"{operation} one VDI has no étape", un and not list(vets(un)))
        contenues = {(e, v) for _, _, e, v in trouvees}
        for etape, version in sorted(contenues)[:: max(1, len(contenues) // 12)]:
            contenu = se(etp=etape, vet=str(version), elp="tous")
            sous = {(d, n) for d, n, e, v in trouvees if (e, v) == (etape, version)}
            rendus = {(d, n) for d, n, _, _ in vets(contenu)}
            compte.verifie(f"{operation} {etape}-{version} under each of its VDI", rendus == sous, f"{rendus} {sous}")
        habilitation = elements(tout[0].listVersionDiplome)[0].offreFormation.habilitation
        annee = habilitation.anneeDebRecrut
        se(dip="tous", vdi="tous", etp="tous", vet="tous", codAnu=annee, temOuvertRecrutement="O")
        se(nodata, dip="ABSENT")
        se(nodata, etp="ABSENT", vet="1", elp="tous")
        se(nodata, dip="tous", vdi="tous", codComposanteVdi="???")
        for champ, code in (("dip", "coddiplome"), ("vdi", "codversiondiplome"), ("etp", "codetape"), ("elp", "codelp")):
            manquant = dict(dip="tous", vdi="tous", etp="tous", vet="tous", elp="tous") | {champ: None}
            se(f"technical.parameter.noncoherentinput.{code}obligatoire", **manquant)
    return trouvees


def etudiants(service, compte, trouvees, annees):
    nodata, incoherent = "technical.data.nullretrieve.etudiant", "technical.parameter.noncoherentinput.codEtu"
    numeros = []
    liste = lambda attendu=None, **p: service.appelle("recupererListeEtudiants", attendu, _parametres=p)  # noqa: E731
    etapes = sorted({(e, str(v)) for _, _, e, v in trouvees})
    for annee in annees:
        tableau = {"item": [{"code": e, "listVersion": [v]} for e, v in etapes]}
        for ligne in liste(annee=annee, listEtapes=tableau) or []:
            numeros.append((ligne.codEtu, annee))
    compte.verifie("students are found by étape", bool(numeros))
    diplomes = {"item": [{"code": trouvees[0][0], "listVersion": []}]}
    liste(annee=annees[-1], listDiplomes=diplomes)
    liste(annee=annees[-1], codeRegimeInscrETP="1")
    liste(nodata, annee=annees[-1], listELP=["ABSENT"])
    liste(nodata, annee=annees[-1], listEtapes={"item": [{"code": "ABSENT", "listVersion": []}]})
    liste("technical.parameter.nonpresentinput.annee", listELP=["ABSENT"])

    rien = dict.fromkeys(
        ("_codEtu", "_codInd", "_numINE", "_numBoursier", "_codOPI", "_nom", "_prenom", "_dateNaiss"), ""
    )
    identite = lambda attendu=None, **p: service.appelle(  # noqa: E731
        "recupererIdentifiantsEtudiant_v2", attendu, **(rien | {"_temoinRecupAnnu": "N"} | p)
    )
    for numero, annee in numeros[:: max(1, len(numeros) // 25)]:
        numeros_lus = identite(_codEtu=numero, _temoinRecupAnnu="O")
        if numeros_lus is not None and numeros_lus.numeroINE:
            par_ine = identite(_numINE=numeros_lus.numeroINE)
            compte.verifie(f"{numero} by INE", par_ine and str(par_ine.codEtu) == numero)
        service.appelle("recupererInfosAdmEtu_v4", _codEtu=numero)
        adresse = service.appelle("recupererAdressesEtudiant_v2", _codEtu=numero, _annee=annee, _recupAnnuaire="N")
        compte.verifie(f"{numero} address of {annee}", adresse is not None and adresse.annee == annee)
    identite(nodata, _codEtu="99999999")
    identite(incoherent, _codEtu="ABC")
    identite("technical.parameter.nonpresentinput.etudiant")
    service.appelle("recupererInfosAdmEtu_v4", nodata, _codEtu="99999999")
    service.appelle("recupererInfosAdmEtu_v4", incoherent, _codEtu="123456789")
    service.appelle("recupererInfosAdmEtu_v4", "technical.parameter.nonpresentinput.codEtu", _codEtu=zeep.xsd.SkipValue)
    absente = dict(_codEtu=numeros[0][0], _annee="1950", _recupAnnuaire="N")
    service.appelle("recupererAdressesEtudiant_v2", "technical.data.nullretrieve.findIAA", **absente)
    return numeros


def administratif(service, compte, numeros):
    for numero, annee in numeros[:: max(1, len(numeros) // 25)]:
        annees = service.appelle("recupererAnneesIa", _codEtu=numero, _etatInscriptionIA="E")
        compte.verifie(f"{numero} registered in {annee}", annees and annee in annees, str(annees))
        service.appelle("recupererAnneesIa", _codEtu=numero, _etatInscriptionIA="")
        service.appelle("recupererIAAnnuelles_v2", _codEtu=numero, _annee="toutes", _etatIAA="ARE")
        toutes = service.appelle(
            "recupererIAEtapes_v3", _codEtu=numero, _annee="toutes", _etatIAA="ARE", _etatIAE="ARE"
        )
        vives = service.appelle("recupererIAEtapes_v3", _codEtu=numero, _annee=annee, _etatIAA="E", _etatIAE="E")
        for ia in vives or []:
            compte.verifie(f"{numero} live registration", ia.etatIae.codeEtatIAE == "E" and ia.anneeIAE == annee)
        compte.verifie(f"{numero} all states hold the live ones", len(toutes or []) >= len(vives or []))
    numero = numeros[0][0]
    demande = dict(_codEtu=numero, _annee="1950", _etatIAA="ARE")
    service.appelle("recupererIAAnnuelles_v2", "technical.data.nullretrieve.findIAA", **demande)
    service.appelle("recupererIAEtapes_v3", "technical.data.nullretrieve.findIAA", _etatIAE="ARE", **demande)
    service.appelle(
        "recupererIAAnnuelles_v2", "technical.parameter.noncoherentinput.etatIAA", **(demande | {"_etatIAA": "XYZ"})
    )
    service.appelle(
        "recupererAnneesIa", "technical.data.nullretrieve.etudiant", _codEtu="99999999", _etatInscriptionIA="E"
    )


def pedagogique(service, compte, numeros, inscriptions):
    contrats = 0
    sans_ip = "technical.data.nullretrieve.DossierEtudiantIP"
    for numero, _ in numeros[:: max(1, len(numeros) // 25)]:
        try:
            annees = service.proxy.recupererAnneesIPResultat(_codEtu=numero)
        except zeep.exceptions.Fault:
            service.appelle("recupererAnneesIPResultat", sans_ip, _codEtu=numero)
            continue
        service.valide(f"{numero} years of IP", service.corps())
        notes = dict(_sourceRes="Apogee", _etatDelib="T", _codSes="toutes", _typeRes="tous", _codEtaIae="ARE")
        service.appelle("recupererContratPedagogiqueResultatVdiVet_v2", _codEtu=numero, _codAnu="toutes", **notes)
        for ia in inscriptions(numero):
            if ia.anneeIAE not in annees:
                continue
            cle = dict(_codEtu=numero, _codAnu=ia.anneeIAE, _codEtp=ia.etape.codeEtp, _codVrsVet=ia.etape.versionEtp)
            nu = dict(_sourceRes="Aucun", _etatDelib="", _codSes="", _typeRes="", _codEtaIae="ARE")
            operation = service.proxy.recupererContratPedagogiqueResultatElpEpr_v6
            try:
                lignes = operation(**cle, **nu)
            except zeep.exceptions.Fault as faute:
                compte.verifie(f"{cle} has no contract", "nullretrieve" in faute.message, faute.message)
                continue
            contrats += 1
            service.valide(f"{cle} contract", service.corps())
            codes = {ligne.elp.codElp for ligne in lignes}
            pendus = {ligne.codElpSup for ligne in lignes if ligne.codElpSup} - codes
            compte.verifie(f"{cle} parents are in the contract", not pendus, str(pendus))
            compte.verifie(f"{cle} has no mark", all(not elements(ligne.resultatsElp) for ligne in lignes))
            service.appelle("recupererContratPedagogiqueResultatElpEpr_v6", **cle, **notes)
    compte.verifie("contracts are found", contrats > 0)
    vide = dict(_codEtu=numeros[0][0], _codAnu="2024", _codEtp="ABSENT", _codVrsVet="1", _sourceRes="Aucun")
    vide |= dict(_etatDelib="", _codSes="", _typeRes="", _codEtaIae="")
    operation = "recupererContratPedagogiqueResultatElpEpr_v6"
    service.appelle(operation, sans_ip, **vide)
    service.appelle(operation, "technical.parameter.noncoherentinput.sourceRes", **(vide | {"_sourceRes": "X"}))
    service.appelle(operation, "technical.parameter.nonpresentinput.codEtp", **(vide | {"_codEtp": ""}))
    service.appelle("recupererAnneesIPResultat", "technical.data.nullretrieve.etudiant", _codEtu="99999999")


def referentiel(service, compte):
    periodes = []
    composantes = service.appelle("recupererComposante_v2", _codCmp="", _sens="") or []
    compte.verifie("components without _sens have no relatives", not any(elements(c.listeComposanteFils) for c in composantes))
    arbres = service.appelle("recupererComposante_v2", _codCmp="", _sens="fils") or []
    compte.verifie("components have children", any(elements(c.listeComposanteFils) for c in arbres))
    service.appelle("recupererComposante_v2", _codCmp=composantes[0].codCmp, _sens="pere")
    service.appelle("recupererComposante_v2", "technical.data.nullretrieve.composante", _codCmp="???", _sens="")
    for operation, code, element in (
        ("recupererRegimeInscription", "_codRegIns", "regimeInscription"),
        ("recupererSignataire", "_codSig", "signataire"),
    ):
        tous = service.appelle(operation, **{code: "", "_temoinEnService": ""}) or []
        en_service = service.appelle(operation, **{code: zeep.xsd.SkipValue, "_temoinEnService": "O"}) or []
        compte.verifie(f"{operation} in service", 0 < len(en_service) <= len(tous))
        service.appelle(operation, f"technical.data.nullretrieve.{element}", **{code: "???", "_temoinEnService": ""})
    vide = dict(_codPeriodeExam="", _codCtreIncomp="", _date="", _temoinEnService="")
    periodes = service.appelle("recupererPeriodeExamen", **vide) or []
    service.appelle(
        "recupererPeriodeExamen", "technical.data.nullretrieve.periodeExamen", **(vide | {"_codPeriodeExam": "???"})
    )
    service.appelle("recupererPeriodeExamen", "technical.parameter.noncoherentinput.date", **(vide | {"_date": "hier"}))
    return periodes


def epreuves(service, compte, periodes, annees):
    trouvees = 0
    for periode in sorted({p.codPeriodeExam for p in periodes}):
        for annee in annees:
            try:
                reponse = service.proxy.recupererEpreuves(_codAnu=annee, _codPxa=periode, _codCln="")
            except zeep.exceptions.Fault as faute:
                compte.verifie(f"épreuves of {periode} {annee}", "nullretrieve" in faute.message, faute.message)
                continue
            service.valide(f"épreuves of {periode} {annee}", service.corps())
            for calendrier in elements(reponse.periodeExamen.listCalendriersExamen):
                trouvees += len(elements(calendrier.listEpreuves))
    compte.verifie("épreuves are planned", trouvees > 0)
    service.appelle(
        "recupererEpreuves", "technical.data.nullretrieve.periodeExamen", _codAnu=annees[-1], _codPxa="???", _codCln=""
    )


def compare_signatures(nom, propre, officiel, compte):
    """The same parameters and answers as in the official description, prefixes apart."""
    operations = lambda client: next(iter(client.wsdl.bindings.values()))._operations  # noqa: E731
    nue = lambda message: re.sub(r"\bns\d+:", "", message.signature())  # noqa: E731
    attendues = operations(officiel)
    for operation, decrite in operations(propre).items():
        attendue = attendues[operation]
        for sens in ("input", "output"):
            a, b = nue(getattr(decrite, sens)), nue(getattr(attendue, sens))
            compte.verifie(f"{nom}.{operation} {sens} is the official one", a == b, f"\n{a}\n{b}")


def propre_description(base, compte, numero, officiels):
    """The sandbox's own ?wsdl makes a client that works."""
    appels = {
        "OffreFormationMetier": ("recupererSE_v4", dict(_seCritere=critere(dip="tous"))),
        "EtudiantMetier": ("recupererInfosAdmEtu_v4", dict(_codEtu=numero)),
        "AdministratifMetier": ("recupererAnneesIa", dict(_codEtu=numero, _etatInscriptionIA="")),
        "PedagogiqueMetier": (
            "recupererContratPedagogiqueResultatVdiVet_v2",
            dict(_codEtu=numero, _codAnu="toutes", _sourceRes="Aucun", _etatDelib="", _codSes="", _typeRes="", _codEtaIae=""),
        ),
        "ReferentielMetier": ("recupererComposante_v2", dict(_codCmp="", _sens="fils")),
    }
    for nom, (operation, parametres) in appels.items():
        adresse = f"{base}/services/{nom}"
        try:
            client = zeep.Client(f"{adresse}?wsdl")
            compte.verifie(f"{nom} address", client.service._binding_options["address"] == adresse)
            servies = {o for b in client.wsdl.bindings.values() for o in b._operations}
            compte.verifie(f"{nom} describes {operation}", operation in servies, str(servies))
            compte.verifie(f"{nom}.{operation} by its own WSDL", bool(getattr(client.service, operation)(**parametres)))
            compare_signatures(nom, client, officiels[nom].client, compte)
        except zeep.exceptions.Fault as faute:
            compte.verifie(f"{nom}.{operation} by its own WSDL", "DossierEtudiantIP" in faute.message, faute.message)
        except Exception as erreur:
            compte.verifie(f"{nom}.{operation} by its own WSDL", False, f"{type(erreur).__name__}: {erreur}")


def hors_contrat(base, compte):
    """What no library would send."""
    adresse = f"{base}/services/EtudiantMetier"
    envoie = lambda corps: requests.post(adresse, data=corps, headers={"Content-Type": "text/xml"})  # noqa: E731
    enveloppe = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
        '<n:{0} xmlns:n="gouv.education.apogee.commun.servicesmetiers.EtudiantMetier"/></e:Body></e:Envelope>'
    )
    inconnue = envoie(enveloppe.format("recupererTout_v9"))
    compte.verifie("unknown operation", inconnue.status_code == 500 and "No such operation" in inconnue.text)
    for corps in ("", "<", "<a><b></a>", "pas du XML", enveloppe.format("x")[:-5]):
        reponse = envoie(corps)
        bon = reponse.status_code == 500 and re.search("<faultstring>[^<]+</faultstring>", reponse.text)
        compte.verifie(f"malformed body {corps[:20]!r}", bool(bon), f"{reponse.status_code} {reponse.text[:80]}")


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: zeep_check.py BASE_URL WSDL_FOLDER")
    base, dossier = sys.argv[1].rstrip("/"), pathlib.Path(sys.argv[2])
    compte = Compte()
    services = {nom: Service(base, dossier, nom, compte) for nom in SERVICES}
    periodes = referentiel(services["ReferentielMetier"], compte)
    trouvees = offre(services["OffreFormationMetier"], compte)
    fins = sorted({p.datFinPeriodeExam[-4:] for p in periodes})
    annees = [str(a) for a in range(int(fins[0]) - 1, int(fins[-1]) + 1)] if fins else ["2023", "2024"]
    administratifs = services["AdministratifMetier"]
    annees_peuplees = annees_d_inscription(services["EtudiantMetier"], trouvees)
    numeros = etudiants(services["EtudiantMetier"], compte, trouvees, annees_peuplees)
    administratif(administratifs, compte, numeros)

    def inscriptions(numero):
        tout = dict(_annee="toutes", _etatIAA="ARE", _etatIAE="ARE")
        return administratifs.proxy.recupererIAEtapes_v3(_codEtu=numero, **tout)

    pedagogique(services["PedagogiqueMetier"], compte, numeros, inscriptions)
    epreuves(services["OffreFormationMetier"], compte, periodes, annees)
    propre_description(base, compte, numeros[0][0], services)
    hors_contrat(base, compte)
    print(f"soap: {compte.passes} passed, {compte.echecs} failed")
    sys.exit(1 if compte.echecs else 0)


def annees_d_inscription(service, trouvees):
    """The years in which somebody is registered, found by asking."""
    tableau = {"item": [{"code": e, "listVersion": []} for e in sorted({e for _, _, e, _ in trouvees})]}
    peuplees = []
    for annee in range(2010, 2040):
        try:
            service.proxy.recupererListeEtudiants(_parametres={"annee": str(annee), "listEtapes": tableau})
            peuplees.append(str(annee))
        except zeep.exceptions.Fault:
            pass
    return peuplees


if __name__ == "__main__":
    main()
