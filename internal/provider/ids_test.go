package provider

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestAnAddressInPlaceOfAnIDIsAnErrorAtTheArgument(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	var member devintest.Member
	for _, m := range fake.Members() {
		if m.Direct && m.Email != nil {
			member = m
		}
	}
	const own = "ann.own@acme.example" // a member's id
	fake.Fault("/v3/enterprise/members/*", devintest.Fault{Rewrite: func(body []byte) []byte {
		return bytes.Replace(body, []byte(`"user_id":"`), []byte(`"user_id":"`+own+`","email":null,"name":null,"role_assignments":[]},{"user_id":"`), 1)
	}})
	for source, argument := range map[string]string{
		"devin_user_daily_consumption": "user_id", "devin_members_daily_consumption": "user_ids", "devin_members_pr_metrics": "user_ids",
		"devin_pr_metrics": "user_ids", "devin_session_metrics": "user_ids", "devin_sessions": "user_ids",
	} {
		for value, says := range map[string]string{
			*member.Email:            `"` + member.UserID + `"`,
			"nothing@acme.example":   "devin_members",
			own:                      "",
			"email|ann@acme.example": "",
		} {
			p := newProtocol(t, fake.Provider())
			p.Configure(t, map[string]any{"api_key": devintest.KeyOK, "api_url": fake.URL, "max_retries": 0})
			given, at := map[string]any{"start_date": "2026-10-01", "user_id": value}, "user_id: "
			if argument == "user_ids" {
				given, at = map[string]any{"start_date": "2026-10-01", "user_ids": []string{fake.Members()[0].UserID, value}}, "user_ids: 1: "
			}
			got := providertest.Messages(p.ReadData(t, source, given).Diagnostics)
			isRefused := strings.HasPrefix(got, at+"E-mail address in place of an id")
			if isRefused != (says != "") || !strings.Contains(got, says) {
				t.Errorf("%s, %s = %s:\n%s", source, argument, value, got)
			}
		}
	}
}

func TestAnAddressInPlaceOfAnIDIsAnErrorWhereMembersCannotBeListed(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	fake.Fault("/v3/enterprise/members/*", devintest.Fault{Status: http.StatusForbidden})
	p := newProtocol(t, fake.Provider())
	p.Configure(t, map[string]any{"api_key": devintest.KeyOK, "api_url": fake.URL})
	got := providertest.Messages(p.ReadData(t, "devin_pr_metrics", map[string]any{"start_date": "2026-10-01", "user_ids": []string{"ann@acme.example"}}).Diagnostics)
	if !strings.HasPrefix(got, "user_ids: 0: E-mail address in place of an id") || !strings.Contains(got, "403") {
		t.Error(got)
	}
}

func TestAWrongKeyIsInvalidInAnOrdinaryRead(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{BadKeyStatus: status}})
		for _, orgID := range []any{nil, fake.Organizations()[0].OrgID} {
			for _, source := range []string{"devin_enterprise_daily_consumption", "devin_members_daily_consumption", "devin_pr_metrics"} {
				p := newProtocol(t, fake.Provider())
				p.Configure(t, map[string]any{"api_key": "cog_a_key_that_was_revoked", "api_url": fake.URL, "org_id": orgID})
				got := providertest.Messages(p.ReadData(t, source, map[string]any{"start_date": "2026-10-01"}).Diagnostics)
				if !strings.HasPrefix(got, "invalid_credentials: Devin refused the API key") || !strings.Contains(got, "DEVIN_API_KEY") {
					t.Errorf("%d, %s, org_id %v:\n%s", status, source, orgID, got)
				}
			}
		}
	}
}
