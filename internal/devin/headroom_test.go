package devin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"
)

// burnOf is a cycle of 30 days from 2026-03-01, of which today is running.
func burnOf(t *testing.T, today string) burn {
	t.Helper()
	start, end, now := mustDay(t, "2026-03-01"), mustDay(t, "2026-03-30"), mustDay(t, today)
	return burn{start: start, end: &end, today: now}
}

// usedDaily has a day from 2026-03-01 on for each of the numbers of a product.
func usedDaily(t *testing.T, product string, acus ...float64) *Consumption {
	t.Helper()
	days := make([]string, len(acus))
	for i, n := range acus {
		days[i] = fmt.Sprintf(`{"date":%d,"acus":%v,"acus_by_product":{%q:%v}}`, (mustDay(t, "2026-03-01") + Day(i)).Start().Unix(), n, product, n)
	}
	body := fmt.Sprintf(`{"total_acus":%v,"consumption_by_date":[%s]}`, SumACUs(acus), strings.Join(days, ","))
	c := serving(t, body)
	consumption, err := c.WholeDailyConsumption(t.Context(), Window{mustDay(t, "2026-03-01"), mustDay(t, "2026-03-30")})
	if err != nil {
		t.Fatal(err)
	}
	return consumption
}

// serving is a client of a server with one answer.
func serving(t *testing.T, body string) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
	t.Cleanup(server.Close)
	return newClient(t, server.URL)
}

func TestTheDayALimitIsReachedIsExact(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		today string
		acus  []float64
		limit Count
		want  string
	}{
		"met exactly on a day":               {"2026-03-04", []float64{0.1, 0.2, 0.7, 5}, 1, "2026-03-03"},
		"met by the current day":             {"2026-03-03", []float64{1, 1, 8}, 10, "2026-03-03"},
		"0 is reached from the start":        {"2026-03-03", []float64{1}, 0, "2026-03-01"},
		"0.9 a day reach 9 on the tenth":     {"2026-03-04", []float64{0.9, 0.9, 0.9}, 9, "2026-03-10"},
		"0.3 a day reach 3 on the tenth":     {"2026-03-02", []float64{0.3}, 3, "2026-03-10"},
		"on the last day":                    {"2026-03-11", []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 30, "2026-03-30"},
		"a day after the last":               {"2026-03-11", []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 31, ""},
		"nothing used":                       {"2026-03-11", nil, 5, ""},
		"the first day, which has no rate":   {"2026-03-01", []float64{4}, 5, ""},
		"a rate that would take a million y": {"2026-03-11", []float64{0.000001}, 1_000_000_000, ""},
	} {
		got := burnOf(t, tt.today).reachedOn(usedDaily(t, "devin", tt.acus...), allProducts, tt.limit)
		if text := fmt.Sprint(got); got == nil && tt.want != "" || got != nil && got.String() != tt.want {
			t.Errorf("%s: got %s, want %q", name, text, tt.want)
		}
	}
	open := burnOf(t, "2026-03-11")
	open.end = nil
	if got := open.reachedOn(usedDaily(t, "devin", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), allProducts, 100); got == nil || got.String() != "2026-06-08" {
		t.Errorf("in an open cycle: %v", got)
	}
	if got := open.reachedOn(usedDaily(t, "devin", 0.000001), allProducts, 1_000_000_000); got != nil {
		t.Errorf("in an open cycle, in the year 5 million: %v", got)
	}
}

func TestSumsOfPartsAreDecimals(t *testing.T) {
	t.Parallel()
	b := burnOf(t, "2026-03-04")
	c := usedDaily(t, "devin", 1.1, 1.1, 1.1)
	limits := Count(10)
	use := b.use(c, limit{"acu_limit", &limits, cloudAgentUse}, limit{"local_agent", &limits, localAgentUse}, limit{"none", nil, allProducts})
	if *use.UsedACUs != 3.3 || *use.ProjectedACUs != 33 || len(use.Limits) != 2 ||
		*use.Limits[0].Used != 3.3 || *use.Limits[0].Left != 6.7 || *use.Limits[1].Used != 0 || *use.Limits[1].Left != 10 {
		t.Errorf("got %+v, %+v", use, use.Limits)
	}
	reviewed := usedDaily(t, "review", 1.1, 1.1, 1.1)
	if use = b.use(reviewed, limit{"acu_limit", &limits, userUse}); *use.Limits[0].Used != 0 || *use.UsedACUs != 3.3 {
		t.Errorf("reviews count: %+v", use.Limits)
	}
	// Without consumption, only the limit is known.
	if use = b.use(nil, limit{"acu_limit", &limits, allProducts}); use.UsedACUs != nil || use.ProjectedACUs != nil ||
		!reflect.DeepEqual(use.Limits, []LimitUse{{Name: "acu_limit", Limit: 10}}) {
		t.Errorf("without consumption: %+v", use)
	}
}

