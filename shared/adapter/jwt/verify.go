package jwt

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

const (
	maxToken = 8 << 10 // bytes; API Gateway passes no more than 10 KB of headers
	leeway   = 30 * time.Second
)

// Config of a verifier. All are required but HTTP.
type Config struct {
	JWKS     string // address of the issuer's keys
	Issuer   string
	Audience string
	HTTP     http.RoundTripper // nil: a transport of its own
	Now      func() time.Time
}

// Verifier verifies tokens. Many goroutines may use it at once.
type Verifier struct {
	keys   *keySet
	parser *jwt.Parser
}

// New makes a verifier. It fetches nothing yet.
func New(c Config) (*Verifier, error) {
	var err error
	for name, value := range map[string]string{"address of the keys": c.JWKS, "issuer": c.Issuer, "audience": c.Audience} {
		if value == "" {
			err = errors.Join(err, errors.New("the "+name+" of tokens is missing"))
		}
	}
	if c.Now == nil {
		err = errors.Join(err, errors.New("the clock is missing"))
	}
	if err != nil {
		return nil, err
	}
	return &Verifier{
		keys: newKeySet(c.JWKS, c.HTTP, c.Now),
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), jwt.WithIssuer(c.Issuer), jwt.WithAudience(c.Audience),
			jwt.WithExpirationRequired(), jwt.WithLeeway(leeway), jwt.WithTimeFunc(c.Now), jwt.WithStrictDecoding(),
		),
	}, nil
}

// claims as they travel.
type claims struct {
	jwt.RegisteredClaims
	Team  string `json:"team"`
	Role  string `json:"role"`
	Admin bool   `json:"admin"`
}

// Verify gives the caller that the token speaks for. Errors are Unauthenticated
// ("token_missing", "token_expired", "token_invalid"), and Unavailable when the
// issuer's keys were never to be had.
func (v *Verifier) Verify(ctx context.Context, token string) (caller.Caller, error) {
	switch {
	case token == "":
		return caller.Caller{}, fault.New(fault.Unauthenticated, "token_missing", "sign in: the request bears no token")
	case len(token) > maxToken:
		return caller.Caller{}, invalid(errors.New("the token is too long"))
	}
	var c claims
	_, err := v.parser.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) { return v.key(ctx, t) })
	switch {
	case fault.Is(err, fault.Unavailable):
		return caller.Caller{}, err
	case errors.Is(err, jwt.ErrTokenExpired):
		return caller.Caller{}, fault.New(fault.Unauthenticated, "token_expired", "sign in again: the token has expired").Because(err)
	case err != nil:
		return caller.Caller{}, invalid(err)
	}
	who, err := caller.New(c.Team, c.Subject, caller.Role(c.Role), c.Admin)
	if err != nil {
		return caller.Caller{}, invalid(err)
	}
	return who, nil
}

func (v *Verifier) key(ctx context.Context, t *jwt.Token) (any, error) {
	if _, ok := t.Header["crit"]; ok { // extensions that must be understood; we understand none
		return nil, errors.New("the token has critical extensions")
	}
	kid, ok := t.Header["kid"].(string)
	if !ok || kid == "" {
		return nil, errors.New("the token names no key")
	}
	return v.keys.find(ctx, kid)
}

func invalid(cause error) error {
	return fault.New(fault.Unauthenticated, "token_invalid", "sign in again: the token is not valid here").Because(cause)
}
