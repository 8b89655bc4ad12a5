package provider

import (
	"context"
	"errors"

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

// reader fills the model of a data source.
type reader[M any] func(ctx context.Context, client *devin.Client, m *M) error

// inScope makes a reader for a model with a scopeModel. It reads the organization of
// org_id, of the data source or else of the provider, and without either the enterprise.
func inScope[M any, P scoped[M]](read reader[M]) reader[M] {
	return func(ctx context.Context, client *devin.Client, m *M) error {
		client = P(m).scope(client)
		return client.ExplainRefusal(ctx, read(ctx, client, m))
	}
}

// inScopeOfEnterpriseKey is inScope for what Devin shows to a key of the enterprise only,
// also of one organization.
func inScopeOfEnterpriseKey[M any, P scoped[M]](read reader[M]) reader[M] {
	return func(ctx context.Context, client *devin.Client, m *M) error {
		client = P(m).scope(client)
		return explainEnterpriseRefusal(ctx, client, read(ctx, client, m))
	}
}

// ofEnterprise makes a reader of the enterprise, whatever org_id of the provider is.
func ofEnterprise[M any](read reader[M]) reader[M] {
	return func(ctx context.Context, client *devin.Client, m *M) error {
		client = client.In("")
		return explainEnterpriseRefusal(ctx, client, read(ctx, client, m))
	}
}

// scoped is a pointer to a model with a scopeModel.
type scoped[M any] interface {
	*M
	scope(client *devin.Client) *devin.Client
}

// explainEnterpriseRefusal is ExplainRefusal for what only a key of the enterprise may do:
// the key of an organization is the reason of a refusal also where it is the one asked for.
func explainEnterpriseRefusal(ctx context.Context, client *devin.Client, err error) error {
	err = client.In("").ExplainRefusal(ctx, err)
	var scope *devin.ScopeError
	if errors.As(err, &scope) {
		scope.OfEnterprise = true
	}
	return err
}
