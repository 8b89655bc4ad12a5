package rest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestAServerThatDoesNotAnswerInTimeIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  devintest.Fault
		status int
	}{
		"it hangs":          {devintest.Fault{Hang: true}, 0},
		"it drips":          {devintest.Fault{Drip: 100 * time.Millisecond}, 200},
		"it drips an error": {devintest.Fault{Drip: 100 * time.Millisecond, Status: 503}, 503},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startFake(t, devintest.Options{})
			server.Fault("/v3/self", c.fault)
			client := newClient(t, server.URL, func(cfg *Config) { cfg.RequestTimeout = time.Second })
			_, err := askSelf(t.Context(), client)
			var failure *Error
			if !errors.As(err, &failure) || !isOnly(err, ErrUnavailable) || failure.Status != c.status || failure.Tries != 2 {
				t.Fatalf("the error is %v", err)
			}
			if c.status != 503 && (!strings.Contains(err.Error(), "nothing more came within 1s") || !errors.Is(err, context.DeadlineExceeded)) {
				t.Errorf("the error is %v", err)
			}
			if n := len(server.Requests()); n != 2 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestABrokenConnectionIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  devintest.Fault
		status int
		want   string
	}{
		"reset before the answer": {devintest.Fault{Reset: true}, 0, "got no answer"},
		"reset within the body":   {devintest.Fault{ResetMidBody: true}, 200, "broke off"},
		"cut body":                {devintest.Fault{CutBody: true}, 200, "broke off: unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startFake(t, devintest.Options{})
			server.Fault("/v3/self", c.fault)
			clock := devintest.NewClock(testNow)
			_, err := askSelf(t.Context(), newClient(t, server.URL, withRetries(2), withClock(clock)))
			var failure *Error
			if !errors.As(err, &failure) || !isOnly(err, ErrUnavailable) || failure.Status != c.status || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v", err)
			}
			if len(clock.Waits()) != 2 {
				t.Errorf("the waits are %v", clock.Waits())
			}
		})
	}
}

func TestARefusedConnectionIsTriedAgain(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	clock := devintest.NewClock(testNow)
	_, err := askSelf(t.Context(), newClient(t, server.URL, withRetries(3), withClock(clock)))
	if !isOnly(err, ErrUnavailable) || !strings.Contains(err.Error(), "refused") || len(clock.Waits()) != 3 {
		t.Errorf("after the waits %v: %v", clock.Waits(), err)
	}
}

func TestAHostThatDoesNotExistIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err   net.DNSError
		waits int
	}{
		"no such host":     {net.DNSError{Err: "no such host", Name: "devin.example.com", IsNotFound: true}, 0},
		"no answer of DNS": {net.DNSError{Err: "server misbehaving", Name: "devin.example.com", IsTemporary: true}, 3},
		"DNS time-out":     {net.DNSError{Err: "i/o timeout", Name: "devin.example.com", IsTimeout: true}, 3},
	} {
		transport := NewTransport(1)
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &c.err}
		}
		clock := devintest.NewClock(testNow)
		client := newClient(t, "https://devin.example.com", withRetries(3), withClock(clock), withTransport(transport))
		_, err := askSelf(t.Context(), client)
		if !isOnly(err, ErrUnavailable) || len(clock.Waits()) != c.waits || !strings.Contains(err.Error(), c.err.Err) {
			t.Errorf("%s: after the waits %v: %v", name, clock.Waits(), err)
		}
	}
}

func TestAnErrorDoesNotRepeatWhatNetHTTPPutsAroundIt(t *testing.T) {
	t.Parallel()
	c := newClient(t, "https://devin.example.com", withRetries(0), withTransport(roundTripper(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("boom")
	})))
	_, err := askSelf(t.Context(), c)
	if err == nil || err.Error() != "GET /v3/self got no answer: the API could not be reached: boom" {
		t.Errorf("it reads %v", err)
	}
}

