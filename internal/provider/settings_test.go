package provider

import (
	"bytes"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestMalformedSettingsAreRefusedByValidateAtTheAttribute(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	for _, tt := range []struct {
		setting string
		value   any
		want    string
	}{
		{"api_url", "api.devin.ai", "not a URL"},
		{"api_url", "http://api.devin.ai", "use https"},
		{"api_url", "ftp://api.devin.ai", "not a URL"},
		{"api_url", "https://api.devin.ai/v3/enterprise/", "the provider adds /v3"},
		{"api_url", "https://api.devin.ai?x=1", "query"},
		{"api_url", "https://api.devin.ai#x", "fragment"},
		{"org_id", "", "leave it out or set it to null"},
		{"org_id", " \n", "leave it out or set it to null"},
		{"max_retries", -1, "a whole number from 0 to 10, and it is -1"},
		{"max_retries", 11, "from 0 to 10, and it is 11"},
		{"max_retries", 1.5, "a whole number from 0 to 10, and it is 1.5"},
		{"max_retries", 1e30, "and it is 1e+30"},
		{"max_retries", int64(1_000_000_000_001), "and it is 1000000000001"},
		{"request_timeout", "60", "such as 30s"},
		{"request_timeout", "0s", "longer than 0"},
		{"request_timeout", "-5s", "longer than 0"},
		{"rate_limit_timeout", "5", "rate_limit_timeout must be a time span"},
		{"rate_limit_timeout", "0s", "longer than 0"},
		{"max_concurrent_requests", 0, "a whole number from 1 to 64"},
		{"max_concurrent_requests", 65, "from 1 to 64"},
		{"max_concurrent_requests", 2.5, "and it is 2.5"},
		{"requests_per_second", 0.0, "from 0.1 to 100000, and it is 0."},
		{"requests_per_second", -0.5, "from 0.1 to 100000"},
		{"requests_per_second", 0.01, "one request in ten seconds"},
		{"requests_per_second", 1e-9, "and it is 1e-09"},
		{"requests_per_second", parsed(t, "1e400"), "and it is 1e+400"},
		{"requests_per_second", parsed(t, "1e-400"), "and it is 1e-400"},
	} {
		diags := p.ValidateProvider(t, map[string]any{tt.setting: tt.value})
		got := providertest.Messages(diags)
		if len(diags) != 1 || !strings.HasPrefix(got, tt.setting+": ") || !strings.Contains(got, tt.want) {
			t.Errorf("%s = %v: want one error at it with %q, got:\n%s", tt.setting, tt.value, tt.want, got)
		}
	}
}

// parsed is a number that no Go type but big.Float holds, as Terraform sends it.
func parsed(t *testing.T, text string) *big.Float {
	t.Helper()
	number, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// Terraform quotes the line that an error at an attribute points to, and for an
// error without a path the first line of the block.
func TestErrorsOfValuesThatMayBeSecretPointAtNoLine(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	for value, want := range map[string]string{
		"apk_user_S3cret":        "invalid_credentials: a legacy Devin API key",
		"APK_S3cret":             "invalid_credentials: a legacy Devin API key",
		"cog_S3cret def":         "another character inside",
		"cog_\x00S3cret":         "another character inside",
		`"cog_S3cret"`:           "quotation mark",
		"Bearer cog_S3cret":      "without the word Bearer",
		"$S3cret":                "is the name of a variable",
		"${S3cret}":              "is the name of a variable",
		"DEVIN_API_KEY=cog_S3cr": "what stands after the sign =",
	} {
		checkAtNoLine(t, p.ValidateProvider(t, map[string]any{"api_key": value}), want)
	}
	checkAtNoLine(t, p.ValidateProvider(t, map[string]any{"api_url": "https://me:S3cret@api.devin.ai"}), "user name or password")
	for _, url := range []string{"https://api.devin.ai/cog_S3cret", "https://api.devin.ai?key=cog_S3cret", "cog_S3cret", "https://cog_S3cret.example.com", "https://devin#apk_S3cret"} {
		checkAtNoLine(t, p.ValidateProvider(t, map[string]any{"api_url": url}), "api_url cannot be used")
	}
}

func checkAtNoLine(t *testing.T, diags []*tfprotov6.Diagnostic, want string) {
	t.Helper()
	got := providertest.Messages(diags)
	if len(diags) != 1 || diags[0].Attribute == nil || len(diags[0].Attribute.Steps()) > 0 || !strings.Contains(got, want) || strings.Contains(got, "S3cr") || strings.Contains(got, "expired") {
		t.Errorf("want one error with an empty path and %q, got:\n%s", want, got)
	}
}

func TestValidateNeedsNoKeyAndAcceptsWhatIsRightOrUnknown(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	for name, given := range map[string]map[string]any{
		"nothing": {},
		"empty":   {"api_key": "", "api_url": ""},
		"right": {
			"api_key": " cog_abc\n", "api_url": "https://devin.example.com/api/", "max_retries": 0,
			"request_timeout": "1m30s", "rate_limit_timeout": "10m", "max_concurrent_requests": 64, "requests_per_second": 0.1,
		},
		"a tenth as Terraform sends it": {"requests_per_second": parsed(t, "0.1")},
		"unknown": {
			"api_key": tftypes.UnknownValue, "api_url": tftypes.UnknownValue, "max_retries": tftypes.UnknownValue,
			"request_timeout": tftypes.UnknownValue, "max_concurrent_requests": tftypes.UnknownValue, "requests_per_second": tftypes.UnknownValue,
		},
	} {
		if diags := p.ValidateProvider(t, given); len(diags) > 0 {
			t.Errorf("%s: %s", name, providertest.Messages(diags))
		}
	}
}

func TestAccAKeyInTheAddressIsNotPrinted(t *testing.T) {
	for _, url := range []string{"https://api.devin.ai/cog_a§", "https://api.devin.ai?key=cog_a§", "https://cog_a§@api.devin.ai", "cog_a§"} {
		fake := newFixture(t, devintest.Options{})
		step := fake.Step("", "")
		step.Config = fmt.Sprintf("provider \"devin\" {\n  api_url = %q\n}\n", url) + `data "devin_members" "all" {}`
		step.ExpectError = regexp.MustCompile(`^[^§]*Malformed URL of the Devin API[^§]*$`)
		providertest.Run(t, step)
	}
}

func TestAccAKeyBesideAWrongEnvironmentVariableIsNotPrinted(t *testing.T) {
	for variable, summary := range map[string]string{
		"DEVIN_API_URL": "Malformed URL of the Devin API", "DEVIN_READ_ONLY": "Malformed read_only", "DEVIN_STRICT": "Malformed strict",
	} {
		fake := newFixture(t, devintest.Options{})
		step := fake.Step("", "")
		step.Config = `provider "devin" { api_key = "cog_a~" }` + "\n" + `data "devin_members" "all" {}`
		step.PreConfig = func() { t.Setenv(variable, "nonsense") }
		step.ExpectError = regexp.MustCompile(`^[^~]*` + summary + `[^~]*$`)
		providertest.Run(t, step)
		t.Setenv(variable, "")
	}
}

func TestUserAgentNamesWhatRunsTheProvider(t *testing.T) {
	for added, want := range map[string]string{
		"":                       "Terraform/1.11.4 terraform-provider-devin/test",
		" pipeline/7 (nightly) ": "Terraform/1.11.4 terraform-provider-devin/test pipeline/7 (nightly)",
		"a\r\nX-Evil: 1":         "Terraform/1.11.4 terraform-provider-devin/test",
		"a\x1b[0m":               "Terraform/1.11.4 terraform-provider-devin/test",
	} {
		providertest.ClearEnvironment(t)
		t.Setenv("TF_APPEND_USER_AGENT", added)
		fake := newFixture(t, devintest.Options{})
		p := fake.configured(t, nil)
		p.ReadData(t, "devin_principal", nil)
		if got := fake.Requests()[0].Header.Get("User-Agent"); got != want {
			t.Errorf("TF_APPEND_USER_AGENT=%q: %s, want %s", added, got, want)
		}
	}
}

func TestAccARefusedKeyIsNotPrinted(t *testing.T) {
	for _, key := range []string{"apk_user_§", "cog_§ x", "Bearer cog_§", `"cog_§"`, "$§", "KEY=cog_§"} {
		for _, block := range []string{"provider \"devin\" { api_key = %q }\n", "provider \"devin\" {\n  api_key = %q\n}\n"} {
			fake := newFixture(t, devintest.Options{})
			step := fake.Step("", "")
			step.Config = fmt.Sprintf(block, key) + `data "devin_members" "all" {}`
			step.ExpectError = regexp.MustCompile(`^[^§]*Devin API key[^§]*$`)
			providertest.Run(t, step)
		}
	}
}

func TestTheKeyComesFromTheConfigurationOrTheEnvironment(t *testing.T) {
	for _, tt := range []struct {
		name       string
		configured any
		apiKey     string
		token      string
		want       string // the key that arrives
	}{
		{"configuration beats environment", "cog_a", "cog_b", "cog_c", "cog_a"},
		{"DEVIN_API_KEY beats DEVIN_TOKEN", nil, "cog_b", "cog_c", "cog_b"},
		{"DEVIN_TOKEN", nil, "", "cog_c", "cog_c"},
		{"an empty configured key counts as unset", "", "cog_b", "", "cog_b"},
		{"a blank one too", " \n", " ", "cog_c", "cog_c"},
		{"white space is trimmed", "\tcog_a \n", "", "", "cog_a"},
		{"white space is trimmed in the environment", nil, "cog_b\n", "", "cog_b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			providertest.ClearEnvironment(t)
			fake := newFixture(t, devintest.Options{Prefix: "/api"})
			t.Setenv("DEVIN_API_URL", fake.URL+"/")
			t.Setenv("DEVIN_API_KEY", tt.apiKey)
			t.Setenv("DEVIN_TOKEN", tt.token)
			p := newProtocol(t, fake.Provider())
			if diags := p.Configure(t, map[string]any{"api_key": tt.configured}); len(diags) > 0 {
				t.Fatal(providertest.Messages(diags))
			}
			p.ReadData(t, "devin_connection_check", nil)
			requests := fake.Requests()
			if len(requests) == 0 || requests[0].Key != tt.want {
				t.Errorf("the fake was asked %+v, want with the key %s", requests, tt.want)
			}
		})
	}
}

func TestConfigureNamesWhatIsMissingOrWrongInTheEnvironment(t *testing.T) {
	for _, tt := range []struct {
		name string
		env  map[string]string
		want []string
	}{
		{"legacy key", map[string]string{"DEVIN_TOKEN": "apk_user_abc"}, []string{"invalid_credentials: ", "DEVIN_TOKEN", "Service users"}},
		{"key with a space", map[string]string{"DEVIN_API_KEY": "cog_a cog_b"}, []string{"Malformed", "DEVIN_API_KEY"}},
		{"key in quotes", map[string]string{"DEVIN_API_KEY": `"cog_a"`}, []string{"Malformed", "DEVIN_API_KEY", "quotation mark"}},
		{"bad URL", map[string]string{"DEVIN_API_KEY": "cog_a", "DEVIN_API_URL": "devin"}, []string{"Malformed", "DEVIN_API_URL"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			providertest.ClearEnvironment(t)
			for name, value := range tt.env {
				t.Setenv(name, value)
			}
			diags := newProtocol(t, New(Options{Version: "test"})).Configure(t, nil)
			got := providertest.Messages(diags)
			// Without a path, Terraform quotes the line of the provider block.
			if len(diags) != 1 || diags[0].Attribute == nil || len(diags[0].Attribute.Steps()) > 0 {
				t.Errorf("want one error with an empty path, got %s", got)
			}
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in %s", want, got)
				}
			}
		})
	}
}

