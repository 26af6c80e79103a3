package sqs

import (
	"errors"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// What SQS says for each kind of refusal; the AWS.SimpleQueueService. prefix of
// the older protocol is cut off before. Source: the errors of SendMessageBatch,
// DeleteMessageBatch and ChangeMessageVisibilityBatch in the SQS API reference
// and its common errors.
var (
	tooLarge = []string{"BatchRequestTooLong", "MessageTooLong"}
	stale    = []string{"ReceiptHandleIsInvalid", "MessageNotInflight"}
	invalid  = []string{
		"InvalidMessageContents", "InvalidParameterValue", "InvalidParameterCombination", "MissingParameter",
		"InvalidAttributeValue", "InvalidAttributeName", "UnsupportedOperation", "ValidationError",
	}
	busy = []string{"RequestThrottled", "Throttling", "ThrottlingException", "TooManyRequestsException", "KmsThrottled", "OverLimit"}
)

// refused turns SQS's refusal of an entry or of a call into a fault. All that is
// not surely the fault of what we sent is Unavailable: a wrong permission or a
// missing queue is mended by the operator, and then the same call goes through.
func refused(code string, senderFault bool, cause error) error {
	code = code[strings.LastIndexByte(code, '.')+1:]
	is := func(codes []string) bool { return slices.Contains(codes, code) }
	switch {
	case is(tooLarge):
		return fault.New(fault.TooLarge, "message_too_large", "the queue takes no message of this size").Because(cause)
	case is(stale), senderFault && code == "InvalidParameterValue" && strings.Contains(cause.Error(), "eceipt"):
		return fault.New(fault.Conflict, "receipt_stale", "the message was given to another receiver meanwhile").Because(cause)
	case senderFault && is(invalid):
		return fault.New(fault.Invalid, "message_invalid", "the queue does not take this message").Because(cause)
	case is(busy):
		return fault.New(fault.Unavailable, "queue_unavailable", "the queue is throttled").Because(cause)
	}
	return fault.New(fault.Unavailable, "queue_unavailable", "the queue cannot be used").Because(cause)
}

// failed turns the failure of a whole call into a fault.
func failed(err error) error {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return refused(api.ErrorCode(), api.ErrorFault() != smithy.FaultServer, err)
	}
	return refused("", false, err)
}
