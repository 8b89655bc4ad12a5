package acceptance

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// Terraform interrupts a provider with the StopProvider call, and then waits
// for what is under way to return.

func stop(t *testing.T, p *protocol) {
	t.Helper()
	resp, err := p.StopProvider(context.Background(), &tfprotov6.StopProviderRequest{})
	if err != nil || resp.Error != "" {
		t.Errorf("stopping: %v, %v", resp, err)
	}
}

func TestStopEndsEverythingAtOnceWhateverIsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault    devintest.Fault
		settings object
	}{
		"for an answer":         {devintest.Fault{Hang: true}, nil},
		"for a second answer":   {devintest.Fault{Hang: true, Skip: 1}, nil},
		"for the rest of it":    {devintest.Fault{Drip: time.Hour}, nil},
		"for the rest of a 503": {devintest.Fault{Status: 503, Drip: time.Hour}, nil},
		"to try again":          {devintest.Fault{Status: 503}, nil},
		"out a pause":           {devintest.Fault{Status: 429, RetryAfter: "60"}, nil},
		"for the rate to allow": {devintest.Fault{Delay: time.Hour}, object{"requests_per_second": 0.001}},
		"for a free connection": {devintest.Fault{Hang: true}, object{"max_concurrent_requests": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, s := range subjects() {
				t.Run(s.name, func(t *testing.T) {
					inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
						b.Fault("*", tt.fault)
						p := b.configured(t, tt.settings)
						came := make(chan []*tfprotov6.Diagnostic, 1)
						go func() { came <- s.ask(t, b.Server, p) }()
						synctest.Wait() // until nothing moves
						if tt.fault.Skip == 0 && len(came) > 0 {
							t.Fatal("the read is over already")
						}
						before, asked := time.Now(), len(b.Requests())
						stop(t, p)
						diags := <-came
						if took := time.Since(before); took > 0 {
							t.Errorf("it went on for %s", took)
						}
						// A subject with a single request may be done by the second.
						if interrupted := len(diags) == 1 && diags[0].Summary == "Interrupted"; !interrupted && (tt.fault.Skip == 0 || len(diags) > 0) {
							t.Errorf("it says: %s", providertest.Messages(diags))
						}
						synctest.Wait()
						if n := b.InFlight(); n > 0 {
							t.Errorf("%d requests are still under way", n)
						}
						if n := len(b.Requests()) - asked; n > 0 {
							t.Errorf("%d requests were sent after the stop", n)
						}
					})
				})
			}
		})
	}
}

func TestStopOfAFanOutOverRealConnectionsLeavesNothing(t *testing.T) {
	// Not parallel: it counts the goroutines of the process.
	settle := goroutines(t)
	t.Run("read", func(t *testing.T) {
		fake := newMatrixFake(t)
		full := make(chan struct{}, 1000)
		fake.Fault(userPath, devintest.Fault{Hang: true, When: func(*http.Request) bool {
			full <- struct{}{}
			return true
		}})
		server := serveHTTP(t, fake)
		// Nothing but the stop ends a request before a day is over.
		p := configuredProtocol(t, newProvider(nil, nil), server.URL, object{"request_timeout": "24h"})
		came := make(chan []*tfprotov6.Diagnostic, 1)
		subject := readingOfMembers()
		go func() { came <- subject.ask(t, fake, p) }()
		for range 16 {
			<-full
		}
		stop(t, p)
		diags := <-came
		if len(diags) != 1 || diags[0].Summary != "Interrupted" {
			t.Errorf("it says: %s", providertest.Messages(diags))
		}
		if n := len(full); n > 0 {
			t.Errorf("%d requests were sent after the stop", n)
		}
	})
	settle()
}

// goroutines waits, when what it returns is called, until only as many
// goroutines run as do now. The runtime tells no better than by asking again.
func goroutines(t *testing.T) (settle func()) {
	t.Helper()
	before := runtime.NumGoroutine()
	return func() {
		t.Helper()
		deadline := time.Now().Add(10 * time.Second)
		for runtime.NumGoroutine() > before {
			if time.Now().After(deadline) {
				stacks := make([]byte, 1<<20)
				stacks = stacks[:runtime.Stack(stacks, true)]
				t.Fatalf("%d goroutines more than before:\n%s", runtime.NumGoroutine()-before, strings.TrimSpace(string(stacks)))
			}
			runtime.Gosched()
		}
	}
}
