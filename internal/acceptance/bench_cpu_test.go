//go:build unix

package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

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

func (c *canned) get(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+devintest.KeyOK)
	resp, err := (&http.Client{Transport: c}).Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// pages gives both lists of members page by page.
func (c *canned) pages(ctx context.Context, base string) func() ([]byte, error) {
	lists, after := []string{"users", "idp-users"}, ""
	return func() ([]byte, error) {
		if len(lists) == 0 {
			return nil, nil
		}
		query := url.Values{"first": {"200"}}
		if after != "" {
			query.Set("after", after)
		}
		body, err := c.get(ctx, base+"/v3/enterprise/members/"+lists[0]+"?"+query.Encode())
		if err != nil {
			return nil, err
		}
		// Only what follows the items is decoded here, which costs next to nothing.
		var end struct {
			EndCursor string `json:"end_cursor"`
			More      bool   `json:"has_next_page"`
		}
		tail := body[bytes.LastIndex(body, []byte(`]`))+1:]
		if err := json.Unmarshal(append([]byte("{"), bytes.TrimLeft(tail, ", \n")...), &end); err != nil {
			return nil, err
		}
		if after = end.EndCursor; !end.More {
			lists, after = lists[1:], ""
		}
		return body, nil
	}
}

// What the client itself takes of the processors, with nothing else in the way.
func BenchmarkProcessorTime(b *testing.B) {
	ctx := b.Context()
	b.Run("members", func(b *testing.B) {
		fake, answers := benchFixture(b, 50_000, 0), &canned{answers: map[string][]byte{}}
		comparison{
			name: "50,000 members, both lists from memory, processor time, against the client of the previous version", target: 0.5, clock: processorTime,
			baseline: func() {
				if people, err := previousMembers(answers.pages(ctx, fake.URL)); err != nil || len(people) != 50_000 {
					b.Fatal(len(people), err)
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
		query := url.Values{"time_after": {fmt.Sprint(w.Start.Start().Unix())}, "time_before": {fmt.Sprint((w.End + 1).Start().Unix())}}.Encode()
		comparison{
			name: "1,000 users x 30 days from memory, processor time, against the client of the previous version", target: 0.65, clock: processorTime,
			baseline: func() {
				if _, err := previousMembers(answers.pages(ctx, fake.URL)); err != nil { // it went over the lists, too
					b.Fatal(err)
				}
				read := make([]*previousConsumption, len(ids))
				group, ctx := errgroup.WithContext(ctx)
				group.SetLimit(2*devin.DefaultMaxConcurrentRequests + 1)
				for i, id := range ids {
					group.Go(func() error {
						body, err := answers.get(ctx, fake.URL+"/v3/enterprise/consumption/daily/users/"+url.PathEscape(id)+"?"+query)
						if err == nil {
							read[i], err = decodePreviousConsumption(body)
						}
						return err
					})
				}
				if err := group.Wait(); err != nil {
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
