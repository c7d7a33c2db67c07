-- Local corrections, year 0 standing for every year. What the source says of each is kept by year: when it was set, and last.
CREATE TABLE maquette_correction (
    id {id},
    annee BIGINT NOT NULL,
    genre TEXT NOT NULL,
    cle TEXT NOT NULL,
    champ TEXT NOT NULL,
    libelle TEXT NOT NULL,
    valeur TEXT NOT NULL,
    motif TEXT NOT NULL,
    debut {jour} NOT NULL,
    fin {jour} NOT NULL,
    posee_par TEXT NOT NULL,
    posee_le {instant} NOT NULL,
    retiree_par TEXT,
    retiree_le {instant},
    retiree_motif TEXT,
    expiree BOOLEAN NOT NULL,
    recherche TEXT NOT NULL);
CREATE UNIQUE INDEX maquette_correction_active ON maquette_correction (annee, genre, cle, champ) WHERE retiree_le IS NULL;
CREATE INDEX maquette_correction_objet ON maquette_correction (genre, cle, champ);
CREATE INDEX maquette_correction_fin ON maquette_correction (retiree_le, fin);
CREATE TABLE maquette_correction_source (
    correction_id BIGINT NOT NULL REFERENCES maquette_correction (id),
    annee BIGINT NOT NULL,
    presente BOOLEAN NOT NULL,
    pose TEXT NOT NULL,
    dite TEXT NOT NULL,
    dite_le {instant} NOT NULL,
    collecte_id BIGINT NOT NULL,
    PRIMARY KEY (correction_id, annee))
