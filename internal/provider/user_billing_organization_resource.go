package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newUserBillingOrganizationResource() resource.Resource { return userBillingOrganization() }

func newUserBillingOrganizationList() list.ListResource {
	return &listResource{userBillingOrganization()}
}

func userBillingOrganization() *managedResource {
	return &managedResource{
		name:   "user_billing_organization",
		what:   "the billing organization of a user",
		plural: "the billing organizations of users",
		about: about{
			group:    groupLimits,
			requests: userLimitRequests,
			notes:    userLimitsNote + "To list them, `terraform query` asks once for each member.",
		},
		schema:   billingOrganizationSchema,
		identity: "user_id",
		kind:     "user",
		read:     readUserLimits,
		write: func(ctx context.Context, client *devin.Client, userID string, change fieldValues) error {
			return client.SetUserBillingOrganization(ctx, userID, change.text("billing_org_id"))
		},
		request:  "PATCH " + userLimitsPath,
		presence: (*devin.Client).UserPresence,
		others:   userIDs,
		ownID:    ownUserID,
		list: func(ctx context.Context, client *devin.Client) iter.Seq2[object, error] {
			return listUserLimits(ctx, client, "billing_org_id")
		},
		insteadOfBeta: "Devin has no stable endpoint for it.",
	}
}

func billingOrganizationSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Sets the organization that pays for what a user consumes outside of sessions, in the editor and the terminal, and touches nothing else of the user. " +
			"Where Devin has one already, the plan warns and shows it. Destroying this resource clears it, and leaves a limit of the user as it is.",
		Attributes: map[string]schema.Attribute{
			"user_id": identityAttribute("The user, as `devin_members` lists them."),
			"billing_org_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "The organization (`org-...`) that pays.", Validators: []validator.String{notBlank{}},
			},
		},
	}
}
