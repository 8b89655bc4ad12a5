//go:build unix

package acceptance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// processorTime is what the process has used of all processors. The garbage
// collector's part is in it, and what else the machine does is not.
func processorTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// canned answers from memory what it has once asked the fake for.
type canned struct {
	mu      sync.Mutex
	answers map[string][]byte // by request URI
}

func (c *canned) RoundTrip(r *http.Request) (*http.Response, error) {
	uri := r.URL.RequestURI()
	c.mu.Lock()
	body, ok := c.answers[uri]
	c.mu.Unlock()
	if !ok {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		body, err = io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			return nil, errors.Join(err, fmt.Errorf("%s is answered with %s", uri, resp.Status))
		}
		c.mu.Lock()
		c.answers[uri] = body
		c.mu.Unlock()
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(body)), Request: r,
	}, nil
}

// client is one that has read nothing yet.
func (c *canned) client(b *testing.B, base string) *devin.Client {
	b.Helper()
	key, keyErr := devin.ParseKey(devintest.KeyOK)
	address, urlErr := devin.ParseBaseURL(base)
	client, err := devin.New(devin.Config{API: devin.API{Key: key, BaseURL: address, Transport: c}})
	if err := errors.Join(keyErr, urlErr, err); err != nil {
		b.Fatal(err)
	}
	return client
}

// What the client itself takes of the processors, with nothing else in the way.
func BenchmarkProcessorTime(b *testing.B) {
	ctx := b.Context()
	b.Run("members", func(b *testing.B) {
		fake, answers := benchFixture(b, 50_000, 0), &canned{answers: map[string][]byte{}}
		comparison{
			name: "50,000 members, both lists from memory, processor time, against a plain pager", target: 1, clock: processorTime,
			baseline: func() {
				if _, err := plainMembersOver(ctx, &http.Client{Transport: answers}, fake.URL, 200); err != nil {
					b.Fatal(err)
				}
			},
			ours: func() {
				if members, err := answers.client(b, fake.URL).Members(ctx, devin.MemberFilter{}); err != nil || len(members) != 50_000 {
					b.Fatal(len(members), err)
				}
			},
		}.run(b)
	})
	b.Run("consumption", func(b *testing.B) {
		fake, answers := benchFixture(b, 1000, 0), &canned{answers: map[string][]byte{}}
		w := providertest.Days(b, "2026-10-01", "2026-10-30")
		var ids []string
		for _, m := range fake.Members() {
			ids = append(ids, m.UserID)
		}
		comparison{
			name: "1,000 users x 30 days from memory, processor time, against a plain pager and a bare loop", target: 1, clock: processorTime,
			baseline: func() {
				client := &http.Client{Transport: answers}
				if _, err := plainMembersOver(ctx, client, fake.URL, 200); err != nil { // ours reads the lists, too
					b.Fatal(err)
				}
				if err := plainUsersOver(ctx, client, fake.URL, "users", ids, w, devin.DefaultMaxConcurrentRequests); err != nil {
					b.Fatal(err)
				}
			},
			ours: func() {
				client := answers.client(b, fake.URL)
				report, err := devin.ReadUsers(ctx, client, devin.Selection{}, func(ctx context.Context, id string) (*devin.Consumption, error) {
					return client.UserDailyConsumption(ctx, id, w)
				})
				if err != nil || len(report.Readings) != len(ids) {
					b.Fatal(err)
				}
			},
		}.run(b)
	})
}
