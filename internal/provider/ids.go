package provider

import (
	"cmp"
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// idList is a list of ids that limits what is read. An empty list is an error: the
// user may mean nobody, but the API would return everybody.
func idList(description string) schema.ListAttribute {
	return schema.ListAttribute{
		Optional:            true,
		ElementType:         types.StringType,
		MarkdownDescription: description,
		Validators:          []validator.List{notEmpty{}, listvalidator.ValueStringsAre(notBlank{})},
	}
}

type notEmpty struct{}

func (notEmpty) Description(context.Context) string { return "must not be empty" }

func (v notEmpty) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (notEmpty) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() && len(req.ConfigValue.Elements()) == 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Empty list",
			"The list has nothing on it, which could mean nobody or everybody. Leave the argument out, or set it to null, to read without this filter.")
	}
}

// noAddress refuses an e-mail address as the id of a user. Devin has ids such as
// email|5f2a, and answers a wrong one with 0 ACUs.
type noAddress struct {
	advice string // what to do; empty where there is an argument email
}

func (noAddress) Description(context.Context) string { return "must not be an e-mail address" }

func (v noAddress) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v noAddress) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if text := req.ConfigValue.ValueString(); strings.Contains(text, "@") && !strings.Contains(text, "|") {
		resp.Diagnostics.AddAttributeError(req.Path, "E-mail address in place of an id",
			"The value is an e-mail address, and Devin may answer 0 ACUs for it. "+cmp.Or(v.advice, "Give it as email in place of "+req.Path.String()+"."))
	}
}

// notBlank refuses text that cannot be an id or an address: an empty text, null in a
// list, or text with white space around it, which matches nothing in Devin.
type notBlank struct{}

func (notBlank) Description(context.Context) string {
	return "must not be empty, nor have white space around it"
}

func (v notBlank) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (notBlank) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsUnknown() {
		return
	}
	text := req.ConfigValue.ValueString()
	switch {
	case req.ConfigValue.IsNull() && len(req.Path.Steps()) == 1:
		return // an optional argument that is left out
	case req.ConfigValue.IsNull():
		resp.Diagnostics.AddAttributeError(req.Path, "Null in a list", "An element of the list is null. Take it out, for example with compact(...).")
	case strings.TrimSpace(text) == "":
		resp.Diagnostics.AddAttributeError(req.Path, "Empty text", "The value is empty. Give the id or address as Devin has it, or leave the argument out.")
	case strings.TrimSpace(text) != text:
		resp.Diagnostics.AddAttributeError(req.Path, "White space around a value", "The value starts or ends with white space, and Devin would find nothing by it. trimspace(...) drops it.")
	}
}
