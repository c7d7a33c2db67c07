#!/usr/bin/env python3
"""Runs docs/extraction-apogee.sh for real: its SQL on a PostgreSQL that has Apogée's tables, its manifest against its files."""
import csv
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SQL = (ROOT / "docs/extraction-apogee.sql").read_text(encoding="utf-8")
TABLES = {table: header.split(";") for table, header in re.findall(r"^SPOOL (\w+)\.csv\nPROMPT (.*)$", SQL, re.M)}
# sqlx's address, in the words of libpq.
URL = os.environ["TELEMAQUE_TEST_POSTGRES"].replace("postgres@localhost/postgres?", "postgres@/postgres?")
LABEL = 'Le « droit » ; l\'"autre"\nvoie'

ROWS = {
    "ELEMENT_PEDAGOGI": [
        {"COD_ELP": "A\u00a0B ", "LIB_ELP": LABEL, "NBR_CRD_ELP": "0", "NBR_VOL_ELP": "12.50", "DAT_CRE_ELP": "2019-09-01"},
        {"COD_ELP": "a\u00a0b", "LIB_ELP": "Łukasz D’Épinay", "NBR_CRD_ELP": None, "NBR_VOL_ELP": "0.5", "DAT_CRE_ELP": None},
    ],
    "ELP_CHG_TYP_HEU": [
        {"COD_ANU": "2024", "COD_ELP": "A", "COD_TYP_HEU": "CM", "NBR_HEU_ELP": "10"},
        {"COD_ANU": "2010", "COD_ELP": "A", "COD_TYP_HEU": "CM", "NBR_HEU_ELP": "9"},
    ],
    "VET_REGROUPE_LSE": [{"COD_ETP": "L1DRT", "COD_VRS_VET": "101", "COD_LSE": "LST", "NBR_MIN_ELP_OBL_CHX_VET": "2"}],
}


def psql(sql):
    subprocess.run(["psql", URL, "-qX", "-v", "ON_ERROR_STOP=1"], input="SET client_min_messages = warning;\n" + sql, text=True, check=True, stdout=subprocess.DEVNULL)


def column_type(name):
    if name.startswith("DAT_"):
        return "date"
    if name in ("NBR_CRD_ELP", "NBR_VOL_ELP", "NBR_HEU_ELP", "NBR_VOL_HOR_VET"):
        return "numeric"
    return "int" if name.startswith(("NBR_", "NUM_", "COD_VRS_", "COD_SIS_")) else "text"


def literal(value):
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def fill():
    sql = ["DROP SCHEMA IF EXISTS apogee CASCADE; DROP SCHEMA IF EXISTS oracle CASCADE; CREATE SCHEMA apogee; CREATE SCHEMA oracle;"]
    for left, right in (("text", "text"), ("int", "text"), ("text", "int")):
        sql.append(f"CREATE FUNCTION oracle.joined({left}, {right}) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT concat($1, $2)';"
                   f"CREATE OPERATOR oracle.|| (LEFTARG = {left}, RIGHTARG = {right}, FUNCTION = oracle.joined);")
    for table, columns in TABLES.items():
        sql.append(f"CREATE TABLE apogee.{table} ({', '.join(f'{name} {column_type(name)}' for name in columns)});")
        for row in ROWS.get(table, []):
            sql.append(f"INSERT INTO apogee.{table} ({', '.join(row)}) VALUES ({', '.join(map(literal, row.values()))});")
    psql("\n".join(sql))


def extract(folder, **env):
    return subprocess.run(
        [ROOT / "docs/extraction-apogee.sh", folder], capture_output=True, text=True, check=False,
        env={**os.environ, "PSQL_URL": URL, "SQLPLUS": str(ROOT / "e2e/extraction/sqlplus.py"),
             "APOGEE_CONNEXION": "/@APOGEE", "ETABLISSEMENT": 'Université "de l\'essai"', **env},
    )


def read(folder, table):
    with open(folder / f"{table}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def the_files_say_what_the_tables_say(folder):
    done = extract(folder)
    assert done.returncode == 0, done.stderr
    blank, full = sorted(read(folder, "ELEMENT_PEDAGOGI"), key=lambda row: row["NBR_CRD_ELP"])
    assert full["COD_ELP"] == "A\u00a0B " and full["LIB_ELP"] == LABEL.replace("\n", " "), full
    assert (full["NBR_CRD_ELP"], full["NBR_VOL_ELP"], full["DAT_CRE_ELP"]) == ("0", "12.5", "01/09/2019"), full
    assert (blank["NBR_CRD_ELP"], blank["NBR_VOL_ELP"], blank["DAT_CRE_ELP"]) == ("", "0.5", ""), blank
    assert [row["COD_ANU"] for row in read(folder, "ELP_CHG_TYP_HEU")] == ["2024"]
    assert read(folder, "VET_REGROUPE_LSE")[0]["COD_VRS_VET"] == "101"


def the_manifest_counts_and_seals_each_file(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["etablissement"] == 'Université "de l\'essai"'
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", manifest["extrait_le"]), manifest["extrait_le"]
    assert set(manifest["tables"]) == set(TABLES)
    for table, said in manifest["tables"].items():
        assert said["lignes"] == len(read(folder, table)), table
        assert said["sha256"] == hashlib.sha256((folder / f"{table}.csv").read_bytes()).hexdigest(), table


def a_truncated_file_publishes_nothing(folder):
    before = (folder / "manifest.json").read_bytes()
    done = extract(folder, FAULT="troncature")
    assert done.returncode == 1 and "ELEMENT_PEDAGOGI.csv a 1 lignes, la table en a 2" in done.stderr, done.stderr
    assert (folder / "manifest.json").read_bytes() == before


def a_useful_table_that_is_missing_is_left_out(folder):
    psql("DROP TABLE apogee.EPREUVE")
    done = extract(folder)
    assert done.returncode == 0 and "EPREUVE" in done.stdout, done.stderr
    assert "EPREUVE" not in json.loads((folder / "manifest.json").read_text())["tables"] and not (folder / "EPREUVE.csv").exists()


def a_needed_table_that_is_missing_publishes_nothing(folder):
    before = (folder / "manifest.json").read_bytes()
    psql("DROP TABLE apogee.LISTE_ELP")
    done = extract(folder)
    assert done.returncode == 1 and "ORA-00942" in done.stderr, done.stderr
    assert (folder / "manifest.json").read_bytes() == before and not list(folder.glob(".extraction.*"))


passed = failed = 0
fill()
with tempfile.TemporaryDirectory() as name:
    for check in (the_files_say_what_the_tables_say, the_manifest_counts_and_seals_each_file, a_truncated_file_publishes_nothing,
                  a_useful_table_that_is_missing_is_left_out, a_needed_table_that_is_missing_publishes_nothing):
        try:
            check(pathlib.Path(name))
            passed += 1
        except (AssertionError, OSError, ValueError) as error:
            failed += 1
            print(f"✗ {check.__name__.replace('_', ' ')}: {error}")
psql("DROP SCHEMA apogee CASCADE; DROP SCHEMA oracle CASCADE")
print(f"extraction: {passed} passed, {failed} failed")
sys.exit(failed > 0)
