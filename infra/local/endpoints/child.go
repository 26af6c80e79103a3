package endpoints

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/tether"
)

const (
	readyWithin = 60 * time.Second // a cold Python on a busy machine needs many
	readyEvery  = 20 * time.Millisecond
	stopWithin  = 3 * time.Second // then it is killed
)

// child is a server process of ours.
type child struct {
	url     string
	output  *lastBytes
	process *tether.Process
}

// startChild starts the server and waits until it answers.
func startChild(ctx context.Context, cmd *exec.Cmd, url, path string) (*child, error) {
	c := &child{url: url, output: &lastBytes{}}
	cmd.Stdout, cmd.Stderr = c.output, c.output
	var err error
	if c.process, err = tether.Start(cmd, nil); err != nil {
		return nil, err
	}
	if err := c.ready(ctx, url+path); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

// ready polls until the server answers anything at all.
func (c *child) ready(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	tick := time.NewTicker(readyEvery)
	defer tick.Stop()
	for {
		if answers(ctx, url) {
			return nil
		}
		select {
		case <-c.process.Ended():
			return fmt.Errorf("it ended before it was ready:\n%s", c.output)
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("it does not answer:\n%s", c.output), ctx.Err())
		case <-tick.C:
		}
	}
}

func answers(ctx context.Context, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return true
}

// stop ends the process and waits for its end.
func (c *child) stop() { c.process.Stop(stopWithin) }

// lastBytes keeps the end of what a process prints.
type lastBytes struct {
	mu   sync.Mutex
	kept []byte
}

func (l *lastBytes) Write(p []byte) (int, error) {
	const most = 8 << 10
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, p...)
	l.kept = l.kept[max(0, len(l.kept)-most):]
	return len(p), nil
}

func (l *lastBytes) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return tail(l.kept)
}
