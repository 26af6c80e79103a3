package gateway_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/infra/local/gateway"
	"github.com/sourcewhale/ashby-sync/shared/runtime/apigw"
)

func TestRequestsSurviveTheWayThroughTheGatewayAndBack(t *testing.T) {
	echo := apigw.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Signature", r.Header.Get("Webhook-Signature"))
		w.Header().Set("X-Target", r.URL.String())
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write(body)
	}))
	server := httptest.NewServer(gateway.Serve(gateway.Function(echo), slog.New(slog.DiscardHandler)))
	defer server.Close()
	for _, body := range []string{"", "héllo", "\xff\x00binary"} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/v1/a%2Fb?x=1&x=2", strings.NewReader(body))
		r.Header.Set("webhook-signature", "v1,abc v1,def")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if string(got) != body || answer.StatusCode != http.StatusTeapot {
			t.Errorf("%q comes back as %d %q", body, answer.StatusCode, got)
		}
		if s := answer.Header.Get("X-Signature"); s != "v1,abc v1,def" {
			t.Errorf("signature header %q", s)
		}
		if target := answer.Header.Get("X-Target"); target != "/v1/a%2Fb?x=1&x=2" {
			t.Errorf("target %q", target)
		}
	}
}

func TestFailingFunctionIsTheGatewaysOwn500(t *testing.T) {
	fails := func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return events.APIGatewayV2HTTPResponse{}, errors.New("boom")
	}
	w := httptest.NewRecorder()
	gateway.Serve(fails, slog.New(slog.DiscardHandler)).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "boom") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