// headroomServer is an enterprise with two organizations, of which Devin does not know
// the consumption of one, and with three members: one with a limit, one without, and one
// with a limit that Devin does not know any more.
func headroomServer(t *testing.T, now string, cycles string) *Client {
	t.Helper()
	return headroomServerWith(t, now, cycles, nil)
}

// headroomServerWith answers as headroomServer does, save for the lists with other items.
func headroomServerWith(t *testing.T, now string, cycles string, others map[string]string) *Client {
	t.Helper()
	day := func(text string) int64 { return mustDay(t, text).Start().Unix() }
	usage := fmt.Sprintf(`{"total_acus":30,"consumption_by_date":[{"date":%d,"acus":30,"acus_by_product":{"devin":20,"cascade":6,"terminal":3,"review":1}}]}`, day("2026-03-01"))
	list := func(items string) string { return `{"items":[` + items + `],"has_next_page":false}` }
	bodies := map[string]string{
		"/v3/enterprise/consumption/cycles":                              list(cycles),
		"/v3/enterprise/consumption/acu-limits/devin":                    list(`{"scope":"ORG","org_id":"org-a","cycle_acu_limit":40},{"scope":"enterprise","cycle_acu_limit":50},{"scope":"user","user_id":"u2","cycle_acu_limit":7}`),
		"/v3/enterprise/organizations":                                   list(`{"org_id":"org-a","name":"A","max_cycle_acu_limit":60},{"org_id":"org-b","name":"B","max_cycle_acu_limit":70}`),
		"/v3/enterprise/consumption/daily":                               usage,
		"/v3/enterprise/consumption/daily/organizations/org-a":           usage,
		"/v3beta1/enterprise/organizations/org-a/consumption/acu-limits": `{"cloud_agent":{"cycle_acu_limit":40},"local_agent":{"cycle_acu_limit":8}}`,
		"/v3/enterprise/members/users":                                   list(`{"user_id":"u1"},{"user_id":"u2"},{"user_id":"u3"}`),
		"/v3/enterprise/members/idp-users":                               list(""),
		"/v3beta1/enterprise/users/u1/consumption/acu-limits":            `{"local_agent":{"cycle_acu_limit":29,"billing_org_id":"org-a"}}`,
		"/v3beta1/enterprise/users/u2/consumption/acu-limits":            `{}`,
		"/v3beta1/enterprise/users/u3/consumption/acu-limits":            `{"local_agent":{"cycle_acu_limit":5}}`,
		"/v3/enterprise/consumption/daily/users/u1":                      usage,
	}
	for path, items := range others {
		bodies[path] = list(items)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := bodies[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			body = `{"title":"Not Found","status":404}`
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		t.Fatal(err)
	}
	return newClient(t, server.URL, func(cfg *Config) { cfg.Clock = fixedClock{at} })
}

type fixedClock struct{ now time.Time }

func (c fixedClock) Now() time.Time                                 { return c.now }
func (fixedClock) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

const march = `{"after":1772352000,"before":1775030400}` // 2026-03-01T08:00Z to 2026-04-01T08:00Z

func TestHeadroomCountsForEachLimitWhatItCaps(t *testing.T) {
	t.Parallel()
	c := headroomServer(t, "2026-03-04T20:00:00Z", march)
	ctx, notices := WithNotices(t.Context())
	h, err := c.Headroom(ctx, true)
	if err != nil {
		t.Fatal(err)
	}
	shown := func(u Use) string {
		var all []string
		for _, l := range u.Limits {
			left := "unknown"
			if l.Left != nil {
				left = fmt.Sprintf("%v of %d left", *l.Left, l.Limit)
			}
			all = append(all, l.Name+": "+left)
		}
		return strings.Join(all, ", ")
	}
	if got := shown(*h.Enterprise); got != "acu_limit: 30 of 50 left" {
		t.Errorf("the enterprise has %s", got)
	}
	if len(h.Organizations) != 2 || !*h.AgentLimitsKnown {
		t.Fatalf("got %+v", h)
	}
	if got := shown(h.Organizations[0].Use); got != "acu_limit: 20 of 40 left, cloud_agent: 20 of 40 left, local_agent: 0 of 8 left, max_cycle_acu_limit: 30 of 60 left" {
		t.Errorf("org-a has %s", got)
	}
	// Devin answers 404 for its consumption: it is listed, with the limits of the lists.
	if b := h.Organizations[1]; b.OrgID != "org-b" || b.UsedACUs != nil || shown(b.Use) != "max_cycle_acu_limit: unknown" {
		t.Errorf("org-b has %+v", b)
	}
	if len(h.Members) != 2 || h.Members[0].UserID != "u1" || shown(h.Members[0].Use) != "acu_limit: 0 of 29 left" || h.Members[1].UserID != "u3" || h.Members[1].UsedACUs != nil {
		t.Errorf("the members have %+v", h.Members)
	}
	unknown := 0
	for _, n := range notices.All() {
		if n.Kind == NoticeUnknown {
			unknown++
		}
	}
	if unknown != 2 {
		t.Errorf("noticed: %v", notices.All())
	}
}

func TestTheUseOfACycleIsWhatTheLimitCounts(t *testing.T) {
	t.Parallel()
	read := map[string]func(c *Client) (*CycleUse, error){
		"20 by the cloud agent": func(c *Client) (*CycleUse, error) { return c.OrganizationCycleUse(t.Context(), "org-a", CloudAgent) },
		"9 by the local agent":  func(c *Client) (*CycleUse, error) { return c.OrganizationCycleUse(t.Context(), "org-a", LocalAgent) },
		"29 by the user":        func(c *Client) (*CycleUse, error) { return c.UserCycleUse(t.Context(), "u1") },
	}
	for want, read := range read {
		use, err := read(headroomServer(t, "2026-03-04T20:00:00Z", march))
		if err != nil || use.StartDate.String() != "2026-03-01" || !strings.HasPrefix(want, fmt.Sprint(use.ACUs, " ")) {
			t.Errorf("%s: got %+v, %v", want, use, err)
		}
		if use, err = read(headroomServer(t, "2026-05-04T20:00:00Z", march)); use != nil || !errors.Is(err, ErrNoBillingCycle) {
			t.Errorf("%s, without a cycle: got %+v, %v", want, use, err)
		}
	}
	if use, err := headroomServer(t, "2026-03-04T20:00:00Z", march).UserCycleUse(t.Context(), "u3"); use != nil || !isOnly(err, ErrNotFound) {
		t.Errorf("of a user that Devin does not know: %+v, %v", use, err)
	}
}

func TestALimitIsTheEnterprisesWhateverIDsComeWithIt(t *testing.T) {
	t.Parallel()
	h, err := headroomServerWith(t, "2026-03-04T20:00:00Z", march, map[string]string{
		"/v3/enterprise/consumption/acu-limits/devin": `{"scope":"enterprise","org_id":"org-0","user_id":"u0","cycle_acu_limit":50}`,
	}).Headroom(t.Context(), false)
	if err != nil || len(h.Enterprise.Limits) != 1 || h.Enterprise.Limits[0].Limit != 50 {
		t.Errorf("got %+v, %v", h, err)
	}
}

func TestALimitOfSomeOrganizationIsNotTakenForNone(t *testing.T) {
	t.Parallel()
	_, err := headroomServerWith(t, "2026-03-04T20:00:00Z", march, map[string]string{
		"/v3/enterprise/consumption/acu-limits/devin": `{"scope":"org","org_id":null,"cycle_acu_limit":50}`,
	}).Headroom(t.Context(), false)
	if !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "without saying of which") {
		t.Errorf("got %v", err)
	}
}

