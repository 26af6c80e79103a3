package issuer

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const block = "RSA PRIVATE KEY"

func load(path string) (*rsa.PrivateKey, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return create(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the issuer's key: %w", err)
	}
	p, _ := pem.Decode(text)
	if p == nil || p.Type != block {
		return nil, fmt.Errorf("the issuer's key in %s is damaged; delete it and start again", path)
	}
	key, err := x509.ParsePKCS1PrivateKey(p.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the issuer's key in %s is damaged; delete it and start again: %w", path, err)
	}
	return key, nil
}

// create writes the key under another name first: a killed process leaves no half
// of one.
func create(path string) (*rsa.PrivateKey, error) {
	key, err := generate()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("keep the issuer's key: %w", err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: block, Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return nil, fmt.Errorf("keep the issuer's key: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return nil, fmt.Errorf("keep the issuer's key: %w", err)
	}
	return key, nil
}
