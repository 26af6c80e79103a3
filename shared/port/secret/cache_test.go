package secret_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/port/secret/secrettest"
)

const ttl = 5 * time.Minute

// vault is a store in memory that counts reads and can be out of order.
type vault struct {
	mu       sync.Mutex
	versions map[string]map[string]secret.Value
	current  map[string]string
	reads    int
	err      error
	slow     time.Duration
}

func newVault() *vault {
	return &vault{versions: map[string]map[string]secret.Value{}, current: map[string]string{}}
}

func (v *vault) Get(_ context.Context, name, version string) (secret.Value, string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.reads++
	time.Sleep(v.slow)
	if v.err != nil {
		return secret.Value{}, "", v.err
	}
	if version == "" {
		version = v.current[name]
	}
	value, ok := v.versions[name][version]
	if !ok {
		return secret.Value{}, "", fault.New(fault.NotFound, "secret_not_found", "")
	}
	return value, version, nil
}

func (v *vault) Put(_ context.Context, name, version string, value secret.Value) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.versions[name] == nil {
		v.versions[name] = map[string]secret.Value{}
	}
	if old, ok := v.versions[name][version]; ok {
		if old.Reveal() != value.Reveal() {
			return fault.New(fault.Conflict, "secret_version_taken", "")
		}
		return nil
	}
	v.versions[name][version], v.current[name] = value, version
	return nil
}

func (v *vault) Delete(_ context.Context, name string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.versions, name)
	return nil
}

func (v *vault) fail(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.err = err
}

var outage = fault.New(fault.Unavailable, "secret_unavailable", "")

func put(t *testing.T, s secret.Store, name, version, value string) {
	t.Helper()
	if err := s.Put(t.Context(), name, version, secret.NewValue(value)); err != nil {
		t.Fatal(err)
	}
}

func reads(t *testing.T, s secret.Store, name, version, want string) {
	t.Helper()
	value, _, err := s.Get(t.Context(), name, version)
	if err != nil || value.Reveal() != want {
		t.Errorf("got %q, %v; want %q", value.Reveal(), err, want)
	}
}

func asked(t *testing.T, v *vault, want int) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.reads != want {
		t.Fatalf("the store was asked %d times, want %d", v.reads, want)
	}
}

func TestCachePassesTheSuite(t *testing.T) {
	secrettest.Suite(t, secret.Cached(newVault(), ttl, time.Now), nil)
}

func TestCacheAsksOnceWithinTheTTLAndAgainAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault()
		c := secret.Cached(v, ttl, time.Now)
		put(t, v, "a", "1", "one")
		reads(t, c, "a", "", "one")
		put(t, v, "a", "2", "two")
		time.Sleep(ttl - 1)
		reads(t, c, "a", "", "one")
		asked(t, v, 1)
		time.Sleep(1)
		reads(t, c, "a", "", "two")
		reads(t, c, "a", "1", "one")
		reads(t, c, "a", "2", "two")
		asked(t, v, 4)
	})
}

func TestStaleValueBeatsAnOutageWithoutHammeringTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault()
		c := secret.Cached(v, ttl, time.Now)
		put(t, v, "a", "1", "one")
		reads(t, c, "a", "", "one")
		v.fail(outage)
		time.Sleep(ttl)
		for range 10 {
			reads(t, c, "a", "", "one")
		}
		asked(t, v, 2)
		put(t, v, "a", "2", "two")
		v.fail(nil)
		time.Sleep(15 * time.Second)
		reads(t, c, "a", "", "two")
	})
}

func TestOutageWithoutAValueIsTheCallersToSee(t *testing.T) {
	v := newVault()
	v.fail(outage)
	c := secret.Cached(v, ttl, time.Now)
	if _, _, err := c.Get(t.Context(), "a", ""); !errors.Is(err, outage) {
		t.Fatalf("got %v, want the outage", err)
	}
	v.fail(nil)
	put(t, v, "a", "1", "one")
	reads(t, c, "a", "", "one") // a failure is not remembered
}

func TestSecretThatIsGoneIsNotServedStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault()
		c := secret.Cached(v, ttl, time.Now)
		put(t, v, "a", "1", "one")
		reads(t, c, "a", "", "one")
		if err := v.Delete(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(ttl)
		if _, _, err := c.Get(t.Context(), "a", ""); !fault.Is(err, fault.NotFound) {
			t.Fatalf("got %v, want not_found", err)
		}
		v.fail(outage)
		if _, _, err := c.Get(t.Context(), "a", ""); !errors.Is(err, outage) {
			t.Fatalf("got %v, want the outage: the value is gone", err)
		}
	})
}

func TestForgottenNameIsReadAnewAndOthersAreNot(t *testing.T) {
	v := newVault()
	c := secret.Cached(v, ttl, time.Now)
	put(t, v, "a", "1", "one")
	put(t, v, "b", "1", "other")
	reads(t, c, "a", "", "one")
	reads(t, c, "b", "", "other")
	put(t, v, "a", "2", "two")
	c.Forget("a")
	reads(t, c, "a", "", "two")
	reads(t, c, "b", "", "other")
	asked(t, v, 3)
}

func TestRefusedValueIsNotServedAgainDuringAnOutage(t *testing.T) {
	v := newVault()
	c := secret.Cached(v, ttl, time.Now)
	put(t, v, "a", "1", "one")
	reads(t, c, "a", "", "one")
	c.Forget("a")
	v.fail(outage)
	if _, _, err := c.Get(t.Context(), "a", ""); !errors.Is(err, outage) {
		t.Fatalf("got %v, want the outage", err)
	}
}

func TestReadersAtTheSameTimeMakeOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault()
		v.slow = time.Second
		c := secret.Cached(v, ttl, time.Now)
		put(t, v, "a", "1", "one")
		for range 10 {
			go func() { reads(t, c, "a", "", "one") }()
		}
		time.Sleep(time.Minute)
		asked(t, v, 1)
	})
}

func TestWaitingReaderLeavesWithItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault()
		v.slow = time.Minute
		c := secret.Cached(v, ttl, time.Now)
		put(t, v, "a", "1", "one")
		go func() { reads(t, c, "a", "", "one") }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		_, _, err := c.Get(ctx, "a", "")
		if !fault.Is(err, fault.Unavailable) || time.Since(begun) != time.Second {
			t.Fatalf("%v after %v; want unavailable after a second", err, time.Since(begun))
		}
		time.Sleep(time.Hour)
	})
}

func TestCacheIsBounded(t *testing.T) {
	v := newVault()
	c := secret.Cached(v, ttl, time.Now)
	for i := range 5000 {
		put(t, v, fmt.Sprint(i), "1", "x")
		reads(t, c, fmt.Sprint(i), "", "x")
	}
	for i := range 5000 {
		reads(t, c, fmt.Sprint(i), "", "x")
	}
	if v.reads <= 5000+5000-4096 {
		t.Fatalf("the store was asked %d times: more than 4096 values are kept", v.reads)
	}
}
