package explain

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// reportFailed explains a report that was given up.
func reportFailed(action string, report *devin.ReportError) Message {
	lines := []string{fmt.Sprintf("For %q: %s", report.IDs[0], requestOf(report.Err))}
	if report.Count > 1 {
		all := quoted(report.IDs)
		if n := report.Count - len(report.IDs); n > 0 {
			all += fmt.Sprintf(" and %d more", n)
		}
		lines = append(lines, fmt.Sprintf("All that could not be read: %s.", all))
	}
	f := failure{what: "Could not " + action}
	var e *devin.Error
	ofRequest := errors.As(report.Err, &e)
	if ofRequest {
		f = failureOf(e)
	}
	var why string
	switch {
	case report.Reason == devin.AllUnknown:
		f = failure{what: "Devin knows none of the " + report.Noun}
		why = fmt.Sprintf("Devin knows none of the %d %s that it was asked for. %s", report.Count, report.Noun, unknownAdvice(report, ofRequest))
	case report.Reason == devin.TooManyFailed:
		why = "more than 20 of the " + report.Noun + ", and more than 5 % of them, could not be read. " + f.next +
			" So many are not skipped, because the others would pass for the whole."
	case report.Count > 1:
		why = fmt.Sprintf("none of the %d %s could be read. %s", report.Count, report.Noun, f.next)
	default:
		why = "one of the " + report.Noun + " could not be read. " + f.next
		// A refused key reads none of the others either.
		if report.SkipArgument != "" && f.code != devin.InvalidCredentials {
			why += fmt.Sprintf(" With %s = true those that cannot be read are left out.", report.SkipArgument)
		}
	}
	return Message{coded(f.code, f.what), fmt.Sprintf("Could not %s: %s", action, why) + evidence(lines...)}
}

// unknownAdvice says what to do where Devin knows none of the ids of a report. answered
// says that it answered 404, rather than with nothing.
func unknownAdvice(report *devin.ReportError, answered bool) string {
	const otherAPI = "it may not be the Devin API that answers there: check api_url, and any proxy on the way."
	switch {
	case report.Listed:
		return "Devin lists them, and answers 404 when asked for them one by one: this deployment of Devin may not have the endpoint, or it is not enabled. " +
			"Otherwise " + otherAPI
	case answered:
		return listAdvice[report.Noun] + " If they are ids of this enterprise, " + otherAPI
	}
	return listAdvice[report.Noun]
}

// listAdvice says where to find the ids.
var listAdvice = map[string]string{
	"users":         "Use user ids as data \"devin_members\" lists them; e-mail addresses and names are not ids.",
	"organizations": "Use ids of organizations (org-...); names are not ids.",
	"service users": "Use ids of service users (service-user-...); names are not ids.",
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
