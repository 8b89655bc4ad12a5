package provider

import (
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestFindingsAreTakenAsDevinShowsThem(t *testing.T) {
	t.Parallel()
	for _, shown := range []bool{false, true} {
		fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{FindingsAreShort: !shown}})
		m := codeScanFindingsModel{Severities: []string{"critical"}, Statuses: []string{"open"}}
		if err := readCodeScanFindings(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(fake.Findings(), func(f devintest.Finding) bool { return f.Is != "critical" || f.Stands != "open" })
		if len(m.Findings) != len(want) || len(want) == 0 || text(m.Findings[0].Status) != map[bool]string{true: "open", false: "null"}[shown] || m.BySeverity["critical"] != int64(len(want)) || len(m.BySeverity) != 1 {
			t.Errorf("shown %v: %d findings, want %d; %v", shown, len(m.Findings), len(want), m.BySeverity)
		}
	}
}
