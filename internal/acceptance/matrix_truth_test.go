package acceptance

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// What each data source must say of a fake, written down from the fake's own
// data and not by way of the client: maps, slices, strings, float64s, nil.

type object = map[string]any

// plain turns a state into the same.
func plain(t *testing.T, v tftypes.Value) any {
	t.Helper()
	if v.IsNull() {
		return nil
	}
	switch typ := v.Type(); {
	case typ.Is(tftypes.String):
		return as[string](t, v)
	case typ.Is(tftypes.Bool):
		return as[bool](t, v)
	case typ.Is(tftypes.Number):
		var number big.Float
		if err := v.As(&number); err != nil {
			t.Fatal(err)
		}
		float, _ := number.Float64()
		return float
	case typ.Is(tftypes.List{}):
		items := []any{}
		for _, item := range as[[]tftypes.Value](t, v) {
			items = append(items, plain(t, item))
		}
		return items
	}
	fields := object{}
	for name, field := range as[map[string]tftypes.Value](t, v) {
		fields[name] = plain(t, field)
	}
	return fields
}

func as[T any](t *testing.T, v tftypes.Value) T {
	t.Helper()
	var to T
	if err := v.As(&to); err != nil {
		t.Fatal(err)
	}
	return to
}

// stateOf is the state of a response, nil where there is none.
func stateOf(t *testing.T, schema *tfprotov6.Schema, state *tfprotov6.DynamicValue) any {
	t.Helper()
	if state == nil {
		return nil
	}
	value, err := state.Unmarshal(schema.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return plain(t, value)
}

// The days that the matrix asks for, and the instants they stand for.
const (
	matrixStart = "2026-10-26"
	matrixEnd   = "2026-11-01"
)

var (
	matrixFrom = time.Date(2026, 10, 26, 8, 0, 0, 0, time.UTC)
	matrixTo   = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
)

// windowed adds the window's attributes.
func windowed(attributes object) object {
	attributes["start_date"], attributes["end_date"], attributes["complete"] = matrixStart, matrixEnd, true
	return attributes
}

func orNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func sortedMembers(fake *devintest.Server) []devintest.Member {
	return slices.SortedFunc(slices.Values(fake.Members()), func(a, b devintest.Member) int {
		return strings.Compare(a.UserID, b.UserID)
	})
}

// trueMembers are everybody, or those with a role in an organization and what
// its own lists show of them.
func trueMembers(fake *devintest.Server, orgID string) []any {
	members := []any{}
	for _, m := range sortedMembers(fake) {
		roles := slices.Concat(m.Assignments, m.IDPAssignments)
		joined := any(nil)
		if orgID != "" {
			roles = slices.DeleteFunc(roles, func(a devintest.Assignment) bool { return a.OrgID != orgID })
			if len(roles) == 0 {
				continue
			}
		} else if m.JoinedAt != nil {
			joined = time.Unix(*m.JoinedAt, 0).UTC().Format(time.RFC3339)
		}
		slices.SortFunc(roles, func(a, b devintest.Assignment) int {
			return cmp.Or(strings.Compare(a.OrgID, b.OrgID), strings.Compare(a.RoleID, b.RoleID), strings.Compare(a.IDPGroupName, b.IDPGroupName))
		})
		assignments := []any{}
		for _, a := range roles {
			assignments = append(assignments, object{
				"role_id": a.RoleID, "role_name": a.RoleName, "role_type": a.RoleType,
				"org_id": textOrNil(a.OrgID), "idp_group_name": textOrNil(a.IDPGroupName),
			})
		}
		members = append(members, object{
			"user_id": m.UserID, "email": orNil(m.Email), "name": orNil(m.Name), "display_name": displayName(m.UserID, orNil(m.Name), orNil(m.Email)),
			"enterprise_joined_at": joined, "role_assignments": assignments,
		})
	}
	return members
}

// displayName is the first that there is.
func displayName(userID string, name, email any) any { return cmp.Or(name, email, any(userID)) }

// trueDays are a part's, with products.
func trueDays(fake *devintest.Server, part devintest.Part) []any {
	days := []any{}
	for _, day := range fake.PartDays(part, matrixFrom, matrixTo) {
		products := object{}
		for product, acus := range day.ByProduct {
			products[product] = acus
		}
		days = append(days, object{"date": day.Name, "acus": day.ACUs, "acus_by_product": products})
	}
	return days
}

// trueProducts are the products of several parts together.
func trueProducts(fake *devintest.Server, parts ...devintest.Part) object {
	hundredths := map[string]int64{}
	for _, part := range parts {
		for _, day := range fake.PartDays(part, matrixFrom, matrixTo) {
			for product, acus := range day.ByProduct {
				hundredths[product] += int64(acus*100 + 0.5)
			}
		}
	}
	products := object{}
	for product, n := range hundredths {
		products[product] = float64(n) / 100
	}
	return products
}

// trueConsumption is what a data source that reads one part says of it.
func trueConsumption(fake *devintest.Server, part devintest.Part) object {
	return windowed(object{
		"total_acus":      fake.PartTotal(part, matrixFrom, matrixTo),
		"acus_by_product": trueProducts(fake, part), "days": trueDays(fake, part),
	})
}

// truePRs are the nine attributes that count pull requests.
func truePRs(n devintest.PRCounts) object {
	rate := any(nil)
	if n.Created > 0 {
		rate = float64(n.Merged) / float64(n.Created)
	}
	return object{
		"prs_created_count": float64(n.Created), "prs_opened_count": float64(n.Opened),
		"prs_merged_count": float64(n.Merged), "prs_closed_count": float64(n.Closed),
		"prs_taken_over_count": float64(n.TakenOver), "prs_taken_over_opened_count": float64(n.TakenOverOpened),
		"prs_taken_over_merged_count": float64(n.TakenOverMerged), "prs_taken_over_closed_count": float64(n.TakenOverClosed),
		"merge_rate": rate,
	}
}

// with adds attributes to an object, a copy of it.
func with(o object, more object) object {
	all := maps.Clone(o)
	maps.Copy(all, more)
	return all
}

func trueCycles(fake *devintest.Server) object {
	cycles, current, previous := []any{}, any(nil), any(nil)
	for _, c := range slices.Backward(fake.Cycles()) {
		start, end := time.Unix(c.After, 0).UTC(), time.Unix(c.Before, 0).UTC()
		cycle := object{
			"start_date": start.Format(time.DateOnly), "end_date": end.AddDate(0, 0, -1).Format(time.DateOnly),
			"starts_at": start.Format(time.RFC3339), "ends_at": end.Format(time.RFC3339),
		}
		cycles = append(cycles, cycle)
		switch {
		case !providertest.Now.Before(start) && providertest.Now.Before(end):
			const day = 24 * time.Hour
			total, elapsed := float64(end.Sub(start)/day), float64(providertest.Now.Sub(start)/day)
			current = with(cycle, object{"days_total": total, "days_elapsed": elapsed, "days_remaining": total - elapsed})
		case !providertest.Now.Before(end) && previous == nil:
			previous = cycle
		}
	}
	return object{"cycles": cycles, "current": current, "previous": previous}
}
