package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// pageName is the file that the demo leaves.
const pageName = "devin-usage-report.html"

// usageOutputs are those of examples/recipes/usage-report.
type usageOutputs struct {
	Report   output[string]      `json:"report"`
	Totals   output[usageTotals] `json:"totals"`
	TopUsers output[[]topUser]   `json:"top_users"`
}

type usageTotals struct {
	window
	ACUs             float64 `json:"acus"`
	MembersACUs      float64 `json:"members_acus"`
	UnattributedACUs float64 `json:"unattributed_acus"`
	Cost             float64 `json:"cost"`
	Members          int     `json:"members"`
	ActiveMembers    int     `json:"active_members"`
}

type topUser struct {
	UserID string  `json:"user_id"`
	Email  *string `json:"email"`
	Name   *string `json:"name"`
	ACUs   float64 `json:"acus"`
}

// acusRow writes rows of a table: a label, ACUs, and what is said of them.
func acusRow(w io.Writer) func(label string, acus float64, note string) {
	return func(label string, acus float64, note string) {
		line := fmt.Sprintf("  %s  %9.2f  %s", cell(label, 24), acus, note)
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// reportUsage shows in 80 columns what the recipe counts, and returns its page
// and its window.
func reportUsage(w io.Writer, raw []byte) (page string, of window, err error) {
	var out usageOutputs
	if err := json.Unmarshal(raw, &out); err != nil {
		return "", of, fmt.Errorf("the outputs are not those of usage-report: %w", err)
	}
	if out.Report.Value == "" {
		return "", of, errors.New("the outputs are not those of usage-report: there is no report")
	}
	totals, users := out.Totals.Value, out.TopUsers.Value
	var text bytes.Buffer
	row := acusRow(&text)
	fmt.Fprintf(&text, "\nACUs, EVERYBODY  %s\n", totals.span())
	others := totals.MembersACUs
	for _, user := range users {
		others -= user.ACUs
		row(cmp.Or(orEmpty(user.Name), orEmpty(user.Email), user.UserID), user.ACUs, bar(user.ACUs, users[0].ACUs))
	}
	if n := totals.Members - len(users); n > 0 {
		row(fmt.Sprintf("%d other members", n), others, "")
	}
	row("all members", totals.MembersACUs, fmt.Sprintf("%d of %d used Devin", totals.ActiveMembers, totals.Members))
	row("not tied to a member", totals.UnattributedACUs, "service users, people who left")
	row("enterprise", totals.ACUs, fmt.Sprintf("%.2f at a made-up price of %s", totals.Cost, price))
	_, err = text.WriteTo(w)
	return out.Report.Value, totals.window, err
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// keepPage writes the page into the system's folder for temporary files. It
// stays there for a browser, readable by its owner only, since it may name
// people of a real company.
func keepPage(page string) (path string, err error) {
	file, err := os.CreateTemp("", "*-"+pageName)
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(page)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	// Renamed and not written in place: that folder is everybody's, and somebody
	// else's file or link of that name must neither be followed nor overwritten.
	path = filepath.Join(filepath.Dir(file.Name()), pageName)
	if os.Rename(file.Name(), path) != nil {
		return file.Name(), nil
	}
	return path, nil
}
