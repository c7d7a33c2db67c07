-- Money is in cents, durations in minutes, instants in UTC. Students, étapes and elements are named by their business keys; what must stay
-- true later (a label, a name, an address for letters) is copied on the day it is decided.

-- A period of examinations of a year. `etat` only moves by domain::periode. `session` is 1, or 2 for the resits. `convoquee_le`: since
-- when convocations leave.
CREATE TABLE iexam_periode (
    id {id},
    annee BIGINT NOT NULL,
    code TEXT NOT NULL,
    libelle TEXT NOT NULL,
    session BIGINT NOT NULL,
    etat TEXT NOT NULL,
    enseignement_debut {jour} NOT NULL,
    modalites_publiees_le {instant},
    inscriptions_debut {instant} NOT NULL,
    inscriptions_fin {instant} NOT NULL,
    verification_fin {jour} NOT NULL,
    convocations_le {jour} NOT NULL,
    epreuves_debut {jour} NOT NULL,
    epreuves_fin {jour} NOT NULL,
    fermeture_le {jour} NOT NULL,
    ecart_min BIGINT NOT NULL DEFAULT 30,
    convoquee_le {instant},
    copiee_de BIGINT REFERENCES iexam_periode (id),
    UNIQUE (annee, code));

-- A date of the law that was missed on purpose: by whom, and why.
CREATE TABLE iexam_derogation (
    id {id},
    periode BIGINT NOT NULL REFERENCES iexam_periode (id),
    echeance TEXT NOT NULL,
    motif TEXT NOT NULL,
    signee_par TEXT NOT NULL,
    signee_le {instant} NOT NULL,
    UNIQUE (periode, echeance));

-- A way of sitting exams. `lieu` is `centre` when one of its centres must be chosen, `domicile` when one sits at home.
CREATE TABLE iexam_modalite (
    id {id},
    code TEXT NOT NULL UNIQUE,
    libelle TEXT NOT NULL,
    lieu TEXT NOT NULL,
    surveillee BOOLEAN NOT NULL,
    consignes TEXT NOT NULL DEFAULT '',
    pieces TEXT NOT NULL DEFAULT '',
    rang BIGINT NOT NULL,
    active BOOLEAN NOT NULL);

-- What a modality costs from a day on; the tariff of a registration is that of the first day of its period.
CREATE TABLE iexam_tarif (
    id {id},
    modalite BIGINT NOT NULL REFERENCES iexam_modalite (id),
    valide_du {jour} NOT NULL,
    fixe_cents BIGINT NOT NULL,
    horaire_cents BIGINT NOT NULL,
    majoration_facturee BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (modalite, valide_du));

-- Where one sits. `fuseau` is an IANA name. `surveillant` is the person named to the service.
CREATE TABLE iexam_centre (
    id {id},
    code TEXT NOT NULL UNIQUE,
    nom TEXT NOT NULL,
    adresse TEXT NOT NULL DEFAULT '',
    code_postal TEXT NOT NULL DEFAULT '',
    ville TEXT NOT NULL,
    pays TEXT NOT NULL,
    fuseau TEXT NOT NULL,
    contact_nom TEXT NOT NULL DEFAULT '',
    contact_courriel TEXT NOT NULL DEFAULT '',
    contact_telephone TEXT NOT NULL DEFAULT '',
    surveillant TEXT NOT NULL DEFAULT '',
    capacite BIGINT,
    accord_requis BOOLEAN NOT NULL,
    actif BOOLEAN NOT NULL,
    recherche TEXT NOT NULL DEFAULT '');

CREATE TABLE iexam_salle (
    id {id},
    centre BIGINT NOT NULL REFERENCES iexam_centre (id),
    nom TEXT NOT NULL,
    capacite BIGINT NOT NULL,
    equipement TEXT NOT NULL DEFAULT '',
    a_part BOOLEAN NOT NULL DEFAULT FALSE,
    rang BIGINT NOT NULL DEFAULT 0,
    active BOOLEAN NOT NULL,
    UNIQUE (centre, nom));

-- Days on which a centre cannot receive anyone, both included.
CREATE TABLE iexam_fermeture (
    id {id},
    centre BIGINT NOT NULL REFERENCES iexam_centre (id),
    du {jour} NOT NULL,
    au {jour} NOT NULL,
    motif TEXT NOT NULL);
