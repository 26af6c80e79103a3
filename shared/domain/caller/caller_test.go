package caller_test

import (
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

func TestWhoMayDoWhat(t *testing.T) {
	for _, c := range []struct {
		role                    caller.Role
		admin, acts, administer bool
	}{
		{caller.Viewer, false, false, false},
		{caller.Member, false, true, false},
		{caller.Super, false, true, false},
		{caller.Viewer, true, true, true},
		{caller.Member, true, true, true},
		{caller.Super, true, true, true},
	} {
		who, err := caller.New("acme", "u1", c.role, c.admin)
		if err != nil {
			t.Fatal(err)
		}
		if got := who.Act() == nil; got != c.acts {
			t.Errorf("%+v acts: %v", c, got)
		}
		if got := who.Administer() == nil; got != c.administer {
			t.Errorf("%+v administers: %v", c, got)
		}
	}
	if err := (caller.Caller{}).Administer(); !fault.Is(err, fault.Forbidden) || fault.Of(err).Code() != "admin_only" {
		t.Errorf("the refusal is %v", err)
	}
}

func TestIdsThatWouldReachIntoOthersRowsAreRefused(t *testing.T) {
	for _, id := range []string{"", "a#b", "a/b", "a b", "a\x00b", "é", "a\n", strings.Repeat("a", caller.MaxID+1)} {
		if _, err := caller.New(id, "u1", caller.Member, false); err == nil {
			t.Errorf("team %q passes", id)
		}
		if _, err := caller.New("acme", id, caller.Member, false); err == nil {
			t.Errorf("user %q passes", id)
		}
	}
	if _, err := caller.New("acme", "auth0|12:34", caller.Member, false); err != nil {
		t.Errorf("a provider's user id is refused: %v", err)
	}
	if _, err := caller.New("acme", "u1", "owner", false); err == nil {
		t.Error("a role that does not exist passes")
	}
}
