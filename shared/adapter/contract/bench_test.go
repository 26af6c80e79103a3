package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// twentyFive is a request of 25 events that use everything in the contract.
func twentyFive() []byte {
	var events []string
	for i := range 25 {
		events = append(events, strings.Replace(full, `"id":"e1"`, fmt.Sprintf(`"id":"e%d"`, i), 1))
	}
	return request(events...)
}

// BenchmarkDecode reads and judges a request of 25 events.
func BenchmarkDecode(b *testing.B) {
	body := twentyFive()
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		r, err := contract.Receive(body)
		if err != nil {
			b.Fatal(err)
		}
		for _, v := range r.Events(at, "trace-1") {
			if !v.Accepted() {
				b.Fatal(v.Mistakes)
			}
		}
	}
	b.ReportMetric(float64(25*b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkParcel packs these events for the queue and unpacks them again.
func BenchmarkParcel(b *testing.B) {
	r, err := contract.Open(twentyFive())
	if err != nil {
		b.Fatal(err)
	}
	var events []event.Event
	for _, v := range r.Events(at, "trace-1") {
		events = append(events, v.Event)
	}
	const most = 200 << 10
	bodies, err := contract.Pack(events, most)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("pack", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := contract.Pack(events, most); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("unpack", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, body := range bodies {
				if _, err := contract.Unpack(body); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
