#!/usr/bin/env bash
# Produit l'extraction nocturne de l'offre : un dossier de fichiers CSV et leur manifeste, que Télémaque vient lire.
#
#   extraction-apogee.sh DOSSIER
#
# Exemple de crontab :
#   15 3 * * *  apogee  APOGEE_CONNEXION=/@APOGEE ETABLISSEMENT='Université de …' /opt/telemaque/extraction-apogee.sh /srv/extraction
#
# Environnement :
#   APOGEE_CONNEXION  ce que SQL*Plus attend après CONNECT : /@ALIAS avec un portefeuille Oracle (conseillé), ou
#                     utilisateur/motdepasse@ALIAS. Jamais sur une ligne de commande, que « ps » montrerait.
#   ETABLISSEMENT     le nom de l'établissement, écrit dans le manifeste.
#   SQLPLUS           le chemin de sqlplus, s'il n'est pas dans le PATH.
#
# Rien n'est publié si une table nécessaire manque, si un fichier est tronqué ou si la base s'arrête en route : l'extraction
# de la veille reste alors en place, entière. Le manifeste est retiré en premier et remis en dernier : un lecteur ne voit
# jamais un mélange de deux nuits.
set -euo pipefail
export LC_ALL=C.UTF-8 NLS_LANG=FRENCH_FRANCE.AL32UTF8

arret() {
    printf 'Extraction abandonnée, la précédente est intacte : %s\n' "$*" >&2
    exit 1
}

dossier=${1:?usage : extraction-apogee.sh DOSSIER}
: "${APOGEE_CONNEXION:?APOGEE_CONNEXION manque : ce que SQL*Plus attend après CONNECT}"
etablissement=${ETABLISSEMENT:?ETABLISSEMENT manque : le nom de l\'établissement}
sql=$(cd "$(dirname "$0")" && pwd)/extraction-apogee.sql
[[ -f $sql ]] || arret "$sql est introuvable."

mkdir -p "$dossier"
dossier=$(cd "$dossier" && pwd)
# Une seule extraction à la fois ; le verrou tombe avec le processus.
exec 9>"$dossier/.verrou"
flock --nonblock 9 || arret "une autre extraction vers $dossier est en cours."
# Sur le même disque que la destination, pour que la publication ne soit que des renommages.
travail=$(mktemp -d "$dossier/.extraction.XXXXXX")
trap 'rm -rf "$travail"' EXIT
cd "$travail"

debut=$(date +%Y-%m-%dT%H:%M:%S%:z)
# -L : une seule tentative de connexion, pour ne pas bloquer le compte.
printf 'WHENEVER SQLERROR EXIT FAILURE\nCONNECT %s\n@"%s"\n' "$APOGEE_CONNEXION" "$sql" |
    "${SQLPLUS:-sqlplus}" -S -L /nolog >journal.txt 2>&1 ||
    arret "SQL*Plus s'est arrêté sur une erreur : $(grep -hm1 -E '(ORA|SP2|TNS)-[0-9]+' journal.txt ./*.csv lignes.txt 2>/dev/null || tail -n 1 journal.txt)"
[[ -f lignes.txt ]] || arret "SQL*Plus n'a pas mené le script à sa fin : $(tail -n 1 journal.txt)"

manifeste=manifest.json
texte() { printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g'; }
{
    printf '{\n  "etablissement": "%s",\n' "$(texte "$etablissement")"
    printf '  "source": "Apogée, tables de l'\''offre, extraction-apogee.sql",\n'
    printf '  "extrait_le": "%s",\n  "tables": {' "$debut"
} >"$manifeste"

virgule=
for fichier in *.csv; do
    table=${fichier%.csv}
    if grep -q '^ORA-00942' "$fichier"; then # la table n'existe pas ici, ou n'est pas accordée
        printf 'Table %s absente ou non accordée : laissée de côté.\n' "$table"
        rm "$fichier"
        continue
    fi
    attendu=$(sed -n "s/^$table=\([0-9][0-9]*\)[ \r]*\$/\1/p" lignes.txt)
    [[ -n $attendu ]] || arret "la base n'a pas compté les lignes de $table : $(grep -m1 -h 'ORA-' "$fichier" lignes.txt || true)"
    trouve=$(($(wc -l <"$fichier") - 1))
    ((trouve == attendu)) || arret "$fichier a $trouve lignes, la table en a $attendu : $(grep -m1 -h 'ORA-' "$fichier" || true)"
    printf '%s\n    "%s": { "lignes": %d, "sha256": "%s" }' "$virgule" "$table" "$attendu" "$(sha256sum "$fichier" | cut -d' ' -f1)" >>"$manifeste"
    virgule=,
done
printf '\n  }\n}\n' >>"$manifeste"

# Publication : plus de manifeste, donc plus d'extraction lisible, le temps des renommages.
rm -f "$dossier/manifest.json"
find "$dossier" -maxdepth 1 -name '*.csv' -delete
mv -- *.csv "$dossier/"
mv -- "$manifeste" "$dossier/"
printf 'Extraction publiée dans %s : %d tables.\n' "$dossier" "$(find "$dossier" -maxdepth 1 -name '*.csv' | wc -l)"
