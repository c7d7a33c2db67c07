-- How knowledge of an element is checked, as Kofr says it: one row for each test of a session. Its key serves every reading of it.
CREATE TABLE maquette_controle (
    id {id},
    annee BIGINT NOT NULL,
    element TEXT NOT NULL,
    session BIGINT NOT NULL,
    rang BIGINT NOT NULL,
    nature TEXT,
    duree BIGINT,
    coefficient BIGINT,
    empreinte BIGINT NOT NULL,
    recherche TEXT,
    source TEXT NOT NULL,
    collecte_id BIGINT NOT NULL,
    ferme_le {instant},
    UNIQUE (annee, element, session, rang))
