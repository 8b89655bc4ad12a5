package devintest

import (
	"bytes"
	"encoding/json"
)

// Quirks choose how the fake reads what the API's documentation leaves open or
// contradicts. The zero value is the reading thought likeliest.
type Quirks struct {
	// Honest turns on the quirks that a client must expect: what they answer is
	// documented, or follows from the documentation.
	Honest bool

	// BadKeyStatus answers a missing or unknown key: 403 (default, as observed)
	// or 401 (as documented).
	BadKeyStatus int
	// PermissionDetail replaces the `detail` of a missing permission's 403.
	// DetailNull makes it null.
	PermissionDetail string
	// PlainNotFound answers unknown paths with {"detail":"Not Found"} instead of
	// a ProblemDetail.
	PlainNotFound bool
	// ProblemJSON labels errors application/problem+json instead of application/json.
	ProblemJSON bool
	// ProblemValidation answers 422 as a ProblemDetail with `errors` instead of
	// FastAPI's `detail` array.
	ProblemValidation bool
	// BadCursorStatus answers a malformed cursor: 400 (default) or 422.
	BadCursorStatus int
	// NoRetryAfter leaves Retry-After out of KeyRateLimited's 429.
	NoRetryAfter bool
	// IgnoreUnknownQuery accepts unknown query keys, as the API seems to.
	IgnoreUnknownQuery bool
	// IgnoredFilters are query keys that the deployment is too old for: it takes
	// them, as any unknown key, and answers without filtering.
	IgnoredFilters []string

	// UnknownOrganization answers a path with an unknown org_id: 403 (default) or 404.
	UnknownOrganization int
	// UnknownMember answers a single member's path: 404 (default) or 403.
	UnknownMember int
	// UnknownUser answers consumption of an unknown user: 200 with no consumption
	// (default), 404 or 403.
	UnknownUser int

	// InclusiveBounds lets a window include its time_before.
	InclusiveBounds bool
	// DaysAtMidnightUTC labels a billing day with its date at 00:00 UTC instead
	// of the instant it starts, 08:00 UTC. What a window selects is unchanged.
	DaysAtMidnightUTC bool
	// ZeroDays lists days without consumption too.
	ZeroDays bool
	// Review is how acus_by_product shows `review`. If it is not a number, its share
	// is added to devin's, so that totals do not depend on it.
	Review Presence
	// ExtraProduct, if set, is the name of one more product, carved out of devin's share.
	ExtraProduct string
	// PeriodsEndAtTheNext lets a period of active users end where the next one
	// starts, instead of a second before.
	PeriodsEndAtTheNext bool
	// SessionsAreShort leaves out the fields of a session that older deployments lack.
	SessionsAreShort bool
	// FindingsAreShort leaves severity and status out of a finding, as those pages of
	// the documentation do that are older than the schema.
	FindingsAreShort bool
	// BetaLimits, if set, is the status of the beta endpoints of limits, as where they
	// are not enabled.
	BetaLimits int
	// LimitsLag is how many reads after a write still show what was before.
	LimitsLag int
	// CyclesNewestFirst reverses the order of billing cycles.
	CyclesNewestFirst bool
	// OpenCycles is how many of the newest billing cycles have no end: their
	// `before` is null.
	OpenCycles int
	// LongWindow answers windows of more than 100 days where the documentation
	// limits them: 422 (default) or 400; -1 is no limit.
	LongWindow int

	// KeysetCursors makes a cursor point behind an item instead of counting items, so
	// that no item is skipped or repeated when the list changes before it.
	KeysetCursors bool
	// Total is how lists show `total`, TotalIs what it counts.
	Total   Presence
	TotalIs TotalReading
	// NoTakenOver leaves the prs_taken_over counts out, as older deployments do.
	NoTakenOver bool
	// CaseSensitiveEmail makes the `email` filter compare exactly.
	CaseSensitiveEmail bool
	// NoOrgIDInOrganizationLists leaves org_id out of the assignments in an
	// organization's member lists.
	NoOrgIDInOrganizationLists bool
	// NoJoinedAt leaves enterprise_joined_at out, as older deployments do.
	NoJoinedAt bool

	// MergesFollow counts a merge two days after the pull request was made, in
	// `usage` and in sessions with merged pull requests, so that merged may exceed
	// created.
	MergesFollow bool
	// ScanPRsOfNow counts open, merged and closed pull requests of all code scans, and
	// created ones of the window only.
	ScanPRsOfNow bool
	// ArchivedIfTrue leaves is_archived out where it is false.
	ArchivedIfTrue bool
	// LargeIDs gives violations ids of 63 bits instead of 52.
	LargeIDs bool
	// WildKeys adds keys to free-form objects that differ in case only, or are keys of
	// the API's own objects.
	WildKeys bool
	// Nulls makes one item in three of a list null wherever the schema allows it.
	Nulls bool
	// EmptyLastPeriod adds a period of no length to active users if the window ends
	// where a period does.
	EmptyLastPeriod bool
	// AvailableByDefault lists only available hypervisors if the query has no status,
	// as documented.
	AvailableByDefault bool

	// Never is how the time of something that has not happened is shown.
	Never NeverReading
	// MeansAreNull makes a mean of no values null: avg_acus_per_session without
	// sessions, and the utilization of a terminated hypervisor.
	MeansAreNull bool
	// AuditData is how an entry of the audit log shows `data`.
	AuditData Presence
	// UpperCase writes status, severity and scope in capitals.
	UpperCase bool
}

// resolved turns on what Honest stands for.
func (q Quirks) resolved() Quirks {
	if q.Honest {
		q.KeysetCursors, q.MergesFollow, q.ScanPRsOfNow, q.ArchivedIfTrue = true, true, true, true
		q.LargeIDs, q.WildKeys, q.Nulls, q.EmptyLastPeriod, q.AvailableByDefault = true, true, true, true, true
	}
	return q
}

// DetailNull as Quirks.PermissionDetail makes `detail` null.
const DetailNull = "null"

// Presence is how a field shows in an answer.
type Presence int

// A field has its value, is null, or is left out.
const (
	AsNumber Presence = iota
	AsNull
	Absent
)

// TotalReading is what a list's `total` counts.
type TotalReading int

// A total is exact; is that of before the list moved; is too large; or ignores the
// filters.
const (
	TotalExact TotalReading = iota
	TotalLags
	TotalEstimated
	TotalUnfiltered
)

// NeverReading is how "never" is written.
type NeverReading int

// Never is null, 0, or the last second of the year 9999.
const (
	NeverIsNull NeverReading = iota
	NeverIsZero
	NeverIs9999
)

// or is fallback if value is the zero value.
func or[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

// nullable are the keys that may be null by the schema of an item. The first id that
// an item has says what the item is.
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

// wildKeys are added to free-form objects.
const wildKeys = `{"USER_ID":"1","user_id":"2","Items":[],"items":7,"Title":"a","title":null,"total":{"Total":1}`

// editor edits an item of a list as the quirks say; nil if none of them does.
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
			item[key] = append([]byte(wildKeys+","), of[1:]...)
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

// makeNull makes the nullable keys of an item null if its id selects it, as one in
// three does.
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
