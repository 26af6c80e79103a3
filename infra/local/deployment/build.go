package deployment

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Flags are those that every function is built with, here and by the Makefile:
// decision 26 says what each is for.
//
//go:embed goflags
var Flags string

// Build builds every function for this machine as the Makefile builds it for
// Lambda, into a folder.
func Build(ctx context.Context, root, into string) error {
	return BuildPackages(ctx, root, into, "./functions/...")
}

// BuildPackages builds the commands of a module in the same way, perhaps for
// another machine: GOARCH=arm64.
func BuildPackages(ctx context.Context, module, into, packages string, env ...string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", into+string(filepath.Separator), packages)
	flags := strings.Join(strings.Split(strings.TrimSpace(Flags), "\n"), " ")
	cmd.Dir, cmd.Env = module, append(append(os.Environ(), "CGO_ENABLED=0", "GOARM64=v8.0,lse", "GOFLAGS="+flags), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s of %s: %w\n%s", packages, module, err, out)
	}
	return nil
}
