package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// about is what the documentation page of a type says beyond its schema. Nothing else
// depends on it.
type about struct {
	group    string // in the registry's index: "Pull requests"
	requests []endpoint
	notes    string // paragraphs of Markdown below the table of requests
	// permissionTable is set on the pages of the check, which list every permission and
	// the types that need it.
	permissionTable bool
}

// endpoint is one that the type sends requests to.
type endpoint struct {
	path       string            // "/v3/self"; with a method before it where that is not GET
	page       string            // of Devin's documentation, below api-reference/v3/; empty when there is none
	permission *devin.Permission // nil when it needs none
	often      string            // "once for each user"
}

// describe appends a to the description of a type, because tfplugindocs knows nothing
// but the schema. Its template splits the description at the HTML comment, which holds
// the group.
func (a about) describe(description string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n<!-- %s -->\n\n| request | [permission](../guides/reading.md#requests-and-permissions) | how often |\n|---|---|---|\n", strings.TrimSpace(description), a.group)
	for _, r := range a.requests {
		request := "`" + r.path + "`"
		if !strings.Contains(r.path, " ") {
			request = "`GET " + r.path + "`"
		}
		if r.page != "" {
			request = fmt.Sprintf("[%s](https://docs.devin.ai/api-reference/v3/%s)", request, r.page)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", request, permissionCell(r.permission), r.often)
	}
	if a.notes != "" {
		b.WriteString("\n" + a.notes + "\n")
	}
	if a.permissionTable {
		b.WriteString("\n### What needs which permission\n\n" + permissionTable())
	}
	return strings.TrimSpace(b.String())
}

// permissionTable lists the permissions that a check can require, and the one that it
// cannot, with the types that need them.
func permissionTable() string {
	var b strings.Builder
	b.WriteString("| permission | in an organization | needed by |\n|---|---|---|\n")
	types := typesByPermission()
	for _, p := range devin.Requirements() {
		inOrganization := "the enterprise only"
		if twin := devin.InOrganization(p); twin != nil {
			inOrganization = permissionCell(twin)
			types[p] = append(types[p], types[twin]...)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", permissionCell(p), inOrganization, typeCell(types[p]))
	}
	fmt.Fprintf(&b, "\nThe check cannot try what only a write needs: %s, `%s` itself and not its newer name, to set limits. "+
		"A check of `%[2]s` tells whether the key may read consumption.\n", typeCell(types[devin.BillingPermission]), devin.BillingPermission.Name)
	return b.String()
}

func typeCell(names []string) string {
	slices.Sort(names)
	return "`" + strings.Join(slices.Compact(names), "`, `") + "`"
}

// typesByPermission are the names of the types that need a permission.
func typesByPermission() map[*devin.Permission][]string {
	types := map[*devin.Permission][]string{}
	add := func(constructed any) {
		t, ok := constructed.(interface {
			described() (name string, about about)
		})
		if !ok {
			return
		}
		name, about := t.described()
		for _, r := range about.requests {
			if r.permission != nil && !about.permissionTable {
				types[r.permission] = append(types[r.permission], "devin_"+name)
			}
		}
	}
	p := &devinProvider{}
	for _, construct := range p.DataSources(context.Background()) {
		add(construct())
	}
	for _, construct := range p.Resources(context.Background()) {
		add(construct())
	}
	return types
}

func permissionCell(p *devin.Permission) string {
	switch {
	case p == nil:
		return "none"
	case p.NewerName == "":
		return "`" + p.Name + "`"
	}
	return fmt.Sprintf("`%s` or `%s`", p.Name, p.NewerName)
}

// The groups of pages.
const (
	groupMembers      = "Members"
	groupConsumption  = "Consumption"
	groupPullRequests = "Pull requests"
	groupSessions     = "Sessions"
	groupSecurity     = "Security"
	groupLimits       = "Limits"
	groupConnection   = "Connection"
)

// memberLists are the requests of every type that reads the members.
var memberLists = []endpoint{
	{"/v3/enterprise/members/users", "users/members-users", devin.MembershipPermission, "once for every 200 people with a role of their own"},
	{"/v3/enterprise/members/idp-users", "", devin.MembershipPermission, "once for every 200 people who come through an IdP group"},
}

// Notes that several pages share.
const (
	enterpriseKeyNote = "With `org_id`, the provider asks the enterprise about one organization: `/enterprise/organizations/{org_id}` takes the place of `/enterprise`. " +
		"That also needs a key of the enterprise; a key of the organization cannot read it."

	usersNote = "With `user_ids` only those users are read. `email`, `name` and `idp_group_names` then come from `GET /v3/enterprise/members/users/{user_id}` for up to 20 users, " +
		"and from the member lists for more. " +
		"[Large enterprises](../guides/large-enterprises.md) says how many requests a report takes."
)
