package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newHypervisorsDataSource() datasource.DataSource {
	return &dataSource[hypervisorsModel]{
		name:   "hypervisors",
		action: "list the hypervisors",
		about: about{
			group:    groupSessions,
			requests: []endpoint{{"/v3/enterprise/hypervisors", "hypervisors/hypervisors", devin.InfrastructurePermission, "once for every 200 hypervisors"}},
			notes:    "Only an enterprise whose sessions run in its own cloud has hypervisors.",
		},
		schema: hypervisorsSchema,
		read:   ofEnterprise(readHypervisors),
	}
}

func hypervisorsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the machines of the enterprise's own cloud that sessions run on, with counts by status and their mean utilization.",
		Attributes: attributes(enterpriseAttributes(), map[string]schema.Attribute{
			"status":    optionalText("Only hypervisors with this status, such as `available` or `draining`. Default: all, those that are terminated included."),
			"by_status": computedCounts("Hypervisors by `status`."),
			"mean_utilization_percentage": computedFloat("The mean of `utilization_percentage` over the hypervisors that run, " +
				"which are all but the `terminated` and `disconnected` ones; null where none of them has one."),
			"hypervisors": computedRows("The hypervisors, sorted by `hypervisor_id`.", map[string]schema.Attribute{
				"hypervisor_id":              computedString("The id of the hypervisor."),
				"status":                     computedString("`available`, `restarting`, `disconnected`, `terminated`, `draining`, or one that Devin adds."),
				"utilization_percentage":     computedFloat("How much of it is used, in percent; null where Devin does not say."),
				"created_at":                 computedString("When it was created, in UTC as RFC 3339; null where Devin does not say."),
				"last_heartbeat":             computedString("When Devin last heard of it, in UTC as RFC 3339; null where Devin does not say."),
				"cloud_provider_instance_id": computedString("The id of the machine at the cloud's provider; null where Devin does not say."),
			}),
		}),
	}
}

type hypervisorsModel struct {
	enterpriseModel
	Status          types.String       `tfsdk:"status"`
	ByStatus        map[string]int64   `tfsdk:"by_status"`
	MeanUtilization *float64           `tfsdk:"mean_utilization_percentage"`
	Hypervisors     []devin.Hypervisor `tfsdk:"hypervisors"`
}

func readHypervisors(ctx context.Context, client *devin.Client, m *hypervisorsModel) error {
	found, err := client.Hypervisors(ctx, m.Status.ValueString())
	if err != nil {
		return err
	}
	m.Hypervisors = found
	m.ByStatus = countBy(found, func(h devin.Hypervisor) *string { return &h.Status })
	m.MeanUtilization = devin.MeanUtilization(found)
	return nil
}
