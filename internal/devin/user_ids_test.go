package devin

import (
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

const (
	composed   = "okta|Acme|Jos\u00e9"
	decomposed = "okta|Acme|Jose\u0301"
)

func TestOwnUserIDsAreInDevinsForm(t *testing.T) {
	t.Parallel()
	client := newClient(t, "https://devin.example.com", withTransport(bothLists(`{"user_id":"`+decomposed+`"},{"user_id":"a"}`, "", nil)))
	own, err := client.OwnUserIDs(t.Context(), []string{"a", composed, "x|\u00fc", composed})
	if err != nil || !reflect.DeepEqual(own, []string{"a", decomposed, "x|\u00fc", decomposed}) {
		t.Errorf("got %q, %v", own, err)
	}
}

func TestOwnUserIDsReadNoListForOrdinaryIDs(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	ids := append(slices.DeleteFunc(memberIDs(fake), func(id string) bool { return !isASCII(id) }), "email|ann@acme.example")
	own, err := newClient(t, fake.URL).OwnUserIDs(t.Context(), ids)
	if err != nil || !reflect.DeepEqual(own, ids) || len(fake.Requests()) > 0 {
		t.Errorf("got %q, %v with %d requests", own, err, len(fake.Requests()))
	}
	if own, err := newClient(t, fake.URL).OwnUserIDs(t.Context(), nil); own != nil || err != nil {
		t.Errorf("got %q, %v", own, err)
	}
}

func TestOwnUserIDsStayWhereTheListIsRefused(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	fake.Fault("/v3/enterprise/members/*", devintest.Fault{Status: http.StatusForbidden})
	own, err := newClient(t, fake.URL).OwnUserIDs(t.Context(), []string{composed})
	if err != nil || own[0] != composed {
		t.Errorf("got %q, %v", own, err)
	}
}

func TestAnAddressIsAnIDOnlyWhereAMemberHasItForOne(t *testing.T) {
	t.Parallel()
	const lists = `{"user_id":"ann@acme.example","email":"ann@elsewhere.example"},{"user_id":"okta|2","email":"Bob@acme.example"},{"user_id":"okta|1","email":"bob@acme.example"}`
	for _, redact := range []bool{false, true} {
		client := newClient(t, "https://devin.example.com", withTransport(bothLists(lists, "", nil)), func(cfg *Config) { cfg.RedactPersonalData = redact })
		if own, err := client.OwnUserIDs(t.Context(), []string{"okta|1", "ann@acme.example"}); err != nil || !slices.Equal(own, []string{"okta|1", "ann@acme.example"}) {
			t.Errorf("got %q, %v", own, err)
		}
		for address, want := range map[string][]string{
			"bob@acme.example":      {"okta|1", "okta|2"},
			"ann@elsewhere.example": {"ann@acme.example"},
			"eve@acme.example":      nil,
		} {
			_, err := client.OwnUserIDs(t.Context(), []string{"okta|1", "ann@acme.example", address})
			var e *EmailError
			if !errors.As(err, &e) || e.Email != address || e.Index != 2 || !slices.Equal(e.UserIDs, want) || e.Err != nil {
				t.Errorf("%s: got %+v, %v", address, e, err)
			}
		}
	}
}

// An address in another case is one person's only where no other has it: whatever Devin
// takes for equal, it is never the wrong one.
func TestAddressesThatDifferInCaseOnlyAreNeverOnePerson(t *testing.T) {
	t.Parallel()
	const bob, lower = `{"user_id":"okta|2","email":"Bob@acme.example"}`, `{"user_id":"okta|1","email":"bob@acme.example"}`
	for _, ignoresCase := range []bool{false, true} {
		client := newClient(t, "https://devin.example.com", withTransport(clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
			items := bob + "," + lower
			if !ignoresCase {
				items = map[string]string{"": items, "Bob@acme.example": bob, "bob@acme.example": lower}[r.URL.Query().Get("email")]
			}
			if strings.HasSuffix(r.URL.Path, "/idp-users") {
				items = ""
			}
			return clienttest.JSON(200, `{"items":[`+items+`],"end_cursor":null,"has_next_page":false}`), nil
		})))
		for address, want := range map[string]string{"Bob@acme.example": "okta|2", "bob@acme.example": "okta|1", "BOB@acme.example": ""} {
			if ignoresCase {
				want = ""
			}
			id, err := client.UserIDOf(t.Context(), address)
			var e *EmailError
			if id != want || errors.As(err, &e) != (want == "") || e != nil && len(e.UserIDs) != 2 {
				t.Errorf("Devin ignores case: %v, %s is %q, %v", ignoresCase, address, id, err)
			}
		}
	}
}

func TestAnAddressIsNoIDWhereTheListsCannotBeRead(t *testing.T) {
	t.Parallel()
	for status, kind := range map[int]error{http.StatusForbidden: ErrForbidden, http.StatusInternalServerError: ErrUnavailable} {
		fake := clienttest.StartFake(t, devintest.Options{})
		fake.Fault("/v3/enterprise/members/*", devintest.Fault{Status: status})
		_, err := newClient(t, fake.URL).OwnUserIDs(t.Context(), []string{"ann@acme.example"})
		var e *EmailError
		if !errors.As(err, &e) || !errors.Is(err, kind) || !strings.Contains(err.Error(), "ann@acme.example") {
			t.Errorf("%d: got %v", status, err)
		}
	}
}

// 0 ACUs for an id that may not be Devin's would be a guess.
func TestReportRefusesAnEmptyAnswerForAnIDThatMayNotBeDevins(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	ids := []string{memberIDs(fake)[0], composed, composed}
	report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: ids})
	if err != nil || !slices.Equal(report.Unknown, []string{composed}) {
		t.Errorf("where the lists are read: got %+v, %v", report, err)
	}
	fake.Fault("/v3/enterprise/members/*", devintest.Fault{Status: http.StatusForbidden})
	_, err = readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: ids})
	var failed *ReportError
	if !errors.As(err, &failed) || !slices.Equal(failed.IDs, []string{composed}) || !errors.Is(err, errComposedID) {
		t.Errorf("got %v", err)
	}
	report, err = readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: ids, SkipFailed: true})
	if err != nil || !slices.Equal(report.Failed, []string{composed}) || len(report.Readings) != 1 {
		t.Errorf("got %+v, %v", report, err)
	}
}
