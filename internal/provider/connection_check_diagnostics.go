package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// describeConnection is the error message of a connection check that failed.
func describeConnection(c *devin.Connection) (summary, detail string) {
	code := string(c.Code) + ": "
	switch c.Code {
	case devin.InvalidCredentials:
		return code + "Devin does not accept the API key", asked(c) + renewKey
	case devin.InvalidPermissions:
		return code + "the API key has none of the required permissions", asked(c) + grant(c)
	case devin.Forbidden:
		return code + "the API key lacks " + permissionNames(c.Missing), asked(c) + grant(c)
	case devin.Unauthorized:
		return code + "Devin accepts the API key, but not for " + permissionNames(c.Missing),
			asked(c) + "Devin answered 401 to a key that it accepts elsewhere. " + grant(c)
	case devin.NoResources:
		missing, next := nothingSeen(c)
		return code + "the API key works, but sees " + missing, asked(c) + next
	}
	f := finding{what: "the API key could not be checked", next: saysNothing + " Run again."}
	for _, check := range c.Checks {
		var e *devin.Error
		if check.Undecided && errors.As(check.Err, &e) {
			f = findingOf(e)
			break
		}
	}
	// The failure has another cause than the key, and every other code would
	// blame the key.
	f.code = devin.Unavailable
	return f.summary(), asked(c) + f.next
}

// nothingSeen says what the key cannot see, and what to do about it. It does not
// say that there are no members when the check has seen some.
func nothingSeen(c *devin.Connection) (missing, next string) {
	noOrganization, noMembers := false, false
	for _, check := range c.Checks {
		switch check.Name {
		case "organizations":
			noOrganization = check.Empty
		case "members", "idp_members":
			noMembers = check.Empty
		}
	}
	switch {
	case c.OrgID != "":
		return "no members of the organization", fmt.Sprintf("The organization %s has no members that the key may see. "+
			"Add members to it in Devin, or set org_id in the provider block to the organization that has them.", c.OrgID)
	case !noOrganization:
		return "no members", "The key may belong to another or a fresh enterprise. Create it in the enterprise that has the members, or add members there."
	case !noMembers:
		return "no organization", "The key may belong to another enterprise, or to one without an organization. " +
			"Create it in the enterprise that has the organizations, or add an organization there."
	}
	return "no organization and no members", "The key may belong to another or a fresh enterprise. " +
		"Create it in the enterprise that has the organizations, or add an organization there."
}

// asked lists the requests that led to the verdict, and their results.
func asked(c *devin.Connection) string {
	var b strings.Builder
	for _, check := range c.Checks {
		if check.Err != nil || check.Empty {
			fmt.Fprintf(&b, "- %s\n", checkFinding(check))
		}
	}
	return b.String() + "\n"
}

// checkFinding is a sentence about one request of the check and its result.
func checkFinding(check devin.Check) string {
	var e *devin.Error
	switch {
	case check.NotAsked:
		return fmt.Sprintf("%s %s was not asked, since the first request had failed.", check.Method, check.Path)
	case check.Empty:
		return fmt.Sprintf("%s %s answered %d with an empty list.", check.Method, check.Path, check.Status)
	case check.Err == nil:
		return fmt.Sprintf("%s %s answered %d.", check.Method, check.Path, check.Status)
	case !errors.As(check.Err, &e):
		return fmt.Sprintf("%s %s: %s.", check.Method, check.Path, check.Err)
	case check.Permission == nil:
		return whatHappened(e)
	}
	text := check.Permission.String() + ": " + whatHappened(e)
	switch required := devin.PermissionNamed(check.Permission.Name) != nil; {
	case required, check.Undecided:
		return text
	case errors.Is(e, devin.ErrNotFound):
		return text + " The check can do without this list."
	}
	return text + " The check can do without this permission."
}

func grant(c *devin.Connection) string {
	next := "Grant " + permissionNames(c.Missing) + " to the role of the key's service user (in Devin: Enterprise settings > Roles)."
	if c.Principal != nil && c.Principal.OrgID != nil && *c.Principal.OrgID != c.OrgID {
		return scopeAdvice(*c.Principal.OrgID, c.OrgID)
	}
	return next
}

func permissionNames(permissions []*devin.Permission) string {
	names := make([]string, len(permissions))
	for i, p := range permissions {
		names[i] = p.String()
	}
	return strings.Join(names, ", ")
}

// describeAcceptance is the message of a check that passed.
func describeAcceptance(c *devin.Connection) string {
	who := "The API key"
	if p := c.Principal; p != nil {
		who += " of the " + strings.ReplaceAll(p.Type, "_", " ")
		if p.Name != nil {
			who += fmt.Sprintf(" %q", *p.Name)
		}
	}
	return who + " works and has every required permission."
}
