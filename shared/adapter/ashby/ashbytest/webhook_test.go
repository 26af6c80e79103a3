package ashbytest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// receiver is the other end of webhooks: it answers as told and keeps what came.
type receiver struct {
	mu     sync.Mutex
	status func(attempt int) int // from 1; 0 breaks the connection
	got    []received
}

type received struct {
	at        time.Time
	url       string
	body      []byte
	signature string
	agent     string
}

func (v *receiver) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.got = append(v.got, received{time.Now(), r.URL.String(), body, r.Header.Get("Ashby-Signature"), r.Header.Get("User-Agent")})
	status := 200
	if v.status != nil {
		status = v.status(len(v.got))
	}
	if status == 0 {
		return nil, errors.New("connection refused")
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader("")), Header: http.Header{}}, nil
}

func (v *receiver) all() []received {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.got)
}

// hooked is a rig in simulated time whose webhooks go to a receiver, without
// pings.
func hooked(t *testing.T, status func(int) int) (*rig, *receiver) {
	t.Helper()
	v := &receiver{status: status}
	r := inMemory(t, ashbytest.Config{Outbound: v})
	r.modes(func(m *ashbytest.Modes) { m.PingOnCreate = false })
	return r, v
}

const mergeHook = `{"webhookType":"candidateMerge","requestUrl":"https://example.com/hook","secretToken":"s3cret"}`

func TestAWebhookIsManagedByItsID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := hooked(t, nil)
		out := r.ok("webhook.create", mergeHook)
		out.want(map[string]string{"results.enabled": `true`, "results.secretToken": `"s3cret"`, "results.webhookType": `"candidateMerge"`})
		r.vars["hook"] = out.text("results.id")
		r.ok("webhook.info", `{"webhookId":"«hook»"}`).want(map[string]string{"results.requestUrl": `"https://example.com/hook"`, "results.secretToken": `null`})
		r.ok("webhook.update", `{"webhookId":"«hook»","enabled":false,"secretToken":"other"}`).
			want(map[string]string{"results.enabled": `false`, "results.secretToken": `"other"`, "results.requestUrl": `"https://example.com/hook"`})
		r.fails("webhook.update", `{"webhookId":"«hook»"}`, "invalid_input")
		r.ok("webhook.delete", `{"webhookId":"«hook»"}`).want(map[string]string{"results.webhookId": encode(t, r.vars["hook"])})
		for _, method := range []string{"webhook.info", "webhook.delete"} {
			r.fails(method, `{"webhookId":"«hook»"}`, "webhook_not_found").want(map[string]string{"errorInfo.message": `"Webhook not found"`})
		}
	})
}

func TestASecondWebhookOfTheSameTypeAndURLIsADuplicate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := hooked(t, nil)
		first := r.ok("webhook.create", mergeHook).text("results.id")
		out := r.post("webhook.create", mergeHook)
		if out.at("success") != false || !strings.Contains(strings.ToLower(out.text("errorInfo.message")), "duplicate webhook") {
			t.Errorf("%s", out.raw)
		}
		r.ok("webhook.create", strings.Replace(mergeHook, "candidateMerge", "candidateDelete", 1))
		r.ok("webhook.create", strings.Replace(mergeHook, "/hook", "/other", 1))
		r.ok("webhook.delete", `{"webhookId":"`+first+`"}`)
		r.ok("webhook.create", mergeHook)
		r.fails("webhook.create", strings.Replace(mergeHook, "candidateMerge", "candidateCreate", 1), "invalid_input")
	})
}

