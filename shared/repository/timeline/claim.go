package timeline

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// madeLife is how long it is remembered who made the candidate of an identity key:
// long after every search of Ashby's, and our index, know it. What is not settled
// does not expire.
const madeLife = 30 * day

// claimSort is the sort key of a claim, alone in its partition.
const claimSort = "claim"

// claimKey names the kind of an address too; the other keys name theirs.
func claimKey(team, key string) table.Key {
	if !strings.HasPrefix(key, "li:") && !strings.HasPrefix(key, "tel:") {
		key = "email:" + key
	}
	return table.Key{Partition: team + "#claim#" + key, Sort: claimSort}
}

// Claims reads the claims that stand on identity keys.
func (s *Store) Claims(ctx context.Context, team string, keys []string) ([]delivery.StoredClaim, error) {
	rows := make([]table.Key, len(keys))
	for i, key := range keys {
		rows[i] = claimKey(team, key)
	}
	found, err := s.t.BatchGet(ctx, table.Distinct(rows))
	if err != nil {
		return nil, fmt.Errorf("read the claims: %w", err)
	}
	out := make([]delivery.StoredClaim, len(found))
	for i, row := range found {
		out[i].Revision = delivery.Revision(row.Token)
		if err := read(row, &out[i].Claim); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Unclaim takes the claims of a person who is forgotten away.
func (s *Store) Unclaim(ctx context.Context, team, person string, keys []string) error {
	found, err := s.Claims(ctx, team, keys)
	if err != nil {
		return err
	}
	for _, c := range found {
		if c.Person != person {
			continue
		}
		err := s.t.Write(ctx, table.Write{
			Item: table.Item{Key: claimKey(team, c.Key)}, Delete: true, If: table.IfToken(string(c.Revision)),
		})
		if _, refused := table.AsRefused(err); err != nil && !refused {
			return fmt.Errorf("give up a claim: %w", err)
		}
	}
	return nil
}

// claimWrites are those of a change's claims.
func (s *Store) claimWrites(team string, changes []delivery.ClaimChange, token string) ([]table.Write, error) {
	var writes []table.Write
	for _, c := range changes {
		if c.To == nil {
			writes = append(writes, table.Write{
				Item: table.Item{Key: claimKey(team, c.From.Key)}, Delete: true, If: over(c.From.Revision),
			})
			continue
		}
		var expires time.Time
		if c.To.Candidate != "" {
			expires = s.expiry(madeLife)
		}
		row, err := item(claimKey(team, c.To.Key), c.To, token, expires)
		if err != nil {
			return nil, err
		}
		writes = append(writes, table.Write{Item: row, If: over(c.From.Revision)})
	}
	return writes, nil
}
