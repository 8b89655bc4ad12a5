package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// listRows are the data sources of active users, of sessions, and of security.
func listRows() []row {
	org := largestOrganization
	one := func(path string, kind kind) []endpoint { return []endpoint{{path: path, kind: kind}} }
	nothing := func(*devintest.Server) object { return object{} }
	everybody := func(*devintest.Server) string { return "" }
	of := func(name, source, path string, kind kind, orgID func(*devintest.Server) string, truth func(fake *devintest.Server, orgID string) object) row {
		// A long list would be walked for each of many faults.
		end, long := matrixEnd, kind == aListOfSessions || kind == aListOfAuditLogs
		if long {
			end = listsEnd
		}
		return row{name, source, func(fake *devintest.Server) object {
			given := object{"start_date": matrixStart, "end_date": end}
			if id := orgID(fake); id != "" {
				given["org_id"] = id
			}
			return given
		}, func(fake *devintest.Server) object {
			return with(windowed(truth(fake, orgID(fake))), object{"end_date": end, "org_id": textOrNil(orgID(fake))})
		}, one(path, kind)}
	}
	const (
		inEnterprise     = "/v3/enterprise/"
		inBeta           = "/v3beta1/enterprise/"
		ofAnOrganization = "organizations/*/"
	)
	return []row{
		of("active users", "devin_active_users", metricsPath+"active-users", aCountOfActiveUsers, everybody, trueActiveUsers),
		of("an organization's active users", "devin_active_users", inOrg("metrics/active-users"), aCountOfActiveUsers, org, trueActiveUsers),
		{
			"active users by week", "devin_active_users",
			func(fake *devintest.Server) object { return with(window7(fake), object{"period": "week"}) }, trueWeek,
			one(metricsPath+"wau", aListOfPeriods),
		},
		of("sessions", "devin_sessions", inEnterprise+"sessions", aListOfSessions, everybody, trueSessionList),
		of("an organization's sessions", "devin_sessions", inOrg("sessions"), aListOfSessions, org, trueSessionList),
		of("metrics of code scans", "devin_code_scan_metrics", inEnterprise+"code-scans/metrics", aCountOfScans, everybody, trueScans),
		of("an organization's metrics of code scans", "devin_code_scan_metrics", inOrg("code-scans/metrics"), aCountOfScans, org, trueScans),
		{
			"findings of code scans", "devin_code_scan_findings", nothing,
			func(fake *devintest.Server) object { return trueFindings(fake, "") },
			one(inEnterprise+"code-scans/findings", aListOfFindings),
		},
		{
			"an organization's findings of code scans", "devin_code_scan_findings",
			func(fake *devintest.Server) object { return object{"org_id": org(fake)} },
			func(fake *devintest.Server) object {
				return with(trueFindings(fake, org(fake)), object{"org_id": org(fake)})
			},
			one(inOrg("code-scans/findings"), aListOfFindings),
		},
		of("the audit log", "devin_audit_logs", inEnterprise+"audit-logs", aListOfAuditLogs, everybody, trueAuditLogs),
		of("an organization's audit log", "devin_audit_logs", inEnterprise+ofAnOrganization+"audit-logs", aListOfAuditLogs, org, trueAuditLogs),
		of("violations of guardrails", "devin_guardrail_violations", inBeta+"guardrail-violations", aListOfViolations, everybody, trueViolations),
		of("an organization's violations of guardrails", "devin_guardrail_violations", inBeta+ofAnOrganization+"guardrail-violations", aListOfViolations, org, trueViolations),
		{"hypervisors", "devin_hypervisors", nothing, trueHypervisors, one(inEnterprise+"hypervisors", aListOfHypervisors)},
		{
			"API keys of service users", "devin_service_user_api_keys", func(*devintest.Server) object { return object{"expires_within_days": 30} }, trueAPIKeys,
			[]endpoint{
				{path: "/v3/enterprise/members/service-users", kind: aListOfServiceUsers},
				{path: inBeta + "service-users/*/api-keys", kind: aListOfAPIKeys, unknown: "Devin knows none of the service users"},
			},
		},
	}
}

// The end of the window of long lists.
const listsEnd = "2026-10-27"

var listsTo = matrixFrom.AddDate(0, 0, 2)

// fieldsOf is an item of the fake's as a state shows it: without the fields that
// are named, and instants as RFC 3339.
func fieldsOf(item any, without ...string) object {
	text, _ := json.Marshal(item)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var fields object
	if err := d.Decode(&fields); err != nil {
		panic(err)
	}
	for name, value := range fields {
		number, ok := value.(json.Number)
		switch {
		case slices.Contains(without, name):
			delete(fields, name)
		case !ok:
		case strings.HasSuffix(name, "_at") || name == "last_heartbeat":
			seconds, _ := number.Int64()
			fields[name] = time.Unix(seconds, 0).UTC().Format(time.RFC3339)
		default:
			fields[name], _ = number.Float64()
		}
	}
	return fields
}

func countsOf[T any](items []T, name func(T) string) object {
	counts := object{}
	for _, item := range items {
		n, _ := counts[name(item)].(float64)
		counts[name(item)] = n + 1
	}
	return counts
}

func rowsOf[T any](items []T, row func(T) object) []any {
	rows := []any{}
	for _, item := range items {
		rows = append(rows, row(item))
	}
	return rows
}

func trueActiveUsers(fake *devintest.Server, orgID string) object {
	from, to := matrixFrom.Add(-8*time.Hour), matrixTo.Add(-8*time.Hour)
	n := fake.ActiveUsers(devintest.Activity{OrgID: orgID, MinSessions: 1, MinSearches: 1}, from, to)
	return object{"periods": []any{object{"start_date": matrixStart, "end_date": matrixEnd, "active_users": float64(n)}}}
}

