// Package ashbytest is an Ashby that runs: a simulator of the part of Ashby's
// API that this project uses, with faults on demand. Ashby has no sandbox.
//
// It answers the endpoints of apiKey, candidate, candidateTag, customField,
// source, user, project and webhook over HTTP ([Ashby.ServeHTTP]) or in memory
// ([Ashby.Transport]), and sends signed, retried webhooks for deletions and
// merges. What Ashby documents it follows; its answers are held to Ashby's own
// OpenAPI description. Where Ashby is silent a guess is a switch ([Modes]), so
// that tests can try the other answer. Failure is on demand too ([Fault]):
// broken connections, lost answers with and without the write, late writes,
// bursts of 503s, cut bodies, rate limits of three kinds.
//
// Time and randomness come from [Config]: with a simulated clock, or inside
// testing/synctest, runs are repeatable. A call that has arrived is served to
// its end even if its caller gives up, as on a real server.
//
// # Keys
//
// A key belongs to one organisation and has permissions and two switches, for
// confidential people and for private fields. [Ashby.Seed] makes the keys
// sim_local_key_0000000000000001 (everything), …2 (candidates and reading
// metadata only), …3 (disabled), …4 (another organisation) and …5 (everything,
// to rotate to).
//
// # State
//
// With [Open], state and call log live in one append-only file, a JSON object
// per line, written before the answer: a killed process loses nothing that it
// acknowledged. Faults, rate limits and calls in flight are not kept.
//
// # Control
//
// Under /_sim/ there is JSON without authentication, for tests and for people.
// A wrong request is a 400 with {"error": "..."} and changes nothing.
//
//	GET    /_sim/health            {"ok":true}
//	POST   /_sim/reset             empty everything; {"seed":true,"candidates":25} seeds anew
//	POST   /_sim/seed              {"candidates":25}: two organisations with data and keys ([Seeded])
//	GET    /_sim/state?org=ID      everything held, keys cut to their last four ([State] list)
//	GET    /_sim/stats             calls by endpoint, status, code, fault ([Stats])
//	GET    /_sim/calls             the call log ([Call] list), oldest first; filters: endpoint,
//	                               candidate, org, key (id), status, applied=true|false,
//	                               after (seq), limit
//	GET    /_sim/modes             the switches ([Modes])
//	PATCH  /_sim/modes             change some, such as {"shape":"objects","latencyMs":150,
//	                               "limit":{"kind":"bucket","calls":100,"perMs":60000}}
//	GET    /_sim/faults            the rules in force and what they did ([Fault] list)
//	POST   /_sim/faults            add one, such as {"kind":"lost-after",
//	                               "endpoints":["candidate.createNote"],"count":1}; its id
//	PUT    /_sim/faults            a list, in the place of all
//	DELETE /_sim/faults            clear all; /_sim/faults/ID clears one
//	POST   /_sim/orgs              {"name":"..."}; its id
//	POST   /_sim/keys              {"org":ID,"title":"...","scopes":["candidatesRead"],
//	                               "private":true,"confidential":false}; the key, its secret shown
//	PATCH  /_sim/keys/KEY          by id or secret: scopes, private, confidential, disabled, title
//	POST   /_sim/candidates        a [Candidate] made in Ashby's own pages; its id
//	POST   /_sim/edit              {"candidate":ID,"set":{"company":"..."},"values":{FIELD:VALUE}},
//	                               as a recruiter would; set is laid over the [Candidate]
//	POST   /_sim/merge             {"from":ID,"into":ID}; sends candidateMerge
//	POST   /_sim/delete            {"candidate":ID}; sends candidateDelete
//	POST   /_sim/archive-field     {"field":ID,"archived":true}
//	POST   /_sim/change-field      {"field":ID,"set":{"fieldType":"Date"}}; set is laid over the [Field]
package ashbytest
