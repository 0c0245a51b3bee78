# The project's commands. Everything happens in .venv, made from the hashed locks by scripts/setup-venv.
.DEFAULT_GOAL := help
.PHONY: help install install-dev demo test test-live check format lock wheel image-test clean

# The question goes to the program through the environment, never through the text of a shell line, so quotes, `$`
# and backquotes in it stay what they are. `value` keeps make from expanding it, `unexport` from doing so for ASK.
unexport ASK
export DEMO_QUESTION := $(value ASK)

# The processes that share the tests out, a whole file at a time, so that its servers are started once. Where ARGS
# names some tests, starting processes would mostly take longer than it saves.
WORKERS ?= $(if $(value ARGS),0,2)

help:
	@echo 'make demo                   start the bundled incident with a local Slack, http://127.0.0.1:8765'
	@echo 'make demo ASK="question"    ask the bundled incident, print the thread, exit'
	@echo 'make test [ARGS="-k word"]  every test (two processes; WORKERS=N for more), with coverage of src/'
	@echo 'make check                  lint, format, types, layers'
	@echo 'make test-live              tests against the real model API (needs ANTHROPIC_API_KEY, costs money)'
	@echo 'make image-test             run the steps of the Dockerfile in a bare Debian (needs root, debootstrap)'
	@echo 'make install | format | wheel | lock [UPGRADE=--upgrade] | clean'

install:
	@scripts/setup-venv run

install-dev:
	@scripts/setup-venv dev

demo: install
ifeq ($(value ASK),)
	@.venv/bin/sre-advisor demo
else
	@.venv/bin/sre-advisor demo --ask="$$DEMO_QUESTION"
endif

test: install-dev
	.venv/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report=term $(ARGS)

test-live: install-dev
	.venv/bin/python -m pytest -m live $(ARGS)

check: install-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/pyright --pythonpath .venv/bin/python
	.venv/bin/lint-imports

format: install-dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

wheel: install-dev
	.venv/bin/python -m pip --disable-pip-version-check wheel --no-deps --no-index --no-build-isolation --wheel-dir dist .

lock:
	UPGRADE=$(UPGRADE) scripts/lock

image-test:
	python3 -m scripts.image_test

clean:
	rm -rf .venv .venv-lock dist build .pytest_cache .ruff_cache .hypothesis .coverage htmlcov
