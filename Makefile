# Everything that a contributor runs. The first call sets up .venv; later calls use it.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
RECENT := import sys; sys.exit(sys.version_info < (3, 11))

# The demonstration is a bakery that breaks its own promises: its verdict is "fail".
DEMO := --policy examples/bakery/policy.yaml www:before=examples/bakery/before.har \
	www:reject=examples/bakery/reject.har www:accept=examples/bakery/accept.har
DEMO_EXIT := 1

.DEFAULT_GOAL := help
.PHONY: help audit test lint docs lock clean venv

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-6s %s\n", $$1, $$2}' Makefile

audit: $(READY) ## run the demonstration and check that it ends as expected
	@$(BIN)/audit check $(DEMO); code=$$?; \
	if [ $$code -eq $(DEMO_EXIT) ]; then \
		echo "The demonstration ended as expected: exit code $$code."; \
	else \
		echo "The demonstration ended with exit code $$code; expected $(DEMO_EXIT)." >&2; exit 1; \
	fi

test: lint ## lint, then run the tests; stops at the first failure
	@$(BIN)/python -m pytest

lint: $(READY) ## style, types, who imports whom, the workflows
	@$(call step,ruff check,$(BIN)/ruff check .)
	@$(call step,ruff format,$(BIN)/ruff format --check .)
	@$(call step,mypy,$(BIN)/mypy)
	@$(call step,lint-imports,$(BIN)/lint-imports)
	@$(call step,zizmor,$(BIN)/zizmor --offline --persona auditor --strict-collection .github)

docs: $(READY) ## write the generated pages of docs/ anew
	@$(BIN)/python docs/generate.py

lock: $(READY) ## write requirements/*.txt anew; newest versions with LOCK=--upgrade
	@uv=$$(command -v uv || echo $(BIN)/uv); \
	[ -x "$$uv" ] || $(BIN)/python -m pip --disable-pip-version-check install --quiet uv; \
	"$$uv" $(COMPILE) --output-file requirements/run.txt && \
	"$$uv" $(COMPILE) --output-file requirements/dev.txt --group dev --constraint requirements/run.txt

clean: ## remove .venv and everything else that is made here
	@rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# For every system and every Python that we support, with the hash of each file.
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

venv:
	@$(PYTHON) -c '$(RECENT)' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not. Name one: make test PYTHON=python3.12" >&2; exit 1; }
	@rm -rf .venv
	@if command -v uv >/dev/null; then \
		uv venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv; \
	else \
		$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }; \
	fi
