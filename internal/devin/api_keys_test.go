package devin

import (
	"testing"
	"time"
)

func TestAKeyExpiresByADayInUTC(t *testing.T) {
	t.Parallel()
	last := UTCDayAt(testNow)
	at := func(text string) *Instant {
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return ptr(Instant(when.Unix()))
	}
	for name, tt := range map[string]struct {
		key  ServiceUserAPIKey
		want bool
	}{
		"in the last second of the day": {ServiceUserAPIKey{IsActive: ptr(true), ExpiresAt: at("2026-03-10T23:59:59Z")}, true},
		"before the day":                {ServiceUserAPIKey{IsActive: ptr(true), ExpiresAt: at("2026-03-01T00:00:00Z")}, true},
		"on the next day":               {ServiceUserAPIKey{IsActive: ptr(true), ExpiresAt: at("2026-03-11T00:00:00Z")}, false},
		"never":                         {ServiceUserAPIKey{IsActive: ptr(true)}, false},
		"not accepted any more":         {ServiceUserAPIKey{IsActive: ptr(false), ExpiresAt: at("2026-03-10T12:00:00Z")}, false},
	} {
		if got := tt.key.ExpiresBy(last); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
