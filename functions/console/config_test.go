package main

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestTheEnvironmentNamesWhoMayFrameThePageAndWhereHelpIs(t *testing.T) {
	c, err := read(environment(map[string]string{
		"PAGE_ORIGINS": "https://app.example.com, http://localhost:8080", "SUPPORT_URL": "https://help.example.com/ashby",
	}))
	if err != nil || !slices.Equal(c.Origins, []string{"https://app.example.com", "http://localhost:8080"}) || c.Support != "https://help.example.com/ashby" {
		t.Errorf("%+v (%v)", c, err)
	}
	if c.Local {
		t.Error("a Lambda takes itself for a laptop")
	}
	if c, err := read(environment(nil)); err != nil || len(c.Origins) > 0 {
		t.Errorf("with nothing said: %+v (%v)", c, err)
	}
}

func TestWhatIsNoOriginIsRefusedWithoutBeingRepeated(t *testing.T) {
	for _, bad := range []string{"bare.example.com", "https://app.example.com/", "https://a.example.com; script-src *", "*", "'self'", "https://user@app.example.com"} {
		_, err := wire(environment(map[string]string{"PAGE_ORIGINS": "https://ok.example.com," + bad}), slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), "PAGE_ORIGINS") || strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestTheFunctionAnswersAnEventOfTheGateway(t *testing.T) {
	handle, err := wire(environment(nil), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	event := events.APIGatewayV2HTTPRequest{RawPath: "/integrations/ashby/sync"}
	event.RequestContext.HTTP.Method = "GET"
	answer, err := handle(t.Context(), event)
	if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(answer.Body, "<!doctype html>") {
		t.Errorf("%d %.60s (%v)", answer.StatusCode, answer.Body, err)
	}
}
