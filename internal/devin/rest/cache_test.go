package rest

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// counted is a request that takes a second; it counts how often it is sent.
type counted struct {
	asked, ended atomic.Int32
	err          error
	size         int
}

func (q *counted) ask(ctx context.Context) (any, int, error) {
	q.asked.Add(1)
	defer q.ended.Add(1)
	select {
	case <-time.After(time.Second):
		return "answer", q.size, q.err
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
}

func TestIdenticalRequestsAreSentOnce(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	c := newClient(t, server.URL)
	for range 3 {
		if _, err := askConsumption(t.Context(), c, "email|a"); err != nil {
			t.Fatal(err)
		}
		if _, err := listUsers(t.Context(), c, usersRequest); err != nil {
			t.Fatal(err)
		}
	}
	if n := server.Count("/v3/enterprise/consumption/daily/users/email|a"); n != 1 {
		t.Errorf("the consumption was asked for %d times", n)
	}
	seen := map[string]bool{}
	for _, r := range server.Requests() {
		if question := r.Path + "?" + r.Query.Encode(); seen[question] {
			t.Errorf("%s was asked for twice", question)
		} else {
			seen[question] = true
		}
	}
	// Another query is another request.
	other := consumptionRequest("email|a")
	other.Query.Set("time_before", "1772524800")
	if _, err := Get[totalAnswer](t.Context(), c, other); err != nil {
		t.Fatal(err)
	}
	if n := server.Count("/v3/enterprise/consumption/daily/users/email|a"); n != 2 {
		t.Errorf("two windows took %d requests", n)
	}
}

func TestTwoClientsDoNotShareAnswers(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	for _, key := range []string{devintest.KeyOK, devintest.KeyOtherPrincipal, devintest.KeyOK} {
		p, err := askSelf(t.Context(), newClient(t, server.URL, withKey(t, key)))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{devintest.KeyOK: "DX Import", devintest.KeyOtherPrincipal: "Usage Reports"}[key]
		if *p.Name != want {
			t.Errorf("%s is %s", key, *p.Name)
		}
	}
	if n := len(server.Requests()); n != 3 {
		t.Errorf("%d requests", n)
	}
}

func TestACallerJoinsARequestOnItsWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, q := newCache(systemClock{}), &counted{}
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				if got, err := m.do(t.Context(), "q", q.ask); got != "answer" || err != nil {
					t.Errorf("got %v, %v", got, err)
				}
			})
		}
		group.Wait()
		if n := q.asked.Load(); n != 1 {
			t.Errorf("it was asked %d times", n)
		}
	})
}

func TestACallerThatIsCanceledDoesNotFailTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, q := newCache(systemClock{}), &counted{}
		first, giveUp := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := m.do(first, "q", q.ask); !errors.Is(err, context.Canceled) {
				t.Errorf("the caller that gave up got %v", err)
			}
		})
		synctest.Wait()
		for range 3 {
			group.Go(func() {
				if got, err := m.do(t.Context(), "q", q.ask); got != "answer" || err != nil {
					t.Errorf("the others got %v, %v", got, err)
				}
			})
		}
		synctest.Wait()
		giveUp()
		group.Wait()
		if n := q.asked.Load(); n != 2 {
			t.Errorf("it was asked %d times", n)
		}
	})
}

func TestARequestEndsWhenAllItsCallersAreCanceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, q := newCache(systemClock{}), &counted{}
		ctx, giveUp := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() {
				if _, err := m.do(ctx, "q", q.ask); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			})
		}
		synctest.Wait()
		giveUp()
		group.Wait()
		if q.asked.Load() != 1 || q.ended.Load() != 1 || len(m.flights) != 0 {
			t.Errorf("asked %d, ended %d, %d under way", q.asked.Load(), q.ended.Load(), len(m.flights))
		}
		// The next caller does not get the canceled request.
		if got, err := m.do(t.Context(), "q", q.ask); got != "answer" || err != nil {
			t.Errorf("the next got %v, %v", got, err)
		}
	})
}

func TestACallerThatJoinsACanceledRequestSendsItAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, q := newCache(systemClock{}), &counted{}
		stubborn := func(ctx context.Context) (any, int, error) {
			<-ctx.Done()
			time.Sleep(5 * time.Second) // it takes a while to end
			return nil, 0, ctx.Err()
		}
		ctx, giveUp := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := m.do(ctx, "q", stubborn); !errors.Is(err, context.Canceled) {
				t.Errorf("the caller that gave up got %v", err)
			}
		})
		synctest.Wait()
		giveUp()
		synctest.Wait()
		if got, err := m.do(t.Context(), "q", q.ask); got != "answer" || err != nil {
			t.Errorf("the next got %v, %v", got, err)
		}
		group.Wait()
		if _, kept := m.kept["q"]; !kept || len(m.flights) != 0 {
			t.Errorf("kept %t, %d under way", kept, len(m.flights))
		}
	})
}

func TestTheDeadlineOfOneCallerDoesNotFailTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, q := newCache(systemClock{}), &counted{}
		hurried, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := m.do(hurried, "q", q.ask); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the hurried one got %v", err)
			}
		})
		synctest.Wait()
		if got, err := m.do(t.Context(), "q", q.ask); got != "answer" || err != nil {
			t.Errorf("the other got %v, %v", got, err)
		}
		group.Wait()
	})
}

