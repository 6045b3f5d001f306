# `make help` lists what there is; docs/develop/testing.md explains the layers.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

NAME ?= dev
TARGET := target/x86_64-unknown-linux-gnu
CLUSTER := $(TARGET)/ci/cluster
CARGO_TEST := cargo test --workspace --profile ci --quiet
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/abetworks
STEP := tests/step.sh
# For every cargo call alike: where it differs, the program that embeds the web app is built anew.
export WEB_REQUIRED := 1
UNIT_TESTS := fresh conventions imports $(basename $(notdir $(wildcard crates/*/tests/*.rs)))
DATABASE_TESTS := databases $(patsubst tenant-app/tests/%.rs,%,$(wildcard tenant-app/tests/*.rs)) \
  $(patsubst tenant-app/tests/%/main.rs,%,$(wildcard tenant-app/tests/*/main.rs))

.PHONY: help up down purge logs doctor dev test test-unit test-db test-api test-cluster test-browser test-web soak bench \
  lint fmt generate sql images build web programs rootfs packages cluster-up cluster-down cluster-conformance

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-22s %s\n", $$1, $$2}'

## A running platform

up: cluster-up ## A cluster, the operator and a first tenant: ends with its address
	@CLUSTER=$(CLUSTER) tests/cluster/deploy.sh $(NAME)

down: ## Stop the cluster of `make up` and remove its state (KEEP=1 keeps the state)
	@if [ -x $(CLUSTER) ]; then $(CLUSTER) down --name $(NAME) $(if $(KEEP),--keep-state); fi

purge: ## Also empty the cache, and list the system packages that were installed
	@for state in target/cluster/*/; do [ -d "$$state" ] && $(MAKE) down NAME=$$(basename "$$state"); done; true
	@if [ -s $(CACHE)/debian-packages ]; then echo "Debian packages that were installed:"; sort -u $(CACHE)/debian-packages; fi
	rm -rf target $(CACHE)

logs: ## Follow the operator's log
	KUBECONFIG=target/cluster/$(NAME)/kubeconfig target/programs/tools/kubectl logs -n abetworks deployment/abetworks-operator -f

doctor: ## Say whether this machine has what the targets need
	@VERBOSE=1 tests/doctor.sh

dev: packages rootfs build ## The CRM on a local Postgres, without a cluster, with seeded data
	$(TARGET)/ci/dev

## Tests

test: ## Every test, layer by layer; ends with the minutes of each
	@rm -f target/steps; tests/doctor.sh
	@failed=0; for step in packages programs rootfs web build lint test-unit test-db test-api test-cluster test-browser; do \
	  $(STEP) $$step $(MAKE) $$step || { failed=1; break; }; \
	done; echo; cat target/steps; exit $$failed

test-unit: ## Pure tests: nothing running but sockets of their own
	$(CARGO_TEST) --lib --bins $(addprefix --test ,$(UNIT_TESTS))
	$(CARGO_TEST) --doc

test-db: web/node_modules/.package-lock.json ## Against a real Postgres, Redis and OpenID provider, HTTP in process
	@tests/schemathesis/fetch.sh
	$(CARGO_TEST) $(addprefix --test ,$(DATABASE_TESTS))

test-api: ## Against a real API server, without a kubelet
	$(CARGO_TEST) --test api_server --test rules
	$(CARGO_TEST) --test provisioning --test refusals --test data -- --test-threads 2

test-cluster: images ## On a cluster of its own: its life, its policies, the platform in it
	@tests/cluster/build-trial-images.sh ci
	@$(CLUSTER) down --name test
	$(CARGO_TEST) --test cluster -- --test-threads 1
	$(CLUSTER) up --name test --free-ports
	CLUSTER=$(CLUSTER) tests/cluster/deploy.sh test
	for trial in fails more; do $(CLUSTER) load-image --name test target/images/tenant-app-$$trial.tar || exit 1; done
	PLATFORM_CLUSTER=test $(CARGO_TEST) --test platform -- --test-threads 1

test-browser: images ## The web app in Chromium, against two tenants in a cluster
	@$(CLUSTER) down --name test # an invitation works once: each run begins with tenants of its own
	$(CLUSTER) up --name test --free-ports
	CLUSTER=$(CLUSTER) tests/cluster/deploy.sh test tenant second-tenant > target/browser-tenants
	mapfile -t lines < <(tail -n 4 target/browser-tenants); \
	  INVITATION_URL=$${lines[0]} BASE_URL=$${lines[1]} SECOND_INVITATION_URL=$${lines[2]} SECOND_BASE_URL=$${lines[3]} \
	  MAILS_COMMAND="$(CURDIR)/target/programs/tools/kubectl logs --namespace mail deployment/catcher" \
	  KUBECONFIG=$(CURDIR)/target/cluster/test/kubeconfig npm --prefix web run test:e2e
	@$(CLUSTER) down --name test

soak: build ## The same tests with more seeds and time
	SOAK=1 $(MAKE) test-db test-api

bench: packages programs rootfs web/apps/crm/dist/index.html ## Figures, with the floor's beside them
	cargo build --release --workspace --bin tenant-app --bin bench
	tests/bench/run.sh

lint: ## Formats, lints and generated files
	cargo fmt --check
	@tests/dependencies.sh restore
	cargo clippy --workspace --all-targets --profile ci --quiet -- -D warnings
	@tests/dependencies.sh keep lint
	cd tests/cluster/kind-config-check && go run . ../../../kind-config.yaml
	promtool check rules config/prometheus/alerts.yaml
	promtool test rules config/prometheus/alerts.test.yaml

fmt: ## Format everything
	cargo fmt
	npm --prefix web run format

sql: rootfs ## Write what Postgres says of the statements that the compiler reads (tenant-app/.sqlx)
	@tests/dependencies.sh restore
	WEB_REQUIRED= cargo run --profile ci --quiet --bin statements -- --profile ci

generate: sql build ## Write the generated files: statements, CRDs, OpenAPI, API types
	$(TARGET)/ci/operator crds --directory crds
	cp crds/*.yaml charts/crds/templates/
	cp config/postgres/bootstrap.sql config/prometheus/alerts.yaml charts/platform/files/
	cp config/grafana/*.json charts/platform/files/dashboards/
	$(TARGET)/ci/operator reference > docs/operate/configuration-operator.md
	$(TARGET)/ci/tenant-app reference > docs/operate/configuration-tenant-app.md
	$(TARGET)/ci/tenant-app openapi > web/packages/api-crm/openapi.json
	npm --prefix web run generate

## Parts

packages: ## Install the Debian packages that are missing (as root on Debian 12)
	@tests/cluster/install-debian-packages.sh

programs: ## Build or fetch the programs of the local cluster (about 15 minutes, once a machine)
	@tests/cluster/programs/wheels/fetch.sh
	@tests/cluster/programs/gateway/fetch.sh
	@tests/cluster/programs/build.sh
	@tests/schemathesis/fetch.sh

rootfs: ## Build the root file system with Postgres and Redis (2 minutes, once a machine)
	@tests/cluster/rootfs/build.sh

web/node_modules/.package-lock.json: web/package-lock.json web/.npmrc
	cd web && npm ci --no-audit --no-fund
	@touch $@

web: web/node_modules/.package-lock.json ## Check, test and build the web app
	npm --prefix web run lint
	npm --prefix web run typecheck
	npm --prefix web test
	npm --prefix web run build

web/apps/crm/dist/index.html: web/node_modules/.package-lock.json $(shell find web/apps web/packages -path '*/node_modules' -prune -o -path '*/dist' -prune -o -type f -print 2>/dev/null)
	npm --prefix web run build
	@touch $@

build: web/apps/crm/dist/index.html ## Build every program and test once
	@tests/dependencies.sh restore
	cargo build --workspace --all-targets --profile ci
	@tests/dependencies.sh keep build

images: build rootfs ## Images of the programs, tagged by content
	@tests/cluster/build-images.sh ci

cluster-up: ## A cluster without the platform
	@tests/doctor.sh
	@$(MAKE) packages programs rootfs images
	$(CLUSTER) up --name $(NAME)

cluster-down: down ## The same as down

cluster-conformance: packages programs build ## Kubernetes' own tests of network policies (an hour)
	tests/cluster/programs/build.sh conformance
	$(CLUSTER) up --name conformance --free-ports
	$(CLUSTER) conformance --name conformance; code=$$?; $(CLUSTER) down --name conformance; exit $$code
