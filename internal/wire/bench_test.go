package wire_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/wire/wiretest"
)

type membersModel struct {
	Members []memberModel `tfsdk:"members"`
}

type memberModel struct {
	UserID   string      `tfsdk:"user_id"`
	Email    *string     `tfsdk:"email"`
	Name     *string     `tfsdk:"name"`
	JoinedAt *string     `tfsdk:"joined_at"`
	Roles    []roleModel `tfsdk:"roles"`
}

type roleModel struct {
	RoleID   string  `tfsdk:"role_id"`
	RoleName *string `tfsdk:"role_name"`
	OrgID    *string `tfsdk:"org_id"`
	Group    *string `tfsdk:"group"`
}

func membersSchema() schema.Schema {
	text := schema.StringAttribute{Computed: true}
	return schema.Schema{Attributes: map[string]schema.Attribute{
		"members": schema.ListNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"user_id": text, "email": text, "name": text, "joined_at": text,
			"roles": schema.ListNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"role_id": text, "role_name": text, "org_id": text, "group": text,
			}}},
		}}},
	}}
}

func manyMembers(n int) []memberModel {
	joined, role, org := "2025-03-04T05:06:07Z", "Enterprise Member", "org-0123456789abcdef0123456789abcdef"
	members := make([]memberModel, n)
	for i := range members {
		email, name := fmt.Sprintf("person.%06d@example.com", i), fmt.Sprintf("Person Number %06d", i)
		members[i] = memberModel{
			UserID: fmt.Sprintf("google-oauth2|%021d", i), Email: &email, Name: &name, JoinedAt: &joined,
			Roles: []roleModel{{RoleID: "account_member", RoleName: &role}, {RoleID: "org_member", RoleName: &role, OrgID: &org}},
		}
	}
	return members
}

// stateSet is a data source as others write them: models of types.*,
// and State.Set.
type stateSet struct{ members []memberModel }

func (d *stateSet) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "wiretest_source"
}

func (d *stateSet) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = membersSchema()
}

func (d *stateSet) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	type role struct {
		RoleID   types.String `tfsdk:"role_id"`
		RoleName types.String `tfsdk:"role_name"`
		OrgID    types.String `tfsdk:"org_id"`
		Group    types.String `tfsdk:"group"`
	}
	type member struct {
		UserID   types.String `tfsdk:"user_id"`
		Email    types.String `tfsdk:"email"`
		Name     types.String `tfsdk:"name"`
		JoinedAt types.String `tfsdk:"joined_at"`
		Roles    []role       `tfsdk:"roles"`
	}
	var m struct {
		Members []member `tfsdk:"members"`
	}
	for _, from := range d.members {
		to := member{
			types.StringValue(from.UserID), types.StringPointerValue(from.Email),
			types.StringPointerValue(from.Name), types.StringPointerValue(from.JoinedAt), nil,
		}
		for _, r := range from.Roles {
			to.Roles = append(to.Roles, role{
				types.StringValue(r.RoleID), types.StringPointerValue(r.RoleName),
				types.StringPointerValue(r.OrgID), types.StringPointerValue(r.Group),
			})
		}
		m.Members = append(m.Members, to)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// BenchmarkReadDataSource is one whole ReadDataSource call, from what the client
// gives to the bytes for Terraform, with and without the wire.
func BenchmarkReadDataSource(b *testing.B) {
	for _, rows := range []int{1000, 10_000, 50_000} {
		members := manyMembers(rows)
		for name, server := range map[string]tfprotov6.ProviderServer{
			"wire": newServer(b, &source{schema: membersSchema, result: &membersModel{members}}),
			"State.Set": providerserver.NewProtocol6(&wiretest.Provider{Sources: []func() datasource.DataSource{
				func() datasource.DataSource { return &stateSet{members} },
			}})(),
		} {
			b.Run(fmt.Sprintf("%d members by %s", rows, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					resp := wiretest.Read(b, server, "wiretest_source", membersSchema(), nil)
					if len(resp.Diagnostics) > 0 || resp.State == nil || len(resp.State.MsgPack) == 0 {
						b.Fatal("no state", resp.Diagnostics)
					}
				}
			})
		}
	}
}
