package explain_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
	"github.com/devin-community/terraform-provider-devin/internal/explain/explaintest"
)

const loginPage = "<!DOCTYPE html><html><title>Sign in</title></html>"

func TestEveryFailureSaysWhatHappenedAndWhatToDo(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault   devintest.Fault
		summary string // whole
		detail  []string
	}{
		"401": {
			devintest.Fault{Status: 401},
			"invalid_credentials: Devin refused the API key",
			[]string{"answered 401 (Unauthorized)", "revoked", "DEVIN_API_KEY"},
		},
		"403": {
			devintest.Fault{Status: 403},
			"forbidden: Devin denied access",
			[]string{"answered 403 (Forbidden)", "ViewAccountMetrics", "devin_connection_check"},
		},
		"403 of a proxy": {
			devintest.Fault{Status: 403, Body: loginPage},
			"unavailable: the answer does not come from the Devin API",
			[]string{"answered 403: an HTML page instead of JSON", "This says nothing about the API key", "HTTPS_PROXY"},
		},
		"403 of the IP access list": {
			devintest.Fault{Status: 403, Body: `{"title":"Forbidden","status":403,"detail":"203.0.113.7 is not in the IP access list"}`},
			"forbidden: Devin denies access to this machine's IP address",
			[]string{"203.0.113.7 is not in the IP access list", "This says nothing about the API key", "let an administrator", "HTTPS_PROXY"},
		},
		"414": {
			devintest.Fault{Status: 414},
			"The request is too long for Devin",
			[]string{"answered 414", "Shorten the arguments"},
		},
		"431 of a proxy": {
			devintest.Fault{Status: 431, Body: loginPage},
			"The request is too long for Devin",
			[]string{"answered 431", "Shorten the arguments"},
		},
		"404": {
			devintest.Fault{Status: 404},
			"Not found in Devin",
			[]string{"answered 404", "api_url"},
		},
		"422": {
			devintest.Fault{Status: 422, Body: `{"detail":[{"loc":["query","time_after"],"msg":"Field required"}]}`},
			"Devin rejected the request",
			[]string{"query.time_after: Field required", "report this message"},
		},
		"400 for a window that is too long": {
			devintest.Fault{Status: 400, Body: `{"title":"Bad Request","status":400,"detail":"at most 90 days"}`},
			"Devin rejected the request",
			[]string{"at most 90 days", "limits that it does not document", "newer version of this provider"},
		},
		"402": {
			devintest.Fault{Status: 402},
			"unavailable: the enterprise's plan does not allow this",
			[]string{"answered 402", "This says nothing about the API key", "its plan and its bills"},
		},
		"407": {
			devintest.Fault{Status: 407, Body: loginPage},
			"unavailable: a proxy answered in place of Devin",
			[]string{"answered 407", "This says nothing about the API key", "HTTPS_PROXY", "user name and password"},
		},
		"421": {
			devintest.Fault{Status: 421},
			"unavailable: Devin answered 421",
			[]string{"the last of 2 tries", "This says nothing about the API key", "run again"},
		},
		"423": {
			devintest.Fault{Status: 423},
			"unavailable: Devin has locked what was asked for",
			[]string{"answered 423", "This says nothing about the API key", "Run again in a while"},
		},
		"451": {
			devintest.Fault{Status: 451},
			"unavailable: Devin may not answer for legal reasons",
			[]string{"answered 451", "This says nothing about the API key", "Devin's support"},
		},
		"499": {
			devintest.Fault{Status: 499},
			"unavailable: Devin answered 499",
			[]string{"the last of 2 tries", "run again"},
		},
		"511": {
			devintest.Fault{Status: 511, Body: loginPage},
			"unavailable: a proxy answered in place of Devin",
			[]string{"answered 511", "sign-in"},
		},
		"503 that asks for more patience": {
			devintest.Fault{Status: 503, RetryAfter: "3600"},
			"unavailable: Devin answered 503",
			[]string{"wait 1h0m0s"},
		},
		"corrupt": {
			devintest.Fault{Header: http.Header{"Content-Encoding": {"gzip"}}, Rewrite: func([]byte) []byte { return []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff") }},
			"unavailable: Devin's answer was corrupted on its way",
			[]string{"answered 200", "proxy"},
		},
		"429 for ever": {
			devintest.Fault{Status: 429, RetryAfter: "7"},
			"unavailable: Devin asks for fewer requests",
			[]string{"This says nothing about the API key", "wait 7s", "5m0s (rate_limit_timeout)", "requests_per_second"},
		},
		"429 for longer than is waited": {
			devintest.Fault{Status: 429, RetryAfter: "3600"},
			"unavailable: Devin asks for fewer requests",
			[]string{"wait 1h0m0s", "5m0s (rate_limit_timeout)"},
		},
		"503": {
			devintest.Fault{Status: 503, Body: loginPage},
			"unavailable: Devin answered 503",
			[]string{"the last of 2 tries", "This says nothing about the API key"},
		},
		"login page": {
			devintest.Fault{Body: loginPage},
			"unavailable: the answer does not come from the Devin API",
			[]string{"answered 200: an HTML page instead of JSON", "proxy"},
		},
		"redirect": {
			devintest.Fault{Status: 302, Header: http.Header{"Location": {"https://login.example.com/x?token=1"}}},
			"unavailable: the answer does not come from the Devin API",
			[]string{"answered 302: it redirects to https://login.example.com,", "the key is sent to 127.0.0.1"},
		},
		"empty body": {
			devintest.Fault{EmptyBody: true},
			"unavailable: the answer is not as Devin documents it",
			[]string{"its body is empty", "newer version"},
		},
		"other JSON": {
			devintest.Fault{Body: `{"prs_created_count": "many"}`},
			"unavailable: the answer is not as Devin documents it",
			[]string{"many"},
		},
		"cut body": {
			devintest.Fault{CutBody: true},
			"unavailable: Devin's answer broke off",
			[]string{"the answer broke off", "the last of 2 tries", "raise request_timeout"},
		},
		"reset": {
			devintest.Fault{Reset: true},
			"unavailable: Devin could not be reached",
			[]string{"got no answer", "Check the network"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := startFake(t, devintest.Options{})
			fake.Fault("/v3/enterprise/metrics/prs", tt.fault)
			_, err := newClient(t, fake, devintest.KeyOK).PRMetrics(t.Context(), october, devin.MetricsFilter{})
			if err == nil {
				t.Fatal("no error")
			}
			m := explain.Error("read pull-request metrics", err)
			summary, detail := m.Summary, m.Detail
			if summary != tt.summary {
				t.Errorf("summary %q, want %q", summary, tt.summary)
			}
			for _, want := range append(tt.detail, "What was asked:\n- GET /v3/enterprise/metrics/prs on 127.0.0.1:") {
				if !strings.Contains(detail, want) {
					t.Errorf("%q is missing in:\n%s", want, detail)
				}
			}
			explaintest.CheckForm(t, m)
			if tt.summary != "unavailable: Devin's answer broke off" && strings.Contains(detail, "raise request_timeout") {
				t.Errorf("more time does not help:\n%s", detail)
			}
			if strings.HasPrefix(tt.summary, "unavailable: Devin's answer") && strings.Contains(detail, "status page") {
				t.Errorf("a status page tells nothing of it:\n%s", detail)
			}
			if strings.Contains(detail, devintest.KeyOK) || strings.Contains(detail, "token=1") {
				t.Errorf("the detail shows a secret:\n%s", detail)
			}
		})
	}
}

func TestFailuresOfTheNetworkSayWhereToLook(t *testing.T) {
	t.Parallel()
	tls := devintest.StartTLS(t, devintest.Options{})
	plain := devintest.Start(t, devintest.Options{})
	slow := devintest.Start(t, devintest.Options{})
	slow.Fault("*", devintest.Fault{Hang: true})
	noName := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "devin.example.com", IsNotFound: true}
	}}
	expired := distrusting(x509.CertificateInvalidError{Reason: x509.Expired})
	otherName := distrusting(x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"a.example"}}, Host: "devin.example.com"})
	for name, tt := range map[string]struct {
		url       string
		transport http.RoundTripper
		timeout   time.Duration
		want      []string
	}{
		"unknown authority": {tls.URL, nil, time.Minute, []string{"certificate", "SSL_CERT_FILE"}},
		"expired":           {"https://devin.example.com", expired, time.Minute, []string{"certificate has expired", "clock"}},
		"another name":      {"https://devin.example.com", otherName, time.Minute, []string{"certificate is not for this name", "api_url"}},
		"no TLS":            {strings.Replace(plain.URL, "http:", "https:", 1), nil, time.Minute, []string{"does not speak TLS", "api_url"}},
		"no such host":      {"https://devin.example.com", noName, time.Minute, []string{"devin.example.com could not be resolved", "api_url"}},
		"no answer":         {slow.URL, nil, 50 * time.Millisecond, []string{"it took longer than 50ms", "request_timeout"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := explain.Error("read the members", failure(t, tt.url, tt.timeout, tt.transport))
			if m.Summary != "unavailable: Devin could not be reached" {
				t.Errorf("summary %q", m.Summary)
			}
			for _, want := range append(tt.want, "This says nothing about the API key") {
				if !strings.Contains(m.Detail, want) {
					t.Errorf("%q is missing in:\n%s", want, m.Detail)
				}
			}
		})
	}
}

