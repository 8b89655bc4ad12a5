package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

// defaultLimit is how many items a list may have where the configuration does not say.
const defaultLimit = 10_000

// limitModel is embedded in the model of every data source whose list can be of any length.
type limitModel struct {
	Limit types.Number `tfsdk:"limit"`
}

// withLimit adds the attribute of limitModel; noun is what is listed.
func withLimit(noun string, attributes map[string]schema.Attribute) map[string]schema.Attribute {
	attributes["limit"] = schema.NumberAttribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("The most %s that the list may have, from 1 to 1000000. More are an error; nothing is ever cut. Default: %d.",
			noun, defaultLimit),
		Validators: []validator.Number{numberValidator{least: 1, most: 1_000_000, whole: true}},
	}
	return attributes
}

func (m *limitModel) limit() int { return int(numberOf(m.Limit, defaultLimit)) }

// withinLimit makes an error at the argument of a list that is too long.
func withinLimit(noun, narrower string, err error) error {
	var long *devin.LongListError
	if !errors.As(err, &long) {
		return err
	}
	return errorAt(path.Root("limit"), explain.LongList(noun, narrower, long.Limit), nil)
}
