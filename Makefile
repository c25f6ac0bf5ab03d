# The two commands a newcomer needs: `make demo` and `make test`. Everything lives in .venv; nothing else is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := out/demo

.PHONY: demo test lint docs golden clean help
.DEFAULT_GOAL := help

help:
	@echo "make demo    set up, make both demo campaigns (no key, no network service), say where the report is"
	@echo "make test    set up, run the tests"
	@echo "make lint    ruff, mypy --strict, import layers"
	@echo "make docs    regenerate schemas, check and rule pages, and the references"
	@echo "make golden  rewrite the golden files; review the diff before you commit it"
	@echo "make clean   remove $(VENV), out/ and caches"

$(VENV)/.run: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "brandkit needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3 has no venv module. On Debian and Ubuntu: apt-get install python3-venv"; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(VENV)/.run
	@$(BIN)/brandkit run brands/halfpast/campaigns/every-half-hour --out $(OUT)/halfpast --fail-on fail
	@$(BIN)/brandkit run brands/ebbware/campaigns/first-dip --out $(OUT)/ebbware --fail-on fail
	@echo "Open $(OUT)/halfpast/report.html and $(OUT)/ebbware/report.html"
	@echo "A third brand, in three scripts: $(BIN)/brandkit run brands/nightround/campaigns/three-oclock --out $(OUT)/nightround"

test: $(VENV)/.dev
	@$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.dev
	$(BIN)/python -m brandkit.cli.schemas
	$(BIN)/python -m docs.figures.checks
	$(BIN)/python -m brandkit.check.docs
	$(BIN)/python -m brandkit.brand.rules_docs
	$(BIN)/python -m brandkit.cli.file_pages
	$(BIN)/python -m brandkit.cli.reference

golden: $(VENV)/.dev
	$(BIN)/python -m pytest --update-golden

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
