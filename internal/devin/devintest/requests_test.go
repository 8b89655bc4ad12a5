package devintest_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestRequestsAreRecorded(t *testing.T) {
	s := start(t, devintest.Options{Prefix: "/api"})
	get(t, s, userPath("okta|a/b")+"?time_after=1&time_before=2")
	getAs(t, s, "cog_unknown", selfPath)
	getAs(t, s, "", "/v3/nothing")
	requests := s.Requests()
	if len(requests) != 3 {
		t.Fatalf("%d requests", len(requests))
	}
	r := requests[0]
	if r.Method != http.MethodGet || r.Path != "/api/v3/enterprise/consumption/daily/users/okta%7Ca%2Fb" ||
		r.Query.Get("time_before") != "2" || r.Key != devintest.KeyOK || r.Status != 200 {
		t.Errorf("%+v", r)
	}
	if r.Header.Get("Authorization") != "" || r.Header.Get("User-Agent") == "" {
		t.Errorf("%v", r.Header)
	}
	if requests[1].Key != "cog_unknown" || requests[1].Status != 403 || requests[2].Key != "" || requests[2].Status != 404 {
		t.Errorf("%+v", requests[1:])
	}
	for pattern, want := range map[string]int{
		"/v3/self": 1, "*": 3, "/v3/*/users/okta|a/b": 1, "/v3/*/users/*b": 1, "/v3/*/*/*/*/*/*/*": 0, "/v3/selfish": 0,
	} {
		if got := s.Count(pattern); got != want {
			t.Errorf("%d requests for %s, want %d", got, pattern, want)
		}
	}
	s.ResetRequests()
	if len(s.Requests()) != 0 || s.Count("*") != 0 || s.MostInFlight() != 0 || s.Connections() != 0 {
		t.Error("something is left")
	}
}

func TestRequestsInFlightAndConnectionsAreCounted(t *testing.T) {
	s := start(t, devintest.Options{})
	// No request is answered before all have arrived.
	const together = 5
	var all sync.WaitGroup
	all.Add(together)
	s.Fault("*", devintest.Fault{Rewrite: func(b []byte) []byte { all.Done(); all.Wait(); return b }})
	var clients sync.WaitGroup
	for range together {
		clients.Go(func() { get(t, s, membersPath) })
	}
	clients.Wait()
	if s.MostInFlight() != together || s.Connections() != together || s.InFlight() != 0 {
		t.Errorf("%d in flight, %d connections, %d still", s.MostInFlight(), s.Connections(), s.InFlight())
	}
}

func TestRequestsOneAfterTheOtherCountAsOneInFlight(t *testing.T) {
	s := start(t, devintest.Options{PageSize: 200, Members: 400})
	for range 200 {
		get(t, s, membersPath+"?first=200")
	}
	if n := s.MostInFlight(); n != 1 {
		t.Errorf("%d in flight", n)
	}
}

func TestForgetKeepsNoRequest(t *testing.T) {
	s := start(t, devintest.Options{Forget: true})
	for range 3 {
		wantStatus(t, s, selfPath, http.StatusOK)
	}
	if len(s.Requests()) != 0 || s.InFlight() != 0 || s.MostInFlight() != 1 {
		t.Errorf("%d requests are kept, %d in flight, at most %d", len(s.Requests()), s.InFlight(), s.MostInFlight())
	}
}
