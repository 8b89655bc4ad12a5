package explain_test

import (
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// now is a Friday noon: 2026-11-19 is the last billing day that has ended.
var now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// october is a window that has ended.
var october = devin.Window{Start: devin.DayAt(now) - 50, End: devin.DayAt(now) - 20}

func startFake(t *testing.T, opts devintest.Options) *devintest.Server {
	t.Helper()
	opts.Now = func() time.Time { return now }
	return devintest.Start(t, opts)
}

// newClient returns a client of fake that tries twice.
func newClient(t *testing.T, fake *devintest.Server, key string) *devin.Client {
	t.Helper()
	parsed, err := devin.ParseKey(key)
	if err != nil {
		t.Fatal(err)
	}
	base, err := devin.ParseBaseURL(fake.URL)
	if err != nil {
		t.Fatal(err)
	}
	client, err := devin.New(devin.Config{API: devin.API{BaseURL: base, Key: parsed, Clock: devintest.NewClock(now), MaxRetries: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}
