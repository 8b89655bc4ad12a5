package rest

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// Some ids are or hold an e-mail address, and the path of a request has the id.
func TestAddressesInIDsAreInTheDebugLogOnly(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	server.Fault("*", devintest.Fault{Status: 503, Times: 1})
	server.Fault("*", devintest.Fault{Status: 429, Times: 1})
	var log bytes.Buffer
	c := newClient(t, server.URL, withRetries(4), func(cfg *Config) {
		cfg.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	if _, err := askConsumption(t.Context(), c, "samlp|acme|jane+ops@acme.example"); err != nil {
		t.Fatal(err)
	}
	debug, warn := 0, 0
	for line := range strings.Lines(log.String()) {
		has := strings.Contains(line, "jane")
		switch {
		case strings.Contains(line, "level=DEBUG") && has:
			debug++
		case strings.Contains(line, "level=WARN") && !has && strings.Contains(line, "/v3/enterprise/consumption/daily/users/(id)"):
			warn++
		default:
			t.Errorf("unexpected: %s", line)
		}
	}
	if debug != 3 || warn != 2 {
		t.Errorf("%d lines at DEBUG, %d at WARN:\n%s", debug, warn, &log)
	}
}

func TestTheLogHasTheRequestIDOfAnswersToo(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	var log bytes.Buffer
	c := newClient(t, server.URL, func(cfg *Config) {
		cfg.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	if _, err := askSelf(t.Context(), c); err != nil || !strings.Contains(log.String(), "request_id=req-1") {
		t.Errorf("%v, and the log is %s", err, &log)
	}
}
