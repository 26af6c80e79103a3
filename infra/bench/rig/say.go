package rig

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Figure is one measured number.
type Figure struct {
	Name  string // what, by section: "trace/calls_per_event"
	Value float64
	Unit  string
}

// mark is how a figure's line begins, so that it is found in a test's output.
const mark = "FIGURE "

// Say gives a figure as a line for a test to log.
func Say(name string, value float64, unit string) string {
	text, _ := json.Marshal(Figure{name, value, unit}) // of strings and a number
	return mark + string(text)
}

// Heard reads a line that Say made.
func Heard(line string) (f Figure, ok bool) {
	_, rest, ok := strings.Cut(line, mark)
	return f, ok && json.Unmarshal([]byte(rest), &f) == nil
}

// Price of a million of something, in dollars.
type Price float64

// List prices in us-east-1 as published in 2025, without free tiers and discounts.
const (
	HTTPRequest   Price = 1.00    // API Gateway HTTP API, up to 512 KB (aws.amazon.com/api-gateway/pricing)
	LambdaRequest Price = 0.20    // an invocation (aws.amazon.com/lambda/pricing)
	LambdaSecond  Price = 6.66667 // a second of 512 MB on arm64: 0.5 GB × $0.0000133334
	QueueRequest  Price = 0.40    // standard SQS, for each begun 64 KB (aws.amazon.com/sqs/pricing)
	FIFORequest   Price = 0.50
	WriteUnit     Price = 0.625 // DynamoDB on demand, since November 2024 (aws.amazon.com/dynamodb/pricing/on-demand)
	ReadUnit      Price = 0.125
	SecretRead    Price = 5.00 // $0.05 for 10,000 calls (aws.amazon.com/secrets-manager/pricing)
)

// For is what so many cost, in dollars.
func (p Price) For(n float64) float64 { return n * float64(p) / 1e6 }

// Dollars writes an amount.
func Dollars(d float64) string { return fmt.Sprintf("$%.2f", d) }
