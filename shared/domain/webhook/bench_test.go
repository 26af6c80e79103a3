package webhook_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

// BenchmarkVerify is the signature of a request of 25 events (20 KB), with one live
// secret and with two, as during a rotation.
func BenchmarkVerify(b *testing.B) {
	body := bytes.Repeat([]byte("0123456789abcdef"), 20<<10/16)
	live, old := webhook.NewKey([]byte("live secret of a team, 32 bytes.")), webhook.NewKey([]byte("its older secret, 32 bytes long."))
	signed := webhook.Signed{ID: vector.ID, Timestamp: vector.Timestamp, Signature: webhook.Sign(old, vector.ID, vectorTime, body)}
	for _, keys := range [][]webhook.Key{{old}, {live, old}} {
		b.Run(fmt.Sprintf("%d_secrets", len(keys)), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if err := webhook.Verify(keys, signed, body, vectorTime); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkVerifyAshby is the signature of a hook of 2 KB.
func BenchmarkVerifyAshby(b *testing.B) {
	body := bytes.Repeat([]byte("0123456789abcdef"), 2<<10/16)
	signature := webhook.SignAshby("secret", body)
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if err := webhook.VerifyAshby([]string{"secret"}, signature, body); err != nil {
			b.Fatal(err)
		}
	}
}
