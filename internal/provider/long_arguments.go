package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

// mostInQuery is the largest number of ids in the query of one request. An id takes
// about 45 bytes there, and many proxies refuse a URL of more than 8 KiB.
const mostInQuery = 100

// queryList is an idList that one request sends as a whole.
func queryList(description string) schema.ListAttribute {
	list := idList(fmt.Sprintf("%s At most %d.", description, mostInQuery))
	list.Validators = []validator.List{notEmpty{}, atMost(mostInQuery), listvalidator.ValueStringsAre(notBlank{})}
	return list
}

// atMost refuses a longer list. Several requests could share the list, but the sum
// of their counts would be wrong: a pull request can belong to two users.
type atMost int

func (v atMost) Description(context.Context) string {
	return fmt.Sprintf("must not have more than %d elements", int(v))
}

func (v atMost) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v atMost) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	if n := len(req.ConfigValue.Elements()); n > int(v) {
		resp.Diagnostics.AddAttributeError(req.Path, "Too many ids for one request", fmt.Sprintf(
			"The list has %d ids, and they are sent in the address of a single request, which has room for %d. "+
				"Share them between several data sources. "+
				"Their counts may overlap: a pull request that two users worked on counts for each of them.", n, int(v)))
	}
}

// tellingLength is a length that every proxy accepts.
const tellingLength = 1000

// blameArgument points to the argument that makes a request too long for Devin, if
// an argument is long enough to be the cause.
func blameArgument(err error, config tftypes.Value) error {
	if !explain.TooLong(err) {
		return err
	}
	name, length := longestArgument(config)
	if length < tellingLength {
		return err
	}
	return errorAt(path.Root(name), explain.LongArgument(name, length, err), nil)
}

// longestArgument returns the argument with the most text.
func longestArgument(config tftypes.Value) (name string, length int) {
	var arguments map[string]tftypes.Value
	if config.As(&arguments) != nil {
		return "", 0
	}
	// A report over users sends a request for each of them.
	if _, report := arguments["skip_failed_users"]; report {
		delete(arguments, "user_ids")
	}
	for candidate, argument := range arguments {
		n := 0
		_ = tftypes.Walk(argument, func(_ *tftypes.AttributePath, v tftypes.Value) (bool, error) {
			var text string
			if v.Type().Is(tftypes.String) && v.IsKnown() && v.As(&text) == nil {
				n += len(text)
			}
			return true, nil
		})
		if n > length || n == length && candidate < name {
			name, length = candidate, n
		}
	}
	return name, length
}
