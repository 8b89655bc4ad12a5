package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newSessionsDataSource() datasource.DataSource {
	return &dataSource[sessionsModel]{
		name:   "sessions",
		action: "list the sessions",
		about: about{
			group: groupSessions,
			requests: []endpoint{
				{
					"/v3/enterprise/sessions", "sessions/enterprise-sessions", devin.SessionsPermission,
					"once for every 200 sessions; once more for each filter that the sessions themselves do not show, such as `repo_names`",
				},
				{"/v3/enterprise/members/users", "users/members-users", devin.MembershipPermission, "with `with_owners`, once for every 200 people with a role of their own, until all owners are found"},
				{"/v3/enterprise/members/idp-users", "", devin.MembershipPermission, "with `with_owners`, the same"},
				{"/v3/enterprise/members/service-users", "service-users/members-service-users", devin.MembershipPermission, "with `with_owners`, once for every 200 service users, where a session is of one"},
			},
			notes: "~> **Note** Devin was seen to report 0 `acus_consumed` for every session that an automation had started. " +
				"For costs, read `devin_session_daily_consumption` of a session, or the consumption of its user or organization.\n\n" +
				"The `structured_output` of a session is never read. Titles are written by people: with `redact_personal_data` they are null, and so are the names and addresses of owners. " +
				"With `with_owners`, names and addresses come from the lists of members and service users; those that cannot be read are null, with a warning. " +
				"A key of an organization may not list service users, so their names are null. " +
				"The provider applies the filters to the answer again, and leaves out sessions that do not pass. If the answer does not show what a filter is about, one more request checks that Devin applies it; if it does not, the read fails.",
		},
		schema: sessionsSchema,
		read:   inScope(readSessions),
	}
}

func sessionsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the sessions of the enterprise, or of one organization, that were created in a window, with totals by status, origin and category.",
		Attributes: attributes(scopeAttributes(), windowAttributes(billingDays), rowsAttributes("sessions"), maxItemsAttributes("sessions"), sessionFilterAttributes(),
			orderAttributes(sessionOrders, "sessions", "created_at"), map[string]schema.Attribute{
				"with_owners":    optionalBool("Whether sessions have `owner_display_name` and `owner_email`, which come from the lists of members and service users. Default: `false`, and both are null."),
				"sessions_count": computedInt("Sessions in the window that pass the filters, also with `first`."),
				"total_acus":     computedFloat("The sum of `acus_consumed` of these sessions, also with `first`. It lacks what Devin does not report for sessions of automations."),
				"by_status":      computedCounts("Sessions by `status`."),
				"by_origin":      computedCounts("Sessions by `origin`. Those without one are not counted here."),
				"by_category":    computedCounts("Sessions by `category`. Those without one are not counted here."),
				"sessions":       computedRows("The sessions, from the newest to the oldest unless `order_by` says otherwise, then sorted by `session_id`. Null unless `format` is `objects`.", sessionAttributes()),
			}),
	}
}

func sessionAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"session_id":      computedString("The id of the session (`devin-...`)."),
		"url":             computedString("The URL of the session in Devin."),
		"org_id":          computedString("The organization of the session."),
		"title":           computedString("The title; null where there is none, and with `redact_personal_data`."),
		"status":          computedString("`new`, `claimed`, `running`, `exit`, `error`, `suspended`, `resuming`, or one that Devin adds."),
		"status_detail":   computedString("More on the status, such as `finished` or `usage_limit_exceeded`; null where Devin says nothing."),
		"user_id":         computedString("The user who created the session; null for one of a service user."),
		"service_user_id": computedString("The service user that created the session; null for one of a user."),
		"owner_display_name": computedString("What to call the user or service user who created the session: the name, or else the address, or else the id. " +
			"Null without `with_owners`, where the lists have no such user, where they could not be read, and with `redact_personal_data`."),
		"owner_email":       computedString("The e-mail address of the user who created the session; null for a service user, where Devin has none, and where `owner_display_name` is null."),
		"playbook_id":       computedString("The playbook of the session; null where it has none."),
		"parent_session_id": computedString("The session that started this one; null where none did."),
		"child_session_ids": computedStrings("The sessions that this one started, sorted; null where Devin does not say."),
		"origin":            computedString("Where the session was started, such as `webapp`, `slack` or `api`; null where Devin does not say."),
		"category":          computedString("What the session was about, such as `bug_fixing`; null where Devin does not say."),
		"subcategory":       computedString("The part of the category; null where Devin does not say."),
		"is_archived":       computedBool("Whether the session is archived; `false` where Devin does not say."),
		"devin_mode":        computedString("The mode of Devin that the session runs in, such as `normal`, `fast` or `lite`; null where Devin does not say."),
		"tags":              computedStrings("The tags of the session, sorted."),
		"acus_consumed":     computedFloat("ACUs that the session consumed. Devin was seen to report 0 for every session that an automation had started."),
		"created_at":        computedString("When the session was created, in UTC as RFC 3339."),
		"updated_at":        computedString("When the session last changed, in UTC as RFC 3339."),
		"pull_requests": computedRows("The pull requests that the session made, sorted by `pr_url`.", map[string]schema.Attribute{
			"pr_url":   computedString("The URL of the pull request."),
			"pr_state": computedString("The state of the pull request now; null where Devin does not know it."),
		}),
	}
}

