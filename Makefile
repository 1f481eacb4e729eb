# The two commands are `make run` and `make test`; both prepare whatever they need, and a second call is quick.

PYTHON ?= python3
VENV ?= .venv
SIZE ?= 1000000
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
# The machine's own Node if it has one, else the one that came with requirements.txt.
NPM := PATH="$$PATH:$(abspath $(BIN))" npm

PRODUCT := $(VENV)/.requirements
DEVELOPMENT := $(VENV)/.requirements-dev
ASSETS := static/dist/.built
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

.DEFAULT_GOAL := help
.PHONY: help run test lint bench demo assets catalogue messages clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: $(PRODUCT) $(ASSETS) $(TRANSLATIONS) ## Start the product with a demo centre on http://127.0.0.1:8000/
	@$(MANAGE) serve --demo

# Files in their own order: the long journeys of the browser begin early, not last for being few.
test: $(DEVELOPMENT) $(ASSETS) $(TRANSLATIONS) ## Run the tests; what to run may be given as ARGS="tests/kpis -n 0"
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(DEVELOPMENT) $(ASSETS) $(TRANSLATIONS) ## Check style, types, templates, the import order and the migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy people interactions kpis callcenter bench
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports --no-cache
	$(MANAGE) makemigrations --check --dry-run
	@DATABASE_URL=postgres://checked@localhost/checked HTTPS=yes ALLOWED_HOSTS=calls.example.org \
		SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		$(MANAGE) check --deploy --fail-level WARNING

bench: $(DEVELOPMENT) ## Measure against the practical limits; SIZE=10000000 for ten million contacts
	@$(BIN)/python -m bench --size $(SIZE)

demo: $(PRODUCT) $(TRANSLATIONS) ## Load the demo centre into the database
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) demo

assets: $(ASSETS) ## Build scripts and styles into static/dist/

catalogue: $(PRODUCT) $(TRANSLATIONS) ## Write docs/kpi_catalogue.md anew from the registry
	$(MANAGE) kpi_catalogue

messages: $(DEVELOPMENT) ## Collect the texts to translate (needs gettext's tools)
	$(MANAGE) makemessages --locale zh_Hans --ignore .venv --ignore node_modules --ignore var --no-location --no-wrap --no-obsolete

clean: ## Remove what was built; data in var/ stays
	rm -rf $(VENV) node_modules static/dist $(TRANSLATIONS)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1 | head -1)."; \
		echo "Install one and name it: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "The environment could not be made. On Debian and Ubuntu: apt-get install python3-venv"; \
		rm -rf $(VENV); exit 1; }

$(PRODUCT): requirements.txt | $(BIN)/python
	@echo "Installing what the product runs on …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(PRODUCT)
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json | $(PRODUCT)
	@echo "Fetching scripts and styles …"
	@$(NPM) ci --silent
	@touch $@

$(ASSETS): node_modules/.package-lock.json static/build.mjs $(shell find static/src templates -type f 2>/dev/null)
	@echo "Building scripts and styles …"
	@$(NPM) run --silent build
	@touch $@

%.mo: %.po | $(PRODUCT)
	@$(BIN)/pybabel --quiet compile --locale $(word 2,$(subst /, ,$@)) --input-file $< --output-file $@