CREATE INDEX iexam_fermeture_centre ON iexam_fermeture (centre, du);

CREATE TABLE iexam_modalite_centre (
    modalite BIGINT NOT NULL REFERENCES iexam_modalite (id),
    centre BIGINT NOT NULL REFERENCES iexam_centre (id),
    PRIMARY KEY (modalite, centre));
CREATE INDEX iexam_modalite_centre_retour ON iexam_modalite_centre (centre);

-- A modality offered in a period. `prises` counts the places of `quota` that registrations hold, in their own transactions.
CREATE TABLE iexam_offre (
    id {id},
    periode BIGINT NOT NULL REFERENCES iexam_periode (id),
    modalite BIGINT NOT NULL REFERENCES iexam_modalite (id),
    quota BIGINT,
    echeance {instant},
    prises BIGINT NOT NULL DEFAULT 0,
    active BOOLEAN NOT NULL,
    UNIQUE (periode, modalite));

-- A centre in a period: its agreement (`a_demander`, `demande`, `accepte`, `refuse`), the places it gives, those held.
CREATE TABLE iexam_accord (
    id {id},
    periode BIGINT NOT NULL REFERENCES iexam_periode (id),
    centre BIGINT NOT NULL REFERENCES iexam_centre (id),
    etat TEXT NOT NULL,
    places BIGINT,
    prises BIGINT NOT NULL DEFAULT 0,
    demande_le {instant},
    repondu_le {instant},
    reponse TEXT NOT NULL DEFAULT '',
    UNIQUE (periode, centre));
CREATE INDEX iexam_accord_centre ON iexam_accord (centre);

-- A parcel of papers or copies. `sens` is `aller` or `retour`.
CREATE TABLE iexam_colis (
    id {id},
    periode BIGINT NOT NULL REFERENCES iexam_periode (id),
    centre BIGINT NOT NULL REFERENCES iexam_centre (id),
    sens TEXT NOT NULL,
    transporteur TEXT NOT NULL,
    suivi TEXT NOT NULL,
    copies BIGINT NOT NULL,
    expedie_le {jour},
    recu_le {jour},
    copies_recues BIGINT,
    note TEXT NOT NULL DEFAULT '');
CREATE INDEX iexam_colis_periode ON iexam_colis (periode, centre);

-- The exam of an element in a period; an element with a written and an oral exam has two, told apart by `rang`.
CREATE TABLE iexam_epreuve (
    id {id},
    periode BIGINT NOT NULL REFERENCES iexam_periode (id),
    element TEXT NOT NULL,
    rang BIGINT NOT NULL DEFAULT 1,
    libelle TEXT NOT NULL,
    nature TEXT NOT NULL,
    debut {instant},
    duree_min BIGINT,
    documents TEXT NOT NULL DEFAULT '',
    sujet_par TEXT NOT NULL DEFAULT '',
    surveillee BOOLEAN NOT NULL DEFAULT TRUE,
    annulee_le {instant},
    recherche TEXT NOT NULL DEFAULT '',
    UNIQUE (periode, element, rang));
CREATE INDEX iexam_epreuve_debut ON iexam_epreuve (periode, debut, element);

CREATE TABLE iexam_epreuve_salle (
    epreuve BIGINT NOT NULL REFERENCES iexam_epreuve (id),
    salle BIGINT NOT NULL REFERENCES iexam_salle (id),
    PRIMARY KEY (epreuve, salle));
CREATE INDEX iexam_epreuve_salle_retour ON iexam_epreuve_salle (salle);

-- Minutes by which a centre says that it starts after the others: nobody may leave before it has started.
CREATE TABLE iexam_retard (
    id {id},
    epreuve BIGINT NOT NULL REFERENCES iexam_epreuve (id),
    centre BIGINT NOT NULL REFERENCES iexam_centre (id),
    minutes BIGINT NOT NULL,
    UNIQUE (epreuve, centre));
CREATE INDEX iexam_retard_centre ON iexam_retard (centre);

-- A spreadsheet of épreuves that was sent: what it says (`contenu`, JSON), looked at before anything is written.
CREATE TABLE iexam_import_epreuves (
    id {id},
    periode BIGINT NOT NULL REFERENCES iexam_periode (id),
    fichier TEXT NOT NULL,
    contenu TEXT NOT NULL,
    depose_le {instant} NOT NULL,
    depose_par TEXT NOT NULL,
    applique_le {instant},
    applique_par TEXT);
