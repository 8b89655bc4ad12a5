package rest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// listServer answers every page by what make says of it; n counts from 0.
func listServer(t *testing.T, page func(n int) string) (c *Client, asked *int) {
	t.Helper()
	asked = new(int)
	return newClient(t, "https://devin.example.com", withTransport(roundTripper(func(*http.Request) (*http.Response, error) {
		*asked++
		return jsonAnswer(200, page(*asked-1)), nil
	}))), asked
}

// users are items with the ids from and up to.
func users(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, `,{"user_id":"u%d"}`, i)
	}
	return strings.TrimPrefix(b.String(), ",")
}

func ended(total string, people int) string {
	return fmt.Sprintf(`{"items":[%s],"has_next_page":false,"total":%s}`, users(0, people), total)
}

func TestAListThatEndsEarlyIsReadOnceMoreAndThenAnError(t *testing.T) {
	t.Parallel()
	c, asked := listServer(t, func(int) string { return ended("450", 200) })
	ids, err := walkUsers(t, c)
	if !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "450") || !strings.Contains(err.Error(), "200") || *asked != 2 {
		t.Errorf("%d ids, %d requests, %v", len(ids), *asked, err)
	}

	// Somebody was missing the first time only.
	c, asked = listServer(t, func(n int) string { return ended("450", 200+250*n) })
	if ids, err := walkUsers(t, c); err != nil || len(ids) != 450 || *asked != 2 {
		t.Errorf("%d ids, %d requests, %v", len(ids), *asked, err)
	}
	// Each of them once.
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			t.Errorf("%s came twice", id)
		}
		seen[id] = true
	}

	// Somebody left while the list was read: its own word changes with it.
	c, asked = listServer(t, func(n int) string { return ended(fmt.Sprint(200-n), 199) })
	if ids, err := walkUsers(t, c); err != nil || len(ids) != 199 || *asked != 2 {
		t.Errorf("%d ids, %d requests, %v", len(ids), *asked, err)
	}
	// More have come than it says: a total may be that of a page.
	c, asked = listServer(t, func(int) string { return ended("7", 200) })
	if ids, err := walkUsers(t, c); err != nil || len(ids) != 200 || *asked != 1 {
		t.Errorf("%d ids, %d requests, %v", len(ids), *asked, err)
	}
}

func TestAListThatNeverEndsIsAnError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		page func(n int) string
		want string
		most int
	}{
		"the same people behind ever new cursors": {func(n int) string {
			return fmt.Sprintf(`{"items":[%s],"has_next_page":true,"end_cursor":"c%d"}`, users(0, 200), n)
		}, "nothing that had not come before", 2},
		"ever more people than there are": {func(n int) string {
			return fmt.Sprintf(`{"items":[%s],"has_next_page":true,"end_cursor":"c%d","total":450}`, users(200*n, 200*n+200), n)
		}, "450 by its own word", 12},
		"ever more people": {func(n int) string {
			return fmt.Sprintf(`{"items":[%s],"has_next_page":true,"end_cursor":"c%d"}`, users(2000*n, 2000*n+2000), n)
		}, "more than 1000000 items", mostItems/2000 + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, asked := listServer(t, c.page)
			if _, err := walkUsers(t, client); !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), c.want) || *asked > c.most {
				t.Errorf("%d requests, %v", *asked, err)
			}
		})
	}
}

func TestAPageWithFarMoreThanWasAskedForIsRefused(t *testing.T) {
	t.Parallel()
	c, _ := listServer(t, func(int) string { return ended("null", 2001) })
	if _, err := walkUsers(t, c); !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "more than 2000 items") {
		t.Errorf("got %v", err)
	}
}

func TestTheItemThatCannotBeRightIsNamedByItsIndex(t *testing.T) {
	t.Parallel()
	c, _ := listServer(t, func(int) string { return `{"items":[{"user_id":"a"},{"user_id":""}]}` })
	ids, err := walkUsers(t, c)
	if !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "items[1]: the field user_id is missing") || ids != nil {
		t.Errorf("%v, %v", ids, err)
	}
}

func TestAPartOfAnAnswerIsNoAnswer(t *testing.T) {
	t.Parallel()
	for _, status := range []int{201, 202, 203, 206} {
		server := startFake(t, devintest.Options{})
		server.Fault(usersPath, devintest.Fault{Status: status, Body: ended("null", 3)})
		if ids, err := walkUsers(t, newClient(t, server.URL)); !isOnly(err, ErrNotDevin) || ids != nil {
			t.Errorf("%d: %v, %v", status, ids, err)
		}
	}
}

func TestAListAsksForPagesOfItsOwnSize(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	r := usersRequest
	r.PageSize = 100
	if _, err := listUsers(t.Context(), newClient(t, server.URL), r); err != nil {
		t.Fatal(err)
	}
	for _, asked := range server.Requests() {
		if asked.Query.Get("first") != "100" {
			t.Errorf("it asked for %v", asked.Query)
		}
	}
}
