// Command bootstrap checks that what sam built would start on Lambda: one static program per function, for the architecture asked.
//
// sam can report success for a program of the wrong architecture, and a program that needs a C library starts on the machine
// that built it and nowhere else. Both show only at the first request, so they are looked for here. So is a program that has grown
// over its limit, for a start pays for every megabyte, and one that differs from a second build of the same source.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
)

func main() {
	arch := flag.String("arch", "arm64", "arm64 or x86_64")
	count := flag.Int("count", 0, "how many functions there are")
	twin := flag.String("twin", "", "folder of another build, which must be the same byte by byte")
	flag.Parse()
	err := run(context.Background(), flag.Arg(0), *arch, *count, os.Stdout)
	if err == nil && *twin != "" {
		err = same(flag.Arg(0), *twin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bootstrap:", err)
		os.Exit(1)
	}
}

// run checks folder/*/bootstrap, of which there must be count, and prints a line for each.
func run(ctx context.Context, folder, arch string, count int, out io.Writer) error {
	names, err := filepath.Glob(filepath.Join(folder, "*", "bootstrap"))
	if err != nil {
		return err
	}
	if len(names) != count || count == 0 {
		return fmt.Errorf("%s holds %d functions, expected %d", folder, len(names), count)
	}
	var over []error
	for _, name := range names {
		if err := check(name, arch); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		zipped, err := deployment.Zipped(ctx, name)
		if err != nil {
			return err
		}
		function := filepath.Base(filepath.Dir(name))
		fmt.Fprintf(out, "%-18s %-7s static %10d bytes, %5.2f MB zipped\n", function, arch, info.Size(), float64(zipped)/1e6)
		if limit := limitOf(function); arch == "arm64" && zipped > limit { // what is deployed
			over = append(over, fmt.Errorf("%s has %d bytes zipped, %d are allowed", function, zipped, limit))
		}
	}
	return errors.Join(over...)
}
