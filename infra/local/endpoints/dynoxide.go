package endpoints

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
)

const dynoxideVersion = "1.2.1"

// npmFiles pin the package for Linux on x64 with its checksum.
//
//go:embed npm/package.json npm/package-lock.json
var npmFiles embed.FS

// dynoxide serves DynamoDB. npm carries one package with a static binary per
// platform, named as Node names them.
func dynoxide() tool {
	binary := func(dir string) string { return filepath.Join(dir, "node_modules", dynoxidePackage(), "dynoxide") }
	return tool{
		name: "dynoxide-" + dynoxideVersion,
		path: "/",
		needs: func(context.Context) error {
			for _, program := range []string{"node", "npm"} {
				if _, err := exec.LookPath(program); err != nil {
					return fmt.Errorf("%s is missing: apt-get install nodejs npm (or set AWS_ENDPOINT_URL_DYNAMODB)", program)
				}
			}
			return nil
		},
		build: buildDynoxide,
		probe: func(ctx context.Context, dir string) error {
			return exec.CommandContext(ctx, binary(dir), "--version").Run()
		},
		command: func(dir string, port int) *exec.Cmd {
			return exec.Command(binary(dir), "--host", "127.0.0.1", "--port", strconv.Itoa(port))
		},
	}
}

// buildDynoxide has npm check the package against our lock file where we have
// one, and takes the exact version elsewhere.
func buildDynoxide(ctx context.Context, dir string) error {
	quiet := []string{"--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"}
	if dynoxidePackage() == "@dynoxide/linux-x64" {
		if err := writeNPMFiles(dir); err != nil {
			return err
		}
		return do(ctx, dir, nil, "npm", append([]string{"ci"}, quiet...)...)
	}
	spec := dynoxidePackage() + "@" + dynoxideVersion
	if err := do(ctx, dir, nil, "npm", append([]string{"install", "--prefix", ".", spec}, quiet...)...); err != nil {
		return fmt.Errorf("dynoxide may not be published for this platform; set AWS_ENDPOINT_URL_DYNAMODB to another endpoint: %w", err)
	}
	return nil
}

func writeNPMFiles(dir string) error {
	var failures []error
	for _, name := range []string{"package.json", "package-lock.json"} {
		content, err := npmFiles.ReadFile("npm/" + name)
		failures = append(failures, err, os.WriteFile(filepath.Join(dir, name), content, 0o644))
	}
	return errors.Join(failures...)
}

func dynoxidePackage() string {
	cpu := runtime.GOARCH
	if cpu == "amd64" {
		cpu = "x64"
	}
	return "@dynoxide/" + runtime.GOOS + "-" + cpu
}
