package crowd_test

import (
	"fmt"
	"testing"

	"github.com/sourcewhale/ashby-sync/infra/bench/crowd"
)

func BenchmarkCopy(b *testing.B) {
	for _, size := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for b.Loop() {
				c, err := crowd.New(b.Context(), size)
				if err != nil {
					b.Fatal(err)
				}
				n := float64(size)
				b.ReportMetric(float64(c.Took.Microseconds())/n, "us/candidate")
				b.ReportMetric(float64(c.Wrote.Stored)/n, "written_B/candidate")
				b.ReportMetric(float64(c.Wrote.Writes)/n, "rows/candidate")
			}
		})
	}
}

func BenchmarkSearch(b *testing.B) {
	for _, size := range []int{1_000, 10_000, 100_000} {
		c, err := crowd.New(b.Context(), size)
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range crowd.Searches() {
			b.Run(fmt.Sprintf("%d/%s", size, s.Name), func(b *testing.B) {
				t, err := c.Time(b.Context(), s, max(b.N, 100))
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(t.Found), "found")
				b.ReportMetric(float64(t.Cold.Microseconds())/1000, "cold_ms")
				b.ReportMetric(float64(t.ColdReads.Reads), "cold_reads")
				b.ReportMetric(float64(t.ColdReads.Rows), "cold_rows")
				b.ReportMetric(float64(t.ColdReads.Bytes)/1024, "cold_KiB")
				b.ReportMetric(float64(t.Median.Microseconds())/1000, "warm_p50_ms")
				b.ReportMetric(float64(t.P99.Microseconds())/1000, "warm_p99_ms")
				b.ReportMetric(float64(t.CPU99.Microseconds())/1000, "warm_cpu_p99_ms")
				b.ReportMetric(float64(t.WarmReads.Reads), "warm_reads")
			})
		}
	}
}
