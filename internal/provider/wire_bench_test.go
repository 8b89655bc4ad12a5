package provider

import (
	"context"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

type wireBenchModel struct {
	Members []wireBenchMember `tfsdk:"members"`
}

type wireBenchMember struct {
	UserID   string          `tfsdk:"user_id"`
	Email    *string         `tfsdk:"email"`
	Name     *string         `tfsdk:"name"`
	JoinedAt *string         `tfsdk:"joined_at"`
	Roles    []wireBenchRole `tfsdk:"roles"`
}

type wireBenchRole struct {
	RoleID   string  `tfsdk:"role_id"`
	RoleName *string `tfsdk:"role_name"`
	OrgID    *string `tfsdk:"org_id"`
	Group    *string `tfsdk:"group"`
}

func wireBenchSchema() schema.Schema {
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

func wireBenchMembers(n int) []wireBenchMember {
	joined, role, org := "2025-03-04T05:06:07Z", "Enterprise Member", "org-0123456789abcdef0123456789abcdef"
	members := make([]wireBenchMember, n)
	for i := range members {
		email, name := fmt.Sprintf("person.%06d@example.com", i), fmt.Sprintf("Person Number %06d", i)
		members[i] = wireBenchMember{
			UserID: fmt.Sprintf("google-oauth2|%021d", i), Email: &email, Name: &name, JoinedAt: &joined,
			Roles: []wireBenchRole{{RoleID: "account_member", RoleName: &role}, {RoleID: "org_member", RoleName: &role, OrgID: &org}},
		}
	}
	return members
}

// wireBenchStateSet is a data source as others write them: models of types.*,
// and State.Set.
type wireBenchStateSet struct{ members []wireBenchMember }

func (d *wireBenchStateSet) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "wiretest_members"
}

func (d *wireBenchStateSet) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = wireBenchSchema()
}

func (d *wireBenchStateSet) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
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

// BenchmarkReadDataSource is one whole ReadDataSource call, from what the
// client gives to the bytes for Terraform, with and without the wire.
func BenchmarkReadDataSource(b *testing.B) {
	for _, rows := range []int{1000, 10_000, 50_000} {
		members := wireBenchMembers(rows)
		stateSet := providerserver.NewProtocol6(&wireTestProvider{sources: []func() datasource.DataSource{
			func() datasource.DataSource { return &wireBenchStateSet{members} },
		}})()
		wire := wireTestServer(b, wireTestClient(), func() datasource.DataSource {
			return &dataSource[wireBenchModel]{
				name: "members", schema: wireBenchSchema,
				read: func(_ context.Context, _ *devin.Client, m *wireBenchModel) error {
					m.Members = members
					return nil
				},
			}
		})
		comparison{
			name: thousands(uint64(rows)) + " members, wire.go alone, against State.Set", rounds: 1,
			baseline: func() { wireBenchRead(b, stateSet) },
			ours:     func() { wireBenchRead(b, wire) },
			notes: func(ours, baseline *spent) string {
				return ours.memory() + ", against " + baseline.memory()
			},
		}.run(b)
	}
}

func wireBenchRead(b *testing.B, server tfprotov6.ProviderServer) {
	mustState(b, wireTestRead(b, server, "wiretest_members", wireBenchSchema(), nil))
}

// A report's rows have fractions, which cost more than text.
func BenchmarkWireEncodeDailyRows(b *testing.B) {
	m := struct {
		Rows []memberDayModel `tfsdk:"rows"`
	}{make([]memberDayModel, 150_000)} // 5,000 users in 30 days
	email := "person@example.com"
	for i := range m.Rows {
		acus := float64(i%977) * 0.137
		m.Rows[i] = memberDayModel{fmt.Sprintf("okta|Acme|%08d", i/30), &email, nil, dayModel{
			devin.DayAt(testNow), acus, devin.ACUsByProduct{{Product: "cascade"}, {Product: "devin", ACUs: acus / 2}, {Product: "review", ACUs: acus / 3}},
		}}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := encodeWire(context.Background(), &m, wireLimit); err != nil {
			b.Fatal(err)
		}
	}
}
