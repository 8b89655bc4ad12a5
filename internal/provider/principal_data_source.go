package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newPrincipalDataSource() datasource.DataSource {
	return &dataSource[devin.Principal]{
		name:   "principal",
		action: "read who the API key acts as",
		about: about{
			group:    groupConnection,
			requests: []endpoint{{"/v3/self", "self/self", nil, "once"}},
			notes:    "Any key that Devin accepts may read this. [`devin_connection_check`](connection_check.md) shows what else the key may do.",
		},
		schema: principalSchema,
		read:   ofKey(readPrincipal),
	}
}

func principalSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads who the provider's API key acts as, and which organization it belongs to. It needs no permission.",
		Attributes:          principalAttributes(),
	}
}

func readPrincipal(ctx context.Context, client *devin.Client, m *devin.Principal) error {
	self, err := client.Self(ctx)
	if err != nil {
		return client.ExplainRefusal(ctx, err)
	}
	*m = *self
	return nil
}
