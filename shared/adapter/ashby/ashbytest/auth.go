package ashbytest

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
)

// The permissions a key can have, by the names that Ashby's endpoint pages use.
const (
	CandidatesRead             = "candidatesRead"
	CandidatesWrite            = "candidatesWrite"
	HiringProcessMetadataRead  = "hiringProcessMetadataRead"
	HiringProcessMetadataWrite = "hiringProcessMetadataWrite"
	OrganizationRead           = "organizationRead"
	JobsRead                   = "jobsRead"
	APIKeysRead                = "apiKeysRead"
	APIKeysWrite               = "apiKeysWrite"
)

// AllScopes is every permission known here.
func AllScopes() []string {
	return []string{
		CandidatesRead, CandidatesWrite, HiringProcessMetadataRead, HiringProcessMetadataWrite,
		OrganizationRead, JobsRead, APIKeysRead, APIKeysWrite,
	}
}

// published spells a permission as apiKey.info does: "candidatesRead" is
// "candidates:read".
func published(scope string) string {
	for _, verb := range []string{"Read", "Write"} {
		if module, ok := strings.CutSuffix(scope, verb); ok {
			return module + ":" + strings.ToLower(verb)
		}
	}
	return scope
}

// authenticate finds the key of a request: HTTP Basic with the key as the user
// and an empty password. No credentials at all are 401; a wrong or disabled key
// is 403.
func (a *Ashby) authenticate(header http.Header) (*Key, *failure) {
	encoded, ok := strings.CutPrefix(header.Get("Authorization"), "Basic ")
	if !ok {
		return nil, &failure{status: http.StatusUnauthorized, code: "unauthorized", message: "No API key was provided"}
	}
	pair, err := base64.StdEncoding.DecodeString(encoded)
	secret, password, _ := strings.Cut(string(pair), ":")
	key := a.store.secrets[secret]
	if err != nil || password != "" || key == nil || key.Disabled {
		return nil, &failure{status: http.StatusForbidden, code: "invalid_api_key", message: "The API key is invalid or was deactivated"}
	}
	return key, nil
}

// permit checks the endpoint's permission.
func (a *Ashby) permit(key *Key, permission string) *failure {
	if slices.Contains(key.Scopes, permission) {
		return nil
	}
	return &failure{
		status:  http.StatusForbidden,
		code:    "missing_endpoint_permission",
		message: "The API key lacks the " + permission + " permission",
		shape:   a.modes.ForbiddenShape,
	}
}

func apiKeyInfo(c *call) (any, *failure) {
	scopes := []string{}
	for _, scope := range c.key.Scopes {
		scopes = append(scopes, published(scope))
	}
	return struct {
		Title     string   `json:"title"`
		CreatedAt string   `json:"createdAt"`
		Scopes    []string `json:"scopes"`
	}{c.key.Title, stamp(c.key.CreatedAt), scopes}, nil
}
