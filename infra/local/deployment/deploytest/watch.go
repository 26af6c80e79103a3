package deploytest

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
	"github.com/sourcewhale/ashby-sync/infra/local/front"
)

// Watch is what functions were seen to do to AWS. Emulators ask nobody for leave;
// AllowedAll does.
type Watch struct {
	template *deployment.Template
	between  deployment.Between

	mu    sync.Mutex
	calls map[deployment.Call]int
	sent  [][]byte
}

func watch(t *testing.T, template *deployment.Template, trouble func(string, http.Handler) http.Handler) *Watch {
	t.Helper()
	w := &Watch{template: template, calls: map[deployment.Call]int{}}
	aws, err := front.New(func(name string) string { return cmp.Or(os.Getenv(name), os.Getenv("AWS_ENDPOINT_URL")) })
	if err != nil {
		t.Fatal(err)
	}
	servers := map[string]string{}
	w.between = func(function string) string {
		if servers[function] == "" {
			behind := aws
			if trouble != nil {
				behind = trouble(function, aws)
			}
			server := httptest.NewServer(w.keepSent(deployment.Watched(template, function, behind, w.saw)))
			t.Cleanup(server.Close)
			servers[function] = server.URL
		}
		return servers[function]
	}
	return w
}

func (w *Watch) saw(one deployment.Call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls[one]++
}

// keepSent keeps what is sent to queues: SQS shows a message to who takes it only.
func (w *Watch) keepSent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.SendMessage") {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				http.Error(out, err.Error(), http.StatusBadRequest)
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			w.mu.Lock()
			w.sent = append(w.sent, body)
			w.mu.Unlock()
		}
		next.ServeHTTP(out, r)
	})
}

// Sent are all requests that sent something to a queue.
func (w *Watch) Sent() [][]byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sent[:len(w.sent):len(w.sent)]
}

// AllowedAll wants that each function's role allows everything that it did, and
// that enough was done for this to mean something: least is how much, by function.
func (w *Watch) AllowedAll(t *testing.T, least map[string]int) {
	t.Helper()
	w.mu.Lock()
	calls := maps.Clone(w.calls)
	w.mu.Unlock()
	by := map[string]int{}
	for c, times := range calls {
		by[c.Function] += times
		if !w.template.Allows(c.Function, c.Action, c.Resource) {
			t.Errorf("%s did %s to %q, %d times, which its role does not allow", c.Function, c.Action, c.Resource, times)
		}
	}
	for function, wanted := range least {
		if by[function] < wanted {
			t.Errorf("%s did only %d things", function, by[function])
		}
	}
	if by["console"] != 0 {
		t.Errorf("console called AWS %d times", by["console"])
	}
}
