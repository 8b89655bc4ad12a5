package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

// idList is an argument with the ids of what is read. An empty list is an error: it may
// stand for nothing, and Devin would answer with everything.
func idList(description string, validators ...validator.List) schema.ListAttribute {
	return schema.ListAttribute{
		Optional:            true,
		ElementType:         types.StringType,
		MarkdownDescription: description,
		Validators:          append([]validator.List{notEmpty{}, listvalidator.ValueStringsAre(notBlank{})}, validators...),
	}
}

type notEmpty struct{}

func (notEmpty) Description(context.Context) string { return "must not be empty" }

func (v notEmpty) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (notEmpty) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() && len(req.ConfigValue.Elements()) == 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Empty list",
			"The list is empty, which could stand for none or for all. Leave the argument out, or set it to null, to read without this filter.")
	}
}

// ownUserIDs returns the ids of an argument in the form that Devin has. An e-mail address
// is an error at the argument, unless it is the id of a member.
func ownUserIDs(ctx context.Context, client *devin.Client, argument string, ids ...string) ([]string, error) {
	own, err := client.OwnUserIDs(ctx, ids)
	var email *devin.EmailError
	if !errors.As(err, &email) {
		return own, err
	}
	at := path.Root(argument)
	if strings.HasSuffix(argument, "s") {
		at = at.AtListIndex(email.Index)
	}
	return nil, errorAt(at, explain.EmailForID(at.String(), email), email.Err)
}

// notBlank refuses text that cannot be an id or an e-mail address: an empty text, null in
// a list, or text with white space around it, which matches nothing in Devin.
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
		resp.Diagnostics.AddAttributeError(req.Path, "Empty text", "The value is empty. Give it as Devin has it, or leave the argument out.")
	case strings.TrimSpace(text) != text:
		resp.Diagnostics.AddAttributeError(req.Path, "White space around a value", "The value starts or ends with white space, and Devin would find nothing by it. trimspace(...) drops it.")
	}
}

// mostInQuery is how many ids the query of a request may have. Each takes about 45 bytes
// there, and many proxies refuse a URL of more than 8 KiB.
const mostInQuery = 100

// queryList is an idList that is sent in the query of a single request.
func queryList(description string) schema.ListAttribute {
	return idList(fmt.Sprintf("%s At most %d.", description, mostInQuery), atMost(mostInQuery))
}

// atMost refuses a longer list. Several requests could share it, but the sum of their
// counts would be wrong: a pull request can belong to two users.
type atMost int

func (v atMost) Description(context.Context) string {
	return fmt.Sprintf("must not have more than %d elements", int(v))
}

func (v atMost) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v atMost) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	if n := len(req.ConfigValue.Elements()); n > int(v) {
		resp.Diagnostics.AddAttributeError(req.Path, "Too many ids for one request", fmt.Sprintf(
			"The list has %d ids, and they are sent in the URL of a single request, which has room for %d. "+
				"Share them between several data sources. "+
				"Their counts may overlap: a pull request that two users worked on counts for each of them.", n, int(v)))
	}
}
