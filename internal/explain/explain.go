// Package explain words what went wrong: a request that failed, a report with gaps, an
// argument that Devin does not accept, a connection check, a write. It is the only
// place that words errors of the API.
//
// A summary starts with one of the codes of the README if one applies, because people
// and tools match on it, and fits in a line. A detail says what to do next, and then
// what was asked and how it was answered: people need the first on most days, and the
// second rarely.
package explain

import (
	"fmt"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// Message is what a person reads when something went wrong.
type Message struct{ Summary, Detail string }

func (m Message) String() string { return m.Summary + "\n\n" + m.Detail }

// Code is the code that the summary starts with; devin.OK where it has none.
func (m Message) Code() devin.Code {
	code, _, _ := strings.Cut(m.Summary, ": ")
	switch code := devin.Code(code); code {
	case devin.InvalidCredentials, devin.InvalidPermissions, devin.Forbidden, devin.Unauthorized, devin.NoResources, devin.Unavailable:
		return code
	}
	return devin.OK
}

// SummaryWidth is the longest summary that fits into 78 columns behind "│ Error: ".
const SummaryWidth = 69

// coded puts a code before what went wrong.
func coded(code devin.Code, what string) string {
	if code == devin.OK {
		return what
	}
	return string(code) + ": " + what
}

// evidence is the end of a detail: what was asked, and how it was answered.
func evidence(lines ...string) string {
	return "\n\nWhat was asked:\n- " + strings.Join(lines, "\n- ")
}

// SettingsUnknown explains a read while settings of the provider are known only after
// apply.
func SettingsUnknown(action string, settings []string) Message {
	are := "is"
	if len(settings) > 1 {
		are = "are"
	}
	return Message{"Devin provider settings are not known yet", fmt.Sprintf("Could not %s: %s of the Devin provider %s known only after apply, "+
		"because the value comes from something that this run has yet to create or read. "+
		"First apply what the value depends on, for example with terraform apply -target=..., "+
		"or give the provider a value that is known beforehand, such as a variable.",
		action, strings.Join(settings, ", "), are)}
}

// KeyExplained is the detail of an error whose cause is the key, after an error that has
// said what to do about it. Errors are shown in the order of the configuration, so that
// one may come later.
func KeyExplained(action string) string {
	return fmt.Sprintf("Could not %s. Another error of this run says what to do.", action)
}

// ResultTooLarge explains a result that Terraform would not accept. size says how
// large it is, and has which arguments the type has.
func ResultTooLarge(action string, size error, has func(argument string) bool) Message {
	var narrower []string
	for _, way := range []struct{ argument, advice string }{
		{"start_date", "a shorter window"},
		{"format", "format = \"csv\" or \"none\""},
		{"user_ids", "several data sources that share the users between them by user_ids"},
	} {
		if has(way.argument) {
			narrower = append(narrower, way.advice)
		}
	}
	advice := ""
	if len(narrower) > 0 {
		advice = " Ask for less: " + strings.Join(narrower, ", or ") + "."
	}
	return Message{"Result too large for Terraform", fmt.Sprintf("Could not %s: %s.%s", action, size, advice)}
}

// Bug explains what only a bug of the provider can cause.
func Bug(format string, args ...any) Message {
	return Message{"Bug in the Devin provider", fmt.Sprintf(format, args...) + " Please report this."}
}
