// Package intakehttp is intake's HTTP surface: the routes of our webhooks, what
// they answer, and one log line for each request.
//
//	POST /v1/events                      signed events of SourceWhale
//	POST /v1/hooks/sourcewhale/{token}   SourceWhale's thin hooks
//	POST /v1/hooks/ashby/{token}         Ashby's hooks
//
// 202 says that the queue has what was accepted. On faults of ours the answer is
// 5xx: Ashby repeats after those, but never after 401, 403, 404, 405 or 410, so
// 401 is kept for a token or signature that is really wrong.
package intakehttp
