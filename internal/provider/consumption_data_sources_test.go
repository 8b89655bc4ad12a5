package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// total is a check of a data source's total_acus.
func total(address string, acus float64) statecheck.StateCheck {
	return providertest.Attribute("data."+address, "total_acus", knownvalue.Float64Exact(acus))
}

// Every data source that reads what one thing or each of many consumed, with the
// real command line, and a second plan that has nothing to do.
func TestAccConsumptionOfEverything(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-26", "2026-11-08")
	org, session := fake.Organizations()[0].OrgID, fake.Sessions()[0]
	bot := fake.AllServiceUsers()[0]
	body := fmt.Sprintf(`
locals {
  start = "2026-10-26"
  end   = "2026-11-08"
}
data "devin_enterprise_daily_consumption" "all" {
  start_date = local.start
  end_date   = local.end
}
data "devin_enterprise_daily_consumption" "org" {
  org_id     = %[1]q
  start_date = local.start
  end_date   = local.end
}
data "devin_organization_daily_consumption" "one" {
  org_id     = %[1]q
  start_date = local.start
  end_date   = local.end
}
data "devin_service_user_daily_consumption" "one" {
  service_user_id = %[2]q
  start_date      = local.start
  end_date        = local.end
}
data "devin_session_daily_consumption" "one" {
  session_id = %[3]q
  start_date = local.start
  end_date   = local.end
}
data "devin_organizations_daily_consumption" "all" {
  start_date = local.start
  end_date   = local.end
}
data "devin_service_users_daily_consumption" "all" {
  start_date       = local.start
  end_date         = local.end
  include_inactive = true
  format           = "csv"
}
output "csv" { value = data.devin_service_users_daily_consumption.all.csv }
output "enterprise_again" {
  value = sum([for day in data.devin_organizations_daily_consumption.all.enterprise_days : day.acus])
}
`, org, bot.ServiceUserID, session.SessionID)
	services, organizations := 0.0, 0.0
	for _, u := range fake.AllServiceUsers() {
		services += fake.PartTotal(devintest.Part{ServiceUserID: u.ServiceUserID}, from, to)
	}
	for _, o := range fake.Organizations() {
		organizations += fake.PartTotal(devintest.Part{OrgID: o.OrgID}, from, to)
	}
	cents := func(f float64) float64 { return float64(int64(f*100+0.5)) / 100 }
	enterprise := fake.EnterpriseTotal(from, to)
	const ofOrganizations, ofServiceUsers = "devin_organizations_daily_consumption.all", "devin_service_users_daily_consumption.all"
	step := fake.Step(devintest.KeyOK, body,
		total("devin_enterprise_daily_consumption.all", enterprise),
		total("devin_enterprise_daily_consumption.org", fake.PartTotal(devintest.Part{OrgID: org}, from, to)),
		total("devin_organization_daily_consumption.one", fake.PartTotal(devintest.Part{OrgID: org}, from, to)),
		total("devin_service_user_daily_consumption.one", fake.PartTotal(devintest.Part{ServiceUserID: bot.ServiceUserID}, from, to)),
		total(ofOrganizations, cents(organizations)), total(ofServiceUsers, cents(services)),
		providertest.Attribute("data.devin_enterprise_daily_consumption.all", "org_id", knownvalue.Null()),
		providertest.Attribute("data.devin_enterprise_daily_consumption.org", "org_id", knownvalue.StringExact(org)),
		providertest.Attribute("data."+ofOrganizations, "unattributed_acus", knownvalue.Float64Exact(cents(enterprise-organizations))),
		providertest.Attribute("data."+ofServiceUsers, "unattributed_acus", knownvalue.Float64Exact(cents(enterprise-services))),
		providertest.Attribute("data."+ofServiceUsers, "rows", knownvalue.Null()),
		statecheck.ExpectKnownOutputValue("enterprise_again", knownvalue.Float64Exact(enterprise)),
	)
	again := fake.Unchanged(devintest.KeyOK, body)
	ofOrganization := fake.Failing(devintest.KeyOrganization, body, "forbidden: the API key is of one organization")
	providertest.Run(t, step, again, ofOrganization)
}

func TestReportsOverServiceUsersAndOrganizationsFollowTheirArguments(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	client := fake.Client(t, devintest.KeyOK)
	active, all := serviceUsersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31")}, serviceUsersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31")}
	all.IncludeInactive = types.BoolValue(true)
	named := serviceUsersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31"), ServiceUserIDs: []string{fake.AllServiceUsers()[4].ServiceUserID}}
	for _, tt := range []struct {
		m    *serviceUsersDailyConsumptionModel
		want int
	}{{&active, len(fake.ServiceUsers())}, {&all, len(fake.AllServiceUsers())}, {&named, 1}} {
		if err := readServiceUsersDailyConsumption(t.Context(), client, tt.m); err != nil || len(tt.m.ServiceUsers) != tt.want {
			t.Errorf("%d service users, %v, want %d", len(tt.m.ServiceUsers), err, tt.want)
		}
	}
	if u := named.ServiceUsers[0]; u.Name == nil || *u.Name != fake.AllServiceUsers()[4].Name || named.FailedServiceUserIDs != nil {
		t.Errorf("an inactive service user that is named is %+v", u)
	}
	// Without the permission for the list, names are null and numbers are there.
	orgs := organizationsDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31"), OrgIDs: []string{fake.Organizations()[2].OrgID}}
	if err := readOrganizationsDailyConsumption(t.Context(), fake.Client(t, devintest.KeyNoOrganizationList), &orgs); err != nil {
		t.Fatal(err)
	}
	if o := orgs.Organizations; len(o) != 1 || o[0].Name != nil || o[0].TotalACUs == nil || *o[0].TotalACUs == 0 {
		t.Errorf("got %+v", o)
	}
	everything := organizationsDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31")}
	if err := readOrganizationsDailyConsumption(t.Context(), fake.Client(t, devintest.KeyNoOrganizationList), &everything); err == nil {
		t.Error("all organizations are read by a key that may not list them")
	}
}
