package acceptance

import (
	"cmp"
	"context"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

const (
	limitsPath     = "/v3/enterprise/consumption/acu-limits/devin"
	orgLimitsPath  = "/v3beta1/enterprise/organizations/*/consumption/acu-limits"
	userLimitsPath = "/v3beta1/enterprise/users/*/consumption/acu-limits"
)

// withLimits sets limits in a fake: of each kind one, and one that blocks.
func withLimits(fake *devintest.Server) {
	orgs, users := fake.Organizations(), sortedMembers(fake)
	most := int64(900)
	fake.SetLimits(func(l *devintest.Limits) {
		l.Enterprise = &most
		l.Organizations[orgs[0].OrgID], l.Organizations[orgs[1].OrgID] = 100_000, 1
		l.Cloud[orgs[0].OrgID], l.Local[orgs[0].OrgID] = 120, 90_000
		l.Users[users[0].UserID], l.Users[users[1].UserID] = 0, 70_000
		l.BillingOrgs[users[1].UserID] = orgs[0].OrgID
	})
}

func limitRows() []row {
	given := func(attributes object) func(*devintest.Server) object {
		return func(fake *devintest.Server) object { withLimits(fake); return attributes }
	}
	withoutAgents := func(fake *devintest.Server) object { return trueHeadroom(fake, false) }
	return []row{
		{
			"limits", "devin_acu_limits", given(object{}), trueLimits,
			[]endpoint{{path: limitsPath, kind: aListOfLimits}},
		},
		{
			"what is left of limits", "devin_acu_headroom", given(object{"users": true}),
			func(fake *devintest.Server) object { return trueHeadroom(fake, true) },
			[]endpoint{
				{path: cyclesPath, kind: aListOfCycles},
				{path: limitsPath, kind: aLookupOfLimits},
				{path: organizationsPath, kind: aListOfOrganizations},
				enterpriseDays,
				{path: enterprisePath + "/organizations/*", kind: aConsumption, unknown: "Devin knows none of the organizations"},
				{path: orgLimitsPath, kind: aBlockOfLimits, whenRefused: withoutAgents, whenUnknown: withoutAgents},
				{path: userPath, kind: aConsumption, isNotice: true},
			},
		},
	}
}

func trueLimits(fake *devintest.Server) object {
	l, all := fake.Limits(), []any{}
	add := func(scope, orgID, userID string, limit int64) {
		all = append(all, object{"scope": scope, "org_id": textOrNil(orgID), "user_id": textOrNil(userID), "cycle_acu_limit": float64(limit)})
	}
	add("enterprise", "", "", *l.Enterprise)
	for _, id := range slices.Sorted(maps.Keys(l.Organizations)) {
		add("org", id, "", l.Organizations[id])
	}
	for _, id := range slices.Sorted(maps.Keys(l.Users)) {
		add("user", "", id, l.Users[id])
	}
	return object{"limits": all}
}

// trueHeadroom is of the cycle from 5 November; 15 of its 30 days have ended.
func trueHeadroom(fake *devintest.Server, agents bool) object {
	start := time.Date(2026, 11, 5, 8, 0, 0, 0, time.UTC)
	const total, ended = 30, 15
	// What a limit comes to, of the days of a part of the company.
	against := func(name string, limit int64, days []devintest.Day, counts func(devintest.Day) float64) object {
		byDay := [ended + 1]float64{}
		used := 0.0
		for _, d := range days {
			byDay[int(dayOf(d.Name).Sub(start.Add(-8*time.Hour)).Hours())/24] += counts(d)
			used += counts(d)
		}
		reached, sum := any(nil), 0.0
		for i, acus := range byDay {
			if sum += acus; reached == nil && (roundTo(sum) >= float64(limit)) {
				reached = start.AddDate(0, 0, i).Format(time.DateOnly)
			}
		}
		finished := used - byDay[ended]
		if more := math.Ceil(roundTo((float64(limit) - finished) / (finished / ended))); reached == nil && more <= total-ended {
			reached = start.AddDate(0, 0, ended-1+int(more)).Format(time.DateOnly)
		}
		return object{
			"name": name, "cycle_acu_limit": float64(limit), "used_acus": roundTo(used), "left_acus": max(roundTo(float64(limit)-used), 0), "reached_on": reached,
		}
	}
	all := func(d devintest.Day) float64 { return d.ACUs }
	of := func(products ...string) func(devintest.Day) float64 {
		return func(d devintest.Day) (sum float64) {
			for _, p := range products {
				sum += d.ByProduct[p]
			}
			return sum
		}
	}
	use := func(days []devintest.Day, limits ...object) object {
		used, finished := 0.0, 0.0
		for _, d := range days {
			used += d.ACUs
			if dayOf(d.Name).Before(start.AddDate(0, 0, ended).Add(-8 * time.Hour)) {
				finished += d.ACUs
			}
		}
		slices.SortFunc(limits, func(a, b object) int { return cmp.Compare(a["name"].(string), b["name"].(string)) }) //nolint:forcetypeassert // see above
		return object{
			"used_acus": roundTo(used), "acus_per_day": roundTo(finished) / ended, "projected_acus": max(roundTo(roundTo(finished)/ended*total), roundTo(used)), "limits": asAny(limits),
		}
	}
	until := providertest.Now.Add(24 * time.Hour)
	l, whole := fake.Limits(), fake.PartDays(devintest.Part{}, start, until)
	orgs, members := []any{}, []any{}
	sorted := slices.SortedFunc(slices.Values(fake.Organizations()), func(a, b devintest.Organization) int { return strings.Compare(a.OrgID, b.OrgID) })
	for _, o := range sorted {
		days, limits := fake.PartDays(devintest.Part{OrgID: o.OrgID}, start, until), []object{}
		if limit, ok := l.Organizations[o.OrgID]; ok {
			limits = append(limits, against("acu_limit", limit, days, of("devin")))
		}
		if o.MaxCycleACULimit != nil {
			limits = append(limits, against("max_cycle_acu_limit", *o.MaxCycleACULimit, days, all))
		}
		if limit, ok := l.Cloud[o.OrgID]; ok && agents {
			limits = append(limits, against("cloud_agent", limit, days, of("devin")), against("local_agent", l.Local[o.OrgID], days, of("cascade", "terminal")))
		}
		orgs = append(orgs, with(use(days, limits...), object{"org_id": o.OrgID, "name": o.Name}))
	}
	for _, id := range slices.Sorted(maps.Keys(l.Users)) {
		days := fake.UserDays(id, start, until)
		members = append(members, with(use(days, against("acu_limit", l.Users[id], days, of("devin", "cascade", "terminal"))), object{"user_id": id}))
	}
	return object{
		"users": true, "start_date": "2026-11-05", "end_date": "2026-12-04", "agent_limits_known": agents,
		"enterprise": use(whole, against("acu_limit", *l.Enterprise, whole, of("devin"))), "organizations": orgs, "members": members,
	}
}

func dayOf(name string) time.Time {
	day, err := time.Parse(time.DateOnly, name)
	if err != nil {
		panic(err)
	}
	return day
}

// roundTo takes the residue of sums of hundredths away.
func roundTo(acus float64) float64 { return math.Round(acus*1e6) / 1e6 }

func asAny(all []object) []any {
	list := []any{}
	for _, one := range all {
		list = append(list, one)
	}
	return list
}

// limitSubjects are the refreshes of the resources that write.
func limitSubjects() []subject {
	refresh := func(name, path string, kind kind, values func(*devintest.Server) object) subject {
		given := func(t *testing.T, fake *devintest.Server, p *protocol) *tfprotov6.ReadResourceResponse {
			t.Helper()
			withLimits(fake)
			state := providertest.Value(t, allSchemas().ResourceSchemas[name], values(fake))
			resp, err := p.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{TypeName: name, CurrentState: state})
			if err != nil {
				t.Fatal(err)
			}
			return resp
		}
		return subject{
			name: "the refresh of " + name, endpoints: []endpoint{{path: path, kind: kind}}, of: "resource " + name,
			read: func(t *testing.T, fake *devintest.Server, p *protocol, e endpoint, c class) {
				t.Helper()
				resp := given(t, fake, p)
				// Whatever fails, the state stays as it was.
				sameState(t, stateOf(t, allSchemas().ResourceSchemas[name], resp.NewState), values(fake))
				if c == noticed && kind == aLookupOfLimits {
					c = fine // the list is read no further than the organization
				}
				switch c {
				case noticed:
					checkNotices(t, resp.Diagnostics, e, c)
					return
				case fine:
					if len(resp.Diagnostics) > 0 {
						t.Errorf("a refresh that succeeds says: %s", providertest.Messages(resp.Diagnostics))
					}
					return
				}
				summary := c.summary()
				if c == notFound && kind == aBlockOfLimits && e.path == path {
					summary = "Perhaps not enabled for this enterprise"
				}
				if c == notFound && e.path == everywhere.path && kind == aBlockOfLimits {
					summary = "Perhaps not enabled for this enterprise"
				}
				checkFailure(t, resp.Diagnostics, summary, e, c)
			},
			ask: func(t *testing.T, fake *devintest.Server, p *protocol) []*tfprotov6.Diagnostic {
				t.Helper()
				return given(t, fake, p).Diagnostics
			},
		}
	}
	org := func(fake *devintest.Server) string { return fake.Organizations()[0].OrgID }
	user := func(fake *devintest.Server) string { return sortedMembers(fake)[1].UserID }
	return []subject{
		refresh("devin_organization_acu_limit", limitsPath, aLookupOfLimits, func(fake *devintest.Server) object {
			return object{"org_id": org(fake), "cycle_acu_limit": 100_000}
		}),
		refresh("devin_organization_agent_acu_limits", orgLimitsPath, aBlockOfLimits, func(fake *devintest.Server) object {
			return object{"org_id": org(fake), "cloud_agent_cycle_acu_limit": 120, "local_agent_cycle_acu_limit": 90_000}
		}),
		refresh("devin_user_acu_limit", userLimitsPath, aBlockOfLimits, func(fake *devintest.Server) object {
			return object{"user_id": user(fake), "cycle_acu_limit": 70_000}
		}),
		refresh("devin_user_billing_organization", userLimitsPath, aBlockOfLimits, func(fake *devintest.Server) object {
			return object{"user_id": user(fake), "billing_org_id": org(fake)}
		}),
	}
}

// Data sources and the check send nothing but GET.
func TestOnlyResourcesOfLimitsWrite(t *testing.T) {
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
