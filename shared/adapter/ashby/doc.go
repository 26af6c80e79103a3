// Package ashby talks to Ashby's public API.
//
// There is one way to call it: Account.Do sends a body to a method and judges
// the answer; the typed methods (Candidate, CreateNote, ...) are the same call
// with a body built and a result read for the caller. Which methods exist,
// which of them write, what each needs and promises is one table (endpoint.go).
//
//	client, err := ashby.New(ashby.Config{BaseURL: "https://api.ashbyhq.com", Log: log})
//	account := client.With(key)
//	answer, err := account.Candidate(ctx, id)
//
// Ashby says "no" with HTTP 200 and success:false, in three shapes; it has no
// idempotency key; and a lost answer does not mean a lost write. So every
// failure becomes a fault of one kind, by one function (Classify) that follows
// the table of answers row by row:
//
//	 1  not sent (DNS, refused, TLS)                 Unavailable, even for a write
//	 2  a read that fails in any way but those below Unavailable
//	 3  429                                          Throttled
//	 4  401                                          KeyRefused
//	 5  403 missing_endpoint_permission              PermissionMissing
//	 6  other 403                                    KeyRefused, code forbidden_unclear: Probe decides
//	 7  3xx, other 4xx but 408                       Rejected, code our_bug_*: alarms
//	 8  success:true                                 no error
//	 9  success:false, candidate_not_found           Rejected
//	10  success:false, something of the catalogue    Rejected, with a detail refresh_catalogue
//	11  success:false, any other code                Rejected, Ashby's code verbatim
//	12  anything else on a write                     Ambiguous
//
// Nothing is retried in here, redirects are never followed, and a request never
// carries an Idempotency-Key, because net/http replays a POST that does.
package ashby