func TestFailuresAreNotKept(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	server.Fault("/v3/self", devintest.Fault{Status: 403, Times: 1})
	server.Fault("/v3/self", devintest.Fault{Body: "{}", Times: 1})
	c := newClient(t, server.URL)
	for _, want := range []error{ErrForbidden, ErrNotDevin, nil} {
		if _, err := askSelf(t.Context(), c); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

// isSent reads from a cache, and reports whether the request was sent.
func isSent(t *testing.T, c *cache, ctx context.Context, name string, size int) (asked bool) {
	t.Helper()
	got, err := c.do(ctx, name, func(context.Context) (any, int, error) {
		asked = true
		return name, size, nil
	})
	if got != name || err != nil {
		t.Errorf("%s: %v, %v", name, got, err)
	}
	return asked
}

func TestAnAnswerIsKeptForFiveMinutes(t *testing.T) {
	t.Parallel()
	clock := devintest.NewClock(clienttest.Now)
	c := newCache(clock)
	for _, step := range []struct {
		wait time.Duration
		asks bool
	}{{0, true}, {0, false}, {5*time.Minute - time.Second, false}, {time.Second, true}, {time.Minute, false}, {4 * time.Minute, true}} {
		clock.Move(step.wait)
		if asked := isSent(t, c, t.Context(), "q", 1); asked != step.asks {
			t.Errorf("at %s: asked %t", clock.Now().Sub(clienttest.Now), asked)
		}
	}
}

func TestNothingMoreIsKeptWhenTheCacheIsFullAndExpiredAnswersMakeRoom(t *testing.T) {
	t.Parallel()
	clock := devintest.NewClock(clienttest.Now)
	c := newCache(clock)
	half := maxKept / heldSize / 2
	for _, step := range []struct {
		question string
		size     int
		asks     bool
	}{
		{"a", half, true},
		{"b", half, true},
		{"c", 1, true}, // full
		{"c", 1, true},
		{"a", half, false},
		{"b", half, false},
	} {
		if asked := isSent(t, c, t.Context(), step.question, step.size); asked != step.asks || c.held > maxKept {
			t.Errorf("%s: asked %t, %d bytes held", step.question, asked, c.held)
		}
	}
	clock.Move(maxAge)
	isSent(t, c, t.Context(), "c", 1)
	if isSent(t, c, t.Context(), "c", 1) || c.held != heldSize || len(c.kept) != 1 || len(c.oldest) != 1 {
		t.Errorf("%d bytes are held of %d answers", c.held, len(c.kept))
	}
	isSent(t, c, t.Context(), "too large", maxKept/heldSize+1)
	if !isSent(t, c, t.Context(), "too large", 1) {
		t.Error("an answer larger than the cache was kept")
	}
}

func TestAnAnswerThatIsKeptAgainIsCountedOnce(t *testing.T) {
	t.Parallel()
	clock := devintest.NewClock(clienttest.Now)
	c := newCache(clock)
	for range 3 {
		if !isSent(t, c, Fresh(t.Context()), "q", 10) {
			t.Error("a kept answer was used where a fresh one was asked for")
		}
		clock.Move(time.Minute)
	}
	if c.held != 10*heldSize {
		t.Errorf("%d bytes are held of an answer of 10", c.held)
	}
	// The last answer is two minutes younger than the first.
	clock.Move(3 * time.Minute)
	if isSent(t, c, t.Context(), "q", 10) {
		t.Error("the younger answer was forgotten with the older one")
	}
	clock.Move(time.Minute)
	if !isSent(t, c, t.Context(), "q", 10) || c.held != 10*heldSize {
		t.Errorf("the younger answer did not age, or %d bytes are held", c.held)
	}
}

func TestFreshReadsThatBeginTogetherAreOneRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, q := newCache(systemClock{}), &counted{}
		var group sync.WaitGroup
		for want := int32(1); want <= 2; want++ { // the second round uses no answer of the first
			for range 5 {
				group.Go(func() {
					if got, err := c.do(Fresh(t.Context()), "q", q.ask); got != "answer" || err != nil {
						t.Errorf("got %v, %v", got, err)
					}
				})
			}
			group.Wait()
			if n := q.asked.Load(); n != want {
				t.Errorf("it was asked %d times, want %d", n, want)
			}
		}
	})
}

func TestARequestThatIsOlderThanAWriteIsNotJoined(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, q := newCache(systemClock{}), &counted{}
		var group sync.WaitGroup
		ask := func() {
			if _, err := c.do(Fresh(t.Context()), "q", q.ask); err != nil {
				t.Error(err)
			}
		}
		group.Go(ask)
		synctest.Wait()
		c.clear()
		group.Go(ask)
		synctest.Wait()
		group.Go(ask) // joins the second
		group.Wait()
		if n := q.asked.Load(); n != 2 {
			t.Errorf("it was asked %d times", n)
		}
	})
}

func TestACanceledReadLeavesNoGoroutine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// The bubble fails where a goroutine of it outlives the test.
		c := bubbleClient(t, clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if _, err := listUsers(ctx, c, usersRequest); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}

func TestOneRequestReadAsTwoTypesIsAnErrorAndNoPanic(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	c := newClient(t, server.URL)
	if _, err := Get[totalAnswer](t.Context(), c, usersRequest); err != nil {
		t.Fatal(err)
	}
	if _, err := Get[selfAnswer](t.Context(), c, usersRequest); err == nil {
		t.Error("no error")
	}
}
