package provider

import (
	"encoding/json"
	"errors"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestPersonalDataOfListsIsRedacted(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200})
	client := fake.Client(t, devintest.KeyOK, func(c *devin.Config) { c.RedactPersonalData = true })
	sessions := sessionsModel{windowModel: window("2026-10-26", "2026-11-01")}
	logs := auditLogsModel{windowModel: window("2026-10-26", "2026-11-01")}
	violations := guardrailViolationsModel{windowModel: window("2026-10-01", "2026-11-01"), IncludeUserMessages: types.BoolValue(true)}
	for name, err := range map[string]error{
		"sessions": readSessions(t.Context(), client, &sessions), "logs": readAuditLogs(t.Context(), client, &logs),
		"violations": readGuardrailViolations(t.Context(), client, &violations),
	} {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	text, err := json.Marshal([]any{sessions.Sessions, logs.Entries, violations.Violations})
	if err != nil || len(sessions.Sessions) == 0 || len(logs.Entries) == 0 || len(violations.Violations) == 0 {
		t.Fatal(err)
	}
	private := []string{"flaky login", "hunter2", "It looks like", "never-to-be-read"}
	for _, m := range fake.Members() {
		if m.Email != nil && *m.Email != m.UserID {
			private = append(private, *m.Email)
		}
	}
	for _, private := range private {
		if strings.Contains(string(text), private) {
			t.Errorf("%q is shown", private)
		}
	}
}

func TestUserMessagesAreShownOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200})
	for _, asked := range []bool{false, true} {
		m := guardrailViolationsModel{windowModel: window("2026-10-01", "2026-11-01"), IncludeUserMessages: types.BoolValue(asked), Order: types.StringValue("asc")}
		if err := readGuardrailViolations(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		if first := m.Violations[0]; (first.UserMessage != nil) != asked || first.Reasoning == nil || *m.Violations[1].CreatedAt < *first.CreatedAt {
			t.Errorf("asked %v: %+v", asked, first)
		}
	}
}

// What the items of a list show is filtered again, whatever Devin lists.
func TestListsAreRightWhereDevinIgnoresAFilter(t *testing.T) {
	t.Parallel()
	opts := devintest.Options{PageSize: 200}
	honest := newFixture(t, opts)
	opts.Quirks.IgnoredFilters = []string{"action", "guardrail_id", "session_id", "status", "severity", "scan_id", "repo_name"}
	old := newFixture(t, opts)
	finding, w := honest.Findings()[0], window("2026-10-26", "2026-11-01")
	for name, read := range map[string]func(client *devin.Client) (any, error){
		"action": func(client *devin.Client) (any, error) {
			m := auditLogsModel{windowModel: w, Action: types.StringValue("login")}
			err := readAuditLogs(t.Context(), client, &m)
			return m, err
		},
		"guardrail_id": func(client *devin.Client) (any, error) {
			m := guardrailViolationsModel{windowModel: w, GuardrailID: types.StringValue("guardrail-a")}
			err := readGuardrailViolations(t.Context(), client, &m)
			return m, err
		},
		"session_id": func(client *devin.Client) (any, error) {
			m := guardrailViolationsModel{windowModel: w, SessionID: types.StringValue("devin-0")}
			err := readGuardrailViolations(t.Context(), client, &m)
			return m, err
		},
		"status of hypervisors": func(client *devin.Client) (any, error) {
			m := hypervisorsModel{Status: types.StringValue("draining")}
			err := readHypervisors(t.Context(), client, &m)
			return m, err
		},
		"severity and status": func(client *devin.Client) (any, error) {
			m := codeScanFindingsModel{Severities: []string{"low"}, Statuses: []string{"open"}}
			err := readCodeScanFindings(t.Context(), client, &m)
			return m, err
		},
		"scan_id and repo_name": func(client *devin.Client) (any, error) {
			m := codeScanFindingsModel{ScanID: types.StringValue(finding.ScanID), RepoName: types.StringValue(finding.RepoName)}
			err := readCodeScanFindings(t.Context(), client, &m)
			return m, err
		},
	} {
		want, err := read(honest.Client(t, devintest.KeyOK))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got, err := read(old.Client(t, devintest.KeyOK)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\n%+v, want\n%+v", name, err, got, want)
		}
	}
}

