package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAStaticProgramForTheArchitecturePasses(t *testing.T) {
	for arch, machine := range map[string]elf.Machine{"arm64": elf.EM_AARCH64, "x86_64": elf.EM_X86_64} {
		if err := check(program(t, machine, elf.PT_LOAD, 0o755), arch); err != nil {
			t.Errorf("%s: %v", arch, err)
		}
	}
}

func TestAProgramForTheOtherArchitectureIsRefused(t *testing.T) {
	err := check(program(t, elf.EM_X86_64, elf.PT_LOAD, 0o755), "arm64")
	if err == nil || !strings.Contains(err.Error(), "EM_X86_64") {
		t.Errorf("got %v", err)
	}
}

func TestAProgramThatNeedsALoaderIsRefused(t *testing.T) {
	for _, part := range []elf.ProgType{elf.PT_INTERP, elf.PT_DYNAMIC} {
		if err := check(program(t, elf.EM_AARCH64, part, 0o755), "arm64"); !errors.Is(err, errDynamic) {
			t.Errorf("%v: got %v", part, err)
		}
	}
}

func TestAFileThatIsNoProgramIsRefused(t *testing.T) {
	name := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := check(name, "arm64"); err == nil {
		t.Error("a script passed")
	}
	if err := check(program(t, elf.EM_AARCH64, elf.PT_LOAD, 0o644), "arm64"); !errors.Is(err, errNotExecutable) {
		t.Errorf("got %v", err)
	}
}

func TestEveryFunctionMustHaveBeenBuilt(t *testing.T) {
	folder := filepath.Dir(filepath.Dir(program(t, elf.EM_AARCH64, elf.PT_LOAD, 0o755)))
	var out strings.Builder
	if err := run(t.Context(), folder, "arm64", 1, &out); err != nil || !strings.HasPrefix(out.String(), "push ") {
		t.Errorf("got %v, printed %q", err, out.String())
	}
	if err := run(t.Context(), folder, "arm64", 2, &out); err == nil {
		t.Error("a missing function passed")
	}
	if err := run(t.Context(), t.TempDir(), "arm64", 0, &out); err == nil {
		t.Error("nothing at all passed")
	}
}

// program writes the smallest ELF file that has one segment of the kind, as push/bootstrap.
func program(t *testing.T, machine elf.Machine, kind elf.ProgType, mode os.FileMode) string {
	t.Helper()
	const headerSize, partSize = 64, 56
	var file bytes.Buffer
	header := elf.Header64{
		Type: uint16(elf.ET_EXEC), Machine: uint16(machine), Version: uint32(elf.EV_CURRENT),
		Phoff: headerSize, Ehsize: headerSize, Phentsize: partSize, Phnum: 1,
	}
	copy(header.Ident[:], elf.ELFMAG)
	header.Ident[elf.EI_CLASS], header.Ident[elf.EI_DATA] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB)
	header.Ident[elf.EI_VERSION] = byte(elf.EV_CURRENT)
	for _, part := range []any{header, elf.Prog64{Type: uint32(kind)}} {
		if err := binary.Write(&file, binary.LittleEndian, part); err != nil {
			t.Fatal(err)
		}
	}
	folder := filepath.Join(t.TempDir(), "push")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(folder, "bootstrap")
	if err := os.WriteFile(name, file.Bytes(), mode); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestAProgramOverItsLimitIsRefused(t *testing.T) {
	name := program(t, elf.EM_AARCH64, elf.PT_LOAD, 0o755)
	file, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	noise := make([]byte, 6_000_000)
	state := uint32(1)
	for i := range noise { // what does not compress
		state = state*1664525 + 1013904223
		noise[i] = byte(state >> 24)
	}
	if _, err := file.Write(noise); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err = run(t.Context(), filepath.Dir(filepath.Dir(name)), "arm64", 1, &out)
	if err == nil || !strings.Contains(err.Error(), "are allowed") {
		t.Errorf("got %v", err)
	}
}

func TestBuildsThatDifferAreRefused(t *testing.T) {
	name := program(t, elf.EM_AARCH64, elf.PT_LOAD, 0o755)
	folder, twin := filepath.Dir(filepath.Dir(name)), t.TempDir()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		content []byte
		same    bool
	}{{content, true}, {append(content[:len(content):len(content)], 0), false}} {
		if err := os.WriteFile(filepath.Join(twin, "push"), c.content, 0o755); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := same(folder, twin, &out); (err == nil) != c.same {
			t.Errorf("same %v: %v", c.same, err)
		}
	}
}
