package main

import (
	"debug/elf"
	"errors"
	"fmt"
	"os"
)

// machines are the ELF machines of Lambda's architectures, by Lambda's names.
var machines = map[string]elf.Machine{"arm64": elf.EM_AARCH64, "x86_64": elf.EM_X86_64}

var (
	errDynamic       = errors.New("is dynamically linked; build with CGO_ENABLED=0")
	errNotExecutable = errors.New("is not executable")
)

// check tells why the file would not start on Lambda of that architecture, or nil.
func check(name, arch string) error {
	want, known := machines[arch]
	if !known {
		return fmt.Errorf("unknown architecture %q", arch)
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o111 == 0 {
		return errNotExecutable
	}
	program, err := elf.Open(name)
	if err != nil {
		return err
	}
	defer program.Close()
	if program.Machine != want {
		return fmt.Errorf("is built for %v, not %v", program.Machine, want)
	}
	for _, part := range program.Progs {
		if part.Type == elf.PT_INTERP || part.Type == elf.PT_DYNAMIC {
			return errDynamic
		}
	}
	return nil
}
