package devintest

// Quirks choose how the fake reads what the API's documentation leaves open or
// contradicts. The zero value is the reading thought likeliest.
type Quirks struct {
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
	// UnknownUser answers consumption of an unknown user: 200 and nothing used
	// (default), 404 or 403.
	UnknownUser int

	// InclusiveBounds lets a window include its time_before.
	InclusiveBounds bool
	// DaysAtMidnightUTC labels a billing day with its date at 00:00 UTC instead
	// of the instant it starts, 08:00 UTC. What a window selects is unchanged.
	DaysAtMidnightUTC bool
	// ZeroDays lists days without consumption too.
	ZeroDays bool
	// Review is how acus_by_product shows `review`. Where it is no number its
	// share is counted under devin, so that totals do not depend on it.
	Review Presence
	// ExtraProduct, if set, is the name of one more product, carved out of devin's share.
	ExtraProduct string
	// PeriodsEndAtTheNext lets a period of active users end where the next one
	// starts, instead of a second before.
	PeriodsEndAtTheNext bool
	// SessionsAreShort leaves out of a session what an older deployment has not.
	SessionsAreShort bool
	// FindingsSayWhatTheyAre shows severity and status in a finding.
	FindingsSayWhatTheyAre bool
	// BetaLimits, if set, is answered to what is in beta of the limits, as where it
	// is not enabled.
	BetaLimits int
	// LimitsLag is how many reads after a write still show what was before.
	LimitsLag int
	// CyclesNewestFirst turns the order of billing cycles around.
	CyclesNewestFirst bool

	// Total is how lists show `total`.
	Total Presence
	// NoTakenOver leaves the prs_taken_over counts out, as older deployments do.
	NoTakenOver bool
	// CaseSensitiveEmail makes the `email` filter compare exactly.
	CaseSensitiveEmail bool
	// NoOrgIDInOrganizationLists leaves org_id out of the assignments in an
	// organization's member lists.
	NoOrgIDInOrganizationLists bool
	// NoJoinedAt leaves enterprise_joined_at out, as older deployments do.
	NoJoinedAt bool
}

// DetailNull as Quirks.PermissionDetail makes `detail` null.
const DetailNull = "null"

// Presence is how a field shows in an answer.
type Presence int

// A field is a number, null, or not there.
const (
	AsNumber Presence = iota
	AsNull
	Absent
)

func or(status, fallback int) int {
	if status == 0 {
		return fallback
	}
	return status
}
