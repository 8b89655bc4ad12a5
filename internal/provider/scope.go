package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
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
		MarkdownDescription: "The organization (`org-...`) to read. " +
			"Default: the provider's, or else [the whole enterprise](../guides/reading.md#the-enterprise-or-one-organization).",
		Validators: []validator.String{notBlank{}},
	}}
}

// scope returns the client for the organization, or the enterprise, that the data source
// reads, and puts the organization into the result.
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

// reader reads a data source.
type reader[M any] struct {
	keys keys // that Devin accepts for it
	fill filler[M]
}

// filler fills the model of a data source.
type filler[M any] func(ctx context.Context, client *devin.Client, m *M) error

// ofKey returns a reader for what any key may read, whatever org_id of the provider is.
func ofKey[M any](fill filler[M]) reader[M] { return reader[M]{anyKey, fill} }

// inScope returns a reader for a model with a scopeModel: it reads the organization that
// org_id names, in the data source or else in the provider, or else the enterprise.
func inScope[M any, P scoped[M]](fill filler[M]) reader[M] {
	return reader[M]{eitherKey, func(ctx context.Context, client *devin.Client, m *M) error {
		client = P(m).scope(client)
		return client.ExplainRefusal(ctx, fill(ctx, client, m))
	}}
}

// inScopeOfEnterpriseKey is inScope for an endpoint that takes a key of the enterprise
// only, also where it reads one organization.
func inScopeOfEnterpriseKey[M any, P scoped[M]](fill filler[M]) reader[M] {
	return reader[M]{enterpriseKeyOnly, func(ctx context.Context, client *devin.Client, m *M) error {
		client = P(m).scope(client)
		return explainEnterpriseRefusal(ctx, client, fill(ctx, client, m))
	}}
}

// enterpriseModel is embedded in the model of every data source that only the enterprise
// has.
type enterpriseModel struct {
	Scope *string `tfsdk:"scope"`
}

// enterpriseAttributes are the attributes of enterpriseModel.
func enterpriseAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{"scope": computedString(
		"Always `enterprise`: [no organization](../guides/reading.md#the-enterprise-or-one-organization) has this.")}
}

func (m *enterpriseModel) readEnterprise() { m.Scope = new("enterprise") }

// narrowing returns the argument that names the organizations to read, if there is one,
// and whether no warning is due beside an org_id of the provider. A model may have its own.
func (m *enterpriseModel) narrowing() (argument string, settled bool) { return "", false }

// ofEnterprise returns a reader for a model with an enterpriseModel. It reads the
// enterprise whatever org_id of the provider is, and then warns.
func ofEnterprise[M any, P enterpriseWide[M]](fill filler[M]) reader[M] {
	return reader[M]{enterpriseKey, func(ctx context.Context, client *devin.Client, m *M) error {
		orgID := client.OrgID()
		client = client.In("")
		if err := fill(ctx, client, m); err != nil {
			return explainEnterpriseRefusal(ctx, client, err)
		}
		if argument, settled := P(m).narrowing(); orgID != "" && !settled {
			warning := explain.EnterpriseRead(orgID, argument)
			warn(ctx, warning.Summary, warning.Detail)
		}
		P(m).readEnterprise()
		return nil
	}}
}

// enterpriseWide is a pointer to a model with an enterpriseModel.
type enterpriseWide[M any] interface {
	*M
	readEnterprise()
	narrowing() (argument string, settled bool)
}

// scoped is a pointer to a model with a scopeModel.
type scoped[M any] interface {
	*M
	scope(client *devin.Client) *devin.Client
}

// explainEnterpriseRefusal is ExplainRefusal for an endpoint that takes a key of the
// enterprise only: it refuses the key of an organization also for that organization.
func explainEnterpriseRefusal(ctx context.Context, client *devin.Client, err error) error {
	err = client.In("").ExplainRefusal(ctx, err)
	if scope, ok := errors.AsType[*devin.ScopeError](err); ok {
		scope.OfEnterprise = true
	}
	return err
}
