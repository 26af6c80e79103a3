package connect_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/usecase/connect"
)

func TestAGoodKeyConnectsAndRings(t *testing.T) {
	r := newRig(t)
	out := r.activate(t, "acme", " \n"+goodKey+"\t")
	c := r.stored(t, "acme")
	if c.Status != connection.Connected || c.LastFour != "cdef" || c.KeyTitle != "Outreach" || c.ActivatedBy != "u1" || !c.CheckedAt.Equal(noon) {
		t.Errorf("stored %+v", c)
	}
	key, _, err := r.vault.Get(t.Context(), "sync/acme/ashby-key", c.SecretVersion)
	if err != nil || key.Reveal() != goodKey {
		t.Errorf("the stored key is wrong, %v", err)
	}
	if !slices.Equal(r.bell.rings, []string{"acme"}) {
		t.Errorf("rings %v", r.bell.rings)
	}
	for _, p := range out.Permissions {
		if p.Grant != connection.Granted {
			t.Errorf("%s is %s", p.Permission, p.Grant)
		}
	}
}

func TestAKeyOfReadableScopesIsCheckedByReadsAlone(t *testing.T) {
	r := newRig(t)
	r.activate(t, "acme", goodKey)
	for _, call := range r.org.calls {
		if strings.HasPrefix(call, "try") && strings.HasSuffix(call, "Write") {
			t.Errorf("called %s", call)
		}
	}
}

func TestWhatAnActivationAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		key     string
		arrange func(*rig)
		kind    fault.Kind
		code    string
	}{
		"blank":              {" \n", nil, fault.Invalid, "invalid_request"},
		"two words":          {"not a key", nil, fault.Invalid, "invalid_request"},
		"a header injection": {"key\r\nX-Evil: 1", nil, fault.Invalid, "invalid_request"},
		"endless":            {strings.Repeat("a", 1000), nil, fault.Invalid, "invalid_request"},
		"wrong":              {"another-key-0123456789", nil, fault.KeyRefused, "key_refused"},
		"deactivated, said by 401": {goodKey, func(r *rig) {
			r.org.trouble["info"] = fault.New(fault.KeyRefused, "key_refused", "")
			r.org.trouble["try candidatesRead"] = fault.New(fault.KeyRefused, "key_refused", "")
		}, fault.KeyRefused, "key_refused"},
		"unreachable": {goodKey, func(r *rig) {
			r.org.trouble["info"] = fault.New(fault.Unavailable, "not_sent", "")
		}, fault.Unavailable, "ashby_unreachable"},
		"slow at a later probe": {goodKey, func(r *rig) {
			r.org.trouble["fields"] = fault.New(fault.Unavailable, "ashby_timeout", "")
		}, fault.Unavailable, "ashby_unreachable"},
		"away just when a 403 is to be settled": {"another-key-0123456789", func(r *rig) {
			r.org.trouble["try candidatesRead"] = fault.New(fault.Unavailable, "ashby_unavailable", "")
		}, fault.Unavailable, "ashby_unreachable"},
		"rate limited": {goodKey, func(r *rig) {
			r.org.trouble["info"] = fault.New(fault.Throttled, "rate_limited", "").After(7 * time.Second)
		}, fault.Throttled, "rate_limited"},
		"the secret store is away": {goodKey, func(r *rig) {
			r.vault.failing = fault.New(fault.Unavailable, "secrets_unavailable", "")
		}, fault.Unavailable, "secrets_unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if c.arrange != nil {
				c.arrange(r)
			}
			_, err := r.Activate(t.Context(), "acme", "u1", secret.NewValue(c.key))
			wantCode(t, err, c.kind, c.code)
			if got := r.stored(t, "acme"); got.Status != connection.NotConnected || len(r.vault.versions) > 0 || len(r.bell.rings) > 0 {
				t.Errorf("a failed activation left %+v, %d secrets, %d rings", got, len(r.vault.versions), len(r.bell.rings))
			}
			if c.code == "rate_limited" && fault.Of(err).RetryAfter() != 7*time.Second {
				t.Errorf("wait %v", fault.Of(err).RetryAfter())
			}
		})
	}
}

