package ashbytest_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// journaled opens a simulator on a file, seeds it, and drives it in memory.
func journaled(t *testing.T, cfg ashbytest.Config) (*rig, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ashby.jsonl")
	sim := open(t, cfg, path)
	return newRig(t, sim, &http.Client{Transport: sim.Transport()}, "https://ashby.example.com"), path
}

func open(t *testing.T, cfg ashbytest.Config, path string) *ashbytest.Ashby {
	t.Helper()
	sim, err := ashbytest.Open(cfg, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return sim
}

// reopened is the rig on a new simulator from the file as it is now: the old
// one is not closed, as if it had been killed.
func (r *rig) reopened(cfg ashbytest.Config, path string) *rig {
	r.t.Helper()
	other := *r
	other.sim = open(r.t, cfg, path)
	other.client = &http.Client{Transport: other.sim.Transport()}
	return &other
}

// exercise does a bit of everything.
func (r *rig) exercise() {
	r.person("nils", `{"name":"Nils Berg","email":"nils@example.com","location":{"country":"USA"}}`)
	r.ok("candidate.update", `{"candidateId":"«nils»","email":"n2@example.com","sendNotifications":false}`)
	r.ok("candidate.createNote", `{"candidateId":"«nils»","note":"hello","createdAt":"2026-01-01T00:00:00.000Z"}`)
	r.ok("candidate.addTag", `{"candidateId":"«nils»","tagId":"«tag:Outreach»"}`)
	r.ok("candidateTag.create", `{"title":"Fresh"}`)
	r.ok("customField.create", `{"fieldType":"String","objectType":"Candidate","title":"New"}`)
	r.ok("customField.setValues", `{"objectId":"«nils»","objectType":"Candidate","values":[{"fieldId":"«field:Languages»","fieldValue":["english"]},{"fieldId":"«field:Years of experience»","fieldValue":5}]}`)
	r.ok("candidate.addEmailMessage", strings.Replace(emailBody, "«candidate:0»", "«nils»", 1))
	r.fails("candidate.info", `{"id":"«nobody»"}`, "candidate_not_found")
	if err := r.sim.Merge(r.vars["candidate:3"], r.vars["nils"]); err != nil {
		r.t.Fatal(err)
	}
	if err := r.sim.Delete(r.vars["candidate:4"]); err != nil {
		r.t.Fatal(err)
	}
	r.modes(func(m *ashbytest.Modes) { m.NoteBumps = true })
}

func TestStateAndCallLogSurviveAKill(t *testing.T) {
	cfg := ashbytest.Config{Seed: 3}
	r, path := journaled(t, cfg)
	r.exercise()
	after := r.reopened(cfg, path)
	if got, want := encode(t, after.sim.Dump("")), encode(t, r.sim.Dump("")); got != want {
		t.Errorf("the state differs:\n got %.2000s\nwant %.2000s", got, want)
	}
	if got, want := encode(t, after.sim.Calls(ashbytest.CallFilter{})), encode(t, r.sim.Calls(ashbytest.CallFilter{})); got != want {
		t.Errorf("the call log differs:\n got %.2000s\nwant %.2000s", got, want)
	}
	if !after.sim.Modes().NoteBumps {
		t.Error("the switches differ")
	}
	// What is read over the API is the same too, and new ids are new.
	for _, call := range [][2]string{{"candidate.search", `{"email":"n2@example.com"}`}, {"candidate.listNotes", `{"candidateId":"«nils»"}`}} {
		got, want := after.ok(call[0], call[1]), r.ok(call[0], call[1])
		if encode(t, got.at("results")) != encode(t, want.at("results")) {
			t.Errorf("%s: got %s, want %s", call[0], got.raw, want.raw)
		}
	}
	after.fails("candidate.addEmailMessage", strings.Replace(emailBody, "«candidate:0»", "«nils»", 1), "email_message_already_exists")
	again := after.ok("candidate.createNote", `{"candidateId":"«nils»","note":"hello","createdAt":"2026-01-01T00:00:00.000Z"}`).text("results.id")
	if strings.Contains(encode(t, r.sim.Dump("")), again) {
		t.Error("the same note, made again after the restart, got the old id")
	}
	before := len(after.sim.Calls(ashbytest.CallFilter{}))
	fresh := after.person("fresh", `{"name":"Fresh"}`)
	if strings.Contains(encode(t, r.sim.Dump("")), fresh) {
		t.Error("an id was given twice")
	}
	calls := after.sim.Calls(ashbytest.CallFilter{})
	if last := calls[len(calls)-1]; len(calls) != before+1 || last.Result != fresh {
		t.Errorf("%d calls after %d, the last is %+v", len(calls), before, last)
	}
}

func TestTokensOutliveARestart(t *testing.T) {
	cfg := ashbytest.Config{Seed: 3}
	r, path := journaled(t, cfg)
	token := r.ok("candidate.list", `{}`).text("syncToken")
	r.ok("candidate.update", `{"candidateId":"«candidate:5»","name":"Changed"}`)
	after := r.reopened(cfg, path)
	if names := after.ok("candidate.list", fmt.Sprintf(`{"syncToken":%q}`, token)).each("results", "name"); len(names) != 1 || names[0] != "Changed" {
		t.Errorf("delta %v", names)
	}
}

func TestATornLastLineIsDroppedAndTheFileGoesOn(t *testing.T) {
	cfg := ashbytest.Config{Seed: 3}
	r, path := journaled(t, cfg)
	r.ok("candidate.createNote", `{"candidateId":"«candidate:0»","note":"first"}`)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r.ok("candidate.createNote", `{"candidateId":"«candidate:0»","note":"torn `+strings.Repeat("long ", 100)+`"}`)
	torn, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{len(whole) + 1, len(whole) + 40, len(torn) - 1} {
		if err := os.WriteFile(path, torn[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		after := r.reopened(cfg, path)
		if n := after.notes(); n != 1 {
			t.Errorf("cut at %d: %d notes", cut, n)
		}
		after.ok("candidate.createNote", `{"candidateId":"«candidate:0»","note":"second"}`)
		if n := after.reopened(cfg, path).notes(); n != 2 {
			t.Errorf("cut at %d, then one more: %d notes", cut, n)
		}
	}
}

func TestDamageElsewhereIsAnError(t *testing.T) {
	cfg := ashbytest.Config{Seed: 3}
	r, path := journaled(t, cfg)
	r.exercise()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, damaged := range map[string][]byte{
		"a line cut in the middle": bytes.Replace(data, []byte("\n"), []byte("{\n"), 1),
		"a record of no kind":      append([]byte(`{"puts":[{"k":"spaceship","v":{}}]}`+"\n"), data...),
	} {
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if sim, err := ashbytest.Open(cfg, path); err == nil {
			t.Errorf("%s: opened", name)
			_ = sim.Close()
		}
	}
}

func TestAResetIsRemembered(t *testing.T) {
	cfg := ashbytest.Config{Seed: 3}
	r, path := journaled(t, cfg)
	r.exercise()
	if err := r.sim.Reset(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.sim.Seed(0); err != nil {
		t.Fatal(err)
	}
	after := r.reopened(cfg, path)
	if n := len(after.sim.Calls(ashbytest.CallFilter{})); n != 0 {
		t.Errorf("%d calls", n)
	}
	after.fails("candidate.info", `{"id":"«nils»"}`, "candidate_not_found")
	after.ok("candidate.info", `{"id":"«candidate:4»"}`)
}

func TestALateWriteIsInTheLogOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := ashbytest.Config{Seed: 3}
		r, path := journaled(t, cfg)
		r.fault(ashbytest.Fault{Kind: ashbytest.LostLate, DelayMs: 5000, Count: 1})
		_, _, _ = r.attempt("candidate.createNote", faultyNote, time.Second)
		if calls := r.reopened(cfg, path).sim.Calls(ashbytest.CallFilter{}); len(calls) != 1 || calls[0].Applied {
			t.Errorf("before: %+v", calls)
		}
		time.Sleep(10 * time.Second)
		after := r.reopened(cfg, path)
		if calls := after.sim.Calls(ashbytest.CallFilter{}); len(calls) != 1 || !calls[0].Applied || after.notes() != 1 {
			t.Errorf("after: %+v, %d notes", calls, after.notes())
		}
	})
}

func TestPendingWebhooksGoOnAfterAKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deaf := &receiver{status: func(int) int { return 0 }}
		r, path := journaled(t, ashbytest.Config{Seed: 3, Outbound: deaf})
		r.modes(func(m *ashbytest.Modes) { m.PingOnCreate = false })
		r.ok("webhook.create", mergeHook)
		if err := r.sim.Merge(r.vars["candidate:0"], r.vars["candidate:1"]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if err := r.sim.Close(); err != nil {
			t.Fatal(err)
		}
		listening := &receiver{}
		r.reopened(ashbytest.Config{Seed: 3, Outbound: listening}, path)
		time.Sleep(time.Minute)
		if len(deaf.all()) != 1 || len(listening.all()) != 1 || !bytes.Equal(deaf.all()[0].body, listening.all()[0].body) {
			t.Errorf("before the kill %d attempts, after it %d", len(deaf.all()), len(listening.all()))
		}
	})
}

func TestTheJournalNeverHoldsAWholeKeyInTheCallLog(t *testing.T) {
	r, path := journaled(t, ashbytest.Config{Seed: 3})
	r.ok("apiKey.info", `{}`)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		if bytes.Contains(line, []byte(`"call":`)) && bytes.Contains(line, []byte(ashbytest.LocalKey)) {
			t.Errorf("%s", line)
		}
	}
}
