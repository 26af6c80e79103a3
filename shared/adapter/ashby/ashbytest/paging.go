package ashbytest

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"time"
)

// maxPage is both the default and the maximum limit of a list.
const maxPage = 100

// place is where an item stands in its list.
type place struct {
	At  int64 `json:"a,omitempty"` // milliseconds since 1970
	Seq int64 `json:"s"`
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.At, q.At), cmp.Compare(p.Seq, q.Seq))
}

// item is one entry of a list.
type item struct {
	place
	rev    int64
	render func() any
}

// listing is a list that can be paged.
type listing struct {
	// filters names the request's filters: a cursor is good only with the ones
	// it was made with.
	filters string
	// syncs says that the list gives sync tokens.
	syncs bool
	// items yields what the filters and the key let through, in order, after a
	// place if one is given.
	items func(after *place) iter.Seq[item]
}

// token is what cursors and sync tokens hold. Both are opaque to callers.
type token struct {
	Kind    string `json:"k"` // cursor or sync
	List    string `json:"l"` // endpoint and, if it belongs to one, object
	Org     string `json:"o"`
	Filters string `json:"f,omitempty"`
	// Since limits the list to changes after a revision; Rev is the revision at
	// the first page, so that changes made while paging are in the next sync.
	Since  int64  `json:"b,omitempty"`
	Rev    int64  `json:"r"`
	After  *place `json:"p,omitempty"`
	Issued int64  `json:"t"` // milliseconds since 1970
}

// page answers a list call: limit, cursor and syncToken are its parameters.
func (c *call) page(l listing) (any, *failure) {
	limit, f := c.limit()
	if f != nil {
		return nil, f
	}
	at, f := c.position(l)
	if f != nil {
		return nil, f
	}
	results, last, more, changes := collectPage(l, at, limit)
	if c.modes.SyncLimit > 0 && at.Since > 0 && changes > c.modes.SyncLimit {
		return nil, fail("incremental_sync_too_large", "Too many changes for an incremental sync. Run a full sync without a syncToken.")
	}
	p := page{results: results, more: more}
	at.Issued = c.now.UnixMilli()
	switch {
	case more:
		at.Kind, at.After = "cursor", last
		p.cursor = c.seal(at)
	case l.syncs:
		at.Kind, at.After, at.Filters, at.Since = "sync", nil, "", 0
		p.syncToken = c.seal(at)
	}
	return p, nil
}

// collectPage takes a page of items. changes counts what a sync would give up
// to one more than the page, or all of it on the first page of a sync.
func collectPage(l listing, at token, limit int) (results []any, last *place, more bool, changes int) {
	results = []any{}
	for it := range l.items(at.After) {
		if at.After != nil && it.compare(*at.After) == 0 {
			continue
		}
		if it.rev <= at.Since && at.Since > 0 {
			continue
		}
		changes++
		if len(results) == limit {
			more = true
			if at.Since == 0 {
				break
			}
			continue
		}
		results = append(results, it.render())
		last = &place{it.At, it.Seq}
	}
	return results, last, more, changes
}

func (c *call) limit() (int, *failure) {
	n, ok := c.body["limit"].(float64)
	switch {
	case !ok:
		return maxPage, nil
	case n < 1:
		return 0, invalid("limit", "limit must be at least 1")
	case n > maxPage && c.modes.LimitAbove == "invalid":
		return 0, invalid("limit", "limit must be at most 100")
	}
	return min(int(n), maxPage), nil
}

// position reads the cursor, or the sync token, or begins anew.
func (c *call) position(l listing) (token, *failure) {
	list := c.log.Endpoint + " " + c.text("candidateId")
	fresh := token{List: list, Org: c.org.ID, Filters: l.filters, Rev: c.org.rev}
	if sealed := c.text("cursor"); sealed != "" {
		t, ok := c.open(sealed)
		if !ok || t.Kind != "cursor" || t.List != list || t.Org != c.org.ID || t.Filters != l.filters {
			return token{}, fail("invalid_next_cursor", "The cursor is invalid. Restart pagination without it.")
		}
		if c.expired(t) {
			return token{}, fail("next_cursor_expired", "The cursor has expired. Restart pagination without it.")
		}
		return t, nil
	}
	sealed := c.text("syncToken")
	if sealed == "" || !l.syncs {
		return fresh, nil
	}
	t, ok := c.open(sealed)
	if !ok || t.Kind != "sync" || t.List != list || t.Org != c.org.ID {
		return token{}, fail("sync_token_invalid", "The sync token is invalid. Run a full sync without it.")
	}
	if c.expired(t) {
		return token{}, fail("sync_token_expired", "The sync token has expired. Run a full sync without it.")
	}
	fresh.Since = max(t.Rev, 1) // an empty organisation's revision is 0
	return fresh, nil
}

func (c *call) expired(t token) bool {
	return c.now.Sub(time.UnixMilli(t.Issued)) > c.modes.TokenLife.Duration()
}

// seal makes a token opaque and tamper-evident.
func (c *call) seal(t token) string {
	data := encode(t)
	return base64.RawURLEncoding.EncodeToString(data) + "." + c.mark(data)
}

func (c *call) open(sealed string) (token, bool) {
	for i := range sealed {
		if sealed[i] != '.' {
			continue
		}
		data, err := base64.RawURLEncoding.DecodeString(sealed[:i])
		if err != nil || c.mark(data) != sealed[i+1:] {
			return token{}, false
		}
		var t token
		return t, json.Unmarshal(data, &t) == nil
	}
	return token{}, false
}

func (c *call) mark(data []byte) string {
	d := digest(c.cfg.Seed, "token", fmt.Sprintf("%x", data))
	return hex.EncodeToString(d[:6])
}

// simple makes a listing of one of the small lists.
func simple[T any](list []*T, show func(*T) (item, bool)) listing {
	return listing{syncs: true, items: func(after *place) iter.Seq[item] {
		return func(yield func(item) bool) {
			for _, rec := range list {
				it, ok := show(rec)
				if !ok || after != nil && it.compare(*after) <= 0 {
					continue
				}
				if !yield(it) {
					return
				}
			}
		}
	}}
}

// paging are the parameters of every paged list.
func paging(more ...param) []param {
	return append([]param{{name: "cursor"}, {name: "syncToken"}, {name: "limit", kind: whole}}, more...)
}
