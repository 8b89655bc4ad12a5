package acceptance

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/config"

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
func reportVariables(price float64, texts ...string) config.Variables {
	given := variables(append([]string{"read_at", reportNow}, texts...)...)
	given["acu_price"] = config.FloatVariable(price)
	return given
}

const hostileTitle = `Früh & <script>alert("1")</script> 'AG'`

func TestAccRecipeUsageReport(t *testing.T) {
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
			t.Errorf("nobody is called %s in %s", hostile, names)
		}
	}
	t.Run("in Chromium", func(t *testing.T) {
		rendered := parsePage(t, render(t, out.Report), false)
		checkReportPage(t, rendered, out)
		checkReportDays(t, fake, rendered, start, end)
	})
}

func TestAccRecipeUsageReportOfNobody(t *testing.T) {
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
	// The bars of both charts begin on Mondays, but for the first one of billing
	// days: 31 August is the Monday before the window.
	weeks, active := page.find("id", "acus-table").all("tr")[1:], page.find("id", "active-table").all("tr")[1:]
	if len(weeks) != 12 || len(active) != 12 || !strings.HasPrefix(weeks[1].text(), "7 Sep 2026") || !strings.HasPrefix(active[1].text(), "7 Sep 2026") {
		t.Errorf("%d weeks of ACUs, %d of users, and the second: %s, %s", len(weeks), len(active), weeks[1].text(), active[1].text())
	}
}

func TestAccRecipeUsageReportOfHundredsShowsTen(t *testing.T) {
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
	now := time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC)
	fake := newRecipeFixture(t, now, devintest.Options{Members: 3})
	given := variables("read_at", now.Format(time.RFC3339))
	given["acu_price"] = config.IntegerVariable(1)
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
	prs := fake.PRs(devintest.PRFilter{}, from, to)
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
		prs := fake.PRs(devintest.PRFilter{UserIDs: []string{user.UserID}}, from, to)
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
		who := user.UserID
		if user.Email != nil {
			who = *user.Email
		}
		if user.Name != nil {
			who = *user.Name
		}
		if got := row.all("bdi")[0].text(); got != who {
			t.Errorf("place %d is %q, want %q", i+1, got, who)
		}
		if !near(acus, user.ACUs) || !near(number(t, cells[2].text()), user.Cost) || cells[3].text() != strconv.Itoa(user.ActiveDays) ||
			strings.ReplaceAll(cells[4].text(), ",", "") != fmt.Sprintf("%d of %d", user.Merged, user.Created) {
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

// render is the page as a browser understood it.
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
