package dynamodb

import (
	"errors"
	"net"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	smithy "github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// effect is what a call could have done.
type effect uint8

const (
	reads effect = iota
	writes
)

// verdict is what a failed call means.
type verdict struct {
	err   *fault.Error
	again bool // worth another try at once: not applied, and it passes
}

// judge turns DynamoDB's refusal, or what happened on the way to it, into a
// fault. Conditions that did not hold are not failures and are told apart before.
// Sent says that the request was handed to the network.
//
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
func judge(do effect, sent bool, err error) verdict {
	code, message, status := answered(err)
	switch {
	case passes(code):
		return verdict{unavailable("store_throttled", err), true}
	case code == "ValidationException" && strings.Contains(message, "size"):
		return verdict{fault.New(fault.TooLarge, "row_too_large", "the row is too large to be stored").Because(err), false}
	case code == "ValidationException" || code == "SerializationException":
		return verdict{fault.New(fault.Internal, "store_misused", "something went wrong on our side").Because(err), false}
	case code == "TransactionInProgressException":
		return verdict{ambiguous(err), false} // the SDK repeated a request that is still being worked at
	case status >= 400 && status < 500:
		return verdict{unavailable("store_refused", err), false} // rights, credentials, no such table
	case !sent || status == 0 && notConnected(err):
		return verdict{unavailable("store_unreachable", err), true}
	case do == reads:
		return verdict{unavailable("store_unavailable", err), true}
	}
	return verdict{ambiguous(err), false}
}

func ambiguous(err error) *fault.Error {
	return fault.New(fault.Ambiguous, "store_ambiguous", "the write may not have been stored").Because(err)
}

func unavailable(code string, err error) *fault.Error {
	return fault.New(fault.Unavailable, code, "the store cannot be reached").Because(err)
}

// answered reads the answer's code, message and status; empty where none came.
func answered(err error) (code, message string, status int) {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		code, message = api.ErrorCode(), api.ErrorMessage()
	}
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		code, message = reasonOf(cancelled)
	}
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		status = response.HTTPStatusCode()
	}
	return code, message, status
}

// reasonOf is why a transaction was cancelled, apart from its conditions: for
// good, if any of its writes is impossible, else for now.
func reasonOf(cancelled *types.TransactionCanceledException) (code, message string) {
	code, message = cancelled.ErrorCode(), cancelled.ErrorMessage()
	for _, reason := range cancelled.CancellationReasons {
		switch why := aws.ToString(reason.Code); {
		case why == "ValidationError":
			return "ValidationException", aws.ToString(reason.Message)
		case passes(why):
			code = why
		}
	}
	return code, message
}

// passes knows the codes, of answers and of cancellation reasons, that say
// "not now": nothing was applied, and soon it can be.
func passes(code string) bool {
	switch code {
	case "ProvisionedThroughputExceededException", "ProvisionedThroughputExceeded",
		"ThrottlingException", "Throttling", "ThrottlingError", "RequestLimitExceeded", "LimitExceededException",
		"TransactionConflictException", "TransactionConflict", "ReplicatedWriteConflictException":
		return true
	}
	return false
}

// notConnected knows failures from before there was a connection.
func notConnected(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return true
	}
	_, ok := errors.AsType[*net.DNSError](err)
	return ok
}
