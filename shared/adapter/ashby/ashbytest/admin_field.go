package ashbytest

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// ChangeField changes a custom field as an admin of Ashby can: its title, its
// options, or what it is. Values that candidates have stay as they are.
func (a *Ashby) ChangeField(field string, change func(*Field)) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, o := range a.store.orgs {
		if old := o.field(field); old != nil {
			f := *old
			f.Options = append([]Option(nil), old.Options...)
			change(&f)
			f.ID, f.Org, f.Seq, f.Rev = old.ID, old.Org, old.Seq, o.nextRev()
			return a.save(&f)
		}
	}
	return fmt.Errorf("no field %q", field)
}

func (a *Ashby) controlChangeField(r *http.Request) (any, error) {
	var in struct {
		Field string          `json:"field"`
		Set   json.RawMessage `json:"set"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	// Try on an empty one first: a bad request must change nothing.
	if err := json.Unmarshal(in.Set, &Field{}); err != nil {
		return nil, err
	}
	return done{true}, a.ChangeField(in.Field, func(f *Field) {
		_ = json.Unmarshal(in.Set, f) // it was decodable a moment ago
	})
}
