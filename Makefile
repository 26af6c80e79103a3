# make help tells what each target does; a comment after ## is its line there.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

# How every function is built, here and where the suites build (infra/local/deployment/goflags; decision 26 says what each flag is
# for). CGO off: with it Go links the C library, which Lambda's image has in another version and a bare image not at all. GOARM64:
# every processor that Lambda has knows these instructions, so that there is no second way for those that do not.
LAMBDA_ENV := CGO_ENABLED=0 GOARM64=v8.0,lse GOFLAGS="$(shell cat infra/local/deployment/goflags)"

FUNCTIONS = $(notdir $(patsubst %/main.go,%,$(wildcard functions/*/main.go)))
install = $(CURDIR)/infra/tools/install
# sam asks for a region although nothing here talks to AWS.
SAM_ENV := SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1

.PHONY: help
help: ## Tell what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: need-go ## Run the whole service on this machine (needs Go only); MODE=lambda: its bootstrap files, over AWS's wire
	@mkdir -p .local/bin && go build -o .local/bin/local ./infra/local && exec .local/bin/local

# What goes with `make run`, in a second terminal. Each prints the requests that it makes.
.PHONY: activate set play why
activate: need-go ## Connect the local team to Ashby, as an admin would (KEY=... for another key)
	@go run ./infra/local activate

set: need-go ## Change the local team's settings: make set TRIGGER=on_add ONLY_SYNCED=false
	@go run ./infra/local set $(foreach name,TRIGGER ONLY_SYNCED NOTE_TYPES SYNC_MANUAL_UPDATES,\
		$(if $($(name)),'$(shell tr A-Z a-z <<<$(name))=$($(name))'))

play: need-go ## Play a campaign, as SourceWhale would: make play CAMPAIGN=summer PEOPLE=20
	@go run ./infra/local play $(if $(CAMPAIGN),-campaign '$(CAMPAIGN)') $(if $(PEOPLE),-people '$(PEOPLE)')

why: need-go ## Ask why an event was or was not written: make why EVENT=spring-p0001-7
	@go run ./infra/local why '$(EVENT)'

.PHONY: local-aws
local-aws: need-go need-node need-python ## Serve what sam local needs: AWS-compatible endpoints (ENDPOINT=... for others), Ashby, keys
	@mkdir -p .local/bin && go build -o .local/bin/local ./infra/local && \
		exec env $(if $(ENDPOINT),AWS_ENDPOINT_URL='$(ENDPOINT)') .local/bin/local aws

.PHONY: test
test: need-go need-node need-python ## Run every test, the adapters' suites against AWS-compatible endpoints included
	@go run ./infra/local/endpoints/cmd -- go test ./...

# The page's sources are in infra/page; what they are built into is committed, so that Go alone builds and runs the product.
PAGE_TOOLS = infra/page/node_modules/.package-lock.json
$(PAGE_TOOLS): infra/page/package-lock.json
	@cd infra/page && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json

.PHONY: page
page: need-node $(PAGE_TOOLS) ## Build the page from infra/page into functions/console (commit what it gives)
	@cd infra/page && node build.mjs

.PHONY: page-check
page-check: need-node $(PAGE_TOOLS) ## Make the typed client, check the page's types, and that what is committed is what the sources give
	@cd infra/page && npm run --silent client >/dev/null && npm run --silent check && node build.mjs --check

.PHONY: page-test
page-test: need-go need-node need-chromium $(PAGE_TOOLS) ## Go through the page in a browser, as people do (TESTS="article speed" for some)
	@cd infra/page && npm run --silent client >/dev/null && node test/run.mjs $(TESTS)

# A million events take about 22 minutes of two cores.
.PHONY: sim sim-replay sim-mutants
sim: need-go ## Run the service under fire on simulated time: make sim EVENTS=1000000 SEED=7
	@go run ./infra/sim/cmd run $(if $(EVENTS),-events '$(EVENTS)') $(if $(SEED),-seed '$(SEED)')

sim-replay: need-go ## Run one world of the simulation again, with all that happens in it: make sim-replay SEED=7 (WITHOUT=no-settle)
	@go run ./infra/sim/cmd replay $(if $(SEED),-seed '$(SEED)') $(WITHOUT)

sim-mutants: need-go ## Take out the service's guards one at a time, and see that the simulation notices each (MUTANTS="no-settle no-intent")
	@go run ./infra/sim/cmd mutants $(if $(EVENTS),-events '$(EVENTS)') $(if $(REMEMBER),-remember) $(MUTANTS)

# In under ten minutes on two cores. It holds 0.5 GB; ten times the candidates hold about ten times that.
.PHONY: bench
bench: need-go ## Measure speed and cost beside references, and judge them by their targets (ONLY=start,trace BENCH_CROWD=1000000)
	@go run ./infra/bench $(if $(ONLY),-only '$(ONLY)') $(if $(BENCH_CROWD),-crowd '$(BENCH_CROWD)') $(if $(BENCH_PEOPLE),-people '$(BENCH_PEOPLE)')

.PHONY: kills
kills: need-go ## Kill a local run at ten random moments of a campaign of 2,000 events: every note is written once
	@go test ./infra/local -count=1 -v -run 'TestAKilledServiceGoesOnWhereItWas' -kills 10 -people 250

.PHONY: lint
lint: need-go ## Lint and check formatting; look for known vulnerabilities where their database can be reached
	@bin=$$($(install) golangci-lint); "$$bin/golangci-lint" run ./...
	@infra/tools/vulnerabilities

.PHONY: fmt
fmt: need-go ## Format the Go code
	@bin=$$($(install) golangci-lint); "$$bin/golangci-lint" fmt ./...

.PHONY: build
build: need-go ## Build every function for both architectures into build/ (needs Go only)
	@for arch in arm64 amd64; do \
		for function in $(FUNCTIONS); do \
			$(LAMBDA_ENV) GOOS=linux GOARCH=$$arch go build -o "build/$$arch/$$function/bootstrap" "./functions/$$function"; \
		done; \
	done
	@ls -l build/*/*/bootstrap | awk '{ printf "%10d  %s\n", $$5, $$NF }'

# What console's zip has of npm is in the page's lock file.
SBOM = bin=$$($(install) cyclonedx-gomod); go run ./infra/tools/sbom -generator "$$bin/cyclonedx-gomod"

.PHONY: sbom
sbom: build ## Say what is in each function's zip, as CycloneDX documents in build/sbom
	@$(SBOM) -into build/sbom build/arm64

.PHONY: validate
validate: need-python need-node ## Check the template (sam validate --lint, cfn-lint, checkov) and the API's description (redocly)
	@bin=$$($(install) sam); $(SAM_ENV) "$$bin/sam" validate --lint --template template.yaml
	@bin=$$($(install) sam); "$$bin/cfn-lint" template.yaml && echo "cfn-lint: nothing found"
	@bin=$$($(install) checkov); "$$bin/checkov" --config-file infra/tools/checkov/config.yaml --file template.yaml
	@bin=$$($(install) redocly); REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true "$$bin/redocly" lint \
		--config infra/tools/redocly/redocly.yaml --max-problems 50 --format=stylish infra/api/openapi.yaml

.PHONY: build-check
build-check: need-go need-python ## Build with sam for arm64 and x86_64, check that each bootstrap would start, its size, that a second build is the same, and that its modules are listed
	@mkdir -p .aws-sam; for arch in arm64 x86_64; do \
		$(MAKE) --no-print-directory sam-build ARCH="$$arch" INTO=".aws-sam/$$arch" >".aws-sam/$$arch.log" 2>&1 || { cat ".aws-sam/$$arch.log" >&2; exit 1; }; \
		go run ./infra/tools/bootstrap -arch "$$arch" -count $(words $(FUNCTIONS)) ".aws-sam/$$arch"; \
	done
	@elsewhere=$$(mktemp -d); trap 'chmod -R u+w "$$elsewhere"; rm -rf "$$elsewhere"' EXIT; mkdir "$$elsewhere/tree" "$$elsewhere/out"; \
		tar -c go.mod go.sum functions shared | tar -x -C "$$elsewhere/tree"; \
		cd "$$elsewhere/tree"; $(LAMBDA_ENV) GOCACHE="$$elsewhere/cache" GOOS=linux GOARCH=arm64 go build -o "$$elsewhere/out/" ./functions/...; \
		cd "$(CURDIR)"; go run ./infra/tools/bootstrap -arch arm64 -count $(words $(FUNCTIONS)) -twin "$$elsewhere/out" .aws-sam/arm64 | tail -n 1
	@rm -rf .aws-sam/sbom .aws-sam/sbom-again; $(SBOM) -into .aws-sam/sbom .aws-sam/arm64; $(SBOM) -into .aws-sam/sbom-again .aws-sam/arm64 >/dev/null; \
		diff -r .aws-sam/sbom .aws-sam/sbom-again; echo "what is in them is listed, twice the same"

# What the checks and the scripts under infra/local build with: make sam-build ARCH=x86_64 INTO=folder
.PHONY: sam-build
sam-build: need-go need-python
	@bin=$$($(install) sam); $(LAMBDA_ENV) $(SAM_ENV) "$$bin/sam" build --template template.yaml --build-dir "$(INTO)" \
		--parameter-overrides "Architecture=$(ARCH)"

.PHONY: deploy
deploy: need-go need-python ## Build for arm64, check it, and deploy with samconfig.toml's section: make deploy ENV=dev
	@[ -n "$(ENV)" ] || { echo "which deployment? make deploy ENV=dev" >&2; exit 1; }
	@bin=$$($(install) sam); \
		$(LAMBDA_ENV) SAM_CLI_TELEMETRY=0 "$$bin/sam" build --template template.yaml; \
		go run ./infra/tools/bootstrap -arch arm64 -count $(words $(FUNCTIONS)) .aws-sam/build
	@$(SBOM) -into build/sbom .aws-sam/build
	@bin=$$($(install) sam); overrides=$$(python3 infra/tools/overrides "$(ENV)"); mapfile -t overrides <<<"$$overrides"; \
		SAM_CLI_TELEMETRY=0 "$$bin/sam" deploy --config-env "$(ENV)" --parameter-overrides "$${overrides[@]}"

.PHONY: clean
clean: ## Remove what builds left; the tools and the local state stay
	@rm -rf build .aws-sam

# What a target needs is asked first, so that nobody waits for minutes to learn it.
.PHONY: need-go need-node need-python need-chromium
need-go:
	@command -v go >/dev/null || { echo "Go is missing: install Go 1.26 (Debian: golang-go, where it is new enough)" >&2; exit 1; }
need-node:
	@command -v node >/dev/null || { echo "Node is missing: apt-get install nodejs" >&2; exit 1; }
	@command -v npm >/dev/null || { echo "npm is missing: apt-get install npm" >&2; exit 1; }
need-python:
	@command -v python3 >/dev/null || { echo "Python is missing: apt-get install python3" >&2; exit 1; }
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing: apt-get install python3-venv" >&2; exit 1; }
need-chromium:
	@[ -n "$${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null || { echo "Chromium is missing: apt-get install chromium" >&2; exit 1; }
