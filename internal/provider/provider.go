package provider

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

// Options configure a provider.
type Options struct {
	Version string // the release, or "dev"
	// Tests set these; nil is the machine's clock and the client's own transport.
	Clock     devin.Clock
	Transport http.RoundTripper
}

type devinProvider struct{ Options }

// providerData is what Configure passes to data sources, resources and the action. It has
// a client, or the reason why there is none: the settings that are not known yet, or the
// one that is missing.
type providerData struct {
	client   *devin.Client
	unknown  []string
	missing  *problem
	readOnly bool // no plan may write to Devin
	strict   bool // every notice is an error
	run      *run
	// keyExplained is set once an error of this run has said in full what is wrong with
	// the key.
	keyExplained atomic.Bool
}

var (
	_ provider.ProviderWithFunctions = (*devinProvider)(nil)
	_ provider.ProviderWithActions   = (*devinProvider)(nil)

	_ provider.ProviderWithListResources = (*devinProvider)(nil)
)

// New returns the provider, as NewServer serves it.
func New(o Options) provider.Provider { return &devinProvider{o} }

// NewServer returns the server that main serves. Data sources can be read through it
// only, because it writes their results.
func NewServer(o Options) (tfprotov6.ProviderServer, error) { return wire.NewServer(New(o)) }

func (p *devinProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "devin"
	resp.Version = p.Version
}

func (p *devinProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = settingsSchema()
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
	if _, p := parseOrgID(m.OrgID.ValueString()); !m.OrgID.IsNull() && p != nil {
		p.addTo(&resp.Diagnostics, path.Root("org_id"))
		return
	}
	data.readOnly = boolSetting("read_only", m.ReadOnly, "DEVIN_READ_ONLY", &resp.Diagnostics)
	data.strict = boolSetting("strict", m.Strict, "DEVIN_STRICT", &resp.Diagnostics)
	cfg.ReadOnly = data.readOnly
	apiKey := firstSetting("api_key", m.APIKey.ValueString(), "DEVIN_API_KEY", "DEVIN_TOKEN")
	if apiKey.value == "" {
		data.missing = missingKey
		return
	}
	apiURL := firstSetting("api_url", m.APIURL.ValueString(), "DEVIN_API_URL")
	var wrong *problem
	if cfg.BaseURL, wrong = parseURL(apiURL.value); wrong != nil {
		apiURL.addProblem(wrong, &resp.Diagnostics)
	}
	if cfg.Key, wrong = parseKey(apiKey.value); wrong != nil {
		apiKey.addProblem(wrong, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if data.client, err = devin.New(cfg); err != nil {
		addError(&resp.Diagnostics, explain.Bug("The settings cannot be used: %s.", err))
	}
}

// providerDataOf returns the ProviderData of a request to configure a type. It is nil
// while Terraform validates, because the provider itself is not configured then.
func providerDataOf(data any, diags *diag.Diagnostics) *providerData {
	if data == nil {
		return nil
	}
	typed, ok := data.(*providerData)
	if !ok {
		addError(diags, explain.Bug("The provider passed on a %T where a %T belongs.", data, typed))
	}
	return typed
}

// ready reports whether there is a client, and adds an error where there is none:
// Terraform reads data sources even while settings of the provider are unknown.
func (p *providerData) ready(action string, diags *diag.Diagnostics) bool {
	switch {
	case p != nil && p.client != nil:
		return true
	case p != nil && p.missing != nil:
		detail := p.missing.detail
		if p.keyExplained.Swap(true) {
			detail = explain.KeyExplained(action)
		}
		diags.AddError(p.missing.summary, detail)
	case p == nil || len(p.unknown) == 0:
		addError(diags, explain.Bug("Could not %s: Terraform asked before the provider was configured.", action))
	default:
		addError(diags, explain.SettingsUnknown(action, p.unknown))
	}
	return false
}

// userAgent names Terraform and the provider, and adds TF_APPEND_USER_AGENT as
// HashiCorp's providers do.
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
		newDailyConsumptionDataSource,
		newGuardrailViolationsDataSource,
		newHypervisorsDataSource,
		newMembersDailyConsumptionDataSource,
		newMembersDataSource,
		newMembersPRMetricsDataSource,
		newOrganizationsDailyConsumptionDataSource,
		newPRMetricsDataSource,
		newPrincipalDataSource,
		newQueueDataSource,
		newServiceUserAPIKeysDataSource,
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
