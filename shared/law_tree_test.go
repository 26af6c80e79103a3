package shared_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// tree is the module's packages by folder, slash-separated from the module's root.
type tree map[string]*source

// source is one folder's Go files.
type source struct {
	dir   string
	files []file
}

// file is one parsed Go file and what the law asks about it.
type file struct {
	name    string
	lines   int
	test    bool
	imports []string
	syntax  *ast.File
}

// readTree parses every Go file of the module under root. It leaves out what the go command leaves out:
// testdata, folders that begin with a dot or an underscore, and nested modules.
func readTree(root fs.FS) (tree, error) {
	found := tree{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && outside(root, name):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go" || strings.HasPrefix(path.Base(name), "."):
			return nil
		}
		parsed, err := readFile(root, name)
		if err != nil {
			return err
		}
		dir := path.Dir(name)
		if found[dir] == nil {
			found[dir] = &source{dir: dir}
		}
		found[dir].files = append(found[dir].files, parsed)
		return nil
	})
	return found, err
}

func outside(root fs.FS, dir string) bool {
	if dir == "." {
		return false
	}
	base := path.Base(dir)
	if base == "testdata" || base == "node_modules" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := fs.Stat(root, path.Join(dir, "go.mod"))
	return err == nil
}

func readFile(root fs.FS, name string) (file, error) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return file{}, err
	}
	syntax, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return file{}, fmt.Errorf("parse: %w", err)
	}
	read := file{
		name:   path.Base(name),
		lines:  bytes.Count(text, []byte("\n")),
		test:   strings.HasSuffix(name, "_test.go"),
		syntax: syntax,
	}
	for _, spec := range syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return file{}, fmt.Errorf("import in %s: %w", name, err)
		}
		read.imports = append(read.imports, imported)
	}
	return read, nil
}

// topLevel lists what stands at the root and is neither a dotfile nor ignored by git.
func topLevel(root fs.FS) ([]string, error) {
	ignored, err := fs.ReadFile(root, ".gitignore")
	if err != nil {
		return nil, err
	}
	patterns := strings.Fields(string(ignored))
	entries, err := fs.ReadDir(root, ".")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		name := entry.Name()
		matches := func(pattern string) bool {
			ok, _ := path.Match(strings.Trim(pattern, "/"), name)
			return ok
		}
		if !strings.HasPrefix(name, ".") && !slices.ContainsFunc(patterns, matches) {
			names = append(names, name)
		}
	}
	return names, nil
}
