package provider

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestUserDailyConsumptionIsTheTruth(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{InclusiveBounds: true, ExtraProduct: "orbit"}})
	client := fake.Client(t, devintest.KeyOK)
	from, to := instants(t, "2026-10-01", "2026-10-31")
	for _, member := range fake.Members() {
		m := userDailyConsumptionModel{consumptionModel: consumptionModel{windowModel: window("2026-10-01", "2026-10-31")}, UserID: types.StringValue(member.UserID)}
		if err := readUserDailyConsumption(t.Context(), client, &m); err != nil {
			t.Fatal(err)
		}
		checkConsumption(t, member.UserID, &m.consumptionModel, fake.UserTotal(member.UserID, from, to), fake.UserDays(member.UserID, from, to))
	}
}

func TestUnknownUserIsAnErrorAtTheArgumentWhereDevinSaysSoAndNullElsewhere(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusNotFound, http.StatusOK} {
		fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{UnknownUser: status}})
		m := userDailyConsumptionModel{consumptionModel: consumptionModel{windowModel: window("2026-10-01", "")}, UserID: types.StringValue("okta|Org|a/b c")}
		ctx, notices := devin.WithNotices(t.Context())
		err := readUserDailyConsumption(ctx, fake.Client(t, devintest.KeyOK), &m)
		var at *attributeError
		switch {
		case status == http.StatusOK && (err != nil || m.TotalACUs != nil || m.Days != nil || len(notices.All()) != 1 || notices.All()[0].Kind != devin.NoticeUnknown):
			t.Errorf("an empty answer is %+v, %v", m, err)
		case status == http.StatusNotFound && (!errors.As(err, &at) || at.path.String() != "user_id" ||
			!strings.Contains(at.detail, "okta%7COrg%7Ca%2Fb%20c") || !strings.Contains(at.detail, `"okta|Org|a/b c"`)):
			t.Errorf("a 404 is %v", err)
		}
	}
}

// Without a proof that it is on no list, an id of which nothing is reported has
// consumed nothing.
func TestAUserWithoutConsumptionHasZeroACUs(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusForbidden} {
		fake := newFixture(t, devintest.Options{Members: 300})
		from, to := instants(t, "2026-10-03", "2026-10-03")
		members := fake.Members()
		idle := slices.IndexFunc(members, func(m devintest.Member) bool {
			return fake.UserTotal(m.UserID, from, to) == 0
		})
		if status != http.StatusOK {
			fake.Fault("/v3/enterprise/members/*", devintest.Fault{Status: status})
		}
		ctx, notices := devin.WithNotices(t.Context())
		m := userDailyConsumptionModel{consumptionModel: consumptionModel{windowModel: window("2026-10-03", "2026-10-03")}, UserID: types.StringValue(members[idle].UserID)}
		if err := readUserDailyConsumption(ctx, fake.Client(t, devintest.KeyOK), &m); err != nil || m.TotalACUs == nil || *m.TotalACUs != 0 || len(notices.All()) > 0 {
			t.Errorf("%d: %+v, %v", status, m, err)
		}
	}
}

func TestAccUserDailyConsumption(t *testing.T) {
	fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{UnknownUser: http.StatusNotFound}})
	from, to := instants(t, "2026-10-01", "2026-10-31")
	busiest, most := "", 0.0
	for _, member := range fake.Members() {
		if total := fake.UserTotal(member.UserID, from, to); total > most {
			busiest, most = member.UserID, total
		}
	}
	body := `
data "devin_user_daily_consumption" "one" {
  user_id    = "` + busiest + `"
  start_date = "2026-10-01"
  end_date   = "2026-10-31"
}
output "total" { value = data.devin_user_daily_consumption.one.total_acus }
output "days" { value = data.devin_user_daily_consumption.one.days }
`
	const name = "data.devin_user_daily_consumption.one"
	step := fake.Step(devintest.KeyOK, body,
		providertest.Attribute(name, "total_acus", knownvalue.Float64Exact(most)),
		providertest.Attribute(name, "complete", knownvalue.Bool(true)),
		providertest.Attribute(name, "days", knownvalue.ListSizeExact(len(fake.UserDays(busiest, from, to)))),
	)
	again := fake.Unchanged(devintest.KeyOK, body)
	unknown := fake.Failing(devintest.KeyOK, strings.ReplaceAll(body, busiest, "email|unknown"), "User unknown to Devin")
	providertest.Run(t, unknown, step, again)
}

