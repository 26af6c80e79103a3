package sqs

import (
	"crypto/md5" // SQS's own checksum
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// entry is an entry of any batch request.
type entry struct {
	ID                     string `json:"Id"`
	MessageBody            string
	ReceiptHandle          string
	MessageGroupID         *string `json:"MessageGroupId"`
	MessageDeduplicationID *string `json:"MessageDeduplicationId"`
}

type batchRequest struct{ Entries []entry }

type refusal struct {
	ID          string `json:"Id"`
	Code        string
	SenderFault bool
}

type confirmation struct {
	ID               string `json:"Id"`
	MessageID        string `json:"MessageId"`
	MD5OfMessageBody string
}

// fakeSQS answers batch calls: each by the next function of its script, and by
// taking every entry when the script is through. It keeps what it took.
type fakeSQS struct {
	mu     sync.Mutex
	script []func(w http.ResponseWriter, r *http.Request, b batchRequest)
	calls  []batchRequest
	taken  []entry
}

func (f *fakeSQS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var b batchRequest
	if err := json.NewDecoder(r.Body).Decode(&b); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f.mu.Lock()
	f.calls = append(f.calls, b)
	answer := func(w http.ResponseWriter, _ *http.Request, b batchRequest) { f.take(w, b) }
	if len(f.script) > 0 {
		answer, f.script = f.script[0], f.script[1:]
	}
	f.mu.Unlock()
	answer(w, r, b)
}

// take confirms all entries but the refused ones; a refusal without code leaves
// its entry unmentioned.
func (f *fakeSQS) take(w http.ResponseWriter, b batchRequest, refusals ...refusal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out struct {
		Successful []confirmation
		Failed     []refusal
	}
entries:
	for _, e := range b.Entries {
		for _, r := range refusals {
			if r.ID == e.ID {
				if r.Code != "" {
					out.Failed = append(out.Failed, r)
				}
				continue entries
			}
		}
		f.taken = append(f.taken, e)
		sum := md5.Sum([]byte(e.MessageBody))
		out.Successful = append(out.Successful, confirmation{e.ID, "m", hex.EncodeToString(sum[:])})
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_ = json.NewEncoder(w).Encode(out)
}

// refuse takes all but the given entries.
func (f *fakeSQS) refuse(refusals ...refusal) func(http.ResponseWriter, *http.Request, batchRequest) {
	return func(w http.ResponseWriter, _ *http.Request, b batchRequest) { f.take(w, b, refusals...) }
}

// fail refuses the whole call.
func fail(status int, code string) func(http.ResponseWriter, *http.Request, batchRequest) {
	return func(w http.ResponseWriter, _ *http.Request, _ batchRequest) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]string{"__type": "com.amazonaws.sqs#" + code})
	}
}

// loseAnswer takes the entries and cuts the connection.
func (f *fakeSQS) loseAnswer(_ http.ResponseWriter, _ *http.Request, b batchRequest) {
	f.take(httptest.NewRecorder(), b)
	panic(http.ErrAbortHandler)
}

func (f *fakeSQS) bodies() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []string
	for _, e := range f.taken {
		all = append(all, e.MessageBody+e.ReceiptHandle)
	}
	return strings.Join(all, " ")
}

// called counts the calls.
func (f *fakeSQS) called() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.calls)
}

// newQueue serves the fake and gives a queue on it whose SDK does not retry, so
// that every try counted is ours.
func newQueue(t *testing.T, name string, f *fakeSQS) *Queue {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	q := New(sqs.New(sqs.Options{
		BaseEndpoint: &server.URL, Region: "us-east-1", Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}), server.URL+"/0/"+name)
	q.backoff = time.Microsecond
	return q
}
