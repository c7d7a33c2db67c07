-- What people decided of anomalies, with both values as they were then. Collections never write here.
CREATE TABLE maquette_arbitrage (
    id {id},
    annee BIGINT NOT NULL,
    regle TEXT NOT NULL,
    objet TEXT NOT NULL,
    cle_objet TEXT NOT NULL,
    champ TEXT NOT NULL,
    etat TEXT NOT NULL,
    attribuee_a TEXT,
    decision TEXT,
    motif TEXT,
    valeur_locale TEXT,
    jusqu_au {jour},
    valeur_a TEXT NOT NULL,
    valeur_b TEXT NOT NULL,
    correction_id BIGINT REFERENCES maquette_correction (id),
    par TEXT NOT NULL,
    le {instant} NOT NULL,
    UNIQUE (annee, regle, objet, cle_objet, champ));
CREATE INDEX maquette_arbitrage_correction ON maquette_arbitrage (correction_id);
CREATE INDEX maquette_arbitrage_attribuee ON maquette_arbitrage (annee, attribuee_a)
