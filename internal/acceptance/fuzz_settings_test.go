package acceptance

import (
	"context"
	"math"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

// Whatever settings a provider block has, validating and configuring end in a
// provider that is ready, or in errors at the attributes, or, where the line may
// have a secret, at none. They never show the key. Terraform's texts are UTF-8, and its numbers are finite.
func FuzzSettings(f *testing.F) {
	for _, name := range []string{"DEVIN_API_KEY", "DEVIN_TOKEN", "DEVIN_API_URL"} {
		if err := os.Unsetenv(name); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(matrixKey, "https://api.devin.ai", "60s", int64(4), int64(16), 10.0)
	f.Add(" "+matrixKey+"\n", "http://localhost:80/api/", "1m30s", int64(0), int64(64), 0.5)
	f.Add("apk_user_"+matrixKey, "", "", int64(10), int64(1), 1e300)
	f.Add("Bearer "+matrixKey, "http://devin.example.com", "60", int64(-1), int64(0), 0.0)
	f.Add(" ", "https://api.devin.ai", "60s", int64(4), int64(51), 10.0)
	f.Add("", "devin", "-5s", int64(11), int64(65), -1.0)
	f.Add("cog_\x00", "https://user:"+matrixKey+"@devin", "9999999999h", int64(1), int64(1), 1e-300)
	f.Add("cog_ü", "https://devin?key="+matrixKey, "0s", int64(math.MaxInt64), int64(math.MinInt64), 5e-324)
	f.Add(strings.Repeat("k", 4<<10), "https://devin#"+matrixKey, "1ns", int64(1), int64(1), 1.0)
	f.Add(matrixKey, "https://["+matrixKey, "1h1m1s1ms", int64(1), int64(1), 1.0)
	f.Fuzz(func(t *testing.T, key, url, timeout string, retries, concurrent int64, rate float64) {
		if !utf8.ValidString(key) || !utf8.ValidString(url) || !utf8.ValidString(timeout) || math.IsNaN(rate) || math.IsInf(rate, 0) {
			return
		}
		given := map[string]any{
			"api_key": key, "api_url": url, "request_timeout": timeout,
			"max_retries": retries, "max_concurrent_requests": concurrent, "requests_per_second": rate,
		}
		server, err := wire.NewServer(newProvider(nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		p := &protocol{&providertest.Protocol{ProviderServer: server, Schemas: allSchemas()}}
		invalid := p.ValidateProvider(t, given)
		checkSettings(t, key, url, invalid)
		if len(invalid) > 0 {
			return
		}
		// What validate accepts, configure must not refuse. A missing key is told to
		// whoever needs one.
		if refused := p.Configure(t, given); len(refused) > 0 {
			t.Errorf("%q, %q, %q, %d, %d, %v: validate accepts what configure does not: %s", key, url, timeout, retries, concurrent, rate, providertest.Messages(refused))
		}
	})
}

func checkSettings(t *testing.T, key, url string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, d := range diags {
		mayBeSecret := strings.HasSuffix(d.Summary, "Devin API key")
		if d.Summary == "Malformed URL of the Devin API" {
			mayBeSecret = strings.Contains(url, "@") || strings.Contains(url, "cog_") || strings.Contains(url, "apk_")
		}
		if d.Attribute == nil || (len(d.Attribute.Steps()) == 0) != mayBeSecret || d.Severity != tfprotov6.DiagnosticSeverityError || strings.Contains(d.Summary, "Bug") {
			t.Errorf("%s: %s", d.Summary, d.Detail)
		}
		// A short one may be a word of the message.
		if key = strings.TrimSpace(key); len(key) > 12 && strings.Contains(providertest.Messages(diags), key) {
			t.Errorf("the key is in %s: %s", d.Summary, d.Detail)
		}
		noKey(t, d.Summary+d.Detail)
	}
}

// The functions' arguments: a result or an error at the argument, no panic.
func FuzzFunctions(f *testing.F) {
	for _, text := range []string{
		"2026-11-20T07:59:59Z", "2026-11-20T08:00:00Z", "2026-11-20T00:00:00-08:00", "2026-11-20T08:00:00.999999999+14:00", "2026-11-20", "",
		"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-20t08:00:00z", "2016-12-31T23:59:60Z", "\x00", strings.Repeat("2", 4<<10),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		server, err := wire.NewServer(newProvider(nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		day, at := call(t, server, "billing_date", text), ""
		if day != "" {
			if at = call(t, server, "billing_day_start", day); at == "" || call(t, server, "billing_date", at) != day {
				t.Errorf("%q is the billing day %s, which starts at %q", text, day, at)
			}
		}
		call(t, server, "billing_day_start", text)
	})
}

// call is the result of a function, empty where it is an error.
func call(t *testing.T, server tfprotov6.ProviderServer, name, argument string) string {
	t.Helper()
	text, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, argument))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.CallFunction(context.Background(), &tfprotov6.CallFunctionRequest{Name: name, Arguments: []*tfprotov6.DynamicValue{&text}})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		if resp.Error.FunctionArgument == nil || *resp.Error.FunctionArgument != 0 {
			t.Errorf("%s(%q): %s", name, argument, resp.Error.Text)
		}
		return ""
	}
	result, err := resp.Result.Unmarshal(tftypes.String)
	if err != nil {
		t.Fatal(err)
	}
	return as[string](t, result)
}
