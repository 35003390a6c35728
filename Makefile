# What can be done here; every line is one command. `make` prints this list.

.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
PACKAGES := contracts kit embedded auth catalog library_scanner metadata playback search_indexer notification gateway
WORKERS ?= 4
INSTALLED := .venv/.installed

# uv keeps what it downloads at home; a user who has none keeps it here
ifndef UV_CACHE_DIR
AT_HOME := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/uv
ifneq (yes,$(shell mkdir -p "$(AT_HOME)" 2>/dev/null && test -w "$(AT_HOME)" && echo yes))
export UV_CACHE_DIR := $(CURDIR)/.uv/cache
endif
endif

##@ Use

run: $(INSTALLED) ## Start everything; MEDIA=/some/folder makes libraries of it
	@$(UV) run --no-sync revenge up $(if $(MEDIA),--media "$(MEDIA)")

setup: $(INSTALLED) ## Install what running and testing need

##@ Check

test: $(INSTALLED) ## Every test, against real servers
	$(UV) run --no-sync pytest -n $(WORKERS) --dist loadgroup -q

lint: $(INSTALLED) ## Style, formatting, and who may import whom
	$(UV) run --no-sync ruff check .
	$(UV) run --no-sync ruff format --check .
	$(UV) run --no-sync lint-imports

types: $(INSTALLED) ## mypy and pyright, both strict
	$(UV) run --no-sync mypy $(PACKAGES:%=-p revenge.%)
	$(UV) run --no-sync mypy tests/typing/contracts_are_checked.py
	$(UV) run --no-sync pyright

e2e: $(INSTALLED) ## Only the tests that run the whole suite
	$(UV) run --no-sync pytest -q tests/e2e

bench: $(INSTALLED) ## Measure, each figure beside its floor
	$(UV) run --no-sync python -m tests.bench

##@ Write

proto: $(INSTALLED) ## Generate the documents in proto/ from the contracts
	$(UV) run --no-sync python -m revenge.contracts proto
	$(UV) run --no-sync python -m revenge.gateway.openapi > proto/openapi.json
	$(UV) run --no-sync revenge nats-config > deploy/compose/nats.conf

format: $(INSTALLED) ## Format, and mend what can be mended
	$(UV) run --no-sync ruff check --fix .
	$(UV) run --no-sync ruff format .

clean: ## Remove what was installed; the data in .revenge stays
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Made last, so that an install that was cut short is taken up again; and again when the lock or a
# package's description changes.
$(INSTALLED): uv.lock pyproject.toml $(wildcard libs/*/pyproject.toml services/*/pyproject.toml) | $(UV)
	@echo "Installing what Revenge needs (once, about 300 MB) ..."
	$(UV) sync --frozen --all-packages
	@touch $@

.uv/bin/uv:
	@echo "Installing uv, which installs the rest ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .uv || { echo "$(PYTHON) has no venv module: install it (Debian: python3-venv), or install uv itself"; rm -rf .uv; exit 1; }
	@.uv/bin/pip install --quiet --no-cache-dir --disable-pip-version-check uv

.PHONY: run setup test lint types e2e bench proto format clean help
