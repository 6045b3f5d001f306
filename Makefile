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
