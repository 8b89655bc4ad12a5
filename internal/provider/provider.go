package provider

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

type devinProvider struct {
	version string
	// Tests set their own; nil is the machine's clock and the client's network.
	clock     devin.Clock
	transport http.RoundTripper
}

var _ provider.ProviderWithFunctions = (*devinProvider)(nil)

// New makes the provider. version is the release, or "dev".
func New(version string) provider.Provider { return &devinProvider{version: version} }

// NewServer makes what main serves: the provider in the given version.
// plugin-go asks for the server once in the life of a process.
func NewServer(version string) (func() tfprotov6.ProviderServer, error) {
	server, err := wire.NewServer(New(version))
	if err != nil {
		return nil, err
	}
	return func() tfprotov6.ProviderServer { return server }, nil
}

func (p *devinProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "devin"
	resp.Version = p.version
}

type settingsModel struct {
	APIKey                types.String  `tfsdk:"api_key"`
	APIURL                types.String  `tfsdk:"api_url"`
	MaxRetries            types.Int64   `tfsdk:"max_retries"`
	RequestTimeout        types.String  `tfsdk:"request_timeout"`
	MaxConcurrentRequests types.Int64   `tfsdk:"max_concurrent_requests"`
	RequestsPerSecond     types.Float64 `tfsdk:"requests_per_second"`
	RedactPersonalData    types.Bool    `tfsdk:"redact_personal_data"`
}

func (p *devinProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a company's Devin usage (enterprise members, daily ACU consumption, pull-request metrics) " +
			"and checks at plan time that a Devin API key works. It speaks version 3 of the Devin API, changes nothing in Devin, and sends only `GET` requests.\n\n" +
			"Proxies and private certificate authorities come from the standard environment variables: " +
			"`HTTPS_PROXY`, `NO_PROXY`, and `SSL_CERT_FILE` or `SSL_CERT_DIR`.",
		Attributes: map[string]schema.Attribute{
			"api_key": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "API key of a Devin enterprise service user (`cog_...`). " +
					"Default: the environment variable `DEVIN_API_KEY`, then `DEVIN_TOKEN`. " +
					"White space and a line break around it are dropped; an empty one counts as not set. " +
					"Keys that start with `apk_` belong to older versions of the API and are refused.",
				Validators: []validator.String{settingValidator{"an API key of a Devin service user", checkKey}},
			},
			"api_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Address of the Devin API, for enterprises with an own deployment. " +
					"Default: the environment variable `DEVIN_API_URL`, then `" + devin.DefaultBaseURL + "`. " +
					"A path in it is kept. It must be `https`; `http` is for loopback addresses only.",
				Validators: []validator.String{settingValidator{"an https URL", checkURL}},
			},
			"max_retries": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "How often a request is sent again after status 429, 500, 502, 503, 504 or a lost connection, " +
					"with growing waits between, from 0 to 10. Default: 4.",
				Validators: []validator.Int64{int64validator.Between(0, 10)},
			},
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long one try of a request may take, its answer included, as a duration such as `30s` or `2m`. " +
					"Default: `60s`.",
				Validators: []validator.String{settingValidator{"a duration such as 30s", checkDuration}},
			},
			"max_concurrent_requests": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "How many requests may be under way at once, over all data sources and resources of this provider, from 1 to 64. " +
					"Default: 16.",
				Validators: []validator.Int64{int64validator.Between(1, 64)},
			},
			"requests_per_second": schema.Float64Attribute{
				Optional: true,
				MarkdownDescription: "How many requests may start in a second, over all data sources and resources of this provider; more than 0, and fractions are allowed. " +
					"Default: no bound. Devin publishes no rate limit.",
				Validators: []validator.Float64{positiveValidator{}},
			},
			"redact_personal_data": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to leave the e-mail addresses and names of people out of every result: they are null then, and ids stay. " +
					"An id that has an address in it stays as it is. Default: `false`.",
			},
		},
	}
}

func (p *devinProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var m settingsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	data := &providerData{unknown: m.unknown()}
	resp.DataSourceData, resp.ResourceData = data, data
	if len(data.unknown) > 0 {
		return
	}
	cfg := devin.Config{
		API: devin.API{
			UserAgent:             "Terraform/" + req.TerraformVersion + " terraform-provider-devin/" + p.version,
			MaxRetries:            devin.DefaultMaxRetries,
			MaxConcurrentRequests: int(m.MaxConcurrentRequests.ValueInt64()),
			RequestsPerSecond:     m.RequestsPerSecond.ValueFloat64(),
			Logger:                slog.New(tflogHandler{}),
			Clock:                 p.clock,
			Transport:             p.transport,
		},
		RedactPersonalData: m.RedactPersonalData.ValueBool(),
	}
	if !m.MaxRetries.IsNull() {
		cfg.MaxRetries = int(m.MaxRetries.ValueInt64())
	}
	if text := m.RequestTimeout.ValueString(); text != "" {
		cfg.RequestTimeout, _ = time.ParseDuration(text) // checkDuration has seen it
	}
	url := firstSetting("api_url", m.APIURL.ValueString(), "DEVIN_API_URL")
	if url.value == "" {
		url.value = devin.DefaultBaseURL
	}
	key := firstSetting("api_key", m.APIKey.ValueString(), "DEVIN_API_KEY", "DEVIN_TOKEN")
	if key.value == "" {
		data.missing = missingKey
		return
	}
	if p := checkURL(url.value); p != nil {
		url.report(p, &resp.Diagnostics)
	}
	if p := checkKey(key.value); p != nil {
		key.report(p, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	var err error
	if cfg.BaseURL, err = devin.ParseBaseURL(url.value); err == nil {
		cfg.Key, err = devin.ParseKey(key.value)
	}
	if err == nil {
		data.client, err = devin.New(cfg)
	}
	if err != nil {
		resp.Diagnostics.AddError("Bug in the Devin provider", "The settings passed every check, and yet: "+err.Error()+". Please report this.")
	}
}

func (p *devinProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newBillingCyclesDataSource,
		newConnectionCheckDataSource,
		newMembersDailyConsumptionDataSource,
		newMembersDataSource,
		newMembersPRMetricsDataSource,
		newPRMetricsDataSource,
		newUserDailyConsumptionDataSource,
	}
}

func (p *devinProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		newConnectionCheckResource,
	}
}

func (p *devinProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		newBillingDateFunction,
		newBillingDayStartFunction,
	}
}
