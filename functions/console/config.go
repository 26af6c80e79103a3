package main

import (
	"errors"
	"log/slog"
	"net/url"
	"strings"

	"github.com/sourcewhale/ashby-sync/functions/console/consolehttp"
	"github.com/sourcewhale/ashby-sync/shared/runtime/apigw"
	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
)

// read takes from the environment what the page is told. An origin that is no origin would end up in a policy, so it is refused.
func read(getenv func(string) string) (consolehttp.Config, error) {
	r := env.Read(getenv)
	c := consolehttp.Config{Support: r.OptionalURL("SUPPORT_URL")}
	var refused error
	for origin := range strings.SplitSeq(r.Optional("PAGE_ORIGINS", ""), ",") {
		origin = strings.TrimSpace(origin)
		if origin == "" {
			continue
		}
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || u.Scheme+"://"+u.Host != origin {
			refused = errors.New("PAGE_ORIGINS must be origins, such as https://app.example.com, separated by commas")
			break
		}
		c.Origins = append(c.Origins, origin)
	}
	return c, errors.Join(r.Err(), refused)
}

// wire builds the function from its environment.
func wire(getenv func(string) string, log *slog.Logger) (apigw.Func, error) {
	c, err := read(getenv)
	if err != nil {
		return nil, err
	}
	handler, err := consolehttp.New(c, log)
	if err != nil {
		return nil, err
	}
	return apigw.Handler(handler), nil
}
