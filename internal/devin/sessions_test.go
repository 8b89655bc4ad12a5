package devin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// sessionItem is a session of the 3rd of March 2026, with some fields replaced or added.
func sessionItem(id string, more ...string) string {
	return fmt.Sprintf(`{"session_id":%q,"url":"https://app.devin.ai/sessions/1","org_id":"org-1","status":"exit","acus_consumed":1.5,"tags":["a"],`+
		`"pull_requests":[],"created_at":%d,"updated_at":%d%s}`, id, march3, march3+3600, strings.Join(append([]string{""}, more...), ","))
}

const march3 = 1772539200 // 12:00 UTC

// sessionsOfEveryKind is the answer of a server that ignores every filter.
var sessionsOfEveryKind = page(strings.Join([]string{
	sessionItem("user", `"user_id":"u"`, `"origin":"webapp"`, `"category":"bug_fixing"`, `"playbook_id":null`),
	sessionItem("other-user", `"user_id":"v"`, `"origin":"slack"`, `"category":null`, `"playbook_id":"playbook-1"`),
	sessionItem("service-user", `"service_user_id":"s"`, `"user_id":null`, `"origin":"API"`, `"category":"Bug_Fixing"`, `"is_archived":true`),
	sessionItem("automation", `"service_user_id":"t"`, `"origin":"automation"`, `"is_archived":false`, `"devin_mode":"fast"`),
	sessionItem("no-owner", `"origin":"linear"`),
	strings.Replace(sessionItem("org-2", `"user_id":"u"`), `"org-1"`, `"org-2"`, 1),
	strings.Replace(sessionItem("tagged", `"user_id":"v"`), `["a"]`, `["b","c"]`, 1),
	strings.Replace(sessionItem("day-before", `"user_id":"u"`), fmt.Sprint(march3), fmt.Sprint(march3-2*86400), 1),
	strings.Replace(sessionItem("updated-late", `"user_id":"v"`), fmt.Sprint(march3+3600), fmt.Sprint(march3+86400), 1),
}, ","))

var march3Window = Window{DayAt(time.Unix(march3, 0)), DayAt(time.Unix(march3, 0))}

func TestSessionsAreRightWhateverTheServerFilters(t *testing.T) {
	t.Parallel()
	const all = "automation no-owner org-2 other-user service-user tagged updated-late user"
	for name, tt := range map[string]struct {
		filter SessionFilter
		orgID  string
		want   string
	}{
		"none":               {want: all},
		"the window":         {SessionFilter{}, "", all},
		"an organization":    {SessionFilter{OrgIDs: []string{"org-2"}}, "", "org-2"},
		"the client's own":   {SessionFilter{}, "org-2", "org-2"},
		"sessions":           {SessionFilter{SessionIDs: []string{"user", "tagged", "unknown"}}, "", "tagged user"},
		"a user":             {SessionFilter{UserIDs: []string{"u"}}, "", "org-2 user"},
		"a service user":     {SessionFilter{ServiceUserIDs: []string{"s"}}, "", "service-user"},
		"either":             {SessionFilter{UserIDs: []string{"u"}, ServiceUserIDs: []string{"s"}}, "", "org-2 service-user user"},
		"an origin":          {SessionFilter{Origins: []string{"api", "slack"}}, "", "other-user service-user"},
		"scheduled":          {SessionFilter{Origins: []string{"scheduled"}}, "", "automation"},
		"automation":         {SessionFilter{Origins: []string{"AUTOMATION"}}, "", "automation"},
		"a category":         {SessionFilter{Category: "bug_fixing"}, "", "service-user user"},
		"a playbook":         {SessionFilter{PlaybookID: "playbook-1"}, "", "other-user"},
		"tags":               {SessionFilter{Tags: []string{"c", "x"}}, "", "tagged"},
		"archived":           {SessionFilter{IsArchived: new(true)}, "", "service-user"},
		"not archived":       {SessionFilter{IsArchived: new(false)}, "", "automation no-owner org-2 other-user tagged updated-late user"},
		"updated after":      {SessionFilter{UpdatedAfter: time.Unix(march3+86400, 0)}, "", "updated-late"},
		"updated before":     {SessionFilter{UpdatedBefore: time.Unix(march3+86400, 0)}, "", "automation no-owner org-2 other-user service-user tagged user"},
		"all that can match": {SessionFilter{UserIDs: []string{"u"}, Origins: []string{"webapp"}, Category: "BUG_FIXING", Tags: []string{"a"}, OrgIDs: []string{"org-1"}}, "", "user"},
		"nothing matches":    {SessionFilter{UserIDs: []string{"u"}, Origins: []string{"slack"}}, "", ""},
	} {
		c := serveOne(t, sessionsOfEveryKind)
		notices, err := noticed(t, func(ctx context.Context) error {
			sessions, err := c.In(tt.orgID).Sessions(ctx, march3Window, tt.filter)
			var got []string
			for _, s := range sessions {
				got = append(got, s.SessionID)
			}
			slices.Sort(got)
			if text := strings.Join(got, " "); text != tt.want {
				t.Errorf("%s: got %s, want %s", name, text, tt.want)
			}
			return err
		})
		if err != nil || notices != nil {
			t.Errorf("%s: %v, %q", name, err, notices)
		}
	}
}

