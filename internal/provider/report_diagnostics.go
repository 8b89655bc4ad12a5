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
// one that could not be read.
func reportFailed(action string, report *devin.ReportError, e *devin.Error) (summary, detail string) {
	who := quoted(report.IDs)
	if n := report.Count - len(report.IDs); n > 0 {
		who += fmt.Sprintf(" and %d more", n)
	}
	asked := evidence(fmt.Sprintf("For %q: %s", report.IDs[0], whatHappened(e)))
	if report.Count > 1 {
		asked += fmt.Sprintf("\n- All that could not be read: %s.", who)
	}
	so := fmt.Sprintf("Could not %s: of the %d %s asked for so far, %d could not be read. ", action, report.Asked, report.Noun, report.Count)
	switch report.Reason {
	case devin.AllUnknown:
		return fmt.Sprintf("Devin knows none of the %s", report.Noun), fmt.Sprintf(
			"Could not %s: Devin knows none of the %d %s that it was asked for. "+
				"If they are ids of this enterprise, it may not be the Devin API that answers there: check api_url, and any proxy on the way.",
			action, report.Count, report.Noun) + asked
	case devin.TooManyFailed:
		return findingOf(e).summary(), so + findingOf(e).next +
			" More than 20 failures that are more than 5 % of all are too many to be skipped, because the others would pass for the whole." + asked
	case devin.SomeFailed:
	}
	f := findingOf(e)
	if errors.Is(e, devin.ErrNotFound) {
		noun := report.Noun
		f = finding{"", strings.ToUpper(noun[:1]) + noun[1:] + " unknown to Devin", listAdvice[noun]}
	}
	return f.summary(), so + fmt.Sprintf("%s With skip_failed_%s = true the others are read all the same.",
		f.next, strings.ReplaceAll(report.Noun, " ", "_")) + asked
}

// composedID is the error for a user who either consumed nothing or is unknown to
// Devin: the answer is the same.
func composedID(userID string) error {
	return &attributeError{
		path: path.Root("user_id"), summary: "User perhaps unknown to Devin",
		detail: fmt.Sprintf("Devin reports no consumption for the user with the id %q. "+
			"Use data \"devin_members_daily_consumption\" without user_ids, or a key that may list members.\n\n"+
			"The id has characters beyond ASCII, and Terraform composes those: "+
			"it may differ from the id that Devin has, and the list of members, which would tell, does not have it or may not be read.", userID),
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
