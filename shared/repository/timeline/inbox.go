package timeline

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// stays reports whether an event does not expire: it waits for a person, for as long
// as that takes, or is old and still not done with.
func stays(r delivery.Record) bool { return r.Kept || r.State == delivery.Waiting && r.Listed != nil }

// listings moves the rows of the inbox of all records that a change writes.
func (s *Store) listings(ctx context.Context, c delivery.Change, token string) ([]table.Write, error) {
	writes, err := s.listing(ctx, c.Team, c.From.Record, c.To, token)
	for _, ended := range c.Also {
		if err != nil {
			return nil, err
		}
		var more []table.Write
		more, err = s.listing(ctx, c.Team, ended.From.Record, ended.To, token)
		writes = append(writes, more...)
	}
	return writes, err
}

// listing moves a record's row of the inbox, and keeps its payload and its place on
// the timeline from expiring as long as the record stays.
func (s *Store) listing(ctx context.Context, team string, from, to delivery.Record, token string) ([]table.Write, error) {
	var writes []table.Write
	moved := from.Listed != to.Listed && (from.Listed == nil || to.Listed == nil || *from.Listed != *to.Listed)
	if moved && from.Listed != nil {
		writes = append(writes, table.Write{Item: table.Item{Key: inboxKey(team, from)}, Delete: true})
	}
	if moved && to.Listed != nil {
		var expires time.Time
		if to.State == delivery.Final {
			expires = s.expiry(inboxLife)
		}
		writes = append(writes, table.Write{Item: table.Item{Key: inboxKey(team, to), Doc: []byte("{}"), Token: token, Expires: expires}})
	}
	kept := stays(from) != stays(to)
	if kept || from.Past && !to.Past {
		row, err := entryItem(team, to, token, s.ledgerExpiry(to))
		if err != nil {
			return nil, err
		}
		writes = append(writes, table.Write{Item: row})
	}
	if !kept {
		return writes, nil
	}
	body, ok, err := s.t.Get(ctx, bodyKey(team, to.Event))
	if err != nil || !ok {
		return writes, err
	}
	over := table.IfToken(body.Token)
	body.Token, body.Expires = token, time.Time{}
	if !stays(to) {
		body.Expires = s.expiry(payloadLife)
	}
	return append(writes, table.Write{Item: body, If: over}), nil
}

// Inbox sums up what needs somebody of the team, one element a cause. A count
// goes no further than `most`.
func (s *Store) Inbox(ctx context.Context, team string, most int) ([]delivery.CauseCount, error) {
	var counts []delivery.CauseCount
	for from := ""; ; {
		page, err := s.t.Query(ctx, table.Range{Partition: inboxPartition(team), From: from, Limit: 1})
		if err != nil {
			return nil, fmt.Errorf("look through the inbox: %w", err)
		}
		if len(page.Items) == 0 {
			if page.Next == "" {
				return counts, nil
			}
			from = page.Next + after // an expired row
			continue
		}
		first, err := parseInbox(page.Items[0].Sort)
		if err != nil {
			return nil, err
		}
		c, err := s.causeCount(ctx, team, first, most)
		if err != nil {
			return nil, err
		}
		counts = append(counts, c)
		_, from = causeRange(first.Cause)
	}
}

func (s *Store) causeCount(ctx context.Context, team string, first delivery.Listed, most int) (delivery.CauseCount, error) {
	c := delivery.CauseCount{Cause: first.Cause, First: first.Since, Last: first.Since}
	var err error
	if c.Count, c.More, err = s.CountListed(ctx, team, first.Cause, most); err != nil {
		return c, err
	}
	from, to := causeRange(first.Cause)
	r := table.Range{Partition: inboxPartition(team), From: from, To: to, Limit: 1, Descending: true}
	page, err := s.t.Query(ctx, r)
	if err != nil {
		return c, fmt.Errorf("look through the inbox: %w", err)
	}
	if len(page.Items) == 1 {
		last, err := parseInbox(page.Items[0].Sort)
		if err != nil {
			return c, err
		}
		c.Last = last.Since
	}
	return c, nil
}

// Listed gives a page of a cause's rows, the longest known first: at most limit.
// The cursor is empty for the first page; next is empty after the last.
func (s *Store) Listed(
	ctx context.Context, team string, cause delivery.Cause, cursor string, limit int,
) (page []delivery.Listed, next string, err error) {
	from, to := causeRange(cause)
	r := table.Range{Partition: inboxPartition(team), From: from, To: to, Limit: limit}
	if cursor != "" {
		r.After = from + cursor
	}
	rows, err := s.t.Query(ctx, r)
	if err != nil {
		return nil, "", fmt.Errorf("list the inbox: %w", err)
	}
	for _, row := range rows.Items {
		l, err := parseInbox(row.Sort)
		if err != nil {
			return nil, "", err
		}
		page = append(page, l)
	}
	return page, strings.TrimPrefix(rows.Next, from), nil
}

// CountListed counts a cause's rows, up to most.
func (s *Store) CountListed(ctx context.Context, team string, cause delivery.Cause, most int) (n int, more bool, err error) {
	from, to := causeRange(cause)
	n, more, err = s.t.Count(ctx, table.Range{Partition: inboxPartition(team), From: from, To: to}, most)
	if err != nil {
		return 0, false, fmt.Errorf("count the inbox: %w", err)
	}
	return n, more, nil
}

// Records reads the records of events that exist, each once, in their people's
// order.
func (s *Store) Records(ctx context.Context, team string, events []string) ([]delivery.Stored, error) {
	return s.records(ctx, team, events)
}

// after makes of a sort key the first one behind it.
const after = "\x01"

// causeRange bounds a cause's rows.
func causeRange(c delivery.Cause) (from, to string) { return table.Prefix(string(c) + "#") }

// parseInbox reads an inbox row's sort key.
func parseInbox(sort string) (delivery.Listed, error) {
	parts := strings.Split(sort, "#")
	if len(parts) != 4 {
		return delivery.Listed{}, fault.New(fault.Internal, "inbox_key", "an inbox row has a key of another form")
	}
	since, err := delivery.ParseSortable(parts[1])
	if err != nil {
		return delivery.Listed{}, fault.New(fault.Internal, "inbox_key", "an inbox row has a time of another form").Because(err)
	}
	return delivery.Listed{
		Listing: delivery.Listing{Cause: delivery.Cause(parts[0]), Since: since}, Person: parts[2], Event: parts[3],
	}, nil
}
