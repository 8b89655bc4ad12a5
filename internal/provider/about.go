package provider

import (
	"fmt"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// about is what a type's page of documentation says beside its schema.
type about struct {
	group    string // of pages in the registry: "Pull requests"
	requests []endpoint
	notes    string // paragraphs of Markdown below the table of requests
	// enterpriseOnly is set where Devin has nothing of the kind for an organization.
	enterpriseOnly bool
}

// endpoint is one that reading the type sends.
type endpoint struct {
	path       string            // "/v3/self"
	page       string            // of Devin's documentation, below api-reference/v3/; empty where there is none
	permission *devin.Permission // nil where it takes none
	often      string            // "once for each user"
}

// describe adds what the page says to a type's description. The generator of the
// pages sees nothing of a type but its schema, so its template takes the
// description apart at the comment.
func (a about) describe(description string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n<!-- %s -->\n\n| request | permission | how often |\n|---|---|---|\n", strings.TrimSpace(description), a.group)
	for _, r := range a.requests {
		request := "`GET " + r.path + "`"
		if r.page != "" {
			request = fmt.Sprintf("[%s](https://docs.devin.ai/api-reference/v3/%s)", request, r.page)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", request, permissionCell(r.permission), r.often)
	}
	b.WriteString("\n" + a.notes)
	if a.enterpriseOnly {
		b.WriteString("\n\n" + enterpriseOnlyNote)
	}
	return strings.TrimSpace(b.String())
}

func permissionCell(p *devin.Permission) string {
	switch {
	case p == nil:
		return "none"
	case p.NewerName == "":
		return "`" + p.Name + "`"
	}
	return fmt.Sprintf("`%s` (newer name `%s`)", p.Name, p.NewerName)
}

// The groups of pages.
const (
	groupMembers      = "Members"
	groupConsumption  = "Consumption"
	groupPullRequests = "Pull requests"
	groupSessions     = "Sessions"
	groupConnection   = "Connection"
)

// memberLists are the requests of every type that goes over the members.
var memberLists = []endpoint{
	{"/v3/enterprise/members/users", "users/members-users", devin.MembershipPermission, "once for every 200 people with a role of their own, at least once"},
	{"/v3/enterprise/members/idp-users", "", devin.MembershipPermission, "once for every 200 people who come through an IdP group, at least once"},
}

// What the pages of several types say.
const (
	enterpriseOnlyNote = "Devin has this for the enterprise only. An `org_id` of the provider does not narrow it, and a key of an organization cannot read it."

	organizationNote = "With `org_id`, of the data source or of the provider, the organization's own endpoints are asked: " +
		"`/v3/organizations/{org_id}` takes the place of `/v3/enterprise`. " +
		"They take the organization's permissions: see [Keys](../guides/keys.md)."

	windowNote = "Dates are billing days; see [Windows and billing days](../guides/windows.md)."

	usersNote = "With `user_ids` only those users are read. The member lists are then read for `email` and `name` only, " +
		"as far as it takes to find them. A list that the key may not read has no names.\n\n" +
		"Users are read while the member list is still coming in, with at most `max_concurrent_requests` requests under way in the whole provider. " +
		"Answers are kept for a while, so that several data sources over the same people and the same window do not ask twice. " +
		"[Large enterprises](../guides/large-enterprises.md) says what that adds up to.\n\n" +
		"A key that Devin refuses (401 or 403) always fails the read. " +
		"A refusal of one user, where others can be read, is that user's failure."
)
