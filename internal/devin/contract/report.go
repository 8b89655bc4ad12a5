package contract

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

type outcome string

const (
	holds   outcome = "yes"
	fails   outcome = "no"
	unclear outcome = "cannot tell"
)

const needsEnterprise = "needs an enterprise key"

// verdict is whether an assumption holds. The note goes into the report, so it may have
// only words of this package, and names that publishable returns.
type verdict struct {
	outcome outcome
	note    string
}

func yes() verdict                   { return verdict{outcome: holds} }
func no(note string) verdict         { return verdict{fails, note} }
func cannotTell(note string) verdict { return verdict{unclear, note} }

// verdictOf is yes or no.
func verdictOf(is bool) verdict {
	if is {
		return yes()
	}
	return no("")
}

// result is a line of the report.
type result struct {
	assumption
	verdict
	statuses []int
}

// Report has the verdict on every assumption.
type Report struct {
	version string
	kind    string // of the key
	sent    int
	areas   []areaReport
}

type areaReport struct {
	title   string
	results []result
}

// kindOf describes the key in the header of the report.
func kindOf(principal answer) string {
	if !principal.ok {
		return "a key of an unknown kind"
	}
	holder := map[string]string{"service_user": " (service user)", "pat_user": " (personal access token)"}[text(principal.object(), "principal_type")]
	if text(principal.object(), "org_id") != "" {
		return "a key of an organization" + holder
	}
	return "a key of the enterprise" + holder
}

const width = 80

// String is the text of the report.
func (p *Report) String() string {
	var b strings.Builder
	count := map[outcome]int{}
	for _, area := range p.areas {
		for _, result := range area.results {
			count[result.outcome]++
		}
	}
	fmt.Fprintf(&b, "Contract report: what this provider assumes of the Devin API\n")
	fmt.Fprintf(&b, "terraform-provider-devin %s, API v3 and v3beta1\n%s\n", p.version, p.kind)
	fmt.Fprintf(&b, "%d yes, %d no, %d cannot tell, of %d requests\n", count[holds], count[fails], count[unclear], p.sent)
	for _, area := range p.areas {
		fmt.Fprintf(&b, "\n%s\n", area.title)
		for _, result := range area.results {
			b.WriteString(wrap(fmt.Sprintf("%-12s %s", result.outcome, result.line())))
		}
	}
	return b.String()
}

func (l result) line() string {
	line := l.name
	if len(l.statuses) > 0 {
		line += fmt.Sprint(" ", l.statuses)
	}
	line += ": " + l.says
	if l.note != "" {
		line += " (" + l.note + ")"
	}
	return line
}

// wrap breaks a line between words. It indents the next ones by three spaces, since four
// make a code block in an issue.
func wrap(line string) string {
	var b strings.Builder
	for len(line) > width {
		at := strings.LastIndexByte(line[:width+1], ' ')
		if at < width/2 {
			break
		}
		b.WriteString(line[:at] + "\n")
		line = "   " + line[at+1:]
	}
	return b.String() + line + "\n"
}

var fieldName = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)

// publishable lists names for a report. It leaves out those with a digit or another
// unusual character, which may be ids that an object is keyed by.
func publishable(names []string) string {
	kept, hidden := []string{}, false
	for _, name := range names {
		if !fieldName.MatchString(name) || len(name) > 40 {
			hidden = true
			continue
		}
		kept = append(kept, name)
	}
	slices.Sort(kept)
	if hidden {
		kept = append(kept, "others whose names are not shown")
	}
	return strings.Join(kept, ", ")
}
