package acceptance

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

type usageReport struct {
	Report string `json:"report"`
	Totals struct {
		StartDate     string   `json:"start_date"`
		EndDate       string   `json:"end_date"`
		Complete      bool     `json:"complete"`
		ACUs          float64  `json:"acus"`
		MembersACUs   float64  `json:"members_acus"`
		Unattributed  float64  `json:"unattributed_acus"`
		Cost          float64  `json:"cost"`
		Members       int      `json:"members"`
		ActiveMembers int      `json:"active_members"`
		ActiveUsers   int64    `json:"active_users"`
		Sessions      int64    `json:"sessions"`
		Created       int64    `json:"prs_created"`
		Merged        int64    `json:"prs_merged"`
		Closed        int64    `json:"prs_closed"`
		Open          int64    `json:"prs_open"`
		MergeRate     *float64 `json:"merge_rate"`
	} `json:"totals"`
	Before struct {
		ACUs        *float64 `json:"acus"`
		Cost        float64  `json:"cost"`
		ActiveUsers int64    `json:"active_users"`
		Sessions    int64    `json:"sessions"`
		Created     int64    `json:"prs_created"`
	} `json:"before"`
	MissingPermissions []string `json:"missing_permissions"`
	TopUsers           []struct {
		UserID     string  `json:"user_id"`
		Email      *string `json:"email"`
		Name       *string `json:"name"`
		ACUs       float64 `json:"acus"`
		Cost       float64 `json:"cost"`
		ActiveDays int     `json:"active_days"`
		Created    int64   `json:"prs_created"`
		Merged     int64   `json:"prs_merged"`
	} `json:"top_users"`
}

// reportNow is the fixtures' clock, by which a page counts days and says when it
// was read.
const reportNow = "2026-11-20T12:00:00Z"

// reportVariables are variables for a page that was read at reportNow.
func reportVariables(price float64, texts ...string) map[string]any {
	given := variables(append([]string{"read_at", reportNow}, texts...)...)
	given["acu_price"] = price
	return given
}

const hostileTitle = `Früh & <script>alert("1")</script> 'AG'`

func TestAccRecipeUsageReport(t *testing.T) {
	t.Parallel()
	const start, end, price = "2026-10-22", "2026-11-19", 2.25
	// Few people, so that the one whose name looks like a tag is among the ten.
	fake := newFixture(t, devintest.Options{Members: 12, Seed: 4})
	given := reportVariables(price, "start_date", start, "end_date", end, "title", hostileTitle)
	var out usageReport
	fake.applyRecipe(t, "usage-report", devintest.KeyOK, given, &out)
	checkReportOutputs(t, fake, out, start, end, price)

	page := parsePage(t, out.Report, true)
	checkReportPage(t, page, out)
	checkReportDays(t, fake, page, start, end)
	names := page.find("id", "users").text()
	for _, hostile := range []string{`Søren <Haddad> "QA"`, "O'Brien"} {
		if !strings.Contains(names, hostile) {
			t.Errorf("%s is no name in %s", hostile, names)
		}
	}
	t.Run("in Chromium", func(t *testing.T) {
		rendered := parsePage(t, render(t, out.Report), false)
		checkReportPage(t, rendered, out)
		checkReportDays(t, fake, rendered, start, end)
	})
}

