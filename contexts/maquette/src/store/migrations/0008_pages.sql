-- Indexes of the lists and of the histories. An expression is the folded label or name, as `recherche` holds it after the key, so that
-- « Éthique » stands among the E on both engines.
CREATE INDEX maquette_changement_objet ON maquette_changement (genre, cle);
CREATE INDEX maquette_element_alphabet ON maquette_element (annee, (SUBSTR(recherche, LENGTH(code) + 2, 60)), code) WHERE ferme_le IS NULL;
CREATE INDEX maquette_element_nature ON maquette_element (annee, nature) WHERE ferme_le IS NULL AND NOT COALESCE(ferme, FALSE);
CREATE INDEX maquette_element_composante ON maquette_element (annee, composante) WHERE ferme_le IS NULL AND NOT COALESCE(ferme, FALSE);
CREATE INDEX maquette_element_periode ON maquette_element (annee, periode) WHERE ferme_le IS NULL AND NOT COALESCE(ferme, FALSE);
CREATE INDEX maquette_etudiant_alphabet ON maquette_etudiant (annee, (SUBSTR(recherche, LENGTH(numero) + 2, 60)), numero) WHERE ferme_le IS NULL;
CREATE INDEX maquette_etudiant_ine ON maquette_etudiant (annee, ine);
CREATE INDEX maquette_inscription_facettes ON maquette_inscription_administrative (annee, etat, regime, etape, version, etudiant) WHERE ferme_le IS NULL;
CREATE INDEX maquette_inscription_diplome ON maquette_inscription_administrative (annee, diplome, version_diplome, etudiant);
CREATE INDEX maquette_rattachement_diplome ON maquette_rattachement (annee, diplome, version_diplome);
CREATE INDEX maquette_anomalie_objet ON maquette_anomalie (annee, objet, cle_objet) WHERE ferme_le IS NULL
