# `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
CARGO := cargo

.PHONY: help test test-unit lint fmt

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-22s %s\n", $$1, $$2}'

test: lint test-unit ## Run every test

test-unit: ## Pure tests, nothing running
	$(CARGO) test --profile ci -p contract

lint: ## Format and lints
	$(CARGO) fmt --check

fmt: ## Format the sources
	$(CARGO) fmt

.PHONY: programs rootfs
programs: ## Build or fetch the programs of the local cluster (about 15 minutes, once a machine)
	tests/cluster/programs/wheels/fetch.sh
	tests/cluster/programs/build.sh

rootfs: ## Build the root file system with Postgres and Redis (2 minutes, once a machine)
	tests/cluster/rootfs/build.sh
