// Package ashbyspec checks requests and answers against Ashby's own OpenAPI
// 3.1 description (testdata/openapi.yaml beside the client). Tests use it to
// hold two things to the same word: the client's requests and the answers of
// the Ashby that package ashbytest runs. It is imported from tests only.
//
// The check follows the description, and is stricter in two places:
//
//   - the description lets an answer be "success or error" without saying which
//     is which; here success:true must satisfy the success alternative (with
//     its results) and success:false the error alternative;
//   - a request must not carry a key that the description does not name. Ashby
//     drops such keys in silence, so a misspelt one would look like success.
//
// It is laxer only where [Exceptions] says so: each exception has a name, a
// reason and what it tolerates, and a test shows that each is needed.
package ashbyspec
