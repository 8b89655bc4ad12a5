package acceptance

import (
	"maps"
	"slices"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

const metricsPath = "/v3/enterprise/metrics/"

// metricsRows are the data sources that read one object of metrics.
func metricsRows() []row {
	org := largestOrganization
	one := func(path string, kind kind) []endpoint { return []endpoint{{path: path, kind: kind}} }
	inOrganization := func(fake *devintest.Server) object { return with(window7(fake), object{"org_id": org(fake)}) }
	nothing := func(*devintest.Server) object { return object{} }
	return []row{
		{
			"usage", "devin_usage_metrics", window7, func(fake *devintest.Server) object { return trueUsage(fake) },
			one(metricsPath+"usage", aCountOfUsage),
		},
		{
			"an organization's usage", "devin_usage_metrics", inOrganization,
			func(fake *devintest.Server) object {
				return with(trueUsage(fake, org(fake)), object{"org_id": org(fake)})
			},
			one(inOrg("metrics/usage"), aCountOfUsage),
		},
		{
			"sessions counted", "devin_session_metrics", window7,
			func(fake *devintest.Server) object { return trueSessions(fake, devintest.PRFilter{}) },
			one(metricsPath+"sessions", aCountOfSessions),
		},
		{
			"an organization's sessions counted", "devin_session_metrics", inOrganization,
			func(fake *devintest.Server) object {
				return with(trueSessions(fake, devintest.PRFilter{OrgIDs: []string{org(fake)}}), object{"org_id": org(fake)})
			},
			one(inOrg("metrics/sessions"), aCountOfSessions),
		},
		{
			"categories of sessions", "devin_session_categories", window7, trueCategories,
			one(metricsPath+"sessions-by-category", someCategories),
		},
		{
			"the queue", "devin_queue", nothing,
			func(*devintest.Server) object {
				return object{"queue_size": float64(devintest.QueueSize), "status": "elevated"}
			},
			one("/v3/enterprise/queue", aQueue),
		},
		{
			"who the key is", "devin_principal", nothing,
			func(*devintest.Server) object { return principalOf(everywhere, fine) },
			one(selfPath, aPrincipal),
		},
	}
}

func trueUsage(fake *devintest.Server, orgIDs ...string) object {
	f := devintest.PRFilter{OrgIDs: orgIDs}
	n, prs := fake.SessionCounts(f, matrixFrom, matrixTo), fake.PRs(f, matrixFrom, matrixTo)
	return windowed(object{
		"sessions_count": float64(n.Created), "searches_count": float64(n.Searches()),
		"prs_created_count": float64(prs.Created), "prs_merged_count": float64(prs.Merged),
	})
}

func trueSessions(fake *devintest.Server, f devintest.PRFilter) object {
	n := fake.SessionCounts(f, matrixFrom, matrixTo)
	counts := func(counted map[string]int64, names string) object {
		all := object{}
		for name := range strings.FieldsSeq(names) {
			all[name] = float64(counted[name])
		}
		return all
	}
	const sizes = "xs s m l xl"
	return windowed(object{
		"sessions_created_count": float64(n.Created), "avg_acus_per_session": float64(n.ACUs/n.Created) / 100,
		"sessions_created_by_origin":           counts(n.ByOrigin, "api automation desktop jira linear slack teams webapp"),
		"sessions_created_by_size":             counts(n.BySize, sizes),
		"sessions_created_with_playbook_count": float64(n.WithPlaybook), "sessions_created_with_search_count": float64(n.WithSearch),
		"sessions_with_merged_prs_count": float64(n.WithMergedPRs), "sessions_with_merged_prs_by_size": counts(n.WithMergedPRsBySize, sizes),
	})
}

func trueCategories(fake *devintest.Server) object {
	n := fake.SessionCounts(devintest.PRFilter{}, matrixFrom, matrixTo)
	keys := slices.SortedFunc(maps.Keys(n.ByCategory), func(a, b devintest.Category) int {
		return strings.Compare(a.Category+"\x00"+a.DisplayName, b.Category+"\x00"+b.DisplayName)
	})
	type sum struct {
		use   devintest.CategoryUse
		parts []any
	}
	sums, names := map[string]*sum{}, []string{}
	for _, key := range keys {
		if sums[key.Category] == nil {
			sums[key.Category] = &sum{}
			names = append(names, key.Category)
		}
		s, use := sums[key.Category], n.ByCategory[key]
		s.use.Sessions, s.use.ACUs = s.use.Sessions+use.Sessions, s.use.ACUs+use.ACUs
		s.parts = append(s.parts, object{
			"subcategory_id": textOrNil(key.SubcategoryID), "display_name": key.DisplayName,
			"acus": float64(use.ACUs) / 100, "sessions_count": float64(use.Sessions),
		})
	}
	found := []any{}
	for _, name := range names {
		s := sums[name]
		found = append(found, object{
			"category": name, "acus": float64(s.use.ACUs) / 100, "sessions_count": float64(s.use.Sessions), "subcategories": s.parts,
		})
	}
	return windowed(object{"categories": found, "total_acus": float64(n.ACUs) / 100, "sessions_count": float64(n.Created)})
}

// wrongCounts is wrong for each of the counts that an answer must have.
func wrongCounts(counts ...string) map[string]wrong {
	all := map[string]wrong{}
	for _, count := range counts {
		for name, value := range map[string]any{
			"null": nil, "missing": nothing{}, "negative": -1, "text": "3", "a list": []any{}, "with a half": "=0.5", "beyond 2^53": "=9007199254740993",
		} {
			all[count+" "+name] = wrong{set(count, value), odd, false}
		}
	}
	return all
}

func wrongSessions() map[string]wrong {
	all := wrongCounts("sessions_created_count", "sessions_created_with_playbook_count", "sessions_created_with_search_count", "sessions_with_merged_prs_count")
	for _, counts := range []string{"sessions_created_by_origin", "sessions_created_by_size", "sessions_with_merged_prs_by_size"} {
		for name, value := range map[string]any{
			"null": nil, "missing": nothing{}, "a list": []any{1}, "negative": object{"xs": -1}, "text": object{"xs": "1"}, "with a half": object{"xs": 0.5},
		} {
			all[counts+" "+name] = wrong{set(counts, value), odd, false}
		}
	}
	all["average text"] = wrong{set("avg_acus_per_session", "2"), odd, false}
	all["average null"] = wrong{set("avg_acus_per_session", nil), taken, false}
	all["more with a playbook than there are"] = wrong{set("sessions_created_with_playbook_count", 1e6), noticed, false}
	return all
}

func wrongCategories() map[string]wrong {
	const list = "categories"
	all := map[string]wrong{
		"categories null":    {set(list, nil), odd, false},
		"categories missing": {set(list, nothing{}), odd, false},
		"categories text":    {set(list, "none"), odd, false},
		"a category null":    {set(list, []any{nil}), odd, false},
		"categories backwards": {withList(list, func(items []any) []any {
			slices.Reverse(items)
			return items
		}), fine, true},
	}
	for _, field := range []string{"category", "acus", "sessions_count", "subcategories"} {
		for name, value := range map[string]any{"null": nil, "missing": nothing{}, "an object": object{}} {
			all[field+" "+name] = wrong{inItem(list, field, value), odd, false}
		}
	}
	return all
}
