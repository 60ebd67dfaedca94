# Two commands: `make run` serves the coach, `make test` checks everything. `make playground` shows it as Teams does.

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name) 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
PLAYGROUND := $(VENV)/playground
TEXTLINT := $(VENV)/textlint
AUDIT := $(VENV)/audit
SLACK := tests/slack
TEAMS := tests/teams tests/contract tests/playground
SERVERS := tests/stores tests/worker tests/web tests/privacy tests/ship tests/chaos

.PHONY: run playground test lint types secrets audit bench chaos record train train-reader lock clean

run: $(VENV)/.installed
	@$(BIN)/coach serve

playground: $(VENV)/.installed $(PLAYGROUND)/.installed
	@$(BIN)/python -m tests.playground

# Most tests wait: for a platform, a disk, a browser. Four groups run side by side, and are shown one after the other.
test: lint types $(PLAYGROUND)/.installed
	@$(BIN)/pytest $(SLACK) >$(VENV)/slack.log 2>&1 & slack=$$!; \
		$(BIN)/pytest $(TEAMS) >$(VENV)/teams.log 2>&1 & teams=$$!; \
		$(BIN)/pytest $(SERVERS) >$(VENV)/servers.log 2>&1 & servers=$$!; \
		$(BIN)/pytest $(addprefix --ignore=,$(SLACK) $(TEAMS) $(SERVERS)); others=$$?; \
		wait $$servers; servers=$$?; cat $(VENV)/servers.log; \
		wait $$slack; slack=$$?; cat $(VENV)/slack.log; \
		wait $$teams; teams=$$?; cat $(VENV)/teams.log; exit $$((others | servers | slack | teams))

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	@$(BIN)/mypy

# What is no secret, such as the tokens of tests, is in .secrets.baseline; CONTRIBUTING.md says how it gets there.
secrets: $(VENV)/.installed-dev
	@git ls-files -z | xargs -0 -n 300 -P 2 $(BIN)/detect-secrets-hook --baseline .secrets.baseline

# Asks osv.dev for known vulnerabilities of every pinned package.
audit: $(AUDIT)/.installed
	@$(AUDIT)/bin/pip-audit --vulnerability-service osv --strict --no-deps --disable-pip --progress-spinner off \
		--requirement constraints.txt 2>$(AUDIT)/errors || { \
		if grep -q 'ConnectionError\|Timeout' $(AUDIT)/errors; then \
			echo "make: audit needs a network: api.osv.dev cannot be reached" >&2; \
		else cat $(AUDIT)/errors >&2; fi; exit 2; }

bench: $(VENV)/.installed-dev $(TEXTLINT)/.installed
	@$(BIN)/python -m tests.bench

# Everything that breaks, a minute each; `python -m tests.chaos 600` for ten.
chaos: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.chaos

train: $(VENV)/.installed-dev
	@$(INSTALL) --editable '.[train]'
	@$(BIN)/python -m bot.training.train_claims

train-reader: $(VENV)/.installed-dev
	@$(INSTALL) --editable '.[train]'
	@$(BIN)/python -m bot.training.train_reader

record: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.claude.record

# Pins every version for every supported Python; needs uv.
lock:
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-emit-package torch pyproject.toml \
		--output-file constraints.txt

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "make: no Python found; install Python 3.11 or newer" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "make: $(PYTHON) is older than 3.11; run: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "make: cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 2; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing the coach (once) ..."
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing the test environment (once) ..."
	@$(INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/.installed

# Microsoft's Agents Playground and manifest schemas: only looked at and tested with, never shipped.
$(PLAYGROUND)/.installed: tests/playground/package.json tests/playground/package-lock.json | $(VENV)/bin/python
	@command -v node >/dev/null && command -v npm >/dev/null || \
		{ echo "make: no Node.js with npm found; on Debian: apt-get install nodejs npm" >&2; exit 2; }
	@node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' || \
		{ echo "make: $$(node --version) is older than Node.js 18, which the Agents Playground needs" >&2; exit 2; }
	@echo "Installing the Agents Playground (once) ..."
	@mkdir -p $(PLAYGROUND) && cp $^ $(PLAYGROUND)
	@npm ci --prefix $(PLAYGROUND) --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

# A term linter that the claim finder is measured beside: never shipped.
$(TEXTLINT)/.installed: tests/bench/textlint/package.json tests/bench/textlint/package-lock.json | $(VENV)/bin/python
	@command -v node >/dev/null && command -v npm >/dev/null || \
		{ echo "make: no Node.js with npm found; on Debian: apt-get install nodejs npm" >&2; exit 2; }
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 20 || (+a === 20 && +b >= 18) ? 0 : 1)' || \
		{ echo "make: $$(node --version) is older than Node.js 20.18, which textlint needs" >&2; exit 2; }
	@echo "Installing textlint (once) ..."
	@mkdir -p $(TEXTLINT) && cp $^ $(TEXTLINT)
	@npm ci --prefix $(TEXTLINT) --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

$(AUDIT)/.installed: | $(VENV)/bin/python
	@echo "Installing pip-audit (once) ..."
	@$(VENV)/bin/python -m venv $(AUDIT)
	@$(AUDIT)/bin/pip install --quiet --disable-pip-version-check 'pip-audit>=2.9' 2>$(AUDIT)/errors || { \
		echo "make: audit needs a network: pip-audit cannot be installed; $(AUDIT)/errors says why" >&2; exit 2; }
	@touch $@

clean:
	rm -rf $(VENV) .coach .mypy_cache .pytest_cache .ruff_cache .hypothesis