func TestCompressedAnswersAreRead(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{Gzip: true})
	members, err := listUsers(t.Context(), newClient(t, server.URL), usersRequest)
	if err != nil || len(members) != directMembers(server) {
		t.Errorf("%d members, %v", len(members), err)
	}
	if got := server.Requests()[0].Header.Get("Accept-Encoding"); got != "gzip" {
		t.Errorf("it accepts %q", got)
	}
}

// A few kilobytes of gzip hold millions of members.
func TestCompressionHidesNoListThatIsTooLong(t *testing.T) {
	t.Parallel()
	for mebibytes, want := range map[int]string{15: "more than 2000 items", 65: "larger than 64 MiB"} {
		var packed bytes.Buffer
		zip := gzip.NewWriter(&packed)
		_, _ = io.WriteString(zip, `{"items":[`)
		for range mebibytes {
			_, _ = io.WriteString(zip, strings.Repeat(`{},`, 1<<20/3+1))
		}
		_, _ = io.WriteString(zip, `{}]}`)
		_ = zip.Close()
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed.Bytes())
		}))
		t.Cleanup(server.Close)
		c := newClient(t, server.URL)
		ids, err := listUsers(t.Context(), c, usersRequest)
		if !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), want) || ids != nil || c.underWay.Load() != 0 {
			t.Errorf("%d MiB in %d bytes: %d ids, %d bytes stay counted, %v", mebibytes, packed.Len(), len(ids), c.underWay.Load(), err)
		}
	}
}

func TestCompressedErrorsAreRead(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{Gzip: true})
	_, err := askSelf(t.Context(), newClient(t, server.URL, withKey(t, devintest.KeyInvalidCredentials)))
	if !errors.Is(err, ErrForbidden) || !strings.Contains(err.Error(), "Unauthorized") {
		t.Errorf("the error is %v", err)
	}
}

func TestIdleConnectionsAreUsedAgain(t *testing.T) {
	t.Parallel()
	const concurrent = 8
	server := startFake(t, devintest.Options{Members: 200, Uniform: true, Latency: time.Millisecond})
	c := newClient(t, server.URL, func(cfg *Config) { cfg.MaxConcurrentRequests = concurrent })
	readEverybody(t, c, server)
	// A connection that is just coming back may be missed; net/http's own two
	// idle ones would make it almost one for each request.
	if n := server.Connections(); n > 2*concurrent {
		t.Errorf("%d connections were opened for %d requests at a time", n, concurrent)
	}
}

func TestCloseDropsIdleConnections(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	c := newClient(t, server.URL)
	for _, id := range []string{"email|a", "email|b"} {
		if _, err := askConsumption(t.Context(), c, id); err != nil {
			t.Fatal(err)
		}
	}
	if n := server.Connections(); n != 1 {
		t.Errorf("%d connections", n)
	}
	c.Close()
	if _, err := askSelf(t.Context(), c); err != nil {
		t.Error(err)
	}
	if n := server.Connections(); n != 2 {
		t.Errorf("%d connections after Close", n)
	}
}

// The body of an error is read to its end, or its connection would be lost.
func TestTheConnectionOfAFailedRequestIsUsedAgain(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	server.Fault("/v3/self", devintest.Fault{Status: 503, Body: strings.Repeat("x", 10<<10)})
	if _, err := askSelf(t.Context(), newClient(t, server.URL, withRetries(5))); !errors.Is(err, ErrUnavailable) {
		t.Errorf("the error is %v", err)
	}
	if n := server.Connections(); n != 1 {
		t.Errorf("%d connections for 6 tries", n)
	}
}

func TestABodyThatFailsToReadIsTriedAgain(t *testing.T) {
	t.Parallel()
	tries := 0
	c := newClient(t, "https://devin.example.com", withTransport(roundTripper(func(*http.Request) (*http.Response, error) {
		tries++
		answer := jsonAnswer(200, "")
		answer.Body = io.NopCloser(io.MultiReader(strings.NewReader(selfBody[:20]), brokenReader{}))
		return answer, nil
	})))
	_, err := askSelf(t.Context(), c)
	if !isOnly(err, ErrUnavailable) || !errors.Is(err, io.ErrClosedPipe) || tries != 2 {
		t.Errorf("after %d tries: %v", tries, err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }
