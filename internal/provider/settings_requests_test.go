package provider

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestSettingsReachTheRequests(t *testing.T) {
	providertest.ClearEnvironment(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(providertest.Now)) // a bubble begins in the year 2000
		fake := devintest.New(devintest.Options{Prefix: "/api"})
		defer fake.Close()
		seen := &observer{to: fake}
		p := newProtocol(t, New(Options{Version: "test", Transport: seen}))
		diags := p.Configure(t, map[string]any{
			"api_key": devintest.KeyOK, "api_url": "https://devin.example.com/api", "max_retries": 2, "request_timeout": "5s", "rate_limit_timeout": "40s",
			"max_concurrent_requests": 3, "requests_per_second": 4.0, "redact_personal_data": true,
		})
		if len(diags) > 0 {
			t.Fatal(providertest.Messages(diags))
		}
		fake.Fault("/v3/self", devintest.Fault{Status: http.StatusServiceUnavailable})
		p.ReadData(t, "devin_connection_check", nil)
		if n := fake.Count("/v3/self"); n != 3 {
			t.Errorf("%d tries with max_retries = 2", n)
		}
		start := time.Now()
		p.ReadData(t, "devin_hypervisors", nil)
		if took := time.Since(start); took < 3*5*time.Second || took > 20*time.Second {
			t.Errorf("three tries took %s with request_timeout = 5s", took)
		}
		fake.ClearFaults()
		fake.Fault("/v3/self", devintest.Fault{Status: http.StatusTooManyRequests})
		start = time.Now()
		p.ReadData(t, "devin_connection_check", nil)
		if took := time.Since(start); took < 15*time.Second || took > 45*time.Second {
			t.Errorf("it was given up after %s with rate_limit_timeout = 40s", took)
		}
		fake.ClearFaults()
		report := p.ReadData(t, "devin_members_daily_consumption", map[string]any{"start_date": "2026-11-01"})
		if len(report.Diagnostics) > 0 {
			t.Fatal(providertest.Messages(report.Diagnostics))
		}
		for _, m := range fake.Members() {
			if m.Name != nil && bytes.Contains(report.State.MsgPack, []byte(*m.Name)) {
				t.Errorf("%s is in the result with redact_personal_data = true", *m.Name)
			}
		}
		seen.check(t)
	})
}

// observer stands between the provider and a fake. Each request takes it 2 s, and
// one for hypervisors never ends.
type observer struct {
	to http.Handler

	mu             sync.Mutex
	requests       []*http.Request
	started        []time.Time
	inFlight, most int
}

func (o *observer) RoundTrip(r *http.Request) (*http.Response, error) {
	o.mu.Lock()
	o.requests = append(o.requests, r)
	o.started = append(o.started, time.Now())
	o.inFlight++
	o.most = max(o.most, o.inFlight)
	o.mu.Unlock()
	time.Sleep(2 * time.Second)
	defer func() {
		o.mu.Lock()
		o.inFlight--
		o.mu.Unlock()
	}()
	if strings.HasSuffix(r.URL.Path, "/hypervisors") {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	asked := httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.RequestURI(), nil)
	asked.Header = r.Header
	answer := httptest.NewRecorder()
	o.to.ServeHTTP(answer, asked)
	return answer.Result(), nil
}

func (o *observer) check(t *testing.T) {
	t.Helper()
	for i, r := range o.requests {
		if r.Header.Get("Authorization") != "Bearer "+devintest.KeyOK || r.URL.Host != "devin.example.com" ||
			r.Header.Get("User-Agent") != "Terraform/1.11.4 terraform-provider-devin/test" {
			t.Errorf("%s was asked with %v", r.URL, r.Header)
		}
		if i > 0 && o.started[i].Sub(o.started[i-1]) < 250*time.Millisecond {
			t.Errorf("%s started %s after another with requests_per_second = 4", r.URL, o.started[i].Sub(o.started[i-1]))
		}
	}
	if o.most != 3 {
		t.Errorf("%d requests were under way at once with max_concurrent_requests = 3", o.most)
	}
}
