package devintest_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestInvalidQueriesAreRefused(t *testing.T) {
	s := start(t, devintest.Options{})
	org := s.Organizations()[0].OrgID
	for _, path := range []string{
		selfPath + "?first=1",
		membersPath + "?first=0", membersPath + "?first=201", membersPath + "?first=x", membersPath + "?first=",
		membersPath + "?first=1&first=2", membersPath + "?limit=1", membersPath + "?a=%zz",
		dailyPath + "?time_after=1.5", dailyPath + "?time_after=2&time_before=1", dailyPath + "?time_after=1764921600000",
		"/v3/enterprise/metrics/prs", "/v3/enterprise/metrics/prs?time_after=1",
		prsPath + "&org_ids[]=" + org, prsPath + "&org_ids=" + org + "," + org, prsPath + "&user_ids=",
	} {
		wantStatus(t, s, path, http.StatusUnprocessableEntity)
	}
	lax := start(t, devintest.Options{Quirks: devintest.Quirks{IgnoreUnknownQuery: true}})
	wantStatus(t, lax, membersPath+"?limit=1", http.StatusOK)
}

func TestA422HasEitherDocumentedForm(t *testing.T) {
	s := start(t, devintest.Options{})
	path := "/v3/enterprise/metrics/prs?time_after=1"
	if got, want := get(t, s, path).body,
		`{"detail":[{"loc":["query","time_before"],"msg":"Field required","type":"missing","input":"","ctx":{}}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	s = start(t, devintest.Options{Quirks: devintest.Quirks{ProblemValidation: true}})
	if got, want := get(t, s, path).body,
		`"detail":"Validation failed","instance":"/v3/enterprise/metrics/prs","errors":[{"loc":["query","time_before"]`; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s in it", got, want)
	}
}

func TestWindowsAreOf100DaysAtMost(t *testing.T) {
	s := start(t, devintest.Options{})
	old := start(t, devintest.Options{Quirks: devintest.Quirks{LongWindow: http.StatusBadRequest}})
	none := start(t, devintest.Options{Quirks: devintest.Quirks{LongWindow: -1}})
	end := billingDay(2026, 11, 1)
	for _, path := range []string{auditPath, "/v3beta1/enterprise/guardrail-violations", "/v3/enterprise/code-scans/metrics"} {
		wantStatus(t, s, path+window(end.AddDate(0, 0, -100), end), http.StatusOK)
		long := path + window(end.AddDate(0, 0, -101), end)
		wantStatus(t, s, long, http.StatusUnprocessableEntity)
		wantStatus(t, old, long, http.StatusBadRequest)
		wantStatus(t, none, long, http.StatusOK)
	}
	before := "?time_before=" + strconv.FormatInt(end.Unix(), 10)
	wantStatus(t, s, auditPath+before, http.StatusUnprocessableEntity)
	wantStatus(t, s, auditPath+strings.Replace(before, "before", "after", 1), http.StatusOK)
	wantStatus(t, s, auditPath, http.StatusOK)
}
