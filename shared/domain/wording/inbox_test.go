package wording_test

import (
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
)

func TestEveryCauseOfTheInboxSaysWhatHappenedAndWhatToDo(t *testing.T) {
	titles := map[string]delivery.Cause{}
	for _, c := range append(delivery.Causes(), delivery.MandatoryCause("field")) {
		a := wording.Cause(c)
		if a.Title == "" || !strings.HasSuffix(a.Why, ".") || a.Action == "" || a.Label == "" || !c.Known() {
			t.Errorf("%s: %+v", c, a)
		}
		if other, ok := titles[a.Title]; ok {
			t.Errorf("%s and %s are called alike", c, other)
		}
		titles[a.Title] = c
	}
	if a := wording.Cause("nothing_such"); a.Title != "" || delivery.Cause("nothing_such").Known() || delivery.Cause("mandatory:").Known() {
		t.Errorf("a cause that does not exist: %+v", a)
	}
}
