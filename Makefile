# Everything a contributor or CI does. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What `make demo` needs is installed; all that is needed is.
PREPARED := $(VENV)/.prepared
INSTALLED := $(VENV)/.installed
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --editable '.[$(1)]' \
  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$(1)]'
# xdist workers: most of a test's time is waiting for the engine or a server.
WORKERS ?= 4
PARALLEL = -n $(WORKERS) --dist worksteal
OLDEST ?= 3.10

SUITES := unit host emulator cli faults docs tools package e2e
# The languages of programs besides Python, for `make engine LANGUAGES="yaml nodejs go"`.
LANGUAGES ?=

# Who may not install packages asks sudo, without a password.
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo -n)

.DEFAULT_GOAL := help
.PHONY: help install engine browser demo demo-down lint format test coverage $(SUITES:%=test-%) test-min test-live bench load mutants docs \
  schema sdks plugin clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(PREPARED): setup.py pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	@# uv installs in a tenth of pip's time, but does not read pip.conf: where an index is set there, pip does it.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(call INSTALL,demo)
	@touch $@

$(INSTALLED): $(PREPARED)
	$(call INSTALL,dev)
	@touch $@

install: $(INSTALLED) ## Make the virtual environment .venv

engine: $(PREPARED) ## Find or build the Pulumi engine; LANGUAGES="yaml nodejs go" adds their language hosts
	$(BIN)/python -m tools.engine $(LANGUAGES)

browser: ## Install the browser that the emulator's page is tested in, from Debian's packages
	@command -v chromium >/dev/null || { $(AS_ROOT) apt-get update -qq && $(AS_ROOT) apt-get install -y -qq --no-install-recommends chromium; } \
	  || echo "no Chromium can be installed here: the tests of the page in a browser are skipped"

demo: $(PREPARED) ## Show how a table is ingested into a dataset; LANGUAGE=yaml, KEEP=1 leaves all running, PICTURE=file.svg draws it
	@$(BIN)/python -m tools.demo $(if $(LANGUAGE),--language $(LANGUAGE)) $(if $(KEEP),--keep) $(if $(PICTURE),--picture $(PICTURE))

demo-down: $(PREPARED) ## End what `make demo KEEP=1` left running
	@$(BIN)/python -m tools.demo down

lint: $(INSTALLED) ## Style, types, spelling and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy provider tools tests benchmarks
	$(BIN)/lint-imports
	$(BIN)/codespell

format: $(INSTALLED) ## Bring the code into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The suites that run programs in other languages.
test coverage test-tools test-e2e: LANGUAGES = yaml nodejs go

test: $(INSTALLED) engine browser ## All suites
	$(BIN)/python -m pytest $(PARALLEL)

coverage: $(INSTALLED) engine browser ## All suites, and which lines of the provider none of them reaches
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(PARALLEL)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# One suite: test-unit, test-host, test-emulator, test-cli, test-faults, test-docs, test-tools, test-package, test-e2e.
test-emulator: browser
$(SUITES:%=test-%): test-%: $(INSTALLED) engine
	$(BIN)/python -m pytest $(PARALLEL) tests/$*

# The lowest versions that setup.py allows, on the lowest Python.
test-min: $(INSTALLED) ## The unit and host suites on the lowest versions
	$(BIN)/uv venv --quiet --allow-existing --python $(OLDEST) .venv-min
	$(BIN)/uv pip install --quiet --python .venv-min/bin/python --resolution lowest-direct --editable '.[dev]'
	.venv-min/bin/python -m pytest $(PARALLEL) tests/unit tests/host

test-live: $(INSTALLED) ## The life of a connection in a real organization; needs AEP_LIVE=1 and credentials
	$(BIN)/python -m pytest tests/live

plugin: $(INSTALLED) ## Write the plugin's archives for pluginDownloadURL below build/plugin
	$(BIN)/python -m tools.plugin build/plugin

bench: $(INSTALLED) engine ## Measure; QUICK=1 measures little
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick)

load: $(INSTALLED) engine ## 1,000 connections in one stack while requests fail
	$(BIN)/python -m tests.load 1000

# Hours on two cores; OF=lifecycle/plan.py takes one module, TESTS=tests/unit/lifecycle fewer tests. docs/mutants.md judges
# what survives. The tool changes files, so it gets a copy.
MUTANTS := build/mutants
mutants: $(INSTALLED) ## Change the core line by line, and list the changes that no test notices
	$(call INSTALL,mutants)
	rm -rf $(MUTANTS) && mkdir -p $(MUTANTS) && git ls-files -z | xargs -0 cp --parents -t $(MUTANTS)
	$(BIN)/python -m tools.mutants $(MUTANTS) $(if $(OF),--of $(OF)) $(if $(TESTS),--tests $(TESTS))

docs: $(INSTALLED) ## Write the generated pages
	$(BIN)/python -m tools.docs

schema: $(INSTALLED) ## Write the plugin's schema from the models
	$(BIN)/python -m tools.schema

sdks: $(INSTALLED) ## Generate SDKs from it below build/sdks; LANGUAGES="nodejs go" only those
	$(BIN)/python -m tools.schema --sdks build/sdks $(LANGUAGES)

clean: ## Remove what was built; the engine's cache stays
	rm -rf $(VENV) .venv-min build dist .demo .testing .mypy_cache .ruff_cache .pytest_cache .hypothesis
