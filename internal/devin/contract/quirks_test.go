package contract

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// changed is the outcome of each line that differs from the report of the fake
// without quirks, in what it says, the statuses or the note.
type changed map[string]outcome

// quirks has a case or more for each field of devintest.Quirks.
var quirks = []struct {
	field  string
	quirks devintest.Quirks
	want   changed
}{
	{"BadKeyStatus", devintest.Quirks{BadKeyStatus: 401}, changed{"bad-key-403": fails}},
	{"PermissionDetail", devintest.Quirks{PermissionDetail: "No."}, changed{}},
	{"PlainNotFound", devintest.Quirks{PlainNotFound: true}, changed{"errors-have-titles": fails}},
	{"ProblemJSON", devintest.Quirks{ProblemJSON: true}, changed{"errors-are-json": fails}},
	{"ProblemValidation", devintest.Quirks{ProblemValidation: true}, changed{"validation-has-titles": holds}},
	{"BadCursorStatus", devintest.Quirks{BadCursorStatus: 422}, changed{"bad-cursor-400": fails}},
	{"NoRetryAfter", devintest.Quirks{NoRetryAfter: true}, changed{}},
	{"IgnoreUnknownQuery", devintest.Quirks{IgnoreUnknownQuery: true}, changed{"unknown-keys-ignored": holds}},
	{"UnknownOrganization", devintest.Quirks{UnknownOrganization: 404}, changed{"unknown-organization-403": fails}},
	{"UnknownMember", devintest.Quirks{UnknownMember: 403}, changed{"unknown-member-404": fails}},
	{"UnknownUser", devintest.Quirks{UnknownUser: 404}, changed{"unknown-user-has-no-use": fails, "unknown-service-user-has-no-use": fails, "unknown-session-has-no-use": fails}},
	{"UnknownUser", devintest.Quirks{UnknownUser: 403}, changed{"unknown-user-has-no-use": fails, "unknown-service-user-has-no-use": fails, "unknown-session-has-no-use": fails}},
	{"InclusiveBounds", devintest.Quirks{InclusiveBounds: true}, changed{"window-excludes-end": fails, "sessions-exclude-end": fails}},
	{"DaysAtMidnightUTC", devintest.Quirks{DaysAtMidnightUTC: true}, changed{"dates-at-0800": fails}},
	{"ZeroDays", devintest.Quirks{ZeroDays: true}, changed{"zero-days-left-out": fails}},
	{"Review", devintest.Quirks{Review: devintest.AsNull}, changed{"review-is-number": fails}},
	{"Review", devintest.Quirks{Review: devintest.Absent}, changed{"review-is-number": fails, "fields-of-product": fails}},
	{"ExtraProduct", devintest.Quirks{ExtraProduct: "voice"}, changed{"fields-of-product": fails}},
	{"PeriodsEndAtTheNext", devintest.Quirks{PeriodsEndAtTheNext: true}, changed{"periods-end-before-next": fails}},
	{"SessionsAreShort", devintest.Quirks{SessionsAreShort: true}, changed{"fields-of-session": fails, "automations-without-acus": unclear}},
	{"FindingsAreShort", devintest.Quirks{FindingsAreShort: true}, changed{"fields-of-finding": fails, "findings-obey-severity": unclear, "findings-obey-status": unclear}},
	{"BetaLimits", devintest.Quirks{BetaLimits: 404}, changed{
		"beta-limits-enabled": fails, "fields-of-agent-limits": unclear, "unset-agent-limit-left-out": unclear,
		"unset-user-limit-left-out": unclear, "devin-limit-is-cloud-limit": unclear,
	}},
	{"LimitsLag", devintest.Quirks{LimitsLag: 3}, changed{}},
	{"CyclesNewestFirst", devintest.Quirks{CyclesNewestFirst: true}, changed{"cycles-oldest-first": fails}},
	{"Total", devintest.Quirks{Total: devintest.AsNull}, changed{"total-present": fails, "total-exact": unclear, "total-filtered": unclear}},
	{"Total", devintest.Quirks{Total: devintest.Absent}, changed{"total-present": fails, "total-exact": unclear, "total-filtered": unclear}},
	{"NoTakenOver", devintest.Quirks{NoTakenOver: true}, changed{"fields-of-pull-requests": fails}},
	{"CaseSensitiveEmail", devintest.Quirks{CaseSensitiveEmail: true}, changed{"email-ignores-case": fails}},
	{"NoOrgIDInOrganizationLists", devintest.Quirks{NoOrgIDInOrganizationLists: true}, changed{}},
	{"NoJoinedAt", devintest.Quirks{NoJoinedAt: true}, changed{"fields-of-member": fails}},

	{"OpenCycles", devintest.Quirks{OpenCycles: 1}, changed{"current-cycle-listed": fails, "default-window-is-cycle": unclear}},
	{"LongWindow", devintest.Quirks{LongWindow: 400}, changed{"scans-100-days": holds, "audit-logs-100-days": holds, "violations-100-days": holds}},
	{"LongWindow", devintest.Quirks{LongWindow: -1}, changed{"scans-100-days": fails, "audit-logs-100-days": fails, "violations-100-days": fails}},
	{"KeysetCursors", devintest.Quirks{KeysetCursors: true}, changed{}},
	{"TotalIs", devintest.Quirks{TotalIs: devintest.TotalLags}, changed{"total-exact": fails, "total-filtered": fails}},
	{"TotalIs", devintest.Quirks{TotalIs: devintest.TotalEstimated}, changed{"total-exact": fails, "total-filtered": fails}},
	{"TotalIs", devintest.Quirks{TotalIs: devintest.TotalUnfiltered}, changed{"total-filtered": fails}},
	{"MergesFollow", devintest.Quirks{MergesFollow: true}, changed{"merged-may-exceed-created": holds}},
	{"ScanPRsOfNow", devintest.Quirks{ScanPRsOfNow: true}, changed{}},
	{"ArchivedIfTrue", devintest.Quirks{ArchivedIfTrue: true}, changed{"fields-of-session": fails}},
	{"LargeIDs", devintest.Quirks{LargeIDs: true}, changed{}},
	{"WildKeys", devintest.Quirks{WildKeys: true}, changed{}},
	{"Nulls", devintest.Quirks{Nulls: true}, changed{}},
	{"EmptyLastPeriod", devintest.Quirks{EmptyLastPeriod: true}, changed{"dau-has-every-day": fails}},
	{"AvailableByDefault", devintest.Quirks{AvailableByDefault: true}, changed{"hypervisors-default-available": holds}},
	{"Never", devintest.Quirks{Never: devintest.NeverIsZero}, changed{"never-is-null": fails}},
	{"Never", devintest.Quirks{Never: devintest.NeverIs9999}, changed{"never-is-null": fails}},
	{"MeansAreNull", devintest.Quirks{MeansAreNull: true}, changed{"mean-of-nothing-is-0": fails}},
	{"AuditData", devintest.Quirks{AuditData: devintest.AsNull}, changed{"audit-data-is-object": fails}},
	{"AuditData", devintest.Quirks{AuditData: devintest.Absent}, changed{"audit-data-is-object": fails, "fields-of-audit-log": fails}},
	{"UpperCase", devintest.Quirks{UpperCase: true}, changed{"values-in-lower-case": fails}},
	{"Honest", devintest.Quirks{Honest: true}, changed{
		"fields-of-session": fails, "dau-has-every-day": fails, "hypervisors-default-available": holds, "merged-may-exceed-created": holds,
	}},

	ignoring("email", changed{"email-ignores-case": unclear, "total-filtered": unclear}),
	ignoring("org_ids", changed{"repeated-keys": unclear}),
	ignoring("user_ids", nil),
	ignoring("service_user_ids", nil),
	ignoring("playbook_id", nil),
	ignoring("session_ids", nil),
	ignoring("origins", nil),
	ignoring("category", nil),
	ignoring("schedule_id", nil),
	ignoring("tags", nil),
	ignoring("repo_names", nil),
	ignoring("is_archived", nil),
	ignoring("scan_id", nil),
	ignoring("repo_name", nil),
	ignoring("action", nil),
	ignoring("guardrail_id", nil),
	ignoring("session_id", nil),
	ignoring("min_sessions", nil),
	ignoring("min_searches", nil),
}

