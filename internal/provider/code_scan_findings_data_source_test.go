package provider

import (
	"cmp"
	"errors"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func readTestFindings(t *testing.T, client *devin.Client, m codeScanFindingsModel) codeScanFindingsModel {
	t.Helper()
	if err := readCodeScanFindings(t.Context(), client, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestFindingsAreTheWorstFirst(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	m := readTestFindings(t, fake.Client(t, devintest.KeyOK), codeScanFindingsModel{})
	truth := map[string]int64{}
	for _, f := range fake.Findings() {
		truth[f.Severity]++
	}
	if len(m.Findings) != len(fake.Findings()) || *m.FindingsCount != int64(len(m.Findings)) || !maps.Equal(m.BySeverity, truth) {
		t.Errorf("%d findings, %v, want %v", len(m.Findings), m.BySeverity, truth)
	}
	if !slices.IsSortedFunc(m.Findings, func(a, b devin.CodeScanFinding) int {
		return cmp.Or(slices.Index(devin.Severities(), *a.Severity)-slices.Index(devin.Severities(), *b.Severity), b.CreatedAt.Time().Compare(a.CreatedAt.Time()))
	}) {
		t.Error("the findings are not sorted by severity, the newest first")
	}
}

func TestFindingsAreFilteredWhetherOrNotDevinShowsTheirSeverity(t *testing.T) {
	t.Parallel()
	for _, shown := range []bool{false, true} {
		fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{FindingsAreShort: !shown}})
		m := codeScanFindingsModel{Severities: []string{"critical"}, Statuses: []string{"open"}}
		if err := readCodeScanFindings(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(fake.Findings(), func(f devintest.Finding) bool { return f.Severity != "critical" || f.Status != "open" })
		if len(m.Findings) != len(want) || len(want) == 0 || text(m.Findings[0].Status) != map[bool]string{true: "open", false: "null"}[shown] || m.BySeverity["critical"] != int64(len(want)) || len(m.BySeverity) != 1 {
			t.Errorf("shown %v: %d findings, want %d; %v", shown, len(m.Findings), len(want), m.BySeverity)
		}
	}
}

func TestFindingsAreFilteredWhereDevinIgnoresTheFilter(t *testing.T) {
	t.Parallel()
	finding := newFixture(t, devintest.Options{}).Findings()[0]
	sameWhereFiltersAreIgnored(t, []string{"severity", "status", "scan_id", "repo_name"}, func(client *devin.Client) any {
		low := readTestFindings(t, client, codeScanFindingsModel{Severities: []string{"low"}, Statuses: []string{"open"}})
		return []codeScanFindingsModel{low, readTestFindings(t, client, codeScanFindingsModel{
			ScanID: types.StringValue(finding.ScanID), RepoName: types.StringValue(finding.RepoName),
		})}
	})
}

// Without a severity and a status in the findings, only another request shows whether
// Devin filters by them.
func TestFindingsOfADevinThatIgnoresAFilterAreAnErrorWhereTheyDoNotShowIt(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200, Quirks: devintest.Quirks{FindingsAreShort: true, IgnoredFilters: []string{"org_ids", "status", "severity"}}})
	for name, m := range map[string]codeScanFindingsModel{
		"all severities":  {},
		"one severity":    {Severities: []string{"low"}},
		"a status":        {Statuses: []string{"open"}, Severities: []string{"low"}},
		"an organization": {OrgIDs: []string{fake.Organizations()[0].OrgID}},
	} {
		if err := readCodeScanFindings(t.Context(), fake.Client(t, devintest.KeyOK), &m); !errors.Is(err, devin.ErrFilterIgnored) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMoreFindingsThanLimitAreAnError(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	m := codeScanFindingsModel{maxItemsModel: maxItemsModel{types.NumberValue(big.NewFloat(float64(len(fake.Findings()) - 1)))}}
	if err := readCodeScanFindings(t.Context(), fake.Client(t, devintest.KeyOK), &m); err == nil || !strings.Contains(err.Error(), "More than limit allows") {
		t.Errorf("got %v", err)
	}
}
