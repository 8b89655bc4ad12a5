package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
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
			server := clienttest.StartFake(t, devintest.Options{PageSize: size, Quirks: devintest.Quirks{Total: total}})
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
		server := clienttest.StartFake(t, devintest.Options{Quirks: devintest.Quirks{Total: devintest.Absent}})
		server.Fault(usersPath, devintest.Fault{Rewrite: func(body []byte) []byte {
			return fmt.Appendf(nil, `%s,"total":%s}`, body[:len(body)-1], total)
		}})
		if ids, err := walkUsers(t, newClient(t, server.URL)); err != nil || len(ids) != directMembers(server) {
			t.Errorf("total %s: %d items, %v", total, len(ids), err)
		}
	}
}

func TestAPageLargerThanRequestedIsReadWhole(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{Members: 1000, Uniform: true})
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
		"empty pages": {devintest.Fault{EmptyPageWithMore: true}, "pages in a row brought nothing new"},
		"later on":    {devintest.Fault{DropCursor: true, Skip: 2}, "not where"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := clienttest.StartFake(t, devintest.Options{})
			server.Fault(usersPath, c.fault)
			_, err := walkUsers(t, newClient(t, server.URL))
			var failure *Error
			if !errors.As(err, &failure) || !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("the error is %v", err)
			}
			if failure.Status != 200 || failure.Path != usersPath || failure.Permission != usersPermission {
				t.Errorf("the error is %+v", failure)
			}
			if n := len(server.Requests()); n > maxIdlePages+1 {
				t.Errorf("it took %d requests", n)
			}
		})
	}
}

func TestAHundredEmptyPagesAreReadOver(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{PageSize: 1})
	server.Fault(usersPath, devintest.Fault{EmptyPageWithMore: true, Times: maxIdlePages})
	if ids, err := walkUsers(t, newClient(t, server.URL)); err != nil || len(ids) != directMembers(server) {
		t.Errorf("%d items, %v", len(ids), err)
	}
}