CREATE INDEX iexam_import_epreuves_periode ON iexam_import_epreuves (periode, depose_le);

-- What is arranged for a student, between two days included. `majoration` is in minutes per hour: 20 is one third.
CREATE TABLE iexam_amenagement (
    id {id},
    etudiant TEXT NOT NULL,
    valide_du {jour} NOT NULL,
    valide_au {jour} NOT NULL,
    majoration BIGINT NOT NULL,
    salle_a_part BOOLEAN NOT NULL,
    ordinateur BOOLEAN NOT NULL,
    secretaire BOOLEAN NOT NULL,
    autre TEXT NOT NULL DEFAULT '',
    exception TEXT NOT NULL DEFAULT '',
    retire_le {instant});
CREATE INDEX iexam_amenagement_etudiant ON iexam_amenagement (etudiant, valide_du);

-- A student's registration to a period: one row, whatever happens to it. `revision` grows with each change of what the student chose;
-- `solde_cents` is what is left to pay, the sum of the ledger, kept by the same transactions. `onglet` names the page that last wrote a
-- draft: that page may write again without having read what it has just written.
CREATE TABLE iexam_inscription (
    id {id},
    periode BIGINT NOT NULL REFERENCES iexam_periode (id),
    etudiant TEXT NOT NULL,
    nom TEXT NOT NULL,
    courriel TEXT NOT NULL DEFAULT '',
    etapes TEXT NOT NULL DEFAULT '',
    etat TEXT NOT NULL,
    modalite BIGINT REFERENCES iexam_modalite (id),
    centre BIGINT REFERENCES iexam_centre (id),
    revision BIGINT NOT NULL DEFAULT 0,
    recu TEXT UNIQUE,
    motif TEXT NOT NULL DEFAULT '',
    du_cents BIGINT NOT NULL DEFAULT 0,
    solde_cents BIGINT NOT NULL DEFAULT 0,
    passees BIGINT NOT NULL DEFAULT 0,
    reportees BIGINT NOT NULL DEFAULT 0,
    majoration BIGINT NOT NULL DEFAULT 0,
    sans_salle BOOLEAN NOT NULL DEFAULT FALSE,
    demande_en_attente BOOLEAN NOT NULL DEFAULT FALSE,
    tient_place BOOLEAN NOT NULL DEFAULT FALSE,
    onglet TEXT NOT NULL DEFAULT '',
    creee_le {instant} NOT NULL,
    modifiee_le {instant} NOT NULL,
    validee_le {instant},
    recherche TEXT NOT NULL DEFAULT '',
    UNIQUE (periode, etudiant));
CREATE INDEX iexam_inscription_etat ON iexam_inscription (periode, etat, validee_le, id);
CREATE INDEX iexam_inscription_solde ON iexam_inscription (periode, etat, solde_cents);
CREATE INDEX iexam_inscription_nom ON iexam_inscription (periode, nom, id);
CREATE INDEX iexam_inscription_centre ON iexam_inscription (periode, centre, etat);
CREATE INDEX iexam_inscription_etudiant ON iexam_inscription (etudiant, periode);

-- What a student decided of an épreuve: `passe`, `report`, or `indecis` in a draft.
CREATE TABLE iexam_choix (
    inscription BIGINT NOT NULL REFERENCES iexam_inscription (id),
    epreuve BIGINT NOT NULL REFERENCES iexam_epreuve (id),
    decision TEXT NOT NULL,
    PRIMARY KEY (inscription, epreuve));
CREATE INDEX iexam_choix_epreuve ON iexam_choix (epreuve, decision);

-- The receipts of a registration, one each time that the student confirms it. `contenu` is all that the receipt says, frozen as JSON: the
-- same document can be made again years later, whatever became of labels, prices and centres.
CREATE TABLE iexam_recu (
    id {id},
    numero TEXT NOT NULL UNIQUE,
    inscription BIGINT NOT NULL REFERENCES iexam_inscription (id),
    revision BIGINT NOT NULL,
    etabli_le {instant} NOT NULL,
    contenu TEXT NOT NULL);
CREATE INDEX iexam_recu_inscription ON iexam_recu (inscription, id);

