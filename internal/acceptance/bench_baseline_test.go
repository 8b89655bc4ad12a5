package acceptance

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/errgroup"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// What the benchmarks compare with: the plainest Go that reads the same, and a
// provider written as others are.

const (
	serveBaseline = "DEVIN_BENCH_BASELINE" // set where the test binary is to be the baseline provider
	testAddress   = "registry.terraform.io/devin-community/devin"
)

type plainMember struct {
	UserID   string      `json:"user_id"`
	Email    *string     `json:"email"`
	Name     *string     `json:"name"`
	JoinedAt *int64      `json:"enterprise_joined_at"`
	Roles    []plainRole `json:"role_assignments"`
	IDPRoles []plainRole `json:"idp_role_assignments"`
}

type plainRole struct {
	Role struct {
		ID   string  `json:"role_id"`
		Name *string `json:"role_name"`
		Type *string `json:"role_type"`
	} `json:"role"`
	OrgID *string `json:"org_id"`
	Group *string `json:"idp_group_name"`
}

type plainConsumption struct {
	TotalACUs float64 `json:"total_acus"`
	ByDate    []struct {
		Date      int64              `json:"date"`
		ACUs      float64            `json:"acus"`
		ByProduct map[string]float64 `json:"acus_by_product"`
	} `json:"consumption_by_date"`
}

func plainGet(ctx context.Context, client *http.Client, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+devintest.KeyOK)
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", address, resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(into)
}

// plainMembers reads both lists, one page after another.
func plainMembers(ctx context.Context, base string, perPage int) ([]plainMember, error) {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	return plainMembersOver(ctx, client, base, perPage)
}

func plainMembersOver(ctx context.Context, client *http.Client, base string, perPage int) ([]plainMember, error) {
	var members []plainMember
	for _, list := range []string{"users", "idp-users"} {
		for after := ""; ; {
			query := url.Values{"first": {strconv.Itoa(perPage)}}
			if after != "" {
				query.Set("after", after)
			}
			var page struct {
				Items     []plainMember `json:"items"`
				EndCursor string        `json:"end_cursor"`
				More      bool          `json:"has_next_page"`
			}
			if err := plainGet(ctx, client, base+"/v3/enterprise/members/"+list+"?"+query.Encode(), &page); err != nil {
				return nil, err
			}
			members = append(members, page.Items...)
			if !page.More {
				break
			}
			after = page.EndCursor
		}
	}
	return members, nil
}

// plainUsers reads the consumption of users, or of what else there is one by one,
// over so many connections.
func plainUsers(ctx context.Context, base, of string, ids []string, w devin.Window, connections int) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	return plainUsersOver(ctx, client, base, of, ids, w, connections)
}

func plainUsersOver(ctx context.Context, client *http.Client, base, of string, ids []string, w devin.Window, connections int) error {
	query := url.Values{
		"time_after":  {strconv.FormatInt(w.Start.Start().Unix(), 10)},
		"time_before": {strconv.FormatInt((w.End + 1).Start().Unix(), 10)},
	}.Encode()
	results := make([]plainConsumption, len(ids)) // held, as a program would that does something with them
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(connections)
	for i, id := range ids {
		group.Go(func() error {
			return plainGet(ctx, client, base+"/v3/enterprise/consumption/daily/"+of+"/"+url.PathEscape(id)+"?"+query, &results[i])
		})
	}
	return group.Wait()
}

// baselineProvider has devin_members as most providers would: pages of the
// API's default size, models of types.*, and State.Set.
type baselineProvider struct{ members []plainMember }

func (p *baselineProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "devin"
}

func (p *baselineProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {
}

func (p *baselineProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (p *baselineProvider) Resources(context.Context) []func() resource.Resource { return nil }

func (p *baselineProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		func() datasource.DataSource { return &baselineMembers{p.members} },
		func() datasource.DataSource { return &baselineHTTP{} },
	}
}

// baselineMembers has its members beforehand, or reads them.
type baselineMembers struct{ members []plainMember }

func (d *baselineMembers) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "devin_members"
}

func (d *baselineMembers) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schemaOf(ctx, "devin_members")
}

// schemaOf is the schema that the provider gives a data source.
func schemaOf(ctx context.Context, name string) schema.Schema {
	for _, newDataSource := range newProvider(nil, nil).DataSources(ctx) {
		source := newDataSource()
		var metadata datasource.MetadataResponse
		if source.Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: "devin"}, &metadata); metadata.TypeName == name {
			var made datasource.SchemaResponse
			source.Schema(ctx, datasource.SchemaRequest{}, &made)
			return made.Schema
		}
	}
	panic("there is no data source " + name)
}

type baselineModel struct {
	Email           types.String     `tfsdk:"email"`
	OrgID           types.String     `tfsdk:"org_id"`
	IncludeIDPUsers types.Bool       `tfsdk:"include_idp_users"`
	IncludeRoles    types.Bool       `tfsdk:"include_roles"`
	OrderBy         types.String     `tfsdk:"order_by"`
	First           types.Number     `tfsdk:"first"`
	Format          types.String     `tfsdk:"format"`
	CSV             types.String     `tfsdk:"csv"`
	Members         []baselineMember `tfsdk:"members"`
}

