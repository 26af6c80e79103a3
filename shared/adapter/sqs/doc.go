// Package sqs sends to and receives from Amazon SQS.
//
// A queue whose URL ends in .fifo is a FIFO queue, as SQS itself has it. The
// group of a message is sent to both kinds: a standard queue uses it to be fair
// between tenants (fair queues, July 2025).
package sqs
