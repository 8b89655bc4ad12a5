package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// scopeModel is embedded in the model of every data source that reads the
// enterprise or one organization.
type scopeModel struct {
	OrgID types.String `tfsdk:"org_id"`
}

// withScope adds the organization to a schema's attributes.
func withScope(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	attributes["org_id"] = schema.StringAttribute{
		Optional: true,
		Computed: true,
		MarkdownDescription: "The organization (`org-...`) that is read instead of the whole enterprise, through its own endpoints, which a key of the organization may use too. " +
			"Default: `org_id` of the provider. Null where the enterprise was read.",
		Validators: []validator.String{notBlank{}},
	}
	return attributes
}

// scope is the client for what the data source reads, and notes it in the result.
func (m *scopeModel) scope(client *devin.Client) *devin.Client {
	if orgID := m.OrgID.ValueString(); orgID != "" {
		client = client.In(orgID)
	}
	m.OrgID = types.StringNull()
	if orgID := client.OrgID(); orgID != "" {
		m.OrgID = types.StringValue(orgID)
	}
	return client
}
