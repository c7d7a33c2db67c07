#!/usr/bin/env python3
"""Plays, on PostgreSQL, the few SQL*Plus commands that docs/extraction-apogee.sql uses, so that the script runs for real in tests.

Oracle's SQL is close enough here but for one thing: '' and NULL are the same to ||. The schema "oracle" of check.py redefines it.
PSQL_URL says which server; FAULT=troncature cuts the last line of the biggest table, as a full disk or a lost session would.
"""
import os
import re
import subprocess
import sys


class SqlPlus:
    def __init__(self):
        self.defines = {"ects": "NBR_CRD_ELP", "fictif": "TEM_FICTIF"}
        self.spool = sys.stdout
        self.goes_on = False

    def expand(self, text):
        for _ in range(2):  # a defined text may name another
            text = re.sub(r"&(\w+)\.?", lambda name: self.defines[name[1]], text)
        return text

    def query(self, sql):
        if "all_tab_columns" in sql:  # the dictionary of Oracle: the answers are in self.defines
            return
        search = "SET search_path = oracle, apogee, pg_catalog"
        done = subprocess.run(
            ["psql", os.environ["PSQL_URL"], "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", search, "-c", self.expand(sql)],
            capture_output=True, text=True, check=False,
        )
        if done.returncode == 0:
            rows = done.stdout
            if os.environ.get("FAULT") == "troncature" and "FROM ELEMENT_PEDAGOGI" in sql and "COUNT(*)" not in sql:
                rows = rows[: rows.rstrip("\n").rfind("\n") + 1]
            self.spool.write(rows)
            return
        missing = "relation" in done.stderr and "does not exist" in done.stderr
        self.spool.write("ERROR at line 1:\n" + ("ORA-00942: table or view does not exist\n" if missing else "ORA-00900: " + done.stderr))
        if not self.goes_on:
            sys.exit(1)

    def command(self, line):
        """True when the line was a command of SQL*Plus, not the start of a statement."""
        word, _, rest = line.partition(" ")
        if word == "WHENEVER" and "SQLERROR" in rest:
            self.goes_on = "CONTINUE" in rest
        elif word == "DEFINE":
            name, text = re.fullmatch(r'(\w+) = "(.*)"', rest).groups()
            assert len(text) <= 240, "SQL*Plus keeps 240 characters of a definition"
            self.defines[name] = text
        elif word == "SPOOL":
            if self.spool is not sys.stdout:
                self.spool.close()
            self.spool = sys.stdout if rest == "OFF" else open(rest, "w", encoding="utf-8")
        elif word == "PROMPT":
            self.spool.write(rest + "\n")
        else:
            return word in ("WHENEVER", "SET", "COLUMN", "ALTER", "COMMIT;", "EXIT")
        return True

    def run(self, path):
        statement = ""
        for line in open(path, encoding="utf-8").read().splitlines():
            if not statement and (not line.strip() or line.startswith("--") or self.command(line)):
                continue
            statement += line + "\n"
            if line.endswith(";"):
                self.query(statement.rstrip().rstrip(";"))
                statement = ""


SqlPlus().run(re.search(r'@"(.+)"', sys.stdin.read())[1])
