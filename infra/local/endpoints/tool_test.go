package endpoints

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// folderTool is sound when its folder holds a file "whole".
func folderTool(builds *atomic.Int32, fail *atomic.Bool) tool {
	return tool{
		name:  "thing-1",
		needs: func(context.Context) error { return errors.New("apt-get install thing") },
		build: func(_ context.Context, dir string) error {
			builds.Add(1)
			if err := os.WriteFile(filepath.Join(dir, "half"), nil, 0o600); err != nil {
				return err
			}
			if fail.Load() {
				return errors.New("the network went away")
			}
			return os.WriteFile(filepath.Join(dir, "whole"), nil, 0o600)
		},
		probe: func(_ context.Context, dir string) error {
			_, err := os.Stat(filepath.Join(dir, "whole"))
			return err
		},
	}
}

func TestFailedInstallLeavesNothingBehindAndTheNextOneMends(t *testing.T) {
	var builds atomic.Int32
	var fail atomic.Bool
	tools, thing := t.TempDir(), folderTool(&builds, &fail)
	fail.Store(true)
	if _, err := thing.install(t.Context(), tools, slog.New(slog.DiscardHandler)); err == nil {
		t.Fatal("a failed install was taken for good")
	}
	if left, err := filepath.Glob(filepath.Join(tools, "thing-1*")); err != nil || len(left) != 1 || !strings.HasSuffix(left[0], ".lock") {
		t.Fatalf("left behind: %v, %v; want the lock only", left, err)
	}
	fail.Store(false)
	dir, err := thing.install(t.Context(), tools, slog.New(slog.DiscardHandler))
	if err != nil || thing.probe(t.Context(), dir) != nil {
		t.Fatalf("second install: %q, %v", dir, err)
	}
}

func TestUnsoundInstallationIsReplacedAndASoundOneReused(t *testing.T) {
	var builds atomic.Int32
	tools, thing := t.TempDir(), folderTool(&builds, new(atomic.Bool))
	if err := os.Mkdir(filepath.Join(tools, thing.name), 0o700); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := thing.install(t.Context(), tools, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
	}
	if builds.Load() != 1 {
		t.Fatalf("built %d times, want once", builds.Load())
	}
}

func TestInstallsAtTheSameTimeBuildOnce(t *testing.T) {
	var builds atomic.Int32
	tools, thing := t.TempDir(), folderTool(&builds, new(atomic.Bool))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, err := thing.install(t.Context(), tools, slog.New(slog.DiscardHandler)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if builds.Load() != 1 {
		t.Fatalf("built %d times, want once", builds.Load())
	}
}

func TestAllThatIsMissingIsNamedBeforeAnythingIsInstalled(t *testing.T) {
	var builds atomic.Int32
	first, second := folderTool(&builds, new(atomic.Bool)), folderTool(&builds, new(atomic.Bool))
	second.needs = func(context.Context) error { return errors.New("apt-get install other") }
	err := prerequisites(t.Context(), t.TempDir(), []tool{first, second})
	if err == nil || !strings.Contains(err.Error(), "install thing") || !strings.Contains(err.Error(), "install other") {
		t.Fatalf("got %v, want both named", err)
	}
	if builds.Load() != 0 {
		t.Fatal("installed something")
	}
}

func TestMissingProgramsAreNamedWithTheirDebianPackage(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for name, c := range map[string]struct {
		tool tool
		want string
	}{"dynoxide": {dynoxide(), "apt-get install nodejs npm"}, "moto": {moto(), "python3-venv"}} {
		if err := c.tool.needs(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q named", name, err, c.want)
		}
	}
}

func TestRootIsTheNearestFolderWithAModule(t *testing.T) {
	root, err := Root(".")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "infra", "local", "endpoints", "tool.go")); err != nil {
		t.Fatal(err)
	}
	if root, err := Root(t.TempDir()); err == nil {
		t.Fatalf("found a root %q outside of any module", root)
	}
}
