# `make` alone lists the commands.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
export RASA_TELEMETRY_ENABLED := false

BIN := .venv/bin
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --override requirements/overrides.txt \
	--generate-hashes --no-emit-index-url

# The first Python that fits; a name may stand for a version that is not installed, so each is tried.
PYTHON = $(shell for p in python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null && { echo $$p; break; }; done)

# uv installs everything; where it is missing it comes from the package index into a folder of its own.
UV = $(shell command -v uv || echo .tools/bin/uv)

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' Makefile

.PHONY: run
run: .venv/installed knowledge-database train ## Set up everything and serve the assistant at http://localhost:5005/
	@echo "Starting the assistant ..."
	@exec $(BIN)/python -m assistant.server

.PHONY: test
test: .venv/installed-for-tests browser postgresql synapse knowledge-database train ## Set up everything and run all tests
	@echo "Running all tests (several minutes) ..."
	@$(BIN)/ruff check .
	@$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not long"

.PHONY: check
check: .venv/installed-for-tests ## Quick check while working: style, content and its examples, documentation
	@$(BIN)/ruff check .
	@$(BIN)/python -m knowledge check
	@$(BIN)/pytest -q -n 2 tests/unit/content tests/unit/test_docs.py

.PHONY: test-long
test-long: .venv/installed-for-tests browser postgresql synapse knowledge-database train ## Run the tests that take long
	@echo "Running the long tests ..."
	@$(BIN)/pytest -m long

.PHONY: train
train: .venv/installed ## Train the model, if there is none for the present data
	@$(BIN)/python -m assistant.training

.PHONY: stories
stories: .venv/installed train ## Play the conversation stories (ONLY=word: some of them; BASE=git-ref: what changes since then)
	@$(BIN)/python -m assistant.stories $(if $(ONLY),--only "$(ONLY)") $(if $(BASE),--base "$(BASE)")

.PHONY: channel-check
channel-check: .venv/installed ## Tell which messaging channels work; to=channel=address sends a test message
	@$(BIN)/python -m assistant.channels.check --to "$(to)"

.PHONY: language-report
language-report: .venv/installed-for-tests train ## Measure reading side by side with its peers (long)
	@if command -v python3.10 >/dev/null; then $(MAKE) --no-print-directory .peers/installed; fi
	@$(BIN)/python -m bench.language

# The peers' own environment: Rasa's stock stack with TensorFlow runs on Python 3.10 only.
.peers/installed: requirements/peers.txt | $(UV)
	@echo "Installing the peers' environment (several minutes the first time) ..."
	@$(UV) venv --quiet --allow-existing --python "$$(command -v python3.10)" .peers
	@$(UV) pip install --quiet --python .peers --require-hashes --no-deps -r requirements/peers.txt
	@touch $@

.PHONY: screenshots
screenshots: .venv/installed-for-tests browser ## Renew the pictures in docs/images
	@PYTHONPATH=. $(BIN)/python tests/browser/screenshots.py

.PHONY: lighthouse
lighthouse: .venv/installed-for-tests browser ## Audit the patient page with Lighthouse (needs npm)
	@PYTHONPATH=. $(BIN)/python tests/browser/lighthouse/audit.py

.PHONY: lock
lock: $(UV) ## Renew the locked versions in requirements/
	@echo "Choosing versions ..."
	@$(COMPILE) --upgrade requirements/main.in --output-file requirements/main.txt
	@$(COMPILE) --upgrade requirements/test.in --output-file requirements/test.txt --constraint requirements/main.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --upgrade \
		requirements/synapse.in --output-file requirements/synapse.txt
	@$(UV) pip compile --quiet --python-version 3.10 --generate-hashes --no-emit-index-url --upgrade requirements/peers.in --output-file requirements/peers.txt
	@echo uv | $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --upgrade - \
		--output-file requirements/uv.txt

.PHONY: clean
clean: ## Remove what these commands made; conversations in var/ stay
	rm -rf .venv .peers .tools .rasa models var/knowledge.db .pytest_cache .hypothesis .ruff_cache .mypy_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

.PHONY: knowledge-database
knowledge-database: .venv/installed
	@echo "Checking the knowledge database ..."
	@$(BIN)/python -m knowledge build

# A browser for the page's tests. It comes from the system's packages where that is possible; elsewhere the tests that need
# it are skipped, except in CI.
.PHONY: browser
browser:
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the page's tests (a minute or two) ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	elif [ -n "$$CI" ]; then echo "No Chromium, and no way to install it here."; exit 1; \
	else echo "No Chromium found: the page's tests will be skipped. Install the package chromium to run them."; fi

# PostgreSQL for the database's tests, on the same terms.
.PHONY: postgresql
postgresql:
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing PostgreSQL for the database's tests (a minute) ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null; \
	elif [ -n "$$CI" ]; then echo "No PostgreSQL, and no way to install it here."; exit 1; \
	else echo "No PostgreSQL found: its tests will be skipped. Install the package postgresql to run them."; fi

# A Matrix server and a patient's program for the tests of that channel. Their versions would not go with the assistant's:
# they live in an environment of their own.
.PHONY: synapse
synapse: | .venv/bin/python $(UV)
	@[ .tools/synapse/installed -nt requirements/synapse.txt ] || { \
		echo "Installing a Matrix server for its channel's tests (a minute the first time) ..."; \
		$(UV) venv --quiet --allow-existing --python .venv/bin/python .tools/synapse && \
		$(UV) pip install --quiet --python .tools/synapse --require-hashes --no-deps --compile-bytecode -r requirements/synapse.txt && \
		touch .tools/synapse/installed; } || \
	{ [ -z "$$CI" ] && rm -rf .tools/synapse && echo "The Matrix server does not install here: its tests will be skipped."; }

.tools/bin/uv: requirements/uv.txt
	@[ -n "$(PYTHON)" ] || { echo "$$NO_PYTHON"; exit 1; }
	@echo "Fetching the installer uv ..."
	@$(PYTHON) -m venv .tools || { echo "Python's venv module is missing: install it (Debian, Ubuntu: apt install python3-venv)."; exit 1; }
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/bin/python: | $(UV)
	@[ -n "$(PYTHON)" ] || { echo "$$NO_PYTHON"; exit 1; }
	@$(UV) venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" .venv

.venv/installed: requirements/main.txt $(wildcard rasa_on_new_python/*.py) | .venv/bin/python
	@echo "Installing the locked packages (about a minute the first time) ..."
	@$(UV) pip install --quiet --python .venv --require-hashes --no-deps --compile-bytecode -r requirements/main.txt
	@$(BIN)/python rasa_on_new_python/install.py
	@touch $@

.venv/installed-for-tests: requirements/test.txt .venv/installed
	@echo "Installing the packages for the tests ..."
	@$(UV) pip install --quiet --python .venv --require-hashes --no-deps --compile-bytecode -r requirements/test.txt
	@touch $@

define NO_PYTHON
No Python 3.11 or 3.12 was found. Install one of them, for example:
  Debian, Ubuntu:  apt install python3 python3-venv   (or python3.12 python3.12-venv)
  macOS:           brew install python@3.12
  elsewhere:       https://www.python.org/downloads/
then run make again.
endef
export NO_PYTHON
