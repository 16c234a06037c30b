# Kinora's commands. On Windows: python -m venv .venv, install as below, then python -m playground demo.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP     = $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo playground run check test quick unit test-all lint catalogues snapshots longest bench soak litellm \
	comfy-api-proxy clean

help:
	@echo "make demo         one video from a picture, on this machine alone: no token, no key"
	@echo "make playground   the same world as a web page, until Ctrl-C"
	@echo "make run          the bot for real, from .env"
	@echo "make check        says what is wrong with the settings and how to fix it"
	@echo "make test         every check and test"
	@echo "make quick        lint, and the tests that need no socket, no database server and no browser"
	@echo "make test-all     the unit tests and one video, on each Python from 3.11 to 3.13 that is here"
	@echo "make catalogues   the words to translate, taken from the code into bot/i18n/locales"
	@echo "make snapshots    the expected texts of all views, written again: look at the difference before you commit it"
	@echo "make longest      how long each kind of view gets in each language, of what Discord takes"
	@echo "make bench        the benchmarks, with a table"
	@echo "make soak         the long ones: the bot killed a hundred times, its jobs while all around them fails, load, LiteLLM, a Comfy API"

# VIDEO_API=videos, openrouter, xai or comfyui has the bot speak to such a service, here and in the playground.
API = $(if $(VIDEO_API),--api $(VIDEO_API))

demo: $(VENV)/.playground
	@$(BIN)/python -m playground demo $(API)

playground: $(VENV)/.playground
	@$(BIN)/python -m playground serve $(API)

run: $(VENV)/.run
	@$(BIN)/python -m bot run

check: $(VENV)/.run
	@$(BIN)/python -m bot check

# Files are taken in their order: those of tests/e2e have a bot in common, which takes its connection for dead where other
# tests run for a minute in between. Most of what they do is wait, so there is one more worker than the two cores of a
# small machine; with more, some answers come later than the three seconds that Discord waits.
PYTEST = $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

test: lint
	$(PYTEST)

# Which tests those are, tests/sockets.py finds out while they run. Random inputs, which take a seventh of the time, and a
# random order are left to `make test`.
quick: lint
	$(BIN)/python -m pytest -n 2 -p no:randomly --without-sockets -m "not fuzz and not hypothesis" \
	  --ignore tests/e2e --ignore tests/browser

# Each Python gets an environment of its own. pyenv's commands are there for every version, and start for the one named
# in PYENV_VERSION alone; so what does not start counts as missing.
test-all:
	@for version in 3.11 3.12 3.13; do \
	  export PYENV_VERSION=$$version; \
	  if python$$version -c "" 2>/dev/null; then \
	    echo "Python $$version:"; \
	    $(MAKE) --no-print-directory unit PYTHON=python$$version VENV=.venv-$$version || exit 1; \
	  else echo "Python $$version: not on this machine, left out"; fi; \
	done

unit: $(VENV)/.dev
	$(PYTEST) --ignore tests/e2e --ignore tests/browser
	$(BIN)/python -m pytest tests/e2e/test_video.py::test_the_uploaded_video_is_the_one_the_service_made

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

catalogues: $(VENV)/.dev
	@$(BIN)/python -m tools.catalogues update

snapshots: $(VENV)/.dev
	@$(BIN)/python -m tests.texts.snapshots

longest: $(VENV)/.dev
	@$(BIN)/python -m tests.texts.longest

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

# Parts, numbers and seeds are options of it: python -m benchmarks.soak crash --rounds 1000
soak: $(VENV)/.dev litellm comfy-api-proxy
	$(BIN)/python -m benchmarks.soak

# A LiteLLM proxy between the bot and the playground. Its installation takes longer than the test: `make test` runs that
# only where a `litellm` is found.
litellm: $(VENV)/.dev $(VENV)-litellm/bin/litellm
	PATH="$(CURDIR)/$(VENV)-litellm/bin:$$PATH" $(BIN)/python -m pytest tests/e2e/test_litellm.py

# A Comfy API v2 server between the bot and the playground's ComfyUI, in the same way.
comfy-api-proxy: $(VENV)/.dev $(VENV)-comfy/bin/comfy-api-proxy
	PATH="$(CURDIR)/$(VENV)-comfy/bin:$$PATH" $(BIN)/python -m pytest tests/e2e/test_comfy_api_proxy.py

clean:
	rm -rf $(VENV) $(VENV)-litellm $(VENV)-comfy demo-output bench-output test-output

# Each level of installation is marked by a file, so that a second `make` starts at once.

$(VENV)/.run: EXTRA = [charts,fit,heic,metrics]
$(VENV)/.playground: EXTRA = [playground,charts]
$(VENV)/.dev: EXTRA = [dev]

$(VENV)/.run $(VENV)/.playground $(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Kinora$(EXTRA) into $(VENV) …"
	@$(PIP) install -c constraints.txt -e '.$(EXTRA)'
	@touch $@

$(VENV)-litellm/bin/litellm: | $(BIN)/python
	@$(BIN)/python -m venv $(VENV)-litellm
	@$(VENV)-litellm/bin/python -m pip --disable-pip-version-check --quiet install 'litellm[proxy]==1.108.7'

$(VENV)-comfy/bin/comfy-api-proxy: | $(BIN)/python
	@$(BIN)/python -m venv $(VENV)-comfy
	@$(VENV)-comfy/bin/python -m pip --disable-pip-version-check --quiet install comfy-api-proxy==0.1.6

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Kinora needs Python 3.11 or newer. Name one: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "This Python cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