func TestARefusedCursorIsNoFaultOfTheArguments(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{PageSize: 5})
	fake.Fault("/v3/enterprise/members/users", devintest.Fault{Status: 422, When: func(r *http.Request) bool { return r.URL.Query().Has("after") }})
	_, err := newClient(t, fake, devintest.KeyOK).Members(t.Context(), devin.MemberFilter{})
	m := explain.Error("list the members", err)
	if m.Summary != "unavailable: Devin refused a cursor of its own" || !strings.Contains(m.Detail, "Run again") || strings.Contains(m.Detail, "rguments") {
		t.Error(m)
	}
	explaintest.CheckForm(t, m)
}

func TestAnIDThatIsNoPartOfAPathWasNotSent(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	_, err := newClient(t, fake, devintest.KeyOK).UserDailyConsumption(t.Context(), "..", october)
	m := explain.Error("read the daily consumption", err)
	if m.Summary != "An id cannot be part of a request" || !strings.Contains(m.Detail, "was not sent") || len(fake.Requests()) > 0 {
		t.Error(m)
	}
	explaintest.CheckForm(t, m)
}

func TestAProxyThatRefusesIsToldFromDevin(t *testing.T) {
	t.Parallel()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) }))
	t.Cleanup(refusing.Close)
	proxy, err := url.Parse(refusing.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := rest.NewTransport(1)
	transport.Proxy = http.ProxyURL(proxy)
	m := explain.Error("read", failure(t, "https://devin.example.com", time.Minute, transport))
	if m.Summary != "unavailable: a proxy answered in place of Devin" || !strings.Contains(m.Detail, "407") || !strings.Contains(m.Detail, "HTTPS_PROXY") {
		t.Error(m)
	}
	explaintest.CheckForm(t, m)
}

func TestAnAnswerThatStallsPointsToTheTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := explain.Error("read", failure(t, "https://api.devin.ai", time.Minute, stalling{}))
		if m.Summary != "unavailable: Devin's answer broke off" || !strings.Contains(m.Detail, "raise request_timeout") || strings.Contains(m.Detail, "status page") {
			t.Error(m)
		}
	})
}

// stalling begins each answer, and does not end it.
type stalling struct{}

func (stalling) RoundTrip(r *http.Request) (*http.Response, error) {
	reader, writer := io.Pipe()
	go func() {
		_, _ = io.WriteString(writer, `{"principal_type":`)
		<-r.Context().Done()
		writer.CloseWithError(r.Context().Err())
	}()
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: reader, ContentLength: -1, Request: r}, nil
}

// distrusting connects to nothing, because the certificate does not hold.
func distrusting(why error) http.RoundTripper {
	return &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &tls.CertificateVerificationError{Err: why}
	}}
}

// failure is what a client that tries but once gets.
func failure(t *testing.T, address string, timeout time.Duration, transport http.RoundTripper) error {
	t.Helper()
	key, err := devin.ParseKey(devintest.KeyOK)
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	client, err := devin.New(devin.Config{API: devin.API{BaseURL: base, Key: key, RequestTimeout: timeout, Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = client.Self(t.Context())
	if err == nil {
		t.Fatal("no error")
	}
	return err
}

func TestInterruptionIsNoFailureOfDevins(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := newClient(t, fake, devintest.KeyOK).UserDailyConsumption(ctx, "a", october)
	if m := explain.Error("read", err); m.Summary != "Interrupted" {
		t.Errorf("got %v", m)
	}
}

func TestErrorsFromElsewhereKeepTheirText(t *testing.T) {
	t.Parallel()
	if m := explain.Error("count", errors.New("out of fingers")); m != (explain.Message{Summary: "Could not count", Detail: "out of fingers"}) {
		t.Error(m)
	}
}
