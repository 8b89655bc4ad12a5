package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newOrganizationACULimitResource() resource.Resource { return organizationACULimit() }

func newOrganizationACULimitList() list.ListResource {
	return &listResource[organizationACULimitModel]{organizationACULimit()}
}

const (
	orgLimitsPath = "/v3/enterprise/consumption/acu-limits/devin"
	orgLimitPath  = orgLimitsPath + "/organizations/{org_id}"
)

func organizationACULimit() *managedResource[organizationACULimitModel] {
	return &managedResource[organizationACULimitModel]{
		name: "organization_acu_limit",
		what: "the ACU limit of an organization",
		about: about{
			group: groupLimits,
			requests: []endpoint{
				{orgLimitsPath, "acu-limits/get-devin-acu-limits", devin.ConsumptionPermission, "for each read, once for every 200 limits, at least once; after a write until the limit shows"},
				{"PUT " + orgLimitPath, "acu-limits/set-org-devin-acu-limit", devin.BillingPermission, "once to create or change"},
				{"DELETE " + orgLimitPath, "", devin.BillingPermission, "once to destroy"},
				{"/v3/enterprise/consumption/cycles", "", devin.ConsumptionPermission, "once for a plan that changes the limit"},
				{"/v3/enterprise/consumption/daily/organizations/{org_id}", "", devin.ConsumptionPermission, "once for a plan that changes the limit"},
			},
			notes:          limitsNote,
			enterpriseOnly: true,
		},
		schema:   organizationACULimitSchema,
		identity: "org_id",
		id:       func(m organizationACULimitModel) string { return m.OrgID.ValueString() },
		of: func(id string) organizationACULimitModel {
			return organizationACULimitModel{types.StringValue(id), types.Int64Null()}
		},
		read: func(ctx context.Context, client *devin.Client, id string) (organizationACULimitModel, error) {
			limit, err := client.OrganizationACULimit(ctx, id)
			return organizationACULimitModel{types.StringValue(id), limitOf(limit)}, err
		},
		owned: func(now organizationACULimitModel, _ ...organizationACULimitModel) organizationACULimitModel {
			return now
		},
		write: func(ctx context.Context, client *devin.Client, want, _ organizationACULimitModel) error {
			return client.SetOrganizationACULimit(ctx, want.OrgID.ValueString(), countOf(want.CycleACULimit))
		},
		request: "PUT or DELETE " + orgLimitPath,
		exists: func(ctx context.Context, client *devin.Client, id string) (devin.Presence, error) {
			return client.OrganizationPresence(ctx, id)
		},
		concerns: func(ctx context.Context, client *devin.Client, want organizationACULimitModel) []concern {
			orgID := want.OrgID.ValueString()
			return limitConcerns(ctx, client, "cycle_acu_limit", want.CycleACULimit, "the organization "+orgID, func(ctx context.Context, w devin.Window) (float64, error) {
				return organizationUse(ctx, client, orgID, w, nil)
			})
		},
		show: func(m organizationACULimitModel) string { return shown("cycle_acu_limit", m.CycleACULimit) },
		all:  everyOrganizationACULimit,
	}
}

const limitsNote = "Limits apply to a billing cycle, and start anew with the next one. Which limit counts where several cap the same use, Devin does not document: see the guide [Limits](../guides/limits.md)."

func organizationACULimitSchema() schema.Schema {
	limit := limitAttribute("The most ACUs that the organization may consume in a billing cycle.")
	limit.Required = true
	return schema.Schema{
		MarkdownDescription: "Sets the most ACUs that an organization may consume in a billing cycle. " +
			"Where Devin has such a limit already, the plan warns and shows it, and applying the plan replaces it. Destroying this resource clears the limit.",
		Attributes: map[string]schema.Attribute{
			"org_id":          identityAttribute("The organization (`org-...`). Another one is another limit: the old one is cleared."),
			"cycle_acu_limit": limit,
		},
	}
}

type organizationACULimitModel struct {
	OrgID         types.String `tfsdk:"org_id"`
	CycleACULimit types.Int64  `tfsdk:"cycle_acu_limit"`
}

func everyOrganizationACULimit(ctx context.Context, client *devin.Client) iter.Seq2[organizationACULimitModel, error] {
	return func(yield func(organizationACULimitModel, error) bool) {
		limits, err := client.ACULimits(devin.Fresh(ctx))
		if err != nil {
			yield(organizationACULimitModel{}, err)
			return
		}
		for _, l := range limits {
			if l.Scope == "org" && !yield(organizationACULimitModel{types.StringValue(*l.OrgID), limitOf(l.CycleACULimit)}, nil) {
				return
			}
		}
	}
}

// organizationUse is what an organization consumed, by some products or by all.
func organizationUse(ctx context.Context, client *devin.Client, orgID string, w devin.Window, products []string) (float64, error) {
	consumption, err := client.OrganizationDailyConsumption(ctx, orgID, w)
	if err != nil {
		return 0, err
	}
	return consumption.Of(products), nil
}
