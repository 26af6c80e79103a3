package timeline

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Who was forgotten is kept as a keyed hash, so that nobody can read it off the
// table; the key is the team's own and lies beside, for record, which must know,
// has no secret.
const (
	goneKeySort = "key"
	goneLife    = 400 * day
	eventHead   = "e#"
)

type goneKeyDoc struct{ Key string }

type goneDoc struct{ At time.Time }

func gonePartition(team string) string { return team + "#gone" }

// hashed gives the sort key of somebody or something forgotten.
func hashed(key, head, id string) string {
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write([]byte(head + id)) // never fails
	return head + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// goneKey reads the team's key; empty when nobody of it was ever forgotten.
func (s *Store) goneKey(ctx context.Context, team string) (string, error) {
	var doc goneKeyDoc
	_, _, err := s.get(ctx, table.Key{Partition: gonePartition(team), Sort: goneKeySort}, &doc)
	return doc.Key, err
}

// makeGoneKey reads the team's key, or makes it.
func (s *Store) makeGoneKey(ctx context.Context, team string) (string, error) {
	if key, err := s.goneKey(ctx, team); key != "" || err != nil {
		return key, err
	}
	doc := goneKeyDoc{Key: s.token() + s.token()}
	row, err := item(table.Key{Partition: gonePartition(team), Sort: goneKeySort}, doc, s.token(), time.Time{})
	if err != nil {
		return "", err
	}
	err = table.Put(ctx, s.t, table.Write{Item: row, If: table.IfAbsent()})
	if refused, ok := table.AsRefused(err); ok {
		err = read(refused.Refusals[0].Old, &doc)
	}
	return doc.Key, err
}

// Gone tells which of these people and events were forgotten. For a team that
// never forgot anybody that is one small read.
func (s *Store) Gone(ctx context.Context, team string, people, events []string) (delivery.Gone, error) {
	key, err := s.goneKey(ctx, team)
	if err != nil || key == "" {
		return delivery.Gone{}, err
	}
	ids := map[string]string{}
	var keys []table.Key
	for _, p := range people {
		ids[hashed(key, personHead, p)] = p
	}
	for _, e := range events {
		ids[hashed(key, eventHead, e)] = e
	}
	for sort := range ids {
		keys = append(keys, table.Key{Partition: gonePartition(team), Sort: sort})
	}
	rows, err := s.t.BatchGet(ctx, keys)
	if err != nil {
		return delivery.Gone{}, fmt.Errorf("look for the forgotten: %w", err)
	}
	gone := delivery.Gone{People: map[string]time.Time{}, Events: map[string]time.Time{}}
	for _, row := range rows {
		var doc goneDoc
		if err := read(row, &doc); err != nil {
			return delivery.Gone{}, err
		}
		if strings.HasPrefix(row.Sort, personHead) {
			gone.People[ids[row.Sort]] = doc.At
		} else {
			gone.Events[ids[row.Sort]] = doc.At
		}
	}
	return gone, nil
}

// MarkGone says that a person is forgotten: of what was accepted until then
// nothing is to be kept.
func (s *Store) MarkGone(ctx context.Context, team, person string, at time.Time) error {
	key, err := s.makeGoneKey(ctx, team)
	if err == nil {
		err = s.putGone(ctx, team, hashed(key, personHead, person), at)
	}
	if err != nil {
		return fmt.Errorf("mark the person as forgotten: %w", err)
	}
	return nil
}

// MarkEventGone says that an event ended as forgotten, without any row of it: its
// content may be there from a delivery that came to nothing.
func (s *Store) MarkEventGone(ctx context.Context, team, event string, at time.Time) error {
	key, err := s.makeGoneKey(ctx, team)
	if err == nil {
		err = s.putGone(ctx, team, hashed(key, eventHead, event), at)
	}
	if err == nil {
		err = s.t.Write(ctx, table.Write{Item: table.Item{Key: bodyKey(team, event)}, Delete: true})
	}
	if err != nil {
		return fmt.Errorf("mark the event as forgotten: %w", err)
	}
	return nil
}

func (s *Store) putGone(ctx context.Context, team, sort string, at time.Time) error {
	row, err := s.goneItem(team, sort, at)
	if err != nil {
		return err
	}
	return table.Put(ctx, s.t, table.Write{Item: row})
}

func (s *Store) goneItem(team, sort string, at time.Time) (table.Item, error) {
	return item(table.Key{Partition: gonePartition(team), Sort: sort}, goneDoc{at.UTC().Round(0)}, s.token(), at.Add(goneLife))
}