// Only a probe shows that a filter is applied which no session shows.
func TestAHiddenFilterOfSessionsIsProbed(t *testing.T) {
	t.Parallel()
	bare := page(sessionItem("a") + "," + sessionItem("b")) // as an older deployment lists them
	for name, tt := range map[string]struct {
		filter SessionFilter
		probed string
	}{
		"repo_names":                    {SessionFilter{RepoNames: []string{"acme/app"}}, "repo_names"},
		"schedule_id":                   {SessionFilter{ScheduleID: "sched-1"}, "schedule_id"},
		"origins":                       {SessionFilter{Origins: []string{"slack"}}, "origins"},
		"category":                      {SessionFilter{Category: "other"}, "category"},
		"playbook_id":                   {SessionFilter{PlaybookID: "playbook-1"}, "playbook_id"},
		"user_ids":                      {SessionFilter{UserIDs: []string{"u"}}, "user_ids"},
		"service_user_ids":              {SessionFilter{ServiceUserIDs: []string{"s"}}, "service_user_ids"},
		"user_ids and service_user_ids": {SessionFilter{UserIDs: []string{"u"}, ServiceUserIDs: []string{"s"}}, "user_ids"},
	} {
		ignoring, _ := serve(t, func(*http.Request) (int, string) { return http.StatusOK, bare })
		if got, err := ignoring.Sessions(t.Context(), march3Window, tt.filter); got != nil || !errors.Is(err, ErrFilterIgnored) || !strings.Contains(err.Error(), "does not depend on "+name) {
			t.Errorf("%s is ignored: %v, %v", name, got, err)
		}
		for status, body := range map[int]string{200: page(""), 403: `{"detail":"no"}`, 404: `{"detail":"no"}`, 422: `{"detail":"no"}`, 500: `{"detail":"no"}`} {
			applying, requests := serve(t, func(r *http.Request) (int, string) {
				q := r.URL.Query()
				if slices.Contains(q[tt.probed], noID) {
					if q.Get("first") != "1" || q.Get("created_after") == "" || q.Has("after") {
						t.Errorf("%s is probed with %s", name, q.Encode())
					}
					return status, body
				}
				return http.StatusOK, bare
			})
			notices, err := noticed(t, func(ctx context.Context) error {
				got, err := applying.Sessions(ctx, march3Window, tt.filter)
				if err == nil && len(got) != 2 {
					t.Errorf("%s is applied: %+v", name, got)
				}
				return err
			})
			if err != nil || (len(notices) > 0) != (status == 500) || requests.Load() != 2 {
				t.Errorf("%s is probed with %d: %v, %q, %d requests", name, status, err, notices, requests.Load())
			}
		}
		none, requests := serve(t, func(*http.Request) (int, string) { return http.StatusOK, page("") })
		if got, err := none.Sessions(t.Context(), march3Window, tt.filter); err != nil || got == nil || len(got) != 0 || requests.Load() != 1 {
			t.Errorf("%s of nothing: %v, %v, %d requests", name, got, err, requests.Load())
		}
	}
}

func TestSessionsAreSortedAndLimitedAfterFiltering(t *testing.T) {
	t.Parallel()
	items := []string{sessionItem("b"), sessionItem("a"), strings.Replace(sessionItem("newest"), fmt.Sprint(march3), fmt.Sprint(march3+1), 1)}
	for i := range 20 {
		items = append(items, strings.Replace(sessionItem(fmt.Sprint("other-", i)), "org-1", "org-2", 1))
	}
	c := serveOne(t, page(strings.Join(items, ",")))
	got, err := c.In("org-1").Sessions(t.Context(), march3Window, SessionFilter{Limit: 3})
	if err != nil || len(got) != 3 || got[0].SessionID != "newest" || got[1].SessionID != "a" || got[2].SessionID != "b" {
		t.Errorf("got %+v, %v", got, err)
	}
	var long *LongListError
	if _, err := c.In("org-1").Sessions(t.Context(), march3Window, SessionFilter{Limit: 2}); !errors.As(err, &long) || long.Limit != 2 {
		t.Errorf("got %v", err)
	}
}

