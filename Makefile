# Every command of the product. `make` alone prints this menu.
# Nothing has to be installed first but Python 3.11 or newer: the commands make .venv themselves.

export PORT DEMO_PORT

# The newest Python that works under one of these names; the first one gets to explain itself.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$name" && exit; done; echo python3)
IN_VENV = @command -v $(PYTHON) >/dev/null \
	|| { echo "Python 3.11 or newer is needed: install python3." >&2; exit 1; }; \
	exec $(PYTHON) operate/bootstrap.py

.PHONY: menu run test check fix migrate screens bench clean
.DEFAULT_GOAL := menu

menu:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start the product on PORT=8000, with a demo Moodle on DEMO_PORT=8001
	$(IN_VENV) run

test: ## run every test, the browser tests on a production build last
	$(IN_VENV) --tools test

check: ## run every check that needs no running product: style, types, directions, migrations
	$(IN_VENV) --tools check

fix: ## repair what the style checks can repair themselves
	$(IN_VENV) --tools fix

migrate: ## bring the database up to date (`make run` does so by itself)
	$(IN_VENV) migrate

screens: ## take a picture of every page into docs/screens/
	$(IN_VENV) --tools screens

bench: ## measure what benchmarks/ describes
	$(IN_VENV) --tools bench

clean: ## remove .venv, .web, .data (with all its data) and the caches of tools
	rm -rf .venv .web .data .states assets/external
	rm -rf .hypothesis .import_linter_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
