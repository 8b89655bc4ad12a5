package provider

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

// Options configure a provider.
type Options struct {
	Version string // the release, or "dev"
	// Tests set these. nil means the machine's clock and the client's network.
	Clock     devin.Clock
	Transport http.RoundTripper
}

type devinProvider struct{ Options }

var (
	_ provider.ProviderWithFunctions = (*devinProvider)(nil)
	_ provider.ProviderWithActions   = (*devinProvider)(nil)

	_ provider.ProviderWithListResources = (*devinProvider)(nil)
)

// New makes the provider. Terraform can read its data sources only through
// NewServer.
func New(o Options) provider.Provider { return &devinProvider{o} }

// NewServer makes what main serves.
func NewServer(o Options) (tfprotov6.ProviderServer, error) { return wire.NewServer(New(o)) }

func (p *devinProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "devin"
	resp.Version = p.Version
}

func (p *devinProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a company's Devin usage (members, ACU consumption, pull requests, sessions, adoption), sets limits on ACUs, " +
			"and checks at plan time that a Devin API key works. It speaks version 3 of the Devin API. " +
			"Data sources and the check send nothing but `GET` requests; the resources of limits write, and nothing else does.\n\n" +
			"Proxies and private certificate authorities come from the standard environment variables: " +
			"`HTTPS_PROXY`, `NO_PROXY`, and `SSL_CERT_FILE` or `SSL_CERT_DIR`.",
		Attributes: map[string]schema.Attribute{
			"api_key": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "API key of a Devin service user (`cog_...`), of the enterprise or of one organization, which needs `org_id` too. " +
					"Default: the environment variable `DEVIN_API_KEY`, then `DEVIN_TOKEN`. " +
					"White space and line breaks around it are ignored; an empty value counts as not set. " +
					"Keys that start with `apk_` belong to older versions of the API and are refused.",
				Validators: []validator.String{settingValidator{"an API key of a Devin service user", checkKey}},
			},
			"api_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Address of the Devin API, for enterprises with a deployment of their own. " +
					"Default: the environment variable `DEVIN_API_URL`, then `" + devin.DefaultBaseURL + "`. " +
					"It may contain a path. It must be `https`; `http` is allowed for loopback addresses only.",
				Validators: []validator.String{settingValidator{"an https URL", checkURL}},
			},
			"org_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The organization (`org-...`) whose members and use are read, through the organization's own endpoints. " +
					"A key of an organization needs it; with a key of the enterprise it narrows everything to that organization. " +
					"Default: the environment variable `DEVIN_ORG_ID`, then the whole enterprise.",
			},
			"max_retries": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "How often a request is sent again after a lost connection or a status that may pass, such as 500, 502, 503 or 504, " +
					"with growing waits in between: a whole number from 0 to 10. Default: 4.",
				Validators: []validator.Number{numberValidator{least: 0, most: 10, whole: true}},
			},
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long one try of a request may take, its answer included, as a duration such as `30s` or `2m`. " +
					"Default: `60s`.",
				Validators: []validator.String{settingValidator{"a duration such as 30s", checkDuration("request_timeout")}},
			},
			"rate_limit_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long a request waits for another answer than 429 before it fails, counted from its first 429, as a duration such as `90s` or `10m`. " +
					"Default: `5m`.",
				Validators: []validator.String{settingValidator{"a duration such as 10m", checkDuration("rate_limit_timeout")}},
			},
			"max_concurrent_requests": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "How many requests may run at once, over all data sources and resources of this provider, a whole number from 1 to 64. " +
					"Default: 16.",
				Validators: []validator.Number{numberValidator{least: 1, most: 64, whole: true}},
			},
			"requests_per_second": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "How many requests may start in a second, over all data sources and resources of this provider; " +
					"from 0.1 (one request in ten seconds) to 100000, and fractions are allowed. " +
					"Default: no limit. Devin publishes no rate limit.",
				Validators: []validator.Number{numberValidator{
					least: 0.1, most: 100_000,
					hint: "0.1 is one request in ten seconds; with less, a report would wait for hours. Leave it out for no bound of the provider's own.",
				}},
			},
			"read_only": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether the provider may only read. With `true`, a plan that would write a limit fails. " +
					"Default: the environment variable `DEVIN_READ_ONLY` (`true` or `false`), then `false`.",
			},
			"strict": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether a read fails where Devin's answer is odd, instead of warning: a total that is not the sum of its days, a list that ends early, " +
					"an answer for another window. For pipelines that act on the numbers. " +
					"Default: the environment variable `DEVIN_STRICT` (`true` or `false`), then `false`.",
			},
			"redact_personal_data": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to leave the e-mail addresses and names of people out of every result. They are null then; ids stay. " +
					"An id that contains an address stays as it is. Default: `false`.",
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
	unknown, err := unknownSettings(req.Config)
	if err != nil {
		addError(&resp.Diagnostics, explain.Bug("The provider block cannot be read: %s.", err))
		return
	}
	data := &providerData{unknown: unknown, run: newRun()}
	resp.DataSourceData, resp.ResourceData, resp.ActionData, resp.ListResourceData = data, data, data, data
	if len(unknown) > 0 {
		return
	}
	cfg := devin.Config{
		API: devin.API{
			UserAgent:             userAgent(req.TerraformVersion, p.Version),
			MaxRetries:            int(numberOf(m.MaxRetries, devin.DefaultMaxRetries)),
			RequestTimeout:        durationOf(m.RequestTimeout),
			RateLimitTimeout:      durationOf(m.RateLimitTimeout),
			MaxConcurrentRequests: int(numberOf(m.MaxConcurrentRequests, devin.DefaultMaxConcurrentRequests)),
			RequestsPerSecond:     numberOf(m.RequestsPerSecond, 0),
			Logger:                slog.New(tflogHandler{}),
			Clock:                 p.Clock,
			Transport:             p.Transport,
		},
		RedactPersonalData: m.RedactPersonalData.ValueBool(),
		OrgID:              firstSetting("org_id", m.OrgID.ValueString(), "DEVIN_ORG_ID").value,
	}
	data.readOnly = switchOf("read_only", m.ReadOnly, "DEVIN_READ_ONLY", &resp.Diagnostics)
	data.strict = switchOf("strict", m.Strict, "DEVIN_STRICT", &resp.Diagnostics)
	cfg.ReadOnly = data.readOnly
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
	if cfg.BaseURL, err = devin.ParseBaseURL(url.value); err == nil {
		cfg.Key, err = devin.ParseKey(key.value)
	}
	if err == nil {
		data.client, err = devin.New(cfg)
	}
	if err != nil {
		addError(&resp.Diagnostics, explain.Bug("The settings passed every check, and yet: %s.", err))
	}
}

