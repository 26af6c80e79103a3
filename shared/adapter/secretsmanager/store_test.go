package secretsmanager

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

const (
	name    = "team/1"
	version = "01234567-89ab-4cde-8f01-23456789abcd"
	content = "canary-91c4"
)

// reply is what the server says to one call: an error by its code, or success.
type reply struct {
	code, message string
	status        int
}

var (
	fine         = reply{status: http.StatusOK}
	absent       = reply{"ResourceNotFoundException", "Secrets Manager can't find the specified secret.", http.StatusBadRequest}
	taken        = reply{"ResourceExistsException", "The operation failed because the secret already exists.", http.StatusBadRequest}
	doomed       = reply{"InvalidRequestException", "You can't create this secret because a secret with this name is already scheduled for deletion.", http.StatusBadRequest}
	marked       = reply{"InvalidRequestException", "You can't perform this operation on the secret because it was marked for deletion.", http.StatusBadRequest}
	denied       = reply{"AccessDeniedException", "not authorized", http.StatusBadRequest}
	broken       = reply{"InternalServiceError", "", http.StatusInternalServerError}
	unacceptable = reply{"ValidationException", "token too short", http.StatusBadRequest}
)

// server replies in order, and with success at the end; it notes the operations.
type server struct {
	mu      sync.Mutex
	replies []reply
	calls   []string
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	s.calls = append(s.calls, operation)
	now := fine
	if len(s.replies) > 0 {
		now, s.replies = s.replies[0], s.replies[1:]
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(now.status)
	body := map[string]string{"SecretString": content, "VersionId": version}
	if now.code != "" {
		body = map[string]string{"__type": now.code, "message": now.message}
	}
	_ = json.NewEncoder(w).Encode(body)
}

func newStore(t *testing.T, h http.Handler) *Store {
	t.Helper()
	listening := httptest.NewServer(h)
	t.Cleanup(listening.Close)
	s := New(secretsmanager.New(secretsmanager.Options{
		BaseEndpoint: &listening.URL, Region: "us-east-1", Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}), slog.New(slog.DiscardHandler))
	s.backoff = time.Microsecond
	return s
}

func TestPutTakesTheTurnThatFitsWhatIsThere(t *testing.T) {
	const putValue, create = "PutSecretValue", "CreateSecret"
	again := func(n int, of ...string) []string { return slices.Repeat(of, n) }
	for _, c := range []struct {
		what    string
		replies []reply
		calls   []string
		want    fault.Kind
		fails   bool
	}{
		{"it is there", nil, []string{putValue}, 0, false},
		{"it is not there", []reply{absent}, []string{putValue, create}, 0, false},
		{"another makes it meanwhile", []reply{absent, taken}, []string{putValue, create, putValue}, 0, false},
		{"the name is freed soon", []reply{absent, doomed, marked}, []string{putValue, create, putValue, putValue}, 0, false},
		{"the name is not freed", slices.Repeat([]reply{absent, doomed}, putTries), again(putTries, putValue, create), fault.Unavailable, true},
		{"the version has another value", []reply{taken}, []string{putValue}, fault.Conflict, true},
		{"another makes it with our version and another value", []reply{absent, taken, taken}, []string{putValue, create, putValue}, fault.Conflict, true},
		{"the version id is not acceptable", []reply{unacceptable}, []string{putValue}, fault.Invalid, true},
		{"an outage", []reply{broken}, []string{putValue}, fault.Unavailable, true},
		{"no permission", []reply{denied}, []string{putValue}, fault.Unavailable, true},
	} {
		h := &server{replies: c.replies}
		err := newStore(t, h).Put(t.Context(), name, version, secret.NewValue(content))
		if c.fails != (err != nil) || c.fails && !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.what, err, c.want)
		}
		if !slices.Equal(h.calls, c.calls) {
			t.Errorf("%s: calls %v, want %v", c.what, h.calls, c.calls)
		}
		if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), content) {
			t.Errorf("%s: the error shows the secret", c.what)
		}
	}
}

func TestGetTellsMissingFromUnavailable(t *testing.T) {
	for _, c := range []struct {
		what  string
		reply reply
		want  fault.Kind
	}{
		{"absent", absent, fault.NotFound},
		{"waiting for its deletion", marked, fault.NotFound},
		{"no permission", denied, fault.Unavailable},
		{"an outage", broken, fault.Unavailable},
		{"throttled", reply{"ThrottlingException", "Rate exceeded", http.StatusBadRequest}, fault.Unavailable},
	} {
		_, _, err := newStore(t, &server{replies: []reply{c.reply}}).Get(t.Context(), name, "")
		if !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.what, err, c.want)
		}
	}
}

func TestDeleteOfWhatIsNotThereIsFineAndAnOutageIsNot(t *testing.T) {
	if err := newStore(t, &server{replies: []reply{absent}}).Delete(t.Context(), name); err != nil {
		t.Error(err)
	}
	if err := newStore(t, &server{replies: []reply{broken}}).Delete(t.Context(), name); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want unavailable", err)
	}
}

func TestHangingCallIsCutOff(t *testing.T) {
	s := newStore(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the server sees the caller leave only behind the body
		<-r.Context().Done()
	}))
	s.timeout = 20 * time.Millisecond
	if _, _, err := s.Get(t.Context(), name, ""); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want unavailable", err)
	}
	if err := s.Put(t.Context(), name, version, secret.NewValue(content)); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want unavailable", err)
	}
}
