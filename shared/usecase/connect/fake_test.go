package connect_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/connect"
)

// organisation is an Ashby with keys, fields and webhooks, that can be away.
type organisation struct {
	mu                    sync.Mutex
	keys                  map[string][]connection.Permission
	spelled               func([]connection.Permission) []string // how apiKey.info spells them
	fields                []field.Field
	private, confidential connection.Grant
	candidates            map[string]bool   // that are there
	webhooks              map[string]string // id by type and URL
	trouble               map[string]error  // by call
	calls                 []string
}

const goodKey = "canary-key-4711-0123456789abcdef"

func newOrganisation() *organisation {
	return &organisation{
		keys: map[string][]connection.Permission{goodKey: allPermissions()}, webhooks: map[string]string{}, candidates: map[string]bool{},
		trouble: map[string]error{}, spelled: scopes,
	}
}

func allPermissions() []connection.Permission {
	var all []connection.Permission
	for _, use := range connection.Uses() {
		all = append(all, use.Permission)
	}
	return all
}

func without(gone ...connection.Permission) []connection.Permission {
	return slices.DeleteFunc(allPermissions(), func(p connection.Permission) bool { return slices.Contains(gone, p) })
}

func scopes(list []connection.Permission) []string {
	var out []string
	for _, p := range list {
		s := strings.NewReplacer("Read", ":read", "Write", ":write").Replace(string(p))
		out = append(out, s)
	}
	return out
}

// session is the organisation as one key sees it.
type session struct {
	org *organisation
	key string
}

func (o *organisation) dial(key secret.Value) connect.Ashby { return session{o, key.Reveal()} }

// begin judges a call as Ashby does: trouble, then the key, then the permission.
func (s session) begin(ctx context.Context, call string, need connection.Permission) error {
	s.org.mu.Lock()
	defer s.org.mu.Unlock()
	s.org.calls = append(s.org.calls, call)
	if err := ctx.Err(); err != nil {
		return fault.New(fault.Unavailable, "ashby_timeout", "").Because(err)
	}
	if err := s.org.trouble[call]; err != nil {
		return err
	}
	granted, ok := s.org.keys[s.key]
	if !ok {
		return fault.New(fault.KeyRefused, "forbidden_unclear", "")
	}
	if !slices.Contains(granted, need) {
		return fault.New(fault.PermissionMissing, "missing_endpoint_permission", "")
	}
	return nil
}

func (s session) KeyInfo(ctx context.Context) (connect.KeyInfo, error) {
	if err := s.begin(ctx, "info", connection.APIKeysRead); err != nil {
		return connect.KeyInfo{}, err
	}
	return connect.KeyInfo{Title: "Outreach", Scopes: s.org.spelled(s.org.keys[s.key])}, nil
}

func (s session) Try(ctx context.Context, p connection.Permission) error {
	return s.begin(ctx, "try "+string(p), p)
}

func (s session) Sees(ctx context.Context, candidate string) (bool, error) {
	return s.org.candidates[candidate], s.begin(ctx, "sees "+candidate, connection.CandidatesRead)
}

func (s session) SeesPrivate(ctx context.Context) connection.Grant {
	return s.grant(s.begin(ctx, "sees private", connection.CandidatesWrite), s.org.private)
}

func (s session) SeesConfidential(ctx context.Context) connection.Grant {
	return s.grant(s.begin(ctx, "sees confidential", connection.CandidatesRead), s.org.confidential)
}

func (s session) grant(err error, g connection.Grant) connection.Grant {
	if err != nil || g == "" {
		return connection.Unknown
	}
	return g
}

func (s session) CandidateFields(ctx context.Context) ([]field.Field, error) {
	return s.org.fields, s.begin(ctx, "fields", connection.HiringMetadataRead)
}

func (s session) RegisterWebhook(ctx context.Context, kind, url string, signing secret.Value) (string, error) {
	if err := s.begin(ctx, "register "+kind, connection.APIKeysWrite); err != nil {
		return "", err
	}
	if signing.Empty() {
		return "", fault.New(fault.Rejected, "invalid_input", "")
	}
	if s.org.webhooks[kind+" "+url] != "" {
		return "", nil
	}
	id := fmt.Sprintf("hook-%d", len(s.org.webhooks)+1)
	s.org.webhooks[kind+" "+url] = id
	return id, nil
}

