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

// scopeAttributes are the attributes of scopeModel.
func scopeAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{"org_id": schema.StringAttribute{
		Optional: true,
		Computed: true,
		MarkdownDescription: "The organization (`org-...`) to read instead of the whole enterprise. Its endpoints also accept a key of the organization. " +
			"Default: `org_id` of the provider. Null where the enterprise was read.",
		Validators: []validator.String{notBlank{}},
	}}
}

// scope returns the client for what the data source reads, and writes the
// organization into the result.
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
