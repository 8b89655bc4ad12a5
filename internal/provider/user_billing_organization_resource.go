package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newUserBillingOrganizationResource() resource.Resource { return userBillingOrganization() }

func newUserBillingOrganizationList() list.ListResource {
	return &listResource[billingOrganizationModel]{userBillingOrganization()}
}

func userBillingOrganization() *managedResource[billingOrganizationModel] {
	return &managedResource[billingOrganizationModel]{
		name: "user_billing_organization",
		what: "the billing organization of a user",
		about: about{
			group:          groupLimits,
			requests:       userLimitRequests,
			notes:          userLimitsNote + "To list them, `terraform query` asks once for each member.",
			enterpriseOnly: true,
		},
		schema:   billingOrganizationSchema,
		identity: "user_id",
		id:       func(m billingOrganizationModel) string { return m.UserID.ValueString() },
		of: func(id string) billingOrganizationModel {
			return billingOrganizationModel{types.StringValue(id), types.StringNull()}
		},
		read: func(ctx context.Context, client *devin.Client, id string) (billingOrganizationModel, error) {
			limits, err := client.UserACULimits(ctx, id)
			if err != nil {
				return billingOrganizationModel{}, err
			}
			return billingOrganizationModel{types.StringValue(id), types.StringPointerValue(limits.BillingOrgID)}, nil
		},
		owned: func(now billingOrganizationModel, _ ...billingOrganizationModel) billingOrganizationModel { return now },
		write: func(ctx context.Context, client *devin.Client, want, _ billingOrganizationModel) error {
			return client.SetUserBillingOrganization(ctx, want.UserID.ValueString(), want.BillingOrgID.ValueStringPointer())
		},
		request: "PATCH " + userLimitsPath,
		exists: func(ctx context.Context, client *devin.Client, id string) (devin.Presence, error) {
			return client.UserPresence(ctx, id)
		},
		concerns:      func(context.Context, *devin.Client, billingOrganizationModel) []concern { return nil },
		show:          func(m billingOrganizationModel) string { return shown("billing_org_id", m.BillingOrgID) },
		all:           everyBillingOrganization,
		insteadOfBeta: "Devin has no stable endpoint for it.",
	}
}

func billingOrganizationSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Sets the organization that pays for what a user consumes outside of sessions, in the editor and the terminal, and touches nothing else of the user. " +
			"Destroying this resource clears it.",
		Attributes: map[string]schema.Attribute{
			"user_id": identityAttribute("The user, as `devin_members` lists them."),
			"billing_org_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "The organization (`org-...`) that pays.", Validators: []validator.String{notBlank{}},
			},
		},
	}
}

type billingOrganizationModel struct {
	UserID       types.String `tfsdk:"user_id"`
	BillingOrgID types.String `tfsdk:"billing_org_id"`
}

func everyBillingOrganization(ctx context.Context, client *devin.Client) iter.Seq2[billingOrganizationModel, error] {
	return func(yield func(billingOrganizationModel, error) bool) {
		report, err := devin.ReadUsers(devin.Fresh(ctx), client, devin.Selection{What: "billing organization"}, client.UserACULimits)
		if err != nil {
			yield(billingOrganizationModel{}, err)
			return
		}
		for _, user := range report.Readings {
			if user.Value == nil || user.Value.BillingOrgID == nil {
				continue
			}
			if !yield(billingOrganizationModel{types.StringValue(user.ID), types.StringValue(*user.Value.BillingOrgID)}, nil) {
				return
			}
		}
	}
}
