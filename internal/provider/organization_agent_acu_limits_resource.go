package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newOrganizationAgentACULimitsResource() resource.Resource {
	return organizationAgentACULimits()
}

func newOrganizationAgentACULimitsList() list.ListResource {
	return &listResource[agentACULimitsModel]{organizationAgentACULimits()}
}

const agentLimitsPath = "/v3beta1/enterprise/organizations/{org_id}/consumption/acu-limits"

func organizationAgentACULimits() *managedResource[agentACULimitsModel] {
	return &managedResource[agentACULimitsModel]{
		name: "organization_agent_acu_limits",
		what: "the ACU limits of an organization's agents",
		about: about{
			group: groupLimits,
			requests: []endpoint{
				{agentLimitsPath, "", devin.ConsumptionPermission, "once for each read; after a write until the limits show"},
				{"PATCH " + agentLimitsPath, "", devin.BillingPermission, "once to create, change or destroy"},
				{"/v3/enterprise/organizations/{org_id}", "", devin.OrganizationsPermission, "only after an answer 403 or 404, to tell an organization that is gone from an endpoint that is not enabled"},
				{"/v3/enterprise/organizations", "", devin.OrganizationsPermission, "after that, where the organization is not found; and to list"},
				{"/v3/enterprise/consumption/cycles", "", devin.ConsumptionPermission, "once for a plan that changes a limit"},
				{"/v3/enterprise/consumption/daily/organizations/{org_id}", "", devin.ConsumptionPermission, "once for a plan that changes a limit"},
			},
			notes: "The endpoint is [in beta](https://docs.devin.ai/admin/billing/org-acu-limits), and Devin enables it for an enterprise. " +
				"Where it is not, use [`devin_organization_acu_limit`](organization_acu_limit.md). " + limitsNote,
			enterpriseOnly: true,
		},
		schema:   agentACULimitsSchema,
		identity: "org_id",
		id:       func(m agentACULimitsModel) string { return m.OrgID.ValueString() },
		of: func(id string) agentACULimitsModel {
			return agentACULimitsModel{types.StringValue(id), types.Int64Null(), types.Int64Null()}
		},
		read: func(ctx context.Context, client *devin.Client, id string) (agentACULimitsModel, error) {
			limits, err := client.OrganizationAgentACULimits(ctx, id)
			if err != nil {
				return agentACULimitsModel{}, err
			}
			return agentACULimitsModel{types.StringValue(id), limitOf(limits.Cloud), limitOf(limits.Local)}, nil
		},
		owned:   ownedAgentACULimits,
		write:   writeAgentACULimits,
		request: "PATCH " + agentLimitsPath,
		exists: func(ctx context.Context, client *devin.Client, id string) (devin.Presence, error) {
			return client.OrganizationPresence(ctx, id)
		},
		concerns: agentConcerns,
		show: func(m agentACULimitsModel) string {
			return shown("cloud_agent_cycle_acu_limit", m.Cloud, "local_agent_cycle_acu_limit", m.Local)
		},
		all:           everyAgentACULimits,
		insteadOfBeta: "Where it is not enabled, use devin_organization_acu_limit, whose endpoint is stable.",
	}
}

func agentACULimitsSchema() schema.Schema {
	cloud := limitAttribute("The most ACUs that the cloud agent, which is Devin's sessions, may consume for the organization in a billing cycle. Null leaves this limit alone.")
	local := limitAttribute("The most ACUs that the local agents, in the editor and the terminal, may consume for the organization in a billing cycle. Null leaves this limit alone.")
	cloud.Optional, local.Optional = true, true
	cloud.Validators = append(cloud.Validators, int64validator.AtLeastOneOf(path.MatchRoot("local_agent_cycle_acu_limit")))
	return schema.Schema{
		MarkdownDescription: "Sets the most ACUs that each kind of agent may consume for an organization in a billing cycle. " +
			"Only the limits that are written in the configuration are touched: taking one out clears it, and one that was never in it stays as it is. " +
			"Where Devin has such a limit already, the plan warns and shows it.",
		Attributes: map[string]schema.Attribute{
			"org_id":                      identityAttribute("The organization (`org-...`)."),
			"cloud_agent_cycle_acu_limit": cloud,
			"local_agent_cycle_acu_limit": local,
		},
	}
}

type agentACULimitsModel struct {
	OrgID types.String `tfsdk:"org_id"`
	Cloud types.Int64  `tfsdk:"cloud_agent_cycle_acu_limit"`
	Local types.Int64  `tfsdk:"local_agent_cycle_acu_limit"`
}

func ownedAgentACULimits(now agentACULimitsModel, owners ...agentACULimitsModel) agentACULimitsModel {
	cloud, local := false, false
	for _, o := range owners {
		cloud, local = cloud || !o.Cloud.IsNull(), local || !o.Local.IsNull()
	}
	if !cloud {
		now.Cloud = types.Int64Null()
	}
	if !local {
		now.Local = types.Int64Null()
	}
	return now
}

func writeAgentACULimits(ctx context.Context, client *devin.Client, want, had agentACULimitsModel) error {
	limits := map[devin.Agent]*devin.Count{}
	for agent, values := range map[devin.Agent][2]types.Int64{devin.CloudAgent: {want.Cloud, had.Cloud}, devin.LocalAgent: {want.Local, had.Local}} {
		if !values[0].IsNull() || !values[1].IsNull() {
			limits[agent] = countOf(values[0])
		}
	}
	return client.SetOrganizationAgentACULimits(ctx, want.OrgID.ValueString(), limits)
}

func agentConcerns(ctx context.Context, client *devin.Client, want agentACULimitsModel) []concern {
	orgID := want.OrgID.ValueString()
	used := func(products []string) func(ctx context.Context, w devin.Window) (float64, error) {
		return func(ctx context.Context, w devin.Window) (float64, error) {
			return organizationUse(ctx, client, orgID, w, products)
		}
	}
	return append(
		limitConcerns(ctx, client, "cloud_agent_cycle_acu_limit", want.Cloud, "the cloud agent for "+orgID, used(devin.CloudProducts)),
		limitConcerns(ctx, client, "local_agent_cycle_acu_limit", want.Local, "the local agents for "+orgID, used(devin.LocalProducts))...)
}

func everyAgentACULimits(ctx context.Context, client *devin.Client) iter.Seq2[agentACULimitsModel, error] {
	return func(yield func(agentACULimitsModel, error) bool) {
		report, err := devin.ReadOrganizations(devin.Fresh(ctx), client, devin.Selection{What: "limits"}, client.OrganizationAgentACULimits)
		if err != nil {
			yield(agentACULimitsModel{}, err)
			return
		}
		for _, org := range report.Readings {
			if org.Value == nil || org.Value.Cloud == nil && org.Value.Local == nil {
				continue
			}
			if !yield(agentACULimitsModel{types.StringValue(org.ID), limitOf(org.Value.Cloud), limitOf(org.Value.Local)}, nil) {
				return
			}
		}
	}
}
