package main

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// nobodyKnown says what is missing, to whoever calls and in the log.
const nobodyKnown = "this deployment was not told whose tokens to believe; deploy it with the parameters JwtIssuer, JwtAudience and JwksUrl"

// nobody believes no token.
type nobody struct{}

// Verify refuses every token as Unauthenticated, "no_issuer".
func (nobody) Verify(context.Context, string) (caller.Caller, error) {
	return caller.Caller{}, fault.New(fault.Unauthenticated, "no_issuer", nobodyKnown)
}