// userAgent names Terraform and the provider, and what the environment variable adds
// that HashiCorp's providers honor.
func userAgent(terraform, provider string) string {
	agent := "Terraform/" + terraform + " terraform-provider-devin/" + provider
	if more := strings.TrimSpace(os.Getenv("TF_APPEND_USER_AGENT")); more != "" && !strings.ContainsFunc(more, unicode.IsControl) {
		agent += " " + more
	}
	return agent
}

func (p *devinProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newACUHeadroomDataSource,
		newACULimitsDataSource,
		newActiveUsersDataSource,
		newAuditLogsDataSource,
		newBillingCyclesDataSource,
		newCodeScanFindingsDataSource,
		newCodeScanMetricsDataSource,
		newConnectionCheckDataSource,
		newEnterpriseDailyConsumptionDataSource,
		newGuardrailViolationsDataSource,
		newHypervisorsDataSource,
		newMembersDailyConsumptionDataSource,
		newMembersDataSource,
		newMembersPRMetricsDataSource,
		newOrganizationDailyConsumptionDataSource,
		newOrganizationsDailyConsumptionDataSource,
		newPRMetricsDataSource,
		newPrincipalDataSource,
		newQueueDataSource,
		newServiceUserAPIKeysDataSource,
		newServiceUserDailyConsumptionDataSource,
		newServiceUsersDailyConsumptionDataSource,
		newSessionCategoriesDataSource,
		newSessionDailyConsumptionDataSource,
		newSessionMetricsDataSource,
		newSessionsDataSource,
		newUsageMetricsDataSource,
		newUserDailyConsumptionDataSource,
	}
}

func (p *devinProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		newConnectionCheckResource,
		newOrganizationACULimitResource,
		newOrganizationAgentACULimitsResource,
		newUserACULimitResource,
		newUserBillingOrganizationResource,
	}
}

func (p *devinProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		newOrganizationACULimitList,
		newOrganizationAgentACULimitsList,
		newUserACULimitList,
		newUserBillingOrganizationList,
	}
}

func (p *devinProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		newConnectionCheckAction,
	}
}

func (p *devinProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		newBillingDateFunction,
		newBillingDayStartFunction,
		newCSVFunction,
		newPeriodFunction,
		newRoundFunction,
	}
}
