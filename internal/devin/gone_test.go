package devin

import (
	"net/http"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestPresence(t *testing.T) {
	t.Parallel()
	const byID, lists = "/v3/enterprise/members/users/*", "/v3/enterprise/members/idp-users"
	for name, tt := range map[string]struct {
		faults   map[string]int
		unknown  int
		of, gone Presence // of a member, and of a user who is none
	}{
		"as documented":                {nil, 404, Present, Gone},
		"403 hides what is gone":       {nil, 403, Present, Gone},
		"no requests by id":            {map[string]int{byID: 404}, 404, Present, Gone},
		"requests by id are refused":   {map[string]int{byID: 403}, 404, Present, Gone},
		"all is refused":               {map[string]int{"/v3/enterprise/members/*": 403}, 403, PresenceUnknown, PresenceUnknown},
		"a list is refused":            {map[string]int{lists: 403}, 404, Present, PresenceUnknown},
		"a list is not where it was":   {map[string]int{lists: 404}, 404, Present, PresenceUnknown},
		"the lists ask for a new key":  {map[string]int{"/v3/enterprise/members/*": 401}, 404, PresenceUnknown, PresenceUnknown},
		"requests by id are not there": {map[string]int{byID: 500}, 404, Present, Gone},
	} {
		fake := startFake(t, devintest.Options{Quirks: devintest.Quirks{UnknownMember: tt.unknown}})
		for path, status := range tt.faults {
			fake.Fault(path, devintest.Fault{Status: status})
		}
		client := newClient(t, fake.URL)
		for _, m := range fake.Members() {
			if got, err := client.UserPresence(t.Context(), m.UserID); err != nil || got != tt.of {
				t.Fatalf("%s: %s is %v, %v, want %v", name, m.UserID, got, err, tt.of)
			}
		}
		if got, err := client.UserPresence(t.Context(), stranger); err != nil || got != tt.gone {
			t.Errorf("%s: a stranger is %v, %v, want %v", name, got, err, tt.gone)
		}
	}
}

func TestPresenceIsAnErrorWhereTheListsFail(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	fake.Fault("/v3/enterprise/members/idp-users", devintest.Fault{Status: http.StatusInternalServerError})
	if got, err := newClient(t, fake.URL).UserPresence(t.Context(), stranger); err == nil || got != PresenceUnknown {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestOrganizationPresence(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	client := newClient(t, fake.URL)
	for id, want := range map[string]Presence{fake.Organizations()[0].OrgID: Present, "org-mistyped": Gone} {
		if got, err := client.OrganizationPresence(t.Context(), id); err != nil || got != want {
			t.Errorf("%s is %v, %v", id, got, err)
		}
	}
}

func TestPresenceOfMembersTakesARequestForEach(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{Members: 2000, Uniform: true, PageSize: 200})
	client := newClient(t, fake.URL)
	for _, id := range memberIDs(fake)[1000:1020] {
		if got, err := client.UserPresence(t.Context(), id); err != nil || got != Present {
			t.Fatalf("got %v, %v", got, err)
		}
	}
	if n := len(fake.Requests()); n != 20 {
		t.Errorf("%d requests", n)
	}
}

func TestAnIDOnNoListIsKnownToBeUnknown(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	client := newClient(t, fake.URL)
	ctx, notices := WithNotices(t.Context())
	for _, got := range []Presence{client.KnowsUser(ctx, memberIDs(fake)[0]), client.KnowsServiceUser(ctx, fake.ServiceUsers()[0])} {
		if got != Present || len(notices.All()) > 0 {
			t.Errorf("got %v, noticed %+v", got, notices.All())
		}
	}
	for i, got := range []Presence{client.KnowsUser(ctx, stranger), client.KnowsServiceUser(ctx, stranger)} {
		if got != Gone || len(notices.All()) != 2 || notices.All()[i].Kind != NoticeUnknown {
			t.Errorf("got %v, noticed %+v", got, notices.All())
		}
	}
}
