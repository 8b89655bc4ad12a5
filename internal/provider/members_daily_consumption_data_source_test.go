package provider

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

const dailyUsersPath = "/v3/enterprise/consumption/daily/users/"

func TestMembersDailyConsumptionIsTheTruth(t *testing.T) {
	t.Parallel()
	for _, zeroDays := range []bool{false, true} {
		fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{ZeroDays: zeroDays, Review: devintest.AsNull}})
		m := membersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31")}
		m.ByProduct = types.BoolValue(true)
		if err := readMembersDailyConsumption(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		from, to := instants(t, "2026-10-01", "2026-10-31")
		if *m.TotalACUs != fake.MembersTotal(from, to) || *m.EnterpriseTotalACUs != fake.EnterpriseTotal(from, to) ||
			*m.UnattributedACUs != fake.Unattributed(from, to) || *m.UnattributedACUs <= 0 || !*m.Complete || m.FailedUserIDs != nil {
			t.Errorf("total %v, enterprise %v, unattributed %v, failed %v", *m.TotalACUs, *m.EnterpriseTotalACUs, *m.UnattributedACUs, m.FailedUserIDs)
		}
		if len(m.Users) != len(fake.Members()) {
			t.Fatalf("%d users, want %d", len(m.Users), len(fake.Members()))
		}
		rows := m.Rows
		for i, user := range m.Users {
			if i > 0 && m.Users[i-1].UserID >= user.UserID {
				t.Errorf("%s is not sorted", user.UserID)
			}
			truth := fake.UserDays(user.UserID, from, to)
			if *user.TotalACUs != fake.UserTotal(user.UserID, from, to) || *user.ActiveDays != int64(len(truth)) {
				t.Errorf("%s: %v ACUs on %d days, want %d days", user.UserID, *user.TotalACUs, *user.ActiveDays, len(truth))
			}
			active := 0
			for len(rows) > 0 && rows[0].UserID == user.UserID {
				row := rows[0]
				if rows = rows[1:]; len(rows) > 0 && rows[0].UserID == user.UserID && rows[0].Date <= row.Date {
					t.Errorf("%s: %s is not sorted", user.UserID, rows[0].Date)
				}
				if text(row.Email) != text(user.Email) {
					t.Errorf("%s has another e-mail address in the row of %s", user.UserID, row.Date)
				}
				if row.ACUs == 0 && zeroDays {
					continue
				}
				if want := truth[active]; row.Date.String() != want.Name || row.ACUs != want.ACUs || !sameProducts(row.Products, want.ByProduct) {
					t.Errorf("%s: %+v, want %+v", user.UserID, row, want)
				}
				active++
			}
			if active != len(truth) {
				t.Errorf("%s has rows for %d of %d days", user.UserID, active, len(truth))
			}
		}
		if len(rows) > 0 {
			t.Errorf("%d rows are of no user in users: %+v", len(rows), rows[0])
		}
	}
}

func TestMembersDailyConsumptionWithoutProductsHasTheSameRows(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	client := fake.Client(t, devintest.KeyOK)
	all := membersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31")}
	without := membersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31")}
	all.ByProduct = types.BoolValue(true)
	for _, m := range []*membersDailyConsumptionModel{&all, &without} {
		if err := readMembersDailyConsumption(t.Context(), client, m); err != nil {
			t.Fatal(err)
		}
	}
	if len(all.Rows) == 0 || len(without.Rows) != len(all.Rows) {
		t.Fatalf("%d rows without products, %d with", len(without.Rows), len(all.Rows))
	}
	for i, row := range all.Rows {
		if row.Products == nil || without.Rows[i].Products != nil || row.ACUs != without.Rows[i].ACUs {
			t.Errorf("%+v without products is %+v", row, without.Rows[i])
		}
	}
}

func TestMembersDailyConsumptionWithoutRowsHasTheSameTotals(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	client := fake.Client(t, devintest.KeyOK)
	with := membersDailyConsumptionModel{consumptionReportModel: reportUntil("")}
	without := membersDailyConsumptionModel{consumptionReportModel: reportUntil("")}
	without.Format = types.StringValue(formatNone)
	if err := errors.Join(
		readMembersDailyConsumption(t.Context(), client, &with), readMembersDailyConsumption(t.Context(), client, &without),
	); err != nil {
		t.Fatal(err)
	}
	if with.Rows == nil || without.Rows != nil || without.CSV != nil {
		t.Errorf("%d rows as objects, %d as none", len(with.Rows), len(without.Rows))
	}
	if *with.TotalACUs != *without.TotalACUs || !reflect.DeepEqual(with.Users, without.Users) {
		t.Error("the totals depend on the rows")
	}
}

