package ashby

import (
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Codes of failures that are not Ashby's own words. Which kind they come with is
// Classify's to say: a lost answer is Unavailable for a read and Ambiguous for a
// write.
const (
	CodeNotSent        = "not_sent"             // no connection came about
	CodeTimeout        = "ashby_timeout"        // no complete answer in time, or 408
	CodeCancelled      = "call_cancelled"       // we gave up the call ourselves
	CodeConnectionLost = "connection_lost"      // reset or closed before an answer
	CodeAnswerCut      = "answer_cut"           // the body ended early
	CodeAnswerTooLarge = "answer_too_large"     // the body passed the limit
	CodeAnswerUnread   = "answer_unreadable"    // not JSON, no envelope, or not what the method promises
	CodeAshbyDown      = "ashby_unavailable"    // 5xx
	CodeUnexpected     = "ashby_odd_status"     // a status no HTTP client should see
	CodeRateLimited    = "rate_limited"         // the key's own limit
	CodePartnerLimited = "rate_limited_partner" // the limit on all of this integration's traffic
	CodeKeyMissing     = "key_missing"          // we have no key; nothing was sent
	CodeKeyRefused     = "key_refused"          // 401
	CodeForbidden      = "forbidden_unclear"    // 403 that does not say why: wrong key or missing permission
	CodeOurBugRedirect = "our_bug_redirect"     // 3xx: the base URL is wrong
	CodeOurBugPath     = "our_bug_path"         // 404, 405: the method is wrong
	CodeOurBugRequest  = "our_bug_request"      // 400, 413, 415 and other 4xx
	CodeUnknownMethod  = "unknown_method"       // not in the table of endpoints; nothing was sent
	CodeUnlawfulBody   = "unlawful_body"        // a body that we never send; nothing was sent
	CodeUnnamed        = "rejected_unnamed"     // success:false without a code

	prefixOurBug = "our_bug_"
)

// Codes of Ashby's that someone acts on. The first block is documented, the
// second seen in several independent clients.
const (
	CodePermission        = "missing_endpoint_permission"
	CodeInvalidInput      = "invalid_input"
	CodeSyncTokenExpired  = "sync_token_expired" //nolint:gosec // a name of Ashby's, no credential
	CodeSyncTokenInvalid  = "sync_token_invalid"
	CodeCursorExpired     = "next_cursor_expired"
	CodeCursorInvalid     = "invalid_next_cursor"
	codeRateLimit         = "rate_limit_exceeded"
	codeConcurrency       = "concurrent_limit_exceeded"
	CodeCandidateNotFound = "candidate_not_found"
	CodeWebhookNotFound   = "webhook_not_found"
	CodeIncrementTooLarge = "incremental_sync_too_large"
	CodeCursorInvalidOld  = "cursor_invalid"
)

// Codes and paths of the details that a fault of this package may list, for
// those who must act without knowing Ashby's vocabulary.
const (
	// PathPermission: the detail's Code is the permission that the key lacks, such
	// as candidatesWrite; its Message names the box to tick in Ashby.
	PathPermission = "permission"
	// PathAnswer: the detail's Code is one of the Detail constants below.
	PathAnswer = "answer"
	// DetailRefreshCatalogue: a tag, project, source, user, field or option may be
	// gone, or a value does not suit its field any more.
	DetailRefreshCatalogue = "refresh_catalogue"
	// DetailAlreadyExists: what should be made is there already.
	DetailAlreadyExists = "already_exists"
	// DetailRestartSync: the cursor or sync token is of no use; list from the start.
	DetailRestartSync = "restart_sync"
)

// restartSync are the codes whose one remedy is a full listing without cursor
// and token.
var restartSync = map[string]bool{
	CodeSyncTokenExpired: true, CodeSyncTokenInvalid: true, CodeCursorExpired: true, CodeCursorInvalid: true,
	CodeIncrementTooLarge: true, CodeCursorInvalidOld: true,
}

// catalogueCode reports whether a refusal can come from a stale view of the
// organisation's tags, projects, sources, users, fields or options. Ashby does
// not document these codes; <entity>_not_found is its documented pattern.
func catalogueCode(code string) bool {
	if code == CodeInvalidInput {
		return true
	}
	for _, entity := range []string{"tag", "project", "source", "user", "field", "option", "selectable_value"} {
		if strings.Contains(code, entity) {
			for _, end := range []string{"_not_found", "_archived", "_invalid", "_not_editable"} {
				if strings.HasSuffix(code, end) {
					return true
				}
			}
			if strings.HasPrefix(code, "invalid_") {
				return true
			}
		}
	}
	return false
}

// existsAlready recognises the refusals of webhook.create and
// candidate.addEmailMessage for what is there already. Their codes are not
// documented; "Duplicate webhook" has been seen as a message.
func existsAlready(method, code, text string) bool {
	if method != "webhook.create" && method != "candidate.addEmailMessage" {
		return false
	}
	said := strings.ToLower(code + " " + text)
	for _, word := range []string{"duplicate", "already exists", "already_exists", "must be unique", "not_unique", "already been taken"} {
		if strings.Contains(said, word) {
			return true
		}
	}
	return false
}

// OurBug reports whether Ashby refused the form of a request, which no customer
// can mend: it belongs in an alarm.
func OurBug(err error) bool {
	if err == nil {
		return false
	}
	f := fault.Of(err)
	return f.Kind() == fault.Internal || f.Kind() == fault.Rejected && strings.HasPrefix(f.Code(), prefixOurBug)
}

// RestartSync reports whether a listing must begin again without cursor and
// sync token.
func RestartSync(err error) bool { return hasDetail(err, DetailRestartSync) }

// AlreadyExists reports whether a write was refused because what it makes is
// there already, which for an email message or a webhook is as good as done.
func AlreadyExists(err error) bool { return hasDetail(err, DetailAlreadyExists) }

// RefreshCatalogue reports whether a refusal may come from a stale view of
// fields, options, tags, projects, sources or users.
func RefreshCatalogue(err error) bool { return hasDetail(err, DetailRefreshCatalogue) }

// MissingPermission gives the permission that the key lacks; empty when the error is of another kind.
func MissingPermission(err error) connection.Permission {
	if !fault.Is(err, fault.PermissionMissing) {
		return ""
	}
	for _, d := range fault.Of(err).Details() {
		if d.Path == PathPermission {
			return connection.Permission(d.Code)
		}
	}
	return ""
}

func hasDetail(err error, code string) bool {
	if err == nil {
		return false
	}
	for _, d := range fault.Of(err).Details() {
		if d.Path == PathAnswer && d.Code == code {
			return true
		}
	}
	return false
}
