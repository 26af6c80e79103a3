// Command bootstrap checks that what sam built would start on Lambda: one static program per function, for the architecture asked.
//
// sam can report success for a program of the wrong architecture, and a program that needs a C library starts on the machine
// that built it and nowhere else. Both show only at the first request, so they are looked for here.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	arch := flag.String("arch", "arm64", "arm64 or x86_64")
	count := flag.Int("count", 0, "how many functions there are")
	flag.Parse()
	if err := run(flag.Arg(0), *arch, *count, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bootstrap:", err)
		os.Exit(1)
	}
}

// run checks folder/*/bootstrap, of which there must be count, and prints a line for each.
func run(folder, arch string, count int, out io.Writer) error {
	names, err := filepath.Glob(filepath.Join(folder, "*", "bootstrap"))
	if err != nil {
		return err
	}
	if len(names) != count || count == 0 {
		return fmt.Errorf("%s holds %d functions, expected %d", folder, len(names), count)
	}
	for _, name := range names {
		if err := check(name, arch); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%-18s %-7s static %10d bytes\n", filepath.Base(filepath.Dir(name)), arch, info.Size())
	}
	return nil
}
