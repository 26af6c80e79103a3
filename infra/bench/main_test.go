package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/infra/bench/report"
)

func TestASectionPrintsItsFiguresAndKeepsThemAsJSON(t *testing.T) {
	s, err := options([]string{"-root", "../..", "-only", "crowd,trace", "-people", "20", "-crowd", "1000", "-short", "-json", filepath.Join(t.TempDir(), "b.json")}, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := measure(t.Context(), s, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{"calls to Ashby per event, 20 people", "naive", "3 filters wide, finds", "Summary", "≤ 1.25 calls"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	raw, err := os.ReadFile(s.json)
	if err != nil {
		t.Fatal(err)
	}
	var kept report.Report
	if err := json.Unmarshal(raw, &kept); err != nil || len(kept.Rows) < 20 {
		t.Errorf("%d rows, %v", len(kept.Rows), err)
	}
}

func TestASectionThatCannotBeMeasuredIsToldAndTheOthersGoOn(t *testing.T) {
	s := settings{root: t.TempDir(), only: []string{"crowd", "trace"}, people: 20, crowd: 20, short: true, json: filepath.Join(t.TempDir(), "b.json")}
	var out bytes.Buffer
	if err := measure(t.Context(), s, &out); err == nil || !strings.Contains(err.Error(), "trace") {
		t.Errorf("error %v", err)
	}
	if !strings.Contains(out.String(), "FAILED") || !strings.Contains(out.String(), "copied in, 20 candidates") {
		t.Errorf("%s", out.String())
	}
}

func TestSizesAreThreeUnlessTheyAreTooSmall(t *testing.T) {
	for all, want := range map[int][]int{10_000: {100, 1000, 10_000}, 20: {20}, 1000: {10, 100, 1000}} {
		if got := sizes(all, 10); !slices.Equal(got, want) {
			t.Errorf("%d: %v, want %v", all, got, want)
		}
	}
}
