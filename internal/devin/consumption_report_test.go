package devin

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// consumed is what was consumed day by day, up to and with a last day.
func consumed(last Day, acus ...float64) *Consumption {
	c := &Consumption{TotalACUs: SumACUs(acus)}
	for i, n := range acus {
		c.days.add(last-Day(len(acus)-1-i), n, nil)
	}
	return c
}

func TestUnattributedIsWhatIsLeft(t *testing.T) {
	t.Parallel()
	yesterday := DayAt(clienttest.Now) - 1
	for name, tt := range map[string]struct {
		whole *Consumption
		parts []*Consumption
		want  float64
	}{
		"a rest":    {consumed(yesterday, 3, 4), []*Consumption{consumed(yesterday, 1, 1), consumed(yesterday, 0.5)}, 4.5},
		"nothing":   {consumed(yesterday, 3), []*Consumption{consumed(yesterday, 1), consumed(yesterday, 2)}, 0},
		"no parts":  {consumed(yesterday, 3), nil, 3},
		"a residue": {&Consumption{TotalACUs: 0.30000000000004, days: consumed(yesterday, 0.3).days}, []*Consumption{consumed(yesterday, 0.1), consumed(yesterday, 0.2)}, 0},
		// The enterprise was read before the user's last session, and the user after it.
		"below 0 on the current day": {consumed(yesterday+1, 3, 1), []*Consumption{consumed(yesterday+1, 3, 2)}, -1},
	} {
		if got := *totalsOf(tt.whole, tt.parts).UnattributedACUs; got != tt.want {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
		if most, sum, exceeds := exceedsWhole(DayAt(clienttest.Now), tt.whole, tt.parts); exceeds {
			t.Errorf("%s: %v of %v", name, sum, most)
		}
	}
}

func TestTotalsOfAReportAreThoseOfItsParts(t *testing.T) {
	t.Parallel()
	parts := []*Consumption{{TotalACUs: 0.1}, {TotalACUs: 0.2}}
	parts[0].days.add(week.End, 0.1, ACUsByProduct{{"devin", 0.1}})
	parts[1].days.add(week.End, 0.2, ACUsByProduct{{"cascade", 0}, {"devin", 0.2}})
	got := totalsOf(&Consumption{TotalACUs: 1}, parts)
	if *got.TotalACUs != 0.3 || fmt.Sprint(got.ACUsByProduct) != "[{cascade 0} {devin 0.3}]" {
		t.Errorf("got %v, %v", *got.TotalACUs, got.ACUsByProduct)
	}
	if got = totalsOf(&Consumption{}, nil); *got.TotalACUs != 0 || got.ACUsByProduct == nil || len(got.ACUsByProduct) > 0 {
		t.Errorf("without parts: %v, %v", *got.TotalACUs, got.ACUsByProduct)
	}
}

// A server that ignores the user in the path answers the whole enterprise's figure for
// each. Or the parts were read a while after the whole, and late use had been added.
func TestPartsThatAreMoreThanTheWholeAreNoticed(t *testing.T) {
	t.Parallel()
	usage := func(first, second int) string {
		return fmt.Sprintf(`{"total_acus":%d,"consumption_by_date":[{"date":%d,"acus":%d},{"date":%d,"acus":%d}]}`,
			first+second, (week.End - 1).Start().Unix(), first, week.End.Start().Unix(), second)
	}
	for want, tt := range map[string]struct {
		ids  []string
		part string
	}{
		"the whole consumed 1500 ACUs on the days of 2026-03-01 to 2026-03-07 that have ended, and its parts, read one by one, consumed 4500 together": {[]string{"u1", "u2", "u3"}, usage(500, 1000)},
		"the whole consumed 1500 ACUs on the days of 2026-03-01 to 2026-03-07 that have ended, and its parts, read one by one, consumed 1575 together": {[]string{"u1"}, usage(525, 1050)},
	} {
		c, _ := serve(t, func(r *http.Request) (int, string) {
			switch {
			case strings.Contains(r.URL.Path, "/members/"):
				return http.StatusOK, `{"user_id":"` + path.Base(r.URL.Path) + `","email":"e","name":"n"}`
			case strings.Contains(r.URL.Path, "/daily/users/"):
				return http.StatusOK, tt.part
			}
			return http.StatusOK, usage(500, 1000)
		})
		notices, err := noticed(t, func(ctx context.Context) error {
			_, err := c.UsersDailyConsumption(ctx, Selection{IDs: tt.ids}, week)
			return err
		})
		if err != nil || !slices.Equal(notices, []string{"Devin's numbers do not add up: " + want}) {
			t.Errorf("got %q, %v, want %q", notices, err, want)
		}
	}
}

func TestConsumptionByGroup(t *testing.T) {
	t.Parallel()
	use := func(acus float64) *Consumption {
		c := &Consumption{TotalACUs: acus}
		c.days.add(week.End, acus, ACUsByProduct{{"devin", acus}})
		return c
	}
	users := []Reading[Consumption]{
		{ID: "a", IDPGroupNames: []string{"Data", "Web"}, Value: use(0.1)},
		{ID: "b", IDPGroupNames: []string{"Web"}, Value: use(0.2)},
		{ID: "c", IDPGroupNames: []string{}, Value: use(0.3)},
		{ID: "d", IDPGroupNames: nil, Value: use(0.4)},
		{ID: "e", IDPGroupNames: []string{"Gone"}},
		{ID: "f", IDPGroupNames: []string{"Web"}},
	}
	text := func(groups []GroupConsumption) string {
		var lines []string
		for _, g := range groups {
			line := fmt.Sprintf("%s: %d", orNone(g.IDPGroupName), g.UsersCount)
			if g.TotalACUs != nil {
				line += fmt.Sprint(" ", *g.TotalACUs, " ", g.ACUsByProduct)
			}
			if g.Share != nil {
				line += fmt.Sprint(" ", *g.Share)
			}
			lines = append(lines, line)
		}
		return strings.Join(lines, "; ")
	}
	for _, tt := range []struct {
		users []Reading[Consumption]
		whole float64
		want  string
	}{
		{users, 3, "Data: 1 0.1 [{devin 0.1}] 0.033333; Gone: 1; Web: 3 0.3 [{devin 0.3}] 0.1; : 2 0.7 [{devin 0.7}] 0.233333"},
		{users[:2], 0, "Data: 1 0.1 [{devin 0.1}]; Web: 2 0.3 [{devin 0.3}]"},
	} {
		if got := text(ConsumptionByGroup(tt.users, tt.whole)); got != tt.want {
			t.Errorf("got\n%s, want\n%s", got, tt.want)
		}
	}
	if got := ConsumptionByGroup(users[3:4], 1); got != nil {
		t.Errorf("groups that are not known became %+v", got)
	}
	if got := ConsumptionByGroup(nil, 1); got == nil || len(got) > 0 {
		t.Errorf("without users: %+v", got)
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ part, whole, want float64 }{{1, 3, 0.333333}, {2, 3, 0.666667}, {0, 5, 0}, {5, 5, 1}} {
		if got := Share(&tt.part, tt.whole); got == nil || *got != tt.want {
			t.Errorf("%v of %v is %v", tt.part, tt.whole, got)
		}
	}
	if Share(new(1.0), 0) != nil || Share(new(1.0), -1) != nil || Share(nil, 1) != nil {
		t.Error("a share of nothing, or of what is not known, is no number")
	}
}
