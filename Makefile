# Everything a contributor or CI does. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# xdist workers: most of a test's time is waiting for the engine or a server.
WORKERS ?= 4

.DEFAULT_GOAL := help
.PHONY: help install engine lint format test test-unit test-host test-emulator test-e2e test-min demo demo-down clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(INSTALLED): setup.py pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	@# uv installs in a tenth of pip's time, but does not read pip.conf: where an index is set there, pip does it.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --editable '.[dev]' \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

install: $(INSTALLED) ## Make the virtual environment .venv

engine: $(INSTALLED) ## Find or build the Pulumi engine
	$(BIN)/python -m tools.engine

lint: $(INSTALLED) ## Style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy provider tools tests examples setup.py
	$(BIN)/lint-imports

format: $(INSTALLED) ## Bring the code into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: $(INSTALLED) engine ## All suites
	$(BIN)/python -m pytest -n $(WORKERS)

test-unit test-host test-emulator: test-%: $(INSTALLED)
	$(BIN)/python -m pytest -n $(WORKERS) tests/$*

test-e2e: $(INSTALLED) engine
	$(BIN)/python -m pytest -n $(WORKERS) tests/e2e

clean: ## Remove what was built; the engine's cache stays
	rm -rf $(VENV) build dist .demo .testing .mypy_cache .ruff_cache .pytest_cache .hypothesis
