package deployment

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
)

// zipHeaders is what a zip has besides its one file, in bytes: two headers with the
// name bootstrap, and the end of the list.
const zipHeaders = counter(30 + 46 + 22 + 2*len("bootstrap"))

// Zipped gives how many bytes a bootstrap file has in the zip that sam uploads. sam
// packs with zlib at its default level, which is what gzip does; Go's own deflate
// makes three per cent more.
func Zipped(ctx context.Context, file string) (int64, error) {
	cmd := exec.CommandContext(ctx, "gzip", "-6", "-n", "-c", file)
	var problems bytes.Buffer
	var size counter
	cmd.Stdout, cmd.Stderr = &size, &problems
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("gzip %s: %w %s", file, err, problems.String())
	}
	const gzipHeaders = 18
	return int64(size - gzipHeaders + zipHeaders), nil
}

// counter counts what is written to it.
type counter int64

// Write counts.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
