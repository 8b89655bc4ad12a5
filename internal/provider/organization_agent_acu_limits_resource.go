package provider

import (
	"context"
	"errors"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/numbervalidator"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

func newOrganizationAgentACULimitsResource() resource.Resource {
	return organizationAgentACULimits()
}

func newOrganizationAgentACULimitsList() list.ListResource {
	return &listResource{organizationAgentACULimits()}
}

func organizationAgentACULimits() *managedResource {
	return &managedResource{
		name:   "organization_agent_acu_limits",
		what:   "the ACU limits of an organization's agents",
		plural: "the ACU limits of organizations' agents",
		about: about{
			group: groupLimits,
			requests: []endpoint{
				{agentLimitsPath, "", devin.ConsumptionPermission, "once for each read, and before a write; after a write until the limits show"},
				{"PATCH " + agentLimitsPath, "", devin.BillingPermission, "once to create, change or destroy"},
				{"/v3/enterprise/organizations/{org_id}", "", devin.OrganizationsPermission, "only after an answer 403 or 404, to tell an organization that is gone from an endpoint that is not enabled"},
				{"/v3/enterprise/organizations", "", devin.OrganizationsPermission, "after that, where the organization is not found; and to list"},
				{"/v3/enterprise/consumption/cycles", "", devin.ConsumptionPermission, "once for a plan that changes a limit"},
				{"/v3/enterprise/consumption/daily/organizations/{org_id}", "", devin.ConsumptionPermission, "once for a plan that changes a limit, to warn where it is below what the cycle has used already"},
				{orgLimitsPath, "acu-limits/get-devin-acu-limits", devin.ConsumptionPermission, "once for a plan that changes the limit of cloud agents"},
			},
			notes: "The endpoint is [in beta](https://docs.devin.ai/admin/billing/org-acu-limits), and Devin enables it for an enterprise. " +
				"Where it is not, use [`devin_organization_acu_limit`](organization_acu_limit.md).",
		},
		schema:        agentACULimitsSchema,
		identity:      "org_id",
		kind:          "agents of organization",
		read:          readAgentACULimits,
		write:         writeAgentACULimits,
		request:       "PATCH " + agentLimitsPath,
		presence:      (*devin.Client).OrganizationPresence,
		others:        organizationIDs,
		ownID:         asGiven,
		advice:        adviseAgentACULimits,
		list:          listAgentACULimits,
		insteadOfBeta: "Where it is not enabled, use devin_organization_acu_limit, whose endpoint is stable.",
	}
}

func agentACULimitsSchema() schema.Schema {
	cloud := limitAttribute("The most ACUs that the cloud agent, which is Devin's sessions, may consume for the organization in a billing cycle. Null leaves this limit alone.")
	local := limitAttribute("The most ACUs that the local agents, in the editor and the terminal, may consume for the organization in a billing cycle. Null leaves this limit alone.")
	cloud.Optional, local.Optional = true, true
	cloud.Validators = append(cloud.Validators, numbervalidator.AtLeastOneOf(path.MatchRoot("local_agent_cycle_acu_limit")))
	return schema.Schema{
		MarkdownDescription: "Sets the most ACUs that each kind of agent may consume for an organization in a billing cycle. " +
			"Only the limits that are written in the configuration are touched: taking one out clears it, and one that was never in it stays as it is. " +
			"Where Devin has such a limit already, the plan warns and shows it. Destroying this resource clears the limits that the configuration has, and leaves the others as they are. " +
			"The limit of the cloud agent is probably the same setting as [`devin_organization_acu_limit`](organization_acu_limit.md): use one of the two for an organization.",
		Attributes: map[string]schema.Attribute{
			"org_id":                      identityAttribute("The organization (`org-...`)."),
			"cloud_agent_cycle_acu_limit": cloud,
			"local_agent_cycle_acu_limit": local,
		},
	}
}

func agentFields(limits *devin.AgentACULimits) fieldValues {
	return fieldValues{}.setCount("cloud_agent_cycle_acu_limit", limits.Cloud).setCount("local_agent_cycle_acu_limit", limits.Local)
}

func readAgentACULimits(ctx context.Context, client *devin.Client, orgID string) (fieldValues, error) {
	limits, err := client.OrganizationAgentACULimits(ctx, orgID)
	if err != nil {
		return nil, err
	}
	return agentFields(limits), nil
}

func writeAgentACULimits(ctx context.Context, client *devin.Client, orgID string, change fieldValues) error {
	limits := map[devin.Agent]*devin.Count{}
	for agent, name := range map[devin.Agent]string{devin.CloudAgent: "cloud_agent_cycle_acu_limit", devin.LocalAgent: "local_agent_cycle_acu_limit"} {
		if _, ok := change[name]; ok {
			limits[agent] = change.count(name)
		}
	}
	return client.SetOrganizationAgentACULimits(ctx, orgID, limits)
}

func adviseAgentACULimits(ctx context.Context, client *devin.Client, orgID string, want fieldValues) ([]explain.Message, error) {
	used := func(agent devin.Agent) func() (*devin.CycleUse, error) {
		return func() (*devin.CycleUse, error) { return client.OrganizationCycleUse(ctx, orgID, agent) }
	}
	cloud, cloudErr := limitAdvice("cloud_agent_cycle_acu_limit", want.count("cloud_agent_cycle_acu_limit"), "the cloud agent for "+orgID, used(devin.CloudAgent))
	local, localErr := limitAdvice("local_agent_cycle_acu_limit", want.count("local_agent_cycle_acu_limit"), "the local agent for "+orgID, used(devin.LocalAgent))
	warnings := append(cloud, local...)
	if want.count("cloud_agent_cycle_acu_limit") != nil {
		if limit, hidden := client.OrganizationACULimit(ctx, orgID); hidden == nil && limit != nil {
			warnings = append(warnings, explain.TwoLimits(orgID, "cycle_acu_limit of devin_organization_acu_limit", int64(*limit)))
		}
	}
	return warnings, errors.Join(cloudErr, localErr)
}

func listAgentACULimits(ctx context.Context, client *devin.Client) iter.Seq2[object, error] {
	return objectsOf(func() (*devin.Report[devin.AgentACULimits], error) {
		return devin.ReadOrganizations(ctx, client, devin.Selection{What: "limits"}, client.OrganizationAgentACULimits)
	}, agentFields)
}
