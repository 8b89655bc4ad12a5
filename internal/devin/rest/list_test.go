package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

const usersPath = "/v3/enterprise/members/users"

// walkUsers is the ids on the list of users, as far as it could be read.
func walkUsers(t *testing.T, c *Client) ([]string, error) {
	t.Helper()
	return listUsers(t.Context(), c, usersRequest)
}

func directMembers(server *devintest.Server) int {
	n := 0
	for _, m := range server.Members() {
		if m.Direct {
			n++
		}
	}
	return n
}

func TestAListIsReadToItsEndWhateverItsTotalSays(t *testing.T) {
	t.Parallel()
	for name, total := range map[string]devintest.Presence{
		"number": devintest.AsNumber, "null": devintest.AsNull, "absent": devintest.Absent,
	} {
		for _, size := range []int{1, 7, 31, 32, 33, 200} {
			server := startFake(t, devintest.Options{PageSize: size, Quirks: devintest.Quirks{Total: total}})
			ids, err := walkUsers(t, newClient(t, server.URL))
			seen := map[string]bool{}
			for _, id := range ids {
				seen[id] = true
			}
			if want := directMembers(server); err != nil || len(ids) != want || len(seen) != want {
				t.Errorf("total %s, pages of %d: %d items, %d different, %v; want %d", name, size, len(ids), len(seen), err, want)
			}
			for i, r := range server.Requests() {
				if r.Query.Get("first") != "200" || (r.Query.Get("after") == "") != (i == 0) {
					t.Errorf("page %d was asked for with %v", i, r.Query)
				}
			}
		}
	}
}

func TestAWrongTotalShortensNothing(t *testing.T) {
	t.Parallel()
	for _, total := range []string{"0", "1", "-5", `"many"`, "1.5", "{}"} {
		server := startFake(t, devintest.Options{Quirks: devintest.Quirks{Total: devintest.Absent}})
		server.Fault(usersPath, devintest.Fault{Rewrite: func(body []byte) []byte {
			return fmt.Appendf(nil, `%s,"total":%s}`, body[:len(body)-1], total)
		}})
		if ids, err := walkUsers(t, newClient(t, server.URL)); err != nil || len(ids) != directMembers(server) {
			t.Errorf("total %s: %d items, %v", total, len(ids), err)
		}
	}
}

func TestAPageLargerThanAskedForIsTakenWhole(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{Members: 1000, Uniform: true})
	server.Fault(usersPath, devintest.Fault{Oversize: true})
	if ids, err := walkUsers(t, newClient(t, server.URL)); err != nil || len(ids) != 1000 {
		t.Errorf("%d items, %v", len(ids), err)
	}
}

func TestCursorsThatLeadNowhereAreAnErrorAndNoShorterList(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault devintest.Fault
		want  string
	}{
		"missing":     {devintest.Fault{DropCursor: true}, "not where"},
		"repeated":    {devintest.Fault{RepeatCursor: true}, "in a circle"},
		"cycle":       {devintest.Fault{CursorCycle: true}, "in a circle"},
		"empty pages": {devintest.Fault{EmptyPageWithMore: true}, "empty pages in a row"},
		"later on":    {devintest.Fault{DropCursor: true, Skip: 2}, "not where"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startFake(t, devintest.Options{})
			server.Fault(usersPath, c.fault)
			_, err := walkUsers(t, newClient(t, server.URL))
			var failure *Error
			if !errors.As(err, &failure) || !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("the error is %v", err)
			}
			if failure.Status != 200 || failure.Path != usersPath || failure.Permission != usersPermission {
				t.Errorf("the error is %+v", failure)
			}
			if n := len(server.Requests()); n > mostEmptyPages+2 {
				t.Errorf("it took %d requests", n)
			}
		})
	}
}

func TestSomeEmptyPagesAreBorne(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{PageSize: 1})
	server.Fault(usersPath, devintest.Fault{EmptyPageWithMore: true, Times: mostEmptyPages})
	if ids, err := walkUsers(t, newClient(t, server.URL)); err != nil || len(ids) != directMembers(server) {
		t.Errorf("%d items, %v", len(ids), err)
	}
}

// pages serves a list of the given bodies; the cursor of page i is "i".
func pages(t *testing.T, bodies ...string) *Client {
	t.Helper()
	return newClient(t, "https://devin.example.com", withTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
		i := 0
		if after := r.URL.Query().Get("after"); after != "" {
			if _, err := fmt.Sscan(after, &i); err != nil {
				return nil, err
			}
		}
		return jsonAnswer(200, bodies[i]), nil
	})))
}

