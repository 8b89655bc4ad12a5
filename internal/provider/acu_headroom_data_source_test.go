package provider

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestHeadroomOfWhatConsumptionDoesNotKnowIsNull(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{UnknownUser: http.StatusNotFound}})
	const left = "email|left"
	fake.SetLimits(func(l *devintest.Limits) { l.Users[left] = 10 })
	gone := fake.Organizations()[0].OrgID
	fake.Fault("/v3/enterprise/consumption/daily/organizations/"+gone, devintest.Fault{Status: http.StatusNotFound})
	ctx, notices := devin.WithNotices(t.Context())
	m := acuHeadroomModel{Users: types.BoolValue(true)}
	if err := readACUHeadroom(ctx, fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Members) != 1 || m.Members[0].UserID != left || m.Members[0].UsedACUs != nil || m.Members[0].Limits != nil {
		t.Errorf("members: %+v", m.Members)
	}
	if len(m.Organizations) != len(fake.Organizations()) {
		t.Fatalf("%d organizations", len(m.Organizations))
	}
	for _, org := range m.Organizations {
		if (org.UsedACUs == nil) != (org.OrgID == gone) {
			t.Errorf("%+v", org)
		}
	}
	if n := notices.All(); len(n) != 2 || n[0].Kind != devin.NoticeUnknown || n[1].Kind != devin.NoticeUnknown {
		t.Errorf("noticed %+v", n)
	}
	if n := fake.Count("/v3/enterprise/members/*"); n > 0 {
		t.Errorf("%d requests for members, whose names are not shown", n)
	}
}