// A function needs no key, and OpenTofu configures the provider to call one.
func TestAMissingKeyIsAnErrorWhereAKeyIsNeeded(t *testing.T) {
	providertest.ClearEnvironment(t)
	p := newProtocol(t, New(Options{Version: "test"}))
	if diags := p.Configure(t, nil); len(diags) > 0 {
		t.Fatalf("configuring without a key says: %s", providertest.Messages(diags))
	}
	if got, failure := p.call(t, "billing_day_start", "2026-11-22"); failure != nil || got != "2026-11-22T08:00:00Z" {
		t.Errorf("a function returns %q, %+v", got, failure)
	}
	said := map[string][]*tfprotov6.Diagnostic{}
	for name := range p.Schemas.DataSourceSchemas {
		said["data "+name] = p.ReadData(t, name, nil).Diagnostics
	}
	for name, schema := range p.Schemas.ResourceSchemas {
		planned, err := p.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
			TypeName: name, PriorState: null(t, schema), ProposedNewState: providertest.Value(t, schema, nil), Config: providertest.Value(t, schema, nil),
		})
		if err != nil {
			t.Fatal(err)
		}
		read, err := p.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: name, CurrentState: providertest.Value(t, schema, nil)})
		if err != nil {
			t.Fatal(err)
		}
		destroyed, err := p.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
			TypeName: name, PriorState: providertest.Value(t, schema, nil), ProposedNewState: null(t, schema), Config: null(t, schema),
		})
		if err != nil || len(destroyed.Diagnostics) > 0 {
			t.Errorf("destroying %s: %v, %s", name, err, providertest.Messages(destroyed.Diagnostics))
		}
		said["the plan of "+name], said["the refresh of "+name] = planned.Diagnostics, read.Diagnostics
	}
	full := 0
	for what, diags := range said {
		got := providertest.Messages(diags)
		switch {
		case len(diags) == 1 && strings.HasPrefix(got, "Missing Devin API key: Set the environment variable DEVIN_API_KEY (or DEVIN_TOKEN), or api_key in the provider block"):
			full++
		case len(diags) != 1 || !strings.HasPrefix(got, "Missing Devin API key: Could not ") || !strings.HasSuffix(strings.TrimSpace(got), ". Another error of this run says what to do."):
			t.Errorf("%s says: %s", what, got)
		}
	}
	if full != 1 {
		t.Errorf("%d of %d errors say what to do", full, len(said))
	}
}

