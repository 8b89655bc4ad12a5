package devin

import (
	"errors"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

const (
	composed   = "okta|Acme|Jos\u00e9"
	decomposed = "okta|Acme|Jose\u0301"
)

func TestOwnUserIDsAreInDevinsForm(t *testing.T) {
	t.Parallel()
	client := newClient(t, "https://devin.example.com", withTransport(bothLists(`{"user_id":"`+decomposed+`"},{"user_id":"a"}`, "", nil)))
	own, unsure, err := client.OwnUserIDs(t.Context(), []string{"a", composed, "x|\u00fc", composed})
	if err != nil || !reflect.DeepEqual(own, []string{"a", decomposed, "x|\u00fc", decomposed}) || !reflect.DeepEqual(unsure, map[string]bool{"x|\u00fc": true}) {
		t.Errorf("got %q, unsure %v, %v", own, unsure, err)
	}
}

func TestOwnUserIDsReadNoListForASCII(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	ids := slices.DeleteFunc(memberIDs(fake), func(id string) bool { return !isASCII(id) })
	own, unsure, err := newClient(t, fake.URL).OwnUserIDs(t.Context(), ids)
	if err != nil || !reflect.DeepEqual(own, ids) || len(unsure) > 0 || len(fake.Requests()) > 0 {
		t.Errorf("got %q, unsure %v, %v with %d requests", own, unsure, err, len(fake.Requests()))
	}
}

func TestOwnUserIDsAreUnsureWhereTheListIsRefused(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	fake.Fault("/v3/enterprise/members/*", devintest.Fault{Status: http.StatusForbidden})
	own, unsure, err := newClient(t, fake.URL).OwnUserIDs(t.Context(), []string{composed})
	if err != nil || own[0] != composed || !unsure[composed] {
		t.Errorf("got %q, unsure %v, %v", own, unsure, err)
	}
}

// In a report, too, 0 ACUs for an id that may not be Devin's would be a guess.
func TestReportRefusesAnEmptyAnswerForAnIDThatMayNotBeDevins(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	ids := []string{memberIDs(fake)[0], composed, composed}
	_, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: ids})
	var failed *ReportError
	if !errors.As(err, &failed) || !slices.Equal(failed.IDs, []string{composed}) || !errors.Is(err, errComposedID) {
		t.Errorf("got %v", err)
	}
	report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: ids, SkipFailed: true})
	if err != nil || !slices.Equal(report.Failed, []string{composed}) || len(report.Readings) != 1 {
		t.Errorf("got %+v, %v", report, err)
	}
}