type baselineMember struct {
	UserID      types.String   `tfsdk:"user_id"`
	Email       types.String   `tfsdk:"email"`
	Name        types.String   `tfsdk:"name"`
	DisplayName types.String   `tfsdk:"display_name"`
	Groups      []types.String `tfsdk:"idp_group_names"`
	JoinedAt    types.String   `tfsdk:"enterprise_joined_at"`
	Roles       []baselineRole `tfsdk:"role_assignments"`
}

type baselineRole struct {
	ID    types.String `tfsdk:"role_id"`
	Name  types.String `tfsdk:"role_name"`
	Type  types.String `tfsdk:"role_type"`
	OrgID types.String `tfsdk:"org_id"`
	Group types.String `tfsdk:"idp_group_name"`
}

func (d *baselineMembers) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	members := d.members
	if members == nil {
		const usual = 100
		var err error
		if members, err = plainMembers(ctx, os.Getenv("DEVIN_API_URL"), usual); err != nil {
			resp.Diagnostics.AddError("Could not read the members", err.Error())
			return
		}
	}
	var m baselineModel
	for _, from := range members {
		to := baselineMember{
			UserID: types.StringValue(from.UserID), Email: types.StringPointerValue(from.Email), Name: types.StringPointerValue(from.Name), DisplayName: types.StringPointerValue(from.Name),
		}
		if from.JoinedAt != nil {
			to.JoinedAt = types.StringValue(time.Unix(*from.JoinedAt, 0).UTC().Format(time.RFC3339))
		}
		for _, r := range append(from.Roles, from.IDPRoles...) {
			if r.Group != nil {
				to.Groups = append(to.Groups, types.StringValue(*r.Group))
			}
			to.Roles = append(to.Roles, baselineRole{
				types.StringValue(r.Role.ID), types.StringPointerValue(r.Role.Name), types.StringPointerValue(r.Role.Type),
				types.StringPointerValue(r.OrgID), types.StringPointerValue(r.Group),
			})
		}
		m.Members = append(m.Members, to)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// baselineHTTP stands in for data "http" of hashicorp/http, whose module cannot
// be had everywhere: it sends one GET and gives what that one gives, by State.Set.
type baselineHTTP struct{}

func (d *baselineHTTP) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "devin_http"
}

func (d *baselineHTTP) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := schema.StringAttribute{Computed: true}
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"url":                  schema.StringAttribute{Required: true},
		"request_headers":      schema.MapAttribute{Optional: true, ElementType: types.StringType},
		"id":                   text,
		"body":                 text,
		"response_body":        text,
		"response_body_base64": text,
		"response_headers":     schema.MapAttribute{Computed: true, ElementType: types.StringType},
		"status_code":          schema.Int64Attribute{Computed: true},
	}}
}

type httpModel struct {
	URL             types.String      `tfsdk:"url"`
	RequestHeaders  map[string]string `tfsdk:"request_headers"`
	ID              types.String      `tfsdk:"id"`
	Body            types.String      `tfsdk:"body"`
	ResponseBody    types.String      `tfsdk:"response_body"`
	Base64          types.String      `tfsdk:"response_body_base64"`
	ResponseHeaders types.Map         `tfsdk:"response_headers"`
	StatusCode      types.Int64       `tfsdk:"status_code"`
}

func (d *baselineHTTP) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m httpModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	fail := func(err error) { resp.Diagnostics.AddError("Error making request", err.Error()) }
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.URL.ValueString(), nil)
	if err != nil {
		fail(err)
		return
	}
	for name, value := range m.RequestHeaders {
		request.Header.Set(name, value)
	}
	// As there, each data source has a client of its own.
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	answer, err := client.Do(request)
	if err != nil {
		fail(err)
		return
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		fail(err)
		return
	}
	headers := map[string]string{}
	for name, values := range answer.Header {
		headers[name] = strings.Join(values, ", ")
	}
	m.ID, m.Body, m.ResponseBody = m.URL, types.StringValue(string(body)), types.StringValue(string(body))
	m.Base64, m.StatusCode = types.StringValue(base64.StdEncoding.EncodeToString(body)), types.Int64Value(int64(answer.StatusCode))
	given, diags := types.MapValueFrom(ctx, types.StringType, headers)
	m.ResponseHeaders = given
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// plainSessions walks the list of sessions, and decodes the same as the provider.
func plainSessions(ctx context.Context, base string, w devin.Window) ([]devin.Session, error) {
	client := &http.Client{}
	defer client.CloseIdleConnections()
	q := url.Values{
		"first":         {"200"},
		"created_after": {strconv.FormatInt(w.Start.Start().Unix(), 10)}, "created_before": {strconv.FormatInt((w.End + 1).Start().Unix(), 10)},
	}
	var all []devin.Session
	for {
		var page struct {
			Items     []devin.Session `json:"items"`
			EndCursor string          `json:"end_cursor"`
			More      bool            `json:"has_next_page"`
		}
		if err := plainGet(ctx, client, base+"/v3/enterprise/sessions?"+q.Encode(), &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if !page.More {
			return all, nil
		}
		q.Set("after", page.EndCursor)
	}
}
