package provider

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// Dates of a window: what they come to, and that validate sees what resolve sees.
func FuzzDates(f *testing.F) {
	for _, seed := range [][2]string{
		{"2026-11-01", ""},
		{"2026-11-01", "2026-11-20"},
		{"2026-11-20", "2026-11-01"},
		{"2026-02-30", ""},
		{"", ""},
		{"2026-11-01", "2199-12-31"},
		{"2199-12-31", "2199-12-31"},
		{"2020-01-01", "x"},
		{"0001-01-01", "9999-12-31"},
		{"2026-11-01T00:00:00Z", "\x00"},
	} {
		f.Add(seed[0], seed[1])
	}
	key, err := devin.ParseKey("cog_Zx81QvKq7TbN4mWe0RjYhLd2")
	if err != nil {
		f.Fatal(err)
	}
	client, err := devin.New(devin.Config{API: devin.API{Key: key, Clock: devintest.NewClock(providertest.Now)}})
	if err != nil {
		f.Fatal(err)
	}
	p := newProtocol(f, New(Options{Version: "test"}))
	f.Fuzz(func(t *testing.T, start, end string) {
		if !utf8.ValidString(start) || !utf8.ValidString(end) {
			return
		}
		m := windowModel{StartDate: types.StringValue(start)}
		given := map[string]any{"start_date": start}
		if end != "" {
			m.EndDate, given["end_date"] = types.StringValue(end), end
		}
		w, err := m.resolve(client)
		diags := p.ValidateData(t, "devin_pr_metrics", given)
		future := err != nil && strings.Contains(err.Error(), "Window in the future")
		if (len(diags) > 0) != (err != nil && !future) {
			t.Errorf("%q to %q: validate says %q, resolve %v", start, end, providertest.Messages(diags), err)
		}
		for _, d := range diags {
			if d.Attribute == nil {
				t.Errorf("%s: %s", d.Summary, d.Detail)
			}
		}
		if err == nil && (w.Len() < 1 || m.Complete == nil || w.Start.String() != start || end != "" && w.End.String() != end) {
			t.Errorf("%q to %q is %s", start, end, w)
		}
	})
}
