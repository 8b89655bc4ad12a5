package acceptance

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

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
