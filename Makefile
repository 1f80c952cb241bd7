# Everything that a contributor runs. The first call sets up .venv; later calls use it.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
BROWSER := .venv/.browser
SERVERS := .venv/.servers
ENGINES := .venv-engines/.ready
FIREBASE := firebase-tools@15.34.2
EMULATORS := .cache/emulators/.$(FIREBASE)
RECENT := import sys; sys.exit(sys.version_info < (3, 11))

# The demonstration is a site that breaks the promises of policy.yaml: its verdict is "fail".
DEMO_EXIT := 1

.DEFAULT_GOAL := help
.PHONY: help audit test test-engines test-emulators specs lint docs lock clean venv

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-14s %s\n", $$1, $$2}' Makefile

audit: $(READY) $(BROWSER) ## run the demonstration and check that it ends as expected
	@$(BIN)/audit demo; code=$$?; \
	if [ $$code -eq $(DEMO_EXIT) ]; then \
		echo "The demonstration ended as expected: exit code $$code."; \
	else \
		echo "The demonstration ended with exit code $$code; expected $(DEMO_EXIT)." >&2; exit 1; \
	fi

test: $(BROWSER) $(SERVERS) lint ## lint, then run the tests; stops at the first failure
	@$(BIN)/python -m pytest --numprocesses=logical --dist=loadfile $(HASTY:%=--ignore=%)
	@$(BIN)/python -m pytest $(HASTY)

test-engines: $(ENGINES) ## run the tests of warehouses and Spark, in .venv-engines; takes Java 17
	@.venv-engines/bin/python -m pytest tests/engines tests/test_spread.py tests/collect/stores/test_spread_out.py

test-emulators: $(EMULATORS) specs ## run the tests on Firebase's emulator and vendors' documents; takes Node.js
	@EMULATORS=1 $(BIN)/python -m pytest tests/emulators $(BY_SPECS)

specs: $(READY) ## fetch what vendors write about their own interfaces into .cache; takes npm
	@$(BIN)/python tests/collect/accounts/fakes/documents.py

lint: $(READY) ## style, types, who imports whom, the workflows
	@$(call step,ruff check,$(BIN)/ruff check .)
	@$(call step,ruff format,$(BIN)/ruff format --check .)
	@$(call step,mypy,$(BIN)/mypy)
	@$(call step,lint-imports,$(BIN)/lint-imports)
	@$(call step,zizmor,$(BIN)/zizmor --offline --persona auditor --strict-collection action.yml .github)

docs: $(READY) ## write the generated pages of docs/ anew
	@$(BIN)/python docs/generate.py

lock: $(READY) ## write requirements/*.txt anew; newest versions with LOCK=--upgrade
	@uv=$$(command -v uv || echo $(BIN)/uv); \
	[ -x "$$uv" ] || $(BIN)/python -m pip --disable-pip-version-check install --quiet uv; \
	"$$uv" $(COMPILE) --output-file requirements/run.txt && \
	"$$uv" $(COMPILE) --output-file requirements/dev.txt --group dev $(EXTRAS) --constraint requirements/run.txt && \
	"$$uv" $(subst pyproject.toml,--group build,$(COMPILE)) --output-file requirements/build.txt --constraint requirements/dev.txt && \
	"$$uv" $(COMPILE) --output-file requirements/engines.txt --group engines \
		$(addprefix --extra ,warehouse spark postgres mysql dask) --constraint requirements/dev.txt

clean: ## remove .venv and everything else that is made here
	@rm -rf .cache .venv .venv-engines build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Tests whose browsers take all processors, and notice when they do not get them.
HASTY := $(addprefix tests/collect/site/,consent test_hostile.py test_selftest.py test_states.py) tests/sites

# Tests that use what `make specs` fetches.
BY_SPECS := $(addprefix tests/collect/accounts/test_,github.py netlify.py)

# For every system and every Python that we support, with the hash of each file.
EXTRAS = $(addprefix --extra ,postgres mysql dask google pdf bucket timestamp)
COMPILE = pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --custom-compile-command "make lock" $(LOCK)

# One line when it went well, everything that was printed when it did not.
step = printf '%-13s' '$(1)'; if out=$$($(2) 2>&1); then echo ok; else echo FAILED; echo "$$out"; exit 1; fi

