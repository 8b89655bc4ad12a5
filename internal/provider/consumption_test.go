package provider

import (
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// checkConsumption wants a total, and the days of the fake's truth in their order.
func checkConsumption(t *testing.T, name string, m *consumptionModel, total float64, days []devintest.Day) {
	t.Helper()
	if m.TotalACUs == nil || *m.TotalACUs != total || !*m.Complete {
		t.Errorf("%s: %+v, want %v ACUs", name, m, total)
	}
	if len(m.Days) != len(days) {
		t.Fatalf("%s: %d days, want %d", name, len(m.Days), len(days))
	}
	for i, day := range m.Days {
		if day.Date.String() != days[i].Name || day.ACUs != days[i].ACUs || !sameProducts(day.Products, days[i].ByProduct) {
			t.Errorf("%s: %+v, want %+v", name, day, days[i])
		}
	}
}

func sameProducts(got devin.ACUsByProduct, want map[string]float64) bool {
	for _, p := range got {
		if acus, ok := want[p.Product]; !ok || acus != p.ACUs {
			return false
		}
	}
	return len(got) == len(want)
}
