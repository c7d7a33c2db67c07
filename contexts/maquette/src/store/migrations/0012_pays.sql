-- The code that Apogée gives to a country (COD_PAY): its label is for people, the bank wants to know which one it is.
ALTER TABLE maquette_etudiant ADD COLUMN code_pays TEXT
