# Every verb below works from a clean clone; each one sets up what it needs. `make` alone lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test lint fix docs docs-check bench lock clean setup

# Where the environment lives, how many test processes run, and what pytest is told on top.
VENV ?= .venv
JOBS ?= auto
ARGS ?=
export VENV

BIN = $(VENV)/bin

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## check the bundled example, which fails on purpose, and show the verdict
	@scripts/setup.sh run
	@scripts/run-example.sh

test: ## set up everything and run the whole test suite (ARGS="tests/unit -k diff", JOBS=2)
	@scripts/setup.sh dev
	@scripts/setup-browser.sh
	@echo "== pytest"
	@$(BIN)/python -m pytest -n $(JOBS) -r fEs $(ARGS)

lint: ## ruff, mypy strict, floors, house rules, docs checks, and our own gate on ourselves
	@scripts/setup.sh dev
	@scripts/lint.sh

fix: ## let ruff repair what it can, and format
	@scripts/setup.sh dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: ## write docs/reference from the code
	@scripts/setup.sh dev
	@$(BIN)/python scripts/generate_reference.py

docs-check: ## fail when docs/reference differs from the code, or a link is dead
	@scripts/setup.sh dev
	@$(BIN)/python scripts/generate_reference.py --check
	@$(BIN)/python scripts/check_docs.py

bench: ## start-up cost against a bare interpreter (see benchmarks/ for the others)
	@scripts/setup.sh dev
	@$(BIN)/python benchmarks/startup.py

lock: ## resolve the dependencies anew and write requirements/*.txt with hashes
	@scripts/lock.sh

setup: ## only the environment: run-time and development packages, locked by hash
	@scripts/setup.sh dev

clean: ## remove what these verbs made, the environment included
	rm -rf build "$(VENV)" .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests scripts benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