func TestOfALimitThatComesTwiceTheLaterCounts(t *testing.T) {
	t.Parallel()
	c := headroomServerWith(t, "2026-03-04T20:00:00Z", march, map[string]string{
		"/v3/enterprise/organizations": `{"org_id":"org-a","max_cycle_acu_limit":60},{"org_id":"org-a","max_cycle_acu_limit":61}`,
	})
	notices, err := noticed(t, func(ctx context.Context) error {
		limits, err := c.MaxCycleACULimits(ctx)
		if err == nil && *limits["org-a"] != 61 {
			t.Errorf("got %d", *limits["org-a"])
		}
		return err
	})
	if err != nil || len(notices) != 1 || !strings.HasPrefix(notices[0], string(NoticeItemTwice)) {
		t.Errorf("%q, %v", notices, err)
	}
}

func TestHeadroomInEveryCycle(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ now, cycles, start, end string }{
		"open":                         {"2026-03-04T20:00:00Z", `{"after":1772352000,"before":null}`, "2026-03-01", "<nil>"},
		"on its first day":             {"2026-03-01T08:00:00Z", march, "2026-03-01", "2026-03-31"},
		"from midnight UTC, that same": {"2026-04-01T03:00:00Z", `{"after":1772323200,"before":1775001600},{"after":1775001600,"before":1777593600}`, "2026-03-01", "2026-03-31"},
		"the morning after":            {"2026-04-01T08:00:00Z", `{"after":1772323200,"before":1775001600},{"after":1775001600,"before":1777593600}`, "2026-04-01", "2026-04-30"},
	} {
		h, err := headroomServer(t, tt.now, tt.cycles).Headroom(t.Context(), false)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		end := "<nil>"
		if h.EndDate != nil {
			end = h.EndDate.String()
		}
		if h.StartDate.String() != tt.start || end != tt.end || h.Enterprise.UsedACUs == nil || h.Members != nil {
			t.Errorf("%s: from %s to %s, %+v", name, h.StartDate, end, h.Enterprise)
		}
	}
	if _, err := headroomServer(t, "2026-05-04T20:00:00Z", march).Headroom(t.Context(), false); err != ErrNoBillingCycle { //nolint:errorlint // it is returned as it is
		t.Errorf("without a cycle: %v", err)
	}
}
