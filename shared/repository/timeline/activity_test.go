package timeline_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
)

func TestTheActivityIsPagedWithinItsRows(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	n := 0
	for range 4 {
		var lines []delivery.Happening
		for range 3 {
			lines = append(lines, delivery.Happening{At: b.now, Event: fmt.Sprintf("e%02d", n), Person: fmt.Sprintf("p%d", n%2)})
			n++
		}
		check(t, b.AddActivity(ctx, "t1", lines))
		b.now = b.now.Add(time.Second)
	}
	for _, limit := range []int{1, 2, 3, 5, 12, 50} {
		var got []string
		for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
			page, next, err := b.Activity(ctx, "t1", cursor, limit, func(h delivery.Happening) bool { return h.Person == "p1" })
			check(t, err)
			if len(page) > limit || pages > 20 {
				t.Fatalf("limit %d: %d lines, page %d", limit, len(page), pages)
			}
			for _, h := range page {
				got = append(got, h.Event)
			}
			cursor = next
		}
		if want := []string{"e11", "e09", "e07", "e05", "e03", "e01"}; !slices.Equal(got, want) {
			t.Errorf("limit %d: %v", limit, got)
		}
	}
	b.now = noon.Add(31 * 24 * time.Hour)
	if page, _, err := b.Activity(ctx, "t1", "", 50, func(delivery.Happening) bool { return true }); err != nil || len(page) != 0 {
		t.Errorf("after 30 days: %v, %v", page, err)
	}
}

func TestActivityOfSomebodyWhoIsBeingForgottenIsNotKept(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	line := func(person string, at time.Time) delivery.Happening {
		return delivery.Happening{At: at, Event: "e-" + person, Person: person}
	}
	check(t, b.AddActivity(ctx, "t1", []delivery.Happening{line("p1", noon), line("p2", noon)}))
	check(t, b.MarkGone(ctx, "t1", "p1", noon.Add(time.Second)))
	removed, err := b.Forget(ctx, "t1", "p1", noon.Add(time.Second))
	check(t, err)
	b.now = noon.Add(2 * time.Second)
	check(t, b.AddActivity(ctx, "t1", []delivery.Happening{line("p1", noon), line("p1", noon.Add(2*time.Second))}))
	check(t, b.AddActivity(ctx, "t1", []delivery.Happening{line("p1", noon)})) // gathered before it was forgotten
	page, _, err := b.Activity(ctx, "t1", "", 50, func(delivery.Happening) bool { return true })
	check(t, err)
	if removed.Activity != 1 || len(page) != 2 || page[0].Person != "p1" || !page[0].At.Equal(noon.Add(2*time.Second)) || page[1].Person != "p2" {
		t.Errorf("removed %+v; left %v", removed, page)
	}
}

func TestActivityOfAForgottenEventIsNotKeptThoughItsWritersClockIsAhead(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	r := b.create(t, record("e1", noon)).Record
	check(t, b.MarkGone(ctx, "t1", r.Person, noon.Add(time.Second)))
	_, err := b.Forget(ctx, "t1", r.Person, noon.Add(time.Second))
	check(t, err)
	check(t, b.AddActivity(ctx, "t1", []delivery.Happening{{At: noon.Add(3 * time.Second), Event: "e1", Person: r.Person}}))
	page, _, err := b.Activity(ctx, "t1", "", 50, func(delivery.Happening) bool { return true })
	if err != nil || len(page) != 0 {
		t.Errorf("left %v, %v", page, err)
	}
}
