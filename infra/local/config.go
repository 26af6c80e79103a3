package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
	"github.com/sourcewhale/ashby-sync/shared/usecase/push"
)

// config is what the environment says about a local run.
type config struct {
	stateDir  string
	apiPort   int
	ashbyPort int
	ashbyURL  string        // empty: the simulator
	rate      int           // calls to Ashby a minute
	sweep     time.Duration // between two sweeps
	settle    time.Duration // until a write whose answer was lost is looked for
	mode      string        // embedded, or lambda: the bootstrap files over AWS's wire
}

func configure(getenv func(string) string) (config, error) {
	r := env.Read(getenv)
	c := config{
		stateDir:  r.Optional("STATE_DIR", ".local"),
		apiPort:   r.Int("API_PORT", 3000, 0, 65535),
		ashbyPort: r.Int("ASHBY_PORT", 4100, 0, 65535),
		ashbyURL:  r.OptionalURL("ASHBY_BASE_URL"),
		rate:      r.Int("ASHBY_RATE", 0, 0, 1_000_000),
		sweep:     r.Duration("SWEEP_EVERY", time.Minute, time.Second, time.Hour),
		settle:    r.Duration("ASHBY_SETTLE", push.DefaultSettle, time.Second, time.Hour),
		mode:      r.OneOf("MODE", embedded, embedded, lambda),
	}
	return c, r.Err()
}

// Run describes a running service for people and scripts: run.json in the state
// folder.
type runFile struct {
	API           string            `json:"api"`
	Page          string            `json:"page"`
	Ashby         string            `json:"ashby"`
	AshbyKey      string            `json:"ashby_key"`
	Team          string            `json:"team"`
	Tokens        map[string]string `json:"tokens"`
	WebhookSecret string            `json:"webhook_secret"`
	AWS           string            `json:"aws,omitempty"` // AWS-compatible endpoint, where there is one
	Hooks         map[string]string `json:"hooks"`         // addresses for thin hooks, which prove themselves by their path
}

func (f runFile) write(dir string) error {
	return writeJSON(filepath.Join(dir, "run.json"), f)
}

// writeJSON writes a file by rename, so that nobody reads half of it.
func writeJSON(path string, value any) error {
	raw, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", append(raw, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func readRun(getenv func(string) string) (runFile, error) {
	c, err := configure(getenv)
	if err != nil {
		return runFile{}, err
	}
	path := filepath.Join(c.stateDir, "run.json")
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return runFile{}, fmt.Errorf("nothing runs here yet: start `make run` first (no %s)", path)
	}
	if err != nil {
		return runFile{}, err
	}
	var f runFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return runFile{}, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}
