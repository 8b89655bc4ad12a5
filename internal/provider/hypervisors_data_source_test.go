package provider

import (
	"cmp"
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func readTestHypervisors(t *testing.T, client *devin.Client, status string) hypervisorsModel {
	t.Helper()
	m := hypervisorsModel{Status: argument(status)}
	if err := readHypervisors(t.Context(), client, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMeanUtilizationIsOfTheHypervisorsThatRun(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	sum, running := 0.0, 0.0
	counts := map[string]int64{}
	for _, h := range fake.Hypervisors() {
		counts[h.Status]++
		if h.Status != "terminated" && h.Status != "disconnected" {
			sum, running = sum+h.Utilization, running+1
		}
	}
	m := readTestHypervisors(t, fake.Client(t, devintest.KeyOK), "")
	if *m.MeanUtilization != sum/running || len(m.Hypervisors) != len(fake.Hypervisors()) {
		t.Errorf("%v percent of %d, want %v of %d", *m.MeanUtilization, len(m.Hypervisors), sum/running, len(fake.Hypervisors()))
	}
	for status, n := range counts {
		if m.ByStatus[status] != n {
			t.Errorf("%d are %s, want %d", m.ByStatus[status], status, n)
		}
	}
	if !slices.IsSortedFunc(m.Hypervisors, func(a, b devin.Hypervisor) int { return cmp.Compare(a.HypervisorID, b.HypervisorID) }) {
		t.Error("they are not sorted by hypervisor_id")
	}
	if m := readTestHypervisors(t, fake.Client(t, devintest.KeyOK), "terminated"); len(m.Hypervisors) != 1 || m.MeanUtilization != nil {
		t.Errorf("none runs: %+v", m)
	}
}

func TestHypervisorsAreFilteredWhereDevinIgnoresTheFilter(t *testing.T) {
	t.Parallel()
	sameWhereFiltersAreIgnored(t, []string{"status"}, func(client *devin.Client) any {
		return readTestHypervisors(t, client, "draining")
	})
}
