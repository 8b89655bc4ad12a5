package devin

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

func TestServiceUsersAreNotListedForTheKeyOfTheirOrganization(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		refused string // the end of the path that is refused
		self    string // the organization of the key
		ids     []string
		want    bool
	}{
		"the list, to a key of the organization":     {"/members/service-users", `"org-a"`, nil, true},
		"the list, to a key of the enterprise":       {"/members/service-users", "null", nil, false},
		"the list, to a key of another organization": {"/members/service-users", `"org-b"`, nil, false},
		"the consumption of the whole":               {"/consumption/daily", `"org-a"`, nil, false},
		"the consumption of one that is named":       {"/service-users/s", `"org-a"`, []string{"s"}, false},
	} {
		c, _ := serve(t, func(r *http.Request) (int, string) {
			switch {
			case strings.HasSuffix(r.URL.Path, tt.refused):
				return http.StatusForbidden, `{"title":"Forbidden","status":403}`
			case r.URL.Path == "/v3/self":
				return http.StatusOK, `{"principal_type":"service_user","service_user_id":"me","service_user_name":"n","org_id":` + tt.self + `}`
			case strings.Contains(r.URL.Path, "/consumption/"):
				return http.StatusOK, nothingUsed
			}
			return http.StatusOK, page("")
		})
		_, err := c.In("org-a").ServiceUsersDailyConsumption(t.Context(), Selection{IDs: tt.ids}, false, week)
		if got := errors.Is(err, ErrNoServiceUserList); got != tt.want || !errors.Is(err, ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
