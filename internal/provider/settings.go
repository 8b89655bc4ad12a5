package provider

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// settingsSchema is the schema of the provider block.
func settingsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads a company's Devin usage (members, ACU consumption, pull requests, sessions, adoption), sets limits on ACUs, " +
			"and checks at plan time that a Devin API key works. It speaks version 3 of the Devin API. " +
			"Data sources and the check send nothing but `GET` requests; four resources write, and nothing else does.\n\n" +
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
				Validators: []validator.String{settingValidator[devin.Key]{"an API key of a Devin service user", parseKey}},
			},
			"api_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "URL of the Devin API, for enterprises with a deployment of their own. " +
					"Default: the environment variable `DEVIN_API_URL`, then `" + devin.DefaultBaseURL + "`. " +
					"It may contain a path. It must be `https`; `http` is allowed for loopback only.",
				Validators: []validator.String{settingValidator[*url.URL]{"an https URL", parseURL}},
			},
			"org_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The organization (`org-...`) whose members and use are read, through the organization's own endpoints. " +
					"A key of an organization needs it; with a key of the enterprise it narrows to that organization what Devin has for one; a data source that Devin has for the enterprise only warns. " +
					"An empty text is an error: for the whole enterprise, leave it out or set it to null. " +
					"Default: the environment variable `DEVIN_ORG_ID`, where an empty value counts as not set, then the whole enterprise.",
				Validators: []validator.String{settingValidator[string]{"an id of an organization", parseOrgID}},
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
				Validators: []validator.String{settingValidator[time.Duration]{"a duration such as 30s", parseDuration("request_timeout")}},
			},
			"rate_limit_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long a request waits for another answer than 429 before it fails, counted from its first 429, as a duration such as `90s` or `10m`. " +
					"Default: `5m`.",
				Validators: []validator.String{settingValidator[time.Duration]{"a duration such as 10m", parseDuration("rate_limit_timeout")}},
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
					"An id that contains an e-mail address stays as it is. Default: `false`.",
			},
		},
	}
}

// settingsModel has a field for each attribute of the provider's schema.
type settingsModel struct {
	APIKey                types.String `tfsdk:"api_key"`
	APIURL                types.String `tfsdk:"api_url"`
	OrgID                 types.String `tfsdk:"org_id"`
	MaxRetries            types.Number `tfsdk:"max_retries"`
	RequestTimeout        types.String `tfsdk:"request_timeout"`
	RateLimitTimeout      types.String `tfsdk:"rate_limit_timeout"`
	MaxConcurrentRequests types.Number `tfsdk:"max_concurrent_requests"`
	RequestsPerSecond     types.Number `tfsdk:"requests_per_second"`
	RedactPersonalData    types.Bool   `tfsdk:"redact_personal_data"`
	ReadOnly              types.Bool   `tfsdk:"read_only"`
	Strict                types.Bool   `tfsdk:"strict"`
}