// What users consumed that are not named counts as unattributed.
func TestMembersDailyConsumptionOfNamedUsers(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-01", "2026-10-31")
	ids := []string{fake.Members()[5].UserID, fake.FormerMembers()[0], fake.Members()[0].UserID, fake.Members()[5].UserID}
	m := membersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31"), usersModel: usersModel{UserIDs: ids}}
	if err := readMembersDailyConsumption(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	total := devin.SumACUs([]float64{fake.UserTotal(ids[0], from, to), fake.UserTotal(ids[1], from, to), fake.UserTotal(ids[2], from, to)})
	if len(m.Users) != 3 || *m.TotalACUs != total || *m.UnattributedACUs != devin.SumACUs([]float64{fake.EnterpriseTotal(from, to), -total}) {
		t.Errorf("%d users with %v ACUs, %v unattributed", len(m.Users), *m.TotalACUs, *m.UnattributedACUs)
	}
	if !slices.Equal(m.UserIDs, ids) {
		t.Errorf("the argument became %q", m.UserIDs)
	}
	if n := fake.Count(dailyUsersPath + "*"); n != 3 {
		t.Errorf("%d requests for 3 users", n)
	}
}

func TestUsersThatCannotBeReadFailTheReadOrAreListed(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	client := fake.Client(t, devintest.KeyOK)
	read := func(skip types.Bool) ([]string, int, error) {
		m := membersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31"), usersModel: usersModel{SkipFailedUsers: skip}}
		err := readMembersDailyConsumption(t.Context(), client, &m)
		return m.FailedUserIDs, len(m.Users), err
	}
	if failed, n, err := read(types.BoolValue(true)); err != nil || failed == nil || len(failed) != 0 || n != 40 {
		t.Errorf("no user fails: %q of %d, %v", failed, n, err)
	}
	broken := fake.Members()[7].UserID
	client = fake.Client(t, devintest.KeyOK) // the other one keeps the answer
	fake.Fault(dailyUsersPath+broken, devintest.Fault{Status: http.StatusInternalServerError})
	if failed, n, err := read(types.BoolValue(true)); err != nil || !slices.Equal(failed, []string{broken}) || n != 39 {
		t.Errorf("one fails: %q of %d, %v", failed, n, err)
	}
	_, _, err := read(types.BoolNull())
	if err == nil {
		t.Fatal("a user that cannot be read is left out")
	}
	summary, detail := describe("read the daily consumption of the members", err)
	for _, want := range []string{
		"unavailable: Devin answered 500",
		"one of the users could not be read. ", "- For " + fmt.Sprintf("%q", broken) + ": GET /v3/enterprise/consumption/daily/users/",
		"answered 500", "the last of 2 tries", "skip_failed_users = true",
	} {
		if !strings.Contains(summary+"\n"+detail, want) {
			t.Errorf("the error does not say %q:\n%s\n%s", want, summary, detail)
		}
	}
	inOrder(t, summary, detail)
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Status: http.StatusForbidden})
	client = fake.Client(t, devintest.KeyOK)
	if _, _, err := read(types.BoolValue(true)); !errors.Is(err, devin.ErrForbidden) {
		t.Errorf("a 403 became %v", err)
	}
}

func TestUnknownNamedUsersAreListedAndHaveNoNumbers(t *testing.T) {
	t.Parallel()
	const stranger = "okta|Acme Corp|mistyped"
	for _, status := range []int{http.StatusOK, http.StatusNotFound} {
		fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{UnknownUser: status}})
		client, ids := fake.Client(t, devintest.KeyOK), []string{fake.Members()[0].UserID, stranger}
		m := membersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31"), usersModel: usersModel{UserIDs: ids}}
		if err := readMembersDailyConsumption(t.Context(), client, &m); err != nil || !slices.Equal(m.UnknownUserIDs, ids[1:]) || len(m.Users) != 2 {
			t.Fatalf("%d: %+v, %v", status, m.Users, err)
		}
		for _, u := range m.Users {
			if (u.TotalACUs == nil) != (u.UserID == stranger) {
				t.Errorf("%d: %+v", status, u)
			}
		}
		m = membersDailyConsumptionModel{consumptionReportModel: reportUntil(""), usersModel: usersModel{UserIDs: ids[1:]}}
		summary, detail := describe("read", readMembersDailyConsumption(t.Context(), client, &m))
		if summary != "Devin knows none of the users" || !strings.Contains(detail, `"okta|Acme Corp|mistyped"`) || !strings.Contains(detail, "devin_members") {
			t.Errorf("%d: %s\n%s", status, summary, detail)
		}
		inOrder(t, summary, detail)
	}
}

func TestAReportOfARefusedKeyDoesNotAdviseToSkip(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Status: http.StatusUnauthorized})
	m := membersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31")}
	summary, detail := describe("read", readMembersDailyConsumption(t.Context(), fake.Client(t, devintest.KeyOK), &m))
	if summary != "invalid_credentials: Devin refused the API key" || strings.Contains(detail, "skip_failed") {
		t.Errorf("%s\n%s", summary, detail)
	}
	inOrder(t, summary, detail)
}