func TestAccRecipeUsageReportOfNobody(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	var out usageReport
	// Without dates it is the current cycle up to yesterday.
	fake.applyRecipe(t, "usage-report", devintest.KeyNoResources, reportVariables(0), &out)
	if out.Totals.StartDate != "2026-11-05" || out.Totals.EndDate != "2026-11-19" || out.Totals.Members != 0 || len(out.TopUsers) != 0 || out.Totals.MergeRate != nil {
		t.Errorf("%+v", out.Totals)
	}
	page := parsePage(t, out.Report, true)
	checkReportPage(t, page, out)
	for _, want := range []string{"Nothing was consumed", "Devin created no pull request", "0 members today", "none before"} {
		if !strings.Contains(page.text(), want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestAccRecipeUsageReportByWeekOfAWindowNotOver(t *testing.T) {
	t.Parallel()
	const start, end = "2026-09-01", "2026-11-30"
	fake := newFixture(t, devintest.Options{Members: 6})
	given := reportVariables(1000, "start_date", start, "end_date", end)
	var out usageReport
	fake.applyRecipe(t, "usage-report", devintest.KeyOK, given, &out)
	checkReportOutputs(t, fake, out, start, "2026-11-20", 1000)
	page := parsePage(t, out.Report, true)
	checkReportPage(t, page, out)
	if out.Totals.Complete || !strings.Contains(page.find("id", "complete").text(), "Not complete") {
		t.Error("a window that is not over is complete")
	}
	if out.Before.ACUs != nil || page.find("class", "change").name != "" {
		t.Error("a window that is not over is compared with one that is")
	}
	// The mean of a day is of the days that have ended.
	ended := providertest.Days(t, start, "2026-11-19")
	mean := fake.EnterpriseTotal(ended.Start.Start(), (ended.End+1).Start()) / 80
	if want := fmt.Sprintf("%.2f a day", mean); !strings.Contains(page.text(), want) {
		t.Errorf("no %q", want)
	}
	// The bars of both charts begin on Mondays, but for the first one of billing
	// days: 31 August is the Monday before the window.
	weeks, active := page.find("id", "acus-table").all("tr")[1:], page.find("id", "active-table").all("tr")[1:]
	if len(weeks) != 12 || len(active) != 12 || !strings.HasPrefix(weeks[1].text(), "7 Sep – 13 Sep 2026") || !strings.HasPrefix(active[1].text(), "7 Sep – 13 Sep 2026") {
		t.Errorf("%d weeks of ACUs, %d of users, and the second: %s, %s", len(weeks), len(active), weeks[1].text(), active[1].text())
	}
}

func TestAccRecipeUsageReportOfHundredsShowsTen(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 300, PageSize: 200})
	// A Sunday, when few of them used Devin.
	given := reportVariables(1, "start_date", "2026-11-15", "end_date", "2026-11-15")
	var out usageReport
	fake.applyRecipe(t, "usage-report", devintest.KeyOK, given, &out)
	checkReportOutputs(t, fake, out, "2026-11-15", "2026-11-15", 1)
	checkReportPage(t, parsePage(t, out.Report, true), out)
	if len(out.TopUsers) != 10 || len(out.Report) > 60_000 {
		t.Errorf("%d users, %d bytes", len(out.TopUsers), len(out.Report))
	}
}

// On the first day of a cycle nothing of it has ended.
func TestAccRecipeUsageReportOnTheFirstDayOfACycleIsOfTheOneBefore(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC)
	fake := newRecipeFixture(t, now, devintest.Options{Members: 3})
	given := variables("read_at", now.Format(time.RFC3339))
	given["acu_price"] = 1
	var out usageReport
	fake.applyRecipe(t, "usage-report", devintest.KeyOK, given, &out)
	checkReportOutputs(t, fake, out, "2026-10-05", "2026-11-04", 1)
	if !out.Totals.Complete {
		t.Error("a cycle that has ended is not complete")
	}
}

// checkReportOutputs compares outputs with the truth.
func checkReportOutputs(t *testing.T, fake *fixture, out usageReport, start, end string, price float64) {
	t.Helper()
	w := providertest.Days(t, start, end)
	from, to := w.Start.Start(), (w.End + 1).Start()
	prs := fake.PRs(devintest.Filter{}, from, to)
	got := out.Totals
	if got.StartDate != start || got.EndDate != end || got.ACUs != fake.EnterpriseTotal(from, to) || got.MembersACUs != fake.MembersTotal(from, to) ||
		got.Unattributed != fake.Unattributed(from, to) || !near(got.Cost, price*got.ACUs) ||
		got.Created != prs.Created || got.Merged != prs.Merged || got.Closed != prs.Closed || got.Open != prs.Opened {
		t.Errorf("%+v", got)
	}
	type total struct {
		id   string
		acus float64
	}
	var totals []total
	for _, member := range fake.Members() {
		if acus := fake.UserTotal(member.UserID, from, to); acus > 0 {
			totals = append(totals, total{member.UserID, acus})
		}
	}
	slices.SortFunc(totals, func(a, b total) int {
		return cmp.Or(cmp.Compare(b.acus, a.acus), cmp.Compare(a.id, b.id))
	})
	if got.Members != len(fake.Members()) || got.ActiveMembers != len(totals) || len(out.TopUsers) != min(10, len(totals)) {
		t.Fatalf("%d members, %d active, %d on top", got.Members, got.ActiveMembers, len(out.TopUsers))
	}
	for i, user := range out.TopUsers {
		prs := fake.PRs(devintest.Filter{UserIDs: []string{user.UserID}}, from, to)
		if user.UserID != totals[i].id || user.ACUs != totals[i].acus || user.Created != prs.Created || user.Merged != prs.Merged ||
			!near(user.Cost, price*user.ACUs) || user.ActiveDays != len(fake.UserDays(user.UserID, from, to)) {
			t.Errorf("place %d: %+v, want %+v", i+1, user, totals[i])
		}
	}
}

