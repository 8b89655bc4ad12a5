package provider

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// metricsFilterModel is embedded in the model of every data source of metrics
// that can be narrowed.
type metricsFilterModel struct {
	OrgIDs         []string     `tfsdk:"org_ids"`
	UserIDs        []string     `tfsdk:"user_ids"`
	ServiceUserIDs []string     `tfsdk:"service_user_ids"`
	PlaybookID     types.String `tfsdk:"playbook_id"`
}

// withMetricsFilter adds what narrows to a schema's attributes; noun is what is
// counted.
func withMetricsFilter(noun string, attributes map[string]schema.Attribute) map[string]schema.Attribute {
	maps.Copy(attributes, map[string]schema.Attribute{
		"org_ids":          queryList(fmt.Sprintf("Only %s in the organizations with these ids. Default: all.", noun)),
		"user_ids":         queryList(fmt.Sprintf("Only %s of the users with these ids. Default: all.", noun)),
		"service_user_ids": queryList(fmt.Sprintf("Only %s of the service users with these ids. Default: all.", noun)),
		"playbook_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: fmt.Sprintf("Only %s with the playbook of this id. Default: all.", noun),
			Validators:          []validator.String{notBlank{}},
		},
	})
	return attributes
}

// filter is what the arguments narrow to.
func (m *metricsFilterModel) filter(ctx context.Context, client *devin.Client) (devin.MetricsFilter, error) {
	f := devin.MetricsFilter{OrgIDs: m.OrgIDs, ServiceUserIDs: m.ServiceUserIDs, PlaybookID: m.PlaybookID.ValueString()}
	err := noOrgIDs(client, m.OrgIDs)
	if err == nil {
		f.UserIDs, err = ownUserIDs(ctx, client, "user_ids", m.UserIDs...)
	}
	return f, err
}

// noOrgIDs refuses the filter by organizations where one organization is read,
// whose endpoint has no such filter.
func noOrgIDs(client *devin.Client, orgIDs []string) error {
	if client.OrgID() == "" || len(orgIDs) == 0 {
		return nil
	}
	return &attributeError{
		path: path.Root("org_ids"), summary: "org_ids beside org_id",
		detail: "org_ids narrows what is read of the enterprise, and here one organization is read, " + client.OrgID() + ", by org_id of the data source or of the provider. Leave one of the two out.",
	}
}
