package provider

import (
	"context"
	"errors"
	"math"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// unknown names the settings whose values Terraform does not know yet.
func (m *settingsModel) unknown() []string {
	var names []string
	for _, setting := range []struct {
		name  string
		value attr.Value
	}{
		{"api_key", m.APIKey},
		{"api_url", m.APIURL},
		{"max_retries", m.MaxRetries},
		{"request_timeout", m.RequestTimeout},
		{"max_concurrent_requests", m.MaxConcurrentRequests},
		{"requests_per_second", m.RequestsPerSecond},
		{"redact_personal_data", m.RedactPersonalData},
	} {
		if setting.value.IsUnknown() {
			names = append(names, setting.name)
		}
	}
	return names
}

// setting is a value and where it came from.
type setting struct {
	attribute string
	variable  string // of the environment; empty where the configuration has the value
	value     string
}

// firstSetting takes the configured value, or else the first environment
// variable that is set. Empty counts as not set.
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

// report puts a problem at the attribute, or, where the attribute is written
// nowhere, names the environment variable that the value came from.
func (s setting) report(p *problem, diags *diag.Diagnostics) {
	if s.variable == "" {
		diags.AddAttributeError(path.Root(s.attribute), p.summary, p.detail)
		return
	}
	diags.AddError(p.summary, "The environment variable "+s.variable+" is set, and "+s.attribute+
		" in the provider block is not. "+p.detail)
}

// problem is what is wrong with a setting.
type problem struct{ summary, detail string }

// missingKey does not fail Configure: functions need no key, and OpenTofu
// configures the provider before it calls one.
var missingKey = &problem{
	"Missing Devin API key",
	"Set the environment variable DEVIN_API_KEY (or DEVIN_TOKEN), or api_key in the provider block, " +
		"to the API key of a Devin enterprise service user. " +
		"Devin shows such keys under Enterprise settings > Service users.",
}

func checkKey(text string) *problem {
	_, err := devin.ParseKey(text)
	switch {
	case err == nil, errors.Is(err, devin.ErrNoKey):
		return nil
	case errors.Is(err, devin.ErrLegacyKey):
		return &problem{
			string(devin.InvalidCredentials) + ": a legacy Devin API key",
			"The API key starts with apk_: it was made for version 1 or 2 of the Devin API, and version 3, " +
				"which this provider speaks, never accepts it. Create an enterprise service user under " +
				"Enterprise settings > Service users in Devin, and use its key, which starts with cog_.",
		}
	}
	return &problem{
		"Malformed Devin API key",
		"The API key has a space, a line break or another character inside that no Devin API key has. " +
			"Copy the key alone: without the word Bearer, quotes, or the text around it.",
	}
}

func checkURL(text string) *problem {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if _, err := devin.ParseBaseURL(text); err != nil {
		return &problem{
			"Malformed address of the Devin API",
			"api_url cannot be used: " + err.Error() + ". " +
				"Leave it out for " + devin.DefaultBaseURL + ", or give the API address of your own deployment, " +
				"such as https://api.your-company.devinenterprise.com.",
		}
	}
	return nil
}

func checkDuration(text string) *problem {
	if d, err := time.ParseDuration(text); err != nil || d <= 0 {
		return &problem{
			"Malformed duration",
			"request_timeout must be a time span longer than 0 with its unit, such as 30s or 2m.",
		}
	}
	return nil
}

// settingValidator runs one of the checks above in terraform validate.
type settingValidator struct {
	what  string
	check func(string) *problem
}

func (v settingValidator) Description(context.Context) string { return "must be " + v.what }

func (v settingValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v settingValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if p := v.check(req.ConfigValue.ValueString()); p != nil {
		resp.Diagnostics.AddAttributeError(req.Path, p.summary, p.detail)
	}
}

type positiveValidator struct{}

func (v positiveValidator) Description(context.Context) string { return "must be more than 0" }

func (v positiveValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v positiveValidator) ValidateFloat64(_ context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if f := req.ConfigValue.ValueFloat64(); !(f > 0) || math.IsInf(f, 0) {
		resp.Diagnostics.AddAttributeError(req.Path, "Impossible rate",
			"requests_per_second must be more than 0. Leave it out for no bound of the provider's own.")
	}
}
