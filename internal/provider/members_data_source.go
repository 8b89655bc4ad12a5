package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newMembersDataSource() datasource.DataSource {
	return &dataSource[membersModel]{
		name:   "members",
		action: "read the members",
		about: about{
			group: groupMembers, requests: memberLists,
			notes: "With `org_id`, in the data source or the provider block, the lists are those of the organization: `GET /v3beta1/organizations/{org_id}/members/users` and `.../idp-users`, " +
				"under `ViewOrgMembership`. " +
				"With `include_idp_users = false` the second list is not read. " +
				"With `email`, Devin filters the lists. If that finds no member, the provider reads the whole lists, " +
				"because Devin does not document whether its filter ignores case.\n\n" +
				"Service users are not members. The list contains people's names and e-mail addresses, and so does the state: see [Privacy](../guides/privacy.md).",
		},
		schema: membersSchema,
		read:   inScope(readMembers),
	}
}

func membersSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the members of the Devin enterprise, or of one of its organizations, with their roles. " +
			"People with a role of their own and people whose access comes from an identity provider's (IdP) group are both listed, each person once.",
		Attributes: attributes(scopeAttributes(), rowsAttributes("members"), orderAttributes(memberOrders, "members", "user_id"), map[string]schema.Attribute{
			"email": optionalText("Only the members with this e-mail address, in upper or lower case. The list is empty when there is none."),
			"include_idp_users": optionalBool("Whether to list people whose access comes from an IdP group, and the roles that they have by it. " +
				"Default: `true`. With `false`, only roles assigned to a person directly count."),
			"include_roles": optionalBool("Whether members have `role_assignments`. With `false` it is null, and Terraform holds a fifth of the values. Default: `true`."),
			"members_count": computedInt("The members, all of them also with `first`."),
			"members": computedRows("The members, sorted by `user_id` unless `order_by` says otherwise. Empty when there are none, null unless `format` is `objects`. "+
				"`csv` has a line for each role assignment of a member, and one for a member without any.", map[string]schema.Attribute{
				"user_id":      computedString("The id of the user, exactly as Devin has it, such as `okta|Acme|00u1` or `email|5f2a`."),
				"email":        computedString("The e-mail address; null where Devin has none."),
				"name":         computedString("The name; null where Devin has none."),
				"display_name": displayNameAttribute(),
				"enterprise_joined_at": computedString("When the user was added to the enterprise, " +
					"in UTC as RFC 3339; null where Devin does not say, as for people who come through an IdP group only."),
				"idp_group_names": computedStrings("The IdP groups that give the member a role (with `org_id`, in that organization), sorted, each once; empty for a member of none. " +
					"Null where Devin says nothing of roles, and with `include_idp_users = false` unless Devin says them of a person with a role of their own."),
				"role_assignments": computedRows("The roles of the member, sorted by `org_id`, `role_id` and `idp_group_name`, null first; null with `include_roles = false`, and where Devin says nothing of roles.", map[string]schema.Attribute{
					"role_id":        computedString("The id of the role, such as `account_member` or `org_admin`."),
					"role_name":      computedString("The name of the role; null where Devin has none."),
					"role_type":      computedString("`enterprise` or `org`; null where Devin does not say."),
					"org_id":         computedString("The organization that the role holds in; null for the whole enterprise."),
					"idp_group_name": computedString("The IdP group that the role comes from; null for a role assigned directly."),
				}),
			}),
		}),
	}
}

type membersModel struct {
	scopeModel
	rowsModel
	orderModel
	Email           types.String  `tfsdk:"email"`
	IncludeIDPUsers types.Bool    `tfsdk:"include_idp_users"`
	IncludeRoles    types.Bool    `tfsdk:"include_roles"`
	MembersCount    *int64        `tfsdk:"members_count"`
	Members         []memberModel `tfsdk:"members"`
}

type memberModel struct {
	personModel
	RoleAssignments []devin.RoleAssignment `tfsdk:"role_assignments"`
}

type personModel struct {
	userModel
	EnterpriseJoinedAt *devin.Instant `tfsdk:"enterprise_joined_at"`
	IDPGroupNames      []string       `tfsdk:"idp_group_names"`
}

// assignmentModel is a line of csv: a member, and one of the member's roles, which is
// empty for a member without any.
type assignmentModel struct {
	personModel
	devin.RoleAssignment
}

var memberOrders = orders[devin.Member]{
	"display_name":         func(m devin.Member) sortKey { return byDisplayName(m.UserID, m.Email, m.Name) },
	"email":                func(m devin.Member) sortKey { return byText(m.Email) },
	"enterprise_joined_at": func(m devin.Member) sortKey { return byNumber(m.JoinedAt) },
}

func readMembers(ctx context.Context, client *devin.Client, m *membersModel) error {
	withRoles := m.IncludeRoles.IsNull() || m.IncludeRoles.ValueBool()
	members, err := client.Members(ctx, devin.MemberFilter{
		Email:      m.Email.ValueString(),
		WithoutIDP: !m.IncludeIDPUsers.IsNull() && !m.IncludeIDPUsers.ValueBool(),
		NoRoles:    !withRoles,
	})
	if err != nil {
		return err
	}
	m.MembersCount = countOf(members)
	members = sortAndCut(&m.orderModel, memberOrders, members)
	switch {
	case m.asObjects():
		people := make([]memberModel, len(members))
		for i, member := range members {
			people[i] = memberModel{newPersonModel(member), member.Roles}
		}
		return setRows(ctx, &m.rowsModel, &m.Members, people)
	case !m.wanted():
		return nil
	case withRoles:
		return setLines(&m.rowsModel, assignmentLines(members))
	}
	return setLines(&m.rowsModel, func(yield func(personModel) bool) {
		for _, member := range members {
			if !yield(newPersonModel(member)) {
				return
			}
		}
	})
}

func newPersonModel(m devin.Member) personModel {
	return personModel{newUserModel(m.UserID, m.Email, m.Name), m.JoinedAt, m.IDPGroupNames}
}

// assignmentLines yields a line for each role of each member, and one for a member
// without any.
func assignmentLines(members []devin.Member) iter.Seq[assignmentModel] {
	return func(yield func(assignmentModel) bool) {
		for _, member := range members {
			roles := member.Roles
			if len(roles) == 0 {
				roles = []devin.RoleAssignment{{}}
			}
			for _, role := range roles {
				if !yield(assignmentModel{newPersonModel(member), role}) {
					return
				}
			}
		}
	}
}