func trueWeek(fake *devintest.Server) object {
	return windowed(with(trueActiveUsers(fake, ""), object{"period": "week"})) // it is from Monday to Sunday
}

func ofOrg(orgID string) devintest.PRFilter {
	if orgID == "" {
		return devintest.PRFilter{}
	}
	return devintest.PRFilter{OrgIDs: []string{orgID}}
}

func trueSessionList(fake *devintest.Server, orgID string) object {
	all := fake.SessionList(ofOrg(orgID), matrixFrom, listsTo)
	return object{
		"sessions": rowsOf(all, func(s devintest.ListedSession) object {
			return with(object{"title": nil, "subcategory": nil, "devin_mode": nil}, fieldsOf(s, "structured_output"))
		}),
		"sessions_count": float64(len(all)), "total_acus": float64(fake.SessionCounts(ofOrg(orgID), matrixFrom, listsTo).ACUs) / 100,
		"by_status":   countsOf(all, func(s devintest.ListedSession) string { return s.Status }),
		"by_origin":   countsOf(all, func(s devintest.ListedSession) string { return *s.Origin }),
		"by_category": countsOf(all, func(s devintest.ListedSession) string { return *s.Category }),
	}
}

func trueScans(fake *devintest.Server, orgID string) object {
	n := fake.ScanCounts(ofOrg(orgID).OrgIDs, matrixFrom.Add(-8*time.Hour), matrixTo.Add(-8*time.Hour))
	truth := object{
		"scans_count": float64(n.Scans), "repos_scanned_count": float64(n.Repos), "prs_created_count": float64(n.PRsCreated),
		"prs_open_count": float64(n.PRsOpen), "prs_merged_count": float64(n.PRsMerged), "prs_closed_count": float64(n.PRsClosed),
	}
	for _, severity := range severities {
		truth["open_"+severity+"_findings_count"] = float64(n.BySeverity[severity])
	}
	if n.PRsMerged > 0 {
		truth["avg_pr_time_to_merge_seconds"] = 86400.5
	}
	return truth
}

var severities = []string{"critical", "high", "medium", "low"}

func trueFindings(fake *devintest.Server, orgID string) object {
	all := slices.DeleteFunc(fake.Findings(), func(f devintest.Finding) bool { return orgID != "" && f.OrgID != orgID })
	slices.SortStableFunc(all, func(a, b devintest.Finding) int {
		return slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity)
	})
	counts := countsOf(all, func(f devintest.Finding) string { return f.Severity })
	for _, severity := range severities {
		if counts[severity] == nil {
			counts[severity] = 0.0
		}
	}
	return object{
		"findings_count": float64(len(all)), "by_severity": counts,
		"findings": rowsOf(all, func(f devintest.Finding) object {
			return fieldsOf(f, "orchestrator_session_id", "note", "code_owners", "reference_snippets")
		}),
	}
}

func trueAuditLogs(fake *devintest.Server, orgID string) object {
	all := fake.AuditLogs(orgID, matrixFrom, listsTo)
	return object{
		"entries_count": float64(len(all)), "by_action": countsOf(all, func(l devintest.AuditLog) string { return l.Action }),
		"entries": rowsOf(all, func(l devintest.AuditLog) object {
			var data bytes.Buffer
			e := json.NewEncoder(&data)
			e.SetEscapeHTML(false)
			_ = e.Encode(l.Data)
			return with(fieldsOf(l), object{"data": strings.TrimSpace(data.String())})
		}),
	}
}

func trueViolations(fake *devintest.Server, orgID string) object {
	all := fake.Violations(orgID, matrixFrom, matrixTo)
	return object{
		"violations_count": float64(len(all)), "by_guardrail": countsOf(all, func(v devintest.Violation) string { return v.GuardrailID }),
		"violations": rowsOf(all, func(v devintest.Violation) object {
			return with(fieldsOf(v), object{"user_message": nil, "violation_id": fmt.Sprint(v.ID)})
		}),
	}
}

func trueHypervisors(fake *devintest.Server) object {
	all := fake.Hypervisors()
	slices.SortFunc(all, func(a, b devintest.Hypervisor) int { return strings.Compare(a.ID, b.ID) })
	sum, n := 0.0, 0.0
	for _, h := range all {
		if h.Status != "terminated" && h.Status != "disconnected" {
			sum, n = sum+h.Utilization, n+1
		}
	}
	return object{
		"hypervisors": rowsOf(all, func(h devintest.Hypervisor) object { return fieldsOf(h) }), "mean_utilization_percentage": sum / n,
		"by_status": countsOf(all, func(h devintest.Hypervisor) string { return h.Status }),
	}
}

func trueAPIKeys(fake *devintest.Server) object {
	keys, expiring := []any{}, []any{}
	users := slices.DeleteFunc(fake.AllServiceUsers(), func(u devintest.ServiceUser) bool { return !u.Active })
	slices.SortFunc(users, func(a, b devintest.ServiceUser) int { return strings.Compare(a.ServiceUserID, b.ServiceUserID) })
	for _, u := range users {
		for _, k := range slices.Backward(fake.APIKeys(u.ServiceUserID)) { // the revoked one is older
			key := with(fieldsOf(k), object{"service_user_id": u.ServiceUserID, "service_user_name": u.Name})
			keys = append(keys, key)
			if k.IsActive && k.ExpiresAt != nil && *k.ExpiresAt < matrixTo.AddDate(0, 0, 30).Unix() {
				expiring = append(expiring, key)
			}
		}
	}
	return object{"expires_within_days": 30.0, "keys": keys, "expiring": expiring, "unknown_service_user_ids": []any{}}
}
