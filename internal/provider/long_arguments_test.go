package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func ids(n, length int) []string {
	made := make([]string, n)
	for i := range made {
		made[i] = fmt.Sprintf("%0*d", length, i)
	}
	return made
}

func TestMoreIDsThanARequestHasRoomForAreRefusedAtTheArgument(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	for _, argument := range []string{"user_ids", "org_ids", "service_user_ids"} {
		given := map[string]any{"start_date": "2026-10-01", argument: ids(100, 8)}
		if diags := p.ValidateData(t, "devin_pr_metrics", given); len(diags) > 0 {
			t.Errorf("100 %s: %s", argument, providertest.Messages(diags))
		}
		given[argument] = ids(101, 8)
		diags := p.ValidateData(t, "devin_pr_metrics", given)
		if got := providertest.Messages(diags); len(diags) != 1 || !strings.HasPrefix(got, argument+": Too many ids for one request: The list has 101 ids") {
			t.Errorf("101 %s: %s", argument, got)
		}
	}
	// Here each user has a request.
	if diags := p.ValidateData(t, "devin_members_pr_metrics", map[string]any{"start_date": "2026-10-01", "user_ids": ids(5000, 8)}); len(diags) > 0 {
		t.Error(providertest.Messages(diags))
	}
}

func TestARequestThatIsTooLongNamesItsLongestArgument(t *testing.T) {
	providertest.ClearEnvironment(t)
	for _, status := range []int{414, 431} {
		fake := newFixture(t, devintest.Options{})
		fake.Fault("*", devintest.Fault{Status: status, Body: "<html>Too Large</html>"})
		p := fake.configured(t, nil)
		for name, tt := range map[string]struct {
			source string
			given  map[string]any
			want   string
		}{
			"a list": {
				"devin_pr_metrics",
				map[string]any{"start_date": "2026-10-01", "user_ids": ids(90, 100), "org_ids": ids(90, 99), "playbook_id": "p"},
				"user_ids: The request is too long for Devin: ",
			},
			"an id": {
				"devin_user_daily_consumption",
				map[string]any{"start_date": "2026-10-01", "user_id": strings.Repeat("x", 5000)},
				"user_id: The request is too long for Devin: ",
			},
			"nothing of length": {"devin_pr_metrics", map[string]any{"start_date": "2026-10-01", "user_ids": ids(2, 8)}, "The request is too long for Devin: "},
			"a report over users": {
				"devin_members_pr_metrics",
				map[string]any{"start_date": "2026-10-01", "user_ids": ids(200, 20)},
				"The request is too long for Devin: Could not read the pull-request metrics",
			},
			"a report over organizations": {
				"devin_organizations_daily_consumption",
				map[string]any{"start_date": "2026-10-01", "org_ids": ids(200, 20)},
				"The request is too long for Devin: Could not read",
			},
			"a report over service users": {
				"devin_service_users_daily_consumption",
				map[string]any{"start_date": "2026-10-01", "service_user_ids": ids(200, 20)},
				"The request is too long for Devin: Could not read",
			},
			"a list for each service user": {
				"devin_service_user_api_keys",
				map[string]any{"service_user_ids": ids(200, 20)},
				"The request is too long for Devin: Could not list",
			},
		} {
			resp := p.ReadData(t, tt.source, tt.given)
			if got := providertest.Messages(resp.Diagnostics); len(resp.Diagnostics) != 1 || !strings.HasPrefix(got, tt.want) || !strings.Contains(got, fmt.Sprint("answered ", status)) {
				t.Errorf("%s, %d: %s", name, status, got)
			}
		}
	}
}
