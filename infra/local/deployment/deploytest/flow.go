package deploytest

import (
	"context"
	"strconv"
	"testing"
	"time"
)

// Flow moves messages from the functions' queues to them until the test and its
// subtests end; without names, from all queues.
func (d *Deployed) Flow(t *testing.T, functions ...string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- d.Service.Flow(ctx, functions...) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// waiting is how many messages of a queue nobody has in hand.
func (d *Deployed) waiting(ctx context.Context, queue string) (int, error) {
	held, err := d.Account.Attributes(ctx, d.Ref(queue))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(held["ApproximateNumberOfMessages"])
}

// Empty reports whether a queue holds nothing, not even what somebody has in hand.
func (d *Deployed) Empty(t *testing.T, queue string) bool {
	t.Helper()
	held, err := d.Account.Attributes(t.Context(), d.Ref(queue))
	if err != nil {
		t.Fatal(err)
	}
	for _, where := range []string{"", "NotVisible", "Delayed"} {
		if held["ApproximateNumberOfMessages"+where] != "0" {
			return false
		}
	}
	return true
}

// hurried is how many rings may wait to be heard at a tick of the schedule. moto counts
// a queue's messages at each call: a queue that grows is a queue that gets slower.
const hurried = 20

// Schedule sweeps again and again until the test and its subtests end, whenever the
// rings of before have been heard. What hurts of a sweep that fails shows elsewhere.
func (d *Deployed) Schedule(t *testing.T, every time.Duration) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if rings, err := d.waiting(ctx, "WorkQueue"); err == nil && rings < hurried {
				_ = d.Sweep(ctx)
			}
		}
	}()
	t.Cleanup(func() { stop(); <-ended })
}