// checkReportPage compares what a reader sees with the outputs.
func checkReportPage(t *testing.T, page *node, out usageReport) {
	t.Helper()
	for id, want := range map[string]float64{
		"acus": out.Totals.ACUs, "cost": out.Totals.Cost, "active-users": float64(out.Totals.ActiveUsers),
		"sessions": float64(out.Totals.Sessions), "prs-created": float64(out.Totals.Created),
	} {
		// A headline of thousands is whole; the last row of the people is exact.
		if want >= 1000 {
			want = math.Round(want)
		}
		if got := number(t, page.find("id", id).text()); !near(got, want) {
			t.Errorf("%s is %v, want %v", id, got, want)
		}
	}
	rate := "–"
	if out.Totals.MergeRate != nil {
		rate = fmt.Sprintf("%.1f%%", 100**out.Totals.MergeRate)
	}
	if got := page.find("id", "merge-rate").text(); got != rate {
		t.Errorf("merge rate %q, want %q", got, rate)
	}
	if out.Totals.Created > 0 {
		for id, want := range map[string]int64{"prs-merged": out.Totals.Merged, "prs-closed": out.Totals.Closed, "prs-open": out.Totals.Open} {
			if got := number(t, page.find("id", id).text()); got != float64(want) {
				t.Errorf("%s is %v, want %v", id, got, want)
			}
		}
	}
	rows, sum := page.find("id", "users").all("tr")[1:], 0.0
	for i, row := range rows {
		cells := row.all("td")
		acus := number(t, cells[0].text())
		sum += acus
		if row.attributes["class"] != "user" {
			continue
		}
		user := out.TopUsers[i]
		name := user.UserID
		if user.Email != nil {
			name = *user.Email
		}
		if user.Name != nil {
			name = *user.Name
		}
		if got := row.all("bdi")[0].text(); got != name {
			t.Errorf("place %d is %q, want %q", i+1, got, name)
		}
		prs := fmt.Sprintf("%d of %d", user.Merged, user.Created)
		if user.Created == 0 {
			prs = "0"
		}
		if !near(acus, user.ACUs) || !near(number(t, cells[2].text()), user.Cost) || cells[3].text() != strconv.Itoa(user.ActiveDays) ||
			strings.ReplaceAll(cells[4].text(), ",", "") != prs {
			t.Errorf("place %d: %s", i+1, row.text())
		}
	}
	// The last row is the sum of the others: nothing is left out.
	last := rows[len(rows)-1]
	if total := number(t, last.all("td")[0].text()); last.attributes["class"] != "total" || !near(total, out.Totals.ACUs) || !near(sum-total, total) {
		t.Errorf("the rows have %v ACUs, and the last of them %v", sum-total, total)
	}
	checkReportTables(t, page, out.Totals.ACUs)
	if read := page.find("id", "read").text(); !strings.HasPrefix(read, "Read 20 Nov 2026 12:00 UTC with the key of DX Import") {
		t.Errorf("%q", read)
	}
	if len(page.all("script")) > 0 || strings.Contains(out.Report, "http") {
		t.Error("the page has a script or asks for something from elsewhere")
	}
}

