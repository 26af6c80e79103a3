// Package dev serves what the page has on a laptop only: a sign-in to choose from, campaigns to play, and the simulated Ashby's own side.
package dev

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
)

// Session is what the page needs to act as any of the local users.
type Session struct {
	Tokens   map[string]string `json:"tokens"`    // by admin, member, viewer
	AshbyKey string            `json:"ashby_key"` // of the simulated Ashby; empty where Ashby is not simulated
}

// Config of the handler.
type Config struct {
	Session Session
	Player  Player
	Ashby   string // the simulated Ashby's URL; empty where Ashby is not simulated
}

// New serves paths under /dev/. They hand out tokens, so they answer only to who came by a loopback name (a page elsewhere
// that has its own name lead here does not), and no other site's page can make them do anything.
func New(c Config) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /dev/session", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, c.Session) })
	mux.HandleFunc("POST /dev/play", c.Player.play)
	mux.HandleFunc("POST /dev/events", c.Player.events)
	if at, err := url.Parse(c.Ashby); err == nil && c.Ashby != "" {
		mux.Handle("/dev/ashby/", control(at))
	}
	return loopback(http.NewCrossOriginProtection().Handler(mux))
}

// control passes requests on to the simulator's control interface, and to nothing else of it.
func control(at *url.URL) http.Handler {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(at)
		r.Out.URL.Path = "/_sim/" + strings.TrimPrefix(r.In.URL.Path, "/dev/ashby/")
		r.Out.Header.Del("Authorization")
	}}
}

func loopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if ip := net.ParseIP(host); host != "localhost" && !ip.IsLoopback() {
			answer(w, http.StatusForbidden, map[string]string{"code": "not_loopback", "detail": "this is for the machine that it runs on"})
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller is gone if this fails
}