// pages serves a list of the given bodies; the cursor of page i is "i".
func pages(t *testing.T, bodies ...string) *Client {
	t.Helper()
	return newClient(t, "https://devin.example.com", withTransport(clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
		i := 0
		if after := r.URL.Query().Get("after"); after != "" {
			if _, err := fmt.Sscan(after, &i); err != nil {
				return nil, err
			}
		}
		return clienttest.JSON(200, bodies[i]), nil
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
		"absent, cursor again":   {[]string{`{"items":[` + a + `],"end_cursor":"1"}`, `{"items":[],"end_cursor":"1"}`}, 1, ""},
		"absent, again in full":  {[]string{`{"items":[` + a + `],"end_cursor":"1"}`, `{"items":[` + b + `],"end_cursor":"1"}`}, 2, "in a circle"},
		"true, cursor again":     {[]string{`{"items":[` + a + `],"end_cursor":"1","has_next_page":true}`, `{"items":[],"end_cursor":"1","has_next_page":true}`}, 1, "in a circle"},
		"true, with a cursor":    {[]string{`{"items":[` + a + `],"end_cursor":"1","has_next_page":true}`, last}, 2, ""},
		"true, no cursor":        {[]string{`{"items":[` + a + `],"has_next_page":true}`}, 1, "not where"},
		"true, cursor null":      {[]string{`{"items":[` + a + `],"end_cursor":null,"has_next_page":true}`}, 1, "not where"},
		"true, cursor empty":     {[]string{`{"items":[` + a + `],"end_cursor":"","has_next_page":true}`}, 1, "not where"},
		"nothing on it":          {[]string{`{"items":[],"end_cursor":null,"has_next_page":false}`}, 0, ""},
		"items null":             {[]string{`{"items":null,"has_next_page":false}`}, 0, "items is missing"},
		"items missing":          {[]string{`{"has_next_page":false}`}, 0, "items is missing"},
		"items an object":        {[]string{`{"items":{}}`}, 0, "items is a JSON object"},
		"items with null":        {[]string{`{"items":[` + a + `,null]}`}, 0, "items[1].user_id is missing"},
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
	server := clienttest.StartFake(t, devintest.Options{})
	server.Fault(usersPath, devintest.Fault{Status: 401, Skip: 2}) // the key was revoked meanwhile
	if ids, err := walkUsers(t, newClient(t, server.URL)); !errors.Is(err, ErrUnauthorized) || len(ids) != 14 {
		t.Errorf("%d items, %v", len(ids), err)
	}
}

func TestAReaderThatStopsEarlyRequestsNoFurtherPage(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
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
	server := clienttest.StartFake(t, devintest.Options{})
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
	server := clienttest.StartFake(t, devintest.Options{})
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

// listServer answers the request for page n, from 0, with the body that make returns.
func listServer(t *testing.T, page func(n int) string) (c *Client, asked *int) {
	t.Helper()
	asked = new(int)
	return newClient(t, "https://devin.example.com", withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) {
		*asked++
		return clienttest.JSON(200, page(*asked-1)), nil
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

// noticed reads a list of users, and returns the kinds of the notices.
func noticed(t *testing.T, c *Client) (ids []string, kinds []NoticeKind) {
	t.Helper()
	ctx, notices := WithNotices(t.Context())
	ids, err := listUsers(ctx, c, usersRequest)
	if err != nil {
		t.Error(err)
	}
	if seen := slices.Compact(slices.Sorted(slices.Values(ids))); len(seen) != len(ids) {
		t.Errorf("%d of %d items came twice", len(ids)-len(seen), len(ids))
	}
	for _, n := range notices.All() {
		if n.Path != usersPath || n.Text == "" {
			t.Errorf("the notice is %+v", n)
		}
		kinds = append(kinds, n.Kind)
	}
	return ids, kinds
}

func TestAListWithFewerItemsThanItsTotalIsReadTwiceAndNoticed(t *testing.T) {
	t.Parallel()
	short := []NoticeKind{NoticeShortList}
	for name, c := range map[string]struct {
		page    func(n int) string // of one page; n is the reading
		ids     int
		asked   int
		notices []NoticeKind
	}{
		"a total of what the filter does not keep": {func(int) string { return ended("5000", 1) }, 1, 2, short},
		"an estimate":                         {func(n int) string { return ended(strconv.Itoa(210-n), 200) }, 200, 2, short},
		"a page that was lost the first time": {func(n int) string { return ended("450", 200+250*n) }, 450, 2, nil},
		"somebody left between the readings":  {func(n int) string { return ended(strconv.Itoa(200-n), 199) }, 199, 2, nil},
		"a total that is a page's":            {func(int) string { return ended("7", 200) }, 200, 1, nil},
		"a total that is exact":               {func(int) string { return ended("200", 200) }, 200, 1, nil},
	} {
		client, asked := listServer(t, c.page)
		ids, kinds := noticed(t, client)
		if len(ids) != c.ids || *asked != c.asked || !slices.Equal(kinds, c.notices) {
			t.Errorf("%s: %d ids, %d requests, noticed %v", name, len(ids), *asked, kinds)
		}
	}
}

func TestAShortListIsNoticedWithBothNumbers(t *testing.T) {
	t.Parallel()
	c, _ := listServer(t, func(int) string { return ended("5000", 12) })
	ctx, notices := WithNotices(t.Context())
	if _, err := listUsers(ctx, c, usersRequest); err != nil {
		t.Fatal(err)
	}
	if all := notices.All(); len(all) != 1 || !strings.Contains(all[0].Text, "5000 items") || !strings.Contains(all[0].Text, "after 12,") {
		t.Errorf("noticed %+v", all)
	}
}

// movingList is a list whose items change between any two pages.
type movingList struct {
	items  []string
	keyset bool           // a cursor is the last item of its page, else an offset
	move   func(page int) // before each page but the first
	asked  int
}

func (m *movingList) RoundTrip(r *http.Request) (*http.Response, error) {
	const size = 10
	if m.asked++; m.asked > 1 && m.move != nil {
		m.move(m.asked)
	}
	from, after := 0, r.URL.Query().Get("after")
	switch {
	case after == "":
	case m.keyset:
		from = slices.Index(m.items, after) + 1
	default:
		from, _ = strconv.Atoi(after)
	}
	from = min(from, len(m.items))
	to := min(from+size, len(m.items))
	page := make([]string, 0, size)
	for _, id := range m.items[from:to] {
		page = append(page, `{"user_id":"`+id+`"}`)
	}
	cursor := strconv.Itoa(to)
	if m.keyset && to > 0 {
		cursor = m.items[to-1]
	}
	return clienttest.JSON(200, fmt.Sprintf(`{"items":[%s],"has_next_page":%t,"end_cursor":%q,"total":%d}`,
		strings.Join(page, ","), to < len(m.items), cursor, len(m.items))), nil
}

func numbered(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = "u" + strconv.Itoa(i)
	}
	return ids
}

func TestAListThatGrowsAtItsFrontIsReadOnce(t *testing.T) {
	t.Parallel()
	for _, keyset := range []bool{true, false} {
		m := &movingList{items: numbered(1000), keyset: keyset}
		m.move = func(page int) { m.items = slices.Insert(m.items, 0, "new"+strconv.Itoa(page)) }
		ids, kinds := noticed(t, newClient(t, "https://devin.example.com", withTransport(m)))
		if len(ids) != 1000 || m.asked > 112 || kinds != nil {
			t.Errorf("keyset %t: %d ids, %d requests, noticed %v", keyset, len(ids), m.asked, kinds)
		}
	}
}

func TestAnItemThatMovedToAnEarlierPageIsFoundByASecondReading(t *testing.T) {
	t.Parallel()
	m := &movingList{items: numbered(100)}
	m.move = func(page int) {
		if page == 3 { // u20 slides to the second page, which was read
			m.items = slices.Delete(m.items, 0, 1)
		}
	}
	ids, kinds := noticed(t, newClient(t, "https://devin.example.com", withTransport(m)))
	if len(ids) != 100 || !slices.Contains(ids, "u20") || m.asked != 20 || kinds != nil {
		t.Errorf("%d ids, %d requests, noticed %v", len(ids), m.asked, kinds)
	}
}

func TestPagesThatRepeatEverythingForAWhileEnd(t *testing.T) {
	t.Parallel()
	c, asked := listServer(t, func(n int) string {
		if n > maxIdlePages {
			return fmt.Sprintf(`{"items":[%s],"has_next_page":false}`, users(0, 7))
		}
		return fmt.Sprintf(`{"items":[%s],"has_next_page":true,"end_cursor":"c%d"}`, users(0, 5), n)
	})
	if ids, kinds := noticed(t, c); len(ids) != 7 || *asked != maxIdlePages+2 || kinds != nil {
		t.Errorf("%d ids, %d requests, noticed %v", len(ids), *asked, kinds)
	}
}

func TestAListThatNeverEndsIsAnError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		page  func(n int) string
		want  string
		asked int
	}{
		"the same people behind ever new cursors": {func(n int) string {
			return fmt.Sprintf(`{"items":[%s],"has_next_page":true,"end_cursor":"c%d"}`, users(0, 200), n)
		}, "101 pages in a row brought nothing new and say that there are more (200 items so far)", maxIdlePages + 2},
		"no people behind ever new cursors": {func(n int) string {
			return fmt.Sprintf(`{"items":[],"has_next_page":true,"end_cursor":"c%d","total":450}`, n)
		}, "101 pages in a row brought nothing new and say that there are more (0 items so far)", maxIdlePages + 1},
		"ever more people": {func(n int) string {
			return fmt.Sprintf(`{"items":[%s],"has_next_page":true,"end_cursor":"c%d"}`, users(2000*n, 2000*n+2000), n)
		}, "more than 1000000 items", maxItems/2000 + 1},
		"two cursors in turn": {func(n int) string {
			return fmt.Sprintf(`{"items":[%s],"has_next_page":true,"end_cursor":"c%d"}`, users(2*n, 2*n+2), n%2)
		}, "in a circle", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, asked := listServer(t, c.page)
			if _, err := walkUsers(t, client); !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), c.want) || *asked != c.asked {
				t.Errorf("%d requests, %v", *asked, err)
			}
		})
	}
}