// null is the state of a resource that does not exist.
func null(t *testing.T, schema *tfprotov6.Schema) *tfprotov6.DynamicValue {
	t.Helper()
	dynamic, err := tfprotov6.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), nil))
	if err != nil {
		t.Fatal(err)
	}
	return &dynamic
}

func TestEverySettingIsNoticedWhileItIsUnknown(t *testing.T) {
	providertest.ClearEnvironment(t)
	fake := newFixture(t, devintest.Options{})
	for _, setting := range newProtocol(t, fake.Provider()).Schemas.Provider.Block.Attributes {
		p := newProtocol(t, fake.Provider())
		given := map[string]any{"api_key": devintest.KeyOK, "api_url": fake.URL}
		given[setting.Name] = tftypes.UnknownValue
		if diags := p.Configure(t, given); len(diags) > 0 {
			t.Fatal(providertest.Messages(diags))
		}
		got := providertest.Messages(p.ReadData(t, "devin_members", nil).Diagnostics)
		if !strings.Contains(got, ": "+setting.Name+" of the Devin provider is known only after apply") {
			t.Errorf("%s is unknown: %s", setting.Name, got)
		}
	}
	if n := len(fake.Requests()); n > 0 {
		t.Errorf("%d requests with settings that are unknown", n)
	}
}

