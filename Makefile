# The front door: each target says what it does in one line, and its work is in scripts/.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The build that `make demo` runs. `demo` is close to the speed of release and far quicker to build;
# `make demo DEMO_PROFILE=release` runs the real thing.
DEMO_PROFILE ?= demo
export DEMO_PROFILE

# Options passed on to the command, e.g. make demo ARGS="--port 8081 --etudiants 200"
ARGS ?=

.PHONY: help demo test check bench e2e

help: ## Show this list
	@awk -F':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Build and start the suite with its sandbox (ARGS="--port 8081 --etudiants 200", DATABASE_URL for PostgreSQL)
	@exec scripts/demo $(ARGS)

test: ## Everything that must be green: Rust on SQLite and PostgreSQL, SOAP contract, browser journeys
	@exec scripts/test

check: ## Format, clippy, shell scripts, licences and sources of the dependencies
	@exec scripts/check

bench: ## Measure the figures of the README, on SQLite and on a throwaway PostgreSQL (release build, ARGS="--help")
	@exec scripts/bench $(ARGS)

e2e: ## The browser journeys alone (ARGS="journeys/connexion.test.mjs" for one of them)
	@exec scripts/e2e $(ARGS)