func TestAKeyThatLacksPermissionsConnectsWithLimits(t *testing.T) {
	for _, use := range connection.Uses() {
		t.Run(string(use.Permission), func(t *testing.T) {
			r := newRig(t)
			r.org.keys[goodKey] = without(use.Permission)
			out := r.activate(t, "acme", goodKey)
			if out.Connection.Status != connection.Limited {
				t.Errorf("status %s", out.Connection.Status)
			}
			for _, p := range out.Permissions {
				want := connection.Granted
				if p.Permission == use.Permission {
					want = connection.Missing
				}
				if p.Grant != want {
					t.Errorf("%s is %s, want %s", p.Permission, p.Grant, want)
				}
				if p.Grant == connection.Missing && (p.Box == "" || p.Feature == "") {
					t.Errorf("%s names neither box nor feature", p.Permission)
				}
			}
		})
	}
}

func TestA403WithoutAReasonIsSettledByASecondCall(t *testing.T) {
	r := newRig(t)
	r.org.trouble["info"] = fault.New(fault.KeyRefused, "forbidden_unclear", "")
	out := r.activate(t, "acme", goodKey)
	if out.Connection.Status != connection.Limited || !slices.Equal(out.Connection.Missing, []connection.Permission{connection.APIKeysRead}) {
		t.Errorf("got %+v", out.Connection)
	}
}

func TestScopesInUnknownWordsAreTriedOut(t *testing.T) {
	r := newRig(t)
	r.org.keys[goodKey] = without(connection.CandidatesWrite)
	r.org.spelled = func([]connection.Permission) []string { return []string{"everything"} }
	out := r.activate(t, "acme", goodKey)
	if !slices.Equal(out.Connection.Missing, []connection.Permission{connection.CandidatesWrite}) {
		t.Errorf("missing %v", out.Connection.Missing)
	}
}

func TestAKeyOfAnotherTeamIsInUseAndNotKept(t *testing.T) {
	r := newRig(t)
	r.activate(t, "acme", goodKey)
	_, err := r.Activate(t.Context(), "globex", "u2", secret.NewValue(goodKey))
	wantCode(t, err, fault.Conflict, "key_in_use")
	if strings.Contains(err.Error(), "acme") {
		t.Errorf("the refusal names the other team: %v", err)
	}
	if _, _, err := r.vault.Get(t.Context(), "sync/globex/ashby-key", ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("the key became a secret of the refused team: %v", err)
	}
}

func TestARotationKeepsWhatIsThereAndFreesTheOldKey(t *testing.T) {
	r := newRig(t)
	r.activate(t, "acme", goodKey)
	first := r.stored(t, "acme")
	const second = "second-key-0123456789abcd9999"
	r.org.keys[second] = allPermissions()
	out := r.activate(t, "acme", second)
	if out.Connection.SecretVersion == first.SecretVersion || out.Connection.LastFour != "9999" {
		t.Errorf("got %+v", out.Connection)
	}
	r.activate(t, "globex", goodKey)
}

func TestAFailedRingDoesNotFailTheActivation(t *testing.T) {
	r := newRig(t)
	r.bell.failing = fault.New(fault.Unavailable, "queue_unavailable", "")
	r.activate(t, "acme", goodKey)
	if !strings.Contains(r.log.String(), "team not rung") {
		t.Errorf("log %s", r.log)
	}
}

func text(id, title string) field.Field {
	return field.Field{ID: id, Title: title, Type: field.String}
}

