-- Which collection this one undoes; absent for a collection of the sources.
ALTER TABLE maquette_collecte ADD COLUMN annule_id BIGINT;
CREATE INDEX maquette_collecte_annule ON maquette_collecte (annule_id)
