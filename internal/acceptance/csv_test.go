package acceptance

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// listed is where a data source has what its csv has.
var listed = map[string]string{
	"devin_members": "members", "devin_members_pr_metrics": "users", "devin_members_daily_consumption": "rows",
	"devin_organizations_daily_consumption": "rows", "devin_service_users_daily_consumption": "rows",
	"devin_sessions": "sessions", "devin_service_user_api_keys": "keys", "devin_code_scan_findings": "findings",
	"devin_audit_logs": "entries", "devin_guardrail_violations": "violations",
}

// Of every data source and every form of it: the text, read by a strict reader,
// is the objects, cell by cell.
func TestCSVEqualsTheObjects(t *testing.T) {
	t.Parallel()
	for name, schema := range allSchemas().DataSourceSchemas {
		hasCSV := slices.ContainsFunc(schema.Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == "csv" })
		if _, ok := listed[name]; ok != hasCSV {
			t.Errorf("%s has csv: %v, and is tested: %v", name, hasCSV, ok)
		}
	}
	inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
		p := b.configured(t, nil)
		for _, r := range rows() {
			list, ok := listed[r.source]
			if !ok {
				continue
			}
			given := r.given(b.Server)
			if list == "rows" {
				given = with(given, object{"by_product": true})
			}
			read := func(more object) object {
				resp := p.ReadData(t, r.source, with(given, more))
				if len(resp.Diagnostics) > 0 {
					t.Fatalf("%s: %v", r.name, resp.Diagnostics)
				}
				state, _ := stateOf(t, b.schemaOf(r.source), resp.State).(object)
				return state
			}
			objects, text, none := read(nil), read(object{"format": "csv"}), read(object{"format": "none"})
			if text[list] != nil || none[list] != nil || none["csv"] != nil || objects["csv"] != nil {
				t.Errorf("%s fills more than one form", r.name)
			}
			// Whatever the form, nothing else differs.
			for _, state := range []object{text, none} {
				sameState(t, with(state, object{list: nil, "csv": nil, "format": nil}), with(objects, object{list: nil}))
			}
			wholeText, _ := text["csv"].(string)
			lines, _ := objects[list].([]any)
			if list == "members" {
				lines = assignmentLines(lines)
			}
			sameCells(t, r.name, wholeText, lines)
		}
	})
}

// assignmentLines are members with one line for each of their roles.
func assignmentLines(members []any) []any {
	lines := []any{}
	for _, m := range members {
		member, _ := m.(object)
		roles, _ := member["role_assignments"].([]any)
		member = maps.Clone(member)
		delete(member, "role_assignments")
		if len(roles) == 0 {
			lines = append(lines, with(member, object{"role_id": nil, "role_name": nil, "role_type": nil, "org_id": nil, "idp_group_name": nil}))
		}
		for _, role := range roles {
			fields, _ := role.(object)
			lines = append(lines, with(member, fields))
		}
	}
	return lines
}

func sameCells(t *testing.T, name, text string, lines []any) {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	r.ReuseRecord = false
	cells, err := r.ReadAll()
	if err != nil || len(cells) != len(lines)+1 || len(lines) == 0 {
		t.Fatalf("%s: %d lines for %d objects, %v", name, len(cells), len(lines), err)
	}
	const products = "acus_by_product"
	for i, line := range lines {
		jsonCells(cells[0], cells[i+1])
		want := map[string]string{}
		fields, _ := line.(object)
		for field, value := range fields {
			if byProduct, ok := value.(object); ok {
				for product, acus := range byProduct {
					want[products+"_"+product] = cellText(acus)
				}
				continue
			}
			want[field] = cellText(value)
		}
		got := map[string]string{}
		for j, column := range cells[0] {
			got[column] = cells[i+1][j]
			if _, ok := want[column]; !ok && strings.HasPrefix(column, products) {
				want[column] = "" // a product that this day does not have
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: line %d is %v, want %v", name, i+1, got, want)
			return
		}
	}
}

// jsonCells writes a list as this package does, which sorts the fields of its objects.
func jsonCells(header, line []string) {
	for j, column := range header {
		var list []any
		if column != "data" && json.Unmarshal([]byte(line[j]), &list) == nil && list != nil {
			line[j] = cellText(list)
		}
	}
}

func cellText(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case string:
		if strings.IndexAny(value, "=+-@\t\r\n'＝＋－＠") == 0 {
			return "'" + value
		}
	case []any:
		text, _ := json.Marshal(value)
		return string(text)
	}
	return fmt.Sprint(value)
}

func TestMembersWithoutRolesAreTheSameMembers(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
		p := b.configured(t, nil)
		resp := p.ReadData(t, "devin_members", object{"include_roles": false})
		state, _ := stateOf(t, b.schemaOf("devin_members"), resp.State).(object)
		want := []any{}
		for _, m := range trueMembers(b.Server, "") {
			fields, _ := m.(object)
			want = append(want, with(fields, object{"role_assignments": nil}))
		}
		sameState(t, state["members"], want)
		resp = p.ReadData(t, "devin_members", object{"include_roles": false, "format": "csv"})
		state, _ = stateOf(t, b.schemaOf("devin_members"), resp.State).(object)
		text, _ := state["csv"].(string)
		if !strings.HasPrefix(text, "user_id,email,name,display_name,enterprise_joined_at\r\n") || strings.Count(text, "\r\n") != len(want)+1 {
			t.Errorf("csv is %.300q", text)
		}
	})
}

func TestManyRowsAsObjectsWarnAndAsTextDoNot(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{Members: 701, Uniform: true, PageSize: 200}, func(t *testing.T, b *bubble) {
		p := b.configured(t, nil)
		month := object{"start_date": "2026-10-01", "end_date": "2026-10-30"}
		for format, warned := range map[string]bool{"objects": true, "csv": false, "none": false} {
			resp := p.ReadData(t, "devin_members_daily_consumption", with(month, object{"format": format}))
			got := len(resp.Diagnostics) == 1 && resp.Diagnostics[0].Summary == "Many rows as objects" &&
				strings.Contains(resp.Diagnostics[0].Detail, "21030 rows") && strings.Contains(resp.Diagnostics[0].Detail, `format = "csv"`)
			if got != warned || resp.State == nil || !warned && len(resp.Diagnostics) > 0 {
				t.Errorf("%s: %v", format, resp.Diagnostics)
			}
		}
	})
}
