// Command sbom writes what is in each function's zip, as a CycloneDX document: the Go modules and the standard library that its
// program was linked with, and the npm packages of the page that console serves.
//
// Equal programs give equal documents: no time and no serial number are in them, and each names its program by its hash.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	b := builder{}
	flag.StringVar(&b.generator, "generator", "", "the program cyclonedx-gomod")
	flag.StringVar(&b.lock, "lock", "infra/page/package-lock.json", "what the page is built of")
	into := flag.String("into", "build/sbom", "folder for the documents")
	flag.Parse()
	if err := b.run(context.Background(), flag.Arg(0), *into, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// run describes folder/*/bootstrap and prints a line for each.
func (b builder) run(ctx context.Context, folder, into string, out io.Writer) error {
	programs, err := filepath.Glob(filepath.Join(folder, "*", "bootstrap"))
	if err != nil {
		return err
	}
	if len(programs) == 0 {
		return fmt.Errorf("%s holds no functions; build them first", folder)
	}
	if err := os.MkdirAll(into, 0o755); err != nil {
		return err
	}
	var errs []error
	for _, program := range programs {
		errs = append(errs, b.describe(ctx, program, into, out))
	}
	return errors.Join(errs...)
}

func (b builder) describe(ctx context.Context, program, into string, out io.Writer) error {
	function := functionOf(program)
	text, listed, err := b.document(ctx, function, program)
	if err != nil {
		return fmt.Errorf("%s: %w", program, err)
	}
	name := filepath.Join(into, function+".cdx.json")
	if err := os.WriteFile(name, text, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(out, "%-32s %3d components\n", name, listed)
	return nil
}

// functionOf gives a function's name from where its program lies: a folder of that name, or of its logical id.
func functionOf(program string) string {
	return strings.ToLower(strings.TrimSuffix(filepath.Base(filepath.Dir(program)), "Function"))
}
