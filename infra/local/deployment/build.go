package deployment

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Build builds every function for this machine as the Makefile builds it for
// Lambda, into a folder.
func Build(ctx context.Context, root, into string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-trimpath", "-tags=lambda.norpc,nethttpomithttp2",
		"-ldflags=-s -w -buildid=", "-o", into+string(filepath.Separator), "./functions/...")
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the functions: %w\n%s", err, out)
	}
	return nil
}
