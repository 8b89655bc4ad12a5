package devintest_test

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

type usage struct {
	TotalACUs json.Number `json:"total_acus"`
	Days      []struct {
		Date     int64                   `json:"date"`
		ACUs     json.Number             `json:"acus"`
		Products map[string]*json.Number `json:"acus_by_product"`
	} `json:"consumption_by_date"`
}

// served is what an endpoint of consumption answers, in hundredths, which has to
// be the truth.
func served(t *testing.T, s *devintest.Server, path string, p devintest.Part, from, to time.Time) int64 {
	t.Helper()
	total := checkSums(t, read[usage](t, get(t, s, path+window(from, to))))
	if truth := cents(s.PartTotal(p, from, to)); total != truth {
		t.Errorf("%s answers %d hundredths, in truth %d", path, total, truth)
	}
	return total
}

// checkSums returns the total in hundredths, having added it up from below.
func checkSums(t *testing.T, u usage) int64 {
	t.Helper()
	var total int64
	for i, day := range u.Days {
		var products int64
		for _, n := range day.Products {
			if n != nil {
				products += hundredths(t, *n)
			}
		}
		if acus := hundredths(t, day.ACUs); products != acus {
			t.Errorf("day %d: products make %d of %d", day.Date, products, acus)
		}
		total += hundredths(t, day.ACUs)
		if i > 0 && day.Date <= u.Days[i-1].Date {
			t.Errorf("day %d comes after %d", day.Date, u.Days[i-1].Date)
		}
	}
	if total != hundredths(t, u.TotalACUs) {
		t.Errorf("days make %d of %s", total, u.TotalACUs)
	}
	return total
}

func TestMembersAndTheUnattributedMakeTheEnterprise(t *testing.T) {
	s := start(t, devintest.Options{})
	from, to := billingDay(2026, 8, 1), billingDay(2026, 11, 1)
	var members int64
	for _, m := range s.Members() {
		u := read[usage](t, get(t, s, userPath(m.UserID)+window(from, to)))
		members += checkSums(t, u)
		if f, err := u.TotalACUs.Float64(); err != nil || f != s.UserTotal(m.UserID, from, to) {
			t.Errorf("%q used %s, in truth %v", m.UserID, u.TotalACUs, s.UserTotal(m.UserID, from, to))
		}
		days := s.UserDays(m.UserID, from, to)
		if len(days) != len(u.Days) {
			t.Fatalf("%q has %d days, in truth %d", m.UserID, len(u.Days), len(days))
		}
		for i, d := range days {
			if got, err := u.Days[i].ACUs.Float64(); err != nil || got != d.ACUs || u.Days[i].Date != d.Date {
				t.Errorf("%q, %s: got %+v, in truth %+v", m.UserID, d.Name, u.Days[i], d)
			}
		}
	}
	enterprise := checkSums(t, read[usage](t, get(t, s, dailyPath+window(from, to))))
	cents := func(acus float64) int64 { return int64(math.Round(acus * 100)) }
	if cents(s.MembersTotal(from, to)) != members || cents(s.EnterpriseTotal(from, to)) != enterprise {
		t.Error("the truth is not what was served")
	}
	if rest := cents(s.Unattributed(from, to)); rest <= 0 || members+rest != enterprise {
		t.Errorf("%d of members and %d unattributed are not %d", members, rest, enterprise)
	}
	for _, id := range s.FormerMembers() {
		wantStatus(t, s, membersPath+"/"+id, http.StatusNotFound)
		if s.UserTotal(id, from, to) > s.Unattributed(from, to) {
			t.Errorf("%q used more than is unattributed", id)
		}
	}
	if s.UserTotal("unknown", from, to) != 0 || s.UserDays("unknown", from, to) != nil ||
		len(s.EnterpriseDays(from, to)) != 92 {
		t.Error("the truth about an unknown user or the enterprise is wrong")
	}
}

func TestPartsMakeTheWhole(t *testing.T) {
	s := start(t, devintest.Options{})
	from, to := billingDay(2026, 9, 1), billingDay(2026, 11, 1)
	var users, services, organizations, active int64
	people := slices.Clone(s.FormerMembers())
	for _, m := range s.Members() {
		people = append(people, m.UserID)
	}
	for _, id := range people {
		users += served(t, s, userPath(id), devintest.Part{UserID: id}, from, to)
	}
	for _, u := range s.AllServiceUsers() {
		n := served(t, s, dailyPath+"/service-users/"+u.ServiceUserID, devintest.Part{ServiceUserID: u.ServiceUserID}, from, to)
		services += n
		if u.Active {
			active += n
		}
	}
	for _, o := range s.Organizations() {
		whole := served(t, s, dailyPath+"/organizations/"+o.OrgID, devintest.Part{OrgID: o.OrgID}, from, to)
		root := "/v3/organizations/" + o.OrgID + "/consumption/daily"
		if own := served(t, s, root, devintest.Part{OrgID: o.OrgID}, from, to); own != whole {
			t.Errorf("%s itself answers %d, the enterprise %d", o.Name, own, whole)
		}
		var parts int64
		for _, id := range people {
			parts += served(t, s, root+"/users/"+url.PathEscape(id), devintest.Part{OrgID: o.OrgID, UserID: id}, from, to)
		}
		for _, u := range s.AllServiceUsers() {
			parts += served(t, s, root+"/service-users/"+u.ServiceUserID, devintest.Part{OrgID: o.OrgID, ServiceUserID: u.ServiceUserID}, from, to)
		}
		if parts != whole || whole == 0 {
			t.Errorf("the parts of %s make %d of %d", o.Name, parts, whole)
		}
		organizations += whole
	}
	enterprise := cents(s.EnterpriseTotal(from, to))
	if users+services != enterprise || services == active || active == 0 {
		t.Errorf("users %d and service users %d (active %d) make %d", users, services, active, enterprise)
	}
	if organizations >= enterprise || organizations < enterprise/2 {
		t.Errorf("organizations make %d of %d", organizations, enterprise)
	}
}

