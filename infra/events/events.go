// Package events is sample payloads: the schema of the event contract, requests
// and hooks as they are sent, and the API Gateway events that bring them.
package events

import (
	"embed"
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

// Files holds everything in this folder that is data.
//
//go:embed event.schema.json keyring.json requests hooks invoke
var Files embed.FS

// Team that the samples are of.
const Team = "team-demo"

// SignedAt is when requests/email_reply.headers.json was signed.
var SignedAt = time.Date(2026, 11, 20, 11, 42, 12, 0, time.UTC)

// Keyring is the master secret that the samples are signed with; keyring.json has
// it as it is stored.
func Keyring() (webhook.Keyring, error) {
	text, err := Files.ReadFile("keyring.json")
	if err != nil {
		return webhook.Keyring{}, err
	}
	return webhook.ParseKeyring(string(text))
}

// Headers signs a request of events, at a time, as SourceWhale would.
func Headers(ring webhook.Keyring, team, id string, at time.Time, body []byte) map[string]string {
	return map[string]string{
		"content-type": "application/json", "webhook-id": id, "webhook-timestamp": unix(at),
		"webhook-signature": webhook.Sign(ring.TeamSecret(team, 1), id, at, body),
	}
}

func unix(at time.Time) string {
	b, _ := json.Marshal(at.Unix()) // a number
	return string(b)
}

// Envelope is the event by which API Gateway (HTTP API, payload 2.0) hands a POST
// to a function.
func Envelope(path string, headers map[string]string, body []byte, at time.Time) events.APIGatewayV2HTTPRequest {
	route := "POST " + path
	if i := strings.LastIndex(path, "/"); strings.Contains(path, "/hooks/") {
		route = "POST " + path[:i] + "/{token}"
	}
	return events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: route, RawPath: path, Headers: headers, Body: string(body),
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey: route, AccountID: "123456789012", Stage: "$default", RequestID: "sample-request", APIID: "sample",
			DomainName: "sample.execute-api.eu-west-1.amazonaws.com", DomainPrefix: "sample",
			Time: at.UTC().Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: at.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: "POST", Path: path, Protocol: "HTTP/1.1", SourceIP: "192.0.2.10", UserAgent: "sample/1.0",
			},
		},
	}
}

// Sample makes the envelope of a sample by its file's name, such as
// "requests/email_reply.json": signed, or with the token in its path, as its kind
// wants it.
func Sample(name string, at time.Time) (events.APIGatewayV2HTTPRequest, error) {
	body, err := Files.ReadFile(name)
	if err != nil {
		return events.APIGatewayV2HTTPRequest{}, err
	}
	ring, err := Keyring()
	if err != nil {
		return events.APIGatewayV2HTTPRequest{}, err
	}
	plain := map[string]string{"content-type": "application/json"}
	switch {
	case strings.HasPrefix(name, "hooks/ashby"):
		plain["ashby-signature"] = webhook.SignAshby(ring.AshbySecret(Team, 1), body)
		return Envelope("/v1/hooks/ashby/"+ring.HookToken(Team, webhook.AshbyHook, 1), plain, body, at), nil
	case strings.HasPrefix(name, "hooks/sourcewhale"):
		return Envelope("/v1/hooks/sourcewhale/"+ring.HookToken(Team, webhook.SourceWhaleHook, 1), plain, body, at), nil
	default:
		return Envelope("/v1/events", Headers(ring, Team, "msg_sample", at, body), body, at), nil
	}
}
