package dynamodb_test

import (
	"context"
	"errors"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// often is how many times is tried what passes.
const often = 8

// everyCall is the contract's calls by name.
var everyCall = map[string]func(context.Context, table.Table) error{
	"Get": func(ctx context.Context, tab table.Table) error {
		_, _, err := tab.Get(ctx, aKey)
		return err
	},
	"Query": func(ctx context.Context, tab table.Table) error {
		_, err := tab.Query(ctx, table.Range{Partition: "p"})
		return err
	},
	"Count": func(ctx context.Context, tab table.Table) error {
		_, _, err := tab.Count(ctx, table.Range{Partition: "p"}, 5)
		return err
	},
	"BatchGet": func(ctx context.Context, tab table.Table) error {
		_, err := tab.BatchGet(ctx, []table.Key{aKey})
		return err
	},
	"Put": func(ctx context.Context, tab table.Table) error {
		return tab.Write(ctx, table.Write{Item: aRow})
	},
	"Delete": func(ctx context.Context, tab table.Table) error {
		return tab.Write(ctx, table.Write{Item: aRow, Delete: true})
	},
	"BatchPut": func(ctx context.Context, tab table.Table) error {
		return tab.BatchPut(ctx, []table.Item{aRow})
	},
	"Transact": func(ctx context.Context, tab table.Table) error {
		return tab.Transact(ctx, []table.Write{{Item: aRow}})
	},
}

func TestEveryFailureHasItsKindAndItsNumberOfTries(t *testing.T) {
	type outcome struct {
		kind  fault.Kind
		tries int
	}
	again, once := outcome{fault.Unavailable, often}, outcome{fault.Unavailable, 1}
	lost := outcome{fault.Ambiguous, 1}
	for name, c := range map[string]struct {
		reply       reply
		read, write outcome
	}{
		"throughput":         {refusal(400, "ProvisionedThroughputExceededException", "slow"), again, again},
		"throttled":          {refusal(400, "ThrottlingException", "slow"), again, again},
		"account limit":      {refusal(400, "RequestLimitExceeded", "slow"), again, again},
		"meets transaction":  {refusal(400, "TransactionConflictException", "meets"), again, again},
		"meets other region": {refusal(400, "ReplicatedWriteConflictException", "meets"), again, again},
		"no rights":          {refusal(400, "AccessDeniedException", "no"), once, once},
		"no table":           {refusal(400, "ResourceNotFoundException", "no"), once, once},
		"expired rights":     {refusal(400, "ExpiredTokenException", "no"), once, once},
		"html 403":           {answer(403, "<html>no</html>"), once, once},
		"our mistake":        {refusal(400, "ValidationException", "bad name"), outcome{fault.Internal, 1}, outcome{fault.Internal, 1}},
		"too large": {
			refusal(400, "ValidationException", "Item size has exceeded the maximum allowed size"),
			outcome{fault.TooLarge, 1},
			outcome{fault.TooLarge, 1},
		},
		"their fault":     {refusal(500, "InternalServerError", "oh"), again, lost},
		"overloaded":      {refusal(503, "ServiceUnavailable", "oh"), again, lost},
		"html 502":        {answer(502, "<html>Bad Gateway</html>"), again, lost},
		"cut off":         {answer(200, `{"Item":{"pk":{"S":`), again, lost},
		"reset":           {broken(&net.OpError{Op: "read", Err: syscall.ECONNRESET}), again, lost},
		"closed":          {broken(errors.New("server closed idle connection")), again, lost},
		"no answer":       {silence, again, lost},
		"refused to dial": {broken(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}), again, again},
		"no such host":    {broken(&net.DNSError{Err: "no such host", IsNotFound: true}), again, again},
	} {
		for op, call := range everyCall {
			want := c.write
			if op == "Get" || op == "Query" || op == "Count" || op == "BatchGet" {
				want = c.read
			}
			t.Run(name+"/"+op, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					tab, s := scripted(t, c.reply)
					err := call(t.Context(), tab)
					if !fault.Is(err, want.kind) || len(s.seen) != want.tries {
						t.Errorf("got %v (kind %v) after %d tries, want %v after %d",
							err, fault.Of(err).Kind(), len(s.seen), want.kind, want.tries)
					}
					if _, refused := table.AsRefused(err); refused {
						t.Error("a failure was reported as a refusal")
					}
				})
			})
		}
	}
}

func TestWhatWasNeverSentWasNotApplied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		noRole := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, errors.New("no role")
		})
		tab, s := scriptedAs(t, noRole, silence)
		if err := tab.Write(t.Context(), table.Write{Item: aRow}); !fault.Is(err, fault.Unavailable) || len(s.seen) != 0 {
			t.Errorf("got %v after %d requests", err, len(s.seen))
		}
	})
}

func TestWhatPassesIsTriedUntilItHasPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow, meets := refusal(400, "ThrottlingException", "slow"), refusal(400, "TransactionConflictException", "meets")
		tab, s := scripted(t, slow, meets, slow, answer(200, `{}`))
		if err := tab.Write(t.Context(), table.Write{Item: aRow}); err != nil || len(s.seen) != 4 {
			t.Errorf("got %v after %d tries, want success after 4", err, len(s.seen))
		}
	})
}

func TestRetriesEndInTimeForTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tab, _ := scripted(t, refusal(400, "ThrottlingException", "slow"))
		start := time.Now()
		if err := tab.Write(t.Context(), table.Write{Item: aRow}); !fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 4*time.Second {
			t.Errorf("throttled writes took %v", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		start = time.Now()
		err := tab.Write(ctx, table.Write{Item: aRow})
		if took := time.Since(start); !fault.Is(err, fault.Unavailable) || took > 5*time.Millisecond {
			t.Errorf("got %v after %v; the caller left after 5 ms", err, took)
		}
	})
}

func TestASilentStoreIsGivenUpAfterTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tab, _ := scripted(t, silence)
		start := time.Now()
		err := tab.Write(t.Context(), table.Write{Item: aRow})
		if took := time.Since(start); !fault.Is(err, fault.Ambiguous) || took != 2*time.Second {
			t.Errorf("got %v after %v", err, took)
		}
	})
}
