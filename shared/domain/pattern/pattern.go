// Package pattern makes regular expressions when they are first used: to compile all
// of ours takes a third of what a function may take to start, and most processes
// never need most of them.
package pattern

import (
	"regexp"
	"sync"
)

// Late gives an expression that is compiled at its first use, and panics then if it
// cannot be.
func Late(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
