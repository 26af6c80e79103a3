package secretsmanager

import (
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/smithy-go"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// refused turns the failure of a call into a fault. Whatever is not a definite
// answer about this secret is Unavailable: reads may be repeated, and so may
// writes, for their version id makes them idempotent. The SDK's errors carry no
// secret, only what was wrong with the call.
func refused(err error) error {
	_, exists := errors.AsType[*types.ResourceExistsException](err)
	switch {
	case missing(err), condemned(err):
		return fault.New(fault.NotFound, "secret_not_found", "there is no such secret or version").Because(err)
	case exists:
		return fault.New(fault.Conflict, "secret_version_taken", "the version exists with another value").Because(err)
	case malformed(err):
		return fault.New(fault.Invalid, "secret_invalid", "the secret's name, version or size is not acceptable").Because(err)
	}
	return fault.New(fault.Unavailable, "secret_unavailable", "the secret store cannot be used").Because(err)
}

func missing(err error) bool {
	_, ok := errors.AsType[*types.ResourceNotFoundException](err)
	return ok
}

// condemned tells that the secret waits for its deletion, or that a deletion
// without recovery, which goes on for a while after it was answered, has not
// freed the name yet. Secrets Manager has no code of its own for that.
func condemned(err error) bool {
	invalid, ok := errors.AsType[*types.InvalidRequestException](err)
	if !ok {
		return false
	}
	message := invalid.ErrorMessage()
	return strings.Contains(message, "for deletion") || strings.Contains(message, "marked deleted")
}

func malformed(err error) bool {
	if _, ok := errors.AsType[*types.InvalidParameterException](err); ok {
		return true
	}
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == "ValidationException"
}