// checkReportTables checks that the tables of shares add up to the enterprise, and
// that no number has four digits in a row.
func checkReportTables(t *testing.T, page *node, acus float64) {
	t.Helper()
	for _, id := range []string{"where", "products", "organizations", "categories"} {
		table := page.find("id", id)
		if table.name == "" {
			continue
		}
		sum := 0.0
		for _, row := range table.all("tr")[1:] {
			sum += number(t, row.all("td")[0].text())
		}
		if math.Abs(sum-acus) > 0.06 {
			t.Errorf("the table %s has %v ACUs, want %v", id, sum, acus)
		}
	}
	for _, cell := range page.all("td") {
		if text := cell.text(); regexp.MustCompile(`[0-9]{4}`).MatchString(text) {
			t.Errorf("%s has no separators", text)
		}
	}
}

// render is the page as a browser prints it after parsing.
func render(t *testing.T, html string) string {
	t.Helper()
	browser := findBrowser()
	if browser == "" {
		t.Skip("needs chromium, chromium-browser or google-chrome on PATH")
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	return dumpDOM(t, browser, file)
}

// checkReportDays compares the charts and their tables with the truth, for
// windows that are shown by day.
func checkReportDays(t *testing.T, fake *fixture, page *node, start, end string) {
	t.Helper()
	// The fake's four products, two of which have most of the ACUs.
	acusRows, prsRows := page.find("id", "acus-table").all("tr")[1:], page.find("id", "prs-table").all("tr")[1:]
	acusBars, prsBars := chartBars(t, page.find("aria-labelledby", "acus-heading acus-text")), chartBars(t, page.find("aria-labelledby", "prs-heading prs-text"))
	for i, date := range dates(t, start, end) {
		day := providertest.Days(t, date, date)
		from, to := day.Start.Start(), (day.End + 1).Start()
		whole := fake.EnterpriseTotal(from, to)
		products := map[string]float64{}
		for _, day := range fake.EnterpriseDays(from, to) {
			products = day.ByProduct
		}
		want := []float64{products["devin"], products["cascade"], cents(whole - products["devin"] - products["cascade"]), whole}
		for j, cell := range acusRows[i].all("td") {
			if got := number(t, cell.text()); !near(got, want[j]) {
				t.Errorf("%s: %v ACUs in column %d, want %v", date, got, j, want[j])
			}
		}
		prs := fake.PRs(devintest.Filter{}, from, to)
		if got, want := prsRows[i].text(), fmt.Sprintf("%d%d%d%d", prs.Merged, prs.Closed, prs.Opened, prs.Created); !strings.HasSuffix(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
		acusBars = drawn(t, date, acusBars, want[:3], 0.02*whole+1)
		prsBars = drawn(t, date, prsBars, []float64{float64(prs.Merged), float64(prs.Closed), float64(prs.Opened)}, 0.1)
	}
	if len(acusBars)+len(prsBars) > 0 {
		t.Errorf("%d bars too many", len(acusBars)+len(prsBars))
	}
}

// drawn compares the parts of a bar; one that is empty is not drawn.
func drawn(t *testing.T, date string, bars, parts []float64, slack float64) (others []float64) {
	t.Helper()
	for _, want := range parts {
		if want < 1e-9 {
			continue
		}
		if len(bars) == 0 || math.Abs(bars[0]-want) > slack {
			t.Fatalf("%s: the bars are %v, want %v", date, bars[:min(3, len(bars))], parts)
		}
		bars = bars[1:]
	}
	return bars
}

// chartBars are the values of a chart's parts, by where they end and by its axis.
// Parts that stand on another are as high as they are.
func chartBars(t *testing.T, chart *node) []float64 {
	t.Helper()
	most := 0.0
	for _, text := range chart.all("text") {
		if text.attributes["class"] == "tick" {
			most = number(t, text.text())
		}
	}
	height := number(t, chart.attributes["height"])
	var values []float64
	floor := map[string]float64{}
	for _, bar := range chart.all("rect") {
		if !strings.HasPrefix(bar.attributes["class"], "part ") {
			continue
		}
		x, own := bar.attributes["x"], number(t, bar.attributes["height"])
		if end := number(t, bar.attributes["y"]) + own; math.Abs(end-(height-floor[x])) > 0.25 {
			t.Errorf("the bar at %s ends at %v, and the one below it begins at %v", x, end, height-floor[x])
		}
		floor[x] += own
		values = append(values, own/height*most)
	}
	return values
}

// The chart of the enterprise adds up to the headline, and every number of the top
// stands beside the one of as many days before.
func TestAccRecipeUsageReportComparesWithTheWindowBefore(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	given := reportVariables(2, "start_date", "2026-11-05", "end_date", "2026-11-18")
	given["pool_acus"] = 3000
	var out usageReport
	fake.applyRecipe(t, "usage-report", devintest.KeyOK, given, &out)
	w := providertest.Days(t, "2026-10-22", "2026-11-04")
	from, to := w.Start.Start(), (w.End + 1).Start()
	prs, sessions := fake.PRs(devintest.Filter{}, from, to), fake.SessionCounts(devintest.Filter{}, from, to)
	active := fake.ActiveUsers(devintest.Activity{MinSessions: 1, MinSearches: 1}, from.Add(-8*3600e9), to.Add(-8*3600e9))
	b := out.Before
	if !near(*b.ACUs, fake.EnterpriseTotal(from, to)) || !near(b.Cost, 2**b.ACUs) || b.Created != prs.Created || b.Sessions != sessions.Created || b.ActiveUsers != active {
		t.Errorf("%+v, want %v ACUs, %+v, %d sessions, %d active", b, fake.EnterpriseTotal(from, to), prs, sessions.Created, active)
	}
	page := parsePage(t, out.Report, true)
	if change := strings.ReplaceAll(fmt.Sprintf("%+.1f%% from ", 100*(out.Totals.ACUs-*b.ACUs) / *b.ACUs), "-", "−"); !strings.Contains(page.text(), change) {
		t.Errorf("no %q", change)
	}
	if read := page.find("id", "read").text(); !strings.HasSuffix(read, "compared with 22 Oct – 4 Nov 2026") {
		t.Errorf("%q", read)
	}
	sum := 0.0
	for _, row := range page.find("id", "acus-table").all("tr")[1:] {
		cells := row.all("td")
		sum += number(t, cells[len(cells)-1].text())
	}
	if math.Abs(sum-out.Totals.ACUs) > 0.05 {
		t.Errorf("the chart has %v ACUs, the headline %v", sum, out.Totals.ACUs)
	}
	projected := out.Totals.ACUs / 14 * 30
	if text := strings.ReplaceAll(page.find("id", "budget").text(), ",", ""); !strings.Contains(text, fmt.Sprintf("%.1f%% of the pool", out.Totals.ACUs/30)) || !strings.Contains(text, fmt.Sprintf("reaches %.0f ACUs", projected)) {
		t.Errorf("%s, want %v projected", text, projected)
	}
	for _, table := range []string{"where", "products", "organizations", "service_users", "distribution", "teams", "categories"} {
		if len(page.find("id", table).all("tr")) < 3 {
			t.Errorf("the table %s has %s", table, page.find("id", table).text())
		}
	}
}

// With a single permission the page has what that one shows, no empty section, and
// one remedy for each permission that is missing.
func TestAccRecipeUsageReportWithASinglePermission(t *testing.T) {
	t.Parallel()
	for permission, want := range map[string]struct {
		shown, missing []string
		remedies       []string
	}{
		devintest.ManageBilling: {
			[]string{"acus", "cost", "acus-table", "products"},
			[]string{"active-users", "sessions", "users", "where", "organizations", "prs-heading", "categories-heading"},
			[]string{"ViewAccountMembership", "ViewAccountMetrics", "ManageOrganizations"},
		},
		devintest.ViewAccountMetrics: {
			[]string{"active-users", "sessions", "prs-created", "prs-table", "categories"},
			[]string{"acus", "cost", "users", "products-heading", "teams-heading"},
			[]string{"ViewAccountConsumption", "ViewAccountMembership", "ManageOrganizations"},
		},
		devintest.ManageAccountMembership: {
			[]string{"members"},
			[]string{"acus", "active-users", "users", "teams-heading", "prs-heading"},
			[]string{"ViewAccountConsumption", "ViewAccountMetrics", "ManageOrganizations"},
		},
	} {
		fake := newFixture(t, devintest.Options{})
		fake.AddKey("cog_single", devintest.Principal{ID: "service-user-1", Name: "Single", Permissions: []string{permission}})
		var out struct {
			Report string         `json:"report"`
			Totals map[string]any `json:"totals"`
		}
		fake.applyRecipe(t, "usage-report", "cog_single", reportVariables(1), &out)
		page := parsePage(t, out.Report, true)
		for _, id := range want.shown {
			if page.find("id", id).name == "" {
				t.Errorf("%s: the page has no %s", permission, id)
			}
		}
		for _, id := range append(want.missing, "complete") {
			if page.find("id", id).name != "" {
				t.Errorf("%s: the page has %s", permission, page.find("id", id).text())
			}
		}
		remedies := page.find("id", "missing").all("li")
		if len(remedies) != len(want.remedies) {
			t.Errorf("%s: %d remedies, want %d", permission, len(remedies), len(want.remedies))
		}
		for i, remedy := range remedies {
			if !strings.Contains(remedy.text(), want.remedies[i]) {
				t.Errorf("%s: %q, want %s", permission, remedy.text(), want.remedies[i])
			}
		}
		// Without billing cycles it is the last 30 days.
		start := "2026-11-05"
		if permission != devintest.ManageBilling {
			start = "2026-10-21"
		}
		if out.Totals["start_date"] != start || out.Totals["end_date"] != "2026-11-19" {
			t.Errorf("%s: %v", permission, out.Totals)
		}
	}
}

// What is no missing permission fails, so that no page is made that would replace a
// good one.
func TestAccRecipeUsageReportFailsWithoutAnythingToShow(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		key   string
		fault string
		want  string
	}{
		"an outage":                     {key: devintest.KeyUnavailable, want: "unavailable: Devin answered 503"},
		"a rate limit":                  {key: devintest.KeyRateLimited, want: "unavailable: Devin asks for fewer requests"},
		"a wrong key":                   {key: "cog_nothing_like_it", want: "invalid_credentials: Devin does not accept"},
		"a key without any permission":  {key: devintest.KeyInvalidPermissions, want: "none of the required permissions"},
		"a key for organizations only":  {key: "cog_organizations", want: "forbidden: the API key lacks"},
		"a key of an organization":      {key: devintest.KeyOrganization, want: "This page is about an enterprise"},
		"an outage of one list only":    {key: devintest.KeyOK, fault: "/v3/enterprise/organizations", want: "/v3/enterprise/organizations"},
		"an outage of one kind of read": {key: devintest.KeyOK, fault: "/v3/enterprise/metrics/prs", want: "unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			fake := newFixture(t, devintest.Options{})
			fake.AddKey("cog_organizations", devintest.Principal{ID: "service-user-1", Name: "Single", Permissions: []string{devintest.ManageOrganizations}})
			if tt.fault != "" {
				fake.Fault(tt.fault, devintest.Fault{Status: 503})
			}
			fake.recipe(t, "usage-report", tt.key, reportVariables(1)).failsToPlan(t, tt.want)
		})
	}
}