func TestAWindowSelectsTheDaysThatStartInIt(t *testing.T) {
	day, next := billingDay(2026, 11, 10), billingDay(2026, 11, 11)
	zero := devintest.Quirks{ZeroDays: true}
	inclusive := devintest.Quirks{ZeroDays: true, InclusiveBounds: true}
	midnight := devintest.Quirks{ZeroDays: true, DaysAtMidnightUTC: true}
	for _, test := range []struct {
		quirks   devintest.Quirks
		from, to time.Time
		want     []time.Time
	}{
		{zero, day, next, []time.Time{day}},
		{inclusive, day, next, []time.Time{day, next}},
		{midnight, day, next, []time.Time{day.Add(-8 * time.Hour)}},
		{zero, day.Add(time.Second), next, nil},
		{inclusive, day.Add(time.Second), next.Add(-time.Second), nil},
		{zero, day.Add(-time.Second), day.Add(time.Second), []time.Time{day}},
		{zero, time.Unix(1, 0), billingDay(2025, 11, 6), []time.Time{billingDay(2025, 11, 5)}},
		{zero, billingDay(2026, 11, 19), billingDay(2999, 1, 1), []time.Time{billingDay(2026, 11, 19)}},
		{zero, billingDay(2026, 11, 20), billingDay(2999, 1, 1), nil},
		{zero, time.Unix(-9e9, 0), time.Unix(0, 0), nil},
	} {
		s := start(t, devintest.Options{Quirks: test.quirks})
		u := read[usage](t, get(t, s, dailyPath+window(test.from, test.to)))
		if len(u.Days) != len(test.want) {
			t.Errorf("%v to %v: %d days, want %d", test.from, test.to, len(u.Days), len(test.want))
			continue
		}
		for i, want := range test.want {
			if u.Days[i].Date != want.Unix() {
				t.Errorf("%v to %v: day %d, want %d", test.from, test.to, u.Days[i].Date, want.Unix())
			}
		}
	}
}

func TestWithoutAWindowTheCycleToDateIsShown(t *testing.T) {
	s := start(t, devintest.Options{Quirks: devintest.Quirks{ZeroDays: true}})
	u := read[usage](t, get(t, s, dailyPath))
	if len(u.Days) != 15 || u.Days[0].Date != billingDay(2026, 11, 5).Unix() {
		t.Errorf("%d days from %d", len(u.Days), u.Days[0].Date)
	}
}

func TestQuirksOfProductsDoNotChangeTotals(t *testing.T) {
	from, to := billingDay(2026, 9, 1), billingDay(2026, 11, 1)
	var want int64
	for i, test := range []struct {
		quirks   devintest.Quirks
		products []string
	}{
		{devintest.Quirks{}, []string{"devin", "cascade", "terminal", "review"}},
		{devintest.Quirks{Review: devintest.Absent}, []string{"devin", "cascade", "terminal"}},
		{devintest.Quirks{Review: devintest.AsNull, ExtraProduct: "wiki"}, []string{"devin", "cascade", "terminal", "review", "wiki"}},
	} {
		s := start(t, devintest.Options{Quirks: test.quirks})
		u := read[usage](t, get(t, s, dailyPath+window(from, to)))
		total := checkSums(t, u)
		if i == 0 {
			want = total
		}
		if total != want {
			t.Errorf("%+v: %d, want %d", test.quirks, total, want)
		}
		for _, name := range test.products {
			n, ok := u.Days[0].Products[name]
			if !ok || (n == nil) != (name == "review" && test.quirks.Review == devintest.AsNull) {
				t.Errorf("%+v: %s is %v", test.quirks, name, n)
			}
		}
		if len(u.Days[0].Products) != len(test.products) {
			t.Errorf("%+v: %v", test.quirks, u.Days[0].Products)
		}
	}
}

func TestConsumptionLooksLikePeople(t *testing.T) {
	s := start(t, devintest.Options{})
	from, to := billingDay(2025, 11, 5), noon
	var weekdays, weekends, idle int
	for _, m := range s.Members() {
		days := s.UserDays(m.UserID, from, to)
		if len(days) == 0 {
			idle++
		}
		for _, d := range days {
			if m.JoinedAt != nil && d.Date+86400 <= *m.JoinedAt {
				t.Errorf("%q consumed on %s and joined at %d", m.UserID, d.Name, *m.JoinedAt)
			}
			switch time.Unix(d.Date, 0).UTC().Weekday() {
			case time.Saturday, time.Sunday:
				weekends++
			default:
				weekdays++
			}
		}
	}
	if weekends == 0 || weekends*5 > weekdays || idle == 0 {
		t.Errorf("%d days on weekdays, %d on weekends, %d people idle", weekdays, weekends, idle)
	}
}