type sessionsModel struct {
	windowModel
	scopeModel
	rowsModel
	maxItemsModel
	orderModel
	sessionFilterModel
	SessionsCount *int64           `tfsdk:"sessions_count"`
	TotalACUs     *float64         `tfsdk:"total_acus"`
	ByStatus      map[string]int64 `tfsdk:"by_status"`
	ByOrigin      map[string]int64 `tfsdk:"by_origin"`
	ByCategory    map[string]int64 `tfsdk:"by_category"`
	WithOwners    types.Bool       `tfsdk:"with_owners"`
	Sessions      []sessionModel   `tfsdk:"sessions"`
}

type sessionModel struct {
	devin.Session
	OwnerDisplayName *string `tfsdk:"owner_display_name"`
	OwnerEmail       *string `tfsdk:"owner_email"`
}

var sessionOrders = orders[devin.Session]{
	"acus_consumed": func(s devin.Session) sortKey { return byNumber(s.ACUsConsumed) },
	"updated_at":    func(s devin.Session) sortKey { return byNumber(s.UpdatedAt) },
}

func readSessions(ctx context.Context, client *devin.Client, m *sessionsModel) error {
	w, err := m.resolve(ctx, client, billingDays)
	if err != nil {
		return err
	}
	filter, err := m.filter(ctx, client)
	if err != nil {
		return err
	}
	filter.Limit = m.maxItems()
	sessions, err := client.Sessions(ctx, w, filter)
	if err != nil {
		return tooManyItems("sessions", "a shorter window or a filter", err)
	}
	acus := make([]float64, len(sessions))
	for i := range sessions {
		acus[i] = float64(*sessions[i].ACUsConsumed)
	}
	total := devin.SumACUs(acus)
	m.SessionsCount, m.TotalACUs = countOf(sessions), &total
	m.ByStatus = countBy(sessions, func(s devin.Session) *string { return &s.Status })
	m.ByOrigin = countBy(sessions, func(s devin.Session) *string { return s.Origin })
	m.ByCategory = countBy(sessions, func(s devin.Session) *string { return s.Category })
	sessions = sortAndCut(&m.orderModel, sessionOrders, sessions)
	rows := make([]sessionModel, len(sessions))
	for i, session := range sessions {
		rows[i].Session = session
	}
	if m.WithOwners.ValueBool() && m.wanted() {
		owners, err := client.SessionOwners(ctx, sessions)
		if err != nil {
			return err
		}
		for i := range rows {
			rows[i].setOwner(owners)
		}
	}
	return setRows(ctx, &m.rowsModel, &m.Sessions, rows)
}

func (s *sessionModel) setOwner(owners map[string]devin.SessionOwner) {
	for _, id := range []*string{s.UserID, s.ServiceUserID} {
		if id == nil {
			continue
		}
		if owner, ok := owners[*id]; ok {
			s.OwnerDisplayName, s.OwnerEmail = new(displayName(*id, owner.Email, owner.Name)), owner.Email
			return
		}
	}
}