// The page of a hostile enterprise has numbers that add up.
func TestAccRecipeUsageReportOfHostileData(t *testing.T) {
	t.Parallel()
	e := newHostile(t)
	given := reportVariables(1)
	given["pool_acus"] = 100
	var out usageReport
	e.applyRecipe(t, "usage-report", devintest.KeyOK, given, &out)
	page := parsePage(t, out.Report, true)
	checkReportPage(t, page, out)
	nameless := 0
	for _, user := range out.TopUsers {
		if user.UserID == e.gone {
			t.Errorf("%+v", user)
		}
		if user.Name == nil || user.Email == nil {
			nameless++
		}
	}
	if nameless == 0 {
		t.Error("everybody has a name and an address: the test tests nothing")
	}
	for id, name := range map[string]string{"service_users": "CI Bot", "organizations": "Ops"} {
		if n := strings.Count(page.find("id", id).text(), name); n < 2 {
			t.Errorf("%s comes %d times in %s", name, n, page.find("id", id).text())
		}
	}
	if text := page.find("id", "budget").text(); !strings.Contains(text, "A projection needs") || page.find("class", "budget over").name == "" {
		t.Errorf("%s", text)
	}
}

// What touches has a contrast of at least 3:1, in both schemes and on paper. Parts
// of a bar have a gap of the page's colour between them, and the line a halo.
func TestColoursOfTheReportAreApart(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(recipesFolder, "usage-report", "style.css"))
	if err != nil {
		t.Fatal(err)
	}
	// In grey the third part of a bar would be as the first: it is hollow.
	if !strings.Contains(string(text), "rect.third, rect.open, rect.projected { fill: var(--page); stroke: var(--mark); }") {
		t.Error("the third part of a bar is filled")
	}
	light, others, _ := strings.Cut(string(text), "prefers-color-scheme: dark")
	dark, paper, _ := strings.Cut(others, "@media print")
	for scheme, css := range map[string]string{"light": light, "dark": dark, "print": paper} {
		colour := func(name string) float64 {
			match := regexp.MustCompile(`--` + name + `: #([0-9a-f]{3,6});`).FindStringSubmatch(css)
			if match == nil {
				t.Fatalf("%s has no colour %s", scheme, name)
			}
			return luminance(t, match[1])
		}
		for _, pair := range [][2]string{
			{"first", "page"},
			{"second", "page"},
			{"third", "page"},
			{"merged", "page"},
			{"closed", "page"},
			{"open", "page"},
			{"mean", "page"},
			{"first", "second"},
			{"second", "third"},
			{"merged", "closed"},
			{"closed", "open"},
			{"ink", "page"},
			{"soft", "page"},
		} {
			a, b := colour(pair[0]), colour(pair[1])
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 3 {
				t.Errorf("%s: %s on %s is %.2f:1", scheme, pair[0], pair[1], ratio)
			}
		}
	}
}

