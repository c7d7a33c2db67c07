-- Corrections read from a file, between its sending and their application: what the file says, not what will change, which is looked at
-- again each time.
CREATE TABLE maquette_import (
    id {id},
    fichier TEXT NOT NULL,
    annee BIGINT NOT NULL,
    contenu TEXT NOT NULL,
    envoye_par TEXT NOT NULL,
    envoye_le {instant} NOT NULL,
    applique_par TEXT,
    applique_le {instant},
    posees BIGINT NOT NULL)
