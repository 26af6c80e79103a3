// Command envelope prints a sample as the API Gateway event that brings it,
// signed now: a signature holds for five minutes.
//
//	go run ./infra/events/envelope requests/email_reply.json | sam local invoke IntakeFunction -e -
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/events"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: envelope requests/<name>.json | hooks/<name>.json")
		os.Exit(2)
	}
	if err := run(os.Args[1], time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(name string, now time.Time) error {
	sample, err := events.Sample(name, now)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(sample)
}
