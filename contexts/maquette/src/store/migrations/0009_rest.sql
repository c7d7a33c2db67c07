-- Numbers that every write advances in its own transaction: `fil` by any change that is kept, `offre` by those that a tree shows; whoever
-- advances one holds its row until the commit, so that writers take turns. `oubli` is the last change that the feed has forgotten.
CREATE TABLE maquette_generation (
    nom TEXT PRIMARY KEY,
    valeur BIGINT NOT NULL);
-- Trees as the REST interface answers them, kept as long as `offre` has not advanced.
CREATE TABLE maquette_arbre_lu (
    annee BIGINT NOT NULL,
    etape TEXT NOT NULL,
    version TEXT NOT NULL,
    complet BOOLEAN NOT NULL,
    generation BIGINT NOT NULL,
    etiquette TEXT NOT NULL,
    contenu TEXT NOT NULL,
    PRIMARY KEY (annee, etape, version, complet));
CREATE INDEX maquette_collecte_fin ON maquette_collecte (annee, etat, id)
