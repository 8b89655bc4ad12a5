package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestMalformedSettingsAreRefusedByValidateAtTheAttribute(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New("test"))
	for _, tt := range []struct {
		setting string
		value   any
		want    string
	}{
		{"api_key", "apk_user_abc", "invalid_credentials: "},
		{"api_key", "cog_abc def", "another character inside"},
		{"api_key", "Bearer cog_abc", "without the word Bearer"},
		{"api_key", "cog_\x00abc", "another character inside"},
		{"api_url", "api.devin.ai", "not a URL"},
		{"api_url", "http://api.devin.ai", "use https"},
		{"api_url", "ftp://api.devin.ai", "not a URL"},
		{"api_url", "https://me:secret@api.devin.ai", "user name or password"},
		{"api_url", "https://api.devin.ai?x=1", "query"},
		{"api_url", "https://api.devin.ai#x", "fragment"},
		{"max_retries", -1, "between 0 and 10"},
		{"max_retries", 11, "between 0 and 10"},
		{"request_timeout", "60", "such as 30s"},
		{"request_timeout", "0s", "longer than 0"},
		{"request_timeout", "-5s", "longer than 0"},
		{"max_concurrent_requests", 0, "between 1 and 64"},
		{"max_concurrent_requests", 65, "between 1 and 64"},
		{"requests_per_second", 0.0, "more than 0"},
		{"requests_per_second", -0.5, "more than 0"},
	} {
		diags := p.validateProvider(t, map[string]any{tt.setting: tt.value})
		got := messages(diags)
		if len(diags) != 1 || !strings.HasPrefix(got, tt.setting+": ") || !strings.Contains(got, tt.want) {
			t.Errorf("%s = %v: want one error at it with %q, got:\n%s", tt.setting, tt.value, tt.want, got)
		}
		if strings.Contains(got, "secret") || strings.Contains(got, "user_abc") {
			t.Errorf("%s: the error shows a secret: %s", tt.setting, got)
		}
	}
}

func TestValidateNeedsNoKeyAndAcceptsWhatIsRightOrUnknown(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New("test"))
	for name, given := range map[string]map[string]any{
		"nothing": {},
		"empty":   {"api_key": "", "api_url": ""},
		"right": {
			"api_key": " cog_abc\n", "api_url": "https://devin.example.com/api/", "max_retries": 0,
			"request_timeout": "1m30s", "max_concurrent_requests": 64, "requests_per_second": 0.5,
		},
		"unknown": {
			"api_key": tftypes.UnknownValue, "api_url": tftypes.UnknownValue, "max_retries": tftypes.UnknownValue,
			"request_timeout": tftypes.UnknownValue, "max_concurrent_requests": tftypes.UnknownValue, "requests_per_second": tftypes.UnknownValue,
		},
	} {
		if diags := p.validateProvider(t, given); len(diags) > 0 {
			t.Errorf("%s: %s", name, messages(diags))
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
			clearEnvironment(t)
			fake := newFixture(t, devintest.Options{Prefix: "/api"})
			t.Setenv("DEVIN_API_URL", fake.URL+"/")
			t.Setenv("DEVIN_API_KEY", tt.apiKey)
			t.Setenv("DEVIN_TOKEN", tt.token)
			p := newProtocol(t, fake.provider())
			if diags := p.configure(t, map[string]any{"api_key": tt.configured}); len(diags) > 0 {
				t.Fatal(messages(diags))
			}
			p.readData(t, "devin_connection_check", nil)
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
		{"bad URL", map[string]string{"DEVIN_API_KEY": "cog_a", "DEVIN_API_URL": "devin"}, []string{"Malformed", "DEVIN_API_URL"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			clearEnvironment(t)
			for name, value := range tt.env {
				t.Setenv(name, value)
			}
			diags := newProtocol(t, New("test")).configure(t, nil)
			got := messages(diags)
			if len(diags) != 1 || diags[0].Attribute != nil {
				t.Errorf("want one error, at no attribute since none is written, got %s", got)
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
func TestAMissingKeyIsAnErrorForWhoeverNeedsOne(t *testing.T) {
	clearEnvironment(t)
	p := newProtocol(t, New("test"))
	if diags := p.configure(t, nil); len(diags) > 0 {
		t.Fatalf("configuring without a key says: %s", messages(diags))
	}
	if got, failure := p.call(t, "billing_day_start", "2026-11-22"); failure != nil || got != "2026-11-22T08:00:00Z" {
		t.Errorf("a function returns %q, %+v", got, failure)
	}
	said := map[string][]*tfprotov6.Diagnostic{}
	for name := range p.schemas.DataSourceSchemas {
		said["data "+name] = p.readData(t, name, nil).Diagnostics
	}
	for name, schema := range p.schemas.ResourceSchemas {
		planned, err := p.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
			TypeName: name, PriorState: null(t, schema), ProposedNewState: value(t, schema, nil), Config: value(t, schema, nil),
		})
		if err != nil {
			t.Fatal(err)
		}
		read, err := p.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: name, CurrentState: value(t, schema, nil)})
		if err != nil {
			t.Fatal(err)
		}
		destroyed, err := p.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
			TypeName: name, PriorState: value(t, schema, nil), ProposedNewState: null(t, schema), Config: null(t, schema),
		})
		if err != nil || len(destroyed.Diagnostics) > 0 {
			t.Errorf("destroying %s: %v, %s", name, err, messages(destroyed.Diagnostics))
		}
		said["the plan of "+name], said["the refresh of "+name] = planned.Diagnostics, read.Diagnostics
	}
	for what, diags := range said {
		got := messages(diags)
		if len(diags) != 1 || !strings.HasPrefix(got, "Missing Devin API key: Set the environment variable DEVIN_API_KEY (or DEVIN_TOKEN), or api_key in the provider block") {
			t.Errorf("%s says: %s", what, got)
		}
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

func TestUnknownSettingsStopDataSourcesWithoutARequest(t *testing.T) {
	clearEnvironment(t)
	fake := newFixture(t, devintest.Options{})
	p := newProtocol(t, fake.provider())
	if diags := p.configure(t, map[string]any{"api_key": tftypes.UnknownValue, "api_url": fake.URL}); len(diags) > 0 {
		t.Fatal(messages(diags))
	}
	for name := range p.schemas.DataSourceSchemas {
		got := messages(p.readData(t, name, nil).Diagnostics)
		if !strings.Contains(got, "api_key of the Devin provider is known only after apply") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if n := len(fake.Requests()); n > 0 {
		t.Errorf("%d requests without a key", n)
	}
}
