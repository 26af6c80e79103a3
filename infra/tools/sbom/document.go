package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
)

// builder makes documents.
type builder struct{ generator, lock string }

// component of a document, as far as it is looked at here.
type component struct{ Name, Version, Purl string }

// document describes a function's program, and gives how many components it lists.
func (b builder) document(ctx context.Context, function, program string) (text []byte, listed int, err error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return nil, 0, err
	}
	document, err := b.generate(ctx, program, info)
	if err != nil {
		return nil, 0, err
	}
	components, _ := document["components"].([]any)
	if function == "console" {
		packages, err := shipped(b.lock)
		if err != nil {
			return nil, 0, err
		}
		components = append(components, packages...)
		document["components"] = components
	}
	if metadata, ok := document["metadata"].(map[string]any); ok {
		delete(metadata, "timestamp")
	}
	if text, err = json.MarshalIndent(document, "", "  "); err != nil {
		return nil, 0, err
	}
	return append(text, '\n'), len(components), complete(text, info)
}

// generate lets cyclonedx-gomod describe a program. It names the platform by its own environment, not by the program.
func (b builder) generate(ctx context.Context, program string, info *debug.BuildInfo) (map[string]any, error) {
	cmd := exec.CommandContext(ctx, b.generator, "bin", "-json", "-noserial", "-std", program)
	cmd.Env = os.Environ()
	for _, setting := range info.Settings {
		if setting.Key == "GOOS" || setting.Key == "GOARCH" {
			cmd.Env = append(cmd.Env, setting.Key+"="+setting.Value)
		}
	}
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, problems.String())
	}
	var document map[string]any
	return document, json.Unmarshal(out, &document)
}

// complete tells which modules of a program its document does not list.
func complete(text []byte, info *debug.BuildInfo) error {
	var document struct{ Components []component }
	if err := json.Unmarshal(text, &document); err != nil {
		return err
	}
	listed := map[string]bool{}
	for _, c := range document.Components {
		listed[c.Name+" "+c.Version] = true
	}
	var errs []error
	for _, module := range append([]*debug.Module{{Path: "std", Version: info.GoVersion}}, info.Deps...) {
		if module.Replace != nil {
			module = module.Replace
		}
		if !listed[module.Path+" "+module.Version] {
			errs = append(errs, fmt.Errorf("%s %s is not listed", module.Path, module.Version))
		}
	}
	return errors.Join(errs...)
}
