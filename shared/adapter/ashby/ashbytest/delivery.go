package ashbytest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"time"
)

// Delivery is one webhook on its way to one URL.
type Delivery struct {
	ID      string `json:"id"`
	Org     string `json:"org"`
	Seq     int64  `json:"seq"`
	Webhook string `json:"webhook"` // id
	Action  string `json:"action"`
	// ActionID is the payload's webhookActionId: the same for every webhook of
	// one event and for every attempt.
	ActionID string    `json:"actionId"`
	Body     string    `json:"body"`
	Attempts []Attempt `json:"attempts,omitempty"`
	// State is pending, delivered, refused (a status that is not retried),
	// exhausted (10 attempts) or dropped (the webhook was disabled or deleted).
	State string `json:"state"`
	// Due is when the next attempt is.
	Due time.Time `json:"due"`
}

// Attempt is one try to deliver; Status is 0 if no answer came.
type Attempt struct {
	At     time.Time `json:"at"`
	Status int       `json:"status"`
	Error  string    `json:"error,omitempty"`
}

const (
	maxAttempts    = 10
	attemptTimeout = 10 * time.Second
)

// fire sends an event to every webhook of its type. It needs the lock.
func (a *Ashby) fire(o *orgState, action string, data any, keep func(any)) {
	var to []*Webhook
	for _, w := range o.webhooks {
		if w.Type == action && w.Enabled && !w.Deleted {
			to = append(to, w)
		}
	}
	slices.SortFunc(to, func(a, b *Webhook) int { return cmp.Compare(a.Seq, b.Seq) })
	a.send(to, action, data, keep)
}

// send makes a delivery, or by mode two, to each webhook; keep stores them.
func (a *Ashby) send(to []*Webhook, action string, data any, keep func(any)) {
	actionID := a.store.newID()
	body := encode(struct {
		ActionID string `json:"webhookActionId"`
		Action   string `json:"action"`
		Data     any    `json:"data"`
	}{actionID, action, data})
	for _, w := range to {
		copies := 1
		if roll(a.cfg.Seed, "duplicate", a.store.count) < a.modes.WebhookDuplicates {
			copies = 2
		}
		for range copies {
			delay := time.Duration(roll(a.cfg.Seed, "reorder", a.store.count) * float64(a.modes.WebhookReorder.Duration()))
			d := &Delivery{
				ID: a.store.newID(), Org: w.Org, Seq: a.store.orgs[w.Org].nextSeq(), Webhook: w.ID,
				Action: action, ActionID: actionID, Body: string(body), State: "pending", Due: a.now().Add(delay),
			}
			keep(d)
			a.schedule(d)
		}
	}
}

func (a *Ashby) schedule(d *Delivery) {
	org, id := d.Org, d.ID
	a.later(max(0, d.Due.Sub(a.now())), func() { a.attempt(org, id) })
}

// resumeDeliveries schedules what was pending when the journal ended.
func (a *Ashby) resumeDeliveries() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, id := range a.store.order {
		for _, d := range a.deliveries(a.store.orgs[id]) {
			if d.State == "pending" {
				a.schedule(d)
			}
		}
	}
}

func (a *Ashby) deliveries(o *orgState) []*Delivery {
	list := make([]*Delivery, 0, len(o.deliveries))
	for _, d := range o.deliveries {
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b *Delivery) int { return cmp.Compare(a.Seq, b.Seq) })
	return list
}

// attempt tries once to deliver and decides what comes next.
func (a *Ashby) attempt(orgID, deliveryID string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	o := a.store.orgs[orgID]
	if o == nil || o.deliveries[deliveryID] == nil {
		return // reset meanwhile
	}
	d := *o.deliveries[deliveryID]
	w := o.webhooks[d.Webhook]
	if w == nil || w.Deleted || !w.Enabled {
		d.State = "dropped"
		a.keep(&d)
		return
	}
	target, secret, at := w.URL, w.Secret, a.now()
	a.mu.Unlock()
	status, err := a.post(target, secret, []byte(d.Body))
	a.mu.Lock()
	if a.store.orgs[orgID] != o {
		return
	}
	d.Attempts = append(slices.Clone(d.Attempts), Attempt{At: at, Status: status, Error: message(err)})
	d.State = next(status, len(d.Attempts))
	if d.State != "delivered" {
		a.cfg.Log.Warn("webhook attempt failed", "webhook", w.ID, "status", status, "attempt", len(d.Attempts), "state", d.State)
	}
	if d.State == "pending" {
		d.Due = a.now().Add(time.Duration(float64(backoff(len(d.Attempts))) * a.modes.WebhookScale))
	}
	a.keep(&d)
	if d.State == "pending" {
		a.schedule(&d)
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// next is a delivery's state after its latest attempt.
func next(status, attempts int) string {
	switch {
	case status >= 200 && status <= 299:
		return "delivered"
	case slices.Contains([]int{401, 403, 404, 405, 410}, status):
		return "refused"
	case attempts >= maxAttempts:
		return "exhausted"
	}
	return "pending"
}

// backoff is the delay after so many failed attempts: 10, 30, 70, 150 s ...
func backoff(failed int) time.Duration {
	return time.Duration(1<<failed-1) * 10 * time.Second
}

// Sign is the Ashby-Signature of a body.
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// post sends a webhook. Redirects are not followed.
func (a *Ashby) post(url, secret string, body []byte) (int, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stop := a.cfg.AfterFunc(attemptTimeout, cancel)
	defer stop()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Ashby-Webhook")
	r.Header.Set("Ashby-Signature", Sign(secret, body))
	answer, err := a.cfg.Outbound.RoundTrip(r)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<20))
	return answer.StatusCode, errors.Join(err, answer.Body.Close())
}

// keep stores a record outside of a call; a journal that fails has logged so.
func (a *Ashby) keep(rec any) { _ = a.save(rec) }

// loopbackOnly is a transport that reaches this machine and nothing else.
func loopbackOnly() http.RoundTripper {
	dialer := &net.Dialer{Timeout: attemptTimeout}
	return &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return nil, errors.New("webhooks go to loopback addresses only")
		}
		return dialer.DialContext(ctx, network, address)
	}}
}