func TestMergesAndDeletionsAreSentSigned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, v := hooked(t, nil)
		r.ok("webhook.create", mergeHook)
		r.ok("webhook.create", strings.Replace(mergeHook, "candidateMerge", "candidateDelete", 1))
		if err := r.sim.Merge(r.vars["candidate:0"], r.vars["candidate:1"]); err != nil {
			t.Fatal(err)
		}
		if err := r.sim.Delete(r.vars["candidate:2"]); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		got := v.all()
		if len(got) != 2 {
			t.Fatalf("%d webhooks", len(got))
		}
		slices.SortFunc(got, func(a, b received) int { return strings.Compare(action(t, b), action(t, a)) })
		for i, want := range []string{
			fmt.Sprintf(`{"deletedCandidate":{"id":%q},"mergedCandidate":{"id":%q}}`, r.vars["candidate:0"], r.vars["candidate:1"]),
			fmt.Sprintf(`{"candidate":{"id":%q}}`, r.vars["candidate:2"]),
		} {
			if err := r.spec.CheckWebhook(action(t, got[i]), got[i].body); err != nil {
				t.Error(err)
			}
			if data := payload(t, got[i])["data"]; encode(t, data) != want {
				t.Errorf("data %s, want %s", encode(t, data), want)
			}
			mac := hmac.New(sha256.New, []byte("s3cret"))
			mac.Write(got[i].body)
			if want := "sha256=" + hex.EncodeToString(mac.Sum(nil)); got[i].signature != want {
				t.Errorf("signature %s, want %s", got[i].signature, want)
			}
			if got[i].agent != "Ashby-Webhook" {
				t.Errorf("agent %q", got[i].agent)
			}
		}
	})
}

func payload(t *testing.T, got received) map[string]any {
	t.Helper()
	var p map[string]any
	if err := json.Unmarshal(got.body, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func action(t *testing.T, got received) string { return payload(t, got)["action"].(string) }

func TestTheActionIDIsSharedByWebhooksAndAttemptsOfOneEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, v := hooked(t, func(attempt int) int { return map[bool]int{true: 500, false: 200}[attempt <= 2] })
		r.ok("webhook.create", mergeHook)
		r.ok("webhook.create", strings.Replace(mergeHook, "/hook", "/other", 1))
		if err := r.sim.Merge(r.vars["candidate:0"], r.vars["candidate:1"]); err != nil {
			t.Fatal(err)
		}
		if err := r.sim.Merge(r.vars["candidate:2"], r.vars["candidate:1"]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		ids := map[any]int{}
		for _, got := range v.all() {
			ids[payload(t, got)["webhookActionId"]]++
		}
		if len(ids) != 2 || len(v.all()) != 6 {
			t.Errorf("%d webhooks with ids %v", len(v.all()), ids)
		}
	})
}

func TestFailuresAreRetriedTenTimesOnTheDocumentedSchedule(t *testing.T) {
	for name, status := range map[string]int{"a 500": 500, "a broken connection": 0, "a redirect": 302, "a 429": 429} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, v := hooked(t, func(int) int { return status })
				r.ok("webhook.create", mergeHook)
				if err := r.sim.Merge(r.vars["candidate:0"], r.vars["candidate:1"]); err != nil {
					t.Fatal(err)
				}
				time.Sleep(24 * time.Hour)
				got := v.all()
				if len(got) != 10 {
					t.Fatalf("%d attempts", len(got))
				}
				for i, seconds := range []int{10, 30, 70, 150, 310, 630, 1270, 2550, 5110} {
					if gap := got[i+1].at.Sub(got[i].at); gap != time.Duration(seconds)*time.Second {
						t.Errorf("retry %d came after %v, want %ds", i+1, gap, seconds)
					}
				}
				if state := r.sim.Dump(r.made.Org)[0].Deliveries[0].State; state != "exhausted" {
					t.Errorf("state %q", state)
				}
			})
		})
	}
}

func TestTheScheduleCanBeScaled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, v := hooked(t, func(int) int { return 500 })
		r.modes(func(m *ashbytest.Modes) { m.WebhookScale = 0.001 })
		r.ok("webhook.create", mergeHook)
		if err := r.sim.Merge(r.vars["candidate:0"], r.vars["candidate:1"]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		got := v.all()
		if len(got) != 10 || got[1].at.Sub(got[0].at) != 10*time.Millisecond {
			t.Errorf("%d attempts, the second after %v", len(got), got[1].at.Sub(got[0].at))
		}
	})
}

func TestSomeRefusalsAreFinal(t *testing.T) {
	for _, status := range []int{401, 403, 404, 405, 410} {
		synctest.Test(t, func(t *testing.T) {
			r, v := hooked(t, func(int) int { return status })
			r.ok("webhook.create", mergeHook)
			if err := r.sim.Merge(r.vars["candidate:0"], r.vars["candidate:1"]); err != nil {
				t.Fatal(err)
			}
			time.Sleep(24 * time.Hour)
			if n := len(v.all()); n != 1 {
				t.Errorf("%d: %d attempts", status, n)
			}
		})
	}
}

