package candidates

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

func knownKey(team, id string) table.Key {
	return table.Key{Partition: team + "#doc#" + id, Sort: "row"}
}

func keyPartition(team, key string) string { return team + "#key#" + key }

// packed makes a row of a document that is worth compressing.
func (s *Store) packed(key table.Key, doc any, expires time.Time) (table.Item, error) {
	b, err := json.Marshal(doc)
	if err != nil {
		return table.Item{}, fault.New(fault.Internal, "row_unwritable", "a document cannot be written").Because(err)
	}
	return s.item(key, packedDoc{deflate(b)}, expires)
}

func unpack(row table.Item, into any) error {
	var doc packedDoc
	if err := decode(row, &doc); err != nil {
		return err
	}
	b, err := inflate(doc.Z)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return unreadable(err)
	}
	return nil
}

// Known reads candidates by id, those that are kept, in one read.
func (s *Store) Known(ctx context.Context, team string, ids []string) (map[string]candidate.Known, error) {
	keys := make([]table.Key, len(ids))
	for i, id := range ids {
		keys[i] = knownKey(team, id)
	}
	found := make(map[string]candidate.Known, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	rows, err := s.t.BatchGet(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("read candidates: %w", err)
	}
	for _, row := range rows {
		var k candidate.Known
		if err := unpack(row, &k); err != nil {
			return nil, err
		}
		found[k.ID] = k
	}
	return found, nil
}

// mostKnown is how large a candidate's row may be, in bytes; of a larger one the
// custom values are left out.
const mostKnown = 300 << 10

// Keep writes candidates. Put their match keys first.
func (s *Store) Keep(ctx context.Context, team string, list []candidate.Known) error {
	items := make([]table.Item, 0, len(list))
	for _, k := range list {
		expires := time.Time{}
		if k.Gone {
			k = candidate.Known{Listed: candidate.Listed{Candidate: candidate.Candidate{ID: k.ID}}, Gone: true, Into: k.Into, ReadAt: k.ReadAt}
			expires = s.now().Add(goneLife)
		}
		k.Titles = nil // the catalogue has them
		row, err := s.packed(knownKey(team, k.ID), k, expires)
		if err == nil && row.Size() > mostKnown {
			k.Custom = nil
			row, err = s.packed(knownKey(team, k.ID), k, expires)
		}
		if err != nil {
			return err
		}
		items = append(items, row)
	}
	if len(items) == 0 {
		return nil
	}
	if err := s.t.BatchPut(ctx, items); err != nil {
		return fmt.Errorf("write candidates: %w", err)
	}
	return nil
}

// AddKeys says of candidates that they bear keys.
func (s *Store) AddKeys(ctx context.Context, team string, list []candidate.Bearing) error {
	items := make([]table.Item, len(list))
	for i, b := range list {
		items[i] = table.Item{Key: bearingKey(team, b), Doc: []byte("{}"), Token: s.token()}
	}
	if len(items) == 0 {
		return nil
	}
	if err := s.t.BatchPut(ctx, items); err != nil {
		return fmt.Errorf("write match keys: %w", err)
	}
	return nil
}

// DropKeys takes back that candidates bear keys.
func (s *Store) DropKeys(ctx context.Context, team string, list []candidate.Bearing) error {
	for _, b := range list {
		if err := s.t.Write(ctx, table.Write{Item: table.Item{Key: bearingKey(team, b)}, Delete: true}); err != nil {
			return fmt.Errorf("drop a match key: %w", err)
		}
	}
	return nil
}

func bearingKey(team string, b candidate.Bearing) table.Key {
	return table.Key{Partition: keyPartition(team, b.Key), Sort: b.Candidate}
}

// mostBearers bounds how many candidates are looked at that bear one key: a value
// that two share is no evidence anyway.
const mostBearers = 20

// Bearers lists candidates of whom it was said that they bear a key. They may not
// any more.
func (s *Store) Bearers(ctx context.Context, team, key string) ([]string, error) {
	page, err := s.t.Query(ctx, table.Range{Partition: keyPartition(team, key), Limit: mostBearers})
	if err != nil {
		return nil, fmt.Errorf("look for a match key: %w", err)
	}
	ids := make([]string, len(page.Items))
	for i, row := range page.Items {
		ids[i] = row.Sort
	}
	return ids, nil
}