-- A change asked after validation: what is wanted as JSON, and what was answered.
CREATE TABLE iexam_demande (
    id {id},
    inscription BIGINT NOT NULL REFERENCES iexam_inscription (id),
    faite_le {instant} NOT NULL,
    voulu TEXT NOT NULL,
    motif TEXT NOT NULL,
    etat TEXT NOT NULL,
    traitee_le {instant},
    traitee_par TEXT,
    reponse TEXT NOT NULL DEFAULT '');
CREATE INDEX iexam_demande_inscription ON iexam_demande (inscription, id);
CREATE INDEX iexam_demande_etat ON iexam_demande (etat, faite_le);

-- The ledger. A row is never changed: a mistake is corrected by another row that names it (`corrige`). `montant_cents` adds to what is
-- left to pay: positive for what is due and for a refund, negative for a payment and an exemption. `poste` names what a due is for
-- (`fixe`, `epreuve:12`), so that a change writes the difference of each. `cle` is of the form or the transaction that wrote the row: the
-- same one sent twice writes it once. Days are closed one after the other; `empreinte` covers the rows of the day and the closing before.
CREATE TABLE iexam_cloture (
    id {id},
    jour {jour} NOT NULL UNIQUE,
    close_le {instant} NOT NULL,
    close_par TEXT NOT NULL,
    ecritures BIGINT NOT NULL,
    encaisse_cents BIGINT NOT NULL,
    rembourse_cents BIGINT NOT NULL,
    empreinte TEXT NOT NULL);
CREATE TABLE iexam_ecriture (
    id {id},
    inscription BIGINT NOT NULL REFERENCES iexam_inscription (id),
    nature TEXT NOT NULL,
    moyen TEXT,
    montant_cents BIGINT NOT NULL,
    libelle TEXT NOT NULL,
    poste TEXT,
    reference TEXT NOT NULL DEFAULT '',
    jour {jour} NOT NULL,
    ecrite_le {instant} NOT NULL,
    ecrite_par TEXT NOT NULL,
    corrige BIGINT UNIQUE REFERENCES iexam_ecriture (id),
    cle TEXT UNIQUE,
    cloture BIGINT REFERENCES iexam_cloture (id));
CREATE INDEX iexam_ecriture_inscription ON iexam_ecriture (inscription, id);
CREATE INDEX iexam_ecriture_jour ON iexam_ecriture (jour, nature, id);
CREATE INDEX iexam_ecriture_ordre ON iexam_ecriture (jour, id);
CREATE INDEX iexam_ecriture_cloture ON iexam_ecriture (cloture, id);
CREATE INDEX iexam_ecriture_moyen ON iexam_ecriture (moyen, jour, id);

-- An online payment begun. `reference` is what travels; the bank's answer settles it once.
CREATE TABLE iexam_paiement (
    id {id},
    inscription BIGINT NOT NULL REFERENCES iexam_inscription (id),
    reference TEXT NOT NULL UNIQUE,
    montant_cents BIGINT NOT NULL,
    etat TEXT NOT NULL,
    commence_le {instant} NOT NULL,
    regle_le {instant},
    detail TEXT NOT NULL DEFAULT '',
    autorisation TEXT NOT NULL DEFAULT '',
    transaction_banque TEXT UNIQUE,
    ecriture BIGINT REFERENCES iexam_ecriture (id));
CREATE INDEX iexam_paiement_inscription ON iexam_paiement (inscription, id);
CREATE INDEX iexam_paiement_commence ON iexam_paiement (commence_le, id);

-- Every notification received from the bank, whatever was thought of it. `empreinte` tells a replay.
CREATE TABLE iexam_notification (
    id {id},
    recue_le {instant} NOT NULL,
    empreinte TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reference TEXT NOT NULL DEFAULT '',
    montant_cents BIGINT,
    detail TEXT NOT NULL DEFAULT '');
CREATE INDEX iexam_notification_empreinte ON iexam_notification (empreinte);
CREATE INDEX iexam_notification_recue ON iexam_notification (recue_le);

-- A write of the REST interface, answered again as it was answered when the same key comes back.
CREATE TABLE iexam_idempotence (
    id {id},
    porteur TEXT NOT NULL,
    cle TEXT NOT NULL,
    demande TEXT NOT NULL,
    statut BIGINT NOT NULL,
    reponse TEXT NOT NULL,
    faite_le {instant} NOT NULL,
    UNIQUE (porteur, cle));
CREATE INDEX iexam_idempotence_age ON iexam_idempotence (faite_le)
