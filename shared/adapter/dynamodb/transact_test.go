package dynamodb_test

import (
	"testing"
	"testing/synctest"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

func twoWrites() []table.Write {
	other := aRow
	other.Sort = "other"
	return []table.Write{{Item: other}, {Item: aRow, If: table.IfAbsent()}}
}

func TestMeetingAnotherTransactionIsNoRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tab, s := scripted(t, cancellation(conflicts, noReason), cancellation(noReason, throttles), answer(200, `{}`))
		if err := tab.Transact(t.Context(), twoWrites()); err != nil || len(s.seen) != 3 {
			t.Errorf("got %v after %d tries", err, len(s.seen))
		}
		tab, _ = scripted(t, cancellation(conflicts, noReason))
		err := tab.Transact(t.Context(), twoWrites())
		if _, refused := table.AsRefused(err); refused || !fault.Is(err, fault.Unavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
	})
}

func TestARefusalBesideAConflictIsJudgedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tab, s := scripted(t, cancellation(conflicts, condition), cancellation(noReason, condition))
		refused, ok := table.AsRefused(tab.Transact(t.Context(), twoWrites()))
		if !ok || len(s.seen) != 2 {
			t.Fatalf("refused %v after %d tries", ok, len(s.seen))
		}
		if r := refused.Refusals; len(r) != 1 || r[0].Index != 1 || !r[0].Found || r[0].Old.Token != "theirs" {
			t.Errorf("got %+v", refused.Refusals)
		}
	})
}

func TestATransactionCancelledForItsSizeIsTooLarge(t *testing.T) {
	tab, s := scripted(t, cancellation(noReason,
		`{"Code":"ValidationError","Message":"Item size has exceeded the maximum allowed size"}`))
	if err := tab.Transact(t.Context(), twoWrites()); !fault.Is(err, fault.TooLarge) || len(s.seen) != 1 {
		t.Errorf("got %v after %d tries", err, len(s.seen))
	}
}

func TestATransactionStillInProgressIsAmbiguous(t *testing.T) {
	tab, s := scripted(t, refusal(400, "TransactionInProgressException", "in progress"))
	if err := tab.Transact(t.Context(), twoWrites()); !fault.Is(err, fault.Ambiguous) || len(s.seen) != 1 {
		t.Errorf("got %v after %d tries", err, len(s.seen))
	}
}
