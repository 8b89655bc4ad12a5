package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newQueueDataSource() datasource.DataSource {
	return &dataSource[queueModel]{
		name:   "queue",
		action: "read the queue",
		about: about{
			group:    groupSessions,
			requests: []endpoint{{"/v3/enterprise/queue", "overview", devin.MetricsPermission, "once"}},
			notes:    "The queue changes all the time, and so does everything that depends on it: a plan a minute later may differ.",
		},
		schema: queueSchema,
		read:   ofEnterprise(readQueue),
	}
}

func queueSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads how many Devin sessions of the enterprise are waiting for their turn, or are about to resume, when Terraform reads.",
		Attributes: attributes(enterpriseAttributes(), map[string]schema.Attribute{
			"queue_size": computedInt("Sessions in the queue: those that are new, claimed or resuming."),
			"status":     computedString("How full that is, in Devin's words: `normal`, `elevated` or `high`."),
		}),
	}
}

type queueModel struct {
	enterpriseModel
	devin.Queue
}

func readQueue(ctx context.Context, client *devin.Client, m *queueModel) error {
	queue, err := client.Queue(ctx)
	if err == nil {
		m.Queue = *queue
	}
	return err
}