func TestTheTitleOfASessionIsLeftOutAsPersonalData(t *testing.T) {
	t.Parallel()
	body := page(sessionItem("a", `"title":"Ask Jane"`))
	open := serveOne(t, body)
	redacting := newClient(t, "https://devin.example.com", func(cfg *Config) { cfg.RedactPersonalData = true },
		withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) { return clienttest.JSON(200, body), nil })))
	for c, want := range map[*Client]string{open: "Ask Jane", redacting: ""} {
		if got, err := c.Sessions(t.Context(), march3Window, SessionFilter{}); err != nil || len(got) != 1 || orNone(got[0].Title) != want {
			t.Errorf("got %+v, %v, want %q", got, err, want)
		}
	}
}

func TestWhatASessionListsIsSorted(t *testing.T) {
	t.Parallel()
	s := Session{
		Tags: []string{"b", "a"}, ChildSessionIDs: []string{"2", "1"},
		PullRequests: []SessionPullRequest{{PRURL: "z", PRState: new("open")}, {PRURL: "y"}},
	}
	if err := s.Check(); err != nil || fmt.Sprint(s.Tags, s.ChildSessionIDs, s.PullRequests[0].PRURL, s.PullRequests[1].PRURL) != "[a b] [1 2]yz" {
		t.Errorf("got %+v, %v", s, err)
	}
}

// ownedBy are sessions of users and service users.
func ownedBy(userIDs []string, serviceUserIDs ...string) []Session {
	sessions := []Session{{SessionID: "of no owner"}}
	for _, id := range userIDs {
		sessions = append(sessions, Session{UserID: &id})
	}
	for _, id := range serviceUserIDs {
		sessions = append(sessions, Session{ServiceUserID: &id})
	}
	return sessions
}

func TestSessionOwnersAreThoseOfTheLists(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	var bots []string
	for _, u := range fake.AllServiceUsers() {
		bots = append(bots, u.ServiceUserID)
	}
	sessions := ownedBy(append(memberIDs(fake), "unknown"), append(bots, bots[0], "unknown bot")...)
	owners, err := newClient(t, fake.URL).SessionOwners(t.Context(), sessions)
	if err != nil || len(owners) != len(fake.Members())+len(bots) {
		t.Fatalf("%d owners, %v", len(owners), err)
	}
	for _, m := range fake.Members() {
		if o := owners[m.UserID]; !reflect.DeepEqual(o, SessionOwner{m.Email, m.Name}) {
			t.Errorf("%s is %+v", m.UserID, o)
		}
	}
	for _, u := range fake.AllServiceUsers() {
		if o := owners[u.ServiceUserID]; !reflect.DeepEqual(o, SessionOwner{nil, &u.Name}) {
			t.Errorf("%s is %+v", u.ServiceUserID, o)
		}
	}
	redacting := newClient(t, fake.URL, func(c *Config) { c.RedactPersonalData = true })
	if owners, err := redacting.SessionOwners(t.Context(), sessions); err != nil || len(owners) > 0 {
		t.Errorf("with redaction: %+v, %v", owners, err)
	}
}

// The later pages of the lists never come.
func TestSessionOwnersAreReadUntilAllAreFound(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{Members: 400, PageSize: 200})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	client := newClient(t, fake.URL, through(func(r *http.Request) {
		if r.URL.Query().Has("after") {
			<-r.Context().Done()
		}
	}, func(*http.Request) {}))
	m := fake.Members()[slices.IndexFunc(fake.Members(), func(m devintest.Member) bool { return m.Direct && m.Email != nil && m.Name != nil })]
	owners, err := client.SessionOwners(ctx, ownedBy([]string{m.UserID}))
	if err != nil || *owners[m.UserID].Name != *m.Name {
		t.Fatalf("got %+v, %v", owners, err)
	}
}

func TestOwnersThatCannotBeReadAreNoticed(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	fake.Fault("*/members/*", devintest.Fault{Status: http.StatusForbidden})
	ctx, notices := WithNotices(t.Context())
	owners, err := newClient(t, fake.URL).SessionOwners(ctx, ownedBy(memberIDs(fake), "bot"))
	if kinds := kindsOf(notices); err != nil || len(owners) > 0 || !slices.Equal(kinds, []NoticeKind{NoticeNames, NoticeNames}) {
		t.Errorf("got %+v, %v, noticed %v", owners, err, kinds)
	}
	if owners, err := newClient(t, "http://127.0.0.1:1").SessionOwners(t.Context(), ownedBy(nil)); err != nil || len(owners) > 0 {
		t.Errorf("without owners: %+v, %v", owners, err)
	}
}