func TestFiltersThatNothingShowsAreProved(t *testing.T) {
	t.Parallel()
	old := newFixture(t, devintest.Options{PageSize: 200, Quirks: devintest.Quirks{FindingsAreShort: true, IgnoredFilters: []string{"org_ids", "status", "severity", "min_sessions", "min_searches"}}})
	client, w := old.Client(t, devintest.KeyOK), window("2026-10-26", "2026-11-01")
	orgs := []string{old.Organizations()[0].OrgID}
	for name, err := range map[string]error{
		"severities":              readCodeScanFindings(t.Context(), client, &codeScanFindingsModel{}),
		"one severity":            readCodeScanFindings(t.Context(), client, &codeScanFindingsModel{Severities: []string{"low"}}),
		"statuses":                readCodeScanFindings(t.Context(), client, &codeScanFindingsModel{Statuses: []string{"open"}, Severities: []string{"low"}}),
		"organizations, findings": readCodeScanFindings(t.Context(), client, &codeScanFindingsModel{OrgIDs: orgs}),
		"organizations, scans":    readCodeScanMetrics(t.Context(), client, &codeScanMetricsModel{utcWindowModel: utcWindowModel{w}, OrgIDs: orgs}),
		"min_sessions":            readActiveUsers(t.Context(), client, &activeUsersModel{utcWindowModel: utcWindowModel{w}, MinSessions: types.NumberValue(big.NewFloat(5))}),
	} {
		if !errors.Is(err, devin.ErrFilterIgnored) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFindingsAreTakenAsDevinShowsThem(t *testing.T) {
	t.Parallel()
	for _, shown := range []bool{false, true} {
		fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{FindingsAreShort: !shown}})
		m := codeScanFindingsModel{Severities: []string{"critical"}, Statuses: []string{"open"}}
		if err := readCodeScanFindings(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(fake.Findings(), func(f devintest.Finding) bool { return f.Is != "critical" || f.Stands != "open" })
		if len(m.Findings) != len(want) || len(want) == 0 || text(m.Findings[0].Status) != map[bool]string{true: "open", false: "null"}[shown] || m.BySeverity["critical"] != int64(len(want)) || len(m.BySeverity) != 1 {
			t.Errorf("shown %v: %d findings, want %d; %v", shown, len(m.Findings), len(want), m.BySeverity)
		}
	}
}

func TestActiveUsersByEitherReadingOfAPeriodsEnd(t *testing.T) {
	t.Parallel()
	for _, next := range []bool{false, true} {
		fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{PeriodsEndAtTheNext: next}})
		m := activeUsersModel{utcWindowModel: utcWindowModel{window("2026-10-05", "2026-10-25")}, Period: types.StringValue("week"), MinSessions: types.NumberValue(big.NewFloat(3)), MinSearches: types.NumberValue(big.NewFloat(99))}
		if err := readActiveUsers(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		if len(m.Periods) != 3 || m.Periods[1].StartDate.String() != "2026-10-12" || m.Periods[1].EndDate.String() != "2026-10-18" {
			t.Fatalf("%+v", m.Periods)
		}
		for _, p := range m.Periods {
			from := p.StartDate.Start().Add(-8 * time.Hour)
			if want := fake.ActiveUsers(devintest.Activity{MinSessions: 3, MinSearch: 99}, from, from.AddDate(0, 0, 7)); int64(*p.ActiveUsers) != want || want == 0 {
				t.Errorf("%s: %d are active, want %d", p.StartDate, *p.ActiveUsers, want)
			}
		}
	}
}

func TestCodeScansOverMoreThanAHundredDaysAreRefused(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	read := func(start string) error {
		m := codeScanMetricsModel{utcWindowModel: utcWindowModel{window(start, "2026-10-31")}}
		return readCodeScanMetrics(t.Context(), fake.Client(t, devintest.KeyOK), &m)
	}
	if err := read("2026-07-24"); err != nil {
		t.Errorf("100 days: %v", err)
	}
	if err := read("2026-07-23"); err == nil || !strings.Contains(err.Error(), "has 101 days") || !strings.Contains(err.Error(), "2026-07-24 or later") {
		t.Errorf("101 days: %v", err)
	}
}

func TestAccLists(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	body := `
locals {
  start = "2026-10-26"
  end   = "2026-11-01"
}
data "devin_sessions" "all" {
  start_date = local.start
  end_date   = local.end
  format     = "csv"
}
data "devin_active_users" "daily" {
  start_date = local.start
  end_date   = local.end
  period     = "day"
}
data "devin_service_user_api_keys" "all" { expires_within_days = 30 }
data "devin_audit_logs" "all" {
  start_date = local.start
  end_date   = local.end
}
data "devin_code_scan_findings" "all" {}
data "devin_hypervisors" "all" {}
output "lines" { value = length(csvdecode(data.devin_sessions.all.csv)) }
output "tags" { value = toset(flatten([for s in csvdecode(data.devin_sessions.all.csv) : jsondecode(s.tags)])) }
output "data" { value = jsondecode([for e in data.devin_audit_logs.all.entries : e.data if e.action == "create_session"][0]).acu_limit }
`
	from, to := instants(t, "2026-10-26", "2026-11-01")
	sessions := int64(len(fake.SessionList(devintest.PRFilter{}, from, to)))
	step := fake.Step(devintest.KeyOK, body,
		statecheck.ExpectKnownOutputValue("lines", knownvalue.Int64Exact(sessions)),
		statecheck.ExpectKnownOutputValue("tags", knownvalue.SetSizeExact(3)),
		providertest.Attribute("data.devin_active_users.daily", "periods", knownvalue.ListSizeExact(7)),
		providertest.Attribute("data.devin_service_user_api_keys.all", "expiring", knownvalue.ListSizeExact(1)),
		statecheck.ExpectKnownValue("data.devin_hypervisors.all", tfjsonpath.New("by_status").AtMapKey("available"), knownvalue.Int64Exact(5)),
	)
	again := fake.Unchanged(devintest.KeyOK, body)
	providertest.Run(t, step, again)
}
