# make run   starts everything            make test   tests everything
# make setup installs, builds, trains     make check  lints, checks types and data
# make bench-understanding, make bench-serving        print figures
#
# Nothing outside this folder is touched, except that `make test` as root installs Chromium.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test setup train check clean lock test-tools chromium \
  bench-understanding bench-serving

UV_VERSION := 0.13.9
PYTHON_VERSION := 3.11
UV := .tools/bin/uv
PY := .venv/bin/python
INSTALLED := .venv/.installed
INSTALLED_DEV := .venv/.installed-dev
RULES := build/schemes.db

export UV_CACHE_DIR := .cache/uv
export UV_PYTHON_INSTALL_DIR := .cache/python
export UV_NO_PROGRESS := 1
export PIP_CACHE_DIR := .cache/pip
export MPLCONFIGDIR := .cache/matplotlib
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONPATH := $(CURDIR)
# Where it is set, Rasa compiles 3,400 modules anew at each start: 7 s instead of 2.
unexport PYTHONDONTWRITEBYTECODE

# $(call logged,name,command): run quietly; on failure show the end of the log and name it.
define logged
mkdir -p logs; \
if ! { $(2); } > logs/$(1).log 2>&1; then \
  tail -n 12 logs/$(1).log; \
  echo "This step failed; the whole log is logs/$(1).log"; \
  exit 1; \
fi
endef

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

run: setup
	@echo "4/4 Starting …"
	@exec $(PY) launch.py

setup: $(INSTALLED) $(RULES) train

# ---- 1/4 The environment

# Any Python 3 can carry uv; uv then finds Python 3.11 or fetches it.
$(UV):
	@echo "0/4 Fetching uv $(UV_VERSION), which installs the rest …"
	@python=""; for candidate in python$(PYTHON_VERSION) python3 python; do \
	  if $$candidate -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; \
	  then python=$$candidate; break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "Python $(PYTHON_VERSION) with venv and pip is needed. On Debian or Ubuntu:"; \
	  echo "  sudo apt-get install python3 python3-venv python3-pip"; exit 1; fi; \
	$(call logged,tools,$$python -m venv .tools && \
	  .tools/bin/python -m pip install --disable-pip-version-check uv==$(UV_VERSION))

$(INSTALLED): requirements.txt $(shell find stubs -type f -not -path '*/__pycache__/*') | $(UV)
	@echo "1/4 Installing the environment (about a minute) …"
	@if [ ! -x $(PY) ]; then \
	  if ! $(UV) python find -q $(PYTHON_VERSION) >/dev/null 2>&1; then \
	    echo "    There is no Python $(PYTHON_VERSION) on this machine: uv fetches one into .cache/python …"; fi; \
	  $(call logged,venv,$(UV) venv --python $(PYTHON_VERSION) .venv || \
	    { echo "Python $(PYTHON_VERSION) could not be fetched either. Install it and run make again."; false; }); \
	fi
	@$(call logged,install,$(UV) pip sync requirements.txt --reinstall-package tensorflow-stand-in)
	@rm -f $(INSTALLED_DEV)
	@touch $@

# ---- 2/4 The rules' database

$(RULES): $(shell find schemes -not -path '*/__pycache__*' 2>/dev/null) | $(INSTALLED)
	@echo "2/4 Building the rules of the schemes …"
	@mkdir -p build
	@$(call logged,rules,$(PY) -m schemes build)
	@touch $@

# ---- 3/4 The model

train: $(INSTALLED)
	@echo "3/4 Checking the model …"
	@$(PY) train.py

# ---- Tests

$(INSTALLED_DEV): requirements-dev.txt $(INSTALLED)
	@echo "    Installing the test tools …"
	@$(call logged,install-dev,$(UV) pip install -r requirements-dev.txt)
	@touch $@

test-tools: $(INSTALLED_DEV)

CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

chromium:
	@if [ -n "$(CHROMIUM)" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "    Installing Chromium for the browser tests (about a minute) …"; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  $(call logged,chromium,apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-cjk); \
	else \
	  echo "    There is no Chromium, which the browser tests need. Install it:"; \
	  echo "      sudo apt-get install chromium fonts-noto-cjk"; \
	  echo "    or leave those tests out: make test ARGS='--ignore tests/browser'"; \
	  case "$(ARGS)" in *tests/browser*) ;; *) exit 1 ;; esac; \
	fi

test: setup test-tools chromium
	@echo "4/4 Testing …"
	@$(PY) -m pytest $(ARGS)

check: setup test-tools
	@echo "    ruff …";     $(PY) -m ruff check . && $(PY) -m ruff format --check .
	@echo "    mypy …";     $(PY) -m mypy $(wildcard settings.py launch.py train.py schemes actions nlu/*.py locales bot review sandbox bench/*.py)
	@echo "    schemes …";  $(PY) -m schemes check
	@echo "    rasa …";     $(call logged,validate,HOME=$(CURDIR)/.cache/home $(PY) -m rasa data validate --fail-on-warnings \
	  --config config.yml --domain domain.yml --data nlu stories)
	@echo "Everything is in order."

# ---- Figures

bench-understanding: setup test-tools
	@$(PY) bench/understanding.py

bench-serving: setup test-tools
	@$(PY) bench/serving.py

# ---- Upkeep

# Chooses versions anew within pyproject.toml's bounds; commit what it writes.
COMPILE := $(UV) pip compile pyproject.toml --quiet --python-version $(PYTHON_VERSION) \
  --generate-hashes --no-header --no-annotate --no-emit-index-url

lock: $(UV)
	@$(COMPILE) --output-file requirements.txt
	@mkdir -p build && grep -v '^stubs/' requirements.txt > build/constraints.txt
	@$(COMPILE) --extra dev --constraint build/constraints.txt --output-file requirements-dev.txt

# Keeps var/, which holds people's conversations, and .env.
clean:
	rm -rf .venv .tools .cache .rasa build models logs .mypy_cache .ruff_cache .pytest_cache
