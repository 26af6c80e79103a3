// Package dynamodb keeps tables in DynamoDB.
//
// A row has these attributes:
//
//	pk     S  partition key
//	sk     S  sort key
//	doc    S  the document, JSON
//	tok    S  token of the write that made this revision
//	expms  N  expiry in milliseconds since 1970, what reads and conditions go by; absent: never
//	exp    N  expiry in seconds, rounded up: DynamoDB's TTL attribute, which only tidies up
//
// Every read is strongly consistent. Every refusal brings the row that stood in
// the way (ReturnValuesOnConditionCheckFailure).
//
// What surely was not applied is tried again here, with jitter and an end;
// reads too, whatever became of them. A write whose answer was lost is never
// repeated here: it comes back as Ambiguous, and table.Put and table.Transact
// repeat it with its token. The SDK's own retries are off (Client), yet they
// would do no harm: a write refused by its own earlier success meets its own
// token.
package dynamodb
