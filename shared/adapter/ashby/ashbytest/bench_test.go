package ashbytest_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// BenchmarkCalls measures calls through the in-memory transport against 5,000
// people: what a simulation of many events pays for its Ashby.
func BenchmarkCalls(b *testing.B) {
	for _, c := range []struct{ name, method, body string }{
		{"create", "candidate.create", `{"name":"Nils Berg","email":"nils@example.com"}`},
		{"note", "candidate.createNote", `{"candidateId":"«»","note":"hello"}`},
		{"search by email", "candidate.search", `{"email":"ada.lindqvist@example.com"}`},
		{"search by name", "candidate.search", `{"name":"nobody at all"}`},
		{"list a page", "candidate.list", `{}`},
	} {
		b.Run(c.name, func(b *testing.B) { benchmarkCall(b, ashbytest.New(ashbytest.Config{}), c.method, c.body) })
	}
	b.Run("note, kept in a file", func(b *testing.B) {
		sim, err := ashbytest.Open(ashbytest.Config{}, filepath.Join(b.TempDir(), "ashby.jsonl"))
		if err != nil {
			b.Fatal(err)
		}
		benchmarkCall(b, sim, "candidate.createNote", `{"candidateId":"«»","note":"hello"}`)
	})
}

func benchmarkCall(b *testing.B, sim *ashbytest.Ashby, method, body string) {
	b.Helper()
	defer func() { _ = sim.Close() }()
	made, err := sim.Seed(5000)
	if err != nil {
		b.Fatal(err)
	}
	if err := sim.SetModes(func(m *ashbytest.Modes) { m.Limit = ashbytest.Limit{} }); err != nil {
		b.Fatal(err)
	}
	body = strings.ReplaceAll(body, "«»", made.Candidates[0])
	auth := "Basic " + base64.StdEncoding.EncodeToString([]byte(ashbytest.LocalKey+":"))
	for b.Loop() {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "https://ashby.example.com/"+method, strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Authorization", auth)
		req.Header.Set("Content-Type", "application/json")
		answer, err := sim.Transport().RoundTrip(req)
		if err != nil || answer.StatusCode != http.StatusOK {
			b.Fatal(err, answer)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			b.Fatal(err)
		}
		_ = answer.Body.Close()
	}
}
