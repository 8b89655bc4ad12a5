package provider

import (
	"encoding/json"
	"errors"
	"math/big"
	"reflect"
	"strings"
	"testing"

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
