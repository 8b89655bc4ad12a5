package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	shownMembers = 8
	barWidth     = 40
)

// output is one entry of `terraform output -json`.
type output[T any] struct {
	Value T `json:"value"`
}

// outputs are those of examples/demo. Pointers are what may be null.
type outputs struct {
	Connection   output[connection]   `json:"connection"`
	Members      output[[]member]     `json:"members"`
	Consumption  output[*consumption] `json:"consumption"`
	PullRequests output[pullRequests] `json:"pull_requests"`
}

type connection struct {
	PrincipalType *string `json:"principal_type"`
	PrincipalID   *string `json:"principal_id"`
	PrincipalName *string `json:"principal_name"`
	OrgID         *string `json:"org_id"`
}

type member struct {
	UserID             string  `json:"user_id"`
	Email              *string `json:"email"`
	Name               *string `json:"name"`
	EnterpriseJoinedAt *string `json:"enterprise_joined_at"`
	RoleAssignments    []struct {
		RoleName *string `json:"role_name"`
	} `json:"role_assignments"`
}

type window struct {
	StartDate string  `json:"start_date"`
	EndDate   *string `json:"end_date"`
	Complete  bool    `json:"complete"`
}

type consumption struct {
	window
	UserID    string  `json:"user_id"`
	TotalACUs float64 `json:"total_acus"`
	Days      []struct {
		Date          string             `json:"date"`
		ACUs          float64            `json:"acus"`
		ACUsByProduct map[string]float64 `json:"acus_by_product"`
	} `json:"days"`
}

type pullRequests struct {
	window
	Created   int64    `json:"prs_created_count"`
	Opened    int64    `json:"prs_opened_count"`
	Merged    int64    `json:"prs_merged_count"`
	Closed    int64    `json:"prs_closed_count"`
	TakenOver *int64   `json:"prs_taken_over_count"`
	MergeRate *float64 `json:"merge_rate"`
}

// report shows the outputs of examples/demo in 80 columns.
func report(w io.Writer, raw []byte) error {
	var out outputs
	if err := json.Unmarshal(raw, &out); err != nil {
		return fmt.Errorf("the outputs are not those of examples/demo: %w", err)
	}
	var text bytes.Buffer
	reportConnection(&text, out.Connection.Value)
	reportMembers(&text, out.Members.Value)
	if c := out.Consumption.Value; c != nil {
		reportConsumption(&text, *c, out.Members.Value)
	}
	reportPullRequests(&text, out.PullRequests.Value)
	for line := range strings.Lines(text.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

func reportConnection(w io.Writer, c connection) {
	fmt.Fprintf(w, "\nCONNECTION  passed\n")
	fmt.Fprintf(w, "  principal  %s (%s)\n", orDash(c.PrincipalName), strings.ReplaceAll(orDash(c.PrincipalType), "_", " "))
	fmt.Fprintf(w, "  id         %s\n", orDash(c.PrincipalID))
	if c.OrgID != nil {
		fmt.Fprintf(w, "  of         organization %s only\n", *c.OrgID)
	}
}

func reportMembers(w io.Writer, members []member) {
	fmt.Fprintf(w, "\nMEMBERS  %d\n", len(members))
	row := func(name, email, joined, roles string) {
		fmt.Fprintf(w, "  %s  %s  %s  %s\n", cell(name, 20), cell(email, 26), cell(joined, 10), cell(roles, 16))
	}
	row("Name", "Email", "Joined", "Roles")
	for _, m := range members[:min(len(members), shownMembers)] {
		roles := make([]string, 0, len(m.RoleAssignments))
		for _, role := range m.RoleAssignments {
			if role.RoleName != nil {
				roles = append(roles, *role.RoleName)
			}
		}
		slices.Sort(roles)
		joined, _, _ := strings.Cut(orDash(m.EnterpriseJoinedAt), "T")
		row(orDash(m.Name), orDash(m.Email), joined, strings.Join(slices.Compact(roles), ", "))
	}
	if more := len(members) - shownMembers; more > 0 {
		fmt.Fprintf(w, "  and %d more\n", more)
	}
}

func reportConsumption(w io.Writer, c consumption, members []member) {
	who := c.UserID
	if i := slices.IndexFunc(members, func(m member) bool { return m.UserID == c.UserID && m.Email != nil }); i >= 0 {
		who = *members[i].Email
	}
	fmt.Fprintf(w, "\nACUs OF %s  %s\n", strings.TrimRight(cell(who, 30), " "), c.span())
	most := 0.0
	byProduct := map[string]float64{}
	for _, day := range c.Days {
		most = max(most, day.ACUs)
		for product, acus := range day.ACUsByProduct {
			byProduct[product] += acus
		}
	}
	for _, day := range c.Days {
		fmt.Fprintf(w, "  %s  %8.2f  %s\n", weekday(day.Date), day.ACUs, bar(day.ACUs, most))
	}
	fmt.Fprintf(w, "  %-14s  %8.2f\n", "total", c.TotalACUs)
	for _, product := range slices.Sorted(maps.Keys(byProduct)) {
		fmt.Fprintf(w, "    %s  %8.2f\n", cell(product, 12), byProduct[product])
	}
}

func reportPullRequests(w io.Writer, p pullRequests) {
	fmt.Fprintf(w, "\nPULL REQUESTS  %s\n", p.span())
	fmt.Fprintf(w, "  created  %6d\n", p.Created)
	fmt.Fprintf(w, "  merged   %6d", p.Merged)
	if p.MergeRate != nil {
		fmt.Fprintf(w, "  %.1f %% of those created", 100**p.MergeRate)
	}
	fmt.Fprintf(w, "\n  closed   %6d  without a merge\n  open     %6d  now\n", p.Closed, p.Opened)
	if p.TakenOver != nil {
		fmt.Fprintf(w, "  besides  %6d  by others, to which Devin pushed commits\n", *p.TakenOver)
	}
}

func (w window) span() string {
	span := "since " + w.StartDate
	if w.EndDate != nil {
		span = w.StartDate + " to " + *w.EndDate
	}
	if !w.Complete {
		span += " (not over yet)"
	}
	return span
}

// weekday puts the day of the week before a date, so that weekends stand out.
func weekday(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.Format("Mon " + time.DateOnly)
}

// bar is never empty for a value above zero.
func bar(value, most float64) string {
	if value <= 0 || most <= 0 {
		return ""
	}
	return strings.Repeat("█", max(1, int(value/most*barWidth+0.5)))
}

func orDash(text *string) string {
	if text == nil {
		return "-"
	}
	return *text
}

// cell fits text into a column: cut, with a sign that it was, or filled up.
func cell(text string, width int) string {
	if columns(text) > width {
		for columns(text) > width-1 {
			_, last := utf8.DecodeLastRuneInString(text)
			text = text[:len(text)-last]
		}
		text += "…"
	}
	return text + strings.Repeat(" ", width-columns(text))
}

// columns is how much room text takes in a terminal, where names in Chinese,
// Japanese and Korean take two columns a character, and accents none.
func columns(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana):
			n += 2
		default:
			n++
		}
	}
	return n
}
