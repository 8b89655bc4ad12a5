package provider

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// listedFailures are the summaries of the errors that the page of a type lists.
func listedFailures(description string) []string {
	_, errors, _ := strings.Cut(description, "\n\n<!-- errors -->\n\n| error | when |\n|---|---|\n")
	var all []string
	for _, row := range regexp.MustCompile("(?m)^\\| `(.*?)` \\|").FindAllStringSubmatch(errors, -1) {
		all = append(all, row[1])
	}
	return all
}

// failureCause is what leads to an error of a data source.
type failureCause struct {
	quirks   devintest.Quirks
	settings map[string]any // of the provider
	given    map[string]any // arguments, beside those of failureArguments
	fault    func(fake *fixture)
}

// failureArguments are those without which a data source cannot be read, or lists too
// little.
func failureArguments(schema *tfprotov6.Schema, fake *fixture) map[string]any {
	given := map[string]any{}
	for _, a := range schema.Block.Attributes {
		switch {
		case a.Name == "period":
			given[a.Name] = "2026-W44"
		case a.Required:
			given[a.Name] = fake.Sessions()[0].SessionID
		case a.Name == "user_id" && a.Optional:
			given[a.Name] = fake.Members()[0].UserID
		}
	}
	return given
}

// dataFailures has for each summary what leads to it, with the given organization.
func dataFailures(orgID string) map[string]failureCause {
	unknown := devintest.Quirks{UnknownUser: http.StatusNotFound, UnknownOrganization: http.StatusNotFound}
	const addresses = `{"items":[{"user_id":"email|2","email":"ann@acme.example"},{"user_id":"email|1","email":"ann@acme.example"}],"has_next_page":false}`
	return map[string]failureCause{
		"forbidden: the API key is of one organization":     {settings: map[string]any{"api_key": devintest.KeyOrganization}},
		"forbidden: the API key may not list service users": {settings: map[string]any{"api_key": devintest.KeyOrganization, "org_id": orgID}},
		"More than limit allows":                            {given: map[string]any{"limit": 1}},
		"org_ids beside org_id":                             {given: map[string]any{"org_id": orgID, "org_ids": []string{orgID}}},
		"E-mail address in place of an id":                  {given: map[string]any{"user_id": "none@acme.example", "user_ids": []string{"none@acme.example"}}},
		"Devin knows none of the users":                     {given: map[string]any{"user_ids": []string{"email|none"}}},
		"Devin knows none of the organizations":             {quirks: unknown, given: map[string]any{"org_ids": []string{"org-none"}}},
		"Devin knows none of the service users":             {given: map[string]any{"service_user_ids": []string{"service-user-none"}}},
		"User unknown to Devin":                             {quirks: unknown, given: map[string]any{"user_id": "email|none"}},
		"Organization unknown to Devin":                     {quirks: unknown, given: map[string]any{"org_id": "org-none"}},
		"Session unknown to Devin": {fault: func(fake *fixture) {
			fake.Fault("/v3/enterprise/consumption/daily/sessions/*", devintest.Fault{Status: http.StatusNotFound})
		}},
		"User perhaps unknown to Devin": {given: map[string]any{"user_id": "email|José"}, fault: func(fake *fixture) {
			fake.Fault("/v3/enterprise/members/*", devintest.Fault{Status: http.StatusForbidden})
		}},
		"No member with this e-mail address": {given: map[string]any{"user_id": nil, "email": "none@acme.example"}},
		"Several members with this e-mail address": {given: map[string]any{"user_id": nil, "email": "ann@acme.example"}, fault: func(fake *fixture) {
			fake.Fault("/v3/enterprise/members/users", devintest.Fault{Body: addresses})
		}},
		"Window too long for code scans": {given: map[string]any{"period": nil, "start_date": "2026-07-01", "end_date": "2026-10-09"}},
		"Too many days":                  {given: map[string]any{"period": nil, "start_date": "2025-01-01", "end_date": "2026-02-05", "daily": true}},
		"No billing cycle runs": {fault: func(fake *fixture) {
			fake.Fault("/v3/enterprise/consumption/cycles", devintest.Fault{Body: `{"items":[],"end_cursor":null,"has_next_page":false}`})
		}},
		"Unknown permission":                  {given: map[string]any{"required_permissions": []string{"ManageEverything"}}},
		"Not a permission of an organization": {settings: map[string]any{"org_id": orgID}, given: map[string]any{"required_permissions": []string{"ManageOrganizations"}}},
	}
}

