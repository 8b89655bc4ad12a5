package acceptance

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// What an organization has too is read by its example as it stands, with the
// organization's own key and DEVIN_ORG_ID.
func TestAccExamplesApplyWithAnOrganizationsKey(t *testing.T) {
	orgID := devintest.New(devintest.Options{Seed: 1}).Organizations()[0].OrgID
	// Of these the example is about what an organization has not: billing cycles,
	// several organizations, a list of service users, a member who is in another one.
	otherwise := []string{
		"devin_members_daily_consumption", "devin_pr_metrics", "devin_service_users_daily_consumption", "devin_user_daily_consumption",
	}
	applied := 0
	for _, c := range documentation(t) {
		name := path.Base(path.Dir(c.name))
		schema, ok := allSchemas().DataSourceSchemas[name]
		if !ok || !strings.HasPrefix(c.name, "examples/") || enterpriseOnly[name] || enterpriseKey[name] ||
			slices.Contains(otherwise, name) ||
			!slices.ContainsFunc(schema.Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == "org_id" }) {
			continue
		}
		applied++
		t.Run(name, func(t *testing.T) {
			t.Setenv("DEVIN_ORG_ID", orgID)
			out, code := documented(t, c, devintest.KeyOrganization).run(t, "apply", "-auto-approve", "-input=false", "-no-color")
			if code != 0 || strings.Contains(out, "Warning: ") {
				t.Errorf("%s\nexit code %d:\n%s", c.text, code, out)
			}
		})
	}
	if applied < 10 {
		t.Errorf("only %d examples were applied", applied)
	}
}
