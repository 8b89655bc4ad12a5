package provider

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestCodeScanMetricsAreTheTruth(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for _, orgIDs := range [][]string{nil, {fake.Findings()[0].OrgID}} {
		m := codeScanMetricsModel{windowModel: window("2026-09-01", "2026-10-31"), OrgIDs: orgIDs}
		if err := readCodeScanMetrics(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		n := fake.ScanCounts(orgIDs, from, to)
		got := [...]devin.Count{*m.Scans, *m.ReposScanned, *m.OpenCritical, *m.OpenHigh, *m.OpenMedium, *m.OpenLow, *m.PRsCreated, *m.PRsOpen, *m.PRsMerged, *m.PRsClosed}
		want := [...]int64{n.Scans, n.Repos, n.BySeverity["critical"], n.BySeverity["high"], n.BySeverity["medium"], n.BySeverity["low"], n.PRsCreated, n.PRsOpen, n.PRsMerged, n.PRsClosed}
		for i := range want {
			if int64(got[i]) != want[i] || n.Scans == 0 {
				t.Fatalf("of %v: %v, want %v", orgIDs, got, want)
			}
		}
		if m.AverageOpen != nil || (m.AverageMerge == nil) != (n.PRsMerged == 0) {
			t.Errorf("averages of %v: %v, %v with %d that are merged", orgIDs, m.AverageOpen, m.AverageMerge, n.PRsMerged)
		}
	}
}

func TestCodeScanMetricsOfADevinThatIgnoresOrgIDsAreAnError(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{IgnoredFilters: []string{"org_ids"}}})
	m := codeScanMetricsModel{windowModel: window("2026-10-26", "2026-11-01"), OrgIDs: []string{fake.Organizations()[0].OrgID}}
	if err := readCodeScanMetrics(t.Context(), fake.Client(t, devintest.KeyOK), &m); !errors.Is(err, devin.ErrFilterIgnored) {
		t.Errorf("got %v", err)
	}
}

func TestCodeScansOverMoreThanAHundredDaysAreRefused(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	read := func(start string) error {
		m := codeScanMetricsModel{windowModel: window(start, "2026-10-31")}
		return readCodeScanMetrics(t.Context(), fake.Client(t, devintest.KeyOK), &m)
	}
	if err := read("2026-07-24"); err != nil {
		t.Errorf("100 days: %v", err)
	}
	if err := read("2026-07-23"); err == nil || !strings.Contains(err.Error(), "has 101 days") || !strings.Contains(err.Error(), "2026-07-24 or later") {
		t.Errorf("101 days: %v", err)
	}
}