$(READY): pyproject.toml requirements/dev.txt
	@$(BIN)/python -c '$(RECENT)' 2>/dev/null || $(MAKE) --no-print-directory venv
	@echo "Installing what requirements/dev.txt names into .venv"
	@if command -v uv >/dev/null; then pip="uv pip install --quiet --python $(BIN)/python"; \
	else pip="$(BIN)/python -m pip --disable-pip-version-check install --quiet"; fi; \
	$$pip --require-hashes -r requirements/dev.txt && \
	$$pip --no-deps --no-build-isolation -e .
	@touch $@

$(ENGINES): pyproject.toml requirements/engines.txt | $(READY)
	@echo "Installing what requirements/engines.txt names into .venv-engines"
	@uv=$$(command -v uv || echo $(BIN)/uv); \
	[ -x "$$uv" ] || $(BIN)/python -m pip --disable-pip-version-check install --quiet uv; \
	"$$uv" venv --quiet --allow-existing --python "$$($(BIN)/python -c 'import sys; print(sys.executable)')" .venv-engines && \
	"$$uv" pip install --quiet --python .venv-engines/bin/python --require-hashes -r requirements/engines.txt && \
	"$$uv" pip install --quiet --python .venv-engines/bin/python --no-deps --no-build-isolation -e .
	@touch $@

# No package may run anything while it is installed.
$(EMULATORS): | $(READY)
	@command -v npm >/dev/null || { echo "Node.js 20 or newer with npm is needed for this" >&2; exit 1; }
	@echo "Installing $(FIREBASE) into .cache/emulators (300 MB, some minutes)"
	@npm install --silent --no-save --no-audit --no-fund --no-package-lock --ignore-scripts \
		--prefix .cache/emulators $(FIREBASE)
	@touch $@

# Prints which browser `audit` will use, or what to do where there is none.
FIND = $(BIN)/python -P -c 'import os, sys; sys.tracebacklimit = 0; \
	from auditor.collect.site.browser import find_browser; \
	print("Browser:", find_browser(os.environ.get("AUDIT_BROWSER", "")).path)'
PLAYWRIGHT = $(BIN)/python -m playwright
TRIED := .venv/browser.log

# One that is installed, else Playwright's own, else Debian's package. Each may fail (no network,
# nobody who may install): then the next is tried.
$(BROWSER): | $(READY)
	@found() { $(FIND) >/dev/null 2>&1; }; \
	if [ "$$(id -u)" = 0 ]; then root=env; \
	elif sudo -n true 2>/dev/null; then root="sudo -n env"; else root=false; fi; \
	apt() { $$root DEBIAN_FRONTEND=noninteractive apt-get -y --no-install-recommends "$$@"; }; \
	get() { \
		if PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT=10000 $(PLAYWRIGHT) install chromium-headless-shell; then \
			found || $$root $(PLAYWRIGHT) install-deps chromium-headless-shell; found && return; \
		fi; \
		apt update; apt install chromium-headless-shell && found || apt install chromium; \
	}; \
	if [ -z "$$AUDIT_BROWSER" ] && ! found; then \
		echo "No Chrome or Chromium is installed; getting one"; get >$(TRIED) 2>&1; \
		found || echo "None could be had; what was tried stands in $(TRIED)" >&2; \
	fi; \
	$(FIND)
	@touch $@

# Servers that tests talk to. Only root gets them, as in a container: on somebody's own machine a
# database that starts by itself is a surprise. Without them their tests are skipped, and say so.
$(SERVERS): | $(READY)
	@PATH="$$PATH:/usr/sbin"; missing=""; \
	command -v mariadbd >/dev/null || missing="mariadb-server"; \
	command -v dovecot >/dev/null || missing="$$missing dovecot-imapd"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing $$missing, for the tests"; \
		{ apt-get -y update && DEBIAN_FRONTEND=noninteractive \
			apt-get -y --no-install-recommends install $$missing; } >.venv/servers.log 2>&1 \
			|| echo "They could not be had (.venv/servers.log): their tests are skipped" >&2; \
	fi
	@touch $@

venv:
	@$(PYTHON) -c '$(RECENT)' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not. Name one: make test PYTHON=python3.12" >&2; exit 1; }
	@rm -rf .venv
	@if command -v uv >/dev/null; then \
		uv venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv; \
	else \
		$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }; \
	fi
