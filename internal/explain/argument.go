package explain

import (
	"fmt"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// UnknownID explains an id that Devin answers 404 for. argument is "user_id", "org_id"
// or "session_id".
func UnknownID(argument, id string, err error) Message {
	known := map[string]struct{ noun, next string }{
		"user_id":    {"user", usersAdvice},
		"org_id":     {"organization", "Use the id of an organization (org-...) as Devin shows it under Enterprise settings > Organizations; a name is not an id."},
		"session_id": {"session", "Use the id of a session (devin-...), as the end of its address in Devin has it."},
	}[argument]
	return Message{
		capitalized(known.noun) + " unknown to Devin",
		fmt.Sprintf("Devin knows no %s with the id %q. %s", known.noun, id, known.next) + evidence(requestOf(err)),
	}
}

// ComposedID explains a user who either consumed nothing or has another id in Devin:
// the answer is the same.
func ComposedID(userID string) Message {
	return Message{
		"User perhaps unknown to Devin",
		fmt.Sprintf("Devin reports no consumption for the user with the id %q. "+
			"Use data \"devin_members_daily_consumption\" without user_ids, or a key that may list members.\n\n"+
			"The id has characters beyond ASCII, and Terraform composes those: "+
			"it may differ from the id that Devin has, and the list of members, which would tell, could not be read.", userID),
	}
}

// EmailForID explains an e-mail address in the argument for a user's id.
func EmailForID(argument string, e *devin.EmailError) Message {
	detail := "No member has it as an id or as an address. " + usersAdvice
	switch {
	case e.Err != nil:
		detail = "Whether it is the id of a member is not known, because the lists of members could not be read: " + e.Err.Error() + ". " + usersAdvice
	case len(e.UserIDs) > 0:
		detail = fmt.Sprintf("It is the address of %s. Give the user_id in its place.", quoted(e.UserIDs))
	}
	return Message{"E-mail address in place of an id", fmt.Sprintf("%s is %q, and must be the id of a user. %s", argument, e.Email, detail)}
}

// NotOneMember explains an e-mail address that none or several members have.
func NotOneMember(e *devin.EmailError) Message {
	if len(e.UserIDs) == 0 {
		return Message{
			"No member with this e-mail address",
			fmt.Sprintf("Nobody on the lists of members has the address %q. Give it as data \"devin_members\" lists it, "+
				"or give user_id instead: people who left are on no list, and Devin still knows their ids.", e.Email),
		}
	}
	return Message{
		"Several members with this e-mail address",
		fmt.Sprintf("The address %q belongs to the members %s. Give the user_id of one of them instead.", e.Email, quoted(e.UserIDs)),
	}
}

const usersAdvice = "Use a user_id as data \"devin_members\" lists it; e-mail addresses and names are not ids."

// ServiceUsersUnlisted explains the refused list of service users to a key of an
// organization: no permission helps it, but a list of ids does.
func ServiceUsersUnlisted() Message {
	return Message{
		coded(devin.Forbidden, "the API key may not list service users"),
		"Devin shows the list of an organization's service users to a key of the enterprise only, and this key is the organization's. " +
			"Name them in service_user_ids, or use a key of an enterprise service user.",
	}
}

// LongArgument explains a request that is too long for Devin by its longest argument.
func LongArgument(argument string, length int, err error) Message {
	return Message{
		requestTooLong,
		fmt.Sprintf("Devin, or a proxy before it, takes no request as long as this one, and %s, with %d characters, "+
			"is the longest of its arguments. Shorten it, or share its values between several data sources.", argument, length) + evidence(requestOf(err)),
	}
}

// LongList explains a list with more items than the argument limit allows. noun is what
// it lists, and narrower what would make it shorter.
func LongList(noun, narrower string, limit int) Message {
	return Message{
		"More than limit allows",
		fmt.Sprintf("Devin lists more than %d %s, and limit is %d. Ask for less, by %s, or raise limit. "+
			"Nothing is cut, because a part would pass for the whole.", limit, noun, limit, narrower),
	}
}

// NoCycle explains that Devin lists no billing cycle that runs.
func NoCycle() Message {
	return Message{
		"No billing cycle runs",
		"Devin lists no billing cycle that covers the present moment, and limits apply to one. " +
			"data \"devin_billing_cycles\" shows what Devin lists.",
	}
}

// EnterpriseRead warns that a data source reads the whole enterprise although the
// provider has an org_id. argument narrows it, unless it is empty.
func EnterpriseRead(orgID, argument string) Message {
	advice := "Where"
	if argument != "" {
		advice = "Name the organizations in " + argument + ", or where"
	}
	return Message{
		"The whole enterprise is read",
		fmt.Sprintf("The provider's org_id, %s, does not narrow this data source, because Devin has it for the enterprise only. "+
			"Its numbers are not those of the organization. %s the enterprise is what you want, "+
			"give the data source a provider without org_id: a second provider block with an alias.", orgID, advice),
	}
}

// NoWindow explains that neither period nor start_date is given.
func NoWindow() Message {
	return Message{"No window", "Neither period nor start_date is given. Give period, such as \"current_cycle\" or \"last_month\", or start_date, such as \"2026-10-01\"."}
}

// TwoWindows explains that period is given, and a date beside it.
func TwoWindows(date string) Message {
	return Message{"Two windows", "Both period and " + date + " are given, and period already says when the window starts and ends. Remove one of the two."}
}

// UnknownPeriod explains a text that devin.ParsePeriod refuses.
func UnknownPeriod(err error) Message {
	return Message{"Unknown period", fmt.Sprintf("period: %s. Give another period, or start_date and end_date.", err)}
}

// PeriodWithoutWindow explains a period that stands for no window at present, or for one
// that the key cannot find out.
func PeriodWithoutWindow(e *devin.PeriodError) Message {
	m := Message{"Period without a window", "period: " + e.Reason + "."}
	if e.Err != nil {
		m.Detail += evidence(requestOf(e.Err))
	}
	return m
}