// collect reads a list of users with their names.
func collect(t *testing.T, c *Client, r Request, keep func(*userItem) bool) (users []userItem, notices []Notice, err error) {
	t.Helper()
	ctx, n := WithNotices(t.Context())
	users, err = Collect(ctx, c, r, keep, func(a, b userItem) int { return strings.Compare(a.UserID, b.UserID) })
	return users, n.All(), err
}

// named is a list of pages of users, written as id=name.
func named(pages ...string) func(n int) string {
	return func(n int) string {
		var items []string
		for user := range strings.FieldsSeq(pages[n]) {
			id, name, _ := strings.Cut(user, "=")
			items = append(items, fmt.Sprintf(`{"user_id":%q,"name":%q}`, id, name))
		}
		return fmt.Sprintf(`{"items":[%s],"has_next_page":%t,"end_cursor":"c%d"}`, strings.Join(items, ","), n+1 < len(pages), n)
	}
}

func TestOfAnItemThatComesTwiceTheLaterValueCounts(t *testing.T) {
	t.Parallel()
	notX := func(u *userItem) bool { return u.Name != "x" }
	for name, c := range map[string]struct {
		pages   []string
		keep    func(*userItem) bool
		want    string
		noticed string // a part of the notice
	}{
		"two values":                        {[]string{"b=1 a=1", "a=2 c=1"}, nil, "a=2 b=1 c=1", "1 items came again with another value while the list was read, a among them"},
		"the same value":                    {[]string{"b=1 a=1", "a=1 b=1"}, nil, "a=1 b=1", ""},
		"twice on one page":                 {[]string{"a=1 a=2"}, nil, "a=2", "a among them"},
		"a value that is not kept any more": {[]string{"b=1 a=1", "a=x"}, notX, "b=1", "a among them"},
		"a value that is kept only now":     {[]string{"b=1 a=x", "a=1"}, notX, "a=1 b=1", "a among them"},
		"two values that are not kept":      {[]string{"b=1 a=x", "a=x"}, notX, "b=1", ""},
		"nothing":                           {[]string{""}, nil, "", ""},
	} {
		client, _ := listServer(t, named(c.pages...))
		users, notices, err := collect(t, client, usersRequest, c.keep)
		var got []string
		for _, u := range users {
			got = append(got, u.UserID+"="+u.Name)
		}
		if err != nil || users == nil || strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if c.noticed == "" && len(notices) != 0 ||
			c.noticed != "" && (len(notices) != 1 || notices[0].Kind != NoticeItemTwice || !strings.Contains(notices[0].Text, c.noticed)) {
			t.Errorf("%s: noticed %+v", name, notices)
		}
	}
}

