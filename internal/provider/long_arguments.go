package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

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
