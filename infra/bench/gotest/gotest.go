// Package gotest runs the project's own tests and benchmarks with the go command and
// reads figures from what they print.
package gotest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Run runs go test in the project's root and gives what it printed. A test that
// fails is an error that has its output.
func Run(ctx context.Context, root string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"test"}, args...)...)
	cmd.Dir, cmd.Env = root, os.Environ()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return out.Bytes(), fmt.Errorf("go test %s: %w\n%s", strings.Join(args, " "), err, tail(out.String()))
	}
	return out.Bytes(), nil
}

func tail(s string) string { return s[max(0, len(s)-2000):] }

// Benchmark is what one benchmark measured: the medians of its runs by unit.
type Benchmark struct {
	Name string
	By   map[string]float64 // by unit: ns/op, B/op, allocs/op and what it reports itself
}

// Benchmarks reads the lines of benchmarks, those of several runs together.
func Benchmarks(out []byte) []Benchmark {
	var list []Benchmark
	at := map[string]int{}
	runs := map[string]map[string][]float64{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if len(words) < 4 || !strings.HasPrefix(words[0], "Benchmark") {
			continue
		}
		name := processors.ReplaceAllString(words[0], "")
		if _, ok := at[name]; !ok {
			at[name] = len(list)
			list = append(list, Benchmark{Name: name, By: map[string]float64{}})
			runs[name] = map[string][]float64{}
		}
		for i := 2; i+1 < len(words); i += 2 {
			if n, err := strconv.ParseFloat(words[i], 64); err == nil {
				runs[name][words[i+1]] = append(runs[name][words[i+1]], n)
			}
		}
	}
	for _, b := range list {
		for unit, all := range runs[b.Name] {
			b.By[unit] = median(all)
		}
	}
	return list
}

var processors = regexp.MustCompile(`-\d+$`)

// Backlog is what one drain of a backlog showed, as push's test prints it.
type Backlog struct {
	Server    string        // the kind of limit
	Latency   time.Duration // of a call
	PerMinute float64       // calls, once it had climbed
	Refused   int           // answers that were 429
	P50, P99  time.Duration // of a reply's wait
	InFlight  int           // calls at most
}

var backlog = regexp.MustCompile(`: (\S+), (\S+) a call: \d+ calls in \S+, (\d+) a minute once it had climbed, (\d+) 429s; a reply's wait p50 (\S+), p99 (\S+) \((\d+) in flight`)

// Backlogs reads the lines of push's test.
func Backlogs(out []byte) []Backlog {
	var list []Backlog
	for _, m := range backlog.FindAllStringSubmatch(string(out), -1) {
		b := Backlog{Server: m[1]}
		b.Latency, _ = time.ParseDuration(m[2])
		b.PerMinute, _ = strconv.ParseFloat(m[3], 64)
		b.Refused, _ = strconv.Atoi(m[4])
		b.P50, _ = time.ParseDuration(m[5])
		b.P99, _ = time.ParseDuration(m[6])
		b.InFlight, _ = strconv.Atoi(m[7])
		list = append(list, b)
	}
	return list
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
