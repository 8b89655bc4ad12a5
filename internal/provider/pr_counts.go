package provider

import "github.com/hashicorp/terraform-plugin-framework/datasource/schema"

// prCaveats is what a reader of pull-request counts must know.
const prCaveats = "The counts [can change](../guides/reading.md#pull-requests) and are not complete for every repository."

// prCountAttributes are the attributes of devin.PRMetrics.
func prCountAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"prs_created_count":           computedInt("Pull requests that Devin created, in any state: the sum of those open, merged and closed."),
		"prs_opened_count":            computedInt("Of those, the ones that are open **now**, when Terraform reads; not those that were opened in the window."),
		"prs_merged_count":            computedInt("Of those, the ones that are merged."),
		"prs_closed_count":            computedInt("Of those, the ones that were closed without a merge."),
		"prs_taken_over_count":        computedInt("Pull requests that somebody else created and Devin pushed commits to, in any state; null where the Devin deployment does not count them."),
		"prs_taken_over_opened_count": computedInt("Of the pull requests taken over, the ones that are open **now**; null where the Devin deployment does not count them."),
		"prs_taken_over_merged_count": computedInt("Of the pull requests taken over, the ones that are merged; null where the Devin deployment does not count them."),
		"prs_taken_over_closed_count": computedInt("Of the pull requests taken over, the ones that were closed without a merge; null where the Devin deployment does not count them."),
		"merge_rate":                  computedFloat("`prs_merged_count` divided by `prs_created_count`, from 0 to 1; null where Devin created no pull request."),
	}
}