// unknownSettings names the settings whose values Terraform does not know yet. It
// looks at the whole configuration, so that it cannot miss a setting of the schema.
func unknownSettings(config tfsdk.Config) ([]string, error) {
	var settings map[string]tftypes.Value
	if err := config.Raw.As(&settings); err != nil {
		return nil, err
	}
	var names []string
	for name, value := range settings {
		if !value.IsFullyKnown() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// setting is a value and where it comes from.
type setting struct {
	attribute string
	variable  string // of the environment; empty if the configuration has the value
	value     string
}

// firstSetting returns the configured value, or else the first environment variable
// that is set. An empty value counts as not set.
func firstSetting(attribute, configured string, variables ...string) setting {
	if value := strings.TrimSpace(configured); value != "" {
		return setting{attribute: attribute, value: value}
	}
	for _, name := range variables {
		if value := strings.TrimSpace(os.Getenv(name)); value != "" {
			return setting{attribute: attribute, variable: name, value: value}
		}
	}
	return setting{attribute: attribute}
}

// addProblem adds the error of a problem: at the attribute, or with the name of the
// environment variable that the value comes from.
func (s setting) addProblem(p *problem, diags *diag.Diagnostics) {
	if s.variable == "" {
		p.addTo(diags, path.Root(s.attribute))
		return
	}
	// At no line, because a provider block in one line may contain the key.
	diags.AddAttributeError(path.Empty(), p.summary, p.detail+" The value comes from the environment variable "+s.variable+
		", because "+s.attribute+" in the provider block is not set.")
}

// problem is what is wrong with a setting.
type problem struct {
	summary, detail string
	// secret is set where the value may contain the key: Terraform quotes the line that an
	// error points to, and none for an error with an empty path.
	secret bool
}

// missingKey does not fail Configure: functions need no key, and OpenTofu configures the
// provider before it calls one.
var missingKey = &problem{
	summary: "Missing Devin API key",
	detail: "Set the environment variable DEVIN_API_KEY (or DEVIN_TOKEN), or api_key in the provider block, " +
		"to the API key of a Devin enterprise service user. " +
		"Devin shows such keys under Enterprise settings > Service users.",
}

// boolSetting returns the configured value, or else that of the environment variable, or
// else false.
func boolSetting(attribute string, configured types.Bool, variable string, diags *diag.Diagnostics) bool {
	if !configured.IsNull() {
		return configured.ValueBool()
	}
	s := firstSetting(attribute, "", variable)
	on, err := strconv.ParseBool(cmp.Or(s.value, "false"))
	if err != nil {
		s.addProblem(&problem{summary: "Malformed " + attribute, detail: "It must be true or false."}, diags)
	}
	return on
}

func (p *problem) addTo(diags *diag.Diagnostics, at path.Path) {
	if p.secret {
		at = path.Empty()
	}
	diags.AddAttributeError(at, p.summary, p.detail)
}

// parseURL parses api_url; an empty text is the default.
func parseURL(text string) (*url.URL, *problem) {
	u, err := devin.ParseBaseURL(cmp.Or(strings.TrimSpace(text), devin.DefaultBaseURL))
	if err == nil {
		return u, nil
	}
	return nil, &problem{
		summary: "Malformed URL of the Devin API",
		detail: "api_url cannot be used: " + err.Error() + ". " +
			"Leave it out for " + devin.DefaultBaseURL + ", or give the URL of your own deployment's API, " +
			"such as https://api.your-company.devinenterprise.com.",
		// It may contain a user and a password, or an API key.
		secret: strings.Contains(text, "@") || strings.Contains(text, "cog_") || strings.Contains(text, "apk_"),
	}
}

// parseOrgID refuses an empty id, such as that of a variable that a pipeline did not set:
// it would read the whole enterprise.
func parseOrgID(text string) (string, *problem) {
	if id := strings.TrimSpace(text); id != "" {
		return id, nil
	}
	return "", &problem{
		summary: "Empty org_id",
		detail: "org_id is set, and empty. To read the whole enterprise, leave it out or set it to null. " +
			"Only the environment variable DEVIN_ORG_ID counts as not set where it is empty.",
	}
}

// parseDuration returns a parser for the setting of that name.
func parseDuration(name string) func(string) (time.Duration, *problem) {
	return func(text string) (time.Duration, *problem) {
		if d, err := time.ParseDuration(text); err == nil && d > 0 {
			return d, nil
		}
		return 0, &problem{
			summary: "Malformed duration",
			detail:  name + " must be a time span longer than 0 with its unit, such as 30s or 2m.",
		}
	}
}

// durationOf returns a duration that parseDuration accepted; 0 where it is not set.
func durationOf(value types.String) time.Duration {
	d, _ := time.ParseDuration(value.ValueString())
	return d
}

// settingValidator makes terraform validate parse a setting.
type settingValidator[T any] struct {
	what  string // "an https URL"
	parse func(string) (T, *problem)
}

func (v settingValidator[T]) Description(context.Context) string { return "must be " + v.what }

func (v settingValidator[T]) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (v settingValidator[T]) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, p := v.parse(req.ConfigValue.ValueString()); p != nil {
		p.addTo(&resp.Diagnostics, req.Path)
	}
}

const newKey = "Create an enterprise service user under Enterprise settings > Service users in Devin, " +
	"and use its key, which starts with cog_."

// keyProblems says what is wrong with a malformed key.
var keyProblems = []struct {
	err    error
	wrong  string // "The API key ..."
	advice string
}{
	{
		devin.ErrQuotedKey, "starts or ends with a quotation mark, which no Devin API key does.",
		"Take the quotes away: in the file or the CI setting that the key comes from, they became a part of it.",
	},
	{
		devin.ErrUnexpandedKey, "is the name of a variable, such as $DEVIN_KEY or ${...}, and not its value.",
		"Terraform expands no variables of the environment, and a shell expands none in single quotes. " +
			"Set DEVIN_API_KEY to the key itself, and leave api_key out.",
	},
	{
		devin.ErrAssignedKey, "starts with a name and the sign =, as in DEVIN_API_KEY=cog_...",
		"Give what stands after the sign = alone.",
	},
	{
		devin.ErrBearerKey, "starts with the word Bearer, which belongs to an HTTP header.",
		"Give the key without the word Bearer: the provider adds it.",
	},
	{
		devin.ErrMalformedKey, "has a space, a line break or another character inside that no Devin API key has.",
		"Copy the key alone, without the text around it.",
	},
}

// parseKey parses api_key; an empty text is no key. No message shows the key.
func parseKey(text string) (devin.Key, *problem) {
	key, err := devin.ParseKey(text)
	switch {
	case err == nil, errors.Is(err, devin.ErrNoKey):
		return key, nil
	case errors.Is(err, devin.ErrLegacyKey):
		return key, &problem{
			summary: string(devin.InvalidCredentials) + ": a legacy Devin API key",
			detail: "The API key starts with apk_: it was made for version 1 or 2 of the Devin API, and version 3, " +
				"which this provider speaks, never accepts it. " + newKey,
			secret: true,
		}
	}
	p := &problem{summary: "Malformed Devin API key", secret: true}
	for _, known := range keyProblems {
		if errors.Is(err, known.err) {
			p.detail = "The API key " + known.wrong + " " + known.advice
		}
	}
	return key, p
}