// Each error that the page of a data source lists is one that the data source has.
func TestEveryErrorOnAPageOfADataSourceComes(t *testing.T) {
	t.Parallel()
	orgID := newFixture(t, devintest.Options{}).Organizations()[0].OrgID
	causes := dataFailures(orgID)
	seen := map[string]bool{}
	for source, schema := range newProtocol(t, New(Options{Version: "test"})).Schemas.DataSourceSchemas {
		arguments := map[string]bool{}
		for _, a := range schema.Block.Attributes {
			arguments[a.Name] = a.Optional || a.Required
		}
		for _, summary := range listedFailures(schema.Block.Description) {
			cause, ok := causes[summary]
			if !ok {
				t.Errorf("%s lists %q, and this test knows nothing that leads to it", source, summary)
				continue
			}
			seen[summary] = true
			fake := newFixture(t, devintest.Options{Quirks: cause.quirks})
			if cause.fault != nil {
				cause.fault(fake)
			}
			given := failureArguments(schema, fake)
			maps.Copy(given, cause.given)
			maps.DeleteFunc(given, func(name string, _ any) bool { return !arguments[name] })
			p := fake.configured(t, cause.settings)
			diags := p.ValidateData(t, source, given)
			if !hasErrors(diags) {
				diags = p.ReadData(t, source, given).Diagnostics
			}
			if len(diags) != 1 || diags[0].Summary != summary {
				t.Errorf("%s with %v lists %q, and says %s", source, given, summary, providertest.Messages(diags))
			}
		}
	}
	for summary := range causes {
		if !seen[summary] {
			t.Errorf("no page lists %q", summary)
		}
	}
}

// Each error that the page of a resource lists is one that the resource has.
func TestEveryErrorOnAPageOfAResourceComes(t *testing.T) {
	t.Parallel()
	const email = "E-mail address in place of an id"
	steps := map[string]func(t *testing.T, fake *fixture, c limitCase) []*tfprotov6.Diagnostic{
		"forbidden: the API key is of one organization": func(t *testing.T, fake *fixture, c limitCase) []*tfprotov6.Diagnostic {
			r := newManaged(t, newTerraform(t, fake, map[string]any{"api_key": devintest.KeyOrganization}), c.name).inState(c.first)
			r.refresh()
			return r.said
		},
		"The provider only reads": func(t *testing.T, fake *fixture, c limitCase) []*tfprotov6.Diagnostic {
			return newManaged(t, newTerraform(t, fake, map[string]any{"read_only": true}), c.name).plan(c.first).Diagnostics
		},
		"Two blocks for one object": func(t *testing.T, fake *fixture, c limitCase) (said []*tfprotov6.Diagnostic) {
			tf := newTerraform(t, fake, nil)
			tf.walk(t, func() {
				newManaged(t, tf, c.name).planChange(c.first)
				said = newManaged(t, tf, c.name).planChange(c.first).Diagnostics
			})
			return said
		},
		"Nothing to import": func(t *testing.T, fake *fixture, c limitCase) []*tfprotov6.Diagnostic {
			r := newManaged(t, newTerraform(t, fake, nil), c.name)
			r.importID(c.id())
			return r.said
		},
		email: func(t *testing.T, fake *fixture, c limitCase) []*tfprotov6.Diagnostic {
			return newManaged(t, newTerraform(t, fake, nil), c.name).plan(c.of("none@acme.example")).Diagnostics
		},
	}
	unknown := func(t *testing.T, fake *fixture, c limitCase) []*tfprotov6.Diagnostic {
		return newManaged(t, newTerraform(t, fake, nil), c.name).plan(c.of("email|none")).Diagnostics
	}
	steps["User unknown to Devin"], steps["Organization unknown to Devin"] = unknown, unknown
	for summary, status := range map[string]int{
		"Perhaps not enabled for this enterprise":              http.StatusNotFound,
		"forbidden: Devin denied access, or it is not enabled": http.StatusForbidden,
	} {
		steps[summary] = func(t *testing.T, fake *fixture, c limitCase) []*tfprotov6.Diagnostic {
			fake.Fault(c.path, devintest.Fault{Status: status})
			r := newManaged(t, newTerraform(t, fake, nil), c.name).inState(c.first)
			r.refresh()
			return r.said
		}
	}
	seen := map[string]bool{}
	opts := devintest.Options{Members: 4, PageSize: 200, Quirks: devintest.Quirks{UnknownOrganization: http.StatusNotFound}}
	schemas := newProtocol(t, New(Options{Version: "test"})).Schemas.ResourceSchemas
	for _, c := range limitCases(newFixture(t, opts)) {
		for _, summary := range listedFailures(schemas[c.name].Block.Description) {
			step, ok := steps[summary]
			if !ok {
				t.Errorf("%s lists %q, and this test knows nothing that leads to it", c.name, summary)
				continue
			}
			seen[summary] = true
			if said := step(t, newFixture(t, opts), c); len(said) != 1 || said[0].Summary != summary {
				t.Errorf("%s lists %q, and says %s", c.name, summary, providertest.Messages(said))
			}
		}
	}
	for summary := range steps {
		if !seen[summary] {
			t.Errorf("no page lists %q", summary)
		}
	}
}
