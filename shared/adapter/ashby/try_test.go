package ashby_test

import (
	"slices"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

func TestAPermissionIsTriedWithoutChangingAnything(t *testing.T) {
	s := simulate(t, inMemory)
	for _, use := range connection.Uses() {
		t.Run(string(use.Permission), func(t *testing.T) {
			others := slices.DeleteFunc(ashbytest.AllScopes(), func(p string) bool { return p == string(use.Permission) })
			for name, c := range map[string]struct {
				scopes []string
				has    bool
			}{"alone": {[]string{string(use.Permission)}, true}, "all but it": {others, false}} {
				key, err := s.AddKey(ashbytest.Key{Org: s.made.Org, Title: name, Scopes: c.scopes})
				if err != nil {
					t.Fatal(err)
				}
				err = s.client.With(secret.NewValue(key.Secret)).Try(t.Context(), use.Permission)
				if c.has && err != nil || !c.has && ashby.MissingPermission(err) != use.Permission {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	yes := true
	if done := s.Calls(ashbytest.CallFilter{Applied: &yes}); len(done) != 0 {
		t.Errorf("a trial changed something: %+v", done)
	}
	if err := s.account.Try(t.Context(), "offersRead"); !fault.Is(err, fault.Internal) {
		t.Errorf("a permission without a trial: %v", err)
	}
}

func TestATrialThatFailsSaysNothingAboutThePermission(t *testing.T) {
	for _, c := range []struct {
		fault ashbytest.Fault
		kind  fault.Kind
	}{
		{ashbytest.Fault{Kind: ashbytest.ResetBefore}, fault.Unavailable},
		{ashbytest.Fault{Kind: ashbytest.Unavailable}, fault.Unavailable},
		{ashbytest.Fault{Kind: ashbytest.Throttled}, fault.Throttled},
	} {
		s := simulate(t, inMemory)
		if _, err := s.AddFault(c.fault); err != nil {
			t.Fatal(err)
		}
		for _, use := range connection.Uses() {
			if err := s.account.Try(t.Context(), use.Permission); !fault.Is(err, c.kind) {
				t.Errorf("%s, %s: %v, want %s", c.fault.Kind, use.Permission, err, c.kind)
			}
		}
	}
	s := simulate(t, inMemory)
	disabled := s.client.With(secret.NewValue(ashbytest.DisabledKey))
	if err := disabled.Try(t.Context(), connection.CandidatesRead); !fault.Is(err, fault.KeyRefused) {
		t.Errorf("a disabled key: %v", err)
	}
}

func TestTheFieldsOfCandidatesAreAllOfThemAndNoOthers(t *testing.T) {
	s := simulate(t, inMemory)
	for range 120 { // more than a page
		if _, err := s.account.CreateField(t.Context(), ashby.CreateField{Title: "More", Type: "String"}); err != nil {
			t.Fatal(err)
		}
	}
	fields, err := s.account.CandidateFields(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	has := func(id string) bool {
		return slices.ContainsFunc(fields, func(f field.Field) bool { return f.ID == id })
	}
	if len(fields) < 120 || !has(s.made.Fields["Company"]) || has(s.made.Fields["Job code"]) {
		t.Errorf("%d fields; of company %v, of jobs %v", len(fields), has(s.made.Fields["Company"]), has(s.made.Fields["Job code"]))
	}
	if _, err := s.client.With(secret.NewValue(ashbytest.DisabledKey)).CandidateFields(t.Context()); !fault.Is(err, fault.KeyRefused) {
		t.Errorf("a disabled key: %v", err)
	}
}

func TestAWebhookThatIsThereAlreadyIsNoError(t *testing.T) {
	s := simulate(t, inMemory)
	register := func() (string, error) {
		return s.account.RegisterWebhook(t.Context(), "candidateMerge", "http://127.0.0.1:1/hook", secret.NewValue("whsec"))
	}
	if id, err := register(); id == "" || err != nil {
		t.Errorf("first: %q, %v", id, err)
	}
	if id, err := register(); id != "" || err != nil {
		t.Errorf("again: %q, %v", id, err)
	}
	if _, err := s.client.With(secret.NewValue(ashbytest.LimitedKey)).RegisterWebhook(t.Context(), "candidateMerge", "http://127.0.0.1:1/x", secret.NewValue("w")); ashby.MissingPermission(err) != connection.APIKeysWrite {
		t.Errorf("without the permission: %v", err)
	}
}
