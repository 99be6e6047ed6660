# The front door. `make demo` and `make test` are all that a newcomer needs; both install what is missing.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# What Usher stands on, what its tests use, and the container file's checker: packages of Debian 12.
LIBRARIES := librdkafka-dev libsimdjson-dev libyaml-dev libsqlite3-dev libpq-dev librocksdb-dev libssl-dev \
  libcurl4-openssl-dev libphonenumber-dev zlib1g-dev libzstd-dev pkg-config g++ libstdc++-12-dev
TOOLS     := sqlite3 docker-compose postgresql
SWIFT     := $(shell command -v swift || echo /opt/swift/usr/bin/swift)
USHER     := .build/release/usher
SOURCES   := Package.swift Sources Tests bench
# They start brokers and wait for them: those with real brokers one after the other, and beside them those whose brokers
# are in their own process. Told line by line: of a run that somebody has to end it is known how far it came.
BROKER_TESTS := ^(KafkaTests|PipelineTests|DeliveryTests)\.
REAL_TESTS   := ^(KafkaTests|PipelineTests)\.(Real|Script|Soak)
# In which threads meet.
THREAD_TESTS := ^(KafkaTests\.|PipelineTests\.(EmbeddedLanesTests|EndGateTests|WatchdogTests)/)

.PHONY: help
help:  ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.PHONY: demo
demo: libraries build  ## a shop, live: events, who enters and leaves and why, and a warehouse to query
	@$(USHER) demo $(ARGS)

.PHONY: test
test: libraries tools build  ## every test; those that need a real Kafka are skipped by name unless USHER_TEST_KAFKA is set
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --skip '$(BROKER_TESTS)'
	$(MAKE) sim
	$(MAKE) -j3 real-broker-tests embedded-broker-tests thread-sanitizer

# Of those that `make test` built. They do not build, so neither has to wait for the other.
.PHONY: real-broker-tests embedded-broker-tests
real-broker-tests:
	stdbuf -oL $(SWIFT) test --ignore-lock --skip-build --no-parallel --filter '$(REAL_TESTS)'
embedded-broker-tests:
	stdbuf -oL $(SWIFT) test --ignore-lock --skip-build --no-parallel --filter '$(BROKER_TESTS)' --skip '$(REAL_TESTS)'

# Tests of brokers mostly wait: what this builds is built beside them, and gives way to them. librdkafka does not wait for
# the thread of an embedded cluster that it ends: that is no leak of Usher's.
.PHONY: thread-sanitizer
thread-sanitizer: libraries  ## tests in which threads meet, watched for races
	USHER_THREAD_SANITIZER=1 nice -n 19 $(SWIFT) build --build-tests --scratch-path .build/thread
	TSAN_OPTIONS=report_thread_leaks=0 USHER_THREAD_SANITIZER=1 $(SWIFT) test --skip-build --scratch-path .build/thread \
	  --no-parallel --filter '$(THREAD_TESTS)' --skip '$(REAL_TESTS)'

.PHONY: check
check: libraries tools format-check compose-check  ## before a commit: format, compose file, warnings, unit tests
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --skip '$(BROKER_TESTS)'

.PHONY: bench
bench: libraries build  ## events a second of the engine alone; see bench/README.md
	bench/engine $(ARGS)

.PHONY: bench-runs
bench-runs: libraries build  ## builds what bench/latency, recovery and transport need; see bench/README.md
	$(SWIFT) build -c release --product usher-bench

.PHONY: sim
sim: libraries  ## lanes in a simulated world, with every fault: make sim SEEDS=20000, or make sim SEED=17 to watch one
	$(SWIFT) build -c release --product usher-sim
	.build/release/usher-sim $(if $(SEED),--seed $(SEED),--from $(or $(FROM),1) --seeds $(or $(SEEDS),1000))

.PHONY: soak
soak: libraries  ## processes, brokers and requests disturbed for minutes: make soak SEED=1 ROUNDS=64 EVENTS=300
	$(SWIFT) build -c release --product usher --sanitize=address --scratch-path .build/address
	$(SWIFT) build --build-tests
	@[ -n "$$USHER_TEST_KAFKA" ] || { echo "make soak: USHER_TEST_KAFKA must name a script that starts Kafka"; exit 1; }
	USHER_SOAK=1 USHER_PROGRAM=$(CURDIR)/.build/address/release/usher USHER_SEED=$(or $(SEED),1) \
	  USHER_ROUNDS=$(or $(ROUNDS),64) USHER_EVENTS=$(or $(EVENTS),300) \
	  $(SWIFT) test --skip-build --filter PipelineTests.SoakTests/long

.PHONY: fuzz
fuzz: libraries  ## looks for definitions that bring the reader down: make fuzz SECONDS=600
	SWIFT=$(SWIFT) Tests/Fuzzing/run $(or $(SECONDS),600)

.PHONY: build
build: libraries  ## the command, optimised
	$(SWIFT) build -c release --product usher

.PHONY: format
format:  ## put every source file into form
	$(SWIFT) format --in-place --recursive $(SOURCES)

.PHONY: format-check
format-check:  ## whether every source file is in form
	$(SWIFT) format lint --strict --recursive $(SOURCES)

.PHONY: compose-check
compose-check: tools  ## whether the compose file is one
	docker-compose --file docker-compose.yml config --quiet

.PHONY: libraries tools
libraries:
	@ops/install-packages $(LIBRARIES)
tools:
	@ops/install-packages $(TOOLS)
