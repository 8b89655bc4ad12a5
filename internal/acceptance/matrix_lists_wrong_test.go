package acceptance

// wrongPeriods is wrong for a bare list of periods.
func wrongPeriods() map[string]wrong {
	all := map[string]wrong{
		"a period null": {set(bareList, []any{nil}), odd, false},
		"a period twice": {withList(bareList, func(items []any) []any {
			return append(items, items...)
		}), noticed, false},
	}
	for _, field := range []string{"active_users", "start_time", "end_time"} {
		for name, value := range map[string]any{"null": nil, "missing": nothing{}, "text": "3", "with a half": "=0.5", "beyond 2^53": "=9007199254740993"} {
			all[field+" "+name] = wrong{inItem(bareList, field, value), odd, false}
		}
	}
	all["start_time in ms"] = wrong{inItem(bareList, "start_time", int64(1764921600000)), odd, false}
	all["end_time before start_time"] = wrong{inItem(bareList, "end_time", 1600000000), odd, false}
	all["active_users negative"] = wrong{inItem(bareList, "active_users", -1), odd, false}
	return all
}

func wrongScans() map[string]wrong {
	all := wrongCounts("scans_count", "repos_scanned_count", "open_critical_findings_count", "open_high_findings_count",
		"open_medium_findings_count", "open_low_findings_count", "prs_created_count", "prs_open_count", "prs_merged_count", "prs_closed_count")
	all["more merged than created"] = wrong{edited(func(answer object) { answer["prs_merged_count"] = 1e6 }), taken, false}
	for _, average := range []string{"avg_pr_open_duration_seconds", "avg_pr_time_to_merge_seconds"} {
		all[average+" text"] = wrong{set(average, "1"), odd, false}
		all[average+" negative"] = wrong{set(average, -1), odd, false}
	}
	return all
}

// wrongItems is wrong for a field that each item of a list must have, or may have.
func wrongItems(k kind) map[string]wrong {
	type fields struct {
		required, texts, instants, counts []string
		// Of the instants, those that may be none, which 0 stands for; and what may be null.
		never, optional []string
	}
	limits := fields{required: []string{"scope", "cycle_acu_limit"}, texts: []string{"scope"}, counts: []string{"cycle_acu_limit"}}
	of := map[kind]fields{
		aListOfSessions: {
			required: []string{"session_id", "url", "org_id", "status", "acus_consumed", "tags", "pull_requests", "created_at", "updated_at"},
			texts:    []string{"title", "user_id", "origin", "category"}, instants: []string{"created_at", "updated_at"},
		},
		aListOfAPIKeys: {
			required: []string{"api_key_id", "created_at", "is_active"},
			texts:    []string{"api_key_name"}, instants: []string{"created_at", "expires_at", "last_used_at", "revoked_at"},
			never: []string{"expires_at", "last_used_at", "revoked_at"},
		},
		aListOfLimits:   limits,
		aLookupOfLimits: limits,
		aListOfFindings: {required: []string{"finding_id"}, texts: []string{"title", "repo_name", "pr_url"}, instants: []string{"created_at"}, never: []string{"created_at"}},
		aListOfAuditLogs: {
			required: []string{"audit_log_id", "action", "created_at"}, texts: []string{"user_email", "org_id"}, instants: []string{"created_at"},
			optional: []string{"data"},
		},
		aListOfViolations: {
			required: []string{"violation_id", "guardrail_id", "created_at"},
			texts:    []string{"user_message", "session_id", "guardrail_name"}, instants: []string{"created_at"},
		},
		aListOfHypervisors: {
			required: []string{"hypervisor_id", "status"},
			texts:    []string{"cloud_provider_instance_id"}, instants: []string{"created_at", "last_heartbeat"},
			never: []string{"created_at", "last_heartbeat"}, optional: []string{"utilization_percentage"},
		},
	}[k]
	all := map[string]wrong{"an item null": {set("items", []any{nil}), odd, true}}
	each := func(names []string, values map[string]any) {
		for _, field := range names {
			for name, value := range values {
				all[field+" "+name] = wrong{inItem("items", field, value), odd, true}
			}
		}
	}
	each(of.required, map[string]any{"null": nil, "missing": nothing{}})
	each(of.texts, map[string]any{"a number": 7, "an object": object{}})
	each(of.instants, map[string]any{"text": "now", "in ms": int64(1764921600000), "of 1970": 0, "with a half": "=1764921600.5", "beyond 2^53": "=9007199254740993"})
	each(of.counts, map[string]any{"negative": -1, "with a half": "=0.5"})
	for _, field := range of.never {
		all[field+" of 1970"] = wrong{inItem("items", field, 0), taken, true}
	}
	for _, field := range of.optional {
		all[field+" null"] = wrong{inItem("items", field, nil), taken, true}
		all[field+" missing"] = wrong{inItem("items", field, nothing{}), taken, true}
	}
	if k == aListOfLimits || k == aLookupOfLimits {
		nameless := map[kind]class{aListOfLimits: taken, aLookupOfLimits: odd}[k]
		all["an organization's without org_id"] = wrong{edited(func(answer object) {
			answer["items"], answer["total"] = []any{object{"scope": "org", "cycle_acu_limit": 5}}, 1
		}), nameless, true}
		all["a scope that is not known"] = wrong{set("items", []any{object{"scope": "team", "cycle_acu_limit": 5}}), odd, true}
	}
	if k == aListOfHypervisors {
		all["utilization negative"] = wrong{inItem("items", "utilization_percentage", -1), odd, true}
	}
	if k == aListOfAuditLogs {
		all["data text"] = wrong{inItem("items", "data", "{}"), odd, true}
	}
	return all
}

// wrongBlocks is wrong for the limits of agents.
func wrongBlocks() map[string]wrong {
	all := map[string]wrong{}
	for name, block := range map[string]any{
		"a list": []any{}, "text": "none", "a number": 5, "negative": object{"cycle_acu_limit": -1}, "text in it": object{"cycle_acu_limit": "5"},
		"a half in it": object{"cycle_acu_limit": 0.5}, "a number for an id": object{"billing_org_id": 7},
	} {
		all["local_agent "+name] = wrong{set("local_agent", block), odd, false}
	}
	return all
}