// luminance is that of WCAG 2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 3 {
		hex = strings.Join([]string{hex[:1], hex[:1], hex[1:2], hex[1:2], hex[2:], hex[2:]}, "")
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.03928 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}

// node is an element of a page, or a text where it has no name.
type node struct {
	name, content string
	attributes    map[string]string
	children      []*node
}

// parsePage reads HTML with the parser for XML. Strictly it accepts only pages
// that close and quote everything, as the recipe's do; what a browser prints
// leaves the ends of some elements out.
func parsePage(t *testing.T, html string, strict bool) *node {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(html))
	d.Strict, d.Entity = strict, xml.HTMLEntity
	if !strict {
		d.AutoClose = append(slices.Clone(xml.HTMLAutoClose), "wbr")
	}
	page := &node{}
	open := []*node{page}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return page
		}
		if err != nil {
			t.Fatalf("the page is malformed: %s", err)
		}
		parent := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			child := &node{name: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				child.attributes[a.Name.Local] = a.Value
			}
			parent.children = append(parent.children, child)
			open = append(open, child)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			parent.children = append(parent.children, &node{content: string(token)})
		}
	}
}

// all are the elements of a name, in their order.
func (n *node) all(name string) []*node {
	var found []*node
	for _, child := range n.children {
		if child.name == name {
			found = append(found, child)
		}
		found = append(found, child.all(name)...)
	}
	return found
}

// find is the element with an attribute, or an empty one.
func (n *node) find(attribute, value string) *node {
	if n.attributes[attribute] == value {
		return n
	}
	for _, child := range n.children {
		if found := child.find(attribute, value); found.name != "" {
			return found
		}
	}
	return &node{}
}

func (n *node) text() string {
	text := n.content
	for _, child := range n.children {
		text += child.text()
	}
	return strings.Trim(text, "\n")
}

// number reads a number with its thousands apart, maybe an amount of money.
func number(t *testing.T, text string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(strings.TrimPrefix(strings.ReplaceAll(text, ",", ""), "$"), 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func dumpDOM(t *testing.T, browser, file string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser,
		"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+file)
	// A browser's helpers may outlive it and hold its output open.
	cmd.WaitDelay = 5 * time.Second
	dom, err := cmd.Output()
	if err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		t.Fatalf("%s: %s", browser, err)
	}
	return string(dom)
}
