package provider

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// reportFailed is the message of a report that failed. e is the error of the first
// one that could not be read; nil where it is none of a request.
func reportFailed(action string, report *devin.ReportError, e *devin.Error) (summary, detail string) {
	happened := report.Err.Error() + "."
	if e != nil {
		happened = whatHappened(e)
	}
	asked := []string{fmt.Sprintf("For %q: %s", report.IDs[0], happened)}
	if report.Count > 1 {
		all := quoted(report.IDs)
		if n := report.Count - len(report.IDs); n > 0 {
			all += fmt.Sprintf(" and %d more", n)
		}
		asked = append(asked, fmt.Sprintf("All that could not be read: %s.", all))
	}
	if report.Reason == devin.AllUnknown {
		next := listAdvice[report.Noun]
		switch {
		case report.Listed:
			next = "Devin lists them, and answers 404 when asked for them one by one: this deployment of Devin may not have the endpoint, or it is not enabled. " +
				"Otherwise it may not be the Devin API that answers there: check api_url, and any proxy on the way."
		case e != nil:
			next += " If they are ids of this enterprise, it may not be the Devin API that answers there: check api_url, and any proxy on the way."
		}
		return fmt.Sprintf("Devin knows none of the %s", report.Noun),
			fmt.Sprintf("Could not %s: Devin knows none of the %d %s that it was asked for. %s", action, report.Count, report.Noun, next) + evidence(asked...)
	}
	f := finding{what: "Could not " + action}
	if e != nil {
		f = findingOf(e)
	}
	why := "one of the " + report.Noun + " could not be read. " + f.next
	// A refused key reads none of the others either.
	if report.CanSkip && f.code != devin.InvalidCredentials {
		why += fmt.Sprintf(" With skip_failed_%s = true those that cannot be read are left out.", strings.ReplaceAll(report.Noun, " ", "_"))
	}
	switch {
	case report.Reason == devin.TooManyFailed:
		why = "more than 20 of the " + report.Noun + ", and more than 5 % of them, could not be read. " + f.next +
			" So many are not skipped, because the others would pass for the whole."
	case report.Count > 1:
		why = fmt.Sprintf("none of the %d %s could be read. %s", report.Count, report.Noun, f.next)
	}
	return f.summary(), fmt.Sprintf("Could not %s: %s", action, why) + evidence(asked...)
}

// composedID is the error for a user who either consumed nothing or has another id
// in Devin: the answer is the same.
func composedID(userID string) error {
	return &attributeError{
		path: path.Root("user_id"), summary: "User perhaps unknown to Devin",
		detail: fmt.Sprintf("Devin reports no consumption for the user with the id %q. "+
			"Use data \"devin_members_daily_consumption\" without user_ids, or a key that may list members.\n\n"+
			"The id has characters beyond ASCII, and Terraform composes those: "+
			"it may differ from the id that Devin has, and the list of members, which would tell, could not be read.", userID),
	}
}

// unknownID is the error for an argument with an id that Devin answers 404 for.
func unknownID(argument, id string, err error) error {
	var e *devin.Error
	if !errors.As(err, &e) {
		return err
	}
	known := map[string]struct{ noun, next string }{
		"user_id":         {"user", usersAdvice},
		"org_id":          {"organization", "Use the id of an organization (org-...) as Devin shows it under Enterprise settings > Organizations; its name is no id."},
		"service_user_id": {"service user", "Use the id of a service user (service-user-...); its name is no id."},
		"session_id":      {"session", "Use the id of a session (devin-...), as the end of its address in Devin has it."},
	}[argument]
	return &attributeError{
		path:    path.Root(argument),
		summary: strings.ToUpper(known.noun[:1]) + known.noun[1:] + " unknown to Devin",
		detail:  fmt.Sprintf("Devin knows no %s with the id %q. %s", known.noun, id, known.next) + evidence(whatHappened(e)),
		cause:   err,
	}
}

// addressForID is the error for an e-mail address in place of a user's id.
func addressForID(at path.Path, e *devin.EmailError) error {
	detail := "No member has it for an id, nor for an address. " + usersAdvice
	switch {
	case e.Err != nil:
		detail = "Devin reports nothing for an address, unless it is the id of a member, and the lists of members, which would tell, could not be read: " + e.Err.Error() + ". " + usersAdvice
	case len(e.UserIDs) > 0:
		detail = fmt.Sprintf("It is the address of %s. Give the user_id in its place.", quoted(e.UserIDs))
	}
	return &attributeError{
		path: at, summary: "E-mail address in place of an id",
		detail: fmt.Sprintf("%s is %q, and must be the id of a user. %s", at, e.Email, detail), cause: e.Err,
	}
}

// notOneMember is the error for an e-mail address that none or several members have.
func notOneMember(e *devin.EmailError) error {
	if len(e.UserIDs) == 0 {
		return &attributeError{
			path: path.Root("email"), summary: "No member with this e-mail address",
			detail: fmt.Sprintf("Nobody on the lists of members has the address %q. Give it as data \"devin_members\" lists it, "+
				"or give user_id instead: people who left are on no list, and Devin still knows their ids.", e.Email),
		}
	}
	return &attributeError{
		path: path.Root("email"), summary: "Several members with this e-mail address",
		detail: fmt.Sprintf("The address %q belongs to the members %s. Give the user_id of one of them instead.", e.Email, quoted(e.UserIDs)),
	}
}

func quoted(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = strconv.Quote(id)
	}
	return strings.Join(names, ", ")
}

// listAdvice says where to find the ids.
var listAdvice = map[string]string{
	"users":         "Use user ids as data \"devin_members\" lists them; e-mail addresses and names are not ids.",
	"organizations": "Use ids of organizations (org-...); their names are not ids.",
	"service users": "Use ids of service users (service-user-...); their names are not ids.",
}

const usersAdvice = "Use a user_id as data \"devin_members\" lists it; e-mail addresses and names are not ids."

// longList says that a list has more items than limit allows.
func longList(noun, narrower string, long *devin.LongListError) string {
	return fmt.Sprintf("Devin lists more than %d %s, and limit is %d. Ask for less, by %s, or raise limit. "+
		"Nothing is cut, because a part would pass for the whole.", long.Limit, noun, long.Limit, narrower)
}
