package devintest

import (
	"bytes"
	"encoding/json"
)

// nullable are the keys that the schema of an item lets be null, by a key that
// tells what the item is. The first that fits counts.
var nullable = []struct {
	id   string
	keys []string
}{
	{"finding_id", []string{
		"title", "category", "description", "recommendation", "note", "pr_url", "session_id", "orchestrator_session_id",
	}},
	{"violation_id", []string{"session_id"}},
	{"audit_log_id", []string{"org_id", "user_id", "user_email", "service_user_id", "service_user_name"}},
	{"session_id", []string{
		"title", "status_detail", "user_id", "service_user_id", "playbook_id", "parent_session_id", "child_session_ids",
		"origin", "category", "subcategory", "structured_output", "devin_mode",
	}},
	{"hypervisor_id", []string{"created_at", "last_heartbeat", "cloud_provider_instance_id"}},
	{"api_key_id", []string{"expires_at", "last_used_at", "revoked_at"}},
	{"service_user_id", []string{"expires_at", "deleted_at"}},
	{"user_id", []string{"email", "name", "enterprise_joined_at"}},
	{"org_id", []string{"max_session_acu_limit", "max_cycle_acu_limit"}},
}

// wild are keys that stand beside those of an object of free form.
const wild = `{"USER_ID":"1","user_id":"2","Items":[],"items":7,"Title":"a","title":null,"total":{"Total":1}`

// editor edits an item of a list as the quirks say; it is nil where they leave it as it is.
func (q *Quirks) editor() func([]byte) []byte {
	if !q.FindingsAreShort && !q.ArchivedIfTrue && !q.WildKeys && !q.Nulls && !q.UpperCase && !q.MeansAreNull &&
		q.Never == NeverIsNull && q.AuditData == AsNumber {
		return nil
	}
	return func(text []byte) []byte {
		var item map[string]json.RawMessage
		if err := json.Unmarshal(text, &item); err != nil {
			panic(err)
		}
		q.edit(item)
		return marshal(item)
	}
}

func (q *Quirks) edit(item map[string]json.RawMessage) {
	null := json.RawMessage("null")
	for _, key := range []string{"data", "structured_output"} {
		if of, ok := item[key]; ok && q.WildKeys && of[0] == '{' {
			item[key] = append([]byte(wild+","), of[1:]...)
		}
	}
	if _, ok := item["finding_id"]; ok && q.FindingsAreShort {
		delete(item, "severity")
		delete(item, "status")
	}
	if q.Nulls {
		makeNull(item)
	}
	if q.ArchivedIfTrue && string(item["is_archived"]) == "false" {
		delete(item, "is_archived")
	}
	if _, ok := item["utilization_percentage"]; ok && q.MeansAreNull && string(item["status"]) == `"terminated"` {
		item["utilization_percentage"] = null
	}
	for _, key := range []string{"status", "severity", "scope"} {
		if value, ok := item[key]; ok && q.UpperCase {
			item[key] = bytes.ToUpper(value)
		}
	}
	for _, key := range []string{"expires_at", "last_used_at", "revoked_at", "last_heartbeat", "enterprise_joined_at"} {
		if string(item[key]) == "null" {
			item[key] = [...]json.RawMessage{NeverIsNull: null, NeverIsZero: json.RawMessage("0"), NeverIs9999: json.RawMessage("253402300799")}[q.Never]
		}
	}
	if _, ok := item["data"]; ok && q.AuditData == AsNull {
		item["data"] = null
	} else if q.AuditData == Absent {
		delete(item, "data")
	}
}

// makeNull makes an item null wherever it may be, if it is one of the third that
// its id chooses.
func makeNull(item map[string]json.RawMessage) {
	for _, kind := range nullable {
		id, ok := item[kind.id]
		if !ok {
			continue
		}
		// The last byte may be a quotation mark.
		if id[max(len(id)-2, 0)]%3 == 0 {
			for _, key := range kind.keys {
				if _, ok := item[key]; ok {
					item[key] = json.RawMessage("null")
				}
			}
		}
		return
	}
}