func TestALimitCountsWhatIsKept(t *testing.T) {
	t.Parallel()
	limited := usersRequest
	limited.Limit = 10
	odd := func(u *userItem) bool { return strings.HasSuffix(u.UserID, "1") }
	for _, c := range []struct {
		total int
		keep  func(*userItem) bool
		long  bool
	}{{50, odd, false}, {10, nil, false}, {11, nil, true}, {50, nil, true}, {101, odd, false}, {102, odd, true}} {
		client, _ := listServer(t, func(int) string { return ended("null", c.total) })
		kept, _, err := collect(t, client, limited, c.keep)
		var long *LongListError
		if errors.As(err, &long) != c.long || c.long && (long.Limit != 10 || kept != nil) || !c.long && (err != nil || len(kept) > 10) {
			t.Errorf("of %d: %d kept, %v", c.total, len(kept), err)
		}
	}
}

func TestALimitCountsAnItemThatComesTwiceOnce(t *testing.T) {
	t.Parallel()
	limited := usersRequest
	limited.Limit = 2
	client, _ := listServer(t, named("a=1 b=1", "a=1 b=2", "a=2 b=2"))
	if kept, _, err := collect(t, client, limited, nil); err != nil || len(kept) != 2 {
		t.Errorf("%v, %v", kept, err)
	}
}

