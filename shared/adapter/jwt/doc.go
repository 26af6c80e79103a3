// Package jwt tells who calls from a bearer token: RS256 only, with keys from a
// JWKS address, for one issuer and one audience.
//
// Claims: sub (the user), team, role (viewer, member or super), admin (boolean),
// exp, and nbf if there is one. The algorithm is ours to choose, never the
// token's; a key is found by the token's kid among those of the issuer, and
// nothing else in the token's header (jwk, jku, x5u, …) is looked at.
package jwt
