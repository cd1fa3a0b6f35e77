# Tandem: `make run` starts the whole system on this machine, `make test` proves it.

VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
SIZE ?= small
# One more than there are cores: some tests wait for a server or a browser.
JOBS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1)))
TESTS ?=
# A run starts dozens of processes; without bytecode each of them compiles the whole house anew.
unexport PYTHONDONTWRITEBYTECODE

hash = $(shell cat $(1) | cksum | tr ' ' -)
RUN_STAMP := $(VENV)/.installed-$(call hash,requirements.txt)
DEV_STAMP := $(VENV)/.installed-dev-$(call hash,requirements.txt requirements-dev.txt)

.PHONY: run test killtest fuzz lint lint-types lint-style lint-templates lint-django bench help

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  PORT, TANDEM_DATA and DEMO=en|zh|ru|none shape make run; SIZE=small|full shapes make bench"

run: $(RUN_STAMP)  ## start everything; Ctrl-C stops everything
	@exec $(BIN)/python manage.py up --ends-with-parent

test: $(DEV_STAMP)  ## run the tests (TESTS=tests/engine for some of them)
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(TESTS)

killtest: $(DEV_STAMP)  ## what takes minutes: kill the launcher at every point of its life, 20,000 leads by two workers
	$(BIN)/python -m pytest -n 0 -m killtest tests/engine tests/leads/test_two_workers.py

fuzz: $(DEV_STAMP)  ## ask the API of a running demo all that its description allows and forbids (minutes; fills it with nonsense)
	$(BIN)/python -m tests.fuzz

lint: $(DEV_STAMP)  ## style, direction of imports, types, templates, migrations, deployment checks
	@$(MAKE) --no-print-directory --keep-going --output-sync=target --jobs 2 lint-types lint-style lint-templates lint-django

lint-types: $(DEV_STAMP)
	$(BIN)/mypy

lint-style: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

lint-templates: $(DEV_STAMP)
	$(BIN)/djlint --check --lint --quiet templates

lint-django: $(DEV_STAMP)
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	TANDEM_PRODUCTION=1 SECRET_KEY=$$(head -c 60 /dev/urandom | base64 | tr -d '\n') ALLOWED_HOSTS=tandem.example SITE_URL=https://tandem.example \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: $(DEV_STAMP)  ## measure speed beside its limits (SIZE=small or full)
	$(BIN)/python manage.py bench --size $(SIZE) --json bench-$(SIZE).json

# A linked or ready-made environment is taken as it is when it has been stamped.
$(RUN_STAMP): requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: on Debian, apt install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@rm -f $(VENV)/.installed-[0-9]*; touch $@

$(DEV_STAMP): requirements.txt requirements-dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: on Debian, apt install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@rm -f $(VENV)/.installed-*; touch $@ $(RUN_STAMP)
