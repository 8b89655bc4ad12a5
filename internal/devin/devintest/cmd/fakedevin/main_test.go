package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// program is the program while it runs.
type program struct {
	url    string
	stderr bytes.Buffer
	end    func() error
}

// launch runs the program until end is called, or the test ends.
func launch(t *testing.T, args ...string) *program {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	p := &program{}
	reader, stdout := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, args, stdout, &p.stderr)
		_ = stdout.CloseWithError(err)
		ended <- err
	}()
	p.end = sync.OnceValue(func() error { stop(); return <-ended })
	t.Cleanup(func() { _ = p.end() })
	line, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`^fake Devin API listening on (https?://127\.0\.0\.1:\d+(/api)?)\n$`).FindStringSubmatch(line)
	if found == nil {
		t.Fatal(line)
	}
	p.url = found[1]
	return p
}

func (p *program) get(t *testing.T, client *http.Client, path string) (status int, header http.Header, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+devintest.KeyOK)
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(text)
}

func TestServesUntilStopped(t *testing.T) {
	p := launch(t, "-members", "3", "-prefix", "/api", "-verbose")
	if status, _, body := p.get(t, http.DefaultClient, "/v3/self"); status != http.StatusOK {
		t.Errorf("%d: %s", status, body)
	}
	if err := p.end(); err != nil {
		t.Error(err)
	}
	if log := p.stderr.String(); !strings.HasPrefix(log, "GET /api/v3/self") || strings.Contains(log, "cog_") {
		t.Error(log)
	}
}

func TestFlagsSetFaultsQuirksAndMoves(t *testing.T) {
	p := launch(
		t, "-now", "2026-11-19T12:00:00Z", "-quirk", "UnknownUser=404", "-quirk", "TotalIs=lags", "-quirk", "ZeroDays",
		"-fault", "/v3/enterprise/queue status=503 times=1 retry-after=5", "-fault", "/v3/self html", "-move", "*/organizations remove=1",
	)
	const org = "/v3/enterprise/organizations"
	if status, header, _ := p.get(t, http.DefaultClient, "/v3/enterprise/queue"); status != 503 || header.Get("Retry-After") != "5" {
		t.Errorf("the fault answers %d, %v", status, header)
	}
	for _, test := range []struct {
		path   string
		status int
		has    string
	}{
		{"/v3/enterprise/queue", 200, "queue_size"},
		{"/v3/self", 200, "<html>"},
		{"/v3/enterprise/consumption/daily/users/unknown", 404, ""},
		// The cycle of 5 November until the day that the clock shows, all of them.
		{"/v3/enterprise/consumption/daily", 200, `{"date":1795075200,`},
		{org, 200, `"total":4`},
		{org, 200, `"has_next_page":false,"total":4}`},
	} {
		if status, _, body := p.get(t, http.DefaultClient, test.path); status != test.status || !strings.Contains(body, test.has) {
			t.Errorf("%s: %d, %s", test.path, status, body)
		}
	}
	if _, _, body := p.get(t, http.DefaultClient, org); strings.Contains(body, `"Platform"`) {
		t.Errorf("the first organization is still there: %s", body)
	}
}

func TestServesHTTPSWithItsCertificate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "fake.pem")
	p := launch(t, "-tls", file, "-gzip", "-busy", "100", "-rate-limit", "1")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer client.CloseIdleConnections()
	if status, _, body := p.get(t, client, "/v3/self"); status != http.StatusOK {
		t.Errorf("%d: %s", status, body)
	}
	// Unless a minute of the clock ended in between, the second is one too many.
	again, _, _ := p.get(t, client, "/v3/self")
	third, _, _ := p.get(t, client, "/v3/self")
	if again != http.StatusTooManyRequests && third != http.StatusTooManyRequests {
		t.Errorf("%d and %d beyond one request a minute", again, third)
	}
}

func TestPrintsItsQuirks(t *testing.T) {
	var stdout bytes.Buffer
	if err := run(t.Context(), []string{"-print-quirks"}, &stdout, io.Discard); err != nil {
		t.Fatal(err)
	}
	// Each of them can be set as it is shown.
	for line := range strings.FieldsSeq(stdout.String()) {
		name, values, _ := strings.Cut(line, "=")
		for value := range strings.SplitSeq(strings.ReplaceAll(values, "NUMBER", "7"), "|") {
			if err := set(&devintest.Quirks{}, name, value); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestPrintsItsKeys(t *testing.T) {
	var stdout bytes.Buffer
	if err := run(t.Context(), []string{"-print-keys"}, &stdout, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, k := range devintest.Keys() {
		if !strings.Contains(stdout.String(), k.Key+" ") {
			t.Errorf("%s is missing", k.Key)
		}
	}
}

func TestInvalidArgumentsAreRefused(t *testing.T) {
	for _, args := range [][]string{
		{"-addr", ":0"},
		{"-addr", "0.0.0.0:0"},
		{"-addr", "192.0.2.1:0"},
		{"-addr", "example.com:0"},
		{"-addr", "127.0.0.1"},
		{"-members", "0"},
		{"-page-size", "-1"},
		{"extra"},
		{"-unknown"},
		{"-now", "today"},
		{"-now", "2026-11-19T12:00:00Z", "-rate-limit", "1"},
		{"-quirk", "Nice"},
		{"-quirk", "Total=seven"},
		{"-quirk", "UnknownUser=many"},
		{"-fault", "status=503"},
		{"-fault", "/v3/self"},
		{"-fault", "/v3/self delay=long"},
		{"-fault", "/v3/self rewrite=x"},
		{"-move", "/v3/self insert"},
	} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}
