package provider

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestItemsAreSortedAndCut(t *testing.T) {
	t.Parallel()
	type item struct {
		id   string
		n    *int64
		text *string
	}
	n := func(n int64) *int64 { return &n }
	s := func(s string) *string { return &s }
	items := []item{{"a", n(1), s("b")}, {"b", nil, s("A")}, {"c", n(3), nil}, {"d", n(1), s("a")}, {"e", n(0), s("")}}
	by := orders[item]{
		"n":    func(i item) sortKey { return byNumber(i.n) },
		"text": func(i item) sortKey { return byText(i.text) },
	}
	for _, tt := range []struct {
		by    string
		first int64
		want  string
	}{
		{"", 0, "abcde"},
		{"", 2, "ab"},
		{"user_id", 9, "abcde"},
		{"n", 0, "cadeb"},
		{"n", 3, "cad"},
		{"text", 0, "ebdac"},
	} {
		m := order(tt.by, tt.first)
		got := ""
		for _, i := range sortAndCut(&m, by, items) {
			got += i.id
		}
		if got != tt.want {
			t.Errorf("by %q, the first %d: %s, want %s", tt.by, tt.first, got, tt.want)
		}
	}
	if items[0].id != "a" || items[4].id != "e" {
		t.Error("the items themselves were sorted")
	}
}

func TestEveryOrderSortsByItsAttribute(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 60})
	p := fake.configured(t, nil)
	october := map[string]any{"start_date": "2026-10-01", "end_date": "2026-10-31"}
	for source, tt := range map[string]struct {
		list  string
		by    []string
		given map[string]any
	}{
		"devin_audit_logs":                      {"entries", keysOf(auditLogOrders, "created_at"), october},
		"devin_code_scan_findings":              {"findings", keysOf(findingOrders), map[string]any{}}, // severities are in no order of the alphabet
		"devin_guardrail_violations":            {"violations", keysOf(violationOrders, "created_at"), october},
		"devin_members":                         {"members", keysOf(memberOrders, "user_id"), map[string]any{}},
		"devin_members_daily_consumption":       {"users", keysOf(memberConsumptionOrders, "user_id"), october},
		"devin_members_pr_metrics":              {"users", keysOf(prOrders, "user_id"), october},
		"devin_organizations_daily_consumption": {"organizations", keysOf(namedConsumptionOrders, "org_id"), october},
		"devin_service_users_daily_consumption": {"service_users", keysOf(namedConsumptionOrders, "service_user_id"), october},
		"devin_sessions":                        {"sessions", keysOf(sessionOrders, "created_at"), october},
	} {
		usual := attributeOf(t, p, source, tt.given, tt.list, tt.by[0])
		for _, name := range tt.by {
			all := with(tt.given, "order_by", name)
			cut, whole := attributeOf(t, p, source, with(all, "first", 3.0), tt.list, name), attributeOf(t, p, source, all, tt.list, name)
			if len(cut) != 3 || len(whole) != len(usual) || !slices.Equal(cut, whole[:3]) {
				t.Errorf("%s by %s: the first 3 are %v of %v", source, name, cut, whole)
			}
			if !slices.IsSortedFunc(whole, func(a, b any) int { return compareShown(name, a, b) }) {
				t.Errorf("%s by %s: %v", source, name, whole)
			}
		}
		diags := p.ValidateData(t, source, with(tt.given, "order_by", "luck"))
		if len(diags) != 1 || !strings.HasPrefix(providertest.Messages(diags), "order_by: ") {
			t.Errorf("%s: %s", source, providertest.Messages(diags))
		}
		for _, n := range []float64{0, -1, 1.5, 1e7} {
			if diags := p.ValidateData(t, source, with(tt.given, "first", n)); !strings.HasPrefix(providertest.Messages(diags), "first: Impossible number") {
				t.Errorf("%s, first = %v: %s", source, n, providertest.Messages(diags))
			}
		}
	}
}

// keysOf are the values of order_by: the default, where it is an attribute's order, and
// the others.
func keysOf[T any](by orders[T], usual ...string) []string {
	return append(usual, slices.Collect(maps.Keys(by))...)
}