// ignoring is a deployment that is too old for a filter, and what follows besides.
func ignoring(key string, besides changed) (c struct {
	field  string
	quirks devintest.Quirks
	want   changed
},
) {
	c.field, c.quirks.IgnoredFilters, c.want = "IgnoredFilters", []string{key}, changed{}
	for _, area := range areas() {
		for _, assumption := range area.assumptions {
			if slices.Contains(filtersOf(assumption.name), key) {
				c.want[assumption.name] = fails
			}
		}
	}
	maps.Copy(c.want, besides)
	return c
}

func TestEachQuirkChangesItsLinesAndNoOthers(t *testing.T) {
	plain := lines(reportOf(t, newFake(devintest.Quirks{}), devintest.KeyOK))
	covered := map[string]bool{}
	for _, c := range quirks {
		covered[c.field] = true
		t.Run(c.field, func(t *testing.T) {
			compare(t, plain, lines(reportOf(t, newFake(c.quirks), devintest.KeyOK)), c.want)
		})
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[devintest.Quirks]()) {
		if !covered[field.Name] {
			t.Errorf("no case is about the quirk %s", field.Name)
		}
	}
}

func compare(t *testing.T, before, after map[string]result, want changed) {
	t.Helper()
	for name, result := range after {
		outcome, expected := want[name]
		was := before[name]
		differs := result.line() != was.line() || result.outcome != was.outcome
		switch {
		case differs && !expected:
			t.Errorf("%s changed from %q %s to %q %s", name, was.outcome, was.line(), result.outcome, result.line())
		case !differs && expected:
			t.Errorf("%s did not change: %q %s", name, result.outcome, result.line())
		case expected && result.outcome != outcome:
			t.Errorf("%s is %q, want %q: %s", name, result.outcome, outcome, result.line())
		}
	}
	for name := range want {
		if _, ok := after[name]; !ok {
			t.Errorf("there is no assumption %s", name)
		}
	}
}

// filtersOf are the keys of the query that an assumption's name says are respected.
func filtersOf(name string) []string {
	_, keys, found := strings.Cut(name, "-obey-")
	if !found {
		return nil
	}
	return strings.Split(keys, "-")
}
