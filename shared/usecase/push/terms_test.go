package push_test

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

func TestADrainHoldsToWhatIsSavedWhileItWorks(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, Endpoints: []string{"candidate.create"}, DelayMs: 4000})
		events := people(200)
		w.record(events...)
		go func() {
			time.Sleep(5 * time.Second)
			w.mu.Lock()
			defer w.mu.Unlock()
			ids := []string{w.made.Fields["Company"], w.made.Fields["Seniority"]}
			w.standing = setting.Standing{Displayed: ids, Shown: ids, Mandatory: ids[1:]}
		}()
		began := time.Now()
		w.drain()
		codes := map[delivery.Code]int{}
		for _, e := range events {
			codes[w.get(e.ID).Code]++
		}
		if codes[delivery.MandatoryMissing] == 0 || codes[delivery.Created] == 0 {
			t.Errorf("after %s: %v", time.Since(began), codes)
		}
	})
}
