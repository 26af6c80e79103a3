package endpoints

import (
	"context"
	_ "embed"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const motoVersion = "5.2.1"

// motoConstraints pin what moto needs.
//
//go:embed moto.txt
var motoConstraints []byte

// moto serves SQS and Secrets Manager, one process for both. Its programs are
// run through the interpreter, for the scripts of a virtual environment name the
// folder they were made in and ours is renamed.
func moto() tool {
	python := func(dir string) string { return filepath.Join(dir, "bin", "python") }
	return tool{
		name:  "moto-" + motoVersion,
		path:  "/moto-api/data.json",
		needs: needPython,
		build: buildMoto,
		probe: func(ctx context.Context, dir string) error {
			const check = `import importlib.util, sys; sys.exit(importlib.util.find_spec("moto.server") is None)`
			cmd := exec.CommandContext(ctx, python(dir), "-c", check)
			cmd.Env = pythonEnv()
			return cmd.Run()
		},
		command: func(dir string, port int) *exec.Cmd {
			cmd := exec.Command(python(dir), "-m", "moto.server", "-H", "127.0.0.1", "-p", strconv.Itoa(port))
			cmd.Env = pythonEnv()
			return cmd
		},
	}
}

func needPython(ctx context.Context) error {
	const or = " (or set AWS_ENDPOINT_URL_SQS and AWS_ENDPOINT_URL_SECRETS_MANAGER)"
	if _, err := exec.LookPath("python3"); err != nil {
		return errors.New("python3 is missing: apt-get install python3 python3-venv" + or)
	}
	if err := do(ctx, "", pythonEnv(), "python3", "-c", "import venv, ensurepip"); err != nil {
		return errors.New("python3 cannot make virtual environments: apt-get install python3-venv" + or)
	}
	return nil
}

func buildMoto(ctx context.Context, dir string) error {
	constraints := filepath.Join(dir, "constraints.txt")
	if err := do(ctx, dir, pythonEnv(), "python3", "-m", "venv", dir); err != nil {
		return err
	}
	if err := os.WriteFile(constraints, motoConstraints, 0o644); err != nil {
		return err
	}
	return do(ctx, dir, pythonEnv(), filepath.Join(dir, "bin", "python"), "-m", "pip", "install",
		"--quiet", "--no-input", "--disable-pip-version-check", "--constraint", constraints, "moto[server]=="+motoVersion)
}

// pythonEnv is our environment, pip's configuration included, without what would
// lead Python or pip out of the virtual environment.
func pythonEnv() []string {
	astray := []string{"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
	return slices.DeleteFunc(os.Environ(), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.Contains(astray, name)
	})
}
