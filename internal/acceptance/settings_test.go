package acceptance

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

var redacting = map[string]any{"redact_personal_data": true}

// redacted is a true state without e-mail addresses and names of people, and without
// the personal fields of its data source.
func redacted(state any, personal []string) any {
	switch v := state.(type) {
	case object:
		all := object{}
		id, isPerson := v["user_id"]
		for name, inner := range v {
			switch {
			case isPerson && (name == "email" || name == "name"), slices.Contains(personal, name):
				all[name] = nil
			case isPerson && name == "display_name":
				all[name] = id
			default:
				all[name] = redacted(inner, personal)
			}
		}
		return all
	case []any:
		all := make([]any, len(v))
		for i, inner := range v {
			all[i] = redacted(inner, personal)
		}
		return all
	}
	return state
}

func TestRedactionLeavesNeitherAddressesNorNamesAndEverythingElse(t *testing.T) {
	t.Parallel()
	for _, r := range readings() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
				plain := r
				r.truth = func(fake *devintest.Server) object {
					state, _ := redacted(plain.truth(fake), dataSources[r.source].personal).(object)
					return state
				}
				r.read(t, b.Server, b.configured(t, redacting), everywhere, fine)
			})
		})
	}
}

func TestRedactionStillFindsAMemberByAddress(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
		for _, m := range sortedMembers(b.Server) {
			if m.Email == nil || strings.ContainsAny(m.UserID, "@") {
				continue
			}
			p := b.configured(t, redacting)
			resp := p.ReadData(t, "devin_members", map[string]any{"email": strings.ToUpper(*m.Email)})
			state, _ := stateOf(t, p.Schemas.DataSourceSchemas["devin_members"], resp.State).(object)
			members, _ := state["members"].([]any)
			if len(members) != 1 {
				t.Fatalf("%d members: %s", len(members), providertest.Messages(resp.Diagnostics))
			}
			one, _ := members[0].(object)
			if one["user_id"] != m.UserID || one["email"] != nil || one["name"] != nil || one["display_name"] != m.UserID {
				t.Errorf("it is %v", one)
			}
			return
		}
	})
}

func TestRedactionKeepsTheNameOfAServiceUserAndNotThatOfAPerson(t *testing.T) {
	t.Parallel()
	for key, name := range map[string]any{devintest.KeyPAT: nil, devintest.KeyOK: "DX Import"} {
		inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
			person := ""
			for _, m := range b.Members() {
				if m.Name != nil && person == "" {
					person = *m.Name
				}
			}
			settings := with(redacting, object{"api_key": key})
			p := b.configured(t, settings)
			resp := p.ReadData(t, "devin_connection_check", nil)
			state, _ := stateOf(t, p.Schemas.DataSourceSchemas["devin_connection_check"], resp.State).(object)
			if state["principal_name"] != name || state["principal_id"] == nil || state["ok"] != true {
				t.Errorf("%s: the check is %s", key, abridged(state))
			}
			if said := abridged(state) + providertest.Messages(resp.Diagnostics); strings.Contains(said, person) {
				t.Errorf("%s: %s is named in %s", key, person, said)
			}
		})
	}
}

// What the documentation describes or leaves open causes no notice.
func TestStrictFindsNothingOddInAnswersAsDocumented(t *testing.T) {
	t.Parallel()
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for _, quirks := range []devintest.Quirks{{}, {Honest: true}} {
				inBubble(t, devintest.Options{Quirks: quirks}, func(t *testing.T, b *bubble) {
					settings := map[string]any{"strict": true}
					maps.Copy(settings, s.settings(b.Server))
					if diags := s.ask(t, b.Server, b.configured(t, settings)); len(diags) > 0 {
						t.Errorf("%+v: %s", quirks, providertest.Messages(diags))
					}
				})
			}
		})
	}
}

