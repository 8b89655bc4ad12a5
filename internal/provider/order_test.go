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
	for source, by := range map[string][]string{
		"devin_members":                   slices.Collect(maps.Keys(memberOrders)),
		"devin_members_daily_consumption": slices.Collect(maps.Keys(consumptionOrders)),
		"devin_members_pr_metrics":        slices.Collect(maps.Keys(prOrders)),
	} {
		list, window := "users", map[string]any{"start_date": "2026-10-01", "end_date": "2026-10-31"}
		if source == "devin_members" {
			list, window = "members", map[string]any{}
		}
		for _, name := range append(by, "user_id") {
			all := with(window, "order_by", name)
			cut, whole := attributeOf(t, p, source, with(all, "first", 7.0), list, name), attributeOf(t, p, source, all, list, name)
			if len(cut) != 7 || len(whole) != 60 || !slices.Equal(cut, whole[:7]) {
				t.Errorf("%s by %s: the first 7 are %v of %v", source, name, cut, whole)
			}
			if !slices.IsSortedFunc(whole, func(a, b any) int { return compareShown(name, a, b) }) {
				t.Errorf("%s by %s: %v", source, name, whole)
			}
		}
		diags := p.ValidateData(t, source, with(window, "order_by", "luck"))
		if len(diags) != 1 || !strings.HasPrefix(providertest.Messages(diags), "order_by: ") {
			t.Errorf("%s: %s", source, providertest.Messages(diags))
		}
		for _, n := range []float64{0, -1, 1.5, 1e7} {
			if diags := p.ValidateData(t, source, with(window, "first", n)); !strings.HasPrefix(providertest.Messages(diags), "first: Impossible number") {
				t.Errorf("%s, first = %v: %s", source, n, providertest.Messages(diags))
			}
		}
	}
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
	case "enterprise_joined_at":
		return cmp.Compare(y, x)
	case "user_id":
		return cmp.Compare(x, y)
	}
	return collate.New(language.Und, collate.IgnoreCase).CompareString(x, y)
}
