package explain

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// reportFailed is the message of a report that failed. e is the error of the first
// one that could not be read; nil where it is none of a request.
func reportFailed(action string, report *devin.ReportError, e *devin.Error) Message {
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
		return Message{
			fmt.Sprintf("Devin knows none of the %s", report.Noun),
			fmt.Sprintf("Could not %s: Devin knows none of the %d %s that it was asked for. %s", action, report.Count, report.Noun, next) + evidence(asked...),
		}
	}
	f := failure{what: "Could not " + action}
	if e != nil {
		f = failureOf(e)
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
	return Message{f.summary(), fmt.Sprintf("Could not %s: %s", action, why) + evidence(asked...)}
}

// listAdvice says where to find the ids.
var listAdvice = map[string]string{
	"users":         "Use user ids as data \"devin_members\" lists them; e-mail addresses and names are not ids.",
	"organizations": "Use ids of organizations (org-...); their names are not ids.",
	"service users": "Use ids of service users (service-user-...); their names are not ids.",
}

func quoted(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = strconv.Quote(id)
	}
	return strings.Join(names, ", ")
}

// noticeAdvice says what each kind of notice may mean, and what to do about it.
var noticeAdvice = map[devin.NoticeKind]string{
	devin.NoticeTotals: "The numbers are shown as Devin gave them. They may have changed while they were read, or Devin adds them up at different times. " +
		"If they differ for days that have ended, ask Devin's support which of them counts.",
	devin.NoticeWindow: "The numbers are shown as Devin gave them, and may be those of another time: compare them with Devin's own pages before you act on them.",
	devin.NoticeShortList: "What came is shown. The list may have changed while it was read, or Devin counts items that the key may not see. " +
		"Run again to compare.",
	devin.NoticeItemTwice: "The later value is shown. Devin changed the items while the list was read: run again if that matters.",
	devin.NoticeFilter: "The numbers are shown as Devin gave them. If this deployment of Devin does not know the filter, they are those of everything: " +
		"compare them with a read without the filter.",
	devin.NoticeNames:   "Names and e-mail addresses that are not known are null; no number depends on them.",
	devin.NoticeUnknown: "Their numbers are null. Devin may still list what was removed.",
}

// Notices explains odd answers, each kind of them in one message. strict says that they
// are errors.
func Notices(notices []devin.Notice, strict bool) []Message {
	byKind := map[devin.NoticeKind][]devin.Notice{}
	for _, n := range notices {
		byKind[n.Kind] = append(byKind[n.Kind], n)
	}
	consequence := " With strict = true in the provider block this would be an error."
	if strict {
		consequence = " This is an error because the provider has strict = true."
	}
	var messages []Message
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		// The same one each time, however the requests raced.
		first := slices.MinFunc(byKind[kind], func(a, b devin.Notice) int { return strings.Compare(a.Path+a.Text, b.Path+b.Text) })
		lines := []string{fmt.Sprintf("GET %s: %s.", first.Path, first.Text)}
		if others := len(byKind[kind]) - 1; others > 0 {
			lines = append(lines, fmt.Sprintf("Other answers that are odd in the same way: %d.", others))
		}
		messages = append(messages, Message{string(kind), noticeAdvice[kind] + consequence + evidence(lines...)})
	}
	return messages
}