func (s session) DeleteWebhook(ctx context.Context, id string) error {
	if err := s.begin(ctx, "unregister", connection.APIKeysWrite); err != nil {
		return err
	}
	for at, have := range s.org.webhooks {
		if have == id {
			delete(s.org.webhooks, at)
			return nil
		}
	}
	return fault.New(fault.Rejected, "webhook_not_found", "")
}

// vault keeps secrets in memory.
type vault struct {
	mu       sync.Mutex
	versions map[string]map[string]string
	current  map[string]string
	failing  error
}

func (v *vault) Get(_ context.Context, name, version string) (secret.Value, string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if version == "" {
		version = v.current[name]
	}
	content, ok := v.versions[name][version]
	if !ok {
		return secret.Value{}, "", fault.New(fault.NotFound, "no_secret", "")
	}
	return secret.NewValue(content), version, nil
}

func (v *vault) Put(_ context.Context, name, version string, value secret.Value) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.failing != nil {
		return v.failing
	}
	if v.versions[name] == nil {
		v.versions[name] = map[string]string{}
	}
	v.versions[name][version], v.current[name] = value.Reveal(), version
	return nil
}

func (v *vault) Delete(_ context.Context, name string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.failing != nil {
		return v.failing
	}
	delete(v.versions, name)
	return nil
}

// bell counts rings.
type bell struct {
	rings   []string
	failing error
}

func (b *bell) Ring(_ context.Context, team string) error {
	b.rings = append(b.rings, team)
	return b.failing
}

type hooks struct{ failing error }

func (h hooks) AshbyHook(_ context.Context, team string) (string, secret.Value, error) {
	return "https://sync.example/v1/hooks/ashby/" + team, secret.NewValue("signing"), h.failing
}

// links are candidates that people are linked to, by generation.
type links map[int][]string

func (l *links) Linked(_ context.Context, _ string, generation, most int) ([]string, error) {
	list := (*l)[generation]
	return list[:min(most, len(list))], nil
}

// probes are the looks that are planned, by team.
type probes map[string]time.Time

func (p *probes) PutProbe(_ context.Context, team string, due time.Time) error {
	if *p == nil {
		*p = probes{}
	}
	(*p)[team] = due
	return nil
}

// rig is a connector with all it needs.
type rig struct {
	*connect.Connector
	store  *config.Store
	org    *organisation
	vault  *vault
	bell   *bell
	links  links
	probes probes
	people *timeline.Store
	log    *bytes.Buffer
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func newRig(t *testing.T) *rig {
	t.Helper()
	now := func() time.Time { return noon }
	n := 0
	fresh := func() string { n++; return fmt.Sprintf("fresh-%d", n) }
	r := &rig{
		people: timeline.New(memory.NewTable(now), now, fresh),
		store:  config.New(memory.NewTable(now), now, fresh), org: newOrganisation(), bell: &bell{}, log: &bytes.Buffer{},
		vault: &vault{versions: map[string]map[string]string{}, current: map[string]string{}},
	}
	r.Connector = &connect.Connector{
		Store: r.store, Links: &r.links, Probes: &r.probes, Waiting: r.people, Secrets: r.vault, Dial: r.org.dial, Bell: r.bell, Version: fresh, Now: now,
		Secret: func(team string) string { return "sync/" + team + "/ashby-key" },
		Log:    slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	return r
}

func (r *rig) activate(t *testing.T, team, key string) connect.Report {
	t.Helper()
	out, err := r.Activate(t.Context(), team, "u1", secret.NewValue(key))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (r *rig) stored(t *testing.T, team string) connection.Connection {
	t.Helper()
	c, err := r.store.Connection(t.Context(), team)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func wantCode(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.Of(err).Code() != code {
		t.Fatalf("error %v, want %v %s", err, kind, code)
	}
}