func TestALimitThatIsPassedEndsTheReading(t *testing.T) {
	t.Parallel()
	limited := usersRequest
	limited.Limit = 5
	client, asked := listServer(t, func(n int) string {
		return fmt.Sprintf(`{"items":[%s],"has_next_page":true,"end_cursor":"c%d","total":1000}`, users(2*n, 2*n+2), n)
	})
	var long *LongListError
	if _, notices, err := collect(t, client, limited, nil); !errors.As(err, &long) || *asked != 3 || notices != nil {
		t.Errorf("%d requests, %v, noticed %v", *asked, err, notices)
	}
}

func TestARefusedCursorIsNotARejectedArgument(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 422} {
		server := clienttest.StartFake(t, devintest.Options{})
		server.Fault(usersPath, devintest.Fault{Status: status, Skip: 1, Body: `{"detail":"cursor expired"}`})
		_, err := walkUsers(t, newClient(t, server.URL))
		var failure *Error
		if !errors.As(err, &failure) || !isOnly(err, ErrUnavailable) || !errors.Is(err, ErrCursorRefused) || failure.Status != status {
			t.Errorf("%d for a cursor is %v", status, err)
		}
		// The first page has no cursor.
		server.ClearFaults()
		server.Fault(usersPath, devintest.Fault{Status: status})
		if _, err := walkUsers(t, newClient(t, server.URL)); !isOnly(err, ErrRejected) || errors.Is(err, ErrCursorRefused) {
			t.Errorf("%d for the first page is %v", status, err)
		}
	}
}

func TestAnIDThatIsNotUnicodeIsRefused(t *testing.T) {
	t.Parallel()
	c, _ := listServer(t, func(int) string { return `{"items":[{"user_id":"a","name":"\ud800"},{"user_id":"b\ud800"}]}` })
	ids, err := walkUsers(t, c)
	if !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "items[1] has an id that is not valid Unicode") || len(ids) != 1 {
		t.Errorf("%v, %v", ids, err)
	}
}

func TestAListIsEmptyWhereItsFirstPageIsTheLastAndHasNothing(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"items":[]}`: true,
		`{"items":[],"has_next_page":false,"end_cursor":"x"}`:       true,
		`{"items":[],"has_next_page":true,"end_cursor":"x"}`:        false,
		`{"items":[{"whatever":["it","is"]}]}`:                      false,
		`{"items":[null],"has_next_page":false}`:                    false,
		`{"items":[{},{},{}],"has_next_page":true,"end_cursor":""}`: false,
	} {
		c, _ := listServer(t, func(int) string { return body })
		if empty, err := IsEmpty(t.Context(), c, usersRequest); err != nil || empty != want {
			t.Errorf("%s: %t, %v", body, empty, err)
		}
	}
}

func TestAPageFarLargerThanRequestedIsRefused(t *testing.T) {
	t.Parallel()
	c, _ := listServer(t, func(int) string { return ended("null", 2000) })
	if ids, err := walkUsers(t, c); err != nil || len(ids) != 2000 {
		t.Errorf("%d items, %v", len(ids), err)
	}
	c, _ = listServer(t, func(int) string { return ended("null", 2001) })
	if _, err := walkUsers(t, c); !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "more than 2000 items") {
		t.Errorf("got %v", err)
	}
}

func TestAnItemThatFailsItsCheckIsNamedByItsIndex(t *testing.T) {
	t.Parallel()
	c, _ := listServer(t, func(int) string { return `{"items":[{"user_id":"a"},{"user_id":""}]}` })
	ids, err := walkUsers(t, c)
	if !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "the field items[1].user_id is missing") || ids != nil {
		t.Errorf("%v, %v", ids, err)
	}
}

func TestAListAsksForPagesOfItsOwnSize(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
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
