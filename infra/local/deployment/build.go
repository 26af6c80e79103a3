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
	return BuildPackages(ctx, root, into, "./functions/...")
}

// BuildPackages builds the commands of a module in the same way, perhaps for
// another machine: GOARCH=arm64.
func BuildPackages(ctx context.Context, module, into, packages string, env ...string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-trimpath", "-tags=lambda.norpc,nethttpomithttp2",
		"-ldflags=-s -w -buildid=", "-o", into+string(filepath.Separator), packages)
	cmd.Dir, cmd.Env = module, append(append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS="), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s of %s: %w\n%s", packages, module, err, out)
	}
	return nil
}
