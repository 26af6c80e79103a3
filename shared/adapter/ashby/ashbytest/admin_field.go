package ashbytest

import "fmt"

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
