package devin

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestAnIgnoredFilterOfPullRequestsIsAnError(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	for _, by := range []FilterBy{FilterByUser, FilterByServiceUser} {
		if err := newClient(t, fake.URL).CheckPRFilter(t.Context(), week, MetricsFilter{}, by); err != nil {
			t.Errorf("%s is heeded, and the check says %v", by, err)
		}
		old := startFake(t, devintest.Options{Quirks: devintest.Quirks{IgnoredFilters: []string{string(by)}}})
		err := newClient(t, old.URL).CheckPRFilter(t.Context(), week, MetricsFilter{}, by)
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
		if err := newClient(t, fake.URL).CheckPRFilter(t.Context(), week, MetricsFilter{}, FilterByUser); !errors.Is(err, wanted) {
			t.Errorf("%d: got %v, want %v", status, err, wanted)
		}
	}
}
