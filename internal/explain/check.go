package explain

import (
	"errors"
	"fmt"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// CheckFailed explains a connection check that did not pass.
func CheckFailed(c *devin.Connection) Message {
	code := string(c.Code) + ": "
	switch c.Code {
	case devin.InvalidCredentials:
		return Message{code + "Devin does not accept the API key", renewKey + requestsOf(c)}
	case devin.InvalidPermissions:
		return Message{code + "the API key has none of the required permissions", grantAdvice(c) + requestsOf(c)}
	case devin.Forbidden:
		return Message{inOneLine(code+"the API key lacks ", c.Missing), grantAdvice(c) + requestsOf(c)}
	case devin.Unauthorized:
		return Message{
			inOneLine(code+"the API key is denied ", c.Missing),
			grantAdvice(c) + " Devin answered 401 to a key that it accepts elsewhere." + requestsOf(c),
		}
	case devin.NoResources:
		missing, next := nothingSeen(c)
		return Message{code + "the key works, but sees " + missing, next + requestsOf(c)}
	}
	f := failure{what: "the API key could not be checked", next: saysNothing + " Run again."}
	for _, check := range c.Checks {
		var e *devin.Error
		if check.Undecided && errors.As(check.Err, &e) {
			f = failureOf(e)
			break
		}
	}
	// The failure has another cause than the key, and every other code would
	// blame the key.
	f.code = devin.Unavailable
	return Message{f.summary(), f.next + requestsOf(c)}
}

// inOneLine names the missing permissions by their older names, or counts them where
// the names do not fit. The detail has all the names.
func inOneLine(beginning string, missing []*devin.Permission) string {
	names := make([]string, len(missing))
	for i, p := range missing {
		names[i] = p.Name
	}
	if line := beginning + strings.Join(names, ", "); len(line) <= SummaryWidth {
		return line
	}
	return fmt.Sprintf("%s%d of the required permissions", beginning, len(missing))
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

// requestsOf lists the requests that led to the verdict, and their results.
func requestsOf(c *devin.Connection) string {
	var lines []string
	for _, check := range c.Checks {
		if check.Err != nil || check.Empty {
			lines = append(lines, CheckRequest(check))
		}
	}
	return evidence(lines...)
}

// CheckRequest is a sentence about one request of the check and its result.
func CheckRequest(check devin.Check) string {
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

// grantAdvice says how the key gets the permissions that it lacks.
func grantAdvice(c *devin.Connection) string {
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

// CheckPassed is a sentence about a connection check that passed.
func CheckPassed(c *devin.Connection) string {
	who := "The API key"
	if p := c.Principal; p != nil {
		who += " of the " + strings.ReplaceAll(*p.Type, "_", " ")
		if p.Name != nil {
			who += fmt.Sprintf(" %q", *p.Name)
		}
	}
	return who + " works and has every required permission."
}