func TestARetryStopsWhenItSucceedsOrItsWebhookGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, v := hooked(t, func(attempt int) int { return map[bool]int{true: 503, false: 204}[attempt < 3] })
		hook := r.ok("webhook.create", mergeHook).text("results.id")
		if err := r.sim.Merge(r.vars["candidate:0"], r.vars["candidate:1"]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
		if n := len(v.all()); n != 3 {
			t.Errorf("%d attempts", n)
		}
		v.mu.Lock()
		v.status = func(int) int { return 500 }
		v.mu.Unlock()
		if err := r.sim.Merge(r.vars["candidate:2"], r.vars["candidate:1"]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		r.ok("webhook.update", `{"webhookId":"`+hook+`","enabled":false}`)
		time.Sleep(24 * time.Hour)
		if n := len(v.all()); n != 4 {
			t.Errorf("%d attempts after the webhook was disabled", n)
		}
	})
}

func TestAReceiverThatNeverAnswersIsAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := hanging{}
		r := inMemory(t, ashbytest.Config{Outbound: v})
		r.modes(func(m *ashbytest.Modes) { m.PingOnCreate = false })
		r.ok("webhook.create", mergeHook)
		if err := r.sim.Merge(r.vars["candidate:0"], r.vars["candidate:1"]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(15 * time.Second)
		if attempts := r.sim.Dump(r.made.Org)[0].Deliveries[0].Attempts; len(attempts) != 1 || attempts[0].Status != 0 {
			t.Errorf("attempts %v", attempts)
		}
	})
}

type hanging struct{}

func (hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestANewWebhookIsPinged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &receiver{status: func(int) int { return 404 }}
		r := inMemory(t, ashbytest.Config{Outbound: v})
		r.ok("webhook.create", mergeHook)
		time.Sleep(time.Minute)
		got := v.all()
		if len(got) != 1 {
			t.Fatalf("%d webhooks", len(got))
		}
		if err := r.spec.CheckWebhook("ping", got[0].body); err != nil {
			t.Error(err)
		}
	})
}

func TestWebhooksCanBeDuplicatedAndReordered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, v := hooked(t, nil)
		r.modes(func(m *ashbytest.Modes) { m.WebhookDuplicates = 1; m.WebhookReorder = ashbytest.Ms(time.Minute) })
		r.ok("webhook.create", strings.Replace(mergeHook, "candidateMerge", "candidateDelete", 1))
		var sent []string
		for i := range 10 {
			id := r.vars[fmt.Sprintf("candidate:%d", i)]
			sent = append(sent, id)
			if err := r.sim.Delete(id); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		time.Sleep(2 * time.Minute)
		var came []string
		for _, got := range v.all() {
			id := payload(t, got)["data"].(map[string]any)["candidate"].(map[string]any)["id"].(string)
			came = append(came, id)
		}
		if len(came) != 20 {
			t.Errorf("%d webhooks", len(came))
		}
		first := []string{}
		for _, id := range came {
			if !slices.Contains(first, id) {
				first = append(first, id)
			}
		}
		if slices.Equal(first, sent) {
			t.Error("they came in order")
		}
	})
}

func TestWebhooksReachThisMachineOverHTTPAndNoOther(t *testing.T) {
	r := overHTTP(t)
	came := make(chan *http.Request, 10)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { came <- r }))
	t.Cleanup(server.Close)
	r.ok("webhook.create", fmt.Sprintf(`{"webhookType":"candidateDelete","requestUrl":%q,"secretToken":"s"}`, server.URL+"/hook"))
	if ping := <-came; ping.Header.Get("Ashby-Signature") == "" {
		t.Error("the ping is not signed")
	}
	r.ok("webhook.create", `{"webhookType":"candidateDelete","requestUrl":"http://192.0.2.1/hook","secretToken":"s"}`)
	var attempts []ashbytest.Attempt
	eventually(t, func() bool {
		deliveries := r.sim.Dump(r.made.Org)[0].Deliveries
		attempts = deliveries[len(deliveries)-1].Attempts
		return len(attempts) > 0
	})
	if !strings.Contains(attempts[0].Error, "loopback") {
		t.Errorf("attempt %v", attempts[0])
	}
}
