package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

func newOrganizationACULimitResource() resource.Resource { return organizationACULimit() }

func newOrganizationACULimitList() list.ListResource {
	return &listResource{organizationACULimit()}
}

func organizationACULimit() *managedResource {
	return &managedResource{
		name:   "organization_acu_limit",
		what:   "the ACU limit of an organization",
		plural: "the ACU limits of organizations",
		about: about{
			group: groupLimits,
			requests: []endpoint{
				{orgLimitsPath, "acu-limits/get-devin-acu-limits", devin.ConsumptionPermission, "for each read, once for every 200 limits; after a write until the limit shows"},
				{"PUT " + orgLimitPath, "acu-limits/set-org-devin-acu-limit", devin.BillingPermission, "once to create or change"},
				{"DELETE " + orgLimitPath, "", devin.BillingPermission, "once to destroy"},
				{"/v3/enterprise/consumption/cycles", "", devin.ConsumptionPermission, "once for a plan that changes the limit"},
				{"/v3/enterprise/consumption/daily/organizations/{org_id}", "", devin.ConsumptionPermission, "once for a plan that changes the limit, to warn where it is below what the cycle has used already"},
				{agentLimitsPath, "", devin.ConsumptionPermission, "once for a plan that changes the limit"},
				{"/v3/enterprise/organizations", "", devin.OrganizationsPermission, "once for a plan with new limits, to tell whether the organizations exist"},
			},
		},
		schema:   organizationACULimitSchema,
		identity: "org_id",
		kind:     "limit of organization",
		alone:    true,
		read:     readOrganizationACULimit,
		write:    writeOrganizationACULimit,
		request:  "PUT or DELETE " + orgLimitPath,
		presence: (*devin.Client).OrganizationPresence,
		others:   organizationIDs,
		ownID:    asGiven,
		advice:   adviseOrganizationACULimit,
		list:     listOrganizationACULimits,
	}
}

func organizationACULimitSchema() schema.Schema {
	limit := limitAttribute("The most ACUs that Devin's cloud sessions may consume for the organization in a billing cycle. It does not cap local agents in the editor and the terminal, nor Devin Review.")
	limit.Required = true
	return schema.Schema{
		MarkdownDescription: "Sets the most ACUs that Devin's cloud sessions may consume for an organization in a billing cycle: use of the product `devin` alone. " +
			"It does not cap local agents, in the editor and the terminal, nor Devin Review. Local agents are capped by [`devin_organization_agent_acu_limits`](organization_agent_acu_limits.md), whose `cloud_agent_cycle_acu_limit` is probably the same setting as this one: " +
			"use one of the two for an organization. " +
			"Where Devin has such a limit already, the plan warns and shows it, and applying the plan replaces it. Destroying this resource clears the limit.",
		Attributes: map[string]schema.Attribute{
			"org_id":          identityAttribute("The organization (`org-...`). Another one is another limit: the old one is cleared."),
			"cycle_acu_limit": limit,
		},
	}
}

func readOrganizationACULimit(ctx context.Context, client *devin.Client, orgID string) (fieldValues, error) {
	limit, err := client.OrganizationACULimit(ctx, orgID)
	return fieldValues{}.setCount("cycle_acu_limit", limit), err
}

func writeOrganizationACULimit(ctx context.Context, client *devin.Client, orgID string, change fieldValues) error {
	return client.SetOrganizationACULimit(ctx, orgID, change.count("cycle_acu_limit"))
}

// adviseOrganizationACULimit also warns where devin_organization_agent_acu_limits, which
// probably is the same setting, has a limit too.
func adviseOrganizationACULimit(ctx context.Context, client *devin.Client, orgID string, want fieldValues) ([]explain.Message, error) {
	warnings, err := limitAdvice("cycle_acu_limit", want.count("cycle_acu_limit"), "the organization "+orgID,
		func() (*devin.CycleUse, error) { return client.OrganizationCycleUse(ctx, orgID, devin.CloudAgent) })
	if agents, hidden := client.OrganizationAgentACULimits(ctx, orgID); hidden == nil && agents.Cloud != nil {
		warnings = append(warnings, explain.TwoLimits(orgID, "cloud_agent_cycle_acu_limit of devin_organization_agent_acu_limits", int64(*agents.Cloud)))
	}
	return warnings, err
}

func listOrganizationACULimits(ctx context.Context, client *devin.Client) iter.Seq2[object, error] {
	return func(yield func(object, error) bool) {
		limits, err := client.ACULimits(ctx)
		if err != nil {
			yield(object{}, err)
			return
		}
		for _, l := range limits {
			if l.Scope == "org" && l.OrgID != nil && !yield(object{*l.OrgID, fieldValues{}.setCount("cycle_acu_limit", l.CycleACULimit)}, nil) {
				return
			}
		}
	}
}
