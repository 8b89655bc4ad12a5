package devin

import (
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

func TestAKeyExpiresByADayInUTC(t *testing.T) {
	t.Parallel()
	last := UTCDayAt(clienttest.Now)
	at := func(text string) *Instant {
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return new(Instant(when.Unix()))
	}
	for name, tt := range map[string]struct {
		key  ServiceUserAPIKey
		want bool
	}{
		"in the last second of the day": {ServiceUserAPIKey{IsActive: new(true), ExpiresAt: at("2026-03-10T23:59:59Z")}, true},
		"before the day":                {ServiceUserAPIKey{IsActive: new(true), ExpiresAt: at("2026-03-01T00:00:00Z")}, true},
		"on the next day":               {ServiceUserAPIKey{IsActive: new(true), ExpiresAt: at("2026-03-11T00:00:00Z")}, false},
		"never":                         {ServiceUserAPIKey{IsActive: new(true)}, false},
		"not accepted any more":         {ServiceUserAPIKey{IsActive: new(false), ExpiresAt: at("2026-03-10T12:00:00Z")}, false},
	} {
		if got := tt.key.ExpiresBy(last); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
