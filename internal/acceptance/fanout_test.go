package acceptance

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// manyUsers is a company of a thousand members; a report sends a request for each.
var manyUsers = devintest.Options{Members: 1000, PageSize: 200}

func TestReportOfAThousandUsersOutlastsWhatPasses(t *testing.T) {
	t.Parallel()
	r := readingOfMembers()
	for name, prepare := range map[string]func(b *bubble){
		"a 429 in the middle": func(b *bubble) { b.Fault(userPath, devintest.Fault{Status: 429, Skip: 500, Times: 1}) },
		// So few that rate_limit_timeout suffices for the waits even where the refusals
		// come one after the other, as on a slow machine.
		"nine 429 in the middle": func(b *bubble) { b.Fault(userPath, devintest.Fault{Status: 429, Skip: 500, Times: 9}) },
		"a 429 that says when": func(b *bubble) {
			b.Fault(userPath, devintest.Fault{Status: 429, RetryAfter: "30", Skip: 500, Times: 7})
		},
		"a burst of 503":   func(b *bubble) { b.Fault("*", devintest.Fault{Status: 503, Skip: 300, Times: 40}) },
		"lost connections": func(b *bubble) { b.Fault("*", devintest.Fault{Reset: true, Random: 0.05}) },
		"one in twenty fails somehow": func(b *bubble) {
			b.Fault("*", devintest.Fault{Status: 503, Random: 0.02})
			b.Fault("*", devintest.Fault{Status: 429, Random: 0.01})
			b.Fault("*", devintest.Fault{ResetMidBody: true, Random: 0.01})
			b.Fault("*", devintest.Fault{Delay: 3 * time.Second, Random: 0.01})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, manyUsers, func(t *testing.T, b *bubble) {
				prepare(b)
				// One try in twenty fails: five in a row once in three million.
				r.read(t, b.Server, b.configured(t, map[string]any{"max_retries": 10}), everywhere, fine)
				if n := b.MostInFlight(); n > 16 {
					t.Errorf("%d requests were under way at once", n)
				}
			})
		})
	}
}

// A gateway with a limit of requests a minute that does not say when to try again.
func TestDefaultSettingsOutlastALimitPerMinute(t *testing.T) {
	t.Parallel()
	limited := manyUsers
	for _, s := range subjects() {
		switch s.name {
		case "members":
			limited.RequestsPerMinute = 5 // of 6 pages
		case allMembersConsumption:
			limited.RequestsPerMinute = 100
		case "the check as data":
			limited.RequestsPerMinute = 3 // of 5 requests
		default:
			continue
		}
		limited := limited
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, limited, func(t *testing.T, b *bubble) {
				s.read(t, b.Server, b.configured(t, nil), everywhere, fine)
				if !slices.ContainsFunc(b.Requests(), func(r devintest.Request) bool { return r.Status == http.StatusTooManyRequests }) {
					t.Error("the limit was not reached")
				}
			})
		})
	}
}

func TestReportOfAThousandUsersEndsWhereItCannotGoOn(t *testing.T) {
	t.Parallel()
	r := readingOfMembers()
	of := func(path string) endpoint { return endpoint{path: path} }
	for name, tt := range map[string]struct {
		path  string
		class class
		fault devintest.Fault
	}{
		"the key is revoked on the way":       {userPath, unauthorized, devintest.Fault{Status: 401, Skip: 500}},
		"a permission goes on the way":        {userPath, forbidden, devintest.Fault{Status: 403, Skip: 500}},
		"one user cannot be read":             {userPath, serverError, devintest.Fault{Status: 500, Skip: 500, When: isUser(500)}},
		"429 for ever":                        {userPath, rateLimited, devintest.Fault{Status: 429, Skip: 500}},
		"the third page of members is a 401":  {usersPath, unauthorized, devintest.Fault{Status: 401, Skip: 2}},
		"the third page of members is a 503":  {usersPath, serverError, devintest.Fault{Status: 503, Skip: 2}},
		"the second page of the IdP is a 403": {idpUsersPath, forbidden, devintest.Fault{Status: 403, Skip: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, manyUsers, func(t *testing.T, b *bubble) {
				if tt.fault.When != nil {
					tt.fault.Skip = 0
				}
				b.Fault(tt.path, tt.fault)
				r.read(t, b.Server, b.configured(t, nil), of(tt.path), tt.class)
				// What was under way when the refusal came may still be asked.
				refused := tt.class == unauthorized || tt.class == forbidden
				if n := b.Count(userPath); refused && tt.path == userPath && n > 600 {
					t.Errorf("%d users were asked for after the key was refused", n-500)
				}
				synctest.Wait() // until the fake has noticed the connections that were closed
				if n := b.InFlight(); n != 0 {
					t.Errorf("%d requests are still under way", n)
				}
			})
		})
	}
}

// isUser picks one user of all, by a number.
func isUser(n int) func(*http.Request) bool {
	fake := devintest.New(devintest.Options{Members: manyUsers.Members, Now: func() time.Time { return providertest.Now }})
	id := sortedMembers(fake)[n].UserID
	return func(r *http.Request) bool {
		return r.URL.Path == fmt.Sprintf("/v3/enterprise/consumption/daily/users/%s", id)
	}
}

func TestReportThatSkipsFailedUsersListsThem(t *testing.T) {
	t.Parallel()
	r := readingOfMembers()
	for _, status := range errorStatuses {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
				id := busiest(b.Server)
				b.Fault("/v3/enterprise/consumption/daily/users/"+id, devintest.Fault{Status: status})
				skipping, given := r, r.given(b.Server)
				skipping.given = func(*devintest.Server) object { return with(given, object{"skip_failed_users": true}) }
				if status == http.StatusNotFound {
					skipping.truth = func(fake *devintest.Server) object {
						return with(trueUsersReport(fake, allPeople(fake), id), object{"failed_user_ids": []any{}})
					}
					resp := b.configured(t, nil).ReadData(t, r.source, skipping.arguments(b.Server))
					checkNotices(t, resp.Diagnostics, everywhere, noticed)
					sameState(t, stateOf(t, b.schemaOf(r.source), resp.State), r.whole(skipping.arguments(b.Server), skipping.truth(b.Server)))
					return
				}
				skipping.truth = func(fake *devintest.Server) object {
					return with(trueUsersReport(fake, withoutPerson(allPeople(fake), id)), object{"failed_user_ids": []any{id}})
				}
				skipping.read(t, b.Server, b.configured(t, nil), endpoint{path: userPath}, fine)
			})
		})
	}
}
