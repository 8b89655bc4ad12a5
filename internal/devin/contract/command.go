package contract

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// Main writes the report of the API that the environment names, as the provider
// reads it, and returns the exit code: 1 where the API could not be asked.
func Main(version string, getenv func(string) string, out, progress io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	cfg, err := settings(version, getenv)
	if err == nil {
		fmt.Fprintln(progress, "Sending about a hundred GET requests to the Devin API, one after the other.")
		var report *Report
		if report, err = Run(ctx, cfg, version, progress); err == nil {
			_, err = fmt.Fprint(out, report)
		}
	}
	if err != nil {
		fmt.Fprintln(progress, "Error:", err)
		return 1
	}
	return 0
}

func settings(version string, getenv func(string) string) (cfg devin.Config, err error) {
	first := func(names ...string) (value, name string) {
		for _, name = range names {
			if value = strings.TrimSpace(getenv(name)); value != "" {
				return value, name
			}
		}
		return "", names[0]
	}
	cfg.UserAgent, cfg.MaxRetries = "terraform-provider-devin/"+version, devin.DefaultMaxRetries
	cfg.OrgID, _ = first("DEVIN_ORG_ID")
	key, name := first("DEVIN_API_KEY", "DEVIN_TOKEN")
	if cfg.Key, err = devin.ParseKey(key); err != nil {
		return cfg, fmt.Errorf("set %s to a Devin API key: %w", name, err)
	}
	if address, name := first("DEVIN_API_URL"); address != "" {
		if cfg.BaseURL, err = devin.ParseBaseURL(address); err != nil {
			return cfg, fmt.Errorf("%s cannot be used: %w", name, err)
		}
	}
	return cfg, nil
}
