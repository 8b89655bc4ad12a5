package explain

import (
	"errors"
	"fmt"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// CheckFailed explains a connection check that did not pass.
func CheckFailed(c *devin.Connection) Message {
	f := checkFailure(c)
	return Message{coded(f.code, f.what), f.next + requestsOf(c)}
}

func checkFailure(c *devin.Connection) failure {
	switch c.Code {
	case devin.InvalidCredentials:
		return failure{c.Code, "Devin does not accept the API key", newKeyAdvice}
	case devin.InvalidPermissions, devin.Forbidden:
		return failure{c.Code, missingSummary("the API key lacks ", c), grantAdvice(c)}
	case devin.Unauthorized:
		return failure{c.Code, missingSummary("the API key is denied ", c), grantAdvice(c) + " Devin answered 401 to a key that it accepts elsewhere."}
	case devin.NoResources:
		missing, next := emptyAdvice(c)
		return failure{c.Code, "the key works, but sees " + missing, next}
	}
	f := unavailable("the API key could not be checked", "Run again.")
	for _, check := range c.Checks {
		var e *devin.Error
		if check.Undecided && errors.As(check.Err, &e) {
			f = failureOf(e)
			break
		}
		if errors.Is(check.Err, devin.ErrNoServiceUser) {
			f = failure{what: check.Permission.Name + " could not be checked", next: "The check lists the API keys of a service user, and knows none: " +
				"the API key belongs to a person, and may not list service users. " +
				"Use the key of a service user, or grant it ManageAccountMembership too, or leave the permission out of required_permissions."}
		}
	}
	// The other codes blame the key, which is not the cause.
	f.code = devin.Unavailable
	return f
}

// missingSummary names the missing permissions by their older names, or counts them where the
// names do not fit into the summary. The detail has all the names.
func missingSummary(beginning string, c *devin.Connection) string {
	names := make([]string, len(c.Missing))
	for i, p := range c.Missing {
		names[i] = p.Name
	}
	what := beginning + strings.Join(names, ", ")
	switch {
	case len(coded(c.Code, what)) <= SummaryWidth:
		return what
	case c.Code == devin.InvalidPermissions:
		return "the API key has none of the required permissions"
	}
	return fmt.Sprintf("%s%d of the required permissions", beginning, len(names))
}

// emptyAdvice says what the key cannot see, and what to do about it. It does not
// say that there are no members when the check has seen some.
func emptyAdvice(c *devin.Connection) (missing, next string) {
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
		if check.Err != nil || check.Empty && c.Code == devin.NoResources {
			lines = append(lines, CheckRequest(check))
		}
	}
	return evidence(lines...)
}

// CheckRequest is a sentence about one request of the check and its result.
func CheckRequest(check devin.Check) string {
	switch {
	case check.NotAsked:
		return fmt.Sprintf("%s %s was not asked, since the first request had failed.", check.Method, check.Path)
	case check.Empty:
		return fmt.Sprintf("%s %s answered %d with an empty list.", check.Method, check.Path, check.Status)
	case check.Err == nil:
		return fmt.Sprintf("%s %s answered %d.", check.Method, check.Path, check.Status)
	case check.Permission == nil:
		return requestOf(check.Err)
	}
	text := check.Permission.String() + ": " + requestOf(check.Err)
	switch {
	case check.Required, check.Undecided:
		return text
	case errors.Is(check.Err, devin.ErrNotFound):
		return text + " The check can do without this list."
	}
	return text + " The check can do without this permission."
}

// grantAdvice says how the key gets the permissions that it lacks.
func grantAdvice(c *devin.Connection) string {
	if c.Principal != nil && c.Principal.OrgID != nil && *c.Principal.OrgID != c.OrgID {
		return scopeAdvice(*c.Principal.OrgID, c.OrgID)
	}
	names := make([]string, len(c.Missing))
	for i, p := range c.Missing {
		names[i] = p.String()
	}
	return "Grant " + strings.Join(names, ", ") + " to " + roleOfKey + "."
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

// CheckDelayed warns that an apply checks the key, and its plan cannot, because a value is
// known only after apply.
func CheckDelayed(value string) Message {
	return Message{
		"The Devin API key is checked during apply only",
		"The value of " + value + " is known only after apply, so that this plan could not check the key. The apply will.",
	}
}

// SettingsUnchecked warns that settings of the provider are known only after apply. changes
// says that the plan changes the check; otherwise its apply does not check the key either.
func SettingsUnchecked(settings []string, changes bool) Message {
	value := strings.Join(settings, ", ") + " of the Devin provider"
	if changes {
		return CheckDelayed(value)
	}
	return Message{
		"The Devin API key is not checked",
		"The value of " + value + " is known only after apply, so that this plan could not check the key. " +
			"Nor will its apply, since it does not change this resource; the next plan will. " +
			"To check the key during this apply, plan with -replace=ADDRESS of this resource, or give it replace_triggered_by.",
	}
}