func TestUnknownSettingsStopDataSourcesWithoutARequest(t *testing.T) {
	providertest.ClearEnvironment(t)
	fake := newFixture(t, devintest.Options{})
	p := newProtocol(t, fake.Provider())
	if diags := p.Configure(t, map[string]any{"api_key": tftypes.UnknownValue, "api_url": fake.URL}); len(diags) > 0 {
		t.Fatal(providertest.Messages(diags))
	}
	for name := range p.Schemas.DataSourceSchemas {
		got := providertest.Messages(p.ReadData(t, name, nil).Diagnostics)
		if !strings.Contains(got, "api_key of the Devin provider is known only after apply") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if n := len(fake.Requests()); n > 0 {
		t.Errorf("%d requests without a key", n)
	}
}

// oddTotals adds 100 ACUs to the total of the enterprise.
func oddTotals(fake *fixture) {
	fake.Fault("/v3/enterprise/consumption/daily", devintest.Fault{Rewrite: func(body []byte) []byte {
		return bytes.Replace(body, []byte(`"total_acus":`), []byte(`"total_acus":1`), 1)
	}})
}

func TestStrictComesFromTheBlockOrTheEnvironment(t *testing.T) {
	for _, tt := range []struct {
		environment string
		block       map[string]any
		severity    tfprotov6.DiagnosticSeverity
	}{
		{"", nil, tfprotov6.DiagnosticSeverityWarning},
		{"false", nil, tfprotov6.DiagnosticSeverityWarning},
		{"true", map[string]any{"strict": false}, tfprotov6.DiagnosticSeverityWarning},
		{"perhaps", map[string]any{"strict": false}, tfprotov6.DiagnosticSeverityWarning},
		{"true", nil, tfprotov6.DiagnosticSeverityError},
		{"1", nil, tfprotov6.DiagnosticSeverityError},
		{"", map[string]any{"strict": true}, tfprotov6.DiagnosticSeverityError},
		{"false", map[string]any{"strict": true}, tfprotov6.DiagnosticSeverityError},
	} {
		providertest.ClearEnvironment(t)
		t.Setenv("DEVIN_STRICT", tt.environment)
		fake := newFixture(t, devintest.Options{})
		oddTotals(fake)
		p := newProtocol(t, fake.Provider())
		given := map[string]any{"api_url": fake.URL, "api_key": devintest.KeyOK}
		maps.Copy(given, tt.block)
		if diags := p.Configure(t, given); len(diags) > 0 {
			t.Fatal(providertest.Messages(diags))
		}
		resp := p.ReadData(t, "devin_daily_consumption", map[string]any{"start_date": "2026-10-01", "end_date": "2026-10-31"})
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Severity != tt.severity || resp.Diagnostics[0].Summary != string(devin.NoticeTotals) ||
			!strings.Contains(resp.Diagnostics[0].Detail, "the 31 days in consumption_by_date add up to") {
			t.Errorf("DEVIN_STRICT=%s, %v: %s", tt.environment, tt.block, providertest.Messages(resp.Diagnostics))
		}
		// An odd answer to a probe says nothing about the key.
		check := p.ReadData(t, "devin_connection_check", nil)
		if len(check.Diagnostics) > 0 {
			t.Errorf("DEVIN_STRICT=%s, %v: the check says %s", tt.environment, tt.block, providertest.Messages(check.Diagnostics))
		}
	}
	t.Setenv("DEVIN_STRICT", "perhaps")
	diags := newProtocol(t, New(Options{Version: "test"})).Configure(t, map[string]any{"api_key": devintest.KeyOK})
	if len(diags) != 1 || diags[0].Summary != "Malformed strict" || !strings.Contains(diags[0].Detail, "DEVIN_STRICT") {
		t.Errorf("DEVIN_STRICT=perhaps: %s", providertest.Messages(diags))
	}
}
