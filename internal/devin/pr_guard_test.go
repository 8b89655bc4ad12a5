package devin

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// withoutFilter is the transport to a deployment that does not know a filter,
// and answers as if it had not been given.
func withoutFilter(name string) roundTripper {
	return func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		q := r.URL.Query()
		q.Del(name)
		r.URL.RawQuery = q.Encode()
		return http.DefaultTransport.RoundTrip(r)
	}
}

func TestAnIgnoredFilterOfPullRequestsIsAnError(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	for _, by := range []FilterBy{FilterByUser, FilterByServiceUser} {
		if err := newClient(t, fake.URL).CheckPRFilter(t.Context(), week, PRFilter{}, by); err != nil {
			t.Errorf("%s is heeded, and the check says %v", by, err)
		}
		old := newClient(t, fake.URL, withTransport(withoutFilter(string(by))))
		err := old.CheckPRFilter(t.Context(), week, PRFilter{}, by)
		var e *Error
		if !errors.Is(err, ErrFilterIgnored) || !errors.As(err, &e) || e.Path != "/v3/enterprise/metrics/prs" || !strings.Contains(err.Error(), string(by)) {
			t.Errorf("%s is ignored, and the check says %v", by, err)
		}
	}
}

func TestFilterCheckTakesARefusedIDForAnAnswer(t *testing.T) {
	t.Parallel()
	for status, wanted := range map[int]error{
		http.StatusForbidden: nil, http.StatusNotFound: nil, http.StatusUnprocessableEntity: nil,
		http.StatusUnauthorized: ErrUnauthorized, http.StatusBadGateway: ErrUnavailable,
	} {
		fake := startFake(t, devintest.Options{})
		fake.Fault("/v3/enterprise/metrics/prs", devintest.Fault{Status: status})
		if err := newClient(t, fake.URL).CheckPRFilter(t.Context(), week, PRFilter{}, FilterByUser); !errors.Is(err, wanted) {
			t.Errorf("%d: got %v, want %v", status, err, wanted)
		}
	}
}
