package queue

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// MaxDelay is the longest delay of a message.
const MaxDelay = 15 * time.Minute

const maxIDBytes = 128 // of a group and of a deduplication id

// Check judges messages before the first of them is sent: TooLarge for a body
// beyond MaxMessageBytes, Invalid for what SQS refuses (an empty body, characters
// outside of XML 1.0, a FIFO message without group or deduplication id or with a
// delay of its own). Adapters begin Send with it. Errors name the message by its
// position and never repeat what is in it.
func Check(fifo bool, messages ...Message) error {
	for i, m := range messages {
		if len(m.Body) > MaxMessageBytes {
			return fault.New(fault.TooLarge, "message_too_large",
				fmt.Sprintf("message %d has %d bytes, more than %d", i, len(m.Body), MaxMessageBytes))
		}
		if complaint := wrong(fifo, m); complaint != "" {
			return fault.New(fault.Invalid, "message_invalid", fmt.Sprintf("message %d %s", i, complaint))
		}
	}
	return nil
}

func wrong(fifo bool, m Message) string {
	switch {
	case m.Body == "":
		return "has no body"
	case !utf8.ValidString(m.Body) || !legible(m.Body):
		return "has characters that a queue does not carry"
	case m.Delay < 0 || m.Delay > MaxDelay:
		return "has a delay out of range"
	case m.Group != "" && !identifier(m.Group):
		return "has a group that is too long or not printable ASCII"
	case !fifo:
		return ""
	case m.Group == "":
		return "has no group"
	case !identifier(m.Dedup):
		return "has no usable deduplication id"
	case m.Delay != 0:
		return "has a delay, which a FIFO queue does not know"
	}
	return ""
}

// legible tells the characters that SQS documents for SendMessage.
func legible(body string) bool {
	for _, r := range body {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return false
		}
	}
	return true
}

// identifier tells SQS's alphabet for groups and deduplication ids: letters,
// digits and ASCII punctuation.
func identifier(id string) bool {
	for _, b := range []byte(id) {
		if b <= ' ' || b > '~' {
			return false
		}
	}
	return id != "" && len(id) <= maxIDBytes
}
