package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// limitOf is how many bytes a function may have, zipped as sam uploads it.
func limitOf(function string) int64 {
	switch {
	case strings.HasPrefix(function, "Settings"): // the API's framework
		return 4_200_000
	case strings.HasPrefix(function, "Push"): // the patterns of names and numbers
		return 5_400_000
	}
	return 3_000_000
}

// same compares the functions of two builds: SAM names folders by logical ids, a
// plain build by the functions' own names.
func same(folder, twin string, out io.Writer) error {
	names, err := filepath.Glob(filepath.Join(folder, "*", "bootstrap"))
	if err != nil {
		return err
	}
	for _, name := range names {
		function := strings.ToLower(strings.TrimSuffix(filepath.Base(filepath.Dir(name)), "Function"))
		ours, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		theirs, err := os.ReadFile(filepath.Join(twin, function))
		if err != nil {
			return err
		}
		if !bytes.Equal(ours, theirs) {
			return fmt.Errorf("two builds of %s differ", function)
		}
	}
	_, err = fmt.Fprintf(out, "%d functions, built twice, are the same byte by byte\n", len(names))
	return err
}