// The id may be of another user, so that 0 ACUs would be a guess.
func TestZeroACUsOfAnIDThatMayBeUnknownIsAnError(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	fake.Fault("/v3/enterprise/members/*", devintest.Fault{Status: http.StatusForbidden})
	m := userDailyConsumptionModel{consumptionModel: consumptionModel{windowModel: window("2026-10-01", "")}, UserID: types.StringValue("okta|Acme|Jos\u00e9")}
	err := readUserDailyConsumption(t.Context(), fake.Client(t, devintest.KeyOK), &m)
	var at *attributeError
	if !errors.As(err, &at) || at.path.String() != "user_id" || at.summary != "User perhaps unknown to Devin" {
		t.Errorf("got %v", err)
	}
}

func TestUserIsFoundByEmailInAnyCase(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{CaseSensitiveEmail: true, UnknownUser: http.StatusNotFound}})
	from, to := instants(t, "2026-10-01", "2026-10-31")
	read := func(email string) (*userDailyConsumptionModel, error) {
		m := userDailyConsumptionModel{consumptionModel: consumptionModel{windowModel: window("2026-10-01", "2026-10-31")}, Email: types.StringValue(email)}
		client := fake.Client(t, devintest.KeyOK, func(c *devin.Config) { c.RedactPersonalData = true })
		return &m, readUserDailyConsumption(t.Context(), client, &m)
	}
	found := map[bool]int{} // by whether they are on the list of direct members
	for _, member := range fake.Members() {
		if member.Email == nil || found[member.Direct] > 2 {
			continue
		}
		found[member.Direct]++
		m, err := read(strings.ToUpper(*member.Email))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := *m.TotalACUs, fake.UserTotal(member.UserID, from, to); got != want || m.UserID.ValueString() != member.UserID {
			t.Errorf("%s: %v ACUs of %s, want %v of %s", *member.Email, got, m.UserID, want, member.UserID)
		}
	}
	if found[true] == 0 || found[false] == 0 {
		t.Fatalf("looked for %v", found)
	}
	wantError := func(email, path, summary, says string) {
		t.Helper()
		_, err := read(email)
		var at *attributeError
		if !errors.As(err, &at) || at.path.String() != path || at.summary != summary || !strings.Contains(at.detail, says) {
			t.Errorf("%s: %v", email, err)
		}
	}
	wantError("unknown@acme.example", "email", "No member with this e-mail address", "user_id instead")
	two := `{"items":[{"user_id":"email|2","email":"ann@acme.example"},{"user_id":"email|1","email":"Ann@acme.example"}],"has_next_page":false}`
	fake.Fault("/v3/enterprise/members/users", devintest.Fault{Body: two})
	wantError("ann@acme.example", "email", "Several members with this e-mail address", `"email|1", "email|2"`)
	fake.ClearFaults()
	fake.Fault("/v3/enterprise/members/users", devintest.Fault{Body: strings.Replace(two, "Ann@", "bob@", 1)})
	wantError("ann@acme.example", "user_id", "User unknown to Devin", `"email|2"`)
	fake.ClearFaults()
	fake.Fault("/v3/enterprise/members/users", devintest.Fault{Status: http.StatusForbidden})
	if _, err := read("ann@acme.example"); !errors.Is(err, devin.ErrForbidden) {
		t.Errorf("a list that is refused: %v", err)
	}
}
