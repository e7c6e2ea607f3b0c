# Every command a person needs. The work is done in infra/local/*.py; its README explains it.
#
# Variables: PORT (front door, 8080; the others follow: MINISTACK_PORT +1, SANDBOX_PORT +2, GATE_PORT +3),
# DEMO=0 (no demo data), TEST_PORT (PORT + 100), and every parameter of template.yaml by its name in capitals,
# for example: make up PORT=9080 AMOCRM_ACCOUNTS=29600001:example

PYTHON ?= python3
STACK := $(PYTHON) infra/local/stack.py

.DEFAULT_GOAL := help
.PHONY: help run up down test seed invoke logs rebuild backfill bench deploy clean-data fmt lint audit fuzz

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-11s %s\n", $$1, $$2}'

run: ## everything from a fresh clone, in the foreground until Ctrl-C
	@$(STACK) run

up: ## the same in the background; again: redeploys what changed
	@$(STACK) up

down: ## stop it; the data is kept
	@$(STACK) down

test: ## every check: format, lints, unit, contract, end-to-end, browser
	@$(PYTHON) infra/local/test.py

seed: ## load the demo data again
	@$(STACK) seed

invoke: ## one function, one sample event: FUNCTION=funnel EVENT=funnel/one-team.json
	@$(STACK) invoke "$(FUNCTION)" "$(EVENT)"

logs: ## the functions' last log lines: FUNCTION=<name>, FOLLOW=1, LINES_SHOWN=50
	@$(STACK) logs "$(FUNCTION)"

rebuild: ## work a period out anew: FROM=2026-11-01 TO=2026-11-30, WHAT=events,sales,deals,counters, WRITE=1 mends
	@$(STACK) rebuild "$(FROM)" "$(TO)" "$(WHAT)" "$(WRITE)"

backfill: ## read the past from amoCRM and compare it: FROM=2026-09-01 TO=2026-11-20
	@$(PYTHON) infra/local/backfill.py "$(FROM)" "$(TO)"

bench: ## measure against the budgets
	cargo run --release -p bench

deploy: ## to a real AWS account: STACK_NAME=, S3_BUCKET=, WEBHOOK_KEY_DIGESTS=
	@$(PYTHON) infra/local/cloud.py

clean-data: ## empty the local store, whether the stack is up or down
	@$(STACK) clean

fmt: ## format the Rust sources
	cargo fmt --all

lint: ## clippy, warnings denied
	cargo clippy --workspace --all-targets -- -D warnings

audit: ## known vulnerabilities in dependencies (needs the network and one make test before)
	.local/tools/bin/cargo-deny --workspace check advisories

fuzz: ## half a minute of fuzzing the hook parser, from the golden bodies on (needs a nightly toolchain): SECONDS=30
	@test -x .local/tools/bin/cargo-fuzz || cargo install --locked --quiet cargo-fuzz@0.13.2 --root .local/tools
	@mkdir -p shared/fuzz/corpus/hook_body
	cd shared/fuzz && PATH="$(CURDIR)/.local/tools/bin:$$PATH" cargo +nightly fuzz run hook_body \
		corpus/hook_body $(wildcard $(CURDIR)/events/amocrm-*) -- -max_total_time=$(or $(SECONDS),30) -max_len=65536
