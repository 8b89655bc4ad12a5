package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// prCaveats are what a reader must know of any of these counts.
const prCaveats = "A pull request's state is its present one, so numbers of a past window can change. " +
	"They are complete only for repositories connected through Devin's GitHub App; " +
	"self-managed GitLab reports merges and closings once a day. " +
	"Which of a pull request's times the window applies to, Devin does not document."

// prCountsModel is embedded wherever pull requests are counted. Its fields are
// pointers, since at the top level of a model the configuration is read into
// them, as null.
type prCountsModel struct {
	Created         *int64   `tfsdk:"prs_created_count"`
	Opened          *int64   `tfsdk:"prs_opened_count"`
	Merged          *int64   `tfsdk:"prs_merged_count"`
	Closed          *int64   `tfsdk:"prs_closed_count"`
	TakenOver       *int64   `tfsdk:"prs_taken_over_count"`
	TakenOverOpened *int64   `tfsdk:"prs_taken_over_opened_count"`
	TakenOverMerged *int64   `tfsdk:"prs_taken_over_merged_count"`
	TakenOverClosed *int64   `tfsdk:"prs_taken_over_closed_count"`
	MergeRate       *float64 `tfsdk:"merge_rate"`
}

func prCounts(m *devin.PRMetrics) prCountsModel {
	return prCountsModel{
		Created: &m.Created, Opened: &m.Opened, Merged: &m.Merged, Closed: &m.Closed,
		TakenOver: m.TakenOver, TakenOverOpened: m.TakenOverOpened,
		TakenOverMerged: m.TakenOverMerged, TakenOverClosed: m.TakenOverClosed,
		MergeRate: m.MergeRate(),
	}
}

// withPRCounts adds the counts to a schema's attributes.
func withPRCounts(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	maps.Copy(attributes, map[string]schema.Attribute{
		"prs_created_count": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Pull requests that Devin created, in any state: the sum of those open, merged and closed.",
		},
		"prs_opened_count": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Of those, the ones that are open **now**, when Terraform reads; not those that were opened in the window.",
		},
		"prs_merged_count": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Of those, the ones that are merged.",
		},
		"prs_closed_count": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Of those, the ones that were closed without a merge.",
		},
		"prs_taken_over_count": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Pull requests that somebody else created and Devin pushed commits to, in any state; null where the Devin deployment does not count them.",
		},
		"prs_taken_over_opened_count": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Of the pull requests taken over, the ones that are open **now**; null where the Devin deployment does not count them.",
		},
		"prs_taken_over_merged_count": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Of the pull requests taken over, the ones that are merged; null where the Devin deployment does not count them.",
		},
		"prs_taken_over_closed_count": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Of the pull requests taken over, the ones that were closed without a merge; null where the Devin deployment does not count them.",
		},
		"merge_rate": schema.Float64Attribute{
			Computed:            true,
			MarkdownDescription: "`prs_merged_count` divided by `prs_created_count`, from 0 to 1; null where Devin created no pull request.",
		},
	})
	return attributes
}
