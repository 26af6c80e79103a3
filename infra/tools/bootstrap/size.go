package main

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// limitOf is how many bytes a function may have, zipped as Lambda gets it: a little
// more than it has, so that growth is noticed when it happens. The aim is 3.0 MB, 4.2
// for settings and 5.4 for push; infra/bench says who is there.
func limitOf(function string) int64 {
	switch {
	case strings.HasPrefix(function, "Settings"): // the API's framework
		return 4_800_000
	case strings.HasPrefix(function, "Push"):
		return 5_400_000
	}
	return 3_300_000
}

// zippedSize is the size of a file in a zip, but for its name.
func zippedSize(name string) (int64, error) {
	file, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	var size counter
	w, err := flate.NewWriter(&size, flate.BestCompression)
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(w, file); err != nil {
		return 0, err
	}
	err = w.Close()
	return int64(size), err
}

// counter counts what is written to it.
type counter int64

// Write counts.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
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