func TestAccMembersDailyConsumption(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-01", "2026-10-31")
	rows := 0
	for _, member := range fake.Members() {
		rows += len(fake.UserDays(member.UserID, from, to))
	}
	const body = `
data "devin_members_daily_consumption" "all" {
  start_date        = "2026-10-01"
  end_date          = "2026-10-31"
  skip_failed_users = true
}
data "devin_members_daily_consumption" "totals" {
  start_date = "2026-10-01"
  end_date   = "2026-10-31"
  format     = "none"
}
output "sum" { value = sum(data.devin_members_daily_consumption.all.rows[*].acus) }
output "rows" { value = jsonencode([for r in data.devin_members_daily_consumption.all.rows : { user_id = r.user_id, acus = r.acus }]) }
`
	const all, totals = "data.devin_members_daily_consumption.all", "data.devin_members_daily_consumption.totals"
	step := fake.Step(devintest.KeyOK, body,
		providertest.Attribute(all, "rows", knownvalue.ListSizeExact(rows)),
		providertest.Attribute(all, "users", knownvalue.ListSizeExact(len(fake.Members()))),
		providertest.Attribute(all, "failed_user_ids", knownvalue.ListSizeExact(0)),
		providertest.Attribute(all, "total_acus", knownvalue.Float64Exact(fake.MembersTotal(from, to))),
		providertest.Attribute(all, "enterprise_total_acus", knownvalue.Float64Exact(fake.EnterpriseTotal(from, to))),
		providertest.Attribute(all, "unattributed_acus", knownvalue.Float64Exact(fake.Unattributed(from, to))),
		statecheck.ExpectKnownOutputValue("sum", knownvalue.Float64Exact(fake.MembersTotal(from, to))),
		providertest.Attribute(totals, "rows", knownvalue.Null()),
		providertest.Attribute(totals, "failed_user_ids", knownvalue.Null()),
		providertest.Attribute(totals, "total_acus", knownvalue.Float64Exact(fake.MembersTotal(from, to))),
	)
	again := fake.Unchanged(devintest.KeyOK, body)
	denied := fake.Failing(devintest.KeyForbidden, body, "forbidden: Devin denied access")
	providertest.Run(t, denied, step, again)
}

// A fraction costs more to encode than text.
func BenchmarkEncodeDailyRows(b *testing.B) {
	m := struct {
		Rows []memberDayModel `tfsdk:"rows"`
	}{make([]memberDayModel, 150_000)} // 5,000 users in 30 days
	email := "person@example.com"
	for i := range m.Rows {
		acus := float64(i%977) * 0.137
		m.Rows[i] = memberDayModel{fmt.Sprintf("okta|Acme|%08d", i/30), &email, email, devin.DayConsumption{
			Date: devin.DayAt(providertest.Now), ACUs: acus, Products: devin.ACUsByProduct{{Product: "cascade"}, {Product: "devin", ACUs: acus / 2}, {Product: "review", ACUs: acus / 3}},
		}}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := wire.Encode(b.Context(), &m); err != nil {
			b.Fatal(err)
		}
	}
}

func TestTopUsersOfConsumptionHaveTheTotalsOfAll(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-01", "2026-10-31")
	totals := []float64{}
	for _, m := range fake.Members() {
		totals = append(totals, fake.UserTotal(m.UserID, from, to))
	}
	slices.SortFunc(totals, func(a, b float64) int { return int(b*100) - int(a*100) })
	client := fake.Client(t, devintest.KeyOK)
	m := membersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31"), orderModel: order("total_acus", 5)}
	m.StartDate = types.StringValue("2026-10-01")
	if err := readMembersDailyConsumption(t.Context(), client, &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Users) != 5 || *m.TotalACUs != fake.MembersTotal(from, to) || *m.UnattributedACUs != fake.Unattributed(from, to) {
		t.Errorf("%d users, %v ACUs", len(m.Users), *m.TotalACUs)
	}
	places := map[string]int{}
	for i, u := range m.Users {
		places[u.UserID] = i
		if *u.TotalACUs != totals[i] {
			t.Errorf("place %d has %v ACUs, want %v", i, *u.TotalACUs, totals[i])
		}
	}
	last, date := 0, ""
	for _, row := range m.Rows {
		place, ok := places[row.UserID]
		if !ok || place < last || place == last && row.Date.String() <= date {
			t.Fatalf("the row of %s on %s stands after place %d, %s", row.UserID, row.Date, last, date)
		}
		last, date = place, row.Date.String()
	}
	if last != 4 {
		t.Errorf("rows of %d users", last+1)
	}
	m = membersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31"), orderModel: order("total_acus", 1)}
	m.Format = types.StringValue("csv")
	if err := readMembersDailyConsumption(t.Context(), client, &m); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(m.CSV.String(), "\r\n"), "\r\n") {
		if !strings.HasPrefix(line, m.Users[0].UserID+",") && !strings.HasPrefix(line, "user_id,") {
			t.Errorf("a line of another user: %s", line)
		}
	}
}
