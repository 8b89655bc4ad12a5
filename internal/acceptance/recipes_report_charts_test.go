package acceptance

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

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
		prs := fake.PRs(devintest.PRFilter{}, from, to)
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
	fake := newFixture(t, devintest.Options{})
	given := reportVariables(2, "start_date", "2026-11-05", "end_date", "2026-11-18")
	given["pool_acus"] = config.IntegerVariable(3000)
	var out usageReport
	fake.applyRecipe(t, "usage-report", devintest.KeyOK, given, &out)
	w := providertest.Days(t, "2026-10-22", "2026-11-04")
	from, to := w.Start.Start(), (w.End + 1).Start()
	prs, sessions := fake.PRs(devintest.PRFilter{}, from, to), fake.SessionCounts(devintest.PRFilter{}, from, to)
	active := fake.ActiveUsers(devintest.Activity{MinSessions: 1, MinSearch: 1}, from.Add(-8*3600e9), to.Add(-8*3600e9))
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
	if text := strings.ReplaceAll(page.find("id", "budget").text(), ",", ""); !strings.Contains(text, fmt.Sprintf("%.1f%% of the pool", out.Totals.ACUs/30)) || !strings.Contains(text, fmt.Sprintf("comes to %.0f ACUs", projected)) {
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
	for name, tt := range map[string]struct {
		key   string
		fault string
		want  string
	}{
		"an outage":                     {key: devintest.KeyUnavailable, want: "unavailable: Devin answered 503"},
		"a rate limit":                  {key: devintest.KeyRateLimited, want: "unavailable: Devin asks for fewer requests"},
		"a wrong key":                   {key: "cog_nothing_like_it", want: "invalid_credentials: Devin does not accept"},
		"a key without any permission":  {key: devintest.KeyInvalidPermissions, want: "none of the required permissions"},
		"a key of an organization":      {key: devintest.KeyOrganization, want: "This page is about an enterprise"},
		"an outage of one list only":    {key: devintest.KeyOK, fault: "/v3/enterprise/organizations", want: "/v3/enterprise/organizations"},
		"an outage of one kind of read": {key: devintest.KeyOK, fault: "/v3/enterprise/metrics/prs", want: "unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			fake := newFixture(t, devintest.Options{})
			if tt.fault != "" {
				fake.Fault(tt.fault, devintest.Fault{Status: 503})
			}
			step := fake.recipeStep("usage-report", reportVariables(1))
			step.ExpectError = regexp.MustCompile(strings.ReplaceAll(regexp.QuoteMeta(tt.want), " ", `\s+`))
			step.ConfigPlanChecks = resource.ConfigPlanChecks{}
			fake.runRecipe(t, tt.key, step)
		})
	}
}

// Two of one name, nameless people, a user whom Devin no longer knows, and a cycle
// without an end leave a page whose numbers add up.
func TestAccRecipeUsageReportOfHostileData(t *testing.T) {
	fake := newFixture(t, devintest.Options{Members: 12})
	gone := fake.Members()[3].UserID
	fake.Fault("*/consumption/daily/users/"+gone, devintest.Fault{Status: 404})
	name := regexp.MustCompile(`"name":"(?:[^"\\]|\\.)*"`)
	fake.Fault("/v3/enterprise/organizations", devintest.Fault{Rewrite: func(body []byte) []byte {
		return name.ReplaceAll(body, []byte(`"name":"Ops"`))
	}})
	fake.Fault("*/members/service-users", devintest.Fault{Rewrite: func(body []byte) []byte {
		return name.ReplaceAll(body, []byte(`"name":"CI Bot"`))
	}})
	for _, list := range []string{"*/members/users", "*/members/idp-users"} {
		fake.Fault(list, devintest.Fault{Rewrite: func(body []byte) []byte {
			return regexp.MustCompile(`"(name|email)":"(?:[^"\\]|\\.)*"`).ReplaceAll(body, []byte(`"$1":null`))
		}})
	}
	fake.Fault("*/consumption/cycles", devintest.Fault{Rewrite: func(body []byte) []byte {
		return regexp.MustCompile(`"before":[0-9]+`).ReplaceAll(body, []byte(`"before":null`))
	}})
	given := reportVariables(1)
	given["pool_acus"] = config.IntegerVariable(100)
	var out usageReport
	fake.applyRecipe(t, "usage-report", devintest.KeyOK, given, &out)
	page := parsePage(t, out.Report, true)
	checkReportPage(t, page, out)
	for _, user := range out.TopUsers {
		if user.UserID == gone || user.Name != nil || user.Email != nil {
			t.Errorf("%+v", user)
		}
	}
	if rows := page.find("id", "service_users").all("tr"); len(rows) < 3 {
		t.Errorf("%s", page.find("id", "service_users").text())
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
	if !strings.Contains(string(text), "rect.third, rect.open { fill: var(--page); stroke: var(--mark); }") {
		t.Error("the third part of a bar is filled")
	}
	light, others, _ := strings.Cut(string(text), "prefers-color-scheme: dark")
	dark, print, _ := strings.Cut(others, "@media print")
	for scheme, css := range map[string]string{"light": light, "dark": dark, "print": print} {
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
