package rest

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// answered is how a write ends: with a status and no body, or lost.
type answered struct {
	status   int
	location string
	lost     error
}

// writes answers requests one after the other, and notes what it was sent.
type writes struct {
	answers []answered
	sent    []string // method, path and body
	types   []string
}

func (w *writes) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = " " + string(text)
	}
	w.sent = append(w.sent, r.Method+" "+r.URL.Path+body)
	w.types = append(w.types, r.Header.Get("Content-Type"))
	ends := w.answers[min(len(w.sent), len(w.answers))-1]
	if ends.lost != nil {
		return nil, ends.lost
	}
	answer := jsonAnswer(ends.status, "")
	answer.Header.Set("Location", ends.location)
	return answer, nil
}

func send(t *testing.T, method string, answers ...answered) ([]string, error) {
	t.Helper()
	w := &writes{answers: answers}
	c := newClient(t, "https://devin.example.com", withTransport(w), withRetries(2))
	err := Send(t.Context(), c, Request{
		Method: method, Version: V3Beta1, Path: []string{"enterprise", "limits"}, Body: map[string]any{"cycle_acu_limit": 7},
	})
	if slices.ContainsFunc(w.types, func(s string) bool { return s != "application/json" }) {
		t.Errorf("the bodies are of type %v", w.types)
	}
	return w.sent, err
}

func TestAWriteIsSentWithItsBodyAndAnsweredByNoContent(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 201, 204} {
		sent, err := send(t, "PATCH", answered{status: status})
		if want := []string{`PATCH /v3beta1/enterprise/limits {"cycle_acu_limit":7}`}; err != nil || !slices.Equal(sent, want) {
			t.Errorf("%d: %q, %v", status, sent, err)
		}
	}
	// 202 promises, 206 is for reads, a page is somebody else's.
	for _, status := range []int{202, 206, 301, 307} {
		if sent, err := send(t, "PUT", answered{status: status}); !errors.Is(err, ErrNotDevin) || len(sent) != 1 {
			t.Errorf("%d: %q, %v", status, sent, err)
		}
	}
}

func TestWritesAreRepeatedWhereTheyComeToTheSame(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection reset by peer")
	refused := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	for _, c := range []struct {
		method string
		fails  answered
		want   int
	}{
		{"PUT", answered{lost: lost}, 3},
		{"PATCH", answered{lost: lost}, 3},
		{"DELETE", answered{status: 503}, 3},
		{"PUT", answered{status: 409}, 1},
		{"POST", answered{lost: lost}, 1}, // it may have arrived
		{"POST", answered{status: 503}, 1},
		{"POST", answered{lost: refused}, 3}, // it cannot have arrived
	} {
		if sent, err := send(t, c.method, c.fails); err == nil || len(sent) != c.want {
			t.Errorf("%s: %d requests, %v; want %d", c.method, len(sent), err, c.want)
		}
	}
	if sent, err := send(t, "POST", answered{status: 429}, answered{status: 204}); err != nil || len(sent) != 2 {
		t.Errorf("a POST that was asked to wait: %q, %v", sent, err)
	}
}

func TestAWriteFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	w := &writes{answers: []answered{{status: 307, location: "https://devin.example.com/v3/elsewhere"}}}
	c := newClient(t, "https://devin.example.com", withTransport(w))
	if err := Send(t.Context(), c, Request{Method: "PUT", Path: []string{"x"}}); !errors.Is(err, ErrNotDevin) || len(w.sent) != 1 {
		t.Errorf("%q, %v", w.sent, err)
	}
}

func TestAWriteEmptiesWhatIsKept(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	c := newClient(t, server.URL)
	for want := 1; want <= 2; want++ {
		for range 2 {
			if _, err := askSelf(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		if n := server.Count("/v3/self"); n != want {
			t.Errorf("%d requests, want %d", n, want)
		}
		// Also where it fails: it may have arrived.
		if err := Send(t.Context(), c, Request{Method: "PUT", Path: []string{"nowhere"}}); err == nil {
			t.Error("the write was accepted")
		}
	}
}

func TestAnAnswerThatIsOlderThanAWriteIsNotKept(t *testing.T) {
	t.Parallel()
	s := newShared(maxKept)
	got, err := s.do(t.Context(), "q", func(context.Context) (any, int64, error) {
		s.clear() // a write, while the question is on its way
		return "old", 1, nil
	})
	if got != "old" || err != nil || len(s.kept) != 0 {
		t.Errorf("%v, %v, %d kept", got, err, len(s.kept))
	}
}

func TestRequestsThatAreNotSharedAreSentEachTime(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	c := newClient(t, server.URL)
	own := selfRequest
	own.Shared = false
	for range 3 {
		if _, err := Get[selfAnswer](t.Context(), c, own); err != nil {
			t.Fatal(err)
		}
	}
	if n := server.Count("/v3/self"); n != 3 {
		t.Errorf("%d requests", n)
	}
}

func TestARetryAfterDateIsHeldAgainstTheAnswersOwnDate(t *testing.T) {
	t.Parallel()
	sent := testNow.Add(-2 * time.Hour) // the server's clock is two hours behind
	h := http.Header{"Retry-After": {sent.Add(9 * time.Second).Format(http.TimeFormat)}, "Date": {sent.Format(http.TimeFormat)}}
	if got := retryAfter(h, testNow); got != 9*time.Second {
		t.Errorf("it asks for %s", got)
	}
	h.Set("Date", strings.Repeat("x", 3))
	if got := retryAfter(h, testNow); got != 0 {
		t.Errorf("without a date it asks for %s", got)
	}
}
