-- What the last applied collection of each scope read and did not keep: one row per key and rule, with the collection that first
-- left it out so. `repli` is the key as a search compares it, blind to case and spaces.
CREATE TABLE maquette_ecarte (
    id {id},
    annee BIGINT NOT NULL,
    partie TEXT NOT NULL,
    genre TEXT NOT NULL,
    cle TEXT NOT NULL,
    repli TEXT NOT NULL,
    regle TEXT NOT NULL,
    detail TEXT NOT NULL,
    collecte_id BIGINT NOT NULL,
    UNIQUE (annee, partie, genre, cle, regle));
CREATE INDEX maquette_ecarte_repli ON maquette_ecarte (annee, repli)
