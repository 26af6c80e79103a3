// Package config keeps what a team configured: its connection to Ashby, its
// settings with every revision, its mapping, and which team uses which key.
//
//	partition          sort                     document
//	team               conn                     connection.Connection
//	team               hooks                    webhook.Rotations
//	team#set           team                     setting.Document, the newest
//	team#set           h#team#<time>#<version>  setting.Document, each revision
//	team#set           user#<user>              setting.Document of a user, the newest
//	team#set           h#user#<user>#<time>#<version>  setting.Document, each revision
//	team#set           map                      mapping.Mapping, the newest
//	team#set           h#map#<time>#<version>   mapping.Mapping, each revision
//	team#set           value#<campaign or person>#<id>#<field>  given.Value, the latest
//	team#users         <user>                   caller.Sighting, the latest
//	key#<fingerprint>  team                     the team that uses the key
//
// "#" never occurs in ids. Times in sort keys are UTC to the nanosecond,
// fixed in width, and rise with the version whatever the clocks say.
package config

import (
	"context"
	"encoding/json"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Store reads and writes the rows above. Errors are faults: those of the table,
// and Conflict with code "stale" where a version is not the stored one.
type Store struct {
	table table.Table
	now   func() time.Time
	token func() string
}

// New makes a store above a table. The token source gives a fresh, non-empty
// string each time.
func New(t table.Table, now func() time.Time, token func() string) *Store {
	return &Store{table: t, now: now, token: token}
}

const (
	sortConnection = "conn"
	sortTeam       = "team"
	sortMapping    = "map"
)

func connectionKey(team string) table.Key { return table.Key{Partition: team, Sort: sortConnection} }

func settingsPartition(team string) string { return team + "#set" }

// settingsKey is where a user's settings are; the team's when no user is named.
func settingsKey(team, user string) table.Key {
	if user == "" {
		return table.Key{Partition: settingsPartition(team), Sort: sortTeam}
	}
	return table.Key{Partition: settingsPartition(team), Sort: "user#" + user}
}

func mappingKey(team string) table.Key {
	return table.Key{Partition: settingsPartition(team), Sort: sortMapping}
}

func claimKey(fingerprint string) table.Key {
	return table.Key{Partition: "key#" + fingerprint, Sort: sortTeam}
}

// read decodes a row; token is empty and the value zero when there is none.
func read[T any](ctx context.Context, t table.Table, key table.Key) (value T, token string, err error) {
	item, ok, err := t.Get(ctx, key)
	if err != nil || !ok {
		return value, "", err
	}
	value, err = decode[T](item)
	return value, item.Token, err
}

func decode[T any](item table.Item) (value T, err error) {
	if err := json.Unmarshal(item.Doc, &value); err != nil {
		return value, fault.New(fault.Internal, "row_unreadable", "a stored row cannot be read").Because(err)
	}
	return value, nil
}

// put makes the write of a document over the revision that bears the token;
// empty: where there is none.
func (s *Store) put(key table.Key, value any, over string) (table.Write, error) {
	doc, err := json.Marshal(value)
	if err != nil {
		return table.Write{}, fault.New(fault.Internal, "row_unwritable", "a row cannot be stored").Because(err)
	}
	return table.Write{Item: table.Item{Key: key, Doc: doc, Token: s.token()}, If: revision(over)}, nil
}

func revision(token string) table.Condition {
	if token == "" {
		return table.IfAbsent()
	}
	return table.IfToken(token)
}

func stale() error {
	return fault.New(fault.Conflict, "stale", "somebody else saved meanwhile; look at the current version and save again")
}
