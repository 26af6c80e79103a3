package ashby_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

func TestAllNotesAreListedOrNone(t *testing.T) {
	r := newReading(t, 1)
	id := r.add(t, ashbytest.Candidate{Name: "Ada Lane"})
	want := map[string]string{}
	for i := range 230 { // three pages
		note, err := r.account.CreateNote(t.Context(), ashby.CreateNote{CandidateID: id, Text: fmt.Sprint("note ", i)})
		if err != nil {
			t.Fatal(err)
		}
		want[note.Result.ID] = fmt.Sprint("note ", i)
	}
	got, err := r.NotesOf(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	if _, err := r.sim.AddFault(ashbytest.Fault{
		Kind: ashbytest.Unavailable, Endpoints: []string{"candidate.listNotes"}, Skip: 2, Count: 1,
	}); err != nil {
		t.Fatal(err)
	}
	if got, err := r.NotesOf(t.Context(), id); !fault.Is(err, fault.Unavailable) || got != nil {
		t.Errorf("%d notes with a page missing, error %v", len(got), err)
	}
}

func TestNotesOfACandidateThatIsNotThereAreAnErrorAndNotNone(t *testing.T) {
	r := newReading(t, 1)
	id := r.add(t, ashbytest.Candidate{Name: "Ada Lane"})
	if err := r.sim.Delete(id); err != nil {
		t.Fatal(err)
	}
	_, err := r.NotesOf(t.Context(), id)
	if !fault.Is(err, fault.Rejected) || fault.Of(err).Code() != ashby.CodeCandidateNotFound {
		t.Errorf("error %v", err)
	}
}

func TestCandidatesAddedSinceAMomentAreAllListed(t *testing.T) {
	r := newReading(t, 1)
	before := time.Now()
	want := map[string]bool{}
	for i := range 120 { // two pages
		want[r.add(t, ashbytest.Candidate{Name: fmt.Sprint("Ada ", i)})] = true
	}
	old := r.add(t, ashbytest.Candidate{Name: "Old", CreatedAt: before.Add(-time.Hour), AddedAt: before.Add(-time.Hour)})
	got, err := r.AddedSince(t.Context(), before.Add(-time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range got {
		if c.ID == old {
			t.Error("an older candidate is among them")
		}
		delete(want, c.ID)
	}
	if len(want) != 0 {
		t.Errorf("%d of 120 are missing", len(want))
	}
}

func TestEveryPageOfALookAsksForLeave(t *testing.T) {
	r := newReading(t, 1)
	id := r.add(t, ashbytest.Candidate{Name: "Ada Lane"})
	stop := errors.New("not now")
	reader := ashby.NewReader(r.account, r.catalogue, "k1", func(context.Context) error { return stop })
	if _, err := reader.NotesOf(t.Context(), id); !errors.Is(err, stop) {
		t.Errorf("notes: %v", err)
	}
	if _, err := reader.AddedSince(t.Context(), time.Now()); !errors.Is(err, stop) {
		t.Errorf("candidates: %v", err)
	}
}
