-- Worklists and filters of the registry over 20,000 registrations: what is rare is found without reading the period, and every count is
-- read from an index alone.
CREATE INDEX iexam_inscription_demande ON iexam_inscription (periode, demande_en_attente, validee_le, id);
CREATE INDEX iexam_inscription_sans_salle ON iexam_inscription (periode, sans_salle, nom, id);
CREATE INDEX iexam_inscription_validee ON iexam_inscription (periode, validee_le, id);
CREATE INDEX iexam_inscription_reste ON iexam_inscription (periode, solde_cents);
CREATE INDEX iexam_inscription_majoration ON iexam_inscription (periode, majoration, etat);
CREATE INDEX iexam_inscription_modalite ON iexam_inscription (periode, modalite);
CREATE INDEX iexam_inscription_etapes ON iexam_inscription (periode, etapes)