func TestCompanyAndRoleGoToTheOneFieldThatFits(t *testing.T) {
	for name, c := range map[string]struct {
		fields []field.Field
		want   map[contact.Variable]string
	}{
		"none":                        {nil, nil},
		"both":                        {[]field.Field{text("1", "Company"), text("2", "Role")}, map[contact.Variable]string{contact.Company: "1", contact.Role: "2"}},
		"case and space do not count": {[]field.Field{text("1", " CURRENT company "), text("2", "job TITLE")}, map[contact.Variable]string{contact.Company: "1", contact.Role: "2"}},
		"two of one name":             {[]field.Field{text("1", "Company"), text("2", "company"), text("3", "Position")}, map[contact.Variable]string{contact.Role: "3"}},
		"two names for one thing":     {[]field.Field{text("1", "Company"), text("2", "Current company"), text("3", "Title")}, map[contact.Variable]string{contact.Role: "3"}},
		"an archived one is no rival": {[]field.Field{text("1", "Company"), {ID: "2", Title: "Company", Type: field.String, Archived: true}}, map[contact.Variable]string{contact.Company: "1"}},
		"other types do not fit":      {[]field.Field{{ID: "1", Title: "Company", Type: field.Select}, {ID: "2", Title: "Role", Type: field.LongText}}, nil},
		"other titles do not fit":     {[]field.Field{text("1", "Company size"), text("2", "Previous role")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.org.fields = c.fields
			out := r.activate(t, "acme", goodKey)
			got := map[contact.Variable]string{}
			m, err := r.store.Mapping(t.Context(), "acme")
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range m.Entries {
				if e.From[0] == contact.Company || e.From[0] == contact.Role {
					got[e.From[0]] = e.To
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("mapped %v, want %v", got, c.want)
			}
			if len(out.Mapped) != len(c.want) || len(out.Unmapped) != 2-len(c.want) {
				t.Errorf("told %v mapped, %v not", out.Mapped, out.Unmapped)
			}
		})
	}
}

func TestActivatingAgainDoesNotTouchTheMapping(t *testing.T) {
	r := newRig(t)
	r.org.fields = []field.Field{text("1", "Company")}
	r.activate(t, "acme", goodKey)
	before, _ := r.store.Mapping(t.Context(), "acme")
	out := r.activate(t, "acme", goodKey)
	after, _ := r.store.Mapping(t.Context(), "acme")
	if after.Version != before.Version || len(out.Mapped) != 0 {
		t.Errorf("version %d then %d, told %v", before.Version, after.Version, out.Mapped)
	}
}

func TestWebhooksAreRegisteredWhereWeHaveAnAddress(t *testing.T) {
	r := newRig(t)
	r.Hooks = hooks{}
	r.activate(t, "acme", goodKey)
	if c := r.stored(t, "acme"); len(c.Webhooks) != 2 || c.Webhooks["candidateMerge"] == "" || c.Webhooks["candidateDelete"] == "" {
		t.Errorf("kept %v", c.Webhooks)
	}
	out := r.activate(t, "acme", goodKey) // they are there already
	if c := r.stored(t, "acme"); len(c.Webhooks) != 2 || len(r.org.webhooks) != 2 || len(out.Notes) > 0 {
		t.Errorf("kept %v of %v, told %v", c.Webhooks, r.org.webhooks, out.Notes)
	}
	if _, err := r.Disconnect(t.Context(), "acme"); err != nil || len(r.org.webhooks) != 0 {
		t.Errorf("after disconnecting %v are left, %v", r.org.webhooks, err)
	}
}

func TestWebhooksThatCannotBeRegisteredAreARemarkOnly(t *testing.T) {
	for name, arrange := range map[string]func(*rig){
		"Ashby is away": func(r *rig) {
			r.org.trouble["register candidateMerge"] = fault.New(fault.Ambiguous, "ashby_timeout", "")
		},
		"no signing secret": func(r *rig) { r.Hooks = hooks{fault.New(fault.Unavailable, "secrets_unavailable", "")} },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.Hooks = hooks{}
			arrange(r)
			out := r.activate(t, "acme", goodKey)
			if len(out.Notes) != 1 || out.Notes[0].Code != "webhooks_not_registered" || out.Connection.Status != connection.Connected {
				t.Errorf("got %+v", out)
			}
		})
	}
	r := newRig(t)
	r.Hooks = hooks{}
	r.org.keys[goodKey] = without(connection.APIKeysWrite)
	if out := r.activate(t, "acme", goodKey); len(out.Notes) > 0 || len(r.org.webhooks) > 0 {
		t.Errorf("without the permission: %v, %v", out.Notes, r.org.webhooks)
	}
}

func TestTheKeyIsInNoLogAndNoError(t *testing.T) {
	r := newRig(t)
	r.bell.failing = fault.New(fault.Unavailable, "queue_unavailable", "")
	out := r.activate(t, "acme", goodKey)
	_, err := r.Activate(t.Context(), "globex", "u1", secret.NewValue(goodKey))
	shown := fmt.Sprintf("%+v %#v %v %s %+v", out, out, err, r.log, r.stored(t, "acme"))
	if strings.Contains(shown, goodKey) || strings.Contains(shown, "canary-key") {
		t.Error("the key is shown")
	}
}

var _ connect.Ashby = session{}
