package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// metricsFilterModel is embedded in the model of every data source that counts what
// passes a filter.
type metricsFilterModel struct {
	OrgIDs         []string     `tfsdk:"org_ids"`
	UserIDs        []string     `tfsdk:"user_ids"`
	ServiceUserIDs []string     `tfsdk:"service_user_ids"`
	PlaybookID     types.String `tfsdk:"playbook_id"`
}

// metricsFilterAttributes are the attributes of metricsFilterModel. noun is what is
// counted.
func metricsFilterAttributes(noun string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"org_ids":          queryList(fmt.Sprintf("Only %s in the organizations with these ids.", noun)),
		"user_ids":         queryList(fmt.Sprintf("Only %s of the users with these ids.", noun)),
		"service_user_ids": queryList(fmt.Sprintf("Only %s of the service users with these ids.", noun)),
		"playbook_id":      optionalText(fmt.Sprintf("Only %s with the playbook of this id.", noun)),
	}
}

// filter returns the filter that the arguments make.
func (m *metricsFilterModel) filter(ctx context.Context, client *devin.Client) (devin.MetricsFilter, error) {
	f := devin.MetricsFilter{OrgIDs: m.OrgIDs, ServiceUserIDs: m.ServiceUserIDs, PlaybookID: m.PlaybookID.ValueString()}
	err := checkNoOrgIDs(client, m.OrgIDs)
	if err == nil {
		f.UserIDs, err = ownUserIDs(ctx, client, "user_ids", m.UserIDs...)
	}
	return f, err
}

// checkNoOrgIDs refuses a filter by organizations where one organization is read: the
// organization's endpoint has no such filter.
func checkNoOrgIDs(client *devin.Client, orgIDs []string) error {
	if client.OrgID() == "" || len(orgIDs) == 0 {
		return nil
	}
	return &attributeError{
		path: path.Root("org_ids"), summary: "org_ids beside org_id",
		detail: "org_ids narrows what is read of the enterprise, and here one organization is read, " + client.OrgID() + ", by org_id of the data source or of the provider. Leave one of the two out.",
	}
}

// sessionFilterModel is embedded in the model of a data source that lists sessions.
type sessionFilterModel struct {
	metricsFilterModel
	SessionIDs    []string     `tfsdk:"session_ids"`
	Origins       []string     `tfsdk:"origins"`
	Tags          []string     `tfsdk:"tags"`
	RepoNames     []string     `tfsdk:"repo_names"`
	ScheduleID    types.String `tfsdk:"schedule_id"`
	Category      types.String `tfsdk:"category"`
	IsArchived    types.Bool   `tfsdk:"is_archived"`
	UpdatedAfter  types.String `tfsdk:"updated_after"`
	UpdatedBefore types.String `tfsdk:"updated_before"`
}

// sessionFilterAttributes are the attributes of sessionFilterModel.
func sessionFilterAttributes() map[string]schema.Attribute {
	instant := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{instantValidator{}}}
	}
	return attributes(metricsFilterAttributes("sessions"), map[string]schema.Attribute{
		"session_ids":    queryList("Only the sessions with these ids."),
		"origins":        queryList("Only sessions that were started there, such as `slack` or `api`."),
		"tags":           queryList("Only sessions with these tags. Devin does not document whether a session needs one of them or all."),
		"repo_names":     queryList("Only sessions that work on these repositories, such as `acme/web`."),
		"schedule_id":    optionalText("Only sessions of the schedule with this id."),
		"category":       optionalText("Only sessions of this category, such as `bug_fixing`."),
		"updated_after":  instant("Only sessions that last changed at this instant or later, as RFC 3339, such as `2026-11-01T00:00:00Z`."),
		"updated_before": instant("Only sessions that last changed before this instant, as RFC 3339."),
		"is_archived":    optionalBool("`true` for archived sessions only, `false` for the others only."),
	})
}

// filter returns the filter that the arguments make.
func (m *sessionFilterModel) filter(ctx context.Context, client *devin.Client) (devin.SessionFilter, error) {
	f, err := m.metricsFilterModel.filter(ctx, client)
	return devin.SessionFilter{
		OrgIDs: f.OrgIDs, UserIDs: f.UserIDs, ServiceUserIDs: f.ServiceUserIDs, SessionIDs: m.SessionIDs,
		Origins: m.Origins, Tags: m.Tags, RepoNames: m.RepoNames,
		PlaybookID: f.PlaybookID, ScheduleID: m.ScheduleID.ValueString(), Category: m.Category.ValueString(),
		IsArchived: m.IsArchived.ValueBoolPointer(), UpdatedAfter: instantOf(m.UpdatedAfter), UpdatedBefore: instantOf(m.UpdatedBefore),
	}, err
}

// instantOf returns an instant that instantValidator accepted, in whole seconds, as Devin
// takes them; zero where it is null.
func instantOf(value types.String) time.Time {
	t, _ := time.Parse(time.RFC3339, value.ValueString())
	return t.Truncate(time.Second)
}

// instantValidator checks an instant in terraform validate.
type instantValidator struct{}

func (instantValidator) Description(context.Context) string { return "must be an instant, RFC 3339" }

func (v instantValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (instantValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := time.Parse(time.RFC3339, req.ConfigValue.ValueString()); err != nil {
		addFailure(&resp.Diagnostics, "", instantError(req.Path, req.ConfigValue.ValueString()))
	}
}

func instantError(at path.Path, text string) error {
	return &attributeError{path: at, summary: "Malformed instant", detail: fmt.Sprintf(
		"%s is %q, and must be an instant as RFC 3339 has it, such as 2026-11-01T00:00:00Z. "+
			"timeadd(\"2026-11-01T00:00:00Z\", \"-24h\") is one, too.", at, text)}
}