// The csv of each reading, parsed by a strict reader, equals the objects cell by cell.
func TestCSVEqualsTheObjects(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
		p := b.configured(t, nil)
		for _, r := range readings() {
			has := func(name string) bool {
				return slices.ContainsFunc(b.schemaOf(r.source).Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == name })
			}
			if !has("csv") {
				continue
			}
			given := r.arguments(b.Server)
			if has("by_product") {
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
			var lists []string // that csv replaces
			for name, value := range objects {
				if value != nil && text[name] == nil {
					lists = append(lists, name)
				}
			}
			if len(lists) != 1 || none[lists[0]] != nil || none["csv"] != nil || objects["csv"] != nil {
				t.Fatalf("%s: csv replaces %v", r.name, lists)
			}
			list := lists[0]
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
		if !strings.HasPrefix(text, "user_id,email,name,display_name,enterprise_joined_at,idp_group_names\r\n") || strings.Count(text, "\r\n") != len(want)+1 {
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

// Data sources and the check send nothing but GET.
func TestOnlyWritingResourcesWrite(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
		p := b.configured(t, nil)
		for _, s := range subjects() {
			s.ask(t, b.Server, p)
		}
		if len(b.Requests()) < 100 {
			t.Errorf("%d requests", len(b.Requests()))
		}
		for _, r := range b.Requests() {
			if r.Method != http.MethodGet {
				t.Errorf("%s %s", r.Method, r.Path)
			}
		}
	})
}

// Whatever the settings are, validating and configuring succeed, or end in errors at the
// attributes, or at none where the line of the configuration may have a secret. They
// never show the key. Terraform's texts are UTF-8, and its numbers are finite.
func FuzzSettings(f *testing.F) {
	for _, name := range []string{"DEVIN_API_KEY", "DEVIN_TOKEN", "DEVIN_API_URL"} {
		if err := os.Unsetenv(name); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(matrixKey, "https://api.devin.ai", "60s", int64(4), int64(16), 10.0)
	f.Add(" "+matrixKey+"\n", "http://localhost:80/api/", "1m30s", int64(0), int64(64), 0.5)
	f.Add("apk_user_"+matrixKey, "", "", int64(10), int64(1), 1e300)
	f.Add("Bearer "+matrixKey, "http://devin.example.com", "60", int64(-1), int64(0), 0.0)
	f.Add(" ", "https://api.devin.ai", "60s", int64(4), int64(51), 10.0)
	f.Add("", "devin", "-5s", int64(11), int64(65), -1.0)
	f.Add("cog_\x00", "https://user:"+matrixKey+"@devin", "9999999999h", int64(1), int64(1), 1e-300)
	f.Add("cog_ü", "https://devin?key="+matrixKey, "0s", int64(math.MaxInt64), int64(math.MinInt64), 5e-324)
	f.Add(strings.Repeat("k", 4<<10), "https://devin#"+matrixKey, "1ns", int64(1), int64(1), 1.0)
	f.Add(matrixKey, "https://["+matrixKey, "1h1m1s1ms", int64(1), int64(1), 1.0)
	f.Fuzz(func(t *testing.T, key, url, timeout string, retries, concurrent int64, rate float64) {
		if !utf8.ValidString(key) || !utf8.ValidString(url) || !utf8.ValidString(timeout) || math.IsNaN(rate) || math.IsInf(rate, 0) {
			return
		}
		given := map[string]any{
			"api_key": key, "api_url": url, "request_timeout": timeout,
			"max_retries": retries, "max_concurrent_requests": concurrent, "requests_per_second": rate,
		}
		server, err := wire.NewServer(newProvider(nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		p := &protocol{&providertest.Protocol{ProviderServer: server, Schemas: allSchemas()}}
		invalid := p.ValidateProvider(t, given)
		checkSettings(t, key, url, invalid)
		if len(invalid) > 0 {
			return
		}
		// What validate accepts, configure must not refuse. A missing key fails the
		// first read.
		if refused := p.Configure(t, given); len(refused) > 0 {
			t.Errorf("%q, %q, %q, %d, %d, %v: validate accepts what configure does not: %s", key, url, timeout, retries, concurrent, rate, providertest.Messages(refused))
		}
	})
}

func checkSettings(t *testing.T, key, url string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, d := range diags {
		mayBeSecret := strings.HasSuffix(d.Summary, "Devin API key")
		if d.Summary == "Malformed URL of the Devin API" {
			mayBeSecret = strings.Contains(url, "@") || strings.Contains(url, "cog_") || strings.Contains(url, "apk_")
		}
		if d.Attribute == nil || (len(d.Attribute.Steps()) == 0) != mayBeSecret || d.Severity != tfprotov6.DiagnosticSeverityError || strings.Contains(d.Summary, "Bug") {
			t.Errorf("%s: %s", d.Summary, d.Detail)
		}
		// A short one may be a word of the message.
		if key = strings.TrimSpace(key); len(key) > 12 && strings.Contains(providertest.Messages(diags), key) {
			t.Errorf("the key is in %s: %s", d.Summary, d.Detail)
		}
		noKey(t, d.Summary+d.Detail)
	}
}

// The functions' arguments: a result or an error at the argument, no panic.
func FuzzFunctions(f *testing.F) {
	for _, text := range []string{
		"2026-11-20T07:59:59Z", "2026-11-20T08:00:00Z", "2026-11-20T00:00:00-08:00", "2026-11-20T08:00:00.999999999+14:00", "2026-11-20", "",
		"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-20t08:00:00z", "2016-12-31T23:59:60Z", "\x00", strings.Repeat("2", 4<<10),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		server, err := wire.NewServer(newProvider(nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		day, at := call(t, server, "billing_date", text), ""
		if day != "" {
			if at = call(t, server, "billing_day_start", day); at == "" || call(t, server, "billing_date", at) != day {
				t.Errorf("%q is the billing day %s, which starts at %q", text, day, at)
			}
		}
		call(t, server, "billing_day_start", text)
	})
}

// call is the result of a function, empty where it is an error.
func call(t *testing.T, server tfprotov6.ProviderServer, name, argument string) string {
	t.Helper()
	text, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, argument))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.CallFunction(context.Background(), &tfprotov6.CallFunctionRequest{Name: name, Arguments: []*tfprotov6.DynamicValue{&text}})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		if resp.Error.FunctionArgument == nil || *resp.Error.FunctionArgument != 0 {
			t.Errorf("%s(%q): %s", name, argument, resp.Error.Text)
		}
		return ""
	}
	result, err := resp.Result.Unmarshal(tftypes.String)
	if err != nil {
		t.Fatal(err)
	}
	return as[string](t, result)
}