func TestTheEndOfAList(t *testing.T) {
	t.Parallel()
	const a, b = `{"user_id":"a"}`, `{"user_id":"b"}`
	last := `{"items":[` + b + `],"end_cursor":null,"has_next_page":false}`
	for name, c := range map[string]struct {
		bodies []string
		items  int
		err    string
	}{
		"false, cursor null":     {[]string{`{"items":[` + a + `],"end_cursor":null,"has_next_page":false}`}, 1, ""},
		"false, with a cursor":   {[]string{`{"items":[` + a + `],"end_cursor":"1","has_next_page":false}`, last}, 1, ""},
		"absent, no cursor":      {[]string{`{"items":[` + a + `]}`}, 1, ""},
		"absent, cursor empty":   {[]string{`{"items":[` + a + `],"end_cursor":""}`}, 1, ""},
		"absent, with a cursor":  {[]string{`{"items":[` + a + `],"end_cursor":"1"}`, last}, 2, ""},
		"null, with a cursor":    {[]string{`{"items":[` + a + `],"end_cursor":"1","has_next_page":null}`, last}, 2, ""},
		"true, with a cursor":    {[]string{`{"items":[` + a + `],"end_cursor":"1","has_next_page":true}`, last}, 2, ""},
		"true, no cursor":        {[]string{`{"items":[` + a + `],"has_next_page":true}`}, 1, "not where"},
		"true, cursor null":      {[]string{`{"items":[` + a + `],"end_cursor":null,"has_next_page":true}`}, 1, "not where"},
		"true, cursor empty":     {[]string{`{"items":[` + a + `],"end_cursor":"","has_next_page":true}`}, 1, "not where"},
		"nothing on it":          {[]string{`{"items":[],"end_cursor":null,"has_next_page":false}`}, 0, ""},
		"items null":             {[]string{`{"items":null,"has_next_page":false}`}, 0, "items is missing"},
		"items missing":          {[]string{`{"has_next_page":false}`}, 0, "items is missing"},
		"items an object":        {[]string{`{"items":{}}`}, 0, "items is a JSON object"},
		"a bare list":            {[]string{`[` + a + `]`}, 0, "JSON array"},
		"has_next_page a string": {[]string{`{"items":[` + a + `],"has_next_page":"false"}`}, 0, "has_next_page is a JSON string"},
		"end_cursor a number":    {[]string{`{"items":[` + a + `],"end_cursor":1}`}, 0, "end_cursor is a JSON number"},
		"broken second page":     {[]string{`{"items":[` + a + `],"end_cursor":"1","has_next_page":true}`, `{"items":null}`}, 1, "items is missing"},
	} {
		ids, err := walkUsers(t, pages(t, c.bodies...))
		switch {
		case len(ids) != c.items:
			t.Errorf("%s: %d items, want %d", name, len(ids), c.items)
		case c.err == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err) || !isOnly(err, ErrNotDevin)):
			t.Errorf("%s: %v, want %q", name, err, c.err)
		}
	}
}

func TestAPageThatFailsInTheMiddleFailsTheList(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	server.Fault(usersPath, devintest.Fault{Status: 401, Skip: 2}) // the key was revoked meanwhile
	if ids, err := walkUsers(t, newClient(t, server.URL)); !errors.Is(err, ErrUnauthorized) || len(ids) != 14 {
		t.Errorf("%d items, %v", len(ids), err)
	}
}

func TestWhoStopsEarlyAsksForNoFurtherPage(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	n := 0
	for _, err := range List[userItem](t.Context(), newClient(t, server.URL), usersRequest) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 8 {
			break
		}
	}
	if asked := len(server.Requests()); asked != 2 {
		t.Errorf("%d pages were asked for", asked)
	}
}

func TestAListCanBeWalkedTwiceAndLeavesItsRequestAlone(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	r := usersRequest
	r.Query = url.Values{"email": {server.Members()[0].UserID}}
	seq := List[userItem](t.Context(), newClient(t, server.URL), r)
	for range 2 {
		for _, err := range seq {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if r.Query.Encode() != (url.Values{"email": {server.Members()[0].UserID}}).Encode() {
		t.Errorf("the query became %v", r.Query)
	}
}

func TestACanceledListEndsWithTheContextsError(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range List[userItem](ctx, newClient(t, server.URL), usersRequest) {
		last = err
		cancel()
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("it ended with %v", last)
	}
}
