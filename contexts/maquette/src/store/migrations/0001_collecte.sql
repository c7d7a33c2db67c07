CREATE TABLE maquette_collecte (
    id {id},
    portee TEXT NOT NULL,
    annee BIGINT NOT NULL,
    annee_libre BOOLEAN NOT NULL,
    simulation BOOLEAN NOT NULL,
    accepter_chute BOOLEAN NOT NULL,
    etat TEXT NOT NULL,
    acteur TEXT NOT NULL,
    demandee_le {instant} NOT NULL,
    debutee_le {instant},
    finie_le {instant},
    job_id BIGINT,
    rapport TEXT);
CREATE INDEX maquette_collecte_etat ON maquette_collecte (etat, portee, annee, id);
CREATE TABLE maquette_changement (
    id {id},
    collecte_id BIGINT NOT NULL REFERENCES maquette_collecte (id),
    genre TEXT NOT NULL,
    sorte TEXT NOT NULL,
    cause TEXT NOT NULL,
    objet_id BIGINT,
    cle TEXT NOT NULL,
    libelle TEXT,
    avant TEXT,
    apres TEXT);
CREATE INDEX maquette_changement_groupe ON maquette_changement (collecte_id, genre, sorte, cause, id);
CREATE TABLE maquette_lecture (
    collecte_id BIGINT NOT NULL REFERENCES maquette_collecte (id),
    cle TEXT NOT NULL,
    contenu TEXT NOT NULL,
    PRIMARY KEY (collecte_id, cle));
CREATE TABLE maquette_copie (
    source TEXT NOT NULL,
    cle TEXT NOT NULL,
    contenu TEXT NOT NULL,
    etiquette TEXT,
    lue_le {instant} NOT NULL,
    PRIMARY KEY (source, cle));
CREATE TABLE maquette_parametre (
    nom TEXT PRIMARY KEY,
    valeur TEXT NOT NULL,
    modifie_le {instant} NOT NULL,
    modifie_par TEXT NOT NULL);
CREATE TABLE maquette_ensemble (
    genre TEXT NOT NULL,
    annee BIGINT NOT NULL,
    empreinte TEXT NOT NULL,
    PRIMARY KEY (genre, annee))
