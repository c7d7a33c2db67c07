-- People are looked for by family name: « Nom Prénom » as lists show it, and folded as they are put in order.
ALTER TABLE iexam_inscription ADD COLUMN nom_classe TEXT NOT NULL DEFAULT '';
ALTER TABLE iexam_inscription ADD COLUMN classement TEXT NOT NULL DEFAULT '';
UPDATE iexam_inscription SET nom_classe = nom, classement = nom;
CREATE INDEX iexam_inscription_classement ON iexam_inscription (periode, classement, id);
CREATE INDEX iexam_inscription_sans_salle_classement ON iexam_inscription (periode, sans_salle, classement, id)
