package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// With the real command line, and a second plan that has nothing to do.
func TestAccMetricsOfSessions(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-26", "2026-11-08")
	body := fmt.Sprintf(`
locals {
  start = "2026-10-26"
  end   = "2026-11-08"
}
data "devin_usage_metrics" "all" {
  start_date = local.start
  end_date   = local.end
}
data "devin_session_metrics" "org" {
  org_id     = %q
  start_date = local.start
  end_date   = local.end
}
data "devin_session_categories" "all" {
  start_date = local.start
  end_date   = local.end
}
data "devin_queue" "this" {}
data "devin_principal" "this" {}
output "origins" { value = sum(values(data.devin_session_metrics.org.sessions_created_by_origin)) }
`, fake.Organizations()[1].OrgID)
	all := fake.SessionCounts(devintest.PRFilter{}, from, to)
	org := fake.SessionCounts(devintest.PRFilter{OrgIDs: []string{fake.Organizations()[1].OrgID}}, from, to)
	count := func(address, attribute string, n int64) statecheck.StateCheck {
		return providertest.Attribute("data."+address, attribute, knownvalue.Int64Exact(n))
	}
	step := fake.Step(devintest.KeyOK, body,
		count("devin_usage_metrics.all", "sessions_count", all.Created),
		count("devin_session_metrics.org", "sessions_created_count", org.Created),
		count("devin_session_categories.all", "sessions_count", all.Created),
		providertest.Attribute("data.devin_session_categories.all", "total_acus", knownvalue.Float64Exact(float64(all.ACUs)/100)),
		count("devin_queue.this", "queue_size", devintest.QueueSize),
		providertest.Attribute("data.devin_principal.this", "principal_name", knownvalue.StringExact("DX Import")),
		statecheck.ExpectKnownOutputValue("origins", knownvalue.Int64Exact(org.Created)),
	)
	again := fake.Unchanged(devintest.KeyOK, body)
	providertest.Run(t, step, again)
}
