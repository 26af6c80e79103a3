package deployment

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// Call is one thing that a function does to AWS: an action of IAM's, and the
// resource as Allows takes it.
type Call struct{ Function, Action, Resource string }

// Watched passes a function's calls on and tells of each, before it is made.
func Watched(t *Template, function string, next http.Handler, told func(Call)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		for _, c := range callsOf(t, r.Header.Get("X-Amz-Target"), body) {
			c.Function = function
			told(c)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

// named is where the requests of the three services say what they are about.
type named struct {
	TableName, QueueUrl, SecretId, Name string
	RequestItems                        map[string]json.RawMessage
	TransactItems                       []map[string]struct{ TableName string }
}

// callsOf gives the actions that IAM judges for a request. A transaction is judged
// by what it consists of.
func callsOf(t *Template, target string, body []byte) []Call {
	service, verb, _ := strings.Cut(target, ".")
	var n named
	_ = json.Unmarshal(body, &n) // what it does not say is no resource, which no role allows
	switch service {
	case "DynamoDB_20120810":
		return t.tableCalls(verb, n)
	case "AmazonSQS":
		return []Call{{Action: "sqs:" + strings.TrimSuffix(verb, "Batch"), Resource: t.idOf(n.QueueUrl)}}
	case "secretsmanager":
		name := n.SecretId + n.Name
		if id := t.idOf(name); id != "" {
			name = id
		}
		return []Call{{Action: "secretsmanager:" + verb, Resource: name}}
	}
	return []Call{{Action: target}}
}

func (t *Template) tableCalls(verb string, n named) []Call {
	var calls []Call
	for _, item := range n.TransactItems {
		for op, of := range item {
			if op != "ConditionCheck" {
				op = strings.TrimSuffix(op, "Item")
			}
			calls = append(calls, Call{Action: "dynamodb:" + op + "Item", Resource: t.idOf(of.TableName)})
		}
	}
	for table := range n.RequestItems {
		calls = append(calls, Call{Action: "dynamodb:" + verb, Resource: t.idOf(table)})
	}
	if n.TableName != "" {
		calls = append(calls, Call{Action: "dynamodb:" + verb, Resource: t.idOf(n.TableName)})
	}
	return calls
}

// idOf finds the logical id that a reference stands for; "" when it is none.
func (t *Template) idOf(value string) string {
	for id, known := range t.refs {
		if known == value && value != "" {
			return id
		}
	}
	return ""
}
