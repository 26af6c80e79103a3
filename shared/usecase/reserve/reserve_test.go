package reserve_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/reserve"
)

var tokens struct {
	sync.Mutex
	n int
}

func token() string {
	tokens.Lock()
	defer tokens.Unlock()
	tokens.n++
	return fmt.Sprint("t", tokens.n)
}

// inBook runs a test on simulated time, over a real book in memory.
func inBook(t *testing.T, test func(t *testing.T, k *reserve.Keeper, book *timeline.Store)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		book := timeline.New(memory.NewTable(time.Now), time.Now, token)
		test(t, &reserve.Keeper{Book: book, Token: token, Now: time.Now}, book)
	})
}

func TestCallsOfPeopleGoOneAtATimeAndSixtyAMinute(t *testing.T) {
	inBook(t, func(t *testing.T, k *reserve.Keeper, _ *timeline.Store) {
		var mu sync.Mutex
		flying, most, made := 0, 0, 0
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				for range 30 {
					release, err := k.Admit(t.Context(), "t1")
					if fault.Is(err, fault.Throttled) {
						if fault.Of(err).RetryAfter() <= 0 {
							t.Error("nobody says how long")
						}
						continue
					}
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					flying++
					made++
					most = max(most, flying)
					mu.Unlock()
					time.Sleep(100 * time.Millisecond)
					mu.Lock()
					flying--
					mu.Unlock()
					release()
				}
			})
		}
		all.Wait()
		if most != 1 || made != 60 {
			t.Errorf("%d at a time, %d in a minute", most, made)
		}
		if release, err := k.Admit(t.Context(), "t2"); err != nil {
			t.Errorf("another team: %v", err)
		} else {
			release()
		}
	})
}

func TestACallThatWasNeverEndedIsGivenUp(t *testing.T) {
	inBook(t, func(t *testing.T, k *reserve.Keeper, _ *timeline.Store) {
		if _, err := k.Admit(t.Context(), "t1"); err != nil { // and then the process dies
			t.Fatal(err)
		}
		if _, err := k.Admit(t.Context(), "t1"); !fault.Is(err, fault.Throttled) {
			t.Errorf("two at a time: %v", err)
		}
		time.Sleep(15 * time.Second)
		if _, err := k.Admit(t.Context(), "t1"); err != nil {
			t.Errorf("it stays taken: %v", err)
		}
	})
}

func TestEverybodysPauseHoldsPeopleToo(t *testing.T) {
	inBook(t, func(t *testing.T, k *reserve.Keeper, book *timeline.Store) {
		if err := book.PauseEverybody(t.Context(), time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Admit(t.Context(), "t1"); !fault.Is(err, fault.Throttled) || fault.Of(err).RetryAfter() != time.Minute {
			t.Errorf("got %v", err)
		}
	})
}

func TestACallThatIsGivenUpWhileItWaitsIsNotMade(t *testing.T) {
	inBook(t, func(t *testing.T, k *reserve.Keeper, _ *timeline.Store) {
		if _, err := k.Admit(t.Context(), "t1"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := k.Admit(ctx, "t1"); !fault.Is(err, fault.Unavailable) {
			t.Errorf("got %v", err)
		}
	})
}