// Counts and totals are the same whatever first is.
func TestTotalsAreOfAllWhateverIsListed(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	client := fake.Client(t, devintest.KeyOK)
	from, to := instants(t, "2026-10-01", "2026-10-31")
	one := order("", 1)
	logs := auditLogsModel{windowModel: window("2026-10-01", "2026-10-31"), orderModel: one}
	violations := guardrailViolationsModel{windowModel: window("2026-10-01", "2026-10-31"), orderModel: one}
	findings := codeScanFindingsModel{orderModel: one}
	organizations := organizationsDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31"), orderModel: order("total_acus", 1)}
	serviceUsers := serviceUsersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31"), orderModel: order("total_acus", 1)}
	for _, err := range []error{
		readAuditLogs(t.Context(), client, &logs), readGuardrailViolations(t.Context(), client, &violations), readCodeScanFindings(t.Context(), client, &findings),
		readOrganizationsDailyConsumption(t.Context(), client, &organizations), readServiceUsersDailyConsumption(t.Context(), client, &serviceUsers),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for list, tt := range map[string]struct {
		listed          int
		counted, byName int64
		want            int
	}{
		"entries":    {len(logs.Entries), *logs.EntriesCount, sumOf(logs.ByAction), len(fake.AuditLogs("", from, to))},
		"violations": {len(violations.Violations), *violations.ViolationsCount, sumOf(violations.ByGuardrail), len(fake.Violations("", from, to))},
		"findings":   {len(findings.Findings), *findings.FindingsCount, sumOf(findings.BySeverity), len(fake.Findings())},
	} {
		if tt.listed != 1 || tt.counted != int64(tt.want) || tt.byName != int64(tt.want) || tt.want < 2 {
			t.Errorf("%s: %d are listed, %d and %d counted, want 1 and %d", list, tt.listed, tt.counted, tt.byName, tt.want)
		}
	}
	var ofOrganizations, ofServiceUsers []float64
	for _, o := range fake.Organizations() {
		ofOrganizations = append(ofOrganizations, fake.PartTotal(devintest.Part{OrgID: o.OrgID}, from, to))
	}
	for _, id := range fake.ServiceUsers() {
		ofServiceUsers = append(ofServiceUsers, fake.PartTotal(devintest.Part{ServiceUserID: id}, from, to))
	}
	if n := len(organizations.Organizations); n != 1 || *organizations.Organizations[0].TotalACUs != slices.Max(ofOrganizations) || *organizations.TotalACUs != devin.SumACUs(ofOrganizations) {
		t.Errorf("%+v of %v ACUs, want %v", organizations.Organizations, *organizations.TotalACUs, ofOrganizations)
	}
	if n := len(serviceUsers.ServiceUsers); n != 1 || *serviceUsers.ServiceUsers[0].TotalACUs != slices.Max(ofServiceUsers) || *serviceUsers.TotalACUs != devin.SumACUs(ofServiceUsers) {
		t.Errorf("%+v of %v ACUs, want %v", serviceUsers.ServiceUsers, *serviceUsers.TotalACUs, ofServiceUsers)
	}
	for _, row := range organizations.Rows {
		if row.OrgID != organizations.Organizations[0].OrgID {
			t.Errorf("%+v is of an organization that is not listed", row)
		}
	}
	for _, row := range serviceUsers.Rows {
		if row.ServiceUserID != serviceUsers.ServiceUsers[0].ServiceUserID {
			t.Errorf("%+v is of a service user that is not listed", row)
		}
	}
}

func sumOf(counts map[string]int64) int64 {
	sum := int64(0)
	for _, n := range counts {
		sum += n
	}
	return sum
}

// attributeOf are the values that an attribute has in a list of a data source.
func attributeOf(t *testing.T, p *protocol, source string, given map[string]any, list, name string) []any {
	t.Helper()
	resp := p.ReadData(t, source, given)
	if len(resp.Diagnostics) > 0 {
		t.Fatalf("%s: %s", source, providertest.Messages(resp.Diagnostics))
	}
	state, err := resp.State.Unmarshal(p.Schemas.DataSourceSchemas[source].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	items, _, err := tftypes.WalkAttributePath(state, tftypes.NewAttributePath().WithAttributeName(list))
	if err != nil {
		t.Fatal(err)
	}
	var objects []tftypes.Value
	if err := items.(tftypes.Value).As(&objects); err != nil { //nolint:forcetypeassert // what a walk of a value gives
		t.Fatal(err)
	}
	shown := make([]any, len(objects))
	for i, object := range objects {
		var fields map[string]tftypes.Value
		if err := object.As(&fields); err != nil {
			t.Fatal(err)
		}
		switch v := fields[name]; {
		case v.IsNull():
		case v.Type().Is(tftypes.Number):
			var n big.Float
			if err := v.As(&n); err != nil {
				t.Fatal(err)
			}
			shown[i], _ = n.Float64()
		default:
			var text string
			if err := v.As(&text); err != nil {
				t.Fatal(err)
			}
			shown[i] = text
		}
	}
	return shown
}

// compareShown is what the description of order_by says of an attribute's values.
func compareShown(name string, a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	if x, ok := a.(float64); ok {
		return cmp.Compare(b.(float64), x) //nolint:forcetypeassert // both are the same attribute
	}
	x, y := a.(string), b.(string) //nolint:forcetypeassert // both are the same attribute
	switch name {
	case "enterprise_joined_at", "created_at", "updated_at":
		return cmp.Compare(y, x)
	case "user_id", "org_id", "service_user_id":
		return cmp.Compare(x, y)
	}
	return collate.New(language.Und, collate.IgnoreCase).CompareString(x, y)
}
